from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from exports.mapping.lanes import LANE_PX, MOST_LANES, Track, count_busiest, find_mates, lay_lanes
from planner.model.places import PlaceId

if TYPE_CHECKING:
    from exports.mapping.paper import Point

POINTS: dict[PlaceId, Point] = {
    PlaceId(name): point
    for name, point in {
        "station": (0, 0), "fork": (200, 0), "left": (300, -100), "right": (300, 100), "far": (400, 0),
        "side": (200, 60),
    }.items()
}  # fmt: skip


def track(run: int, *way: str) -> Track:
    """A run over places, stopping at its first only."""
    places = tuple(PlaceId(name) for name in way)
    return Track(run=run, way=places, stops=(places[0], places[-1]))


def between(line: tuple[Point, ...], *, x: float) -> float:
    """The height at which a polyline passes x."""
    for (ax, ay), (bx, by) in pairwise(line):
        if min(ax, bx) <= x <= max(ax, bx) and ax != bx:
            return ay + (by - ay) * (x - ax) / (bx - ax)
    raise AssertionError(x)


def test_a_run_alone_goes_down_the_middle() -> None:
    lanes = lay_lanes([track(1, "far", "fork", "station")], POINTS, marker_px=20)
    assert lanes.lines[1] == (((400, 0), (200, 0), (0, 0)),)
    assert not lanes.bands


def test_shared_road_is_drawn_in_parallel_lanes() -> None:
    tracks = [track(number, "far", "fork", "station") for number in (3, 1, 2)]
    lanes = lay_lanes(tracks, POINTS, marker_px=LANE_PX)
    heights = sorted(between(lanes.lines[run][0], x=100) for run in (1, 2, 3))
    assert heights == [pytest.approx(-LANE_PX), pytest.approx(0), pytest.approx(LANE_PX)]


def test_lanes_do_not_cross_before_the_fork() -> None:
    tracks = [track(1, "right", "fork", "station"), track(2, "left", "fork", "station")]
    lanes = lay_lanes(tracks, POINTS, marker_px=20)
    assert between(lanes.lines[2][0], x=100) < between(lanes.lines[1][0], x=100)


def test_many_runs_become_one_band() -> None:
    tracks = [track(number, "far", "fork", "station") for number in range(MOST_LANES)]
    assert not lay_lanes(tracks, POINTS, marker_px=20).bands
    tracks.append(track(99, "left", "fork", "station"))
    lanes = lay_lanes(tracks, POINTS, marker_px=20)
    assert [band.ends for band in lanes.bands] == [((0, 0), (200, 0))]
    assert lanes.bands[0].runs == (0, 1, 2, 3, 99)
    assert all(min(x for x, _ in line) > 190 for lines in lanes.lines.values() for line in lines)


def test_out_and_back_is_drawn_once_and_apart() -> None:
    way = track(1, "far", "fork", "side", "fork", "station")
    lanes = lay_lanes([way], POINTS, marker_px=20)
    assert lanes.spurs[1] == (((200, 0), (200, 60)),)
    assert lanes.lines[1] == (((400, 0), (200, 0), (0, 0)),)


def test_markers_of_several_runs_stand_in_a_row() -> None:
    tracks = [track(number, "far", "fork", "station") for number in (1, 2)]
    lanes = lay_lanes(tracks, POINTS, marker_px=20)
    far = PlaceId("far")
    assert math.dist(lanes.stops[1, far], lanes.stops[2, far]) == pytest.approx(20)
    assert lanes.lines[1][0][0] == lanes.stops[1, far]


def test_mates_run_side_by_side_and_are_not_in_a_band() -> None:
    tracks = [track(1, "left", "fork", "station"), track(2, "right", "fork", "station")]
    assert find_mates(tracks) == {frozenset({1, 2})}
    assert count_busiest(tracks) == 2
    crowd = [track(number, "far", "fork", "station") for number in range(MOST_LANES + 1)]
    assert not find_mates(crowd)
    assert count_busiest(crowd) == MOST_LANES + 1
    assert count_busiest([]) == 0
