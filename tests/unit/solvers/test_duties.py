from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest

from planner.solvers import duties
from planner.solvers.duties import Duty, DutyEffort, DutyPlan, DutyProblem, Kind, Run, plan_duties
from planner.solvers.routing.program import SCALE, UNBOUNDED, Entries, round_dual
from tests.bench.duties import Season, make

_EFFORT = DutyEffort(effort=10_000)


def _random_problem(dice: Random) -> DutyProblem:
    """Three places and two kinds; some ways are missing, some runs fit one kind only."""
    places, kinds = 3, 2
    runs: list[Run] = []
    for _ in range(dice.randint(2, 6)):
        start_s = dice.randrange(50)
        costs = tuple(dice.randrange(50) for _ in range(kinds))
        fit = dice.choice((costs, costs, costs, (costs[0], None), (None, costs[1])))
        runs.append(
            Run(
                start_s=start_s,
                end_s=start_s + dice.randint(1, 10),
                origin=dice.randrange(places),
                destination=dice.randrange(places),
                costs_fen=fit,
                weight=dice.randint(1, 4),
            )
        )
    return DutyProblem(
        runs=tuple(runs),
        kinds=tuple(Kind(depot=dice.randrange(places), count=dice.randint(0, 3)) for _ in range(kinds)),
        free_s=tuple(
            tuple(dice.choice((0, 2, 4, 6, 8, 10, 12, None)) if a != b else 1 for b in range(places))
            for a in range(places)
        ),
        empty_fen=tuple(tuple(dice.randrange(30) for _ in range(places)) for _ in range(places)),
    )


