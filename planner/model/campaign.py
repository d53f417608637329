"""The Campaign: everything a plan is made from, frozen and in id order."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from planner.model.clock import CHINA
from planner.model.fleet import Allotment, Carriage, Crew, Departure, Driver, FleetGroup, Mode, VehicleType
from planner.model.holidays import Holiday
from planner.model.law import DrivingRules, TrunkRules
from planner.model.locks import Lock
from planner.model.markets import MarketRule
from planner.model.messages import MessageText
from planner.model.outreach import Outreach
from planner.model.outreachlaw import FairRules, MatchRules, TourRules
from planner.model.papers import Contract, Override
from planner.model.people import Registration
from planner.model.places import Corridor, Destination, Employer, Fare, Place, Road

if TYPE_CHECKING:
    from collections.abc import Callable

Ring = tuple[tuple[float, float], ...]
"""A closed line of (longitude, latitude) degrees."""


class Direction(StrEnum):
    """Which way people are brought."""

    OUT = "out"
    """返岗: from the villages to a departure and on it to the city."""
    HOME = "home"
    """返乡: from the city, and on from where departures end to the villages."""
    ROUND = "round"
    """Out and home the same day, by the same coach (参观企业)."""


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
    latest_dropoff: time = time(22, 0)
    """On the way home: no village is reached after this time of day."""
    latest_return: time = time(23, 59)
    """On the way home: no vehicle is back at its depot after this time of day."""
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
    trunk: TrunkRules = field(default_factory=TrunkRules)
    driving: DrivingRules = field(default_factory=DrivingRules)
    fairs: FairRules = field(default_factory=FairRules)
    tours: TourRules = field(default_factory=TourRules)
    matching: MatchRules = field(default_factory=MatchRules)
    weights: PlanningWeights = field(default_factory=PlanningWeights)

    def arrival_min(self, mode: Mode) -> tuple[int, int]:
        """Minutes before departure between which feeders arrive, the earlier (larger) first."""
        if mode is Mode.TRAIN:
            return self.feeder.arrive_earliest_min, self.feeder.arrive_latest_min
        return self.trunk.arrive_earliest_min, self.trunk.arrive_latest_min

    def boarding_min(self, mode: Mode) -> int:
        """Minutes before departure at which the gate of a train, or the door of a coach, opens."""
        return self.gate_open_min if mode is Mode.TRAIN else self.trunk.board_min


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
    direction: Direction = Direction.OUT
    mirrored: bool = False
    """Time runs backwards in it (``planner/mirror.py``): made while planning and judging, never read."""
    county: str = ""
    """As operators' registrations name it (邵阳): one end of a charter must lie there."""
    data_note: str = ""
    rules: Rules
    places: tuple[Place, ...]
    roads: tuple[Road, ...]
    vehicle_types: tuple[VehicleType, ...]
    fleet: tuple[FleetGroup, ...]
    crews: tuple[Crew, ...] = ()
    drivers: tuple[Driver, ...] = ()
    """Of trunk coaches; without any, as many as are needed are taken to be there."""
    destinations: tuple[Destination, ...]
    employers: tuple[Employer, ...] = ()
    corridors: tuple[Corridor, ...] = ()
    fares: tuple[Fare, ...] = ()
    departures: tuple[Departure, ...]
    consists: tuple[Carriage, ...] = ()
    allotments: tuple[Allotment, ...] = ()
    contracts: tuple[Contract, ...] = ()
    overrides: tuple[Override, ...] = ()
    locks: tuple[Lock, ...] = ()
    outreach: Outreach = field(default_factory=Outreach)
    markets: tuple[MarketRule, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    """The county's own; the official ones are added by ``planner/almanac.py``."""
    registrations: tuple[Registration, ...]
    messages: tuple[MessageText, ...] = ()
    """The office's own words; nothing is planned by them."""
    outline: tuple[Ring, ...] = ()
    scenario: str = ""
    """Its name where this is not the folder as it stands."""
    today: date | None = None
    """The day on which it is planned, of no file: locks that ended before are over; None: all hold."""

    def __post_init__(self) -> None:
        """Sort each collection by its natural key."""
        keys: dict[str, Callable[[Any], Any]] = {"roads": attrgetter(*Road.__slots__)}
        keys |= {"crews": attrgetter("vehicle_id")}
        keys |= {"corridors": attrgetter("origin_id", "destination_id")}
        keys |= {"fares": attrgetter("destination_id"), "employers": attrgetter("destination_id", "name")}
        keys |= {"consists": attrgetter("consist", "number")}
        keys |= {
            "allotments": attrgetter("departure_id", "carriage"),
            "contracts": attrgetter("departure_id"),
        }
        keys |= {"overrides": attrgetter("rule", "item", "until", "who", "why")}
        keys["locks"] = lambda lock: (lock.kind, lock.item, str(lock.day), lock.to, lock.until, lock.who)
        keys |= {"messages": attrgetter("kind")}
        keys |= {"markets": attrgetter(*MarketRule.__slots__)}
        keys |= {"holidays": attrgetter("first_day", *Holiday.__slots__)}
        by_id = ("places", "vehicle_types", "fleet", "drivers", "destinations", "departures", "registrations")
        keys |= dict.fromkeys(by_id, attrgetter("id"))
        for entry in fields(self):
            if entry.name in keys:
                rows = sorted(getattr(self, entry.name), key=keys[entry.name])
                object.__setattr__(self, entry.name, tuple(rows))

    def boarding_min(self, mode: Mode) -> int:
        """Minutes before departure at which people board; on the way home they are off when it arrives."""
        return 0 if self.mirrored else self.rules.boarding_min(mode)

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
