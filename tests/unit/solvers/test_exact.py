from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from planner.solvers.routing import exact
from planner.solvers.routing.bound import generate_columns
from planner.solvers.routing.exact import close_gap, solve_exact
from planner.solvers.routing.problem import RoutingProblem, Shift
from planner.solvers.routing.search import Bound, Budget, Progress, Relaxation, Trouble
from planner.solvers.routing.trivial import trivial_bound
from tests.unit.solvers.brute import brute_force, random_problem
from tests.unit.solvers.test_shifts import county


def _problems(begin: int, end: int, *, simple: bool | None = None) -> Iterator[tuple[int, RoutingProblem]]:
    for seed in range(begin, end):
        problem = random_problem(Random(seed))
        if simple is None or problem.is_simple == simple:
            yield seed, problem


def assert_lawful(problem: RoutingProblem, shifts: tuple[Shift, ...]) -> None:
    used = Counter(shift.vehicle_class for shift in shifts)
    assert all(count <= problem.vehicle_classes[number].count for number, count in used.items())
    assert all(problem.is_feasible(shift) for shift in shifts)
    assert not is_crowded(problem, shifts)


def is_crowded(problem: RoutingProblem, shifts: tuple[Shift, ...]) -> bool:
    """Whether somebody boards twice."""
    boarded: Counter[tuple[int, int]] = Counter()
    for trip in (trip for shift in shifts for trip in shift.trips):
        for place, visit in enumerate(trip.visits):
            parts = (trip.taken[place] if trip.taken else ()) or range(
                max(len(problem.visits[visit].parts), 1)
            )
            boarded.update((visit, part) for part in parts)
    return max(boarded.values(), default=1) > 1


def test_equals_trying_everything_on_problems_of_every_kind() -> None:
    for seed, problem in _problems(0, 80):
        solution = solve_exact(problem, Budget(effort=200))
        assert_lawful(problem, solution.shifts)
        best = brute_force(problem)
        assert problem.objective_fen(solution.shifts) == best, seed
        assert solution.bound is not None
        assert (solution.bound.fen, solution.bound.relaxation) == (best, Relaxation.COMPLETE), seed
        assert solution.finished


def test_dual_values_leave_what_the_best_plan_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "_FEW", 0)
    for seed, problem in _problems(200, 250, simple=True):
        solution = solve_exact(problem, Budget(effort=200))
        best = brute_force(problem)
        assert problem.objective_fen(solution.shifts) == best, seed
        assert solution.finished
        assert solution.bound is not None
        assert solution.bound.fen == best


def test_goes_on_from_a_certificate_made_elsewhere() -> None:
    seed, problem = next(_problems(300, 400, simple=True))
    certificate = generate_columns(problem, Budget(effort=200)).certificate
    assert certificate is not None
    solution = close_gap(problem, Budget(effort=200), certificate=certificate)
    assert problem.objective_fen(solution.shifts) == brute_force(problem), seed


def test_dual_values_that_claim_more_than_a_plan_costs_are_not_believed() -> None:
    _, problem = next(_problems(300, 400, simple=True))
    certificate = generate_columns(problem, Budget(effort=200)).certificate
    assert certificate is not None
    too_much = replace(certificate, visit_duals=tuple(10 * dual + 10**6 for dual in certificate.visit_duals))
    heard: list[Progress] = []
    solution = close_gap(problem, Budget(effort=200, progress=heard.append), certificate=too_much)
    assert_lawful(problem, solution.shifts)
    assert solution.bound == Bound(fen=trivial_bound(problem), relaxation=Relaxation.TRIVIAL)
    assert [(report.backend, report.trouble) for report in solution.reports] == [("bound", Trouble.FAILED)]
    assert all((step.bound_fen or 0) <= step.cost_fen for step in heard)


def test_too_many_shifts_leave_the_start_and_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "_FULL", 1)
    problem = next(p for _, p in _problems(0, 100, simple=False) if len(p.visits) > 3)
    solution = solve_exact(problem, Budget(effort=200))
    assert_lawful(problem, solution.shifts)
    assert not solution.finished
    assert solution.bound is None


def test_few_chains_still_give_the_bound_of_fractions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "_FEW", 0)
    monkeypatch.setattr(exact, "_MOST", 1)
    bounds: list[int] = []
    for _, problem in _problems(400, 430, simple=True):
        solution = solve_exact(problem, Budget(effort=200))
        assert solution.bound is not None
        assert solution.bound.fen <= brute_force(problem)
        bounds.append(solution.bound.fen)
    assert max(bounds) > 0


def test_trips_of_little_reduced_cost_raise_the_bound_but_not_above_the_best_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raised = 0
    for seed in range(3):
        problem = county(Random(seed), visits=20)
        best = solve_exact(problem, Budget(effort=300))
        assert best.finished
        certificate = generate_columns(problem, Budget(effort=300)).certificate
        assert certificate is not None
        for most in (200, 400, 800):
            monkeypatch.setattr(exact, "_MOST", most)
            solution = close_gap(problem, Budget(effort=300), certificate=certificate)
            assert solution.bound is not None
            assert solution.bound.fen <= problem.objective_fen(best.shifts)
            raised += certificate.bound_fen(problem) < solution.bound.fen and not solution.finished
    assert raised > 1


def test_the_same_effort_gives_the_same_answer() -> None:
    for _, problem in _problems(500, 510):
        first, second = (solve_exact(problem, Budget(effort=20)) for _ in range(2))
        assert first == second


def test_a_stop_leaves_a_lawful_plan_at_once() -> None:
    _, problem = next(_problems(600, 700))
    began = time.monotonic()
    solution = solve_exact(problem, Budget(seconds=60, stop=lambda: True))
    assert time.monotonic() - began < 2
    assert_lawful(problem, solution.shifts)
    assert not solution.finished


def test_never_worse_than_the_start_and_heard_of_on_the_way() -> None:
    for _, problem in _problems(700, 710):
        best = solve_exact(problem, Budget(effort=200)).shifts
        heard: list[Progress] = []
        again = solve_exact(problem, Budget(effort=200, start=best, progress=heard.append))
        assert problem.objective_fen(again.shifts) == problem.objective_fen(best)
        assert heard[-1] == Progress(cost_fen=problem.objective_fen(best), bound_fen=heard[-1].cost_fen)
