"""The calendar of the countryside: lunar dates, branch days, market days, public holidays.

The one place that knows borax. Numbers and data only; the names (正月初六) are words and live with the
other words. What nobody has announced or written down is said to be unknown, never worked out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

from planner.errors import NotFoundError
from planner.model.holidays import Holiday, HolidayKind
from planner.model.markets import MarketRule, RuleKind
from planner.model.places import Place, PlaceId, PlaceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.model.campaign import Campaign

_BRANCH_SHIFT: Final = 2
"""1949-10-01, day 711,766 of Python's count, was 甲子: (711,766 + 2) is a multiple of 12."""
_SATURDAY: Final = 6
_LUNAR_HOLIDAYS: Final = ((1, 1), (5, 5), (8, 15))
"""春节, 端午, 中秋 as lunar month and day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LunarDay:
    """A day of the farmers' calendar; ``leap`` marks the repeated month of a leap year (闰二月)."""

    month: int
    day: int
    leap: bool = False


@cache
def find_lunar_day(day: date) -> LunarDay:
    """Give the lunar month and day of a Gregorian date, 1900-01-31 to 2101-01-28; else NotFoundError."""
    from borax.calendars.lunardate import LunarDate  # noqa: PLC0415  most commands print no date

    try:
        lunar = LunarDate.from_solar(day)
    except ValueError as error:
        raise NotFoundError("lunar day", day.isoformat()) from error
    return LunarDay(month=lunar.month, day=lunar.day, leap=bool(lunar.leap))


@cache
def find_lunar_date(year: int, *, month: int, day: int) -> date:
    """Give the Gregorian date of a day of a lunar year's ordinary month; NotFoundError when there is none."""
    from borax.calendars.lunardate import LunarDate  # noqa: PLC0415  most commands print no date

    try:
        return LunarDate(year, month, day).to_solar_date()
    except ValueError as error:
        raise NotFoundError("lunar day", f"{year}-{month}-{day}") from error


def find_spring_festival(year: int) -> date:
    """Give the first day of the lunar year that begins in ``year`` (正月初一)."""
    return find_lunar_date(year, month=1, day=1)


def find_branch(day: date) -> int:
    """Give the branch (地支) of a day, 1 for 子 to 12 for 亥; the days go round without a break."""
    return (day.toordinal() + _BRANCH_SHIFT) % 12 + 1


def _count(kind: RuleKind, day: date) -> int:
    """What a rule of that kind looks at, 1 and up."""
    match kind:
        case RuleKind.SOLAR_TAIL:
            return day.day % 10 or 10
        case RuleKind.LUNAR_TAIL:
            return find_lunar_day(day).day % 10 or 10
        case RuleKind.WEEKDAY:
            return day.isoweekday()
        case RuleKind.BRANCH_CYCLE:
            return find_branch(day)


def holds_market(rule: MarketRule, day: date) -> bool:
    """Whether a rule gives a market on a day.

    By lunar days the gap over the end of a short month (小月) is a day less than over a long one, and 逢十
    has no market between 二十 and 初十 then: 逢五十 goes 廿五, 初五, nine days apart.
    """
    return _count(rule.kind, day) in rule.values


class DayKind(StrEnum):
    """What a day is for offices and factories."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MADE_UP = "made_up"
    """调休上班: a weekend day that is worked."""
    NOT_ANNOUNCED = "not_announced"
    """The year's arrangement is not announced, or not entered: neither weekends nor weekdays are sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialDay:
    """What the announced arrangement makes of a day; ``name`` is the holiday's."""

    kind: DayKind
    name: str = ""

    @property
    def off(self) -> bool | None:
        """Whether people are free; None while that is not announced."""
        if self.kind is DayKind.NOT_ANNOUNCED:
            return None
        return self.kind in {DayKind.WEEKEND, DayKind.HOLIDAY}


