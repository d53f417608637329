"""What the commands read: campaign folders and plans, and when they refuse to go on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from planner.errors import ConflictError, InputError, OtherCampaignError, Severity

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from pathlib import Path

    from planner.errors import Issue
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan, Violation


def load(  # noqa: PLR0913  # each switch is one command's
    folder: Path,
    *,
    locale: str,
    strict: bool = False,
    quiet: bool = False,
    numbered: bool = False,
    scenario: str = "",
    undecided: bool = False,
) -> Campaign:
    """Load a folder; InputError when nothing can be made of it, or with ``strict`` when anything is wrong.

    Rows that are left out are said on stderr, unless ``quiet``. ``numbered`` refuses a roster without
    registration numbers: those given here follow the content, and would name others after a change.
    ``undecided`` takes people without a destination.
    """
    from exports.words import text
    from planner import console
    from planner.intake.codes import Code
    from planner.intake.folder import load_campaign

    campaign, issues = load_campaign(folder, scenario=scenario, undecided=undecided)
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if campaign is None or (strict and errors):
        raise InputError(errors)
    unnumbered = [issue for issue in issues if issue.code == Code.NUMBER_GIVEN]
    if numbered and unnumbered:
        raise InputError(unnumbered)
    if errors and not quiet:
        for issue in errors:
            print(console.issue_line(issue, locale=locale), file=sys.stderr)
        print(text("cli.left_out", locale=locale, count=len(errors)), file=sys.stderr)
    return campaign


def read_previous(path: Path, campaign: Campaign) -> Plan:
    """Read the plan people were told; OtherCampaignError when it is another campaign's."""
    from planner.intake.planfile import read_plan

    return require_campaign(path, read_plan(path), ours=campaign.id)


def require_campaign(path: Path, plan: Plan, *, ours: str) -> Plan:
    """Give the plan back when it is of campaign ``ours``; else OtherCampaignError."""
    if plan.campaign_id != ours:
        raise OtherCampaignError(path.name, theirs=plan.campaign_id, ours=ours)
    return plan


def load_both(args: argparse.Namespace) -> tuple[Campaign, Plan, tuple[Violation, ...]]:
    """Load folder and plan and judge it: nothing is printed or explained from a plan that breaks a rule.

    ConflictError when the plan was made from other input, or is another campaign's.
    """
    from planner.check import check_plan
    from planner.demand import campaign_digest
    from planner.intake.planfile import read_plan

    plan = read_plan(args.plan)
    campaign = load(args.folder, locale=args.locale, scenario=plan.scenario)
    require_campaign(args.plan, plan, ours=campaign.id)
    if plan.campaign_digest != campaign_digest(campaign):
        raise ConflictError
    return campaign, plan, check_plan(campaign, plan)


def has_errors(found: Iterable[Issue | Violation]) -> bool:
    """Whether anything among the findings forbids to go on."""
    return any(entry.severity is Severity.ERROR for entry in found)
