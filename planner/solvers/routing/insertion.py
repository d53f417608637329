"""Cheapest insertion: put single visits into standing shifts where they cost least.

Serves as the repair after every router (what a search dropped may still fit somewhere) and as the
way late names enter a plan that people have already been told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from planner.solvers.routing.places import Call, Desk, Insertion, apply, free_classes
from planner.solvers.routing.problem import RoutingProblem, Shift

_LOOKS: Final = 400_000
"""Places after which nobody is moved any more to make room: about two seconds, counted to repeat exactly."""


def insert_all(
    problem: RoutingProblem,
    shifts: Sequence[Shift],
    *,
    visits: Sequence[int],
    manned: int = 0,
    stop: Callable[[], bool] = lambda: False,
) -> tuple[Shift, ...]:
    """Insert what is missing of ``visits`` where it fits, largest first; what fits nowhere stays out.

    Where a visit fits nowhere, one other visit may move to another trip to make room for it, or one
    shift to a free vehicle of another class that leaves its own to the visit; then its parts go where
    they fit. The first ``manned`` shifts keep their places in the answer, their vehicles and the order
    of their trips.
    """
    counter = _Counter(problem, tuple(shifts), manned=manned)
    missing = problem.missing(shifts)
    waiting = [visit for visit in dict.fromkeys(visits) if visit in missing]
    for visit in sorted(waiting, key=lambda number: (-problem.visits[number].heads, number)):
        if stop():
            break
        counter.serve(visit, missing[visit])
    return counter.standing


def find_insertion(problem: RoutingProblem, shifts: Sequence[Shift], *, visit: int) -> Insertion | None:
    """The cheapest lawful place for all that is missing of a visit, or None."""
    parts = problem.missing(shifts).get(visit)
    return None if parts is None else Desk(problem).find(shifts, Call(problem, visit, parts=parts))


class _Counter:
    """Where visits queue for seats in the standing shifts."""

    def __init__(self, problem: RoutingProblem, standing: tuple[Shift, ...], *, manned: int) -> None:
        self.problem, self.standing, self.manned = problem, standing, manned
        self.desk = Desk(problem)
        self.largest = max((kind.capacity for kind in problem.vehicle_classes if kind.count), default=0)
        self._elsewhere: dict[tuple[int, int], Insertion | None] = {}

    def serve(self, visit: int, parts: tuple[int, ...]) -> None:
        """Everybody in one vehicle if that can be, else part by part."""
        call = Call(self.problem, visit, parts=parts)
        found = self.desk.find(self.standing, call)
        changed = None if found is None else apply(self.standing, found)
        if changed is None and call.heads <= self.largest:
            changed = self._free_vehicle(call)
            if changed is None and self.desk.looks < _LOOKS:
                changed = self._make_room(call)
        served = changed is not None and self._accept(changed, call, heads=call.heads)
        if not served and len(parts) > 1:
            self._serve_parts(visit, parts)

    def _serve_parts(self, visit: int, parts: tuple[int, ...]) -> None:
        """Fill the trip that costs least a head, again and again; then singly what no full load carries."""
        left, single, sizes = parts, False, self.problem.visits[visit].parts
        while left:
            call = Call(self.problem, visit, parts=left, whole=False, single=single)
            found = self.desk.find(self.standing, call)
            changed = () if found is None else apply(self.standing, found)
            behind = self.problem.missing(changed).get(visit, ()) if changed else left
            boarded = [part for part in left if part not in behind]
            if boarded and self._accept(changed, call, heads=sum(sizes[part] for part in boarded)):
                left = tuple(part for part in left if part in behind)
            elif single:
                largest = max(sizes[part] for part in left)
                left = tuple(part for part in left if sizes[part] < largest)
            else:
                single = True

    def _accept(self, changed: tuple[Shift, ...], call: Call, *, heads: int) -> bool:
        """Take the change over where it costs less than leaving ``heads`` people behind."""
        figures, cost = self.problem.visits[call.visit], self.problem.shift_fen
        added = sum(map(cost, changed)) - sum(map(cost, self.standing))
        if added >= figures.prize * heads // (figures.heads or 1):
            return False
        self.standing = changed
        self._elsewhere.clear()
        return True

    def _free_vehicle(self, call: Call) -> tuple[Shift, ...] | None:
        """The cheapest way to drive the call alone in a vehicle whose shift one of another class takes."""
        problem, free = self.problem, free_classes(self.problem, self.standing)
        alone = {
            number: self.desk.alone(number, call)
            for number in {shift.vehicle_class for shift in self.standing[self.manned :]} - set(free)
        }
        best: tuple[int, tuple[Shift, ...]] | None = None
        for at in range(self.manned, len(self.standing)):
            shift = self.standing[at]
            given = alone.get(shift.vehicle_class)
            for number in free if given else ():
                moved = replace(shift, vehicle_class=number)
                if given and problem.is_feasible(moved):
                    cost = problem.shift_fen(moved) + given.added_fen - problem.shift_fen(shift)
                    if best is None or cost < best[0]:
                        best = cost, (*self.standing[:at], moved, *self.standing[at + 1 :], given.shift)
        return None if best is None else best[1]

    def _make_room(self, call: Call) -> tuple[Shift, ...] | None:
        """The cheapest way to place the call by moving one other visit to another vehicle, or None."""
        problem, best = self.problem, None
        for at, shift in enumerate(self.standing):
            for out, given in self._swaps(shift, call, manned=at < self.manned):
                moved = self._find_elsewhere(out, at)
                if moved is None:
                    continue
                cost = problem.shift_fen(given) - problem.shift_fen(shift) + moved.added_fen
                if best is None or cost < best[0]:
                    best = cost, at, given, moved
        if best is None:
            return None
        _, at, shift, moved = best
        return apply((*self.standing[:at], shift, *self.standing[at + 1 :]), moved)

    def _swaps(self, shift: Shift, call: Call, *, manned: bool) -> Iterator[tuple[int, Shift]]:
        """Visits whose leaving frees seats enough for the call, each with the shift that takes it instead.

        Of a manned trip somebody stays.
        """
        problem = self.problem
        capacity = problem.vehicle_classes[shift.vehicle_class].capacity
        for at, trip in enumerate(shift.trips):
            boarding = problem.boarding(trip)
            short = call.heads - (capacity - sum(boarding))
            for place, out in enumerate(trip.visits if len(trip.visits) > manned else ()):
                if (
                    boarding[place] < short
                    or boarding[place] != problem.visits[out].heads
                    or out == call.visit
                ):
                    continue
                rest = replace(
                    trip,
                    visits=(*trip.visits[:place], *trip.visits[place + 1 :]),
                    taken=trip.taken and (*trip.taken[:place], *trip.taken[place + 1 :]),
                )
                given = self.desk.instead(shift, call, at=at, rest=rest)
                if given is not None:
                    yield out, given

    def _find_elsewhere(self, out: int, but: int) -> Insertion | None:
        """The place for a visit outside its own shift; the same whoever takes the seats it leaves."""
        if (out, but) not in self._elsewhere:
            parts = tuple(range(len(self.problem.visits[out].parts)))
            call = Call(self.problem, out, parts=parts)
            self._elsewhere[out, but] = self.desk.find(self.standing, call, but=but)
        return self._elsewhere[out, but]
