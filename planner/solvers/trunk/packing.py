"""Whole parties into single coaches, by their sizes alone: who is who does not matter here.

First fit decreasing, and level where a coach would else be short of its least heads; CP-SAT where neither
is as good as any packing can be. A packing that exists and is not found costs a party its seat, never a
family its unity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from ortools.sat.python import cp_model

from planner.errors import SolverError

Sizes = tuple[int, ...]
"""How many parties of 1, 2, ... heads."""

_WORKERS: Final = 8
_EFFORT: Final = 0.05
"""Deterministic seconds: a packing of a dozen coaches takes a tenth of it."""
_KEPT: Final = 1 << 16


@lru_cache(maxsize=_KEPT)
def pack(sizes: Sizes, seats: tuple[int, ...], *, least: int) -> tuple[Sizes, ...] | None:
    """Sizes by coach with as few heads short of ``least`` a coach as possible; None where they do not fit.

    A coach with fewer seats than ``least`` is short of its seats.
    """
    heads = _heads(sizes)
    if heads > sum(seats):
        return None
    goal = max(sum(min(least, room) for room in seats) - heads, 0)
    tries: list[Callable[[], tuple[tuple[Sizes, ...], Sizes] | None]] = [
        lambda: fill(sizes, seats),
        lambda: fill(sizes, seats, level=True),
        lambda: fill(sizes, seats, level=True, first=least),
        lambda: _search(sizes, seats, least=least),
    ]
    best: tuple[Sizes, ...] | None = None
    for attempt in tries:
        found = attempt()
        if found is None or any(found[1]):
            continue
        if best is None or shortage(found[0], seats, least=least) < shortage(best, seats, least=least):
            best = found[0]
        if shortage(best, seats, least=least) == goal:
            break
    return best


def shortage(packed: Sequence[Sizes], seats: Sequence[int], *, least: int) -> int:
    """Heads short of the least, coach by coach."""
    return sum(max(min(least, room) - _heads(sizes), 0) for sizes, room in zip(packed, seats, strict=True))


def fill(
    sizes: Sizes, seats: tuple[int, ...], *, level: bool = False, first: int | None = None
) -> tuple[tuple[Sizes, ...], Sizes]:
    """Largest parties first, each into the first coach that holds it, or the emptiest; and what is left.

    With ``first`` no coach gets more than so many heads while another may still get there.
    """
    packed = [[0] * len(sizes) for _ in seats]
    loads, left = [0] * len(seats), [0] * len(sizes)
    for size in range(len(sizes), 0, -1):
        for _ in range(sizes[size - 1]):
            fits = [coach for coach, room in enumerate(seats) if loads[coach] + size <= room]
            below = [coach for coach in fits if first is not None and loads[coach] < first]
            if not fits:
                left[size - 1] += 1
                continue
            chosen = fits[0]
            if level:
                chosen = min(below or fits, key=lambda coach: (loads[coach], coach))
                if first is not None and not below:
                    chosen = fits[0]
            packed[chosen][size - 1] += 1
            loads[chosen] += size
    return tuple(map(tuple, packed)), tuple(left)


def _search(sizes: Sizes, seats: tuple[int, ...], *, least: int) -> tuple[tuple[Sizes, ...], Sizes] | None:
    model = cp_model.CpModel()
    packed = [
        [model.new_int_var(0, min(count, room // size), "") for size, count in enumerate(sizes, 1)]
        for room in seats
    ]
    for place, count in enumerate(sizes):
        model.add(sum(row[place] for row in packed) == count)
    short: list[cp_model.IntVar] = []
    for row, room in zip(packed, seats, strict=True):
        load = sum(size * number for size, number in enumerate(row, 1))
        missing = model.new_int_var(0, min(least, room), "")
        model.add(load <= room)
        model.add(load + missing >= min(least, room))
        short.append(missing)
    model.minimize(sum(short))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = _WORKERS
    solver.parameters.interleave_search = True
    solver.parameters.catch_sigint_signal = False  # else it leaves Ctrl-C at the default: death
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = _EFFORT
    status = solver.solve(model)
    if status in {cp_model.UNKNOWN, cp_model.INFEASIBLE}:
        return None
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        raise SolverError("trunk", solver.status_name(status))
    return tuple(tuple(map(solver.value, row)) for row in packed), (0,) * len(sizes)


def _heads(sizes: Sizes) -> int:
    return sum(size * count for size, count in enumerate(sizes, 1))
