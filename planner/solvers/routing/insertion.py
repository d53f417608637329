"""Cheapest insertion: put single visits into a standing solution where they cost least.

Serves as the repair after every router (what a search dropped may still fit somewhere) and as the
way late names enter a plan that people have already been told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from planner.solvers.routing.problem import RoutingProblem, Trip


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """One feasible place for a visit, and the trip as it would be."""

    added_fen: int
    trip: Trip
    replaces: int | None
    """Index of the trip it changes, None for a new vehicle."""


def insert_all(
    problem: RoutingProblem, trips: Sequence[Trip], *, visits: Sequence[int], manned: int = 0
) -> tuple[Trip, ...]:
    """Insert as many of ``visits`` as fit, largest first; those that fit nowhere stay out.

    Where a visit fits nowhere, one other visit may move to another trip to make room for it, or one
    trip to a free vehicle of another class that leaves its own to the visit. The first ``manned`` trips
    keep their vehicles.
    """
    standing = tuple(trips)
    for visit in sorted(visits, key=lambda number: (-problem.visits[number].heads, number)):
        found = find_insertion(problem, standing, visit=visit)
        changed = None if found is None else _apply(standing, found)
        if changed is None:
            changed = _free_vehicle(problem, standing, visit=visit, manned=manned) or _make_room(
                problem, standing, visit=visit
            )
        before = sum(problem.trip_fen(trip) for trip in standing)
        if changed and sum(problem.trip_fen(trip) for trip in changed) - before < problem.visits[visit].prize:
            standing = changed
    return standing


def _apply(trips: Sequence[Trip], found: Insertion) -> tuple[Trip, ...]:
    if found.replaces is None:
        return (*trips, found.trip)
    return (*trips[: found.replaces], found.trip, *trips[found.replaces + 1 :])


def _free_vehicle(
    problem: RoutingProblem, trips: Sequence[Trip], *, visit: int, manned: int
) -> tuple[Trip, ...] | None:
    """The cheapest way to drive ``visit`` alone in a vehicle whose trip a free one of another class takes."""
    used = Counter(trip.vehicle_class for trip in trips)
    free = [number for number, kind in enumerate(problem.vehicle_classes) if used[number] < kind.count]
    best: tuple[int, tuple[Trip, ...]] | None = None
    for number, trip in enumerate(trips):
        alone = Trip(vehicle_class=trip.vehicle_class, visits=(visit,))
        if number < manned or not problem.is_feasible(alone):
            continue
        for other in free:
            moved = Trip(vehicle_class=other, visits=trip.visits)
            if not problem.is_feasible(moved):
                continue
            cost = problem.trip_fen(moved) + problem.trip_fen(alone) - problem.trip_fen(trip)
            if best is None or cost < best[0]:
                best = cost, (*trips[:number], moved, *trips[number + 1 :], alone)
    return None if best is None else best[1]


def _make_room(problem: RoutingProblem, trips: Sequence[Trip], *, visit: int) -> tuple[Trip, ...] | None:
    """The cheapest way to place ``visit`` by moving one other visit to another trip, or None."""
    best: tuple[int, tuple[Trip, ...]] | None = None
    before = sum(problem.trip_fen(trip) for trip in trips)
    for number, trip in enumerate(trips):
        capacity = problem.vehicle_classes[trip.vehicle_class].capacity
        room = capacity - problem.heads(trip.visits) - problem.visits[visit].heads
        for out in trip.visits:
            if room + problem.visits[out].heads < 0:
                continue
            rest = Trip(vehicle_class=trip.vehicle_class, visits=tuple(v for v in trip.visits if v != out))
            taken = _best_place(problem, rest, visit=visit)
            if taken is None:
                continue
            others = (*trips[:number], taken, *trips[number + 1 :])
            moved = find_insertion(problem, others, visit=out)
            if moved is None:
                continue
            changed = _apply(others, moved)
            cost = before - problem.trip_fen(trip) + problem.trip_fen(taken) + moved.added_fen
            if best is None or cost < best[0]:
                best = cost, changed
    return None if best is None else best[1]


def _best_place(problem: RoutingProblem, trip: Trip, *, visit: int) -> Trip | None:
    tried = [
        Trip(vehicle_class=trip.vehicle_class, visits=(*trip.visits[:place], visit, *trip.visits[place:]))
        for place in range(len(trip.visits) + 1)
    ]
    return min(filter(problem.is_feasible, tried), key=problem.trip_fen, default=None)


def find_insertion(problem: RoutingProblem, trips: Sequence[Trip], *, visit: int) -> Insertion | None:
    """The cheapest feasible place for a visit, or None. Ties go to the earlier trip and position."""
    best: Insertion | None = None
    for number, trip in enumerate(trips):
        before = problem.trip_fen(trip)
        room = problem.vehicle_classes[trip.vehicle_class].capacity - problem.heads(trip.visits)
        if room < problem.visits[visit].heads:
            continue
        for place in range(len(trip.visits) + 1):
            visits = (*trip.visits[:place], visit, *trip.visits[place:])
            changed = Trip(vehicle_class=trip.vehicle_class, visits=visits)
            best = _better(problem, Insertion(added_fen=-before, trip=changed, replaces=number), best=best)
    used = Counter(trip.vehicle_class for trip in trips)
    for number, kind in enumerate(problem.vehicle_classes):
        if used[number] < kind.count:
            alone = Trip(vehicle_class=number, visits=(visit,))
            best = _better(problem, Insertion(added_fen=0, trip=alone, replaces=None), best=best)
    return best


def _better(problem: RoutingProblem, tried: Insertion, *, best: Insertion | None) -> Insertion | None:
    if not problem.is_feasible(tried.trip):
        return best
    added = tried.added_fen + problem.trip_fen(tried.trip)
    if best is not None and best.added_fen <= added:
        return best
    return Insertion(added_fen=added, trip=tried.trip, replaces=tried.replaces)
