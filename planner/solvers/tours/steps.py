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
    END,
    FAR,
    LOWER,
    MOST,
    NIGHT_FEN,
    NODE,
    OPENS,
    PERCENT,
    PRICE,
    PRIZE,
    SERVICE,
    SIZE,
    SOFT,
    SPACING,
    SPREAD,
    SQUAD,
    TARIFF,
    TRAVEL,
    UPPER,
    VILLAGE,
    WAS,
    WEIGHT,
    WHEEL,
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


@njit(cache=True)
def begins(windows: Ints, v: int, day: int, now: int) -> int:  # noqa: PLR0917  # numba kernels take arrays by position
    """The earliest begin not before ``now``; -1 if there is none."""
    for place in range(windows.shape[2]):
        if windows[v, day, place, CLOSES] >= now:
            return max(now, windows[v, day, place, OPENS])
    return -1


@njit(cache=True)
def latest(windows: Ints, v: int, day: int, until: int) -> int:  # noqa: PLR0917  # as above
    """The latest begin not after ``until``; -1 if there is none."""
    found = -1
    for place in range(windows.shape[2]):
        if windows[v, day, place, CLOSES] >= 0 and windows[v, day, place, OPENS] <= until:
            found = min(windows[v, day, place, CLOSES], until)
    return found


@njit(cache=True)
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
    seq, tours, times, where = s.seq, s.tours, s.times, s.where
    days = g.numbers[DAYS]
    k, day, size = r // days, r % days, tours[r, SIZE]
    tariff, closes, first = g.squads[k, TARIFF], g.hours[r, CLOSES], start_of(g, s, r)
    node, now, fen, work, drive, lawful = first, g.hours[r, OPENS], 0, 0, 0, True
    for place in range(size):
        c = seq[r, place]
        where[c, 1] = place
        v = calls[c, VILLAGE]
        there, service = villages[v, NODE], villages[v, SERVICE]
        way = seconds[tariff, node, there]
        fen += price[tariff, node, there]
        work += way + service
        drive += way
        begin = begins(windows, v, day, now + way) if lawful else -1
        lawful = lawful and begin >= 0
        times[r, place, 0] = begin
        now = begin + service
        node = there
    end = tours[r, END]
    fen += price[tariff, node, end]
    way = seconds[tariff, node, end]
    lawful = lawful and (now + way <= closes or (size == 0 and way == 0))
    lawful = lawful and drive + way <= g.squads[k, WHEEL]
    limit = closes - way
    for place in range(size - 1, -1, -1):
        v = calls[seq[r, place], VILLAGE]
        times[r, place, 1] = latest(windows, v, day, limit - villages[v, SERVICE])
        before = villages[calls[seq[r, place - 1], VILLAGE], NODE] if place > 0 else first
        limit = times[r, place, 1] - seconds[tariff, before, villages[v, NODE]]
    if end != g.squads[k, BASE]:
        fen += g.squads[k, NIGHT_FEN]
    work += way
    s.total[TRAVEL] += fen - tours[r, COST]
    s.load[k] += work - tours[r, WORK]
    tours[r, COST] = fen
    tours[r, WORK] = work
    tours[r, DRIVE] = drive + way
    return lawful


@njit(cache=True)
def soft_fen(g: Ground, c: int, r: int) -> int:  # noqa: PLR0917  # as above
    """Fen of making a call in a tour rather than not, the way aside: change, less bonus, less its prize."""
    fen = -g.bonus[g.calls[c, VILLAGE], r % g.numbers[DAYS]] - g.calls[c, PRIZE]
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


@njit(cache=True)
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
            fen += outside_fen(d, s.load[k] * g.squads[k, WEIGHT])
    return fen


@njit(cache=True)
def _mark_free(g: Ground, s: State, free: Ints, c: int) -> None:  # noqa: PLR0917  # as above
    """By day, 1 where neither spacing nor the broker nor the call's own day forbids it."""
    v, days = g.calls[c, VILLAGE], g.numbers[DAYS]
    free[:] = 1
    for place in range(g.members.shape[1]):
        other = g.members[v, place]
        if other < 0:
            break
        if other != c and s.where[other, 0] >= 0:
            day, apart = s.where[other, 0] % days, g.villages[v, SPACING]
            free[max(day - apart + 1, 0) : day + apart] = 0
    broker = g.villages[v, BROKER]
    for day in range(days):
        if (broker >= 0 and s.busy[broker, day] > 0) or (g.calls[c, DAY] >= 0 and g.calls[c, DAY] != day):
            free[day] = 0


