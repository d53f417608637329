"""What people, posts and the wish for each other are to the solver: arrays of whole numbers, one row each."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

NOBODY: Final = -1
"""No post, no group, no wish to go there: whatever is not an index."""
WORKING_AGE: Final = 16
"""Years; nobody younger may be employed or introduced to a job (禁止使用童工规定 第2, 4条)."""
_MOST_POINTS: Final = 1 << 40
"""Points of one person at most, so that sums over all people stay far from the end of 64 bits."""


class Meeting(IntEnum):
    """Where people who belong together want to meet."""

    EMPLOYER = 0
    CITY = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Persons:
    """People by row, all arrays of 64-bit integers.

    ``wish[person, destination]`` is the rank of a wish (0 is the first, ``NOBODY``: would not go there),
    ``skills`` has a bit for each skill, ``floor_fen`` is the least monthly wage. An ``age`` of ``NOBODY`` and
    a ``sex`` of 0 are not known, and no filter asks for them.
    ``tie`` is a group that must not be separated, ``offered`` the post that was promised earlier.
    """

    age: Ints
    skills: Ints
    floor_fen: Ints
    wish: Ints
    sex: Ints
    tie: Ints
    offered: Ints

    def __post_init__(self) -> None:
        rows = (self.age, self.skills, self.floor_fen, self.sex, self.tie, self.offered)
        if self.wish.ndim != 2 or any(row.shape != self.wish.shape[:1] for row in rows):  # noqa: PLR2004
            raise ValueError("people are rows of equal number")
        if min((int(row.min(initial=0)) for row in (self.skills, self.floor_fen, self.sex)), default=0) < 0:
            raise ValueError("skills, wages and sexes are not negative")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Posts:
    """Posts by row, all arrays of 64-bit integers: so many alike as ``quota``.

    Ages are in years, both ends allowed. A ``sex`` other than 0 is heeded only where ``lawful`` has the code
    of a reason that the law knows (人力资源市场暂行条例 第24条 forbids it else); without, all may apply.
    """

    quota: Ints
    youngest: Ints
    oldest: Ints
    need: Ints
    wage_fen: Ints
    destination: Ints
    sex: Ints
    lawful: Ints
    employer: Ints

    def __post_init__(self) -> None:
        rows = (self.youngest, self.oldest, self.need, self.wage_fen, self.destination, self.sex, self.lawful)
        if any(row.shape != self.quota.shape for row in (*rows, self.employer)):
            raise ValueError("posts are rows of equal number")
        if min(int(row.min(initial=0)) for row in (self.quota, self.need, self.destination)) < 0:
            raise ValueError("quotas, needs and destinations are not negative")

    @property
    def heeded_sex(self) -> Ints:
        """The sex asked for where a lawful reason is given, else 0."""
        return np.where(self.lawful > 0, self.sex, 0)

    @property
    def unlawful(self) -> Ints:
        """Posts that ask for a sex without a reason: somebody should speak to the employer."""
        return np.flatnonzero((self.sex > 0) & (self.lawful <= 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What weighs how much; fewer points are better.

    A person without a post costs ``unmatched``, each rank below the first wish ``wish``, each ``step_fen`` of
    wage below ``best_fen`` ``wage``, each skill that a post makes no use of ``idle``, and another answer than
    the post offered earlier ``change``.
    """

    unmatched: int = 10_000
    wish: int = 300
    wage: int = 10
    step_fen: int = 10_000
    best_fen: int = 1_500_000
    idle: int = 20
    change: int = 1_000

    def __post_init__(self) -> None:
        if min(self.unmatched, self.wish, self.wage, self.idle, self.change) < 0 or self.step_fen < 1:
            raise ValueError("points are not negative, a step of wage is positive")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatchProblem:
    """Who might take which post; ``meetings[tie]`` says where a group wants to meet."""

    persons: Persons
    posts: Posts
    points: Points = field(default_factory=Points)
    meetings: tuple[Meeting, ...] = ()

    def __post_init__(self) -> None:
        if int(self.posts.destination.max(initial=-1)) >= self.persons.wish.shape[1]:
            raise ValueError("a destination nobody was asked about")
        if int(self.persons.tie.max(initial=-1)) >= len(self.meetings):
            raise ValueError("a group without a place to meet")
        if int(self.persons.offered.max(initial=-1)) >= self.posts.quota.size:
            raise ValueError("an offer of a post that is not there")
        ranks, points = int(self.persons.wish.max(initial=0)), self.points
        steps = points.best_fen // points.step_fen
        if ranks * points.wish + steps * points.wage + 63 * points.idle + points.change > _MOST_POINTS:
            raise ValueError("more points than can be added up")


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchEffort:
    """How long to look: exactly one of ``seconds`` (people) and ``rounds`` (counted, repeats exactly).

    A round is one flow and the audit of all absent pairs after it; the first is made whatever the time.
    """

    seconds: float | None = None
    rounds: int | None = None
    stop: Callable[[], bool] = field(default=lambda: False)

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.rounds is None):
            raise ValueError("either seconds or rounds")


class Clock:
    """What is left of an effort, running from now."""

    def __init__(self, effort: MatchEffort) -> None:
        self._effort = effort
        self._ends_s = None if effort.seconds is None else time.monotonic() + effort.seconds
        self._round_s = 0.0
        self._began_s = time.monotonic()

    def over(self, *, rounds: int) -> bool:
        """Whether to end after so many rounds, since another like the last would end too late."""
        now_s = time.monotonic()
        self._round_s, self._began_s = now_s - self._began_s, now_s
        if self._ends_s is None:
            return rounds >= (self._effort.rounds or 1) or self._effort.stop()
        return now_s + self._round_s > self._ends_s or self._effort.stop()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatchPlan:
    """The post of each person or ``NOBODY``, the price of each post, and what is proved.

    ``points`` is the total, ``bound`` a lower bound over all pairs and without regard to groups, recomputed
    from ``prices`` in integers. ``arcs`` is how many pairs the flow chose from, on which it is optimal
    (``groups`` fixed to where they meet); ``absent`` how many people are known to have a better pair outside.
    """

    post: Ints
    prices: Ints
    points: int
    bound: int
    arcs: int
    rounds: int
    absent: int
    groups: tuple[int, ...] = ()
    """Groups that ended apart."""
    nowhere: tuple[int, ...] = ()
    """Groups for whom no venue has a post open to each: of these, those placed at all are apart."""

    @property
    def proved(self) -> bool:
        """Whether nothing better exists, groups left aside."""
        return self.points == self.bound

    @property
    def loss(self) -> float:
        """By what share of the bound the total is above it, at most."""
        return (self.points - self.bound) / max(self.bound, 1)
