"""Two plans -> what changed for each person: run, time, place, departure, ticket, seat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.change import Change, ChangeKind
from planner.told import TOLD_STEP_S

if TYPE_CHECKING:
    from planner.errors import Arg
    from planner.model.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ride:
    """What one person was told of the way to the station, or from it."""

    run: int | None
    board_s: int
    place: str
    gather: tuple[object, ...]
    departure_id: str


def _rides(plan: Plan) -> dict[tuple[str, bool], _Ride]:
    spots: dict[tuple[int, str], tuple[object, ...]] = {
        (route.run, stop.place_id): (stop.gather, stop.lat, stop.lon)
        for route in plan.routes
        for stop in route.stops
    }
    rides: dict[tuple[str, bool], _Ride] = {}
    for leg in plan.legs:
        if leg.run is None:
            continue
        village = leg.to_id if leg.home else leg.from_id
        ride = _Ride(
            run=leg.run,
            board_s=leg.board_s,
            place=village,
            gather=spots.get((leg.run, village), ()),
            departure_id=leg.departure_id,
        )
        rides.update({(person, leg.home): ride for person in leg.registration_ids})
    return rides


def _tickets(plan: Plan) -> dict[str, str]:
    """Day and destination of everybody who goes by scheduled transport."""
    return {
        person: f"{group.day.isoformat()} {group.destination_id}"
        for group in plan.subsidised
        for person in group.registration_ids
    }


def _ticket_changes(old: Plan, new: Plan) -> list[Change]:
    """Of people who have a ticket now, or had one; who had one and has nothing is dropped."""
    was, now = _tickets(old), _tickets(new)
    rode, rides = (
        {person: ride.departure_id for (person, _), ride in _rides(plan).items()} for plan in (old, new)
    )
    changes: list[Change] = []
    for person in sorted(was.keys() | now.keys()):
        before, after = was.get(person), now.get(person)
        if after is not None and before != after:
            told = before or rode.get(person)
            changes.append(Change(kind=ChangeKind.PERSON_TICKET, item=person, was=told, now=after))
        elif after is None and person in rides:
            ride = rides[person]
            changes.append(Change(kind=ChangeKind.PERSON_FETCHED, item=person, was=before, now=ride))
        elif after is None:
            changes.append(Change(kind=ChangeKind.PERSON_DROPPED, item=person))
    return changes


def _seats(plan: Plan) -> dict[str, tuple[str, str]]:
    """Departure and seat of each person: ``12F``, in a train with the carriage before it, ``3-12F``."""
    return {
        seat.registration_id: (
            seat.departure_id,
            f"{seat.carriage}-{seat.label}" if seat.carriage else seat.label,
        )
        for seat in plan.seats
    }


def _seat_changes(old: Plan, new: Plan) -> list[Change]:
    """Of people who keep their departure and had a seat on it."""
    was, now = _seats(old), _seats(new)
    return [
        Change(kind=ChangeKind.PERSON_SEAT, item=person, was=was[person][1], now=now[person][1])
        for person in sorted(was.keys() & now.keys())
        if was[person] != now[person] and was[person][0] == now[person][0]
    ]


def list_person_changes(old: Plan, new: Plan) -> list[Change]:
    """Who rides otherwise, goes by scheduled transport instead, or has another seat."""
    was, now = _rides(old), _rides(new)
    changes = _ticket_changes(old, new)
    told = {change.item for change in changes}
    for way in sorted(was.keys() | now.keys()):
        person, before, after = way[0], was.get(way), now.get(way)
        if before is None or after is None:
            if person in told:
                continue
            kind = ChangeKind.PERSON_PLACED if before is None else ChangeKind.PERSON_DROPPED
            changes.append(Change(kind=kind, item=person))
            continue
        pairs: tuple[tuple[ChangeKind, Arg, Arg, bool], ...] = (
            (ChangeKind.PERSON_RUN, before.run, after.run, before.run != after.run),
            (
                ChangeKind.PERSON_TIME,
                before.board_s,
                after.board_s,
                before.board_s // TOLD_STEP_S != after.board_s // TOLD_STEP_S,
            ),
            (
                ChangeKind.PERSON_PLACE,
                before.place,
                after.place,
                (before.place, before.gather) != (after.place, after.gather),
            ),
            (
                ChangeKind.PERSON_DEPARTURE,
                before.departure_id,
                after.departure_id,
                before.departure_id != after.departure_id,
            ),
        )
        changes += [Change(kind=kind, item=person, was=a, now=b) for kind, a, b, differs in pairs if differs]
    return [*dict.fromkeys(changes), *_seat_changes(old, new)]
