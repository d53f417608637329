"""Laws of direction: who can be brought out can be brought home, lawfully and at the same cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from planner.check import check_plan
from planner.mirror import mirror_campaign, mirror_plan
from planner.model.campaign import Campaign, Direction
from planner.model.plan import Plan
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget
from tests.laws.test_planning import random_campaign

_SEEDS = range(16)
_EFFORT = Budget(effort=3)


@cache
def _both(seed: int) -> tuple[Plan, Campaign, Plan]:
    out = random_campaign(seed)
    home = replace(mirror_campaign(out), mirrored=False)
    return plan_campaign(out, _EFFORT), home, plan_campaign(home, _EFFORT)


@pytest.mark.parametrize("seed", _SEEDS)
def test_home_costs_what_out_does_and_breaks_no_rule(seed: int) -> None:
    out, campaign, home = _both(seed)
    assert campaign.direction is Direction.HOME
    assert check_plan(campaign, home) == ()
    assert (home.cost_fen, home.bound_fen) == (out.cost_fen, out.bound_fen)
    assert Counter(left.cause for left in home.unserved) == Counter(left.cause for left in out.unserved)


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_plan_home_turned_twice_is_itself(seed: int) -> None:
    _, campaign, home = _both(seed)
    assert mirror_plan(campaign, mirror_plan(campaign, home)) == home


@pytest.mark.parametrize("seed", _SEEDS)
def test_everybody_rides_before_they_are_home(seed: int) -> None:
    _, campaign, home = _both(seed)
    village = {person.id: person.village_id for person in campaign.registrations}
    there = {person: leg.alight_s for leg in home.legs if leg.run is None for person in leg.registration_ids}
    for leg in home.legs:
        assert leg.home
        assert leg.board_s <= leg.alight_s
        if leg.run is not None:
            assert all(there[person] < leg.board_s for person in leg.registration_ids)
            assert {village[person] for person in leg.registration_ids} == {leg.to_id}
