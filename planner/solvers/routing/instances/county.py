"""The county JSON (feeder instances of this project) -> Instance.

Node 0 is the station, the others are villages; one without demand is no stop. A bus starts free at its
first village and ends at the station; it costs ``fixed_milliyuan`` and ``per_dam_milliyuan`` for every ten
metres. The first who boarded ride at most ``max_ride_s``, boarding at the later stops included
(``board_s_per_5`` seconds for five heads, in proportion). Coaches in ``direct`` go full and are no part of
the cost. Optional: ``vehicles`` (how many of each type, null for any number), ``reach`` (the nodes that
each type may call at, null for all) and ``parts`` (sizes of each node's parties: those of one node may
board different buses).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from planner.solvers.routing.instances.model import Fare, Instance, Scale, demand_service
from planner.solvers.routing.instances.trouble import MOST_KINDS, MOST_PLACES, MOST_VEHICLES, Code, Troubles
from planner.solvers.routing.problem import UNREACHABLE, Gate, RoutingProblem, VehicleClass, Visit

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEEDED: Final = (
    "seats",
    "fixed_milliyuan",
    "per_dam_milliyuan",
    "max_ride_s",
    "board_s_per_5",
    "demand",
    "dist_m",
    "time_s",
)
_KNOWN: Final = frozenset(
    {*_NEEDED, "name", "note", "direct", "proven_optimal_milliyuan", "vehicles", "reach", "parts"}
)
_MOST: Final = 10**7
"""Heads, metres, seconds, ten milliyuan."""
_DEAREST: Final = 10**6
"""Milliyuan for ten metres: what an arc costs stays far from the end of 64 bits."""
_METRES_PER_DAM: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _County:
    """The file's content, checked."""

    name: str
    seats: tuple[int, ...]
    fixed: tuple[int, ...]
    per_dam: tuple[int, ...]
    vehicles: tuple[int | None, ...]
    reach: tuple[frozenset[int] | None, ...]
    demand: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]
    ride_s: int
    board_s: int
    metres: NDArray[np.int64]
    seconds: NDArray[np.int64]


def build_county(text: str, troubles: Troubles) -> Instance:
    """Make the instance, or raise InputError with every field that is missing or wrong."""
    county = _check(text, troubles)
    nodes = [node for node, heads in enumerate(county.demand) if node and heads]
    count, free = len(nodes), sum(max(len(county.parts[node]), 1) for node in nodes)
    problem = RoutingProblem(
        visits=tuple(
            Visit(
                heads=county.demand[node],
                service_s=county.board_s * county.demand[node] // 5,
                prize=0,
                parts=county.parts[node] if len(county.parts[node]) > 1 else (),
            )
            for node in nodes
        ),
        gates=(Gate(node=count + 1),),
        vehicle_classes=tuple(
            VehicleClass(
                count=free if number is None else min(number, free),
                capacity=seats,
                start=count,
                fixed_fen=fixed * _METRES_PER_DAM,
                per_km_fen=1000 * per_dam,
                barred=frozenset(
                    visit for visit, node in enumerate(nodes) if reach is not None and node not in reach
                ),
            )
            for seats, fixed, per_dam, number, reach in zip(
                county.seats, county.fixed, county.per_dam, county.vehicles, county.reach, strict=True
            )
        ),
        seconds=(_with_start(county.seconds, nodes),),
        metres=(np.maximum(_with_start(county.metres, nodes), 0),),
        ride_limit_s=county.ride_s,
    )
    return Instance(
        name=county.name,
        problem=demand_service(problem, [True] * count),
        numbers=tuple(nodes),
        lengths=problem.metres[0].astype(np.float64),
        fares=tuple(
            Fare(fixed=fixed * _METRES_PER_DAM, per_length=per_dam)
            for fixed, per_dam in zip(county.fixed, county.per_dam, strict=True)
        ),
        scale=Scale(fen_per_tick=1, ticks_per_unit=_METRES_PER_DAM),
        split=any(county.parts),
        parties=tuple(len(county.parts[node]) for node in nodes) if any(county.parts) else (),
    )


def _with_start(matrix: NDArray[np.int64], nodes: Sequence[int]) -> NDArray[np.int64]:
    """Villages, a start that is near to all of them and cannot be driven to, the station."""
    count = len(nodes)
    laid = np.zeros((count + 2, count + 2), dtype=np.int64)
    places = [*range(count), count + 1]
    laid[np.ix_(places, places)] = matrix[np.ix_([*nodes, 0], [*nodes, 0])]
    laid[places, count] = UNREACHABLE
    return laid


