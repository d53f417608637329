"""Matching: the best there is, proved, whatever the order of rows; filters that hold; groups; reasons."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from planner.errors import SolverError
from planner.solvers.matching import (
    MatchEffort,
    MatchProblem,
    Meeting,
    Persons,
    Points,
    Posts,
    Reason,
    Relaxation,
    explain_person,
    find_apart,
    keep_groups,
    match_people,
    suggest_posts,
)
from planner.solvers.matching import solve as solve_module
from planner.solvers.matching.certificate import bound_on, is_lawful
from planner.solvers.matching.flow import Arcs, find_prices
from tests.bench.matching import Season, make, second_opinion, with_offers

_EFFORT = MatchEffort(rounds=30)


def _tiny(seed: int, *, people: int = 8, posts: int = 8) -> MatchProblem:
    problem = make(Season(people=people, posts=posts, places=1.3, cities=3, seed=seed))
    dice = np.random.default_rng(seed)
    offered = np.where(dice.random(people) < 0.3, dice.integers(0, posts, people), -1)
    return with_offers(problem, offered)


def _price(problem: MatchProblem, person: int, post: int) -> int | None:
    """What a pair costs, None where it is closed: the rules once more, written from their words."""
    who, what, weigh = problem.persons, problem.posts, problem.points
    wish = int(who.wish[person, what.destination[post]])
    asks = int(what.sex[post]) if what.lawful[post] > 0 else 0
    skills, need = int(who.skills[person]), int(what.need[post])
    open_ = (
        max(what.youngest[post], 16) <= who.age[person] <= what.oldest[post]
        and asks in (0, who.sex[person])
        and skills & need == need
        and what.wage_fen[post] >= who.floor_fen[person]
        and wish >= 0
    )
    short = max(weigh.best_fen - int(what.wage_fen[post]), 0) // weigh.step_fen
    idle = (skills & ~need).bit_count()
    other = int(who.offered[person]) not in (-1, post)
    return (
        wish * weigh.wish + short * weigh.wage + idle * weigh.idle + other * weigh.change if open_ else None
    )


def _alone(problem: MatchProblem, person: int) -> int:
    told = problem.persons.offered[person] >= 0
    return problem.points.unmatched + problem.points.change * int(told)


def _brute(problem: MatchProblem) -> int:
    """The least points over all choices, one person after the other, by what is left of the posts."""
    states = {tuple(problem.posts.quota.tolist()): 0}
    for person in range(problem.persons.age.size):
        after: dict[tuple[int, ...], int] = {}
        for left, points in states.items():
            options = [(left, points + _alone(problem, person))]
            for post, room in enumerate(left):
                price = _price(problem, person, post)
                if room and price is not None:
                    options.append(((*left[:post], room - 1, *left[post + 1 :]), points + price))
            for key, total in options:
                after[key] = min(after.get(key, total), total)
        states = after
    return min(states.values())


def _worth(problem: MatchProblem, post: Any) -> int:
    """The points of a plan, every filter and quota checked."""
    assert (np.bincount(post[post >= 0], minlength=problem.posts.quota.size) <= problem.posts.quota).all()
    total = 0
    for person, taken in enumerate(post.tolist()):
        price = _alone(problem, person) if taken < 0 else _price(problem, person, taken)
        assert price is not None
        total += price
    return total


@pytest.mark.parametrize("seed", range(40))
def test_nothing_better_exists(seed: int) -> None:
    problem = _tiny(seed)
    plan = match_people(problem, effort=_EFFORT, pairs=3)
    assert plan.points == _worth(problem, plan.post) == _brute(problem)
    assert plan.proved
    assert plan.absent == 0


def test_it_agrees_with_all_pairs_of_a_dense_assignment() -> None:
    problem = make(Season(people=300, posts=320))
    alone = np.diag([_alone(problem, person) for person in range(300)])
    dense = np.full((300, 620), 10**9)
    dense[:, 320:][alone > 0] = alone[alone > 0]
    for person, post in product(range(300), range(320)):
        price = _price(problem, person, post)
        dense[person, post] = dense[person, post] if price is None else price
    library: Any = optimize
    row, column = library.linear_sum_assignment(dense)
    plan = match_people(problem, effort=_EFFORT, pairs=10)
    assert plan.points == plan.bound == int(dense[row, column].sum())


def test_a_linear_program_agrees_on_the_pairs() -> None:
    ours, theirs = second_opinion(make(Season(people=800, posts=500, places=1.5)), pairs=12)
    assert ours == theirs


def test_the_bound_holds_when_the_rounds_are_up() -> None:
    problem = make(Season(people=400, posts=400))
    best = match_people(problem, effort=_EFFORT)
    short = match_people(problem, effort=MatchEffort(rounds=1), pairs=4)
    assert short.bound <= best.points < short.points == _worth(problem, short.post)
    assert short.absent > 0
    assert not short.proved
    assert short.loss == (short.points - short.bound) / max(short.bound, 1)


def _mixed(rows: Persons | Posts, order: Any) -> Any:
    return replace(rows, **{field.name: getattr(rows, field.name)[order] for field in fields(rows)})


@given(seed=st.integers(0, 10**6))
def test_the_order_of_rows_is_irrelevant(seed: int) -> None:
    problem, dice = make(Season(people=12, posts=9, cities=3, seed=seed)), np.random.default_rng(seed)
    persons = _mixed(problem.persons, dice.permutation(12))
    posts = _mixed(problem.posts, dice.permutation(9))
    other = match_people(replace(problem, persons=persons, posts=posts), effort=_EFFORT)
    assert match_people(problem, effort=_EFFORT).points == other.points


@given(seed=st.integers(0, 10**6))
def test_one_more_post_never_worsens_the_value(seed: int) -> None:
    problem = make(Season(people=12, posts=9, cities=3, seed=seed))
    fewer = replace(problem, posts=_mixed(problem.posts, np.arange(8)))
    assert match_people(problem, effort=_EFFORT).points <= match_people(fewer, effort=_EFFORT).points


def test_doubled_points_double_the_value() -> None:
    problem = _tiny(5)
    twice = Points(unmatched=20_000, wish=600, wage=20, idle=40, change=2_000)
    plan = match_people(replace(problem, points=twice), effort=_EFFORT)
    assert plan.points == 2 * match_people(problem, effort=_EFFORT).points


def test_few_earlier_offers_change_when_posts_are_added() -> None:
    problem = make(Season(people=1_500, posts=1_530))
    before = replace(problem, posts=_mixed(problem.posts, np.arange(1_515)))
    told = match_people(before, effort=_EFFORT).post
    after = match_people(with_offers(problem, told), effort=_EFFORT)
    had = told >= 0
    assert (after.post[had] != told[had]).mean() <= 0.02
    free = match_people(problem, effort=_EFFORT)
    assert (free.post[had] != told[had]).mean() > 0.02


def test_a_sex_is_heeded_only_for_a_lawful_reason() -> None:
    problem = make(Season(people=60, posts=60))
    men = replace(problem.persons, sex=np.ones(60, dtype=np.int64))
    women = np.full(60, 2)
    asked = replace(problem.posts, sex=women, lawful=np.zeros(60, dtype=np.int64))
    plan = match_people(replace(problem, persons=men, posts=asked), effort=_EFFORT)
    assert (plan.post >= 0).any()
    assert asked.unlawful.size == 60
    lawful = replace(asked, lawful=np.ones(60, dtype=np.int64))
    assert (match_people(replace(problem, persons=men, posts=lawful), effort=_EFFORT).post < 0).all()
    assert lawful.unlawful.size == 0


def test_nobody_is_introduced_below_sixteen() -> None:
    problem = make(Season(people=60, posts=60))
    posts = replace(problem.posts, youngest=np.full(60, 14))
    children = replace(problem.persons, age=np.full(60, 15))
    plan = match_people(replace(problem, persons=children, posts=posts), effort=_EFFORT)
    assert (plan.post < 0).all()


@pytest.mark.parametrize(("people", "posts"), [(0, 0), (0, 3), (3, 0), (1, 1)])
def test_nobody_and_nothing_are_an_answer(people: int, posts: int) -> None:
    problem = make(Season(people=max(people, 1), posts=max(posts, 1)))
    problem = replace(
        problem,
        persons=_mixed(problem.persons, np.arange(people)),
        posts=_mixed(problem.posts, np.arange(posts)),
    )
    assert match_people(problem, effort=MatchEffort(seconds=5)).proved


def test_an_answer_that_is_not_the_cheapest_has_no_prices() -> None:
    arcs = Arcs(person=np.array([0, 0, 1]), post=np.array([0, 1, 0]), points=np.array([1, 5, 1]))
    quota, alone = np.array([1, 1]), np.array([100, 100])
    prices = find_prices(arcs, np.array([1, 2]), quota=quota, alone=alone)
    assert bound_on(arcs, prices, quota=quota, alone=alone) == 6
    for wrong in ([0, -1], [-1, -1], [-1, 2], [1, -1]):
        with pytest.raises(SolverError):
            find_prices(arcs, np.array(wrong), quota=quota, alone=alone)


def test_people_who_would_swap_or_rather_stay_at_home_have_no_prices() -> None:
    person, post, points = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([1, 5, 5, 1])
    arcs, quota = Arcs(person=person, post=post, points=points), np.array([1, 1])
    assert find_prices(arcs, np.array([0, 3]), quota=quota, alone=np.array([9, 9])).tolist() == [0, 0]
    with pytest.raises(SolverError):
        find_prices(arcs, np.array([1, 2]), quota=quota, alone=np.array([9, 9]))
    with pytest.raises(SolverError):
        find_prices(arcs.only(np.array([1, 3])), np.array([0, -1]), quota=quota, alone=np.array([3, 1]))


def test_lawful_is_one_pair_of_his_own_each_and_no_post_too_full() -> None:
    arcs, quota = Arcs(person=np.array([0, 1]), post=np.array([0, 0]), points=np.array([1, 1])), np.array([1])
    assert is_lawful(arcs, np.array([0, -1]), quota=quota)
    assert not is_lawful(arcs, np.array([0, 1]), quota=quota)
    assert not is_lawful(arcs, np.array([-1, 0]), quota=quota)


def test_a_flow_that_is_not_proved_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_args: object, **_more: object) -> int:
        return 0

    monkeypatch.setattr(solve_module, "bound_on", nothing)
    with pytest.raises(SolverError):
        match_people(_tiny(1), effort=_EFFORT)


def test_prices_below_nothing_prove_nothing() -> None:
    arcs = Arcs(person=np.array([0]), post=np.array([0]), points=np.array([1]))
    with pytest.raises(ValueError, match="price"):
        bound_on(arcs, np.array([-1]), quota=np.array([1]), alone=np.array([5]))


def test_time_that_is_up_ends_after_the_first_round() -> None:
    problem = make(Season(people=300, posts=300))
    assert match_people(problem, effort=MatchEffort(seconds=0), pairs=3).rounds == 1
    stopped = MatchEffort(seconds=60, stop=lambda: True)
    assert match_people(problem, effort=stopped, pairs=3).rounds == 1


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("persons", {"age": np.arange(7)}),
        ("persons", {"wish": np.arange(8)}),
        ("persons", {"skills": np.full(8, -1)}),
        ("persons", {"offered": np.full(8, 8)}),
        ("persons", {"tie": np.full(8, 0)}),
        ("posts", {"quota": np.arange(7)}),
        ("posts", {"quota": np.full(8, -1)}),
        ("posts", {"destination": np.full(8, 3)}),
        ("points", {"wish": -1}),
        ("points", {"change": 1 << 50}),
        ("points", {"step_fen": 0}),
    ],
)
def test_what_cannot_be_meant_is_refused(part: str, change: dict[str, Any]) -> None:
    problem = _tiny(1)
    with pytest.raises(ValueError):  # noqa: PT011  # each says what
        replace(problem, **{part: replace(getattr(problem, part), **change)})


@pytest.mark.parametrize("both", [{}, {"seconds": 1, "rounds": 1}])
def test_an_effort_is_of_one_kind(both: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="either"):
        MatchEffort(**both)


def _without(problem: MatchProblem, person: int, *, post: int) -> MatchProblem:
    """The others, with one place less."""
    quota = problem.posts.quota.copy()
    quota[post] -= 1
    others = np.delete(np.arange(problem.persons.age.size), person)
    persons = _mixed(problem.persons, others)
    return replace(problem, persons=persons, posts=replace(problem.posts, quota=quota))


@pytest.mark.parametrize("seed", range(12))
def test_a_suggestion_costs_what_planning_anew_costs(seed: int) -> None:
    problem = _tiny(seed)
    plan = match_people(problem, effort=_EFFORT)
    for person in range(8):
        prices = {post: _price(problem, person, post) for post in range(8)}
        anew = {
            post: price + match_people(_without(problem, person, post=post), effort=_EFFORT).points
            for post, price in prices.items()
            if price is not None and problem.posts.quota[post]
        }
        found = suggest_posts(problem, plan, person=person, most=20)
        assert {one.post: one.added for one in found} == {
            post: points - plan.points for post, points in anew.items()
        }
        assert [one.added for one in found] == sorted(one.added for one in found)
        assert all(one.exact for one in found)
        first = [one.added for one in suggest_posts(problem, plan, person=person, most=2)]
        assert first == [one.added for one in found][:2]


def test_nobody_of_a_group_makes_way() -> None:
    problem = make(Season(people=60, posts=60, pairs=1))
    plan = match_people(problem, effort=_EFFORT)
    tie = np.zeros(60, dtype=np.int64)
    tied = replace(problem, persons=replace(problem.persons, tie=tie))
    room = problem.posts.quota - np.bincount(plan.post[plan.post >= 0], minlength=60)
    chains = 0
    for person in range(60):
        found = {one.post for one in suggest_posts(tied, plan, person=person, most=60)} - {plan.post[person]}
        assert all(room[post] > 0 for post in found)
        chains += len(suggest_posts(problem, plan, person=person, most=60)) - len(found)
    assert chains > 60


def test_a_suggestion_on_a_poor_plan_says_that_it_is_not_exact() -> None:
    problem = make(Season(people=200, posts=200))
    poor = match_people(problem, effort=MatchEffort(rounds=1), pairs=2)
    found = [suggest_posts(problem, poor, person=person) for person in range(20)]
    assert any(not one.exact for some in found for one in some)


@pytest.mark.parametrize("seed", range(5))
def test_reasons_count_every_post_once(seed: int) -> None:
    problem = make(Season(people=40, posts=30, seed=seed))
    plan = match_people(problem, effort=_EFFORT)
    used = np.bincount(plan.post[plan.post >= 0], minlength=30)
    for person in range(40):
        told = explain_person(problem, plan, person=person)
        assert sum(count for _, count in told.counts) == 30
        open_ = [post for post in range(30) if _price(problem, person, post) is not None]
        full = sum(used[post] >= problem.posts.quota[post] for post in open_)
        assert dict(told.counts).get(Reason.FULL, 0) == full
        assert dict(told.counts).get(Reason.OPEN, 0) == len(open_) - full
        for relaxed in told.relaxations:
            assert _opens(problem, plan.post, person=person, relaxed=relaxed)


def _opens(problem: MatchProblem, taken: Any, *, person: int, relaxed: Relaxation) -> bool:
    """Whether the change opens the post, and one step less would not."""

    def changed(amount: int) -> bool:
        who, post, what = problem.persons, relaxed.post, problem.posts
        age, skills, floor_fen, wish = (
            who.age.copy(),
            who.skills.copy(),
            who.floor_fen.copy(),
            who.wish.copy(),
        )
        if relaxed.reason == Reason.AGE:
            age[person] += amount if age[person] < what.youngest[post] else -amount
        elif relaxed.reason == Reason.SKILL:
            lacking = [
                bit for bit in range(8) if what.need[post] >> bit & 1 and not skills[person] >> bit & 1
            ]
            skills[person] |= sum(1 << bit for bit in lacking[:amount])
        elif relaxed.reason == Reason.WAGE:
            floor_fen[person] -= amount
        elif relaxed.reason == Reason.DESTINATION and amount:
            wish[person, relaxed.amount] = 0
        persons = replace(who, age=age, skills=skills, floor_fen=floor_fen, wish=wish)
        return _price(replace(problem, persons=persons), person, post) is not None

    room = (taken == relaxed.post).sum() < problem.posts.quota[relaxed.post]
    if relaxed.reason == Reason.FULL:
        return not room and changed(0)
    whole = 1 if relaxed.reason == Reason.DESTINATION else relaxed.amount
    return bool(room) and changed(whole) and not changed(whole - 1)


def test_groups_are_kept_and_the_loss_is_known() -> None:
    problem = make(Season(people=1_500, posts=1_590, pairs=75))
    free = match_people(problem, effort=_EFFORT)
    assert len(find_apart(problem, free.post)) > 30
    kept = keep_groups(problem, free, effort=_EFFORT)
    assert kept.points == _worth(problem, kept.post)
    assert kept.groups == find_apart(problem, kept.post)
    assert set(kept.groups) <= set(kept.nowhere)
    assert 0 < len(kept.nowhere) < 10
    assert kept.bound == free.bound <= free.points < kept.points
    assert kept.loss <= 0.01
    for group in kept.nowhere:
        assert not _common_venues(problem, group)


def test_a_couple_needs_two_places() -> None:
    problem = make(Season(people=2, posts=1, pairs=1))
    like = _mixed(problem.persons, np.zeros(2, dtype=np.int64))
    like = replace(like, tie=np.zeros(2, dtype=np.int64), wish=np.zeros((2, 16), dtype=np.int64))
    easy = {"need": np.zeros(1, dtype=np.int64), "youngest": np.array([16]), "oldest": np.array([70])}
    posts = replace(problem.posts, wage_fen=like.floor_fen[:1], sex=np.zeros(1, dtype=np.int64), **easy)
    for places in (1, 2):
        room = replace(problem, persons=like, posts=replace(posts, quota=np.array([places])))
        kept = keep_groups(room, match_people(room, effort=_EFFORT), effort=_EFFORT)
        assert kept.nowhere == kept.groups == ((0,) if places == 1 else ())


def _common_venues(problem: MatchProblem, group: int) -> set[int]:
    """Where each of a group is open to some post."""
    posts = problem.posts
    venue = posts.employer if problem.meetings[group] == Meeting.EMPLOYER else posts.destination
    able: list[set[int]] = [
        {int(venue[post]) for post in range(venue.size) if _price(problem, person, post) is not None}
        for person in np.flatnonzero(problem.persons.tie == group).tolist()
    ]
    return able[0].intersection(*able[1:])
