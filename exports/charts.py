"""Plan with an agenda -> the Gantt of the campaign and the A3 wall chart (挂图作战), as SVG and PDF.

One drawing each, so that screen and paper cannot disagree; black first, in print's three inks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.charting.board import build_board
from exports.charting.gantt import count_sheets, draw_gantt
from exports.charting.wallchart import draw_wall_chart
from exports.document import Document
from exports.drawing import split_drawing
from exports.mapping.ink import close_drawing
from exports.words import text
from planner.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from exports.mapping.ink import Element
    from exports.pdf import Press
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan


def render_gantt(campaign: Campaign, plan: Plan, *, press: Press) -> Iterator[Document]:
    """Give ``gantt.pdf`` and an SVG a sheet."""
    board = build_board(campaign, plan, locale=press.locale, now=_zoned(press))
    sheets = draw_gantt(campaign, board, locale=press.locale)
    title = text("chart.gantt_title", locale=press.locale, campaign=campaign.name)
    yield _print(sheets, press, title=title, name="gantt")
    for number, sheet in enumerate(sheets, 1):
        yield _picture(sheet, f"gantt-{number}")


def count_gantt(campaign: Campaign, plan: Plan, *, locale: str) -> int:
    """Count the sheets of the Gantt."""
    return count_sheets(
        campaign, build_board(campaign, plan, locale=locale, now=campaign.epoch), locale=locale
    )


def render_wall_chart(campaign: Campaign, plan: Plan, *, press: Press) -> Iterator[Document]:
    """Give ``wallchart.pdf`` and ``wallchart.svg``."""
    board = build_board(campaign, plan, locale=press.locale, now=_zoned(press))
    sheet = draw_wall_chart(campaign, board, locale=press.locale)
    title = text("chart.wall_title", locale=press.locale, campaign=campaign.name)
    yield _print((sheet,), press, title=title, name="wallchart")
    yield _picture(sheet, "wallchart")


def _print(sheets: Sequence[Element], press: Press, *, title: str, name: str) -> Document:
    from exports.pdf import render_plates  # noqa: PLC0415  typst is 80 MB, not for a picture alone

    plates = [split_drawing(sheet) for sheet in sheets]
    return render_plates(plates, press, title=title, filename=f"{name}.pdf")


def _picture(sheet: Element, name: str) -> Document:
    return Document(filename=f"{name}.svg", media_type="image/svg+xml", content=close_drawing(sheet))


def _zoned(press: Press) -> datetime:
    if press.now.tzinfo is None:
        raise ExportError("now must carry a zone")
    return press.now
