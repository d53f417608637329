"""The days and squads that suit one visit best, what each adds to the plan, and what rules the others out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from planner.errors import NotFoundError
from planner.network import Network
from planner.solvers.tours import TourTimes, find_slots
from planner.solvers.tours.judge import starts
from planner.stages.slotrules import SlotRule, name_rule
from planner.stages.tourdesk import prepare_desks
from planner.stages.tourmend import drive_seconds
from planner.stages.tours import read_tours

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
    for rule, squad, _ in found.refused:
        yield name_rule(desk, call, rule=rule, squad=squad)
