"""What a campaign folder consists of: every file, every column, in the order they are written.

The loader reads by these tables and ``fixtures/README.md`` is held to them by a test, so this is the one
place where a column is defined. ``default`` is the text an empty cell stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from planner.model.campaign import Rules
from planner.model.fleet import Mode
from planner.model.places import PlaceKind, RoadClass


class Kind(StrEnum):
    """How a cell is read."""

    ID = "id"
    """Short name without spaces, ``|``, ``/``, ``#``."""
    VEHICLE_ID = "vehicle_id"
    """``GROUP#NN``."""
    TEXT = "text"
    LIST = "list"
    """Texts joined by ``|``."""
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLAG = "flag"
    """``1`` or ``0`` in tables, 是 or empty in the roster."""
    CHOICE = "choice"
    CHOICES = "choices"
    """Words of ``choices`` joined by ``|``."""
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    """Local time of China, ``2020-03-20T10:40``, or with an offset."""
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column (or TOML key): how it is read, what it means, what it may hold."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    default: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One file of the folder."""

    file: str
    meaning: str
    columns: tuple[Column, ...]
    required: bool = True
    may_be_empty: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in the order they are written."""
        return tuple(column.name for column in self.columns)

    def get_column(self, name: str) -> Column:
        """Find a column by name; a wrong name is a mistake in our own code."""
        return next(column for column in self.columns if column.name == name)


_MANY: Final = 1_000_000_000
"""Above any count, length or sum of money of one county; more digits than that are a slip."""
_DAY_MIN: Final = 1_440


def _id(name: str, meaning: str) -> Column:
    return Column(name=name, kind=Kind.ID, meaning=meaning, required=True)


def _text(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name=name, kind=Kind.TEXT, meaning=meaning, required=required)


def _count(name: str, meaning: str, *, default: str = "", low: int = 0, high: int = _MANY) -> Column:
    return Column(
        name=name,
        kind=Kind.INTEGER,
        meaning=meaning,
        required=not default,
        default=default,
        minimum=low,
        maximum=high,
    )


def _degrees(name: str, meaning: str, *, limit: int) -> Column:
    return Column(name=name, kind=Kind.DECIMAL, meaning=meaning, required=True, minimum=-limit, maximum=limit)


_ROAD_CLASSES: Final = tuple(RoadClass)
_ALIASES: Final = Column(name="aliases", kind=Kind.LIST, meaning="Other names people write, joined by |")

CAMPAIGN: Final = Table(
    file="campaign.toml",
    meaning="The operation: who runs it and from which day times count",
    columns=(
        _id("id", "Short id, part of every calendar uid"),
        _text("name", "Title printed on every sheet", required=True),
        _text("office", "Office that runs it", required=True),
        Column(name="phone", kind=Kind.PHONE, meaning="Office phone printed on the sheets", required=True),
        Column(name="first_day", kind=Kind.DATE, meaning="Its midnight is second 0", required=True),
        _text("data_note", "Printed wherever places or roads are shown"),
    ),
)

_MODEL: Final = Rules(as_of=date.min)


def _rule_default(name: str) -> str:
    """The model's own default of a rule (``group.field``), so that it is written in one place."""
    group, _, key = name.rpartition(".")
    return str(getattr(getattr(_MODEL, group) if group else _MODEL, key))


def _rule(name: str, meaning: str, *, low: int = 0, high: int = _DAY_MIN) -> Column:
    return _count(name, meaning, default=_rule_default(name), low=low, high=high)


def _rule_time(name: str, meaning: str) -> Column:
    return Column(name=name, kind=Kind.TIME, meaning=meaning, default=_rule_default(name))


RULES: Final = Table(
    file="rules.toml",
    meaning="The county's rules and weights",
    columns=(
        Column(name="as_of", kind=Kind.DATE, meaning="Date the rules were set", required=True),
        _text("source", "Who set them"),
        _rule("gate_open_min", "Gate opens, minutes before departure"),
        _rule("gate_close_min", "Gate closes, minutes before departure"),
        _rule("feeder.arrive_earliest_min", "Feeders arrive at most this long before departure"),
        _rule("feeder.arrive_latest_min", "Feeders arrive at least this long before departure"),
        _rule("feeder.ride_limit_min", "Longest ride from the first village", low=1),
        _rule("feeder.boarding_s_per_head", "Seconds to board one person", high=600),
        _rule("feeder.stop_s", "Seconds a call costs besides boarding", high=3_600),
        _rule("feeder.turnround_min", "Minutes between two rounds of a vehicle"),
        _rule_time("feeder.earliest_start", "No vehicle leaves its depot before this time of day"),
        _rule_time("feeder.earliest_pickup", "No village boards before this time of day"),
        _rule("feeder.gather_lead_min", "People gather this long before the vehicle"),
        _rule("feeder.load_percent", "Seat-load cap, percent of rated seats", low=1, high=100),
        _rule("weights.unserved_fen_per_head", "What leaving one person behind costs, fen", high=_MANY),
    ),
)

PLACES: Final = Table(
    file="places.csv",
    meaning="Nodes of the road network: villages, township seats, stations, depots",
    columns=(
        _id("id", "12-digit village code, 9-digit township code, or a short id"),
        Column(
            name="kind",
            kind=Kind.CHOICE,
            meaning="What stands there",
            required=True,
            choices=tuple(PlaceKind),
        ),
        _text("name", "Name as printed", required=True),
        _text("township", "Township a village belongs to"),
        _ALIASES,
        _degrees(
            "lat",
            "Latitude in degrees: WGS-84, or as an extra column coord_system says: gcj02, bd09",
            limit=90,
        ),
        _degrees("lon", "Longitude in degrees, likewise", limit=180),
        _text("coord_source", "Where the point comes from; synthetic points are labelled"),
        _text("gather", "Spot where people wait"),
        _text("hint", "One hazard or tip for the driver"),
        _text("contact_name", "Who answers there"),
        Column(name="contact_phone", kind=Kind.PHONE, meaning="Their phone"),
    ),
)
COORD_SYSTEM: Final = "coord_system"
"""Optional extra column of places.csv: ``wgs84`` (or empty), ``gcj02``, ``bd09``; converted on reading."""

