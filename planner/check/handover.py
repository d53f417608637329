"""The way from the departure to the dormitory's door: everybody met once, shuttles within seats and time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule
from planner.mirror import goes_to_work
from planner.model.places import DestinationId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case
    from planner.errors import Arg
    from planner.model.fleet import DepartureId
    from planner.model.people import RegistrationId
    from planner.model.places import Employer
    from planner.model.plan import Leg
    from planner.model.trunk import Handover

_MINUTE_S: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meeting:
    """A handover that agrees with the one leg of its people; ``fetched``: by the employer's shuttle.

    ``trips`` of the shuttle are more than one where the party alone is larger than it.
    """

    handover: Handover
    arrive_s: int
    employer: Employer
    fetched: bool
    brought: bool
    trips: int

    @property
    def heads(self) -> int:
        return len(self.handover.registration_ids)

    @property
    def ride_s(self) -> int:
        return 0 if self.brought else self.employer.ride_min * _MINUTE_S

    @property
    def back_s(self) -> int:
        return self.handover.leave_s + 2 * self.ride_s * self.trips


def find_unmet(case: Case) -> Iterator[Finding]:
    """Require that everybody whose employer is known is handed over once, and nobody else."""
    times: dict[RegistrationId, int] = defaultdict(int)
    for handover in case.plan.handovers:
        for person in handover.registration_ids:
            times[person] += 1
    expected = _expected(case)
    for person in sorted(times.keys() | expected.keys()):
        right = 1 if person in expected else 0
        fate = case.fates.get(person)
        unclear = fate is not None and len(fate.departures) > 1
        if times[person] != right and not unclear:
            yield Finding(person, {"registration": person, "handovers": times[person], "right": right})


def find_other_ways(case: Case) -> Iterator[Finding]:
    """Require that people are handed over to their employer, where their departure lets them off."""
    expected = _expected(case)
    for handover in case.plan.handovers:
        for person in handover.registration_ids:
            if person not in expected:
                continue
            leg, employer = expected[person]
            if _written(handover) != (leg.departure_id, employer.destination_id, employer.name):
                yield Finding(
                    person,
                    {
                        "registration": person,
                        "departure": case.name_departure(handover.departure_id),
                        "place": case.name_destination(handover.destination_id),
                        "employer": handover.employer,
                        "right_departure": case.name_departure(leg.departure_id),
                        "right_place": case.name_destination(leg.to_id),
                        "right_employer": employer.name,
                    },
                )


def find_torn(case: Case) -> Iterator[Finding]:
    """Require that a handover is for exactly those of one ride who go to one employer: no family is torn."""
    expected = _expected(case)
    for handover in case.plan.handovers:
        members = [person for person in handover.registration_ids if person in expected]
        rides = {expected[person][0] for person in members}
        firms = {expected[person][1].name for person in members}
        right = {
            person
            for leg in rides
            for person in leg.registration_ids
            if person in expected and expected[person][1].name in firms
        }
        if len(rides) > 1 or set(members) != right:
            figures: dict[str, Arg] = {"people": len(members), "right": len(right), "parties": len(rides)}
            yield Finding(handover.departure_id, {**_said(case, handover), **figures})


def find_early(case: Case) -> Iterator[Finding]:
    """Require that nobody sets out before they have arrived."""
    for meeting in _meetings(case):
        if meeting.handover.leave_s < meeting.arrive_s:
            yield _timed(case, meeting, leave=meeting.handover.leave_s, arrive=meeting.arrive_s)


def find_other_times(case: Case) -> Iterator[Finding]:
    """Require that gate and door are reached as the employer's minutes say, without a wait if not fetched."""
    for meeting in _meetings(case):
        handover = meeting.handover
        leave_s = handover.leave_s if meeting.fetched else min(handover.leave_s, meeting.arrive_s)
        gate_s = leave_s + meeting.ride_s * (2 * meeting.trips - 1)
        door_s = gate_s + meeting.employer.walk_min * _MINUTE_S
        if (handover.leave_s, handover.gate_s, handover.door_s) != (leave_s, gate_s, door_s):
            yield _timed(
                case,
                meeting,
                gate=handover.gate_s,
                door=handover.door_s,
                right_gate=gate_s,
                right_door=door_s,
            )


def find_wrong_means(case: Case) -> Iterator[Finding]:
    """Require that whoever is fetched has a round, and who is not has none (a coach may go to the gate)."""
    for meeting in _meetings(case):
        shuttle = meeting.handover.shuttle
        if shuttle < 0 or bool(shuttle) is not meeting.fetched:
            yield _finding(case, meeting, shuttle=shuttle, seats=meeting.employer.shuttle_seats)


