"""The case before the rules: a campaign and a plan, with every id looked up once.

Nothing here judges. What a plan names and the campaign does not know is None or simply absent, so
that each rule can pass over it and the one rule about that id speaks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, final

from planner.check.bench import Bench
from planner.check.haul import Haul
from planner.check.outing import Outing
from planner.check.showground import Showground
from planner.check.travel import Travel, Way
from planner.check.writing import write_clock
from planner.demand import Party, build_demand, find_workplaces
from planner.mirror import pivot_s, real_day
from planner.model.campaign import Direction
from planner.model.clock import CHINA
from planner.model.fleet import FleetGroupId, vehicle_id
from planner.model.places import PlaceId

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.model.campaign import Campaign, FeederRules
    from planner.model.fleet import Departure, DepartureId, FleetGroup, VehicleId, VehicleType
    from planner.model.law import DrivingRules
    from planner.model.people import Registration, RegistrationId
    from planner.model.places import Place
    from planner.model.plan import Leg, Plan, Route, Stop
    from planner.model.trunk import TrunkRun

_NUMBER_DIGITS = 9
_DAY_S = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """A route with what its ids stand for; None where the campaign does not know them.

    ``number`` is the vehicle's within its group, 0 when the id has no such form.
    """

    route: Route
    group: FleetGroup | None
    number: int
    kind: VehicleType | None
    departure: Departure | None

    @property
    def run(self) -> int:
        """The number people shout."""
        return self.route.run

    @property
    def villages(self) -> tuple[Stop, ...]:
        """The calls where people board: all but the last."""
        return self.route.stops[:-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """One drive of a route, from where it stood to ``stop``; ``left`` is the stop before, None at the start.

    ``way`` is the fastest the vehicle may drive there, None when nothing permitted leads there or an
    id is unknown.
    """

    from_id: PlaceId
    left: Stop | None
    left_s: int
    stop: Stop
    way: Way | None


@dataclass(slots=True)
class Fate:
    """What the plan says about one registration; a number for each time it is named."""

    feeders: list[Leg] = field(default_factory=list)
    departures: list[Leg] = field(default_factory=list)
    unserved: list[int] = field(default_factory=list)
    subsidised: list[int] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether it is taken exactly once, or once by scheduled transport, or left behind exactly once."""
        counts = (len(self.feeders), len(self.departures), len(self.subsidised), len(self.unserved))
        return counts in {(1, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)}

    @property
    def rides(self) -> bool:
        """Whether it is taken exactly once, to a departure and on it."""
        return self.is_clean and bool(self.feeders)


