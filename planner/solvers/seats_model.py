"""Counts of parties by carriage as a CP-SAT model: improve and prove a seating, or seat most heads.

Symmetric party booleans prove nothing here; counts of equal parties do, with a literal for each (employer,
carriage) and (stop, carriage) pair. Small models go to one worker (milliseconds), large ones to 8 workers
even on 2 cores (with fewer the bound is lost), interleaved so that counted effort repeats exactly.
"""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from ortools.sat.python import cp_model

from planner.errors import SolverError
from planner.solvers.seats_bound import Floor, Group, least_carriages
from planner.solvers.seats_problem import NOBODY, Carriage, Kind, Limits, Load, Purse, Seating

MANY_WORKERS: Final = 8
_TICK_S: Final = 0.02

T = TypeVar("T")

Cells = frozenset[tuple[int, int, int]]
"""(employer, stop, carriage) triples that may have people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The loads found, None where the limits ended first, what they cost, and a bound on that."""

    loads: tuple[Load, ...] | None
    cost: int
    bound: int


def improve(
    seating: Seating,
    purse: Purse,
    *,
    limits: Limits,
    workers: int,
    known: tuple[Floor, int] | None = None,
) -> Answer:
    """Seat the same parties in the same carriages at the least cost found, starting from how they sit.

    ``known`` are pairs and a cost that any seating has at least; without it pairs are counted by group.
    """
    floor, least = known or (None, 0)
    model = _Model(seating)
    total = model.add_cost(seating, floor=floor)
    model.cp.add_linear_constraint(total, least, seating.cost)
    model.cp.minimize(total)
    solver = _run(model.cp, purse, limits=limits, workers=workers)
    if solver is None:
        return Answer(loads=None, cost=seating.cost, bound=0)
    return Answer(
        loads=model.loads(solver),
        cost=round(solver.objective_value),
        bound=round(solver.best_objective_bound),
    )


def realise(
    seating: Seating, purse: Purse, *, heads: Sequence[Load], limits: Limits
) -> tuple[Load, ...] | None:
    """Seat whole parties where single heads of their employer and stop sit; None if that was not found."""
    cells = frozenset(
        (kind.employer, kind.stop, number) for number, load in enumerate(heads) for kind in load
    )
    model = _Model(seating, cells=cells)
    solver = _run(model.cp, purse, limits=limits, workers=1)
    return None if solver is None else model.loads(solver)


