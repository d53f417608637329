"""Which vehicle collects whom on the way to the gate, day by day.

A day is one routing problem: its departures are the gates, a vehicle may go out again for a later one.
A previous plan's runs are kept at the times people were told while they are still lawful; only the
others are searched for. Who is still left is tried again party by party.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Final

from planner.decisions import standing_locks
from planner.demand import Party
from planner.model.campaign import Campaign
from planner.model.fleet import Departure, DepartureId, VehicleId
from planner.model.locks import LockKind
from planner.model.plan import Plan
from planner.network import Network
from planner.solvers.routing import ROUTERS
from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.problem import Shift
from planner.solvers.routing.savings import clocked
from planner.solvers.routing.search import Bound, Budget, Progress, Report
from planner.solvers.routing.trivial import fall_back
from planner.stages.day import (
    Collecting,
    VehicleState,
    gather_villages,
    start_of_day,
)
from planner.stages.drafts import Draft, Ground, in_order, lay_out, to_drafts, walk
from planner.stages.floor import is_newly_cut, prove_day
from planner.stages.kept import Kept, at_times, choose_locked, find_told, keep_lawful, pin_again

_WORTH_A_SEARCH: Final = 2
"""New runs from which on searching them anew beats the greedy insertion."""

_PROOF: Final = 1 / 3
"""Of a day's seconds, for the bound of a plan whose search gives none."""
_LEAST_S: Final = 0.2
"""Of a day, however late it is."""
_REPAIR: Final = 0.2
"""Of a day's seconds, to try party by party who is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeederResult:
    """Rounds of all departures, parties that no vehicle could take, and a floor under each day's cost.

    ``bounds`` hold for bringing exactly those who are brought, to the same departures.
    """

    drafts: tuple[Draft, ...]
    left: tuple[tuple[Party, Departure], ...]
    bounds: tuple[Bound, ...]
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeederInput:
    """What the stage is given: parties by departure, the plan to respect, the search to use.

    ``campaign.departures`` are the gates: one of the departures that leave one place at one time.
    """

    campaign: Campaign
    network: Network
    parties: Mapping[DepartureId, Sequence[Party]]
    previous: Plan | None
    router: str
    budget: Budget
    report: Callable[[Sequence[Departure], Progress], None]
    """Hears each better cost or bound of a day's search."""
    driven: Mapping[tuple[VehicleId, date], int] = field(default_factory=dict[tuple[VehicleId, date], int])
    """Seconds at the wheel on a day before any of this."""
    again: Callable[[Party], DepartureId | None] = lambda _party: None
    """Gives who could not be brought the gate of a later day, or none."""

    @property
    def ground(self) -> Ground:
        """Campaign and roads."""
        return Ground(self.campaign, self.network)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Shifts of a day, the kept ones first, with what the search proved."""

    shifts: tuple[Shift, ...]
    bound: Bound | None = None
    reports: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """A day's rounds, who was left, what no plan can undercut, and the vehicles in the evening."""

    drafts: list[Draft]
    left: list[tuple[Party, Departure]]
    bound: Bound
    reports: tuple[Report, ...]
    states: list[VehicleState]


def plan_feeder(given: FeederInput) -> FeederResult:
    """Route every day in turn, each from a fresh fleet that has driven home from the day before."""
    waiting = {departure: list(parties) for departure, parties in given.parties.items()}
    given = replace(given, parties=waiting)
    heads = {departure: sum(party.size for party in parties) for departure, parties in waiting.items()}
    in_time = sorted(given.campaign.departures, key=lambda departure: (departure.departs, departure.id))
    clock = _Clock(given.budget, heads=sum(heads.values()))
    days: list[_Day] = []
    left: list[tuple[Party, Departure]] = []
    states: list[VehicleState] = []
    for _, of_day in groupby(in_time, key=lambda departure: departure.day):
        departures = list(of_day)
        states = start_of_day(given.campaign, given.network, departure=departures[0], before=states)
        states = [
            replace(state, driven_s=state.driven_s + given.driven.get((state.id, departures[0].day), 0))
            for state in states
        ]
        budget = clock.deal(sum(heads.get(entry.id, 0) for entry in departures))
        days.append(_plan_day(replace(given, budget=budget), departures, states=states))
        states = days[-1].states
        for party, departure in days[-1].left:
            gate = given.again(party)
            if gate is None:
                left.append((party, departure))
            else:
                waiting.setdefault(gate, []).append(party)
    return FeederResult(
        drafts=tuple(draft for day in days for draft in day.drafts),
        left=tuple(left),
        bounds=tuple(day.bound for day in days),
        reports=tuple(report for day in days for report in day.reports),
    )


