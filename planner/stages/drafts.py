"""Shifts become rounds: each trip with its vehicle, its people and its figures, still without its times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from planner.errors import SolverError
from planner.model.campaign import Campaign
from planner.model.fleet import Departure, VehicleId
from planner.network import Network
from planner.solvers.routing.problem import Shift, Trip, TripTimes
from planner.stages.day import Collecting, Unit, VehicleState, build_collecting, on_board
from planner.stages.kept import Kept


@dataclass(frozen=True, slots=True)
class Ground:
    """A campaign and its roads."""

    campaign: Campaign
    network: Network

    def build(
        self, departures: Sequence[Departure], *, units: Sequence[Unit], states: Sequence[VehicleState]
    ) -> Collecting:
        """The problem of bringing ``units`` to the departures of a day with vehicles in these states."""
        return build_collecting(
            self.campaign, self.network, departures=departures, units=units, states=states
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A round without its final times; ``run`` is that of the previous plan, None for a new round."""

    departure: Departure
    state: VehicleState
    units: tuple[Unit, ...]
    times: TripTimes
    cost_fen: int
    run: int | None = None


def to_drafts(
    ground: Ground,
    day: Collecting,
    *,
    shifts: Sequence[Shift],
    kept: Sequence[Kept],
    states: Sequence[VehicleState],
) -> tuple[list[Draft], list[VehicleState]]:
    """Give each shift its vehicle, and each trip its figures; the first shifts are those of ``kept``."""
    taken = {entry.vehicle for entry in kept}
    free = [[state for state in group if state.id not in taken] for group in day.members]
    by_id = {state.id: state for state in states}
    drafts: list[Draft] = []
    for number, shift in enumerate(shifts):
        routes = kept[number].routes if number < len(kept) else ()
        state = by_id[kept[number].vehicle] if number < len(kept) else free[shift.vehicle_class].pop(0)
        made, by_id[state.id] = walk(ground, day, state=state, trips=shift.trips)
        told = {route.departure_id: route for route in routes}
        for draft in made:
            route = told.pop(draft.departure.id, None)
            drafts.append(draft if route is None else replace(draft, run=route.run))
    return in_order(drafts), list(by_id.values())


def in_order(drafts: Iterable[Draft]) -> list[Draft]:
    """By departure and vehicle."""
    return sorted(drafts, key=lambda draft: (draft.departure.departs, draft.departure.id, draft.state.id))


def lay_out(
    ground: Ground,
    departures: Sequence[Departure],
    *,
    drafts: Sequence[Draft],
    states: Sequence[VehicleState],
) -> tuple[Collecting, list[Shift]]:
    """A day's rounds, in order, as one problem and its shifts; ``states`` are rested vehicles."""
    units = [unit for draft in drafts for unit in draft.units]
    day = ground.build(departures, units=units, states=states)
    trips: dict[VehicleId, list[Trip]] = defaultdict(list)
    first = 0
    for draft in drafts:
        visits = tuple(range(first, first + len(draft.units)))
        trips[draft.state.id].append(Trip(visits=visits, gate=departures.index(draft.departure)))
        first += len(visits)
    shifts = [
        Shift(vehicle_class=day.class_of(vehicle) or 0, trips=tuple(made)) for vehicle, made in trips.items()
    ]
    return day, shifts


def walk(
    ground: Ground, day: Collecting, *, state: VehicleState, trips: Sequence[Trip]
) -> tuple[list[Draft], VehicleState]:
    """Make trips one after another, arriving as early as each can (or as it was told)."""
    drafts: list[Draft] = []
    for trip in trips:
        departure = day.departures[trip.gate]
        units = on_board(day, trip)
        alone = ground.build(day.departures, units=units, states=[state])
        whole = Trip(visits=tuple(range(len(units))), gate=trip.gate, arrive_s=trip.arrive_s)
        shift = Shift(vehicle_class=0, trips=(whole,))
        walked = alone.problem.walk(shift)
        if walked is None:
            raise SolverError("feeder", f"unlawful trip of {state.id}")
        draft = Draft(
            departure=departure,
            state=state,
            units=units,
            times=walked[0],
            cost_fen=alone.problem.shift_fen(shift),
        )
        drafts.append(draft)
        turn_s = ground.campaign.rules.feeder.turnround_min * 60
        arrive_s = earliest_arrival(draft)
        drive_s = draft.times.drive_s
        state = state.after(departure.origin_id, arrive_s=arrive_s, drive_s=drive_s, turn_s=turn_s)
    return drafts, state


def earliest_arrival(draft: Draft) -> int:
    """The first lawful arrival on a full minute, if there is one, else to the second."""
    minute = -(-draft.times.first_s // 60) * 60
    return minute if minute <= draft.times.last_s else draft.times.first_s
