"""The linear program over trips found so far: fractions of trips that cover every visit at least cost.

Its rows, and what their dual values mean, are written down in ``certificate``. GLOP is kept alive and only
gets more columns, so each solve goes on from the basis before.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from ortools.linear_solver import pywraplp

from planner.errors import SolverError
from planner.solvers.routing.certificate import Certificate, SubsetRow, shift_span_s
from planner.solvers.routing.kinds import TripKind, counts_hours, find_ways, is_lawful, share_most, span_s
from planner.solvers.routing.neighbourhoods import Near, returns
from planner.solvers.routing.problem import FOREVER, RoutingProblem, Trip
from planner.solvers.routing.subsets import count, find_broken
from planner.solvers.routing.twins import number_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

WARM: Final = "use_preprocessing: false use_dual_simplex: false"
"""Preprocessing would throw the basis away; after new columns the old basis is still primal feasible."""
CUT: Final = "use_preprocessing: false use_dual_simplex: true"
"""After new rows it is still dual feasible."""
PATIENT: Final = "use_preprocessing: true use_dual_simplex: true"
"""Where the other gets lost in its numbers."""
LEFT_OUT: Final = 2.5
"""First guess at what leaving a visit out costs, in shares of full trips. A huge prize would spoil the
numbers, and the guess keeps dual values near the truth, which saves most of the rounds."""
RAISE: Final = 2.0
RAISE_OTHERS: Final = 1.3
EPSILON: Final = 1e-6
PACK_AT: Final = (*range(50, 20, -1), 15, 10)
"""Thresholds of the pack rows, in hundredths of a shift."""
PACK_ROWS: Final = 400
"""Of all classes, about; where there are many classes each has fewer thresholds."""


class _Rule(Enum):
    COUNT = auto()
    FLOW = auto()
    TRIPS = auto()
    TIME = auto()
    PACK = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A coupling row; ``at`` is the gate of FLOW and the threshold of PACK."""

    rule: _Rule
    vehicle_class: int
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Uses:
    """By row of a kind's class, what a trip uses up: something, by the hour, 1 from a span on, more later."""

    rows: tuple[int, ...]
    flat: Floats
    hourly: Floats
    half: Floats
    late: Floats
    more: Floats

    def shares(self, span: int) -> Floats:
        """What a trip of that span uses up of each row."""
        return self.flat + self.hourly * span + (span >= self.half) + self.more * (span >= self.late)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A trip by number of kind, and what it costs, the fixed cost included."""

    kind: int
    visits: tuple[int, ...]
    cost_fen: int


class Master:
    """The linear program; ``columns`` in the order they came."""

    def __init__(self, problem: RoutingProblem, kinds: tuple[TripKind, ...], *, twins: Ints) -> None:
        self.problem = problem
        self.kinds = kinds
        self.columns: list[Column] = []
        self.objective_fen = math.inf
        self.trips_fen = math.inf
        """What of the objective is for trips."""
        self.iterations = 0
        self.shares = _share(problem, kinds)
        self._known: set[tuple[int, tuple[int, ...], bool]] = set()
        """Kinds with rows of visits, or with visits where a trip comes back to one."""
        self._used: list[Any] = []
        self._missed: list[bool] = []
        self._solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self._objective: Any = self._solver.Objective()
        self._objective.SetMinimization()
        self._twins = number_rows(twins)
        number = Counter(self._twins)
        self._covers: list[Any] = [
            self._solver.Constraint(float(n), float(n)) for _, n in sorted(number.items())
        ]
        self._rows = _choose_rows(problem, kinds)
        self._limits: list[Any] = [self._limit(row) for row in self._rows]
        self._uses = [_find_uses(problem, kind, rows=self._rows) for kind in kinds]
        self._subsets: list[SubsetRow] = []
        self._subset_limits: list[Any] = []
        self._cut = False
        """Whether rows have been added since the last solution."""
        self._having: list[set[int]] = [set() for _ in problem.visits]
        """By visit, the columns that make it."""
        self._twice: set[int] = set()
        """Columns that come back to a visit."""
        self._shared = {visit for visit, row in enumerate(self._twins) if number[row] > 1}
        self._left_out = [self._leave_out(visit) for visit in range(len(problem.visits))]

    @property
    def start(self) -> Floats:
        """Dual values to begin with: each visit's share of full trips for it alone, no vehicle scarce."""
        return np.concatenate([self.shares, np.zeros(len(self._rows) + len(self._subsets))])

    def _limit(self, row: _Row) -> Any:
        count = self.problem.vehicle_classes[row.vehicle_class].count
        return self._solver.Constraint(-self._solver.infinity(), count if row.rule is _Rule.COUNT else 0.0)

    def _leave_out(self, visit: int) -> Any:
        """Take in the cheapest trip for the visit alone, and the variable of leaving it out."""
        alone = [
            self._measure(number, (visit,))
            for number, kind in enumerate(self.kinds)
            if kind.is_first and is_lawful(self.problem, kind, visits=(visit,))
        ]
        guess = float(self.problem.visits[visit].prize)
        if alone:
            cheapest = min(alone, key=lambda column: column.cost_fen)
            self.add([(cheapest.kind, cheapest.visits)])
            guess = min(guess, max(LEFT_OUT * float(self.shares[visit]), cheapest.cost_fen / 20, 1.0))
        variable = self._solver.NumVar(0.0, self._solver.infinity(), "")
        self._objective.SetCoefficient(variable, guess)
        self._covers[self._twins[visit]].SetCoefficient(variable, 1.0)
        return variable

    def add(self, trips: Iterable[tuple[int, tuple[int, ...]]]) -> int:
        """Take trips in, by number of kind and visits; how many were new."""
        before = len(self.columns)
        for kind, visits in trips:
            whole = len(set(visits)) == len(visits)
            alike = kind, tuple(self._twins[visit] for visit in visits) if whole else visits, whole
            if alike not in self._known:
                self._known.add(alike)
                self._append(self._measure(kind, visits))
        return len(self.columns) - before

    def _measure(self, number: int, visits: tuple[int, ...], /) -> Column:
        kind = self.kinds[number]
        trip = Trip(visits=visits, gate=kind.gate)
        arcs = self.problem.trip_fen(kind.vehicle_class, trip, start=kind.standing.node)
        return Column(kind=number, visits=visits, cost_fen=arcs + kind.fixed_fen)

    def _append(self, column: Column) -> None:
        self.columns.append(column)
        kind = self.kinds[column.kind]
        variable = self._solver.NumVar(0.0, self._solver.infinity(), "")
        self._used.append(variable)
        self._objective.SetCoefficient(variable, float(column.cost_fen))
        for row, times in Counter(self._twins[visit] for visit in column.visits).items():
            self._covers[row].SetCoefficient(variable, float(times))
        self._count(len(self._used) - 1, visits=column.visits)
        uses = self._uses[column.kind]
        if uses.rows:
            shares = uses.shares(span_s(self.problem, kind, visits=column.visits))
            for place in np.flatnonzero(shares).tolist():
                self._limits[uses.rows[place]].SetCoefficient(variable, float(shares[place]))

    def _count(self, number: int, *, visits: tuple[int, ...]) -> None:
        """Put a new column into the subset rows it counts in, and remember what it makes."""
        for visit in visits:
            self._having[visit].add(number)
        if len(set(visits)) < len(visits):
            self._twice.add(number)
        made = set(visits)
        for row, limit in zip(self._subsets, self._subset_limits, strict=True):
            if len(made.intersection(row.visits)) > 1 or number in self._twice:
                limit.SetCoefficient(self._used[number], float(count(row, visits)))

    def cut(self, *, most: int) -> int:
        """Add subset rows that the last solution breaks, and memory to those that forgot; how many."""
        parts = [(column.visits, value) for column, value in self._parts()]
        size = len(self._having)
        wider, new = find_broken(parts, size=size, barred=self._shared, standing=self._subsets, most=most)
        for number, row in wider.items():
            self._subsets[number] = row
            self._fill(row, self._subset_limits[number])
        for row in new:
            limit = self._solver.Constraint(-self._solver.infinity(), 1.0)
            self._subsets.append(row)
            self._subset_limits.append(limit)
            self._fill(row, limit)
        self._cut = bool(wider or new)
        return len(wider) + len(new)

    def _fill(self, row: SubsetRow, limit: Any) -> None:
        """Set what the columns so far count in a subset row."""
        a, b, c = (self._having[visit] for visit in row.visits)
        for number in sorted((a & b) | (a & c) | (b & c) | (self._twice & (a | b | c))):
            limit.SetCoefficient(self._used[number], float(count(row, self.columns[number].visits)))

    def solve(self) -> Floats:
        """Dual values of all rows at the cheapest fractions of the trips so far."""
        ways, self._cut = (CUT if self._cut else WARM, PATIENT), False
        for parameters in ways:
            self._solver.SetSolverSpecificParametersAsString(parameters)
            if self._solver.Solve() == pywraplp.Solver.OPTIMAL:
                break
        else:
            raise SolverError("bound", "GLOP found no optimum where there is one")
        self.objective_fen = float(self._objective.Value())
        self.iterations += int(self._solver.iterations())
        missed = [float(variable.solution_value()) for variable in self._left_out]
        costs = [float(self._objective.GetCoefficient(variable)) for variable in self._left_out]
        self._missed = [value > EPSILON for value in missed]
        self.trips_fen = self.objective_fen - sum(v * cost for v, cost in zip(missed, costs, strict=True))
        covers = [row.dual_value() for row in self._covers]
        limits = (row.dual_value() for row in (*self._limits, *self._subset_limits))
        return np.array([*(covers[row] for row in self._twins), *limits])

    def used(self) -> list[Column]:
        """Trips of which the last solution has a part."""
        return [column for column, _ in self._parts()]

    def _parts(self) -> list[tuple[Column, float]]:
        values = [variable.solution_value() for variable in self._used]
        return [(own, value) for own, value in zip(self.columns, values, strict=True) if value > EPSILON]

    def forbid(self, near: Near) -> None:
        """Use no trip any more that comes back to a visit that is still remembered."""
        for column, variable in zip(self.columns, self._used, strict=True):
            if variable.ub() > 0 and returns(column.visits, near=near):
                variable.SetUb(0.0)

    @property
    def misses(self) -> bool:
        """Whether a visit is left out for less than its prize."""
        return any(
            missed and self._objective.GetCoefficient(variable) < visit.prize
            for visit, variable, missed in zip(self.problem.visits, self._left_out, self._missed, strict=True)
        )

    def raise_left_out(self) -> None:
        """Ask for more for leaving visits out that are, and a bit more for others, which are nearly."""
        for visit, variable, missed in zip(self.problem.visits, self._left_out, self._missed, strict=True):
            cost = float(self._objective.GetCoefficient(variable)) * (RAISE if missed else RAISE_OTHERS)
            self._objective.SetCoefficient(variable, min(cost, float(visit.prize)))

    def certify(self, duals: Floats, *, near: Near) -> Certificate:
        """Dual values as a certificate has them: whole, the rules' at most 0, a visit's at most its prize."""
        whole = np.floor(duals + EPSILON).astype(np.int64)
        visits = zip(whole[: len(self._twins)].tolist(), self.problem.visits, strict=True)
        rules = [min(dual, 0) for dual in whole[len(self._twins) :].tolist()]
        subsets = zip(self._subsets, rules[len(self._rows) :], strict=True)
        by_class = {rule: [0] * len(self.problem.vehicle_classes) for rule in _Rule}
        flow: list[tuple[int, int, int]] = []
        pack: list[tuple[int, int, int]] = []
        for row, dual in zip(self._rows, rules, strict=False):
            if row.rule is _Rule.FLOW:
                flow.append((row.vehicle_class, row.at, dual))
            elif row.rule is _Rule.PACK:
                pack.append((row.vehicle_class, row.at, dual))
            else:
                by_class[row.rule][row.vehicle_class] = dual
        return Certificate(
            visit_duals=tuple(min(dual, visit.prize) for dual, visit in visits),
            count_duals=tuple(by_class[_Rule.COUNT]),
            flow_duals=tuple(flow),
            trips_duals=tuple(by_class[_Rule.TRIPS]),
            time_duals=tuple(by_class[_Rule.TIME]),
            pack_duals=tuple(pack),
            subset_duals=tuple((row, dual) for row, dual in subsets if dual),
            neighbourhoods=near,
        )


