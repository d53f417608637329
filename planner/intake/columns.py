"""What a campaign folder consists of: every file, every column, in the order they are written.

The loader reads by these tables and ``fixtures/README.md`` is held to them by a test, so this is the one
place where a column is defined. ``default`` is the text an empty cell stands for.
"""

from __future__ import annotations

from typing import Final

from planner.intake import daycolumns, outreachcolumns, papercolumns, rostercolumns, rulekeys
from planner.intake.column import DAY_MIN, Column, Kind, Table, count_column, id_column, text_column
from planner.model.campaign import Direction
from planner.model.fleet import Layout, Mode, Service
from planner.model.places import PlaceKind, RoadClass, Scope


def _degrees(name: str, meaning: str, *, limit: int, required: bool = True) -> Column:
    return Column(
        name=name, kind=Kind.DECIMAL, meaning=meaning, required=required, minimum=-limit, maximum=limit
    )


_ROAD_CLASSES: Final = tuple(RoadClass)
_SCOPES: Final = tuple(Scope)
_ALIASES: Final = Column(name="aliases", kind=Kind.LIST, meaning="Other names people write, joined by |")

CAMPAIGN: Final = Table(
    file="campaign.toml",
    meaning="The operation: who runs it and from which day times count",
    columns=(
        id_column("id", "Short id, part of every calendar uid"),
        text_column("name", "Title printed on every sheet", required=True),
        text_column("office", "Office that runs it", required=True),
        Column(name="phone", kind=Kind.PHONE, meaning="Office phone printed on the sheets", required=True),
        Column(name="first_day", kind=Kind.DATE, meaning="Its midnight is second 0", required=True),
        Column(
            name="direction",
            kind=Kind.CHOICE,
            meaning="Out to the city, home from it, or out and home the same day",
            default=Direction.OUT.value,
            choices=tuple(Direction),
        ),
        text_column("county", "Where vehicles must be registered, as their papers name it"),
        text_column("data_note", "Printed wherever places or roads are shown"),
    ),
)

MESSAGES: Final = Table(
    file="messages.toml",
    meaning="The office's own words for text messages, `{placeholders}` as in `planner/model/messages.py`",
    columns=(
        text_column("run", "To whom a run fetches"),
        text_column("own", "To whom comes to the departure, or goes on from it, by themselves"),
        text_column("home", "On the way home: to whom a run takes on"),
        text_column("round", "Out and home the same day"),
        text_column("scheduled", "To whom goes by scheduled transport"),
    ),
    required=False,
)

PLACES: Final = Table(
    file="places.csv",
    meaning="Nodes of the road network: villages, township seats, stations, depots",
    columns=(
        id_column("id", "12-digit village code, 9-digit township code, or a short id"),
        Column(
            name="kind",
            kind=Kind.CHOICE,
            meaning="What stands there",
            required=True,
            choices=tuple(PlaceKind),
        ),
        text_column("name", "Name as printed", required=True),
        text_column("township", "Township a village belongs to"),
        _ALIASES,
        _degrees(
            "lat",
            "Latitude in degrees: WGS-84, or as an extra column coord_system says: gcj02, bd09",
            limit=90,
        ),
        _degrees("lon", "Longitude in degrees, likewise", limit=180),
        text_column("coord_source", "Where the point comes from; synthetic points are labelled"),
        text_column("gather", "Spot where people wait"),
        text_column("hint", "One hazard or tip for the driver"),
        text_column("contact_name", "Who answers there"),
        Column(name="contact_phone", kind=Kind.PHONE, meaning="Their phone"),
    ),
)
RULES: Final = rulekeys.RULES

COORD_SYSTEM: Final = "coord_system"
"""Optional extra column of places.csv: ``wgs84`` (or empty), ``gcj02``, ``bd09``; converted on reading."""

ROADS: Final = Table(
    file="roads.csv",
    meaning="Two-way stretches between places",
    may_be_empty=True,
    columns=(
        id_column("from_id", "Place at one end"),
        id_column("to_id", "Place at the other end"),
        count_column("length_m", "Length in metres", low=1),
        count_column("speed_kmh", "Planning speed", low=1, high=130),
        Column(
            name="road_class", kind=Kind.CHOICE, meaning="Road class", required=True, choices=_ROAD_CLASSES
        ),
        Column(name="mountain", kind=Kind.FLAG, meaning="1 where unsafe at night", default="0"),
    ),
)

