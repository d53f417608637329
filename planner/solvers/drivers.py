"""Runs to drivers within the law: the most runs, then the fewest drivers, with a bound for both.

Greedy rosters in the order of time mostly meet the bound, which is the number of people on board or resting
at one instant. Where they do not, linear programs over duties sharpen the bound, and CP-SAT makes duties
anew: all of a small depot, a few at a time of a large one. Depots share nothing and are solved one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final

from planner.solvers.drivers_bound import Trade, cover, free_prices, fullest_windows
from planner.solvers.drivers_first import PREFERENCES, Duty, fill
from planner.solvers.drivers_model import Model, make_jobs
from planner.solvers.drivers_paths import Paths
from planner.solvers.drivers_problem import (
    Block,
    CrewPlan,
    CrewProblem,
    CrewRun,
    Law,
    Limit,
    Spell,
    make_blocks,
)
from planner.solvers.duties_problem import Clock, DutyEffort
from planner.solvers.routing.highs import Limits

__all__ = ["CrewPlan", "CrewProblem", "CrewRun", "DutyEffort", "Law", "Limit", "Spell", "plan_crews"]

_FULL: Final = 30_000
"""Literals up to which a depot is one model."""
_GROUP: Final = 10
"""Drivers whose duties are made anew together in a larger one."""
_GROUP_UNITS: Final = 50
"""Units of effort for those."""
_UNIT: Final = 0.01
"""CP-SAT's deterministic time in a unit of effort."""
_SHARE: Final = 0.3
"""Of the seconds left, what one price may take."""
_IDLE: Final = 40
"""Groups in a row without gain after which the search ends."""
_ROUNDS: Final = 60
"""Rounds of column generation at most."""
_WINDOWS: Final = 2
"""Windows of each limit looked at."""


def plan_crews(problem: CrewProblem, *, effort: DutyEffort) -> CrewPlan:
    """Crew the most weight of runs with the fewest drivers; who cannot lawfully be crewed is left.

    A block's runs are crewed together or not at all. Drivers used have the lowest numbers of their depot.
    """
    crews: list[tuple[int, ...] | None] = [None] * len(problem.runs)
    parts: list[_Depot] = []
    clock, depots = Clock(effort), sorted({run.depot for run in problem.runs})
    for done, depot in enumerate(depots):
        numbers = [number for number, home in enumerate(problem.depots) if home == depot]
        part = _Depot(make_blocks(problem, depot=depot), problem.law, drivers=len(numbers))
        units = None if effort.effort is None else effort.effort // len(depots)
        seconds = clock.left_s(1 / (len(depots) - done))
        part.improve(Clock(replace(effort, seconds=seconds, effort=units)))
        for run, crew in part.crews().items():
            crews[run] = tuple(numbers[driver] for driver in crew)
        parts.append(part)
    return CrewPlan(
        crews=tuple(crews),
        left_weight=sum(part.left_weight + part.hopeless for part in parts),
        left_bound=sum(part.left_bound + part.hopeless for part in parts),
        drivers=sum(part.drivers for part in parts),
        drivers_bound=sum(part.drivers_bound for part in parts),
    )


