"""Whether a route is a round at all: known places, one number, people at every call, the station last."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule, run_item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case


def find_strange_places(case: Case) -> Iterator[Finding]:
    """Require that a route starts and calls at places of the campaign."""
    for ride in case.rides:
        named = [ride.route.start_place_id, *(stop.place_id for stop in ride.route.stops)]
        for place in dict.fromkeys(named):
            if place not in case.places:
                yield Finding(run_item(ride.run), {"run": ride.run, "place": place})


def find_run_numbers(case: Case) -> Iterator[Finding]:
    """Require that a run's number belongs to one route; people shout it across a station forecourt."""
    for run in sorted(case.run_counts):
        if run < 1 or case.run_counts[run] > 1:
            yield Finding(run_item(run), {"run": run, "times": case.run_counts[run]})


def find_round_numbers(case: Case) -> Iterator[Finding]:
    """Require that a vehicle's rounds count 1, 2, 3 each day in the order it drives them."""
    for vehicle, rides in case.rounds():
        for right, ride in enumerate(rides, start=1):
            if ride.route.round != right:
                figures = {"vehicle": vehicle, "round": ride.route.round, "right": right}
                yield Finding(run_item(ride.run), {"run": ride.run, **figures})


def find_wrong_end(case: Case) -> Iterator[Finding]:
    """Require that a route ends where its departure leaves from, and nobody boards there."""
    for ride in case.rides:
        if ride.departure is None:
            continue
        station = ride.departure.origin_id
        last = ride.route.stops[-1] if ride.route.stops else None
        if last is None or last.place_id != station or last.board != 0:
            figures = {
                "place": "" if last is None else case.name_place(last.place_id),
                "right": case.name_place(station),
                "board": 0 if last is None else last.board,
            }
            yield Finding(run_item(ride.run), {"run": ride.run, **figures})


def find_second_calls(case: Case) -> Iterator[Finding]:
    """Require that a route calls at a place once: nobody should wonder which time is meant."""
    for ride in case.rides:
        for place, times in Counter(stop.place_id for stop in ride.route.stops).items():
            if times > 1:
                figures = {"place": case.name_place(place), "times": times}
                yield Finding(run_item(ride.run), {"run": ride.run, **figures})


def find_empty_calls(case: Case) -> Iterator[Finding]:
    """Require that somebody boards at every call on the way, and a route has at least one."""
    for ride in case.timed:
        idle = [stop for stop in ride.villages if stop.board <= 0]
        for stop in idle if ride.villages else ride.route.stops:
            figures = {"place": case.name_place(stop.place_id), "board": stop.board}
            yield Finding(run_item(ride.run), {"run": ride.run, **figures})


RULES: Final = (
    Rule("place.exists", "", find_strange_places),
    Rule("route.run", "", find_run_numbers, whole=True),
    Rule("route.round", "", find_round_numbers, whole=True),
    Rule("route.end", "", find_wrong_end),
    Rule("route.twice", "", find_second_calls),
    Rule("route.empty", "", find_empty_calls),
)
