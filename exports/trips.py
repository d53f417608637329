"""Plan -> trips with their stops, for timetables that machines read: feeder runs and departures alike.

A trip begins where people first board and ends where the last are off; where a vehicle drives empty is no
part of it. Nobody is named.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from planner.model.campaign import Direction
from planner.model.fleet import Mode, split_vehicle_id
from planner.model.places import DestinationId, PlaceId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exports.dossier import Dossier
    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure, DepartureId, VehicleTypeId
    from planner.model.plan import Plan, Route, Stop

_BETWEEN: Final = " – "
_AND: Final = "、"


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """Where a trip calls. Ids of ours hold no ``/``, so ``city/gz`` and ``gz`` never meet."""

    id: str
    name: str
    spot: str = ""
    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TripCall:
    """A call of a trip in seconds from the campaign's first midnight: people board, or else get off.

    ``along_m`` are metres from the first call, None where the trip has no shape.
    """

    halt: Halt
    arrive_s: int
    depart_s: int
    boards: bool
    along_m: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What riders take a trip for: a run by its number, a train or coach by its number on all its days."""

    id: str
    short_name: str
    long_name: str
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Bend:
    """A point of a trip's shape and the metres driven to it from the first call."""

    lat: float
    lon: float
    along_m: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One ride of one vehicle with people on a day."""

    id: str
    line: Line
    home: bool
    calls: tuple[TripCall, ...]
    shape: tuple[Bend, ...] = ()
    """Along the roads the planner drove it; empty where it knows none (the way to the cities)."""


def find_unplaced(campaign: Campaign, plan: Plan) -> tuple[Departure, ...]:
    """Find departures somebody rides that no timetable can show: a city they call at has no point."""
    points = {entry.id: entry.point for entry in campaign.destinations}
    ridden = {leg.departure_id for leg in plan.legs if leg.run is None}
    return tuple(
        each
        for each in sorted((*campaign.departures, *plan.departures), key=lambda each: (each.departs, each.id))
        if each.id in ridden and not all(points.get(call.destination_id) for call in each.calls)
    )


def has_trips(campaign: Campaign, plan: Plan) -> bool:
    """Say whether there is any trip to show."""
    ridden = {leg.departure_id for leg in plan.legs if leg.run is None}
    return bool(plan.routes) or len(ridden) > len(find_unplaced(campaign, plan))


def build_trips(dossier: Dossier) -> tuple[Trip, ...]:
    """Build the runs by number, then the departures in the order they leave; without points there is none."""
    runs = _Runs(dossier)
    trips = [runs.build(route) for route in dossier.routes]
    trips += _Onward(dossier).build_all()
    return _tell_apart(trips)


class _Runs:
    """Trips of the feeder."""

    def __init__(self, dossier: Dossier) -> None:
        self._places = dossier.places
        self._network = dossier.network
        self._types = {group.id: group.type_id for group in dossier.campaign.fleet}

    def build(self, route: Route) -> Trip:
        calls = list(self._calls(route))
        shape = self._follow(route, calls)
        ends = (calls[0].halt.name, calls[-1].halt.name)
        return Trip(
            id=f"run/{route.run}",
            line=Line(
                id=f"run/{route.run}",
                short_name=str(route.run),
                long_name=_BETWEEN.join(ends),
                mode=Mode.COACH,
            ),
            home=route.home,
            calls=tuple(
                replace(call, along_m=way[-1].along_m) for call, way in zip(calls, shape, strict=True)
            ),
            shape=tuple(bend for way in shape for bend in way),
        )

    def _calls(self, route: Route) -> Iterator[TripCall]:
        """The stops with people; on the way home from the station on, and without where it stands after."""
        if route.home:
            place = self._places[route.start_place_id]
            first = Halt(id=place.id, name=place.name, spot=place.gather, lat=place.lat, lon=place.lon)
            yield TripCall(halt=first, arrive_s=route.start_s, depart_s=route.start_s, boards=True)
            for stop in route.stops[:-1]:
                yield self._call(stop, boards=False)
            return
        for stop in route.stops[:-1]:
            yield self._call(stop, boards=True)
        yield self._call(route.stops[-1], boards=False)

    def _call(self, stop: Stop, *, boards: bool) -> TripCall:
        place = self._places.get(stop.place_id)
        halt = Halt(
            id=stop.place_id,
            name=place.name if place else stop.place_id,
            spot=stop.gather,
            lat=stop.lat,
            lon=stop.lon,
        )
        return TripCall(halt=halt, arrive_s=stop.arrive_s, depart_s=stop.depart_s, boards=boards)

    def _follow(self, route: Route, calls: list[TripCall]) -> list[tuple[Bend, ...]]:
        """The way to each call, its own point last; that to the first is its point alone."""
        group_id, _ = split_vehicle_id(route.vehicle_id)
        kind = self._types.get(group_id)
        first = calls[0].halt
        ways: list[tuple[Bend, ...]] = [(Bend(lat=first.lat, lon=first.lon, along_m=0),)]
        driven = {stop.place_id: stop.leg_m for stop in route.stops}
        for before, call in pairwise(calls):
            along_m = ways[-1][-1].along_m
            made: list[Bend] = []
            for place, metres in self._stretches(kind, before.halt.id, call.halt.id, driven=driven):
                along_m += metres
                point = self._places.get(place)
                if place != call.halt.id and point is not None:
                    made.append(Bend(lat=point.lat, lon=point.lon, along_m=along_m))
            end = Bend(lat=call.halt.lat, lon=call.halt.lon, along_m=along_m)
            ways.append((*made, end))
        return ways

    def _stretches(  # noqa: PLR0917  # type, from, to
        self, kind: VehicleTypeId | None, start: str, end: str, *, driven: dict[PlaceId, int]
    ) -> Iterator[tuple[PlaceId, int]]:
        """Places along the way it drives with the metres to each; straight there where it knows no road."""
        a, b = PlaceId(start), PlaceId(end)
        way = self._network.path(kind, a, b) if kind is not None else ()
        if kind is None or not way:
            yield b, driven[b]
            return
        for one, other in pairwise(way):
            yield other, self._network.metres(kind, one, other) or 0


class _Onward:
    """Trips of trains and coaches to the cities and back."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self._campaign = dossier.campaign
        self._cities = {entry.id: entry for entry in dossier.campaign.destinations}
        self._home: dict[DepartureId, dict[str, int]] = defaultdict(dict)
        self._back_s: dict[DepartureId, int] = {}
        for leg in dossier.plan.legs:
            if leg.run is None and leg.home:
                self._home[leg.departure_id][leg.from_id] = leg.board_s
                self._back_s[leg.departure_id] = leg.alight_s

    def build_all(self) -> Iterator[Trip]:
        plan = self._dossier.plan
        left = {each.id for each in find_unplaced(self._campaign, plan)}
        ridden = {(leg.departure_id, leg.home) for leg in plan.legs if leg.run is None}
        trips = [
            (self._dossier.departures[departure_id], home)
            for departure_id, home in ridden
            if departure_id not in left
        ]
        trips.sort(key=lambda trip: (trip[0].departs, trip[0].id, trip[1]))
        lines: dict[tuple[object, ...], Line] = {}
        for departure, home in trips:
            towns = tuple(call.destination_id for call in departure.calls)
            key = (departure.mode, departure.number, departure.origin_id, departure.employer, towns)
            line = lines.setdefault(key, self._line(departure))
            yield self._build(departure, line=line, home=home)

    def _line(self, departure: Departure) -> Line:
        origin = self._dossier.places[departure.origin_id].name
        names = [self._dossier.destination_name(call.destination_id) for call in departure.calls]
        ends = (origin, _AND.join(names))
        turned = self._campaign.direction is Direction.HOME
        return Line(
            id=f"departure/{departure.id}",
            short_name=departure.number,
            long_name=_BETWEEN.join(reversed(ends) if turned else ends),
            mode=departure.mode,
        )

    def _build(self, departure: Departure, *, line: Line, home: bool) -> Trip:
        place = self._dossier.places[departure.origin_id]
        origin = Halt(id=place.id, name=place.name, spot=place.gather, lat=place.lat, lon=place.lon)
        to_seconds = self._campaign.to_seconds
        cities = [(to_seconds(call.arrives), call.destination_id) for call in departure.calls]
        county_s = to_seconds(departure.departs)
        if home and self._campaign.direction is not Direction.HOME:
            # The coach of a round trip on its way back: its departure tells the way out alone.
            cities = [(at_s, city) for city, at_s in self._home[departure.id].items()]
            county_s = self._back_s[departure.id]
        calls = [_call(self._city(city), at_s, boards=home) for at_s, city in sorted(cities)]
        county = _call(origin, county_s, boards=not home)
        return Trip(
            id=f"departure/{departure.id}{'/home' if home else ''}",
            line=line,
            home=home,
            calls=tuple([*calls, county] if home else [county, *calls]),
        )

    def _city(self, destination_id: str) -> Halt:
        found = self._cities[DestinationId(destination_id)]
        lat, lon = found.point or (0.0, 0.0)
        return Halt(id=f"city/{found.id}", name=found.name, lat=lat, lon=lon)


def _call(halt: Halt, at_s: int, *, boards: bool) -> TripCall:
    return TripCall(halt=halt, arrive_s=at_s, depart_s=at_s, boards=boards)


def _tell_apart(trips: list[Trip]) -> tuple[Trip, ...]:
    """Give a place two ids where two runs were told two spots of it (a pick-up moved between versions)."""
    known: dict[str, list[Halt]] = defaultdict(list)

    def number(halt: Halt) -> Halt:
        spots = known[halt.id]
        if halt not in spots:
            spots.append(halt)
        place = spots.index(halt)
        return replace(halt, id=f"{halt.id}/{place + 1}") if place else halt

    return tuple(
        replace(trip, calls=tuple(replace(call, halt=number(call.halt)) for call in trip.calls))
        for trip in trips
    )
