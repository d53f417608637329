"""What one city makes of some coaches, and which coaches suit it: the compiled heart of the pool of plans.

Single heads are seated, so a city's plan costs no more here than with whole parties. The cheapest seating
is a flow: a head goes where the chain of moves that it sets off costs least.
"""
# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit

from planner.solvers.routing.strings_data import draw, unit

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints
    from planner.solvers.routing.strings_data import Dice

FAR: Final = 1 << 40
"""Fen of what is not open to a group."""
_NEVER: Final = FAR // 2
"""Less than any move costs that is not open."""
MOST: Final = 12
"""Coaches of a city's plan at most."""
KIND: Final = 0
SITE: Final = 1
_NOISE: Final = 1.0
"""Share of a coach's worth by which it may look better or worse than it is."""
_VAIN: Final = 10
"""Coaches in a row that looked well and gained nothing, after which no more are tried."""
_GONE: Final = 3
"""Coaches taken out at once, at most."""


class City(NamedTuple):
    """One city: ``fen`` a head by group and site, ``coach`` by kind and site (-1: it does not go)."""

    fen: Ints
    heads: Ints
    resort: Ints
    day: Ints
    away: Ints
    coach: Ints
    seats: Ints
    """By kind, as ``least``."""
    least: Ints
    vehicles: Ints
    """By kind and day."""
    short: int
    """Fen of a head below the least."""


@njit(cache=True)
def _moves(city: City, runs: Ints, seated: Ints) -> tuple[Ints, Ints]:  # noqa: PLR0917  # a kernel
    """What it costs to move a head from one coach to another, and whose head is moved (-1: nobody's)."""
    many = runs.shape[0]
    fen, who = np.full((many, many), _NEVER), np.full((many, many), -1)
    for group in range(seated.shape[0]):
        for here in range(many):
            if seated[group, here] == 0:
                continue
            for there in range(many):
                more = city.fen[group, runs[there, SITE]] - city.fen[group, runs[here, SITE]]
                if here != there and more < fen[here, there]:
                    fen[here, there], who[here, there] = more, group
    return fen, who


