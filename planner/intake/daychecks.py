"""Troubles between rows of markets.csv and holidays.csv: what contradicts what, and what is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from planner.almanac import find_missing_holidays
from planner.intake.codes import Code
from planner.intake.dayrows import value_texts
from planner.intake.vendored import official_holidays
from planner.model.holidays import Holiday, HolidayKind
from planner.model.markets import MarketRule

if TYPE_CHECKING:
    from planner.intake.found import Found
    from planner.intake.structure import Structure

_LONGEST_DAYS: Final = 31
"""No holiday is longer; more is a slip in year or month."""
_YEARS: Final = range(1901, 2100)
"""Years whose lunar dates are known."""
_SATURDAY: Final = 6


def check_days(found: Structure) -> None:
    """Report into the rows' own list of issues."""
    _check_markets(found.markets)
    _check_holidays(found.holidays)


def _check_markets(rows: Sequence[Found[MarketRule]]) -> None:
    """Report two rules of one place: the same twice, or two that contradict each other, both rows named."""
    same: defaultdict[str, list[Found[MarketRule]]] = defaultdict(list)
    for entry in rows:
        if entry.row.faults & {"place", "rule_kind", "values"}:
            continue
        for other in same[entry.value.place]:
            named = {"id": entry.value.place, "first_row": other.row.number}
            if entry.value.agrees(other.value):
                entry.row.report(Code.MARKETS_DUPLICATE, "place", **named)
            elif entry.value.contradicts(other.value):
                rules = {"rule": _say(entry.value), "other": _say(other.value)}
                entry.row.report(Code.MARKETS_CONFLICT, "values", **named, **rules)
        same[entry.value.place].append(entry)


def _say(rule: MarketRule) -> str:
    return f"{rule.kind} {'|'.join(value_texts(rule))}"


def _check_holidays(rows: Sequence[Found[Holiday]]) -> None:
    """Report spans that cannot be, days that two rows speak of, and years that are not whole."""
    sound = [entry for entry in rows if not entry.row.faults and _is_span(entry)]
    official = {day: entry for entry in official_holidays() for day in entry.days}
    seen: dict[date, Found[Holiday]] = {}
    for entry in sound:
        _check_twice(entry, seen)
        _check_worked(entry)
        against = [
            day for day in entry.value.days if day in official and official[day].kind != entry.value.kind
        ]
        if against:
            entry.row.report(Code.HOLIDAYS_AGAINST_OFFICIAL, "first_day", day=against[0].isoformat())
        seen |= dict.fromkeys(entry.value.days, entry)
    _check_whole([entry for entry in sound if entry.value.kind is HolidayKind.HOLIDAY])


def _is_span(entry: Found[Holiday]) -> bool:
    first, last = entry.value.first_day, entry.value.last_day
    fits = 0 <= (last - first).days < _LONGEST_DAYS and {first.year, last.year} <= set(_YEARS)
    if not fits:
        span = {"first": first.isoformat(), "last": last.isoformat()}
        entry.row.report(Code.HOLIDAYS_SPAN, "last_day", **span, most=_LONGEST_DAYS)
    return fits


def _check_twice(entry: Found[Holiday], seen: dict[date, Found[Holiday]]) -> None:
    """One word for each earlier row that speaks of a day of this one."""
    others: dict[int, tuple[date, Found[Holiday]]] = {}
    for day in entry.value.days:
        if day in seen:
            others.setdefault(seen[day].row.number, (day, seen[day]))
    for number, (day, other) in others.items():
        agree = other.value.kind is entry.value.kind
        code = Code.HOLIDAYS_DUPLICATE if agree else Code.HOLIDAYS_CONFLICT
        entry.row.report(code, "first_day", day=day.isoformat(), first_row=number)


def _check_worked(entry: Found[Holiday]) -> None:
    if entry.value.kind is HolidayKind.WORKDAY:
        for day in entry.value.days:
            if day.isoweekday() < _SATURDAY:
                entry.row.report(Code.HOLIDAYS_WORKED_WEEKDAY, "first_day", day=day.isoformat())


def _check_whole(rows: Sequence[Found[Holiday]]) -> None:
    """A year of which the county entered only a part counts as not announced, and is named once."""
    holidays = (*official_holidays(), *(entry.value for entry in rows))
    firsts: dict[int, Found[Holiday]] = {}
    for entry in rows:
        firsts.setdefault(entry.value.first_day.year, entry)
    for year, entry in firsts.items():
        missing = find_missing_holidays(year, holidays)
        if missing:
            entry.row.report(
                Code.HOLIDAYS_PART, year=year, missing=" ".join(f"{day:%m-%d}" for day in missing)
            )