def _share(problem: RoutingProblem, kinds: tuple[TripKind, ...]) -> Floats:
    """By visit, the least that its heads' part of a full trip to it alone costs, its prize at most."""
    heads = np.array([visit.heads for visit in problem.visits], dtype=np.float64)
    shares = np.array([visit.prize for visit in problem.visits], dtype=np.float64)
    for kind in kinds:
        vehicle_class, ways = problem.vehicle_classes[kind.vehicle_class], find_ways(problem, kind)
        back = problem.arc_costs(kind.vehicle_class)[: len(heads), problem.gates[kind.gate].node]
        whole = kind.fixed_fen / vehicle_class.trips + ways.start_fen + back
        mine = np.where(ways.first, whole * heads / max(vehicle_class.capacity, 1), np.inf)
        shares = np.minimum(shares, mine) if kind.is_first else shares
    return shares


def _choose_rows(problem: RoutingProblem, kinds: tuple[TripKind, ...]) -> list[_Row]:
    """The coupling rows that can bind."""
    rows: list[_Row] = []
    later = {kind.vehicle_class for kind in kinds if not kind.is_first}
    step = 1 + len(later) * len(PACK_AT) // PACK_ROWS
    for number, vehicle_class in enumerate(problem.vehicle_classes):
        if vehicle_class.count < len(problem.visits):
            rows.append(_Row(rule=_Rule.COUNT, vehicle_class=number))
        gates = {kind.after for kind in kinds if kind.vehicle_class == number and kind.after is not None}
        if not gates:
            continue
        rows.extend(_Row(rule=_Rule.FLOW, vehicle_class=number, at=gate) for gate in sorted(gates))
        rows.append(_Row(rule=_Rule.TRIPS, vehicle_class=number))
        whole = shift_span_s(problem, number)
        if whole < FOREVER:
            if counts_hours(problem, number):
                rows.append(_Row(rule=_Rule.TIME, vehicle_class=number))
            thresholds = sorted({whole * part // 100 for part in PACK_AT[::step]} - {0})
            rows.extend(_Row(rule=_Rule.PACK, vehicle_class=number, at=a) for a in thresholds)
    return rows


def _find_uses(problem: RoutingProblem, kind: TripKind, *, rows: Sequence[_Row]) -> _Uses:
    """Lay out what trips of a kind use up; what a first trip brings is negative."""
    number, first = kind.vehicle_class, int(kind.is_first)
    trips, whole = problem.vehicle_classes[number].trips, shift_span_s(problem, number)
    mine = [place for place, row in enumerate(rows) if row.vehicle_class == number]
    flat, hourly, half, late, more = np.zeros((5, len(mine)))
    half[:] = late[:] = FOREVER
    for place, row in enumerate(rows[place] for place in mine):
        match row.rule:
            case _Rule.COUNT:
                flat[place] = first
            case _Rule.FLOW:
                flat[place] = int(kind.after == row.at) - int(kind.gate == row.at)
            case _Rule.TRIPS:
                flat[place] = 1 - trips * first
            case _Rule.TIME:
                flat[place], hourly[place] = -whole * first / 3600, 1 / 3600
            case _Rule.PACK:
                most = share_most(problem, number, threshold_s=row.at)
                flat[place], more[place] = -most * first, most - 1
                half[place], late[place] = row.at, whole - row.at + 1
    return _Uses(rows=tuple(mine), flat=flat, hourly=hourly, half=half, late=late, more=more)
