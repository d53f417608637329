"""A pool of plans city by city, prices of the fleet that divide it well, and the best plans side by side.

Dantzig & Wolfe's decomposition: the master program chooses one plan of every city so that the fleet is
enough, its dual values say what a vehicle is worth on a day, and walks through every city look for plans
that are worth more at those prices. With few coaches a plan of whole plans is hardly dearer than the
master's bound. What the walks find is not proved best: a lawful bound needs ``divide``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.highs import Limits, relax, solve_whole
from planner.solvers.routing.program import SCALE, UNBOUNDED, Program
from planner.solvers.trunk.bound import toll
from planner.solvers.trunk.dive import seat
from planner.solvers.trunk.kernel import FAR, KIND, SITE, City, roam
from planner.solvers.trunk.model import Model, whole_part
from planner.solvers.trunk.tasks import Found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.solvers.routing.program import Floats, Ints
    from planner.solvers.trunk.filling import Filling
    from planner.solvers.trunk.ground import Ground
    from planner.solvers.trunk.tasks import Allowance, Line

_STEPS: Final = 75
"""Of every walk."""
_WARMTH: Final = 4e-3
"""Of a city's last resorts: how much worse the next plan of a walk may be."""
_KEPT: Final = 600
"""Plans of every city in the master program, best at its prices first."""
_CALM: Final = 0.5
"""Share of the old prices in the new ones."""
_CHOOSE_SHARE: Final = 0.6
"""Of the seconds for a plan, for its coaches; the rest for whole parties in them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Walk:
    """A walk through one city's plans."""

    number: int
    city: City
    tolls: Ints
    start: Ints
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Plan:
    """What a city's coaches save against its last resorts, and the vehicles away by kind and day."""

    saved: int
    runs: Ints
    busy: Ints


Seen = tuple[int, tuple[np.ndarray, np.ndarray, np.ndarray]]
"""A city's number, and what ``roam`` saw there."""


def walk(line: Line, walks: Sequence[Walk], *, steps: int = _STEPS) -> list[Seen]:
    """Walk through cities, one after another, until told to stop."""
    seen: list[Seen] = []
    for asked in walks:
        if line.stopped():
            break
        dice = np.array([0x9E3779B97F4A7C15 ^ (asked.seed + 1)], dtype=np.uint64)
        warmth = max(_WARMTH * float(asked.city.heads @ asked.city.resort), 1.0)
        seen.append((asked.number, roam(asked.city, asked.tolls, asked.start, steps, warmth, dice)))
    return seen


class Pool:
    """Plans by city, and the prices of vehicles at which to look for more.

    ``rounds`` counts the rounds of walks that were taken in.
    """

    def __init__(self, ground: Ground, vehicle: Ints) -> None:
        self._ground = ground
        self.vehicle: Ints = vehicle
        self._names = sorted({group.city for group in ground.groups})
        self._cities = [_city(ground, name) for name in self._names]
        nothing = _Plan(saved=0, runs=np.zeros((0, 2), dtype=np.int64), busy=np.zeros_like(vehicle))
        self._plans = [{b"": nothing} for _ in self._cities]
        self.rounds = 0

    def walks(self, seed: int) -> list[Walk]:
        """The walks of the next round, each from the best plan so far; the longest first."""
        tolls = toll(self._ground, self.vehicle)
        walks: list[Walk] = []
        for number, (city, sites) in enumerate(self._cities):
            best = max(self._plans[number].values(), key=self._worth)
            one = (seed * 1_000 + self.rounds) * len(self._cities) + number
            walks.append(Walk(number=number, city=city, tolls=tolls[:, sites], start=best.runs, seed=one))
        return sorted(walks, key=lambda walk: -walk.city.fen.size)

    def _worth(self, plan: _Plan) -> int:
        return plan.saved - int((plan.busy * self.vehicle).sum())

    def take(self, seen: Sequence[Seen]) -> None:
        """Put what was seen into the pool."""
        self.rounds += 1
        for number, (counts, saves, plans) in seen:
            for count, saved, runs in zip(counts.tolist(), saves.tolist(), plans, strict=True):
                coaches = runs[:count]
                ordered = coaches[np.lexsort((coaches[:, SITE], coaches[:, KIND]))]
                key = ordered.tobytes()
                if key not in self._plans[number]:
                    busy = self._ground.busy(self._coaches(number, ordered))
                    self._plans[number][key] = _Plan(saved=saved, runs=ordered, busy=busy)

    def _coaches(self, number: int, runs: Ints) -> Ints:
        coaches = np.zeros_like(self._ground.coach_fen)
        np.add.at(coaches, (runs[:, KIND], self._cities[number][1][runs[:, SITE]]), 1)
        return coaches

    def reprice(self, limits: Limits) -> None:
        """Prices nearer to the master program's dual values."""
        _, program = self._master()
        relaxed = relax(program, limits=limits)
        if relaxed is not None:
            duals: Floats = np.maximum(-relaxed[0].duals[len(self._cities) :] / SCALE, 0.0)
            mixed = _CALM * self.vehicle + (1 - _CALM) * duals.reshape(self.vehicle.shape)
            self.vehicle = np.rint(mixed).astype(np.int64)

    def _master(self) -> tuple[list[tuple[int, _Plan]], Program]:
        """One plan of every city, within the fleet."""
        chosen: list[tuple[int, _Plan]] = []
        for number, plans in enumerate(self._plans):
            best = sorted(plans.values(), key=self._worth, reverse=True)[:_KEPT]
            # Whatever the others take there is the plan without coaches.
            chosen += [(number, plan) for plan in [plans[b""], *(plan for plan in best if plan.runs.size)]]
        city = np.array([number for number, _ in chosen], dtype=np.int64)
        busy = np.array([plan.busy.ravel() for _, plan in chosen])
        column, day = np.nonzero(busy)
        cities = len(self._cities)
        fleet = self._ground.vehicles.ravel()
        one = np.ones(cities, dtype=np.int64)
        program = Program(
            costs=np.array([-plan.saved for _, plan in chosen], dtype=np.int64),
            most=np.ones(len(chosen), dtype=np.int64),
            row=np.concatenate([city, cities + day]),
            column=np.concatenate([np.arange(len(chosen)), column]),
            value=np.concatenate([np.ones_like(city), busy[column, day]]),
            lower=np.concatenate([one, np.full(fleet.size, -UNBOUNDED)]),
            upper=np.concatenate([one, fleet]),
        )
        return chosen, program

    def choose(self, limits: Limits) -> Ints:
        """Coaches by kind and site of the best plans side by side."""
        chosen, program = self._master()
        start = np.array([not plan.runs.size for _, plan in chosen], dtype=np.int64)
        found = solve_whole(program, start=start, limits=limits)
        columns = start if found is None or program.priced(found[0]) is None else found[0]
        coaches = np.zeros_like(self._ground.coach_fen)
        for column in np.flatnonzero(columns).tolist():
            number, plan = chosen[column]
            coaches += self._coaches(number, plan.runs)
        return coaches

    def known(self) -> dict[int, int]:
        """By city, what its best plan pays at the prices: it never pays more than that."""
        return {
            name: int(city.heads @ city.resort) - max(map(self._worth, plans.values()))
            for name, (city, _), plans in zip(self._names, self._cities, self._plans, strict=True)
        }


