"""Gantt and wall chart: everything on the paper, readable, nothing over anything, nothing cut."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from exports.charting.board import build_board
from exports.charting.gantt import draw_gantt
from exports.charting.wallchart import draw_wall_chart
from exports.charts import count_gantt, render_gantt, render_wall_chart
from exports.drawing import split_drawing
from exports.fonts import find_font
from exports.mapping.paper import text_width
from exports.pack import Order, count_documents, render
from exports.pdf import Press
from exports.words import LOCALES
from planner.errors import ExportError
from planner.model.holidays import Holiday, HolidayKind
from planner.model.markets import RuleKind
from planner.model.places import PlaceId
from planner.model.tours import NeedId, SquadId, VisitNeed
from tests.builders import tiny_campaign, tiny_plan
from tests.unit.exports.agendas import (
    NOW,
    agenda_plan,
    drawn_agenda,
    fair_agenda,
    fair_campaign,
    planned_visit,
    squad_day,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exports.drawing import Lettering
    from planner.model.agenda import Agenda
    from planner.model.campaign import Campaign

_A3_PT: Final = (420 / 25.4 * 72, 297 / 25.4 * 72)
_LEAST_PT: Final = 9.97
"""10 pt, written with one decimal of a pixel."""


def with_holiday(campaign: Campaign) -> Campaign:
    """Spring Festival off, as a county enters it."""
    off = Holiday(
        name="春节", kind=HolidayKind.HOLIDAY, first_day=date(2027, 2, 5), last_day=date(2027, 2, 12)
    )
    return replace(campaign, holidays=(off,))


def with_squads(campaign: Campaign, *, squads: int, days: int, counties: int = 1) -> tuple[Campaign, Agenda]:
    """So many squads, each out on so many days; long names among them."""
    first = campaign.outreach.squads[0]
    rows = tuple(
        replace(
            first,
            id=SquadId(f"s{number:03d}"),
            name=f"第{number}小分队" + "（返乡创业和零工市场）" * (number % 7 == 0),
        )
        for number in range(squads)
    )
    villages = [place for place in campaign.places if place.kind == "village"]
    moved = [replace(villages[0], id=PlaceId(f"4305{20 + number:02d}981201")) for number in range(counties)]
    needs = tuple(
        VisitNeed(id=NeedId(f"v{squad:03d}d{day:02d}"), village_id=moved[squad * counties // squads].id)
        for squad in range(squads)
        for day in range(days)
    )
    campaign = replace(
        campaign,
        places=(*campaign.places, *moved),
        outreach=replace(campaign.outreach, squads=rows, visits=needs),
    )
    begin = date(2027, 1, 4)
    visits = [
        planned_visit(
            campaign,
            need.id,
            1,
            village=need.village_id,
            squad=f"s{need.id[1:4]}",
            day=begin + timedelta(int(need.id[5:])),
            begins="09:30",
        )
        for need in needs
    ]
    visits = [replace(row, evening=place % 5 == 0, market=place % 3 == 0) for place, row in enumerate(visits)]
    outs = tuple(squad_day(campaign, row.squad_id, row.day, leaves="08:30", back="17:00") for row in visits)
    agenda = fair_agenda(campaign)
    return campaign, replace(agenda, visits=tuple(visits), squad_days=outs)


def gantt(campaign: Campaign, agenda: Agenda, *, locale: str = "zh_CN") -> list[ET.Element]:
    """Draw the sheets."""
    board = build_board(campaign, agenda_plan(campaign, agenda), locale=locale, now=NOW)
    return list(draw_gantt(campaign, board, locale=locale))


def wall(campaign: Campaign, agenda: Agenda, *, locale: str = "zh_CN") -> ET.Element:
    """Draw the sheet."""
    board = build_board(campaign, agenda_plan(campaign, agenda), locale=locale, now=NOW)
    return draw_wall_chart(campaign, board, locale=locale)


def letters(sheet: ET.Element) -> list[Lettering]:
    """Give the words without halos."""
    return [each for each in split_drawing(sheet).words if not each.stroke]


def box(word: Lettering) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of the ink, pt."""
    wide = text_width(word.words, word.size, bold=word.bold)
    left = word.x - {"start": 0, "middle": wide / 2, "end": wide}[word.anchor]
    return left, word.y - word.size * 0.8, left + wide, word.y + word.size * 0.08


def overlapping(words: Sequence[Lettering]) -> list[tuple[str, str]]:
    """Give pairs of words whose ink is over each other by more than a point."""
    boxes = sorted((box(word), word.words) for word in words)
    found: list[tuple[str, str]] = []
    for place, (one, name) in enumerate(boxes):
        for other, second in boxes[place + 1 :]:
            if other[0] > one[2] - 1:
                break
            if one[1] < other[3] - 1 and other[1] < one[3] - 1:
                found.append((name, second))
    return found


