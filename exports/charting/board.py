"""Plan with an agenda -> what the charts say: days, fairs with their backward tasks, squads, departures.

Words and days only, no geometry: Gantt and wall chart read the same board, so they cannot disagree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from exports.dates import say_lunar, say_stamp
from exports.words import label, text
from planner.almanac import DayKind, build_almanac, find_lunar_day, find_town
from planner.candidates import find_peak
from planner.model.agenda import Agenda, TaskKind
from planner.model.fairs import VenueId
from planner.model.places import PlaceId, PlaceKind
from planner.model.tours import SquadId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from exports.words import Value
    from planner.almanac import Almanac
    from planner.model.agenda import PlannedFair, PlannedVisit
    from planner.model.campaign import Campaign
    from planner.model.places import Place
    from planner.model.plan import Plan

_STRONG: Final = frozenset({(1, 1), (1, 15)})
"""正月初一 and 十五; the eve is the day before."""
_COUNTY_DIGITS: Final = 6
_SATURDAY: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class DayHead:
    """A column: what stands above it, market day of the board's township, public holiday by name."""

    day: date
    number: str
    month: str
    weekday: str
    weekend: bool
    lunar: str
    lunar_name: str
    """With its month: 腊月廿五."""
    spoken: str
    """1月25日."""
    strong: bool
    market: bool
    holiday: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A task of a fair on its last day, as one sign."""

    day: date
    kind: TaskKind
    sign: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FairLine:
    """A fair: where, its day, what is due before, the market days of its township."""

    name: str
    detail: str
    where: str
    town: str
    when: str
    heads: str
    day: date
    place_id: PlaceId | None
    marks: tuple[Mark, ...]
    markets: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """A squad's day: visits, whether into the evening, on a market day, not back at the base."""

    day: date
    visits: int
    evening: bool
    market: bool
    away: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadLine:
    """A squad and its days out; ``county`` is the code in front of its villages' codes."""

    name: str
    detail: str
    county: str
    outings: tuple[Outing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TownBar:
    """Visits planned of those a township needs, or heads placed of those registered."""

    name: str
    done: int
    wanted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything the charts show."""

    days: tuple[DayHead, ...]
    market_town: str
    """The township whose market days the columns show; empty where none is known."""
    fairs: tuple[FairLine, ...]
    squads: tuple[SquadLine, ...]
    rides: tuple[tuple[date, int], ...]
    """Heads who leave on each day."""
    peak: date | None
    towns: tuple[TownBar, ...]
    towns_are_visits: bool
    visits: int
    refused: int
    """Fairs and visits without a day."""
    stamp: str


def build_board(campaign: Campaign, plan: Plan, *, locale: str, now: datetime) -> Board:
    """Read a plan for the charts; a plan without fairs and visits gives a board without them."""
    return _Builder(campaign, plan, locale=locale).build(now)


class _Builder:
    """Looks names up once."""

    def __init__(self, campaign: Campaign, plan: Plan, *, locale: str) -> None:
        self._campaign, self._plan, self._locale = campaign, plan, locale
        self._agenda = plan.agenda or Agenda()
        self._almanac: Almanac = build_almanac(campaign)
        self._places: dict[str, Place] = {place.id: place for place in campaign.places}
        self._venues = {venue.id: venue for venue in campaign.outreach.venues}
        self._wishes = {fair.id: fair for fair in campaign.outreach.fairs}

    def build(self, now: datetime) -> Board:
        """Put the board together."""
        rides = self._count_rides()
        first, last = self._find_span(rides)
        market_town = self._find_market_town()
        towns, of_visits = self._list_towns()
        agenda = self._agenda
        return Board(
            days=tuple(
                self._draw_day(first + timedelta(number), first=first, town=market_town)
                for number in range((last - first).days + 1)
            ),
            market_town=self._name(market_town),
            fairs=tuple(self._draw_fair(fair, first=first, last=last) for fair in self._by_day(agenda.fairs)),
            squads=tuple(self._list_squads()),
            rides=tuple(sorted(rides.items())),
            peak=find_peak(self._campaign),
            towns=towns,
            towns_are_visits=of_visits,
            visits=len(agenda.visits),
            refused=len(agenda.refused_fairs) + len(agenda.refused_visits),
            stamp=text("sheet.stamp", locale=self._locale, version=self._plan.version, stamp=say_stamp(now)),
        )

    def _count_rides(self) -> Counter[date]:
        """Heads by day of departure: as planned, or while nothing is planned as registered."""
        rides: Counter[date] = Counter()
        known = {row.id: row for row in (*self._campaign.departures, *self._plan.departures)}
        for leg in self._plan.legs:
            if leg.run is None and leg.departure_id in known:
                rides[known[leg.departure_id].day] += len(leg.registration_ids)
        return rides or Counter(person.travel_date for person in self._campaign.registrations)

    def _find_span(self, rides: Iterable[date]) -> tuple[date, date]:
        agenda = self._agenda
        days = [fair.day for fair in agenda.fairs]
        days += [task.due for fair in agenda.fairs for task in fair.tasks]
        days += [row.day for row in agenda.visits] + [*rides]
        return (min(days), max(days)) if days else (self._campaign.first_day, self._campaign.first_day)

    def _find_market_town(self) -> PlaceId | None:
        """The place with a known rule at which most happens."""
        at = [
            venue.place_id
            for fair in self._agenda.fairs
            if (venue := self._venues.get(fair.venue_id or VenueId("")))
        ]
        towns = {place.name: place.id for place in self._campaign.places if place.kind is PlaceKind.TOWNSHIP}
        count: Counter[PlaceId] = Counter()
        for place_id in (*at, *(visit.village_id for visit in self._agenda.visits)):
            place = self._places.get(place_id)
            town = towns.get(find_town(place)) if place else None
            if town is not None and self._almanac.markets.get(town):
                count[town] += 1
        return min(count, key=lambda town: (-count[town], town), default=None)

    def _draw_day(self, day: date, *, first: date, town: PlaceId | None) -> DayHead:
        lunar, after = find_lunar_day(day), find_lunar_day(day + timedelta(1))
        eve = (after.month, after.day, after.leap) == (1, 1, False)
        official = self._almanac.find_official(day)
        return DayHead(
            day=day,
            number=str(day.day),
            month=self._say(f"date.month.m{day.month}") if day == first or day.day == 1 else "",
            weekday=self._say(f"chart.weekday.d{day.isoweekday()}"),
            weekend=day.isoweekday() >= _SATURDAY,
            lunar=self._say("chart.eve") if eve else self._say(f"date.lunar.day.d{lunar.day}"),
            lunar_name=say_lunar(day, locale=self._locale),
            spoken=self._say_day(day),
            strong=eve or (not lunar.leap and (lunar.month, lunar.day) in _STRONG),
            market=town is not None and self._almanac.find_market(town, day) is not None,
            holiday=official.name if official.kind is DayKind.HOLIDAY else "",
        )

    def _draw_fair(self, fair: PlannedFair, *, first: date, last: date) -> FairLine:
        wish, venue = self._wishes.get(fair.fair_id), self._venues.get(fair.venue_id or VenueId(""))
        place_id = venue.place_id if venue else None
        where = venue.name if venue else self._say("feed.fair.online")
        when = self._say_day(fair.day)
        heads = self._say("chart.heads", count=fair.expected_visitors)
        markets = () if place_id is None else self._almanac.find_market_days(place_id, first=first, last=last)
        return FairLine(
            name=wish.name if wish else fair.fair_id,
            detail=self._say("chart.fair_detail", when=when, where=where, heads=heads),
            where=where,
            town=self._town(place_id) if place_id else where,
            when=when,
            heads=heads,
            day=fair.day,
            place_id=place_id,
            marks=tuple(
                Mark(day=task.due, kind=task.kind, sign=self._say(f"chart.sign.{task.kind}"))
                for task in sorted(fair.tasks, key=lambda task: (task.due, task.kind))
            ),
            markets=markets,
        )

    def _list_squads(self) -> Iterator[SquadLine]:
        visits: defaultdict[SquadId, defaultdict[date, list[PlannedVisit]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for visit in self._agenda.visits:
            visits[visit.squad_id][visit.day].append(visit)
        ends = {(day.squad_id, day.day): day.end_place_id for day in self._agenda.squad_days}
        for squad in self._campaign.outreach.squads:
            days = visits[squad.id]
            made = [visit for day in days.values() for visit in day]
            codes = Counter(visit.village_id[:_COUNTY_DIGITS] for visit in made)
            yield SquadLine(
                name=squad.name,
                detail=self._say("chart.squad_detail", days=len(days), visits=len(made)),
                county=min(codes, key=lambda code: (-codes[code], code), default=""),
                outings=tuple(
                    Outing(
                        day=day,
                        visits=len(days[day]),
                        evening=any(visit.evening for visit in days[day]),
                        market=any(visit.market for visit in days[day]),
                        away=ends.get((squad.id, day), squad.base_id) != squad.base_id,
                    )
                    for day in sorted(days)
                ),
            )

    def _list_towns(self) -> tuple[tuple[TownBar, ...], bool]:
        """Visits of every township, or without any those who are placed among those registered."""
        wanted: Counter[str] = Counter()
        done: Counter[str] = Counter()
        needs = self._campaign.outreach.visits
        if needs:
            for need in needs:
                wanted[self._town(need.village_id)] += need.visits
            for visit in self._agenda.visits:
                done[self._town(visit.village_id)] += 1
        else:
            homes = {person.id: self._town(person.village_id) for person in self._campaign.registrations}
            wanted.update(homes.values())
            placed = {one for leg in self._plan.legs for one in leg.registration_ids if leg.run is None}
            done.update(homes[one] for one in placed if one in homes)
        order = [place.name for place in self._campaign.places if place.kind is PlaceKind.TOWNSHIP]
        names = [*order, *sorted(wanted.keys() - {*order})]
        bars = (TownBar(name=name, done=done[name], wanted=wanted[name]) for name in names if wanted[name])
        return tuple(bars), bool(needs)

    def _say_day(self, day: date) -> str:
        return self._say("map.day", month=self._say(f"date.month.m{day.month}"), day=day.day)

    def _by_day(self, fairs: Iterable[PlannedFair]) -> list[PlannedFair]:
        return sorted(fairs, key=lambda fair: (fair.start_s, fair.fair_id))

    def _town(self, place_id: str) -> str:
        place = self._places.get(place_id)
        return (find_town(place) or place.name) if place else place_id

    def _name(self, place_id: PlaceId | None) -> str:
        place = self._places.get(place_id or "")
        return place.name if place else ""

    def _say(self, key: str, **args: Value) -> str:
        return text(key, locale=self._locale, **args)


def say_task(kind: TaskKind, *, locale: str) -> str:
    """Name a task."""
    return label(kind, locale=locale)
