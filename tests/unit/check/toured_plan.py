"""The good plan with squads on tour: skill, firm, broker, market, evening, a night away, noon, reasons.

``OUTLINE`` says who is where when; times, metres, costs and lines are worked out here anew from the ways of
``good_plan`` and the rules' words.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from planner.model.agenda import (
    Agenda,
    Part,
    PartProof,
    PlannedVisit,
    RefusedVisit,
    ScoreLine,
    SquadDay,
    VisitCause,
)
from planner.model.fairs import Exhibitor, ExhibitorId
from planner.model.fleet import VehicleTypeId
from planner.model.locks import Lock, LockKind
from planner.model.markets import MarketRule, RuleKind
from planner.model.outreach import Outreach
from planner.model.outreachlaw import TourRules
from planner.model.places import Place, PlaceId, PlaceKind, Road, RoadClass
from planner.model.tours import (
    Broker,
    NeedId,
    Squad,
    SquadId,
    TimeOfVisit,
    VisitId,
    VisitNeed,
    split_visit_id,
)
from tests.unit.check.county import (
    DAY_1,
    GUANGZHOU,
    ISOLATED,
    NEAR,
    SEAT_1,
    SEAT_2,
    V1,
    V2,
    V3,
    V4,
)
from tests.unit.check.good_plan import find_ways, good_draft

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

HILL: Final = PlaceId("v9")
"""Reached by one road that nobody else uses."""
FIRM: Final = ExhibitorId("x1")
RULES: Final = TourRules(
    first_day=DAY_1, last_day=date(2027, 2, 22), lunch_min=30, drive_min=60, rest_days=4,
    spread_fen_per_min=600, night_fen=500, refused_fen=10_000, market_fen=100, change_fen=70,
)  # fmt: skip
SQUADS: Final = (
    Squad(
        id=SquadId("q1"), name="第一小分队", base_id=SEAT_1, vehicle_type_id=VehicleTypeId("k19"),
        skills=("瑶语",), exhibitors=(FIRM,), most_visits=3,
    ),
    Squad(
        id=SquadId("q2"), name="第二小分队", base_id=SEAT_2, vehicle_type_id=VehicleTypeId("k19"),
        overnight=True,
    ),
)  # fmt: skip


def need(number: int, village: PlaceId, **fields: Any) -> VisitNeed:
    """What a village needs."""
    return VisitNeed(id=NeedId(f"n{number}"), village_id=village, **fields)


NEEDS: Final = (
    need(1, V1, visits=2, spacing_days=2),
    need(2, V3, when=TimeOfVisit.EVENING),
    need(3, V4, when=TimeOfVisit.MARKET, minutes=45),
    need(4, V2, skill="瑶语"),
    need(5, NEAR, exhibitor=FIRM),
    need(6, ISOLATED),
    need(7, V2, value_fen=300),
    need(8, HILL, minutes=90),
)
LOCK: Final = Lock(
    kind=LockKind.VISIT,
    item="n1-2",
    day=date(2027, 2, 17),
    to="q1",
    who="唐桂英",
    why="村民大会",
    until=DAY_1,
)
LEFT: Final = {"n6-1": VisitCause.NO_ROAD, "n7-1": VisitCause.NOT_WORTH}


class Day(NamedTuple):
    """A squad's day: where it wakes and sleeps, its visits with the time at which each begins."""

    squad: str
    day: date
    start: PlaceId
    end: PlaceId
    calls: tuple[tuple[str, time], ...]


OUTLINE: Final = (
    Day(
        "q1", date(2027, 2, 15), SEAT_1, SEAT_1,
        (("n1-1", time(9)), ("n4-1", time(10, 15)), ("n5-1", time(13))),
    ),
    Day("q1", date(2027, 2, 17), SEAT_1, SEAT_1, (("n1-2", time(9)),)),
    Day("q2", date(2027, 2, 16), SEAT_2, SEAT_1, (("n3-1", time(9)), ("n8-1", time(13)))),
    Day("q2", date(2027, 2, 17), SEAT_1, SEAT_2, (("n2-1", time(18)),)),
)  # fmt: skip


def build_toured() -> Campaign:
    """Build the campaign."""
    campaign = good_draft().campaign
    hill = Place(id=HILL, kind=PlaceKind.VILLAGE, name="坡上村", lat=27.5, lon=110.6, gather="坡上村口")
    road = Road(from_id=SEAT_2, to_id=HILL, length_m=3_600, speed_kmh=36, road_class=RoadClass.GRADE3)
    return replace(
        campaign,
        places=(*campaign.places, hill),
        roads=(*campaign.roads, road),
        rules=replace(campaign.rules, tours=RULES),
        markets=(
            MarketRule(place=V4, kind=RuleKind.SOLAR_TAIL, values=(6,)),
            MarketRule(place=V2, kind=RuleKind.SOLAR_TAIL, values=(5,)),
        ),
        locks=(LOCK,),
        outreach=Outreach(
            squads=SQUADS,
            visits=NEEDS,
            brokers=(
                Broker(village_id=V1, evening=False),
                Broker(village_id=V3, daytime=False),
            ),
            exhibitors=(Exhibitor(id=FIRM, destination_id=GUANGZHOU, employer="甲厂"),),
        ),
    )