def _chains(problem: DutyProblem, rest: tuple[int, ...], kind: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Every way to give one vehicle some of the runs, in order of time, and what that costs."""
    depot = problem.kinds[kind].depot
    for size in range(1, 2 ** len(rest)):
        chain = tuple(run for n, run in enumerate(rest) if size >> n & 1)
        place, ready_s, fen = depot, -(10**9), 0
        for number in chain:
            run = problem.runs[number]
            way_s, run_fen = problem.free_s[place][run.origin], run.costs_fen[kind]
            if way_s is None or run_fen is None or ready_s + way_s > run.start_s:
                break
            fen += problem.empty_fen[place][run.origin] + run_fen
            place, ready_s = run.destination, run.end_s
        else:
            if problem.free_s[place][depot] is not None:
                yield chain, fen + problem.empty_fen[place][depot]


def _best(problem: DutyProblem) -> tuple[int, int, int]:
    """Least weight left, then vehicles, then fen, by trying everything."""
    order = sorted(range(len(problem.runs)), key=lambda run: problem.runs[run].start_s)

    @cache
    def search(rest: tuple[int, ...], spare: tuple[int, ...]) -> tuple[int, int, int]:
        if not rest:
            return (0, 0, 0)
        left, vehicles, fen = search(rest[1:], spare)
        best = (left + problem.runs[rest[0]].weight, vehicles, fen)
        for kind, count in enumerate(spare):
            if count:
                fewer = (*spare[:kind], count - 1, *spare[kind + 1 :])
                for chain, cost in _chains(problem, rest, kind):
                    if chain[0] == rest[0]:
                        others = tuple(run for run in rest if run not in chain)
                        left, vehicles, fen = search(others, fewer)
                        best = min(best, (left, vehicles + 1, fen + cost))
        return best

    return search(tuple(order), tuple(kind.count for kind in problem.kinds))


def _judge(problem: DutyProblem, plan: DutyPlan) -> None:
    """The plan keeps every rule, and its figures are what its duties cost."""
    made = [run for duty in plan.duties for run in duty.runs]
    assert sorted([*made, *plan.left]) == list(range(len(problem.runs)))
    for kind, fleet in enumerate(problem.kinds):
        assert sum(duty.kind == kind for duty in plan.duties) <= fleet.count
    fen = 0
    for duty in plan.duties:
        found = [cost for chain, cost in _chains(problem, duty.runs, duty.kind) if chain == duty.runs]
        assert found, duty
        fen += found[0]
    assert plan.cost_fen == fen
    assert plan.left_weight == sum(problem.runs[run].weight for run in plan.left)


@pytest.mark.parametrize("seed", range(300))
def test_vehicles_agree_with_brute_force(seed: int) -> None:
    problem = _random_problem(Random(seed))
    plan = plan_duties(problem, effort=_EFFORT)
    _judge(problem, plan)
    assert (plan.left_weight, plan.vehicles, plan.cost_fen) == _best(problem)
    assert plan.proved


def _knotty_problem(dice: Random) -> DutyProblem:
    """Eight runs at four places, most of them for some of three kinds only."""
    places = range(4)
    runs: list[Run] = []
    for _ in range(8):
        start_s = dice.randrange(40)
        runs.append(
            Run(
                costs_fen=tuple(dice.choice((None, dice.randrange(50))) for _ in range(3)),
                start_s=start_s,
                end_s=start_s + dice.randint(1, 10),
                origin=dice.choice(places),
                destination=dice.choice(places),
                weight=dice.randint(1, 4),
            )
        )
    return DutyProblem(
        runs=tuple(runs),
        kinds=tuple(Kind(depot=dice.choice(places), count=dice.randint(1, 3)) for _ in range(3)),
        free_s=tuple(tuple(dice.randrange(12) if a != b else 1 for b in places) for a in places),
        empty_fen=tuple(tuple(dice.randrange(30) for _ in places) for _ in places),
    )


@pytest.mark.parametrize("seed", [74, 189, 633, 701, 984, 1441])
def test_what_is_not_whole_by_itself_is_searched(seed: int) -> None:
    """The relaxation of all aims together is not whole here: HiGHS has to choose."""
    problem = _knotty_problem(Random(seed))
    plan = plan_duties(problem, effort=_EFFORT)
    _judge(problem, plan)
    assert (plan.left_weight, plan.vehicles, plan.cost_fen) == _best(problem)
    assert plan.proved


def test_each_aim_is_reached_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weighed all alike, the aims together give plans that the single ones must mend."""
    monkeypatch.setattr(duties, "_WORTH", 0)
    for seed in range(150):
        problem = _random_problem(Random(seed))
        plan = plan_duties(problem, effort=_EFFORT)
        _judge(problem, plan)
        assert (plan.left_weight, plan.vehicles, plan.cost_fen) == _best(problem), seed
        assert plan.proved


def test_dual_values_split_by_rounding_are_joined_again() -> None:
    """One way through three columns for 1; a wait that may be taken often costs a part of a fen each time."""
    entries = Entries()
    rows = [entries.add_row(0, 0), entries.add_row(0, 0), entries.add_row(1, UNBOUNDED)]
    for column, row in enumerate(rows):
        entries.put(row, column, 1)
    entries.put(rows[0], 1, -1)
    entries.put(rows[1], 2, -1)
    program = entries.program([1, 0, 0], most=[5, 9000, 5])
    dual = round_dual(program, np.array([SCALE - 1, SCALE, SCALE]))
    assert dual.bound < 0
    assert duties._snap(program, dual).bound == 1


def _run(start_s: int, end_s: int, origin: int = 0, destination: int = 0, **more: Any) -> Run:
    """A run for nothing, by vehicles of the first kind."""
    run = Run(start_s=start_s, end_s=end_s, origin=origin, destination=destination, costs_fen=(0,))
    return replace(run, **more)


def _plan(*runs: Run, kinds: tuple[Kind, ...] = (Kind(depot=0, count=9),), **ways: Any) -> DutyPlan:
    """A proved plan; between two places a way takes 10 and costs 7, at one place neither."""
    places = range(3)
    free_s = tuple(tuple(10 * (a != b) for b in places) for a in places)
    empty_fen = tuple(tuple(7 * (a != b) for b in places) for a in places)
    problem = DutyProblem(runs=runs, kinds=kinds, **{"free_s": free_s, "empty_fen": empty_fen, **ways})
    plan = plan_duties(problem, effort=_EFFORT)
    _judge(problem, plan)
    assert plan.proved
    return plan


def test_a_vehicle_goes_on_as_soon_as_it_is_there() -> None:
    assert _plan(_run(0, 5, 0, 1), _run(15, 20)).vehicles == 1
    assert _plan(_run(0, 5, 0, 1), _run(14, 20)).vehicles == 2
    ways = {"free_s": ((0, 10), (10, 0)), "empty_fen": ((0, 0), (0, 0))}
    runs = (_run(0, 5, 0, 1), _run(14, 20), _run(15, 20))
    problem = DutyProblem(runs=runs, kinds=(Kind(depot=0, count=1),), **ways)
    assert [problem.follows(0, then=run) for run in range(3)] == [False, False, True]


def test_who_is_back_first_leaves_first() -> None:
    plan = _plan(_run(0, 9), _run(1, 8), _run(20, 30), _run(21, 30), _run(50, 60))
    assert [duty.runs for duty in plan.duties] == [(0, 3, 4), (1, 2)]


def test_empty_ways_are_paid_from_the_depot_to_the_depot() -> None:
    assert _plan(_run(0, 5, 1, 2)).cost_fen == 14
    assert _plan(_run(0, 5, 0, 1), _run(15, 20, 1, 0)).cost_fen == 0
    assert _plan(_run(0, 5, 0, 1), _run(15, 20, 2, 0)).cost_fen == 7
    assert _plan(_run(0, 5, 0, 1, costs_fen=(100,))).cost_fen == 107


def test_fewer_vehicles_go_before_a_cheaper_plan() -> None:
    """One after the other costs an empty way for 700; a vehicle each would cost nothing."""
    dear = ((0, 0, 0), (700, 0, 0), (0, 0, 0))
    plan = _plan(_run(0, 5, 0, 1), _run(15, 20), empty_fen=dear)
    assert (plan.vehicles, plan.cost_fen) == (1, 700)


def test_of_plans_with_as_few_vehicles_the_cheapest_is_taken() -> None:
    kinds = (Kind(depot=0, count=1), Kind(depot=1, count=1))
    plan = _plan(_run(0, 5, 1, 1, costs_fen=(4, 12)), _run(1, 6, costs_fen=(30, 31)), kinds=kinds)
    assert plan.cost_fen == 12 + 30


def test_vehicles_come_home_where_they_belong() -> None:
    """The only way to place 1 is the run; nobody comes back, so only who lives there may make it."""
    one_way = ((0, None, None), (0, 0, 0), (0, None, 0))
    run = _run(0, 5, 1, 2, costs_fen=(0, 0))
    homes = (Kind(depot=0, count=1), Kind(depot=1, count=1))
    assert _plan(run, kinds=homes, free_s=one_way).left == (0,)
    assert _plan(_run(0, 5, 1, 1, costs_fen=(0, 0)), kinds=homes, free_s=one_way).duties == (
        Duty(kind=1, runs=(0,)),
    )


def test_where_vehicles_are_short_the_least_weight_is_left() -> None:
    runs = (_run(0, 9, weight=4), _run(1, 2, weight=2), _run(3, 4, weight=1))
    kinds = (Kind(depot=0, count=1),)
    assert _plan(*runs, kinds=kinds).left == (1, 2)
    assert _plan(*runs, _run(5, 8, weight=2), kinds=kinds).left == (0,)
    assert _plan(*runs, kinds=(Kind(depot=0, count=0),)).left_weight == 7


def test_each_kind_makes_what_it_may() -> None:
    kinds = (Kind(depot=0, count=1), Kind(depot=0, count=1))
    plan = _plan(_run(0, 9, costs_fen=(None, 1)), _run(1, 8, costs_fen=(5, 1)), kinds=kinds)
    assert plan.duties == (Duty(kind=1, runs=(0,)), Duty(kind=0, runs=(1,)))
    assert _plan(_run(0, 9, costs_fen=(None, None)), kinds=kinds).left == (0,)


@pytest.mark.parametrize("kinds", [(), (Kind(depot=0, count=0),), (Kind(depot=0, count=2),)])
def test_no_runs_and_no_vehicles(kinds: tuple[Kind, ...]) -> None:
    assert _plan(kinds=kinds).duties == ()
    plan = _plan(_run(0, 5, costs_fen=(3,) * len(kinds), weight=2), kinds=kinds)
    able = sum(kind.count for kind in kinds) > 0
    assert (plan.vehicles, plan.left_weight, plan.cost_fen) == ((1, 0, 3) if able else (0, 2, 0))


def test_a_run_no_vehicle_can_make_does_not_spoil_the_others() -> None:
    plan = _plan(_run(0, 9, costs_fen=(None,), weight=5), _run(1, 8, costs_fen=(3,)))
    assert (plan.left, plan.vehicles, plan.cost_fen) == ((0,), 1, 3)
    there = ((0, 0, None), (0, 0, None), (0, 0, 0))
    assert _plan(_run(0, 5, 2, 0), _run(0, 5, 1, 0), free_s=there).left == (0,)


def test_there_is_a_lawful_plan_at_once() -> None:
    problem = make(Season(runs=54, days=5, kinds=3))[0]
    plan = plan_duties(problem, effort=DutyEffort(seconds=9, stop=lambda: True))
    _judge(problem, plan)
    assert plan.left == ()
    assert not plan.proved


@pytest.mark.parametrize("kinds", [1, 3])
def test_a_season_of_54_runs_is_proved(kinds: int) -> None:
    """From one depot and back: as many vehicles as are away at the busiest time."""
    problem = make(Season(runs=54, days=5, kinds=kinds, seed=2))[0]
    plans = [plan_duties(problem, effort=_EFFORT) for _ in range(2)]
    _judge(problem, plans[0])
    assert plans[0] == plans[1]
    assert plans[0].proved
    ways_s = {run: problem.free_s[run.destination][0] or 0 for run in problem.runs}
    away = [
        sum(run.start_s <= at.start_s < run.end_s + ways_s[run] for run in problem.runs)
        for at in problem.runs
    ]
    assert plans[0].vehicles == max(away)


@pytest.mark.parametrize(
    "broken",
    [
        {"runs": (_run(5, 5),)},
        {"runs": (_run(0, 5, weight=0),)},
        {"runs": (_run(0, 5, costs_fen=(1, 2)),)},
        {"runs": (_run(0, 5, costs_fen=(-1,)),)},
        {"free_s": ((-1,),)},
        {"empty_fen": ((-1,),)},
    ],
)
def test_impossible_problems_are_refused(broken: dict[str, Any]) -> None:
    good = DutyProblem(runs=(_run(0, 5),), kinds=(Kind(depot=0, count=1),), free_s=((0,),), empty_fen=((0,),))
    with pytest.raises(ValueError, match=r"run|way"):
        replace(good, **broken)
