"""Large-neighbourhood search over tours, compiled: strings of near calls out, each back where cheapest.

Slack induction by string removals (Christiaens & Vanden Berghe 2020) on squad-days, with simulated annealing;
now and then a squad's days change places (market days) or a night is spent elsewhere.
"""
# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from planner.solvers.routing.strings_data import draw, unit
from planner.solvers.tours.ground import (
    BASE,
    CLOSES,
    COUNT,
    DAYS,
    END,
    MOST,
    NIGHTS,
    PRICE,
    SIZE,
    SOFT,
    TRAVEL,
    VILLAGE,
)
from planner.solvers.tours.steps import (
    find_place,
    find_tops,
    may_take,
    refresh,
    take_in,
    take_out,
    uneven_fen,
)

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints
    from planner.solvers.tours.ground import Desk, Ground, State

_OUT: Final = 12
"""Calls taken out on average."""
_LONGEST: Final = 8
"""Calls of a tour taken out at most."""
_TRIED: Final = 12
"""Calls left out before that are tried again in an iteration."""
_BLINK: Final = 0.01
_NEAR: Final = 25
"""Villages beside whose calls one is put."""
_SWAPS: Final = 0.1
_NIGHTS: Final = 0.15
"""Shares of iterations that begin with another night or two days changing places."""
_RANKS: Final = 5

SAVED: Final = 0
ROUND: Final = 1
OUT: Final = 2
WAS_TRAVEL: Final = 3
WAS_SOFT: Final = 4


@njit(cache=True, inline="always")
def _save(s: State, d: Desk, r: int) -> None:  # noqa: PLR0917  # numba kernels take arrays by position
    if d.stamp[r] == d.marks[ROUND]:
        return
    d.stamp[r] = d.marks[ROUND]
    n = d.marks[SAVED]
    d.saved[n, 0], d.saved[n, 1], d.saved[n, 2] = r, s.tours[r, SIZE], s.tours[r, END]
    for place in range(s.tours[r, SIZE]):
        d.saved[n, 3 + place] = s.seq[r, place]
    d.marks[SAVED] = n + 1


@njit(cache=True)
def _undo(g: Ground, s: State, d: Desk) -> None:  # noqa: PLR0917  # as above
    """Everything as it was when this iteration began."""
    for n in range(d.marks[SAVED]):
        r = d.saved[n, 0]
        while s.tours[r, SIZE] > 0:
            take_out(g, s, r, s.tours[r, SIZE] - 1)
    for n in range(d.marks[SAVED]):
        r = d.saved[n, 0]
        s.tours[r, END] = d.saved[n, 2]
        for place in range(d.saved[n, 1]):
            take_in(g, s, d.saved[n, 3 + place], r, place)
    for n in range(d.marks[SAVED]):
        refresh(g, s, d.saved[n, 0])


@njit(cache=True)
def _begin(d: Desk) -> None:
    d.marks[ROUND] += 1
    d.marks[SAVED] = 0
    d.marks[OUT] = 0


@njit(cache=True, inline="always")
def _put_out(g: Ground, s: State, d: Desk, r: int, place: int) -> None:  # noqa: PLR0917  # as above
    d.out[d.marks[OUT]] = take_out(g, s, r, place)
    d.marks[OUT] += 1


@njit(cache=True)
def _ruin(g: Ground, s: State, d: Desk) -> None:  # noqa: PLR0917  # as above
    """Take strings out of the tours that call near a random village."""
    used, calls = 0, s.total[COUNT]
    for r in range(s.tours.shape[0]):
        used += s.tours[r, SIZE] > 0
    longest = min(float(_LONGEST), calls / max(used, 1))
    strings = int(unit(d.dice) * (4.0 * _OUT / (1.0 + longest) - 1.0)) + 1
    v = g.calls[draw(d.dice) % g.calls.shape[0], VILLAGE]
    for rank in range(g.near.shape[1]):
        for member in range(g.members.shape[1]):
            c = g.members[g.near[v, rank], member]
            if c < 0 or strings == 0:
                break
            r = s.where[c, 0]
            if r < 0 or d.stamp[r] == d.marks[ROUND]:
                continue
            strings -= 1
            _save(s, d, r)
            size = s.tours[r, SIZE]
            length = int(unit(d.dice) * min(float(size), longest)) + 1
            at = s.where[c, 1]
            first = max(at - length + 1, 0)
            first += int(unit(d.dice) * (min(at, size - length) - first + 1))
            for _ in range(length):
                _put_out(g, s, d, r, first)
            refresh(g, s, r)
        if strings == 0:
            return


