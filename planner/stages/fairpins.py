"""Fairs that are held before all others: what people fixed by hand, and where firms have to be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.solvers.fairs import Slot
from planner.solvers.fairs.judge import Judge
from planner.solvers.fairs.suggest import find_options
from planner.stages.fairdesk import lay_out
from planner.stages.fairobstacles import Obstacle, Obstacles, Spot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from planner.model.fairs import FairId, VenueId
    from planner.solvers.fairs import Fair as Held
    from planner.stages.fairdesk import FairDesk, FairGround
    from planner.stages.fairterms import Terms

Pins = dict["FairId", "tuple[date, VenueId | None]"]
"""Day and venue by fair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """Fairs fixed on a day at a venue, and those whose lock cannot be kept, with what stands against it."""

    pins: Pins
    broken: Mapping[FairId, Obstacle]


def pin_fixed(ground: FairGround, terms: Sequence[Terms]) -> Pinned:
    """Fix what locks and announcements leave one day and venue for, the announced first, then by id.

    Whatever breaks a rule, alone or beside what is fixed already, is given up.
    """
    desk = lay_out(ground, terms)
    judge = Judge(desk.problem)
    held: list[Held] = []
    pins: Pins = {}
    broken: dict[FairId, Obstacle] = {}
    for one in sorted(terms, key=lambda one: (one.fair.announced is None, one.fair.id)):
        places = [None] if one.online else [venue.id for venue in one.venues]
        if not one.held or one.first != one.last or len(places) != 1:
            continue
        site = desk.site(one.fair.id, places[0])
        if site is None:
            continue
        spot = Spot(terms=one, site=site, day=one.first)
        obstacle = next(iter(Obstacles(desk, judge, held=held).list(spot)), None)
        if obstacle is not None:
            broken[one.fair.id] = obstacle
            continue
        pins[one.fair.id] = (one.first, places[0])
        held.append(desk.hold(Slot(desk.wish(one.fair.id), site, desk.day(one.first))))
    return Pinned(pins=pins, broken=broken)


def find_bound(desk: FairDesk, pinned: Pinned) -> dict[int, Terms]:
    """Fairs, by wish, that are not pinned yet though a lock binds them or somebody must be there."""
    return {
        number: one
        for number, one in enumerate(desk.terms)
        if (one.held or one.must) and not {one.fair.id} & (pinned.pins.keys() | pinned.broken.keys())
    }


def find_kept(desk: FairDesk, fairs: Sequence[Held], *, bound: Mapping[int, Terms]) -> set[int]:
    """Those of them that a plan holds with everybody who must be there."""
    at = {fair.slot.wish: set(fair.employers) for fair in fairs}
    must = {number: set(desk.hold(Slot(number, 0, 0)).employers) for number in bound}
    missing = {number for number, one in bound.items() if len(must[number]) < len(one.must)}
    return {number for number in bound if number in at and must[number] <= at[number]} - missing


def pin_rest(desk: FairDesk, fairs: Sequence[Held], *, bound: Mapping[int, Terms], pins: Pins) -> Pins:
    """Pin those too: where a plan has them if that will do, else where they are worth most.

    What somebody fixed comes first. Firms that the plan has at other fairs, but need not be there, are free.
    """
    at = {fair.slot.wish: fair for fair in fairs}
    kept = find_kept(desk, fairs, bound=bound)
    judge = Judge(desk.problem)
    held = [desk.hold(fair.slot) for fair in fairs if desk.terms[fair.slot.wish].fair.id in pins]
    more: Pins = {}
    for number in sorted(bound, key=lambda number: (not bound[number].held, number not in kept, number)):
        one = bound[number]
        slot = at[number].slot if number in kept else None
        if slot is None or _stands_against(desk, judge, held=held, one=one, slot=slot):
            slot = _find_best(desk, judge, held=held, number=number)
        if slot is not None:
            held.append(desk.hold(slot))
            more[one.fair.id] = (desk.date(slot.day), desk.sites[slot.venue].venue_id)
    return more


def _stands_against(desk: FairDesk, judge: Judge, *, held: list[Held], one: Terms, slot: Slot) -> bool:
    spot = Spot(terms=one, site=slot.venue, day=desk.date(slot.day))
    return bool(Obstacles(desk, judge, held=held).list(spot))


def _find_best(desk: FairDesk, judge: Judge, *, held: list[Held], number: int) -> Slot | None:
    """Where a fair is worth most beside what is fixed, of the slots where all who must can be there.

    A slot for every day is judged; all of them where none of those will do.
    """
    one = desk.terms[number]
    for most in (desk.days, desk.days * len(desk.sites)):
        for option in find_options(judge, held, wish=number, best=most).best:
            if not _stands_against(desk, judge, held=held, one=one, slot=option.fair.slot):
                return option.fair.slot
    return None
