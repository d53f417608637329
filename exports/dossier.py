"""Campaign and plan joined by registration id, for one locale and one moment.

The stages saw ids only; here names and phones come back, for documents and nothing else. Every sheet
reads from the same dossier, so two sheets cannot disagree.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from exports.dates import say_phone
from exports.words import Value, text
from planner.diff import plan_digest
from planner.errors import ConflictError
from planner.intake.planfile import plan_to_json
from planner.model.campaign import Direction
from planner.model.fleet import Crew, Mode, split_vehicle_id
from planner.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from planner.itinerary import Step
    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure, DepartureId, FleetGroup, VehicleId, VehicleType
    from planner.model.people import Registration, RegistrationId
    from planner.model.places import Destination, Place
    from planner.model.plan import Leg, Plan, Route, Stop
    from planner.model.trunk import Seat, TrunkRun

Party = tuple["Registration", ...]
_DIGEST_SHOWN: Final = 8
_LAST_S: Final = 10**9
"""Who comes to the station on their own stands behind those who are brought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody who answers a phone; both empty when nobody is named."""

    name: str = ""
    phone: str = ""

    @property
    def line(self) -> str:
        """Name and number on one line, empty when there is nobody."""
        return f"{self.name} {say_phone(self.phone)}".strip()


class Dossier:
    """What all sheets read: the plan's ids resolved to places, people, vehicles, departures."""

    def __init__(self, campaign: Campaign, plan: Plan, *, locale: str, now: datetime) -> None:
        self.campaign = campaign
        self.plan = plan
        self.locale = locale
        self.now = now
        self.places: dict[str, Place] = {place.id: place for place in campaign.places}
        self.departures: dict[DepartureId, Departure] = {
            each.id: each for each in (*campaign.departures, *plan.departures)
        }
        self.trunk_runs: dict[DepartureId, TrunkRun] = {run.departure_id: run for run in plan.trunk_runs}
        self._destinations: dict[str, Destination] = {each.id: each for each in campaign.destinations}
        self._people = {person.id: person for person in campaign.registrations}
        self._groups: dict[str, FleetGroup] = {group.id: group for group in campaign.fleet}
        self._types: dict[str, VehicleType] = {kind.id: kind for kind in campaign.vehicle_types}
        self._crews = {crew.vehicle_id: crew for crew in campaign.crews}

    def word(self, key: str, **args: Value) -> str:
        """Give words in the dossier's locale."""
        return text(key, locale=self.locale, **args)

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """All runs by number."""
        return tuple(sorted(self.plan.routes, key=lambda route: route.run))

    @cached_property
    def ridden(self) -> tuple[Departure, ...]:
        """All departures somebody of ours rides, in the order they leave."""
        ridden = (each for each in self.departures.values() if self.riders(each.id))
        return tuple(sorted(ridden, key=_leaving_order))

    @cached_property
    def network(self) -> Network:
        """The roads, for what lies along the way."""
        return Network(self.campaign)

    @cached_property
    def plan_code(self) -> str:
        """Tell this plan from every other one of the same version: the head of the digest a child names."""
        digest = plan_digest(self.plan, plan_to_json(self.plan))
        return digest.rpartition("-")[2][:_DIGEST_SHOWN]

    def destination_name(self, destination_id: str) -> str:
        """Name where people get off."""
        found = self._destinations.get(destination_id)
        return found.name if found else destination_id

    def person(self, registration: RegistrationId) -> Registration:
        """Give who a registration is; ConflictError when the roster does not have it."""
        self._require((registration,))
        return self._people[registration]

    def crew(self, vehicle: VehicleId) -> Crew:
        """Give who drives; all blank, to be written in, when nobody is named yet."""
        return self._crews.get(vehicle) or Crew(vehicle_id=vehicle)

    def group(self, vehicle: VehicleId) -> FleetGroup:
        """Give the fleet group of a vehicle."""
        return self._groups[split_vehicle_id(vehicle)[0]]

    def vehicle_type(self, vehicle: VehicleId) -> VehicleType:
        """Give the type of a vehicle."""
        return self._types[self.group(vehicle).type_id]

    def seats(self, route: Route) -> int:
        """Count the passengers the vehicle may take under the load cap."""
        return self.vehicle_type(route.vehicle_id).seats_at(self.campaign.rules.feeder.load_percent)

    def rounds(self, route: Route) -> tuple[Route, ...]:
        """Give every round of the route's vehicle on the day of its departure, in order."""
        return self._rounds[self._day_of(route)]

    def round_before(self, route: Route) -> Route | None:
        """Give what the vehicle did before this run, if anything."""
        return next((each for each in reversed(self.rounds(route)) if each.start_s < route.start_s), None)

    def round_after(self, route: Route) -> Route | None:
        """Give what the vehicle does after this run, if anything."""
        return next((each for each in self.rounds(route) if each.start_s > route.start_s), None)

    def latest_s(self, departure: Departure) -> int:
        """Give the latest time a feeder may reach where a departure begins."""
        _, latest_min = self.campaign.rules.arrival_min(departure.mode)
        return self.campaign.to_seconds(departure.departs) - latest_min * 60

    def fed(self, route: Route) -> tuple[Departure, ...]:
        """Give the departures that the people of a run catch, in the order they leave.

        Coaches that leave one place at one time are fed by the same runs; ``Route.departure_id`` is one of
        them.
        """
        people = (person for stop in route.stops for party in self.boarding(route, stop) for person in party)
        found = {self.departure_of[person.id] for person in people if person.id in self.departure_of}
        caught = [self.departures[each] for each in found or {route.departure_id}]
        return tuple(sorted(caught, key=_leaving_order))

    def seat_of(self, person: Registration) -> Seat | None:
        """Give where a person sits on their departure; None where nobody knows the seats."""
        return self._seat_of.get((person.id, self.departure_of.get(person.id, "")))

    def leads(self, person: Registration) -> bool:
        """Say whether somebody is a captain: registered as one, or named by the plan."""
        return person.captain or person.id in self._named_captains

    def leave_by_s(self, departure: Departure) -> int:
        """Give the latest time a run home may leave the station, counted from the departure's arrival."""
        early_min, _ = self.campaign.rules.arrival_min(departure.mode)
        return self.in_s(departure) + early_min * 60

    def in_s(self, departure: Departure) -> int:
        """Give when a departure brings people home to the county: a coach of a round trip on its way back."""
        for run in self.plan.trunk_runs:
            if run.departure_id == departure.id and run.back:
                return run.back[-1].end_s
        return self.campaign.to_seconds(departure.departs)

    def ride_s(self, route: Route) -> int:
        """Give how long whoever is aboard longest rides."""
        return route.ride_s

    def boarding(self, route: Route, stop: Stop) -> tuple[Party, ...]:
        """Give the parties that board at a stop, in the order they are called.

        Captain's party first, then the larger (ticked in one go), then as they registered; in a party
        children last, next to whoever answers for them.
        """
        parties = self._boarding.get((route.run, stop.place_id), ())
        return tuple(sorted(parties, key=self._calling_order))

    def captain(self, route: Route) -> Contact:
        """Give who leads on board: the first captain among the passengers, else the escort, else nobody."""
        for stop in route.stops:
            for party in self.boarding(route, stop):
                for person in party:
                    if self.leads(person):
                        return Contact(name=person.name, phone=person.phone)
        crew = self.crew(route.vehicle_id)
        return Contact(name=crew.escort_name, phone=crew.escort_phone)

    def riders(self, departure_id: DepartureId) -> tuple[tuple[str, Registration], ...]:
        """Give the people of a departure with the destination each rides to."""
        return self._riders.get(departure_id, ())

    def leader(self, step: Step) -> Contact:
        """Give who leads a ride: the captain of the carriage or coach, else of the run, else nobody."""
        if step.captain is not None:
            person = self.person(step.captain)
            return Contact(name=person.name, phone=person.phone)
        route = next((route for route in self.routes if route.run == step.run), None)
        return Contact() if route is None else self.captain(route)

    def destinations_of(self, route: Route) -> frozenset[str]:
        """Give where the people of a run get off."""
        people = (person for stop in route.stops for party in self.boarding(route, stop) for person in party)
        return frozenset(self._ride[person.id] for person in people if person.id in self._ride)

    def destination_of(self, person: Registration) -> str:
        """Name where a person gets off; empty when no departure takes them."""
        ride = self._ride.get(person.id)
        return self.destination_name(ride) if ride else ""

    def run_of(self, person: Registration) -> int | None:
        """Give the run that collects a person; None when they come on their own."""
        return self._run_of.get(person.id)

    def arrival_order(self, person: Registration) -> tuple[int, int, int]:
        """Rank people as they come to the station: by arrival, run, then as the manifest calls them.

        Going home, as they leave it.
        """
        return self._line.get(person.id, (_LAST_S, 0, 0))

    def seats_left(self, departure: Departure) -> int:
        """Count the quota nobody of ours rides on."""
        return departure.quota - len(self.riders(departure.id))

    @cached_property
    def departure_of(self) -> dict[str, DepartureId]:
        """The departure that each person rides, by registration id."""
        return {
            person: leg.departure_id
            for leg in self.plan.legs
            if leg.run is None
            for person in leg.registration_ids
        }

    @cached_property
    def coaches(self) -> tuple[Departure, ...]:
        """Coaches to the cities that somebody of ours rides."""
        return tuple(each for each in self.ridden if each.mode is Mode.COACH)

    @cached_property
    def trains(self) -> tuple[Departure, ...]:
        """Trains that somebody of ours rides."""
        return tuple(each for each in self.ridden if each.mode is Mode.TRAIN)

    def party_of(self, person: Registration) -> Party:
        """Give whom a person rides a departure with, themselves among them."""
        return self._party_of[person.id]

    @cached_property
    def _party_of(self) -> dict[str, Party]:
        """By the feeder's legs where there are any: a party may part at two alighting stops."""
        parties = [self._party(leg) for leg in sorted(self.plan.legs, key=lambda leg: leg.run is not None)]
        return {person.id: party for party in parties for person in party}

    @cached_property
    def _seat_of(self) -> dict[tuple[str, str], Seat]:
        return {(seat.registration_id, seat.departure_id): seat for seat in self.plan.seats}

    @cached_property
    def _named_captains(self) -> frozenset[str]:
        return frozenset(captain.registration_id for captain in self.plan.captains)

    @cached_property
    def _rounds(self) -> dict[tuple[str, date], tuple[Route, ...]]:
        rounds: dict[tuple[str, date], list[Route]] = defaultdict(list)
        for route in sorted(self.plan.routes, key=lambda route: (route.start_s, route.run)):
            rounds[self._day_of(route)].append(route)
        return {day: tuple(routes) for day, routes in rounds.items()}

    def _day_of(self, route: Route) -> tuple[str, date]:
        return route.vehicle_id, self.departures[route.departure_id].day

    @cached_property
    def _line(self) -> dict[str, tuple[int, int, int]]:
        line: dict[str, tuple[int, int, int]] = {}
        for route in (route for route in self.plan.routes if route.home == self._only_home):
            at_s = route.start_s if route.home else route.arrive_s
            parties = (party for stop in route.stops for party in self.boarding(route, stop))
            people = (person for party in parties for person in party)
            line |= {person.id: (at_s, route.run, rank) for rank, person in enumerate(people)}
        return line

    @cached_property
    def _boarding(self) -> dict[tuple[int, str], list[Party]]:
        boarding: dict[tuple[int, str], list[Party]] = defaultdict(list)
        for leg in self.plan.legs:
            if leg.run is not None:
                boarding[leg.run, leg.to_id if leg.home else leg.from_id].append(self._party(leg))
        return boarding

    @cached_property
    def _run_of(self) -> dict[str, int]:
        return {
            person: leg.run
            for leg in self.plan.legs
            if leg.run is not None and leg.home == self._only_home
            for person in leg.registration_ids
        }

    @cached_property
    def _ride(self) -> dict[str, str]:
        return {
            person: leg.from_id if leg.home else leg.to_id
            for leg in self.plan.legs
            if leg.run is None
            for person in leg.registration_ids
        }

    @cached_property
    def _riders(self) -> dict[DepartureId, tuple[tuple[str, Registration], ...]]:
        riders: dict[DepartureId, list[tuple[str, Registration]]] = defaultdict(list)
        for leg in self.plan.legs:
            if leg.run is None and leg.home == self._only_home:
                city = leg.from_id if leg.home else leg.to_id
                riders[leg.departure_id] += [(city, person) for person in self._party(leg)]
        return {departure: tuple(people) for departure, people in riders.items()}

    @property
    def _only_home(self) -> bool:
        """Whether lists are of the way home; of a round trip they are of the way out."""
        return self.campaign.direction is Direction.HOME

    def _party(self, leg: Leg) -> Party:
        return self.people(leg.registration_ids)

    def people(self, registration_ids: Iterable[RegistrationId]) -> Party:
        """Give people of the roster as a party is called; ConflictError names who is not on it."""
        wanted = tuple(registration_ids)
        self._require(wanted)
        people = [self._people[person] for person in wanted]
        return tuple(sorted(people, key=lambda person: (person.child, not self.leads(person), person.id)))

    def _require(self, registrations: tuple[RegistrationId, ...]) -> None:
        unknown = [person for person in registrations if person not in self._people]
        if unknown:
            raise ConflictError(
                f"the plan names registrations the roster does not have: {', '.join(unknown)}"
            )

    def _calling_order(self, party: Party) -> tuple[bool, int, str]:
        return not any(self.leads(person) for person in party), -len(party), party[0].id


def _leaving_order(departure: Departure) -> tuple[datetime, str, int, str, str]:
    """By time, then as people count: 东莞2 before 东莞10."""
    number = departure.number
    return departure.departs, number.rstrip("0123456789"), len(number), number, departure.id
