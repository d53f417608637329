"""Ways to call at a visit, whole or for some of its parts, and the roads between such calls, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.problem import RoutingProblem, Trip

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Words = NDArray[np.uint64]
    Flags = NDArray[np.bool_]

_WORD: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calls:
    """All ways to call, one a row; people are bits of words, one a visit or, with parts, one a part."""

    visits: tuple[int, ...]
    taken: tuple[tuple[int, ...], ...]
    heads: Ints
    stays: Ints
    """Seconds."""
    people: Words
    """(calls, words): who boards."""
    blocked: Words
    """(calls, words): all people of the visit; no trip calls there twice."""
    items: tuple[tuple[int, int | None], ...]
    """By bit: the visit, and the part where it has parts."""

    def trip(self, rows: Sequence[int], *, gate: int) -> Trip:
        """Those calls in order, as a trip."""
        taken = tuple(self.taken[row] for row in rows)
        return Trip(
            visits=tuple(self.visits[row] for row in rows), gate=gate, taken=taken if any(taken) else ()
        )


def calls_of(problem: RoutingProblem) -> Calls:
    """List every way to call; a visit with n parts has 2^n - 1."""
    items: list[tuple[int, int | None]] = []
    ways: list[tuple[int, tuple[int, ...], list[int], list[int]]] = []
    for number, visit in enumerate(problem.visits):
        size = len(visit.parts)
        bits = list(range(len(items), len(items) + max(size, 1)))
        items += [(number, part) for part in range(size)] or [(number, None)]
        choices = [parts for count in range(1, size + 1) for parts in combinations(range(size), count)]
        ways += [(number, parts, [bits[part] for part in parts], bits) for parts in choices]
        if not size:
            ways.append((number, (), bits, bits))
    heads = [problem.boarding(Trip(visits=(way[0],), taken=(way[1],)))[0] for way in ways]
    stays = [problem.visits[way[0]].boarding_s(count) for way, count in zip(ways, heads, strict=True)]
    return Calls(
        visits=tuple(way[0] for way in ways),
        taken=tuple(way[1] for way in ways),
        heads=np.array(heads, dtype=np.int64),
        stays=np.array(stays, dtype=np.int64),
        people=words_of([way[2] for way in ways], size=len(items)),
        blocked=words_of([way[3] for way in ways], size=len(items)),
        items=tuple(items),
    )


def words_of(sets: Sequence[Sequence[int]], *, size: int) -> Words:
    """Sets of bits below ``size`` as rows of words."""
    words = np.zeros((len(sets), max(-(-size // _WORD), 1)), dtype=np.uint64)
    for row, bits in enumerate(sets):
        for bit in bits:
            words[row, bit // _WORD] |= np.uint64(1 << bit % _WORD)
    return words


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """What a class drives and pays from call to call on the way to one gate. ``fen`` pays the stay, too."""

    seconds: Ints
    fen: Ints
    out_s: Ints
    """From each call to the gate."""
    out_fen: Ints
    opens: Ints
    closes: Ints
    allowed: Flags


def ways_of(problem: RoutingProblem, calls: Calls, *, vehicle_class: int, gate: int) -> Ways:
    """Look the roads up once, call by call; costs are rounded as ``RoutingProblem.trip_fen`` rounds them."""
    kind, visits = problem.vehicle_classes[vehicle_class], np.array(calls.visits, dtype=np.int64)
    to = np.append(visits, problem.gates[gate].node)
    seconds = problem.seconds[kind.profile][visits][:, to]
    metres = problem.metres[kind.profile][visits][:, to]
    paid_s = seconds + calls.stays[:, None]
    fen = (kind.per_km_fen * metres + 500) // 1000 + (kind.per_hour_fen * paid_s + 1800) // 3600
    return Ways(
        seconds=seconds[:, :-1],
        fen=fen[:, :-1],
        out_s=seconds[:, -1],
        out_fen=fen[:, -1],
        opens=np.array([problem.visits[v].opens_s for v in calls.visits], dtype=np.int64),
        closes=np.array([problem.visits[v].closes_s for v in calls.visits], dtype=np.int64),
        allowed=np.array([problem.may_make(vehicle_class, v, gate) for v in calls.visits], dtype=np.bool_),
    )
