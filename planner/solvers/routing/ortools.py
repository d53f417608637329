"""OR-Tools routing: parallel cheapest insertion, then guided local search.

The recipe measured best among OR-Tools' own start and search methods. The library has no seed and a cap on
solutions may never be met, so counted effort is the number of times the search asks whether to go on: it
repeats exactly, and a wall clock does not. ``Budget.seed`` is ignored here. The library is silent
when a tight fleet finds no first plan, so every visit may be dropped at its prize, and half the search
starts from the savings plan, or from the plan given where that is cheaper.

It solves simple problems (one trip a vehicle, one gate a class, nobody's people in parts); others go
through ``solve_split``.
"""

# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# OR-Tools routing carries no types; what comes out is given one where it is stored.

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.problem import FOREVER, UNREACHABLE, RoutingProblem, Shift, Trip
from planner.solvers.routing.savings import clocked, solve_savings
from planner.solvers.routing.search import Budget, Progress, RoutingSolution
from planner.solvers.routing.splits import solve_split

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CHECKS: Final = 1_000
"""Questions whether to go on that one unit of effort allows: about 10 ms of search."""
_NO_LIMIT_S: Final = 86_400
"""A clock that counted effort never sees; without one the library complains."""
_REPAIR: Final = 0.02
"""Share of the seconds kept for inserting what the last search dropped."""
_FAR: Final = 10**10
"""Seconds that no window allows, and fen that no plan pays: a missing road in a matrix."""


def solve_ortools(problem: RoutingProblem, budget: Budget) -> RoutingSolution:
    """Search half the budget from the library's own start, half from savings; keep the better, repaired.

    Neither start wins always: on a tight fleet parallel cheapest insertion leaves people behind that
    savings takes along, on a loose one it is the cheaper. Never dearer than savings alone.
    """
    if not problem.is_simple:
        return solve_split(problem, budget, router=solve_ortools)
    until_s = time.monotonic() + (budget.seconds or 0)
    stop = clocked(budget)
    shifts = solve_savings(problem, budget).shifts
    ready = problem.visits and any(
        _is_ready(problem, number) for number in range(len(problem.vehicle_classes))
    )
    for first, runs in (((), 2), (shifts, 1)) if ready else ():
        if not stop():
            model = _Model(problem)
            share = _share(budget, runs=runs, until_s=until_s)
            found = model.search(first, share, best=problem.objective_fen(shifts))
            lawful = tuple(shift for shift in found if problem.is_feasible(shift))
            found = insert_all(problem, lawful, visits=problem.left_out(lawful), stop=stop)
            if problem.objective_fen(found) < problem.objective_fen(shifts):
                shifts = found
                budget.progress(Progress(cost_fen=problem.objective_fen(shifts)))
    return RoutingSolution(shifts=shifts, finished=False)


