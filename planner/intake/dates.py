"""Dates and times as offices and their spreadsheet programs write them.

ISO is what we write. A table that went through a spreadsheet program comes back as ``2020/3/20 10:40``,
so the common forms are read as well; a form with two meanings (day first, month first) is not.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final

from planner.model.clock import CHINA

_DATE: Final = r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?"
_COMPACT: Final = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII)
_CLOCK: Final = r"(?:[T\s]*(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.0+)?)?)"
_TIME: Final = re.compile(_CLOCK, re.ASCII)
_ZONE: Final = r"(?P<z>Z|[+-]\d{2}:?\d{2})?"
_DAY: Final = re.compile(_DATE + _CLOCK + "?", re.ASCII)
_MOMENT: Final = re.compile(_DATE + _CLOCK + _ZONE, re.ASCII)
_MONTH_DAY: Final = re.compile(r"(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?", re.ASCII)
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2199
_SERIAL_EPOCH: Final = date(1899, 12, 30)
"""Day 0 of the 1900 date system, shifted by one for its imaginary 1900-02-29."""


def parse_date(text: str) -> date:
    """Read a calendar day; a time of day after it is dropped. ValueError when it is none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _DAY.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if match is None:
        raise ValueError(text)
    return _calendar_day(match)


def _calendar_day(match: re.Match[str]) -> date:
    """The day a match names; a year that no campaign and nobody's birth can lie in is a slip."""
    year = int(match["y"])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(year)
    return date(year, int(match["m"]), int(match["d"]))


def parse_serial(text: str) -> date:
    """Read a spreadsheet's day number (43910 is 2020-03-20). ValueError when it is none."""
    if not _SERIAL.fullmatch(text):
        raise ValueError(text)
    return _SERIAL_EPOCH + timedelta(days=int(text.partition(".")[0]))


def parse_clock(text: str) -> time:
    """Read a time of day, never an hour alone. ValueError when it is none."""
    match = _TIME.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise ValueError(text)
    return time(int(match["H"]), int(match["M"]), int(match["S"] or 0))


def parse_moment(text: str) -> datetime:
    """Read a moment; without an offset it is China time. The result is always in China time."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _MOMENT.fullmatch(plain)
    if match is None:
        raise ValueError(text)
    clock = time(int(match["H"]), int(match["M"]), int(match["S"] or 0))
    day = _calendar_day(match)
    if match["z"] is None:
        return datetime.combine(day, clock, CHINA)
    zone = datetime.strptime(match["z"], "%z").tzinfo
    return datetime.combine(day, clock, zone).astimezone(CHINA)


def moment_text(moment: datetime) -> str:
    """Write a moment as China time without an offset, seconds only when there are any."""
    local = moment.astimezone(CHINA).replace(tzinfo=None)
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def parse_month_day(text: str) -> tuple[int, int]:
    """Read ``3月20日`` without its year as month and day. ValueError when it is none."""
    match = _MONTH_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        raise ValueError(text)
    return int(match[1]), int(match[2])
