"""What every seating costs at least, by counting: no solver, exact integers.

A graph with a node for every stop and carriage and an edge for every pair in use has at least as many edges
as nodes less its connected parts. So the fewest (stop, carriage) pairs follow from the ways to share out
carriages among groups of stops: ``g`` stops in ``m`` carriages that hold their heads have ``g + m - 1`` pairs
or more. Employers are too many for that; each has at least the carriages that can hold it. All of it holds
even if families could be separated, so it is a bound on that relaxation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final

from planner.solvers.seats_problem import NOBODY, Carriage, Kind, Weights

_MOST_STEPS: Final = 20_000_000
"""Steps, at the worst, beyond which carriages are not shared out but simply counted."""
_FIELD: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Heads that belong together, and how many of those need an accessible carriage."""

    heads: int
    accessible: int = 0

    def __add__(self, other: Group) -> Group:
        return Group(heads=self.heads + other.heads, accessible=self.accessible + other.accessible)


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """The fewest (employer, carriage) and (stop, carriage) pairs that any seating uses."""

    employers: int
    stops: int

    def cost(self, weights: Weights) -> int:
        """What those cost."""
        return weights.employer * self.employers + weights.stop * self.stops


def count_pairs(counts: Mapping[Kind, int], carriages: Sequence[Carriage]) -> Floor:
    """Bound the pairs that seating all of these parties takes; they must fit."""
    employers, stops = groups_of(counts)
    return Floor(employers=_employer_pairs(employers, carriages), stops=_stop_pairs(stops, carriages))


def groups_of(counts: Mapping[Kind, int]) -> tuple[list[Group], list[Group]]:
    """Heads by employer, those without one left out, and by stop."""
    by_employer, by_stop = dict[int, Group](), dict[int, Group]()
    for kind, number in sorted(counts.items()):
        heads = kind.size * number
        group = Group(heads=heads, accessible=heads * kind.accessible)
        if kind.employer != NOBODY:
            by_employer[kind.employer] = by_employer.get(kind.employer, Group(heads=0)) + group
        by_stop[kind.stop] = by_stop.get(kind.stop, Group(heads=0)) + group
    return list(by_employer.values()), list(by_stop.values())


def least_carriages(group: Group, carriages: Sequence[Carriage]) -> int:
    """The fewest carriages that hold a group, were they empty: accessible ones it needs, then the largest."""
    accessible = sorted((carriage.seats for carriage in carriages if carriage.accessible), reverse=True)
    taken, free = 0, 0
    while free < group.accessible and taken < len(accessible):
        free += accessible[taken]
        taken += 1
    others = [carriage.seats for carriage in carriages if not carriage.accessible]
    for seats in sorted([*others, *accessible[taken:]], reverse=True):
        if free >= group.heads:
            break
        taken, free = taken + 1, free + seats
    return taken


def _employer_pairs(employers: Sequence[Group], carriages: Sequence[Carriage]) -> int:
    """Each employer's fewest carriages, and one more where accessible carriages cannot hold it whole.

    An employer of one carriage with somebody in need sits in an accessible one with all its people.
    Of those the smallest fit together; the others leave at least those in need there.
    """
    least = [least_carriages(group, carriages) for group in employers]
    seats = sum(carriage.seats for carriage in carriages if carriage.accessible)
    needy = [
        group for group, number in zip(employers, least, strict=True) if group.accessible and number == 1
    ]
    free = seats - sum(group.accessible for group in employers)
    apart = len(needy)
    for rest in sorted(group.heads - group.accessible for group in needy):
        if rest > free:
            break
        free, apart = free - rest, apart - 1
    return sum(least) + apart


def _stop_pairs(stops: Sequence[Group], carriages: Sequence[Carriage]) -> int:
    """The fewest pairs over all ways to share out the carriages, a simple count where those are too many."""
    simple = max(
        sum(least_carriages(group, carriages) for group in stops),
        least_carriages(sum(stops, Group(heads=0)), carriages),
    )
    kinds = Counter(carriages)
    ways = prod(number + 1 for number in kinds.values())
    if 3 ** len(stops) * ways**2 > _MOST_STEPS:
        return simple
    return max(simple, _shared_out(stops, kinds=kinds))


def _shared_out(stops: Sequence[Group], *, kinds: Mapping[Carriage, int]) -> int:
    """Dynamic programme over sets of stops served and carriages used; the first stop left opens a group.

    Carriages used are one integer: a field of ``_FIELD`` bits for each kind, its top bit kept free.
    """
    everyone = (1 << len(stops)) - 1
    fills = {
        members: tuple(_fills(_together(stops, members), kinds=kinds)) for members in range(1, everyone + 1)
    }
    full = sum(number << _FIELD * place for place, number in enumerate(kinds.values()))
    guard = sum(1 << _FIELD * (place + 1) - 1 for place in range(len(kinds)))
    pairs: list[dict[int, int]] = [{} for _ in range(everyone + 1)]
    pairs[0][0] = 0
    for served in range(everyone):
        left = everyone & ~served
        opener = left & -left
        for members in range(opener, left + 1):
            if not members & opener or members & ~left:
                continue
            into, extra = pairs[served | members], members.bit_count() - 1
            for (fill, taken), (used, before) in product(fills[members], pairs[served].items()):
                total, number = used + fill, before + taken + extra
                if (full + guard - total) & guard == guard and number < into.get(total, number + 1):
                    into[total] = number
    return min(pairs[everyone].values(), default=0)


def _together(stops: Sequence[Group], members: int) -> Group:
    return sum((group for bit, group in enumerate(stops) if members >> bit & 1), Group(heads=0))


def _fills(group: Group, *, kinds: Mapping[Carriage, int]) -> Iterator[tuple[int, int]]:
    """Carriages that hold a group and of which none can be spared: as one integer, and how many."""
    for fill in product(*(range(number + 1) for number in kinds.values())):
        chosen = [(kind, number) for kind, number in zip(kinds, fill, strict=True) if number]
        free = sum(kind.seats * number for kind, number in chosen) - group.heads
        ready = sum(kind.seats * number for kind, number in chosen if kind.accessible) - group.accessible
        spare = any(kind.seats <= (min(free, ready) if kind.accessible else free) for kind, _ in chosen)
        if free >= 0 and ready >= 0 and not spare:
            yield sum(number << _FIELD * place for place, number in enumerate(fill)), sum(fill)
