"""Campaigns in which one fair is not held: each with its cause, its figures and what would help."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from planner.model.agenda import FairCause, RemedyKind
from planner.model.fairs import Fair, FairKind, VenueId
from tests.unit.stages import fair_county as county
from tests.unit.stages.fair_county import (
    RULES,
    TEAM,
    change,
    days,
    fair,
    firm,
    lock,
    need,
    on,
    seekers,
    squares,
    town,
    venue,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.errors import Arg
    from planner.model.campaign import Campaign
    from planner.model.locks import Lock

ALL: Final = days(0, 90)
ONLY_5: Final = tuple(day for day in ALL if day != on(5))


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
    return county.build(*fairs, fair("z", 3, kind=FairKind.ONLINE), **fields)


def iso(day: int) -> str:
    """A day of the campaign as figures have it."""
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
        fix={"kind": "training", "visitors": 90, "day": iso(2)},
    ),
    Case(
        name="no-kind-on-the-list",
        campaign=build(_window(2, 4, kind=FairKind.TRAINING, venues=(VenueId("s1"),))),
        cause=FairCause.NO_VENUE,
        remedy=RemedyKind.ADD_VENUE,
    ),
    Case(
        name="over-before-the-campaign",
        campaign=build(_window(-9, -3)),
        cause=FairCause.WINDOW_OVER,
        figures={"first": iso(-9), "last": iso(-3), "first_day": iso(0)},
        remedy=RemedyKind.LENGTHEN_WINDOW,
        fix={"count": 3, "day": iso(0)},
    ),
    Case(
        name="over-long-before-the-campaign",
        campaign=build(_window(-60, -50)),
        cause=FairCause.WINDOW_OVER,
        remedy=RemedyKind.MOVE_WINDOW,
        fix={"day": iso(0)},
    ),
    Case(
        name="small",
        campaign=build(_window(12, 20, expected_visitors=600)),
        cause=FairCause.VENUE_TOO_SMALL,
        figures={"visitors": 600, "capacity": 500, "venue": "s1广场"},
        remedy=RemedyKind.LOWER_VISITORS,
        fix={"most": 500, "venue": "s1广场", "day": iso(12)},
    ),
    Case(
        name="small-and-no-permit",
        campaign=build(_window(2, 5, expected_visitors=600), venues=squares(closed=days(6, 60))),
        cause=FairCause.VENUE_TOO_SMALL,
        figures={"visitors": 600, "capacity": 500},
        remedy=RemedyKind.LOWER_VISITORS,
        fix={"most": 199, "venue": "s1广场", "day": iso(2)},
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
        figures={"visitors": 300, "days": 10, "earliest": iso(10), "last": iso(2), "limit": 200},
        remedy=RemedyKind.LOWER_VISITORS,
        fix={"visitors": 300, "most": 199, "venue": "s1广场", "day": iso(2)},
    ),
    Case(
        name="no-permit-for-some-days-yet",
        campaign=build(_window(2, 5, expected_visitors=300)),
        cause=FairCause.PERMIT_TOO_LATE,
        remedy=RemedyKind.LENGTHEN_WINDOW,
        fix={"count": 5, "day": iso(10)},
    ),
    Case(
        name="they-come-anyway",
        campaign=build(_window(2, 2, expected_visitors=300), seekers=seekers(heads=900)),
        cause=FairCause.PERMIT_TOO_LATE,
        figures={"visitors": 498},
        remedy=RemedyKind.MOVE_WINDOW,
        fix={"day": iso(10)},
    ),
    Case(
        name="closed",
        campaign=build(_window(2, 4), venues=squares(closed=ALL)),
        cause=FairCause.VENUE_CLOSED,
        figures={"venue": "s1广场", "day": iso(2), "first": iso(2), "last": iso(4)},
        remedy=RemedyKind.OPEN_VENUE,
        fix={"venue": "s1广场", "day": iso(2)},
    ),
    Case(
        name="closed-for-some-days-yet",
        campaign=build(_window(2, 4), venues=squares(closed=days(0, 6))),
        cause=FairCause.VENUE_CLOSED,
        remedy=RemedyKind.LENGTHEN_WINDOW,
        fix={"count": 3, "day": iso(7)},
    ),
    Case(
        name="shortly-after-peak",
        campaign=build(_window(39, 41)),
        cause=FairCause.AFTER_PEAK,
        figures={"latest": iso(37), "margin": 3, "first": iso(39), "last": iso(41)},
        remedy=RemedyKind.LENGTHEN_WINDOW,
        fix={"count": 2, "day": iso(37)},
    ),
    Case(
        name="after-peak",
        campaign=build(_window(50, 52)),
        cause=FairCause.AFTER_PEAK,
        remedy=RemedyKind.MOVE_WINDOW,
        fix={"day": iso(37)},
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
        fix={"resource": TEAM.name, "count": 2, "day": iso(5)},
    ),
    Case(
        name="taken",
        campaign=_open_5(_window(5, 5, needs=need(2)), fair("b", 3, needs=need(1)), locks=(lock("b", 5),)),
        cause=FairCause.RESOURCE_TAKEN,
        figures={"resource": TEAM.name, "needed": 2, "stock": 2, "free": 1, "day": iso(5)},
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
        figures={"venue": "s1广场", "day": iso(5), "other": "b招聘会"},
        remedy=RemedyKind.ADD_VENUE,
        fix={"kind": "training", "visitors": 90, "day": iso(5)},
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
        fix={"apart": 1, "day": iso(6), "other": "b招聘会"},
    ),
    Case(
        name="closed-and-nowhere-else-is-surely-far-enough",
        campaign=build(
            fair("a", None, venues=(VenueId("s2"),), first_day=on(6), last_day=on(6)),
            fair("b"),
            locks=(lock("b", 5),),
            venues=(squares()[0], venue("s2", town(2), closed=ALL)),
        ),
        cause=FairCause.VENUE_CLOSED,
        remedy=None,
    ),
    Case(
        name="closed-but-there-may-be-others",
        campaign=build(
            fair("a", None, venues=(VenueId("s2"),), first_day=on(6), last_day=on(8)),
            fair("b", announced=on(5)),
            venues=(squares()[0], venue("s2", town(2), closed=ALL, capacity=50)),
        ),
        cause=FairCause.VENUE_TOO_SMALL,
        remedy=RemedyKind.ADD_VENUE,
        fix={"day": iso(8)},
    ),
    Case(
        name="firm-away",
        campaign=build(fair("a", exhibitors=(AWAY.id,)), exhibitors=(AWAY,)),
        cause=FairCause.NO_EXHIBITOR,
        figures={"exhibitor": "x厂", "day": iso(2)},
        remedy=RemedyKind.INVITE_EXHIBITOR,
        fix={"exhibitor": "x厂", "day": iso(2)},
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
            "who": "王主任", "why": "a已约好", "until": iso(60), "wanted": iso(5), "reason": "venue_closed",
        },
        remedy=RemedyKind.RELEASE_LOCK,
        fix={"who": "王主任", "wanted": iso(5), "day": iso(4)},
    ),
    Case(
        name="lock-to-a-small-hall",
        campaign=build(
            fair("a"),
            locks=(lock("a", None, "hut"),),
            venues=(*squares(), venue("hut", town(2), capacity=20)),
        ),
        cause=FairCause.LOCKS_CONTRADICT,
        figures={"wanted": "hut", "reason": "venue_too_small", "capacity": 20},
        remedy=RemedyKind.RELEASE_LOCK,
    ),
    Case(
        name="lock-not-alone",
        campaign=build(fair("a"), locks=(lock("a", 5),), venues=squares(closed=days(0, 22))),
        cause=FairCause.VENUE_CLOSED,
        figures={"venue": "s1广场", "day": iso(5)},
        remedy=RemedyKind.OPEN_VENUE,
        fix={"day": iso(5)},
    ),
    Case(
        name="lock-where-nothing-helps",
        campaign=build(
            _window(2, 4), locks=(lock("a", 39),), venues=squares(closed=days(2, 4))
        ),
        cause=FairCause.AFTER_PEAK,
        figures={"first": iso(39), "latest": iso(37), "wanted": iso(39)},
        remedy=RemedyKind.LENGTHEN_WINDOW,
        fix={"who": "王主任", "wanted": iso(39), "count": 1},
    ),
    Case(
        name="two-locks-for-the-only-day",
        campaign=_open_5(fair("a"), fair("0"), locks=(lock("0", 5, "s1"), lock("a", 5, "s1"))),
        cause=FairCause.VENUE_TAKEN,
        figures={"other": "0招聘会", "wanted": f"{iso(5)} s1"},
        remedy=RemedyKind.OPEN_VENUE,
        fix={"who": "王主任", "wanted": f"{iso(5)} s1"},
    ),
    Case(
        name="lock-before-the-permit",
        campaign=build(_window(2, 9, expected_visitors=300), locks=(lock("a", 5, "s1"),)),
        cause=FairCause.PERMIT_TOO_LATE,
        figures={
            "last": iso(5), "earliest": iso(10), "fixed": "locked",
            "item": "a", "who": "王主任", "wanted": f"{iso(5)} s1",
        },
        remedy=RemedyKind.LOWER_VISITORS,
        fix={"most": 199, "day": iso(5)},
    ),
    Case(
        name="announced",
        campaign=build(fair("a", announced=on(5)), venues=squares(closed=days(5, 5))),
        cause=FairCause.VENUE_CLOSED,
        figures={"day": iso(5)},
        remedy=RemedyKind.OPEN_VENUE,
        fix={"day": iso(5)},
    ),
    Case(
        name="announced-for-after-peak",
        campaign=build(fair("a", announced=on(39))),
        cause=FairCause.AFTER_PEAK,
        figures={"first": iso(39), "latest": iso(37)},
        remedy=RemedyKind.MOVE_WINDOW,
        fix={"day": iso(37)},
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
        fix={"venue": "s2广场", "day": iso(5)},
    ),
)  # fmt: skip
