"""What the stages made, put together as a Plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from planner.demand import campaign_digest
from planner.diff import advance_events
from planner.mirror import goes_to_work
from planner.model.plan import Plan, Relaxation, SolverTrouble
from planner.model.trunk import Proof, Stage
from planner.stages.handover import plan_handovers
from planner.stages.onward import trunk_cost_fen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planner.model.campaign import Campaign
    from planner.model.plan import Effort, Leg, Route
    from planner.stages.collect import Collected
    from planner.stages.feeder import FeederResult
    from planner.stages.onward import Onward
    from planner.stages.seating import Seating


class Floor(TypedDict):
    """What a plan says about its bound."""

    bound_fen: int
    bound_relaxation: Relaxation
    bound_verified_fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the stages made."""

    routes: tuple[Route, ...]
    legs: tuple[Leg, ...]
    onward: Onward
    collected: Collected
    seating: Seating


def assemble(campaign: Campaign, parts: Parts, *, effort: Effort, previous: Plan | None) -> Plan:
    """Version 1 of a plan; events keep the SEQUENCE of ``previous``."""
    onward, collected, seating = parts.onward, parts.collected, parts.seating
    routes, legs = parts.routes, parts.legs
    subsidised = (*onward.subsidised, *collected.subsidised)
    handovers = plan_handovers(campaign, legs, departures=onward.departures)
    return Plan(
        version=1,
        campaign_id=campaign.id,
        campaign_digest=campaign_digest(campaign),
        scenario=campaign.scenario,
        effort=effort,
        cost_fen=sum(route.cost_fen for route in routes),
        **_floor(collected.feeder),
        troubles=tuple(
            SolverTrouble(backend=report.backend, trouble=report.trouble)
            for report in collected.feeder.reports
        ),
        departures=onward.departures,
        trunk_runs=onward.runs,
        subsidised=tuple(sorted(subsidised, key=lambda paid: paid.registration_ids)),
        trunk_cost_fen=trunk_cost_fen(campaign, onward, legs=legs, subsidised=subsidised),
        proofs=(*_with_changes(onward.proofs, collected.changed), *seating.proofs),
        routes=routes,
        legs=legs,
        unserved=tuple(
            sorted((*onward.unserved, *collected.unserved), key=lambda left: left.registration_ids)
        ),
        events=advance_events(campaign, routes, previous=previous),
        handovers=handovers if goes_to_work(campaign) else (),
        seats=seating.seats,
        captains=seating.captains,
    )


def _with_changes(proofs: Iterable[Proof], heads: int) -> Iterator[Proof]:
    """Say with the choice of days and means how many ride otherwise after all."""
    for proof in proofs:
        more = heads if proof.stage is Stage.TRUNK else 0
        yield replace(proof, changed=proof.changed + more)


def _floor(feeder: FeederResult) -> Floor:
    """Add the days up: the relaxation is the weakest of them, and verified only if all of them are."""
    bounds = feeder.bounds
    verified = [bound.verified_fen for bound in bounds if bound.verified_fen is not None]
    order = list(Relaxation)
    weakest = min((order.index(Relaxation(bound.relaxation)) for bound in bounds), default=len(order) - 1)
    return Floor(
        bound_fen=sum(bound.fen for bound in bounds),
        bound_relaxation=order[weakest],
        bound_verified_fen=sum(verified) if len(verified) == len(bounds) else None,
    )
