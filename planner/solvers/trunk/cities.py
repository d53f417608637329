"""Neighbourhoods of a plan: some cities over some days, with the vehicles that the rest leaves them.

Cities meet only in vehicles and train seats, so what is taken out of one city's days is a problem of the
same form, small enough for branch and bound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.trunk.filling import Filling, loads
from planner.solvers.trunk.model import Part

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints
    from planner.solvers.trunk.bound import Division
    from planner.solvers.trunk.ground import Bools, Ground

_LENGTHS: Final = (3, 5, 8, 12)
"""Days of a region, besides all."""
_TOO_MUCH: Final = 1.3
"""Times as many choices as wanted; more are cut off day by day."""
_IDLE: Final = 0.35
"""Of a coach's cost: sites where one would lose more, at the prices, are not looked at for better plans."""
_FAR_OFF: Final = 0.06
"""Of what a city pays: sites where a coach would lose more are left out of its bound, and counted apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Cities, and days from ``first`` to ``last``."""

    cities: frozenset[int]
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Promise:
    """What nobody uses and somebody may: vehicles by kind and day, seats by site of a train."""

    vehicles: Ints
    seats: Ints

    def __add__(self, other: Promise) -> Promise:
        return Promise(vehicles=self.vehicles + other.vehicles, seats=self.seats + other.seats)

    @staticmethod
    def nothing(ground: Ground) -> Promise:
        """None of it."""
        return Promise(vehicles=np.zeros_like(ground.vehicles), seats=np.zeros(ground.sites, dtype=np.int64))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cut:
    """A part of a plan, what it holds now, and what it was promised of what nobody used."""

    part: Part
    current: Filling
    promise: Promise

    def without_least(self) -> Cut:
        """The same where trains may be as empty as they like."""
        return replace(self, part=replace(self.part, least=np.zeros_like(self.part.least)))


def near_ways(ground: Ground, division: Division) -> Bools:
    """By way, whether its site is one that a plan may well use: a train, or where a coach is not too idle."""
    fen = np.where(ground.coach_fen < 0, 1 << 40, ground.coach_fen).min(axis=0, initial=1 << 40)
    near = (ground.site_train >= 0) | (division.regret <= _IDLE * fen)
    return near[ground.way_site]


def keep_sites(
    ground: Ground, division: Division, *, city: int, known: int | None = None
) -> tuple[Bools, int]:
    """By way, what a city is searched with; and what it pays at least where it uses anything else.

    Where it is ``known`` to pay no more than so much, no site is kept with which it would.
    """
    mine = ground.site_city == city
    fen = int(ground.coach_fen[:, mine].max(initial=0))
    most = max(int(_FAR_OFF * division.floor[city]), fen)
    if known is not None:
        most = known - int(division.floor[city])
    far = mine & (division.regret > most)
    beyond = int(division.floor[city]) + int(division.regret[far].min(initial=1 << 60))
    return ~far[ground.way_site], beyond


