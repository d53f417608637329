"""Every rule has words in every language, and every figure they ask for is given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from exports.words import LOCALES, load_catalogue, placeholders, text
from planner.check import RULES, check_plan
from tests.unit.check.faults import FAULTS, Fault


def _sentence(rule: str, *, locale: str = "zh_CN") -> str:
    fault = next(fault for fault in FAULTS if fault.rule == rule)
    violation = check_plan(*fault.plant(), for_issue=True)[0]
    words = text(f"rule.{rule}", locale=locale, **violation.args)
    return re.sub("[0-9a-f]{12}", "0123456789ab", words)  # a digest says nothing here


@pytest.mark.parametrize("locale", LOCALES)
def test_words_and_rules_are_the_same_set(locale: str) -> None:
    worded = {key.removeprefix("rule.") for key in load_catalogue(locale) if key.startswith("rule.")}
    assert worded == {rule.name for rule in RULES}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.rule}-{fault.what}")
def test_each_violation_gives_the_figures_its_words_ask_for(fault: Fault) -> None:
    asked = {
        name for locale in LOCALES for name in placeholders(load_catalogue(locale)[f"rule.{fault.rule}"])
    }
    for violation in check_plan(*fault.plant(), for_issue=True):
        assert asked <= violation.args.keys()
        assert None not in violation.args.values()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.rule}-{fault.what}")
def test_a_rule_gives_the_same_figures_whatever_broke_it(fault: Fault) -> None:
    first = next(other for other in FAULTS if other.rule == fault.rule)
    usual = check_plan(*first.plant(), for_issue=True)[0].args.keys()
    assert {frozenset(violation.args) for violation in check_plan(*fault.plant(), for_issue=True)} == {
        frozenset(usual)
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_what_a_planner_reads(locale: str, pytestconfig: pytest.Config) -> None:
    """Hold every sentence, figures filled in, to a file that people can read through."""
    lines = [f"{rule.name}: {_sentence(rule.name, locale=locale)}\n" for rule in RULES]
    golden = Path(__file__).parent / f"sentences.{locale}.txt"
    if pytestconfig.getoption("--update-golden", default=False):
        golden.write_text("".join(lines), encoding="utf-8")
    assert lines == golden.read_text(encoding="utf-8").splitlines(keepends=True)
