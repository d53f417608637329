"""Which party takes which departure: within the quotas, townships whole, the feeders' work level.

Townships go as blocks; what does not fit so goes by villages, and what a quota cuts, party by party.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from planner.demand import Party, PartyId
from planner.model.campaign import Campaign
from planner.model.fleet import DepartureId
from planner.model.places import PlaceId
from planner.network import Network
from planner.solvers.assignment import Block, assign_blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunkChoice:
    """Departure by party; ``left`` are those for whom no open departure had a seat."""

    departure_of: Mapping[PartyId, DepartureId]
    left: tuple[Party, ...]


class _Key(NamedTuple):
    """What the parties of one block share; ``village`` is empty for a whole township."""

    township: str
    village: str
    reach: str
    open_to: tuple[DepartureId, ...]


def choose_departures(
    campaign: Campaign,
    network: Network,
    *,
    open_to: Mapping[PartyId, Sequence[DepartureId]],
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
    by_party, seats = dict(choice), dict(quota)
    for whole_townships in (True, False):
        waiting = [party for party in parties if party.id not in choice]
        groups = _group(campaign, network, parties=waiting, open_to=open_to, whole_townships=whole_townships)
        _place_blocks(campaign, groups, open_to=open_to, choice=choice, quota=quota, seed=seed)
    _place_singly([party for party in parties if party.id not in choice], open_to, choice=choice, quota=quota)
    waiting = [party for party in parties if party.id not in by_party]
    if len(choice) < len(parties) and any(quota.values()):
        # Seats are short: nobody stays behind for the sake of whole townships.
        groups = _group(campaign, network, parties=waiting, open_to=open_to, whole_townships=False)
        singles = [(key, [party]) for key, members in groups for party in members]
        _place_blocks(campaign, singles, open_to=open_to, choice=by_party, quota=seats, seed=seed)
        choice = max(choice, by_party, key=lambda tried: sum(p.size for p in parties if p.id in tried))
    return TrunkChoice(departure_of=choice, left=tuple(p for p in parties if p.id not in choice))


def _place_blocks(
    campaign: Campaign,
    groups: Sequence[tuple[_Key, list[Party]]],
    *,
    open_to: Mapping[PartyId, Sequence[DepartureId]],
    choice: dict[PartyId, DepartureId],
    quota: dict[DepartureId, int],
    seed: int,
) -> None:
    if not groups:
        return
    numbers = {departure.id: number for number, departure in enumerate(campaign.departures)}
    blocks = [
        Block(
            heads=sum(party.size for party in members),
            bins=tuple(numbers[departure] for departure in open_to[members[0].id]),
            cluster=key.township,
            kind=key.reach,
        )
        for key, members in groups
    ]
    bins = assign_blocks(blocks, [quota[departure.id] for departure in campaign.departures], seed=seed)
    for (_, members), bin_ in zip(groups, bins, strict=True):
        if bin_ is not None:
            departure = campaign.departures[bin_].id
            choice.update(dict.fromkeys((party.id for party in members), departure))
            quota[departure] -= sum(party.size for party in members)


def _group(
    campaign: Campaign,
    network: Network,
    *,
    parties: Sequence[Party],
    open_to: Mapping[PartyId, Sequence[DepartureId]],
    whole_townships: bool,
) -> list[tuple[_Key, list[Party]]]:
    """Parties of one township or village whom the same vehicle types reach for the same departures."""
    township = {place.id: place.township for place in campaign.places}
    stations = sorted({departure.origin_id for departure in campaign.departures})
    reach: dict[PlaceId, str] = {}
    groups: dict[_Key, list[Party]] = defaultdict(list)
    for party in parties:
        village = party.village_id
        if village not in reach:
            types = (
                kind.id
                for kind in campaign.vehicle_types
                if any(network.seconds(kind.id, village, station) is not None for station in stations)
            )
            reach[village] = "+".join(types)
        key = _Key(
            township=township[village] or village,
            village="" if whole_townships else village,
            reach=reach[village],
            open_to=tuple(sorted(open_to[party.id])),
        )
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
