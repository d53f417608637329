"""What every search of simple problems keeps: its limit, the best lawful plan and the trips it met."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final

from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.problem import RoutingProblem, Shift
from planner.solvers.routing.search import Budget, Progress

Pool = dict[tuple[int, tuple[int, ...]], int]
"""Lawful trips, by class and visits, with what a shift of each costs; oldest first."""

_POOL_SIZE: Final = 30_000
_STOP_EVERY_S: Final = 0.02


class Limit:
    """Counts iterations and asks whether the budget is spent; effort never looks at the clock.

    ``per_unit`` iterations stand for a unit of effort.
    """

    def __init__(self, budget: Budget, *, per_unit: float) -> None:
        self.budget = budget
        self.count = 0
        self.began = self.asked = time.monotonic()
        self.stopped = budget.stop()
        self.most = None if budget.effort is None else max(round(budget.effort * per_unit), 1)

    def share(self) -> float:
        """How much of the budget is spent, 1 and more for all of it."""
        now = time.monotonic()
        if now - self.asked > _STOP_EVERY_S:
            self.asked = now
            self.stopped = self.stopped or self.budget.stop()
        if self.stopped:
            return 1.0
        if self.most is not None:
            return self.count / self.most
        return (now - self.began) / self.budget.seconds if self.budget.seconds else 1.0


class Incumbent:
    """The best lawful plan so far, and the pool."""

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
        self.broken = False
        """Whether the plan last offered had trips that are not lawful."""

    def offer(self, shifts: tuple[Shift, ...]) -> None:
        """Look at a plan: what is unlawful goes, what it made is put elsewhere; tell if it is better."""
        lawful = tuple(shift for shift in shifts if self.gather(shift))
        self.broken = len(lawful) < len(shifts)
        if self.broken:
            lawful = self._repaired(lawful)
        fen = self.problem.objective_fen(lawful)
        if fen < self.fen:
            self.shifts, self.fen = lawful, fen
            self.hear(lawful)
            self.progress(Progress(cost_fen=fen))

    def gather_all(self, shifts: Iterable[Shift]) -> None:
        """Put the lawful ones into the pool."""
        for shift in shifts:
            self.gather(shift)

    def gather(self, shift: Shift) -> bool:
        """Whether the shift is lawful; if so it is now the newest of the pool."""
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
