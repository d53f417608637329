"""Chains of calls grown backwards from a gate by dynamic programming: all of them, or all that can matter.

Backwards, the ride of those who board first is known at every step. Of two chains of the same people that
begin with the same call only one is kept where it is no dearer, no longer and no harder to time than the
other. With dual values a chain is dropped as soon as no completion (paths that may come back, but not at
once: Christofides, Mingozzi & Toth 1981) brings its reduced cost below the gap between the best plan and
the bound: no better plan uses such a trip (Baldacci, Christofides & Mingozzi 2008). All in integers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.calls import Calls, Ways, ways_of
from planner.solvers.routing.problem import UNREACHABLE, RoutingProblem

if TYPE_CHECKING:
    from planner.solvers.routing.calls import Flags, Ints, Words

FAR: Final = 1 << 60
"""Fen that no trip costs."""
_LOOK_BACK: Final = 16
"""Chains of a group each one is compared with; keeping one too many is lawful."""
_CANDIDATES: Final = 4
"""Chains of one layer looked at, per chain allowed."""
_TABLE_MOST: Final = 100_000_000
"""Steps of the completion table beyond which nothing is pruned by it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chains:
    """Chains of calls that end at a gate, one a row: trips without their way to the first call.

    Begun within ``[early, late]`` (service at the first call) a chain takes ``least`` seconds; begun before
    ``early`` it ends no sooner, see ``RoutingProblem.times``.
    """

    people: Words
    first: Ints
    """The first call."""
    parent: Ints
    """Row of the chain without it, -1 where it is the only one."""
    heads: Ints
    fen: Ints
    duals: Ints
    """Sum of the people's dual values."""
    least: Ints
    early: Ints
    late: Ints
    drive: Ints

    def pick(self, rows: Ints | Flags) -> Chains:
        """Those rows; parents keep their numbers."""
        return Chains(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def calls(self, row: int) -> list[int]:
        """The chain's calls in order, where no row has been dropped."""
        found: list[int] = []
        while row >= 0:
            found.append(int(self.first[row]))
            row = int(self.parent[row])
        return found


def join(several: Sequence[Chains]) -> Chains:
    """All rows of all of them."""
    names = [field.name for field in fields(Chains)]
    return Chains(**{name: np.concatenate([getattr(part, name) for part in several]) for name in names})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pruning:
    """Keep what can become a trip of reduced cost below ``below_fen``."""

    duals: Ints
    """Fen by call."""
    start_fen: Ints
    """By call, all that a trip pays before it, less the fleet's dual; FAR where it cannot begin there."""
    below_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many chains may be kept; ``stop`` is asked every few milliseconds."""

    chains: int
    stop: Callable[[], bool]


class Grower:
    """Grows the chains of a class to a gate, call by call."""

    def __init__(
        self, problem: RoutingProblem, calls: Calls, *, vehicle_class: int, gate: int, pruning: Pruning | None
    ) -> None:
        self._kind, self._gate = problem.vehicle_classes[vehicle_class], problem.gates[gate]
        self._ride_limit_s = problem.ride_limit_s
        self._calls, self._pruning = calls, pruning
        self._ways = ways_of(problem, calls, vehicle_class=vehicle_class, gate=gate)
        capacity = self._kind.capacity
        self._table = complete(calls, self._ways, capacity=capacity, pruning=pruning) if pruning else None

    def grow(self, limits: Limits) -> tuple[Chains, bool]:
        """All useful chains, and whether the limits let them all be seen."""
        layers, base, whole = [self._begin()], 0, True
        while layers[-1].first.size and whole:
            layer, whole = self._extend(layers[-1], base=base, limits=limits)
            base += layers[-1].first.size
            layers.append(layer)
            whole = whole and base + layer.first.size <= limits.chains
        return join(layers), whole

    def _begin(self) -> Chains:
        calls, ways = self._calls, self._ways
        rows = np.flatnonzero(
            ways.allowed & (ways.out_s != UNREACHABLE) & (calls.heads <= self._kind.capacity)
        )
        zeros = np.zeros(rows.size, dtype=np.int64)
        nothing = Chains(
            people=np.zeros((rows.size, calls.people.shape[1]), dtype=np.uint64),
            first=zeros - 1,
            parent=zeros - 1,
            heads=zeros,
            fen=zeros,
            duals=zeros,
            least=zeros,
            early=zeros + self._gate.opens_s,
            late=zeros + self._gate.closes_s,
            drive=zeros,
        )
        return self._prepend(nothing, rows, seconds=ways.out_s[rows], fen=ways.out_fen[rows])

    def _extend(self, chains: Chains, *, base: int, limits: Limits) -> tuple[Chains, bool]:
        """One more call before each; ``base`` is the number of the first row."""
        calls, ways, first = self._calls, self._ways, chains.first
        grown, size = [chains.pick(np.zeros(0, dtype=np.int64))], 0
        for call in np.flatnonzero(ways.allowed):
            spare = self._kind.capacity - calls.heads[call]
            rows = np.flatnonzero((chains.heads <= spare) & (ways.seconds[call, first] != UNREACHABLE))
            rows = rows[~(chains.people[rows] & calls.blocked[call]).any(axis=1)]
            begun = replace(chains.pick(rows), parent=rows + base)
            driving = ways.seconds[call, first[rows]]
            more = self._prepend(
                begun, np.full(rows.size, call), seconds=driving, fen=ways.fen[call, first[rows]]
            )
            grown.append(more)
            size += more.first.size
            if limits.stop() or size > _CANDIDATES * limits.chains:
                return grown[0], False
        return undominated(join(grown)), True

    def _prepend(self, after: Chains, calls: Ints, *, seconds: Ints, fen: Ints) -> Chains:
        """Put a call before each chain, ``seconds`` away, and drop what is unlawful or of no use."""
        stays, opens, closes = (self._calls.stays[calls], self._ways.opens[calls], self._ways.closes[calls])
        way = stays + seconds
        wait = np.maximum(after.early - way - closes, 0)
        duals = 0 if self._pruning is None else self._pruning.duals[calls]
        chains = Chains(
            people=after.people | self._calls.people[calls],
            first=calls,
            parent=after.parent,
            heads=after.heads + self._calls.heads[calls],
            fen=after.fen + fen,
            duals=after.duals + duals,
            least=way + wait + after.least,
            early=np.maximum(opens, after.early - way) - wait,
            late=np.minimum(closes, after.late - way),
            drive=after.drive + seconds,
        )
        kind = self._kind
        lawful = (
            (chains.early <= chains.late)
            & (chains.late >= kind.ready_s)
            & (chains.least - stays <= self._ride_limit_s)
            & (chains.least <= kind.duration_limit_s)
            & (chains.drive <= kind.drive_limit_s)
        )
        chains = chains.pick(lawful)
        return chains if self._table is None else chains.pick(self._table.useful(chains))


def undominated(chains: Chains) -> Chains:
    """Drop chains beside which another of the same people and first call is as good in everything."""
    figures = (chains.least, chains.early + chains.least, -chains.late, chains.drive)
    return chains.pick(
        undominated_rows(chains.people, chains.first, fen=chains.fen, figures=figures, look_back=_LOOK_BACK)
    )


def undominated_rows(
    people: Words, group: Ints, *, fen: Ints, figures: Sequence[Ints], look_back: int
) -> Ints:
    """Rows beside which no other of the same people and group is as cheap and no larger in any figure.

    Sorted by people, group, fen and the first figure; each is compared with so many before it only.
    """
    words = tuple(people[:, word] for word in range(people.shape[1]))
    order = np.lexsort((figures[0], fen, group, *words))
    people, group, figures = people[order], group[order], [own[order] for own in figures]
    keep = np.ones(order.size, dtype=np.bool_)
    for back in range(1, min(look_back, order.size - 1) + 1):
        beaten = (group[back:] == group[:-back]) & (people[back:] == people[:-back]).all(axis=1)
        if not beaten.any():
            break
        for own in figures:
            beaten &= own[:-back] <= own[back:]
        keep[back:] &= ~beaten
    return order[keep]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """What completing a chain costs at least, dual values off, by its first call and the seats still free.

    ``best`` goes over ``before`` (-1: nothing, the trip begins here), ``other`` over any other call.
    """

    best: Ints
    before: Ints
    other: Ints
    calls: Calls
    capacity: int
    below_fen: int

    def useful(self, chains: Chains) -> Flags:
        """Which chains may become a trip of reduced cost below the limit."""
        first, spare = chains.first, self.capacity - chains.heads
        before = self.before[first, spare]
        back = (chains.people & self.calls.people[before]).any(axis=1) & (before >= 0)
        ahead = np.where(back, self.other[first, spare], self.best[first, spare])
        return chains.fen - chains.duals + ahead < self.below_fen


def complete(calls: Calls, ways: Ways, *, capacity: int, pruning: Pruning) -> Table | None:
    """Fill the completion table by free seats, upwards; None where it would be too large or not well-founded.

    A path may come back to a call it has left, but not at once to the one it is bound for.
    """
    size = calls.heads.size
    if size == 0 or calls.heads.min() < 1 or size * size * (capacity + 1) > _TABLE_MOST:
        return None
    step = np.where(ways.seconds == UNREACHABLE, FAR, ways.fen - pruning.duals[:, None])
    step[~ways.allowed] = FAR
    step[np.array(calls.visits)[:, None] == np.array(calls.visits)[None, :]] = FAR
    best = np.full((size, capacity + 1), FAR)
    other, before = best.copy(), np.full((size, capacity + 1), -1)
    everyone = np.arange(size)
    for spare in range(capacity + 1):
        seats = np.maximum(spare - calls.heads, 0)
        from_best, from_before = best[everyone, seats], before[everyone, seats]
        ahead = np.where(
            from_before[:, None] == everyone[None, :], other[everyone, seats][:, None], from_best[:, None]
        )
        costs = np.minimum(step + ahead, FAR)
        costs[calls.heads > spare] = FAR
        through = costs.argmin(axis=0)
        value = costs[through, everyone]
        costs[through, everyone] = FAR
        second = costs.min(axis=0)
        direct = pruning.start_fen <= value
        best[:, spare] = np.where(direct, pruning.start_fen, value)
        before[:, spare] = np.where(direct, -1, through)
        other[:, spare] = np.minimum(pruning.start_fen, second)
    return Table(
        best=best, before=before, other=other, calls=calls, capacity=capacity, below_fen=pruning.below_fen
    )
