"""What no choice can cost less than, where parting a group costs something: the prices asked once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.solvers.matching.kernel import meet, rate_all
from planner.solvers.matching.market import open_market
from planner.solvers.matching.ties import group_rows, venue_of

if TYPE_CHECKING:
    from planner.solvers.matching.problem import MatchPlan, MatchProblem


def bound_groups(problem: MatchProblem, plan: MatchPlan, *, split: int) -> int:
    """Raise the bound of a plan that left groups aside, ``split`` being what each member pays when apart.

    At the plan's prices a group at least pays for its cheapest venue as if that had room for all, or for
    staying out altogether, or what its members pay each for himself and for being apart: Lagrange's bound
    once more. Where the plan is not proved its prices say nothing, and the bound stays.
    """
    if not plan.proved:
        return plan.bound
    market, bound = open_market(problem), plan.bound
    plenty = np.full(problem.posts.quota.size, problem.persons.age.size)
    for group, members in group_rows(problem).items():
        taken = plan.post[members]
        some = taken >= 0
        each = market.alone[members].copy()
        each[some] = rate_all(market, members[some], taken[some]) + plan.prices[taken[some]]
        apart = int(each.sum()) + split * members.size
        away = int(market.alone[members].sum())
        together = int(meet(market, plan.prices, plenty, members, venue_of(problem, group)).min())
        bound += max(min(apart, away, together) - int(each.sum()), 0)
    return bound
