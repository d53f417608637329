"""The price of blocks by a linear program over duties within one window, where the simple prices fall short.

Columns are paths through blocks whose hours in this window keep one limit; shorter limits are looked at for
neighbours only. That is less than the law asks, so the bound holds; within one window it is nearly all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from planner.solvers.drivers_bound import Price
from planner.solvers.drivers_first import Duty
from planner.solvers.drivers_problem import Block, Law, Limit, driven_s, is_lawful
from planner.solvers.routing.highs import Limits, relax
from planner.solvers.routing.program import SCALE, UNBOUNDED, Entries, Program

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints

_ALIKE: Final = 2
"""Paths through one place added in a round at most: those of most worth are all alike."""
_NOTHING: Final = 1e-6

Place = tuple[int, int]
"""A run and a slot of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """A role of a block: from when to when, its seconds in the window, the places it fills."""

    block: int
    role: int
    start_s: int
    ready_s: int
    hours_s: int
    places: tuple[Place, ...]
    spells: tuple[tuple[int, int], ...]


class Paths:
    """Duties within the window of one limit."""

    def __init__(self, blocks: Sequence[Block], law: Law, *, opens_s: int, limit: Limit) -> None:
        self._blocks = blocks
        self._most_s = limit.most_s
        closes_s = opens_s + limit.window_s
        self._nodes = [
            _Node(
                block=number,
                role=role,
                start_s=block.start_s,
                ready_s=block.end_s + law.rest_s,
                hours_s=driven_s(block.roles[role].spells, opens_s=opens_s, closes_s=closes_s),
                places=tuple(zip(block.runs, block.roles[role].slots, strict=True)),
                spells=block.roles[role].spells,
            )
            for number, block in enumerate(blocks)
            if block.start_s < closes_s and block.end_s > opens_s
            for role in sorted({role for cast in block.casts for role in cast})
        ]
        self._number = {(node.block, node.role): number for number, node in enumerate(self._nodes)}
        others = [other for other in law.limits if other.window_s < limit.window_s]
        self._near, self._old_s = self._neighbours(others, rest_s=law.rest_s)

    def _neighbours(self, others: Sequence[Limit], *, rest_s: int) -> tuple[list[list[int]], list[int]]:
        """For each node whom it may follow of those too near for any to; from when on each is not near."""
        longest_s = max((other.window_s for other in others), default=0)
        old_s = [max(node.ready_s, node.ready_s - rest_s + longest_s) for node in self._nodes]
        total_s = [sum(end_s - start_s for start_s, end_s in node.spells) for node in self._nodes]
        least_s = min((other.most_s for other in others), default=0)
        after = sorted(range(len(self._nodes)), key=lambda number: self._nodes[number].ready_s)
        ready_s = [self._nodes[number].ready_s for number in after]
        near: list[list[int]] = []
        for number, node in enumerate(self._nodes):
            near.append([])
            for before in after[: bisect_right(ready_s, node.start_s)]:
                if old_s[before] > node.start_s and (
                    total_s[before] + total_s[number] <= least_s
                    or is_lawful(self._nodes[before].spells + node.spells, others)
                ):
                    near[-1].append(before)
        return near, old_s

    def price(self, duties: Iterable[Duty], *, known: int, rounds: int, limits: Limits) -> Price | None:
        """The best price found before it proves the lawful ``duties`` or cannot better ``known`` any more."""
        columns = [(number,) for number in range(len(self._nodes))]
        own = [self._own(duty) for duty in duties]
        columns += [path for path in own if path]
        best, most_worth = None, 0.0
        for _ in range(rounds):
            relaxed = relax(self._program(columns), limits=limits)
            if relaxed is None:
                break
            values = dict(zip(self._places(), np.maximum(relaxed[0].duals, 0).tolist(), strict=True))
            found = self._best(values)
            price = self._sum(values, most=max(found[0][0], 1))
            if sum(price.values) / price.most > most_worth:
                best, most_worth = price, sum(price.values) / price.most
            if relaxed[1].sum() <= known + _NOTHING or found[0][0] <= SCALE or limits.stop():
                break
            columns += self._unlike([path for worth, path in found if worth > SCALE])
        return best

    def _own(self, duty: Duty) -> tuple[int, ...]:
        """The nodes of a duty."""
        return tuple(self._number[held] for held in duty if held in self._number)

    def _unlike(self, paths: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """The first paths of which at most so many fill any one place."""
        kept: list[tuple[int, ...]] = []
        filled: Counter[Place] = Counter()
        for path in paths:
            places = [place for node in path for place in self._nodes[node].places]
            if all(filled[place] < _ALIKE for place in places):
                filled.update(places)
                kept.append(path)
        return kept

    def _places(self) -> list[Place]:
        return sorted({place for node in self._nodes for place in node.places})

    def _program(self, columns: Sequence[tuple[int, ...]]) -> Program:
        entries = Entries()
        rows = {place: entries.add_row(1, UNBOUNDED) for place in self._places()}
        for column, path in enumerate(columns):
            for node in path:
                for place in self._nodes[node].places:
                    entries.put(rows[place], column, 1)
        return entries.program([1] * len(columns), most=[len(rows)] * len(columns))

    def _sum(self, values: Mapping[Place, int], *, most: int) -> Price:
        """Worth by block: every slot of every run."""
        worth = [
            sum(values.get((run, slot), 0) for run in block.runs for slot in range(block.drivers))
            for block in self._blocks
        ]
        return Price(values=tuple(worth), most=most)

    def _best(self, values: Mapping[Place, int]) -> list[tuple[int, tuple[int, ...]]]:
        """For each node that ends one the path of most worth, in falling order."""
        nowhere = np.zeros(1, dtype=np.int64)
        far = _Labels(nowhere, nowhere, nowhere)
        fronts: list[_Labels] = []
        begins, parents = [0, 1], [nowhere]
        """Paths are numbered; those of one node follow each other, after the one that is empty."""
        waiting = sorted(range(len(self._nodes)), key=lambda number: self._old_s[number], reverse=True)
        for number, node in enumerate(self._nodes):
            fresh: list[_Labels] = []
            while waiting and self._old_s[waiting[-1]] <= node.start_s:
                fresh.append(fronts[waiting.pop()])
            far = _front([far, *fresh]) if fresh else far
            front = _front([far, *(fronts[before] for before in self._near[number])])
            few = front.hours_s <= self._most_s - node.hours_s
            parents.append(front.path[few])
            paths = np.arange(begins[-1], begins[-1] + parents[-1].size)
            begins.append(begins[-1] + parents[-1].size)
            worth = sum(values[place] for place in node.places)
            fronts.append(_Labels(front.hours_s[few] + node.hours_s, front.worth[few] + worth, paths))
        ends = sorted(((int(f.worth[-1]), int(f.path[-1])) for f in fronts if f.path.size), reverse=True)
        return [(worth, _unwind(path, begins=begins, parents=parents)) for worth, path in ends]


class _Labels(NamedTuple):
    """Paths by their seconds at the wheel in the window, their worth and their number."""

    hours_s: Ints
    worth: Ints
    path: Ints


def _front(labels: Sequence[_Labels]) -> _Labels:
    """Those that no other beats in both hours and worth, by hours."""
    hours_s, worth, path = (np.concatenate(column) for column in zip(*labels, strict=True))
    order = np.lexsort((-worth, hours_s))
    hours_s, worth, path = hours_s[order], worth[order], path[order]
    best = np.ones(worth.size, dtype=np.bool_)
    best[1:] = worth[1:] > np.maximum.accumulate(worth)[:-1]
    return _Labels(hours_s[best], worth[best], path[best])


def _unwind(path: int, *, begins: Sequence[int], parents: Sequence[Ints]) -> tuple[int, ...]:
    """The nodes of a path."""
    nodes: list[int] = []
    while path:
        group = bisect_right(begins, path) - 1
        nodes.append(group - 1)
        path = int(parents[group][path - begins[group]])
    return tuple(reversed(nodes))