VEHICLE_TYPES: Final = Table(
    file="vehicle_types.csv",
    meaning="Kinds of vehicle and what they cost",
    columns=(
        id_column("id", "Short id"),
        text_column("name", "Name as printed", required=True),
        count_column("rated_seats", "Seats on the licence, crew included", low=1, high=100),
        count_column("drivers", "Drivers on board", default="1", high=9),
        count_column("escorts", "Escorts on board", default="0", high=9),
        count_column("fixed_fen", "Cost of using one for the day, fen"),
        count_column("per_km_fen", "Cost per km, fen"),
        count_column("per_hour_fen", "Cost per hour on the road, fen", default="0"),
        Column(
            name="road_classes",
            kind=Kind.CHOICES,
            meaning="Road classes it may use, joined by |",
            required=True,
            choices=_ROAD_CLASSES,
        ),
    ),
)

FLEET: Final = Table(
    file="fleet.csv",
    meaning="How many vehicles of a type stand where",
    may_be_empty=True,
    columns=(
        id_column("id", "Short id; vehicles are named id#01, id#02"),
        id_column("type_id", "Vehicle type"),
        id_column("depot_id", "Place where they stand"),
        count_column("count", "Number of vehicles", high=999),
        text_column("operator", "Firm that runs them"),
        Column(
            name="service",
            kind=Kind.CHOICE,
            meaning="What they are for: feeder runs, or trunk runs to the cities",
            default=Service.FEEDER.value,
            choices=tuple(Service),
        ),
    ),
)

VEHICLES: Final = Table(
    file="vehicles.csv",
    meaning="Plates and crews, for the printed sheets only",
    required=False,
    may_be_empty=True,
    columns=(
        Column(name="vehicle_id", kind=Kind.VEHICLE_ID, meaning="Vehicle as GROUP#NN", required=True),
        text_column("plate", "Licence plate"),
        text_column("driver_name", "Driver"),
        Column(name="driver_phone", kind=Kind.PHONE, meaning="Driver's phone"),
        text_column("escort_name", "Escort"),
        Column(name="escort_phone", kind=Kind.PHONE, meaning="Escort's phone"),
        text_column("registered", "Place where it is registered"),
        Column(
            name="scope", kind=Kind.CHOICE, meaning="How far the operator's licence reaches", choices=_SCOPES
        ),
        Column(name="inspected_until", kind=Kind.DATE, meaning="Last day of its inspection"),
        Column(name="insured_until", kind=Kind.DATE, meaning="Last day of the carrier's liability insurance"),
    ),
)

DRIVERS: Final = Table(
    file="drivers.csv",
    meaning="Drivers of trunk coaches; without the file as many as are needed are taken to be there",
    required=False,
    may_be_empty=True,
    columns=(
        id_column("id", "Short id"),
        id_column("depot_id", "Place where they are at home"),
        text_column("name", "Name"),
        Column(name="phone", kind=Kind.PHONE, meaning="Phone"),
        Column(name="qualified_until", kind=Kind.DATE, meaning="Last day of the qualification"),
    ),
)

DESTINATIONS: Final = Table(
    file="destinations.csv",
    meaning="Where people travel to",
    columns=(
        id_column("id", "Short id"),
        text_column("name", "Name as printed", required=True),
        _ALIASES,
        Column(
            name="scope",
            kind=Kind.CHOICE,
            meaning="How far it is in law",
            default=Scope.INTER_PROVINCE.value,
            choices=_SCOPES,
        ),
        _degrees("lat", "Latitude of where people get off, WGS-84, for GTFS", limit=90, required=False),
        _degrees("lon", "Its longitude", limit=180, required=False),
    ),
)

EMPLOYERS: Final = Table(
    file="employers.csv",
    meaning="Who receives people at a destination, and how they come to gate and dormitory",
    required=False,
    may_be_empty=True,
    columns=(
        id_column("destination_id", "Destination"),
        text_column("name", "Name as in the roster's 用工单位", required=True),
        text_column("gate", "Gate where people are received"),
        text_column("dormitory", "Dormitory, with its door"),
        text_column("contact_name", "Who receives them"),
        Column(name="contact_phone", kind=Kind.PHONE, meaning="Their phone"),
        count_column("shuttle_seats", "Seats of the shuttle; 0: none", default="0", high=100),
        count_column(
            "ride_min", "Minutes from where departures let people off to the gate", default="30", high=DAY_MIN
        ),
        count_column("walk_min", "Minutes from the gate to the dormitory", default="10", high=DAY_MIN),
    ),
)

