"""Troubles that show only between rows: ids given twice, names that point nowhere, times that cross."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final, TypeVar

from planner.intake.codes import Code
from planner.intake.daychecks import check_days
from planner.intake.found import Found, check_known, check_twice
from planner.intake.outreachrefs import check_outreach
from planner.intake.structure import Structure
from planner.intake.tables import NO_DATE, NO_MOMENT
from planner.model.fleet import DepartureId, split_vehicle_id
from planner.model.outreachlaw import FairRules
from planner.model.places import Place, PlaceId, PlaceKind, Road

T = TypeVar("T")

_VILLAGE_CODE_DIGITS: Final = 12
_CHINA_BOX: Final = (3.0, 54.0, 73.0, 136.0)
"""Latitude and longitude that any point of China lies within."""
_EARTH_M: Final = 6_371_000.0
_COACH_KMH: Final = 100
"""Coaches may drive no faster, even on expressways (道路交通安全法实施条例 第78条)."""
_ROUNDING_S: Final = 30
"""Minutes at the wheel are whole."""
_SHORTFALL: Final = 0.9
"""A road may be this much shorter than the straight line before it is called wrong: points are coarse."""


def check_references(
    found: Structure, first_day: date, *, law: FairRules | None = None, home: bool = False
) -> None:
    """Report every trouble between rows into the rows' own list of issues."""
    places = {place.value.id: place.value for place in found.places if place.value.id}
    _check_places(found)
    _check_roads(found, places)
    _check_vehicles(found, places)
    _check_crews(found)
    _check_corridors(found, places)
    _check_departures(found, places, first_day=first_day)
    _check_calls(found, home=home)
    _check_receivers(found)
    _check_carriages(found)
    check_outreach(found, first_day, law=law or FairRules())
    check_days(found)


def _check_places(found: Structure) -> None:
    check_twice(found.places, lambda place: place.id, code=Code.PLACES_DUPLICATE_ID, column="id")
    names: dict[tuple[str, str], list[Found[Place]]] = defaultdict(list)
    south, north, west, east = _CHINA_BOX
    for entry in found.places:
        place = entry.value
        if place.kind is PlaceKind.VILLAGE:
            names[place.township, place.name].append(entry)
            if place.id and not (place.id.isdecimal() and len(place.id) == _VILLAGE_CODE_DIGITS):
                entry.row.report(Code.PLACES_CODE_FORM, "id", id=place.id)
        inside = south <= place.lat <= north and west <= place.lon <= east
        if not inside and not entry.row.faults & {"lat", "lon"}:
            entry.row.report(Code.PLACES_OUTSIDE_CHINA, "lat", lat=f"{place.lat:g}", lon=f"{place.lon:g}")
    for same in names.values():
        for entry in same[1:]:
            entry.row.report(
                Code.PLACES_SAME_NAME, "name", name=entry.value.name, first_row=same[0].row.number
            )


