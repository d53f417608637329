"""A floor under what a day's feeders cost: for bringing exactly whom they bring, to the same departures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.solvers.routing import prove
from planner.solvers.routing.problem import Shift, Trip
from planner.stages.day import Collecting, Unit, VehicleState, build_collecting, gather_villages, on_board

if TYPE_CHECKING:
    from planner.demand import Party, PartyId
    from planner.model.campaign import Campaign
    from planner.model.fleet import DepartureId
    from planner.network import Network
    from planner.solvers.routing.search import Bound, Budget, Report


def prove_day(
    campaign: Campaign,
    network: Network,
    *,
    day: Collecting,
    shifts: Sequence[Shift],
    states: Sequence[VehicleState],
    budget: Budget,
) -> tuple[Bound, tuple[Report, ...]]:
    """Bound what bringing exactly those costs whom ``shifts`` bring, each village one visit.

    A village is divisible where it rides in several runs or in part.

    In the search a late name may be a visit beside its village's own, and pay for a stop that the bus
    makes anyway; a bound must not. ``states`` are those of rested vehicles: which of them come late and
    tired from the day before is a choice of this plan, and another one may choose otherwise.
    """
    trips = [trip for shift in shifts for trip in shift.trips]
    brought: dict[DepartureId, dict[PartyId, Party]] = {entry.id: {} for entry in day.departures}
    for part in (part for trip in trips for part in on_board(day, trip)):
        brought[part.departure.id] |= {party.id: party for party in part.parties}
    villages = [
        unit
        for departure in day.departures
        for unit in gather_villages(
            campaign, network, departure=departure, parties=tuple(brought[departure.id].values())
        )
    ]
    number_of = {(village.departure.id, village.place_id): at for at, village in enumerate(villages)}

    def calls_of(trip: Trip) -> list[tuple[int, Unit]]:
        return [(number_of[part.departure.id, part.place_id], part) for part in on_board(day, trip)]

    for trip in trips:
        for at, part in calls_of(trip):
            in_part = len(part.parties) < len(villages[at].parties)
            villages[at] = replace(villages[at], divisible=villages[at].divisible or in_part)
    whole = build_collecting(campaign, network, departures=day.departures, units=villages, states=states)
    classes = [whole.class_of(group[0].id) or 0 for group in day.members]
    standing = tuple(
        Shift(
            vehicle_class=classes[shift.vehicle_class],
            trips=tuple(_call(villages, calls_of(trip), gate=trip.gate) for trip in shift.trips),
        )
        for shift in shifts
    )
    return prove(whole.problem, budget, shifts=standing)


def _call(villages: Sequence[Unit], calls: Sequence[tuple[int, Unit]], *, gate: int) -> Trip:
    """The trip that calls at these villages for those parties."""
    taken = tuple(
        tuple(map(villages[at].parties.index, part.parties)) if villages[at].divisible else ()
        for at, part in calls
    )
    return Trip(visits=tuple(at for at, _ in calls), gate=gate, taken=taken if any(taken) else ())


def is_newly_cut(day: Collecting, shifts: Sequence[Shift]) -> bool:
    """Whether a village that was to board whole was divided after all: the day's bound knows no such plan."""
    trips = (trip for shift in shifts for trip in shift.trips if trip.taken)
    calls = (call for trip in trips for call in zip(trip.visits, trip.taken, strict=True))
    return any(taken and not day.units[visit].divisible for visit, taken in calls)
