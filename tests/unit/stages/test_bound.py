"""The bound of a plan, against the best plan there is on campaigns small enough to try everything."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from planner.check import check_plan
from planner.demand import build_demand
from planner.model.campaign import Campaign
from planner.model.plan import Cause, Relaxation, SolverTrouble
from planner.network import Network
from planner.pipeline import plan_campaign
from planner.solvers.routing import ROUTERS
from planner.solvers.routing.problem import RoutingProblem
from planner.solvers.routing.search import Bound, Budget, RoutingSolution
from planner.solvers.routing.search import Relaxation as Of
from planner.stages import feeder
from planner.stages.day import build_collecting, gather_villages, start_of_day
from planner.summary import summarise
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
def test_the_bound_of_a_small_plan_is_the_least_there_is(seed: int) -> None:
    campaign = _small(seed)
    network = Network(campaign)
    plan = plan_campaign(campaign, Budget(effort=20))
    assert check_plan(campaign, plan) == ()
    (train,) = campaign.departures
    behind = {person for entry in plan.unserved for person in entry.registration_ids}
    parties = [party for party in build_demand(campaign) if party.registration_ids[0] not in behind]
    collecting = build_collecting(
        campaign,
        network,
        departures=[train],
        units=gather_villages(campaign, network, departure=train, parties=parties),
        states=start_of_day(campaign, network, departure=train, before=[]),
    )
    best = brute_force(collecting.problem)
    assert plan.bound_fen is not None
    assert plan.bound_fen <= best
    if not behind:
        assert (plan.cost_fen, plan.bound_fen) == (best, best)
        assert plan.bound_relaxation is Relaxation.COMPLETE


def test_tiny_is_proved() -> None:
    campaign = tiny_campaign()
    plan = plan_campaign(campaign, Budget(effort=20))
    assert (plan.cost_fen, plan.bound_fen) == (TINY_COST_FEN, TINY_COST_FEN)
    assert summarise(campaign, plan).proved


@pytest.mark.parametrize("router", sorted(ROUTERS))
def test_every_router_comes_with_a_bound(router: str) -> None:
    plan = plan_campaign(tiny_campaign(), Budget(effort=20), router=router)
    assert plan.bound_fen is not None
    assert TINY_COST_FEN // 5 < plan.bound_fen <= plan.cost_fen


def test_a_bound_above_what_the_plan_costs_is_dropped_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def boast(problem: RoutingProblem, budget: Budget) -> RoutingSolution:
        found = ROUTERS["savings"](problem, budget)
        fen = problem.objective_fen(found.shifts) + 1
        return replace(found, bound=Bound(fen=fen, relaxation=Of.COMPLETE, verified_fen=fen))

    monkeypatch.setattr(feeder, "ROUTERS", {"boast": boast})
    plan = plan_campaign(tiny_campaign(), Budget(effort=20), router="boast")
    assert plan.bound_fen is not None
    assert 0 < plan.bound_fen < plan.cost_fen
    assert (plan.bound_relaxation, plan.bound_verified_fen) == (Relaxation.TRIVIAL, None)
    assert plan.troubles == (SolverTrouble(backend="bound", trouble="failed"),)


@pytest.mark.parametrize("seats", [6, 9])
def test_with_people_left_behind_it_is_that_of_bringing_the_others(seats: int) -> None:
    campaign = tiny_campaign()
    fewer = replace(
        campaign,
        vehicle_types=tuple(replace(kind, rated_seats=seats) for kind in campaign.vehicle_types),
        fleet=tuple(replace(group, count=1) for group in campaign.fleet[:1]),
    )
    plan = plan_campaign(fewer, Budget(effort=50, seed=1))
    gone = {person for left in plan.unserved for person in left.registration_ids}
    assert gone
    assert plan.legs
    rest = tuple(person for person in fewer.registrations if person.id not in gone)
    alone = plan_campaign(replace(fewer, registrations=rest), Budget(effort=50, seed=1))
    assert not alone.unserved
    assert plan.bound_fen == alone.bound_fen
    assert 0 < (plan.bound_fen or 0) <= plan.cost_fen


def test_nobody_served_costs_nothing() -> None:
    campaign = replace(tiny_campaign(), fleet=())
    plan = plan_campaign(campaign, Budget(effort=1))
    assert plan.bound_fen == plan.cost_fen == 0
    assert {entry.cause for entry in plan.unserved} == {Cause.NO_VEHICLE_ALLOWED}
