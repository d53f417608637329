"""What an instance file says, for the judge: read apart from the product, from the file alone.

Lengths follow the README of the benchmark folder: whole numbers, tenths or thousandths, by TYPE.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import vrplib

Length = Callable[[int, int], float]

NEVER: Final = 10**12
SOLOMON: Final = 100
"""Customers of Solomon's files: theirs is a fleet of 25, whatever a mirror says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One vehicle type of the file."""

    seats: float
    count: float = math.inf
    fixed: float = 0
    per_length: float = 1
    depot: int = 0
    reach: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a file says. Places 0 .. are its nodes, and what answers call customers.

    ``length(a, b)`` counts in ``steps`` of a cost unit.
    """

    length: Length
    kinds: Sequence[Kind]
    customers: range | Sequence[int]
    demand: Sequence[float]
    steps: float = 1
    travel: Length | None = None
    """Seconds where they are no lengths."""
    window: Sequence[tuple[float, float]] = ()
    service: Sequence[float] = ()
    limit: float = NEVER
    ride: float = NEVER
    board: float = 0
    open_start: bool = False
    end: int | None = None
    """Where routes end: None their depot, -1 anywhere, else a place."""
    prize: Sequence[float] = ()
    split: bool = False
    parts: Sequence[Sequence[int]] = ()
    profit: bool = False
    slack: float = 1e-6
    """How much too long a route may be, for rounding."""


def read_facts(path: Path) -> Facts:
    """Read an instance file, whatever its kind."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if text.lstrip().startswith("{"):
        return _county(json.loads(text))
    if ":" in text:
        return _vrplib(path)
    rows = [line.split() for line in text.splitlines() if line.strip()]
    return _orienteering(rows) if rows[0][0].lower() == "n" else _split(rows)


def _grid(points: Sequence[Sequence[float]], scale: float, rounding: str) -> Length:
    rounded: Mapping[str, Callable[[float], float]] = {
        "nearest": lambda d: math.floor(d + 0.5),
        "down": math.floor,
        "up": math.ceil,
        "exact": lambda d: d,
    }

    def length(a: int, b: int) -> float:
        (ax, ay), (bx, by) = points[a], points[b]
        return rounded[rounding](scale * math.sqrt((ax - bx) ** 2 + (ay - by) ** 2))

    return length


_COUNTING: Final[Mapping[tuple[str, str], tuple[float, str, float]]] = {
    ("CVRP", "EUC_2D"): (1, "nearest", 1),
    ("CVRP", "CEIL_2D"): (1, "up", 1),
    ("CVRP", "FLOOR_2D"): (1, "down", 1),
    ("CVRP", "EXACT_2D"): (1000, "nearest", 1),
    ("VRPTW", "EUC_2D"): (10, "down", 10),
    ("CVRPTW", "FLOOR_2D"): (1, "down", 1),
    ("CVRPTW", "EUC_2D"): (1, "nearest", 1),
    ("OVRP", "EXACT_2D"): (1000, "nearest", 1),
    ("OVRP", "EUC_2D"): (1, "nearest", 1),
    ("HFVRP", "EUC_2D"): (1, "exact", 100),
    ("MDVRPTW", "EUC_2D"): (1000, "nearest", 1),
    ("CPTP", "EUC_2D"): (1, "nearest", 1),
    ("PCVRP", "EUC_2D"): (1, "nearest", 1),
    ("PC-CVRP", "EUC_2D"): (1, "nearest", 1),
    ("PCVRPTW", "EUC_2D"): (10, "down", 1),
    ("PC-VRPTW", "EUC_2D"): (10, "down", 1),
}
"""By TYPE and EDGE_WEIGHT_TYPE: the factor before rounding, the rounding, steps in a unit of cost."""


def _vrplib(path: Path) -> Facts:
    explicit = "EXPLICIT" in path.read_text(encoding="utf-8", errors="replace")
    data: dict[str, Any] = vrplib.read_instance(path, compute_edge_weights=explicit)
    kind = str(data["type"])
    if explicit:
        scale, rounding, steps = 1.0, "nearest", 1.0
        length = _matrix(data["edge_weight"])
    else:
        scale, rounding, steps = _COUNTING[kind, str(data["edge_weight_type"])]
        scale *= float(data.get("scale", 1))
        length = _grid([(float(x), float(y)) for x, y in data["node_coord"]], scale, rounding)
    depots, places = len(data["depot"]), int(data["dimension"])
    whole: Callable[[float], float] = math.floor if rounding == "down" else round

    def scaled(value: float) -> float:
        return whole(round(float(value) * scale, 6))

    service = data.get("service_time", 0)
    each = list(service) if hasattr(service, "__len__") else [0] * depots + [service] * (places - depots)
    limit = data.get("distance", data.get("vehicles_max_duration"))
    return Facts(
        length=length,
        kinds=_fleet(data, solomon=kind == "CVRPTW" and places - depots <= SOLOMON),
        customers=range(depots, places),
        demand=[float(value) for value in data["demand"]],
        steps=steps,
        window=[(scaled(a), scaled(b)) for a, b in data.get("time_window", ())],
        service=[scaled(value) for value in each],
        limit=NEVER if limit is None else scaled(limit),
        end=-1 if kind == "OVRP" else None,
        prize=[scaled(value) for value in data.get("prize", ())],
    )


def _matrix(rows: Sequence[Sequence[float]]) -> Length:
    return lambda a, b: float(rows[a][b])


def _fleet(data: Mapping[str, Any], *, solomon: bool) -> list[Kind]:
    """Alike vehicles in the order of the file."""
    count = 25 if solomon else data.get("vehicles")
    if count is None:
        return [Kind(seats=float(data["capacity"]))]

    def each(key: str, default: float) -> list[float]:
        value = data.get(key, default)
        return [float(v) for v in value] if hasattr(value, "__len__") else [float(value)] * count

    rows = Counter(
        zip(
            each("capacity", 0),
            each("vehicles_fixed_cost", 0),
            each("vehicles_unit_distance_cost", 1),
            each("vehicles_depot", 1),
            strict=True,
        )
    )
    return [
        Kind(seats=seats, count=number, fixed=fixed, per_length=unit, depot=int(depot) - 1)
        for (seats, fixed, unit, depot), number in rows.items()
    ]


def _split(rows: Sequence[Sequence[str]]) -> Facts:
    count, capacity = map(int, rows[0])
    points = [(float(x), float(y)) for x, y in rows[2 : count + 3]]
    return Facts(
        length=_grid(points, 1, "nearest"),
        kinds=[Kind(seats=capacity)],
        customers=range(1, count + 1),
        demand=[0, *map(int, rows[1])],
        split=True,
    )


def _orienteering(rows: Sequence[Sequence[str]]) -> Facts:
    count, paths, limit = int(rows[0][1]), int(rows[1][1]), float(rows[2][1])
    points = [(float(x), float(y)) for x, y, _ in rows[3 : count + 3]]
    return Facts(
        length=_grid(points, 1, "exact"),
        kinds=[Kind(seats=1, count=paths)],
        customers=range(1, count - 1),
        demand=[0] * count,
        limit=limit,
        end=count - 1,
        prize=[float(score) for _, _, score in rows[3 : count + 3]],
        profit=True,
        slack=1e-4,
    )


def _county(data: Mapping[str, Any]) -> Facts:
    demand: list[int] = data["demand"]
    kinds = len(data["seats"])
    figures = zip(
        data["seats"],
        data["fixed_milliyuan"],
        data["per_dam_milliyuan"],
        data.get("vehicles") or [None] * kinds,
        data.get("reach") or [None] * kinds,
        strict=True,
    )
    return Facts(
        length=lambda a, b: data["dist_m"][a][b] / 10,
        travel=lambda a, b: data["time_s"][a][b],
        kinds=[
            Kind(
                seats=seats,
                count=math.inf if count is None else count,
                fixed=fixed,
                per_length=per_dam,
                reach=None if reach is None else frozenset(reach),
            )
            for seats, fixed, per_dam, count, reach in figures
        ],
        customers=[node for node, heads in enumerate(demand) if node and heads],
        demand=demand,
        ride=data["max_ride_s"],
        board=data["board_s_per_5"],
        open_start=True,
        end=0,
        split=any(data.get("parts") or ()),
        parts=data.get("parts") or (),
    )
