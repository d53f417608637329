"""Every trouble that intake can report: its stable code and its weight.

The words of each code (what, why, what to do) live in ``exports/locale/*/issues.toml`` under the same
dotted key; a test holds the two together. Codes are never renamed once published: scripts match on them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from planner.errors import Arg, Issue, Severity, Where


class Code(StrEnum):
    """Dotted names, by what they are about."""

    FOLDER_MISSING = "folder.missing"
    FOLDER_OTHER_ROSTER = "folder.other_roster"
    FILE_MISSING = "file.missing"
    FILE_UNREADABLE = "file.unreadable"
    FILE_NOT_UTF8 = "file.not_utf8"
    FILE_EMPTY = "file.empty"
    FILE_TOO_LARGE = "file.too_large"
    FILE_ENCRYPTED = "file.encrypted"
    FILE_CORRUPT = "file.corrupt"
    FILE_ENCODING = "file.encoding"
    FILE_TOML = "file.toml"
    FILE_GEOJSON = "file.geojson"

    TABLE_MISSING_COLUMN = "table.missing_column"
    TABLE_UNKNOWN_COLUMN = "table.unknown_column"
    TABLE_DUPLICATE_COLUMN = "table.duplicate_column"
    TABLE_EXTRA_CELLS = "table.extra_cells"
    TABLE_NO_ROWS = "table.no_rows"
    CELL_EMPTY = "cell.empty"
    CELL_NOT_INTEGER = "cell.not_integer"
    CELL_NOT_NUMBER = "cell.not_number"
    CELL_NOT_DATE = "cell.not_date"
    CELL_NOT_MOMENT = "cell.not_moment"
    CELL_NOT_FLAG = "cell.not_flag"
    CELL_NOT_CHOICE = "cell.not_choice"
    CELL_BAD_ID = "cell.bad_id"
    CELL_TOO_SMALL = "cell.too_small"
    CELL_TOO_LARGE = "cell.too_large"
    CELL_PHONE = "cell.phone"

    SETTINGS_MISSING_KEY = "settings.missing_key"
    SETTINGS_UNKNOWN_KEY = "settings.unknown_key"
    SETTINGS_ARRIVAL_WINDOW = "settings.arrival_window"
    SETTINGS_GATE_WINDOW = "settings.gate_window"
    SETTINGS_ARRIVE_AFTER_GATE = "settings.arrive_after_gate"

    PLACES_DUPLICATE_ID = "places.duplicate_id"
    PLACES_SAME_NAME = "places.same_name"
    PLACES_CODE_FORM = "places.code_form"
    PLACES_OUTSIDE_CHINA = "places.outside_china"
    PLACES_COORD_SYSTEM = "places.coord_system"
    ROADS_UNKNOWN_PLACE = "roads.unknown_place"
    ROADS_SAME_ENDS = "roads.same_ends"
    ROADS_DUPLICATE = "roads.duplicate"
    ROADS_TOO_SHORT = "roads.too_short"
    VEHICLE_TYPES_DUPLICATE_ID = "vehicle_types.duplicate_id"
    VEHICLE_TYPES_NO_SEATS = "vehicle_types.no_seats"
    FLEET_DUPLICATE_ID = "fleet.duplicate_id"
    FLEET_UNKNOWN_TYPE = "fleet.unknown_type"
    FLEET_UNKNOWN_DEPOT = "fleet.unknown_depot"
    VEHICLES_DUPLICATE_ID = "vehicles.duplicate_id"
    VEHICLES_UNKNOWN = "vehicles.unknown"
    VEHICLES_SAME_PLATE = "vehicles.same_plate"
    DESTINATIONS_DUPLICATE_ID = "destinations.duplicate_id"
    DESTINATIONS_SAME_NAME = "destinations.same_name"
    DEPARTURES_DUPLICATE_ID = "departures.duplicate_id"
    DEPARTURES_UNKNOWN_ORIGIN = "departures.unknown_origin"
    DEPARTURES_ORIGIN_NOT_STATION = "departures.origin_not_station"
    DEPARTURES_BEFORE_FIRST_DAY = "departures.before_first_day"
    DEPARTURES_NO_CALLS = "departures.no_calls"
    CALLS_UNKNOWN_DEPARTURE = "calls.unknown_departure"
    CALLS_UNKNOWN_DESTINATION = "calls.unknown_destination"
    CALLS_DUPLICATE = "calls.duplicate"
    CALLS_BEFORE_DEPARTURE = "calls.before_departure"


_WARNINGS: Final = frozenset(
    {
        Code.TABLE_UNKNOWN_COLUMN,
        Code.CELL_PHONE,
        Code.PLACES_SAME_NAME,
        Code.PLACES_CODE_FORM,
        Code.PLACES_OUTSIDE_CHINA,
        Code.ROADS_DUPLICATE,
        Code.ROADS_TOO_SHORT,
        Code.VEHICLES_SAME_PLATE,
        Code.DEPARTURES_NO_CALLS,
    }
)
_NOTICES: Final[frozenset[Code]] = frozenset()


def severity_of(code: Code) -> Severity:
    """How much a code weighs; one place, so that the same trouble never weighs differently."""
    if code in _NOTICES:
        return Severity.NOTICE
    return Severity.WARNING if code in _WARNINGS else Severity.ERROR


def issue(code: Code, where: Where, **args: Arg) -> Issue:
    """Make an Issue with the weight of its code; mask personal values before they become ``args``."""
    return Issue(severity=severity_of(code), code=code.value, where=where, args=args)