@njit(cache=True)
def _ask_back(s: State, d: Desk) -> None:  # as above
    """Some of the calls that were left out before try too."""
    calls = s.where.shape[0]
    missing = calls - s.total[COUNT] - d.marks[OUT]
    if missing <= 0:
        return
    own, c = d.marks[OUT], draw(d.dice) % calls
    for _ in range(calls):
        c = c + 1 if c + 1 < calls else 0
        if s.where[c, 0] >= 0:
            continue
        known = False
        for n in range(own):
            known = known or d.out[n] == c
        if not known:
            d.out[d.marks[OUT]] = c
            d.marks[OUT] += 1
            if d.marks[OUT] - own >= min(_TRIED, missing):
                return


@njit(cache=True)
def recreate(g: Ground, s: State, d: Desk, blink: float, near: int) -> None:  # noqa: PLR0917  # as above
    """Put the calls in ``out`` back, each where it costs least, if that is less than its prize."""
    many = d.marks[OUT]
    rank = draw(d.dice) % _RANKS
    for n in range(many):
        d.key[n] = unit(d.dice) if rank == _RANKS - 1 else g.ranks[d.out[n], rank]
    order = np.argsort(d.key[:many], kind="mergesort")
    uneven_fen(g, s, d)
    for n in range(many):
        c = d.out[order[n]]
        find_place(g, s, d, int(c), blink, near)
        r = d.found[1]
        if r >= 0 and d.found[0] < 0:
            _save(s, d, r)
            take_in(g, s, int(c), r, d.found[2])
            refresh(g, s, r)
            if d.even[PRICE] == 0:
                find_tops(g, s, d.tops)


@njit(cache=True)
def _swap_days(g: Ground, s: State, d: Desk) -> bool:  # noqa: PLR0917  # as above
    """Let two days of one squad change places; whether that is lawful."""
    days = g.numbers[DAYS]
    k = draw(d.dice) % g.squads.shape[0]
    one, two = k * days + draw(d.dice) % days, k * days + draw(d.dice) % days
    if one == two or g.hours[one, CLOSES] < 0 or g.hours[two, CLOSES] < 0:
        return False
    _save(s, d, one)
    _save(s, d, two)
    for r in (one, two):
        while s.tours[r, SIZE] > 0:
            take_out(g, s, r, s.tours[r, SIZE] - 1)
        refresh(g, s, r)
    for n in range(2):
        r = two if n == 0 else one
        for place in range(d.saved[n, 1]):
            c = d.saved[n, 3 + place]
            if not may_take(g, s, d.free, c, r):
                return False
            take_in(g, s, c, r, place)
        if not refresh(g, s, r):
            return False
    return True


@njit(cache=True)
def _nights_ok(g: Ground, s: State, r: int) -> bool:  # noqa: PLR0917  # as above
    """Whether the nights away in a row about a tour's are not too many."""
    days = g.numbers[DAYS]
    k, row = r // days, 0
    for day in range(days):
        away = s.tours[k * days + day, END] != g.squads[k, BASE]
        row = row + 1 if away else 0
        if row > g.squads[k, NIGHTS]:
            return False
    return True


@njit(cache=True)
def _move_night(g: Ground, s: State, d: Desk) -> int:  # noqa: PLR0917  # as above
    """Spend a random night elsewhere; calls that then come too late go out. The tour, -1 if that is unlawful.

    A tour left without calls may be unlawful until it has some: on another way there may be a road.
    """
    days = g.numbers[DAYS]
    r = draw(d.dice) % g.hours.shape[0]
    k = r // days
    if g.squads[k, NIGHTS] == 0 or r % days == days - 1:
        return -1
    if g.hours[r, CLOSES] < 0 or g.hours[r + 1, CLOSES] < 0:
        return -1
    pick = draw(d.dice) % (2 * g.lodges.shape[0])
    node = g.lodges[pick] if pick < g.lodges.shape[0] else g.squads[k, BASE]
    if node == s.tours[r, END]:
        return -1
    _save(s, d, r)
    _save(s, d, r + 1)
    s.tours[r, END] = node
    if not _nights_ok(g, s, r):
        return -1
    for tour in (r, r + 1):
        while not refresh(g, s, tour) and s.tours[tour, SIZE] > 0:
            _put_out(g, s, d, tour, s.tours[tour, SIZE] - 1)
    return r


