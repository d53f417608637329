"""Parties, carriages, and who sits where, as counts of parties of a kind by carriage."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

NOBODY: Final = -1
"""Stands for the employer of those who have none: they are kept together with nobody."""
_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """People who must not be separated: how many heads, for which employer, alighting at which stop.

    ``accessible`` parties ride in an accessible carriage. Employers and stops are numbers from 0.
    """

    size: int
    employer: int | None
    stop: int
    accessible: bool = False

    def __post_init__(self) -> None:
        if self.size < 1 or self.stop < 0 or (self.employer is not None and self.employer < 0):
            raise ValueError("a party has at least one head and no negative numbers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """A carriage, or one coach of a departure: seats that may be taken, reserved rows not counted.

    ``wheelchairs`` is how many accessible parties it takes at most, None where only its seats say so.
    """

    seats: int
    accessible: bool = False
    wheelchairs: int | None = None

    def __post_init__(self) -> None:
        if self.seats < 0 or (self.wheelchairs or 0) < 0:
            raise ValueError("a carriage cannot have fewer than no seats")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What one employer, and one alighting stop, costs in each carriage where it has people."""

    employer: int = 10
    stop: int = 15


class Kind(NamedTuple):
    """What parties that can change places have in common."""

    employer: int
    stop: int
    size: int
    accessible: bool


Load = Mapping[Kind, int]
"""How many parties of each kind sit in one carriage; kinds without any are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """Carriages and what they hold; ``loads`` are always lawful, so a search may stop at any time."""

    carriages: tuple[Carriage, ...]
    loads: tuple[Load, ...]
    weights: Weights

    @property
    def counts(self) -> Counter[Kind]:
        """How many parties of each kind there are in all."""
        return sum((Counter(load) for load in self.loads), Counter[Kind]())

    @property
    def cost(self) -> int:
        """Weighted number of (employer, carriage) and (stop, carriage) pairs in use."""
        pairs = [
            self.weights.employer * len({kind.employer for kind in load} - {NOBODY})
            + self.weights.stop * len({kind.stop for kind in load})
            for load in self.loads
        ]
        return sum(pairs)

    def only(self, chosen: Sequence[int]) -> Seating:
        """These carriages alone."""
        return replace(
            self,
            carriages=tuple(self.carriages[number] for number in chosen),
            loads=tuple(self.loads[number] for number in chosen),
        )

    def with_loads(self, loads: Sequence[Load], *, chosen: Sequence[int] | None = None) -> Seating:
        """The same with other loads, in the chosen carriages or in all."""
        if chosen is None:
            return replace(self, loads=tuple(loads))
        changed = dict(zip(chosen, loads, strict=True))
        return replace(self, loads=tuple(changed.get(number, load) for number, load in enumerate(self.loads)))

    def in_heads(self) -> Seating:
        """The same as if nobody minded leaving the family: its least cost bounds that of whole parties.

        How many parties a carriage takes does not bind single heads.
        """
        carriages = tuple(replace(carriage, wheelchairs=None) for carriage in self.carriages)
        return replace(self, carriages=carriages, loads=tuple(_heads(load) for load in self.loads))


def _heads(load: Load) -> Load:
    heads: Counter[Kind] = Counter()
    for kind, number in load.items():
        heads[kind._replace(size=1)] += number * kind.size
    return heads


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long to look: ``seconds`` for people, or ``effort`` that repeats exactly; with both, the shorter.

    Effort is CP-SAT's deterministic time, about a second of one core; ``stop`` is asked all the time.
    """

    seconds: float | None = None
    effort: float | None = None
    seed: int = 0
    stop: Callable[[], bool] = field(default=lambda: False)

    def __post_init__(self) -> None:
        if self.seconds is None and self.effort is None:
            raise ValueError("limit the seconds or the effort")


class Purse:
    """What is left of the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._spent = 0.0
        self._begun_s = time.monotonic()

    @property
    def part_left(self) -> float:
        """The share of the limits that is left: 1 at the beginning, 0 in the end."""
        parts = [0.0]
        if self.limits.effort is not None:
            parts.append(self._spent / max(self.limits.effort, _NOTHING))
        if self.limits.seconds is not None:
            parts.append((time.monotonic() - self._begun_s) / max(self.limits.seconds, _NOTHING))
        return max(1.0 - max(parts), 0.0)

    @property
    def empty(self) -> bool:
        """Whether it is time to stop."""
        return self.part_left == 0.0 or self.limits.stop()

    def pay(self, effort: float) -> None:
        """Say that so much effort was spent."""
        self._spent += effort

    def grant(self, share: float, *, most: float = math.inf) -> Limits:
        """Limits for one step: a share of what is left, and never more effort than ``most``."""
        left = self.part_left * share
        seconds, effort = self.limits.seconds, self.limits.effort
        return replace(
            self.limits,
            seconds=None if seconds is None else seconds * left,
            effort=min(most, math.inf if effort is None else effort * left),
        )
