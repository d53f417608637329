from dataclasses import replace
from itertools import product
from random import Random

import numpy as np
import pytest

from planner.solvers.routing.insertion import find_insertion, insert_all
from planner.solvers.routing.problem import Gate, RoutingProblem, Shift, Trip, VehicleClass, Visit
from tests.unit.solvers.brute import brute_force, random_problem
from tests.unit.solvers.test_routers import assert_lawful

SEEDS = range(60)
DEAR = 1_000_000
"""A prize nobody would forgo."""


def _on_a_line(
    *visits: Visit, at: tuple[int, ...], classes: tuple[VehicleClass, ...], turn_s: int = 0
) -> RoutingProblem:
    """Visits by their kilometre, the gate at 0 after them, a minute and a yuan a kilometre."""
    places = np.array([*at, 0])
    metres = np.abs(places[:, None] - places[None, :]) * 1000
    return RoutingProblem(
        visits=visits,
        gates=(Gate(node=len(visits), closes_s=7_200),),
        vehicle_classes=classes,
        seconds=(metres * 60 // 1000,),
        metres=(metres,),
        turn_s=turn_s,
    )


def _bus(start: int, *, capacity: int = 10, trips: int = 1) -> VehicleClass:
    return VehicleClass(count=1, capacity=capacity, start=start, trips=trips, per_km_fen=100, fixed_fen=5_000)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_stands_is_kept_and_the_rest_is_lawful(seed: int) -> None:
    problem = random_problem(Random(seed))
    numbers = range(len(problem.visits))
    first = insert_all(problem, (), visits=[visit for visit in numbers if visit % 2])
    after = insert_all(problem, first, visits=problem.left_out(first), manned=len(first))
    assert_lawful(problem, after)
    assert brute_force(problem) <= problem.objective_fen(after) <= problem.objective_fen(first)
    for before, now in zip(first, after, strict=False):
        assert before.vehicle_class == now.vehicle_class
        assert _trips_of(now, like=before) == [trip.gate for trip in before.trips]


def _trips_of(shift: Shift, *, like: Shift) -> list[int]:
    """Gates of those trips of a shift that hold a visit of the one before, in their order."""
    old = {visit for trip in like.trips for visit in trip.visits}
    return [trip.gate for trip in shift.trips if old & set(trip.visits)]


def test_find_insertion_names_the_least_added_cost() -> None:
    for seed in SEEDS:
        problem = random_problem(Random(seed))
        last = len(problem.visits) - 1
        shifts = insert_all(problem, (), visits=range(last))
        found = find_insertion(problem, shifts, visit=last)
        if found is None:
            continue
        others = [shift for number, shift in enumerate(shifts) if number != found.replaces]
        grown = problem.objective_fen((*others, found.shift)) - problem.objective_fen(shifts)
        assert grown == found.added_fen - problem.visits[last].prize


def _all_places(problem: RoutingProblem, shifts: tuple[Shift, ...], visit: int) -> list[int]:
    """What every lawful place for a visit adds, tried one by one."""
    tried: list[tuple[Shift, int]] = []
    for shift in shifts:
        kind, before = problem.vehicle_classes[shift.vehicle_class], problem.shift_fen(shift)
        for at, trip in enumerate(shift.trips):
            for place in range(len(trip.visits) + 1):
                visits = (*trip.visits[:place], visit, *trip.visits[place:])
                longer = replace(trip, visits=visits)
                tried.append(
                    (replace(shift, trips=(*shift.trips[:at], longer, *shift.trips[at + 1 :])), before)
                )
        for at, gate in product(range(len(shift.trips) + 1), kind.gates):
            alone = Trip(visits=(visit,), gate=gate)
            tried.append((replace(shift, trips=(*shift.trips[:at], alone, *shift.trips[at:])), before))
    for number, kind in enumerate(problem.vehicle_classes):
        if sum(shift.vehicle_class == number for shift in shifts) < kind.count:
            alone_in = (
                Shift(vehicle_class=number, trips=(Trip(visits=(visit,), gate=g),)) for g in kind.gates
            )
            tried += [(shift, 0) for shift in alone_in]
    return [problem.shift_fen(shift) - before for shift, before in tried if problem.is_feasible(shift)]


def test_find_insertion_overlooks_no_place() -> None:
    """What is left aside for want of seats, roads or time would not have been lawful either."""
    found = 0
    for seed in range(400):
        problem = random_problem(Random(seed))
        if any(visit.parts for visit in problem.visits):
            continue
        for last in range(len(problem.visits)):
            shifts = insert_all(problem, (), visits=[v for v in range(len(problem.visits)) if v != last])
            best = find_insertion(problem, shifts, visit=last)
            places = _all_places(problem, shifts, last)
            assert (best is None) == (not places), f"seed {seed}, visit {last}"
            assert best is None or best.added_fen == min(places), f"seed {seed}, visit {last}"
            found += best is not None and any(len(shift.trips) > 1 for shift in shifts)
    assert found > 15


def test_a_second_trip_costs_no_second_vehicle() -> None:
    people = Visit(heads=8, service_s=0, prize=DEAR)
    classes = (_bus(2, trips=2), _bus(2))
    problem = _on_a_line(people, people, at=(5, 6), classes=classes, turn_s=600)
    shifts = insert_all(problem, (), visits=(0, 1))
    assert [len(shift.trips) for shift in shifts] == [2]
    assert problem.shift_fen(shifts[0]) == 5_000 + 100 * 2 * (5 + 6)


def test_a_trip_goes_before_the_one_that_stands_when_only_that_is_in_time() -> None:
    early = Visit(heads=8, service_s=0, prize=DEAR, closes_s=1_200)
    late = Visit(heads=8, service_s=0, prize=DEAR, opens_s=3_600)
    problem = _on_a_line(early, late, at=(5, 5), classes=(_bus(2, trips=2),), turn_s=600)
    standing = (Shift(vehicle_class=0, trips=(Trip(visits=(1,)),)),)
    (shift,) = insert_all(problem, standing, visits=(0,), manned=1)
    assert [trip.visits for trip in shift.trips] == [(0,), (1,)]


def test_a_vehicle_is_freed_for_whom_nothing_else_fits() -> None:
    """Only class 0 may come to visit 1, and its one vehicle carries what class 1 could carry as well."""
    people = Visit(heads=8, service_s=0, prize=DEAR)
    closed = VehicleClass(count=1, capacity=10, start=2, per_km_fen=100, barred=frozenset({1}))
    problem = _on_a_line(people, people, at=(5, 6), classes=(_bus(2), closed))
    standing = (Shift(vehicle_class=0, trips=(Trip(visits=(0,)),)),)
    assert not problem.left_out(insert_all(problem, standing, visits=(1,)))
    assert problem.left_out(insert_all(problem, standing, visits=(1,), manned=1)) == (1,)


def test_one_visit_moves_to_make_room_for_another() -> None:
    small, large = Visit(heads=3, service_s=0, prize=DEAR), Visit(heads=8, service_s=0, prize=DEAR)
    classes = (_bus(4), VehicleClass(count=1, capacity=6, start=4, per_km_fen=100))
    problem = _on_a_line(small, small, small, large, at=(5, 6, 7, 8), classes=classes)
    standing = (
        Shift(vehicle_class=0, trips=(Trip(visits=(0, 1)),)),
        Shift(vehicle_class=1, trips=(Trip(visits=(2,)),)),
    )
    assert problem.left_out(insert_all(problem, standing, visits=(3,))) == (3,), "two would have to move"
    standing = (Shift(vehicle_class=0, trips=(Trip(visits=(0,)),)), standing[1])
    after = insert_all(problem, standing, visits=(3,))
    assert problem.left_out(after) == (1,)
    assert_lawful(problem, after)


def test_parts_board_where_seats_are_left() -> None:
    whole = Visit(heads=8, service_s=0, prize=DEAR)
    parted = Visit(heads=9, service_s=0, prize=DEAR, parts=(2, 4, 3))
    classes = (_bus(3, capacity=12), _bus(3, capacity=13))
    problem = _on_a_line(whole, whole, parted, at=(5, 6, 7), classes=classes)
    standing = tuple(Shift(vehicle_class=k, trips=(Trip(visits=(k,)),)) for k in (0, 1))
    after = insert_all(problem, standing, visits=(2,), manned=2)
    assert_lawful(problem, after)
    assert not problem.left_out(after)
    assert sorted(problem.heads(shift.trips[0]) for shift in after) == [12, 13]


def test_more_people_board_at_a_call_that_is_made_anyway() -> None:
    parted = Visit(heads=5, service_s=0, prize=DEAR, parts=(2, 3))
    problem = _on_a_line(parted, at=(5,), classes=(_bus(1), _bus(1)))
    standing = (Shift(vehicle_class=0, trips=(Trip(visits=(0,), taken=((1,),)),)),)
    assert insert_all(problem, standing, visits=(0,)) == (Shift(vehicle_class=0, trips=(Trip(visits=(0,)),)),)


def test_nobody_is_collected_for_more_than_the_prize() -> None:
    problem = _on_a_line(Visit(heads=8, service_s=0, prize=5_999), at=(5,), classes=(_bus(1),))
    assert insert_all(problem, (), visits=(0,)) == ()


def test_stop_leaves_the_rest_out() -> None:
    people = Visit(heads=1, service_s=0, prize=DEAR)
    problem = _on_a_line(people, people, at=(5, 6), classes=(_bus(2),))
    asked = iter((False, True))
    after = insert_all(problem, (), visits=(0, 1), stop=lambda: next(asked))
    assert problem.left_out(after) == (1,)
