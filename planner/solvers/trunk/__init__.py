"""Which party leaves on which day by which means: ``solve_trunk(TrunkProblem, TrunkBudget)``.

OR-Tools are imported when it is called: whoever only builds or judges a plan needs none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from planner.solvers.trunk.judge import Costs, Price, price
from planner.solvers.trunk.problem import (
    Coach,
    CoachKind,
    Group,
    Line,
    Means,
    Party,
    Prices,
    Ride,
    Train,
    TrunkBudget,
    TrunkProblem,
    TrunkSolution,
    Weights,
    groups_of,
)
from planner.solvers.trunk.verify import recompute

__all__ = [
    "Coach",
    "CoachKind",
    "Costs",
    "Group",
    "Line",
    "Means",
    "Party",
    "Price",
    "Prices",
    "Ride",
    "Train",
    "TrunkBudget",
    "TrunkProblem",
    "TrunkSolution",
    "Weights",
    "groups_of",
    "price",
    "recompute",
    "solve_trunk",
]


def solve_trunk(problem: TrunkProblem, budget: TrunkBudget) -> TrunkSolution:
    """Give every party a day and a means at least cost, whole, and bound what any plan costs.

    There always is a plan: at worst everybody is at the last resort. Raises SolverError when a library
    refuses, or the plan fails its check.
    """
    return cast("TrunkSolution", import_module(f"{__name__}.solve").solve(problem, budget))
