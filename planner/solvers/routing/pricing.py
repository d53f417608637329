"""Finds trips that cost less than dual values pay for, and how far the cheapest of each load is below 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.buckets import (
    AT,
    BLOCK,
    CHAIN,
    FIELDS,
    FULL,
    KEPT,
    NEXT_LOAD,
    PARENT,
    VISIT,
    WORK,
)
from planner.solvers.routing.families import Family, build_families, find_weights
from planner.solvers.routing.kinds import find_toll, trip_kinds
from planner.solvers.routing.labels import Fronts, Prices, Search, begin_search, fill_fronts, grow
from planner.solvers.routing.neighbourhoods import Near
from planner.solvers.routing.problem import RoutingProblem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.routing.certificate import Certificate

    Ints = NDArray[np.int64]

MOST_LABELS: Final = 4_000_000
"""64 bytes each, taken from the system as they are used."""
SLICE: Final = 3_000_000
"""Work between two looks at the clock; about 30 ms."""
CELL: Final = 4
"""Cells of the table of fronts that are one work."""
OFTEN: Final = 5
"""Of the trips kept of a kind, each has a visit that is in fewer than so many before it."""
LOOK: Final = 20
"""How many times more are looked at than kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How hard to look: labels a load and visit (0: all, exact), trips of each kind to keep, when to stop."""

    width: int
    keep: int
    most_work: int
    """Of the search of one family."""
    over: Callable[[int], bool]
    """Asked every few milliseconds with the work done so far in this search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Trips below 0, by number of kind, cheapest first within a kind.

    For each kind, by load: ``least`` reduced cost of all trips found, and ``floor``, which none is below;
    neither above 0; no floor where there was no time for any. ``complete`` where nothing was left out, and
    both are the same.
    """

    trips: tuple[tuple[int, tuple[int, ...]], ...]
    least: tuple[Ints, ...]
    floor: tuple[Ints, ...] | None
    complete: bool
    work: int


class Pricer:
    """Label searches of all kinds of a problem's trips."""

    def __init__(self, problem: RoutingProblem, *, near: Near, twins: Ints) -> None:
        self.problem = problem
        self.kinds = trip_kinds(problem)
        self.weights = find_weights(problem)
        self.families = build_families(problem, self.kinds, weights=self.weights, near=near, twins=twins)
        self._labels = np.empty((MOST_LABELS, FIELDS), dtype=np.int64)
        cells = max(((family.most + 1) * len(family.visits) for family in self.families), default=0)
        most = max((len(family.kinds) for family in self.families), default=0)
        self._tables = np.empty((4 + 2 * most, cells), dtype=np.int64)
        blocks = 2 * MOST_LABELS // BLOCK + cells + len(problem.visits)
        self._blocks = np.empty((blocks, KEPT, BLOCK), dtype=np.int64)
        self._chains = np.empty((blocks, CHAIN), dtype=np.int64)

    def remember(self, near: Near) -> None:
        """Search with other neighbourhoods from now on."""
        self.families = tuple(family.remembering(near) for family in self.families)

    def price(self, certificate: Certificate, *, effort: Effort) -> Found:
        """Search every family. Where there is no time for all labels, ``least`` falls back on the fronts."""
        tolls = [find_toll(self.problem, kind, certificate=certificate) for kind in self.kinds]
        nothing = tuple(np.zeros(1, dtype=np.int64) for _ in self.kinds)
        found = Found(trips=(), least=nothing, floor=nothing, complete=not effort.width, work=0)
        for family in self.families:
            found = self._search(family, family.prices(certificate, tolls=tolls), found=found, effort=effort)
            if found.floor is None:
                break
        return found

    def _search(self, family: Family, prices: Prices, *, found: Found, effort: Effort) -> Found:
        size, rows, kinds = len(family.visits), family.most + 1, len(family.kinds)
        tables = self._tables[:, : rows * size].reshape(-1, rows, size)
        fronts = Fronts(first=tables[0], second=tables[1], via=tables[2])
        step = max(SLICE * CELL // (size * size), 1)
        work = found.work
        for row in range(0, rows, step):
            fill_fronts(family.ground, prices, fronts, row, min(row + step, rows))
            work += step * size * size // CELL
            if row + step < rows and effort.over(work):
                return replace(found, floor=None, complete=False, work=work)
        search = Search(
            labels=self._labels,
            heads=tables[3],
            settled=np.empty(size, dtype=np.int64),
            blocks=self._blocks,
            chains=self._chains,
            best=tables[4 : 4 + kinds],
            which=tables[4 + kinds : 4 + 2 * kinds],
            at=np.zeros(AT, dtype=np.int64),
        )
        begin_search(family.ground, prices, fronts, search, effort.width)
        done = False
        while not (done or search.at[FULL] or search.at[WORK] > effort.most_work):
            if effort.over(work + int(search.at[WORK])):
                break
            done = grow(family.ground, prices, fronts, search, effort.width, SLICE)
        least, floor = list(found.least), list(found.floor or ())
        walks = _relax(family, prices, fronts=fronts) if effort.width or not done else floor[0]
        for place, kind in enumerate(family.kinds):
            least[kind] = floor[kind] = np.minimum(search.best[place].min(axis=1, initial=0), 0)
            looked = int(search.at[NEXT_LOAD]) * (not effort.width)
            if looked < rows:
                floor[kind] = np.concatenate([floor[kind][:looked], walks[looked:]])
        return Found(
            trips=(*found.trips, *_collect(family, search, keep=effort.keep)),
            least=tuple(least),
            floor=tuple(floor),
            complete=found.complete and done,
            work=work + int(search.at[WORK]),
        )


def _relax(family: Family, prices: Prices, *, fronts: Fronts) -> Ints:
    """By load, what no trip is below: the cheapest walk that never turns straight back, times aside."""
    rest = np.arange(family.most + 1)[:, None] - family.ground.weight
    walks = fronts.first[np.maximum(rest, 0), np.arange(len(family.visits))] + prices.last
    return np.minimum(np.where(rest >= 0, walks, 0).min(axis=1), 0)


def _collect(family: Family, search: Search, *, keep: int) -> list[tuple[int, tuple[int, ...]]]:
    """The cheapest trips of each kind, at most one a load and first visit, and no visit in all of them."""
    trips: list[tuple[int, tuple[int, ...]]] = []
    for place, kind in enumerate(family.kinds):
        costs, labels = search.best[place].ravel(), search.which[place].ravel()
        below = np.flatnonzero(costs < 0)
        seen, taken = np.zeros(len(family.visits), dtype=np.int64), 0
        for cell in below[np.argsort(costs[below], kind="stable")[: LOOK * keep]]:
            visits = _trace(search, int(labels[cell]))
            if seen[visits].min() < OFTEN:
                seen[visits] += 1
                taken += 1
                trips.append((kind, tuple(family.visits[visits].tolist())))
            if taken == keep:
                break
    return trips


def _trace(search: Search, label: int, /) -> list[int]:
    visits: list[int] = []
    while label >= 0:
        visits.append(int(search.labels[label, VISIT]))
        label = int(search.labels[label, PARENT])
    return visits
