"""Registrations become parties of heads: PERSONAL DATA STOPS HERE.

Everything past this module sees pseudonymous registration ids, head counts, places and dates;
names, ID numbers and phones are joined back by the exports alone.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NewType

from planner.model.campaign import Campaign
from planner.model.people import Registration, RegistrationId
from planner.model.places import DestinationId, PlaceId

PartyId = NewType("PartyId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """People who must not be separated: ids and counts, no attributes of persons.

    ``rides`` counts heads per destination; a family may get off at different stops of one departure.
    """

    id: PartyId
    registration_ids: tuple[RegistrationId, ...]
    village_id: PlaceId
    travel_date: date
    rides: tuple[tuple[DestinationId, int], ...]

    @property
    def size(self) -> int:
        """Heads, children included: one seat per head."""
        return len(self.registration_ids)


def build_demand(campaign: Campaign) -> tuple[Party, ...]:
    """Group registrations into parties, in id order.

    One party = one village, one travel date, one non-empty group; a registration without a group is
    a party of its own. The party's id is its least registration id.
    """
    together: dict[tuple[object, ...], list[Registration]] = defaultdict(list)
    for person in campaign.registrations:
        alone = person.id if not person.group else ""
        together[person.village_id, person.travel_date, person.group, alone].append(person)
    parties = [_to_party(members) for members in together.values()]
    return tuple(sorted(parties, key=lambda party: party.id))


def _to_party(members: list[Registration]) -> Party:
    ids = tuple(sorted(member.id for member in members))
    return Party(
        id=PartyId(ids[0]),
        registration_ids=ids,
        village_id=members[0].village_id,
        travel_date=members[0].travel_date,
        rides=tuple(sorted(Counter(member.destination_id for member in members).items())),
    )


def campaign_digest(campaign: Campaign) -> str:
    """SHA-256 over what planning sees, in id order; names, papers and phones leave it unchanged.

    Correcting a name needs a new print but no new plan, so the digest is taken past the gate.
    """
    seen: dict[str, Any] = {
        "id": campaign.id,
        "first_day": campaign.first_day,
        "rules": asdict(campaign.rules),
        "places": [
            [place.id, place.kind, place.name, place.township, place.lat, place.lon, place.gather]
            for place in campaign.places
        ],
        "roads": [asdict(road) for road in campaign.roads],
        "vehicle_types": [asdict(kind) for kind in campaign.vehicle_types],
        "fleet": [asdict(group) for group in campaign.fleet],
        "destinations": [[destination.id, destination.name] for destination in campaign.destinations],
        "departures": [asdict(departure) for departure in campaign.departures],
        "parties": [asdict(party) for party in build_demand(campaign)],
    }
    text = json.dumps(seen, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
