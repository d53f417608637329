"""Tables of fairs, tours and posts: one thing wrong gives exactly its issue; what is written reads back."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.making import fairday
from planner.errors import Severity
from planner.intake import columns, outreachcolumns
from planner.intake.codes import Code
from planner.intake.folder import load_campaign, save_campaign
from planner.model.fairs import Need, ResourceId
from planner.model.locks import LockKind
from planner.model.outreach import Outreach
from planner.model.outreachlaw import MatchRules
from tests.unit.intake.sample import sample_campaign
from tests.unit.intake.test_hostile import EDITS

OPTIONAL = sorted(table.file for table in (*outreachcolumns.TABLES, columns.LOCKS))
FAIRS = Path(__file__).parents[3] / "fixtures" / "examples" / "fairs"

Edit = tuple[str, str, str]
Place = tuple[Code, str, int, str]
FAULTS: list[tuple[Edit, Place]] = [
    (
        ("rules.toml", "evening_to = 20:30:00", "evening_to = 18:00:00"),
        (Code.SETTINGS_ORDER, "rules.toml", 0, "tours.evening_to"),
    ),
    (
        ("rules.toml", "lunch_from = 11:30:00", "lunch_from = 11"),
        (Code.CELL_NOT_TIME, "rules.toml", 0, "driving.lunch_from"),
    ),
    (
        ("squads.csv", "12:00:00,21:00:00", "12:00:00,25:00"),
        (Code.CELL_NOT_TIME, "squads.csv", 3, "shift_to"),
    ),
    (
        ("rules.toml", "depart_earliest = 07:00:00", "depart_earliest=25:00"),
        (Code.FILE_TOML, "rules.toml", 27, ""),
    ),
    (
        ("rules.toml", "last_day = 2027-01-22", "last_day = 2027-01-10"),
        (Code.SETTINGS_ORDER, "rules.toml", 0, "tours.last_day"),
    ),
    (
        ("rules.toml", "peak_day = 2027-02-16", 'peak_day = "soon"'),
        (Code.CELL_NOT_DATE, "rules.toml", 0, "fairs.peak_day"),
    ),
    (
        ("rules.toml", "weekly_min = 2640", "weekly_min = 44"),
        (Code.SETTINGS_ABOVE, "rules.toml", 0, "driving.daily_min"),
    ),
    (
        ("rules.toml", "daily_min = 480", "daily_min = 1440"),
        (Code.SETTINGS_BEYOND_LAW, "rules.toml", 0, "driving.daily_min"),
    ),
    (
        ("rules.toml", "rest_min = 20", "rest_min = 5"),
        (Code.SETTINGS_BEYOND_LAW, "rules.toml", 0, "driving.rest_min"),
    ),
    (
        ("rules.toml", "day_spell_min = 240", "day_spell_min = -4"),
        (Code.CELL_TOO_SMALL, "rules.toml", 0, "driving.day_spell_min"),
    ),
    (
        ("rules.toml", "supper_to = 19:00:00", "supper_to = 07:00:00"),
        (Code.SETTINGS_ORDER, "rules.toml", 0, "driving.supper_to"),
    ),
    (
        ("rules.toml", "drive_min = 240", "drive_min = 1440"),
        (Code.CELL_TOO_LARGE, "rules.toml", 0, "tours.drive_min"),
    ),
    (("wishes.csv", "1组,电子,", "1组,电子;箱包,"), (Code.CELL_SEPARATOR, "wishes.csv", 3, "sectors")),
    (("wishes.csv", ",male,", ",先生,"), (Code.CELL_NOT_CHOICE, "wishes.csv", 4, "sex")),
    (("venues.csv", "yard,", "hall,"), (Code.OUTREACH_DUPLICATE, "venues.csv", 4, "id")),
    (("venues.csv", ",430525981,", ",430525989,"), (Code.OUTREACH_UNKNOWN, "venues.csv", 4, "place_id")),
    (("venues.csv", "6|7", "6|8"), (Code.CELL_NOT_CHOICE, "venues.csv", 4, "weekdays")),
    (("venues.csv", "2027-01-28", "2027-01-32"), (Code.CELL_NOT_DATE, "venues.csv", 3, "closed")),
    (("venues.csv", "on_site,0", "on_site|fun,0"), (Code.CELL_NOT_CHOICE, "venues.csv", 4, "kinds")),
    (
        ("fairs.csv", "special,,,", "special,dp-office,,"),
        (Code.OUTREACH_NOT_TOWNSHIP, "fairs.csv", 4, "township_id"),
    ),
    (("fairs.csv", "special,,,", "special,,hut,"), (Code.OUTREACH_UNKNOWN, "fairs.csv", 4, "venues")),
    (("fairs.csv", ",e-lc,", ",e-xx,"), (Code.OUTREACH_UNKNOWN, "fairs.csv", 4, "exhibitors")),
    (
        ("fairs.csv", "2027-01-22,2027-01-28", "2027-01-22,2027-01-21"),
        (Code.OUTREACH_WINDOW, "fairs.csv", 5, "last_day"),
    ),
    (("fairs.csv", "19:00:00,21:00:00", "21:00:00,21:00:00"), (Code.OUTREACH_HOURS, "fairs.csv", 3, "ends")),
    (("fairs.csv", ",260,", ",100001,"), (Code.CELL_TOO_LARGE, "fairs.csv", 4, "expected_visitors")),
    (("fairs.csv", "team:1|stage:1", "team:1|stage"), (Code.FAIRS_NEED, "fairs.csv", 2, "needs")),
    (("fairs.csv", "team:1|stage:1", "team:1|tent:1"), (Code.OUTREACH_UNKNOWN, "fairs.csv", 2, "needs")),
    (
        ("fairs.csv", "team:1,1,\n", "team:1,1,2027-01-25\n"),
        (Code.FAIRS_ANNOUNCED_DAY, "fairs.csv", 3, "announced"),
    ),
    (
        ("fairs.csv", "team:1|stage:1,1,\n", "team:1|stage:1,1,2027-01-24\n"),
        (Code.FAIRS_ANNOUNCED_VENUE, "fairs.csv", 2, "venues"),
    ),
    (
        (
            "fairs.csv",
            "430525981,,2027-01-04,2027-01-26,09:00:00,15:00:00,1200,,,team:1|stage:1,1,\n",
            "430525981,yard,2027-01-04,2027-01-26,09:00:00,15:00:00,1200,,,team:1|stage:1,1,2027-01-17\n",
        ),
        (Code.FAIRS_ANNOUNCED_PERMIT, "fairs.csv", 2, "announced"),
    ),
    (("venues.csv", "special|training", "training"), (Code.FAIRS_NO_VENUE, "fairs.csv", 4, "venues")),
    (("fairs.csv", "special,,,", "special,,yard,"), (Code.FAIRS_NO_VENUE, "fairs.csv", 4, "venues")),
    (("venues.csv", "special|training", "fun|training"), (Code.CELL_NOT_CHOICE, "venues.csv", 2, "kinds")),
    (
        ("exhibitors.csv", "e-lc,local", "e-lc,mars"),
        (Code.OUTREACH_UNKNOWN, "exhibitors.csv", 3, "destination_id"),
    ),
    (("squads.csv", ",dp-office,", ",dp-no,"), (Code.OUTREACH_UNKNOWN, "squads.csv", 2, "base_id")),
    (("squads.csv", ",c7,", ",c8,"), (Code.OUTREACH_UNKNOWN, "squads.csv", 2, "vehicle_type_id")),
    (
        ("squads.csv", "付海波|林卫国", "a|b|c|d|e|f|g"),
        (Code.SQUADS_FEW_SEATS, "squads.csv", 2, "vehicle_type_id"),
    ),
    (
        ("squads.csv", "e-lc,0,4,,", "e-lc,0,4,2027-01-23,"),
        (Code.SQUADS_NO_DAYS, "squads.csv", 2, "first_day"),
    ),
    (
        ("squads.csv", "12:00:00,21:00:00", "12:00:00,11:00:00"),
        (Code.OUTREACH_HOURS, "squads.csv", 3, "shift_to"),
    ),
    (
        ("visits.csv", "n1,430525981201,", "n1,430525981,"),
        (Code.OUTREACH_NOT_VILLAGE, "visits.csv", 2, "village_id"),
    ),
    (
        ("visits.csv", "any,,", "any,2027-01-13,2027-01-19"),
        (Code.VISITS_SPACING, "visits.csv", 2, "spacing_days"),
    ),
    (
        ("visits.csv", "any,,", "any,,2027-01-03"),
        (Code.OUTREACH_BEFORE_FIRST_DAY, "visits.csv", 2, "last_day"),
    ),
    (("visits.csv", "瑶语", "苗语"), (Code.VISITS_NO_SKILL, "visits.csv", 4, "skill")),
    (
        ("brokers.csv", "16900000212,0,1", "16900000212,0,0"),
        (Code.BROKERS_NEVER, "brokers.csv", 3, "evening"),
    ),
    (("seekers.csv", "电子", "电子厂"), (Code.SEEKERS_NO_POSTS, "seekers.csv", 2, "sector")),
    (("posts.csv", ",18,45,", ",15,45,"), (Code.POSTS_UNDER_16, "posts.csv", 2, "age_from")),
    (("posts.csv", ",18,45,", ",46,45,"), (Code.POSTS_RANGE, "posts.csv", 2, "age_to")),
    (("posts.csv", "5000,5800", "5800,5000"), (Code.POSTS_RANGE, "posts.csv", 2, "wage_to_yuan")),
    (("posts.csv", ",18,45,,,", ",18,45,,female,"), (Code.POSTS_SEX_UNLAWFUL, "posts.csv", 2, "sex")),
    (("posts.csv", ",18,45,,,", ",18,45,,female,mine"), (Code.POSTS_SEX_UNLAWFUL, "posts.csv", 2, "sex")),
    (("posts.csv", ",18,45,,,", ",18,45,,male,"), (Code.POSTS_SEX_UNLAWFUL, "posts.csv", 2, "sex")),
    (("posts.csv", ",18,45,,,", ",18,45,,male,hard"), (Code.CELL_NOT_CHOICE, "posts.csv", 2, "sex_reason")),
    (("posts.csv", "普工", "普工（限女）"), (Code.POSTS_WORDS, "posts.csv", 2, "title")),
    (
        ("posts.csv", ",18,45,,,", f",18,45,{'|'.join(f'技能{number}' for number in range(63))},,"),
        (Code.POSTS_SKILLS, "posts.csv", 2, "skills"),
    ),
    (("wishes.csv", ",male,52,", ",male,15,"), (Code.WISHES_UNDER_16, "wishes.csv", 5, "age")),
    (("wishes.csv", "S001,", "S009,"), (Code.WISHES_UNKNOWN_PERSON, "wishes.csv", 2, "id")),
    (("wishes.csv", ",p-dg", ",p-no"), (Code.OUTREACH_UNKNOWN, "wishes.csv", 2, "offered")),
    (("results.csv", "35,8,3", "35,8,9"), (Code.RESULTS_FIGURES, "results.csv", 2, "hires")),
    (("locks.csv", "n2-1", "n2-2"), (Code.OUTREACH_UNKNOWN, "locks.csv", 2, "item")),
    (("locks.csv", ",q2,", ",q9,"), (Code.OUTREACH_UNKNOWN, "locks.csv", 2, "to")),
    (("locks.csv", "n2-1,2027-01-14", "n2-1,2027-01-23"), (Code.LOCKS_DAY, "locks.csv", 2, "day")),
    (("squads.csv", "瑶语,,0,4,,,", "瑶语,,0,4,,,5"), (Code.LOCKS_SQUAD_AWAY, "locks.csv", 2, "day")),
    (("locks.csv", "n2-1,2027-01-14,q2", "n3-1,,q1"), (Code.LOCKS_SQUAD_UNFIT, "locks.csv", 2, "to")),
    (("locks.csv", "2027-01-14,q2,", ",,"), (Code.LOCKS_NOTHING, "locks.csv", 2, "day")),
]


@pytest.mark.parametrize(("edit", "expected"), FAULTS, ids=[f"{one[1][0]}-{one[0][2]}" for one in FAULTS])
def test_one_fault_gives_exactly_its_issue(tmp_path: Path, edit: Edit, expected: Place) -> None:
    folder = tmp_path / "fairs"
    shutil.copytree(FAIRS, folder)
    file, old, new = edit
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    campaign, issues = load_campaign(folder)
    found = [(one.code, one.where.file, one.where.row, one.where.column) for one in issues]
    assert found == [expected]
    assert (campaign is None) == (issues[0].severity is Severity.ERROR)


@pytest.mark.parametrize(
    "file", ["destinations.csv", "exhibitors.csv", "places.csv", "squads.csv", "visits.csv"]
)
@pytest.mark.parametrize("code", [Code.FILE_NOT_UTF8, Code.FILE_EMPTY, Code.FILE_SEPARATOR])
def test_a_file_that_cannot_be_read_is_said_once_and_nothing_that_follows(
    tmp_path: Path, file: str, code: Code
) -> None:
    shutil.copytree(FAIRS, tmp_path / "fairs")
    path = tmp_path / "fairs" / file
    text = path.read_text(encoding="utf-8")
    spoilt = {
        Code.FILE_NOT_UTF8: text.encode("gb18030"),
        Code.FILE_EMPTY: b"",
        Code.FILE_SEPARATOR: text.replace(",", ";").encode(),
    }
    path.write_bytes(spoilt[code])
    assert [(one.code, one.where.file) for one in load_campaign(tmp_path / "fairs")[1]] == [(code, file)]


@pytest.mark.parametrize(
    ("file", "name"),
    [("locks.csv", "n2-1"), ("brokers.csv", "430525982201 谢建军"), ("results.csv", "n1-1 2027-01-12")],
)
def test_a_row_that_is_there_twice_is_named_as_people_name_it(tmp_path: Path, file: str, name: str) -> None:
    shutil.copytree(FAIRS, tmp_path / "fairs")
    path = tmp_path / "fairs" / file
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[-1]]), encoding="utf-8")
    (found,) = load_campaign(tmp_path / "fairs")[1]
    assert (found.code, found.where.row) == (Code.OUTREACH_DUPLICATE, len(lines) + 1)
    assert found.args == {"id": name, "first_row": len(lines)}


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_damaged_folder_loads_or_says_why(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(OPTIONAL), min_size=1, max_size=3, unique=True))
    with tempfile.TemporaryDirectory() as folder:
        for path in FAIRS.iterdir():
            content = path.read_bytes()
            for share, nasty, cut in data.draw(EDITS) if path.name in names else ():
                at = int(share * len(content))
                content = content[:at] + nasty + content[at + cut :]
            (Path(folder) / path.name).write_bytes(content)
        campaign, issues = load_campaign(Path(folder))
    assert campaign is not None or issues


def test_fairs_without_any_venue_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "fairs"
    shutil.copytree(FAIRS, folder)
    (folder / "venues.csv").unlink()
    _, issues = load_campaign(folder)
    assert [(one.code, one.where.row) for one in issues] == [(Code.FAIRS_NO_VENUE, n) for n in (2, 4, 5)]
    assert {one.severity for one in issues} == {Severity.WARNING}


def test_a_fair_online_asks_for_no_permit_however_many_look_on(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FAIRS, tmp_path / "fairs"))
    fairs = (folder / "fairs.csv").read_text(encoding="utf-8")
    row = "2027-01-{},2027-01-27,19:00:00,21:00:00,{},,e-dg,team:1,1,{}\n"
    assert row.format(26, 500, "") in fairs
    crowded = fairs.replace(row.format(26, 500, ""), row.format(11, 5000, "2027-01-11"))
    (folder / "fairs.csv").write_text(crowded, encoding="utf-8")
    assert load_campaign(folder)[1] == ()


def test_a_man_may_be_asked_for_where_the_law_has_a_reason(tmp_path: Path) -> None:
    shutil.copytree(FAIRS, tmp_path / "fairs")
    posts = tmp_path / "fairs" / "posts.csv"
    text = posts.read_text(encoding="utf-8")
    posts.write_text(text.replace(",18,45,,,", ",18,45,,male,loads"), encoding="utf-8")
    assert load_campaign(tmp_path / "fairs")[1] == ()


def test_a_lock_to_a_squad_that_is_never_out_is_told_of_beside_the_squad(tmp_path: Path) -> None:
    shutil.copytree(FAIRS, tmp_path / "fairs")
    squads = tmp_path / "fairs" / "squads.csv"
    text = squads.read_text(encoding="utf-8")
    squads.write_text(text.replace("瑶语,,0,4,,", "瑶语,,0,4,2027-01-23,"), encoding="utf-8")
    found = {one.code for one in load_campaign(tmp_path / "fairs")[1]}
    assert found == {Code.SQUADS_NO_DAYS, Code.LOCKS_SQUAD_AWAY}


def test_a_sex_may_be_written_as_on_the_roster(tmp_path: Path) -> None:
    shutil.copytree(FAIRS, tmp_path / "fairs")
    wishes = tmp_path / "fairs" / "wishes.csv"
    text = wishes.read_text(encoding="utf-8")
    wishes.write_text(text.replace(",female,", ",女,").replace(",male,", ",男,"), encoding="utf-8")
    assert load_campaign(tmp_path / "fairs") == load_campaign(FAIRS)


def test_a_window_may_be_one_day(tmp_path: Path) -> None:
    shutil.copytree(FAIRS, tmp_path / "fairs")
    fairs = tmp_path / "fairs" / "fairs.csv"
    text = fairs.read_text(encoding="utf-8")
    fairs.write_text(text.replace("2027-01-22,2027-01-28", "2027-01-27,2027-01-27"), encoding="utf-8")
    assert load_campaign(tmp_path / "fairs")[1] == ()


def test_everything_that_is_written_reads_back(tmp_path: Path) -> None:
    built = fairday.build()
    fair = replace(
        built.outreach.fairs[0],
        needs=(Need(resource_id=ResourceId("team"), count=1), Need(resource_id=ResourceId("stage"), count=1)),
        announced=date(2027, 1, 24),
        venues=(built.outreach.venues[2].id,),
    )
    others = tuple(entry for entry in built.outreach.fairs if entry.id != fair.id)
    rules = replace(built.rules, matching=MatchRules(arcs=7))
    changed = replace(built, rules=rules, outreach=replace(built.outreach, fairs=(*others, fair)))
    save_campaign(changed, tmp_path / "fairs")
    found, issues = load_campaign(tmp_path / "fairs")
    assert issues == ()
    assert found == changed


def test_files_and_sections_without_content_are_not_written(tmp_path: Path) -> None:
    save_campaign(fairday.build(), tmp_path / "one")
    assert (tmp_path / "one" / "locks.csv").exists()
    for section in ("[fairs]", "[tours]", "[matching]"):
        assert section in (tmp_path / "one" / "rules.toml").read_text(encoding="utf-8")
    save_campaign(replace(sample_campaign(), outreach=Outreach()), tmp_path / "one")
    assert not (tmp_path / "one" / "locks.csv").exists()
    assert not (tmp_path / "one" / "fairs.csv").exists()
    assert "[fairs]" not in (tmp_path / "one" / "rules.toml").read_text(encoding="utf-8")


def test_a_departure_that_the_plan_will_make_can_be_locked(tmp_path: Path) -> None:
    lock = replace(fairday.build().locks[0], kind=LockKind.DEPARTURE, item="dg-0216-1", to="ds49#01")
    save_campaign(replace(fairday.build(), locks=(lock,)), tmp_path / "fairs")
    found, issues = load_campaign(tmp_path / "fairs")
    assert issues == ()
    assert found is not None
    assert found.locks == (lock,)
