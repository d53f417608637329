"""Trips -> a GTFS feed (gtfs.org reference of 2024), for whoever plans or shows journeys with other tools.

The feed is of what is in the plan and nothing else, so the same plan is the same bytes whenever and in
whatever language it is written. People board where the plan has them board and get off at the other end
only; a seat needs a registration, so boarding is "phone the agency" (``pickup_type`` 2). Times of a trip
count from the midnight before its first call: 25:10:00 is ten past one of the next day.
"""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from exports.document import Document
from exports.neutral import neutralise
from exports.trips import build_trips
from planner.errors import ExportError
from planner.model.fleet import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from exports.dossier import Dossier
    from exports.trips import Halt, Trip

Cell = str | int

_ZONE: Final = "Asia/Shanghai"
_LANGUAGE: Final = "zh"
_WEB: Final = "https://breeze.invalid/"
"""The reference asks for an address and a campaign has none: RFC 2606 keeps this one from ever leading
anywhere."""
_AGENCY: Final = "office"
_DAY_S: Final = 86_400
_ROUTE_TYPE: Final = {Mode.TRAIN: 2, Mode.COACH: 3}
_NO, _YES, _PHONE = 1, 0, 2
"""Of ``pickup_type`` and ``drop_off_type``: not here, as a matter of course, phone the agency."""
_ADDED: Final = 1
_EXACT: Final = 1
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The oldest moment a zip file can name: when the feed was written is no part of it."""
_UNIX: Final = 3
_MODE: Final = 0o644 << 16


def render_gtfs(dossier: Dossier) -> Document:
    """Write the feed; ExportError when there is no trip to write."""
    trips = build_trips(dossier)
    if not trips:
        raise ExportError("no trip that a feed can show")
    days = {trip.id: dossier.campaign.first_day + timedelta(days=_day(trip)) for trip in trips}
    tables = {
        "agency.txt": _agency(dossier),
        "stops.txt": _stops(trips, note=dossier.campaign.data_note),
        "routes.txt": _routes(trips),
        "trips.txt": _trips(trips, days=days),
        "stop_times.txt": _stop_times(trips),
        "calendar_dates.txt": _dates(days.values()),
        "shapes.txt": _shapes(trips),
        "feed_info.txt": _feed_info(dossier, days=days.values()),
    }
    return Document(filename="gtfs.zip", media_type="application/zip", content=_pack(tables))


def _day(trip: Trip) -> int:
    """The day of the campaign on which a trip begins, from 0."""
    return trip.calls[0].arrive_s // _DAY_S


def _agency(dossier: Dossier) -> list[Sequence[Cell]]:
    campaign = dossier.campaign
    head = ("agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang", "agency_phone")
    return [head, (_AGENCY, neutralise(campaign.office), _WEB, _ZONE, _LANGUAGE, neutralise(campaign.phone))]


def _stops(trips: Iterable[Trip], *, note: str) -> list[Sequence[Cell]]:
    """Every halt once; that points are synthetic is said at each of them."""
    halts: dict[str, Halt] = {call.halt.id: call.halt for trip in trips for call in trip.calls}
    rows: list[Sequence[Cell]] = [("stop_id", "stop_name", "stop_desc", "stop_lat", "stop_lon")]
    for name in sorted(halts):
        halt = halts[name]
        words = " · ".join(filter(None, (halt.spot, note)))
        point = (_degrees(halt.lat), _degrees(halt.lon))
        rows.append((halt.id, neutralise(halt.name), neutralise(words), *point))
    return rows


def _routes(trips: Iterable[Trip]) -> list[Sequence[Cell]]:
    lines = {trip.line.id: trip.line for trip in trips}
    head = ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type")
    rows: list[Sequence[Cell]] = [head]
    for line in lines.values():
        names = (neutralise(line.short_name), neutralise(line.long_name))
        rows.append((line.id, _AGENCY, *names, _ROUTE_TYPE[line.mode]))
    return rows


def _trips(trips: Iterable[Trip], *, days: dict[str, date]) -> list[Sequence[Cell]]:
    head = ("route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "shape_id")
    rows: list[Sequence[Cell]] = [head]
    for trip in trips:
        goal = neutralise(trip.calls[-1].halt.name)
        shape = trip.id if trip.shape else ""
        rows.append((trip.line.id, _date(days[trip.id]), trip.id, goal, int(trip.home), shape))
    return rows


def _stop_times(trips: Iterable[Trip]) -> list[Sequence[Cell]]:
    head = ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence")
    more = ("pickup_type", "drop_off_type", "shape_dist_traveled", "timepoint")
    rows: list[Sequence[Cell]] = [(*head, *more)]
    for trip in trips:
        midnight_s = _day(trip) * _DAY_S
        for number, call in enumerate(trip.calls, 1):
            times = (_clock(call.arrive_s - midnight_s), _clock(call.depart_s - midnight_s))
            types = (_PHONE, _NO) if call.boards else (_NO, _YES)
            along = "" if call.along_m is None else call.along_m
            rows.append((trip.id, *times, call.halt.id, number, *types, along, _EXACT))
    return rows


def _dates(days: Iterable[date]) -> list[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = [("service_id", "date", "exception_type")]
    rows += [(_date(day), _date(day), _ADDED) for day in sorted(set(days))]
    return rows


def _shapes(trips: Iterable[Trip]) -> list[Sequence[Cell]]:
    head = ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence", "shape_dist_traveled")
    rows: list[Sequence[Cell]] = [head]
    for trip in trips:
        rows += [
            (trip.id, _degrees(bend.lat), _degrees(bend.lon), number, bend.along_m)
            for number, bend in enumerate(trip.shape, 1)
        ]
    return rows


def _feed_info(dossier: Dossier, *, days: Iterable[date]) -> list[Sequence[Cell]]:
    plan, dates = dossier.plan, sorted(days)
    head = ("feed_publisher_name", "feed_publisher_url", "feed_lang")
    more = ("feed_start_date", "feed_end_date", "feed_version")
    version = f"{plan.campaign_id} v{plan.version} {dossier.plan_code}"
    office = neutralise(dossier.campaign.office)
    return [(*head, *more), (office, _WEB, _LANGUAGE, _date(dates[0]), _date(dates[-1]), version)]


def _clock(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"


def _date(day: date) -> str:
    return f"{day:%Y%m%d}"


def _degrees(value: float) -> str:
    return f"{value:.6f}"


def _pack(tables: dict[str, list[Sequence[Cell]]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as feed:
        for name, rows in tables.items():
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _MODE
            feed.writestr(entry, _write_table(rows).encode())
    return out.getvalue()


def _write_table(rows: Iterable[Sequence[Cell]]) -> str:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue()
