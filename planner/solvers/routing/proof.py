"""The bound of a problem while it is searched: one task at a time beside the searches.

First column generation with its recomputation, then, where plan and bound have come near each other, the
comparison of all trips that could still matter. Where nothing can be proved the trivial bound stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from planner.solvers.routing import tasks
from planner.solvers.routing.dispatch import UNIT_S, Dispatcher
from planner.solvers.routing.problem import FOREVER, RoutingProblem, Shift
from planner.solvers.routing.search import Bound, Relaxation, RoutingSolution
from planner.solvers.routing.tasks import Proven, Verified, Work
from planner.solvers.routing.trivial import fall_back, trivial_bound

if TYPE_CHECKING:
    from planner.solvers.routing.certificate import Certificate
    from planner.solvers.routing.children import Task
    from planner.solvers.routing.tasks import PlainTrip

_LONG: Final = 14
"""Visits a trip beyond which column generation does not come to an end in time."""
_PARTS: Final = 1_200
"""Parts of all visits beyond which it does not either."""
_SMALL: Final = 8
"""Up to so many visits and parts everything can be compared at once, whatever the features."""
_CLOSE: Final = 0.02
"""Gap from which comparing all trips that matter is tried; with more visits it must be that much smaller."""
_ALONE: Final = 0.4
"""Share of the seconds left for a task that nothing runs beside."""
_AGAIN: Final = 0.75
"""It is tried again when the gap has shrunk to this share."""


class Proof:
    """Best bound so far, the certificate, and the task under way."""

    def __init__(
        self,
        problem: RoutingProblem,
        dispatcher: Dispatcher,
        *,
        offer: Callable[[tuple[Shift, ...]], None],
        learn: Callable[[], None],
    ) -> None:
        self._problem = problem
        self._dispatcher = dispatcher
        self._offer = offer
        self._learn = learn
        self._task: Task | None = None
        self._begun = False
        self._certificate: Certificate | None = None
        self._tried_gap = 1.0
        self._refuted = False
        self.verified_fen: int | None = None
        self.trips: tuple[PlainTrip, ...] = ()
        """The trips of the bound's program."""
        self.rounded: tuple[Shift, ...] = ()
        """The plan that it rounds to: dear, and it may leave visits out."""
        self.bound = Bound(fen=trivial_bound(problem), relaxation=Relaxation.TRIVIAL)

    @property
    def busy(self) -> bool:
        """Whether a task is under way."""
        return self._task is not None and self._task.outcome is None

    @property
    def silent(self) -> bool:
        """Whether the task under way has told nothing yet."""
        return self.busy and self.bound.relaxation is Relaxation.TRIVIAL

    def settle(self) -> None:
        """Wait for the task under way."""
        if self._task is not None:
            self._dispatcher.wait([self._task])

    def weigh(self, fen: int) -> None:
        """Compare with what the best plan costs: a bound above it is dropped, and no other one is taken."""
        fallen = fall_back(self._problem, self.bound, fen=fen)
        if fallen is not None:
            self.bound, report = fallen
            self.verified_fen, self._certificate, self._refuted = None, None, True
            self._dispatcher.reports.append(report)

    def step(self, shifts: tuple[Shift, ...], fen: int) -> None:
        """Begin the next task worth its time, knowing the best plan; nothing if one is under way."""
        if self.busy or self._refuted or self._dispatcher.clock.over:
            return
        if not self._begun:
            self._begun = True
            self._begin(shifts)
        elif self._certificate is not None:
            gap = fen / max(self._certificate.bound_fen(self._problem), 1) - 1
            if self._near(gap):
                self._tried_gap = gap
                self._submit("exact", tasks.close, shifts, self._certificate)

    def _begin(self, shifts: tuple[Shift, ...]) -> None:
        problem = self._problem
        parts = sum(max(len(visit.parts), 1) for visit in problem.visits)
        if parts <= _SMALL or (not problem.is_simple and parts <= _SMALL + 4):
            self._submit("exact", tasks.compare, shifts)
        elif parts <= _PARTS and self._short(shifts):
            self._submit("bound", tasks.prove, shifts)

    def _short(self, shifts: tuple[Shift, ...]) -> bool:
        """Whether trips are short and windows wide enough for column generation."""
        problem = self._problem
        trips = [trip for shift in shifts for trip in shift.trips]
        calls = sum(len(trip.visits) for trip in trips)
        tight = any(visit.closes_s < FOREVER for visit in problem.visits)
        return bool(trips) and calls <= _LONG * len(trips) and not tight

    def _near(self, gap: float) -> bool:
        if not self._problem.is_simple or gap > self._tried_gap * _AGAIN:
            return False
        visits = len(self._problem.visits)
        return gap <= _CLOSE * min(1.0, (tasks.COMPARED / visits) ** 2)

    def _submit(  # noqa: PLR0917  # a task and its arguments
        self, name: str, function: Callable[..., object], start: tuple[Shift, ...], *args: object
    ) -> None:
        clock = self._dispatcher.clock
        seconds = clock.left_s * (1.0 if clock.counted or self._dispatcher.parallel else _ALONE)
        work = Work(
            seconds=None if clock.counted else seconds,
            effort=max(round(seconds / UNIT_S), 1) if clock.counted else None,
            start=start,
        )
        self._task = self._dispatcher.submit(
            name, function, self._problem, work, *args, seconds=seconds, within_s=seconds, hear=self._hear
        )

    def _hear(self, news: object) -> None:
        if isinstance(news, RoutingSolution):
            self._dispatcher.reports += news.reports
            self._offer(news.shifts)
        if self._refuted:
            return
        if isinstance(news, Proven):
            self._certificate = news.certificate or self._certificate
            self.trips = news.trips or self.trips
            self.rounded = news.rounded or self.rounded
            self._raise(Bound(fen=news.bound_fen, relaxation=Relaxation.NG_ROUTES))
        elif isinstance(news, Verified):
            self.verified_fen = news.bound_fen
            if news.bound_fen is not None:
                self._raise(Bound(fen=news.bound_fen, relaxation=Relaxation.NG_ROUTES))
        elif isinstance(news, RoutingSolution) and news.bound is not None:
            self._raise(news.bound)

    def _raise(self, bound: Bound) -> None:
        if bound.fen > self.bound.fen or bound.relaxation is Relaxation.COMPLETE:
            self.bound = bound
            self._learn()
