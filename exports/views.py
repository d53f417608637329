"""What each sheet says: rows and labels in words, without a thought for paper or cells.

``pdf.py`` and ``xlsx.py`` draw the same view, so print and workbook cannot disagree. The views are
built by ``manifest.py``, ``runsheet.py``, ``trainlist.py`` and so on; what may be shown to whom is decided
there through ``privacy.py``, so nothing is left in a view that its reader may not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BLANK_SIGN: Final = "\ue000"
"""Stands in a text for a ruled blank to write in; the templates draw it, workbooks leave a gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label over a value in the band under the head; an empty value is a blank to write in."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetHead:
    """What every sheet carries: name, block, facts, foot.

    ``badge`` is what people shout, ``badge_note`` tells a vehicle's second round; ``code`` is the QR
    text: plan, version, sheet, nothing personal.
    ``page`` still holds ``{page}`` and ``{pages}``: only who lays it out knows them.
    """

    title: str
    title_again: str
    subtitle: str
    badge: str
    badge_note: str
    facts: tuple[Fact, ...]
    code: str
    code_label: str
    holder: str
    stamp: str
    page: str
    data_note: str
    by_hand: str
    """Heading of the list of names the font cannot draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestRow:
    """A person on the list. ``party_first``/``party_last`` bound the bar of those who stay together."""

    number: int
    name: str
    sex_age: str
    document_type: str
    document: str
    phone: str
    destination: str
    employer: str
    notes: tuple[str, ...]
    captain: bool = False
    together: bool = False
    party_first: bool = False
    party_last: bool = False
    ride: tuple[str, ...] = ()
    """Of several coaches which, and the seat on it, where that is known."""
    home: str = ""
    """The village, on the list of a coach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestStop:
    """A pick-up: when the vehicle is there, where people stand, who boards."""

    time: str
    place: str
    gather: str
    board: str
    gather_time: str
    rows: tuple[ManifestRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestView:
    """Who boards one run, by stop in driving order."""

    run: int
    head: SheetHead
    columns: tuple[str, ...]
    """Manifest: tick, number, party bar, name, sex/age, paper, phone, employer, note. Operator's list:
    number, time, stop, name, sex/age, kind of paper, its number, phone, gets off, employer, note."""
    ride_column: str
    """Heading of coach and seat, between number and name; empty where everybody catches the same and no
    seats are known."""
    note_and: str
    """What stands between two notes."""
    present: str
    """``实上 {blank} 人``: the marshal's count at a stop."""
    stops: tuple[ManifestStop, ...]
    closing: str
    signatures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSheetRow:
    """A line of the driver's table; ``leave`` is when it goes on, ``washed`` marks rest and final rows."""

    time: str
    leave: str
    place: str
    hint: str
    on: str
    off: str
    aboard: int
    km: int
    contact: str
    contact_phone: str
    washed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that matters, with the words before and after it."""

    label: str
    value: str
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """When something goes wrong, and what to do then."""

    when: str
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSheetView:
    """What the driver of one run does, in order; no names of passengers, no papers."""

    run: int
    head: SheetHead
    columns: tuple[str, ...]
    """Tick, planned, actual, place, on, off, aboard, km, contact."""
    rows: tuple[RunSheetRow, ...]
    hours: tuple[Figure, ...]
    late_title: str
    late: tuple[Advice, ...]
    briefing_title: str
    briefing: tuple[str, ...]
    signatures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRow:
    """A ticket to be issued: the name exactly as on the paper."""

    number: int
    name: str
    sex: str
    document_type: str
    document: str
    home: str
    run: str
    note: str
    seat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainStop:
    """Everybody who gets off at one stop, of one ``carriage`` where seats are known; ``captain`` leads it."""

    place: str
    time: str
    heads: str
    rows: tuple[TrainRow, ...]
    carriage: str = ""
    carriage_number: str = ""
    captain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainListView:
    """Who rides one departure, by where they get off."""

    departure_id: str
    number: str
    head: SheetHead
    columns: tuple[str, ...]
    """Number, name, sex, kind of paper, its number, home, comes with."""
    stop_column: str
    """Heading of the alighting stop where it is a column."""
    carriage_column: str
    seat_column: str
    """Headings of carriage and seat; empty where no seats are known."""
    stops: tuple[TrainStop, ...]
    closing: str
    signatures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """A name on an itinerary, with the seat it has on the departure."""

    name: str
    seat: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItineraryRow:
    """A moment of the way; ``day`` only where it is another than before, ``strong``: be there then."""

    time: str
    day: str
    what: str
    place: str
    hint: str
    contact: str
    contact_phone: str
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItineraryLeg:
    """A part of the way under its heading; ``signatures`` of who hands over, who takes on, and when."""

    title: str
    rows: tuple[ItineraryRow, ...]
    signatures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItinerarySheet:
    """The way of people who go it together."""

    people: tuple[Traveller, ...]
    facts: tuple[Fact, ...]
    legs: tuple[ItineraryLeg, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItineraryView:
    """Itineraries that are handed out together, those of one run; each counts its own pages."""

    pile: str
    head: SheetHead
    columns: tuple[str, ...]
    """Time, what, place, contact."""
    people: str
    """Heading of the names."""
    sheets: tuple[ItinerarySheet, ...]
    closing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRow:
    """A person the employer receives."""

    number: int
    name: str
    sex: str
    document: str
    home: str
    seat: str
    notes: tuple[str, ...]
    captain: bool = False
    together: bool = False
    party_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRound:
    """Those who come to the gate together."""

    title: str
    times: str
    heads: str
    rows: tuple[HandoverRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverView:
    """Whom an employer receives from one departure, by rounds of its shuttle."""

    departure_id: str
    number: int
    """Among the employers of the departure."""
    head: SheetHead
    columns: tuple[str, ...]
    """Tick, number, party bar, name, sex, paper, home, seat, note."""
    note_and: str
    present: str
    """``实到 {blank} 人``."""
    rounds: tuple[HandoverRound, ...]
    closing: str
    signatures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummaryRow:
    """A run in figures, for the office."""

    run: str
    departure: str
    vehicle: str
    plate: str
    round: int
    operator: str
    start: str
    start_time: str
    first_place: str
    first_time: str
    arrive_time: str
    ride: str
    stops: int
    heads: int
    seats: int
    km: int
    yuan: int
    captain: str
    driver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummaryView:
    """All runs of a plan in figures."""

    name: str
    title: str
    stamp: str
    floor: str
    data_note: str
    columns: tuple[str, ...]
    total: str
    rows: tuple[RunSummaryRow, ...]


SheetView = ManifestView | RunSheetView | TrainListView | ItineraryView | HandoverView
"""What is printed: one PDF each."""
