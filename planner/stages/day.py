"""One day's collecting as a routing problem, and the vehicles' day behind it.

A ``Unit`` is parties of one village bound for one departure; a ``VehicleState`` says where a vehicle
stands and from when it is free. The day's departures are the problem's gates, so that a vehicle's first
round starts at its depot and pays the fixed cost, and a later one starts at the station and does not.
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
from planner.model.fleet import Departure, FleetGroup, Service, VehicleId, VehicleType, vehicle_id
from planner.model.places import PlaceId
from planner.network import Network
from planner.solvers.routing.problem import Gate, RoutingProblem, Trip, VehicleClass, Visit

_OFF_S: Final = 16 * 3600
"""Off the road for so long, a crew has its whole day again: no 24 h hold more than the 8 h outside."""
_LATEST_S: Final = 4 * 3600
"""After the earliest start: who would be off longer goes on with the hours that yesterday left."""
_SHIFT_S: Final = 1_800
"""Vehicles begin by the half hour after a day's work, and with whole hours left: few kinds, many alike."""
_HOUR_S: Final = 3_600
_MINUTE_S: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Parties of one village bound for one departure; all together unless ``divisible``."""

    departure: Departure
    place_id: PlaceId
    parties: tuple[Party, ...]
    divisible: bool = False

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


def start_of_day(
    campaign: Campaign, network: Network, *, departure: Departure, before: Sequence[VehicleState]
) -> list[VehicleState]:
    """Every vehicle of the fleet at its depot, free from the earliest start of the departure's date.

    ``before`` are the vehicles at the end of the day before: they have to drive home first, and begin when
    they have been off so long that a whole day's hours are lawful again; where that is too late for the
    morning, at the earliest start with the hours that are left of the 8 in 24.
    """
    types = {kind.id: kind for kind in campaign.vehicle_types}
    day = departure.day
    opens = campaign.to_seconds(datetime.combine(day, campaign.rules.feeder.earliest_start, CHINA))
    worked = {state.id: state for state in before if state.rounds}
    early_min, late_min = campaign.rules.arrival_min(departure.mode)
    window_s = (early_min - late_min) * 60
    states: list[VehicleState] = []
    for group in feeder_fleet(campaign):
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
                fresh = _rested(fresh, opens_s=opens, home_s=last.ready_s + window_s + home_s, last=last)
            states.append(fresh)
    return states


def _rested(fresh: VehicleState, *, opens_s: int, home_s: int, last: VehicleState) -> VehicleState:
    """A vehicle the day after it was home at ``home_s``."""
    off_s = opens_s + max(-(-(home_s + _OFF_S - opens_s) // _SHIFT_S) * _SHIFT_S, 0)
    if off_s <= opens_s + _LATEST_S:
        return replace(fresh, ready_s=off_s)
    return replace(fresh, ready_s=max(opens_s, home_s), driven_s=-(-last.driven_s // _HOUR_S) * _HOUR_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collecting:
    """The routing problem of one day and what its numbers stand for: visits, gates, classes."""

    departures: tuple[Departure, ...]
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
    departures: Sequence[Departure],
    units: Sequence[Unit],
    states: Sequence[VehicleState],
) -> Collecting:
    """Build the problem of bringing ``units`` to the day's departures with vehicles in these states.

    A vehicle makes at most as many rounds a day as there are departures.
    """
    rules = campaign.rules.feeder
    alike: dict[tuple[str, str, int, int, int, int], list[VehicleState]] = defaultdict(list)
    for state in states:
        if state.rounds < len(departures):
            wheel = (state.drive_limit_s, state.unbroken_s)
            alike[state.kind.id, state.place_id, state.ready_s, state.rounds, *wheel].append(state)
    members = tuple(tuple(group) for _, group in sorted(alike.items()))
    origins = {departure.origin_id for departure in departures}
    terminals = sorted({group[0].place_id for group in members} | origins)
    profiles = sorted({group[0].kind.id for group in members})
    nodes = [network.index(unit.place_id) for unit in units] + [network.index(place) for place in terminals]
    grid = np.ix_(nodes, nodes)
    number_of = {place: len(units) + offset for offset, place in enumerate(terminals)}
    gates = tuple(
        Gate(
            node=number_of[departure.origin_id],
            opens_s=campaign.to_seconds(departure.departs)
            - campaign.rules.arrival_min(departure.mode)[0] * 60,
            closes_s=campaign.to_seconds(departure.departs)
            - campaign.rules.arrival_min(departure.mode)[1] * 60,
        )
        for departure in departures
    )
    gate_of = {departure.id: number for number, departure in enumerate(departures)}
    problem = RoutingProblem(
        visits=tuple(_to_visit(campaign, unit, gate=gate_of[unit.departure.id]) for unit in units),
        gates=gates,
        vehicle_classes=tuple(
            _to_class(
                group,
                start=number_of[group[0].place_id],
                profile=profiles.index(group[0].kind.id),
                capacity=group[0].kind.seats_at(rules.load_percent),
                gates=len(gates),
            )
            for group in members
        ),
        seconds=tuple(network.matrices(kind).seconds[grid] for kind in profiles),
        metres=tuple(network.matrices(kind).metres[grid] for kind in profiles),
        ride_limit_s=rules.ride_limit_min * 60,
        turn_s=rules.turnround_min * 60,
        turn_rests=rules.turnround_min * 60 >= REST_S,
        step_s=_MINUTE_S,
    )
    return Collecting(departures=tuple(departures), units=tuple(units), problem=problem, members=members)


def _to_class(
    group: Sequence[VehicleState], *, start: int, profile: int, capacity: int, gates: int
) -> VehicleClass:
    state = group[0]
    return VehicleClass(
        count=len(group),
        capacity=capacity,
        start=start,
        gates=tuple(range(gates)),
        profile=profile,
        fixed_fen=0 if state.rounds else state.kind.fixed_fen,
        per_km_fen=state.kind.per_km_fen,
        per_hour_fen=state.kind.per_hour_fen,
        ready_s=state.ready_s,
        trips=gates - state.rounds,
        drive_limit_s=state.drive_limit_s,
        unbroken_limit_s=UNBROKEN_S * max(state.kind.drivers, 1),
        unbroken_s=state.unbroken_s,
        rest_s=REST_S,
    )


def _to_visit(campaign: Campaign, unit: Unit, *, gate: int) -> Visit:
    rules = campaign.rules.feeder
    earliest = datetime.combine(unit.departure.day, rules.earliest_pickup, CHINA)
    return Visit(
        heads=unit.heads,
        service_s=service_s(campaign, unit.heads),
        prize=unit.heads * campaign.rules.weights.unserved_fen_per_head,
        opens_s=campaign.to_seconds(earliest),
        gates=(gate,),
        parts=tuple(party.size for party in unit.parties) if unit.divisible else (),
        stop_s=rules.stop_s,
    )


def feeder_fleet(campaign: Campaign) -> tuple[FleetGroup, ...]:
    """Groups of vehicles that collect people."""
    return tuple(group for group in campaign.fleet if group.service is Service.FEEDER)


def service_s(campaign: Campaign, heads: int) -> int:
    """Seconds a stop takes when ``heads`` people board."""
    return campaign.rules.feeder.stop_s + campaign.rules.feeder.boarding_s_per_head * heads


def gather_villages(
    campaign: Campaign, network: Network, *, departure: Departure, parties: Sequence[Party]
) -> list[Unit]:
    """One unit a village, divisible where the village exceeds the largest vehicle that reaches it."""
    in_fleet = {group.type_id for group in feeder_fleet(campaign) if group.count}
    villages: Mapping[PlaceId, list[Party]] = defaultdict(list)
    for party in sorted(parties, key=lambda party: (-party.size, party.id)):
        villages[party.village_id].append(party)
    units: list[Unit] = []
    for village, waiting in sorted(villages.items()):
        largest = max(
            kind.seats_at(campaign.rules.feeder.load_percent)
            for kind in campaign.vehicle_types
            if kind.id in in_fleet and network.seconds(kind.id, village, departure.origin_id) is not None
        )
        too_many = sum(party.size for party in waiting) > largest
        units.append(Unit(departure=departure, place_id=village, parties=tuple(waiting), divisible=too_many))
    return units


def on_board(collecting: Collecting, trip: Trip) -> tuple[Unit, ...]:
    """Who boards the trip where, in order; calls at one village are joined where it is first called at."""
    joined: dict[PlaceId, Unit] = {}
    for place, visit in enumerate(trip.visits):
        unit = collecting.units[visit]
        taken = trip.taken[place] if trip.taken else ()
        parties = tuple(unit.parties[part] for part in taken) if taken else unit.parties
        before = joined.get(unit.place_id)
        parties = parties if before is None else before.parties + parties
        joined[unit.place_id] = replace(unit, parties=parties, divisible=False)
    return tuple(joined.values())
