"""Market days (赶集, 赶场, 逢圩): the four kinds of rules by which places in the countryside keep them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
"""The twelve branches (地支), 1 to 12."""


class RuleKind(StrEnum):
    """What of a day decides; ``values`` of a rule are counted accordingly."""

    SOLAR_TAIL = "solar_tail"
    """Last digit of the day of the month, 1 to 10 (10: the 10th, 20th, 30th); the 31st ends in 1."""
    LUNAR_TAIL = "lunar_tail"
    """Last digit of the lunar day, 1 to 10; a month of 29 days (小月) has no 三十, so no market on it."""
    WEEKDAY = "weekday"
    """1 Monday to 7 Sunday."""
    BRANCH_CYCLE = "branch_cycle"
    """Branch of the day, 1 (子) to 12 (亥): two opposite ones make a market every six days."""


HIGHEST: Final = {
    RuleKind.SOLAR_TAIL: 10,
    RuleKind.LUNAR_TAIL: 10,
    RuleKind.WEEKDAY: 7,
    RuleKind.BRANCH_CYCLE: 12,
}
"""The values of a rule go from 1 to this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRule:
    """When a place holds its market; ``values`` are sorted, each once (ValueError when out of range).

    ``place`` is the name of a township, or the id of a place that has a market of its own. ``also`` says that
    it holds besides another rule of the place; without it, two rules that differ contradict each other.
    """

    place: str
    kind: RuleKind
    values: tuple[int, ...]
    also: bool = False
    source: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Sort the values."""
        values = tuple(sorted(set(self.values)))
        if not values or values[0] < 1 or values[-1] > HIGHEST[self.kind]:
            raise ValueError(f"{self.kind} {self.values}")
        object.__setattr__(self, "values", values)

    def agrees(self, other: MarketRule) -> bool:
        """Whether both give the same days by the same count."""
        return (self.kind, self.values) == (other.kind, other.values)

    def contradicts(self, other: MarketRule) -> bool:
        """Whether both speak of one place, differ, and neither holds besides the other."""
        apart = self.place != other.place or self.also or other.also
        return not apart and not self.agrees(other)
