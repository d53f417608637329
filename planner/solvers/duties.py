"""Runs to vehicles over a season: the most runs, then the fewest vehicles, then the cheapest (HiGHS).

Multi-depot vehicle scheduling (Carpaneto et al. 1989; Pepin et al. 2009) as flows through places and times.
All aims weighed in one program give relaxations that are whole or nearly so, which single aims do not; then
each aim has a program of its own, which holds what those before it reached and proves or betters what is
there. With one kind of vehicle all relaxations are whole. HiGHS cannot be interrupted: who asks it to stop
goes on without it, so a process that must end at once should not be the one that solves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.duties_network import Network
from planner.solvers.duties_problem import Clock, Duty, DutyEffort, DutyPlan, DutyProblem, Kind, Run
from planner.solvers.routing.highs import Limits, relax, solve_whole
from planner.solvers.routing.program import Dual, Program, round_dual

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints

__all__ = ["Duty", "DutyEffort", "DutyPlan", "DutyProblem", "Kind", "Run", "plan_duties"]

_GRID: Final = 64
"""Dual values are rounded down; those within one part of a multiple of this were most likely meant for it."""
_WORTH: Final = 16
"""Where all aims are weighed: vehicles for a unit of weight left, dearest runs or ways for a vehicle."""
_SHARE: Final = 0.4
"""Of the seconds left, what a program may take."""


def plan_duties(problem: DutyProblem, *, effort: DutyEffort) -> DutyPlan:
    """Serve the most weight of runs, with the fewest vehicles, at the least cost: in that order.

    Bounds are of the linear relaxation, recomputed in integers, or HiGHS's own where that is better.
    """
    search = _Search(problem, effort)
    worth = _WORTH * search.network.dearest_fen + 1
    weights = (_WORTH * worth, worth, 1)
    _, bound = search.find_least(weights, limits=(), share=_SHARE)
    left, left_bound = search.find_least((1, 0, 0), limits=(), share=_SHARE)
    vehicles, vehicles_bound = search.find_least((0, 1, 0), limits=(left,), share=_SHARE)
    floor = bound - weights[0] * left - weights[1] * vehicles
    cost_fen, cost_bound_fen = search.find_least((0, 0, 1), limits=(left, vehicles), floor=floor)
    duties = search.network.decode(search.flow)
    served = {run for duty in duties for run in duty.runs}
    return DutyPlan(
        duties=duties,
        left=tuple(run for run in range(len(problem.runs)) if run not in served),
        left_weight=left,
        left_bound=left_bound,
        vehicles_bound=vehicles_bound,
        cost_fen=cost_fen,
        cost_bound_fen=cost_bound_fen,
    )


class _Search:
    """One aim after the other; ``flow`` is the best plan so far."""

    def __init__(self, problem: DutyProblem, effort: DutyEffort) -> None:
        self.network = Network(problem)
        self.flow = self.network.encode(_first_fit(problem))
        self._clock = Clock(effort)

    def find_least(
        self, weights: tuple[int, int, int], *, limits: tuple[int, ...], share: float = 1.0, floor: int = 0
    ) -> tuple[int, int]:
        """The least found and its bound, ``floor`` or better, in a share of the seconds left."""
        effort = self._clock.effort
        within = Limits(seconds=self._clock.left_s(share), nodes=effort.effort, stop=effort.stop)
        program = self.network.program(weights, limits=limits)
        self.flow, cost, bound = _find_least(program, self.flow, limits=within, floor=max(floor, 0))
        return cost, bound


def _find_least(program: Program, start: Ints, *, limits: Limits, floor: int) -> tuple[Ints, int, int]:
    """The cheapest choice found, no dearer than the lawful ``start``, its cost and a bound."""
    cost = program.priced(start)
    if cost is None:
        raise ValueError("the start breaks a row")
    relaxed = relax(program, limits=limits) if cost > floor and not limits.stop() else None
    if relaxed is None:
        return start, cost, floor
    dual = max(relaxed[0], _snap(program, relaxed[0]), key=lambda dual: dual.bound)
    best, cost = _better(program, (start, cost), np.rint(relaxed[1]).astype(np.int64))
    bound = max(dual.bound, floor)
    if bound < cost:
        columns = np.union1d(dual.cut(cost), np.flatnonzero(best))
        answer = solve_whole(program.only(columns), start=best[columns], limits=limits)
        if answer is not None:
            found = np.zeros_like(start)
            found[columns] = answer[0]
            best, cost = _better(program, (best, cost), found)
            bound = max(bound, answer[1])
    return best, cost, min(bound, cost)


def _better(program: Program, best: tuple[Ints, int], found: Ints) -> tuple[Ints, int]:  # noqa: PLR0917
    price = program.priced(found)
    return best if price is None or price >= best[1] else (found, price)


def _snap(program: Program, dual: Dual) -> Dual:
    """Without the noise of rounding, which splits equal dual values along a line of waiting."""
    near = (dual.duals + _GRID // 2) // _GRID * _GRID
    return round_dual(program, np.where(np.abs(near - dual.duals) <= 1, near, dual.duals))


def _first_fit(problem: DutyProblem) -> list[Duty]:
    """Runs by start, each to the vehicle in use that makes it cheapest, else to a new one, else to none."""
    used: list[tuple[int, list[int]]] = []
    spare = [kind.count for kind in problem.kinds]

    def added_fen(kind: int, runs: list[int]) -> int:
        depot, last = problem.kinds[kind].depot, problem.runs[runs[-1]]
        after = problem.runs[runs[-2]].destination if len(runs) > 1 else depot
        ways = problem.empty_fen[after][last.origin] + problem.empty_fen[last.destination][depot]
        return problem.run_fen(kind, run=runs[-1]) + ways - problem.empty_fen[after][depot]

    for run in sorted(range(len(problem.runs)), key=lambda run: (problem.runs[run].start_s, run)):
        able = [kind for kind in range(len(problem.kinds)) if problem.reaches(kind, run=run)]
        going = [
            (added_fen(kind, [*runs, run]), place)
            for place, (kind, runs) in enumerate(used)
            if kind in able and problem.follows(runs[-1], then=run)
        ]
        fresh = [(added_fen(kind, [run]), kind) for kind in able if spare[kind]]
        if going:
            used[min(going)[1]][1].append(run)
        elif fresh:
            kind = min(fresh)[1]
            spare[kind] -= 1
            used.append((kind, [run]))
    return [Duty(kind=kind, runs=tuple(runs)) for kind, runs in used]
