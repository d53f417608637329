"""Arrivals: inside the window, spread over it, on full minutes; runs numbered once and for life."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from fixtures.making import tiny
from planner.check import check_plan
from planner.model.campaign import Campaign
from planner.model.places import PlaceId
from planner.model.plan import Plan
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget
from tests.builders import tiny_campaign
from tests.sketch import sketch_campaign


def _county(*, count: int = 99, **rules: int) -> Campaign:
    campaign = sketch_campaign(townships=5, villages=30, seed=3)
    feeder = replace(campaign.rules.feeder, **rules)
    return replace(
        campaign,
        rules=replace(campaign.rules, feeder=feeder),
        roads=tuple(replace(road, speed_kmh=90) for road in campaign.roads),
        fleet=tuple(replace(group, count=count) for group in campaign.fleet),
        vehicle_types=tuple(replace(kind, rated_seats=20) for kind in campaign.vehicle_types),
    )


def _plan(campaign: Campaign, *, previous: Plan | None = None) -> Plan:
    plan = plan_campaign(campaign, Budget(effort=1), router="savings", previous=previous)
    assert check_plan(campaign, plan) == ()
    return plan


def test_arrivals_are_spread_over_the_window_on_full_minutes() -> None:
    campaign = _county()
    plan = _plan(campaign)
    for departure in campaign.departures:
        closes = campaign.to_seconds(departure.departs) - 60 * 60
        opens = closes - 30 * 60
        arrivals = sorted(route.arrive_s for route in plan.routes if route.departure_id == departure.id)
        assert len(arrivals) >= 3
        assert all(opens <= arrival <= closes and arrival % 60 == 0 for arrival in arrivals)
        widest = max(b - a for a, b in pairwise([opens, *arrivals, closes]))
        assert widest <= 30 * 60 // len(arrivals) + 60


@pytest.mark.parametrize("window_min", [1, 2])
def test_a_narrow_window_is_kept(window_min: int) -> None:
    campaign = _county(arrive_earliest_min=60 + window_min)
    assert _plan(campaign).routes


def test_a_second_round_leaves_after_the_turnround() -> None:
    plan = _plan(_county(count=8))
    rounds = {(route.vehicle_id, route.round): route for route in plan.routes}
    again = [route for route in plan.routes if route.round == 2]
    assert again
    for route in again:
        assert route.start_s - rounds[route.vehicle_id, 1].arrive_s >= 20 * 60


def test_runs_are_numbered_from_one_in_the_order_of_departures_and_arrivals() -> None:
    campaign = _county()
    plan = _plan(campaign)
    assert [route.run for route in plan.routes] == list(range(1, len(plan.routes) + 1))
    departs = {departure.id: departure.departs for departure in campaign.departures}
    order = [(departs[route.departure_id], route.arrive_s) for route in plan.routes]
    assert order == sorted(order)


def test_a_number_is_never_used_twice() -> None:
    campaign = tiny_campaign()
    first = _plan(campaign)
    van = next(route for route in first.routes if route.vehicle_id.startswith("shili7#"))
    stay = tuple(person for person in campaign.registrations if person.village_id == tiny.SHIQIAO)
    second = _plan(replace(campaign, registrations=stay), previous=first)
    assert van.run not in {route.run for route in second.routes}
    third = _plan(campaign, previous=second)
    fresh = {route.run for route in third.routes} - {route.run for route in second.routes}
    assert fresh
    assert min(fresh) > max(route.run for route in first.routes)
    assert {event.run for event in first.events} < {event.run for event in third.events}


def test_legs_carry_the_times_of_their_stop_and_train() -> None:
    campaign = tiny_campaign()
    plan = _plan(campaign)
    (train,) = campaign.departures
    calls = {call.destination_id: campaign.to_seconds(call.arrives) for call in train.calls}
    routes = {route.run: route for route in plan.routes}
    for leg in plan.legs:
        if leg.run is None:
            assert leg.board_s == campaign.to_seconds(train.departs) - campaign.rules.gate_open_min * 60
            assert leg.alight_s == {str(city): arrives for city, arrives in calls.items()}[leg.to_id]
        else:
            stops = {stop.place_id: stop for stop in routes[leg.run].stops}
            assert leg.board_s == stops[PlaceId(leg.from_id)].board_s
            assert leg.alight_s == routes[leg.run].arrive_s
