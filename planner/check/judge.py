"""All rules in the order of the report, and the one function that asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planner.check.case import Case
from planner.check.coaches import RULES as COACHES
from planner.check.departures import RULES as DEPARTURES
from planner.check.driving import RULES as DRIVING
from planner.check.fairs import RULES as FAIRS
from planner.check.figures import RULES as FIGURES
from planner.check.handover import RULES as HANDOVER
from planner.check.header import RULES as HEADER
from planner.check.hours import RULES as HOURS
from planner.check.legs import RULES as LEGS
from planner.check.locks import RULES as LOCKS
from planner.check.matching import RULES as MATCHING
from planner.check.overrides import Allowance, allow, build_rules
from planner.check.papers import RULES as PAPERS
from planner.check.people import RULES as PEOPLE
from planner.check.routes import RULES as ROUTES
from planner.check.seats import RULES as SEATS
from planner.check.squaddays import RULES as SQUAD_DAYS
from planner.check.times import RULES as TIMES
from planner.check.told import RULES as TOLD
from planner.check.trunk import RULES as TRUNK
from planner.check.vehicles import RULES as VEHICLES
from planner.check.visits import RULES as VISITS
from planner.check.ways import RULES as WAYS
from planner.halves import home_campaign, home_half, out_half
from planner.mirror import mirror_campaign, mirror_plan
from planner.model.campaign import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.check.rule import Rule
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan, Violation

_RULES: Final[tuple[Rule, ...]] = (
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
    *COACHES,
    *TRUNK,
    *DRIVING,
    *PAPERS,
    *SEATS,
    *HANDOVER,
    *WAYS,
    *FAIRS,
    *VISITS,
    *SQUAD_DAYS,
    *MATCHING,
    *LOCKS,
)
RULES: Final[tuple[Rule, ...]] = (*_RULES, *build_rules(_RULES))


def check_plan(
    campaign: Campaign, plan: Plan, *, rules: Sequence[Rule] = RULES, for_issue: bool = False
) -> tuple[Violation, ...]:
    """Judge a plan by every rule; without an error in the answer it may be driven.

    ``for_issue`` asks for the papers too. What a named person lets stand is a notice. Never raises for a
    plan whose fields have their declared types, however damaged: an unknown id is a violation, and what
    hangs on it is passed over.
    """
    return tuple(
        violation if allowance is None else allowance.violation
        for violation, allowance in _judge(Case(campaign, plan), rules, for_issue=for_issue)
    )


def active_overrides(campaign: Campaign, plan: Plan) -> tuple[Allowance, ...]:
    """List what stands in this plan against a rule and who lets it, to be printed with it."""
    named = {override.rule for override in campaign.overrides}
    rules = [rule for rule in RULES if rule.name in named and rule.waivable]
    judged = _judge(Case(campaign, plan), rules, for_issue=True) if rules else ()
    return tuple(allowance for _, allowance in judged if allowance is not None)


def _judge(
    whole: Case, rules: Sequence[Rule], *, for_issue: bool
) -> Iterator[tuple[Violation, Allowance | None]]:
    """Ask each rule about the plan as it is or about its halves, and who allows what it finds."""
    halves = _halves(whole)
    for rule in rules:
        if for_issue or not rule.for_issue:
            for case in (whole,) if rule.whole else halves:
                for violation in rule.judge(case):
                    yield violation, allow(whole, violation, rule=rule)


def _halves(whole: Case) -> tuple[Case, ...]:
    """The ways out that a plan is judged as: itself, its mirror image, or one of each."""
    campaign, plan = whole.campaign, whole.plan
    if campaign.direction is Direction.HOME:
        return (_mirrored(campaign, plan),)
    if campaign.direction is Direction.ROUND:
        home = home_half(plan)
        people = frozenset(person for leg in home.legs for person in leg.registration_ids)
        return (
            Case(campaign, out_half(plan)),
            _mirrored(home_campaign(campaign, plan, people=people), home),
        )
    return (whole,)


def _mirrored(campaign: Campaign, plan: Plan) -> Case:
    return Case(mirror_campaign(campaign), mirror_plan(campaign, plan))


def clause_of(rule: str) -> str:
    """The clause of a rule by its name; empty where it has none."""
    return next((known.clause for known in RULES if known.name == rule), "")
