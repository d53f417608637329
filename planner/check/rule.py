"""What a rule is: a name, the clause it rests on, and a function that finds where a plan breaks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.errors import Arg, Severity, Where
from planner.model.plan import Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from planner.check.case import Case


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a plan breaks a rule.

    ``item`` names it (``run 7``, a registration id, ``plan``), ``args`` carries the figures for its words.
    """

    item: str
    args: Mapping[str, Arg]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule. ``clause`` is the source in law; empty where the rule is the county's or our own.

    ``waivable``: a named person may let a finding stand (``overrides.csv``). ``for_issue``: asked only
    when a plan is issued, not while planning.

    ``find`` must stand any plan whose fields have the declared types: what it cannot resolve (an
    unknown id) it passes over, because the rule about that id already speaks.
    """

    name: str
    clause: str
    find: Callable[[Case], Iterable[Finding]]
    severity: Severity = Severity.ERROR
    waivable: bool = False
    for_issue: bool = False
    whole: bool = False
    """Judged on the plan as it is; others on its halves, and those that lead home in the mirror."""

    def judge(self, case: Case) -> tuple[Violation, ...]:
        """Say where the case breaks this rule, in the order it was found."""
        return tuple(
            Violation(
                rule=self.name,
                clause=self.clause,
                severity=self.severity,
                where=Where(item=found.item),
                args={**found.args, "mirrored": 1} if case.campaign.mirrored else found.args,
            )
            for found in self.find(case)
        )


def run_item(run: int) -> str:
    """Name a route for ``Where.item``: the number people shout, the same in every language."""
    return f"run {run}"
