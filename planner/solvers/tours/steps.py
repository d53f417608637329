"""Tours stop by stop, compiled: times, costs, the cheapest place for a call, and taking calls in and out."""
# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from numba import njit

from planner.solvers.routing.strings_data import unit
from planner.solvers.tours.ground import (
    BASE,
    BROKER,
    CHANGE,
    CLOSES,
    COST,
    COUNT,
    DAY,
    DAYS,
    DRIVE,
    DUE,
    END,
    FAR,
    FROM,
    LIMIT,
    LOWER,
    MOST,
    NIGHT_FEN,
    NODE,
    OPENS,
    PERCENT,
    PRICE,
    PRIZE,
    READY,
    SERVICE,
    SIZE,
    SOFT,
    SPACING,
    SPREAD,
    SQUAD,
    TARIFF,
    TO,
    TRAVEL,
    UPPER,
    VILLAGE,
    WAS,
    WAY_FEN,
    WAY_S,
    WEIGHT,
    WHEEL,
    WHEN,
    WHO,
    WORK,
)

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints
    from planner.solvers.tours.ground import Desk, Ground, State

_SCALE: Final = 10_000
_MILLION: Final = 1_000_000
_ENDS: Final = 3
"""Squads at the ends of whose tours a call is tried."""
_EMPTY: Final = 8
"""Squads that may make it in whose empty tours it is tried while a plan is bettered."""


@njit(cache=True, inline="always")
def begins(windows: Ints, v: int, day: int, now: int) -> int:  # noqa: PLR0917  # numba kernels take arrays by position
    """The earliest begin not before ``now``; -1 if there is none."""
    for place in range(windows.shape[2]):
        if windows[v, day, place, CLOSES] >= now:
            return max(now, windows[v, day, place, OPENS])
    return -1


@njit(cache=True, inline="always")
def latest(windows: Ints, v: int, day: int, until: int) -> int:  # noqa: PLR0917  # as above
    """The latest begin not after ``until``; -1 if there is none."""
    found = -1
    for place in range(windows.shape[2]):
        if windows[v, day, place, CLOSES] >= 0 and windows[v, day, place, OPENS] <= until:
            found = min(windows[v, day, place, CLOSES], until)
    return found


