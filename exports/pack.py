"""The whole pack of a plan: every kind of document, one after the other.

``render`` yields documents as they are ready, so that a caller can write, zip or count them without
holding them all; ``write_documents`` puts them into a folder, each aside first and then renamed, so
that a break leaves whole files only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exports.cards import build_cards, list_card_piles
from exports.coachlist import build_coach_list
from exports.coachsheet import build_coach_sheet
from exports.dossier import Dossier
from exports.fonts import find_font, list_uncovered
from exports.gtfs import render_gtfs
from exports.handover import build_handovers, list_handovers
from exports.itinerary import build_itineraries, list_piles
from exports.locktable import build_lock_table
from exports.manifest import build_manifest
from exports.outcomes import build_outcome_tables
from exports.privacy import Sheet
from exports.runsheet import build_run_sheet
from exports.signs import build_signs
from exports.station import build_station_sheet
from exports.summary import build_summary
from exports.trainlist import build_train_list
from exports.trips import find_unplaced, has_trips
from exports.trunktables import build_subsidy_list, build_trunk_tables
from exports.words import DEFAULT_LOCALE
from planner.errors import ExportError
from planner.model.fleet import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from exports.document import Document
    from exports.pdf import PrintView
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

KINDS: Final = (
    "manifest",
    "runsheet",
    "coachlist",
    "coachsheet",
    "trainlist",
    "itinerary",
    "handover",
    "station",
    "sign",
    "card",
    "xlsx",
    "messages",
    "ics",
    "gtfs",
    "map",
    "feeds",
    "gantt",
    "wallchart",
)
"""What can be asked for, in the order it is made."""
ALL: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to make of a plan. ``now`` is printed and stamped; ``font`` None means find one."""

    kinds: tuple[str, ...] = KINDS
    locale: str = DEFAULT_LOCALE
    now: datetime
    workers: int = 1
    font: Path | None = None


Progress = Callable[[int, int], None]
"""Told after each document how many are done, of how many."""

_SHEETS: Final = "manifest|runsheet|coachlist|coachsheet|trainlist|itinerary|handover|station|sign|card"
_OURS: Final = re.compile(rf"({_SHEETS})-.+\.(pdf|xlsx)|map-.+\.svg|feed-.+\.ics|gantt-\d+\.svg")


def parse_kinds(text: str) -> tuple[str, ...]:
    """Read ``manifest,ics`` or ``all`` into kinds, in the order they are made; ExportError on others."""
    wanted = {part.strip() for part in text.split(",") if part.strip()}
    unknown = sorted(wanted - {ALL, *KINDS})
    if unknown or not wanted:
        raise ExportError(f"unknown kind: {', '.join(unknown) or text!r} (know {', '.join(KINDS)}, {ALL})")
    return KINDS if ALL in wanted else tuple(kind for kind in KINDS if kind in wanted)


def render(
    campaign: Campaign,
    plan: Plan,
    *,
    order: Order,
    progress: Progress | None = None,
) -> Iterator[Document]:
    """Yield the documents of an order; ``progress(done, total)`` is called after each."""
    if order.now.tzinfo is None:
        raise ExportError("now must carry a zone")
    total = count_documents(campaign, plan, kinds=order.kinds, locale=order.locale)
    for done, document in enumerate(_render_all(campaign, plan, order=order), 1):
        if progress is not None:
            progress(done, total)
        yield document


def count_documents(
    campaign: Campaign, plan: Plan, *, kinds: Sequence[str], locale: str = DEFAULT_LOCALE
) -> int:
    """Count the documents an order gives."""
    runs = len(plan.routes)
    ridden = {leg.departure_id for leg in plan.legs if leg.run is None}
    modes = Counter(each.mode for each in (*campaign.departures, *plan.departures) if each.id in ridden)
    trains, coaches = modes[Mode.TRAIN], modes[Mode.COACH]
    books = trains + 1 + (runs > 0) + (coaches > 0) + bool(plan.subsidised)
    maps = 1 + len({route.departure_id for route in plan.routes})
    counts = {"manifest": runs, "runsheet": runs, "coachlist": coaches, "coachsheet": coaches}
    counts |= {"trainlist": trains, "xlsx": books, "ics": 1, "gtfs": has_trips(campaign, plan), "map": maps}
    counts |= {"messages": bool(campaign.registrations)}
    counts |= {"trainlist": trains, "xlsx": books, "ics": 1, "map": maps}
    counts |= {"station": trains + coaches, "sign": runs, "card": len(list_card_piles(plan))}
    counts |= {"itinerary": len(list_piles(plan)), "handover": len(list_handovers(plan))}
    return sum(
        counts[kind] if kind in counts else _count_agenda(campaign, plan, kind=kind, locale=locale)
        for kind in kinds
    )


def _count_agenda(campaign: Campaign, plan: Plan, *, kind: str, locale: str) -> int:
    """Count feeds, or the sheets of a chart as pictures and once as PDF."""
    if plan.agenda is None:
        return 0
    if kind == "feeds":
        from exports.feeds import FeedBook  # noqa: PLC0415  icalendar only where a feed is wanted

        return len(FeedBook(campaign, plan, locale=locale, now=campaign.epoch).list_addresses())
    if kind == "gantt":
        from exports.charts import count_gantt  # noqa: PLC0415  numpy only where a chart is wanted

        return 1 + count_gantt(campaign, plan, locale=locale)
    return 2


def rare_names(campaign: Campaign, *, font: Path | None = None) -> tuple[str, ...]:
    """Give the names the font cannot draw, to be told to whoever prints."""
    return list_uncovered((person.name for person in campaign.registrations), font=find_font(font))


