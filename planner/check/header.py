"""Whether this is a plan for this campaign at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule
from planner.demand import campaign_digest
from planner.model.plan import PLAN_FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case

_SHOWN: Final = 12
"""Characters of a digest that people compare by eye."""


def find_format(case: Case) -> Iterator[Finding]:
    """Require that a plan file is of the format this program writes."""
    if case.plan.format != PLAN_FORMAT:
        yield Finding("plan", {"format": case.plan.format, "right": PLAN_FORMAT})


def find_version(case: Case) -> Iterator[Finding]:
    """Require that version 1 replaces nothing, and every later version says which plan it replaces."""
    version, parent = case.plan.version, case.plan.parent
    if version < 1 or (parent is None) != (version == 1):
        yield Finding("plan", {"version": version, "parent": (parent or "")[:_SHOWN]})


def find_campaign(case: Case) -> Iterator[Finding]:
    """Require that a plan belongs to the campaign it is judged against."""
    if case.plan.campaign_id != case.campaign.id:
        yield Finding("plan", {"campaign": case.plan.campaign_id, "right": case.campaign.id})


def find_digest(case: Case) -> Iterator[Finding]:
    """Require that what planning sees of the campaign has not changed since.

    A corrected name or phone changes nothing here: it needs a new print, not a new plan.
    """
    right = campaign_digest(case.campaign)
    if (case.plan.campaign_digest, case.plan.scenario) != (right, case.campaign.scenario):
        yield Finding("plan", {"digest": case.plan.campaign_digest[:_SHOWN], "right": right[:_SHOWN]})


RULES: Final = (
    Rule("plan.format", "", find_format, whole=True),
    Rule("plan.version", "", find_version, whole=True),
    Rule("plan.campaign", "", find_campaign, whole=True),
    Rule("plan.digest", "", find_digest, whole=True),
)
