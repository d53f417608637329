"""Which fairs are held where, when and with whom: ``solve_fairs(FairsProblem, FairsBudget)``.

OR-Tools are imported when a plan is made or judged: whoever only builds a problem needs none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from planner.solvers.fairs.problem import (
    Employer,
    Fair,
    FairsBudget,
    FairsProblem,
    FairsSolution,
    Prices,
    Score,
    SitePrice,
    Slot,
    Venue,
    Village,
    Weights,
    Wish,
)
from planner.solvers.fairs.rules import Rule
from planner.solvers.fairs.verify import recompute

__all__ = [
    "Employer",
    "Fair",
    "FairsBudget",
    "FairsProblem",
    "FairsSolution",
    "Prices",
    "Rule",
    "Score",
    "SitePrice",
    "Slot",
    "Venue",
    "Village",
    "Weights",
    "Wish",
    "recompute",
    "solve_fairs",
]


def solve_fairs(problem: FairsProblem, budget: FairsBudget) -> FairsSolution:
    """Choose fairs and employers worth most together, and bound what any plan is worth.

    There always is a plan: at worst only what is fixed. Raises SolverError when a library refuses.
    """
    return cast("FairsSolution", import_module(f"{__name__}.solve").solve(problem, budget))
