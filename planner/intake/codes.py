"""Every trouble that intake can report: its stable code and its weight.

The words of each code (what, why, what to do) live in ``exports/locale/*/issues.toml`` under the same
dotted key; a test holds the two together. Codes are never renamed once published: scripts match on them.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Final

from planner.errors import Arg, Issue, Severity, Where
from planner.masking import mask_personal


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
    FILE_SEPARATOR = "file.separator"
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
    CELL_NOT_TIME = "cell.not_time"
    CELL_NOT_FLAG = "cell.not_flag"
    CELL_NOT_CHOICE = "cell.not_choice"
    CELL_BAD_ID = "cell.bad_id"
    CELL_TOO_SMALL = "cell.too_small"
    CELL_TOO_LARGE = "cell.too_large"
    CELL_PHONE = "cell.phone"
    CELL_SEPARATOR = "cell.separator"

    SETTINGS_MISSING_KEY = "settings.missing_key"
    SETTINGS_UNKNOWN_KEY = "settings.unknown_key"
    SETTINGS_ARRIVAL_WINDOW = "settings.arrival_window"
    SETTINGS_DEPART_WINDOW = "settings.depart_window"
    SETTINGS_GATE_WINDOW = "settings.gate_window"
    SETTINGS_ARRIVE_AFTER_GATE = "settings.arrive_after_gate"
    SETTINGS_ABOVE = "settings.above"
    SETTINGS_BEYOND_LAW = "settings.beyond_law"
    SETTINGS_ORDER = "settings.order"

    MESSAGES_PLACEHOLDER = "messages.placeholder"

    SCENARIO_UNKNOWN = "scenario.unknown"
    SCENARIO_BAD = "scenario.bad"

    PLACES_DUPLICATE_ID = "places.duplicate_id"
    PLACES_SAME_NAME = "places.same_name"
    PLACES_CODE_FORM = "places.code_form"
    PLACES_OUTSIDE_CHINA = "places.outside_china"
    PLACES_COORD_SYSTEM = "places.coord_system"
    ROADS_UNKNOWN_PLACE = "roads.unknown_place"
    ROADS_SAME_ENDS = "roads.same_ends"
    ROADS_DUPLICATE = "roads.duplicate"
    ROADS_TOO_SHORT = "roads.too_short"
    ROADS_EXTRACT_BROKEN = "roads.extract_broken"
    ROADS_EXTRACT_EMPTY = "roads.extract_empty"
    ROADS_TILES = "roads.tiles"
    ROADS_NOT_COVERED = "roads.not_covered"
    ROADS_NONE_NEAR = "roads.none_near"
    ROADS_TOO_FAR = "roads.too_far"
    ROADS_NO_WAY = "roads.no_way"
    VEHICLE_TYPES_DUPLICATE_ID = "vehicle_types.duplicate_id"
    VEHICLE_TYPES_NO_SEATS = "vehicle_types.no_seats"
    FLEET_DUPLICATE_ID = "fleet.duplicate_id"
    FLEET_UNKNOWN_TYPE = "fleet.unknown_type"
    FLEET_UNKNOWN_DEPOT = "fleet.unknown_depot"
    VEHICLES_DUPLICATE_ID = "vehicles.duplicate_id"
    VEHICLES_UNKNOWN = "vehicles.unknown"
    VEHICLES_SAME_PLATE = "vehicles.same_plate"
    DRIVERS_DUPLICATE_ID = "drivers.duplicate_id"
    DRIVERS_UNKNOWN_DEPOT = "drivers.unknown_depot"
    EMPLOYERS_DUPLICATE = "employers.duplicate"
    EMPLOYERS_UNKNOWN_DESTINATION = "employers.unknown_destination"
    DESTINATIONS_DUPLICATE_ID = "destinations.duplicate_id"
    DESTINATIONS_SAME_NAME = "destinations.same_name"
    CORRIDORS_UNKNOWN_PLACE = "corridors.unknown_place"
    CORRIDORS_UNKNOWN_DESTINATION = "corridors.unknown_destination"
    CORRIDORS_TOO_FAST = "corridors.too_fast"
    FARES_DUPLICATE = "fares.duplicate"
    FARES_UNKNOWN_DESTINATION = "fares.unknown_destination"
    DEPARTURES_DUPLICATE_ID = "departures.duplicate_id"
    DEPARTURES_UNKNOWN_ORIGIN = "departures.unknown_origin"
    DEPARTURES_ORIGIN_NOT_STATION = "departures.origin_not_station"
    DEPARTURES_BEFORE_FIRST_DAY = "departures.before_first_day"
    DEPARTURES_NO_CALLS = "departures.no_calls"
    DEPARTURES_UNKNOWN_CONSIST = "departures.unknown_consist"
    DEPARTURES_FEW_SEATS = "departures.few_seats"
    CONSISTS_DUPLICATE = "consists.duplicate"
    ALLOTMENTS_DUPLICATE = "allotments.duplicate"
    ALLOTMENTS_UNKNOWN_DEPARTURE = "allotments.unknown_departure"
    ALLOTMENTS_UNKNOWN_CARRIAGE = "allotments.unknown_carriage"
    ALLOTMENTS_SEAT_TWICE = "allotments.seat_twice"
    CHARTERS_DUPLICATE = "charters.duplicate"
    MARKETS_UNKNOWN_PLACE = "markets.unknown_place"
    MARKETS_AMBIGUOUS_PLACE = "markets.ambiguous_place"
    MARKETS_VALUES = "markets.values"
    MARKETS_DUPLICATE = "markets.duplicate"
    MARKETS_CONFLICT = "markets.conflict"
    HOLIDAYS_SPAN = "holidays.span"
    HOLIDAYS_DUPLICATE = "holidays.duplicate"
    HOLIDAYS_CONFLICT = "holidays.conflict"
    HOLIDAYS_AGAINST_OFFICIAL = "holidays.against_official"
    HOLIDAYS_WORKED_WEEKDAY = "holidays.worked_weekday"
    HOLIDAYS_PART = "holidays.part"
    CALLS_UNKNOWN_DEPARTURE = "calls.unknown_departure"
    CALLS_UNKNOWN_DESTINATION = "calls.unknown_destination"
    CALLS_DUPLICATE = "calls.duplicate"
    CALLS_BEFORE_DEPARTURE = "calls.before_departure"

    OUTREACH_DUPLICATE = "outreach.duplicate"
    OUTREACH_UNKNOWN = "outreach.unknown"
    OUTREACH_NOT_VILLAGE = "outreach.not_village"
    OUTREACH_NOT_TOWNSHIP = "outreach.not_township"
    OUTREACH_WINDOW = "outreach.window"
    OUTREACH_HOURS = "outreach.hours"
    OUTREACH_BEFORE_FIRST_DAY = "outreach.before_first_day"
    FAIRS_NEED = "fairs.need"
    FAIRS_ANNOUNCED_DAY = "fairs.announced_day"
    FAIRS_ANNOUNCED_VENUE = "fairs.announced_venue"
    FAIRS_ANNOUNCED_PERMIT = "fairs.announced_permit"
    FAIRS_NO_VENUE = "fairs.no_venue"
    SQUADS_FEW_SEATS = "squads.few_seats"
    SQUADS_NO_DAYS = "squads.no_days"
    VISITS_SPACING = "visits.spacing"
    VISITS_NO_SKILL = "visits.no_skill"
    BROKERS_NEVER = "brokers.never"
    SEEKERS_NO_POSTS = "seekers.no_posts"
    POSTS_UNDER_16 = "posts.under_16"
    POSTS_RANGE = "posts.range"
    POSTS_SEX_UNLAWFUL = "posts.sex_unlawful"
    POSTS_WORDS = "posts.words"
    POSTS_SKILLS = "posts.skills"
    WISHES_UNDER_16 = "wishes.under_16"
    WISHES_UNKNOWN_PERSON = "wishes.unknown_person"
    RESULTS_FIGURES = "results.figures"
    RESULTS_TOTAL = "results.total"
    LOCKS_NOTHING = "locks.nothing"
    LOCKS_DAY = "locks.day"
    LOCKS_SQUAD_AWAY = "locks.squad_away"
    LOCKS_SQUAD_UNFIT = "locks.squad_unfit"

    ROSTER_NO_HEADER = "roster.no_header"
    ROSTER_NO_ROWS = "roster.no_rows"
    ROSTER_HIDDEN_SHEET = "roster.hidden_sheet"
    ROSTER_SHEET_SKIPPED = "roster.sheet_skipped"
    ROSTER_COLUMN_MISSING = "roster.column.missing"
    ROSTER_COLUMN_UNKNOWN = "roster.column.unknown"
    ROSTER_COLUMN_TWICE = "roster.column.twice"
    SKIP_TITLE = "roster.skip.title"
    SKIP_HEADER = "roster.skip.header"
    SKIP_TOTAL = "roster.skip.total"
    SKIP_NOTE = "roster.skip.note"
    SKIP_UNFILLED = "roster.skip.unfilled"
    DITTO_NOTHING_ABOVE = "roster.ditto.nothing_above"
    DITTO_NOT_HERE = "roster.ditto.not_here"

    NAME_MISSING = "roster.name.missing"
    NAME_CHARACTERS = "roster.name.characters"
    NAME_TOO_LONG = "roster.name.too_long"
    NAME_SINGLE = "roster.name.single"
    NAME_SPACES = "roster.name.spaces"
    NAME_PRIVATE_USE = "roster.name.private_use"
    NAME_LOOKALIKE = "roster.name.lookalike"
    ID_MISSING = "roster.id.missing"
    ID_NUMBER_CELL = "roster.id.number_cell"
    ID_FIFTEEN = "roster.id.fifteen"
    ID_LENGTH = "roster.id.length"
    ID_CHARACTERS = "roster.id.characters"
    ID_CHECK_DIGIT = "roster.id.check_digit"
    ID_BIRTH = "roster.id.birth"
    ID_FUTURE = "roster.id.future"
    ID_REGION = "roster.id.region"
    DOCUMENT_TYPE = "roster.document.type"
    DOCUMENT_NUMBER = "roster.document.number"
    SEX_BAD = "roster.sex.bad"
    SEX_MISMATCH = "roster.sex.mismatch"
    BIRTH_BAD = "roster.birth.bad"
    BIRTH_MISMATCH = "roster.birth.mismatch"
    PHONE_MISSING = "roster.phone.missing"
    PHONE_LENGTH = "roster.phone.length"
    PHONE_FORM = "roster.phone.form"
    PHONE_LANDLINE = "roster.phone.landline"
    PHONE_SEVERAL = "roster.phone.several"
    VILLAGE_MISSING = "roster.village.missing"
    VILLAGE_UNKNOWN = "roster.village.unknown"
    VILLAGE_AMBIGUOUS = "roster.village.ambiguous"
    VILLAGE_OTHER_TOWNSHIP = "roster.village.other_township"
    VILLAGE_OTHER_KIND = "roster.village.other_kind"
    TOWNSHIP_UNKNOWN = "roster.township.unknown"
    DESTINATION_MISSING = "roster.destination.missing"
    DESTINATION_UNKNOWN = "roster.destination.unknown"
    DESTINATION_AMBIGUOUS = "roster.destination.ambiguous"
    DATE_MISSING = "roster.date.missing"
    DATE_BAD = "roster.date.bad"
    DATE_IMPLAUSIBLE = "roster.date.implausible"
    DATE_NO_YEAR = "roster.date.no_year"
    DATE_ASSUMED = "roster.date.assumed"
    DATE_LATEST = "roster.date.latest"
    FLAG_BAD = "roster.flag.bad"

    AGE_UNDER_16 = "roster.age.under_16"
    AGE_MINOR = "roster.age.minor"
    CHILD_NO_ADULT = "roster.child.no_adult"
    CHILD_NOT_CHILD = "roster.child.not_child"
    CHILD_EMPLOYER = "roster.child.employer"
    GROUP_DATES = "roster.group.dates"
    GROUP_INCOMPLETE = "roster.group.incomplete"
    COMPANION_UNKNOWN = "roster.companion.unknown"
    COMPANION_AMBIGUOUS = "roster.companion.ambiguous"
    DUPLICATE_SAME = "roster.duplicate.same"
    DUPLICATE_CONFLICT = "roster.duplicate.conflict"
    DUPLICATE_POSSIBLE = "roster.duplicate.possible"
    NUMBER_TAKEN = "roster.number.taken"
    NUMBER_FORM = "roster.number.form"
    NUMBER_GIVEN = "roster.number.given"


_WARNINGS: Final = frozenset(
    {
        Code.TABLE_UNKNOWN_COLUMN,
        Code.CELL_PHONE,
        Code.CELL_SEPARATOR,
        Code.SETTINGS_BEYOND_LAW,
        Code.PLACES_SAME_NAME,
        Code.PLACES_CODE_FORM,
        Code.PLACES_OUTSIDE_CHINA,
        Code.ROADS_DUPLICATE,
        Code.ROADS_TOO_SHORT,
        Code.ROADS_NONE_NEAR,
        Code.ROADS_TOO_FAR,
        Code.ROADS_NO_WAY,
        Code.VEHICLES_SAME_PLATE,
        Code.VEHICLES_UNKNOWN,
        Code.DEPARTURES_NO_CALLS,
        Code.OUTREACH_BEFORE_FIRST_DAY,
        Code.FAIRS_ANNOUNCED_PERMIT,
        Code.FAIRS_NO_VENUE,
        Code.SQUADS_NO_DAYS,
        Code.VISITS_SPACING,
        Code.VISITS_NO_SKILL,
        Code.SEEKERS_NO_POSTS,
        Code.POSTS_WORDS,
        Code.WISHES_UNKNOWN_PERSON,
        Code.RESULTS_FIGURES,
        Code.RESULTS_TOTAL,
        Code.LOCKS_DAY,
        Code.LOCKS_SQUAD_AWAY,
        Code.LOCKS_SQUAD_UNFIT,
        Code.MARKETS_UNKNOWN_PLACE,
        Code.MARKETS_AMBIGUOUS_PLACE,
        Code.MARKETS_DUPLICATE,
        Code.MARKETS_CONFLICT,
        Code.HOLIDAYS_DUPLICATE,
        Code.HOLIDAYS_AGAINST_OFFICIAL,
        Code.HOLIDAYS_WORKED_WEEKDAY,
        Code.HOLIDAYS_PART,
        Code.ROSTER_HIDDEN_SHEET,
        Code.ROSTER_COLUMN_TWICE,
        Code.ID_MISSING,
        Code.SEX_BAD,
        Code.SEX_MISMATCH,
        Code.BIRTH_BAD,
        Code.BIRTH_MISMATCH,
        Code.FLAG_BAD,
        Code.CHILD_NOT_CHILD,
        Code.CHILD_EMPLOYER,
        Code.GROUP_INCOMPLETE,
        Code.COMPANION_UNKNOWN,
        Code.COMPANION_AMBIGUOUS,
        Code.DUPLICATE_CONFLICT,
        Code.DUPLICATE_POSSIBLE,
    }
)
_NOTICES: Final = frozenset(
    {
        Code.ROSTER_NO_ROWS,
        Code.ROSTER_SHEET_SKIPPED,
        Code.ROSTER_COLUMN_UNKNOWN,
        Code.SKIP_TITLE,
        Code.SKIP_HEADER,
        Code.SKIP_TOTAL,
        Code.SKIP_NOTE,
        Code.SKIP_UNFILLED,
        Code.NAME_SINGLE,
        Code.NAME_SPACES,
        Code.NAME_PRIVATE_USE,
        Code.NAME_LOOKALIKE,
        Code.ID_REGION,
        Code.PHONE_MISSING,
        Code.PHONE_LANDLINE,
        Code.PHONE_SEVERAL,
        Code.VILLAGE_OTHER_KIND,
        Code.DATE_NO_YEAR,
        Code.DATE_ASSUMED,
        Code.AGE_MINOR,
        Code.NUMBER_GIVEN,
    }
)


def severity_of(code: Code) -> Severity:
    """How much a code weighs; one place, so that the same trouble never weighs differently."""
    if code in _NOTICES:
        return Severity.NOTICE
    return Severity.WARNING if code in _WARNINGS else Severity.ERROR


def issue(code: Code, where: Where, **args: Arg) -> Issue:
    """Make an Issue with the weight of its code.

    Callers mask what they know to be personal; ID numbers and mobiles in a wrong column are masked here.
    """
    shown = {name: mask_personal(arg) if isinstance(arg, str) else arg for name, arg in args.items()}
    place = replace(where, column=mask_personal(where.column))
    return Issue(severity=severity_of(code), code=code.value, where=place, args=shown)
