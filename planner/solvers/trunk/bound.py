"""A bound from prices: what heads and vehicles are worth, and the best every site could make of them.

Lagrangian relaxation of "every head leaves once" and of the fleet by day. What is left falls apart into
sites: a coach more is sent where the heads it would take are worth more than it costs, and choosing the
best heads for so many seats is a sort. A site takes no group twice, so this is as strong as the linear
program with all rows ``heads of a group at a site <= group * coaches there``, and needs none of them. All
in integers: every value is a lawful bound, whatever the prices. They are bettered by deflected subgradient
steps towards a level (Brännlund 1993; Camerini, Fratta & Maffioli 1975).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from planner.solvers.routing.program import Floats, Ints
    from planner.solvers.trunk.ground import Ground

_FAR: Final = 1 << 40
"""More than any head is worth."""
_DEFLECT: Final = 0.9
_PATIENCE: Final = 15
"""Steps without a better bound after which the level comes nearer."""
_NEARER: Final = 0.7
_RUNS: Final = 6
"""Better bounds in a row after which the level goes farther."""
_FARTHER: Final = 1.6
_NEAR: Final = 3e-6
"""Share of the bound that the level is above it at the end."""
_FIRST: Final = 0.1
"""The same at the start."""
_SMOOTH: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Duals:
    """Prices in whole fen, and the bound they make: ``head`` by group, ``vehicle`` by kind and day.

    ``coaches`` by kind and site is a running mean over the steps: near the linear program's fractions.
    """

    head: Ints
    vehicle: Ints
    bound: int
    coaches: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """The bound of some prices, and what the sites would take: heads by group, coaches by kind and site."""

    bound: int
    used: Ints
    coaches: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tolls:
    """What is paid for what cities share: ``coach`` by kind and site, ``head`` by site (trains)."""

    coach: Ints
    head: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Division:
    """Cities apart at the ``tolls``: no plan costs less than all of them pay at least, less ``shared``.

    ``floor`` by city is that in the linear program's eyes; a coach to a site where none is wanted would
    raise it by ``regret``.
    """

    tolls: Tolls
    floor: Ints
    regret: Ints
    shared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How far to climb: at most ``steps``, from a level ``first`` above the bound (a share of it).

    Without ``fleet`` the prices of vehicles stay as they are.
    """

    steps: int
    first: float = _FIRST
    fleet: bool = True
    stop: Callable[[], bool] = field(default=lambda: False)
    tell: Callable[[int], None] = field(default=lambda _bound: None)