def _metres_between(a: Place, b: Place) -> float:
    """Great-circle metres (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def _check_roads(found: Structure, places: Mapping[PlaceId, Place]) -> None:
    unsure = {place.value.id for place in found.places if place.row.faults & {"lat", "lon"}}
    seen: Counter[tuple[object, ...]] = Counter()
    for entry in found.roads:
        road, row = entry.value, entry.row
        for column, end in (("from_id", road.from_id), ("to_id", road.to_id)):
            check_known(entry, column, name=end, known=places, code=Code.ROADS_UNKNOWN_PLACE)
        if road.from_id and road.from_id == road.to_id:
            row.report(Code.ROADS_SAME_ENDS, "to_id", id=road.to_id)
            continue
        key = (*sorted((road.from_id, road.to_id)), road.length_m, road.speed_kmh, road.road_class)
        seen[key] += 1
        if seen[key] > 1:
            row.report(Code.ROADS_DUPLICATE, "from_id", id=f"{road.from_id}–{road.to_id}")
        if not unsure & {road.from_id, road.to_id}:
            _check_length(entry, places)


def _check_length(entry: Found[Road], places: Mapping[PlaceId, Place]) -> None:
    road = entry.value
    ends = places.get(road.from_id), places.get(road.to_id)
    if ends[0] is None or ends[1] is None or "length_m" in entry.row.faults:
        return
    line = _metres_between(ends[0], ends[1])
    if road.length_m < line * _SHORTFALL - 1:
        entry.row.report(Code.ROADS_TOO_SHORT, "length_m", length_m=road.length_m, line_m=round(line))


def _check_vehicles(found: Structure, places: Mapping[PlaceId, Place]) -> None:
    check_twice(found.vehicle_types, lambda kind: kind.id, code=Code.VEHICLE_TYPES_DUPLICATE_ID, column="id")
    check_twice(found.fleet, lambda group: group.id, code=Code.FLEET_DUPLICATE_ID, column="id")
    for kind in found.vehicle_types:
        seats, crew = kind.value.rated_seats, kind.value.drivers + kind.value.escorts
        if seats <= crew and not kind.row.faults & {"rated_seats", "drivers", "escorts"}:
            kind.row.report(Code.VEHICLE_TYPES_NO_SEATS, "rated_seats", seats=seats, crew=crew)
    types = {kind.value.id for kind in found.vehicle_types}
    for entry in found.fleet:
        group = entry.value
        check_known(entry, "type_id", name=group.type_id, known=types, code=Code.FLEET_UNKNOWN_TYPE)
        check_known(entry, "depot_id", name=group.depot_id, known=places, code=Code.FLEET_UNKNOWN_DEPOT)
    check_twice(found.drivers, lambda driver: driver.id, code=Code.DRIVERS_DUPLICATE_ID, column="id")
    for driver in found.drivers:
        home = driver.value.depot_id
        check_known(driver, "depot_id", name=home, known=places, code=Code.DRIVERS_UNKNOWN_DEPOT)


def _check_crews(found: Structure) -> None:
    check_twice(
        found.crews, lambda crew: crew.vehicle_id, code=Code.VEHICLES_DUPLICATE_ID, column="vehicle_id"
    )
    check_twice(found.crews, lambda crew: crew.plate, code=Code.VEHICLES_SAME_PLATE, column="plate")
    groups = {entry.value.id: entry for entry in found.fleet}
    for entry in found.crews:
        group_id, number = split_vehicle_id(entry.value.vehicle_id)
        group = groups.get(group_id)
        unsure = not groups or "vehicle_id" in entry.row.faults or (group and "count" in group.row.faults)
        known = group is not None and 1 <= number <= group.value.count
        if entry.value.vehicle_id and not known and not unsure:
            entry.row.report(Code.VEHICLES_UNKNOWN, "vehicle_id", id=entry.value.vehicle_id)


def _check_corridors(found: Structure, places: Mapping[PlaceId, Place]) -> None:
    destinations = {entry.value.id for entry in found.destinations}
    for origin, destination, entry in found.stretches:
        check_known(entry, "origin_id", name=origin, known=places, code=Code.CORRIDORS_UNKNOWN_PLACE)
        check_known(
            entry,
            "destination_id",
            name=destination,
            known=destinations,
            code=Code.CORRIDORS_UNKNOWN_DESTINATION,
        )
        road = entry.value
        if road.drive_s and road.length_m * 36 > _COACH_KMH * 10 * (road.drive_s + _ROUNDING_S):
            kmh = round(road.length_m * 3.6 / road.drive_s)
            entry.row.report(Code.CORRIDORS_TOO_FAST, "drive_min", kmh=kmh, most=_COACH_KMH)
    check_twice(
        found.fares, lambda fare: fare.destination_id, code=Code.FARES_DUPLICATE, column="destination_id"
    )
    for fare in found.fares:
        name = fare.value.destination_id
        check_known(
            fare, "destination_id", name=name, known=destinations, code=Code.FARES_UNKNOWN_DESTINATION
        )


def _check_departures(found: Structure, places: Mapping[PlaceId, Place], *, first_day: date) -> None:
    check_twice(
        found.departures, lambda departure: departure.id, code=Code.DEPARTURES_DUPLICATE_ID, column="id"
    )
    called = {departure_id for departure_id, _ in found.calls}
    for entry in found.departures:
        departure, row = entry.value, entry.row
        origin = places.get(departure.origin_id)
        check_known(
            entry, "origin_id", name=departure.origin_id, known=places, code=Code.DEPARTURES_UNKNOWN_ORIGIN
        )
        if origin is not None and origin.kind is not PlaceKind.STATION:
            row.report(Code.DEPARTURES_ORIGIN_NOT_STATION, "origin_id", id=origin.id, kind=origin.kind.value)
        known = departure.departs != NO_MOMENT and first_day != NO_DATE
        if known and departure.day < first_day:
            row.report(Code.DEPARTURES_BEFORE_FIRST_DAY, "departs", first_day=first_day.isoformat())
        if departure.id and found.calls and departure.id not in called:
            row.report(Code.DEPARTURES_NO_CALLS, "id", id=departure.id)


def _check_calls(found: Structure, *, home: bool) -> None:
    check_twice(found.destinations, lambda place: place.id, code=Code.DESTINATIONS_DUPLICATE_ID, column="id")
    check_twice(found.destinations, lambda place: place.name, code=Code.DESTINATIONS_SAME_NAME, column="name")
    departs = {entry.value.id: entry.value.departs for entry in found.departures}
    destinations = {entry.value.id for entry in found.destinations}
    seen: set[tuple[DepartureId, str]] = set()
    for departure_id, entry in found.calls:
        call, row = entry.value, entry.row
        check_known(
            entry, "departure_id", name=departure_id, known=departs, code=Code.CALLS_UNKNOWN_DEPARTURE
        )
        check_known(
            entry,
            "destination_id",
            name=call.destination_id,
            known=destinations,
            code=Code.CALLS_UNKNOWN_DESTINATION,
        )
        if (departure_id, call.destination_id) in seen:
            row.report(Code.CALLS_DUPLICATE, "destination_id", id=call.destination_id)
        seen.add((departure_id, call.destination_id))
        leaves = departs.get(departure_id, NO_MOMENT)
        in_order = leaves > call.arrives if home else call.arrives > leaves
        if NO_MOMENT not in {leaves, call.arrives} and not in_order:
            row.report(Code.CALLS_BEFORE_DEPARTURE, "arrives", arrives=call.arrives.isoformat())


def _check_receivers(found: Structure) -> None:
    destinations = {entry.value.id for entry in found.destinations}
    check_twice(
        found.employers,
        lambda employer: f"{employer.name} ({employer.destination_id})" if employer.name else "",
        code=Code.EMPLOYERS_DUPLICATE,
        column="name",
    )
    for entry in found.employers:
        name = entry.value.destination_id
        check_known(
            entry,
            "destination_id",
            name=name,
            known=destinations,
            code=Code.EMPLOYERS_UNKNOWN_DESTINATION,
        )
    check_twice(
        found.contracts, lambda paper: paper.departure_id, code=Code.CHARTERS_DUPLICATE, column="departure_id"
    )


def _check_carriages(found: Structure) -> None:
    check_twice(
        found.consists,
        lambda carriage: f"{carriage.consist} {carriage.number}",
        code=Code.CONSISTS_DUPLICATE,
        column="number",
    )
    check_twice(
        found.allotments,
        lambda part: f"{part.departure_id} {part.carriage}",
        code=Code.ALLOTMENTS_DUPLICATE,
        column="carriage",
    )
    departures = {entry.value.id: entry.value for entry in found.departures}
    carriages = {(entry.value.consist, entry.value.number) for entry in found.consists}
    known = {consist for consist, _ in carriages}
    for part in found.allotments:
        name, number = part.value.departure_id, part.value.carriage
        consist = departures[name].consist if name in departures else ""
        if consist in known and (consist, number) not in carriages:
            part.row.report(Code.ALLOTMENTS_UNKNOWN_CARRIAGE, "carriage", consist=consist, id=number)
        check_known(part, "departure_id", name=name, known=departures, code=Code.ALLOTMENTS_UNKNOWN_DEPARTURE)
        for label, times in Counter(part.value.labels).items():
            if times > 1:
                part.row.report(Code.ALLOTMENTS_SEAT_TWICE, "labels", id=label)
    consists = {entry.value.consist for entry in found.consists}
    for entry in found.departures:
        if entry.value.consist and entry.value.consist not in consists:
            entry.row.report(Code.DEPARTURES_UNKNOWN_CONSIST, "consist", id=entry.value.consist)
    _check_room(found)


def _check_room(found: Structure) -> None:
    """Nobody may be promised a seat that neither the railway's own list nor else the consist has."""
    listed: Counter[DepartureId] = Counter()
    for part in found.allotments:
        listed[part.value.departure_id] += len(part.value.labels)
    built: Counter[str] = Counter()
    for carriage in found.consists:
        built[carriage.value.consist] += carriage.value.seats
    for entry in found.departures:
        departure = entry.value
        seats = listed[departure.id] or built[departure.consist] or departure.quota
        if departure.quota > seats:
            entry.row.report(Code.DEPARTURES_FEW_SEATS, "quota", quota=departure.quota, seats=seats)
