"""The arrays of the compiled search over tours. A tour's number is its squad times the days, plus its day.

Few arrays with several columns, as in ``planner.solvers.routing.strings_data``: numba counts references to
each one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from planner.solvers.routing.problem import UNREACHABLE
from planner.solvers.tours.problem import MOST_CALLS, TourProblem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.routing.program import Floats, Ints
    from planner.solvers.routing.strings_data import Dice

FAR: Final = 1 << 40
"""Fen or seconds of what is not to be had; some thousands of them fit 64 bits."""

TARIFF: Final = 0
BASE: Final = 1
MOST: Final = 2
NIGHTS: Final = 3
NIGHT_FEN: Final = 4
WEIGHT: Final = 5
WHEEL: Final = 6

OPENS: Final = 0
CLOSES: Final = 1

WHO: Final = 0
WHEN: Final = 1
LIMIT: Final = 2

NODE: Final = 0
SERVICE: Final = 1
SPACING: Final = 2
BROKER: Final = 3

VILLAGE: Final = 0
PRIZE: Final = 1
SQUAD: Final = 2
DAY: Final = 3
WAS: Final = 4

DAYS: Final = 0
CHANGE: Final = 1
PERCENT: Final = 2
SPREAD: Final = 3


class Ground(NamedTuple):
    """What a search does not change."""

    fen: Ints
    """``[tariff, from, to]``, FAR where no road leads; as ``seconds``."""
    seconds: Ints
    fen_to: Ints
    """``[tariff, to, from]``: the same where one row is read for one destination; as ``seconds_to``."""
    seconds_to: Ints
    squads: Ints
    """``[squad, :]`` tariff, base, most calls, nights in a row, fen of a night, weight of its load, most
    seconds at the wheel."""
    hours: Ints
    """``[tour, :]`` opens, closes; closes -1 where the squad does not work."""
    slots: Ints
    """``[tour, :]`` squad, day, most calls: read where a division would take too long."""
    villages: Ints
    """``[village, :]`` node, seconds of a call, days between calls, broker (-1: none)."""
    windows: Ints
    """``[village, day, window, :]`` opens, closes; closes -1 fills up."""
    bonus: Ints
    """``[village, day]``."""
    calls: Ints
    """``[call, :]`` village, prize, fixed squad and day (-1: free), tour in the last plan (-1: none)."""
    members: Ints
    """``[village, :]`` its calls; -1 fills up."""
    tours: NDArray[np.int8]
    """``[village, tour]``: 1 where it may call there as far as that hangs on nothing else."""
    near: Ints
    """``[village, :]`` villages, nearest first, itself at the head."""
    bases: Ints
    """``[village, :]`` squads, nearest base first."""
    ranks: Floats
    """``[call, :]`` by what calls are put back, least first: far, near, few tours, dear."""
    lodges: Ints
    numbers: Ints
    """Days, fen of a change, per cent of spread, fen of spread."""


PRICE: Final = 0
UPPER: Final = 1
LOWER: Final = 2

SIZE: Final = 0
END: Final = 1
COST: Final = 2
WORK: Final = 3
DRIVE: Final = 4

FROM: Final = 0
READY: Final = 1
TO: Final = 2
DUE: Final = 3
WAY_FEN: Final = 4
WAY_S: Final = 5

TRAVEL: Final = 0
SOFT: Final = 1
COUNT: Final = 2


class State(NamedTuple):
    """A plan in the making."""

    seq: Ints
    """``[tour, place]`` calls in order."""
    tours: Ints
    """``[tour, :]`` calls, last node, fen with the night, seconds of work, those at the wheel."""
    gaps: Ints
    """``[tour, place, :]`` what lies before a call, and last before the end: node and earliest departure,
    next node and latest begin there, fen and seconds of the way."""
    where: Ints
    """``[call, :]`` its tour or -1, its place there."""
    load: Ints
    """``[squad]`` seconds of work."""
    busy: Ints
    """``[broker, day]`` calls."""
    total: Ints
    """Travel; prizes left out, changes, less bonus; calls made."""


class Desk(NamedTuple):
    """Room to work in."""

    dice: Dice
    out: Ints
    """Calls to put back."""
    key: Floats
    saved: Ints
    """``[n, :]`` the n-th tour as it was: number, calls, last node, then its calls."""
    stamp: Ints
    """By tour, the iteration that saved it."""
    load: Ints
    """As it was."""
    marks: Ints
    """Tours saved, iteration, calls out; travel and soft as they were."""
    found: Ints
    """Best insertion: fen, tour (-1: none), place."""
    places: Ints
    """``[n, :]`` where a call may be put: tour, place."""
    free: Ints
    """By day, whether spacing and broker allow the call."""
    tops: Ints
    """Largest load, its squad, second largest; least, its squad, second least; fen of the spread."""
    even: Ints
    """Millionths of a fen for each part of a load outside a band (0: the spread itself counts); the band."""
    lean: Ints
    """By squad, millionths of a fen for each second of its work while loads outside the band cost."""
    best: Ints
    """``[tour, :]`` of the best plan: calls, last node, then its calls."""


def survey(problem: TourProblem) -> Ground:
    """The arrays of a problem."""
    tariffs, number = _tariffs(problem)
    windows = _windows(problem)
    hours = np.array(
        [(-1, -1) if one is None else one for squad in problem.squads for one in squad.hours], dtype=np.int64
    ).reshape(-1, 2)
    squads = np.array(
        [
            (
                number[k],
                one.base,
                one.most_calls,
                one.nights,
                one.night_fen,
                problem.load_weight(k),
                FAR if one.drive_s is None else one.drive_s,
            )
            for k, one in enumerate(problem.squads)
        ],
        dtype=np.int64,
    ).reshape(-1, 7)
    brokers = {one.broker for one in problem.villages if one.broker is not None}
    broker = {name: place for place, name in enumerate(sorted(brokers))}
    villages = np.array(
        [
            (
                one.node,
                one.service_s,
                max(one.spacing_days, 1),
                -1 if one.broker is None else broker[one.broker],
            )
            for one in problem.villages
        ],
        dtype=np.int64,
    ).reshape(-1, 4)
    allowed = _allowed(problem, hours=hours, windows=windows)
    members = [
        [number for number, call in enumerate(problem.calls) if call.village == village]
        for village in range(len(problem.villages))
    ]
    seconds = np.stack([tariff[1] for tariff in tariffs])
    nodes = villages[:, NODE]
    between = seconds[0][np.ix_(nodes, nodes)]
    near = np.argsort(between + between.T, axis=1, kind="stable")
    calls = np.array([_call(problem, number) for number in range(len(problem.calls))], dtype=np.int64)
    fen = np.stack([tariff[0] for tariff in tariffs])
    return Ground(
        fen=fen,
        seconds=seconds,
        fen_to=np.ascontiguousarray(fen.transpose(0, 2, 1)),
        seconds_to=np.ascontiguousarray(seconds.transpose(0, 2, 1)),
        squads=squads,
        hours=hours,
        slots=np.array(
            [(k, day, one.most_calls) for k, one in enumerate(problem.squads) for day in range(problem.days)],
            dtype=np.int64,
        ).reshape(-1, 3),
        villages=villages,
        windows=windows,
        bonus=np.array(
            [[one.bonus(day) for day in range(problem.days)] for one in problem.villages], dtype=np.int64
        ).reshape(-1, problem.days),
        calls=calls.reshape(-1, 5),
        members=_filled(members),
        tours=allowed,
        near=_with_itself(near),
        bases=np.argsort(seconds[0][np.ix_(nodes, squads[:, BASE])], axis=1, kind="stable"),
        ranks=_ranks(problem, seconds=seconds[0], allowed=allowed),
        lodges=np.array(problem.lodges, dtype=np.int64),
        numbers=np.array(
            [problem.days, problem.change_fen, problem.spread_percent, problem.spread_fen], dtype=np.int64
        ),
    )


def begin_state(ground: Ground) -> State:
    """A plan of nothing; every last node is the base."""
    many, days = ground.hours.shape[0], int(ground.numbers[DAYS])
    calls = ground.calls.shape[0]
    tours = np.zeros((many, 5), dtype=np.int64)
    tours[:, END] = np.repeat(ground.squads[:, BASE], days)
    gaps = np.zeros((many, MOST_CALLS + 1, 6), dtype=np.int64)
    gaps[:, 0, FROM] = gaps[:, 0, TO] = tours[:, END]
    gaps[:, 0, READY], gaps[:, 0, DUE] = ground.hours[:, OPENS], ground.hours[:, CLOSES]
    prizes = int(ground.calls[:, PRIZE].sum())
    return State(
        seq=np.full((many, MOST_CALLS), -1, dtype=np.int64),
        tours=tours,
        gaps=gaps,
        where=np.full((calls, 2), -1, dtype=np.int64),
        load=np.zeros(ground.squads.shape[0], dtype=np.int64),
        busy=np.zeros((int(ground.villages[:, BROKER].max(initial=-1)) + 2, days), dtype=np.int64),
        total=np.array([0, prizes, 0], dtype=np.int64),
    )


def lay_desk(ground: Ground, seed: int) -> Desk:
    """Room for a search."""
    many, calls = ground.hours.shape[0], ground.calls.shape[0]
    return Desk(
        dice=np.array([0x9E3779B97F4A7C15 ^ (seed * 2 + 1)], dtype=np.uint64),
        out=np.zeros(calls + 1, dtype=np.int64),
        key=np.zeros(calls + 1),
        saved=np.zeros((many, 3 + MOST_CALLS), dtype=np.int64),
        stamp=np.zeros(many, dtype=np.int64),
        load=np.zeros(ground.squads.shape[0], dtype=np.int64),
        marks=np.zeros(6, dtype=np.int64),
        found=np.zeros(3, dtype=np.int64),
        places=np.zeros((2 * (calls + many) + 2, 2), dtype=np.int64),
        free=np.zeros(int(ground.numbers[DAYS]), dtype=np.int64),
        tops=np.zeros(7, dtype=np.int64),
        even=np.zeros(3, dtype=np.int64),
        lean=np.zeros(ground.squads.shape[0], dtype=np.int64),
        best=np.full((many, 2 + MOST_CALLS), -1, dtype=np.int64),
    )


def _call(problem: TourProblem, number: int) -> tuple[int, int, int, int, int]:
    call = problem.calls[number]
    was = -1 if call.was is None else call.was[0] * problem.days + call.was[1]
    squad, day = -1 if call.squad is None else call.squad, -1 if call.day is None else call.day
    return call.village, call.prize_fen, squad, day, was


def _tariffs(problem: TourProblem) -> tuple[list[tuple[Ints, Ints]], list[int]]:
    """Fen and seconds of every tariff, and each squad's."""
    made: list[tuple[Ints, Ints]] = []
    known: dict[tuple[int, int, int], int] = {}
    numbers: list[int] = []
    for number, squad in enumerate(problem.squads):
        key = (squad.profile, squad.per_km_fen, squad.per_hour_fen)
        if key not in known:
            known[key] = len(made)
            seconds = np.asarray(problem.seconds[squad.profile], dtype=np.int64)
            closed = seconds == UNREACHABLE
            made.append((np.where(closed, FAR, problem.arcs[number]), np.where(closed, FAR, seconds)))
        numbers.append(known[key])
    return made, numbers


