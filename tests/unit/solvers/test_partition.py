from __future__ import annotations

from itertools import product
from random import Random

import numpy as np
import pytest

from planner.solvers.routing.highs import Limits, relax
from planner.solvers.routing.partition import choose
from planner.solvers.routing.program import SCALE, UNBOUNDED, Entries, Program, round_dual
from planner.solvers.routing.triples import add_triples


def _random_program(dice: Random) -> Program:
    """Rows of all kinds; taking nothing but the last column is always lawful."""
    entries, columns = Entries(), 9
    for _ in range(dice.randint(2, 5)):
        row = entries.add_row(1, 1)
        entries.put(row, columns, 1)
        for column in range(columns):
            if dice.random() < 0.4:
                entries.put(row, column, 1)
    fleet = entries.add_row(-UNBOUNDED, dice.randint(1, 4))
    for column in range(columns):
        entries.put(fleet, column, dice.choice((1, 1, 2)))
    costs = [dice.randint(1, 1000) for _ in range(columns)]
    return entries.program([*costs, 2000], most=[1] * (columns + 1))


def _cheapest(program: Program) -> int:
    choices = product((0, 1), repeat=program.costs.size)
    prices = (program.priced(np.array(choice, dtype=np.int64)) for choice in choices)
    return min(price for price in prices if price is not None)


def _nothing(program: Program) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    start = np.zeros(program.costs.size, dtype=np.int64)
    start[-1] = 1
    return start


def _three_pairs() -> Program:
    """Half of each pair covers three visits for 3; whole choices cost 4."""
    entries = Entries()
    for visit in range(3):
        row = entries.add_row(1, 1)
        for column in range(3):
            entries.put(row, column, int(column != visit))
        entries.put(row, 3 + visit, 1)
        entries.put(row, 6, 1)
    return entries.program([2] * 6 + [9], most=[1] * 7)


def test_finds_and_proves_the_cheapest_choice() -> None:
    for seed in range(40):
        program = _random_program(Random(seed))
        choice = choose(program, start=_nothing(program), limits=Limits(nodes=1000))
        assert program.priced(choice.chosen) == choice.cost == choice.bound == _cheapest(program), seed
        assert choice.proved


def test_any_dual_values_bound_every_choice_and_cut_no_better_one() -> None:
    dice = Random(1)
    for _ in range(40):
        program, least = _random_program(dice), 0
        least = _cheapest(program)
        duals = [dice.randint(-300, 900) * SCALE + dice.randint(0, SCALE) for _ in program.lower]
        dual = round_dual(program, np.array(duals, dtype=np.int64))
        assert dual.bound <= least
        kept = program.only(dual.cut(least + 1))
        assert _cheapest(kept) == least


def test_three_row_cuts_close_what_fractions_leave_open() -> None:
    program = _three_pairs()
    relaxed = relax(program, limits=Limits())
    assert relaxed is not None
    assert relaxed[0].bound == 3
    cut = add_triples(program, relaxed[1])
    assert cut is not None
    tighter = relax(cut, limits=Limits())
    assert tighter is not None
    assert tighter[0].bound == 4 == _cheapest(cut)


def test_few_columns_at_once_still_give_a_true_bound() -> None:
    short = 0
    for seed in range(30):
        program = _random_program(Random(seed))
        dual = round_dual(program, np.full(program.lower.size, -200 * SCALE))
        choice = choose(program, start=_nothing(program), limits=Limits(nodes=1000, columns=2), dual=dual)
        assert choice.bound <= _cheapest(program) <= choice.cost, seed
        short += not choice.proved
    assert short > 0


def test_refuses_a_start_that_breaks_a_row() -> None:
    program = _three_pairs()
    with pytest.raises(ValueError, match="start"):
        choose(program, start=np.zeros(7, dtype=np.int64), limits=Limits(nodes=1))


def test_a_stop_keeps_the_start() -> None:
    program = _random_program(Random(0))
    choice = choose(program, start=_nothing(program), limits=Limits(nodes=1, stop=lambda: True))
    assert choice.cost == 2000
    assert not choice.proved
