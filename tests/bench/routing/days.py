"""The real fixtures as routing problems, solved by this engine and by plain libraries, as a table.

A library that makes one trip a vehicle to one place plans a day train by train: the first with the whole
fleet, each later one with the vehicles where they then stand. Villages larger than a bus give whole
buses first. That is what its user would do; nothing of ours helps it but the model of one trip.
"""

from __future__ import annotations

import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from pyvrp import PenaltyParams, SolveParams, solve
from pyvrp.stop import MaxRuntime

from planner.demand import Party, PartyId, build_demand
from planner.explain import Explainer
from planner.intake.folder import load_campaign
from planner.model.fleet import DepartureId
from planner.network import Network
from planner.solvers.routing import ROUTERS
from planner.solvers.routing.ortools import _Model
from planner.solvers.routing.problem import RoutingProblem, Shift, Standing, Trip
from planner.solvers.routing.pyvrp_data import build_encoding
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Bound, Budget
from planner.stages.day import build_collecting, gather_villages, start_of_day
from planner.stages.trunk import choose_departures

FIXTURES: Final = Path(__file__).resolve().parents[3] / "fixtures"
_RAISED: Final = 1e7
_WORKERS: Final = 2
_MOST_FLEETS: Final = 5
_FEN: Final = 100

Library = Callable[[RoutingProblem, float, int], Sequence[Shift]]
"""Solves one simple problem in so many seconds with a seed; what it leaves out it leaves out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One solver on one case."""

    case: str
    solver: str
    objective_fen: int
    vehicles: int
    trips: int
    left: int
    """Heads left behind; each weighs in the objective."""
    unlawful: int
    """Shifts that break a limit the library was not told of."""
    seconds: float
    bound: Bound | None = None


def load_day(name: str) -> RoutingProblem:
    """Build the routing problem of a fixture's first day, its parties on the departures of the plan."""
    campaign, issues = load_campaign(FIXTURES / name)
    if campaign is None:
        raise ValueError(issues)
    network = Network(campaign)
    explainer = Explainer(campaign, network)
    hopeful: list[Party] = []
    open_to: dict[PartyId, list[DepartureId]] = {}
    for party in build_demand(campaign):
        departures, obstacle = explainer.explain_alone(party)
        if obstacle is None:
            hopeful.append(party)
            open_to[party.id] = [departure.id for departure in departures]
    chosen = choose_departures(campaign, network, open_to=open_to, parties=hopeful, told={}, seed=1)
    on: dict[DepartureId, list[Party]] = defaultdict(list)
    for party in hopeful:
        if party.id in chosen.departure_of:
            on[chosen.departure_of[party.id]].append(party)
    first = min(departure.day for departure in campaign.departures)
    departures = sorted(
        (departure for departure in campaign.departures if departure.day == first),
        key=lambda departure: (departure.departs, departure.id),
    )
    units = [
        unit
        for departure in departures
        for unit in gather_villages(campaign, network, departure=departure, parties=on[departure.id])
    ]
    states = start_of_day(campaign, network, departure=departures[0], before=())
    return build_collecting(campaign, network, departures=departures, units=units, states=states).problem


def for_single_trips(problem: RoutingProblem) -> RoutingProblem:
    """The same day with a vehicle for every trip: each class once per gate, as many as savings needs."""
    made = [_with_fleets(problem, fleets) for fleets in range(1, _MOST_FLEETS + 1)]
    enough = (one for one in made if not one.left_out(solve_savings(one, Budget(effort=1)).shifts))
    return next(enough, made[-1])


def _with_fleets(problem: RoutingProblem, fleets: int) -> RoutingProblem:
    return replace(
        problem,
        vehicle_classes=tuple(
            replace(kind, gates=(gate,), trips=1, count=fleets * kind.count)
            for gate in range(len(problem.gates))
            for kind in problem.vehicle_classes
            if gate in kind.gates
        ),
    )


CASES: Final[dict[str, Callable[[], RoutingProblem]]] = {
    "dongkou": lambda: load_day("dongkou"),
    "dongkou, single trips": lambda: for_single_trips(load_day("dongkou")),
    "longhui": lambda: load_day("longhui"),
    "longhui, single trips": lambda: for_single_trips(load_day("longhui")),
}


