"""Neighbourhoods of ng-routes: where a trip that comes back to a visit has not forgotten it.

They begin with few of the nearest visits: where many small visits fill a vehicle, a search that remembers
more does not end. Then they grow where fractions of trips of the
linear program come back (Roberti & Mingozzi, Transportation Science 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from planner.solvers.routing.problem import FOREVER, UNREACHABLE, RoutingProblem

Near = tuple[tuple[int, ...], ...]
"""By visit, the visits remembered there, itself first."""
MOST: Final = 60
"""Visits remembered at one, at most."""


def find_nearest(problem: RoutingProblem, *, size: int = 5) -> Near:
    """By visit, itself and the ``size - 1`` nearest by the first profile's seconds there and back."""
    visits = len(problem.visits)
    seconds = problem.seconds[0][:visits, :visits].astype(np.int64)
    seconds = np.where(seconds == UNREACHABLE, FOREVER, seconds)
    both = np.minimum(seconds, seconds.T)
    np.fill_diagonal(both, -1)
    order = np.argsort(both, axis=1, kind="stable")[:, :size]
    return tuple(tuple(int(visit) for visit in row) for row in order)


def returns(visits: tuple[int, ...], *, near: Near) -> bool:
    """Whether a trip comes back to a visit that is still remembered."""
    kept: set[int] = set()
    for visit in visits:
        if visit in kept:
            return True
        kept = {other for other in kept if other in near[visit]} | {visit}
    return False


def widen(near: Near, trips: Iterable[tuple[int, ...]]) -> Near:
    """Remember what these trips come back to all along the way, where there is room; the same if nowhere."""
    wider: dict[int, list[int]] = {}
    for trip in trips:
        for visit, between in _loops(trip):
            sets = [wider.setdefault(other, list(near[other])) for other in between]
            if all(visit in kept or len(kept) < MOST for kept in sets):
                for kept in sets:
                    if visit not in kept:
                        kept.append(visit)
    return tuple(tuple(wider.get(visit, kept)) for visit, kept in enumerate(near))


def _loops(trip: tuple[int, ...]) -> Iterator[tuple[int, set[int]]]:
    """Each visit come back to, and what lies between."""
    last: dict[int, int] = {}
    for place, visit in enumerate(trip):
        if visit in last:
            yield visit, set(trip[last[visit] + 1 : place])
        last[visit] = place
