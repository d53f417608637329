"""Choosing whole columns: the cheapest choice and a bound, by fixing, cuts and branch and bound.

The linear relaxation's dual values, rounded to integers that are still lawful, give an exact bound and
exact reduced costs; a column whose reduced cost reaches the gap to the best choice so far is left out for
good. Few columns of least reduced cost are tried first, since their best choice is mostly the best of all;
then three-row cuts and fixing shrink the table, and HiGHS searches what is left. The bound up to there is
proved in integers, HiGHS's own in floating point. Every choice is checked and priced in integers.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.highs import Limits, relax, solve_whole
from planner.solvers.routing.program import SCALE, UNBOUNDED, Dual, Program
from planner.solvers.routing.triples import add_triples

if TYPE_CHECKING:
    from planner.solvers.routing.program import Floats, Ints

_CORE: Final = 800
"""Columns of least reduced cost tried first."""
_CORE_SHARE: Final = 0.25
"""Share of the seconds or nodes left for those."""
_ROUNDS: Final = 12
"""Rounds of cuts at most; feeder problems need two to five."""
_NEARLY: Final = 0.8
"""Fraction of a column from which on a dive takes it whole."""
_NOTHING: Final = 0.01
_AT_ONCE: Final = 0.08
"""Share of all columns that a dive takes at once in any case."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """How often each column is taken, what that costs, and a bound over all lawful choices."""

    chosen: Ints
    cost: int
    bound: int

    @property
    def proved(self) -> bool:
        """Whether no choice is cheaper; a bound above the cost proves nothing but a mistake."""
        return self.cost == self.bound


def choose(program: Program, *, start: Ints, limits: Limits, dual: Dual | None = None) -> Choice:
    """Find the cheapest lawful choice, or one no dearer than the lawful ``start``.

    ``dual`` may come from elsewhere; without it the whole relaxation is solved here.
    """
    cost = program.priced(start)
    if cost is None:
        raise ValueError("the start breaks a row")
    search = _Search(program, Choice(chosen=start, cost=cost, bound=-UNBOUNDED), limits=limits)
    search.run(dual)
    return search.best


def dive(program: Program, *, limits: Limits) -> Ints:
    """Whole columns that the best fractions round to: the largest are taken for good, then the rest anew.

    Rows without negative entries are never overdrawn; others may be broken where nothing mends them.
    """
    chosen, ends_s = np.zeros_like(program.costs), _end_s(limits)
    rest, columns = program, np.arange(program.costs.size)
    while columns.size and not limits.stop():
        left = replace(limits, seconds=None if ends_s is None else max(ends_s - time.monotonic(), 0.0))
        relaxed = None if left.seconds == 0 else relax(rest, limits=left)
        taken = np.zeros(0) if relaxed is None else _round(rest, relaxed[1])
        if not taken.any():
            break
        chosen[columns] += taken
        used = np.zeros_like(rest.lower)
        np.add.at(used, rest.row, rest.value * taken[rest.column])
        bounded = rest.lower > -UNBOUNDED
        rest = replace(
            rest,
            lower=np.where(bounded, rest.lower - used, rest.lower),
            upper=rest.upper - used,
            most=rest.most - taken,
        )
        full = np.unique(rest.column[rest.value > _room(rest)[rest.row]])
        kept = np.setdiff1d(np.flatnonzero(rest.most > 0), full)
        rest, columns = rest.only(kept), columns[kept]
    return chosen


def _room(program: Program) -> Ints:
    """By row without negative entries, how much may still be put in."""
    mixed = np.zeros(program.upper.size, dtype=np.bool_)
    mixed[program.row[program.value < 0]] = True
    return np.where(mixed, UNBOUNDED, program.upper)


def _round(program: Program, values: Floats) -> Ints:
    """Take columns that fit, largest fractions first: the nearly whole, and a share of all in any case."""
    taken, room = np.zeros_like(program.costs), _room(program)
    entries = np.argsort(program.column, kind="stable")
    begins = np.searchsorted(program.column[entries], np.arange(program.costs.size + 1))
    few = _AT_ONCE * values.sum()
    for column in np.argsort(-values, kind="stable"):
        if values[column] < _NOTHING or (values[column] < _NEARLY and taken.sum() >= few):
            break
        own = entries[begins[column] : begins[column + 1]]
        times = max(int(values[column] + 1 - _NEARLY), 1)
        if (program.value[own] * times <= room[program.row[own]]).all():
            taken[column] = times
            room[program.row[own]] -= program.value[own] * times
    return taken


class _Search:
    """The stages over one program; ``best`` holds the state of things."""

    def __init__(self, program: Program, best: Choice, *, limits: Limits) -> None:
        self.best = best
        self._program, self._limits = program, limits
        self._ends_s = _end_s(limits)

    def run(self, dual: Dual | None) -> None:
        """All stages, until the best is proved, the time is over or somebody stops it."""
        if dual is None:
            relaxed = relax(self._program, limits=self._left())
            if relaxed is None:
                return
            dual = relaxed[0]
        self._bound(dual.bound)
        most = self._limits.columns
        for core in (True, False):
            kept, beyond = self._keep(dual, most=min(_CORE, most) if core else most)
            if self._over():
                return
            self._close(kept, beyond=beyond, share=_CORE_SHARE if core and beyond < self.best.cost else 1.0)
            if beyond >= self.best.cost:
                return

    def _left(self, share: float = 1.0) -> Limits:
        nodes = None if self._limits.nodes is None else max(int(self._limits.nodes * share), 1)
        seconds = None if self._ends_s is None else max(self._ends_s - time.monotonic(), 0.0) * share
        return replace(self._limits, seconds=seconds, nodes=nodes)

    def _over(self) -> bool:
        return self.best.cost <= self.best.bound or self._limits.stop() or self._left().seconds == 0.0

    def _bound(self, bound: int) -> None:
        self.best = replace(self.best, bound=max(self.best.bound, bound))

    def _keep(self, dual: Dual, *, most: int) -> tuple[Ints, int]:
        """Columns a better choice may hold, cheapest first, and what any choice with another one costs."""
        kept = dual.cut(self.best.cost)
        order = kept[np.argsort(dual.reduced[kept], kind="stable")]
        if order.size <= most:
            return order, self.best.cost
        return order[:most], dual.bound + -(-int(dual.reduced[order[most]]) // SCALE)

    def _close(self, kept: Ints, *, beyond: int, share: float) -> None:
        """Cut and fix until nothing more happens, then search; ``beyond`` bounds what is not kept."""
        columns = np.union1d(kept, np.flatnonzero(self.best.chosen))
        program, last = self._program.only(columns), -UNBOUNDED
        for _ in range(_ROUNDS):
            relaxed = relax(program, limits=self._left())
            if relaxed is None:
                return
            dual, values = relaxed
            self._bound(min(dual.bound, beyond))
            if self._over():
                return
            alive = np.union1d(dual.cut(self.best.cost), np.flatnonzero(self.best.chosen[columns]))
            columns, program = columns[alive], program.only(alive)
            cut = add_triples(program, values[alive]) if dual.bound > last else None
            if cut is None:
                break
            program, last = cut, dual.bound
        self._bound(min(self._search(program, columns, share=share), beyond))

    def _search(self, program: Program, columns: Ints, *, share: float) -> int:
        """Let HiGHS choose among some columns; the bound over them."""
        answer = solve_whole(program, start=self.best.chosen[columns], limits=self._left(share))
        if answer is None:
            return -UNBOUNDED
        chosen = np.zeros_like(self.best.chosen)
        chosen[columns] = answer[0]
        cost = self._program.priced(chosen)
        if cost is not None and cost < self.best.cost:
            self.best = replace(self.best, chosen=chosen, cost=cost)
        return answer[1]


def _end_s(limits: Limits) -> float | None:
    return None if limits.seconds is None else time.monotonic() + limits.seconds
