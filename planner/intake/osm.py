"""An OpenStreetMap extract -> driving seconds and metres of a bus between points.

pyvalhalla builds its tiles from the extract and routes on them; osmium reads the extract first, so that a
broken one is told apart from a county it does not cover. Both come with the optional extra ``roads`` and
are imported only here, when an extract is read.

OpenStreetMap knows no technical grades (JTG B01), so the ways are measured three times: over all roads with
the measures of a midibus, and with those of a coach over tertiary roads and better, then over secondary
roads and better. Measures limit a vehicle only where somebody has mapped a sign.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from planner.errors import InputError, MissingExtraError, Where
from planner.intake.codes import Code, issue
from planner.intake.datum import Point
from planner.model.places import RoadClass

NO_WAY: Final = -1
"""What a matrix holds where nothing leads."""
SEARCH_M: Final = 35_000
"""How far around a point a road is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far the work is: ``read`` and ``measure`` count to ``total``, ``tiles`` counts seconds."""

    name: str
    done: int
    total: int = 0


Listener = Callable[[Step], None]

_COACH: Final[Mapping[str, float]] = {"height": 3.8, "width": 2.55, "length": 12.0, "weight": 18.0}
"""GB 1589 allows a two-axle coach that much; metres and tonnes."""
_MIDIBUS: Final[Mapping[str, float]] = {"height": 2.9, "width": 2.1, "length": 7.0, "weight": 6.0}
_SECONDARY: Final = ("motorway", "trunk", "primary", "secondary")
_NETWORKS: Final = (
    (RoadClass.GRADE2, _SECONDARY, _COACH),
    (RoadClass.GRADE3, (*_SECONDARY, "tertiary"), _COACH),
    (RoadClass.GRADE4, (), _MIDIBUS),
)
"""Each class with the highways that its vehicles need (empty: any) and their measures; best first."""
_LANE_KMH: Final = 15
"""The way between a point and the mapped road is driven like an unmapped lane, in a straight line."""
_WALK_M: Final = 200
"""A coach that stops on the better road is this near at most: people walk to it."""
_SOURCES: Final = 200
"""Rows measured in one call: inside it nobody hears Ctrl-C, and more calls repeat more work."""
_NOT_JOINED: Final = 170
"""Valhalla's code for sources and targets of which none are joined."""
_POLL_S: Final = 0.2
_TAIL: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The fastest ways between points over the roads of one class and better.

    ``seconds`` and ``metres`` are square, from row to column, ``NO_WAY`` where nothing leads; the lanes
    between point and road are in them. ``off_road_m`` is None where no road is within ``SEARCH_M``.
    """

    road_class: RoadClass
    off_road_m: tuple[int | None, ...]
    seconds: NDArray[np.int64]
    metres: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Libraries:
    valhalla: Any
    osmium: Any


def _import_libraries() -> _Libraries:
    """Import the extra, by name: the type checker runs on 3.11, where it cannot be. Or MissingExtraError."""
    try:
        found = _Libraries(valhalla=import_module("valhalla"), osmium=import_module("osmium"))
        _ = found.valhalla.ValhallaError  # pip on an old Python may have found 3.2, which has none
    except (ImportError, AttributeError) as error:
        version = ".".join(str(part) for part in sys.version_info[:3])
        raise MissingExtraError("roads", python=version) from error
    return found


def measure_ways(
    extract: Path, points: Sequence[Point], *, near_m: int, scratch: Path, listen: Listener
) -> tuple[Ways, ...]:
    """Measure the ways between points (WGS-84) by bus, for each road class, the best class first.

    A point further than ``near_m`` from any road has no way, nor one further than ``_WALK_M`` from the
    better roads over these. ``scratch`` is an empty folder for tiles, about as large as the extract.
    Raises MissingExtraError, and InputError for an extract that cannot be read.
    """
    libraries = _import_libraries()
    steps = len(_NETWORKS) + 1
    listen(Step(name="read", done=0, total=steps))
    _check_extract(libraries, extract)
    measured: list[Ways] = []
    for at, (road_class, highways, size) in enumerate(_NETWORKS, start=1):
        listen(Step(name="read", done=at, total=steps))
        folder = scratch / road_class
        folder.mkdir()
        source = _keep(libraries, extract, target=folder / "kept.osm.pbf", highways=highways)
        actor = _build(libraries, source, folder=folder, listen=listen)
        reach_m = min(near_m, _WALK_M) if highways else near_m
        measured.append(
            _measure(actor, points, near_m=reach_m, size=size, listen=listen, road_class=road_class)
        )
    return tuple(hold_to(ways, measured[-1]) for ways in measured)


def hold_to(ways: Ways, all_roads: Ways) -> Ways:
    """Make no way over better roads quicker than the quickest over all roads.

    Such a one is an artefact: with fewer roads to choose from, a point is put on another one, and the
    straight lane to it leads across what may be a river.
    """
    false = (ways.seconds != NO_WAY) & (ways.seconds < all_roads.seconds)
    return replace(
        ways,
        seconds=np.where(false, all_roads.seconds, ways.seconds),
        metres=np.where(false, all_roads.metres, ways.metres),
    )


def _check_extract(libraries: _Libraries, extract: Path) -> None:
    """Read the whole extract once: a file cut off in transfer shows only at its end."""
    where = Where(file=extract.name)
    if not extract.is_file():
        raise InputError([issue(Code.FILE_MISSING, where)])
    osmium = libraries.osmium
    try:
        found = sum(
            entity.is_way()
            for entity in osmium.FileProcessor(str(extract)).with_filter(osmium.filter.KeyFilter("highway"))
        )
    except RuntimeError as error:
        raise InputError([issue(Code.ROADS_EXTRACT_BROKEN, where, detail=str(error))]) from error
    if not found:
        raise InputError([issue(Code.ROADS_EXTRACT_EMPTY, where)])


def _keep(libraries: _Libraries, extract: Path, *, target: Path, highways: Sequence[str]) -> Path:
    """Write the ways of some highways with their nodes; turn restrictions name other ways too: left out."""
    if not highways:
        return extract
    osmium = libraries.osmium
    tags = [("highway", kind + link) for kind in highways for link in ("", "_link")]
    ways = osmium.FileProcessor(str(extract), osmium.osm.WAY).with_filter(osmium.filter.TagFilter(*tags))
    with osmium.BackReferenceWriter(str(target), ref_src=str(extract)) as writer:
        for way in ways:
            writer.add(way)
    return target


def _build(libraries: _Libraries, source: Path, *, folder: Path, listen: Listener) -> Any:
    """Build tiles in a child process, which ends with us whatever happens, and open them."""
    home = Path(libraries.valhalla.__file__).parent
    windows = os.name == "nt"
    program = home / "bin" / ("valhalla_build_tiles" + ".exe" * windows)
    tiles, config_file, log = folder / "tiles", folder / "config.json", folder / "log"
    tiles.mkdir()
    config = libraries.valhalla.get_config(tile_extract="", tile_dir=tiles)
    config["mjolnir"]["concurrency"] = os.cpu_count() or 1
    config["service_limits"]["bus"] |= {"max_matrix_location_pairs": 2**31 - 1, "max_matrix_distance": 5e6}
    config_file.write_text(json.dumps(config), encoding="utf-8")
    command = [str(program), "-c", str(config_file), str(source.resolve())]
    began = time.monotonic()
    libs = home.parent / "pyvalhalla.libs" if windows else None  # where Windows finds the program's libraries
    with (
        log.open("wb") as out,
        subprocess.Popen(command, stdout=out, stderr=out, cwd=libs) as child,  # noqa: S603  # the wheel's own program
    ):
        try:
            while child.poll() is None:
                listen(Step(name="tiles", done=round(time.monotonic() - began)))
                with suppress(subprocess.TimeoutExpired):
                    _ = child.wait(_POLL_S)
        finally:
            child.kill()
    if child.returncode or not any(tiles.rglob("*.gph")):
        detail = log.read_text(encoding="utf-8", errors="replace").strip()[-_TAIL:]
        raise InputError([issue(Code.ROADS_TILES, Where(file=source.name), detail=detail)])
    return libraries.valhalla.Actor(str(config_file))


def _measure(
    actor: Any,
    points: Sequence[Point],
    *,
    near_m: int,
    size: Mapping[str, float],
    listen: Listener,
    road_class: RoadClass,
) -> Ways:
    """Ask for the matrix between the points that have a road near, and put it where they stand."""
    bus: dict[str, object] = {"costing": "bus", "costing_options": {"bus": dict(size)}}
    places = [{"lat": lat, "lon": lon, "search_cutoff": SEARCH_M} for lat, lon in points]
    off = _off_road(actor, places, bus=bus)
    near = [at for at, metres in enumerate(off) if metres is not None and metres <= near_m]
    seconds = np.full((len(points), len(points)), NO_WAY, dtype=np.int64)
    metres = seconds.copy()
    for first in range(0, len(near), _SOURCES):
        listen(Step(name="measure", done=first, total=len(near)))
        rows = near[first : first + _SOURCES]
        answer = _ask(actor, [places[at] for at in rows], [places[at] for at in near], bus=bus)
        if answer is not None:
            spot = np.ix_(rows, near)
            seconds[spot] = _whole(answer["durations"], 1)
            metres[spot] = _whole(answer["distances"], 1000)
    lane_m = np.array([metres or 0 for metres in off], dtype=np.int64)
    lane_s = -(-lane_m * 36 // (10 * _LANE_KMH))
    led = seconds != NO_WAY
    np.fill_diagonal(led, val=False)
    seconds[led] += (lane_s[:, None] + lane_s[None, :])[led]
    metres[led] += (lane_m[:, None] + lane_m[None, :])[led]
    for matrix in (seconds, metres):
        matrix[near, near] = 0
    return Ways(road_class=road_class, off_road_m=off, seconds=seconds, metres=metres)


def _off_road(actor: Any, places: Sequence[object], *, bus: dict[str, object]) -> tuple[int | None, ...]:
    """Metres from each place to the nearest road a bus may use."""
    found = actor.locate({"locations": places, "verbose": True, **bus})
    nearest = (min((edge["distance"] for edge in place["edges"] or ()), default=None) for place in found)
    return tuple(None if metres is None else round(metres) for metres in nearest)


def _ask(actor: Any, sources: Sequence[object], targets: Sequence[object], *, bus: dict[str, object]) -> Any:  # noqa: PLR0917  # from, to
    """Ask for seconds and kilometres, as lists of rows; None when no source is joined with any target."""
    request = {"sources": sources, "targets": targets, "verbose": False, "units": "kilometers", **bus}
    try:
        return actor.matrix(request)["sources_to_targets"]
    except RuntimeError as error:
        if getattr(error, "code", None) == _NOT_JOINED:
            return None
        raise


def _whole(rows: Sequence[Sequence[float | None]], factor: int) -> NDArray[np.int64]:
    values = [[NO_WAY if value is None else round(value * factor) for value in row] for row in rows]
    return np.array(values, dtype=np.int64)
