"""The traveller's itinerary: one page a party, from home to the dormitory's door, piled by run.

Whoever goes exactly the same way shares a page; a party that parts on the way has one for each part. A pile
is handed out by the captain of a run; people whom no run fetches are piled by departure, or by the city and
day of their scheduled transport. On the way home the departure comes first, so all are piled by it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from exports.dates import say_clock, say_day, say_phone
from exports.dossier import Contact
from exports.privacy import Sheet
from exports.sheethead import build_head, departure_badge, run_badge
from exports.views import Fact, ItineraryLeg, ItineraryRow, ItinerarySheet, ItineraryView, Traveller
from planner.itinerary import Itineraries, Step, StepKind
from planner.model.campaign import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exports.dossier import Dossier
    from planner.model.fleet import DepartureId
    from planner.model.people import Registration, RegistrationId
    from planner.model.plan import Plan

_MOST: Final = 60
"""Parties of one pile: more in one compile take too much memory."""
_DAY_S: Final = 86_400
_COLUMNS = ("time", "what", "place", "contact")
_SIGNATURES = ("gives", "takes", "when")
_LEG_OF: Final = {
    StepKind.GATHER: "home",
    StepKind.RIDE: "home",
    StepKind.ARRIVE: "home",
    StepKind.BOARD: "away",
    StepKind.ALIGHT: "away",
    StepKind.SHUTTLE: "firm",
    StepKind.GATE: "firm",
    StepKind.DORMITORY: "firm",
    StepKind.SCHEDULED: "scheduled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """Whose itineraries go into one file; ``run`` None where no run of ours fetches them."""

    id: str
    run: int | None
    parties: tuple[tuple[RegistrationId, ...], ...]
    departure_id: DepartureId | None = None
    """Of a pile of the way home: what all of it ride first."""


def list_piles(plan: Plan) -> tuple[Pile, ...]:
    """List the files: runs by number, then the others by name; none of more than 60 parties."""
    if plan.legs and all(leg.home for leg in plan.legs):
        return tuple(part for pile in _list_home(plan) for part in _parts(pile))
    legs = [leg for leg in plan.legs if not leg.home]
    fed = {person for leg in legs if leg.run is not None for person in leg.registration_ids}
    runs: dict[int, list[tuple[RegistrationId, ...]]] = defaultdict(list)
    others: dict[str, list[tuple[RegistrationId, ...]]] = defaultdict(list)
    for leg in sorted(legs, key=lambda leg: (leg.board_s, leg.registration_ids)):
        if leg.run is not None:
            runs[leg.run].append(leg.registration_ids)
        elif not fed.intersection(leg.registration_ids):
            others[leg.departure_id].append(leg.registration_ids)
    for name, paid in _list_paid(plan):
        others[name].append(paid)
    piles = [Pile(id=f"{run:03d}", run=run, parties=tuple(runs[run])) for run in sorted(runs)]
    piles += [Pile(id=name, run=None, parties=tuple(others[name])) for name in sorted(others)]
    return tuple(part for pile in piles for part in _parts(pile))


def _list_paid(plan: Plan) -> Iterator[tuple[str, tuple[RegistrationId, ...]]]:
    """Who goes by scheduled transport, by city and day."""
    for paid in sorted(plan.subsidised, key=lambda paid: (paid.day, paid.registration_ids)):
        yield f"{paid.destination_id}-{paid.day:%m%d}", paid.registration_ids


def _list_home(plan: Plan) -> list[Pile]:
    """Piles of the way home; parties are those of the feeder, who part last."""
    rides = {person: leg.departure_id for leg in plan.legs for person in leg.registration_ids}
    fed = {person for leg in plan.legs if leg.run is not None for person in leg.registration_ids}
    piles: dict[DepartureId, list[tuple[RegistrationId, ...]]] = defaultdict(list)
    for leg in sorted(plan.legs, key=lambda leg: leg.registration_ids):
        if leg.run is not None or not fed.intersection(leg.registration_ids):
            piles[rides[leg.registration_ids[0]]].append(leg.registration_ids)
    others: dict[str, list[tuple[RegistrationId, ...]]] = defaultdict(list)
    for name, paid in _list_paid(plan):
        others[name].append(paid)
    made = [Pile(id=name, run=None, parties=tuple(piles[name]), departure_id=name) for name in sorted(piles)]
    return [*made, *(Pile(id=name, run=None, parties=tuple(others[name])) for name in sorted(others))]


def build_itineraries(dossier: Dossier) -> list[ItineraryView]:
    """Build the piles of everybody the plan takes."""
    itineraries = Itineraries(dossier.campaign, dossier.plan)
    return [_build_pile(dossier, itineraries, pile=pile) for pile in list_piles(dossier.plan)]


def _parts(pile: Pile) -> Iterator[Pile]:
    for number, start in enumerate(range(0, len(pile.parties), _MOST), 1):
        parties = pile.parties[start : start + _MOST]
        yield replace(pile, id=pile.id if number == 1 else f"{pile.id}-{number}", parties=parties)


def _build_pile(dossier: Dossier, itineraries: Itineraries, *, pile: Pile) -> ItineraryView:
    word = dossier.word
    sheets: list[ItinerarySheet] = []
    for ids in pile.parties:
        ways: dict[tuple[Step, ...], list[tuple[Registration, tuple[Step, ...]]]] = defaultdict(list)
        for person in dossier.people(ids):
            steps = itineraries.build(person.id)
            shared = tuple(replace(step, carriage=0, seat="", captain=None) for step in steps)
            ways[shared].append((person, steps))
        sheets += [_Page(dossier, tuple(group)).build() for group in ways.values()]
    badge = word("sheet.itinerary.own") if pile.run is None else run_badge(dossier, pile.run)
    if pile.departure_id is not None:
        badge = departure_badge(dossier, dossier.departures[pile.departure_id])
    return ItineraryView(
        pile=pile.id,
        head=build_head(dossier, Sheet.ITINERARY, badge=badge, item=pile.id, facts=()),
        columns=tuple(word(f"sheet.itinerary.column.{name}") for name in _COLUMNS),
        people=word("sheet.itinerary.people"),
        sheets=tuple(sheets),
        closing=word("sheet.itinerary.closing", phone=dossier.campaign.phone),
    )


class _Page:
    """The page of people who go the same way, told by the steps of the first."""

    def __init__(self, dossier: Dossier, group: tuple[tuple[Registration, tuple[Step, ...]], ...]) -> None:
        self._dossier = dossier
        self._group = group
        self._steps = group[0][1]
        self._by_kind = {step.kind: step for step in reversed(self._steps)}
        self._homeward = dossier.campaign.direction is Direction.HOME

    def build(self) -> ItinerarySheet:
        return ItinerarySheet(
            people=tuple(self._traveller(person, steps) for person, steps in self._group),
            facts=self._facts(),
            legs=tuple(self._legs()),
        )

    def _traveller(self, person: Registration, steps: tuple[Step, ...]) -> Traveller:
        word = self._dossier.word
        board = next((step for step in steps if step.kind is StepKind.BOARD), None)
        notes = ("captain" if self._dossier.leads(person) else "", "child" if person.child else "")
        return Traveller(
            name=person.name,
            seat=say_seat(self._dossier, board.carriage, board.seat) if board else "",
            note=word("sheet.note.and").join(word(f"sheet.note.{note}") for note in notes if note),
        )

    def _facts(self) -> tuple[Fact, ...]:
        steps = self._by_kind
        first, last = self._steps[0], self._steps[-1]
        day = self._dossier.campaign.to_datetime(first.at_s).date()
        gather = steps.get(StepKind.BOARD if self._homeward else StepKind.GATHER)
        goal = last.place if self._homeward else steps.get(StepKind.ALIGHT, last).place
        values = (
            ("date", say_day(day, locale=self._dossier.locale), True),
            ("gather", say_clock(gather.at_s) if gather else "-", True),
            ("departure", self._departure(), True),
            ("goal", f"{goal} {last.employer}".strip(), False),
        )
        return tuple(
            Fact(label=self._label(name), value=value, strong=strong) for name, value, strong in values
        )

    def _label(self, fact: str) -> str:
        turned = self._homeward and fact == "departure"
        return self._dossier.word("home.itinerary.ride" if turned else f"sheet.itinerary.fact.{fact}")

    def _departure(self) -> str:
        board = self._by_kind.get(StepKind.BOARD)
        if board is None or board.departure_id is None:
            return "-"
        name = departure_badge(self._dossier, self._dossier.departures[board.departure_id])
        return self._dossier.word("sheet.connection", name=name, time=say_clock(board.leaves_s))

    def _legs(self) -> Iterator[ItineraryLeg]:
        word = self._dossier.word
        day = self._steps[0].at_s // _DAY_S
        for number, (name, steps) in enumerate(self._parts(), 1):
            rows: list[ItineraryRow] = []
            for step in steps:
                rows.append(self._row(step, new_day=step.at_s // _DAY_S != day))
                day = step.at_s // _DAY_S
            signed = any(step.signs for step in steps)
            yield ItineraryLeg(
                title=word(name, number=number, start=steps[0].place, place=steps[-1].place),
                rows=tuple(rows),
                signatures=tuple(word(f"sheet.signature.{sign}") for sign in _SIGNATURES) if signed else (),
            )

    def _parts(self) -> Iterator[tuple[str, list[Step]]]:
        """The legs with the key of their title."""
        for (name, home), steps in groupby(self._steps, key=lambda step: (_LEG_OF[step.kind], step.home)):
            yield f"{'home' if home else 'sheet'}.itinerary.leg.{name}", list(steps)

    def _row(self, step: Step, *, new_day: bool) -> ItineraryRow:
        dossier, scheduled = self._dossier, step.kind is StepKind.SCHEDULED
        day = say_day(dossier.campaign.to_datetime(step.at_s).date(), locale=dossier.locale)
        contact = self._contact(step)
        return ItineraryRow(
            time="" if scheduled else say_clock(step.at_s),
            day=" ".join(day.split(" ")[:-1]) if new_day or scheduled else "",
            what=self._what(step),
            place=_place(step),
            hint=self._hint(step),
            contact=contact.name,
            contact_phone=say_phone(contact.phone),
            strong=step.kind in {StepKind.GATHER, StepKind.BOARD},
        )

    def _what(self, step: Step) -> str:
        word = self._dossier.word
        name = ""
        if step.departure_id is not None:
            name = departure_badge(self._dossier, self._dossier.departures[step.departure_id])
        key = f"sheet.itinerary.step.{step.kind}"
        if step.kind is StepKind.SHUTTLE and not step.shuttle:
            key = "sheet.itinerary.step.walk"
        if step.kind is StepKind.ARRIVE and step.home:
            key = "home.itinerary.arrive"
        run = "" if step.run is None else run_badge(self._dossier, step.run)
        return word(key, run=run, name=name, round=step.shuttle, place=step.place)

    def _hint(self, step: Step) -> str:
        word, dossier = self._dossier.word, self._dossier
        if step.kind is StepKind.RIDE and step.vehicle_id is not None:
            return dossier.crew(step.vehicle_id).plate
        if step.kind is StepKind.BOARD:
            return word("sheet.itinerary.leaves", time=say_clock(step.leaves_s))
        if step.kind is StepKind.ARRIVE and step.home:
            return word("home.itinerary.met")
        if step.kind is StepKind.SCHEDULED:
            return word("sheet.itinerary.paid", yuan=step.fen // 100)
        return ""

    def _contact(self, step: Step) -> Contact:
        """Who answers: the captain of the ride where there is one, else whoever is at the place."""
        leads = self._dossier.leader(step)
        if step.captain is not None or leads.phone:
            return leads
        if step.kind is StepKind.BOARD and not step.contact_phone:
            return Contact(
                name=self._dossier.word("sheet.itinerary.office"), phone=self._dossier.campaign.phone
            )
        return Contact(name=step.contact_name, phone=step.contact_phone)


def _place(step: Step) -> str:
    """Name the place; an employer's gate and dormitory without its name, which stands above them."""
    if step.employer and step.spot:
        return step.spot
    return f"{step.place} {step.spot}".strip()


def say_seat(dossier: Dossier, carriage: int, label: str) -> str:  # noqa: PLR0917  # carriage and label are one
    """Name a seat as people look for it: ``3 车 12F``, in a coach without the carriage."""
    if not label:
        return ""
    return dossier.word("sheet.seat.train", carriage=carriage, label=label) if carriage else label
