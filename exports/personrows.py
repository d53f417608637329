"""People as rows of a list: numbered through, with the notes that those who hold the list need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.dates import say_phone
from exports.privacy import Sheet, show_document, show_needs, show_phone
from exports.views import ManifestRow
from exports.words import label
from planner.model.people import DocumentType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from exports.dossier import Dossier, Party
    from planner.model.people import Registration

_SPACED: frozenset[Sheet] = frozenset({Sheet.MANIFEST, Sheet.COACH_LIST})
"""Sheets whose phones are read by people, not by programs."""


class PersonRows:
    """Numbers people in the order they are called, so that a note can point at a number."""

    def __init__(self, dossier: Dossier, parties: Iterable[Party], *, day: date, sheet: Sheet) -> None:
        self._dossier = dossier
        self._sheet = sheet
        self._date = day
        people = [person for party in parties for person in party]
        self._number: Mapping[str, int] = {person.id: number for number, person in enumerate(people, 1)}
        self._owner: Mapping[str, int] = {
            person.phone: self._number[person.id] for person in reversed(people) if person.phone
        }

    def build(
        self, person: Registration, party: Party, *, captain: str | None = None, ride: tuple[str, ...] = ()
    ) -> ManifestRow:
        """Build somebody's row; ``captain`` is the note of who leads, None for nobody."""
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
            notes=self._notes(person, party, captain=captain or ""),
            captain=captain is not None,
            together=len(party) > 1,
            party_first=person is party[0],
            party_last=person is party[-1],
            ride=ride,
            home=self._dossier.places[person.village_id].name,
        )

    def _phone(self, person: Registration) -> str:
        phone = show_phone(person, self._sheet)
        return say_phone(phone) if self._sheet in _SPACED else phone

    def _sex_age(self, person: Registration) -> str:
        sex = label(person.sex, locale=self._dossier.locale) if person.sex else ""
        if person.birth is None:
            return sex
        day = self._date
        had_birthday = (day.month, day.day) >= (person.birth.month, person.birth.day)
        return f"{sex} {day.year - person.birth.year - (not had_birthday)}".strip()

    def _notes(self, person: Registration, party: Party, *, captain: str) -> tuple[str, ...]:
        word = self._dossier.word
        paper = label(person.document_type, locale=self._dossier.locale)
        notes = (
            captain,
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
