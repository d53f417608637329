"""The posts that suit one person best, and what each would add to the plan as it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.candidates import build_candidates
from planner.errors import NotFoundError
from planner.solvers.matching import MatchEffort, MatchPlan, match_people
from planner.solvers.matching.problem import NOBODY
from planner.solvers.matching.suggest import suggest_posts
from planner.stages.matchdesk import lay_out

if TYPE_CHECKING:
    from planner.candidates import Candidate
    from planner.model.agenda import Agenda
    from planner.model.campaign import Campaign
    from planner.model.jobs import Post, PostId, SeekerId
    from planner.stages.matchdesk import MatchDesk

_ROUNDS = 50
"""Enough to prove what a county has; where it is not, the answer says that it is not exact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A post and the fen it adds when others make way; not ``exact`` where the plan could be bettered."""

    post_id: PostId
    added_fen: int
    exact: bool


def suggest_offers(
    campaign: Campaign, agenda: Agenda, *, seeker_id: SeekerId, most: int = 5
) -> tuple[Offer, ...]:
    """The posts that add least to a plan for one person, the one they have left out.

    Everybody else counts as told of what the plan gives them: who has to make way costs
    ``matching.change_fen``, and so does the person. Groups of others stay put; parting the person's own
    costs ``matching.split_fen`` a head. NotFoundError where nobody of that id looks for work.
    """
    taken = {match.seeker_id: match.post_id for match in agenda.matches}
    people = build_candidates(campaign)
    if seeker_id not in {person.id for person in people}:
        raise NotFoundError("person", seeker_id)
    posts = campaign.outreach.posts
    desk, row = _lay_out(campaign, people, taken=taken, seeker_id=seeker_id)
    mates = [one for one in people if one.group == desk.people[row].group and one.id != seeker_id]
    found = suggest_posts(
        desk.problem, _as_plan(desk, taken), person=row, most=len(posts) if mates else most + 1
    )
    parting = _Parting(campaign, posts, mates=[taken.get(one.id) for one in mates])
    has = taken.get(seeker_id)
    offers = [
        Offer(
            post_id=posts[one.post].id,
            added_fen=one.added + parting.fen(posts[one.post].id) - parting.fen(has),
            exact=one.exact,
        )
        for one in found
        if posts[one.post].id != has
    ]
    return tuple(sorted(offers, key=lambda offer: (offer.added_fen, offer.post_id))[:most])


class _Parting:
    """What the posts of a group cost for being with several employers."""

    def __init__(self, campaign: Campaign, posts: tuple[Post, ...], *, mates: list[PostId | None]) -> None:
        self._firms = {post.id: (post.destination_id, post.employer) for post in posts}
        self._mates = mates
        self._fen = campaign.rules.matching.split_fen * (len(mates) + 1)

    def fen(self, post: PostId | None) -> int:
        """For the one post beside those of the others."""
        firms = {None if one is None else self._firms.get(one) for one in (*self._mates, post)}
        return self._fen if len(firms) > 1 else 0


def _lay_out(
    campaign: Campaign,
    people: tuple[Candidate, ...],
    *,
    taken: dict[SeekerId, PostId],
    seeker_id: SeekerId,
) -> tuple[MatchDesk, int]:
    """The person and all who are alone, with the places that groups leave them."""
    many = {person.id for person in people if person.group != person.id}
    many |= {person.group for person in people if person.id in many}
    free = tuple(person for person in people if person.id not in many or person.id == seeker_id)
    held = [taken[person] for person in many - {seeker_id} if person in taken]
    posts = tuple(
        replace(post, count=max(post.count - held.count(post.id), 0)) for post in campaign.outreach.posts
    )
    known = {post.id for post in posts}
    told = tuple(taken.get(person.id) for person in free)
    desk = lay_out(
        free,
        posts,
        rules=campaign.rules.matching,
        told=tuple(post if post in known else None for post in told),
    )
    return desk, next(row for row, person in enumerate(free) if person.id == seeker_id)


def _as_plan(desk: MatchDesk, taken: dict[SeekerId, PostId]) -> MatchPlan:
    """What the plan gives, with the prices of the best there is: where both cost the same they prove it."""
    row_of = {post.id: row for row, post in enumerate(desk.posts)}
    given = [row_of.get(taken[person.id], NOBODY) if person.id in taken else NOBODY for person in desk.people]
    best = match_people(desk.problem, effort=MatchEffort(rounds=_ROUNDS))
    return replace(best, post=np.array(given, dtype=np.int64))
