"""Faults in what people are told of their rides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.model.plan import Cause, Unserved
from tests.unit.check.county import (
    GUANGZHOU,
    NOON,
    OTHER_STATION,
    V2,
    V3,
    person,
)
from tests.unit.check.faults.table import (
    changed,
    feeder_leg,
    ghost,
    onward,
    plants,
    with_legs,
    written,
)
from tests.unit.check.good_plan import good_draft, onward_leg, people

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.model.plan import Leg
    from tests.unit.check.faults.table import Broken


def _detached(number: int, **changes: Any) -> Broken:
    """Take somebody off a run, then write their legs as they were but for ``changes``."""
    whole = good_draft().write()
    draft = good_draft().without(people(number))
    plan = draft.write()
    kept = [leg for leg in whole.legs if person(number) in leg.registration_ids]
    legs = (replace(leg, **changes) if leg.run is not None else leg for leg in kept)
    return draft.campaign, replace(plan, legs=(*plan.legs, *legs))


@plants("leg.run")
def run_that_is_not_driven() -> Broken:
    return _detached(5, run=77)


@plants("leg.departure")
def feeder_leg_for_another_departure() -> Broken:
    return with_legs(lambda leg: replace(leg, departure_id=NOON) if feeder_leg(leg, 5) else leg)


@plants("leg.departure")
def driven_with_those_for_another_train() -> Broken:
    campaign = good_draft().campaign
    noon = next(entry for entry in campaign.departures if entry.id == NOON)
    later = onward_leg(campaign, people(5), departure=noon, to_id=GUANGZHOU)

    def move(leg: Leg) -> Leg:
        return replace(leg, departure_id=NOON) if feeder_leg(leg, 5) else later if onward(leg, 5) else leg

    return with_legs(move)


@plants("leg.connects")
def driven_to_one_train_riding_on_another() -> Broken:
    campaign = good_draft().campaign
    noon = next(entry for entry in campaign.departures if entry.id == NOON)
    later = onward_leg(campaign, people(5), departure=noon, to_id=GUANGZHOU)
    return with_legs(lambda leg: later if onward(leg, 5) else leg)


@plants("leg.places")
def feeder_leg_to_another_station() -> Broken:
    return with_legs(lambda leg: replace(leg, to_id=OTHER_STATION) if feeder_leg(leg, 5) else leg)


@plants("leg.places")
def feeder_leg_from_where_the_run_does_not_call() -> Broken:
    return _detached(5, from_id=V3)


@plants("leg.origin")
def onward_leg_from_another_station() -> Broken:
    return with_legs(lambda leg: replace(leg, from_id=OTHER_STATION) if onward(leg, 5) else leg)


@plants("leg.village")
def boards_in_the_next_village() -> Broken:
    return written(good_draft().without(people(5)).add(1, V2, people(5)))


@plants("leg.times")
def told_a_later_bus() -> Broken:
    return with_legs(lambda leg: replace(leg, board_s=leg.board_s + 60) if feeder_leg(leg, 5) else leg)


@plants("leg.times")
def told_an_earlier_arrival() -> Broken:
    return with_legs(lambda leg: replace(leg, alight_s=leg.alight_s - 60) if feeder_leg(leg, 5) else leg)


@plants("leg.gate")
def told_a_later_gate() -> Broken:
    return with_legs(lambda leg: replace(leg, board_s=leg.board_s + 60) if onward(leg, 5) else leg)


@plants("leg.gate")
def told_an_earlier_terminus() -> Broken:
    return with_legs(lambda leg: replace(leg, alight_s=leg.alight_s - 60) if onward(leg, 5) else leg)


@plants("leg.heads")
def one_head_without_a_leg() -> Broken:
    draft = good_draft().add(3, V3, ghost())
    plan = draft.write()
    return draft.campaign, replace(
        plan, legs=tuple(leg for leg in plan.legs if leg.registration_ids != ghost())
    )


@plants("leg.mixed")
def two_parties_on_one_feeder_leg() -> Broken:
    return _joined(feeder_leg)


@plants("leg.mixed")
def two_parties_on_one_onward_leg() -> Broken:
    return _joined(onward)


def _joined(is_leg_of: Callable[[Leg, int], bool]) -> Broken:
    draft = good_draft()
    plan = draft.write()
    kept = tuple(leg for leg in plan.legs if not is_leg_of(leg, 6))
    legs = tuple(replace(leg, registration_ids=people(5, 6)) if is_leg_of(leg, 5) else leg for leg in kept)
    return draft.campaign, replace(plan, legs=legs)


@plants("leg.mixed")
def two_parties_left_behind_as_one() -> Broken:
    left = (Unserved(registration_ids=people(36, 37, 38, 39), cause=Cause.QUOTA_FULL),)
    return changed(unserved=left)


@plants("leg.spread")
def one_party_on_two_feeder_legs() -> Broken:
    return _cut(feeder_leg)


@plants("leg.spread")
def one_party_on_two_onward_legs() -> Broken:
    return _cut(onward)


def _cut(is_leg_of: Callable[[Leg, int], bool]) -> Broken:
    draft = good_draft()
    plan = draft.write()
    whole = next(leg for leg in plan.legs if is_leg_of(leg, 7))
    parts = (replace(whole, registration_ids=people(7)), replace(whole, registration_ids=people(8)))
    return draft.campaign, replace(plan, legs=(*(leg for leg in plan.legs if leg != whole), *parts))
