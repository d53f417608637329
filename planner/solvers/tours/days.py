"""On which days tours are made: few calls on closed days, few too near each other (annealing)."""
# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
from numba import njit

from planner.solvers.routing.strings_data import draw, unit
from planner.solvers.tours.ground import (
    BASE,
    BROKER,
    CLOSES,
    DAYS,
    NODE,
    OPENS,
    SERVICE,
    SPACING,
    TARIFF,
    VILLAGE,
)
from planner.solvers.tours.problem import MOST_CALLS
from planner.solvers.tours.steps import begins

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints
    from planner.solvers.routing.strings_data import Dice
    from planner.solvers.tours.ground import Ground

Path = tuple[int, tuple[int, ...]]
"""A squad and villages in order."""
_CLASH: Final = 1000
"""What a call that must fall out weighs; bonuses weigh at most a tenth of that."""
_STEPS: Final = 5_000
"""For every path."""
_WARM: Final = 600.0
_COOL: Final = 30.0


def thin(ground: Ground, paths: Sequence[Path]) -> list[Path]:
    """Without calls beyond those wanted: each left out where that saves most."""
    wanted = np.bincount(ground.calls[:, VILLAGE], minlength=ground.villages.shape[0])
    made = [list(villages) for _, villages in paths]
    places: dict[int, list[int]] = {}
    for number, villages in enumerate(made):
        for village in villages:
            places.setdefault(village, []).append(number)
    for village, numbers in places.items():
        numbers.sort(key=lambda number: (-_saved(ground, paths[number][0], made[number], village), number))
        for number in numbers[: max(len(numbers) - int(wanted[village]), 0)]:
            made[number].remove(village)
    return [(squad, tuple(kept)) for (squad, _), kept in zip(paths, made, strict=True) if kept]


def _saved(ground: Ground, squad: int, villages: Sequence[int], village: int, /) -> int:  # noqa: PLR0917  # as read
    tariff, base = int(ground.squads[squad, 0]), int(ground.squads[squad, 1])
    nodes = [base, *(int(ground.villages[v, 0]) for v in villages), base]
    place = list(villages).index(village) + 1
    a, b, c = nodes[place - 1 : place + 2]
    fen = ground.fen[tariff]
    return int(fen[a, b] + fen[b, c] - fen[a, c])


def spread_days(ground: Ground, paths: Sequence[Path], *, dice: Dice) -> Ints:
    """By path a day on which its squad works; paths of a squad beyond its days get -1."""
    days = int(ground.numbers[DAYS])
    works = (ground.hours[:, CLOSES] >= 0).reshape(-1, days)
    own = np.full(len(paths), -1, dtype=np.int64)
    taken: dict[int, list[int]] = {}
    for number, (squad, _) in enumerate(paths):
        free = taken.setdefault(squad, np.flatnonzero(works[squad]).tolist())
        own[number] = free.pop(0) if free else -1
    kept = np.flatnonzero(own >= 0)
    squads = np.array([squad for squad, _ in paths], dtype=np.int64)
    at = np.full(works.shape, -1, dtype=np.int64)
    for number in kept:
        at[squads[number], own[number]] = number
    worth = _worth(ground, paths, days=days)
    first, other, gap = _pairs(ground, paths)
    _anneal(own, at, squads, works.astype(np.int64), worth, first, other, gap, kept, dice)
    return own


def _worth(ground: Ground, paths: Sequence[Path], *, days: int) -> Ints:
    """``[path, day]``: what falls out by itself, less a little for bonuses."""
    rows = np.full((len(paths), MOST_CALLS + 1), -1, dtype=np.int64)
    for number, (squad, villages) in enumerate(paths):
        rows[number, 0] = squad
        rows[number, 1 : 1 + len(villages)] = villages
    return _losses(ground, rows, days, max(int(ground.bonus.max(initial=0)), 1) * 10)


