"""Bettering a plan: cities by themselves, a small problem as a whole, and neighbourhoods till it is over.

All of it is handed out as tasks, side by side in children.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.frames import Done
from planner.solvers.routing.search import Report
from planner.solvers.trunk.cities import Cut, Map, Promise, Region, draw_region, near_ways, put_back
from planner.solvers.trunk.dive import seat
from planner.solvers.trunk.divide import CityTask
from planner.solvers.trunk.model import Model
from planner.solvers.trunk.standing import NODES
from planner.solvers.trunk.tasks import Allowance, Found, search_coaches_only, search_part, search_whole

if TYPE_CHECKING:
    from planner.solvers.routing.children import Crew, Task
    from planner.solvers.routing.program import Floats
    from planner.solvers.trunk.divide import Divided
    from planner.solvers.trunk.filling import Filling
    from planner.solvers.trunk.standing import Standing

_WHOLE_CHOICES: Final = 4000
"""Choices up to which branch and bound sees the whole problem."""
_CITY_CHOICES: Final = 15_000
"""And up to which it sees a city."""
_CITY_SHARE: Final = 0.5
"""Of the seconds, for the cities by themselves."""
_HARDER: Final = 1.5
"""Power of its choices with which a city's seconds grow."""
_CITY_GAP: Final = 1e-3
_KNOWN_SHARE: Final = 1.3
"""More than there is: the largest come first, and the small ones seldom need theirs."""
_KNOWN_GAP: Final = 3e-4
"""The same where a good plan of every city is known: only its bound is wanted."""
_LEAST_S: Final = 0.5
ALONE_SHARE: Final = 0.5
_OWN_SHARE: Final = 0.9
"""Of the seconds left, for the whole problem: in a process that has other things to do, and in its own."""
_PART_S: Final = 4.0
_GAP: Final = 2e-4
"""Share of a neighbourhood's cost that is not worth looking for."""
_WORSE: Final = 0.05
"""Share of the best cost by which the cities' plan may be worse and still be what is bettered next."""
_CHOICES: Final = 2500
"""Near choices of the first neighbourhoods; then as many as its seconds are enough for."""
_FEWEST: Final = 150
_GROW: Final = 1.1
_SHRINK: Final = 0.8
_POLL_S: Final = 0.1
_HOME_S: Final = 0.3
"""Kept of the seconds left, for answers to come home."""
_TICK_S: Final = 0.01
_LATE_S: Final = 1.5
"""Beyond its seconds, after which a child is ended."""
_IN_VAIN: Final = 200
"""Draws in a row that hit nobody, after which there is nobody to hit."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Patch:
    """A part under way: how it was cut, and from the how manieth plan of everything."""

    epoch: int
    model: Model
    cut: Cut
    region: Region


class Improver:
    """Tasks handed out and used until it is over; ``_plan`` is what neighbourhoods are cut from."""

    def __init__(self, standing: Standing, crew: Crew, *, divided: Divided, workers: int) -> None:
        ground = standing.ground
        self._standing, self._crew = standing, crew
        self._workers = max(workers, 1)
        self._plan, self._cost = standing.best, standing.cost
        self._atlas = Map(ground, near_ways(ground, divided.division))
        self._weights = self._atlas.weigh()
        self._divided = divided
        self._dice = Random(standing.budget.seed)
        self._tasks: dict[Task, _Patch | CityTask | None] = {}
        self._queue = deque(self._order_cities())
        self._cities_left = len(self._queue)
        self._epoch, self._most, self._vain = 0, _CHOICES, 0
        self._dry = set[Region]()
        """Regions in which the plan as it is has been found to be as good as it gets."""

    def run(self, choosing: Task | None = None) -> None:
        """Look until it is over; a plan may already be on its way."""
        standing = self._standing
        if choosing is not None:
            self._tasks[choosing] = None
        if standing.ground.choice_type.size <= _WHOLE_CHOICES:
            self._search_whole()
        while not standing.over() and (self._tasks or self._vain < _IN_VAIN):
            while len(self._tasks) < self._workers and self._vain < _IN_VAIN and not standing.over():
                self._hand_out()
            for task, message in self._crew.poll(_POLL_S if self._tasks else 0.0):
                self._take(task, message)

    def _order_cities(self) -> list[tuple[int, float]]:
        """Cities to be searched by themselves, largest first, with seconds; none where there is one."""
        choices = self._weights.sum(axis=1)
        cities = [city for city in self._atlas.cities if 0 < choices[city] <= _CITY_CHOICES]
        hardness: Floats = choices.astype(np.float64) ** _HARDER
        if len(self._atlas.cities) < 2:  # noqa: PLR2004  # one city is the whole problem
            return []
        left_s = self._standing.left_s()
        total = max(float(hardness.sum()), 1.0)
        share = _KNOWN_SHARE if self._divided.knows else _CITY_SHARE
        budget_s = 0.0 if left_s is None else left_s * share * self._workers
        ordered = sorted(cities, key=lambda city: (-int(choices[city]), city))
        return [(city, max(budget_s * float(hardness[city]) / total, _LEAST_S)) for city in ordered]

    def _hand_out(self) -> None:
        if self._queue:
            self._search_city(*self._queue.popleft())
        else:
            self._vain = 0 if self._search_part() else self._vain + 1

    def _search_whole(self) -> None:
        standing = self._standing
        allowance = standing.allow(_OWN_SHARE if self._workers > 1 else ALONE_SHARE)
        task = self._crew.submit("whole", search_whole, standing.ground, standing.best, allowance)
        self._tasks[task] = None

    def _search_city(self, city: int, seconds: float) -> None:  # from the queue
        asked = self._divided.task(city)
        if asked is None:
            self._end_city()
        else:
            self._submit("city", asked, seconds=seconds, gap=_KNOWN_GAP if self._divided.knows else _CITY_GAP)

    def _search_part(self) -> bool:
        """Hand out one neighbourhood of the plan; whether there was one."""
        patch = self._cut()
        if patch is not None:
            self._submit("part", patch, seconds=_PART_S, gap=_GAP)
        return patch is not None

    def _submit(self, name: str, asked: _Patch | CityTask, *, seconds: float, gap: float) -> None:
        left_s = self._standing.left_s()
        kept_s = None if left_s is None else min(seconds, max(left_s - _HOME_S, _TICK_S))
        allowance = Allowance(seconds=kept_s, nodes=NODES if kept_s is None else None, gap=gap)
        late_s = None if kept_s is None else kept_s + _LATE_S
        search = asked.model.search(asked.cut.current)
        work = search_part if isinstance(asked, _Patch) else search_coaches_only
        self._tasks[self._crew.submit(name, work, search, allowance, seconds=late_s)] = asked

    def _cut(self) -> _Patch | None:
        """A region none of whose cities is under way, with a fair part of what nobody uses."""
        ground, atlas = self._standing.ground, self._atlas
        free, taken = frozenset(atlas.cities), Promise.nothing(ground)
        for task in self._tasks.values():
            if isinstance(task, _Patch):
                free, taken = free - task.region.cities, taken + task.cut.promise
        half = -(-len(atlas.cities) // self._workers)
        # Fewer than half now and then, or the same cities would be together for ever.
        many = self._dice.randint(min(2, half), half)
        region = draw_region(self._weights, free=free, most=self._most, many=many, dice=self._dice)
        if region is None or region in self._dry:
            return None
        cut = atlas.cut(self._plan, region, taken=taken, share=1 / self._workers)
        if cut is None:
            return None
        return _Patch(epoch=self._epoch, model=Model(ground, cut.part), cut=cut, region=region)

    def _take(self, task: Task, message: object) -> None:
        """Use what a task has found; one that was asked for before this search is of no use any more."""
        if isinstance(message, Report):
            self._standing.reports.append(message)
        if task not in self._tasks:
            return
        asked = self._tasks.pop(task)
        found = message.value if isinstance(message, Done) else None
        if not isinstance(found, Found):
            found = Found()
        if isinstance(asked, _Patch):
            self._take_part(asked, found)
        elif isinstance(asked, CityTask):
            self._divided.take(asked, found)
            self._end_city()
        else:
            self._standing.prove(found.bound)
            if found.filling is not None:
                self._go_on_from(found.filling, worse=0.0)

    def _take_part(self, patch: _Patch, found: Found) -> None:
        self._standing.spent += 1
        solved = False
        if found.columns is not None and found.bound is not None:
            solved = found.ended
            if patch.epoch == self._epoch:
                new = put_back(self._plan, patch.cut, new=patch.model.decode(found.columns))
                plan = self._standing.offer(new)
                if plan is not None and plan[1] < self._cost:
                    self._plan, self._cost = plan
                    self._dry.clear()
                    self._vain = 0
                elif solved:
                    self._dry.add(patch.region)
        self._most = max(int(self._most * (_GROW if solved else _SHRINK)), _FEWEST)

    def _end_city(self) -> None:
        """Prove what all pay together; after the last go on from what they want, unless better is known."""
        self._cities_left -= 1
        self._standing.prove(self._divided.bound)
        if self._cities_left == 0 and not self._divided.knows:
            self._go_on_from(seat(self._standing.ground, self._divided.coaches()), worse=_WORSE)

    def _go_on_from(self, filling: Filling, *, worse: float) -> None:
        """Better another plan from now on, if it is not much worse; what was cut before does not fit it."""
        plan = self._standing.offer(filling)
        if plan is not None and plan[1] < self._cost * (1 + worse):
            self._plan, self._cost = plan
            self._epoch += 1
            self._dry.clear()
            self._vain = 0
