from __future__ import annotations

from random import Random

from planner.solvers.routing.calls import calls_of
from planner.solvers.routing.chaining import chain
from planner.solvers.routing.exact import solve_exact
from planner.solvers.routing.highs import Limits
from planner.solvers.routing.pool import PoolTrip, recombine, trips_of
from planner.solvers.routing.problem import RoutingProblem, Shift, Trip
from planner.solvers.routing.search import Budget
from tests.unit.solvers.brute import brute_force, random_problem
from tests.unit.solvers.test_exact import assert_lawful, is_crowded

LIMITS = Limits(nodes=1000)


def _shifts(problem: RoutingProblem, dice: Random) -> list[Shift]:
    """Lawful shifts at random."""
    calls, found = calls_of(problem), list[Shift]()
    for _ in range(60):
        number = dice.randrange(len(problem.vehicle_classes))
        kind = problem.vehicle_classes[number]
        trips: list[Trip] = []
        for _ in range(dice.randint(1, kind.trips)):
            rows = {
                calls.visits[row]: row
                for row in dice.sample(range(len(calls.visits)), min(len(calls.visits), 3))
            }
            trips.append(calls.trip(list(rows.values())[: dice.randint(1, 3)], gate=dice.choice(kind.gates)))
        shift = Shift(vehicle_class=number, trips=tuple(trips))
        if problem.is_feasible(shift) and not is_crowded(problem, (shift,)):
            found.append(shift)
    return found


def test_lawful_and_never_dearer_than_the_start() -> None:
    better = 0
    for seed in range(50):
        dice = Random(seed)
        problem = random_problem(dice)
        shifts = _shifts(problem, dice)
        start = tuple(shifts[:1])
        made = recombine(problem, trips_of(shifts), start=start, limits=LIMITS)
        assert_lawful(problem, made.shifts)
        cost = problem.objective_fen(made.shifts)
        assert made.bound_fen <= cost <= problem.objective_fen(start)
        assert brute_force(problem) <= cost, seed
        better += cost < problem.objective_fen(start)
    assert better > 25


def test_finds_the_best_plan_when_its_trips_are_in_the_pool() -> None:
    for seed in range(30):
        dice = Random(seed)
        problem = random_problem(dice)
        best = solve_exact(problem, Budget(effort=200)).shifts
        made = recombine(
            problem, [*trips_of(_shifts(problem, dice)), *trips_of(best)], start=(), limits=LIMITS
        )
        if problem.is_simple:
            assert made.proved
            assert problem.objective_fen(made.shifts) == problem.objective_fen(best), seed


def test_passes_over_what_no_vehicle_can_make() -> None:
    problem = random_problem(Random(0))
    everybody = tuple(range(len(problem.visits)))
    crowded = PoolTrip(vehicle_class=0, trip=Trip(visits=everybody * 5))
    assert recombine(problem, [crowded], start=(), limits=LIMITS).shifts == ()


def test_the_same_pool_gives_the_same_plan() -> None:
    dice = Random(3)
    problem = random_problem(dice)
    pool = trips_of(_shifts(problem, dice))
    first, second = (recombine(problem, pool, start=(), limits=LIMITS) for _ in range(2))
    assert first == second


def test_chains_all_trips_of_a_lawful_plan_and_only_in_time() -> None:
    chained = 0
    for seed in range(70):
        problem = random_problem(Random(seed))
        best = solve_exact(problem, Budget(effort=200)).shifts
        for number, kind in enumerate(problem.vehicle_classes):
            own = [shift for shift in best if shift.vehicle_class == number]
            trips = [trip for shift in own for trip in shift.trips]
            if kind.trips == 1 or len(trips) < 3:
                continue
            made = chain(problem, trips[::-1], vehicle_class=number, limits=LIMITS)
            assert all(problem.is_feasible(shift) for shift in made)
            assert sorted(trip.visits for shift in made for trip in shift.trips) == sorted(
                trip.visits for trip in trips
            )
            assert sum(map(problem.shift_fen, made)) <= sum(map(problem.shift_fen, own))
            assert len(made) <= kind.count
            chained += 1
    assert chained > 0
