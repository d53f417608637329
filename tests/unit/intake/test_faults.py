"""One thing wrong in a folder gives exactly one issue, at its place, not what only follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.errors import Severity
from planner.intake.codes import Code
from planner.intake.folder import load_campaign, save_campaign
from tests.unit.intake.sample import person, sample_campaign


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _errors(folder: Path) -> list[tuple[str, str, int, str]]:
    """Code, file, row, column of everything that is no notice."""
    _, issues = load_campaign(folder)
    return [
        (entry.code, entry.where.file, entry.where.row, entry.where.column)
        for entry in issues
        if entry.severity is not Severity.NOTICE
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_campaign(sample_campaign(person(1), person(2)), tmp_path / "sample")
    return tmp_path / "sample"


Edit = tuple[str, str, str]
ONE_FAULT: list[tuple[Edit, tuple[str, str, int, str]]] = [
    (
        ("campaign.toml", "first_day", "# first_day"),
        (Code.SETTINGS_MISSING_KEY, "campaign.toml", 0, "first_day"),
    ),
    (
        ("campaign.toml", 'name = "示例', 'title = "x"\nname = "示例'),
        (Code.SETTINGS_UNKNOWN_KEY, "campaign.toml", 0, "title"),
    ),
    (("campaign.toml", "2020-03-20", '"in March"'), (Code.CELL_NOT_DATE, "campaign.toml", 0, "first_day")),
    (("campaign.toml", '"sample"', '""'), (Code.CELL_EMPTY, "campaign.toml", 0, "id")),
    (("rules.toml", "stop_s = 60", "stop_s = -1"), (Code.CELL_TOO_SMALL, "rules.toml", 0, "feeder.stop_s")),
    (
        ("rules.toml", "stop_s = 60", "stop_s = true"),
        (Code.CELL_NOT_INTEGER, "rules.toml", 0, "feeder.stop_s"),
    ),
    (
        ("rules.toml", "stop_s = 60", "stops = 60"),
        (Code.SETTINGS_UNKNOWN_KEY, "rules.toml", 0, "feeder.stops"),
    ),
    (
        ("rules.toml", "unserved_fen_per_head = ", "unserved_fen_per_head = 0."),
        (Code.CELL_NOT_INTEGER, "rules.toml", 0, "weights.unserved_fen_per_head"),
    ),
    (
        ("rules.toml", "load_percent = 100", "load_percent = 101"),
        (Code.CELL_TOO_LARGE, "rules.toml", 0, "feeder.load_percent"),
    ),
    (
        ("rules.toml", "earliest_min = 90", "earliest_min = 60"),
        (Code.SETTINGS_ARRIVAL_WINDOW, "rules.toml", 0, "feeder.arrive_earliest_min"),
    ),
    (
        ("rules.toml", "depart_earliest = 07:00:00", "depart_earliest = 09:00:01"),
        (Code.SETTINGS_DEPART_WINDOW, "rules.toml", 0, "trunk.depart_earliest"),
    ),
    (
        ("rules.toml", "gate_open_min = 30", "gate_open_min = 5"),
        (Code.SETTINGS_GATE_WINDOW, "rules.toml", 0, "gate_open_min"),
    ),
    (
        ("rules.toml", "latest_min = 60", "latest_min = 4"),
        (Code.SETTINGS_ARRIVE_AFTER_GATE, "rules.toml", 0, "feeder.arrive_latest_min"),
    ),
    (("rules.toml", "as_of = ", "as_of "), (Code.FILE_TOML, "rules.toml", 1, "")),
    (("places.csv", "27.11,", "91,"), (Code.CELL_TOO_LARGE, "places.csv", 4, "lat")),
    (("places.csv", "27.11,", "二十七,"), (Code.CELL_NOT_NUMBER, "places.csv", 4, "lat")),
    (("places.csv", "27.11,", "nan,"), (Code.CELL_NOT_NUMBER, "places.csv", 4, "lat")),
    (("places.csv", "27.11,", "60,"), (Code.PLACES_OUTSIDE_CHINA, "places.csv", 4, "lat")),
    (("places.csv", "village,红旗村", "hamlet,红旗村"), (Code.CELL_NOT_CHOICE, "places.csv", 4, "kind")),
    (("places.csv", "station,洞口站", "station,"), (Code.CELL_EMPTY, "places.csv", 8, "name")),
    (("places.csv", "16900000009", "169"), (Code.CELL_PHONE, "places.csv", 2, "contact_phone")),
    (("places.csv", "contact_phone", "phone"), (Code.TABLE_UNKNOWN_COLUMN, "places.csv", 1, "phone")),
    (
        ("roads.csv", "430525106203,dkz", "430525106299,dkz"),
        (Code.ROADS_UNKNOWN_PLACE, "roads.csv", 3, "from_id"),
    ),
    (("roads.csv", "430525106203,dkz", "dkz,dkz"), (Code.ROADS_SAME_ENDS, "roads.csv", 3, "to_id")),
    (("roads.csv", "40000,40", "40,40"), (Code.ROADS_TOO_SHORT, "roads.csv", 2, "length_m")),
    (("roads.csv", "40000,40", "0,40"), (Code.CELL_TOO_SMALL, "roads.csv", 2, "length_m")),
    (("roads.csv", "40000,40", "40 km,40"), (Code.CELL_NOT_INTEGER, "roads.csv", 2, "length_m")),
    (("roads.csv", ",0\n", ",no\n"), (Code.CELL_NOT_FLAG, "roads.csv", 2, "mountain")),
    (("roads.csv", ",0\n", ",0,0\n"), (Code.TABLE_EXTRA_CELLS, "roads.csv", 2, "")),
    (
        ("vehicle_types.csv", ",33,1,0,", ",1,1,0,"),
        (Code.VEHICLE_TYPES_NO_SEATS, "vehicle_types.csv", 2, "rated_seats"),
    ),
    (
        ("vehicle_types.csv", "grade2|grade3", "grade2|track"),
        (Code.CELL_NOT_CHOICE, "vehicle_types.csv", 2, "road_classes"),
    ),
    (("vehicle_types.csv", "grade2|grade3", ""), (Code.CELL_EMPTY, "vehicle_types.csv", 2, "road_classes")),
    (("vehicle_types.csv", "60000", "-1"), (Code.CELL_TOO_SMALL, "vehicle_types.csv", 2, "fixed_fen")),
    (("fleet.csv", "b33", "b55"), (Code.FLEET_UNKNOWN_TYPE, "fleet.csv", 2, "type_id")),
    (("fleet.csv", "dkz", "yard"), (Code.FLEET_UNKNOWN_DEPOT, "fleet.csv", 2, "depot_id")),
    (("fleet.csv", ",3,", ",-3,"), (Code.CELL_TOO_SMALL, "fleet.csv", 2, "count")),
    (("vehicles.csv", "dk#01", "dk#04"), (Code.VEHICLES_UNKNOWN, "vehicles.csv", 2, "vehicle_id")),
    (("vehicles.csv", "dk#01", "dk"), (Code.CELL_BAD_ID, "vehicles.csv", 2, "vehicle_id")),
    (
        ("destinations.csv", "hm,虎门", "hm,深圳"),
        (Code.DESTINATIONS_SAME_NAME, "destinations.csv", 4, "name"),
    ),
    (("destinations.csv", ",22.61,", ",,"), (Code.CELL_EMPTY, "destinations.csv", 4, "lat")),
    (("destinations.csv", ",22.61,", ",97.61,"), (Code.CELL_TOO_LARGE, "destinations.csv", 4, "lat")),
    (
        ("departures.csv", ",dkz,", ",430525107201,"),
        (Code.DEPARTURES_ORIGIN_NOT_STATION, "departures.csv", 2, "origin_id"),
    ),
    (
        ("departures.csv", ",dkz,", ",dk1,"),
        (Code.DEPARTURES_UNKNOWN_ORIGIN, "departures.csv", 2, "origin_id"),
    ),
    (
        ("departures.csv", "2020-03-20T10:40", "2020-03-19T10:40"),
        (Code.DEPARTURES_BEFORE_FIRST_DAY, "departures.csv", 2, "departs"),
    ),
    (("departures.csv", "2020-03-20T10:40", "10:40"), (Code.CELL_NOT_MOMENT, "departures.csv", 2, "departs")),
    (("departures.csv", ",1112", ",0"), (Code.CELL_TOO_SMALL, "departures.csv", 2, "quota")),
    (("departures.csv", ",train,", ",plane,"), (Code.CELL_NOT_CHOICE, "departures.csv", 2, "mode")),
    (("calls.csv", "T15:00", "T10:40"), (Code.CALLS_BEFORE_DEPARTURE, "calls.csv", 2, "arrives")),
    (("calls.csv", ",gz,", ",xx,"), (Code.CALLS_UNKNOWN_DESTINATION, "calls.csv", 2, "destination_id")),
    (("calls.csv", ",sz,", ",gz,"), (Code.CALLS_DUPLICATE, "calls.csv", 3, "destination_id")),
    (("calls.csv", "G9653,sz", "G1,sz"), (Code.CALLS_UNKNOWN_DEPARTURE, "calls.csv", 3, "departure_id")),
    (("outline.geojson", "MultiPolygon", "Point"), (Code.FILE_GEOJSON, "outline.geojson", 0, "")),
    (("outline.geojson", "[110.0,26.5]]", "[110.0,26.6]]"), (Code.FILE_GEOJSON, "outline.geojson", 0, "")),
]


@pytest.mark.parametrize(
    ("edit", "expected"), ONE_FAULT, ids=[f"{fault[1][0]}-{n}" for n, fault in enumerate(ONE_FAULT)]
)
def test_one_fault_gives_exactly_its_issue(
    folder: Path, edit: Edit, expected: tuple[str, str, int, str]
) -> None:
    name, old, new = edit
    _edit(folder / name, old, new)
    assert _errors(folder) == [expected]


DOUBLED = [
    ("places.csv", Code.PLACES_DUPLICATE_ID, "id"),
    ("vehicle_types.csv", Code.VEHICLE_TYPES_DUPLICATE_ID, "id"),
    ("fleet.csv", Code.FLEET_DUPLICATE_ID, "id"),
    ("vehicles.csv", Code.VEHICLES_DUPLICATE_ID, "vehicle_id"),
    ("destinations.csv", Code.DESTINATIONS_DUPLICATE_ID, "id"),
    ("departures.csv", Code.DEPARTURES_DUPLICATE_ID, "id"),
    ("roads.csv", Code.ROADS_DUPLICATE, "from_id"),
]


@pytest.mark.parametrize(("name", "code", "column"), DOUBLED)
def test_a_row_given_twice_is_found(folder: Path, name: str, code: Code, column: str) -> None:
    lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / name).write_text("".join([*lines, lines[1]]), encoding="utf-8")
    assert (code, name, len(lines) + 1, column) in _errors(folder)
