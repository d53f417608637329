"""Faults of who is offered which post; the plan they are planted in is ``matched_plan``'s."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.model.agenda import Match, MatchCause, Part, PartProof, Unmatched
from planner.model.jobs import PostId, SeekerId
from planner.model.people import RegistrationId, Sex
from tests.unit.check.faults.table import plants
from tests.unit.check.matched_plan import (
    WISHES,
    build_matched,
    good_agenda,
    line,
    moved,
    rescored,
    wish,
    write_matched,
)

if TYPE_CHECKING:
    from planner.model.agenda import Agenda
    from planner.model.campaign import Campaign
    from tests.unit.check.faults.table import Broken


def _changed(**changes: Any) -> Broken:
    return write_matched(agenda=replace(good_agenda(), **changes))


def _with_wish(number: int, **fields: Any) -> Campaign:
    """Let somebody wish for something else."""
    new = wish(number, **fields)
    campaign = build_matched()
    others = (one for one in WISHES if one.id != new.id)
    return replace(campaign, outreach=replace(campaign.outreach, wishes=(*others, new)))


def _with_post(post: str, **fields: Any) -> Campaign:
    campaign = build_matched()
    posts = (replace(one, **fields) if one.id == post else one for one in campaign.outreach.posts)
    return replace(campaign, outreach=replace(campaign.outreach, posts=tuple(posts)))


def _said(**causes: MatchCause) -> Agenda:
    agenda = good_agenda()
    unmatched = (replace(one, cause=causes.get(one.seeker_id, one.cause)) for one in agenda.unmatched)
    return replace(agenda, unmatched=tuple(unmatched))


@plants("match.planned")
def nobody_was_matched() -> Broken:
    campaign, plan = write_matched()
    return campaign, replace(plan, agenda=None)


@plants("match.exists")
def post_that_is_not_there() -> Broken:
    return moved("w1", "zz-9", fen=50, lines=(line("w1", "sector", 40), line("w2", "split", 300)))


@plants("match.exists")
def person_who_is_not_there() -> Broken:
    agenda = good_agenda()
    stranger = Unmatched(seeker_id=SeekerId("w99"), cause=MatchCause.POSTS_TAKEN)
    return write_matched(agenda=replace(agenda, unmatched=(*agenda.unmatched, stranger)))


@plants("match.once")
def forgotten() -> Broken:
    agenda = good_agenda()
    kept = tuple(one for one in agenda.unmatched if one.seeker_id != "w5")
    return write_matched(agenda=rescored(replace(agenda, unmatched=kept), drop=("w5",)))


@plants("match.once")
def two_posts_for_one() -> Broken:
    agenda = good_agenda()
    second = Match(seeker_id=SeekerId("w3"), post_id=PostId("gz-1"), fen=60)
    return write_matched(agenda=replace(agenda, matches=(*agenda.matches, second)))


@plants("match.child")
def child_at_work() -> Broken:
    agenda = good_agenda()
    child = Match(seeker_id=SeekerId("w9"), post_id=PostId("gz-1"), fen=0)
    return write_matched(agenda=replace(agenda, matches=(*agenda.matches, child)))


@plants("match.child")
def child_on_the_roster_at_work() -> Broken:
    campaign = build_matched()
    people = (
        replace(one, child=True, birth=None) if one.id == RegistrationId("p05") else one
        for one in campaign.registrations
    )
    child = Match(seeker_id=SeekerId("p05"), post_id=PostId("gz-1"), fen=0)
    agenda = good_agenda()
    agenda = replace(
        agenda,
        matches=(*agenda.matches, child),
        unmatched=tuple(one for one in agenda.unmatched if one.seeker_id != "p05"),
    )
    grown = replace(campaign, registrations=tuple(people))
    return write_matched(grown, agenda=rescored(agenda, drop=("p05",)))


@plants("match.quota")
def more_people_than_places() -> Broken:
    return moved("w3", "dg-1", fen=90, lines=(line("w3", "sector", 80), line("w3", "wage", 10)))


@plants("match.age")
def too_old() -> Broken:
    return write_matched(_with_wish(8, destinations=(), least_yuan=4_500, age=46, offered=PostId("dg-1")))


@plants("match.age")
def too_young() -> Broken:
    return write_matched(_with_wish(8, destinations=(), least_yuan=4_500, age=17, offered=PostId("dg-1")))


@plants("match.sex")
def woman_in_a_mine() -> Broken:
    return write_matched(_with_wish(4, offered=PostId("dg-1")))


@plants("match.lawful")
def refused_for_being_a_woman() -> Broken:
    agenda = _said(w6=MatchCause.NO_POST_PLACE, w7=MatchCause.POSTS_TAKEN)
    return write_matched(_with_post("gz-2", sex_reason=None), agenda=agenda)


@plants("match.skill")
def post_not_learnt() -> Broken:
    return write_matched(_with_wish(3, sectors=("采矿", "制衣"), destinations=WISHES[2].destinations))


@plants("match.wage")
def too_little_pay() -> Broken:
    return write_matched(
        _with_wish(8, least_yuan=4_991, destinations=WISHES[7].destinations, offered=PostId("dg-1"))
    )


@plants("match.place")
def where_one_would_not_go() -> Broken:
    campaign = _with_wish(2, group="夫妻", sex=Sex.MALE, destinations=WISHES[9].destinations)
    lines = (line("w2", "wage", 10), line("w2", "destination", 40))
    return moved("w2", "dg-1", fen=50, lines=lines, campaign=campaign)


@plants("match.cause")
def another_filter_was_it() -> Broken:
    return write_matched(agenda=_said(w6=MatchCause.NO_POST_PLACE))


@plants("match.cause")
def skill_was_no_hindrance() -> Broken:
    return write_matched(agenda=_said(w5=MatchCause.POSTS_TAKEN))


@plants("match.cause")
def free_post_was_left_out() -> Broken:
    return write_matched(_with_post("gz-2", count=2))


@plants("match.score")
def wage_forgotten() -> Broken:
    agenda = good_agenda()
    kept = tuple(one for one in agenda.score if (one.item, one.rule) != ("w1", "wage"))
    (proof,) = agenda.proofs
    proofs = (replace(proof, cost_fen=proof.cost_fen - 10),)
    return write_matched(agenda=replace(agenda, score=kept, proofs=proofs))


@plants("match.score")
def pair_made_up() -> Broken:
    first, *rest = good_agenda().matches
    return _changed(matches=(replace(first, fen=first.fen - 1), *rest))


@plants("match.score")
def offer_broken_for_nothing() -> Broken:
    agenda = good_agenda()
    kept = tuple(one for one in agenda.score if one.rule != "change")
    (proof,) = agenda.proofs
    proofs = (replace(proof, cost_fen=proof.cost_fen - 20),)
    return write_matched(agenda=replace(agenda, score=kept, proofs=proofs))


@plants("match.score")
def couple_parted_for_nothing() -> Broken:
    lines = (line("w2", "destination", 0),)
    return moved("w2", "gz-1", lines=lines, campaign=_with_wish(2, group="夫妻", skills=("裁剪",)))


@plants("match.score")
def line_of_nobody() -> Broken:
    return write_matched(agenda=rescored(good_agenda(), add=(line("w99", "wage", 10),)))


@plants("match.proof")
def total_made_up() -> Broken:
    (proof,) = good_agenda().proofs
    return _changed(proofs=(replace(proof, cost_fen=proof.cost_fen - 1),))


@plants("match.proof")
def bound_above_the_cost() -> Broken:
    (proof,) = good_agenda().proofs
    return _changed(proofs=(replace(proof, bound_fen=proof.cost_fen + 1),))


@plants("match.proof")
def said_twice() -> Broken:
    (proof,) = good_agenda().proofs
    return _changed(proofs=(proof, proof))


@plants("match.proof")
def nothing_proved() -> Broken:
    other = PartProof(part=Part.FAIRS, cost_fen=0, bound_fen=None)
    return _changed(proofs=(other,))
