"""Dual values in whole numbers that are lawful, and what they prove.

What any plan costs is at least: what all its calls pay, less what the cheapest tour of each lane gains on
each of its days (Lagrange), where a second of work has its price by squad. The prices of work are lawful
where those of the busiest add up to at most ``100 - percent`` and those of the least busy to at least 100
times the price of a second over the allowed spread, and that is at most what it costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.tours.ground import PERCENT, PRIZE, SPREAD, VILLAGE, WEIGHT
from planner.solvers.tours.problem import LOAD_SCALE

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints
    from planner.solvers.tours.ground import Ground
    from planner.solvers.tours.master import Values

SCALE: Final = 1 << 20
"""Parts of a fen in which all is counted."""
_FINE: Final = 1 << 12
"""Parts of those in which a part of a load is priced; a second of work then costs less, which is lawful."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TourDuals:
    """Parts of a fen: what calls pay, what waking up costs by lane and door, what a second of work does."""

    pay: Ints
    doors: tuple[Ints, ...]
    work: Ints


def whole_duals(ground: Ground, values: Values) -> TourDuals:
    """Round dual values to lawful whole ones."""
    weights = ground.squads[:, WEIGHT]
    compared = weights > 0
    scale = SCALE * _FINE
    limit = int(ground.numbers[SPREAD]) * scale // (100 * LOAD_SCALE)
    over = min(int(values.over * scale / LOAD_SCALE), limit)
    if not compared.any():
        over = 0
    below = np.where(compared, np.floor(values.below * scale / LOAD_SCALE), 0).astype(np.int64)
    above = np.where(compared, np.floor(values.above * scale / LOAD_SCALE), 0).astype(np.int64)
    spare = (100 - int(ground.numbers[PERCENT])) * over - int(below.sum())
    while spare < 0:
        place = int(below.argmax())
        taken = min(-spare, int(below[place]))
        below[place] -= taken
        spare += taken
    lacking = 100 * over - int(above.sum())
    if lacking > 0:
        above[int(above.argmax()) if above.any() else int(compared.argmax())] += lacking
    return TourDuals(
        pay=np.floor(values.pay * SCALE).astype(np.int64),
        doors=tuple(np.rint(doors * SCALE).astype(np.int64) for doors in values.doors),
        work=(below - above) * weights // _FINE,
    )


def bound_fen(ground: Ground, duals: TourDuals, *, gained: int) -> int:
    """The bound of lawful duals; ``gained`` is what lanes' cheapest tours gain on all days, at most 0.

    One fen less, as the cost of the spread is rounded down.
    """
    pays = duals.pay[ground.calls[:, VILLAGE]]
    total = int(np.minimum(ground.calls[:, PRIZE] * SCALE, pays).sum()) + gained
    return -(-total // SCALE) - 1
