"""All runs of a plan in figures, for the office's workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.dates import say_clock, say_km, say_span, say_stamp
from exports.dossier import Contact
from exports.floor import say_floor
from exports.sheethead import departure_badge, run_badge
from exports.views import RunSummaryRow, RunSummaryView
from planner.told import end_time_s

if TYPE_CHECKING:
    from exports.dossier import Dossier
    from planner.model.plan import Route

_COLUMNS = (
    "run",
    "departure",
    "vehicle",
    "plate",
    "round",
    "operator",
    "start",
    "start_time",
    "first_place",
    "first_time",
    "arrive_time",
    "ride",
    "stops",
    "heads",
    "seats",
    "km",
    "yuan",
    "captain",
    "driver",
)


def build_summary(dossier: Dossier) -> RunSummaryView:
    """Build one row a run, by number."""
    word, plan = dossier.word, dossier.plan
    return RunSummaryView(
        name=word("sheet.run_summary.name"),
        title=word("sheet.run_summary.title", campaign=dossier.campaign.name),
        stamp=word("sheet.stamp", version=plan.version, stamp=say_stamp(dossier.now)),
        floor=" ".join(say_floor(plan, locale=dossier.locale)),
        data_note=dossier.campaign.data_note,
        columns=tuple(word(f"sheet.run_summary.column.{name}") for name in _COLUMNS),
        total=word("sheet.run_summary.total", runs=len(plan.routes)),
        rows=tuple(_build_row(dossier, route) for route in dossier.routes),
    )


def _build_row(dossier: Dossier, route: Route) -> RunSummaryRow:
    first = next(stop for stop in route.stops if stop.board)
    crew = dossier.crew(route.vehicle_id)
    return RunSummaryRow(
        run=run_badge(dossier, route.run),
        departure=dossier.word("sheet.departure.and").join(
            departure_badge(dossier, each) for each in dossier.fed(route)
        ),
        vehicle=dossier.vehicle_type(route.vehicle_id).name,
        plate=crew.plate or route.vehicle_id,
        round=route.round,
        operator=dossier.group(route.vehicle_id).operator,
        start=dossier.places[route.start_place_id].name,
        start_time=say_clock(route.start_s),
        first_place=dossier.places[first.place_id].name,
        first_time=say_clock(first.arrive_s if route.home else first.board_s),
        arrive_time=say_clock(end_time_s(route)),
        ride=say_span(dossier.ride_s(route)),
        stops=sum(1 for stop in route.stops if stop.board),
        heads=route.heads,
        seats=dossier.seats(route),
        km=say_km(route.length_m),
        yuan=(route.cost_fen + 50) // 100,
        captain=dossier.captain(route).line,
        driver=Contact(name=crew.driver_name, phone=crew.driver_phone).line,
    )
