"""Fairs and visits as calendars show them, for life; runs have their own ``Event`` in ``plan.py``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.model.places import PlaceId


class EventStatus(StrEnum):
    """RFC 5545 §3.8.1.11, as far as it is needed."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class NameKind(StrEnum):
    """What is called by a name."""

    FAIR = "fair"
    VENUE = "venue"
    SQUAD = "squad"
    EXHIBITOR = "exhibitor"
    POST = "post"
    DESTINATION = "destination"
    DEPARTURE = "departure"
    """By day and number."""
    PLACE = "place"
    TOWNSHIP = "township"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldName:
    """What people were told that something is called; ``town`` is the township it lies in or belongs to."""

    kind: NameKind
    id: str
    name: str
    town: str = ""


class AppointmentKind(StrEnum):
    """What an appointment is of."""

    FAIR = "fair"
    VISIT = "visit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What people were told: when it begins and ends, where, and who or what is the host.

    ``host`` is the squad of a visit or the venue of a fair, empty online, as is ``place_id`` None there.
    When a squad leaves its base is not part of it: that follows from the visits of its day.
    """

    start_s: int
    end_s: int
    place_id: PlaceId | None
    host: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A fair or a visit in the calendars: ``sequence`` rises only by ``planner/diff.py``.

    It stays here after it is cancelled, so that feeds can still show it struck out. ``since`` is the version
    of the plan that last raised the sequence, ``was`` what was told before that; ``left`` are hosts that had
    it once and have it no more: in their calendars it is cancelled.
    """

    uid: str
    sequence: int
    status: EventStatus
    kind: AppointmentKind
    item: str
    """Id of the fair or visit."""
    told: Told
    since: int
    was: Told | None = None
    left: tuple[str, ...] = ()
