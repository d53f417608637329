"""The checker's own travel times: Dijkstra over the campaign's roads, one pair at a time.

Deliberately no use of ``planner/network.py``: a plan is made from those matrices, so a fault in them
would be invisible to a checker that read them too. That both agree is a law (tests/laws).
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.places import PlaceId, Road, RoadClass

_Neighbours = dict["PlaceId", list[tuple["PlaceId", int, int]]]


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """The fastest way between two places; of equally fast ways the shortest."""

    seconds: int
    metres: int


def driving_seconds(road: Road) -> int:
    """Time one stretch in whole seconds, rounded up: 3.6 s are 18/5, so no float comes near a boundary."""
    return -(-(road.length_m * 18) // (road.speed_kmh * 5))


@final
class Travel:
    """Fastest ways over the roads of a campaign, remembered per set of road classes and pair of places."""

    def __init__(self, campaign: Campaign) -> None:
        """Take the roads; nothing is searched before it is asked for."""
        self._roads = tuple(road for road in campaign.roads if road.speed_kmh > 0)
        self._graphs: dict[frozenset[RoadClass] | None, _Neighbours] = {}
        self._found: dict[tuple[frozenset[RoadClass] | None, PlaceId, PlaceId], Way | None] = {}

    def find_way(
        self, start: PlaceId, end: PlaceId, *, classes: frozenset[RoadClass] | None = None
    ) -> Way | None:
        """Find the fastest way over roads of ``classes`` (None = any road), None when nothing leads there."""
        key = (classes, start, end)
        if key not in self._found:
            self._found[key] = _search(self._graph(classes), start=start, end=end)
        return self._found[key]

    def find_metres(self, start: PlaceId) -> dict[PlaceId, int]:
        """Metres along the fastest way by any road to every place that one leads to."""
        graph = self._graph(None)
        queue: list[tuple[int, int, PlaceId]] = [(0, 0, start)]
        found: dict[PlaceId, int] = {}
        while queue:
            seconds, metres, here = heapq.heappop(queue)
            if here not in found:
                found[here] = metres
                for there, more_s, more_m in graph.get(here, ()):
                    heapq.heappush(queue, (seconds + more_s, metres + more_m, there))
        return found

    def _graph(self, classes: frozenset[RoadClass] | None) -> _Neighbours:
        if classes not in self._graphs:
            graph: _Neighbours = defaultdict(list)
            for road in self._roads:
                if classes is None or road.road_class in classes:
                    seconds = driving_seconds(road)
                    graph[road.from_id].append((road.to_id, seconds, road.length_m))
                    graph[road.to_id].append((road.from_id, seconds, road.length_m))
            self._graphs[classes] = dict(graph)
        return self._graphs[classes]


def _search(graph: _Neighbours, *, start: PlaceId, end: PlaceId) -> Way | None:
    queue: list[tuple[int, int, PlaceId]] = [(0, 0, start)]
    best: dict[PlaceId, tuple[int, int]] = {start: (0, 0)}
    while queue:
        seconds, metres, here = heapq.heappop(queue)
        if here == end:
            return Way(seconds, metres)
        if (seconds, metres) > best[here]:
            continue
        for there, more_s, more_m in graph.get(here, ()):
            reached = (seconds + more_s, metres + more_m)
            if there not in best or reached < best[there]:
                best[there] = reached
                heapq.heappush(queue, (*reached, there))
    return None
