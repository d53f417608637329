"""Which fair is held where, when and with whom: commissions to numbers, the solver, and back with reasons.

Counties that share neither firms nor teams are planned one by one. A lock or an announced day is kept before
anything else; what is not held is explained.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from planner.catchment import find_county
from planner.model.agenda import Agenda, Part, PartProof
from planner.solvers.fairs import solve_fairs
from planner.solvers.fairs.judge import Judge
from planner.stages.fairdesk import lay_out, survey_fairs
from planner.stages.fairpins import find_bound, find_kept, pin_fixed, pin_rest
from planner.stages.fairrefusals import explain_refused
from planner.stages.fairscore import score_fairs, write_fairs
from planner.stages.fairterms import build_terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.model.agenda import PlannedFair
    from planner.model.campaign import Campaign
    from planner.model.fairs import FairId
    from planner.solvers.fairs import Fair as Held
    from planner.solvers.fairs import FairsBudget
    from planner.stages.fairdesk import FairDesk, FairGround
    from planner.stages.fairobstacles import Obstacle
    from planner.stages.fairterms import Terms

_FIRST: Final = 0.2
"""Of a part's effort, for a plan by which fairs are pinned where firms must be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _PartPlan:
    """What was found for one part."""

    desk: FairDesk
    fairs: tuple[Held, ...]
    bound_fen: int
    broken: Mapping[FairId, Obstacle]


def plan_fairs(campaign: Campaign, budget: FairsBudget, *, previous: Agenda | None = None) -> Agenda | None:
    """Hold every fair that is commissioned on a day at a venue, or say why not; None where there is none.

    ``previous`` is what was planned before: to move a fair of it costs ``fairs.change_fen``. Raises
    SolverError when a library breaks or what it says does not add up.
    """
    if not campaign.outreach.fairs:
        return None
    ground = survey_fairs(campaign)
    terms = build_terms(campaign, seats=dict(ground.seats))
    before = () if previous is None else previous.fairs
    agendas: list[Agenda] = []
    parts = split_fairs(campaign, terms)
    began_s, left = time.monotonic(), len(terms)
    for part in parts:
        share = len(part) / left
        left -= len(part)
        spent_s = time.monotonic() - began_s
        seconds = None if budget.seconds is None else max(budget.seconds - spent_s, 0.0) * share
        found = _plan_part(ground, part, budget=replace(budget, seconds=seconds), previous=before)
        agendas.append(_write_part(found))
    fairs = [fair for one in agendas for fair in one.fairs]
    return Agenda(
        fairs=tuple(sorted(fairs, key=lambda fair: (fair.day, fair.start_s, fair.fair_id))),
        refused_fairs=tuple(fair for one in agendas for fair in one.refused_fairs),
        score=tuple(line for one in agendas for line in one.score),
        proofs=(_join_proofs([proof for one in agendas for proof in one.proofs]),),
    )


def split_fairs(campaign: Campaign, terms: Sequence[Terms]) -> tuple[tuple[Terms, ...], ...]:
    """Fairs county by county where counties share nothing, else all together.

    Whoever looks for work goes to fairs of the own county, so that firms and teams alone could be shared.
    """
    by_county: defaultdict[str, list[Terms]] = defaultdict(list)
    needing: defaultdict[str, set[str]] = defaultdict(set)
    for one in terms:
        counties = {find_county(venue.place_id) for venue in one.venues}
        if one.fair.township_id is not None:
            counties.add(find_county(one.fair.township_id))
        if len(counties) != 1 or "" in counties:
            return (tuple(terms),)
        (county,) = counties
        by_county[county].append(one)
        for need in one.fair.needs:
            needing[need.resource_id].add(county)
    rooted = all(firm.county for firm in campaign.outreach.exhibitors)
    if not rooted or any(len(counties) > 1 for counties in needing.values()):
        return (tuple(terms),)
    return tuple(tuple(by_county[county]) for county in sorted(by_county))


def _plan_part(
    ground: FairGround, terms: Sequence[Terms], *, budget: FairsBudget, previous: Sequence[PlannedFair]
) -> _PartPlan:
    """Solve; where somebody must be there or a lock leaves a choice, pin those fairs and solve again."""
    began_s = time.monotonic()
    pinned = pin_fixed(ground, terms)
    barred = frozenset(pinned.broken)
    desk = lay_out(ground, terms, fixed=pinned.pins, barred=barred, previous=previous)
    bound = find_bound(desk, pinned)
    first = solve_fairs(desk.problem, _take(budget, _FIRST if bound else 1.0))
    best = _PartPlan(desk=desk, fairs=first.fairs, bound_fen=first.bound_fen, broken=pinned.broken)
    if not bound:
        return best
    kept = find_kept(desk, first.fairs, bound=bound) == bound.keys()
    if kept and first.proved:
        return best
    pins = pinned.pins | pin_rest(desk, first.fairs, bound=bound, pins=pinned.pins)
    given_up = barred | {one.fair.id for one in bound.values() if one.fair.id not in pins}
    again = lay_out(ground, terms, fixed=pins, barred=frozenset(given_up), previous=previous)
    seconds = budget.seconds and max(budget.seconds - (time.monotonic() - began_s), 0.0)
    second = solve_fairs(again.problem, _take(replace(budget, seconds=seconds), 1.0))
    if kept and first.score.total >= second.score.total:
        return best
    return replace(best, desk=again, fairs=second.fairs)


def _take(budget: FairsBudget, share: float) -> FairsBudget:
    """A share of the effort, some of it at any rate."""
    if budget.effort is not None:
        return replace(budget, effort=max(round(budget.effort * share), 1))
    return replace(budget, seconds=max((budget.seconds or 0.0) * share, 0.1))


def _write_part(found: _PartPlan) -> Agenda:
    desk, judge = found.desk, Judge(found.desk.problem)
    fairs = write_fairs(desk, judge, held=found.fairs)
    score = score_fairs(desk, judge, held=found.fairs)
    return Agenda(
        fairs=fairs,
        refused_fairs=explain_refused(desk, fairs, broken=found.broken),
        score=score,
        proofs=(
            PartProof(part=Part.FAIRS, cost_fen=sum(line.fen for line in score), bound_fen=-found.bound_fen),
        ),
    )


def _join_proofs(proofs: Sequence[PartProof]) -> PartProof:
    """What parts cost together, and what together they could not cost less than."""
    return PartProof(
        part=Part.FAIRS,
        cost_fen=sum(proof.cost_fen for proof in proofs),
        bound_fen=sum(proof.bound_fen or 0 for proof in proofs),
    )
