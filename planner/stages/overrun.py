"""By how much the ride limit would have to give for a left-behind party to join a run with free seats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.solvers.routing.problem import Trip
from planner.stages.day import Unit, build_collecting

if TYPE_CHECKING:
    from planner.demand import Party
    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure
    from planner.network import Network
    from planner.stages.drafts import Draft
    from planner.stages.feeder import FeederResult


def least_overrun_s(
    campaign: Campaign, network: Network, *, feeder: FeederResult, party: Party, departure: Departure
) -> int | None:
    """Least seconds above the ride limit over the departure's runs with room; None when none could."""
    overruns = [
        overrun
        for draft in feeder.drafts
        if draft.departure.id == departure.id
        and (overrun := _overrun_s(campaign, network, draft=draft, party=party)) is not None
    ]
    return min(filter(None, overruns), default=None)


def _overrun_s(campaign: Campaign, network: Network, *, draft: Draft, party: Party) -> int | None:
    newcomer_unit = Unit(departure=draft.departure, place_id=party.village_id, parties=(party,))
    units = (*draft.units, newcomer_unit)
    departures = [entry for entry in campaign.departures if entry.day == draft.departure.day]
    problem = build_collecting(
        campaign, network, departures=departures, units=units, states=[draft.state]
    ).problem
    standing, gate = problem.start_of(0), departures.index(draft.departure)
    newcomer = len(units) - 1
    found: list[int] = []
    for place in range(len(units)):
        visits = [*range(place), newcomer, *range(place, newcomer)]
        trip = Trip(visits=tuple(visits), gate=gate)
        times = problem.times(0, trip, standing=standing)
        fault = problem.find_fault(0, trip, standing=standing, times=times)
        if times is not None and fault in {None, "ride"}:
            found.append(max(times.ride_s - problem.ride_limit_s, 0))
    return min(found, default=None)
