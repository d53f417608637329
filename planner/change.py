"""One difference between two plans that somebody has to be told; found by ``planner/diff.py``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.errors import Arg


class ChangeKind(StrEnum):
    """What happened to a run or to a person between two plans."""

    RUN_ADDED = "run_added"
    RUN_CANCELLED = "run_cancelled"
    RUN_MOVED = "run_moved"
    """Another time, another place to wait, another order of calls or another departure."""
    RUN_VEHICLE = "run_vehicle"
    RUN_HEADS = "run_heads"
    PERSON_PLACED = "person_placed"
    PERSON_DROPPED = "person_dropped"
    """Neither on board nor with a ticket."""
    PERSON_TICKET = "person_ticket"
    """Scheduled transport with a subsidy, instead of our departure or on another day."""
    PERSON_FETCHED = "person_fetched"
    """Our departure instead of scheduled transport."""
    PERSON_RUN = "person_run"
    PERSON_TIME = "person_time"
    PERSON_PLACE = "person_place"
    PERSON_DEPARTURE = "person_departure"
    PERSON_SEAT = "person_seat"
    """Another seat on the same departure."""
    PERSON_POST = "person_post"
    """Another post, or none."""
    COACH_VEHICLE = "coach_vehicle"
    COACH_DRIVERS = "coach_drivers"
    FAIR_ADDED = "fair_added"
    FAIR_DROPPED = "fair_dropped"
    FAIR_MOVED = "fair_moved"
    """Another day, hour or venue."""
    FAIR_INVITED = "fair_invited"
    """Employers that are newly invited to a fair."""
    FAIR_CALLED_OFF = "fair_called_off"
    """Employers that were invited to it and are no more."""
    FAIR_BOOTHS = "fair_booths"
    """Employers that are invited to it as before, with another number of booths."""
    VISIT_ADDED = "visit_added"
    VISIT_DROPPED = "visit_dropped"
    VISIT_MOVED = "visit_moved"
    """Another day, hour or squad."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: ``item`` is ``run 7``, or the id of a person, coach, fair or visit.

    Was and is in words-free figures; of fairs and visits the day, the hour and the venue or squad, of
    invitations the exhibitors' ids, of booths each with a colon and its number, of tickets the day
    and the destination.
    """

    kind: ChangeKind
    item: str
    was: Arg = None
    now: Arg = None
