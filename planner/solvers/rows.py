"""People into the seats of one carriage or coach: families in a row block, children beside an adult.

Seats are taken along a line that runs through the rows like a snake, so parties that follow each other sit
in one row or two neighbouring ones, and whoever is listed together sits together. Those with needs take
their seats first; what is left of the line is filled so that as few seats as possible stay empty behind
parties too large for them, and who sits badly changes places with somebody alone. Several orders are
tried. Milliseconds, no chance, and nobody is ever lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import combinations, pairwise, product
from typing import Final

from planner.solvers.seat_maps import Seat, SeatMap

_MOST_WAYS: Final = 10
"""Heads of a party up to which every way to seat its children is tried."""


class Need(Enum):
    """Which seat the first person of a party must have."""

    NONE = auto()
    FRONT = auto()
    WHEELCHAIR = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowParty:
    """People who sit together; adults first, and the first of them is the one in ``need``."""

    size: int
    employer: int | None
    stop: int
    children: int = 0
    need: Need = Need.NONE

    def __post_init__(self) -> None:
        if not 0 <= self.children <= self.size or self.size < 1:
            raise ValueError("a party has at least one head, and its children are some of its heads")

    @property
    def adults(self) -> int:
        """How many of the party are adults."""
        return self.size - self.children


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A seat map and which of its seats stay empty, are in front, or take a wheelchair."""

    seat_map: SeatMap
    reserved: frozenset[int] = frozenset()
    front: frozenset[int] = frozenset()
    wheelchair: frozenset[int] = frozenset()

    @property
    def free(self) -> frozenset[int]:
        """Seats that may be taken."""
        return frozenset(range(len(self.seat_map.seats))) - self.reserved

    def seats_for(self, need: Need) -> frozenset[int]:
        """Seats that meet a need."""
        marked = {Need.FRONT: self.front, Need.WHEELCHAIR: self.wheelchair}
        return marked.get(need, frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlan:
    """By party and person a seat, and how well that keeps people together.

    ``kept`` of ``families`` (parties of two or more) sit in one row block; ``apart`` counts children
    without an adult of theirs beside them, ``runs`` how often the employer changes from seat to seat.
    ``unmet`` are parties whose need no free seat was left for.
    """

    seats: tuple[tuple[int, ...], ...]
    kept: int
    families: int
    apart: int
    runs: int
    unmet: tuple[int, ...]

    @property
    def share_kept(self) -> float:
        """Share of families in one row block, 1 where there are none."""
        return self.kept / self.families if self.families else 1.0


def seat_rows(room: Room, parties: Sequence[RowParty]) -> RowPlan:
    """Give everybody a seat. Raises ValueError where there are more heads than seats."""
    if sum(party.size for party in parties) > len(room.free):
        raise ValueError("more heads than seats")
    plans: list[RowPlan] = []
    for thrifty, small_last, mirrored in product((False, True), (True, False), (False, True)):
        if thrifty and not min(len(plan.unmet) for plan in plans):
            break
        orders = _Orders(mirrored=mirrored, small_last=small_last, thrifty=thrifty)
        plans.append(_Line(room, parties, orders=orders).seat())
    return min(plans, key=lambda plan: (len(plan.unmet), -plan.kept, plan.apart, plan.runs))


def in_block(seats: Sequence[Seat], *, width: int) -> bool:
    """Whether seats lie side by side in one row, or in the fewest neighbouring rows, but two are few enough.

    Each seat must have another of them next to it: in its row, the aisle not counted, or before or behind.
    """
    rows = {seat.row for seat in seats}
    if len(seats) < 2:  # noqa: PLR2004  # nobody sits apart from himself
        return True
    if max(rows) - min(rows) + 1 > max(2, -(-len(seats) // width)):
        return False
    return _connected(seats)


def _connected(seats: Sequence[Seat]) -> bool:
    reached, waiting = {seats[0]}, [seats[0]]
    while waiting:
        seat = waiting.pop()
        for other in seats:
            near = abs(other.row - seat.row) + abs(other.place - seat.place) <= 1
            if near and other not in reached:
                reached.add(other)
                waiting.append(other)
    return len(reached) == len(seats)


def _beside(one: Seat, other: Seat) -> bool:
    return one.row == other.row and abs(one.place - other.place) == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Orders:
    """Where the line begins, which sizes go first, and whether few marked seats go before no gaps."""

    mirrored: bool
    small_last: bool
    thrifty: bool


class _Line:
    """Seats in the order of the snake, and who has taken them."""

    def __init__(self, room: Room, parties: Sequence[RowParty], *, orders: _Orders) -> None:
        self._room, self._parties, self._orders = room, parties, orders
        self._seats = room.seat_map.seats
        self._width = room.seat_map.width
        self._order = sorted(
            room.free, key=lambda number: _turn(self._seats[number], mirrored=orders.mirrored)
        )
        self._free = dict.fromkeys(range(len(self._order)))
        self._taken: dict[int, tuple[int, ...]] = {}

    def seat(self) -> RowPlan:
        """All parties: those in need, then along the line, then whoever is left where seats are."""
        for need in (Need.WHEELCHAIR, Need.FRONT):
            needy = [number for number, party in enumerate(self._parties) if party.need is need]
            for number in sorted(needy, key=lambda number: (-self._parties[number].size, number)):
                self._meet(number, self._room.seats_for(need))
        waiting = self._queue()
        for begin, end in list(self._runs()):
            self._fill(begin, end, waiting=waiting)
        for number in sorted(waiting, key=lambda number: -self._parties[number].size):
            self._scatter(number)
        self._mend()
        return self._plan()

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Stretches of free seats without a gap between them, from and before which position."""
        begin: int | None = None
        for position in self._free:
            if begin is None:
                begin = position
            if position + 1 not in self._free or not self._adjoin(position, position + 1):
                yield begin, position + 1
                begin = None

    def _adjoin(self, one: int, other: int) -> bool:
        here, there = self._seats[self._order[one]], self._seats[self._order[other]]
        return _beside(here, there) or abs(here.row - there.row) == 1

    def _meet(self, number: int, marked: frozenset[int]) -> None:
        """Seat a party so that one of its seats is marked, leaving few short stretches."""
        size = self._parties[number].size
        windows = [
            range(first, first + size)
            for begin, end in self._runs()
            for first in range(begin, end - size + 1)
            if any(self._order[position] in marked for position in range(first, first + size))
        ]
        places = [position for position in self._free if self._order[position] in marked]
        if windows:
            self._take(number, min(windows, key=lambda window: self._harm(window, marked)))
        elif places:
            self._scatter(number, first=places[0])

    def _harm(self, window: range, marked: frozenset[int]) -> tuple[int, int, int, int]:
        split = not self._blocked(window)
        edges = sum(
            position in self._free and self._adjoin(position, end)
            for position, end in ((window.start - 1, window.start), (window.stop, window.stop - 1))
        )
        taken = sum(self._order[position] in marked for position in window)
        return (split, *((taken, edges) if self._orders.thrifty else (edges, taken)), window.start)

    def _queue(self) -> list[int]:
        """Parties still to be seated: stops and employers of those in need first, from the front."""
        nearest: dict[tuple[int, int | None], int] = {}
        for number, positions in self._taken.items():
            party = self._parties[number]
            for key in ((party.stop, None), (party.stop, party.employer)):
                nearest[key] = min(nearest.get(key, len(self._order)), *positions)
        direction = -1 if self._orders.small_last else 1

        def place(number: int) -> tuple[int, int, int, bool, int, int, int]:
            party, last = self._parties[number], len(self._order)
            return (
                nearest.get((party.stop, None), last),
                party.stop,
                nearest.get((party.stop, party.employer), last) if party.employer is not None else last,
                party.employer is None,
                party.employer or 0,
                direction * party.size,
                number,
            )

        seated = self._taken.keys()
        return sorted((number for number in range(len(self._parties)) if number not in seated), key=place)

    def _fill(self, begin: int, end: int, *, waiting: list[int]) -> None:
        """Fill a stretch as far as the sizes waiting allow, in their order if that does no harm."""
        sizes = Counter(self._parties[number].size for number in waiting)
        while begin < end:
            most = (_reach(sizes) & ((2 << (end - begin)) - 1)).bit_length() - 1
            if not most:
                return
            harmless = {
                size
                for size in sizes
                if size <= most and _reach(sizes - Counter([size])) >> (most - size) & 1
            }
            fitting = [number for number in waiting if self._parties[number].size in harmless]
            number = next((number for number in fitting if self._suits(number, begin)), fitting[0])
            size = self._parties[number].size
            self._take(number, range(begin, begin + size))
            waiting.remove(number)
            sizes -= Counter([size])
            begin += size

    def _suits(self, number: int, begin: int) -> bool:
        party = self._parties[number]
        window = range(begin, begin + party.size)
        return self._blocked(window) and (
            not party.children or self._arrange(number, window)[1] == _fewest_apart(party)
        )

    def _blocked(self, positions: Iterable[int]) -> bool:
        return in_block([self._seats[self._order[position]] for position in positions], width=self._width)

    def _take(self, number: int, positions: Iterable[int]) -> None:
        self._taken[number] = tuple(positions)
        for position in self._taken[number]:
            del self._free[position]

    def _scatter(self, number: int, *, first: int | None = None) -> None:
        """Seat a party on free seats as near to each other as there are any."""
        size = self._parties[number].size
        starts = list(self._free) if first is None else [first]
        groups = [
            sorted(self._free, key=lambda other: (self._far(start, other), other))[:size] for start in starts
        ]
        self._take(number, sorted(min(groups, key=lambda group: max(self._far(group[0], p) for p in group))))

    def _mend(self) -> None:
        """Exchange a seat of a party that sits badly for a free one, or for that of somebody alone."""
        alone = [n for n, p in enumerate(self._parties) if p.size == 1 and p.need is Need.NONE]
        for number, party in enumerate(self._parties):
            while (harm := self._bad(number, self._taken[number])) > (False, False, _fewest_apart(party)):
                others: list[tuple[int, int | None]] = [(position, None) for position in self._free]
                others += [(self._taken[n][0], n) for n in alone if n != number]
                swaps = (
                    (self._bad(number, wanted), self._strange(number, holder), wanted, own, holder)
                    for own in self._taken[number]
                    for position, holder in others
                    for wanted in [tuple(sorted({*self._taken[number], position} - {own}))]
                )
                best = min(swaps, default=None, key=lambda swap: swap[:3])
                if best is None or best[0] >= harm:
                    break
                self._exchange(number, best[2], own=best[3], holder=best[4])

    def _bad(self, number: int, positions: tuple[int, ...]) -> tuple[bool, bool, int]:
        """Whether its need is not met, whether it is torn, and children without an adult beside them."""
        marked = self._room.seats_for(self._parties[number].need)
        unmet = bool(marked) and not any(self._order[position] in marked for position in positions)
        return unmet, not self._blocked(positions), self._arrange(number, positions)[1]

    def _strange(self, number: int, holder: int | None) -> bool:
        return holder is not None and self._parties[holder].employer != self._parties[number].employer

    def _exchange(self, number: int, wanted: tuple[int, ...], *, own: int, holder: int | None) -> None:
        (taken,) = {*wanted} - {*self._taken[number]}
        self._taken[number] = wanted
        if holder is None:
            del self._free[taken]
            self._free = dict.fromkeys(sorted([*self._free, own]))
        else:
            self._taken[holder] = (own,)

    def _far(self, one: int, other: int) -> int:
        here, there = self._seats[self._order[one]], self._seats[self._order[other]]
        return self._width * abs(here.row - there.row) + abs(here.place - there.place)

    def _arrange(self, number: int, positions: Iterable[int]) -> tuple[tuple[int, ...], int]:
        """Seats by person, adults first, and how many children then have no adult beside them."""
        party = self._parties[number]
        seats = [self._order[position] for position in positions]
        marked = self._room.seats_for(party.need)
        seats.sort(key=lambda seat: seat not in marked)
        open_to_young = seats[1:] if seats[0] in marked and party.children < party.size else seats
        ways = combinations(open_to_young, party.children)
        if party.size > _MOST_WAYS:
            mixed = sorted(open_to_young, key=lambda seat: (self._seats[seat].place % 2 == 0, seat))
            ways = iter([tuple(mixed[: party.children])])
        chosen, apart = min(((way, self._apart(seats, way)) for way in ways), key=lambda item: item[1])
        adults = [seat for seat in seats if seat not in chosen]
        return (*adults, *chosen), apart[0]

    def _apart(self, seats: Sequence[int], children: Sequence[int]) -> tuple[int, int]:
        """Children without an adult beside them, and without one on their side of the aisle."""
        adults = [self._seats[seat] for seat in seats if seat not in children]
        young = [self._seats[seat] for seat in children]
        near = [[adult for adult in adults if _beside(child, adult)] for child in young]
        same = [
            any(adult.right == child.right for adult in row) for child, row in zip(young, near, strict=True)
        ]
        return sum(not row for row in near), same.count(False)

    def _plan(self) -> RowPlan:
        arranged = [self._arrange(number, self._taken[number]) for number in range(len(self._parties))]
        families = [number for number, party in enumerate(self._parties) if party.size > 1]
        employer = {
            position: self._parties[number].employer
            for number, positions in self._taken.items()
            for position in positions
        }
        along = [employer[position] for position in sorted(employer)]
        unmet = [
            number
            for number, party in enumerate(self._parties)
            if party.need is not Need.NONE and arranged[number][0][0] not in self._room.seats_for(party.need)
        ]
        return RowPlan(
            seats=tuple(seats for seats, _ in arranged),
            kept=sum(self._blocked(self._taken[number]) for number in families),
            families=len(families),
            apart=sum(apart for _, apart in arranged),
            runs=sum(one != other for one, other in pairwise(along)),
            unmet=tuple(unmet),
        )


def _turn(seat: Seat, *, mirrored: bool) -> tuple[int, int]:
    """A seat's place on the snake, which turns round after every row."""
    return seat.row, seat.place if (seat.row % 2 == 0) != mirrored else -seat.place


def _fewest_apart(party: RowParty) -> int:
    """Children who cannot have an adult beside them whatever the seats: an adult has two sides."""
    return max(party.children - 2 * (party.size - party.children), 0)


def _reach(sizes: Mapping[int, int]) -> int:
    """Which numbers of heads some of these parties have together, as bits."""
    reach = 1
    for size, number in sizes.items():
        for _ in range(number):
            reach |= reach << size
    return reach
