from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, permutations
from random import Random
from typing import Any

import pytest

from planner.solvers import drivers
from planner.solvers.drivers import CrewPlan, CrewProblem, CrewRun, DutyEffort, Law, Limit, Spell, plan_crews
from planner.solvers.drivers_bound import cover, free_prices, fullest_windows
from planner.solvers.drivers_paths import Paths
from planner.solvers.drivers_problem import make_blocks
from planner.solvers.routing.highs import Limits
from tests.bench.duties import Season, make

_EFFORT = DutyEffort(effort=100_000)
_DAY_H = 24
_LAW = Law(
    limits=(Limit(window_s=24 * 3600, most_s=8 * 3600), Limit(window_s=7 * 24 * 3600, most_s=44 * 3600)),
    rest_s=10 * 3600,
)

Crews = Sequence[tuple[int, ...] | None]


def _faults(problem: CrewProblem, crews: Crews) -> Iterator[str]:
    """What is unlawful about some crews, sharing nothing with the solver."""
    for number, (run, crew) in enumerate(zip(problem.runs, crews, strict=True)):
        if crew is not None and (
            len(set(crew)) != run.drivers or any(problem.depots[driver] != run.depot for driver in crew)
        ):
            yield f"run {number}: {crew}"
        if run.with_run is not None and {*(crew or ())} != {*(crews[run.with_run] or ())}:
            yield f"run {number} has not the crew of {run.with_run}"
    for driver in range(len(problem.depots)):
        own = [number for number, crew in enumerate(crews) if crew and driver in crew]
        yield from _faults_of(problem, driver, own=own, crews=crews)


def _faults_of(problem: CrewProblem, driver: int, *, own: list[int], crews: Crews) -> Iterator[str]:
    own.sort(key=lambda number: problem.runs[number].start_s)
    for one, two in pairwise(own):
        stays = problem.runs[two].with_run == one
        away = problem.runs[two].with_run is not None
        rest_s = problem.runs[two].start_s - problem.runs[one].end_s
        if rest_s < (0 if stays else problem.law.rest_s) or (away and not stays):
            yield f"driver {driver}: {one} then {two}"
    spells = [
        (spell.start_s, spell.end_s)
        for number in own
        for spell in problem.runs[number].spells
        if (crews[number] or ())[spell.slot] == driver
    ]
    for limit in problem.law.limits:
        if _most_s(spells, limit.window_s) > limit.most_s:
            yield f"driver {driver}: {_most_s(spells, limit.window_s)} in {limit.window_s}"


def _most_s(spells: Sequence[tuple[int, int]], window_s: int) -> int:
    """The fullest window: one of those where the sum's slope may change."""
    turns = {time_s - shift_s for spell in spells for time_s in spell for shift_s in (0, window_s)}
    return max(
        (
            sum(max(min(end_s, opens_s + window_s) - max(start_s, opens_s), 0) for start_s, end_s in spells)
            for opens_s in turns
        ),
        default=0,
    )


def _best(problem: CrewProblem) -> tuple[int, int]:
    """Least weight left, then drivers, by trying every crew; of drivers alike the first is used first."""
    best = [(10**9, 10**9)]

    def search(crews: tuple[tuple[int, ...] | None, ...]) -> None:
        used = {driver for crew in crews for driver in crew or ()}
        pairs = zip(problem.runs, crews, strict=False)
        left = sum(run.weight for run, crew in pairs if crew is None and run.with_run is None)
        known = replace(problem, runs=problem.runs[: len(crews)])
        if (left, len(used)) >= best[0] or next(_faults(known, crews), None):
            return
        if len(crews) == len(problem.runs):
            best[0] = (left, len(used))
            return
        run = problem.runs[len(crews)]
        able = [driver for driver, depot in enumerate(problem.depots) if depot == run.depot]
        fresh = [driver for driver in able if driver not in used]
        for crew in (*permutations(able, run.drivers), None):
            new = sorted(driver for driver in crew or () if driver not in used)
            if new == fresh[: len(new)]:
                search((*crews, crew))

    search(())
    return best[0]


