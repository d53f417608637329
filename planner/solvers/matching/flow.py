"""Pairs of people and posts, the cheapest flow through them (OR-Tools), and the prices that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from ortools.graph.python import min_cost_flow

from planner.errors import SolverError
from planner.solvers.matching.kernel import Ledger, raise_prices
from planner.solvers.matching.problem import NOBODY

if TYPE_CHECKING:
    from planner.solvers.matching.problem import Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arcs:
    """Pairs in order of person, and what they cost."""

    person: Ints
    post: Ints
    points: Ints

    def costs(self, taken: Ints, *, alone: Ints) -> Ints:
        """What each person pays for the pair taken, ``alone`` without one."""
        costs, some = alone.copy(), taken >= 0
        costs[some] = self.points[taken[some]]
        return costs

    def posts(self, taken: Ints) -> Ints:
        """The post of each person or ``NOBODY``."""
        posts, some = np.full(taken.size, NOBODY), taken >= 0
        posts[some] = self.post[taken[some]]
        return posts

    def only(self, keep: Ints) -> Arcs:
        """Some of the pairs, in the order given."""
        return Arcs(person=self.person[keep], post=self.post[keep], points=self.points[keep])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """The pair each person took or ``NOBODY``, and the least prices of posts at which all are content."""

    taken: Ints
    prices: Ints


def solve_flow(arcs: Arcs, *, quota: Ints, alone: Ints) -> Answer:
    """The cheapest way to serve all: each person takes a pair or stays ``alone``, each post up to its quota.

    Raises SolverError where OR-Tools fails or where no prices prove its answer.
    """
    people, posts, pairs = alone.size, quota.size, arcs.person.size
    sink = people + posts
    persons = np.arange(people)
    unit = max(int(np.gcd.reduce(np.concatenate([arcs.points, alone]))), 1)
    solver: Any = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([arcs.person, persons, people + np.arange(posts)]),
        np.concatenate([people + arcs.post, np.full(people + posts, sink)]),
        np.concatenate([np.ones(pairs + people, dtype=np.int64), np.minimum(quota, people)]),
        np.concatenate([arcs.points // unit, alone // unit, np.zeros(posts, dtype=np.int64)]),
    )
    supply = np.concatenate([np.ones(people, np.int64), np.zeros(posts, np.int64), [-people]])
    solver.set_nodes_supplies(np.arange(sink + 1), supply)
    if solver.solve() != solver.OPTIMAL:
        raise SolverError("matching", "no flow")
    used = np.flatnonzero(solver.flows(np.arange(pairs))) if pairs else np.empty(0, dtype=np.int64)
    taken = np.full(people, NOBODY)
    taken[arcs.person[used]] = used
    return Answer(taken=taken, prices=find_prices(arcs, taken, quota=quota, alone=alone))


def find_prices(arcs: Arcs, taken: Ints, *, quota: Ints, alone: Ints) -> Ints:
    """The least prices at which everybody would choose what he took; SolverError where there are none."""
    some = np.flatnonzero(taken >= 0)
    used = np.bincount(arcs.post[taken[some]], minlength=quota.size)
    book = Ledger(
        first=np.searchsorted(arcs.person, np.arange(alone.size + 1)),
        post=arcs.post,
        points=arcs.points,
        alone=alone,
        chosen=taken,
        quota=quota,
        used=used,
        prices=np.zeros(quota.size, dtype=np.int64),
    )
    holders = some[np.argsort(arcs.post[taken[some]], kind="stable")]
    unhappy = raise_prices(book, holders, np.concatenate([[0], np.cumsum(used)]))
    if unhappy >= 0:
        raise SolverError("matching", f"person {unhappy} is not content at any prices")
    return book.prices
