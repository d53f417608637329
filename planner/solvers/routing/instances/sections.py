"""The VRPLIB layout: ``KEY : value`` lines, then sections of rows, each remembered with its line.

What the keys mean depends on the TYPE and is decided in ``vrp.py``; here nothing is lost silently: a key
or section given twice is noted, as is a row that belongs nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from planner.solvers.routing.instances.trouble import Code, Span, Troubles, parse

_SETTING: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9_ -]*?)\s*:\s*(.*?)\s*", re.ASCII)
_SECTION: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*_SECTION)\s*:?\s*", re.ASCII)
END: Final = "EOF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of one line of a section."""

    number: int
    cells: tuple[str, ...]


@dataclass(slots=True)
class Sheet:
    """A file in the VRPLIB layout, as text."""

    troubles: Troubles
    settings: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    """Value and line by key."""
    sections: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    lines: dict[str, int] = field(default_factory=dict[str, int])
    """Where each section begins."""

    def text(self, key: str) -> str:
        """A setting as written; empty where it is not there."""
        return self.settings.get(key, ("", 0))[0]

    def row(self, key: str) -> int:
        """The line of a setting or section, 0 where it is not there."""
        return self.settings[key][1] if key in self.settings else self.lines.get(key, 0)

    def number(self, key: str, span: Span, *, default: float | None = None) -> float:
        """A setting as a number; noted as missing where there is no default."""
        if key in self.settings:
            value, row = self.settings[key]
            return parse(value, span, troubles=self.troubles, row=row, column=key)
        if default is None:
            self.troubles.add(Code.MISSING, column=key)
            return max(span.least, 0)
        return default

    def table(self, name: str, span: Span, *, rows: int, width: int = 1) -> list[list[float]]:
        """A section of ``rows`` numbered lines with ``width`` numbers each, as written from 1 upwards."""
        found = self.sections.get(name)
        if found is None:
            self.troubles.add(Code.MISSING, column=name)
            return [[0.0] * width] * rows
        values: list[list[float]] = []
        for place, row in enumerate(found, 1):
            if len(row.cells) != width + 1:
                self._note(Code.CELLS, row, name, cells=len(row.cells), wanted=width + 1)
            elif row.cells[0] != str(place):
                self._note(Code.NUMBERING, row, name, value=row.cells[0], wanted=place)
            values.append([self._parse(row, cell, span, name=name) for cell in row.cells[1 : width + 1]])
        if len(found) != rows:
            self.troubles.add(Code.COUNT, row=self.lines[name], column=name, found=len(found), wanted=rows)
            self.troubles.stop()
        return [[*numbers, *[0.0] * (width - len(numbers))] for numbers in values]

    def column(self, name: str, span: Span, *, rows: int) -> list[float]:
        """A section of one number a line."""
        return [numbers[0] for numbers in self.table(name, span, rows=rows)]

    def flat(self, name: str, span: Span) -> list[float]:
        """All numbers of a section that has no numbered lines."""
        rows = self.sections.get(name, [])
        return [self._parse(row, cell, span, name=name) for row in rows for cell in row.cells]

    def _parse(self, row: Row, cell: str, span: Span, *, name: str) -> float:  # noqa: PLR0917  # row and its cell
        return parse(cell, span, troubles=self.troubles, row=row.number, column=name)

    def _note(self, code: Code, row: Row, name: str, **args: str | int) -> None:  # noqa: PLR0917  # as add()
        self.troubles.add(code, row=row.number, column=name, **args)


def read_sheet(lines: Sequence[str], troubles: Troubles) -> Sheet:
    """Sort the lines of a file into settings and sections."""
    sheet = Sheet(troubles)
    section: list[Row] | None = None
    for number, line in enumerate(lines, 1):
        if line.strip() == END:
            break
        if not line.strip():
            continue
        if (match := _SECTION.fullmatch(line)) is not None:
            section = _open(sheet, match[1].upper(), number=number)
        elif (match := _SETTING.fullmatch(line)) is not None:
            _set(sheet, match[1].upper(), value=match[2], row=number)
            section = None
        elif section is not None:
            section.append(Row(number=number, cells=tuple(line.split())))
        else:
            troubles.add(Code.UNKNOWN_FORMAT, row=number)
    troubles.stop()
    return sheet


def _open(sheet: Sheet, name: str, *, number: int) -> list[Row]:
    if name in sheet.sections:
        sheet.troubles.add(Code.TWICE, row=number, column=name)
    sheet.lines[name] = number
    return sheet.sections.setdefault(name, [])


def _set(sheet: Sheet, key: str, *, value: str, row: int) -> None:
    if key == "COMMENT":
        return
    if key in sheet.settings:
        sheet.troubles.add(Code.TWICE, row=row, column=key)
    sheet.settings[key] = (value, row)
