"""Linear and integer programs handed to GLOP and MathOpt's HiGHS.

HiGHS can neither be interrupted nor told its threads, and in presolve it forgets its time limit: it runs
beside this thread, which goes on without it when asked to stop, so hand it few columns. What it proves it
proves in floating point: tolerances 1e-9, gap below half a fen. Now and then it prints a line of its own to
the process's stdout. highspy cannot be loaded beside OR-Tools, hence MathOpt's.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2

from planner.solvers.routing.program import SCALE, UNBOUNDED, Dual, Program, round_dual

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.routing.program import Floats, Ints

    Bools = NDArray[np.bool_]

_TICK_S: Final = 0.01
_GRACE_S: Final = 0.2
"""Waited for an answer after the time limit, which presolve and cuts overrun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long to look: seconds, or nodes of the search tree where it must repeat; most columns at once.

    ``gap`` is the share of the cost between a choice and its bound from which on looking further is not
    worth it.
    """

    seconds: float | None = None
    nodes: int | None = None
    columns: int = 20_000
    gap: float = 0.0
    stop: Callable[[], bool] = field(default=lambda: False)


def relax(program: Program, *, limits: Limits) -> tuple[Dual, Floats] | None:
    """Dual and primal values of the linear relaxation by GLOP; None where it gave nothing in time."""
    model = _model(program, costs=program.costs, whole=False)
    params = mathopt.SolveParameters(time_limit=_time(limits.seconds))
    result = _beside(lambda: mathopt.solve(model, mathopt.SolverType.GLOP, params=params), limits=limits)
    if result is None or not result.has_dual_feasible_solution():
        return None
    values = {row.id: value for row, value in result.dual_values().items()}
    exact = np.array([values[row] for row in range(program.lower.size)]) * SCALE
    chosen = result.variable_values()
    primal = np.array([chosen[variable] for variable in model.variables()])
    return round_dual(program, np.floor(exact).astype(np.int64)), primal


def solve_whole(
    program: Program, *, start: Ints, limits: Limits, whole: Bools | None = None
) -> tuple[Ints, int] | None:
    """Values and bound by HiGHS; None where it has neither. The bound holds in floating point.

    With ``whole`` only those columns need be whole: the others' values come rounded and mean nothing.
    """
    model = _model(program, costs=program.costs, whole=True if whole is None else whole)
    hint = mathopt.SolutionHint(
        variable_values={variable: float(start[variable.id]) for variable in model.variables()}
    )
    tolerances = ("primal_feasibility_tolerance", "dual_feasibility_tolerance", "mip_feasibility_tolerance")
    params = mathopt.SolveParameters(
        time_limit=_time(limits.seconds),
        node_limit=limits.nodes,
        relative_gap_tolerance=limits.gap,
        absolute_gap_tolerance=0.4,
        highs=highs_pb2.HighsOptionsProto(double_options=dict.fromkeys(tolerances, 1e-9)),
    )
    hints = mathopt.ModelSolveParameters(solution_hints=[hint])
    result = _beside(
        lambda: mathopt.solve(model, mathopt.SolverType.HIGHS, params=params, model_params=hints),
        limits=limits,
    )
    if result is None or not result.has_primal_feasible_solution():
        return None
    values = result.variable_values()
    chosen = np.array([round(values[variable]) for variable in model.variables()], dtype=np.int64)
    bound = result.termination.objective_bounds.dual_bound
    if not np.isfinite(bound):
        return chosen, -UNBOUNDED
    return chosen, int(np.ceil(bound - 0.5))


def _time(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=max(seconds, 0.01))


def _beside(solve: Callable[[], mathopt.SolveResult], *, limits: Limits) -> mathopt.SolveResult | None:
    """Solve in another thread and wait for it, but not beyond its seconds nor when asked to stop."""
    ends_s = math.inf if limits.seconds is None else time.monotonic() + limits.seconds + _GRACE_S
    results: list[mathopt.SolveResult] = []

    def work() -> None:
        # MathOpt's Python wrapper turns a refused or failed solve into an AttributeError of its own.
        try:
            results.append(solve())
        except (AttributeError, RuntimeError, ValueError):
            return

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_TICK_S)
        if limits.stop() or time.monotonic() > ends_s:
            return None
    return results[0] if results else None


def _model(program: Program, *, costs: Ints, whole: bool | Bools) -> mathopt.Model:
    """As protobuf: twenty times faster than adding variables one by one."""
    proto, size = model_pb2.ModelProto(), program.costs.size
    proto.variables.ids.extend(range(size))
    proto.variables.lower_bounds.extend([0.0] * size)
    proto.variables.upper_bounds.extend(program.most.astype(float).tolist())
    proto.variables.integers.extend(np.broadcast_to(np.asarray(whole, dtype=np.bool_), size).tolist())
    proto.objective.linear_coefficients.ids.extend(range(size))
    proto.objective.linear_coefficients.values.extend(costs.astype(float).tolist())
    proto.linear_constraints.ids.extend(range(program.lower.size))
    proto.linear_constraints.lower_bounds.extend(_open(program.lower))
    proto.linear_constraints.upper_bounds.extend(_open(program.upper))
    order = np.lexsort((program.column, program.row))
    proto.linear_constraint_matrix.row_ids.extend(program.row[order].tolist())
    proto.linear_constraint_matrix.column_ids.extend(program.column[order].tolist())
    proto.linear_constraint_matrix.coefficients.extend(program.value[order].astype(float).tolist())
    return mathopt.Model.from_model_proto(proto)


def _open(limits: Ints) -> list[float]:
    floats = limits.astype(float)
    floats[limits >= UNBOUNDED] = np.inf
    floats[limits <= -UNBOUNDED] = -np.inf
    return floats.tolist()
