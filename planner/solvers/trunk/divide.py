"""Every city by itself, at the prices of what cities share: a bound that knows whole coaches, and a plan.

Lagrangian relaxation of the fleet by day and of train seats only, so a city's own coaches are whole
numbers. Where branch and bound has nothing for a city, its floor in the linear program's eyes stands in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.solvers.trunk.cities import Cut, Map, Promise, Region, keep_sites
from planner.solvers.trunk.filling import nobody_moves
from planner.solvers.trunk.model import Model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.solvers.routing.program import Ints
    from planner.solvers.trunk.bound import Division
    from planner.solvers.trunk.ground import Ground
    from planner.solvers.trunk.tasks import Found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CityTask:
    """One city's program at the tolls.

    ``others`` is what it pays for those who have no way in the program, ``beyond`` what it pays at least
    where it uses what was left out.
    """

    city: int
    model: Model
    cut: Cut
    others: int
    beyond: int


class Divided:
    """What the cities have been found to pay, and the coaches they want.

    What a city is ``known`` to pay at most makes its search short.
    """

    def __init__(self, ground: Ground, division: Division, *, known: Mapping[int, int] | None = None) -> None:
        self._ground, self.division, self._known = ground, division, known or {}
        self._floor = division.floor.copy()
        self._coaches = np.zeros_like(ground.coach_fen)
        self._heads = np.zeros(ground.sites, dtype=np.int64)

    @property
    def knows(self) -> bool:
        """Whether good plans of cities are known."""
        return bool(self._known)

    @property
    def bound(self) -> int:
        """What no plan costs less than."""
        return int(self._floor.sum()) - self.division.shared

    def task(self, city: int) -> CityTask | None:
        """The program of a city; None where nobody there has a way."""
        ground = self._ground
        kept, beyond = keep_sites(ground, self.division, city=city, known=self._known.get(city))
        atlas = Map(ground, kept)
        region = Region(cities=frozenset({city}), first=0, last=ground.problem.days - 1)
        cut = atlas.cut(nobody_moves(ground), region, taken=Promise.nothing(ground), share=1.0)
        if cut is None:
            return None
        mine = np.flatnonzero(atlas.type_city == city)
        rest = np.setdiff1d(mine, cut.part.types)
        fen = ground.type_count * ground.type_size * ground.resort_fen[ground.type_group]
        cut = cut.without_least()
        model = Model(ground, cut.part, tolls=self.division.tolls)
        return CityTask(city=city, model=model, cut=cut, others=int(fen[rest].sum()), beyond=beyond)

    def take(self, task: CityTask, found: Found) -> None:
        """Use what was found for a city."""
        if found.bound is not None:
            bound = min(found.bound - task.model.ways_fen + task.others, task.beyond)
            self._floor[task.city] = max(self._floor[task.city], bound)
        if found.columns is not None:
            part, filling = task.cut.part, task.model.decode(found.columns)
            self._coaches[:, part.sites] += filling.coaches
            sizes = self._ground.type_size[self._ground.choice_type[part.choices]]
            np.add.at(self._heads, self._ground.choice_site[part.choices], filling.chosen * sizes)

    def coaches(self) -> Ints:
        """The coaches that cities want, as far as the fleet goes: those with fewest heads stay at home."""
        ground, coaches = self._ground, self._coaches.copy()
        while True:
            over = np.argwhere(ground.busy(coaches) > ground.vehicles)
            if not over.size:
                return coaches
            kind, day = over[0].tolist()
            since = day - ground.site_day
            away = (since >= 0) & (since < ground.site_away) & (coaches[kind] > 0)
            sites = np.flatnonzero(away)
            heads = self._heads[sites] / np.maximum(coaches[:, sites].sum(axis=0), 1)
            coaches[kind, sites[np.argmin(heads / ground.site_away[sites])]] -= 1
