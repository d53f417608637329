"""Job fairs: the best plan against looking at all of them, every rule, the bound, locks, suggestions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

import pytest

from planner.solvers.fairs import (
    Employer,
    Fair,
    FairsBudget,
    FairsProblem,
    FairsSolution,
    Prices,
    Rule,
    Slot,
    Venue,
    Village,
    Weights,
    Wish,
    recompute,
    solve_fairs,
)
from planner.solvers.fairs import solve as stages
from planner.solvers.fairs.bound import Relaxation
from planner.solvers.fairs.ground import survey
from planner.solvers.fairs.judge import Judge
from planner.solvers.fairs.suggest import find_options, hold_lacking
from planner.solvers.fairs.turnout import turnout
from planner.solvers.routing.search import Progress
from tests.bench.fairs.recipe import make
from tests.unit.solvers.fairs_brute import best_worth, faults, heads_at, random_problem, worth

TINY = 300
FEW = 24


def _solve(problem: FairsProblem, effort: int = 40, seed: int = 0) -> FairsSolution:
    return solve_fairs(problem, FairsBudget(effort=effort, seed=seed))


def _any_plan(dice: Random, problem: FairsProblem) -> tuple[Fair, ...]:
    slots = {
        Slot(
            dice.randrange(len(problem.wishes)),
            dice.randrange(len(problem.venues)),
            dice.randrange(problem.days),
        )
        for _ in range(dice.randint(0, 5))
    }
    known = range(len(problem.employers))
    return tuple(
        Fair(slot=slot, employers=tuple(n for n in known if dice.random() < 0.4)) for slot in sorted(slots)
    )


@pytest.fixture(scope="module")
def season() -> Iterator[FairsProblem]:
    """Nine fairs in a county, with fewer steps of prices than otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stages, "_STEPS", 250)
        yield make(9, 3)


@pytest.fixture(scope="module")
def solution(season: FairsProblem) -> FairsSolution:
    return _solve(season)


def test_brute_force_agrees_on_tiny_seasons(tiny: int) -> None:
    many = min(TINY, tiny)
    held = guests = fixed = moved = tight = 0
    for seed in range(many):
        problem = random_problem(Random(seed))
        best, found = best_worth(problem), _solve(problem, 1)
        assert faults(problem, found.fairs) == [], seed
        assert best == found.score.total == found.bound_fen == worth(problem, found.fairs), seed
        assert found.verified_fen >= best, seed
        held += len(found.fairs) > 1
        guests += any(fair.employers for fair in found.fairs)
        fixed, moved = fixed + bool(problem.fixed), moved + (found.score.moved < 0)
        tight += found.verified_fen == best
    assert min(held, guests, fixed, moved) > many / 10
    assert tight > many / 4


def test_the_stages_for_large_seasons_are_right_on_tiny_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "_SMALL", -1)
    monkeypatch.setattr(stages, "_STEPS", 200)
    reached = 0
    for seed in range(FEW):
        problem = random_problem(Random(seed))
        best, found = best_worth(problem), _solve(problem, 30)
        assert faults(problem, found.fairs) == [], seed
        assert found.score.total <= best <= found.bound_fen == found.verified_fen, seed
        reached += found.score.total == best
    assert reached >= 0.9 * FEW


def test_any_plan_is_judged() -> None:
    lawful = 0
    for seed in range(20 * FEW):
        dice = Random(seed)
        problem = replace(random_problem(dice), fixed=())
        plan = _any_plan(dice, problem)
        judgement = Judge(problem).judge(plan)
        assert judgement.score.total == worth(problem, plan), seed
        too_wide = [
            number
            for fair in plan
            for number in fair.employers
            if problem.employers[number].booths > problem.venues[fair.slot.venue].booths
        ]
        assert bool(judgement.breaches) == bool(faults(problem, plan)) or too_wide, seed
        lawful += not judgement.breaches
        assert sum(sum(expected.filled) for expected in judgement.expected) == sum(map(sum, judgement.filled))
    assert lawful > FEW