def find_overfull(case: Case) -> Iterator[Finding]:
    """Require that a round carries no more than the shuttle's seats, a single larger party excepted."""
    for meetings in _by_employer(case):
        for _, group in groupby(meetings, key=_round):
            riders = list(group)
            people, seats = sum(rider.heads for rider in riders), riders[0].employer.shuttle_seats
            if len(riders) > 1 and people > seats:
                yield _finding(case, riders[0], shuttle=riders[0].handover.shuttle, heads=people, seats=seats)


def find_overlaps(case: Case) -> Iterator[Finding]:
    """Require that an employer's one shuttle is back before it leaves again, and a round leaves once."""
    for meetings in _by_employer(case):
        for before, after in pairwise(meetings):
            leave_s = after.handover.leave_s
            together = _round(before) == _round(after) and leave_s == before.handover.leave_s
            if not together and (leave_s < before.back_s or _round(before) == _round(after)):
                shuttle = after.handover.shuttle
                yield _finding(
                    case, after, shuttle=shuttle, leave=case.clock(leave_s), back=case.clock(before.back_s)
                )


def find_miscounted(case: Case) -> Iterator[Finding]:
    """Require that an employer's rounds for a departure are numbered from 1 in the order they leave."""
    for meetings in _by_employer(case):
        following: dict[DepartureId, int] = defaultdict(lambda: 1)
        rounds = [list(group) for _, group in groupby(meetings, key=_round)]
        for riders in rounds:
            first, right = riders[0], following[riders[0].handover.departure_id]
            shuttle = first.handover.shuttle
            if shuttle != right:
                yield _finding(case, first, shuttle=shuttle, right=right)
            following[first.handover.departure_id] = shuttle + max(rider.trips for rider in riders)


def _expected(case: Case) -> dict[RegistrationId, tuple[Leg, Employer]]:
    """Who is to be handed over: those on one departure who go to an employer the campaign knows."""
    if not goes_to_work(case.campaign):
        return {}
    employers = {(entry.destination_id, entry.name): entry for entry in case.campaign.employers}
    expected: dict[RegistrationId, tuple[Leg, Employer]] = {}
    for person, fate in case.fates.items():
        party = case.party_of.get(person)
        if party is None or len(fate.departures) != 1:
            continue
        leg = fate.departures[0]
        employer = employers.get((DestinationId(leg.to_id), case.workplaces[person]))
        if employer is not None:
            expected[person] = leg, employer
    return expected


def _meetings(case: Case) -> Iterator[_Meeting]:
    expected = _expected(case)
    for handover in case.plan.handovers:
        known = [expected[person] for person in handover.registration_ids if person in expected]
        if not known:
            continue
        leg, employer = known[0]
        if _written(handover) != (leg.departure_id, employer.destination_id, employer.name):
            continue
        departure = case.departures.get(leg.departure_id)
        brought = departure is not None and departure.employer == employer.name
        seats = employer.shuttle_seats
        fetched = seats > 0 and not brought
        yield _Meeting(
            handover=handover,
            arrive_s=leg.alight_s,
            employer=employer,
            fetched=fetched,
            brought=brought,
            trips=-(-len(handover.registration_ids) // seats) if fetched else 1,
        )


def _by_employer(case: Case) -> Iterator[list[_Meeting]]:
    """The rounds of each employer's shuttle in the order they leave."""
    driven: dict[tuple[DestinationId, str], list[_Meeting]] = defaultdict(list)
    for meeting in _meetings(case):
        if meeting.fetched and meeting.handover.shuttle > 0:
            driven[meeting.employer.destination_id, meeting.employer.name].append(meeting)
    for key in sorted(driven):
        yield sorted(driven[key], key=lambda entry: (entry.handover.leave_s, _round(entry)))


def _round(meeting: _Meeting) -> tuple[DepartureId, int]:
    return meeting.handover.departure_id, meeting.handover.shuttle


def _written(handover: Handover) -> tuple[str, str, str]:
    return handover.departure_id, handover.destination_id, handover.employer


def _said(case: Case, handover: Handover) -> dict[str, Arg]:
    return {"departure": case.name_departure(handover.departure_id), "employer": handover.employer}


def _timed(case: Case, meeting: _Meeting, **moments: int) -> Finding:
    return _finding(case, meeting, **{name: case.clock(moment) for name, moment in moments.items()})


def _finding(case: Case, meeting: _Meeting, **figures: Arg) -> Finding:
    handover = meeting.handover
    said = _said(case, handover) | {"people": meeting.heads}
    return Finding(handover.departure_id, {**said, **figures})


RULES: Final = (
    Rule("handover.once", "", find_unmet),
    Rule("handover.employer", "", find_other_ways),
    Rule("handover.party", "", find_torn),
    Rule("handover.early", "", find_early),
    Rule("handover.times", "", find_other_times),
    Rule("handover.means", "", find_wrong_means),
    Rule("handover.seats", "", find_overfull),
    Rule("handover.overlap", "", find_overlaps),
    Rule("handover.number", "", find_miscounted),
)
