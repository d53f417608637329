"""A benchmark instance as a RoutingProblem, and its answers in the units of its solution files.

A *tick* is the step in which an instance counts its costs: 1 where distances are rounded to whole
numbers, a tenth where they are truncated to one decimal, and so on. Arcs of the problem are whole
multiples of ticks, so that fen and ticks agree exactly; only where an instance counts in exact Euclidean
distances (TYPE HFVRP) the two differ, by at most ``slack_fen`` for a whole plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.problem import RoutingProblem, Shift, Trip

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FLOATING: Final = 1e-12
"""What sums of lengths may be off by, as a share."""
FINENESS: Final = 10_000
"""Costs that are no whole numbers of ticks are printed to a part in this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How fen, ticks and the units of solution files hang together."""

    fen_per_tick: int
    ticks_per_unit: int = 1
    whole: bool = True
    """Whether every cost is a whole number of ticks."""
    slack_fen: int = 0
    """The most by which a plan's fen may exceed its cost."""
    profit: bool = False
    """Whether what is printed is the prizes collected, the larger the better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fare:
    """What a vehicle of a class costs, in ticks."""

    fixed: float = 0
    per_length: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A vehicle's round as it is printed.

    Customers are numbered as in published solutions, the first depot being 0: from 1 where there is one
    depot. Those of a county are the nodes of its file.
    """

    vehicle_type: int
    stops: tuple[int, ...]
    amounts: tuple[int, ...] = ()
    """Heads taken at each stop; empty unless deliveries may be split."""
    parts: tuple[tuple[int, ...], ...] = ()
    """Which parties of each stop these are, from 0; empty unless the file names parties."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A file's problem, and what is needed to print answers to it.

    ``lengths`` are the distances between the problem's nodes as the instance counts them, ``worth`` the
    ticks that leaving a visit out costs (0: it must be made). For team orienteering cost and bound are
    the profit collected and the most that can be collected: the larger the better.
    """

    name: str
    problem: RoutingProblem
    numbers: tuple[int, ...]
    lengths: NDArray[np.float64]
    fares: tuple[Fare, ...]
    scale: Scale
    worth: tuple[int, ...] = ()
    split: bool = False
    """Whether deliveries may be split, and routes must say how much."""
    parties: tuple[int, ...] = ()
    """How many parties the file names for each visit, where it names any."""
    longest: float = math.inf
    """The longest a path may be, in the file's own units."""

    def mend(self, shifts: Sequence[Shift]) -> tuple[Shift, ...]:
        """Leave out what is worth least where a path is too long by less than the problem can see."""
        return tuple(self._shorten(shift) for shift in shifts)

    def _shorten(self, shift: Shift) -> Shift:
        trips: list[Trip] = []
        for trip in shift.trips:
            visits, kind = list(trip.visits), self.problem.vehicle_classes[shift.vehicle_class]
            while visits and self._length((kind.start, *visits, self.problem.gates[trip.gate].node)) > (
                self.longest * (1 + _FLOATING)
            ):
                visits.remove(min(visits, key=lambda visit: self.worth[visit]))
            trips += [replace(trip, visits=tuple(visits))] if visits else []
        return replace(shift, trips=tuple(trips))

    def _length(self, nodes: Sequence[int]) -> float:
        return math.fsum(float(self.lengths[a, b]) for a, b in pairwise(nodes))

    def left_out(self, shifts: Sequence[Shift]) -> tuple[int, ...]:
        """Customers that must be visited and are not, or not wholly, by their printed numbers."""
        missing = self.problem.left_out(shifts)
        return tuple(self.numbers[visit] for visit in missing if not (self.worth and self.worth[visit]))

    def cost(self, shifts: Sequence[Shift]) -> float:
        """What the shifts cost in solution units, or collect where the scale says profit.

        Meaningless while ``left_out`` names anybody.
        """
        missed = sum(self.worth[visit] for visit in self.problem.left_out(shifts)) if self.worth else 0
        if self.scale.profit:
            return self._units(sum(self.worth) - missed)
        return self._units(missed + sum(self._driven(shift.vehicle_class, shift.trips) for shift in shifts))

    def bound(self, fen: int) -> float:
        """Turn a lower bound on the problem's objective into one on costs (an upper one on profits).

        Rounded safely: up to the next whole tick where every cost is one, down otherwise.
        """
        ticks = max(fen - self.scale.slack_fen, 0)
        if self.scale.whole:
            least = -(-ticks // self.scale.fen_per_tick)
            return self._units(sum(self.worth) - least if self.scale.profit else least)
        return ticks * FINENESS // self.scale.fen_per_tick / FINENESS

    def estimate(self, fen: int) -> float:
        """Roughly the cost (or profit) that an objective of the problem stands for, for progress."""
        ticks = fen / self.scale.fen_per_tick
        ticks = sum(self.worth) - ticks if self.scale.profit else ticks
        return ticks / self.scale.ticks_per_unit

    def routes(self, shifts: Sequence[Shift]) -> tuple[Route, ...]:
        """The shifts as they are printed."""
        return tuple(
            Route(
                vehicle_type=shift.vehicle_class,
                stops=tuple(self.numbers[visit] for visit in trip.visits),
                amounts=tuple(self.problem.boarding(trip)) if self.split else (),
                parts=self._parties(trip) if self.parties else (),
            )
            for shift in shifts
            for trip in shift.trips
        )

    def _parties(self, trip: Trip) -> tuple[tuple[int, ...], ...]:
        taken = trip.taken or ((),) * len(trip.visits)
        return tuple(
            parts or tuple(range(self.parties[visit]))
            for visit, parts in zip(trip.visits, taken, strict=True)
        )

    def _driven(self, vehicle_class: int, trips: Iterable[Trip]) -> float:
        kind, fare = self.problem.vehicle_classes[vehicle_class], self.fares[vehicle_class]
        ticks = fare.fixed
        for trip in trips:
            nodes = (kind.start, *trip.visits, self.problem.gates[trip.gate].node)
            ticks += fare.per_length * self._length(nodes)
        return ticks

    def _units(self, ticks: float) -> float:
        if not self.scale.whole:
            return round(ticks / self.scale.ticks_per_unit * FINENESS) / FINENESS
        units, rest = divmod(round(ticks), self.scale.ticks_per_unit)
        return units if not rest else round(ticks) / self.scale.ticks_per_unit


def demand_service(problem: RoutingProblem, mandatory: Sequence[bool]) -> RoutingProblem:
    """Give visits that must be made a prize beyond what any plan with all of them costs.

    With a vehicle for everybody that is all visits made alone; otherwise every visit entered by its
    dearest arc. The smallest part of a visit weighs as much as a whole one.
    """
    optional = sum(visit.prize for visit, must in zip(problem.visits, mandatory, strict=True) if not must)
    beyond = 1 + optional + _dearest(problem)
    visits = tuple(
        replace(visit, prize=beyond * -(-visit.heads // min(visit.parts)) if visit.parts else beyond)
        if must
        else visit
        for visit, must in zip(problem.visits, mandatory, strict=True)
    )
    return replace(problem, visits=visits)


def _dearest(problem: RoutingProblem) -> int:
    """The most that the best plan with all visits can cost."""
    kinds, count = problem.vehicle_classes, len(problem.visits)
    calls = [max(len(visit.parts), 1) for visit in problem.visits]
    if all(kind.count >= sum(calls) for kind in kinds):
        return sum(_alone(problem, visit) for visit in range(count))
    costs = [problem.arc_costs(number) for number in range(len(kinds))]
    entering = np.zeros(count, dtype=np.int64)
    for kind, cost in zip(kinds, costs, strict=True):
        entering = np.maximum(entering, cost[[*range(count), kind.start], :count].max(axis=0))
    leaving = max(
        kind.fixed_fen + int(cost[:count, problem.gates[gate].node].max())
        for kind, cost in zip(kinds, costs, strict=True)
        for gate in kind.gates
    )
    return sum(int(price) * times for price, times in zip(entering, calls, strict=True)) + leaving * min(
        sum(calls), sum(kind.count for kind in kinds)
    )


def _alone(problem: RoutingProblem, number: int) -> int:
    """The cheapest way to make one visit with vehicles of its own; of the dearest where none has room."""
    visit = problem.visits[number]
    roomy: list[int] = []
    others: list[int] = []
    for place, kind in enumerate(problem.vehicle_classes):
        ways = (problem.arc_fen(place, number, problem.gates[gate].node) for gate in kind.gates)
        price = kind.fixed_fen + problem.arc_fen(place, kind.start, number) + min(ways)
        if max(visit.parts, default=visit.heads) <= kind.capacity and number not in kind.barred:
            # First fit leaves at most one vehicle half empty.
            full = 2 * visit.heads // max(kind.capacity, 1) + 1
            roomy.append(price * (min(len(visit.parts), full) if visit.parts else 1))
        others.append(price)
    return min(roomy, default=max(others))


def euclid(points: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Distances between all pairs of points in the plane."""
    xy = np.array(points, dtype=np.float64).reshape(-1, 2)
    # Not hypot: the square root of a whole square is exact, and truncation must not see 4.999.
    return np.sqrt((xy[:, 0][:, None] - xy[:, 0]) ** 2 + (xy[:, 1][:, None] - xy[:, 1]) ** 2)
