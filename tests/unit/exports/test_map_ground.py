from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import pytest

from exports.mapping.ground import MOST_PX, Ground, fit, make_room, project
from exports.mapping.labels import Anchor, Placer, Wish
from exports.mapping.paper import A3, Box, text_width, wrap
from planner.errors import ExportError
from planner.model.places import PlaceId
from tests.builders import tiny_campaign

ROOM = Box(0, 0, 1000, 700)


def ground(**points: tuple[float, float]) -> Ground:
    return Ground(places={PlaceId(name): point for name, point in points.items()}, outline=(), px_per_km=1)


def test_projection_keeps_lengths() -> None:
    """Gaoling to the station is 12.7 km as the crow flies."""
    flat = project(tiny_campaign())
    assert math.dist(flat.places[PlaceId("430525999203")], flat.places[PlaceId("st-shili")]) == pytest.approx(
        12.7, abs=0.1
    )


def test_fit_keeps_places_clear_of_panel_and_walls() -> None:
    spots = ground(a=(0, 0), b=(40, 10), c=(35, 30), d=(2, 28))
    wall = Box(900, 600, 100, 100)
    found = fit(spots, shown=spots.places, room=ROOM, walls={"br": wall}, panels=[(300, 400)])
    for point in found.ground.places.values():
        assert ROOM.has_point(point, margin=-30)
        assert not found.panel.has_point(point, margin=30)
        assert not wall.has_point(point, margin=30)
    assert not found.panel.overlaps(wall)
    assert ROOM.holds(found.panel)


def test_fit_prefers_the_shape_that_leaves_the_larger_map() -> None:
    spots = ground(a=(0, 0), b=(0, 40), c=(10, 20))
    found = fit(spots, shown=spots.places, room=ROOM, walls={}, panels=[(900, 400), (300, 650)])
    assert found.choice == 1


def test_fit_says_when_there_is_no_room() -> None:
    with pytest.raises(ExportError):
        fit(ground(a=(0, 0)), shown=[PlaceId("a")], room=ROOM, walls={}, panels=[(990, 690)])


def test_room_is_made_within_reach_of_home() -> None:
    crowd = ground(**{f"p{n}": (500 + n % 5, 300 + n // 5) for n in range(9)}, hub=(502, 302))
    radii = {**dict.fromkeys(crowd.places, 6.0), PlaceId("hub"): 6.0}
    spread = make_room(crowd, radii=radii, fixed=frozenset({PlaceId("hub")}), room=ROOM)
    assert spread.places[PlaceId("hub")] == (502, 302)
    for a, b in combinations(spread.places.values(), 2):
        assert math.dist(a, b) > 11
    for place, point in spread.places.items():
        assert math.dist(point, crowd.places[place]) <= MOST_PX + 0.01


def test_two_places_on_one_point_part() -> None:
    twins = ground(a=(500, 300), b=(500, 300))
    spread = make_room(twins, radii=dict.fromkeys(twins.places, 9.0), fixed=frozenset(), room=ROOM)
    assert math.dist(*spread.places.values()) > 16


def test_room_leaves_what_has_room_where_it_is() -> None:
    apart = ground(a=(100, 100), b=(200, 200))
    assert make_room(apart, radii=dict.fromkeys(apart.places, 9.0), fixed=frozenset(), room=ROOM) == apart


WISH = Wish(key="k", point=(500, 300), gap=10, words="岩龙村", size=14)


def test_names_stand_to_the_right_first() -> None:
    placed = Placer(ROOM).place(WISH)
    assert placed is not None
    assert placed.anchor is Anchor.START
    assert placed.box.x == 510


def test_names_make_way_for_what_is_there_and_for_lines() -> None:
    placer = Placer(ROOM)
    placer.block(Box(505, 280, 100, 40))
    placer.add_line([(400, 300), (495, 300)])
    placed = placer.place(WISH)
    assert placed is not None
    assert placed.box.bottom <= 290 or placed.box.y >= 310
    assert placed.box.right <= 505


def test_a_name_is_dropped_but_a_badge_goes_farther() -> None:
    placer = Placer(ROOM)
    placer.block(Box(440, 260, 120, 80))
    assert placer.place(WISH) is None
    placed = placer.place(replace(WISH, must=True))
    assert placed is not None
    assert placed.far
    assert placer.place(replace(WISH, must=True, rings=1)) is None


def test_nothing_is_placed_off_the_sheet() -> None:
    placed = Placer(ROOM).place(replace(WISH, point=(995, 300)))
    assert placed is not None
    assert ROOM.holds(placed.box)


def test_widths() -> None:
    assert text_width("洞口站", 10) == 30
    assert text_width("2020", 10) == pytest.approx(22.4)
    assert text_width("洞口站", 10, bold=True) >= 30


def test_lines_break_between_words_and_before_no_comma() -> None:
    lines = wrap("演示数据，村点为合成。Demonstration data only", 10, width=60)
    assert "".join(lines).replace(" ", "") == "演示数据，村点为合成。Demonstrationdataonly"
    assert not [line for line in lines if line[0] in "，。"]
    assert not [line for line in lines if line.startswith("monstration")]
    assert wrap("", 10, width=60) == []


def test_boxes() -> None:
    assert not Box(0, 0, 10, 10).overlaps(Box(10, 0, 10, 10))
    assert Box(0, 0, 10, 10).overlaps(Box(10, 0, 10, 10), gap=1)
    assert A3.frame.holds(A3.frame.shrunk(1))
    assert not A3.frame.shrunk(1).holds(A3.frame)
