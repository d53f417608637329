"""The Plan: frozen output. Registration ids only; never a name, ID number, phone, path or clock time.

Times are integer seconds from the campaign's first midnight, lengths metres, money fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from planner.errors import Arg, Severity, Where
from planner.model.agenda import Agenda
from planner.model.events import EventStatus, ToldName
from planner.model.fleet import Departure, DepartureId, VehicleId
from planner.model.locks import HeldLock
from planner.model.people import RegistrationId
from planner.model.places import DestinationId, PlaceId
from planner.model.trunk import Captain, Handover, Proof, Seat, TrunkRun

PLAN_FORMAT: Final = 1


class EffortKind(StrEnum):
    """How the search was limited: by the clock (people) or by counted work (repeats exactly)."""

    SECONDS = "seconds"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How hard the plan was looked for, and with what."""

    router: str
    kind: EffortKind
    limit: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A call of a route at a place: when, how many board, metres driven since the stop before.

    On the way home ``board`` are those who alight, from ``arrive_s`` on, and the rest comes after them.
    ``rest_s`` is the driver's rest between arriving and opening the doors; boarding begins at
    :attr:`board_s`.
    ``gather``, ``lat``, ``lon`` are what people were told, kept so that a moved pick-up shows in a diff.
    """

    place_id: PlaceId
    arrive_s: int
    depart_s: int
    board: int
    leg_m: int
    rest_s: int = 0
    gather: str
    lat: float
    lon: float

    @property
    def board_s(self) -> int:
        """When boarding begins."""
        return self.arrive_s + self.rest_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One round of one vehicle: from ``start_place_id`` through ``stops`` to the departure's origin.

    ``run`` is the number people shout (7 号车), stable over versions. The last stop is the station
    (``board`` 0). ``start_s`` is when the vehicle leaves where it stands.

    A route ``home`` is such a round driven backwards: people have boarded at the station
    (``start_place_id``, left at ``start_s``), alight at each of ``stops``, and the last stop is where the
    vehicle goes on to: its depot, or the station again for the next round.
    """

    run: int
    vehicle_id: VehicleId
    round: int
    departure_id: DepartureId
    start_place_id: PlaceId
    start_s: int
    stops: tuple[Stop, ...]
    cost_fen: int
    home: bool = False

    @property
    def arrive_s(self) -> int:
        """When it reaches its end: on the way out the station."""
        return self.stops[-1].arrive_s

    @property
    def ride_s(self) -> int:
        """How long whoever is aboard longest rides; 0 where nobody is."""
        if self.home:
            last = next((stop for stop in reversed(self.stops) if stop.board), None)
            return 0 if last is None else last.arrive_s - self.start_s
        first = next((stop for stop in self.stops if stop.board), None)
        return 0 if first is None else self.arrive_s - first.depart_s

    @property
    def empty_m(self) -> int:
        """Metres without people: to the first village, or on the way home from the last one."""
        return self.stops[-1 if self.home else 0].leg_m

    @property
    def length_m(self) -> int:
        """Metres from the start place to the end."""
        return sum(stop.leg_m for stop in self.stops)

    @property
    def heads(self) -> int:
        """People it carries."""
        return sum(stop.board for stop in self.stops)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One party's ride: on a feeder run (``run``) or on a departure (``run`` is None).

    ``from_id``/``to_id`` are place ids, on a departure the ``to_id`` is a destination id. ``home``: the way
    back, on a departure from the destination to where it arrives, then with a run to the village.
    """

    registration_ids: tuple[RegistrationId, ...]
    departure_id: DepartureId
    run: int | None
    from_id: str
    to_id: str
    board_s: int
    alight_s: int
    home: bool = False


class Cause(StrEnum):
    """Why somebody could not be placed, most fundamental first."""

    NO_DEPARTURE = "no_departure"
    """No departure on the day calls at the destination."""
    RUN_UNLAWFUL = "run_unlawful"
    """A coach would go there, but no crew may drive it that far (``driving`` rules)."""
    NO_ROAD = "no_road"
    """No road joins the village to the station."""
    NO_VEHICLE_ALLOWED = "no_vehicle_allowed"
    """Roads lead there, but no vehicle of the fleet may use them."""
    PARTY_TOO_LARGE = "party_too_large"
    """The party is larger than any vehicle that may go there."""
    RIDE_TOO_LONG = "ride_too_long"
    """Even the direct ride is longer than the limit."""
    DRIVE_TOO_LONG = "drive_too_long"
    """From depot to village to station one driver would be at the wheel too long without a rest."""
    DEPARTURE_TOO_EARLY = "departure_too_early"
    """Would have to board before the earliest pick-up time."""
    VEHICLE_TOO_FAR = "vehicle_too_far"
    """No vehicle can be there in time (depot too far, or not back from the round before)."""
    NO_COACH = "no_coach"
    """Too few go there on those days for a coach, or all coaches are away."""
    QUOTA_FULL = "quota_full"
    """The departures' seats are taken."""
    FLEET_EXHAUSTED = "fleet_exhausted"
    """Every vehicle that could fetch them is full or in use."""
    CREW_SHORT = "crew_short"
    """Their coach has no driver with hours left."""