class Map:
    """What does not change from one region to the next."""

    def __init__(self, ground: Ground, near: Bools) -> None:
        self.ground = ground
        self.choice_site = ground.choice_site
        self.type_city = np.array([group.city for group in ground.groups], dtype=np.int64)[ground.type_group]
        self.choice_city = self.type_city[ground.choice_type]
        self.choice_day = ground.site_day[self.choice_site]
        self.near = near[ground.choice_way]
        self.cities = tuple(int(city) for city in np.unique(self.type_city))

    def weigh(self) -> Ints:
        """Near choices by city and day: how large a region is."""
        days = self.ground.problem.days
        at = self.choice_city[self.near] * days + self.choice_day[self.near]
        size = (max(self.cities, default=-1) + 1) * days
        return np.bincount(at, minlength=size).reshape(-1, days)

    def cut(self, filling: Filling, region: Region, *, taken: Promise, share: float) -> Cut | None:
        """The part of a plan in a region; None where nobody could change there.

        Of vehicles and train seats that nobody uses and that are not ``taken`` by a promise to another
        part, it gets a ``share``.
        """
        ground, here = self.ground, self._choices(filling, region)
        sites = np.unique(self.choice_site[here])
        coaches, trains = sites[ground.site_line[sites] >= 0], sites[ground.site_train[sites] >= 0]
        types, count = self._free(filling, region, here=here)
        choices = here[np.isin(ground.choice_type[here], types)]
        if not choices.size:
            return None
        mine = np.zeros_like(filling.coaches)
        mine[:, coaches] = filling.coaches[:, coaches]
        promise = self._promise(filling, trains, taken=taken, share=share)
        used = np.zeros(ground.sites, dtype=np.int64)
        heads = filling.chosen[here] * ground.type_size[ground.choice_type[here]]
        np.add.at(used, self.choice_site[here], heads)
        others = loads(ground, filling)[trains] - used[trains]
        part = Part(
            types=types,
            count=count,
            choices=choices,
            place=np.searchsorted(np.concatenate([coaches, trains]), self.choice_site[choices]),
            sites=coaches,
            vehicles=ground.busy(mine) + promise.vehicles,
            trains=trains,
            seats=(used + promise.seats)[trains],
            least=np.maximum(ground.train_least[ground.site_train[trains]] - others, 0),
        )
        current = Filling(
            chosen=filling.chosen[choices], resort=filling.resort[types], coaches=filling.coaches[:, coaches]
        )
        return Cut(part=part, current=current, promise=promise)

    def _choices(self, filling: Filling, region: Region) -> Ints:
        """Near choices in a region, and those in use."""
        inside = np.isin(self.choice_city, list(region.cities))
        inside &= (region.first <= self.choice_day) & (self.choice_day <= region.last)
        return np.flatnonzero(inside & (self.near | (filling.chosen > 0)))

    def _free(self, filling: Filling, region: Region, *, here: Ints) -> tuple[Ints, Ints]:
        """Types that may change, and how many of each: in the region, or at their last resort."""
        kinds = self.ground.choice_type[here]
        count = np.where(np.isin(self.type_city, list(region.cities)), filling.resort, 0)
        np.add.at(count, kinds, filling.chosen[here])
        types = np.unique(kinds)
        types = types[count[types] > 0]
        return types, count[types]

    def _promise(self, filling: Filling, trains: Ints, *, taken: Promise, share: float) -> Promise:
        ground = self.ground
        unused = np.maximum(ground.vehicles - ground.busy(filling.coaches) - taken.vehicles, 0)
        free = np.zeros(ground.sites, dtype=np.int64)
        seats = ground.train_seats[ground.site_train[trains]]
        free[trains] = np.maximum(seats - (loads(ground, filling) + taken.seats)[trains], 0)
        return Promise(
            vehicles=np.ceil(share * unused).astype(np.int64), seats=np.ceil(share * free).astype(np.int64)
        )


def put_back(filling: Filling, cut: Cut, *, new: Filling) -> Filling:
    """The plan with a part's new filling."""
    part = cut.part
    chosen, resort, coaches = filling.chosen.copy(), filling.resort.copy(), filling.coaches.copy()
    chosen[part.choices] = new.chosen
    resort[part.types] = new.resort
    coaches[:, part.sites] = new.coaches
    return Filling(chosen=chosen, resort=resort, coaches=coaches)


def draw_region(weights: Ints, *, free: frozenset[int], most: int, many: int, dice: Random) -> Region | None:
    """Free cities, ``many`` at most, and days with about ``most`` near choices.

    Few cities for long or many for short; None where the draw has hit nobody.
    """
    days = weights.shape[1]
    length = dice.choice([*_LENGTHS, days])
    begin = dice.randint(1 - length, days - 1)
    first, last = max(begin, 0), min(begin + length, days) - 1
    chosen: list[int] = []
    room = most
    for city in dice.sample(sorted(free), len(free)):
        size = int(weights[city, first : last + 1].sum())
        if size and len(chosen) < many and (not chosen or size <= room):
            chosen.append(city)
            room -= size
    if not chosen:
        return None
    rows = weights[sorted(chosen)]
    while last > first and rows[:, first : last + 1].sum() > _TOO_MUCH * most:
        end = dice.randrange(2)
        first, last = first + end, last - (1 - end)
    return Region(cities=frozenset(chosen), first=first, last=last)
