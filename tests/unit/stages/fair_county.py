"""A county for fairs: two neighbouring townships 9 km apart and a third 40 km off, with a village at each.

A second county of the same shape shares nothing with it. ``plan`` plans with counted effort and has the
checker look at what comes out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from planner.check import check_plan
from planner.demand import campaign_digest
from planner.errors import Severity
from planner.model.campaign import Campaign, Rules
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
from planner.model.outreach import Outreach
from planner.model.outreachlaw import FairRules
from planner.model.places import Destination, DestinationId, Place, PlaceId, PlaceKind, Road, RoadClass
from planner.model.plan import Effort, EffortKind, Plan
from planner.solvers.fairs import FairsBudget
from planner.stages.fairs import plan_fairs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.model.agenda import Agenda, PlannedFair, RefusedFair

FIRST: Final = date(2027, 3, 1)
ONE, OTHER = "430591", "430592"
CITY: Final = DestinationId("dg")
TEAM: Final = Resource(id=ResourceId("team"), name="工作组", count=2)
BUDGET: Final = FairsBudget(effort=3)
RULES: Final = FairRules(
    peak_day=FIRST + timedelta(40), permit_visitors=200, permit_days=10, seeker_fen=10, match_fen=100,
    change_fen=5_000,
)  # fmt: skip


def on(day: int) -> date:
    """The ``day``-th day of the campaign, the first is 0."""
    return FIRST + timedelta(day)


def days(first: int, last: int) -> tuple[date, ...]:
    """Days in a row, both ends among them."""
    return tuple(on(day) for day in range(first, last + 1))


def town(number: int, county: str = ONE) -> PlaceId:
    """The seat of the first, second or third township."""
    return PlaceId(f"{county}10{number}")


def village(number: int, county: str = ONE) -> PlaceId:
    """Its village, 1 km from it."""
    return PlaceId(f"{county}10{number}201")


def venue(name: str, place: PlaceId, **fields: Any) -> Venue:
    """A square that hosts fairs of two kinds on any day."""
    usual: dict[str, Any] = {"capacity": 500, "booths": 4, "kinds": (FairKind.ON_SITE, FairKind.SPECIAL)}
    return Venue(id=VenueId(name), name=f"{name}广场", place_id=place, **{**usual, **fields})


def fair(name: str, at: int | None = 1, *, county: str = ONE, **fields: Any) -> Fair:
    """A fair of 90 visitors in a township within three weeks."""
    usual: dict[str, Any] = {"first_day": on(2), "last_day": on(22), "expected_visitors": 90}
    seat = None if at is None else town(at, county)
    return Fair(id=FairId(name), name=f"{name}招聘会", township_id=seat, **{**usual, **fields})


def firm(name: str, **fields: Any) -> Exhibitor:
    """A firm with ten posts (``posts``) that comes to three fairs at 50 fen each."""
    usual: dict[str, Any] = {"fen_per_fair": 50}
    return Exhibitor(id=ExhibitorId(name), destination_id=CITY, employer=f"{name}厂", **{**usual, **fields})


def posts(firms: Iterable[Exhibitor], count: int = 10) -> tuple[Post, ...]:
    """Posts of one sector for each firm."""
    return tuple(
        Post(
            id=PostId(f"p-{one.id}"), destination_id=CITY, employer=one.employer, title="普工", sector="电子",
            count=count, wage_from_yuan=4_000, wage_to_yuan=5_000,
        )
        for one in firms
    )  # fmt: skip


def need(count: int) -> tuple[Need, ...]:
    """So many teams."""
    return (Need(resource_id=TEAM.id, count=count),)


def lock(name: str, day: int | None, to: str = "") -> Lock:
    """What a named person fixed of a fair."""
    when = None if day is None else on(day)
    said = {"who": "王主任", "why": f"{name}已约好"}
    return Lock(kind=LockKind.FAIR, item=name, day=when, to=to, until=on(60), **said)


def squares(county: str = ONE, **fields: Any) -> tuple[Venue, ...]:
    """A square in each township."""
    prefix = "" if county == ONE else "o"
    return tuple(venue(f"{prefix}s{n}", town(n, county), **fields) for n in (1, 2, 3))


def seekers(county: str = ONE, heads: int = 60) -> tuple[SeekerCount, ...]:
    """Who looks for work, in each village alike."""
    return tuple(SeekerCount(village_id=village(n, county), sector="电子", heads=heads) for n in (1, 2, 3))


def build(*fairs: Fair, locks: tuple[Lock, ...] = (), rules: FairRules = RULES, **tables: Any) -> Campaign:
    """A campaign of those fairs; ``tables`` of the outreach are otherwise those of the first county.

    Its firm has no posts, so that nobody asks it to come.
    """
    usual: dict[str, Any] = {"venues": squares(), "resources": (TEAM,), "seekers": seekers()}
    usual["exhibitors"] = (firm("y"),)
    chosen = {**usual, **tables}
    places = [
        Place(id=place, kind=kind, name=place, township="", lat=27.0, lon=110.6)
        for county in (ONE, OTHER)
        for n in (1, 2, 3)
        for place, kind in (
            (town(n, county), PlaceKind.TOWNSHIP), (village(n, county), PlaceKind.VILLAGE)
        )
    ]  # fmt: skip
    roads = [
        Road(from_id=one, to_id=other, length_m=metres, speed_kmh=36, road_class=RoadClass.GRADE3)
        for county in (ONE, OTHER)
        for one, other, metres in (
            (town(1, county), town(2, county), 9_000), (town(2, county), town(3, county), 40_000),
            *((town(n, county), village(n, county), 1_000) for n in (1, 2, 3)),
        )
    ]  # fmt: skip
    return Campaign(
        id="fairs", name="示例县", office="示例县劳务办", phone="0739-0000000", first_day=FIRST,
        rules=Rules(as_of=FIRST, fairs=rules), places=tuple(places), roads=tuple(roads), vehicle_types=(),
        fleet=(), destinations=(Destination(id=CITY, name="东莞"),), departures=(), registrations=(),
        locks=locks, outreach=Outreach(fairs=fairs, **chosen),
    )  # fmt: skip


def change(campaign: Campaign, **tables: Any) -> Campaign:
    """The campaign with other tables of the outreach."""
    return replace(campaign, outreach=replace(campaign.outreach, **tables))


def plan(campaign: Campaign, previous: Agenda | None = None) -> Agenda:
    """Plan, and have the checker find nothing but locks that cannot be kept."""
    agenda = plan_fairs(campaign, BUDGET, previous=previous)
    assert agenda is not None
    written = Plan(
        version=1, campaign_id=campaign.id, campaign_digest=campaign_digest(campaign), cost_fen=0,
        bound_fen=None, effort=Effort(router="", kind=EffortKind.COUNTED, limit=0, seed=0), routes=(),
        legs=(), events=(), unserved=(), agenda=agenda,
    )  # fmt: skip
    found = check_plan(campaign, written)
    assert [one for one in found if one.severity is Severity.ERROR] == []
    (proof,) = agenda.proofs
    assert sum(line.fen for line in agenda.score) == proof.cost_fen
    assert proof.bound_fen is not None
    assert proof.bound_fen <= proof.cost_fen
    return agenda


def held(agenda: Agenda) -> dict[str, PlannedFair]:
    """Fairs that are held, by id."""
    return {one.fair_id: one for one in agenda.fairs}


def where(agenda: Agenda) -> dict[str, tuple[date, str | None]]:
    """Day and venue of each."""
    return {one.fair_id: (one.day, one.venue_id) for one in agenda.fairs}


def refused(agenda: Agenda, name: str) -> RefusedFair:
    """A fair that is not held."""
    return next(one for one in agenda.refused_fairs if one.fair_id == name)
