"""What a child process is asked to do for ``best``: search, prove, close, recombine.

Everything in and out can be pickled. A task tells what it finds as it goes, so that what was found
before it broke is not lost. The libraries are imported by the task that needs them.
"""

# ruff: noqa: PLC0415, PLR0917  # a child imports only what its task needs; arguments come over the line

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from planner.solvers.routing.children import Line
from planner.solvers.routing.incumbent import Pool
from planner.solvers.routing.problem import RoutingProblem, Shift, Trip
from planner.solvers.routing.search import Budget, RoutingSolution

if TYPE_CHECKING:
    from planner.solvers.routing.certificate import Certificate

PlainTrip = tuple[int, Trip, int | None]
"""A trip with its class and the gate where the vehicle's trip before ended."""
_COLUMNS: Final = 4_000
"""Trips of column generation that are sent home, those of least reduced cost."""
COMPARED: Final = 120
"""Visits up to which a simple problem's trips are soon compared, so that the bound need not be cut higher."""
_WARM: Final = 0.06
"""First temperature of a search near a plan, in multiples of what an arc costs on average."""
_VERIFY_LABELS: Final = 8_000_000
_VERIFY: Final = 0.14
"""Share of the seconds kept for recomputing a bound."""
_COMPLETE_S: Final = 1.5
_COMPLETE: Final = 150
"""Seconds or effort for making a plan complete before it is bounded."""
_ROUND_OFF: Final = 0.1
"""Share of the seconds for rounding fractions of trips, at most."""


