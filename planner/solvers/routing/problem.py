"""The routing problem in numbers, its solution, and how much work a router may spend.

Visits are nodes ``0 .. V-1``, terminals (where vehicles start and end) follow. All seconds, all
metres, integer fen. Any solution can be judged here, feasible or not, so routers stay thin.

The model: every vehicle makes at most one trip, from its class's ``start`` through visits to ``end``
without waiting; it may leave any time from ``ready_s`` on and must arrive within
``[end_opens_s, end_closes_s]``; nobody boards before ``earliest_visit_s``; those who boarded first ride
at most ``ride_limit_s``. What is left out costs its ``prize``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNREACHABLE: Final = -1
"""Matrix entry where the vehicle may not or cannot drive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A call that collects ``heads`` in ``service_s`` seconds; leaving it out costs ``prize`` fen."""

    heads: int
    service_s: int
    prize: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleClass:
    """``count`` alike vehicles. ``start``/``end`` are node numbers, ``profile`` picks the matrices."""

    count: int
    capacity: int
    start: int
    end: int
    profile: int
    fixed_fen: int
    per_km_fen: int
    per_hour_fen: int
    ready_s: int
    drive_limit_s: int
    """Most seconds at the wheel from start to end, service not counted."""
    lead_limit_s: int
    """Most seconds at the wheel from the start to the first visit."""
    rest_after_s: int
    """A way to the first visit longer than this is followed by ``rest_s`` of rest before boarding."""
    rest_s: int
    end_opens_s: int
    end_closes_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One vehicle of class ``vehicle_class`` and the visits it makes, in order."""

    vehicle_class: int
    visits: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TripTimes:
    """How long a trip takes, in parts.

    ``duration_s`` from start to end, ``drive_s`` of it at the wheel; ``lead_s`` from the start until
    boarding begins, ``rest_s`` of it resting; ``ride_s`` from the first stop's end of boarding to the end.
    """

    duration_s: int
    rest_s: int
    drive_s: int
    lead_s: int
    ride_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingSolution:
    """Trips, and whether the search ended by itself (False: stopped by a limit or by hand)."""

    trips: tuple[Trip, ...]
    finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much a router may do.

    Exactly one of ``seconds`` (people) and ``effort`` (counted, repeats
    exactly) limits it; ``stop`` is asked during the search; ``progress`` hears each better cost in fen.
    """

    seconds: float | None = None
    effort: int | None = None
    seed: int = 0
    stop: Callable[[], bool] = field(default=lambda: False)
    progress: Callable[[int], None] = field(default=lambda _cost: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingProblem:
    """A limited mixed fleet collecting visits. ``seconds[p]``/``metres[p]`` are ``(V+T, V+T)`` arrays."""

    visits: tuple[Visit, ...]
    vehicle_classes: tuple[VehicleClass, ...]
    seconds: tuple[NDArray[np.int64], ...]
    metres: tuple[NDArray[np.int64], ...]
    ride_limit_s: int
    earliest_visit_s: int
    _driving: list[list[list[int]]] = field(init=False, repr=False, compare=False)
    _arcs: list[list[list[int]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep seconds and arc costs by class as lists: Python reads those four times faster than arrays."""
        driving = [seconds.tolist() for seconds in self.seconds]
        tariffs: dict[tuple[int, int, int], list[list[int]]] = {}
        for kind in self.vehicle_classes:
            tariff = (kind.profile, kind.per_km_fen, kind.per_hour_fen)
            if tariff not in tariffs:
                tariffs[tariff] = self._price(
                    tariff[0], per_km_fen=tariff[1], per_hour_fen=tariff[2]
                ).tolist()
        object.__setattr__(self, "_driving", [driving[kind.profile] for kind in self.vehicle_classes])
        arcs = [tariffs[kind.profile, kind.per_km_fen, kind.per_hour_fen] for kind in self.vehicle_classes]
        object.__setattr__(self, "_arcs", arcs)

    def _price(self, profile: int, *, per_km_fen: int, per_hour_fen: int) -> NDArray[np.int64]:
        """Fen of driving each arc and serving where it begins, each part rounded half up."""
        service = np.array([self.service_s(node) for node in range(self.seconds[profile].shape[0])])
        spent = self.seconds[profile] + service[:, None]
        return (per_km_fen * self.metres[profile] + 500) // 1000 + (per_hour_fen * spent + 1800) // 3600

    def service_s(self, node: int) -> int:
        """Seconds spent at a node before driving on; 0 at terminals."""
        return self.visits[node].service_s if node < len(self.visits) else 0

    def arc_seconds(self, vehicle_class: int, a: int, b: int) -> int:  # noqa: PLR0917  # class, from, to
        """Driving seconds, or UNREACHABLE."""
        return self._driving[vehicle_class][a][b]

    def arc_fen(self, vehicle_class: int, a: int, b: int) -> int:  # noqa: PLR0917  # class, from, to
        """Cost of driving a reachable arc, the service at ``a`` included."""
        return self._arcs[vehicle_class][a][b]

    def arc_costs(self, vehicle_class: int) -> NDArray[np.int64]:
        """All arc costs of a class; meaningless where no road leads."""
        return np.array(self._arcs[vehicle_class])

    def nodes(self, trip: Trip) -> tuple[int, ...]:
        """Start, visits, end."""
        kind = self.vehicle_classes[trip.vehicle_class]
        return (kind.start, *trip.visits, kind.end)

    def heads(self, visits: Sequence[int]) -> int:
        """People boarding at these visits."""
        return sum(self.visits[visit].heads for visit in visits)

    def times(self, trip: Trip) -> TripTimes | None:
        """Add the trip's times, or None where a road is missing. Needs at least one visit."""
        nodes, rows = self.nodes(trip), self._driving[trip.vehicle_class]
        driving = [rows[a][b] for a, b in pairwise(nodes)]
        if UNREACHABLE in driving:
            return None
        kind = self.vehicle_classes[trip.vehicle_class]
        rest = kind.rest_s if driving[0] > kind.rest_after_s else 0
        lead = driving[0] + rest
        duration = lead + sum(driving[1:]) + sum(self.visits[visit].service_s for visit in trip.visits)
        ride = duration - lead - self.visits[trip.visits[0]].service_s
        return TripTimes(duration_s=duration, rest_s=rest, drive_s=sum(driving), lead_s=lead, ride_s=ride)

    def arrival_range(self, trip: Trip, times: TripTimes) -> tuple[int, int]:
        """Earliest and latest lawful arrival at the end; empty when first > last."""
        kind = self.vehicle_classes[trip.vehicle_class]
        ready = kind.ready_s + times.duration_s
        awake = self.earliest_visit_s + times.duration_s - times.lead_s
        return max(kind.end_opens_s, ready, awake), kind.end_closes_s

    def is_feasible(self, trip: Trip) -> bool:
        """Whether one vehicle of the class can make the trip within every limit."""
        kind = self.vehicle_classes[trip.vehicle_class]
        if self.heads(trip.visits) > kind.capacity:
            return False
        times = self.times(trip)
        if times is None or times.ride_s > self.ride_limit_s or not self.keeps_hours(trip, times):
            return False
        first, last = self.arrival_range(trip, times)
        return first <= last

    def keeps_hours(self, trip: Trip, times: TripTimes) -> bool:
        """Whether nobody is at the wheel too long, on the way to the first visit or in all."""
        kind = self.vehicle_classes[trip.vehicle_class]
        return times.drive_s <= kind.drive_limit_s and times.lead_s - times.rest_s <= kind.lead_limit_s

    def trip_fen(self, trip: Trip) -> int:
        """Fixed cost and arcs of a trip over reachable roads."""
        nodes, rows = self.nodes(trip), self._arcs[trip.vehicle_class]
        fixed = self.vehicle_classes[trip.vehicle_class].fixed_fen
        return fixed + sum(rows[a][b] for a, b in pairwise(nodes))

    def left_out(self, trips: Sequence[Trip]) -> tuple[int, ...]:
        """Visits that no trip makes, in order."""
        made = {visit for trip in trips for visit in trip.visits}
        return tuple(visit for visit in range(len(self.visits)) if visit not in made)

    def objective_fen(self, trips: Sequence[Trip]) -> int:
        """What routers minimise: trips plus the prizes of what is left out."""
        missed = sum(self.visits[visit].prize for visit in self.left_out(trips))
        return missed + sum(self.trip_fen(trip) for trip in trips)
