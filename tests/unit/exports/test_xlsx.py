"""Workbooks: text stays text, formulas stay words, the same input gives the same bytes."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from exports.document import Document
from exports.dossier import Dossier
from exports.manifest import build_manifest
from exports.privacy import Sheet
from exports.summary import build_summary
from exports.trainlist import build_train_list
from exports.views import ManifestView
from exports.xlsx import render_operator_lists, render_summary_book, render_train_list_book
from tests.builders import TRAIN, tiny_campaign, tiny_plan
from tests.unit.exports.sample import NOW

_HEADER = 3


def _dossier() -> Dossier:
    return Dossier(tiny_campaign(), tiny_plan(), locale="zh_CN", now=NOW)


def _lists() -> list[ManifestView]:
    dossier = _dossier()
    return [build_manifest(dossier, route, sheet=Sheet.OPERATOR_LIST) for route in dossier.routes]


def _open(document: Document) -> Workbook:
    return load_workbook(io.BytesIO(document.content))


def _sheet(document: Document) -> Worksheet:
    sheet = _open(document).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def _table(sheet: Worksheet) -> list[dict[str, object]]:
    header, *rows = sheet.iter_rows(min_row=_HEADER, values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def _train_list() -> Document:
    dossier = _dossier()
    return render_train_list_book(build_train_list(dossier, dossier.departures[TRAIN]), now=NOW)


def test_the_operator_gets_a_sheet_a_run() -> None:
    book = _open(render_operator_lists(_lists(), now=NOW))
    assert book.sheetnames == ["1 号车", "2 号车"]


def test_papers_and_phones_are_text_cells_with_every_digit() -> None:
    sheet = _sheet(render_operator_lists(_lists(), now=NOW))
    person = tiny_campaign().registrations[0]
    header = [cell.value for cell in sheet[_HEADER]]
    for name, value in (("证件号码", person.document_number), ("电话", person.phone)):
        cell = sheet.cell(row=_HEADER + 1, column=header.index(name) + 1)
        assert (cell.value, cell.data_type, cell.number_format) == (value, "s", "@")


@pytest.mark.parametrize("typed", ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "\t=1", "=1+1"])
def test_what_people_typed_never_becomes_a_formula(typed: str) -> None:
    view = _lists()[0]
    row = replace(view.stops[0].rows[0], employer=typed, name=typed)
    view = replace(view, stops=(replace(view.stops[0], rows=(row,)),))
    sheet = _sheet(render_operator_lists([view], now=NOW))
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert sum(cell.value == f"'{typed}" for cell in cells) == 2


def test_the_train_list_is_flat_with_the_stop_as_a_column() -> None:
    rows = _table(_sheet(_train_list()))[:11]
    assert [row["下车站"] for row in rows] == ["广州"] * 6 + ["深圳"] * 5
    assert rows[0]["证件号码"] == tiny_campaign().registrations[0].document_number
    assert rows[4]["姓名"] == "赵\U00020bb7生"


def test_header_is_frozen_repeated_and_filtered() -> None:
    sheet = _sheet(_train_list())
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.auto_filter.ref == "A3:H14"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")


def test_the_summary_adds_up() -> None:
    rows = _table(_sheet(render_summary_book(build_summary(_dossier()), now=NOW)))
    first, second, total = rows[:3]
    assert (first["人数"], first["可载"], first["公里"], first["费用（元）"]) == (6, 6, 31, 310)
    assert (second["承运单位"], second["车牌或车号"]) == ("示例客运公司", "湘E·D0902")
    assert total["车号"] == "合计 2 趟"
    for name in ("人数", "可载", "公里", "费用（元）"):
        one, two = first[name], second[name]
        assert isinstance(one, int)
        assert isinstance(two, int)
        assert total[name] == one + two


def test_same_views_and_moment_give_same_bytes() -> None:
    assert render_operator_lists(_lists(), now=NOW) == render_operator_lists(_lists(), now=NOW)
    assert _train_list() == _train_list()


def test_the_file_is_dated_by_the_moment_given() -> None:
    assert _open(_train_list()).properties.created == NOW.replace(tzinfo=None)


def test_the_foot_says_who_may_hold_it_and_which_plan() -> None:
    footer = _sheet(_train_list()).oddFooter
    assert footer is not None
    assert "用后销毁" in str(footer.left.text)
    assert "方案 v1" in str(footer.left.text)
