"""The best order of one squad's day, exactly: labels of (calls made, last call), by time and fen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from planner.solvers.routing.problem import UNREACHABLE
from planner.solvers.tours.judge import starts
from planner.solvers.tours.problem import Rule, Tour, TourProblem

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints

_FRONT: Final = 64
"""Labels kept of one set of calls and last call; more are not met in a day of ten calls."""
_FAR: Final = 1 << 50


@njit(cache=True, nogil=True)
def _best_order(fen: Ints, seconds: Ints, service: Ints, windows: Ints, hours: Ints) -> Ints:  # noqa: C901, PLR0912, PLR0915, PLR0917  # a kernel
    """Least fen and the order; fen is _FAR where none is lawful. Row 0 is the start, the last row the end."""
    size = service.shape[0]
    labels = np.full((1 << size, size, _FRONT, 4), -1, np.int64)
    fill = np.zeros((1 << size, size), np.int64)
    for mask in range(1, 1 << size):
        for last in range(size):
            if not mask >> last & 1:
                continue
            rest = mask ^ (1 << last)
            for before in range(-1, size):
                if (before < 0) != (rest == 0) or (before >= 0 and not rest >> before & 1):
                    continue
                many = 1 if before < 0 else fill[rest, before]
                for n in range(many):
                    now = hours[0] if before < 0 else labels[rest, before, n, 0]
                    cost = 0 if before < 0 else labels[rest, before, n, 1]
                    if seconds[before + 1, last + 1] < 0:
                        continue
                    now += seconds[before + 1, last + 1]
                    begin = -1
                    for place in range(windows.shape[1]):
                        if windows[last, place, 1] >= now:
                            begin = max(now, windows[last, place, 0])
                            break
                    if begin < 0:
                        continue
                    now, cost = begin + service[last], cost + fen[before + 1, last + 1]
                    worse = False
                    for other in range(fill[mask, last]):
                        if labels[mask, last, other, 0] <= now and labels[mask, last, other, 1] <= cost:
                            worse = True
                    if worse:
                        continue
                    kept = 0
                    for other in range(fill[mask, last]):
                        if labels[mask, last, other, 0] < now or labels[mask, last, other, 1] < cost:
                            labels[mask, last, kept] = labels[mask, last, other]
                            kept += 1
                    if kept < _FRONT:
                        labels[mask, last, kept, 0], labels[mask, last, kept, 1] = now, cost
                        labels[mask, last, kept, 2], labels[mask, last, kept, 3] = before, n
                        kept += 1
                    fill[mask, last] = kept
    found = np.full(size + 1, -1, np.int64)
    found[0] = _FAR
    full, best, number = (1 << size) - 1, -1, -1
    for last in range(size):
        for n in range(fill[full, last]):
            way = seconds[last + 1, size + 1]
            cost = labels[full, last, n, 1] + fen[last + 1, size + 1]
            if way >= 0 and labels[full, last, n, 0] + way <= hours[1] and cost < found[0]:
                found[0], best, number = cost, last, n
    mask = full
    for place in range(size, 0, -1):
        if best < 0:
            break
        found[place] = best
        before, n = labels[mask, best, number, 2], labels[mask, best, number, 3]
        mask ^= 1 << best
        best, number = before, n
    return found


def best_order(problem: TourProblem, tour: Tour, *, start: int) -> tuple[int, Tour] | Rule:
    """Travel and the cheapest lawful order of calls from the node ``start``; ROAD, TIME, OFF if none.

    At most 10 calls. Labels point into sets that are complete by then, so the order is exact.
    """
    squad = problem.squads[tour.squad]
    hours, end = squad.hours[tour.day], problem.end_of(tour)
    if hours is None:
        return Rule.OFF
    villages = [problem.villages[problem.calls[call].village] for call in tour.calls]
    nodes = [start, *(village.node for village in villages), end]
    grid = np.ix_(nodes, nodes)
    seconds = problem.seconds[squad.profile][grid]
    if not villages:
        return (int(problem.arcs[tour.squad][start, end]), tour) if seconds[0, 1] >= 0 else Rule.ROAD
    windows = _windows([village.windows[tour.day] for village in villages])
    found = _best_order(
        problem.arcs[tour.squad][grid],
        seconds,
        np.array([village.service_s for village in villages]),
        windows,
        np.array(hours),
    )
    if found[0] < _FAR:
        return int(found[0]), replace(tour, calls=tuple(tour.calls[int(place)] for place in found[1:]))
    inner = seconds[1:-1]
    blocked = (seconds[0, 1:-1] == UNREACHABLE).all() or (inner[:, -1] == UNREACHABLE).all()
    return Rule.ROAD if blocked else Rule.TIME


def ordered(problem: TourProblem, tours: Sequence[Tour]) -> list[Tour]:
    """Every tour in its cheapest lawful order."""
    return list(_ordered(problem, tours))


def _ordered(problem: TourProblem, tours: Sequence[Tour]) -> Iterator[Tour]:
    wakes = starts(problem, tours)
    for tour in tours:
        found = best_order(problem, tour, start=wakes[tour.squad, tour.day])
        yield tour if isinstance(found, Rule) else found[1]


def _windows(rows: list[tuple[tuple[int, int], ...]]) -> Ints:
    made = np.full((len(rows), max(1, *map(len, rows)), 2), -1, dtype=np.int64)
    for place, row in enumerate(rows):
        made[place, : len(row)] = np.array(row, dtype=np.int64).reshape(-1, 2)
    return made
