"""Ruin and recreate by string removals, beside PyVRP: some ten times as many, smaller steps a second.

Simulated annealing whose temperature falls with the budget's share that is spent; the arrays and the
compiled steps are in ``strings``. It never leaves the lawful plans, and visits may be left out at
their prize, so it also answers where the fleet is too small for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.incumbent import Incumbent, Limit, Pool
from planner.solvers.routing.problem import RoutingProblem, Shift, Trip
from planner.solvers.routing.pyvrp_data import Encoding, build_encoding, find_usable
from planner.solvers.routing.search import Budget
from planner.solvers.routing.strings import anneal, set_up
from planner.solvers.routing.strings_data import ALL, NEVER, SIZE, TOP, Best, Desk, Ground, Plan, Undo

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyvrp import ProblemData

_HOT: Final = 0.3
"""First temperature, in multiples of what an arc costs on average in the first plan."""
_COLD: Final = 0.015
_PATIENCE: Final = 0.25
"""Share of the budget after which a plan that is not lawful calls for stricter limits."""
_NEAREST: Final = 200
_SPREAD: Final = 0x9E3779B97F4A7C15
_FAR: Final = 2**31 - 1
"""The dearest arc that 32 bits hold: 214,748 yuan."""


def search_ruin(
    problem: RoutingProblem,
    budget: Budget,
    *,
    hear: Callable[[tuple[Shift, ...]], None] = lambda _shifts: None,
    pool: Pool | None = None,
    hot: float = _HOT,
    cold: float = _COLD,
) -> tuple[Shift, ...]:
    """Search a simple problem from ``budget.start``, never worse.

    ``hear`` is told of each better plan and ``pool`` is filled. Raises SolverError for any other problem.
    """
    steps = _steps(len(problem.visits))
    limit = Limit(budget, per_unit=steps)
    incumbent = Incumbent(problem, budget, hear=hear, pool={} if pool is None else pool)
    if not find_usable(problem):
        return incumbent.shifts
    encoding = build_encoding(problem, required=True)
    table = Table(problem, encoding, seed=budget.seed, shifts=incumbent.shifts)
    incumbent.offer(table.best_shifts())
    chunk, heat, strict = max(round(2 * steps), 1), hot * table.mean_fen(), False
    while (share := limit.share()) < 1:
        if incumbent.broken and not strict and share > _PATIENCE:
            strict = True
            encoding = build_encoding(problem, required=True, strict=True)
            table = Table(problem, encoding, seed=budget.seed, shifts=incumbent.shifts)
        count = chunk if limit.most is None else min(chunk, limit.most - limit.count)
        limit.count += count
        if table.run(heat=heat * (cold / hot) ** share, count=count):
            incumbent.offer(table.best_shifts())
        incumbent.gather_all(table.standing())
    return incumbent.shifts


def _steps(visits: int) -> float:
    """Iterations in about 10 ms of work."""
    return 10 / (0.01 + 0.00002 * visits)


class Table:
    """The compiled search's arrays and what they mean."""

    def __init__(
        self, problem: RoutingProblem, encoding: Encoding, *, seed: int, shifts: Sequence[Shift]
    ) -> None:
        self.encoding = encoding
        self.ground = _ground(problem, encoding.data)
        visits = len(problem.visits)
        self.plan = Plan(
            seq=_zeros32(visits + 1, visits),
            slots=_zeros(visits + 1, 5),
            nodes=_zeros(visits, 9),
            free=np.array([kind.num_available for kind in encoding.data.vehicle_types()], dtype=np.int64),
            total=_zeros(5),
        )
        self.undo = Undo(
            stamp=_zeros(visits + 1),
            slots=_zeros(visits + 1, 3),
            seq=_zeros32(visits + 1, visits),
            tally=_zeros(2),
        )
        self.best = Best(seq=_zeros32(visits + 1, visits), slots=_zeros(visits + 1, 2), total=_zeros(2))
        self.desk = Desk(
            dice=np.array([(2 * seed + 1) * _SPREAD % 2**64], dtype=np.uint64),
            out=_zeros(visits),
            key=np.zeros(visits),
            tail=_zeros(visits + 1, 3),
            seen=_zeros(visits + 2),
            absence=np.array([client.required - 1 for client in encoding.data.clients()], dtype=np.int64),
            found=_zeros(4),
        )
        self._lay(shifts)
        self.heard = self.best_fen

    def _lay(self, shifts: Sequence[Shift]) -> None:
        """Begin with a plan; all it leaves out is put in where that pays."""
        numbers = {number: place for place, number in enumerate(self.encoding.classes)}
        for slot, shift in enumerate(shifts):
            visits = shift.trips[0].visits
            self.plan.seq[slot, : len(visits)] = visits
            self.plan.slots[slot, :2] = len(visits), numbers[shift.vehicle_class]
        self.plan.total[TOP] = len(shifts)
        set_up(self.ground, self.plan, self.undo, self.best, self.desk)

    def run(self, *, heat: float, count: int) -> bool:
        """Make ``count`` iterations; True if the best plan is better."""
        anneal(self.ground, self.plan, self.undo, self.best, self.desk, heat, count)
        better = self.best_fen < self.heard
        self.heard = self.best_fen
        return better

    @property
    def fen(self) -> int:
        """What the plan costs that the search is at."""
        return int(self.plan.total[ALL])

    @property
    def best_fen(self) -> int:
        """What the best plan costs."""
        return int(self.best.total[ALL])

    def mean_fen(self) -> float:
        """What an arc of the plan costs on average, its share of fixed costs included."""
        sizes, _, _, fen, _ = self.plan.slots[self.plan.slots[:, SIZE] > 0].T
        return max(float(fen.sum()), 1.0) / max(int(sizes.sum()) + len(sizes), 1)

    def standing(self) -> tuple[Shift, ...]:
        """The plan the search is at."""
        return self._read(self.plan.seq, self.plan.slots, top=int(self.plan.total[TOP]))

    def best_shifts(self) -> tuple[Shift, ...]:
        """The best plan so far."""
        return self._read(self.best.seq, self.best.slots, top=int(self.best.total[TOP]))

    def _read(self, seq: NDArray[np.int32], slots: NDArray[np.int64], *, top: int) -> tuple[Shift, ...]:
        used: list[list[int]] = slots[:top, :2].tolist()
        return tuple(
            Shift(
                vehicle_class=self.encoding.classes[kind],
                trips=(Trip(visits=tuple(seq[slot, :size].tolist()), gate=self.encoding.gates[kind]),),
            )
            for slot, (size, kind) in enumerate(used)
            if size
        )


