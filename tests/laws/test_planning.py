"""Laws of planning over random counties: whatever is asked, the answer is whole, lawful and repeats."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import time, timedelta
from functools import cache
from random import Random
from typing import Final

import pytest

from planner.check import check_plan
from planner.demand import build_demand
from planner.intake.planfile import plan_to_json
from planner.model.campaign import Campaign, Rules
from planner.model.events import EventStatus
from planner.model.fleet import (
    Call,
    Departure,
    DepartureId,
    FleetGroup,
    FleetGroupId,
    VehicleType,
    VehicleTypeId,
)
from planner.model.people import Registration, RegistrationId
from planner.model.places import Destination, DestinationId, PlaceId, PlaceKind, Road, RoadClass
from planner.model.plan import Cause, Plan
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget
from tests.sketch import STATION, sketch_campaign

_SECOND_STATION: Final = PlaceId("st2")
_FAR: Final = PlaceId("dp-far")
_NOWHERE: Final = DestinationId("nowhere")
_CITY: Final = DestinationId("city")
_PORT: Final = DestinationId("port")
_SEEDS: Final = range(24)
_GOOD: Final = (RoadClass.GRADE2, RoadClass.GRADE3)


def random_campaign(seed: int, *, villages: int = 12) -> Campaign:
    """Make a sketched county harder: rules, roads, fleet, trains, groups, cities and dates at random."""
    dice = Random(seed)
    county = sketch_campaign(townships=dice.randint(2, 4), villages=villages, seed=seed)
    station = next(place for place in county.places if place.id == STATION)
    other = replace(station, id=_SECOND_STATION, name="示例北站", lat=station.lat + 0.01)
    spur = Road(
        from_id=STATION, to_id=_SECOND_STATION, length_m=3_000, speed_kmh=40, road_class=RoadClass.GRADE2
    )
    far = replace(station, id=_FAR, kind=PlaceKind.DEPOT, name="外县车场", lat=station.lat - 1)
    highway = replace(spur, to_id=_FAR, length_m=dice.choice((60_000, 100_000, 150_000)))
    county = replace(
        county,
        places=(*county.places, other, far),
        roads=(
            *(_any_road(road, dice) for road in (*county.roads, spur) if dice.random() > 0.01),
            highway,
        ),
        vehicle_types=_types(dice),
        destinations=tuple(Destination(id=city, name=city) for city in (_CITY, _NOWHERE, _PORT)),
        rules=_any_rules(county, dice),
    )
    depots = [place.id for place in county.places if place.kind is not PlaceKind.VILLAGE] + [_FAR] * 2
    return replace(
        county,
        fleet=tuple(
            FleetGroup(
                id=FleetGroupId(f"g{number}"),
                type_id=dice.choice(county.vehicle_types).id,
                depot_id=dice.choice(depots),
                count=dice.choice((0, 1, 1, 2, 3)),
            )
            for number in range(dice.choice((0, 2, 3, 4, 5, 6, 7)))
        ),
        departures=tuple(_departures(county, dice)),
        registrations=tuple(_any_person(person, dice) for person in county.registrations),
    )


def _any_road(road: Road, dice: Random) -> Road:
    return replace(
        road,
        road_class=dice.choice((*_GOOD, *_GOOD, *_GOOD, RoadClass.GRADE4)),
        speed_kmh=dice.choice((31, 40, 60)),
        length_m=road.length_m * dice.choice((*[1] * 19, 9)),
    )


def _types(dice: Random) -> tuple[VehicleType, ...]:
    return tuple(
        VehicleType(
            id=VehicleTypeId(f"k{seats}"),
            name=f"{seats}座",
            rated_seats=seats,
            drivers=dice.choice((1, 1, 2)),
            escorts=dice.choice((0, 1)),
            fixed_fen=dice.choice((0, 40_000)),
            per_km_fen=dice.choice((0, 333)),
            per_hour_fen=dice.choice((0, 5_001)),
            road_classes=classes,
        )
        for seats, classes in ((7, tuple(RoadClass)), (19, (*_GOOD, RoadClass.GRADE4)), (49, _GOOD))
    )


def _any_rules(county: Campaign, dice: Random) -> Rules:
    latest = dice.choice((30, 60))
    feeder = replace(
        county.rules.feeder,
        arrive_latest_min=latest,
        arrive_earliest_min=latest + dice.choice((1, 7, 30, 90)),
        ride_limit_min=dice.choice((40, 90, 120, 240)),
        boarding_s_per_head=dice.choice((0, 6, 13)),
        stop_s=dice.choice((0, 60)),
        turnround_min=dice.choice((0, 10, 20, 45)),
        earliest_start=time(dice.choice((0, 3, 6)), dice.choice((0, 10))),
        earliest_pickup=time(dice.choice((0, 5, 7))),
        load_percent=dice.choice((50, 75, 100, 100)),
    )
    return replace(county.rules, feeder=feeder)


def _departures(county: Campaign, dice: Random) -> list[Departure]:
    model = county.departures[0]
    made: list[Departure] = []
    for number in range(dice.choice((2, 3, 4, 6))):
        minutes = dice.choice((0, 1)) * 1440 + dice.choice((30, 500, 540, 620, 700, 840, 1000, 1300))
        departs = county.epoch + timedelta(minutes=minutes + dice.choice((0, 1)))
        cities = dice.choice(((_CITY,), (_CITY, _PORT), (_PORT, _CITY)))
        made.append(
            replace(
                model,
                id=DepartureId(f"d{number}"),
                number=f"G{number}",
                origin_id=dice.choice((STATION, STATION, _SECOND_STATION)),
                departs=departs,
                quota=dice.choice((0, 20, 40, 1112, 1112)),
                calls=tuple(
                    Call(destination_id=city, arrives=departs + timedelta(hours=3 + hour))
                    for hour, city in enumerate(cities)
                ),
            )
        )
    return made


def _any_person(person: Registration, dice: Random) -> Registration:
    group = dice.choice(("", "", "", "", "1", "2"))
    day = person.travel_date + timedelta(days=int(group == "2" or (group == "" and dice.random() < 0.2)))
    goes_to = dice.choices((_CITY, _PORT, _NOWHERE), weights=(12, 4, 1))[0]
    return replace(person, group=group, travel_date=day, destination_id=goes_to)


def plan_quickly(campaign: Campaign, *, effort: int = 2, previous: Plan | None = None) -> Plan:
    return plan_campaign(campaign, Budget(effort=effort, seed=1), previous=previous)


@cache
def _first_plan(seed: int) -> Plan:
    return plan_quickly(random_campaign(seed))


@pytest.mark.parametrize("seed", _SEEDS)
def test_everybody_is_served_once_or_left_once_and_no_rule_is_broken(seed: int) -> None:
    campaign = random_campaign(seed)
    plan = _first_plan(seed)
    assert check_plan(campaign, plan) == ()
    served = Counter(person for leg in plan.legs if leg.run is not None for person in leg.registration_ids)
    left = Counter(person for entry in plan.unserved for person in entry.registration_ids)
    assert served + left == Counter(person.id for person in campaign.registrations)
    whole = {party.registration_ids for party in build_demand(campaign)}
    told = {leg.registration_ids for leg in plan.legs if leg.run is not None}
    assert told | {entry.registration_ids for entry in plan.unserved} == whole


@pytest.mark.parametrize("seed", _SEEDS)
def test_the_floor_is_below_the_cost_and_every_cause_has_a_fix(seed: int) -> None:
    plan = _first_plan(seed)
    assert plan.bound_fen is not None
    assert 0 <= plan.bound_fen <= plan.cost_fen
    assert all(entry.fix is not None for entry in plan.unserved)


@pytest.mark.parametrize("seed", _SEEDS)
def test_no_departure_takes_more_than_its_quota_or_people_of_another_day_or_city(seed: int) -> None:
    campaign = random_campaign(seed)
    people = {person.id: person for person in campaign.registrations}
    departures = {departure.id: departure for departure in campaign.departures}
    aboard: Counter[DepartureId] = Counter()
    for leg in _first_plan(seed).legs:
        if leg.run is None:
            departure = departures[leg.departure_id]
            aboard[departure.id] += len(leg.registration_ids)
            assert leg.to_id in {call.destination_id for call in departure.calls}
            assert {people[person].travel_date for person in leg.registration_ids} == {departure.day}
    assert all(aboard[departure.id] <= departure.quota for departure in campaign.departures)


@pytest.mark.parametrize("seed", range(0, 24, 3))
def test_neither_row_order_nor_names_nor_a_second_time_change_a_byte(seed: int) -> None:
    campaign = random_campaign(seed)
    dice = Random(seed)
    names = ("places", "roads", "vehicle_types", "fleet", "destinations", "departures", "registrations")
    turned = {name: tuple(dice.sample(rows := getattr(campaign, name), len(rows))) for name in names}
    renamed = replace(
        campaign,
        **turned
        | {
            "registrations": tuple(
                replace(person, name="改名", document_number="x", phone="y", needs="z", note="w")
                for person in turned["registrations"]
            )
        },
    )
    text = plan_to_json(_first_plan(seed))
    assert plan_to_json(plan_quickly(campaign)) == text
    assert plan_to_json(plan_quickly(renamed)) == text


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_second_version_of_the_same_campaign_tells_nobody_anything_new(seed: int) -> None:
    campaign = random_campaign(seed)
    old = _first_plan(seed)
    new = plan_quickly(campaign, previous=old)
    assert check_plan(campaign, new) == ()
    placed = {leg.registration_ids: leg.departure_id for leg in new.legs if leg.run is not None}
    assert all(placed[leg.registration_ids] == leg.departure_id for leg in old.legs if leg.run is not None)
    if not {entry.cause for entry in old.unserved} & {Cause.FLEET_EXHAUSTED, Cause.QUOTA_FULL}:
        # Nobody was left for whom a second look could find a seat.
        assert (new.routes, new.legs, new.events) == (old.routes, old.legs, old.events)


@pytest.mark.parametrize("seed", _SEEDS)
def test_whatever_changes_the_next_version_is_lawful_and_events_live_on(seed: int) -> None:
    dice = Random(seed)
    first = random_campaign(seed)
    second = _changed(first, dice)
    old = _first_plan(seed)
    new = plan_quickly(second, previous=old)
    newest = plan_quickly(_changed(second, dice), previous=new)
    assert check_plan(second, new) == ()
    for before, after in ((old, new), (new, newest)):
        assert after.version == before.version + 1
        events = {event.run: event for event in after.events}
        for event in before.events:
            later = events[event.run]
            assert later.uid == event.uid
            assert later.sequence - event.sequence in {0, 1}
            shown = (event.status, event.start_s, event.end_s, event.place_id)
            if (later.status, later.start_s, later.end_s, later.place_id) != shown:
                assert later.sequence == event.sequence + 1
            if event.status is EventStatus.CANCELLED:
                assert later == event
        fresh = events.keys() - {event.run for event in before.events}
        assert all(run > max((event.run for event in before.events), default=0) for run in fresh)


def _changed(campaign: Campaign, dice: Random) -> Campaign:
    """The world moves on: people cancel, come late, change villages; vehicles break down; rules tighten."""
    people = [person for person in campaign.registrations if dice.random() > 0.1]
    people += [
        replace(person, id=RegistrationId(f"late-{person.id}"), group="")
        for person in dice.sample(people, min(3, len(people)))
    ]
    villages = [place.id for place in campaign.places if place.kind is PlaceKind.VILLAGE]
    moved = dice.choice(people).id
    people = [replace(p, village_id=dice.choice(villages)) if p.id == moved else p for p in people]
    feeder = campaign.rules.feeder
    if dice.random() < 0.5:
        feeder = replace(feeder, ride_limit_min=max(feeder.ride_limit_min - 10, 10), boarding_s_per_head=9)
    return replace(
        campaign,
        registrations=tuple(people),
        fleet=tuple(
            replace(group, count=max(group.count - dice.choice((0, 0, 1)), 0)) for group in campaign.fleet
        ),
        rules=replace(campaign.rules, feeder=feeder),
        departures=tuple(
            replace(departure, quota=dice.choice((departure.quota, departure.quota, 10)))
            for departure in campaign.departures
        ),
    )
