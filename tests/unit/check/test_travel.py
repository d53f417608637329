"""The checker's own ways over the roads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.check.travel import Travel, Way, driving_seconds
from planner.model.places import PlaceId, Road, RoadClass
from tests.unit.check.county import (
    BRIDGE,
    ISOLATED,
    NARROW,
    OTHER_STATION,
    SEAT_1,
    SEAT_2,
    STATION,
    V1,
    build_county,
)
from tests.unit.check.good_plan import find_ways

_GOOD = frozenset({RoadClass.GRADE2, RoadClass.GRADE3})


def _road(length_m: int, speed_kmh: int) -> Road:
    return Road(
        from_id=STATION, to_id=SEAT_1, length_m=length_m, speed_kmh=speed_kmh, road_class=RoadClass.GRADE2
    )


@pytest.mark.parametrize(
    ("length_m", "speed_kmh", "seconds"),
    [(1_000, 36, 100), (1_001, 36, 101), (999, 36, 100), (1, 120, 1), (4_001, 40, 361), (3_000, 60, 180)],
)
def test_seconds_of_a_stretch_are_rounded_up(length_m: int, speed_kmh: int, seconds: int) -> None:
    assert driving_seconds(_road(length_m, speed_kmh)) == seconds


def test_of_equally_fast_ways_the_shortest_counts() -> None:
    travel = Travel(build_county())
    by_bridge = travel.find_way(SEAT_1, BRIDGE, classes=_GOOD), travel.find_way(BRIDGE, SEAT_2, classes=_GOOD)
    assert by_bridge == (Way(300, 3_000), Way(300, 4_000))
    assert travel.find_way(SEAT_1, SEAT_2, classes=_GOOD) == Way(600, 6_000)


def test_roads_run_both_ways() -> None:
    travel = Travel(build_county())
    assert travel.find_way(V1, STATION, classes=_GOOD) == travel.find_way(STATION, V1, classes=_GOOD)


def test_staying_takes_no_time() -> None:
    assert Travel(build_county()).find_way(V1, V1) == Way(0, 0)


def test_a_forbidden_class_is_not_driven_but_is_a_road() -> None:
    travel = Travel(build_county())
    assert travel.find_way(SEAT_2, NARROW, classes=_GOOD) is None
    assert travel.find_way(SEAT_2, NARROW) == Way(720, 5_000)


def test_nothing_leads_to_an_isolated_or_unknown_place() -> None:
    travel = Travel(build_county())
    assert travel.find_way(STATION, ISOLATED) is None
    assert travel.find_way(STATION, PlaceId("nowhere")) is None


def test_a_road_without_speed_is_no_road() -> None:
    county = build_county()
    roads = (replace(road, speed_kmh=0) if road.to_id == OTHER_STATION else road for road in county.roads)
    assert Travel(replace(county, roads=tuple(roads))).find_way(STATION, OTHER_STATION) is None


def test_all_pairs_agree_with_floyd_and_warshall() -> None:
    county = build_county()
    travel = Travel(county)
    for kind in county.vehicle_types:
        ways = find_ways(county, kind.road_classes)
        for start in county.places:
            for end in county.places:
                found = travel.find_way(start.id, end.id, classes=frozenset(kind.road_classes))
                expected = ways.get((start.id, end.id))
                assert found == (None if expected is None else Way(*expected))
