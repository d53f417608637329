"""Days keep the order people were told, as long as that is lawful and costs no more than a moved call."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.solvers.tours import Tour, TourProblem
from planner.solvers.tours.problem import Call, Squad, Village
from planner.stages.tourmend import drive_seconds, keep_order

_HOUR = 3600
_LONG = 10 * _HOUR
_DAY = ((8 * _HOUR, 18 * _HOUR),)
FORTH = Tour(squad=0, day=0, calls=(0, 1, 2))
BACK = Tour(squad=0, day=0, calls=(2, 1, 0))


def _problem(*, change_fen: int = 5_000, dear: int = 0) -> TourProblem:
    """Three villages on a ring, ten minutes from each to the next; against the clock it is dearer."""
    seconds = np.full((4, 4), 1_200, dtype=np.int64)
    metres = seconds * 10
    for here in range(4):
        seconds[here, here] = metres[here, here] = 0
        seconds[here, (here + 1) % 4] = seconds[(here + 1) % 4, here] = 600
        metres[here, (here + 1) % 4] = 6_000
        metres[(here + 1) % 4, here] = 6_000 + dear
    return TourProblem(
        days=1,
        squads=(Squad(base=0, hours=((7 * _HOUR, 20 * _HOUR),), per_km_fen=100),),
        villages=tuple(Village(node=node, service_s=_HOUR, windows=(_DAY,)) for node in (1, 2, 3)),
        calls=tuple(Call(village=village, prize_fen=100_000) for village in range(3)),
        seconds=(seconds,),
        metres=(metres,),
        change_fen=change_fen,
    )


def test_a_day_with_the_same_calls_keeps_its_order() -> None:
    problem = _problem(dear=1_000)
    assert keep_order(problem, (FORTH,), told=(BACK,), limit_s=_LONG) == (BACK,)
    assert keep_order(problem, (BACK,), told=(FORTH,), limit_s=_LONG) == (FORTH,)


def test_an_order_that_costs_more_than_a_moved_call_goes() -> None:
    assert keep_order(_problem(dear=20_000), (FORTH,), told=(BACK,), limit_s=_LONG) == (FORTH,)
    assert keep_order(_problem(dear=20_000, change_fen=9_000), (FORTH,), told=(BACK,), limit_s=_LONG) == (
        BACK,
    )


def test_other_calls_nights_and_days_have_no_order_that_was_told() -> None:
    problem = _problem()
    for old in (
        replace(BACK, calls=(2, 1)),
        replace(BACK, lodge=1),
        replace(BACK, day=1),
        replace(BACK, squad=1),
    ):
        assert keep_order(problem, (FORTH,), told=(old,), limit_s=_LONG) == (FORTH,)


def test_an_order_that_is_not_lawful_any_more_goes() -> None:
    problem = _problem()
    early = replace(problem.villages[0], windows=(((8 * _HOUR, 8 * _HOUR + 600),),))
    closed = replace(problem, villages=(early, *problem.villages[1:]))
    assert keep_order(closed, (FORTH,), told=(BACK,), limit_s=_LONG) == (FORTH,)
    seconds = problem.seconds[0].copy()
    seconds[0, 3] = 5_000
    slow = replace(problem, seconds=(seconds,))
    limit_s = drive_seconds(slow, FORTH, start=0)
    assert keep_order(slow, (FORTH,), told=(BACK,), limit_s=limit_s) == (FORTH,)
    assert keep_order(slow, (FORTH,), told=(BACK,), limit_s=_LONG) == (BACK,)
