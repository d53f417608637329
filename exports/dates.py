"""Times, dates, phones and lengths as people read them; never ISO dates but in version stamps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from exports.words import text
from planner.almanac import find_lunar_day
from planner.model.clock import CHINA

if TYPE_CHECKING:
    from datetime import date, datetime

_DAY_S: Final = 86_400
_MOBILE: Final = re.compile(r"(1\d{2})(\d{4})(\d{4})")


def say_day(day: date, *, locale: str) -> str:
    """Name a day for the office: ``2月11日 周四 正月初六``."""
    return text(
        "date.day",
        locale=locale,
        month=text(f"date.month.m{day.month}", locale=locale),
        day=day.day,
        weekday=text(f"date.weekday.d{day.isoweekday()}", locale=locale),
        lunar=say_lunar(day, locale=locale),
    )


def say_lunar(day: date, *, locale: str) -> str:
    """Name the lunar day: ``正月初六``, ``闰二月初四``."""
    lunar = find_lunar_day(day)
    return text(
        "date.lunar.leap" if lunar.leap else "date.lunar.plain",
        locale=locale,
        month=text(f"date.lunar.month.m{lunar.month}", locale=locale),
        day=text(f"date.lunar.day.d{lunar.day}", locale=locale),
    )


def say_clock(seconds: int) -> str:
    """Give the 24 h clock of campaign seconds, whole minutes down: early is safe, late is not."""
    minutes = seconds % _DAY_S // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def say_span(seconds: int) -> str:
    """Give a length of time as ``2:05`` hours, minutes up: a limit is not made to look kept."""
    minutes = -(-seconds // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def say_stamp(moment: datetime) -> str:
    """Give a version stamp in China time, the one place where a date is written the ISO way."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def say_phone(number: str) -> str:
    """Group a mobile number 3-4-4; leave every other number as it was written."""
    found = _MOBILE.fullmatch(number)
    return " ".join(found.groups()) if found else number


def say_km(metres: int) -> int:
    """Give whole kilometres, halves up."""
    return (metres + 500) // 1000
