"""What a named person lets stand against the rules: who, why, until when (``overrides.csv``).

An override turns a finding into a notice that says who allowed it. Which rules bend is written at the rule;
an override that can do nothing is reported itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from planner.check.case import travel_day
from planner.check.rule import Finding, Rule
from planner.errors import Severity
from planner.model.fleet import DepartureId

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from planner.check.case import Case
    from planner.model.papers import Override
    from planner.model.plan import Violation

EVERYTHING: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """A finding that stands, and who lets it: printed with the plan."""

    override: Override
    violation: Violation
    """A notice by now; ``who``, ``why`` and ``until`` are among its figures."""


def allow(case: Case, violation: Violation, *, rule: Rule) -> Allowance | None:
    """Find who lets a finding stand on its day; None where nobody does, or nobody may."""
    if not rule.waivable:
        return None
    day = _day_of(case, violation.where.item)
    for override in case.campaign.overrides:
        meant = override.item in {EVERYTHING, violation.where.item}
        if override.rule == rule.name and meant and day <= override.until:
            allowed = {"who": override.who, "why": override.why, "until": override.until.isoformat()}
            notice = replace(violation, severity=Severity.NOTICE, args={**violation.args, **allowed})
            return Allowance(override=override, violation=notice)
    return None


def build_rules(others: Sequence[Rule]) -> tuple[Rule, ...]:
    """Make the rules about overrides, which have to know all other rules."""
    register = _Register(others)
    return (
        Rule("override.unknown", "", register.find_unknown, Severity.WARNING, whole=True),
        Rule("override.hard", "", register.find_hard, Severity.WARNING, whole=True),
        Rule("override.expired", "", register.find_expired, Severity.WARNING, whole=True),
    )


class _Register:
    """Which rules there are, and which of them bend."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.bends = {rule.name: rule.waivable for rule in rules}

    def find_unknown(self, case: Case) -> Iterator[Finding]:
        """Require that an override names a rule that there is."""
        for override in case.campaign.overrides:
            if override.rule not in self.bends:
                yield _finding(override)

    def find_hard(self, case: Case) -> Iterator[Finding]:
        """Require that an override is of a rule that somebody may waive."""
        for override in case.campaign.overrides:
            if not self.bends.get(override.rule, True):
                yield _finding(override)

    def find_expired(self, case: Case) -> Iterator[Finding]:
        """Require that an override still holds on the day of what it is about, for all on the first day."""
        for override in case.campaign.overrides:
            every = override.item == EVERYTHING
            day = case.campaign.first_day if every else _day_of(case, override.item)
            if self.bends.get(override.rule) and override.until < day:
                yield _finding(override, day=day)


def _day_of(case: Case, item: str) -> date:
    """The day of a departure; of anything else the campaign's last."""
    departure = case.departures.get(DepartureId(item))
    return _last_day(case) if departure is None else travel_day(departure)


def _last_day(case: Case) -> date:
    days = [case.campaign.first_day]
    days += [travel_day(departure) for departure in case.departures.values()]
    days += [person.latest_date or person.travel_date for person in case.campaign.registrations]
    return max(days)


def _finding(override: Override, *, day: date | None = None) -> Finding:
    figures = {"rule": override.rule, "item": override.item, "who": override.who}
    figures |= {"until": override.until.isoformat()} | ({} if day is None else {"day": day.isoformat()})
    return Finding(override.item, figures)