def seat_most(
    counts: Mapping[Kind, int], carriages: Sequence[Carriage], *, start: Sequence[Load], purse: Purse
) -> tuple[tuple[Load, ...], int]:
    """Loads with the most heads, then most parties, and a bound on the heads; counts may be too many."""
    cp = cp_model.CpModel()
    chosen: dict[tuple[Kind, int], cp_model.IntVar] = {}
    for kind, count in sorted(counts.items()):
        for number, carriage in enumerate(carriages):
            if carriage.accessible or not kind.accessible:
                variable = cp.new_int_var(0, min(count, carriage.seats // kind.size), "")
                cp.add_hint(variable, start[number].get(kind, 0))
                chosen[kind, number] = variable
        cp.add(sum(chosen.get((kind, number), 0) for number in range(len(carriages))) <= count)
    for number, carriage in enumerate(carriages):
        cp.add(sum(kind.size * chosen.get((kind, number), 0) for kind in counts) <= carriage.seats)
        _limit_wheelchairs(cp, chosen, number=number, carriage=carriage)
    parties = sum(counts.values()) + 1
    cp.maximize(sum((kind.size * parties + 1) * variable for (kind, _), variable in chosen.items()))
    solver = _run(cp, purse, limits=purse.grant(0.5), workers=MANY_WORKERS)
    if solver is None:
        heads = sum(kind.size * count for kind, count in counts.items())
        return tuple(start), min(heads, sum(carriage.seats for carriage in carriages))
    loads = _loads(chosen, size=len(carriages), solver=solver)
    return loads, int(solver.best_objective_bound) // parties


class _Model:
    """Every party in a carriage it may use, no carriage too full."""

    def __init__(self, seating: Seating, *, cells: Cells | None = None) -> None:
        self.cp = cp_model.CpModel()
        self._carriages = seating.carriages
        self._count = seating.counts
        self._chosen: dict[tuple[Kind, int], cp_model.IntVar] = {}
        for kind, number in sorted(self._count.items()):
            self._spread(kind, number, seating=seating, cells=cells)
        for number, carriage in enumerate(self._carriages):
            inside = [(variable, kind.size) for (kind, n), variable in self._chosen.items() if n == number]
            self.cp.add(sum(variable * size for variable, size in inside) <= carriage.seats)
            _limit_wheelchairs(self.cp, self._chosen, number=number, carriage=carriage)

    def _spread(self, kind: Kind, number: int, *, seating: Seating, cells: Cells | None) -> None:
        places: list[cp_model.IntVar] = []
        for place, carriage in enumerate(self._carriages):
            barred = cells is not None and (kind.employer, kind.stop, place) not in cells
            if barred or (kind.accessible and not carriage.accessible):
                continue
            variable = self.cp.new_int_var(0, min(number, carriage.seats // kind.size), "")
            self.cp.add_hint(variable, seating.loads[place].get(kind, 0))
            self._chosen[kind, place] = variable
            places.append(variable)
        self.cp.add(sum(places) == number)

    def add_cost(self, seating: Seating, *, floor: Floor | None) -> cp_model.LinearExprT:
        """A literal for every pair in use; their weighted sum."""
        employers, stops = defaultdict[int, list[Kind]](list), defaultdict[int, list[Kind]](list)
        for kind in self._count:
            stops[kind.stop].append(kind)
            if kind.employer != NOBODY:
                employers[kind.employer].append(kind)
        at_stop = {stop: self._use(members, seating=seating) for stop, members in sorted(stops.items())}
        of_employer = {
            employer: self._use(members, seating=seating) for employer, members in sorted(employers.items())
        }
        for employer, members in employers.items():
            if len({kind.stop for kind in members}) == 1:
                for literal, stop in zip(of_employer[employer], at_stop[members[0].stop], strict=True):
                    self.cp.add_implication(literal, stop)
        pairs = [literal for literals in of_employer.values() for literal in literals]
        calls = [literal for literals in at_stop.values() for literal in literals]
        if floor is not None:
            self.cp.add(sum(pairs) >= floor.employers)
            self.cp.add(sum(calls) >= floor.stops)
        return seating.weights.employer * sum(pairs) + seating.weights.stop * sum(calls)

    def _use(self, members: Sequence[Kind], *, seating: Seating) -> list[cp_model.IntVar]:
        """By carriage, whether any of these kinds is there."""
        literals: list[cp_model.IntVar] = []
        for place, load in enumerate(seating.loads):
            inside = [self._chosen[kind, place] for kind in members if (kind, place) in self._chosen]
            literal = self.cp.new_bool_var("")
            self.cp.add_hint(literal, any(kind in load for kind in members))
            for variable in inside:
                self.cp.add(variable == 0).only_enforce_if(~literal)
            self.cp.add(sum(inside) >= 1).only_enforce_if(literal)
            literals.append(literal)
        heads = [(kind.size * self._count[kind], kind.accessible) for kind in members]
        group = Group(
            heads=sum(number for number, _ in heads),
            accessible=sum(number for number, accessible in heads if accessible),
        )
        self.cp.add(sum(literals) >= least_carriages(group, self._carriages))
        seats = [carriage.seats for carriage in self._carriages]
        self.cp.add(sum(n * literal for n, literal in zip(seats, literals, strict=True)) >= group.heads)
        return literals

    def loads(self, solver: cp_model.CpSolver) -> tuple[Load, ...]:
        """What a solution puts into each carriage."""
        return _loads(self._chosen, size=len(self._carriages), solver=solver)


def _limit_wheelchairs(
    cp: cp_model.CpModel,
    chosen: Mapping[tuple[Kind, int], cp_model.IntVar],
    *,
    number: int,
    carriage: Carriage,
) -> None:
    if carriage.wheelchairs is not None:
        needy = [variable for (kind, n), variable in chosen.items() if n == number and kind.accessible]
        cp.add(sum(needy) <= carriage.wheelchairs)


def _loads(
    chosen: Mapping[tuple[Kind, int], cp_model.IntVar], *, size: int, solver: cp_model.CpSolver
) -> tuple[Load, ...]:
    loads: list[dict[Kind, int]] = [{} for _ in range(size)]
    for (kind, place), variable in chosen.items():
        if number := solver.value(variable):
            loads[place][kind] = number
    return tuple(loads)


def _run(cp: cp_model.CpModel, purse: Purse, *, limits: Limits, workers: int) -> cp_model.CpSolver | None:
    """Solve and pay for it; None without a solution. Raises SolverError when CP-SAT refuses the model."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.interleave_search = workers > 1
    solver.parameters.catch_sigint_signal = False  # else it leaves Ctrl-C at the default: death
    solver.parameters.random_seed = limits.seed % 2**31
    if limits.effort is not None and limits.effort < math.inf:
        solver.parameters.max_deterministic_time = limits.effort
    if limits.seconds is not None:
        solver.parameters.max_time_in_seconds = limits.seconds
    status = _watched(lambda: solver.solve(cp), solver=solver, stop=limits.stop)
    purse.pay(solver.response_proto.deterministic_time)
    if status == cp_model.MODEL_INVALID:
        raise SolverError("seats", cp.validate())
    return solver if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None


def _watched(solve: Callable[[], T], *, solver: cp_model.CpSolver, stop: Callable[[], bool]) -> T:
    """Solve while another thread asks whether to stop: CP-SAT itself cannot be told how to ask."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_TICK_S):
            if stop():
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return solve()
    finally:
        done.set()
        watcher.join()
