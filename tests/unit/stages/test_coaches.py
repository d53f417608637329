"""A coach's run out and back, as the county's hours and the law let it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from fixtures.making import suining
from planner.driving import DrivingLimit, Refusal
from planner.model.fleet import VehicleType
from planner.model.places import Corridor, DestinationId, PlaceId, Stretch
from planner.stages.coaches import Line, coach_seats, find_line, leave_at

HOUR = 3600
CAMPAIGN = suining.build()
COACH = next(kind for kind in CAMPAIGN.vehicle_types if kind.id == "k49d")


def _line(km: int, hours: float, *, kind: VehicleType = COACH, **trunk: object) -> Line | Refusal:
    rules = replace(CAMPAIGN.rules, trunk=replace(CAMPAIGN.rules.trunk, **trunk))
    road = Corridor(
        origin_id=PlaceId("st-suining"),
        destination_id=DestinationId("there"),
        stretches=(Stretch(length_m=1000 * km, drive_s=round(hours * HOUR)),),
    )
    return find_line(replace(CAMPAIGN, rules=rules), road, kind=kind)


@pytest.mark.parametrize(
    ("km", "hours", "arrives_h", "home_h", "days"),
    [
        pytest.param(185, 2.3, 11.3, 14.63, 1, id="邵阳"),
        pytest.param(620, 7.8, 17.3, 24 + 13.6, 2, id="广州"),
        pytest.param(1225, 15.3, 24 + 1.63, 48 + 1.63, 3, id="义乌"),
    ],
)
def test_out_and_back(km: int, hours: float, arrives_h: float, home_h: float, days: int) -> None:
    line = _line(km, hours)
    assert isinstance(line, Line)
    before_dawn_s = 26 * HOUR - CAMPAIGN.rules.trunk.slack_min * 60
    assert line.out.start_s == 9 * HOUR or line.out.arrive_s <= before_dawn_s < line.out.arrive_s + 600
    assert abs(line.out.arrive_s / HOUR - arrives_h) < 0.1
    assert abs(line.back.arrive_s / HOUR - home_h) < 0.1
    assert line.days_away == days
    assert not line.out.stands
    assert not line.back.stands


def test_no_driver_is_over_the_day_on_the_way_back_either() -> None:
    line = _line(1225, 15.3)
    assert isinstance(line, Line)
    driven = [*line.out.movements, *line.back.movements]
    for driver in (1, 2):
        spans = [(m.start_s, m.end_s) for m in driven if m.driver == driver]
        for _, end in spans:
            within = sum(max(min(stop, end) - max(start, end - 24 * HOUR), 0) for start, stop in spans)
            assert within <= 8 * HOUR


def test_a_long_run_leaves_early_and_what_is_too_long_is_refused() -> None:
    early = _line(1270, 15.9, depart_earliest=time(6, 0))
    assert isinstance(early, Line)
    assert early.out.start_s <= 8.75 * HOUR
    refused = _line(1340, 16.8)
    assert isinstance(refused, Refusal)
    assert (refused.limit, refused.drivers_needed) == (DrivingLimit.DAILY, 3)
    third = _line(1340, 16.8, kind=replace(COACH, drivers=3), depart_earliest=time(5, 0))
    assert isinstance(third, Line)


def test_leaving_earlier_is_worth_a_day_less() -> None:
    late = _line(399, 5.6, depart_latest=time(12, 0))
    assert isinstance(late, Line)
    assert late.days_away == 1
    assert time(9) < time(late.out.start_s // HOUR) < time(12)
    never = _line(620, 7.8, depart_latest=time(12, 0))
    assert isinstance(never, Line)
    assert (never.days_away, never.out.start_s) == (2, 12 * HOUR)


def test_another_hour_is_no_choice_where_it_is_longer_away_or_unlawful() -> None:
    line = _line(185, 2.3)
    assert isinstance(line, Line)
    sooner = leave_at(CAMPAIGN, line, start_s=8 * HOUR)
    assert sooner is not None
    assert sooner.out.arrive_s == line.out.arrive_s - HOUR
    assert leave_at(CAMPAIGN, line, start_s=19 * HOUR) is None
    long = _line(1225, 15.3)
    assert isinstance(long, Line)
    assert leave_at(CAMPAIGN, long, start_s=12 * HOUR) is None


def test_what_it_costs() -> None:
    line = _line(185, 2.3)
    assert isinstance(line, Line)
    road_s = line.out.arrive_s - line.out.start_s + line.back.arrive_s - line.back.start_s
    assert line.cost_fen == COACH.fixed_fen + COACH.per_km_fen * 370 + COACH.per_hour_fen * road_s // HOUR


def test_seats_keep_to_the_lower_of_cap_and_reserved_rows() -> None:
    trunk = replace(CAMPAIGN.rules.trunk, load_percent=100)
    assert coach_seats(COACH, trunk) == 49 - 3
    assert coach_seats(COACH, replace(trunk, load_percent=50)) == 24
    assert coach_seats(COACH, replace(trunk, reserved_rows=2)) == 49 - 3 - 8
    assert coach_seats(COACH, replace(trunk, reserved_rows=20)) == 0
