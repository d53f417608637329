"""An OpenStreetMap extract -> the road table of a campaign.

Whatever planning and checking know of roads stands in roads.csv; an extract is turned into such a table
once, which the office can look at, correct and keep. Between n places there are n² measured ways; the table
keeps so few of them that going on by others is at most ``detour_percent`` slower for any pair: a greedy
spanner (Althöfer et al. 1993, "On sparse spanners of weighted graphs").
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from planner.errors import InputError, Issue, Severity, Where
from planner.intake import columns
from planner.intake.codes import Code, issue
from planner.intake.found import Found
from planner.intake.osm import NO_WAY, SEARCH_M, Listener, Ways, measure_ways
from planner.intake.structure import read_places
from planner.intake.tables import noun_cells, table_text
from planner.model.places import Place, PlaceId, Road

DETOUR_PERCENT: Final = 5
"""Measured on an extract made from the roads of ``dongkou``: 3,800 stretches for 395 places instead of 76,000
for each class, driving 2 % slower on average and 6 % at most."""
PACE_PERCENT: Final = 80
"""Feeders drive before dawn, when 80 % of the day's speed is the limit (国发〔2012〕30号), and Valhalla takes
free roads: 52 km/h on that extract, where the county's own table plans with 30 to 45."""
NEAR_M: Final = 500
"""A point of a village is its committee or its middle; the road is rarely further."""

_FAR: Final = 2**50
_FASTEST_KMH: Final = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an extract gave: the road table, the bus matrix behind it, and the places it does not serve."""

    places: tuple[PlaceId, ...]
    roads: tuple[Road, ...]
    bus: Ways
    """Over all roads; rows and columns as ``places``."""
    issues: tuple[Issue, ...]


def import_roads(
    folder: Path,
    extract: Path,
    *,
    listen: Listener,
    near_m: int = NEAR_M,
    detour_percent: int = DETOUR_PERCENT,
    pace_percent: int = PACE_PERCENT,
) -> Imported:
    """Make the road table of a campaign folder's places from an extract (``.osm.pbf``).

    Raises MissingExtraError without the extra ``roads``; InputError when places or extract cannot be read,
    or the extract joins no two places.
    """
    trouble: list[Issue] = []
    found = sorted(read_places(folder, trouble), key=lambda entry: entry.value.id)
    errors = [entry for entry in trouble if entry.severity is Severity.ERROR]
    if errors:
        raise InputError(errors)
    places = tuple(entry.value for entry in found)
    points = [(place.lat, place.lon) for place in places]
    with tempfile.TemporaryDirectory(prefix="breeze-roads-") as scratch:
        measured = measure_ways(extract, points, near_m=near_m, scratch=Path(scratch), listen=listen)
    ids = tuple(place.id for place in places)
    roads = thin_roads(ids, measured, detour_percent=detour_percent, pace_percent=pace_percent)
    issues = judge_ways(found, measured[-1], near_m=near_m)
    if not roads:
        raise InputError([issue(Code.ROADS_NOT_COVERED, Where(file=extract.name)), *issues])
    return Imported(places=ids, roads=roads, bus=measured[-1], issues=issues)


def road_table(roads: Sequence[Road]) -> bytes:
    """Write roads as roads.csv."""
    return table_text(columns.ROADS, noun_cells(columns.ROADS, roads)).encode()


def thin_roads(
    places: Sequence[PlaceId], measured: Sequence[Ways], *, detour_percent: int, pace_percent: int
) -> tuple[Road, ...]:
    """Choose stretches so that no pair is driven more than ``detour_percent`` slower than measured.

    ``measured`` is ordered from the best class to the worst; stretches of a class may go on over those of
    better ones. A road of the table is two-way: the slower direction counts, at ``pace_percent`` of the
    measured speed, rounded to whole km/h (1.7 % at 30 km/h). Whoever passes a place may turn round there, so
    where Valhalla refuses a hairpin the table may lead there quicker than measured.
    """
    best = np.full((len(places), len(places)), _FAR, dtype=np.int64)
    np.fill_diagonal(best, 0)
    chosen: list[Road] = []
    for ways in measured:
        length, speed, seconds = _stretches(ways, pace_percent=pace_percent)
        a, b = np.triu_indices(len(places), 1)
        led = seconds[a, b] < _FAR
        a, b = a[led], b[led]
        for at in np.argsort(seconds[a, b], kind="stable"):
            i, j = int(a[at]), int(b[at])
            if best[i, j] * 100 <= seconds[i, j] * (100 + detour_percent):
                continue
            through = best[:, i, None] + seconds[i, j] + best[None, j, :]
            best = np.minimum(best, np.minimum(through, through.T))
            chosen.append(
                Road(
                    from_id=places[i],
                    to_id=places[j],
                    length_m=int(length[i, j]),
                    speed_kmh=int(speed[i, j]),
                    road_class=ways.road_class,
                )
            )
    return tuple(sorted(chosen, key=lambda road: (road.from_id, road.to_id, road.road_class)))


def _stretches(
    ways: Ways, *, pace_percent: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Length, whole speed and the seconds these two give, both ways alike; ``_FAR`` where no way is."""
    there, back = ways.seconds, ways.seconds.T
    planned = np.maximum(-(-np.maximum(there, back) * 100 // pace_percent), 1)
    length = np.where(there > back, ways.metres, ways.metres.T)
    length = np.where(there == back, np.maximum(ways.metres, ways.metres.T), length)
    length = np.maximum(length, 1)
    speed = np.clip((length * 36 + planned * 5) // (planned * 10), 1, _FASTEST_KMH)
    seconds = -(-length * 36 // (speed * 10))
    return length, speed, np.where((there == NO_WAY) | (back == NO_WAY), _FAR, seconds)


def judge_ways(found: Sequence[Found[Place]], ways: Ways, *, near_m: int) -> tuple[Issue, ...]:
    """Say of each place that gets no road why: none near, too far from it, or no way there and back."""
    both = (ways.seconds != NO_WAY) & (ways.seconds.T != NO_WAY)
    hub = int(np.argmax(both.sum(axis=1)))
    issues: list[Issue] = []
    for at, entry in enumerate(found):
        where = Where(file=columns.PLACES.file, row=entry.row.number, item=entry.value.id)
        name, off_m = entry.value.name, ways.off_road_m[at]
        if off_m is None:
            issues.append(issue(Code.ROADS_NONE_NEAR, where, name=name, km=SEARCH_M // 1000))
        elif off_m > near_m:
            issues.append(issue(Code.ROADS_TOO_FAR, where, name=name, distance_m=off_m, near_m=near_m))
        elif not both[hub, at]:
            hub_name = found[hub].value.name
            issues.append(issue(Code.ROADS_NO_WAY, where, name=name, other=hub_name))
    return tuple(sorted(issues, key=lambda entry: entry.where))