class Sites:
    """What every site could make of prices; coaches by kind and site between ``low`` and ``high``."""

    def __init__(self, ground: Ground, *, low: Ints | None = None, high: Ints | None = None) -> None:
        self.ground = ground
        self._low = np.zeros_like(ground.most) if low is None else low
        self._high = np.where(ground.coach_fen < 0, 0, ground.most if high is None else high)
        self._order = np.arange(ground.way_group.size)

    def evaluate(self, head: Ints, vehicle: Ints) -> Answer:  # prices
        """The bound that these prices make, and what the sites would take at them."""
        ground = self.ground
        ranking = _Ranking(ground, head, order=self._order)
        self._order = ranking.order
        bound = ground.fixed_fen + int(head @ ground.heads) - int((vehicle * ground.vehicles).sum())
        used, coaches = np.zeros_like(ground.heads), np.zeros_like(ground.coach_fen)
        tolls = toll(ground, vehicle)
        for kind in range(coaches.shape[0]):
            cost = ground.coach_fen[kind] + tolls[kind]
            coaches[kind], loads, values = self._send(kind, cost=cost, ranking=ranking)
            bound -= int(values.sum())
            used += ranking.taken(loads)
        if ground.train_seats.size:
            loads = np.zeros(ground.sites, dtype=np.int64)
            trains = ground.train_sites
            value, loads[trains] = ranking.gain(trains, seats=ground.train_seats, least=ground.train_least)
            bound -= int(value.sum())
            used += ranking.taken(loads)
        return Answer(bound=bound, used=used, coaches=coaches)

    def divide(self, duals: Duals) -> Division:
        """Cities apart, at these prices of vehicles and the price of a seat on every train."""
        ground = self.ground
        ranking, tolls = _Ranking(ground, duals.head, order=self._order), toll(ground, duals.vehicle)
        city = np.array([group.city for group in ground.groups], dtype=np.int64)
        worth, regret = np.zeros(ground.sites, dtype=np.int64), np.full(ground.sites, _FAR)
        for kind, cost in enumerate(ground.coach_fen + tolls):
            coaches, _, values = self._send(kind, cost=cost, ranking=ranking)
            worth += values
            seats, least = np.full((2, ground.sites), [[ground.seats[kind]], [ground.least[kind]]])
            first, _ = ranking.gain(np.arange(ground.sites), seats=seats, least=least)
            idle = np.where(self._high[kind] > 0, np.maximum(cost - first, 0), _FAR)
            regret = np.minimum(regret, np.where(coaches > 0, 0, idle))
        trains, fares = ground.train_sites, np.zeros(ground.sites, dtype=np.int64)
        fares[trains] = ranking.fares(trains, seats=ground.train_seats, least=ground.train_least)
        on_board = np.flatnonzero(ground.site_train[ground.way_site] >= 0)
        group, site = ground.way_group[on_board], ground.way_site[on_board]
        ticket = np.maximum(duals.head[group] - ground.way_fen[on_board] - fares[site], 0)
        floor = np.zeros(len(ground.problem.scheduled_fen), dtype=np.int64)
        np.add.at(floor, city, duals.head * ground.heads)
        np.subtract.at(floor, ground.site_city[ground.site_city >= 0], worth[ground.site_city >= 0])
        np.subtract.at(floor, city[group], ticket * ground.heads[group])
        seats = np.where(fares[trains] >= 0, ground.train_seats, ground.train_least)
        shared = int((duals.vehicle * ground.vehicles).sum()) + int(fares[trains] @ seats)
        return Division(
            tolls=Tolls(coach=tolls, head=fares),
            floor=floor,
            regret=regret,
            shared=shared - ground.fixed_fen,
        )

    def _send(self, kind: int, *, cost: Ints, ranking: _Ranking) -> tuple[Ints, Ints, Ints]:
        """The best number of coaches of a kind at every site, their heads, and what they are worth.

        What a coach more is worth falls with their number, so counting up ends where one is worth nothing.
        """
        ground, low, high = self.ground, self._low[kind], self._high[kind]
        coaches, loads = np.zeros(ground.sites, dtype=np.int64), np.zeros(ground.sites, dtype=np.int64)
        values = np.zeros(ground.sites, dtype=np.int64)
        open_, number = np.flatnonzero(high), 0
        before = np.zeros(open_.size, dtype=np.int64)
        while open_.size:
            number += 1
            asked = np.full(open_.size, number, dtype=np.int64)
            seats, least = ground.seats[kind] * asked, ground.least[kind] * asked
            value, load = ranking.gain(open_, seats=seats, least=least)
            gained = value - before - cost[open_]
            better = (gained > 0) | (low[open_] >= number)
            values[open_[better]] += gained[better]
            open_, before = open_[better], value[better]
            coaches[open_], loads[open_] = number, load[better]
            more = high[open_] > number
            open_, before = open_[more], before[more]
        return coaches, loads, values


