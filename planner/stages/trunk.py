"""Which party takes which departure: within the quotas, townships whole, the feeders' work level.

Villages go as blocks; when a quota cuts a block, its parties are placed one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.demand import Party, PartyId
from planner.model.campaign import Campaign
from planner.model.fleet import DepartureId
from planner.network import Network
from planner.solvers.assignment import Block, assign_blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkChoice:
    """Departure by party; ``left`` are those for whom no open departure had a seat."""

    departure_of: Mapping[PartyId, DepartureId]
    left: tuple[Party, ...]


def choose_departures(
    campaign: Campaign,
    network: Network,
    open_to: Mapping[PartyId, Sequence[DepartureId]],
    *,
    parties: Sequence[Party],
    told: Mapping[PartyId, DepartureId],
    seed: int,
) -> TrunkChoice:
    """Assign parties to departures open to them; those in ``told`` keep theirs where it still is.

    ``open_to`` holds, for every party, at least one departure that it could reach if it were alone.
    """
    quota = {departure.id: departure.quota for departure in campaign.departures}
    choice: dict[PartyId, DepartureId] = {}
    for party in parties:
        kept = told.get(party.id)
        if kept is not None and kept in open_to[party.id] and quota[kept] >= party.size:
            choice[party.id] = kept
            quota[kept] -= party.size
    waiting = [party for party in parties if party.id not in choice]
    groups = _group(campaign, network, waiting, open_to)
    numbers = {departure.id: number for number, departure in enumerate(campaign.departures)}
    blocks = [
        Block(
            heads=sum(party.size for party in members),
            bins=tuple(numbers[departure] for departure in open_to[members[0].id]),
            cluster=cluster,
            kind=kind,
        )
        for (cluster, _, kind, _), members in groups
    ]
    bins = assign_blocks(blocks, [quota[d.id] for d in campaign.departures], seed=seed) if blocks else ()
    for (_, members), bin_ in zip(groups, bins, strict=True):
        if bin_ is not None:
            departure = campaign.departures[bin_].id
            choice.update(dict.fromkeys((party.id for party in members), departure))
            quota[departure] -= sum(party.size for party in members)
    _place_singly([party for party in waiting if party.id not in choice], open_to, choice=choice, quota=quota)
    return TrunkChoice(departure_of=choice, left=tuple(p for p in parties if p.id not in choice))


def _group(
    campaign: Campaign, network: Network, parties: Sequence[Party], open_to: Mapping[PartyId, Sequence[DepartureId]]
) -> list[tuple[tuple[str, str, str, tuple[str, ...]], list[Party]]]:
    """Blocks of parties: same village, same open departures; with township and permitted types as marks."""
    township = {place.id: place.township for place in campaign.places}
    stations = sorted({departure.origin_id for departure in campaign.departures})
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[Party]] = defaultdict(list)
    for party in parties:
        village = party.village_id
        reach = [
            kind.id
            for kind in campaign.vehicle_types
            if any(network.seconds(kind.id, village, station) is not None for station in stations)
        ]
        key = (township[village], village, "+".join(reach), tuple(sorted(open_to[party.id])))
        groups[key].append(party)
    return sorted(groups.items())


def _place_singly(
    parties: Sequence[Party],
    open_to: Mapping[PartyId, Sequence[DepartureId]],
    *,
    choice: dict[PartyId, DepartureId],
    quota: dict[DepartureId, int],
) -> None:
    """Put what the blocks left over where most seats remain, largest party first."""
    for party in sorted(parties, key=lambda party: (-party.size, party.id)):
        best = max(open_to[party.id], key=lambda departure: (quota[departure], departure))
        if quota[best] >= party.size:
            choice[party.id] = best
            quota[best] -= party.size
