"""Time reversed: a way home is a way out played backwards, so one pipeline and one set of rules do for both.

The middle lies a whole number of days from the campaign's first midnight: its first day becomes its last,
and a clock that shows ``c`` comes to show 24:00 less ``c``. Doing it twice changes nothing. Two things are
not the same both ways and are kept in real time: the hours of the law (``stages/coaches.py``) and what
people are told (``planner/told.py``). Exactly midnight belongs to one day on this side and to another on
that, so coaches are not planned to come or go then.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from planner.model.campaign import Direction
from planner.model.plan import Stop

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.errors import Arg
    from planner.model.campaign import Campaign, FeederRules
    from planner.model.fleet import Departure
    from planner.model.people import Registration
    from planner.model.places import PlaceId
    from planner.model.plan import Event, Leg, Plan, Route, Subsidised, Unserved
    from planner.model.trunk import Handover, Movement, TrunkRun

_DAY_S: Final = 24 * 3600
_LAST: Final = time(23, 59, 59)
_CLOCK: Final = re.compile(r"(\d\d):(\d\d)")
_TURNED: Final = {Direction.OUT: Direction.HOME, Direction.HOME: Direction.OUT}


def pivot_s(campaign: Campaign) -> int:
    """What a moment and its mirror image add up to, in seconds; the same on both sides."""
    days = [entry.day for entry in campaign.departures]
    for person in campaign.registrations:
        days += [person.travel_date, person.latest_date or person.travel_date]
    offsets = [(day - campaign.first_day).days for day in days] or [0]
    return (min(offsets) + max(offsets) + 1) * _DAY_S


def mirror_campaign(campaign: Campaign) -> Campaign:
    """Turn a campaign round: who went home goes out, on the days and at the hours of the mirror."""
    glass = _Glass(campaign)
    return replace(
        campaign,
        direction=_TURNED.get(campaign.direction, campaign.direction),
        mirrored=not campaign.mirrored,
        rules=replace(campaign.rules, feeder=_mirror_rules(campaign.rules.feeder)),
        departures=tuple(map(glass.departure, campaign.departures)),
        registrations=tuple(map(glass.registration, campaign.registrations)),
    )


def mirror_plan(campaign: Campaign, plan: Plan) -> Plan:
    """Turn a plan round; ``campaign`` is it on either side. Rounds are counted anew as they are driven.

    Never raises, however damaged the plan: what cannot be turned is left as it is.
    """
    glass = _Glass(campaign)
    departures = tuple(map(glass.departure, plan.departures))
    routes = tuple(map(glass.route, plan.routes))
    same_side = any(route.home for route in routes) == (campaign.direction is Direction.HOME)
    given = campaign.departures if same_side else tuple(map(glass.departure, campaign.departures))
    days: dict[str, date] = {entry.id: entry.day for entry in (*departures, *given)}
    return replace(
        plan,
        departures=departures,
        trunk_runs=tuple(map(glass.trunk_run, plan.trunk_runs)),
        subsidised=tuple(map(glass.subsidised, plan.subsidised)),
        routes=count_rounds(routes, days=days),
        legs=tuple(map(glass.leg, plan.legs)),
        unserved=tuple(map(glass.unserved, plan.unserved)),
        events=tuple(map(glass.event, plan.events)),
        handovers=tuple(map(glass.handover, plan.handovers)),
    )


def goes_to_work(campaign: Campaign) -> bool:
    """Whether people are handed over to employers and taken to their dormitories: on the way out alone."""
    return campaign.direction is Direction.OUT and not campaign.mirrored


def mirror_route(campaign: Campaign, route: Route) -> Route:
    """Turn one route round; its round is left as it is."""
    return _Glass(campaign).route(route)


def mirror_day(campaign: Campaign, day: date) -> date:
    """The day that stands for ``day`` on the other side."""
    return _Glass(campaign).day(day)


def real_day(campaign: Campaign, day: date) -> date:
    """The day on people's calendars that ``day`` is within the campaign."""
    return mirror_day(campaign, day) if campaign.mirrored else day


def mirror_movements(movements: Iterable[Movement], *, about_s: int) -> tuple[Movement, ...]:
    """Movements played backwards; ``about_s`` is what a moment and its image add up to."""
    turned = [
        replace(entry, start_s=about_s - entry.end_s, end_s=about_s - entry.start_s) for entry in movements
    ]
    return tuple(reversed(turned))


def count_rounds(routes: Iterable[Route], *, days: Mapping[str, date]) -> tuple[Route, ...]:
    """Count each vehicle's rounds of a day in the order it drives them; ``days`` are those of departures."""
    made = tuple(routes)
    together: dict[object, list[tuple[int, int, int]]] = defaultdict(list)
    for number, route in enumerate(made):
        day = days.get(route.departure_id, route.departure_id)
        together[route.vehicle_id, day].append((route.start_s, route.run, number))
    round_of = {
        number: count for same in together.values() for count, (_, _, number) in enumerate(sorted(same), 1)
    }
    return tuple(replace(route, round=round_of[number]) for number, route in enumerate(made))


