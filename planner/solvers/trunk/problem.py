"""Departures as numbers: parties with their days, coaches, trains, what is open to all; and the answer.

Every party is whole. Whoever finds no seat goes by scheduled transport with a subsidy, which has no limit,
or is left behind at a price, so every problem has a plan. The train plan is decided outside: a train here
runs whether anybody rides or not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from planner.solvers.routing.search import Progress, Report

LARGEST_PARTY = 60
"""Heads of the largest party; where it is larger than every coach, no coach takes it."""


class Means(StrEnum):
    """How a party travels."""

    DIRECT = "direct"
    """A chartered coach to one employer's gate."""
    POOLED = "pooled"
    """A chartered coach to a city, for everybody who works there."""
    TRAIN = "train"
    SCHEDULED = "scheduled"
    """Whatever runs anyway, with a subsidy."""
    LEFT = "left"
    """Not at all: the answer where there is nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """People who travel together: ``size`` heads to ``city``, leaving from day ``ready`` to ``deadline``."""

    size: int
    city: int
    ready: int
    deadline: int
    employer: int | None = None
    barred: frozenset[Means] = frozenset()

    def __post_init__(self) -> None:
        if not 1 <= self.size <= LARGEST_PARTY:
            raise ValueError("a party has 1 to 60 heads")
        if not 0 <= self.ready <= self.deadline:
            raise ValueError("a party is ready before its deadline")
        if Means.LEFT in self.barred:
            raise ValueError("nobody can be barred from staying behind")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachKind:
    """Coaches alike: ``seats`` for travellers (load cap, crew and reserved rows off), ``vehicles`` by day."""

    seats: int
    vehicles: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.seats < 1 or min(self.vehicles, default=0) < 0:
            raise ValueError("a coach has a seat at least, and no day has fewer vehicles than none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Where coaches may go: to a city, or to one employer in it.

    ``cost_fen`` is by kind, out and back with all that is fixed, None where the kind does not go. A coach
    that leaves on day ``t`` is busy on days ``t`` to ``t + away - 1``. ``head_fen`` is paid for every head
    besides: the shuttle onward, say.
    """

    city: int
    cost_fen: tuple[int | None, ...]
    employer: int | None = None
    away: int = 1
    head_fen: int = 0

    def __post_init__(self) -> None:
        if self.away < 1 or any(fen is not None and fen < 0 for fen in self.cost_fen):
            raise ValueError("a coach is away for a day at least and costs something")


