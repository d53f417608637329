"""The figures of fairs that an organiser reads first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.almanac import build_almanac
from planner.decisions import standing_locks
from planner.model.agenda import Part
from planner.model.fairs import FairKind
from planner.model.locks import LockKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.model.agenda import Agenda, FairCause
    from planner.model.campaign import Campaign
    from planner.model.locks import Lock


@dataclass(frozen=True, slots=True, kw_only=True)
class FairSummary:
    """Counts and fen; costs are below 0 where gains are higher.

    ``gap`` is how much of the best imaginable worth is missed at most, None unproved.
    """

    commissioned: int
    held: int
    visitors: int
    posts: int
    """That are expected to be filled."""
    bookings: int
    markets: int
    """Of those at a venue, on market day."""
    causes: Mapping[FairCause, int]
    locks: tuple[Lock, ...]
    """That are kept."""
    empty: tuple[str, ...]
    """Fairs but trainings that no employer comes to, by name."""
    dropped: tuple[str, ...]
    """Fairs that were announced and are not held."""
    cost_fen: int
    bound_fen: int | None
    gap: float | None
    unannounced: tuple[int, ...]
    """Years whose holidays nobody has announced yet."""
    disputed: tuple[str, ...]
    """Places with market rules that contradict each other and are not used."""


def summarise_fairs(campaign: Campaign, agenda: Agenda | None) -> FairSummary | None:
    """Add up; None where a plan has no fairs."""
    proof = next((proof for proof in agenda.proofs if proof.part is Part.FAIRS), None) if agenda else None
    if agenda is None or proof is None:
        return None
    almanac = build_almanac(campaign)
    names = {place.id: place.name for place in campaign.places}
    last = max((fair.last_day for fair in campaign.outreach.fairs), default=campaign.first_day)
    held = {fair.fair_id: fair for fair in agenda.fairs}
    locks = standing_locks(campaign, LockKind.FAIR)
    kept = tuple(
        locks[name]
        for name, fair in sorted(held.items())
        if name in locks and locks[name].day in {None, fair.day} and locks[name].to in {"", fair.venue_id}
    )
    bound = proof.bound_fen
    return FairSummary(
        commissioned=len(agenda.fairs) + len(agenda.refused_fairs),
        held=len(agenda.fairs),
        visitors=sum(fair.expected_visitors for fair in agenda.fairs),
        posts=sum(fair.matches for fair in agenda.fairs),
        bookings=sum(len(fair.bookings) for fair in agenda.fairs),
        markets=sum(fair.market for fair in agenda.fairs),
        causes=dict(sorted(Counter(refused.cause for refused in agenda.refused_fairs).items())),
        locks=kept,
        empty=tuple(
            fair.name
            for fair in campaign.outreach.fairs
            if fair.kind is not FairKind.TRAINING and fair.id in held and not held[fair.id].bookings
        ),
        dropped=tuple(
            fair.name for fair in campaign.outreach.fairs if fair.announced and fair.id not in held
        ),
        cost_fen=proof.cost_fen,
        bound_fen=bound,
        gap=(proof.cost_fen - bound) / abs(bound) if bound else None,
        unannounced=almanac.find_unannounced(campaign.first_day, last),
        disputed=tuple(sorted({names.get(place, place) for place in almanac.disputed})),
    )
