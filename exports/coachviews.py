"""What the papers of a trunk coach say: its list, its run sheet, its line in the office's workbook.

Views as in ``views.py``: rows and labels in words, nothing that a sheet's reader may not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exports.views import Advice, Figure, ManifestRow, SheetHead


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachGroup:
    """Those of a coach who come together: with which run and when, who they are."""

    time: str
    come: str
    heads: str
    rows: tuple[ManifestRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachListView:
    """Who rides one trunk coach, in the order they come to it."""

    departure_id: str
    head: SheetHead
    columns: tuple[str, ...]
    """List: tick, number, party bar, seat, name, sex/age, paper, phone, village, employer, note; the
    operator's: number, seat, name, sex/age, kind of paper, its number, phone, village, comes with, gets off,
    employer, note."""
    seated: bool
    """Whether anybody's seat is known."""
    note_and: str
    present: str
    groups: tuple[CoachGroup, ...]
    closing: str
    signatures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HaulRow:
    """A line of a trunk coach's way: what it does from then on, who is at the wheel, how far it has come."""

    time: str
    doing: str
    hint: str
    driver: str
    span: str
    km: str
    washed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Haul:
    """One way of a trunk coach, in order."""

    title: str
    rows: tuple[HaulRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachSheetView:
    """What the drivers of one trunk coach do, out and back; no names of passengers, no papers of theirs."""

    departure_id: str
    head: SheetHead
    columns: tuple[str, ...]
    """Tick, planned, actual, what, driver, how long, km."""
    ways: tuple[Haul, ...]
    hours: tuple[Figure, ...]
    law_title: str
    law: tuple[Advice, ...]
    """What the law asks, with its clause."""
    briefing_title: str
    briefing: tuple[str, ...]
    signatures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachSummaryRow:
    """A trunk coach in figures, for the office."""

    number: str
    day: str
    leaves: str
    arrives: str
    to: str
    vehicle: str
    plate: str
    operator: str
    drivers: str
    heads: int
    seats: int
    fill: str
    km: int
    yuan: int
    home: str
    captain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsidyRow:
    """How many go by scheduled transport to one destination for one reason, and what that costs."""

    to: str
    reason: str
    days: str
    heads: int
    yuan: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsidyPerson:
    """Who is paid ticket and subsidy: for whoever pays it (see ``privacy.py``)."""

    number: int
    name: str
    document_type: str
    document: str
    phone: str
    home: str
    employer: str
    to: str
    day: str
    yuan: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """A figure by which a campaign is reported: planned, come about, in per cent, for each fair or squad."""

    name: str
    planned: str
    came: str
    share: str
    each: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """A fair or visit with its day in the plan, its day in fact and what came of it."""

    kind: str
    item: str
    planned: str
    day: str
    visitors: int | str
    intents: int | str
    hires: int | str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRow:
    """What somebody fixed by hand, and what became of it."""

    kind: str
    item: str
    day: str
    host: str
    who: str
    reason: str
    until: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """A text message as it is to be sent, and what the gateway will count it as."""

    number: int
    name: str
    phone: str
    day: str
    text: str
    chars: int
    segments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """Somebody whom no message reaches: why, whom to ring instead, what to say."""

    number: int
    name: str
    phone: str
    home: str
    reason: str
    reach: str
    text: str


Rows = (
    tuple[CoachSummaryRow, ...]
    | tuple[SubsidyRow, ...]
    | tuple[SubsidyPerson, ...]
    | tuple[IndicatorRow, ...]
    | tuple[ResultRow, ...]
    | tuple[LockRow, ...]
    | tuple[MessageRow, ...]
    | tuple[CallRow, ...]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table of a workbook: heading, columns, rows of one kind, words of the total."""

    name: str
    title: str
    stamp: str
    foot: str
    data_note: str
    columns: tuple[str, ...]
    total: str
    rows: Rows
