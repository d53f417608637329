"""Plans of exploded problems put together again: one call for all of a visit that board in one trip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.solvers.routing.cuts import Piece, Pieces
from planner.solvers.routing.places import tidy
from planner.solvers.routing.problem import RoutingProblem, Shift, Trip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """Where a plan calls at a visit, for whom."""

    shift: int
    trip: int
    place: int
    parts: Piece
    heads: int


def join_calls(problem: RoutingProblem, shifts: Sequence[Shift], *, pieces: Pieces) -> tuple[Shift, ...]:
    """Name the visits and parts that pieces stand for, and call once a trip at each of them.

    At the place among those it was called at that costs least and is lawful; where none is, which takes
    a road closed one way, only the largest piece boards.
    """
    return tuple(_join_shift(problem, shift, pieces=pieces) for shift in shifts)


def _join_shift(problem: RoutingProblem, shift: Shift, *, pieces: Pieces) -> Shift:
    trips: list[Trip] = []
    for trip in shift.trips:
        named = [pieces[visit] for visit in trip.visits]
        trips.append(
            replace(trip, visits=tuple(v for v, _ in named), taken=tuple(piece for _, piece in named))
        )
    joined = replace(shift, trips=tuple(trips))
    for at, trip in enumerate(trips):
        for visit in dict.fromkeys(trip.visits):
            if trip.visits.count(visit) > 1:
                joined = _call_once(problem, joined, at=at, visit=visit)
    return replace(joined, trips=tuple(tidy(problem, trip) for trip in joined.trips))


def _call_once(problem: RoutingProblem, shift: Shift, *, at: int, visit: int) -> Shift:
    trip = shift.trips[at]
    places = [place for place, called in enumerate(trip.visits) if called == visit]
    everybody = tuple(sorted(part for place in places for part in trip.taken[place]))
    tried = [_keep(trip, place, among=places, parts=everybody) for place in places]
    changed = [replace(shift, trips=(*shift.trips[:at], once, *shift.trips[at + 1 :])) for once in tried]
    lawful = [other for other in changed if problem.walk(other)]  # other visits may still be called at twice
    if lawful:
        return min(lawful, key=problem.shift_fen)
    largest = max(places, key=lambda place: problem.boarding(trip)[place])
    fewer = _keep(trip, largest, among=places, parts=trip.taken[largest])
    return replace(shift, trips=(*shift.trips[:at], fewer, *shift.trips[at + 1 :]))


def _keep(trip: Trip, kept: int, *, among: Sequence[int], parts: Piece) -> Trip:
    """The trip with one of several calls left, at which these parts board."""
    calls = [
        (visit, parts if place == kept else piece)
        for place, (visit, piece) in enumerate(zip(trip.visits, trip.taken, strict=True))
        if place == kept or place not in among
    ]
    return replace(trip, visits=tuple(v for v, _ in calls), taken=tuple(piece for _, piece in calls))


def gather(problem: RoutingProblem, shifts: Sequence[Shift]) -> tuple[Shift, ...]:
    """Spare calls whose people find room where other trips call at the same visit, while that costs less."""
    standing, better = tuple(shifts), True
    while better:
        better = False
        calls = _calls(problem, standing)
        for visit in tuple(calls):
            of_visit = calls.get(visit, [])
            for call in sorted(of_visit, key=lambda call: (call.heads, call.shift, call.trip)):
                changed = _spare(problem, standing, visit=visit, call=call, calls=of_visit)
                if changed is not None:
                    standing, better = changed, True
                    calls = _calls(problem, standing)  # a call less moves the places of others
                    break
    return standing


def _calls(problem: RoutingProblem, shifts: Sequence[Shift]) -> dict[int, list[_Call]]:
    """Calls at visits that are called at more than once."""
    found: dict[int, list[_Call]] = defaultdict(list)
    for number, shift in enumerate(shifts):
        for at, trip in enumerate(shift.trips):
            boarding = problem.boarding(trip)
            for place, (visit, parts) in enumerate(zip(trip.visits, trip.taken, strict=False)):
                if parts:
                    found[visit].append(
                        _Call(shift=number, trip=at, place=place, parts=parts, heads=boarding[place])
                    )
    return {visit: calls for visit, calls in found.items() if len(calls) > 1}


def _spare(
    problem: RoutingProblem, shifts: tuple[Shift, ...], *, visit: int, call: _Call, calls: Sequence[_Call]
) -> tuple[Shift, ...] | None:
    """The plan without one call, its people boarding at the others; None unless lawful and cheaper."""
    sizes = problem.visits[visit].parts
    others = [other for other in calls if (other.shift, other.trip) != (call.shift, call.trip)]
    rooms = [_room(problem, shifts, call=other) for other in others]
    boarding = [list(other.parts) for other in others]
    for part in sorted(call.parts, key=lambda part: (-sizes[part], part)):
        at = next((number for number, room in enumerate(rooms) if sizes[part] <= room), None)
        if at is None:
            return None
        boarding[at].append(part)
        rooms[at] -= sizes[part]
    trips = {number: list(shift.trips) for number, shift in enumerate(shifts)}
    for other, parts in zip(others, boarding, strict=True):
        trip = trips[other.shift][other.trip]
        taken = (*trip.taken[: other.place], tuple(parts), *trip.taken[other.place + 1 :])
        trips[other.shift][other.trip] = tidy(problem, replace(trip, taken=taken))
    trips[call.shift][call.trip] = tidy(problem, _without(trips[call.shift][call.trip], call.place))
    touched = sorted({call.shift, *(other.shift for other in others)})
    before = sum(problem.shift_fen(shifts[number]) for number in touched)
    made = {number: tuple(trip for trip in trips[number] if trip.visits) for number in touched}
    changed = {number: replace(shifts[number], trips=own) for number, own in made.items() if own}
    if not all(map(problem.is_feasible, changed.values())):
        return None
    if sum(map(problem.shift_fen, changed.values())) >= before:
        return None
    kept = (changed.get(number) if number in made else shift for number, shift in enumerate(shifts))
    return tuple(shift for shift in kept if shift is not None)


def _room(problem: RoutingProblem, shifts: Sequence[Shift], *, call: _Call) -> int:
    shift = shifts[call.shift]
    return problem.vehicle_classes[shift.vehicle_class].capacity - problem.heads(shift.trips[call.trip])


def _without(trip: Trip, place: int) -> Trip:
    visits = (*trip.visits[:place], *trip.visits[place + 1 :])
    return replace(trip, visits=visits, taken=(*trip.taken[:place], *trip.taken[place + 1 :]))
