"""Where a visit adds least to a plan: the compiled heart of the search by string removals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    PRIZE,
    ROUTE,
    SEATS,
    SECONDS,
    SECONDS_TO,
    SIZE,
    alone,
    between,
    draw,
    gate,
    joined,
    keeps,
    start,
)

if TYPE_CHECKING:
    from planner.solvers.routing.strings_data import Dice, Ints

_BLINK: Final = 100
"""One place in so many is not seen, so that greed does not always come to the same."""
_ANY_CLASS: Final = 32
"""One visit in so many is tried in all trips under all classes."""
_NEAR_TRIPS: Final = 40
"""From so many trips on, only those of so many nearest visits are tried."""


@njit(cache=True, inline="always")
def _fits(  # noqa: PLR0913, PLR0917  # numba kernels take arrays by position
    arcs: Ints, visits: Ints, classes: Ints, ends: Ints, nodes: Ints, v: int, k: int, u: int, w: int
) -> bool:
    """Whether a visit can be made between u and w of a trip, -1 for start and gate."""
    own = alone(visits, v)
    if u < 0:
        chain = joined(start(classes, k), own, ends[k, v, SECONDS])
    else:
        chain = joined(
            (nodes[u, AHEAD], nodes[u, AHEAD + 1], nodes[u, AHEAD + 2]),
            own,
            arcs[classes[k, SECONDS_TO], v, u],
        )
    if chain[2] < 0:
        return False
    if w < 0:
        return keeps(classes, k, joined(chain, gate(classes, k), ends[k, v, SECONDS_TO]))
    rest = nodes[w, BEHIND], nodes[w, BEHIND + 1], nodes[w, BEHIND + 2]
    return keeps(classes, k, joined(chain, rest, arcs[classes[k, SECONDS], v, w]))


@njit(cache=True)
def _try_slot(  # noqa: PLR0913, PLR0917  # as above
    arcs: Ints,
    visits: Ints,
    classes: Ints,
    ends: Ints,
    seq: Ints,
    slots: Ints,
    nodes: Ints,
    r: int,
    v: int,
    found: Ints,
    dice: Dice,
) -> None:
    """The best place for a visit in a slot whose seats suffice."""
    k, size, timed = slots[r, KIND], slots[r, SIZE], classes[0, SECONDS] >= 0
    fen_from, fen_to = classes[k, FEN], classes[k, FEN_TO]
    into, u = ends[k, v, FEN], -1
    for q in range(size + 1):
        if q < size:
            w = seq[r, q]
            added = into + arcs[fen_from, v, w] - nodes[w, ARC]
            into = arcs[fen_to, v, w]
        else:
            w = -1
            added = into + ends[k, v, FEN_TO] - slots[r, LAST]
        if (
            added < found[0]
            and draw(dice) % _BLINK
            and (not timed or _fits(arcs, visits, classes, ends, nodes, v, k, u, w))
        ):
            found[0], found[1], found[2], found[3] = added, r, q, k
        u = w


@njit(cache=True)
def _lay_tail(  # noqa: PLR0913, PLR0917  # as above
    arcs: Ints, visits: Ints, classes: Ints, ends: Ints, seq: Ints, r: int, m: int, k: int, tail: Ints
) -> bool:
    """Chains from each place of a trip to the gate, made by a class; False where one is not lawful."""
    chain, after = gate(classes, k), -1
    for q in range(m, -1, -1):
        if q < m:
            way = between(arcs, classes, ends, k, SECONDS, seq[r, q], after)
            chain = joined(alone(visits, seq[r, q]), chain, way)
            after = seq[r, q]
        if chain[2] < 0:
            return False
        tail[q, 0], tail[q, 1], tail[q, 2] = chain
    return True


@njit(cache=True)
def _rest_fen(arcs: Ints, classes: Ints, ends: Ints, seq: Ints, r: int, m: int, k: int) -> int:  # noqa: PLR0913, PLR0917  # as above
    """What a trip would cost in a class."""
    u, fen = -1, classes[k, FIXED]
    for q in range(m):
        fen += between(arcs, classes, ends, k, FEN, u, seq[r, q])
        u = seq[r, q]
    return fen + ends[k, u, FEN_TO]


@njit(cache=True)
def _try_as(  # noqa: C901, PLR0913, PLR0917  # as above, and a loop in one piece
    arcs: Ints,
    visits: Ints,
    classes: Ints,
    ends: Ints,
    seq: Ints,
    slots: Ints,
    r: int,
    v: int,
    k: int,
    tail: Ints,
    found: Ints,
    dice: Dice,
) -> None:
    """The same for a trip that another class would make: costs and times anew."""
    m, timed = slots[r, SIZE], classes[0, SECONDS] >= 0
    if timed and not _lay_tail(arcs, visits, classes, ends, seq, r, m, k, tail):
        return
    base, u = _rest_fen(arcs, classes, ends, seq, r, m, k) - slots[r, COST], -1
    ahead, own = start(classes, k), alone(visits, v)
    for q in range(m + 1):
        w = seq[r, q] if q < m else -1
        added = base - between(arcs, classes, ends, k, FEN, u, w)
        added += between(arcs, classes, ends, k, FEN, u, v) + between(arcs, classes, ends, k, FEN, v, w)
        if added < found[0] and draw(dice) % _BLINK:
            chain = own
            if timed:
                chain = joined(ahead, own, between(arcs, classes, ends, k, SECONDS, u, v))
                if chain[2] >= 0:
                    rest = tail[q, 0], tail[q, 1], tail[q, 2]
                    chain = joined(chain, rest, between(arcs, classes, ends, k, SECONDS, v, w))
            if not timed or keeps(classes, k, chain):
                found[0], found[1], found[2], found[3] = added, r, q, k
        if timed and q < m:
            ahead = joined(ahead, alone(visits, w), between(arcs, classes, ends, k, SECONDS, u, w))
            if ahead[2] < 0:
                return
        u = w


@njit(cache=True)
def _try_new(  # noqa: PLR0913, PLR0917  # as above
    visits: Ints, classes: Ints, ends: Ints, free: Ints, v: int, r: int, found: Ints
) -> None:
    """A trip of its own in slot r."""
    timed = classes[0, SECONDS] >= 0
    for k in range(free.size):
        if free[k] <= 0 or visits[v, HEADS] > classes[k, SEATS]:
            continue
        added = classes[k, FIXED] + ends[k, v, FEN] + ends[k, v, FEN_TO]
        if added >= found[0]:
            continue
        if timed:
            chain = joined(start(classes, k), alone(visits, v), ends[k, v, SECONDS])
            if chain[2] < 0:
                continue
            if not keeps(classes, k, joined(chain, gate(classes, k), ends[k, v, SECONDS_TO])):
                continue
        found[0], found[1], found[2], found[3] = added, r, 0, k


@njit(cache=True)
def _mark_near(near: Ints, nodes: Ints, top: int, v: int, seen: Ints) -> None:  # noqa: PLR0917  # as above
    """Mark all slots where trips are few, else those of the nearest visits."""
    seen[-1] += 1
    if top <= _NEAR_TRIPS:
        for r in range(top):
            seen[r] = seen[-1]
        return
    for n in range(min(_NEAR_TRIPS, near.shape[1])):
        if nodes[near[v, n], ROUTE] >= 0:
            seen[nodes[near[v, n], ROUTE]] = seen[-1]


@njit(cache=True)
def _try_others(  # noqa: PLR0913, PLR0917  # as above
    arcs: Ints,
    visits: Ints,
    classes: Ints,
    ends: Ints,
    seq: Ints,
    slots: Ints,
    free: Ints,
    r: int,
    v: int,
    tail: Ints,
    found: Ints,
    dice: Dice,
) -> None:
    """The best place in a slot by every other class that is free."""
    load = slots[r, LOAD] + visits[v, HEADS]
    for k in range(free.size):
        if k != slots[r, KIND] and free[k] > 0 and load <= classes[k, SEATS]:
            _try_as(arcs, visits, classes, ends, seq, slots, r, v, k, tail, found, dice)


@njit(cache=True)
def find_place(  # noqa: PLR0913, PLR0917  # as above
    arcs: Ints,
    visits: Ints,
    classes: Ints,
    ends: Ints,
    near: Ints,
    seq: Ints,
    slots: Ints,
    nodes: Ints,
    free: Ints,
    top: int,
    v: int,
    tail: Ints,
    seen: Ints,
    found: Ints,
    dice: Dice,
) -> None:
    """Find where a visit adds least, and less than its prize, among ``top`` slots or in a trip of its own.

    A trip keeps its class if that has the seats, and tries any other that is free if not; now and then, and
    where there is no place at all, in any case.
    """
    found[0], found[1] = visits[v, PRIZE], -1
    empty = top
    _mark_near(near, nodes, top, v, seen)
    for r in range(top):
        if slots[r, SIZE] == 0:
            empty = min(empty, r)
        elif seen[r] == seen[-1]:
            if slots[r, LOAD] + visits[v, HEADS] <= classes[slots[r, KIND], SEATS]:
                _try_slot(arcs, visits, classes, ends, seq, slots, nodes, r, v, found, dice)
            else:
                _try_others(arcs, visits, classes, ends, seq, slots, free, r, v, tail, found, dice)
    _try_new(visits, classes, ends, free, v, empty, found)
    if free.size > 1 and (found[1] < 0 or draw(dice) % _ANY_CLASS == 0):
        for r in range(top):
            if slots[r, SIZE] and seen[r] == seen[-1]:
                _try_others(arcs, visits, classes, ends, seq, slots, free, r, v, tail, found, dice)
