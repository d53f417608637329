"""Plan -> maps as SVG, the same drawing on page and paper: one overview and one sheet per departure.

Self-contained (no script, no outside font or picture) and the same bytes for the same inputs. The
look is the design's: black first; dash and number carry identity and colour repeats them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from exports.document import Document
from exports.mapping.departure import Job, draw_departure
from exports.mapping.ink import close_drawing
from exports.mapping.lanes import find_mates
from exports.mapping.overview import draw_overview
from exports.mapping.styles import assign_styles
from exports.mapping.tracks import build_atlas
from planner.errors import ExportError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from exports.mapping.ink import Element
    from exports.mapping.lanes import Track
    from exports.mapping.styles import RouteStyle
    from exports.mapping.tracks import Atlas
    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure, DepartureId
    from planner.model.plan import Plan

_UNSAFE: Final = re.compile(r"[^\w.-]")


def render_maps(campaign: Campaign, plan: Plan, *, locale: str, now: datetime) -> tuple[Document, ...]:
    """Draw the overview, then each departure that has runs."""
    departures = _used(campaign, plan)
    job = _begin(campaign, plan, locale=locale, now=now)
    root, _ = draw_overview(job(1), departures)
    documents = [_finish("overview", root)]
    for page, departure in enumerate(departures, start=2):
        root, _ = draw_departure(job(page), departure)
        documents.append(_finish(departure.id, root))
    return tuple(documents)


def render_map(
    campaign: Campaign, plan: Plan, *, departure_id: DepartureId | None = None, locale: str, now: datetime
) -> Document:
    """Draw one sheet of the set: a departure's, or the overview when none is named."""
    departures = _used(campaign, plan)
    job = _begin(campaign, plan, locale=locale, now=now)
    if departure_id is None:
        return _finish("overview", draw_overview(job(1), departures)[0])
    for page, departure in enumerate(departures, start=2):
        if departure.id == departure_id:
            return _finish(departure.id, draw_departure(job(page), departure)[0])
    raise NotFoundError("departure with runs", departure_id)


def find_styles(campaign: Campaign, plan: Plan) -> Mapping[int, RouteStyle]:
    """Give the colour and dash of every run, for other sheets that show them (the crowd sign's bar)."""
    return _style(build_atlas(campaign, plan))


def _style(atlas: Atlas) -> Mapping[int, RouteStyle]:
    drawn: dict[str, list[Track]] = defaultdict(list)
    for route in atlas.plan.routes:
        drawn[route.departure_id].append(atlas.tracks[route.run])
    mates = [pair for tracks in drawn.values() for pair in find_mates(tracks)]
    return assign_styles(atlas.plan, mates=frozenset(mates))


def _used(campaign: Campaign, plan: Plan) -> tuple[Departure, ...]:
    """Departures that have runs, in order of time."""
    used = {route.departure_id for route in plan.routes}
    found = [row for row in (*campaign.departures, *plan.departures) if row.id in used]
    return tuple(sorted(found, key=lambda row: (row.departs, row.id)))


def _begin(campaign: Campaign, plan: Plan, *, locale: str, now: datetime) -> Callable[[int], Job]:
    """Look everything up once for all sheets; give a job per page."""
    if now.tzinfo is None:
        raise ExportError("now must carry a zone")
    atlas = build_atlas(campaign, plan)
    styles = _style(atlas)
    pages = 1 + len(_used(campaign, plan))

    def job(page: int) -> Job:
        return Job(atlas=atlas, styles=styles, locale=locale, now=now, page=page, pages=pages)

    return job


def _finish(name: str, root: Element) -> Document:
    safe = _UNSAFE.sub("_", name)
    return Document(filename=f"map-{safe}.svg", media_type="image/svg+xml", content=close_drawing(root))
