"""The figures on the screen against the plan worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.model.fleet import VehicleId
from planner.model.people import RegistrationId
from planner.model.plan import Cause, Unserved
from planner.summary import summarise
from tests.builders import TINY_COST_FEN, tiny_campaign, tiny_plan


def test_the_figures_of_tiny() -> None:
    found = summarise(tiny_campaign(), tiny_plan())
    assert (found.demanded, found.served, found.left_behind) == (11, 11, 0)
    assert (found.vehicles, found.rounds, found.second_rounds) == (2, 2, 0)
    assert (found.length_m, found.empty_m) == (53_000, 20_000)
    assert (found.cost_fen, found.bound_fen, found.gap) == (TINY_COST_FEN, TINY_COST_FEN, 0)
    assert found.fill == pytest.approx(11 / (6 + 31))
    assert found.longest_ride_s == 35 * 60 + 18
    assert found.unserved == {}


def test_a_second_round_uses_no_second_vehicle() -> None:
    plan = tiny_plan()
    first, second = plan.routes
    again = replace(second, vehicle_id=first.vehicle_id, round=2)
    found = summarise(tiny_campaign(), replace(plan, routes=(first, again)))
    assert (found.vehicles, found.rounds, found.second_rounds) == (1, 2, 1)
    assert found.fill == pytest.approx(11 / (6 + 6))


def test_those_left_behind_are_counted_by_cause() -> None:
    def left(cause: Cause, *people: str) -> Unserved:
        return Unserved(registration_ids=tuple(map(RegistrationId, people)), cause=cause)

    unserved = (
        left(Cause.QUOTA_FULL, "a", "b"),
        left(Cause.NO_ROAD, "c"),
        left(Cause.QUOTA_FULL, "d"),
    )
    found = summarise(tiny_campaign(), replace(tiny_plan(), unserved=unserved))
    assert found.unserved == {Cause.NO_ROAD: 1, Cause.QUOTA_FULL: 3}
    assert found.left_behind == 4


def test_an_empty_plan_and_an_unproved_one_have_figures_too() -> None:
    empty = replace(tiny_plan(), routes=(), legs=(), events=(), cost_fen=0, bound_fen=0)
    found = summarise(tiny_campaign(), empty)
    assert (found.served, found.fill, found.longest_ride_s, found.gap) == (0, 0, 0, None)
    assert summarise(tiny_campaign(), replace(tiny_plan(), bound_fen=None)).gap is None


def test_a_load_cap_shrinks_the_seats_and_a_strange_vehicle_has_none() -> None:
    campaign = tiny_campaign()
    feeder = replace(campaign.rules.feeder, load_percent=50)
    capped = replace(campaign, rules=replace(campaign.rules, feeder=feeder))
    assert summarise(capped, tiny_plan()).fill == pytest.approx(11 / (3 + 16))
    plan = tiny_plan()
    strange = replace(plan.routes[1], vehicle_id=VehicleId("nobody#01"))
    assert summarise(campaign, replace(plan, routes=(plan.routes[0], strange))).fill == pytest.approx(11 / 6)
