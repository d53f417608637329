"""A vehicle's time at the wheel as the driver's sheet shows it, against the limits of the day.

道路交通安全法实施条例 第62条(7): 4 h, then a stop of 20 min; 道路旅客运输企业安全管理规范 第38条(2): 8 h in
24 h. Each driver of the vehicle's licence crew is one share. The sheet shows, ``planner.check`` judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.hours import DAY_S, REST_S, UNBROKEN_S

if TYPE_CHECKING:
    from exports.dossier import Dossier
    from planner.model.plan import Route, Stop


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
