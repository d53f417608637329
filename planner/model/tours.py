"""Squads and the visits that villages need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import NewType

from planner.model.fairs import Available, ExhibitorId
from planner.model.fleet import VehicleTypeId
from planner.model.places import PlaceId

SquadId = NewType("SquadId", str)
NeedId = NewType("NeedId", str)
"""What a village needs: a row of ``visits.csv``."""
VisitId = NewType("VisitId", str)
"""One visit of a need: ``NEED-N``, counted from 1; see :func:`visit_id`."""


class TimeOfVisit(StrEnum):
    """When a squad should be in a village."""

    ANY = "any"
    EVENING = "evening"
    """After the fields, ``tours.evening_from`` to ``evening_to``."""
    MARKET = "market"
    """In the morning of a market day of its township, where one is known; else any time will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Squad(Available):
    """People of the office who tour villages in one vehicle (``squads.csv``).

    ``members`` and ``leader`` are names of staff, personal data like a crew's. ``exhibitors`` are firms
    whose recruiters ride along. Away ``overnight`` a squad may end its day in a township.
    """

    id: SquadId
    name: str
    leader: str = ""
    leader_phone: str = ""
    members: tuple[str, ...] = ()
    base_id: PlaceId
    vehicle_type_id: VehicleTypeId
    shift_from: time = time(8, 30)
    shift_to: time = time(17, 30)
    skills: tuple[str, ...] = ()
    exhibitors: tuple[ExhibitorId, ...] = ()
    overnight: bool = False
    most_visits: int = 4
    """Visits in one day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitNeed:
    """What a village needs of the squads (``visits.csv``): so many visits, so far apart.

    ``value_fen`` 0: the visits are required; else they may be left out, each at that loss. ``skill`` must
    be among the squad's. The window is the campaign's where none is given.
    """

    id: NeedId
    village_id: PlaceId
    visits: int = 1
    spacing_days: int = 7
    """At least so many days from one visit to the next."""
    minutes: int = 60
    value_fen: int = 0
    skill: str = ""
    exhibitor: ExhibitorId | None = None
    """A firm whose recruiter should be there; only squads paired with it will do."""
    when: TimeOfVisit = TimeOfVisit.ANY
    first_day: date | None = None
    last_day: date | None = None

    @property
    def required(self) -> bool:
        """Whether the visits must be placed or explained."""
        return self.value_fen == 0

    @property
    def visit_ids(self) -> tuple[VisitId, ...]:
        """The ids of its visits, stable for life."""
        return tuple(visit_id(self.id, number) for number in range(1, self.visits + 1))


def visit_id(need: NeedId, number: int) -> VisitId:
    """Name the ``number``-th visit (from 1) of a need."""
    return VisitId(f"{need}-{number}")


def split_visit_id(visit: str) -> tuple[NeedId, int]:
    """Undo :func:`visit_id`; number 0 when the id is not of that form."""
    need, _, number = visit.rpartition("-")
    return NeedId(need), int(number) if number.isdecimal() else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker(Available):
    """When the broker (劳务经纪人) of a village is there to receive a squad (``brokers.csv``).

    A village of several brokers can be visited when one of them is there; of none, always. Name and phone
    are personal.
    """

    village_id: PlaceId
    name: str = ""
    phone: str = ""
    daytime: bool = True
    evening: bool = True