def list_unplaced(campaign: Campaign, plan: Plan, *, kinds: Sequence[str]) -> tuple[str, ...]:
    """Give the numbers of departures that a feed in the order leaves out, for want of a point."""
    return tuple(each.number for each in find_unplaced(campaign, plan)) if "gtfs" in kinds else ()


def write_documents(documents: Iterable[Document], folder: Path) -> tuple[str, ...]:
    """Write each document aside, then rename it into place; give the filenames written."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[str] = []
    for document in documents:
        aside = folder / f".{document.filename}.part"
        try:
            aside.write_bytes(document.content)
            aside.replace(folder / document.filename)
        finally:
            aside.unlink(missing_ok=True)
        written.append(document.filename)
    return tuple(written)


def find_stale(folder: Path, written: Sequence[str]) -> tuple[str, ...]:
    """Find sheets of an earlier pack that the one just written did not replace (a run that is no more).

    They look valid and are not; whoever exports is told, nothing is deleted here.
    """
    kinds = {_kind_of(name) for name in written}
    ours = (path.name for path in folder.iterdir() if _OURS.fullmatch(path.name))
    return tuple(sorted(name for name in ours if name not in written and _kind_of(name) in kinds))


def _render_all(campaign: Campaign, plan: Plan, *, order: Order) -> Iterator[Document]:
    dossier = Dossier(campaign, plan, locale=order.locale, now=order.now)
    views = [view for kind in order.kinds for view in _build_views(dossier, kind)]
    if views:
        from exports.pdf import Press, render_pdfs  # noqa: PLC0415  typst is 80 MB, not for an ICS alone

        press = Press(font=find_font(order.font), locale=order.locale, now=order.now)
        yield from render_pdfs(views, press, workers=order.workers)
    if "xlsx" in order.kinds:
        yield from _render_books(dossier)
    if "messages" in order.kinds and campaign.registrations:
        from exports.messages import build_messages  # noqa: PLC0415  as the workbook it is written to
        from exports.xlsx import render_message_book  # noqa: PLC0415  xlsxwriter only where it is wanted

        yield render_message_book(build_messages(dossier), now=order.now)
    if "ics" in order.kinds:
        from exports.runfeed import render_feed  # noqa: PLC0415  icalendar only where a feed is wanted

        yield render_feed(campaign, plan, locale=order.locale, now=order.now)
    if "gtfs" in order.kinds and has_trips(campaign, plan):
        yield render_gtfs(dossier)
    if "map" in order.kinds:
        from exports.map import render_maps  # noqa: PLC0415  as above

        yield from render_maps(campaign, plan, locale=order.locale, now=order.now)
    if plan.agenda is not None:
        yield from _render_agenda(campaign, plan, order=order)


def _render_agenda(campaign: Campaign, plan: Plan, *, order: Order) -> Iterator[Document]:
    """Feeds and charts, where fairs and visits are planned."""
    if "feeds" in order.kinds:
        from exports.feeds import render_feeds  # noqa: PLC0415  icalendar only where a feed is wanted

        yield from render_feeds(campaign, plan, locale=order.locale, now=order.now)
    if not {"gantt", "wallchart"} & {*order.kinds}:
        return
    from exports.charts import render_gantt, render_wall_chart  # noqa: PLC0415  as above
    from exports.pdf import Press  # noqa: PLC0415  as above

    press = Press(font=find_font(order.font), locale=order.locale, now=order.now)
    if "gantt" in order.kinds:
        yield from render_gantt(campaign, plan, press=press)
    if "wallchart" in order.kinds:
        yield from render_wall_chart(campaign, plan, press=press)


def _build_views(dossier: Dossier, kind: str) -> Sequence[PrintView]:
    build = _BUILDERS.get(kind)
    return [] if build is None else [*build(dossier)]


_BUILDERS: Final[dict[str, Callable[[Dossier], Iterable[PrintView]]]] = {
    "manifest": lambda dossier: (build_manifest(dossier, route) for route in dossier.routes),
    "runsheet": lambda dossier: (build_run_sheet(dossier, route) for route in dossier.routes),
    "coachlist": lambda dossier: (build_coach_list(dossier, entry) for entry in dossier.coaches),
    "coachsheet": lambda dossier: (build_coach_sheet(dossier, entry) for entry in dossier.coaches),
    "trainlist": lambda dossier: (build_train_list(dossier, entry) for entry in dossier.trains),
    "itinerary": build_itineraries,
    "handover": build_handovers,
    "station": lambda dossier: (build_station_sheet(dossier, entry) for entry in dossier.ridden),
    "sign": build_signs,
    "card": build_cards,
}


def _render_books(dossier: Dossier) -> Iterator[Document]:
    from exports.xlsx import (  # noqa: PLC0415  xlsxwriter only where a workbook is wanted
        render_coach_lists,
        render_operator_lists,
        render_subsidy_book,
        render_summary_book,
        render_train_list_book,
    )

    lists = [build_manifest(dossier, route, sheet=Sheet.OPERATOR_LIST) for route in dossier.routes]
    if lists:
        yield render_operator_lists(lists, now=dossier.now)
    coaches = [
        build_coach_list(dossier, departure, sheet=Sheet.COACH_OPERATOR_LIST) for departure in dossier.coaches
    ]
    if coaches:
        yield render_coach_lists(coaches, now=dossier.now)
    for departure in dossier.trains:
        yield render_train_list_book(build_train_list(dossier, departure), now=dossier.now)
    tables = (*build_trunk_tables(dossier), *build_outcome_tables(dossier), *build_lock_table(dossier))
    yield render_summary_book(build_summary(dossier), tables, now=dossier.now)
    if dossier.plan.subsidised:
        yield render_subsidy_book(build_subsidy_list(dossier), now=dossier.now)


def _kind_of(filename: str) -> tuple[str, str]:
    return filename.partition("-")[0], filename.rpartition(".")[2]
