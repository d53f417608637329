"""Which seats a departure has for us, carriage by carriage: a coach's own, a train's consist or allotment.

The railway's list of our seats goes before the consist. Where neither is known there are no seats to give.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from planner.model.fleet import Layout, Mode
from planner.solvers.rows import Room
from planner.solvers.seat_maps import Seat, SeatMap, build_seat_map, read_seat_map
from planner.stages.coaches import coach_seats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.model.campaign import Campaign
    from planner.model.fleet import Carriage, Departure, VehicleType
    from planner.model.law import TrunkRules

_ROW: Final = 4
"""Seats of a row that is kept free, as the trunk counts it."""
_FRONT_ROWS: Final = 2
_WHEELCHAIR_ROWS: Final = 1
"""Of an accessible carriage: the wheelchair's place is at its end; the railway's list may say otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """A carriage, counted from 1, or a coach, 0; ``heads`` may sit in it."""

    number: int
    room: Room
    heads: int
    accessible: bool = False


def find_cars(campaign: Campaign, departure: Departure, *, kind: VehicleType | None) -> tuple[Car, ...]:
    """Give the carriages in order; none where nobody knows them. ``kind`` is that of a coach's vehicle."""
    if departure.mode is Mode.COACH:
        return () if kind is None else (_to_coach(kind, campaign.rules.trunk),)
    consist = {
        carriage.number: carriage
        for carriage in campaign.consists
        if departure.consist and carriage.consist == departure.consist
    }
    ours = {part.carriage: part.labels for part in campaign.allotments if part.departure_id == departure.id}
    if ours:
        return tuple(
            _to_part(labels, number=number, carriage=consist.get(number)) for number, labels in ours.items()
        )
    return tuple(
        _to_car(
            build_seat_map(carriage.layout.value, carriage.seats),
            number=number,
            accessible=carriage.accessible,
        )
        for number, carriage in consist.items()
    )


def _to_coach(kind: VehicleType, rules: TrunkRules) -> Car:
    seats = max(kind.seats_at(100), 0)
    seat_map = build_seat_map("coach", seats)
    reserved = frozenset(range(max(seats - _ROW * rules.reserved_rows, 0), seats))
    room = Room(seat_map=seat_map, reserved=reserved, front=_rows_of(seat_map, _FRONT_ROWS))
    return Car(number=0, room=room, heads=coach_seats(kind, rules))


def _to_car(seat_map: SeatMap, *, number: int, accessible: bool) -> Car:
    room = Room(
        seat_map=seat_map,
        front=_rows_of(seat_map, _FRONT_ROWS),
        wheelchair=_rows_of(seat_map, _WHEELCHAIR_ROWS) if accessible else frozenset(),
    )
    return Car(number=number, room=room, heads=len(seat_map.seats), accessible=accessible)


def _to_part(labels: Sequence[str], *, number: int, carriage: Carriage | None) -> Car:
    """A carriage of which we have these seats; without a consist the labels say how it is built."""
    if carriage is not None:
        layout = carriage.layout
    else:
        layout = Layout.SECOND if any(re.search("[A-Z]", label) for label in labels) else Layout.NUMBERED
    try:
        seat_map = read_seat_map(layout.value, labels)
    except ValueError:
        seat_map = _map_as_told(labels)
    return _to_car(seat_map, number=number, accessible=carriage is not None and carriage.accessible)


def _map_as_told(labels: Sequence[str]) -> SeatMap:
    """Labels of a build that we do not know, such as berths: the number is the row, in it as listed."""
    rows = [int(digits[0]) if (digits := re.findall(r"\d+", label)) else 0 for label in labels]
    places: Counter[int] = Counter()
    seats: list[Seat] = []
    for row, label in sorted(zip(rows, labels, strict=True), key=lambda entry: entry[0]):
        seats.append(Seat(label=label, row=row, place=places[row], right=False))
        places[row] += 1
    return SeatMap(seats=tuple(seats))


def _rows_of(seat_map: SeatMap, number: int) -> frozenset[int]:
    rows = sorted({seat.row for seat in seat_map.seats})[:number]
    return seat_map.find_rows(rows)
