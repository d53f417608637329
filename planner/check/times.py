"""Times: re-added leg by leg from the roads, then held against the county's limits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from planner.check.case import travel_day
from planner.check.hours import REST_S
from planner.check.rule import Finding, Rule, run_item
from planner.check.writing import whole_minutes
from planner.model import law
from planner.model.clock import CHINA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import time

    from planner.check.case import Case, Ride
    from planner.model.fleet import Departure


def find_wrong_drives(case: Case) -> Iterator[Finding]:
    """Require that each arrival is the departure before plus the fastest permitted drive.

    Slower is wrong as well: nobody waits inside a route, so it would be a wrong sum.
    """
    for ride in case.rides:
        for arc in case.arcs(ride):
            if arc.way is None or arc.stop.arrive_s == arc.left_s + arc.way.seconds:
                continue
            figures = {
                "from_place": case.name_place(arc.from_id),
                "place": case.name_place(arc.stop.place_id),
                "left": case.clock(arc.left_s),
                "arrive": case.clock(arc.stop.arrive_s),
                "right": case.clock(arc.left_s + arc.way.seconds),
                "drive_s": arc.way.seconds,
            }
            yield Finding(run_item(ride.run), {"run": ride.run, **figures})


def find_wrong_services(case: Case) -> Iterator[Finding]:
    """Require that boarding takes its fixed time and that of each head, and arriving at the end none."""
    for ride in case.timed:
        last = len(ride.route.stops) - 1
        for number, stop in enumerate(ride.route.stops):
            right_s = stop.board_s + (0 if number == last else case.service_s(stop.board))
            if stop.depart_s != right_s:
                figures = {
                    "place": case.name_place(stop.place_id),
                    "board": stop.board,
                    "arrive": case.clock(stop.board_s),
                    "depart": case.clock(stop.depart_s),
                    "right": case.clock(right_s),
                }
                yield Finding(run_item(ride.run), {"run": ride.run, **figures})


def find_wrong_rests(case: Case) -> Iterator[Finding]:
    """Require that a driver rests before anybody boards, and long enough for it to count."""
    for ride in case.timed:
        for number, stop in enumerate(ride.route.stops):
            if stop.rest_s and (number != 0 or stop.rest_s < REST_S):
                figures = {"place": case.name_place(stop.place_id), "rest_min": stop.rest_s // 60}
                yield Finding(run_item(ride.run), {"run": ride.run, **figures, "limit_min": REST_S // 60})


def find_early_starts(case: Case) -> Iterator[Finding]:
    """Require that no vehicle sets out before the earliest start of the day it serves."""
    for ride, departure in _feeding(case):
        earliest_s = _on_day(case, departure, clock=case.feeder.earliest_start)
        if ride.route.start_s < earliest_s:
            figures = {"start": case.clock(ride.route.start_s), "limit": case.clock(earliest_s)}
            early_min = whole_minutes(earliest_s - ride.route.start_s)
            vehicle = ride.route.vehicle_id
            yield Finding(
                run_item(ride.run), {"run": ride.run, "vehicle": vehicle, **figures, "early_min": early_min}
            )


def find_early_arrivals(case: Case) -> Iterator[Finding]:
    """Require that nobody stands on the forecourt longer than the county wants (domain §2.2)."""
    for ride, departure in _feeding(case):
        earliest_s = case.departs_s(departure) - case.campaign.rules.arrival_min(departure.mode)[0] * 60
        if ride.route.arrive_s < earliest_s:
            yield _out_of_window(case, ride, departure=departure, limit_s=earliest_s)


def find_late_arrivals(case: Case) -> Iterator[Finding]:
    """Require that everybody is at the station in time for the checks at the gate (domain §2.2)."""
    for ride, departure in _feeding(case):
        latest_s = case.departs_s(departure) - case.campaign.rules.arrival_min(departure.mode)[1] * 60
        if ride.route.arrive_s > latest_s:
            yield _out_of_window(case, ride, departure=departure, limit_s=latest_s)


def find_long_rides(case: Case) -> Iterator[Finding]:
    """Require that the first to board is not aboard longer than the ride limit."""
    for ride in case.timed:
        first = next((stop for stop in ride.route.stops if stop.board > 0), None)
        limit_min = case.feeder.ride_limit_min
        if first is None or ride.route.arrive_s - first.depart_s <= limit_min * 60:
            continue
        ride_min = whole_minutes(ride.route.arrive_s - first.depart_s)
        figures = {"ride_min": ride_min, "limit_min": limit_min, "over_min": ride_min - limit_min}
        yield Finding(
            run_item(ride.run), {"run": ride.run, "place": case.name_place(first.place_id), **figures}
        )


def find_early_pickups(case: Case) -> Iterator[Finding]:
    """Require that nobody is fetched before the earliest time of the day they leave."""
    for ride, departure in _feeding(case):
        earliest_s = _on_day(case, departure, clock=case.feeder.earliest_pickup)
        first = ride.route.stops[0]
        if first.board_s < earliest_s:
            figures = {
                "place": case.name_place(first.place_id),
                "arrive": case.clock(first.board_s),
                "limit": case.clock(earliest_s),
                "early_min": whole_minutes(earliest_s - first.board_s),
            }
            yield Finding(run_item(ride.run), {"run": ride.run, **figures})


def _feeding(case: Case) -> Iterator[tuple[Ride, Departure]]:
    return ((ride, ride.departure) for ride in case.timed if ride.departure is not None)


def _on_day(case: Case, departure: Departure, *, clock: time) -> int:
    return case.campaign.to_seconds(datetime.combine(travel_day(departure), clock, CHINA))


def _out_of_window(case: Case, ride: Ride, *, departure: Departure, limit_s: int) -> Finding:
    figures = {
        "departure": departure.number,
        "departs": case.clock(case.departs_s(departure)),
        "arrive": case.clock(ride.route.arrive_s),
        "limit": case.clock(limit_s),
        "minutes": whole_minutes(abs(ride.route.arrive_s - limit_s)),
    }
    return Finding(run_item(ride.run), {"run": ride.run, **figures})


RULES: Final = (
    Rule("time.legs", "", find_wrong_drives),
    Rule("time.service", "", find_wrong_services),
    Rule("time.rest", law.SPELL_LAW, find_wrong_rests),
    Rule("time.start", "", find_early_starts),
    Rule("time.early", "", find_early_arrivals),
    Rule("time.late", "", find_late_arrivals),
    Rule("time.ride", "", find_long_rides),
    Rule("time.pickup", "", find_early_pickups),
)
