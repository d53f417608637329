"""Where else a fair could be: the best slots with what they add, and what stands against the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from planner.errors import NotFoundError
from planner.solvers.fairs.judge import Judge
from planner.solvers.fairs.suggest import find_options
from planner.stages.fairdesk import lay_out, survey_fairs
from planner.stages.fairobstacles import Obstacles, Spot
from planner.stages.fairs import split_fairs
from planner.stages.fairterms import build_terms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.model.agenda import Agenda, FairCause, PlannedFair
    from planner.model.campaign import Campaign
    from planner.model.fairs import ExhibitorId, FairId, VenueId
    from planner.solvers.fairs import Fair as Held
    from planner.stages.fairdesk import FairDesk
    from planner.stages.fairterms import Terms

_SPARE = 4
"""Times as many slots are looked at, for a firm that must be there cannot come to some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotOffer:
    """A day and a venue that break no rule; ``absent`` firms of the plan cannot come along."""

    day: date
    venue_id: VenueId | None
    added_fen: int
    market: bool
    absent: tuple[ExhibitorId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRefusal:
    """A day and a venue, and the first rule that the fair would break there, beside ``other``."""

    day: date
    venue_id: VenueId | None
    cause: FairCause
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotAdvice:
    """Where a fair is now, None: nowhere; the best slots, cheapest first; all days that will not do."""

    now: PlannedFair | None
    offers: tuple[SlotOffer, ...]
    refused: tuple[SlotRefusal, ...]


def suggest_slots(campaign: Campaign, agenda: Agenda, *, fair_id: FairId, most: int = 5) -> SlotAdvice:
    """The slots of its window that add least to a plan for one fair, all others staying where they are.

    A lock on it, or its announced day, is not looked at. Who is told of the fair already costs
    ``fairs.change_fen``. NotFoundError where nobody commissioned a fair of that id.
    """
    ground = survey_fairs(campaign)
    terms = build_terms(campaign, seats=dict(ground.seats), free=fair_id)
    part = next((part for part in split_fairs(campaign, terms) if fair_id in {t.fair.id for t in part}), None)
    if part is None:
        raise NotFoundError("fair", fair_id)
    desk = lay_out(ground, part, previous=agenda.fairs)
    held, wish = desk.as_held(agenda.fairs), desk.wish(fair_id)
    moved = next((fair for fair in held if fair.slot.wish == wish), None)
    judge = Judge(desk.problem)
    others = [fair for fair in held if fair is not moved]
    asker = Obstacles(desk, judge, held=others)
    refused = tuple(_list_refused(desk, asker, terms=part[wish], moved=moved))
    barred = {(refusal.day, refusal.venue_id) for refusal in refused}
    before_fen = judge.value(held).total
    offers: list[SlotOffer] = []
    for option in find_options(judge, held, wish=wish, moved=moved, best=most * _SPARE).best:
        fair = _invite(desk, option.fair)
        site, day = desk.sites[fair.slot.venue], desk.date(fair.slot.day)
        if (day, site.venue_id) in barred:
            continue
        gone = set(moved.employers if moved else ()) - set(fair.employers)
        offers.append(
            SlotOffer(
                day=day,
                venue_id=site.venue_id,
                added_fen=before_fen - judge.value([*others, fair]).total,
                market=site.venue is not None and ground.market(site.venue, day),
                absent=tuple(desk.exhibitors[number].id for number in sorted(gone)),
            )
        )
    offers.sort(key=lambda offer: (offer.added_fen, offer.day, offer.venue_id or ""))
    return SlotAdvice(
        now=next((fair for fair in agenda.fairs if fair.fair_id == fair_id), None),
        offers=tuple(offers[:most]),
        refused=refused,
    )


def _invite(desk: FairDesk, fair: Held) -> Held:
    """The fair with those who must be there, whatever they bring, before all others who would come."""
    must = desk.hold(fair.slot).employers
    guests = dict.fromkeys((*must, *fair.employers))
    taken = accumulate(desk.exhibitors[number].booths for number in guests)
    room = desk.problem.venues[fair.slot.venue].booths
    fitting = (number for number, booths in zip(guests, taken, strict=True) if booths <= room)
    return replace(fair, employers=tuple(sorted(fitting)))


def _list_refused(
    desk: FairDesk, asker: Obstacles, *, terms: Terms, moved: Held | None
) -> Iterator[SlotRefusal]:
    """Every day of the window at every venue that something stands against."""
    first = max(terms.first, desk.ground.campaign.first_day)
    for venue in [None] if terms.online else [venue.id for venue in terms.venues]:
        site = desk.site(terms.fair.id, venue)
        for number in range((terms.last - first).days + 1) if site is not None else ():
            day = first + timedelta(number)
            if site is None or (moved and (moved.slot.venue, desk.date(moved.slot.day)) == (site, day)):
                continue
            obstacle = next(iter(asker.list(Spot(terms=terms, site=site, day=day))), None)
            if obstacle is not None and obstacle.cause is not None:
                other = str(obstacle.args.get("other", ""))
                yield SlotRefusal(day=day, venue_id=venue, cause=obstacle.cause, other=other)
