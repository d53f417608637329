"""Fairs as a plan has them: locks, announcements, the plan before, guests, better slots, counties apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import pytest

from planner.catchment import find_seats
from planner.console_fairs import say_fairs, say_slots
from planner.errors import NotFoundError
from planner.fairsummary import summarise_fairs
from planner.model.agenda import Agenda, FairCause, RemedyKind
from planner.model.fairs import ExhibitorId, FairId, FairKind, VenueId
from planner.model.jobs import Post, PostId
from planner.model.markets import MarketRule, RuleKind
from planner.stages.fairs import plan_fairs, split_fairs
from planner.stages.fairslots import SlotAdvice, SlotRefusal, suggest_slots
from planner.stages.fairterms import build_terms
from tests.unit.stages.fair_county import (
    BUDGET,
    CITY,
    ONE,
    OTHER,
    RULES,
    build,
    change,
    days,
    fair,
    firm,
    held,
    lock,
    need,
    on,
    plan,
    posts,
    refused,
    seekers,
    squares,
    town,
    venue,
    where,
)

if TYPE_CHECKING:
    from datetime import date

    from planner.model.campaign import Campaign
    from planner.stages.fairslots import SlotOffer

GIANT: Final = firm("x", most_fairs=9)
_COMMISSIONED: Final = (("a", 1, 1), ("b", 1, 1), ("c", 2, 2), ("e", 3, 1), ("f", 3, 1))
SEASON: Final = build(
    *(fair(name, at, needs=need(teams), last_day=on(13)) for name, at, teams in _COMMISSIONED),
    exhibitors=(GIANT,), posts=posts((GIANT,), 40),
)  # fmt: skip
"""Five fairs that share two teams and a firm, three of them in neighbouring townships.

