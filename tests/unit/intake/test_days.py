"""markets.csv and holidays.csv: what people write, what is refused, what contradicts what."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.words import LOCALES, text
from planner.almanac import build_almanac, holds_market
from planner.demand import campaign_digest
from planner.errors import Issue, Severity
from planner.intake.codes import Code
from planner.intake.dayrows import MarketPlaces, parse_values, value_texts
from planner.intake.folder import load_campaign, save_campaign
from planner.model.campaign import Campaign
from planner.model.holidays import Holiday, HolidayKind
from planner.model.markets import HIGHEST, MarketRule, RuleKind
from planner.model.places import Place, PlaceId, PlaceKind
from tests.oracles.months import Told, read_days
from tests.unit.intake.sample import LONGSHAN, SHIJIANG, YANLONG, person, sample_campaign

SAMPLE = Path(__file__).parents[3] / "fixtures" / "geo" / "market_rules.csv"
MARKETS_HEAD = "place,rule_kind,values,also,source,note\n"
HOLIDAYS_HEAD = "name,kind,first_day,last_day,source,note\n"
LUNAR, SOLAR, WEEK, BRANCH = (
    RuleKind.LUNAR_TAIL,
    RuleKind.SOLAR_TAIL,
    RuleKind.WEEKDAY,
    RuleKind.BRANCH_CYCLE,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_campaign(sample_campaign(person(1)), tmp_path)
    return tmp_path


def load(folder: Path, file: str, rows: str) -> tuple[Campaign | None, list[Issue]]:
    head = MARKETS_HEAD if file == "markets.csv" else HOLIDAYS_HEAD
    (folder / file).write_text(head + rows, encoding="utf-8")
    campaign, issues = load_campaign(folder)
    return campaign, [entry for entry in issues if entry.where.file == file]


def brief(issues: list[Issue]) -> list[tuple[str, int, str]]:
    return [(entry.code, entry.where.row, entry.where.column) for entry in issues]


@pytest.mark.parametrize(
    ("kind", "written", "values"),
    [
        (LUNAR, "4|9", (4, 9)),
        (LUNAR, "9;4", (4, 9)),
        (LUNAR, "四、九", (4, 9)),
        (LUNAR, "逢四九", (4, 9)),
        (LUNAR, "逢五十", (5, 10)),
        (LUNAR, "5,10", (5, 10)),
        (LUNAR, "5 0", (5, 10)),
        (SOLAR, "1/6", (1, 6)),
        (SOLAR, "一四七", (1, 4, 7)),
        (WEEK, "7", (7,)),
        (WEEK, "日", (7,)),
        (WEEK, "周日", (7,)),
        (WEEK, "星期三、六", (3, 6)),
        (WEEK, "每周五", (5,)),
        (WEEK, "礼拜天", (7,)),
        (BRANCH, "辰;戌", (5, 11)),
        (BRANCH, "逢辰戌日", (5, 11)),
        (BRANCH, "子|午", (1, 7)),
    ],
)
def test_values_as_people_write_them(kind: RuleKind, written: str, values: tuple[int, ...]) -> None:
    assert parse_values(written, kind) == values


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (LUNAR, "16"),
        (LUNAR, "11"),
        (LUNAR, "-1"),
        (LUNAR, "初四"),
        (LUNAR, "辰"),
        (WEEK, "0"),
        (WEEK, "8"),
        (WEEK, "七"),
        (WEEK, "Fri"),
        (BRANCH, "1"),
        (BRANCH, "甲"),
        (BRANCH, "|"),
        (BRANCH, "日"),
        (SOLAR, "1.5"),
        (SOLAR, ""),
    ],
)
def test_values_that_mean_nothing_sure(kind: RuleKind, written: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_values(written, kind)


@given(st.sampled_from(RuleKind).flatmap(lambda kind: st.tuples(st.just(kind), st.text(max_size=6))))
def test_no_text_breaks_the_reading_of_values(case: tuple[RuleKind, str]) -> None:
    kind, written = case
    try:
        values = parse_values(written, kind)
    except ValueError:
        return
    rule = MarketRule(place="x", kind=kind, values=values)
    assert parse_values("|".join(value_texts(rule)), kind) == values


@given(
    st.sampled_from(RuleKind).flatmap(
        lambda kind: st.tuples(st.just(kind), st.sets(st.integers(1, HIGHEST[kind]), min_size=1))
    )
)
def test_values_are_written_as_they_are_read(case: tuple[RuleKind, set[int]]) -> None:
    rule = MarketRule(place="x", kind=case[0], values=tuple(case[1]))
    assert parse_values("|".join(value_texts(rule)), rule.kind) == rule.values


def town(place_id: str, name: str, *aliases: str) -> Place:
    return Place(
        id=PlaceId(place_id), kind=PlaceKind.TOWNSHIP, name=name, aliases=aliases, lat=27.1, lon=110.5
    )


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("竹市镇", ("竹市镇",)),
        ("竹市", ("竹市镇",)),
        (" 竹 市 鎮 ", ("竹市镇",)),
        ("大屋", ("大屋瑶族乡",)),
        ("430525999", ("新设镇",)),
        ("老场", ("新设镇",)),
        ("竹市(竹市镇)", ("竹市镇",)),
        ("岩龙村", (YANLONG,)),
        (YANLONG, (YANLONG,)),
        ("洞口站", ("dkz",)),
        ("没有的地方", ()),
        ("竹市/石江", ()),
        ("红旗村", ("石江镇红旗村", "竹市镇红旗村")),
        ("竹市(石江)", ("石江镇", "竹市镇")),
    ],
)
def test_whose_market_is_meant(written: str, found: tuple[str, ...]) -> None:
    places = (*sample_campaign().places, town("430525999", "新设镇", "老场"))
    assert MarketPlaces(places).find(written) == found


def test_markets_and_holidays_survive_saving(tmp_path: Path) -> None:
    markets = (
        MarketRule(place="竹市镇", kind=LUNAR, values=(5, 10), source="县志,第3页", note='"大场"'),
        MarketRule(place="竹市镇", kind=BRANCH, values=(5, 11), also=True),
        MarketRule(place=YANLONG, kind=WEEK, values=(7,)),
    )
    holidays = (
        Holiday(
            name="州庆",
            kind=HolidayKind.HOLIDAY,
            first_day=date(2026, 7, 23),
            last_day=date(2026, 7, 24),
            source="县政府办",
        ),
        Holiday(
            name="州庆", kind=HolidayKind.WORKDAY, first_day=date(2026, 7, 25), last_day=date(2026, 7, 25)
        ),
    )
    campaign = replace(sample_campaign(person(1)), markets=markets[::-1], holidays=holidays[::-1])
    assert replace(campaign, markets=markets, holidays=holidays) == campaign
    assert campaign.holidays == holidays
    save_campaign(campaign, tmp_path)
    loaded, issues = load_campaign(tmp_path)
    assert loaded == campaign
    assert issues == ()
    written = (tmp_path / "markets.csv").read_bytes()
    save_campaign(replace(campaign, markets=markets, holidays=holidays), tmp_path)
    assert (tmp_path / "markets.csv").read_bytes() == written
    save_campaign(sample_campaign(person(1)), tmp_path)
    assert not (tmp_path / "markets.csv").exists()
    assert not (tmp_path / "holidays.csv").exists()


def test_a_plan_is_tied_to_the_days_but_not_to_where_they_are_from() -> None:
    rule = MarketRule(place="竹市镇", kind=LUNAR, values=(5, 10))
    day = Holiday(
        name="州庆", kind=HolidayKind.HOLIDAY, first_day=date(2027, 7, 23), last_day=date(2027, 7, 23)
    )
    campaign = replace(sample_campaign(), markets=(rule,), holidays=(day,))
    same = replace(campaign, markets=(replace(rule, note="x"),), holidays=(replace(day, source="x"),))
    assert campaign_digest(same) == campaign_digest(campaign)
    for other in (
        replace(campaign, markets=(replace(rule, values=(5,)),)),
        replace(campaign, markets=(replace(rule, also=True),)),
        replace(campaign, holidays=()),
    ):
        assert campaign_digest(other) != campaign_digest(campaign)


MARKET_FAULTS: list[tuple[str, list[tuple[str, int, str]]]] = [
    ("竹市,lunar_tail,四九,,,\n", []),
    ("竹市,lunar_tail,,,,\n", [(Code.CELL_EMPTY, 2, "values")]),
    (",lunar_tail,4,,,\n", [(Code.CELL_EMPTY, 2, "place")]),
    ("竹市,,4,,,\n", [(Code.CELL_EMPTY, 2, "rule_kind")]),
    ("竹市,农历,4,,,\n", [(Code.CELL_NOT_CHOICE, 2, "rule_kind")]),
    ("竹市,lunar_tail,16,,,\n", [(Code.MARKETS_VALUES, 2, "values")]),
    ("竹市,branch_cycle,5|11,,,\n", [(Code.MARKETS_VALUES, 2, "values")]),
    ("竹市,lunar_tail,4,x,,\n", [(Code.CELL_NOT_FLAG, 2, "also")]),
    ("桃源,lunar_tail,4,,,\n", [(Code.MARKETS_UNKNOWN_PLACE, 2, "place")]),
    ("红旗村,lunar_tail,4,,,\n", [(Code.MARKETS_AMBIGUOUS_PLACE, 2, "place")]),
    ("竹市,lunar_tail,4|9,,,\n竹市镇,lunar_tail,九四,,,\n", [(Code.MARKETS_DUPLICATE, 3, "place")]),
    ("竹市,lunar_tail,4|9,,,\n竹市镇,lunar_tail,4,,,\n", [(Code.MARKETS_CONFLICT, 3, "values")]),
    ("竹市,lunar_tail,4|9,,,\n竹市镇,weekday,7,,,\n", [(Code.MARKETS_CONFLICT, 3, "values")]),
    ("竹市,lunar_tail,4|9,,,\n竹市镇,weekday,7,1,,\n", []),
    ("竹市,lunar_tail,4|9,,,\n石江,weekday,7,,,\n", []),
    (
        "桃源,lunar_tail,4,,,\n桃源,weekday,7,,,\n",
        [(Code.MARKETS_UNKNOWN_PLACE, 2, "place"), (Code.MARKETS_UNKNOWN_PLACE, 3, "place")],
    ),
    ("竹市,lunar_tail,,,,\n竹市,weekday,7,,,\n", [(Code.CELL_EMPTY, 2, "values")]),
]


@pytest.mark.parametrize(("rows", "expected"), MARKET_FAULTS)
def test_rows_of_markets(folder: Path, rows: str, expected: list[tuple[str, int, str]]) -> None:
    campaign, issues = load(folder, "markets.csv", rows)
    assert brief(issues) == expected
    assert (campaign is None) == any(entry.severity is Severity.ERROR for entry in issues)


HOLIDAY_FAULTS: list[tuple[str, list[tuple[str, int, str]]]] = [
    ("州庆,holiday,2026-07-23,,,\n", []),
    ("州庆,holiday,2026-07-24,2026-07-23,,\n", [(Code.HOLIDAYS_SPAN, 2, "last_day")]),
    ("州庆,holiday,2026-07-23,2027-07-23,,\n", [(Code.HOLIDAYS_SPAN, 2, "last_day")]),
    ("州庆,holiday,2150-07-23,2150-07-23,,\n", [(Code.HOLIDAYS_SPAN, 2, "last_day")]),
    ("春节,holiday,2026-02-15,,,\n", []),
    (
        "甲,holiday,2026-07-23,,,\n乙,holiday,2026-07-24,,,\n丙,holiday,2026-07-22,2026-07-26,,\n",
        [(Code.HOLIDAYS_DUPLICATE, 4, "first_day")] * 2,
    ),
    ("州庆,off,2026-07-23,,,\n", [(Code.CELL_NOT_CHOICE, 2, "kind")]),
    ("州庆,holiday,下周,,,\n", [(Code.CELL_NOT_DATE, 2, "first_day")]),
    ("州庆,workday,2026-07-23,,,\n", [(Code.HOLIDAYS_WORKED_WEEKDAY, 2, "first_day")]),
    ("国庆,workday,2026-10-01,,,\n", [
        (Code.HOLIDAYS_AGAINST_OFFICIAL, 2, "first_day"),
        (Code.HOLIDAYS_WORKED_WEEKDAY, 2, "first_day"),
    ]),
    ("州庆,holiday,2026-07-24,2026-07-26,,\n州庆,workday,2026-07-25,,,\n",
     [(Code.HOLIDAYS_CONFLICT, 3, "first_day")]),
    ("州庆,holiday,2026-07-24,2026-07-26,,\n建州节,holiday,2026-07-26,,,\n",
     [(Code.HOLIDAYS_DUPLICATE, 3, "first_day")]),
    ("元旦,holiday,2027-01-01,,,\n春节,holiday,2027-02-06,2027-02-12,,\n", [(Code.HOLIDAYS_PART, 2, "")]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), HOLIDAY_FAULTS)
def test_rows_of_holidays(folder: Path, rows: str, expected: list[tuple[str, int, str]]) -> None:
    campaign, issues = load(folder, "holidays.csv", rows)
    assert brief(issues) == expected
    assert (campaign is None) == any(entry.severity is Severity.ERROR for entry in issues)


def test_a_part_of_a_year_is_named_with_what_it_lacks(folder: Path) -> None:
    _, issues = load(folder, "holidays.csv", "春节,holiday,2027-02-06,2027-02-12,,\n")
    assert issues[0].args == {"year": 2027, "missing": "01-01 05-01 06-09 09-15 10-01"}


# The sample of real rules, day by day through 2027


def sample_rows() -> list[tuple[str, str, str]]:
    """Place, kind and values of each rule, a place a row."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(place, row["rule_kind"], row["values"]) for row in rows for place in row["places"].split("/")]


