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


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where people travel to, with the other names offices write for it."""

    id: DestinationId
    name: str
    aliases: tuple[str, ...] = ()
