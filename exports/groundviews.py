"""What stands on the papers for the ground: the station sheet, the crowd sign, the traveller's card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exports.views import Advice, Figure, SheetHead


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRow:
    """A bus at the station: who it is, how many come with it, how many are there by then; no names.

    ``places`` is where they come from, ``carriages`` where they will sit, ``captain`` a phone or a blank.
    ``run`` empty: those who come on their own.
    """

    time: str
    run: str
    places: tuple[str, ...]
    heads: int
    total: int
    carriages: tuple[str, ...]
    captain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A moment on the time axis; ``at`` counts from 0 to 1, ``lane`` upwards where it is close."""

    at: float
    label: str
    lane: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAxis:
    """The last hours before a departure, to scale; ``gate`` is empty where nobody passes one."""

    title: str
    ticks: tuple[Mark, ...]
    runs: tuple[Mark, ...]
    latest: Mark
    gate: tuple[Mark, ...]
    """Opens with its label, closes."""
    departs: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class StationView:
    """Which buses a marshal at the station waits for, in the order they come, for one departure."""

    departure_id: str
    head: SheetHead
    columns: tuple[str, ...]
    """Tick, planned, run, from, heads, running total, of a train its carriage, captain, two blanks."""
    rows: tuple[StationRow, ...]
    between: str
    """What stands between two places, or carriages."""
    seated: bool
    """Whether carriages are a column."""
    sum: str
    heads: int
    missing: str
    axis: TimeAxis
    late_title: str
    late: tuple[Advice, ...]
    signatures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignStop:
    """One sign: where and when its people stand."""

    place: str
    gather: str
    time: str
    leave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignView:
    """The signs of one run, a page each; ``dash`` in pixels and ``core`` are those of its line on the map."""

    run: int
    head: SheetHead
    above: str
    below: str
    """Words above and below the number: Bus 7, 7 号车."""
    stops: tuple[SignStop, ...]
    way: str
    captain: str
    captain_phone: str
    day: str
    dash: tuple[float, ...]
    core: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What one traveller carries: where to be, when, and on what they go."""

    name: str
    badge: str
    lunar: str
    day: str
    time: str
    gather: str
    place: str
    leave: str
    ride: Figure
    seat: Figure
    """Empty where nobody knows the seats."""
    captain_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """Cards that are handed out together, eight to a page."""

    pile: str
    head: SheetHead
    cards: tuple[Card, ...]
    bring: str
    captain: str
    office: Figure
    code: str
    """What the QR is for."""
    version: str
    data_mark: str
    """Says that the data are invented, where they are."""


GroundView = StationView | SignView | CardView
