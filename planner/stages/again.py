"""Whom the feeder could not bring in time: a later departure with seats, else what runs anyway."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from planner.model.plan import Subsidised, Unserved

if TYPE_CHECKING:
    from datetime import date

    from planner.demand import Party, PartyId
    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure, DepartureId


class Fares:
    """Scheduled transport as the campaign pays for it."""

    def __init__(self, campaign: Campaign) -> None:
        self._fares = {fare.destination_id: fare.fen_per_head for fare in campaign.fares}
        self._goes_to = {person.id: person.destination_id for person in campaign.registrations}

    def pay(self, party: Party, *, day: date, why: Unserved | None) -> tuple[Subsidised, ...] | None:
        """Scheduled transport for a party; None where there is none to a place it goes to."""
        if any(destination not in self._fares for destination, _ in party.rides):
            return None
        return tuple(
            Subsidised(
                registration_ids=tuple(
                    person for person in party.registration_ids if self._goes_to[person] == destination
                ),
                destination_id=destination,
                day=day,
                fen=self._fares[destination] * heads,
                why=why,
            )
            for destination, heads in party.rides
        )


class Seats:
    """Free seats of all departures, and who could be brought to which."""

    def __init__(
        self,
        departures: Iterable[Departure],
        *,
        departure_of: Mapping[PartyId, Departure],
        open_to: Mapping[PartyId, Sequence[Departure]],
        parties: Iterable[Party],
    ) -> None:
        self.departure_of = dict(departure_of)
        self._departures = sorted(departures, key=lambda departure: (departure.departs, departure.id))
        self._open_to = open_to
        self._free = Counter["DepartureId"]({entry.id: entry.quota for entry in self._departures})
        for party in parties:
            if party.id in self.departure_of:
                self._free[self.departure_of[party.id].id] -= party.size

    def move(self, party: Party) -> Departure | None:
        """Give a party that could not be brought the next departure of a later day that it can; else none."""
        was = self.departure_of.pop(party.id)
        self._free[was.id] += party.size
        reached = {(entry.gate, place) for entry in self._open_to[party.id] for place in _places(entry)}
        wanted = {destination for destination, _ in party.rides}
        for entry in self._departures:
            later = entry.day > was.day and self._free[entry.id] >= party.size
            ours = not entry.employer or entry.employer == party.employer
            if (
                later
                and ours
                and wanted <= _places(entry)
                and all((entry.gate, to) in reached for to in wanted)
            ):
                self.departure_of[party.id] = entry
                self._free[entry.id] -= party.size
                return entry
        return None


def _places(departure: Departure) -> set[str]:
    return {call.destination_id for call in departure.calls}
