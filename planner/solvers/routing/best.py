"""The default router: several searches side by side, recombined, with a bound that grows beside them.

Problems that libraries solve are searched by ``conductor``; all others are reduced to such problems
(``splits``, ``rounds``). Meanwhile the bound is computed (``proof``).

All heavy work is done in child processes: one that crashes, hangs or runs out of memory is reported and
the others' plan stands.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from planner.solvers.routing.children import Crew
from planner.solvers.routing.conductor import FIRST, FIRST_S, RECOMBINE, Conductor
from planner.solvers.routing.dispatch import UNIT_S, Dispatcher
from planner.solvers.routing.problem import RoutingProblem, Shift
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Bound, Budget, Progress, Report, Router, RoutingSolution
from planner.solvers.routing.splits import solve_split

_MEMORY_BYTES: Final = 6 * 2**30


def solve_best(problem: RoutingProblem, budget: Budget) -> RoutingSolution:
    """Search until proved, stopped or the budget is spent."""
    if not problem.visits or not problem.vehicle_classes:
        return RoutingSolution(shifts=(), finished=True, bound=Bound.of_nobody(problem))
    with Crew(budget.workers, memory_bytes=_MEMORY_BYTES, stop=budget.stop) as crew:
        dispatcher = Dispatcher(crew, budget)
        if problem.is_simple:
            search = Conductor(problem, budget, dispatcher=dispatcher)
            search.prove()
            search.run()
            return search.solution()
        return _solve_general(problem, budget, dispatcher=dispatcher)


def prove(
    problem: RoutingProblem, budget: Budget, *, shifts: tuple[Shift, ...]
) -> tuple[Bound, tuple[Report, ...]]:
    """Bound a problem for a plan that was made otherwise; and what broke meanwhile."""
    if not problem.visits or not problem.vehicle_classes:
        return Bound.of_nobody(problem), ()
    with Crew(min(budget.workers, 1), memory_bytes=_MEMORY_BYTES, stop=budget.stop) as crew:
        dispatcher = Dispatcher(crew, budget)
        conductor = Conductor(problem, replace(budget, start=shifts), dispatcher=dispatcher)
        proof = conductor.prove()
        proof.step(conductor.shifts, conductor.fen)
        proof.settle()
        solution = conductor.solution()
        return solution.bound or proof.bound, solution.reports


def _solve_general(problem: RoutingProblem, budget: Budget, *, dispatcher: Dispatcher) -> RoutingSolution:
    """Reduce to simple problems, bound the whole beside them, recombine trips of the bound's program."""
    start = budget.start or solve_savings(problem, replace(budget, progress=_unheard)).shifts
    conductor = Conductor(problem, replace(budget, start=start), dispatcher=dispatcher)
    proof = conductor.prove()
    conductor.advance_proof()

    def look(simple: RoutingProblem, share: Budget) -> RoutingSolution:
        inner = Conductor(simple, share, dispatcher=dispatcher)
        inner.look()
        return inner.solution()

    def route(simple: RoutingProblem, share: Budget) -> RoutingSolution:
        inner = Conductor(simple, share, dispatcher=dispatcher, beside=proof)
        inner.run()
        return inner.solution()

    def reduce(router: Router, seconds: float) -> None:
        counted = conductor.clock.counted
        conductor.clock.spend(seconds)
        own = replace(
            budget,
            seconds=None if counted else seconds,
            effort=max(round(seconds / UNIT_S), 1) if counted else None,
            start=conductor.shifts,
            advice=lambda: proof.rounded,
            progress=_unheard,
        )
        conductor.offer(solve_split(problem, own, router=router).shifts)
        conductor.advance_proof()

    reduce(look, min(2 * FIRST_S, conductor.clock.whole_s * FIRST))
    if not conductor.proved:
        reduce(route, max(conductor.clock.left_s - conductor.clock.whole_s * RECOMBINE, UNIT_S))
        conductor.recombine()
        conductor.finish_proof()
    return conductor.solution()


def _unheard(_progress: Progress) -> None:
    """What a part costs is not what the plan costs."""
