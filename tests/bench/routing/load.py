"""An instance file as plain numbers for the peers, read apart from the product's own reader.

Distances and seconds are integers in a unit of our choice; what an answer costs in the unit of the
solution files is for the judge to say. Node 0 is the depot or the station.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import vrplib

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_PIECES: Final = 400
"""With more pieces than this the fine split was measured to lose to whole loads and a rest."""
_SHARES: Final = (20, 10, 5)
"""Per cents of a vehicle in the fine a-priori split (Chen, Golden, Wang, Wasil 2017); then ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Alike vehicles. ``count`` and ``reach`` are None where nothing limits them."""

    capacity: int
    count: int | None
    fixed: int
    per_unit: int
    reach: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """People of one node who board together: all of them, unless the instance lets a node be split."""

    node: int
    heads: int
    parts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """What a person reads off an instance file before choosing a library."""

    name: str
    heads: tuple[int, ...]
    distance: NDArray[np.int64]
    seconds: NDArray[np.int64]
    kinds: tuple[Kind, ...]
    service: tuple[int, ...] = ()
    per_head: int = 1
    """What PyVRP's own reader multiplies demands and seats by along with distances; its penalties need it."""
    board_per_5: int = 0
    """Seconds of boarding for five heads, at every stop after the first."""
    windows: tuple[tuple[int, int], ...] = ()
    limit: int | None = None
    """Most time of a route; with ``starts_free`` it counts from the end of the first boarding."""
    starts_free: bool = False
    ends_free: bool = False
    splits: bool = False
    """Whether any share of a node's heads may board any vehicle."""
    parts: tuple[tuple[int, ...], ...] = ()

    @property
    def is_split(self) -> bool:
        """Whether an answer must say how many board where."""
        return self.splits or any(self.parts)

    def largest(self, node: int) -> int:
        """Seats of the largest vehicle that may call at a node."""
        return max(kind.capacity for kind in self.kinds if kind.reach is None or node in kind.reach)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The instance on the nodes a library needs: start, one per piece, end (the start again if closed).

    ``seconds`` holds boarding on the way into a stop where the first boarding is free, else ``service``
    has it.
    """

    pieces: tuple[Piece, ...]
    end: int
    distance: NDArray[np.int64]
    seconds: NDArray[np.int64]
    service: tuple[int, ...]
    windows: tuple[tuple[int, int], ...]


def load(path: Path) -> Instance:
    """Read one file; what it holds is told by its suffix."""
    if path.suffix == ".json":
        return _load_county(path)
    return _load_vrplib(path) if path.suffix == ".vrp" else _load_split(path)


def _load_county(path: Path) -> Instance:
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    kinds = len(data["seats"])
    counts: list[int | None] = data.get("vehicles") or [None] * kinds
    reach: list[list[int] | None] = data.get("reach") or [None] * kinds
    rows = zip(data["seats"], data["fixed_milliyuan"], data["per_dam_milliyuan"], counts, reach, strict=True)
    return Instance(
        name=path.stem,
        heads=tuple(data["demand"]),
        distance=np.array(data["dist_m"], dtype=np.int64) // 10,
        seconds=np.array(data["time_s"], dtype=np.int64),
        kinds=tuple(
            Kind(
                capacity=seats,
                count=count,
                fixed=fixed,
                per_unit=per_dam,
                reach=None if nodes is None else frozenset(nodes),
            )
            for seats, fixed, per_dam, count, nodes in rows
        ),
        board_per_5=data["board_s_per_5"],
        limit=data["max_ride_s"],
        starts_free=True,
        parts=tuple(tuple(sizes) for sizes in data.get("parts") or ()),
    )


def _load_vrplib(path: Path) -> Instance:
    data: dict[str, Any] = vrplib.read_instance(path, compute_edge_weights=False)
    heads = tuple(int(demand) for demand in data["demand"])
    truncated = "time_window" in data
    opened = data["type"] == "OVRP"
    mixed = np.ndim(data["capacity"]) > 0
    scale = 1_000 if opened or mixed else 10 if truncated else 1
    straight = _straight(data["node_coord"]) * scale
    distance = np.floor(straight if truncated else straight + 0.5).astype(np.int64)
    limit = round(data["distance"] * scale) if "distance" in data else None
    return Instance(
        name=path.stem,
        heads=heads,
        distance=distance,
        seconds=distance,
        kinds=_mixed_kinds(data, scale) if mixed else (_one_kind(data),),
        per_head=scale,
        service=_service(data, scale=scale),
        windows=tuple((int(a) * scale, int(b) * scale) for a, b in data.get("time_window", ())),
        limit=limit,
        ends_free=opened,
    )


def _straight(points: Any) -> NDArray[np.float64]:
    places: NDArray[np.float64] = np.asarray(points, dtype=np.float64)
    across, along = (places[:, None, axis] - places[None, :, axis] for axis in (0, 1))
    # Not hypot: the square root of a whole square is exact, and truncation must not see 4.999.
    return np.sqrt(across**2 + along**2)


def _one_kind(data: dict[str, Any]) -> Kind:
    # The Solomon files here carry the number of routes of a tour, not the 25 vehicles of the instance.
    count: int | None = 25 if "scale" in data else data.get("vehicles")
    return Kind(capacity=int(data["capacity"]), count=count, fixed=0, per_unit=1)


def _mixed_kinds(data: dict[str, Any], scale: int) -> tuple[Kind, ...]:
    """Group alike vehicles in the order of the file."""
    columns = [data[key] for key in ("capacity", "vehicles_fixed_cost", "vehicles_unit_distance_cost")]
    rows: list[tuple[int, int, int]] = [
        (int(seats), int(fixed) * scale, int(unit)) for seats, fixed, unit in zip(*columns, strict=True)
    ]
    return tuple(
        Kind(capacity=row[0], count=rows.count(row), fixed=row[1], per_unit=row[2])
        for row in dict.fromkeys(rows)
    )


def _service(data: dict[str, Any], *, scale: int) -> tuple[int, ...]:
    given: Any = data.get("service_time", 0)
    each: list[int] = np.broadcast_to(np.asarray(given), len(data["demand"])).astype(int).tolist()
    return (0, *(seconds * scale for seconds in each[1:])) if any(each) else ()


def _load_split(path: Path) -> Instance:
    """Read ``n capacity``, the demands, then the places of the depot and the customers."""
    numbers = path.read_text(encoding="utf-8").split()
    count, capacity = int(numbers[0]), int(numbers[1])
    demands = [int(number) for number in numbers[2 : 2 + count]]
    places = np.array([float(number) for number in numbers[2 + count :]]).reshape(-1, 2)[: count + 1]
    distance = np.floor(_straight(places) + 0.5).astype(np.int64)
    return Instance(
        name=path.stem,
        heads=(0, *demands),
        distance=distance,
        seconds=distance,
        kinds=(Kind(capacity=capacity, count=None, fixed=0, per_unit=1),),
        splits=True,
    )


def cut(instance: Instance) -> tuple[Piece, ...]:
    """Split a priori what may be split, as measured best for libraries that cannot: see routing notes.

    Free shares: pieces of 20, 10, 5 per cent of a vehicle and ones, or whole loads and a rest where that
    makes too many pieces. Whole parties: packed into loads of the largest vehicle, largest party first.
    """
    nodes = range(1, len(instance.heads))
    if instance.splits:
        fine = [p for n in nodes for p in _cut_fine(n, instance.heads[n], capacity=instance.largest(n))]
        if len(fine) <= MOST_PIECES:
            return tuple(fine)
        return tuple(p for n in nodes for p in _cut_loads(n, instance.heads[n], capacity=instance.largest(n)))
    return tuple(
        piece
        for node in nodes
        if instance.heads[node]
        for piece in (
            _pack(node, instance.parts[node], capacity=instance.largest(node))
            if instance.parts and instance.parts[node]
            else [Piece(node=node, heads=instance.heads[node])]
        )
    )


def _cut_fine(node: int, heads: int, *, capacity: int) -> list[Piece]:
    made: list[Piece] = []
    for share in _SHARES:
        size = max(capacity * share // 100, 1)
        made += [Piece(node=node, heads=size)] * (heads // size)
        heads %= size
    return made + [Piece(node=node, heads=1)] * heads


def _cut_loads(node: int, heads: int, *, capacity: int) -> list[Piece]:
    full, rest = divmod(heads, capacity)
    made = [Piece(node=node, heads=capacity)] * full
    return [*made, Piece(node=node, heads=rest)] if rest else made


def _pack(node: int, sizes: Sequence[int], *, capacity: int) -> list[Piece]:
    """First fit, largest party first."""
    loads: list[list[int]] = []
    for part in sorted(range(len(sizes)), key=lambda part: (-sizes[part], part)):
        fits = (load for load in loads if sum(sizes[p] for p in load) + sizes[part] <= capacity)
        load = next(fits, None)
        if load is None:
            loads.append([part])
        else:
            load.append(part)
    return [Piece(node=node, heads=sum(sizes[p] for p in load), parts=tuple(sorted(load))) for load in loads]


def lay_out(instance: Instance) -> Layout:
    """Lay the pieces out with a start and an end of their own where one of them is free."""
    pieces = cut(instance)
    closed = not (instance.starts_free or instance.ends_free)
    nodes = [0, *(piece.node for piece in pieces), *(() if closed else (0,))]
    distance, seconds = (m[np.ix_(nodes, nodes)].copy() for m in (instance.distance, instance.seconds))
    end = 0 if closed else len(nodes) - 1
    service = [instance.service[node] if instance.service else 0 for node in nodes]
    if instance.starts_free:
        boarding = [0, *(instance.board_per_5 * piece.heads // 5 for piece in pieces), 0]
        seconds += np.array(boarding)[None, :]
        seconds[0, :] = distance[0, :] = 0
    if instance.ends_free:
        seconds[:, end] = distance[:, end] = 0
    for matrix in (distance, seconds):
        np.fill_diagonal(matrix, 0)
    windows = tuple(instance.windows[node] for node in nodes) if instance.windows else ()
    return Layout(
        pieces=pieces, end=end, distance=distance, seconds=seconds, service=tuple(service), windows=windows
    )


def answer(instance: Instance, routes: Sequence[tuple[int, Sequence[Piece]]]) -> dict[str, Any]:
    """Routes as ``breeze route`` prints them, the cost left open; pieces of one node become one call."""
    made: list[dict[str, Any]] = []
    for kind, pieces in routes:
        heads: dict[int, int] = {}
        parts: dict[int, list[int]] = {}
        for piece in pieces:
            heads[piece.node] = heads.get(piece.node, 0) + piece.heads
            parts.setdefault(piece.node, []).extend(piece.parts)
        route: dict[str, Any] = {"vehicle_type": kind, "stops": list(heads)}
        if instance.is_split:
            route["amounts"] = list(heads.values())
        if any(instance.parts):
            route["parts"] = [sorted(parts[node]) for node in heads]
        made.append(route)
    return {"bound": None, "proved": False, "routes": made}
