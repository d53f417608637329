"""Agendas for tests: of ``examples/fairs`` by its README, and drawn from a seed for a large campaign.

Nothing of them is computed by the stages, so a test may hold the exports against them.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from fixtures.making import fairday
from planner.diff import advance_appointments
from planner.model.agenda import (
    Agenda,
    Booking,
    FairCause,
    PlannedFair,
    PlannedVisit,
    RefusedFair,
    SquadDay,
    Task,
    TaskKind,
)
from planner.model.clock import CHINA
from planner.model.fairs import FairId, FairKind, VenueId
from planner.model.markets import MarketRule, RuleKind
from planner.model.plan import Effort, EffortKind, Plan
from planner.model.tours import NeedId, SquadId, VisitId, visit_id
from planner.names import keep_names

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.fairs import Fair
    from planner.model.places import PlaceId

NOW: Final = datetime(2027, 1, 8, 20, 0, tzinfo=CHINA)
_DAY_S: Final = 86_400
_PRACTICE: Final = (
    (TaskKind.PERMIT, 20),
    (TaskKind.SAFETY_PLAN, 25),
    (TaskKind.INVITE, 21),
    (TaskKind.CHECK_POSTS, 10),
    (TaskKind.PUBLISH, 7),
    (TaskKind.SET_UP, 1),
    (TaskKind.REPORT, -3),
)


def fair_campaign() -> Campaign:
    """``examples/fairs`` with market days: 东岭镇 on solar 2 and 7, 西溪镇 on lunar 4 and 9."""
    markets = (
        MarketRule(place="东岭镇", kind=RuleKind.SOLAR_TAIL, values=(2, 7)),
        MarketRule(place="西溪镇", kind=RuleKind.LUNAR_TAIL, values=(4, 9)),
    )
    return replace(fairday.build(), markets=markets)


def at_s(campaign: Campaign, day: date, clock: str) -> int:
    """Seconds of a time of day."""
    return campaign.to_seconds(datetime.combine(day, time.fromisoformat(clock), CHINA))


def planned_fair(campaign: Campaign, fair: Fair, day: date, *, venue: str | None) -> PlannedFair:
    """A fair on a day with its usual tasks."""
    return PlannedFair(
        fair_id=fair.id,
        venue_id=None if venue is None else VenueId(venue),
        day=day,
        start_s=at_s(campaign, day, fair.starts.isoformat()),
        end_s=at_s(campaign, day, fair.ends.isoformat()),
        bookings=tuple(Booking(exhibitor_id=firm.id, booths=2) for firm in campaign.outreach.exhibitors[:2]),
        expected_visitors=fair.expected_visitors,
        tasks=tuple(
            Task(kind=kind, due=day - timedelta(days))
            for kind, days in _PRACTICE
            if kind is not TaskKind.PERMIT or fair.expected_visitors >= 1_000
        ),
    )


def planned_visit(
    campaign: Campaign, need: str, number: int, *, village: PlaceId, squad: str, day: date, begins: str
) -> PlannedVisit:
    """A visit of an hour."""
    begin_s = at_s(campaign, day, begins)
    return PlannedVisit(
        id=visit_id(NeedId(need), number),
        need_id=NeedId(need),
        village_id=village,
        squad_id=SquadId(squad),
        day=day,
        arrive_s=begin_s,
        begin_s=begin_s,
        leave_s=begin_s + 3_600,
        leg_m=22_500,
    )


def squad_day(campaign: Campaign, squad: str, day: date, *, leaves: str, back: str) -> SquadDay:
    """A squad's day from the office and back."""
    return SquadDay(
        squad_id=SquadId(squad),
        day=day,
        start_place_id=fairday.OFFICE,
        end_place_id=fairday.OFFICE,
        start_s=at_s(campaign, day, leaves),
        end_s=at_s(campaign, day, back),
        home_m=22_500,
        drive_s=4_500,
        cost_fen=24_500,
    )


