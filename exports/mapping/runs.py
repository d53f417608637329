"""The runs of one departure on the ground: bands, lanes, numbered stops, badges, names."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from exports.mapping.base import SMALL_PX
from exports.mapping.ink import add, add_text, trace
from exports.mapping.labels import Placed, Placer, Wish
from exports.mapping.lanes import BAND_PX, Lanes
from exports.mapping.panel import BADGE, draw_badge, draw_line
from exports.mapping.paper import PX_PER_PT, Box
from exports.mapping.styles import INK, PAPER, SUB
from planner.model.places import PlaceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from exports.mapping.ground import Ground
    from exports.mapping.ink import Element
    from exports.mapping.paper import Point
    from exports.mapping.styles import RouteStyle
    from exports.mapping.tracks import Atlas
    from planner.model.places import Place, PlaceId
    from planner.model.plan import Route

MARKER: Final = 9.0
"""Radius of a numbered stop; the figure in it is 10 pt."""
SPACING: Final = 2 * MARKER + 3.5
_TOWN_PX: Final = 12 * PX_PER_PT
_STATION_PX: Final = 14 * PX_PER_PT
LINE_PX: Final = 4.6
SPUR_PX: Final = 3.4
"""Out to a village and back: thinner, so that the way to the station stands out."""


@dataclass(slots=True)
class Outcome:
    """What a drawing shows and had to leave out; tests hold it to the paper."""

    labels: list[Placed] = field(default_factory=list)
    badges: list[Placed] = field(default_factory=list)
    markers: dict[tuple[int, PlaceId], Box] = field(default_factory=dict)
    rings: list[tuple[int, PlaceId]] = field(default_factory=list)
    """Stops drawn as a small ring because their number did not fit."""
    furniture: list[Box] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything the drawing of one departure needs."""

    atlas: Atlas
    routes: Sequence[Route]
    ground: Ground
    lanes: Lanes
    styles: Mapping[int, RouteStyle]
    placer: Placer
    outcome: Outcome

    def block(self, box: Box) -> None:
        """Keep the place of a fixed thing."""
        self.placer.block(box)
        self.outcome.furniture.append(box)


def draw_lines(root: Element, scene: Scene) -> None:
    """Draw bands, then every run with a white casing of its own, in run order."""
    group = add(root, "g", id="bands", fill="none")
    for width, colour in ((BAND_PX + 4, PAPER), (BAND_PX, INK)):
        path = "".join(trace(band.ends) for band in scene.lanes.bands)
        if path:
            add(group, "path", d=path, stroke=colour, stroke_width=width, stroke_linecap="round")
    lines = add(root, "g", id="runs")
    for run in sorted(scene.lanes.lines):
        group = add(lines, "g", id=f"run-{run}", data_run=str(run))
        for parts, width in ((scene.lanes.spurs[run], SPUR_PX), (scene.lanes.lines[run], LINE_PX)):
            path = "".join(trace(part) for part in parts)
            if path:
                add(
                    group, "path", d=path, fill="none", stroke=PAPER, stroke_width=width + 3.8,
                    stroke_linejoin="round",
                )  # fmt: skip
                draw_line(group, path, style=scene.styles[run], width=width)
            for part in parts:
                scene.placer.add_line(part)
    for band in scene.lanes.bands:
        scene.placer.add_line(band.ends)


def place_stops(scene: Scene) -> None:
    """Keep the place of every number that covers no other; the rest become small rings."""
    taken: list[Point] = []
    for route in scene.routes:
        for stop in route.stops[:-1]:
            x, y = scene.lanes.stops[route.run, stop.place_id]
            if all(math.dist((x, y), other) >= 2 * MARKER + 2.2 for other in taken):  # circles, not boxes
                taken.append((x, y))
                box = Box(x - MARKER - 1, y - MARKER - 1, 2 * MARKER + 2, 2 * MARKER + 2)
                scene.placer.block(box)
                scene.outcome.markers[route.run, stop.place_id] = box
            else:
                scene.outcome.rings.append((route.run, stop.place_id))


def draw_stops(root: Element, scene: Scene) -> None:
    """Number the stops as the run sheet does."""
    group = add(root, "g", id="stops")
    for route in scene.routes:
        colour = scene.styles[route.run].colour
        line = add(group, "g", data_run=str(route.run))
        for order, stop in enumerate(route.stops[:-1], start=1):
            x, y = scene.lanes.stops[route.run, stop.place_id]
            if (route.run, stop.place_id) not in scene.outcome.markers:
                add(line, "circle", cx=x, cy=y, r=4, fill=PAPER, stroke=colour, stroke_width=2)
                continue
            add(line, "circle", cx=x, cy=y, r=MARKER, fill=PAPER, stroke=colour, stroke_width=2.2)
            number = len(route.stops) - order if route.home else order
            add_text(
                line, str(number), (x, y + SMALL_PX * 0.36), font_size=SMALL_PX, font_weight="700",
                text_anchor="middle",
            )  # fmt: skip


