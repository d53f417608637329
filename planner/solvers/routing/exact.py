"""The router that compares all there is: every shift that can matter, and a proof that the choice is best.

Small problems of every kind: all shifts of every class (``shifts``), of each set of people the cheapest,
then the cheapest choice of them (``partition``). Simple problems with more trips than that: dual values
from column generation, then only trips whose reduced cost is below the gap between the best plan and the
bound can be part of a better plan. Where even those are too many, the trips up to some reduced cost still
raise the bound: a plan without any other costs at least what the cheapest choice of them does, a plan with
another one at least the bound and its reduced cost.

Up to the bound of fractions everything is proved in integers; that the choice from what then remains is
the cheapest, HiGHS proves in floating point.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from planner.solvers.routing.bound import generate_columns
from planner.solvers.routing.calls import Calls, calls_of
from planner.solvers.routing.certificate import Certificate
from planner.solvers.routing.chains import FAR, Pruning
from planner.solvers.routing.chains import Limits as ChainLimits
from planner.solvers.routing.highs import Limits
from planner.solvers.routing.partition import choose
from planner.solvers.routing.pool import PoolTrip, recombine
from planner.solvers.routing.problem import UNREACHABLE, RoutingProblem, Shift, Trip
from planner.solvers.routing.program import Dual
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Bound, Budget, Progress, Relaxation, Report, RoutingSolution
from planner.solvers.routing.shifts import ShiftTable
from planner.solvers.routing.tables import Tables
from planner.solvers.routing.trivial import fall_back

_FEW: Final = 40
"""Visits of a simple problem up to which all its shifts are looked at before dual values are sought."""
_FULL: Final = 200_000
"""Chains kept while all are looked at without dual values: about a second."""
_MOST: Final = 300_000
"""Chains kept of those that dual values leave: two seconds, a hundred megabytes."""
_CHAINS: Final = 2_000
"""Chains a unit of effort pays for."""
_COLUMNS: Final = 200
"""Columns a unit of effort pays for."""
_PARTS: Final = 9
"""Parts of a visit beyond which the ways to call there are too many."""
_STEPS: Final = 5
"""Reduced costs looked up to: a sixteenth of the gap, then twice as much until it is all of it."""
_BOUND_SHARE: Final = 0.5
"""Share of the budget for column generation."""
_POOL_SHARE: Final = 0.15
"""Share of what is left then for recombining its trips."""


def solve_exact(problem: RoutingProblem, budget: Budget) -> RoutingSolution:
    """Prove the best plan, or improve the start and bound it as far as the budget reaches.

    The start is ``Budget.start`` or savings, whichever is cheaper. ``finished`` means proved.
    """
    exact = _Exact(problem, budget)
    few = not problem.is_simple or len(problem.visits) <= _FEW
    if not (few and exact.compare_all()) and problem.is_simple:
        exact.generate()
    return exact.solution()


def close_gap(problem: RoutingProblem, budget: Budget, *, certificate: Certificate) -> RoutingSolution:
    """Go on from ``Budget.start`` and the dual values of a simple problem: better plan, better bound, proof.

    Trusts the certificate (no trip of a reduced cost below 0), as far as trips met here do not refute it.
    """
    exact = _Exact(problem, budget)
    exact.close(certificate)
    return exact.solution()


class _Exact:
    """One run: the best plan and bound so far."""

    def __init__(self, problem: RoutingProblem, budget: Budget) -> None:
        self._problem, self._budget = problem, budget
        self._ends_s = None if budget.seconds is None else time.monotonic() + budget.seconds
        own, savings = budget.start, solve_savings(problem, budget).shifts
        lawful = bool(own) and all(problem.is_feasible(shift) for shift in own)
        self._shifts = min(savings, own, key=problem.objective_fen) if lawful else savings
        self._fen = problem.objective_fen(self._shifts)
        self._bound: Bound | None = None
        self._reports: tuple[Report, ...] = ()

    def solution(self) -> RoutingSolution:
        """The state of things."""
        return RoutingSolution(
            shifts=self._shifts, finished=self._proved, bound=self._bound, reports=self._reports
        )

    @property
    def _proved(self) -> bool:
        return self._bound is not None and self._fen == self._bound.fen

    def _left(self, share: float = 1.0) -> Budget:
        """The budget, or a share of the seconds left and of the effort."""
        if self._ends_s is None:
            return replace(self._budget, effort=max(int((self._budget.effort or 0) * share), 1))
        return replace(self._budget, seconds=max(self._ends_s - time.monotonic(), 0.0) * share)

    def _over(self) -> bool:
        ended = self._proved or bool(self._reports)
        return ended or self._budget.stop() or self._left().seconds == 0.0

    def compare_all(self) -> bool:
        """Look at every shift and choose; whether there were few enough."""
        if any(len(visit.parts) > _PARTS for visit in self._problem.visits):
            return False
        calls = calls_of(self._problem)
        tables = self._tabulate(calls, most=_FULL)
        if tables is not None:
            self._choose(tables)
        return tables is not None

    def generate(self) -> None:
        """Bound by column generation, recombine its trips, and close the gap."""
        result = generate_columns(
            self._problem, self._left(_BOUND_SHARE), shifts=self._shifts, hear=self._hear
        )
        if result.certificate is None or self._over():
            return
        trips = [
            PoolTrip(
                vehicle_class=priced.kind.vehicle_class,
                trip=Trip(visits=priced.visits, gate=priced.kind.gate),
            )
            for priced in result.trips
            if priced.reduced_fen < self._fen - result.certificate.bound_fen(self._problem)
        ]
        limits = self._limits(_POOL_SHARE)
        self._offer(
            recombine(self._problem, trips[: limits.columns], start=self._shifts, limits=limits).shifts
        )
        self.close(result.certificate)

    def close(self, certificate: Certificate) -> None:
        """Choose among the trips up to the largest reduced cost that is not too much, best the whole gap."""
        calls, least = calls_of(self._problem), certificate.bound_fen(self._problem)
        self._learn(Bound(fen=least, relaxation=Relaxation.NG_ROUTES))
        below, too_much = 0, FAR
        while not self._over() and below < self._fen - least < too_much:
            below, tables = 0, None
            for step in reversed(range(_STEPS)):
                tried = -(-(self._fen - least) // 2**step)
                found = self._tabulate(
                    calls, most=_MOST, prunings=prune(self._problem, certificate, calls=calls, below=tried)
                )
                if found is None:
                    too_much = tried
                    break
                below, tables = tried, found
            if tables is None:
                return
            dual = tables.dual(certificate)
            if dual.bound < least:
                return
            self._choose(tables, dual=dual, beyond=least + below)

    def _tabulate(self, calls: Calls, *, most: int, prunings: Sequence[Pruning] = ()) -> Tables | None:
        """The shifts of every class; None where they are too many."""
        effort = self._budget.effort
        chains = most if effort is None else min(most, effort * _CHAINS)
        limits = ChainLimits(chains=chains, stop=self._over)
        tables: list[ShiftTable] = []
        for number in range(len(self._problem.vehicle_classes)):
            pruning = prunings[number] if prunings else None
            table = ShiftTable(self._problem, calls, vehicle_class=number, limits=limits, pruning=pruning)
            if not table.complete:
                return None
            tables.append(table)
        return Tables(self._problem, calls, tables=tables)

    def _limits(self, share: float = 1.0) -> Limits:
        left, most = self._left(share), Limits().columns
        effort = left.effort
        return Limits(
            seconds=left.seconds,
            nodes=effort,
            columns=most if effort is None else min(most, effort * _COLUMNS),
            stop=self._budget.stop,
        )

    def _choose(self, tables: Tables, *, dual: Dual | None = None, beyond: int | None = None) -> None:
        """Choose among the tables' shifts; a plan with any other costs at least ``beyond``."""
        start = tables.start(self._shifts)
        choice = choose(tables.program, start=start, limits=self._limits(), dual=dual)
        self._offer(tables.plan(choice.chosen))
        bound = choice.bound if beyond is None else min(choice.bound, beyond)
        relaxation = Relaxation.COMPLETE if bound == self._fen else Relaxation.NG_ROUTES
        self._learn(Bound(fen=bound, relaxation=relaxation))

    def _hear(self, bound_fen: int) -> None:
        self._learn(Bound(fen=bound_fen, relaxation=Relaxation.NG_ROUTES))

    def _offer(self, shifts: tuple[Shift, ...]) -> None:
        fen = self._problem.objective_fen(shifts)
        if fen < self._fen and all(map(self._problem.is_feasible, shifts)):
            self._shifts, self._fen = shifts, fen
            self._tell()

    def _learn(self, bound: Bound) -> None:
        """Keep the better bound; a plan proved says so. Once a bound was wrong no other is believed."""
        known = self._bound
        if self._reports:
            return
        if known is None or bound.fen > known.fen or bound.relaxation == Relaxation.COMPLETE:
            self._bound = bound
            self._tell()

    def _tell(self) -> None:
        fallen = None if self._bound is None else fall_back(self._problem, self._bound, fen=self._fen)
        if fallen is not None:
            self._bound, report = fallen
            self._reports += (report,)
        bound_fen = None if self._bound is None else self._bound.fen
        self._budget.progress(Progress(cost_fen=self._fen, bound_fen=bound_fen))


def prune(problem: RoutingProblem, certificate: Certificate, *, calls: Calls, below: int) -> list[Pruning]:
    """By class, what trips pay before and besides their calls, and what reduced cost is too much."""
    visits = np.array(calls.visits)
    duals = np.array(certificate.visit_duals, dtype=np.int64)[visits]
    prunings: list[Pruning] = []
    for number, kind in enumerate(problem.vehicle_classes):
        lead = problem.seconds[kind.profile][kind.start, visits]
        fen = problem.arc_costs(number)[kind.start, visits] + kind.fixed_fen
        paid = np.where(lead == UNREACHABLE, FAR, fen - certificate.count_duals[number])
        prunings.append(Pruning(duals=duals, start_fen=paid, below_fen=below))
    return prunings
