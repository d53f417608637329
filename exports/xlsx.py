"""Views -> workbooks with xlsxwriter: the same lists as on paper, for those who have to type them on.

Numbers of papers and phones are text cells, for a spreadsheet keeps 15 digits of a number and an ID
has 18. What people typed is never a formula: the cell is text, and a leading ``= + - @`` gets an
apostrophe, because the next program may read the file as CSV. The same views and moment give the
same bytes.
"""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from exports.document import Document
from exports.neutral import neutralise
from exports.views import BLANK_SIGN

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from datetime import datetime

    from xlsxwriter.worksheet import Worksheet

    from exports.coachviews import CoachListView, TableView
    from exports.views import ManifestView, RunSummaryView, TrainListView

Cell = str | int

_MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_SHEET_NAME_BAN: Final = re.compile(r"[\[\]:*?/\\']")
_SHEET_NAME_LENGTH: Final = 31
_A4: Final = 9
_HEADER_ROW: Final = 2
_OPERATOR_WIDTHS: Final = (5, 7, 24, 16, 8, 14, 21, 15, 8, 18, 24)
_COACH_LIST_WIDTHS: Final = (5, 8, 16, 8, 14, 21, 15, 14, 10, 8, 18, 24)
_TRAIN_WIDTHS: Final = (6, 12, 16, 6, 22, 21, 26, 10)
_SEAT_WIDTHS: Final = (7, 8)
_TABLE_WIDTHS: Final = {
    "number": 10,
    "day": 26,
    "days": 44,
    "to": 26,
    "reason": 30,
    "operator": 20,
    "drivers": 44,
    "captain": 22,
    "vehicle": 16,
    "plate": 14,
    "name": 16,
    "document_type": 14,
    "document": 21,
    "phone": 15,
    "home": 26,
    "employer": 22,
    "item": 34,
    "planned": 18,
    "remark": 30,
    "text": 70,
    "reach": 34,
}
_TABLE_WIDTH: Final = 10
_SUMMARY_WIDTHS: Final = (10, 12, 14, 14, 7, 16, 16, 8, 16, 10, 8, 10, 8, 8, 8, 8, 12, 22, 22)
_SUMMED: Final = frozenset({"heads", "seats", "km", "yuan", "segments"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """A sheet of a workbook: two lines over a header over rows."""

    name: str
    title: str
    subtitle: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    foot: str
    note: str


def render_operator_lists(views: Sequence[ManifestView], *, now: datetime) -> Document:
    """Write the carriers' register: one sheet a run, full numbers (see ``privacy.py``)."""
    return _write("manifests.xlsx", [_operator_table(view) for view in views], now=now)


def render_train_list_book(view: TrainListView, *, now: datetime) -> Document:
    """Write a departure's list flat, with the alighting stop as a column, for the railway to read in."""
    seated = view.seat_column != ""
    rows = tuple(
        (
            row.number,
            *((stop.carriage_number, row.seat) if seated else ()),
            stop.place,
            row.name,
            row.sex,
            row.document_type,
            row.document,
            row.home,
            row.run,
        )
        for stop in view.stops
        for row in stop.rows
    )
    number, *others = view.columns
    seat_columns = (view.carriage_column, view.seat_column) if seated else ()
    first, *widths = _TRAIN_WIDTHS
    table = _Table(
        name=view.number,
        title=f"{view.head.title} {view.head.badge}",
        subtitle=_say_facts(view),
        columns=(number, *seat_columns, view.stop_column, *others),
        widths=(first, *(_SEAT_WIDTHS if seated else ()), *widths),
        rows=rows,
        foot=f"{view.head.holder}  {view.head.stamp}",
        note=view.head.data_note,
    )
    return _write(f"trainlist-{view.departure_id}.xlsx", [table], now=now)


def render_coach_lists(views: Sequence[CoachListView], *, now: datetime) -> Document:
    """Write the register of the trunk coaches' firms: one sheet a coach, full numbers."""
    return _write("coaches.xlsx", [_coach_table(view) for view in views], now=now)


def render_subsidy_book(view: TableView, *, now: datetime) -> Document:
    """Write who is paid ticket and subsidy, full numbers."""
    return _write("subsidy.xlsx", [_plain_table(view)], now=now)


def render_message_book(views: Sequence[TableView], *, now: datetime) -> Document:
    """Write whom to send what, and whom to ring instead."""
    return _write("messages.xlsx", [_plain_table(view) for view in views], now=now)


def render_summary_book(view: RunSummaryView, tables: Sequence[TableView] = (), *, now: datetime) -> Document:
    """Write all runs in figures, with totals, and other ``tables`` on sheets of their own."""
    names = tuple(view.rows[0].__dataclass_fields__) if view.rows else ()
    sums = [sum(getattr(row, name) for row in view.rows) if name in _SUMMED else "" for name in names]
    table = _Table(
        name=view.name,
        title=view.title,
        subtitle=f"{view.stamp} {view.floor}",
        columns=view.columns,
        widths=_SUMMARY_WIDTHS,
        rows=tuple(astuple(row) for row in view.rows),
        total=(view.total, *sums[1:]),
        foot=view.stamp,
        note=view.data_note,
    )
    return _write("runs.xlsx", [table, *map(_plain_table, tables)], now=now)


def _plain_table(view: TableView) -> _Table:
    """Draw a view's rows as they are, sums under what can be summed."""
    names = tuple(view.rows[0].__dataclass_fields__) if view.rows else ()
    sums = [sum(getattr(row, name) for row in view.rows) if name in _SUMMED else "" for name in names]
    return _Table(
        name=view.name,
        title=view.title,
        subtitle=view.stamp,
        columns=view.columns,
        widths=tuple(_TABLE_WIDTHS.get(name, _TABLE_WIDTH) for name in names),
        rows=tuple(astuple(row) for row in view.rows),
        total=(view.total, *sums[1:]),
        foot=view.foot,
        note=view.data_note,
    )


def _coach_table(view: CoachListView) -> _Table:
    rows = tuple(
        (
            row.number,
            " ".join(row.ride),
            row.name,
            row.sex_age,
            row.document_type,
            row.document,
            row.phone,
            row.home,
            f"{group.time} {group.come}".strip(),
            row.destination,
            row.employer,
            view.note_and.join(row.notes),
        )
        for group in view.groups
        for row in group.rows
    )
    return _Table(
        name=f"{view.head.badge} {view.departure_id}",
        title=f"{view.head.title} {view.head.badge}",
        subtitle=_say_facts(view),
        columns=view.columns,
        widths=_COACH_LIST_WIDTHS,
        rows=rows,
        foot=f"{view.head.holder}  {view.head.stamp}",
        note=view.head.data_note,
    )


def _operator_table(view: ManifestView) -> _Table:
    rows = tuple(
        (
            row.number,
            stop.time,
            f"{stop.place} {stop.gather}".strip(),
            row.name,
            row.sex_age,
            row.document_type,
            row.document,
            row.phone,
            row.destination,
            row.employer,
            view.note_and.join(row.notes),
        )
        for stop in view.stops
        for row in stop.rows
    )
    return _Table(
        name=view.head.badge,
        title=f"{view.head.title} {view.head.badge} {view.head.badge_note}".strip(),
        subtitle=_say_facts(view),
        columns=view.columns,
        widths=_OPERATOR_WIDTHS,
        rows=rows,
        foot=f"{view.head.holder}  {view.head.stamp}",
        note=view.head.data_note,
    )


def _say_facts(view: ManifestView | TrainListView | CoachListView) -> str:
    return "   ".join(f"{fact.label} {fact.value or BLANK_SIGN}" for fact in view.head.facts)


def _write(filename: str, tables: Sequence[_Table], *, now: datetime) -> Document:
    out = io.BytesIO()
    with _open_book(out, now=now) as book:
        formats = _Formats(book)
        for table in tables:
            sheet = book.add_worksheet(_name_sheet(table.name))
            _fill(sheet, table, formats=formats)
            _set_up_print(sheet, table)
    return Document(filename=filename, media_type=_MEDIA_TYPE, content=out.getvalue())


@contextmanager
def _open_book(out: io.BytesIO, *, now: datetime) -> Generator[xlsxwriter.Workbook]:
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"created": now.astimezone(UTC).replace(tzinfo=None)})
    yield book
    book.close()


