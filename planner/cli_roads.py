"""``breeze roads``: a road table from an OpenStreetMap extract, beside ``cli`` for want of room there."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from planner.intake.osm import Step

_QUIET_S: Final = 5
"""Seconds between two lines of progress within a step."""
_MOST: Final = 100_000
_LEAST_PACE, _MOST_PACE = 10, 200


def add_options(word: argparse.ArgumentParser) -> None:
    """Add the options of ``breeze roads``."""
    from exports.words import text

    word.add_argument("--osm", type=Path, required=True, metavar="FILE.osm.pbf", help=text("cli.help.osm"))
    word.add_argument("-o", "--out", type=Path, required=True, metavar="roads.csv")
    word.add_argument("--near", type=_count, default=None, metavar="M", help=text("cli.help.near"))
    word.add_argument("--detour", type=_count, default=None, metavar="PERCENT", help=text("cli.help.detour"))
    word.add_argument("--pace", type=_pace, default=None, metavar="PERCENT", help=text("cli.help.pace"))


def _count(text: str) -> int:
    value = int(text)
    if not 0 <= value <= _MOST:
        raise ValueError(text)
    return value


def _pace(text: str) -> int:
    value = int(text)
    if not _LEAST_PACE <= value <= _MOST_PACE:
        raise ValueError(text)
    return value


def run(args: argparse.Namespace) -> int:
    """Write the road table; places that an extract does not serve are said and left without roads."""
    from exports.words import text
    from planner import console
    from planner.intake.osm import NO_WAY
    from planner.intake.roads import DETOUR_PERCENT, NEAR_M, PACE_PERCENT, import_roads, road_table
    from planner.intake.tables import write_whole

    pace = PACE_PERCENT if args.pace is None else args.pace
    found = import_roads(
        args.folder,
        args.osm,
        listen=_tell(args.locale),
        near_m=NEAR_M if args.near is None else args.near,
        detour_percent=DETOUR_PERCENT if args.detour is None else args.detour,
        pace_percent=pace,
    )
    write_whole(args.out, road_table(found.roads))
    if args.json:
        matrix = {
            name: [[None if value == NO_WAY else value for value in row] for row in rows.tolist()]
            for name, rows in (("seconds", found.bus.seconds), ("metres", found.bus.metres))
        }
        issues = [asdict(issue) for issue in found.issues]
        content = {"out": str(args.out), "roads": len(found.roads), "places": found.places}
        console.print_json(content | matrix | {"issues": issues})
        return 0
    console.print_issues(found.issues, locale=args.locale)
    counts = {"places": len(found.places), "roads": len(found.roads), "pace": pace}
    print(text("cli.roads_made", locale=args.locale, **counts))
    print(text("cli.written", locale=args.locale, name=str(args.out)))
    return 0


def _tell(locale: str) -> Callable[[Step], None]:
    """Make a listener that says each new step, and within a step every few seconds how far it is."""
    from exports.words import text

    began = time.monotonic()
    last, spoken = "", began

    def tell(step: Step) -> None:
        nonlocal last, spoken
        now = time.monotonic()
        if step.name == last and now - spoken < _QUIET_S:
            return
        last, spoken = step.name, now
        words = text(f"cli.progress.roads_{step.name}", locale=locale, done=step.done, total=step.total)
        print(f"{now - began:6.1f} s  {words}", file=sys.stderr, flush=True)

    return tell
