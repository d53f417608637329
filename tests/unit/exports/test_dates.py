"""Times, days and numbers as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from exports.dates import (
    say_clock,
    say_day,
    say_km,
    say_market,
    say_phone,
    say_span,
    say_stamp,
    say_told_day,
)
from exports.words import LOCALES
from planner.almanac import DayKind, OfficialDay
from planner.model.markets import HIGHEST, MarketRule, RuleKind


@pytest.mark.parametrize(
    ("day", "locale", "words"),
    [
        (date(2027, 2, 11), "zh_CN", "2月11日 周四 正月初六"),
        (date(2027, 2, 5), "zh_CN", "2月5日 周五 腊月廿九"),
        (date(2020, 3, 20), "zh_CN", "3月20日 周五 二月廿七"),
        (date(2023, 3, 25), "zh_CN", "3月25日 周六 闰二月初四"),
        (date(2027, 2, 11), "en", "Thu 11 Feb (lunar 1-6)"),
    ],
)
def test_days(day: date, locale: str, words: str) -> None:
    assert say_day(day, locale=locale) == words


EIGHTHS = MarketRule(place="竹市镇", kind=RuleKind.LUNAR_TAIL, values=(3, 8))


@pytest.mark.parametrize(
    ("day", "market", "official", "words"),
    [
        (date(2027, 2, 13), EIGHTHS, None, "正月初八 (2027-02-13) 周六 逢集"),
        (date(2027, 2, 14), None, None, "正月初九 (2027-02-14) 周日"),
        (date(2027, 2, 13), None, DayKind.NOT_ANNOUNCED, "正月初八 (2027-02-13) 周六 放假安排未公布"),
        (date(2026, 2, 14), None, DayKind.MADE_UP, "腊月廿七 (2026-02-14) 周六 春节调休上班"),
        (date(2026, 2, 24), EIGHTHS, DayKind.HOLIDAY, "正月初八 (2026-02-24) 周二 逢集 春节放假"),
        (date(2026, 2, 25), None, DayKind.WORKING, "正月初九 (2026-02-25) 周三"),
    ],
)
def test_days_as_villagers_say_them(
    day: date, market: MarketRule | None, official: DayKind | None, words: str
) -> None:
    found = None if official is None else OfficialDay(kind=official, name="春节")
    assert say_told_day(day, locale="zh_CN", market=market, official=found) == words


def test_the_same_day_in_english() -> None:
    said = say_told_day(date(2027, 2, 13), locale="en", market=EIGHTHS)
    assert said == "Sat 2027-02-13 (lunar 1-8), market day"


@pytest.mark.parametrize(
    ("kind", "values", "chinese", "english"),
    [
        (RuleKind.LUNAR_TAIL, (5, 10), "农历逢五、十", "lunar days ending in 5, 0"),
        (RuleKind.SOLAR_TAIL, (1, 4, 7), "公历逢一、四、七", "days of the month ending in 1, 4, 7"),
        (RuleKind.WEEKDAY, (3, 6), "每周三、周六", "every Wed, Sat"),
        (RuleKind.BRANCH_CYCLE, (5, 11), "逢辰、戌日", "chen, xu days of the twelve branches"),
    ],
)
def test_market_rules(kind: RuleKind, values: tuple[int, ...], chinese: str, english: str) -> None:
    rule = MarketRule(place="竹市镇", kind=kind, values=values)
    assert (say_market(rule, locale="zh_CN"), say_market(rule, locale="en")) == (chinese, english)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", RuleKind)
def test_every_market_rule_has_words(kind: RuleKind, locale: str) -> None:
    every = MarketRule(place="x", kind=kind, values=tuple(range(1, HIGHEST[kind] + 1)))
    assert "date." not in say_market(every, locale=locale)


@pytest.mark.parametrize(
    ("seconds", "clock"), [(0, "00:00"), (26_459, "07:20"), (26_460, "07:21"), (90_000, "01:00")]
)
def test_clocks_count_whole_minutes_down(seconds: int, clock: str) -> None:
    assert say_clock(seconds) == clock


@pytest.mark.parametrize(("seconds", "span"), [(0, "0:00"), (61, "0:02"), (7200, "2:00"), (7201, "2:01")])
def test_spans_count_minutes_up(seconds: int, span: str) -> None:
    assert say_span(seconds) == span


def test_stamps_are_in_the_time_of_china() -> None:
    assert say_stamp(datetime(2027, 2, 10, 16, 30, tzinfo=UTC)) == "2027-02-11 00:30"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("16900001040", "169 0000 1040"),
        ("0739-0000000", "0739-0000000"),
        ("169****1040", "169****1040"),
        ("", ""),
    ],
)
def test_mobile_numbers_are_grouped(number: str, said: str) -> None:
    assert say_phone(number) == said


@pytest.mark.parametrize(("metres", "km"), [(0, 0), (499, 0), (500, 1), (52_400, 52)])
def test_kilometres_are_whole(metres: int, km: int) -> None:
    assert say_km(metres) == km
