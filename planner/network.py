"""Roads -> graph (networkx) -> integer matrices of seconds and metres (scipy), one per road permission.

networkx is the model people can ask; scipy's Dijkstra is what runs (18 times faster on a
400 x 400 matrix). Types that may use the same road classes share a matrix. Seconds of a stretch are
``ceil(length_m * 3.6 / speed_kmh)``; the fastest path decides, metres are those along it.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# scipy carries no types; what comes out is given one where it is stored.

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planner.model.campaign import Campaign
    from planner.model.fleet import VehicleTypeId
    from planner.model.places import PlaceId, Road, RoadClass

UNREACHABLE: Final = -1
"""What a matrix holds where no permitted road leads."""

_NO_PREDECESSOR: Final = -9999


def road_seconds(road: Road) -> int:
    """Whole driving seconds of a stretch, rounded up."""
    return -(-road.length_m * 36 // (road.speed_kmh * 10))


@dataclass(frozen=True, slots=True)
class Matrices:
    """Square integer arrays over ``Network.places``; ``UNREACHABLE`` where there is no way."""

    seconds: NDArray[np.int64]
    metres: NDArray[np.int64]
    before: NDArray[np.int32]
    """``before[a, b]`` = the place before ``b`` on the way from ``a``."""


class Network:
    """The road network of a campaign as every vehicle type sees it; matrices are made on first use.

    ``cache`` is a folder for finished matrices, named by a digest of roads and permission; a damaged
    or foreign file there is recomputed.
    """

    def __init__(self, campaign: Campaign, *, cache: Path | None = None) -> None:
        self.places: tuple[PlaceId, ...] = tuple(place.id for place in campaign.places)
        self._index = {place: number for number, place in enumerate(self.places)}
        self._permission = {kind.id: frozenset(kind.road_classes) for kind in campaign.vehicle_types}
        self._matrices: dict[frozenset[RoadClass], Matrices] = {}
        self._cache = cache
        self._roads = campaign.roads
        self.graph = build_graph(self.places, campaign.roads)

    def index(self, place: PlaceId) -> int:
        """Row of a place in the matrices."""
        return self._index[place]

    def seconds(self, type_id: VehicleTypeId, start: PlaceId, end: PlaceId) -> int | None:  # noqa: PLR0917  # type, from, to
        """Driving seconds of the fastest permitted way, or None."""
        found = int(self.matrices(type_id).seconds[self._index[start], self._index[end]])
        return None if found == UNREACHABLE else found

    def metres(self, type_id: VehicleTypeId, start: PlaceId, end: PlaceId) -> int | None:  # noqa: PLR0917  # type, from, to
        """Metres along the fastest permitted way, or None."""
        found = int(self.matrices(type_id).metres[self._index[start], self._index[end]])
        return None if found == UNREACHABLE else found

    def path(  # noqa: PLR0917  # type, from, to
        self, type_id: VehicleTypeId, start: PlaceId, end: PlaceId
    ) -> tuple[PlaceId, ...]:
        """Places along the fastest permitted way, both ends included; empty when there is none."""
        before = self.matrices(type_id).before
        source, here = self._index[start], self._index[end]
        way = [here]
        while here != source:
            here = int(before[source, here])
            if here == _NO_PREDECESSOR:
                return ()
            way.append(here)
        return tuple(self.places[number] for number in reversed(way))

    def roads_along(self, way: Sequence[PlaceId]) -> tuple[Road, ...]:
        """Stretches driven along a way of neighbouring places (the quickest where two run parallel)."""
        return tuple(self.graph.edges[a, b]["road"] for a, b in pairwise(way))

    def is_joined(self, start: PlaceId, end: PlaceId) -> bool:
        """Whether any road at all leads there, whoever may use it."""
        return bool(nx.has_path(self.graph, start, end))

    def matrices(self, type_id: VehicleTypeId) -> Matrices:
        """Matrices of the roads that a vehicle type may use."""
        permission = self._permission[type_id]
        if permission not in self._matrices:
            self._matrices[permission] = self._load(permission)
        return self._matrices[permission]

    def between(
        self, type_id: VehicleTypeId, places: Sequence[PlaceId]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Seconds and metres between some places only, in their order; ``UNREACHABLE`` as in matrices.

        Of a city's 4,000 places a county needs 300: all pairs would be half a gigabyte.
        """
        rows = [self._index[place] for place in places]
        roads = [road for road in self._roads if road.road_class in self._permission[type_id]]
        total = _search(self.places, roads, sources=rows)[0][:, rows]
        reached = np.isfinite(total)
        exact = np.where(reached, total, 0).astype(np.int64)
        seconds, metres = exact >> 24, exact & ((1 << 24) - 1)
        return np.where(reached, seconds, UNREACHABLE), np.where(reached, metres, UNREACHABLE)

    def _load(self, permission: frozenset[RoadClass]) -> Matrices:
        roads = [road for road in self._roads if road.road_class in permission]
        if self._cache is None:
            return compute_matrices(self.places, roads)
        target = self._cache / f"matrix-{_digest(self.places, roads)}.npz"
        stored = _read_matrices(target, size=len(self.places))
        if stored is not None:
            return stored
        made = compute_matrices(self.places, roads)
        with suppress(
            OSError
        ):  # a full or locked disk costs the next run half a second, not this one its plan
            _write_matrices(target, made)
        return made