CORRIDORS: Final = Table(
    file="corridors.csv",
    meaning="Roads of trunk coaches, stretch by stretch from the county outwards",
    required=False,
    may_be_empty=True,
    columns=(
        id_column("origin_id", "Place in the county where the coach begins"),
        id_column("destination_id", "Destination"),
        count_column("length_m", "Length in metres", low=1),
        count_column("drive_min", "Minutes at the wheel by day", low=1, high=DAY_MIN),
        Column(name="expressway", kind=Kind.FLAG, meaning="0 where it is no expressway", default="1"),
        Column(name="mountain", kind=Kind.FLAG, meaning="1 where unsafe at night", default="0"),
    ),
)

FARES: Final = Table(
    file="fares.csv",
    meaning="Scheduled transport for whom no coach or train is laid on",
    required=False,
    may_be_empty=True,
    columns=(
        id_column("destination_id", "Destination"),
        count_column("fen_per_head", "Ticket and subsidy of one head, fen"),
    ),
)

DEPARTURES: Final = Table(
    file="departures.csv",
    meaning="Trains and trunk coaches",
    may_be_empty=True,
    columns=(
        id_column("id", "Short id"),
        Column(name="mode", kind=Kind.CHOICE, meaning="Train or coach", required=True, choices=tuple(Mode)),
        text_column("number", "Train number or coach name as printed", required=True),
        id_column("origin_id", "Station it leaves from"),
        Column(
            name="departs",
            kind=Kind.MOMENT,
            meaning="When it leaves; of one going home: arrives",
            required=True,
        ),
        count_column("quota", "Seats that are ours", low=1),
        count_column("fare_fen", "What a head costs the county on it, fen", default="0"),
        count_column("fixed_fen", "What it costs in any case, fen", default="0"),
        text_column("consist", "Of a train: its consist in consists.csv"),
        text_column("employer", "Of a coach: whose gate it goes to"),
    ),
)

CONSISTS: Final = Table(
    file="consists.csv",
    meaning="Carriages of trains",
    required=False,
    may_be_empty=True,
    columns=(
        id_column("consist", "Name of the consist"),
        count_column("number", "Carriage, from 1", low=1, high=99),
        text_column("kind", "Class of the carriage"),
        count_column("seats", "Seats or berths", low=1, high=200),
        Column(
            name="layout",
            kind=Kind.CHOICE,
            meaning="Seats of a row",
            required=True,
            choices=tuple(Layout),
        ),
        Column(name="accessible", kind=Kind.FLAG, meaning="1 where wheelchairs have a place", default="0"),
    ),
)

ALLOTMENTS: Final = Table(
    file="allotments.csv",
    meaning="Seats the railway gave us on a train, carriage by carriage; they go before the consist",
    required=False,
    may_be_empty=True,
    columns=(
        id_column("departure_id", "Departure"),
        count_column("carriage", "Carriage, from 1", low=1, high=99),
        Column(name="labels", kind=Kind.LIST, meaning="Seats as the railway names them, joined by |"),
    ),
)

CHARTERS: Final = papercolumns.CHARTERS
OVERRIDES: Final = papercolumns.OVERRIDES
LOCKS: Final = papercolumns.LOCKS

CALLS: Final = Table(
    file="calls.csv",
    meaning="Where a departure lets people off",
    may_be_empty=True,
    columns=(
        id_column("departure_id", "Departure"),
        id_column("destination_id", "Destination"),
        Column(
            name="arrives",
            kind=Kind.MOMENT,
            meaning="When it arrives there; of one going home: leaves",
            required=True,
        ),
    ),
)

MARKETS: Final = daycolumns.MARKETS
HOLIDAYS: Final = daycolumns.HOLIDAYS
ROSTER: Final = rostercolumns.ROSTER
ROSTER_SHEET: Final = rostercolumns.ROSTER_SHEET

OUTLINE_FILE: Final = "outline.geojson"
"""Optional: the county's outline, Polygon or MultiPolygon."""

TABLES: Final = (
    PLACES,
    ROADS,
    VEHICLE_TYPES,
    FLEET,
    VEHICLES,
    DRIVERS,
    DESTINATIONS,
    EMPLOYERS,
    CORRIDORS,
    FARES,
    DEPARTURES,
    CALLS,
    CONSISTS,
    ALLOTMENTS,
    CHARTERS,
    OVERRIDES,
    LOCKS,
    *outreachcolumns.TABLES,
    MARKETS,
    HOLIDAYS,
)
"""The CSV files."""

FOLDER: Final = (CAMPAIGN, RULES, MESSAGES, *TABLES, ROSTER)
"""Every file with columns or keys, for the documentation and its test."""
