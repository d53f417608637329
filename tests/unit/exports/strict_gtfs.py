"""A reader of GTFS feeds apart from the exporter, and what is wrong with one: tests hold feeds to it."""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Final

Row = dict[str, str]
Feed = dict[str, list[Row]]
Box = tuple[float, float, float, float]
"""Least and most latitude, least and most longitude."""

_FIELDS: Final = {
    "agency": "agency_id agency_name agency_url agency_timezone agency_lang agency_phone",
    "stops": "stop_id stop_name stop_desc stop_lat stop_lon",
    "routes": "route_id agency_id route_short_name route_long_name route_type",
    "trips": "route_id service_id trip_id trip_headsign direction_id shape_id",
    "stop_times": """trip_id arrival_time departure_time stop_id stop_sequence
        pickup_type drop_off_type shape_dist_traveled timepoint""",
    "calendar_dates": "service_id date exception_type",
    "shapes": "shape_id shape_pt_lat shape_pt_lon shape_pt_sequence shape_dist_traveled",
    "feed_info": """feed_publisher_name feed_publisher_url feed_lang
        feed_start_date feed_end_date feed_version""",
}
_KEYS: Final = {"agency": "agency_id", "stops": "stop_id", "routes": "route_id", "trips": "trip_id"}
_REFERENCES: Final = (
    ("routes", "agency_id", "agency"),
    ("trips", "route_id", "routes"),
    ("trips", "service_id", "calendar_dates"),
    ("trips", "shape_id", "shapes"),
    ("stop_times", "trip_id", "trips"),
    ("stop_times", "stop_id", "stops"),
)
_BACK: Final = (
    ("stops", "stop_id", "stop_times"),
    ("routes", "route_id", "trips"),
    ("calendar_dates", "service_id", "trips"),
    ("shapes", "shape_id", "trips"),
)
_TIME: Final = re.compile(r"(\d{2,3}):([0-5]\d):([0-5]\d)")
_FASTEST_KMH: Final = {"2": 350, "3": 120}
_EARTH_M: Final = 6_371_000


def read_feed(content: bytes) -> Feed:
    """Read every table of a feed; the names of its files are those of the reference."""
    feed: Feed = {}
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            text = book.read(name).decode("utf-8")
            assert not text.startswith("\ufeff")
            reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
            stem, _, suffix = name.rpartition(".")
            assert suffix == "txt"
            assert list(reader.fieldnames or ()) == _FIELDS[stem].split()
            feed[stem] = [*reader]
    assert set(feed) == set(_FIELDS)
    return feed


def seconds(clock: str) -> int:
    """Seconds since the midnight of the service day."""
    found = _TIME.fullmatch(clock)
    assert found, clock
    hours, minutes, rest = map(int, found.groups())
    return hours * 3600 + minutes * 60 + rest


def calls_of(feed: Feed) -> dict[str, list[Row]]:
    """The calls of each trip in order."""
    calls: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted(feed["stop_times"], key=lambda row: int(row["stop_sequence"])):
        calls[row["trip_id"]].append(row)
    return calls


def find_faults(feed: Feed, box: Box) -> set[str]:
    """Name what is wrong; ``box`` is where the stops of the county lie (those of cities are elsewhere)."""
    return {
        *_find_dangling(feed),
        *_find_untimely(feed),
        *_find_one_way(feed),
        *_find_misplaced(feed, box),
        *_find_bent(feed),
        *_find_wrong_days(feed),
    }


def _find_dangling(feed: Feed) -> Iterator[str]:
    for table, key in _KEYS.items():
        if any(count > 1 for count in Counter(row[key] for row in feed[table]).values()):
            yield f"{key} twice"
    for table, key, other in _REFERENCES:
        known = {row[key] for row in feed[other]}
        if any(row[key] not in known for row in feed[table] if row[key]):
            yield f"{table}.{key} dangles"
    for table, key, user in _BACK:
        used = {row[key] for row in feed[user]}
        if any(row[key] not in used for row in feed[table]):
            yield f"{table}.{key} unused"


