"""The last part of the way: from where a departure lets people off to the dormitory's door.

An employer has one shuttle. It fetches those of a departure in rounds, parties whole and families first, and
is back before it leaves again; so whoever arrives while it is away, on this departure or the next, waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from planner.demand import find_workplaces
from planner.model.campaign import Campaign
from planner.model.fleet import Departure, DepartureId
from planner.model.places import DestinationId, Employer
from planner.model.plan import Leg
from planner.model.trunk import Handover
from planner.solvers.shuttles import pack_rounds

_MINUTE_S: Final = 60


def plan_handovers(
    campaign: Campaign, legs: Iterable[Leg], *, departures: Iterable[Departure] = ()
) -> tuple[Handover, ...]:
    """Bring everybody who goes to an employer that the campaign knows to the dormitory.

    ``departures`` are planned coaches where the campaign does not hold them already. A coach of the
    employer's own goes to the gate itself; without a shuttle people set out on their own as they arrive.
    Ordered by employer, then in time.
    """
    own = {entry.id: entry.employer for entry in (*departures, *campaign.departures)}
    meeting = _who_meets_whom(campaign, legs)
    found: list[Handover] = []
    for employer in campaign.employers:
        waiting = meeting.get((employer.destination_id, employer.name), {})
        free_s = 0
        for departure_id, group in _in_time(waiting):
            if own.get(departure_id) == employer.name:
                found += (_hand_over(leg, employer) for leg in group)
            elif not employer.shuttle_seats:
                found += (_hand_over(leg, employer, ride_s=employer.ride_min * _MINUTE_S) for leg in group)
            else:
                rounds, free_s = _shuttle(group, employer, free_s=free_s)
                found += rounds
    return tuple(found)


def _who_meets_whom(
    campaign: Campaign, legs: Iterable[Leg]
) -> dict[tuple[DestinationId, str], dict[DepartureId, list[Leg]]]:
    """Departure legs by employer and departure, each group in id order so that no row order matters.

    A couple with two employers parts here, each to their own.
    """
    employer_of = find_workplaces(campaign)
    meeting: dict[tuple[DestinationId, str], dict[DepartureId, list[Leg]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for leg in sorted(legs, key=lambda leg: leg.registration_ids):
        if leg.run is None:
            for name in dict.fromkeys(employer_of.get(person, "") for person in leg.registration_ids):
                members = tuple(p for p in leg.registration_ids if employer_of.get(p, "") == name)
                part = replace(leg, registration_ids=members)
                meeting[DestinationId(leg.to_id), name][leg.departure_id].append(part)
    return meeting


def _arrival_s(group: Sequence[Leg]) -> int:
    return max(leg.alight_s for leg in group)


def _in_time(waiting: Mapping[DepartureId, list[Leg]]) -> list[tuple[DepartureId, list[Leg]]]:
    return sorted(waiting.items(), key=lambda entry: (_arrival_s(entry[1]), entry[0]))


def _shuttle(group: Sequence[Leg], employer: Employer, *, free_s: int) -> tuple[list[Handover], int]:
    """Rounds for those of one departure, and when the vehicle is back from the last."""
    ride_s = employer.ride_min * _MINUTE_S
    leave_s = max(_arrival_s(group), free_s)
    packed = pack_rounds([len(leg.registration_ids) for leg in group], employer.shuttle_seats)
    found: list[Handover] = []
    number = 1
    for entry in packed.rounds:
        last_s = 2 * ride_s * (entry.trips - 1)
        found += (
            _hand_over(group[place], employer, leave_s=leave_s, ride_s=last_s + ride_s, shuttle=number)
            for place in entry.parties
        )
        leave_s += last_s + 2 * ride_s
        number += entry.trips
    return found, leave_s


def _hand_over(
    leg: Leg, employer: Employer, *, leave_s: int | None = None, ride_s: int = 0, shuttle: int = 0
) -> Handover:
    leaves_s = leg.alight_s if leave_s is None else leave_s
    gate_s = leaves_s + ride_s
    return Handover(
        registration_ids=leg.registration_ids,
        departure_id=leg.departure_id,
        destination_id=employer.destination_id,
        employer=employer.name,
        shuttle=shuttle,
        leave_s=leaves_s,
        gate_s=gate_s,
        door_s=gate_s + employer.walk_min * _MINUTE_S,
    )
