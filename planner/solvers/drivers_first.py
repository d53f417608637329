"""A first roster of one depot: blocks in order of their start, each to drivers who may drive it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from planner.solvers.drivers_problem import Block, Law, Limit

Duty = list[tuple[int, int]]
"""What one driver does: blocks in order of time, each with the role in it."""


class Logbook:
    """One driver so far: the duty, when the next may begin, the hours at the wheel."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.ready_s = -_ANY_S
        self.duty: Duty = []
        self._spells: list[tuple[int, int]] = []

    def may(self, spells: Sequence[tuple[int, int]], limits: Iterable[Limit]) -> bool:
        """Whether later spells keep every limit together with those so far."""
        total_s = sum(end_s - start_s for start_s, end_s in spells)
        return not total_s or all(self._keeps(spells, limit, total_s=total_s) for limit in limits)

    def _keeps(self, spells: Sequence[tuple[int, int]], limit: Limit, *, total_s: int) -> bool:
        before_s, opens_s = 0, spells[0][0]
        for start_s, end_s in reversed(self._spells):
            closes_s = start_s + limit.window_s
            if closes_s <= opens_s:
                break
            before_s += end_s - start_s
            if before_s + total_s > limit.most_s:
                after_s = sum(max(min(end, closes_s) - start, 0) for start, end in spells)
                if before_s + after_s > limit.most_s:
                    return False
        return True

    def recent_s(self, since_s: int) -> int:
        """At the wheel since then, roughly: spells begun after it."""
        return sum(end_s - start_s for start_s, end_s in self._spells if start_s >= since_s)

    def add(self, block: tuple[int, Block], role: int, *, rest_s: int) -> None:
        """Take a role in a later block."""
        self.duty.append((block[0], role))
        self._spells += block[1].roles[role].spells
        self.ready_s = block[1].end_s + rest_s


Preference = Callable[[Logbook, int], int]
_ANY_S: Final = 1 << 60
"""More than any number of seconds."""
_WEEK_S: Final = 7 * 24 * 3600
PREFERENCES: Final[tuple[Preference, ...]] = (
    lambda log, _: -log.ready_s,
    lambda log, _: log.ready_s,
    lambda log, now_s: -log.recent_s(now_s - _WEEK_S),
    lambda log, now_s: log.recent_s(now_s - _WEEK_S),
)


def fill(
    blocks: Sequence[Block], count: int, *, law: Law, prefer: Preference, spread: bool = False
) -> list[Duty]:
    """A lawful duty for each driver; a block is left only where no cast of it finds all its people.

    A driver not used yet is taken only where the others do not suffice; with ``spread`` as the preference
    has it, which keeps hours in hand where limits are long.
    """
    logs = [Logbook(number) for number in range(count)]
    used = count if spread else 0
    for number, block in enumerate(blocks):
        ready = [log for log in logs[:used] if log.ready_s <= block.start_s]
        ready.sort(key=lambda log: (prefer(log, block.start_s), log.number))
        spare = logs[used : used + block.drivers]
        casts = [_cast(block, cast, logs=[*ready, *spare], limits=law.limits) for cast in block.casts]
        full = [cast for cast in casts if len(cast) == block.drivers]
        if full:
            best = min(full, key=lambda cast: sum(not log.duty for log, _ in cast))
            for log, role in best:
                used += not (spread or log.duty)
                log.add((number, block), role, rest_s=law.rest_s)
    return [log.duty for log in logs]


def _cast(
    block: Block, cast: tuple[int, ...], *, logs: Sequence[Logbook], limits: Sequence[Limit]
) -> list[tuple[Logbook, int]]:
    """Drivers for a cast, the first who may, whoever drives most first."""
    found: list[tuple[Logbook, int]] = []
    hours = {role: sum(end_s - start_s for start_s, end_s in block.roles[role].spells) for role in cast}
    for role in sorted(cast, key=lambda role: -hours[role]):
        taken = {log.number for log, _ in found}
        spells = block.roles[role].spells
        log = next((log for log in logs if log.number not in taken and log.may(spells, limits)), None)
        if log is not None:
            found.append((log, role))
    return found
