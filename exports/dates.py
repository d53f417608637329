"""Times, dates, phones and lengths as people read them; ISO dates only in stamps and beside a lunar day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from exports.words import text
from planner.almanac import DayKind, find_lunar_day
from planner.model.clock import CHINA
from planner.model.markets import RuleKind

if TYPE_CHECKING:
    from datetime import date, datetime

    from planner.almanac import OfficialDay
    from planner.model.markets import MarketRule

_DAY_S: Final = 86_400
_VALUE_WORDS: Final = {
    RuleKind.SOLAR_TAIL: "date.tail",
    RuleKind.LUNAR_TAIL: "date.tail",
    RuleKind.WEEKDAY: "date.weekday",
    RuleKind.BRANCH_CYCLE: "date.branch",
}
_OFFICIAL: Final = {
    DayKind.HOLIDAY: "date.told.holiday",
    DayKind.MADE_UP: "date.told.made_up",
    DayKind.NOT_ANNOUNCED: "date.told.not_announced",
}
_MOBILE: Final = re.compile(r"(1\d{2})(\d{4})(\d{4})")


def say_day(day: date, *, locale: str) -> str:
    """Name a day for the office: ``2月11日 周四 正月初六``."""
    return text(
        "date.day",
        locale=locale,
        plain=say_plain_day(day, locale=locale),
        lunar=say_lunar(day, locale=locale),
    )


def say_plain_day(day: date, *, locale: str) -> str:
    """Name a day where its lunar date stands apart: ``2月11日 周四``."""
    return text(
        "date.plain",
        locale=locale,
        month=text(f"date.month.m{day.month}", locale=locale),
        day=day.day,
        weekday=text(f"date.weekday.d{day.isoweekday()}", locale=locale),
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


def say_told_day(
    day: date, *, locale: str, market: MarketRule | None = None, official: OfficialDay | None = None
) -> str:
    """Name a day as people in the villages do: ``正月初八 (2027-02-13) 周六 逢集``.

    ``market`` is the rule by which it is market day; what ``official`` says of it is added unless it is an
    ordinary day.
    """
    told = text(
        "date.told.day",
        locale=locale,
        lunar=say_lunar(day, locale=locale),
        iso=day.isoformat(),
        weekday=text(f"date.weekday.d{day.isoweekday()}", locale=locale),
    )
    marks = [] if market is None else [text("date.told.market", locale=locale)]
    if official is not None and official.kind in _OFFICIAL:
        marks.append(text(_OFFICIAL[official.kind], locale=locale, name=official.name))
    for mark in marks:
        told = text("date.told.marked", locale=locale, day=told, mark=mark)
    return told


def say_market(rule: MarketRule, *, locale: str) -> str:
    """Name a market rule: ``农历逢四、九``, ``每周三、周六``, ``逢辰、戌日``."""
    words = [text(f"{_VALUE_WORDS[rule.kind]}.d{value}", locale=locale) for value in rule.values]
    joined = text("date.market.and", locale=locale).join(words)
    return text(f"date.market.{rule.kind}", locale=locale, values=joined)


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
