"""Plan -> the calendar feed of runs.

The time to gather stands in the title because Google and Outlook drop alarms. No person is named in it.

Trunk coaches and trains have no entry of their own: every run's entry says what its people catch. A
vehicle's run is what moves from one version to the next.

UID and SEQUENCE come from ``plan.events`` and are never made here; the stamp is the given ``now``, so
the same plan drawn with the same ``now`` is the same bytes.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from exports.dates import say_clock
from exports.feedviews import FeedEntry, FeedView
from exports.ics import draw_feed
from exports.words import text
from planner.model.events import EventStatus, NameKind
from planner.model.fleet import split_vehicle_id
from planner.names import collect_names
from planner.told import end_stop, end_time_s, gather_time_s, meet_time_s, start_time_s

if TYPE_CHECKING:
    from datetime import datetime

    from exports.document import Document
    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure, DepartureId
    from planner.model.places import Place, PlaceId
    from planner.model.plan import Event, Plan, Route, Stop

_ALARM_LEAD: Final = timedelta(hours=1)


def render_feed(campaign: Campaign, plan: Plan, *, locale: str, now: datetime) -> Document:
    """Draw the feed of all runs, cancelled ones included, in order of time."""
    view = FeedView(
        filename="runs.ics",
        name=text("ics.calendar", locale=locale, campaign=campaign.name),
        entries=tuple(entry for _, entry in list_run_entries(campaign, plan, locale=locale)),
    )
    return draw_feed(view, locale=locale, now=now)


def list_run_entries(campaign: Campaign, plan: Plan, *, locale: str) -> tuple[tuple[Event, FeedEntry], ...]:
    """Give every run's event with its entry, in order of time."""
    pen = _Pen(campaign, plan, locale=locale)
    events = sorted(plan.events, key=lambda event: (event.start_s, event.uid))
    return tuple((event, pen.draw(event)) for event in events)


