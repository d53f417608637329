"""Which vehicle collects whom on the way to the gate, departure by departure through the day.

Each departure is one routing problem; vehicles that come back become second-round vehicles of the next.
A previous plan's runs are kept while they are still lawful, so that people keep the times they were
told; only the others are searched for. What a router leaves out is tried again party by party.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from planner.demand import Party
from planner.errors import SolverError
from planner.model.campaign import Campaign
from planner.model.fleet import Departure, DepartureId, VehicleId
from planner.model.places import PlaceId
from planner.model.plan import Plan, Route
from planner.network import Network
from planner.solvers.routing import ROUTERS
from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.problem import Budget, Trip, TripTimes
from planner.stages.day import (
    Collecting,
    Unit,
    VehicleState,
    build_collecting,
    split_villages,
    start_of_day,
    without_repeats,
)

_WORTH_A_SEARCH: Final = 2
"""New runs from which on searching them anew beats the greedy insertion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A round without its final times: ``first_s``/``last_s`` bound the lawful arrival.

    ``run`` and ``told_s`` (arrival) are those of the previous plan, None for a new round.
    """

    departure: Departure
    state: VehicleState
    units: tuple[Unit, ...]
    times: TripTimes
    cost_fen: int
    first_s: int
    last_s: int
    run: int | None = None
    told_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeederResult:
    """Rounds of all departures, and parties that no vehicle could take, with their departure."""

    drafts: tuple[Draft, ...]
    left: tuple[tuple[Party, Departure], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeederInput:
    """What the stage is given: parties by departure, the plan to respect, the search to use."""

    campaign: Campaign
    network: Network
    parties: Mapping[DepartureId, Sequence[Party]]
    previous: Plan | None
    router: str
    budget: Budget
    report: Callable[[Departure, int], None]
    """Hears each better cost in fen of a departure's search."""


