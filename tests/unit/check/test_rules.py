"""Every rule, proved by planted faults: the one that is broken speaks, and no other."""

from __future__ import annotations

from collections import Counter

import pytest

from planner.check import RULES, check_plan
from planner.demand import campaign_digest
from planner.errors import Severity
from tests.builders import tiny_campaign, tiny_plan
from tests.unit.check.faults import FAULTS, Fault
from tests.unit.check.good_plan import good_draft


def _label(fault: Fault) -> str:
    return f"{fault.rule}-{fault.what}"


def test_the_good_plan_breaks_no_rule() -> None:
    draft = good_draft()
    assert check_plan(draft.campaign, draft.write(), for_issue=True) == ()


def test_the_plan_written_by_hand_for_tiny_breaks_no_rule() -> None:
    campaign = tiny_campaign()
    assert check_plan(campaign, tiny_plan(campaign_digest=campaign_digest(campaign))) == ()


@pytest.mark.parametrize("fault", FAULTS, ids=_label)
def test_only_the_broken_rule_speaks(fault: Fault) -> None:
    campaign, plan = fault.plant()
    violations = check_plan(campaign, plan, for_issue=True)
    assert {violation.rule for violation in violations} == {fault.rule}
    assert all(violation.where.item and violation.args for violation in violations)


@pytest.mark.parametrize("fault", FAULTS, ids=_label)
def test_without_the_rule_the_fault_goes_unnoticed(fault: Fault) -> None:
    others = [rule for rule in RULES if rule.name != fault.rule]
    assert len(others) == len(RULES) - 1
    assert check_plan(*fault.plant(), rules=others, for_issue=True) == ()


def test_every_rule_has_a_planted_fault() -> None:
    assert {rule.name for rule in RULES} == {fault.rule for fault in FAULTS}


def test_rule_names_and_functions_are_used_once() -> None:
    assert set(Counter(rule.name for rule in RULES).values()) == {1}
    assert set(Counter(rule.find for rule in RULES).values()) == {1}


def test_every_rule_says_what_it_requires() -> None:
    assert all((rule.find.__doc__ or "").startswith("Require that ") for rule in RULES)


def test_a_violation_carries_the_clause_of_its_rule() -> None:
    by_name = {fault.rule: fault for fault in FAULTS}
    clauses = {rule.name: rule.clause for rule in RULES if rule.clause}
    assert {"seats.capacity", "departure.quota", "hours.continuous", "hours.day"} <= clauses.keys()
    for name, clause in clauses.items():
        assert {violation.clause for violation in check_plan(*by_name[name].plant(), for_issue=True)} == {
            clause
        }


_SEATS = {"seat.child", "seat.accessible"}
_OVERRIDES = {"override.unknown", "override.hard", "override.expired"}
_LOCKS = {"lock.departure", "lock.route", "lock.told", "lock.expired"}
_WARNINGS = {
    *_SEATS,
    *_OVERRIDES,
    *_LOCKS,
    "trunk.least",
    "paper.stray",
    "match.planned",
    "fair.planned",
    "fair.lock",
    "fair.announced",
    "fair.empty",
    "visit.planned",
    "visit.lock_left",
}


def test_all_rules_are_errors_but_a_few() -> None:
    assert {rule.name for rule in RULES if rule.severity is not Severity.ERROR} == _WARNINGS
    assert {rule.severity for rule in RULES} == {Severity.ERROR, Severity.WARNING}


def test_who_allows_what() -> None:
    assert {rule.name for rule in RULES if rule.waivable} == {
        "trunk.least",
        "trunk.children",
        "charter.home",
        "driving.relay",
        *_SEATS,
    }


def test_papers_bind_when_a_plan_is_issued_and_not_before() -> None:
    papers = {rule.name for rule in RULES if rule.for_issue}
    assert papers == {rule.name for rule in RULES if rule.name.startswith("paper.")}
    for fault in FAULTS:
        if fault.rule in papers:
            assert check_plan(*fault.plant()) == ()
