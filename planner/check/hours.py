"""Hours at the wheel, as far as a plan without named drivers can break them.

Nobody is named as the driver of a feeder: each driver of a vehicle's licence crew is one share of the limits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule, run_item
from planner.check.writing import write_hours
from planner.model import law

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case, Ride

REST_S: Final = 20 * 60
"""A shorter stop is no rest."""
_CONTINUOUS_S: Final = 4 * 3600
_DAILY_S: Final = 8 * 3600
_DAY_S: Final = 24 * 3600


def find_long_stretches(case: Case) -> Iterator[Finding]:
    """Require that nobody drives more than 4 h without a stop of 20 min (domain R1)."""
    for vehicle, rides in case.duties():
        driven_s, free_s = 0, rides[0].route.start_s
        for ride in rides:
            limit_s = _CONTINUOUS_S * _drivers(ride)
            for arc in case.arcs(ride):
                rested_s = arc.left_s - free_s if arc.left is None else arc.left.rest_s
                driven_s = 0 if rested_s >= REST_S else driven_s
                before_s, driven_s = driven_s, driven_s + (0 if arc.way is None else arc.way.seconds)
                free_s = arc.stop.arrive_s
                if before_s <= limit_s < driven_s:
                    figures = {"drive": write_hours(driven_s), "limit": write_hours(limit_s)}
                    first = case.name_place(ride.route.stops[0].place_id)
                    item = {"run": ride.run, "vehicle": vehicle, "first": first, "rest_min": REST_S // 60}
                    yield Finding(run_item(ride.run), {**item, **figures})


def find_long_days(case: Case) -> Iterator[Finding]:
    """Require that nobody drives more than 8 h in any 24 h (domain R3); the worst end with a drive."""
    for vehicle, rides in case.duties():
        limit_s = _DAILY_S * _drivers(rides[0])
        driven = [
            (arc.left_s, arc.left_s + arc.way.seconds, ride)
            for ride in rides
            for arc in case.arcs(ride)
            if arc.way is not None
        ]
        for _, last_s, ride in driven:
            first_s = last_s - _DAY_S
            within = [min(end_s, last_s) - max(start_s, first_s) for start_s, end_s, _ in driven]
            total_s = sum(seconds for seconds in within if seconds > 0)
            if total_s > limit_s:
                figures = {"drive": write_hours(total_s), "limit": write_hours(limit_s)}
                yield Finding(run_item(ride.run), {"run": ride.run, "vehicle": vehicle, **figures})
                break


def _drivers(ride: Ride) -> int:
    return 1 if ride.kind is None else max(1, ride.kind.drivers)


RULES: Final = (
    Rule("hours.continuous", law.SPELL_LAW, find_long_stretches, whole=True),
    Rule("hours.day", law.DAILY_LAW, find_long_days, whole=True),
)
