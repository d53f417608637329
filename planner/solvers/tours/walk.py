"""One search for squads' tours: a plan, its best so far, and the temperature it is bettered at."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import exp
from typing import TYPE_CHECKING, Final

from planner.solvers.tours.ground import (
    COUNT,
    END,
    FAR,
    PERCENT,
    SOFT,
    SPREAD,
    TRAVEL,
    WEIGHT,
    begin_state,
    lay_desk,
)
from planner.solvers.tours.kernel import build, keep_best, lay_out, roam
from planner.solvers.tours.problem import LOAD_SCALE, Tour, TourBudget, TourProblem, TourProgress
from planner.solvers.tours.steps import find_tops, refresh, take_in

if TYPE_CHECKING:
    from planner.solvers.routing.program import Floats, Ints
    from planner.solvers.tours.ground import Desk, Ground, State

_SLICE: Final = 400
"""Rounds between two looks at the clock."""
_PER_UNIT: Final = 60
"""Rounds in about 10 ms."""
_WARM: Final = 0.1
_COOL: Final = 0.005
"""Temperatures at the beginning and the end, in shares of what a call costs in the first plan."""
_GUIDED: Final = 0.7
"""Share of the budget in which every load has its price, where there are so ``_MANY`` to be compared."""
_LAST: Final = 0.92
"""The same where the spread is still too large by then."""
_MANY: Final = 4
_PRICE: Final = 3.0
"""That price, in what work costs on the roads on average, at first."""
_HELD: Final = 0.3
"""Share of the budget after which it rises while the spread is too large."""
_RISE: Final = 8.0
"""How steeply: the logarithm over all of the budget."""
_TIGHT: Final = 0.99
"""Of the spread allowed."""
_MILLION: Final = 1_000_000


class Clock:
    """What is spent of a budget by all searches of a run."""

    def __init__(self, budget: TourBudget) -> None:
        self.budget = budget
        self.rounds = 0
        self._began_s = time.monotonic()
        self._least = FAR

    def spent(self) -> float:
        """Share of the budget that is."""
        if self.budget.seconds is not None:
            return (time.monotonic() - self._began_s) / self.budget.seconds
        total = (self.budget.effort or 0) * _PER_UNIT
        return self.rounds / total if total else 1.0

    def over(self) -> bool:
        """Whether its seconds are spent or it was stopped."""
        late = self.budget.seconds is not None and self.spent() >= 1
        return late or self.budget.stop()

    def hear(self, fen: int) -> None:
        """Tell of a better plan than any walk had."""
        if fen < self._least:
            self._least = fen
            self.budget.progress(TourProgress(cost_fen=fen))


class Walk:
    """A plan that is bettered, and what is remembered on the way."""

    def __init__(self, ground: Ground, clock: Clock, *, seed: int) -> None:
        self._ground, self._clock = ground, clock
        self.state: State = begin_state(ground)
        self.desk: Desk = lay_desk(ground, seed)
        self.best = 0
        """Fen of the best plan so far, which is in ``desk``."""
        self.halted = False
        self._since = 0.0
        self._looked = 0.0
        self._price = _PRICE
        self._prices: Callable[[], Floats] | None = None

    def load(self, problem: TourProblem, start: tuple[Tour, ...]) -> None:
        """Take a lawful plan's tours."""
        state = self.state
        for tour in start:
            state.tours[tour.squad * problem.days + tour.day, END] = problem.end_of(tour)
        for tour in start:
            number = tour.squad * problem.days + tour.day
            for place, call in enumerate(tour.calls):
                take_in(self._ground, state, call, number, place)
        for number in range(self._ground.hours.shape[0]):
            refresh(self._ground, state, number)
        find_tops(self._ground, state, self.desk.tops)
        keep_best(state, self.desk)

    def build(self) -> None:
        """Put in every call that is out where it costs least."""
        self.best = build(self._ground, self.state, self.desk)

    def lay(self, paths: Ints, *, prices: Callable[[], Floats]) -> None:
        """Begin from rows of squad, day and villages; by squad, work has ``prices`` in fen a second."""
        lay_out(self._ground, self.state, self.desk, paths)
        self._since, self._prices = self._clock.spent(), prices
        self.build()

    def even_fen(self) -> int:
        """What the plan costs but for uneven loads."""
        return int(self.state.total[TRAVEL] + self.state.total[SOFT])

    def search(self, *, until: float) -> None:
        """Better the plan until that share of the budget is spent, it is stopped, or the walk is halted."""
        ground, clock, state = self._ground, self._clock, self.state
        call_fen = max(int(state.total[TRAVEL]) / max(int(state.total[COUNT]), 1), 10.0)
        while clock.spent() < until and not clock.budget.stop() and not self.halted:
            self._guide()
            heat = call_fen * _WARM * (_COOL / _WARM) ** self._gone()
            best = roam(ground, state, self.desk, _SLICE, heat, heat, self.best)
            clock.rounds += _SLICE
            if best < self.best:
                self.best = best
                clock.hear(best)

    def _gone(self) -> float:
        """Share of the budget since the plan was taken up that is spent."""
        return (self._clock.spent() - self._since) / (1 - self._since)

    def _guide(self) -> None:
        """Price loads outside a band about the mean, then leave it to the spread alone.

        The spread is of two squads only: whoever goes downhill on it from nowhere near meets a wall. Beside
        the bound's tours each squad's work also has the price that it has there.
        """
        even, spent, ground, state = self.desk.even, self._gone(), self._ground, self.state
        loads = state.load * ground.squads[:, WEIGHT]
        compared = loads[ground.squads[:, WEIGHT] > 0]
        most_fen = int(ground.numbers[SPREAD]) * _MILLION // LOAD_SCALE
        level = find_tops(ground, state, self.desk.tops) == 0
        if spent >= _HELD and even[0] and not level:
            self._price *= exp(_RISE * (spent - max(self._looked, _HELD)))
        self._looked = spent
        enough = spent >= _GUIDED and (level or not even[0])
        if enough or spent >= _LAST or compared.size < _MANY or not compared.any() or not most_fen:
            even[:] = 0
            return
        worth = int(state.total[TRAVEL]) * _MILLION / int(compared.sum())
        if self._prices is not None:
            self.desk.lean[:] = self._prices() * _MILLION
        most = 2 * float(compared.mean()) / (2 - int(ground.numbers[PERCENT]) / 100 * _TIGHT)
        even[:] = max(min(int(self._price * worth), most_fen), 1), int(most), int(2 * compared.mean() - most)
