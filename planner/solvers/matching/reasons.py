"""Why somebody has no post, and what little would open one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.matching.kernel import AGE, DESTINATION, OPEN, SEX, SKILL, WAGE, rate_all, refuse_all
from planner.solvers.matching.market import open_market

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.solvers.matching.kernel import Market
    from planner.solvers.matching.problem import Ints, MatchPlan, MatchProblem


class Reason(StrEnum):
    """The first filter between a person and a post, in the order in which they are asked."""

    AGE = "age"
    SEX = "sex"
    SKILL = "skill"
    WAGE = "wage"
    DESTINATION = "destination"
    FULL = "full"
    OPEN = "open"
    """Nothing is between them: there is room, yet another post, or none, is better for all."""


_FILTERS: Final = {
    AGE: Reason.AGE,
    SEX: Reason.SEX,
    SKILL: Reason.SKILL,
    WAGE: Reason.WAGE,
    DESTINATION: Reason.DESTINATION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """The least change of one kind that alone opens a ``post`` with room (FULL: that needs one place more).

    ``amount`` is in years, skills, fen of monthly wage or places; for a destination it is the destination.
    """

    reason: Reason
    amount: int
    post: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """How many posts each reason keeps from a person, and what would help, the least of each kind."""

    person: int
    counts: tuple[tuple[Reason, int], ...]
    relaxations: tuple[Relaxation, ...]


def explain_person(problem: MatchProblem, plan: MatchPlan, *, person: int) -> Refusal:
    """Count the posts by the first filter that keeps them from a person, and find the least changes."""
    return explain_people(problem, plan, people=(person,))[0]


def explain_people(problem: MatchProblem, plan: MatchPlan, *, people: Iterable[int]) -> tuple[Refusal, ...]:
    """The same of several."""
    market, room = open_market(problem), _room(problem, plan)
    return tuple(_explain(market, room, person=person) for person in people)


def _explain(market: Market, room: Ints, *, person: int) -> Refusal:
    first = refuse_all(market, person)
    counts = [(reason, int((first == code).sum())) for code, reason in _FILTERS.items()]
    free = (first == OPEN) & (room > 0)
    counts += [(Reason.FULL, int(((first == OPEN) & ~(room > 0)).sum())), (Reason.OPEN, int(free.sum()))]
    return Refusal(
        person=person,
        counts=tuple((reason, count) for reason, count in counts if count),
        relaxations=_relax(market, room, person=person, first=first),
    )


def _relax(market: Market, room: Ints, *, person: int, first: Ints) -> tuple[Relaxation, ...]:
    """Among the posts that one filter alone keeps away, the least step for each, none for a sex."""
    age, skills = market.age[person], market.skills[person]
    lacking = np.bitwise_count(market.need & ~skills).astype(np.int64)
    years = np.maximum(market.youngest - age, 0) + np.maximum(age - market.oldest, 0)
    years *= age >= 0
    short = np.maximum(market.floor[person] - market.wage, 0)
    away = market.go[person, market.where] < 0
    other = (market.asks != 0) & (market.sex[person] != 0) & (market.asks != market.sex[person])
    steps = {
        Reason.AGE: years,
        Reason.SKILL: lacking,
        Reason.WAGE: short,
        Reason.DESTINATION: away.astype(np.int64),
    }
    broken = other.astype(np.int64) + sum((step > 0).astype(np.int64) for step in steps.values())
    found: list[Relaxation] = []
    for reason, step in steps.items():
        able = np.flatnonzero((step > 0) & (broken == 1) & (room > 0))
        if able.size:
            best = int(able[np.lexsort((-market.wage[able], step[able]))[0]])
            amount = int(market.where[best]) if reason == Reason.DESTINATION else int(step[best])
            found.append(Relaxation(reason=reason, amount=amount, post=best))
    full = np.flatnonzero((first == OPEN) & (room <= 0))
    if full.size:
        points = rate_all(market, np.full(full.size, person), full)
        found.append(Relaxation(reason=Reason.FULL, amount=1, post=int(full[points.argmin()])))
    return tuple(found)


def _room(problem: MatchProblem, plan: MatchPlan) -> Ints:
    """Places of each post that nobody has."""
    used = np.bincount(plan.post[plan.post >= 0], minlength=problem.posts.quota.size)
    return problem.posts.quota - used
