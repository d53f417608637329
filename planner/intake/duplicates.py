"""The same person twice: the most complete row is taken, then the first in canonical order.

Never the first in the file: shuffling rows must not change who is taken with which data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from operator import attrgetter
from typing import Final

from planner.intake.codes import Code
from planner.intake.draft import Draft
from planner.intake.identity import CITIZEN_PAPERS
from planner.intake.rosterhead import Field

_COMPARED: Final = (
    ("name", Field.NAME),
    ("village_id", Field.VILLAGE),
    ("destination_id", Field.DESTINATION),
    ("travel_date", Field.TRAVEL_DATE),
    ("group", Field.GROUP),
)
"""Where two rows of one person may not differ unnoticed: each decides who rides where with whom."""


def settle_duplicates(drafts: Sequence[Draft]) -> None:
    """Reject all but one row of each person among the standing rows."""
    by_number: defaultdict[Hashable, list[Draft]] = defaultdict(list)
    unnumbered: list[Draft] = []
    for draft in drafts:
        if not draft.standing:
            continue
        if draft.document_number:
            by_number[_paper(draft)].append(draft)
        else:
            unnumbered.append(draft)
    _join_unnumbered(unnumbered, list(by_number.values()))
    for rows in by_number.values():
        _keep_one(rows)


def _join_unnumbered(unnumbered: Iterable[Draft], people: list[list[Draft]]) -> None:
    """Put rows without an ID number to the one person with their name, village and phone."""
    same: defaultdict[Hashable, list[list[Draft]]] = defaultdict(list)
    for rows in people:
        for key in {_trio(draft) for draft in rows}:
            same[key].append(rows)
    alone: defaultdict[Hashable, list[Draft]] = defaultdict(list)
    for draft in unnumbered:
        known = same.get(_trio(draft), [])
        if draft.phone and len(known) == 1:
            known[0].append(draft)
        else:
            alone[_trio(draft)].append(draft)
    for key, rows in alone.items():
        if rows[0].phone:
            _keep_one(rows)
        if key in same or (len(rows) > 1 and not rows[0].phone):
            _doubt(rows)


def _doubt(rows: Iterable[Draft]) -> None:
    """Too little is written to say whether these are one person; all are taken."""
    for draft in rows:
        if draft.standing:
            draft.report(Code.DUPLICATE_POSSIBLE, Field.NAME)


def _paper(draft: Draft) -> Hashable:
    """A citizen's number is the person's on whatever paper; other numbers count within their kind."""
    citizen = draft.document_type in CITIZEN_PAPERS
    return draft.document_number if citizen else (draft.document_type, draft.document_number)


def _trio(draft: Draft) -> tuple[str, str, str]:
    return draft.name, draft.village_id, draft.phone


def _keep_one(rows: Sequence[Draft]) -> None:
    if len(rows) == 1:
        return
    winner, *losers = sorted(rows, key=_rank)
    at = winner.where
    for loser in losers:
        loser.duplicate = True
        loser.report(Code.DUPLICATE_SAME, Field.NAME, file=at.file, sheet=at.sheet, row=at.row)
        for name, column in _COMPARED:
            value = attrgetter(name)
            if value(loser) and value(loser) != value(winner):
                there = loser.where
                winner.report(
                    Code.DUPLICATE_CONFLICT, column, file=there.file, sheet=there.sheet, row=there.row
                )


def _rank(draft: Draft) -> tuple[int, tuple[str, ...], object]:
    return -draft.completeness, draft.content, draft.where
