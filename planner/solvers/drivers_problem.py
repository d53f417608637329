"""What crews are to the solver: runs, who of a crew is at the wheel when, and the limits of one driver.

Times in seconds. Runs that one crew must make one after the other, because it is away from home with its
coach, are one *block*; each of the crew plays a *role* in it: the slot taken on each of its runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations, product


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Somebody at the wheel from ``start_s`` to ``end_s``: which of the crew, counted from 0."""

    start_s: int
    end_s: int
    slot: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewRun:
    """A run, or an empty way back, for ``drivers`` people of one ``depot``, all on board throughout.

    The crew of ``with_run`` must make this one too, each in any slot, and stays with its coach in between.
    ``weight`` is what crewing the run is worth where drivers are short; with ``with_run`` it counts nothing.
    """

    start_s: int
    end_s: int
    drivers: int
    spells: tuple[Spell, ...]
    depot: int = 0
    with_run: int | None = None
    weight: int = 1

    def __post_init__(self) -> None:
        if self.end_s <= self.start_s or self.drivers < 1 or self.weight < 1:
            raise ValueError("a run needs a length, drivers and a weight")
        ends_s = [self.start_s] * self.drivers
        for spell in sorted(self.spells, key=lambda spell: spell.start_s):
            if not (0 <= spell.slot < self.drivers and ends_s[spell.slot] <= spell.start_s < spell.end_s):
                raise ValueError("a slot's spells lie within the run and apart")
            ends_s[spell.slot] = spell.end_s
        if max(ends_s) > self.end_s:
            raise ValueError("a spell ends after its run")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most ``most_s`` at the wheel in any ``window_s``."""

    window_s: int
    most_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """Every limit holds for every driver; between getting off and the next block lie ``rest_s`` or more."""

    limits: tuple[Limit, ...]
    rest_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewProblem:
    """Runs, the depot of each driver, and the law."""

    runs: tuple[CrewRun, ...]
    depots: tuple[int, ...]
    law: Law

    def __post_init__(self) -> None:
        leaders = [run.with_run for run in self.runs if run.with_run is not None]
        if len(leaders) > len(set(leaders)):
            raise ValueError("two runs follow the same one")
        for run in self.runs:
            if run.with_run is not None:
                first = self.runs[run.with_run]
                if (first.drivers, first.depot) != (run.drivers, run.depot) or first.end_s > run.start_s:
                    raise ValueError("a crew that stays together has one size and depot, and time")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewPlan:
    """By run the driver in each slot (None: left), with a lower bound for each aim.

    ``left_weight`` is the weight of what is left, ``left_bound`` its bound. The bound on drivers is over
    plans that leave no more weight.
    """

    crews: tuple[tuple[int, ...] | None, ...]
    left_weight: int
    left_bound: int
    drivers: int
    drivers_bound: int

    @property
    def left(self) -> tuple[int, ...]:
        """Runs that nobody drives."""
        return tuple(run for run, crew in enumerate(self.crews) if crew is None)

    @property
    def proved(self) -> bool:
        """Whether both aims stand at their bounds."""
        return (self.left_weight, self.drivers) == (self.left_bound, self.drivers_bound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What one of a crew does in a block: slots, run by run, and the spells at the wheel in order."""

    slots: tuple[int, ...]
    spells: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Runs of one crew. A cast fills all slots, giving each of the crew a role; ``casts`` are the lawful."""

    runs: tuple[int, ...]
    start_s: int
    end_s: int
    drivers: int
    weight: int
    roles: tuple[Role, ...]
    casts: tuple[tuple[int, ...], ...]


def make_blocks(problem: CrewProblem, *, depot: int) -> tuple[Block, ...]:
    """The blocks of a depot by their start, those without a lawful cast among them."""
    after = {run.with_run: number for number, run in enumerate(problem.runs) if run.with_run is not None}
    blocks: list[Block] = []
    for number, run in enumerate(problem.runs):
        if run.depot == depot and run.with_run is None:
            chain = [number]
            while chain[-1] in after:
                chain.append(after[chain[-1]])
            blocks.append(_block(problem, tuple(chain)))
    return tuple(sorted(blocks, key=lambda block: (block.start_s, block.runs)))


def _block(problem: CrewProblem, chain: tuple[int, ...]) -> Block:
    runs = [problem.runs[number] for number in chain]
    drivers = runs[0].drivers
    roles: list[Role] = []
    for slots in product(range(drivers), repeat=len(runs)):
        own = (
            (s.start_s, s.end_s)
            for run, slot in zip(runs, slots, strict=True)
            for s in run.spells
            if s.slot == slot
        )
        role = Role(slots=slots, spells=tuple(sorted(own)))
        if is_lawful(role.spells, problem.law.limits):
            roles.append(role)
    place = {role.slots: number for number, role in enumerate(roles)}
    orders = product(permutations(range(drivers)), repeat=len(runs) - 1)
    casts = (zip(range(drivers), *order, strict=True) for order in orders)
    lawful = (tuple(place.get(slots, -1) for slots in cast) for cast in casts)
    return Block(
        runs=chain,
        start_s=runs[0].start_s,
        end_s=runs[-1].end_s,
        drivers=drivers,
        weight=runs[0].weight,
        roles=tuple(roles),
        casts=tuple(cast for cast in lawful if -1 not in cast),
    )


def is_lawful(spells: Sequence[tuple[int, int]], limits: Iterable[Limit]) -> bool:
    """Whether spells in order keep every limit; the fullest of all windows opens with a spell."""
    return all(
        driven_s(spells[n:], opens_s=opens_s, closes_s=opens_s + limit.window_s) <= limit.most_s
        for limit in limits
        for n, (opens_s, _) in enumerate(spells)
    )


def driven_s(spells: Iterable[tuple[int, int]], *, opens_s: int, closes_s: int) -> int:
    """Seconds at the wheel within a window."""
    return sum(max(min(end_s, closes_s) - max(start_s, opens_s), 0) for start_s, end_s in spells)
