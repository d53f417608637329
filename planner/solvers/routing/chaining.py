"""Putting chosen trips of one class in order: which vehicle makes which of them, one after another.

All lawful sequences are made with the exact clock, then the cheapest set of them is chosen in which every
trip is made once by no more vehicles than there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from planner.solvers.routing.highs import Limits
from planner.solvers.routing.partition import choose
from planner.solvers.routing.problem import RoutingProblem, Shift, Standing, Trip
from planner.solvers.routing.program import Entries

_MOST: Final = 20_000
"""Sequences looked at; those beyond stay unseen, shortest sequences first."""


def chain(
    problem: RoutingProblem, trips: Sequence[Trip], *, vehicle_class: int, limits: Limits
) -> tuple[Shift, ...]:
    """The cheapest shifts that make these trips; where not all can be made, those of least prize stay out."""
    kind = problem.vehicle_classes[vehicle_class]
    if kind.trips == 1 and len(trips) <= kind.count:
        return tuple(Shift(vehicle_class=vehicle_class, trips=(trip,)) for trip in trips)
    sequences = _sequences(problem, trips, vehicle_class=vehicle_class)
    shifts = [
        Shift(vehicle_class=vehicle_class, trips=tuple(trips[n] for n in sequence)) for sequence in sequences
    ]
    entries = Entries()
    for number in range(len(trips)):
        row = entries.add_row(1, 1)
        entries.put(row, len(shifts) + number, 1)
    fleet = entries.add_row(0, kind.count)
    for column, sequence in enumerate(sequences):
        entries.put(fleet, column, 1)
        for number in sequence:
            entries.put(number, column, 1)
    left_out = [1 + sum(problem.visits[visit].prize for visit in trip.visits) for trip in trips]
    costs = [*(problem.shift_fen(shift) for shift in shifts), *left_out]
    program = entries.program(costs, most=[1] * len(costs))
    start = np.array([0] * len(shifts) + [1] * len(trips), dtype=np.int64)
    choice = choose(program, start=start, limits=limits)
    return tuple(shifts[column] for column in np.flatnonzero(choice.chosen[: len(shifts)]))


def _sequences(
    problem: RoutingProblem, trips: Sequence[Trip], *, vehicle_class: int
) -> list[tuple[int, ...]]:
    """Every order in which one vehicle may make some of the trips."""
    found: list[tuple[int, ...]] = []
    ends: list[tuple[tuple[int, ...], Standing]] = [((), problem.start_of(vehicle_class))]
    for _ in range(problem.vehicle_classes[vehicle_class].trips):
        longer: list[tuple[tuple[int, ...], Standing]] = []
        for made, standing in ends:
            for number in sorted(set(range(len(trips))) - set(made)):
                trip = trips[number]
                times = problem.times(vehicle_class, trip, standing=standing)
                fault = problem.find_fault(vehicle_class, trip, standing=standing, times=times)
                if times is not None and fault is None:
                    longer.append(((*made, number), problem.after(standing, trip, times=times)))
        found += [made for made, _ in longer]
        ends = longer
        if len(found) > _MOST:
            break
    return found[:_MOST]
