"""Rounds of a shuttle: parties whole, the fewest trips, families first."""

from __future__ import annotations

import random
from functools import cache

import pytest

from planner.solvers.shuttles import Shuttling, pack_rounds


def _check(sizes: list[int], seats: int) -> Shuttling:
    found = pack_rounds(sizes, seats)
    assert sorted(n for entry in found.rounds for n in entry.parties) == list(range(len(sizes)))
    for entry in found.rounds:
        assert entry.heads == sum(sizes[n] for n in entry.parties)
        assert entry.trips == -(-entry.heads // seats)
        assert entry.trips == 1 or len(entry.parties) == 1
    return found


def _fewest(sizes: list[int], seats: int) -> int:
    """Try every set of parties as the next round."""

    @cache
    def least(left: tuple[int, ...]) -> int:
        if not left:
            return 0
        first, *others = left
        best = len(left)
        for chosen in range(1 << len(others)):
            beside = [size for bit, size in enumerate(others) if chosen >> bit & 1]
            if first + sum(beside) <= seats:
                stay = [size for bit, size in enumerate(others) if not chosen >> bit & 1]
                best = min(best, 1 + least(tuple(stay)))
        return best

    large = sum(-(-size // seats) for size in sizes if size > seats)
    return large + least(tuple(sorted(size for size in sizes if size <= seats)))


@pytest.mark.parametrize("seed", range(150))
def test_brute_force_needs_as_many_trips(seed: int) -> None:
    draw = random.Random(seed)
    seats = draw.randint(3, 12)
    sizes = [min(draw.randint(1, seats), draw.randint(1, seats + 2)) for _ in range(draw.randint(0, 9))]
    if seed % 10 == 0:
        sizes.append(seats + draw.randint(1, 2 * seats))
    found = _check(sizes, seats)
    assert found.trips == found.bound == _fewest(sizes, seats)


def test_where_first_fit_takes_one_round_too_many() -> None:
    # First fit: 6+3, 5+4, 3+3+... : three rounds of ten for what two can hold.
    sizes = [4, 4, 3, 3, 2, 2, 2]
    assert _check(sizes, 10).trips == 2


def test_families_ride_first_and_who_is_alone_fills_their_rounds() -> None:
    found = _check([1, 3, 1, 1, 4, 1, 12], 5)
    assert [entry.parties for entry in found.rounds] == [(0, 4), (1, 2, 3), (6,), (5,)]
    assert [entry.trips for entry in found.rounds] == [1, 1, 3, 1]


def test_a_long_train_is_packed_at_once_and_its_bound_holds() -> None:
    draw = random.Random(4)
    sizes = [draw.randint(1, 6) for _ in range(600)]
    found = _check(sizes, 17)
    assert found.bound <= found.trips <= found.bound + 1


def test_the_bound_sees_what_cannot_stand_beside_another() -> None:
    assert pack_rounds([6, 6, 6, 6], 10).bound == 4


def test_nobody_needs_no_round() -> None:
    assert pack_rounds([], 10) == Shuttling(rounds=(), bound=0)
