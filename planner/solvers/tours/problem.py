"""Recruitment squads over days and villages in numbers: who calls where, on which day, in which order.

Nodes number the rows of the matrices. A ``Village`` gets its ``Call``s, each by one squad on one day; what
one squad does on one day is a ``Tour``. A tour begins where the squad spent the night and ends at its base
or, where it may stay away, at one of the ``lodges``. All seconds (from each day's midnight), all metres,
integer fen. A squad waits where a window is not open yet; waiting costs nothing.

What is minimised: prizes of calls left out, travel, nights away, changes against the last plan, and what
an uneven load costs, less the bonus of market days (see ``planner.solvers.tours.judge``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from planner.solvers.routing.problem import UNREACHABLE

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints

Windows = tuple[tuple[int, int], ...]
"""Closed, in order, none overlapping another: seconds within which a call may begin."""
LOAD_SCALE: Final = 10_000
"""Loads are counted in this many parts of a second a day."""
MOST_CALLS: Final = 10
"""Calls of one tour at most."""


class Rule(StrEnum):
    """What a call would break, in the order in which it is looked at."""

    SKILL = "skill"
    """The village asks for what no one in the squad can do."""
    PAIRED = "paired"
    """The village belongs to other squads."""
    LOCKED = "locked"
    """The call was fixed for another squad or day."""
    OFF = "off"
    """The squad does not work that day."""
    CLOSED = "closed"
    """The village or its broker receives nobody that day."""
    SPACING = "spacing"
    """Too soon before or after another call there."""
    BROKER = "broker"
    """Its broker goes with another call that day."""
    FULL = "full"
    """The tour has as many calls as the squad makes in a day."""
    ROAD = "road"
    """No road leads there or on."""
    TIME = "time"
    """In no order does it fit the windows, the shift and the hours at the wheel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Squad:
    """One squad: ``hours`` by day from leaving to being back, None where it does not work."""

    base: int
    hours: tuple[tuple[int, int] | None, ...]
    skills: int = 0
    """Bits; a village needs all of its own."""
    most_calls: int = 6
    """A day."""
    profile: int = 0
    """Of its vehicle: picks the matrices."""
    per_km_fen: int = 0
    per_hour_fen: int = 0
    """Of driving."""
    nights: int = 0
    """Most nights away in a row, between days of work only; 0: back every evening."""
    night_fen: int = 0
    balanced: bool = True
    """Whether its load is compared with the others'."""
    load_days: int | None = None
    """Days its load is spread over; without, those it works."""
    drive_s: int | None = None
    """Most at the wheel in a day; the bound does not ask for it."""

    @property
    def days(self) -> int:
        """Days it works."""
        return sum(hours is not None for hours in self.hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """Where calls are made. ``windows`` by day: when one may begin, none where nobody is received."""

    node: int
    service_s: int
    windows: tuple[Windows, ...]
    spacing_days: int = 1
    """Between two calls: 1 allows the next day."""
    bonus_fen: tuple[int, ...] = ()
    """By day, of a market day; empty: never any."""
    skills: int = 0
    squads: frozenset[int] = frozenset()
    """Who may come, by pairing with an employer; empty: anyone."""
    broker: int | None = None
    """Who goes along: one call a day among all the broker's villages."""

    def bonus(self, day: int) -> int:
        """Fen of a call on the day."""
        return self.bonus_fen[day] if self.bonus_fen else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that is wanted; leaving it out costs ``prize_fen``, which is large where it is required."""

    village: int
    prize_fen: int
    required: bool = True
    squad: int | None = None
    """Fixed to this squad."""
    day: int | None = None
    """Fixed to this day."""
    was: tuple[int, int] | None = None
    """Squad and day in the last plan; ``change_fen`` is paid for any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """One squad's day: calls in order, then the node where it stays overnight, None for its base."""

    squad: int
    day: int
    calls: tuple[int, ...]
    lodge: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TourTimes:
    """When a tour leaves, begins each of its calls, and arrives; leaving late enough not to wait first."""

    leave_s: int
    begin_s: tuple[int, ...]
    arrive_s: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TourProblem:
    """Squads, villages, calls; ``seconds[p]``, ``metres[p]`` are ``(N, N)`` by profile, 0 on the diagonal."""

    days: int
    squads: tuple[Squad, ...]
    villages: tuple[Village, ...]
    calls: tuple[Call, ...]
    seconds: tuple[Ints, ...]
    metres: tuple[Ints, ...]
    lodges: tuple[int, ...] = ()
    change_fen: int = 0
    spread_percent: int = 10
    """How much less than the busiest squad any other may do without cost."""
    spread_fen: int = 0
    """Of every second a day beyond that."""
    arcs: tuple[Ints, ...] = field(init=False, repr=False)
    """By squad, ``(N, N)`` fen of driving; meaningless where no road leads."""

    def __post_init__(self) -> None:
        """Price the roads; refuse what no kernel could hold."""
        if any(squad.most_calls > MOST_CALLS for squad in self.squads):
            raise ValueError(f"more than {MOST_CALLS} calls a day")
        if any(len(squad.hours) != self.days for squad in self.squads):
            raise ValueError("hours of other days")
        if any(len(village.windows) != self.days for village in self.villages):
            raise ValueError("windows of other days")
        object.__setattr__(self, "arcs", self._price())

    def _price(self) -> tuple[Ints, ...]:
        """Each part of a tariff rounded half up, one array for squads of the same tariff."""
        tariffs: dict[tuple[int, int, int], Ints] = {}
        for squad in self.squads:
            key = (squad.profile, squad.per_km_fen, squad.per_hour_fen)
            if key not in tariffs:
                km = (squad.per_km_fen * self.metres[squad.profile] + 500) // 1000
                tariffs[key] = km + (squad.per_hour_fen * self.seconds[squad.profile] + 1800) // 3600
        return tuple(tariffs[squad.profile, squad.per_km_fen, squad.per_hour_fen] for squad in self.squads)

    def load_weight(self, squad: int) -> int:
        """What a second of work counts in its squad's load: parts of a second a day; 0 if not compared."""
        who = self.squads[squad]
        days = who.days if who.load_days is None else who.load_days
        return LOAD_SCALE // days if who.balanced and days else 0

    def end_of(self, tour: Tour) -> int:
        """The node where it ends."""
        return self.squads[tour.squad].base if tour.lodge is None else tour.lodge

    def refuses(self, call: int, *, squad: int, day: int) -> Rule | None:
        """The first rule that speaks against a call whatever else the squad does that day."""
        asked, who = self.calls[call], self.squads[squad]
        village = self.villages[asked.village]
        rules = (
            (Rule.SKILL, village.skills & ~who.skills),
            (Rule.PAIRED, village.squads and squad not in village.squads),
            (Rule.LOCKED, asked.squad not in {None, squad} or asked.day not in {None, day}),
            (Rule.OFF, who.hours[day] is None),
            (Rule.CLOSED, not village.windows[day]),
        )
        return next((rule for rule, broken in rules if broken), None)

    def times(self, tour: Tour, *, start: int) -> TourTimes | Rule:
        """Every call as early as it can be, from the node ``start``; ROAD or TIME where that is unlawful."""
        squad = self.squads[tour.squad]
        hours, seconds = squad.hours[tour.day], self.seconds[squad.profile]
        if hours is None:
            return Rule.OFF
        villages = [self.villages[self.calls[call].village] for call in tour.calls]
        nodes = (start, *(village.node for village in villages), self.end_of(tour))
        ways = [int(seconds[way]) for way in pairwise(nodes)]
        if UNREACHABLE in ways:
            return Rule.ROAD
        if squad.drive_s is not None and sum(ways) > squad.drive_s:
            return Rule.TIME
        now, begin = hours[0], list[int]()
        for way, village in zip(ways, villages, strict=False):
            opens = [max(now + way, a) for a, b in village.windows[tour.day] if b >= now + way]
            if not opens:
                return Rule.TIME
            begin.append(opens[0])
            now = opens[0] + village.service_s
        if now + ways[-1] > hours[1]:
            return Rule.TIME
        leave = begin[0] - ways[0] if begin else hours[0]
        return TourTimes(leave_s=leave, begin_s=tuple(begin), arrive_s=now + ways[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class TourProgress:
    """The best objective so far, in fen, and the best bound once there is one."""

    cost_fen: int
    bound_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TourBudget:
    """How much the solver may do.

    Exactly one of ``seconds`` (people) and ``effort`` (counted, about 10 ms of work a unit, repeats exactly)
    limits it. With a ``worker`` two threads look for tours of the bound, and it is bettered beside the plan.
    ``start`` is a plan to improve; ``stop`` is asked all the time; ``progress`` hears of better costs.
    """

    seconds: float | None = None
    effort: int | None = None
    seed: int = 0
    worker: bool = False
    start: tuple[Tour, ...] = ()
    stop: Callable[[], bool] = field(default=lambda: False)
    progress: Callable[[TourProgress], None] = field(default=lambda _progress: None)

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.effort is None):
            raise ValueError("either seconds or effort")
