"""The figures of matching that an organiser reads first."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.candidates import build_candidates
from planner.model.agenda import Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.model.agenda import Agenda, MatchCause
    from planner.model.campaign import Campaign
    from planner.model.jobs import SeekerId


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSummary:
    """Heads and fen; ``gap`` is ``cost / bound - 1``, None unproved."""

    wished: int
    matched: int
    places: int
    """Of all posts."""
    groups: int
    """Couples and families."""
    groups_kept: int
    groups_hopeless: int
    """Not together because one of them has no post that would do, whatever others take."""
    causes: Mapping[MatchCause, int]
    cost_fen: int
    bound_fen: int | None
    pruned_fen: int | None
    gap: float | None


def summarise_matching(campaign: Campaign, agenda: Agenda | None) -> MatchSummary | None:
    """Add up; None where a plan has no matching."""
    proof = next((proof for proof in agenda.proofs if proof.part is Part.MATCHING), None) if agenda else None
    if agenda is None or proof is None:
        return None
    firms = {post.id: (post.destination_id, post.employer) for post in campaign.outreach.posts}
    taken = {match.seeker_id: firms.get(match.post_id) for match in agenda.matches}
    causes = {left.seeker_id: left.cause for left in agenda.unmatched}
    groups: dict[SeekerId, list[SeekerId]] = defaultdict(list)
    for person in build_candidates(campaign):
        groups[person.group].append(person.id)
    several = [members for members in groups.values() if len(members) > 1]
    parted = [members for members in several if not _are_together([taken.get(one) for one in members])]
    hopeless = [
        members
        for members in parted
        if any(causes.get(one, "posts_taken") != "posts_taken" for one in members)
    ]
    bound = proof.bound_fen
    return MatchSummary(
        wished=len(agenda.matches) + len(agenda.unmatched),
        matched=len(agenda.matches),
        places=sum(post.count for post in campaign.outreach.posts),
        groups=len(several),
        groups_kept=len(several) - len(parted),
        groups_hopeless=len(hopeless),
        causes=dict(sorted(Counter(causes.values()).items())),
        cost_fen=proof.cost_fen,
        bound_fen=bound,
        pruned_fen=proof.pruned_fen,
        gap=proof.cost_fen / bound - 1 if bound else None,
    )


def _are_together(taken: Sequence[tuple[str, str] | None]) -> bool:
    """Whether all have a post with one employer in one place; nobody is together without one."""
    return None not in taken and len(set(taken)) == 1
