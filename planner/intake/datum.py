"""The map datums of China: GCJ-02 (火星坐标) and BD-09 <-> WGS-84.

Chinese map services shift every point by 300 to 700 m: GCJ-02 by a published-by-use, never officially
documented polynomial, BD-09 by a rotation on top of it. Both are given forwards only, so the way back is
found by iteration; after it the round trip is exact to a millimetre. Outside the box in which the services
shift, nothing is shifted. CGCS2000, the survey datum of China, differs from WGS-84 by centimetres.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum
from typing import Final


class Datum(StrEnum):
    """What latitude and longitude of a file refer to."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


Point = tuple[float, float]
"""Latitude and longitude in degrees."""

_SHIFTED_LAT: Final = (0.8293, 55.8271)
_SHIFTED_LON: Final = (72.004, 137.8347)
_AXIS_M: Final = 6_378_245.0
_ECCENTRICITY: Final = 0.00669342162296594323
"""Krasovsky 1940, the ellipsoid of the shift."""
_ROUNDS: Final = 30
_CLOSE_DEGREES: Final = 1e-9
_SPELLINGS: Final = {"cgcs2000": Datum.WGS84, "火星坐标": Datum.GCJ02, "百度坐标": Datum.BD09}


def find_datum(text: str) -> Datum | None:
    """Read the name of a datum as people write it (``GCJ-02``, ``bd09``); an empty one is WGS-84."""
    if not text:
        return Datum.WGS84
    plain = "".join(sign for sign in text.casefold() if sign.isalnum())
    return next((datum for datum in Datum if datum == plain), _SPELLINGS.get(plain))


def to_wgs84(point: Point, datum: Datum) -> Point:
    """Give the WGS-84 point that the services show at ``point`` of ``datum``."""
    if datum is Datum.BD09:
        point = _undo(_twist, point)
    return point if datum is Datum.WGS84 else _undo(_shift, point)


def from_wgs84(point: Point, datum: Datum) -> Point:
    """Give the point of ``datum`` at which the services show a WGS-84 point."""
    if datum is Datum.WGS84:
        return point
    shifted = _shift(point)
    return _twist(shifted) if datum is Datum.BD09 else shifted


def _undo(forward: Callable[[Point], Point], target: Point) -> Point:
    """Find what ``forward`` moves to ``target``; both are so smooth that each round gains two digits."""
    lat, lon = target
    for _ in range(_ROUNDS):
        there = forward((lat, lon))
        off_lat, off_lon = target[0] - there[0], target[1] - there[1]
        lat, lon = lat + off_lat, lon + off_lon
        if max(abs(off_lat), abs(off_lon)) < _CLOSE_DEGREES:
            break
    return lat, lon


def _shift(point: Point) -> Point:
    """WGS-84 to GCJ-02."""
    lat, lon = point
    if not (_SHIFTED_LAT[0] <= lat <= _SHIFTED_LAT[1] and _SHIFTED_LON[0] <= lon <= _SHIFTED_LON[1]):
        return point
    east, north = lon - 105.0, lat - 35.0
    common = 20 * _sine(6 * east) + 20 * _sine(2 * east)
    north_m = -100 + 2 * east + 3 * north + 0.2 * north**2 + 0.1 * east * north + 0.2 * math.sqrt(abs(east))
    north_m += (common + 20 * _sine(north) + 40 * _sine(north / 3)) * 2 / 3
    north_m += (160 * _sine(north / 12) + 320 * _sine(north / 30)) * 2 / 3
    east_m = 300 + east + 2 * north + 0.1 * east**2 + 0.1 * east * north + 0.1 * math.sqrt(abs(east))
    east_m += (common + 20 * _sine(east) + 40 * _sine(east / 3)) * 2 / 3
    east_m += (150 * _sine(east / 12) + 300 * _sine(east / 30)) * 2 / 3
    phi = math.radians(lat)
    bend = 1 - _ECCENTRICITY * math.sin(phi) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY) / (bend * math.sqrt(bend))
    parallel_m = _AXIS_M / math.sqrt(bend) * math.cos(phi)
    return lat + math.degrees(north_m / meridian_m), lon + math.degrees(east_m / parallel_m)


def _sine(halves: float) -> float:
    return math.sin(halves * math.pi)


def _twist(point: Point) -> Point:
    """GCJ-02 to BD-09."""
    lat, lon = point
    if not (_SHIFTED_LAT[0] <= lat <= _SHIFTED_LAT[1] and _SHIFTED_LON[0] <= lon <= _SHIFTED_LON[1]):
        return point
    radius = math.hypot(lat, lon) + 0.00002 * math.sin(math.radians(lat * 3000))
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(math.radians(lon * 3000))
    return radius * math.sin(angle) + 0.006, radius * math.cos(angle) + 0.0065