def good_agenda(campaign: Campaign, outline: tuple[Day, ...] = OUTLINE) -> Agenda:
    """Work the outline out."""
    visits: list[PlannedVisit] = []
    days: list[SquadDay] = []
    for one in outline:
        some, day = _write(campaign, one)
        visits += some
        days.append(day)
    score = tuple(_score(campaign, visits, days=days))
    cost = sum(line.fen for line in score)
    villages = {visit: need.village_id for need in campaign.outreach.visits for visit in need.visit_ids}
    return Agenda(
        visits=tuple(visits),
        squad_days=tuple(days),
        refused_visits=tuple(
            RefusedVisit(id=VisitId(visit), village_id=villages[VisitId(visit)], cause=cause)
            for visit, cause in LEFT.items()
        ),
        score=score,
        proofs=(PartProof(part=Part.TOURS, cost_fen=cost, bound_fen=cost - 1),),
    )


def _write(campaign: Campaign, one: Day) -> tuple[list[PlannedVisit], SquadDay]:
    kind = next(kind for kind in campaign.vehicle_types if kind.id == "k19")
    ways = find_ways(campaign, (*kind.road_classes, *RoadClass))
    midnight = (one.day - campaign.first_day).days * 86_400
    minutes = {need.id: need.minutes for need in NEEDS}
    here, left, visits, driven, fen = one.start, 0, list[PlannedVisit](), 0, 0
    begins = [midnight + at.hour * 3_600 + at.minute * 60 for _, at in one.calls]
    villages = {need.id: need.village_id for need in NEEDS}
    start = left
    for (visit, at), begin in zip(one.calls, begins, strict=True):
        name = split_visit_id(visit)[0]
        seconds, metres = ways[here, villages[name]]
        if not visits:
            start = left = begin - seconds
        here = villages[name]
        visits.append(
            PlannedVisit(
                id=VisitId(visit),
                need_id=name,
                village_id=here,
                squad_id=SquadId(one.squad),
                day=one.day,
                arrive_s=left + seconds,
                begin_s=begin,
                leave_s=begin + minutes[name] * 60,
                leg_m=metres,
                evening=at.hour >= 18,
                market=here in {V4, V2},
            )
        )
        left = visits[-1].leave_s
        driven += seconds
        fen += _fen(metres, seconds)
    seconds, metres = ways[here, one.end]
    base = next(squad.base_id for squad in SQUADS if squad.id == one.squad)
    return visits, SquadDay(
        squad_id=SquadId(one.squad),
        day=one.day,
        start_place_id=one.start,
        end_place_id=one.end,
        start_s=start,
        end_s=left + seconds,
        home_m=metres,
        drive_s=driven + seconds,
        cost_fen=fen + _fen(metres, seconds) + (RULES.night_fen if one.end != base else 0),
    )


def _fen(metres: int, seconds: int, /) -> int:
    """98 fen a kilometre and 3,119 an hour, each rounded half up."""
    return (98 * metres + 500) // 1_000 + (3_119 * seconds + 1_800) // 3_600


def _score(campaign: Campaign, visits: list[PlannedVisit], *, days: list[SquadDay]) -> list[ScoreLine]:
    bases = {squad.id: squad.base_id for squad in SQUADS}
    lines: list[tuple[str, str, int]] = []
    work: Counter[str] = Counter()
    for day in days:
        item = f"{day.squad_id} {day.day.isoformat()}"
        night = 500 if day.end_place_id != bases[day.squad_id] else 0
        lines += [("travel", item, day.cost_fen - night), ("night", item, night)]
        work[day.squad_id] += day.drive_s
    for visit in visits:
        work[visit.squad_id] += visit.leave_s - visit.begin_s
        lines.append(("market", visit.id, -100 if visit.id == "n4-1" else 0))
    lines += [("refused", "n6-1", 10_000), ("left_out", "n7-1", 300)]
    last = campaign.rules.tours.last_day or DAY_1
    days_out = [date(2027, 2, number) for number in range(14, last.day + 1)]
    opened = {squad.id: sum(map(squad.is_open, days_out)) for squad in campaign.outreach.squads}
    loads = [work[squad] * (10_000 // count) for squad, count in opened.items()]
    over = 100 * (max(loads) - min(loads)) - 10 * max(loads)
    lines.append(("spread", "", 10 * len(days_out) * max(over, 0) // 1_000_000))
    return [ScoreLine(part=Part.TOURS, rule=rule, item=item, fen=fen) for rule, item, fen in lines if fen]


def write_toured(campaign: Campaign | None = None, *, agenda: Agenda | None = None) -> tuple[Campaign, Plan]:
    """Write the plan; without an agenda with the good one."""
    found = build_toured() if campaign is None else campaign
    plan = replace(good_draft(), campaign=found).write()
    return found, replace(plan, agenda=good_agenda(found) if agenda is None else agenda)
