"""What a calendar feed says, without a thought for its bytes: ``ics.py`` writes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from planner.model.events import EventStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One event of a feed; ``stamp`` is when it last changed, None where only the feed's moment is known.

    ``point`` is latitude and longitude, ``alarm`` how long before the start the clock rings.
    """

    uid: str
    sequence: int
    status: EventStatus
    start: datetime
    end: datetime
    title: str
    lines: tuple[str, ...]
    location: str = ""
    point: tuple[float, float] | None = None
    alarm: timedelta | None = None
    stamp: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedView:
    """A feed: the name people see in their calendar, and its entries in order."""

    filename: str
    name: str
    entries: tuple[FeedEntry, ...]
