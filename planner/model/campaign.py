"""The Campaign: everything a plan is made from, frozen and in id order."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from operator import attrgetter

from planner.model.clock import CHINA
from planner.model.fleet import Crew, Departure, FleetGroup, VehicleType
from planner.model.people import Registration
from planner.model.places import Destination, Place, Road

Ring = tuple[tuple[float, float], ...]
"""A closed line of (longitude, latitude) degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeederRules:
    """Times and limits of the way to the gate, minutes unless named otherwise (``rules.toml``)."""

    arrive_earliest_min: int = 90
    """A feeder may not reach the station earlier than this before departure."""
    arrive_latest_min: int = 60
    ride_limit_min: int = 120
    """From the first village's departure to the station's forecourt."""
    boarding_s_per_head: int = 6
    stop_s: int = 60
    """Seconds a call costs besides boarding: pulling in, opening, checking the list."""
    turnround_min: int = 20
    """Between arriving and leaving on a second round."""
    earliest_start: time = time(3, 0)
    """No vehicle leaves its depot before this time of day."""
    earliest_pickup: time = time(5, 0)
    """No village is asked to board before this time of day."""
    gather_lead_min: int = 10
    load_percent: int = 100
    """Seat-load cap in percent of rated seats (2020 epidemic profile: 50)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningWeights:
    """What the optimiser pays for what no invoice shows, in fen."""

    unserved_fen_per_head: int = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The county's editable rules; ``as_of`` dates them, ``source`` says who set them."""

    as_of: date
    source: str = ""
    gate_open_min: int = 30
    gate_close_min: int = 5
    feeder: FeederRules = field(default_factory=FeederRules)
    weights: PlanningWeights = field(default_factory=PlanningWeights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Frozen input. Tuples are sorted by id on construction, so row order never changes anything.

    ``first_day``'s midnight in China is second 0 of every integer time inside the planner.
    ``data_note`` is printed wherever places or roads are shown (synthetic data must say so).
    """

    id: str
    name: str
    office: str
    phone: str
    first_day: date
    data_note: str = ""
    rules: Rules
    places: tuple[Place, ...]
    roads: tuple[Road, ...]
    vehicle_types: tuple[VehicleType, ...]
    fleet: tuple[FleetGroup, ...]
    crews: tuple[Crew, ...] = ()
    destinations: tuple[Destination, ...]
    departures: tuple[Departure, ...]
    registrations: tuple[Registration, ...]
    outline: tuple[Ring, ...] = ()

    def __post_init__(self) -> None:
        """Sort each collection by its natural key."""
        keys = {"roads": attrgetter(*Road.__slots__), "crews": attrgetter("vehicle_id")}
        by_id = ("places", "vehicle_types", "fleet", "destinations", "departures", "registrations")
        keys |= dict.fromkeys(by_id, attrgetter("id"))
        for entry in fields(self):
            if entry.name in keys:
                rows = sorted(getattr(self, entry.name), key=keys[entry.name])
                object.__setattr__(self, entry.name, tuple(rows))

    @property
    def epoch(self) -> datetime:
        """Second 0 of the campaign's integer times."""
        return datetime.combine(self.first_day, time(), CHINA)

    def to_seconds(self, moment: datetime) -> int:
        """Turn an aware datetime into seconds from the campaign's first midnight."""
        return round((moment - self.epoch).total_seconds())

    def to_datetime(self, seconds: int) -> datetime:
        """Turn seconds from the first midnight into an aware datetime (China)."""
        return self.epoch + timedelta(seconds=seconds)
