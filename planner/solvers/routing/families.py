"""Kinds that share one label search, laid out in arrays for it.

Kinds that differ only in where they begin grow from the same gate: a ``Family``. Heads become weights of at
least 1 (a search goes by growing load); where somebody has none, or seats are too many to count one by one,
weights and seats are rounded so that no lawful trip is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.kinds import Toll, TripKind, Ways, counts_hours, find_ways
from planner.solvers.routing.labels import NEVER, Ground, Prices
from planner.solvers.routing.neighbourhoods import Near
from planner.solvers.routing.problem import FOREVER, UNREACHABLE, RoutingProblem
from planner.solvers.routing.subsets import lay_out
from planner.solvers.routing.twins import ALONE, may_follow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.routing.certificate import Certificate

    Ints = NDArray[np.int64]

MOST_LOAD: Final = 2_000
"""Seats are scaled down to about this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Load of each visit, in units of ``unit`` heads; ``spare`` more of them are free because of rounding."""

    unit: int
    by_visit: Ints
    idle: NDArray[np.bool_]
    """Visits that weigh 1 although they fill less than a unit."""

    def most(self, capacity: int, *, visits: Ints) -> int:
        """The largest load of a vehicle with so many seats that makes some of these visits."""
        room = capacity // self.unit + int(self.idle[visits].sum())
        return min(room, int(self.by_visit[visits].sum()))


def find_weights(problem: RoutingProblem) -> Weights:
    """Heads in the largest unit that divides all, or in a coarser one where there are too many."""
    heads = np.array([visit.heads for visit in problem.visits], dtype=np.int64)
    unit = max(int(np.gcd.reduce(heads)), 1)
    largest = max((kind.capacity for kind in problem.vehicle_classes), default=0)
    unit *= max(min(largest, int(heads.sum())) // unit // MOST_LOAD, 1)
    idle = heads < unit
    return Weights(unit=unit, by_visit=np.where(idle, 1, heads // unit), idle=idle)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Family:
    """Kinds that end alike: what they share, by visit or ``[to, from]``."""

    kinds: tuple[int, ...]
    """Numbers of kinds; they are the rows of ``start_fen``, ``out_s`` and ``lead_s``."""
    visits: Ints
    most: int
    """The largest load."""
    ground: Ground
    arc_fen: Ints
    arc_s: Ints
    """Serving before and driving there."""
    last_fen: Ints
    last_s: Ints
    start_fen: Ints
    """The way out and the fixed cost."""
    out_s: Ints
    """The way out, a rest, and the turn-round at the end."""
    ride_most: Ints
    span_most: Ints

    def remembering(self, near: Near) -> Family:
        """The same with other neighbourhoods."""
        memory, bits = _remember(self.visits, near=near)
        return replace(self, ground=self.ground._replace(near=memory, place=bits))

    def prices(self, certificate: Certificate, *, tolls: Sequence[Toll]) -> Prices:
        """The family's costs under dual values."""
        duals = np.array(certificate.visit_duals, dtype=np.int64)[self.visits]
        mine = [tolls[kind] for kind in self.kinds]
        hourly = mine[0].hourly_fen
        enter, last, start = self.arc_fen - duals, self.last_fen - duals, self.start_fen
        if hourly:
            enter += hourly * self.arc_s // 3600
            last += hourly * self.last_s // 3600
            start = start + hourly * self.out_s // 3600
        start = start + np.array([toll.flat_fen for toll in mine])[:, None]
        steps = max(len(toll.steps) for toll in mine)
        padded = [(*toll.steps, *((NEVER, 0),) * (steps - len(toll.steps))) for toll in mine]
        table = np.array(padded, dtype=np.int64).reshape(len(mine), steps, 2)
        service = self.last_s - self.ground.ride_last
        return Prices(
            enter=np.minimum(enter, NEVER),
            last=last,
            start=np.minimum(start, NEVER),
            ride_most=self.ride_most,
            span_most=self.span_most,
            lead=self.out_s + service,
            step_at=np.ascontiguousarray(table[:, :, 0]),
            step_fen=np.ascontiguousarray(table[:, :, 1]),
            rows=lay_out(certificate.subset_duals, visits=self.visits),
        )


def build_families(
    problem: RoutingProblem,
    kinds: tuple[TripKind, ...],
    *,
    weights: Weights,
    near: Near,
    twins: Ints,
) -> tuple[Family, ...]:
    """Group the kinds and lay each group out; ``near`` are the ng sets by visit, ``twins`` those alike.

    Classes whose hours have dual values of their own stay apart: their arcs differ.
    """
    ways = [find_ways(problem, kind) for kind in kinds]
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, kind in enumerate(kinds):
        chosen = problem.vehicle_classes[kind.vehicle_class]
        may = bytes(problem.may_make(kind.vehicle_class, v, kind.gate) for v in range(len(problem.visits)))
        tariff = (chosen.profile, chosen.per_km_fen, chosen.per_hour_fen, chosen.capacity, kind.gate, may)
        alone = kind.vehicle_class if counts_hours(problem, kind.vehicle_class) else -1
        groups.setdefault((*tariff, alone), []).append(number)
    return tuple(
        _build(
            problem,
            {n: kinds[n] for n in numbers},
            ways=[ways[n] for n in numbers],
            weights=weights,
            near=near,
            twins=twins,
        )
        for numbers in groups.values()
    )


