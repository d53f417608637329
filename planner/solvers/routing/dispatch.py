"""Tasks of one solve in flight: who hears what they tell, which broke, and how much of the budget is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final

from planner.solvers.routing.children import Crew, Task
from planner.solvers.routing.frames import Done
from planner.solvers.routing.search import Budget, Report, Trouble

UNIT_S: Final = 0.01
"""Seconds of work that one unit of effort stands for."""
POLL_S: Final = 0.05
_LANES: Final = 2
"""Tasks side by side under counted effort, however many workers there are: the same steps anywhere."""
_RESERVE_S: Final = 0.15
"""Kept back of the seconds for gathering in what children found."""
_LATE_S: Final = 2.0
"""A task this late when the search ends is hung; one less late was only slow to notice."""
_GRACE_S: Final = 4.0
"""A task that takes so much longer than it was given, its imports counted, is killed."""


class Clock:
    """What is left of a budget, by the clock or by count."""

    def __init__(self, budget: Budget) -> None:
        self._stop = budget.stop
        self.counted = budget.effort is not None
        self.whole_s = (budget.effort or 0) * UNIT_S if budget.seconds is None else budget.seconds
        self._spent_s = 0.0
        self._ends_s = time.monotonic() + self.whole_s - _RESERVE_S

    @property
    def left_s(self) -> float:
        """Seconds of the budget left, or those the effort left stands for."""
        return self.whole_s - self._spent_s if self.counted else self._ends_s - time.monotonic()

    @property
    def over(self) -> bool:
        """Whether the budget is spent or the search shall stop."""
        return self._stop() or self.left_s <= (0 if self.counted else POLL_S)

    def spend(self, seconds: float) -> None:
        """Count work done side by side against the effort."""
        self._spent_s += seconds


class Dispatcher:
    """Hands tasks to a crew and their news to those who asked."""

    def __init__(self, crew: Crew, budget: Budget) -> None:
        self.clock = Clock(budget)
        self.reports: list[Report] = []
        self.lanes = _LANES if self.clock.counted else max(budget.workers, 1)
        self.parallel = budget.workers > 0
        """Whether tasks run beside this process."""
        self._crew = crew
        self._listeners: dict[Task, Callable[[object], None]] = {}
        self._due_s: dict[Task, float] = {}

    def submit(
        self,
        name: str,
        function: Callable[..., object],
        *args: object,
        seconds: float,
        within_s: float,
        hear: Callable[[object], None],
    ) -> Task:
        """Hand in a task of about ``seconds`` that should have ended ``within_s`` from now.

        ``hear`` gets all it tells and, last, what it returns.
        """
        limit = None if self.clock.counted else seconds + _GRACE_S
        task = self._crew.submit(name, function, *args, seconds=limit)
        self._listeners[task] = hear
        self._due_s[task] = time.monotonic() + within_s
        return task

    def turn(self) -> None:
        """Pass on what has arrived; when the time is up, tell all tasks to end."""
        if not self.clock.counted and self.clock.left_s <= 0:
            self._crew.halt()
        for task, news in self._crew.poll(POLL_S):
            if isinstance(news, Report):
                self._note(task, news)
            else:
                self._listeners[task](news.value if isinstance(news, Done) else news)

    def _note(self, task: Task, report: Report) -> None:
        """Keep a report, but not of a task that was ended with the search before its own time was up."""
        early = time.monotonic() < self._due_s[task] + _LATE_S
        if report.trouble is not Trouble.TIMED_OUT or not early:
            self.reports.append(report)

    def wait(self, tasks: Iterable[Task]) -> None:
        """Turn until all of these have ended."""
        awaited = tuple(tasks)
        while not all(task.outcome for task in awaited):
            self.turn()
        self.turn()
