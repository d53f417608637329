"""People to posts on ``examples/fairs``: the README's answer, the command, and a folder filled in."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from fixtures.generate import HOME
from planner.check import check_plan
from planner.cli import main
from planner.intake.folder import load_campaign
from planner.intake.planfile import read_plan, write_plan
from planner.intake.rosterfile import roster_bytes
from planner.model.people import RegistrationId

if TYPE_CHECKING:
    from pathlib import Path

FAIRS = HOME / "examples" / "fairs"
BY_HAND = {"S001": "p-dg", "W1": "p-dg", "W2": "p-dg", "W3": "p-yw", "W4": "p-lc"}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("plan") / "plan.json"
    assert main(["plan", str(FAIRS), "-o", str(target), "--effort", "2", "--json"]) == 0
    return target


def _json(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> Any:
    assert main([*map(str, words), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_plan_has_the_matches_of_the_readme_and_breaks_no_rule(plan: Path) -> None:
    campaign, _ = load_campaign(FAIRS)
    assert campaign is not None
    found = read_plan(plan)
    assert found.agenda is not None
    assert {match.seeker_id: match.post_id for match in found.agenda.matches} == BY_HAND
    assert [(left.seeker_id, left.cause) for left in found.agenda.unmatched] == [("W5", "no_post_age")]
    assert [one.rule for one in check_plan(campaign, found)] == ["fair.empty"]


def test_the_table_says_why_and_no_names_unless_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["match", str(FAIRS)]) == 0
    said = capsys.readouterr()
    rows = list(csv.DictReader(said.out.splitlines()))
    assert {row["编号"]: row["岗位"] for row in rows} == {**BY_HAND, "W5": ""}
    assert "58 岁" in rows[-1]["没配上的原因"]
    assert rows[-1]["怎么办"]
    assert "配上 5 人" in said.err
    campaign, _ = load_campaign(FAIRS)
    assert campaign is not None
    names = {person.id: person.name for person in campaign.registrations}
    assert names[RegistrationId("S001")] not in said.out
    target = tmp_path / "deep" / "match.csv"
    assert main(["match", str(FAIRS), "-o", str(target), "--names", "--locale", "en"]) == 0
    with target.open(encoding="utf-8-sig", newline="") as file:
        named = {row["Number"]: row["Name"] for row in csv.DictReader(file)}
    assert named == {**dict.fromkeys((*BY_HAND, "W5"), ""), "S001": names[RegistrationId("S001")]}


def test_figures_as_json(capsys: pytest.CaptureFixture[str], plan: Path) -> None:
    found = _json(capsys, "match", FAIRS, "--previous", plan)
    assert found["summary"]["matched"] == len(found["matches"]) == len(BY_HAND)
    assert found["summary"]["cost_fen"] == found["summary"]["bound_fen"]
    assert (found["summary"]["groups"], found["summary"]["groups_kept"]) == (1, 1)
    assert found["unmatched"][0]["cause"] == "no_post_age"
    assert _json(capsys, "explain", FAIRS, plan)["summary"]["matching"] == found["summary"]


def test_a_couple_of_whom_nobody_has_a_post_is_not_together(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "fairs"
    shutil.copytree(FAIRS, folder)
    table = folder / "wishes.csv"
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.DictReader(file)]
    for row in rows:
        if row["group"]:
            row["age"] = "70"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    found = _json(capsys, "match", folder)["summary"]
    assert (found["groups"], found["groups_kept"], found["groups_hopeless"]) == (1, 0, 1)


def test_offers_for_one(capsys: pytest.CaptureFixture[str], plan: Path) -> None:
    found = _json(capsys, "suggest", FAIRS, plan, "--person", "W4")
    assert found["offers"] == [
        {"post_id": "p-dg", "added_fen": 44_000, "exact": True},
        {"post_id": "p-yw", "added_fen": 46_000, "exact": True},
    ]  # another sector 40,000, another offer 20,000, wages 700 and 900 below the top, now 2,300
    assert main(["suggest", str(FAIRS), str(plan), "--person", "W5"]) == 0
    assert "没有岗位" in capsys.readouterr().out
    assert main(["suggest", str(FAIRS), str(plan), "--person", "nobody"]) == 3
    assert "nobody" in capsys.readouterr().err
    assert main(["suggest", str(FAIRS), str(plan)]) == 2


def test_a_plan_without_matching_is_remarked_and_made_anew(plan: Path, tmp_path: Path) -> None:
    campaign, _ = load_campaign(FAIRS)
    assert campaign is not None
    bare = replace(read_plan(plan), agenda=None)
    assert {found.rule for found in check_plan(campaign, bare)} == {
        "fair.planned",
        "match.planned",
        "visit.planned",
    }
    write_plan(tmp_path / "bare.json", bare)
    assert main(["suggest", str(FAIRS), str(tmp_path / "bare.json"), "--person", "W4"]) == 0


def _undecided(folder: Path, *who: str) -> Path:
    """``examples/fairs`` with people on the roster who do not know yet where to go."""
    shutil.copytree(FAIRS, folder)
    campaign, _ = load_campaign(FAIRS)
    assert campaign is not None
    people = tuple(
        replace(person, destination_id="", employer="") if person.id in who else person
        for person in campaign.registrations
    )
    (folder / "roster.xlsx").write_bytes(roster_bytes(replace(campaign, registrations=people)))
    return folder


def test_who_has_no_destination_gets_that_of_the_match(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = _undecided(tmp_path / "open", "S001", "S002")
    assert main(["check", str(folder)]) == 3
    assert main(["match", str(folder), "--fill", str(tmp_path / "new")]) == 0
    assert "去向 1 人、单位 1 人" in capsys.readouterr().err
    filled, issues = load_campaign(tmp_path / "new")
    assert filled is not None
    assert [issue.code for issue in issues if issue.severity == "error"] == ["roster.destination.missing"]
    (person,) = filled.registrations
    assert (person.id, person.destination_id, person.employer) == ("S001", "dongguan", "东莞春风一号电子厂")
    whole, _ = load_campaign(tmp_path / "new", undecided=True)
    assert whole is not None
    assert [one.destination_id for one in whole.registrations] == ["dongguan", ""]


def test_what_was_said_on_registering_stands(tmp_path: Path) -> None:
    campaign, _ = load_campaign(FAIRS)
    assert campaign is not None
    assert main(["match", str(FAIRS), "--fill", str(tmp_path / "new")]) == 0
    filled, _ = load_campaign(tmp_path / "new")
    assert filled is not None
    for old, new in zip(campaign.registrations, filled.registrations, strict=True):
        assert new.destination_id == old.destination_id
        assert new.employer == (old.employer or ("东莞春风一号电子厂" if old.id == "S001" else ""))


def test_a_folder_without_posts_has_nothing_to_match(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", str(HOME / "tiny")]) == 3
    assert "posts.csv" in capsys.readouterr().err
    assert main(["match", str(FAIRS), "--seconds", "0"]) == 2
