"""Faults of plans that lead home, and of round trips."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from planner.demand import campaign_digest
from tests.unit.check.faults.table import plants
from tests.unit.check.trips import homebound, visit

if TYPE_CHECKING:
    from tests.unit.check.faults.table import Broken

_FAR_M: Final = 48_000


@plants("way.route")
def lets_somebody_off_at_the_depot() -> Broken:
    campaign, plan = homebound()
    first, *others = plan.routes
    last = replace(first.stops[-1], board=1)
    return campaign, replace(plan, routes=(replace(first, stops=(*first.stops[:-1], last)), *others))


@plants("way.leg")
def rides_out_where_all_go_home() -> Broken:
    campaign, plan = homebound()
    first, *others = plan.legs
    return campaign, replace(plan, legs=(replace(first, home=False), *others))


@plants("way.home")
def comes_home_by_another_coach() -> Broken:
    campaign, plan = visit()
    full, half = sorted(plan.trunk_runs, key=lambda run: -run.heads)
    party = next(leg.registration_ids for leg in plan.legs if leg.departure_id == full.departure_id)
    legs = tuple(
        replace(leg, departure_id=half.departure_id) if leg.home and leg.registration_ids == party else leg
        for leg in plan.legs
    )
    return campaign, replace(plan, legs=legs)


@plants("way.visit")
def leaves_before_the_visit_is_over() -> Broken:
    campaign, plan = visit()
    trunk = replace(campaign.rules.trunk, visit_min=200)
    longer = replace(campaign, rules=replace(campaign.rules, trunk=trunk))
    return longer, replace(plan, campaign_digest=campaign_digest(longer))


@plants("hours.day")
def fetches_in_the_morning_and_drives_home_in_the_evening() -> Broken:
    campaign, plan = visit(far_m=_FAR_M)
    other = {"car#01": "car#02", "car#02": "car#01"}
    routes = tuple(
        replace(route, vehicle_id=other[route.vehicle_id]) if route.home else route for route in plan.routes
    )
    return campaign, replace(plan, routes=routes)
