"""All rules in the order of the report, and the one function that asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planner.check.case import Case
from planner.check.departures import RULES as DEPARTURES
from planner.check.figures import RULES as FIGURES
from planner.check.header import RULES as HEADER
from planner.check.hours import RULES as HOURS
from planner.check.legs import RULES as LEGS
from planner.check.people import RULES as PEOPLE
from planner.check.routes import RULES as ROUTES
from planner.check.times import RULES as TIMES
from planner.check.told import RULES as TOLD
from planner.check.vehicles import RULES as VEHICLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planner.check.rule import Rule
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan, Violation

RULES: Final[tuple[Rule, ...]] = (
    *HEADER,
    *PEOPLE,
    *LEGS,
    *ROUTES,
    *VEHICLES,
    *TIMES,
    *DEPARTURES,
    *FIGURES,
    *TOLD,
    *HOURS,
)


def check_plan(campaign: Campaign, plan: Plan, *, rules: Sequence[Rule] = RULES) -> tuple[Violation, ...]:
    """Judge a plan by every rule; an empty answer means that it may be driven.

    Never raises for a plan whose fields have their declared types, however damaged: an unknown id is
    a violation, and what hangs on it is passed over.
    """
    case = Case(campaign, plan)
    return tuple(violation for rule in rules for violation in rule.judge(case))
