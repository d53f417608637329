"""The routing libraries as one who knows them would use them, each on the same layout of the instance.

* ``ortools``: parallel cheapest insertion and guided local search; the ride limit is a second dimension.
  It has no seed. A tight fleet needs disjunctions, or its first plan is None without a word.
* ``pyvrp``: ``pyvrp.solve`` with its defaults; ``pyvrp-raised`` with only the penalty cap raised, as its
  own warning advises. The ride limit is the shift limit over seconds whose row of the start is zero.
* ``vroom``: exploration level 5 and two threads; ride limit as time window, costs as a matrix of their
  own. No seed; it may stop by itself.

None of them splits a load: all get the pieces of ``load.cut``.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# OR-Tools routing and VROOM carry no types; what comes out is given one where it is stored.

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tests.bench.routing.load import Instance, Kind, Layout, Piece, lay_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

Routes = list[tuple[int, list[Piece]]]
Peer = Callable[[Instance, float, int], Routes | None]
"""Takes instance, seconds and seed; None when it found no plan."""

_SPARE: Final = 1.3
"""Vehicles of a free type laid out, as a multiple of what would seat everybody: OR-Tools needs the room."""
_RAISED: Final = 1e7
_VROOM_LEVEL: Final = 5
_VROOM_MOST: Final = 2_000_000
"""Dearest arc it is given; it refuses sums that might overflow."""
_THREADS: Final = 2


def counts(instance: Instance, layout: Layout) -> list[int]:
    """How many vehicles of each kind a library that lists them one by one is given."""
    total = sum(piece.heads for piece in layout.pieces)
    made: list[int] = []
    for kind in instance.kinds:
        enough = len(layout.pieces)
        if not layout.windows:
            enough = min(int(_SPARE * total / kind.capacity) + 3, enough)
        made.append(enough if kind.count is None else min(enough, kind.count))
    return made


def _is_tight(instance: Instance) -> bool:
    seats = [None if kind.count is None else kind.count * kind.capacity for kind in instance.kinds]
    return sum(number or 0 for number in seats) < _SPARE * sum(instance.heads) and None not in seats


def barred(kind: Kind, layout: Layout) -> list[int]:
    """Nodes of the layout a kind may not call at."""
    if kind.reach is None:
        return []
    return [n for n, piece in enumerate(layout.pieces, start=1) if piece.node not in kind.reach]


def solve_pyvrp(instance: Instance, seconds: float, seed: int, *, raised: bool) -> Routes | None:
    """Solve with PyVRP in this process."""
    from pyvrp import PenaltyParams, SolveParams, solve  # noqa: PLC0415  # a peer loads its own library only
    from pyvrp.stop import MaxRuntime  # noqa: PLC0415  # the same

    layout = lay_out(instance)
    params = SolveParams(penalty=PenaltyParams(max_penalty=_RAISED)) if raised else SolveParams()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the cap it warns of is what the two variants compare
        found = solve(
            _pyvrp_data(instance, layout), MaxRuntime(seconds), seed=seed, params=params, collect_stats=False
        )
    if not found.is_feasible():
        return None
    return [
        (route.vehicle_type(), [layout.pieces[visit.idx] for visit in route if visit.is_client()])
        for route in found.best.routes()
    ]


def _pyvrp_data(instance: Instance, layout: Layout) -> Any:
    from pyvrp import Client, Depot, Location, ProblemData, VehicleType  # noqa: PLC0415  # as above

    depots = sorted({0, layout.end})
    windows = layout.windows or [(0, 2**62)] * len(layout.distance)
    profiles: list[tuple[int, ...]] = []
    kinds: list[VehicleType] = []
    for kind in instance.kinds:
        banned = tuple(barred(kind, layout))
        if banned not in profiles:
            profiles.append(banned)
        kinds.append(
            VehicleType(
                num_available=len(layout.pieces) if kind.count is None else kind.count,
                capacity=[kind.capacity * instance.per_head],
                start_depot=0,
                end_depot=depots.index(layout.end),
                fixed_cost=kind.fixed,
                unit_distance_cost=kind.per_unit,
                shift_duration=2**62 if instance.limit is None else instance.limit,
                profile=profiles.index(banned),
            )
        )
    timed = bool(layout.windows) or instance.limit is not None
    return ProblemData(
        locations=[Location(0, 0) for _ in layout.distance],
        clients=[
            Client(
                location=node,
                pickup=[piece.heads * instance.per_head],
                service_duration=layout.service[node],
                tw_early=windows[node][0],
                tw_late=windows[node][1],
            )
            for node, piece in enumerate(layout.pieces, start=1)
        ],
        depots=[Depot(node, tw_early=windows[node][0], tw_late=windows[node][1]) for node in depots],
        vehicle_types=kinds,
        distance_matrices=[layout.distance for _ in profiles],  # pyright: ignore[reportArgumentType]  # a stub before numpy 2
        duration_matrices=[  # pyright: ignore[reportArgumentType]  # the same
            _closed(layout.seconds if timed else 0 * layout.seconds, banned, beyond=instance.limit or 1)
            for banned in profiles
        ],
    )


def _closed(seconds: NDArray[np.int64], banned: Sequence[int], *, beyond: int) -> NDArray[np.int64]:
    """Make banned stops too far for any route within its limit."""
    made = seconds.copy()
    made[:, list(banned)] += 2 * beyond
    np.fill_diagonal(made, 0)
    return made


def solve_ortools(instance: Instance, seconds: float, _seed: int) -> Routes | None:
    """Solve with OR-Tools' routing library in this process."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415  # as above

    layout = lay_out(instance)
    kind_of = [k for k, count in enumerate(counts(instance, layout)) for _ in range(count)]
    ends = [layout.end] * len(kind_of)
    manager: Any = pywrapcp.RoutingIndexManager(len(layout.distance), len(kind_of), [0] * len(ends), ends)
    routing: Any = pywrapcp.RoutingModel(manager)
    _add_ortools(routing, manager, instance=instance, layout=layout, kind_of=kind_of)
    parameters: Any = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(round(seconds * 1000))
    found: Any = routing.SolveWithParameters(parameters)
    if found is None:
        return None
    routes: Routes = []
    for vehicle, kind in enumerate(kind_of):
        pieces: list[Piece] = []
        index = found.Value(routing.NextVar(routing.Start(vehicle)))
        while not routing.IsEnd(index):
            pieces.append(layout.pieces[manager.IndexToNode(index) - 1])
            index = found.Value(routing.NextVar(index))
        if pieces:
            routes.append((kind, pieces))
    return routes if sum(len(pieces) for _, pieces in routes) == len(layout.pieces) else None


