"""Frozen output beyond the gate: planned coaches' runs, seats, captains, the way to the dormitory, proofs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.model.fleet import DepartureId, DriverId, VehicleId
from planner.model.people import RegistrationId
from planner.model.places import DestinationId


class Doing(StrEnum):
    """What a trunk coach does for a while."""

    DRIVE = "drive"
    REST = "rest"
    MEAL = "meal"
    STAND = "stand"
    """Still for the night, by law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """What a trunk coach does from one second to another; ``driver`` counts its crew from 1, 0 standing."""

    doing: Doing
    start_s: int
    end_s: int
    metres: int = 0
    driver: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkRun:
    """How a coach that was planned makes its departure, out and back empty, as the law lets it.

    ``drivers`` are on board all the way, the first is driver 1 of the movements. ``cost_fen`` is for both
    ways.
    """

    departure_id: DepartureId
    vehicle_id: VehicleId
    drivers: tuple[DriverId, ...]
    movements: tuple[Movement, ...]
    back: tuple[Movement, ...]
    heads: int
    cost_fen: int

    @property
    def start_s(self) -> int:
        """When it first moves."""
        return min(way[0].start_s for way in (self.movements, self.back) if way)

    @property
    def end_s(self) -> int:
        """When it has moved for the last time."""
        return max(way[-1].end_s for way in (self.movements, self.back) if way)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A person's seat on a departure: ``carriage`` of a train counts from 1, a coach has 0."""

    registration_id: RegistrationId
    departure_id: DepartureId
    carriage: int
    label: str
    """As printed on it: ``12F``, ``23号``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Captain:
    """Who leads (劳务就业队长): everybody in a coach or carriage, or with ``employer`` that group."""

    registration_id: RegistrationId
    departure_id: DepartureId
    carriage: int
    employer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """The last part of the way: from where the departure lets a party off to the dormitory's door.

    ``shuttle`` numbers the employer's rounds for a departure from 1; 0 where the coach goes to the gate
    itself, or nobody fetches them. A party larger than the shuttle has as many rounds in a row as it needs,
    ``shuttle`` and ``leave_s`` of the first, ``gate_s`` of the last. Nobody waits at the gate: they walk on
    and are at the dormitory at ``door_s``.
    """

    registration_ids: tuple[RegistrationId, ...]
    departure_id: DepartureId
    destination_id: DestinationId
    employer: str
    shuttle: int
    leave_s: int
    gate_s: int
    door_s: int


class Stage(StrEnum):
    """Decisions whose quality is printed beside a bound; that of the feeder is the plan's own."""

    TRUNK = "trunk"
    """Fen, waiting and broken groups among them."""
    VEHICLES = "vehicles"
    """Trunk vehicles in use."""
    DRIVERS = "drivers"
    """Drivers in use."""
    SEATS = "seats"
    """Employers and alighting stops, each counted in every carriage that has people of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a stage's plan costs by its own measure, and what no plan could cost less than."""

    stage: Stage
    item: str = ""
    """The departure, where the stage looks at one at a time."""
    cost: int
    bound: int
    changed: int = 0
    """Heads who ride otherwise after all, for want of a feeder or a driver: the cost is that before."""

    @property
    def gap(self) -> float:
        """What the plan may be away from the best, as a share of its cost."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0