@dataclass(slots=True, kw_only=True)
class _Vehicle:
    number: int
    standing: Standing
    trips: list[Trip] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """People of a visit who board together; no parts: all of them."""

    visit: int
    heads: int
    parts: tuple[int, ...] = ()


def solve_plainly(
    problem: RoutingProblem, library: Library, *, seconds: float, seed: int
) -> tuple[Shift, ...]:
    """Plan train by train; the seconds are shared by heads."""
    pieces = [piece for visit in range(len(problem.visits)) for piece in _cut(problem, visit)]
    vehicles = [
        _Vehicle(number=number, standing=problem.start_of(number))
        for number, kind in enumerate(problem.vehicle_classes)
        for _ in range(kind.count)
    ]
    total = sum(piece.heads for piece in pieces) or 1
    for gate in sorted(range(len(problem.gates)), key=lambda number: problem.gates[number].closes_s):
        wanted = [piece for piece in pieces if gate in (problem.visits[piece.visit].gates or (gate,))]
        share = seconds * sum(piece.heads for piece in wanted) / total
        if wanted:
            _collect(
                problem, vehicles, wanted, gate=gate, search=lambda part, s=share: library(part, s, seed)
            )
        pieces = [piece for piece in pieces if piece not in wanted]
    return tuple(
        Shift(vehicle_class=vehicle.number, trips=tuple(vehicle.trips))
        for vehicle in vehicles
        if vehicle.trips
    )


def _cut(problem: RoutingProblem, visit: int) -> list[_Piece]:
    """Whole buses of the largest class that may come, then the rest; parties largest first."""
    figures = problem.visits[visit]
    most = max(
        (
            kind.capacity
            for number, kind in enumerate(problem.vehicle_classes)
            if any(problem.may_make(number, visit, gate) for gate in kind.gates)
            and problem.arc_seconds(number, visit, problem.gates[kind.gates[0]].node) >= 0
        ),
        default=0,
    )
    loads: list[list[int]] = []
    for part in sorted(range(len(figures.parts)), key=lambda part: (-figures.parts[part], part)):
        room = (load for load in loads if sum(figures.parts[p] for p in load) + figures.parts[part] <= most)
        load = next(room, None)
        if load is None:
            loads.append([part])
        else:
            load.append(part)
    if not loads:
        return [_Piece(visit=visit, heads=figures.heads)]
    return [
        _Piece(visit=visit, heads=sum(figures.parts[p] for p in load), parts=tuple(sorted(load)))
        for load in loads
    ]


def _collect(
    problem: RoutingProblem,
    vehicles: Sequence[_Vehicle],
    pieces: Sequence[_Piece],
    *,
    gate: int,
    search: Callable[[RoutingProblem], Sequence[Shift]],
) -> None:
    """One train: a simple problem of its people and of the vehicles as they stand."""
    ready: dict[tuple[int, Standing], list[_Vehicle]] = defaultdict(list)
    for vehicle in vehicles:
        kind = problem.vehicle_classes[vehicle.number]
        if gate in kind.gates and len(vehicle.trips) < kind.trips:
            ready[vehicle.number, vehicle.standing].append(vehicle)
    groups = list(ready.values())
    for shift in search(_part(problem, groups, pieces, gate=gate)):
        vehicle = groups[shift.vehicle_class].pop()
        chosen = [pieces[place] for place in shift.trips[0].visits]
        trip = Trip(
            visits=tuple(piece.visit for piece in chosen),
            gate=gate,
            taken=tuple(piece.parts for piece in chosen) if any(p.parts for p in chosen) else (),
        )
        times = problem.times(vehicle.number, trip, standing=vehicle.standing)
        vehicle.trips.append(trip)
        if times is not None:
            vehicle.standing = problem.after(vehicle.standing, trip, times=times)


