"""What a child process is asked to do for ``best``: search, prove, recombine.

Everything in and out can be pickled. A task tells what it finds as it goes, so that what was found
before it broke is not lost. The libraries are imported by the task that needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from planner.solvers.routing.children import Line
from planner.solvers.routing.problem import RoutingProblem, Shift
from planner.solvers.routing.search import Budget

if TYPE_CHECKING:
    from planner.solvers.routing.certificate import Certificate

TripPool = Mapping[tuple[int, tuple[int, ...]], int]
"""Lawful trips by class and visits, with what a shift of each costs."""
_VERIFY_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A task's share of the budget: seconds or counted effort, a seed, and a plan to begin with."""

    seconds: float | None
    effort: int | None
    seed: int
    start: tuple[Shift, ...] = ()

    def budget(self, stop: Callable[[], bool]) -> Budget:
        """The same as a router takes it, without any child process of its own."""
        return Budget(
            seconds=self.seconds, effort=self.effort, seed=self.seed, workers=0, start=self.start, stop=stop
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best plan of a search and the trips met on the way, newest last."""

    shifts: tuple[Shift, ...]
    trips: TripPool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A lower bound; with its certificate once the last round is done."""

    bound_fen: int
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What other code makes of a certificate."""

    bound_fen: int


def search(line: Line, problem: RoutingProblem, *, work: Work) -> Found:
    """Search a simple problem with PyVRP; each better plan is told."""
    from planner.solvers.routing.pyvrp import search_pyvrp  # noqa: PLC0415  # the parent never needs it

    pool: dict[tuple[int, tuple[int, ...]], int] = {}
    found = search_pyvrp(problem, work.budget(line.stopped), hear=line.tell, pool=pool)
    return Found(shifts=found.shifts, trips=pool)
