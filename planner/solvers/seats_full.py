"""A bound for equal carriages with hardly a seat free, where whole employers must add up to whole carriages.

Take the graph of one stop's employers and carriages. Each of its connected parts either holds a carriage
that is shared with another stop, or its heads fill carriages of their own but for a few free seats. So the
parts are no more than the shared places and the disjoint sets of employers that add up; edges are nodes
less parts or more. A part with somebody who needs an accessible carriage holds one, so with few of those
the sets that add up are mostly of the other employers. Which employers add up is found for all sets of them
by dynamic programming, each set once; the same finds how to seat them. The bound is on seating single
heads, in exact integers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.seats_bound import Floor
from planner.solvers.seats_problem import NOBODY, Carriage, Kind, Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indices = NDArray[np.intp]

MOST_GROUPS: Final = 17
"""Groups of which every set is looked at: 130,000 sets, a tenth of a second."""
_NEVER: Final = 1 << 30


def bound_full(
    counts: Mapping[Kind, int], carriages: Sequence[Carriage], *, weights: Weights, floor: Floor
) -> int:
    """The least cost by ``floor`` and by how many carriages whole employers can fill."""
    simple = floor.cost(weights)
    seats = {carriage.seats for carriage in carriages}
    stops = _by_stop(counts)
    total = sum(kind.size * number for kind, number in counts.items())
    free = sum(carriage.seats for carriage in carriages) - sum(sum(heads.values()) for heads in stops)
    if len(seats) != 1 or free >= min(seats) or not total:
        return simple
    width = min(seats)
    nodes = len({kind.employer for kind in counts} - {NOBODY}) + 2 * -(-total // width)
    parts = _count_parts([[*heads.values()] for heads in stops], width=width, free=free)
    needy = {kind.employer for kind in counts if kind.accessible}
    if needy:
        others = [[n for employer, n in heads.items() if employer not in needy] for heads in stops]
        ready = sum(carriage.accessible for carriage in carriages)
        calls = len({kind.stop for kind in counts if kind.accessible})
        held = ready - max(calls - ready, 0)
        parts = min(parts, held + _count_parts(others, width=width, free=free))
    costs: list[int] = []
    for pairs in range(floor.stops, floor.stops + nodes):
        apart = nodes - pairs - parts
        costs.append(weights.stop * pairs + weights.employer * max(apart, floor.employers))
        if apart <= floor.employers:
            break
    return max(simple, min(costs, default=simple))


def count_filled(heads: Sequence[int], *, width: int, free: int) -> list[int]:
    """By number of disjoint sets the fewest seats free where they fill whole carriages, up to ``free``."""
    most = (sum(heads) + free) // width
    if len(heads) > MOST_GROUPS:
        return [max(number * width - sum(heads), 0) for number in range(most + 1)]
    return _Line(heads, ends=range(width, (most + 1) * width + 1, width), free=free).wasted()


def _count_parts(stops: Sequence[Sequence[int]], *, width: int, free: int) -> int:
    """The most disjoint sets, each of one stop, that leave no more seats free together."""
    best = [0]
    for heads in stops:
        wasted = count_filled(heads, width=width, free=free)
        best = [
            min(
                best[number - own] + wasted[own]
                for own in range(len(wasted))
                if 0 <= number - own < len(best)
            )
            for number in range(len(best) + len(wasted) - 1)
        ]
    return max(number for number, waste in enumerate(best) if waste <= free)


def line_up(heads: Sequence[int], rooms: Sequence[int]) -> list[dict[int, int]] | None:
    """By room the heads of each group, as few groups as possible in two rooms, the rooms taken in this order.

    Best for one order of rooms, and for any where no group need be parted. None where they do not fit, or
    for more than ``MOST_GROUPS`` groups.
    """
    free = sum(rooms) - sum(heads)
    if free < 0 or len(heads) > MOST_GROUPS:
        return None
    ends = list(accumulate(rooms))
    shares: list[dict[int, int]] = [{} for _ in rooms]
    for group, begin in _Line(heads, ends=ends, free=free).places():
        for room, end in enumerate(ends):
            share = min(begin + heads[group], end) - max(begin, end - rooms[room])
            if share > 0:
                shares[room][group] = share
    return shares


def _by_stop(counts: Mapping[Kind, int]) -> list[dict[int, int]]:
    """For each stop the heads of each employer that has people for no other stop."""
    stops: dict[int, set[int]] = defaultdict(set)
    heads: Counter[int] = Counter()
    for kind, number in sorted(counts.items()):
        stops[kind.employer].add(kind.stop)
        heads[kind.employer] += kind.size * number
    by_stop: dict[int, dict[int, int]] = defaultdict(dict)
    for employer, theirs in stops.items():
        if employer != NOBODY and len(theirs) == 1:
            by_stop[min(theirs)][employer] = heads[employer]
    return list(by_stop.values())


class _Line:
    """Groups in a row of seats with ``ends``: for every set of groups the first seat after them, at best.

    ``_after[parts, chosen]`` is for a set of groups seated so that ``parts`` times a group ends at an end,
    or so near before it that no more than ``free`` seats are left out in all; ``_open`` is the same before
    the last group's end was looked at.
    """

    def __init__(self, heads: Sequence[int], *, ends: Sequence[int], free: int) -> None:
        self._heads, self._free, self._last = heads, free, ends[-1]
        marks = np.searchsorted(np.array(ends), np.arange(self._last + 1), side="left")
        self._next = np.append(np.array(ends, dtype=np.int32)[marks], np.int32(_NEVER))
        self._sums = np.zeros(1, dtype=np.int32)
        for number in heads:
            self._sums = np.concatenate([self._sums, self._sums + np.int32(number)])
        self._open = np.full((len(ends) + 1, self._sums.size), _NEVER, dtype=np.int32)
        self._open[0, 0] = 0
        self._after = self._open.copy()
        sizes = np.bitwise_count(np.arange(self._sums.size))
        for count in range(1, len(heads) + 1):
            self._seat(np.flatnonzero(sizes == count))

    def wasted(self) -> list[int]:
        """By how often groups end at an end the fewest seats left out, as long as those are few enough."""
        wasted: list[int] = (self._after - self._sums).min(axis=1).tolist()
        return [waste for waste in wasted if waste <= self._free]

    def places(self) -> list[tuple[int, int]]:
        """All groups and their first seats where groups end at an end most often."""
        chosen = self._sums.size - 1
        parts = int(np.flatnonzero(self._after[:, chosen] <= self._last).max())
        found: list[tuple[int, int]] = []
        while chosen:
            parts -= int(self._open[parts, chosen] > self._after[parts, chosen])
            after = int(self._open[parts, chosen])
            group = next(
                group
                for group, number in enumerate(self._heads)
                if chosen >> group & 1 and self._after[parts, chosen ^ 1 << group] == after - number
            )
            found.append((group, after - self._heads[group]))
            chosen ^= 1 << group
        return found

    def _seat(self, chosen: Indices) -> None:
        """Sets of one size, from those smaller by a group."""
        for group, number in enumerate(self._heads):
            with_it = chosen[(chosen >> group & 1).astype(np.bool_)]
            after = self._after[:, with_it ^ (1 << group)] + np.int32(number)
            self._open[:, with_it] = np.minimum(self._open[:, with_it], after)
        opened = self._open[:, chosen]
        ends = self._next[np.minimum(opened, self._last + 1)]
        ends[ends - self._sums[chosen] > self._free] = _NEVER
        self._after[:, chosen] = opened
        self._after[1:, chosen] = np.minimum(opened[1:], ends[:-1])
