"""Rows of the folder's tables -> nouns of the model, each with the row it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from planner.errors import Issue
from planner.intake import columns
from planner.intake.codes import Code
from planner.intake.column import Table
from planner.intake.datum import Datum, find_datum, to_wgs84
from planner.intake.dayrows import MarketPlaces, read_holiday, read_market_rule
from planner.intake.found import Found
from planner.intake.outreach import FoundOutreach, read_outreach
from planner.intake.tables import Row, read_table
from planner.model.fleet import (
    Allotment,
    Call,
    Carriage,
    Crew,
    Departure,
    DepartureId,
    Driver,
    DriverId,
    FleetGroup,
    FleetGroupId,
    Layout,
    Mode,
    Service,
    VehicleId,
    VehicleType,
    VehicleTypeId,
)
from planner.model.holidays import Holiday
from planner.model.locks import Lock, LockKind
from planner.model.markets import MarketRule
from planner.model.papers import Contract, Override
from planner.model.places import (
    Destination,
    DestinationId,
    Employer,
    Fare,
    Place,
    PlaceId,
    PlaceKind,
    Road,
    RoadClass,
    Scope,
    Stretch,
)

T = TypeVar("T")

_WHOLE: Final = {code.value for code in Code if code.startswith("file.")} | {
    Code.TABLE_MISSING_COLUMN.value,
    Code.TABLE_NO_ROWS.value,
}
"""Troubles of a file as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Everything of a campaign that is neither settings nor people."""

    places: tuple[Found[Place], ...]
    roads: tuple[Found[Road], ...]
    vehicle_types: tuple[Found[VehicleType], ...]
    fleet: tuple[Found[FleetGroup], ...]
    crews: tuple[Found[Crew], ...]
    drivers: tuple[Found[Driver], ...]
    destinations: tuple[Found[Destination], ...]
    employers: tuple[Found[Employer], ...]
    stretches: tuple[tuple[PlaceId, DestinationId, Found[Stretch]], ...]
    """By where they are from and to, in the order of the file."""
    fares: tuple[Found[Fare], ...]
    departures: tuple[Found[Departure], ...]
    """Still without their calls."""
    calls: tuple[tuple[DepartureId, Found[Call]], ...]
    consists: tuple[Found[Carriage], ...]
    allotments: tuple[Found[Allotment], ...]
    contracts: tuple[Found[Contract], ...]
    overrides: tuple[Found[Override], ...]
    locks: tuple[Found[Lock], ...]
    outreach: FoundOutreach
    markets: tuple[Found[MarketRule], ...]
    holidays: tuple[Found[Holiday], ...]
    unread: frozenset[str] = frozenset()
    """Files of which too little was read to say what they do not have; that is said of them already."""


def read_structure(folder: Path, issues: list[Issue]) -> Structure:
    """Read all CSV tables; troubles are added to ``issues``."""

    def found(table: Table, make: Callable[[Row], T]) -> tuple[Found[T], ...]:
        return tuple(Found(row=row, value=make(row)) for row in read_table(folder, table, issues=issues))

    before = len(issues)
    calls = found(columns.CALLS, _call)
    stretches = found(columns.CORRIDORS, _stretch)
    places = read_places(folder, issues)
    towns = MarketPlaces(entry.value for entry in places)
    structure = Structure(
        places=places,
        roads=found(columns.ROADS, _road),
        vehicle_types=found(columns.VEHICLE_TYPES, _vehicle_type),
        fleet=found(columns.FLEET, _fleet_group),
        crews=found(columns.VEHICLES, _crew),
        drivers=found(columns.DRIVERS, _driver),
        destinations=found(columns.DESTINATIONS, _destination),
        employers=found(columns.EMPLOYERS, _employer),
        stretches=tuple(
            (PlaceId(part.row.text("origin_id")), DestinationId(part.row.text("destination_id")), part)
            for part in stretches
        ),
        fares=found(columns.FARES, _fare),
        departures=found(columns.DEPARTURES, _departure),
        calls=tuple((DepartureId(call.row.text("departure_id")), call) for call in calls),
        consists=found(columns.CONSISTS, _carriage),
        allotments=found(columns.ALLOTMENTS, _allotment),
        contracts=found(columns.CHARTERS, _contract),
        overrides=found(columns.OVERRIDES, _override),
        locks=found(columns.LOCKS, _lock),
        outreach=read_outreach(folder, issues),
        markets=found(columns.MARKETS, partial(read_market_rule, places=towns)),
        holidays=found(columns.HOLIDAYS, read_holiday),
    )
    unread = {entry.where.file for entry in issues[before:] if entry.code in _WHOLE}
    return replace(structure, unread=frozenset(unread))


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
        service=row.choice("service", Service, fallback=Service.FEEDER),
    )


def _crew(row: Row) -> Crew:
    return Crew(
        vehicle_id=VehicleId(row.text("vehicle_id")),
        plate=row.text("plate"),
        driver_name=row.text("driver_name"),
        driver_phone=row.text("driver_phone"),
        escort_name=row.text("escort_name"),
        escort_phone=row.text("escort_phone"),
        registered=row.text("registered"),
        scope=row.choice("scope", Scope, fallback=Scope.COUNTY) if row.has("scope") else None,
        inspected_until=row.find_date("inspected_until"),
        insured_until=row.find_date("insured_until"),
    )


def _driver(row: Row) -> Driver:
    return Driver(
        id=DriverId(row.text("id")),
        depot_id=PlaceId(row.text("depot_id")),
        name=row.text("name"),
        phone=row.text("phone"),
        qualified_until=row.find_date("qualified_until"),
    )


def _destination(row: Row) -> Destination:
    return Destination(
        id=DestinationId(row.text("id")),
        name=row.text("name"),
        aliases=row.texts("aliases"),
        scope=row.choice("scope", Scope, fallback=Scope.INTER_PROVINCE),
        lat=_degree(row, "lat", other="lon"),
        lon=_degree(row, "lon", other="lat"),
    )


def _degree(row: Row, name: str, *, other: str) -> float | None:
    """Read half of a point that may be missing; one half alone is a slip."""
    if row.has(name):
        return row.decimal(name)
    if row.has(other):
        row.report(Code.CELL_EMPTY, name)
    return None


def _employer(row: Row) -> Employer:
    return Employer(
        destination_id=DestinationId(row.text("destination_id")),
        name=row.text("name"),
        gate=row.text("gate"),
        dormitory=row.text("dormitory"),
        contact_name=row.text("contact_name"),
        contact_phone=row.text("contact_phone"),
        shuttle_seats=row.integer("shuttle_seats"),
        ride_min=row.integer("ride_min"),
        walk_min=row.integer("walk_min"),
    )


def _stretch(row: Row) -> Stretch:
    return Stretch(
        length_m=row.integer("length_m"),
        drive_s=row.integer("drive_min") * 60,
        expressway=row.flag("expressway"),
        mountain=row.flag("mountain"),
    )


def _fare(row: Row) -> Fare:
    return Fare(
        destination_id=DestinationId(row.text("destination_id")), fen_per_head=row.integer("fen_per_head")
    )


def _departure(row: Row) -> Departure:
    return Departure(
        id=DepartureId(row.text("id")),
        mode=row.choice("mode", Mode, fallback=Mode.TRAIN),
        number=row.text("number"),
        origin_id=PlaceId(row.text("origin_id")),
        departs=row.moment("departs"),
        quota=row.integer("quota"),
        fare_fen=row.integer("fare_fen"),
        fixed_fen=row.integer("fixed_fen"),
        consist=row.text("consist"),
        employer=row.text("employer"),
        calls=(),
    )


def _call(row: Row) -> Call:
    return Call(destination_id=DestinationId(row.text("destination_id")), arrives=row.moment("arrives"))


def _carriage(row: Row) -> Carriage:
    return Carriage(
        consist=row.text("consist"),
        number=row.integer("number"),
        kind=row.text("kind"),
        seats=row.integer("seats"),
        layout=row.choice("layout", Layout, fallback=Layout.SECOND),
        accessible=row.flag("accessible"),
    )


def _allotment(row: Row) -> Allotment:
    return Allotment(
        departure_id=DepartureId(row.text("departure_id")),
        carriage=row.integer("carriage"),
        labels=row.texts("labels"),
    )


def _contract(row: Row) -> Contract:
    return Contract(
        departure_id=DepartureId(row.text("departure_id")),
        contract_no=row.text("contract_no"),
        signed=row.find_date("signed"),
        signed_heads=row.integer("signed_heads"),
        plate_no=row.text("plate_no"),
        filing_no=row.text("filing_no"),
        emergency_order=row.text("emergency_order"),
        briefed=row.flag("briefed"),
        departed_checks=row.flag("departed_checks"),
    )


def _override(row: Row) -> Override:
    return Override(
        rule=row.text("rule"),
        item=row.text("item"),
        who=row.text("who"),
        why=row.text("why"),
        until=row.date("until"),
    )


def _lock(row: Row) -> Lock:
    return Lock(
        kind=row.choice("kind", LockKind, fallback=LockKind.FAIR),
        item=row.text("item"),
        day=row.find_date("day"),
        to=row.text("to"),
        who=row.text("who"),
        why=row.text("why"),
        until=row.date("until"),
    )
