"""What a vehicle may do on the day after it drove, and what a round leads to when nobody rides there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from fixtures.making import tiny
from planner.demand import build_demand
from planner.model.fleet import DepartureId
from planner.network import Network
from planner.solvers.routing.search import Budget
from planner.stages.collect import _name_gates
from planner.stages.day import VehicleState, start_of_day
from planner.stages.feeder import FeederInput, FeederResult, plan_feeder
from tests.builders import tiny_campaign

HOUR = 3600
CAMPAIGN = tiny_campaign()
NETWORK = Network(CAMPAIGN)
TRAIN = CAMPAIGN.departures[0]
OPENS_S = CAMPAIGN.to_seconds(TRAIN.departs.replace(hour=3, minute=0))


def _morning_after(*, home_h: float, driven_h: float) -> VehicleState:
    """The van on the day after it was home so many hours after yesterday's midnight."""
    early, late = CAMPAIGN.rules.arrival_min(TRAIN.mode)
    fresh = start_of_day(CAMPAIGN, NETWORK, departure=TRAIN, before=[])[1]
    home_s = OPENS_S - 27 * HOUR + round(home_h * HOUR)
    there_s = NETWORK.seconds(fresh.kind.id, TRAIN.origin_id, fresh.place_id) or 0
    evening = replace(
        fresh,
        place_id=TRAIN.origin_id,
        ready_s=home_s - there_s - (early - late) * 60,
        rounds=2,
        driven_s=round(driven_h * HOUR),
    )
    return start_of_day(CAMPAIGN, NETWORK, departure=TRAIN, before=[evening])[1]


@pytest.mark.parametrize(
    ("home_h", "ready_h", "left_h"),
    [
        pytest.param(11.0, 3.0, 8.0, id="off for sixteen hours by three"),
        pytest.param(12.75, 5.0, 8.0, id="by the next half hour"),
        pytest.param(15.0, 7.0, 8.0, id="no later than four hours after the first"),
        pytest.param(15.5, 3.0, 2.0, id="else with what yesterday left, whole hours"),
        pytest.param(28.5, 4.5, 2.0, id="not before it is home"),
    ],
)
def test_the_morning_after(home_h: float, ready_h: float, left_h: float) -> None:
    state = _morning_after(home_h=home_h, driven_h=5.2)
    assert (state.ready_s - OPENS_S) / HOUR + 3 == ready_h
    assert state.drive_limit_s / HOUR == left_h
    assert state.rounds == 0
    assert state.place_id == tiny.DEPOT


def test_a_round_leads_to_a_departure_that_somebody_rides() -> None:
    parties = build_demand(CAMPAIGN)
    given = FeederInput(
        campaign=CAMPAIGN,
        network=NETWORK,
        parties={TRAIN.id: parties},
        previous=None,
        router="savings",
        budget=Budget(effort=5),
        report=lambda _departures, _progress: None,
    )
    feeder = plan_feeder(given)
    assert _name_gates(feeder, dict.fromkeys([party.id for party in parties], TRAIN)) == feeder
    beside = replace(TRAIN, id=DepartureId("beside"))
    later = replace(TRAIN, id=DepartureId("a-later"), departs=TRAIN.departs + timedelta(minutes=10))
    onward = dict(zip([party.id for party in parties], (later, *[beside] * len(parties)), strict=False))
    named = _name_gates(feeder, onward)
    assert isinstance(named, FeederResult)
    assert {draft.departure.id for draft in named.drafts} == {"beside"}
