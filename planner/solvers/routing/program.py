"""Small integer programs in integers: columns, rows, and dual values rounded so that they stay lawful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

UNBOUNDED: Final = 1 << 60
"""Row limit that is none; its negative likewise."""
SCALE: Final = 4096
"""Dual values and reduced costs are counted in this many parts of a fen."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """Least ``costs`` of whole columns between 0 and ``most`` that keep every row within its limits.

    Entry ``n`` is ``value[n]`` in ``row[n]`` and ``column[n]``.
    """

    costs: Ints
    most: Ints
    row: Ints
    column: Ints
    value: Ints
    lower: Ints
    upper: Ints

    def priced(self, chosen: Ints) -> int | None:
        """What a choice costs, None where it breaks a row."""
        sums = np.zeros(self.lower.size, dtype=np.int64)
        np.add.at(sums, self.row, self.value * chosen[self.column])
        kept = (sums >= self.lower) & (sums <= self.upper)
        inside = (chosen >= 0) & (chosen <= self.most)
        return int(self.costs @ chosen) if kept.all() and inside.all() else None

    def only(self, columns: Ints) -> Program:
        """The same with those columns, renumbered."""
        number = np.full(self.costs.size, -1)
        number[columns] = np.arange(columns.size)
        kept = number[self.column] >= 0
        return replace(
            self,
            costs=self.costs[columns],
            most=self.most[columns],
            row=self.row[kept],
            column=number[self.column[kept]],
            value=self.value[kept],
        )


class Entries:
    """Rows and entries as they are thought of, for a Program."""

    def __init__(self) -> None:
        self._limits: list[tuple[int, int]] = []
        self._entries: list[tuple[int, int, int]] = []

    def add_row(self, lower: int, upper: int) -> int:
        """A new row with these limits; its number."""
        self._limits.append((lower, upper))
        return len(self._limits) - 1

    def put(self, row: int, column: int, value: int) -> None:  # noqa: PLR0917  # a matrix entry
        """Enter a value; nothing is kept of 0."""
        if value:
            self._entries.append((row, column, value))

    def program(self, costs: Sequence[int], *, most: Sequence[int]) -> Program:
        """The program of all rows so far."""
        entries = np.array(self._entries, dtype=np.int64).reshape(-1, 3)
        limits = np.array(self._limits, dtype=np.int64).reshape(-1, 2)
        return Program(
            costs=np.array(costs, dtype=np.int64),
            most=np.array(most, dtype=np.int64),
            row=entries[:, 0],
            column=entries[:, 1],
            value=entries[:, 2],
            lower=limits[:, 0],
            upper=limits[:, 1],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dual:
    """A lawful dual solution in integers: ``duals`` and ``reduced`` in parts of a fen (see ``SCALE``)."""

    duals: Ints
    reduced: Ints
    bound: int

    def cut(self, below: int) -> Ints:
        """Columns a choice cheaper than ``below`` may hold."""
        return np.flatnonzero(self.reduced < (below - self.bound) * SCALE)


def round_dual(program: Program, duals: Ints) -> Dual:
    """Make dual values lawful by their rows' limits and price every column with them, exactly."""
    duals = np.where(program.lower <= -UNBOUNDED, np.minimum(duals, 0), duals)
    duals = np.where(program.upper >= UNBOUNDED, np.maximum(duals, 0), duals)
    reduced = program.costs * SCALE
    np.subtract.at(reduced, program.column, duals[program.row] * program.value)
    limits = np.where(duals > 0, program.lower, program.upper)
    total = sum(int(dual) * int(limit) for dual, limit in zip(duals, limits, strict=True) if dual)
    gained = int((np.minimum(reduced, 0) * program.most).sum())
    return Dual(duals=duals, reduced=reduced, bound=-(-(total + gained) // SCALE))
