"""Troubles of squads and of visits fixed by hand that show only beside the days on which squads are out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.intake.codes import Code
from planner.intake.tables import NO_DATE
from planner.touring import list_days

if TYPE_CHECKING:
    from datetime import date

    from planner.intake.structure import Structure
    from planner.model.outreachlaw import TourRules

_DAYS = {"first_day", "last_day", "weekdays", "closed"}


def check_tours(found: Structure, rules: TourRules, *, first_day: date) -> None:
    """Report squads that are out on no day; nothing where no village needs visits or days are wrong."""
    needs = [entry.value for entry in found.outreach.visits]
    days = list_days(rules, needs, first_day=first_day)
    if not needs or not days or NO_DATE in {days[0], days[-1]}:
        return
    for entry in found.outreach.squads:
        if not entry.row.faults & _DAYS and not any(map(entry.value.is_open, days)):
            span = {"first": days[0].isoformat(), "last": days[-1].isoformat()}
            entry.row.report(Code.SQUADS_NO_DAYS, "first_day", name=entry.value.name, **span)
