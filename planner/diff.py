"""Two plans -> what changed for whom; the only place that moves a calendar event's SEQUENCE."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from planner.model.plan import Event, EventStatus, Plan, Route
from planner.told import (
    TOLD_STEP_S,
    end_time_s,
    gather_time_s,
    meet_time_s,
    start_place,
    start_time_s,
)

if TYPE_CHECKING:
    from planner.errors import Arg
    from planner.model.campaign import Campaign


class ChangeKind(StrEnum):
    """What happened to a run or to a person between two plans."""

    RUN_ADDED = "run_added"
    RUN_CANCELLED = "run_cancelled"
    RUN_MOVED = "run_moved"
    """Another time, another place to wait, another order of calls or another departure."""
    RUN_VEHICLE = "run_vehicle"
    RUN_HEADS = "run_heads"
    PERSON_PLACED = "person_placed"
    PERSON_DROPPED = "person_dropped"
    PERSON_RUN = "person_run"
    PERSON_TIME = "person_time"
    PERSON_PLACE = "person_place"
    PERSON_DEPARTURE = "person_departure"
    PERSON_SEAT = "person_seat"
    """Another seat on the same departure."""
    COACH_VEHICLE = "coach_vehicle"
    COACH_DRIVERS = "coach_drivers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: ``item`` is ``run 7`` or a registration id; was and is in words-free figures."""

    kind: ChangeKind
    item: str
    was: Arg = None
    now: Arg = None


def plan_digest(plan: Plan, text: str) -> str:
    """Name a plan by its canonical JSON ``text`` (``intake.planfile.plan_to_json``), with its version."""
    return f"v{plan.version}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def advance_events(
    campaign: Campaign, routes: Sequence[Route], *, previous: Plan | None
) -> tuple[Event, ...]:
    """Events of the new routes and of runs that were cancelled, by run.

    A uid lives as long as its run number. SEQUENCE rises by one when time, place or status changes
    (RFC 5545 §3.8.7.4) and by nothing else: heads, vehicle and driver may change silently.
    """
    before = {event.run: event for event in previous.events} if previous else {}
    told = {route.run: _told_exactly(campaign, route) for route in previous.routes} if previous else {}
    events: list[Event] = []
    for route in routes:
        fresh = Event(
            uid=f"run-{route.run}@{campaign.id}.breeze",
            sequence=0,
            status=EventStatus.CONFIRMED,
            run=route.run,
            start_s=start_time_s(campaign, route),
            end_s=end_time_s(route),
            place_id=start_place(route),
        )
        old = before.get(route.run)
        if old is not None:
            shown = (old.status, old.start_s, old.end_s, old.place_id)
            moved = shown != (fresh.status, fresh.start_s, fresh.end_s, fresh.place_id)
            moved = moved or told.get(route.run) != _told_exactly(campaign, route)
            fresh = replace(fresh, uid=old.uid, sequence=old.sequence + int(moved))
        events.append(fresh)
    running = {route.run for route in routes}
    for run, old in before.items():
        if run not in running:
            step = int(old.status is not EventStatus.CANCELLED)
            events.append(replace(old, status=EventStatus.CANCELLED, sequence=old.sequence + step))
    return tuple(sorted(events, key=lambda event: event.run))


def _told_exactly(campaign: Campaign, route: Route) -> object:
    """What a calendar showed of a run: a few seconds more or less at a stop were told to nobody."""
    times = [meet_time_s(s) if route.home else gather_time_s(campaign, s) for s in route.stops]
    calls = tuple((s.place_id, at, s.gather, s.lat, s.lon) for s, at in zip(route.stops, times, strict=True))
    return route.departure_id, start_time_s(campaign, route) if route.home else None, calls


def _told(route: Route) -> object:
    """What is known of it without the campaign: exact while the lead to gather is whole steps."""
    times = [s.arrive_s if route.home else s.board_s for s in route.stops]
    calls = tuple(
        (s.place_id, at // TOLD_STEP_S, s.gather, s.lat, s.lon)
        for s, at in zip(route.stops, times, strict=True)
    )
    return route.departure_id, route.start_s if route.home else route.arrive_s, calls


def diff_plans(old: Plan, new: Plan) -> tuple[Change, ...]:
    """Every difference that somebody has to be told: runs first, then coaches, then persons, in order."""
    return (*_run_changes(old, new), *_coach_changes(old, new), *_person_changes(old, new))


def _run_changes(old: Plan, new: Plan) -> list[Change]:
    was = {route.run: route for route in old.routes}
    now = {route.run: route for route in new.routes}
    changes: list[Change] = []
    for run in sorted(was.keys() | now.keys()):
        item = f"run {run}"
        before, after = was.get(run), now.get(run)
        if before is None or after is None:
            kind = ChangeKind.RUN_ADDED if before is None else ChangeKind.RUN_CANCELLED
            changes.append(Change(kind=kind, item=item))
            continue
        if _told(before) != _told(after):
            first, moved = (
                route.start_s if route.home else route.stops[0].board_s for route in (before, after)
            )
            changes.append(Change(kind=ChangeKind.RUN_MOVED, item=item, was=first, now=moved))
        if before.vehicle_id != after.vehicle_id:
            was_vehicle, is_vehicle = before.vehicle_id, after.vehicle_id
            changes.append(Change(kind=ChangeKind.RUN_VEHICLE, item=item, was=was_vehicle, now=is_vehicle))
        if before.heads != after.heads:
            changes.append(Change(kind=ChangeKind.RUN_HEADS, item=item, was=before.heads, now=after.heads))
    return changes


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


def _coach_changes(old: Plan, new: Plan) -> list[Change]:
    """Of coaches in both plans: what people see when one is new or gone is that their departure changes."""
    was = {run.departure_id: run for run in old.trunk_runs}
    now = {run.departure_id: run for run in new.trunk_runs}
    changes: list[Change] = []
    for item in sorted(was.keys() & now.keys()):
        before, after = was[item], now[item]
        pairs = (
            (ChangeKind.COACH_VEHICLE, before.vehicle_id, after.vehicle_id),
            (ChangeKind.COACH_DRIVERS, " ".join(before.drivers), " ".join(after.drivers)),
        )
        changes += [Change(kind=kind, item=item, was=a, now=b) for kind, a, b in pairs if a != b]
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


def _person_changes(old: Plan, new: Plan) -> list[Change]:
    was, now = _rides(old), _rides(new)
    changes: list[Change] = []
    for way in sorted(was.keys() | now.keys()):
        person, before, after = way[0], was.get(way), now.get(way)
        if before is None or after is None:
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
