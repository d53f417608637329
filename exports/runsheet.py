"""The driver's run sheet: times, places, heads; no passenger's name, no papers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from exports.dates import say_clock, say_day, say_km, say_phone, say_span
from exports.hours import read_wheel, stretches_s
from exports.lateplan import build_late_plan
from exports.privacy import Sheet
from exports.sheethead import (
    build_head,
    captain_fact,
    connection,
    connections,
    driver_fact,
    heads_fact,
    round_note,
    run_badge,
    vehicle_fact,
)
from exports.views import Fact, Figure, RunSheetRow, RunSheetView
from planner.model.places import RoadClass
from planner.told import start_time_s

if TYPE_CHECKING:
    from exports.dossier import Dossier
    from planner.model.plan import Route, Stop

_COLUMNS = ("tick", "planned", "actual", "place", "on", "off", "aboard", "km", "contact")
_BRIEFING = ("firm", "seats", "belts", "goods", "stops")
_SIGNATURES = ("driver", "captain", "guide", "handed_over")


def build_run_sheet(dossier: Dossier, route: Route) -> RunSheetView:
    """Build what the driver of a run does, in order."""
    word = dossier.word
    seats = dossier.vehicle_type(route.vehicle_id).rated_seats
    return RunSheetView(
        run=route.run,
        head=build_head(
            dossier,
            Sheet.RUN_SHEET,
            badge=run_badge(dossier, route.run),
            badge_note=round_note(dossier, route),
            item=str(route.run),
            facts=_build_facts(dossier, route),
        ),
        columns=tuple(word(f"sheet.run_sheet.column.{name}") for name in _COLUMNS),
        rows=(_build_start(dossier, route), *_build_stops(dossier, route), _build_final(dossier, route)),
        hours=_build_hours(dossier, route),
        late_title=word("sheet.late.title"),
        late=build_late_plan(dossier, route),
        briefing_title=word("sheet.briefing.title"),
        briefing=tuple(word(f"sheet.briefing.{name}", seats=seats) for name in _BRIEFING),
        signatures=tuple(word(f"sheet.signature.{name}") for name in _SIGNATURES),
    )


def _build_facts(dossier: Dossier, route: Route) -> tuple[Fact, ...]:
    if route.home:
        return _build_home_facts(dossier, route)
    word = dossier.word
    departure = dossier.departures[route.departure_id]
    arrive = word(
        "sheet.run_sheet.arrive",
        time=say_clock(route.arrive_s),
        latest=say_clock(dossier.latest_s(departure)),
    )
    station = dossier.places[departure.origin_id].name
    return (
        Fact(label=word("sheet.fact.date"), value=say_day(departure.day, locale=dossier.locale)),
        Fact(label=word("sheet.fact.start"), value=say_clock(route.start_s), strong=True),
        Fact(label=word("sheet.fact.arrive", station=station), value=arrive, strong=True),
        Fact(label=word("sheet.fact.connection"), value=connections(dossier, route)),
        vehicle_fact(dossier, route),
        heads_fact(dossier, route, strong=True),
        driver_fact(dossier, route),
        captain_fact(dossier, route),
    )


def _build_home_facts(dossier: Dossier, route: Route) -> tuple[Fact, ...]:
    word = dossier.word
    departure = dossier.departures[route.departure_id]
    leave = word(
        "home.leaves", time=say_clock(route.start_s), latest=say_clock(dossier.leave_by_s(departure))
    )
    gather = word("home.gather", time=say_clock(start_time_s(dossier.campaign, route)))
    station = dossier.places[route.start_place_id].name
    return (
        Fact(label=word("sheet.fact.date"), value=say_day(departure.day, locale=dossier.locale)),
        Fact(label=word("home.leave"), value=leave, strong=True),
        Fact(label=word("home.from", station=station), value=gather, strong=True),
        Fact(label=word("home.meets"), value=connection(dossier, departure, home=True)),
        vehicle_fact(dossier, route),
        heads_fact(dossier, route, strong=True),
        driver_fact(dossier, route),
        captain_fact(dossier, route),
    )


def _build_start(dossier: Dossier, route: Route) -> RunSheetRow:
    """Where the vehicle begins: empty, or on the way home at the station where everybody boards."""
    place = dossier.places[route.start_place_id]
    before = dossier.round_before(route)
    aboard = route.heads if route.home else 0
    if route.home:
        departure = dossier.departures[route.departure_id]
        hint = dossier.word("home.board", connection=connection(dossier, departure, home=True))
    else:
        hint = dossier.word("sheet.run_sheet.empty") if before is None else _after_round(dossier, before)
    return RunSheetRow(
        time=say_clock(route.start_s),
        leave="",
        place=_place(place.name, place.gather if before is None or route.home else ""),
        hint=_join(hint, place.hint, sep=dossier.word("sheet.note.and")),
        on=str(aboard) if aboard else "",
        off="",
        aboard=aboard,
        km=0,
        contact=place.contact_name or dossier.word("sheet.run_sheet.dispatch"),
        contact_phone=say_phone(place.contact_phone or dossier.campaign.phone),
    )


def _after_round(dossier: Dossier, before: Route) -> str:
    return dossier.word(
        "sheet.run_sheet.after", run=run_badge(dossier, before.run), time=say_clock(before.arrive_s)
    )


def _build_stops(dossier: Dossier, route: Route) -> tuple[RunSheetRow, ...]:
    lengths = accumulate(stop.leg_m for stop in route.stops)
    heads = accumulate(stop.board for stop in route.stops)
    driven = stretches_s(dossier, route)
    rows: list[RunSheetRow] = []
    if route.home:
        for stop, metres, gone, driven_s in zip(route.stops[:-1], lengths, heads, driven, strict=False):
            left = route.heads - gone
            rows.append(_build_stop(dossier, stop, aboard=left, metres=metres, home=True))
            if stop.rest_s:
                rest = _build_rest(dossier, stop, aboard=left, metres=metres, driven_s=driven_s)
                minutes, until = stop.rest_s // 60, say_clock(stop.depart_s)
                hint = dossier.word("home.rest_for", minutes=minutes, time=until)
                rows.append(replace(rest, time=say_clock(stop.depart_s - stop.rest_s), hint=hint))
        return tuple(rows)
    for stop, metres, aboard, driven_s in zip(route.stops[:-1], lengths, heads, driven, strict=False):
        if stop.rest_s:
            rows.append(
                _build_rest(dossier, stop, aboard=aboard - stop.board, metres=metres, driven_s=driven_s)
            )
        rows.append(_build_stop(dossier, stop, aboard=aboard, metres=metres))
    return tuple(rows)


def _build_rest(dossier: Dossier, stop: Stop, *, aboard: int, metres: int, driven_s: int) -> RunSheetRow:
    word = dossier.word
    return RunSheetRow(
        time=say_clock(stop.arrive_s),
        leave="",
        place=word("sheet.run_sheet.rest", place=dossier.places[stop.place_id].name),
        hint=word("sheet.run_sheet.rest_for", minutes=stop.rest_s // 60, time=say_clock(stop.board_s)),
        on="",
        off="",
        aboard=aboard,
        km=say_km(metres),
        contact=word("sheet.run_sheet.driven"),
        contact_phone=say_span(driven_s),
        washed=True,
    )


def _build_stop(dossier: Dossier, stop: Stop, *, aboard: int, metres: int, home: bool = False) -> RunSheetRow:
    place = dossier.places[stop.place_id]
    return RunSheetRow(
        time=say_clock(stop.arrive_s if home else stop.board_s),
        leave=dossier.word(
            "sheet.run_sheet.leave", time=say_clock(stop.depart_s - (stop.rest_s if home else 0))
        ),
        place=_place(place.name, stop.gather),
        hint=place.hint,
        on=str(stop.board) if stop.board and not home else "",
        off=str(stop.board) if stop.board and home else "",
        aboard=aboard,
        km=say_km(metres),
        contact=place.contact_name,
        contact_phone=say_phone(place.contact_phone),
    )


def _build_final(dossier: Dossier, route: Route) -> RunSheetRow:
    place = dossier.places[route.stops[-1].place_id]
    after = dossier.round_after(route)
    if after is None:
        hint = dossier.word("home.done" if route.home else "sheet.run_sheet.hand_over")
    else:
        hint = dossier.word(
            "sheet.run_sheet.next", run=run_badge(dossier, after.run), time=say_clock(after.start_s)
        )
    return RunSheetRow(
        time=say_clock(route.arrive_s),
        leave="",
        place=_place(place.name, route.stops[-1].gather),
        hint=_join(hint, place.hint, sep=dossier.word("sheet.note.and")),
        on="",
        off="" if route.home else str(route.heads),
        aboard=0,
        km=say_km(route.length_m),
        contact=place.contact_name or dossier.word("sheet.run_sheet.dispatch"),
        contact_phone=say_phone(place.contact_phone or dossier.campaign.phone),
        washed=True,
    )


def _build_hours(dossier: Dossier, route: Route) -> tuple[Figure, ...]:
    word = dossier.word
    wheel = read_wheel(dossier, route)
    steep = say_km(_steep_m(dossier, route))
    rest = word("sheet.run_sheet.km_steep" if steep else "sheet.run_sheet.km_plain", steep=steep)
    spans = (
        ("ride", dossier.ride_s(route), dossier.campaign.rules.feeder.ride_limit_min * 60),
        ("unbroken", wheel.unbroken_s, wheel.unbroken_limit_s),
        ("day", wheel.day_s, wheel.day_limit_s),
    )
    limited = tuple(
        Figure(
            label=word(f"sheet.run_sheet.{name}"),
            value=say_span(span_s),
            rest=word("sheet.run_sheet.limit", span=say_span(limit_s)),
        )
        for name, span_s, limit_s in spans
    )
    return (
        *limited,
        Figure(label=word("sheet.run_sheet.length"), value=str(say_km(route.length_m)), rest=rest),
    )


def _steep_m(dossier: Dossier, route: Route) -> int:
    """Metres on mountain roads of the lowest class, where the driver has to look out most."""
    kind = dossier.group(route.vehicle_id).type_id
    places = (route.start_place_id, *(stop.place_id for stop in route.stops))
    metres: Counter[bool] = Counter()
    for start, end in pairwise(places):
        for road in dossier.network.roads_along(dossier.network.path(kind, start, end)):
            metres[road.mountain and road.road_class is RoadClass.GRADE4] += road.length_m
    return metres[True]


def _place(name: str, gather: str) -> str:
    """Name place and spot, not the same words twice (县汽车站 县汽车站后院)."""
    return gather if gather.startswith(name) else _join(name, gather)


def _join(*parts: str, sep: str = " ") -> str:
    return sep.join(part for part in parts if part)
