"""The figures of a plan that an organiser reads first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.fairsummary import FairSummary, summarise_fairs
from planner.matchsummary import MatchSummary, summarise_matching
from planner.model.fleet import split_vehicle_id
from planner.model.plan import Relaxation
from planner.toursummary import TourSummary, summarise_tours
from planner.trunk_summary import TrunkSummary, summarise_trunk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planner.model.campaign import Campaign
    from planner.model.plan import Cause, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts, metres, fen and seconds of one plan; ``gap`` is ``cost / bound - 1``, None unproved."""

    demanded: int
    served: int
    """On a train or coach of ours."""
    subsidised: int
    """By scheduled transport, at the county's cost."""
    vehicles: int
    rounds: int
    second_rounds: int
    length_m: int
    empty_m: int
    cost_fen: int
    bound_fen: int | None
    gap: float | None
    proved: bool
    fill: float
    """People over the seats offered, all rounds."""
    longest_ride_s: int
    unserved: Mapping[Cause, int]
    trunk: TrunkSummary | None
    """Of departures; None where nothing was decided about them but who rides which train."""
    fairs: FairSummary | None = None
    """Of fairs; None where there are none."""
    tours: TourSummary | None = None
    """Of squads and villages; None where there are none."""
    matching: MatchSummary | None = None
    """Of people and posts; None where there are none."""

    @property
    def left_behind(self) -> int:
        """People who are not placed."""
        return sum(self.unserved.values())


def summarise(campaign: Campaign, plan: Plan) -> Summary:
    """Add up a plan; ids that the campaign does not know count as nothing."""
    types = {kind.id: kind for kind in campaign.vehicle_types}
    kind_of = {group.id: types[group.type_id] for group in campaign.fleet}
    load = campaign.rules.feeder.load_percent
    seats = 0
    for route in plan.routes:
        kind = kind_of.get(split_vehicle_id(route.vehicle_id)[0])
        seats += kind.seats_at(load) if kind else 0
    causes: Counter[Cause] = Counter()
    for left in plan.unserved:
        causes[left.cause] += len(left.registration_ids)
    heads = sum(route.heads for route in plan.routes)
    bound = plan.bound_fen
    return Summary(
        demanded=len(campaign.registrations),
        served=len({person for leg in plan.legs if leg.run is None for person in leg.registration_ids}),
        subsidised=sum(len(paid.registration_ids) for paid in plan.subsidised),
        vehicles=len({route.vehicle_id for route in plan.routes}),
        rounds=len(plan.routes),
        second_rounds=sum(route.round > 1 for route in plan.routes),
        length_m=sum(route.length_m for route in plan.routes),
        empty_m=sum(route.empty_m for route in plan.routes),
        cost_fen=plan.cost_fen,
        bound_fen=bound,
        gap=plan.cost_fen / bound - 1 if bound else None,
        proved=bound == plan.cost_fen and plan.bound_relaxation is Relaxation.COMPLETE,
        fill=heads / seats if seats else 0.0,
        longest_ride_s=max((route.ride_s for route in plan.routes), default=0),
        unserved=dict(sorted(causes.items())),
        trunk=summarise_trunk(campaign, plan) if _has_trunk(campaign, plan) else None,
        fairs=summarise_fairs(campaign, plan.agenda),
        tours=summarise_tours(campaign, plan.agenda),
        matching=summarise_matching(campaign, plan.agenda),
    )


def _has_trunk(campaign: Campaign, plan: Plan) -> bool:
    found = (plan.departures, plan.subsidised, plan.seats, plan.captains, plan.proofs, campaign.overrides)
    return any(found) or plan.trunk_cost_fen > 0
