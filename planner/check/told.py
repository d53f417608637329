"""What people and calendars were told: the gathering places and one living event per run."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule, run_item
from planner.model.events import EventStatus
from planner.told import end_time_s, start_place, start_time_s

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case


def find_other_gatherings(case: Case) -> Iterator[Finding]:
    """Require that people are sent to the spot that the campaign has for the place."""
    for ride in case.rides:
        for stop in ride.route.stops:
            place = case.places.get(stop.place_id)
            if place is None:
                continue
            told, right = (stop.gather, stop.lat, stop.lon), (place.gather, place.lat, place.lon)
            if told != right:
                figures = {"told": _write_spot(told), "right": _write_spot(right)}
                yield Finding(run_item(ride.run), {"run": ride.run, "place": place.name, **figures})


def find_event_counts(case: Case) -> Iterator[Finding]:
    """Require that every run stands in the calendar once, and nothing else does (RFC 5545 §3.8.1.11)."""
    confirmed = Counter(event.run for event in case.plan.events if event.status == EventStatus.CONFIRMED)
    for run in sorted(confirmed.keys() | case.run_counts.keys()):
        right = 1 if run in case.run_counts else 0
        if confirmed[run] != right:
            yield Finding(run_item(run), {"run": run, "events": confirmed[run], "right": right})


def find_uids(case: Case) -> Iterator[Finding]:
    """Require that an event keeps one uid for life, formed from run and campaign (RFC 5545 §3.8.4.7)."""
    seen: set[str] = set()
    for event in case.plan.events:
        right = f"run-{event.run}@{case.campaign.id}.breeze"
        if event.uid != right or event.uid in seen:
            yield Finding(run_item(event.run), {"run": event.run, "uid": event.uid, "right": right})
        seen.add(event.uid)


def find_sequences(case: Case) -> Iterator[Finding]:
    """Require that a sequence counts changes from 0 (RFC 5545 §3.8.7.4); no more changes than versions."""
    limit = max(case.plan.version - 1, 0)
    for event in case.plan.events:
        if not 0 <= event.sequence <= limit:
            figures = {"sequence": event.sequence, "limit": limit}
            yield Finding(run_item(event.run), {"run": event.run, **figures})


def find_event_times(case: Case) -> Iterator[Finding]:
    """Require that the calendar shows when the first people gather, where, and the arrival of the last."""
    for event in case.plan.events:
        ride = case.find_ride(event.run)
        if event.status != EventStatus.CONFIRMED or ride is None or not ride.route.stops:
            continue
        route = ride.route
        first, gather_s, end_s = start_place(route), start_time_s(case.campaign, route), end_time_s(route)
        if (event.start_s, event.end_s, event.place_id) != (gather_s, end_s, first):
            figures = {
                "start": case.clock(event.start_s),
                "end": case.clock(event.end_s),
                "place": case.name_place(event.place_id),
                "right_start": case.clock(gather_s),
                "right_end": case.clock(end_s),
                "right_place": case.name_place(first),
            }
            yield Finding(run_item(event.run), {"run": event.run, **figures})


def _write_spot(spot: tuple[str, float, float]) -> str:
    gather, lat, lon = spot
    return f"{gather} ({lat:.5f}, {lon:.5f})"


RULES: Final = (
    Rule("told.place", "", find_other_gatherings, whole=True),
    Rule("event.once", "", find_event_counts, whole=True),
    Rule("event.uid", "", find_uids, whole=True),
    Rule("event.sequence", "", find_sequences, whole=True),
    Rule("event.times", "", find_event_times, whole=True),
)
