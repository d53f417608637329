"""Faults on the way from the departure to the dormitory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.unit.check.county import MORNING, person
from tests.unit.check.faults.table import ghost, plants
from tests.unit.check.good_plan import clock, people
from tests.unit.check.handover_plan import SHOES, handover_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.model.trunk import Handover
    from tests.unit.check.faults.table import Broken


def _with(change: Callable[[Handover], tuple[Handover, ...]]) -> Broken:
    campaign, plan = handover_plan()
    return campaign, replace(plan, handovers=tuple(new for old in plan.handovers for new in change(old)))


def _changed(number: int, **changes: Any) -> Broken:
    """Change the handover of registration ``number`` and nothing else."""
    return _with(lambda old: (replace(old, **changes) if person(number) in old.registration_ids else old,))


def _moved(number: int, by_s: int, **changes: Any) -> Broken:
    """Let one handover be earlier or later as a whole."""

    def move(old: Handover) -> tuple[Handover, ...]:
        if person(number) not in old.registration_ids:
            return (old,)
        times = {name: getattr(old, name) + by_s for name in ("leave_s", "gate_s", "door_s")}
        return (replace(old, **times, **changes),)

    return _with(move)


@plants("handover.once")
def nobody_meets_them() -> Broken:
    return _with(lambda old: () if person(12) in old.registration_ids else (old,))


@plants("handover.once")
def somebody_without_an_employer_is_met() -> Broken:
    return _with(
        lambda old: (
            (old, replace(old, registration_ids=people(13))) if person(12) in old.registration_ids else (old,)
        )
    )


@plants("handover.once")
def a_stranger_is_met() -> Broken:
    return _with(
        lambda old: (
            (old, replace(old, registration_ids=ghost())) if person(12) in old.registration_ids else (old,)
        )
    )


@plants("handover.employer")
def handed_to_another_firm() -> Broken:
    return _changed(12, employer=SHOES)


@plants("handover.employer")
def met_at_another_train() -> Broken:
    return _changed(12, departure_id=MORNING)


@plants("handover.party")
def a_couple_is_parted() -> Broken:
    return _with(
        lambda old: (
            (replace(old, registration_ids=people(7)), replace(old, registration_ids=people(8)))
            if person(7) in old.registration_ids
            else (old,)
        )
    )


@plants("handover.party")
def two_parties_are_thrown_together() -> Broken:
    def join(old: Handover) -> tuple[Handover, ...]:
        if person(6) in old.registration_ids:
            return ()
        return (replace(old, registration_ids=people(5, 6)) if person(5) in old.registration_ids else old,)

    return _with(join)


@plants("handover.early")
def gone_before_the_train_is_in() -> Broken:
    return _moved(9, -1)


@plants("handover.early")
def walking_before_the_train_is_in() -> Broken:
    return _moved(12, -60)


@plants("handover.times")
def sooner_at_the_gate_than_the_shuttle_is() -> Broken:
    return _changed(11, gate_s=clock(21, 39))


@plants("handover.times")
def the_first_round_of_a_large_party_counts_as_the_last() -> Broken:
    return _changed(14, gate_s=clock(17), door_s=clock(17, 10))


@plants("handover.times")
def late_at_the_door() -> Broken:
    return _changed(34, door_s=clock(15, 11, day=1))


@plants("handover.times")
def waits_though_nobody_comes() -> Broken:
    return _moved(12, 60)


@plants("handover.means")
def a_shuttle_for_those_at_the_gate() -> Broken:
    return _changed(34, shuttle=1)


@plants("handover.means")
def no_round_for_who_is_fetched() -> Broken:
    return _changed(11, shuttle=0)


@plants("handover.seats")
def three_on_two_seats() -> Broken:
    return _moved(5, -3600, shuttle=1)


@plants("handover.overlap")
def leaves_again_while_it_is_away() -> Broken:
    return _moved(11, -1)


@plants("handover.overlap")
def one_round_leaves_twice() -> Broken:
    return _moved(6, 3600)


@plants("handover.number")
def a_round_is_left_out() -> Broken:
    return _changed(11, shuttle=9)
