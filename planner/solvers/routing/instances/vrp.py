"""Files in the VRPLIB layout -> Instance."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.instances.dialects import DIALECTS, KEYS, SECTIONS, Counting, Dialect
from planner.solvers.routing.instances.model import Fare, Instance, Scale, demand_service, euclid
from planner.solvers.routing.instances.trouble import (
    AMOUNT,
    COORDINATE,
    MEASURE,
    MOST_KINDS,
    MOST_PLACES,
    MOST_VEHICLES,
    Code,
    Span,
)
from planner.solvers.routing.problem import (
    FOREVER,
    UNREACHABLE,
    Gate,
    RoutingProblem,
    VehicleClass,
    Visit,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.routing.instances.sections import Sheet

_SOLOMON: Final = re.compile(r"(R|C|RC)[12]\d\d", re.ASCII)
_SOLOMON_CUSTOMERS: Final = 100
_SOLOMON_FLEET: Final = 25
"""Of Solomon's files; those of LKH-3 state the best known number instead, which nobody may know."""
_FEN_PER_UNIT: Final = 1_000
_LEAST_FEN: Final = 10
"""Fen a tick: bounds are made of whole-number dual values, and need room below one tick."""
_EXACT_FEN: Final = 100_000
"""Per unit where costs are exact: the rounding of a whole plan then stays about 0.01 of a unit."""
_LATEST_S: Final = 4 * 10**8
"""Times stay far enough from FOREVER that sums of two do not reach it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """Vehicles that the file describes alike, in its own figures."""

    capacity: int
    fixed: int = 0
    per_length: int = 1
    depot: int = 0
    limit_s: int = FOREVER


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plot:
    """What most parts of a file are read with: its text, its dialect, and how that counts."""

    sheet: Sheet
    dialect: Dialect
    counting: Counting
    scale: int
    places: int
    depots: int

    @property
    def customers(self) -> int:
        return self.places - self.depots

    @property
    def fen_per_tick(self) -> int:
        return max(_FEN_PER_UNIT // self.scale, _LEAST_FEN) if self.counting.whole else _EXACT_FEN

    def time(self, value: float, *, column: str) -> int:
        """A time of the file as whole ticks, rounded as its distances are."""
        ticks = int(self.counting.rounding(np.array([round(value * self.scale, 6)]))[0])
        if ticks > _LATEST_S:
            most = f"{_LATEST_S / self.scale:g}"
            self.sheet.troubles.fail(
                Code.OUT_OF_RANGE,
                row=self.sheet.row(column),
                column=column,
                value=f"{value:g}",
                least="0",
                most=most,
            )
        return ticks


def build_vrp(sheet: Sheet) -> Instance:
    """Make the instance, or raise InputError with everything that stands in the way."""
    plot = _open(sheet)
    lengths = _lengths(plot)
    windows = _windows(plot)
    worth = _worth(plot)
    visits = _visits(plot, windows, worth=worth)
    kinds = _fleet(plot)
    _check_room(plot, visits, most=max(kind.capacity for kind in kinds))
    sheet.troubles.stop()
    problem = _assemble(plot, lengths, visits=visits, windows=windows, kinds=kinds)
    return Instance(
        name=sheet.text("NAME"),
        problem=demand_service(problem, [not price for price in worth]),
        numbers=tuple(range(plot.depots, plot.places)),
        lengths=lengths,
        fares=tuple(
            Fare(fixed=kind.fixed / plot.dialect.fare_per, per_length=kind.per_length / plot.dialect.fare_per)
            for kind in kinds
        ),
        scale=Scale(
            fen_per_tick=plot.fen_per_tick,
            ticks_per_unit=plot.counting.ticks_per_unit,
            whole=plot.counting.whole,
            slack_fen=0 if plot.counting.whole else _slack(plot, kinds),
        ),
        worth=worth if any(worth) else (),
    )


def _open(sheet: Sheet) -> _Plot:
    """Find out what the file is; stop at what makes the rest meaningless."""
    dialect, troubles = _dialect(sheet), sheet.troubles
    weights = sheet.text("EDGE_WEIGHT_TYPE").upper()
    counting = dialect.counting.get(weights)
    if counting is None:
        troubles.fail(
            Code.UNKNOWN_ROUNDING,
            row=sheet.row("EDGE_WEIGHT_TYPE"),
            column="EDGE_WEIGHT_TYPE",
            value=weights,
            known=" ".join(dialect.counting),
        )
    troubles.stop()
    places = int(sheet.number("DIMENSION", Span(least=2, most=MOST_PLACES, whole=True)))
    scale = counting.scale
    if dialect.scaled:
        scale *= int(sheet.number("SCALE", Span(least=1, most=1000, whole=True), default=1))
    depots = _depots(sheet)
    if depots >= places or (depots > 1 and "VEHICLES_DEPOT_SECTION" not in dialect.sections):
        troubles.add(Code.DEPOTS, row=sheet.row("DEPOT_SECTION"), column="DEPOT_SECTION")
    troubles.stop()
    return _Plot(sheet=sheet, dialect=dialect, counting=counting, scale=scale, places=places, depots=depots)


def _dialect(sheet: Sheet) -> Dialect:
    """The TYPE's dialect; what it does not know is refused, as it would change the problem."""
    troubles, kind = sheet.troubles, sheet.text("TYPE").upper()
    if "TYPE" not in sheet.settings:
        troubles.fail(Code.MISSING, column="TYPE")
    dialect = DIALECTS.get(kind)
    if dialect is None:
        troubles.fail(
            Code.UNKNOWN_TYPE, row=sheet.row("TYPE"), column="TYPE", value=kind, known=" ".join(DIALECTS)
        )
    unknown = [key for key in sheet.settings if key not in KEYS | dialect.keys]
    unknown += [name for name in sheet.sections if name not in SECTIONS | dialect.sections]
    for key in unknown:
        troubles.add(Code.NOT_SUPPORTED, row=sheet.row(key), column=key, type=kind)
    needed = dialect.needed | {"DEMAND_SECTION"}
    for key in sorted(needed - sheet.settings.keys() - sheet.sections.keys()):
        troubles.add(Code.MISSING, column=key)
    return dialect


