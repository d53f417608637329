"""Why somebody has no post, and the smallest change that would give them one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from planner.model.agenda import MatchCause, Remedy, RemedyKind, Unmatched
from planner.solvers.matching.reasons import Reason, explain_people
from planner.stages.matchdesk import FEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.candidates import Candidate
    from planner.errors import Arg
    from planner.model.jobs import Post
    from planner.solvers.matching import MatchPlan
    from planner.solvers.matching.reasons import Refusal, Relaxation
    from planner.stages.matchdesk import MatchDesk

_CAUSES: Final = {
    Reason.AGE: MatchCause.NO_POST_AGE,
    Reason.SEX: MatchCause.NO_POST_SEX,
    Reason.SKILL: MatchCause.NO_POST_SKILL,
    Reason.WAGE: MatchCause.NO_POST_WAGE,
    Reason.DESTINATION: MatchCause.NO_POST_PLACE,
}
"""In the order in which the filters are asked."""
_EASIEST: Final = (Reason.DESTINATION, Reason.WAGE, Reason.SKILL, Reason.FULL)
"""What a person or the office can change, the easiest first; nobody changes an age."""


def explain_unmatched(desk: MatchDesk, plan: MatchPlan) -> tuple[Unmatched, ...]:
    """Say of everybody without a post which filter left none, with figures, and what would help."""
    left: list[int] = np.flatnonzero(plan.post < 0).tolist()
    refusals = explain_people(desk.problem, plan, people=left)
    return tuple(_explain(desk, refusal) for refusal in refusals)


def _explain(desk: MatchDesk, refusal: Refusal) -> Unmatched:
    person = desk.people[refusal.person]
    counts, rest = dict(refusal.counts), len(desk.posts)
    cause, reason, before = MatchCause.POSTS_TAKEN, Reason.FULL, 0
    for filter_, found in _CAUSES.items():
        before = rest
        rest -= counts.get(filter_, 0)
        if not rest:
            cause, reason = found, filter_
            break
    posts = rest or before
    return Unmatched(
        seeker_id=person.id,
        cause=cause,
        args={"posts": posts, **_figures(desk, person, cause=cause)},
        remedy=_remedy(desk, person, refusal=refusal, reason=reason),
    )


def _figures(desk: MatchDesk, person: Candidate, *, cause: MatchCause) -> Mapping[str, Arg]:
    if cause is MatchCause.NO_POST_AGE:
        ages = [post.age_from for post in desk.posts], [post.age_to for post in desk.posts]
        return {"age": person.age or 0, "youngest": min(ages[0]), "oldest": max(ages[1])}
    if cause is MatchCause.NO_POST_WAGE:
        return {"least": person.least_yuan, "best": max(post.wage_to_yuan for post in desk.posts)}
    if cause is MatchCause.NO_POST_PLACE:
        return {"wished": "|".join(person.destinations)}
    return {}


def _remedy(desk: MatchDesk, person: Candidate, *, refusal: Refusal, reason: Reason) -> Remedy:
    """The change of the very filter that left nothing, else the easiest; more posts where none would do."""
    found = {relaxation.reason: relaxation for relaxation in refusal.relaxations}
    for kind in (reason, *_EASIEST):
        if kind in found and kind is not Reason.AGE:
            return _change(person, desk.posts[found[kind].post], step=found[kind])
    return Remedy(kind=RemedyKind.ADD_POSTS, args={"count": 1, "post": ""})


def _change(person: Candidate, post: Post, *, step: Relaxation) -> Remedy:
    """The change that opens a post."""
    if step.reason is Reason.WAGE:
        kind, figures = RemedyKind.LOWER_WAGE_WISH, {"yuan": person.least_yuan - -(-step.amount // FEN)}
    elif step.reason is Reason.DESTINATION:
        kind, figures = RemedyKind.OTHER_PLACE, {"destination": post.destination_id}
    elif step.reason is Reason.SKILL:
        missing = "|".join(skill for skill in post.skills if skill not in person.skills)
        kind, figures = RemedyKind.TRAIN, {"skills": missing}
    else:
        kind, figures = RemedyKind.ADD_POSTS, {"count": step.amount}
    return Remedy(kind=kind, args={**figures, "post": post.id})
