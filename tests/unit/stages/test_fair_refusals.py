"""Why fairs are not held, in figures; and every remedy, done to the letter, has its fair held."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from exports.words import LOCALES
from planner.console_fairs import say_refused_fair
from planner.model.agenda import FairCause, RemedyKind
from planner.model.fairs import Fair, FairKind, VenueId
from planner.model.locks import Lock
from tests.unit.stages.fair_county import (
    RULES,
    TEAM,
    build as build_alone,
    change,
    days,
    fair,
    firm,
    held,
    lock,
    need,
    on,
    plan,
    refused,
    seekers,
    squares,
    town,
    venue,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planner.errors import Arg
    from planner.model.campaign import Campaign

ALL: Final = days(0, 90)
ONLY_5: Final = tuple(day for day in ALL if day != on(5))


def _put(campaign: Campaign, table: str, **fields: Any) -> Campaign:
    """Change the rows of a table that have the id given."""
    rows = getattr(campaign.outreach, table)
    name = fields.pop("id")
    return change(campaign, **{table: tuple(replace(r, **fields) if r.id == name else r for r in rows)})


def _day(args: Mapping[str, Arg]) -> date:
    return date.fromisoformat(str(args["day"]))


def _number(args: Mapping[str, Arg], name: str) -> int:
    number = args[name]
    assert isinstance(number, int)
    return number


def _find(campaign: Campaign, table: str, **named: object) -> Any:
    ((key, value),) = named.items()
    return next(row for row in getattr(campaign.outreach, table) if getattr(row, key) == value)


def _release(campaign: Campaign, one: Fair, args: Mapping[str, Arg]) -> Campaign:
    gone = [lock for lock in campaign.locks if (lock.item, lock.who, lock.why) == (one.id, *_said(args))]
    assert len(gone) == 1
    return replace(campaign, locks=tuple(lock for lock in campaign.locks if lock not in gone))


def _said(args: Mapping[str, Arg]) -> tuple[Arg, Arg]:
    return args["who"], args["why"]


def _add_venue(campaign: Campaign, one: Fair, args: Mapping[str, Arg]) -> Campaign:
    shut = tuple(day for day in ALL if day != _day(args))
    kind = FairKind(str(args["kind"]))
    place = one.township_id or town(3)
    new = venue("new", place, capacity=_number(args, "visitors"), kinds=(kind,), closed=shut, booths=9)
    campaign = change(campaign, venues=(*campaign.outreach.venues, new))
    return _put(campaign, "fairs", id=one.id, venues=(*one.venues, new.id) if one.venues else ())


def _open(campaign: Campaign, _one: Fair, args: Mapping[str, Arg]) -> Campaign:
    hall = _find(campaign, "venues", name=args["venue"])
    assert _day(args) in hall.closed
    return _put(campaign, "venues", id=hall.id, closed=tuple(day for day in hall.closed if day != _day(args)))


def _lower(campaign: Campaign, one: Fair, args: Mapping[str, Arg]) -> Campaign:
    return _put(campaign, "fairs", id=one.id, expected_visitors=_number(args, "most"))


def _lengthen(campaign: Campaign, one: Fair, args: Mapping[str, Arg]) -> Campaign:
    more = timedelta(_number(args, "count"))
    first = min(one.first_day, max(one.first_day - more, _day(args)))
    last = max(one.last_day, min(one.last_day + more, _day(args)))
    return _put(campaign, "fairs", id=one.id, first_day=first, last_day=last)


def _move(campaign: Campaign, one: Fair, args: Mapping[str, Arg]) -> Campaign:
    day = _day(args)
    announced = day if one.announced else None
    return _put(campaign, "fairs", id=one.id, first_day=day, last_day=day, announced=announced)


def _add_resource(campaign: Campaign, _one: Fair, args: Mapping[str, Arg]) -> Campaign:
    stock = _find(campaign, "resources", name=args["resource"])
    return _put(campaign, "resources", id=stock.id, count=stock.count + _number(args, "count"))


def _shorten(campaign: Campaign, _one: Fair, args: Mapping[str, Arg]) -> Campaign:
    rules = replace(campaign.rules.fairs, gap_days=_number(args, "apart"))
    return replace(campaign, rules=replace(campaign.rules, fairs=rules))


def _invite(campaign: Campaign, _one: Fair, args: Mapping[str, Arg]) -> Campaign:
    guest = _find(campaign, "exhibitors", employer=args["exhibitor"])
    shut = tuple(day for day in guest.closed if day != _day(args))
    return _put(campaign, "exhibitors", id=guest.id, closed=shut, most_fairs=guest.most_fairs + 1)


DO: Final[Mapping[RemedyKind, Callable[[Campaign, Fair, Mapping[str, Arg]], Campaign]]] = {
    RemedyKind.RELEASE_LOCK: _release,
    RemedyKind.ADD_VENUE: _add_venue,
    RemedyKind.OPEN_VENUE: _open,
    RemedyKind.LOWER_VISITORS: _lower,
    RemedyKind.LENGTHEN_WINDOW: _lengthen,
    RemedyKind.MOVE_WINDOW: _move,
    RemedyKind.ADD_RESOURCE: _add_resource,
    RemedyKind.SHORTEN_GAP: _shorten,
    RemedyKind.INVITE_EXHIBITOR: _invite,
}
LESS: Final[Mapping[RemedyKind, tuple[str, int]]] = {
    RemedyKind.LOWER_VISITORS: ("most", 1),
    RemedyKind.LENGTHEN_WINDOW: ("count", -1),
    RemedyKind.ADD_RESOURCE: ("count", -1),
    RemedyKind.SHORTEN_GAP: ("apart", 1),
}
"""By which figure a remedy would be a little less, which must not do."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A campaign in which fair ``a`` is not held, why, and what would help; some of the figures of both."""

    name: str
    campaign: Campaign
    cause: FairCause
    figures: Mapping[str, Arg] = field(default_factory=dict[str, "Arg"])
    remedy: RemedyKind | None
    fix: Mapping[str, Arg] = field(default_factory=dict[str, "Arg"])


