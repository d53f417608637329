"""Where a visit, or some of its parts, could join standing shifts: quick to list, cheapest first.

What is listed has the seats, the roads and, waiting left aside, the time; whether a place is really lawful
is asked of ``RoutingProblem.is_feasible``, which the finders do from the cheapest place on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Final, NamedTuple

from planner.solvers.routing.problem import RoutingProblem, Shift, Trip, VehicleClass
from planner.solvers.routing.slack import ShiftSlack, TripSlack, Turn, measure

_JOIN: Final = -1
"""Place number of a call that the trip makes already, where more people could board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """One lawful place, and the shift as it would be."""

    added_fen: int
    shift: Shift
    replaces: int | None
    """Index of the shift it changes, None for a new vehicle."""


class Call:
    """People of one visit looking for seats: all of ``parts`` together, or as many as a trip has room for.

    ``parts`` are those still waiting, empty where the visit has none. With ``single`` the largest part
    that fits boards alone, with ``whole`` nobody boards unless all do.
    """

    def __init__(
        self,
        problem: RoutingProblem,
        visit: int,
        *,
        parts: tuple[int, ...] = (),
        whole: bool = True,
        single: bool = False,
    ) -> None:
        self.visit, self.parts = visit, parts
        self._sizes = problem.visits[visit].parts
        self._whole, self._single = whole or not parts, single
        self._fitting: dict[int, tuple[int, tuple[int, ...]]] = {}
        self.heads = sum(self._sizes[part] for part in parts) if parts else problem.visits[visit].heads

    def fitting(self, room: int) -> tuple[int, tuple[int, ...]] | None:
        """Heads and parts that board where ``room`` seats are free; None when nobody does."""
        if self._whole:
            return (self.heads, self.parts) if self.heads <= room else None
        if room not in self._fitting:
            self._fitting[room] = self._fill(room)
        heads, parts = self._fitting[room]
        return (heads, parts) if parts else None

    def _fill(self, room: int) -> tuple[int, tuple[int, ...]]:
        """As many heads as there is room for; of equal loads that of the largest parts."""
        sizes = self._sizes
        fitting = sorted((part for part in self.parts if sizes[part] <= room), key=lambda p: (-sizes[p], p))
        if self._single:
            return (sizes[fitting[0]], (fitting[0],)) if fitting else (0, ())
        loads: dict[int, tuple[int, ...]] = {0: ()}
        for part in fitting:
            if room in loads:
                break
            grown = [(load + sizes[part], parts) for load, parts in loads.items()]
            for load, parts in grown:
                if load <= room and load not in loads:
                    loads[load] = (*parts, part)
        heads = max(loads)
        return heads, tuple(sorted(loads[heads]))


class _Place(NamedTuple):
    """Room for ``parts`` of a call in trip ``trip`` of shift ``shift`` (None: of a new vehicle).

    A tuple because thousands are made and few are looked at.
    """

    fen: int
    """About what it adds; exact unless only some of a visit's parts board."""
    heads: int
    parts: tuple[int, ...]
    vehicle_class: int
    shift: int | None
    trip: int
    place: int | None
    """Position in the trip, or _JOIN; None: a trip of its own, before ``trip``."""
    gate: int


