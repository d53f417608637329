"""Plan squads' tours: search, and bound what no plan costs less than.

A short search gives the bound's column generation its first tours; tours near the fractions of its linear
program are what the long search begins from. With seconds and a worker the bound then goes on in a thread
beside it: both spend their time in compiled code or in GLOP, which hold no lock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.errors import SolverError
from planner.solvers.tours.bound import Bounder, Proved
from planner.solvers.tours.certificate import SCALE
from planner.solvers.tours.days import spread_days, thin
from planner.solvers.tours.ground import (
    BASE,
    COUNT,
    END,
    PERCENT,
    SIZE,
    SOFT,
    SPREAD,
    TRAVEL,
    WEIGHT,
    begin_state,
    lay_desk,
    survey,
)
from planner.solvers.tours.judge import Judged, judge
from planner.solvers.tours.kernel import build, keep_best, lay_out, roam
from planner.solvers.tours.order import ordered
from planner.solvers.tours.problem import LOAD_SCALE, MOST_CALLS, Tour, TourBudget, TourProblem, TourProgress
from planner.solvers.tours.steps import find_tops, refresh, take_in

if TYPE_CHECKING:
    from planner.solvers.tours.certificate import TourDuals
    from planner.solvers.tours.ground import Desk, Ground, State

_SLICE: Final = 400
"""Rounds between two looks at the clock."""
_PER_UNIT: Final = 60
"""Rounds in about 10 ms."""
_WARM: Final = 0.1
_COOL: Final = 0.005
"""Temperatures at the beginning and the end, in shares of what a call costs in the first plan."""
_FIRST: Final = 0.1
"""Share of the budget for a first plan."""
_THREADS: Final = 2
"""That look for tours of the bound, with a worker."""
_SETTLE: Final = 0.4
_DIVE: Final = 0.6
"""Shares of the seconds after which the bound's tours are fixed and made a plan, finished or not."""
_TRIAL: Final = 0.07
"""Share of the budget in which their plan is bettered before it is compared with the one in hand."""
_SETTLED: Final = 0.01
"""Share by which the program still falls when they are made a plan before that."""
_ROUNDS: Final = 200
_GUIDED: Final = 0.7
"""Share of the budget in which every load has its price, where there are so ``_MANY`` to be compared."""
_LAST: Final = 0.92
"""The same where the spread is still too large by then."""
_MANY: Final = 4
_PRICE: Final = 3.0
"""That price, in what work costs on the roads on average."""
_TIGHT: Final = 0.97
"""Of the spread allowed."""
_MILLION: Final = 1_000_000
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
    """One run: the best plan so far, and the bound."""

    def __init__(self, problem: TourProblem, budget: TourBudget) -> None:
        self._problem, self._budget = problem, budget
        self._began_s = time.monotonic()
        self._ground: Ground = survey(problem)
        self._state: State = begin_state(self._ground)
        self._desk: Desk = lay_desk(self._ground, budget.seed)
        self._bounder = Bounder(problem, self._ground, threads=_THREADS if budget.worker else 1)
        self._best = 0
        self._rounds = 0
        self._ended = False
        self._since = 0.0

    def run(self) -> TourSolution:
        """Plan and prove."""
        self._load()
        self._best = build(self._ground, self._state, self._desk)
        self._search(until=_FIRST)
        self._learn()
        beside = threading.Thread(target=self._prove, daemon=True)
        if self._budget.seconds is not None and self._budget.worker:
            beside.start()
            self._search(until=1.0)
            self._ended = True
            beside.join(_GRACE_S)
        else:
            self._prove()
            self._search(until=1.0)
        return self._answer(self._bounder.proved)

    def _load(self) -> None:
        """Take the start's tours as far as they are lawful one by one."""
        ground, state, days = self._ground, self._state, self._problem.days
        start = self._budget.start
        if not start or judge(self._problem, start).faults:
            return
        for tour in start:
            state.tours[tour.squad * days + tour.day, END] = self._problem.end_of(tour)
        for tour in start:
            number = tour.squad * days + tour.day
            for place, call in enumerate(tour.calls):
                take_in(ground, state, call, number, place)
        for number in range(ground.hours.shape[0]):
            refresh(ground, state, number)
        find_tops(ground, state, self._desk.tops)
        keep_best(state, self._desk)

    def _over(self) -> bool:
        seconds = self._budget.seconds
        spent = seconds is not None and time.monotonic() - self._began_s >= seconds
        return self._ended or spent or self._budget.stop()

    def _search(self, *, until: float) -> None:
        ground, desk = self._ground, self._desk
        call_fen = max(int(self._state.total[TRAVEL]) / max(int(self._state.total[COUNT]), 1), 10.0)
        while self._spent() < until and not self._budget.stop():
            self._guide()
            heat = call_fen * _WARM * (_COOL / _WARM) ** self._gone()
            best = roam(ground, self._state, desk, _SLICE, heat, heat, self._best)
            self._rounds += _SLICE
            if best < self._best:
                self._best = best
                self._budget.progress(TourProgress(cost_fen=best))

    def _guide(self) -> None:
        """Price loads outside a band about the mean, then leave it to the spread alone.

        The spread is of two squads only: whoever goes downhill on it from nowhere near meets a wall. Beside
        the bound's tours each squad's work also has the price that it has there.
        """
        even, spent = self._desk.even, self._gone()
        loads = self._state.load * self._ground.squads[:, WEIGHT]
        compared = loads[self._ground.squads[:, WEIGHT] > 0]
        most_fen = int(self._ground.numbers[SPREAD]) * _MILLION // LOAD_SCALE
        enough = spent >= _GUIDED and (
            find_tops(self._ground, self._state, self._desk.tops) == 0 or not even[0]
        )
        if enough or spent >= _LAST or compared.size < _MANY or not compared.any() or not most_fen:
            even[:] = 0
            return
        worth = int(self._state.total[TRAVEL]) * _MILLION / int(compared.sum())
        if self._since:
            self._desk.lean[:] = self._bounder.proved.duals.work * (_MILLION / SCALE)
        most = 2 * float(compared.mean()) / (2 - int(self._ground.numbers[PERCENT]) / 100 * _TIGHT)
        even[:] = max(min(int(_PRICE * worth), most_fen), 1), int(most), int(2 * compared.mean() - most)

    def _spent(self) -> float:
        """Share of the budget that is."""
        if self._budget.seconds is not None:
            return (time.monotonic() - self._began_s) / self._budget.seconds
        total = (self._budget.effort or 0) * _PER_UNIT
        return self._rounds / total if total else 1.0

    def _gone(self) -> float:
        """Share of the budget since the plan was last taken up that is spent."""
        return (self._spent() - self._since) / (1 - self._since)

    def _take(self, dived: Sequence[tuple[int, tuple[int, ...]]]) -> None:
        """Go on from the bound's tours if they soon are better than the plan in hand, uneven loads aside."""
        state, desk = begin_state(self._ground), lay_desk(self._ground, self._budget.seed + 1)
        thinned = thin(self._ground, dived)
        days = spread_days(self._ground, thinned, dice=desk.dice)
        paths = np.full((len(thinned), MOST_CALLS + 2), -1, dtype=np.int64)
        for number, (squad, villages) in enumerate(thinned):
            paths[number, :2] = squad, days[number]
            paths[number, 2 : 2 + len(villages)] = villages
        lay_out(self._ground, state, desk, paths[days >= 0])
        fen = build(self._ground, state, desk)
        if fen < self._best:
            self._best = fen
            self._desk.best[:] = desk.best
        before, self._state = self._state, state
        self._since = self._spent()
        self._search(until=self._since + _TRIAL)
        if _even_fen(self._state) > _even_fen(before):
            self._state = before

    def _learn(self) -> None:
        """Begin the bound, and go on from tours near its program's fractions."""
        bounder, effort = self._bounder, self._budget.effort
        bounder.run(
            self._tours,
            rounds=self._bound_rounds(),
            over=lambda: self._over() or (effort is None and self._spent() > _SETTLE),
            settled=_SETTLED,
        )
        self._take(bounder.dive(over=lambda: self._over() or (effort is None and self._spent() > _DIVE)))

    def _prove(self) -> None:
        """Bound what is left of the time."""
        self._bounder.run(self._tours, rounds=self._bound_rounds(), over=self._over)

    def _bound_rounds(self) -> int:
        """Rounds of the bound at most, each of the two times."""
        effort = self._budget.effort
        return _ROUNDS if effort is None else max(effort // (2 * _UNITS_A_ROUND), 2)

    def _tours(self) -> list[Tour]:
        """The best plan so far; read while the search goes on, a torn copy only means poorer columns."""
        best, days, squads = self._desk.best.copy(), self._problem.days, self._ground.squads
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


def _even_fen(state: State, /) -> int:
    """What a plan costs but for uneven loads."""
    return int(state.total[TRAVEL] + state.total[SOFT])


_GRACE_S: Final = 5.0
