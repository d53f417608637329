"""Corridors, consists and allotments that cannot be as they are written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from planner.errors import Severity
from planner.intake.codes import Code
from planner.intake.folder import load_campaign

EXAMPLES = Path(__file__).parents[3] / "fixtures" / "examples"

FAULTS = [
    ("overrides", ("corridors.csv", "1149000,858", "1149000,600"), (Code.CORRIDORS_TOO_FAST, 5, "drive_min")),
    (
        "allotment",
        ("allotments.csv", "d7501,4,", "d7501,99,"),
        (Code.ALLOTMENTS_UNKNOWN_CARRIAGE, 3, "carriage"),
    ),
    ("allotment", ("departures.csv", ",60,", ",61,"), (Code.DEPARTURES_FEW_SEATS, 2, "quota")),
    ("shuttle", ("departures.csv", ",80,", ",611,"), (Code.DEPARTURES_FEW_SEATS, 2, "quota")),
]


@pytest.mark.parametrize(("name", "edit", "expected"), FAULTS)
def test_one_fault_gives_exactly_its_issue(
    tmp_path: Path, name: str, edit: tuple[str, str, str], expected: tuple[Code, int, str]
) -> None:
    folder = tmp_path / name
    shutil.copytree(EXAMPLES / name, folder)
    file, old, new = edit
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    _, issues = load_campaign(folder)
    found = [(one.code, one.where.row, one.where.column) for one in issues if one.severity is Severity.ERROR]
    assert found == [expected]