class _Ranking:
    """The ways of every site, most worth first at some prices; ``order`` has them site by site."""

    def __init__(self, ground: Ground, head: Ints, *, order: Ints) -> None:
        self._ground = ground
        self._worth = head[ground.way_group] - ground.way_fen
        key = ground.way_site * _FAR - self._worth
        # The order of the last prices is nearly right, and the stable sort likes that.
        self.order: Ints = order[np.argsort(key[order], kind="stable")]
        heads = ground.heads[ground.way_group]
        self._heads: Ints = heads[self.order]
        self._before = np.concatenate([[0], np.cumsum(self._heads)])
        self._value = np.concatenate([[0], np.cumsum(self._heads * self._worth[self.order])])
        begins = np.searchsorted(ground.way_site, np.arange(ground.sites + 1))
        self._begins = begins[:-1]
        self._first: Ints = self._before[self._begins]
        self._all: Ints = self._before[begins[1:]] - self._first
        self._good = self._count(heads, above=0)
        self._filling = self._count(heads, above=-ground.problem.weights.short_fen)

    def _count(self, heads: Ints, *, above: int) -> Ints:
        """By site, heads worth more than that."""
        taken = np.where(self._worth > above, heads, 0)
        count = np.bincount(self._ground.way_site, weights=taken, minlength=self._ground.sites)
        return count.astype(np.int64)

    def gain(self, sites: Ints, *, seats: Ints, least: Ints) -> tuple[Ints, Ints]:
        """What the best heads for so many seats are worth, less what is short of ``least``; and how many."""
        wanted = np.maximum(self._good[sites], np.minimum(self._filling[sites], least))
        loads = np.minimum(np.minimum(seats, wanted), self._all[sites])
        value = np.zeros(sites.size, dtype=np.int64)
        some = np.flatnonzero(loads)
        begins, until = self._begins[sites[some]], self._first[sites[some]] + loads[some]
        last = np.searchsorted(self._before, until, side="left")
        over = self._before[last] - until
        worth = self._worth[self.order[last - 1]]
        value[some] = self._value[last] - self._value[begins] - over * worth
        return value - np.maximum(least - loads, 0) * self._ground.problem.weights.short_fen, loads

    def fares(self, sites: Ints, *, seats: Ints, least: Ints) -> Ints:
        """What a seat is worth where seats are short; below nothing where heads are."""
        _, loads = self.gain(sites, seats=seats, least=least)
        place = np.searchsorted(self._before, self._first[sites] + loads, side="right") - 1
        more = loads < self._all[sites]
        ranked = self._worth[self.order] if self.order.size else np.zeros(1, dtype=np.int64)
        after = np.where(more, ranked[np.minimum(place, ranked.size - 1)], -_FAR)
        short = self._ground.problem.weights.short_fen
        fares = np.where(loads > least, 0, np.minimum(np.maximum(after, -short), 0))
        return np.where(loads >= seats, np.maximum(after, 0), fares)

    def taken(self, loads: Ints) -> Ints:
        """By group, the heads in the best ``loads`` heads of every site."""
        ground = self._ground
        site = ground.way_site[self.order]
        place = self._before[:-1] - self._first[site]
        heads = np.clip(loads[site] - place, 0, self._heads)
        used = np.bincount(ground.way_group[self.order], weights=heads, minlength=ground.heads.size)
        return used.astype(np.int64)


def toll(ground: Ground, vehicle: Ints) -> Ints:
    """By kind and site, what the vehicle-days of a coach from there are worth at these prices."""
    kinds, days = vehicle.shape
    until = np.concatenate([np.zeros((kinds, 1), dtype=np.int64), np.cumsum(vehicle, axis=1)], axis=1)
    end = np.minimum(ground.site_day + ground.site_away, days)
    return until[:, end] - until[:, ground.site_day]