CAMPAIGN = with_holiday(fair_campaign())
AGENDA = fair_agenda(CAMPAIGN)
MANY, MANY_AGENDA = with_squads(CAMPAIGN, squads=22, days=60)
CITY, CITY_AGENDA = with_squads(CAMPAIGN, squads=270, days=3, counties=12)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("case", ["few", "many"])
def test_everything_is_on_the_paper_and_can_be_read(locale: str, case: str) -> None:
    campaign, agenda = (CAMPAIGN, AGENDA) if case == "few" else (MANY, MANY_AGENDA)
    for sheet in (*gantt(campaign, agenda, locale=locale), wall(campaign, agenda, locale=locale)):
        words = letters(sheet)
        assert min(word.size for word in words) >= _LEAST_PT
        for word in words:
            left, top, right, bottom = box(word)
            assert left > 0, word
            assert top > 0, word
            assert right < _A3_PT[0], word
            assert bottom < _A3_PT[1], word
        assert overlapping(words) == []


def test_long_names_are_whole() -> None:
    shown = "".join(word.words for sheet in gantt(MANY, MANY_AGENDA) for word in letters(sheet))
    for squad in MANY.outreach.squads:
        assert squad.name in shown


def test_every_squad_has_its_row_and_a_county_its_own_sheet() -> None:
    sheets = gantt(CITY, CITY_AGENDA)
    titles = [[word.words for word in letters(sheet)] for sheet in sheets]
    assert len(sheets) == 13  # fairs and departures, then twelve counties
    names = [name for words in titles for name in words if name.startswith("第")]
    assert len([name for name in names if "小分队" in name]) == 270
    for number, words in enumerate(titles[1:]):
        assert f"区划 4305{20 + number}　方格内为当天走访村数" in words


def test_more_squads_than_a_sheet_holds_go_on_with_the_heading_again() -> None:
    campaign, agenda = with_squads(CAMPAIGN, squads=70, days=2)
    sheets = gantt(campaign, agenda)
    squads = [[w.words for w in letters(sheet) if w.words.startswith("第") and w.bold] for sheet in sheets]
    assert sum(map(len, squads)) == 70
    with_rows = [rows for rows in squads if rows]
    assert len(with_rows) == 3
    assert max(map(len, with_rows)) - min(map(len, with_rows)) <= 4
    assert sum(word.words == "小分队 70 个" for sheet in sheets for word in letters(sheet)) == 3


@pytest.mark.parametrize("locale", LOCALES)
def test_what_the_charts_say(locale: str, pytestconfig: pytest.Config) -> None:
    """Hold every word of the small example, sheet by sheet, to a file that people can read through."""
    sheets = {
        "gantt": gantt(CAMPAIGN, AGENDA, locale=locale)[0],
        "wallchart": wall(CAMPAIGN, AGENDA, locale=locale),
    }
    lines: list[str] = []
    for name, sheet in sheets.items():
        rows: dict[int, list[tuple[float, str]]] = {}
        for word in letters(sheet):
            rows.setdefault(round(word.y), []).append((word.x, word.words))
        lines += [
            f"{name}: {' | '.join(words for _, words in sorted(row))}\n" for _, row in sorted(rows.items())
        ]
    golden = Path(__file__).parent / f"charts.{locale}.txt"
    if pytestconfig.getoption("--update-golden", default=False):
        golden.write_text("".join(lines), encoding="utf-8")
    assert lines == golden.read_text(encoding="utf-8").splitlines(keepends=True)


def test_backward_tasks_stand_on_their_days() -> None:
    """Signs of 东岭镇's fair from left to right as the tasks are due, the ring between the last two."""
    sheet = gantt(CAMPAIGN, AGENDA)[0]
    name = next(word for word in letters(sheet) if word.words == "东岭镇春风行动招聘会")
    row = [
        word for word in letters(sheet) if abs(word.y - name.y) < 12 and word.words in set("案邀许核告场录")
    ]
    assert [word.words for word in sorted(row, key=lambda word: word.x)] == list("案邀许核告场录")
    ring = min(sheet.iter("circle"), key=lambda circle: abs(float(circle.attrib["cy"]) * 0.75 - name.y))
    x = float(ring.attrib["cx"]) * 0.75
    placed = {word.words: word.x for word in row}
    assert placed["场"] < x < placed["录"]


def test_market_days_and_holidays_are_shaded_without_colour() -> None:
    sheet = wall(CAMPAIGN, AGENDA)
    fills = [rect.attrib.get("fill") for rect in sheet.iter("rect")]
    market = sum(day.day % 10 in {2, 7} for day in (date(2026, 12, 30) + timedelta(n) for n in range(49)))
    assert fills.count("#ECECEC") == market
    assert fills.count("url(#hatch)") == 8


