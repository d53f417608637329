"""How long the hot pieces take: ``python3 dev.py bench speed``. Elsewhere each runs once, as a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from planner.check import check_plan
from planner.network import Network, compute_matrices
from planner.solvers.routing.bound import ColumnResult, generate_columns
from planner.solvers.routing.certificate import Certificate
from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.instances import read_instance
from planner.solvers.routing.neighbourhoods import find_nearest
from planner.solvers.routing.pricing import Effort, Pricer
from planner.solvers.routing.problem import RoutingProblem
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Budget
from planner.solvers.routing.twins import find_twins
from planner.solvers.routing.verify import verify
from tests.bench.routing.recipe import Recipe, write
from tests.sketch import sketch_campaign, sketch_plan

_ENOUGH = 1_000
"""Units of effort that no bound here needs."""

T = TypeVar("T")


def _time(benchmark: BenchmarkFixture, work: Callable[[], T], *, rounds: int = 0) -> T:
    """Time the work, as often as the plugin likes or in a few rounds, and give its last result."""
    if rounds:
        return cast("T", benchmark.pedantic(work, rounds=rounds))
    return cast("T", benchmark(work))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("county") / "county.json"
    path.write_text(write(Recipe(villages=60, mean=12, seed=1)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def problem(county: Path) -> RoutingProblem:
    return read_instance(county).problem


@pytest.fixture(scope="module")
def columns(problem: RoutingProblem) -> ColumnResult:
    return generate_columns(problem, Budget(effort=_ENOUGH))


@pytest.fixture(scope="module")
def certificate(columns: ColumnResult) -> Certificate:
    assert columns.certificate is not None
    return columns.certificate


def test_network_matrices(benchmark: BenchmarkFixture) -> None:
    campaign = sketch_campaign(townships=12, villages=250)
    places = [place.id for place in campaign.places]
    matrices = _time(benchmark, lambda: compute_matrices(places, campaign.roads))
    assert matrices.seconds.shape == (len(places), len(places))


def test_read_instance(benchmark: BenchmarkFixture, county: Path) -> None:
    assert len(_time(benchmark, lambda: read_instance(county)).problem.visits) == 60


def test_savings(benchmark: BenchmarkFixture, problem: RoutingProblem) -> None:
    found = _time(benchmark, lambda: solve_savings(problem, Budget(effort=1)))
    assert problem.left_out(found.shifts) == ()


def test_insertion(benchmark: BenchmarkFixture, problem: RoutingProblem) -> None:
    visits = range(len(problem.visits))
    shifts = _time(benchmark, lambda: insert_all(problem, (), visits=visits), rounds=3)
    assert problem.left_out(shifts) == ()


def test_column_generation(benchmark: BenchmarkFixture, problem: RoutingProblem) -> None:
    found = _time(benchmark, lambda: generate_columns(problem, Budget(effort=_ENOUGH)), rounds=3)
    assert found.converged


def test_label_pricing(
    benchmark: BenchmarkFixture, problem: RoutingProblem, certificate: Certificate
) -> None:
    pricer = Pricer(problem, near=find_nearest(problem), twins=find_twins(problem, calls=()))
    effort = Effort(width=0, keep=100, most_work=10**9, over=lambda _work: False)
    assert _time(benchmark, lambda: pricer.price(certificate, effort=effort)).complete


def test_verifying_a_bound(
    benchmark: BenchmarkFixture, problem: RoutingProblem, columns: ColumnResult, certificate: Certificate
) -> None:
    proved = _time(benchmark, lambda: verify(problem, certificate, seconds=None), rounds=3)
    assert columns.bound is not None
    assert proved is not None
    assert proved == pytest.approx(columns.bound.fen, rel=1e-3)


def test_judging_one_plan(benchmark: BenchmarkFixture, problem: RoutingProblem) -> None:
    shifts = solve_savings(problem, Budget(effort=1)).shifts
    assert all(_time(benchmark, lambda: [problem.is_feasible(shift) for shift in shifts]))


def test_checking_a_campaign(benchmark: BenchmarkFixture) -> None:
    campaign = sketch_campaign(townships=6, villages=60)
    plan = sketch_plan(campaign, Network(campaign))
    violations = _time(benchmark, lambda: check_plan(campaign, plan), rounds=3)
    assert not [violation for violation in violations if violation.rule.startswith("route")]
