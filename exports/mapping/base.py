"""What every map has under and around its routes: outline, roads, places, 北, scale, title, source."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exports.mapping.ink import add, add_box, add_text, number, trace
from exports.mapping.paper import PX_PER_PT, Box, text_width, wrap
from exports.mapping.styles import GROUND, INK, PAPER, SUB
from exports.words import text
from planner.model.places import PlaceKind, RoadClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exports.mapping.ground import Ground
    from exports.mapping.ink import Element
    from exports.mapping.paper import Sheet
    from planner.model.campaign import Campaign
    from planner.model.places import PlaceId

TITLE_PX: Final = 22 * PX_PER_PT
BODY_PX: Final = 10.5 * PX_PER_PT
SMALL_PX: Final = 10 * PX_PER_PT
DOT: Final = "#A7B0B1"
_ROAD: Final = "#C4CACA"
_ROAD_PX: Final = {
    RoadClass.EXPRESSWAY: 4.0,
    RoadClass.GRADE1: 4.0,
    RoadClass.GRADE2: 4.0,
    RoadClass.GRADE3: 2.6,
    RoadClass.GRADE4: 1.6,
}
_LINE: Final = 19.0
_SCALE_PX: Final = 130.0
_HEAD: Final = 46.0
_TITLE_GAP: Final = 18.0
_NORTH_PX: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Surround:
    """The fixed furniture of a sheet, measured: what the map must keep clear of."""

    sheet: Sheet
    title: str
    lines: tuple[str, ...]
    """Beside the title when one line is enough, else below it."""
    beside: bool
    foot: tuple[str, ...]
    stamp: str
    locale: str

    @property
    def room(self) -> Box:
        """The frame between title and foot."""
        frame = self.sheet.frame
        head = _HEAD + (0 if self.beside else _LINE * len(self.lines))
        foot = max(len(self.foot), 1) * _LINE + 6
        return Box(frame.x, frame.y + head, frame.width, frame.height - head - foot)

    @property
    def walls(self) -> Mapping[str, Box]:
        """What takes up corners of the room."""
        room = self.room
        return {"br": Box(room.right - _SCALE_PX - 70, room.bottom - 40, _SCALE_PX + 64, 34)}

    def draw(self, root: Element, ground: Ground) -> None:
        """Draw title, north, scale and foot."""
        frame, room, group = self.sheet.frame, self.room, add(root, "g", id="surround")
        y = frame.y + 28
        add_text(group, self.title, (frame.x, y), font_size=TITLE_PX, font_weight="700")
        indent = text_width(self.title, TITLE_PX, bold=True) + _TITLE_GAP if self.beside else 0
        for row, line in enumerate(self.lines):
            baseline = y if self.beside else y + 3 + (row + 1) * _LINE
            add_text(group, line, (frame.x + indent, baseline), font_size=BODY_PX, fill=SUB)
        self._draw_north(group)
        self._draw_scale(group, ground)
        for row, line in enumerate(self.foot):
            y = room.bottom + 6 + (row + 0.8) * _LINE
            add_text(group, line, (frame.x, y), font_size=SMALL_PX, fill=SUB)
        y = frame.bottom - _LINE * 0.2
        add_text(group, self.stamp, (frame.right, y), font_size=SMALL_PX, fill=SUB, text_anchor="end")

    def _draw_north(self, group: Element) -> None:
        frame = self.sheet.frame
        x, y = frame.right - 9, frame.y - 2
        add(group, "path", d=f"M{number(x)} {number(y)}l-9 34l9 -8l9 8z", fill=INK)
        words = text("map.north", locale=self.locale)
        add_text(group, words, (x - 16, y + 27), font_size=15, font_weight="700", text_anchor="end")

    def _draw_scale(self, group: Element, ground: Ground) -> None:
        """Draw a bar of a round number of kilometres, not longer than its place."""
        most = _SCALE_PX / ground.px_per_km
        power = 10.0 ** math.floor(math.log10(most))
        length = max(step * power for step in (1, 2, 5) if step * power <= most)
        wide = length * ground.px_per_km
        wall = self.walls["br"]
        x, y = wall.x + 10, wall.bottom - 5
        add_box(group, wall, fill=PAPER)
        add(
            group, "path", d=f"M{number(x)} {number(y - 7)}v7h{number(wide)}v-7", fill="none", stroke=INK,
            stroke_width=1.5,
        )  # fmt: skip
        add_text(group, "0", (x, y - 12), font_size=SMALL_PX, text_anchor="middle")
        words = text("map.km", locale=self.locale, number=f"{length:g}")
        add_text(group, words, (x + wide - 8, y - 12), font_size=SMALL_PX)


def build_surround(
    campaign: Campaign, sheet: Sheet, *, title: str, line: str, stamp: str, locale: str
) -> Surround:
    """Measure the furniture; whose map it is and the data source get as many lines as they need."""
    spare = sheet.frame.width - _NORTH_PX
    beside = text_width(title, TITLE_PX, bold=True) + _TITLE_GAP + text_width(line, BODY_PX) <= spare
    lines = (line,) if beside else tuple(wrap(line, BODY_PX, width=spare))
    source = text("map.sketch", locale=locale, note=campaign.data_note).strip(" ·")
    width = sheet.frame.width - text_width(stamp, SMALL_PX) - 30
    foot = tuple(wrap(source, SMALL_PX, width=width))
    return Surround(
        sheet=sheet, title=title, lines=lines, beside=beside, foot=foot, stamp=stamp, locale=locale
    )


def draw_land(root: Element, campaign: Campaign, *, ground: Ground, room: Box) -> None:
    """Draw the county and its roads, cut off at the edge of the room."""
    add_box(add(add(root, "defs"), "clipPath", id="room"), room)
    if ground.outline:
        land = add(root, "g", id="land", clip_path="url(#room)")
        add_box(land, room, fill=GROUND)
        path = "".join(f"{trace(ring)}Z" for ring in ground.outline)
        add(land, "path", d=path, fill=PAPER, stroke="#8A9496", stroke_width=1.4, stroke_dasharray="9 4 2 4")
    roads = add(
        root, "g", id="roads", fill="none", clip_path="url(#room)", stroke=_ROAD, stroke_linecap="round"
    )
    for width in sorted(set(_ROAD_PX.values())):
        lines = [
            trace((ground.places[road.from_id], ground.places[road.to_id]))
            for road in campaign.roads
            if _ROAD_PX[road.road_class] == width
        ]
        if lines:
            add(roads, "path", d="".join(lines), stroke_width=width)


def draw_places(
    root: Element,
    campaign: Campaign,
    *,
    ground: Ground,
    heads: Mapping[PlaceId, int],
    hidden: Iterable[PlaceId],
) -> None:
    """Draw villages as dots by heads and townships as squares; ``hidden`` ones have a marker of their own."""
    group, skip = add(root, "g", id="places", clip_path="url(#room)"), set(hidden)
    for place in campaign.places:
        x, y = ground.places[place.id]
        if place.kind is PlaceKind.VILLAGE and place.id not in skip:
            add(group, "circle", cx=x, cy=y, r=dot_radius(heads.get(place.id, 0)), fill=DOT)
        elif place.kind is PlaceKind.TOWNSHIP:
            add(group, "rect", x=x - 4, y=y - 4, width=8, height=8, fill=PAPER, stroke=SUB, stroke_width=1.5)


def dot_radius(heads: int) -> float:
    """Area by heads, with a least size so that an empty village is still there."""
    return min(1.2 + 0.75 * math.sqrt(heads), 6.0)


def draw_station(root: Element, at: tuple[float, float]) -> None:
    """Draw a station: a black square with a train's face."""
    x, y = at
    group = add(root, "g", transform=f"translate({number(x)} {number(y)})")
    add(group, "rect", x=-14, y=-14, width=28, height=28, rx=2, fill=INK, stroke=PAPER, stroke_width=2)
    add(group, "rect", x=-7.5, y=-9, width=15, height=14, rx=2.5, fill=PAPER)
    add(group, "rect", x=-5, y=-6, width=10, height=5, fill=INK)
    add(group, "circle", cx=-4, cy=2, r=1.4, fill=INK)
    add(group, "circle", cx=4, cy=2, r=1.4, fill=INK)
    add(group, "path", d="M-5 10l2.5 -4h5l2.5 4", fill="none", stroke=PAPER, stroke_width=2)


def station_box(at: tuple[float, float]) -> Box:
    """What a station covers."""
    return Box(at[0] - 16, at[1] - 16, 32, 32)
