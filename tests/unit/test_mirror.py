"""The mirror: twice is once, a way home costs what the way out does, and told times are real."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from functools import cache

import pytest

from fixtures.making import ways
from planner.check import check_plan
from planner.demand import campaign_digest
from planner.halves import home_half, out_half
from planner.mirror import mirror_campaign, mirror_movements, mirror_plan, pivot_s
from planner.model.campaign import Campaign, Direction
from planner.model.places import Stretch
from planner.model.plan import Cause, Plan
from planner.model.trunk import Doing, Movement
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget
from tests.builders import tiny_campaign
from tests.unit.check.trips import visit, visitors

_EFFORT = Budget(effort=20)
_QUICK = Budget(seconds=2.0)
"""Three days of seven vehicles: what is asked of it holds however good it is."""


@cache
def _home() -> Campaign:
    return replace(mirror_campaign(tiny_campaign()), mirrored=False)


@cache
def _plan(name: str) -> tuple[Campaign, Plan]:
    campaign = {"tiny": tiny_campaign, "home": _home, "return": ways.build_return, "round": ways.build_round}[
        name
    ]()
    return campaign, plan_campaign(campaign, _QUICK if name == "return" else _EFFORT)


@pytest.mark.parametrize("build", [tiny_campaign, ways.build_return, ways.build_round])
def test_a_campaign_turned_twice_is_itself(build: Callable[[], Campaign]) -> None:
    campaign = build()
    turned = mirror_campaign(campaign)
    assert turned != campaign
    assert pivot_s(turned) == pivot_s(campaign)
    assert mirror_campaign(turned) == campaign


@pytest.mark.parametrize("name", ["tiny", "home", "return"])
def test_a_plan_turned_twice_is_itself(name: str) -> None:
    campaign, plan = _plan(name)
    turned = mirror_plan(campaign, plan)
    assert turned != plan
    assert mirror_plan(campaign, turned) == plan
    assert mirror_plan(mirror_campaign(campaign), turned) == plan


def test_clock_times_turn_about_midnight() -> None:
    rules = mirror_campaign(tiny_campaign()).rules.feeder
    assert (rules.earliest_pickup, rules.earliest_start) == (time(2), time(0, 1))
    assert (rules.latest_dropoff, rules.latest_return) == (time(19), time(21))


def test_movements_are_played_backwards() -> None:
    there = (
        Movement(doing=Doing.DRIVE, start_s=10, end_s=30, metres=7, driver=1),
        Movement(doing=Doing.REST, start_s=30, end_s=40),
    )
    back = mirror_movements(there, about_s=100)
    assert [(entry.doing, entry.start_s, entry.end_s) for entry in back] == [
        (Doing.REST, 60, 70),
        (Doing.DRIVE, 70, 90),
    ]
    assert mirror_movements(back, about_s=100) == there


def test_the_way_home_costs_what_the_way_out_does() -> None:
    _, out = _plan("tiny")
    campaign, home = _plan("home")
    assert campaign.direction is Direction.HOME
    assert (home.cost_fen, home.bound_fen) == (out.cost_fen, out.bound_fen) == (108_466, 108_466)
    assert check_plan(campaign, home) == ()


def test_runs_home_are_numbered_and_told_in_real_time() -> None:
    campaign, plan = _plan("home")
    departure = campaign.departures[0]
    in_s = campaign.to_seconds(departure.departs)
    early_min, late_min = campaign.rules.arrival_min(departure.mode)
    starts = [route.start_s for route in plan.routes]
    assert starts == sorted(starts)
    for route, event in zip(plan.routes, plan.events, strict=True):
        assert route.home
        assert in_s + late_min * 60 <= route.start_s <= in_s + early_min * 60
        assert (event.place_id, event.end_s) == (departure.origin_id, route.stops[-2].arrive_s)
        assert 600 <= route.start_s - event.start_s < 900
        assert event.start_s % 300 == 0
    for leg in plan.legs:
        assert leg.home
        assert leg.board_s < leg.alight_s


def test_home_people_who_were_told_keep_their_bus_and_time() -> None:
    campaign, before = _plan("home")
    fewer = replace(campaign, registrations=campaign.registrations[1:])
    after = plan_campaign(fewer, _EFFORT, previous=before)
    assert check_plan(fewer, after) == ()
    told = {(route.run, route.vehicle_id, route.start_s) for route in before.routes}
    assert {(route.run, route.vehicle_id, route.start_s) for route in after.routes} <= told
    assert plan_campaign(campaign, _EFFORT, previous=before).routes == before.routes


def test_a_coach_home_leaves_the_city_within_the_hours_after_coming_empty() -> None:
    campaign, plan = _plan("return")
    trunk = campaign.rules.trunk
    assert check_plan(campaign, plan) == ()
    assert not plan.unserved
    assert len(plan.trunk_runs) == 2
    for run in plan.trunk_runs:
        clock_s = run.back[0].start_s % 86_400
        assert trunk.depart_earliest.hour * 3600 <= clock_s <= trunk.depart_latest.hour * 3600
        assert run.movements[-1].end_s + trunk.away_turn_min * 60 <= run.back[0].start_s
    on_train = [leg for leg in plan.legs if leg.departure_id == "g9654" and leg.run is None]
    assert sum(len(leg.registration_ids) for leg in on_train) == 30


def test_a_visit_brings_everybody_home_by_their_own_coach() -> None:
    campaign, plan = _plan("round")
    assert check_plan(campaign, plan) == ()
    out, home = out_half(plan), home_half(plan)
    for half in (out, home):
        rides = [leg for leg in half.legs if leg.run is None]
        assert sum(len(leg.registration_ids) for leg in rides) == len(campaign.registrations)
    assert [route.run for route in plan.routes] == list(range(1, len(plan.routes) + 1))
    run = plan.trunk_runs[0]
    assert run.back[0].start_s - run.movements[-1].end_s >= campaign.rules.trunk.visit_min * 60
    assert plan.bound_fen is not None
    assert plan.bound_fen <= plan.cost_fen == out_half(plan).cost_fen


def test_morning_and_evening_share_a_drivers_day() -> None:
    campaign, plan = visit(far_m=48_000)
    assert check_plan(campaign, plan) == ()
    far = [
        route.vehicle_id
        for route in plan.routes
        if any(stop.place_id == "430525999203" for stop in route.stops)
    ]
    assert len(far) == len(set(far)) == 2


def test_who_cannot_be_brought_home_does_not_go_out() -> None:
    early = visitors()
    feeder = replace(early.rules.feeder, latest_dropoff=time(15, 43))
    strict = replace(early, rules=replace(early.rules, feeder=feeder))
    plan = plan_campaign(strict, _EFFORT)
    assert check_plan(strict, plan) == ()
    gone = {person for party in plan.unserved for person in party.registration_ids}
    assert gone
    assert not gone & {person for leg in plan.legs for person in leg.registration_ids}


def test_a_visit_replanned_keeps_what_was_told() -> None:
    campaign, before = visit()
    fewer = replace(campaign, registrations=campaign.registrations[1:])
    after = plan_campaign(fewer, _EFFORT, previous=before)
    assert check_plan(fewer, after) == ()
    told = {route.run: (route.home, route.vehicle_id, route.departure_id) for route in before.routes}
    assert all(
        told[route.run] == (route.home, route.vehicle_id, route.departure_id)
        for route in after.routes
        if route.run in told
    )


def test_who_leaves_the_city_too_early_or_too_late_is_found() -> None:
    campaign, plan = _plan("return")
    for hours in ({"depart_latest": time(8, 55)}, {"depart_earliest": time(9, 5)}):
        strict = replace(
            campaign, rules=replace(campaign.rules, trunk=replace(campaign.rules.trunk, **hours))
        )
        broken = check_plan(strict, replace(plan, campaign_digest=campaign_digest(strict)))
        assert {violation.rule for violation in broken} == {"trunk.times"}


def test_the_law_is_judged_in_real_time() -> None:
    """A night that begins at noon is no night in the mirror of it."""
    campaign, plan = _plan("return")
    early = replace(campaign.rules.driving, night_from=time(9, 0), night_to=time(19, 0))
    strict = replace(campaign, rules=replace(campaign.rules, driving=early))
    broken = check_plan(strict, replace(plan, campaign_digest=campaign_digest(strict)))
    assert {violation.rule for violation in broken} == {"driving.night_spell"}


def test_a_visit_too_far_for_a_day_is_refused() -> None:
    campaign = visitors()
    far = replace(campaign.corridors[0], stretches=(Stretch(length_m=300_000, drive_s=4 * 3600 - 60),))
    long = replace(campaign.rules.trunk, visit_min=9 * 60)
    plan = plan_campaign(
        replace(campaign, corridors=(far,), rules=replace(campaign.rules, trunk=long)), _EFFORT
    )
    assert {left.cause for left in plan.unserved} == {Cause.RUN_UNLAWFUL}
    assert {left.args["rule"] for left in plan.unserved} == {"way.visit"}
    assert not plan.routes


def test_reasons_are_given_in_real_time() -> None:
    campaign = _home()
    late = replace(campaign.departures[0], departs=campaign.departures[0].departs + timedelta(hours=7))
    plan = plan_campaign(replace(campaign, departures=(late,)), _EFFORT)
    left = next(left for left in plan.unserved if left.cause is Cause.DEPARTURE_TOO_EARLY)
    assert left.args["earliest"] == "19:00"
    assert "21:30" < str(left.args["pickup"]) < "22:00"
    gone = replace(late, departs=late.departs + timedelta(days=1))
    plan = plan_campaign(replace(campaign, departures=(gone,)), _EFFORT)
    assert {left.args["date"] for left in plan.unserved} == {"2027-02-14"}
