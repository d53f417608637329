"""Faults of times and departures."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

from planner.model.fleet import DepartureId
from tests.unit.check.county import (
    DEPOT_A,
    MORNING,
    NOON,
    REMOTE,
    SHENZHEN,
    V1,
    V2,
)
from tests.unit.check.faults.table import (
    onward,
    plants,
    with_legs,
    with_rules,
    written,
)
from tests.unit.check.good_plan import Round, clock, good_draft, onward_leg, people

if TYPE_CHECKING:
    from tests.unit.check.faults.table import Broken


@plants("time.legs")
def faster_than_the_road_allows() -> Broken:
    return written(good_draft().change(1, slow_s=-60))


@plants("time.legs")
def slower_than_the_road_allows() -> Broken:
    return written(good_draft().change(1, slow_s=1))


@plants("time.service")
def waits_at_a_stop() -> Broken:
    return written(good_draft().change(1, wait_s=30))


@plants("time.service")
def does_not_let_people_board() -> Broken:
    return written(good_draft().change(1, wait_s=-30))


@plants("time.rest")
def rests_with_people_aboard() -> Broken:
    return written(good_draft().change(1, rest_at=1, rest_s=1200, arrive_s=clock(9)))


@plants("time.rest")
def rests_at_the_station() -> Broken:
    return written(good_draft().change(1, rest_at=2, rest_s=1200))


@plants("time.rest")
def rests_too_short() -> Broken:
    return written(good_draft().change(1, rest_s=1199))


@plants("time.start")
def sets_out_too_early() -> Broken:
    return written(with_rules(good_draft(), earliest_start=time(7, 46, 43)))


@plants("time.early")
def arrives_before_the_window() -> Broken:
    return written(good_draft().change(5, arrive_s=clock(9, 55) - 1).change(4, arrive_s=clock(9, 30, day=1)))


@plants("time.late")
def arrives_after_the_window() -> Broken:
    return written(good_draft().change(2, arrive_s=clock(9) + 1).change(4, arrive_s=clock(10, day=1)))


@plants("time.ride")
def ride_beyond_the_limit() -> Broken:
    draft = good_draft().without(people(38))
    far = Round(
        run=6, vehicle="a49#03", departure=NOON, start=DEPOT_A, arrive_s=clock(10),
        boards=((REMOTE, (people(38),)),),
    )  # fmt: skip
    return written(replace(draft, rounds=(*draft.rounds, far)))


@plants("time.ride")
def ride_a_second_over() -> Broken:
    draft = with_rules(good_draft(), ride_limit_min=30)
    route = next(route for route in draft.write().routes if route.run == 5)
    over_s = route.arrive_s - route.stops[0].depart_s - 30 * 60
    assert over_s > 0
    return written(draft)


@plants("time.pickup")
def fetched_too_early() -> Broken:
    return written(good_draft().change(1, arrive_s=clock(8, 30)))


@plants("departure.exists")
def train_that_does_not_run() -> Broken:
    return written(good_draft().change(4, departure=DepartureId("zz")))


@plants("departure.quota")
def more_people_than_tickets() -> Broken:
    draft = good_draft().change(
        3, departure=MORNING, vehicle="a49#03", round=1, start=DEPOT_A, arrive_s=clock(8, 50)
    )
    return written(draft)


@plants("departure.coach")
def more_people_than_coach_seats() -> Broken:
    return written(good_draft().without(people(36)).add(4, V2, people(36)))


@plants("departure.destination")
def taken_to_another_city() -> Broken:
    campaign = good_draft().campaign
    morning = next(entry for entry in campaign.departures if entry.id == MORNING)
    wrong = onward_leg(campaign, people(5), departure=morning, to_id=SHENZHEN)
    return with_legs(lambda leg: wrong if onward(leg, 5) else leg)


@plants("departure.call")
def train_that_does_not_call_there() -> Broken:
    return written(good_draft().without(people(4)).add(3, V1, people(4)))


@plants("departure.date")
def leaves_a_day_early() -> Broken:
    return written(good_draft().without(people(34)).add(3, V2, people(34)))