def test_turnout_is_whole_heads_that_the_venue_holds() -> None:
    full = 0
    for seed in range(FEW):
        problem = random_problem(Random(seed))
        for number, wish in enumerate(problem.wishes):
            for venue in wish.venues:
                coming = {(i, s): heads for i, s, heads in turnout(problem, wish, venue=venue)}
                assert coming == heads_at(problem, Slot(number, venue, 0))
                assert sum(coming.values()) <= problem.venues[venue].visitors
                assert all(heads <= problem.villages[i].seekers[s] for (i, s), heads in coming.items())
                full += sum(coming.values()) == problem.venues[venue].visitors
    assert full


def test_any_prices_make_a_lawful_bound() -> None:
    for seed in range(2 * FEW):
        dice = Random(seed)
        problem = random_problem(dice)
        found = _solve(problem, 1)
        prices = found.prices

        def shaken(fen: int, dice: Random = dice) -> int:
            return fen + dice.choice((-30, -5, 0, 0, 5, 30))

        wild = replace(
            prices,
            seeker_fen=tuple(tuple(map(shaken, row)) for row in prices.seeker_fen),
            post_fen=tuple(tuple(map(shaken, row)) for row in prices.post_fen),
            visit_fen=tuple(map(shaken, prices.visit_fen)),
            first_fen=tuple(map(shaken, prices.first_fen)),
            sites=tuple(
                replace(
                    site,
                    visitor_fen=tuple(map(shaken, site.visitor_fen)),
                    booth_fen=shaken(site.booth_fen),
                )
                for site in prices.sites
            ),
            rows=tuple((key, shaken(fen)) for key, fen in prices.rows),
        )
        assert recompute(problem, wild) >= found.score.total, seed


def test_the_bound_is_the_one_that_was_searched_for() -> None:
    """Two codes, one bound: fixed fairs and their guests, pools and neighbours counted alike."""
    fixed = 0
    for seed in range(4 * FEW):
        problem = random_problem(Random(seed))
        outlook = Relaxation(survey(problem)).climb(lambda steps: steps / 20)
        assert recompute(problem, outlook.prices) == outlook.bound_fen, seed
        fixed += any(fair.employers for fair in problem.fixed)
    assert fixed > FEW / 2


def test_a_price_for_a_rule_that_is_not_there_does_not_count() -> None:
    """Townships 0 and 2 are no neighbours: fairs in both on one day are worth what they are worth."""
    problem = _one_fair()
    far = replace(problem.venues[1], township=2)
    wish = replace(problem.wishes[0], count=2)
    problem = replace(problem, venues=(problem.venues[0], far), wishes=(wish,), gap_days=2)
    none = Prices(
        seeker_fen=((0,),),
        post_fen=((0,), (0,)),
        visit_fen=(0, 0),
        first_fen=(10**6, 10**6),
        sites=(),
        rows=((("near", 0, 2, 3), 10**6),),
    )
    bare = replace(none, rows=())
    assert recompute(problem, none) == recompute(problem, bare) >= _solve(problem).score.total


def test_more_posts_are_never_worth_less() -> None:
    """But for an employer without any, who is not missed where it is not."""
    for seed in range(FEW):
        dice = Random(seed)
        problem = random_problem(dice)
        if not problem.employers:
            continue
        problem = replace(problem, weights=replace(problem.weights, idle_fen=0))
        chosen = dice.randrange(len(problem.employers))
        more = tuple(
            replace(employer, posts=tuple(posts + 2 for posts in employer.posts)) if n == chosen else employer
            for n, employer in enumerate(problem.employers)
        )
        assert _solve(replace(problem, employers=more)).score.total >= _solve(problem).score.total, seed


