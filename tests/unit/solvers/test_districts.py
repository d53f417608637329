from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from planner.solvers.routing.districts import District, cut, locate
from planner.solvers.routing.problem import Gate, RoutingProblem, Shift, Trip, VehicleClass, Visit

VISITS = 12
TERMINALS = 2


def _two_trains() -> tuple[RoutingProblem, tuple[Shift, ...]]:
    """Villages in a row, every other one for the second train; a trip for each but the last two."""
    places = np.array([*range(VISITS), *[4.0] * TERMINALS])
    metres = (1_000 * np.abs(places[:, None] - places)).astype(np.int64)
    station, yard = VISITS, VISITS + 1
    kind = VehicleClass(count=8, capacity=9, start=yard, per_km_fen=100)
    problem = RoutingProblem(
        visits=tuple(Visit(heads=3, service_s=60, prize=10**6, gates=(v % 2,)) for v in range(VISITS)),
        gates=(Gate(node=station), Gate(node=station)),
        vehicle_classes=(kind, replace(kind, gates=(1,))),
        seconds=(metres // 10,),
        metres=(metres,),
    )
    made = range(VISITS - 2)
    return problem, tuple(Shift(vehicle_class=v % 2, trips=(Trip(visits=(v,), gate=v % 2),)) for v in made)


def _cut(seed: int) -> list[District]:
    problem, shifts = _two_trains()
    return cut(problem, shifts, points=locate(problem), parts=2, dice=random.Random(seed))


def test_districts_hold_every_visit_trip_and_vehicle_once() -> None:
    problem, shifts = _two_trains()
    for seed in range(20):
        districts = _cut(seed)
        assert sorted(visit for own in districts for visit in own.visits) == list(range(VISITS))
        widened = [own.widen(shift) for own in districts for shift in own.shifts]
        assert sorted(widened, key=lambda shift: shift.trips[0].visits) == list(shifts)
        for number, kind in enumerate(problem.vehicle_classes):
            assert sum(own.problem.vehicle_classes[number].count for own in districts) == kind.count
        assert all(own.problem.is_feasible(shift) for own in districts for shift in own.shifts)
