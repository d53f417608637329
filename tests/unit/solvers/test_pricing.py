from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from planner.solvers.routing.certificate import Certificate
from planner.solvers.routing.families import MOST_LOAD, find_weights
from planner.solvers.routing.neighbourhoods import find_nearest
from planner.solvers.routing.pricing import Effort, Found, Pricer
from planner.solvers.routing.problem import Gate, RoutingProblem, Trip, VehicleClass, Visit
from planner.solvers.routing.twins import find_twins

DUAL = 25_000


def _problem(heads: list[int], *, seats: int) -> RoutingProblem:
    dice = np.random.default_rng(len(heads))
    places = dice.uniform(0, 30_000, (len(heads) + 1, 2))
    metres = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2)).astype(np.int64)
    return RoutingProblem(
        visits=tuple(Visit(heads=own, service_s=60, prize=10**9) for own in heads),
        gates=(Gate(node=len(heads)),),
        vehicle_classes=(
            VehicleClass(
                count=len(heads), capacity=seats, start=len(heads), fixed_fen=20_000, per_km_fen=300
            ),
        ),
        seconds=(metres // 12,),
        metres=(metres,),
    )


def _price(
    problem: RoutingProblem,
    *,
    width: int,
    most_work: int = 10**9,
    over: Callable[[int], bool] = lambda _work: False,
) -> Found:
    """Look for trips under one dual value for all visits."""
    near = find_nearest(problem, size=8)
    certificate = Certificate(visit_duals=(DUAL,) * len(problem.visits), count_duals=(0,))
    effort = Effort(width=width, keep=50, most_work=most_work, over=over)
    return Pricer(problem, near=near, twins=find_twins(problem, calls=())).price(certificate, effort=effort)


def _is_above(problem: RoutingProblem, trips: Iterable[tuple[int, ...]], found: Found, /) -> bool:
    """Whether no such trip is below the floor of a search; they all are below 0."""
    fens = [
        (
            sum(problem.visits[visit].heads for visit in visits),
            problem.trip_fen(0, Trip(visits=visits), start=problem.gates[0].node)
            + 20_000
            - DUAL * len(visits),
        )
        for visits in trips
    ]
    assert fens
    assert found.floor is not None
    return all(found.floor[0][load] <= fen < 0 for load, fen in fens)


def _walk_nearest(problem: RoutingProblem, start: int, *, seats: int) -> tuple[int, ...]:
    visits, room = [start], seats - problem.visits[start].heads
    while True:
        left = [v for v, visit in enumerate(problem.visits) if visit.heads <= room and v not in visits]
        if not left:
            return tuple(visits)
        visits.append(min(left, key=lambda visit: problem.arc_fen(0, visits[-1], visit)))
        room -= problem.visits[visits[-1]].heads


def test_an_exact_search_finds_what_its_floor_promises() -> None:
    problem = _problem([Random(seed).randint(1, 9) for seed in range(8)], seats=20)
    exact, narrow = _price(problem, width=0), _price(problem, width=1)
    assert exact.complete
    assert not narrow.complete
    assert exact.floor is not None
    assert narrow.floor is not None
    assert (exact.floor[0] == exact.least[0]).all()
    assert (narrow.floor[0] <= exact.least[0]).all()
    assert (narrow.least[0] >= exact.least[0]).all()
    assert (narrow.least[0] > exact.least[0]).any()
    trips = [visits for _, visits in (*exact.trips, *narrow.trips)]
    assert all(len(set(visits)) == len(visits) for visits in trips)
    assert _is_above(problem, trips, narrow)
    assert _is_above(problem, trips, exact)


@pytest.mark.parametrize(("most_work", "most"), [(1, 10**9), (10**9, 1)])
def test_a_search_cut_short_still_knows_a_floor(most_work: int, most: int) -> None:
    problem = _problem([Random(seed).randint(1, 9) for seed in range(250)], seats=60)
    cut = _price(problem, width=0, most_work=most_work, over=lambda work: work > most)
    assert not cut.complete
    trips = [_walk_nearest(problem, start, seats=60) for start in range(250)]
    assert _is_above(problem, trips, cut)


def test_without_time_for_any_floor_there_is_none() -> None:
    """Tables this large are filled in pieces; here the time is over after the first."""
    problem = _problem([1 + seed % 7 for seed in range(300)], seats=300)
    asked: list[int] = []
    stopped = _price(problem, width=0, over=lambda work: not asked.append(work))
    assert stopped.floor is None
    assert not stopped.complete
    assert len(asked) == 1


@pytest.mark.parametrize("heads", [(7, 14, 21), (0, 0, 0), (0, 3, 5), (900, 7_000, 31, 12_345, 1), (1,)])
def test_weights_lose_no_lawful_load(heads: tuple[int, ...]) -> None:
    dice = Random(1)
    for _ in range(50):
        chosen = [dice.choice(heads) for _ in range(6)]
        seats = dice.choice((21, 50, 9_000, 20_000, 60_000))
        problem = _problem(chosen, seats=seats)
        weights = find_weights(problem)
        assert weights.by_visit.min() >= 1
        for bits in range(1, 64):
            some = np.array([visit for visit in range(6) if bits >> visit & 1])
            if sum(heads for visit, heads in enumerate(chosen) if bits >> visit & 1) <= seats:
                assert weights.by_visit[some].sum() <= weights.most(seats, visits=some)


def test_seats_are_counted_in_the_largest_unit() -> None:
    exact = find_weights(_problem([70, 140, 210], seats=500))
    assert exact.by_visit.tolist() == [1, 2, 3]
    assert exact.most(500, visits=np.arange(3)) == 6
    coarse = find_weights(_problem([70_001] * 100, seats=7_000_000))
    assert coarse.most(7_000_000, visits=np.arange(100)) <= 2 * MOST_LOAD


def test_a_trip_never_comes_back_to_a_near_visit() -> None:
    problem = _problem([1] * 8, seats=8)
    found = _price(replace(problem, ride_limit_s=7_200), width=0)
    assert max(len(visits) for _, visits in found.trips) > 3
    assert all(len(set(visits)) == len(visits) for _, visits in found.trips)
