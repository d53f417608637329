from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING, Final

import pytest

from exports.map import find_styles, render_map, render_maps
from exports.mapping.departure import Job, draw_departure
from exports.mapping.overview import draw_overview
from exports.mapping.panel import BADGE
from exports.mapping.paper import A3, A4, PX_PER_MM, PX_PER_PT, Box
from exports.mapping.runs import MARKER, Outcome
from exports.mapping.tracks import build_atlas
from exports.words import text
from planner.errors import ExportError, NotFoundError
from planner.model.clock import CHINA
from planner.network import Network
from tests.builders import TRAIN, tiny_campaign, tiny_plan
from tests.sketch import sketch_campaign, sketch_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exports.document import Document
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

NOW: Final = datetime(2027, 2, 13, 20, 0, tzinfo=CHINA)
SVG: Final = "{http://www.w3.org/2000/svg}"

County = tuple["Campaign", "Plan"]


@pytest.fixture(scope="module")
def large() -> County:
    """As large as 洞口: 24 townships, 364 villages, about 50 runs to two trains; three villages left."""
    campaign = sketch_campaign(townships=24, villages=364)
    return campaign, sketch_plan(campaign, Network(campaign), left=3)


@pytest.fixture(scope="module")
def documents(large: County) -> tuple[Document, ...]:
    return render_maps(*large, locale="zh_CN", now=NOW)


@pytest.fixture(scope="module")
def sheets(large: County) -> list[tuple[ET.Element, Outcome]]:
    return list(_draw(*large))


def _job(campaign: Campaign, plan: Plan, *, locale: str = "zh_CN") -> Job:
    return Job(
        atlas=build_atlas(campaign, plan), styles=find_styles(campaign, plan), locale=locale, now=NOW,
        page=1, pages=1,
    )  # fmt: skip


def _draw(campaign: Campaign, plan: Plan) -> Iterator[tuple[ET.Element, Outcome]]:
    job = _job(campaign, plan)
    yield draw_overview(job, campaign.departures)
    for departure in campaign.departures:
        yield draw_departure(job, departure)


def _overlaps(outcome: Outcome) -> list[tuple[str, str]]:
    """All pairs of things on a sheet that cover one another."""
    named: list[tuple[str, Box]] = [
        (placed.wish.key, placed.box) for placed in outcome.labels + outcome.badges
    ]
    fixed = [(f"stop {key}", box) for key, box in outcome.markers.items()]
    fixed += [(f"furniture {number}", box) for number, box in enumerate(outcome.furniture)]
    pairs = [*combinations(named, 2), *((a, b) for a in named for b in fixed)]
    return [(a, b) for (a, one), (b, two) in pairs if one.overlaps(two)]


def _texts(content: bytes, group: str | None = None) -> list[str]:
    root = ET.fromstring(content)  # noqa: S314 - our own bytes
    found = root if group is None else root.find(f".//{SVG}g[@id='{group}']")
    assert found is not None
    return [row.text or "" for row in found.iter(f"{SVG}text")]


def test_nothing_covers_anything(sheets: list[tuple[ET.Element, Outcome]]) -> None:
    for _, outcome in sheets:
        assert len(outcome.labels) > 20
        assert not _overlaps(outcome)


def test_numbers_of_stops_do_not_touch(sheets: list[tuple[ET.Element, Outcome]]) -> None:
    for _, outcome in sheets[1:]:
        centres = [(box.x + box.width / 2, box.y + box.height / 2) for box in outcome.markers.values()]
        assert min(math.dist(a, b) for a, b in combinations(centres, 2)) >= 2 * MARKER + 2


def test_everything_is_on_the_paper(sheets: list[tuple[ET.Element, Outcome]]) -> None:
    for _, outcome in sheets:
        boxes = [placed.box for placed in (*outcome.labels, *outcome.badges)] + list(outcome.markers.values())
        assert all(A3.frame.holds(box) for box in boxes)


def test_every_run_has_its_badge_and_every_stop_its_mark(
    large: County, sheets: list[tuple[ET.Element, Outcome]]
) -> None:
    _, plan = large
    badges = [placed.wish.key for placed in sheets[0][1].badges]
    assert sorted(badges) == sorted(f"run-{route.run}" for route in plan.routes)
    drawn = [key for _, outcome in sheets[1:] for key in (*outcome.markers, *outcome.rings)]
    wanted = [(route.run, stop.place_id) for route in plan.routes for stop in route.stops[:-1]]
    assert sorted(drawn) == sorted(wanted)
    rings = sum(len(outcome.rings) for _, outcome in sheets)
    assert rings < 0.1 * len(wanted)


def test_print_sizes(documents: tuple[Document, ...]) -> None:
    """Nothing readable below 10 pt, badges at least 8 x 6 mm, millimetres outside and pixels inside."""
    assert BADGE[0] >= 8 * PX_PER_MM
    assert BADGE[1] >= 6 * PX_PER_MM
    for document in documents:
        root = ET.fromstring(document.content)  # noqa: S314
        assert (root.get("width"), root.get("height")) == ("420mm", "297mm")
        assert root.get("viewBox") == "0 0 1587.4 1122.5"
        sizes = [float(size) for size in re.findall(rb'font-size="([\d.]+)"', document.content)]
        assert min(sizes) >= round(10 * PX_PER_PT, 1)


