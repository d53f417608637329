"""Parts of a call that are alike: any of them boards in place of another.

Visits made of parts of one call are made one after another. Of those alike a trip takes the first few, so
each comes straight after the one before it: telling apart which of them are on board would let labels, rows
and rounds go through all their choices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.problem import RoutingProblem, Visit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

ALONE: Final = -1


def find_twins(problem: RoutingProblem, *, calls: Sequence[int]) -> Ints:
    """By visit, the one alike before it in the same call, or ALONE; ``calls`` is empty where none has parts.

    Parts have the ways of their call and are barred to the same classes.
    """
    last: dict[tuple[int, Visit], int] = {}
    before: list[int] = []
    for number, (call, visit) in enumerate(zip(calls, problem.visits, strict=True) if calls else ()):
        before.append(last.get((call, visit), ALONE))
        last[call, visit] = number
    return np.array(before or [ALONE] * len(problem.visits), dtype=np.int64)


def number_rows(before: Ints) -> list[int]:
    """By visit, its row, one for all that are alike."""
    rows: list[int] = []
    new = 0
    others: list[int] = before.tolist()
    for other in others:
        rows.append(new if other == ALONE else rows[other])
        new += other == ALONE
    return rows


def may_follow(before: Ints) -> NDArray[np.bool_]:
    """``[to, from]``: whether a trip may go straight on so."""
    alone = before == ALONE
    return alone[:, None] | (before[:, None] == np.arange(len(before)))