def first_prices(ground: Ground) -> Duals:
    """Every head at the price of a seat in a full coach, or of its last resort: what bounds better."""
    fen = np.where(ground.coach_fen < 0, _FAR, ground.coach_fen)
    seat = (fen // np.maximum(ground.seats[:, None], 1)).min(axis=0, initial=_FAR)
    seat[ground.train_sites] = 0
    head = ground.resort_fen.copy()
    np.minimum.at(head, ground.way_group, seat[ground.way_site] + ground.way_fen)
    vehicle, sites = np.zeros_like(ground.vehicles), Sites(ground)
    tried = [(sites.evaluate(prices, vehicle).bound, prices) for prices in (head, ground.resort_fen)]
    bound, head = max(tried, key=lambda pair: pair[0])
    return Duals(head=head, vehicle=vehicle, bound=bound, coaches=np.zeros(ground.coach_fen.shape))


def climb(sites: Sites, duals: Duals, *, patience: Patience) -> Duals:
    """Better prices for the same sites, from some for sites that may have differed."""
    climber = _Climber(sites, duals, patience=patience)
    for _ in range(patience.steps):
        if patience.stop() or climber.done:
            break
        if climber.step():
            patience.tell(climber.best.bound)
    return Duals(
        head=climber.best.head, vehicle=climber.best.vehicle, bound=climber.best.bound, coaches=climber.mean
    )


def _whole(prices: Floats) -> Ints:
    return np.rint(prices).astype(np.int64)


class _Climber:
    """Prices on their way up; ``best`` are the best so far."""

    def __init__(self, sites: Sites, duals: Duals, *, patience: Patience) -> None:
        ground = sites.ground
        self._sites = sites
        self._head: Floats = duals.head.astype(float)
        self._vehicle: Floats = duals.vehicle.astype(float)
        self._answer = sites.evaluate(duals.head, duals.vehicle)
        self.best = Duals(
            head=duals.head, vehicle=duals.vehicle, bound=self._answer.bound, coaches=duals.coaches
        )
        self.mean = duals.coaches if duals.coaches.any() else self._answer.coaches.astype(float)
        self._above = patience.first * abs(self._answer.bound)
        self._fleet = patience.fleet
        self._passed, self._idle, self._runs = self._answer.bound, 0, 0
        self._way: tuple[Floats, Floats] | None = None
        self._by_head = 1.0 / ground.heads
        vehicles: Ints = np.maximum(ground.vehicles, 1)
        self._by_vehicle: Floats = ground.seats[:, None] / vehicles
        self.done = False

    def step(self) -> bool:
        """Go one step; whether the bound is better."""
        if not self._move():
            self.done = True
            return False
        head, vehicle = _whole(self._head), _whole(self._vehicle)
        self._answer = self._sites.evaluate(head, vehicle)
        self.mean = (1 - _SMOOTH) * self.mean + _SMOOTH * self._answer.coaches
        bound = self._answer.bound
        if bound <= self.best.bound:
            self._wait()
            return False
        self.best = Duals(head=head, vehicle=vehicle, bound=bound, coaches=self.mean)
        self._runs += 1
        if self._runs >= _RUNS:
            self._above, self._runs = self._above * _FARTHER, 0
        if bound >= self._passed + self._above / 2:
            self._passed, self._idle = bound, 0
        return True

    def _move(self) -> bool:
        """Along the subgradient and the way so far, as far as the level would be on a straight line."""
        ground = self._sites.ground
        heads = (ground.heads - self._answer.used).astype(float)
        vehicles = (ground.busy(self._answer.coaches) - ground.vehicles).astype(float)
        heads[(self._head >= ground.resort_fen) & (heads > 0)] = 0
        vehicles[((self._vehicle <= 0) & (vehicles < 0)) | (not self._fleet)] = 0
        if self._way is not None:
            heads, vehicles = heads + _DEFLECT * self._way[0], vehicles + _DEFLECT * self._way[1]
        self._way = heads, vehicles
        steep = float((heads**2 * self._by_head).sum() + (vehicles**2 * self._by_vehicle).sum())
        if steep <= 0:
            return False
        length = max(self.best.bound + self._above - self._answer.bound, 1) / steep
        self._head = np.minimum(self._head + length * self._by_head * heads, ground.resort_fen)
        self._vehicle = np.maximum(self._vehicle + length * self._by_vehicle * vehicles, 0)
        return True

    def _wait(self) -> None:
        """Count a step in vain; after many, start again from the best with a nearer level."""
        self._idle, self._runs = self._idle + 1, 0
        if self._idle < _PATIENCE:
            return
        self._idle, self._passed, self._way = 0, self.best.bound, None
        self._above *= _NEARER
        self._head, self._vehicle = self.best.head.astype(float), self.best.vehicle.astype(float)
        self._answer = self._sites.evaluate(self.best.head, self.best.vehicle)
        self.done = self._above < _NEAR * abs(self.best.bound)