def test_a_useless_venue_changes_nothing() -> None:
    """But where a required fair had no place at all: better there than nowhere."""
    for seed in range(FEW // 2):
        problem = random_problem(Random(seed))
        nobody = Venue(visitors=0, booths=0, bonus_fen=(0,) * problem.days, township=9, cost_fen=10**6)
        more = replace(
            problem,
            venues=(*problem.venues, nobody),
            reach_permille=(*problem.reach_permille, (0,) * len(problem.villages)),
            employers=tuple(
                replace(employer, travel_fen=(*employer.travel_fen, None)) for employer in problem.employers
            ),
            wishes=tuple(
                replace(wish, venues=(*wish.venues, len(problem.venues))) for wish in problem.wishes
            ),
        )
        before, after = _solve(problem), _solve(more)
        if before.score.missing == 0:
            assert after.score.total == before.score.total, seed
        assert after.score.total >= before.score.total, seed


def test_the_order_of_rows_changes_no_worth() -> None:
    for seed in range(FEW):
        problem = random_problem(Random(seed))
        assert _solve(_turned(problem)).score.total == _solve(problem).score.total, seed


def _turned(problem: FairsProblem) -> FairsProblem:
    """The same with all rows the other way round."""
    wishes, venues, employers = len(problem.wishes), len(problem.venues), len(problem.employers)

    def fair(told: Fair) -> Fair:
        wish, venue, day = told.slot
        slot = Slot(wishes - 1 - wish, venues - 1 - venue, day)
        return Fair(slot=slot, employers=tuple(employers - 1 - n for n in told.employers))

    return replace(
        problem,
        venues=problem.venues[::-1],
        villages=problem.villages[::-1],
        employers=tuple(
            replace(employer, travel_fen=employer.travel_fen[::-1]) for employer in problem.employers[::-1]
        ),
        wishes=tuple(
            replace(
                wish,
                venues=tuple(venues - 1 - venue for venue in wish.venues),
                employers=None
                if wish.employers is None
                else frozenset(employers - 1 - n for n in wish.employers),
            )
            for wish in problem.wishes[::-1]
        ),
        reach_permille=tuple(row[::-1] for row in problem.reach_permille[::-1]),
        fixed=tuple(map(fair, problem.fixed)),
        previous=tuple(map(fair, problem.previous)),
    )


def test_a_season_keeps_every_rule_and_is_near_its_bound(
    season: FairsProblem, solution: FairsSolution
) -> None:
    judgement = Judge(season).judge(solution.fairs)
    assert judgement.breaches == ()
    assert faults(season, solution.fairs) == []
    assert solution.score == judgement.score
    assert recompute(season, solution.prices) == solution.verified_fen == solution.bound_fen
    assert 0 <= solution.gap < 0.05


def test_counted_effort_repeats(season: FairsProblem, solution: FairsSolution) -> None:
    assert _solve(season) == solution


def test_a_lock_moves_few_others(season: FairsProblem, solution: FairsSolution) -> None:
    moved = next(fair for fair in solution.fairs if season.wishes[fair.slot.wish].count > 1)
    options = find_options(Judge(season), solution.fairs, wish=moved.slot.wish, moved=moved)
    target = next(breach.slot for breach in options.refused if breach.rule in {Rule.SPACING, Rule.TAKEN})
    for slot in (options.best[0].fair.slot, target):
        asked = replace(
            season,
            fixed=(Fair(slot=slot),),
            previous=solution.fairs,
            weights=replace(season.weights, moved_fen=1_000_000, rebooked_fen=20_000),
        )
        again = _solve(asked, seed=1)
        before = {fair.slot for fair in solution.fairs} - {moved.slot}
        assert slot in {fair.slot for fair in again.fairs}
        assert len(before - {fair.slot for fair in again.fairs}) <= 2
        bookings = [
            {(fair.slot.wish, employer) for fair in fairs for employer in fair.employers}
            for fairs in (solution.fairs, again.fairs)
        ]
        assert len(bookings[0] - bookings[1]) <= 0.05 * len(bookings[0])


def test_suggestions_cost_what_they_say(season: FairsProblem, solution: FairsSolution) -> None:
    judge, moved = Judge(season), solution.fairs[2]
    options = find_options(judge, solution.fairs, wish=moved.slot.wish, moved=moved)
    others = [fair for fair in solution.fairs if fair != moved]
    assert len(options.best) == 5
    for option in options.best:
        judgement = judge.judge([*others, option.fair])
        assert judgement.breaches == ()
        assert judgement.score == option.score
        assert option.added_fen == solution.score.total - option.score.total
    assert [option.added_fen for option in options.best] == sorted(o.added_fen for o in options.best)
    for breach in options.refused[::97]:
        broken = judge.judge([*others, Fair(slot=breach.slot)]).breaches
        assert any(found.rule is breach.rule and found.slot == breach.slot for found in broken)
    venues = len(season.wishes[moved.slot.wish].venues)
    assert options.lawful + len(options.refused) == venues * season.days - 1


def test_suggestions_ask_nobody_who_is_elsewhere() -> None:
    """Both come to another fair on day 3, and the second to no more than one."""
    problem = _one_fair()
    first, second = (replace(employer, posts=(50,)) for employer in problem.employers)
    wish = replace(problem.wishes[0], spaced=False)
    problem = replace(problem, employers=(first, replace(second, most=1)), wishes=(wish, wish))
    plan = (Fair(slot=Slot(0, 1, 3), employers=(0, 1)),)
    options = find_options(Judge(problem), plan, wish=1, best=20)
    assert len(options.best) == options.lawful == 19
    assert {option.fair.employers for option in options.best if option.fair.slot.day == 3} == {()}
    assert {option.fair.employers for option in options.best if option.fair.slot.day != 3} == {(0,)}


def _one_fair() -> FairsProblem:
    """A township with two halls, one wish, ten days; everything is open."""
    hall = Venue(visitors=500, booths=2, bonus_fen=(0, 0, 0, 700, 0, 0, 0, 0, 0, 0), township=0)
    return FairsProblem(
        days=10,
        venues=(hall, replace(hall, bonus_fen=(0,) * 10)),
        villages=(Village(seekers=(40,), worth_fen=100),),
        employers=(
            Employer(posts=(5,), days=frozenset(range(10)), travel_fen=(300, 200)),
            Employer(posts=(9,), days=frozenset(range(10)), travel_fen=(300, 200)),
        ),
        wishes=(Wish(count=1, least=1, venues=(0, 1), first=0, last=9),),
        reach_permille=((500,), (250,)),
        weights=Weights(post_fen=(1000,)),
    )


def test_one_fair_is_worth_what_a_person_would_say() -> None:
    found = _solve(_one_fair())
    assert found.fairs == (Fair(slot=Slot(0, 0, 3), employers=(0, 1)),)
    score = found.score
    assert (score.covered, score.matched, score.market, score.travel) == (2000, 14_000, 700, -600)
    assert score.total == 16_100
    assert found.proved


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"first": 4}, Rule.EARLIEST),
        ({"last": 2}, Rule.LATEST),
        ({"venues": (1,)}, Rule.VENUE),
        ({"count": 0, "least": 0}, Rule.COUNT),
    ],
)
def test_a_wish_refuses_a_slot(change: dict[str, object], rule: Rule) -> None:
    problem = _one_fair()
    wish: Wish = replace(problem.wishes[0], **change)
    _refused(replace(problem, wishes=(wish,)), rule)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"closed": frozenset({3})}, Rule.HOLIDAY),
        ({"crowd": 20, "crowd_first": 4}, Rule.PERMIT),
    ],
)
def test_a_season_refuses_a_slot(change: dict[str, object], rule: Rule) -> None:
    problem: FairsProblem = replace(_one_fair(), **change)
    _refused(problem, rule)