@njit(cache=True, nogil=True)
def _losses(g: Ground, rows: Ints, days: int, most: int) -> Ints:  # noqa: PLR0917  # a kernel
    made = np.zeros((rows.shape[0], days), np.int64)
    for n in range(rows.shape[0]):
        k = rows[n, 0]
        tariff, base = g.squads[k, TARIFF], g.squads[k, BASE]
        for day in range(days):
            r = k * days + day
            node, now = base, g.hours[r, OPENS]
            for place in range(1, rows.shape[1]):
                v = rows[n, place]
                if v < 0:
                    break
                there, service = g.villages[v, NODE], g.villages[v, SERVICE]
                begin = begins(g.windows, v, day, now + g.seconds[tariff, node, there])
                late = begin + service + g.seconds[tariff, there, base] > g.hours[r, CLOSES]
                if g.tours[v, r] == 0 or begin < 0 or late:
                    made[n, day] += _CLASH
                else:
                    made[n, day] -= g.bonus[v, day] * _CLASH // most
                    node, now = there, begin + service
    return made


def _pairs(ground: Ground, paths: Sequence[Path]) -> tuple[Ints, Ints, Ints]:
    """By path a slice of others that share a village or a broker, and the days that must lie between."""
    at: dict[tuple[bool, int], list[int]] = {}
    gaps: dict[tuple[bool, int], int] = {}
    for number, (_, villages) in enumerate(paths):
        for village in villages:
            broker = int(ground.villages[village, BROKER])
            at.setdefault((True, village), []).append(number)
            gaps[True, village] = int(ground.villages[village, SPACING])
            if broker >= 0:
                at.setdefault((False, broker), []).append(number)
                gaps[False, broker] = 1
    pairs: dict[tuple[int, int], int] = {}
    for key, numbers in at.items():
        for a, b in combinations(sorted(set(numbers)), 2):
            pairs[a, b] = max(pairs.get((a, b), 0), gaps[key])
    ways = [(a, b, gap) for (a, b), gap in pairs.items()]
    both = sorted(ways + [(b, a, gap) for a, b, gap in ways])
    table = np.array(both, dtype=np.int64).reshape(-1, 3)
    first = np.searchsorted(table[:, 0], np.arange(len(paths) + 1))
    return first, np.ascontiguousarray(table[:, 1]), np.ascontiguousarray(table[:, 2])


@njit(cache=True)
def _clashes(own: Ints, first: Ints, other: Ints, gap: Ints, n: int, day: int, but: int) -> int:  # noqa: PLR0913, PLR0917  # a kernel
    found = 0
    for place in range(first[n], first[n + 1]):
        m = other[place]
        if m != but and own[m] >= 0 and abs(own[m] - day) < gap[place]:
            found += _CLASH
    return found


@njit(cache=True, nogil=True)
def _anneal(  # noqa: PLR0913, PLR0917  # a kernel
    own: Ints, at: Ints, squads: Ints, works: Ints, worth: Ints, first: Ints, other: Ints, gap: Ints,
    kept: Ints, dice: Dice,
) -> None:  # fmt: skip
    """Let paths of a squad change places, or one take a free day."""
    steps = _STEPS * kept.size
    heat, factor = _WARM, (_COOL / _WARM) ** (1.0 / max(steps, 1))
    for _ in range(steps):
        heat *= factor
        n = int(kept[draw(dice) % kept.size])
        k, day, then = squads[n], int(own[n]), draw(dice) % at.shape[1]
        if then == day or works[k, then] == 0:
            continue
        m = int(at[k, then])
        more = worth[n, then] - worth[n, day]
        more += _clashes(own, first, other, gap, n, then, m) - _clashes(own, first, other, gap, n, day, m)
        if m >= 0:
            more += worth[m, day] - worth[m, then]
            more += _clashes(own, first, other, gap, m, day, n) - _clashes(own, first, other, gap, m, then, n)
        if more <= -heat * np.log(max(unit(dice), 1e-12)):
            own[n], at[k, then], at[k, day] = then, n, m
            if m >= 0:
                own[m] = day
