"""Lunar dates: how the countryside names a day. The one place that knows lunar-python.

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
    from lunar_python import Solar  # noqa: PLC0415  0.1 s to import, and most commands print no date

    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    month = int(lunar.getMonth())
    return LunarDay(month=abs(month), day=int(lunar.getDay()), leap=month < 0)