def _mirror_rules(rules: FeederRules) -> FeederRules:
    return replace(
        rules,
        earliest_start=_mirror_clock(rules.latest_return),
        latest_return=_mirror_clock(rules.earliest_start),
        earliest_pickup=_mirror_clock(rules.latest_dropoff),
        latest_dropoff=_mirror_clock(rules.earliest_pickup),
    )


def _mirror_clock(clock: time) -> time:
    """24:00 less it; the first second of a day and the last one stand for each other."""
    if clock in {time(), _LAST}:
        return _LAST if clock == time() else time()
    left_s = _DAY_S - clock.hour * 3600 - clock.minute * 60 - clock.second
    return time(left_s // 3600, left_s // 60 % 60, left_s % 60)


class _Glass:
    """Mirrors one noun at a time."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._pivot_s = pivot_s(campaign)
        self._places = {place.id: place for place in campaign.places}

    def day(self, day: date) -> date:
        first = self._campaign.first_day
        try:
            return first + timedelta(days=self._pivot_s // _DAY_S - 1 - (day - first).days)
        except OverflowError:
            return day

    def moment(self, moment: datetime) -> datetime:
        try:
            return self._campaign.to_datetime(self._pivot_s - self._campaign.to_seconds(moment))
        except OverflowError:
            return moment

    def departure(self, departure: Departure) -> Departure:
        calls = (replace(call, arrives=self.moment(call.arrives)) for call in reversed(departure.calls))
        return replace(departure, departs=self.moment(departure.departs), calls=tuple(calls))

    def registration(self, person: Registration) -> Registration:
        first, last = person.travel_date, person.latest_date
        if last is None:
            return replace(person, travel_date=self.day(first))
        return replace(person, travel_date=self.day(last), latest_date=self.day(first))

    def route(self, route: Route) -> Route:
        if not route.stops:
            return replace(route, home=not route.home, start_s=self._pivot_s - route.start_s)
        last = route.stops[-1]
        calls = [
            replace(
                stop,
                arrive_s=self._pivot_s - stop.depart_s,
                depart_s=self._pivot_s - stop.arrive_s,
                leg_m=after.leg_m,
            )
            for stop, after in zip(route.stops, route.stops[1:], strict=False)
        ]
        end = self._end(
            route.start_place_id, arrive_s=self._pivot_s - route.start_s, leg_m=route.stops[0].leg_m
        )
        return replace(
            route,
            home=not route.home,
            start_place_id=last.place_id,
            start_s=self._pivot_s - last.arrive_s,
            stops=(*reversed(calls), end),
        )

    def _end(self, place_id: PlaceId, *, arrive_s: int, leg_m: int) -> Stop:
        place = self._places.get(place_id)
        return Stop(
            place_id=place_id,
            arrive_s=arrive_s,
            depart_s=arrive_s,
            board=0,
            leg_m=leg_m,
            gather=place.gather if place else "",
            lat=place.lat if place else 0.0,
            lon=place.lon if place else 0.0,
        )

    def leg(self, leg: Leg) -> Leg:
        return replace(
            leg,
            home=not leg.home,
            from_id=leg.to_id,
            to_id=leg.from_id,
            board_s=self._pivot_s - leg.alight_s,
            alight_s=self._pivot_s - leg.board_s,
        )

    def trunk_run(self, run: TrunkRun) -> TrunkRun:
        return replace(
            run,
            movements=mirror_movements(run.back, about_s=self._pivot_s),
            back=mirror_movements(run.movements, about_s=self._pivot_s),
        )

    def event(self, event: Event) -> Event:
        start_s, end_s = self._pivot_s - event.end_s, self._pivot_s - event.start_s
        return replace(event, start_s=start_s, end_s=end_s)

    def handover(self, handover: Handover) -> Handover:
        leave_s, gate_s, door_s = handover.leave_s, handover.gate_s, handover.door_s
        pivot = self._pivot_s
        return replace(handover, leave_s=pivot - leave_s, gate_s=pivot - gate_s, door_s=pivot - door_s)

    def subsidised(self, paid: Subsidised) -> Subsidised:
        why = None if paid.why is None else self.unserved(paid.why)
        return replace(paid, day=self.day(paid.day), why=why)

    def unserved(self, left: Unserved) -> Unserved:
        fix = left.fix if left.fix is None else replace(left.fix, args=self._args(left.fix.args))
        return replace(left, args=self._args(left.args), fix=fix)

    def _args(self, args: Mapping[str, Arg]) -> dict[str, Arg]:
        return {name: self._arg(name, value) for name, value in args.items()}

    def _arg(self, name: str, value: Arg) -> Arg:
        """Days and clock times that are written out."""
        if not isinstance(value, str):
            return value
        if name == "date":
            try:
                return self.day(date.fromisoformat(value)).isoformat()
            except ValueError:
                return value
        found = _CLOCK.fullmatch(value)
        if found is None:
            return value
        left_min = (24 * 60 - int(found[1]) * 60 - int(found[2])) % (24 * 60)
        return f"{left_min // 60:02d}:{left_min % 60:02d}"