def _read_matrices(target: Path, *, size: int) -> Matrices | None:
    """Matrices of an earlier run, None when there are none of this size or the file is damaged."""
    try:
        with target.open("rb") as raw, np.load(raw) as stored:
            found = Matrices(stored["seconds"], stored["metres"], stored["before"])
    except Exception:  # noqa: BLE001  # a damaged archive raises whatever zipfile, zlib and numpy think of
        return None
    shapes = {found.seconds.shape, found.metres.shape, found.before.shape}
    return found if shapes == {(size, size)} else None


def _write_matrices(target: Path, made: Matrices) -> None:
    """Write aside under this process's own name, then rename: two runs at once do not meet."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_suffix(f".{os.getpid()}.npz")
    np.savez_compressed(aside, seconds=made.seconds, metres=made.metres, before=made.before)
    aside.replace(target)


def build_graph(places: Sequence[PlaceId], roads: Sequence[Road]) -> nx.Graph[PlaceId]:
    """Make the undirected road graph; of parallel stretches the quickest (then shortest) stays."""
    graph: nx.Graph[PlaceId] = nx.Graph()
    graph.add_nodes_from(places)
    for road in sorted(roads, key=lambda road: (road_seconds(road), road.length_m), reverse=True):
        graph.add_edge(road.from_id, road.to_id, road=road, seconds=road_seconds(road))
    return graph


def compute_matrices(places: Sequence[PlaceId], roads: Sequence[Road]) -> Matrices:
    """Fastest seconds, and metres along those ways, between all pairs.

    Length breaks ties between equally fast ways: the weight is ``seconds * 2**24 + metres`` in
    float64, exact up to about six years of driving.
    """
    total, before = _search(places, roads)
    reached = np.isfinite(total)
    exact = np.where(reached, total, 0).astype(np.int64)
    return Matrices(
        np.where(reached, exact >> 24, UNREACHABLE),
        np.where(reached, exact & ((1 << 24) - 1), UNREACHABLE),
        before.astype(np.int32),
    )


def _search(
    places: Sequence[PlaceId], roads: Sequence[Road], *, sources: Sequence[int] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Weights of the fastest ways from all places, or from some, and the place before each on it."""
    total: NDArray[np.float64]
    before: NDArray[np.int32]
    total, before = dijkstra(_weigh(places, roads), directed=True, indices=sources, return_predecessors=True)
    return total, before


def find_metres(campaign: Campaign, starts: Sequence[PlaceId]) -> NDArray[np.int64]:
    """Metres along the fastest way by any road, from each start to every place; ``UNREACHABLE`` without."""
    places = [place.id for place in campaign.places]
    index = {place: number for number, place in enumerate(places)}
    if not starts:
        return np.zeros((0, len(places)), dtype=np.int64)
    rows = [index[start] for start in starts]
    total: NDArray[np.float64] = dijkstra(_weigh(places, campaign.roads), directed=True, indices=rows)
    reached = np.isfinite(total)
    exact = np.where(reached, total, 0).astype(np.int64)
    return np.where(reached, exact & ((1 << 24) - 1), UNREACHABLE)


def _weigh(places: Sequence[PlaceId], roads: Sequence[Road]) -> csr_array:
    """Stretches as weights of a sparse graph; of parallel ones the quickest, then shortest."""
    index = {place: number for number, place in enumerate(places)}
    best: dict[tuple[int, int], int] = {}
    for road in roads:
        a, b = index[road.from_id], index[road.to_id]
        weight = (road_seconds(road) << 24) + road.length_m
        for pair in ((a, b), (b, a)):
            best[pair] = min(weight, best.get(pair, weight))
    ends = np.array(list(best), dtype=np.int32).reshape(-1, 2)
    weights = np.array(list(best.values()), dtype=np.float64)
    return csr_array((weights, (ends[:, 0], ends[:, 1])), shape=(len(places), len(places)))


def _digest(places: Sequence[PlaceId], roads: Sequence[Road]) -> str:
    content = {"places": list(places), "roads": [asdict(road) for road in roads]}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
