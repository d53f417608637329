"""Whether people's rides (legs) agree with what vehicles and departures do."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule, run_item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case, Ride
    from planner.errors import Arg
    from planner.model.fleet import Departure
    from planner.model.people import RegistrationId
    from planner.model.plan import Leg


def find_missing_run(case: Case) -> Iterator[Finding]:
    """Require that a leg rides on a run that is in the plan."""
    heads: Counter[int] = Counter()
    for run, leg in case.feeder_legs:
        if run not in case.run_counts:
            heads[run] += len(leg.registration_ids)
    for run in sorted(heads):
        yield Finding(run_item(run), {"run": run, "people": heads[run]})


def find_other_departure(case: Case) -> Iterator[Finding]:
    """Require that who sits on a run is meant for the departure that it feeds, or one beside it.

    Coaches that leave from one place at one time are fed by the same runs.
    """
    for ride, leg in _ridden(case):
        if ride.departure is None or leg.departure_id not in case.departures:
            continue
        if case.departures[leg.departure_id].gate != ride.departure.gate:
            figures = {"departure": case.departures[leg.departure_id].number, "right": ride.departure.number}
            yield Finding(
                run_item(ride.run), {"run": ride.run, "people": len(leg.registration_ids), **figures}
            )


def find_missed_connection(case: Case) -> Iterator[Finding]:
    """Require that whoever is driven to a departure rides on that departure and no other.

    A feeder leg for a departure that its run does not feed is ``leg.departure``'s matter.
    """
    for person, fate in case.fates.items():
        if not fate.rides:
            continue
        feeder, onward = fate.feeders[0], fate.departures[0].departure_id
        fed = case.departures.get(feeder.departure_id)
        ride = None if feeder.run is None else case.find_ride(feeder.run)
        feeds = None if ride is None else ride.departure
        if fed is None or onward not in case.departures or (feeds is not None and feeds.gate != fed.gate):
            continue
        if fed.id != onward:
            figures = {"feeds": fed.number, "rides": case.departures[onward].number}
            yield Finding(person, {"registration": person, "run": feeder.run, **figures})


def find_wrong_ends(case: Case) -> Iterator[Finding]:
    """Require that a feeder leg goes from a call of its run to the run's end."""
    for ride, leg in _ridden(case):
        end = ride.route.stops[-1].place_id
        if leg.to_id != end or leg.from_id not in {stop.place_id for stop in ride.villages}:
            figures = {"from_place": case.name_place(leg.from_id), "to_place": case.name_place(leg.to_id)}
            people = len(leg.registration_ids)
            yield Finding(run_item(ride.run), {"run": ride.run, "people": people, **figures})


def find_wrong_origins(case: Case) -> Iterator[Finding]:
    """Require that an onward leg starts where its departure leaves from."""
    for leg, departure in _onward(case):
        if leg.from_id != departure.origin_id:
            figures = {"place": case.name_place(leg.from_id), "right": case.name_place(departure.origin_id)}
            people = len(leg.registration_ids)
            yield Finding(departure.id, {"departure": departure.number, "people": people, **figures})


def find_other_village(case: Case) -> Iterator[Finding]:
    """Require that people board in the village they registered in."""
    for ride, leg in _ridden(case):
        if leg.from_id not in {stop.place_id for stop in ride.villages}:
            continue
        for person in leg.registration_ids:
            known = case.people.get(person)
            if known is not None and known.village_id != leg.from_id:
                figures = {"place": case.name_place(leg.from_id), "right": case.name_place(known.village_id)}
                yield Finding(person, {"registration": person, "run": ride.run, **figures})


def find_other_times(case: Case) -> Iterator[Finding]:
    """Require that the times of a feeder leg are those of its call and of its run's arrival."""
    for ride, leg in _ridden(case):
        boards = {stop.board_s for stop in ride.villages if stop.place_id == leg.from_id}
        if boards and (leg.board_s not in boards or leg.alight_s != ride.route.arrive_s):
            right = {"right_board": case.clock(min(boards)), "right_alight": case.clock(ride.route.arrive_s)}
            yield Finding(run_item(ride.run), {"run": ride.run, **_said(case, leg), **right})


