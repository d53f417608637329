"""A sheet of a roster -> drafts: which rows are people, and what 同上 stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from planner.errors import InputError, Issue, Where
from planner.intake.cells import Cell, Sheet, cell_text, read_cells
from planner.intake.codes import Code, issue
from planner.intake.draft import Draft
from planner.intake.rosterhead import Field, Header, find_field, find_header
from planner.intake.rosterrow import RosterContext, RosterRow

_DITTO: Final = frozenset(
    {"同上", "同上行", "同前", "〃", "″", "〞", "″″", "''", "”", '"', "“”", "--〃--", "-〃-"}
)
_LONGEST_DITTO: Final = 12
"""With any spaces around it; spares looking at every long cell."""
_OWN: Final = (Field.NAME, Field.DOCUMENT_NUMBER, Field.NUMBER)
"""What no two people share, so that 同上 cannot stand there."""
_PERSON: Final = (Field.NAME, Field.DOCUMENT_NUMBER, Field.PHONE)
_TOTAL: Final = re.compile(r"(?:总|合|小|共|累|总合)\s*计.*|共\s*\d+\s*人.*")
_NOTE: Final = re.compile(
    r"""(?:注|备|附|备注|说明|填表说明|填表|填报|制表|审核|负责|经办|联系|盖章|单位盖章)
        \s*(?:人|单位|时间|日期)?\s*[:：].*""",
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFile:
    """One roster file as read, before its rows are held against each other."""

    file: str
    drafts: tuple[Draft, ...] = ()
    issues: tuple[Issue, ...] = ()
    """About the file, its sheets and columns; those of rows are in the drafts."""
    refused: bool = False


def read_roster(path: Path, context: RosterContext) -> RosterFile:
    """Read a roster in any format; a file that cannot be used at all comes back refused with its issue."""
    try:
        sheets = read_cells(path)
    except InputError as error:
        return RosterFile(file=path.name, issues=error.issues, refused=True)
    reader = _Reader(file=path.name, context=context)
    for sheet in sheets:
        reader.read_sheet(sheet)
    if not reader.headers:
        reader.report(Code.ROSTER_NO_HEADER, Where(file=path.name))
    elif all(draft.skip is not None for draft in reader.drafts):
        reader.report(Code.ROSTER_NO_ROWS, Where(file=path.name))
    return RosterFile(
        file=path.name,
        drafts=tuple(reader.drafts),
        issues=tuple(reader.issues),
        refused=not reader.headers,
    )


@dataclass(slots=True, kw_only=True)
class _Reader:
    file: str
    context: RosterContext
    headers: int = 0
    drafts: list[Draft] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def report(self, code: Code, where: Where) -> None:
        self.issues.append(issue(code, where))

    def read_sheet(self, sheet: Sheet) -> None:
        if not any(cell_text(cell) for row in sheet.rows for cell in row):
            return
        where = Where(file=self.file, sheet=sheet.name)
        if sheet.hidden:
            self.report(Code.ROSTER_HIDDEN_SHEET, where)
            return
        header = find_header(sheet.rows)
        if header is None:
            self.report(Code.ROSTER_SHEET_SKIPPED, where)
            self.drafts += (self._skipped(sheet, number, code=Code.SKIP_NOTE) for number, _ in _filled(sheet))
            return
        self.headers += 1
        self._report_columns(header, sheet.name)
        self.drafts += self._read_rows(sheet, header)

    def _skipped(self, sheet: Sheet, number: int, *, code: Code) -> Draft:
        return Draft(where=Where(file=self.file, sheet=sheet.name, row=number), skip=code)

    def _report_columns(self, header: Header, sheet: str) -> None:
        for names, code in (
            (header.unknown, Code.ROSTER_COLUMN_UNKNOWN),
            (header.twice, Code.ROSTER_COLUMN_TWICE),
        ):
            for name in dict.fromkeys(names):
                self.report(code, Where(file=self.file, sheet=sheet, row=header.last_row, column=name))

    def _read_rows(self, sheet: Sheet, header: Header) -> Iterator[Draft]:
        above: Mapping[Field, Cell] = {}
        for number, row in _filled(sheet):
            if number <= header.last_row:
                code = Code.SKIP_HEADER if number >= header.first_row else Code.SKIP_TITLE
                yield self._skipped(sheet, number, code=code)
                continue
            written = {at: row[column] for at, column in header.columns.items() if column < len(row)}
            skip = _skip(written, row)
            if skip is not None:
                yield self._skipped(sheet, number, code=skip)
                continue
            where = Where(file=self.file, sheet=sheet.name, row=number)
            draft = Draft(where=where, labels=header.labels)
            cells = _resolve(written, above, draft=draft)
            RosterRow(cells=cells, draft=draft, context=self.context).read()
            above = cells
            yield draft


def _filled(sheet: Sheet) -> Iterator[tuple[int, list[Cell]]]:
    """The rows with anything in them, numbered as a person counts."""
    for number, row in enumerate(sheet.rows, start=1):
        if any(cell_text(cell) for cell in row):
            yield number, list(row)


def _is_ditto(cell: Cell) -> bool:
    return isinstance(cell, str) and 0 < len(cell) <= _LONGEST_DITTO and "".join(cell.split()) in _DITTO


def _resolve(
    written: Mapping[Field, Cell], above: Mapping[Field, Cell], *, draft: Draft
) -> dict[Field, Cell]:
    """Put the cell of the person above for each 同上; chains resolve because ``above`` is resolved itself."""
    cells = dict(written)
    for at, cell in written.items():
        if not _is_ditto(cell):
            continue
        if at in _OWN:
            draft.report(Code.DITTO_NOT_HERE, at)
            cells[at] = ""
        elif at in above:
            cells[at] = above[at]
        else:
            draft.report(Code.DITTO_NOTHING_ABOVE, at)
            cells[at] = ""
    return cells


def _skip(cells: Mapping[Field, Cell], row: list[Cell]) -> Code | None:
    """Why a row is no person, or None when it is one."""
    name = cell_text(cells.get(Field.NAME, ""))
    if find_field(name) is not None:
        return Code.SKIP_HEADER
    if any(cell_text(cells.get(at, "")) for at in (Field.DOCUMENT_NUMBER, Field.PHONE)):
        return None
    texts = [text for text in map(cell_text, row) if text]
    if _TOTAL.fullmatch(texts[0]) or _TOTAL.fullmatch(name):
        return Code.SKIP_TOTAL
    if _NOTE.fullmatch(texts[0]):
        return Code.SKIP_NOTE
    if name:
        return None
    return Code.SKIP_NOTE if len(texts) == 1 and not texts[0].isdecimal() else Code.SKIP_UNFILLED
