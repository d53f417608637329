from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

import pytest

from planner.intake.dates import (
    moment_text,
    parse_clock,
    parse_date,
    parse_moment,
    parse_month_day,
    parse_serial,
)
from planner.model.clock import CHINA


def _is_day(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        "2020-03-20",
        "2020/3/20",
        "2020.3.20",
        "2020年3月20日",
        "20200320",
        "２０２０－０３－２０",
        "2020-03-20 10:40",
        "2020年3月20号",
        "2020-03-20 00:00:00",
    ],
)
def test_one_day_however_it_is_written(text: str) -> None:
    assert parse_date(text) == date(2020, 3, 20)


@pytest.mark.parametrize(
    "text", ["20/3/2020", "3/20", "2020-13-01", "2020-02-30", "初八", "2020", "", "20-03-20"]
)
def test_what_is_no_day(text: str) -> None:
    assert not _is_day(text)


@pytest.mark.parametrize("text", ["8:30", "08:30", "08:30:00", "０８：３０"])
def test_one_time_of_day_however_it_is_written(text: str) -> None:
    assert parse_clock(text) == time(8, 30)


@pytest.mark.parametrize("text", ["8", "0830", "25:00", "8:60", "2020-03-20T08:30", "08:30+08:00", ""])
def test_what_is_no_time_of_day(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_clock(text)


def test_day_numbers_of_spreadsheets() -> None:
    assert parse_serial("43910") == date(2020, 3, 20)
    assert parse_serial("43910.5") == date(2020, 3, 20)
    with pytest.raises(ValueError, match="439"):
        parse_serial("439")


def test_month_and_day_alone() -> None:
    assert parse_month_day("3月20日") == (3, 20)
    with pytest.raises(ValueError, match="月底"):
        parse_month_day("3月底")


@pytest.mark.parametrize(
    "text",
    [
        "2020-03-20T10:40",
        "2020/3/20 10:40",
        "2020-03-20T02:40Z",
        "2020-03-20T02:40:00+00:00",
        "2020-03-20T11:40+0900",
    ],
)
def test_one_moment_however_it_is_written(text: str) -> None:
    found = parse_moment(text)
    assert found == datetime(2020, 3, 20, 10, 40, tzinfo=CHINA)
    assert found.tzinfo is CHINA


@pytest.mark.parametrize("text", ["0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "1899-12-31T00:00"])
def test_years_that_can_only_be_slips_are_none(text: str) -> None:
    with pytest.raises(ValueError, match=text[:4].lstrip("0")):
        parse_moment(text)


def test_a_moment_needs_a_time_of_day() -> None:
    with pytest.raises(ValueError, match="2020"):
        parse_moment("2020-03-20")


def test_moments_are_written_in_china_time() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert moment_text(datetime(2020, 3, 20, 11, 40, tzinfo=tokyo)) == "2020-03-20T10:40"
    assert moment_text(datetime(2020, 3, 20, 10, 40, 5, tzinfo=CHINA)) == "2020-03-20T10:40:05"
