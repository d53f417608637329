"""Slack induction by string removals, compiled: strings of neighbouring visits go out and are put back.

After Christiaens and Vanden Berghe (Transportation Science 2020), with fleets of several classes: a trip may
change its class where an insertion needs the seats, and does after each removal if another is cheaper.
Every trip is lawful at any time; visits may be left out at their prize. Times join as in Vidal et al. (2014).

numba keeps a compiled function until its own file changes, whatever happens to what it calls or to constants
it reads from elsewhere: delete ``__pycache__`` here after editing a kernel, or old code goes on running.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from numba import njit

from planner.solvers.routing.strings_data import (
    ABSENT,
    ALL,
    COST,
    KIND,
    PLACE,
    PRIZE,
    ROUTE,
    SECONDS,
    SIZE,
    TOP,
    TRIPS,
    WERE_ABSENT,
    Best,
    Desk,
    Ground,
    Plan,
    Undo,
    draw,
    unit,
)
from planner.solvers.routing.strings_places import find_place
from planner.solvers.routing.strings_trips import measure, regrade

if TYPE_CHECKING:
    from planner.solvers.routing.strings_data import Dice, Floats, Ints

_REMOVED: Final = 10
"""Visits taken out on average, and the longest string."""
_SPLIT: Final = 0.5
"""Share of strings that leave some visits in their middle."""
_KEEP_MORE: Final = 0.01
_RANKS: Final = (-1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 5)
"""By what visits are put back, each as often as it is drawn: -1 at random, else a column of ``ranks``."""
_UNTIMED: Final = 11
"""So many of these make sense without windows."""


@njit(cache=True)
def _save(seq: Ints, slots: Ints, stamp: Ints, saved: Ints, kept: Ints, tally: Ints, r: int) -> None:  # noqa: PLR0913, PLR0917  # numba kernels take arrays by position
    """Keep a slot as it is before its first change in this iteration."""
    if stamp[r] == tally[1]:
        return
    stamp[r] = tally[1]
    n, m = tally[0], slots[r, SIZE]
    saved[n, 0], saved[n, 1], saved[n, 2] = r, m, slots[r, KIND]
    for q in range(m):
        kept[n, q] = seq[r, q]
    tally[0] += 1


@njit(cache=True)
def _count(slots: Ints, free: Ints, total: Ints, r: int, sign: int) -> None:  # noqa: PLR0917  # as above
    """Add a slot's trip to the sums or take it out."""
    total[ALL] += sign * slots[r, COST]
    total[TRIPS] += sign
    free[slots[r, KIND]] -= sign


@njit(cache=True)
def _drop(visits: Ints, nodes: Ints, total: Ints, out: Ints, v: int) -> None:  # noqa: PLR0917  # as above
    """A visit is left out until it is put back."""
    nodes[v, ROUTE] = -1
    total[ALL] += visits[v, PRIZE]
    out[total[ABSENT]] = v
    total[ABSENT] += 1


@njit(cache=True)
def _cut(ground: Ground, plan: Plan, desk: Desk, r: int, first: int, removed: int, kept: int) -> None:  # noqa: PLR0913, PLR0917  # as above
    """Take ``removed`` visits from place ``first`` on out of a slot, leave ``kept`` in their middle."""
    arcs, visits, classes, ends = ground.arcs, ground.visits, ground.classes, ground.ends
    seq, slots, nodes, free, total = plan.seq, plan.slots, plan.nodes, plan.free, plan.total
    _count(slots, free, total, r, -1)
    stay = first + 1 + draw(desk.dice) % (removed - 1) if kept else first + removed
    to = first
    for q in range(first, slots[r, SIZE]):
        v = seq[r, q]
        if q >= first + removed + kept or stay <= q < stay + kept:
            seq[r, to] = v
            to += 1
        else:
            _drop(visits, nodes, total, desk.out, v)
    slots[r, SIZE] = to
    if to and not measure(arcs, visits, classes, ends, seq, slots, nodes, r):
        # Where roads break the triangle inequality, what is left may not be lawful.
        for q in range(to):
            _drop(visits, nodes, total, desk.out, seq[r, q])
        slots[r, SIZE] = 0
    if slots[r, SIZE]:
        regrade(arcs, visits, classes, ends, seq, slots, nodes, free, r)
        _count(slots, free, total, r, 1)


