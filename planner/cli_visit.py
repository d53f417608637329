"""``breeze suggest --visit``: the best days and squads for a visit, and what rules the others out."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from planner.errors import NotFoundError

if TYPE_CHECKING:
    import argparse

    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

OK: Final = 0
REFUSED: Final = 3


def suggest_visit(args: argparse.Namespace, campaign: Campaign, *, plan: Plan) -> int:
    """Print the slots of the visit that was asked about."""
    from exports.visitwords import VisitWords
    from planner import console
    from planner.model.agenda import Agenda
    from planner.model.tours import VisitId
    from planner.stages.tourslots import suggest_slots

    agenda, visit = plan.agenda or Agenda(), VisitId(args.visit)
    try:
        slots = suggest_slots(campaign, agenda, visit_id=visit)
    except NotFoundError:
        console.say_both("cli.suggest.no_visit", visit=visit)
        return REFUSED
    if args.json:
        best = [asdict(slot) for slot in slots.best]
        console.print_json({"visit": visit, "slots": best, "refused": dict(slots.refused)})
        return OK
    for words in VisitWords(campaign, locale=args.locale).slots(agenda, visit, slots=slots):
        print(words)
    return OK