def _share(budget: Budget, *, runs: int, until_s: float) -> Budget:
    """For one of the runs still to come: an equal share of the seconds left, or half of the effort."""
    if budget.effort is not None:
        return replace(budget, effort=max(budget.effort // 2, 1))
    left_s = until_s - _REPAIR * (budget.seconds or 0) - time.monotonic()
    return replace(budget, seconds=max(left_s / runs, 0.001))


def _is_ready(problem: RoutingProblem, number: int) -> bool:
    kind = problem.vehicle_classes[number]
    return kind.count > 0 and kind.ready_s <= problem.gates[kind.gates[0]].closes_s


def _must_wait(problem: RoutingProblem) -> bool:
    """Whether a vehicle may have to wait between stops: leaving later is enough where all open together."""
    opens = {visit.opens_s for visit in problem.visits}
    return len(opens) > 1 or any(visit.closes_s < FOREVER for visit in problem.visits)


class _Model:
    """The OR-Tools model of one simple problem: vehicles spelled out class by class."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        self.class_of = [
            number
            for number, kind in enumerate(problem.vehicle_classes)
            for _ in range(min(kind.count, len(problem.visits)) if _is_ready(problem, number) else 0)
        ]
        kinds = [problem.vehicle_classes[number] for number in self.class_of]
        self.gates = [problem.gates[kind.gates[0]] for kind in kinds]
        nodes = problem.seconds[0].shape[0]
        starts, ends = [kind.start for kind in kinds], [gate.node for gate in self.gates]
        self.manager = pywrapcp.RoutingIndexManager(nodes, len(kinds), starts, ends)
        self.routing: Any = pywrapcp.RoutingModel(self.manager)
        self._clocks: dict[tuple[int, ...], int] = {}
        # Slack only where it must be: the search is a tenth slower with it.
        self.wait = 2 * FOREVER if _must_wait(problem) else 0
        self._add_costs()
        self._add_time()
        self._add_ride()
        self._add_wheel()
        self._add_load()
        self._add_visits()
        for terminal in set(range(len(problem.visits), nodes)) - {*starts, *ends}:
            # Nobody starts here any more: to the library it would be one more place to visit.
            index = self.manager.NodeToIndex(terminal)
            self.routing.AddDisjunction([index], 0)
            self.routing.ActiveVar(index).SetValue(0)

    def _add_visits(self) -> None:
        """Each visit by a vehicle that may make it, or left out at its prize."""
        problem = self.problem
        for visit, figures in enumerate(problem.visits):
            index = self.manager.NodeToIndex(visit)
            self.routing.AddDisjunction([index], figures.prize)
            allowed = [
                vehicle
                for vehicle, number in enumerate(self.class_of)
                if problem.may_make(number, visit, problem.vehicle_classes[number].gates[0])
            ]
            if not allowed:
                self.routing.ActiveVar(index).SetValue(0)
            elif len(allowed) < len(self.class_of):
                self.routing.VehicleVar(index).SetValues([-1, *allowed])

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

    def _profile_callbacks(self, matrices: Sequence[NDArray[np.int64]]) -> list[int]:
        registered = [self.routing.RegisterTransitMatrix(matrix.tolist()) for matrix in matrices]
        return [registered[self.problem.vehicle_classes[number].profile] for number in self.class_of]

    def _driving(self) -> list[NDArray[np.int64]]:
        """Seconds with missing roads far away and terminal to terminal free: empty vehicles are lawful."""
        made: list[NDArray[np.int64]] = []
        first_terminal = len(self.problem.visits)
        for seconds in self.problem.seconds:
            driving = np.where(seconds == UNREACHABLE, _FAR, seconds)
            driving[first_terminal:, first_terminal:] = 0
            made.append(driving)
        return made

    def _add_time(self) -> None:
        """Arrivals within windows: never before the vehicle is ready and has come there."""
        problem = self.problem
        transits = [self._clock_callback(number) for number in self.class_of]
        horizon = max(gate.closes_s for gate in self.gates)
        self.routing.AddDimensionWithVehicleTransits(transits, self.wait, horizon, False, "time")
        time = self.routing.GetDimensionOrDie("time")
        for vehicle, number in enumerate(self.class_of):
            kind = problem.vehicle_classes[number]
            time.CumulVar(self.routing.Start(vehicle)).SetMin(min(kind.ready_s, self.gates[vehicle].closes_s))
            time.CumulVar(self.routing.End(vehicle)).SetRange(
                min(self.gates[vehicle].opens_s, horizon), self.gates[vehicle].closes_s
            )
            if kind.duration_limit_s < FOREVER:
                time.SetSpanUpperBoundForVehicle(kind.duration_limit_s, vehicle)
        for visit, figures in enumerate(problem.visits):
            opens, closes = min(figures.opens_s, horizon), min(figures.closes_s, horizon)
            time.CumulVar(self.manager.NodeToIndex(visit)).SetRange(opens, closes)

    def _clock_callback(self, number: int) -> int:
        """Driving, service, the rest after a long first way, never one too long; alike classes share one."""
        problem, kind = self.problem, self.problem.vehicle_classes[number]
        longest = kind.unbroken_limit_s - kind.unbroken_s
        key = (kind.profile, kind.start, longest, kind.rest_s)
        if key not in self._clocks:
            lasting = self._driving()[kind.profile]
            visits = slice(0, len(problem.visits))
            lead = lasting[kind.start, visits].copy()
            lasting += np.array([problem.service_s(node) for node in range(lasting.shape[0])])[:, None]
            lasting[kind.start, visits] += kind.rest_s * (lead > longest - problem.ride_limit_s)
            lasting[kind.start, visits] += _FAR * (lead > longest)
            self._clocks[key] = self.routing.RegisterTransitMatrix(lasting.tolist())
        return self._clocks[key]

    def _add_ride(self) -> None:
        """Time on board since the first pick-up: nothing counts on the way to the first visit.

        Where vehicles wait, this is a second clock, of the ends of boarding: it needs no tie to the first
        one, as the least ride is the same whenever a vehicle that can keep the windows sets out.
        """
        problem, terminal = self.problem, len(self.problem.visits)
        if problem.ride_limit_s >= FOREVER:
            return
        service = np.array([problem.service_s(node) for node in range(problem.seconds[0].shape[0])])
        riding = [driving + service[None, :] for driving in self._driving()]
        for matrix in riding:
            matrix[terminal:, :] = 0
        transits = self._profile_callbacks(riding)
        if not self.wait:
            self.routing.AddDimensionWithVehicleTransits(transits, 0, problem.ride_limit_s, True, "ride")
            return
        self.routing.AddDimensionWithVehicleTransits(transits, self.wait, 2 * FOREVER, False, "ride")
        ride = self.routing.GetDimensionOrDie("ride")
        for vehicle, gate in enumerate(self.gates):
            ride.CumulVar(self.routing.End(vehicle)).SetRange(gate.opens_s, gate.closes_s)
            ride.SlackVar(self.routing.Start(vehicle)).SetValue(0)
            ride.SetSpanUpperBoundForVehicle(problem.ride_limit_s, vehicle)
        for visit, figures in enumerate(problem.visits):
            boarded = figures.opens_s + figures.service_s, figures.closes_s + figures.service_s
            ride.CumulVar(self.manager.NodeToIndex(visit)).SetRange(*boarded)

    def _add_wheel(self) -> None:
        """Seconds at the wheel from start to end, whatever is served between."""
        limits = [self.problem.vehicle_classes[number].drive_limit_s for number in self.class_of]
        if min(limits) >= FOREVER:
            return
        transits = self._profile_callbacks(self._driving())
        self.routing.AddDimensionWithVehicleTransitAndCapacity(transits, 0, limits, True, "wheel")

    def _add_load(self) -> None:
        problem = self.problem
        heads = [visit.heads for visit in problem.visits]
        heads += [0] * (problem.seconds[0].shape[0] - len(heads))
        callback = self.routing.RegisterUnaryTransitVector(heads)
        capacities = [problem.vehicle_classes[number].capacity for number in self.class_of]
        self.routing.AddDimensionWithVehicleCapacity(callback, 0, capacities, True, "load")

    def search(self, first: Sequence[Shift], budget: Budget, *, best: int) -> tuple[Shift, ...]:
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
                budget.progress(Progress(cost_fen=best))

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

    def _write(self, shifts: Sequence[Shift]) -> Any:
        free = {
            number: [v for v, k in enumerate(self.class_of) if k == number] for number in set(self.class_of)
        }
        routes: list[list[int]] = [[] for _ in self.class_of]
        for shift in shifts:
            routes[free[shift.vehicle_class].pop(0)] = list(shift.trips[0].visits)
        return self.routing.ReadAssignmentFromRoutes(routes, True)

    def _read(self, found: Any) -> tuple[Shift, ...]:
        shifts: list[Shift] = []
        for vehicle, number in enumerate(self.class_of):
            visits: list[int] = []
            index = found.Value(self.routing.NextVar(self.routing.Start(vehicle)))
            while not self.routing.IsEnd(index):
                visits.append(self.manager.IndexToNode(index))
                index = found.Value(self.routing.NextVar(index))
            if visits:
                gate = self.problem.vehicle_classes[number].gates[0]
                shifts.append(Shift(vehicle_class=number, trips=(Trip(visits=tuple(visits), gate=gate),)))
        return tuple(shifts)
