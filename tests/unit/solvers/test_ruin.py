"""The compiled search keeps books that agree with the problem's, repeats, stops and finds small optima."""

from __future__ import annotations

import time
from dataclasses import replace

from planner.solvers.routing.problem import Shift
from planner.solvers.routing.pyvrp_data import build_encoding
from planner.solvers.routing.ruin import Table, search_ruin, solve_ruin
from planner.solvers.routing.search import Budget
from planner.solvers.routing.standing import Pool
from tests.unit.solvers.brute import brute_force
from tests.unit.solvers.test_pyvrp import large_problem, simple_problems
from tests.unit.solvers.test_routers import assert_lawful


def test_what_the_search_counts_is_what_its_plans_cost() -> None:
    """Strict data allow lawful trips only, so after any number of steps plan and sums must be right."""
    for problem in (*simple_problems(40), large_problem()):
        encoding = build_encoding(problem, required=True, strict=True)
        table = Table(problem, encoding, seed=1, shifts=())
        for heat in (0.0, 1e4, 1e7):
            table.run(heat=heat, count=50)
            for shifts, fen in ((table.standing(), table.fen), (table.best_shifts(), table.best_fen)):
                assert_lawful(problem, shifts)
                assert problem.objective_fen(shifts) == fen


def test_nearly_all_small_optima_are_found() -> None:
    """What must enter two at a time is beyond it: 98 of the 100 are reached today."""
    missed = 0
    for problem in simple_problems(100):
        shifts = search_ruin(problem, Budget(effort=8))
        assert_lawful(problem, shifts)
        best = brute_force(problem)
        assert problem.objective_fen(shifts) >= best
        missed += problem.objective_fen(shifts) > best
    assert missed <= 4


def test_the_same_seed_and_effort_give_the_same_plan_and_pool() -> None:
    problem = large_problem()
    pools: list[Pool] = [{}, {}]
    found = [search_ruin(problem, Budget(effort=20, seed=3), pool=pool) for pool in pools]
    assert found[0] == found[1]
    assert list(pools[0].items()) == list(pools[1].items())


def test_a_search_is_never_dearer_than_its_start_and_tells_each_better_plan() -> None:
    problem = large_problem()
    start = search_ruin(problem, Budget(effort=1))
    plans: list[tuple[Shift, ...]] = []
    found = search_ruin(problem, Budget(effort=20, start=start, seed=1), hear=plans.append)
    costs = [problem.objective_fen(plan) for plan in (start, *plans)]
    assert costs == sorted(set(costs), reverse=True)
    assert costs[-1] == problem.objective_fen(found)


def test_a_fleet_just_large_enough_takes_everybody() -> None:
    """Two of three vehicles must be filled exactly: greedy insertion alone leaves somebody behind."""
    problem = large_problem(9)
    heads = (5, 5, 4, 4, 3, 3, 2, 2, 2)
    kind = replace(problem.vehicle_classes[0], count=3, capacity=10, duration_limit_s=10**9)
    kind = replace(kind, drive_limit_s=10**9, unbroken_limit_s=10**9, ready_s=0)
    tight = replace(
        problem,
        visits=tuple(
            replace(visit, heads=size, prize=10**9, opens_s=0, closes_s=10**9, gates=())
            for visit, size in zip(problem.visits, heads, strict=True)
        ),
        gates=tuple(replace(gate, opens_s=0, closes_s=10**9) for gate in problem.gates),
        vehicle_classes=(kind,),
        seconds=tuple(abs(matrix) for matrix in problem.seconds),
        metres=tuple(abs(matrix) for matrix in problem.metres),
        ride_limit_s=10**9,
    )
    shifts = search_ruin(tight, Budget(effort=10))
    assert tight.left_out(shifts) == ()
    assert_lawful(tight, shifts)


def test_the_stop_and_the_clock_end_a_search_at_once() -> None:
    problem = large_problem()
    asked = iter([False] * 3)
    began = time.monotonic()
    assert_lawful(problem, search_ruin(problem, Budget(seconds=60, stop=lambda: next(asked, True))))
    assert_lawful(problem, search_ruin(problem, Budget(seconds=0.2)))
    assert time.monotonic() - began < 30, "sixty seconds, were the stop not heard; compiling takes some"


def test_nobody_to_drive_is_an_answer() -> None:
    problem = large_problem()
    kinds = tuple(replace(kind, count=0) for kind in problem.vehicle_classes)
    assert solve_ruin(replace(problem, vehicle_classes=kinds), Budget(effort=1)).shifts == ()
