"""Faults of vehicles, roads and hours at the wheel."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from planner.model.clock import CHINA
from planner.model.fleet import VehicleId
from tests.unit.check.county import (
    DAY_1,
    DAY_2,
    DEPOT_A,
    DEPOT_B,
    DEPOT_FAR,
    ISOLATED,
    MORNING,
    NEAR,
    NOON,
    REMOTE,
    STATION,
    V3,
)
from tests.unit.check.faults.table import (
    plants,
    with_route,
    with_rules,
    written,
)
from tests.unit.check.good_plan import Round, clock, good_draft, people, singles

if TYPE_CHECKING:
    from tests.unit.check.faults.table import Broken
    from tests.unit.check.good_plan import Draft


def _vehicle(run: int, vehicle: str) -> Broken:
    return with_route(run, lambda route: replace(route, vehicle_id=VehicleId(vehicle)))


@plants("vehicle.exists")
def vehicle_of_an_unknown_group() -> Broken:
    return _vehicle(4, "zz#01")


@plants("vehicle.exists")
def vehicle_written_another_way() -> Broken:
    return _vehicle(4, "a49#2")


@plants("vehicle.exists")
def vehicle_without_a_number() -> Broken:
    return _vehicle(4, "a49#two")


@plants("vehicle.exists")
def vehicle_number_zero() -> Broken:
    return _vehicle(4, "a49#00")


@plants("fleet.count")
def vehicle_that_nobody_owns() -> Broken:
    return _vehicle(4, "a49#04")


@plants("seats.capacity")
def small_vehicle_for_many() -> Broken:
    return written(good_draft().change(3, vehicle="b19#01", arrive_s=clock(10, 15)))


@plants("seats.capacity")
def load_cap_overrun() -> Broken:
    return written(with_rules(good_draft(), load_percent=40))


@plants("fleet.overlap")
def second_round_before_the_first_ends() -> Broken:
    draft = good_draft().without(people(12)).change(3, vehicle="a49#03", round=1, start=DEPOT_A)
    again = Round(
        run=6, vehicle="a49#01", round=2, departure=MORNING, start=STATION, arrive_s=clock(9),
        boards=((V3, (people(12),)),),
    )  # fmt: skip
    return written(replace(draft, rounds=(*draft.rounds, again)))


@plants("fleet.turnround")
def second_round_without_a_pause() -> Broken:
    return written(good_draft().change(1, arrive_s=clock(9)).change(3, arrive_s=clock(9, 55)))


@plants("fleet.position")
def second_round_from_the_depot() -> Broken:
    return written(good_draft().change(3, start=DEPOT_A, arrive_s=clock(10, 15)))


def night_and_morning(gap_s: int) -> Draft:
    """A night train, then an early coach by the same vehicle from its depot 204 min away."""
    draft = with_rules(good_draft(), earliest_pickup=time(0), earliest_start=time(0), arrive_earliest_min=300)
    coach, morning, noon = draft.campaign.departures
    coach = replace(coach, departs=datetime.combine(DAY_2, time(9), CHINA))
    noon = replace(noon, departs=datetime.combine(DAY_1, time(23, 55), CHINA))
    draft = replace(draft, campaign=replace(draft.campaign, departures=(coach, morning, noon)))
    draft = draft.without(people(40)).change(3, arrive_s=clock(22, 30)).change(5, arrive_s=clock(22, 30))
    late = Round(
        run=6, vehicle="far#01", departure=NOON, start=DEPOT_FAR, arrive_s=clock(22, 55),
        boards=((NEAR, (people(40),)),),
    )  # fmt: skip
    draft = replace(draft, rounds=(*draft.rounds, late)).change(
        4, vehicle="far#01", start=DEPOT_FAR, rest_s=1200
    )
    early = next(route for route in draft.write().routes if route.run == 4)
    return draft.change(4, arrive_s=late.arrive_s + gap_s + early.arrive_s - early.start_s)


@plants("fleet.home")
def no_time_to_drive_home() -> Broken:
    return written(night_and_morning(2 * 3600))


@plants("fleet.depot")
def first_round_from_another_depot() -> Broken:
    return written(good_draft().change(4, start=DEPOT_B))


@plants("road.class")
def big_coach_on_a_narrow_road() -> Broken:
    draft = good_draft().change(2, vehicle="a49#03", start=DEPOT_A)
    return written(draft)


@plants("road.joined")
def where_no_road_leads() -> Broken:
    draft = good_draft().without(people(37)).add(3, ISOLATED, people(37))
    return written(draft)


@plants("hours.continuous")
def four_hours_without_a_rest() -> Broken:
    return written(good_draft().change(4, vehicle="far#01", start=DEPOT_FAR))


@plants("hours.day")
def ten_hours_in_a_day() -> Broken:
    # One vehicle all morning: in from far away, then twice to the remote village, each with a rest between.
    draft = with_rules(
        good_draft(),
        arrive_earliest_min=1440,
        arrive_latest_min=0,
        ride_limit_min=600,
        earliest_pickup=time(0),
        earliest_start=time(0),
    ).without(*singles(38, 39), people(40))
    shared: dict[str, Any] = {"vehicle": "far#01", "departure": NOON}
    rounds = (
        Round(run=6, start=DEPOT_FAR, arrive_s=clock(4), boards=((NEAR, (people(40),)),), **shared),
        Round(
            run=7, round=2, start=STATION, arrive_s=clock(7, 40), boards=((REMOTE, (people(38),)),), **shared
        ),
        Round(
            run=8, round=3, start=STATION, arrive_s=clock(11, 20), boards=((REMOTE, (people(39),)),), **shared
        ),
    )
    return written(replace(draft, rounds=(*draft.rounds, *rounds)))
