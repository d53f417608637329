"""Rows of a table, read cell by cell by the column's definition; every trouble becomes an Issue.

A cell that cannot be read gives a harmless placeholder, so that one bad cell does not hide the troubles
behind it; the caller drops the whole result when any ERROR was found.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Final, TypeVar, cast

from planner.errors import Arg, Issue, Where
from planner.intake.codes import Code, issue
from planner.intake.column import Column, Kind, Table
from planner.intake.dates import parse_clock, parse_date, parse_moment
from planner.intake.phones import is_phone
from planner.masking import mask_phone
from planner.model.clock import CHINA

T = TypeVar("T")

_ID: Final = re.compile(r"[^\s|/\\#]+")
_VEHICLE_ID: Final = re.compile(r"[^\s|/\\#]+#\d{2,}", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?\d+", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE: Final = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_COMMAS: Final = re.compile("[;；，、,]")
_OTHER_SEPARATORS: Final = re.compile(r"\s*[;；，、|]\s*|\t")
NO_DATE: Final = date(1970, 1, 1)
NO_MOMENT: Final = datetime(1970, 1, 1, tzinfo=CHINA)


def clean_text(text: str) -> str:
    """Trim a cell, drop what cannot be seen, turn line breaks and control characters into single spaces."""
    return text.strip() if text.isprintable() else _CONTROL.sub(" ", _INVISIBLE.sub("", text)).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record of a table, or the keys of a TOML file (``number`` 0)."""

    table: Table
    number: int
    cells: Mapping[str, str]
    """By column name, trimmed; a column that the file lacks is not in it."""
    issues: list[Issue]
    faults: set[str] = field(default_factory=set[str])
    """Columns something was said about, so that what follows from it is not said as well."""

    def where(self, column: str = "") -> Where:
        """The place of a trouble in this row."""
        return Where(file=self.table.file, row=self.number, column=column)

    def report(self, code: Code, column: str = "", **args: Arg) -> None:
        """Note a trouble at this row."""
        self.faults.add(column)
        self.issues.append(issue(code, self.where(column), **args))

    def has(self, name: str) -> bool:
        """Whether the cell is filled."""
        return bool(self.cells.get(name))

    def text(self, name: str) -> str:
        """Read a text, an id or a phone."""
        column = self.table.get_column(name)
        value = self._filled(column)
        form = {Kind.ID: _ID, Kind.VEHICLE_ID: _VEHICLE_ID}.get(column.kind)
        if value and form is not None and not form.fullmatch(value):
            self.report(Code.CELL_BAD_ID, name, value=value)
        if value and column.kind is Kind.PHONE and self.number and not is_phone(value):
            self.report(Code.CELL_PHONE, name, value=mask_phone(value))
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list joined by ``|``; another separator is remarked on and no fault by itself."""
        value = self._filled(self.table.get_column(name))
        if _COMMAS.search(value):
            self.issues.append(issue(Code.CELL_SEPARATOR, self.where(name), value=value))
        return tuple(part.strip() for part in value.split("|") if part.strip())

    def integer(self, name: str) -> int:
        """Read a whole number inside the column's range."""
        return self._number(name, _parse_integer, code=Code.CELL_NOT_INTEGER)

    def decimal(self, name: str) -> float:
        """Read a decimal number inside the column's range."""
        return self._number(name, _parse_decimal, code=Code.CELL_NOT_NUMBER)

    def flag(self, name: str) -> bool:
        """Read ``1`` or ``0``."""
        return self._parsed(name, _parse_flag, placeholder=False, code=Code.CELL_NOT_FLAG)

    def date(self, name: str) -> date:
        """Read a calendar day."""
        return self._parsed(name, parse_date, placeholder=NO_DATE, code=Code.CELL_NOT_DATE)

    def dates(self, name: str) -> tuple[date, ...]:
        """Read days joined by ``|``, each once, in order."""
        found: set[date] = set()
        for part in self.texts(name):
            try:
                found.add(parse_date(part))
            except ValueError:
                self.report(Code.CELL_NOT_DATE, name, value=part)
        return tuple(sorted(found))

    def find_date(self, name: str) -> date | None:
        """Read a calendar day that may be missing."""
        return self.date(name) if self.has(name) else None

    def time(self, name: str) -> time:
        """Read a time of day."""
        return self._parsed(name, parse_clock, placeholder=time(), code=Code.CELL_NOT_TIME)

    def moment(self, name: str) -> datetime:
        """Read a moment, China time unless it has an offset."""
        return self._parsed(name, parse_moment, placeholder=NO_MOMENT, code=Code.CELL_NOT_MOMENT)

    def choice(self, name: str, options: Callable[[str], T], *, fallback: T) -> T:
        """Read one word of an enumeration; ``options`` is the enumeration itself."""
        value = self._filled(self.table.get_column(name))
        return self._member(name, value, options=options, fallback=fallback) if value else fallback

    def choices(self, name: str, options: Callable[[str], T], *, fallback: T) -> tuple[T, ...]:
        """Read words of an enumeration joined by ``|``, each once."""
        found = [self._member(name, word, options=options, fallback=fallback) for word in self.texts(name)]
        return tuple(dict.fromkeys(found))

    def _member(self, name: str, value: str, *, options: Callable[[str], T], fallback: T) -> T:
        try:
            return options(value)
        except ValueError:
            allowed = " ".join(self.table.get_column(name).choices)
            self.report(Code.CELL_NOT_CHOICE, name, value=value, allowed=allowed)
            return fallback

    def _filled(self, column: Column) -> str:
        """The cell's text, or the default; an empty cell is reported only where the column exists."""
        value = self.cells.get(column.name)
        if not value and value is not None and column.required:
            self.report(Code.CELL_EMPTY, column.name)
        return value or column.default

    def _parsed(self, name: str, parse: Callable[[str], T], *, placeholder: T, code: Code) -> T:
        value = self._filled(self.table.get_column(name))
        if not value:
            return placeholder
        try:
            return parse(value)
        except ValueError:
            self.report(code, name, value=value)
            return placeholder

    def _number(self, name: str, parse: Callable[[str], T], *, code: Code) -> T:
        column = self.table.get_column(name)
        low = column.minimum if column.minimum is not None else 0
        placeholder = parse(str(round(max(low, 0))))
        value = self._parsed(name, parse, placeholder=placeholder, code=code)
        number = float(str(value))
        if column.minimum is not None and number < column.minimum:
            self.report(Code.CELL_TOO_SMALL, name, value=str(value), least=f"{column.minimum:g}")
            return placeholder
        if column.maximum is not None and number > column.maximum:
            self.report(Code.CELL_TOO_LARGE, name, value=str(value), most=f"{column.maximum:g}")
            return placeholder
        return value


