"""What a trip of the compiled search costs, when it may be made, and by which class it is cheapest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

from planner.solvers.routing.strings_data import (
    AHEAD,
    ARC,
    BEHIND,
    COST,
    FEN,
    FEN_TO,
    FIXED,
    HEADS,
    KIND,
    LAST,
    LOAD,
    NEVER,
    PLACE,
    ROUTE,
    SEATS,
    SECONDS,
    SECONDS_TO,
    SIZE,
    alone,
    between,
    gate,
    joined,
    keeps,
    start,
)

if TYPE_CHECKING:
    from planner.solvers.routing.strings_data import Ints


@njit(cache=True)
def measure(  # noqa: PLR0913, PLR0917  # numba kernels take arrays by position
    arcs: Ints, visits: Ints, classes: Ints, ends: Ints, seq: Ints, slots: Ints, nodes: Ints, r: int
) -> bool:
    """Bring a slot's figures up to date; False where the trip is not lawful."""
    k = slots[r, KIND]
    fen, load, before = classes[k, FIXED], 0, -1
    for q in range(slots[r, SIZE]):
        v = seq[r, q]
        nodes[v, ROUTE], nodes[v, PLACE] = r, q
        load += visits[v, HEADS]
        nodes[v, ARC] = between(arcs, classes, ends, k, FEN, before, v)
        fen += nodes[v, ARC]
        before = v
    slots[r, LAST] = ends[k, before, FEN_TO]
    slots[r, LOAD], slots[r, COST] = load, fen + slots[r, LAST]
    if classes[0, SECONDS] < 0:
        return True
    return _time(arcs, visits, classes, ends, seq, slots, nodes, r)


@njit(cache=True)
def _time(  # noqa: PLR0913, PLR0917  # as above
    arcs: Ints, visits: Ints, classes: Ints, ends: Ints, seq: Ints, slots: Ints, nodes: Ints, r: int
) -> bool:
    """Fill in the chains up to and from each visit of a trip; False where it is not lawful."""
    k, m = slots[r, KIND], slots[r, SIZE]
    chain, before = start(classes, k), -1
    for q in range(m):
        v = seq[r, q]
        chain = joined(chain, alone(visits, v), between(arcs, classes, ends, k, SECONDS, before, v))
        if chain[2] < 0:
            return False
        nodes[v, AHEAD], nodes[v, AHEAD + 1], nodes[v, AHEAD + 2] = chain
        before = v
    chain = joined(chain, gate(classes, k), ends[k, before, SECONDS_TO])
    if not keeps(classes, k, chain):
        return False
    chain, after = gate(classes, k), -1
    for q in range(m - 1, -1, -1):
        v = seq[r, q]
        chain = joined(alone(visits, v), chain, between(arcs, classes, ends, k, SECONDS, v, after))
        nodes[v, BEHIND], nodes[v, BEHIND + 1], nodes[v, BEHIND + 2] = chain
        after = v
    return True


@njit(cache=True)
def _fen_as(  # noqa: PLR0913, PLR0917  # as above
    arcs: Ints, visits: Ints, classes: Ints, ends: Ints, seq: Ints, slots: Ints, r: int, k: int
) -> int:
    """What a slot's trip would cost in a class; NEVER where it is not lawful."""
    timed = classes[0, SECONDS] >= 0
    fen, chain, before = classes[k, FIXED], start(classes, k), -1
    for q in range(slots[r, SIZE]):
        v = seq[r, q]
        fen += between(arcs, classes, ends, k, FEN, before, v)
        if timed:
            chain = joined(chain, alone(visits, v), between(arcs, classes, ends, k, SECONDS, before, v))
            if chain[2] < 0:
                return NEVER
        before = v
    fen += ends[k, before, FEN_TO]
    lawful = not timed or keeps(classes, k, joined(chain, gate(classes, k), ends[k, before, SECONDS_TO]))
    return fen if lawful else NEVER


@njit(cache=True)
def regrade(  # noqa: PLR0913, PLR0917  # as above
    arcs: Ints,
    visits: Ints,
    classes: Ints,
    ends: Ints,
    seq: Ints,
    slots: Ints,
    nodes: Ints,
    free: Ints,
    r: int,
) -> None:
    """Give a slot's trip (not in the sums) the cheapest class that is free; figures are then up to date."""
    best, fen = slots[r, KIND], slots[r, COST]
    for k in range(free.size):
        if k != slots[r, KIND] and free[k] > 0 and slots[r, LOAD] <= classes[k, SEATS]:
            other = _fen_as(arcs, visits, classes, ends, seq, slots, r, k)
            if other < fen:
                best, fen = k, other
    if best != slots[r, KIND]:
        slots[r, KIND] = best
        measure(arcs, visits, classes, ends, seq, slots, nodes, r)
