"""Subset rows as the second opinion on bounds counts them: own tables, own counting.

Of three visits, each made once in a plan, trips that make two or more are at most one in all. A path carries
one bit a row: whether it has made one of the three since it last was outside the row's memory; a second one
is paid for. Any memory does: a smaller one only lets a path off.
"""
# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

from planner.solvers.routing.certificate import Certificate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_BITS: Final = 60
_THREE: Final = 3

Triple = tuple[frozenset[int], frozenset[int], int]
"""Three nodes, where a path that made one is remembered, and fen >= 0 for the second."""


class Held(NamedTuple):
    """Rows by node, in the bits of a path's last node."""

    rows: Ints
    """``[node, bit]``: which row, -1 for none."""
    bits: Ints
    """``[row, node]``: the bit, -1 where the row does not remember the node."""
    three: Ints
    """By node, the bits of the rows that it is one of the three of."""
    prices: Ints
    """By row."""


def read_triples(certificate: Certificate, *, alike: frozenset[int], size: int, most: int) -> list[Triple]:
    """Rows that hold for every plan, whatever the certificate says: the others are worth nothing.

    ``alike`` are nodes that stand for others too, so that they may be in several trips.
    """
    triples: list[Triple] = []
    for row, dual in certificate.subset_duals:
        three = frozenset(row.visits)
        sound = len(three) == _THREE and three <= frozenset(range(size)) - alike
        if sound and dual < 0:
            triples.append((three, three | row.memory, min(-dual, most)))
    return triples


def hold(triples: Sequence[Triple], *, among: Ints, unit: int) -> Held:
    """Lay rows out for some nodes, in their own numbers; prices times ``unit``."""
    nodes: list[int] = among.tolist()
    rows = np.full((len(nodes), _BITS), -1, dtype=np.int64)
    bits = np.full((len(triples), len(nodes)), -1, dtype=np.int64)
    three = np.zeros(len(nodes), dtype=np.int64)
    for place, node in enumerate(nodes):
        mine = [number for number, (own, _, _) in enumerate(triples) if node in own]
        known = [number for number, (own, memory, _) in enumerate(triples) if node in memory - own]
        kept = (mine + known)[:_BITS]
        rows[place, : len(kept)] = kept
        bits[kept, place] = range(len(kept))
        three[place] = (1 << min(len(mine), _BITS)) - 1
    prices = np.array([unit * fen for _, _, fen in triples], dtype=np.int64)
    return Held(rows=rows, bits=bits, three=three, prices=prices)


@njit(cache=True)
def go_on(seen: int, a: int, b: int, held: Held) -> tuple[int, int]:  # noqa: PLR0917  # numba kernels take arrays by position
    """What a path that went from ``a`` to ``b`` has seen, and what it pays there."""
    still, price, bit = 0, 0, 0
    while seen >> bit:
        if seen >> bit & 1 and held.bits[held.rows[a, bit], b] >= 0:
            still |= 1 << held.bits[held.rows[a, bit], b]
        bit += 1
    second = still & held.three[b]
    for bit in range(_BITS):
        if second >> bit & 1:
            price += int(held.prices[held.rows[b, bit]])
    return (still | held.three[b]) & ~second, price


@njit(cache=True)
def may_owe(seen: int, other: int, node: int, held: Held) -> int:  # noqa: PLR0917  # as above
    """The most that one path pays from a node on that another with what it has seen does not."""
    owed, price, bit = seen & ~other, 0, 0
    while owed >> bit:
        if owed >> bit & 1:
            price += int(held.prices[held.rows[node, bit]])
        bit += 1
    return price
