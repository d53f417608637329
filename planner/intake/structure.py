"""Rows of the folder's tables -> nouns of the model, each with the row it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from planner.errors import Issue
from planner.intake import columns
from planner.intake.codes import Code
from planner.intake.datum import Datum, find_datum, to_wgs84
from planner.intake.tables import Row, read_table
from planner.model.fleet import (
    Call,
    Crew,
    Departure,
    DepartureId,
    FleetGroup,
    FleetGroupId,
    Mode,
    VehicleId,
    VehicleType,
    VehicleTypeId,
)
from planner.model.places import Destination, DestinationId, Place, PlaceId, PlaceKind, Road, RoadClass

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[T]):
    """A noun and the row that speaks of it, for troubles that only show between rows."""

    row: Row
    value: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Everything of a campaign that is neither settings nor people."""

    places: tuple[Found[Place], ...]
    roads: tuple[Found[Road], ...]
    vehicle_types: tuple[Found[VehicleType], ...]
    fleet: tuple[Found[FleetGroup], ...]
    crews: tuple[Found[Crew], ...]
    destinations: tuple[Found[Destination], ...]
    departures: tuple[Found[Departure], ...]
    """Still without their calls."""
    calls: tuple[tuple[DepartureId, Found[Call]], ...]


def read_structure(folder: Path, issues: list[Issue]) -> Structure:
    """Read all CSV tables; troubles are added to ``issues``."""

    def found(table: columns.Table, make: Callable[[Row], T]) -> tuple[Found[T], ...]:
        return tuple(Found(row=row, value=make(row)) for row in read_table(folder, table, issues=issues))

    calls = found(columns.CALLS, _call)
    return Structure(
        places=read_places(folder, issues),
        roads=found(columns.ROADS, _road),
        vehicle_types=found(columns.VEHICLE_TYPES, _vehicle_type),
        fleet=found(columns.FLEET, _fleet_group),
        crews=found(columns.VEHICLES, _crew),
        destinations=found(columns.DESTINATIONS, _destination),
        departures=found(columns.DEPARTURES, _departure),
        calls=tuple((DepartureId(call.row.text("departure_id")), call) for call in calls),
    )


def read_places(folder: Path, issues: list[Issue]) -> tuple[Found[Place], ...]:
    """Read places.csv alone, its points converted to WGS-84."""
    rows = read_table(folder, columns.PLACES, issues=issues, extra=frozenset({columns.COORD_SYSTEM}))
    return tuple(Found(row=row, value=_place(row)) for row in rows)


def _place(row: Row) -> Place:
    lat, lon = _point(row)
    return Place(
        id=PlaceId(row.text("id")),
        kind=row.choice("kind", PlaceKind, fallback=PlaceKind.VILLAGE),
        name=row.text("name"),
        township=row.text("township"),
        aliases=row.texts("aliases"),
        lat=lat,
        lon=lon,
        coord_source=row.text("coord_source"),
        gather=row.text("gather"),
        hint=row.text("hint"),
        contact_name=row.text("contact_name"),
        contact_phone=row.text("contact_phone"),
    )


def _point(row: Row) -> tuple[float, float]:
    """Read latitude and longitude; only what was converted is rounded, to a tenth of a metre."""
    point = (row.decimal("lat"), row.decimal("lon"))
    system = row.cells.get(columns.COORD_SYSTEM, "")
    datum = find_datum(system)
    if datum is None:
        known = " ".join(Datum)
        row.report(Code.PLACES_COORD_SYSTEM, columns.COORD_SYSTEM, value=system, known=known)
        return point
    if datum is Datum.WGS84:
        return point
    lat, lon = to_wgs84(point, datum)
    return round(lat, 6), round(lon, 6)


def _road(row: Row) -> Road:
    return Road(
        from_id=PlaceId(row.text("from_id")),
        to_id=PlaceId(row.text("to_id")),
        length_m=row.integer("length_m"),
        speed_kmh=row.integer("speed_kmh"),
        road_class=row.choice("road_class", RoadClass, fallback=RoadClass.GRADE4),
        mountain=row.flag("mountain"),
    )


def _vehicle_type(row: Row) -> VehicleType:
    return VehicleType(
        id=VehicleTypeId(row.text("id")),
        name=row.text("name"),
        rated_seats=row.integer("rated_seats"),
        drivers=row.integer("drivers"),
        escorts=row.integer("escorts"),
        fixed_fen=row.integer("fixed_fen"),
        per_km_fen=row.integer("per_km_fen"),
        per_hour_fen=row.integer("per_hour_fen"),
        road_classes=row.choices("road_classes", RoadClass, fallback=RoadClass.GRADE4),
    )


def _fleet_group(row: Row) -> FleetGroup:
    return FleetGroup(
        id=FleetGroupId(row.text("id")),
        type_id=VehicleTypeId(row.text("type_id")),
        depot_id=PlaceId(row.text("depot_id")),
        count=row.integer("count"),
        operator=row.text("operator"),
    )


def _crew(row: Row) -> Crew:
    return Crew(
        vehicle_id=VehicleId(row.text("vehicle_id")),
        plate=row.text("plate"),
        driver_name=row.text("driver_name"),
        driver_phone=row.text("driver_phone"),
        escort_name=row.text("escort_name"),
        escort_phone=row.text("escort_phone"),
    )


def _destination(row: Row) -> Destination:
    return Destination(id=DestinationId(row.text("id")), name=row.text("name"), aliases=row.texts("aliases"))


def _departure(row: Row) -> Departure:
    return Departure(
        id=DepartureId(row.text("id")),
        mode=row.choice("mode", Mode, fallback=Mode.TRAIN),
        number=row.text("number"),
        origin_id=PlaceId(row.text("origin_id")),
        departs=row.moment("departs"),
        quota=row.integer("quota"),
        calls=(),
    )


def _call(row: Row) -> Call:
    return Call(destination_id=DestinationId(row.text("destination_id")), arrives=row.moment("arrives"))
