"""The days and squads that suit one visit best, what each adds to the plan, and what rules the others out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from planner.errors import NotFoundError
from planner.network import Network
from planner.solvers.tours import Rule, TourTimes, find_slots
from planner.solvers.tours.judge import starts
from planner.stages.tourdesk import prepare_desks
from planner.stages.tourmend import drive_seconds
from planner.stages.tours import read_tours
from planner.stages.tourways import Bar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.model.agenda import Agenda
    from planner.model.campaign import Campaign
    from planner.model.tours import SquadId, VisitId
    from planner.solvers.tours import Tour
    from planner.solvers.tours.candidates import Slot, Slots
    from planner.stages.tourdesk import TourDesk

_ALL: Final = 1 << 30


class SlotRule(StrEnum):
    """The first rule that a squad's day would break, in the order in which they are looked at."""

    ROAD = "road"
    SKILL = "skill"
    """Or no recruiter of the firm rides along."""
    FAR = "far"
    OFF = "off"
    """The squad is not there, or rests."""
    CLOSED = "closed"
    """Outside the window, no market, or no broker."""
    SPACING = "spacing"
    FULL = "full"
    """As many visits as the squad makes in a day."""
    TIME = "time"
    DRIVE = "drive"


_RULES: Final = {
    Rule.OFF: SlotRule.OFF,
    Rule.CLOSED: SlotRule.CLOSED,
    Rule.SPACING: SlotRule.SPACING,
    Rule.FULL: SlotRule.FULL,
    Rule.ROAD: SlotRule.ROAD,
    Rule.TIME: SlotRule.TIME,
}
_BARS: Final = {Bar.ROAD: SlotRule.ROAD, Bar.SKILL: SlotRule.SKILL, Bar.FAR: SlotRule.FAR}


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSlot:
    """A squad's day with the visit in it: when it begins, and the fen it adds to the plan as it is."""

    squad_id: SquadId
    day: date
    begin_s: int
    added_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSlots:
    """The best slots, cheapest first; how many squad-days each rule shuts out."""

    best: tuple[VisitSlot, ...]
    refused: tuple[tuple[SlotRule, int], ...]


def suggest_slots(campaign: Campaign, agenda: Agenda, *, visit_id: VisitId, most: int = 5) -> VisitSlots:
    """Try a visit on every day of every squad of its county; all others stay with theirs.

    Only the order of a day may change. A lock of the visit itself does not count here, the slot it has now is
    left out. NotFoundError where no village needs such a visit.
    """
    desk = next(iter(prepare_desks(campaign, Network(campaign), previous=agenda, free=visit_id)), None)
    if desk is None:
        raise NotFoundError("visit", visit_id)
    call = next(number for number, (visit, _) in enumerate(desk.calls) if visit == visit_id)
    tours = read_tours(desk, agenda)
    found = find_slots(desk.problem, tours, call=call, most=_ALL)
    now = next(((tour.squad, tour.day) for tour in tours if call in tour.calls), None)
    wakes = starts(desk.problem, tours)
    lawful: list[Slot] = []
    tired = 0
    for slot in found.best:
        if drive_seconds(desk.problem, slot.tour, start=wakes[slot.squad, slot.day]) > desk.ways.drive_s:
            tired += 1
        elif (slot.squad, slot.day) != now:
            lawful.append(slot)
    counts = Counter(_refusals(desk, found, call=call))
    counts[SlotRule.DRIVE] += tired
    return VisitSlots(
        best=tuple(
            _describe(desk, slot, call=call, start=wakes[slot.squad, slot.day]) for slot in lawful[:most]
        ),
        refused=tuple((rule, counts[rule]) for rule in SlotRule if counts[rule]),
    )


def _describe(desk: TourDesk, slot: Slot, *, call: int, start: int) -> VisitSlot:
    tour: Tour = slot.tour
    times = desk.problem.times(tour, start=start)
    begins = times.begin_s if isinstance(times, TourTimes) else ()
    second = begins[tour.calls.index(call)] if begins else 0
    return VisitSlot(
        squad_id=desk.district.squads[slot.squad].id,
        day=desk.days[slot.day],
        begin_s=desk.midnight_s(slot.day) + desk.openings.noon.to_real(second),
        added_fen=slot.added_fen,
    )


def _refusals(desk: TourDesk, found: Slots, *, call: int) -> Iterator[SlotRule]:
    """The first rule of every squad-day that will not do; the solver knows squads by name only."""
    need = desk.need(call)
    bars = [desk.ways.bar(squad, need) for squad in desk.district.squads]
    for rule, squad, _ in found.refused:
        bar = bars[squad]
        yield _RULES[rule] if bar is None else _BARS[bar]