def build(*fairs: Fair, **fields: Any) -> Campaign:
    """A campaign in which one fair is held in any case: it is online."""
    return build_alone(*fairs, fair("z", 3, kind=FairKind.ONLINE), **fields)


def _iso(day: int) -> str:
    return on(day).isoformat()


def _window(first: int, last: int, **fields: Any) -> Fair:
    return fair("a", first_day=on(first), last_day=on(last), **fields)


def _open_5(*fairs: Fair, locks: tuple[Lock, ...] = (), **tables: Any) -> Campaign:
    """Squares that are open on one day."""
    return build(*fairs, locks=locks, **{"venues": squares(closed=ONLY_5), **tables})


AWAY: Final = firm("x", closed=ALL)
SINGLE: Final = firm("x", most_fairs=1)
ONCE: Final = _open_5(
    _window(5, 5, exhibitors=(SINGLE.id,)),
    fair("b", 3, exhibitors=(SINGLE.id,)),
    locks=(lock("b", 4),),
    venues=(*squares(closed=ONLY_5)[:2], squares()[2]),
    exhibitors=(SINGLE,),
)
"""The firm that must be at both comes to one."""
CASES: Final = (
    Case(
        name="no-kind",
        campaign=build(_window(2, 4, kind=FairKind.TRAINING)),
        cause=FairCause.NO_VENUE,
        figures={"kind": "training"},
        remedy=RemedyKind.ADD_VENUE,
        fix={"kind": "training", "visitors": 90, "day": _iso(2)},
    ),
    Case(
        name="no-kind-on-the-list",
        campaign=build(_window(2, 4, kind=FairKind.TRAINING, venues=(VenueId("s1"),))),
        cause=FairCause.NO_VENUE,
        remedy=RemedyKind.ADD_VENUE,
    ),
    Case(
        name="small",
        campaign=build(_window(12, 20, expected_visitors=600)),
        cause=FairCause.VENUE_TOO_SMALL,
        figures={"visitors": 600, "capacity": 500, "venue": "s1广场"},
        remedy=RemedyKind.LOWER_VISITORS,
        fix={"most": 500, "venue": "s1广场", "day": _iso(12)},
    ),
    Case(
        name="small-and-no-permit",
        campaign=build(_window(2, 5, expected_visitors=600), venues=squares(closed=days(6, 60))),
        cause=FairCause.VENUE_TOO_SMALL,
        figures={"visitors": 600, "capacity": 500},
        remedy=RemedyKind.LOWER_VISITORS,
        fix={"most": 199, "venue": "s1广场", "day": _iso(2)},
    ),
    Case(
        name="smaller-than-a-permit-is-for",
        campaign=build(_window(2, 5, expected_visitors=600), venues=squares(capacity=150)),
        cause=FairCause.VENUE_TOO_SMALL,
        remedy=RemedyKind.LOWER_VISITORS,
        fix={"most": 150},
    ),
    Case(
        name="no-permit",
        campaign=build(_window(2, 2, expected_visitors=300)),
        cause=FairCause.PERMIT_TOO_LATE,
        figures={"visitors": 300, "days": 10, "earliest": _iso(10), "last": _iso(2), "limit": 200},
        remedy=RemedyKind.LOWER_VISITORS,
        fix={"visitors": 300, "most": 199, "venue": "s1广场", "day": _iso(2)},
    ),
    Case(
        name="no-permit-for-some-days-yet",
        campaign=build(_window(2, 5, expected_visitors=300)),
        cause=FairCause.PERMIT_TOO_LATE,
        remedy=RemedyKind.LENGTHEN_WINDOW,
        fix={"count": 5, "day": _iso(10)},
    ),
    Case(
        name="they-come-anyway",
        campaign=build(_window(2, 2, expected_visitors=300), seekers=seekers(heads=900)),
        cause=FairCause.PERMIT_TOO_LATE,
        figures={"visitors": 498},
        remedy=RemedyKind.MOVE_WINDOW,
        fix={"day": _iso(10)},
    ),
    Case(
        name="closed",
        campaign=build(_window(2, 4), venues=squares(closed=ALL)),
        cause=FairCause.VENUE_CLOSED,
        figures={"venue": "s1广场", "day": _iso(2), "first": _iso(2), "last": _iso(4)},
        remedy=RemedyKind.OPEN_VENUE,
        fix={"venue": "s1广场", "day": _iso(2)},
    ),
    Case(
        name="closed-for-some-days-yet",
        campaign=build(_window(2, 4), venues=squares(closed=days(0, 6))),
        cause=FairCause.VENUE_CLOSED,
        remedy=RemedyKind.LENGTHEN_WINDOW,
        fix={"count": 3, "day": _iso(7)},
    ),
    Case(
        name="shortly-after-peak",
        campaign=build(_window(39, 41)),
        cause=FairCause.AFTER_PEAK,
        figures={"latest": _iso(37), "margin": 3, "first": _iso(39), "last": _iso(41)},
        remedy=RemedyKind.LENGTHEN_WINDOW,
        fix={"count": 2, "day": _iso(37)},
    ),
    Case(
        name="after-peak",
        campaign=build(_window(50, 52)),
        cause=FairCause.AFTER_PEAK,
        remedy=RemedyKind.MOVE_WINDOW,
        fix={"day": _iso(37)},
    ),
    Case(
        name="long-after-peak",
        campaign=build(_window(80, 82)),
        cause=FairCause.AFTER_PEAK,
        remedy=None,
    ),
    Case(
        name="too-many-beside-others",
        campaign=_open_5(_window(5, 5, needs=need(3)), fair("b", 3, needs=need(1)), locks=(lock("b", 5),)),
        cause=FairCause.NEEDS_TOO_MANY,
        figures={"resource": TEAM.name, "needed": 3, "stock": 2},
        remedy=RemedyKind.ADD_RESOURCE,
        fix={"resource": TEAM.name, "count": 2, "day": _iso(5)},
    ),
    Case(
        name="taken",
        campaign=_open_5(_window(5, 5, needs=need(2)), fair("b", 3, needs=need(1)), locks=(lock("b", 5),)),
        cause=FairCause.RESOURCE_TAKEN,
        figures={"resource": TEAM.name, "needed": 2, "stock": 2, "free": 1, "day": _iso(5)},
        remedy=RemedyKind.ADD_RESOURCE,
        fix={"count": 1},
    ),
    Case(
        name="venue-taken",
        campaign=build(
            _window(5, 5, kind=FairKind.TRAINING),
            fair("b", kind=FairKind.TRAINING),
            locks=(lock("b", 5),),
            venues=(venue("s1", town(1), kinds=(FairKind.TRAINING,), closed=ONLY_5),),
        ),
        cause=FairCause.VENUE_TAKEN,
        figures={"venue": "s1广场", "day": _iso(5), "other": "b招聘会"},
        remedy=RemedyKind.ADD_VENUE,
        fix={"kind": "training", "visitors": 90, "day": _iso(5)},
    ),
    Case(
        name="near",
        campaign=build(
            fair("a", 2, first_day=on(6), last_day=on(6)),
            fair("b"),
            locks=(lock("b", 5),),
            venues=(squares()[0], venue("s2", town(2), closed=tuple(day for day in ALL if day != on(6)))),
        ),
        cause=FairCause.NEIGHBOUR_NEAR,
        figures={"other": "b招聘会", "apart": 1, "gap": 3},
        remedy=RemedyKind.SHORTEN_GAP,
        fix={"apart": 1, "day": _iso(6), "other": "b招聘会"},
    ),
    Case(
        name="firm-away",
        campaign=build(fair("a", exhibitors=(AWAY.id,)), exhibitors=(AWAY,)),
        cause=FairCause.NO_EXHIBITOR,
        figures={"exhibitor": "x厂", "day": _iso(2)},
        remedy=RemedyKind.INVITE_EXHIBITOR,
        fix={"exhibitor": "x厂", "day": _iso(2)},
    ),
    Case(
        name="firm-comes-once",
        campaign=ONCE,
        cause=FairCause.NO_EXHIBITOR,
        figures={"exhibitor": "x厂"},
        remedy=RemedyKind.INVITE_EXHIBITOR,
    ),
    Case(
        name="firm-elsewhere-that-day",
        campaign=replace(
            change(ONCE, exhibitors=(firm("x"),), venues=squares(closed=ONLY_5)), locks=(lock("b", 5),)
        ),
        cause=FairCause.NO_EXHIBITOR,
        remedy=None,
    ),
    Case(
        name="firm-too-large",
        campaign=build(fair("a", exhibitors=(AWAY.id,)), exhibitors=(firm("x", booths=5),)),
        cause=FairCause.NO_EXHIBITOR,
        remedy=RemedyKind.ADD_VENUE,
    ),
    Case(
        name="not-worth",
        campaign=build(
            _window(2, 4),
            venues=squares(fen_per_day=1_000_000, closed=days(2, 3)),
            rules=replace(RULES, refused_fen=0),
        ),
        cause=FairCause.NOT_WORTH,
        figures={"fair": "a招聘会"},
        remedy=None,
    ),
    Case(
        name="lock",
        campaign=build(
            fair("a"), locks=(lock("a", 5),), venues=squares(closed=days(5, 5))
        ),
        cause=FairCause.LOCKS_CONTRADICT,
        figures={
            "who": "王主任", "why": "a已约好", "until": _iso(60), "wanted": _iso(5), "reason": "venue_closed",
        },
        remedy=RemedyKind.RELEASE_LOCK,
        fix={"who": "王主任", "wanted": _iso(5)},
    ),
    Case(
        name="lock-to-a-small-hall",
        campaign=build(
            fair("a"), locks=(lock("a", None, "hut"),), venues=(*squares(), venue("hut", town(2), capacity=20))
        ),
        cause=FairCause.LOCKS_CONTRADICT,
        figures={"wanted": "hut", "reason": "venue_too_small", "capacity": 20},
        remedy=RemedyKind.RELEASE_LOCK,
    ),
    Case(
        name="lock-not-alone",
        campaign=build(fair("a"), locks=(lock("a", 5),), venues=squares(closed=days(0, 22))),
        cause=FairCause.VENUE_CLOSED,
        figures={"venue": "s1广场", "day": _iso(5)},
        remedy=RemedyKind.OPEN_VENUE,
        fix={"day": _iso(5)},
    ),
    Case(
        name="lock-before-the-permit",
        campaign=build(_window(2, 9, expected_visitors=300), locks=(lock("a", 5, "s1"),)),
        cause=FairCause.PERMIT_TOO_LATE,
        figures={"last": _iso(5), "earliest": _iso(10)},
        remedy=RemedyKind.LOWER_VISITORS,
        fix={"most": 199, "day": _iso(5)},
    ),
    Case(
        name="announced",
        campaign=build(fair("a", announced=on(5)), venues=squares(closed=days(5, 5))),
        cause=FairCause.VENUE_CLOSED,
        figures={"day": _iso(5)},
        remedy=RemedyKind.OPEN_VENUE,
        fix={"day": _iso(5)},
    ),
    Case(
        name="announced-for-after-peak",
        campaign=build(fair("a", announced=on(39))),
        cause=FairCause.AFTER_PEAK,
        figures={"first": _iso(39), "latest": _iso(37)},
        remedy=RemedyKind.MOVE_WINDOW,
        fix={"day": _iso(37)},
    ),
    Case(
        name="announced-and-locked-elsewhere",
        campaign=build(
            fair("a", announced=on(5)),
            locks=(lock("a", None, "s2"),),
            venues=squares(closed=days(5, 5)),
        ),
        cause=FairCause.VENUE_CLOSED,
        figures={"venue": "s2广场"},
        remedy=RemedyKind.OPEN_VENUE,
        fix={"venue": "s2广场", "day": _iso(5)},
    ),
)  # fmt: skip


