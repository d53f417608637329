from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from random import Random

import pytest

from planner.errors import InputError, Severity
from planner.intake.codes import Code
from planner.intake.datum import Datum, from_wgs84
from planner.intake.folder import load_campaign, save_campaign
from planner.model.campaign import FeederRules, PlanningWeights, Rules
from planner.model.clock import CHINA
from planner.model.people import DocumentType, Registration, RegistrationId, Sex
from planner.model.places import DestinationId, PlaceId
from tests.unit.intake.sample import (
    DAY,
    LONGSHAN,
    ZHUSHI,
    csv_text,
    id_number,
    person,
    row,
    sample_campaign,
    village,
)


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


def test_what_is_saved_loads_equal(folder: Path) -> None:
    campaign, issues = load_campaign(folder)
    assert campaign == sample_campaign(person(1), person(2))
    assert issues == ()


def test_every_field_survives(tmp_path: Path) -> None:
    mother = replace(
        person(1),
        name="买买提·艾力",
        sex=Sex.FEMALE,
        birth=date(1990, 1, 1),
        document_number=id_number(sequence="998"),
        group="1",
        captain=True,
        relief=True,
        needs="腿脚不便",
        note="含逗号,引号\"和'撇",
    )
    child = Registration(
        id=RegistrationId("登-2"),
        name="𠮷小",
        birth=date(2015, 1, 1),
        document_type=DocumentType.HOUSEHOLD_REGISTER,
        village_id=ZHUSHI,
        group="1",
        destination_id=DestinationId("sz"),
        travel_date=DAY,
        child=True,
    )
    foreigner = replace(
        person(3),
        village_id=LONGSHAN,
        name="Maria Garcia",
        document_type=DocumentType.PASSPORT,
        document_number="E12345678",
    )
    rules = Rules(
        as_of=date(2021, 1, 1),
        source='县交通局 "暂行"',
        gate_open_min=40,
        gate_close_min=3,
        feeder=FeederRules(earliest_pickup=time(4, 30), load_percent=50, stop_s=0),
        weights=PlanningWeights(unserved_fen_per_head=1),
    )
    late = datetime(2020, 3, 21, 0, 5, 7, tzinfo=CHINA)
    campaign = sample_campaign(mother, child, foreigner)
    departures = tuple(
        replace(
            entry,
            calls=(*entry.calls, replace(entry.calls[0], destination_id=DestinationId("hm"), arrives=late)),
        )
        for entry in campaign.departures
    )
    campaign = replace(campaign, rules=rules, departures=departures)
    save_campaign(campaign, tmp_path)
    loaded, issues = load_campaign(tmp_path)
    assert loaded == campaign
    assert not [entry for entry in issues if entry.severity is Severity.ERROR]


