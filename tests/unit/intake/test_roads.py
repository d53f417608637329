"""Thinning measured ways to a road table, and what is said of places without one; no extract needed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from planner.errors import Severity
from planner.intake import columns
from planner.intake.codes import Code
from planner.intake.osm import NO_WAY, Ways, hold_to
from planner.intake.roads import judge_ways, road_table, thin_roads
from planner.intake.structure import read_places, read_structure
from planner.model.places import PlaceId, Road, RoadClass
from planner.network import UNREACHABLE, compute_matrices

DETOUR = 5


def _ids(count: int) -> tuple[PlaceId, ...]:
    return tuple(PlaceId(f"p{number:02}") for number in range(count))


def _ways(
    seconds: NDArray[np.int64], *, road_class: RoadClass = RoadClass.GRADE4, off: Sequence[int | None] = ()
) -> Ways:
    """Ways at 36 km/h: ten metres a second."""
    return Ways(
        road_class=road_class,
        off_road_m=tuple(off) or (0,) * len(seconds),
        seconds=seconds,
        metres=np.where(seconds == NO_WAY, NO_WAY, seconds * 10),
    )


def _county(count: int, *, seed: int) -> NDArray[np.int64]:
    """Fastest seconds between villages beside a random road net, lanes of their own included."""
    rng = Random(seed)
    net = np.full((count, count), 10**6, dtype=np.int64)
    for a in range(1, count):
        for b in {rng.randrange(a), rng.randrange(a)}:
            net[a, b] = net[b, a] = rng.randint(200, 1500)
    np.fill_diagonal(net, 0)
    for via in range(count):
        net = np.minimum(net, net[:, via, None] + net[None, via, :])
    lanes = np.array([rng.randint(0, 60) for _ in range(count)])
    seconds = net + lanes[:, None] + lanes[None, :]
    np.fill_diagonal(seconds, 0)
    return seconds


def _driven(places: Sequence[PlaceId], roads: Sequence[Road]) -> NDArray[np.int64]:
    return compute_matrices(places, roads).seconds


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("detour", [0, DETOUR, 20])
def test_no_pair_is_driven_slower_than_allowed(seed: int, detour: int) -> None:
    seconds = _county(30, seed=seed)
    roads = thin_roads(_ids(30), [_ways(seconds)], detour_percent=detour, pace_percent=100)
    driven = _driven(_ids(30), roads)
    assert (driven * 100 <= seconds * (100 + detour)).all()
    assert (driven >= seconds).all()


def test_the_more_detour_the_fewer_stretches() -> None:
    seconds = _county(40, seed=1)
    counts = [
        len(thin_roads(_ids(40), [_ways(seconds)], detour_percent=detour, pace_percent=100))
        for detour in (0, DETOUR, 20)
    ]
    assert counts[0] > 2 * counts[1] > 2 * counts[2]
    assert counts[2] >= 39


def test_a_better_class_has_its_own_ways_and_serves_the_worse() -> None:
    good = np.array([[0, 300, 900], [300, 0, 600], [900, 600, 0]])
    any_road = np.array([[0, 300, 400], [300, 0, 590], [400, 590, 0]])
    measured = [_ways(good, road_class=RoadClass.GRADE2), _ways(any_road)]
    roads = thin_roads(_ids(3), measured, detour_percent=DETOUR, pace_percent=100)
    assert [(road.from_id, road.to_id, road.length_m, road.road_class) for road in roads] == [
        ("p00", "p01", 3000, RoadClass.GRADE2),
        ("p00", "p02", 4000, RoadClass.GRADE4),
        ("p01", "p02", 6000, RoadClass.GRADE2),
    ]
    big = [road for road in roads if road.road_class is RoadClass.GRADE2]
    assert (_driven(_ids(3), big) == good).all()


def test_the_slower_direction_counts_with_its_own_length() -> None:
    seconds = np.array([[0, 100], [360, 0]])
    metres = np.array([[0, 900], [2500, 0]])
    ways = Ways(road_class=RoadClass.GRADE3, off_road_m=(0, 0), seconds=seconds, metres=metres)
    (road,) = thin_roads(_ids(2), [ways], detour_percent=DETOUR, pace_percent=100)
    assert (road.length_m, road.speed_kmh, road.mountain) == (2500, 25, False)


def test_a_way_in_one_direction_only_is_none() -> None:
    seconds = np.array([[0, 100, 50], [NO_WAY, 0, 60], [50, 60, 0]])
    roads = thin_roads(_ids(3), [_ways(seconds)], detour_percent=DETOUR, pace_percent=100)
    assert {(road.from_id, road.to_id) for road in roads} == {("p00", "p02"), ("p01", "p02")}


def test_places_at_one_spot_are_a_metre_apart() -> None:
    (road,) = thin_roads(
        _ids(2), [_ways(np.zeros((2, 2), dtype=np.int64))], detour_percent=DETOUR, pace_percent=100
    )
    assert (road.length_m, road.speed_kmh) == (1, 4)


def test_speeds_are_rounded_and_never_beyond_the_table() -> None:
    seconds = np.array([[0, 100], [100, 0]])
    for metres, kmh in ((1152, 41), (1153, 42), (90_000, 130)):
        length = np.array([[0, metres], [metres, 0]])
        ways = Ways(road_class=RoadClass.GRADE4, off_road_m=(0, 0), seconds=seconds, metres=length)
        (road,) = thin_roads(_ids(2), [ways], detour_percent=DETOUR, pace_percent=100)
        assert road.speed_kmh == kmh


def test_the_pace_slows_the_table() -> None:
    seconds = np.array([[0, 100], [100, 0]])
    (road,) = thin_roads(_ids(2), [_ways(seconds)], detour_percent=DETOUR, pace_percent=75)
    assert (road.length_m, road.speed_kmh) == (1000, 27)


def test_a_better_road_is_no_shortcut() -> None:
    """With fewer roads to choose from a point may be put on one across the river."""
    good = np.array([[0, 100, NO_WAY], [700, 0, NO_WAY], [NO_WAY, NO_WAY, 0]])
    all_roads = np.array([[0, 400, 90], [600, 0, 80], [90, 80, 0]])
    held = hold_to(_ways(good, road_class=RoadClass.GRADE2), _ways(all_roads))
    assert held.seconds.tolist() == [[0, 400, NO_WAY], [700, 0, NO_WAY], [NO_WAY, NO_WAY, 0]]
    assert held.metres.tolist() == [[0, 4000, NO_WAY], [7000, 0, NO_WAY], [NO_WAY, NO_WAY, 0]]
    assert held.road_class is RoadClass.GRADE2


def test_the_table_reads_back_without_a_word(tmp_path: Path) -> None:
    roads = thin_roads(_ids(12), [_ways(_county(12, seed=3))], detour_percent=DETOUR, pace_percent=100)
    (tmp_path / columns.ROADS.file).write_bytes(road_table(roads))
    found = read_structure(tmp_path, [])
    assert tuple(entry.value for entry in found.roads) == roads
    assert [entry for row in found.roads for entry in row.row.issues if entry.where.file == "roads.csv"] == []
    assert UNREACHABLE not in _driven(_ids(12), roads)


def test_every_place_without_a_road_is_told_why_and_where(tmp_path: Path) -> None:
    rows = [f"p{number:02},village,村{number},镇,27.1,110.{number}" for number in range(5)]
    text = "\n".join(["id,kind,name,township,lat,lon", *rows])
    (tmp_path / "places.csv").write_text(text, encoding="utf-8")
    seconds = np.full((5, 5), NO_WAY)
    np.fill_diagonal(seconds, 0)
    seconds[:2, :2] = [[0, 60], [60, 0]]
    seconds[0, 4] = 90  # there, but not back
    issues = judge_ways(read_places(tmp_path, []), _ways(seconds, off=(10, 20, None, 812, 40)), near_m=500)
    assert [(issue.code, issue.where.row, issue.where.item, dict(issue.args)) for issue in issues] == [
        (Code.ROADS_NONE_NEAR, 4, "p02", {"name": "村2", "km": 35}),
        (Code.ROADS_TOO_FAR, 5, "p03", {"name": "村3", "distance_m": 812, "near_m": 500}),
        (Code.ROADS_NO_WAY, 6, "p04", {"name": "村4", "other": "村0"}),
    ]
    assert {issue.where.file for issue in issues} == {"places.csv"}
    assert {issue.severity for issue in issues} == {Severity.WARNING}
