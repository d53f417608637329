"""Fairs as numbers: venues, villages, employers, what is wished for; and the plan that answers.

Days count from 0. Whatever cannot be had is part of the answer at a price, so every problem has a plan, at
worst that of no fair. Money and worth are in fen; a plan is worth the more the better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from planner.solvers.routing.search import Progress

PERMILLE = 1000


class Slot(NamedTuple):
    """A fair of a wish at a venue on a day."""

    wish: int
    venue: int
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """Where a fair may be: in a ``township``, or nowhere (online).

    It holds ``visitors`` at most, and ``booths``; it is shut on the days ``closed``; ``bonus_fen`` by day
    is what a market day is worth; ``cost_fen`` is its hire.
    """

    visitors: int
    booths: int
    bonus_fen: tuple[int, ...]
    township: int | None = None
    closed: frozenset[int] = frozenset()
    cost_fen: int = 0

    def __post_init__(self) -> None:
        if min(self.visitors, self.booths, *self.bonus_fen, self.cost_fen) < 0:
            raise ValueError("a venue has no less than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """People who look for work, by the sector they wish for; what reaching one of them is worth."""

    seekers: tuple[int, ...]
    worth_fen: int

    def __post_init__(self) -> None:
        if min(self.seekers, default=0) < 0 or self.worth_fen < 0:
            raise ValueError("a village has no fewer seekers than none, nor are they worth less")


@dataclass(frozen=True, slots=True, kw_only=True)
class Employer:
    """Posts by sector; ``booths`` it takes at a fair; ``days`` on which it can come, to ``most`` fairs.

    ``travel_fen`` by venue is what coming costs, None where it does not come. It is at one fair a day.
    """

    posts: tuple[int, ...]
    days: frozenset[int]
    travel_fen: tuple[int | None, ...]
    booths: int = 1
    most: int = 3

    def __post_init__(self) -> None:
        if min(self.posts, default=0) < 0 or min(self.booths, self.most) < 0:
            raise ValueError("an employer has no fewer posts, booths or fairs than none")
        if any(fen is not None and fen < 0 for fen in self.travel_fen):
            raise ValueError("travel earns nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Up to ``count`` fairs alike, ``least`` of them required, at ``venues`` on days ``first`` to ``last``.

    Only seekers of ``sectors`` come and only ``employers`` may (None: all). Of those that a venue reaches
    ``draw_permille`` come. ``needs`` by pool are the staff teams and equipment sets a fair binds for its
    day; ``cost_fen`` is what it costs. With ``spaced`` it keeps its distance from fairs of neighbouring
    townships that do as well. ``spared_fen`` of ``Weights.missing_fen`` is not asked for a required fair of
    it that is not held: where it was in the previous plan, ``moved_fen`` is paid already.
    """

    count: int
    venues: tuple[int, ...]
    first: int
    last: int
    least: int = 0
    sectors: frozenset[int] | None = None
    employers: frozenset[int] | None = None
    draw_permille: int = PERMILLE
    needs: tuple[int, ...] = ()
    cost_fen: int = 0
    spared_fen: int = 0
    spaced: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.count:
            raise ValueError("no more fairs are required than wished for")
        if min(self.draw_permille, self.cost_fen, self.spared_fen, *self.needs) < 0:
            raise ValueError("a fair draws, costs and needs no less than nothing")
        if len(set(self.venues)) < len(self.venues):
            raise ValueError("a venue is told twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fair:
    """A fair that is held and who comes to it, by number."""

    slot: Slot
    employers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What cannot be read off a bill, in fen.

    ``post_fen`` by sector for a post that finds its seeker; ``missing_fen`` for a required fair that is not
    held; ``idle_fen`` for an employer with posts that is at no fair. Against a previous plan ``moved_fen``
    for every slot of it given up, ``rebooked_fen`` for every employer no longer at a fair that stays.
    """

    post_fen: tuple[int, ...]
    missing_fen: int = 5_000_000
    idle_fen: int = 50_000
    moved_fen: int = 0
    rebooked_fen: int = 0

    def __post_init__(self) -> None:
        rest = (self.missing_fen, self.idle_fen, self.moved_fen, self.rebooked_fen)
        if min(*rest, *self.post_fen) < 0:
            raise ValueError("a weight is below nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class FairsProblem:
    """What may be held where and when within ``days`` days, and what it is worth.

    ``reach_permille`` by venue and village is the share of its seekers that come that far, falling with the
    distance. Fairs in one or in two ``neighbours`` townships are ``gap_days`` apart or more. ``closed`` are
    holidays; ``pools`` by pool and day the teams and sets there are. Where ``crowd`` visitors or more are
    expected, the police's leave is not there before ``crowd_first``. ``fixed`` fairs are held as told with
    at least the employers told, whatever rules they break among themselves; ``previous`` is the plan that
    changes are counted against.
    """

    days: int
    venues: tuple[Venue, ...]
    villages: tuple[Village, ...]
    employers: tuple[Employer, ...]
    wishes: tuple[Wish, ...]
    reach_permille: tuple[tuple[int, ...], ...]
    weights: Weights
    neighbours: frozenset[tuple[int, int]] = frozenset()
    gap_days: int = 1
    closed: frozenset[int] = frozenset()
    pools: tuple[tuple[int, ...], ...] = ()
    crowd: int = 1000
    crowd_first: int = 0
    fixed: tuple[Fair, ...] = ()
    previous: tuple[Fair, ...] = ()

    def __post_init__(self) -> None:
        if len(self.reach_permille) != len(self.venues):
            raise ValueError("reach is told for every venue")
        if any(len(row) != len(self.villages) for row in self.reach_permille):
            raise ValueError("reach is told for every village")
        if any(not 0 <= permille <= PERMILLE for row in self.reach_permille for permille in row):
            raise ValueError("a venue reaches a share of a village")
        self._check_lengths()
        self._check_numbers()

    @property
    def sectors(self) -> int:
        """How many sectors there are."""
        return len(self.weights.post_fen)

    @property
    def missing_fen(self) -> tuple[int, ...]:
        """By wish, what a required fair of it costs that is not held."""
        return tuple(self.weights.missing_fen - wish.spared_fen for wish in self.wishes)

    def _check_lengths(self) -> None:
        sectors, venues, pools = self.sectors, len(self.venues), len(self.pools)
        lengths = [(len(venue.bonus_fen), self.days) for venue in self.venues]
        lengths += [(len(pool), self.days) for pool in self.pools]
        lengths += [(len(village.seekers), sectors) for village in self.villages]
        lengths += [(len(employer.posts), sectors) for employer in self.employers]
        lengths += [(len(employer.travel_fen), venues) for employer in self.employers]
        lengths += [(len(wish.needs), pools) for wish in self.wishes]
        if any(found != wanted for found, wanted in lengths):
            raise ValueError("a row has another length than there are days, sectors, venues or pools")

    def _check_numbers(self) -> None:
        if min(self.missing_fen, default=0) < 0:
            raise ValueError("a wish is spared more than it costs")
        for wish in self.wishes:
            inside = (
                (wish.venues, len(self.venues)),
                (wish.sectors or (), self.sectors),
                (wish.employers or (), len(self.employers)),
            )
            if any(not 0 <= number < limit for numbers, limit in inside for number in numbers):
                raise ValueError("a wish names a venue, sector or employer that is not there")
        for fair in (*self.fixed, *self.previous):
            self.check_fair(fair)
        if len({fair.slot for fair in self.fixed}) < len(self.fixed):
            raise ValueError("a fair is fixed twice")

    def check_fair(self, fair: Fair) -> None:
        """Raise ValueError where a fair names what is not there, or an employer twice."""
        wish, venue, day = fair.slot
        known = (
            (wish, len(self.wishes)),
            (venue, len(self.venues)),
            (day, self.days),
            *((employer, len(self.employers)) for employer in fair.employers),
        )
        if any(not 0 <= number < limit for number, limit in known):
            raise ValueError("a fair names what is not there")
        if len(set(fair.employers)) < len(fair.employers):
            raise ValueError("an employer is at a fair twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a plan is worth in fen, term by term; costs below nothing. Terms add up to ``total``."""

    covered: int = 0
    matched: int = 0
    market: int = 0
    travel: int = 0
    held: int = 0
    """Staff, hire and whatever else a fair costs."""
    missing: int = 0
    idle: int = 0
    moved: int = 0
    rebooked: int = 0

    @property
    def total(self) -> int:
        """All terms together."""
        gained = self.covered + self.matched + self.market
        return gained + self.travel + self.held + self.missing + self.idle + self.moved + self.rebooked


RowKey = tuple[str, int, int, int]
"""What is shared: ("place", venue, 0, day), ("pool", pool, 0, day), ("near", town, town, first day)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePrice:
    """At a wish's fairs at a venue: what a visitor of each sector, and a booth, is worth in fen."""

    wish: int
    venue: int
    visitor_fen: tuple[int, ...]
    booth_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What one more would be worth in fen: none is below nothing.

    A seeker by village and sector; a post and a visit by employer, the first visit ``first_fen`` more; at
    each site visitors and booths; rows as told, others nothing. Whatever the prices are, ``recompute``
    makes a lawful bound of them; good ones make a good one.
    """

    seeker_fen: tuple[tuple[int, ...], ...]
    post_fen: tuple[tuple[int, ...], ...]
    visit_fen: tuple[int, ...]
    first_fen: tuple[int, ...]
    sites: tuple[SitePrice, ...]
    rows: tuple[tuple[RowKey, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FairsSolution:
    """Which fairs are held with whom, what that is worth, and what no plan is worth more than, in fen.

    ``bound_fen`` may come from branch and bound; ``verified_fen`` is recomputed from ``prices`` in exact
    integers by code apart from the search.
    """

    fairs: tuple[Fair, ...]
    score: Score
    bound_fen: int
    verified_fen: int
    prices: Prices

    @property
    def proved(self) -> bool:
        """Whether no plan is worth more."""
        return self.score.total == self.bound_fen

    @property
    def gap(self) -> float:
        """How far below the bound the plan is, as a share of the bound."""
        return (self.bound_fen - self.score.total) / max(abs(self.bound_fen), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class FairsBudget:
    """How much the solver may do.

    Exactly one of ``seconds`` (people) and ``effort`` (counted in rounds of improvement, repeats exactly)
    limits it. ``stop`` is asked all the time; ``progress`` hears of every better worth or bound, as costs:
    their negatives.
    """

    seconds: float | None = None
    effort: int | None = None
    seed: int = 0
    stop: Callable[[], bool] = field(default=lambda: False)
    progress: Callable[[Progress], None] = field(default=lambda _progress: None)

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.effort is None):
            raise ValueError("either seconds or effort")
