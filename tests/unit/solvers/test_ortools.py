from dataclasses import replace
from random import Random

import numpy as np
import pytest

from planner.solvers.routing.ortools import _is_ready, _Model
from planner.solvers.routing.problem import Gate, RoutingProblem, Shift, Trip, VehicleClass, Visit
from planner.solvers.routing.search import Budget
from tests.unit.solvers.brute import random_problem


def _search(problem: RoutingProblem) -> tuple[Shift, ...]:
    """What the library finds by itself, before anything is repaired or dropped."""
    return _Model(problem).search((), Budget(effort=1), best=0)


def test_the_ortools_model_knows_every_limit_by_itself() -> None:
    """Unlawful shifts would be dropped before anybody saw them, and the search wasted."""
    found = 0
    for seed in range(120):
        problem = random_problem(Random(seed))
        if problem.is_simple and _is_ready(problem, 0):
            shifts = _search(problem)
            found += len(shifts)
            assert all(problem.is_feasible(shift) for shift in shifts), f"seed {seed}"
    assert found > 20


def _on_the_way(*opens_s: int) -> RoutingProblem:
    """Stops an hour apart on the way from the start to the gate, each open for a minute; one vehicle."""
    size = len(opens_s)
    places = np.array([*range(1, size + 1), size + 1, 0])
    hours = np.maximum(places[None, :] - places[:, None], 0)
    return RoutingProblem(
        visits=tuple(Visit(heads=1, service_s=60, prize=10**6, opens_s=s, closes_s=s + 60) for s in opens_s),
        gates=(Gate(node=size),),
        vehicle_classes=(VehicleClass(count=1, capacity=9, start=size + 1, per_hour_fen=100),),
        seconds=(hours * 3_600,),
        metres=(hours * 50_000,),
    )


def test_it_plans_waiting_at_a_stop_and_counts_it_as_ride() -> None:
    problem = _on_the_way(4_000, 9_000)
    both = (Shift(vehicle_class=0, trips=(Trip(visits=(0, 1)),)),)
    walked = problem.walk(both[0])
    assert walked is not None
    assert walked[0].ride_s > walked[0].drive_s - walked[0].lead_s + 60, "nobody waits"
    assert _search(problem) == both
    assert _search(replace(problem, ride_limit_s=walked[0].ride_s)) == both
    assert _search(replace(problem, ride_limit_s=walked[0].ride_s - 1)) != both


@pytest.mark.parametrize(
    ("limit", "least"),
    [("drive_limit_s", 3 * 3_600), ("duration_limit_s", 3 * 3_600 + 120), ("unbroken_limit_s", 3_600)],
)
def test_it_keeps_a_limit_to_the_second(limit: str, least: int) -> None:
    """The ride is short of the limits by far: what binds is the vehicle's own."""
    problem = _on_the_way(4_000, 7_660)
    kind = problem.vehicle_classes[0]
    for value, made in ((least, 2), (least - 1, 0 if limit == "unbroken_limit_s" else 1)):
        given = {limit: value}
        shifts = _search(replace(problem, vehicle_classes=(replace(kind, **given),)))
        assert sum(len(shift.trips[0].visits) for shift in shifts) <= made
        assert (made == 2) == (len(shifts) == 1 and len(shifts[0].trips[0].visits) == 2)


def test_it_rests_on_a_long_way_to_the_first_stop() -> None:
    """Ten hours at the wheel, nine of them ride: after the first the driver rests, and comes too late."""
    problem = replace(_on_the_way(3_600), ride_limit_s=9 * 3_600)
    kind = problem.vehicle_classes[0]
    lively, tired = (replace(kind, unbroken_limit_s=s, rest_s=600) for s in (36_000, 35_999))
    assert len(_search(replace(problem, vehicle_classes=(lively,)))) == 1
    assert _search(replace(problem, vehicle_classes=(tired,))) == ()
