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

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

NEVER: Final = 1 << 60
"""A cost or time nobody pays; four of them still fit 64 bits with room for real costs."""

VISIT: Final = 0
LOAD: Final = 1
RIDE: Final = 2
SPAN: Final = 3
COST: Final = 4
MEMORY: Final = 5
PARENT: Final = 6
LINK: Final = 7
FIELDS: Final = 8

NEXT_LOAD: Final = 0
NEXT_VISIT: Final = 1
USED: Final = 2
WORK: Final = 3
FULL: Final = 4


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
    """``[load, visit]``: the cheapest label not looked at yet, the others by LINK."""
    settled: Ints
    """By visit, the cheapest label looked at, the others by LINK."""
    best: Ints
    """``[kind, load, visit]``: the least reduced cost of a trip that begins here, NEVER if none below 0."""
    which: Ints
    """Its label."""
    at: Ints
    """NEXT_LOAD, NEXT_VISIT, USED labels, WORK done, and whether the memory is FULL."""


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
def _dominates(one: Ints, other: Ints, width: int) -> bool:  # noqa: PLR0917  # as above
    return (
        one[COST] <= other[COST]
        and one[RIDE] <= other[RIDE]
        and one[SPAN] <= other[SPAN]
        and (width > 0 or one[MEMORY] & ~other[MEMORY] == 0)
    )


@njit(cache=True, nogil=True)
def _insert(search: Search, row: Ints, load: int, width: int) -> None:  # noqa: PLR0917  # as above
    """Put label ``USED`` into its bucket, cheapest first; drop what it dominates, or it if dominated."""
    labels, heads, number = search.labels, search.heads, search.at[USED]
    visit = row[VISIT]
    before, at, place = -1, heads[load, visit], 0
    while at >= 0 and labels[at, COST] <= row[COST]:
        search.at[WORK] += 1
        place += 1
        if _dominates(labels[at], row, width) or place == width:
            return
        before, at = at, labels[at, LINK]
    row[LINK] = at
    if before < 0:
        heads[load, visit] = number
    else:
        labels[before, LINK] = number
    search.at[USED] += 1
    before = number
    while at >= 0:
        search.at[WORK] += 1
        place += 1
        after = labels[at, LINK]
        if place == width or _dominates(row, labels[at], width):
            labels[before, LINK] = after
        else:
            before = at
        at = after


@njit(cache=True, nogil=True)
def _settle(search: Search, number: int) -> bool:
    """Whether no label looked at before dominates this one; then it is kept among them."""
    labels, row = search.labels, search.labels[number]
    before, at = -1, search.settled[row[VISIT]]
    while at >= 0 and labels[at, COST] <= row[COST]:
        search.at[WORK] += 1
        if _dominates(labels[at], row, 0):
            return False
        before, at = at, labels[at, LINK]
    row[LINK] = at
    if before < 0:
        search.settled[row[VISIT]] = number
    else:
        labels[before, LINK] = number
    return True


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
def _extend(ground: Ground, prices: Prices, fronts: Fronts, search: Search, number: int, width: int) -> None:  # noqa: PLR0917  # as above
    """Put every visit in front that the label allows and that may still lead below 0."""
    row = search.labels[number]
    here, load, memory = row[VISIT], row[LOAD], row[MEMORY]
    spare = fronts.first.shape[0] - 1 - load
    search.at[WORK] += ground.weight.shape[0] // 8
    for visit in range(ground.weight.shape[0]):
        rest = spare - ground.weight[visit]
        if rest < 0:
            continue
        cost = row[COST] + prices.enter[here, visit]
        if cost + fronts.first[rest, visit] >= 0:
            continue
        bit = ground.place[here, visit]
        if bit >= 0 and memory >> bit & 1:
            continue
        ride = row[RIDE] + ground.ride[here, visit]
        span = max(row[SPAN] + ground.span[here, visit], ground.wait[visit])
        if ride > ground.ride_most[visit] or span > ground.span_most[visit]:
            continue
        if search.at[USED] >= search.labels.shape[0]:
            search.at[FULL] = 1
            return
        new = search.labels[search.at[USED]]
        new[VISIT], new[LOAD], new[RIDE], new[SPAN] = visit, load + ground.weight[visit], ride, span
        new[COST], new[PARENT] = cost, number
        new[MEMORY] = _remember(ground, memory, here, visit)
        _insert(search, new, new[LOAD], width)


@njit(cache=True, nogil=True)
def _remember(ground: Ground, memory: int, here: int, visit: int) -> int:  # noqa: PLR0917  # as above
    """The memory of a label at ``here`` when ``visit`` goes in front, in the bits of ``visit``."""
    kept = 1 << ground.place[visit, visit]
    bit = 0
    while memory:
        if memory & 1:
            place = ground.place[visit, ground.near[here, bit]]
            if place >= 0:
                kept |= 1 << place
        memory >>= 1
        bit += 1
    return kept


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
        _insert(search, row, load, width)


@njit(cache=True, nogil=True)
def grow(ground: Ground, prices: Prices, fronts: Fronts, search: Search, width: int, work: int) -> bool:  # noqa: PLR0917  # as above
    """Go on until nothing is left (True), the memory is full, or ``work`` was done (False).

    ``width`` > 0 keeps only that many labels a load and visit and forgets memories when comparing: quick,
    and what it finds are real trips, but finding none proves nothing.
    """
    at, size, start = search.at, ground.weight.shape[0], search.at[WORK]
    while at[NEXT_LOAD] < fronts.first.shape[0]:
        while at[NEXT_VISIT] < size:
            if at[FULL] or at[WORK] - start > work:
                return False
            number = int(search.heads[at[NEXT_LOAD], at[NEXT_VISIT]])
            at[NEXT_VISIT] += 1
            while number >= 0:
                after = search.labels[number, LINK]
                if width > 0 or _settle(search, number):
                    _finish(prices, search, number)
                    _extend(ground, prices, fronts, search, number, width)
                number = after
        at[NEXT_LOAD] += 1
        at[NEXT_VISIT] = 0
    return at[FULL] == 0
