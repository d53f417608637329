"""From villages to where departures begin: one gate for coaches that leave together, and who missed them.

Whom the feeder cannot bring goes back to the trunk: to a later departure with seats if their days allow it,
else to scheduled transport, else they stay behind; each with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from planner.explain import Explainer
from planner.stages.again import Fares, Seats
from planner.stages.feeder import FeederInput, FeederResult, plan_feeder
from planner.stages.overrun import least_overrun_s
from planner.stages.thin import join_thin

if TYPE_CHECKING:
    from datetime import date

    from planner.demand import Party, PartyId
    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure, DepartureId, VehicleId
    from planner.model.plan import Plan, Subsidised, Unserved
    from planner.network import Network
    from planner.solvers.routing.search import Budget, Progress
    from planner.stages.onward import Onward


_DETOURS: Final = 60
"""Villages left behind for which a detour of a run with free seats is looked at; then it takes too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectInput:
    """What the stage is given; ``campaign.departures`` are all there are, planned ones too."""

    campaign: Campaign
    network: Network
    parties: Sequence[Party]
    onward: Onward
    previous: Plan | None
    router: str
    budget: Budget
    report: Callable[[Sequence[Departure], Progress], None]
    driven: Mapping[tuple[VehicleId, date], int] = field(
        default_factory=dict[tuple["VehicleId", "date"], int]
    )
    """Seconds at the wheel of feeder vehicles on a day before any of this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The feeder's rounds, what everybody on them rides onward, and who is not on them."""

    feeder: FeederResult
    departure_of: Mapping[PartyId, Departure]
    subsidised: tuple[Subsidised, ...]
    unserved: tuple[Unserved, ...]
    changed: int
    """Heads who do not leave on the day that was chosen for them."""


def collect_people(given: CollectInput) -> Collected:
    """Plan the feeder; ``subsidised`` and ``unserved`` are those it adds."""
    seats = Seats(
        given.campaign.departures,
        departure_of=given.onward.departure_of,
        open_to=given.onward.open_to,
        parties=given.parties,
    )
    gates = _find_gates(given)
    waiting: dict[DepartureId, list[Party]] = defaultdict(list)
    for party in given.parties:
        if party.id in seats.departure_of:
            waiting[gates[seats.departure_of[party.id].id]].append(party)

    def again(party: Party) -> DepartureId | None:
        later = seats.move(party)
        return None if later is None else gates[later.id]

    used = set(gates.values())
    campaign = replace(
        given.campaign, departures=tuple(entry for entry in given.campaign.departures if entry.id in used)
    )
    feeder = plan_feeder(
        FeederInput(
            campaign=campaign,
            network=given.network,
            parties=waiting,
            previous=given.previous,
            router=given.router,
            budget=given.budget,
            report=given.report,
            driven=given.driven,
            again=again,
        )
    )
    departure_of = join_thin(
        given.onward.departures,
        departure_of=_without(seats.departure_of, feeder),
        parties=given.parties,
        fixed={entry.id for entry in given.previous.departures} if given.previous else (),
    )
    feeder = _name_gates(feeder, departure_of)
    return _settle(given, campaign, feeder=feeder, departure_of=departure_of)


def _without(departure_of: Mapping[PartyId, Departure], feeder: FeederResult) -> dict[PartyId, Departure]:
    left = {party.id for party, _ in feeder.left}
    return {party: entry for party, entry in departure_of.items() if party not in left}


def _find_gates(given: CollectInput) -> dict[DepartureId, DepartureId]:
    """By departure the one whose id stands for its gate: that of told runs if there are any."""
    told = {route.departure_id for route in given.previous.routes} if given.previous else set[str]()
    together: dict[object, list[DepartureId]] = defaultdict(list)
    for entry in given.campaign.departures:
        together[entry.gate].append(entry.id)
    first = {gate: min(ids, key=lambda name: (name not in told, name)) for gate, ids in together.items()}
    return {entry.id: first[entry.gate] for entry in given.campaign.departures}


def _name_gates(feeder: FeederResult, departure_of: Mapping[PartyId, Departure]) -> FeederResult:
    """Let each round lead to a departure that somebody rides: what stood for its gate may be empty."""
    ridden = {entry.id: entry for entry in departure_of.values()}
    first = {ridden[name].gate: ridden[name] for name in sorted(ridden, reverse=True)}
    drafts = tuple(
        draft if draft.departure.id in ridden else replace(draft, departure=first[draft.departure.gate])
        for draft in feeder.drafts
    )
    return replace(feeder, drafts=drafts)


def _settle(
    given: CollectInput,
    campaign: Campaign,
    *,
    feeder: FeederResult,
    departure_of: Mapping[PartyId, Departure],
) -> Collected:
    """Say why of everybody who is left, and pay for scheduled transport where there is any."""
    explainer, fares = Explainer(campaign, given.network), Fares(given.campaign)
    overruns: dict[tuple[str, int, str], int | None] = {}
    subsidised: list[Subsidised] = []
    unserved: list[Unserved] = []
    for party, departure in feeder.left:
        alike = party.village_id, party.size, departure.id
        if alike not in overruns and len(overruns) < _DETOURS:
            overruns[alike] = least_overrun_s(
                campaign, given.network, feeder=feeder, party=party, departure=departure
            )
        why = explainer.explain_fleet(party, departure, overrun_s=overruns.get(alike))
        paid = fares.pay(party, day=departure.day, why=why)
        if paid is None:
            unserved.append(why)
        else:
            subsidised += paid
    return Collected(
        feeder=feeder,
        departure_of=departure_of,
        subsidised=tuple(subsidised),
        unserved=tuple(unserved),
        changed=_count_changed(given, departure_of),
    )


def _count_changed(given: CollectInput, departure_of: Mapping[PartyId, Departure]) -> int:
    """Heads who were given a day and leave on another, or not at all."""
    sizes = {party.id: party.size for party in given.parties}
    day_of = {party: departure_of[party].day for party in departure_of}
    return sum(
        sizes[party] for party, was in given.onward.departure_of.items() if day_of.get(party) != was.day
    )
