"""Recombining trips that searches have met: the cheapest plan made of a pool of them.

Set partitioning over trips, as in Subramanian, Penna, Uchoa & Ochi (2012): every visit in one trip or left
out at its prize, no more vehicles than there are. With second rounds and several gates a trip is a
vehicle's first or starts at the gate where one of its class ended; rows count these against each other
and the seconds of a shift. The trips chosen are then put in order exactly (``chain``), and where they
cannot be, another choice is made. Parts of a size are interchangeable, so trips from different ways of
splitting fit together. Pays while the pool has up to a few thousand trips.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.certificate import shift_span_s
from planner.solvers.routing.chaining import chain
from planner.solvers.routing.highs import Limits
from planner.solvers.routing.partition import choose, dive
from planner.solvers.routing.problem import FOREVER, RoutingProblem, Shift, Standing, Trip
from planner.solvers.routing.program import UNBOUNDED, Entries

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints

_TRIES: Final = 4
"""Choices made before the trips of one can be put in order, else the start stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolTrip:
    """A trip of a class; ``after`` is the gate where the vehicle's trip before ended, None for its first."""

    vehicle_class: int
    trip: Trip
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recombined:
    """The best plan; ``bound_fen`` and ``proved`` hold for plans made of trips of the pool."""

    shifts: tuple[Shift, ...]
    bound_fen: int
    proved: bool


def trips_of(shifts: Iterable[Shift]) -> list[PoolTrip]:
    """The trips of some shifts, as they are made there."""
    return [
        PoolTrip(vehicle_class=shift.vehicle_class, trip=trip, after=after)
        for shift in shifts
        for trip, after in zip(shift.trips, (None, *(made.gate for made in shift.trips)), strict=False)
    ]


def recombine(
    problem: RoutingProblem, trips: Iterable[PoolTrip], *, start: Sequence[Shift], limits: Limits
) -> Recombined:
    """Find the cheapest plan made of these trips and the start's; never one dearer than the lawful start.

    Trips that no vehicle of their class could ever make so are passed over.
    """
    standing = tuple(start)
    fen = problem.objective_fen(standing)
    pool = _Pool(problem, [*trips_of(standing), *trips], start=standing, limits=limits)
    bound = -UNBOUNDED
    for _ in range(_TRIES):
        choice = choose(pool.program, start=pool.start, limits=limits)
        bound = choice.bound if bound == -UNBOUNDED else bound
        if (choice.chosen == pool.start).all():
            break
        made = pool.plan(choice.chosen)
        own = problem.objective_fen(made)
        if own < fen:
            standing, fen = made, own
        if limits.stop() or not pool.forbid(choice.chosen, made=made):
            break
    bound = min(bound, fen)
    return Recombined(shifts=standing, bound_fen=bound, proved=fen <= bound)


def round_off(problem: RoutingProblem, trips: Iterable[PoolTrip], *, limits: Limits) -> tuple[Shift, ...]:
    """The lawful plan that the best fractions of these trips round to; visits may be left out."""
    pool = _Pool(problem, list(trips), start=(), limits=limits)
    return tuple(filter(problem.is_feasible, pool.plan(dive(pool.program, limits=limits))))


