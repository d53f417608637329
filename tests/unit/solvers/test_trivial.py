from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from planner.solvers.routing.problem import UNREACHABLE, Gate, RoutingProblem, VehicleClass, Visit
from planner.solvers.routing.search import Bound, Relaxation, Trouble
from planner.solvers.routing.trivial import _arc_floors, fall_back, trivial_bound
from tests.unit.solvers.brute import brute_force, random_problem

STATION, DEPOT = 2, 3


def _line(*, visits: tuple[Visit, ...], bus: VehicleClass) -> RoutingProblem:
    """Depot - visit 0 - visit 1 - station, 10 km apart each; a fen a metre driven and nothing an hour."""
    places = np.array([10_000, 20_000, 30_000, 0])
    metres = np.abs(places[:, None] - places)
    return RoutingProblem(
        visits=visits,
        gates=(Gate(node=STATION),),
        vehicle_classes=(replace(bus, start=DEPOT, per_km_fen=1_000),),
        seconds=(metres,),
        metres=(metres,),
    )


def _bus(*, capacity: int = 20, count: int = 1, fixed_fen: int = 0, trips: int = 1) -> VehicleClass:
    return VehicleClass(count=count, capacity=capacity, start=0, fixed_fen=fixed_fen, trips=trips)


def _waiting(*, heads: int = 10, prize: int = 10**6, parts: tuple[int, ...] = ()) -> Visit:
    return Visit(heads=heads, service_s=0, prize=prize, parts=parts)


@pytest.mark.parametrize("seed", range(120))
def test_no_plan_is_below(seed: int) -> None:
    problem = random_problem(Random(seed))
    assert trivial_bound(problem) <= brute_force(problem)


def test_a_full_bus_on_a_straight_road_is_priced_exactly() -> None:
    problem = _line(visits=(_waiting(), _waiting()), bus=_bus(fixed_fen=500))
    assert trivial_bound(problem) == 30_500 == brute_force(problem)


def test_it_stands_for_a_bound_that_a_plan_undercuts_by_a_fen() -> None:
    problem = _line(visits=(_waiting(), _waiting()), bus=_bus(fixed_fen=500))
    claimed = Bound(fen=40_000, relaxation=Relaxation.COMPLETE, verified_fen=40_000)
    assert fall_back(problem, claimed, fen=40_000) is None
    fallen = fall_back(problem, claimed, fen=39_999)
    assert fallen is not None
    stands, report = fallen
    assert stands == Bound(fen=30_500, relaxation=Relaxation.TRIVIAL)
    assert (report.backend, report.trouble) == ("bound", Trouble.FAILED)
    assert "40000" in report.detail
    assert "39999" in report.detail


def test_where_even_it_is_undercut_nothing_is_proved() -> None:
    problem = _line(visits=(_waiting(), _waiting()), bus=_bus(fixed_fen=500))
    fallen = fall_back(problem, Bound(fen=30_500, relaxation=Relaxation.TRIVIAL), fen=30_499)
    assert fallen is not None
    assert fallen[0] == Bound(fen=0, relaxation=Relaxation.TRIVIAL)


def test_what_is_dearer_to_serve_than_to_leave_costs_its_prize() -> None:
    problem = _line(visits=(_waiting(prize=7), _waiting(prize=11)), bus=_bus())
    assert trivial_bound(problem) == 18


def test_people_without_a_seat_cost_their_prize() -> None:
    both = (_waiting(prize=10**6), _waiting(prize=10**7))
    problem = _line(visits=both, bus=_bus(capacity=10))
    assert 10**6 < trivial_bound(problem) <= brute_force(problem) == 1_030_000


def test_a_second_round_saves_the_fixed_cost() -> None:
    both = (_waiting(), _waiting())
    once = _line(visits=both, bus=_bus(capacity=10, count=2, fixed_fen=500))
    twice = _line(visits=both, bus=_bus(capacity=10, count=1, fixed_fen=500, trips=2))
    assert trivial_bound(once) == brute_force(once) == 61_000
    assert trivial_bound(twice) <= brute_force(twice) == 60_500 - 10_000
    assert trivial_bound(twice) > 40_000


def test_parts_may_be_left_apart() -> None:
    visits = (_waiting(heads=12, prize=12_000_000, parts=(6, 6)), _waiting(heads=4))
    problem = _line(visits=visits, bus=_bus(capacity=10))
    assert trivial_bound(problem) <= brute_force(problem) == 6_030_000


def test_a_small_part_boards_sooner_than_all() -> None:
    visit = Visit(heads=10, service_s=3_600, prize=100_000, parts=(1, 9))
    bus = VehicleClass(count=1, capacity=1, start=2, per_hour_fen=10_000)
    nothing = np.zeros((3, 3), dtype=np.int64)
    problem = RoutingProblem(
        visits=(visit,),
        gates=(Gate(node=1),),
        vehicle_classes=(bus,),
        seconds=(nothing,),
        metres=(nothing,),
    )
    assert 90_990 < trivial_bound(problem) <= brute_force(problem) == 91_000


def test_a_visit_no_road_leads_to_costs_its_prize() -> None:
    problem = _line(visits=(_waiting(prize=1_000), _waiting()), bus=_bus())
    seconds = problem.seconds[0].copy()
    seconds[:, 0] = UNREACHABLE
    assert trivial_bound(replace(problem, seconds=(seconds,))) >= 1_000


def test_without_vehicles_everything_is_left() -> None:
    problem = _line(visits=(_waiting(prize=7), _waiting(prize=11)), bus=_bus(count=0))
    assert trivial_bound(problem) == 18
    assert trivial_bound(replace(problem, visits=())) == 0


@pytest.mark.parametrize("seed", range(10))
def test_arcs_cost_what_the_problem_says_where_nothing_boards_in_parts(seed: int) -> None:
    problem = random_problem(Random(seed))
    problem = replace(problem, visits=tuple(replace(visit, parts=()) for visit in problem.visits))
    for number, kind in enumerate(problem.vehicle_classes):
        floors = _arc_floors(
            problem, profile=kind.profile, per_km_fen=kind.per_km_fen, per_hour_fen=kind.per_hour_fen
        )
        there = (problem.seconds[kind.profile] != UNREACHABLE) & ~np.eye(len(floors), dtype=np.bool_)
        assert (floors == problem.arc_costs(number))[there].all()


def test_a_thousand_visits_and_twenty_classes_are_no_work() -> None:
    dice = np.random.default_rng(1)
    places = dice.uniform(0, 60_000, (1_022, 2))
    metres = np.hypot(*(places[:, None] - places).transpose(2, 0, 1)).astype(np.int64)
    buses = tuple(
        VehicleClass(count=9, capacity=20 + k, start=1_002 + k, gates=(0, 1), per_km_fen=300, trips=2)
        for k in range(20)
    )
    visits = tuple(_waiting(heads=int(heads)) for heads in dice.integers(1, 19, 1_000))
    problem = RoutingProblem(
        visits=visits,
        gates=(Gate(node=1_000), Gate(node=1_001)),
        vehicle_classes=buses,
        seconds=(metres,),
        metres=(metres,),
    )
    assert 10**6 < trivial_bound(problem) < 10**9
