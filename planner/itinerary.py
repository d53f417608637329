"""One person's way as a chain of steps from home to the dormitory's door, or home, read out of a plan.

Ids, places and the contacts of places only; whose name stands behind an id the exports join.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from planner.demand import build_demand
from planner.errors import NotFoundError
from planner.model.campaign import Campaign
from planner.model.fleet import Departure, DepartureId, VehicleId
from planner.model.people import RegistrationId
from planner.model.places import Employer, Place
from planner.model.plan import Leg, Plan, Subsidised
from planner.model.trunk import Handover
from planner.told import gather_time_s, start_time_s


class StepKind(StrEnum):
    """What a person does, in the order of the way out; the way home has the departure before the feeder."""

    GATHER = "gather"
    RIDE = "ride"
    """Boards the feeder run."""
    ARRIVE = "arrive"
    """Is where the departure begins, or back in the village."""
    BOARD = "board"
    """The gate of the train, or the door of the coach, opens."""
    ALIGHT = "alight"
    SHUTTLE = "shuttle"
    """Leaves with a round of the employer's shuttle, or on their own where nobody fetches them."""
    GATE = "gate"
    DORMITORY = "dormitory"
    SCHEDULED = "scheduled"
    """Goes by scheduled transport on that day; no time of day is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A moment of the way, in seconds from the first midnight, and where that is in words.

    ``spot`` is the exact place (the old tree, the gate, the dormitory). ``signs``: somebody hands the person
    over here and somebody else takes them on, so there is a place for both signatures. Contacts are those of
    places, vehicles and employers; who leads is ``captain``, an id. ``home``: on the way home.
    """

    kind: StepKind
    at_s: int
    place: str
    spot: str = ""
    run: int | None = None
    vehicle_id: VehicleId | None = None
    departure_id: DepartureId | None = None
    leaves_s: int = 0
    """Of a departure that is boarded: when it leaves, after its gate or door has opened."""
    carriage: int = 0
    seat: str = ""
    captain: RegistrationId | None = None
    shuttle: int = 0
    employer: str = ""
    fen: int = 0
    """Ticket and subsidy of scheduled transport, a head."""
    contact_name: str = ""
    contact_phone: str = ""
    signs: bool = False
    home: bool = False


def build_itinerary(  # noqa: PLR0917  # a plan is read beside its campaign
    campaign: Campaign, plan: Plan, registration_id: RegistrationId
) -> tuple[Step, ...]:
    """Build a person's chain; empty for whom the plan leaves behind.

    NotFoundError for somebody the register does not have.
    """
    return Itineraries(campaign, plan).build(registration_id)


