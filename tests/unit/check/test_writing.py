"""Figures as people read them."""

from __future__ import annotations

from datetime import date

import pytest

from planner.check.writing import whole_minutes, write_clock, write_hours, write_yuan


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "00:00"),
        (26_434, "07:20:34"),
        (26_400, "07:20"),
        (86_399, "23:59:59"),
        (86_400, "2027-02-15 00:00"),
        (-60, "2027-02-13 23:59"),
        (10**15, "?"),
        (-(10**15), "?"),
    ],
)
def test_moments(seconds: int, written: str) -> None:
    assert write_clock(date(2027, 2, 14), seconds) == written


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (60, 1), (7_201, 121)])
def test_started_minutes_count(seconds: int, minutes: int) -> None:
    assert whole_minutes(seconds) == minutes


def test_a_second_over_four_hours_reads_as_over() -> None:
    assert (write_hours(4 * 3600), write_hours(4 * 3600 + 1)) == ("4:00", "4:01")


@pytest.mark.parametrize(
    ("fen", "yuan"), [(0, "0.00"), (5, "0.05"), (108_466, "1084.66"), (-5, "-0.05"), (-250, "-2.50")]
)
def test_amounts(fen: int, yuan: str) -> None:
    assert write_yuan(fen) == yuan
