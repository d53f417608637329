"""Coaches that the feeder left half empty: their people join another one, and it stays at home.

Only coaches of one place, hour and city are looked at, so nobody's way to the gate changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.demand import Party, PartyId
    from planner.model.fleet import Departure, DepartureId


def join_thin(
    departures: Iterable[Departure],
    *,
    departure_of: Mapping[PartyId, Departure],
    parties: Iterable[Party],
    fixed: Collection[DepartureId] = (),
) -> dict[PartyId, Departure]:
    """Empty the thinnest coach into the others, again and again, as long as all of it fits, parties whole.

    ``fixed`` are coaches that people were told; nobody leaves those. An employer's own coach takes its own.
    """
    chosen = dict(departure_of)
    riders: dict[DepartureId, list[Party]] = defaultdict(list)
    for party in parties:
        if party.id in chosen:
            riders[chosen[party.id].id].append(party)
    together: dict[object, list[Departure]] = defaultdict(list)
    for entry in departures:
        if riders[entry.id]:
            together[entry.gate, tuple(call.destination_id for call in entry.calls)].append(entry)
    for coaches in together.values():
        thin = [entry for entry in coaches if entry.id not in fixed]
        for entry in sorted(thin, key=lambda entry: (_heads(riders[entry.id]), entry.id)):
            moves = _find_room(entry, [other for other in coaches if other is not entry], riders=riders)
            for party, other in moves:
                chosen[party.id] = other
                riders[other.id].append(party)
                riders[entry.id].remove(party)
    return chosen


def _find_room(
    entry: Departure, others: Iterable[Departure], *, riders: Mapping[DepartureId, list[Party]]
) -> list[tuple[Party, Departure]]:
    """Where everybody of a coach could go instead; nothing where that is not all of them."""
    free = {other.id: other.quota - _heads(riders[other.id]) for other in others if riders[other.id]}
    by_id = {other.id: other for other in others}
    moves: list[tuple[Party, Departure]] = []
    for party in sorted(riders[entry.id], key=lambda party: (-party.size, party.id)):
        able = [
            name for name in free if free[name] >= party.size and by_id[name].employer in {"", party.employer}
        ]
        if not able:
            return []
        best = min(able, key=lambda name: (free[name], name))
        free[best] -= party.size
        moves.append((party, by_id[best]))
    return moves


def _heads(parties: Iterable[Party]) -> int:
    return sum(party.size for party in parties)
