"""PyVRP: iterated local search over its moves, with our own acceptance, penalties and pool of trips.

PyVRP's library gives the data, the neighbourhoods and the local search; the loop around it is ours because
its penalties start and stay where short runs never get them down, and because every lawful trip met on the
way is wanted: set partitioning recombines them (Subramanian, Penna, Uchoa and Ochi, EJOR 2012).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyvrp.search as moves
from pyvrp import CostEvaluator, RandomNumberGenerator, Solution

from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.problem import RoutingProblem, Shift
from planner.solvers.routing.pyvrp_data import Encoding, build_encoding
from planner.solvers.routing.search import Budget, Progress, RoutingSolution

Pool = dict[tuple[int, tuple[int, ...]], int]
"""Lawful trips, by class and visits, with what a shift of each costs; oldest first."""

_POOL_SIZE: Final = 30_000
_STOP_EVERY_S: Final = 0.02
_PATIENCE: Final = 4
"""One part in so many of the budget may pass without a plan that makes all required visits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """How the search goes about it."""

    history: int = 300
    """Late acceptance compares with the plan of so many iterations ago (Burke and Bykov, EJOR 2017)."""
    restart: int = 150_000
    """Iterations without a better plan until the search goes back to the best."""
    neighbours: int = 50
    perturbations: int = 25
    updates: int = 50
    """Iterations between two looks at how many plans keep the limits."""
    target: float = 0.65
    """Share of plans that should."""
    increase: float = 1.5
    decrease: float = 0.9
    penalty: float = 5.0
    """First penalties, in multiples of what a head or second costs on average in the first plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """The best plan found, after how many iterations, and the penalties that a next search may begin with."""

    shifts: tuple[Shift, ...]
    iterations: int
    penalties: tuple[float, float] | None


def solve_pyvrp(problem: RoutingProblem, budget: Budget) -> RoutingSolution:
    """Search a simple problem; raises SolverError for any other."""
    return RoutingSolution(shifts=search_pyvrp(problem, budget).shifts)


def search_pyvrp(
    problem: RoutingProblem,
    budget: Budget,
    *,
    hear: Callable[[tuple[Shift, ...]], None] = lambda _shifts: None,
    pool: Pool | None = None,
    tuning: Tuning | None = None,
) -> Searched:
    """Search from ``budget.start``; ``hear`` is told of each better lawful plan, ``pool`` is filled.

    Never worse than the start. Where no plan makes all required visits in the first quarter of the budget,
    all become optional at their prizes.
    """
    limit = _Limit(budget, visits=len(problem.visits))
    standing = _Standing(problem, budget, hear=hear, pool={} if pool is None else pool)
    encoding = build_encoding(problem, required=True)
    search = _Search(encoding, standing, limit=limit, tuning=tuning or Tuning())
    search.run(patience=_PATIENCE)
    if not search.complete and not limit.over():
        encoding = build_encoding(problem, required=False)
        search = _Search(encoding, standing, limit=limit, tuning=tuning or Tuning())
        search.run(patience=1)
    standing.flush()
    return Searched(shifts=standing.shifts, iterations=limit.count, penalties=search.penalties.values())


class _Limit:
    """Counts iterations and asks whether the budget is spent; effort never looks at the clock."""

    def __init__(self, budget: Budget, *, visits: int) -> None:
        self.budget = budget
        self.count = 0
        self.began = self.asked = time.monotonic()
        self.stopped = budget.stop()
        self.most = None if budget.effort is None else max(round(budget.effort * _per_unit(visits)), 1)

    def over(self, *, part: int = 1) -> bool:
        """Whether the budget, or one part in so many of it, is spent or the search shall stop."""
        now = time.monotonic()
        if now - self.asked > _STOP_EVERY_S:
            self.asked = now
            self.stopped = self.stopped or self.budget.stop()
        if self.stopped:
            return True
        if self.most is not None:
            return self.count * part >= self.most
        return self.budget.seconds is not None and (now - self.began) * part >= self.budget.seconds


def _per_unit(visits: int) -> float:
    """Iterations in about 10 ms of work."""
    return 10 / (0.25 + 0.0013 * visits)


@dataclass(slots=True, kw_only=True)
class _Penalties:
    """Fen for a head too many and a second too late, steered towards a share of lawful plans."""

    tuning: Tuning
    load: float
    time: float
    loads: list[bool] = field(default_factory=list[bool])
    times: list[bool] = field(default_factory=list[bool])

    def values(self) -> tuple[float, float]:
        return self.load, self.time

    def evaluator(self) -> CostEvaluator:
        return CostEvaluator([self.load], self.time, 0)

    def register(self, found: Solution) -> bool:
        """Note whether a plan keeps the limits; True when the penalties have moved."""
        self.loads.append(not found.has_excess_load())
        self.times.append(not found.has_time_warp())
        if len(self.loads) < self.tuning.updates:
            return False
        self.load = self._moved(self.load, self.loads)
        self.time = self._moved(self.time, self.times)
        self.loads.clear()
        self.times.clear()
        return True

    def _moved(self, value: float, kept: Sequence[bool]) -> float:
        share = sum(kept) / len(kept)
        if abs(share - self.tuning.target) < _TOLERANCE:
            return value
        factor = self.tuning.increase if share < self.tuning.target else self.tuning.decrease
        return min(max(value * factor, _LEAST_PENALTY), _MOST_PENALTY)


_TOLERANCE: Final = 0.05
_LEAST_PENALTY: Final = 0.1
_MOST_PENALTY: Final = 1e9
"""With violations below 10^9 products stay within 64 bits."""


class _Standing:
    """The best lawful plan so far and the pool, fed with PyVRP's plans."""

    def __init__(
        self,
        problem: RoutingProblem,
        budget: Budget,
        *,
        hear: Callable[[tuple[Shift, ...]], None],
        pool: Pool,
    ) -> None:
        self.problem = problem
        self.progress = budget.progress
        self.hear = hear
        self.pool = pool
        self.shifts = tuple(shift for shift in budget.start if problem.is_feasible(shift))
        if self.shifts:
            self.shifts = self._repaired(self.shifts)
        self.fen = problem.objective_fen(self.shifts)
        self.waiting: tuple[Encoding, Solution] | None = None

    def take(self, encoding: Encoding, found: Solution) -> None:
        """Remember a better plan of PyVRP's; it is looked at when there is time (``flush``)."""
        self.waiting = encoding, found

    def flush(self) -> None:
        """Look at the last better plan: drop what is unlawful, put it back elsewhere, tell if better."""
        if self.waiting is None:
            return
        (encoding, found), self.waiting = self.waiting, None
        shifts = tuple(encoding.read(route) for route in found.routes())
        lawful = tuple(shift for shift in shifts if self._gathered(shift))
        if len(lawful) < len(shifts):
            lawful = self._repaired(lawful)
        fen = self.problem.objective_fen(lawful)
        if fen < self.fen:
            self.shifts, self.fen = lawful, fen
            self.hear(lawful)
            self.progress(Progress(cost_fen=fen))

    def gather(self, encoding: Encoding, found: Solution) -> None:
        """Put the lawful trips of any plan into the pool."""
        for route in found.routes():
            if route.is_feasible():
                self._gathered(encoding.read(route))

    def _gathered(self, shift: Shift) -> bool:
        """Whether the shift is lawful; if so it is the newest of the pool."""
        key = shift.vehicle_class, shift.trips[0].visits
        fen = self.pool.pop(key, None)
        if fen is None:
            if not self.problem.is_feasible(shift):
                return False
            fen = self.problem.shift_fen(shift)
            if len(self.pool) >= _POOL_SIZE:
                del self.pool[next(iter(self.pool))]
        self.pool[key] = fen
        return True

    def _repaired(self, lawful: tuple[Shift, ...]) -> tuple[Shift, ...]:
        missing = self.problem.left_out(lawful)
        return insert_all(self.problem, lawful, visits=missing) if missing else lawful


