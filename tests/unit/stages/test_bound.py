"""The floor under the cost, against the best plan there is on campaigns small enough to try everything."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from fixtures.making import tiny
from planner.check import check_plan
from planner.demand import build_demand
from planner.model.campaign import Campaign
from planner.model.plan import Cause
from planner.network import Network
from planner.pipeline import plan_campaign
from planner.solvers.routing.problem import Budget
from planner.stages.bound import share_bound_fen
from planner.stages.day import Unit, build_collecting, start_of_day
from tests.builders import TINY_COST_FEN, tiny_campaign
from tests.unit.solvers.brute import brute_force


def _small(seed: int) -> Campaign:
    """Tiny with other prices, speeds, seats and people."""
    dice = Random(seed)
    campaign = tiny_campaign()
    kinds = tuple(
        replace(
            kind,
            fixed_fen=dice.choice((0, 15_000, 60_000)),
            per_km_fen=dice.choice((0, 250, 600)),
            per_hour_fen=dice.choice((0, 3_600, 9_999)),
            rated_seats=kind.rated_seats + dice.choice((0, 3)),
        )
        for kind in campaign.vehicle_types
    )
    roads = tuple(replace(road, speed_kmh=dice.choice((25, 36, 60))) for road in campaign.roads)
    feeder = replace(
        campaign.rules.feeder,
        boarding_s_per_head=dice.choice((0, 6, 30)),
        load_percent=dice.choice((60, 100)),
    )
    people = tuple(person for person in campaign.registrations if dice.random() < 0.9)
    return replace(
        campaign,
        vehicle_types=kinds,
        roads=roads,
        rules=replace(campaign.rules, feeder=feeder),
        registrations=people,
    )


@pytest.mark.parametrize("seed", range(40))
def test_the_floor_is_never_above_the_best_plan(seed: int) -> None:
    campaign = _small(seed)
    network = Network(campaign)
    plan = plan_campaign(campaign, Budget(effort=2))
    assert check_plan(campaign, plan) == ()
    (train,) = campaign.departures
    behind = {person for entry in plan.unserved for person in entry.registration_ids}
    parties = [party for party in build_demand(campaign) if party.registration_ids[0] not in behind]
    collecting = build_collecting(
        campaign,
        network,
        departure=train,
        units=[Unit(place_id=party.village_id, parties=(party,)) for party in parties],
        states=start_of_day(campaign, network, departure=train, before=[]),
    )
    best = brute_force(collecting.problem)
    if best >= campaign.rules.weights.unserved_fen_per_head:
        pytest.fail("brute force left somebody behind whom the plan takes along")
    floor = share_bound_fen(campaign, network, served=[(party, train) for party in parties])
    assert floor == plan.bound_fen
    assert floor <= best
    # Parties of one village board together, which saves the plan stops that trying singly pays for.
    assert floor <= plan.cost_fen


def test_the_floor_of_tiny_is_worth_something() -> None:
    plan = plan_campaign(tiny_campaign(), Budget(effort=2))
    assert plan.cost_fen == TINY_COST_FEN
    assert plan.bound_fen is not None
    assert plan.bound_fen > TINY_COST_FEN // 5


def test_nobody_served_costs_nothing() -> None:
    campaign = replace(tiny_campaign(), fleet=())
    assert share_bound_fen(campaign, Network(campaign), served=[]) == 0
    plan = plan_campaign(campaign, Budget(effort=1))
    assert plan.bound_fen == plan.cost_fen == 0
    assert {entry.cause for entry in plan.unserved} == {Cause.NO_VEHICLE_ALLOWED}


def test_more_people_never_lower_the_floor() -> None:
    campaign = tiny_campaign()
    network, (train,) = Network(campaign), campaign.departures
    parties = build_demand(campaign)
    floors = [
        share_bound_fen(campaign, network, served=[(party, train) for party in parties[:count]])
        for count in range(len(parties) + 1)
    ]
    assert floors == sorted(floors)
    assert tiny.STATION in network.places
