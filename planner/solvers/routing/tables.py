"""All shifts of all classes as one integer program: everybody is collected once or left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.calls import Calls, words_of
from planner.solvers.routing.problem import RoutingProblem, Shift
from planner.solvers.routing.program import SCALE, Dual, Program, round_dual
from planner.solvers.routing.shifts import ShiftTable

if TYPE_CHECKING:
    from planner.solvers.routing.calls import Ints, Words
    from planner.solvers.routing.certificate import Certificate

_WORD: Final = 64


class Tables:
    """Columns are the shifts, table by table (one a class), then the ways to leave people out.

    Rows are people, then classes, then visits (of which one set of parts at most is left out).
    """

    def __init__(self, problem: RoutingProblem, calls: Calls, *, tables: Sequence[ShiftTable]) -> None:
        self._problem, self._calls, self._tables = problem, calls, tables
        self._begins = np.cumsum([0, *(table.fen.size for table in tables)])
        self.size = int(self._begins[-1])
        self.program = self._program()

    def _program(self) -> Program:
        problem, calls = self._problem, self._calls
        people: Words = np.concatenate([*(table.people for table in self._tables), calls.people])
        items, classes = np.arange(len(calls.items)), len(self._tables)
        inside = (people[:, items // _WORD] >> (items % _WORD).astype(np.uint64)) & np.uint64(1)
        column, row = np.nonzero(inside)
        fleet = np.repeat(np.arange(classes), np.diff(self._begins)) + items.size
        once = np.array(calls.visits, dtype=np.int64) + items.size + classes
        counts = [kind.count for kind in problem.vehicle_classes]
        upper = [1] * items.size + counts + [1] * len(problem.visits)
        lower = [1] * items.size + [0] * (classes + len(problem.visits))
        costs: Ints = np.concatenate([*(table.fen for table in self._tables), self._left_out_fen()])
        return Program(
            costs=costs,
            most=np.ones(costs.size, dtype=np.int64),
            row=np.concatenate([row, fleet, once]),
            column=np.concatenate([column, np.arange(costs.size)]),
            value=np.ones(row.size + costs.size, dtype=np.int64),
            lower=np.array(lower, dtype=np.int64),
            upper=np.array(upper, dtype=np.int64),
        )

    def _left_out_fen(self) -> Ints:
        """As ``RoutingProblem.missed_fen`` prices who stays behind at one visit."""
        costs: list[int] = []
        for visit, heads in zip(self._calls.visits, self._calls.heads.tolist(), strict=True):
            figures = self._problem.visits[visit]
            whole = heads == figures.heads
            costs.append(figures.prize if whole else figures.prize * heads // figures.heads)
        return np.array(costs, dtype=np.int64)

    def dual(self, certificate: Certificate) -> Dual:
        """Dual values of a simple problem's trips, priced against these columns exactly."""
        duals = (*certificate.visit_duals, *certificate.count_duals, *([0] * len(self._problem.visits)))
        return round_dual(self.program, np.array(duals, dtype=np.int64) * SCALE)

    def start(self, shifts: Sequence[Shift]) -> Ints:
        """A plan as a choice that is no dearer; a shift that is in no table leaves its people out."""
        calls = self._calls
        item = {pair: bit for bit, pair in enumerate(calls.items)}
        chosen, met = np.zeros(self.size + len(calls.visits), dtype=np.int64), set[int]()
        for shift in shifts:
            bits = [item[pair] for pair in _boarded(self._problem, shift)]
            words = words_of([bits], size=len(item))[0]
            same = (self._tables[shift.vehicle_class].people == words).all(axis=1)
            for row in np.flatnonzero(same):
                chosen[self._begins[shift.vehicle_class] + row] = 1
                met.update(bits)
        behind = words_of([sorted(set(range(len(item))) - met)], size=len(item))[0]
        whole = (calls.people == calls.blocked & behind).all(axis=1)
        chosen[self.size + np.flatnonzero(whole)] = 1
        return chosen

    def plan(self, chosen: Ints) -> tuple[Shift, ...]:
        """A choice as a plan."""
        shifts: list[Shift] = []
        for column in np.flatnonzero(chosen[: self.size]):
            number = int(np.searchsorted(self._begins, column, side="right")) - 1
            shifts.append(self._tables[number].shift(int(column - self._begins[number])))
        return tuple(shifts)


def _boarded(problem: RoutingProblem, shift: Shift) -> list[tuple[int, int | None]]:
    """Who a shift collects, as ``Calls.items``."""
    found: list[tuple[int, int | None]] = []
    for trip in shift.trips:
        for place, visit in enumerate(trip.visits):
            size = len(problem.visits[visit].parts)
            parts = (trip.taken[place] if trip.taken else ()) or range(size)
            found += [(visit, part) for part in parts] if size else [(visit, None)]
    return found
