"""Fairs as they are wished for: venues, what they need, who exhibits, who looks for work where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import NewType

from planner.model.places import DestinationId, PlaceId

VenueId = NewType("VenueId", str)
ResourceId = NewType("ResourceId", str)
ExhibitorId = NewType("ExhibitorId", str)
FairId = NewType("FairId", str)


class FairKind(StrEnum):
    """What a fair is."""

    ON_SITE = "on_site"
    """现场招聘会."""
    SPECIAL = "special"
    """专场: for one employer, one trade or one group of people."""
    ONLINE = "online"
    """直播带岗: needs no venue."""
    TRAINING = "training"


@dataclass(frozen=True, slots=True, kw_only=True)
class Available:
    """Days on which something can be used; without any of it every day.

    ``weekdays`` as ISO 8601 counts them, Monday 1; ``closed`` are single days taken out.
    """

    first_day: date | None = None
    last_day: date | None = None
    weekdays: tuple[int, ...] = ()
    closed: tuple[date, ...] = ()

    def is_open(self, day: date) -> bool:
        """Whether it can be used on a day."""
        early = self.first_day is not None and day < self.first_day
        late = self.last_day is not None and day > self.last_day
        weekday = not self.weekdays or day.isoweekday() in self.weekdays
        return weekday and not (early or late or day in self.closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue(Available):
    """Where a fair can be held (``venues.csv``).

    ``place_id`` is the place of the road network at which it stands, ``capacity`` how many visitors it
    takes in a day, ``kinds`` which fairs it can host.
    """

    id: VenueId
    name: str
    place_id: PlaceId
    capacity: int
    booths: int
    kinds: tuple[FairKind, ...]
    fen_per_day: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Teams of staff, or equipment, of which the office has so many on any day (``resources.csv``)."""

    id: ResourceId
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """So many of a resource."""

    resource_id: ResourceId
    count: int

    def __str__(self) -> str:  # pyright: ignore[reportImplicitOverride]  typing.override is of 3.12
        """As in ``fairs.csv``: ``team:2``."""
        return f"{self.resource_id}:{self.count}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibitor(Available):
    """An employer that would come to fairs (``exhibitors.csv``); its posts are those of its name there."""

    id: ExhibitorId
    destination_id: DestinationId
    employer: str
    booths: int = 1
    """Booths it fills at a fair."""
    most_fairs: int = 3
    fen_per_fair: int = 0
    """What its coming costs the county: travel, board."""
    county: str = ""
    """Statistical code of the county whose office invites it, six digits; empty: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fair:
    """A fair that is commissioned, still without its day and place unless ``announced`` (``fairs.csv``).

    ``venues`` are those that would do, without any all that can host the kind, of the township where one
    is named. ``sectors`` and ``exhibitors`` narrow who is invited. A day that was ``announced`` stays.
    """

    id: FairId
    name: str
    kind: FairKind = FairKind.ON_SITE
    township_id: PlaceId | None = None
    venues: tuple[VenueId, ...] = ()
    first_day: date
    last_day: date
    """The window, both ends in it."""
    starts: time = time(9, 0)
    ends: time = time(15, 0)
    expected_visitors: int
    sectors: tuple[str, ...] = ()
    exhibitors: tuple[ExhibitorId, ...] = ()
    """They must be there."""
    needs: tuple[Need, ...] = ()
    before_peak: bool = True
    """Over before the departure peak (``fairs.peak_margin_days``)."""
    announced: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekerCount:
    """How many of a village look for work in a sector: heads, no persons (``seekers.csv``)."""

    village_id: PlaceId
    sector: str
    heads: int