def _depots(sheet: Sheet) -> int:
    """How many depots there are; they must be the first nodes, as published solutions number the rest."""
    name = "DEPOT_SECTION"
    if name not in sheet.sections:
        sheet.troubles.fail(Code.MISSING, column=name)
    numbers = sheet.flat(name, Span(least=-1, whole=True))
    if numbers and numbers[-1] == -1:
        numbers.pop()
    if not numbers or numbers != [*range(1, len(numbers) + 1)]:
        sheet.troubles.add(Code.DEPOTS, row=sheet.row(name), column=name)
    return max(len(numbers), 1)


def _lengths(plot: _Plot) -> NDArray[np.float64]:
    """Distances in ticks between the problem's nodes: customers, depots, and the open end if there is one."""
    sheet, table = plot.sheet, "EDGE_WEIGHT_SECTION"
    if sheet.text("EDGE_WEIGHT_TYPE").upper() == "EXPLICIT":
        between = _explicit(plot)
    else:
        if table in sheet.sections:
            sheet.troubles.add(
                Code.NOT_SUPPORTED, row=sheet.row(table), column=table, type=sheet.text("EDGE_WEIGHT_TYPE")
            )
        points = sheet.table("NODE_COORD_SECTION", COORDINATE, rows=plot.places, width=2)
        sheet.troubles.stop()
        between = euclid(points)
    ticks = plot.counting.rounding(between * plot.scale)
    if plot.dialect.timed and ticks.max() > _LATEST_S:
        sheet.troubles.fail(
            Code.OUT_OF_RANGE,
            row=sheet.row("NODE_COORD_SECTION"),
            column="NODE_COORD_SECTION",
            value=f"{ticks.max() / plot.scale:g}",
            least="0",
            most=f"{_LATEST_S / plot.scale:g}",
        )
    order = [*range(plot.depots, plot.places), *range(plot.depots)]
    size = plot.places + plot.dialect.open_end
    lengths = np.zeros((size, size))
    lengths[: plot.places, : plot.places] = ticks[np.ix_(order, order)]
    return lengths