class FixKind(StrEnum):
    """What would help; the words and figures are in ``exports/words.py``."""

    ADD_DEPARTURE = "add_departure"
    MEND_ROAD = "mend_road"
    ADD_VEHICLE = "add_vehicle"
    GATHER_ELSEWHERE = "gather_elsewhere"
    SPLIT_PARTY = "split_party"
    RAISE_RIDE_LIMIT = "raise_ride_limit"
    LATER_DEPARTURE = "later_departure"
    MORE_SEATS = "more_seats"
    DETOUR = "detour"
    SECOND_DRIVER = "second_driver"
    MORE_DRIVERS = "more_drivers"
    ADD_DRIVERS = "add_drivers"
    PAY_FARES = "pay_fares"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """The smallest change that would place them, with its figures; ``cost_fen`` None when unknown."""

    kind: FixKind
    args: Mapping[str, Arg] = field(default_factory=dict[str, Arg])
    cost_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """A party that is left behind, why, with which figures, and what would help."""

    registration_ids: tuple[RegistrationId, ...]
    cause: Cause
    args: Mapping[str, Arg] = field(default_factory=dict[str, Arg])
    fix: Fix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subsidised:
    """A party for whom nothing is laid on: scheduled transport on a day, ticket and subsidy paid.

    ``why`` says what kept them from a coach or train of ours; None: too few for a coach, which costs more.
    """

    registration_ids: tuple[RegistrationId, ...]
    destination_id: DestinationId
    day: date
    fen: int
    why: Unserved | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A calendar event of a run, for life: ``sequence`` rises only by ``planner/diff.py``.

    ``start_s`` is when the first stop was told to gather, ``end_s`` the arrival. They stay here after a
    run is cancelled, so the feed can still show it struck out.
    """

    uid: str
    sequence: int
    status: EventStatus
    run: int
    start_s: int
    end_s: int
    place_id: PlaceId


class Relaxation(StrEnum):
    """What a bound is a bound of: every plan is also a solution of this easier problem."""

    TRIVIAL = "trivial"
    """Cheapest ways and seats by shares."""
    NG_ROUTES = "ng_routes"
    """Fractions of rounds, each lawful but for coming back to a stop after leaving its neighbourhood."""
    COMPLETE = "complete"
    """None: every lawful round was looked at and the choice proved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverTrouble:
    """A solver that broke while the plan was made; the others made it."""

    backend: str
    trouble: str
    """crashed, timed_out, out_of_memory or failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Frozen output: what ``check_plan`` judges and the exports draw."""

    format: int = PLAN_FORMAT
    version: int
    parent: str | None = None
    """Digest of the plan this one replaces."""
    campaign_id: str
    campaign_digest: str
    scenario: str = ""
    """Its name, where the plan is of one."""
    effort: Effort
    cost_fen: int
    bound_fen: int | None
    """No plan that brings the same people to the same departures, villages whole where one vehicle
    could hold them, costs less; None when nothing is proved."""
    bound_relaxation: Relaxation | None = None
    """The weakest behind the bound of any day."""
    bound_verified_fen: int | None = None
    """What was recomputed from dual values in exact integers, apart from the search; None: nothing."""
    troubles: tuple[SolverTrouble, ...] = ()
    departures: tuple[Departure, ...] = ()
    """Coaches that were planned, beside the campaign's own departures."""
    trunk_runs: tuple[TrunkRun, ...] = ()
    subsidised: tuple[Subsidised, ...] = ()
    trunk_cost_fen: int = 0
    """Coaches out and back, trains, tickets and subsidies; waiting and broken groups are not in it."""
    proofs: tuple[Proof, ...] = ()
    routes: tuple[Route, ...]
    legs: tuple[Leg, ...]
    unserved: tuple[Unserved, ...]
    events: tuple[Event, ...]
    handovers: tuple[Handover, ...] = ()
    seats: tuple[Seat, ...] = ()
    captains: tuple[Captain, ...] = ()
    names: tuple[ToldName, ...] = ()
    """Of what people were told, by kind and id: they outlive what is taken out of the folder. No person's."""
    agenda: Agenda | None = None
    """Fairs, visits and matches; None, and not in ``plan.json``, where the campaign has none."""
    locks: tuple[HeldLock, ...] = ()
    """What people fixed by hand, and whether it is so; not in ``plan.json`` where nobody fixed anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule that a plan breaks: the rule's name, its clause in law where it has one, where, figures."""

    rule: str
    clause: str = ""
    severity: Severity = Severity.ERROR
    where: Where = field(default_factory=Where)
    args: Mapping[str, Arg] = field(default_factory=dict[str, Arg])
