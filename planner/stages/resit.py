"""Who sits where people have been told already: they stay, newcomers take free seats near their own.

A seat on a printed list is a promise. Only where newcomers fit nowhere is a departure seated anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.model.fleet import DepartureId
    from planner.model.people import RegistrationId
    from planner.model.trunk import Captain, Seat
    from planner.stages.cars import Car
    from planner.stages.fellows import Fellows


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a plan that people know says of seats and captains."""

    seats: tuple[Seat, ...] = ()
    captains: tuple[Captain, ...] = ()

    def seats_on(self, departure_id: DepartureId) -> tuple[Seat, ...]:
        """Seats of one departure."""
        return tuple(seat for seat in self.seats if seat.departure_id == departure_id)

    def captains_on(self, departure_id: DepartureId) -> frozenset[RegistrationId]:
        """Who leads on one departure."""
        return frozenset(c.registration_id for c in self.captains if c.departure_id == departure_id)


Loads = dict[int, list["Fellows"]]
"""By place in the cars who sits there."""


def sit_again(
    fellows: Sequence[Fellows], cars: Sequence[Car], *, told: Sequence[Seat]
) -> tuple[Loads, dict[RegistrationId, Seat]] | None:
    """Where everybody sits, and the seats that are kept; None where somebody new fits nowhere.

    A party of which all sit in one carriage already keeps its seats; any other counts as new.
    """
    kept = _find_kept(fellows, cars, told=told)
    place_of = {car.number: place for place, car in enumerate(cars)}
    loads: Loads = {place: [] for place in range(len(cars))}
    new: list[Fellows] = []
    for party in fellows:
        seats = [kept[rider.id] for rider in party.riders if rider.id in kept]
        if len(seats) == party.size and len({seat.carriage for seat in seats}) == 1:
            loads[place_of[seats[0].carriage]].append(party)
        else:
            new.append(party)
    for party in sorted(new, key=lambda party: (-party.size, party.riders[0].id)):
        place = _find_place(party, cars, loads=loads)
        if place is None:
            return None
        loads[place].append(party)
    strangers = {rider.id for party in new for rider in party.riders}
    return loads, {person: seat for person, seat in kept.items() if person not in strangers}


def without_taken(car: Car, kept: Mapping[RegistrationId, Seat]) -> Car:
    """The carriage with the kept seats out of reach."""
    taken = {seat.label for seat in kept.values() if seat.carriage == car.number}
    numbers = {number for number, seat in enumerate(car.room.seat_map.seats) if seat.label in taken}
    return replace(car, room=replace(car.room, reserved=car.room.reserved | numbers))


def _find_kept(
    fellows: Sequence[Fellows], cars: Sequence[Car], *, told: Sequence[Seat]
) -> dict[RegistrationId, Seat]:
    """Told seats of people who still ride, where the seat is still ours to give."""
    aboard = {rider.id for party in fellows for rider in party.riders}
    ours = {
        (car.number, seat.label)
        for car in cars
        for number, seat in enumerate(car.room.seat_map.seats)
        if number not in car.room.reserved
    }
    return {
        seat.registration_id: seat
        for seat in told
        if seat.registration_id in aboard and (seat.carriage, seat.label) in ours
    }


def _find_place(party: Fellows, cars: Sequence[Car], *, loads: Loads) -> int | None:
    """The carriage with room that has most of the party's firm, then of its stop, then most seats free."""
    best: tuple[int, int, int, int] | None = None
    for place, car in enumerate(cars):
        free = car.heads - sum(other.size for other in loads[place])
        if free < party.size:
            continue
        firms, stops = Counter[str](), Counter[int]()
        for other in loads[place]:
            firms[other.employer] += other.size
            stops[other.stop] += other.size
        rank = (firms[party.employer] if party.employer else 0, stops[party.stop], free, -place)
        best = rank if best is None else max(best, rank)
    return None if best is None else -best[3]
