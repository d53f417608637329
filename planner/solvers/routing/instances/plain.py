"""Two plain layouts -> Instance: split deliveries and team orienteering.

Split deliveries (Chen, Golden, Wasil 2007 and the sets before it): ``customers capacity``, the demands,
then one point a line, the depot first. Distances are rounded to the nearest whole number in all four sets
(those of SET-1 are given in hundredths of the original). A delivery may be split at will: as all demands
and the capacity are multiples of one number, so are the amounts of some best plan (the amounts of given
routes solve a transportation problem), and parts of that size lose nothing.

Team orienteering (Chao, Golden, Wasil 1996): ``n places``, ``m paths``, ``tmax limit``, then ``x y score``
of each place, the first the start, the last the end. Lengths are exact; the problem has them to six decimals
at most, rounded down, so that no path is lost, and ``Instance.mend`` shortens what is too long by less. It
also counts them, with so little weight that no score is ever given up for a shorter path.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.instances.model import Fare, Instance, Scale, demand_service, euclid
from planner.solvers.routing.instances.trouble import (
    AMOUNT,
    COORDINATE,
    MOST_PLACES,
    MOST_VEHICLES,
    Code,
    Span,
    Troubles,
    parse,
)
from planner.solvers.routing.problem import Gate, RoutingProblem, VehicleClass, Visit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SPLIT_FEN: Final = 1_000
_MOST_PARTS: Final = 100_000
_LONGEST_S: Final = 4 * 10**8
_MOST_PATH: Final = 400_000.0
_EVEN: Final = 1e-6
"""A limit that is a whole number of ticks but for floating point."""
_COUNT: Final = Span(least=1, most=MOST_PLACES - 1, whole=True)

Lines = Sequence[tuple[int, list[str]]]
"""Line numbers and cells of the lines that hold any."""


def cells_of(lines: Sequence[str]) -> Lines:
    """The lines that are not blank, cut at white space."""
    return [(number, line.split()) for number, line in enumerate(lines, 1) if line.strip()]


def is_split(lines: Lines) -> bool:
    """Whether this looks like a split-delivery file: two numbers, then as many as the first says."""
    return len(lines) > 1 and len(lines[0][1]) == 2 and all(cell.isdecimal() for cell in lines[0][1])  # noqa: PLR2004  # customers, capacity


def is_orienteering(lines: Lines) -> bool:
    """Whether this looks like a team-orienteering file."""
    return bool(lines) and len(lines[0][1]) == 2 and lines[0][1][0].lower() == "n"  # noqa: PLR2004  # name, number


def build_split(lines: Lines, *, name: str, troubles: Troubles) -> Instance:
    """Make the instance of a split-delivery file, or raise InputError."""
    (row, head), (demands_row, demand_cells), *points = lines
    count = int(parse(head[0], _COUNT, troubles=troubles, row=row, column="customers"))
    capacity = int(parse(head[1], Span(least=1, whole=True), troubles=troubles, row=row, column="capacity"))
    demands = [
        int(parse(cell, AMOUNT, troubles=troubles, row=demands_row, column="demand")) for cell in demand_cells
    ]
    if len(demands) != count:
        troubles.add(Code.COUNT, row=demands_row, column="demand", found=len(demands), wanted=count)
    places = _table(points, ("x", "y"), rows=count + 1, troubles=troubles)
    troubles.stop()
    size = math.gcd(capacity, *demands)
    if sum(demands) // size > _MOST_PARTS:
        troubles.fail(
            Code.OUT_OF_RANGE,
            row=demands_row,
            column="demand",
            value=str(sum(demands) // size),
            least="0",
            most=str(_MOST_PARTS),
        )
    order = [*range(1, count + 1), 0]
    lengths = np.floor(euclid(places) + 0.5)[np.ix_(order, order)]
    metres = lengths.astype(np.int64)
    # Two vehicles at most half full can be one, so no best plan needs more.
    vehicles = count + 2 * sum(demands) // capacity + 1
    problem = RoutingProblem(
        visits=tuple(
            Visit(heads=demand, service_s=0, prize=0, parts=_parts(demand, size)) for demand in demands
        ),
        gates=(Gate(node=count),),
        vehicle_classes=(
            VehicleClass(count=vehicles, capacity=capacity, start=count, per_km_fen=1000 * _SPLIT_FEN),
        ),
        seconds=(np.zeros_like(metres),),
        metres=(metres,),
    )
    return Instance(
        name=name,
        problem=demand_service(problem, [True] * count),
        numbers=tuple(range(1, count + 1)),
        lengths=lengths,
        fares=(Fare(),),
        scale=Scale(fen_per_tick=_SPLIT_FEN),
        split=True,
    )


def _parts(demand: int, size: int) -> tuple[int, ...]:
    return (size,) * (demand // size) if demand > size else ()


def build_orienteering(lines: Lines, *, name: str, troubles: Troubles) -> Instance:
    """Make the instance of a team-orienteering file, or raise InputError."""
    count = int(
        _named(lines, 0, name="n", span=Span(least=3, most=MOST_PLACES, whole=True), troubles=troubles)
    )
    paths = int(
        _named(lines, 1, name="m", span=Span(least=1, most=MOST_VEHICLES, whole=True), troubles=troubles)
    )
    limit = _named(lines, 2, name="tmax", span=Span(least=0, most=_MOST_PATH), troubles=troubles)
    places = _table(lines[3:], ("x", "y", "score"), rows=count, troubles=troubles)
    for (row, _), place in zip(lines[3:], places, strict=True):
        if not (place[2].is_integer() and place[2] >= 0):
            troubles.add(Code.NOT_WHOLE, row=row, column="score", value=f"{place[2]:g}")
    troubles.stop()
    lengths = _path_lengths(places)
    ticks = next(10**k for k in range(6, -1, -1) if max(limit, 1) * 10**k <= _LONGEST_S)
    seconds = np.minimum(np.floor(lengths * ticks), 2 * _LONGEST_S).astype(np.int64)
    longest = math.floor(limit * ticks + _EVEN)
    # A plan's arcs together weigh less than one point of score.
    weight, fen = _weights(longest, min(paths, count - 2))
    scores = tuple(int(place[2]) for place in places[1:-1])
    problem = RoutingProblem(
        visits=tuple(Visit(heads=0, service_s=0, prize=score * fen) for score in scores),
        gates=(Gate(node=count - 1),),
        vehicle_classes=(
            VehicleClass(
                count=min(paths, count - 2),
                capacity=1,
                start=count - 2,
                per_km_fen=1000,
                duration_limit_s=longest,
            ),
        ),
        seconds=(seconds,),
        metres=(seconds // weight,),
    )
    return Instance(
        name=name,
        problem=problem,
        numbers=tuple(range(1, count - 1)),
        lengths=lengths,
        fares=(Fare(),),
        scale=Scale(fen_per_tick=fen, slack_fen=fen - 1, profit=True),
        worth=scores,
        longest=limit,
    )


def _weights(longest: int, paths: int) -> tuple[int, int]:
    """Ticks of length per fen, and fen per point: all paths together stay below one point."""
    weight = max(longest // 10_000, 1)
    return weight, paths * (longest // weight) + 1


def _path_lengths(places: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Distances between customers, then start, then end."""
    order = [*range(1, len(places) - 1), 0, len(places) - 1]
    return euclid([place[:2] for place in places])[np.ix_(order, order)]


def _named(lines: Lines, place: int, *, name: str, span: Span, troubles: Troubles) -> float:
    if place >= len(lines):
        troubles.fail(Code.MISSING, column=name)
    row, cells = lines[place]
    if len(cells) != 2 or cells[0].lower() != name:  # noqa: PLR2004  # a name and a number
        troubles.fail(Code.MISSING, row=row, column=name)
    return parse(cells[1], span, troubles=troubles, row=row, column=name)


def _table(lines: Lines, columns: Sequence[str], *, rows: int, troubles: Troubles) -> list[list[float]]:
    values: list[list[float]] = []
    for row, cells in lines:
        if len(cells) != len(columns):
            troubles.add(Code.CELLS, row=row, column=columns[0], cells=len(cells), wanted=len(columns))
            values.append([0.0] * len(columns))
        else:
            values.append(
                [
                    parse(cell, COORDINATE, troubles=troubles, row=row, column=column)
                    for cell, column in zip(cells, columns, strict=True)
                ]
            )
    if len(values) != rows:
        last = lines[-1][0] if lines else 0
        troubles.add(Code.COUNT, row=last, column=columns[0], found=len(values), wanted=rows)
        troubles.stop()
    return values
