"""PyVRP: iterated local search over its moves, with our own acceptance, penalties and pool of trips.

PyVRP's library gives the data, the neighbourhoods and the local search; the loop around it is ours because
its penalties start and stay where short runs never get them down, and because every lawful trip met on the
way is wanted: set partitioning recombines them (Subramanian, Penna, Uchoa and Ochi, EJOR 2012).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyvrp.search as moves
from pyvrp import CostEvaluator, RandomNumberGenerator, Solution

from planner.solvers.routing.incumbent import Incumbent, Limit, Pool
from planner.solvers.routing.problem import RoutingProblem, Shift
from planner.solvers.routing.pyvrp_data import Encoding, build_encoding, find_usable
from planner.solvers.routing.search import Budget, RoutingSolution

_PATIENCE: Final = 0.25
"""Share of the budget that may pass without a plan that is lawful and makes all required visits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """How the search goes about it."""

    history: float = 0.7
    """Late acceptance compares with the plan of so many times the iterations per visit ago: PyVRP's own 300
    are right for 150 visits in 10 s, while 1,000 visits get twice as near with 20."""
    patience: float = 0.2
    """Share of the budget without a better plan after which the search begins anew from a random one."""
    polish: int = 200
    """Iterations between two searches through all moves, which follow a better plan."""
    neighbours: int = 50
    perturbations: int = 25
    updates: int = 50
    """Iterations until a first look at how many plans keep the limits; each next takes a quarter longer."""
    updates_most: int = 500
    target: float = 0.65
    """Share of plans that should."""
    increase: float = 1.5
    decrease: float = 0.9
    penalty: float = 10.0
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
    or others worth more are left out, all become optional at their prizes; where the best plan breaks a limit
    that PyVRP does not know, a stricter one takes its place.
    """
    limit = Limit(budget, per_unit=_per_unit(len(problem.visits)))
    incumbent = Incumbent(problem, budget, hear=hear, pool={} if pool is None else pool)
    if not find_usable(problem):
        return Searched(shifts=incumbent.shifts, iterations=0, penalties=None)
    encoding = build_encoding(problem, required=True)
    search = _Search(encoding, incumbent, limit=limit, tuning=tuning or Tuning())
    search.run(until=_PATIENCE)
    torn = search.best is None or _is_torn(problem, encoding, left=problem.left_out(incumbent.shifts))
    if limit.share() < 1 and (torn or incumbent.broken):
        encoding = build_encoding(problem, required=not torn, strict=incumbent.broken)
        search = _Search(encoding, incumbent, limit=limit, tuning=tuning or Tuning())
    search.run(until=1.0)
    return Searched(shifts=incumbent.shifts, iterations=limit.count, penalties=search.penalties.values())


def _is_torn(problem: RoutingProblem, encoding: Encoding, *, left: Sequence[int]) -> bool:
    """Whether a visit is left out that is worth more than one that had to be made."""
    pairs = zip(problem.visits, encoding.data.clients(), strict=True)
    least = min((visit.prize for visit, client in pairs if client.required), default=0)
    return any(problem.visits[visit].prize > least > 0 for visit in left)


def _per_unit(visits: int) -> float:
    """Iterations in about 10 ms of work."""
    return 10 / (0.25 + 0.0013 * visits)


@dataclass(slots=True, kw_only=True)
class _Penalties:
    """Fen for a head too many and a second too late, steered towards a share of lawful plans."""

    tuning: Tuning
    load: float
    time: float
    wait: int
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
        if len(self.loads) < self.wait:
            return False
        self.wait = min(self.wait * 5 // 4, self.tuning.updates_most)
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


_SHORT: Final = 10
_LONG: Final = 300
_UNITS_PER_S: Final = 100
_TOLERANCE: Final = 0.05
_LEAST_PENALTY: Final = 0.1
_MOST_PENALTY: Final = 1e9
"""With violations below 10^9 products stay within 64 bits."""


class _Search:
    """One run of late-acceptance iterated local search on one encoding."""

    def __init__(self, encoding: Encoding, incumbent: Incumbent, *, limit: Limit, tuning: Tuning) -> None:
        self.encoding = encoding
        self.incumbent = incumbent
        self.limit = limit
        self.tuning = tuning
        self.dice = RandomNumberGenerator(seed=limit.budget.seed)
        self.local = self._local_search()
        first = encoding.write(incumbent.shifts)
        if not incumbent.shifts:
            first = Solution.make_random(encoding.data, self.dice)
            first = self.local(first, self._first_penalties(first).evaluator(), exhaustive=True)
        self.penalties = self._first_penalties(first)
        self.current = self.local(first, self.penalties.evaluator(), exhaustive=True)
        self.best: Solution | None = None
        self.waiting: Solution | None = None
        self.lately: Solution | None = None
        """The best since the search began anew."""
        self.bettered = 0.0
        """The share of the budget that was spent when that was found."""
        self.polished = 0
        self.step = 0
        self.memory = self._memory(visits=len(incumbent.problem.visits))
        self.history: list[Solution] = []
        self.gather_every = 40 + len(incumbent.problem.visits) // 10

    def _memory(self, *, visits: int) -> int:
        seconds = self.limit.budget.seconds or 0.0
        expected = self.limit.most or seconds * _UNITS_PER_S * _per_unit(visits)
        return round(min(max(self.tuning.history * expected / visits, _SHORT), _LONG))

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
        """A multiple of what a head and a second cost; no limit is broken for the sake of a prize."""
        fen = max(first.distance() + first.fixed_vehicle_cost(), 1)
        clients = self.encoding.data.clients()
        heads = max(sum(client.delivery[0] for client in clients), 1)
        prize = float(max(client.prize for client in clients))
        return _Penalties(
            tuning=self.tuning,
            wait=self.tuning.updates,
            load=min(max(self.tuning.penalty * fen / heads, prize), _MOST_PENALTY),
            time=min(max(self.tuning.penalty * fen / max(first.duration(), 1), prize), _MOST_PENALTY),
        )

    def run(self, *, until: float) -> None:
        """Search until a share of the budget is spent."""
        costs = self.penalties.evaluator()
        self._weigh(self.current, costs)
        while self.limit.share() < until:
            self.limit.count += 1
            if self.limit.share() >= self.bettered + self.tuning.patience:
                self._begin_anew(costs)
            found = self.local(self.current, costs, exhaustive=False)
            moved = self.penalties.register(found)
            if self._weigh(found, costs) and self.limit.count >= self.polished + self.tuning.polish:
                self.polished = self.limit.count
                found = self.local(found, costs, exhaustive=True)
                self._weigh(found, costs)
            self._accept(found, costs)
            if moved:
                costs = self.penalties.evaluator()
            if self.limit.count % self.gather_every == 0:
                self.incumbent.gather_all(
                    self.encoding.read(route) for route in found.routes() if route.is_feasible()
                )
                self.flush()
        self.flush()

    def flush(self) -> None:
        """Offer the last better plan."""
        if self.waiting is not None:
            found, self.waiting = self.waiting, None
            self.incumbent.offer(tuple(map(self.encoding.read, found.routes())))

    def _weigh(self, found: Solution, costs: CostEvaluator) -> bool:
        """Keep a plan that is better than the best; True when it is."""
        if not found.is_feasible():
            return False
        if self.lately is None or costs.cost(found) < costs.cost(self.lately):
            self.lately, self.bettered = found, self.limit.share()
        if self.best is not None and costs.cost(found) >= costs.cost(self.best):
            return False
        self.best = self.waiting = found
        return True

    def _begin_anew(self, costs: CostEvaluator) -> None:
        """Leave the plan for a random one; the best is kept."""
        random = Solution.make_random(self.encoding.data, self.dice)
        self.current = self.local(random, costs, exhaustive=True)
        self.lately, self.bettered, self.step = None, self.limit.share(), 0
        self.history.clear()

    def _accept(self, found: Solution, costs: CostEvaluator) -> None:
        """Go on from the plan if it beats the current one or the one of ``history`` iterations ago."""
        place = self.step % self.memory
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
