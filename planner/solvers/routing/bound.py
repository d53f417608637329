"""Column generation: the bound of fractions of trips, better with every round, and the trips it is made of.

Trips are looked for under dual values between those of the linear program and the best so far (Wentges
1997; Pessoa et al. 2018): first a few labels wide, exactly once that finds little. Each exact round gives
a bound: dual values that some trips do not pay for are lowered, by heads or by vehicle, until all do. Once
no trip is missing, neighbourhoods grow where trips of the program come back to a visit, and it goes on.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.errors import SolverError
from planner.solvers.routing.columns import Master
from planner.solvers.routing.kinds import TripKind, find_toll, is_lawful, span_s
from planner.solvers.routing.neighbourhoods import find_nearest, widen
from planner.solvers.routing.pricing import Effort, Pricer
from planner.solvers.routing.problem import RoutingProblem, Shift
from planner.solvers.routing.search import Bound, Budget, Relaxation
from planner.solvers.routing.subsets import count
from planner.solvers.routing.twins import find_twins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.routing.certificate import Certificate

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

KEEP: Final = 150
"""Trips of a kind taken in a round at most."""
KEEP_ALL: Final = 1_500
"""Of all kinds together, about; with more the linear program takes most of the time."""
FEW: Final = 20
"""New trips of a round below which the next one looks harder."""
FEW_OF_KIND: Final = 3
"""The same, of each kind; exact searches of many kinds are soon worth it."""
EXACT: Final = 0
WIDTHS: Final = (2, 6, EXACT)
"""Labels a load and visit; 0 is all of them."""
WIDER: Final = (2, 6, 25, 100, EXACT)
"""Once looking at all of them has taken too long."""
PATIENCE: Final = 150_000_000
"""Work that an exact search of one family may take at first, a second or two; four times that whenever
nothing else is left to do."""
CLOSE: Final = 2e-5
"""Part of what trips cost that is not worth another round."""
WORTH: Final = 1e-4
"""Part of the bound that remembering more must have raised it by, to be tried once more."""
RAISES: Final = 6
"""How often visits left out make that dearer before a wider search is tried instead."""
INWARD: Final = 0.5
"""Weight of the best dual values so far in those that are tried."""
ROWS: Final = 150
"""Subset rows of a round at most."""
CUT_UNTIL: Final = 0.4
"""Share of the budget after which no more are sought: the search can use the time better."""
CLOSE_ENOUGH: Final = 2e-4
"""Part of what trips cost that may still be missing when subset rows are sought."""
OPERATIONS: Final = 1_000_000
"""Work of label searches that is one unit of effort, about 10 ms."""
PIVOTS: Final = 28_000
"""Simplex iterations times rows that are one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedTrip:
    """A lawful trip of the linear program; ``reduced_fen`` is under the certificate, rounded down."""

    kind: TripKind
    visits: tuple[int, ...]
    cost_fen: int
    reduced_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnResult:
    """The best bound and its dual values, None where no exact round ended; trips by reduced cost.

    ``plain`` are the best dual values without subset rows, what comparing all trips can use.
    ``converged``: the bound is that of the relaxation, but for rounding; ``lp_fen`` is the least cost of
    fractions of the trips found, below the bound by no more than trips gain that turn straight back.
    """

    bound: Bound | None
    certificate: Certificate | None
    plain: Certificate | None
    trips: tuple[PricedTrip, ...]
    converged: bool
    lp_fen: float


def generate_columns(
    problem: RoutingProblem,
    budget: Budget,
    *,
    shifts: Iterable[Shift] = (),
    calls: Sequence[int] = (),
    cut: bool = False,
    hear: Callable[[int], None] = lambda _fen: None,
) -> ColumnResult:
    """Bound the problem from below, starting from the trips of ``shifts``; ``hear`` gets each better bound.

    Visits must be whole: parts that may board different vehicles are to be visits of their own, and ``calls``
    says by visit which call it is part of. Trips make the parts of a call one after another. ``cut`` asks for
    subset rows once no trip is missing.
    """
    if any(visit.parts for visit in problem.visits):
        raise SolverError("bound", "parts must be visits of their own")
    search = _Generation(problem, budget, calls=calls, cut=cut, hear=hear)
    search.take(shifts)
    try:
        converged = search.run()
    except SolverError:  # the bound so far holds whatever became of the linear program
        converged = False
    return search.result(converged=converged)


