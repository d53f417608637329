"""Problems with several gates and trips, reduced to simple ones for routers that know nothing else.

The reduction: gate by gate in order of closing time, the vehicles as they then stand collect as many
as is worth it in one simple problem (those already out cost no fixed fen again); what they left goes
round once more while that serves somebody. Then shifts are joined where one vehicle has the time for
another's trips, and what is left over is inserted anywhere. It decides trip by trip, so it may miss
what a joint search would find; the plan is lawful for the whole problem all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.places import apply, find_trip
from planner.solvers.routing.problem import RoutingProblem, Shift, Standing, Trip
from planner.solvers.routing.savings import clocked, solve_savings
from planner.solvers.routing.search import Budget, Progress, Report, Router, RoutingSolution, no_advice
from planner.solvers.routing.turns import Ready, cut_out, improve_by_turns

_SEARCH: Final = 0.88
"""Share of the seconds for the rounds; joining shifts and inserting take the rest."""


def solve_by_rounds(problem: RoutingProblem, budget: Budget, *, router: Router) -> RoutingSolution:
    """Solve with a router for simple problems only; those it gets whole. Parts stay together at first.

    The budget is shared out by the heads each round is about. The answer is never dearer than savings'.
    A plan given is improved by turns instead.
    """
    if problem.is_simple:
        return router(problem, budget)
    if budget.start:
        return improve_by_turns(problem, budget, router=router)
    began_s, stop = time.monotonic(), clocked(budget)
    start = solve_savings(problem, budget).shifts
    own = replace(budget, start=start, advice=no_advice)
    rounds = _Rounds(problem, own, router=router, began_s=began_s)
    rounds.run()
    shifts = join_shifts(problem, rounds.shifts, stop=stop)
    shifts = insert_all(problem, shifts, visits=problem.left_out(shifts), stop=stop)
    shifts = min(shifts, start, key=problem.objective_fen)
    budget.progress(Progress(cost_fen=problem.objective_fen(shifts)))
    return RoutingSolution(shifts=shifts, reports=tuple(rounds.reports))


def join_shifts(
    problem: RoutingProblem, shifts: Sequence[Shift], *, stop: Callable[[], bool]
) -> tuple[Shift, ...]:
    """Give all trips of a shift to other vehicles out, or to a cheaper free one, wherever that costs less."""
    standing = tuple(shifts)
    if all(kind.trips == 1 for kind in problem.vehicle_classes):
        return standing
    for shift in sorted(shifts, key=lambda shift: (len(shift.trips), -problem.shift_fen(shift))):
        if stop():
            break
        if shift not in standing:
            continue
        at = standing.index(shift)
        changed: tuple[Shift, ...] | None = (*standing[:at], *standing[at + 1 :])
        for trip in shift.trips:
            found = None if changed is None else find_trip(problem, changed, trip=trip)
            changed = None if found is None or changed is None else apply(changed, found)
        if changed is not None and sum(map(problem.shift_fen, changed)) < sum(
            map(problem.shift_fen, standing)
        ):
            standing = changed
    return standing


@dataclass(slots=True, kw_only=True)
class _Vehicles:
    """So many alike vehicles with these trips behind them."""

    vehicle_class: int
    count: int
    standing: Standing
    trips: tuple[Trip, ...] = ()


class _Rounds:
    """The vehicles of a problem, and who still waits, while rounds go by."""

    def __init__(self, problem: RoutingProblem, budget: Budget, *, router: Router, began_s: float) -> None:
        self.problem, self.budget, self.router = problem, budget, router
        self.until_s = began_s + (budget.seconds or 0) * _SEARCH
        self.spent = 0
        self.reports: list[Report] = []
        self.waiting = list(range(len(problem.visits)))
        self.vehicles = [
            _Vehicles(vehicle_class=number, count=kind.count, standing=problem.start_of(number))
            for number, kind in enumerate(problem.vehicle_classes)
        ]

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """What the vehicles out do."""
        out = (vehicles for vehicles in self.vehicles if vehicles.trips)
        return tuple(
            Shift(vehicle_class=group.vehicle_class, trips=group.trips)
            for group in out
            for _ in range(group.count)
        )

    def run(self) -> None:
        """Rounds to the gate that closes first until nobody is served any more, then to the next."""
        gates = self.problem.gates
        order = sorted(range(len(gates)), key=lambda gate: (gates[gate].closes_s, gates[gate].opens_s, gate))
        for gate in order:
            while not self.budget.stop() and self._collect(gate):
                pass

    def _collect(self, gate: int) -> bool:
        """One round to a gate; whether anybody was served."""
        problem = self.problem
        ready = self._ready(gate)
        classes = {group[0].vehicle_class for group in ready}
        visits = [
            visit
            for visit in self.waiting
            if any(problem.may_make(number, visit, gate) for number in classes)
        ]
        budget = self._share(visits) if visits else None
        if budget is None:
            return False
        part = cut_out(problem, [_as_one(problem, group) for group in ready], visits=visits, gate=gate)
        solution = self.router(part, replace(budget, start=self._start(ready, visits, gate=gate)))
        self.reports += solution.reports
        for shift in solution.shifts:
            trip = Trip(visits=tuple(visits[visit] for visit in shift.trips[0].visits), gate=gate)
            self._send(next(vehicles for vehicles in ready[shift.vehicle_class] if vehicles.count), trip)
        return bool(solution.shifts)

    def _ready(self, gate: int) -> list[list[_Vehicles]]:
        """Vehicles that may make one more trip to the gate, in groups alike in all that matters for it."""
        groups: dict[tuple[int, bool, Standing], list[_Vehicles]] = {}
        for vehicles in self.vehicles:
            kind = self.problem.vehicle_classes[vehicles.vehicle_class]
            if vehicles.count and gate in kind.gates and len(vehicles.trips) < kind.trips:
                key = (vehicles.vehicle_class, bool(vehicles.trips), vehicles.standing)
                groups.setdefault(key, []).append(vehicles)
        return list(groups.values())

    def _send(self, group: _Vehicles, trip: Trip) -> None:
        times = self.problem.times(group.vehicle_class, trip, standing=group.standing)
        if times is None:
            return
        group.count -= 1
        self.waiting = [visit for visit in self.waiting if visit not in trip.visits]
        self.vehicles.append(
            _Vehicles(
                vehicle_class=group.vehicle_class,
                count=1,
                standing=self.problem.after(group.standing, trip, times=times),
                trips=(*group.trips, trip),
            )
        )

    def _share(self, visits: Sequence[int]) -> Budget | None:
        """What a round may spend: its heads among all that wait, half as many again kept for later rounds."""
        heads = sum(self.problem.visits[visit].heads for visit in visits) or 1
        later = max(sum(self.problem.visits[visit].heads for visit in self.waiting) - heads, 0)
        if any(kind.trips > 1 for kind in self.problem.vehicle_classes):
            later += heads // 2
        own = replace(self.budget, progress=_unheard)
        if self.budget.effort is None:
            seconds = (self.until_s - time.monotonic()) * heads / (heads + later)
            return replace(own, seconds=seconds) if seconds > 0 else None
        effort = max((self.budget.effort - self.spent) * heads // (heads + later), 1)
        self.spent += effort
        return replace(own, effort=effort)

    def _start(
        self, ready: Sequence[Sequence[_Vehicles]], visits: Sequence[int], *, gate: int
    ) -> tuple[Shift, ...]:
        """Trips of the plan given that vehicles, with its trips so far behind them, could make now."""
        place = {visit: number for number, visit in enumerate(visits)}
        left = {
            (vehicles.vehicle_class, vehicles.trips): (number, vehicles.count)
            for number, group in enumerate(ready)
            for vehicles in group
        }
        made: list[Shift] = []
        for shift in self.budget.start:
            for done, trip in enumerate(shift.trips):
                key = (shift.vehicle_class, shift.trips[:done])
                number, count = left.get(key, (0, 0))
                if count and trip.gate == gate and not trip.taken and place.keys() >= set(trip.visits):
                    left[key] = number, count - 1
                    own = Trip(visits=tuple(place[visit] for visit in trip.visits))
                    made.append(Shift(vehicle_class=number, trips=(own,)))
                    break
        return tuple(made)


def _unheard(_progress: Progress) -> None:
    """A round's own cost says nothing about the whole plan's."""


def _as_one(problem: RoutingProblem, group: Sequence[_Vehicles]) -> Ready:
    """A group of vehicles alike in all that matters for a round; those out cost no fixed fen again."""
    number, standing, out = group[0].vehicle_class, group[0].standing, bool(group[0].trips)
    return Ready(
        vehicle_class=number,
        count=sum(vehicles.count for vehicles in group),
        standing=standing,
        fixed_fen=0 if out else problem.vehicle_classes[number].fixed_fen,
    )