def test_inks_are_greys_that_survive_a_copier() -> None:
    """On the Gantt black, label grey, bar grey; washes no darker than 10 %."""
    for sheet in gantt(MANY, MANY_AGENDA):
        colours = {
            each.attrib[name].lower()
            for each in sheet.iter()
            for name in ("fill", "stroke")
            if each.attrib.get(name, "none").startswith("#")
        }
        assert all(colour[1:3] == colour[3:5] == colour[5:7] for colour in colours - {"#16201f"})


def test_documents_are_whole_and_repeat() -> None:
    plan = agenda_plan(CAMPAIGN, AGENDA)
    press = Press(font=find_font(), locale="zh_CN", now=NOW)
    documents = [*render_gantt(CAMPAIGN, plan, press=press), *render_wall_chart(CAMPAIGN, plan, press=press)]
    assert [document.filename for document in documents] == [
        "gantt.pdf",
        "gantt-1.svg",
        "wallchart.pdf",
        "wallchart.svg",
    ]
    assert documents[0].content.startswith(b"%PDF")
    assert documents[2].content.startswith(b"%PDF")
    for document in documents:
        if document.filename.endswith(".svg"):
            root = ET.fromstring(document.content)  # noqa: S314  our own
            assert (root.attrib["width"], root.attrib["height"]) == ("420mm", "297mm")
    again = [*render_gantt(CAMPAIGN, plan, press=press), *render_wall_chart(CAMPAIGN, plan, press=press)]
    assert [document.content for document in documents] == [document.content for document in again]


def test_pack_makes_what_it_counted() -> None:
    plan = agenda_plan(CAMPAIGN, AGENDA)
    for kind in ("feeds", "gantt", "wallchart"):
        documents = list(render(CAMPAIGN, plan, order=Order(kinds=(kind,), now=NOW)))
        assert len(documents) == count_documents(CAMPAIGN, plan, kinds=(kind,))
        assert documents


def test_a_plan_without_agenda_has_no_charts() -> None:
    order = Order(kinds=("feeds", "gantt", "wallchart"), now=NOW)
    assert list(render(tiny_campaign(), tiny_plan(), order=order)) == []
    assert count_documents(tiny_campaign(), tiny_plan(), kinds=order.kinds) == 0


def test_signs_make_way_for_each_other_where_days_are_narrow() -> None:
    """Over a hundred days a day is narrower than a sign; 1,320 visits of a township stay beside their bar."""
    campaign, agenda = with_squads(CAMPAIGN, squads=2, days=100)
    for sheet in gantt(campaign, agenda):
        assert overlapping(letters(sheet)) == []
    every = tuple(replace(rule, kind=RuleKind.SOLAR_TAIL, values=(1, 6)) for rule in campaign.markets)
    assert overlapping(letters(wall(replace(campaign, markets=every), agenda))) == []  # the 31st, the 1st
    sheet = wall(MANY, MANY_AGENDA)
    figure = next(word for word in letters(sheet) if word.words == "1320")
    bars = [rect for rect in sheet.iter("rect") if abs(float(rect.attrib["y"]) * 0.75 - figure.y) < 20]
    ends = [(float(bar.attrib["x"]) + float(bar.attrib["width"])) * 0.75 for bar in bars]
    assert max(end for end in ends if end < figure.x + 20) < box(figure)[0]


def test_drawn_agendas_always_fit() -> None:
    """Fairs anywhere in their windows: nothing overlaps, and the pages are as many as were counted."""
    for seed in range(4):
        agenda = drawn_agenda(CAMPAIGN, seed=seed, per_day=1)
        sheets = gantt(CAMPAIGN, agenda)
        assert len(sheets) == count_gantt(CAMPAIGN, agenda_plan(CAMPAIGN, agenda), locale="zh_CN")
        for sheet in (*sheets, wall(CAMPAIGN, agenda)):
            assert overlapping(letters(sheet)) == []


def test_an_empty_agenda_is_still_a_sheet() -> None:
    agenda = replace(AGENDA, fairs=(), visits=(), squad_days=(), refused_fairs=())
    assert len(gantt(CAMPAIGN, agenda)) == 1
    assert letters(wall(CAMPAIGN, agenda))


def test_what_people_typed_stays_text() -> None:
    odd = replace(CAMPAIGN, name='<b>&"甲"</b>\x07', office="#set page(width: 1pt)")
    plan = agenda_plan(odd, AGENDA)
    press = Press(font=find_font(), locale="zh_CN", now=NOW)
    for document in render_wall_chart(odd, plan, press=press):
        if document.filename.endswith(".svg"):
            root = ET.fromstring(document.content)  # noqa: S314  our own
            assert '<b>&"甲"</b>' in "".join(root.itertext())


def test_now_needs_a_zone() -> None:
    press = Press(font=find_font(), locale="zh_CN", now=datetime(2027, 1, 8, 20, 0))  # noqa: DTZ001
    with pytest.raises(ExportError):
        list(render_gantt(CAMPAIGN, agenda_plan(CAMPAIGN, AGENDA), press=press))