def _add_ortools(
    routing: Any, manager: Any, *, instance: Instance, layout: Layout, kind_of: list[int]
) -> None:
    arcs = [
        routing.RegisterTransitMatrix((kind.per_unit * layout.distance).tolist()) for kind in instance.kinds
    ]
    for vehicle, kind in enumerate(kind_of):
        routing.SetArcCostEvaluatorOfVehicle(arcs[kind], vehicle)
        routing.SetFixedCostOfVehicle(instance.kinds[kind].fixed, vehicle)
    heads = [0] * len(layout.distance)
    heads[1 : 1 + len(layout.pieces)] = [piece.heads for piece in layout.pieces]
    load = routing.RegisterUnaryTransitVector(heads)
    seats = [instance.kinds[kind].capacity for kind in kind_of]
    routing.AddDimensionWithVehicleCapacity(load, 0, seats, True, "load")
    if instance.limit is not None or layout.windows:
        lasting = layout.seconds + np.array(layout.service)[:, None]
        time = routing.RegisterTransitMatrix(lasting.tolist())
        most = instance.limit if instance.limit is not None else max(w[1] for w in layout.windows)
        routing.AddDimension(time, most, most, False, "time")
    if layout.windows:
        clock = routing.GetDimensionOrDie("time")
        for node in range(1, 1 + len(layout.pieces)):
            clock.CumulVar(manager.NodeToIndex(node)).SetRange(*layout.windows[node])
        for vehicle in range(len(kind_of)):
            clock.CumulVar(routing.Start(vehicle)).SetRange(*layout.windows[0])
            clock.CumulVar(routing.End(vehicle)).SetRange(*layout.windows[layout.end])
    _bar_ortools(routing, manager, instance=instance, layout=layout, kind_of=kind_of)
    if _is_tight(instance):
        dear = 2 * max(k.fixed + k.per_unit * int(layout.distance.max()) for k in instance.kinds)
        for node in range(1, 1 + len(layout.pieces)):
            routing.AddDisjunction([manager.NodeToIndex(node)], 10 * dear)


