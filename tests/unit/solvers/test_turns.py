from dataclasses import replace
from random import Random

import numpy as np
import pytest

from planner.solvers.routing.problem import Gate, RoutingProblem, Shift, Trip, VehicleClass, Visit
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Budget, RoutingSolution
from planner.solvers.routing.turns import find_families, hand_out, improve_by_turns, turns_of
from tests.unit.solvers.brute import brute_force, random_problem
from tests.unit.solvers.test_routers import assert_lawful


def _two_gates(**changes: int) -> RoutingProblem:
    """Two stops for an early train and two for a late one, both at 0 km; a van at 0 km and one at 4 km."""
    places = [5, 6, 7, 8, 0, 0, 4]
    metres = np.abs(np.subtract.outer(places, places)) * 1000
    early, late = (Visit(heads=6, service_s=0, prize=10**6, gates=(gate,)) for gate in (0, 1))
    van = VehicleClass(count=1, capacity=12, start=4, gates=(0, 1), trips=2, fixed_fen=5_000, per_km_fen=100)
    van = replace(van, **changes)
    return RoutingProblem(
        visits=(early, late, early, late),
        gates=(Gate(node=5, closes_s=3_600), Gate(node=5, opens_s=5_000, closes_s=9_000)),
        vehicle_classes=(van, replace(van, start=6)),
        seconds=(metres * 60 // 1000,),
        metres=(metres,),
        turn_s=600,
    )


def _is_manifold(problem: RoutingProblem) -> bool:
    return not problem.is_simple and not any(visit.parts for visit in problem.visits)


@pytest.mark.parametrize("seed", [seed for seed in range(100) if _is_manifold(random_problem(Random(seed)))])
def test_turns_are_lawful_and_between_the_optimum_and_the_start(seed: int) -> None:
    problem = random_problem(Random(seed))
    start = solve_savings(problem, Budget(effort=1)).shifts
    shifts = improve_by_turns(problem, Budget(effort=4, start=start), router=solve_savings).shifts
    assert_lawful(problem, shifts)
    assert brute_force(problem) <= problem.objective_fen(shifts) <= problem.objective_fen(start)


def test_a_wasteful_plan_is_improved_turn_by_turn() -> None:
    """Four trips of one stop by two vans become two of two by the van whose depot lies on the way."""
    problem = _two_gates()
    start = tuple(
        Shift(vehicle_class=van, trips=(Trip(visits=(van * 2,)), Trip(visits=(van * 2 + 1,), gate=1)))
        for van in (0, 1)
    )
    (shift,) = improve_by_turns(problem, Budget(effort=4, start=start), router=solve_savings).shifts
    assert shift.vehicle_class == 1
    assert [set(trip.visits) for trip in shift.trips] == [{0, 2}, {1, 3}]


def test_fixed_costs_are_shared_among_turns_first_and_then_asked_of_the_idle_only() -> None:
    problem = _two_gates()
    start = (Shift(vehicle_class=1, trips=(Trip(visits=(0, 2)), Trip(visits=(3, 1), gate=1))),)
    asked: list[list[tuple[int, int]]] = []

    def keep(part: RoutingProblem, budget: Budget) -> RoutingSolution:
        assert all(part.is_feasible(shift) for shift in budget.start)
        asked.append(sorted((kind.count, kind.fixed_fen) for kind in part.vehicle_classes))
        return RoutingSolution(shifts=budget.start)

    assert improve_by_turns(problem, Budget(effort=8, start=start), router=keep).shifts == start
    assert asked == [
        [(1, 2_500), (1, 2_500)],
        [(1, 2_500), (1, 5_000)],
        [(1, 0), (1, 5_000)],
        [(1, 0), (1, 5_000)],
    ]


def test_what_was_found_before_a_stop_is_kept() -> None:
    problem, asked = _two_gates(), list[int]()
    start = (
        Shift(vehicle_class=0, trips=(Trip(visits=(0,)), Trip(visits=(1, 3), gate=1))),
        Shift(vehicle_class=1, trips=(Trip(visits=(2,)),)),
    )

    def once(part: RoutingProblem, _budget: Budget) -> RoutingSolution:
        asked.append(len(part.visits))
        return RoutingSolution(shifts=solve_savings(part, Budget(effort=1)).shifts)

    budget = Budget(effort=8, start=start, stop=lambda: bool(asked))
    shifts = improve_by_turns(problem, budget, router=once).shifts
    assert asked == [2]
    assert problem.objective_fen(shifts) < problem.objective_fen(start)


def test_trips_go_to_vehicles_that_may_still_make_them() -> None:
    """Of 28 min at the wheel 14 are left to one van and 22 to the other: the trip of 16 is the other's."""
    problem = _two_gates(drive_limit_s=28 * 60)
    far, near = Trip(visits=(2,)), Trip(visits=(0,))
    standing = [Shift(vehicle_class=number, trips=(trip,)) for number, trip in ((0, far), (1, near))]
    late = [Trip(visits=(3,), gate=1), Trip(visits=(1,), gate=1)]
    made = hand_out(problem, standing, trips=late, turn=(1, 0))
    assert [len(shift.trips) for shift in made] == [2, 2]
    assert all(map(problem.is_feasible, made))
    assert late[0] in made[1].trips


def test_a_trip_nobody_may_make_is_dropped_and_one_is_made_before_the_later() -> None:
    problem = _two_gates()
    late = Shift(vehicle_class=0, trips=(Trip(visits=(1,), gate=1),))
    (made,) = hand_out(problem, [late], trips=[Trip(visits=(0,))], turn=(0, 0))
    assert turns_of(made) == [(0, 0), (1, 0)]
    tight = replace(problem, turn_s=10**6)
    assert hand_out(tight, [late], trips=[Trip(visits=(0,))], turn=(0, 0)) == (late,)


def test_families_differ_in_more_than_where_they_start() -> None:
    problem = _two_gates()
    other = replace(problem.vehicle_classes[0], capacity=5)
    assert find_families(problem) == [0, 0]
    assert find_families(replace(problem, vehicle_classes=(*problem.vehicle_classes, other))) == [0, 0, 2]
