"""Times, days and numbers as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from exports.dates import say_clock, say_day, say_km, say_phone, say_span, say_stamp


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
