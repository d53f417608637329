"""Faults of seats and of who leads; the plan they are planted in is ``seated_plan``'s."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from planner.model.fleet import DepartureId
from planner.model.people import RegistrationId
from planner.model.trunk import Proof, Stage
from tests.unit.check.county import person
from tests.unit.check.faults.table import plants
from tests.unit.check.seated_plan import (
    COACH,
    FIRM,
    LISTED,
    TRAIN,
    build_seated,
    captain,
    seat,
    write_seated,
)

if TYPE_CHECKING:
    from planner.model.trunk import Captain, Seat
    from tests.unit.check.faults.table import Broken

_GHOST = DepartureId("ghost")


def _moved(number: int, departure: DepartureId, carriage: int, label: str) -> Broken:
    """Give one person another seat."""
    new = seat(number, departure=departure, carriage=carriage, label=label)
    _, plan = write_seated()
    return write_seated(
        seats=tuple(new if old.registration_id == new.registration_id else old for old in plan.seats)
    )


def _with_seats(*more: Seat) -> Broken:
    _, plan = write_seated()
    return write_seated(seats=(*plan.seats, *more))


def _led(old: Captain, *new: Captain) -> Broken:
    """Let somebody else lead."""
    _, plan = write_seated()
    assert old in plan.captains
    return write_seated(captains=(*(kept for kept in plan.captains if kept != old), *new))


@plants("seat.once")
def forgotten() -> Broken:
    _, plan = write_seated()
    return write_seated(seats=tuple(one for one in plan.seats if one.registration_id != person(4)))


@plants("seat.once")
def two_seats_for_one() -> Broken:
    return _with_seats(seat(4, departure=TRAIN, carriage=1, label="2D"))


@plants("seat.once")
def seat_on_a_coach_one_does_not_ride_on() -> Broken:
    return _with_seats(seat(9, departure=COACH, carriage=0, label="20号"))


@plants("seat.exists")
def letter_that_no_row_has() -> Broken:
    return _moved(4, TRAIN, 1, "2E")


@plants("seat.exists")
def row_behind_the_last() -> Broken:
    return _moved(4, TRAIN, 1, "3A")


@plants("seat.exists")
def driver_seat() -> Broken:
    return _moved(12, COACH, 0, "48号")


@plants("seat.exists")
def seat_of_nothing() -> Broken:
    return _with_seats(seat(4, departure=_GHOST, carriage=1, label="1A"))


@plants("seat.twice")
def one_seat_for_two() -> Broken:
    return _moved(5, TRAIN, 1, "2A")


@plants("seat.allotment")
def seat_that_the_railway_did_not_give() -> Broken:
    return _moved(10, LISTED, 5, "3B")


@plants("seat.allotment")
def carriage_that_the_railway_did_not_give() -> Broken:
    _, plan = write_seated()
    seats = tuple(replace(one, carriage=6) if one.departure_id == LISTED else one for one in plan.seats)
    captains = tuple(replace(one, carriage=6) if one.departure_id == LISTED else one for one in plan.captains)
    return write_seated(seats=seats, captains=captains)


@plants("seat.reserved")
def row_that_stays_free() -> Broken:
    return _moved(14, COACH, 0, "40号")


@plants("seat.party")
def pair_in_two_carriages() -> Broken:
    return _moved(8, TRAIN, 1, "2D")


@plants("seat.child")
def child_a_row_behind() -> Broken:
    return _moved(3, TRAIN, 1, "2D")


@plants("seat.accessible")
def wheelchair_where_no_place_is() -> Broken:
    return _moved(6, TRAIN, 1, "2D")


@plants("seat.proof")
def cost_that_is_not_that_of_the_seats() -> Broken:
    _, plan = write_seated()
    proofs = tuple(replace(one, cost=one.cost + 10) if one.item == TRAIN else one for one in plan.proofs)
    return write_seated(proofs=proofs)


@plants("seat.proof")
def proof_of_no_train() -> Broken:
    _, plan = write_seated()
    return write_seated(proofs=(*plan.proofs, Proof(stage=Stage.SEATS, item=_GHOST, cost=15, bound=15)))


@plants("captain.carriage")
def carriage_that_nobody_leads() -> Broken:
    return _led(captain(7, departure=TRAIN, carriage=2))


@plants("captain.carriage")
def coach_that_nobody_leads() -> Broken:
    return _led(captain(11, departure=COACH, carriage=0))


@plants("captain.group")
def group_that_nobody_leads() -> Broken:
    return _led(captain(2, departure=TRAIN, carriage=1, employer=FIRM))


@plants("captain.group")
def group_grown_by_a_rule() -> Broken:
    campaign = build_seated()
    trunk = replace(campaign.rules.trunk, captain_heads=4)
    _, plan = write_seated()
    captains = tuple(one for one in plan.captains if not one.employer)
    return write_seated(replace(campaign, rules=replace(campaign.rules, trunk=trunk)), captains=captains)


@plants("captain.fit")
def child_that_leads() -> Broken:
    return _led(captain(1, departure=TRAIN, carriage=1), captain(3, departure=TRAIN, carriage=1))


@plants("captain.fit")
def captain_of_another_carriage() -> Broken:
    return _led(captain(7, departure=TRAIN, carriage=2), captain(1, departure=TRAIN, carriage=2))


@plants("captain.fit")
def captain_of_another_departure() -> Broken:
    return _led(captain(11, departure=COACH, carriage=0), captain(9, departure=COACH, carriage=0))


@plants("captain.fit")
def captain_of_another_firm() -> Broken:
    old = captain(2, departure=TRAIN, carriage=1, employer=FIRM)
    return _led(old, captain(15, departure=TRAIN, carriage=1, employer=FIRM))


@plants("captain.fit")
def captain_that_nobody_knows() -> Broken:
    new = replace(captain(9, departure=LISTED, carriage=5), registration_id=RegistrationId("nobody"))
    return _led(captain(9, departure=LISTED, carriage=5), new)
