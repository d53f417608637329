"""Vehicles and departures: what can carry people, and when it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from planner.model.clock import CHINA
from planner.model.places import DestinationId, PlaceId, RoadClass

VehicleTypeId = NewType("VehicleTypeId", str)
FleetGroupId = NewType("FleetGroupId", str)
VehicleId = NewType("VehicleId", str)
"""One vehicle: ``GROUP#NN``, counted from 01 (``dk49#03``); see :func:`vehicle_id`."""
DepartureId = NewType("DepartureId", str)


class Mode(StrEnum):
    """What a departure runs on."""

    TRAIN = "train"
    COACH = "coach"


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleType:
    """A kind of vehicle; ``rated_seats`` is 核定载客人数 of the licence and includes the crew.

    ``road_classes`` lists the classes it may use. Money in fen.
    """

    id: VehicleTypeId
    name: str
    rated_seats: int
    drivers: int = 1
    escorts: int = 0
    fixed_fen: int
    per_km_fen: int
    per_hour_fen: int = 0
    road_classes: tuple[RoadClass, ...]

    def seats_at(self, load_percent: int) -> int:
        """Passengers that may board: rated seats less crew, never above the load cap (domain R11)."""
        return min(self.rated_seats - self.drivers - self.escorts, self.rated_seats * load_percent // 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetGroup:
    """So many vehicles of one type, standing at one depot, from one operator."""

    id: FleetGroupId
    type_id: VehicleTypeId
    depot_id: PlaceId
    count: int
    operator: str = ""


def vehicle_id(group_id: FleetGroupId, number: int) -> VehicleId:
    """Name the ``number``-th vehicle (from 1) of a group."""
    return VehicleId(f"{group_id}#{number:02d}")


def split_vehicle_id(vehicle: VehicleId) -> tuple[FleetGroupId, int]:
    """Undo :func:`vehicle_id`; number 0 when the id is not of that form."""
    group, _, number = vehicle.rpartition("#")
    return FleetGroupId(group), int(number) if number.isdecimal() else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who and what actually turns up for a vehicle id: plate, driver, escort. Personal; documents only."""

    vehicle_id: VehicleId
    plate: str = ""
    driver_name: str = ""
    driver_phone: str = ""
    escort_name: str = ""
    escort_phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A departure's stop where people get off; ``arrives`` is kept in China's time."""

    destination_id: DestinationId
    arrives: datetime

    def __post_init__(self) -> None:
        """Bring the time to China's clock."""
        object.__setattr__(self, "arrives", self.arrives.astimezone(CHINA))


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One dated run of a train or trunk coach: when it leaves where, how many seats are ours.

    ``departs`` is kept in China's time whatever zone it was given in, so its date is the travel date.
    """

    id: DepartureId
    mode: Mode
    number: str
    origin_id: PlaceId
    departs: datetime
    quota: int
    calls: tuple[Call, ...]

    def __post_init__(self) -> None:
        """Bring the time to China's clock."""
        object.__setattr__(self, "departs", self.departs.astimezone(CHINA))

    @property
    def day(self) -> date:
        """The date people are told."""
        return self.departs.date()
