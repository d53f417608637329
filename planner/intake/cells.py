"""A file in, sheets of typed cells out: the one seam behind which spreadsheet formats live.

Everything that is wrong with a file as a whole ends here as an InputError; nothing of a parser's own
exceptions passes. A number cell stays a number: that is how a lost ID digit is noticed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final, NoReturn

import python_calamine as calamine

from planner.errors import InputError, Where
from planner.intake.codes import Code, issue
from planner.intake.separated import read_separated
from planner.intake.tables import clean_text

Cell = str | float | bool | date | datetime | time | timedelta
"""A cell as the file types it; ``""`` when empty, always ``str`` in a CSV."""

MAX_FILE_BYTES: Final = 10 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 150 * 1024 * 1024
"""Sum of the sizes a zip declares, checked before anything is unpacked (reliability §2, XLSX upload)."""
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet; row 1 of the file is ``rows[0]``. A CSV is one sheet without a name."""

    name: str
    hidden: bool
    rows: Sequence[Sequence[Cell]]


def read_cells(path: Path) -> tuple[Sheet, ...]:
    """Read XLSX, XLS, ODS or separated text, told apart by content, not by name.

    Raises InputError with one issue when the file cannot be used at all.
    """
    where = Where(file=path.name)
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            _refuse(Code.FILE_TOO_LARGE, where, most_mb=MAX_FILE_BYTES // 1024 // 1024)
        content = path.read_bytes()
    except FileNotFoundError:
        _refuse(Code.FILE_MISSING, where)
    except OSError:
        _refuse(Code.FILE_UNREADABLE, where)
    if not content.strip():
        _refuse(Code.FILE_EMPTY, where)
    if content.startswith(_ZIP):
        _check_zip(content, where)
    elif not content.startswith(_OLE):
        return (Sheet(name="", hidden=False, rows=read_separated(content, where)),)
    return _read_workbook(content, where)


def _refuse(code: Code, where: Where, **args: int) -> NoReturn:
    raise InputError([issue(code, where, **args)])


def _check_zip(content: bytes, where: Where) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            declared = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OverflowError):
        _refuse(Code.FILE_CORRUPT, where)
    if declared > MAX_UNPACKED_BYTES:
        _refuse(Code.FILE_TOO_LARGE, where, most_mb=MAX_UNPACKED_BYTES // 1024 // 1024)


def _read_workbook(content: bytes, where: Where) -> tuple[Sheet, ...]:
    try:
        book = calamine.load_workbook(io.BytesIO(content))
        return tuple(
            Sheet(
                name=entry.name,
                hidden=entry.visible is not calamine.SheetVisibleEnum.Visible,
                rows=book.get_sheet_by_name(entry.name).to_python(skip_empty_area=False),
            )
            for entry in book.sheets_metadata
            if entry.typ is calamine.SheetTypeEnum.WorkSheet
        )
    except calamine.PasswordError:
        _refuse(Code.FILE_ENCRYPTED, where)
    except (calamine.CalamineError, OSError, ValueError):
        _refuse(Code.FILE_CORRUPT, where)


def cell_text(cell: Cell) -> str:
    """A cell as a person reads it: whole numbers without ``.0``, dates as ISO."""
    if isinstance(cell, str):
        return clean_text(cell)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat(sep=" ", timespec="seconds") if isinstance(cell, datetime) else str(cell)


def is_number(cell: Cell) -> bool:
    """Whether the file stores the cell as a number (a bool is not one)."""
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)
