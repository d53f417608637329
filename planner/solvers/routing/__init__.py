"""Routers behind one signature: ``(RoutingProblem, Budget) -> RoutingSolution``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from planner.solvers.routing.ortools import solve_ortools
from planner.solvers.routing.problem import Budget, RoutingProblem, RoutingSolution
from planner.solvers.routing.savings import solve_savings

Router = Callable[[RoutingProblem, Budget], RoutingSolution]

ROUTERS: Final[Mapping[str, Router]] = {"ortools": solve_ortools, "savings": solve_savings}
DEFAULT_ROUTER: Final = "ortools"
