"""Coaches that begin at a township instead of the county seat, where that is cheaper.

Days and means are weighed with all coaches at the hub. Then, among coaches of one day, city, firm and type,
one after the other is filled with those who live nearest to another place that has a road for coaches, if
what its feeders no longer drive is worth more than what the coach itself drives more. Feeders are reckoned
by the head and kilometre of the cheapest type, which is too little rather than too much.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from planner.model.fleet import Service

if TYPE_CHECKING:
    from datetime import date

    from planner.demand import Party, PartyId
    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure, VehicleTypeId
    from planner.model.places import DestinationId, PlaceId
    from planner.network import Network
    from planner.stages.charters import Charter
    from planner.stages.coaches import Line, Offer


class _Alike(NamedTuple):
    """Coaches whose riders may change places."""

    day: date
    destination: DestinationId
    employer: str
    kind: VehicleTypeId


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """A coach that begins elsewhere: its line, who rides it, what that saves in fen."""

    line: Line
    riders: tuple[Party, ...]
    gain_fen: float


def begin_nearer(
    campaign: Campaign,
    network: Network,
    *,
    offer: Offer,
    charters: Sequence[Charter],
    open_to: Mapping[PartyId, Sequence[Departure]],
) -> tuple[Charter, ...]:
    """Let coaches begin at other places where that is cheaper; nobody changes day, city, firm or means."""
    desk = _Desk(campaign, network, offer=offer, open_to=open_to)
    alike: dict[_Alike, list[Charter]] = defaultdict(list)
    for charter in charters:
        entry, corridor = charter.departure, charter.line.corridor
        alike[
            _Alike(
                day=entry.day,
                destination=corridor.destination_id,
                employer=entry.employer,
                kind=charter.line.kind.id,
            )
        ].append(charter)
    made = [charter for key in sorted(alike) for charter in desk.share_out(key, alike[key])]
    return tuple(sorted(made, key=lambda charter: charter.departure.id))


class _Desk:
    """Costs of ways and coaches of one campaign."""

    def __init__(
        self,
        campaign: Campaign,
        network: Network,
        *,
        offer: Offer,
        open_to: Mapping[PartyId, Sequence[Departure]],
    ) -> None:
        self._campaign, self._network, self._offer = campaign, network, offer
        self._reach = {
            party: {
                (entry.origin_id, entry.day, call.destination_id) for entry in ways for call in entry.calls
            }
            for party, ways in open_to.items()
        }
        kinds = {kind.id: kind for kind in campaign.vehicle_types}
        load = campaign.rules.feeder.load_percent
        used = [kinds[group.type_id] for group in campaign.fleet if group.service is Service.FEEDER]
        self._feeders = [kind for kind in used if kind.seats_at(load) > 0]
        self._fen_per_head_m = min(
            (kind.per_km_fen / 1000 / kind.seats_at(load) for kind in self._feeders), default=0.0
        )

    def share_out(self, key: _Alike, charters: list[Charter]) -> list[Charter]:
        """Take one coach after another away from the hub as long as that saves something."""
        hub = list(charters)
        done: list[Charter] = []
        while hub:
            lines = self._offer.lines[key.destination]
            moves = [
                self._find_move(key, hub, line=kinds[key.kind])
                for origin, kinds in sorted(lines.items())
                if key.kind in kinds and origin != hub[0].line.corridor.origin_id
            ]
            best = max((move for move in moves if move), key=lambda move: move.gain_fen, default=None)
            if best is None:
                break
            going = {party.id for party in best.riders}
            rest = _pack(
                [party for charter in hub for party in charter.riders if party.id not in going],
                coaches=len(hub) - 1,
                seats=hub[0].departure.quota,
            )
            done.append(replace(hub[0].moved(self._campaign, best.line), riders=best.riders))
            hub = [
                replace(charter, riders=riders) for charter, riders in zip(hub[1:], rest or [], strict=True)
            ]
        return [*done, *hub]

    def _find_move(self, key: _Alike, hub: Sequence[Charter], *, line: Line) -> _Move | None:
        origin, seats = line.corridor.origin_id, hub[0].departure.quota
        wanted = (origin, key.day, key.destination)
        worth = [
            (saved, party)
            for charter in hub
            for party in charter.riders
            if wanted in self._reach[party.id]
            and (saved := self._saved_fen(party, was=charter.line.corridor.origin_id, now=origin)) > 0
        ]
        riders: list[Party] = []
        gain, free = float(hub[0].line.cost_fen - line.cost_fen), seats
        for saved, party in sorted(worth, key=lambda entry: (-entry[0] / entry[1].size, entry[1].id)):
            if party.size <= free:
                riders.append(party)
                gain, free = gain + saved, free - party.size
        going = {party.id for party in riders}
        rest = [party for charter in hub for party in charter.riders if party.id not in going]
        thin = seats - free < self._campaign.rules.trunk.least_heads
        if gain <= 0 or thin or _pack(rest, coaches=len(hub) - 1, seats=seats) is None:
            return None
        return _Move(line=line, riders=tuple(riders), gain_fen=gain)

    def _saved_fen(self, party: Party, *, was: PlaceId, now: PlaceId) -> float:
        """What bringing a party to another place saves, by the type with the shortest ways."""
        ways = [
            (before, after)
            for kind in self._feeders
            if (before := self._network.metres(kind.id, party.village_id, was)) is not None
            and (after := self._network.metres(kind.id, party.village_id, now)) is not None
        ]
        if not ways:
            return 0.0
        before, after = min(ways)
        return party.size * self._fen_per_head_m * (before - after)


def _pack(parties: Sequence[Party], *, coaches: int, seats: int) -> list[tuple[Party, ...]] | None:
    """First fit, largest first; None where they do not fit so. No coach may be left empty."""
    loads: list[list[Party]] = [[] for _ in range(coaches)]
    free = [seats] * coaches
    for party in sorted(parties, key=lambda party: (-party.size, party.id)):
        place = next((number for number in range(coaches) if free[number] >= party.size), None)
        if place is None:
            return None
        loads[place].append(party)
        free[place] -= party.size
    return [tuple(load) for load in loads] if all(loads) else None
