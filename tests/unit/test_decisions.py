"""Locks hold until their last day, and without a today for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fixtures.making import fairday
from planner.decisions import standing_locks
from planner.model.fairs import Available
from planner.model.locks import LockKind
from planner.model.tours import NeedId, split_visit_id, visit_id

FAIRS = fairday.build()


def test_a_lock_holds_through_its_last_day() -> None:
    lock = FAIRS.locks[0]
    assert standing_locks(FAIRS, LockKind.VISIT) == {"n2-1": lock}
    assert standing_locks(FAIRS, LockKind.VISIT, today=date(2027, 1, 14)) == {"n2-1": lock}
    assert standing_locks(FAIRS, LockKind.VISIT, today=date(2027, 1, 15)) == {}
    assert standing_locks(FAIRS, LockKind.FAIR) == {}


def test_of_two_locks_the_one_that_holds_longest_counts() -> None:
    longer = replace(FAIRS.locks[0], day=date(2027, 1, 21), until=date(2027, 1, 21))
    for locks in ((FAIRS.locks[0], longer), (longer, FAIRS.locks[0])):
        assert standing_locks(replace(FAIRS, locks=locks), LockKind.VISIT) == {"n2-1": longer}


def test_days_on_which_something_can_be_used() -> None:
    sundays = Available(
        first_day=date(2027, 1, 10), last_day=date(2027, 1, 31), weekdays=(7,), closed=(date(2027, 1, 17),)
    )
    open_days = [day for day in range(1, 32) if sundays.is_open(date(2027, 1, day))]
    assert open_days == [10, 24, 31]
    assert Available().is_open(date(2027, 1, 1))


def test_visits_are_named_after_their_need() -> None:
    assert visit_id(NeedId("n-1"), 2) == "n-1-2"
    assert split_visit_id("n-1-2") == ("n-1", 2)
    assert split_visit_id("n") == ("", 0)
