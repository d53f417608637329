import pytest

from planner.solvers.routing import ROUTERS
from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.problem import Budget, RoutingProblem, RoutingSolution, Trip
from tests.unit.solvers.brute import brute_force, random_problem

SEEDS = range(40)


def _assert_lawful(problem: RoutingProblem, solution: RoutingSolution) -> None:
    made = [visit for trip in solution.trips for visit in trip.visits]
    assert len(made) == len(set(made)), "a visit is made twice"
    for number, kind in enumerate(problem.vehicle_classes):
        assert sum(trip.vehicle_class == number for trip in solution.trips) <= kind.count
    assert all(problem.is_feasible(trip) for trip in solution.trips)


@pytest.mark.parametrize("router", sorted(ROUTERS))
@pytest.mark.parametrize("seed", SEEDS)
def test_router_is_lawful_and_never_below_the_optimum(router: str, seed: int) -> None:
    problem = random_problem(seed, visits=4)
    solution = ROUTERS[router](problem, Budget(effort=5))
    _assert_lawful(problem, solution)
    assert problem.objective_fen(solution.trips) >= brute_force(problem)


def test_ortools_finds_nearly_all_small_optima() -> None:
    """A wrong cost, window or limit in the model would show as a miss; all 40 are reached today."""
    problems = [random_problem(seed, visits=4) for seed in SEEDS]
    solved = [ROUTERS["ortools"](problem, Budget(effort=20)) for problem in problems]
    pairs = [(p.objective_fen(s.trips), brute_force(p)) for p, s in zip(problems, solved, strict=True)]
    assert sum(cost == best for cost, best in pairs) >= 38


def test_ortools_is_never_dearer_than_savings() -> None:
    for seed in SEEDS:
        problem = random_problem(seed, visits=7)
        search = ROUTERS["ortools"](problem, Budget(effort=3))
        plain = ROUTERS["savings"](problem, Budget(effort=1))
        assert problem.objective_fen(search.trips) <= problem.objective_fen(plain.trips)


def test_counted_effort_repeats() -> None:
    problem = random_problem(3, visits=9)
    found = [ROUTERS["ortools"](problem, Budget(effort=20, seed=1)).trips for _ in range(3)]
    assert found[0] == found[1] == found[2]


def test_progress_hears_falling_costs() -> None:
    heard: list[int] = []
    problem = random_problem(5, visits=9)
    ROUTERS["ortools"](problem, Budget(effort=20, progress=heard.append))
    assert heard == sorted(heard, reverse=True)


def test_stop_ends_the_search_with_a_plan() -> None:
    problem = random_problem(8, visits=9)
    solution = ROUTERS["ortools"](problem, Budget(seconds=600, stop=lambda: True))
    _assert_lawful(problem, solution)
    assert solution.trips


@pytest.mark.parametrize("seed", SEEDS)
def test_insertion_keeps_what_stands_and_stays_lawful(seed: int) -> None:
    problem = random_problem(seed, visits=6)
    half = [visit for visit in range(6) if visit % 2]
    first = insert_all(problem, (), visits=half)
    served = {visit for trip in first for visit in trip.visits}
    after = insert_all(problem, first, visits=[visit for visit in range(6) if visit not in served])
    _assert_lawful(problem, RoutingSolution(trips=after))
    assert served <= {visit for trip in after for visit in trip.visits}
    assert problem.objective_fen(after) <= problem.objective_fen(first)


def test_a_vehicle_is_freed_for_whom_nothing_else_fits() -> None:
    """Visit 1 is open to class 0 only, whose one vehicle carries what class 1 could carry as well."""
    problem = next(p for seed in range(100) if _only_small(p := random_problem(seed, visits=4)) is not None)
    only, other = _only_small(problem), _open_to_both(problem)
    assert only is not None
    assert other is not None
    standing = (Trip(vehicle_class=0, visits=(other,)),)
    after = insert_all(problem, standing, visits=[only])
    assert only in {visit for trip in after for visit in trip.visits}


def _only_small(problem: RoutingProblem) -> int | None:
    fits = [[problem.is_feasible(Trip(vehicle_class=k, visits=(v,))) for k in (0, 1)] for v in range(4)]
    alone = next((visit for visit, (small, big) in enumerate(fits) if small and not big), None)
    both = next((visit for visit, (small, big) in enumerate(fits) if small and big), None)
    if alone is None or both is None:
        return None
    together = [Trip(vehicle_class=0, visits=order) for order in ((alone, both), (both, alone))]
    return None if any(problem.is_feasible(trip) for trip in together) else alone


def _open_to_both(problem: RoutingProblem) -> int | None:
    for visit in range(4):
        if all(problem.is_feasible(Trip(vehicle_class=k, visits=(visit,))) for k in (0, 1)):
            return visit
    return None
