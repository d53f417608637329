"""Cheapest trips under dual values: label setting backwards from a gate, compiled.

A label is the end of a trip: the visit it begins at for now, and what it took from there to the gate. It
grows by putting a visit in front, so the ride of those who board first is the label's own time, and all
labels with less on board are final before one with more is looked at. Visits may come back once they
are forgotten (ng routes: Baldacci, Mingozzi & Roberti 2011). A label is dropped when another at the same
visit is nowhere worse, or when the cheapest thing that could still go in front (a table of walks that
never turn straight back: Christofides, Mingozzi & Toth 1981) leaves its reduced cost at 0 or more. So
what is found is exact for every trip below 0, and the rest is proved to be at least 0.

All values are int64; nothing here knows of problems or classes.
"""
# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

from planner.solvers.routing.buckets import (
    AFTER,
    BLOCKS,
    COST,
    FILLED,
    FULL,
    LINK,
    LOAD,
    MEMORY,
    NEXT_LOAD,
    NEXT_VISIT,
    NUMBER,
    PARENT,
    RIDE,
    SEEN,
    SPAN,
    USED,
    VISIT,
    WORK,
    insert,
    is_dominated,
    keep,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.routing.subsets import RowTable

    Ints = NDArray[np.int64]

NEVER: Final = 1 << 60
"""A cost or time nobody pays; four of them still fit 64 bits with room for real costs."""


REACH: Final = 50
"""Of so many, the nearest, one is put in front where only a few labels are kept."""


class Ground(NamedTuple):
    """What dual values do not change. Matrices are ``[to, from]``: ``from`` goes in front of ``to``."""

    weight: Ints
    """By visit, at least 1."""
    ride: Ints
    """Seconds from the end of boarding at ``from`` to the end of boarding at ``to``."""
    span: Ints
    """The same, to count towards the latest time to begin; zeros where windows never bind."""
    wait: Ints
    """By visit, the least ``span`` a label there has."""
    ride_most: Ints
    span_most: Ints
    """By visit, the most a label there may have."""
    ride_last: Ints
    span_last: Ints
    """By visit, from there to the gate."""
    near: Ints
    """By visit, who is remembered there; -1 fills up."""
    place: NDArray[np.int8]
    """``[visit, other]``: the bit of ``other`` in the memory of ``visit``, -1 if none."""
    order: Ints
    """``[to, rank]``: all that may go in front of a visit, nearest first."""


class Prices(NamedTuple):
    """What dual values do change."""

    enter: Ints
    """``[to, from]``: the arc, less the dual of ``from``; NEVER where there is none."""
    last: Ints
    """By visit, the arc to the gate, less the visit's dual."""
    start: Ints
    """``[kind, visit]``: what a trip pays before its first visit; NEVER where it may not begin."""
    ride_most: Ints
    span_most: Ints
    """``[kind, visit]``: the most a label that begins here may have."""
    lead: Ints
    """``[kind, visit]``: seconds to add to a label's ride for the span that ``step_at`` looks at."""
    step_at: Ints
    step_fen: Ints
    """``[kind, step]``: what is paid more from which span on."""
    rows: RowTable
    """Subset rows; ``SEEN`` of a label are those in which it counts with the next of their three."""


class Fronts(NamedTuple):
    """``[load, visit]``: the least cost of anything in front of a visit, of at most that load.

    Start and the arc into the visit are in, the visit's own dual is not. Walks never turn straight back,
    and ``second`` is the least of those that do not come by ``via``, the last visit of ``first`` (-1: start).
    """

    first: Ints
    second: Ints
    via: Ints


class Search(NamedTuple):
    """Working memory, kept between calls so that a search can be left and taken up again."""

    labels: Ints
    heads: Ints
    """``[load, visit]``: labels not looked at yet: the first block of all, or the cheapest of a few, the
    others by LINK."""
    settled: Ints
    """By visit, labels looked at: the first block."""
    blocks: Ints
    """``[block, field, place]``: what is compared of labels, by cost."""
    chains: Ints
    """``[block, :]``: how many labels are in it, the block AFTER it."""
    best: Ints
    """``[kind, load, visit]``: the least reduced cost of a trip that begins here, NEVER if none below 0."""
    which: Ints
    """Its label."""
    at: Ints
    """NEXT_LOAD, NEXT_VISIT, USED labels and BLOCKS, WORK done, and whether the memory is FULL."""


@njit(cache=True, nogil=True)
def fill_fronts(ground: Ground, prices: Prices, fronts: Fronts, begin: int, end: int) -> None:  # noqa: PLR0917  # numba kernels take arrays by position
    """Fill the rows of loads ``begin .. end - 1``; those before must be there."""
    size = ground.weight.shape[0]
    one, other, turn = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    start = np.full(size, NEVER, np.int64)
    for kind in range(prices.start.shape[0]):
        for visit in range(size):
            start[visit] = min(start[visit], prices.start[kind, visit])
    for load in range(begin, end):
        for visit in range(size):
            rest = load - ground.weight[visit]
            one[visit] = fronts.first[rest, visit] if rest >= 0 else NEVER
            other[visit] = fronts.second[rest, visit] if rest >= 0 else NEVER
            turn[visit] = fronts.via[rest, visit] if rest >= 0 else -1
        for to in range(size):
            low, lower, who = _best_two(prices.enter[to], one, other, turn, start[to], to)
            fronts.first[load, to], fronts.second[load, to] = lower, low
            fronts.via[load, to] = who


@njit(cache=True, nogil=True)
def _best_two(arcs: Ints, one: Ints, other: Ints, turn: Ints, start: int, to: int) -> tuple[int, int, int]:  # noqa: PLR0917  # as above
    """Of the fronts of ``to`` the second cheapest by another last visit, the cheapest, and its last visit."""
    low, lower, who = NEVER, start, -1
    for visit in range(arcs.shape[0]):
        cost = (one[visit] if turn[visit] != to else other[visit]) + arcs[visit]
        if cost < low:
            if cost < lower:
                low, lower, who = lower, cost, visit
            else:
                low = cost
    return low, lower, who


@njit(cache=True, nogil=True)
def _finish(prices: Prices, search: Search, number: int) -> None:  # noqa: PLR0917  # as above
    """Let the label begin its trip, by every kind that may."""
    row = search.labels[number]
    visit, load = row[VISIT], row[LOAD]
    for kind in range(prices.start.shape[0]):
        if row[RIDE] > prices.ride_most[kind, visit] or row[SPAN] > prices.span_most[kind, visit]:
            continue
        cost = row[COST] + prices.start[kind, visit]
        for step in range(prices.step_at.shape[1]):
            if row[RIDE] + prices.lead[kind, visit] >= prices.step_at[kind, step]:
                cost += prices.step_fen[kind, step]
        if cost < 0 and cost < search.best[kind, load, visit]:
            search.best[kind, load, visit] = cost
            search.which[kind, load, visit] = number


@njit(cache=True, nogil=True)
def _look_ahead(ground: Ground, fronts: Fronts, load: int, ahead: Ints) -> None:  # noqa: PLR0917  # as above
    """By visit, the least that may go in front of it once it is in front of labels of a load."""
    for visit in range(ahead.shape[0]):
        rest = fronts.first.shape[0] - 1 - load - ground.weight[visit]
        ahead[visit] = fronts.first[rest, visit] if rest >= 0 else NEVER


@njit(cache=True, nogil=True)
def _extend(ground: Ground, prices: Prices, ahead: Ints, search: Search, number: int, width: int) -> None:  # noqa: PLR0917  # as above
    """Put every visit in front that the label allows and that may still lead below 0."""
    labels, at, heads, blocks, chains = search.labels, search.at, search.heads, search.blocks, search.chains
    near, places, rows, weight = ground.near, ground.place, prices.rows, ground.weight
    here, before, load = labels[number, VISIT], labels[number, COST], labels[number, LOAD]
    memory, before_ride, before_span = labels[number, MEMORY], labels[number, RIDE], labels[number, SPAN]
    enter, order, bits = prices.enter[here], ground.order[here], places[here]
    rides, spans, wait = ground.ride[here], ground.span[here], ground.wait
    ride_most, span_most = ground.ride_most, ground.span_most
    reach = min(REACH, ahead.shape[0]) if width > 0 else ahead.shape[0]
    at[WORK] += reach // 4
    for rank in range(reach):
        visit = order[rank] if width > 0 else rank
        cost = before + enter[visit]
        if cost + ahead[visit] >= 0:
            continue
        bit = bits[visit]
        if bit >= 0 and memory >> bit & 1:
            continue
        ride = before_ride + rides[visit]
        span = max(before_span + spans[visit], wait[visit])
        if ride > ride_most[visit] or span > span_most[visit]:
            continue
        seen, paid = _see(rows.at, rows.bit, rows.mine, rows.fen, labels[number, SEEN], here, visit)
        if paid and cost + paid + ahead[visit] >= 0:
            continue
        new = at[USED]
        if new >= labels.shape[0] or at[BLOCKS] + 2 >= chains.shape[0]:
            at[FULL] = 1
            return
        labels[new, VISIT], labels[new, LOAD] = visit, load + weight[visit]
        labels[new, RIDE], labels[new, SPAN] = ride, span
        labels[new, COST], labels[new, PARENT] = cost + paid, number
        labels[new, MEMORY], labels[new, SEEN] = _remember(near, places, memory, here, visit), seen
        insert(labels, heads, blocks, chains, at, rows.at, rows.fen, width)


@njit(cache=True, nogil=True, inline="always")
def _remember(near: Ints, places: NDArray[np.int8], memory: int, here: int, visit: int) -> int:  # noqa: PLR0917  # as above
    """The memory of a label at ``here`` when ``visit`` goes in front, in the bits of ``visit``."""
    kept = 1 << places[visit, visit]
    bit = 0
    while memory:
        if memory & 1:
            place = places[visit, near[here, bit]]
            if place >= 0:
                kept |= 1 << place
        memory >>= 1
        bit += 1
    return kept


@njit(cache=True, nogil=True, inline="always")
def _see(  # noqa: PLR0913, PLR0917  # as above
    at: Ints, bit: NDArray[np.int8], mine: Ints, fen: Ints, seen: int, here: int, visit: int
) -> tuple[int, int]:
    """The rows a label at ``here`` has seen one of when ``visit`` goes in front, and what it pays for two."""
    kept, paid, place = 0, 0, 0
    while seen:
        if seen & 1:
            row = at[here, place]
            if bit[visit, row] >= 0:
                own = 1 << bit[visit, row]
                kept |= own
                if mine[visit] & own:
                    paid += int(fen[row])
        seen >>= 1
        place += 1
    return kept ^ mine[visit], paid


@njit(cache=True, nogil=True)
def begin_search(ground: Ground, prices: Prices, fronts: Fronts, search: Search, width: int) -> None:  # noqa: PLR0917  # as above
    """Clear the memory and set the labels of single visits."""
    search.heads[:] = -1
    search.settled[:] = -1
    search.best[:] = NEVER
    search.at[:] = 0
    most = fronts.first.shape[0] - 1
    for visit in range(ground.weight.shape[0]):
        load, cost = ground.weight[visit], prices.last[visit]
        if load > most or cost + fronts.first[most - load, visit] >= 0:
            continue
        span = max(ground.span_last[visit], ground.wait[visit])
        ride = ground.ride_last[visit]
        if ride > ground.ride_most[visit] or span > ground.span_most[visit]:
            continue
        row = search.labels[search.at[USED]]
        row[VISIT], row[LOAD], row[RIDE], row[SPAN] = visit, load, ride, span
        row[COST], row[MEMORY], row[PARENT] = cost, 1 << ground.place[visit, visit], -1
        row[SEEN] = prices.rows.mine[visit]
        insert(
            search.labels, search.heads, search.blocks, search.chains, search.at,
            prices.rows.at, prices.rows.fen, width,
        )  # fmt: skip


@njit(cache=True, nogil=True)
def _settle(ground: Ground, prices: Prices, ahead: Ints, search: Search, block: int) -> None:  # noqa: PLR0917  # as above
    """Look at labels of one load and visit, cheapest first; no later one dominates any of them."""
    labels, settled, at = search.labels, search.settled, search.at
    blocks, chains, rows = search.blocks, search.chains, prices.rows
    while block >= 0:
        for place in range(chains[block, FILLED]):
            number = int(blocks[block, NUMBER, place])
            visit = labels[number, VISIT]
            first = int(settled[visit])
            if not is_dominated(labels, blocks, chains, at, rows.at, rows.fen, number, first):
                settled[visit] = keep(labels, blocks, chains, at, number, first)
                _finish(prices, search, number)
                _extend(ground, prices, ahead, search, number, 0)
        block = chains[block, AFTER]


@njit(cache=True, nogil=True)
def grow(ground: Ground, prices: Prices, fronts: Fronts, search: Search, width: int, work: int) -> bool:  # noqa: PLR0917  # as above
    """Go on until nothing is left (True), the memory is full, or ``work`` was done (False).

    ``width`` > 0 keeps only that many labels a load and visit and forgets memories when comparing: quick,
    and what it finds are real trips, but finding none proves nothing.
    """
    at, size, start = search.at, ground.weight.shape[0], search.at[WORK]
    ahead = np.empty(size, np.int64)
    while at[NEXT_LOAD] < fronts.first.shape[0]:
        _look_ahead(ground, fronts, at[NEXT_LOAD], ahead)
        while at[NEXT_VISIT] < size:
            if at[FULL] or at[WORK] - start > work:
                return False
            number = int(search.heads[at[NEXT_LOAD], at[NEXT_VISIT]])
            at[NEXT_VISIT] += 1
            if width > 0:
                while number >= 0:
                    after = search.labels[number, LINK]
                    _finish(prices, search, number)
                    _extend(ground, prices, ahead, search, number, width)
                    number = after
            elif number >= 0:
                _settle(ground, prices, ahead, search, number)
        at[NEXT_LOAD] += 1
        at[NEXT_VISIT] = 0
    return at[FULL] == 0
