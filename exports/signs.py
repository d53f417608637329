"""The crowd sign 集合牌: one a stop and run, held up or hung where people gather, read from far away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.coaches import say_target
from exports.dates import say_clock, say_day, say_phone
from exports.groundviews import SignStop, SignView
from exports.privacy import Sheet
from exports.sheethead import build_head, run_badge
from exports.views import BLANK_SIGN
from planner.told import gather_time_s, start_time_s

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exports.dossier import Dossier
    from exports.mapping.styles import RouteStyle
    from planner.model.plan import Route


def build_signs(dossier: Dossier) -> Iterator[SignView]:
    """Build the signs of every run, with the dash of its line on the map."""
    if not dossier.routes:
        return
    from exports.map import find_styles  # noqa: PLC0415  drawing only where a sign is wanted

    styles = find_styles(dossier.campaign, dossier.plan)
    for route in dossier.routes:
        yield build_sign(dossier, route, style=styles[route.run])


def build_sign(dossier: Dossier, route: Route, *, style: RouteStyle) -> SignView:
    """Build the signs of a run: its villages, on the way home the station where everybody boards."""
    word = dossier.word
    departure = dossier.departures[route.departure_id]
    phone = dossier.captain(route).phone
    return SignView(
        run=route.run,
        head=build_head(
            dossier,
            Sheet.SIGN,
            badge=run_badge(dossier, route.run),
            item=str(route.run),
            facts=(),
        ),
        above=word("sheet.sign.above"),
        below=word("sheet.sign.below"),
        stops=tuple(_build_stops(dossier, route)),
        way=_say_way(dossier, route),
        captain=word("sheet.sign.captain"),
        captain_phone=say_phone(phone) or BLANK_SIGN,
        day=say_day(departure.day, locale=dossier.locale),
        dash=style.dash,
        core=style.core,
    )


def _build_stops(dossier: Dossier, route: Route) -> Iterator[SignStop]:
    if route.home:
        station = dossier.places[route.start_place_id]
        gather_s = start_time_s(dossier.campaign, route)
        stands = [(station.name, station.gather, gather_s, route.start_s)]
    else:
        stands = [
            (
                dossier.places[stop.place_id].name,
                stop.gather,
                gather_time_s(dossier.campaign, stop),
                stop.depart_s,
            )
            for stop in route.stops
            if stop.board
        ]
    for place, spot, gather_s, leave_s in stands:
        yield SignStop(
            place=place,
            gather=dossier.word("sheet.sign.gather", spot=spot).strip(),
            time=say_clock(gather_s),
            leave=dossier.word("sheet.sign.leave", time=say_clock(leave_s)),
        )


def _say_way(dossier: Dossier, route: Route) -> str:
    """Name where the run goes and what is caught there: ``洞口站 → 广州``; on the way home the villages."""
    between = dossier.word("sheet.departure.and")
    if route.home:
        ends = (dossier.places[stop.place_id].name for stop in route.stops if stop.board)
        return dossier.word("sheet.sign.home", places=between.join(dict.fromkeys(ends)))
    station = dossier.places[route.stops[-1].place_id].name
    goals = dict.fromkeys(say_target(dossier, departure) for departure in dossier.fed(route))
    return dossier.word("sheet.sign.way", station=station, goal=between.join(goals))
