"""Squads, villages and their days as the rules of tours see them; roads walked and prices added anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from planner.almanac import build_almanac
from planner.decisions import binding_locks
from planner.model.agenda import Agenda, Part
from planner.model.locks import LockKind
from planner.touring import find_districts, find_tour_days

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, time

    from planner.check.travel import Travel, Way
    from planner.model.agenda import PlannedVisit, SquadDay
    from planner.model.campaign import Campaign
    from planner.model.fleet import VehicleType
    from planner.model.places import PlaceId
    from planner.model.plan import Plan
    from planner.model.tours import Broker, NeedId, Squad, SquadId, VisitId, VisitNeed

_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A planned visit with its need and squad, both known."""

    visit: PlannedVisit
    need: VisitNeed
    squad: Squad


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One drive of a squad's day, to a visit or to where it sleeps; ``way`` None where no road leads."""

    left_s: int
    arrive_s: int
    metres: int
    place: PlaceId
    way: Way | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A squad's day with its squad and its visits in the order of time."""

    day: SquadDay
    squad: Squad
    visits: tuple[PlannedVisit, ...]

    @property
    def item(self) -> str:
        """Its name in score and findings."""
        return f"{self.day.squad_id} {self.day.day.isoformat()}"


@final
class Outing:
    """What the campaign and the plan say of tours, looked up once; nothing is judged here."""

    def __init__(self, campaign: Campaign, plan: Plan, *, travel: Travel) -> None:
        """Look up."""
        outreach = campaign.outreach
        self._campaign, self._travel = campaign, travel
        self.agenda = plan.agenda or Agenda()
        self.rules = campaign.rules.tours
        self.days = frozenset(find_tour_days(campaign))
        self.districts = find_districts(campaign)
        self.squads: dict[SquadId, Squad] = {squad.id: squad for squad in outreach.squads}
        self.needs: dict[NeedId, VisitNeed] = {need.id: need for need in outreach.visits}
        self.asked: dict[VisitId, VisitNeed] = {
            visit: need for need in outreach.visits for visit in need.visit_ids
        }
        self.made: dict[VisitId, PlannedVisit] = {visit.id: visit for visit in self.agenda.visits}
        self.counts: Counter[VisitId] = Counter(visit.id for visit in self.agenda.visits)
        self.counts.update(left.id for left in self.agenda.refused_visits)
        self.places = {place.id: place for place in campaign.places}
        self.locks = binding_locks(campaign, plan, kind=LockKind.VISIT)
        self._kinds: dict[str, VehicleType] = {kind.id: kind for kind in campaign.vehicle_types}
        self._almanac = build_almanac(campaign)
        self._brokers: dict[PlaceId, list[Broker]] = defaultdict(list)
        for broker in outreach.brokers:
            self._brokers[broker.village_id].append(broker)
        self.by_day: dict[tuple[SquadId, date], list[PlannedVisit]] = defaultdict(list)
        for visit in sorted(self.agenda.visits, key=lambda one: (one.begin_s, one.id)):
            self.by_day[visit.squad_id, visit.day].append(visit)
        self.day_counts = Counter((one.squad_id, one.day) for one in self.agenda.squad_days)
        self.lines: dict[str, Counter[str]] = defaultdict(Counter)
        for line in self.agenda.score:
            if line.part is Part.TOURS:
                self.lines[line.item][line.rule] += line.fen

    @property
    def planned(self) -> bool:
        """Whether the plan says anything of tours."""
        agenda = self.agenda
        return bool(agenda.visits or agenda.refused_visits or agenda.squad_days)

    def calls(self) -> Iterator[Call]:
        """Visits whose need and squad are known."""
        for visit in self.agenda.visits:
            need, squad = self.asked.get(visit.id), self.squads.get(visit.squad_id)
            if need is not None and squad is not None:
                yield Call(visit=visit, need=need, squad=squad)

    def rounds(self) -> Iterator[Round]:
        """Days of squads that are known, named once."""
        for day in self.agenda.squad_days:
            squad = self.squads.get(day.squad_id)
            if squad is not None and self.day_counts[day.squad_id, day.day] == 1:
                visits = tuple(self.by_day.get((day.squad_id, day.day), ()))
                yield Round(day=day, squad=squad, visits=visits)

    def steps(self, one: Round) -> Iterator[Step]:
        """The drives of a day in order."""
        here, left_s = one.day.start_place_id, one.day.start_s
        for visit in one.visits:
            way = self.find_way(one.squad, here, end=visit.village_id)
            yield Step(
                left_s=left_s, arrive_s=visit.arrive_s, metres=visit.leg_m, place=visit.village_id, way=way
            )
            here, left_s = visit.village_id, visit.leave_s
        end = one.day.end_place_id
        way = self.find_way(one.squad, here, end=end)
        yield Step(left_s=left_s, arrive_s=one.day.end_s, metres=one.day.home_m, place=end, way=way)

    def find_way(self, squad: Squad, start: PlaceId, *, end: PlaceId) -> Way | None:
        """The fastest way that the squad's vehicle may drive."""
        kind = self._kinds.get(squad.vehicle_type_id)
        if kind is None or start not in self.places or end not in self.places:
            return None
        return self._travel.find_way(start, end, classes=frozenset(kind.road_classes))

    def road_fen(self, one: Round) -> int | None:
        """What the roads of a day cost; None where one is missing."""
        kind = self._kinds.get(one.squad.vehicle_type_id)
        ways = [step.way for step in self.steps(one)]
        if kind is None or None in ways:
            return None
        return sum(
            (kind.per_km_fen * way.metres + 500) // 1_000 + (kind.per_hour_fen * way.seconds + 1_800) // 3_600
            for way in ways
            if way is not None
        )

    def midnight_s(self, day: date) -> int:
        """The campaign's second at which a day begins."""
        return (day - self._campaign.first_day).days * _DAY_S

    def at(self, day: date, clock: time) -> int:
        """The campaign's second of a time of day."""
        return self.midnight_s(day) + clock.hour * 3_600 + clock.minute * 60 + clock.second

    def is_market(self, village: PlaceId, day: date) -> bool:
        """Whether it is a market day there."""
        return self._almanac.find_market(village, day) is not None

    def knows_market(self, village: PlaceId) -> bool:
        """Whether its market days are known."""
        return village in self._almanac.markets

    def somebody(self, village: PlaceId, day: date, *, evening: bool) -> bool:
        """Whether a broker is there by day, or in the evening; a village without brokers always receives."""
        brokers = self._brokers.get(village)
        if not brokers:
            return True
        return any(
            broker.is_open(day) and (broker.evening if evening else broker.daytime) for broker in brokers
        )

    def may_ever(self, squad: Squad, need: VisitNeed) -> bool:
        """Whether a squad has skill, firm and road for a need, and could be back in time if it goes home."""
        if (need.skill and need.skill not in squad.skills) or (
            need.exhibitor is not None and need.exhibitor not in squad.exhibitors
        ):
            return False
        out = self.find_way(squad, squad.base_id, end=need.village_id)
        back = self.find_way(squad, need.village_id, end=squad.base_id)
        if out is None or back is None:
            return False
        drive_s = out.seconds + back.seconds
        first = self._campaign.first_day
        shift_s = self.at(first, squad.shift_to) - self.at(first, squad.shift_from)
        fits = drive_s <= self.rules.drive_min * 60 and drive_s + need.minutes * 60 <= shift_s
        return fits or squad.overnight