def fair_agenda(campaign: Campaign) -> Agenda:
    """The solution in the README of ``examples/fairs``, ``n4-1`` with the first visit of ``n1``."""
    fairs = {fair.id: fair for fair in campaign.outreach.fairs}
    held = (
        (fairs[FairId("f-dongling")], date(2027, 1, 24), "yard"),
        (fairs[FairId("f-live")], date(2027, 1, 26), None),
        (fairs[FairId("f-xixi")], date(2027, 1, 27), "square"),
    )
    first, second, evening = date(2027, 1, 12), date(2027, 1, 19), date(2027, 1, 14)
    zaoyuan, liutang = fairday.ZAOYUAN, fairday.LIUTANG
    visits = (
        planned_visit(campaign, "n1", 1, village=zaoyuan, squad="q1", day=first, begins="09:07:30"),
        planned_visit(campaign, "n4", 1, village=liutang, squad="q1", day=first, begins="10:18:00"),
        planned_visit(campaign, "n1", 2, village=zaoyuan, squad="q1", day=second, begins="09:07:30"),
        planned_visit(
            campaign, "n3", 1, village=fairday.SONGPING, squad="q2", day=evening, begins="15:15:00"
        ),
        planned_visit(campaign, "n2", 1, village=fairday.ZHUSHAN, squad="q2", day=evening, begins="18:00:00"),
    )
    return Agenda(
        fairs=tuple(planned_fair(campaign, fair, day, venue=venue) for fair, day, venue in held),
        refused_fairs=(RefusedFair(fair_id=FairId("f-shoes"), cause=FairCause.VENUE_TOO_SMALL),),
        visits=visits,
        squad_days=(
            squad_day(campaign, "q1", first, leaves="08:30", back="12:30"),
            squad_day(campaign, "q1", second, leaves="08:30", back="11:30"),
            squad_day(campaign, "q2", evening, leaves="14:15", back="19:45"),
        ),
    )


def agenda_plan(
    campaign: Campaign, agenda: Agenda, *, version: int = 1, previous: Plan | None = None
) -> Plan:
    """A plan of nothing but an agenda, its appointments advanced from ``previous``."""
    events = advance_appointments(campaign, agenda, previous=previous, version=version)
    plan = Plan(
        version=version,
        campaign_id=campaign.id,
        campaign_digest="0" * 64,
        effort=Effort(router="none", kind=EffortKind.COUNTED, limit=0, seed=0),
        cost_fen=0,
        bound_fen=None,
        routes=(),
        legs=(),
        unserved=(),
        events=(),
        agenda=replace(agenda, events=events),
    )
    return replace(plan, names=keep_names(campaign, plan, previous=previous))


def drawn_agenda(campaign: Campaign, *, seed: int, per_day: int = 3) -> Agenda:
    """Fairs in their windows, and every visit squad by squad and day by day, drawn from a seed."""
    draw = random.Random(seed)
    outreach = campaign.outreach
    fairs: list[PlannedFair] = []
    for fair in outreach.fairs:
        day = fair.announced or fair.first_day + timedelta(
            draw.randrange((fair.last_day - fair.first_day).days + 1)
        )
        venues = [v.id for v in outreach.venues if fair.kind in v.kinds and v.place_id == fair.township_id]
        venues = venues or [venue.id for venue in outreach.venues]
        venue = None if fair.kind is FairKind.ONLINE else draw.choice(venues)
        fairs.append(planned_fair(campaign, fair, day, venue=venue))
    tours = campaign.rules.tours
    begin = tours.first_day or campaign.first_day + timedelta(7)
    rows = [(need, number) for need in outreach.visits for number in range(1, need.visits + 1)]
    draw.shuffle(rows)
    visits: list[PlannedVisit] = []
    days: list[SquadDay] = []
    for slot in range(0, len(rows), per_day):
        squad = outreach.squads[slot // per_day % len(outreach.squads)]
        working = slot // per_day // len(outreach.squads)
        day = begin + timedelta(working + working // 6)
        for place, (need, number) in enumerate(rows[slot : slot + per_day]):
            begins = f"{9 + 2 * place:02d}:{draw.randrange(60):02d}"
            visits.append(
                planned_visit(
                    campaign, need.id, number, village=need.village_id, squad=squad.id, day=day, begins=begins
                )
            )
        whole = squad_day(campaign, squad.id, day, leaves="08:05", back="17:20")
        days.append(replace(whole, start_place_id=squad.base_id, end_place_id=squad.base_id))
    return Agenda(fairs=tuple(fairs), visits=tuple(visits), squad_days=tuple(days))


def moved(agenda: Agenda, visit: str, *, seconds: int = 0, squad: str | None = None) -> Agenda:
    """The same agenda with one visit later, or with another squad."""
    return replace(
        agenda,
        visits=tuple(
            replace(
                row,
                arrive_s=row.arrive_s + seconds,
                begin_s=row.begin_s + seconds,
                leave_s=row.leave_s + seconds,
                day=row.day + timedelta(seconds // _DAY_S),
                squad_id=row.squad_id if squad is None else SquadId(squad),
            )
            if row.id == VisitId(visit)
            else row
            for row in agenda.visits
        ),
    )
