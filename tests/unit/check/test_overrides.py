"""What a named person may let stand, what nobody may, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from planner.check import RULES, active_overrides, check_plan
from planner.errors import Severity
from tests.unit.check.county import DAY_1, DAY_2, DIRECT, POOLED
from tests.unit.check.faults import FAULTS
from tests.unit.check.faults.driving import somebody_takes_over_on_the_way
from tests.unit.check.faults.papers import with_crew, with_override
from tests.unit.check.faults.table import with_trunk
from tests.unit.check.faults.trunk import with_kind
from tests.unit.check.good_plan import good_draft

if TYPE_CHECKING:
    from planner.model.plan import Violation
    from tests.unit.check.good_plan import Draft

_HARD = {
    *("driving.day_spell", "driving.night_spell", "driving.daily", "driving.weekly", "driving.mountain"),
    *("driving.standstill", "driving.two_drivers", "trunk.seats", "paper.contract"),
}
"""Domain R1-R6, R9, R11, C1."""
_EVE = date(2027, 2, 13)


def _judge(draft: Draft) -> tuple[Violation, ...]:
    return check_plan(draft.campaign, draft.write(), for_issue=True)


def _weights(draft: Draft, *, rule: str) -> dict[str, Severity]:
    return {found.where.item: found.severity for found in _judge(draft) if found.rule == rule}


def _from_elsewhere() -> Draft:
    return with_crew(good_draft(), registered="凯里")


def _thin() -> Draft:
    """Both coaches are emptier than the county wants."""
    return with_trunk(good_draft(), least_heads=20)


def _without_a_seat() -> Draft:
    return with_kind(good_draft(), rated_seats=11)


@pytest.mark.parametrize(
    ("draft", "rule"),
    [(_from_elsewhere(), "charter.home"), (_thin(), "trunk.least"), (_without_a_seat(), "trunk.children")],
    ids=["home", "least", "children"],
)
def test_what_may_be_waived_becomes_a_notice_that_says_who_and_why(draft: Draft, rule: str) -> None:
    before = _judge(draft)
    after = _judge(with_override(draft, rule))
    assert {found.rule for found in before} == {rule}
    assert Severity.NOTICE not in {found.severity for found in before}
    assert [found.where for found in after] == [found.where for found in before]
    assert {found.severity for found in after} == {Severity.NOTICE}
    for found in after:
        assert (found.args["who"], found.args["why"]) == ("王主任", "试验")
        assert found.args["until"] == DAY_2.isoformat()


def test_a_relay_may_be_waived() -> None:
    _, plan = somebody_takes_over_on_the_way.plant()
    draft = with_override(good_draft(), "driving.relay", item=DIRECT)
    (found,) = check_plan(draft.campaign, plan)
    assert (found.rule, found.severity) == ("driving.relay", Severity.NOTICE)


def test_an_override_is_for_what_it_names() -> None:
    found = _weights(with_override(_thin(), "trunk.least", item=POOLED), rule="trunk.least")
    assert found == {DIRECT: Severity.WARNING, POOLED: Severity.NOTICE}


def test_an_override_is_of_the_rule_it_names() -> None:
    found = _judge(with_override(_from_elsewhere(), "trunk.least"))
    assert {entry.severity for entry in found} == {Severity.ERROR}


@pytest.mark.parametrize(
    ("until", "direct", "pooled"),
    [
        (_EVE, Severity.ERROR, Severity.ERROR),
        (DAY_1, Severity.NOTICE, Severity.ERROR),
        (DAY_2, Severity.NOTICE, Severity.NOTICE),
    ],
)
def test_an_override_for_all_holds_for_coaches_up_to_its_last_day(
    until: date, direct: Severity, pooled: Severity
) -> None:
    draft = with_override(_from_elsewhere(), "charter.home", until=until)
    assert _weights(draft, rule="charter.home") == {DIRECT: direct, POOLED: pooled}
    expired = _weights(draft, rule="override.expired")
    assert expired == ({"*": Severity.WARNING} if until == _EVE else {})


def test_an_override_that_has_run_out_is_reported_and_the_finding_stays() -> None:
    draft = with_override(_from_elsewhere(), "charter.home", item=POOLED, until=DAY_1)
    assert {(found.rule, found.where.item, found.severity) for found in _judge(draft)} == {
        ("charter.home", DIRECT, Severity.ERROR),
        ("charter.home", POOLED, Severity.ERROR),
        ("override.expired", POOLED, Severity.WARNING),
    }


def test_of_two_overrides_the_one_that_holds_counts() -> None:
    draft = with_override(_from_elsewhere(), "charter.home", item=POOLED, until=DAY_1)
    draft = with_override(draft, "charter.home", until=DAY_2)
    assert set(_weights(draft, rule="charter.home").values()) == {Severity.NOTICE}


def test_nobody_waives_the_law() -> None:
    hard = [fault for fault in FAULTS if fault.rule in _HARD]
    assert {fault.rule for fault in hard} == _HARD
    for fault in hard:
        campaign, plan = fault.plant()
        draft = with_override(replace(good_draft(), campaign=campaign), fault.rule)
        found = check_plan(draft.campaign, plan, for_issue=True)
        assert {(entry.rule, entry.severity) for entry in found} == {
            (fault.rule, Severity.ERROR),
            ("override.hard", Severity.WARNING),
        }


def test_every_other_rule_is_hard() -> None:
    draft = good_draft()
    for rule in RULES:
        draft = with_override(draft, rule.name)
    reported = {str(found.args["rule"]) for found in _judge(draft) if found.rule == "override.hard"}
    unknown = {str(found.args["rule"]) for found in _judge(draft) if found.rule == "override.unknown"}
    assert reported | unknown == {rule.name for rule in RULES if not rule.waivable}
    assert unknown == {"override.unknown", "override.hard", "override.expired"}


def test_active_overrides_are_what_is_printed_with_the_plan() -> None:
    draft = with_override(_thin(), "trunk.least", item=DIRECT)
    draft = with_override(draft, "charter.home")
    (allowed,) = active_overrides(draft.campaign, draft.write())
    assert (allowed.override.rule, allowed.override.item) == ("trunk.least", DIRECT)
    assert allowed.violation in _judge(draft)
    assert allowed.violation.args["who"] == "王主任"


def test_without_overrides_nothing_is_printed() -> None:
    draft = _from_elsewhere()
    assert active_overrides(draft.campaign, draft.write()) == ()
