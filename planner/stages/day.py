"""One departure's collecting as a routing problem, and the vehicles' day that links departures.

A ``Unit`` is parties of one village that board together; a ``VehicleState`` says where a vehicle stands
and from when it is free. Vehicles alike in both are one class of the problem, so the first round starts
at the depot and pays the fixed cost, a second one starts at the station and does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from planner.demand import Party
from planner.hours import DAY_S, REST_S, UNBROKEN_S
from planner.model.campaign import Campaign
from planner.model.clock import CHINA
from planner.model.fleet import Departure, VehicleId, VehicleType, vehicle_id
from planner.model.places import PlaceId
from planner.network import Network
from planner.solvers.routing.problem import RoutingProblem, Trip, VehicleClass, Visit

_WINDOW_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Parties of one village that board the same vehicle."""

    place_id: PlaceId
    parties: tuple[Party, ...]

    @property
    def heads(self) -> int:
        """People of all its parties."""
        return sum(party.size for party in self.parties)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleState:
    """Where a vehicle stands, from when it is free, and how many rounds it has made today."""

    id: VehicleId
    kind: VehicleType
    place_id: PlaceId
    ready_s: int
    rounds: int = 0
    driven_s: int = 0
    """Seconds at the wheel today."""
    unbroken_s: int = 0
    """Of these, since the last stop that counts as a rest."""

    def after(self, place_id: PlaceId, *, arrive_s: int, drive_s: int, turn_s: int) -> VehicleState:
        """The state after one more round and the turn-round."""
        return replace(
            self,
            place_id=place_id,
            ready_s=arrive_s + turn_s,
            rounds=self.rounds + 1,
            driven_s=self.driven_s + drive_s,
            unbroken_s=0 if turn_s >= REST_S else self.unbroken_s + drive_s,
        )

    @property
    def drive_limit_s(self) -> int:
        """Seconds its drivers may still be at the wheel today."""
        return max(DAY_S * max(self.kind.drivers, 1) - self.driven_s, 0)

    @property
    def lead_limit_s(self) -> int:
        """Seconds its drivers may be at the wheel before the rest at the first stop."""
        return max(UNBROKEN_S * max(self.kind.drivers, 1) - self.unbroken_s, 0)

    def rest_after_s(self, ride_limit_s: int) -> int:
        """Longest way out that, with the longest ride after it, keeps within the 4 h without a rest."""
        return self.lead_limit_s - ride_limit_s


def start_of_day(
    campaign: Campaign, network: Network, *, departure: Departure, before: Sequence[VehicleState]
) -> list[VehicleState]:
    """Every vehicle of the fleet at its depot, free from the earliest start of the departure's date.

    ``before`` are the vehicles at the end of the day before: they have to drive home first, and what was
    driven counts to the 8 h for the next 24 h.
    """
    types = {kind.id: kind for kind in campaign.vehicle_types}
    day = departure.day
    opens = campaign.to_seconds(datetime.combine(day, campaign.rules.feeder.earliest_start, CHINA))
    worked = {state.id: state for state in before if state.rounds}
    window_s = (campaign.rules.feeder.arrive_earliest_min - campaign.rules.feeder.arrive_latest_min) * 60
    states: list[VehicleState] = []
    for group in campaign.fleet:
        for number in range(1, group.count + 1):
            fresh = VehicleState(
                id=vehicle_id(group.id, number),
                kind=types[group.type_id],
                place_id=group.depot_id,
                ready_s=opens,
            )
            last = worked.get(fresh.id)
            if last is not None:
                home_s = network.seconds(group.type_id, last.place_id, group.depot_id) or 0
                back_s = last.ready_s + window_s + home_s
                driven_s = last.driven_s if opens < last.ready_s + _WINDOW_S else 0
                fresh = replace(fresh, ready_s=max(opens, back_s), driven_s=driven_s)
            states.append(fresh)
    return states


@dataclass(frozen=True, slots=True, kw_only=True)
class Collecting:
    """The routing problem of one departure and what its numbers stand for."""

    departure: Departure
    units: tuple[Unit, ...]
    problem: RoutingProblem
    members: tuple[tuple[VehicleState, ...], ...]
    """Vehicles of each class, in the order they are given out."""

    def class_of(self, vehicle: VehicleId) -> int | None:
        """Class that a vehicle belongs to, None when the fleet no longer has it."""
        for number, states in enumerate(self.members):
            if any(state.id == vehicle for state in states):
                return number
        return None


