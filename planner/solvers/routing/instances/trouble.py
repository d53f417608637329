"""What can be wrong with an instance file, where, and the reading of its text.

Their words live in ``exports/locale/*/instances.toml`` under the same dotted key.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NoReturn

from planner.errors import InputError, Issue, NotFoundError, Severity, Where

if TYPE_CHECKING:
    from pathlib import Path

    from planner.errors import Arg

MOST_BYTES: Final = 32 * 2**20
MOST_PLACES: Final = 2_001
"""Customers and depots of one file: matrices grow with the square."""
MOST_VEHICLES: Final = 50_000
MOST_KINDS: Final = 40
"""Kinds of vehicles: each tariff has a matrix."""
MOST: Final = 10**6
"""No coordinate, demand, time or cost is larger: sums stay far from the ends of 64 bits."""
_SHOWN: Final = 30
_MOST_ISSUES: Final = 20
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


class Code(StrEnum):
    """Dotted names, by what they are about; never renamed once published."""

    UNREADABLE = "instance.unreadable"
    TOO_BIG = "instance.too_big"
    NOT_TEXT = "instance.not_text"
    UNKNOWN_FORMAT = "instance.unknown_format"
    UNKNOWN_TYPE = "instance.unknown_type"
    UNKNOWN_ROUNDING = "instance.unknown_rounding"
    NOT_SUPPORTED = "instance.not_supported"
    MISSING = "instance.missing"
    TWICE = "instance.twice"
    NOT_NUMBER = "instance.not_number"
    NOT_WHOLE = "instance.not_whole"
    OUT_OF_RANGE = "instance.out_of_range"
    CELLS = "instance.cells"
    COUNT = "instance.count"
    NUMBERING = "instance.numbering"
    DEPOTS = "instance.depots"
    TOO_LARGE_DEMAND = "instance.too_large_demand"
    WINDOW = "instance.window"
    NOT_JSON = "instance.not_json"
    BAD_FIELD = "instance.bad_field"


@dataclass(slots=True)
class Troubles:
    """Collects what is wrong with one file, so that people see it all at once; at most twenty, none twice."""

    file: str
    issues: list[Issue] = field(default_factory=list[Issue])

    def add(self, code: Code, *, row: int = 0, column: str = "", **args: Arg) -> None:
        """Note a trouble; a row counts from 1."""
        where = Where(file=self.file, row=row, column=column[:_SHOWN])
        shown = {
            name: arg[:_SHOWN] if name == "value" and isinstance(arg, str) else arg
            for name, arg in args.items()
        }
        issue = Issue(severity=Severity.ERROR, code=code.value, where=where, args=shown)
        if issue not in self.issues and len(self.issues) < _MOST_ISSUES:
            self.issues.append(issue)

    def fail(self, code: Code, *, row: int = 0, column: str = "", **args: Arg) -> NoReturn:
        """Note a trouble after which nothing more can be read."""
        self.add(code, row=row, column=column, **args)
        raise InputError(self.issues)

    def stop(self) -> None:
        """Raise InputError when anything was noted."""
        if self.issues:
            raise InputError(self.issues)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What a number may be."""

    least: float = -MOST
    most: float = MOST
    whole: bool = False


COORDINATE: Final = Span()
AMOUNT: Final = Span(least=0, whole=True)
MEASURE: Final = Span(least=0)


def parse(text: str, span: Span, *, troubles: Troubles, row: int, column: str) -> float:
    """Read a number; what is none, or out of its span, is noted and counts as the least."""
    fallback = float(max(span.least, 0))
    if not _NUMBER.fullmatch(text):
        troubles.add(Code.NOT_NUMBER, row=row, column=column, value=text)
        return fallback
    value = float(text)
    if not (math.isfinite(value) and span.least <= value <= span.most):
        least, most = f"{span.least:g}", f"{span.most:g}"
        troubles.add(Code.OUT_OF_RANGE, row=row, column=column, value=text, least=least, most=most)
        return fallback
    if span.whole and not value.is_integer():
        troubles.add(Code.NOT_WHOLE, row=row, column=column, value=text)
        return fallback
    return value


def read_lines(path: Path) -> list[str]:
    """Read a text file of any line ending; NotFoundError when there is none, InputError otherwise."""
    troubles = Troubles(path.name)
    if not path.exists():
        raise NotFoundError("instance", path.name)
    try:
        if path.stat().st_size > MOST_BYTES:
            troubles.fail(Code.TOO_BIG, most_mb=MOST_BYTES // 2**20)
        content = path.read_bytes()
    except OSError:
        troubles.fail(Code.UNREADABLE)
    if b"\0" in content:
        troubles.fail(Code.NOT_TEXT)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Old benchmark files write their authors' names in Latin-1; the numbers are ASCII.
        text = content.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
