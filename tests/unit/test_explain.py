"""Every cause with its figures, and every fix held to its word: apply it and the party can travel."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from fixtures.making import tiny
from planner.demand import Party, build_demand
from planner.explain import Explainer
from planner.model.clock import CHINA
from planner.model.fleet import FleetGroup, FleetGroupId, VehicleTypeId
from planner.model.places import PlaceId, RoadClass
from planner.model.plan import Cause, FixKind, Unserved
from planner.network import Network
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget
from tests.builders import tiny_campaign

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.plan import Fix

_VAN, _COACH = VehicleTypeId("k7"), VehicleTypeId("k33")


def _with_rules(campaign: Campaign, **feeder: object) -> Campaign:
    changed = replace(campaign.rules.feeder, **feeder)
    return replace(campaign, rules=replace(campaign.rules, feeder=changed))


def _departing(campaign: Campaign, clock: time) -> Campaign:
    departs = datetime.combine(tiny.TRAVEL_DAY, clock, CHINA)
    shift = departs - campaign.departures[0].departs
    return replace(
        campaign,
        departures=tuple(
            replace(
                entry,
                departs=departs,
                calls=tuple(replace(call, arrives=call.arrives + shift) for call in entry.calls),
            )
            for entry in campaign.departures
        ),
    )


def _without(campaign: Campaign, *types: VehicleTypeId) -> Campaign:
    return replace(campaign, fleet=tuple(group for group in campaign.fleet if group.type_id not in types))


def _party(campaign: Campaign, party_id: str = "T09") -> Party:
    return next(party for party in build_demand(campaign) if party.id == party_id)


def _why(campaign: Campaign, party_id: str = "T09") -> Unserved | None:
    return Explainer(campaign, Network(campaign)).explain_alone(_party(campaign, party_id))[1]


def _expect(campaign: Campaign, cause: Cause, *, party_id: str = "T09") -> tuple[Unserved, Fix]:
    found = _why(campaign, party_id)
    assert found is not None
    assert found.cause is cause
    assert found.registration_ids == _party(campaign, party_id).registration_ids
    assert found.fix is not None
    return found, found.fix


@pytest.mark.parametrize("party_id", ["T01", "T04", "T07", "T08", "T09", "T11"])
def test_who_can_travel_alone_has_no_obstacle(party_id: str) -> None:
    campaign = tiny_campaign()
    open_to, obstacle = Explainer(campaign, Network(campaign)).explain_alone(_party(campaign, party_id))
    assert obstacle is None
    assert open_to == campaign.departures


def test_no_departure_calls_there() -> None:
    campaign = tiny_campaign()
    train = replace(campaign.departures[0], calls=campaign.departures[0].calls[:1])
    found, fix = _expect(replace(campaign, departures=(train,)), Cause.NO_DEPARTURE, party_id="T04")
    assert found.args == {"date": "2027-02-14", "destination": "深圳", "heads": 3}
    assert (fix.kind, fix.args) == (FixKind.ADD_DEPARTURE, found.args)


def test_a_family_for_two_cities_needs_one_departure_that_calls_at_both() -> None:
    campaign = tiny_campaign()
    train = campaign.departures[0]
    halves = tuple(
        replace(train, id=f"{train.id}-{number}", calls=(call,)) for number, call in enumerate(train.calls)
    )
    people = tuple(
        replace(person, destination_id=tiny.SHENZHEN) if person.id == "T02" else person
        for person in campaign.registrations
    )
    split = replace(campaign, departures=halves, registrations=people)
    found, _ = _expect(split, Cause.NO_DEPARTURE, party_id="T01")
    assert found.args["destination"] == "广州、深圳"
    assert _why(replace(campaign, registrations=people), "T01") is None


def test_no_departure_on_the_day() -> None:
    campaign = tiny_campaign()
    later = tuple(
        replace(person, travel_date=tiny.TRAVEL_DAY + timedelta(days=1)) for person in campaign.registrations
    )
    found, _ = _expect(replace(campaign, registrations=later), Cause.NO_DEPARTURE)
    assert found.args["date"] == "2027-02-15"


def test_no_road_and_the_nearest_place_that_has_one() -> None:
    campaign = tiny_campaign()
    cut = tuple(road for road in campaign.roads if tiny.GAOLING not in {road.from_id, road.to_id})
    found, fix = _expect(replace(campaign, roads=cut), Cause.NO_ROAD)
    assert found.args == {"place": "高岭村", "station": "示例站", "heads": 2}
    assert (fix.kind, fix.args) == (FixKind.GATHER_ELSEWHERE, {"place": "枫树村"})


def test_no_road_anywhere_asks_to_mend_one() -> None:
    _, fix = _expect(replace(tiny_campaign(), roads=()), Cause.NO_ROAD)
    assert fix.kind is FixKind.MEND_ROAD


def test_no_vehicle_of_the_fleet_may_go_there_but_a_known_type_could() -> None:
    campaign = tiny_campaign()
    found, fix = _expect(_without(campaign, _VAN), Cause.NO_VEHICLE_ALLOWED)
    assert found.args == {"place": "高岭村", "station": "示例站", "heads": 2}
    assert (fix.kind, fix.args) == (FixKind.ADD_VEHICLE, {"type": "7座小客车", "count": 1})
    assert fix.cost_fen == 20_000 + 250 * 31 + 1_700 + 1_440
    assert _why(campaign) is None


def test_a_road_too_bad_for_every_type_asks_to_gather_elsewhere() -> None:
    campaign = tiny_campaign()
    good = (RoadClass.GRADE2, RoadClass.GRADE3)
    types = tuple(replace(kind, road_classes=good) for kind in campaign.vehicle_types)
    _, fix = _expect(replace(campaign, vehicle_types=types), Cause.NO_VEHICLE_ALLOWED)
    assert (fix.kind, fix.args) == (FixKind.GATHER_ELSEWHERE, {"place": "枫树村"})


def test_without_a_fleet_everybody_is_explained() -> None:
    campaign = replace(tiny_campaign(), fleet=())
    for party in build_demand(campaign):
        _expect(campaign, Cause.NO_VEHICLE_ALLOWED, party_id=party.id)
    none = replace(tiny_campaign(), fleet=tuple(replace(g, count=0) for g in tiny_campaign().fleet))
    for party in build_demand(none):
        _expect(none, Cause.NO_VEHICLE_ALLOWED, party_id=party.id)


def _seven_of_gaoling() -> Campaign:
    """Seven travel together from where only the van with six seats may go."""
    campaign = tiny_campaign()
    crowd = tuple(
        replace(person, village_id=tiny.GAOLING, group="7") if number < 7 else person
        for number, person in enumerate(campaign.registrations)
    )
    return replace(campaign, registrations=crowd)


def test_a_party_larger_than_what_may_go_there() -> None:
    found, fix = _expect(_seven_of_gaoling(), Cause.PARTY_TOO_LARGE, party_id="T01")
    assert (found.args["heads"], found.args["seats"]) == (7, 6)
    assert (fix.kind, fix.args) == (FixKind.SPLIT_PARTY, {"seats": 6})


def test_a_larger_type_that_stands_in_no_depot_is_the_fix() -> None:
    campaign = _seven_of_gaoling()
    larger = replace(campaign.vehicle_types[1], id=VehicleTypeId("k19"), name="19座", rated_seats=19)
    campaign = replace(campaign, vehicle_types=(*campaign.vehicle_types, larger))
    _, fix = _expect(campaign, Cause.PARTY_TOO_LARGE, party_id="T01")
    assert (fix.kind, fix.args) == (FixKind.ADD_VEHICLE, {"type": "19座", "count": 1})
    added = FleetGroup(id=FleetGroupId("new"), type_id=larger.id, depot_id=tiny.DEPOT, count=1)
    assert _why(replace(campaign, fleet=(*campaign.fleet, added)), "T01") is None


def test_the_load_cap_makes_a_party_too_large() -> None:
    found, _ = _expect(_with_rules(tiny_campaign(), load_percent=20), Cause.PARTY_TOO_LARGE)
    assert found.args["seats"] == 1


def test_the_direct_ride_is_too_long_and_the_raise_is_just_enough() -> None:
    campaign = tiny_campaign()  # 高岭 to the station: 1,440 s
    assert _why(_with_rules(campaign, ride_limit_min=24)) is None
    found, fix = _expect(_with_rules(campaign, ride_limit_min=23), Cause.RIDE_TOO_LONG)
    assert (found.args["ride_min"], found.args["limit_min"]) == (24, 23)
    assert (fix.kind, fix.args) == (FixKind.RAISE_RIDE_LIMIT, {"minutes": 1, "limit_min": 23})


def _far_van(campaign: Campaign, *, seconds: int) -> Campaign:
    """The van stands so many seconds of driving beyond its depot."""
    far = PlaceId("dp-far")
    depot = next(place for place in campaign.places if place.id == tiny.DEPOT)
    road = replace(campaign.roads[0], from_id=far, to_id=tiny.DEPOT, length_m=seconds * 10, speed_kmh=36)
    fleet = tuple(
        replace(group, depot_id=far) if group.type_id == _VAN else group for group in campaign.fleet
    )
    return replace(
        campaign,
        places=(*campaign.places, replace(depot, id=far, name="外县车场")),
        roads=(*campaign.roads, road),
        fleet=fleet,
    )


def test_the_way_to_the_village_is_too_long_for_one_driver() -> None:
    # depot to 高岭: 1,700 s; four hours are 14,400 s
    campaign = _departing(tiny_campaign(), time(20, 0))
    assert _why(_far_van(campaign, seconds=12_700)) is None
    far = _far_van(campaign, seconds=12_701)
    found, fix = _expect(far, Cause.DRIVE_TOO_LONG)
    assert (found.args["drive_min"], found.args["limit_min"]) == (241, 240)
    assert (fix.kind, fix.args) == (FixKind.SECOND_DRIVER, {"type": "7座小客车"})
    two = tuple(replace(kind, drivers=2) if kind.id == _VAN else kind for kind in far.vehicle_types)
    assert _why(replace(far, vehicle_types=two)) is None


def test_one_obstacle_each_for_two_ways_is_still_an_obstacle() -> None:
    """A van too far away and a slow one with too long a ride: neither may go, each for its own reason."""
    campaign = _departing(tiny_campaign(), time(20, 0))
    van = next(kind for kind in campaign.vehicle_types if kind.id == _VAN)
    detour = replace(
        van,
        id=VehicleTypeId("slow"),
        name="绕行小车",
        road_classes=(RoadClass.GRADE1,),
    )
    slow = replace(
        campaign.roads[0], from_id=tiny.GAOLING, to_id=tiny.STATION, length_m=80_000, speed_kmh=36,
        road_class=RoadClass.GRADE1,
    )  # fmt: skip
    here = FleetGroup(id=FleetGroupId("slow"), type_id=detour.id, depot_id=tiny.STATION, count=1)
    campaign = _far_van(campaign, seconds=14_000)
    campaign = replace(
        campaign,
        vehicle_types=(*campaign.vehicle_types, detour),
        roads=(*campaign.roads, slow),
        fleet=(*campaign.fleet, here),
    )
    _expect(campaign, Cause.DRIVE_TOO_LONG)
    plan = plan_campaign(campaign, Budget(effort=1))
    assert {entry.cause for entry in plan.unserved if "T09" in entry.registration_ids} == {
        Cause.DRIVE_TOO_LONG
    }


def _to_clock(text: object) -> time:
    assert isinstance(text, str)
    return time.fromisoformat(text)


@pytest.mark.parametrize("party_id", ["T01", "T04", "T09", "T11"])
def test_a_departure_too_early_and_the_minute_from_which_it_is_not(party_id: str) -> None:
    early = _departing(tiny_campaign(), time(6, 0))
    found, fix = _expect(early, Cause.DEPARTURE_TOO_EARLY, party_id=party_id)
    assert found.args["earliest"] == "05:00"
    assert _to_clock(found.args["pickup"]) < time(5, 0)
    assert fix.kind is FixKind.LATER_DEPARTURE
    assert fix.args["departure"] == "G9999"
    right = _to_clock(fix.args["departs"])
    assert _why(_departing(early, right), party_id) is None
    minute_before = (datetime.combine(tiny.TRAVEL_DAY, right) - timedelta(minutes=1)).time()
    assert _why(_departing(early, minute_before), party_id) is not None


def test_a_vehicle_too_far_and_the_minute_from_which_it_is_not() -> None:
    far = _far_van(_departing(tiny_campaign(), time(7, 0)), seconds=9_000)
    found, fix = _expect(far, Cause.VEHICLE_TOO_FAR)
    assert found.args["latest"] == "06:00"
    assert fix.kind is FixKind.LATER_DEPARTURE
    right = _to_clock(fix.args["departs"])
    assert _why(_departing(far, right)) is None
    minute_before = (datetime.combine(tiny.TRAVEL_DAY, right) - timedelta(minutes=1)).time()
    assert _why(_departing(far, minute_before)) is not None


def test_the_rest_of_a_long_way_out_counts_against_the_clock() -> None:
    """6,000 s out and up to 120 min back would break the four hours, so 20 min of rest are owed."""
    far = _far_van(tiny_campaign(), seconds=6_000)
    closes, service = time(9, 40), 60 + 2 * 6
    spare = (closes.hour * 60 + closes.minute) * 60 - (6_000 + 1_700 + service + 1_440) - 3 * 3600
    assert spare > 0
    start_s = 3 * 3600 + spare
    on_time = time(start_s // 3600, start_s // 60 % 60, start_s % 60)
    assert _why(_with_rules(far, earliest_start=on_time, ride_limit_min=60)) is None
    _expect(_with_rules(far, earliest_start=on_time, ride_limit_min=120), Cause.VEHICLE_TOO_FAR)


def test_of_two_departures_the_less_fundamental_obstacle_is_told() -> None:
    campaign = tiny_campaign()
    train = campaign.departures[0]
    other_station = replace(campaign.places[0], id=PlaceId("st-other"), name="孤站")
    elsewhere = replace(train, id="a", origin_id=other_station.id)
    early = _departing(campaign, time(6, 0)).departures[0]
    both = replace(campaign, places=(*campaign.places, other_station), departures=(elsewhere, early))
    _expect(both, Cause.DEPARTURE_TOO_EARLY)


def test_a_full_quota_names_the_departures() -> None:
    campaign = tiny_campaign()
    found = Explainer(campaign, Network(campaign)).explain_quota(_party(campaign), campaign.departures)
    assert found.cause is Cause.QUOTA_FULL
    assert found.args == {"departures": "G9999", "heads": 2}
    assert found.fix is not None
    assert found.fix.kind is FixKind.MORE_SEATS


def test_an_exhausted_fleet_asks_for_the_cheapest_vehicle_that_could_go() -> None:
    campaign = tiny_campaign()
    explainer = Explainer(campaign, Network(campaign))
    found = explainer.explain_fleet(_party(campaign), campaign.departures[0], overrun_s=None)
    assert found.cause is Cause.FLEET_EXHAUSTED
    assert found.args == {"place": "高岭村", "heads": 2, "departure": "G9999"}
    assert found.fix is not None
    assert (found.fix.kind, found.fix.args) == (FixKind.ADD_VEHICLE, {"type": "7座小客车", "count": 1})
    assert found.fix.cost_fen == 30_890


def test_a_run_with_free_seats_asks_for_a_detour_in_whole_minutes() -> None:
    campaign = tiny_campaign()
    explainer = Explainer(campaign, Network(campaign))
    found = explainer.explain_fleet(_party(campaign), campaign.departures[0], overrun_s=61)
    assert found.fix is not None
    assert (found.fix.kind, found.fix.args) == (FixKind.DETOUR, {"minutes": 2, "limit_min": 120})


def test_one_more_vehicle_serves_those_whom_an_exhausted_fleet_left() -> None:
    campaign = _without(tiny_campaign(), _COACH)
    plan = plan_campaign(campaign, Budget(effort=2))
    assert {entry.cause for entry in plan.unserved} == {Cause.FLEET_EXHAUSTED}
    fixes = {entry.fix.kind for entry in plan.unserved if entry.fix}
    assert fixes == {FixKind.ADD_VEHICLE}
    (van,) = campaign.fleet
    helped = plan_campaign(replace(campaign, fleet=(replace(van, count=2),)), Budget(effort=2))
    assert helped.unserved == ()
