"""Long runs: the table of the domain figures, each limit by itself, and the checker's opinion of them all."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from planner.check.driving import RULES
from planner.check.haul import Haul
from planner.driving import DrivingLimit, Journey, Refusal, drive, find_latest_start, least_drivers
from planner.model.fleet import DepartureId, DriverId, VehicleId
from planner.model.law import DrivingRules
from planner.model.places import Stretch
from planner.model.trunk import Doing, TrunkRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.check.case import Case

HUNGRY = DrivingRules()
PLAIN = replace(HUNGRY, meal_min=0)
HOUR = 3600


def _clock(hours: int, minutes: int = 0) -> int:
    return hours * HOUR + minutes * 60


def _expressway(km: int, hours: float) -> tuple[Stretch, ...]:
    return (Stretch(length_m=1000 * km, drive_s=round(hours * HOUR)),)


@pytest.mark.parametrize(
    ("km", "hours", "drivers", "arrives", "latest"),
    [
        pytest.param(330, 4.1, 1, _clock(11, 26), _clock(21, 15), id="长沙"),
        pytest.param(640, 8.0, 2, _clock(15, 20), _clock(17, 15), id="广州"),
        pytest.param(705, 8.8, 2, _clock(16, 28), _clock(16, 0), id="虎门"),
        pytest.param(750, 9.4, 2, _clock(17, 4), _clock(15, 30), id="深圳"),
        pytest.param(1155, 14.4, 2, _clock(22, 44), _clock(10, 15), id="义乌"),
        pytest.param(1270, 15.9, 2, _clock(24, 14), _clock(8, 45), id="海宁"),
    ],
)
def test_the_table_from_dongkou(km: int, hours: float, drivers: int, arrives: int, latest: int) -> None:
    """Domain §5: start 07:00, stops of 20 min at each limit, no meals; within 15 min."""
    road = _expressway(km, hours)
    assert least_drivers(road, PLAIN) == drivers
    journey = drive(road, start_s=_clock(7), drivers=drivers, rules=PLAIN)
    assert isinstance(journey, Journey)
    assert abs(journey.arrive_s - arrives) <= 15 * 60
    found = find_latest_start(road, before_s=_clock(24) - 1, drivers=drivers, rules=PLAIN)
    assert found is not None
    assert abs(found - latest) <= 15 * 60


@pytest.mark.parametrize(
    "road", [_expressway(1340, 16.8), _expressway(1361, 17.0)], ids=["宁波", "绥宁-海宁"]
)
def test_a_run_beyond_two_drivers_is_refused_and_a_third_would_do(road: tuple[Stretch, ...]) -> None:
    refused = drive(road, start_s=_clock(7), drivers=2, rules=PLAIN)
    assert isinstance(refused, Refusal)
    assert (refused.limit, refused.drivers_needed) == (DrivingLimit.DAILY, 3)
    assert find_latest_start(road, before_s=_clock(24), drivers=2, rules=PLAIN) is None
    assert isinstance(drive(road, start_s=_clock(6), drivers=3, rules=PLAIN), Journey)


def test_one_driver_is_refused_beyond_400_km_or_600_of_expressway() -> None:
    mixed = (*_expressway(390, 5), Stretch(length_m=11_000, drive_s=900, expressway=False))
    for road, drivers in ((mixed, 2), (_expressway(401, 5), 1), (_expressway(601, 7.5), 2)):
        assert least_drivers(road, PLAIN) == drivers
        found = drive(road, start_s=_clock(7), drivers=1, rules=PLAIN)
        assert isinstance(found, Journey if drivers == 1 else Refusal)
        if isinstance(found, Refusal):
            assert (found.limit, found.drivers_needed) == (DrivingLimit.TWO_DRIVERS, 2)


@pytest.mark.parametrize("begins", [time(23), time(0), time(1, 30)])
def test_a_standstill_may_begin_before_midnight(begins: time) -> None:
    rules = replace(PLAIN, still_from=begins)
    journey = drive(_expressway(900, 11), start_s=_clock(17), drivers=2, rules=rules)
    assert isinstance(journey, Journey)
    still_s = _clock(begins.hour + (0 if begins.hour > 12 else 24), begins.minute)
    moving = [m for m in journey.movements if m.doing is Doing.DRIVE]
    assert journey.arrive_s > _clock(29)
    assert all(m.end_s <= still_s or m.start_s >= _clock(29) for m in moving)


def test_it_stands_before_dawn_unless_the_way_is_short() -> None:
    far, near = _expressway(300, 4), _expressway(200, 4)
    stood = drive(far, start_s=_clock(24), drivers=1, rules=PLAIN)
    assert isinstance(stood, Journey)
    assert [(m.start_s, m.end_s) for m in stood.movements if m.doing is Doing.STAND] == [
        (_clock(26, 20), _clock(29))
    ]
    ran = drive(near, start_s=_clock(24), drivers=1, rules=PLAIN)
    assert isinstance(ran, Journey)
    assert not ran.stands
    assert ran.arrive_s == _clock(28, 20)


def test_a_mountain_road_waits_for_the_morning() -> None:
    road = (*_expressway(100, 1), Stretch(length_m=30_000, drive_s=HOUR, expressway=False, mountain=True))
    found = drive(road, start_s=_clock(21, 30), drivers=1, rules=PLAIN)
    assert isinstance(found, Journey)
    assert found.arrive_s == _clock(24 + 7)
    assert [m.metres for m in found.movements if m.metres] == [100_000, 30_000]


def test_people_eat_once_a_meal_and_not_if_they_left_at_noon() -> None:
    def meals(start_s: int) -> list[int]:
        found = drive(_expressway(600, 8), start_s=start_s, drivers=2, rules=HUNGRY)
        assert isinstance(found, Journey)
        return [m.start_s for m in found.movements if m.doing is Doing.MEAL]

    assert meals(_clock(7)) == [_clock(13)]
    assert meals(_clock(8)) == [_clock(12)]
    assert meals(_clock(12)) == [_clock(19)]


def test_at_night_the_county_may_plan_slower() -> None:
    slow = replace(PLAIN, night_speed_percent=80)
    found = drive(_expressway(160, 2), start_s=_clock(22), drivers=1, rules=slow)
    assert isinstance(found, Journey)
    assert found.arrive_s - _clock(22) == 2.5 * HOUR + 20 * 60


@pytest.mark.parametrize("seed", range(30))
def test_the_checker_finds_every_journey_lawful(seed: int) -> None:
    dice, driven = Random(seed), 0
    for _ in range(40):
        rules = replace(HUNGRY, meal_min=dice.choice((0, 30)), night_speed_percent=dice.choice((80, 100)))
        if dice.random() < 0.3:
            rules = replace(rules, night_from=time(23, 0), still_exempt_km=0, rest_min=30)
        road = tuple(
            Stretch(
                length_m=dice.randint(5, 400) * 1000,
                drive_s=dice.randint(300, 5 * HOUR),
                expressway=dice.random() < 0.8,
                mountain=dice.random() < 0.15,
            )
            for _ in range(dice.randint(1, 4))
        )
        drivers = dice.randint(1, 3)
        found = drive(road, start_s=dice.randint(0, 2 * 24 * HOUR), drivers=drivers, rules=rules)
        if isinstance(found, Journey):
            driven += 1
            assert _judge(found, road=road, drivers=drivers, rules=rules) == []
    assert driven > 20


def _judge(journey: Journey, *, road: Sequence[Stretch], drivers: int, rules: DrivingRules) -> list[str]:
    run = TrunkRun(
        departure_id=DepartureId("d"),
        vehicle_id=VehicleId("v#01"),
        drivers=tuple(DriverId(f"v~{n}") for n in range(drivers)),
        movements=journey.movements,
        back=(),
        heads=1,
        cost_fen=0,
    )
    out = Haul(run=run, departure=None, group=None, number=0, kind=None, stretches=tuple(road))
    case = cast("Case", cast("object", SimpleNamespace(hauls=[_OneWay(out)], driving=rules, clock=str)))
    return [rule.name for rule in RULES for _ in rule.find(case)]


class _OneWay:
    """A haul whose way back nobody drives."""

    def __init__(self, haul: Haul) -> None:
        self._haul = haul

    def __getattr__(self, name: str) -> object:
        return getattr(self._haul, name)

    def ways(self) -> tuple[object, ...]:
        return (next(iter(self._haul.ways())),)