def _build(
    problem: RoutingProblem,
    kinds: dict[int, TripKind],
    *,
    ways: list[Ways],
    weights: Weights,
    near: Near,
    twins: Ints,
) -> Family:
    kind = next(iter(kinds.values()))
    chosen, gate = problem.vehicle_classes[kind.vehicle_class], problem.gates[kind.gate].node
    visits = np.flatnonzero(np.any([way.allowed for way in ways], axis=0))
    seconds, fen = problem.seconds[chosen.profile], problem.arc_costs(kind.vehicle_class)
    between = seconds[np.ix_(visits, visits)].T
    service = np.array([problem.visits[visit].service_s for visit in visits], dtype=np.int64)
    blocked = (between == UNREACHABLE) | np.eye(len(visits), dtype=np.bool_)
    blocked |= ~may_follow(twins)[np.ix_(visits, visits)]
    starts = np.array([np.where(way.first & (twins == ALONE), way.start_fen, NEVER)[visits] for way in ways])
    starts += np.array([kind.fixed_fen for kind in kinds.values()])[:, None]
    memory, bits = _remember(visits, near=near)
    limits = _limit(problem, kinds, visits=visits, ways=ways)
    ride, span = limits.rides, limits.windows
    return Family(
        kinds=tuple(kinds),
        visits=visits,
        most=weights.most(chosen.capacity, visits=visits),
        ground=Ground(
            weight=weights.by_visit[visits],
            ride=np.ascontiguousarray((between + service[:, None]) * ride),
            span=np.ascontiguousarray((between + service) * span),
            wait=limits.wait,
            ride_most=limits.ride_most.max(axis=0),
            span_most=limits.span_most.max(axis=0),
            ride_last=seconds[visits, gate] * ride,
            span_last=(seconds[visits, gate] + service) * span,
            near=memory,
            place=bits,
            order=np.argsort(np.where(blocked, NEVER, between), axis=1, kind="stable"),
        ),
        arc_fen=np.ascontiguousarray(np.where(blocked, NEVER, fen[np.ix_(visits, visits)].T)),
        arc_s=between + service,
        last_fen=np.where(seconds[visits, gate] != UNREACHABLE, fen[visits, gate], NEVER),
        last_s=seconds[visits, gate] + service,
        start_fen=starts,
        out_s=np.array([way.lead_s[visits] for way in ways]) + problem.turn_s,
        ride_most=limits.first_ride,
        span_most=limits.first_span,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Limits:
    """Which times a family's labels count, 1 or 0, and the most of each, ``[kind, visit]``."""

    rides: int
    windows: int
    wait: Ints
    ride_most: Ints
    span_most: Ints
    first_ride: Ints
    first_span: Ints


def _limit(problem: RoutingProblem, kinds: dict[int, TripKind], *, visits: Ints, ways: list[Ways]) -> _Limits:
    """Time windows count backwards from the gate's last second, and only where one of them can bind."""
    end = problem.gates[next(iter(kinds.values())).gate].closes_s
    opens = np.array([problem.visits[visit].opens_s for visit in visits], dtype=np.int64)
    wait = end - np.array([problem.visits[visit].closes_s for visit in visits], dtype=np.int64)
    windows = int((wait > 0).any())
    classes = [problem.vehicle_classes[kind.vehicle_class] for kind in kinds.values()]
    limited = problem.ride_limit_s < FOREVER or any(
        own.duration_limit_s < FOREVER or own.trips > 1 for own in classes
    )
    rides = int(limited or (not windows and end < FOREVER))
    shape = (len(ways), len(visits))
    never = np.full(shape, NEVER, dtype=np.int64)
    ready = np.array([kind.standing.ready_s for kind in kinds.values()])[:, None]
    lead = np.array([way.lead_s[visits] for way in ways])
    soonest = np.array([way.soonest_s[visits] for way in ways])
    return _Limits(
        rides=rides,
        windows=windows,
        wait=wait if windows else np.zeros(len(visits), dtype=np.int64),
        ride_most=np.array([way.ride_s[visits] for way in ways]) if rides else never,
        span_most=end - soonest if windows else never,
        first_ride=np.array([way.first_ride_s[visits] for way in ways]) if rides else never,
        first_span=end - np.maximum(opens, ready + lead) if windows else never,
    )


def _remember(visits: Ints, *, near: Near) -> tuple[Ints, NDArray[np.int8]]:
    """The ng sets in the family's own numbers, and the bit of each member."""
    number = {int(visit): place for place, visit in enumerate(visits)}
    memory = np.full((len(visits), max(map(len, near), default=1)), -1, dtype=np.int64)
    bits = np.full((len(visits), len(visits)), -1, dtype=np.int8)
    numbered: list[int] = visits.tolist()
    for place, visit in enumerate(numbered):
        mine = [number[other] for other in near[visit] if other in number]
        memory[place, : len(mine)] = mine
        bits[place, mine] = range(len(mine))
    return memory, bits