@njit(cache=True, inline="always")
def start_of(g: Ground, s: State, r: int) -> int:  # noqa: PLR0917  # as above
    """The node where a tour's squad wakes up."""
    days = g.numbers[DAYS]
    if r % days == 0 or g.hours[r - 1, CLOSES] < 0:
        return g.squads[r // days, BASE]
    return s.tours[r - 1, END]


@njit(cache=True)
def refresh(g: Ground, s: State, r: int) -> bool:  # noqa: PLR0917  # as above
    """Reckon a tour anew after a change; whether it is lawful in time."""
    price, seconds, villages, calls, windows = g.fen, g.seconds, g.villages, g.calls, g.windows
    seq, tours, gaps, where = s.seq, s.tours, s.gaps, s.where
    k, day, size, end = g.slots[r, WHO], g.slots[r, WHEN], tours[r, SIZE], tours[r, END]
    tariff, closes = g.squads[k, TARIFF], g.hours[r, CLOSES]
    node, now, fen, work, drive, lawful = start_of(g, s, r), g.hours[r, OPENS], 0, 0, 0, True
    for place in range(size + 1):
        v = calls[seq[r, place], VILLAGE] if place < size else -1
        there = villages[v, NODE] if place < size else end
        way, cost = seconds[tariff, node, there], price[tariff, node, there]
        gaps[r, place, FROM], gaps[r, place, READY], gaps[r, place, TO] = node, now, there
        gaps[r, place, WAY_FEN], gaps[r, place, WAY_S] = cost, way
        fen += cost
        drive += way
        node, now = there, now + way
        if place < size:
            where[seq[r, place], 1] = place
            begin = begins(windows, v, day, now) if lawful else -1
            lawful = lawful and begin >= 0
            now = begin + villages[v, SERVICE]
            work += villages[v, SERVICE]
    lawful = lawful and (now <= closes or (size == 0 and drive == 0))
    lawful = lawful and drive <= g.squads[k, WHEEL]
    gaps[r, size, DUE] = closes
    for place in range(size - 1, -1, -1):
        v = calls[seq[r, place], VILLAGE]
        limit = gaps[r, place + 1, DUE] - gaps[r, place + 1, WAY_S] - villages[v, SERVICE]
        gaps[r, place, DUE] = latest(windows, v, day, limit)
    work += drive
    if end != g.squads[k, BASE]:
        fen += g.squads[k, NIGHT_FEN]
    s.total[TRAVEL] += fen - tours[r, COST]
    s.load[k] += work - tours[r, WORK]
    tours[r, COST] = fen
    tours[r, WORK] = work
    tours[r, DRIVE] = drive
    return lawful


@njit(cache=True, inline="always")
def soft_fen(g: Ground, c: int, r: int) -> int:  # noqa: PLR0917  # as above
    """Fen of making a call in a tour rather than not, the way aside: change, less bonus, less its prize."""
    fen = -g.bonus[g.calls[c, VILLAGE], g.slots[r, WHEN]] - g.calls[c, PRIZE]
    if g.calls[c, WAS] >= 0 and g.calls[c, WAS] != r:
        fen += g.numbers[CHANGE]
    return fen


@njit(cache=True)
def _fen_of(g: Ground, most: int, least: int) -> int:  # noqa: PLR0917  # as above
    over = 100 * (most - least) - g.numbers[PERCENT] * most
    return g.numbers[SPREAD] * over // (100 * _SCALE) if over > 0 else 0


@njit(cache=True)
def find_tops(g: Ground, s: State, tops: Ints) -> int:  # noqa: PLR0917  # as above
    """The two largest and two least loads, for what one more call adds to the spread; fen of the spread."""
    tops[0], tops[1], tops[2], tops[3], tops[4], tops[5] = -1, -1, -1, FAR << 10, -1, FAR << 10
    for k in range(s.load.shape[0]):
        if g.squads[k, WEIGHT] == 0:
            continue
        load = s.load[k] * g.squads[k, WEIGHT]
        if load > tops[0]:
            tops[2], tops[0], tops[1] = tops[0], load, k
        elif load > tops[2]:
            tops[2] = load
        if load < tops[3]:
            tops[5], tops[3], tops[4] = tops[3], load, k
        elif load < tops[5]:
            tops[5] = load
    tops[6] = _fen_of(g, tops[0], tops[3]) if tops[1] >= 0 else 0
    return tops[6]


@njit(cache=True, inline="always")
def outside_fen(d: Desk, load: int) -> int:  # as above
    """What a load costs outside the band."""
    over = max(load - d.even[UPPER], d.even[LOWER] - load, 0)
    return d.even[PRICE] * over // _MILLION


@njit(cache=True)
def uneven_fen(g: Ground, s: State, d: Desk) -> int:  # noqa: PLR0917  # as above
    """What loads cost the search: by the spread, or each by itself outside a band."""
    if d.even[PRICE] == 0:
        return find_tops(g, s, d.tops)
    fen = 0
    for k in range(s.load.shape[0]):
        if g.squads[k, WEIGHT] > 0:
            fen += outside_fen(d, s.load[k] * g.squads[k, WEIGHT]) + d.lean[k] * s.load[k] // _MILLION
    return fen


@njit(cache=True, inline="always")
def _mark_free(g: Ground, s: State, free: Ints, c: int) -> None:  # noqa: PLR0917  # as above
    """By day, 1 where neither spacing nor the broker nor the call's own day forbids it."""
    v, days = g.calls[c, VILLAGE], g.numbers[DAYS]
    free[:] = 1
    for place in range(g.members.shape[1]):
        other = g.members[v, place]
        if other < 0:
            break
        if other != c and s.where[other, 0] >= 0:
            day, apart = g.slots[s.where[other, 0], WHEN], g.villages[v, SPACING]
            free[max(day - apart + 1, 0) : day + apart] = 0
    broker = g.villages[v, BROKER]
    for day in range(days):
        if (broker >= 0 and s.busy[broker, day] > 0) or (g.calls[c, DAY] >= 0 and g.calls[c, DAY] != day):
            free[day] = 0


@njit(cache=True)
def _list_places(g: Ground, s: State, d: Desk, c: int, blink: float, near: int) -> int:  # noqa: C901, PLR0912, PLR0917  # as above
    """Write down where a call may be put, as tours and places; how many there are."""
    members, nears, bases, open_to = g.members, g.near, g.bases, g.tours
    where, tours, places, free, slots = s.where, s.tours, d.places, d.free, g.slots
    v, days, squad, many = g.calls[c, VILLAGE], g.numbers[DAYS], g.calls[c, SQUAD], 0
    for rank in range(min(near, nears.shape[1])):
        for member in range(members.shape[1]):
            other = members[nears[v, rank], member]
            if other < 0:
                break
            r = where[other, 0]
            if r < 0 or tours[r, SIZE] >= slots[r, LIMIT] or open_to[v, r] == 0:
                continue
            if free[slots[r, WHEN]] == 0 or (squad >= 0 and squad != slots[r, WHO]):
                continue
            if blink > 0 and unit(d.dice) < blink:
                continue
            for place in range(where[other, 1], where[other, 1] + 2):
                places[many, 0], places[many, 1] = r, place
                many += 1
    able, opened, size = 0, 0, 0
    for rank in range(bases.shape[1]):
        if blink > 0 and able >= _EMPTY:
            break
        k, opened = bases[v, rank], 0
        if squad >= 0 and squad != k:
            continue
        most = g.squads[k, MOST] if rank < _ENDS else 1
        for r in range(k * days, k * days + days):
            if open_to[v, r] == 0:
                continue
            opened, size = 1, tours[r, SIZE]
            if size >= most or free[r - k * days] == 0 or (blink > 0 and unit(d.dice) < blink):
                continue
            places[many, 0], places[many, 1] = r, 0
            many += 1
            if size > 0:
                places[many, 0], places[many, 1] = r, size
                many += 1
        able += opened
    return many


@njit(cache=True)
def find_place(g: Ground, s: State, d: Desk, c: int, blink: float, near: int) -> None:  # noqa: C901, PLR0915, PLR0917  # as above; in one piece five times as fast
    """Leave the cheapest insertion of a call in ``found``, overlooking a share of tours.

    Beside calls in the ``near`` nearest villages, at both ends of the tours of the nearest squads, and in
    empty tours.
    """
    _mark_free(g, s, d.free, c)
    many = _list_places(g, s, d, c, blink, near)
    squads, windows, bonus = g.squads, g.windows, g.bonus
    tours, gaps, loads, places, tops = s.tours, s.gaps, s.load, d.places, d.tops
    v, change, was = g.calls[c, VILLAGE], g.numbers[CHANGE], g.calls[c, WAS]
    percent, spread = g.numbers[PERCENT], g.numbers[SPREAD]
    here, service, prize = g.villages[v, NODE], g.villages[v, SERVICE], g.calls[c, PRIZE]
    best, tour, at, guided = FAR // 2, -1, 0, d.even[PRICE] > 0
    for n in range(many):
        r, place = places[n, 0], places[n, 1]
        k, day = g.slots[r, WHO], g.slots[r, WHEN]
        tariff, node, after = squads[k, TARIFF], gaps[r, place, FROM], gaps[r, place, TO]
        fen = g.fen_to[tariff, here, node] + g.fen[tariff, here, after] - gaps[r, place, WAY_FEN] - prize
        fen -= bonus[v, day]
        if was >= 0 and was != r:
            fen += change
        if fen >= best and not guided:
            continue
        way, on = g.seconds_to[tariff, here, node], g.seconds[tariff, here, after]
        now, begin = gaps[r, place, READY] + way, -1
        for window in range(windows.shape[2]):
            if windows[v, day, window, CLOSES] >= now:
                begin = max(now, windows[v, day, window, OPENS])
                break
        if begin < 0 or begin + service + on > gaps[r, place, DUE]:
            continue
        more = way + on - gaps[r, place, WAY_S]
        if tours[r, DRIVE] + more > squads[k, WHEEL]:
            continue
        more += service
        if spread > 0 and squads[k, WEIGHT] > 0:
            load = (loads[k] + more) * squads[k, WEIGHT]
            if guided:
                fen += outside_fen(d, load) - outside_fen(d, loads[k] * squads[k, WEIGHT])
                fen += d.lean[k] * more // _MILLION
                if fen < best:
                    best, tour, at = fen, r, place
                continue
            most = max(tops[2] if tops[1] == k else tops[0], load)
            over = 100 * (most - min(tops[5] if tops[4] == k else tops[3], load)) - percent * most
            fen += (spread * over // (100 * _SCALE) if over > 0 else 0) - tops[6]
        if fen < best:
            best, tour, at = fen, r, place
    d.found[0], d.found[1], d.found[2] = best, tour, at


@njit(cache=True, inline="always")
def take_in(g: Ground, s: State, c: int, r: int, place: int) -> None:  # noqa: PLR0917  # as above
    """Put a call into a tour, which must be refreshed afterwards."""
    size = s.tours[r, SIZE]
    for at in range(size, place, -1):
        s.seq[r, at] = s.seq[r, at - 1]
    s.seq[r, place] = c
    s.tours[r, SIZE] = size + 1
    s.where[c, 0] = r
    _count(g, s, c, r, 1)


@njit(cache=True, inline="always")
def take_out(g: Ground, s: State, r: int, place: int) -> int:  # noqa: PLR0917  # as above
    """Take a call out of a tour, which must be refreshed afterwards; which call that was."""
    c = s.seq[r, place]
    size = s.tours[r, SIZE] - 1
    for at in range(place, size):
        s.seq[r, at] = s.seq[r, at + 1]
    s.tours[r, SIZE] = size
    s.where[c, 0] = -1
    _count(g, s, c, r, -1)
    return c


@njit(cache=True, inline="always")
def _count(g: Ground, s: State, c: int, r: int, sign: int) -> None:  # noqa: PLR0917  # as above
    broker = g.villages[g.calls[c, VILLAGE], BROKER]
    if broker >= 0:
        s.busy[broker, r % g.numbers[DAYS]] += sign
    s.total[SOFT] += sign * soft_fen(g, c, r)
    s.total[COUNT] += sign


@njit(cache=True)
def may_take(g: Ground, s: State, free: Ints, c: int, r: int) -> bool:  # noqa: PLR0917  # as above
    """Whether a call may be in a tour as far as times and its size do not matter."""
    _mark_free(g, s, free, c)
    if free[r % g.numbers[DAYS]] == 0:
        return False
    squad = g.calls[c, SQUAD]
    return g.tours[g.calls[c, VILLAGE], r] != 0 and (squad < 0 or squad == r // g.numbers[DAYS])
