from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.errors import InputError
from planner.intake import cells
from planner.intake.cells import cell_text, is_number, read_cells
from planner.intake.codes import Code


def _workbook(path: Path, fill: Callable[[Any], None]) -> Path:
    book = openpyxl.Workbook()
    fill(book)
    book.save(path)
    return path


def _refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_cells(path)
    (found,) = caught.value.issues
    assert found.where.file == path.name
    return found.code


def test_a_workbook_keeps_the_types_of_its_cells(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.active.title = "名单"
        book.active.append([])
        book.active.append(
            ["张三", 16900000001, 430525199001019973, date(2020, 3, 20), True, None, " 甲\n乙 "]
        )

    (sheet,) = read_cells(_workbook(tmp_path / "a.xlsx", fill))
    assert (sheet.name, sheet.hidden) == ("名单", False)
    row = sheet.rows[1]
    assert [cell_text(cell) for cell in row] == [
        "张三", "16900000001", "430525199001020032", "2020-03-20", "1", "", "甲 乙",
    ]  # fmt: skip
    assert [is_number(cell) for cell in row] == [False, True, True, False, False, False, False]


def test_hidden_sheets_are_told_apart(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.create_sheet("藏").sheet_state = "hidden"
        book.create_sheet("深藏").sheet_state = "veryHidden"

    found = read_cells(_workbook(tmp_path / "a.xlsx", fill))
    assert [sheet.hidden for sheet in found] == [False, True, True]


def test_texts_of_odd_cells() -> None:
    assert cell_text(datetime.fromisoformat("2020-03-20T10:40")) == "2020-03-20 10:40:00"
    assert cell_text(datetime.fromisoformat("2020-03-20")) == "2020-03-20"
    assert cell_text(1.5) == "1.5"
    assert cell_text("\ufeff甲\u200b\t乙") == "甲 乙"


def test_the_format_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    book = _workbook(tmp_path / "a.xlsx", lambda book: book.active.append(["甲", "乙"]))
    wrong = tmp_path / "a.csv"
    wrong.write_bytes(book.read_bytes())
    assert read_cells(wrong)[0].rows[0] == ["甲", "乙"]
    text = tmp_path / "b.xlsx"
    text.write_text("甲,乙\n", encoding="utf-8")
    assert read_cells(text)[0].rows == [["甲", "乙"]]


def test_files_that_cannot_be_used_say_why(tmp_path: Path) -> None:
    def written(name: str, content: bytes) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    assert _refusal(tmp_path / "none.xlsx") == Code.FILE_MISSING
    assert _refusal(written("empty.csv", b" \n")) == Code.FILE_EMPTY
    assert _refusal(written("cut.xlsx", b"PK\x03\x04cut")) == Code.FILE_CORRUPT
    assert (
        _refusal(written("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)) == Code.FILE_CORRUPT
    )
    assert _refusal(written("junk.csv", bytes(range(128, 256)) * 3)) == Code.FILE_ENCODING
    assert _refusal(written("nul.csv", b"a,b\n\x00\x00,c\n")) == Code.FILE_ENCODING
    assert _refusal(tmp_path) == Code.FILE_UNREADABLE


def test_a_zip_without_a_workbook_is_corrupt(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("letter.txt", "hello")
    assert _refusal(tmp_path / "a.xlsx") == Code.FILE_CORRUPT


def test_a_bomb_is_refused_by_what_it_declares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000)
    (tmp_path / "a.xlsx").write_bytes(content.getvalue())
    monkeypatch.setattr(cells, "MAX_UNPACKED_BYTES", 100_000)
    assert _refusal(tmp_path / "a.xlsx") == Code.FILE_TOO_LARGE


def test_a_file_above_the_limit_is_not_even_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("甲,乙\n", encoding="utf-8")
    monkeypatch.setattr(cells, "MAX_FILE_BYTES", 4)
    assert _refusal(tmp_path / "a.csv") == Code.FILE_TOO_LARGE
