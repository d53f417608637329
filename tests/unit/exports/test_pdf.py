"""The printed sheets hold the measures of the design, and print what they were given."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from exports.document import Document
from exports.dossier import Dossier
from exports.fonts import find_font
from exports.manifest import build_manifest
from exports.pdf import Press, list_by_hand, render_pdf, render_pdfs
from exports.runsheet import build_run_sheet
from exports.trainlist import build_train_list
from exports.views import SheetView
from tests.builders import TRAIN
from tests.unit.exports.pdfread import POINTS_PER_MM, read_print
from tests.unit.exports.sample import NOW, sample_dossier

SHEETS = ("manifest", "run sheet", "train list")
_BLACK, _SUB, _WASH, _RULE, _WHITE = 0, 0.33, 0.93, 0.75, 1
_LEFT_MARGIN_MM = 25


def _view(dossier: Dossier, sheet: str) -> SheetView:
    if sheet == "manifest":
        return build_manifest(dossier, dossier.routes[0])
    if sheet == "run sheet":
        return build_run_sheet(dossier, dossier.routes[0])
    return build_train_list(dossier, dossier.departures[TRAIN])


def _press(locale: str = "zh_CN") -> Press:
    return Press(font=find_font(), locale=locale, now=NOW)


def _print(dossier: Dossier, sheet: str) -> Document:
    return render_pdf(_view(dossier, sheet), _press(dossier.locale))


@pytest.mark.parametrize(
    ("sheet", "people", "stops", "pages"),
    [
        ("manifest", 1, 1, 1),
        ("manifest", 45, 5, 2),
        ("manifest", 45, 9, 2),
        ("run sheet", 45, 5, 1),
        ("run sheet", 45, 10, 1),
        ("run sheet", 45, 15, 2),
        ("train list", 45, 5, 2),
    ],
)
def test_pages(sheet: str, people: int, stops: int, pages: int) -> None:
    printed = read_print(_print(sample_dossier(people=people, stops=stops), sheet).content)
    assert len(printed.pages) == pages
    assert f"第 {pages} / {pages} 页" in printed.pages[-1]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("sheet", SHEETS)
def test_nothing_is_smaller_than_ten_points(sheet: str, locale: str) -> None:
    printed = read_print(_print(sample_dossier(locale=locale), sheet).content)
    assert min(printed.font_sizes) >= 10


@pytest.mark.parametrize("sheet", SHEETS)
def test_prints_use_three_inks_and_the_row_rule(sheet: str) -> None:
    printed = read_print(_print(sample_dossier(), sheet).content)
    assert printed.inks <= {_BLACK, _SUB, _WASH, _RULE, _WHITE}


@pytest.mark.parametrize("sheet", SHEETS)
def test_nothing_is_printed_where_the_holes_are_punched(sheet: str) -> None:
    printed = read_print(_print(sample_dossier(), sheet).content)
    assert printed.text_left >= _LEFT_MARGIN_MM * POINTS_PER_MM - 0.1


@pytest.mark.parametrize(("sheet", "ticks"), [("manifest", 45), ("run sheet", 7 + 5)])
def test_there_is_a_box_of_five_millimetres_for_each_tick(sheet: str, ticks: int) -> None:
    printed = read_print(_print(sample_dossier(), sheet).content)
    squares = [(across, down) for across, down in printed.boxes if abs(across - down) < 0.1]
    assert len(squares) == ticks
    assert min(min(square) for square in squares) >= 5 * POINTS_PER_MM


def test_every_name_is_on_the_manifest_and_the_train_list() -> None:
    dossier = sample_dossier()
    names = {person.name for person in dossier.campaign.registrations}
    by_hand = {name for _, name in list_by_hand(_view(dossier, "manifest"), find_font())}
    for sheet in ("manifest", "train list"):
        text = re.sub(r"\s", "", read_print(_print(dossier, sheet).content).text)
        assert {name for name in names if name not in text} == by_hand


def test_a_name_the_font_lacks_leaves_a_blank_and_is_listed_by_number() -> None:
    dossier = sample_dossier()
    text = read_print(_print(dossier, "manifest").content).text
    ((number, name),) = list_by_hand(_view(dossier, "manifest"), find_font())
    assert name == "刘\U0002eb89"
    assert re.search(rf"请手写：\s*{number} 刘", text)


def test_later_pages_repeat_head_and_stop() -> None:
    pages = read_print(_print(sample_dossier(), "manifest").content).pages
    for word in ("乘客名单（续）", "1 号车", "证件号码", "大道村 村部坪"):
        assert word in pages[1]


def test_the_manifest_and_the_run_sheet_show_no_full_number() -> None:
    dossier = sample_dossier()
    numbers = {person.document_number for person in dossier.campaign.registrations}
    for sheet in ("manifest", "run sheet"):
        text = read_print(_print(dossier, sheet).content).text
        assert not {number for number in numbers if number in text}
        assert not re.search(r"\d{14}", text)


def test_the_run_sheet_names_no_passenger_but_the_captain() -> None:
    dossier = sample_dossier()
    text = read_print(_print(dossier, "run sheet").content).text
    people = dossier.campaign.registrations
    assert {person.name for person in people if person.name in text} == {
        person.name for person in people if person.captain
    }


@pytest.mark.parametrize("sheet", SHEETS)
def test_same_view_and_moment_give_same_bytes(sheet: str) -> None:
    assert _print(sample_dossier(), sheet) == _print(sample_dossier(), sheet)


def test_workers_change_neither_order_nor_bytes() -> None:
    dossier = sample_dossier(people=6, stops=2, runs=3)
    views = [build_manifest(dossier, route) for route in dossier.routes]
    alone = list(render_pdfs(views, _press(), workers=1))
    assert list(render_pdfs(views, _press(), workers=2)) == alone
    assert [document.filename for document in alone] == [
        "manifest-001.pdf",
        "manifest-002.pdf",
        "manifest-003.pdf",
    ]


def test_what_people_typed_is_never_markup() -> None:
    dossier = sample_dossier(people=1, stops=1)
    view = build_manifest(dossier, dossier.routes[0])
    typed = "#panic() *a* $x$"
    row = replace(view.stops[0].rows[0], employer=typed)
    view = replace(view, stops=(replace(view.stops[0], rows=(row,)),))
    text = read_print(render_pdf(view, _press()).content).text
    assert re.sub(r"\s", "", typed) in re.sub(r"\s", "", text)


def test_the_file_says_what_it_is_and_when_it_was_made() -> None:
    found = PdfReader(io.BytesIO(_print(sample_dossier(), "manifest").content)).metadata
    assert found is not None
    assert found.title == "乘客名单 1 号车"
    assert found.creation_date == NOW
    assert found.author is None