def _zeros(*shape: int) -> NDArray[np.int64]:
    return np.zeros(shape, dtype=np.int64)


def _zeros32(*shape: int) -> NDArray[np.int32]:
    return np.zeros(shape, dtype=np.int32)


def _ground(problem: RoutingProblem, data: ProblemData) -> Ground:
    """The arrays of PyVRP's data as the compiled search wants them."""
    visits, types = data.num_clients, data.vehicle_types()
    starts = [data.depot(kind.start_depot).location for kind in types]
    gates = [data.depot(kind.end_depot) for kind in types]
    ends = _zeros(len(types), visits, 4)
    for row, kind, start, gate in zip(ends, types, starts, gates, strict=True):
        for place, matrix in enumerate(
            (data.distance_matrix(kind.profile), data.duration_matrix(kind.profile))
        ):
            row[:, 2 * place] = matrix[start, :visits]
            row[:, 2 * place + 1] = matrix[:visits, gate.location]
    fen = [data.distance_matrix(p)[:visits, :visits] for p in range(data.num_profiles)]
    timed = data.has_time_windows() or any(kind.shift_duration < NEVER for kind in types)
    seconds = [data.duration_matrix(p)[:visits, :visits] for p in range(data.num_profiles)] if timed else []
    arcs, planes = _planes(fen, seconds)
    cheapest = np.min(fen, axis=0)
    nearness = np.minimum(cheapest, cheapest.T).astype(np.float64)
    np.fill_diagonal(nearness, np.inf)
    near = np.argsort(nearness, axis=1, kind="stable")[:, : min(visits - 1, _NEAREST)]
    return Ground(
        arcs=arcs,
        visits=_table(
            (client.delivery[0], client.service_duration, client.tw_early, client.tw_late, visit.prize)
            for visit, client in zip(problem.visits, data.clients(), strict=True)
        ),
        classes=_table(
            (
                *planes[k.profile],
                k.capacity[0],
                k.fixed_cost,
                k.tw_early,
                gate.tw_early,
                gate.tw_late,
                k.shift_duration,
            )
            for k, gate in zip(types, gates, strict=True)
        ),
        ends=ends,
        near=near.astype(np.int32),
        ranks=np.array(
            [
                (
                    -client.delivery[0],
                    -far,
                    far,
                    client.tw_late - client.tw_early,
                    client.tw_early,
                    -client.tw_late,
                )
                for far, client in zip(ends[0, :, 1].tolist(), data.clients(), strict=True)
            ],
            dtype=np.float64,
        ),
    )


def _table(rows: Iterable[tuple[int, ...]]) -> NDArray[np.int64]:
    return np.minimum(np.array(list(rows), dtype=np.int64), NEVER)


def _planes(
    fen: list[NDArray[np.int64]], seconds: list[NDArray[np.int64]]
) -> tuple[NDArray[np.int32], list[tuple[int, ...]]]:
    """Each different matrix once and in 32 bits, for the cache's sake; by profile, which is which."""
    kept: list[NDArray[np.int64]] = []

    def place(matrix: NDArray[np.int64]) -> int:
        same = next((number for number, other in enumerate(kept) if np.array_equal(matrix, other)), len(kept))
        kept[same:] = kept[same:] or [matrix]
        return same

    planes = [(place(matrix), place(matrix.T)) for matrix in fen]
    timed = [(place(matrix), place(matrix.T)) for matrix in seconds] or [(-1, -1)] * len(fen)
    names = [(*costs, *times) for costs, times in zip(planes, timed, strict=True)]
    return np.minimum(np.array(kept), _FAR).astype(np.int32), names