class _Search:
    """One run of late-acceptance iterated local search on one encoding."""

    def __init__(self, encoding: Encoding, standing: _Standing, *, limit: _Limit, tuning: Tuning) -> None:
        self.encoding = encoding
        self.standing = standing
        self.limit = limit
        self.tuning = tuning
        self.dice = RandomNumberGenerator(seed=limit.budget.seed)
        self.local = self._local_search()
        first = encoding.write(standing.shifts)
        if not standing.shifts:
            first = Solution.make_random(encoding.data, self.dice)
            first = self.local(first, self._first_penalties(first).evaluator(), exhaustive=True)
        self.penalties = self._first_penalties(first)
        self.current = self.local(first, self.penalties.evaluator(), exhaustive=True)
        self.best: Solution | None = None
        self.idle = 0
        self.step = 0
        self.history: list[Solution] = []
        self.gather_every = 40 + len(standing.problem.visits) // 10

    @property
    def complete(self) -> bool:
        return self.best is not None

    def _local_search(self) -> moves.LocalSearch:
        data = self.encoding.data
        near = moves.compute_neighbours(
            data, moves.NeighbourhoodParams(num_neighbours=self.tuning.neighbours)
        )
        shaking = moves.PerturbationParams(1, self.tuning.perturbations)
        local = moves.LocalSearch(data, self.dice, near, moves.PerturbationManager(shaking))
        for operator in moves.OPERATORS:
            if operator.supports(data):
                local.add_operator(operator(data))
        return local

    def _first_penalties(self, first: Solution) -> _Penalties:
        problem = self.standing.problem
        fen = max(first.distance() + first.fixed_vehicle_cost(), 1)
        heads = max(sum(visit.heads for visit in problem.visits), 1)
        return _Penalties(
            tuning=self.tuning,
            load=self.tuning.penalty * fen / heads,
            time=self.tuning.penalty * fen / max(first.duration(), 1),
        )

    def run(self, *, patience: int) -> None:
        """Search until the budget is spent, or one part in ``patience`` of it without a complete plan."""
        costs = self.penalties.evaluator()
        self._weigh(self.current, costs)
        begun = self.limit.count
        while not self.limit.over(part=1 if self.complete else patience):
            self.limit.count += 1
            if self.idle >= self.tuning.restart and self.best is not None:
                self.history.clear()
                self.current, self.idle, self.step = self.best, 0, 0
            found = self.local(self.current, costs, exhaustive=False)
            moved = self.penalties.register(found)
            self.idle += 1
            if self._weigh(found, costs):
                found = self.local(found, costs, exhaustive=True)
                self._weigh(found, costs)
            self._accept(found, costs)
            if moved:
                costs = self.penalties.evaluator()
            if (self.limit.count - begun) % self.gather_every == 0:
                self.standing.gather(self.encoding, found)
                self.standing.flush()

    def _weigh(self, found: Solution, costs: CostEvaluator) -> bool:
        """Keep a plan that is better than the best; True when it is."""
        if not found.is_feasible():
            return False
        if self.best is not None and costs.cost(found) >= costs.cost(self.best):
            return False
        self.best, self.idle = found, 0
        self.standing.take(self.encoding, found)
        return True

    def _accept(self, found: Solution, costs: CostEvaluator) -> None:
        """Go on from the plan if it beats the current one or the one of ``history`` iterations ago."""
        place = self.step % self.tuning.history
        self.step += 1
        late = self.history[place] if place < len(self.history) else self.current
        late_fen, current_fen = costs.penalised_cost(late), costs.penalised_cost(self.current)
        found_fen = costs.penalised_cost(found)
        if found_fen < late_fen or found_fen < current_fen:
            self.current, current_fen = found, found_fen
        if place >= len(self.history):
            self.history.append(self.current)
        elif current_fen < late_fen:
            self.history[place] = self.current
