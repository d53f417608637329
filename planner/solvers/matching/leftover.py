"""Who was left out for want of time is given what is still free: never worse than before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from planner.solvers.matching.kernel import rate_all
from planner.solvers.matching.market import open_market
from planner.solvers.matching.ties import find_apart

if TYPE_CHECKING:
    from planner.solvers.matching.problem import MatchPlan, MatchProblem


def place_left(problem: MatchProblem, plan: MatchPlan) -> MatchPlan:
    """Give each person without a post, by row, the best with room that is better than none."""
    market, post = open_market(problem), plan.post.copy()
    room = problem.posts.quota - np.bincount(post[post >= 0], minlength=problem.posts.quota.size)
    gain = 0
    for person in np.flatnonzero(post < 0).tolist():
        free = np.flatnonzero(room > 0)
        points = rate_all(market, np.full(free.size, person), free)
        best = int(points.argmin()) if free.size else 0
        if free.size and points[best] < market.alone[person]:
            post[person] = free[best]
            room[free[best]] -= 1
            gain += int(market.alone[person] - points[best])
    return replace(plan, post=post, points=plan.points - gain, groups=find_apart(problem, post))
