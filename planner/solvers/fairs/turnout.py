"""Who comes to a fair: whole heads by village and sector."""

from __future__ import annotations

import numpy as np

from planner.solvers.fairs.problem import PERMILLE, FairsProblem, Wish


def turnout(problem: FairsProblem, wish: Wish, *, venue: int) -> tuple[tuple[int, int, int], ...]:
    """Village, sector and heads that come at most to a fair of the wish there, where any do.

    In all no more than the venue holds: where more would come, the same share of every village stays away.
    A village's heads add up to its share rounded down: what one sector loses by rounding the next makes up.
    """
    sectors = [*range(problem.sectors)] if wish.sectors is None else sorted(wish.sectors)
    seekers = np.array([village.seekers for village in problem.villages], dtype=np.int64)
    upto = np.cumsum(seekers.reshape(-1, problem.sectors)[:, sectors], axis=1)
    whole, room = PERMILLE * PERMILLE, problem.venues[venue].visitors
    share = np.minimum(np.array(problem.reach_permille[venue], dtype=np.int64) * wish.draw_permille, whole)
    wanted = share[:, None] * upto
    come = int(wanted[:, -1].sum()) if sectors else 0
    heads = wanted * room // come if come > room * whole else wanted // whole
    heads = np.diff(heads, axis=1, prepend=0)
    villages, places = np.nonzero(heads)
    where = zip(villages.tolist(), places.tolist(), heads[villages, places].tolist(), strict=True)
    return tuple((village, sectors[place], number) for village, place, number in where)
