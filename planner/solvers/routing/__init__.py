"""Routers behind one signature: ``(RoutingProblem, Budget) -> RoutingSolution``.

Their libraries are imported when one is called: a child process, and ``breeze --help``, need none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from planner.solvers.routing.problem import RoutingProblem, Shift
    from planner.solvers.routing.search import Bound, Budget, Router, RoutingSolution


def _lazy(name: str, *, simple_only: bool = False) -> Router:
    """The router ``solve_<name>`` of the module of that name, behind the reductions if it needs them."""

    def solve(problem: RoutingProblem, budget: Budget) -> RoutingSolution:
        from planner.solvers.routing.splits import solve_split  # noqa: PLC0415  # as above

        module = import_module(f"planner.solvers.routing.{name}")
        router = cast("Router", getattr(module, f"solve_{name}"))
        return solve_split(problem, budget, router=router) if simple_only else router(problem, budget)

    return solve


ROUTERS: Final[Mapping[str, Router]] = MappingProxyType(
    {
        "best": _lazy("best"),
        "exact": _lazy("exact"),
        "ortools": _lazy("ortools", simple_only=True),
        "pyvrp": _lazy("pyvrp", simple_only=True),
        "savings": _lazy("savings"),
    }
)
DEFAULT_ROUTER: Final = "best"


def prove(problem: RoutingProblem, budget: Budget, *, shifts: tuple[Shift, ...]) -> Bound:
    """Bound a problem for a plan that was made otherwise."""
    from planner.solvers.routing.best import prove as prove_beside  # noqa: PLC0415  # as above

    return prove_beside(problem, budget, shifts=shifts)
