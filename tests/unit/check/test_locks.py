"""Which locks a plan is judged by: none that was over when it was made, nor one that is over today."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from planner.check import check_plan
from planner.decisions import binding_locks
from planner.model.locks import HeldLock, LockKind, LockState
from tests.unit.check.faults import FAULTS

if TYPE_CHECKING:
    from tests.unit.check.faults.table import Fault

_RULES = ("lock.departure", "lock.route", "lock.told", "fair.lock", "visit.lock", "visit.lock_left")


def _by_rule(rule: str) -> list[Fault]:
    return [fault for fault in FAULTS if fault.rule == rule]


@pytest.mark.parametrize("rule", _RULES)
def test_a_lock_that_ended_after_the_plan_was_made_binds_no_more(rule: str) -> None:
    for fault in _by_rule(rule):
        campaign, plan = fault.plant()
        last = max(lock.until for lock in campaign.locks)
        for days, said in ((0, True), (1, False)):
            now = replace(campaign, today=last + timedelta(days=days))
            found = {violation.rule for violation in check_plan(now, plan)}
            assert (rule in found) is said, fault.what


@pytest.mark.parametrize("rule", _RULES)
def test_a_lock_that_was_over_when_the_plan_was_made_never_bound_it(rule: str) -> None:
    for fault in _by_rule(rule):
        campaign, plan = fault.plant()
        over = tuple(HeldLock(lock=lock, state=LockState.EXPIRED) for lock in campaign.locks)
        plan = replace(plan, locks=over)
        assert rule not in {violation.rule for violation in check_plan(campaign, plan)}, fault.what
        assert [binding_locks(campaign, plan, kind=kind) for kind in LockKind] == [{}] * len(LockKind)
