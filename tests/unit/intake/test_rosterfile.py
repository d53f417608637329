from __future__ import annotations

import io
import zipfile

import openpyxl

from planner.intake.columns import ROSTER, ROSTER_SHEET
from planner.intake.rosterfile import roster_bytes
from tests.unit.intake.sample import person, sample_campaign

BOOK = roster_bytes(sample_campaign(person(1), person(2)))


def test_every_cell_is_text_even_what_looks_like_a_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(BOOK))[ROSTER_SHEET]
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == list(ROSTER.names)
    assert len(rows) == 3
    assert {cell.data_type for row in rows for cell in row if cell.value is not None} == {"s"}
    assert {cell.number_format for cell in rows[1] if cell.value is not None} == {"@"}
    assert rows[1][-1].value == "=1+1"


def test_nothing_in_the_file_tells_when_or_by_whom_it_was_made() -> None:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        core = archive.read("docProps/core.xml").decode()
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    assert core.count("2020-01-01T00:00:00Z") == 2
    assert "<dc:creator></dc:creator>" in core