def _windows(problem: TourProblem) -> Ints:
    most = max((len(windows) for one in problem.villages for windows in one.windows), default=0)
    made = np.full((len(problem.villages), problem.days, max(most, 1), 2), -1, dtype=np.int64)
    for village, one in enumerate(problem.villages):
        for day, windows in enumerate(one.windows):
            for place, window in enumerate(windows):
                made[village, day, place] = window
    return made


def _allowed(problem: TourProblem, *, hours: Ints, windows: Ints) -> NDArray[np.int8]:
    works = (hours[:, CLOSES] >= 0).reshape(-1, problem.days)
    opened = windows[:, :, 0, CLOSES] >= 0
    may = np.array(
        [
            [
                not (one.skills & ~who.skills or (one.squads and squad not in one.squads))
                for squad, who in enumerate(problem.squads)
            ]
            for one in problem.villages
        ],
        dtype=bool,
    ).reshape(len(problem.villages), len(problem.squads))
    return (may[:, :, None] & works & opened[:, None, :]).reshape(len(problem.villages), -1).astype(np.int8)


def _filled(rows: list[list[int]]) -> Ints:
    made = np.full((len(rows), max(map(len, rows), default=0) + 1), -1, dtype=np.int64)
    for place, row in enumerate(rows):
        made[place, : len(row)] = row
    return made


def _with_itself(near: Ints) -> Ints:
    """Itself first, also where others are at the same place."""
    made = near.copy()
    for village in range(near.shape[0]):
        others = near[village][near[village] != village]
        made[village, 0], made[village, 1:] = village, others
    return made


def _ranks(problem: TourProblem, *, seconds: Ints, allowed: NDArray[np.int8]) -> Floats:
    bases = [squad.base for squad in problem.squads]
    made = np.zeros((len(problem.calls), 4))
    for number, call in enumerate(problem.calls):
        way = float(seconds[bases, problem.villages[call.village].node].min(initial=FAR))
        fixed = 1 + (call.squad is not None) * problem.days + (call.day is not None) * len(bases)
        made[number] = (-way, way, int(allowed[call.village].sum()) / fixed, -call.prize_fen)
    return made
