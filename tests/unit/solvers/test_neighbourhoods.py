"""Neighbourhoods of ng-routes: what is remembered, and how they grow."""

from __future__ import annotations

from planner.solvers.routing.neighbourhoods import MOST, find_nearest, returns, widen
from tests.unit.solvers.test_pyvrp import large_problem

ALONE = tuple((visit,) for visit in range(6))


def test_a_visit_remembers_itself_first_and_then_the_nearest() -> None:
    problem = large_problem()
    near = find_nearest(problem, size=3)
    for visit, kept in enumerate(near):
        seconds = problem.seconds[0][: len(problem.visits), : len(problem.visits)]
        ways = {
            other: min(int(seconds[visit, other]), int(seconds[other, visit]))
            for other in range(len(problem.visits))
            if other != visit
        }
        assert kept[0] == visit
        assert [ways[other] for other in kept[1:]] == sorted(ways.values())[:2]


def test_a_trip_returns_only_to_what_is_remembered_all_along_the_way() -> None:
    trip = (0, 1, 2, 0)
    assert not returns(trip, near=ALONE)
    assert not returns(trip, near=((0,), (1, 0), (2,), (3,), (4,), (5,)))
    assert returns(trip, near=((0,), (1, 0), (2, 0), (3,), (4,), (5,)))
    assert returns((3, 3), near=ALONE)
    assert not returns((5, 4, 3, 2, 1, 0), near=ALONE)


def test_widening_rules_out_the_trips_it_was_told_of() -> None:
    trips = [(0, 1, 2, 0, 3), (4, 5, 4, 5)]
    wider = widen(ALONE, trips)
    assert wider == ((0,), (1, 0), (2, 0), (3,), (4, 5), (5, 4))
    assert all(returns(trip, near=wider) for trip in trips)
    assert widen(wider, trips) == wider


def test_trips_that_come_back_to_nothing_widen_nothing() -> None:
    assert widen(ALONE, [(0, 1, 2), (5, 4)]) == ALONE


def test_where_one_on_the_way_has_no_room_left_none_is_widened() -> None:
    visits = MOST + 3
    full = (0, *range(3, MOST + 2))
    near = (full, *((visit,) for visit in range(1, visits)))
    assert len(full) == MOST
    assert widen(near, [(1, 2, 0, 1)]) == near
    assert widen(near, [(1, 2, 1)])[2] == (2, 1)
