"""Call every kernel once on a couple and a third, so that they are compiled before a clock runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from planner.solvers.matching.problem import NOBODY, MatchEffort, MatchProblem, Meeting, Persons, Posts
from planner.solvers.matching.reasons import explain_person
from planner.solvers.matching.solve import match_people
from planner.solvers.matching.suggest import suggest_posts
from planner.solvers.matching.ties import keep_groups

if TYPE_CHECKING:
    from planner.solvers.matching.problem import Ints
    from planner.solvers.trunk.tasks import Line


def warm(_line: Line) -> int:
    """Match a little; how many got a post says nothing."""
    people, posts = _all(3, of=0), _all(2, of=0)
    problem = MatchProblem(
        persons=Persons(
            age=_all(3, of=30),
            skills=people,
            floor_fen=people,
            wish=np.array([[0, 1], [1, 0], [NOBODY, NOBODY]], dtype=np.int64),
            sex=people,
            tie=np.array([0, 0, NOBODY], dtype=np.int64),
            offered=_all(3, of=NOBODY),
        ),
        posts=Posts(
            quota=_all(2, of=2),
            youngest=posts,
            oldest=_all(2, of=60),
            need=posts,
            wage_fen=_all(2, of=400_000),
            destination=np.arange(2),
            sex=posts,
            lawful=posts,
            employer=np.arange(2),
        ),
        meetings=(Meeting.CITY,),
    )
    effort = MatchEffort(rounds=2)
    plan = keep_groups(problem, match_people(problem, effort=effort), effort=effort)
    explain_person(problem, plan, person=2)
    suggest_posts(problem, plan, person=0)
    return int((plan.post >= 0).sum())


def kernel_source() -> bytes:
    """What is compiled; a change asks for compiling anew."""
    return (Path(__file__).parent / "kernel.py").read_bytes()


def _all(size: int, *, of: int) -> Ints:
    return np.full(size, of, dtype=np.int64)
