"""Parties into the rounds of one shuttle: bin packing, small enough to be proved.

People who travel alone fill whatever room is left, so only the parties of two and more have to be packed;
the fewest rounds for all is the larger of what those need and heads by seats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

_LOOKED_AT: Final = 20_000
"""Fillings of one round that are tried before the first fit is kept as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Parties, by their place in the input, that ride together; ``trips`` > 1 for one too large for one."""

    parties: tuple[int, ...]
    heads: int
    trips: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shuttling:
    """Rounds in the order they are driven; ``bound``: no way to keep parties whole needs fewer trips."""

    rounds: tuple[Round, ...]
    bound: int

    @property
    def trips(self) -> int:
        """Times the vehicle goes out."""
        return sum(entry.trips for entry in self.rounds)


def pack_rounds(sizes: Sequence[int], seats: int) -> Shuttling:
    """Pack parties of ``sizes`` heads into the fewest trips of a shuttle with ``seats`` > 0.

    Parties of two and more go first, the fullest rounds before others, then those too large for one trip
    (they have the vehicle to themselves), then people who are alone; of equals those who stand first.
    """
    large = [number for number, size in enumerate(sizes) if size > seats]
    together = [number for number, size in enumerate(sizes) if 1 < size <= seats]
    alone = [number for number, size in enumerate(sizes) if size == 1]
    trips = [-(-sizes[number] // seats) for number in large]
    bins, least = _pack([sizes[number] for number in together], seats)
    loads = [[together[place] for place in bin_] for bin_ in bins]
    loads.sort(key=lambda load: (-sum(sizes[number] for number in load), load))
    waiting = iter(alone)
    for load in loads:
        room = seats - sum(sizes[number] for number in load)
        load.extend(islice(waiting, room))
    rest = list(waiting)
    tail = [rest[start : start + seats] for start in range(0, len(rest), seats)]
    rounds = (
        *(_round(load, sizes) for load in loads),
        *(Round(parties=(n,), heads=sizes[n], trips=trip) for n, trip in zip(large, trips, strict=True)),
        *(_round(load, sizes) for load in tail),
    )
    heads = sum(sizes[number] for number in (*together, *alone))
    return Shuttling(rounds=rounds, bound=sum(trips) + max(least, -(-heads // seats)))


def _round(load: Sequence[int], sizes: Sequence[int]) -> Round:
    return Round(parties=tuple(sorted(load)), heads=sum(sizes[number] for number in load))


def _pack(sizes: Sequence[int], seats: int) -> tuple[list[list[int]], int]:
    """Bins of places in ``sizes``, and a number of bins that none can do with less than."""
    order = sorted(range(len(sizes)), key=lambda place: (-sizes[place], place))
    best = _first_fit([sizes[place] for place in order], seats)
    bound = _least(sizes, seats)
    while bound < len(best):
        search = _Search(sizes, seats, bins=bound)
        found = search.run()
        if found is not None:
            best = found
        elif search.gave_up:
            break
        else:
            bound += 1
    waiting = {size: [place for place in order if sizes[place] == size] for size in set(sizes)}
    return [[waiting[size].pop(0) for size in bin_] for bin_ in best], bound


def _first_fit(sizes: Sequence[int], seats: int) -> list[list[int]]:
    bins: list[list[int]] = []
    for size in sizes:
        home = next((bin_ for bin_ in bins if sum(bin_) + size <= seats), None)
        if home is None:
            bins.append([size])
        else:
            home.append(size)
    return bins


def _least(sizes: Sequence[int], seats: int) -> int:
    """Martello and Toth's L2: what is over half the seats is alone, the rest must fit beside it."""
    bound = -(-sum(sizes) // seats)
    for small in {0, *(size for size in sizes if 2 * size <= seats)}:
        alone = [size for size in sizes if size > seats - small]
        halves = [size for size in sizes if seats - small >= size > seats // 2]
        rest = sum(size for size in sizes if seats // 2 >= size >= small)
        over = rest - (len(halves) * seats - sum(halves))
        bound = max(bound, len(alone) + len(halves) + max(0, -(-over // seats)))
    return bound


class _Search:
    """Whether so many bins do: each bin takes the largest that is left, and whatever fits beside it."""

    def __init__(self, sizes: Sequence[int], seats: int, *, bins: int) -> None:
        self.seats = seats
        self.left = Counter(sizes)
        self.spare = bins * seats - sum(sizes)
        self.bins: list[list[int]] = []
        self.gave_up = False
        self.looked_at = 0

    def run(self) -> list[list[int]] | None:
        """Give the bins as lists of sizes, None where there are none or the search gave up."""
        return self.bins if self._next() else None

    def _next(self) -> bool:
        largest = max(+self.left, default=0)
        if not largest:
            return True
        self.left[largest] -= 1
        self.bins.append([largest])
        if self._fill(self.seats - largest, at_most=largest):
            return True
        self.bins.pop()
        self.left[largest] += 1
        return False

    def _fill(self, room: int, *, at_most: int) -> bool:
        self.looked_at += 1
        self.gave_up = self.looked_at > _LOOKED_AT
        for size in range(min(room, at_most), 0, -1):
            if not self.left[size] or self.gave_up:
                continue
            self.left[size] -= 1
            self.bins[-1].append(size)
            if self._fill(room - size, at_most=size):
                return True
            self.bins[-1].pop()
            self.left[size] += 1
        if room > self.spare or self.gave_up:
            return False
        self.spare -= room
        if self._next():
            return True
        self.spare += room
        return False