Wherever one is put, two others at most are in its way.
"""


def _total(agenda: Agenda) -> int:
    return agenda.proofs[0].cost_fen


def _guests(agenda: Agenda) -> dict[str, tuple[str, ...]]:
    return {one.fair_id: tuple(booking.exhibitor_id for booking in one.bookings) for one in agenda.fairs}


def _fen(agenda: Agenda, rule: str) -> int:
    return sum(line.fen for line in agenda.score if line.rule == rule)


@pytest.fixture(scope="module")
def season() -> Agenda:
    """The plan of the season."""
    return plan(SEASON)


def test_everything_is_held_and_proved_best(season: Agenda) -> None:
    assert {one.fair_id for one in season.fairs} == set("abcef")
    assert season.refused_fairs == ()
    assert season.proofs[0].bound_fen == _total(season)
    assert plan_fairs(change(SEASON, fairs=()), BUDGET) is None


def test_lines_are_those_of_the_rules_and_add_up() -> None:
    guest = firm("x")
    town_1 = MarketRule(place=town(1), kind=RuleKind.SOLAR_TAIL, values=(6,))
    campaign = build(
        fair("a", first_day=on(5), last_day=on(5)), fair("b", 3, expected_visitors=900),
        exhibitors=(guest,), posts=posts((guest,)), venues=squares(fen_per_day=30),
    )  # fmt: skip
    agenda = plan(replace(campaign, markets=(town_1,)))
    # 386 of a thousand come from 1 km, 283 from 10 km, 68 from 51 km: 23, 16 and 4 of 60
    assert [(line.item, line.rule, line.fen) for line in agenda.score] == [
        ("a", "seekers", -430), ("a", "matches", -1_000), ("a", "market", -86), ("a", "venue", 30),
        ("a", "travel", 50), ("b", "refused", RULES.refused_fen),
    ]  # fmt: skip
    assert _total(agenda) == RULES.refused_fen - 1_436


def test_a_lock_is_kept_with_its_reason_through_all_plans(season: Agenda) -> None:
    free = where(season)
    day = next(day for day in range(3, 12) if on(day) != free["a"][0])
    told = lock("a", day, "s1")
    locked = replace(SEASON, locks=(told,))
    poor = change(locked, resources=(replace(SEASON.outreach.resources[0], count=3),))
    agenda = season
    for campaign in (locked, poor, locked):
        agenda = plan(campaign, agenda)
        assert where(agenda)["a"] == (on(day), "s1")
        figures = summarise_fairs(campaign, agenda)
        assert figures is not None
        assert figures.locks == (told,)
        said = "\n".join(say_fairs(figures, locale="zh_CN"))
        assert "王主任" in said
        assert "a已约好" in said


@pytest.mark.parametrize(
    ("day", "to"), [(11, ""), (None, "barn"), (30, "barn")], ids=["day", "venue", "outside-its-window"]
)
def test_a_lock_holds_as_much_as_it_says(day: int | None, to: str) -> None:
    barn = venue("barn", town(2), fen_per_day=9_000)
    campaign = change(SEASON, venues=(*squares(), barn))
    agenda = plan(replace(campaign, locks=(lock("a", day, to),)))
    assert agenda.refused_fairs == ()
    found = where(agenda)["a"]
    assert day is None or found[0] == on(day)
    assert found[1] == to if to else found[1] in {"s1", "barn"}


def test_a_lock_comes_before_who_must_be_there_and_before_fairs_worth_more() -> None:
    guest = firm("x", most_fairs=1)
    campaign = build(
        fair("a", first_day=on(5), last_day=on(5), exhibitors=(guest.id,)),
        fair("b", kind=FairKind.SPECIAL, sectors=("制鞋",)),
        fair("c", 3),
        exhibitors=(guest,), posts=posts((guest,)), locks=(lock("b", 5, "s1"),),
    )  # fmt: skip
    agenda = plan(campaign)
    assert where(agenda)["b"] == (on(5), "s1")
    assert refused(agenda, "a").cause is FairCause.VENUE_TAKEN
    halls = (*squares(), venue("n1", town(1)))
    loose = plan(replace(change(campaign, venues=halls), locks=(lock("b", 5),)))
    assert where(loose)["b"][0] == on(5)
    assert refused(loose, "a").cause is FairCause.NEIGHBOUR_NEAR


def test_a_lock_that_cannot_be_kept_says_who_why_and_until_when() -> None:
    campaign = replace(
        change(SEASON, venues=squares(closed=days(5, 5))), locks=(lock("a", 5, "s1"), lock("b", 12, "s1"))
    )
    agenda = plan(campaign)
    left = refused(agenda, "a")
    assert left.cause is FairCause.LOCKS_CONTRADICT
    said = {"who": "王主任", "why": "a已约好", "until": on(60).isoformat()}
    assert said.items() <= left.args.items()
    assert left.args["wanted"] == f"{on(5).isoformat()} s1"
    assert left.remedy is not None
    assert left.remedy.kind is RemedyKind.RELEASE_LOCK
    assert said.items() <= left.remedy.args.items()
    assert where(agenda)["b"] == (on(12), "s1")
    figures = summarise_fairs(campaign, agenda)
    assert figures is not None
    assert [kept.item for kept in figures.locks] == ["b"]
    released = plan(replace(campaign, locks=campaign.locks[1:]))
    assert released.refused_fairs == ()
    assert where(released)["b"] == (on(12), "s1")


def test_fairs_without_firms_and_announced_ones_not_held_are_among_the_figures() -> None:
    campaign = build(
        fair("a", announced=on(39)),
        fair("b", 2, exhibitors=(ExhibitorId("y"),)),
        fair("t", None, kind=FairKind.TRAINING),
        fair("z", 3, kind=FairKind.ONLINE),
        venues=(*squares(), venue("room", town(3), kinds=(FairKind.TRAINING,))),
    )
    figures = summarise_fairs(campaign, plan(campaign))
    assert figures is not None
    assert (figures.dropped, figures.empty) == (("a招聘会",), ("z招聘会",))
    said = "\n".join(say_fairs(figures, locale="zh_CN"))
    assert "已对外公布，却没有排上：a招聘会" in said
    assert "没有用人单位参会：z招聘会" in said


def test_a_fair_of_the_plan_before_that_is_refused_pays_for_that_alone() -> None:
    campaign = build(fair("a"))
    before = plan(campaign)
    after = plan(change(campaign, venues=squares(closed=days(0, 60))), before)
    assert [(one.item, one.rule, one.fen) for one in after.score] == [("a", "refused", RULES.refused_fen)]
    cheap = build(fair("a"), rules=replace(RULES, refused_fen=RULES.change_fen - 1))
    gone = plan(change(cheap, venues=squares(closed=days(0, 60))), before)
    assert {one.rule: one.fen for one in gone.score} == {
        "refused": RULES.change_fen - 1, "moved": RULES.change_fen
    }  # fmt: skip


def test_an_announced_fair_stays(season: Agenda) -> None:
    fairs = [replace(one, announced=on(9)) if one.id == "a" else one for one in SEASON.outreach.fairs]
    fairs.append(fair("g", 2, venues=(VenueId("s2"),), announced=on(13)))
    campaign = change(SEASON, fairs=tuple(fairs))
    for previous in (None, season):
        agenda = plan(campaign, previous)
        assert agenda.refused_fairs == ()
        assert where(agenda)["a"] == (on(9), "s1")
        assert where(agenda)["g"] == (on(13), "s2")
    first = plan(replace(campaign, locks=(lock("c", 13, "s2"),)))
    assert where(first)["g"] == (on(13), "s2")
    assert refused(first, "c").cause is FairCause.LOCKS_CONTRADICT
    crowded = plan(replace(campaign, locks=(lock("c", 9, "s2"),)))
    assert where(crowded)["a"] == (on(9), "s1")
    assert refused(crowded, "c").cause is FairCause.LOCKS_CONTRADICT


def test_fairs_move_only_where_they_have_to(season: Agenda) -> None:
    again = plan(SEASON, season)
    assert where(again) == where(season)
    assert _guests(again) == _guests(season)
    assert _fen(again, "moved") == _fen(again, "rebooked") == 0
    market = MarketRule(place=town(1), kind=RuleKind.SOLAR_TAIL, values=tuple(range(1, 11)))
    free = {one: day for one, (day, _) in where(season).items()}
    shut = change(SEASON, venues=(squares(closed=(free["a"],))[0], *squares()[1:]))
    moved = plan(shut, season)
    assert moved.refused_fairs == ()
    others = [one for one in "bcef" if where(moved)[one] != where(season)[one]]
    assert len(others) <= 1
    assert _fen(moved, "moved") == RULES.change_fen * (1 + len(others))
    assert where(plan(replace(SEASON, markets=(market,)), season)) == where(season)


@pytest.mark.parametrize(("name", "day"), [*product("ae", (2, 6, 9, 13))])
def test_moving_a_fair_by_a_lock_moves_two_others_at_most(season: Agenda, name: str, day: int) -> None:
    agenda = plan(replace(SEASON, locks=(lock(name, day),)), season)
    assert agenda.refused_fairs == ()
    assert where(agenda)[name][0] == on(day)
    moved = [one for one in "abcef" if where(agenda)[one] != where(season)[one]]
    assert len({*moved} - {name}) <= 2
    assert _fen(agenda, "moved") == RULES.change_fen * len(moved)


def test_a_fair_that_is_released_costs_to_move_from_where_only_its_lock_could_put_it() -> None:
    barn = venue("barn", town(2))
    locked = build(fair("a"), venues=(*squares(), barn), locks=(lock("a", 30, "barn"),))
    agenda = plan(locked)
    free = replace(locked, locks=())
    moved = plan(free, agenda)
    assert where(moved)["a"][1] == "s1"
    assert _fen(moved, "moved") == RULES.change_fen
    advice = suggest_slots(free, agenda, fair_id=FairId("a"))
    assert advice.offers[0].added_fen == _total(moved) - _total(agenda)


def test_firms_that_must_be_there_are() -> None:
    shy, dear = firm("x", most_fairs=1), firm("z", fen_per_fair=90_000)
    campaign = build(
        fair("a"), fair("b", 3, exhibitors=(shy.id, dear.id)),
        exhibitors=(shy, dear), posts=posts((shy, dear)), seekers=seekers()[:2], locks=(lock("a", 5, "s1"),),
    )  # fmt: skip
    agenda = plan(campaign)
    assert agenda.refused_fairs == ()
    assert _guests(agenda) == {"a": (), "b": ("x", "z")}
    free = [replace(one, exhibitors=()) for one in campaign.outreach.fairs]
    assert _guests(plan(change(campaign, fairs=tuple(free)))) == {"a": ("x",), "b": ()}


def test_a_firm_that_must_be_at_two_fairs_has_them_on_two_days() -> None:
    guest = firm("x", weekdays=(3,), most_fairs=2)
    both: dict[str, Any] = {"exhibitors": (guest.id,), "first_day": on(2), "last_day": on(9)}
    agenda = plan(build(fair("a", **both), fair("b", 3, **both), exhibitors=(guest,), posts=posts((guest,))))
    assert {one.day for one in agenda.fairs} == {on(2), on(9)}
    assert set(_guests(agenda).values()) == {("x",)}


def _adopt(campaign: Campaign, agenda: Agenda, *, name: str, offer: SlotOffer) -> Agenda:
    """Plan with a fair where an offer has it and all others where they are."""
    locks = [
        replace(lock(one.fair_id, None), day=one.day, to=one.venue_id or "")
        for one in agenda.fairs
        if one.fair_id != name
    ]
    there = replace(lock(name, None), day=offer.day, to=offer.venue_id or "")
    return plan(replace(campaign, locks=(*locks, there)), agenda)


def _slots(campaign: Campaign, name: str) -> set[tuple[date, str | None]]:
    one = next(one for one in campaign.outreach.fairs if one.id == name)
    window = [on(day) for day in range(60) if one.first_day <= on(day) <= one.last_day]
    halls = [hall.id for hall in campaign.outreach.venues if hall.place_id == one.township_id]
    return set(product(window, halls))


@pytest.mark.parametrize("name", ["a", "e"])
def test_the_slots_offered_are_lawful_and_cost_what_they_say(name: str) -> None:
    halls = (*squares(), venue("n1", town(1), fen_per_day=77, closed=days(0, 7)))
    market = MarketRule(place=town(3), kind=RuleKind.WEEKDAY, values=(2,))
    campaign = replace(change(SEASON, venues=halls), markets=(market,))
    agenda = plan(campaign)
    advice = suggest_slots(campaign, agenda, fair_id=FairId(name), most=60)
    assert advice.now == held(agenda)[name]
    offered = [(offer.day, offer.venue_id) for offer in advice.offers]
    barred = [(refusal.day, refusal.venue_id) for refusal in advice.refused]
    now = where(agenda)[name]
    assert sorted([*offered, *barred, now]) == sorted(_slots(campaign, name))
    assert [offer.added_fen for offer in advice.offers] == sorted(o.added_fen for o in advice.offers)
    best = suggest_slots(campaign, agenda, fair_id=FairId(name), most=3).offers
    assert best == advice.offers[:3]
    exact = 0
    for offer in (*best, advice.offers[-1]):
        other = _adopt(campaign, agenda, name=name, offer=offer)
        assert other.refused_fairs == ()
        assert where(other) == {**where(agenda), name: (offer.day, offer.venue_id)}
        assert held(other)[name].market is offer.market
        more = _total(other) - _total(agenda)
        assert more <= offer.added_fen
        if _guests(other) == _guests(agenda):
            assert more == offer.added_fen
            exact += 1
    assert exact >= 2


def test_why_other_slots_will_not_do() -> None:
    campaign = replace(
        build(
            fair("a", needs=need(2)), fair("b", 2), fair("c", 3, needs=need(1)),
            venues=squares(closed=days(18, 20)),
        ),
        locks=(lock("a", 12, "s1"), lock("b", 8, "s2"), lock("c", 16, "s3")),
    )  # fmt: skip
    agenda = plan(campaign)
    advice = suggest_slots(campaign, agenda, fair_id=FairId("a"), most=60)
    why = {refusal.day: (refusal.cause, refusal.other) for refusal in advice.refused}
    near = dict.fromkeys(days(6, 10), (FairCause.NEIGHBOUR_NEAR, "b招聘会"))
    assert why == {
        **near, on(16): (FairCause.RESOURCE_TAKEN, ""),
        **dict.fromkeys(days(18, 20), (FairCause.VENUE_CLOSED, "")),
    }  # fmt: skip


def test_days_that_will_not_do_are_said_without_stray_blanks() -> None:
    campaign = build(fair("z", kind=FairKind.ONLINE))
    refused_slots = tuple(
        SlotRefusal(day=on(day), venue_id=name, cause=FairCause.RESOURCE_TAKEN)
        for day, name in ((3, None), (5, VenueId("s1")))
    )
    advice = SlotAdvice(now=None, offers=(), refused=refused_slots)
    for locale, lead in (("zh_CN", "不行 {}："), ("en", "no: {}: ")):
        *_, online, square = say_slots(campaign, "z", advice=advice, locale=locale)
        assert online.strip().startswith(lead.format(on(3).isoformat()))
        assert square.strip().startswith(lead.format(f"{on(5).isoformat()} s1广场"))


def test_where_a_fair_that_is_not_held_could_be_and_who_cannot_come_along() -> None:
    guest, shy = firm("x"), firm("z", closed=(*days(0, 4), *days(6, 60)))
    campaign = build(fair("a"), exhibitors=(guest, shy), posts=posts((guest, shy)), locks=(lock("a", 5),))
    agenda = plan(campaign)
    assert _guests(agenda)["a"] == ("x", "z")
    advice = suggest_slots(campaign, agenda, fair_id=FairId("a"))
    assert len(advice.offers) == 5
    assert {offer.absent for offer in advice.offers} == {("z",)}
    for offer in advice.offers:
        assert offer.added_fen == _total(_adopt(campaign, agenda, name="a", offer=offer)) - _total(agenda)
    must = change(campaign, fairs=(fair("a", exhibitors=(shy.id,)),))
    assert suggest_slots(must, agenda, fair_id=FairId("a")).offers == ()
    nowhere = suggest_slots(campaign, Agenda(), fair_id=FairId("a"))
    assert nowhere.now is None
    assert nowhere.offers[0].day == on(5)
    assert nowhere.offers[0].added_fen == _total(agenda) - RULES.refused_fen
    dear = firm("v", fen_per_fair=7_000)
    costly = change(campaign, fairs=(fair("a", exhibitors=(dear.id,)),), exhibitors=(guest, dear))
    offer = suggest_slots(costly, Agenda(), fair_id=FairId("a")).offers[0]
    assert offer.added_fen == _total(plan(costly)) - RULES.refused_fen
    with pytest.raises(NotFoundError):
        suggest_slots(campaign, agenda, fair_id=FairId("q"))


def test_counties_that_share_nothing_are_planned_one_by_one() -> None:
    here, there = firm("x", county=ONE), firm("w", county=OTHER)
    fairs = [fair("a"), fair("b", 2), fair("c", 3)]
    others = [fair("p", county=OTHER), fair("q", 2, county=OTHER)]
    campaign = build(
        *fairs, *others, venues=(*squares(), *squares(OTHER)), seekers=(*seekers(), *seekers(OTHER)),
        exhibitors=(here, there), posts=posts((here, there)),
    )  # fmt: skip
    assert _parts(campaign) == [["a", "b", "c"], ["p", "q"]]
    whole = plan(campaign)
    apart = [plan(change(campaign, fairs=tuple(some))) for some in (fairs, others)]
    assert whole.refused_fairs == ()
    assert {**where(apart[0]), **where(apart[1])} == where(whole)
    assert {**_guests(apart[0]), **_guests(apart[1])} == _guests(whole)
    assert _total(whole) == sum(_total(one) for one in apart)
    assert whole.proofs[0].bound_fen == sum(one.proofs[0].bound_fen or 0 for one in apart)
    assert sorted(map(str, whole.score)) == sorted(str(line) for one in apart for line in one.score)


def _parts(campaign: Campaign) -> list[list[str]]:
    terms = build_terms(campaign, seats=find_seats(campaign))
    return [[one.fair.id for one in part] for part in split_fairs(campaign, terms)]


def test_a_team_that_two_counties_share_is_at_one_fair_a_day() -> None:
    day: dict[str, Any] = {"first_day": on(5), "last_day": on(5), "needs": need(2)}
    campaign = build(
        fair("a", **day), fair("p", county=OTHER, **day), venues=(*squares(), *squares(OTHER)),
        seekers=(*seekers(), *seekers(OTHER)),
        exhibitors=(firm("x", county=ONE), firm("w", county=OTHER)),
    )  # fmt: skip
    assert _parts(campaign) == [["a", "p"]]
    agenda = plan(campaign)
    assert len(agenda.fairs) == 1
    assert agenda.refused_fairs[0].cause is FairCause.RESOURCE_TAKEN


def test_a_fair_of_several_counties_has_the_firms_of_the_one_it_is_in() -> None:
    here, there = firm("x", county=ONE), firm("w", county=OTHER)
    campaign = build(
        fair("a", None, exhibitors=(there.id,)), fair("b", None, first_day=on(9), last_day=on(9)),
        venues=(*squares()[:1], *squares(OTHER)[:1]), seekers=(*seekers(), *seekers(OTHER)),
        exhibitors=(here, there),
        posts=(*posts((here, there)), *(_spare(here.employer),)),
    )  # fmt: skip
    agenda = plan(campaign)
    assert agenda.refused_fairs == ()
    assert where(agenda)["a"][1] == "os1"
    assert _guests(agenda) == {"a": ("w",), "b": ("x",)}
    assert where(agenda)["b"][1] == "s1"
    stranger = change(campaign, venues=squares()[:1])
    assert refused(plan(stranger), "a").cause is FairCause.NO_EXHIBITOR


def _spare(employer: str) -> Post:
    """More posts of a firm."""
    return Post(
        id=PostId("p-more"), destination_id=CITY, employer=employer, title="普工", sector="电子", count=20,
        wage_from_yuan=4_000, wage_to_yuan=5_000,
    )  # fmt: skip
