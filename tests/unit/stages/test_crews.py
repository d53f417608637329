"""Runs that stand from an earlier plan when drivers are no longer there."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from fixtures.making import tiny
from planner.model.fleet import DepartureId, Driver, DriverId, VehicleId
from planner.model.locks import Lock, LockKind
from planner.stages.crews import keep_crewed
from tests.unit.exports.coachplan import coach_campaign, coach_plan

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.trunk import TrunkRun

THIN, FULL = DepartureId("guangzhou-0214-02"), DepartureId("guangzhou-0214-01")


def _campaign(*drivers: int) -> Campaign:
    home = tuple(Driver(id=DriverId(f"d{number}"), depot_id=tiny.DEPOT) for number in drivers)
    return replace(coach_campaign(), drivers=home)


def _runs() -> tuple[TrunkRun, TrunkRun]:
    """Two coaches at the same hours with two drivers each, one with 20 and one with 45 on board."""
    full = replace(coach_plan().trunk_runs[0], departure_id=FULL, heads=45)
    thin = replace(
        full,
        departure_id=THIN,
        vehicle_id=VehicleId("gl49#02"),
        drivers=(DriverId("d3"), DriverId("d4")),
        heads=20,
    )
    return full, thin


@pytest.mark.parametrize("order", [*permutations((0, 1))])
def test_where_drivers_are_short_the_thinner_coach_falls_out(order: tuple[int, ...]) -> None:
    runs = [_runs()[number] for number in order]
    (kept,) = keep_crewed(_campaign(2, 3, 4), runs)
    assert (kept.departure_id, len({*kept.drivers})) == (FULL, 2)
    assert DriverId("d1") not in kept.drivers


@pytest.mark.parametrize("order", [*permutations((0, 1))])
def test_a_thinner_coach_that_is_locked_stays(order: tuple[int, ...]) -> None:
    runs = [_runs()[number] for number in order]
    campaign = _campaign(2, 3, 4)
    lock = Lock(
        kind=LockKind.DEPARTURE,
        item=THIN,
        day=campaign.first_day,
        who="唐桂英",
        why="已付定金",
        until=campaign.first_day,
    )
    (kept,) = keep_crewed(replace(campaign, locks=(lock,)), runs)
    assert kept == _runs()[1]


def test_enough_drivers_keep_both_and_those_who_are_there_stay() -> None:
    kept = keep_crewed(_campaign(2, 3, 4, 5), _runs())
    crews = {run.departure_id: run.drivers for run in kept}
    assert crews[THIN] == _runs()[1].drivers
    assert "d2" in crews[FULL]
    assert not {"d1", "d3", "d4"} & {*crews[FULL]}
