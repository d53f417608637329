"""The stage of matching: the best there is by brute force, groups, offers, reasons; the checker agrees."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest

from planner.candidates import build_candidates
from planner.check import check_plan
from planner.check.case import Case
from planner.model.agenda import Agenda, MatchCause, Part, RemedyKind
from planner.model.jobs import Post, PostId, SeekerId, SexReason, Wish
from planner.model.outreach import Outreach
from planner.model.outreachlaw import MatchRules
from planner.model.people import Sex
from planner.model.places import DestinationId
from planner.solvers.matching import MatchEffort, match_people
from planner.solvers.matching.leftover import place_left
from planner.solvers.matching.problem import NOBODY
from planner.solvers.routing.search import Budget
from planner.stages.agenda import agenda_share, join_agendas, plan_agenda
from planner.stages.matchdesk import prepare_desk
from planner.stages.matching import plan_matching
from planner.stages.offers import suggest_offers
from tests.unit.check.county import DONGGUAN, GUANGZHOU, V1
from tests.unit.check.good_plan import good_draft
from tests.unit.check.matched_plan import build_matched

if TYPE_CHECKING:
    from planner.model.campaign import Campaign

EFFORT: Final = MatchEffort(rounds=30)


def _post(number: int, **fields: Any) -> Post:
    usual: dict[str, Any] = {
        "destination_id": DONGGUAN,
        "employer": "甲厂",
        "title": "普工",
        "sector": "电子",
        "wage_from_yuan": 4_000,
        "wage_to_yuan": 5_000,
    }
    return Post(id=PostId(f"j{number}"), **{**usual, **fields})


def _wish(number: int, **fields: Any) -> Wish:
    usual: dict[str, Any] = {"village_id": V1, "age": 30, "sex": Sex.FEMALE}
    return Wish(id=SeekerId(f"w{number}"), **{**usual, **fields})


def _campaign(posts: tuple[Post, ...], wishes: tuple[Wish, ...], **rules: int) -> Campaign:
    campaign = build_matched()
    matching = MatchRules(**rules)
    return replace(
        campaign,
        rules=replace(campaign.rules, matching=matching),
        outreach=Outreach(posts=posts, wishes=wishes),
    )


def _plan(campaign: Campaign, previous: Agenda | None = None) -> Agenda:
    agenda = plan_matching(campaign, effort=EFFORT, previous=previous)
    assert agenda is not None
    return agenda


def _broken(campaign: Campaign, agenda: Agenda) -> set[str]:
    plan = replace(good_draft(), campaign=campaign).write()
    return {found.rule for found in check_plan(campaign, replace(plan, agenda=agenda))}


def _taken(agenda: Agenda) -> dict[str, str]:
    return {match.seeker_id: match.post_id for match in agenda.matches}


def _random(seed: int) -> Campaign:
    """A handful of people and posts, some of one group, some told of a post."""
    dice = random.Random(seed)
    cities = (DONGGUAN, GUANGZHOU)
    posts = tuple(
        _post(
            number,
            destination_id=dice.choice(cities),
            employer=dice.choice("甲乙"),
            sector=dice.choice(("电子", "制鞋")),
            count=dice.randint(1, 2),
            wage_to_yuan=dice.randrange(4_500, 7_500, 500),
            age_to=dice.choice((29, 45)),
            skills=dice.choice(((), (), ("焊",))),
            **dice.choice(({}, {}, {"sex": Sex.MALE, "sex_reason": SexReason.MINE}, {"sex": Sex.MALE})),
        )
        for number in range(4)
    )
    wishes = tuple(
        _wish(
            number,
            age=dice.choice((None, 20, 40)),
            sex=dice.choice((None, Sex.MALE, Sex.FEMALE)),
            group=dice.choice(("", "", "一家")),
            sectors=tuple(dice.sample(("电子", "制鞋"), dice.randint(0, 2))),
            skills=dice.choice(((), ("焊", "厨"))),
            least_yuan=dice.choice((0, 5_000)),
            destinations=tuple(dice.sample(cities, dice.randint(0, 2))),
            offered=dice.choice((None, None, PostId("j1"))),
        )
        for number in range(4)
    )
    return _campaign(posts, wishes)


def _brute(campaign: Campaign) -> int:
    """The least cost over all choices, by the words of the checker."""
    plan = replace(good_draft(), campaign=campaign).write()
    bench = Case(campaign, plan).bench
    people, rules = list(bench.people.values()), campaign.rules.matching
    best = 1 << 60
    for choice in product((None, *bench.posts.values()), repeat=len(people)):
        total, lawful = 0, True
        for person, post in zip(people, choice, strict=True):
            other = person.offered is not None and (post is None or post.id != person.offered)
            total += rules.change_fen * other
            if post is None:
                total += rules.unmatched_fen
            else:
                lawful &= _open(person, post) and choice.count(post) <= post.count
                total += sum(bench.price(person, post).values())
        for group in {person.group for person in people}:
            firms = [
                None if post is None else (post.destination_id, post.employer)
                for person, post in zip(people, choice, strict=True)
                if person.group == group
            ]
            total += rules.split_fen * len(firms) * (len(set(firms)) > 1)
        if lawful:
            best = min(best, total)
    return best


def _open(person: Any, post: Post) -> bool:
    return (
        (person.age is None or post.age_from <= person.age <= post.age_to)
        and (post.sex_reason is None or person.sex in {None, post.sex})
        and set(post.skills) <= set(person.skills)
        and post.wage_to_yuan >= person.least_yuan
        and (not person.destinations or post.destination_id in person.destinations)
    )


@pytest.mark.parametrize("seed", range(25))
def test_nothing_better_exists_where_nobody_must_stay_together(seed: int) -> None:
    campaign = _random(seed)
    wishes = tuple(replace(wish, group="") for wish in campaign.outreach.wishes)
    campaign = replace(campaign, outreach=replace(campaign.outreach, wishes=wishes))
    agenda = _plan(campaign)
    (proof,) = agenda.proofs
    assert proof.cost_fen == proof.bound_fen == _brute(campaign)
    assert proof.pruned_fen == 0
    assert _broken(campaign, agenda) == set()


@pytest.mark.parametrize("seed", range(25))
def test_groups_cost_no_less_than_the_bound_and_add_up(seed: int) -> None:
    campaign = _random(seed)
    agenda = _plan(campaign)
    (proof,) = agenda.proofs
    best = _brute(campaign)
    assert proof.bound_fen is not None
    assert proof.bound_fen <= best <= proof.cost_fen
    assert sum(line.fen for line in agenda.score) == proof.cost_fen
    assert _broken(campaign, agenda) == set()


def test_a_couple_goes_to_one_employer_though_each_likes_another_better() -> None:
    posts = (_post(1, wage_to_yuan=6_500), _post(2, employer="乙厂", count=2, wage_to_yuan=6_000))
    wishes = (_wish(1, group="夫妻"), _wish(2, group="夫妻"), _wish(3, least_yuan=6_200))
    assert _taken(_plan(_campaign(posts, wishes))) == {"w1": "j2", "w2": "j2", "w3": "j1"}
    loose = tuple(replace(wish, group="") for wish in wishes[:2])
    assert sorted(_taken(_plan(_campaign(posts, loose))).values()) == ["j1", "j2"]


def test_parting_may_be_cheaper_than_staying_together() -> None:
    posts = (_post(1, wage_to_yuan=6_500), _post(2, employer="乙厂", count=2, wage_to_yuan=6_000))
    wishes = (_wish(1, group="夫妻"), _wish(2, group="夫妻"))
    agenda = _plan(_campaign(posts, wishes, split_fen=2_000))
    assert sorted(_taken(agenda).values()) == ["j1", "j2"]
    assert sum(line.fen for line in agenda.score if line.rule == "split") == 4_000


def test_an_offer_stands_unless_something_much_better_turns_up() -> None:
    wish = _wish(1, offered=PostId("j1"))
    near = (_post(1, wage_to_yuan=5_000), _post(2, wage_to_yuan=6_000))
    assert _taken(_plan(_campaign(near, (wish,)))) == {"w1": "j1"}
    far = (_post(1, wage_to_yuan=4_000), _post(2, wage_to_yuan=6_500))
    agenda = _plan(_campaign(far, (wish,)))
    assert _taken(agenda) == {"w1": "j2"}
    assert [(line.rule, line.fen) for line in agenda.score] == [("change", 20_000)]


def test_the_plan_before_counts_as_an_offer() -> None:
    first = _campaign((_post(1, wage_to_yuan=5_000),), (_wish(1),))
    more = replace(
        first, outreach=replace(first.outreach, posts=(*first.outreach.posts, _post(2, wage_to_yuan=6_000)))
    )
    before = _plan(first)
    assert _taken(_plan(more)) == {"w1": "j2"}
    kept = _plan(more, before)
    assert _taken(kept) == {"w1": "j1"}
    gone = replace(more, outreach=replace(more.outreach, posts=more.outreach.posts[1:]))
    assert _taken(_plan(gone, before)) == {"w1": "j2"}
    better = replace(
        more,
        outreach=replace(more.outreach, posts=(_post(1, wage_to_yuan=3_000), _post(2, wage_to_yuan=6_500))),
    )
    moved = _plan(better, before)
    assert [(line.rule, line.fen) for line in moved.score] == [("change", 20_000)]
    assert _broken(better, moved) == set()


@pytest.mark.parametrize(
    ("wish", "cause", "remedy", "args"),
    [
        (_wish(1, age=61), MatchCause.NO_POST_AGE, RemedyKind.ADD_POSTS, {"count": 1, "post": ""}),
        (_wish(1, age=55), MatchCause.NO_POST_SEX, RemedyKind.ADD_POSTS, {"count": 1, "post": ""}),
        (
            _wish(1, age=47),
            MatchCause.NO_POST_SKILL,
            RemedyKind.TRAIN,
            {"skills": "焊", "post": "j2"},
        ),
        (
            _wish(1, least_yuan=5_200),
            MatchCause.NO_POST_WAGE,
            RemedyKind.LOWER_WAGE_WISH,
            {"yuan": 5_000, "post": "j1"},
        ),
        (
            _wish(1, destinations=(GUANGZHOU,)),
            MatchCause.NO_POST_PLACE,
            RemedyKind.OTHER_PLACE,
            {"destination": DONGGUAN, "post": "j1"},
        ),
    ],
)
def test_why_somebody_has_no_post_and_what_would_help(
    wish: Wish, cause: MatchCause, remedy: RemedyKind, args: dict[str, object]
) -> None:
    posts = (
        _post(1, age_to=45),
        _post(2, age_to=50, skills=("焊",)),
        _post(3, age_to=60, sex=Sex.MALE, sex_reason=SexReason.MINE),
    )
    (left,) = _plan(_campaign(posts, (wish,))).unmatched
    assert left.cause is cause
    assert left.remedy is not None
    assert (left.remedy.kind, dict(left.remedy.args)) == (remedy, args)


def test_who_comes_too_late_is_told_which_post_is_full() -> None:
    agenda = _plan(_campaign((_post(1),), (_wish(1, sectors=("制鞋",)), _wish(2, sectors=("电子",)))))
    (left,) = agenda.unmatched
    assert (left.seeker_id, left.cause, left.args) == ("w1", MatchCause.POSTS_TAKEN, {"posts": 1})
    assert left.remedy is not None
    assert dict(left.remedy.args) == {"count": 1, "post": "j1"}


def test_sex_keeps_nobody_off_without_a_lawful_reason() -> None:
    posts = (_post(1, sex=Sex.MALE),)
    assert _taken(_plan(_campaign(posts, (_wish(1),)))) == {"w1": "j1"}


def test_nothing_is_said_where_there_are_no_posts_or_nobody_wishes() -> None:
    assert plan_matching(_campaign((), (_wish(1),)), effort=EFFORT) is None
    assert plan_matching(_campaign((_post(1),), ()), effort=EFFORT) is None
    nobody = _campaign((_post(1),), (_wish(1, age=15),))
    assert plan_matching(nobody, effort=EFFORT) is None
    assert plan_agenda(nobody, budget=Budget(effort=3)) is None


def test_rows_in_any_order_and_twice_the_same() -> None:
    campaign = _random(7)
    turned = _campaign(campaign.outreach.posts[::-1], campaign.outreach.wishes[::-1])
    assert _plan(campaign) == _plan(turned) == _plan(campaign)


def test_an_agenda_has_each_part_that_is_wanted_and_its_share() -> None:
    campaign, seen = _random(3), list[Part]()
    agenda = plan_agenda(campaign, budget=Budget(effort=30), progress=seen.append)
    assert agenda is not None
    assert agenda == _plan(campaign)
    assert seen == [Part.MATCHING]
    assert 0 < agenda_share(campaign) < 1
    assert agenda_share(good_draft().campaign) == 0
    assert join_agendas([Agenda(), agenda]) == agenda


def _forced(campaign: Campaign, agenda: Agenda, *, person: str, post: str) -> int:
    """The least cost with one person in one post, everybody told of the plan; by brute force."""
    taken = _taken(agenda)
    wishes = tuple(
        replace(wish, offered=PostId(taken[wish.id]) if wish.id in taken else None)
        for wish in campaign.outreach.wishes
    )
    told = replace(campaign, outreach=replace(campaign.outreach, wishes=wishes))
    everything = _brute(told)
    only = tuple(
        replace(wish, destinations=(DestinationId("only"),)) if wish.id == person else wish for wish in wishes
    )
    rest = replace(
        told,
        outreach=replace(
            told.outreach,
            wishes=only,
            posts=tuple(replace(one, count=one.count - (one.id == post)) for one in told.outreach.posts),
        ),
    )
    plan = replace(good_draft(), campaign=told).write()
    bench = Case(told, plan).bench
    mine = bench.people[SeekerId(person)]
    pair = sum(bench.price(mine, bench.posts[PostId(post)]).values())
    pair += told.rules.matching.change_fen * (mine.offered not in {None, post})
    alone = told.rules.matching.unmatched_fen + told.rules.matching.change_fen * (mine.offered is not None)
    return _brute(rest) - alone + pair - everything


@pytest.mark.parametrize("seed", range(5))
def test_what_an_offer_adds_is_what_the_best_plan_with_it_costs_more(seed: int) -> None:
    campaign = _random(seed)
    wishes = tuple(replace(wish, group="") for wish in campaign.outreach.wishes)
    campaign = replace(campaign, outreach=replace(campaign.outreach, wishes=wishes))
    agenda = _plan(campaign)
    for person in build_candidates(campaign):
        offers = suggest_offers(campaign, agenda, seeker_id=person.id)
        able = {post.id for post in campaign.outreach.posts if _open(person, post)}
        assert {offer.post_id for offer in offers} == able - {_taken(agenda).get(person.id)}
        assert [offer.added_fen for offer in offers] == sorted(offer.added_fen for offer in offers)
        for offer in offers:
            assert offer.exact
            assert offer.added_fen == _forced(campaign, agenda, person=person.id, post=offer.post_id)


def test_an_offer_that_parts_a_couple_costs_what_parting_costs() -> None:
    posts = (_post(1, count=2), _post(2, employer="乙厂", count=2, wage_to_yuan=4_900), _post(3))
    campaign = _campaign(posts, (_wish(1, group="夫妻"), _wish(2, group="夫妻")))
    agenda = _plan(campaign)
    assert set(_taken(agenda).values()) <= {"j1", "j3"}
    offers = {
        offer.post_id: offer.added_fen for offer in suggest_offers(campaign, agenda, seeker_id=SeekerId("w1"))
    }
    assert offers[PostId("j2")] == 2 * 60_000 + 20_000 + 1_000
    assert min(offers.values()) == 20_000


def test_who_was_left_out_for_want_of_time_takes_what_is_free() -> None:
    posts = (_post(1), _post(2, wage_to_yuan=6_000), _post(3, age_to=20, wage_to_yuan=6_500))
    desk = prepare_desk(_campaign(posts, (_wish(1), _wish(2), _wish(3))))
    assert desk is not None
    best = match_people(desk.problem, effort=EFFORT)
    nobody = replace(best, post=np.full(3, NOBODY), points=3 * 200_000)
    filled = place_left(desk.problem, nobody)
    assert filled.post.tolist() == [1, 0, NOBODY]
    assert filled.points == best.points == 200_000 + 5_000 + 15_000