def find_other_gates(case: Case) -> Iterator[Finding]:
    """Require that the times of an onward leg are those of the gate and of the departure's call."""
    for leg, departure in _onward(case):
        board_s = case.departs_s(departure) - case.campaign.boarding_min(departure.mode) * 60
        calls = [call.arrives for call in departure.calls if call.destination_id == leg.to_id]
        arrivals = [case.campaign.to_seconds(arrives) for arrives in calls]
        if arrivals and (leg.board_s != board_s or leg.alight_s not in arrivals):
            right = {"right_board": case.clock(board_s), "right_alight": case.clock(arrivals[0])}
            yield Finding(departure.id, {"departure": departure.number, **_said(case, leg), **right})


def find_other_heads(case: Case) -> Iterator[Finding]:
    """Require that as many board at a stop as the plan has legs for."""
    meant: Counter[tuple[int, str]] = Counter()
    for run, leg in case.feeder_legs:
        meant[run, leg.from_id] += len(leg.registration_ids)
    for ride in case.timed:
        if case.find_ride(ride.run) is None:
            continue
        boards: Counter[str] = Counter()
        for stop in ride.villages:
            boards[stop.place_id] += stop.board
        for place, board in boards.items():
            right = meant[ride.run, place]
            if board != right:
                figures = {"place": case.name_place(place), "board": board, "right": right}
                yield Finding(run_item(ride.run), {"run": ride.run, **figures})


def find_mixed(case: Case) -> Iterator[Finding]:
    """Require that a leg is one party's ride, and an unserved entry one party's bad news."""
    for item, _, members in _entries(case):
        parties = {case.party_of[person].id for person in members if person in case.party_of}
        if len(parties) > 1:
            yield Finding(item, {"people": len(members), "parties": len(parties)})


def find_spread(case: Case) -> Iterator[Finding]:
    """Require that a party's ride on one run (or to one destination) is written as one leg."""
    written: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for number, (item, to_id, members) in enumerate(_entries(case)):
        for person in members:
            party = case.party_of.get(person)
            if party is not None and case.fates[person].is_clean:
                written[party.id, item, to_id].add(number)
    for (party_id, _, _), numbers in written.items():
        if len(numbers) > 1:
            yield Finding(party_id, {"registration": party_id, "legs": len(numbers)})


def _entries(case: Case) -> Iterator[tuple[str, str, tuple[RegistrationId, ...]]]:
    for leg in case.plan.legs:
        yield leg.departure_id if leg.run is None else run_item(leg.run), leg.to_id, leg.registration_ids
    for left in case.plan.unserved:
        yield "unserved", "", left.registration_ids
    for paid in case.plan.subsidised:
        yield "subsidised", paid.destination_id, paid.registration_ids


def _ridden(case: Case) -> Iterator[tuple[Ride, Leg]]:
    for run, leg in case.feeder_legs:
        ride = case.find_ride(run)
        if ride is not None and ride.route.stops:
            yield ride, leg


def _onward(case: Case) -> Iterator[tuple[Leg, Departure]]:
    for leg in case.departure_legs:
        departure = case.departures.get(leg.departure_id)
        if departure is not None:
            yield leg, departure


def _said(case: Case, leg: Leg) -> dict[str, Arg]:
    times = {"board": case.clock(leg.board_s), "alight": case.clock(leg.alight_s)}
    return {"place": case.name_place(leg.from_id), "people": len(leg.registration_ids), **times}


RULES: Final = (
    Rule("leg.run", "", find_missing_run),
    Rule("leg.departure", "", find_other_departure),
    Rule("leg.connects", "", find_missed_connection),
    Rule("leg.places", "", find_wrong_ends),
    Rule("leg.origin", "", find_wrong_origins),
    Rule("leg.village", "", find_other_village),
    Rule("leg.times", "", find_other_times),
    Rule("leg.gate", "", find_other_gates),
    Rule("leg.heads", "", find_other_heads),
    Rule("leg.mixed", "", find_mixed),
    Rule("leg.spread", "", find_spread),
)
