"""How many drivers blocks ask for at least: values for all work, of which no driver can do more than so much.

Where no lawful duty is worth more than ``most``, the worth of all that must be driven, divided by it, is a
bound (Farley 1990), for any values, in integers. Two such prices need no search: everybody on board at one
instant, of which a driver is one, and the hours at the wheel in a window. Which two blocks the law lets
one driver make bounds by itself: every driver but one before it needs a block that may follow (Dilworth).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from ortools.graph.python import max_flow

from planner.solvers.drivers_problem import Block, Law, Limit, driven_s, is_lawful


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """By block what driving it is worth, and the most that one driver earns."""

    values: tuple[int, ...]
    most: int

    def drivers(self, blocks: Sequence[Block], *, left_weight: int = 0) -> int:
        """Drivers needed at least where no more weight is left: the dearest, the last in part."""
        worth, room = sum(self.values), left_weight
        for value, weight in self._dearest(blocks):
            worth -= value * min(room, weight) // weight
            room -= min(room, weight)
        return max(-(-worth // self.most), 0)

    def left_weight(self, blocks: Sequence[Block], *, drivers: int) -> int:
        """Weight left at least with so many drivers: the dearest, the last in part."""
        excess, left = sum(self.values) - drivers * self.most, 0
        for value, weight in self._dearest(blocks):
            if excess <= value:
                return left + (-(-excess * weight // value) if excess > 0 else 0)
            excess -= value
            left += weight
        return left

    def _dearest(self, blocks: Sequence[Block]) -> list[tuple[int, int]]:
        pairs = zip(self.values, (block.weight for block in blocks), strict=True)
        return sorted(pairs, key=lambda pair: (Fraction(pair[0], pair[1]), pair), reverse=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """Drivers used and ``worth`` times the weight left are ``total`` or more together, whatever is done."""

    total: int
    worth: int

    def drivers(self, *, left_weight: int) -> int:
        """Drivers needed at least where no more weight is left."""
        return max(self.total - self.worth * left_weight, 0)

    def left_weight(self, *, drivers: int) -> int:
        """Weight left at least with so many drivers."""
        return max(-(-(self.total - drivers) // self.worth), 0)


def free_prices(blocks: Sequence[Block], law: Law) -> list[Price]:
    """The instant when most people are on board or resting, and the fullest window of each limit."""
    if not blocks:
        return []
    instants = {block.start_s for block in blocks}
    values = max((_on_board(blocks, at_s, rest_s=law.rest_s) for at_s in sorted(instants)), key=sum)
    prices = [Price(values=values, most=1)]
    for limit in law.limits:
        opens_s = fullest_windows(blocks, limit)[:1]
        prices += [Price(values=hours_in(blocks, at_s, limit=limit), most=limit.most_s) for at_s in opens_s]
    return prices


def fullest_windows(blocks: Sequence[Block], limit: Limit) -> list[int]:
    """Openings of windows, the most hours at the wheel first, at least half a window apart."""
    spells = sorted(spell for block in blocks for spell in _spells(block))
    starts = [start_s for start_s, _ in spells]
    ends = sorted(end_s for _, end_s in spells)
    sums = [list(accumulate(times, initial=0)) for times in (starts, ends)]

    def before(at_s: int) -> int:
        begun, ended = bisect_left(starts, at_s), bisect_left(ends, at_s)
        return (begun * at_s - sums[0][begun]) - (ended * at_s - sums[1][ended])

    hours = {at_s: before(at_s + limit.window_s) - before(at_s) for at_s in starts}
    found: list[int] = []
    for at_s in sorted(hours, key=lambda at_s: (-hours[at_s], at_s)):
        if all(abs(at_s - other_s) * 2 >= limit.window_s for other_s in found):
            found.append(at_s)
    return found


def hours_in(blocks: Sequence[Block], opens_s: int, *, limit: Limit) -> tuple[int, ...]:
    """By block the seconds at the wheel of all its crew in a window."""
    closes_s = opens_s + limit.window_s
    return tuple(driven_s(_spells(block), opens_s=opens_s, closes_s=closes_s) for block in blocks)


def _spells(block: Block) -> list[tuple[int, int]]:
    return [spell for role in block.casts[0] for spell in block.roles[role].spells]


def _on_board(blocks: Sequence[Block], at_s: int, *, rest_s: int) -> tuple[int, ...]:
    return tuple(block.drivers * (block.start_s <= at_s < block.end_s + rest_s) for block in blocks)


def cover(blocks: Sequence[Block], law: Law) -> Trade:
    """The fewest drivers where only two blocks in a row need to be lawful, in whatever roles: a maximum flow.

    A block that is left spares no more drivers than it takes.
    """
    near, old_s = _lawful_pairs(blocks, law)
    starts = [block.start_s for block in blocks]
    flow, people = max_flow.SimpleMaxFlow(), sum(block.drivers for block in blocks)
    size = len(blocks)
    source, sink = 3 * size, 3 * size + 1
    for number, block in enumerate(blocks):
        done, begins, waits = number, size + number, 2 * size + number
        flow.add_arc_with_capacity(source, done, block.drivers)
        flow.add_arc_with_capacity(begins, sink, block.drivers)
        flow.add_arc_with_capacity(waits, begins, block.drivers)
        if number + 1 < size:
            flow.add_arc_with_capacity(waits, waits + 1, people)
        if (later := bisect_left(starts, old_s[number])) < size:
            flow.add_arc_with_capacity(done, 2 * size + later, block.drivers)
        for after in near[number]:
            flow.add_arc_with_capacity(done, size + after, block.drivers)
    flow.solve(source, sink)
    worth = max((-(-block.drivers // block.weight) for block in blocks), default=1)
    return Trade(total=people - flow.optimal_flow(), worth=worth)


def _lawful_pairs(blocks: Sequence[Block], law: Law) -> tuple[list[list[int]], list[int]]:
    """For each block those that may follow it soon, and from when on any may."""
    hours = [[sum(b - a for a, b in role.spells) for role in block.roles] for block in blocks]
    most_s = max((max(one) for one in hours), default=0)
    limits = [limit for limit in law.limits if limit.most_s < 2 * most_s]
    long_s = max((limit.window_s for limit in limits), default=0)
    starts, near, old_s = [block.start_s for block in blocks], list[list[int]](), list[int]()
    for block in blocks:
        ready_s = block.end_s + law.rest_s
        soon = range(bisect_left(starts, ready_s), bisect_left(starts, max(block.end_s + long_s, ready_s)))
        lawful = [after for after in soon if _may_follow(block, then=blocks[after], limits=limits)]
        near.append(lawful if len(lawful) < len(soon) else [])
        old_s.append(block.end_s + long_s if len(lawful) < len(soon) else ready_s)
    return near, old_s


def _may_follow(block: Block, *, then: Block, limits: Sequence[Limit]) -> bool:
    return any(is_lawful(one.spells + two.spells, limits) for one in block.roles for two in then.roles)
