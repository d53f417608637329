"""Plans of several gates and trips, improved: all trips to one gate are searched anew while the others stay.

A turn is the trips to one gate that are their vehicles' first to it, or second, and so on. Seen alone it is
a simple problem. First every turn is searched with a share of each vehicle's fixed cost, so that whether it
pays to send a vehicle is asked fairly of all turns; then with the whole of it for vehicles that stay in and
none for those out anyway. What is found goes to the vehicles of its kind, wherever they start, where it costs
least and is lawful: the search takes the best case for when they are free and how long they may still drive.
"""

# scipy carries no types; what comes out is given one where it is stored.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.problem import FOREVER, RoutingProblem, Shift, Standing, Trip, VehicleClass
from planner.solvers.routing.savings import clocked
from planner.solvers.routing.search import Budget, Progress, Report, Router, RoutingSolution, no_advice

Turn = tuple[int, int]
"""A gate, and how many trips to it a vehicle has made before."""
_SHARED: Final = 0.7
"""Share of the budget for searching every turn at a share of the fixed costs."""
_UNLAWFUL: Final = 1e15
"""What it costs to give a trip to a vehicle that may not make it."""
_LEAST_S: Final = 0.01
_NOTHING: Final[Mapping[Turn, Sequence[Shift]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """So many vehicles of a class that stand alike before a trip, and what sending one costs."""

    vehicle_class: int
    count: int
    standing: Standing
    fixed_fen: int


def cut_out(
    problem: RoutingProblem, ready: Sequence[Ready], *, visits: Sequence[int], gate: int
) -> RoutingProblem:
    """The simple problem of these visits to one gate, by vehicles as they stand."""
    place = {visit: number for number, visit in enumerate(visits)}
    terminals = range(len(problem.visits), problem.seconds[0].shape[0])
    nodes = np.ix_([*visits, *terminals], [*visits, *terminals])
    shift = len(visits) - len(problem.visits)
    classes: list[VehicleClass] = []
    for group in ready:
        kind, standing = problem.vehicle_classes[group.vehicle_class], group.standing
        barred = {place[v] for v in visits if not problem.may_make(group.vehicle_class, v, gate)}
        own = replace(
            kind,
            count=group.count,
            start=standing.node + shift,
            gates=(0,),
            fixed_fen=group.fixed_fen,
            ready_s=standing.ready_s,
            trips=1,
            barred=frozenset(barred),
            drive_limit_s=kind.drive_limit_s - (standing.driven_s if kind.drive_limit_s < FOREVER else 0),
            unbroken_s=standing.unbroken_s,
        )
        classes.append(own)
    return replace(
        problem,
        visits=tuple(replace(problem.visits[visit], gates=(), parts=()) for visit in visits),
        gates=(replace(problem.gates[gate], node=problem.gates[gate].node + shift),),
        vehicle_classes=tuple(classes),
        seconds=tuple(seconds[nodes] for seconds in problem.seconds),
        metres=tuple(metres[nodes] for metres in problem.metres),
    )


def improve_by_turns(problem: RoutingProblem, budget: Budget, *, router: Router) -> RoutingSolution:
    """Improve ``Budget.start`` with a router for simple problems; nobody's people may be in parts."""
    turns = _Turns(problem, budget, router=router)
    turns.run()
    return RoutingSolution(shifts=turns.best, reports=tuple(turns.reports))


def turns_of(shift: Shift) -> list[Turn]:
    """The turn of each trip."""
    laps = Counter[int]()
    found: list[Turn] = []
    for trip in shift.trips:
        found.append((trip.gate, laps[trip.gate]))
        laps[trip.gate] += 1
    return found


def find_families(problem: RoutingProblem) -> list[int]:
    """By class, the first one that differs in nothing but its number of vehicles and where they start."""
    plain = [replace(kind, count=0, start=0) for kind in problem.vehicle_classes]
    return [plain.index(kind) for kind in plain]


def hand_out(
    problem: RoutingProblem, shifts: Sequence[Shift], *, trips: Sequence[Trip], turn: Turn
) -> tuple[Shift, ...]:
    """Give trips of a turn to vehicles of one family, at most one each; what none may make is dropped.

    The cheapest assignment; a shift without trips is a vehicle that stays in.
    """
    if not trips or not shifts:
        return tuple(shifts)
    changed = [[_with_trip(problem, shift, trip=trip, turn=turn) for trip in trips] for shift in shifts]
    costs = np.full((len(shifts), len(trips)), _UNLAWFUL)
    for vehicle, row in enumerate(changed):
        for number, shift in enumerate(row):
            if problem.is_feasible(shift):
                costs[vehicle, number] = _fen(problem, shift) - _fen(problem, shifts[vehicle])
    made = list(shifts)
    for vehicle, trip in zip(*linear_sum_assignment(costs), strict=True):
        if costs[vehicle, trip] < _UNLAWFUL:
            made[vehicle] = changed[vehicle][trip]
    return tuple(made)


def _with_trip(problem: RoutingProblem, shift: Shift, *, trip: Trip, turn: Turn) -> Shift:
    """The shift with a trip more, in order of the gates' closing."""
    at = _place(problem, shift, turn=turn)
    return replace(shift, trips=(*shift.trips[:at], trip, *shift.trips[at:]))


def _place(problem: RoutingProblem, shift: Shift, *, turn: Turn) -> int:
    own = _order(problem, turn)
    return sum(_order(problem, other) < own for other in turns_of(shift))


def _order(problem: RoutingProblem, turn: Turn) -> tuple[int, int, Turn]:
    gate = problem.gates[turn[0]]
    return gate.closes_s, gate.opens_s, turn


def _fen(problem: RoutingProblem, shift: Shift) -> int:
    return problem.shift_fen(shift) if shift.trips else 0


class _Seen(NamedTuple):
    """A vehicle before its trip in a turn; whether it makes any other trip, and is taken to in any case."""

    shift: Shift
    out: bool
    goes: bool
    standing: Standing


class _Turns:
    """The plan the search is at, and the best."""

    def __init__(self, problem: RoutingProblem, budget: Budget, *, router: Router) -> None:
        self.problem, self.budget, self.router = problem, budget, router
        self.stop = clocked(budget)
        self.ends_s = time.monotonic() + (budget.seconds or 0)
        self.effort = budget.effort or 0
        self.reports: list[Report] = []
        self.families = find_families(problem)
        self.best = self.shifts = tuple(filter(problem.is_feasible, budget.start))

    def run(self) -> None:
        """Search every turn at shared costs, then each as the others stand."""
        known = {turn for shift in self.shifts for turn in turns_of(shift)}
        known |= {(gate, 0) for gate in range(len(self.problem.gates))}
        turns = sorted(known, key=lambda turn: _order(self.problem, turn))
        sizes = [len(self._visits(turn)) for turn in turns]
        weights = [_SHARED * size for size in sizes] + [(1 - _SHARED) * size for size in sizes]
        found: dict[Turn, list[Shift]] = {}
        for step, turn in enumerate(turns):
            if not self.stop():
                share = weights[step] / (sum(weights[step:]) or 1)
                found[turn] = self._search(turn, share=share, among=len(turns), found=found)
        self._settle(found)
        for step, turn in enumerate(turns, start=len(turns)):
            if not self.stop():
                self._settle({turn: self._search(turn, share=weights[step] / (sum(weights[step:]) or 1))})

    def _settle(self, found: Mapping[Turn, Sequence[Shift]]) -> None:
        """Take the trips found in place of those of their turns; what is then left out is inserted."""
        shifts: list[Shift] = []
        everybody = [self._without(shift, found) for shift in self._everybody()]
        for family in sorted(set(self.families)):
            own = tuple(shift for shift in everybody if self.families[shift.vehicle_class] == family)
            for turn, alone in found.items():
                trips = [s.trips[0] for s in alone if self.families[s.vehicle_class] == family]
                own = hand_out(self.problem, own, trips=trips, turn=turn)
            shifts += filter(self.problem.is_feasible, own)
        missing = self.problem.left_out(shifts)
        after = insert_all(self.problem, shifts, visits=missing, stop=self.stop) if missing else tuple(shifts)
        if len(found) > 1 or self.problem.objective_fen(after) < self.problem.objective_fen(self.shifts):
            self.shifts = after
        if self.problem.objective_fen(after) < self.problem.objective_fen(self.best):
            self.best = after
            self.budget.progress(Progress(cost_fen=self.problem.objective_fen(after)))

    def _without(self, shift: Shift, turns: Container[Turn]) -> Shift:
        kept = (trip for trip, turn in zip(shift.trips, turns_of(shift), strict=True) if turn not in turns)
        return replace(shift, trips=tuple(kept))

    def _visits(self, turn: Turn) -> list[int]:
        """Those made in a turn, and those left out that could be."""
        made = {
            visit
            for shift in self.shifts
            for trip, own in zip(shift.trips, turns_of(shift), strict=True)
            if own == turn
            for visit in trip.visits
        }
        left = set(self.problem.left_out(self.shifts)) if turn[1] == 0 else set[int]()
        kinds = range(len(self.problem.vehicle_classes))
        made |= {v for v in left if any(self.problem.may_make(number, v, turn[0]) for number in kinds)}
        return sorted(made)

    def _search(
        self, turn: Turn, *, share: float, among: int = 0, found: Mapping[Turn, Sequence[Shift]] = _NOTHING
    ) -> list[Shift]:
        """Better trips of a turn, each as a shift of its class; at costs shared ``among`` turns, if any.

        Then no more vehicles are to share than ``found`` for turns before this one.
        """
        visits, groups = self._visits(turn), self._groups(turn, alike=among > 0, found=found)
        if not visits or not groups:
            return []
        ready = [self._ready(group, among=among) for group in groups]
        part = cut_out(self.problem, ready, visits=visits, gate=turn[0])
        place = {visit: number for number, visit in enumerate(visits)}
        start = [
            Shift(vehicle_class=number, trips=(Trip(visits=tuple(place[v] for v in trip.visits)),))
            for number, group in enumerate(groups)
            for seen in group
            for trip, at in zip(seen.shift.trips, turns_of(seen.shift), strict=True)
            if at == turn
        ]
        solution = self.router(part, self._share(share, start=tuple(start)))
        self.reports += solution.reports
        return [
            Shift(
                vehicle_class=ready[shift.vehicle_class].vehicle_class,
                trips=(Trip(visits=tuple(visits[v] for v in shift.trips[0].visits), gate=turn[0]),),
            )
            for shift in solution.shifts
        ]

    def _share(self, share: float, *, start: tuple[Shift, ...]) -> Budget:
        own = replace(self.budget, start=start, advice=no_advice, progress=_unheard)
        if self.budget.effort is None:
            return replace(own, seconds=max((self.ends_s - time.monotonic()) * share, _LEAST_S))
        effort = max(int(self.effort * share), 1)
        self.effort -= effort
        return replace(own, effort=effort)

    def _groups(self, turn: Turn, *, alike: bool, found: Mapping[Turn, Sequence[Shift]]) -> list[list[_Seen]]:
        """Vehicles that may make one trip in a turn, by family, whether they go out, and where they stand.

        If ``alike``, as many go out as ``found`` trips need, and the idle count as standing where others do.
        """
        left = self._going(found) if alike else Counter[int]()
        nodes: dict[int, int] = {}
        groups: dict[tuple[int, bool, int], list[_Seen]] = defaultdict(list)
        seen: list[tuple[Shift, bool, Standing]] = []
        for shift in self._everybody():
            others = self._without(shift, (turn,))
            kind, family = (
                self.problem.vehicle_classes[shift.vehicle_class],
                self.families[shift.vehicle_class],
            )
            laps = sum(trip.gate == turn[0] for trip in others.trips)
            if turn[0] in kind.gates and len(others.trips) < kind.trips and (alike or laps >= turn[1]):
                seen.append((shift, bool(others.trips), self._stand(others, turn)))
                if alike and _place(self.problem, others, turn=turn):
                    nodes.setdefault(family, seen[-1][2].node)
        for shift, out, standing in seen:
            family = self.families[shift.vehicle_class]
            goes = left[family] > 0 or not found if alike else out
            left[family] -= 1
            groups[family, goes, nodes.get(family, standing.node)].append(_Seen(shift, out, goes, standing))
        return [groups[key] for key in sorted(groups)]

    def _going(self, found: Mapping[Turn, Sequence[Shift]]) -> Counter[int]:
        """By family, the most vehicles that any turn needs."""
        most: Counter[int] = Counter()
        for shifts in found.values():
            most |= Counter(self.families[shift.vehicle_class] for shift in shifts)
        return most

    def _everybody(self) -> list[Shift]:
        """A shift for every vehicle by class, without trips for one that stays in."""
        found: list[Shift] = []
        for number, kind in enumerate(self.problem.vehicle_classes):
            out = [shift for shift in self.shifts if shift.vehicle_class == number]
            found += [*out, *[Shift(vehicle_class=number, trips=())] * (kind.count - len(out))]
        return found

    def _stand(self, others: Shift, turn: Turn) -> Standing:
        """How a vehicle stands before its trip in a turn; what its driver drives later counts as driven."""
        problem, number = self.problem, others.vehicle_class
        standing = problem.start_of(number)
        before, driven = standing, 0
        for at, trip in enumerate(others.trips):
            times = problem.times(number, trip, standing=standing)
            if times is None:
                break
            standing = problem.after(standing, trip, times=times)
            driven += times.drive_s
            if at < _place(problem, others, turn=turn):
                before = standing
        return replace(before, driven_s=driven)

    def _ready(self, group: Sequence[_Seen], *, among: int) -> Ready:
        """A group at its best: free when the first of it is, its drivers with the least that one drives."""
        number = group[0].shift.vehicle_class
        kind = self.problem.vehicle_classes[number]
        out = [seen.standing for seen in group if seen.out] or [seen.standing for seen in group]
        share = kind.fixed_fen // min(among, kind.trips) if among else 0
        return Ready(
            vehicle_class=number,
            count=len(group),
            standing=Standing(
                node=Counter(standing.node for standing in out).most_common(1)[0][0],
                ready_s=min(standing.ready_s for standing in out),
                driven_s=min(standing.driven_s for standing in out),
                unbroken_s=min(standing.unbroken_s for standing in out),
            ),
            fixed_fen=share if group[0].goes else kind.fixed_fen,
        )


def _unheard(_progress: Progress) -> None:
    """What one turn costs says little about the plan."""