def test_small_plans_get_a_small_sheet() -> None:
    document = render_map(tiny_campaign(), tiny_plan(), departure_id=TRAIN, locale="zh_CN", now=NOW)
    assert b'width="297mm" height="210mm"' in document.content
    _, outcome = draw_departure(_job(tiny_campaign(), tiny_plan()), tiny_campaign().departures[0])
    assert not _overlaps(outcome)
    assert not outcome.dropped
    assert all(A4.frame.holds(placed.box) for placed in (*outcome.labels, *outcome.badges))


def test_one_overview_and_one_sheet_per_departure(large: County, documents: tuple[Document, ...]) -> None:
    assert [document.filename for document in documents] == ["map-overview.svg", "map-a.svg", "map-b.svg"]
    assert {document.media_type for document in documents} == {"image/svg+xml"}
    alone = render_map(*large, departure_id=large[0].departures[1].id, locale="zh_CN", now=NOW)
    assert alone == documents[2]


def test_self_contained(documents: tuple[Document, ...]) -> None:
    for document in documents:
        content = document.content.replace(b"http://www.w3.org/2000/svg", b"")
        assert not re.search(rb"<script|href|https?:|@import|<image|<foreignObject|<style", content)
        assert content.count(b"url(") == content.count(b"url(#")
        assert len(content) < 200_000


def test_same_inputs_same_bytes(large: County, documents: tuple[Document, ...]) -> None:
    campaign, plan = large
    turned = replace(plan, routes=plan.routes[::-1], unserved=plan.unserved[::-1])
    assert render_maps(campaign, turned, locale="zh_CN", now=NOW.astimezone()) == documents


def test_legend_is_in_run_order_with_heads_and_arrival() -> None:
    content = render_map(tiny_campaign(), tiny_plan(), departure_id=TRAIN, locale="zh_CN", now=NOW).content
    assert _texts(content, "legend") == [
        "2月14日 → G9999次 10:40", "人数", "到站",
        "1", "示例镇 枫树村", "6", "09:30",
        "2", "示例镇 石桥村", "5", "09:30",
        "2 趟，11 人", "1", "停靠次序，同行车路单",
    ]  # fmt: skip


def test_stops_are_numbered_as_on_the_run_sheet() -> None:
    content = render_map(tiny_campaign(), tiny_plan(), departure_id=TRAIN, locale="zh_CN", now=NOW).content
    assert _texts(content, "stops") == ["1", "2", "1"]
    assert sorted(_texts(content, "names")) == sorted(["示例站", "示例镇", "枫树村", "高岭村", "石桥村"])
    assert _texts(content, "halos") == _texts(content, "names")


def test_sheet_says_what_it_is() -> None:
    campaign = tiny_campaign()
    words = "".join(_texts(render_map(campaign, tiny_plan(), locale="zh_CN", now=NOW).content))
    for part in ("示意图", campaign.name, campaign.phone, "北", "公里", "方案 v1", "2027-02-13 20:00"):
        assert part in words
    assert re.sub(r"\s", "", campaign.data_note) in re.sub(r"\s", "", words)


def test_overview_marks_who_is_left_behind(large: County, documents: tuple[Document, ...]) -> None:
    campaign, plan = large
    missed = sum(len(row.registration_ids) for row in plan.unserved)
    words = _texts(documents[0].content, "legend")
    assert text("map.legend.missed", heads=missed) in words
    served = render_map(campaign, replace(plan, unserved=()), locale="zh_CN", now=NOW)
    assert not [row for row in _texts(served.content, "legend") if "未安排" in row]


def test_nothing_personal() -> None:
    campaign = tiny_campaign()
    drawn = render_maps(campaign, tiny_plan(), locale="zh_CN", now=NOW)
    words = " ".join(word for sheet in drawn for word in _texts(sheet.content))
    people = [(row.name, row.phone, row.document_number) for row in campaign.registrations]
    people += [(row.contact_name, row.contact_phone) for row in campaign.places]
    people += [(row.plate, row.driver_name, row.driver_phone) for row in campaign.crews]
    secrets = {word for row in people for word in row if word}
    assert len(secrets) > 20
    assert not [word for word in secrets if word in words]


def test_what_people_typed_stays_text() -> None:
    campaign = replace(tiny_campaign(), name="<script>&\x00\x1b\n县", data_note="]]> \ud800 \x0b")
    content = render_map(campaign, tiny_plan(), locale="zh_CN", now=NOW).content
    assert any(row.startswith("<script>&   县 · ") for row in _texts(content, "surround"))
    assert any("]]>" in row for row in _texts(content, "surround"))


def test_english() -> None:
    words = _texts(render_map(tiny_campaign(), tiny_plan(), departure_id=TRAIN, locale="en", now=NOW).content)
    assert "Feeder runs for train G9999 10:40" in words
    assert "14 Feb → train G9999 10:40" in words
    assert "N" in words


def test_plan_without_runs_still_has_an_overview() -> None:
    plan = replace(tiny_plan(), routes=(), legs=(), events=())
    drawn = render_maps(tiny_campaign(), plan, locale="zh_CN", now=NOW)
    assert [document.filename for document in drawn] == ["map-overview.svg"]


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(NotFoundError):
        render_map(tiny_campaign(), tiny_plan(), departure_id=TRAIN.__class__("k1"), locale="zh_CN", now=NOW)
    with pytest.raises(ExportError):
        render_map(tiny_campaign(), tiny_plan(), locale="zh_CN", now=NOW.replace(tzinfo=None))
