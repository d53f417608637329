"""A vehicle's time at the wheel as the driver's sheet shows it, against the limits of the day.

道路交通安全法实施条例 第62条(7): 4 h, then a stop of 20 min; 道路旅客运输企业安全管理规范 第38条(2): 8 h in
24 h. Each driver of the vehicle's licence crew is one share. The sheet shows, ``planner.check`` judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from planner.hours import DAY_S, REST_S, UNBROKEN_S
from planner.model.trunk import Doing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exports.dossier import Dossier
    from planner.model.fleet import DriverId
    from planner.model.plan import Route, Stop
    from planner.model.trunk import Movement

_DAY_LONG_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """Seconds at the wheel: longest without a rest on this run, over all rounds of the day, and limits."""

    unbroken_s: int
    unbroken_limit_s: int
    day_s: int
    day_limit_s: int


def read_wheel(dossier: Dossier, route: Route) -> Wheel:
    """Add up the driving of a run and of its vehicle's day."""
    drivers = max(dossier.vehicle_type(route.vehicle_id).drivers, 1)
    rounds = dossier.rounds(route)
    day = [each for each in rounds if each.start_s // 86_400 == route.start_s // 86_400]
    return Wheel(
        unbroken_s=max(stretches_s(dossier, route)),
        unbroken_limit_s=UNBROKEN_S * drivers,
        day_s=sum(_driving_s(each) for each in day),
        day_limit_s=DAY_S * drivers,
    )


def stretches_s(dossier: Dossier, route: Route) -> tuple[int, ...]:
    """Give, for each stop, the seconds driven since the last rest when the vehicle gets there."""
    before = dossier.round_before(route)
    rested = before is None or route.start_s - before.arrive_s >= REST_S
    driven_s = 0 if before is None or rested else stretches_s(dossier, before)[-1]
    clock, found = route.start_s, list[int]()
    for stop in route.stops:
        driven_s += stop.arrive_s - clock
        found.append(driven_s)
        driven_s = 0 if _is_rest(stop) else driven_s
        clock = stop.depart_s
    return tuple(found)


def _is_rest(stop: Stop) -> bool:
    return stop.depart_s - stop.arrive_s >= REST_S


def _driving_s(route: Route) -> int:
    return route.arrive_s - route.start_s - sum(stop.depart_s - stop.arrive_s for stop in route.stops)


def most_in_a_day_s(dossier: Dossier, driver: DriverId) -> int:
    """Give the most seconds that a driver of trunk coaches is at the wheel in any 24 h, all runs counted."""
    spans = [
        (movement.start_s, movement.end_s)
        for run in dossier.plan.trunk_runs
        if driver in run.drivers
        for movement in (*run.movements, *run.back)
        if movement.driver == run.drivers.index(driver) + 1
    ]
    return max((_driven_before_s(spans, end_s) for _, end_s in spans), default=0)


def longest_spell_s(movements: Sequence[Movement], *, rest_s: int) -> int:
    """Give the longest that a coach is driven without a stop of ``rest_s`` seconds."""
    longest_s = spell_s = 0
    for movement in movements:
        length_s = movement.end_s - movement.start_s
        if movement.doing is Doing.DRIVE:
            spell_s += length_s
            longest_s = max(longest_s, spell_s)
        elif length_s >= rest_s:
            spell_s = 0
    return longest_s


def _driven_before_s(spans: Sequence[tuple[int, int]], at_s: int) -> int:
    since_s = at_s - _DAY_LONG_S
    return sum(max(min(end_s, at_s) - max(start_s, since_s), 0) for start_s, end_s in spans)
