"""The arrays of the compiled search by string removals, its dice, and how chains of visits join.

Few arrays, each with several columns, handed over one by one and never sliced: numba counts references to
every array in a tuple and every view, which took four times as long as the search itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.signedinteger]
    Floats = NDArray[np.float64]
    Dice = NDArray[np.uint64]
    Chain = tuple[int, int, int]
    """Duration, earliest and latest begin of visits made one after another."""

NEVER: Final = 1 << 60
"""A cost nobody pays and a time that never comes; two of them still fit 64 bits."""


class Ground(NamedTuple):
    """What a search does not change."""

    arcs: NDArray[np.int32]
    """``[plane, visit, other]``: fen or seconds, from or to the visit; which, a class says."""
    visits: Ints
    """``[visit, :]`` heads, service, opens, closes, prize."""
    classes: Ints
    """``[class, :]`` planes of fen from, fen to, seconds from, seconds to (-1: nothing is timed); seats,
    fixed, ready, gate opens, gate closes, longest."""
    ends: Ints
    """``[class, visit, :]`` fen from the start, to the gate; seconds from the start, to the gate."""
    near: NDArray[np.int32]
    """``[visit, :]`` others, nearest first."""
    ranks: Floats
    """``[visit, :]`` by what visits are put back, least first: large, far, near, narrow, early, late."""


FEN: Final = 0
FEN_TO: Final = 1
SECONDS: Final = 2
SECONDS_TO: Final = 3
"""Columns of classes that name planes; in ``ends`` the same from the start, to the gate."""

HEADS: Final = 0
SERVICE: Final = 1
OPENS: Final = 2
CLOSES: Final = 3
PRIZE: Final = 4

SEATS: Final = 4
FIXED: Final = 5
READY: Final = 6
GATE_OPENS: Final = 7
GATE_CLOSES: Final = 8
LONGEST: Final = 9


class Plan(NamedTuple):
    """A plan in the making: slots of trips, some empty."""

    seq: NDArray[np.int32]
    slots: Ints
    """``[slot, :]`` size, class, load, fen, fen of the arc to the gate."""
    nodes: Ints
    """``[visit, :]`` slot or -1, place, fen of the arc into it; chains from the start to it, from it on."""
    free: Ints
    """By class, vehicles not in use."""
    total: Ints
    """Fen in all, slots ever used, trips, visits left out, visits left out before this iteration."""


SIZE: Final = 0
KIND: Final = 1
LOAD: Final = 2
COST: Final = 3
LAST: Final = 4

ROUTE: Final = 0
PLACE: Final = 1
ARC: Final = 2
AHEAD: Final = 3
BEHIND: Final = 6

ALL: Final = 0
TOP: Final = 1
TRIPS: Final = 2
ABSENT: Final = 3
WERE_ABSENT: Final = 4


class Undo(NamedTuple):
    """Slots as they were before this iteration."""

    stamp: Ints
    """By slot, the iteration that last saved it."""
    slots: Ints
    """``[n, :]`` the n-th saved: slot, size, class."""
    seq: NDArray[np.int32]
    tally: Ints
    """How many are saved, and the iteration."""


class Best(NamedTuple):
    """The best plan so far: size and class by slot; fen in all and slots used."""

    seq: NDArray[np.int32]
    slots: Ints
    total: Ints


class Desk(NamedTuple):
    """Room to work in."""

    dice: Dice
    out: Ints
    """Visits to put back."""
    key: Floats
    tail: Ints
    """``[place, :]`` chains from there to the gate, of a trip under another class."""
    seen: Ints
    """By slot, in which call it was last found near; last of all, the number of calls."""
    absence: Ints
    """By visit that must be made, iterations that left it out; -1 for one that need not."""
    found: Ints
    """Best insertion: added fen, slot (-1: none), place, class."""


@njit(cache=True)
def draw(dice: Dice) -> int:
    """53 random bits: xorshift64* (Vigna 2016)."""
    x = dice[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    dice[0] = x
    return np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(11))  # pyright: ignore[reportReturnType]


@njit(cache=True)
def unit(dice: Dice) -> float:
    """A random number in [0, 1)."""
    return draw(dice) / 9007199254740992.0


@njit(cache=True)
def joined(a: Chain, b: Chain, way: int) -> Chain:  # noqa: PLR0917  # numba kernels take arrays by position
    """Join two chains of (duration, earliest, latest); a latest before 0 says that it is not lawful."""
    reach = a[0] + way
    wait = max(b[1] - reach - a[2], 0)
    early = max(b[1] - reach, a[1]) - wait
    late = min(b[2] - reach, a[2])
    if a[1] + reach > b[2]:
        late = -NEVER
    return a[0] + b[0] + way + wait, early, late


@njit(cache=True)
def alone(visits: Ints, v: int) -> Chain:
    """The chain of one visit."""
    return visits[v, SERVICE], visits[v, OPENS], visits[v, CLOSES]


@njit(cache=True)
def start(classes: Ints, k: int) -> Chain:
    """The chain of a class's start."""
    return 0, classes[k, READY], NEVER


@njit(cache=True)
def gate(classes: Ints, k: int) -> Chain:
    """The chain of a class's gate."""
    return 0, classes[k, GATE_OPENS], classes[k, GATE_CLOSES]


@njit(cache=True)
def keeps(classes: Ints, k: int, chain: Chain) -> bool:  # noqa: PLR0917  # as above
    """Whether a chain from start to gate is lawful and not too long for a class."""
    return chain[2] >= 0 and chain[0] <= classes[k, LONGEST]


@njit(cache=True)
def between(arcs: Ints, classes: Ints, ends: Ints, k: int, what: int, a: int, b: int) -> int:  # noqa: PLR0913, PLR0917  # as above
    """FEN or SECONDS of a class from a to b, one of which may be -1: its start or its gate."""
    if a < 0:
        return ends[k, b, what]
    if b < 0:
        return ends[k, a, what + 1]
    return arcs[classes[k, what], a, b]