ROADS: Final = Table(
    file="roads.csv",
    meaning="Two-way stretches between places",
    may_be_empty=True,
    columns=(
        _id("from_id", "Place at one end"),
        _id("to_id", "Place at the other end"),
        _count("length_m", "Length in metres", low=1),
        _count("speed_kmh", "Planning speed", low=1, high=130),
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
        _id("id", "Short id"),
        _text("name", "Name as printed", required=True),
        _count("rated_seats", "Seats on the licence, crew included", low=1, high=100),
        _count("drivers", "Drivers on board", default="1", high=9),
        _count("escorts", "Escorts on board", default="0", high=9),
        _count("fixed_fen", "Cost of using one for the day, fen"),
        _count("per_km_fen", "Cost per km, fen"),
        _count("per_hour_fen", "Cost per hour on the road, fen", default="0"),
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
        _id("id", "Short id; vehicles are named id#01, id#02"),
        _id("type_id", "Vehicle type"),
        _id("depot_id", "Place where they stand"),
        _count("count", "Number of vehicles", high=999),
        _text("operator", "Firm that runs them"),
    ),
)

VEHICLES: Final = Table(
    file="vehicles.csv",
    meaning="Plates and crews, for the printed sheets only",
    required=False,
    may_be_empty=True,
    columns=(
        Column(name="vehicle_id", kind=Kind.VEHICLE_ID, meaning="Vehicle as GROUP#NN", required=True),
        _text("plate", "Licence plate"),
        _text("driver_name", "Driver"),
        Column(name="driver_phone", kind=Kind.PHONE, meaning="Driver's phone"),
        _text("escort_name", "Escort"),
        Column(name="escort_phone", kind=Kind.PHONE, meaning="Escort's phone"),
    ),
)

DESTINATIONS: Final = Table(
    file="destinations.csv",
    meaning="Where people travel to",
    columns=(_id("id", "Short id"), _text("name", "Name as printed", required=True), _ALIASES),
)

DEPARTURES: Final = Table(
    file="departures.csv",
    meaning="Trains and trunk coaches",
    may_be_empty=True,
    columns=(
        _id("id", "Short id"),
        Column(name="mode", kind=Kind.CHOICE, meaning="Train or coach", required=True, choices=tuple(Mode)),
        _text("number", "Train number or coach name as printed", required=True),
        _id("origin_id", "Station it leaves from"),
        Column(name="departs", kind=Kind.MOMENT, meaning="When it leaves", required=True),
        _count("quota", "Seats that are ours", low=1),
    ),
)

CALLS: Final = Table(
    file="calls.csv",
    meaning="Where a departure lets people off",
    may_be_empty=True,
    columns=(
        _id("departure_id", "Departure"),
        _id("destination_id", "Destination"),
        Column(name="arrives", kind=Kind.MOMENT, meaning="When it arrives there", required=True),
    ),
)

ROSTER: Final = Table(
    file="roster.xlsx",
    meaning="The people, one a row, sheet 花名册; also roster*.xlsx, .xls, .ods, .csv as offices have them",
    may_be_empty=True,
    columns=(
        _text("登记号", "Registration id; empty: given on reading"),
        _text("姓名", "Name as on the card", required=True),
        Column(
            name="性别",
            kind=Kind.CHOICE,
            meaning="From the ID number when there is one",
            choices=("男", "女"),
        ),
        Column(name="出生日期", kind=Kind.DATE, meaning="From the ID number when there is one"),
        _text("证件类型", "Paper; empty: 居民身份证"),
        _text("证件号码", "Its number, as text"),
        Column(name="联系电话", kind=Kind.PHONE, meaning="Mobile, as text; may be shared"),
        _text("乡镇", "Township; needed when two villages share a name"),
        _text("村", "Village by name, or its 12-digit code", required=True),
        _text("同行组", "Same text within a village: must not be separated"),
        _text("目的地", "Destination by name or alias", required=True),
        Column(name="出行日期", kind=Kind.DATE, meaning="Day of travel", required=True),
        _text("用工单位", "Employer"),
        Column(name="领队", kind=Kind.FLAG, meaning="是: captain of the group"),
        Column(name="随行儿童", kind=Kind.FLAG, meaning="是: child under 16 with an adult of its 同行组"),
        Column(name="是否脱贫户", kind=Kind.FLAG, meaning="是: household lifted out of poverty"),
        _text("特殊需要", "Short note for the crew"),
        _text("备注", "Remark"),
    ),
)
ROSTER_SHEET: Final = "花名册"

OUTLINE_FILE: Final = "outline.geojson"
"""Optional: the county's outline, Polygon or MultiPolygon."""

TABLES: Final = (
    PLACES,
    ROADS,
    VEHICLE_TYPES,
    FLEET,
    VEHICLES,
    DESTINATIONS,
    DEPARTURES,
    CALLS,
)
"""The CSV files."""

FOLDER: Final = (CAMPAIGN, RULES, *TABLES, ROSTER)
"""Every file with columns or keys, for the documentation and its test."""