class _Pen:
    """Writes the entries of one plan."""

    def __init__(self, campaign: Campaign, plan: Plan, *, locale: str) -> None:
        self._campaign = campaign
        self._plan = plan
        self._locale = locale
        self._routes = {route.run: route for route in plan.routes}
        self._places = {place.id: place for place in campaign.places}
        self._names = collect_names(campaign, plan)
        self._fed = _find_fed(plan)

    def draw(self, event: Event) -> FeedEntry:
        """Make the entry of one event."""
        cancelled = event.status is EventStatus.CANCELLED
        route = None if cancelled else self._routes.get(event.run)
        start_s, end_s = self._span(event, route)
        location, point = self._find_place(event, route)
        return FeedEntry(
            uid=event.uid,
            sequence=event.sequence,
            status=event.status,
            start=self._campaign.to_datetime(start_s),
            end=self._campaign.to_datetime(end_s),
            title=self._title(event, route),
            lines=tuple(self._lines(event, route)),
            location=location,
            point=point,
            alarm=None if cancelled else _ALARM_LEAD,
        )

    def _span(self, event: Event, route: Route | None) -> tuple[int, int]:
        """From the time people gather to the station; a cancelled run keeps what was told."""
        if route is None:
            return event.start_s, max(event.start_s, event.end_s)
        return start_time_s(self._campaign, route), end_time_s(route)

    def _title(self, event: Event, route: Route | None) -> str:
        place = self._name(event.place_id)
        time = say_clock(self._span(event, route)[0])
        if route is None:
            summary = self._text("ics.summary_alone", time=time, run=event.run, place=place)
        else:
            end = end_stop(route)
            station = self._name(end.place_id)
            summary = self._text("ics.summary", time=time, run=event.run, place=place, station=station)
        if event.status is EventStatus.CANCELLED:
            return self._text("ics.cancelled", summary=summary)
        return self._text("ics.moved", summary=summary) if event.sequence else summary

    def _lines(self, event: Event, route: Route | None) -> list[str]:
        lines: list[str] = []
        if event.status is EventStatus.CANCELLED:
            lines.append(self._text("ics.line.cancelled"))
        elif event.sequence:
            lines.append(self._text("ics.line.moved"))
        if route is not None:
            lines += self._route_lines(route)
        office = self._text("ics.line.office", office=self._campaign.office, phone=self._campaign.phone)
        return [*lines, office.strip(), self._text("ics.line.version", version=self._plan.version)]

    def _route_lines(self, route: Route) -> list[str]:
        group_id, _ = split_vehicle_id(route.vehicle_id)
        types = {group.id: group.type_id for group in self._campaign.fleet}
        names = {kind.id: kind.name for kind in self._campaign.vehicle_types}
        kind = names.get(types[group_id], "") if group_id in types else ""
        lines = [
            self._text(
                "ics.line.vehicle",
                run=route.run,
                vehicle=route.vehicle_id,
                type=kind,
                round=route.round,
                heads=route.heads,
            ),
            *self._calls(route),
        ]
        for departure in self._caught(route):
            if route.home:
                mode = self._text(f"ics.mode.{departure.mode.value}")
                lines.append(self._text("ics.line.meets", mode=mode, number=departure.number))
                continue
            leaves = say_clock(self._campaign.to_seconds(departure.departs))
            mode = self._text(f"ics.mode.{departure.mode.value}")
            lines.append(self._text("ics.line.departure", time=leaves, mode=mode, number=departure.number))
        return lines

    def _calls(self, route: Route) -> list[str]:
        """What the run does, in order: people board village by village, or get off there on the way home."""
        if route.home:
            leaves, station = say_clock(route.start_s), self._name(route.start_place_id)
            first = self._text("ics.line.leaves", time=leaves, station=station, heads=route.heads)
            return [
                first,
                *(
                    self._text(
                        "ics.line.drop",
                        number=number,
                        time=say_clock(meet_time_s(stop)),
                        place=f"{self._name(stop.place_id)} {stop.gather}".strip(),
                        heads=stop.board,
                    )
                    for number, stop in enumerate(route.stops[:-1], start=1)
                ),
            ]
        arrives, station = say_clock(route.arrive_s), self._name(route.stops[-1].place_id)
        return [
            *(self._stop_line(number, stop) for number, stop in enumerate(route.stops[:-1], start=1)),
            self._text("ics.line.arrive", time=arrives, station=station),
        ]

    def _caught(self, route: Route) -> list[Departure]:
        """Departures that the people of a run catch: coaches at one gate are fed by the same runs."""
        wanted = self._fed.get(route.run, {route.departure_id})
        known = (*self._campaign.departures, *self._plan.departures)
        return sorted((row for row in known if row.id in wanted), key=lambda row: (row.departs, row.id))

    def _stop_line(self, number: int, stop: Stop) -> str:
        time = say_clock(gather_time_s(self._campaign, stop))
        place = f"{self._name(stop.place_id)} {stop.gather}".strip()
        return self._text("ics.line.stop", number=number, time=time, place=place, heads=stop.board)

    def _find_place(self, event: Event, route: Route | None) -> tuple[str, tuple[float, float] | None]:
        """Say where: as told in the stop when there is one, else from the campaign."""
        place: Place | None = self._places.get(event.place_id)
        told: Stop | Place | None = route.stops[0] if route and not route.home else place
        name = self._names.get((NameKind.PLACE, event.place_id))
        if told is None:
            return (f"{name.town} {name.name}".strip() if name else ""), None
        township = place.township if place else ""
        words = [township, self._name(event.place_id), told.gather]
        return " ".join(word for word in words if word), (told.lat, told.lon)

    def _name(self, place_id: PlaceId) -> str:
        found = self._names.get((NameKind.PLACE, place_id))
        return found.name if found else place_id

    def _text(self, key: str, **args: str | int | None) -> str:
        return text(key, locale=self._locale, **args)


def _find_fed(plan: Plan) -> dict[int, set[DepartureId]]:
    """The departures that the people of each run ride."""
    rides = {
        person: leg.departure_id for leg in plan.legs if leg.run is None for person in leg.registration_ids
    }
    fed: defaultdict[int, set[DepartureId]] = defaultdict(set)
    for leg in plan.legs:
        if leg.run is not None:
            fed[leg.run] |= {rides[person] for person in leg.registration_ids if person in rides}
    return {run: found for run, found in fed.items() if found}
