from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from random import Random
from typing import Any, Final

import numpy as np
import pytest

from planner.solvers.routing.bound import generate_columns
from planner.solvers.routing.calls import Calls, calls_of
from planner.solvers.routing.certificate import Certificate
from planner.solvers.routing.chains import Chains, Limits, Pruning, undominated
from planner.solvers.routing.exact import prune
from planner.solvers.routing.problem import Gate, RoutingProblem, VehicleClass, Visit
from planner.solvers.routing.search import Budget
from planner.solvers.routing.shifts import ShiftTable, _Stands, _undominated
from tests.unit.solvers.brute import _shifts, random_problem

ALL: Final = Limits(chains=1_000_000, stop=lambda: False)


def county(dice: Random, *, visits: int) -> RoutingProblem:
    """A simple problem with three sizes of vehicles and short trips."""
    points = [(dice.uniform(-30, 30), dice.uniform(-30, 30)) for _ in range(visits)] + [(0.0, 0.0)] * 2
    size = visits + 2
    metres = np.zeros((size, size), dtype=np.int64)
    for a in range(size):
        for b in range(size):
            far = np.hypot(points[a][0] - points[b][0], points[a][1] - points[b][1])
            metres[a, b] = 0 if visits in {a, b} else round(1300 * float(far))
    return RoutingProblem(
        visits=tuple(
            Visit(heads=heads, service_s=60 + 6 * heads, prize=10**7)
            for heads in (dice.randint(2, 14) for _ in range(visits))
        ),
        gates=(Gate(node=visits + 1),),
        vehicle_classes=tuple(
            VehicleClass(count=count, capacity=seats, start=visits, fixed_fen=fixed, per_km_fen=per_km)
            for count, seats, fixed, per_km in (
                (9, 19, 30_000, 300),
                (2, 33, 45_000, 420),
                (9, 53, 70_000, 600),
            )
        ),
        seconds=(metres * 36 // 420,),
        metres=(metres,),
        ride_limit_s=6000,
    )


def _bits(words: Sequence[int]) -> int:
    return sum(int(word) << 64 * place for place, word in enumerate(words))


def _table(
    problem: RoutingProblem, calls: Calls, number: int, *, pruning: Pruning | None = None
) -> dict[int, int]:
    table = ShiftTable(problem, calls, vehicle_class=number, limits=ALL, pruning=pruning)
    assert table.complete
    found = {_bits(words): int(fen) for words, fen in zip(table.people, table.fen, strict=True)}
    for row, fen in enumerate(table.fen):
        assert problem.is_feasible(table.shift(row))
        assert problem.shift_fen(table.shift(row)) == fen
    return found


def test_every_set_of_people_at_the_least_cost_of_any_lawful_shift() -> None:
    for seed in range(250):
        problem = random_problem(Random(seed))
        items = [
            (v, part) for v, visit in enumerate(problem.visits) for part in range(max(len(visit.parts), 1))
        ]
        calls = calls_of(problem)
        assert [(visit, part or 0) for visit, part in calls.items] == items
        for number in range(len(problem.vehicle_classes)):
            assert _table(problem, calls, number) == _shifts(problem, number, items), seed


def _reduced(certificate: Certificate, *, people: int, fen: int, number: int) -> int:
    own = (dual for visit, dual in enumerate(certificate.visit_duals) if people >> visit & 1)
    return fen - sum(own) - certificate.count_duals[number]


def test_dual_values_drop_exactly_the_trips_that_cost_too_much() -> None:
    for seed in range(4):
        problem = county(Random(seed), visits=13)
        certificate = generate_columns(problem, Budget(effort=300)).certificate
        assert certificate is not None
        calls = calls_of(problem)
        for below in (1, 3_000, 20_000):
            prunings = prune(problem, certificate, calls=calls, below=below)
            for number, pruning in enumerate(prunings):
                kept = {
                    people: fen
                    for people, fen in _table(problem, calls, number).items()
                    if _reduced(certificate, people=people, fen=fen, number=number) < below
                }
                assert _table(problem, calls, number, pruning=pruning) == kept
                assert all(
                    _reduced(certificate, people=people, fen=fen, number=number) >= 0
                    for people, fen in kept.items()
                )


def test_too_many_chains_say_so() -> None:
    problem = county(Random(0), visits=13)
    few = Limits(chains=20, stop=lambda: False)
    assert not ShiftTable(problem, calls_of(problem), vehicle_class=2, limits=few).complete


def test_a_stop_is_heard_while_chains_grow() -> None:
    problem = county(Random(0), visits=13)
    asked: list[None] = []

    def stop() -> bool:
        asked.append(None)
        return len(asked) > 3

    limits = Limits(chains=10**6, stop=stop)
    assert not ShiftTable(problem, calls_of(problem), vehicle_class=2, limits=limits).complete
    assert len(asked) < 7


def _pair(names: Sequence[str], *, better: str) -> dict[str, Any]:
    """Two rows of the same people: the second is dearer and, in one thing, better."""
    columns: dict[str, Any] = {name: np.zeros(2, dtype=np.int64) for name in names}
    columns |= {"people": np.ones((2, 1), dtype=np.uint64), "fen": np.array([5, 6])}
    if better:
        columns[better] = np.array([0, 1 if better == "late" else -1])
    if better == "least":
        columns["early"] = np.array([0, 1])
    return columns


@pytest.mark.parametrize(
    ("better", "kept"), [("", 1), ("least", 2), ("early", 2), ("late", 2), ("drive", 2), ("heads", 1)]
)
def test_a_dearer_chain_stays_only_if_it_is_better_in_something(better: str, kept: int) -> None:
    assert (
        undominated(Chains(**_pair([f.name for f in fields(Chains)], better=better))).fen.tolist()
        == [5, 6][:kept]
    )


@pytest.mark.parametrize(
    ("better", "kept"), [("", 1), ("ready", 2), ("driven", 2), ("unbroken", 2), ("trip", 1)]
)
def test_a_dearer_shift_stays_only_if_it_is_better_in_something(better: str, kept: int) -> None:
    assert (
        _undominated(_Stands(**_pair([f.name for f in fields(_Stands)], better=better))).fen.tolist()
        == [5, 6][:kept]
    )