@njit(cache=True)
def _ruin(ground: Ground, plan: Plan, undo: Undo, desk: Desk) -> None:  # noqa: PLR0917  # as above
    """Cut strings out of the trips nearest a visit drawn at random, one of each."""
    near, dice = ground.near, desk.dice
    mean = (near.shape[0] - plan.total[ABSENT]) / max(plan.total[TRIPS], 1)
    longest = min(float(_REMOVED), mean)
    strings = int(unit(dice) * (4.0 * _REMOVED / (1.0 + longest)))
    seed = draw(dice) % near.shape[0]
    for n in range(-1, near.shape[1]):
        v = seed if n < 0 else near[seed, n]
        r = plan.nodes[v, ROUTE]
        if r < 0 or undo.stamp[r] == undo.tally[1]:
            continue
        m = plan.slots[r, SIZE]
        removed = min(int(unit(dice) * min(float(m), longest)) + 1, m)
        kept = 1 if 1 < removed < m and unit(dice) < _SPLIT else 0
        while kept and removed + kept < m and unit(dice) < _KEEP_MORE:
            kept += 1
        low = max(0, plan.nodes[v, PLACE] - removed - kept + 1)
        high = min(plan.nodes[v, PLACE], m - removed - kept)
        _save(plan.seq, plan.slots, undo.stamp, undo.slots, undo.seq, undo.tally, r)
        _cut(ground, plan, desk, r, low + draw(dice) % (high - low + 1), removed, kept)
        strings -= 1
        if strings <= 0:
            return


@njit(cache=True)
def _order(ranks: Floats, columns: int, absent: int, out: Ints, keys: Floats, dice: Dice) -> None:  # noqa: PLR0917  # as above
    """Sort the visits left out by one of the first keys of ``_RANKS``, drawn anew each time."""
    column = _RANKS[draw(dice) % columns]
    for i in range(absent):
        v = out[i]
        key = unit(dice) if column < 0 else ranks[v, column]
        j = i
        while j > 0 and keys[j - 1] > key:
            keys[j], out[j] = keys[j - 1], out[j - 1]
            j -= 1
        keys[j], out[j] = key, v


@njit(cache=True)
def _insert(seq: Ints, slots: Ints, total: Ints, r: int, place: int, k: int, v: int) -> None:  # noqa: PLR0913, PLR0917  # as above
    """Put a visit into a slot; its figures are the caller's to bring up to date."""
    for q in range(slots[r, SIZE], place, -1):
        seq[r, q] = seq[r, q - 1]
    seq[r, place] = v
    slots[r, SIZE] += 1
    slots[r, KIND] = k
    total[TOP] = max(total[TOP], r + 1)


@njit(cache=True)
def _recreate(ground: Ground, plan: Plan, undo: Undo, desk: Desk) -> None:  # noqa: PLR0917  # as above
    """Put back all that is out, each where it adds least, if that is less than its prize."""
    arcs, visits, classes, ends, near = ground.arcs, ground.visits, ground.classes, ground.ends, ground.near
    seq, slots, nodes, free, total = plan.seq, plan.slots, plan.nodes, plan.free, plan.total
    stamp, saved, kept, tally = undo.stamp, undo.slots, undo.seq, undo.tally
    dice, out, tail, seen, found = desk.dice, desk.out, desk.tail, desk.seen, desk.found
    columns = len(_RANKS) if classes[0, SECONDS] >= 0 else _UNTIMED
    _order(ground.ranks, columns, total[ABSENT], out, desk.key, dice)
    left = 0
    for i in range(total[ABSENT]):
        v = out[i]
        find_place(
            arcs, visits, classes, ends, near, seq, slots, nodes, free, total[TOP], v, tail, seen, found, dice
        )
        r = found[1]
        if r < 0:
            out[left] = v
            left += 1
            continue
        _save(seq, slots, stamp, saved, kept, tally, r)
        if slots[r, SIZE]:
            _count(slots, free, total, r, -1)
        _insert(seq, slots, total, r, found[2], found[3], v)
        total[ALL] -= visits[v, PRIZE]
        measure(arcs, visits, classes, ends, seq, slots, nodes, r)
        _count(slots, free, total, r, 1)
    total[ABSENT] = left
    for n in range(tally[0]):
        r = saved[n, 0]
        if slots[r, SIZE]:
            _count(slots, free, total, r, -1)
            regrade(arcs, visits, classes, ends, seq, slots, nodes, free, r)
            _count(slots, free, total, r, 1)