@dataclass(frozen=True, slots=True, kw_only=True)
class Train:
    """One dated train: our seats on it, and the fen a head to every city it serves.

    ``fixed_fen`` is paid in any case. Below ``least`` heads every missing one costs ``Weights.short_fen``.
    """

    day: int
    seats: int
    head_fen: tuple[tuple[int, int], ...]
    fixed_fen: int = 0
    least: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.seats:
            raise ValueError("a train's least heads have no seats")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What cannot be read off a bill, in fen.

    ``wait_fen`` for a head and a day after it is ready; ``broken_fen`` for a head that has an employer and
    goes neither by its direct coach nor by train; ``split_fen`` for every day and means beyond the first
    over which a group of at least ``whole`` heads spreads (see ``Group``); ``short_fen`` for every head
    below ``least`` in a coach (below its seats, where those are fewer) or a train's own least;
    ``unserved_fen`` for a head left behind.
    """

    wait_fen: int = 800
    broken_fen: int = 1500
    split_fen: int = 100_000
    short_fen: int = 20_000
    unserved_fen: int = 1_000_000
    least: int = 20
    whole: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkProblem:
    """Who must leave within ``days`` days, and by what they can.

    ``scheduled_fen`` is what scheduled transport costs a head by city, on any day; None where there is none.
    There is at most one line for a city and one for an employer in it.
    """

    days: int
    parties: tuple[Party, ...]
    kinds: tuple[CoachKind, ...] = ()
    lines: tuple[Line, ...] = ()
    trains: tuple[Train, ...] = ()
    scheduled_fen: tuple[int | None, ...] = ()
    weights: Weights = Weights()

    def __post_init__(self) -> None:
        if any(party.deadline >= self.days for party in self.parties):
            raise ValueError("a deadline lies beyond the last day")
        if any(party.city >= len(self.scheduled_fen) for party in self.parties):
            raise ValueError("a party goes to a city that is not there")
        if any(len(kind.vehicles) != self.days for kind in self.kinds):
            raise ValueError("vehicles are told for every day")
        if any(len(line.cost_fen) != len(self.kinds) for line in self.lines):
            raise ValueError("a line's cost is told for every kind")
        if len({(line.city, line.employer) for line in self.lines}) < len(self.lines):
            raise ValueError("two lines to one place")
        prices = (self.weights.wait_fen, self.weights.short_fen, self.weights.split_fen)
        if min(prices) < 0:
            raise ValueError("a weight is below nothing")


class Group(NamedTuple):
    """Parties alike: the same people to any plan, but for the sizes of their parties."""

    city: int
    employer: int | None
    ready: int
    deadline: int
    barred: frozenset[Means]
    members: tuple[int, ...]
    """Numbers of its parties."""

    def heads(self, problem: TrunkProblem) -> int:
        """How many people it is."""
        return sum(problem.parties[number].size for number in self.members)

    def kept_whole(self, problem: TrunkProblem) -> bool:
        """Whether it should leave on one day by one means."""
        return self.employer is not None and self.heads(problem) >= problem.weights.whole


def groups_of(problem: TrunkProblem) -> tuple[Group, ...]:
    """All groups in a fixed order, whatever the order of the parties."""
    members: dict[tuple[int, int, int, int, tuple[str, ...]], list[int]] = {}
    for number, party in enumerate(problem.parties):
        employer = -1 if party.employer is None else party.employer
        key = (party.city, employer, party.ready, party.deadline, tuple(sorted(party.barred)))
        members.setdefault(key, []).append(number)
    return tuple(
        Group(
            city=city,
            employer=None if employer < 0 else employer,
            ready=ready,
            deadline=deadline,
            barred=frozenset(map(Means, barred)),
            members=tuple(members[city, employer, ready, deadline, barred]),
        )
        for city, employer, ready, deadline, barred in sorted(members)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Coach:
    """One coach that leaves: to ``city``, or to ``employer`` in it, with these parties."""

    city: int
    employer: int | None
    day: int
    kind: int
    parties: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """How one party travels; ``vehicle`` is a number among the plan's coaches or the problem's trains.

    None for scheduled transport and for nobody's.
    """

    day: int
    means: Means
    vehicle: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What one more head of each group, and one vehicle fewer of each kind and day, would cost, in fen.

    Whatever they are, ``recompute`` makes a lawful bound of them; good ones make a good one.
    """

    head_fen: tuple[int, ...]
    vehicle_fen: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkSolution:
    """Who leaves when and how, what that costs, and what no plan costs less than.

    ``bound_fen`` may come from branch and bound in floating point; ``verified_fen`` is recomputed from
    ``prices`` in exact integers, by code apart from the search.
    """

    coaches: tuple[Coach, ...]
    rides: tuple[Ride, ...]
    cost_fen: int
    bound_fen: int
    verified_fen: int
    prices: Prices
    reports: tuple[Report, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether no plan is cheaper."""
        return self.cost_fen == self.bound_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkBudget:
    """How much the solver may do.

    Exactly one of ``seconds`` (people) and ``effort`` (counted, repeats exactly) limits it. ``workers``
    child processes run at once; none where effort is counted, everything happens in this process then.
    ``stop`` is asked all the time; ``progress`` hears of every better cost or bound.
    """

    seconds: float | None = None
    effort: int | None = None
    seed: int = 0
    workers: int = 0
    stop: Callable[[], bool] = field(default=lambda: False)
    progress: Callable[[Progress], None] = field(default=lambda _progress: None)

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.effort is None):
            raise ValueError("either seconds or effort")
