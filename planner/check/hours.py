"""Hours at the wheel, as far as a plan without named drivers can break them.

Who drives what when comes with the crews; until then each driver of a vehicle's licence crew is one
share of the limits, and a round counts to the day in which it starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule, run_item
from planner.check.writing import write_hours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case, Ride

REST_S: Final = 20 * 60
"""A shorter stop is no rest (道路交通安全法实施条例 第62条(7))."""
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
    """Require that nobody drives more than 8 h in 24 h (domain R3)."""
    for vehicle, rides in case.duties():
        limit_s = _DAILY_S * _drivers(rides[0])
        driven = [
            (ride, sum(arc.way.seconds for arc in case.arcs(ride) if arc.way is not None)) for ride in rides
        ]
        for ride, _ in driven:
            start_s = ride.route.start_s
            total_s = sum(drive_s for other, drive_s in driven if 0 <= other.route.start_s - start_s < _DAY_S)
            if total_s > limit_s:
                figures = {"drive": write_hours(total_s), "limit": write_hours(limit_s)}
                yield Finding(run_item(ride.run), {"run": ride.run, "vehicle": vehicle, **figures})
                break


def _drivers(ride: Ride) -> int:
    return 1 if ride.kind is None else max(1, ride.kind.drivers)


RULES: Final = (
    Rule("hours.continuous", "道路交通安全法实施条例 第62条(7)", find_long_stretches, whole=True),
    Rule("hours.day", "道路旅客运输企业安全管理规范 第38条(2)", find_long_days, whole=True),
)
