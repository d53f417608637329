"""Lunar dates: how the countryside names a day. The one place that knows borax.

Numbers only; the names (正月初六) are words and live with the other words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class LunarDay:
    """A day of the farmers' calendar; ``leap`` marks the repeated month of a leap year (闰二月)."""

    month: int
    day: int
    leap: bool = False


@cache
def find_lunar_day(day: date) -> LunarDay:
    """Give the lunar month and day of a Gregorian date."""
    from borax.calendars.lunardate import LunarDate  # noqa: PLC0415  most commands print no date

    lunar = LunarDate.from_solar(day)
    return LunarDay(month=lunar.month, day=lunar.day, leap=bool(lunar.leap))