def _find_untimely(feed: Feed) -> Iterator[str]:
    stops = {row["stop_id"]: row for row in feed["stops"]}
    types = {row["route_id"]: row["route_type"] for row in feed["routes"]}
    lines = {row["trip_id"]: row["route_id"] for row in feed["trips"]}
    for trip, calls in calls_of(feed).items():
        if len(calls) < 2:
            yield "trip of one call"
        times = [seconds(call[name]) for call in calls for name in ("arrival_time", "departure_time")]
        if times != sorted(times) or not 0 <= times[0] < 86_400:
            yield "times out of order"
        for before, after in pairwise(calls):
            ride_s = seconds(after["arrival_time"]) - seconds(before["departure_time"])
            metres = _metres(stops.get(before["stop_id"]), stops.get(after["stop_id"]))
            if after["shape_dist_traveled"]:
                along = int(after["shape_dist_traveled"]) - int(before["shape_dist_traveled"])
                if along < 0.99 * metres:
                    yield "shorter than as the crow flies"
                metres = max(metres, along)
            if metres * 3.6 > _FASTEST_KMH[types.get(lines.get(trip, ""), "3")] * max(ride_s, 1):
                yield "too fast"


def _find_one_way(feed: Feed) -> Iterator[str]:
    """People board first and get off afterwards, and nowhere may they do both or nothing."""
    for calls in calls_of(feed).values():
        kinds = [(call["pickup_type"], call["drop_off_type"]) for call in calls]
        boards = kinds.count(("2", "1"))
        if not 0 < boards < len(kinds) or kinds != [("2", "1")] * boards + [("1", "0")] * (
            len(kinds) - boards
        ):
            yield "boarding and alighting mixed"


def _find_misplaced(feed: Feed, box: Box) -> Iterator[str]:
    south, north, west, east = box
    points = [
        (row["stop_lat"], row["stop_lon"]) for row in feed["stops"] if not row["stop_id"].startswith("city/")
    ]
    points += [(row["shape_pt_lat"], row["shape_pt_lon"]) for row in feed["shapes"]]
    if not all(south <= float(lat) <= north and west <= float(lon) <= east for lat, lon in points):
        yield "outside the county"


def _find_bent(feed: Feed) -> Iterator[str]:
    shapes: defaultdict[str, dict[int, Row]] = defaultdict(dict)
    for row in sorted(feed["shapes"], key=lambda row: int(row["shape_pt_sequence"])):
        shapes[row["shape_id"]][int(row["shape_dist_traveled"])] = row
    for row in feed["trips"]:
        shape = shapes.get(row["shape_id"], {})
        if list(shape) != sorted(shape) or len(shape) != sum(
            bend["shape_id"] == row["shape_id"] for bend in feed["shapes"]
        ):
            yield "shape runs backwards"
    stops = {row["stop_id"]: row for row in feed["stops"]}
    shape_of = {row["trip_id"]: row["shape_id"] for row in feed["trips"]}
    for trip, calls in calls_of(feed).items():
        shape = shapes.get(shape_of.get(trip, ""), {})
        for call in calls:
            bend = shape.get(int(call["shape_dist_traveled"] or -1))
            stop = stops.get(call["stop_id"])
            if shape and stop and (bend is None or _point(bend) != _point(stop)):
                yield "call beside its shape"


def _find_wrong_days(feed: Feed) -> Iterator[str]:
    days = sorted(row["date"] for row in feed["calendar_dates"])
    (info,) = feed["feed_info"]
    if (info["feed_start_date"], info["feed_end_date"]) != (days[0], days[-1]):
        yield "feed_info of other days"
    for day in days:
        assert date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}")


def _point(row: Row) -> tuple[float, float]:
    kind = "shape_pt" if "shape_pt_lat" in row else "stop"
    return float(row[f"{kind}_lat"]), float(row[f"{kind}_lon"])


def _metres(one: Row | None, other: Row | None) -> float:
    if one is None or other is None:
        return 0
    (lat, lon), (to_lat, to_lon) = _point(one), _point(other)
    north = math.radians(to_lat - lat)
    east = math.radians(to_lon - lon) * math.cos(math.radians((lat + to_lat) / 2))
    return _EARTH_M * math.hypot(north, east)
