"""A simple routing problem as PyVRP's data, and its plans there and back.

PyVRP adds up one distance and one duration along a route and limits the duration. Distances are our arc
costs in fen, so that its costs are ours to the last fen. What durations are depends on the limits:

* no ride limit: seconds as they are, the lead from the start included;
* a ride limit: the clock runs from the end of the first boarding. Boarding at a stop is part of the arcs
  *into* it and a client's time is the end of its boarding; the arc from the start is only what the lead
  takes beyond the spare time of the whole trip, so the one limit enforces ride and trip alike.

``drive_limit_s`` is not expressed, and with a ride limit and windows at stops a class that starts later
than another is not held to its own start: the problem here is a relaxation, and who reads plans back
checks them. ``strict`` replaces both by conditions that suffice, where a search meets too many unlawful
trips.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from pyvrp import Client, Depot, Location, ProblemData, Route, Solution, VehicleType

from planner.errors import SolverError
from planner.solvers.routing.problem import (
    FOREVER,
    UNREACHABLE,
    RoutingProblem,
    Shift,
    Trip,
    VehicleClass,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_FEN: Final = 2**40
"""No arc or prize may be dearer in PyVRP's data: sums of thousands stay within 64 bits."""
_ENDLESS_S: Final = 2**63 - 1
"""PyVRP's own sign for no limit: it leaves out what it need not add up."""
_WORTH_A_VEHICLE: Final = 3
"""A visit whose prize is this many times its own vehicle's cost is required, where the fleet is limited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """PyVRP's data and which of our classes its vehicle types are."""

    data: ProblemData
    classes: tuple[int, ...]
    gates: tuple[int, ...]
    """The gate of each of these classes."""

    def read(self, route: Route) -> Shift:
        """One of its routes as ours, lawful or not."""
        kind = route.vehicle_type()
        visits = tuple(activity.idx for activity in route if activity.is_client())
        return Shift(vehicle_class=self.classes[kind], trips=(Trip(visits=visits, gate=self.gates[kind]),))

    def write(self, shifts: Sequence[Shift]) -> Solution:
        """Our plan as one of its own; what is missing there, its search puts in."""
        numbers = {number: place for place, number in enumerate(self.classes)}
        routes = [
            Route(self.data, list(shift.trips[0].visits), numbers[shift.vehicle_class])
            for shift in shifts
            if shift.vehicle_class in numbers
        ]
        return Solution(self.data, routes)


def find_usable(problem: RoutingProblem) -> tuple[int, ...]:
    """Classes that could make a trip, going by numbers and clocks; none where there is nothing to visit.

    Raises SolverError where the problem is not simple.
    """
    if not problem.is_simple:
        raise SolverError("pyvrp", "takes one trip a vehicle, one gate a class and no parts")
    return tuple(
        number
        for number, kind in enumerate(problem.vehicle_classes)
        if problem.visits and kind.count and kind.ready_s <= problem.gates[kind.gates[0]].closes_s
    )


def build_encoding(problem: RoutingProblem, *, required: bool, strict: bool = False) -> Encoding:
    """Build PyVRP's data of a simple problem; ``required`` makes visits whose prize is big mandatory.

    Raises SolverError where the problem is not simple or there is nothing to search for.
    """
    usable = find_usable(problem)
    if not usable:
        raise SolverError("pyvrp", "nothing to do or nobody to do it")
    return _Builder(problem, usable, strict=strict).build(required=required)


