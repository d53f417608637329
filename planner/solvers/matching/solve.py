"""Everybody to a post at the fewest points: some pairs each, a flow, and an audit of all pairs left out.

The first pairs are drawn among all that are open to a person: the best posts are the best for many, and where
all choose among the same few most are left without. After each flow every absent pair is looked at, and some
of those that would pay at the flow's prices are added, drawn again (column generation): until there are none,
when the answer is proved over all pairs, or the time is up, when Lagrange's bound says what may be lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.errors import SolverError
from planner.solvers.matching.certificate import bound_of, bound_on, is_lawful
from planner.solvers.matching.flow import Answer, Arcs, solve_flow
from planner.solvers.matching.kernel import FAR, Market, deal, draw, rate_all
from planner.solvers.matching.market import arrange, open_market, shelve
from planner.solvers.matching.problem import Clock, MatchEffort, MatchPlan, MatchProblem

if TYPE_CHECKING:
    from planner.solvers.matching.problem import Ints

PAIRS: Final = 30
"""Posts a person may choose from in the first flow."""
_MORE: Final = 10
"""Pairs of a person that one audit may add."""
_THIN: Final = 2
"""Rounds after which the pairs not worth much are dropped; later it would only bring back what was there."""


def match_people(problem: MatchProblem, *, effort: MatchEffort, pairs: int = PAIRS) -> MatchPlan:
    """Give each person a post or none at the fewest points; groups are left aside (see ``ties``).

    Raises SolverError where the flow or its proof fails.
    """
    clock = Clock(effort)
    desk = open_desk(problem)
    arcs, bound, rounds = desk.draw(pairs), -FAR, 0
    while True:
        answer = desk.prove(arcs)
        rounds += 1
        missing, floor = desk.audit(arcs, answer)
        bound = max(bound, floor)
        if not missing.person.size or clock.over(rounds=rounds):
            return desk.plan(arcs, answer, proof=Proof(bound=bound, rounds=rounds, missing=missing))
        kept = desk.thin(arcs, answer, most=pairs) if rounds <= _THIN else arcs
        arcs = merge(kept, missing)


def open_desk(problem: MatchProblem) -> Desk:
    """What every step needs, made from a problem."""
    market = open_market(problem)
    return Desk(market=market, shelf=shelve(market), quota=problem.posts.quota)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proof:
    """What is known of an answer: a bound over all pairs, and absent pairs that would pay."""

    bound: int
    rounds: int
    missing: Arcs


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Desk:
    """A market, the shelf of each post and its quota: what every step needs."""

    market: Market
    shelf: Ints
    quota: Ints

    def draw(self, most: int) -> Arcs:
        """Pairs drawn among those that are better than being alone."""
        shelves = arrange(self.market, self.shelf, prices=np.zeros_like(self.quota))
        return self.pairs(*deal(self.market, shelves, most))

    def prove(self, arcs: Arcs) -> Answer:
        """The cheapest flow; SolverError where its total is not the bound of its prices."""
        alone = self.market.alone
        answer = solve_flow(arcs, quota=self.quota, alone=alone)
        total = self.total(arcs, answer.taken)
        proof = bound_on(arcs, answer.prices, quota=self.quota, alone=alone)
        if proof != total or not is_lawful(arcs, answer.taken, quota=self.quota):
            raise SolverError("matching", f"{total} points, but {proof} proved")
        return answer

    def total(self, arcs: Arcs, taken: Ints) -> int:
        """The points of an answer."""
        return int(arcs.costs(taken, alone=self.market.alone).sum())

    def audit(self, arcs: Arcs, answer: Answer) -> tuple[Arcs, int]:
        """Absent pairs that would pay at the prices of an answer, and the bound over all pairs."""
        have = arcs.costs(answer.taken, alone=self.market.alone)
        some = answer.taken >= 0
        have[some] += answer.prices[arcs.post[answer.taken[some]]]
        shelves = arrange(self.market, self.shelf, prices=answer.prices)
        many, posts, least = draw(self.market, shelves, answer.prices, have, _MORE)
        return self.pairs(many, posts), bound_of(least, answer.prices, quota=self.quota)

    def thin(self, arcs: Arcs, answer: Answer, *, most: int) -> Arcs:
        """The pairs taken and the best others at the prices, so many a person."""
        value = arcs.points + answer.prices[arcs.post]
        value[answer.taken[answer.taken >= 0]] = -1
        order = np.lexsort((value, arcs.person))
        first = np.searchsorted(arcs.person, arcs.person)
        return arcs.only(np.sort(order[np.arange(order.size) - first < most]))

    def plan(self, arcs: Arcs, answer: Answer, *, proof: Proof) -> MatchPlan:
        """The answer without its pairs."""
        return MatchPlan(
            post=arcs.posts(answer.taken),
            prices=answer.prices,
            points=self.total(arcs, answer.taken),
            bound=proof.bound,
            arcs=arcs.person.size,
            rounds=proof.rounds,
            absent=int(np.unique(proof.missing.person).size),
        )

    def pairs(self, many: Ints, posts: Ints) -> Arcs:  # as the kernels give them
        """Pairs that a kernel gave, priced."""
        person = np.repeat(np.arange(many.size), many)
        post = posts[np.arange(posts.shape[1]) < many[:, None]]
        return Arcs(person=person, post=post, points=rate_all(self.market, person, post))


def merge(arcs: Arcs, more: Arcs) -> Arcs:
    """Both, in order of person."""
    person = np.concatenate([arcs.person, more.person])
    post = np.concatenate([arcs.post, more.post])
    points = np.concatenate([arcs.points, more.points])
    return Arcs(person=person, post=post, points=points).only(np.argsort(person, kind="stable"))
