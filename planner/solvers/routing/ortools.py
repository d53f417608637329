"""OR-Tools routing: parallel cheapest insertion, then guided local search.

The recipe measured best among OR-Tools' own start and search methods. The library has no seed and a cap on
solutions may never be met, so counted effort is the number of times the search asks whether to go on: it
repeats exactly, and a wall clock does not. ``Budget.seed`` is ignored here. The library is silent
when a tight fleet finds no first plan, so every visit may be dropped at its prize, and half the search
starts from the savings plan.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# OR-Tools routing carries no types; what comes out is given one where it is stored.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.problem import UNREACHABLE, Budget, RoutingProblem, RoutingSolution, Trip
from planner.solvers.routing.savings import solve_savings

_CHECKS: Final = 1_000
"""Questions whether to go on that one unit of effort allows: about 10 ms of search."""
_NO_LIMIT_S: Final = 86_400
"""A clock that counted effort never sees; without one the library complains."""
_FAR: Final = 10**7
"""Seconds that no window allows, and fen that no plan pays: a missing road in a matrix."""


def solve_ortools(problem: RoutingProblem, budget: Budget) -> RoutingSolution:
    """Search half the budget from the library's own start, half from savings; keep the better, repaired.

    Neither start wins always: on a tight fleet parallel cheapest insertion leaves people behind that
    savings takes along, on a loose one it is the cheaper. Never dearer than savings alone.
    """
    start = solve_savings(problem, Budget(seed=budget.seed))
    ready = any(kind.count and kind.ready_s <= kind.end_closes_s for kind in problem.vehicle_classes)
    found = [start.trips]
    for first in ((), start.trips) if problem.visits and ready else ():
        if not budget.stop():
            trips = _Model(problem).search(first, _half(budget), best=problem.objective_fen(found[-1]))
            trips = insert_all(problem, trips, visits=problem.left_out(trips))
            found.append(min(trips, found[-1], key=problem.objective_fen))
    return RoutingSolution(trips=found[-1], finished=False)


def _half(budget: Budget) -> Budget:
    return replace(
        budget,
        seconds=None if budget.seconds is None else budget.seconds / 2,
        effort=None if budget.effort is None else max(budget.effort // 2, 1),
    )


class _Model:
    """The OR-Tools model of one problem: vehicles spelled out class by class."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.class_of = [
            number
            for number, kind in enumerate(problem.vehicle_classes)
            for _ in range(min(kind.count, len(problem.visits)) if kind.ready_s <= kind.end_closes_s else 0)
        ]
        kinds = [problem.vehicle_classes[number] for number in self.class_of]
        nodes = problem.seconds[0].shape[0]
        self.manager = pywrapcp.RoutingIndexManager(
            nodes, len(kinds), [kind.start for kind in kinds], [kind.end for kind in kinds]
        )
        self.routing: Any = pywrapcp.RoutingModel(self.manager)
        self._clocks: dict[tuple[int, ...], int] = {}
        self._add_costs()
        self._add_time()
        self._add_ride()
        self._add_wheel()
        self._add_load()
        for visit, figures in enumerate(problem.visits):
            self.routing.AddDisjunction([self.manager.NodeToIndex(visit)], figures.prize)
        for terminal in (
            set(range(len(problem.visits), nodes)) - {k.start for k in kinds} - {k.end for k in kinds}
        ):
            # Nobody starts here any more: to the library it would be one more place to visit.
            index = self.manager.NodeToIndex(terminal)
            self.routing.AddDisjunction([index], 0)
            self.routing.ActiveVar(index).SetValue(0)

    def _add_costs(self) -> None:
        callbacks: dict[tuple[int, int, int], int] = {}
        for vehicle, number in enumerate(self.class_of):
            kind = self.problem.vehicle_classes[number]
            tariff = (kind.profile, kind.per_km_fen, kind.per_hour_fen)
            if tariff not in callbacks:
                closed = self.problem.seconds[kind.profile] == UNREACHABLE
                arcs = np.where(closed, _FAR, self.problem.arc_costs(number))
                callbacks[tariff] = self.routing.RegisterTransitMatrix(arcs.tolist())
            self.routing.SetArcCostEvaluatorOfVehicle(callbacks[tariff], vehicle)
            self.routing.SetFixedCostOfVehicle(kind.fixed_fen, vehicle)

    def _profile_callbacks(self, matrices: list[np.ndarray[Any, Any]]) -> list[int]:
        registered = [self.routing.RegisterTransitMatrix(matrix.tolist()) for matrix in matrices]
        return [registered[self.problem.vehicle_classes[number].profile] for number in self.class_of]

    def _driving(self) -> list[np.ndarray[Any, Any]]:
        """Seconds with missing roads far away and terminal to terminal free: empty vehicles are lawful."""
        made: list[np.ndarray[Any, Any]] = []
        first_terminal = len(self.problem.visits)
        for seconds in self.problem.seconds:
            driving = np.where(seconds == UNREACHABLE, _FAR, seconds)
            driving[first_terminal:, first_terminal:] = 0
            made.append(driving)
        return made

    def _add_time(self) -> None:
        problem = self.problem
        transits = [self._clock_callback(number) for number in self.class_of]
        horizon = max(kind.end_closes_s for kind in problem.vehicle_classes)
        self.routing.AddDimensionWithVehicleTransits(transits, 0, horizon, False, "time")
        time = self.routing.GetDimensionOrDie("time")
        for vehicle, number in enumerate(self.class_of):
            kind = problem.vehicle_classes[number]
            time.CumulVar(self.routing.Start(vehicle)).SetMin(min(kind.ready_s, kind.end_closes_s))
            time.CumulVar(self.routing.End(vehicle)).SetRange(kind.end_opens_s, kind.end_closes_s)
        for visit in range(len(problem.visits)):
            time.CumulVar(self.manager.NodeToIndex(visit)).SetMin(min(problem.earliest_visit_s, horizon))

    def _clock_callback(self, number: int) -> int:
        """Driving, service, the rest after a long first way, never one too long; alike classes share one."""
        kind = self.problem.vehicle_classes[number]
        key = (kind.profile, kind.start, kind.rest_after_s, kind.rest_s, kind.lead_limit_s)
        if key not in self._clocks:
            driving = self._driving()[kind.profile]
            service = np.array([self.problem.service_s(node) for node in range(driving.shape[0])])
            lasting = driving + service[:, None]
            visits = slice(0, len(self.problem.visits))
            lead = driving[kind.start, visits]
            lasting[kind.start, visits] += kind.rest_s * (lead > kind.rest_after_s)
            lasting[kind.start, visits] += _FAR * (lead > kind.lead_limit_s)
            self._clocks[key] = self.routing.RegisterTransitMatrix(lasting.tolist())
        return self._clocks[key]

    def _add_ride(self) -> None:
        """Time on board since the first pick-up: nothing counts on the way to the first visit."""
        problem = self.problem
        service = np.array([problem.service_s(node) for node in range(problem.seconds[0].shape[0])])
        riding = [driving + service[None, :] for driving in self._driving()]
        for matrix in riding:
            matrix[len(problem.visits) :, :] = 0
        transits = self._profile_callbacks(riding)
        self.routing.AddDimensionWithVehicleTransits(transits, 0, problem.ride_limit_s, True, "ride")

    def _add_wheel(self) -> None:
        """Seconds at the wheel from start to end, whatever is served between."""
        limits = [self.problem.vehicle_classes[number].drive_limit_s for number in self.class_of]
        transits = self._profile_callbacks(self._driving())
        self.routing.AddDimensionWithVehicleTransitAndCapacity(transits, 0, limits, True, "wheel")

    def _add_load(self) -> None:
        problem = self.problem
        heads = [visit.heads for visit in problem.visits]
        heads += [0] * (problem.seconds[0].shape[0] - len(heads))
        callback = self.routing.RegisterUnaryTransitVector(heads)
        capacities = [problem.vehicle_classes[number].capacity for number in self.class_of]
        self.routing.AddDimensionWithVehicleCapacity(callback, 0, capacities, True, "load")

    def search(self, first: Sequence[Trip], budget: Budget, *, best: int) -> tuple[Trip, ...]:
        """Search from ``first``, or from the library's own start when it is empty; () when nothing is found.

        Costs below ``best`` are told to the budget's ``progress``.
        """
        parameters: Any = pywrapcp.DefaultRoutingSearchParameters()
        parameters.first_solution_strategy = (
            routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        )
        parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        seconds = _NO_LIMIT_S if budget.seconds is None else min(budget.seconds, _NO_LIMIT_S)
        parameters.time_limit.FromMilliseconds(max(round(seconds * 1000), 1))

        def heard() -> None:
            nonlocal best
            cost = self.routing.CostVar().Max()
            if cost < best:
                best = cost
                budget.progress(best)

        self.routing.CloseModelWithParameters(parameters)
        self.routing.AddAtSolutionCallback(heard)
        checks = 0

        def is_over() -> bool:
            nonlocal checks
            checks += 1
            return budget.stop() or (budget.effort is not None and checks > _CHECKS * budget.effort)

        self.routing.AddSearchMonitor(self.routing.solver().CustomLimit(is_over))
        standing = self._write(first) if first else None
        if standing is None:
            found = self.routing.SolveWithParameters(parameters)
        else:
            found = self.routing.SolveFromAssignmentWithParameters(standing, parameters)
        return () if found is None else self._read(found)

    def _write(self, trips: Sequence[Trip]) -> Any:
        free = {
            number: [v for v, k in enumerate(self.class_of) if k == number] for number in set(self.class_of)
        }
        routes: list[list[int]] = [[] for _ in self.class_of]
        for trip in trips:
            routes[free[trip.vehicle_class].pop(0)] = list(trip.visits)
        return self.routing.ReadAssignmentFromRoutes(routes, True)

    def _read(self, found: Any) -> tuple[Trip, ...]:
        trips: list[Trip] = []
        for vehicle, number in enumerate(self.class_of):
            visits: list[int] = []
            index = found.Value(self.routing.NextVar(self.routing.Start(vehicle)))
            while not self.routing.IsEnd(index):
                visits.append(self.manager.IndexToNode(index))
                index = found.Value(self.routing.NextVar(index))
            if visits:
                trips.append(Trip(vehicle_class=number, visits=tuple(visits)))
        return tuple(trips)