def test_a_shut_venue_refuses_a_slot() -> None:
    problem = _one_fair()
    shut = replace(problem.venues[0], closed=frozenset({3}))
    _refused(replace(problem, venues=(shut, problem.venues[1])), Rule.SHUT)


def _refused(problem: FairsProblem, rule: Rule) -> None:
    fair = Fair(slot=Slot(0, 0, 3))
    assert [breach.rule for breach in Judge(problem).judge((fair,)).breaches] == [rule]
    assert fair.slot not in {fair.slot for fair in _solve(problem).fairs}


@pytest.mark.parametrize(
    ("other", "pools", "rule"),
    [
        (Slot(0, 0, 3), (), Rule.TAKEN),
        (Slot(0, 1, 4), (), Rule.SPACING),
        (Slot(0, 1, 3), ((1,) * 10,), Rule.POOL),
    ],
)
def test_a_fair_beside_another_is_refused(
    other: Slot, pools: tuple[tuple[int, ...], ...], rule: Rule
) -> None:
    problem = _one_fair()
    wish = replace(problem.wishes[0], needs=(1,) * len(pools), spaced=rule is not Rule.POOL)
    problem = replace(problem, wishes=(wish, wish), pools=pools, gap_days=2)
    plan = (Fair(slot=other), Fair(slot=Slot(1, 0, 3)))
    assert rule in {breach.rule for breach in Judge(problem).judge(plan).breaches}
    options = find_options(Judge(problem), plan[:1], wish=1, best=1)
    assert rule in {breach.rule for breach in options.refused if breach.slot == plan[1].slot}


