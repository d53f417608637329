"""Plan squads' tours: search, and bound what no plan costs less than.

A short search gives the bound's column generation its first tours; tours near the fractions of its linear
program are what the long search begins from. With seconds and a worker the bound then goes on in a thread
beside it: both spend their time in compiled code or in GLOP, which hold no lock.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.errors import SolverError
from planner.solvers.tours.bound import Bounder, Proved
from planner.solvers.tours.certificate import SCALE
from planner.solvers.tours.days import Path, spread_days, thin
from planner.solvers.tours.ground import BASE, SIZE, survey
from planner.solvers.tours.judge import Judged, judge
from planner.solvers.tours.order import ordered
from planner.solvers.tours.problem import MOST_CALLS, Tour, TourBudget, TourProblem
from planner.solvers.tours.walk import Clock, Walk

if TYPE_CHECKING:
    from planner.solvers.routing.program import Floats
    from planner.solvers.tours.certificate import TourDuals
    from planner.solvers.tours.ground import Ground

_FIRST: Final = 0.04
"""Share of the budget for a first plan."""
_THREADS: Final = 2
"""That look for tours of the bound, with a worker."""
_SETTLE: Final = 0.4
_DIVE: Final = 0.6
"""Shares of the seconds after which the bound's tours are fixed and made a plan, finished or not."""
_SETTLED: Final = 0.01
"""Share by which the program still falls when they are made a plan before that."""
_TRIALS: Final = 4
"""Plans made of them, with a worker: which days they are on makes a difference."""
_TRIAL: Final = 0.08
"""Share of the budget in which these are bettered before they are compared."""
_GRACE_S: Final = 5.0
"""How long the bound may take to notice that it is over."""
_ROUNDS: Final = 200
_UNITS_A_ROUND: Final = 20
"""Effort for one round of the bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TourSolution:
    """Tours in order of squad and day, what they cost, and what no plan's roads and load cost less than.

    ``bound_fen`` is of ``costs.road_fen + costs.spread_fen``, recomputed in integers from ``duals``.
    """

    tours: tuple[Tour, ...]
    judged: Judged
    bound_fen: int
    duals: TourDuals | None = None

    @property
    def objective_bound_fen(self) -> int:
        """What no plan's objective is below: that bound, all bonuses that could ever be gained taken off."""
        return self.bound_fen - self.judged.most_bonus_fen


def solve_tours(problem: TourProblem, budget: TourBudget) -> TourSolution:
    """Search from ``budget.start``, or from nothing; never worse than a lawful start."""
    if not problem.calls or not problem.squads or not problem.days:
        judged = judge(problem, ())
        return TourSolution(tours=(), judged=judged, bound_fen=judged.costs.road_fen)
    return _Solver(problem, budget).run()