def _explicit(plot: _Plot) -> NDArray[np.float64]:
    sheet, name = plot.sheet, "EDGE_WEIGHT_SECTION"
    values = sheet.flat(name, MEASURE)
    form = sheet.text("EDGE_WEIGHT_FORMAT").upper()
    wanted = {"FULL_MATRIX": plot.places**2, "LOWER_ROW": plot.places * (plot.places - 1) // 2}
    if form not in wanted:
        sheet.troubles.fail(
            Code.UNKNOWN_ROUNDING,
            row=sheet.row("EDGE_WEIGHT_FORMAT"),
            column="EDGE_WEIGHT_FORMAT",
            value=form,
            known=" ".join(wanted),
        )
    if len(values) != wanted[form]:
        sheet.troubles.fail(
            Code.COUNT, row=sheet.row(name), column=name, found=len(values), wanted=wanted[form]
        )
    if form == "FULL_MATRIX":
        return np.array(values).reshape(plot.places, plot.places)
    between = np.zeros((plot.places, plot.places))
    between[np.tril_indices(plot.places, -1)] = values
    return between + between.T


def _windows(plot: _Plot) -> list[tuple[int, int]]:
    """When each place of the file is open, in ticks."""
    name = "TIME_WINDOW_SECTION"
    if name not in plot.sheet.sections:
        return [(0, FOREVER)] * plot.places
    windows = [
        (plot.time(opens, column=name), plot.time(closes, column=name))
        for opens, closes in plot.sheet.table(name, MEASURE, rows=plot.places, width=2)
    ]
    for row, (opens, closes) in zip(plot.sheet.sections[name], windows, strict=True):
        if opens > closes:
            plot.sheet.troubles.add(Code.WINDOW, row=row.number, column=name)
    return windows


def _worth(plot: _Plot) -> tuple[int, ...]:
    """Ticks lost by leaving each customer out; 0 where it must be visited, as PyVRP reads it."""
    name = "PRIZE_SECTION"
    if name not in plot.sheet.sections:
        return (0,) * plot.customers
    prizes = plot.sheet.column(name, MEASURE, rows=plot.places)[plot.depots :]
    worth = tuple(plot.time(prize, column=name) for prize in prizes)
    for row, prize, ticks in zip(plot.sheet.sections[name][plot.depots :], prizes, worth, strict=False):
        if prize and not ticks:  # it would read as a customer that must be visited
            plot.sheet.troubles.add(Code.NOT_WHOLE, row=row.number, column=name, value=f"{prize:g}")
    return worth


def _visits(plot: _Plot, windows: Sequence[tuple[int, int]], *, worth: Sequence[int]) -> list[Visit]:
    sheet, name = plot.sheet, "SERVICE_TIME_SECTION"
    demands = sheet.column("DEMAND_SECTION", AMOUNT, rows=plot.places)
    if name in sheet.sections:
        services = sheet.column(name, MEASURE, rows=plot.places)
    else:
        name = "SERVICE_TIME"
        services = [sheet.number(name, MEASURE, default=0)] * plot.places
    return [
        Visit(
            heads=int(demands[place]),
            service_s=plot.time(services[place], column=name),
            prize=price * plot.fen_per_tick,
            opens_s=windows[place][0],
            closes_s=windows[place][1],
        )
        for place, price in enumerate(worth, plot.depots)
    ]


def _fleet(plot: _Plot) -> Mapping[_Kind, int]:
    """Count alike vehicles, in the order of the file."""
    sheet = plot.sheet
    count = int(
        sheet.number("VEHICLES", Span(least=1, most=MOST_VEHICLES, whole=True), default=plot.customers)
    )
    solomon = plot.customers == _SOLOMON_CUSTOMERS and _SOLOMON.match(sheet.text("NAME").upper())
    if plot.dialect.scaled and solomon:
        count = _SOLOMON_FLEET

    def each(section: str, span: Span, *, default: float) -> list[int]:
        if section not in sheet.sections:
            return [int(default)] * count
        return [int(value) for value in sheet.column(section, span, rows=count)]

    one = 0.0 if "CAPACITY_SECTION" in sheet.sections else sheet.number("CAPACITY", AMOUNT)
    key = next((key for key in ("DISTANCE", "VEHICLES_MAX_DURATION") if key in sheet.settings), "")
    limit = plot.time(sheet.number(key, Span(least=1)), column=key) if key else FOREVER
    figures = zip(
        each("CAPACITY_SECTION", AMOUNT, default=one),
        each("VEHICLES_FIXED_COST_SECTION", Span(least=0, most=10**9, whole=True), default=0),
        each("VEHICLES_UNIT_DISTANCE_COST_SECTION", Span(least=0, most=10_000, whole=True), default=1),
        each("VEHICLES_DEPOT_SECTION", Span(least=1, most=plot.depots, whole=True), default=1),
        strict=True,
    )
    kinds = Counter(
        _Kind(capacity=seats, fixed=fixed, per_length=unit, depot=depot - 1, limit_s=limit)
        for seats, fixed, unit, depot in figures
    )
    if len(kinds) > MOST_KINDS:
        sheet.troubles.fail(Code.COUNT, column="VEHICLES", found=len(kinds), wanted=MOST_KINDS)
    return kinds


def _check_room(plot: _Plot, visits: Sequence[Visit], *, most: int) -> None:
    section = plot.sheet.sections.get("DEMAND_SECTION", [])
    for row in section[: plot.depots]:
        if row.cells[1:2] != ("0",):
            plot.sheet.troubles.add(
                Code.OUT_OF_RANGE,
                row=row.number,
                column="DEMAND_SECTION",
                value=" ".join(row.cells[1:]),
                least="0",
                most="0",
            )
    for row, visit in zip(section[plot.depots :], visits, strict=True):
        if visit.heads > most and not visit.prize:
            plot.sheet.troubles.add(
                Code.TOO_LARGE_DEMAND,
                row=row.number,
                column="DEMAND_SECTION",
                demand=visit.heads,
                most=most,
            )


def _assemble(
    plot: _Plot,
    lengths: NDArray[np.float64],
    *,
    visits: Sequence[Visit],
    windows: Sequence[tuple[int, int]],
    kinds: Mapping[_Kind, int],
) -> RoutingProblem:
    """Put the nodes together: customers, depots, and where routes stay open an end that is near to all."""
    first, fen = plot.customers, plot.fen_per_tick
    precision = 1 if plot.counting.whole else 1000 * fen // plot.dialect.fare_per
    metres = np.floor(lengths * precision + 0.5).astype(np.int64)
    seconds = metres.copy() if plot.dialect.timed else np.zeros_like(metres)
    gates = tuple(
        Gate(node=first + depot, opens_s=windows[depot][0], closes_s=windows[depot][1])
        for depot in range(plot.depots)
    )
    if plot.dialect.open_end:
        seconds[-1, :-1] = UNREACHABLE
        gates = tuple(replace(gate, node=plot.places) for gate in gates)
    classes = tuple(
        VehicleClass(
            count=count,
            capacity=kind.capacity,
            start=first + kind.depot,
            gates=(kind.depot,),
            fixed_fen=kind.fixed * fen // plot.dialect.fare_per,
            per_km_fen=1000 * fen // precision * kind.per_length // plot.dialect.fare_per,
            ready_s=windows[kind.depot][0],
            duration_limit_s=kind.limit_s,
        )
        for kind, count in kinds.items()
    )
    return RoutingProblem(
        visits=tuple(visits), gates=gates, vehicle_classes=classes, seconds=(seconds,), metres=(metres,)
    )


def _slack(plot: _Plot, kinds: Mapping[_Kind, int]) -> int:
    """The most that rounding can add to a plan: half a fen and half a metre for each arc."""
    arcs = plot.customers + min(plot.customers, sum(kinds.values()))
    return math.ceil(arcs * (0.5 + max(kind.per_length for kind in kinds) * 0.5 / 1000))
