"""The good plan with fairs: five that are held and one that is not, what they draw and cost, by hand.

东镇 and 西镇 are 6 km apart and neighbours. Of those who look for work next door 40 % come, half as many from
20 km. The lines of ``COSTS`` follow from the catchments, which follow from the roads of the proving county.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from planner.model.agenda import (
    Agenda,
    Booking,
    Catchment,
    FairCause,
    Filled,
    Part,
    PartProof,
    PlannedFair,
    RefusedFair,
    ScoreLine,
    Task,
    TaskKind,
)
from planner.model.clock import CHINA
from planner.model.fairs import (
    Exhibitor,
    ExhibitorId,
    Fair,
    FairId,
    FairKind,
    Need,
    Resource,
    ResourceId,
    SeekerCount,
    Venue,
    VenueId,
)
from planner.model.jobs import Post, PostId
from planner.model.locks import Lock, LockKind
from planner.model.markets import MarketRule, RuleKind
from planner.model.outreach import Outreach
from planner.model.outreachlaw import FairRules
from planner.model.places import PlaceId
from tests.unit.check.county import DAY_1, DONGGUAN, GUANGZHOU, SEAT_1, SEAT_2, V1, V3
from tests.unit.check.good_plan import good_draft

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

FIRST: Final = DAY_1
RULES: Final = FairRules(peak_day=FIRST + timedelta(60), permit_visitors=200, seeker_fen=10, match_fen=100)
TEAM: Final = Need(resource_id=ResourceId("team"), count=1)


def on(day: int) -> date:
    """The ``day``-th day of the campaign, the first is 0."""
    return FIRST + timedelta(day)


def _venue(name: str, place: PlaceId, **fields: Any) -> Venue:
    kinds = (FairKind.ON_SITE, FairKind.SPECIAL, FairKind.TRAINING)
    usual: dict[str, Any] = {"capacity": 500, "booths": 4, "kinds": kinds, "fen_per_day": 30}
    return Venue(id=VenueId(name), name=f"{name}广场", place_id=place, **{**usual, **fields})


def _fair(name: str, **fields: Any) -> Fair:
    usual: dict[str, Any] = {
        "first_day": on(2),
        "last_day": on(50),
        "expected_visitors": 90,
        "needs": (TEAM,),
    }
    return Fair(id=FairId(name), name=f"{name}招聘会", **{**usual, **fields})


VENUES: Final = (_venue("east", SEAT_1), _venue("hall", SEAT_1, capacity=150), _venue("west", SEAT_2))
FIRMS: Final = (
    Exhibitor(
        id=ExhibitorId("ea"), destination_id=DONGGUAN, employer="甲厂", booths=2, most_fairs=3, fen_per_fair=7
    ),
    Exhibitor(id=ExhibitorId("eb"), destination_id=GUANGZHOU, employer="乙厂", most_fairs=3, fen_per_fair=5),
)
FAIRS: Final = (
    _fair("big", township_id=SEAT_1, venues=(VenueId("east"),), expected_visitors=220),
    _fair(
        "course",
        kind=FairKind.TRAINING,
        township_id=SEAT_1,
        sectors=("制衣",),
        exhibitors=(ExhibitorId("eb"),),
    ),
    _fair("live", kind=FairKind.ONLINE, starts=time(19), ends=time(21)),
    _fair("small", township_id=SEAT_1, expected_visitors=50, exhibitors=(FIRMS[0].id,)),
    _fair("vast", township_id=SEAT_2, expected_visitors=900),
    _fair("west", township_id=SEAT_2),
)
SEEKERS: Final = (
    SeekerCount(village_id=V1, sector="制衣", heads=30),
    SeekerCount(village_id=V1, sector="电子", heads=10),
    SeekerCount(village_id=V3, sector="电子", heads=20),
)
POSTS: Final = tuple(
    Post(
        id=PostId(f"{firm}-1"), destination_id=there, employer=name, title="普工", sector=sector, count=count,
        wage_from_yuan=4_000, wage_to_yuan=5_000,
    )
    for firm, there, name, sector, count in (
        ("ea", DONGGUAN, "甲厂", "电子", 9), ("eb", GUANGZHOU, "乙厂", "制衣", 11)
    )
)  # fmt: skip
LOCK: Final = Lock(kind=LockKind.FAIR, item="west", day=on(8), who="王主任", why="已和镇里约好", until=on(40))
PLACED: Final = {
    "small": ("hall", 3), "west": ("west", 8), "course": ("hall", 12), "live": (None, 12), "big": ("east", 25)
}  # fmt: skip
GUESTS: Final = {
    "small": ("ea",), "west": ("ea", "eb"), "course": ("eb",), "live": ("ea",), "big": ("eb",)
}  # fmt: skip
FILLED: Final = {"small": {"电子": 4}, "west": {"制衣": 8}, "course": {}, "live": {"电子": 5}, "big": {}}
CATCHMENTS: Final = {
    "small": {V1: 14, V3: 6}, "west": {V1: 11, V3: 7}, "course": {V1: 10}, "live": {V1: 16, V3: 8},
    "big": {V1: 14, V3: 6},
}  # fmt: skip
COSTS: Final[dict[str, dict[str, int]]] = {
    "small": {"seekers": -200, "matches": -400, "venue": 30, "travel": 7},
    "west": {"seekers": -180, "matches": -800, "market": -36, "venue": 30, "travel": 12},
    "course": {"seekers": -100, "venue": 30, "travel": 5},
    "live": {"seekers": -120, "matches": -500},
    "big": {"venue": 30, "travel": 5},
    "vast": {"refused": 10_000_000},
}
"""By the time of the course all but 12 of the first village's tailors were at a fair; 10 of those come."""