@njit(cache=True)
def _empty(visits: Ints, plan: Plan, undo: Undo) -> None:  # noqa: PLR0917  # as above
    """Take the trips of all saved slots apart."""
    for n in range(undo.tally[0]):
        r = undo.slots[n, 0]
        for q in range(plan.slots[r, SIZE]):
            v = plan.seq[r, q]
            plan.nodes[v, ROUTE] = -1
            plan.total[ALL] += visits[v, PRIZE]
        if plan.slots[r, SIZE]:
            _count(plan.slots, plan.free, plan.total, r, -1)


@njit(cache=True)
def _restore(ground: Ground, plan: Plan, undo: Undo, desk: Desk) -> None:  # noqa: PLR0917  # as above
    """Undo the iteration."""
    arcs, visits, classes, ends = ground.arcs, ground.visits, ground.classes, ground.ends
    seq, slots, nodes, free, total = plan.seq, plan.slots, plan.nodes, plan.free, plan.total
    _empty(visits, plan, undo)
    for n in range(undo.tally[0]):
        r, m = undo.slots[n, 0], undo.slots[n, 1]
        slots[r, SIZE], slots[r, KIND] = m, undo.slots[n, 2]
        for q in range(m):
            seq[r, q] = undo.seq[n, q]
            total[ALL] -= visits[seq[r, q], PRIZE]
        if m:
            measure(arcs, visits, classes, ends, seq, slots, nodes, r)
            _count(slots, free, total, r, 1)
    total[ABSENT] = 0
    if total[WERE_ABSENT]:
        for v in range(visits.shape[0]):
            if nodes[v, ROUTE] < 0:
                desk.out[total[ABSENT]] = v
                total[ABSENT] += 1


@njit(cache=True)
def _keep(plan: Plan, best: Best) -> None:
    for r in range(plan.total[TOP]):
        m = plan.slots[r, SIZE]
        best.slots[r, SIZE], best.slots[r, KIND] = m, plan.slots[r, KIND]
        for q in range(m):
            best.seq[r, q] = plan.seq[r, q]
    best.total[ALL], best.total[TOP] = plan.total[ALL], plan.total[TOP]


@njit(cache=True)
def _absence(total: Ints, out: Ints, absence: Ints, step: int) -> int:  # noqa: PLR0917  # as above
    """How often the visits now left out, of those that must be made, were so before; ``step`` counts on."""
    often = 0
    for i in range(total[ABSENT]):
        if absence[out[i]] >= 0:
            absence[out[i]] += step
            often += int(absence[out[i]])
    return often


@njit(cache=True)
def anneal(ground: Ground, plan: Plan, undo: Undo, best: Best, desk: Desk, heat: float, count: int) -> None:  # noqa: PLR0913, PLR0917  # as above
    """Make ``count`` iterations at one temperature (fen); the best plan is kept.

    While visits are left out that must be made, a plan that leaves out no more, but others than those longest
    left out, is taken whatever it costs: so a fleet that is only just large enough gets them in one by one.
    """
    total = plan.total
    for _ in range(count):
        undo.tally[0] = 0
        undo.tally[1] += 1
        before = total[ALL]
        total[WERE_ABSENT] = total[ABSENT]
        often = _absence(total, desk.out, desk.absence, 1)
        _ruin(ground, plan, undo, desk)
        _recreate(ground, plan, undo, desk)
        if total[ALL] < best.total[ALL]:
            _keep(plan, best)
        elif total[ALL] >= before - heat * math.log(max(unit(desk.dice), 1e-300)) and (
            total[ABSENT] > total[WERE_ABSENT]
            or often == 0
            or _absence(total, desk.out, desk.absence, 0) >= often
        ):
            _restore(ground, plan, undo, desk)


@njit(cache=True)
def set_up(ground: Ground, plan: Plan, undo: Undo, best: Best, desk: Desk) -> None:  # noqa: PLR0917  # as above
    """Take the trips laid into the first slots, then put in all other visits that pay."""
    arcs, visits, classes, ends = ground.arcs, ground.visits, ground.classes, ground.ends
    seq, slots, nodes, free, total = plan.seq, plan.slots, plan.nodes, plan.free, plan.total
    nodes[:, ROUTE] = -1
    for r in range(total[TOP]):
        if measure(arcs, visits, classes, ends, seq, slots, nodes, r):
            _count(slots, free, total, r, 1)
        else:
            for q in range(slots[r, SIZE]):
                nodes[seq[r, q], ROUTE] = -1
            slots[r, SIZE] = 0
    for v in range(visits.shape[0]):
        if nodes[v, ROUTE] < 0:
            _drop(visits, nodes, total, desk.out, v)
    undo.tally[1] = 1
    _recreate(ground, plan, undo, desk)
    _keep(plan, best)
