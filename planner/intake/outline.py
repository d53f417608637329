"""The county's outline: GeoJSON polygons <-> rings (RFC 7946 §3.1.6)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from planner.errors import Issue, Where
from planner.intake.codes import Code, issue
from planner.intake.columns import OUTLINE_FILE
from planner.intake.tables import read_utf8
from planner.model.campaign import Ring

_FEWEST_POINTS: Final = 4
"""A linear ring closes on itself, so a triangle has four positions."""


def read_outline(folder: Path, issues: list[Issue]) -> tuple[Ring, ...]:
    """Read the optional outline; a folder without one has none."""
    if not (folder / OUTLINE_FILE).exists():
        return ()
    text = read_utf8(folder / OUTLINE_FILE, issues)
    if text is None:
        return ()
    try:
        return tuple(_ring(points) for points in _rings(json.loads(text)))
    except (ValueError, TypeError, KeyError, RecursionError):
        issues.append(issue(Code.FILE_GEOJSON, Where(file=OUTLINE_FILE)))
        return ()


def _rings(shape: Any) -> Iterator[Any]:
    match shape["type"]:
        case "FeatureCollection":
            for feature in shape["features"]:
                yield from _rings(feature)
        case "Feature":
            yield from _rings(shape["geometry"])
        case "Polygon":
            yield from shape["coordinates"]
        case "MultiPolygon":
            for polygon in shape["coordinates"]:
                yield from polygon
        case other:
            raise ValueError(other)


def _ring(points: Any) -> Ring:
    ring = tuple((float(point[0]), float(point[1])) for point in points)
    if len(ring) < _FEWEST_POINTS or ring[0] != ring[-1]:
        raise ValueError(len(ring))
    return ring


def outline_text(rings: tuple[Ring, ...]) -> str:
    """Write rings as one MultiPolygon, a polygon a ring."""
    shape = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    return json.dumps(feature, separators=(",", ":")) + "\n"