TOWNS = "仁里 平阳 忠诚 古州 乐里 八开 朗洞 小渡口 栀岗 秀坪 花数 白云桥 磺厂 牌楼岗 双溪 江垭 许家坊"
OTHERS = "两汪乡 寨蒿镇 栽麻镇 平永镇 定威乡 平江镇 兴华乡"
SEATS = (*re.sub(r"(?= |$)", "镇", TOWNS).split(), *OTHERS.split())
"""The sample's places, each with a kind as official names have: both 八开 and 八开镇 must find 八开镇."""


def sample_folder(folder: Path) -> tuple[Campaign, list[Issue]]:
    places = [
        town(f"9{number:08d}", name, *(["城关"] if name == "古州镇" else []))
        for number, name in enumerate(SEATS)
    ]
    campaign = sample_campaign(person(1))
    save_campaign(replace(campaign, places=(*campaign.places, *places)), folder)
    rows = "".join(f"{place},{kind},{values},,sample,\n" for place, kind, values in sample_rows())
    loaded, issues = load(folder, "markets.csv", rows)
    assert loaded is not None
    return loaded, issues


def by_hand(kind: str, values: str, day: Told) -> bool:
    """Whether a rule of the sample holds on a day, by the table of the two libraries alone."""
    if kind == "branch_cycle":
        return day.branch in values
    shown = {"weekday": day.day.isoweekday(), "lunar_tail": day.of_month % 10, "solar_tail": day.day.day % 10}
    return shown[kind] in {int(value) % 10 for value in values.split(";")}