class _Generation:
    """State of one column generation."""

    def __init__(
        self,
        problem: RoutingProblem,
        budget: Budget,
        *,
        calls: Sequence[int],
        cut: bool,
        hear: Callable[[int], None],
    ) -> None:
        self.cuts = cut
        self.problem = problem
        self.budget = budget
        self.hear = hear
        self.began_s = time.monotonic()
        self.near = find_nearest(problem)
        twins = find_twins(problem, calls=calls)
        self.pricer = Pricer(problem, near=self.near, twins=twins)
        self.master = Master(problem, self.pricer.kinds, twins=twins)
        self.work = 0
        self.best: Certificate | None = None
        self.plain: Certificate | None = None
        self.best_fen = -math.inf
        self.center: Floats = self.master.start
        self.center_fen = -math.inf
        self.cut_fen = -math.inf
        """The bound when subset rows were added last."""
        self.widened_fen = -math.inf
        """The bound when more was remembered last."""
        self.complete = True
        self.widths = WIDTHS
        self.level = 0
        self.raises = 0
        self.patience = PATIENCE

    def take(self, shifts: Iterable[Shift]) -> None:
        """Take trips of plans in, as far as they are of some kind."""
        numbers = {(k.vehicle_class, k.after, k.gate): n for n, k in enumerate(self.pricer.kinds)}
        for shift in shifts:
            befores = (None, *(trip.gate for trip in shift.trips))
            for after, trip in zip(befores, shift.trips, strict=False):
                number = numbers.get((shift.vehicle_class, after, trip.gate))
                if number is not None and is_lawful(
                    self.problem, self.pricer.kinds[number], visits=trip.visits
                ):
                    self.master.add([(number, trip.visits)])

    def over(self, work: int = 0) -> bool:
        """Whether the budget is spent when ``work`` more has been done."""
        return self.budget.stop() or self._spent(work) >= 1

    def _spent(self, work: int = 0) -> float:
        """The share of the budget that is spent when ``work`` more has been done."""
        if self.budget.seconds is not None:
            return (time.monotonic() - self.began_s) / max(self.budget.seconds, 1e-3)
        pivots = self.master.iterations * len(self.master.start)
        spent = (self.work + work) / OPERATIONS + pivots / PIVOTS
        return 0.0 if self.budget.effort is None else spent / self.budget.effort

    def run(self) -> bool:
        """Rounds until no trip is missing (True) or the budget is spent."""
        self._look(self.center, width=WIDTHS[0])
        while not self.over():
            duals = self.master.solve()
            close = max(2.0 * len(self.problem.visits), CLOSE * self.master.trips_fen)
            missing = self.master.objective_fen - self.best_fen
            enough = max(close, CLOSE_ENOUGH * self.master.trips_fen)
            if missing <= enough and not self.master.misses and (self._widen() or self._cut()):
                continue
            if missing <= close:
                if not self.master.misses:
                    return True
                self.master.raise_left_out()
            elif self._step(duals) and not self._widen() and not self._cut():
                return True
        return False

    def _cut(self) -> bool:
        """Add subset rows that the program breaks; False where there is none or the last did little."""
        if not self.cuts or self._spent() > CUT_UNTIL or self.best_fen <= (1 + WORTH) * self.cut_fen:
            return False
        if not self.master.cut(most=ROWS):
            return False
        self.cut_fen = self.best_fen
        self.center = np.concatenate([self.center, np.zeros(len(self.master.start) - len(self.center))])
        self.widths, self.level = WIDTHS, 0
        return True

    def _widen(self) -> bool:
        """Rule out trips of the program that come back to a visit; False where none does or it did little."""
        if self.best_fen <= (1 + WORTH) * self.widened_fen:
            return False
        near = widen(self.near, (column.visits for column in self.master.used()))
        if near == self.near:
            return False
        self.widened_fen = self.best_fen
        self.near = near
        self.pricer.remember(near)
        self.master.forbid(near)
        self.widths, self.level = WIDTHS, 0
        return True

    def _step(self, duals: Floats) -> bool:
        """Look for trips, then decide how the next round does it; True where none is missing."""
        width = self.widths[self.level]
        new = self._look_around(duals, width=width)
        missed = self.master.misses
        if new >= max(FEW, FEW_OF_KIND * len(self.pricer.kinds)):
            self.level = min(self.level, 1)
        elif width == EXACT and not self.complete:
            self.patience *= 1 if self.widths is WIDTHS else 4
            self.widths, self.level = WIDER, 1
        elif missed and (self.raises < RAISES or self.widths[self.level + 1 :] in {(), (EXACT,)}):
            self.raises += 1
            self.master.raise_left_out()
        elif width != EXACT:
            self.level += 1
        return width == EXACT and not new and self.complete and not missed

    def _look_around(self, duals: Floats, *, width: int) -> int:
        """Look for trips between the center and ``duals``, nearer to those while nothing is found."""
        inward = 0.0 if width == EXACT and self.widths is WIDTHS else INWARD
        while not self.over():
            new = self._look(inward * self.center + (1 - inward) * duals, width=width)
            if new or not inward or self.master.misses or (width == EXACT and not self.complete):
                return new
            inward = max(inward - INWARD / 2, 0.0)
        return 0

    def _look(self, duals: Floats, *, width: int) -> int:
        """Add the trips that are too cheap for ``duals``; how many were new."""
        certificate = self.master.certify(duals, near=self.near)
        found = self.pricer.price(certificate, effort=self._effort(width))
        self.work += found.work
        self.complete = found.complete
        if found.floor is None:
            return 0
        proved = self._repair(certificate, least=found.floor)
        fen = proved.bound_fen(self.problem)
        better = fen > self.best_fen
        if better:
            self.best, self.best_fen = proved, fen
            self.plain = self.plain if proved.subset_duals else proved
            self.hear(fen)
        if self.center_fen > self.master.objective_fen:
            self.center_fen = self.best_fen
        if width != EXACT:
            fen = self._repair(certificate, least=found.least).bound_fen(self.problem)
            better = fen > self.center_fen
        if better:
            self.center, self.center_fen = duals, fen
        return self.master.add(found.trips)

    def _effort(self, width: int) -> Effort:
        keep = min(KEEP, max(KEEP_ALL // max(len(self.pricer.kinds), 1), 1))
        return Effort(width=width, keep=keep, most_work=self.patience, over=self.over)

    def _repair(self, certificate: Certificate, *, least: tuple[Ints, ...]) -> Certificate:
        """Lower dual values until every trip is paid for: by load, or by vehicle if that loses less."""
        by_load = 0
        by_class = [0] * len(self.problem.vehicle_classes)
        for kind, lowest in zip(self.pricer.kinds, least, strict=True):
            short = -lowest[1:]
            by_load = max(by_load, int((-(-short // np.arange(1, len(lowest)))).max(initial=0)))
            by_class[kind.vehicle_class] = max(by_class[kind.vehicle_class], int(short.max(initial=0)))
        light = np.array(certificate.visit_duals, dtype=np.int64) - by_load * self.pricer.weights.by_visit
        classes = self.problem.vehicle_classes
        vehicles = [most * kind.trips for most, kind in zip(by_class, classes, strict=True)]
        one = replace(certificate, visit_duals=tuple(light.tolist()))
        other = replace(
            certificate,
            count_duals=tuple(d - most for d, most in zip(certificate.count_duals, vehicles, strict=True)),
            trips_duals=tuple(d - most for d, most in zip(certificate.trips_duals, by_class, strict=True)),
        )
        return max(one, other, key=lambda repaired: repaired.bound_fen(self.problem))

    def result(self, *, converged: bool) -> ColumnResult:
        """What came of it."""
        bound = None if self.best is None else Bound(fen=int(self.best_fen), relaxation=Relaxation.NG_ROUTES)
        return ColumnResult(
            bound=bound,
            certificate=self.best,
            plain=self.plain,
            trips=() if self.best is None else self._priced(self.best),
            converged=converged,
            lp_fen=self.master.objective_fen,
        )

    def _priced(self, certificate: Certificate) -> tuple[PricedTrip, ...]:
        kinds = self.pricer.kinds
        tolls = [find_toll(self.problem, kind, certificate=certificate) for kind in kinds]
        trips: list[PricedTrip] = []
        for column in self.master.columns:
            kind, toll, visits = kinds[column.kind], tolls[column.kind], column.visits
            if len(set(visits)) < len(visits) or not is_lawful(self.problem, kind, visits=visits):
                continue
            span = span_s(self.problem, kind, visits=visits)
            reduced = column.cost_fen - sum(certificate.visit_duals[visit] for visit in visits)
            reduced += toll.flat_fen + toll.hourly_fen * span // 3600
            reduced += sum(fen for at, fen in toll.steps if span >= at)
            reduced -= sum(fen * count(row, visits) for row, fen in certificate.subset_duals)
            trips.append(PricedTrip(kind=kind, visits=visits, cost_fen=column.cost_fen, reduced_fen=reduced))
        return tuple(sorted(trips, key=lambda trip: trip.reduced_fen))
