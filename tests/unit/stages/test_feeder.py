"""Rounds, vehicles and what is kept of the plan people were told."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from fixtures.making import tiny
from planner.check import check_plan
from planner.demand import build_demand
from planner.model.clock import CHINA
from planner.model.fleet import DepartureId, VehicleTypeId
from planner.model.people import Registration, RegistrationId
from planner.model.places import RoadClass
from planner.model.plan import Cause, Plan
from planner.network import Network
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget
from planner.stages.day import gather_villages, start_of_day
from tests.builders import TINY_COST_FEN, tiny_campaign, tiny_plan

if TYPE_CHECKING:
    from planner.model.campaign import Campaign

_VAN, _COACH = VehicleTypeId("k7"), VehicleTypeId("k33")


def _plan(campaign: Campaign, *, previous: Plan | None = None, router: str = "ortools") -> Plan:
    plan = plan_campaign(campaign, Budget(effort=4), previous=previous, router=router)
    assert check_plan(campaign, plan) == ()
    return plan


def _people(*groups: int, village: str = tiny.GAOLING) -> tuple[Registration, ...]:
    """Groups of so many heads in one village."""
    model = tiny_campaign().registrations[0]
    return tuple(
        replace(
            model, id=RegistrationId(f"P{group:02d}{head}"), group=f"{group}", child=False, village_id=village
        )
        for group, size in enumerate(groups)
        for head in range(size)
    )


def _with(campaign: Campaign, people: tuple[Registration, ...], **counts: int) -> Campaign:
    fleet = tuple(replace(group, count=counts.get(group.type_id, group.count)) for group in campaign.fleet)
    trains = tuple(replace(train, quota=1_000) for train in campaign.departures)
    return replace(campaign, registrations=people, fleet=fleet, departures=trains)


def test_tiny_is_solved_as_by_hand() -> None:
    plan = _plan(tiny_campaign())
    assert plan.cost_fen == TINY_COST_FEN
    assert {(route.vehicle_id, tuple(stop.place_id for stop in route.stops)) for route in plan.routes} == {
        (route.vehicle_id, tuple(stop.place_id for stop in route.stops)) for route in tiny_plan().routes
    }


def test_a_village_larger_than_its_vehicle_is_split_by_whole_parties() -> None:
    campaign = _with(tiny_campaign(), _people(4, 4, 3, 2, 2, 1), k7=3)
    network, parties = Network(campaign), build_demand(campaign)
    (unit,) = gather_villages(campaign, network, departure=campaign.departures[0], parties=parties)
    assert unit.divisible
    assert sorted(party.id for party in unit.parties) == [party.id for party in parties]
    plan = _plan(campaign)
    assert plan.unserved == ()
    ridden = {leg.registration_ids for leg in plan.legs if leg.run is not None}
    assert ridden == {party.registration_ids for party in parties}


def test_a_village_that_fits_its_largest_vehicle_is_one_unit() -> None:
    campaign = _with(tiny_campaign(), _people(6, 6, 6, 6, 6, 1, village=tiny.SHIQIAO))
    units = gather_villages(
        campaign, Network(campaign), departure=campaign.departures[0], parties=build_demand(campaign)
    )
    assert [(unit.heads, unit.divisible) for unit in units] == [(31, False)]


def test_what_a_router_leaves_out_is_tried_party_by_party() -> None:
    campaign = _with(tiny_campaign(), _people(3, 2, 1, 1), k7=1)
    plan = _plan(campaign)
    assert Counter(len(entry.registration_ids) for entry in plan.unserved) == {1: 1}
    assert {entry.cause for entry in plan.unserved} == {Cause.FLEET_EXHAUSTED}


def _two_trains(gap: timedelta, **rules: object) -> Campaign:
    """One van, six people of 高岭 for each of two trains."""
    campaign = _with(tiny_campaign(), _people(6, 6), k7=1, k33=0)
    first = campaign.departures[0]
    second = replace(
        first,
        id=DepartureId("later"),
        number="G10",
        departs=first.departs + gap,
        calls=tuple(replace(call, arrives=call.arrives + gap) for call in first.calls),
    )
    feeder = replace(campaign.rules.feeder, **rules)
    return replace(
        campaign,
        departures=tuple(replace(train, quota=6) for train in (first, second)),
        rules=replace(campaign.rules, feeder=feeder),
    )


def test_one_vehicle_serves_both_trains_in_two_rounds() -> None:
    plan = _plan(_two_trains(timedelta(hours=2)))
    assert plan.unserved == ()
    first, second = sorted(plan.routes, key=lambda route: route.start_s)
    assert (first.vehicle_id, first.round) == (second.vehicle_id, 1)
    assert second.round == 2
    assert second.start_place_id == tiny.STATION
    assert second.start_s >= first.arrive_s + 20 * 60
    assert first.cost_fen - second.cost_fen >= 20_000  # the fixed cost is paid once


def test_no_second_round_where_the_turnround_does_not_fit() -> None:
    # There and back to 高岭: 2 x 1,440 s and 96 s at the stop; windows 30 min; 20 min to turn.
    need = timedelta(seconds=2 * 1_440 + 96 + 1_200)
    assert _plan(_two_trains(need - timedelta(minutes=30))).unserved == ()
    plan = _plan(_two_trains(need - timedelta(minutes=31)))
    assert [entry.cause for entry in plan.unserved] == [Cause.FLEET_EXHAUSTED]


def test_a_vehicle_starts_each_day_at_its_depot_and_pays_for_each() -> None:
    campaign = _two_trains(timedelta(days=1))
    people = tuple(
        replace(person, travel_date=person.travel_date + timedelta(days=person.group == "1"))
        for person in campaign.registrations
    )
    plan = _plan(replace(campaign, registrations=people))
    assert {(route.start_place_id, route.round) for route in plan.routes} == {(tiny.DEPOT, 1)}
    assert len({route.cost_fen for route in plan.routes}) == 1
    assert plan.bound_fen is not None
    assert plan.bound_fen >= 2 * 20_000 - 20


def test_the_bound_of_several_days_knows_that_another_vehicle_may_have_been_spared() -> None:
    """Who drives on the first day is too tired for the second: day by day the dear coach gets it."""
    first_day, second_day = _people(3, village=tiny.SHIQIAO), _people(3, village=tiny.GAOLING)
    tomorrow = tuple(
        replace(
            person,
            id=RegistrationId(f"Q{person.id}"),
            group="later",
            travel_date=person.travel_date + timedelta(days=1),
        )
        for person in second_day
    )
    plain = _slow(_two_trains(timedelta(days=1)))

    def cost(*people: Registration, vans: int, coaches: int) -> tuple[int, int]:
        plan = _plan(_with(plain, people, k7=vans, k33=coaches), router="best")
        assert plan.unserved == ()
        return plan.cost_fen, plan.bound_fen or 0

    both, bound = cost(*first_day, *tomorrow, vans=1, coaches=1)
    spared = cost(*first_day, vans=0, coaches=1)[0] + cost(*tomorrow, vans=1, coaches=0)[0]
    assert spared < both
    assert 0 < bound <= spared


def _slow(campaign: Campaign) -> Campaign:
    """Roads on which a round takes half a day, and vehicles that may use all of them."""
    rules = replace(
        campaign.rules.feeder, ride_limit_min=480, earliest_start=time(), earliest_pickup=time(0, 30)
    )
    return replace(
        campaign,
        roads=tuple(replace(road, speed_kmh=5) for road in campaign.roads),
        vehicle_types=tuple(replace(kind, road_classes=tuple(RoadClass)) for kind in campaign.vehicle_types),
        departures=tuple(
            replace(train, departs=train.departs + timedelta(hours=6)) for train in campaign.departures
        ),
        rules=replace(campaign.rules, feeder=rules),
    )


def test_the_fleet_of_a_fresh_day_stands_at_its_depots() -> None:
    campaign = tiny_campaign()
    states = start_of_day(campaign, Network(campaign), departure=campaign.departures[0], before=[])
    assert [(state.id, state.place_id, state.ready_s, state.rounds) for state in states] == [
        ("shili33#01", tiny.DEPOT, 3 * 3600, 0),
        ("shili7#01", tiny.DEPOT, 3 * 3600, 0),
    ]


def test_no_driver_is_at_the_wheel_longer_than_eight_hours_a_day() -> None:
    """Rounds of 48 min at the wheel every two hours: the tenth would be the one too many."""
    campaign = _with(tiny_campaign(), _people(*[6] * 12), k7=1, k33=0)
    first = campaign.departures[0]
    start = datetime.combine(tiny.TRAVEL_DAY, time(5, 30), CHINA)
    trains = tuple(
        replace(
            first,
            id=DepartureId(f"d{number:02d}"),
            departs=start + timedelta(minutes=90 * number),
            calls=tuple(replace(call, arrives=start + timedelta(hours=23)) for call in first.calls),
            quota=6,
        )
        for number in range(12)
    )
    plan = _plan(replace(campaign, departures=trains))
    network = Network(campaign)
    driven = 0
    for route in plan.routes:
        places = [route.start_place_id, *(stop.place_id for stop in route.stops)]
        ways = [network.seconds(_VAN, a, b) for a, b in pairwise(places)]
        driven += sum(way or 0 for way in ways)
    assert 8 * 3600 - 2 * 1_440 < driven <= 8 * 3600
    assert plan.unserved


def test_told_runs_stay_though_a_cheaper_plan_is_known() -> None:
    """Savings lets the coach fetch 枫树, by hand the van does for less; what was told stays."""
    campaign = tiny_campaign()
    old = _plan(campaign, router="savings")
    assert old.cost_fen > TINY_COST_FEN
    new = _plan(campaign, previous=old)
    assert (new.routes, new.legs, new.events) == (old.routes, old.legs, old.events)
    assert (new.version, new.effort.router) == (2, "ortools")


def test_a_late_name_joins_a_told_run_and_nobody_else_hears_of_it() -> None:
    campaign = tiny_campaign()
    old = _plan(campaign)
    late = replace(campaign.registrations[7], id=RegistrationId("late"), village_id=tiny.SHIQIAO, group="")
    new = _plan(replace(campaign, registrations=(*campaign.registrations, late)), previous=old)
    assert new.unserved == ()
    assert {(route.run, route.vehicle_id) for route in new.routes} == {
        (route.run, route.vehicle_id) for route in old.routes
    }
    run = next(leg.run for leg in new.legs if leg.run is not None and "late" in leg.registration_ids)
    before = {route.run: route for route in old.routes}
    assert all(route == before[route.run] for route in new.routes if route.run != run)


def test_a_vehicle_told_for_the_afternoon_is_not_taken_in_the_morning() -> None:
    """The only van is promised to the second train; late names for the first do not unseat its people."""
    campaign = _two_trains(timedelta(minutes=35))
    told = replace(campaign, departures=campaign.departures[1:], registrations=campaign.registrations[:6])
    old = _plan(told)
    assert len(old.routes) == 1
    new = _plan(campaign, previous=old)
    assert {leg.registration_ids for leg in old.legs} <= {leg.registration_ids for leg in new.legs}
    assert new.routes[0] == old.routes[0]


def test_an_unlawful_told_run_is_driven_anew_under_a_new_number() -> None:
    campaign = tiny_campaign()
    old = _plan(campaign)
    slower = tuple(replace(road, speed_kmh=road.speed_kmh // 2) for road in campaign.roads)
    feeder = replace(campaign.rules.feeder, ride_limit_min=58)
    new = _plan(replace(campaign, roads=slower, rules=replace(campaign.rules, feeder=feeder)), previous=old)
    assert new.version == 2
    assert max(route.run for route in new.routes) > max(route.run for route in old.routes)


def test_without_vehicles_or_people_there_is_an_empty_plan() -> None:
    assert _plan(replace(tiny_campaign(), fleet=())).routes == ()
    assert _plan(replace(tiny_campaign(), registrations=())).legs == ()
    assert _plan(replace(tiny_campaign(), departures=())).routes == ()


def test_a_depot_whose_vehicles_come_too_late_does_not_break_the_search() -> None:
    campaign = tiny_campaign()
    feeder = replace(campaign.rules.feeder, earliest_start=time(9, 41))
    plan = _plan(replace(campaign, rules=replace(campaign.rules, feeder=feeder)))
    assert {entry.cause for entry in plan.unserved} == {Cause.VEHICLE_TOO_FAR}


def test_the_coach_alone_reaches_who_it_may() -> None:
    campaign = tiny_campaign()
    plan = _plan(replace(campaign, fleet=tuple(g for g in campaign.fleet if g.type_id == _COACH)))
    assert {entry.cause for entry in plan.unserved} == {Cause.NO_VEHICLE_ALLOWED}
    assert {tuple(entry.registration_ids) for entry in plan.unserved} == {("T09", "T10"), ("T11",)}
