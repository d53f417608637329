"""Subset rows: of three visits, trips that make two or more of them are at most one in all.

They hold for every plan and for no mixture of halves of trips that each make two of the three (Jepsen,
Petersen, Spoorendonk & Pisinger 2008). A search for trips has to remember which it has made one of; so that
it can forget, a row looks only within its memory, the visits that trips of the linear program make
between two of the three (Pecin, Pessoa, Poggi & Uchoa 2017).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from planner.solvers.routing.certificate import SubsetRow
from planner.solvers.routing.triples import find_candidates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Parts = Sequence[tuple[tuple[int, ...], float]]
"""Trips and how much of each the linear program takes."""

LEAST: Final = 0.05
"""Violation worth a row."""
MOST: Final = 60
"""Rows that remember a visit, at most: bits of a word."""
_OFTEN: Final = 4
"""New rows of a round with the same visit, at most."""
_TWO: Final = 2


class RowTable(NamedTuple):
    """Rows as label searches want them: by visit, the rows that remember it."""

    at: Ints
    """``[visit, bit]``: the row, -1 fills up."""
    bit: NDArray[np.int8]
    """``[visit, row]``: its bit there, -1 where it does not remember the visit."""
    mine: Ints
    """By visit, the bits of the rows it is one of the three of."""
    fen: Ints
    """By row, what a trip pays that counts once."""


def lay_out(duals: Sequence[tuple[SubsetRow, int]], *, visits: Ints) -> RowTable:
    """Lay the rows out for trips of these visits, in their own numbers."""
    place = {visit: number for number, visit in enumerate(visits.tolist())}
    kept = [(row, -fen) for row, fen in duals if sum(visit in place for visit in row.visits) >= _TWO]
    bit = np.full((len(visits), len(kept)), -1, dtype=np.int8)
    mine = np.zeros(len(visits), dtype=np.int64)
    lists: list[list[int]] = [[] for _ in place]
    for number, (row, _) in enumerate(kept):
        for visit in row.memory & place.keys():
            here = place[visit]
            bit[here, number] = len(lists[here])
            mine[here] |= (visit in row.visits) << len(lists[here])
            lists[here].append(number)
    at = np.full((len(visits), max(map(len, lists), default=0)), -1, dtype=np.int64)
    for here, numbers in enumerate(lists):
        at[here, : len(numbers)] = numbers
    return RowTable(at=at, bit=bit, mine=mine, fen=np.array([fen for _, fen in kept], dtype=np.int64))


def count(row: SubsetRow, visits: Sequence[int]) -> int:
    """How often a trip counts in a row: half its calls at the three, rounded down, in each stretch."""
    times, halves = 0, 0
    for visit in visits:
        if visit not in row.memory:
            halves = 0
        elif visit in row.visits:
            times += halves
            halves = 1 - halves
    return times


def find_broken(
    parts: Parts, *, size: int, barred: Collection[int], standing: Sequence[SubsetRow], most: int
) -> tuple[dict[int, SubsetRow], list[SubsetRow]]:
    """Rows the parts of trips break by most: standing ones with more memory by number, and new ones.

    ``size`` is the number of visits; none of ``barred`` is one of three.
    """
    table = np.zeros((len(parts), size))
    for number, (visits, _) in enumerate(parts):
        table[number, list(visits)] = 1.0
    table[:, list(barred)] = 0.0
    values = np.array([value for _, value in parts])
    triples = find_candidates(table, values, least=LEAST)
    together = table[:, triples[:, 0]] + table[:, triples[:, 1]] + table[:, triples[:, 2]] >= _TWO
    broken = values @ together - 1
    numbers = {row.visits: number for number, row in enumerate(standing)}
    load = Counter(visit for row in standing for visit in row.memory)
    often: Counter[int] = Counter()
    wider: dict[int, SubsetRow] = {}
    new: list[SubsetRow] = []
    for place in np.argsort(-broken, kind="stable").tolist():
        if broken[place] <= LEAST or len(new) + len(wider) >= most:
            break
        a, b, c = (int(visit) for visit in triples[place])
        known = numbers.get((a, b, c))
        before: frozenset[int] = frozenset() if known is None else standing[known].memory
        memory = before.union(*_between((a, b, c), parts=parts, numbers=np.flatnonzero(together[:, place])))
        if memory == before or any(load[visit] >= MOST for visit in memory - before):
            continue
        if known is None and any(often[visit] >= _OFTEN for visit in (a, b, c)):
            continue
        often.update((a, b, c))
        load.update(memory - before)
        row = SubsetRow(visits=(a, b, c), memory=memory)
        if known is None:
            new.append(row)
        else:
            wider[known] = row
    return wider, new


def _between(three: tuple[int, ...], *, parts: Parts, numbers: Ints) -> Iterator[set[int]]:
    """What each of some trips makes between two of three visits, they included; where they are nearest."""
    listed: list[int] = numbers.tolist()
    for number in listed:
        visits, _ = parts[number]
        places = [place for place, visit in enumerate(visits) if visit in three]
        first, last = min(pairwise(places), key=lambda pair: pair[1] - pair[0])
        yield {*three, *visits[first : last + 1]}