def _random_problem(dice: Random) -> CrewProblem:
    runs: list[CrewRun] = []
    depots = dice.choice(((0, 0, 0), (0, 0, 0), (0, 1, 0), (1, 0, 0)))
    size = dice.randint(3, 5)
    while len(runs) < size:
        start_s, drivers = dice.randrange(24), dice.choice((1, 1, 2))
        depot = int(max(depots) and drivers == 1 and dice.random() < 0.4)
        runs.append(_random_run(dice, start_s, drivers, depot))
        if dice.random() < 0.3 and len(runs) < size:
            back = _random_run(dice, runs[-1].end_s + dice.randrange(6), drivers, depot)
            runs.append(replace(back, with_run=len(runs) - 1))
    daily_s = dice.randint(5, 9)
    limits = (Limit(window_s=16, most_s=daily_s), Limit(window_s=35, most_s=daily_s + dice.randint(0, 4)))
    law = Law(limits=limits, rest_s=dice.randrange(3))
    return CrewProblem(runs=tuple(runs), depots=depots, law=law)


def _random_run(dice: Random, start_s: int, drivers: int, depot: int) -> CrewRun:
    spells: list[Spell] = []
    now_s = start_s
    for slot in dice.choice(((0,), (0,), (0, -1), (-1, 0), (0, -1, 0))):
        now_s += dice.randrange(2)
        spells.append(Spell(start_s=now_s, end_s=now_s + dice.randint(1, 3), slot=slot % drivers))
        now_s = spells[-1].end_s
    return CrewRun(
        start_s=start_s,
        end_s=now_s + dice.randrange(2),
        drivers=drivers,
        spells=tuple(spells),
        depot=depot,
        weight=dice.randint(1, 3),
    )


@pytest.mark.parametrize("seed", range(200))
def test_drivers_agree_with_brute_force(seed: int) -> None:
    problem = _random_problem(Random(seed))
    plan = plan_crews(problem, effort=_EFFORT)
    assert [*_faults(problem, plan.crews)] == []
    assert (plan.left_weight, plan.drivers) == _best(problem)
    assert plan.proved


def _run(*spells: tuple[float, float, int], drivers: int = 1, depot: int = 0, weight: int = 1) -> CrewRun:
    """A run by its spells in hours: from, to, slot; it begins with the first and ends with the last."""
    made = tuple(Spell(start_s=int(a * 3600), end_s=int(b * 3600), slot=slot) for a, b, slot in spells)
    ends_s = max(spell.end_s for spell in made)
    return CrewRun(
        start_s=made[0].start_s, end_s=ends_s, drivers=drivers, spells=made, depot=depot, weight=weight
    )


def _plan(*runs: CrewRun, drivers: int = 9, depots: tuple[int, ...] = ()) -> CrewPlan:
    """A proved plan that keeps the law."""
    problem = CrewProblem(runs=runs, depots=depots or (0,) * drivers, law=_LAW)
    plan = plan_crews(problem, effort=_EFFORT)
    assert [*_faults(problem, plan.crews)] == []
    assert plan.proved
    return plan


_SECOND_H = 1 / 3600


def test_eight_hours_are_counted_across_midnight() -> None:
    evening = _run((18, 23, 0))
    assert _plan(evening, _run((39, 43, 0))).drivers == 1  # 18:00 to 18:00: five hours and three
    assert _plan(evening, _run((39 - _SECOND_H, 43, 0))).drivers == 2


def test_a_day_may_hold_the_end_of_one_spell_and_the_start_of_another() -> None:
    """No window that begins with a run is too full here; the one that begins with the second spell is."""
    long = _run((0, 1, 0), (5, 9, 0))
    assert _plan(long, _run((23, 27, 0))).drivers == 1
    assert _plan(long, _run((23, 27, 0), (27.5, 28.5, 0))).drivers == 2


def test_forty_four_hours_are_counted_over_any_seven_days() -> None:
    five = [_run((_DAY_H * day + 8, _DAY_H * day + 16, 0)) for day in range(5)]
    assert _plan(*five, _run((_DAY_H * 6 + 8, _DAY_H * 6 + 12, 0))).drivers == 1
    assert _plan(*five, _run((_DAY_H * 6 + 8, _DAY_H * 6 + 12 + _SECOND_H, 0))).drivers == 2
    assert _plan(*five, _run((_DAY_H * 7 + 8, _DAY_H * 7 + 16, 0))).drivers == 1
    late = _run((_DAY_H * 7 + 3 - _SECOND_H, _DAY_H * 7 + 8, 0))  # five hours, and all of the first day's
    assert _plan(*five, late).drivers == 2


