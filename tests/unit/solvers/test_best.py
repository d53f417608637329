"""The default router: what it gives when all goes well, when a backend breaks, and when it is stopped."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from planner.solvers.routing import best, prove, tasks
from planner.solvers.routing.best import solve_best
from planner.solvers.routing.problem import Gate, RoutingProblem, VehicleClass, Visit
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Bound, Budget, Progress, Relaxation, Trouble
from planner.solvers.routing.splits import solve_split
from planner.solvers.routing.trivial import trivial_bound
from tests.unit.solvers import broken

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("kernels")
_SECONDS = 6.0
_GRACE = 3
"""So many times the seconds asked for, where others use the machine; what hangs would hang for ever."""


def _county(stops: int, *, gates: int = 1, seed: int = 1) -> RoutingProblem:
    """Villages round a station, buses of two sizes that may start anywhere; ``gates`` departures of it."""
    dice = Random(seed)
    points = np.array([(dice.uniform(-30, 30), dice.uniform(-30, 30)) for _ in range(stops)] + [(0, 0)] * 2)
    metres = np.rint(1_350 * np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))).astype(np.int64)
    metres[stops + 1] = 0  # an open start
    kinds = [(19, 30_000, 300), (49, 60_000, 500)]
    return RoutingProblem(
        visits=tuple(
            Visit(heads=dice.randint(1, 18), service_s=60, prize=10**8, gates=(number % gates,))
            for number in range(stops)
        ),
        gates=tuple(
            Gate(node=stops, opens_s=20_000 + 20_000 * g, closes_s=23_000 + 20_000 * g) for g in range(gates)
        ),
        vehicle_classes=tuple(
            VehicleClass(
                count=stops,
                capacity=seats,
                start=stops + 1,
                gates=tuple(range(gates)),
                fixed_fen=fixed,
                per_km_fen=price,
                trips=gates,
            )
            for seats, fixed, price in kinds
        ),
        seconds=(metres // 12,),
        metres=(metres,),
        ride_limit_s=5_400,
        turn_s=1_200,
    )


def test_a_county_of_thirty_villages_is_proved() -> None:
    problem = _county(30)
    found = solve_best(problem, Budget(effort=400))
    assert found.bound is not None
    assert found.bound.relaxation is Relaxation.COMPLETE
    assert found.bound.fen == problem.objective_fen(found.shifts)
    assert found.finished
    assert found.bound.verified_fen is not None
    assert 0.95 * found.bound.fen < found.bound.verified_fen <= found.bound.fen


@pytest.mark.parametrize("problem", [_county(25), _county(160), _county(20, gates=2)], ids=["25", "160", "2"])
def test_counted_effort_repeats_exactly_in_any_number_of_children(problem: RoutingProblem) -> None:
    found = [solve_best(problem, Budget(effort=60, seed=5, workers=workers)) for workers in (0, 1, 2)]
    assert found[0] == found[1] == found[2]
    assert all(problem.is_feasible(shift) for shift in found[0].shifts)


def test_never_worse_than_where_it_starts() -> None:
    problem = _county(40)
    start = solve_best(problem, Budget(effort=200)).shifts
    found = solve_best(problem, Budget(effort=1, start=start))
    assert problem.objective_fen(found.shifts) <= problem.objective_fen(start)


def test_progress_only_ever_gets_better_and_ends_with_the_answer() -> None:
    problem, told = _county(60), list[Progress]()
    found = solve_best(problem, Budget(seconds=4, workers=2, progress=told.append))
    costs = [step.cost_fen for step in told]
    bounds = [step.bound_fen for step in told if step.bound_fen is not None]
    assert costs == sorted(costs, reverse=True)
    assert bounds == sorted(bounds)
    assert found.bound is not None
    assert (costs[-1], bounds[-1]) == (problem.objective_fen(found.shifts), found.bound.fen)


@pytest.mark.parametrize(
    ("search", "trouble"),
    [
        (broken.killed, Trouble.CRASHED),
        (broken.hung, Trouble.TIMED_OUT),
        (broken.greedy, Trouble.OUT_OF_MEMORY),
    ],
)
def test_a_backend_that_breaks_is_reported_and_the_others_plan_comes_in_time(
    monkeypatch: pytest.MonkeyPatch, search: Callable[..., object], trouble: Trouble
) -> None:
    problem = _county(150)
    monkeypatch.setattr(tasks, "search", search)
    monkeypatch.setattr(best, "_MEMORY_BYTES", 2 * 2**30)
    began = time.monotonic()
    found = solve_best(problem, Budget(seconds=_SECONDS, workers=2))
    assert time.monotonic() - began < _GRACE * _SECONDS
    assert ("ruin", trouble) in {(report.backend, report.trouble) for report in found.reports}
    assert problem.left_out(found.shifts) == ()
    assert all(problem.is_feasible(shift) for shift in found.shifts)
    savings = solve_savings(problem, Budget()).shifts
    assert problem.objective_fen(found.shifts) < problem.objective_fen(savings)


@pytest.mark.parametrize(
    ("prove", "trouble"),
    [
        (broken.killed_proof, Trouble.CRASHED),
        (broken.hung_proof, Trouble.TIMED_OUT),
        (broken.greedy_proof, Trouble.OUT_OF_MEMORY),
    ],
)
def test_a_proof_that_breaks_is_reported_and_what_it_told_before_stands(
    monkeypatch: pytest.MonkeyPatch, prove: Callable[..., object], trouble: Trouble
) -> None:
    problem = _county(150)
    monkeypatch.setattr(tasks, "prove", prove)
    monkeypatch.setattr(best, "_MEMORY_BYTES", 2 * 2**30)
    began = time.monotonic()
    found = solve_best(problem, Budget(seconds=_SECONDS, workers=2))
    assert time.monotonic() - began < _GRACE * _SECONDS
    assert ("bound", trouble) in {(report.backend, report.trouble) for report in found.reports}
    told = trouble is not Trouble.TIMED_OUT
    assert found.bound is not None
    assert found.bound.fen == trivial_bound(problem) + told
    assert problem.left_out(found.shifts) == ()


def test_with_every_search_broken_there_is_still_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _county(150)
    monkeypatch.setattr(tasks, "search", broken.useless)
    found = solve_best(problem, Budget(seconds=3, workers=2))
    troubles = {report.trouble for report in found.reports}
    assert troubles
    assert troubles <= {Trouble.FAILED, Trouble.TIMED_OUT}  # on a busy machine some are not even begun
    assert problem.left_out(found.shifts) == ()
    assert all(problem.is_feasible(shift) for shift in found.shifts)


@pytest.mark.parametrize(
    "boast", [broken.boast_at_once, broken.boast_in_time], ids=["above the start", "above the best"]
)
def test_a_bound_that_a_plan_undercuts_is_dropped_and_reported(
    monkeypatch: pytest.MonkeyPatch, boast: Callable[..., object]
) -> None:
    problem, told = _county(30), list[Progress]()
    monkeypatch.setattr(tasks, "prove", boast)
    found = solve_best(problem, Budget(effort=60, progress=told.append))
    assert found.bound == Bound(fen=trivial_bound(problem), relaxation=Relaxation.TRIVIAL)
    assert not found.finished
    assert [(report.backend, report.trouble) for report in found.reports] == [("bound", Trouble.FAILED)]
    assert all((step.bound_fen or 0) <= step.cost_fen for step in told)


_TIME_FOR_SAVINGS = 60


@pytest.mark.parametrize("polls", [0, 1, 5, 20, _TIME_FOR_SAVINGS])
@pytest.mark.parametrize("gates", [1, 2])
def test_stopped_at_any_moment_it_gives_a_lawful_plan(polls: int, gates: int) -> None:
    problem, asked = _county(60, gates=gates), 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > polls

    began = time.monotonic()
    found = solve_best(problem, Budget(seconds=60, workers=2, stop=stop))
    assert time.monotonic() - began < 20
    assert all(problem.is_feasible(shift) for shift in found.shifts)
    assert found.bound is not None
    assert found.bound.fen <= problem.objective_fen(found.shifts)
    assert polls < _TIME_FOR_SAVINGS or problem.left_out(found.shifts) == ()


def test_the_bound_of_a_plan_made_otherwise() -> None:
    problem = _county(16, gates=2)
    shifts = solve_savings(problem, Budget()).shifts
    bound, reports = prove(problem, Budget(effort=400), shifts=shifts)
    assert reports == ()
    whole = solve_split(problem, Budget(effort=400), router=solve_best)
    assert 0.8 * problem.objective_fen(whole.shifts) < bound.fen <= problem.objective_fen(whole.shifts)


def test_what_breaks_in_a_proof_alone_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _county(12)
    monkeypatch.setattr(tasks, "prove", broken.boast_at_once)
    bound, reports = prove(problem, Budget(effort=10), shifts=solve_savings(problem, Budget()).shifts)
    assert bound == Bound(fen=trivial_bound(problem), relaxation=Relaxation.TRIVIAL)
    assert [(report.backend, report.trouble) for report in reports] == [("bound", Trouble.FAILED)]


def test_nobody_to_collect_or_nobody_to_collect_them() -> None:
    problem = _county(4)
    found = solve_best(replace(problem, vehicle_classes=()), Budget(effort=1))
    assert found.shifts == ()
    assert found.bound is not None
    assert found.bound.fen == 4 * 10**8
