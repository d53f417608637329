"""Who is seated together: a party on one departure, or a part of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from planner.demand import SeatNeed

if TYPE_CHECKING:
    from planner.demand import Rider

PRESSING: Final = (SeatNeed.WHEELCHAIR, SeatNeed.FRONT, SeatNeed.NONE)
"""Needs, the most pressing first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fellows:
    """A party, or a part of it, on one departure: adults first, of them those in need."""

    riders: tuple[Rider, ...]
    employer: str
    stop: int
    """Where most of them alight, as the departure calls."""

    @property
    def size(self) -> int:
        """Heads."""
        return len(self.riders)

    @property
    def children(self) -> int:
        """How many of them are children."""
        return sum(rider.child for rider in self.riders)

    @property
    def need(self) -> SeatNeed:
        """The most pressing need of any of them."""
        return min((rider.need for rider in self.riders), key=PRESSING.index)

    def cut(self, heads: int) -> tuple[Fellows, Fellows]:
        """Part them, every child near an adult as long as there are adults."""
        adults = [rider for rider in self.riders if not rider.child]
        young = [rider for rider in self.riders if rider.child]
        mixed = [rider for pair in zip(adults, young, strict=False) for rider in pair]
        fewer = min(len(adults), len(young))
        mixed += [*adults[fewer:], *young[fewer:]]
        parts = (mixed[:heads], mixed[heads:])
        one, other = (replace(self, riders=tuple(sorted(part, key=seat_order))) for part in parts)
        return one, other


def seat_order(rider: Rider) -> tuple[bool, int, str]:
    """Adults first, of them those in need."""
    return rider.child, PRESSING.index(rider.need), rider.id
