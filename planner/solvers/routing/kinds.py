"""Kinds of trips: what every trip of a plan is one of, with limits no trip of the kind can escape.

A trip's kind is its vehicle class, the gate where it ends, and where it begins: a vehicle's first trip at
its class's start, a later one at the gate where the one before ended. Whatever depends on the trips before
(when the vehicle is free, how long its driver has been at the wheel) is taken as well as it can ever be, so
the kinds hold every trip of every lawful plan and perhaps more: right for lower bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.certificate import Certificate, shift_span_s
from planner.solvers.routing.problem import FOREVER, UNREACHABLE, RoutingProblem, Standing, Trip

if TYPE_CHECKING:
    from numpy.typing import NDArray


_TWO: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TripKind:
    """Trips of a class that end at a gate; ``after`` is None for first trips, else the gate before."""

    vehicle_class: int
    gate: int
    after: int | None
    standing: Standing
    """Where the vehicle stands before; as early and as rested as it ever can be."""
    fixed_fen: int
    """What a trip costs besides its arcs; 0 for later trips, the vehicle is paid for."""

    @property
    def is_first(self) -> bool:
        """Whether these are the first trips of vehicles."""
        return self.after is None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """By visit, what a kind's trips may do there; arrays of length V."""

    allowed: NDArray[np.bool_]
    """May be made at all: seats, roads, gates, time."""
    ride_s: NDArray[np.int64]
    """Most seconds from the end of boarding here until the gate."""
    soonest_s: NDArray[np.int64]
    """Before this second nobody boards here."""
    first: NDArray[np.bool_]
    """May be made first."""
    first_ride_s: NDArray[np.int64]
    """The same as ``ride_s`` where the trip begins here; the way from the start counted."""
    lead_s: NDArray[np.int64]
    """From the start until boarding begins here if first, a rest included."""
    start_fen: NDArray[np.int64]
    """Fen of the way from the start; ``fixed_fen`` not included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """What dual values take from trips of one kind besides the visits' duals, in whole fen, rounded down.

    A trip's reduced cost is its cost, less its visits' duals, plus ``flat_fen``, plus ``hourly_fen`` an hour
    of its span (each arc's share rounded down), plus each of ``steps`` (seconds, fen) its span reaches.
    """

    flat_fen: int
    hourly_fen: int
    steps: tuple[tuple[int, int], ...]


def trip_kinds(problem: RoutingProblem) -> tuple[TripKind, ...]:
    """Every kind that has a trip, by class, first trips before later ones."""
    kinds: list[TripKind] = []
    for number, vehicle_class in enumerate(problem.vehicle_classes):
        start = problem.start_of(number)
        first = [
            _kind(number, gate, standing=start, fixed_fen=vehicle_class.fixed_fen)
            for gate in vehicle_class.gates
        ]
        first = [kind for kind in first if find_ways(problem, kind).first.any()]
        kinds.extend(first)
        if vehicle_class.trips > 1:
            kinds.extend(_later(problem, first))
    return tuple(kinds)


def _kind(vehicle_class: int, gate: int, *, standing: Standing, fixed_fen: int) -> TripKind:
    return TripKind(
        vehicle_class=vehicle_class, gate=gate, after=None, standing=standing, fixed_fen=fixed_fen
    )


def _later(problem: RoutingProblem, first: list[TripKind]) -> list[TripKind]:
    """Kinds of trips that follow one another, each from the earliest arrival of any trip at its gate."""
    later: list[TripKind] = []
    for before in first:
        vehicle_class = problem.vehicle_classes[before.vehicle_class]
        standing = Standing(
            node=problem.gates[before.gate].node,
            ready_s=_earliest_arrival_s(problem, before) + problem.turn_s,
            driven_s=0,
            unbroken_s=0 if problem.turn_rests else vehicle_class.unbroken_s,
        )
        for gate in vehicle_class.gates:
            kind = TripKind(
                vehicle_class=before.vehicle_class,
                gate=gate,
                after=before.gate,
                standing=standing,
                fixed_fen=0,
            )
            if find_ways(problem, kind).first.any():
                later.append(kind)
    return later


def _earliest_arrival_s(problem: RoutingProblem, kind: TripKind) -> int:
    """When any trip to the kind's gate may be there, as a vehicle that goes out again is counted."""
    ways, gate = find_ways(problem, kind), problem.gates[kind.gate]
    visits = np.flatnonzero(ways.allowed)
    service = np.array([visit.service_s for visit in problem.visits])
    last = _seconds(problem, kind)[visits, gate.node] + service[visits]
    last = last[_seconds(problem, kind)[visits, gate.node] != UNREACHABLE]
    soonest = kind.standing.ready_s + int(ways.lead_s[ways.first].min()) + int(last.min())
    arrival = max(gate.opens_s, soonest)
    return -(-arrival // problem.step_s) * problem.step_s


def _seconds(problem: RoutingProblem, kind: TripKind) -> NDArray[np.int64]:
    return problem.seconds[problem.vehicle_classes[kind.vehicle_class].profile]


def find_ways(problem: RoutingProblem, kind: TripKind) -> Ways:
    """What the kind's trips may do at each visit; waiting left out, so nothing lawful is cut."""
    vehicle_class, gate = problem.vehicle_classes[kind.vehicle_class], problem.gates[kind.gate]
    number, standing, visits = kind.vehicle_class, kind.standing, problem.visits
    service = np.array([visit.service_s for visit in visits], dtype=np.int64)
    opens = np.array([visit.opens_s for visit in visits], dtype=np.int64)
    closes = np.array([visit.closes_s for visit in visits], dtype=np.int64)
    lead = _seconds(problem, kind)[standing.node, : len(visits)].copy()
    reached = lead != UNREACHABLE
    rested = lead > vehicle_class.unbroken_limit_s - standing.unbroken_s - problem.ride_limit_s
    lead_s = lead + np.where(rested, vehicle_class.rest_s, 0)
    soonest = np.maximum(standing.ready_s + (lead_s[reached].min() if reached.any() else 0), opens)
    ride_s = np.minimum(problem.ride_limit_s, gate.closes_s - soonest - service)
    allowed = np.array(
        [
            visit.heads <= vehicle_class.capacity and problem.may_make(number, place, kind.gate)
            for place, visit in enumerate(visits)
        ],
        dtype=np.bool_,
    )
    allowed &= (ride_s >= 0) & (gate.opens_s - closes - service <= problem.ride_limit_s) & (soonest <= closes)
    begins = np.maximum(standing.ready_s + lead_s, opens)
    first_ride_s = np.minimum(ride_s, gate.closes_s - begins - service)
    first_ride_s = np.minimum(first_ride_s, vehicle_class.duration_limit_s - lead_s - service)
    first = allowed & reached & (first_ride_s >= 0) & (begins <= closes)
    first &= standing.unbroken_s + lead <= vehicle_class.unbroken_limit_s
    first &= standing.driven_s + lead <= vehicle_class.drive_limit_s
    first &= bool((allowed & (_seconds(problem, kind)[: len(visits), gate.node] != UNREACHABLE)).any())
    return Ways(
        allowed=allowed,
        ride_s=ride_s,
        soonest_s=soonest,
        first=first,
        first_ride_s=first_ride_s,
        lead_s=lead_s,
        start_fen=problem.arc_costs(number)[standing.node, : len(visits)],
    )


def is_lawful(problem: RoutingProblem, kind: TripKind, *, visits: tuple[int, ...]) -> bool:
    """Whether the kind's vehicle, standing as well as it can, may make the trip."""
    trip = Trip(visits=visits, gate=kind.gate)
    times = problem.times(kind.vehicle_class, trip, standing=kind.standing)
    fault = problem.find_fault(kind.vehicle_class, trip, standing=kind.standing, times=times)
    return fault is None


def span_s(problem: RoutingProblem, kind: TripKind, *, visits: tuple[int, ...]) -> int:
    """Seconds of a shift a trip takes: way out, rest, calls and ride without waiting, turn-round."""
    number, vehicle_class = kind.vehicle_class, problem.vehicle_classes[kind.vehicle_class]
    nodes = (*visits, problem.gates[kind.gate].node)
    ride = sum(problem.service_s(a) + problem.arc_seconds(number, a, b) for a, b in pairwise(nodes))
    lead = problem.arc_seconds(number, kind.standing.node, visits[0])
    rested = lead > vehicle_class.unbroken_limit_s - kind.standing.unbroken_s - problem.ride_limit_s
    return lead + (vehicle_class.rest_s if rested else 0) + ride + problem.turn_s


def share_most(problem: RoutingProblem, vehicle_class: int, *, threshold_s: int) -> int:
    """How many trips with a span of ``threshold_s`` or more one vehicle of the class makes at most."""
    trips = problem.vehicle_classes[vehicle_class].trips
    return min(trips, shift_span_s(problem, vehicle_class) // threshold_s)


def counts_hours(problem: RoutingProblem, vehicle_class: int) -> bool:
    """Whether the class's hours are worth a dual value: of two trips a shift, pack rows say as much."""
    return (
        problem.vehicle_classes[vehicle_class].trips > _TWO and shift_span_s(problem, vehicle_class) < FOREVER
    )


def find_toll(problem: RoutingProblem, kind: TripKind, *, certificate: Certificate) -> Toll:
    """What the certificate's dual values, those of visits aside, take from trips of the kind."""
    number = kind.vehicle_class
    trips, whole = problem.vehicle_classes[number].trips, shift_span_s(problem, number)
    flow = {(k, gate): dual for k, gate, dual in certificate.flow_duals}
    per_trip = certificate.trips_duals[number] if certificate.trips_duals else 0
    hourly = -certificate.time_duals[number] if certificate.time_duals else 0
    flat = flow.get((number, kind.gate), 0) - per_trip
    packs = [(a, dual) for k, a, dual in certificate.pack_duals if k == number and dual]
    if kind.after is None:
        flat += trips * per_trip - certificate.count_duals[number]
        flat -= -(-hourly * whole // 3600)
        flat += sum(dual * share_most(problem, number, threshold_s=a) for a, dual in packs)
    else:
        flat -= flow.get((number, kind.after), 0)
    steps: list[tuple[int, int]] = []
    for a, dual in packs:
        most = share_most(problem, number, threshold_s=a)
        steps.extend([(a, -dual), (whole - a + 1, -dual * (most - 1))])
    return Toll(flat_fen=flat, hourly_fen=hourly, steps=tuple(steps))
