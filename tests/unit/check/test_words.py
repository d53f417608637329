"""Every rule has words in every language, and every figure they ask for is given."""

from __future__ import annotations

import pytest

from exports.words import LOCALES, load_catalogue, placeholders, text
from planner.check import RULES, check_plan
from tests.unit.check.faults import FAULTS, Fault


def _sentence(rule: str, *, locale: str = "zh_CN") -> str:
    fault = next(fault for fault in FAULTS if fault.rule == rule)
    violation = check_plan(*fault.plant())[0]
    return text(f"rule.{rule}", locale=locale, **violation.args)


@pytest.mark.parametrize("locale", LOCALES)
def test_words_and_rules_are_the_same_set(locale: str) -> None:
    worded = {key.removeprefix("rule.") for key in load_catalogue(locale) if key.startswith("rule.")}
    assert worded == {rule.name for rule in RULES}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.rule}-{fault.what}")
def test_each_violation_gives_the_figures_its_words_ask_for(fault: Fault) -> None:
    asked = {
        name for locale in LOCALES for name in placeholders(load_catalogue(locale)[f"rule.{fault.rule}"])
    }
    for violation in check_plan(*fault.plant()):
        assert asked <= violation.args.keys()
        assert None not in violation.args.values()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.rule}-{fault.what}")
def test_a_rule_gives_the_same_figures_whatever_broke_it(fault: Fault) -> None:
    first = next(other for other in FAULTS if other.rule == fault.rule)
    usual = check_plan(*first.plant())[0].args.keys()
    assert {frozenset(violation.args) for violation in check_plan(*fault.plant())} == {frozenset(usual)}


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        (
            "seats.capacity",
            "3 号车（b19#01）最多坐 18 人，到四村已超，共 22 人。减 4 人，或换大车。",
            "Bus 3 (b19#01) seats 18; past that at 四村, 22 in all. Take 4 off, or send a larger vehicle.",
        ),
        (
            "fleet.turnround",
            "a49#01 跑 1 号车 09:00 到站，3 号车 09:10:42 出发，不足 20 分。晚发 10 分即可。",
            "a49#01 ends bus 1 at 09:00, starts bus 3 at 09:10:42: less than 20 min. Leave 10 min later.",
        ),
        (
            "road.class",
            "2 号车（49座客车）不许走城南车场到窄路村的路。能走的车：19座客车。",
            "Bus 2 (49座客车) may not use the roads from 城南车场 to 窄路村. What may: 19座客车.",
        ),
        (
            "time.ride",
            "6 号车在远村上的人要坐 96 分，超过 60 分。请减站或另派车，省 36 分。",
            "From 远村 bus 6 takes 96 min, limit 60. Drop a call or send another vehicle: 36 min less.",
        ),
        (
            "hours.continuous",
            "far#01 连续驾驶 4:01，超过 4:00。4 号车到二村前休息 20 分即可。",
            "far#01 is driven 4:01 without a rest, limit 4:00. Rest 20 min on bus 4 before 二村.",
        ),
        (
            "departure.quota",
            "G1 有 11 张票，排了 32 人。减 21 人，或加 21 张票。",
            "G1 has 11 tickets for 32 people. Take 21 off, or book 21 more.",
        ),
    ],
)
def test_what_a_planner_reads(rule: str, zh: str, en: str) -> None:
    assert (_sentence(rule), _sentence(rule, locale="en")) == (zh, en)