def days_2027() -> Iterator[Told]:
    return (entry for entry in read_days() if entry.day.year == 2027)


def test_the_sample_holds_day_by_day_through_2027(tmp_path: Path) -> None:
    campaign, _ = sample_folder(tmp_path)
    almanac = build_almanac(campaign)
    finder = MarketPlaces(campaign.places)
    ids = {place.name: place.id for place in campaign.places}
    rules = {(rule.place, rule.kind.value): rule for rule in campaign.markets}
    held: Counter[str] = Counter()
    for place, kind, values in sample_rows():
        (name,) = finder.find(place)
        for entry in days_2027():
            expected = by_hand(kind, values, entry)
            assert holds_market(rules[name, kind], entry.day) == expected, (place, entry)
            found = almanac.find_market(ids[name], entry.day)
            assert found == (rules[name, kind] if expected and name != "八开镇" else None)
            held[kind] += expected
    assert sum(1 for _ in days_2027()) == 365
    assert held["weekday"] == 10 * 52 + 1  # a Friday comes 53 times
    assert held["branch_cycle"] == 5 * 61 - 1
    assert held["solar_tail"] == 2 * (12 * 6 + 7) + (12 * 9 + 7)  # 31sts end in 1


def test_the_place_of_the_sample_with_two_rules_is_reported_with_both_rows(tmp_path: Path) -> None:
    campaign, issues = sample_folder(tmp_path)
    first, second = (number for number, row in enumerate(sample_rows(), start=2) if row[0].startswith("八开"))
    assert brief(issues) == [(Code.MARKETS_CONFLICT, second, "values")]
    assert issues[0].args == {
        "id": "八开镇",
        "first_row": first,
        "rule": "branch_cycle 卯|酉",
        "other": "weekday 7",
    }
    disputed = build_almanac(campaign).disputed
    assert [place.name for place in campaign.places if place.id in disputed] == ["八开镇"]
    for locale in LOCALES:
        said = text(issues[0].code, locale=locale, **issues[0].args)
        assert f"{first}" in said
        assert "八开镇" in said


def test_markets_of_unknown_places_do_no_harm(folder: Path) -> None:
    campaign, _ = load(folder, "markets.csv", "桃源,weekday,1|2|3|4|5|6|7,,,\n")
    assert campaign is not None
    almanac = build_almanac(campaign)
    assert [almanac.find_market(place, date(2027, 2, 13)) for place in (LONGSHAN, SHIJIANG)] == [None, None]
