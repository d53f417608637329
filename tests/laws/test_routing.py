"""Laws of the routing engine over random small problems of every feature, against trying everything."""

from __future__ import annotations

from random import Random

import pytest

from planner.solvers.routing import ROUTERS
from planner.solvers.routing.bound import generate_columns
from planner.solvers.routing.search import Budget, Relaxation
from planner.solvers.routing.splits import explode_for_bound
from planner.solvers.routing.trivial import trivial_bound
from planner.solvers.routing.verify import verify
from tests.unit.solvers.brute import brute_force, random_problem

_PROBLEMS = 1_000
_BATCHES = 20
_TIMES = 4
"""As many problems as other tests by brute force draw: these have every feature."""
_EFFORT = 400


@pytest.mark.parametrize("batch", range(_BATCHES))
def test_exact_is_exact_and_no_bound_exceeds_the_optimum(batch: int, tiny: int) -> None:
    for seed in range(batch, min(_PROBLEMS, _TIMES * tiny), _BATCHES):
        problem = random_problem(Random(seed))
        best = brute_force(problem)
        assert trivial_bound(problem) <= best, seed

        exact = ROUTERS["exact"](problem, Budget(effort=_EFFORT))
        assert exact.bound is not None, seed
        assert (problem.objective_fen(exact.shifts), exact.bound.fen) == (best, best), seed
        assert exact.bound.relaxation is Relaxation.COMPLETE, seed
        assert all(problem.is_feasible(shift) for shift in exact.shifts), seed

        parts, _, slack_fen = explode_for_bound(problem)
        columns = generate_columns(parts, Budget(effort=_EFFORT))
        assert columns.bound is not None, seed
        assert columns.certificate is not None, seed
        assert columns.bound.fen - slack_fen <= best, seed
        checked = verify(problem, columns.certificate, seconds=None)
        assert checked is not None, seed
        assert checked <= best, seed


@pytest.mark.parametrize("seed", range(0, _PROBLEMS, 25))
def test_the_best_router_is_lawful_proved_and_repeats(seed: int) -> None:
    problem = random_problem(Random(seed))
    found = ROUTERS["best"](problem, Budget(effort=30, seed=seed))
    assert found == ROUTERS["best"](problem, Budget(effort=30, seed=seed))
    assert all(problem.is_feasible(shift) for shift in found.shifts)
    assert found.bound is not None
    assert found.bound.fen <= brute_force(problem) <= problem.objective_fen(found.shifts)
    assert not found.reports
