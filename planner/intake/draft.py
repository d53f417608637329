"""One roster row on its way to a Registration: what it says so far and what is to be said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from planner.errors import Arg, Issue, Severity, Where
from planner.intake.codes import Code, issue, severity_of
from planner.intake.rosterhead import Field
from planner.model.people import DocumentType, Registration, RegistrationId, Sex
from planner.model.places import DestinationId, PlaceId

_NOWHERE: Final = PlaceId("")
_NO_DESTINATION: Final = DestinationId("")


class Outcome(StrEnum):
    """What becomes of a row; every row that is not empty has exactly one (reliability §5.5)."""

    ACCEPT = "accept"
    NOTICE = "notice"
    """Taken, with something to look at."""
    REJECT = "reject"
    SKIP = "skip"
    """Not a person: title, total, note."""


@dataclass(slots=True, kw_only=True)
class Draft:
    """Mutable on purpose: the checks of one row and those between rows write into it in turn."""

    where: Where
    """File, sheet, row."""
    labels: Mapping[Field, str] = field(default_factory=dict[Field, str])
    """Column names as the sheet has them."""
    issues: list[Issue] = field(default_factory=list)
    skip: Code | None = None

    number: str = ""
    name: str = ""
    sex: Sex | None = None
    birth: date | None = None
    document_type: DocumentType = DocumentType.ID_CARD
    document_number: str = ""
    phone: str = ""
    village_id: PlaceId = _NOWHERE
    group: str = ""
    companions: tuple[str, ...] = ()
    destination_id: DestinationId = _NO_DESTINATION
    travel_date: date | None = None
    latest_date: date | None = None
    employer: str = ""
    captain: bool = False
    child: bool = False
    relief: bool = False
    needs: str = ""
    note: str = ""
    duplicate: bool = False
    """Another row of the same person is taken instead."""

    def report(self, code: Code, at: Field | None = None, **args: Arg) -> None:
        """Say something about a column of this row."""
        column = "" if at is None else self.labels.get(at, at.value)
        where = Where(file=self.where.file, sheet=self.where.sheet, row=self.where.row, column=column)
        self.issues.append(issue(code, where, **args))

    @property
    def rejected(self) -> bool:
        """Whether anything said so far keeps the row out."""
        return any(entry.severity is Severity.ERROR for entry in self.issues)

    @property
    def standing(self) -> bool:
        """Whether the row is a person who will be taken, as far as is known."""
        return self.skip is None and not self.rejected

    @property
    def outcome(self) -> Outcome:
        """What becomes of the row."""
        if self.skip is not None:
            return Outcome.SKIP
        if self.rejected:
            return Outcome.REJECT
        return Outcome.NOTICE if self.issues else Outcome.ACCEPT

    @property
    def codes(self) -> tuple[str, ...]:
        """Everything said about the row, each code once, errors first."""
        if self.skip is not None:
            return (self.skip.value,)
        found = dict.fromkeys(entry.code for entry in self.issues)
        return tuple(sorted(found, key=lambda code: severity_of(Code(code)) is not Severity.ERROR))

    @property
    def content(self) -> tuple[str, ...]:
        """What the row says, without where it stands: the canonical order of rows."""
        return (
            self.village_id,
            self.name,
            self.document_number,
            self.document_type.value,
            str(self.birth or ""),
            self.phone,
            str(self.travel_date or ""),
            str(self.latest_date or ""),
            self.destination_id,
            self.group,
            "|".join(self.companions),
            self.number,
            self.employer,
            self.needs,
            self.note,
            self.sex.value if self.sex else "",
            *("1" if flag else "" for flag in (self.captain, self.child, self.relief)),
        )

    @property
    def completeness(self) -> int:
        """How many things the row says."""
        return sum(bool(text) for text in self.content)

    def registration(self) -> Registration:
        """The finished noun; only for a standing row, whose number and date are there."""
        if self.travel_date is None or not self.number:
            raise ValueError(self.where)
        return Registration(
            id=RegistrationId(self.number),
            name=self.name,
            sex=self.sex,
            birth=self.birth,
            document_type=self.document_type,
            document_number=self.document_number,
            phone=self.phone,
            village_id=self.village_id,
            group=self.group,
            destination_id=self.destination_id,
            travel_date=self.travel_date,
            latest_date=self.latest_date,
            employer=self.employer,
            captain=self.captain,
            child=self.child,
            relief=self.relief,
            needs=self.needs,
            note=self.note,
        )
