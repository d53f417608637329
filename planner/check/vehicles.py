"""Whether the fleet can do it: seats, vehicles that exist, in one place at a time, on permitted roads."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule, run_item
from planner.check.writing import whole_minutes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case, Ride
    from planner.errors import Arg
    from planner.model.fleet import VehicleId
    from planner.model.places import PlaceId


def find_strange_vehicles(case: Case) -> Iterator[Finding]:
    """Require that a run is driven by a vehicle of a known group and type, named ``GROUP#NN``."""
    for ride in case.rides:
        if ride.kind is None:
            yield Finding(run_item(ride.run), {"run": ride.run, "vehicle": ride.route.vehicle_id})


def find_vehicles_beyond(case: Case) -> Iterator[Finding]:
    """Require that a group has so many vehicles and no more.

    Vehicles of a type in use at once need no rule of their own: every vehicle has one of the group's
    numbers (here) and is in one place at a time (``fleet.overlap``).
    """
    for ride in case.rides:
        if ride.group is not None and ride.number > ride.group.count:
            figures = {"vehicle": ride.route.vehicle_id, "group": ride.group.id, "limit": ride.group.count}
            yield Finding(run_item(ride.run), {"run": ride.run, "number": ride.number, **figures})


def find_overlaps(case: Case) -> Iterator[Finding]:
    """Require that a vehicle is in one place at a time: no round starts before the one before has ended."""
    for before, after in _successive(case.duties()):
        if after.route.start_s < before.route.arrive_s:
            yield _clash(case, before=before, after=after)


def find_short_turnrounds(case: Case) -> Iterator[Finding]:
    """Require that between two rounds a vehicle stands for the turn-round."""
    for before, after in _successive(case.rounds()):
        gap_s = after.route.start_s - before.route.arrive_s
        if 0 <= gap_s < case.feeder.turnround_min * 60:
            yield _clash(case, before=before, after=after)


def find_jumps(case: Case) -> Iterator[Finding]:
    """Require that a later round of a day starts where the round before ended."""
    for before, after in _successive(case.rounds()):
        start, end = after.route.start_place_id, before.route.stops[-1].place_id
        if start != end:
            figures = {"place": case.name_place(start), "right": case.name_place(end)}
            rounds = {"run": after.run, "before": before.run, "vehicle": after.route.vehicle_id}
            yield Finding(run_item(after.run), {**rounds, **figures})


def find_wrong_depots(case: Case) -> Iterator[Finding]:
    """Require that a vehicle's first round of a day starts at its group's depot."""
    for vehicle, rides in case.rounds():
        first = rides[0]
        if first.group is not None and first.route.start_place_id != first.group.depot_id:
            figures = {
                "place": case.name_place(first.route.start_place_id),
                "right": case.name_place(first.group.depot_id),
            }
            yield Finding(run_item(first.run), {"run": first.run, "vehicle": vehicle, **figures})


def find_short_nights(case: Case) -> Iterator[Finding]:
    """Require that between two days a vehicle has time to drive to where it starts again."""
    for before, after in _successive(case.duties()):
        end, start = before.route.stops[-1].place_id, after.route.start_place_id
        way, gap_s = case.find_way(after, start=end, end=start), after.route.start_s - before.route.arrive_s
        if case.same_day(before, after) or way is None or not 0 <= gap_s < way.seconds:
            continue
        times = {"arrive": case.clock(before.route.arrive_s), "start": case.clock(after.route.start_s)}
        figures = {"place": case.name_place(start), "drive_min": whole_minutes(way.seconds)}
        rounds = {"run": after.run, "before": before.run, "vehicle": after.route.vehicle_id}
        short_min = whole_minutes(way.seconds - gap_s)
        yield Finding(run_item(after.run), {**rounds, **times, **figures, "short_min": short_min})


def find_overloads(case: Case) -> Iterator[Finding]:
    """Require that nobody stands: licensed seats less the crew, or the load cap where it is lower."""
    for ride in case.rides:
        if ride.kind is None:
            continue
        seats = ride.kind.seats_at(case.feeder.load_percent)
        load = list(accumulate(stop.board for stop in ride.route.stops))
        full = next((number for number, aboard in enumerate(load) if aboard > seats), None)
        if full is not None:
            figures = {"people": max(load), "seats": seats, "over": max(load) - seats}
            place = case.name_place(ride.route.stops[full].place_id)
            vehicle = {"run": ride.run, "vehicle": ride.route.vehicle_id}
            yield Finding(run_item(ride.run), {**vehicle, "place": place, **figures})


def find_forbidden_roads(case: Case) -> Iterator[Finding]:
    """Require that every drive is possible on roads of the classes that the vehicle's type may use."""
    for ride, start, end in _stuck(case):
        if ride.kind is not None and case.travel.find_way(start, end) is not None:
            figures = {"from_place": case.name_place(start), "place": case.name_place(end)}
            fit = " / ".join(case.types_that_reach(start, end=end)) or "-"
            yield Finding(
                run_item(ride.run), {"run": ride.run, "type": ride.kind.name, **figures, "fit": fit}
            )


def find_missing_roads(case: Case) -> Iterator[Finding]:
    """Require that every drive has some road to drive on."""
    for ride, start, end in _stuck(case):
        if case.travel.find_way(start, end) is None:
            figures = {"from_place": case.name_place(start), "place": case.name_place(end)}
            yield Finding(run_item(ride.run), {"run": ride.run, **figures})


def _successive(together: Iterator[tuple[VehicleId, tuple[Ride, ...]]]) -> Iterator[tuple[Ride, Ride]]:
    for _, rides in together:
        yield from pairwise(rides)


def _clash(case: Case, *, before: Ride, after: Ride) -> Finding:
    turnround_min = case.feeder.turnround_min
    short_s = before.route.arrive_s + turnround_min * 60 - after.route.start_s
    figures: dict[str, Arg] = {
        "before": before.run,
        "arrive": case.clock(before.route.arrive_s),
        "start": case.clock(after.route.start_s),
        "limit_min": turnround_min,
        "short_min": whole_minutes(short_s),
    }
    return Finding(run_item(after.run), {"run": after.run, "vehicle": after.route.vehicle_id, **figures})


def _stuck(case: Case) -> Iterator[tuple[Ride, PlaceId, PlaceId]]:
    for ride in case.rides:
        for arc in case.arcs(ride):
            known = arc.from_id in case.places and arc.stop.place_id in case.places
            if known and ride.kind is not None and arc.way is None:
                yield ride, arc.from_id, arc.stop.place_id


RULES: Final = (
    Rule("vehicle.exists", "", find_strange_vehicles),
    Rule("seats.capacity", "道路运输条例 第34条; 道路交通安全法实施条例 第55条", find_overloads),
    Rule("fleet.count", "", find_vehicles_beyond),
    Rule("fleet.overlap", "", find_overlaps, whole=True),
    Rule("fleet.turnround", "", find_short_turnrounds),
    Rule("fleet.position", "", find_jumps),
    Rule("fleet.home", "", find_short_nights),
    Rule("fleet.depot", "", find_wrong_depots),
    Rule("road.class", "", find_forbidden_roads),
    Rule("road.joined", "", find_missing_roads),
)
