"""All days of a squad, priced together: the easier problem that bounds of tours are of.

The days on which a squad works are one lane: it may call at a village within any window of any of those days.
Bonuses are not gained there. Neither spacing nor brokers nor changes are asked for; nights in a row are not
counted and may join any two days. Every plan is a solution of that, and costs no more there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.tours.ground import (
    BASE,
    CLOSES,
    DAYS,
    MOST,
    NIGHT_FEN,
    NIGHTS,
    NODE,
    OPENS,
    SERVICE,
    TARIFF,
    WEIGHT,
    Ground,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.routing.program import Ints

NO_WAY: Final = 1 << 30
"""Fen and seconds where no road leads: more than any tour, and small enough to be counted in parts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lane:
    """Days of one squad. ``doors`` are where its tours may begin and end, the base first, then lodges.

    ``inner`` and ``inner_s`` are fen and seconds between villages, shared by all lanes of a tariff.
    """

    squad: int
    days: tuple[int, ...]
    most: int
    weight: int
    """Of a second of work in the squad's load."""
    opens_s: int
    closes_s: int
    doors: Ints
    nights: Ints
    """By door, fen of the night."""
    inner: Ints
    inner_s: Ints
    leave: Ints
    """``[door, village]``, and ``leave_s``."""
    leave_s: Ints
    arrive: Ints
    """``[village, door]``, and ``arrive_s``."""
    arrive_s: Ints
    idle: Ints
    """``[door, door]``, and ``idle_s``: a day without calls."""
    idle_s: Ints
    service: Ints
    windows: Ints
    """``[village, window, :]`` opens, closes; closes -1 fills up, and everywhere where it may not call."""

    def reaches(self) -> NDArray[np.bool_]:
        """By village, whether a tour could make one call there: else no walk may promise anything of it."""
        early = self.opens_s + self.leave_s.min(axis=0)
        begins = np.maximum(self.windows[:, :, 0], early[:, None])
        may = (self.windows[:, :, 1] >= early[:, None]) & (
            begins + (self.service + self.arrive_s.min(axis=1))[:, None] <= self.closes_s
        )
        return np.asarray(may.any(axis=1))


def build_lanes(ground: Ground) -> tuple[Lane, ...]:
    """All lanes; those that can call nowhere are left out."""
    many = int(ground.numbers[DAYS])
    lanes: list[Lane] = []
    known: dict[tuple[int, ...], Ints] = {}
    inner = _inner(ground)
    for squad in range(ground.squads.shape[0]):
        hours = ground.hours[squad * many : (squad + 1) * many]
        days = tuple(np.flatnonzero(hours[:, CLOSES] >= 0).tolist())
        if days and days not in known:
            known[days] = _unions(ground.windows[:, list(days)])
        if days:
            lane = _lane(ground, squad, days=days, windows=known[days], inner=inner)
            lanes += [] if lane is None else [lane]
    return tuple(lanes)


def _inner(ground: Ground) -> list[tuple[Ints, Ints]]:
    """By tariff, fen and seconds between villages."""
    nodes = ground.villages[:, NODE]
    grid = np.ix_(nodes, nodes)
    return [
        (np.minimum(fen[grid], NO_WAY), np.minimum(seconds[grid], NO_WAY))
        for fen, seconds in zip(ground.fen, ground.seconds, strict=True)
    ]


def _unions(windows: Ints, /) -> Ints:
    """By village, the windows of some days joined: ``[village, window, :]``."""
    rows = windows.reshape(windows.shape[0], -1, 2)
    joined: list[list[tuple[int, int]]] = []
    for row in rows.tolist():
        spans: list[tuple[int, int]] = []
        for opens, closes in sorted({(opens, closes) for opens, closes in row if closes >= 0}):
            if spans and opens <= spans[-1][1] + 1:
                spans[-1] = (spans[-1][0], max(spans[-1][1], closes))
            else:
                spans.append((opens, closes))
        joined.append(spans)
    table = np.full((len(joined), max(max(map(len, joined), default=0), 1), 2), -1, dtype=np.int64)
    for village, spans in enumerate(joined):
        table[village, : len(spans)] = np.array(spans, dtype=np.int64).reshape(-1, 2)
    return table


def _lane(
    ground: Ground, squad: int, *, days: tuple[int, ...], windows: Ints, inner: list[tuple[Ints, Ints]]
) -> Lane | None:
    first = squad * int(ground.numbers[DAYS])
    numbers = [first + day for day in days]
    may = np.asarray(ground.tours[:, numbers].any(axis=1))
    if not may.any():
        return None
    row = ground.squads[squad]
    doors = row[BASE : BASE + 1].copy()
    if row[NIGHTS]:
        doors = np.concatenate([doors, ground.lodges[ground.lodges != row[BASE]]])
    tariff, nodes = int(row[TARIFF]), ground.villages[:, NODE]
    fen, seconds = np.minimum(ground.fen[tariff], NO_WAY), np.minimum(ground.seconds[tariff], NO_WAY)
    nights = np.full(len(doors), row[NIGHT_FEN])
    nights[0] = 0
    return Lane(
        squad=squad,
        days=days,
        most=int(row[MOST]),
        weight=int(row[WEIGHT]),
        opens_s=int(ground.hours[numbers, OPENS].min()),
        closes_s=int(ground.hours[numbers, CLOSES].max()),
        doors=doors,
        nights=nights,
        inner=inner[tariff][0],
        inner_s=inner[tariff][1],
        leave=fen[np.ix_(doors, nodes)],
        leave_s=seconds[np.ix_(doors, nodes)],
        arrive=fen[np.ix_(nodes, doors)],
        arrive_s=seconds[np.ix_(nodes, doors)],
        idle=fen[np.ix_(doors, doors)],
        idle_s=seconds[np.ix_(doors, doors)],
        service=ground.villages[:, SERVICE],
        windows=np.where(np.reshape(may, (-1, 1, 1)), windows, -1),
    )
