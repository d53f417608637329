"""At a limit is lawful, one second beyond is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from planner.check import check_plan
from planner.check.case import Arc, Case
from planner.check.figures import _arc_cost
from planner.check.travel import Way
from planner.model.events import EventStatus
from planner.model.fleet import VehicleId
from tests.unit.check.county import DEPOT_A, DEPOT_FAR, NEAR, NOON, REMOTE, SEAT_2, STATION, V3, V4
from tests.unit.check.faults.table import with_rules
from tests.unit.check.faults.vehicles import night_and_morning
from tests.unit.check.good_plan import Round, clock, good_draft, people, singles

if TYPE_CHECKING:
    from planner.model.places import PlaceId
    from planner.model.plan import Plan
    from tests.unit.check.good_plan import Draft


def _broken(draft: Draft) -> str:
    """Name the broken rules, nothing when all is lawful."""
    rules = {violation.rule for violation in check_plan(draft.campaign, draft.write())}
    return " ".join(sorted(rules))


def _route_seconds(draft: Draft, run: int) -> tuple[int, int]:
    route = next(route for route in draft.write().routes if route.run == run)
    return route.start_s, route.arrive_s


@pytest.mark.parametrize(("second", "broken"), [(32, ""), (33, "time.pickup")])
def test_earliest_pickup(second: int, broken: str) -> None:
    draft = with_rules(good_draft(), earliest_pickup=time(8, 13, second))
    assert good_draft().write().routes[0].stops[0].arrive_s == clock(8, 13) + 32
    assert _broken(draft) == broken


def test_earliest_pickup_counts_from_the_end_of_a_rest() -> None:
    draft = with_rules(good_draft(), earliest_pickup=time(8, 13, 32)).change(1, rest_s=1200)
    assert _broken(draft) == ""


@pytest.mark.parametrize(("second", "broken"), [(42, ""), (43, "time.start")])
def test_earliest_start(second: int, broken: str) -> None:
    assert _broken(with_rules(good_draft(), earliest_start=time(7, 46, second))) == broken


@pytest.mark.parametrize(("late_s", "broken"), [(0, ""), (1, "time.late")])
def test_latest_arrival(late_s: int, broken: str) -> None:
    assert _broken(good_draft().change(2, arrive_s=clock(9) + late_s)) == broken


@pytest.mark.parametrize(("early_s", "broken"), [(0, ""), (1, "time.early")])
def test_earliest_arrival(early_s: int, broken: str) -> None:
    assert _broken(good_draft().change(5, arrive_s=clock(9, 55) - early_s)) == broken


def _with_road(draft: Draft, ends: tuple[PlaceId, PlaceId], *, length_m: int) -> Draft:
    """Let one road have another length, at 36 km/h or 10 m a second."""
    roads = (
        replace(road, length_m=length_m, speed_kmh=36) if (road.from_id, road.to_id) == ends else road
        for road in draft.campaign.roads
    )
    return replace(draft, campaign=replace(draft.campaign, roads=tuple(roads)))


def _one_village(length_m: int) -> Draft:
    """Only run 3, to one village, over a road of our choosing."""
    draft = good_draft()
    only = Round(
        run=3, vehicle="a49#01", departure=NOON, start=DEPOT_A, arrive_s=clock(10, 20),
        boards=((V3, singles(12, 13)),),
    )  # fmt: skip
    left = {party for entry in draft.rounds for _, parties in entry.boards for party in parties}
    left -= set(singles(12, 13))
    draft = _with_road(draft, (STATION, SEAT_2), length_m=length_m)
    return replace(draft, rounds=(only,), left=(*draft.left, *sorted(left)), charters=())


@pytest.mark.parametrize(("length_m", "broken"), [(7_000, ""), (7_010, "time.ride")])
def test_ride_limit(length_m: int, broken: str) -> None:
    # 2,000 m from the village to the township seat, then the road: 900 s or 901 s against 15 min
    assert _broken(with_rules(_one_village(length_m), ride_limit_min=15)) == broken


def test_the_ride_counts_from_the_first_to_board() -> None:
    # A call before, at which nobody boards, is another rule's matter.
    draft = with_rules(_one_village(7_000), ride_limit_min=15)
    boards = ((V4, ()), *draft.get(3).boards)
    assert _broken(draft.change(3, boards=boards)) == "route.empty"


def _second_round(gap_s: int) -> Draft:
    """Run 3 starts so long after run 1 has arrived."""
    draft = good_draft().change(1, arrive_s=clock(9))
    start_s, arrive_s = _route_seconds(draft, 3)
    return draft.change(3, arrive_s=arrive_s - start_s + clock(9) + gap_s)


@pytest.mark.parametrize(("gap_s", "broken"), [(1200, ""), (1199, "fleet.turnround"), (0, "fleet.turnround")])
def test_turnround(gap_s: int, broken: str) -> None:
    draft = with_rules(_second_round(gap_s), arrive_earliest_min=120)
    assert _broken(draft) == broken


@pytest.mark.parametrize(("gap_s", "broken"), [(0, ""), (-1, "fleet.overlap")])
def test_overlap_without_a_turnround(gap_s: int, broken: str) -> None:
    draft = with_rules(_second_round(gap_s), arrive_earliest_min=120, turnround_min=0)
    assert _broken(draft) == broken


def test_a_minute_short_is_said_as_a_minute() -> None:
    draft = with_rules(_second_round(1199), arrive_earliest_min=120)
    (violation,) = check_plan(draft.campaign, draft.write())
    assert violation.args["short_min"] == 1


@pytest.mark.parametrize(("rated", "broken"), [(24, ""), (23, "seats.capacity")])
def test_the_last_seat(rated: int, broken: str) -> None:
    # 22 people, a driver and an escort
    campaign = good_draft().campaign
    small, large, trunk = campaign.vehicle_types
    kinds = (small, replace(large, rated_seats=rated), trunk)
    assert _broken(replace(good_draft(), campaign=replace(campaign, vehicle_types=kinds))) == broken


@pytest.mark.parametrize(("quota", "broken"), [(10, ""), (9, "departure.quota")])
def test_the_last_ticket(quota: int, broken: str) -> None:
    draft = good_draft()
    departures = tuple(
        replace(entry, quota=quota) if entry.id == "g1" else entry for entry in draft.campaign.departures
    )
    assert _broken(replace(draft, campaign=replace(draft.campaign, departures=departures))) == broken


def test_the_last_vehicle_of_a_group() -> None:
    assert _broken(good_draft().change(4, vehicle="a49#03")) == ""


def _wheel(length_m: int, *, rest_s: int = 0) -> Draft:
    """Run 4 comes from far away, ``length_m`` at 10 m/s, then 360 s, and 1,120 s to its village and back."""
    draft = good_draft().change(4, vehicle="far#01", start=DEPOT_FAR, rest_s=rest_s)
    return _with_road(draft, (DEPOT_FAR, NEAR), length_m=length_m)


_UP_TO_FOUR_HOURS = (4 * 3600 - 360 - 2 * 1120) * 10


@pytest.mark.parametrize(("more_m", "broken"), [(0, ""), (10, "hours.continuous")])
def test_four_hours_at_the_wheel(more_m: int, broken: str) -> None:
    assert _broken(_wheel(_UP_TO_FOUR_HOURS + more_m)) == broken


def test_a_rest_before_boarding_begins_the_hours_anew() -> None:
    assert _broken(_wheel(_UP_TO_FOUR_HOURS + 10, rest_s=1200)) == ""


def test_a_rest_that_is_too_short_does_not() -> None:
    assert _broken(_wheel(_UP_TO_FOUR_HOURS + 10, rest_s=1199)) == "hours.continuous time.rest"


@pytest.mark.parametrize(("pause_s", "broken"), [(1200, ""), (1199, "hours.continuous")])
def test_a_pause_between_rounds_is_a_rest_when_it_is_long_enough(pause_s: int, broken: str) -> None:
    # 3:41 in, then 44 min for the round of run 3
    draft = with_rules(good_draft(), turnround_min=0, arrive_earliest_min=300).without(people(40))
    first = Round(
        run=6,
        vehicle="far#01",
        departure=NOON,
        start=DEPOT_FAR,
        arrive_s=clock(9),
        boards=((NEAR, (people(40),)),),
    )
    draft = replace(draft, rounds=(*draft.rounds, first)).change(3, vehicle="far#01")
    start_s, arrive_s = _route_seconds(draft, 3)
    assert _broken(draft.change(3, arrive_s=clock(9) + pause_s + arrive_s - start_s)) == broken


@pytest.mark.parametrize(("gap_s", "broken"), [(12_240, ""), (12_239, "fleet.home")])
def test_the_way_home_between_two_days(gap_s: int, broken: str) -> None:
    # 118,800 m and 3,600 m at 10 m a second
    assert _broken(night_and_morning(gap_s)) == broken


def test_two_drivers_share_the_wheel() -> None:
    draft = _wheel(_UP_TO_FOUR_HOURS + 10)
    kinds = tuple(replace(kind, drivers=2) for kind in draft.campaign.vehicle_types)
    assert _broken(replace(draft, campaign=replace(draft.campaign, vehicle_types=kinds))) == ""


def test_a_cancelled_run_may_stay_in_the_calendar() -> None:
    draft = good_draft()
    plan: Plan = draft.write()
    gone = replace(
        plan.events[0], run=9, uid="run-9@proving.breeze", status=EventStatus.CANCELLED, sequence=1
    )
    later = replace(plan, version=2, parent="v1", events=(*plan.events, gone))
    assert check_plan(draft.campaign, later) == ()


def _long_morning(length_m: int) -> Draft:
    """One vehicle in from far away, then twice to the remote village: 23,240 s and the way in."""
    draft = with_rules(
        _with_road(good_draft(), (DEPOT_FAR, NEAR), length_m=length_m),
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
    return replace(draft, rounds=(*draft.rounds, *rounds))


@pytest.mark.parametrize(("more_m", "broken"), [(0, ""), (10, "hours.day")])
def test_eight_hours_in_a_day(more_m: int, broken: str) -> None:
    assert _broken(_long_morning((8 * 3600 - 360 - 2 * 11_440) * 10 + more_m)) == broken


def _worst_day_s(draft: Draft, vehicle: str) -> int:
    """Most seconds at the wheel in any 24 h, counted second by second."""
    case = Case(draft.campaign, draft.write())
    wheel = np.zeros(5 * 24 * 3600, dtype=np.int64)
    for ride in dict(case.duties())[VehicleId(vehicle)]:
        for arc in case.arcs(ride):
            wheel[arc.left_s : arc.stop.arrive_s] += arc.way is not None
    total = np.concatenate(([0], np.cumsum(wheel)))
    return int(np.max(total[24 * 3600 :] - total[: -24 * 3600]))


@pytest.mark.parametrize(("sooner_s", "over_s"), [(13_833, -1), (13_834, 0), (13_835, 1), (8 * 3600, 1_566)])
def test_any_twenty_four_hours_are_a_day(sooner_s: int, over_s: int) -> None:
    """Two days of 4:05 and 4:17; only together they are too much."""
    draft = with_rules(_with_road(good_draft(), (DEPOT_FAR, NEAR), length_m=128_000), arrive_earliest_min=600)
    draft = draft.without(people(12), people(40))
    shared: dict[str, Any] = {"vehicle": "far#01", "departure": NOON}
    rounds = (
        Round(run=6, start=DEPOT_FAR, arrive_s=clock(9), boards=((NEAR, (people(40),)),), **shared),
        Round(run=7, round=2, start=STATION, arrive_s=clock(10), boards=((V3, (people(12),)),), **shared),
    )
    draft = replace(draft, rounds=(*draft.rounds, *rounds))
    draft = draft.change(4, vehicle="far#01", start=DEPOT_FAR, rest_s=1200)
    (started, _), (start, arrive) = _route_seconds(draft, 6), _route_seconds(draft, 4)
    draft = draft.change(4, arrive_s=started + 24 * 3600 - sooner_s + arrive - start)
    assert _worst_day_s(draft, "far#01") == 8 * 3600 + over_s
    assert ("hours.day" in _broken(draft)) == (over_s > 0)


@pytest.mark.parametrize(
    ("way", "fen"), [(Way(0, 1), 1), (Way(0, 0), 0), (Way(1, 0), 1), (Way(0, 3), 2), (Way(3, 3), 4)]
)
def test_half_a_fen_is_rounded_up(way: Way, fen: int) -> None:
    draft = good_draft()
    stop = draft.write().routes[0].stops[0]
    kind = replace(draft.campaign.vehicle_types[0], per_km_fen=500, per_hour_fen=1800)
    arc = Arc(from_id=STATION, left=None, left_s=0, stop=stop, way=way)
    assert _arc_cost(Case(draft.campaign, draft.write()), arc, kind=kind) == fen


def test_less_than_half_a_fen_is_nothing() -> None:
    draft = good_draft()
    stop = draft.write().routes[0].stops[0]
    kind = replace(draft.campaign.vehicle_types[0], per_km_fen=499, per_hour_fen=1799)
    arc = Arc(from_id=STATION, left=None, left_s=0, stop=stop, way=Way(1, 1))
    assert _arc_cost(Case(draft.campaign, draft.write()), arc, kind=kind) == 0
