"""Which method searches next: what each has gained lately decides."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from planner.solvers.routing.tasks import Method

_MOST_OF_ONE: Final = 0.85
"""Share of searches at most by the method that gains more."""


class Gains:
    """What a search by each method has gained lately, as shares of the cost."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._gains = dict.fromkeys(Method, 1.0)

    def choose(self, count: int, *, alike: bool) -> list[Method]:
        """Methods for so many searches: as often as each gains, or both in turn if that is to be alike."""
        first, second = sorted(Method, key=lambda method: -self._gains[method])
        total = sum(self._gains.values())
        share = 0.5 if not total else min(max(self._gains[first] / total, 0.5), _MOST_OF_ONE)
        if alike:
            return [(first, second)[number % 2] for number in range(count)]
        return [first if self._dice.random() < share else second for _ in range(count)]

    def learn(self, costs: Iterable[tuple[Method, int, int]]) -> None:
        """Take in what searches made of costs, before and after; half of what was before is forgotten."""
        gained: dict[Method, list[float]] = defaultdict(list)
        for method, before, after in costs:
            gained[method].append((before - after) / max(before, 1))
        for method, gains in gained.items():
            self._gains[method] = (self._gains[method] + sum(gains) / len(gains)) / 2
