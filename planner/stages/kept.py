"""Runs of the previous plan: which are still lawful, and at the times people were told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planner.demand import Party
from planner.model.fleet import Departure, DepartureId, VehicleId
from planner.model.locks import Lock
from planner.model.places import PlaceId
from planner.model.plan import Plan, Route
from planner.solvers.routing.problem import Shift, Trip
from planner.stages.day import Collecting, Unit

Waiting = Mapping[DepartureId, Sequence[Party]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A run of the previous plan, with those of its parties that still wait at the same village."""

    route: Route
    visits: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A vehicle's told runs that are still lawful together, and the trips they are."""

    vehicle: VehicleId
    routes: tuple[Route, ...]
    shift: Shift


def find_told(
    previous: Plan | None, departures: Sequence[Departure], *, parties: Waiting
) -> tuple[list[Unit], list[Told]]:
    """Runs of the previous plan in order of time, and the units of those who still wait for them."""
    on_day = {departure.id: departure for departure in departures}
    waiting = _still_waiting(previous, departures, parties=parties)
    routes = previous.routes if previous else ()
    units: list[Unit] = []
    told: list[Told] = []
    for route in sorted(routes, key=lambda route: (route.arrive_s, route.run)):
        calls = [(stop, waiting.get((route.run, stop.place_id, route.departure_id))) for stop in route.stops]
        first = len(units)
        units += [
            Unit(departure=on_day[route.departure_id], place_id=stop.place_id, parties=tuple(members))
            for stop, members in calls
            if members
        ]
        if len(units) > first:
            told.append(Told(route=route, visits=tuple(range(first, len(units)))))
    return units, told


def _still_waiting(
    previous: Plan | None, departures: Sequence[Departure], *, parties: Waiting
) -> dict[tuple[int, PlaceId, DepartureId], list[Party]]:
    """Parties by the run they were told, the village and the departure they still want."""
    legs = previous.legs if previous else ()
    run_of = {person: leg.run for leg in legs if leg.run is not None for person in leg.registration_ids}
    waiting: dict[tuple[int, PlaceId, DepartureId], list[Party]] = defaultdict(list)
    for departure in departures:
        for party in parties.get(departure.id, ()):
            runs = {run_of[person] for person in party.registration_ids if person in run_of}
            if len(runs) == 1:
                waiting[runs.pop(), party.village_id, departure.id].append(party)
    return waiting


def keep_lawful(day: Collecting, told: Sequence[Told], *, on_time: bool = False) -> list[Kept]:
    """Told runs that their own vehicles can still make within every limit, at the told time if possible.

    ``on_time``: at no other.
    """
    kept: dict[VehicleId, Kept] = {}
    gate_of = {departure.id: number for number, departure in enumerate(day.departures)}
    for entry in told:
        vehicle = entry.route.vehicle_id
        vehicle_class = day.class_of(vehicle)
        if vehicle_class is None:
            continue
        before = kept.get(vehicle)
        gate = gate_of[entry.route.departure_id]
        for arrive_s in (entry.route.arrive_s,) if on_time else (entry.route.arrive_s, None):
            trip = Trip(visits=entry.visits, gate=gate, arrive_s=arrive_s)
            trips = (*before.shift.trips, trip) if before else (trip,)
            shift = Shift(vehicle_class=vehicle_class, trips=trips)
            if day.problem.is_feasible(shift):
                routes = (*before.routes, entry.route) if before else (entry.route,)
                kept[vehicle] = Kept(vehicle=vehicle, routes=routes, shift=shift)
                break
    return list(kept.values())


def choose_locked(told: Sequence[Told], locks: Mapping[str, Lock]) -> list[Told]:
    """Told runs that somebody locked, each in the vehicle named, and what their vehicles do before."""
    moved = [
        replace(entry, route=replace(entry.route, vehicle_id=VehicleId(lock.to)))
        if (lock := locks.get(str(entry.route.run))) and lock.to
        else entry
        for entry in told
    ]
    last: dict[VehicleId, int] = {}
    for entry in moved:
        if str(entry.route.run) in locks:
            last[entry.route.vehicle_id] = entry.route.arrive_s
    return [entry for entry in moved if entry.route.arrive_s <= last.get(entry.route.vehicle_id, -1)]


def at_times(shift: Shift, arrivals: Sequence[int | None]) -> Shift:
    """The shift with its trips' arrivals pinned so, or free."""
    pinned = [*arrivals, *[None] * len(shift.trips)]
    trips = (replace(trip, arrive_s=at) for trip, at in zip(shift.trips, pinned, strict=False))
    return replace(shift, trips=tuple(trips))


def pin_again(day: Collecting, shifts: Sequence[Shift], *, told: Sequence[Shift]) -> tuple[Shift, ...]:
    """Keep told times wherever the shift that was loosened still allows them."""
    pinned = [
        at_times(shift, [trip.arrive_s for trip in old.trips])
        if len(shift.trips) == len(old.trips)
        else shift
        for shift, old in zip(shifts, told, strict=False)
    ]
    pinned += shifts[len(told) :]
    return tuple(
        pin if day.problem.is_feasible(pin) else loose for pin, loose in zip(pinned, shifts, strict=True)
    )
