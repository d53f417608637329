"""The routing problem in numbers, and how any answer to it is judged, lawful or not.

Visits are nodes ``0 .. V-1``; terminals (starts and gates) follow. All seconds, all metres, integer fen.
A ``Gate`` is where and when trips end: a station for one departure, a depot, the way home. One vehicle
makes a ``Shift``: trips one after another, the first from its class's ``start``, each later one from
the gate where the one before ended, ``turn_s`` after it arrived. What is left out costs its ``prize``.

An open start (or end) is a terminal from (to) which every arc is 0 s and 0 m. A vehicle waits where a
stop or gate is not open yet; waiting costs nothing, and as departures are free to move a trip that
waits could as well begin later: a ride is timed with the least waiting possible. Those who boarded
first ride at most ``ride_limit_s``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNREACHABLE: Final = -1
"""Matrix entry where the vehicle may not or cannot drive."""
FOREVER: Final = 10**9
"""Seconds that no limit reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A call that collects ``heads`` in ``service_s`` seconds; leaving it out costs ``prize`` fen.

    Service begins within ``[opens_s, closes_s]``. ``gates`` says where its people may be taken, empty
    means anywhere. ``parts`` are the sizes of its parties where they may board different vehicles
    (empty: all together); of ``service_s`` a call then takes ``stop_s`` and the boarding by heads.
    """

    heads: int
    service_s: int
    prize: int
    opens_s: int = 0
    closes_s: int = FOREVER
    gates: tuple[int, ...] = ()
    parts: tuple[int, ...] = ()
    stop_s: int = 0

    def boarding_s(self, heads: int) -> int:
        """Seconds of a call at which only ``heads`` of the visit board; rounded up."""
        if heads == self.heads:
            return self.service_s
        return self.stop_s + -(-(self.service_s - self.stop_s) * heads // self.heads)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Where trips end, and when they may arrive."""

    node: int
    opens_s: int = 0
    closes_s: int = FOREVER


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleClass:
    """``count`` alike vehicles. ``start`` is a node number, ``profile`` picks the matrices."""

    count: int
    capacity: int
    start: int
    gates: tuple[int, ...] = (0,)
    profile: int = 0
    fixed_fen: int = 0
    """Paid once by a vehicle that makes any trip."""
    per_km_fen: int = 0
    per_hour_fen: int = 0
    ready_s: int = 0
    trips: int = 1
    """Most trips of one vehicle."""
    barred: frozenset[int] = frozenset()
    """Visits it may not make, whatever the roads say."""
    duration_limit_s: int = FOREVER
    """Most seconds of one trip from start to gate, service and rest counted."""
    drive_limit_s: int = FOREVER
    """Most seconds at the wheel over all trips, service not counted."""
    unbroken_limit_s: int = FOREVER
    """Most seconds at the wheel without a rest."""
    unbroken_s: int = 0
    """Of these, spent before the first trip."""
    rest_s: int = 0
    """A way to the first visit after which the longest ride would break that limit ends with this rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """Visits in order, none of them twice, then the gate.

    ``taken`` names the parts of each visit that board here, as indices into its ``parts``; empty: all.
    ``arrive_s`` pins the arrival at the gate to what people were told.
    """

    visits: tuple[int, ...]
    gate: int = 0
    taken: tuple[tuple[int, ...], ...] = ()
    arrive_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What one vehicle of a class does: its trips in order of time."""

    vehicle_class: int
    trips: tuple[Trip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a vehicle stands before a trip, since when it is free, and what lies behind its driver."""

    node: int
    ready_s: int
    driven_s: int
    unbroken_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TripTimes:
    """How long a trip takes, in parts, and between which seconds it may arrive.

    ``duration_s`` from start to gate, ``drive_s`` of it at the wheel; ``lead_s`` from the start until
    boarding begins, ``rest_s`` of it resting; ``ride_s`` from the first stop's end of boarding to the
    gate. Lawful in time when ``first_s <= last_s``.
    """

    duration_s: int
    rest_s: int
    drive_s: int
    lead_s: int
    ride_s: int
    first_s: int
    last_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingProblem:
    """A limited mixed fleet collecting visits. ``seconds[p]``/``metres[p]`` are ``(V+T, V+T)`` arrays."""

    visits: tuple[Visit, ...]
    gates: tuple[Gate, ...]
    vehicle_classes: tuple[VehicleClass, ...]
    seconds: tuple[NDArray[np.int64], ...]
    metres: tuple[NDArray[np.int64], ...]
    ride_limit_s: int = FOREVER
    turn_s: int = 0
    """From the arrival at a gate until the vehicle may leave again."""
    turn_rests: bool = True
    """Whether that is a rest for its driver."""
    step_s: int = 1
    """A vehicle that goes out again is counted as arriving on a multiple of this."""
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

    @property
    def is_simple(self) -> bool:
        """One trip a vehicle, one gate a class, nobody's people in parts: what routing libraries solve."""
        single = all(kind.trips == 1 and len(kind.gates) == 1 for kind in self.vehicle_classes)
        return single and not any(visit.parts for visit in self.visits)

    def service_s(self, node: int) -> int:
        """Seconds the whole visit takes before driving on; 0 at terminals."""
        return self.visits[node].service_s if node < len(self.visits) else 0

    def arc_seconds(self, vehicle_class: int, a: int, b: int) -> int:  # noqa: PLR0917  # class, from, to
        """Driving seconds, or UNREACHABLE."""
        return self._driving[vehicle_class][a][b]

    def arc_fen(self, vehicle_class: int, a: int, b: int) -> int:  # noqa: PLR0917  # class, from, to
        """Cost of driving a reachable arc, the service of all people at ``a`` included."""
        return self._arcs[vehicle_class][a][b]

    def arc_costs(self, vehicle_class: int) -> NDArray[np.int64]:
        """All arc costs of a class; meaningless where no road leads."""
        return np.array(self._arcs[vehicle_class])

    def may_make(self, vehicle_class: int, visit: int, gate: int) -> bool:  # noqa: PLR0917  # as above
        """Whether a class may take the visit's people to the gate, roads and seats aside."""
        kind, wanted = self.vehicle_classes[vehicle_class], self.visits[visit].gates
        return visit not in kind.barred and gate in kind.gates and (not wanted or gate in wanted)

    def boarding(self, trip: Trip) -> list[int]:
        """Heads that board at each of the trip's visits."""
        if not trip.taken:
            return [self.visits[visit].heads for visit in trip.visits]
        return [
            sum(self.visits[visit].parts[part] for part in parts) if parts else self.visits[visit].heads
            for visit, parts in zip(trip.visits, trip.taken, strict=True)
        ]

    def heads(self, trip: Trip) -> int:
        """People on board at the gate."""
        return sum(self.boarding(trip))

    def start_of(self, vehicle_class: int) -> Standing:
        """Where and when a vehicle of the class begins."""
        kind = self.vehicle_classes[vehicle_class]
        return Standing(node=kind.start, ready_s=kind.ready_s, driven_s=0, unbroken_s=kind.unbroken_s)

    def times(self, vehicle_class: int, trip: Trip, *, standing: Standing) -> TripTimes | None:
        """Add the trip's times up, or None where a road is missing. Needs at least one visit.

        Windows join as in Vidal et al. (2014), "time warp" left out: a chain of stops takes
        ``least`` seconds when begun within ``[early, late]``, and begun before ``early`` it ends no sooner.
        """
        kind, rows = self.vehicle_classes[vehicle_class], self._driving[vehicle_class]
        gate = self.gates[trip.gate]
        driving = [rows[a][b] for a, b in pairwise((standing.node, *trip.visits, gate.node))]
        if UNREACHABLE in driving:
            return None
        rest_after = kind.unbroken_limit_s - standing.unbroken_s - self.ride_limit_s
        rest = kind.rest_s if driving[0] > rest_after else 0
        lead = driving[0] + rest
        stays = [
            self.visits[v].boarding_s(heads)
            for v, heads in zip(trip.visits, self.boarding(trip), strict=True)
        ]
        windows = [(self.visits[v].opens_s, self.visits[v].closes_s) for v in trip.visits]
        windows.append((gate.opens_s, gate.closes_s))
        (early, late), least, lawful = windows[0], stays[0], True
        for drive, (opens, closes), stay in zip(driving[1:], windows[1:], (*stays[1:], 0), strict=True):
            way = least + drive
            wait = max(opens - way - late, 0)
            early, late = max(early, opens - way) - wait, min(late, closes - way)
            least = way + wait + stay
            lawful = lawful and early <= late
        first = max(standing.ready_s + lead, early) + least
        last = late + least if lawful else first - 1
        if trip.arrive_s is not None:
            first, last = max(first, trip.arrive_s), min(last, trip.arrive_s)
        return TripTimes(
            duration_s=lead + least,
            rest_s=rest,
            drive_s=sum(driving),
            lead_s=lead,
            ride_s=least - stays[0],
            first_s=first,
            last_s=last,
        )

    def find_fault(
        self, vehicle_class: int, trip: Trip, *, standing: Standing, times: TripTimes | None
    ) -> str | None:
        """Name the first limit the trip breaks, the ride last, or None when it is lawful."""
        kind = self.vehicle_classes[vehicle_class]
        if times is None or not all(self.may_make(vehicle_class, v, trip.gate) for v in trip.visits):
            return "way"
        limits = (
            ("seats", self.heads(trip), kind.capacity),
            ("duration", times.duration_s, kind.duration_limit_s),
            ("wheel", standing.driven_s + times.drive_s, kind.drive_limit_s),
            ("lead", standing.unbroken_s + times.lead_s - times.rest_s, kind.unbroken_limit_s),
            ("time", times.first_s, times.last_s),
            ("ride", times.ride_s, self.ride_limit_s),
        )
        return next((name for name, value, limit in limits if value > limit), None)

    def after(self, standing: Standing, trip: Trip, *, times: TripTimes) -> Standing:
        """Where the vehicle stands when it has made the trip and turned round."""
        arrived = -(-times.first_s // self.step_s) * self.step_s
        return Standing(
            node=self.gates[trip.gate].node,
            ready_s=arrived + self.turn_s,
            driven_s=standing.driven_s + times.drive_s,
            unbroken_s=0 if self.turn_rests else standing.unbroken_s + times.drive_s,
        )

    def walk(self, shift: Shift) -> tuple[TripTimes, ...] | None:
        """Times of the shift's trips, each arriving as early as it can; None where one is unlawful."""
        standing = self.start_of(shift.vehicle_class)
        walked: list[TripTimes] = []
        if not 1 <= len(shift.trips) <= self.vehicle_classes[shift.vehicle_class].trips:
            return None
        for trip in shift.trips:
            times = self.times(shift.vehicle_class, trip, standing=standing)
            if self.find_fault(shift.vehicle_class, trip, standing=standing, times=times) or times is None:
                return None
            walked.append(times)
            standing = self.after(standing, trip, times=times)
        return tuple(walked)

    def is_feasible(self, shift: Shift) -> bool:
        """Whether one vehicle of the class can make the shift within every limit, no visit twice a trip."""
        once = all(len(set(trip.visits)) == len(trip.visits) for trip in shift.trips)
        return once and self.walk(shift) is not None

    def trip_fen(self, vehicle_class: int, trip: Trip, *, start: int) -> int:
        """Arcs of a trip over reachable roads, the fixed cost not counted."""
        nodes, rows = (start, *trip.visits, self.gates[trip.gate].node), self._arcs[vehicle_class]
        if not trip.taken:
            return sum(rows[a][b] for a, b in pairwise(nodes))
        kind = self.vehicle_classes[vehicle_class]
        metres, seconds = self.metres[kind.profile], self._driving[vehicle_class]
        calls = zip(trip.visits, self.boarding(trip), strict=True)
        stays = [0, *(self.visits[visit].boarding_s(heads) for visit, heads in calls)]
        return sum(
            (kind.per_km_fen * int(metres[a, b]) + 500) // 1000
            + (kind.per_hour_fen * (seconds[a][b] + stay) + 1800) // 3600
            for (a, b), stay in zip(pairwise(nodes), stays, strict=True)
        )

    def shift_fen(self, shift: Shift) -> int:
        """Fixed cost once, and the arcs of every trip."""
        kind = self.vehicle_classes[shift.vehicle_class]
        starts = (kind.start, *(self.gates[trip.gate].node for trip in shift.trips))
        arcs = (
            self.trip_fen(shift.vehicle_class, t, start=s) for t, s in zip(shift.trips, starts, strict=False)
        )
        return kind.fixed_fen + sum(arcs)

    def missing(self, shifts: Sequence[Shift]) -> dict[int, tuple[int, ...]]:
        """Visits not made, each with the indices of the parts left behind (() where it has none)."""
        whole: set[int] = set()
        taken: dict[int, set[int]] = {}
        for trip in (trip for shift in shifts for trip in shift.trips):
            for place, visit in enumerate(trip.visits):
                parts = trip.taken[place] if trip.taken else ()
                if parts:
                    taken.setdefault(visit, set()).update(parts)
                else:
                    whole.add(visit)
        left: dict[int, tuple[int, ...]] = {}
        for number, visit in enumerate(self.visits):
            behind = tuple(p for p in range(len(visit.parts)) if p not in taken.get(number, ()))
            if number not in whole and (behind or not visit.parts):
                left[number] = behind
        return left

    def left_out(self, shifts: Sequence[Shift]) -> tuple[int, ...]:
        """Visits that are not, or not wholly, made, in order."""
        return tuple(self.missing(shifts))

    def missed_fen(self, shifts: Sequence[Shift]) -> int:
        """Prizes of what is left out, by heads (rounded down) where only some of a visit's parts are."""
        total = 0
        for number, parts in self.missing(shifts).items():
            visit = self.visits[number]
            behind = sum(visit.parts[part] for part in parts) if parts else visit.heads
            total += visit.prize if behind == visit.heads else visit.prize * behind // visit.heads
        return total

    def objective_fen(self, shifts: Sequence[Shift]) -> int:
        """What routers minimise: shifts plus the prizes of what is left out."""
        return self.missed_fen(shifts) + sum(self.shift_fen(shift) for shift in shifts)
