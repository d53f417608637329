"""The figures of departures that an organiser reads first: coaches, groups, waiting, captains, subsidies."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from planner.demand import build_demand
from planner.model.fleet import Mode
from planner.model.plan import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from planner.errors import Arg
    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure
    from planner.model.papers import Override
    from planner.model.people import RegistrationId
    from planner.model.plan import Plan, Subsidised, Unserved
    from planner.model.trunk import Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A destination that no crew of ours may drive to: how many wanted it, the figures, the clause."""

    heads: int
    args: Mapping[str, Arg]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsidyCount:
    """People sent by scheduled transport to one destination for one reason; None: too few for a coach."""

    destination_id: str
    cause: Cause | None
    heads: int
    fen: int
    sample: Unserved | None
    """One of the reasons, for its words and fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkSummary:
    """Heads, fen and days of the departures of a plan.

    ``groups`` are people of one employer, destination and days, at least ``group_heads`` of them; a group is
    kept when it rides on no more departures than it needs. ``fill`` is the mean over coaches of people over
    the load allowed.
    """

    coaches: int
    vehicles: int
    drivers: int
    riders: int
    fill: float
    cost_fen: int
    """Coaches, trains, tickets and subsidies."""
    head_fen: int
    """All of the cost, feeders too, over everybody who travels."""
    groups: int
    groups_kept: int
    group_heads: int
    wait_mean: float
    wait_max: int
    captains: int
    captains_needed: int
    """Coaches and carriages that somebody rides."""
    subsidised: int
    subsidies: tuple[SubsidyCount, ...]
    refused: tuple[RefusedLine, ...]
    overrides: tuple[Override, ...]
    proofs: tuple[Proof, ...]


def summarise_trunk(campaign: Campaign, plan: Plan) -> TrunkSummary:
    """Add up the departures of a plan; ids that the campaign does not know count as nothing."""
    departures = {each.id: each for each in (*campaign.departures, *plan.departures)}
    ride_of: dict[str, Departure] = {
        person: departures[leg.departure_id]
        for leg in plan.legs
        if leg.run is None and leg.departure_id in departures
        for person in leg.registration_ids
    }
    heads = Counter(departure.id for departure in ride_of.values())
    coaches = [each for each in departures.values() if each.mode is Mode.COACH and heads[each.id]]
    waits = _waits(campaign, plan, ride_of=ride_of)
    subsidised = sum(len(paid.registration_ids) for paid in plan.subsidised)
    groups, kept = _groups(campaign, ride_of)
    travelling = len(ride_of) + subsidised
    return TrunkSummary(
        coaches=len(coaches),
        vehicles=len({run.vehicle_id for run in plan.trunk_runs}),
        drivers=len({driver for run in plan.trunk_runs for driver in run.drivers}),
        riders=len(ride_of),
        fill=fmean(heads[each.id] / each.quota for each in coaches if each.quota) if coaches else 0.0,
        cost_fen=plan.trunk_cost_fen,
        head_fen=(plan.trunk_cost_fen + plan.cost_fen) // travelling if travelling else 0,
        groups=groups,
        groups_kept=kept,
        group_heads=campaign.rules.trunk.captain_heads,
        wait_mean=fmean(waits) if waits else 0.0,
        wait_max=max(waits, default=0),
        captains=len({(each.departure_id, each.carriage) for each in plan.captains if not each.employer}),
        captains_needed=len(
            {(each.id, 0) for each in coaches}
            | {(seat.departure_id, seat.carriage) for seat in plan.seats if seat.carriage}
        ),
        subsidised=subsidised,
        subsidies=_subsidies(plan.subsidised),
        refused=_refused(plan),
        overrides=tuple(entry for entry in campaign.overrides if entry.until >= campaign.first_day),
        proofs=plan.proofs,
    )


def _waits(campaign: Campaign, plan: Plan, *, ride_of: Mapping[str, Departure]) -> list[int]:
    """Days from when each is ready to when each leaves."""
    ready: dict[str, date] = {person.id: person.travel_date for person in campaign.registrations}
    leaves: dict[str, date] = {person: departure.day for person, departure in ride_of.items()}
    leaves |= {person: paid.day for paid in plan.subsidised for person in paid.registration_ids}
    return [(day - ready[person]).days for person, day in leaves.items() if person in ready]


def _groups(campaign: Campaign, ride_of: Mapping[str, Departure]) -> tuple[int, int]:
    """Large groups of one employer, destination and days that ride with us, and how many are kept.

    Parties with people of several employers stay together as parties and count in no group.
    """
    found: defaultdict[tuple[object, ...], list[RegistrationId]] = defaultdict(list)
    for party in build_demand(campaign):
        riders = [person for person in party.registration_ids if person in ride_of]
        if party.employer and len(party.rides) == 1:
            days = party.travel_date, party.latest_date
            found[party.employer, party.rides[0][0], *days] += riders
    large = [group for group in found.values() if len(group) >= campaign.rules.trunk.captain_heads]
    return len(large), sum(_is_kept(group, ride_of) for group in large)


def _is_kept(group: list[RegistrationId], ride_of: Mapping[str, Departure]) -> bool:
    used = {ride_of[person].id: ride_of[person].quota for person in group}
    needed = -(-len(group) // max(used.values()))
    return len(used) <= needed


def _subsidies(paid: Iterable[Subsidised]) -> tuple[SubsidyCount, ...]:
    groups: defaultdict[tuple[str, str], list[Subsidised]] = defaultdict(list)
    for entry in paid:
        groups[entry.destination_id, entry.why.cause if entry.why else ""].append(entry)
    return tuple(
        SubsidyCount(
            destination_id=destination,
            cause=Cause(cause) if cause else None,
            heads=sum(len(entry.registration_ids) for entry in group),
            fen=sum(entry.fen for entry in group),
            sample=group[0].why,
        )
        for (destination, cause), group in sorted(groups.items())
    )


def _refused(plan: Plan) -> tuple[RefusedLine, ...]:
    """Lines that the law refuses, by destination: those left behind by it and those paid because of it."""
    reasons = [(left, left.registration_ids) for left in plan.unserved]
    reasons += [(paid.why, paid.registration_ids) for paid in plan.subsidised if paid.why]
    heads: Counter[str] = Counter()
    figures: dict[str, Mapping[str, Arg]] = {}
    for left, people in reasons:
        if left.cause is Cause.RUN_UNLAWFUL:
            destination = str(left.args.get("destination", ""))
            heads[destination] += len(people)
            figures.setdefault(destination, left.args)
    return tuple(
        RefusedLine(heads=heads[destination], args=figures[destination]) for destination in sorted(heads)
    )