def test_every_cause_and_every_remedy_of_fairs_is_looked_at() -> None:
    assert {case.cause for case in CASES} == set(FairCause)
    assert {case.remedy for case in CASES} == {*DO, None}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_why_a_fair_is_not_held_and_what_helps(case: Case) -> None:
    campaign = case.campaign
    agenda = plan(campaign)
    left = refused(agenda, "a")
    assert len(agenda.refused_fairs) == 1
    assert left.cause is case.cause
    assert case.figures.items() <= left.args.items()
    for locale in LOCALES:
        said = list(say_refused_fair(left, locale=locale))
        assert len(said) == 1 + (left.remedy is not None)
        assert not any("{" in line for line in said)
    if left.remedy is None or case.remedy is None:
        assert left.remedy is case.remedy
        return
    kind, args = left.remedy.kind, left.remedy.args
    assert kind is case.remedy
    assert case.fix.items() <= args.items()
    (one,) = (one for one in campaign.outreach.fairs if one.id == "a")
    assert not plan(DO[kind](campaign, one, args)).refused_fairs
    if kind in LESS:
        name, more = LESS[kind]
        less = DO[kind](campaign, one, {**args, name: _number(args, name) + more})
        assert refused(plan(less), "a")


def test_a_remedy_names_the_number_that_words_say() -> None:
    case = next(case for case in CASES if case.name == "small-and-no-permit")
    left = refused(plan(case.campaign), "a")
    assert "199 人以内" in list(say_refused_fair(left, locale="zh_CN"))[1]
    assert "no more than 199 visitors" in list(say_refused_fair(left, locale="en"))[1]


def test_one_of_two_locks_that_cannot_both_be_kept_is_given_up() -> None:
    both = build(fair("a"), fair("b"), locks=(lock("a", 5, "s1"), lock("b", 5, "s1")))
    agenda = plan(both)
    assert held(agenda)["a"].day == on(5)
    left = refused(agenda, "b")
    assert left.cause is FairCause.LOCKS_CONTRADICT
    assert (left.args["who"], left.args["why"], left.args["until"]) == ("王主任", "b已约好", _iso(60))
    assert left.args["reason"] == "venue_taken"
    assert left.remedy is not None
    free = plan(_release(both, both.outreach.fairs[1], left.remedy.args))
    assert not free.refused_fairs
    assert held(free)["a"].day == on(5)
