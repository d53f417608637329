from dataclasses import replace
from itertools import chain
from random import Random

import numpy as np
import pytest

from planner.solvers.routing.cuts import pre_splits, refine
from planner.solvers.routing.gather import gather, join_calls
from planner.solvers.routing.ortools import solve_ortools
from planner.solvers.routing.problem import Gate, RoutingProblem, Shift, Trip, VehicleClass, Visit
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Budget, Progress, RoutingSolution
from planner.solvers.routing.splits import explode, explode_for_bound, merge, solve_split
from tests.unit.solvers.brute import brute_force, random_problem
from tests.unit.solvers.test_routers import assert_lawful


def _has_parts(problem: RoutingProblem) -> bool:
    return any(visit.parts for visit in problem.visits)


SEEDS = [seed for seed in range(150) if _has_parts(random_problem(Random(seed)))]


def _far_row(*heads: int, seats: int, stop_s: int = 0, per_hour_fen: int = 0) -> RoutingProblem:
    """Stops a kilometre apart, 100 km from the depot; parties of one, vehicles to spare, a yuan a km."""
    size = len(heads)
    places = np.array([*range(100, 100 + size), 0])
    metres = np.abs(places[:, None] - places[None, :]) * 1000
    visits = tuple(
        Visit(heads=n, service_s=stop_s + 10 * n, prize=10**7, parts=(1,) * n, stop_s=stop_s) for n in heads
    )
    kind = VehicleClass(count=99, capacity=seats, start=size, per_km_fen=100, per_hour_fen=per_hour_fen)
    return RoutingProblem(
        visits=visits,
        gates=(Gate(node=size),),
        vehicle_classes=(kind,),
        seconds=(metres // 10,),
        metres=(metres,),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_every_cut_holds_every_part_once(seed: int) -> None:
    problem = random_problem(Random(seed))
    for cuts in pre_splits(problem):
        for visit, pieces in zip(problem.visits, cuts, strict=True):
            if pieces != ((),):
                assert sorted(chain.from_iterable(pieces)) == list(range(len(visit.parts)))


@pytest.mark.parametrize("seed", SEEDS)
def test_exploded_plans_merge_into_lawful_ones_that_cost_no_more(seed: int) -> None:
    problem = random_problem(Random(seed))
    for cuts in pre_splits(problem):
        exploded, pieces = explode(problem, cuts)
        assert sum(visit.prize for visit in exploded.visits) == sum(visit.prize for visit in problem.visits)
        shifts = solve_savings(exploded, Budget(effort=1)).shifts
        merged = merge(problem, shifts, pieces=pieces)
        assert_lawful(problem, merged)
        # A fen of rounding for each piece that joins another.
        assert problem.objective_fen(merged) <= exploded.objective_fen(shifts) + len(pieces)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_problem_exploded_for_a_bound_is_a_relaxation(seed: int) -> None:
    problem = random_problem(Random(seed))
    exploded, pieces, slack_fen = explode_for_bound(problem)
    assert not _has_parts(exploded)
    if len(pieces) <= 8:
        assert brute_force(exploded) - slack_fen <= brute_force(problem)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_relaxation_keeps_what_only_just_fits(order: tuple[int, int]) -> None:
    """Ride, duration and windows are met to the second, several parts a call, and no rest is due yet."""
    problem = _far_row(3, 2, seats=5, per_hour_fen=3_333)
    kind = replace(problem.vehicle_classes[0], count=1)
    trip, (first, second) = Trip(visits=order), order
    times = problem.times(0, trip, standing=problem.start_of(0))
    assert times is not None
    begin_s = times.lead_s + problem.visits[first].service_s + problem.arc_seconds(0, first, second)
    closes = {first: times.lead_s, second: begin_s}
    tight = replace(
        problem,
        visits=tuple(replace(visit, closes_s=closes[n]) for n, visit in enumerate(problem.visits)),
        vehicle_classes=(
            replace(
                kind,
                duration_limit_s=times.duration_s,
                unbroken_limit_s=times.lead_s + times.ride_s,
                rest_s=600,
            ),
        ),
        ride_limit_s=times.ride_s,
    )
    assert tight.is_feasible(Shift(vehicle_class=0, trips=(trip,)))
    exploded, _, slack_fen = explode_for_bound(tight)
    assert brute_force(exploded) - slack_fen <= brute_force(tight) < 10**7


def test_the_relaxation_says_what_rounding_may_add() -> None:
    """Half a fen of boarding for each of four people is four fen by parts, two together."""
    problem = _far_row(4, seats=5, per_hour_fen=180)
    exploded, _, slack_fen = explode_for_bound(problem)
    assert slack_fen == 2
    assert brute_force(exploded) == brute_force(problem) + 2


def test_pieces_lie_beside_each_other() -> None:
    problem = _far_row(4, 3, seats=5)
    exploded, pieces = explode(problem, (((0, 1), (2, 3)), ((),)))
    assert pieces == ((0, (0, 1)), (0, (2, 3)), (1, ()))
    assert exploded.arc_seconds(0, 0, 1) == exploded.arc_seconds(0, 1, 0) == 0
    assert exploded.arc_seconds(0, 1, 2) == problem.arc_seconds(0, 0, 1)
    assert exploded.arc_seconds(0, 2, exploded.gates[0].node) == problem.arc_seconds(0, 1, 2)
    assert [visit.heads for visit in exploded.visits] == [2, 2, 3]


def test_pieces_of_one_visit_in_a_trip_stop_once() -> None:
    problem = _far_row(4, 3, seats=9, stop_s=60, per_hour_fen=3_600)
    pieces = ((0, (0, 1)), (0, (2, 3)), (1, ()))
    apart = (Shift(vehicle_class=0, trips=(Trip(visits=(0, 2, 1)),)),)
    assert join_calls(problem, apart, pieces=pieces) == (
        Shift(vehicle_class=0, trips=(Trip(visits=(0, 1)),)),
    )


def test_a_call_is_spared_where_others_have_the_seats() -> None:
    problem = _far_row(2, 2, 6, seats=8)
    shifts = (
        Shift(vehicle_class=0, trips=(Trip(visits=(0, 2), taken=((), (0, 1, 2))),)),
        Shift(vehicle_class=0, trips=(Trip(visits=(1, 2), taken=((), (3, 4, 5))),)),
    )
    gathered = gather(problem, shifts)
    assert_lawful(problem, gathered)
    assert sorted(visit for shift in gathered for visit in shift.trips[0].visits) == [0, 1, 2]
    assert problem.objective_fen(gathered) < problem.objective_fen(shifts)


@pytest.mark.parametrize("seed", range(12))
def test_calls_are_spared_one_after_another_in_the_same_trips(seed: int) -> None:
    """What is spared first moves the places of the calls that come after it."""
    dice = Random(seed)
    heads = [dice.randint(2, 5) for _ in range(8)]
    problem = _far_row(*heads, seats=sum(heads))
    calls: list[list[tuple[int, tuple[int, ...]]]] = [[], [], []]
    for visit, count in enumerate(heads):
        cut = dice.randint(1, count - 1)
        pieces = (tuple(range(cut)), tuple(range(cut, count)))
        for trip, piece in zip(dice.sample(range(3), 2), pieces, strict=True):
            calls[trip].append((visit, piece))
    shifts = tuple(
        Shift(
            vehicle_class=0, trips=(Trip(visits=tuple(v for v, _ in trip), taken=tuple(p for _, p in trip)),)
        )
        for trip in calls
        if trip
    )
    gathered = gather(problem, shifts)
    assert_lawful(problem, gathered)
    assert not problem.left_out(gathered)
    assert problem.objective_fen(gathered) <= problem.objective_fen(shifts)


def test_refining_follows_a_plan() -> None:
    problem = _far_row(4, 3, seats=5)
    shifts = (
        Shift(vehicle_class=0, trips=(Trip(visits=(0, 1), taken=((0, 3), ())),)),
        Shift(vehicle_class=0, trips=(Trip(visits=(0,), taken=((1, 2),)),)),
    )
    assert refine(problem, (((),), ((),)), shifts=shifts) == (((0, 3), (1, 2)), ((),))
    assert refine(problem, (((0, 1), (2, 3)), ((),)), shifts=shifts)[0] == ((0,), (1,), (2,), (3,))


@pytest.mark.parametrize("seed", SEEDS[:25])
def test_splitting_is_lawful_and_never_below_the_optimum(seed: int) -> None:
    problem = random_problem(Random(seed))
    shifts = solve_split(problem, Budget(effort=6), router=solve_ortools).shifts
    assert_lawful(problem, shifts)
    assert problem.objective_fen(shifts) >= brute_force(problem)


def test_splitting_beats_full_vehicles_first() -> None:
    """Six stops of two thirds of a vehicle: four vehicles carry what takes six unsplit."""
    problem = _far_row(6, 6, 6, 6, 6, 6, seats=9)
    heard: list[Progress] = []
    shifts = solve_split(problem, Budget(effort=60, progress=heard.append), router=solve_ortools).shifts
    assert_lawful(problem, shifts)
    assert not problem.left_out(shifts)
    assert len(shifts) == 4
    assert heard[-1].cost_fen == problem.objective_fen(shifts)


def test_splitting_goes_on_from_a_plan_with_split_calls() -> None:
    """One of the ways of cutting is as that plan has it, and the router starts from it."""
    problem = _far_row(6, 6, 6, seats=9)
    start = solve_split(problem, Budget(effort=30), router=solve_ortools).shifts
    assert any(trip.taken for shift in start for trip in shift.trips)
    heard: list[tuple[Shift, ...]] = []

    def listen(given: RoutingProblem, budget: Budget) -> RoutingSolution:
        assert all(given.is_feasible(shift) for shift in budget.start)
        heard.append(budget.start)
        return solve_savings(given, budget)

    again = solve_split(problem, Budget(effort=1, start=start), router=listen).shifts
    assert problem.objective_fen(again) <= problem.objective_fen(start)
    assert max(map(len, heard)) == len(start)


def test_splitting_repeats_under_counted_effort() -> None:
    problem = _far_row(6, 5, 7, 4, seats=9)
    found = [solve_split(problem, Budget(effort=10), router=solve_ortools).shifts for _ in range(2)]
    assert found[0] == found[1]
