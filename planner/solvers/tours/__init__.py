"""Which squad calls where on which day, in which order: ``solve_tours(TourProblem, TourBudget)``.

OR-Tools and numba are imported when it is called: whoever only builds or judges a plan needs neither.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from planner.solvers.tours.judge import Judged, TourCosts, judge
from planner.solvers.tours.problem import (
    Call,
    Rule,
    Squad,
    Tour,
    TourBudget,
    TourProblem,
    TourProgress,
    TourTimes,
    Village,
)

if TYPE_CHECKING:
    from planner.solvers.tours.candidates import Slots
    from planner.solvers.tours.solve import TourSolution

__all__ = [
    "Call",
    "Judged",
    "Rule",
    "Squad",
    "Tour",
    "TourBudget",
    "TourCosts",
    "TourProblem",
    "TourProgress",
    "TourTimes",
    "Village",
    "find_slots",
    "judge",
    "solve_tours",
]


def solve_tours(problem: TourProblem, budget: TourBudget) -> TourSolution:
    """Plan all tours; see ``planner.solvers.tours.solve``."""
    return cast("TourSolution", import_module(f"{__name__}.solve").solve_tours(problem, budget))


def find_slots(problem: TourProblem, tours: tuple[Tour, ...], *, call: int, most: int = 5) -> Slots:
    """The best squads and days for one call of a plan; see ``planner.solvers.tours.candidates``."""
    return cast(
        "Slots", import_module(f"{__name__}.candidates").find_slots(problem, tours, call=call, most=most)
    )