def test_a_rest_lies_between_two_runs() -> None:
    assert _plan(_run((8, 10, 0)), _run((20, 22, 0))).drivers == 1
    assert _plan(_run((8, 10, 0)), _run((20 - _SECOND_H, 22, 0))).drivers == 2


def test_the_way_back_needs_the_same_crew_and_no_rest() -> None:
    out, back = _run((8, 11, 0)), replace(_run((12, 15, 0)), with_run=0)
    assert _plan(out, back).crews == ((0,), (0,))
    third = _run((25 - _SECOND_H, 27, 0))  # ten hours after the way back, less a second
    assert _plan(out, back, third).drivers == 2


def test_hours_of_the_way_back_count() -> None:
    out = _run((8, 13, 0))
    assert _plan(out, replace(_run((23, 26, 0)), with_run=0)).drivers == 1
    unlawful = _plan(out, replace(_run((23, 26 + _SECOND_H, 0)), with_run=0))
    assert (unlawful.crews, unlawful.left, unlawful.left_weight) == ((None, None), (0, 1), 1)
    assert _plan(out, replace(_run((29, 34, 0)), with_run=0)).drivers == 1


def test_who_drove_longer_on_the_way_out_drives_less_on_the_way_back() -> None:
    out = _run((8, 13, 0), (13, 15, 1), drivers=2)
    back = replace(_run((20, 25, 0), (25, 27, 1), drivers=2), with_run=0)
    plan = _plan(out, back)
    assert plan.crews in {((0, 1), (1, 0)), ((1, 0), (0, 1))}


def test_a_crew_stays_with_its_coach() -> None:
    out, back = _run((8, 9, 0)), replace(_run((60, 61, 0)), with_run=0)
    assert _plan(out, back, _run((30, 31, 0))).drivers == 2


def test_all_of_a_crew_are_away_though_one_drives() -> None:
    assert _plan(_run((8, 9, 0), drivers=2), _run((8, 9, 0))).drivers == 3


def test_drivers_of_another_depot_do_not_help() -> None:
    runs = (_run((8, 9, 0), depot=1), _run((8, 9, 0), depot=1, weight=3), _run((8, 9, 0)))
    plan = _plan(*runs, depots=(0, 0, 1))
    assert (plan.crews, plan.left_weight, plan.drivers) == ((None, (2,), (0,)), 1, 2)


def test_where_drivers_are_short_the_least_weight_is_left() -> None:
    one = [_run((8, 9, 0), weight=2), _run((8, 9, 0), weight=2)]
    both = _run((8, 9, 0), drivers=2, weight=3)
    assert _plan(*one, both, drivers=2).left == (2,)
    assert _plan(*one, replace(both, weight=5), drivers=2).left == (0, 1)
    assert _plan(*one, both, drivers=1).left_weight == 5
    assert _plan(one[0], drivers=0, depots=(1,)).left == (0,)


