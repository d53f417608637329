"""Cuts over three rows: of three visits, trips that make two or more of them are at most one in all.

Subset-row cuts (Jepsen, Petersen, Spoorendonk & Pisinger 2008): half the sum of three rows that hold
"at most one", rounded down, is a row every whole choice keeps and fractions of trips do not. They cost
nothing where all columns lie on the table and take away half to all of the gap on feeder problems.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.program import UNBOUNDED, Program

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.routing.program import Floats, Ints

_LEAST: Final = 0.02
"""Violation worth a row."""
_NOTHING: Final = 1e-6
"""Fraction of a column that is none."""
_MOST: Final = 40
"""Rows added at once."""


def add_triples(program: Program, values: Floats) -> Program | None:
    """Add the most violated cuts over rows of ones limited to one; None where there is none."""
    taken = np.flatnonzero(values > _NOTHING)
    place = np.full(program.costs.size, -1)
    place[taken] = np.arange(taken.size)
    inside = (place[program.column] >= 0) & _packing_rows(program)[program.row]
    table = np.zeros((taken.size, program.lower.size))
    table[place[program.column[inside]], program.row[inside]] = 1.0
    triples = find_candidates(table, values[taken], least=_LEAST)
    counts = table[:, triples[:, 0]] + table[:, triples[:, 1]] + table[:, triples[:, 2]]
    broken = values[taken] @ (counts >= 2) - 1  # noqa: PLR2004  # two of the three
    order = np.argsort(-broken, kind="stable")[:_MOST]
    order = order[broken[order] > _LEAST]
    return _with_rows(program, triples[order]) if order.size else None


def _packing_rows(program: Program) -> NDArray[np.bool_]:
    """Equality rows of ones: each visit at most once."""
    plain = (program.upper == 1) & (program.lower == 1)
    plain[program.row[program.value != 1]] = False
    return plain


def find_candidates(table: Floats, values: Floats, *, least: float) -> Ints:
    """Triples of rows whose pairs are together in columns more than once in all, by ``least``.

    ``table`` is ``[column, row]`` of ones and zeros; two of the pairs share a row.
    """
    together = (table * values[:, None]).T @ table
    np.fill_diagonal(together, 0)
    found: list[Ints] = [np.zeros((0, 3), dtype=np.int64)]
    for centre in range(together.shape[0]):
        near = np.flatnonzero(together[centre] > 0)
        a, b = np.triu_indices(near.size, 1)
        a, b = near[a], near[b]
        many = together[centre, a] + together[centre, b] + together[a, b] > 1 + least
        found.append(np.column_stack((np.full(int(many.sum()), centre), a[many], b[many])))
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0)


def _with_rows(program: Program, triples: Ints) -> Program:
    size, rows = program.costs.size, program.lower.size
    row, column, value = [program.row], [program.column], [program.value]
    for number, triple in enumerate(triples):
        hits = np.bincount(program.column[np.isin(program.row, triple)], minlength=size)
        columns = np.flatnonzero(hits > 1)
        row.append(np.full(columns.size, rows + number))
        column.append(columns)
        value.append(np.ones(columns.size, dtype=np.int64))
    return replace(
        program,
        row=np.concatenate(row),
        column=np.concatenate(column),
        value=np.concatenate(value),
        lower=np.append(program.lower, np.full(len(triples), -UNBOUNDED)),
        upper=np.append(program.upper, np.ones(len(triples), dtype=np.int64)),
    )
