"""A vehicle that alone reaches a later train's people is not given away to an earlier train."""

from dataclasses import replace
from datetime import timedelta

from fixtures.making import tiny
from planner.check import check_plan
from planner.model.campaign import Campaign
from planner.model.fleet import DepartureId
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget
from tests.builders import TRAIN, tiny_campaign


def _two_trains() -> Campaign:
    """石桥 rides the first train, 高岭 (van only) the second, 20 min later; one van, one coach."""
    campaign = tiny_campaign()
    first = next(departure for departure in campaign.departures if departure.id == TRAIN)
    early, late = first.calls[0], first.calls[-1]
    second = replace(
        first,
        id=DepartureId("k2"),
        number="K2",
        departs=first.departs + timedelta(minutes=20),
        calls=(replace(late, arrives=late.arrives + timedelta(hours=1)),),
    )
    goes = {tiny.SHIQIAO: early.destination_id, tiny.GAOLING: late.destination_id}
    people = tuple(
        replace(person, destination_id=goes[person.village_id], group="")
        for person in campaign.registrations
        if person.village_id in goes
    )
    return replace(campaign, departures=(replace(first, calls=(early,)), second), registrations=people)


def test_the_only_van_waits_for_those_it_alone_reaches() -> None:
    campaign = _two_trains()
    assert len({departure.calls[0].destination_id for departure in campaign.departures}) == 2
    plan = plan_campaign(campaign, Budget(effort=50))
    assert plan.unserved == ()
    assert check_plan(campaign, plan) == ()
