"""Views -> PDF with typst: one compile a sheet, byte-identical for the same view and moment.

Data goes in as JSON through ``sys_inputs``, so nothing people typed is ever read as markup. Three
hundred sheets in one compile take 2 GB, one sheet at a time 0.2 GB: hence a file a sheet, spread
over processes.
"""

from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typst

from exports.coachviews import CoachListView, CoachSheetView
from exports.document import Document
from exports.fonts import Font, find_uncovered
from exports.groundviews import CardView, GroundView, SignView, StationView
from exports.qr import draw_code
from exports.views import (
    BLANK_SIGN,
    HandoverView,
    ItineraryView,
    ManifestView,
    RunSheetView,
    SheetView,
    TrainListView,
)
from planner.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from exports.drawing import Plate

_TEMPLATES: Final = Path(__file__).parent / "templates"
_MEDIA_TYPE: Final = "application/pdf"


PrintView = SheetView | CoachListView | CoachSheetView | GroundView
"""What is printed: one PDF each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What a sheet is printed with, the same for a whole pack."""

    font: Font
    locale: str
    now: datetime


def render_pdf(view: PrintView, press: Press) -> Document:
    """Print one sheet. ExportError names the sheet when typst refuses."""
    template, filename = _name(view)
    return _compile(template, _to_data(view, press), filename=filename, press=press)


def render_plates(plates: Sequence[Plate], press: Press, *, title: str, filename: str) -> Document:
    """Print drawings at their own sizes, a page each."""
    language, _, region = press.locale.partition("_")
    data: dict[str, object] = {
        "plates": json.loads(
            _blank_uncovered(json.dumps([asdict(plate) for plate in plates], ensure_ascii=False), press.font)
        ),
        "title": title,
        "font": press.font.family,
        "lang": language,
        "region": region or None,
    }
    return _compile("drawing.typ", data, filename=filename, press=press)


def _compile(template: str, data: dict[str, object], *, filename: str, press: Press) -> Document:
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        content = _compiler(press.font).compile(
            input=_TEMPLATES / template,
            format="pdf",
            sys_inputs=inputs,
            timestamp=int(press.now.timestamp()),
            pdf_tags=False,
        )
    except typst.TypstError as error:
        raise ExportError(f"{filename}: {error.message}") from error
    if not isinstance(content, bytes):
        raise ExportError(f"{filename}: no bytes")
    return Document(filename=filename, media_type=_MEDIA_TYPE, content=content)


def render_pdfs(views: Sequence[PrintView], press: Press, *, workers: int = 1) -> Iterator[Document]:
    """Print sheets in order, over ``workers`` processes when more than one is asked for."""
    if workers <= 1 or len(views) <= 1:
        for view in views:
            yield render_pdf(view, press)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(views)), mp_context=context) as pool:
        yield from pool.map(render_pdf, views, [press] * len(views), chunksize=4)


def list_by_hand(view: PrintView, font: Font) -> tuple[tuple[int, str], ...]:
    """List number and name of the people on a sheet whose name the font cannot draw."""
    if isinstance(view, RunSheetView | CoachSheetView | ItineraryView | StationView | SignView | CardView):
        return ()
    if isinstance(view, HandoverView):
        groups = view.rounds
    else:
        groups = view.groups if isinstance(view, CoachListView) else view.stops
    rows = (row for group in groups for row in group.rows)
    return tuple((row.number, row.name) for row in rows if find_uncovered(row.name, font=font))


def _name(view: PrintView) -> tuple[str, str]:
    """The template of a sheet, and its file: kind, then what it is about."""
    match view:
        case ManifestView() | RunSheetView() | SignView():
            item = f"{view.run:03d}"
        case HandoverView():
            item = f"{view.departure_id}-{view.number:02d}"
        case ItineraryView() | CardView():
            item = view.pile
        case CoachListView() | CoachSheetView() | TrainListView() | StationView():
            item = view.departure_id
    kind = _KINDS[type(view)]
    return f"{kind}.typ", f"{kind}-{item}.pdf"


_KINDS: Final[dict[type, str]] = {
    ManifestView: "manifest",
    RunSheetView: "runsheet",
    CoachListView: "coachlist",
    CoachSheetView: "coachsheet",
    TrainListView: "trainlist",
    ItineraryView: "itinerary",
    HandoverView: "handover",
    StationView: "station",
    SignView: "sign",
    CardView: "card",
}


def _to_data(view: PrintView, press: Press) -> dict[str, object]:
    language, _, region = press.locale.partition("_")
    return {
        "view": json.loads(_blank_uncovered(json.dumps(asdict(view), ensure_ascii=False), press.font)),
        "by_hand": [
            f"{number} {_blank_uncovered(name, press.font)}"
            for number, name in list_by_hand(view, press.font)
        ],
        "code": draw_code(view.head.code),
        "font": press.font.family,
        "lang": language,
        "region": region or None,
    }


def _blank_uncovered(text: str, font: Font) -> str:
    """Put a ruled blank where the font would print nothing at all."""
    lacking = find_uncovered(text, font=font)
    return text.translate(dict.fromkeys(map(ord, lacking), BLANK_SIGN)) if lacking else text


@cache
def _compiler(font: Font) -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font.path.parent)]
    )
    return typst.Compiler(root=str(_TEMPLATES), font_paths=fonts)