class _Builder:
    """Locations are the visits, one start for each class, then the gates."""

    def __init__(self, problem: RoutingProblem, usable: tuple[int, ...], *, strict: bool) -> None:
        self.problem = problem
        self.usable = usable
        self.strict = strict
        self.rides = problem.ride_limit_s < FOREVER
        self.visits = len(problem.visits)
        self.service = np.array([visit.service_s for visit in problem.visits])
        farthest = max(int(seconds.max(initial=0)) for seconds in problem.seconds)
        self.endless_s = int(self.service.sum()) + (self.visits + 1) * (farthest + 1)
        """No route lasts longer."""
        self.closed = False
        """Whether some arc must not be used: a limit then, or nothing would make its seconds matter."""
        self.profiles: dict[tuple[int, int, int, tuple[int, ...]], int] = {}
        self.distances: list[NDArray[np.int64]] = []
        self.durations: list[NDArray[np.int64]] = []

    def build(self, *, required: bool) -> Encoding:
        profiles = [self._profile(number) for number in self.usable]
        for place, (number, profile) in enumerate(zip(self.usable, profiles, strict=True)):
            self._leave(number, row=self.visits + place, profile=profile)
        size = self.visits + len(self.usable) + len(self.problem.gates)
        starts = [Depot(self.visits + place) for place in range(len(self.usable))]
        ends = [
            Depot(
                size - len(self.problem.gates) + number, tw_early=gate.opens_s, tw_late=_late_s(gate.closes_s)
            )
            for number, gate in enumerate(self.problem.gates)
        ]
        data = ProblemData(
            locations=[Location(0, 0) for _ in range(size)],
            clients=self._clients(required=required),
            depots=[*starts, *ends],
            vehicle_types=[
                self._vehicle_type(number, place=place, profile=profile)
                for place, (number, profile) in enumerate(zip(self.usable, profiles, strict=True))
            ],
            distance_matrices=self.distances,  # pyright: ignore[reportArgumentType]  # a stub before numpy 2
            duration_matrices=self.durations,  # pyright: ignore[reportArgumentType]  # a stub before numpy 2
        )
        gates = tuple(self.problem.vehicle_classes[number].gates[0] for number in self.usable)
        return Encoding(data=data, classes=self.usable, gates=gates)

    def _banned(self, number: int) -> tuple[int, ...]:
        gate = self.problem.vehicle_classes[number].gates[0]
        return tuple(v for v in range(self.visits) if not self.problem.may_make(number, v, gate))

    def _profile(self, number: int) -> int:
        """The matrices a class shares with those of its roads, tariff and places; made when asked for."""
        kind = self.problem.vehicle_classes[number]
        banned = self._banned(number)
        key = (kind.profile, kind.per_km_fen, kind.per_hour_fen, banned)
        if key in self.profiles:
            return self.profiles[key]
        size = self.visits + len(self.usable) + len(self.problem.gates)
        nodes = [
            *range(self.visits),
            *(self.problem.vehicle_classes[k].start for k in self.usable),
            *(gate.node for gate in self.problem.gates),
        ]
        chosen = np.ix_(nodes, nodes)
        seconds = self.problem.seconds[kind.profile][chosen]
        closed = seconds == UNREACHABLE
        closed[:, list(banned)] = True
        self.closed = self.closed or bool(closed.any())
        fen = self.problem.arc_costs(number)[chosen]
        dearest = int(fen[~closed].max(initial=0))
        if dearest > _MOST_FEN:
            raise SolverError("pyvrp", "an arc costs too much for 64-bit sums")
        duration = seconds.copy()
        if self.rides:
            duration[:, : self.visits] += self.service
        distance = np.where(closed, 10 * dearest + 1, fen)
        duration = np.where(closed, 2 * self.endless_s, duration)
        for matrix in (distance, duration):
            matrix[self.visits :, self.visits :] = 0
            matrix[np.arange(size), np.arange(size)] = 0
        self.profiles[key] = len(self.distances)
        self.distances.append(distance)
        self.durations.append(duration)
        return self.profiles[key]

    def _leave(self, number: int, *, row: int, profile: int) -> None:
        """Fill the row of a class's start: leads with their rests, none that a driver may not do."""
        kind = self.problem.vehicle_classes[number]
        spent = lead = self._lead(kind)
        if self.rides:
            spent = np.maximum(lead + self.service - (self._limit_s(kind) - self.problem.ride_limit_s), 0)
        row_of = self.durations[profile][row, : self.visits]
        barred = (row_of >= 2 * self.endless_s) | self._closed_lead(kind)
        self.closed = self.closed or bool(barred.any())
        self.durations[profile][row, : self.visits] = np.where(barred, 2 * self.endless_s, spent)

    def _limit_s(self, kind: VehicleClass) -> int:
        """Most seconds from start to gate."""
        closes_s = self.problem.gates[kind.gates[0]].closes_s
        limit = min(kind.duration_limit_s, closes_s - kind.ready_s if closes_s < FOREVER else FOREVER)
        return min(limit, kind.drive_limit_s) if self.strict else limit

    def _vehicle_type(self, number: int, *, place: int, profile: int) -> VehicleType:
        kind = self.problem.vehicle_classes[number]
        limit = self.problem.ride_limit_s if self.rides else self._limit_s(kind)
        limited = self.closed or limit < FOREVER
        return VehicleType(
            num_available=min(kind.count, self.visits),
            capacity=[kind.capacity],
            start_depot=place,
            end_depot=len(self.usable) + kind.gates[0],
            fixed_cost=kind.fixed_fen,
            tw_early=0 if self.rides else kind.ready_s,
            shift_duration=min(limit, self.endless_s) if limited else _ENDLESS_S,
            unit_distance_cost=1,
            profile=profile,
        )

    def _clients(self, *, required: bool) -> list[Client]:
        reached = self._earliest().tolist()
        return [
            self._client(number, reached_s=reached[number], required=required)
            for number in range(self.visits)
        ]

    def _client(self, number: int, *, reached_s: int, required: bool) -> Client:
        """A visit; one that nobody can reach in time is too large for every vehicle."""
        visit = self.problem.visits[number]
        needed = required and self._is_required(number)
        boarding_s = visit.service_s if self.rides else 0
        opens_s = max(visit.opens_s, reached_s)
        late = opens_s > visit.closes_s
        return Client(
            number,
            delivery=[
                1 + max(kind.capacity for kind in self.problem.vehicle_classes) if late else visit.heads
            ],
            service_duration=visit.service_s - boarding_s,
            tw_early=opens_s + boarding_s,
            tw_late=_late_s(max(visit.closes_s, opens_s) + boarding_s),
            prize=0 if needed else min(visit.prize, _MOST_FEN),
            required=needed,
        )

    def _earliest(self) -> NDArray[np.int64]:
        """When boarding may begin at the earliest by any class, if windows ask for it.

        ``strict``: by the class that is last there when it drives there first.
        """
        windows = any(visit.opens_s or visit.closes_s < FOREVER for visit in self.problem.visits)
        if not self.rides or not windows:
            return np.zeros(self.visits, dtype=np.int64)
        kinds = [self.problem.vehicle_classes[number] for number in self.usable]
        if self.strict:
            return np.max(
                [np.where(self._closed_lead(k), 0, k.ready_s + self._lead(k)) for k in kinds], axis=0
            )
        reached = np.min([self._reached(kind) for kind in kinds], axis=0)
        return np.where(reached >= FOREVER, 0, reached)

    def _driving(self, kind: VehicleClass) -> NDArray[np.int64]:
        return self.problem.seconds[kind.profile][kind.start, : self.visits]

    def _closed_lead(self, kind: VehicleClass) -> NDArray[np.bool_]:
        """Where the class may not drive first."""
        driving = self._driving(kind)
        return (driving == UNREACHABLE) | (kind.unbroken_s + driving > kind.unbroken_limit_s)

    def _lead(self, kind: VehicleClass) -> NDArray[np.int64]:
        """Seconds from the start to each visit, rests included; meaningless where it may not drive first."""
        driving = self._driving(kind)
        rest_after = kind.unbroken_limit_s - kind.unbroken_s - self.problem.ride_limit_s
        return driving + np.where(driving > rest_after, kind.rest_s, 0)

    def _reached(self, kind: VehicleClass) -> NDArray[np.int64]:
        """Seconds at which a class can be at each visit over the quickest way (Dijkstra on the matrix)."""
        seconds = self.problem.seconds[kind.profile]
        driving = np.where(seconds == UNREACHABLE, FOREVER, seconds)
        reached = kind.ready_s + driving[kind.start, : self.visits]
        open_ = np.ones(self.visits, dtype=bool)
        for _ in range(self.visits):
            nearest = int(np.argmin(np.where(open_, reached, 2 * FOREVER)))
            open_[nearest] = False
            reached = np.minimum(reached, reached[nearest] + driving[nearest, : self.visits])
        return np.minimum(reached, FOREVER)

    def _is_required(self, visit: int) -> bool:
        """Whether leaving the visit out can never pay: its prize is above what its own vehicle costs.

        Where vehicles are few its own may be missing, so the prize must be well above.
        """
        alone = [
            self.problem.shift_fen(shift)
            for shift in (Shift(vehicle_class=k, trips=(self._alone(k, visit),)) for k in self.usable)
            if self.problem.is_feasible(shift)
        ]
        if not alone:
            return False
        classes = (self.problem.vehicle_classes[number] for number in self.usable)
        free = all(kind.count >= self.visits for kind in classes)
        return self.problem.visits[visit].prize >= (1 if free else _WORTH_A_VEHICLE) * min(alone)

    def _alone(self, number: int, visit: int) -> Trip:
        return Trip(visits=(visit,), gate=self.problem.vehicle_classes[number].gates[0])


def _late_s(closes_s: int) -> int:
    """A window's end as PyVRP writes it."""
    return closes_s if closes_s < FOREVER else _ENDLESS_S