def test_saving_again_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    campaign, _ = load_campaign(folder)
    assert campaign is not None
    save_campaign(campaign, tmp_path / "again")
    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert written == {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert set(written) == {
        "campaign.toml", "rules.toml", "places.csv", "roads.csv", "vehicle_types.csv", "fleet.csv",
        "vehicles.csv", "destinations.csv", "departures.csv", "calls.csv", "outline.geojson", "roster.xlsx",
    }  # fmt: skip


def test_saving_without_crews_and_outline_leaves_no_old_ones(folder: Path) -> None:
    campaign = replace(sample_campaign(person(1)), crews=(), outline=())
    save_campaign(campaign, folder)
    assert load_campaign(folder)[0] == campaign
    assert not (folder / "vehicles.csv").exists()


def test_saving_beside_another_roster_is_refused(folder: Path) -> None:
    (folder / "roster-town.csv").write_text("姓名\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        save_campaign(sample_campaign(), folder)
    assert [entry.code for entry in caught.value.issues] == [Code.FOLDER_OTHER_ROSTER]
    assert (folder / "roster-town.csv").exists()


def test_a_village_whose_name_leads_nowhere_is_saved_by_its_code(tmp_path: Path) -> None:
    twin = village(PlaceId("430525107299"), "红旗村", township="竹市镇")
    campaign = sample_campaign(person(1), person(2, village_id=twin.id))
    campaign = replace(campaign, places=(*campaign.places, twin), roads=())
    save_campaign(campaign, tmp_path)
    assert load_campaign(tmp_path)[0] == campaign


def test_shuffled_rows_load_to_the_same_campaign(folder: Path) -> None:
    before = load_campaign(folder)[0]
    dice = Random(7)
    for path in folder.glob("*.csv"):
        header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        dice.shuffle(rows)
        path.write_text(header + "".join(rows), encoding="utf-8")
    assert load_campaign(folder)[0] == before


def test_a_missing_folder_is_an_issue(tmp_path: Path) -> None:
    campaign, issues = load_campaign(tmp_path / "nowhere")
    assert campaign is None
    assert [entry.code for entry in issues] == [Code.FOLDER_MISSING]
    assert str(tmp_path) not in repr(issues)


def test_an_empty_folder_names_every_file(tmp_path: Path) -> None:
    campaign, issues = load_campaign(tmp_path)
    assert campaign is None
    assert [(entry.code, entry.where.file) for entry in issues] == [
        (Code.FILE_MISSING, name)
        for name in (
            "campaign.toml", "rules.toml", "places.csv", "roads.csv", "vehicle_types.csv", "fleet.csv",
            "destinations.csv", "departures.csv", "calls.csv", "roster.xlsx",
        )
    ]  # fmt: skip


def test_a_misspelt_column_is_missing_and_unknown(folder: Path) -> None:
    _edit(folder / "roads.csv", "speed_kmh", "speed")
    assert _errors(folder) == [
        (Code.TABLE_UNKNOWN_COLUMN, "roads.csv", 1, "speed"),
        (Code.TABLE_MISSING_COLUMN, "roads.csv", 1, "speed_kmh"),
    ]


@pytest.mark.parametrize(
    "name", ["places.csv", "vehicle_types.csv", "fleet.csv", "destinations.csv", "departures.csv"]
)
def test_a_missing_file_is_the_only_trouble_it_makes(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert _errors(folder) == [(Code.FILE_MISSING, name, 0, "")]


def test_all_troubles_are_told_at_once(folder: Path) -> None:
    _edit(folder / "places.csv", "27.11,", "x,")
    _edit(folder / "fleet.csv", "b33", "b55")
    _edit(folder / "calls.csv", ",gz,", ",xx,")
    (folder / "roster.xlsx").unlink()
    (folder / "roster.csv").write_text(csv_text([row(村="桃花源")]), encoding="utf-8")
    campaign, issues = load_campaign(folder)
    assert campaign is None
    assert [entry.code for entry in issues] == [
        Code.CELL_NOT_NUMBER, Code.FLEET_UNKNOWN_TYPE, Code.CALLS_UNKNOWN_DESTINATION, Code.VILLAGE_UNKNOWN,
    ]  # fmt: skip


def test_a_bad_place_does_not_make_its_people_homeless(folder: Path) -> None:
    _edit(folder / "places.csv", "27.11,", "x,")
    assert _errors(folder) == [(Code.CELL_NOT_NUMBER, "places.csv", 4, "lat")]


def test_a_bad_roster_row_is_left_out_and_the_rest_loads(folder: Path) -> None:
    rows = [row(登记号="R1"), row(登记号="R2", 村="桃花源", 证件号码=id_number(sequence="996"))]
    (folder / "roster.xlsx").unlink()
    (folder / "roster.csv").write_text(csv_text(rows), encoding="utf-8")
    campaign, issues = load_campaign(folder)
    assert campaign is not None
    assert [entry.id for entry in campaign.registrations] == ["R1"]
    assert [(entry.code, entry.where.row, entry.where.column) for entry in issues] == [
        (Code.VILLAGE_UNKNOWN, 3, "村")
    ]


def test_several_rosters_are_one_list(folder: Path) -> None:
    other = row(登记号="R9", 证件号码=id_number("19910101"))
    (folder / "roster-town.csv").write_text(csv_text([other]), encoding="utf-8")
    campaign, _ = load_campaign(folder)
    assert campaign is not None
    assert [entry.id for entry in campaign.registrations] == ["R0001", "R0002", "R9"]


def test_a_roster_that_cannot_be_read_is_no_campaign(folder: Path) -> None:
    (folder / "roster.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    campaign, issues = load_campaign(folder)
    assert campaign is None
    assert [entry.code for entry in issues] == [Code.FILE_CORRUPT]


@pytest.mark.parametrize("name", ["places.csv", "rules.toml", "outline.geojson"])
def test_tables_must_be_utf8(folder: Path, name: str) -> None:
    (folder / name).write_bytes("红旗村".encode("gb18030"))
    assert _errors(folder)[0][:2] == (Code.FILE_NOT_UTF8, name)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_campaign(folder)[0] == sample_campaign(person(1), person(2))


def test_columns_may_stand_in_any_order_and_optional_ones_may_be_missing(folder: Path) -> None:
    (folder / "destinations.csv").write_text("name,id\n广州,gz\n虎门,hm\n深圳,sz\n", encoding="utf-8")
    campaign, issues = load_campaign(folder)
    assert issues == ()
    assert campaign is not None
    assert [(entry.id, entry.aliases) for entry in campaign.destinations] == [
        ("gz", ()),
        ("hm", ()),
        ("sz", ()),
    ]


def _declare(folder: Path, *systems: str) -> None:
    """Give places.csv the column coord_system; rows beyond ``systems`` are left empty there."""
    header, *rows = (folder / "places.csv").read_text(encoding="utf-8").splitlines()
    said = [*systems, *("" for _ in rows)]
    lines = [f"{header},coord_system", *(f"{row},{name}" for row, name in zip(rows, said, strict=False))]
    (folder / "places.csv").write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("system", ["beijing54", "GCJ-03", "?"])
def test_unknown_coordinate_systems_are_refused_not_guessed(folder: Path, system: str) -> None:
    _declare(folder, system)
    assert _errors(folder) == [(Code.PLACES_COORD_SYSTEM, "places.csv", 2, "coord_system")]


@pytest.mark.parametrize(("system", "datum"), [("GCJ-02", Datum.GCJ02), ("bd09", Datum.BD09)])
def test_points_of_chinese_maps_are_converted_row_by_row(folder: Path, system: str, datum: Datum) -> None:
    sample = sample_campaign(person(1), person(2)).places
    _declare(folder, system, "wgs84")
    campaign, issues = load_campaign(folder)
    assert campaign is not None
    assert issues == ()
    first, *others = campaign.places
    back = from_wgs84((first.lat, first.lon), datum)
    assert back == pytest.approx((sample[0].lat, sample[0].lon), abs=2e-6)
    assert (first.lat, first.lon) != (sample[0].lat, sample[0].lon)
    assert tuple(others) == sample[1:]


def _feature_collection(shape: dict[str, object]) -> dict[str, object]:
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": shape}],
    }


@pytest.mark.parametrize("wrap", [_feature_collection, dict])
def test_outlines_of_every_wrapping_are_read(
    folder: Path, wrap: Callable[[dict[str, object]], dict[str, object]]
) -> None:
    ring = [[110, 26.5], [111, 26.5], [111, 27.5], [110, 26.5]]
    shape: dict[str, object] = {"type": "Polygon", "coordinates": [ring]}
    (folder / "outline.geojson").write_text(json.dumps(wrap(shape)), encoding="utf-8")
    campaign, _ = load_campaign(folder)
    assert campaign == sample_campaign(person(1), person(2))


def test_personal_values_do_not_reach_an_issue(folder: Path) -> None:
    number, phone = id_number(), "16900000077"
    _edit(folder / "places.csv", "27.11,", f"{number},")
    _edit(folder / "fleet.csv", "b33", phone)
    (folder / "roster.xlsx").unlink()
    shifted = row(证件类型=f"身份证{number}", 性别=phone, 村=number, 出行日期=number, 随行儿童=phone)
    wrong = row(证件号码=number[:-1] + "A", 联系电话=phone + "1")
    (folder / "roster.csv").write_text(csv_text([shifted, wrong]), encoding="utf-8")
    _, issues = load_campaign(folder)
    assert len(issues) > 6
    assert number[:17] not in repr(issues)
    assert phone not in repr(issues)