@final
class Case:
    """A campaign and a plan with the look-ups that rules share."""

    def __init__(self, campaign: Campaign, plan: Plan) -> None:
        """Look everything up once; no plan is refused here."""
        self.campaign = campaign
        self.plan = plan
        self.places: dict[PlaceId, Place] = {place.id: place for place in campaign.places}
        self.departures: dict[DepartureId, Departure] = {
            entry.id: entry for entry in (*plan.departures, *campaign.departures)
        }
        self.people: dict[RegistrationId, Registration] = {
            entry.id: entry for entry in campaign.registrations
        }
        self.parties: tuple[Party, ...] = build_demand(campaign)
        self.party_of: dict[RegistrationId, Party] = {
            person: party for party in self.parties for person in party.registration_ids
        }
        self.workplaces: dict[RegistrationId, str] = find_workplaces(campaign)
        self.travel = Travel(campaign)
        self._pivot_s = pivot_s(campaign)
        self._destinations: dict[str, str] = {entry.id: entry.name for entry in campaign.destinations}
        self._groups = {group.id: group for group in campaign.fleet}
        self._corridors = {(c.origin_id, c.destination_id): c.stretches for c in campaign.corridors}
        self._kinds = {kind.id: kind for kind in campaign.vehicle_types}
        self.hauls: tuple[Haul, ...] = tuple(self._to_haul(run) for run in plan.trunk_runs)
        self.rides: tuple[Ride, ...] = tuple(self._to_ride(route) for route in plan.routes)
        self.fates: dict[RegistrationId, Fate] = _collect_fates(plan)
        self.feeder_legs: tuple[tuple[int, Leg], ...] = tuple(
            (leg.run, leg) for leg in plan.legs if leg.run is not None
        )
        self.departure_legs: tuple[Leg, ...] = tuple(leg for leg in plan.legs if leg.run is None)
        self.run_counts: Counter[int] = Counter(route.run for route in plan.routes)
        self._ride_of_run = {ride.run: ride for ride in self.rides if self.run_counts[ride.run] == 1}

    @cached_property
    def bench(self) -> Bench:
        """People who look for work, and posts."""
        return Bench(self.campaign, self.plan)

    @cached_property
    def showground(self) -> Showground:
        """Fairs, venues, who looks for work where."""
        return Showground(self.campaign, self.plan, travel=self.travel)

    @cached_property
    def outing(self) -> Outing:
        """Squads, and villages that need visits."""
        return Outing(self.campaign, self.plan, travel=self.travel)

    @property
    def feeder(self) -> FeederRules:
        """Times and limits of the way to the gate."""
        return self.campaign.rules.feeder

    @property
    def driving(self) -> DrivingRules:
        """What the law says of driving."""
        return self.campaign.rules.driving

    @property
    def timed(self) -> Iterator[Ride]:
        """Rides that have a stop, so that arriving means something."""
        return (ride for ride in self.rides if ride.route.stops)

    def find_ride(self, run: int) -> Ride | None:
        """Find the ride of a run; None when there is none or the number is used twice."""
        return self._ride_of_run.get(run)

    def name_place(self, place_id: str) -> str:
        """Name a place for people; its id when the campaign does not know it."""
        place = self.places.get(PlaceId(place_id))
        return place_id if place is None else place.name

    def name_destination(self, destination_id: str) -> str:
        """Name a destination for people; its id when the campaign does not know it."""
        return self._destinations.get(destination_id, destination_id)

    def name_departure(self, departure_id: DepartureId) -> str:
        """Give the number of a departure as people know it; its id when nobody does."""
        departure = self.departures.get(departure_id)
        return departure_id if departure is None else departure.number

    def rounds(self) -> Iterator[tuple[VehicleId, tuple[Ride, ...]]]:
        """Group the timed rides by vehicle and day, in the order driven: each day begins at the depot."""
        for vehicle, rides in self.duties():
            for _, day in groupby(sorted(rides, key=self._day), key=self._day):
                yield vehicle, tuple(day)

    def same_day(self, before: Ride, after: Ride) -> bool:
        """Whether two rides serve departures of one day."""
        return self._day(before) == self._day(after)

    def _day(self, ride: Ride) -> int:
        # A route to an unknown departure belongs to the day in which it starts.
        if ride.departure is None:
            return ride.route.start_s // _DAY_S
        return (travel_day(ride.departure) - self.campaign.first_day).days

    def duties(self) -> Iterator[tuple[VehicleId, tuple[Ride, ...]]]:
        """Group the timed rides by vehicle over all days, each vehicle's in the order it drives them."""
        together: dict[VehicleId, list[Ride]] = defaultdict(list)
        for ride in self.timed:
            together[ride.route.vehicle_id].append(ride)
        for vehicle in sorted(together):
            rides = together[vehicle]
            yield (
                vehicle,
                tuple(sorted(rides, key=lambda ride: (ride.route.start_s, ride.route.round, ride.run))),
            )

    def arcs(self, ride: Ride) -> Iterator[Arc]:
        """List a route's drives in order, the first from where the vehicle stands."""
        from_id, left, left_s = ride.route.start_place_id, None, ride.route.start_s
        for stop in ride.route.stops:
            way = self.find_way(ride, start=from_id, end=stop.place_id)
            yield Arc(from_id=from_id, left=left, left_s=left_s, stop=stop, way=way)
            from_id, left, left_s = stop.place_id, stop, stop.depart_s

    def find_way(self, ride: Ride, *, start: PlaceId, end: PlaceId) -> Way | None:
        """Find the fastest way that the ride's vehicle may drive."""
        if ride.kind is None or start not in self.places or end not in self.places:
            return None
        return self.travel.find_way(start, end, classes=frozenset(ride.kind.road_classes))

    def types_that_reach(self, start: PlaceId, *, end: PlaceId) -> tuple[str, ...]:
        """Name the vehicle types of the campaign that may drive from ``start`` to ``end``."""
        return tuple(
            kind.name
            for kind in self.campaign.vehicle_types
            if self.travel.find_way(start, end, classes=frozenset(kind.road_classes)) is not None
        )

    def service_s(self, board: int) -> int:
        """Seconds a stop takes while so many board."""
        return self.feeder.stop_s + self.feeder.boarding_s_per_head * board

    def departs_s(self, departure: Departure) -> int:
        """Say when a departure leaves, in seconds from the first midnight."""
        return self.campaign.to_seconds(departure.departs)

    def clock(self, seconds: int) -> str:
        """Write a moment for people, the date before it when it is not on the first day."""
        at_s = self._pivot_s - seconds if self.campaign.mirrored else seconds
        return write_clock(self.campaign.first_day, at_s)

    def date(self, day: date) -> str:
        """Write a day for people: the one on their calendars."""
        return real_day(self.campaign, day).isoformat()

    def _to_haul(self, run: TrunkRun) -> Haul:
        group_id, number = _split_vehicle(run.vehicle_id)
        group = self._groups.get(group_id) if number else None
        departure = self.departures.get(run.departure_id)
        calls = () if departure is None else departure.calls
        far = 0 if self.campaign.direction is Direction.HOME else -1
        last = calls[far].destination_id if calls else None
        road = None if departure is None or last is None else (departure.origin_id, last)
        return Haul(
            run=run,
            departure=departure,
            group=group,
            number=number,
            kind=None if group is None else self._kinds.get(group.type_id),
            stretches=() if road is None else self._corridors.get(road, ()),
        )

    def _to_ride(self, route: Route) -> Ride:
        group_id, number = _split_vehicle(route.vehicle_id)
        group = self._groups.get(group_id) if number else None
        return Ride(
            route=route,
            group=group,
            number=number,
            kind=None if group is None else self._kinds.get(group.type_id),
            departure=self.departures.get(route.departure_id),
        )


def travel_day(departure: Departure) -> date:
    """Say on which day (in China) people leave with a departure."""
    return departure.departs.astimezone(CHINA).date()


def _split_vehicle(vehicle: VehicleId) -> tuple[FleetGroupId, int]:
    # Only the one written form counts, else v#1 and v#01 would be two names for one vehicle.
    group, _, digits = vehicle.rpartition("#")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _NUMBER_DIGITS):
        return FleetGroupId(group), 0
    number = int(digits)
    return FleetGroupId(group), number if vehicle_id(FleetGroupId(group), number) == vehicle else 0


def _collect_fates(plan: Plan) -> dict[RegistrationId, Fate]:
    fates: dict[RegistrationId, Fate] = defaultdict(Fate)
    for leg in plan.legs:
        for person in leg.registration_ids:
            fate = fates[person]
            (fate.departures if leg.run is None else fate.feeders).append(leg)
    for number, left in enumerate(plan.unserved):
        for person in left.registration_ids:
            fates[person].unserved.append(number)
    for number, paid in enumerate(plan.subsidised):
        for person in paid.registration_ids:
            fates[person].subsidised.append(number)
    return dict(fates)
