"""Degrees -> paper: projection, the place on the sheet where county and legend both fit, room for markers.

The drawing is a sketch (示意图): lengths are right to the scale bar, but a village may stand up to
``MOST_PX`` beside its point so that its number can be read.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np

from exports.mapping.paper import Box, Point
from planner.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from planner.model.campaign import Campaign
    from planner.model.places import PlaceId

    Floats = NDArray[np.float64]

MOST_PX: Final = 28.0
"""Farthest that a place is moved from its point to make room."""

_KM_PER_DEGREE: Final = 111.195
_EDGE: Final = 40.0
"""Room around places for a marker and its badge."""
_STEPS: Final = 90
_SHRINK: Final = 0.98
_SPREAD: Final = np.array(
    sorted(product(np.linspace(0, 1, 21), repeat=2), key=lambda at: (abs(at[0] - 0.5) + abs(at[1] - 0.5), at))
)
"""Where in the spare room the county may stand, nearest to the middle first."""
_ROUNDS: Final = 120
_LAST: Final = 30
_PULL: Final = 0.04
"""How strongly a place is drawn home while others push; not in the last rounds, so that they end free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where things stand, in pixels (in kilometres before fitting)."""

    places: Mapping[PlaceId, Point]
    outline: tuple[tuple[Point, ...], ...]
    px_per_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The fitted ground, the panel chosen among the offered sizes, and where it stands."""

    ground: Ground
    panel: Box
    choice: int


def project(campaign: Campaign) -> Ground:
    """Flatten degrees to kilometres east and south of nowhere in particular (one county is small)."""
    middle = sum(place.lat for place in campaign.places) / max(len(campaign.places), 1)
    narrow = math.cos(math.radians(middle))

    def flat(lon: float, lat: float) -> Point:
        return lon * _KM_PER_DEGREE * narrow, -lat * _KM_PER_DEGREE

    return Ground(
        places={place.id: flat(place.lon, place.lat) for place in campaign.places},
        outline=tuple(tuple(flat(lon, lat) for lon, lat in ring) for ring in campaign.outline),
        px_per_km=1,
    )


def fit(
    ground: Ground,
    *,
    shown: Iterable[PlaceId],
    room: Box,
    walls: Mapping[str, Box],
    panels: Sequence[tuple[float, float]],
) -> Layout:
    """Find the largest scale at which no shown place is under the panel or a wall; others may be.

    ``walls`` are named by the corner they take (``tl``, ``tr``, ``bl``, ``br``); the panel stands in a
    corner too, clear of its wall. Among equal scales the earlier panel size and corner win.
    """
    points = np.array([ground.places[place] for place in shown], dtype=np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    extent = np.maximum(high - low, 0.5)
    inner = room.shrunk(_EDGE)
    full = min(inner.width / extent[0], inner.height / extent[1])
    stands = [
        (choice, panel) for choice, size in enumerate(panels) for panel in _corners(room, walls, size=size)
    ]
    for step in range(_STEPS):
        scale = float(full * _SHRINK**step)
        slack = np.array([inner.width, inner.height]) - extent * scale
        shifts = np.array([inner.x, inner.y]) + slack * _SPREAD - low * scale
        free = shifts
        for wall in walls.values():
            free = free[~_hits(points * scale, free, box=wall)]
        for choice, panel in stands:
            left = free[~_hits(points * scale, free, box=panel)]
            if len(left):
                return Layout(ground=_scaled(ground, scale, shift=left[0]), panel=panel, choice=choice)
    message = "the legend leaves no room for the map"
    raise ExportError(message)


def _hits(points: Floats, shifts: Floats, *, box: Box) -> NDArray[np.bool_]:
    """Say for each shift whether it brings any point under a box or too near to it."""
    x = points[:, 0] + shifts[:, :1]
    y = points[:, 1] + shifts[:, 1:]
    across = (x > box.x - _EDGE) & (x < box.right + _EDGE)
    return np.any(across & (y > box.y - _EDGE) & (y < box.bottom + _EDGE), axis=1)


def _corners(room: Box, walls: Mapping[str, Box], *, size: tuple[float, float]) -> Iterator[Box]:
    """Stand a panel in each corner, above or below the wall that is there already."""
    width, height = size
    gap = 10.0
    for corner in ("bl", "br", "tl", "tr"):
        wall = walls.get(corner)
        x = room.x if corner[1] == "l" else room.right - width
        if corner[0] == "t":
            y = wall.bottom + gap if wall else room.y
        else:
            y = (wall.y - gap if wall else room.bottom) - height
        box = Box(x, y, width, height)
        if room.holds(box):
            yield box


def _scaled(ground: Ground, scale: float, *, shift: Floats) -> Ground:
    right, down = float(shift[0]), float(shift[1])

    def move(point: Point) -> Point:
        return point[0] * scale + right, point[1] * scale + down

    return Ground(
        places={place: move(point) for place, point in ground.places.items()},
        outline=tuple(tuple(move(point) for point in ring) for ring in ground.outline),
        px_per_km=scale,
    )


def make_room(
    ground: Ground, *, radii: Mapping[PlaceId, float], fixed: frozenset[PlaceId], room: Box
) -> Ground:
    """Push places apart until their circles are free of each other, as far as ``MOST_PX`` allows.

    ``fixed`` places push but do not move. Order of places, not chance, breaks ties.
    """
    home = {place: ground.places[place] for place in sorted(radii)}
    here = dict(home)
    cell = 2 * max(radii.values(), default=1) + 2
    for turn in range(_ROUNDS):
        push = _pushes(here, radii, cell=cell)
        pull = _PULL if turn < _ROUNDS - _LAST else 0
        for place in here.keys() - fixed:
            point, start, (right, down) = here[place], home[place], push[place]
            drawn = point[0] + (start[0] - point[0]) * pull, point[1] + (start[1] - point[1]) * pull
            here[place] = _within(start, (drawn[0] + right, drawn[1] + down), room=room)
    return replace(ground, places={**ground.places, **here})


def _pushes(
    here: Mapping[PlaceId, Point], radii: Mapping[PlaceId, float], *, cell: float
) -> Mapping[PlaceId, Point]:
    cells: dict[tuple[int, int], list[PlaceId]] = defaultdict(list)
    for place, (x, y) in here.items():
        cells[int(x // cell), int(y // cell)].append(place)
    push: dict[PlaceId, Point] = defaultdict(lambda: (0.0, 0.0))
    for place, (x, y) in here.items():
        column, row = int(x // cell), int(y // cell)
        for right, down in product((-1, 0, 1), repeat=2):
            for other in cells.get((column + right, row + down), ()):
                if other == place:
                    continue
                dx, dy = x - here[other][0], y - here[other][1]
                wanted = radii[place] + radii[other]
                if dx * dx + dy * dy >= wanted * wanted:
                    continue
                if not dx and not dy:  # two on one point part by name
                    dx = 0.01 if place < other else -0.01
                apart = math.sqrt(dx * dx + dy * dy)
                much = (wanted - apart) / apart * 0.5
                push[place] = (push[place][0] + dx * much, push[place][1] + dy * much)
    return push


def _within(home: Point, point: Point, *, room: Box) -> Point:
    """Keep a point within reach of its home and inside the room."""
    (x, y), away = point, math.dist(point, home)
    if away > MOST_PX:
        x = home[0] + (x - home[0]) * MOST_PX / away
        y = home[1] + (y - home[1]) * MOST_PX / away
    return min(max(x, room.x + 12), room.right - 12), min(max(y, room.y + 12), room.bottom - 12)