def place_badges(placer: Placer, wishes: Iterable[Wish], *, outcome: Outcome) -> None:
    """Give every run its badge at the first stop; only a sheet without any room drops one."""
    for wish in wishes:
        placed = placer.place(wish)
        if placed:
            outcome.badges.append(placed)
        else:
            outcome.dropped.append(wish.key)


def badge_wish(run: int, point: Point, *, colour: str, gap: float = MARKER + 2.5) -> Wish:
    """Ask for a run's badge beside its first stop."""
    return Wish(key=f"run-{run}", point=point, gap=gap, box=BADGE, must=True, colour=colour)


def draw_ties(root: Element, outcome: Outcome) -> None:
    """Join badges and names that stand away to their points; drawn below the markers."""
    group = add(root, "g", id="ties", fill="none", stroke_width=1.2)
    for placed in (*outcome.badges, *outcome.labels):
        if placed.far:
            x, y = placed.wish.point
            box = placed.box
            end = min(max(x, box.x), box.right), min(max(y, box.y), box.bottom)
            add(group, "path", d=trace(((x, y), end)), stroke=placed.wish.colour)


def draw_badges(root: Element, outcome: Outcome) -> None:
    """Draw the badges above everything else."""
    group = add(root, "g", id="badges")
    for placed in outcome.badges:
        draw_badge(group, placed.box, words=placed.wish.key.removeprefix("run-"), colour=placed.wish.colour)


def place_labels(placer: Placer, wishes: Iterable[Wish], *, outcome: Outcome) -> None:
    """Place names in the order given."""
    for wish in wishes:
        placed = placer.place(wish)
        if placed:
            outcome.labels.append(placed)
        else:
            outcome.dropped.append(wish.key)


def draw_labels(root: Element, outcome: Outcome) -> None:
    """Draw all halos, then all names, so that no halo covers a letter."""
    halo = add(
        root, "g", id="halos", fill=PAPER, stroke=PAPER, stroke_width=3.6, stroke_linejoin="round",
        aria_hidden="true",
    )  # fmt: skip
    names = add(root, "g", id="names")
    for placed in outcome.labels:
        weight = {"font_weight": "700"} if placed.wish.bold else {}
        for group, extra in ((halo, {}), (names, {"fill": placed.wish.colour})):
            add_text(
                group, placed.wish.words, placed.baseline, font_size=placed.wish.size,
                text_anchor=placed.anchor.value, **weight, **extra,
            )  # fmt: skip


def town_wishes(places: Iterable[Place], ground: Ground, *, room: Box) -> list[Wish]:
    """Ask for the names of townships: they tell where one is on the map."""
    return [
        Wish(
            key=f"town-{place.id}", point=ground.places[place.id], gap=7, words=place.name, size=_TOWN_PX,
            colour=SUB, must=True, rings=6,
        )
        for place in places
        if place.kind is PlaceKind.TOWNSHIP and room.has_point(ground.places[place.id])
    ]  # fmt: skip


def town_boxes(places: Iterable[Place], ground: Ground, *, room: Box) -> list[Box]:
    """What the squares of the townships cover."""
    points = [ground.places[place.id] for place in places if place.kind is PlaceKind.TOWNSHIP]
    return [Box(x - 5, y - 5, 10, 10) for x, y in points if room.has_point((x, y))]


def station_wish(place: Place, ground: Ground) -> Wish:
    """Ask for a station's name; it is never dropped."""
    return Wish(
        key=f"station-{place.id}", point=ground.places[place.id], gap=19, words=place.name, size=_STATION_PX,
        bold=True, colour=INK, must=True,
    )  # fmt: skip


def stop_wishes(scene: Scene) -> list[Wish]:
    """Ask for the names of stops: first stops, then last ones, then by heads."""
    ranked: list[tuple[tuple[int, int, int, int], Wish]] = []
    named: set[PlaceId] = set()
    for route in scene.routes:
        last = len(route.stops) - 2
        for order, stop in enumerate(route.stops[:-1]):
            tier = 0 if order == 0 else 1 if order == last else 2
            place = scene.atlas.places.get(stop.place_id)
            wish = Wish(
                key=f"stop-{route.run}-{order + 1}", point=scene.lanes.stops[route.run, stop.place_id],
                gap=MARKER + 2, words=place.name if place else stop.place_id, size=SMALL_PX, bold=True,
                colour=INK, most_lines=(14, 8, 4)[tier],
            )  # fmt: skip
            ranked.append(((tier, -stop.board, route.run, order), wish))
    wishes: list[Wish] = []
    for (_, _, run, order), wish in sorted(ranked, key=lambda row: row[0]):
        place_id = next(route for route in scene.routes if route.run == run).stops[order].place_id
        if place_id not in named:
            named.add(place_id)
            wishes.append(wish)
    return wishes
