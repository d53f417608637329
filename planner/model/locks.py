"""What people fixed by hand, for fairs, visits, departures and routes alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LockKind(StrEnum):
    """What a lock holds."""

    FAIR = "fair"
    """A fair on a day, ``to`` a venue."""
    VISIT = "visit"
    """A visit on a day, ``to`` a squad."""
    DEPARTURE = "departure"
    """A planned coach on a day, ``to`` a vehicle."""
    ROUTE = "route"
    """A feeder run (its number) with its stops, ``to`` a vehicle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A named person holds something where it is, or puts it there (``locks.csv``): who, why, until when.

    ``day`` None: whatever day; ``to`` empty: whatever venue, squad or vehicle. At least one is given but
    for a route.
    """

    kind: LockKind
    item: str
    day: date | None = None
    to: str = ""
    who: str
    why: str
    until: date
    """Last day on which it holds; plans made later are free of it."""


class LockState(StrEnum):
    """What became of a lock in a plan, most fundamental first."""

    EXPIRED = "expired"
    """Its last day was over when the plan was made: nothing was held."""
    MISSING = "missing"
    """There is no such item in the plan."""
    OTHER_DAY = "other_day"
    OTHER_HOST = "other_host"
    """Another venue, squad or vehicle."""
    UNTOLD = "untold"
    """A run, and no plan of before to hold it to."""
    CHANGED = "changed"
    """A run that calls elsewhere than people were told, or at another time."""
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLock:
    """A lock as a plan met it, carried in the plan so that every paper can say who holds what, and why."""

    lock: Lock
    state: LockState
