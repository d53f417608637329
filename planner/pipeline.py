"""READ THIS FIRST: how a Campaign becomes a Plan, stage by stage.

::

    Campaign ─ build_demand ─► parties          people become counts; personal data stops here
      │
      ├─ Network                                roads as every vehicle type may use them
      ├─ Explainer.explain_alone                who could not travel even alone, and why
      ├─ trunk.choose_departures                which party on which departure, within the quotas
      ├─ feeder.plan_feeder                     which vehicle collects whom, round by round,
      │                                         and a floor under the cost
      ├─ timetable.set_times                    arrivals, calls, runs, legs
      └─ diff.advance_events                    calendar events, SEQUENCE

The result is judged by ``planner.check.check_plan``, which shares no code with the stages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict

from planner.check import check_plan
from planner.demand import Party, PartyId, build_demand, campaign_digest
from planner.diff import advance_events, plan_digest
from planner.explain import Explainer
from planner.intake.planfile import plan_to_json
from planner.model.campaign import Campaign
from planner.model.fleet import Departure, DepartureId
from planner.model.plan import Effort, EffortKind, Plan, Relaxation, SolverTrouble, Unserved
from planner.network import Network
from planner.solvers.routing import DEFAULT_ROUTER
from planner.solvers.routing.search import Budget
from planner.stages.feeder import FeederInput, FeederResult, plan_feeder
from planner.stages.overrun import least_overrun_s
from planner.stages.timetable import set_times
from planner.stages.trunk import choose_departures


class Floor(TypedDict):
    """What a plan says about its bound."""

    bound_fen: int
    bound_relaxation: Relaxation
    bound_verified_fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where planning stands: the stage, what it works on, the best cost and bound in fen there so far."""

    stage: str
    item: str = ""
    cost_fen: int | None = None
    bound_fen: int | None = None


def plan_campaign(
    campaign: Campaign,
    budget: Budget,
    *,
    router: str = DEFAULT_ROUTER,
    previous: Plan | None = None,
    progress: Callable[[Step], None] = lambda _step: None,
    cache: Path | None = None,
) -> Plan:
    """Plan everything the campaign asks for; what cannot be served is part of the answer.

    ``previous`` is the plan people have been told: runs that are still lawful keep vehicle, number and
    time; where nothing has changed at all it is kept whole, those it left behind included. Raises
    SolverError when a library breaks; never because a campaign is impossible.
    """
    progress(Step(stage="demand"))
    if previous is not None and _still_stands(campaign, previous):
        return _next_version(previous, previous, effort=_effort(router, budget))
    parties = build_demand(campaign)
    network = Network(campaign, cache=cache)
    explainer = Explainer(campaign, network)
    open_to, unserved = _look_alone(explainer, parties)

    progress(Step(stage="trunk"))
    hopeful = [party for party in parties if party.id in open_to]
    ids = {party: [departure.id for departure in choice] for party, choice in open_to.items()}
    chosen = choose_departures(
        campaign,
        network,
        open_to=ids,
        parties=hopeful,
        told=_told_departures(previous, parties),
        seed=budget.seed,
    )
    unserved += [explainer.explain_quota(party, open_to[party.id]) for party in chosen.left]

    progress(Step(stage="feeder"))
    on: dict[DepartureId, list[Party]] = defaultdict(list)
    for party in hopeful:
        if party.id in chosen.departure_of:
            on[chosen.departure_of[party.id]].append(party)
    feeder = plan_feeder(
        FeederInput(
            campaign=campaign,
            network=network,
            parties=on,
            previous=previous,
            router=router,
            budget=budget,
            report=lambda departures, found: progress(
                Step(
                    stage="feeder",
                    item=" ".join(departure.number for departure in departures),
                    cost_fen=found.cost_fen,
                    bound_fen=found.bound_fen,
                )
            ),
        )
    )
    unserved += [
        explainer.explain_fleet(
            party,
            departure,
            overrun_s=least_overrun_s(campaign, network, feeder=feeder, party=party, departure=departure),
        )
        for party, departure in feeder.left
    ]
    progress(Step(stage="timetable"))
    return _assemble(
        campaign, network, feeder=feeder, unserved=unserved, effort=_effort(router, budget), previous=previous
    )


def _look_alone(
    explainer: Explainer, parties: tuple[Party, ...]
) -> tuple[dict[PartyId, tuple[Departure, ...]], list[Unserved]]:
    """Departures each party could reach alone, and those who could reach none, with the reason."""
    open_to: dict[PartyId, tuple[Departure, ...]] = {}
    unserved: list[Unserved] = []
    for party in parties:
        departures, obstacle = explainer.explain_alone(party)
        if obstacle is None:
            open_to[party.id] = departures
        else:
            unserved.append(obstacle)
    return open_to, unserved


def _told_departures(previous: Plan | None, parties: tuple[Party, ...]) -> dict[PartyId, DepartureId]:
    """The departure each party was told, by any of its members."""
    if previous is None:
        return {}
    told = {person: leg.departure_id for leg in previous.legs for person in leg.registration_ids}
    return {
        party.id: told[person]
        for party in parties
        for person in reversed(party.registration_ids)
        if person in told
    }


def _effort(router: str, budget: Budget) -> Effort:
    if budget.effort is not None:
        return Effort(router=router, kind=EffortKind.COUNTED, limit=budget.effort, seed=budget.seed)
    return Effort(router=router, kind=EffortKind.SECONDS, limit=round(budget.seconds or 0), seed=budget.seed)


def _assemble(
    campaign: Campaign,
    network: Network,
    *,
    feeder: FeederResult,
    unserved: list[Unserved],
    effort: Effort,
    previous: Plan | None,
) -> Plan:
    routes, legs = set_times(campaign, network, drafts=feeder.drafts, previous=previous)
    plan = Plan(
        version=1,
        campaign_id=campaign.id,
        campaign_digest=campaign_digest(campaign),
        effort=effort,
        cost_fen=sum(route.cost_fen for route in routes),
        **_floor(feeder),
        troubles=tuple(
            SolverTrouble(backend=report.backend, trouble=report.trouble) for report in feeder.reports
        ),
        routes=routes,
        legs=legs,
        unserved=tuple(sorted(unserved, key=lambda left: left.registration_ids)),
        events=advance_events(campaign, routes, previous=previous),
    )
    return plan if previous is None else _next_version(plan, previous, effort=effort)


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


def _still_stands(campaign: Campaign, previous: Plan) -> bool:
    """Whether the plan people were told is lawful and made from exactly this campaign."""
    return previous.campaign_digest == campaign_digest(campaign) and not check_plan(campaign, previous)


def _next_version(plan: Plan, previous: Plan, *, effort: Effort) -> Plan:
    parent = plan_digest(previous, plan_to_json(previous))
    return replace(plan, version=previous.version + 1, parent=parent, effort=effort)