def test_every_rule_of_employers_speaks() -> None:
    problem = _one_fair()
    first, second = problem.employers
    cases: dict[Rule, Callable[[], FairsProblem]] = {
        Rule.BARRED: lambda: replace(problem, employers=(first, replace(second, travel_fen=(None, 0)))),
        Rule.AWAY: lambda: replace(problem, employers=(first, replace(second, days=frozenset({4})))),
        Rule.MOST: lambda: replace(problem, employers=(first, replace(second, most=0))),
        Rule.BOOTHS: lambda: replace(problem, employers=(first, replace(second, booths=2))),
    }
    plan = (Fair(slot=Slot(0, 0, 3), employers=(0, 1)),)
    for rule, build in cases.items():
        assert [breach.rule for breach in Judge(build()).judge(plan).breaches] == [rule]
    wish = replace(problem.wishes[0], spaced=False)
    twice = (*plan, Fair(slot=Slot(1, 1, 3), employers=(1,)))
    both = Judge(replace(problem, wishes=(wish, wish))).judge(twice).breaches
    assert [breach.rule for breach in both] == [Rule.TWICE]


def test_a_fixed_fair_that_is_not_held_is_said() -> None:
    problem = replace(_one_fair(), fixed=(Fair(slot=Slot(0, 1, 5), employers=(1,)),))
    assert [breach.rule for breach in Judge(problem).judge(()).breaches] == [Rule.FIXED]
    found = _solve(problem)
    assert [fair.slot for fair in found.fairs] == [Slot(0, 1, 5)]
    bare = (Fair(slot=Slot(0, 1, 5)),)
    assert [breach.who for breach in Judge(problem).judge(bare).breaches] == [1]


def test_a_required_fair_with_a_slot_left_is_held() -> None:
    judge = Judge(_one_fair())
    assert hold_lacking(judge, ()) == (Fair(slot=Slot(0, 0, 3), employers=(0, 1)),)
    dear = replace(_one_fair(), weights=Weights(post_fen=(0,), missing_fen=0, idle_fen=0))
    dear = replace(dear, wishes=(replace(dear.wishes[0], cost_fen=9_000),))
    assert hold_lacking(Judge(dear), ()) == ()


@pytest.mark.parametrize("seed", [1, 23, 63])
def test_no_required_fair_is_left_out_for_want_of_time(seed: int) -> None:
    problem = random_problem(Random(seed))
    found = stages.solve(problem, FairsBudget(seconds=1.0, stop=lambda: True))
    assert hold_lacking(Judge(problem), found.fairs) == found.fairs
    assert Judge(problem).value(found.fairs) == found.score


def test_why_a_wished_fair_has_no_place() -> None:
    problem = replace(_one_fair(), closed=frozenset(range(5)), crowd=1, crowd_first=10)
    found = _solve(problem)
    assert found.fairs == ()
    assert found.score.missing == -problem.weights.missing_fen
    options = find_options(Judge(problem), found.fairs, wish=0)
    assert options.best == ()
    assert {breach.rule for breach in options.refused} == {Rule.HOLIDAY, Rule.PERMIT}
    with pytest.raises(ValueError, match="no such fair"):
        find_options(Judge(problem), (), wish=0, moved=Fair(slot=Slot(0, 0, 1)))


def test_it_stops_when_asked_and_tells_how_it_goes(season: FairsProblem) -> None:
    heard: list[Progress] = []
    budget = FairsBudget(seconds=30.0, stop=lambda: len(heard) > 2, progress=heard.append)
    found = solve_fairs(season, budget)
    assert Judge(season).judge(found.fairs).breaches == ()
    assert [told.cost_fen for told in heard] == sorted((told.cost_fen for told in heard), reverse=True)
    assert heard[-1].cost_fen == -found.score.total
    assert len(heard) < 10


@pytest.mark.parametrize(
    "change",
    [
        {"reach_permille": ()},
        {"reach_permille": ((500,), (2000,))},
        {"reach_permille": ((500, 1), (250, 1))},
        {"pools": ((1,),)},
        {"fixed": (Fair(slot=Slot(0, 2, 0)),)},
        {"previous": (Fair(slot=Slot(0, 0, 0), employers=(0, 0)),)},
        {"wishes": (Wish(count=1, venues=(5,), first=0, last=1),)},
        {"weights": Weights(post_fen=())},
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"reach|row|names|fair|employer"):
        replace(_one_fair(), **change)
