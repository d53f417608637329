"""Troubles of squads and of visits fixed by hand that show only beside the days on which squads are out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.intake.codes import Code
from planner.intake.tables import NO_DATE
from planner.model.locks import LockKind
from planner.model.tours import SquadId, VisitId
from planner.touring import list_days

if TYPE_CHECKING:
    from datetime import date

    from planner.intake.found import Found
    from planner.intake.structure import Structure
    from planner.model.locks import Lock
    from planner.model.outreachlaw import TourRules
    from planner.model.tours import Squad, VisitNeed

_DAYS = {"first_day", "last_day", "weekdays", "closed"}


def check_tours(found: Structure, rules: TourRules, *, first_day: date) -> None:
    """Report squads that are never out, and locks that no plan can keep; nothing where no visit is needed."""
    needs = [entry.value for entry in found.outreach.visits]
    days = list_days(rules, needs, first_day=first_day)
    if not needs or not days or NO_DATE in {days[0], days[-1]}:
        return
    squads = {entry.value.id: entry.value for entry in found.outreach.squads if not entry.row.faults & _DAYS}
    for entry in found.outreach.squads:
        if not entry.row.faults & _DAYS and not any(map(entry.value.is_open, days)):
            span = {"first": days[0].isoformat(), "last": days[-1].isoformat()}
            entry.row.report(Code.SQUADS_NO_DAYS, "first_day", name=entry.value.name, **span)
    asked = {visit: need for need in needs for visit in need.visit_ids}
    for entry in found.locks:
        need = asked.get(VisitId(entry.value.item))
        if entry.value.kind is LockKind.VISIT and need is not None and not entry.row.faults:
            _check_lock(entry, need, days=days, squad=squads.get(SquadId(entry.value.to)))


def _check_lock(entry: Found[Lock], need: VisitNeed, *, days: tuple[date, ...], squad: Squad | None) -> None:
    """The first thing that keeps a lock from being kept, whatever else is planned."""
    lock, row = entry.value, entry.row
    first, last = max(days[0], need.first_day or days[0]), min(days[-1], need.last_day or days[-1])
    if lock.day is not None and not first <= lock.day <= last:
        span = {"first": first.isoformat(), "last": last.isoformat()}
        row.report(Code.LOCKS_DAY, "day", id=lock.item, day=lock.day.isoformat(), **span)
    elif squad is not None and lock.day is not None and not squad.is_open(lock.day):
        row.report(Code.LOCKS_SQUAD_AWAY, "day", id=lock.item, name=squad.name, day=lock.day.isoformat())
    elif squad is not None and need.skill and need.skill not in squad.skills:
        row.report(Code.LOCKS_SQUAD_UNFIT, "to", id=lock.item, name=squad.name, asked=need.skill)
    elif squad is not None and need.exhibitor is not None and need.exhibitor not in squad.exhibitors:
        row.report(Code.LOCKS_SQUAD_UNFIT, "to", id=lock.item, name=squad.name, asked=need.exhibitor)
