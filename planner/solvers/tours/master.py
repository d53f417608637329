"""Which tours of the lanes are used, as a linear program that grows (GLOP).

Loads are in seconds a day; what an uneven load costs is a cost of its largest and its least.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from ortools.math_opt.python import mathopt

from planner.solvers.tours.ground import PERCENT, PRIZE, SPREAD, VILLAGE, WEIGHT
from planner.solvers.tours.problem import LOAD_SCALE

if TYPE_CHECKING:
    from planner.solvers.routing.program import Floats, Ints
    from planner.solvers.tours.ground import Ground
    from planner.solvers.tours.lanes import Lane

_WHOLE: Final = 1e-6
_NEARLY: Final = 0.7
"""Share of a tour from which it is taken whole."""
_STEPS: Final = 6
"""Every step of a dive fixes at least one part in so many of the tours left."""
_AGAIN_FEN: Final = 300.0
"""What a call more than wanted costs the program: dual values below that settle late."""
_NEVER_FEN: Final = 10_000.0
"""The same while tours are fixed."""
_TAME: Final = 1.0
"""Tours of its own that a call may pay at most: dual values without any limit take many rounds to settle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A tour of a lane: villages as the problem numbers them, first and last door, fen less bonus, work."""

    lane: int
    villages: tuple[int, ...]
    doors: tuple[int, int]
    fen: int
    work_s: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Values:
    """Dual values in fen: of a call by village, of waking up by lane and door, of loads by squad."""

    pay: Floats
    doors: tuple[Floats, ...]
    below: Floats
    """What one more second a day costs because the busiest squad may not do less."""
    above: Floats
    """What it gains because the least busy may not do more."""
    over: float
    """What a second over the allowed spread, counted in hundredths, costs."""

    def mixed(self, other: Values, *, share: float) -> Values:
        """This share of these, the rest of the other."""

        def mix(one: Floats, two: Floats, /) -> Floats:
            return share * one + (1 - share) * two

        return Values(
            pay=mix(self.pay, other.pay),
            doors=tuple(mix(one, two) for one, two in zip(self.doors, other.doors, strict=True)),
            below=mix(self.below, other.below),
            above=mix(self.above, other.above),
            over=share * self.over + (1 - share) * other.over,
        )


class Master:
    """Least cost so that every call is made or left out; fractions of tours allowed."""

    def __init__(self, ground: Ground, lanes: Sequence[Lane]) -> None:
        self._model = model = mathopt.Model()
        self._columns: dict[Column, mathopt.Variable] = {}
        self._wanted = wanted = np.bincount(ground.calls[:, VILLAGE], minlength=ground.villages.shape[0])
        self._squads = [lane.squad for lane in lanes]
        self._villages = [model.add_linear_constraint(lb=float(many), ub=float(many)) for many in wanted]
        self._lanes = [model.add_linear_constraint(ub=float(len(lane.days))) for lane in lanes]
        doors = {lane.squad: len(lane.doors) for lane in lanes}
        self._doors = {
            squad: [model.add_linear_constraint(lb=0.0, ub=0.0) for _ in range(many - 1)]
            for squad, many in doors.items()
        }
        self._weights = ground.squads[:, WEIGHT] / LOAD_SCALE
        self._balance(ground)
        caps = _caps(lanes, len(wanted))
        for call in ground.calls:
            left = model.add_variable(lb=0.0, ub=1.0)
            self._villages[call[VILLAGE]].set_coefficient(left, 1.0)
            model.objective.set_linear_coefficient(left, min(float(call[PRIZE]), float(caps[call[VILLAGE]])))
        self._again = [model.add_variable(lb=0.0) for _ in wanted]
        for row, again in zip(self._villages, self._again, strict=True):
            row.set_coefficient(again, -1.0)
            model.objective.set_linear_coefficient(again, _AGAIN_FEN)
        self._solver = self._aside = mathopt.IncrementalSolver(model, mathopt.SolverType.GLOP)
        self._before = 0

    def _balance(self, ground: Ground) -> None:
        model, squads = self._model, range(len(self._weights))
        most, least, over = (model.add_variable(lb=0.0) for _ in range(3))
        self._below = [model.add_linear_constraint(ub=0.0) for _ in squads]
        self._above = [model.add_linear_constraint(lb=0.0) for _ in squads]
        for squad in squads:
            self._below[squad].set_coefficient(most, -1.0)
            if self._weights[squad]:
                self._above[squad].set_coefficient(least, -1.0)
        self._over = model.add_linear_constraint(ub=0.0)
        self._over.set_coefficient(most, 100.0 - float(ground.numbers[PERCENT]))
        self._over.set_coefficient(least, -100.0)
        self._over.set_coefficient(over, -1.0)
        self._more, self._over_fen = over, float(ground.numbers[SPREAD]) / 100
        model.objective.set_linear_coefficient(over, self._over_fen)

    def add(self, column: Column) -> bool:
        """One more tour to choose from; whether it is new."""
        if column in self._columns:
            return False
        used, squad = self._model.add_variable(lb=0.0), self._squads[column.lane]
        self._columns[column] = used
        self._model.objective.set_linear_coefficient(used, float(column.fen))
        for village in set(column.villages):
            self._villages[village].set_coefficient(used, float(column.villages.count(village)))
        self._lanes[column.lane].set_coefficient(used, 1.0)
        first, last = column.doors
        if first != last:
            if first:
                self._doors[squad][first - 1].set_coefficient(used, 1.0)
            if last:
                self._doors[squad][last - 1].set_coefficient(used, -1.0)
        if self._weights[squad]:
            load = float(self._weights[squad]) * column.work_s
            self._below[squad].set_coefficient(used, load)
            self._above[squad].set_coefficient(used, load)
        return True

    def solve(self, *, grown: bool = True) -> tuple[float, Values] | None:
        """Fen and dual values, None where there are none; see ``_run``."""
        result = self._run(grown=grown)
        if result is None:
            return None
        duals = result.dual_values()

        def read(rows: Sequence[mathopt.LinearConstraint], /) -> Floats:
            return np.array([duals[row] for row in rows], dtype=np.float64)

        doors = {squad: np.concatenate([[0.0], -read(rows)]) for squad, rows in self._doors.items()}
        values = Values(
            pay=read(self._villages),
            doors=tuple(doors[squad] for squad in self._squads),
            below=np.maximum(-read(self._below), 0.0),
            above=np.maximum(read(self._above), 0.0),
            over=max(-duals[self._over], 0.0),
        )
        return result.objective_value(), values

    def _run(self, *, grown: bool) -> mathopt.SolveResult | None:
        """The optimum, from where the last one was or, if GLOP stumbles there, from nothing; else None.

        Columns have ``grown`` since then, or else bounds were fixed. GLOP forgets its basis when it scales
        or presolves anew.
        """
        params = mathopt.SolveParameters(
            lp_algorithm=mathopt.LPAlgorithm.PRIMAL_SIMPLEX if grown else mathopt.LPAlgorithm.DUAL_SIMPLEX,
            presolve=mathopt.Emphasis.OFF,
            scaling=mathopt.Emphasis.OFF,
        )
        for one in (params, mathopt.SolveParameters()):
            # MathOpt's Python wrapper turns a failed solve into an AttributeError of its own.
            with suppress(AttributeError, RuntimeError, ValueError):
                result = self._solver.solve(params=one)
                if result.termination.reason == mathopt.TerminationReason.OPTIMAL:
                    return result
            self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        return None

    def loosen(self, *, over_fen: float) -> None:
        """Make calls beyond those wanted dear and uneven loads cheap, until ``release``.

        Another solver does what comes now: the one in use keeps its basis.
        """
        self._aside, self._before = self._solver, len(self._columns)
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        for again in self._again:
            self._model.objective.set_linear_coefficient(again, _NEVER_FEN)
        self._model.objective.set_linear_coefficient(self._more, over_fen)

    def fix(self, fixed: dict[Column, int]) -> bool:
        """Fix tours near the fractions, all that are nearly whole; whether there were any."""
        result = self._run(grown=True)
        if result is None:
            return False
        values = result.variable_values(list(self._columns.values()))
        shares = [
            (value - fixed.get(column, 0), column)
            for column, value in zip(self._columns, values, strict=True)
            if value > fixed.get(column, 0) + _WHOLE
        ]
        shares.sort(key=lambda share: (-share[0], share[1].lane, share[1].villages))
        least, left = max(len(shares) // _STEPS, 1), self._left(fixed)
        for place, (share, column) in enumerate(shares):
            if place and (place >= least and share <= _NEARLY):
                break
            whole = max(int(share + _WHOLE), 1)
            called = np.bincount(column.villages, minlength=len(left)) * whole
            if place and (called > left).any():
                continue
            left -= called
            fixed[column] = fixed.get(column, 0) + whole
            self._columns[column].lower_bound = float(fixed[column])
        return bool(shares)

    def _left(self, fixed: Mapping[Column, int]) -> Ints:
        """By village, calls that no fixed tour makes."""
        made = self._wanted.copy()
        for column, many in fixed.items():
            np.subtract.at(made, list(column.villages), many)
        return made

    def release(self, fixed: Mapping[Column, int]) -> None:
        """Take back what was fixed, and all tours added since ``loosen`` but those."""
        self._solver = self._aside
        for column in fixed:
            self._columns[column].lower_bound = 0.0
        for column in list(self._columns)[self._before :]:
            if column not in fixed:
                self._model.delete_variable(self._columns.pop(column))
        for again in self._again:
            self._model.objective.set_linear_coefficient(again, _AGAIN_FEN)
        self._model.objective.set_linear_coefficient(self._more, self._over_fen)


def _caps(lanes: Sequence[Lane], villages: int, /) -> Floats:
    """By village, more than its call should ever pay."""
    caps = np.full(villages, np.inf)
    for lane in lanes:
        alone = _TAME * (lane.leave[0] + lane.arrive[:, 0]) + 1000.0
        caps = np.where(lane.reaches(), np.minimum(caps, alone), caps)
    return caps
