"""Places and roads: where people wait, where vehicles stand, where trains stop."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

PlaceId = NewType("PlaceId", str)
"""Villages: the 12-digit statistical code. Townships: 9 digits. Stations and depots: any short id."""

DestinationId = NewType("DestinationId", str)
"""A city or alighting stop people travel to; not a node of the road network."""


class PlaceKind(StrEnum):
    """What stands at a node of the road network."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    STATION = "station"
    DEPOT = "depot"


class RoadClass(StrEnum):
    """Chinese road classes (JTG B01), best first."""

    EXPRESSWAY = "expressway"
    GRADE1 = "grade1"
    GRADE2 = "grade2"
    GRADE3 = "grade3"
    GRADE4 = "grade4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A node of the road network, WGS-84 degrees.

    ``gather`` is the spot in words where people wait (村口老樟树), ``hint`` one hazard or tip for the
    driver, ``contact_name``/``contact_phone`` who answers there. ``coord_source`` says where the point
    comes from; ``synthetic`` points are labelled wherever they are drawn.
    """

    id: PlaceId
    kind: PlaceKind
    name: str
    township: str = ""
    aliases: tuple[str, ...] = ()
    lat: float
    lon: float
    coord_source: str = ""
    gather: str = ""
    hint: str = ""
    contact_name: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A two-way stretch between two places; ``mountain`` marks what is unsafe at night."""

    from_id: PlaceId
    to_id: PlaceId
    length_m: int
    speed_kmh: int
    road_class: RoadClass
    mountain: bool = False


class Scope(StrEnum):
    """How far a trip leads, and how far an operator's licence reaches (客运站管理规定 第3条), least first."""

    COUNTY = "county"
    INTER_COUNTY = "inter_county"
    INTER_CITY = "inter_city"
    INTER_PROVINCE = "inter_province"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where people travel to, with the other names offices write for it, and how far that is in law.

    The point (WGS-84) is for feeds alone: nothing is planned by it.
    """

    id: DestinationId
    name: str
    aliases: tuple[str, ...] = ()
    scope: Scope = Scope.INTER_PROVINCE
    lat: float | None = None
    lon: float | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude, where both are known."""
        return None if self.lat is None or self.lon is None else (self.lat, self.lon)


@dataclass(frozen=True, slots=True, kw_only=True)
class Employer:
    """Who receives people at a destination: gate, dormitory, contact, and its shuttle.

    ``shuttle_seats`` 0: nobody is fetched, they walk or take a bus for ``ride_min``.
    """

    destination_id: DestinationId
    name: str
    gate: str = ""
    dormitory: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    shuttle_seats: int = 0
    ride_min: int = 30
    """From where departures let people off to the gate."""
    walk_min: int = 10
    """From the gate to the dormitory's door."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of a long road that is driven alike; ``drive_s`` by day. ``mountain``: unsafe at night."""

    length_m: int
    drive_s: int
    expressway: bool = True
    mountain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """The road a trunk coach takes from a place in the county to a destination, in order from the county."""

    origin_id: PlaceId
    destination_id: DestinationId
    stretches: tuple[Stretch, ...]

    @property
    def length_m(self) -> int:
        """Metres one way."""
        return sum(stretch.length_m for stretch in self.stretches)

    @property
    def drive_s(self) -> int:
        """Seconds at the wheel one way, by day."""
        return sum(stretch.drive_s for stretch in self.stretches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fare:
    """Scheduled transport to a destination: ticket and subsidy of one head, for whom no coach is laid on."""

    destination_id: DestinationId
    fen_per_head: int
