"""Ways to cut visits into pieces that board together, for searches that cannot split by themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from planner.solvers.routing.problem import RoutingProblem, Shift

Piece = tuple[int, ...]
"""Parts that board together; () is the whole visit."""
Cuts = tuple[tuple[Piece, ...], ...]
"""The pieces of every visit."""
Pieces = tuple[tuple[int, Piece], ...]
"""Which piece of which visit every visit of an exploded problem is."""

_POWERS: Final = (20, 10, 5, 1)
"""Sizes of pieces in per cent of the largest vehicle's seats: Chen, P. et al. 2017, Omega 67."""
_MOST: Final = 800
"""Pieces above which a search finds less than it would with fewer."""
_SMALL: Final = 120
"""Pieces up to which every part may be one."""
_FULL: Final = 90
"""Per cent of a vehicle's seats from which on it is sent as it is."""


def pre_splits(problem: RoutingProblem) -> tuple[Cuts, ...]:
    """Different ways of cutting, plainest first.

    Whole vehicles first and the rest together; loads between half and nearly whole vehicles halved as
    well; many small pieces of falling size; in small problems every part by itself.
    """
    seats = [_reach(problem, visit) for visit in range(len(problem.visits))]
    whole, halves, powers = list[tuple[Piece, ...]](), list[tuple[Piece, ...]](), list[tuple[Piece, ...]]()
    for figures, room in zip(problem.visits, seats, strict=True):
        sizes = figures.parts
        full = _fill(sizes, range(len(sizes)), room)
        whole.append(_named(full, sizes))
        halved = [half for load in full for half in _halve(sizes, load, room)]
        halves.append(_named(halved, sizes))
        powers.append(_named(_by_powers(sizes, room), sizes))
    single = [tuple((part,) for part in range(len(v.parts))) or ((),) for v in problem.visits]
    found = [tuple(cuts) for cuts in (whole, halves, powers, single)]
    few = [cuts for cuts in found[:3] if sum(map(len, cuts)) <= max(_MOST, 2 * len(problem.visits))]
    few += [cuts for cuts in found[3:] if sum(map(len, cuts)) <= _SMALL]
    return tuple(dict.fromkeys(few or found[:1]))


def refine(problem: RoutingProblem, cuts: Cuts, *, shifts: Sequence[Shift]) -> Cuts:
    """Cut further, so that every call of a plan takes whole pieces."""
    caller = [[-1] * len(visit.parts) for visit in problem.visits]
    trips = (trip for shift in shifts for trip in shift.trips)
    for number, trip in enumerate(trips):
        for visit, parts in zip(trip.visits, trip.taken, strict=False):
            for part in parts:
                caller[visit][part] = number
    finer: list[tuple[Piece, ...]] = []
    for visit, own in enumerate(cuts):
        pieces: list[list[int]] = []
        for piece in own:
            groups: dict[int, list[int]] = defaultdict(list)
            for part in piece or range(len(caller[visit])):
                groups[caller[visit][part]].append(part)
            pieces += groups.values()
        finer.append(_named(pieces, problem.visits[visit].parts))
    return tuple(finer)


def _named(pieces: Sequence[Sequence[int]], sizes: Sequence[int]) -> tuple[Piece, ...]:
    """Pieces in a fixed order; () for one that is the whole visit."""
    if len(pieces) <= 1:
        return ((),)
    return tuple(
        sorted((tuple(sorted(piece)) for piece in pieces), key=lambda p: (-sum(sizes[i] for i in p), p))
    )


def _reach(problem: RoutingProblem, visit: int) -> int:
    """Seats of the largest vehicle that may come to the visit and take its people on."""
    seats = 0
    for number, kind in enumerate(problem.vehicle_classes):
        nodes = [problem.gates[gate].node for gate in kind.gates if problem.may_make(number, visit, gate)]
        leads = problem.arc_seconds(number, kind.start, visit) >= 0 or kind.trips > 1
        if kind.count and leads and any(problem.arc_seconds(number, visit, node) >= 0 for node in nodes):
            seats = max(seats, kind.capacity)
    return seats or max((kind.capacity for kind in problem.vehicle_classes), default=1)


def _fill(sizes: Sequence[int], parts: Sequence[int], room: int) -> list[list[int]]:  # noqa: PLR0917  # bins of room
    """First fit decreasing into bins of ``room``; a part above it has its own."""
    bins: list[list[int]] = []
    free: list[int] = []
    for part in sorted(parts, key=lambda part: (-sizes[part], part)):
        at = next((number for number, left in enumerate(free) if sizes[part] <= left), None)
        if at is None:
            bins.append([part])
            free.append(room - sizes[part])
        else:
            bins[at].append(part)
            free[at] -= sizes[part]
    return bins


def _halve(sizes: Sequence[int], load: Sequence[int], room: int) -> list[list[int]]:  # noqa: PLR0917  # as above
    """Two level halves of a load over half the room, unless it fills a vehicle."""
    heads = sum(sizes[part] for part in load)
    if not room < 2 * heads or 100 * heads >= _FULL * room or len(load) == 1:
        return [list(load)]
    halves: list[list[int]] = [[], []]
    weights = [0, 0]
    for part in sorted(load, key=lambda part: (-sizes[part], part)):
        lighter = weights.index(min(weights))
        halves[lighter].append(part)
        weights[lighter] += sizes[part]
    return halves


def _by_powers(sizes: Sequence[int], room: int) -> list[list[int]]:
    """As many pieces of 20 % of the room as there are heads for, then of 10, 5 and 1 %."""
    left, targets = sum(sizes), list[int]()
    for power in _POWERS:
        target = max(room * power // 100, 1)
        targets += [target] * (left // target)
        left %= target
    pieces: list[list[int]] = [[] for _ in targets]
    alone: list[list[int]] = []
    for part in sorted(range(len(sizes)), key=lambda part: (-sizes[part], part)):
        at = next((number for number, free in enumerate(targets) if sizes[part] <= free), None)
        if at is None:
            alone.append([part])
        else:
            pieces[at].append(part)
            targets[at] -= sizes[part]
    return [piece for piece in pieces if piece] + alone