def _part(
    problem: RoutingProblem,
    groups: Sequence[Sequence[_Vehicle]],
    pieces: Sequence[_Piece],
    *,
    gate: int,
) -> RoutingProblem:
    first = len(problem.visits)
    nodes = [*(piece.visit for piece in pieces), *range(first, problem.seconds[0].shape[0])]
    grid = np.ix_(nodes, nodes)

    def moved(terminal: int) -> int:
        return len(pieces) + terminal - first

    classes = [
        replace(
            problem.vehicle_classes[group[0].number],
            count=len(group),
            start=moved(group[0].standing.node),
            gates=(0,),
            trips=1,
            fixed_fen=0 if group[0].trips else problem.vehicle_classes[group[0].number].fixed_fen,
            ready_s=group[0].standing.ready_s,
            unbroken_s=group[0].standing.unbroken_s,
            barred=frozenset(
                place
                for place, piece in enumerate(pieces)
                if not problem.may_make(group[0].number, piece.visit, gate)
            ),
        )
        for group in groups
    ]
    visits = [
        replace(
            problem.visits[piece.visit],
            heads=piece.heads,
            service_s=problem.visits[piece.visit].boarding_s(piece.heads),
            prize=problem.visits[piece.visit].prize * piece.heads // problem.visits[piece.visit].heads,
            gates=(),
            parts=(),
        )
        for piece in pieces
    ]
    return replace(
        problem,
        visits=tuple(visits),
        gates=(replace(problem.gates[gate], node=moved(problem.gates[gate].node)),),
        vehicle_classes=tuple(classes),
        seconds=tuple(matrix[grid] for matrix in problem.seconds),
        metres=tuple(matrix[grid] for matrix in problem.metres),
    )


def with_ortools(problem: RoutingProblem, seconds: float, _seed: int) -> Sequence[Shift]:
    """Parallel cheapest insertion and guided local search; stops may be left out at their prize."""
    return _Model(problem).search((), Budget(seconds=seconds), best=2**62)


def with_pyvrp(problem: RoutingProblem, seconds: float, seed: int) -> Sequence[Shift]:
    """The library's own search with the penalty cap its warning asks for; () when it finds no plan."""
    encoding = build_encoding(problem, required=True)
    params = SolveParams(penalty=PenaltyParams(max_penalty=_RAISED))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # even so it may warn of the cap
        found = solve(encoding.data, MaxRuntime(seconds), seed=seed, params=params, collect_stats=False)
    return [encoding.read(route) for route in found.best.routes()] if found.is_feasible() else ()


LIBRARIES: Final[dict[str, Library]] = {"ortools": with_ortools, "pyvrp-raised": with_pyvrp}


def measure(case: str, *, seconds: float, seed: int) -> list[Row]:
    """Solve a case with every solver; each gets the same seconds."""
    problem = CASES[case]()
    begun = time.monotonic()
    found = ROUTERS["best"](problem, Budget(seconds=seconds, seed=seed, workers=_WORKERS))
    rows = [_row(problem, found.shifts, case=case, solver="breeze", begun=begun)]
    rows[0] = replace(rows[0], bound=found.bound)
    for name, library in LIBRARIES.items():
        begun = time.monotonic()
        shifts = solve_plainly(problem, library, seconds=seconds, seed=seed)
        rows.append(_row(problem, shifts, case=case, solver=name, begun=begun))
    return rows


def _row(problem: RoutingProblem, shifts: Sequence[Shift], *, case: str, solver: str, begun: float) -> Row:
    missing = problem.missing(shifts)
    left = Counter[int]()
    for number, parts in missing.items():
        visit = problem.visits[number]
        left[number] = sum(visit.parts[part] for part in parts) if parts else visit.heads
    return Row(
        case=case,
        solver=solver,
        objective_fen=problem.objective_fen(shifts),
        vehicles=len(shifts),
        trips=sum(len(shift.trips) for shift in shifts),
        left=left.total(),
        unlawful=sum(not problem.is_feasible(shift) for shift in shifts),
        seconds=time.monotonic() - begun,
    )


def table(rows: Sequence[Row]) -> str:
    """Cost, vehicles and gap to this engine's bound, as Markdown."""
    bounds = {row.case: row.bound for row in rows if row.bound is not None}
    lines = [
        "| day | solver | cost, yuan | vehicles | trips | left behind | gap, % | s |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        bound = bounds.get(row.case)
        gap = "" if bound is None or not bound.fen else f"{100 * (row.objective_fen / bound.fen - 1):.2f}"
        cells = [
            row.case,
            row.solver + (f" ({row.unlawful} vehicles unlawful)" if row.unlawful else ""),
            f"{row.objective_fen / _FEN:,.0f}",
            str(row.vehicles),
            str(row.trips),
            str(row.left),
            gap,
            f"{row.seconds:.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