def find_missing_holidays(year: int, holidays: Iterable[Holiday]) -> tuple[date, ...]:
    """Give the days every yearly notice has off that ``holidays`` lack; a year is announced when none is.

    By law (全国年节及纪念日放假办法 第二条): 1 January, Spring Festival, 1 May, 端午, 中秋, 1 October; 清明
    goes by the sun and is not looked at.
    """
    off = {day for entry in holidays if entry.kind is HolidayKind.HOLIDAY for day in entry.days}
    lunar = (find_lunar_date(year, month=month, day=day) for month, day in _LUNAR_HOLIDAYS)
    sure = {date(year, 1, 1), date(year, 5, 1), date(year, 10, 1), *lunar}
    return tuple(sorted(sure - off))


@dataclass(frozen=True, slots=True, kw_only=True)
class Almanac:
    """The calendar of one campaign, made by ``build_almanac``."""

    markets: Mapping[PlaceId, tuple[MarketRule, ...]]
    """Rules that hold at a place: its own, else those of its township; none that contradict each other."""
    disputed: frozenset[PlaceId]
    """Places with rules that contradict each other, which are not used until somebody decides."""
    entries: Mapping[date, Holiday]
    announced: frozenset[int]
    """Years whose arrangement of holidays is known whole."""

    def find_market(self, place_id: PlaceId, day: date) -> MarketRule | None:
        """Give the rule by which a day is market day of a place, None when it is none or not known."""
        rules = self.markets.get(place_id, ())
        return next((rule for rule in rules if holds_market(rule, day)), None)

    def find_market_days(self, place_id: PlaceId, *, first: date, last: date) -> tuple[date, ...]:
        """Give the market days of a place from ``first`` to ``last``, both included."""
        days = (first + timedelta(number) for number in range((last - first).days + 1))
        return tuple(day for day in days if self.find_market(place_id, day))

    def find_official(self, day: date) -> OfficialDay:
        """Give what a day is by the announced holidays; a year that is not announced is never guessed."""
        entry = self.entries.get(day)
        if entry is not None:
            off = entry.kind is HolidayKind.HOLIDAY
            return OfficialDay(kind=DayKind.HOLIDAY if off else DayKind.MADE_UP, name=entry.name)
        if day.year not in self.announced:
            return OfficialDay(kind=DayKind.NOT_ANNOUNCED)
        return OfficialDay(kind=DayKind.WEEKEND if day.isoweekday() >= _SATURDAY else DayKind.WORKING)

    def find_unannounced(self, first: date, last: date) -> tuple[int, ...]:
        """Give the years of a span whose holidays are not known, for a message."""
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.announced)


def build_almanac(campaign: Campaign) -> Almanac:
    """Put together the campaign's market rules, the official holidays and the county's own.

    Where the county's table and the official one speak of the same day, the county's counts.
    """
    from planner.intake.vendored import official_holidays  # noqa: PLC0415  a table; only those who plan need it

    holidays = (*official_holidays(), *campaign.holidays)
    entries = {day: entry for entry in holidays for day in entry.days}
    years = {day.year for day in entries}
    rules: defaultdict[str, list[MarketRule]] = defaultdict(list)
    for rule in campaign.markets:
        rules[rule.place].append(rule)
    found = {place.id: rules.get(place.id) or rules.get(find_town(place), []) for place in campaign.places}
    kept = {place: _undisputed(same) for place, same in found.items() if same}
    return Almanac(
        markets={place: same for place, same in kept.items() if same},
        disputed=frozenset(place for place, same in kept.items() if len(same) < len(found[place])),
        entries=entries,
        announced=frozenset(year for year in years if not find_missing_holidays(year, holidays)),
    )


def find_town(place: Place) -> str:
    """Name the township a place lies in, empty where that is not known."""
    return place.township or (place.name if place.kind is PlaceKind.TOWNSHIP else "")


def _undisputed(rules: list[MarketRule]) -> tuple[MarketRule, ...]:
    return tuple(rule for rule in rules if not any(rule.contradicts(other) for other in rules))