def test_hours_may_ask_for_more_drivers_than_are_away_at_once() -> None:
    """One coach a day for a week, 7 h each: six days are 42 h, so a second driver takes the seventh."""
    week = [_run((_DAY_H * day + 8, _DAY_H * day + 15, 0)) for day in range(7)]
    assert _plan(*week).drivers == 2
    two = [_run((_DAY_H * (n // 2) + 8, _DAY_H * (n // 2) + 15, 0)) for n in range(28)]
    assert _plan(*two).drivers == 3


def _commuters(days: int, each: int) -> CrewProblem:
    """Runs there and back within a day, on so many days that the week's hours bind."""
    dice, runs = Random(days), list[CrewRun]()
    for day in range(days):
        for _ in range(each):
            start, long = _DAY_H * day + dice.randrange(6, 9), dice.choice((2.75, 3.25, 3.75))
            runs.append(_run((start, start + long, 0)))
            back = _run((start + long + 2, start + 2 * long + 2, 0))
            runs.append(replace(back, with_run=len(runs) - 1))
    return CrewProblem(runs=tuple(runs), depots=(0,) * 20, law=_LAW)


def test_hours_of_a_week_are_planned_ahead() -> None:
    """Where everybody works until the hours are spent, all are missing at once."""
    problem = _commuters(13, 5)
    first = plan_crews(problem, effort=DutyEffort(effort=0))
    plan = plan_crews(problem, effort=_EFFORT)
    assert [*_faults(problem, plan.crews)] == []
    assert (first.drivers, plan.drivers, plan.proved) == (7, 6, True)


def test_a_large_depot_is_improved_a_few_drivers_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _commuters(13, 5)
    monkeypatch.setattr(drivers, "_FULL", 0)
    monkeypatch.setattr(drivers, "_GROUP", 5)
    plan = plan_crews(problem, effort=DutyEffort(effort=1000))
    assert [*_faults(problem, plan.crews)] == []
    assert plan.drivers == 6


def test_blocks_left_are_taken_a_few_drivers_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "_FULL", 0)
    better = 0
    for seed in range(60):
        problem = _random_problem(Random(seed))
        first = plan_crews(problem, effort=DutyEffort(effort=0))
        plan = plan_crews(problem, effort=DutyEffort(effort=400))
        assert [*_faults(problem, plan.crews)] == []
        assert plan.left_bound <= plan.left_weight <= first.left_weight
        better += plan.left_weight < first.left_weight
    assert better


def test_counted_effort_repeats() -> None:
    problem = _commuters(14, 5)
    plans = [plan_crews(problem, effort=DutyEffort(effort=20, seed=4)) for _ in range(2)]
    assert plans[0] == plans[1]


def test_no_runs_and_no_drivers() -> None:
    assert _plan().crews == ()
    assert _plan(drivers=0, depots=()).drivers == 0
    run = _run((8, 9, 0))
    alone = CrewProblem(runs=(run,), depots=(), law=_LAW)
    plan = plan_crews(alone, effort=_EFFORT)
    assert (plan.crews, plan.left_bound, plan.proved) == ((None,), 1, True)
    assert _plan(run).crews == ((0,),)


def test_a_run_nobody_can_make_does_not_spoil_the_others() -> None:
    plan = _plan(_run((8, 17, 0), weight=9), _run((8, 9, 0)), _run((8, 9, 0), drivers=4), drivers=3)
    assert (plan.crews, plan.left_weight) == ((None, (0,), None), 10)


def test_a_season_of_400_runs_keeps_the_law() -> None:
    problem = make(Season(runs=400, days=20, kinds=1, seed=1))[1]
    plan = plan_crews(problem, effort=_EFFORT)
    assert [*_faults(problem, plan.crews)] == []
    assert (plan.left, plan.proved) == ((), True)


@pytest.mark.parametrize("effort", [DutyEffort(seconds=30, stop=lambda: True), DutyEffort(seconds=0)])
def test_there_is_a_lawful_plan_at_once(effort: DutyEffort) -> None:
    problem = _commuters(9, 3)
    plan = plan_crews(problem, effort=effort)
    assert [*_faults(problem, plan.crews)] == []
    assert plan.left == ()
    assert plan.drivers_bound <= plan.drivers


@pytest.mark.parametrize("seed", range(3))
def test_a_season_of_54_runs_is_proved(seed: int) -> None:
    problem = make(Season(runs=54, days=5, kinds=1, seed=seed))[1]
    plan = plan_crews(problem, effort=_EFFORT)
    assert [*_faults(problem, plan.crews)] == []
    assert (plan.left, plan.proved) == ((), True)


@pytest.mark.parametrize("seed", range(100))
def test_every_price_bounds_every_plan(seed: int) -> None:
    """Those of paths too, in any window, though plans are seldom good enough to need them."""
    problem = _random_problem(Random(seed))
    alike = replace(problem, depots=(0, 0, 0), runs=tuple(replace(run, depot=0) for run in problem.runs))
    blocks = [block for block in make_blocks(alike, depot=0) if block.casts]
    possible = {run for block in blocks for run in block.runs}
    hopeless = sum(
        run.weight for n, run in enumerate(alike.runs) if n not in possible and run.with_run is None
    )
    left, used = _best(alike)
    prices = free_prices(blocks, alike.law)
    for limit in alike.law.limits:
        for opens_s in sorted({block.start_s for block in blocks}):
            paths = Paths(blocks, alike.law, opens_s=opens_s, limit=limit)
            price = paths.price([], known=0, rounds=20, limits=Limits())
            assert price is not None
            prices.append(price)
    for price in prices:
        assert price.left_weight(blocks, drivers=3) <= left - hopeless
        assert price.drivers(blocks, left_weight=left - hopeless) <= used
    assert cover(blocks, alike.law).left_weight(drivers=3) <= left - hopeless
    assert cover(blocks, alike.law).drivers(left_weight=left - hopeless) <= used


def test_paths_see_what_the_simple_prices_do_not() -> None:
    """Three coaches of 8 h and two of 3 h a day for a week: 210 h would be five drivers'."""
    hours = (8, 8, 8, 3, 3)
    runs = tuple(_run((_DAY_H * day + 8, _DAY_H * day + 8 + h, 0)) for day in range(7) for h in hours)
    problem = CrewProblem(runs=runs, depots=(0,) * 9, law=_LAW)
    blocks = make_blocks(problem, depot=0)
    assert max(price.drivers(blocks) for price in free_prices(blocks, _LAW)) == 5
    assert cover(blocks, _LAW).drivers(left_weight=0) == 5
    limit = _LAW.limits[1]
    paths = Paths(blocks, _LAW, opens_s=fullest_windows(blocks, limit)[0], limit=limit)
    price = paths.price([], known=0, rounds=60, limits=Limits())
    assert price is not None
    assert price.drivers(blocks) == 6
    plan = plan_crews(problem, effort=DutyEffort(effort=0))
    assert (plan.drivers, plan.proved) == (6, True)


def test_pairs_see_what_one_instant_does_not() -> None:
    """Two are away at any time, eleven hours are two drivers', but who makes the first may not the last."""
    runs = (_run((0, 5, 0)), _run((0, 0.5, 0), (19.5, 20, 0)), _run((15, 20, 0)))
    blocks = make_blocks(CrewProblem(runs=runs, depots=(0,), law=_LAW), depot=0)
    assert max(price.drivers(blocks) for price in free_prices(blocks, _LAW)) == 2
    assert cover(blocks, _LAW).drivers(left_weight=0) == 3
    assert cover(blocks, _LAW).left_weight(drivers=2) == 1
    assert _plan(*runs).drivers == 3


@pytest.mark.parametrize(
    "broken",
    [
        {"end_s": 0},
        {"drivers": 0},
        {"weight": 0},
        {"spells": (Spell(start_s=0, end_s=3, slot=1),)},
        {"spells": (Spell(start_s=0, end_s=99, slot=0),)},
        {"spells": (Spell(start_s=0, end_s=3, slot=0), Spell(start_s=2, end_s=4, slot=0))},
    ],
)
def test_impossible_runs_are_refused(broken: dict[str, Any]) -> None:
    good = CrewRun(start_s=0, end_s=9, drivers=1, spells=(Spell(start_s=0, end_s=3, slot=0),))
    with pytest.raises(ValueError, match="run"):
        replace(good, **broken)


@pytest.mark.parametrize("changes", [{"drivers": 2}, {"depot": 1}, {"start_s": 8}])
def test_a_way_back_that_cannot_be_is_refused(changes: dict[str, Any]) -> None:
    out = CrewRun(start_s=0, end_s=9, drivers=1, spells=())
    back = CrewRun(start_s=9, end_s=18, drivers=1, spells=(), with_run=0)
    CrewProblem(runs=(out, back), depots=(0,), law=_LAW)
    with pytest.raises(ValueError, match="stays together"):
        CrewProblem(runs=(out, replace(back, **changes)), depots=(0,), law=_LAW)
    with pytest.raises(ValueError, match="follow"):
        CrewProblem(runs=(out, back, back), depots=(0,), law=_LAW)
