"""Whether people's rides (legs) agree with what vehicles and departures do."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule, run_item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case, Ride
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
    """Require that who sits on a run is meant for the departure that the run feeds."""
    for ride, leg in _ridden(case):
        if ride.departure is None or leg.departure_id not in case.departures:
            continue
        if leg.departure_id != ride.departure.id:
            figures = {"departure": leg.departure_id, "right": ride.departure.id}
            yield Finding(
                run_item(ride.run), {"run": ride.run, "people": len(leg.registration_ids), **figures}
            )


def find_missed_connection(case: Case) -> Iterator[Finding]:
    """Require that whoever is driven to a departure rides on that departure and no other."""
    for person, fate in case.fates.items():
        if not fate.is_clean or fate.unserved:
            continue
        feeder, onward = fate.feeders[0], fate.departures[0].departure_id
        ride = case.find_ride(feeder.run) if feeder.run is not None else None
        fed = feeder.departure_id if ride is None else ride.route.departure_id
        if fed != onward and fed in case.departures and onward in case.departures:
            yield Finding(person, {"registration": person, "run": feeder.run, "feeds": fed, "rides": onward})


def find_wrong_ends(case: Case) -> Iterator[Finding]:
    """Require that a feeder leg goes from a call of its run to its end, a departure leg from the origin."""
    for ride, leg in _ridden(case):
        end = ride.route.stops[-1].place_id
        if leg.to_id != end or leg.from_id not in {stop.place_id for stop in ride.villages}:
            figures = {"from_place": case.name_place(leg.from_id), "to_place": case.name_place(leg.to_id)}
            yield Finding(run_item(ride.run), {"leg": run_item(ride.run), **figures})
    for leg in case.departure_legs:
        departure = case.departures.get(leg.departure_id)
        if departure is not None and leg.from_id != departure.origin_id:
            figures = {"from_place": case.name_place(leg.from_id), "to_place": leg.to_id}
            yield Finding(leg.departure_id, {"leg": departure.number, **figures})


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
    """Require that the times on a leg are those of its stop, its run, its gate and its call."""
    for ride, leg in _ridden(case):
        boards = {stop.arrive_s for stop in ride.villages if stop.place_id == leg.from_id}
        if boards and (leg.board_s not in boards or leg.alight_s != ride.route.arrive_s):
            figures = {
                "board": case.clock(leg.board_s),
                "right_board": case.clock(min(boards)),
                "alight": case.clock(leg.alight_s),
                "right_alight": case.clock(ride.route.arrive_s),
            }
            yield Finding(run_item(ride.run), {"leg": run_item(ride.run), **figures})
    for leg in case.departure_legs:
        yield from _departure_times(case, leg)


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
    """Require that a leg is one party's ride."""
    for leg in case.plan.legs:
        parties = {case.party_of[person].id for person in leg.registration_ids if person in case.party_of}
        if len(parties) > 1:
            item = leg.departure_id if leg.run is None else run_item(leg.run)
            yield Finding(item, {"leg": item, "people": len(leg.registration_ids), "parties": len(parties)})


def find_spread(case: Case) -> Iterator[Finding]:
    """Require that a party's ride on one run (or to one destination) is written as one leg."""
    written: dict[tuple[str, int | None, str, str], set[int]] = defaultdict(set)
    for number, leg in enumerate(case.plan.legs):
        for person in leg.registration_ids:
            party = case.party_of.get(person)
            if party is not None and case.fates[person].is_clean:
                written[party.id, leg.run, leg.departure_id, leg.to_id].add(number)
    for (party_id, run, departure_id, _), numbers in written.items():
        if len(numbers) > 1:
            item = departure_id if run is None else run_item(run)
            yield Finding(party_id, {"registration": party_id, "leg": item, "legs": len(numbers)})


def _ridden(case: Case) -> Iterator[tuple[Ride, Leg]]:
    for run, leg in case.feeder_legs:
        ride = case.find_ride(run)
        if ride is not None and ride.route.stops:
            yield ride, leg


def _departure_times(case: Case, leg: Leg) -> Iterator[Finding]:
    departure = case.departures.get(leg.departure_id)
    if departure is None:
        return
    board_s = case.departs_s(departure) - case.campaign.rules.gate_open_min * 60
    arrivals = [
        case.campaign.to_seconds(call.arrives) for call in departure.calls if call.destination_id == leg.to_id
    ]
    if arrivals and (leg.board_s != board_s or leg.alight_s not in arrivals):
        figures = {
            "board": case.clock(leg.board_s),
            "right_board": case.clock(board_s),
            "alight": case.clock(leg.alight_s),
            "right_alight": case.clock(arrivals[0]),
        }
        yield Finding(leg.departure_id, {"leg": departure.number, **figures})


RULES: Final = (
    Rule("leg.run", "", find_missing_run),
    Rule("leg.departure", "", find_other_departure),
    Rule("leg.connects", "", find_missed_connection),
    Rule("leg.places", "", find_wrong_ends),
    Rule("leg.village", "", find_other_village),
    Rule("leg.times", "", find_other_times),
    Rule("leg.heads", "", find_other_heads),
    Rule("leg.mixed", "", find_mixed),
    Rule("leg.spread", "", find_spread),
)
