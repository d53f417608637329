"""Routes that share roads, side by side: parallel lanes, and one thick band where there are too many.

All runs of a drawing go to one station, so the roads they use are close to a tree. A walk round that
tree orders the runs; with the same order on every road the lanes cross only where routes part. A run
that goes out to a village and back is drawn once.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

from exports.mapping.paper import Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planner.model.places import PlaceId

LANE_PX: Final = 7.0
MOST_LANES: Final = 4
"""Roads with more runs are drawn as one band: more than four lanes cannot be told apart at a glance."""
BAND_PX: Final = 13.0
_MITER: Final = 2.2

Edge = tuple["PlaceId", "PlaceId"]
"""A road as drawn, from the end nearer to the station outward."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A run as it goes over the ground: places passed in order, the stops among them, the station last."""

    run: int
    way: tuple[PlaceId, ...]
    stops: tuple[PlaceId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A road used by more runs than lanes are drawn for."""

    ends: tuple[Point, Point]
    runs: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """Polylines per run, the bands, and the point of every stop of a run on its own lane.

    ``spurs`` are the stretches a run drives out and back; ``lines`` the way it makes to the station.
    """

    lines: Mapping[int, tuple[tuple[Point, ...], ...]]
    spurs: Mapping[int, tuple[tuple[Point, ...], ...]]
    bands: tuple[Band, ...]
    stops: Mapping[tuple[int, PlaceId], Point]


class _Weave:
    """Works the lanes of one drawing out, road by road."""

    def __init__(self, tracks: Sequence[Track], points: Mapping[PlaceId, Point], *, marker_px: float) -> None:
        self._points = points
        self._marker_px = marker_px
        self._depth = _measure(tracks, points)
        users: dict[Edge, set[int]] = defaultdict(set)
        for track in tracks:
            for a, b in pairwise(track.way):
                users[self.orient(a, b)].add(track.run)
        rank = self._rank(tracks, users)
        self.users = {edge: sorted(runs, key=rank.__getitem__) for edge, runs in sorted(users.items())}
        self._incident: dict[tuple[int, PlaceId], list[Edge]] = defaultdict(list)
        for edge, runs in self.users.items():
            for run in runs:
                for end in edge:
                    self._incident[run, end].append(edge)
        self.markers = self._set_markers(tracks, rank)

    def orient(self, a: PlaceId, b: PlaceId) -> Edge:
        """Name a road from its end nearer to the station."""
        return (a, b) if (self._depth[a], a) <= (self._depth[b], b) else (b, a)

    def is_band(self, edge: Edge) -> bool:
        """Say whether too many runs share the road for lanes."""
        return len(self.users[edge]) > MOST_LANES

    def at(self, run: int, place: PlaceId) -> Point:
        """Where a run's line passes a place: its marker if it stops, else its lane."""
        return self.markers.get((run, place)) or self._on_lane(run, place)

    def _rank(self, tracks: Sequence[Track], users: Mapping[Edge, set[int]]) -> Mapping[int, tuple[int, int]]:
        """Order runs by where their first stop comes in a clockwise walk round the tree of roads."""
        children: dict[PlaceId, list[PlaceId]] = defaultdict(list)
        parents: dict[PlaceId, PlaceId] = {}
        for near, far in sorted(users):
            known = parents.get(far)
            if known is None or self._through(near, far) < self._through(known, far):
                parents[far] = near
        for far, near in sorted(parents.items()):
            children[near].append(far)
        order: dict[PlaceId, int] = {}
        waiting = [place for place in sorted(self._depth, reverse=True) if place not in parents]
        while waiting:
            place = waiting.pop()
            order[place] = len(order)
            base = self._angle(place, parents[place]) if place in parents else -math.pi
            turn = {child: (self._angle(place, child) - base) % math.tau for child in children[place]}
            waiting += sorted(children[place], key=lambda child: (-turn[child], child))
        return {track.run: (order[track.way[0]], track.run) for track in tracks}

    def _through(self, near: PlaceId, far: PlaceId) -> tuple[float, PlaceId]:
        return self._depth[near] + math.dist(self._points[near], self._points[far]), near

    def _angle(self, a: PlaceId, b: PlaceId) -> float:
        (ax, ay), (bx, by) = self._points[a], self._points[b]
        return math.atan2(by - ay, bx - ax)

    def _set_markers(
        self, tracks: Sequence[Track], rank: Mapping[int, tuple[int, int]]
    ) -> dict[tuple[int, PlaceId], Point]:
        """One marker per run and stop; where several runs stop, their markers stand in a row."""
        runs_at: dict[PlaceId, list[int]] = defaultdict(list)
        for track in tracks:
            for place in track.stops[:-1]:
                runs_at[place].append(track.run)
        markers: dict[tuple[int, PlaceId], Point] = {}
        for place, runs in sorted(runs_at.items()):
            if len(runs) == 1:
                markers[runs[0], place] = self._on_lane(runs[0], place)
                continue
            across = _normal(self._direction(self._main(runs[0], place)[0]))
            runs.sort(key=rank.__getitem__)
            for number, run in enumerate(runs):
                shift = (number - (len(runs) - 1) / 2) * self._marker_px
                markers[run, place] = _moved(self._points[place], across, by=shift)
        return markers

    def _main(self, run: int, place: PlaceId) -> tuple[Edge, ...]:
        """The run's road toward the station at a place and its busiest one outward, as far as it has them."""
        edges = self._incident[run, place]
        inward = [edge for edge in edges if edge[1] == place]
        outward = [edge for edge in edges if edge[0] == place]
        inward.sort(key=lambda edge: (self._through(*edge), edge))
        outward.sort(key=lambda edge: (-len(self.users[edge]), edge))
        return (*inward[:1], *outward[:1]) or tuple(edges[:1])

    def _on_lane(self, run: int, place: PlaceId) -> Point:
        here = self._points[place]
        sides = [(self._direction(edge), self._offset(run, edge)) for edge in self._main(run, place)]
        if not sides:
            return here
        ends = [_moved(here, _normal(along), by=offset) for along, offset in sides]
        if len(sides) == 1:
            return ends[0]
        middle = ((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2)
        crossing = _crossing((ends[0], sides[0][0]), (ends[1], sides[1][0]))
        reach = _MITER * max(abs(offset) for _, offset in sides) + 1
        return crossing if crossing and math.dist(crossing, here) <= reach else middle

    def _offset(self, run: int, edge: Edge) -> float:
        runs = self.users[edge]
        spread = LANE_PX if not self.is_band(edge) else (BAND_PX - 5) / (len(runs) - 1)
        return (runs.index(run) - (len(runs) - 1) / 2) * spread

    def _direction(self, edge: Edge) -> Point:
        (ax, ay), (bx, by) = self._points[edge[0]], self._points[edge[1]]
        length = math.dist((ax, ay), (bx, by)) or 1.0
        return (bx - ax) / length, (by - ay) / length

    def band(self, edge: Edge) -> Band:
        """The band of a road."""
        near, far = edge
        return Band(ends=(self._points[near], self._points[far]), runs=tuple(sorted(self.users[edge])))


def lay_lanes(tracks: Sequence[Track], points: Mapping[PlaceId, Point], *, marker_px: float) -> Lanes:
    """Lay the lines of all runs of a drawing; ``marker_px`` is the width of a stop's marker."""
    tracks = sorted(tracks, key=lambda track: track.run)
    weave = _Weave(tracks, points, marker_px=marker_px)
    return Lanes(
        lines={track.run: _lines(track, weave, spurs=False) for track in tracks},
        spurs={track.run: _lines(track, weave, spurs=True) for track in tracks},
        bands=tuple(weave.band(edge) for edge in weave.users if weave.is_band(edge)),
        stops=weave.markers,
    )


def count_busiest(tracks: Iterable[Track]) -> int:
    """How many runs share the road that most runs share."""
    return max((len(runs) for runs in _find_users(tracks).values()), default=0)


def find_mates(tracks: Iterable[Track]) -> frozenset[frozenset[int]]:
    """Pairs of runs that are drawn in lanes side by side somewhere."""
    shared = [runs for runs in _find_users(tracks).values() if len(runs) <= MOST_LANES]
    return frozenset(frozenset(pair) for runs in shared for pair in combinations(sorted(runs), 2))


def _find_users(tracks: Iterable[Track]) -> dict[frozenset[PlaceId], set[int]]:
    users: dict[frozenset[PlaceId], set[int]] = defaultdict(set)
    for track in tracks:
        for ends in pairwise(track.way):
            users[frozenset(ends)].add(track.run)
    return users


def _lines(track: Track, weave: _Weave, *, spurs: bool) -> tuple[tuple[Point, ...], ...]:
    """Join a run's stretches of one kind to polylines, each stretch once, bands left out."""
    times = Counter(weave.orient(a, b) for a, b in pairwise(track.way))
    lines: list[list[Point]] = []
    seen: set[Edge] = set()
    last: PlaceId | None = None
    for a, b in pairwise(track.way):
        edge = weave.orient(a, b)
        if edge in seen or weave.is_band(edge) or (times[edge] > 1) is not spurs:
            continue
        seen.add(edge)
        if last != a:
            lines.append([weave.at(track.run, a)])
        lines[-1].append(weave.at(track.run, b))
        last = b
    return tuple(tuple(line) for line in lines)


def _measure(tracks: Iterable[Track], points: Mapping[PlaceId, Point]) -> dict[PlaceId, float]:
    """Distance on paper from the station over the roads that are driven (Dijkstra)."""
    roads: dict[PlaceId, set[PlaceId]] = defaultdict(set)
    ends: set[PlaceId] = set()
    for track in tracks:
        ends.add(track.way[-1])
        for a, b in pairwise(track.way):
            roads[a].add(b)
            roads[b].add(a)
    depth: dict[PlaceId, float] = {}
    queue = [(0.0, place) for place in sorted(ends)]
    while queue:
        far, place = heapq.heappop(queue)
        if place in depth:
            continue
        depth[place] = far
        for other in roads[place]:
            heapq.heappush(queue, (far + math.dist(points[place], points[other]), other))
    return depth


def _normal(along: Point) -> Point:
    return -along[1], along[0]


def _moved(point: Point, along: Point, *, by: float) -> Point:
    return point[0] + along[0] * by, point[1] + along[1] * by


def _crossing(one: tuple[Point, Point], two: tuple[Point, Point]) -> Point | None:
    """Where two lines meet, each a point and a direction; None when they are nearly parallel."""
    (a, along_a), (b, along_b) = one, two
    turn = along_a[0] * along_b[1] - along_a[1] * along_b[0]
    if abs(turn) < 1e-3:  # noqa: PLR2004  # straight on, to a drawing's eye
        return None
    far = ((b[0] - a[0]) * along_b[1] - (b[1] - a[1]) * along_b[0]) / turn
    return _moved(a, along_a, by=far)
