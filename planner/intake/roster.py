"""Rosters -> registrations: every row with one outcome, every trouble located, no row's place mattering.

The order of things: each file is read (``rostersheet``), each row checked on its own (``rosterrow``), then
rows against each other over all files: duplicates, registration numbers, companions, children.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final

from planner.errors import Issue, Severity, Where
from planner.intake.codes import Code, issue
from planner.intake.company import settle_company
from planner.intake.draft import Draft, Outcome
from planner.intake.duplicates import settle_duplicates
from planner.intake.rosterhead import Field
from planner.intake.rosterrow import RosterContext
from planner.intake.rostersheet import RosterFile, read_roster
from planner.model.campaign import Campaign
from planner.model.people import Registration

_GIVEN: Final = re.compile(r"A(\d{5,})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """What became of one row, with its own values as they were read (for the office, not for logs)."""

    where: Where
    outcome: Outcome
    codes: tuple[str, ...]
    name: str
    document_number: str
    phone: str
    village_id: str
    registration: Registration | None
    """None when the row was not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rosters:
    """Every row of some rosters, and the people they come to."""

    rows: tuple[RowResult, ...]
    registrations: tuple[Registration, ...]
    """By id."""
    file_issues: tuple[Issue, ...]
    row_issues: tuple[Issue, ...]
    refused: frozenset[str]
    """Files of which nothing could be used."""

    @property
    def counts(self) -> dict[Outcome, int]:
        """Rows by outcome; together they are all rows that were read."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in Outcome}


def read_rosters(paths: Iterable[Path], context: RosterContext) -> Rosters:
    """Read rosters as one list of people; a person in two files is one person."""
    files = [read_roster(path, context) for path in paths]
    drafts = [draft for file in files for draft in file.drafts]
    settle_duplicates(drafts)
    _settle_numbers(drafts)
    settle_company(drafts)
    given = _give_numbers(drafts)
    rows = tuple(_result(draft) for draft in drafts)
    people = (row.registration for row in rows if row.registration is not None)
    return Rosters(
        rows=rows,
        registrations=tuple(sorted(people, key=attrgetter("id"))),
        file_issues=_file_issues(files, given),
        row_issues=_once(entry for draft in drafts for entry in draft.issues),
        refused=frozenset(file.file for file in files if file.refused),
    )


def _settle_numbers(drafts: Sequence[Draft]) -> None:
    """A registration number on two different people is on neither: whose it is cannot be told."""
    holders: defaultdict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.standing and draft.number:
            holders[draft.number].append(draft)
    for number, rows in holders.items():
        for draft in rows if len(rows) > 1 else ():
            draft.report(Code.NUMBER_TAKEN, Field.NUMBER, number=number, count=len(rows))


def _give_numbers(drafts: Sequence[Draft]) -> int:
    """Number the rows without a registration number in canonical order, after all that are given."""
    highest = 0
    for draft in drafts:
        match = _GIVEN.fullmatch(draft.number)
        highest = max(highest, int(match[1]) if match else 0)
    missing = sorted(
        (draft for draft in drafts if draft.standing and not draft.number), key=attrgetter("content")
    )
    for number, draft in enumerate(missing, start=highest + 1):
        draft.number = f"A{number:05d}"
    return len(missing)


def _result(draft: Draft) -> RowResult:
    return RowResult(
        where=draft.where,
        outcome=draft.outcome,
        codes=draft.codes,
        name=draft.name,
        document_number=draft.document_number,
        phone=draft.phone,
        village_id=draft.village_id,
        registration=draft.registration() if draft.standing else None,
    )


def _file_issues(files: Sequence[RosterFile], given: int) -> tuple[Issue, ...]:
    found = [entry for file in files for entry in file.issues]
    if given:
        file = files[0].file if len(files) == 1 else ""
        where = Where(file=file, column=Field.NUMBER.value)
        found.append(issue(Code.NUMBER_GIVEN, where, count=given))
    return tuple(found)


def _once(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """What is the same for every row of a sheet is said once: a column that is not there."""
    found: dict[tuple[object, ...], Issue] = {}
    for entry in issues:
        whole = entry.code in {Code.ROSTER_COLUMN_MISSING, Code.DATE_ASSUMED}
        where = Where(file=entry.where.file, sheet=entry.where.sheet, column=entry.where.column)
        key = (entry.code, where) if whole else (len(found),)
        if key not in found:
            found[key] = (
                Issue(severity=entry.severity, code=entry.code, where=where, args=entry.args)
                if whole
                else entry
            )
    return tuple(found.values())


def roster_lines(path: Path, campaign: Campaign) -> Iterator[dict[str, object]]:
    """What ``breeze roster`` prints: one object for every row that is not empty, then one for the file.

    Names, numbers and phones are the row's own: for the office's screen, never for a log.
    """
    found = read_rosters([path], RosterContext.of(campaign))
    for row in found.rows:
        yield {
            "sheet": row.where.sheet,
            "row": row.where.row,
            "outcome": row.outcome.value,
            "codes": list(row.codes),
            "name": row.name or None,
            "id": row.document_number or None,
            "phone": row.phone or None,
            "village_code": row.village_id or None,
        }
    yield {"file": path.name, "outcome": _verdict(found), "codes": _file_codes(found)}


def _verdict(found: Rosters) -> str:
    if found.refused:
        return "reject_file"
    return "import_partial" if found.counts[Outcome.REJECT] else "import"


def _file_codes(found: Rosters) -> list[str]:
    return list(dict.fromkeys(entry.code for entry in found.file_issues))


def has_errors(issues: Iterable[Issue]) -> bool:
    """Whether anything among them keeps something out."""
    return any(entry.severity is Severity.ERROR for entry in issues)