class Itineraries:
    """The chains of one plan: everything is looked up once, for whoever needs more than one."""

    def __init__(self, campaign: Campaign, plan: Plan) -> None:
        self.campaign = campaign
        self.plan = plan
        self._people = {person.id for person in campaign.registrations}
        self._places: dict[str, Place] = {place.id: place for place in campaign.places}
        self._destinations: dict[str, str] = {entry.id: entry.name for entry in campaign.destinations}
        self._departures: dict[DepartureId, Departure] = {
            entry.id: entry for entry in (*plan.departures, *campaign.departures)
        }
        self._employers = {(entry.destination_id, entry.name): entry for entry in campaign.employers}
        self._crews = {crew.vehicle_id: crew for crew in campaign.crews}
        self._routes = {route.run: route for route in plan.routes}
        rides = [(person, leg) for leg in plan.legs for person in leg.registration_ids]
        self._feeders = {(person, leg.home): leg for person, leg in rides if leg.run is not None}
        self._onward = {(person, leg.home): leg for person, leg in rides if leg.run is None}
        self._handovers = {person: entry for entry in plan.handovers for person in entry.registration_ids}
        self._subsidised = {person: entry for entry in plan.subsidised for person in entry.registration_ids}
        self._seats = {(seat.registration_id, seat.departure_id): seat for seat in plan.seats}
        self._employer_of = {
            person: party.employer for party in build_demand(campaign) for person in party.registration_ids
        }

    def build(self, registration_id: RegistrationId) -> tuple[Step, ...]:
        """Build a person's chain; empty for whom the plan leaves behind."""
        if registration_id not in self._people:
            raise NotFoundError("registration", registration_id)
        steps: list[Step] = []
        out, home = (registration_id, False), (registration_id, True)
        if out in self._feeders:
            steps += self._to_the_gate(self._feeders[out])
        if out in self._onward:
            steps += self._on_the_departure(self._onward[out], registration_id)
        if registration_id in self._handovers:
            steps += self._to_the_door(self._handovers[registration_id])
        if registration_id in self._subsidised:
            steps.append(self._scheduled(self._subsidised[registration_id]))
        if home in self._onward:
            steps += self._on_the_departure(self._onward[home], registration_id)
        if home in self._feeders:
            steps += self._to_the_village(self._feeders[home])
        return tuple(steps)

    def _to_the_gate(self, leg: Leg) -> Iterator[Step]:
        route = self._routes.get(leg.run or 0)
        stop = next((s for s in route.stops if s.place_id == leg.from_id), None) if route else None
        village, gate = self._places.get(leg.from_id), self._places.get(leg.to_id)
        if stop is not None:
            yield Step(
                kind=StepKind.GATHER,
                at_s=gather_time_s(self.campaign, stop),
                place=village.name if village else leg.from_id,
                spot=stop.gather,
                contact_name=village.contact_name if village else "",
                contact_phone=village.contact_phone if village else "",
            )
        yield self._ride(leg)
        yield Step(
            kind=StepKind.ARRIVE,
            at_s=leg.alight_s,
            place=gate.name if gate else leg.to_id,
            spot=gate.gather if gate else "",
            contact_name=gate.contact_name if gate else "",
            contact_phone=gate.contact_phone if gate else "",
        )

    def _ride(self, leg: Leg) -> Step:
        route, place = self._routes.get(leg.run or 0), self._places.get(leg.from_id)
        crew = self._crews.get(route.vehicle_id) if route else None
        return Step(
            kind=StepKind.RIDE,
            at_s=leg.board_s,
            place=place.name if place else leg.from_id,
            run=leg.run,
            vehicle_id=route.vehicle_id if route else None,
            contact_name=(crew.escort_name or crew.driver_name) if crew else "",
            contact_phone=(crew.escort_phone or crew.driver_phone) if crew else "",
            signs=True,
            home=leg.home,
        )

    def _to_the_village(self, leg: Leg) -> Iterator[Step]:
        """From the station to where the family waits; the vehicle is there before everybody is off."""
        route = self._routes.get(leg.run or 0)
        stop = next((s for s in route.stops if s.place_id == leg.to_id), None) if route else None
        station, village = self._places.get(leg.from_id), self._places.get(leg.to_id)
        if route is not None:
            yield Step(
                kind=StepKind.GATHER,
                at_s=start_time_s(self.campaign, route),
                place=station.name if station else leg.from_id,
                spot=station.gather if station else "",
                contact_name=station.contact_name if station else "",
                contact_phone=station.contact_phone if station else "",
                home=True,
            )
        yield self._ride(leg)
        yield Step(
            kind=StepKind.ARRIVE,
            at_s=stop.arrive_s if stop else leg.alight_s,
            place=village.name if village else leg.to_id,
            spot=stop.gather if stop else "",
            contact_name=village.contact_name if village else "",
            contact_phone=village.contact_phone if village else "",
            home=True,
        )

    def _opens_s(self, leg: Leg) -> int:
        """When the gate or the door opens: a leg home begins when the departure leaves."""
        departure = self._departures.get(leg.departure_id)
        if departure is None or not leg.home:
            return leg.board_s
        return leg.board_s - self.campaign.rules.boarding_min(departure.mode) * 60

    def _leaves_s(self, leg: Leg) -> int:
        departure = self._departures.get(leg.departure_id)
        if departure is None or leg.home:
            return leg.board_s
        return self.campaign.to_seconds(departure.departs)

    def _name(self, place_id: str) -> str:
        """A place of the county, or a city."""
        place = self._places.get(place_id)
        return place.name if place else self._destinations.get(place_id, place_id)

    def _on_the_departure(self, leg: Leg, person: RegistrationId) -> Iterator[Step]:
        origin, goal = self._places.get(leg.from_id), self._places.get(leg.to_id)
        seat = self._seats.get((person, leg.departure_id))
        carriage = seat.carriage if seat else 0
        yield Step(
            kind=StepKind.BOARD,
            at_s=self._opens_s(leg),
            place=self._name(leg.from_id),
            departure_id=leg.departure_id,
            leaves_s=self._leaves_s(leg),
            carriage=carriage,
            seat=seat.label if seat else "",
            captain=self._captain(leg.departure_id, carriage, employer=self._employer_of.get(person, "")),
            contact_name=origin.contact_name if origin else "",
            contact_phone=origin.contact_phone if origin else "",
            signs=True,
            home=leg.home,
        )
        yield Step(
            kind=StepKind.ALIGHT,
            at_s=leg.alight_s,
            place=self._name(leg.to_id),
            spot=goal.gather if goal else "",
            departure_id=leg.departure_id,
            home=leg.home,
        )

    def _captain(self, departure_id: DepartureId, carriage: int, *, employer: str) -> RegistrationId | None:
        """Who leads those of the employer in the carriage; else the carriage."""
        here = [
            entry
            for entry in self.plan.captains
            if entry.departure_id == departure_id and entry.carriage == carriage
        ]
        own = [entry for entry in here if entry.employer and entry.employer == employer]
        leading = own or [entry for entry in here if not entry.employer]
        return leading[0].registration_id if leading else None

    def _to_the_door(self, handover: Handover) -> Iterator[Step]:
        employer = self._employers.get((handover.destination_id, handover.employer))
        if employer is None:
            employer = Employer(destination_id=handover.destination_id, name=handover.employer)
        name, phone = employer.contact_name, employer.contact_phone
        if handover.gate_s > handover.leave_s or handover.shuttle:
            yield Step(
                kind=StepKind.SHUTTLE,
                at_s=handover.leave_s,
                place=self._destinations.get(handover.destination_id, handover.destination_id),
                departure_id=handover.departure_id,
                shuttle=handover.shuttle,
                employer=employer.name,
                contact_name=name,
                contact_phone=phone,
                signs=handover.shuttle > 0,
            )
        yield Step(
            kind=StepKind.GATE,
            at_s=handover.gate_s,
            place=employer.name,
            spot=employer.gate,
            employer=employer.name,
            contact_name=name,
            contact_phone=phone,
            signs=handover.shuttle == 0,
        )
        yield Step(
            kind=StepKind.DORMITORY,
            at_s=handover.door_s,
            place=employer.name,
            spot=employer.dormitory,
            employer=employer.name,
        )

    def _scheduled(self, paid: Subsidised) -> Step:
        days = (paid.day - self.campaign.first_day).days
        return Step(
            kind=StepKind.SCHEDULED,
            at_s=days * 24 * 3600,
            place=self._destinations.get(paid.destination_id, paid.destination_id),
            fen=paid.fen // len(paid.registration_ids) if paid.registration_ids else 0,
        )
