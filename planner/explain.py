"""Why somebody is left behind, with figures, and the smallest change that would help.

No solver is asked: each party is judged alone against the roads, the fleet and the departure, from the
most fundamental obstacle to the least. Only when alone it could travel is the answer "the others took
the seats", with what one more vehicle or a longer ride would cost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from planner.check import clause_of
from planner.demand import Party
from planner.errors import Arg
from planner.hours import DAY_S, REST_S, UNBROKEN_S
from planner.model.campaign import Campaign
from planner.model.clock import CHINA
from planner.model.fleet import Departure, FleetGroup, FleetGroupId, Service, VehicleType
from planner.model.places import DestinationId, Place, PlaceId, PlaceKind
from planner.model.plan import Cause, Fix, FixKind, Unserved
from planner.network import Network
from planner.refusal import NEVER, Refused

_Args = Mapping[str, Arg]

_SEVERITY = {cause: rank for rank, cause in enumerate(Cause)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One vehicle type's direct ride from a village to the station, from one of its depots."""

    kind: VehicleType
    seats: int
    ride_s: int
    approach_s: int
    cost_fen: int


class Explainer:
    """Answers for one campaign; holds the look-ups that every question needs."""

    def __init__(self, campaign: Campaign, network: Network) -> None:
        self._campaign = campaign
        self._network = network
        self._places = {place.id: place for place in campaign.places}
        self._types = {kind.id: kind for kind in campaign.vehicle_types}
        self._rules = campaign.rules.feeder
        self._calling_at: dict[DestinationId, list[Departure]] = defaultdict(list)
        for departure in campaign.departures:
            for call in departure.calls:
                self._calling_at[call.destination_id].append(departure)
        self._free: set[tuple[object, ...]] = set()
        """Village, heads, origin, hour and mode between which nothing stands in the way."""
        self._fleet = [group for group in campaign.fleet if group.service is Service.FEEDER]

    def departures_open_to(self, party: Party) -> tuple[Departure, ...]:
        """Departures of days that will do, calling at every destination of the party, in id order.

        A coach to one employer's gate is open to that employer's people only.
        """
        wanted = {destination for destination, _ in party.rides}
        return tuple(
            departure
            for departure in self._calling_at[min(wanted)]
            if party.travel_date <= departure.day <= party.latest_date
            and departure.employer in {"", party.employer}
            and wanted <= {call.destination_id for call in departure.calls}
        )

    def explain_alone(self, party: Party) -> tuple[tuple[Departure, ...], Unserved | None]:
        """Departures that the party could reach if it were alone; if none, why, at the least bad one."""
        possible: list[Departure] = []
        obstacles: list[Unserved] = []
        for departure in self.departures_open_to(party):
            obstacle = self._find_obstacle(party, departure)
            if obstacle is None:
                possible.append(departure)
            else:
                obstacles.append(obstacle)
        if possible:
            return tuple(possible), None
        if obstacles:
            return (), max(obstacles, key=lambda found: _SEVERITY[found.cause])
        date = party.travel_date.isoformat()
        names = {entry.id: entry.name for entry in self._campaign.destinations}
        wanted = "、".join(names.get(destination, destination) for destination, _ in party.rides)
        args = {"date": date, "destination": wanted, "heads": party.size}
        fix = Fix(kind=FixKind.ADD_DEPARTURE, args=args)
        return (), _unserved(party, Cause.NO_DEPARTURE, args=args, fix=fix)

    def reaches(self, party: Party, departure: Departure) -> bool:
        """Whether some vehicle could bring the party in time if it were alone."""
        return self._find_obstacle(party, departure) is None

    def _find_obstacle(self, party: Party, departure: Departure) -> Unserved | None:
        alike = (party.village_id, party.size, departure.origin_id, departure.departs.time(), departure.mode)
        if alike in self._free:
            return None
        obstacle = self._obstacle(party, departure)
        if obstacle is None:
            self._free.add(alike)
        return obstacle

    def explain_refusal(self, party: Party, refused: Refused) -> Unserved:
        """A coach would go there, but the law lets no crew of ours drive it: rule, figures, fix."""
        names = {entry.id: entry.name for entry in self._campaign.destinations}
        refusal, latest = refused.refusal, refused.latest_start_s
        args: _Args = {
            **refusal.args,
            "destination": names[refused.corridor.destination_id],
            "heads": party.size,
            "rule": refusal.limit.value,
            "clause": clause_of(refusal.limit) or refusal.limit.value,
            "latest": NEVER if latest is None else _clock(latest),
        }
        if refusal.drivers_needed:
            fix = Fix(kind=FixKind.MORE_DRIVERS, args={"count": refusal.drivers_needed})
        else:
            fix = Fix(kind=FixKind.ADD_DEPARTURE, args={**args, "date": party.travel_date.isoformat()})
        return _unserved(party, Cause.RUN_UNLAWFUL, args=args, fix=fix)

    def explain_crew(self, party: Party, departure: Departure) -> Unserved:
        """Their coach has nobody who may drive it."""
        args: _Args = {"departure": departure.number, "heads": party.size, "date": departure.day.isoformat()}
        fix = Fix(kind=FixKind.ADD_DRIVERS, args=args)
        return _unserved(party, Cause.CREW_SHORT, args=args, fix=fix)

    def explain_quota(self, party: Party, departures: Sequence[Departure]) -> Unserved:
        """Every departure that the party could reach is full."""
        numbers = "、".join(dict.fromkeys(departure.number for departure in departures))
        args: _Args = {"departures": numbers, "heads": party.size}
        return _unserved(party, Cause.QUOTA_FULL, args=args, fix=Fix(kind=FixKind.MORE_SEATS, args=args))

    def explain_no_coach(self, party: Party) -> Unserved:
        """No coach is laid on for them, and there is no scheduled transport that the county pays for."""
        names = {entry.id: entry.name for entry in self._campaign.destinations}
        wanted = "、".join(names.get(destination, destination) for destination, _ in party.rides)
        args: _Args = {
            "destination": wanted,
            "heads": party.size,
            "date": party.travel_date.isoformat(),
            "least": self._campaign.rules.trunk.least_heads,
        }
        return _unserved(party, Cause.NO_COACH, args=args, fix=Fix(kind=FixKind.PAY_FARES, args=args))

    def explain_fleet(self, party: Party, departure: Departure, *, overrun_s: int | None) -> Unserved:
        """No vehicle had room or time; ``overrun_s`` = least excess over the ride limit by a detour."""
        village = self._places[party.village_id]
        args: _Args = {"place": village.name, "heads": party.size, "departure": departure.number}
        ways = self._ways(party.village_id, departure, fleet=self._fleet)
        ways = [
            way
            for way in ways
            if way.seats >= party.size
            and way.ride_s <= self._rules.ride_limit_min * 60
            and _excess_s(way)[0] <= 0
        ]
        if overrun_s is not None:
            minutes = -(-overrun_s // 60)
            fix = Fix(kind=FixKind.DETOUR, args={"minutes": minutes, "limit_min": self._rules.ride_limit_min})
        else:
            best = min(ways, key=lambda way: (way.cost_fen, way.kind.id))
            fix = Fix(
                kind=FixKind.ADD_VEHICLE, args={"type": best.kind.name, "count": 1}, cost_fen=best.cost_fen
            )
        return _unserved(party, Cause.FLEET_EXHAUSTED, args=args, fix=fix)

    def _obstacle(self, party: Party, departure: Departure) -> Unserved | None:
        village, station = self._places[party.village_id], self._places[departure.origin_id]
        args: _Args = {"place": village.name, "station": station.name, "heads": party.size}
        if not self._network.is_joined(village.id, station.id):
            nearest = self._nearest_joined(village, station)
            fix = Fix(kind=FixKind.GATHER_ELSEWHERE, args={"place": nearest.name}) if nearest else None
            return _unserved(
                party, Cause.NO_ROAD, args=args, fix=fix or Fix(kind=FixKind.MEND_ROAD, args=args)
            )
        ways = self._ways(village.id, departure, fleet=self._fleet)
        if not ways:
            return _unserved(
                party, Cause.NO_VEHICLE_ALLOWED, args=args, fix=self._other_vehicle(party, departure)
            )
        seats = max(way.seats for way in ways)
        if party.size > seats:
            fix = self._other_vehicle(
                party, departure, fallback=Fix(kind=FixKind.SPLIT_PARTY, args={"seats": seats})
            )
            return _unserved(party, Cause.PARTY_TOO_LARGE, args={**args, "seats": seats}, fix=fix)
        ways = [way for way in ways if way.seats >= party.size]
        short = [way for way in ways if way.ride_s <= self._rules.ride_limit_min * 60]
        fresh = [way for way in short if _excess_s(way)[0] <= 0]
        return (
            self._too_long(party, ways, args=args)
            or self._too_tiring(party, short, args=args)
            or self._too_late(party, departure, ways=fresh, args=args)
        )

    def _too_long(self, party: Party, ways: Sequence[_Way], *, args: _Args) -> Unserved | None:
        limit_s = self._rules.ride_limit_min * 60
        ride_s = min(way.ride_s for way in ways)
        if ride_s <= limit_s:
            return None
        figures = {**args, "ride_min": -(-ride_s // 60), "limit_min": self._rules.ride_limit_min}
        raised = {"minutes": -(-(ride_s - limit_s) // 60), "limit_min": self._rules.ride_limit_min}
        return _unserved(
            party, Cause.RIDE_TOO_LONG, args=figures, fix=Fix(kind=FixKind.RAISE_RIDE_LIMIT, args=raised)
        )

    def _too_tiring(self, party: Party, ways: Sequence[_Way], *, args: _Args) -> Unserved | None:
        """One driver at the wheel too long: 4 h to the village without a rest, or 8 h there and back."""
        best = min(ways, key=lambda way: _excess_s(way)[0])
        excess_s, limit_s = _excess_s(best)
        if excess_s <= 0:
            return None
        figures = {**args, "drive_min": -(-(limit_s + excess_s) // 60), "limit_min": limit_s // 60}
        fix = Fix(kind=FixKind.SECOND_DRIVER, args={"type": best.kind.name})
        return _unserved(party, Cause.DRIVE_TOO_LONG, args=figures, fix=fix)

    def _too_late(
        self, party: Party, departure: Departure, *, ways: Sequence[_Way], args: _Args
    ) -> Unserved | None:
        """Before the earliest pick-up, or out of reach of every vehicle in the time there is."""
        service = self._rules.stop_s + self._rules.boarding_s_per_head * party.size
        lead = self._campaign.rules.arrival_min(departure.mode)[1] * 60
        closes = self._campaign.to_seconds(departure.departs) - lead
        day = _at(self._campaign, departure, clock=time())
        awake = _at(self._campaign, departure, clock=self._rules.earliest_pickup)
        out = _at(self._campaign, departure, clock=self._rules.earliest_start)
        needs = min(way.ride_s for way in ways) + service
        if closes - needs < awake:
            figures = {**args, "pickup": _clock(closes - needs - day), "earliest": _clock(awake - day)}
            later = {"departs": _clock(awake + needs + lead - day), "departure": departure.number}
            return _unserved(
                party,
                Cause.DEPARTURE_TOO_EARLY,
                args=figures,
                fix=Fix(kind=FixKind.LATER_DEPARTURE, args=later),
            )
        ready = min(out + way.approach_s + self._rest_s(way) + service + way.ride_s for way in ways)
        if ready <= closes:
            return None
        figures = {**args, "earliest": _clock(ready - day), "latest": _clock(closes - day)}
        later = {"departs": _clock(ready + lead - day), "departure": departure.number}
        return _unserved(
            party, Cause.VEHICLE_TOO_FAR, args=figures, fix=Fix(kind=FixKind.LATER_DEPARTURE, args=later)
        )

    def _rest_s(self, way: _Way) -> int:
        """Rest before boarding, owed after a way so long that the longest ride would break the 4 h."""
        spare = UNBROKEN_S * max(way.kind.drivers, 1) - self._rules.ride_limit_min * 60
        return REST_S if way.approach_s > spare else 0

    def _ways(self, village: PlaceId, departure: Departure, *, fleet: Iterable[FleetGroup]) -> list[_Way]:
        """Every fleet group's direct ride, where its roads lead from depot to village to station."""
        ways: list[_Way] = []
        for group in fleet:
            kind = self._types[group.type_id]
            approach = self._network.seconds(kind.id, group.depot_id, village)
            ride = self._network.seconds(kind.id, village, departure.origin_id)
            if group.count < 1 or approach is None or ride is None:
                continue
            metres = (self._network.metres(kind.id, group.depot_id, village) or 0) + (
                self._network.metres(kind.id, village, departure.origin_id) or 0
            )
            cost = (
                kind.fixed_fen
                + kind.per_km_fen * metres // 1000
                + kind.per_hour_fen * (approach + ride) // 3600
            )
            seats = kind.seats_at(self._rules.load_percent)
            ways.append(_Way(kind=kind, seats=seats, ride_s=ride, approach_s=approach, cost_fen=cost))
        return ways

    def _other_vehicle(self, party: Party, departure: Departure, *, fallback: Fix | None = None) -> Fix:
        """The cheapest type outside the fleet that could fetch them, else another place to gather."""
        depots = {group.depot_id for group in self._fleet} or {
            place.id for place in self._campaign.places if place.kind is PlaceKind.DEPOT
        }
        tried = [
            FleetGroup(id=FleetGroupId("more"), type_id=kind.id, depot_id=depot, count=1)
            for kind in self._campaign.vehicle_types
            for depot in sorted(depots)
        ]
        ways = [
            way for way in self._ways(party.village_id, departure, fleet=tried) if way.seats >= party.size
        ]
        if ways:
            best = min(ways, key=lambda way: (way.cost_fen, way.kind.id))
            return Fix(
                kind=FixKind.ADD_VEHICLE, args={"type": best.kind.name, "count": 1}, cost_fen=best.cost_fen
            )
        if fallback is not None:
            return fallback
        place = self._nearest_served(party, departure)
        if place is None:
            return Fix(kind=FixKind.MEND_ROAD, args={"place": self._places[party.village_id].name})
        return Fix(kind=FixKind.GATHER_ELSEWHERE, args={"place": place.name})

    def _nearest_joined(self, village: Place, station: Place) -> Place | None:
        """The place nearest as the crow flies that has a road to the station."""
        joined = [
            place
            for place in self._campaign.places
            if place.kind in (PlaceKind.VILLAGE, PlaceKind.TOWNSHIP) and place.id != village.id
        ]
        for place in sorted(joined, key=lambda place: _spread(place, village)):
            if self._network.is_joined(place.id, station.id):
                return place
        return None

    def _nearest_served(self, party: Party, departure: Departure) -> Place | None:
        """The nearest place that some vehicle of the fleet with room for the party may reach."""
        village = self._places[party.village_id]
        near = sorted(self._campaign.places, key=lambda place: (_spread(place, village), place.id))
        for place in near:
            if place.kind not in (PlaceKind.VILLAGE, PlaceKind.TOWNSHIP) or place.id == village.id:
                continue
            ways = self._ways(place.id, departure, fleet=self._fleet)
            if any(way.seats >= party.size for way in ways):
                return place
        return None


def _unserved(party: Party, cause: Cause, *, args: _Args, fix: Fix) -> Unserved:
    return Unserved(registration_ids=party.registration_ids, cause=cause, args=dict(args), fix=fix)


def _excess_s(way: _Way) -> tuple[int, int]:
    """The worse excess of a way over a limit at the wheel, and that limit; at most 0 when it is lawful."""
    drivers = max(way.kind.drivers, 1)
    unbroken, day = UNBROKEN_S * drivers, DAY_S * drivers
    return max((way.approach_s - unbroken, unbroken), (way.approach_s + way.ride_s - day, day))


def _spread(a: Place, b: Place) -> float:
    """Squared degrees: enough to rank what is near in one county."""
    return (a.lat - b.lat) ** 2 + (a.lon - b.lon) ** 2


def _at(campaign: Campaign, departure: Departure, *, clock: time) -> int:
    """Second of a time of day on the departure's date."""
    return campaign.to_seconds(datetime.combine(departure.day, clock, CHINA))


def _clock(seconds: int) -> str:
    """``HH:MM`` from a day's first second, rounded up; below zero the day before."""
    minutes = -(-seconds // 60)
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