class Method(StrEnum):
    """A way of searching."""

    PYVRP = "pyvrp"
    RUIN = "ruin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A task's share of the budget: seconds or counted effort, a seed, and a plan to begin with."""

    seconds: float | None
    effort: int | None
    seed: int = 0
    start: tuple[Shift, ...] = ()
    method: Method = Method.PYVRP
    anew: bool = False
    """Whether a search may leave its start far behind."""

    def budget(self, stop: Callable[[], bool]) -> Budget:
        """The same as a router takes it, without any child process of its own."""
        return Budget(
            seconds=self.seconds, effort=self.effort, seed=self.seed, workers=0, start=self.start, stop=stop
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best plan of a search and the trips met on the way, newest last."""

    shifts: tuple[Shift, ...]
    trips: Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A lower bound; the last ones with the certificate, the program's trips, and the plan it rounds to."""

    bound_fen: int
    certificate: Certificate | None = None
    trips: tuple[PlainTrip, ...] = ()
    rounded: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What other code makes of a certificate; None where it did not find out."""

    bound_fen: int | None


def search(line: Line, problem: RoutingProblem, work: Work, /) -> Found:
    """Search a simple problem; each better plan is told."""
    pool: Pool = {}
    budget = work.budget(line.stopped)
    if work.method is Method.RUIN:
        from planner.solvers.routing.ruin import search_ruin

        hot = {"hot": _WARM} if work.start and not work.anew else {}
        return Found(shifts=search_ruin(problem, budget, hear=line.tell, pool=pool, **hot), trips=pool)
    from planner.solvers.routing.pyvrp import search_pyvrp

    return Found(shifts=search_pyvrp(problem, budget, hear=line.tell, pool=pool).shifts, trips=pool)


def prove(line: Line, problem: RoutingProblem, work: Work, /) -> Verified:
    """Bound a problem by column generation, telling each better bound, then have it recomputed."""
    from planner.solvers.routing.bound import generate_columns
    from planner.solvers.routing.gather import join_calls
    from planner.solvers.routing.highs import Limits
    from planner.solvers.routing.pool import PoolTrip, round_off
    from planner.solvers.routing.splits import as_pieces, explode_for_bound
    from planner.solvers.routing.verify import verify

    whole, slack_fen = problem, 0
    pieces = None
    budget = work.budget(line.stopped)
    if any(visit.parts for visit in problem.visits):
        whole, pieces, slack_fen = explode_for_bound(problem)
        budget = replace(budget, start=as_pieces(budget.start, pieces))
    elif problem.is_simple and problem.left_out(budget.start):
        budget = replace(budget, start=_complete(problem, budget))
    share = None if work.seconds is None else work.seconds * (1 - _VERIFY)
    result = generate_columns(
        whole,
        replace(budget, seconds=share),
        shifts=budget.start,
        calls=[] if pieces is None else [visit for visit, _ in pieces],
        cut=not problem.is_simple or len(problem.visits) > COMPARED,
        hear=lambda fen: line.tell(Proven(bound_fen=fen - slack_fen)),
    )
    if result.certificate is None or result.bound is None:
        return Verified(bound_fen=None)
    bound_fen = result.bound.fen - slack_fen
    trips = [
        PoolTrip(
            vehicle_class=priced.kind.vehicle_class,
            trip=Trip(visits=priced.visits, gate=priced.kind.gate),
            after=priced.kind.after,
        )
        for priced in result.trips[:_COLUMNS]
    ]
    if pieces is not None:
        alone = [Shift(vehicle_class=own.vehicle_class, trips=(own.trip,)) for own in trips]
        named = join_calls(problem, alone, pieces=pieces)
        trips = [replace(own, trip=shift.trips[0]) for own, shift in zip(trips, named, strict=True)]
    plain = tuple((own.vehicle_class, own.trip, own.after) for own in trips)
    line.tell(Proven(bound_fen=bound_fen, certificate=result.plain, trips=plain))
    seconds = None if work.seconds is None else max(work.seconds, 1.0)
    if result.converged:  # else the time is nearly over, and fractions are of no use to anybody
        limits = Limits(seconds=None if seconds is None else seconds * _ROUND_OFF, stop=line.stopped)
        line.tell(Proven(bound_fen=bound_fen, rounded=round_off(problem, trips, limits=limits)))
    checked = verify(problem, result.certificate, seconds=seconds, labels=_VERIFY_LABELS, stop=line.stopped)
    return Verified(bound_fen=checked)


def _complete(problem: RoutingProblem, budget: Budget) -> tuple[Shift, ...]:
    """A first plan that makes more visits, if one is soon found: column generation lacks their trips."""
    from planner.solvers.routing.pyvrp import search_pyvrp

    seconds = None if budget.seconds is None else min(_COMPLETE_S, budget.seconds / 10)
    effort = None if budget.effort is None else max(min(_COMPLETE, budget.effort // 10), 1)
    found = search_pyvrp(problem, replace(budget, seconds=seconds, effort=effort, start=())).shifts
    return min(found, budget.start, key=problem.objective_fen)


def close(line: Line, problem: RoutingProblem, work: Work, certificate: Certificate, /) -> RoutingSolution:
    """Compare all trips that could still matter."""
    from planner.solvers.routing.exact import close_gap

    return close_gap(problem, work.budget(line.stopped), certificate=certificate)


def compare(line: Line, problem: RoutingProblem, work: Work, /) -> RoutingSolution:
    """Compare all shifts, where they are few enough."""
    from planner.solvers.routing.exact import solve_exact

    return solve_exact(problem, work.budget(line.stopped))


def recombine(
    line: Line, problem: RoutingProblem, work: Work, trips: tuple[PlainTrip, ...], /
) -> tuple[Shift, ...]:
    """Find the cheapest plan made of trips of a pool."""
    from planner.solvers.routing.highs import Limits
    from planner.solvers.routing.pool import PoolTrip
    from planner.solvers.routing.pool import recombine as choose

    pool = [PoolTrip(vehicle_class=kind, trip=trip, after=after) for kind, trip, after in trips]
    limits = Limits(seconds=work.seconds, nodes=work.effort, stop=line.stopped)
    return choose(problem, pool, start=work.start, limits=limits).shifts
