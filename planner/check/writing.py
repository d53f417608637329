"""Figures as both languages write them, so that words only have to put them in place."""

from __future__ import annotations

from datetime import date
from typing import Final

_MINUTE_S: Final = 60
_HOUR_S: Final = 60 * _MINUTE_S
_DAY_S: Final = 24 * _HOUR_S
_SANE_DAYS: Final = 1_000_000


def write_clock(first_day: date, seconds: int) -> str:
    """Write a moment as ``07:20`` (``07:20:34`` with odd seconds), the date before it on other days.

    A damaged plan may name any moment at all; what no calendar holds is written ``?``.
    """
    days, rest = divmod(seconds, _DAY_S)
    hours, minutes, odd = rest // _HOUR_S, rest // _MINUTE_S % 60, rest % _MINUTE_S
    time = f"{hours:02d}:{minutes:02d}" + (f":{odd:02d}" if odd else "")
    if days == 0:
        return time
    ordinal = first_day.toordinal() + min(max(days, -_SANE_DAYS), date.max.toordinal())
    if not 1 <= ordinal <= date.max.toordinal():
        return "?"
    return f"{date.fromordinal(ordinal).isoformat()} {time}"


def write_hours(seconds: int) -> str:
    """Write a length of time as ``4:10``; started minutes count, so what is over a limit reads as over."""
    hours, minutes = divmod(whole_minutes(seconds), 60)
    return f"{hours}:{minutes:02d}"


def whole_minutes(seconds: int) -> int:
    """Round up to minutes: 120 min 1 s against a limit of 120 must not read 120."""
    return -(-seconds // _MINUTE_S)


def write_yuan(fen: int) -> str:
    """Write an amount as yuan with two decimals."""
    sign, amount = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{amount // 100}.{amount % 100:02d}"
