"""Kernels of the second opinion on bounds: the cheapest trips by load, looked for from the start on.

Written apart from the search's own pricing, which grows trips backwards from the gate: an error in one is
not an error in the other. Everything is in exact 64-bit integers.
"""
# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from planner.solvers.routing.verify_pages import (
    CLOCK,
    COST,
    FIELDS,
    LEFT,
    LINK,
    MEMORY,
    PAGE,
    SEEN,
    SPAN,
    Pages,
    covered,
    keep,
)  # fmt: skip
from planner.solvers.routing.verify_subsets import Held, go_on

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

FAR: Final = 2**60
"""Dearer and later than anything; twice as much is still a 64-bit number."""

WEIGHT, TAIL, OPENS, CLOSES, HOME, LAST, CLOSING, CAP = range(8)
"""Columns of ``nodes``: load; seconds of a call; when it may begin; least seconds on to the gate; seconds
and cost of the arc into the gate; most seconds to it from the end of a call."""

TURN, SHUTS, SPANS, CLOCKS = range(4)
"""Fields of ``gate``: seconds of a turn-round, when it closes; 1 where seconds since the start, and times,
matter at all (kept at 0 where not, so that they keep no label from covering another)."""

ENOUGH: Final = 1_000
"""Paths looked at before the caller may look at the clock."""


@njit(cache=True)
def complete(costs: Ints, nodes: Ints, load: int, best: Ints, after: Ints, other: Ints) -> None:  # noqa: PLR0917  # numba kernels take arrays by position
    """Fill a row of the table of cheapest ways on: ``best[load, a]`` from ``a`` with ``load`` seats to spare.

    ``after`` is the visit that such a way makes first, -1 for the gate; ``other`` the cheapest way that
    makes another first. Ways may come back to a visit, but not at once by the way they left it
    (Houck, Picard, Queyranne & Vemuganti 1980), and know no time: no trip's way on is cheaper.
    """
    size = len(costs)
    ways, seconds, nexts = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    for b in range(size):
        rest = load - nodes[b, WEIGHT]
        ways[b] = best[rest, b] if rest >= 0 else FAR
        seconds[b] = other[rest, b] if rest >= 0 else FAR
        nexts[b] = after[rest, b] if rest >= 0 else -1
    for a in range(size):
        least, second, first = nodes[a, CLOSING], FAR, -1
        for b in range(size):
            way = costs[a, b] + (seconds[b] if nexts[b] == a else ways[b])
            if way < least:
                least, second, first = way, least, b
            elif way < second:
                second = way
        best[load, a], other[load, a], after[load, a] = least, second, first


@njit(cache=True)
def step_cost(steps: Ints, span: int) -> int:
    """Sum of the costs of all steps reached."""
    total = 0
    for number in range(len(steps)):
        if span >= steps[number, 0]:
            total += steps[number, 1]
    return total


@njit(cache=True)
def _collect(labels: Ints, head: int) -> Ints:
    """Rows of a list of labels, cheapest first."""
    count, row = 0, head
    while row >= 0:
        count += 1
        row = labels[row, LINK]
    rows, costs = np.empty(count, np.int64), np.empty(count, np.int64)
    row = head
    for place in range(count):
        rows[place], costs[place] = row, labels[row, COST]
        row = labels[row, LINK]
    return rows[np.argsort(costs, kind="mergesort")]


@njit(cache=True)
def _remember(memory: int, a: int, b: int, near: Ints, bits: Ints) -> int:  # noqa: PLR0917  # as above
    """What is still remembered on arrival at ``b``, or -1 where ``b`` itself is."""
    kept = 0
    for place in range(near.shape[1]):
        if memory >> place & 1:
            visit = near[a, place]
            if visit == b:
                return -1
            if bits[b, visit] >= 0:
                kept |= 1 << bits[b, visit]
    return kept | 1 << bits[b, b]


@njit(cache=True)
def _extend(  # noqa: PLR0913, PLR0917  # as above
    label: Ints, a: int, b: int, costs: Ints, hops: Ints, nodes: Ints, gate: Ints, new: Ints
) -> bool:
    """Write cost and times of going on to ``b`` into ``new``; whether the gate is still reached in time."""
    hop = hops[a, b]
    left = min(label[LEFT] - hop, nodes[b, CAP])
    if costs[a, b] >= FAR or left < nodes[b, HOME]:
        return False
    new[COST], new[LEFT] = label[COST] + costs[a, b], left
    new[SPAN] = label[SPAN] + hop * gate[SPANS]
    begin = max(label[CLOCK] + hop - nodes[b, TAIL], nodes[b, OPENS])
    new[CLOCK] = (begin + nodes[b, TAIL]) * gate[CLOCKS]
    return begin <= nodes[b, CLOSES] or not gate[CLOCKS]


@njit(cache=True)
def grow(  # noqa: C901, PLR0913, PLR0917  # numba kernels take arrays by position; one loop in another
    cursor: int, used: int, labels: Ints, waiting: Ints, pages: Pages, costs: Ints, hops: Ints, nodes: Ints,
    near: Ints, bits: Ints, held: Held, steps: Ints, best: Ints, after: Ints, other: Ints, gate: Ints,
    least: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Grow some hundred paths of the next loads and last visits while there is room for their children.

    ``waiting[load, visit]`` heads a list of labels, those looked at are on ``pages``; ``cursor`` counts pairs
    of load and visit. A path that no way on brings below 0 is forgotten; ``least[load]`` is lowered to what
    trips cost. Gives the cursor and the number of labels used.
    """
    size, top, done = len(costs), len(best) - 1, 0
    new = np.zeros(FIELDS, np.int64)
    while cursor < waiting.size and done < ENOUGH:
        load, a = cursor // size, cursor % size
        rows = _collect(labels, waiting[load, a])
        if used + len(rows) * size > len(labels):
            break
        if pages.last[-1] + len(rows) // PAGE + 2 > len(pages.after):
            break
        done += len(rows)
        for row in rows:
            label = labels[row]
            if covered(label, a, pages.fields, pages.after, pages.last[a], held):
                continue
            keep(label, a, pages)
            if (
                nodes[a, CLOSING] < FAR
                and label[LEFT] >= nodes[a, LAST]
                and label[CLOCK] + nodes[a, LAST] <= gate[SHUTS]
            ):
                span = label[SPAN] + nodes[a, LAST] + gate[TURN]
                total = label[COST] + nodes[a, CLOSING] + step_cost(steps, span)
                least[load] = min(least[load], total)
            for b in range(size):
                carried = load + nodes[b, WEIGHT]
                if carried > top or not _extend(label, a, b, costs, hops, nodes, gate, new):
                    continue
                new[SEEN], price = go_on(label[SEEN], a, b, held)
                new[COST] += price
                way = other[top - carried, b] if after[top - carried, b] == a else best[top - carried, b]
                if new[COST] + way + step_cost(steps, new[SPAN] + nodes[b, HOME] + gate[TURN]) >= 0:
                    continue
                new[MEMORY] = _remember(label[MEMORY], a, b, near, bits)
                if new[MEMORY] < 0:
                    continue
                new[LINK] = waiting[carried, b]
                labels[used] = new
                waiting[carried, b] = used
                used += 1
        cursor += 1
    return cursor, used
