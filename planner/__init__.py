"""Spring Breeze: plan how a county's workers get from village to train.

The public names, imported when they are first used, so ``import planner`` is instant::

    campaign, issues = planner.load_campaign(folder)
    plan = planner.plan_campaign(campaign, planner.Budget(seconds=60))
    violations = planner.check_plan(campaign, plan)
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

_HOMES: Final = {
    "Budget": "planner.solvers.routing.search",
    "Campaign": "planner.model.campaign",
    "InputError": "planner.errors",
    "Issue": "planner.errors",
    "Plan": "planner.model.plan",
    "PlannerError": "planner.errors",
    "Violation": "planner.model.plan",
    "check_plan": "planner.check",
    "diff_plans": "planner.diff",
    "load_campaign": "planner.intake.folder",
    "plan_campaign": "planner.pipeline",
    "read_plan": "planner.intake.planfile",
    "save_campaign": "planner.intake.folder",
    "summarise": "planner.summary",
    "write_plan": "planner.intake.planfile",
}
__all__ = list(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll]  # given by __getattr__


def __getattr__(name: str) -> Any:
    """Import a public name from its home."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
