"""Orienteering with time windows, one path: the stored files read, solved by each library, judged apart.

A line has number, x, y, service, profit, some columns of no use here, opening and closing; the first place is
start and end, and its closing the longest path. Lengths are rounded down to tenths (Solomon's places) or
hundredths (Cordeau's, ``pr``) and counted as whole numbers of these.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# OR-Tools routing carries no types; what comes out is given one where it is stored.

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from planner.solvers.routing import ROUTERS
from planner.solvers.routing.problem import Gate, RoutingProblem, VehicleClass, Visit
from planner.solvers.routing.search import Budget

OPTIMA: Final = "optw_m1_optima.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A file in whole numbers: ``lengths`` over its places, the start first."""

    lengths: tuple[tuple[int, ...], ...]
    service: tuple[int, ...]
    profit: tuple[int, ...]
    windows: tuple[tuple[int, int], ...]


def read(path: Path) -> Walk:
    """Read a stored file."""
    parts = 100 if path.stem.startswith("pr") else 10
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()][2:]
    places = [(float(row[1]), float(row[2])) for row in rows]
    return Walk(
        lengths=tuple(
            tuple(math.floor(parts * math.hypot(ax - bx, ay - by) + 1e-9) for bx, by in places)
            for ax, ay in places
        ),
        service=tuple(round(parts * float(row[3])) for row in rows),
        profit=tuple(round(float(row[4])) for row in rows),
        windows=tuple((round(parts * float(row[-2])), round(parts * float(row[-1]))) for row in rows),
    )


def profit_of(walk: Walk, path: Sequence[int]) -> int | None:
    """What a path collects; None where it is unlawful."""
    now = walk.windows[0][0]
    if len(set(path)) < len(path) or 0 in path:
        return None
    for before, place in pairwise((0, *path, 0)):
        now = max(
            now + walk.service[before] * (before > 0) + walk.lengths[before][place], walk.windows[place][0]
        )
        if now > walk.windows[place][1]:
            return None
    return sum(walk.profit[place] for place in path)


def optimum(path: Path) -> int | None:
    """The proved optimum, where the folder has one."""
    table: dict[str, int] = json.loads((path.parent / OPTIMA).read_text(encoding="utf-8"))
    return table.get(path.stem)


def solve_breeze(walk: Walk, seconds: float, seed: int) -> tuple[list[int], float | None]:
    """The product's default router; the path and the most that any collects."""
    size, closes = len(walk.profit), walk.windows[0][1]
    worth = closes + 1
    lengths = np.array(walk.lengths, dtype=np.int64)
    order = [*range(1, size), 0]
    matrix = lengths[np.ix_(order, order)]
    problem = RoutingProblem(
        visits=tuple(
            Visit(
                heads=0,
                service_s=walk.service[place],
                prize=walk.profit[place] * worth,
                opens_s=walk.windows[place][0],
                closes_s=walk.windows[place][1],
            )
            for place in range(1, size)
        ),
        gates=(Gate(node=size - 1, closes_s=closes),),
        vehicle_classes=(VehicleClass(count=1, capacity=1, start=size - 1, per_km_fen=1000),),
        seconds=(matrix,),
        metres=(matrix,),
    )
    found = ROUTERS["best"](problem, Budget(seconds=seconds, seed=seed, workers=2))
    path = [visit + 1 for shift in found.shifts for trip in shift.trips for visit in trip.visits]
    if found.bound is None:
        return path, None
    return path, sum(walk.profit) - math.ceil((found.bound.fen - closes) / worth)


def solve_ortools(walk: Walk, seconds: float, _seed: int) -> tuple[list[int], float | None]:
    """OR-Tools' routing library: disjunctions with profits, guided local search."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415  # a peer loads its own

    size, closes = len(walk.profit), walk.windows[0][1]
    manager: Any = pywrapcp.RoutingIndexManager(size, 1, 0)
    model: Any = pywrapcp.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix([list(row) for row in walk.lengths]))
    ways = [[walk.service[a] * (a > 0) + walk.lengths[a][b] for b in range(size)] for a in range(size)]
    model.AddDimension(model.RegisterTransitMatrix(ways), closes, closes, False, "time")
    clock = model.GetDimensionOrDie("time")
    for place in range(1, size):
        index = manager.NodeToIndex(place)
        model.AddDisjunction([index], walk.profit[place] * (closes + 1))
        if walk.windows[place][0] <= min(walk.windows[place][1], closes):
            clock.CumulVar(index).SetRange(walk.windows[place][0], min(walk.windows[place][1], closes))
    parameters: Any = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(round(seconds * 1000))
    found: Any = model.SolveWithParameters(parameters)
    path: list[int] = []
    index = found.Value(model.NextVar(model.Start(0))) if found else model.End(0)
    while not model.IsEnd(index):
        path.append(manager.IndexToNode(index))
        index = found.Value(model.NextVar(index))
    return path, None


SOLVERS: Final = {"breeze": solve_breeze, "ortools": solve_ortools}
