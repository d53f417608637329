"""Cut a plan into districts of neighbouring trips, each a smaller problem of its own, and join them again.

A local search on 1,000 visits spends its time far from where it could still gain; on districts of some
150 it gains several times as fast, and districts can be searched side by side. Cutting along whole trips
keeps every district solvable, and cutting anew each round moves the borders (the decomposition of
Taillard and Voss's POPMUSIC, 2002, with sectors and strips as parts).
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.problem import UNREACHABLE, RoutingProblem, Shift

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SECTORS: Final = 0.7
"""Share of cuts in sectors; strips are for what sectors never part near the hub."""


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A part of a plan as a problem of its own; ``visits`` says which of the whole its visits are."""

    problem: RoutingProblem
    visits: tuple[int, ...]
    shifts: tuple[Shift, ...]

    def widen(self, shift: Shift) -> Shift:
        """The same shift in numbers of the whole problem."""
        trips = tuple(
            replace(trip, visits=tuple(self.visits[v] for v in trip.visits)) for trip in shift.trips
        )
        return replace(shift, trips=trips)


def locate(problem: RoutingProblem) -> NDArray[np.float64]:
    """Coordinates of all nodes, ``(V+T, 2)``, whose distances come near the road's: classical scaling.

    Torgerson (1952): the two leading eigenvectors of the doubly centred squared distances. Where the
    matrix is Euclidean they are the map itself, turned and mirrored.
    """
    metres = problem.metres[0].astype(np.float64)
    closed = problem.seconds[0] == UNREACHABLE
    metres[closed] = metres[~closed].max(initial=1.0)
    both = np.minimum(metres, metres.T)
    np.fill_diagonal(both, 0.0)
    squared = both**2
    row = squared.mean(axis=1)
    centred = -0.5 * (squared - row[:, None] - row[None, :] + row.mean())
    values, vectors = np.linalg.eigh(centred)
    lengths = np.sqrt(np.maximum(values[-2:], 0.0))
    return vectors[:, -2:] * np.where(lengths > 0, lengths, 1.0)


def cut(
    problem: RoutingProblem,
    shifts: Sequence[Shift],
    *,
    points: NDArray[np.float64],
    parts: int,
    dice: random.Random,
) -> list[District]:
    """Cut along a random direction or in sectors round the gates into ``parts`` of like size.

    Visits left out go with the nearest shift; vehicles not in use are shared out.
    """
    if parts <= 1 or not shifts:
        return [_district(problem, shifts, others=problem.left_out(shifts), spare=_unused(problem, shifts))]
    centres = np.array([points[_visits([shift])].mean(axis=0) for shift in shifts])
    angle = dice.random() * 2 * math.pi
    if dice.random() < _SECTORS:
        hub = points[[gate.node for gate in problem.gates]].mean(axis=0)
        away = centres - hub
        keys = (np.arctan2(away[:, 1], away[:, 0]) - angle) % (2 * math.pi)
    else:
        keys = centres @ np.array([math.cos(angle), math.sin(angle)])
    groups = _deal(shifts, order=np.argsort(keys, kind="stable").tolist(), parts=parts)
    others: list[list[int]] = [[] for _ in groups]
    home = {number: place for place, group in enumerate(groups) for number in group}
    for visit in problem.left_out(shifts):
        nearest = int(((centres - points[visit]) ** 2).sum(axis=1).argmin())
        others[home[nearest]].append(visit)
    unused = _unused(problem, shifts)
    return [
        _district(
            problem,
            [shifts[number] for number in group],
            others=others[place],
            spare=[
                free // len(groups) + ((place + number) % len(groups) < free % len(groups))
                for number, free in enumerate(unused)
            ],
        )
        for place, group in enumerate(groups)
    ]


def _visits(shifts: Sequence[Shift]) -> list[int]:
    return [visit for shift in shifts for trip in shift.trips for visit in trip.visits]


def _unused(problem: RoutingProblem, shifts: Sequence[Shift]) -> list[int]:
    used = Counter(shift.vehicle_class for shift in shifts)
    return [max(kind.count - used[number], 0) for number, kind in enumerate(problem.vehicle_classes)]


def _deal(shifts: Sequence[Shift], *, order: Sequence[int], parts: int) -> list[list[int]]:
    """Shifts in order, cut where the visits so far reach the next share."""
    total = sum(len(_visits([shift])) for shift in shifts)
    groups: list[list[int]] = [[]]
    dealt = 0
    for number in order:
        if dealt >= total / parts * len(groups):
            groups.append([])
        groups[-1].append(number)
        dealt += len(_visits([shifts[number]]))
    return groups


def _district(
    problem: RoutingProblem, shifts: Sequence[Shift], *, others: Sequence[int], spare: Sequence[int]
) -> District:
    visits = sorted({*_visits(shifts), *others})
    used = Counter(shift.vehicle_class for shift in shifts)
    counts = [used[number] + free for number, free in enumerate(spare)]
    number_of = {visit: number for number, visit in enumerate(visits)}
    inner = tuple(
        replace(
            shift,
            trips=tuple(
                replace(trip, visits=tuple(number_of[v] for v in trip.visits)) for trip in shift.trips
            ),
        )
        for shift in shifts
    )
    return District(problem=restrict(problem, visits, counts=counts), visits=tuple(visits), shifts=inner)


def restrict(problem: RoutingProblem, visits: Sequence[int], *, counts: Sequence[int]) -> RoutingProblem:
    """The problem with only these visits, in this order, and so many vehicles of each class."""
    everyone = len(problem.visits)
    terminals = range(everyone, problem.seconds[0].shape[0])
    grid = np.ix_([*visits, *terminals], [*visits, *terminals])
    shift_by = len(visits) - everyone
    number_of = {visit: number for number, visit in enumerate(visits)}
    return replace(
        problem,
        visits=tuple(problem.visits[visit] for visit in visits),
        gates=tuple(replace(gate, node=gate.node + shift_by) for gate in problem.gates),
        vehicle_classes=tuple(
            replace(
                kind,
                count=count,
                start=kind.start + shift_by,
                barred=frozenset(number_of[visit] for visit in kind.barred if visit in number_of),
            )
            for kind, count in zip(problem.vehicle_classes, counts, strict=True)
        ),
        seconds=tuple(seconds[grid] for seconds in problem.seconds),
        metres=tuple(metres[grid] for metres in problem.metres),
    )