class Desk:
    """Finds places in standing shifts; remembers what it measured of them, and counts its looks."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.looks = 0
        self._slack: dict[Shift, ShiftSlack] = {}

    def find(self, shifts: Sequence[Shift], call: Call, *, but: int | None = None) -> Insertion | None:
        """The place with the least added cost a head, not in shift ``but``; ties go to the earlier one."""
        places = list(self._places(shifts, call, but=but))
        self.looks += len(places)
        scale = call.heads or 1
        for place in sorted(places, key=lambda place: place.fen * scale // (place.heads or 1)):
            shift = self._build(shifts, call, place=place)
            if self.problem.is_feasible(shift):
                before = 0 if place.shift is None else self.problem.shift_fen(shifts[place.shift])
                added = self.problem.shift_fen(shift) - before
                return Insertion(added_fen=added, shift=shift, replaces=place.shift)
        return None

    def instead(self, shift: Shift, call: Call, *, at: int, rest: Trip) -> Shift | None:
        """The cheapest lawful way to take the call along in one trip, of which only ``rest`` is left."""
        before, after = shift.trips[:at], shift.trips[at + 1 :]
        if rest.visits:
            less = replace(shift, trips=(*before, rest, *after))
            places = [place for place in self._joining(call, less, number=0) if place.trip == at]
            self.looks += len(places)
            changed = [
                self._build((less,), call, place=place) for place in sorted(places, key=lambda p: p.fen)
            ]
        else:
            only = replace(rest, visits=(call.visit,), taken=(call.parts,))
            changed = [replace(shift, trips=(*before, tidy(self.problem, only), *after))]
        return next(filter(self.problem.is_feasible, changed), None)

    def alone(self, vehicle_class: int, call: Call) -> Insertion | None:
        """The cheapest way for a vehicle of the class to drive nothing but this call."""
        places = sorted(self._new_vehicles(call, (vehicle_class,)), key=lambda place: place.fen)
        shifts = (self._build((), call, place=place) for place in places)
        shift = next(filter(self.problem.is_feasible, shifts), None)
        if shift is None:
            return None
        return Insertion(added_fen=self.problem.shift_fen(shift), shift=shift, replaces=None)

    def _places(self, shifts: Sequence[Shift], call: Call, *, but: int | None) -> Iterator[_Place]:
        for number, shift in enumerate(shifts):
            if number != but:
                yield from self._joining(call, shift, number=number)
                yield from self._new_trips(call, shift, number=number)
        yield from self._new_vehicles(call, free_classes(self.problem, shifts))

    def _joining(self, call: Call, shift: Shift, *, number: int) -> Iterator[_Place]:
        """Positions in standing trips. A visit is called at once a trip, so there more people may board."""
        kind = self.problem.vehicle_classes[shift.vehicle_class]
        for at, slack in enumerate(self._measure(shift).trips):
            board = call.fitting(slack.room)
            if board is None or not self.problem.may_make(shift.vehicle_class, call.visit, slack.trip.gate):
                continue
            heads, parts = board
            if call.visit in slack.trip.visits:
                found: Iterable[tuple[int, int]] = (
                    (_JOIN, kind.per_hour_fen * self._stay(call, heads) // 3600),
                )
            else:
                found = self._between(slack, call, number=shift.vehicle_class, heads=heads)
            for place, fen in found:
                yield _Place(
                    fen=fen, heads=heads, parts=parts, vehicle_class=shift.vehicle_class,
                    shift=number, trip=at, place=place, gate=slack.trip.gate,
                )  # fmt: skip

    def _between(self, slack: TripSlack, call: Call, *, number: int, heads: int) -> Iterator[tuple[int, int]]:
        """Positions, with costs, where roads lead to and on and the time is enough if nobody need wait."""
        seconds, fen, visit = self.problem.arc_seconds, self.problem.arc_fen, call.visit
        longest, stay = self.problem.ride_limit_s - slack.ride_s, self.problem.visits[visit].boarding_s(heads)
        for place, (a, b) in enumerate(pairwise(slack.nodes)):
            there, onward = seconds(number, a, visit), seconds(number, visit, b)
            if there < 0 or onward < 0:
                continue
            longer = there + onward + stay - seconds(number, a, b)
            ride = longer if place else onward + slack.first_stay_s
            if ride <= longest and longer <= slack.spare_s:
                yield place, fen(number, a, visit) + fen(number, visit, b) - fen(number, a, b)

    def _new_trips(self, call: Call, shift: Shift, *, number: int) -> Iterator[_Place]:
        """Trips of its own for a standing vehicle: before, between or after those it makes."""
        kind = self.problem.vehicle_classes[shift.vehicle_class]
        board = call.fitting(kind.capacity)
        if len(shift.trips) >= kind.trips or board is None:
            return
        for turn, gate in product(self._measure(shift).turns, kind.gates):
            fen = self._turn_fen(call, turn, number=shift.vehicle_class, gate=gate, heads=board[0])
            if fen is not None:
                yield _Place(
                    fen=fen, heads=board[0], parts=board[1], vehicle_class=shift.vehicle_class,
                    shift=number, trip=turn.trip, place=None, gate=gate,
                )  # fmt: skip

    def _turn_fen(self, call: Call, turn: Turn, *, number: int, gate: int, heads: int) -> int | None:
        """What a trip for the call alone adds at a turn; None where there is no road or no time for it."""
        problem, visit = self.problem, call.visit
        seconds, fen, node = problem.arc_seconds, problem.arc_fen, problem.gates[gate].node
        if not self._leads(number, (turn.start, visit, node), gate=gate):
            return None
        lasting = seconds(number, turn.start, visit) + seconds(number, visit, node)
        lasting += problem.visits[visit].boarding_s(heads)
        if turn.ready_s + lasting > problem.gates[gate].closes_s:
            return None
        added = fen(number, turn.start, visit) + fen(number, visit, node)
        if turn.after is None:
            return added
        lead = seconds(number, node, turn.after)
        if (
            lead < 0
            or lasting + problem.turn_s + lead - seconds(number, turn.start, turn.after) > turn.delay_s
        ):
            return None
        return added + fen(number, node, turn.after) - fen(number, turn.start, turn.after)

    def _leads(self, number: int, nodes: tuple[int, int, int], *, gate: int) -> bool:
        start, visit, end = nodes
        seconds = self.problem.arc_seconds
        may = self.problem.may_make(number, visit, gate)
        return may and seconds(number, start, visit) >= 0 and seconds(number, visit, end) >= 0

    def _new_vehicles(self, call: Call, classes: Sequence[int]) -> Iterator[_Place]:
        for number in classes:
            kind = self.problem.vehicle_classes[number]
            board = call.fitting(kind.capacity)
            for gate in kind.gates if board else ():
                node = self.problem.gates[gate].node
                if board and self._leads(number, (kind.start, call.visit, node), gate=gate):
                    fen = self.problem.arc_fen(number, kind.start, call.visit)
                    fen += kind.fixed_fen + self.problem.arc_fen(number, call.visit, node)
                    yield _Place(
                        fen=fen, heads=board[0], parts=board[1], vehicle_class=number,
                        shift=None, trip=0, place=None, gate=gate,
                    )  # fmt: skip

    def _stay(self, call: Call, heads: int) -> int:
        figures = self.problem.visits[call.visit]
        return (figures.service_s - figures.stop_s) * heads // (figures.heads or 1)

    def _measure(self, shift: Shift) -> ShiftSlack:
        if shift not in self._slack:
            self._slack[shift] = measure(self.problem, shift)
        return self._slack[shift]

    def _build(self, shifts: Sequence[Shift], call: Call, *, place: _Place) -> Shift:
        alone = tidy(self.problem, Trip(visits=(call.visit,), gate=place.gate, taken=(place.parts,)))
        if place.shift is None:
            return Shift(vehicle_class=place.vehicle_class, trips=(alone,))
        shift = shifts[place.shift]
        before, after = shift.trips[: place.trip], shift.trips[place.trip :]
        if place.place is None:
            return replace(shift, trips=(*before, alone, *after))
        joined = self._join(after[0], call.visit, parts=place.parts, place=place.place)
        return replace(shift, trips=(*before, tidy(self.problem, joined), *after[1:]))

    def _join(self, trip: Trip, visit: int, *, parts: tuple[int, ...], place: int) -> Trip:
        taken = trip.taken or ((),) * len(trip.visits)
        if place == _JOIN:
            at = trip.visits.index(visit)
            return replace(trip, taken=(*taken[:at], (*taken[at], *parts), *taken[at + 1 :]))
        visits = (*trip.visits[:place], visit, *trip.visits[place:])
        return replace(trip, visits=visits, taken=(*taken[:place], parts, *taken[place:]))


def tidy(problem: RoutingProblem, trip: Trip) -> Trip:
    """The trip with () for all parts of a visit, and for ``taken`` where that holds for every visit."""
    taken = tuple(
        () if len(parts) == len(problem.visits[visit].parts) else tuple(sorted(parts))
        for visit, parts in zip(trip.visits, trip.taken, strict=False)
    )
    return replace(trip, taken=taken if any(taken) else ())


def free_classes(problem: RoutingProblem, shifts: Sequence[Shift]) -> list[int]:
    """Classes of which some vehicle has nothing to do yet."""
    left = [kind.count for kind in problem.vehicle_classes]
    for shift in shifts:
        left[shift.vehicle_class] -= 1
    return [number for number, count in enumerate(left) if count > 0]


def find_trip(problem: RoutingProblem, shifts: Sequence[Shift], *, trip: Trip) -> Insertion | None:
    """The cheapest way to make a trip, to its own or another gate, or None.

    In a free vehicle, or in a standing one that has the time before, between or after what it does.
    """
    tried: list[tuple[int, Shift, int | None]] = []
    for number, shift in enumerate(shifts):
        kind = problem.vehicle_classes[shift.vehicle_class]
        if len(shift.trips) < kind.trips:
            before = problem.shift_fen(shift)
            for at, moved in product(range(len(shift.trips) + 1), _gates(kind, trip)):
                longer = replace(shift, trips=(*shift.trips[:at], moved, *shift.trips[at:]))
                tried.append((problem.shift_fen(longer) - before, longer, number))
    for number in free_classes(problem, shifts):
        for moved in _gates(problem.vehicle_classes[number], trip):
            alone = Shift(vehicle_class=number, trips=(moved,))
            tried.append((problem.shift_fen(alone), alone, None))
    tried.sort(key=lambda entry: entry[0])
    found = next((entry for entry in tried if problem.is_feasible(entry[1])), None)
    return None if found is None else Insertion(added_fen=found[0], shift=found[1], replaces=found[2])


def _gates(kind: VehicleClass, trip: Trip) -> list[Trip]:
    """The trip to each gate of the class; only to its own once people were told when it arrives."""
    return [replace(trip, gate=gate) for gate in kind.gates if trip.arrive_s is None or gate == trip.gate]


def apply(shifts: Sequence[Shift], found: Insertion) -> tuple[Shift, ...]:
    """The shifts with the insertion made."""
    if found.replaces is None:
        return (*shifts, found.shift)
    return (*shifts[: found.replaces], found.shift, *shifts[found.replaces + 1 :])