def build_staged() -> Campaign:
    """Build the campaign."""
    draft = good_draft()
    outreach = Outreach(
        venues=VENUES,
        resources=(Resource(id=ResourceId("team"), name="工作组", count=2),),
        exhibitors=FIRMS,
        fairs=FAIRS,
        seekers=SEEKERS,
        posts=POSTS,
    )
    return replace(
        draft.campaign,
        rules=replace(draft.campaign.rules, fairs=RULES),
        outreach=outreach,
        locks=(LOCK,),
        markets=(MarketRule(place=SEAT_2, kind=RuleKind.SOLAR_TAIL, values=(2,)),),
    )


_AHEAD: Final = (
    (TaskKind.PERMIT, 20), (TaskKind.SAFETY_PLAN, 25), (TaskKind.INVITE, 21), (TaskKind.CHECK_POSTS, 10),
    (TaskKind.PUBLISH, 7), (TaskKind.SET_UP, 1), (TaskKind.REPORT, -3),
)  # fmt: skip


def place(name: str, *, venue: str | None, day: int) -> PlannedFair:
    """Write a fair out for a day, with what is due before it."""
    fair = next(fair for fair in FAIRS if fair.id == name)
    skipped = {TaskKind.PERMIT} if name != "big" else set[TaskKind]()
    skipped |= {TaskKind.SAFETY_PLAN} if venue is None else set()
    skipped |= set() if GUESTS[name] else {TaskKind.INVITE, TaskKind.CHECK_POSTS}
    booths = {firm.id: firm.booths for firm in FIRMS}
    return PlannedFair(
        fair_id=fair.id,
        venue_id=None if venue is None else VenueId(venue),
        day=on(day),
        start_s=_at_s(day, fair.starts),
        end_s=_at_s(day, fair.ends),
        bookings=tuple(
            Booking(exhibitor_id=ExhibitorId(firm), booths=booths[ExhibitorId(firm)]) for firm in GUESTS[name]
        ),
        expected_visitors=fair.expected_visitors,
        catchment=tuple(Catchment(village_id=v, heads=n) for v, n in CATCHMENTS[name].items()),
        filled=tuple(Filled(sector=sector, heads=heads) for sector, heads in FILLED[name].items()),
        tasks=tuple(
            Task(kind=kind, due=max(on(day - days), FIRST)) for kind, days in _AHEAD if kind not in skipped
        ),
        market=name == "west",
    )


def _at_s(day: int, clock: time) -> int:
    moment = datetime.combine(on(day), clock, CHINA)
    return round((moment - datetime.combine(FIRST, time(), CHINA)).total_seconds())


def good_fairs() -> Agenda:
    """What is held and what is not."""
    lines = tuple(line(fair, rule, fen) for fair, rules in COSTS.items() for rule, fen in rules.items())
    cost = sum(one.fen for one in lines)
    return Agenda(
        fairs=tuple(place(name, venue=venue, day=day) for name, (venue, day) in PLACED.items()),
        refused_fairs=(RefusedFair(fair_id=FairId("vast"), cause=FairCause.VENUE_TOO_SMALL),),
        score=lines,
        proofs=(PartProof(part=Part.FAIRS, cost_fen=cost, bound_fen=cost - 1_000),),
    )


def line(fair: str, rule: str, fen: int) -> ScoreLine:
    """Say what a rule costs a fair."""
    return ScoreLine(part=Part.FAIRS, rule=rule, item=fair, fen=fen)


def write_staged(campaign: Campaign | None = None, *, agenda: Agenda | None = None) -> tuple[Campaign, Plan]:
    """Write the plan; without an agenda with the good one."""
    found = build_staged() if campaign is None else campaign
    plan = replace(good_draft(), campaign=found).write()
    return found, replace(plan, agenda=good_fairs() if agenda is None else agenda)
