"""Bounds recomputed from prices alone, in integers and without the code that found them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from planner.solvers.matching.flow import Arcs
    from planner.solvers.matching.problem import Ints


def bound_on(arcs: Arcs, prices: Ints, *, quota: Ints, alone: Ints) -> int:
    """No choice among the pairs costs less: everybody takes his best at the prices, which posts pay back.

    Lagrange's bound: it holds for any prices that are not negative; others raise ValueError.
    """
    least = alone.copy()
    np.minimum.at(least, arcs.person, arcs.points + prices[arcs.post])
    return bound_of(least, prices, quota=quota)


def bound_of(least: Ints, prices: Ints, *, quota: Ints) -> int:
    """The bound from the least sum of points and price that each person can have."""
    if int(prices.min(initial=0)) < 0:
        raise ValueError("a price is not negative")
    return int(least.sum()) - int(prices @ quota)


def is_lawful(arcs: Arcs, taken: Ints, *, quota: Ints) -> bool:
    """Whether each person took a pair of his own and no post has more people than places."""
    some = np.flatnonzero(taken >= 0)
    used = np.bincount(arcs.post[taken[some]], minlength=quota.size)
    return bool((arcs.person[taken[some]] == some).all() and (used <= quota).all())
