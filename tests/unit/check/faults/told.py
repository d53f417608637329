"""Faults in figures and in what was told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.model.events import EventStatus
from tests.unit.check.county import (
    V2,
)
from tests.unit.check.faults.table import (
    changed,
    plants,
    with_route,
)
from tests.unit.check.good_plan import good_draft

if TYPE_CHECKING:
    from planner.model.plan import Route
    from tests.unit.check.faults.table import Broken


@plants("figures.metres")
def metres_made_up() -> Broken:
    def lengthen(route: Route) -> Route:
        first, *rest = route.stops
        return replace(route, stops=(replace(first, leg_m=first.leg_m + 1), *rest))

    return with_route(1, lengthen)


@plants("figures.route")
def route_cost_made_up() -> Broken:
    draft = good_draft()
    plan = draft.write()
    routes = tuple(
        replace(route, cost_fen=route.cost_fen + 1) if route.run == 1 else route for route in plan.routes
    )
    return draft.campaign, replace(plan, routes=routes, cost_fen=plan.cost_fen + 1)


@plants("figures.route")
def fixed_price_paid_twice() -> Broken:
    draft = good_draft()
    plan = draft.write()
    fixed_fen = draft.campaign.vehicle_types[1].fixed_fen
    routes = tuple(
        replace(route, cost_fen=route.cost_fen + fixed_fen) if route.run == 3 else route
        for route in plan.routes
    )
    return draft.campaign, replace(plan, routes=routes, cost_fen=plan.cost_fen + fixed_fen)


@plants("figures.plan")
def total_made_up() -> Broken:
    return changed(cost_fen=good_draft().write().cost_fen - 1)


@plants("figures.bound")
def bound_above_the_cost() -> Broken:
    return changed(bound_fen=good_draft().write().cost_fen + 1)


def _first_stop(**changes: Any) -> Broken:
    def move(route: Route) -> Route:
        first, *rest = route.stops
        return replace(route, stops=(replace(first, **changes), *rest))

    return with_route(1, move)


@plants("told.place")
def sent_to_another_tree() -> Broken:
    return _first_stop(gather="村尾")


@plants("told.place")
def pin_moved() -> Broken:
    return _first_stop(lat=27.5)


@plants("told.place")
def pin_lost() -> Broken:
    return _first_stop(lon=float("nan"))


@plants("event.once")
def run_missing_in_the_calendar() -> Broken:
    return changed(events=good_draft().write().events[1:])


@plants("event.once")
def run_cancelled_in_the_calendar() -> Broken:
    first, *rest = good_draft().write().events
    return changed(events=(replace(first, status=EventStatus.CANCELLED), *rest))


@plants("event.once")
def calendar_entry_for_no_run() -> Broken:
    events = good_draft().write().events
    return changed(events=(*events, replace(events[0], run=9, uid="run-9@proving.breeze")))


@plants("event.uid")
def uid_of_another_campaign() -> Broken:
    first, *rest = good_draft().write().events
    return changed(events=(replace(first, uid="run-1@elsewhere.breeze"), *rest))


@plants("event.uid")
def uid_used_twice() -> Broken:
    events = good_draft().write().events
    return changed(events=(*events, replace(events[0], status=EventStatus.CANCELLED)))


@plants("event.sequence")
def sequence_below_zero() -> Broken:
    first, *rest = good_draft().write().events
    return changed(events=(replace(first, sequence=-1), *rest))


@plants("event.sequence")
def changed_more_often_than_the_plan() -> Broken:
    first, *rest = good_draft().write().events
    return changed(events=(replace(first, sequence=1), *rest))


@plants("event.times")
def calendar_shows_another_time() -> Broken:
    first, *rest = good_draft().write().events
    return changed(events=(replace(first, start_s=first.start_s + 300), *rest))


@plants("event.times")
def calendar_shows_another_place() -> Broken:
    first, *rest = good_draft().write().events
    return changed(events=(replace(first, place_id=V2), *rest))
