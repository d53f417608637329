"""Benchmark files -> RoutingProblem, and answers back in the units of their solution files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planner.solvers.routing.instances.county import build_county
from planner.solvers.routing.instances.model import Instance, Route
from planner.solvers.routing.instances.plain import (
    build_orienteering,
    build_split,
    cells_of,
    is_orienteering,
    is_split,
)
from planner.solvers.routing.instances.sections import read_sheet
from planner.solvers.routing.instances.trouble import Code, Troubles, read_lines
from planner.solvers.routing.instances.vrp import build_vrp

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Instance", "Route", "read_instance"]

_FIRST_LINES: Final = 40


def read_instance(path: Path) -> Instance:
    """Read a file of any known layout; what it is, its content says, not its name.

    Best-known values in or beside a file are never read. Raises NotFoundError when there is no such file,
    InputError (each Issue with its line) when it is of no known kind, broken, or asks for what is not
    supported.
    """
    lines = read_lines(path)
    troubles = Troubles(path.name)
    if next((line for line in lines if line.strip()), "").lstrip().startswith("{"):
        return build_county("\n".join(lines), troubles)
    if any(":" in line or "_SECTION" in line for line in lines[:_FIRST_LINES]):
        return build_vrp(read_sheet(lines, troubles))
    cells = cells_of(lines)
    if is_orienteering(cells):
        return build_orienteering(cells, name=path.stem, troubles=troubles)
    if not is_split(cells):
        troubles.fail(Code.UNKNOWN_FORMAT, row=cells[0][0] if cells else 0)
    return build_split(cells, name=path.stem, troubles=troubles)
