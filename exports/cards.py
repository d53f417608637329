"""The traveller's card: eight on a sheet, cut up and handed out, piled as the itineraries are.

It may be lost on the way, so it names its holder and what they need on the day, and no number of theirs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from exports.dates import say_clock, say_lunar, say_phone, say_plain_day
from exports.groundviews import Card, CardView
from exports.itinerary import list_piles, say_seat
from exports.privacy import Sheet
from exports.sheethead import build_head, departure_badge, run_badge
from exports.views import BLANK_SIGN, Figure
from planner.itinerary import Itineraries, Step, StepKind
from planner.model.campaign import Direction

if TYPE_CHECKING:
    from exports.dossier import Dossier
    from exports.itinerary import Pile
    from planner.model.people import Registration
    from planner.model.plan import Plan

_BEGINS: Final = (StepKind.GATHER, StepKind.BOARD)
_RIDES: Final = (StepKind.RIDE, StepKind.BOARD)


def list_card_piles(plan: Plan) -> tuple[Pile, ...]:
    """List the files: the itineraries' but for those who only have their tickets paid."""
    ridden = {person for leg in plan.legs for person in leg.registration_ids}
    piles = (
        replace(pile, parties=tuple(party for party in pile.parties if ridden.intersection(party)))
        for pile in list_piles(plan)
    )
    return tuple(pile for pile in piles if pile.parties)


def build_cards(dossier: Dossier) -> list[CardView]:
    """Build the piles of everybody who rides something of ours."""
    maker = _Maker(dossier)
    return [maker.build(pile) for pile in list_card_piles(dossier.plan)]


class _Maker:
    """Looks everything up once for all piles."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self._itineraries = Itineraries(dossier.campaign, dossier.plan)
        self._routes = {route.run: route for route in dossier.routes}
        self._homeward = dossier.campaign.direction is Direction.HOME

    def build(self, pile: Pile) -> CardView:
        dossier, word = self._dossier, self._dossier.word
        cards = tuple(
            self._card(person, steps)
            for party in pile.parties
            for person in dossier.people(party)
            if (steps := self._steps(person))
        )
        return CardView(
            pile=pile.id,
            head=build_head(dossier, Sheet.CARD, badge=cards[0].badge, item=pile.id, facts=()),
            cards=cards,
            bring=word("sheet.card.bring"),
            captain=word("sheet.card.captain"),
            office=Figure(label=word("sheet.card.office"), value=dossier.campaign.phone),
            code=word("sheet.card.code"),
            version=word("sheet.card.version", version=dossier.plan.version),
            data_mark=word("sheet.card.data_mark") if dossier.campaign.data_note else "",
        )

    def _steps(self, person: Registration) -> tuple[Step, ...]:
        """The way out; of a campaign that brings people home the way home."""
        return tuple(
            step
            for step in self._itineraries.build(person.id)
            if step.home == self._homeward and step.kind is not StepKind.SCHEDULED
        )

    def _card(self, person: Registration, steps: tuple[Step, ...]) -> Card:
        dossier, word = self._dossier, self._dossier.word
        meet = next(step for step in steps if step.kind in _BEGINS)
        first, *later = (step for step in steps if step.kind in _RIDES)
        board = next((step for step in (first, *later) if step.kind is StepKind.BOARD), None)
        seat = say_seat(dossier, board.carriage, board.seat) if board else ""
        day = dossier.campaign.to_datetime(meet.at_s).date()
        return Card(
            name=person.name,
            badge=self._badge(first),
            lunar=word("sheet.card.lunar", lunar=say_lunar(day, locale=dossier.locale)),
            day=say_plain_day(day, locale=dossier.locale),
            time=say_clock(meet.at_s),
            gather=word("sheet.card.gather" if meet.kind is StepKind.GATHER else "sheet.card.opens"),
            place=meet.spot if meet.spot.startswith(meet.place) else f"{meet.place} {meet.spot}".strip(),
            leave=word("sheet.card.leave", time=say_clock(self._leaves_s(first))),
            ride=self._ride(steps, first, *later),
            seat=Figure(label=word("sheet.card.seat") if seat else "", value=seat),
            captain_phone=say_phone(dossier.leader(first).phone) or BLANK_SIGN,
        )

    def _badge(self, ride: Step) -> str:
        if ride.run is not None:
            return run_badge(self._dossier, ride.run)
        departure = None if ride.departure_id is None else self._dossier.departures[ride.departure_id]
        return departure_badge(self._dossier, departure) if departure else ""

    def _leaves_s(self, ride: Step) -> int:
        """When the bus goes on from the village, or the departure goes."""
        if ride.run is None:
            return ride.leaves_s
        stops = self._routes[ride.run].stops if ride.run in self._routes else ()
        return next((stop.depart_s for stop in stops if stop.board_s == ride.at_s), ride.at_s)

    def _ride(self, steps: tuple[Step, ...], first: Step, *later: Step) -> Figure:
        """What they change to and where that goes; where they change to nothing, the first ride."""
        word = self._dossier.word
        ride = later[0] if later else first
        after = steps[steps.index(ride) + 1 :]
        goal = next((step.place for step in after if step.kind in {StepKind.ALIGHT, StepKind.ARRIVE}), "")
        at_s = ride.leaves_s if ride.run is None else ride.at_s
        return Figure(
            label=word("sheet.card.change", place=ride.place) if later else "",
            value=self._badge(ride),
            rest=word("sheet.card.to", time=say_clock(at_s), goal=goal),
        )