@njit(cache=True)
def keep_best(s: State, d: Desk) -> None:  # as above
    """Remember the plan."""
    for r in range(s.tours.shape[0]):
        d.best[r, 0] = s.tours[r, SIZE]
        d.best[r, 1] = s.tours[r, END]
        for place in range(s.tours[r, SIZE]):
            d.best[r, 2 + place] = s.seq[r, place]


@njit(cache=True, nogil=True)
def roam(  # noqa: PLR0913, PLR0917  # as above
    g: Ground, s: State, d: Desk, rounds: int, warm: float, cool: float, best: int
) -> int:
    """Go on for some rounds while the temperature falls; the least fen so far, whose plan is kept."""
    now = s.total[TRAVEL] + s.total[SOFT] + uneven_fen(g, s, d)
    overnight = g.lodges.shape[0] > 0 and g.squads[:, NIGHTS].max() > 0
    heat, factor = warm, (cool / warm) ** (1.0 / rounds)
    for _ in range(rounds):
        heat *= factor
        _begin(d)
        dice, lawful, night = unit(d.dice), True, -1
        if dice < _SWAPS:
            lawful = _swap_days(g, s, d)
        else:
            if overnight and dice < _SWAPS + _NIGHTS:
                night = _move_night(g, s, d)
                lawful = night >= 0
            if lawful:
                _ruin(g, s, d)
                _ask_back(s, d)
                recreate(g, s, d, _BLINK, _NEAR)
            if night >= 0:
                lawful = refresh(g, s, night) and refresh(g, s, night + 1)
        fen = s.total[TRAVEL] + s.total[SOFT] + uneven_fen(g, s, d)
        if lawful and fen < now - heat * np.log(max(unit(d.dice), 1e-12)):
            now = fen
            true = s.total[TRAVEL] + s.total[SOFT] + find_tops(g, s, d.tops)
            if true < best:
                best = true
                keep_best(s, d)
        else:
            _undo(g, s, d)
    return best


@njit(cache=True, nogil=True)
def build(g: Ground, s: State, d: Desk) -> int:  # noqa: PLR0917  # as above
    """Put every call that is out where it costs least; the fen, and the plan is kept."""
    _begin(d)
    for c in range(s.where.shape[0]):
        if s.where[c, 0] < 0:
            d.out[d.marks[OUT]] = c
            d.marks[OUT] += 1
    recreate(g, s, d, 0.0, g.near.shape[1])
    keep_best(s, d)
    return s.total[TRAVEL] + s.total[SOFT] + find_tops(g, s, d.tops)


@njit(cache=True)
def _callable(g: Ground, s: State, d: Desk, v: int, r: int) -> int:  # noqa: PLR0917  # as above
    """A call at the village that a tour may take, -1 if there is none."""
    for member in range(g.members.shape[1]):
        c = g.members[v, member]
        if c < 0:
            break
        if s.where[c, 0] < 0 and may_take(g, s, d.free, c, r):
            return c
    return -1


@njit(cache=True, nogil=True)
def lay_out(g: Ground, s: State, d: Desk, paths: Ints) -> None:  # noqa: PLR0917  # as above
    """Make tours of rows of squad, day and villages in order; calls that break a rule are left out."""
    days = g.numbers[DAYS]
    for n in range(paths.shape[0]):
        r = paths[n, 0] * days + paths[n, 1]
        for place in range(2, paths.shape[1]):
            v = paths[n, place]
            if v < 0 or s.tours[r, SIZE] >= g.squads[paths[n, 0], MOST]:
                break
            c = _callable(g, s, d, v, r)
            if c >= 0:
                take_in(g, s, c, r, s.tours[r, SIZE])
                if not refresh(g, s, r):
                    take_out(g, s, r, s.tours[r, SIZE] - 1)
                    refresh(g, s, r)
