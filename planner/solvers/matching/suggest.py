"""Which posts suit one person best, and what each adds to the plan when others make way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.solvers.matching.kernel import FAR, Standing, make_way, rate_all
from planner.solvers.matching.market import open_market

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.matching.kernel import Market
    from planner.solvers.matching.problem import Ints, MatchPlan, MatchProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A post and the points it adds to the plan; not ``exact`` where the plan is not the best there is."""

    post: int
    added: int
    exact: bool = True


def suggest_posts(
    problem: MatchProblem, plan: MatchPlan, *, person: int, most: int = 5
) -> tuple[Suggestion, ...]:
    """The posts that add least, the present one with 0; over all pairs, people in groups staying put.

    Others make way along the cheapest chain of moves, which ends where a place is free, somebody goes
    without, or the person leaves one (Dijkstra on reduced costs, backwards). A plan that is not optimal for
    those who may move can look dearer to change than it is.
    """
    market = open_market(problem)
    standing = _stand(problem, plan, market=market)
    posts = plan.prices.size
    points = rate_all(market, np.full(posts, person), np.arange(posts))
    able = np.flatnonzero(points < FAR)
    base = points[able] + plan.prices[able] - standing.have[person]
    order = np.argsort(base, kind="stable")
    able, base = able[order], base[order]
    used = np.bincount(plan.post[plan.post >= 0], minlength=posts)
    search = _Search(market, standing, used=used, free=used < problem.posts.quota)
    target = int(plan.post[person])
    return search.rank(posts if target < 0 else target, able=able, base=base, most=most)


def _stand(problem: MatchProblem, plan: MatchPlan, *, market: Market) -> Standing:
    some = np.flatnonzero(plan.post >= 0)
    have = market.alone.copy()
    have[some] = rate_all(market, some, plan.post[some]) + plan.prices[plan.post[some]]
    still = (problem.persons.tie >= 0).astype(np.int64)
    return Standing(post=plan.post, prices=plan.prices, have=have, still=still)


class _Search:
    """How far each post is from where a place comes free; being idle is the node after the last post."""

    def __init__(self, market: Market, standing: Standing, *, used: Ints, free: NDArray[np.bool_]) -> None:
        self._market = market
        self._standing = standing
        self._used = used
        self._free = free
        self._exact = True

    def rank(self, target: int, *, able: Ints, base: Ints, most: int) -> tuple[Suggestion, ...]:
        """The best so many of the able posts by base and distance to the target."""
        idle = self._standing.prices.size
        dist = np.full(idle + 1, FAR)
        dist[target] = 0
        done = np.zeros(idle + 1, dtype=bool)
        added = np.full(idle + 1, FAR)
        cheap = np.full(idle + 1, FAR)
        cheap[able] = base
        while True:
            near = int(np.where(done, FAR, dist).argmin())
            if done[near] or dist[near] >= FAR:
                break
            waiting = able[~done[able]]
            best = np.sort(added[able])[:most]
            if best.size == most and best[-1] <= int(cheap[waiting].min(initial=FAR)) + dist[near]:
                break
            done[near] = True
            added[near] = cheap[near] + dist[near] if cheap[near] < FAR else FAR
            self._expand(near, dist)
        found = able[np.argsort(added[able], kind="stable")][:most]
        return tuple(
            Suggestion(post=int(post), added=int(added[post]), exact=self._exact)
            for post in found
            if added[post] < FAR
        )

    def _expand(self, near: int, dist: Ints) -> None:
        """Shorten the ways of those who could move to where a place comes free."""
        plan, far, idle = self._standing, int(dist[near]), self._standing.prices.size
        if near < idle:
            self._exact &= make_way(self._market, plan, near, far, dist)
            if self._used[near]:
                dist[idle] = min(int(dist[idle]), far + int(plan.prices[near]))
            return
        spare = np.flatnonzero(self._free)
        dist[spare] = np.minimum(dist[spare], far)
        movers = np.flatnonzero((plan.post >= 0) & (plan.still == 0))
        more = self._market.alone[movers] - plan.have[movers]
        self._exact &= bool((more >= 0).all())
        np.minimum.at(dist, plan.post[movers], far + np.maximum(more, 0))