class _Clock:
    """Deals out the seconds that are left, to each day by its heads; counted effort is each day's own."""

    def __init__(self, budget: Budget, *, heads: int) -> None:
        self._budget, self._heads = budget, heads
        self._ends_s = time.monotonic() + (budget.seconds or 0)

    def deal(self, heads: int) -> Budget:
        """The budget of the next day, on which so many leave."""
        if self._budget.seconds is None:
            return self._budget
        left_s = max(self._ends_s - time.monotonic(), 0)
        share = heads / max(self._heads, 1)
        self._heads -= heads
        return replace(self._budget, seconds=max(left_s * share, _LEAST_S))


def _plan_day(given: FeederInput, departures: Sequence[Departure], *, states: Sequence[VehicleState]) -> _Day:
    """Hold what is locked, keep what was told, insert or search the rest, try who is left party by party."""
    held, states = _hold(given, departures, states=states)
    given = _without(given, held)
    units, told = find_told(given.previous, departures, parties=given.parties)
    riding = {party.id for unit in units for party in unit.parties}
    for departure in departures:
        waiting = [party for party in given.parties.get(departure.id, ()) if party.id not in riding]
        units += gather_villages(given.campaign, given.network, departure=departure, parties=waiting)
    day = given.ground.build(departures, units=units, states=states)
    kept = keep_lawful(day, told)
    rested = start_of_day(given.campaign, given.network, departure=departures[0], before=())
    fresh = list(states) == rested

    def report(progress: Progress) -> None:
        given.report(departures, progress)

    budget = replace(given.budget, progress=report)
    found = _search(given, day, kept=kept, budget=budget if fresh else _part(budget, 1 - _PROOF))
    whole = day
    day, shifts = _divide(given, day, found=found, kept=kept, states=states)
    bound, reports = found.bound, found.reports
    left = _left(day, shifts)
    drafts, evening = to_drafts(given.ground, day, shifts=shifts, kept=kept, states=states)
    drafts = in_order((*held, *drafts))
    if bound is None or left or not fresh or is_newly_cut(whole, shifts):
        proved, made = (
            lay_out(given.ground, departures, drafts=drafts, states=rested) if held else (day, shifts)
        )
        bound, broken = prove_day(
            given.campaign,
            given.network,
            day=proved,
            shifts=made,
            states=rested,
            budget=_part(budget, _PROOF),
        )
        reports += broken
    elif fallen := fall_back(day.problem, bound, fen=day.problem.objective_fen(shifts)):
        bound, broken = fallen
        reports += (broken,)
    return _Day(
        drafts=drafts,
        left=left,
        bound=bound,
        reports=reports,
        states=evening,
    )


def _hold(
    given: FeederInput, departures: Sequence[Departure], *, states: Sequence[VehicleState]
) -> tuple[list[Draft], list[VehicleState]]:
    """Locked runs that can be made as they were told, and all vehicles after them.

    Who comes late may board at a call that is made anyway.
    """
    locks = standing_locks(given.campaign, LockKind.ROUTE)
    if given.previous is None or not locks:
        return [], list(states)
    units, told = find_told(given.previous, departures, parties=given.parties)
    riding = {party.id for unit in units for party in unit.parties}
    told = choose_locked(told, locks)
    day = given.ground.build(departures, units=units, states=states)
    kept = keep_lawful(day, told, on_time=True)
    late = [
        party for entry in departures for party in given.parties.get(entry.id, ()) if party.id not in riding
    ]
    for party, visit in ((party, visit) for party in late for entry in told for visit in entry.visits):
        call = units[visit]
        if (
            party.id in riding
            or party.village_id != call.place_id
            or party not in given.parties[call.departure.id]
        ):
            continue
        more = [*units[:visit], replace(call, parties=(*call.parties, party)), *units[visit + 1 :]]
        fuller = given.ground.build(departures, units=more, states=states)
        again = keep_lawful(fuller, told, on_time=True)
        if [entry.routes for entry in again] == [entry.routes for entry in kept]:
            riding.add(party.id)
            units, day, kept = more, fuller, again
    shifts = [entry.shift for entry in kept]
    return to_drafts(given.ground, day, shifts=shifts, kept=kept, states=states)


