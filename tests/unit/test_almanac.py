from datetime import date

import pytest

from planner.almanac import LunarDay, find_lunar_day


@pytest.mark.parametrize(
    ("day", "lunar"),
    [
        (date(2020, 1, 24), LunarDay(month=12, day=30)),  # 除夕
        (date(2020, 1, 25), LunarDay(month=1, day=1)),
        (date(2020, 3, 20), LunarDay(month=2, day=27)),
        (date(2020, 5, 22), LunarDay(month=4, day=30)),
        (date(2020, 5, 23), LunarDay(month=4, day=1, leap=True)),  # 闰四月
        (date(2027, 2, 11), LunarDay(month=1, day=6)),
    ],
)
def test_lunar_days(day: date, lunar: LunarDay) -> None:
    assert find_lunar_day(day) == lunar
