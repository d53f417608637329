"""The hand-over list: whom an employer receives from one departure, round by round of its shuttle."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from exports.dates import say_clock, say_day
from exports.dossier import Contact
from exports.itinerary import say_seat
from exports.privacy import Sheet, show_document
from exports.sheethead import build_head, departure_badge
from exports.views import BLANK_SIGN, Fact, HandoverRound, HandoverRow, HandoverView
from exports.words import label
from planner.model.places import Employer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from exports.dossier import Dossier, Party
    from planner.model.fleet import Departure, DepartureId
    from planner.model.people import Registration, RegistrationId
    from planner.model.plan import Plan
    from planner.model.trunk import Handover

_COLUMNS = ("tick", "number", "bar", "name", "sex", "document", "home", "seat", "note")
_SIGNATURES = ("hands_over", "receives", "absent", "when")

Group = tuple["DepartureId", int, "tuple[Handover, ...]"]
"""A departure, the number of the employer there, and whom it receives."""


def list_handovers(plan: Plan) -> tuple[Group, ...]:
    """Group the handovers by departure and employer, numbered from 1 for each departure."""
    together: dict[DepartureId, dict[tuple[str, str], list[Handover]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for entry in plan.handovers:
        together[entry.departure_id][entry.destination_id, entry.employer].append(entry)
    return tuple(
        (departure, number, tuple(groups[key]))
        for departure, groups in sorted(together.items())
        for number, key in enumerate(sorted(groups), 1)
    )


def build_handovers(dossier: Dossier) -> list[HandoverView]:
    """Build the list of each employer and departure."""
    seats = {
        (seat.registration_id, seat.departure_id): say_seat(dossier, seat.carriage, seat.label)
        for seat in dossier.plan.seats
    }
    return [_List(dossier, group, seats=seats).build() for group in list_handovers(dossier.plan)]


class _List:
    """One employer's list; numbers run through all rounds."""

    def __init__(
        self, dossier: Dossier, group: Group, *, seats: Mapping[tuple[RegistrationId, DepartureId], str]
    ) -> None:
        departure_id, self._number, entries = group
        self._dossier = dossier
        self._departure: Departure = dossier.departures[departure_id]
        self._entries = sorted(entries, key=lambda entry: (entry.leave_s, entry.shuttle, entry.gate_s))
        self._seats = seats
        first = entries[0]
        known = {(each.destination_id, each.name): each for each in dossier.campaign.employers}
        unknown = Employer(destination_id=first.destination_id, name=first.employer)
        self._employer = known.get((first.destination_id, first.employer), unknown)

    def build(self) -> HandoverView:
        word, departure = self._dossier.word, self._departure
        return HandoverView(
            departure_id=departure.id,
            number=self._number,
            head=build_head(
                self._dossier,
                Sheet.HANDOVER,
                badge=departure_badge(self._dossier, departure),
                item=f"{departure.id} {self._number}",
                facts=self._facts(),
            ),
            columns=tuple(word(f"sheet.handover.column.{name}") for name in _COLUMNS),
            note_and=word("sheet.note.and"),
            present=word("sheet.handover.present", blank=BLANK_SIGN),
            rounds=tuple(self._rounds()),
            closing=word("sheet.handover.closing", phone=self._dossier.campaign.phone),
            signatures=tuple(word(f"sheet.signature.{name}") for name in _SIGNATURES),
        )

    def _facts(self) -> tuple[Fact, ...]:
        word, dossier, employer = self._dossier.word, self._dossier, self._employer
        heads = sum(len(entry.registration_ids) for entry in self._entries)
        arrives = [
            say_clock(dossier.campaign.to_seconds(call.arrives))
            for call in self._departure.calls
            if call.destination_id == employer.destination_id
        ]
        place = " ".join((dossier.destination_name(employer.destination_id), *arrives[:1]))
        day = dossier.campaign.to_datetime(self._entries[0].leave_s).date()
        receives = Contact(name=employer.contact_name, phone=employer.contact_phone)
        values = (
            ("employer", employer.name, True),
            ("arrives", place, True),
            ("present", word("sheet.handover.present_of", blank=BLANK_SIGN, heads=heads), True),
            ("receives", receives.line, False),
            ("date", say_day(day, locale=dossier.locale), False),
            ("gate", employer.gate, False),
            ("dormitory", employer.dormitory, False),
            ("hands_over", self._captain().line, False),
        )  # fmt: skip
        return tuple(
            Fact(label=word(f"sheet.handover.fact.{name}"), value=value, strong=strong)
            for name, value, strong in values
        )

    def _captain(self) -> Contact:
        """Who leads those people: named for the employer's group, or for a carriage some of them ride in."""
        riders = {person for entry in self._entries for person in entry.registration_ids}
        here = [entry for entry in self._dossier.plan.captains if entry.departure_id == self._departure.id]
        own = [entry.registration_id for entry in here if entry.employer == self._employer.name]
        among = [entry.registration_id for entry in here if entry.registration_id in riders]
        people = self._dossier.people((*own, *among))
        led = [person for party in self._parties() for person in party if person.captain]
        leader = next(iter((*people, *led)), None)
        return Contact(name=leader.name, phone=leader.phone) if leader else Contact()

    def _parties(self) -> tuple[Party, ...]:
        return tuple(self._dossier.people(entry.registration_ids) for entry in self._entries)

    def _rounds(self) -> Iterator[HandoverRound]:
        rounds: dict[tuple[int, int, int], list[Handover]] = defaultdict(list)
        for entry in self._entries:
            rounds[entry.shuttle, entry.leave_s, entry.gate_s].append(entry)
        number = 0
        for (shuttle, leave_s, gate_s), entries in rounds.items():
            rows: list[HandoverRow] = []
            for entry in entries:
                party = self._dossier.people(entry.registration_ids)
                for person in party:
                    number += 1
                    rows.append(self._row(person, party, number=number))
            yield HandoverRound(
                title=self._title(shuttle, heads=len(rows)),
                times=self._times(leave_s, gate_s),
                heads=self._dossier.word("sheet.handover.heads", heads=len(rows)),
                rows=tuple(rows),
            )

    def _title(self, shuttle: int, *, heads: int) -> str:
        word = self._dossier.word
        if not shuttle:
            brought = self._departure.employer == self._employer.name
            return word("sheet.handover.brought" if brought else "sheet.handover.walk")
        last = shuttle - 1 + -(-heads // max(self._employer.shuttle_seats, 1))
        if last > shuttle:
            return word("sheet.handover.rounds", first=shuttle, last=last)
        return word("sheet.handover.round", round=shuttle)

    def _times(self, leave_s: int, gate_s: int) -> str:
        word = self._dossier.word
        if leave_s == gate_s:
            return word("sheet.handover.at_gate", gate=say_clock(gate_s))
        return word("sheet.handover.times", leave=say_clock(leave_s), gate=say_clock(gate_s))

    def _row(self, person: Registration, party: Sequence[Registration], *, number: int) -> HandoverRow:
        dossier, word = self._dossier, self._dossier.word
        village = dossier.places[person.village_id]
        notes = (
            word("sheet.note.captain") if dossier.leads(person) else "",
            word("sheet.note.together", heads=len(party)) if len(party) > 1 and person is party[0] else "",
            word("sheet.note.child") if person.child else "",
        )
        return HandoverRow(
            number=number,
            name=person.name,
            sex=label(person.sex, locale=dossier.locale) if person.sex else "",
            document=show_document(person, Sheet.HANDOVER),
            home=f"{village.township} {village.name}".strip(),
            seat=self._seats.get((person.id, self._departure.id), ""),
            notes=tuple(note for note in notes if note),
            captain=dossier.leads(person),
            together=len(party) > 1,
            party_last=person is party[-1],
        )
