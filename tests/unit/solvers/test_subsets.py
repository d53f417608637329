from __future__ import annotations

import numpy as np

from planner.solvers.routing.certificate import SubsetRow
from planner.solvers.routing.subsets import MOST, count, find_broken, lay_out

EVERYWHERE = frozenset(range(9))
HALVES = [((0, 1), 0.5), ((1, 7, 2), 0.5), ((0, 2), 0.5), ((3, 4), 1.0)]


def _row(*memory: int) -> SubsetRow:
    return SubsetRow(visits=(0, 1, 2), memory=frozenset({0, 1, 2, *memory}))


def test_a_trip_counts_half_its_calls_in_each_stretch_of_the_memory() -> None:
    row = _row(5)
    assert count(row, (0, 1)) == count(row, (0, 5, 2)) == count(row, (5, 2, 0, 1)) == 1
    assert count(row, (0, 6, 1)) == count(row, (0, 6, 6, 2)) == count(row, (3, 0)) == 0
    assert count(row, (0, 1, 6, 0, 2)) == 2
    assert count(row, (1, 5, 1)) == 1
    assert count(row, (2, 1, 0, 5, 6)) == count(row, tuple(reversed((2, 1, 0, 5, 6))))


def test_halves_of_three_trips_break_a_row_that_remembers_what_lies_between() -> None:
    wider, new = find_broken(HALVES, size=9, barred=(), standing=[], most=5)
    assert wider == {}
    assert new == [_row(7)]
    assert sum(value * count(new[0], visits) for visits, value in HALVES) == 1.5


def test_a_row_that_forgot_gets_more_memory() -> None:
    wider, new = find_broken(HALVES, size=9, barred=(), standing=[_row()], most=5)
    assert (wider, new) == ({0: _row(7)}, [])


def test_rows_are_not_sought_of_barred_visits_nor_where_bits_run_out() -> None:
    assert find_broken(HALVES, size=9, barred=(1,), standing=[], most=5) == ({}, [])
    assert find_broken(HALVES, size=9, barred=(), standing=[], most=0) == ({}, [])
    full = [SubsetRow(visits=(3, 4, 5 + n % 4), memory=EVERYWHERE) for n in range(MOST)]
    assert find_broken(HALVES, size=9, barred=(), standing=full, most=5) == ({}, [])


def test_the_table_says_by_visit_which_rows_remember_it() -> None:
    other = SubsetRow(visits=(1, 3, 8), memory=frozenset({1, 3, 8}))
    table = lay_out([(_row(7), -40), (other, -9)], visits=np.array([7, 1, 0, 4]))
    assert table.fen.tolist() == [40]  # of the other row only one visit is here
    assert table.at.tolist() == [[0], [0], [0], [-1]]
    assert table.bit.tolist() == [[0], [0], [0], [-1]]
    assert table.mine.tolist() == [0, 1, 1, 0]