class _Solver:
    """One run: the plan in hand, and the bound."""

    def __init__(self, problem: TourProblem, budget: TourBudget) -> None:
        self._problem, self._budget = problem, budget
        self._clock = Clock(budget)
        self._ground: Ground = survey(problem)
        self._walk = Walk(self._ground, self._clock, seed=budget.seed)
        self._beside = budget.seconds is not None and budget.worker
        self._bounder = Bounder(problem, self._ground, threads=_THREADS if self._beside else 1)
        self._second: Walk | None = None
        self._ended = False

    def run(self) -> TourSolution:
        """Plan and prove."""
        if self._budget.start and not judge(self._problem, self._budget.start).faults:
            self._walk.load(self._problem, self._budget.start)
        self._walk.build()
        self._walk.search(until=_FIRST)
        self._learn()
        beside = threading.Thread(target=self._prove, daemon=True)
        if self._beside:
            beside.start()
            self._race()
            self._ended = True
            beside.join(_GRACE_S)
        else:
            self._prove()
            self._walk.search(until=1.0)
        return self._answer(self._bounder.proved)

    def _race(self) -> None:
        """Let the plan in hand and the next best be bettered side by side; the better one is in hand then."""
        walks = [self._walk] if self._second is None else [self._walk, self._second]
        others = [
            threading.Thread(target=walk.search, kwargs={"until": 1.0}, daemon=True) for walk in walks[1:]
        ]
        for other in others:
            other.start()
        self._walk.search(until=1.0)
        for other in others:
            other.join()
        self._walk = min(walks, key=lambda walk: walk.best)

    def _over(self) -> bool:
        return self._ended or self._clock.over()

    def _past(self, share: float, /) -> bool:
        """Whether it is over, or more than a share of the seconds is spent."""
        return self._over() or (self._budget.effort is None and self._clock.spent() > share)

    def _learn(self) -> None:
        """Begin the bound, and go on from tours near its program's fractions; beside that, search on."""
        bounder = self._bounder
        beside = threading.Thread(target=self._walk.search, kwargs={"until": 1.0}, daemon=True)
        if self._beside:
            beside.start()
        bounder.run(
            self._tours,
            rounds=self._bound_rounds(),
            over=lambda: self._past(_SETTLE),
            settled=_SETTLED,
        )
        dived = bounder.dive(over=lambda: self._past(_DIVE))
        self._walk.halted = True
        if self._beside:
            beside.join()
        self._walk.halted = False
        self._take(thin(self._ground, dived))

    def _take(self, dived: Sequence[Path]) -> None:
        """Go on from the bound's tours if they soon are better than the plan in hand, uneven loads aside."""
        if not dived:
            return
        many, workers = (_TRIALS, _THREADS) if self._beside else (1, 1)
        seeds = range(self._budget.seed + 1, self._budget.seed + 1 + many)

        def trial(seed: int, /) -> Walk:
            return self._try(dived, seed=seed, share=workers / many)

        with ThreadPoolExecutor(workers) as threads:
            trials = list(threads.map(trial, seeds))
        before = self._walk
        self._walk, self._second = sorted((before, *trials), key=Walk.even_fen)[:2]
        known = min((before, *trials), key=lambda walk: walk.best)
        if known.best < self._walk.best:
            self._walk.best = known.best
            self._walk.desk.best[:] = known.desk.best

    def _try(self, dived: Sequence[Path], *, seed: int, share: float) -> Walk:
        """A plan of these tours, bettered a while."""
        walk = Walk(self._ground, self._clock, seed=seed)
        days = spread_days(self._ground, dived, dice=walk.desk.dice)
        paths = np.full((len(dived), MOST_CALLS + 2), -1, dtype=np.int64)
        for number, (squad, villages) in enumerate(dived):
            paths[number, :2] = squad, days[number]
            paths[number, 2 : 2 + len(villages)] = villages
        walk.lay(paths[days >= 0], prices=self._prices)
        walk.search(until=self._clock.spent() + share * _TRIAL)
        return walk

    def _prices(self) -> Floats:
        """By squad, fen of a second's work in the bound."""
        return self._bounder.proved.duals.work / SCALE

    def _prove(self) -> None:
        """Bound what is left of the time."""
        self._bounder.run(self._tours, rounds=self._bound_rounds(), over=self._over)

    def _bound_rounds(self) -> int:
        """Rounds of the bound at most, each of the two times."""
        effort = self._budget.effort
        return _ROUNDS if effort is None else max(effort // (2 * _UNITS_A_ROUND), 2)

    def _tours(self) -> list[Tour]:
        """The best plan so far; read while the search goes on, a torn copy only means poorer columns."""
        best, days, squads = self._walk.desk.best.copy(), self._problem.days, self._ground.squads
        tours: list[Tour] = []
        for number in range(best.shape[0]):
            size, end, base = int(best[number, SIZE]), int(best[number, 1]), int(squads[number // days, BASE])
            if size > 0 or end != base or (number % days and best[number - 1, 1] not in {-1, base}):
                calls = tuple(int(call) for call in best[number, 2 : 2 + size])
                lodge = None if end == base else end
                tours.append(Tour(squad=number // days, day=number % days, calls=calls, lodge=lodge))
        return tours

    def _answer(self, proved: Proved | None) -> TourSolution:
        tours = self._reordered(self._tours())
        judged = judge(self._problem, tours)
        if judged.faults:
            raise SolverError("tours", f"a plan that breaks {judged.faults[:3]}")
        cost = judged.costs.road_fen + judged.costs.spread_fen
        bound = 0 if proved is None else max(proved.fen, 0)
        if bound > cost:
            raise SolverError("tours", f"a plan of {cost} fen below a bound of {bound}")
        return TourSolution(
            tours=tuple(tours),
            judged=judged,
            bound_fen=bound,
            duals=None if proved is None else proved.duals,
        )

    def _reordered(self, tours: Sequence[Tour]) -> list[Tour]:
        """Every tour in its best order, if all that makes the plan no dearer."""
        better = ordered(self._problem, tours)
        old, new = judge(self._problem, tours), judge(self._problem, better)
        dearer = new.costs.objective_fen > old.costs.objective_fen
        return list(tours) if dearer or new.faults else better
