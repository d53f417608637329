from random import Random

import numpy as np
import pytest

from planner.solvers.routing.ortools import solve_ortools
from planner.solvers.routing.problem import Gate, RoutingProblem, Shift, Trip, VehicleClass, Visit
from planner.solvers.routing.rounds import join_shifts, solve_by_rounds
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Budget, Report, RoutingSolution, Trouble
from tests.unit.solvers.brute import brute_force, random_problem
from tests.unit.solvers.test_routers import assert_lawful, find_problem


def _is_manifold(problem: RoutingProblem) -> bool:
    return not problem.is_simple and not any(visit.parts for visit in problem.visits)


def _alone(problem: RoutingProblem, budget: Budget) -> RoutingSolution:
    """A router that knows simple problems only, and one stop a vehicle, the costliest to forgo first."""
    assert problem.is_simple
    assert budget.effort is not None
    left = [kind.count for kind in problem.vehicle_classes]
    shifts: list[Shift] = []
    for visit in sorted(range(len(problem.visits)), key=lambda number: -problem.visits[number].prize):
        tried = [
            Shift(vehicle_class=number, trips=(Trip(visits=(visit,)),))
            for number, count in enumerate(left)
            if count
        ]
        lawful = [shift for shift in tried if problem.is_feasible(shift)]
        best = min(lawful, key=problem.shift_fen, default=None)
        if best is not None and problem.shift_fen(best) < problem.visits[visit].prize:
            left[best.vehicle_class] -= 1
            shifts.append(best)
    return RoutingSolution(shifts=tuple(shifts))


@pytest.mark.parametrize("seed", [seed for seed in range(100) if _is_manifold(random_problem(Random(seed)))])
def test_rounds_are_lawful_with_any_router_and_never_below_the_optimum(seed: int) -> None:
    problem = random_problem(Random(seed))
    plain = solve_savings(problem, Budget(effort=1)).shifts
    for router in (_alone, solve_savings):
        shifts = solve_by_rounds(problem, Budget(effort=4), router=router).shifts
        assert_lawful(problem, shifts)
        assert brute_force(problem) <= problem.objective_fen(shifts) <= problem.objective_fen(plain)


def test_rounds_reach_most_optima() -> None:
    """Seen gate by gate and trip by trip: 35 of 40 are reached today, 30 by savings alone."""
    problems = [p for seed in range(200) if _is_manifold(p := random_problem(Random(seed)))][:40]
    found = [solve_by_rounds(p, Budget(effort=4), router=solve_ortools).shifts for p in problems]
    costs = [p.objective_fen(shifts) for p, shifts in zip(problems, found, strict=True)]
    assert sum(cost == brute_force(p) for p, cost in zip(problems, costs, strict=True)) >= 33


def test_a_simple_problem_goes_to_the_router_as_it_is() -> None:
    problem = find_problem(lambda p: p.is_simple)
    asked: list[tuple[RoutingProblem, Budget]] = []

    def router(given: RoutingProblem, budget: Budget) -> RoutingSolution:
        asked.append((given, budget))
        return RoutingSolution(shifts=(), finished=True)

    budget = Budget(effort=7)
    assert solve_by_rounds(problem, budget, router=router).finished
    assert asked == [(problem, budget)]


def _two_gates() -> RoutingProblem:
    """Two stops for an early gate and two for a late one; two vehicles of two trips, and one too small."""
    metres = np.abs(np.subtract.outer([5, 6, 7, 8, 0, 0], [5, 6, 7, 8, 0, 0])) * 1000
    early, late = (Visit(heads=6, service_s=0, prize=10**6, gates=(gate,)) for gate in (0, 1))
    kind = VehicleClass(count=2, capacity=12, start=4, gates=(0, 1), trips=2, fixed_fen=5_000, per_km_fen=100)
    return RoutingProblem(
        visits=(early, late, early, late),
        gates=(Gate(node=4, closes_s=3_600), Gate(node=5, opens_s=5_000, closes_s=9_000)),
        vehicle_classes=(VehicleClass(count=1, capacity=5, start=4), kind),
        seconds=(metres * 60 // 1000,),
        metres=(metres,),
        turn_s=600,
    )


def test_gates_are_served_in_order_of_closing_by_the_same_vehicle() -> None:
    problem = _two_gates()
    (shift,) = solve_by_rounds(problem, Budget(effort=4), router=solve_savings).shifts
    assert [trip.gate for trip in shift.trips] == [0, 1]
    assert [set(trip.visits) for trip in shift.trips] == [{0, 2}, {1, 3}]
    assert problem.shift_fen(shift) == 5_000 + 100 * 2 * (7 + 8)


def test_shifts_are_joined_where_that_spares_a_vehicle() -> None:
    problem = _two_gates()
    kind = problem.vehicle_classes[1]
    trips = (Trip(visits=(2, 0), gate=0), Trip(visits=(3, 1), gate=1))
    apart = tuple(Shift(vehicle_class=1, trips=(trip,)) for trip in trips)
    (joined,) = join_shifts(problem, apart, stop=lambda: False)
    assert joined.trips == trips
    assert problem.shift_fen(joined) == sum(map(problem.shift_fen, apart)) - kind.fixed_fen


def test_troubles_of_the_rounds_are_reported() -> None:
    trouble = Report(backend="router", trouble=Trouble.CRASHED)

    def broken(problem: RoutingProblem, budget: Budget) -> RoutingSolution:
        assert problem.is_simple
        assert budget.effort is not None
        return RoutingSolution(shifts=(), reports=(trouble,))

    solution = solve_by_rounds(_two_gates(), Budget(effort=4), router=broken)
    assert set(solution.reports) == {trouble}
    assert solution.shifts, "savings' plan stands in"


def test_a_plan_given_is_improved_by_turns() -> None:
    """Twice for each gate the router is given the trips that the start makes to it."""
    problem = _two_gates()
    start = solve_by_rounds(problem, Budget(effort=4), router=solve_savings).shifts
    heard: list[tuple[Shift, ...]] = []

    def keep(part: RoutingProblem, budget: Budget) -> RoutingSolution:
        assert all(part.is_feasible(shift) for shift in budget.start)
        heard.append(budget.start)
        return RoutingSolution(shifts=budget.start)

    assert solve_by_rounds(problem, Budget(effort=4, start=start), router=keep).shifts == start
    assert [len(own) for own in heard] == [1, 1, 1, 1]


def test_rounds_share_the_effort_out() -> None:
    problem = _two_gates()
    spent: list[int] = []

    def count(part: RoutingProblem, budget: Budget) -> RoutingSolution:
        assert part.is_simple
        assert budget.effort is not None
        spent.append(budget.effort)
        return solve_savings(part, budget)

    solve_by_rounds(problem, Budget(effort=100), router=count)
    assert sum(spent) <= 100
    assert spent[0] >= 30
