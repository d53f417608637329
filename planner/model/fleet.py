"""Vehicles and departures: what can carry people, and when it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from planner.model.clock import CHINA
from planner.model.places import DestinationId, PlaceId, RoadClass, Scope

VehicleTypeId = NewType("VehicleTypeId", str)
FleetGroupId = NewType("FleetGroupId", str)
VehicleId = NewType("VehicleId", str)
"""One vehicle: ``GROUP#NN``, counted from 01 (``dk49#03``); see :func:`vehicle_id`."""
DriverId = NewType("DriverId", str)
DepartureId = NewType("DepartureId", str)


class Service(StrEnum):
    """What a group of vehicles is for."""

    FEEDER = "feeder"
    """From the villages to where a departure begins."""
    TRUNK = "trunk"
    """From the county to the city, with a night away."""


class Layout(StrEnum):
    """Seats of a row, left and right of the aisle."""

    SECOND = "3+2"
    FIRST = "2+2"
    BUSINESS = "1+2"
    NUMBERED = "numbered 3+2"
    """Hard seats, counted through the carriage."""


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
    service: Service = Service.FEEDER


def vehicle_id(group_id: FleetGroupId, number: int) -> VehicleId:
    """Name the ``number``-th vehicle (from 1) of a group."""
    return VehicleId(f"{group_id}#{number:02d}")


def split_vehicle_id(vehicle: VehicleId) -> tuple[FleetGroupId, int]:
    """Undo :func:`vehicle_id`; number 0 when the id is not of that form."""
    group, _, number = vehicle.rpartition("#")
    return FleetGroupId(group), int(number) if number.isdecimal() else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Who and what actually turns up for a vehicle id: plate, driver, escort, papers. Documents only.

    ``registered`` is the place of the plate (邵阳), ``scope`` how far the operator's licence reaches,
    ``inspected_until`` and ``insured_until`` the last days of the inspection and of the carrier's
    liability insurance; empty where the office has not seen the paper.
    """

    vehicle_id: VehicleId
    plate: str = ""
    driver_name: str = ""
    driver_phone: str = ""
    escort_name: str = ""
    escort_phone: str = ""
    registered: str = ""
    scope: Scope | None = None
    inspected_until: date | None = None
    insured_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A driver of trunk coaches and where they are at home; name and phone are personal."""

    id: DriverId
    depot_id: PlaceId
    name: str = ""
    phone: str = ""
    qualified_until: date | None = None
    """Last day of the 道路旅客运输 qualification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """One carriage of a consist as the railway runs it."""

    consist: str
    number: int
    kind: str
    seats: int
    layout: Layout
    accessible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """Seats of one carriage that the railway gave us, in its own words; nothing else is ours then."""

    departure_id: DepartureId
    carriage: int
    labels: tuple[str, ...]


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
    On the way home (``Direction.HOME``) time runs the other way: it arrives at ``origin_id`` when it
    ``departs``, and people board it where it calls, earlier.
    """

    id: DepartureId
    mode: Mode
    number: str
    origin_id: PlaceId
    departs: datetime
    quota: int
    calls: tuple[Call, ...]
    fare_fen: int = 0
    """What a head costs the county on it."""
    fixed_fen: int = 0
    """What it costs in any case."""
    consist: str = ""
    """Of a train: which carriages it has."""
    employer: str = ""
    """Of a coach: to whose gate it goes; empty where it lets people off in the city."""

    def __post_init__(self) -> None:
        """Bring the time to China's clock."""
        object.__setattr__(self, "departs", self.departs.astimezone(CHINA))

    @property
    def day(self) -> date:
        """The date people are told."""
        return self.departs.date()

    @property
    def gate(self) -> tuple[PlaceId, datetime, Mode]:
        """Where and when; coaches that share it are fed by the same runs."""
        return self.origin_id, self.departs, self.mode
