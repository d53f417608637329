"""Bounds that need no search: valid for every feature of a problem, ready at once at any size.

They serve where nothing better was proved, and as a floor under what was. Two prices of serving a visit
are made, neither above what the visit adds to any plan; the weaker is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.problem import UNREACHABLE, RoutingProblem
from planner.solvers.routing.search import Bound, Relaxation, Report, Trouble

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEVER: Final = 2**48
"""Fen of what cannot be done; a few of them and every prize still add up in 64 bits."""
_DEAREST: Final = 2**44
"""Dearer prizes count as this much, so that sums stay within 64 bits."""
_GRAIN: Final = 1_000
"""Shares of a seat are rounded down to this part of a fen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Floors:
    """Of one class: the least fen of an arc into each visit, of a way from each to a gate, and of both ends.

    ``into`` and ``through`` are ``_NEVER`` where the class cannot make the visit.
    """

    into: NDArray[np.int64]
    through: NDArray[np.int64]
    last: int


def trivial_bound(problem: RoutingProblem) -> int:
    """Give a cost in fen, prizes included, that no plan can be below."""
    classes = [
        number
        for number, kind in enumerate(problem.vehicle_classes)
        if min(kind.count, kind.trips, kind.capacity, len(kind.gates)) > 0
    ]
    if not classes or not problem.visits:
        return sum(visit.prize for visit in problem.visits)
    floors = _floors(problem, classes)
    return max(
        0,
        _choose(problem, _price_by_arcs(problem, classes, floors=floors)),
        _choose(problem, _price_by_seats(problem, classes, floors=floors)),
    )


def fall_back(problem: RoutingProblem, bound: Bound, *, fen: int) -> tuple[Bound, Report] | None:
    """Give what stands instead of a bound that a lawful plan undercuts, and what people are told; else None.

    ``fen`` is what the plan costs, prizes included. A bound above it is wrong however little: to lower it to
    the cost would prove the plan the cheapest by a mistake. Should the trivial bound be wrong too, 0 stands.
    """
    if bound.fen <= fen:
        return None
    trivial = trivial_bound(problem)
    stands = Bound(fen=trivial if trivial <= fen else 0, relaxation=Relaxation.TRIVIAL)
    detail = f"{bound.relaxation} bound of {bound.fen} fen, and a plan of {fen}"
    return stands, Report(backend="bound", trouble=Trouble.FAILED, detail=detail)


