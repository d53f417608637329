"""One row of a roster, cell by cell: each field read, normalised and checked on its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from planner.intake.cells import Cell, cell_text, is_number
from planner.intake.codes import Code
from planner.intake.dates import parse_date, parse_month_day, parse_serial
from planner.intake.draft import Draft
from planner.intake.gazetteer import DestinationFinder, Gazetteer, Match
from planner.intake.identity import CITIZEN_PAPERS, age_on, check_id_number, normalise_id
from planner.intake.names import check_name
from planner.intake.phones import is_landline, is_mobile, normalise_phone
from planner.intake.rosterhead import Field
from planner.intake.rosterwords import DOCUMENTS, NO, SEX_WORDS, YES
from planner.masking import mask_id, mask_personal, mask_phone
from planner.model.campaign import Campaign
from planner.model.people import DocumentType
from planner.model.places import DestinationId, PlaceId

_WORKING_AGE: Final = 16
"""禁止使用童工规定 第2条: nobody under 16 may be introduced to a job."""
_FULL_AGE: Final = 18
_SAFE_NUMBER: Final = 10.0**15
"""From here on a spreadsheet has rounded a typed number; the digits are gone."""
_QUOTED: Final = 40
_FAR: Final = timedelta(days=366)
_OTHER_NUMBER: Final = re.compile(r"[A-Z0-9一-龥()]{5,24}")
_NUMBER_FORM: Final = re.compile(r"[^\s|/\\]{1,40}")
_PHONE_BREAK: Final = re.compile(r"[、,，;；/|\\\n]+|(?<=\d{7}) +(?=\d{7})")
_COMPANION_BREAK: Final = re.compile(r"[、,，;；/|\s]+")
_FLAG_WORDS: Final[dict[str, bool]] = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
_DOCUMENT_WORDS: Final = {word: kind for kind, words in DOCUMENTS.items() for word in words}


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterContext:
    """What a roster is read against: the campaign's places, destinations and days."""

    villages: Gazetteer
    destinations: DestinationFinder
    first_day: date | None
    days: frozenset[date]
    """The days on which anything departs."""
    undecided: bool = False
    """Rows without a destination are taken: matching is to give them one."""

    @classmethod
    def of(cls, campaign: Campaign) -> RosterContext:
        """Take it from a loaded campaign."""
        return cls(
            villages=Gazetteer(campaign.places),
            destinations=DestinationFinder(campaign.destinations),
            first_day=campaign.first_day,
            days=frozenset(entry.day for entry in campaign.departures),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """The cells of one row by field, with its draft to write into."""

    cells: Mapping[Field, Cell]
    draft: Draft
    context: RosterContext

    def read(self) -> None:
        """Check every field; the travel date first, because ages count on it."""
        self._read_date()
        self._read_latest()
        self._read_number()
        self._read_name()
        self._read_document()
        self._read_sex()
        self._read_phone()
        self._read_village()
        self._read_destination()
        self._read_company()
        self._read_flags()
        draft = self.draft
        draft.employer = self.text(Field.EMPLOYER)
        draft.needs = self.text(Field.NEEDS)
        draft.note = self.text(Field.NOTE)
        self._check_age()

    def text(self, at: Field) -> str:
        """A field's cell as text."""
        return cell_text(self.cells.get(at, ""))

    def _missing(self, code: Code, at: Field) -> None:
        """A needed cell is empty; when the whole column is missing that is what is said."""
        self.draft.report(code if at in self.draft.labels else Code.ROSTER_COLUMN_MISSING, at, field=at.value)

    def _read_date(self) -> None:
        draft, context, cell = self.draft, self.context, self.cells.get(Field.TRAVEL_DATE, "")
        text = cell_text(cell)
        if not text:
            if Field.TRAVEL_DATE not in draft.labels and len(context.days) == 1:
                draft.travel_date = next(iter(context.days))
                draft.report(Code.DATE_ASSUMED, Field.TRAVEL_DATE, date=draft.travel_date.isoformat())
            else:
                self._missing(Code.DATE_MISSING, Field.TRAVEL_DATE)
            return
        day = _day(text) or (None if is_number(cell) else self._yearless(text))
        if day is None:
            draft.report(Code.DATE_BAD, Field.TRAVEL_DATE, value=_shown(text))
        elif context.first_day is not None and abs(day - context.first_day) > _FAR:
            draft.report(Code.DATE_IMPLAUSIBLE, Field.TRAVEL_DATE, date=day.isoformat())
        else:
            draft.travel_date = day

    def _read_latest(self) -> None:
        """The last day that will do; the same as the first, or none, is no choice."""
        draft, text = self.draft, self.text(Field.LATEST_DATE)
        if not text:
            return
        day = _day(text)
        if day is None:
            draft.report(Code.DATE_BAD, Field.LATEST_DATE, value=_shown(text))
        elif draft.travel_date is not None and not timedelta(0) <= day - draft.travel_date <= _FAR:
            draft.report(Code.DATE_LATEST, Field.LATEST_DATE, date=day.isoformat())
        elif day != draft.travel_date:
            draft.latest_date = day

    def _yearless(self, text: str) -> date | None:
        """``3月20日``: taken when just one day of departure has that month and day.

        Never from a number cell, where 3.20 has become 3.2.
        """
        try:
            month, day = parse_month_day(text)
        except ValueError:
            return None
        fitting = [entry for entry in self.context.days if (entry.month, entry.day) == (month, day)]
        if len(fitting) != 1:
            return None
        self.draft.report(Code.DATE_NO_YEAR, Field.TRAVEL_DATE, date=fitting[0].isoformat())
        return fitting[0]

    def _read_number(self) -> None:
        self.draft.number = unicodedata.normalize("NFKC", self.text(Field.NUMBER))
        if self.draft.number and not _NUMBER_FORM.fullmatch(self.draft.number):
            self.draft.report(Code.NUMBER_FORM, Field.NUMBER, value=_shown(self.draft.number))

    def _read_name(self) -> None:
        found = check_name(self.text(Field.NAME))
        self.draft.name = found.name
        for code in found.problems:
            self.draft.report(code, Field.NAME)

    def _read_document(self) -> None:
        draft, label = self.draft, self.text(Field.DOCUMENT_TYPE)
        kind = _DOCUMENT_WORDS.get(_word(label)) if label else DocumentType.ID_CARD
        if kind is None:
            draft.report(Code.DOCUMENT_TYPE, Field.DOCUMENT_TYPE, value=_shown(label))
            return
        draft.document_type = kind
        self._read_birth()
        cell = self.cells.get(Field.DOCUMENT_NUMBER, "")
        text = cell_text(cell)
        if not text:
            draft.report(Code.ID_MISSING, Field.DOCUMENT_NUMBER)
        elif is_number(cell) and float(text) >= _SAFE_NUMBER:
            draft.report(Code.ID_NUMBER_CELL, Field.DOCUMENT_NUMBER)
        elif kind in CITIZEN_PAPERS:
            self._read_citizen_number(text)
        else:
            draft.document_number = normalise_id(text)
            if not _OTHER_NUMBER.fullmatch(draft.document_number):
                draft.report(
                    Code.DOCUMENT_NUMBER, Field.DOCUMENT_NUMBER, value=mask_id(draft.document_number)
                )

    def _read_citizen_number(self, text: str) -> None:
        draft = self.draft
        found = check_id_number(text, on=draft.travel_date or self.context.first_day)
        draft.document_number = found.number
        masked = mask_id(found.number)
        for code in found.problems:
            draft.report(code, Field.DOCUMENT_NUMBER, value=masked, length=len(found.number))
        if found.birth is None:
            return
        if draft.birth is not None and draft.birth != found.birth:
            draft.report(Code.BIRTH_MISMATCH, Field.BIRTH)
        draft.birth, draft.sex = found.birth, found.sex

    def _read_birth(self) -> None:
        text = self.text(Field.BIRTH)
        if not text:
            return
        birth = _day(text)
        limit = self.draft.travel_date or self.context.first_day
        if birth is None or (limit is not None and birth > limit):
            self.draft.report(Code.BIRTH_BAD, Field.BIRTH)
        else:
            self.draft.birth = birth

    def _read_sex(self) -> None:
        draft, text = self.draft, self.text(Field.SEX)
        if not text:
            return
        sex = SEX_WORDS.get(_word(text))
        if sex is None:
            draft.report(Code.SEX_BAD, Field.SEX, value=_shown(text))
        elif draft.sex is not None and draft.sex is not sex:
            draft.report(Code.SEX_MISMATCH, Field.SEX)
        else:
            draft.sex = sex

    def _read_phone(self) -> None:
        draft, text = self.draft, self.text(Field.PHONE)
        numbers = [number for number in map(normalise_phone, _phones(text)) if number]
        if not numbers:
            draft.report(Code.PHONE_MISSING, Field.PHONE)
            return
        if len(numbers) > 1 and all(is_mobile(number) or is_landline(number) for number in numbers):
            draft.report(Code.PHONE_SEVERAL, Field.PHONE, value=mask_phone(numbers[0]))
        elif len(numbers) > 1:
            numbers = [normalise_phone(text)]
        draft.phone = numbers[0]
        if is_landline(draft.phone):
            draft.report(Code.PHONE_LANDLINE, Field.PHONE)
        elif not is_mobile(draft.phone):
            digits = draft.phone.isdecimal() and len(draft.phone) != len("16900000000")
            code = Code.PHONE_LENGTH if digits else Code.PHONE_FORM
            draft.report(code, Field.PHONE, value=mask_phone(draft.phone), length=len(draft.phone))

    def _read_village(self) -> None:
        village, township = self.text(Field.VILLAGE), self.text(Field.TOWNSHIP)
        found = self.context.villages.find_village(village, township)
        if found.code is Code.VILLAGE_MISSING:
            self._missing(found.code, Field.VILLAGE)
            return
        self.draft.village_id = PlaceId(found.id)
        at = Field.TOWNSHIP if found.code is Code.TOWNSHIP_UNKNOWN else Field.VILLAGE
        self._report_match(found, at=at, text=self.text(at))

    def _read_destination(self) -> None:
        text = self.text(Field.DESTINATION)
        if not text and self.context.undecided:
            return
        found = self.context.destinations.find_destination(text)
        if found.code is Code.DESTINATION_MISSING:
            self._missing(found.code, Field.DESTINATION)
            return
        self.draft.destination_id = DestinationId(found.id)
        self._report_match(found, at=Field.DESTINATION, text=text)

    def _report_match(self, found: Match, *, at: Field, text: str) -> None:
        if found.code is not None:
            candidates = "、".join(found.candidates) or "—"
            self.draft.report(
                found.code, at, value=_shown(text), candidates=candidates, count=len(found.candidates)
            )

    def _read_company(self) -> None:
        group = unicodedata.normalize("NFKC", self.text(Field.GROUP))
        self.draft.group = "" if group in {"无", "-", "/"} else group
        named = unicodedata.normalize("NFC", self.text(Field.COMPANIONS))
        parts = dict.fromkeys(part for part in _COMPANION_BREAK.split(named) if part not in {"", "无", "-"})
        self.draft.companions = tuple(check_name(part).name or part for part in parts)

    def _read_flags(self) -> None:
        self.draft.captain = self._flag(Field.CAPTAIN)
        self.draft.child = self._flag(Field.CHILD)
        self.draft.relief = self._flag(Field.RELIEF)

    def _flag(self, at: Field) -> bool:
        text = self.text(at)
        value = _FLAG_WORDS.get(_word(text))
        if value is None:
            self.draft.report(Code.FLAG_BAD, at, value=_shown(text))
        return bool(value)

    def _check_age(self) -> None:
        draft = self.draft
        if draft.birth is None or draft.travel_date is None:
            return
        age = age_on(draft.birth, draft.travel_date)
        if draft.child and age >= _WORKING_AGE:
            draft.child = False
            draft.report(Code.CHILD_NOT_CHILD, Field.CHILD, age=age)
        elif draft.child and draft.employer:
            draft.employer = ""
            draft.report(Code.CHILD_EMPLOYER, Field.EMPLOYER)
        elif not draft.child and age < _WORKING_AGE:
            draft.report(Code.AGE_UNDER_16, Field.DOCUMENT_NUMBER, age=age)
        if _WORKING_AGE <= age < _FULL_AGE:
            draft.report(Code.AGE_MINOR, Field.DOCUMENT_NUMBER, age=age)


def _word(text: str) -> str:
    """A cell that holds one word of a small set."""
    return unicodedata.normalize("NFKC", text).replace(" ", "").upper()


def _shown(text: str) -> str:
    """A cell as an Issue may quote it: masked before it is shortened, or half a number would slip through."""
    shown = mask_personal(text)
    return shown if len(shown) <= _QUOTED else shown[:_QUOTED] + "…"


def _phones(text: str) -> list[str]:
    return [part for part in _PHONE_BREAK.split(text) if part.strip()]


def _day(text: str) -> date | None:
    parsers: tuple[Callable[[str], date], ...] = (parse_date, parse_serial)
    for parse in parsers:
        try:
            return parse(text)
        except (ValueError, OverflowError):
            continue
    return None
