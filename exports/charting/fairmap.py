"""The map of the wall chart: the county, its townships, and where fairs are, by their numbers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from exports.mapping.base import SMALL_PX, draw_land, draw_places
from exports.mapping.ground import fit, project
from exports.mapping.ink import add, add_box, add_text
from exports.mapping.labels import Placer, Wish
from exports.mapping.paper import PX_PER_MM, Box, text_width
from exports.mapping.runs import Outcome, draw_labels, draw_ties, place_labels, town_boxes, town_wishes
from exports.mapping.styles import INK, PAPER
from exports.words import text
from planner.model.places import PlaceKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exports.charting.board import FairLine
    from exports.mapping.ink import Element
    from exports.mapping.labels import Placed
    from planner.model.campaign import Campaign
    from planner.model.places import PlaceId

_PILL_PX: Final = 21.0
_NORTH: Final = (30.0, 52.0)
_OURS: Final = frozenset({PlaceKind.VILLAGE, PlaceKind.TOWNSHIP})
"""Stations may lie far away."""


def draw_fair_map(
    root: Element, campaign: Campaign, *, fairs: Sequence[FairLine], box: Box, locale: str
) -> tuple[str, ...]:
    """Draw into a box (mm); give the names that found no place."""
    room = Box(box.x * PX_PER_MM, box.y * PX_PER_MM, box.width * PX_PER_MM, box.height * PX_PER_MM)
    at = {fair.place_id for fair in fairs}
    shown = [place.id for place in campaign.places if place.kind in _OURS or place.id in at]
    shown = shown or [place.id for place in campaign.places]
    if not shown:
        return ()
    north = Box(room.right - _NORTH[0], room.y, *_NORTH)
    ground = fit(project(campaign), shown=shown, room=room, walls={"tr": north}, panels=[(1.0, 1.0)]).ground
    numbers: defaultdict[PlaceId, list[int]] = defaultdict(list)
    for number, fair in enumerate(fairs, 1):
        if fair.place_id is not None:
            numbers[fair.place_id].append(number)
    group = add(root, "g", id="map")
    draw_land(group, campaign, ground=ground, room=room)
    draw_places(group, campaign, ground=ground, heads={}, hidden=())
    placer, outcome = Placer(room), Outcome()
    placer.block(north)
    for town in town_boxes(campaign.places, ground, room=room):
        placer.block(town)
    pills = _place_pills(placer, numbers, points=ground.places)
    place_labels(placer, town_wishes(campaign.places, ground, room=room), outcome=outcome)
    outcome.badges.extend(pills)
    draw_ties(group, outcome)
    draw_labels(group, outcome)
    for placed in pills:
        _draw_pill(group, placed.box, words=placed.wish.key)
    _draw_north(group, north, locale=locale)
    return tuple(outcome.dropped)


def _place_pills(
    placer: Placer, numbers: Mapping[PlaceId, Sequence[int]], *, points: Mapping[PlaceId, tuple[float, float]]
) -> list[Placed]:
    placed: list[Placed] = []
    for place_id, fairs in sorted(numbers.items()):
        words = " ".join(map(str, fairs))
        wide = max(_PILL_PX, text_width(words, SMALL_PX, bold=True) + 10)
        wish = Wish(
            key=words, point=points[place_id], gap=6, box=(wide, _PILL_PX), colour=INK, must=True,
        )  # fmt: skip
        found = placer.place(wish)
        if found is not None:
            placed.append(found)
    return placed


def _draw_pill(group: Element, box: Box, *, words: str) -> None:
    add_box(group, box, rx=_PILL_PX / 2, fill=PAPER, stroke=INK, stroke_width=1.8)
    at = box.x + box.width / 2, box.y + box.height / 2 + 4.8
    add_text(group, words, at, font_size=SMALL_PX, font_weight="700", text_anchor="middle")


def _draw_north(group: Element, box: Box, *, locale: str) -> None:
    x, y = box.x + box.width / 2, box.y + 2
    add(group, "path", d=f"M{x:.1f} {y:.1f}l-7 26l7 -6l7 6z", fill=INK)
    words = text("map.north", locale=locale)
    add_text(group, words, (x, y + 42), font_size=SMALL_PX, font_weight="700", text_anchor="middle")
