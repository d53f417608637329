"""Routers behind one signature: ``(RoutingProblem, Budget) -> RoutingSolution``.

Their libraries are imported when one is called: a child process, and ``breeze --help``, need none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from planner.solvers.routing.problem import RoutingProblem, Shift
    from planner.solvers.routing.search import Bound, Budget, Report, Router, RoutingSolution


def _find(module: str, name: str) -> Callable[..., object]:
    return cast("Callable[..., object]", getattr(import_module(f"{__name__}.{module}"), name))


def _lazy(name: str, *, simple_only: bool = False) -> Router:
    """The router ``solve_<name>`` of the module of that name, behind the reductions if it needs them."""

    def solve(problem: RoutingProblem, budget: Budget) -> RoutingSolution:
        router = cast("Router", _find(name, f"solve_{name}"))
        if simple_only:
            return cast("RoutingSolution", _find("splits", "solve_split")(problem, budget, router=router))
        return router(problem, budget)

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


def prove(
    problem: RoutingProblem, budget: Budget, *, shifts: tuple[Shift, ...]
) -> tuple[Bound, tuple[Report, ...]]:
    """Bound a problem for a plan that was made otherwise; and what broke meanwhile."""
    found = _find("best", "prove")(problem, budget, shifts=shifts)
    return cast("tuple[Bound, tuple[Report, ...]]", found)