class _Pool:
    """The integer program over a pool; columns are its trips, then what is left out."""

    def __init__(
        self, problem: RoutingProblem, trips: Sequence[PoolTrip], *, start: tuple[Shift, ...], limits: Limits
    ) -> None:
        self._problem, self._limits = problem, limits
        self._trips, self._spans = self._lawful(trips)
        self._items = self._count_items()
        numbers = {trip: number for number, trip in enumerate(self._trips)}
        self.start = np.zeros(len(self._trips) + len(self._items), dtype=np.int64)
        for trip in trips_of(start):
            self.start[numbers[trip]] += 1
        self._entries = Entries()
        self._add_items()
        self._add_fleet()
        self.program = self._entries.program(self._costs(), most=self._most())

    def _lawful(self, trips: Sequence[PoolTrip]) -> tuple[list[PoolTrip], list[int]]:
        """Trips, once each, that a vehicle as free and rested as can be may make; and their spans."""
        problem = self._problem
        kept: dict[PoolTrip, int] = {}
        for pooled in trips:
            if pooled in kept:
                continue
            standing = self._standing(pooled)
            times = problem.times(pooled.vehicle_class, pooled.trip, standing=standing)
            fault = problem.find_fault(pooled.vehicle_class, pooled.trip, standing=standing, times=times)
            if times is not None and fault is None:
                kept[pooled] = times.duration_s + problem.turn_s
        return list(kept), list(kept.values())

    def _standing(self, pooled: PoolTrip) -> Standing:
        standing = self._problem.start_of(pooled.vehicle_class)
        if pooled.after is None:
            return standing
        gate, turn = self._problem.gates[pooled.after], self._problem.turn_s
        unbroken = 0 if self._problem.turn_rests else standing.unbroken_s
        return Standing(
            node=gate.node,
            ready_s=max(gate.opens_s, standing.ready_s) + turn,
            driven_s=0,
            unbroken_s=unbroken,
        )

    def _count_items(self) -> Counter[tuple[int, int]]:
        """How many groups of that many heads wait at each visit: its parts by size, or all of it."""
        items: Counter[tuple[int, int]] = Counter()
        for number, visit in enumerate(self._problem.visits):
            items.update((number, size) for size in visit.parts or (visit.heads,))
        return items

    def _board(self, trip: Trip) -> Counter[tuple[int, int]]:
        """The groups a trip takes."""
        board: Counter[tuple[int, int]] = Counter()
        for place, number in enumerate(trip.visits):
            visit = self._problem.visits[number]
            parts = trip.taken[place] if trip.taken else ()
            sizes = [visit.parts[part] for part in parts] or visit.parts or (visit.heads,)
            board.update((number, size) for size in sizes)
        return board

    def _add_items(self) -> None:
        places = {item: row for row, item in enumerate(self._items)}
        for item, waiting in self._items.items():
            row = self._entries.add_row(waiting, waiting)
            self._entries.put(row, len(self._trips) + places[item], 1)
            self.start[len(self._trips) + places[item]] = waiting
        for column, pooled in enumerate(self._trips):
            for item, count in self._board(pooled.trip).items():
                self._entries.put(places[item], column, count)
                self.start[len(self._trips) + places[item]] -= count * self.start[column]

    def _add_fleet(self) -> None:
        by_class: dict[int, list[int]] = defaultdict(list)
        for column, pooled in enumerate(self._trips):
            by_class[pooled.vehicle_class].append(column)
        for number, columns in by_class.items():
            kind = self._problem.vehicle_classes[number]
            first = [column for column in columns if self._trips[column].after is None]
            if kind.count < len(self._problem.visits):
                self._row(dict.fromkeys(first, 1), upper=kind.count)
            if len(first) == len(columns):
                continue
            later = [column for column in columns if self._trips[column].after is not None]
            self._row(dict.fromkeys(first, 1 - kind.trips) | dict.fromkeys(later, 1), upper=0)
            self._add_flows(columns)
            whole = shift_span_s(self._problem, number)
            if whole < FOREVER:
                spans = {column: self._spans[column] for column in columns}
                self._row(spans | {column: spans[column] - whole for column in first}, upper=0)

    def _add_flows(self, columns: Sequence[int]) -> None:
        """Trips that start at a gate are no more than those that end there."""
        for gate in {self._trips[column].after for column in columns} - {None}:
            flow: Counter[int] = Counter()
            for column in columns:
                flow[column] += (self._trips[column].after == gate) - (self._trips[column].trip.gate == gate)
            self._row(flow, upper=0)

    def _row(self, values: Mapping[int, int], *, upper: int) -> None:
        row = self._entries.add_row(-UNBOUNDED, upper)
        for column, value in values.items():
            self._entries.put(row, column, value)

    def _costs(self) -> list[int]:
        costs: list[int] = []
        for pooled in self._trips:
            kind = self._problem.vehicle_classes[pooled.vehicle_class]
            node = kind.start if pooled.after is None else self._problem.gates[pooled.after].node
            fixed = kind.fixed_fen if pooled.after is None else 0
            costs.append(fixed + self._problem.trip_fen(pooled.vehicle_class, pooled.trip, start=node))
        visits = self._problem.visits
        left_out = [
            visits[number].prize * size // (visits[number].heads or 1) for number, size in self._items
        ]
        return costs + [
            visits[item[0]].prize if not visits[item[0]].parts else fen
            for item, fen in zip(self._items, left_out, strict=True)
        ]

    def _most(self) -> list[int]:
        """As often as groups wait; nothing dearer than the start is left out unless the start does so."""
        trips = [
            min(self._items[item] // count for item, count in self._board(pooled.trip).items())
            for pooled in self._trips
        ]
        out = zip(self._items.values(), self._costs()[len(trips) :], self.start[len(trips) :], strict=True)
        fen = int(np.array(self._costs()) @ self.start)
        return trips + [waiting if cost < fen else int(used) for waiting, cost, used in out]

    def plan(self, chosen: Ints) -> tuple[Shift, ...]:
        """The chosen trips with parts named, in order by vehicle; trips that find no vehicle are missing."""
        free: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, visit in enumerate(self._problem.visits):
            for part in reversed(range(len(visit.parts))):
                free[number, visit.parts[part]].append(part)
        by_class: dict[int, list[Trip]] = defaultdict(list)
        for column, pooled in enumerate(self._trips):
            for _ in range(int(chosen[column])):
                by_class[pooled.vehicle_class].append(self._name(pooled.trip, free=free))
        return tuple(
            shift
            for number, trips in sorted(by_class.items())
            for shift in chain(self._problem, trips, vehicle_class=number, limits=self._limits)
        )

    def _name(self, trip: Trip, *, free: dict[tuple[int, int], list[int]]) -> Trip:
        """The trip with parts nobody else takes, of the same sizes."""
        taken: list[tuple[int, ...]] = []
        for place, number in enumerate(trip.visits):
            sizes = self._problem.visits[number].parts
            parts = trip.taken[place] if trip.taken and trip.taken[place] else range(len(sizes))
            named = tuple(sorted(free[number, sizes[part]].pop() for part in parts))
            taken.append(() if len(named) == len(sizes) else named)
        return replace(trip, taken=tuple(taken) if any(taken) else ())

    def forbid(self, chosen: Ints, *, made: Sequence[Shift]) -> bool:
        """Keep chosen trips that were not all made from meeting again; whether there are any."""
        missing: Counter[int] = Counter()
        for column in np.flatnonzero(chosen[: len(self._trips)]):
            missing[self._trips[column].vehicle_class] += int(chosen[column])
        missing.subtract(shift.vehicle_class for shift in made for _ in shift.trips)
        for number in +missing:
            own = [n for n, pooled in enumerate(self._trips) if pooled.vehicle_class == number]
            together = {self._trips[n].trip for n in own if chosen[n]}
            columns = [n for n in own if self._trips[n].trip in together]
            self._row(dict.fromkeys(columns, 1), upper=int(chosen[columns].sum()) - 1)
        self.program = self._entries.program(self._costs(), most=self._most())
        return bool(+missing) and self.program.priced(self.start) is not None