class _Formats:
    """The looks of cells; text cells carry the format ``@`` so that an edit keeps them text."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        plain: dict[str, Any] = {"font_size": 11, "valign": "vcenter", "num_format": "@", "text_wrap": True}
        rule = {"bottom": 1, "bottom_color": "#CBD3D4"}
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.line = book.add_format({"font_size": 10, "font_color": "#59666A"})
        self.header = book.add_format(plain | {"bold": True, "bottom": 2})
        self.text = book.add_format(plain | rule)
        self.number = book.add_format(plain | rule | {"num_format": "0"})
        self.total_text = book.add_format(plain | {"bold": True})
        self.total_number = book.add_format(plain | {"bold": True, "num_format": "0"})


def _fill(sheet: Worksheet, table: _Table, *, formats: _Formats) -> None:
    sheet.write_string(0, 0, _neutralise(table.title), formats.title)
    sheet.write_string(1, 0, _neutralise(table.subtitle), formats.line)
    for column, (name, width) in enumerate(zip(table.columns, table.widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEADER_ROW, column, name, formats.header)
    row = _HEADER_ROW + 1
    for cells in table.rows:
        _put_row(sheet, row, cells=cells, text=formats.text, number=formats.number)
        row += 1
    _put_row(sheet, row, cells=table.total, text=formats.total_text, number=formats.total_number)
    sheet.write_string(row + 1, 0, _neutralise(table.note), formats.line)
    sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + len(table.rows), len(table.columns) - 1)


def _put_row(sheet: Worksheet, row: int, *, cells: tuple[Cell, ...], text: Any, number: Any) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, int):
            sheet.write_number(row, column, cell, number)
        else:
            sheet.write_string(row, column, _neutralise(cell), text)


def _set_up_print(sheet: Worksheet, table: _Table) -> None:
    sheet.freeze_panes(_HEADER_ROW + 1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=1.0, right=0.5, top=0.7, bottom=0.7)
    sheet.set_footer(f"&L{_escape_footer(table.foot)}&R&P / &N")


def _neutralise(value: str) -> str:
    return neutralise(value.replace(BLANK_SIGN, "______"))


def _escape_footer(value: str) -> str:
    """Keep ``&`` a letter (it starts a code in a footer) and stay under Excel's 255 signs."""
    return value.replace("&", "&&")[:200]


def _name_sheet(name: str) -> str:
    return _SHEET_NAME_BAN.sub(" ", name)[:_SHEET_NAME_LENGTH].strip() or "1"
