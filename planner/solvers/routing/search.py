"""What a router is given and what it gives back: Budget, RoutingSolution, Bound, Report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from planner.solvers.routing.problem import RoutingProblem, Shift


class Relaxation(StrEnum):
    """What a bound is a bound of: every plan of the problem is also a solution of this easier one."""

    TRIVIAL = "trivial"
    """Each visit is entered by its cheapest arc or left out; nothing else is asked."""
    NG_ROUTES = "ng_routes"
    """Fractions of trips that may come back to a stop after leaving its neighbourhood. Fleet limits count;
    of some three visits, trips that make two are at most one in all."""
    COMPLETE = "complete"
    """None: every lawful trip was looked at and the choice between them proved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """No plan costs less than ``fen``, prizes of what it leaves out included.

    ``verified_fen`` is what was recomputed from dual values in exact integers by code apart from the
    search; None where nothing was.
    """

    fen: int
    relaxation: Relaxation
    verified_fen: int | None = None

    @staticmethod
    def of_nobody(problem: RoutingProblem) -> Bound:
        """The bound where there is nobody to collect, or no vehicle."""
        fen = problem.missed_fen(())
        return Bound(fen=fen, relaxation=Relaxation.COMPLETE, verified_fen=fen)


class Trouble(StrEnum):
    """Why a backend gave less than it should have."""

    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A backend that broke; the plan came from the others."""

    backend: str
    trouble: Trouble
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingSolution:
    """Shifts, the bound, and whether the search ended by itself (False: by a limit or by hand)."""

    shifts: tuple[Shift, ...]
    finished: bool = False
    bound: Bound | None = None
    reports: tuple[Report, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The best objective so far, and the best bound once there is one."""

    cost_fen: int
    bound_fen: int | None = None


def no_advice() -> tuple[Shift, ...]:
    """No other plan to search from."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much a router may do, and from where.

    Exactly one of ``seconds`` (people) and ``effort`` (counted, about 10 ms of work a unit, repeats
    exactly) limits it. ``workers`` child processes may run at once (0: none, everything in this
    process). ``start`` is a plan to improve; ``advice`` gives another plan worth searching from, nothing
    until there is one; ``stop`` is asked during the search; ``progress`` hears of every better cost or
    bound.
    """

    seconds: float | None = None
    effort: int | None = None
    seed: int = 0
    workers: int = 0
    start: tuple[Shift, ...] = ()
    advice: Callable[[], tuple[Shift, ...]] = no_advice
    stop: Callable[[], bool] = field(default=lambda: False)
    progress: Callable[[Progress], None] = field(default=lambda _progress: None)


Router = Callable[[RoutingProblem, Budget], RoutingSolution]