@njit(cache=True)
def _spread(move: Ints, last: Ints) -> tuple[Ints, Ints]:
    """By coach, the cheapest chain of moves that one more head there sets off, and its next coach."""
    fen, after = last.copy(), np.full(last.size, -1)
    for _ in range(last.size):
        better = False
        for here in range(last.size):
            for there in range(last.size):
                chain = move[here, there] + fen[there]
                if chain < min(fen[here], _NEVER // 2):
                    fen[here], after[here] = chain, there
                    better = True
        if not better:
            break
    return fen, after


@njit(cache=True)
def _entry(city: City, runs: Ints, left: Ints, fen: Ints) -> tuple[int, int, int]:  # noqa: PLR0917  # a kernel
    """Who gains most by leaving the last resort and for which coach: fen, group, coach (-1: nobody)."""
    best, who, where = 0, -1, -1
    for group in range(left.size):
        if left[group] == 0:
            continue
        for coach in range(fen.size):
            more = city.fen[group, runs[coach, SITE]] + fen[coach] - city.resort[group]
            if more < best:
                best, who, where = more, group, coach
    return best, who, where


@njit(cache=True)
def _push(  # noqa: PLR0917  # a kernel
    seated: Ints, who: Ints, after: Ints, first: tuple[int, int, int]
) -> int:
    """Move up to ``first[2]`` heads of a group into a coach, and on along the chain; the last coach."""
    group, coach, heads = first
    seated[group, coach] += heads
    while after[coach] >= 0:
        there = after[coach]
        group = who[coach, there]
        seated[group, coach] -= heads
        seated[group, there] += heads
        coach = there
    return coach


@njit(cache=True)
def _narrowest(  # noqa: PLR0917  # a kernel
    seated: Ints, who: Ints, after: Ints, first: tuple[int, int]
) -> tuple[int, int]:
    """How many heads a chain from a coach can carry, and where it ends."""
    coach, heads = first
    while after[coach] >= 0:
        there = after[coach]
        heads = min(heads, seated[who[coach, there], coach])
        coach = there
    return heads, coach


@njit(cache=True)
def fill(city: City, runs: Ints) -> tuple[int, Ints]:
    """What these coaches save against last resorts, less what is short; and what heads are worth.

    That is by group, at most its last resort: what one head more would cost.
    """
    many, left = runs.shape[0], city.heads.copy()
    seated, loads = np.zeros((left.size, many), np.int64), np.zeros(many, np.int64)
    saved = 0
    for coach in range(many):
        saved -= int(city.least[runs[coach, KIND]]) * city.short
    while True:
        move, who = _moves(city, runs, seated)
        last = np.full(many, FAR)
        for coach in range(many):
            kind = runs[coach, KIND]
            if loads[coach] < city.seats[kind]:
                last[coach] = -city.short if loads[coach] < city.least[kind] else 0
        fen, after = _spread(move, last)
        best, group, coach = _entry(city, runs, left, fen)
        if group < 0:
            return saved, _prices(city, runs, seated, fen, move)
        heads, end = _narrowest(seated, who, after, (coach, left[group]))
        kind = runs[end, KIND]
        room = city.least[kind] if loads[end] < city.least[kind] else city.seats[kind]
        heads = min(heads, room - loads[end])
        loads[_push(seated, who, after, (group, coach, heads))] += heads
        left[group] -= heads
        saved -= best * heads


@njit(cache=True)
def _prices(  # noqa: PLR0917  # a kernel
    city: City, runs: Ints, seated: Ints, fen: Ints, move: Ints
) -> Ints:
    """By group, what one head more would cost, where somebody may be sent to the last resort for it."""
    last, prices = fen.copy(), city.resort.copy()
    for group in range(prices.size):
        for coach in range(last.size):
            if seated[group, coach] > 0:
                last[coach] = min(last[coach], city.resort[group] - city.fen[group, runs[coach, SITE]])
    last, _ = _spread(move, last)
    for group in range(prices.size):
        for coach in range(last.size):
            prices[group] = min(prices[group], city.fen[group, runs[coach, SITE]] + last[coach])
    return prices


@njit(cache=True)
def _rate(city: City, prices: Ints) -> Ints:
    """By kind and site, what the heads of one coach more would be worth at these prices."""
    kinds, sites = city.coach.shape
    rates = np.zeros((kinds, sites), np.int64)
    for site in range(sites):
        worth = prices - city.fen[:, site]
        near = np.flatnonzero(worth > -city.short)
        order = near[np.argsort(-worth[near])]
        for kind in range(kinds):
            heads = total = 0
            for group in order:
                most = city.seats[kind] if worth[group] > 0 else city.least[kind]
                taken = min(city.heads[group], most - heads)
                if taken <= 0:
                    break
                total, heads = total + taken * worth[group], heads + taken
            rates[kind, site] = total - max(city.least[kind] - heads, 0) * city.short
    return rates


@njit(cache=True)
def _is_free(free: Ints, kind: int, day: int, away: int) -> bool:  # noqa: PLR0917  # a kernel
    return free[kind, day : day + away].min() > 0


@njit(cache=True)
def _free(city: City, runs: Ints) -> Ints:
    """By kind and day, vehicles that these coaches leave."""
    free = city.vehicles.copy()
    for number in range(runs.shape[0]):
        kind, site = runs[number]
        for day in range(city.day[site], min(city.day[site] + city.away[site], free.shape[1])):
            free[kind, day] -= 1
    return free


@njit(cache=True)
def _pick(  # noqa: PLR0917  # a kernel
    city: City, gains: Ints, free: Ints, noise: float, dice: Dice
) -> tuple[int, int]:
    """Kind and site of the coach that would gain most, as far as the noise lets one see; -1 for none."""
    best, found = 0.0, (-1, -1)
    for kind in range(gains.shape[0]):
        for site in range(gains.shape[1]):
            if gains[kind, site] <= 0 or city.coach[kind, site] < 0:
                continue
            if not _is_free(free, kind, city.day[site], city.away[site]):
                continue
            looks = gains[kind, site] + city.coach[kind, site] * noise * (unit(dice) - 0.5)
            if looks > best:
                best, found = looks, (kind, site)
    return found


@njit(cache=True)
def _grow(  # noqa: PLR0917  # a kernel
    city: City, tolls: Ints, runs: Ints, many: int, dice: Dice
) -> tuple[int, int, int]:
    """Add coaches while one gains; how many there are then, what they save, and the same less tolls."""
    saved, prices = fill(city, runs[:many])
    paid = owed = 0
    for number in range(many):
        paid += int(city.coach[runs[number, KIND], runs[number, SITE]])
        owed += int(tolls[runs[number, KIND], runs[number, SITE]])
    noise, vain = _NOISE * unit(dice), 0
    gains = _rate(city, prices) - city.coach - tolls
    barred = np.zeros(gains.shape, np.bool_)
    while many < MOST and vain < _VAIN:
        kind, site = _pick(city, gains, _free(city, runs[:many]), noise, dice)
        if kind < 0:
            break
        runs[many, KIND], runs[many, SITE] = kind, site
        after, prices = fill(city, runs[: many + 1])
        if after - saved <= city.coach[kind, site] + tolls[kind, site]:
            # What gains nothing now gains less with more coaches.
            barred[kind, site], gains[kind, site], vain = True, 0, vain + 1
            continue
        saved, many, vain = after, many + 1, 0
        paid, owed = paid + city.coach[kind, site], owed + tolls[kind, site]
        gains = np.where(barred, 0, _rate(city, prices) - city.coach - tolls)
    return many, saved - paid, saved - paid - owed


@njit(cache=True)
def roam(  # noqa: PLR0917  # a kernel
    city: City, tolls: Ints, start: Ints, steps: int, warmth: float, dice: Dice
) -> tuple[Ints, Ints, Ints]:
    """Plans of a city seen on a walk: how many coaches each has, what it saves, and its coaches.

    The walk starts from some coaches and pays ``tolls`` by kind and site besides. At every step it takes
    out a few and adds what gains most; ``warmth`` in fen is by how much the next plan may be worse.
    """
    counts, saves = np.zeros(steps, np.int64), np.zeros(steps, np.int64)
    plans = np.zeros((steps, MOST, 2), np.int64)
    runs, many, current, at = np.zeros((MOST, 2), np.int64), start.shape[0], -FAR, 0
    runs[:many] = start
    for step in range(steps):
        many, saved, kept = _grow(city, tolls, runs, many, dice)
        counts[step], saves[step], plans[step] = many, saved, runs
        if kept >= current or unit(dice) < np.exp((kept - current) / warmth):
            current, at = kept, step
        else:
            many, runs = counts[at], plans[at].copy()
        for _ in range(1 + draw(dice) % _GONE):
            if many > 0:
                gone = draw(dice) % many
                many -= 1
                runs[gone] = runs[many]
    return counts, saves, plans