@njit(cache=True)
def _list_places(g: Ground, s: State, d: Desk, c: int, blink: float, near: int) -> int:  # noqa: C901, PLR0912, PLR0917  # as above
    """Write down where a call may be put, as tours and places; how many there are."""
    members, nears, bases, open_to = g.members, g.near, g.bases, g.tours
    where, tours, places, free = s.where, s.tours, d.places, d.free
    v, days, squad, many = g.calls[c, VILLAGE], g.numbers[DAYS], g.calls[c, SQUAD], 0
    for rank in range(min(near, nears.shape[1])):
        for member in range(members.shape[1]):
            other = members[nears[v, rank], member]
            if other < 0:
                break
            r = where[other, 0]
            if r < 0 or open_to[v, r] == 0 or free[r % days] == 0:
                continue
            if squad >= 0 and squad != r // days:
                continue
            if tours[r, SIZE] >= g.squads[r // days, MOST] or (blink > 0 and unit(d.dice) < blink):
                continue
            for place in range(where[other, 1], where[other, 1] + 2):
                places[many, 0], places[many, 1] = r, place
                many += 1
    able = 0
    for rank in range(bases.shape[1]):
        k, opened = bases[v, rank], 0
        if squad >= 0 and squad != k:
            continue
        if blink > 0 and able >= _EMPTY:
            break
        for r in range(k * days, k * days + days):
            size = tours[r, SIZE]
            opened = opened or open_to[v, r]
            if (size > 0 and rank >= _ENDS) or open_to[v, r] == 0 or free[r % days] == 0:
                continue
            if size >= g.squads[k, MOST] or (blink > 0 and unit(d.dice) < blink):
                continue
            for place in range(0, size + 1, max(size, 1)):
                places[many, 0], places[many, 1] = r, place
                many += 1
        able += opened
    return many


@njit(cache=True)
def find_place(g: Ground, s: State, d: Desk, c: int, blink: float, near: int) -> None:  # noqa: C901, PLR0912, PLR0915, PLR0917  # as above; in one piece five times as fast
    """Leave the cheapest insertion of a call in ``found``, overlooking a share of tours.

    Beside calls in the ``near`` nearest villages, at both ends of the tours of the nearest squads, and in
    empty tours.
    """
    _mark_free(g, s, d.free, c)
    many = _list_places(g, s, d, c, blink, near)
    price, seconds, squads, hours, villages = g.fen, g.seconds, g.squads, g.hours, g.villages
    windows, calls, bonus = g.windows, g.calls, g.bonus
    seq, tours, times, loads, places, tops = s.seq, s.tours, s.times, s.load, d.places, d.tops
    v, days, change, was = calls[c, VILLAGE], g.numbers[DAYS], g.numbers[CHANGE], calls[c, WAS]
    percent, spread = g.numbers[PERCENT], g.numbers[SPREAD]
    here, service, prize = villages[v, NODE], villages[v, SERVICE], calls[c, PRIZE]
    best, tour, at, guided = FAR // 2, -1, 0, d.even[PRICE] > 0
    for n in range(many):
        r, place = places[n, 0], places[n, 1]
        k, day = r // days, r % days
        tariff = squads[k, TARIFF]
        if place > 0:
            v_before = calls[seq[r, place - 1], VILLAGE]
            node, now = villages[v_before, NODE], times[r, place - 1, 0] + villages[v_before, SERVICE]
        elif day == 0 or hours[r - 1, CLOSES] < 0:
            node, now = squads[k, BASE], hours[r, OPENS]
        else:
            node, now = tours[r - 1, END], hours[r, OPENS]
        if place < tours[r, SIZE]:
            after, due = villages[calls[seq[r, place], VILLAGE], NODE], times[r, place, 1]
        else:
            after, due = tours[r, END], hours[r, CLOSES]
        fen = price[tariff, node, here] + price[tariff, here, after] - price[tariff, node, after] - prize
        fen -= bonus[v, day]
        if was >= 0 and was != r:
            fen += change
        if fen >= best:
            continue
        way, on = seconds[tariff, node, here], seconds[tariff, here, after]
        begin = -1
        for window in range(windows.shape[2]):
            if windows[v, day, window, CLOSES] >= now + way:
                begin = max(now + way, windows[v, day, window, OPENS])
                break
        if begin < 0 or begin + service + on > due:
            continue
        if tours[r, DRIVE] + way + on - seconds[tariff, node, after] > squads[k, WHEEL]:
            continue
        if spread > 0 and squads[k, WEIGHT] > 0:
            load = (loads[k] + service + way + on - seconds[tariff, node, after]) * squads[k, WEIGHT]
            if guided:
                fen += outside_fen(d, load) - outside_fen(d, loads[k] * squads[k, WEIGHT])
                if fen < best:
                    best, tour, at = fen, r, place
                continue
            most = max(tops[2] if tops[1] == k else tops[0], load)
            over = 100 * (most - min(tops[5] if tops[4] == k else tops[3], load)) - percent * most
            fen += (spread * over // (100 * _SCALE) if over > 0 else 0) - tops[6]
        if fen < best:
            best, tour, at = fen, r, place
    d.found[0], d.found[1], d.found[2] = best, tour, at


@njit(cache=True)
def take_in(g: Ground, s: State, c: int, r: int, place: int) -> None:  # noqa: PLR0917  # as above
    """Put a call into a tour, which must be refreshed afterwards."""
    size = s.tours[r, SIZE]
    for at in range(size, place, -1):
        s.seq[r, at] = s.seq[r, at - 1]
    s.seq[r, place] = c
    s.tours[r, SIZE] = size + 1
    s.where[c, 0] = r
    _count(g, s, c, r, 1)


@njit(cache=True)
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


@njit(cache=True)
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
