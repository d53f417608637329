"""Prize-collecting routes with time windows: the product's command, plain PyVRP and OR-Tools on one file.

PyVRP reads the file itself (distances times ten, rounded down, as the stored best-known values count);
OR-Tools gets its matrices. The product is asked by its command and judged by ``tests.bench.judge``.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# OR-Tools routing carries no types; what comes out is given one where it is stored.

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Final

from tests.bench.facts import read_facts
from tests.bench.judge import cost_of, judge
from tests.bench.routing.run import ROOT, find_breeze


def solve_breeze(path: Path, seconds: float, seed: int) -> float | None:
    """``breeze route``; None where its answer is no good."""
    how = ["--seconds", f"{seconds:g}", "--seed", str(seed), "--json"]
    done = subprocess.run(
        [*find_breeze(), "route", str(path), *how], cwd=ROOT, check=False, capture_output=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return None if judge(path, answer) else cost_of(read_facts(path), answer["routes"])


def solve_pyvrp(path: Path, seconds: float, seed: int) -> float | None:
    """PyVRP with its defaults, in this process."""
    import pyvrp  # noqa: PLC0415  # a peer loads its own library only
    from pyvrp.stop import MaxRuntime  # noqa: PLC0415  # the same

    data = pyvrp.read(path, round_func="dimacs")
    found = pyvrp.solve(data, MaxRuntime(seconds), seed=seed, collect_stats=False, display=False)
    return float(found.cost()) if found.is_feasible() else None


def solve_ortools(path: Path, seconds: float, _seed: int) -> float | None:
    """OR-Tools' routing library: disjunctions with prizes, guided local search."""
    import pyvrp  # noqa: PLC0415  # as above
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415  # as above

    data = pyvrp.read(path, round_func="dimacs")
    kind, clients, depot = data.vehicle_types()[0], data.clients(), data.depots()[0]
    places = [depot.location, *(client.location for client in clients)]
    distance = data.distance_matrix(0)[places][:, places]
    service = [0, *(client.service_duration for client in clients)]
    manager: Any = pywrapcp.RoutingIndexManager(len(places), kind.num_available, 0)
    model: Any = pywrapcp.RoutingModel(manager)
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(distance.tolist()))
    ways = [[int(distance[a, b]) + service[a] for b in range(len(places))] for a in range(len(places))]
    model.AddDimension(model.RegisterTransitMatrix(ways), depot.tw_late, depot.tw_late, False, "time")
    heads = model.RegisterUnaryTransitVector([0, *(int(sum(client.delivery)) for client in clients)])
    model.AddDimension(heads, 0, int(kind.capacity[0]), True, "load")
    clock = model.GetDimensionOrDie("time")
    for place, client in enumerate(clients, 1):
        index = manager.NodeToIndex(place)
        clock.CumulVar(index).SetRange(client.tw_early, min(client.tw_late, depot.tw_late))
        model.AddDisjunction([index], int(client.prize))
    parameters: Any = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(round(seconds * 1000))
    found: Any = model.SolveWithParameters(parameters)
    return float(found.ObjectiveValue()) if found else None


SOLVERS: Final = {"breeze": solve_breeze, "pyvrp": solve_pyvrp, "ortools": solve_ortools}
