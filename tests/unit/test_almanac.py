"""The calendar, day by day against two libraries that the product does not use, and by laws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.almanac import (
    Almanac,
    DayKind,
    LunarDay,
    OfficialDay,
    build_almanac,
    find_branch,
    find_lunar_day,
    find_missing_holidays,
    find_spring_festival,
    holds_market,
)
from planner.errors import NotFoundError
from planner.intake.vendored import official_holidays
from planner.model.holidays import Holiday, HolidayKind
from planner.model.markets import BRANCHES, HIGHEST, MarketRule, RuleKind
from planner.model.places import Place, PlaceId, PlaceKind
from tests.oracles.months import Told, read_days
from tests.unit.intake.sample import LONGSHAN, YANLONG, ZHUSHI, sample_campaign

SPAN = st.dates(date(1901, 1, 1), date(2099, 12, 31))
TOWN = PlaceId("430525107")


@cache
def told() -> tuple[Told, ...]:
    return tuple(read_days())


def rule(kind: RuleKind, *values: int, place: str = "竹市镇", also: bool = False) -> MarketRule:
    return MarketRule(place=place, kind=kind, values=values, also=also)


@st.composite
def rules(draw: st.DrawFn) -> MarketRule:
    kind = draw(st.sampled_from(RuleKind))
    return rule(kind, *draw(st.sets(st.integers(1, HIGHEST[kind]), min_size=1)))


def days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(number)


def test_lunar_dates_and_branches_2020_to_2035_are_those_of_two_other_libraries() -> None:
    assert [entry.day for entry in told()] == list(days(date(2020, 1, 1), date(2035, 12, 31)))
    for entry in told():
        lunar = LunarDay(month=entry.month, day=entry.of_month, leap=entry.leap)
        assert find_lunar_day(entry.day) == lunar, entry
        assert BRANCHES[find_branch(entry.day) - 1] == entry.branch, entry


def test_spring_festivals_2020_to_2035() -> None:
    begins = [entry.day for entry in told() if (entry.month, entry.of_month) == (1, 1)]
    assert [find_spring_festival(year) for year in range(2020, 2036)] == begins


@pytest.mark.parametrize(
    ("year", "day"), [(2025, "01-29"), (2026, "02-17"), (2027, "02-06"), (2028, "01-26")]
)
def test_spring_festival(year: int, day: str) -> None:
    assert f"{find_spring_festival(year):%m-%d}" == day


@given(SPAN)
def test_lunar_days_follow_each_other(day: date) -> None:
    today, tomorrow = find_lunar_day(day), find_lunar_day(day + timedelta(1))
    if tomorrow.day != 1:
        assert tomorrow == replace(today, day=today.day + 1)
    else:
        assert today.day in {29, 30}
        assert tomorrow.month in {today.month, today.month % 12 + 1}


@given(SPAN, st.integers(-5_000, 5_000))
def test_branches_go_round_in_twelve_days(day: date, passed: int) -> None:
    assert (find_branch(day + timedelta(passed)) - find_branch(day)) % 12 == passed % 12


@pytest.mark.parametrize("day", [date(1900, 1, 30), date(2101, 1, 29), date(2199, 12, 31)])
def test_a_day_beyond_the_almanac_is_not_found(day: date) -> None:
    with pytest.raises(NotFoundError):
        find_lunar_day(day)


def test_a_year_beyond_the_almanac_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        find_spring_festival(2101)


# Market days


@pytest.mark.parametrize(
    ("market", "day", "expected"),
    [
        (rule(RuleKind.SOLAR_TAIL, 1, 6), date(2027, 1, 31), True),
        (rule(RuleKind.SOLAR_TAIL, 1, 6), date(2027, 1, 30), False),
        (rule(RuleKind.SOLAR_TAIL, 5, 10), date(2027, 1, 30), True),
        (rule(RuleKind.LUNAR_TAIL, 3, 8), date(2027, 2, 13), True),  # 正月初八
        (rule(RuleKind.LUNAR_TAIL, 4, 9), date(2027, 2, 13), False),
        (rule(RuleKind.LUNAR_TAIL, 4, 9), date(2023, 3, 25), True),  # 闰二月初四: as in any month
        (rule(RuleKind.WEEKDAY, 7), date(2027, 2, 14), True),
        (rule(RuleKind.WEEKDAY, 1), date(2027, 2, 14), False),
        (rule(RuleKind.BRANCH_CYCLE, 1, 7), date(1949, 10, 1), True),  # 甲子
        (rule(RuleKind.BRANCH_CYCLE, 2, 8), date(1949, 10, 1), False),
    ],
)
def test_market_days(market: MarketRule, day: date, expected: bool) -> None:  # noqa: FBT001
    assert holds_market(market, day) is expected


def short_and_long_months() -> Iterator[tuple[list[date], int]]:
    """Whole lunar months of 2027 and their lengths, by the table."""
    months: defaultdict[date, list[date]] = defaultdict(list)
    for entry in told():
        if entry.day.year == 2027 or entry.day >= date(2026, 12, 1):
            months[entry.day - timedelta(entry.of_month - 1)].append(entry.day)
    for found in months.values():
        if found[0] >= date(2027, 1, 1) and found[-1] <= date(2027, 12, 31) and len(found) >= 29:
            yield found, len(found)


def test_a_short_month_has_no_thirtieth_and_loses_that_market() -> None:
    tens, fives = rule(RuleKind.LUNAR_TAIL, 10), rule(RuleKind.LUNAR_TAIL, 5, 10)
    lengths: set[int] = set()
    for found, length in short_and_long_months():
        lengths.add(length)
        assert [find_lunar_day(day).day for day in found if holds_market(tens, day)] == [10, 20, 30][
            : length - 27
        ]
        assert [find_lunar_day(day).day for day in found if holds_market(fives, day)] == [
            *(5, 10, 15, 20, 25, 30)
        ][: length - 24]
        after = next(day for day in days(found[-1] + timedelta(1), found[-1] + timedelta(9)))
        gap = next(day for day in days(after, after + timedelta(9)) if holds_market(fives, day)) - found[24]
        assert gap == timedelta(9 if length == 29 else 10)
    assert lengths == {29, 30}


@pytest.mark.parametrize(
    ("market", "short", "long"),
    [
        (rule(RuleKind.LUNAR_TAIL, 4, 9), 4, 5),  # 廿九 is in both: the next 初四 comes a day earlier
        (rule(RuleKind.LUNAR_TAIL, 1, 6), 4, 5),  # 廿六 to 初一
        (rule(RuleKind.LUNAR_TAIL, 2, 5, 8), 3, 4),  # 廿八 to 初二
    ],
)
def test_the_gap_over_the_end_of_a_short_month_is_a_day_less(
    market: MarketRule, short: int, long: int
) -> None:
    for found, length in short_and_long_months():
        last = max(day for day in found if holds_market(market, day))
        after = next(
            day for day in days(last + timedelta(1), last + timedelta(12)) if holds_market(market, day)
        )
        assert (after - last).days == (short if length == 29 else long)


@given(rules(), SPAN)
def test_a_rule_gives_as_many_markets_as_its_values_let_it(market: MarketRule, day: date) -> None:
    """Any 60 days in a row have each branch 5 times, each weekday 8 or 9, each digit about 6."""
    held = sum(holds_market(market, entry) for entry in days(day, day + timedelta(59)))
    low, high = {
        RuleKind.BRANCH_CYCLE: (5, 5),
        RuleKind.WEEKDAY: (8, 9),
        RuleKind.LUNAR_TAIL: (4, 7),
        RuleKind.SOLAR_TAIL: (4, 8),
    }[market.kind]
    assert low * len(market.values) <= held <= high * len(market.values)


@given(st.sampled_from(RuleKind), SPAN)
def test_all_values_together_make_every_day_a_market_and_each_day_has_one(kind: RuleKind, day: date) -> None:
    single = [holds_market(rule(kind, value), day) for value in range(1, HIGHEST[kind] + 1)]
    assert sum(single) == 1


@given(rules(), rules())
def test_contradiction_is_mutual_and_never_with_oneself(one: MarketRule, other: MarketRule) -> None:
    assert one.contradicts(other) == other.contradicts(one)
    assert not one.contradicts(one)
    assert one.contradicts(other) != one.agrees(other)
    assert not one.contradicts(replace(other, also=True))
    assert not one.contradicts(replace(other, place="石江镇"))


@pytest.mark.parametrize(
    ("kind", "values"),
    [(kind, bad) for kind in RuleKind for bad in ((), (0,), (1, HIGHEST[kind] + 1))],
)
def test_values_out_of_range_are_refused(kind: RuleKind, values: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=kind):
        rule(kind, *values)


def almanac_of(*markets: MarketRule, holidays: tuple[Holiday, ...] = ()) -> Almanac:
    town = Place(id=TOWN, kind=PlaceKind.TOWNSHIP, name="竹市镇", lat=27.1, lon=110.5)
    campaign = sample_campaign()
    return build_almanac(
        replace(campaign, places=(*campaign.places, town), markets=markets, holidays=holidays)
    )


def test_a_township_s_rule_holds_at_its_seat_and_in_its_villages() -> None:
    market = rule(RuleKind.LUNAR_TAIL, 3, 8)
    almanac = almanac_of(market)
    assert almanac.find_market(TOWN, date(2027, 2, 13)) == market
    assert almanac.find_market(ZHUSHI, date(2027, 2, 13)) == market
    assert almanac.find_market(ZHUSHI, date(2027, 2, 14)) is None
    assert almanac.find_market(LONGSHAN, date(2027, 2, 13)) is None
    assert almanac.find_market_days(ZHUSHI, first=date(2027, 2, 6), last=date(2027, 2, 18)) == (
        date(2027, 2, 8),
        date(2027, 2, 13),
        date(2027, 2, 18),
    )


def test_a_village_with_a_market_of_its_own_goes_by_that() -> None:
    own = rule(RuleKind.WEEKDAY, 6, place=YANLONG)
    almanac = almanac_of(own, rule(RuleKind.WEEKDAY, 7, place="大屋瑶族乡"))
    assert almanac.find_market(YANLONG, date(2027, 2, 13)) == own
    assert almanac.find_market(YANLONG, date(2027, 2, 14)) is None


def test_rules_that_contradict_each_other_are_not_used() -> None:
    every = tuple(range(1, 8))
    almanac = almanac_of(rule(RuleKind.WEEKDAY, *every), rule(RuleKind.BRANCH_CYCLE, 4, 10))
    assert almanac.disputed == {TOWN, ZHUSHI, PlaceId("430525107205")}
    assert almanac.find_market(TOWN, date(2027, 2, 13)) is None


def test_a_rule_that_holds_besides_another_is_used_as_well() -> None:
    sunday, fives = rule(RuleKind.WEEKDAY, 7), rule(RuleKind.SOLAR_TAIL, 5, also=True)
    almanac = almanac_of(sunday, fives)
    assert not almanac.disputed
    assert almanac.find_market(TOWN, date(2027, 2, 14)) == sunday
    assert almanac.find_market(TOWN, date(2027, 2, 15)) == fives
    assert almanac.find_market(TOWN, date(2027, 2, 16)) is None


def test_the_same_rule_twice_is_no_dispute() -> None:
    almanac = almanac_of(rule(RuleKind.WEEKDAY, 7), replace(rule(RuleKind.WEEKDAY, 7), source="2024"))
    assert not almanac.disputed
    assert almanac.find_market(TOWN, date(2027, 2, 14))


# Public holidays


@pytest.mark.parametrize(
    ("day", "kind", "name", "off"),
    [
        (date(2026, 1, 1), DayKind.HOLIDAY, "元旦", True),
        (date(2026, 1, 4), DayKind.MADE_UP, "元旦", False),
        (date(2026, 2, 14), DayKind.MADE_UP, "春节", False),
        (date(2026, 2, 15), DayKind.HOLIDAY, "春节", True),
        (date(2026, 2, 23), DayKind.HOLIDAY, "春节", True),
        (date(2026, 2, 24), DayKind.WORKING, "", False),
        (date(2026, 3, 1), DayKind.WEEKEND, "", True),
        (date(2026, 10, 10), DayKind.MADE_UP, "国庆节", False),
        (date(2027, 1, 1), DayKind.NOT_ANNOUNCED, "", None),
        (date(2027, 2, 6), DayKind.NOT_ANNOUNCED, "", None),
        (date(2027, 2, 13), DayKind.NOT_ANNOUNCED, "", None),
        (date(2020, 3, 20), DayKind.NOT_ANNOUNCED, "", None),
    ],
)
def test_official_days(day: date, kind: DayKind, name: str, off: bool | None) -> None:  # noqa: FBT001
    found = almanac_of().find_official(day)
    assert found == OfficialDay(kind=kind, name=name)
    assert found.off is off


def test_2026_has_33_days_off_and_six_that_are_worked() -> None:
    """As the notice sums them up: 3 + 9 + 3 + 5 + 3 + 3 + 7 days, and six weekend days worked."""
    by_kind: dict[HolidayKind, list[date]] = {kind: [] for kind in HolidayKind}
    for entry in official_holidays():
        by_kind[entry.kind] += entry.days
    assert len(by_kind[HolidayKind.HOLIDAY]) == len(set(by_kind[HolidayKind.HOLIDAY])) == 33
    assert len(by_kind[HolidayKind.WORKDAY]) == 6
    assert all(day.isoweekday() > 5 for day in by_kind[HolidayKind.WORKDAY])
    assert {day.year for found in by_kind.values() for day in found} == {2026}


def holiday(name: str, first: str, last: str = "", *, worked: bool = False) -> Holiday:
    return Holiday(
        name=name,
        kind=HolidayKind.WORKDAY if worked else HolidayKind.HOLIDAY,
        first_day=date.fromisoformat(first),
        last_day=date.fromisoformat(last or first),
    )


WHOLE_2027 = (  # made up: nothing was announced when this was written
    holiday("元旦", "2027-01-01"),
    holiday("春节", "2027-02-05", "2027-02-12"),
    holiday("春节", "2027-02-14", worked=True),
    holiday("劳动节", "2027-05-01"),
    holiday("端午节", "2027-06-09"),
    holiday("中秋节", "2027-09-15"),
    holiday("国庆节", "2027-10-01", "2027-10-07"),
)


def test_a_county_can_enter_the_next_year() -> None:
    almanac = almanac_of(holidays=WHOLE_2027)
    assert almanac.announced == {2026, 2027}
    assert almanac.find_official(date(2027, 2, 12)).kind is DayKind.HOLIDAY
    assert almanac.find_official(date(2027, 2, 13)).kind is DayKind.WEEKEND
    assert almanac.find_official(date(2027, 2, 14)).kind is DayKind.MADE_UP
    assert almanac.find_official(date(2027, 2, 15)).kind is DayKind.WORKING
    assert almanac.find_unannounced(date(2025, 12, 31), date(2028, 1, 1)) == (2025, 2028)


@pytest.mark.parametrize("left_out", range(len(WHOLE_2027)))
def test_a_year_entered_in_part_counts_as_not_announced(left_out: int) -> None:
    entered = WHOLE_2027[:left_out] + WHOLE_2027[left_out + 1 :]
    almanac = almanac_of(holidays=entered)
    worked = WHOLE_2027[left_out].kind is HolidayKind.WORKDAY
    assert (2027 in almanac.announced) is worked
    assert bool(find_missing_holidays(2027, entered)) is not worked


def test_a_local_holiday_is_known_even_where_its_year_is_not() -> None:
    almanac = almanac_of(holidays=(holiday("州庆", "2027-07-23"),))
    assert almanac.find_official(date(2027, 7, 23)) == OfficialDay(kind=DayKind.HOLIDAY, name="州庆")
    assert almanac.find_official(date(2027, 7, 24)).kind is DayKind.NOT_ANNOUNCED


def test_the_county_goes_before_the_official_table() -> None:
    almanac = almanac_of(holidays=(holiday("州庆", "2026-10-10"),))
    assert almanac.find_official(date(2026, 10, 10)).kind is DayKind.HOLIDAY


@given(st.integers(1901, 2099))
def test_what_is_missing_of_a_year_fills_it(year: int) -> None:
    missing = find_missing_holidays(year, ())
    entered = [Holiday(name="法定", kind=HolidayKind.HOLIDAY, first_day=day, last_day=day) for day in missing]
    assert len(missing) in {5, 6}  # 中秋 of 2020 was on 1 October
    assert find_missing_holidays(year, entered) == ()
    assert find_missing_holidays(year, entered[1:]) == missing[:1]