def _city(ground: Ground, number: int) -> tuple[City, Ints]:
    """A city's arrays, and its sites' numbers."""
    groups = np.flatnonzero(np.array([group.city == number for group in ground.groups]))
    ways = np.flatnonzero(ground.site_city[ground.way_site] == number)
    sites = np.unique(ground.way_site[ways])
    fen = np.full((groups.size, sites.size), FAR)
    at = np.searchsorted(groups, ground.way_group[ways]), np.searchsorted(sites, ground.way_site[ways])
    fen[at] = ground.way_fen[ways]
    city = City(
        fen=fen,
        heads=ground.heads[groups],
        resort=ground.resort_fen[groups],
        day=ground.site_day[sites],
        away=ground.site_away[sites],
        coach=np.where(ground.most[:, sites] > 0, ground.coach_fen[:, sites], -1),
        seats=ground.seats,
        least=ground.least,
        vehicles=ground.vehicles,
        short=ground.problem.weights.short_fen,
    )
    return city, sites


def choose(line: Line, ground: Ground, pool: Pool, allowance: Allowance) -> Found:  # noqa: PLR0917  # a task
    """The pool's best plan, with whole parties in its coaches."""
    limits = allowance.limits(line.stopped)
    seconds = limits.seconds
    first = replace(limits, seconds=None if seconds is None else seconds * _CHOOSE_SHARE)
    coaches = pool.choose(first)
    rest = replace(limits, seconds=None if seconds is None else seconds * (1 - _CHOOSE_SHARE))
    return Found(filling=seat_well(ground, coaches, limits=rest))


def seat_well(ground: Ground, coaches: Ints, *, limits: Limits) -> Filling:
    """Whole parties in these coaches, by branch and bound; coaches that cost more than they save stay."""
    first = seat(ground, coaches)
    sites = np.flatnonzero(coaches.any(axis=0))
    part = whole_part(ground)
    near = np.isin(part.place, sites)
    if not near.any():
        return first
    part = replace(
        part, choices=part.choices[near], place=np.searchsorted(sites, part.place[near]), sites=sites
    )
    model = Model(ground, part)
    small = replace(first, chosen=first.chosen[near], coaches=first.coaches[:, sites])
    search = model.search(small)
    program = replace(search.program, most=np.where(search.coaches, search.start, search.program.most))
    found = solve_whole(program, start=search.start, limits=limits)
    if found is None or program.priced(found[0]) is None:
        return first
    new = model.decode(found[0])
    chosen, ours = np.zeros_like(first.chosen), np.zeros_like(first.coaches)
    chosen[near], ours[:, sites] = new.chosen, new.coaches
    return replace(first, chosen=chosen, resort=new.resort, coaches=ours)
