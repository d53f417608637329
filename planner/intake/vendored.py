"""The vendored tables: region codes for ID numbers, traditional characters, official holidays."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

from planner.model.holidays import Holiday, HolidayKind

_DATA: Final = "planner.intake.data"


def _records(name: str) -> list[list[str]]:
    text = resources.files(_DATA).joinpath(name).read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


@cache
def region_codes() -> frozenset[str]:
    """Every six-digit region code that is or ever was in force (GB/T 2260)."""
    return frozenset(record[0] for record in _records("region_codes.csv"))


@cache
def _simplified() -> dict[int, str]:
    return {ord(record[0]): record[1] for record in _records("traditional.csv")}


def simplify(text: str) -> str:
    """Replace traditional characters one by one; for matching only, never for what is printed."""
    return text if text.isascii() else text.translate(_simplified())


@cache
def official_holidays() -> tuple[Holiday, ...]:
    """The yearly notices of the State Council as far as they are out; later years are the county's to add."""
    return tuple(
        Holiday(
            name=name,
            kind=HolidayKind(kind),
            first_day=date.fromisoformat(first),
            last_day=date.fromisoformat(last),
            source=source,
            note=note,
        )
        for name, kind, first, last, source, note in _records("holidays.csv")
    )
