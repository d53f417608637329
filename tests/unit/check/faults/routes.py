"""Faults in the shape of a route."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.unit.check.county import (
    OTHER_STATION,
    V1,
    V2,
)
from tests.unit.check.faults.table import (
    plants,
    with_route,
    written,
)
from tests.unit.check.good_plan import clock, good_draft, singles

if TYPE_CHECKING:
    from planner.model.plan import Plan, Route
    from tests.unit.check.faults.table import Broken


@plants("place.exists")
def calls_at_a_place_that_is_gone() -> Broken:
    draft = good_draft()
    campaign = draft.campaign
    places = tuple(place for place in campaign.places if place.id != V2)
    roads = tuple(road for road in campaign.roads if V2 not in {road.from_id, road.to_id})
    draft = replace(draft, campaign=replace(campaign, places=places, roads=roads))
    return written(draft.change(1, arrive_s=clock(9)))


def _renumbered(run: int, number: int) -> Plan:
    plan = good_draft().write()
    uid = f"run-{number}@proving.breeze"
    return replace(
        plan,
        routes=tuple(replace(entry, run=number) if entry.run == run else entry for entry in plan.routes),
        legs=tuple(replace(entry, run=number) if entry.run == run else entry for entry in plan.legs),
        events=tuple(
            replace(entry, run=number, uid=uid) if entry.run == run else entry for entry in plan.events
        ),
    )


@plants("route.run")
def run_number_used_twice() -> Broken:
    plan = _renumbered(2, 1)
    return good_draft().campaign, replace(
        plan, events=tuple(dict.fromkeys(plan.events[:1] + plan.events[2:]))
    )


@plants("route.run")
def run_number_zero() -> Broken:
    return good_draft().campaign, _renumbered(2, 0)


@plants("route.round")
def round_left_out() -> Broken:
    return with_route(3, lambda route: replace(route, round=3))


@plants("route.round")
def rounds_start_at_two() -> Broken:
    return with_route(4, lambda route: replace(route, round=2))


@plants("route.end")
def ends_at_another_station() -> Broken:
    return written(good_draft().change(4, end=OTHER_STATION))


@plants("route.end")
def somebody_boards_at_the_station() -> Broken:
    def board(route: Route) -> Route:
        return replace(route, stops=(*route.stops[:-1], replace(route.stops[-1], board=1)))

    return with_route(1, board)


@plants("route.end")
def goes_nowhere() -> Broken:
    draft = good_draft().without(*singles(34, 35))
    plan = replace(draft, left=(*draft.left, *singles(34, 35))).write()
    idle = tuple(replace(route, stops=(), cost_fen=0) if route.run == 4 else route for route in plan.routes)
    cost_fen = sum(route.cost_fen for route in idle)
    return draft.campaign, replace(plan, routes=idle, cost_fen=cost_fen)


@plants("route.twice")
def calls_twice_in_a_village() -> Broken:
    draft = good_draft()
    first, second = draft.get(1).boards
    boards = ((V1, first[1][:2]), second, (V1, first[1][2:]))
    return written(draft.change(1, boards=boards, arrive_s=clock(8, 50)))


@plants("route.empty")
def calls_where_nobody_boards() -> Broken:
    draft = good_draft()
    return written(draft.change(3, boards=(*draft.get(3).boards, (V2, ()))))


@plants("route.empty")
def drives_past_everybody() -> Broken:
    draft = good_draft().without(*singles(34, 35))
    return written(replace(draft, left=(*draft.left, *singles(34, 35))))