def _without(given: FeederInput, held: Sequence[Draft]) -> FeederInput:
    """What is left to plan: nobody who rides on a held run, and none of these runs."""
    riders = {party.id for draft in held for unit in draft.units for party in unit.parties}
    waiting = {
        departure: [party for party in parties if party.id not in riders]
        for departure, parties in given.parties.items()
    }
    return replace(given, parties=waiting) if held else given


def _part(budget: Budget, share: float) -> Budget:
    """So much of a budget's seconds."""
    return budget if budget.seconds is None else replace(budget, seconds=budget.seconds * share)


def _search(given: FeederInput, day: Collecting, *, kept: Sequence[Kept], budget: Budget) -> _Found:
    """Search everything, or what kept runs did not take; then insert the rest where it disturbs nobody."""
    problem = day.problem
    if not kept:
        if not problem.visits:
            return _Found(shifts=())
        solution = ROUTERS[given.router](problem, budget)
        return _Found(shifts=solution.shifts, bound=solution.bound, reports=solution.reports)
    standing = tuple(entry.shift for entry in kept)
    inserted = insert_all(problem, standing, visits=problem.left_out(standing), manned=len(kept))
    new_trips = sum(len(shift.trips) for shift in inserted) - sum(len(shift.trips) for shift in standing)
    if new_trips < _WORTH_A_SEARCH and not problem.left_out(inserted):
        return _Found(shifts=inserted)
    searched = _search_rest(given, day, kept=kept, budget=budget)
    return min((searched, _Found(shifts=inserted)), key=lambda found: problem.objective_fen(found.shifts))


def _search_rest(given: FeederInput, day: Collecting, *, kept: Sequence[Kept], budget: Budget) -> _Found:
    """Search for those whom no kept run takes, with the vehicles as the kept runs leave them."""
    standing = [entry.shift for entry in kept]
    by_vehicle = {entry.vehicle: number for number, entry in enumerate(kept)}
    states = [
        walk(given.ground, day, state=state, trips=standing[by_vehicle[state.id]].trips)[1]
        if state.id in by_vehicle
        else state
        for group in day.members
        for state in group
    ]
    open_visits = day.problem.left_out(standing)
    units = [day.units[visit] for visit in open_visits]
    rest = given.ground.build(day.departures, units=units, states=states)
    solution = ROUTERS[given.router](rest.problem, budget)
    free = [list(group) for group in rest.members]
    new: list[Shift] = []
    for shift in solution.shifts:
        vehicle = free[shift.vehicle_class].pop(0).id
        trips = tuple(
            replace(trip, visits=tuple(open_visits[visit] for visit in trip.visits)) for trip in shift.trips
        )
        number = by_vehicle.get(vehicle)
        if number is None:
            new.append(Shift(vehicle_class=day.class_of(vehicle) or 0, trips=trips))
        else:
            standing[number] = replace(standing[number], trips=standing[number].trips + trips)
    return _Found(shifts=(*standing, *new), reports=solution.reports)


def _divide(
    given: FeederInput,
    day: Collecting,
    *,
    found: _Found,
    kept: Sequence[Kept],
    states: Sequence[VehicleState],
) -> tuple[Collecting, tuple[Shift, ...]]:
    """Try those left party by party; then once more with told times free to move."""
    shifts = found.shifts
    left = set(day.problem.left_out(shifts))
    if not left:
        return day, shifts
    units = [
        replace(unit, divisible=True) if number in left and len(unit.parties) > 1 else unit
        for number, unit in enumerate(day.units)
    ]
    day = given.ground.build(day.departures, units=units, states=states)
    stop = given.budget.stop if given.budget.seconds is None else clocked(_part(given.budget, _REPAIR))
    shifts = insert_all(day.problem, shifts, visits=sorted(left), manned=len(kept), stop=stop)
    still = day.problem.left_out(shifts)
    if kept and still:
        loose = insert_all(
            day.problem,
            [at_times(shift, ()) for shift in shifts],
            visits=still,
            manned=len(kept),
            stop=stop,
        )
        if day.problem.missed_fen(loose) < day.problem.missed_fen(shifts):
            shifts = pin_again(day, loose, told=shifts)
    return day, shifts


def _left(day: Collecting, shifts: Sequence[Shift]) -> list[tuple[Party, Departure]]:
    """Parties that no trip takes."""
    left: list[tuple[Party, Departure]] = []
    for number, parts in day.problem.missing(shifts).items():
        unit = day.units[number]
        members = [unit.parties[part] for part in parts] if parts else unit.parties
        left += [(party, unit.departure) for party in members]
    return left
