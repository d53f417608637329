"""Which colour and dash a run is drawn in: seven slots, and neighbours around the station differ.

All seven colours turn into nearly the same grey, so on a black-and-white print the dash and the
number carry identity. The same slot is the thick bar on the run's crowd sign: ask
``exports.map.find_styles`` there too.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from planner.model.plan import Plan, Route

INK: Final = "#16201F"
SUB: Final = "#59666A"
CONTROL: Final = "#7C898C"
LINE: Final = "#CBD3D4"
PAPER: Final = "#FFFFFF"
GROUND: Final = "#FBFBF8"
STOP: Final = "#B3271E"
FLOW: Final = "#0B5F66"
"""The ribbons of the overview: the accent of the design."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStyle:
    """One slot of the table in the design: colour, dash pattern in pixels, white core for a double line."""

    slot: int
    colour: str
    dash: tuple[float, ...] = ()
    core: float = 0


STYLES: Final = (
    RouteStyle(slot=1, colour="#0B6E75"),
    RouteStyle(slot=2, colour="#B4341F", dash=(14, 6)),
    RouteStyle(slot=3, colour="#3A4FA3", dash=(2.5, 6)),
    RouteStyle(slot=4, colour="#8A5A00", dash=(16, 5, 3, 5)),
    RouteStyle(slot=5, colour="#7A3E86", dash=(8, 6)),
    RouteStyle(slot=6, colour="#3D7020", core=2),
    RouteStyle(slot=7, colour="#4A5A63", dash=(22, 5, 3, 5, 3, 5)),
)

_NEAR_KM: Final = 6.0
_MATE: Final = 10_000
"""Side by side in lanes weighs more than any number of stops that are near."""
_KM_PER_DEGREE: Final = 111.2


def assign_styles(plan: Plan, *, mates: Collection[frozenset[int]]) -> Mapping[int, RouteStyle]:
    """Give every run of a plan its style, departure by departure.

    Around the station, runs next to each other never share a slot. With more than seven runs the
    slots come round again: first where the lines do not run side by side (``mates`` are pairs that
    do), then where the run is farthest apart from those that have the slot.
    """
    by_departure: dict[str, list[Route]] = defaultdict(list)
    for route in plan.routes:
        by_departure[route.departure_id].append(route)
    styles: dict[int, RouteStyle] = {}
    for _, routes in sorted(by_departure.items()):
        styles |= _assign(order_around(routes), mates)
    return dict(sorted(styles.items()))


def order_around(routes: Iterable[Route]) -> list[Route]:
    """Sort routes of one departure by the bearing of their people from the station, then by run."""
    return sorted(routes, key=lambda route: (round(_bearing(route), 6), route.run))


def _assign(circle: Sequence[Route], mates: Collection[frozenset[int]]) -> dict[int, RouteStyle]:
    if len(circle) <= len(STYLES):
        runs = sorted(route.run for route in circle)
        return dict(zip(runs, STYLES, strict=False))
    taken: list[RouteStyle] = []
    used: Counter[int] = Counter()
    for here, route in enumerate(circle):
        banned = {style.slot for style in taken[-1:]}
        if here == len(circle) - 1:
            banned.add(taken[0].slot)
        near: Counter[int] = Counter()
        for other, style in zip(circle, taken, strict=False):
            near[style.slot] += _closeness(route, other)
            near[style.slot] += _MATE * (frozenset((route.run, other.run)) in mates)
        free = [style for style in STYLES if style.slot not in banned]
        taken.append(min(free, key=lambda style: (near[style.slot], used[style.slot], style.slot)))
        used[taken[-1].slot] += 1
    return {route.run: style for route, style in zip(circle, taken, strict=True)}


def _bearing(route: Route) -> float:
    """Radians of the heads' centre of gravity as seen from the station."""
    *stops, station = route.stops
    heads = sum(stop.board for stop in stops) or 1
    north = sum((stop.lat - station.lat) * stop.board for stop in stops) / heads
    east = sum((stop.lon - station.lon) * stop.board for stop in stops) / heads
    return math.atan2(north, east * math.cos(math.radians(station.lat)))


def _closeness(a: Route, b: Route) -> int:
    """How many pairs of their stops are so near that the lines could be taken for each other."""
    narrow = math.cos(math.radians(a.stops[-1].lat))
    return sum(
        math.hypot((p.lat - q.lat) * _KM_PER_DEGREE, (p.lon - q.lon) * _KM_PER_DEGREE * narrow) < _NEAR_KM
        for p in a.stops[:-1]
        for q in b.stops[:-1]
    )