def _bar_ortools(
    routing: Any, manager: Any, *, instance: Instance, layout: Layout, kind_of: list[int]
) -> None:
    closed = [set(barred(kind, layout)) for kind in instance.kinds]
    for node in range(1, 1 + len(layout.pieces)):
        if any(node in nodes for nodes in closed):
            may = [v for v, kind in enumerate(kind_of) if node not in closed[kind]]
            # Not SetAllowedVehiclesForIndex: its Python wrapper takes no list. -1 is a stop left out.
            routing.VehicleVar(manager.NodeToIndex(node)).SetValues([-1, *may])


def solve_vroom(instance: Instance, seconds: float, _seed: int) -> Routes | None:
    """Solve with VROOM in this process; None where it left somebody out."""
    vroom: Any = importlib.import_module("vroom")
    layout = lay_out(instance)
    problem: Any = vroom.Input()
    dearest = max(kind.per_unit for kind in instance.kinds) * int(layout.distance.max())
    coarse = -(-dearest // _VROOM_MOST)
    for number, kind in enumerate(instance.kinds):
        problem.set_durations_matrix(str(number), layout.seconds)
        problem.set_costs_matrix(str(number), kind.per_unit * layout.distance // coarse)
    open_to = layout.windows[0] if layout.windows else None
    if instance.limit is not None:
        open_to = (0, instance.limit)
    kind_of = [k for k, count in enumerate(counts(instance, layout)) for _ in range(count)]
    for vehicle, number in enumerate(kind_of):
        kind = instance.kinds[number]
        closed = set(barred(kind, layout))
        problem.add_vehicle(
            vroom.Vehicle(
                vehicle,
                start=0,
                end=layout.end,
                profile=str(number),
                capacity=[kind.capacity],
                # A job asks for the skill of its own number where some kind may not call.
                skills=set(range(1, 1 + len(layout.pieces))) - closed,
                time_window=None if open_to is None else vroom.TimeWindow(*open_to),
                costs=vroom.VehicleCosts(fixed=kind.fixed // coarse),
            )
        )
    asked = {node for kind in instance.kinds for node in barred(kind, layout)}
    for node, piece in enumerate(layout.pieces, start=1):
        window = [vroom.TimeWindow(*layout.windows[node])] if layout.windows else []
        problem.add_job(
            vroom.Job(
                node,
                node,
                default_service=layout.service[node],
                pickup=vroom.Amount([piece.heads]),
                skills={node} & asked,
                time_windows=window,
            )
        )
    found: Any = problem.solve(_VROOM_LEVEL, nb_threads=_THREADS, timeout=timedelta(seconds=seconds))
    return _read_vroom(found.to_dict(), layout=layout, kind_of=kind_of)


def _read_vroom(found: dict[str, Any], *, layout: Layout, kind_of: list[int]) -> Routes | None:
    if found["unassigned"]:
        return None
    return [
        (
            kind_of[route["vehicle"]],
            [layout.pieces[step["id"] - 1] for step in route["steps"] if step["type"] == "job"],
        )
        for route in found["routes"]
    ]


PEERS: Final[dict[str, Peer]] = {
    "ortools": solve_ortools,
    "pyvrp": partial(solve_pyvrp, raised=False),
    "pyvrp-raised": partial(solve_pyvrp, raised=True),
    "vroom": solve_vroom,
}
SEEDLESS: Final = frozenset({"ortools", "vroom"})
"""Peers that do the same whatever the seed: one run each is enough."""
