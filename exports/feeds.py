"""Plan with an agenda -> a calendar feed per squad, fair venue and township, and one of the whole campaign.

Who loses a visit or a fair sees it cancelled in their own calendar, with who has it now; everybody else sees
it moved. UID and SEQUENCE come from ``agenda.events`` and are never made here. No person is named: squads,
places, firms and the office's own phone only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from exports.dates import say_clock, say_day, say_told_day
from exports.feedviews import FeedEntry, FeedView
from exports.ics import draw_feed
from exports.runfeed import list_run_entries
from exports.words import label, text
from planner.almanac import DayKind, build_almanac
from planner.errors import ExportError, NotFoundError
from planner.model.agenda import Agenda
from planner.model.events import AppointmentKind, EventStatus, NameKind
from planner.model.fairs import FairId
from planner.model.places import Place, PlaceKind
from planner.model.tours import VisitId, split_visit_id
from planner.names import collect_names
from planner.told import leave_time_s

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from exports.document import Document
    from exports.words import Value
    from planner.model.agenda import PlannedFair, PlannedVisit, SquadDay
    from planner.model.campaign import Campaign
    from planner.model.events import Appointment, Told
    from planner.model.plan import Event, Plan
    from planner.model.tours import SquadId

_LEAD: Final = timedelta(hours=1)
_MARKED: Final = timedelta(hours=48)
"""So long a moved entry says so."""
_TOLD: Final = frozenset({DayKind.HOLIDAY, DayKind.MADE_UP})
_UNSAFE: Final = re.compile(r"[^\w.-]")


class Scope(StrEnum):
    """Whose feed it is."""

    SQUAD = "squad"
    FAIR = "fair"
    """A venue's, or of one fair by its id."""
    TOWNSHIP = "township"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A feed by its scope and whose it is: id of a squad, venue, fair or township; empty for all."""

    scope: Scope
    item: str = ""


class FeedBook:
    """All feeds of a plan: what they have in common is looked up once.

    ``published`` says when a version of the plan was given out: an entry's stamp is that of the version that
    last moved it, and 【改期】 stands 48 hours. Without it the stamp is ``now`` and the mark stays.
    """

    def __init__(
        self,
        campaign: Campaign,
        plan: Plan,
        *,
        locale: str,
        now: datetime,
        published: Mapping[int, datetime] | None = None,
    ) -> None:
        if now.tzinfo is None:
            raise ExportError("now must carry a zone")
        agenda = plan.agenda or Agenda()
        self._campaign, self._plan, self._locale, self._now = campaign, plan, locale, now
        self._published = published or {}
        self._almanac = build_almanac(campaign)
        outreach = campaign.outreach
        self._places: dict[str, Place] = {place.id: place for place in campaign.places}
        self._venues = {venue.id: venue for venue in outreach.venues}
        self._fairs = {fair.id: fair for fair in outreach.fairs}
        self._squads = {squad.id: squad for squad in outreach.squads}
        self._needs = {need.id: need for need in outreach.visits}
        self._firms = {firm.id: firm.employer for firm in outreach.exhibitors}
        self._planned_fairs = {fair.fair_id: fair for fair in agenda.fairs}
        self._planned_visits = {visit.id: visit for visit in agenda.visits}
        self._names = collect_names(campaign, plan)
        self._known: dict[Scope, dict[str, str]] = {}
        self._days = _find_first_visits(agenda)
        self._runs = list_run_entries(campaign, plan, locale=locale)
        self._by_host: defaultdict[str, list[Appointment]] = defaultdict(list)
        self._by_town: defaultdict[str, list[tuple[Appointment, bool]]] = defaultdict(list)
        self._all = sorted(agenda.events, key=lambda entry: (entry.told.start_s, entry.uid))
        for entry in self._all:
            for host in {entry.told.host, *entry.left} - {""}:
                self._by_host[f"{entry.kind}:{host}"].append(entry)
            now_there, was_there = self._find_towns(entry)
            for town in now_there | was_there:
                self._by_town[town].append((entry, town not in now_there))

    def list_addresses(self) -> tuple[Address, ...]:
        """Give the feeds that have something in them, and always that of the whole campaign."""
        found = [
            Address(scope=scope, item=item)
            for scope in (Scope.SQUAD, Scope.FAIR, Scope.TOWNSHIP)
            for item, _ in (*self.list_items(scope), *self.list_gone(scope))
            if self._has_any(scope, item)
        ]
        return (*found, Address(scope=Scope.ALL))

    def _has_any(self, scope: Scope, item: str) -> bool:
        """Whether a squad, venue or township has anything; single fairs have no feed of their own to list."""
        match scope:
            case Scope.SQUAD:
                return bool(self._hosts("visit", item))
            case Scope.FAIR:
                return self._is_venue(item) and bool(self._hosts("fair", item))
            case _:
                town = self._find_town(NameKind.TOWNSHIP, item)
                return bool(self._by_town.get(town) or self._runs_in(town))

    def _is_venue(self, item: str) -> bool:
        """Whether a venue, not a fair, is meant by an id."""
        return item in self._venues or (item not in self._fairs and f"fair:{item}" in self._by_host)

    def list_items(self, scope: Scope) -> tuple[tuple[str, str], ...]:
        """Give id and name of all there are in a scope, for a message."""
        match scope:
            case Scope.SQUAD:
                return tuple((squad.id, squad.name) for squad in self._squads.values())
            case Scope.FAIR:
                venues = ((venue.id, venue.name) for venue in self._venues.values())
                return (*venues, *((fair.id, fair.name) for fair in self._fairs.values()))
            case Scope.TOWNSHIP:
                return tuple((place.id, place.name) for place in self._towns())
            case Scope.ALL:
                return ()

    def list_gone(self, scope: Scope) -> tuple[tuple[str, str], ...]:
        """Give id and name of what the folder has no more: who subscribed has to see it cancelled."""
        told: list[tuple[NameKind, str]] = []
        for entry in self._all:
            hosts = [host for host in (*entry.left, entry.told.host) if host]
            if scope is Scope.SQUAD and entry.kind is AppointmentKind.VISIT:
                told += [(NameKind.SQUAD, host) for host in hosts]
            if scope is Scope.FAIR and entry.kind is AppointmentKind.FAIR:
                told += [*((NameKind.VENUE, host) for host in hosts), (NameKind.FAIR, entry.item)]
        if scope is Scope.TOWNSHIP:
            told += [key for key in self._names if key[0] is NameKind.TOWNSHIP]
        known = {item for item, _ in self.list_items(scope)}
        return tuple((item, self._name(kind, item)) for kind, item in sorted({*told}) if item not in known)

    def build(self, address: Address) -> FeedView:
        """Build one feed; NotFoundError when there is no such squad, venue, fair or township.

        What is known but has nothing planned gives an empty feed: who subscribed to it is not left with an
        error.
        """
        if address.scope not in self._known:
            found = (*self.list_gone(address.scope), *self.list_items(address.scope))
            self._known[address.scope] = dict(found)
        known = self._known[address.scope]
        if address.scope is not Scope.ALL and address.item not in known:
            raise NotFoundError(address.scope, address.item)
        item = known.get(address.item, "")
        words = f"feed.calendar.{address.scope}"
        return FeedView(
            filename=f"feed-{'-'.join(filter(None, (address.scope, _UNSAFE.sub('_', address.item))))}.ics",
            name=self._say(words, campaign=self._campaign.name, name=item),
            entries=tuple(sorted(self._list_entries(address), key=lambda entry: (entry.start, entry.uid))),
        )

    def _list_entries(self, address: Address) -> Iterator[FeedEntry]:
        item = address.item
        match address.scope:
            case Scope.SQUAD:
                yield from (self._draw(entry, reader=item) for entry in self._hosts("visit", item))
            case Scope.FAIR if self._is_venue(item):
                yield from (self._draw(entry, reader=item) for entry in self._hosts("fair", item))
            case Scope.FAIR:
                yield from (self._draw(e) for e in self._all if (e.kind, e.item) == ("fair", item))
            case Scope.TOWNSHIP:
                town = self._find_town(NameKind.TOWNSHIP, item)
                yield from (self._draw(entry, gone=gone) for entry, gone in self._by_town.get(town, ()))
                yield from self._runs_in(town)
            case Scope.ALL:
                yield from map(self._draw, self._all)
                yield from (entry for _, entry in self._runs)

    def _draw(self, entry: Appointment, *, reader: str = "", gone: bool = False) -> FeedEntry:
        """Make the entry as ``reader``, a squad or venue, sees it; ``gone``: the reader has it no more."""
        told = entry.told
        if reader and reader != told.host:
            gone = True
            told = entry.was if entry.was is not None and entry.was.host == reader else told
        cancelled = gone or entry.status is EventStatus.CANCELLED
        was = None if cancelled else self._find_was(entry, reader=reader)
        day = None if cancelled else self._days.get(entry.item)
        title = self._title(entry, told, day=day if reader else None, reader=reader)
        if cancelled or was is not None:
            title = self._say("feed.cancelled" if cancelled else "feed.moved", summary=title)
        location, point = self._find_place(told)
        start = self._campaign.to_datetime(told.start_s)
        return FeedEntry(
            uid=entry.uid,
            sequence=entry.sequence,
            status=EventStatus.CANCELLED if cancelled else EventStatus.CONFIRMED,
            start=start,
            end=self._campaign.to_datetime(told.end_s),
            title=title,
            lines=tuple(self._list_lines(entry, told, was=was, gone=gone, reader=reader)),
            location=location,
            point=point,
            alarm=None if cancelled else self._find_alarm(told, day=day if reader else None),
            stamp=self._published.get(entry.since),
        )

    def _find_was(self, entry: Appointment, *, reader: str) -> Told | None:
        """Give what was told before where it is news to the reader, 48 hours long: another time or place."""
        was = entry.was
        if was is None or (reader and was.host != reader) or replace(was, host=entry.told.host) == entry.told:
            return None
        published = self._published.get(entry.since)
        return was if published is None or self._now - published <= _MARKED else None

    def _find_alarm(self, told: Told, *, day: SquadDay | None) -> timedelta:
        """Ring an hour before people have to be somewhere."""
        ahead_s = 0 if day is None else max(told.start_s - leave_time_s(day), 0)
        return _LEAD + timedelta(seconds=ahead_s)

    def _title(self, entry: Appointment, told: Told, *, day: SquadDay | None, reader: str) -> str:
        time = say_clock(told.start_s)
        if entry.kind is AppointmentKind.FAIR:
            return self._say("feed.fair.title", time=time, fair=self._name(NameKind.FAIR, entry.item))
        place = self._name(NameKind.PLACE, told.place_id)
        if not reader:
            squad = self._name_host(entry.kind, told.host)
            return self._say("feed.visit.seen", time=time, place=place, squad=squad)
        if day is None:
            return self._say("feed.visit.next", time=time, place=place)
        return self._say("feed.visit.first", gather=say_clock(leave_time_s(day)), time=time, place=place)

    def _list_lines(
        self, entry: Appointment, told: Told, *, was: Told | None, gone: bool, reader: str
    ) -> Iterator[str]:
        cancelled = entry.status is EventStatus.CANCELLED
        if cancelled:
            yield self._say(f"feed.{entry.kind}.off")
        elif gone:
            host = self._name_host(entry.kind, entry.told.host)
            yield self._say(f"feed.{entry.kind}.gone", host=host, when=self._say_when(entry.told))
        elif was is not None:
            where = self._name_venue(entry.kind, was)
            yield self._say("feed.line.was", when=self._say_when(was), place=where).strip()
        if cancelled or not gone:
            yield self._say_when(told)
        if not (cancelled or gone):
            yield from self._list_details(entry, told, reader=reader)
        office = self._say("ics.line.office", office=self._campaign.office, phone=self._campaign.phone)
        yield office.strip()
        yield self._say("feed.line.version", version=entry.since)

    def _list_details(self, entry: Appointment, told: Told, *, reader: str) -> Iterator[str]:
        if entry.kind is AppointmentKind.FAIR:
            fair = self._planned_fairs.get(FairId(entry.item))
            if fair is not None:
                yield from self._list_fair(fair)
            return
        if not reader:
            yield self._name_host(entry.kind, told.host)
            if entry.was is not None and entry.was.host != told.host:
                yield self._say("feed.visit.before", squad=self._name_host(entry.kind, entry.was.host))
        visit = self._planned_visits.get(VisitId(entry.item))
        if visit is not None:
            yield from self._list_visit(visit, day=self._days.get(visit.id) if reader else None)

    def _list_fair(self, fair: PlannedFair) -> Iterator[str]:
        wish = self._fairs.get(fair.fair_id)
        if wish is not None:
            yield label(wish.kind, locale=self._locale)
        if fair.venue_id is not None:
            yield self._name_host(AppointmentKind.FAIR, fair.venue_id)
        booths = sum(booking.booths for booking in fair.bookings)
        yield self._say(
            "feed.fair.figures", heads=fair.expected_visitors, firms=len(fair.bookings), booths=booths
        )
        for task in sorted(fair.tasks, key=lambda task: (task.due, task.kind)):
            due = say_day(task.due, locale=self._locale)
            yield self._say("feed.fair.task", day=due, task=label(task.kind, locale=self._locale))

    def _list_visit(self, visit: PlannedVisit, *, day: SquadDay | None) -> Iterator[str]:
        if day is not None:
            base = self._name(NameKind.PLACE, day.start_place_id)
            yield self._say("feed.visit.leaves", time=say_clock(leave_time_s(day)), place=base)
        need = self._needs.get(visit.need_id)
        if need is not None and need.visits > 1:
            number = split_visit_id(visit.id)[1]
            yield self._say("feed.visit.number", number=number, count=need.visits)
        if need is not None and need.exhibitor is not None:
            yield self._say("feed.visit.firm", firm=self._firms.get(need.exhibitor, need.exhibitor))

    def _say_when(self, told: Told) -> str:
        """Write day and times: ``正月初八 (2027-02-13) 周六 逢集 09:00–10:05``."""
        day = self._campaign.to_datetime(told.start_s).date()
        market = None if told.place_id is None else self._almanac.find_market(told.place_id, day)
        official = self._almanac.find_official(day)
        return self._say(
            "feed.line.when",
            day=say_told_day(
                day,
                locale=self._locale,
                market=market,
                official=official if official.kind in _TOLD else None,
            ),
            start=say_clock(told.start_s),
            end=say_clock(told.end_s),
        )

    def _find_place(self, told: Told) -> tuple[str, tuple[float, float] | None]:
        place = self._places.get(told.place_id or "")
        venue = self._names.get((NameKind.VENUE, told.host))
        town = self._find_town(NameKind.PLACE, told.place_id)
        spot = venue.name if venue else place.gather if place else ""
        words = dict.fromkeys((town, self._name(NameKind.PLACE, told.place_id), spot))
        return " ".join(word for word in words if word), (place.lat, place.lon) if place else None

    def _find_towns(self, entry: Appointment) -> tuple[set[str], set[str]]:
        """Townships that have an appointment, and those that had it with another venue."""
        there = {self._find_town(NameKind.PLACE, entry.told.place_id)}
        before: set[str] = set()
        if entry.kind is AppointmentKind.FAIR:
            there.add(self._find_town(NameKind.FAIR, entry.item))
            before = {self._find_town(NameKind.VENUE, host) for host in entry.left}
        return there - {""}, before - there - {""}

    def _find_town(self, kind: NameKind, item: str | None) -> str:
        found = self._names.get((kind, item or ""))
        return found.town if found else ""

    def _towns(self) -> Iterator[Place]:
        return (place for place in self._campaign.places if place.kind is PlaceKind.TOWNSHIP)

    def _hosts(self, kind: str, item: str) -> list[Appointment]:
        return self._by_host.get(f"{kind}:{item}", [])

    def _runs_in(self, town: str) -> list[FeedEntry]:
        return [entry for event, entry in self._runs if town in self._towns_of_run(event)]

    def _towns_of_run(self, event: Event) -> set[str]:
        stops = (route.stops for route in self._plan.routes if route.run == event.run)
        places = {event.place_id, *(stop.place_id for calls in stops for stop in calls if stop.board)}
        return {self._find_town(NameKind.PLACE, place) for place in places}

    def _name(self, kind: NameKind, item: str | None) -> str:
        """What it is called, else its id."""
        found = self._names.get((kind, item or ""))
        return found.name if found else item or ""

    def _name_host(self, kind: AppointmentKind, host: str) -> str:
        if kind is AppointmentKind.VISIT:
            return self._name(NameKind.SQUAD, host)
        return self._name(NameKind.VENUE, host) or self._say("feed.fair.online")

    def _name_venue(self, kind: AppointmentKind, told: Told) -> str:
        return self._name_host(kind, told.host) if kind is AppointmentKind.FAIR else ""

    def _say(self, key: str, **args: Value) -> str:
        return text(key, locale=self._locale, **args)


def _find_first_visits(agenda: Agenda) -> dict[str, SquadDay]:
    """The first visit of every squad-day, by its id, with the day: the squad gathers for it."""
    first: dict[tuple[SquadId, date], PlannedVisit] = {}
    for visit in sorted(agenda.visits, key=lambda visit: (visit.begin_s, visit.id)):
        first.setdefault((visit.squad_id, visit.day), visit)
    days = {(day.squad_id, day.day): day for day in agenda.squad_days}
    return {visit.id: days[key] for key, visit in first.items() if key in days}


def render_feeds(campaign: Campaign, plan: Plan, *, locale: str, now: datetime) -> Iterator[Document]:
    """Write every feed that has something in it, and that of the whole campaign."""
    book = FeedBook(campaign, plan, locale=locale, now=now)
    for address in book.list_addresses():
        yield draw_feed(book.build(address), locale=locale, now=now)