def plan_feeder(given: FeederInput) -> FeederResult:
    """Route every departure in time order, each day from a fresh fleet.

    An earlier departure may take the only vehicles that reach the people of a later one. Where people
    stay behind, the days are planned once more, at half the effort, with such vehicles held back for
    them, and the better plan counts: fewest left behind, then cheapest.
    """
    first = _plan_days(given, held={})
    held = _scarce(given, first) if first.left else {}
    if not held:
        return first
    seconds, effort = given.budget.seconds, given.budget.effort
    half = replace(
        given.budget,
        seconds=None if seconds is None else seconds / 2,
        effort=None if effort is None else max(effort // 2, 1),
    )
    return min((first, _plan_days(replace(given, budget=half), held=held)), key=_worth)


def _worth(result: FeederResult) -> tuple[int, int]:
    heads = sum(party.size for party, _ in result.left)
    return heads, sum(draft.cost_fen for draft in result.drafts)


def _scarce(given: FeederInput, result: FeederResult) -> dict[DepartureId, set[VehicleId]]:
    """By departure, as many vehicles as its left-behind need, of those that only earlier departures used."""
    held: dict[DepartureId, set[VehicleId]] = defaultdict(set)
    load = given.campaign.rules.feeder.load_percent
    for party, departure in result.left:
        same_day = [draft for draft in result.drafts if draft.departure.day == departure.day]
        busy = {draft.state.id for draft in same_day if draft.departure.id == departure.id}
        for draft in same_day:
            kind = draft.state.kind
            reaches = given.network.seconds(kind.id, party.village_id, departure.origin_id) is not None
            earlier = draft.departure.departs < departure.departs
            if reaches and earlier and draft.state.id not in busy and kind.seats_at(load) >= party.size:
                held[departure.id].add(draft.state.id)
                break
    return dict(held)


def _plan_days(given: FeederInput, *, held: Mapping[DepartureId, set[VehicleId]]) -> FeederResult:
    drafts: list[Draft] = []
    left: list[tuple[Party, Departure]] = []
    heads = {departure: sum(party.size for party in parties) for departure, parties in given.parties.items()}
    in_time = sorted(given.campaign.departures, key=lambda departure: (departure.departs, departure.id))
    states: list[VehicleState] = []
    for _, day in groupby(in_time, key=lambda departure: departure.day):
        departures = list(day)
        states = start_of_day(given.campaign, given.network, departure=departures[0], before=states)
        for number, departure in enumerate(departures):
            share = heads.get(departure.id, 0) / max(sum(heads.values()), 1)
            later = departures[number + 1 :]
            free = _unpromised(given, states, departure=departure, later=later)
            kept_back = {vehicle for entry in later for vehicle in held.get(entry.id, ())}
            free = [state for state in free if state.id not in kept_back]
            done, missed = _plan_departure(given, departure, states=free, share=share)
            drafts += done
            left += [(party, departure) for party in missed]
            states = _drive(given.campaign, states, drafts=done)
    return FeederResult(drafts=tuple(drafts), left=tuple(left))


def _unpromised(
    given: FeederInput, states: Sequence[VehicleState], *, departure: Departure, later: Sequence[Departure]
) -> list[VehicleState]:
    """Vehicles without those whose first told run is for a later departure: their people count on them."""

    def told(entry: Departure) -> set[VehicleId]:
        runs = _told(given.previous, entry, parties=given.parties.get(entry.id, ()))
        return {route.vehicle_id for route, _ in runs}

    promised = {vehicle for entry in later for vehicle in told(entry)} - told(departure)
    return [state for state in states if state.id not in promised]


def _plan_departure(
    given: FeederInput, departure: Departure, *, states: Sequence[VehicleState], share: float
) -> tuple[list[Draft], list[Party]]:
    """Keep what was told, insert or search the rest, try what is left party by party."""
    parties = given.parties.get(departure.id, ())
    told = _told(given.previous, departure, parties=parties)
    held = {party.id for _, units in told for unit in units for party in unit.parties}
    waiting = [party for party in parties if party.id not in held]
    units = [unit for _, of_run in told for unit in of_run]
    units += split_villages(given.campaign, given.network, departure=departure, parties=waiting)
    collecting = build_collecting(
        given.campaign, given.network, departure=departure, units=units, states=states
    )
    kept = _lawful(collecting, told)
    trips = _improve(
        given,
        collecting,
        kept=[trip for _, trip in kept],
        vehicles=[r.vehicle_id for r, _ in kept],
        share=share,
    )
    broken = [
        Unit(place_id=units[visit].place_id, parties=(party,))
        for visit in collecting.problem.left_out(trips)
        for party in units[visit].parties
    ]
    finer = build_collecting(
        given.campaign, given.network, departure=departure, units=(*units, *broken), states=states
    )
    singles = range(len(units), len(units) + len(broken))
    trips = insert_all(finer.problem, trips, visits=singles, manned=len(kept))
    missed = set(finer.problem.left_out(trips))
    left = [party for visit in singles if visit in missed for party in finer.units[visit].parties]
    return _to_drafts(given, finer, trips=trips, kept=[route for route, _ in kept]), left


def _told(
    previous: Plan | None, departure: Departure, *, parties: Sequence[Party]
) -> list[tuple[Route, list[Unit]]]:
    """Runs of the previous plan with those of their parties that still wait at the same village."""
    if previous is None:
        return []
    run_of = {
        person: leg.run for leg in previous.legs if leg.run is not None for person in leg.registration_ids
    }
    waiting: dict[tuple[int, PlaceId], list[Party]] = defaultdict(list)
    for party in parties:
        runs = {run_of[person] for person in party.registration_ids if person in run_of}
        if len(runs) == 1:
            waiting[runs.pop(), party.village_id].append(party)
    told: list[tuple[Route, list[Unit]]] = []
    for route in previous.routes:
        calls = [(stop.place_id, waiting.get((route.run, stop.place_id))) for stop in route.stops[:-1]]
        units = [Unit(place_id=place, parties=tuple(members)) for place, members in calls if members]
        if route.departure_id == departure.id and units:
            told.append((route, units))
    return told


def _lawful(collecting: Collecting, told: Sequence[tuple[Route, list[Unit]]]) -> list[tuple[Route, Trip]]:
    """Told runs that their own vehicle can still make within every limit."""
    kept: list[tuple[Route, Trip]] = []
    number = 0
    for route, units in told:
        visits = tuple(range(number, number + len(units)))
        number += len(units)
        vehicle_class = collecting.class_of(route.vehicle_id)
        if vehicle_class is not None:
            trip = Trip(vehicle_class=vehicle_class, visits=visits)
            if collecting.problem.is_feasible(trip):
                kept.append((route, trip))
    return kept


def _improve(
    given: FeederInput,
    collecting: Collecting,
    *,
    kept: Sequence[Trip],
    vehicles: Sequence[VehicleId],
    share: float,
) -> tuple[Trip, ...]:
    """Insert what is not kept, then search anew for all that kept runs did not take."""
    problem = collecting.problem
    trips = insert_all(problem, kept, visits=problem.left_out(kept), manned=len(kept)) if kept else ()
    standing = trips[: len(kept)]
    open_visits = problem.left_out(standing)
    if kept and len(trips) - len(kept) < _WORTH_A_SEARCH and not problem.left_out(trips):
        return trips
    rest = build_collecting(
        given.campaign,
        given.network,
        departure=collecting.departure,
        units=[collecting.units[visit] for visit in open_visits],
        states=[state for group in collecting.members for state in group if state.id not in vehicles],
    )
    found = _search(given, rest, share=share)
    classes = [collecting.class_of(group[0].id) or 0 for group in rest.members]
    moved = tuple(
        Trip(
            vehicle_class=classes[trip.vehicle_class],
            visits=tuple(open_visits[visit] for visit in trip.visits),
        )
        for trip in found
    )
    return min((*standing, *moved), trips, key=problem.objective_fen) if kept else moved


def _search(given: FeederInput, collecting: Collecting, *, share: float) -> tuple[Trip, ...]:
    if not collecting.units:
        return ()
    seconds = given.budget.seconds

    def tell(cost_fen: int) -> None:
        given.report(collecting.departure, cost_fen)

    limited = replace(given.budget, seconds=None if seconds is None else seconds * share, progress=tell)
    return ROUTERS[given.router](collecting.problem, limited).trips


def _to_drafts(
    given: FeederInput, collecting: Collecting, *, trips: Sequence[Trip], kept: Sequence[Route]
) -> list[Draft]:
    """Give each trip its vehicle and figures; the first ``len(kept)`` trips are those of ``kept``."""
    taken = {route.vehicle_id for route in kept}
    free = [[state for state in group if state.id not in taken] for group in collecting.members]
    drafts: list[Draft] = []
    for number, trip in enumerate(trips):
        route = kept[number] if number < len(kept) else None
        group = collecting.members[trip.vehicle_class]
        state = free[trip.vehicle_class].pop(0) if route is None else _find(group, route.vehicle_id)
        units = without_repeats(collecting, trip)
        alone = build_collecting(
            given.campaign, given.network, departure=collecting.departure, units=units, states=[state]
        )
        whole = Trip(vehicle_class=0, visits=tuple(range(len(units))))
        times = alone.problem.times(whole)
        if times is None or not alone.problem.is_feasible(whole):
            raise SolverError("feeder", f"unlawful trip of {state.id}")
        first_s, last_s = alone.problem.arrival_range(whole, times)
        drafts.append(
            Draft(
                departure=collecting.departure,
                state=state,
                units=units,
                times=times,
                cost_fen=alone.problem.trip_fen(whole),
                first_s=first_s,
                last_s=last_s,
                run=None if route is None else route.run,
                told_s=None if route is None else route.arrive_s,
            )
        )
    return drafts


def _find(group: Sequence[VehicleState], vehicle: VehicleId) -> VehicleState:
    return next(state for state in group if state.id == vehicle)


def _drive(
    campaign: Campaign, states: Sequence[VehicleState], *, drafts: Sequence[Draft]
) -> list[VehicleState]:
    """The fleet after a departure's rounds, each arrived as early as it lawfully can (or as it was told)."""
    done = {draft.state.id: draft for draft in drafts}
    turn_s = campaign.rules.feeder.turnround_min * 60
    return [
        state.after(
            done[state.id].departure.origin_id,
            arrive_s=earliest_arrival(done[state.id]),
            drive_s=done[state.id].times.drive_s,
            turn_s=turn_s,
        )
        if state.id in done
        else state
        for state in states
    ]


def earliest_arrival(draft: Draft) -> int:
    """The arrival it was told if that is still lawful, else the first lawful one, on a full minute."""
    if draft.told_s is not None and draft.first_s <= draft.told_s <= draft.last_s:
        return draft.told_s
    minute = -(-draft.first_s // 60) * 60
    return minute if minute <= draft.last_s else draft.first_s
