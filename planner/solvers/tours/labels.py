"""The cheapest tour of a lane under dual values: label setting forwards, call by call, compiled.

A label is the beginning of a tour. Calls may come back once forgotten (ng routes: Baldacci, Mingozzi &
Roberti 2011); a label is dropped when another with as many calls at the same village is nowhere worse, or
when the cheapest walk that could follow (never straight back: Christofides, Mingozzi & Toth 1981) leaves it
at or above 0. All values are int64: where nothing was cut off, what is found is the least there is.
"""
# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.routing.program import Ints

LIMIT: Final = 1 << 55
"""More than any reduced cost."""
COST: Final = 0
TIME: Final = 1
KEPT: Final = 2
"""Bits by place in the path: calls still remembered."""
AFTER: Final = 3
DOOR: Final = 4
PATH: Final = 5


@njit(cache=True, nogil=True)
def walks(  # noqa: C901, PLR0917  # numba kernels take arrays by position
    arcs: Ints, ends: Ints, pay: Ints, open_to: Ints, most: int
) -> Ints:
    """``[calls, village]``: the least that up to so many more calls and the end can cost after a village.

    ``ends`` is the least cost from a village to the end, ``pay`` what a call there pays. Also the cheapest
    next village, and the least with another next: ``[calls, village, :]``. ``open_to`` are the villages
    that may be called at; what is said of others is nothing.
    """
    size = ends.shape[0]
    made = np.empty((most, size, 3), np.int64)
    for v in open_to:
        made[0, v, 0], made[0, v, 1], made[0, v, 2] = ends[v], -1, ends[v]
    for more in range(1, most):
        for v in open_to:
            best, via, second = ends[v], -1, ends[v]
            first = True
            for n in range(open_to.shape[0]):
                w = open_to[n]
                if w == v:
                    continue
                rest = made[more - 1, w, 2] if made[more - 1, w, 1] == v else made[more - 1, w, 0]
                cost = arcs[v, w] - pay[w] + rest
                if cost < best:
                    second = ends[v] if first else best
                    best, via, first = cost, w, False
                elif cost < second:
                    second = cost
            if via < 0:
                second = best
            made[more, v, 0], made[more, v, 1], made[more, v, 2] = best, via, min(second, ends[v])
    return made


@njit(cache=True)
def _worse(labels: Ints, new: int, old: int, count: int) -> bool:  # noqa: PLR0917  # as above
    """Whether the label ``new`` is nowhere better than ``old``, both with ``count`` calls before the last."""
    if labels[old, COST] > labels[new, COST] or labels[old, TIME] > labels[new, TIME]:
        return False
    for place in range(count):
        if labels[old, KEPT] >> place & 1:
            known = False
            for other in range(count):
                if labels[new, KEPT] >> other & 1 and labels[new, PATH + other] == labels[old, PATH + place]:
                    known = True
                    break
            if not known:
                return False
    return True


@njit(cache=True)
def _begins(windows: Ints, v: int, now: int) -> int:  # noqa: PLR0917  # as above
    for place in range(windows.shape[1]):
        if windows[v, place, 1] >= now:
            return max(now, windows[v, place, 0])
    return -1


@njit(cache=True, nogil=True)
def grow(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917  # one loop over arrays
    arcs: Ints, seconds: Ints, service: Ints, windows: Ints, near: NDArray[np.bool_], pay: Ints,
    open_to: Ints, leave: Ints, leave_s: Ints, arrive: Ints, arrive_s: Ints, rest: Ints, numbers: Ints,
    labels: Ints, final: Ints,
) -> int:  # fmt: skip
    """Leave in ``final`` by last village and door the cheapest tour found: cost, label.

    ``leave[door, v]`` is what the way to a first call costs, ``arrive[v, door]`` that from a last one to the
    end; ``numbers`` are most calls, opening, closing, labels kept by village and number of calls (0: all),
    steps at most. Labels used, or -1 where they or the steps did not suffice.
    """
    size, doors = service.shape[0], leave.shape[0]
    most, opens, closes, width = numbers[0], numbers[1], numbers[2], numbers[3]
    heads = np.full((2, size), -1, np.int64)
    final[:] = LIMIT
    used, work = 0, 0
    for door in range(doors):
        for v in open_to:
            begin = _begins(windows, v, opens + leave_s[door, v])
            cost = leave[door, v] - pay[v]
            if begin < 0 or cost + rest[most - 1, v, 0] >= 0:
                continue
            labels[used, COST], labels[used, TIME], labels[used, KEPT] = cost, begin + service[v], 1
            labels[used, AFTER], labels[used, DOOR], labels[used, PATH] = heads[0, v], door, v
            heads[0, v] = used
            used += 1
    for count in range(1, most + 1):
        now, then = (count - 1) % 2, count % 2
        heads[then] = -1
        for v in open_to:
            one = heads[now, v]
            while one >= 0:
                time, cost = labels[one, TIME], labels[one, COST]
                for door in range(doors):
                    whole = cost + arrive[v, door]
                    if whole < final[v, door, 0] and time + arrive_s[v, door] <= closes:
                        final[v, door, 0], final[v, door, 1], final[v, door, 2] = whole, one, count
                if count < most:
                    for n in range(open_to.shape[0]):
                        w = open_to[n]
                        gone = cost + arcs[v, w] - pay[w]
                        if gone + rest[most - count - 1, w, 0] >= 0 or w == v:
                            continue
                        begin = _begins(windows, w, time + seconds[v, w])
                        if begin < 0 or begin + service[w] > closes:
                            continue
                        kept, known = 1 << count, False
                        for place in range(count):
                            if labels[one, KEPT] >> place & 1:
                                u = labels[one, PATH + place]
                                if u == w:
                                    known = True
                                    break
                                if near[w, u]:
                                    kept |= 1 << place
                        if known:
                            continue
                        if used >= labels.shape[0] - 1 or work > numbers[4]:
                            return -1
                        labels[used, COST], labels[used, TIME] = gone, begin + service[w]
                        labels[used, KEPT], labels[used, DOOR] = kept, labels[one, DOOR]
                        for place in range(count):
                            labels[used, PATH + place] = labels[one, PATH + place]
                        labels[used, PATH + count] = w
                        before, other, better, alike = -1, heads[then, w], True, 0
                        while other >= 0:
                            work += 1
                            if _worse(labels, used, other, count):
                                better = False
                                break
                            alike += 1
                            following = labels[other, AFTER]
                            if _worse(labels, other, used, count):
                                alike -= 1
                                if before < 0:
                                    heads[then, w] = following
                                else:
                                    labels[before, AFTER] = following
                            else:
                                before = other
                            other = following
                        if better and width > 0 and alike >= width:
                            worst, before_worst, before, other = -1, -1, -1, heads[then, w]
                            while other >= 0:
                                if worst < 0 or labels[other, COST] > labels[worst, COST]:
                                    worst, before_worst = other, before
                                before, other = other, labels[other, AFTER]
                            if labels[worst, COST] <= gone:
                                better = False
                            elif before_worst < 0:
                                heads[then, w] = labels[worst, AFTER]
                            else:
                                labels[before_worst, AFTER] = labels[worst, AFTER]
                        if better:
                            labels[used, AFTER] = heads[then, w]
                            heads[then, w] = used
                            used += 1
                one = labels[one, AFTER]
    return used
