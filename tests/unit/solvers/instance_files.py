"""A tiny instance of every kind that is read, and one good answer to each with its cost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from planner.solvers.routing.problem import Shift, Trip

if TYPE_CHECKING:
    from pathlib import Path

SQUARE: Final = """NODE_COORD_SECTION
1 0 0
2 0 10
3 10 0
4 10 10
DEMAND_SECTION
1 0
2 4
3 5
4 6
"""
DEPOT: Final = "DEPOT_SECTION\n1\n-1\nEOF\n"
WINDOWS: Final = """TIME_WINDOW_SECTION
1 0 100
2 0 40
3 15.5 20
4 0 60
"""
CVRP: Final = f"""NAME : tiny
COMMENT : (ours: three corners of a square)
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
{SQUARE}{DEPOT}"""
VRPTW: Final = f"""NAME : timed
TYPE : VRPTW
DIMENSION : 4
VEHICLES : 2
CAPACITY : 10
SERVICE_TIME : 3
EDGE_WEIGHT_TYPE : EUC_2D
{SQUARE}{WINDOWS}{DEPOT}"""
CVRPTW: Final = (
    VRPTW.replace("VRPTW", "CVRPTW")
    .replace("EUC_2D", "FLOOR_2D")
    .replace("SERVICE_TIME", "SCALE : 10\nSERVICE_TIME")
)
OVRP: Final = f"""NAME : open
TYPE : OVRP
DIMENSION : 4
VEHICLES : 2
CAPACITY : 10
DISTANCE : 24
SERVICE_TIME : 2
EDGE_WEIGHT_TYPE : EXACT_2D
{SQUARE}{DEPOT}"""
HFVRP: Final = f"""NAME: mixed
TYPE: HFVRP
DIMENSION: 4
VEHICLES: 3
EDGE_WEIGHT_TYPE: EUC_2D
{SQUARE}CAPACITY_SECTION
1 10
2 5
3 10
VEHICLES_FIXED_COST_SECTION
1 300
2 100
3 300
VEHICLES_UNIT_DISTANCE_COST_SECTION
1 100
2 50
3 100
{DEPOT}"""
MDVRPTW: Final = """NAME: depots
TYPE: MDVRPTW
DIMENSION: 4
VEHICLES: 3
CAPACITY: 10
VEHICLES_MAX_DURATION: 25
EDGE_WEIGHT_TYPE: EUC_2D
NODE_COORD_SECTION
1 0 0
2 30.5 0
3 0 10
4 30.5 1
DEMAND_SECTION
1 0
2 0
3 4
4 5
SERVICE_TIME_SECTION
1 0
2 0
3 5
4 2
TIME_WINDOW_SECTION
1 0 100
2 0 100
3 50 60
4 0 60
VEHICLES_DEPOT_SECTION
1 1
2 1
3 2
DEPOT_SECTION
1
2
EOF
"""
PRIZES: Final = "PRIZE_SECTION\n1 0\n2 7\n3 0\n4 50\n"
CPTP: Final = CVRP.replace("TYPE : CVRP", "TYPE : CPTP\nVEHICLES : 2").replace(
    "DEPOT_SECTION", PRIZES + "DEPOT_SECTION"
)
PCVRPTW: Final = VRPTW.replace("VRPTW", "PCVRPTW").replace("DEPOT_SECTION", PRIZES + "DEPOT_SECTION")
EXPLICIT: Final = f"""NAME : listed
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EXPLICIT
EDGE_WEIGHT_FORMAT : LOWER_ROW
CAPACITY : 10
EDGE_WEIGHT_SECTION
7 8 9
3 4 5
DEMAND_SECTION
1 0
2 4
3 5
4 6
{DEPOT}"""
SPLIT: Final = "3 10\n8 8 4\n0 0\n0 10\n10 0\n10 10\n"
TEAM: Final = "n 5\nm 2\ntmax 12.0\n0 0 0\n5 0 10\n5 1 7\n0 40 99\n10 0 0\n"
COUNTY: Final[Mapping[str, Any]] = {
    "name": "valley",
    "note": "ours",
    "seats": [5, 9],
    "fixed_milliyuan": [1000, 1500],
    "per_dam_milliyuan": [3, 4],
    "max_ride_s": 159,
    "board_s_per_5": 20,
    "demand": [0, 5, 4, 0, 3],
    "direct": [],
    "dist_m": [[0, 990, 990, 990, 990], [100, 0, 40, 9, 50], [60, 45, 0, 9, 30], [9] * 5, [20, 50, 30, 9, 0]],
    "time_s": [[0, 999, 999, 999, 999], [90, 0, 44, 9, 70], [80, 50, 0, 9, 60], [9] * 5, [70, 80, 60, 9, 0]],
}
PARTIES: Final = {
    **COUNTY,
    "vehicles": [3, None],
    "reach": [None, [1, 2, 4]],
    "demand": [0, 11, 4, 0, 3],
    "parts": [[], [5, 4, 2], [4], [], []],
}

Plan = Sequence[tuple[int, Sequence[int]]]
"""Vehicle type and the stops as printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A file, an answer, and what it costs, worked out by hand."""

    text: str
    routes: Sequence[Mapping[str, Any]]
    cost: float
    name: str = "tiny.vrp"

    def write(self, folder: Path) -> Path:
        """Write the file."""
        path = folder / self.name
        path.write_text(self.text, encoding="utf-8")
        return path

    def answer(self, **changes: object) -> dict[str, Any]:
        """Give the answer as the command would print it."""
        return {"cost": self.cost, "bound": self.cost, "proved": True, "routes": self.routes, **changes}


def _routes(*plan: tuple[int, list[int]]) -> list[dict[str, Any]]:
    return [{"vehicle_type": number, "stops": stops} for number, stops in plan]


SAMPLES: Final[Mapping[str, Sample]] = {
    "cvrp": Sample(text=CVRP, routes=_routes((0, [1, 3]), (0, [2])), cost=10 + 10 + 14 + 20),
    "explicit": Sample(text=EXPLICIT, routes=_routes((0, [1, 2]), (0, [3])), cost=7 + 9 + 8 + 6),
    "vrptw": Sample(text=VRPTW, routes=_routes((0, [1, 3]), (0, [2])), cost=10 + 10 + 14.1 + 20),
    "cvrptw": Sample(text=CVRPTW, routes=_routes((0, [1, 3]), (0, [2])), cost=541),
    "ovrp": Sample(text=OVRP, routes=_routes((0, [1, 3]), (0, [2])), cost=30_000),
    "hfvrp": Sample(text=HFVRP, routes=_routes((0, [1, 3]), (1, [2])), cost=3 + 34.1421 + 1 + 10),
    "mdvrptw": Sample(text=MDVRPTW, routes=_routes((0, [2]), (1, [3])), cost=22_000),
    "cptp": Sample(text=CPTP, routes=_routes((0, [3]), (0, [2])), cost=28 + 20 + 7),
    "pcvrptw": Sample(text=PCVRPTW, routes=_routes((0, [2])), cost=200 + 70 + 500),
    "split": Sample(
        text=SPLIT,
        name="tiny.sd",
        routes=[
            {"vehicle_type": 0, "stops": [1, 3], "amounts": [8, 2]},
            {"vehicle_type": 0, "stops": [2, 3], "amounts": [8, 2]},
        ],
        cost=2 * (10 + 10 + 14),
    ),
    "team": Sample(text=TEAM, name="tiny.txt", routes=_routes((0, [1, 2])), cost=17),
    "county": Sample(
        text=json.dumps(COUNTY),
        name="valley.json",
        routes=_routes((1, [1, 2]), (0, [4])),
        cost=1500 + 4 * (4 + 6) + 1000 + 3 * 2,
    ),
    "parties": Sample(
        text=json.dumps(PARTIES),
        name="parties.json",
        routes=[
            {"vehicle_type": 1, "stops": [1, 2], "amounts": [5, 4], "parts": [[0], [0]]},
            {"vehicle_type": 1, "stops": [1, 4], "amounts": [6, 3], "parts": [[1, 2], []]},
        ],
        cost=3000 + 4 * (4 + 6 + 5 + 2),
    ),
}


def shifts_of(
    numbers: Sequence[int],
    gates: Sequence[int],
    routes: Sequence[Mapping[str, Any]],
    parts: Mapping[int, Sequence[int]],
) -> tuple[Shift, ...]:
    """Turn a printed answer back into shifts; heads of split deliveries are taken from the first parts on."""
    left = {visit: list(range(len(sizes))) for visit, sizes in parts.items()}
    shifts: list[Shift] = []
    for route in routes:
        visits = tuple(numbers.index(stop) for stop in route["stops"])
        taken: list[tuple[int, ...]] = []
        for visit, heads in zip(visits, route.get("amounts", ()), strict=False):
            mine: list[int] = []
            while sum(parts[visit][part] for part in mine) < heads and left[visit]:
                mine.append(left[visit].pop(0))
            taken.append(tuple(mine))
        number: int = route["vehicle_type"]
        trip = Trip(visits=visits, gate=gates[number], taken=tuple(taken))
        shifts.append(Shift(vehicle_class=number, trips=(trip,)))
    return tuple(shifts)
