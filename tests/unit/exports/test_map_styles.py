from __future__ import annotations

from itertools import pairwise

import pytest

from exports.map import find_styles
from exports.mapping.lanes import find_mates
from exports.mapping.styles import STYLES, order_around
from exports.mapping.tracks import build_atlas, count_flow
from planner.network import Network
from tests.builders import tiny_campaign, tiny_plan
from tests.sketch import sketch_campaign, sketch_plan


def _luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("style", STYLES, ids=lambda style: str(style.slot))
def test_white_figures_on_badges_can_be_read(style: object) -> None:
    colour = getattr(style, "colour")  # noqa: B009
    assert 1.05 / (_luminance(colour) + 0.05) >= 5.4


def test_every_slot_has_a_line_of_its_own() -> None:
    assert len({(style.dash, style.core) for style in STYLES}) == len(STYLES) == 7


@pytest.mark.parametrize("seed", range(6))
def test_neighbours_never_share_a_dash(seed: int) -> None:
    campaign = sketch_campaign(townships=12, villages=150, seed=seed)
    plan = sketch_plan(campaign, Network(campaign), seats=30)
    styles = find_styles(campaign, plan)
    atlas = build_atlas(campaign, plan)
    for departure in campaign.departures:
        circle = order_around(route for route in plan.routes if route.departure_id == departure.id)
        assert len(circle) > len(STYLES)
        for a, b in pairwise([*circle, circle[0]]):
            assert styles[a.run].slot != styles[b.run].slot
        for a, b in find_mates(atlas.tracks[route.run] for route in circle):
            assert styles[a].slot != styles[b].slot


def test_few_runs_are_all_different() -> None:
    campaign = sketch_campaign(townships=4, villages=30)
    plan = sketch_plan(campaign, Network(campaign), seats=25)
    runs = [route for route in plan.routes if route.departure_id == campaign.departures[0].id]
    assert 2 < len(runs) <= len(STYLES)
    styles = find_styles(campaign, plan)
    assert len({styles[route.run].slot for route in runs}) == len(runs)


def test_flow_brings_everybody_to_the_station() -> None:
    campaign, plan = tiny_campaign(), tiny_plan()
    flow = count_flow(plan.routes, build_atlas(campaign, plan).tracks)
    station = plan.routes[0].stops[-1].place_id
    assert sum(heads for ends, heads in flow.items() if station in ends) == 11
    assert sorted(flow.values()) == [3, 5, 6, 11]
