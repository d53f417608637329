"""The figures of tours that an organiser reads first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.decisions import standing_locks
from planner.model.agenda import Part
from planner.model.locks import LockKind
from planner.touring import find_districts, find_tour_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.model.agenda import Agenda, PlannedVisit, VisitCause
    from planner.model.campaign import Campaign
    from planner.model.locks import Lock
    from planner.model.tours import SquadId


@dataclass(frozen=True, slots=True, kw_only=True)
class TourSummary:
    """Counts, metres, seconds, fen; ``gap`` is ``cost / bound - 1``, None unproved.

    Cost and bound are of what is paid; what market days gain is in neither.
    """

    required: int
    required_made: int
    optional: int
    optional_made: int
    squads: int
    squad_days: int
    nights: int
    length_m: int
    drive_s: int
    spread: float
    """The idlest squad's load a day short of the busiest's, as a share of it; the worst county's."""
    held: int
    """Visits that somebody fixed and that are as fixed."""
    causes: Mapping[VisitCause, int]
    road_fen: int
    """Roads and nights."""
    cost_fen: int
    bound_fen: int | None
    gap: float | None


def summarise_tours(campaign: Campaign, agenda: Agenda | None) -> TourSummary | None:
    """Add up; None where a plan has no tours."""
    proof = next((proof for proof in agenda.proofs if proof.part is Part.TOURS), None) if agenda else None
    if agenda is None or proof is None:
        return None
    needs = {need.id: need for need in campaign.outreach.visits}
    made = [needs[visit.need_id].required for visit in agenda.visits if visit.need_id in needs]
    asked = [need.required for need in needs.values() for _ in need.visit_ids]
    bases = {squad.id: squad.base_id for squad in campaign.outreach.squads}
    costs: Counter[str] = Counter()
    for line in agenda.score:
        if line.part is Part.TOURS:
            costs[line.rule] += line.fen
    bound_fen = None if proof.bound_fen is None else proof.bound_fen + proof.gain_fen
    cost_fen = proof.cost_fen - costs["market"]
    return TourSummary(
        required=sum(asked),
        required_made=sum(made),
        optional=len(asked) - sum(asked),
        optional_made=len(made) - sum(made),
        squads=len({day.squad_id for day in agenda.squad_days}),
        squad_days=len(agenda.squad_days),
        nights=sum(day.end_place_id != bases.get(day.squad_id) for day in agenda.squad_days),
        length_m=sum(visit.leg_m for visit in agenda.visits) + sum(day.home_m for day in agenda.squad_days),
        drive_s=sum(day.drive_s for day in agenda.squad_days),
        spread=_spread(campaign, agenda),
        held=len(find_held(campaign, agenda)),
        causes=dict(sorted(Counter(left.cause for left in agenda.refused_visits).items())),
        road_fen=costs["travel"] + costs["night"],
        cost_fen=cost_fen,
        bound_fen=bound_fen,
        gap=cost_fen / bound_fen - 1 if bound_fen is not None and bound_fen > 0 else None,
    )


def find_held(campaign: Campaign, agenda: Agenda) -> tuple[tuple[PlannedVisit, Lock], ...]:
    """Visits that a named person fixed and that are where they were fixed, with the lock that says why."""
    locks = standing_locks(campaign, LockKind.VISIT)
    return tuple(
        (visit, locks[visit.id])
        for visit in agenda.visits
        if visit.id in locks
        and locks[visit.id].day in {None, visit.day}
        and locks[visit.id].to in {"", visit.squad_id}
    )


def _spread(campaign: Campaign, agenda: Agenda) -> float:
    """Of the county in which the idlest squad does least against the busiest."""
    needs, days = {need.id: need for need in campaign.outreach.visits}, find_tour_days(campaign)
    work: Counter[SquadId] = Counter()
    for visit in agenda.visits:
        work[visit.squad_id] += 60 * needs[visit.need_id].minutes if visit.need_id in needs else 0
    for one in agenda.squad_days:
        work[one.squad_id] += one.drive_s
    worst = 0.0
    for district in find_districts(campaign):
        opened = {squad.id: sum(squad.is_open(day) for day in days) for squad in district.squads}
        loads = [work[squad] / count for squad, count in opened.items() if count]
        if any(loads):
            worst = max(worst, 1 - min(loads) / max(loads))
    return worst