class _Depot:
    """The best duties and bounds so far of one depot; what no crew can lawfully do is out of it."""

    def __init__(self, blocks: Sequence[Block], law: Law, *, drivers: int) -> None:
        self._blocks = [block for block in blocks if block.casts and block.drivers <= drivers]
        self.hopeless = sum(block.weight for block in blocks) - sum(block.weight for block in self._blocks)
        self._law, self._count = law, drivers
        fills = [fill(self._blocks, drivers, law=law, prefer=prefer) for prefer in PREFERENCES]
        self._duties = min(fills, key=self._aims)
        self.left_weight: int
        self.drivers: int
        self.left_weight, self.drivers = self._aims(self._duties)
        self._prices = free_prices(self._blocks, law)
        self._trades = [cover(self._blocks, law)]

    @property
    def left_bound(self) -> int:
        """A lower bound on the weight left."""
        bounds = [price.left_weight(self._blocks, drivers=self._count) for price in self._prices]
        return max(*bounds, *(trade.left_weight(drivers=self._count) for trade in self._trades), 0)

    @property
    def drivers_bound(self) -> int:
        """A lower bound on drivers used where no more weight is left."""
        left = self.left_weight
        bounds = [price.drivers(self._blocks, left_weight=left) for price in self._prices]
        return max(*bounds, *(trade.drivers(left_weight=left) for trade in self._trades), 0)

    def crews(self) -> dict[int, tuple[int, ...]]:
        """By run the driver in each slot; drivers are numbered as they are first needed."""
        order = sorted(filter(None, self._duties), key=lambda duty: duty[0])
        slots: dict[int, dict[int, int]] = defaultdict(dict)
        for driver, duty in enumerate(order):
            for number, role in duty:
                block = self._blocks[number]
                for run, slot in zip(block.runs, block.roles[role].slots, strict=True):
                    slots[run][slot] = driver
        return {run: tuple(drivers[slot] for slot in sorted(drivers)) for run, drivers in slots.items()}

    def improve(self, clock: Clock) -> None:
        """Sharpen bounds and duties until they meet or the effort is spent."""
        for step in (self._spread, self._price_paths, self._remake):
            if not self._is_proved() and not clock.over():
                step(clock)

    def _spread(self, clock: Clock) -> None:
        """Try with as few drivers as the bound allows, work spread over all of them."""
        most = self._count if self.left_weight else self.drivers - 1
        for count in range(self._count if self.left_weight else self.drivers_bound, most + 1):
            for prefer in PREFERENCES:
                duties = fill(self._blocks, count, law=self._law, prefer=prefer, spread=True)
                if self._take(duties + [[] for _ in range(self._count - count)]) or clock.over():
                    return

    def _remake(self, clock: Clock) -> None:
        """Make duties anew with CP-SAT: all together, or those of a few drivers at a time."""
        if sum(len(block.roles) for block in self._blocks) * self._needed() <= _FULL:
            self._solve_all(clock)
        else:
            self._regroup(clock)

    def _aims(self, duties: Sequence[Duty]) -> tuple[int, int]:
        done = {block for duty in duties for block, _ in duty}
        left = sum(block.weight for number, block in enumerate(self._blocks) if number not in done)
        return left, sum(map(bool, duties))

    def _left(self) -> list[int]:
        done = {block for duty in self._duties for block, _ in duty}
        return [number for number in range(len(self._blocks)) if number not in done]

    def _is_proved(self) -> bool:
        return (self.left_weight, self.drivers) == (self.left_bound, self.drivers_bound)

    def _take(self, duties: list[Duty]) -> bool:
        """Keep duties that are no worse; whether they are better."""
        old, new = (self.left_weight, self.drivers), self._aims(duties)
        if new <= old:
            self._duties, (self.left_weight, self.drivers) = duties, new
        return new < old

    def _needed(self) -> int:
        """Drivers that a model of the whole depot is made with."""
        return (
            min(self._count, sum(block.drivers for block in self._blocks))
            if self.left_weight
            else self.drivers
        )

    def _price_paths(self, clock: Clock) -> None:
        for limit in self._law.limits:
            for opens_s in fullest_windows(self._blocks, limit)[:_WINDOWS]:
                if not clock.over() and not self._is_proved():
                    paths = Paths(self._blocks, self._law, opens_s=opens_s, limit=limit)
                    limits = Limits(seconds=clock.left_s(_SHARE), stop=clock.effort.stop)
                    known = self.drivers_bound
                    price = paths.price(self._duties, known=known, rounds=_ROUNDS, limits=limits)
                    self._prices += [] if price is None else [price]

    def _solve_all(self, clock: Clock) -> None:
        """One model of the depot."""
        count = self._needed()
        duties = sorted(self._duties, key=len, reverse=True)[:count]
        jobs = make_jobs(self._blocks, duties, left=self._left())
        floor = 0 if self.left_weight else self.drivers_bound
        model = Model(self._blocks, self._law, duties=duties, jobs=jobs, floor=floor)
        units = clock.effort.effort
        found, bound = model.solve(
            seconds=clock.left_s(), work=None if units is None else units * _UNIT, effort=clock.effort
        )
        self._trades.append(Trade(total=bound, worth=model.worth))
        self._take(found + [[] for _ in range(self._count - count)])

    def _regroup(self, clock: Clock) -> None:
        """Make a few drivers' duties anew, again and again."""
        dice, idle, units = Random(clock.effort.seed), 0, clock.effort.effort
        while idle < _IDLE and not clock.over() and (units is None or units >= _GROUP_UNITS):
            group, left = self._group(dice)
            duties = [self._duties[driver] for driver in group]
            jobs = make_jobs(self._blocks, duties, left=left)
            model = Model(self._blocks, self._law, duties=duties, jobs=jobs)
            found, _ = model.solve(
                seconds=clock.left_s(),
                work=_GROUP_UNITS * _UNIT,
                effort=replace(clock.effort, seed=dice.randrange(2**31)),
            )
            units = None if units is None else units - _GROUP_UNITS
            new = dict(zip(group, found, strict=True))
            idle = 0 if self._take([new.get(d, duty) for d, duty in enumerate(self._duties)]) else idle + 1
            if not idle and self._is_proved():
                return

    def _group(self, dice: Random) -> tuple[list[int], list[int]]:
        """Drivers who are seldom all away at one time, so that one may become free or take a block left."""
        left = self._left()
        wanted = dice.sample(left, min(len(left), 1))
        used = [driver for driver, duty in enumerate(self._duties) if duty or wanted]
        group = dice.sample(used, 1)
        while len(group) < min(_GROUP, len(used)):
            at_s = self._fullest(group, wanted=wanted, dice=dice)
            others = [driver for driver in used if driver not in group]
            free = [driver for driver in others if not self._away(driver, at_s)]
            group.append(dice.choice(free or others))
        return sorted(group), wanted

    def _fullest(self, group: Sequence[int], *, wanted: Sequence[int], dice: Random) -> int:
        """An instant when most of a group are away."""
        blocks = [self._blocks[number] for driver in group for number, _ in self._duties[driver]]
        blocks += [self._blocks[number] for number in wanted]
        away = {
            block.start_s: sum(one.start_s <= block.start_s < one.end_s + self._law.rest_s for one in blocks)
            for block in blocks
        }
        most = max(away.values(), default=0)
        return dice.choice([at_s for at_s, number in away.items() if number == most] or [0])

    def _away(self, driver: int, at_s: int) -> bool:
        return any(
            self._blocks[number].start_s <= at_s < self._blocks[number].end_s + self._law.rest_s
            for number, _ in self._duties[driver]
        )
