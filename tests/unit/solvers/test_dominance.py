"""A label that will pay for a row the other will not covers it only if it is cheaper by that much."""

from __future__ import annotations

import numpy as np
import pytest

from planner.solvers.routing import buckets, verify_pages
from planner.solvers.routing.verify_subsets import hold

CHEAPER = 5


@pytest.mark.parametrize(("fen", "covers"), [(CHEAPER, True), (CHEAPER + 1, False)])
def test_of_the_search(fen: int, *, covers: bool) -> None:
    labels = np.zeros((2, buckets.FIELDS), dtype=np.int64)
    labels[:, buckets.COST], labels[0, buckets.SEEN] = (-9 - CHEAPER, -9), 1
    blocks = np.zeros((4, buckets.KEPT, buckets.BLOCK), dtype=np.int64)
    chains, at = np.zeros((4, buckets.CHAIN), dtype=np.int64), np.zeros(buckets.AT, dtype=np.int64)
    first = buckets.keep(labels, blocks, chains, at, 0, -1)
    row, fens = np.zeros((1, 1), dtype=np.int64), np.array([fen])
    assert buckets.is_dominated(labels, blocks, chains, at, row, fens, 1, first) == covers
    labels[1, buckets.SEEN] = 1
    assert buckets.is_dominated(labels, blocks, chains, at, row, fens, 1, first)


@pytest.mark.parametrize(("fen", "covers"), [(CHEAPER, True), (CHEAPER + 1, False)])
def test_of_the_second_opinion(fen: int, *, covers: bool) -> None:
    held = hold([(frozenset({0, 1, 2}), frozenset({0, 1, 2}), fen)], among=np.arange(3), unit=1)
    labels = np.zeros((2, verify_pages.FIELDS), dtype=np.int64)
    labels[:, verify_pages.COST], labels[0, verify_pages.SEEN] = (-9 - CHEAPER, -9), 1
    pages = verify_pages.open_pages(3, pages=2)
    verify_pages.keep(labels[0], 1, pages)
    look = pages.fields, pages.after, pages.last[1], held
    assert verify_pages.covered(labels[1], 1, *look) == covers
    labels[1, verify_pages.SEEN] = 1
    assert verify_pages.covered(labels[1], 1, *look)
