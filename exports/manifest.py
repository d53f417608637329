"""The passenger manifest: who boards one run, by stop in driving order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.dates import say_clock, say_day, say_phone
from exports.privacy import Sheet, show_document, show_needs, show_phone
from exports.sheethead import (
    build_head,
    captain_fact,
    connection,
    driver_fact,
    heads_fact,
    round_note,
    run_badge,
    vehicle_fact,
)
from exports.views import BLANK_SIGN, Fact, ManifestRow, ManifestStop, ManifestView
from exports.words import label
from planner.model.people import DocumentType
from planner.told import gather_time_s

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exports.dossier import Dossier, Party
    from planner.model.people import Registration
    from planner.model.plan import Route, Stop

_COLUMNS = {
    Sheet.MANIFEST: (
        "tick",
        "number",
        "bar",
        "name",
        "sex_age",
        "document",
        "phone",
        "employer",
        "note",
    ),
    Sheet.OPERATOR_LIST: (
        "number",
        "time",
        "place",
        "name",
        "sex_age",
        "document_type",
        "document",
        "phone",
        "destination",
        "employer",
        "note",
    ),
}
_SIGNATURES = ("present", "absent", "captain", "driver")


def build_manifest(dossier: Dossier, route: Route, *, sheet: Sheet = Sheet.MANIFEST) -> ManifestView:
    """Build the list of a run as ``sheet`` may show it (marshal: masked papers; operator: full)."""
    word = dossier.word
    rows = _Rows(dossier, route, sheet=sheet)
    return ManifestView(
        run=route.run,
        head=build_head(
            dossier,
            sheet,
            badge=run_badge(dossier, route.run),
            badge_note=round_note(dossier, route),
            item=str(route.run),
            facts=_build_facts(dossier, route),
        ),
        columns=tuple(word(f"sheet.{sheet}.column.{name}") for name in _COLUMNS[sheet]),
        note_and=word("sheet.note.and"),
        present=word("sheet.manifest.present", blank=BLANK_SIGN),
        stops=tuple(rows.build_stop(stop) for stop in route.stops if stop.board),
        closing=word("sheet.manifest.closing", phone=dossier.campaign.phone),
        signatures=tuple(word(f"sheet.signature.{name}") for name in _SIGNATURES),
    )


def _build_facts(dossier: Dossier, route: Route) -> tuple[Fact, ...]:
    word, campaign = dossier.word, dossier.campaign
    departure = dossier.departures[route.departure_id]
    first = next(stop for stop in route.stops if stop.board)
    early = campaign.to_seconds(departure.departs) // 60 - route.arrive_s // 60
    station = dossier.places[departure.origin_id].name
    return (
        Fact(label=word("sheet.fact.date"), value=say_day(departure.day, locale=dossier.locale)),
        Fact(label=word("sheet.fact.first_stop"), value=say_clock(first.board_s), strong=True),
        Fact(
            label=word("sheet.fact.arrive", station=station),
            value=word("sheet.manifest.arrive", time=say_clock(route.arrive_s), minutes=early),
        ),
        Fact(label=word("sheet.fact.connection"), value=connection(dossier, departure), strong=True),
        vehicle_fact(dossier, route),
        heads_fact(dossier, route, strong=False),
        driver_fact(dossier, route),
        captain_fact(dossier, route),
    )


class _Rows:
    """Numbers the people of a run through all its stops, so that a note can point at a number."""

    def __init__(self, dossier: Dossier, route: Route, *, sheet: Sheet) -> None:
        self._dossier = dossier
        self._sheet = sheet
        self._date = dossier.departures[route.departure_id].day
        self._parties = {stop.place_id: dossier.boarding(route, stop) for stop in route.stops if stop.board}
        people = [person for parties in self._parties.values() for party in parties for person in party]
        self._number: Mapping[str, int] = {person.id: number for number, person in enumerate(people, 1)}
        self._owner: Mapping[str, int] = {
            person.phone: self._number[person.id] for person in reversed(people) if person.phone
        }

    def build_stop(self, stop: Stop) -> ManifestStop:
        dossier, word = self._dossier, self._dossier.word
        return ManifestStop(
            time=say_clock(stop.board_s),
            place=dossier.places[stop.place_id].name,
            gather=stop.gather,
            board=word("sheet.manifest.board", heads=stop.board),
            gather_time=word("sheet.manifest.gather", time=say_clock(gather_time_s(dossier.campaign, stop))),
            rows=tuple(
                self._build_row(person, party) for party in self._parties[stop.place_id] for person in party
            ),
        )

    def _build_row(self, person: Registration, party: Party) -> ManifestRow:
        locale = self._dossier.locale
        return ManifestRow(
            number=self._number[person.id],
            name=person.name,
            sex_age=self._sex_age(person),
            document_type=label(person.document_type, locale=locale),
            document=show_document(person, self._sheet),
            phone=self._phone(person),
            destination=self._dossier.destination_of(person),
            employer=person.employer,
            notes=self._notes(person, party),
            captain=person.captain,
            together=len(party) > 1,
            party_first=person is party[0],
            party_last=person is party[-1],
        )

    def _phone(self, person: Registration) -> str:
        phone = show_phone(person, self._sheet)
        return say_phone(phone) if self._sheet is Sheet.MANIFEST else phone

    def _sex_age(self, person: Registration) -> str:
        sex = label(person.sex, locale=self._dossier.locale) if person.sex else ""
        if person.birth is None:
            return sex
        day = self._date
        had_birthday = (day.month, day.day) >= (person.birth.month, person.birth.day)
        return f"{sex} {day.year - person.birth.year - (not had_birthday)}".strip()

    def _notes(self, person: Registration, party: Party) -> tuple[str, ...]:
        word = self._dossier.word
        paper = label(person.document_type, locale=self._dossier.locale)
        notes = (
            word("sheet.note.captain") if person.captain else "",
            word("sheet.note.together", heads=len(party)) if len(party) > 1 and person is party[0] else "",
            word("sheet.note.child") if person.child else "",
            "" if person.document_type is DocumentType.ID_CARD else paper,
            show_needs(person, self._sheet),
            self._whose_phone(person, party),
        )
        return tuple(note for note in notes if note)

    def _whose_phone(self, person: Registration, party: Party) -> str:
        word = self._dossier.word
        if not person.phone:
            reached = next((other for other in party if other.phone), None)
            if reached is None:
                return word("sheet.note.no_phone")
            return word("sheet.note.call", number=self._number[reached.id])
        owner = self._owner[person.phone]
        return "" if owner == self._number[person.id] else word("sheet.note.same_phone", number=owner)
