"""Plans in milliseconds: slots by what they add at prices of the relaxation, then employers by what they add.

Seekers reached are counted exactly; what employers bring to a slot is reckoned at prices while slots are
chosen, and posts against visitors fair by fair when employers are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from random import Random

    from numpy.typing import NDArray

    from planner.solvers.fairs.ground import Ground
    from planner.solvers.fairs.model import Held

    Floats = NDArray[np.float64]

_NEVER = -np.inf


class Slots:
    """A choice of free slots that breaks no rule, beside the fixed ones."""

    def __init__(self, ground: Ground, company_fen: Floats) -> None:
        """``company_fen`` by slot is what it is worth but for reaching people."""
        self._ground, self._company = ground, company_fen
        self._taste = np.ones(ground.kinds)
        """Kinds of fairs may look better or worse than they are: what else could there be?"""
        self.chosen: set[int] = set(range(ground.free, len(ground.slots)))
        self._held = np.zeros(ground.count.size, dtype=np.int64)
        self._reached = np.zeros(ground.seekers.size, dtype=np.int64)
        self._used = np.zeros(len(ground.rows), dtype=np.int64)
        self._rows: dict[int, list[tuple[int, int]]] = {}
        for number, row in enumerate(ground.rows):
            for slot, need in zip(row.slots.tolist(), row.needs.tolist(), strict=True):
                self._rows.setdefault(slot, []).append((number, need))
        self._blocked = np.zeros(ground.free, dtype=np.int64)
        """By slot, how many rows have not enough left for it."""
        for slot in self.chosen:
            self._reach(slot, 1)
        for number in range(len(ground.rows)):
            self._block(number, before=None)

    def worth(self) -> float:
        """What the choice is worth at those prices."""
        ground = self._ground
        lacking_fen = np.maximum(ground.least - self._held, 0) @ ground.missing_fen
        reached = np.minimum(self._reached, ground.seekers) @ ground.worth_fen
        slots = self._company[sorted(self.chosen)].sum()
        return float(reached + slots - lacking_fen)

    def change(self, slot: int, *, by: int) -> None:
        """Take a free slot (1) or give it up (-1)."""
        if by > 0:
            self.chosen.add(slot)
        else:
            self.chosen.remove(slot)
        self._held[self._ground.slot_wish[slot]] += by
        self._reach(slot, by)
        for number, need in self._rows.get(slot, ()):
            before = int(self._used[number])
            self._used[number] += by * need
            self._block(number, before=before)

    def _reach(self, slot: int, by: int) -> None:  # a slot and how often
        seekers, heads = self._ground.arrivals(slot)
        self._reached[seekers] += by * heads

    def _block(self, number: int, *, before: int | None) -> None:
        row = self._ground.rows[number]
        self._blocked[row.slots] += row.needs + self._used[number] > row.most
        if before is not None:
            self._blocked[row.slots] -= row.needs + before > row.most

    def added_fen(self) -> Floats:
        """What each free slot would add, a little more for a required fair with few slots left.

        Minus infinity where it cannot be taken.
        """
        ground, free = self._ground, self._ground.free
        left = np.maximum(ground.seekers - self._reached, 0)
        more = np.minimum(ground.arc_heads, left[ground.arc_seeker]) * ground.worth_fen[ground.arc_seeker]
        reached = np.bincount(ground.arc_kind, more.astype(np.float64), ground.kinds)
        wish = ground.slot_wish[:free]
        added = (self._company[:free] + reached[ground.slot_kind[:free]]) * self._taste[
            ground.slot_kind[:free]
        ]
        barred = (self._blocked > 0) | (self._held >= ground.count)[wish]
        barred[[slot for slot in self.chosen if slot < free]] = True
        lacking = np.maximum(ground.least - self._held, 0)
        scarce = lacking / np.maximum(np.bincount(wish[~barred], minlength=lacking.size), 1)
        added += (ground.missing_fen * ((lacking > 0) + scarce))[wish]
        return np.where(barred, _NEVER, added)

    def fill(self) -> None:
        """Take the best slot as long as that adds something."""
        while self._blocked.size:
            added = self.added_fen()
            best = int(added.argmax())
            if added[best] <= 0:
                return
            self.change(best, by=1)

    def become(self, chosen: Iterable[int]) -> None:
        """Choose other slots, which break no rule."""
        wanted = set(chosen)
        for slot in sorted(self.chosen - wanted):
            self.change(slot, by=-1)
        for slot in sorted(wanted - self.chosen):
            self.change(slot, by=1)

    def take(self, wanted: Iterable[int]) -> None:
        """Choose free slots as far as they may be held beside what is chosen already."""
        for slot in wanted:
            if slot < self._ground.free and self.added_fen()[slot] > _NEVER:
                self.change(slot, by=1)

    def polish(self, over: Callable[[], bool]) -> None:
        """Give slots up one by one for better ones, until none is."""
        better = True
        while better:
            better = False
            for slot in sorted(slot for slot in self.chosen if slot < self._ground.free):
                if over():
                    return
                before, kept = self.worth(), frozenset(self.chosen)
                self.change(slot, by=-1)
                self.fill()
                after = self.worth()
                better |= after > before + 1
                if after < before:
                    self.become(kept)

    def shake(self, dice: Random, *, number: int, spread: float) -> None:
        """Give up some slots by chance and take others, kinds seen up to ``spread`` better or worse."""
        free = sorted(slot for slot in self.chosen if slot < self._ground.free)
        lost = dice.sample(free, min(number, len(free)))
        for slot in lost:
            self.change(slot, by=-1)
        self._taste[:] = [dice.uniform(1 - spread, 1 + spread) for _ in range(self._taste.size)]
        self._blocked[lost] += 1
        self.fill()
        self._blocked[lost] -= 1
        self._taste[:] = 1.0
        self.fill()


def keep(ground: Ground, slots: Held, *, wanted: Mapping[int, Iterable[int]]) -> Held:
    """Of the guests wanted at slots those that may come together; fixed ones in any case."""
    start = {slot: [e for e, at in sorted(ground.forced) if at == slot] for slot in slots}
    lawful = _Invitation(ground, {slot: tuple(guests) for slot, guests in start.items()})
    for slot in slots:
        for employer in sorted(wanted.get(slot, ())):
            lawful.try_seat(employer, slot)
    return lawful.held()


def invite(ground: Ground, start: Held) -> Held:
    """Employers for slots, each time the one that adds most; those of ``start`` are there already."""
    invitation = _Invitation(ground, start)
    invitation.fill()
    return invitation.held()


class _Invitation:
    """Posts and visitors left while employers are invited."""

    def __init__(self, ground: Ground, start: Held) -> None:
        self._ground, self._slots = ground, (slots := list(start))
        self._kinds, self._days = ground.slot_kind[slots], ground.slot_day[slots]
        self._posts = ground.posts.astype(np.float64)
        self._there = _shares(ground, slots)
        self._booths = np.array([ground.room(slot) for slot in slots], dtype=np.int64)
        self._visits = ground.visits.copy()
        self._first = np.where(ground.posts.any(axis=1), float(ground.problem.weights.idle_fen), 0.0)
        self._post_fen = np.array(ground.problem.weights.post_fen, dtype=np.float64)
        self._open = ground.may_come(slots)
        self._cost = ground.travel_fen[:, self._kinds].astype(np.float64)
        for column, slot in enumerate(slots):
            self._cost[list(ground.guests.get(slot, ())), column] -= ground.problem.weights.rebooked_fen
        self._guests: dict[int, list[int]] = {slot: [] for slot in slots}
        for column, slot in enumerate(slots):
            for employer in start.get(slot, ()):
                self._seat(employer, column)
        self._fen = np.full(self._open.shape, _NEVER)

    def fill(self) -> None:
        """Seat whoever adds most as long as that is something."""
        for column in range(len(self._slots)):
            self._price_column(column)
        while self._fen.size:
            employer, column = divmod(int(self._fen.argmax()), len(self._slots))
            if self._fen[employer, column] <= 0:
                return
            self._seat(employer, column)
            self._price_row(employer)
            self._price_column(column)

    def try_seat(self, employer: int, slot: int) -> None:  # who and where
        """Seat an employer at a slot where that breaks no rule."""
        column = self._slots.index(slot)
        free = self._booths[column] >= self._ground.stands[employer] and self._visits[employer] > 0
        if free and self._open[employer, column]:
            self._seat(employer, column)

    def held(self) -> Held:
        """By slot who is there."""
        return {slot: tuple(sorted(guests)) for slot, guests in self._guests.items()}

    def _price_row(self, employer: int) -> None:
        fen = np.minimum(self._posts[employer], self._there) @ self._post_fen
        fen += self._first[employer] - self._cost[employer]
        fits = self._open[employer] & (self._booths >= self._ground.stands[employer])
        self._fen[employer] = np.where(fits & (self._visits[employer] > 0), fen, _NEVER)

    def _price_column(self, column: int) -> None:
        fen = np.minimum(self._posts, self._there[column]) @ self._post_fen
        fen += self._first - self._cost[:, column]
        fits = self._open[:, column] & (self._ground.stands <= self._booths[column]) & (self._visits > 0)
        self._fen[:, column] = np.where(fits, fen, _NEVER)

    def _seat(self, employer: int, column: int) -> None:  # who and where
        filled = np.minimum(self._posts[employer], self._there[column])
        self._posts[employer] -= filled
        self._there[column] -= filled
        self._booths[column] -= self._ground.stands[employer]
        self._visits[employer] -= 1
        self._first[employer] = 0.0
        self._open[employer, self._days == self._days[column]] = False
        self._guests[self._slots[column]].append(employer)


def _shares(ground: Ground, slots: Sequence[int]) -> Floats:
    """Visitors by slot and sector, where who could come to several fairs is met at each in part."""
    coming = [ground.arrivals(slot) for slot in slots]
    total = np.zeros(ground.seekers.size)
    for seekers, heads in coming:
        total[seekers] += heads
    share = np.minimum(ground.seekers / np.maximum(total, 1.0), 1.0)
    there = np.zeros((len(slots), ground.problem.sectors))
    for row, (seekers, heads) in enumerate(coming):
        np.add.at(there[row], seekers % ground.problem.sectors, heads * share[seekers])
    return there