def _price_by_arcs(
    problem: RoutingProblem, classes: Sequence[int], *, floors: Sequence[_Floors]
) -> NDArray[np.int64]:
    """Price a visit at its cheapest entry and its people's share of what each trip costs besides.

    A trip consists of one arc into each of its visits (the first call, where parts board apart) and
    one into the gate; a vehicle's fixed cost pays for at most ``trips`` trips. The last arc and that
    share of the fixed cost, spread over all seats of the class, are covered by the heads on board, as
    these are never more than the seats. The least over the classes bounds a visit shared by several too:
    each pays a whole entry for its part of the heads.
    """
    heads = _heads(problem)
    least = np.full(len(heads), _NEVER, dtype=np.int64)
    for number, floor in zip(classes, floors, strict=True):
        if floor.last >= _NEVER:
            continue
        kind = problem.vehicle_classes[number]
        ends = _GRAIN * (kind.fixed_fen + kind.trips * floor.last) // (kind.trips * kind.capacity)
        least = np.minimum(least, floor.into + heads * ends // _GRAIN)
    return least


def _price_by_seats(
    problem: RoutingProblem, classes: Sequence[int], *, floors: Sequence[_Floors]
) -> NDArray[np.int64]:
    """Price a visit at its heads' seats in a trip that goes there and on to the gate by the cheapest way.

    A trip costs at least its share of the fixed cost and the cheapest way through any one of its
    visits, so also the mean of these ways weighted by the heads of each; the seats left empty only
    raise the true cost. Shortest ways are used, so no triangle inequality is assumed.
    """
    heads = _heads(problem)
    least = np.full(len(heads), _NEVER, dtype=np.int64)
    for number, floor in zip(classes, floors, strict=True):
        kind = problem.vehicle_classes[number]
        trip = _GRAIN * (kind.fixed_fen // kind.trips + floor.through) // kind.capacity
        price = np.where(floor.through < _NEVER, heads * trip // _GRAIN, _NEVER)
        least = np.minimum(least, price)
    return least


def _choose(problem: RoutingProblem, served: NDArray[np.int64]) -> int:
    """Serve what is cheaper than its prize while all seats of all trips last.

    Seats make it a knapsack; for any price of a seat not below 0, the seats at that price plus what each
    visit saves beyond its own seats' price is more than can be saved. Leaving some parts of a visit is
    linear between both ends but for one rounding of its prize, hence a fen for each such visit.
    """
    heads = _heads(problem)
    prizes = np.array([min(visit.prize, _DEAREST) for visit in problem.visits], dtype=np.int64)
    seats = sum(kind.count * kind.trips * kind.capacity for kind in problem.vehicle_classes)
    saved = np.maximum(prizes - served, 0)
    rates = saved // np.maximum(heads, 1)
    order = np.argsort(-rates, kind="stable")
    full = np.searchsorted(np.cumsum(heads[order]), seats, side="right")
    critical = int(rates[order[full]]) if full < len(order) else 0
    most = min(
        seats * rate + int(np.maximum(saved - rate * heads, 0).sum()) for rate in (0, critical, critical + 1)
    )
    return int(prizes.sum()) - most - sum(1 for visit in problem.visits if visit.parts)


def _heads(problem: RoutingProblem) -> NDArray[np.int64]:
    return np.array([visit.heads for visit in problem.visits], dtype=np.int64)


def _floors(problem: RoutingProblem, classes: Sequence[int]) -> list[_Floors]:
    """Look at each tariff, start and gate once, however many classes share them."""
    size = len(problem.visits)

    @cache
    def price(profile: int, per_km_fen: int, per_hour_fen: int) -> NDArray[np.int64]:  # noqa: PLR0917  # a key
        return _arc_floors(problem, profile=profile, per_km_fen=per_km_fen, per_hour_fen=per_hour_fen)

    @cache
    def way(tariff: tuple[int, int, int], terminal: int, *, back: bool) -> NDArray[np.int64]:
        costs = price(*tariff)
        among = costs[:size, :size]
        return (
            _shortest(costs[:size, terminal], step=among.T)
            if back
            else _shortest(costs[terminal, :size], step=among)
        )

    floors: list[_Floors] = []
    for number in classes:
        kind = problem.vehicle_classes[number]
        tariff = (kind.profile, kind.per_km_fen, kind.per_hour_fen)
        costs, may = price(*tariff), _makes(problem, number)
        gates = [problem.gates[gate].node for gate in kind.gates]
        starts = [kind.start, *(gates if kind.trips > 1 else ())]
        able = may.any(axis=0)
        before = np.append(np.flatnonzero(able), starts)
        entered = costs[before, :size].min(axis=0)
        out = np.min([way(tariff, start, back=False) for start in starts], axis=0)
        home = np.min(
            [np.where(may[n], way(tariff, gate, back=True), _NEVER) for n, gate in enumerate(gates)], axis=0
        )
        through = np.where(able, np.minimum(out + home, _NEVER), _NEVER)
        into = np.where(through < _NEVER, entered, _NEVER)
        ends = costs[:size, gates].T[may]
        floors.append(_Floors(into=into, through=through, last=int(ends.min()) if ends.size else _NEVER))
    return floors


def _makes(problem: RoutingProblem, number: int) -> NDArray[np.bool_]:
    """Whether a class may make some part of a visit, by its gates in order and the visit."""
    kind = problem.vehicle_classes[number]
    fits = [min(visit.parts, default=visit.heads) <= kind.capacity for visit in problem.visits]
    rows = [
        [fit and problem.may_make(number, visit, gate) for visit, fit in enumerate(fits)]
        for gate in kind.gates
    ]
    return np.array(rows, dtype=np.bool_)


def _arc_floors(
    problem: RoutingProblem, *, profile: int, per_km_fen: int, per_hour_fen: int
) -> NDArray[np.int64]:
    """Fen of each arc when no more than the smallest part boards where it begins; no arc to itself."""
    seconds, metres = problem.seconds[profile], problem.metres[profile]
    stays = np.zeros(len(seconds), dtype=np.int64)
    stays[: len(problem.visits)] = [
        visit.boarding_s(min(visit.parts, default=visit.heads)) for visit in problem.visits
    ]
    spent = per_hour_fen * (seconds + stays[:, None])
    costs = (per_km_fen * metres + 500) // 1000 + (spent + 1800) // 3600
    costs = np.where(seconds == UNREACHABLE, _NEVER, costs)
    np.fill_diagonal(costs, _NEVER)
    return costs


def _shortest(begin: NDArray[np.int64], *, step: NDArray[np.int64]) -> NDArray[np.int64]:
    """Dijkstra's algorithm on a full matrix: least fen to every visit, the first arc taken from ``begin``."""
    ways = begin.copy()
    waiting = np.where(ways < _NEVER, ways, 2 * _NEVER)
    for _ in range(len(ways)):
        nearest = int(waiting.argmin())
        if waiting[nearest] >= _NEVER:
            break
        waiting[nearest] = 2 * _NEVER
        nearer = ways[nearest] + step[nearest]
        better = np.flatnonzero(nearer < ways)
        ways[better] = waiting[better] = nearer[better]
    return ways
