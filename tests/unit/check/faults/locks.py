"""What somebody fixed by hand and the plan does not do, or does not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from planner.model.locks import HeldLock, Lock, LockKind, LockState
from tests.unit.check.county import COACH, DAY_1, DAY_2, DIRECT
from tests.unit.check.faults.table import plants, with_campaign
from tests.unit.check.good_plan import good_draft

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan
    from tests.unit.check.faults.table import Broken


def lock(kind: LockKind, item: str, *, day: date | None = None, to: str = "") -> Lock:
    """A lock of the director's, to the last day."""
    return Lock(kind=kind, item=item, day=day, to=to, who="王主任", why="试验", until=DAY_2)


def locked(*held: Lock, state: LockState = LockState.KEPT) -> tuple[Campaign, Plan]:
    """The good plan under these locks, which it names."""
    draft = with_campaign(good_draft(), locks=held)
    entries = tuple(HeldLock(lock=entry, state=state) for entry in draft.campaign.locks)
    return draft.campaign, replace(draft.write(), locks=entries)


@plants("lock.listed")
def lock_that_the_plan_does_not_name() -> Broken:
    campaign, plan = locked(lock(LockKind.ROUTE, "1"))
    return campaign, replace(plan, locks=())


@plants("lock.listed")
def lock_named_twice() -> Broken:
    campaign, plan = locked(lock(LockKind.DEPARTURE, DIRECT, day=DAY_1))
    return campaign, replace(plan, locks=plan.locks * 2)


@plants("lock.listed")
def lock_that_nobody_made() -> Broken:
    campaign, plan = locked()
    stray = HeldLock(lock=lock(LockKind.FAIR, "f1", day=DAY_1), state=LockState.KEPT)
    return campaign, replace(plan, locks=(stray,))


@plants("lock.listed")
def lock_named_for_another_day() -> Broken:
    campaign, plan = locked(lock(LockKind.ROUTE, "1", day=DAY_1))
    other = replace(plan.locks[0], lock=lock(LockKind.ROUTE, "1"))
    return campaign, replace(plan, locks=(other,))


@plants("lock.departure")
def coach_on_another_day() -> Broken:
    return locked(lock(LockKind.DEPARTURE, DIRECT, day=DAY_2), state=LockState.OTHER_DAY)


@plants("lock.departure")
def coach_with_another_vehicle() -> Broken:
    return locked(lock(LockKind.DEPARTURE, DIRECT, to="t53#02"))


@plants("lock.departure")
def coach_that_does_not_go() -> Broken:
    return locked(lock(LockKind.DEPARTURE, "dg-0214-09", day=DAY_1))


@plants("lock.departure")
def vehicle_for_a_coach_that_was_given() -> Broken:
    return locked(lock(LockKind.DEPARTURE, COACH, to="t53#01"))


@plants("lock.route")
def run_by_another_vehicle() -> Broken:
    return locked(lock(LockKind.ROUTE, "1", to="a49#02"), state=LockState.OTHER_HOST)


@plants("lock.route")
def run_on_another_day() -> Broken:
    return locked(lock(LockKind.ROUTE, "1", day=DAY_2))


@plants("lock.route")
def run_that_is_not_driven() -> Broken:
    return locked(lock(LockKind.ROUTE, "99"), state=LockState.MISSING)


@plants("lock.route")
def run_that_is_no_number() -> Broken:
    return locked(lock(LockKind.ROUTE, "01"))


@plants("lock.told")
def run_that_nobody_was_told() -> Broken:
    return locked(lock(LockKind.ROUTE, "1", to="a49#01"), state=LockState.UNTOLD)


@plants("lock.told")
def run_that_calls_elsewhere() -> Broken:
    return locked(lock(LockKind.ROUTE, "1"), state=LockState.CHANGED)


@plants("lock.told")
def run_by_another_vehicle_than_was_told() -> Broken:
    return locked(lock(LockKind.ROUTE, "1"), state=LockState.OTHER_HOST)


@plants("lock.expired")
def lock_of_yesterday() -> Broken:
    return locked(lock(LockKind.ROUTE, "99"), state=LockState.EXPIRED)


@plants("lock.expired")
def lock_of_a_coach_of_yesterday() -> Broken:
    return locked(lock(LockKind.DEPARTURE, DIRECT, day=DAY_2), state=LockState.EXPIRED)
