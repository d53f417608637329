"""Tasks of one solve in flight: who hears what they tell, which broke, and how much of the budget is left."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from planner.solvers.routing.children import Crew, Done, Task
from planner.solvers.routing.search import Budget, Report

UNIT_S: Final = 0.01
"""Seconds of work that one unit of effort stands for."""
_LANES: Final = 2
"""Tasks side by side under counted effort, however many workers there are: the same steps anywhere."""
_RESERVE_S: Final = 0.1
"""Kept back of the seconds for gathering in what children found."""
_POLL_S: Final = 0.05
_GRACE_S: Final = 2.0
"""A task that takes so much longer than it was given is killed."""


class Dispatcher:
    """Hands tasks to a crew and their news to those who asked; keeps time, by the clock or by count."""

    def __init__(self, crew: Crew, budget: Budget) -> None:
        self.crew = crew
        self.budget = budget
        self.reports: list[Report] = []
        self.counted = budget.effort is not None
        self.lanes = _LANES if self.counted else max(budget.workers, 1)
        self.whole_s = (budget.effort or 0) * UNIT_S if budget.seconds is None else budget.seconds
        self._spent_s = 0.0
        self._ends_s = time.monotonic() + self.whole_s - _RESERVE_S
        self._listeners: dict[Task, Callable[[object], None]] = {}

    @property
    def left_s(self) -> float:
        """Seconds of the budget left, or those the effort left stands for."""
        return self.whole_s - self._spent_s if self.counted else self._ends_s - time.monotonic()

    @property
    def over(self) -> bool:
        """Whether the budget is spent or the search shall stop."""
        return self.budget.stop() or self.left_s < _POLL_S

    def submit(
        self,
        name: str,
        function: Callable[..., object],
        *args: object,
        seconds: float,
        hear: Callable[[object], None],
    ) -> Task:
        """Hand in a task of about ``seconds``; ``hear`` gets all it tells and what it returns."""
        limit = None if self.counted else seconds + _GRACE_S
        task = self.crew.submit(name, function, *args, seconds=limit)
        self._listeners[task] = hear
        return task

    def spend(self, seconds: float) -> None:
        """Count work done side by side against the effort."""
        self._spent_s += seconds

    def turn(self) -> None:
        """Pass on what has arrived; when the time is up, tell all tasks to end."""
        if not self.counted and self.left_s <= 0:
            self.crew.halt()
        for task, news in self.crew.poll(_POLL_S):
            if isinstance(news, Report):
                self.reports.append(news)
            else:
                self._listeners[task](news.value if isinstance(news, Done) else news)

    def wait(self, *tasks: Task) -> None:
        """Turn until all of these have ended."""
        while not all(task.outcome for task in tasks):
            self.turn()
        self.turn()
