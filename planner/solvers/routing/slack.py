"""What a standing shift has to spare: seats, and seconds before a trip, or one after it, comes too late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from planner.solvers.routing.problem import FOREVER, RoutingProblem, Shift, Standing, Trip, TripTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class TripSlack:
    """What every place in one trip is measured by.

    ``spare_s`` of driving and boarding may be added before this trip or a later one is certainly late;
    ``ride_s`` is the ride without waiting.
    """

    trip: Trip
    nodes: tuple[int, ...]
    room: int
    ride_s: int
    first_stay_s: int
    spare_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A place for one more trip, before trip ``trip``: where and since when the vehicle stands there.

    ``after`` is the first stop of the trip that follows, which may leave ``delay_s`` later.
    """

    trip: int
    start: int
    ready_s: int
    after: int | None
    delay_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftSlack:
    """The trips of a shift, and the turns before, between and after them."""

    trips: tuple[TripSlack, ...]
    turns: tuple[Turn, ...]


def measure(problem: RoutingProblem, shift: Shift) -> ShiftSlack:
    """Measure a shift; one that is not lawful as it stands has time without end."""
    number, kind = shift.vehicle_class, problem.vehicle_classes[shift.vehicle_class]
    times = problem.walk(shift) or (None,) * len(shift.trips)
    standing = [problem.start_of(number)]
    for trip, own in zip(shift.trips, times, strict=True):
        if own is None:
            standing.append(Standing(node=problem.gates[trip.gate].node, ready_s=0, driven_s=0, unbroken_s=0))
        else:
            standing.append(problem.after(standing[-1], trip, times=own))
    delays = _delays(standing, times, step_s=problem.step_s)
    turns = [
        Turn(
            trip=at,
            start=before.node,
            ready_s=before.ready_s,
            after=trip.visits[0],
            delay_s=delay + kind.rest_s,
        )
        for at, (trip, before, delay) in enumerate(zip(shift.trips, standing, delays, strict=False))
    ]
    last = standing[-1]
    turns.append(
        Turn(trip=len(shift.trips), start=last.node, ready_s=last.ready_s, after=None, delay_s=FOREVER)
    )
    trips = tuple(
        _measure_trip(
            problem,
            trip,
            vehicle_class=number,
            start=before.node,
            late_s=delay + own.duration_s if own else FOREVER,
        )
        for trip, own, before, delay in zip(shift.trips, times, standing, delays, strict=False)
    )
    return ShiftSlack(trips=trips, turns=tuple(turns))


def _delays(standing: Sequence[Standing], times: Sequence[TripTimes | None], *, step_s: int) -> list[int]:
    """By how much the vehicle may be ready later for each trip; a step of arrivals may swallow some more."""
    delays, later = list[int](), FOREVER
    for before, own in zip(standing[-2::-1], times[::-1], strict=True):
        if own is None:
            later = FOREVER
        else:
            begun_s = own.duration_s + before.ready_s
            later = min(own.last_s - begun_s, own.first_s - begun_s + later + step_s - 1)
        delays.append(later)
    return delays[::-1]


def _measure_trip(
    problem: RoutingProblem, trip: Trip, *, vehicle_class: int, start: int, late_s: int
) -> TripSlack:
    nodes = (start, *trip.visits, problem.gates[trip.gate].node)
    boarding = problem.boarding(trip)
    stays = [problem.visits[v].boarding_s(heads) for v, heads in zip(trip.visits, boarding, strict=True)]
    lead, *driving = (problem.arc_seconds(vehicle_class, a, b) for a, b in pairwise(nodes))
    ride_s = sum(driving) + sum(stays[1:])
    return TripSlack(
        trip=trip,
        nodes=nodes,
        room=problem.vehicle_classes[vehicle_class].capacity - sum(boarding),
        ride_s=ride_s,
        first_stay_s=stays[0],
        spare_s=late_s - (lead + stays[0] + ride_s),
    )
