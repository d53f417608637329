"""A problem as the kernels want it: its points by column, its posts on shelves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from planner.solvers.matching.kernel import Market, Shelves
from planner.solvers.matching.problem import NOBODY, WORKING_AGE

if TYPE_CHECKING:
    from planner.solvers.matching.problem import Ints, MatchProblem


def open_market(problem: MatchProblem) -> Market:
    """The columns that filters and points are made of; nobody below the working age is open to any post."""
    persons, posts, weigh = problem.persons, problem.posts, problem.points
    short = np.maximum(weigh.best_fen - posts.wage_fen, 0) // weigh.step_fen
    return Market(
        age=persons.age,
        skills=persons.skills,
        floor=persons.floor_fen,
        sex=persons.sex,
        offered=persons.offered,
        go=np.ascontiguousarray(np.where(persons.wish < 0, NOBODY, persons.wish * weigh.wish)),
        alone=weigh.unmatched + weigh.change * (persons.offered >= 0),
        youngest=np.maximum(posts.youngest, WORKING_AGE),
        oldest=posts.oldest,
        need=posts.need,
        wage=posts.wage_fen,
        where=posts.destination,
        asks=posts.heeded_sex,
        base=weigh.wage * short,
        idle=weigh.idle,
        change=weigh.change,
    )


def shelve(market: Market) -> Ints:
    """The shelf of each post, numbered by destination first."""
    columns = (market.asks, market.oldest, market.youngest, market.need, market.where)
    order = np.lexsort(columns)
    differs = np.zeros(order.size, dtype=bool)
    for column in columns:
        differs[1:] |= np.diff(column[order]) != 0
    shelf = np.empty(order.size, dtype=np.int64)
    shelf[order] = np.cumsum(differs)
    return shelf


def arrange(market: Market, shelf: Ints, *, prices: Ints) -> Shelves:
    """Posts on their shelves by points and price, then by wage."""
    value = market.base + prices
    order = np.lexsort((-market.wage, value, shelf))
    many = int(shelf.max(initial=-1)) + 1
    first = np.concatenate([[0], np.cumsum(np.bincount(shelf, minlength=many))])
    kind = order[first[:-1]].astype(np.int64)
    where = market.where[kind]
    return Shelves(
        front=np.concatenate([[0], np.cumsum(np.bincount(where, minlength=market.go.shape[1]))]),
        first=first,
        kind=kind,
        order=order,
        value=value[order],
        pay=market.wage[order],
    )