def build_collecting(
    campaign: Campaign,
    network: Network,
    *,
    departure: Departure,
    units: Sequence[Unit],
    states: Sequence[VehicleState],
) -> Collecting:
    """Build the problem of bringing ``units`` to the departure with vehicles in these states."""
    rules, closes = campaign.rules.feeder, campaign.to_seconds(departure.departs)
    alike: dict[tuple[str, str, int, bool, int, int], list[VehicleState]] = defaultdict(list)
    for state in states:
        wheel = (state.drive_limit_s, state.unbroken_s)
        alike[state.kind.id, state.place_id, state.ready_s, state.rounds > 0, *wheel].append(state)
    members = [tuple(group) for _, group in sorted(alike.items())]
    terminals = sorted({group[0].place_id for group in members} | {departure.origin_id})
    profiles = sorted({group[0].kind.id for group in members})
    nodes = [network.index(unit.place_id) for unit in units] + [network.index(place) for place in terminals]
    grid = np.ix_(nodes, nodes)
    number_of = {place: len(units) + offset for offset, place in enumerate(terminals)}
    classes = tuple(
        VehicleClass(
            count=len(group),
            capacity=group[0].kind.seats_at(rules.load_percent),
            start=number_of[group[0].place_id],
            end=number_of[departure.origin_id],
            profile=profiles.index(group[0].kind.id),
            fixed_fen=0 if group[0].rounds else group[0].kind.fixed_fen,
            per_km_fen=group[0].kind.per_km_fen,
            per_hour_fen=group[0].kind.per_hour_fen,
            ready_s=group[0].ready_s,
            drive_limit_s=group[0].drive_limit_s,
            lead_limit_s=group[0].lead_limit_s,
            rest_after_s=group[0].rest_after_s(rules.ride_limit_min * 60),
            rest_s=REST_S,
            end_opens_s=closes - rules.arrive_earliest_min * 60,
            end_closes_s=closes - rules.arrive_latest_min * 60,
        )
        for group in members
    )
    visits = tuple(
        Visit(
            heads=unit.heads,
            service_s=service_s(campaign, unit.heads),
            prize=unit.heads * campaign.rules.weights.unserved_fen_per_head,
        )
        for unit in units
    )
    day = departure.day
    problem = RoutingProblem(
        visits=visits,
        vehicle_classes=classes,
        seconds=tuple(network.matrices(kind).seconds[grid] for kind in profiles),
        metres=tuple(network.matrices(kind).metres[grid] for kind in profiles),
        ride_limit_s=rules.ride_limit_min * 60,
        earliest_visit_s=campaign.to_seconds(datetime.combine(day, rules.earliest_pickup, CHINA)),
    )
    return Collecting(departure=departure, units=tuple(units), problem=problem, members=tuple(members))


def service_s(campaign: Campaign, heads: int) -> int:
    """Seconds a stop takes when ``heads`` people board."""
    return campaign.rules.feeder.stop_s + campaign.rules.feeder.boarding_s_per_head * heads


def split_villages(
    campaign: Campaign, network: Network, *, departure: Departure, parties: Sequence[Party]
) -> list[Unit]:
    """One unit a village, or several where the village exceeds the largest vehicle that reaches it.

    Whole parties go first-fit by falling size, so no party is cut and any two units of a village
    exceed that vehicle together.
    """
    in_fleet = {group.type_id for group in campaign.fleet if group.count}
    largest: dict[PlaceId, int] = {}
    villages: Mapping[PlaceId, list[Party]] = defaultdict(list)
    for party in sorted(parties, key=lambda party: (-party.size, party.id)):
        villages[party.village_id].append(party)
    for village in villages:
        largest[village] = max(
            kind.seats_at(campaign.rules.feeder.load_percent)
            for kind in campaign.vehicle_types
            if kind.id in in_fleet and network.seconds(kind.id, village, departure.origin_id) is not None
        )
    units: list[Unit] = []
    for village, waiting in sorted(villages.items()):
        loads: list[list[Party]] = []
        for party in waiting:
            room = [load for load in loads if sum(p.size for p in load) + party.size <= largest[village]]
            if room:
                room[0].append(party)
            else:
                loads.append([party])
        units.extend(Unit(place_id=village, parties=tuple(load)) for load in loads)
    return units


def without_repeats(collecting: Collecting, trip: Trip) -> tuple[Unit, ...]:
    """The trip's units in order, those of one village joined where it is first called at."""
    joined: dict[PlaceId, Unit] = {}
    for visit in trip.visits:
        unit = collecting.units[visit]
        before = joined.get(unit.place_id)
        parties = unit.parties if before is None else before.parties + unit.parties
        joined[unit.place_id] = Unit(place_id=unit.place_id, parties=parties)
    return tuple(joined.values())
