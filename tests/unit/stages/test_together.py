"""Coaches of one place that leave at one hour, or in two waves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from fixtures.making import suining
from planner.demand import Party, build_demand
from planner.explain import Explainer
from planner.model.campaign import Campaign
from planner.model.fleet import Service
from planner.network import Network
from planner.stages.charters import Charter, make_departure
from planner.stages.coaches import find_offer
from planner.stages.together import leave_together, with_new_hours

DAY = date(2020, 2, 22)
SEATS = 24
BUILT = suining.build()


def _campaign(**trunk: object) -> Campaign:
    made = BUILT
    return replace(made, rules=replace(made.rules, trunk=replace(made.rules.trunk, **trunk)))


def _charters(campaign: Campaign) -> tuple[Charter, ...]:
    """For each city one coach at its own hour, with the first parties that go there."""
    offer = find_offer(campaign)
    made: list[Charter] = []
    for number, city in enumerate(sorted(offer.lines), 1):
        line = next(iter(offer.hub(city).values()))
        riders: list[Party] = []
        for party in build_demand(campaign):
            if party.rides[0][0] == city and sum(one.size for one in riders) + party.size <= SEATS:
                riders.append(party)
        departure = make_departure(campaign, line, day=DAY, number=number, quota=SEATS)
        made.append(Charter(departure=departure, line=line, riders=tuple(riders)))
    return tuple(made)


def _explainer(campaign: Campaign) -> Explainer:
    return Explainer(campaign, Network(campaign))


def _hours(charters: tuple[Charter, ...]) -> dict[str, time]:
    return {entry.line.corridor.destination_id: entry.departure.departs.time() for entry in charters}


def test_they_leave_with_the_first_and_nothing_else_changes() -> None:
    campaign = _campaign()
    apart = _charters(campaign)
    assert set(_hours(apart).values()) == {time(8, 20), time(9, 0)}
    made = leave_together(campaign, apart, explainer=_explainer(campaign))
    assert set(_hours(made).values()) == {time(8, 20)}
    was = {entry.departure.id: entry for entry in apart}
    for entry in made:
        before = was[entry.departure.id]
        assert entry.riders == before.riders
        assert entry.departure.number == before.departure.number
        assert entry.line.days_away <= before.line.days_away
        start = entry.departure.departs
        assert entry.line.out.start_s == start.hour * 3600 + start.minute * 60


def test_who_leaves_much_later_does_not_join() -> None:
    campaign = _campaign(depart_latest=time(12), together_min=90)
    made = _hours(leave_together(campaign, _charters(campaign), explainer=_explainer(campaign)))
    assert (made["yiwu"], made["changsha"]) == (time(8, 20), time(8, 20))
    assert made["guangzhou"] == time(12, 0)


def test_none_is_asked_to() -> None:
    campaign = _campaign(together_min=0)
    apart = _charters(campaign)
    assert leave_together(campaign, apart, explainer=_explainer(campaign)) == apart


def test_whoever_could_not_be_there_in_time_keeps_the_coach_where_it_was() -> None:
    campaign = _campaign()
    feeder = replace(campaign.rules.feeder, earliest_pickup=time(7, 20))
    campaign = replace(campaign, rules=replace(campaign.rules, feeder=feeder))
    explainer = _explainer(campaign)
    apart = _charters(campaign)
    made = {entry.departure.id: entry for entry in leave_together(campaign, apart, explainer=explainer)}
    moved = [entry for entry in apart if made[entry.departure.id] != entry]
    stuck = [
        entry
        for entry in apart
        if made[entry.departure.id] == entry and entry.departure.departs.time() > time(8, 20)
    ]
    assert stuck
    assert all(explainer.reaches(one, made[e.departure.id].departure) for e in moved for one in e.riders)
    eight = next(entry.departure for entry in apart if entry.departure.departs.time() == time(8, 20))
    assert all(not all(explainer.reaches(one, eight) for one in entry.riders) for entry in stuck)


def test_a_coach_that_runs_anyway_keeps_its_hour_and_others_join_it() -> None:
    campaign = _campaign()
    apart = _charters(campaign)
    running = replace(
        apart[0].departure, departs=apart[0].departure.departs.replace(hour=8, minute=0), number="told"
    )
    made = leave_together(campaign, apart, explainer=_explainer(campaign), running=(running,))
    assert set(_hours(made).values()) == {time(8, 0)}


def test_too_many_for_one_round_leave_in_two_waves() -> None:
    campaign = _campaign(depart_latest=time(12))
    fleet = tuple(
        replace(group, count=2 if at == 0 else 0) if group.service is Service.FEEDER else group
        for at, group in enumerate(campaign.fleet)
    )
    campaign = replace(campaign, fleet=fleet)
    apart = _charters(campaign)
    heads = {entry.departure.departs.time(): 0 for entry in apart}
    for entry in leave_together(campaign, apart, explainer=_explainer(campaign)):
        heads.setdefault(entry.departure.departs.time(), 0)
        heads[entry.departure.departs.time()] += entry.heads
    noon = sum(entry.heads for entry in apart if entry.departure.departs.time() == time(12))
    assert noon / 3 <= heads[time(12)] <= noon / 2
    assert heads[time(8, 0)] + heads[time(8, 20)] >= noon / 2


@pytest.mark.parametrize("day", [DAY, date(2020, 2, 23)])
def test_the_new_hour_is_open_to_those_who_reach_it(day: date) -> None:
    campaign = _campaign()
    explainer = _explainer(campaign)
    apart = _charters(campaign)
    made = leave_together(campaign, apart, explainer=explainer)
    parties = [one for entry in apart for one in entry.riders]
    old = {
        one.id: (replace(entry.departure, departs=entry.departure.departs.replace(day=day.day)),)
        for entry in apart
        for one in entry.riders
    }
    wider = with_new_hours(made, parties=parties, open_to=old, explainer=explainer)
    for entry in made:
        for party in entry.riders:
            gates = {one.gate for one in wider[party.id]}
            assert old[party.id][0].gate in gates
            assert (entry.departure.gate in gates) == (day == DAY)
