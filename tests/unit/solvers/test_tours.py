"""Squads' tours: brute force agrees, plans hold minute by minute, bounds hold, every refusal has its rule."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from planner.solvers.tours import (
    Call,
    Rule,
    Squad,
    Tour,
    TourBudget,
    TourProblem,
    Village,
    find_slots,
    judge,
    solve_tours,
)
from planner.solvers.tours.bound import Bounder
from planner.solvers.tours.ground import survey
from planner.solvers.tours.judge import starts
from planner.solvers.tours.solve import TourSolution
from tests.bench.tours.recipe import TourRecipe, make
from tests.unit.solvers.tours_brute import cheapest, random_problem, verify

_EFFORT = TourBudget(effort=40)
_MANY = 300
_MORNING = ((8 * 3600, 16 * 3600),)


def _small() -> TourProblem:
    """One squad, two days; two villages on a line, 10 and 20 minutes out; 600 fen there and back each way."""
    roads = np.array([[0, 600, 1200], [600, 0, 600], [1200, 600, 0]], dtype=np.int64)
    return TourProblem(
        days=2,
        squads=(Squad(base=0, hours=((8 * 3600, 17 * 3600),) * 2, per_km_fen=100),),
        villages=tuple(Village(node=n, service_s=3600, windows=(_MORNING, _MORNING)) for n in (1, 2)),
        calls=tuple(Call(village=village, prize_fen=100_000) for village in (0, 1)),
        seconds=(roads,),
        metres=(roads * 10,),
    )


@cache
def _county() -> tuple[TourProblem, TourSolution]:
    """In whole minutes, as the walk is."""
    problem = make(TourRecipe(calls=70, squads=3, days=12, seed=3, overnight=True, optional=0.2))
    problem = replace(problem, seconds=(-(-problem.seconds[0] // 60) * 60,))
    return problem, solve_tours(problem, TourBudget(effort=150))


def test_brute_force_agrees(tiny: int) -> None:
    wrong: list[int] = []
    for seed in range(min(_MANY, tiny)):
        problem = random_problem(Random(seed))
        best, least = cheapest(problem)
        found = solve_tours(problem, _EFFORT)
        assert found.judged.costs.objective_fen == verify(problem, found.tours), seed
        assert found.bound_fen <= least, seed
        assert found.objective_bound_fen <= best, seed
        if found.judged.costs.objective_fen != best:
            wrong.append(seed)
    assert wrong == []


def test_a_county_holds_minute_by_minute_above_its_bound() -> None:
    problem, found = _county()
    costs = found.judged.costs
    assert verify(problem, found.tours) == costs.objective_fen
    assert found.judged.faults == ()
    assert not [call for call in found.judged.unplaced if problem.calls[call].required]
    assert 0 < found.bound_fen <= costs.road_fen + costs.spread_fen
    assert found.judged.spread <= 0.1001


def test_the_same_effort_gives_the_same_plan() -> None:
    problem = make(TourRecipe(calls=30, squads=2, days=5, seed=5))
    one, other = (solve_tours(problem, TourBudget(effort=60, seed=2)) for _ in range(2))
    assert (one.tours, one.bound_fen) == (other.tours, other.bound_fen)


def test_a_plan_is_never_worse_than_its_start() -> None:
    problem, found = _county()
    again = solve_tours(problem, TourBudget(effort=1, start=found.tours))
    assert again.judged.costs.objective_fen <= found.judged.costs.objective_fen


def test_locks_hold_and_changes_cost() -> None:
    problem, found = _county()
    at = {call: (tour.squad, tour.day) for tour in found.tours for call in tour.calls}
    call = min(at)
    slots = find_slots(problem, found.tours, call=call, most=1000)
    there = max(slots.best, key=lambda slot: slot.added_fen)
    calls = [replace(one, was=at.get(number)) for number, one in enumerate(problem.calls)]
    calls[call] = replace(calls[call], squad=there.squad, day=there.day)
    locked = replace(problem, calls=tuple(calls), change_fen=50_000)
    start = tuple(replace(tour, calls=tuple(c for c in tour.calls if c != call)) for tour in found.tours)
    after = solve_tours(locked, TourBudget(effort=100, start=start))
    now = {c: (tour.squad, tour.day) for tour in after.tours for c in tour.calls}
    assert now[call] == (there.squad, there.day)
    assert sum(now.get(other) != place for other, place in at.items()) <= 3
    assert verify(locked, after.tours) == after.judged.costs.objective_fen


def _twice_as_dear(problem: TourProblem) -> TourProblem:
    squads = [
        replace(s, per_km_fen=2 * s.per_km_fen, per_hour_fen=2 * s.per_hour_fen) for s in problem.squads
    ]
    return replace(problem, squads=tuple(replace(s, night_fen=2 * s.night_fen) for s in squads))


@pytest.mark.parametrize("seed", range(12))
def test_tiny_problems_obey_the_laws(seed: int) -> None:
    problem = replace(random_problem(Random(1000 + seed)), spread_fen=0)
    best = solve_tours(problem, _EFFORT).judged.costs
    more = replace(problem, squads=(*problem.squads, problem.squads[0]))
    assert solve_tours(more, _EFFORT).judged.costs.objective_fen <= best.objective_fen
    late = [replace(v, windows=tuple(day[:1] for day in v.windows)) for v in problem.villages]
    tight = replace(problem, villages=tuple(late))
    assert solve_tours(tight, _EFFORT).judged.costs.objective_fen >= best.objective_fen
    dear = solve_tours(_twice_as_dear(problem), _EFFORT).judged.costs.objective_fen
    assert dear >= best.objective_fen
    order = Random(seed).sample(range(len(problem.calls)), len(problem.calls))
    mixed = replace(problem, calls=tuple(problem.calls[call] for call in order))
    assert solve_tours(mixed, _EFFORT).judged.costs.objective_fen == best.objective_fen


def test_slots_are_what_the_plan_would_cost() -> None:
    problem, found = _county()
    now = found.judged.costs.objective_fen
    for call in (0, 7, 20):
        slots = find_slots(problem, found.tours, call=call, most=5)
        assert len(slots.refused) < len(problem.squads) * problem.days
        for slot in slots.best:
            others = [
                replace(tour, calls=tuple(c for c in tour.calls if c != call))
                for tour in found.tours
                if (tour.squad, tour.day) != (slot.squad, slot.day)
            ]
            plan = (*others, slot.tour)
            assert verify(problem, plan) == now + slot.added_fen
            assert slot.added_fen >= 0 or call not in found.judged.unplaced or slot is slots.best[0]


def _refused(problem: TourProblem, tours: tuple[Tour, ...] = (), *, call: int = 0) -> dict[Rule, int]:
    return find_slots(problem, tours, call=call).count()


def _with_village(problem: TourProblem, **changes: object) -> TourProblem:
    first = replace(problem.villages[0], **changes)
    return replace(problem, villages=(first, *problem.villages[1:]))


def _with_squad(problem: TourProblem, **changes: object) -> TourProblem:
    return replace(problem, squads=(replace(problem.squads[0], **changes),))


def test_every_rule_is_named() -> None:
    small = _small()
    other = (Tour(squad=0, day=0, calls=(1,)),)
    twice = replace(small, calls=(*small.calls, Call(village=0, prize_fen=1)))
    broker = replace(small, villages=tuple(replace(v, broker=4) for v in small.villages))
    closed = replace(small, seconds=(np.where(small.seconds[0] == 600, -1, small.seconds[0]),))
    assert _refused(small) == {}
    assert _refused(_with_village(small, skills=1)) == {Rule.SKILL: 2}
    assert _refused(_with_village(small, squads=frozenset({9}))) == {Rule.PAIRED: 2}
    assert _refused(replace(small, calls=(replace(small.calls[0], day=1),))) == {Rule.LOCKED: 1}
    assert _refused(_with_squad(small, hours=(None, (8 * 3600, 17 * 3600)))) == {Rule.OFF: 1}
    assert _refused(_with_village(small, windows=((), _MORNING))) == {Rule.CLOSED: 1}
    assert _refused(twice, (Tour(squad=0, day=0, calls=(2,)),)) == {Rule.SPACING: 1}
    assert _refused(broker, other) == {Rule.BROKER: 1}
    assert _refused(_with_squad(small, most_calls=1), other) == {Rule.FULL: 1}
    assert _refused(closed) == {Rule.ROAD: 2}
    assert _refused(_with_village(small, windows=(((0, 60),), _MORNING))) == {Rule.TIME: 1}


def test_the_judge_finds_what_is_planted() -> None:
    small = replace(_small(), lodges=(2,))
    good = (Tour(squad=0, day=0, calls=(0, 1)),)
    assert judge(small, good).faults == ()
    assert judge(small, good).costs.travel_fen == 2400

    def rules(problem: TourProblem, *tours: Tour) -> Counter[Rule]:
        return Counter(rule for rule, _, _ in judge(problem, tours).faults)

    assert rules(small, *good, Tour(squad=0, day=1, calls=(0,))) == {Rule.SPACING: 1}
    assert rules(small, Tour(squad=0, day=0, calls=(0,)), Tour(squad=0, day=0, calls=(1,))) == {Rule.FULL: 1}
    assert rules(_with_squad(small, most_calls=1), *good) == {Rule.FULL: 1}
    assert rules(_with_squad(small, hours=(None, None)), Tour(squad=0, day=0, calls=())) == {Rule.OFF: 1}
    assert rules(small, replace(good[0], lodge=2)) == {Rule.OFF: 1}
    away = _with_squad(small, nights=1)
    assert rules(away, replace(good[0], lodge=2), Tour(squad=0, day=1, calls=())) == {}
    assert rules(away, replace(good[0], lodge=2)) == {Rule.OFF: 1}
    assert rules(_with_village(small, windows=(((0, 60),), _MORNING)), *good) == {Rule.TIME: 1}


def test_a_bound_is_there_at_once_and_no_tour_gains_under_it() -> None:
    for seed in range(30):
        problem = random_problem(Random(seed))
        ground = survey(problem)
        bounder = Bounder(problem, ground)
        assert bounder.proved.fen <= cheapest(problem)[1], seed
        assert bounder.gained(bounder.proved.duals) == 0, seed
    problem, found = _county()
    least = Bounder(problem, survey(problem)).proved.fen
    assert 0.3 * found.bound_fen < least <= found.bound_fen


def test_a_dive_leaves_the_program_as_it_was() -> None:
    problem, _ = _county()
    bounder = Bounder(problem, survey(problem))
    bounder.run(list, rounds=8, over=lambda: False)
    before = bounder._master.solve()
    dived = bounder.dive(over=lambda: False)
    after = bounder._master.solve()
    assert dived
    assert before is not None
    assert after is not None
    # Tours that were fixed stay in it: it may fall a little, and rise only if something is still fixed.
    assert 0.9 * before[0] < after[0] < before[0] * (1 + 1e-6)


def test_a_village_that_nobody_reaches_in_time_costs_its_prize_and_spoils_no_bound() -> None:
    problem = make(TourRecipe(calls=30, squads=3, days=8, seed=5))
    before = solve_tours(problem, _EFFORT)
    late = replace(problem.villages[0], node=0, windows=(((19 * 3600, 20 * 3600),),) * problem.days)
    late = replace(late, service_s=3 * 3600)
    calls = (*problem.calls, Call(village=len(problem.villages), prize_fen=1_000_000))
    spoilt = replace(problem, villages=(*problem.villages, late), calls=calls)
    after = solve_tours(spoilt, _EFFORT)
    assert after.judged.costs.unplaced_fen == before.judged.costs.unplaced_fen + 1_000_000
    assert after.bound_fen - 1_000_000 > 0.8 * before.bound_fen


def test_many_squads_share_the_work_and_pay_little_for_it() -> None:
    """A search that knows the spread only pays a quarter more here, not a sixth."""
    problem = make(TourRecipe(calls=400, squads=12, days=12, seed=2))
    found = solve_tours(problem, TourBudget(effort=200))
    free = solve_tours(replace(problem, spread_fen=0), TourBudget(effort=200))
    assert found.judged.spread <= 0.1001
    assert free.judged.spread > 0.5
    assert len(found.judged.unplaced) == len(free.judged.unplaced)
    assert found.judged.costs.travel_fen < 1.21 * free.judged.costs.travel_fen


def test_nobody_is_longer_at_the_wheel_than_allowed() -> None:
    problem, found = _county()
    limit_s = 3600
    tired = replace(problem, squads=tuple(replace(squad, drive_s=limit_s) for squad in problem.squads))
    assert judge(tired, found.tours).faults
    rested = solve_tours(tired, TourBudget(effort=100))
    wakes = starts(problem, rested.tours)
    for tour in rested.tours:
        nodes = [problem.villages[problem.calls[call].village].node for call in tour.calls]
        ways = pairwise((wakes[tour.squad, tour.day], *nodes, problem.end_of(tour)))
        assert sum(int(problem.seconds[0][way]) for way in ways) <= limit_s


_WARMED = """
from importlib import import_module
from planner.solvers.tours.warm import KERNELS, warm
warm(None)
modules = [import_module(f"planner.solvers.tours.{name}") for name in KERNELS]
own = {n: f for one in modules for n, f in vars(one).items()}
found = {n: f for n, f in own.items() if getattr(f, "targetoptions", {}).get("nogil")}
print(len(found), sorted(name for name, kernel in found.items() if not kernel.signatures))
"""


def test_warming_up_calls_every_kernel() -> None:
    done = subprocess.run([sys.executable, "-c", _WARMED], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["8", "[]"]


def test_nobody_to_call_at_is_no_trouble() -> None:
    empty = replace(_small(), calls=())
    assert solve_tours(empty, _EFFORT).tours == ()
    nobody = replace(_small(), squads=())
    assert solve_tours(nobody, _EFFORT).judged.unplaced == (0, 1)


def test_a_start_at_the_limit_is_kept_when_stopped() -> None:
    problem, found = _county()
    stopped = solve_tours(problem, TourBudget(seconds=5.0, start=found.tours, stop=lambda: True))
    assert stopped.judged.costs.objective_fen <= found.judged.costs.objective_fen