def _parse_integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _parse_decimal(text: str) -> float:
    value = float(text)
    if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124 - NaN is unequal to itself
        raise ValueError(text)
    return value


def _parse_flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError(text)
    return text == "1"


def read_utf8(path: Path, issues: list[Issue]) -> str | None:
    """Read a UTF-8 text, a byte-order mark allowed; None with an Issue when that cannot be done."""
    where = Where(file=path.name)
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        issues.append(issue(Code.FILE_MISSING, where))
    except OSError:
        issues.append(issue(Code.FILE_UNREADABLE, where))
    except UnicodeDecodeError:
        issues.append(issue(Code.FILE_NOT_UTF8, where))
    return None


def read_table(
    folder: Path, table: Table, *, issues: list[Issue], extra: frozenset[str] = frozenset()
) -> list[Row]:
    """Read a CSV file of the folder into rows; an optional file that is not there has none.

    ``extra`` names columns beyond the table's that the caller looks at itself.
    """
    path = folder / table.file
    if not table.required and not path.exists():
        return []
    text = read_utf8(path, issues)
    if text is None:
        return []
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        issues.append(issue(Code.FILE_CORRUPT, Where(file=table.file)))
        return []
    if not records:
        issues.append(issue(Code.FILE_EMPTY, Where(file=table.file)))
        return []
    header = [clean_text(name) for name in records[0]]
    if len(header) == 1 and {*_OTHER_SEPARATORS.split(header[0])} & {*table.names} - {header[0]}:
        issues.append(issue(Code.FILE_SEPARATOR, Where(file=table.file)))
        return []
    _check_header(table, header, issues=issues, extra=extra)
    rows = [
        _row(table, number, named=(header, cells), issues=issues)
        for number, cells in enumerate(records[1:], start=2)
    ]
    rows = [row for row in rows if any(row.cells.values())]
    if not rows and not table.may_be_empty:
        issues.append(issue(Code.TABLE_NO_ROWS, Where(file=table.file)))
    return rows


def _check_header(table: Table, header: list[str], *, issues: list[Issue], extra: frozenset[str]) -> None:
    def report(code: Code, column: str) -> None:
        issues.append(issue(code, Where(file=table.file, row=1, column=column)))

    known = {*table.names, *extra}
    for column in table.columns:
        if column.required and column.name not in header:
            report(Code.TABLE_MISSING_COLUMN, column.name)
    for name in dict.fromkeys(header):
        if name and name not in known:
            report(Code.TABLE_UNKNOWN_COLUMN, name)
        if name and header.count(name) > 1:
            report(Code.TABLE_DUPLICATE_COLUMN, name)


def _row(table: Table, number: int, *, named: tuple[list[str], list[str]], issues: list[Issue]) -> Row:
    header, cells = named
    texts = [clean_text(cell) for cell in cells]
    if any(texts[len(header) :]):
        where = Where(file=table.file, row=number)
        issues.append(issue(Code.TABLE_EXTRA_CELLS, where, columns=len(header), cells=len(texts)))
    texts += [""] * (len(header) - len(texts))
    found = {name: text for name, text in zip(header, texts, strict=False) if name}
    return Row(table=table, number=number, cells=found, issues=issues)


def noun_cells(table: Table, nouns: Iterable[object]) -> list[tuple[str, ...]]:
    """Give the rows of a table whose columns are named as the fields of its nouns."""
    return [tuple(_text(getattr(noun, name)) for name in table.names) for noun in nouns]


def _text(value: object) -> str:
    """A value of the model as a cell; ``repr`` of a float reads back to the same float."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if value is None:
        return ""
    if isinstance(value, tuple):
        parts = cast("tuple[object, ...]", value)
        return "|".join(map(str, parts))
    return repr(value) if isinstance(value, float) else str(value)


def table_text(table: Table, rows: Iterable[tuple[str, ...]]) -> str:
    """Write a table as CSV, the header first."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows(rows)
    return target.getvalue()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a temporary name beside it, then a rename."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".tmp", delete=False) as draft:
        draft.write(content)
    Path(draft.name).chmod(0o644)
    Path(draft.name).replace(path)
