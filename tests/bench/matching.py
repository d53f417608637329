"""People and posts of a made-up season: ``python -m tests.bench.matching``. Meant for a quiet machine.

Cities differ in pull; a person wishes for one to five of them. Half of the posts ask for a skill, all for an
age, some for a woman, half of those without a lawful reason. Wages are about 5,200 yuan, what people want at
least from 2,800 to 6,900. The same arguments give the same season. Asked are the time until the flow on its
pairs is proved, what the audit of all pairs finds, and whether a second solver agrees at 5,000 people.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from scipy.optimize import linprog  # pyright: ignore[reportUnknownVariableType]  # scipy has no types
from scipy.sparse import coo_array

from planner.solvers.matching import (
    MatchEffort,
    MatchPlan,
    MatchProblem,
    Meeting,
    Persons,
    Posts,
    keep_groups,
    match_people,
    suggest_posts,
)
from planner.solvers.matching.solve import PAIRS, open_desk

_SKILLED = (0.35, 0.25, 0.15, 0.1, 0.08, 0.05)
"""Share of people who have a skill, skill by skill."""
_YUAN_100_FEN = 10_000
_WISHES = 5
_RANDOM_NEED = 0.5
_OLDEST = (35, 40, 45, 50, 55, 60)
_YOUNGEST = (16, 18, 18, 18, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """What a season is made from; each post has ``places`` on average, each employer about ten posts."""

    people: int
    posts: int
    places: float = 1.0
    cities: int = 16
    pairs: int = 0
    """Couples, who want the same employer and the same city in turn."""
    seed: int = 1


def make(season: Season) -> MatchProblem:
    """Draw the people and the posts."""
    dice = np.random.default_rng(season.seed)
    pull = dice.dirichlet(np.ones(season.cities))
    persons = _persons(season, dice=dice, pull=pull)
    posts = _posts(season, dice=dice, pull=pull)
    meetings = tuple(Meeting(couple % 2) for couple in range(season.pairs))
    return MatchProblem(persons=persons, posts=posts, meetings=meetings)


def _persons(season: Season, *, dice: np.random.Generator, pull: np.ndarray) -> Persons:
    people, cities = season.people, season.cities
    order = np.argsort(-np.log(pull + 1e-3) - dice.gumbel(size=(people, cities)), axis=1)
    wish = np.full((people, cities), -1)
    some = dice.integers(1, 1 + min(_WISHES, cities), people)
    for rank in range(min(_WISHES, cities)):
        rows = np.flatnonzero(some > rank)
        wish[rows, order[rows, rank]] = rank
    tie = np.full(people, -1)
    tie[: 2 * season.pairs] = np.repeat(np.arange(season.pairs), 2)
    tied = np.arange(0, 2 * season.pairs, 2)
    wish[tied + 1] = wish[tied]
    skills = np.zeros(people, dtype=np.int64)
    for bit, share in enumerate(_SKILLED):
        skills |= (dice.random(people) < share).astype(np.int64) << bit
    return Persons(
        age=np.clip(dice.normal(36, 11, people).astype(np.int64), 16, 62),
        skills=skills,
        floor_fen=dice.integers(28, 70, people) * _YUAN_100_FEN,
        wish=wish,
        sex=dice.integers(1, 3, people),
        tie=tie,
        offered=np.full(people, -1),
    )


def _posts(season: Season, *, dice: np.random.Generator, pull: np.ndarray) -> Posts:
    posts, bits = season.posts, len(_SKILLED)
    employers = max(posts // 10, 1)
    home = dice.choice(season.cities, employers, p=pull)
    employer = dice.integers(0, employers, posts)
    one, other = (1 << dice.integers(0, bits, posts) for _ in range(2))
    need = np.where(dice.random(posts) < _RANDOM_NEED, one, 0) | np.where(dice.random(posts) < 0.1, other, 0)
    wage = np.clip(dice.normal(52, 12, posts).astype(np.int64) + 6 * (need > 0), 28, 120)
    return Posts(
        quota=1 + dice.poisson(season.places - 1, posts),
        youngest=dice.choice(_YOUNGEST, posts),
        oldest=dice.choice(_OLDEST, posts),
        need=need.astype(np.int64),
        wage_fen=wage * _YUAN_100_FEN,
        destination=home[employer],
        sex=np.where(dice.random(posts) < 0.05, 2, 0),
        lawful=(dice.random(posts) < _RANDOM_NEED).astype(np.int64),
        employer=employer,
    )


def with_offers(problem: MatchProblem, post: np.ndarray) -> MatchProblem:
    """The same people after they were told."""
    return replace(problem, persons=replace(problem.persons, offered=post))


def tell_all(season: Season) -> None:
    """Print the time until the first flow is proved, what the audit finds, groups, offers, suggestions."""
    problem = make(season)
    began, busy = time.monotonic(), time.process_time()
    desk = open_desk(problem)
    arcs = desk.draw(PAIRS)
    desk.prove(arcs)
    took = f"{time.monotonic() - began:.1f} s, {time.process_time() - busy:.1f} s of a core"
    _say(f"{season}\n  {arcs.person.size} pairs proved in {took}")
    began = time.monotonic()
    plan = match_people(problem, effort=MatchEffort(rounds=12))
    _tell("all pairs", plan, began=began)
    began = time.monotonic()
    kept = keep_groups(problem, plan, effort=MatchEffort(rounds=12))
    _tell(f"{season.pairs} couples", kept, began=began)
    told = plan.post
    problem = with_offers(_with_more(problem), told)
    began = time.monotonic()
    after = match_people(problem, effort=MatchEffort(rounds=12))
    _tell("1 % more posts", after, began=began)
    _say(f"  earlier offers changed: {(after.post[told >= 0] != told[told >= 0]).mean():.2%}")
    began = time.monotonic()
    for person in range(10):
        suggest_posts(problem, after, person=person)
    _say(f"  five posts for one person in {(time.monotonic() - began) / 10:.2f} s")


def _tell(what: str, plan: MatchPlan, *, began: float) -> None:
    idle, apart, nowhere = (plan.post < 0).sum(), len(plan.groups), len(plan.nowhere)
    parts = (
        f"{plan.points} points, at most {plan.loss:.3%} above the least",
        f"{plan.rounds} rounds",
        f"{idle} without",
        f"{apart} groups apart, {nowhere} with no venue",
        f"{time.monotonic() - began:.1f} s",
    )
    _say(f"  {what}: {', '.join(parts)}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _with_more(problem: MatchProblem) -> MatchProblem:
    """Every hundredth post once more."""
    rows = np.concatenate([np.arange(problem.posts.quota.size), np.arange(0, problem.posts.quota.size, 100)])
    columns = {field.name: getattr(problem.posts, field.name)[rows] for field in fields(problem.posts)}
    return replace(problem, posts=replace(problem.posts, **columns))


def second_opinion(problem: MatchProblem, *, pairs: int) -> tuple[int, int]:
    """The points of the first flow on its pairs, by OR-Tools and by a linear program in HiGHS."""
    desk = open_desk(problem)
    arcs = desk.draw(pairs)
    ours = desk.total(arcs, desk.prove(arcs).taken)
    count, people = arcs.person.size, desk.quota.size + desk.market.alone.size
    rows = np.concatenate([arcs.person, desk.market.alone.size + arcs.post])
    matrix = coo_array((np.ones(2 * count), (rows, np.tile(np.arange(count), 2))), shape=(people, count))
    most = np.concatenate([np.ones(desk.market.alone.size), desk.quota])
    gain = (arcs.points - desk.market.alone[arcs.person]).astype(float)
    answer: Any = linprog(gain, A_ub=matrix.tocsr(), b_ub=most, bounds=(0, None), method="highs")
    return ours, int(desk.market.alone.sum()) + round(float(answer.fun))


def main(words: Sequence[str]) -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--posts", type=int, default=50_000)
    parser.add_argument("--places", type=float, default=1.0)
    parser.add_argument("--pairs", type=int, default=2_500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--agree", type=int, default=5_000, help="people and posts for the second solver")
    asked = parser.parse_args(words)
    match_people(make(Season(people=50, posts=50)), effort=MatchEffort(rounds=2))
    if asked.agree:
        small = make(Season(people=asked.agree, posts=asked.agree, seed=asked.seed))
        ours, theirs = second_opinion(small, pairs=PAIRS)
        _say(f"{asked.agree} people: OR-Tools {ours}, HiGHS {theirs}")
    columns = ("people", "posts", "places", "pairs", "seed")
    tell_all(Season(**{name: getattr(asked, name) for name in columns}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
