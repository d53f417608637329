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
from enum import StrEnum
from typing import Any, Final, NewType

from planner.candidates import outreach_seen
from planner.model.campaign import Campaign
from planner.model.people import Registration, RegistrationId
from planner.model.places import DestinationId, PlaceId

PartyId = NewType("PartyId", str)

_WHEELCHAIR: Final = ("轮椅", "wheelchair")
_FRONT: Final = ("晕车", "腿", "孕", "行动不便", "靠前", "前排", "carsick", "pregnan", "front")
"""Words of a note on needs that ask for a place in the front."""
_PRIME: Final = range(25, 56)
"""Years of age of those who lead if nobody was named."""


class SeatNeed(StrEnum):
    """What a person's seat must be like."""

    NONE = "none"
    FRONT = "front"
    WHEELCHAIR = "wheelchair"


class AgeBand(StrEnum):
    """How old a person is on the day of travel, as roughly as choosing a captain needs it."""

    CHILD = "child"
    YOUNG = "young"
    PRIME = "prime"
    """25 to 55."""
    OLD = "old"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rider:
    """What seating may know of a person, by registration id: how old about, in which need, fit to lead."""

    id: RegistrationId
    age: AgeBand
    need: SeatNeed
    may_lead: bool

    @property
    def child(self) -> bool:
        """Whether the register has them as a child."""
        return self.age is AgeBand.CHILD


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """People who must not be separated: ids and counts, no attributes of persons.

    ``rides`` counts heads per destination; a family may get off at different stops of one departure.
    """

    id: PartyId
    registration_ids: tuple[RegistrationId, ...]
    village_id: PlaceId
    travel_date: date
    latest_date: date
    """The last day that will do; the travel date where there is no choice."""
    employer: str
    """Of all who have one; empty where nobody has, or they have several."""
    rides: tuple[tuple[DestinationId, int], ...]

    @property
    def size(self) -> int:
        """Heads, children included: one seat per head."""
        return len(self.registration_ids)


def build_demand(campaign: Campaign) -> tuple[Party, ...]:
    """Group registrations into parties, in id order.

    One party = one village, one travel date, one last date, one non-empty group; a registration without a
    group is a party of its own. The party's id is its least registration id.
    """
    together: dict[tuple[object, ...], list[Registration]] = defaultdict(list)
    for person in campaign.registrations:
        alone = person.id if not person.group else ""
        days = person.travel_date, person.latest_date
        together[person.village_id, *days, person.group, alone].append(person)
    parties = [_to_party(members) for members in together.values()]
    return tuple(sorted(parties, key=lambda party: party.id))


def find_workplaces(campaign: Campaign) -> dict[RegistrationId, str]:
    """Employer that each person is brought to, empty where there is none.

    Who has none of their own, a child among them, goes with most of those of the party who get off with them.
    """
    by_id = {person.id: person for person in campaign.registrations}
    found: dict[RegistrationId, str] = {}
    for party in build_demand(campaign):
        together: dict[DestinationId, list[Registration]] = defaultdict(list)
        for name in party.registration_ids:
            together[by_id[name].destination_id].append(by_id[name])
        for members in together.values():
            heads = Counter(member.employer for member in members if member.employer and not member.child)
            main = min(heads, key=lambda firm: (-heads[firm], firm), default="")
            found |= {member.id: main if member.child else member.employer or main for member in members}
    return found


def _to_party(members: list[Registration]) -> Party:
    ids = tuple(sorted(member.id for member in members))
    workers = {member.employer for member in members if member.employer and not member.child}
    return Party(
        id=PartyId(ids[0]),
        registration_ids=ids,
        village_id=members[0].village_id,
        travel_date=members[0].travel_date,
        latest_date=members[0].latest_date or members[0].travel_date,
        employer=workers.pop() if len(workers) == 1 else "",
        rides=tuple(sorted(Counter(member.destination_id for member in members).items())),
    )


def build_riders(campaign: Campaign) -> dict[RegistrationId, Rider]:
    """What seating may know of everybody; never a name, a date or the words of a note."""
    return {
        person.id: Rider(
            id=person.id, age=_band(person), need=_need(person), may_lead=person.captain and not person.child
        )
        for person in campaign.registrations
    }


def _band(person: Registration) -> AgeBand:
    if person.child:
        return AgeBand.CHILD
    if person.birth is None:
        return AgeBand.UNKNOWN
    day, birth = person.travel_date, person.birth
    years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    if years in _PRIME:
        return AgeBand.PRIME
    return AgeBand.YOUNG if years < _PRIME.start else AgeBand.OLD


def _need(person: Registration) -> SeatNeed:
    note = person.needs.casefold()
    if any(word in note for word in _WHEELCHAIR):
        return SeatNeed.WHEELCHAIR
    return SeatNeed.FRONT if any(word in note for word in _FRONT) else SeatNeed.NONE


def campaign_digest(campaign: Campaign) -> str:
    """SHA-256 over what planning sees, in id order; names, papers and phones leave it unchanged.

    Correcting a name or entering a contract needs a new print but no new plan, so the digest is taken past
    the gate.
    """
    seen: dict[str, Any] = {
        "id": campaign.id,
        "first_day": campaign.first_day,
        "direction": campaign.direction,
        "scenario": campaign.scenario,
        "rules": _rules_seen(campaign),
        "places": [
            [place.id, place.kind, place.name, place.township, place.lat, place.lon, place.gather]
            for place in campaign.places
        ],
        "roads": [asdict(road) for road in campaign.roads],
        "vehicle_types": [asdict(kind) for kind in campaign.vehicle_types],
        "fleet": [asdict(group) for group in campaign.fleet],
        "drivers": [[driver.id, driver.depot_id] for driver in campaign.drivers],
        "destinations": [[destination.id, destination.name] for destination in campaign.destinations],
        "employers": [
            [
                employer.destination_id,
                employer.name,
                employer.shuttle_seats,
                employer.ride_min,
                employer.walk_min,
            ]
            for employer in campaign.employers
        ],
        "corridors": [asdict(corridor) for corridor in campaign.corridors],
        "fares": [asdict(fare) for fare in campaign.fares],
        "consists": [asdict(carriage) for carriage in campaign.consists],
        "allotments": [asdict(part) for part in campaign.allotments],
        "markets": [[rule.place, rule.kind, rule.values, rule.also] for rule in campaign.markets],
        "holidays": [
            [entry.kind, entry.name, entry.first_day, entry.last_day] for entry in campaign.holidays
        ],
        "departures": [asdict(departure) for departure in campaign.departures],
        "parties": [asdict(party) for party in build_demand(campaign)],
        "riders": [
            [rider.id, rider.child, rider.need, rider.may_lead] for rider in build_riders(campaign).values()
        ],
        "workplaces": sorted(find_workplaces(campaign).items()),
        **outreach_seen(campaign),
    }
    text = json.dumps(seen, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _rules_seen(campaign: Campaign) -> dict[str, Any]:
    """The rules; those of fairs, tours and matching only where there is something to apply them to."""
    rules = asdict(campaign.rules)
    idle = () if campaign.outreach else ("fairs", "tours", "matching")
    return {name: value for name, value in rules.items() if name not in idle}