class _Pairs(dict[str, Any]):
    """An object of the file that remembers which of its fields stood there twice."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]


def _check(text: str, troubles: Troubles) -> _County:
    try:
        content = json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        troubles.fail(Code.NOT_JSON)
    if not isinstance(content, dict):
        troubles.fail(Code.NOT_JSON)
    data = cast("dict[str, Any]", content)
    for key in data.twice if isinstance(data, _Pairs) else ():
        troubles.add(Code.TWICE, column=key)
    for key in sorted(data.keys() - _KNOWN):
        troubles.add(Code.NOT_SUPPORTED, column=key, type="county")
    for key in _NEEDED:
        if key not in data:
            troubles.add(Code.MISSING, column=key)
    troubles.stop()
    fields = _Fields(data, troubles)
    seats = fields.numbers("seats", least=1, most_cells=MOST_KINDS)
    demand = fields.numbers("demand", most_cells=MOST_PLACES)
    if len(demand) < 2 or demand[0]:  # noqa: PLR2004  # a station, where nobody waits, and a village
        troubles.add(Code.BAD_FIELD, column="demand")
    kinds = len(seats)
    county = _County(
        name=str(data.get("name", "")),
        seats=seats,
        fixed=fields.numbers("fixed_milliyuan", cells=kinds, most=_MOST * _METRES_PER_DAM),
        per_dam=fields.numbers("per_dam_milliyuan", cells=kinds, most=_DEAREST),
        vehicles=fields.optional("vehicles", cells=kinds, most=MOST_VEHICLES),
        reach=fields.reach(kinds, len(demand)),
        demand=demand,
        parts=fields.parts(demand),
        ride_s=fields.number("max_ride_s"),
        board_s=fields.number("board_s_per_5"),
        metres=fields.matrix("dist_m", len(demand)),
        seconds=fields.matrix("time_s", len(demand)),
    )
    troubles.stop()
    _check_room(county, troubles)
    return county


def _check_room(county: _County, troubles: Troubles) -> None:
    """Every party must fit a bus that may fetch it."""
    for node, heads in enumerate(county.demand):
        largest = max(county.parts[node], default=heads)
        seats = [
            seats
            for seats, reach in zip(county.seats, county.reach, strict=True)
            if reach is None or node in reach
        ]
        if node and largest > max(seats, default=0):
            most = max(seats, default=0)
            troubles.add(Code.TOO_LARGE_DEMAND, column=f"demand.{node}", demand=largest, most=most)
    troubles.stop()


@dataclass(frozen=True, slots=True)
class _Fields:
    """Fields of the JSON object, each checked when it is taken; what is wrong is noted by its name."""

    data: Mapping[str, Any]
    troubles: Troubles

    def number(self, key: str) -> int:
        """A whole number of at least 0."""
        return self._whole(self.data[key], key=key)

    def numbers(
        self,
        key: str,
        *,
        cells: int | None = None,
        least: int = 0,
        most: int = _MOST,
        most_cells: int = MOST_PLACES,
    ) -> tuple[int, ...]:
        """A list of whole numbers."""
        values = self._list(self.data[key], key=key, cells=cells, most_cells=most_cells)
        return tuple(self._whole(value, key=key, least=least, most=most) for value in values)

    def optional(self, key: str, *, cells: int, most: int) -> tuple[int | None, ...]:
        """A list of whole numbers and nulls that need not be there."""
        values = self._list(self._given(key, [None] * cells), key=key, cells=cells)
        return tuple(None if value is None else self._whole(value, key=key, most=most) for value in values)

    def reach(self, kinds: int, places: int) -> tuple[frozenset[int] | None, ...]:
        """The nodes that each type may call at, None for all."""
        key = "reach"
        lists = self._list(self._given(key, [None] * kinds), key=key, cells=kinds)
        return tuple(
            None
            if nodes is None
            else frozenset(self._whole(node, key=key, most=places - 1) for node in self._list(nodes, key=key))
            for nodes in lists
        )

    def parts(self, demand: Sequence[int]) -> tuple[tuple[int, ...], ...]:
        """Sizes of each node's parties; they must add up to its demand, or be none."""
        key = "parts"
        lists = self._list(self._given(key, [[] for _ in demand]), key=key, cells=len(demand))
        parts = tuple(
            tuple(self._whole(size, key=key, least=1) for size in self._list(sizes, key=key))
            for sizes in lists
        )
        for heads, sizes in zip(demand, parts, strict=False):
            if sizes and sum(sizes) != heads:
                self.troubles.add(Code.BAD_FIELD, column=key)
        return parts

    def matrix(self, key: str, size: int) -> NDArray[np.int64]:
        """A square of whole numbers; what stands on its diagonal does not count."""
        rows = self._list(self.data[key], key=key, cells=size)
        values = [
            [self._whole(value, key=key) for value in self._list(row, key=key, cells=size)] for row in rows
        ]
        if len(values) != size or any(len(row) != size for row in values):
            return np.zeros((size, size), dtype=np.int64)
        matrix = np.array(values, dtype=np.int64).reshape(size, size)
        np.fill_diagonal(matrix, 0)
        return matrix

    def _given(self, key: str, otherwise: list[Any]) -> object:
        """What the file says, null and nothing being the same."""
        value = self.data.get(key)
        return otherwise if value is None else value

    def _list(
        self, value: object, *, key: str, cells: int | None = None, most_cells: int = MOST_PLACES
    ) -> list[Any]:
        values = cast("list[Any]", value) if isinstance(value, list) else []
        fits = isinstance(value, list) and len(values) <= most_cells and cells in {None, len(values)}
        if not fits:
            self.troubles.add(Code.BAD_FIELD, column=key)
            return []
        return values

    def _whole(self, value: object, *, key: str, least: int = 0, most: int = _MOST) -> int:
        if type(value) is int and least <= value <= most:
            return value
        self.troubles.add(Code.BAD_FIELD, column=key)
        return least
