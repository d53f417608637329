"""What a certificate's dual values are checked against: visits as nodes, trips by class, gate and start.

An own reading of the problem, apart from the search's. Each simplification lets more trips in or makes
them cheaper, never the other way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.problem import FOREVER, UNREACHABLE, RoutingProblem, VehicleClass, Visit
from planner.solvers.routing.verify_labels import CAP, CLOSES, CLOSING, FAR, HOME, LAST, OPENS, TAIL, WEIGHT
from planner.solvers.routing.verify_pages import CLOCK, COST, FIELDS, LEFT, MEMORY, SPAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

HOUR: Final = 3600
"""Costs are counted in this part of a fen, so that fen an hour of any whole seconds are whole numbers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nodes:
    """Visits as nodes, one for each part: arrays of one length. A call takes ``stop_s`` and each ``board_s``.

    Boarding and prize of a part are its share by heads, rounded down, and a call's stop is paid once; so
    a call costs no less than its nodes do, nor does leaving people out.
    """

    visit: Ints
    turn: Ints
    """Place in the order in which the parts of one call board."""
    before: Ints
    """The node of the part before it in that order, if that is of the same size, else -1. Of parts of a size
    a call has the first few: they are paid in falling order, so no other choice is paid more."""
    weight: Ints
    prize: tuple[int, ...]
    board_s: Ints
    stop_s: Ints
    grace_s: Ints
    """Boarding at the first call after this part, no ride yet."""
    opens_s: Ints
    closes_s: Ints
    unit: int
    """Heads of one weight; 0 where nobody has any and every visit weighs 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One of the ``Nodes``."""

    visit: int
    heads: int
    prize: int
    board_s: int
    stop_s: int
    closes_s: int
    turn: int
    before: int
    """How many nodes before this one that of the same size is that boards before it; 0 for none."""
    grace_s: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Duals:
    """Dual values within what keeps a bound valid, in fen; by class but those of nodes and ends."""

    node: Ints
    count: tuple[int, ...]
    trips: tuple[int, ...]
    hour: tuple[int, ...]
    """Fen an hour of span, >= 0."""
    span_s: tuple[int, ...]
    steps: tuple[Ints, ...]
    """Rows of (span in seconds, 3600ths of a fen from there on)."""
    most: tuple[int, ...]
    """3600ths of a fen that a first trip gets back for all steps of its vehicle."""
    flow: dict[tuple[int, int], int]
    """By class and gate."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fleet:
    """A class, its number and the dual values put on driving: what tells its arc costs from others'."""

    number: int
    kind: VehicleClass
    hour: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class End:
    """Trips of one class to one gate, ``among`` the nodes that can be on one; matrices and rows by these."""

    gate: int
    top: int
    """Most weight."""
    among: Ints
    visit: Ints
    """The visit of each."""
    grace_s: Ints
    opening: NDArray[np.bool_]
    """Whether a trip may begin there."""
    costs: Ints
    """From node to node, what the second is paid taken off; in 3600ths of a fen."""
    hops: Ints
    """Seconds from the end of boarding to the next."""
    rows: Ints
    """What ``verify_labels`` calls nodes."""
    drive_home_s: Ints
    clocks: bool
    """Whether windows of visits matter."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Start:
    """Where trips begin, when at the earliest, after how much driving, and their flat cost by dual values."""

    node: int
    ready_s: int
    unbroken_s: int
    flat: int


def unfold(problem: RoutingProblem) -> Nodes | None:
    """Make the nodes; None where only some visits have heads: then loads put them in no order."""
    seats = max((kind.capacity for kind in problem.vehicle_classes), default=0)
    if any(visit.parts and sum(visit.parts) != visit.heads for visit in problem.visits):
        return None
    parts = [
        part for number, visit in enumerate(problem.visits) for part in _parts(number, visit, seats=seats)
    ]
    heads = [part.heads for part in parts]
    if not parts or (min(heads) < 1 and any(heads)):
        return None
    unit = gcd(*heads)
    return Nodes(
        visit=_column([part.visit for part in parts]),
        turn=_column([part.turn for part in parts]),
        before=_column([node - part.before if part.before else -1 for node, part in enumerate(parts)]),
        weight=_column([count // unit if unit else 1 for count in heads]),
        prize=tuple(part.prize for part in parts),
        board_s=_column([part.board_s for part in parts]),
        stop_s=_column([part.stop_s for part in parts]),
        grace_s=_column([part.grace_s for part in parts]),
        opens_s=_column([problem.visits[part.visit].opens_s for part in parts]),
        closes_s=_column([part.closes_s for part in parts]),
        unit=unit,
    )


def _parts(number: int, visit: Visit, *, seats: int) -> Iterator[_Part]:
    """Parts of a visit as nodes, the largest boarding first; the whole visit where it has none.

    The window of a part is open until the longest call that begins within the visit's would be over but
    for this part. Those who board at the first call after a part of it do so before the ride begins.
    """
    stop = min(visit.stop_s, visit.service_s) if visit.parts else 0
    board, sizes = visit.service_s - stop, visit.parts or (visit.heads,)
    shares = [board * heads // visit.heads if visit.parts else board for heads in sizes]
    order = sorted(range(len(sizes)), key=lambda part: (-sizes[part], part))
    for part, heads in enumerate(sizes):
        turn = order.index(part)
        later = sum(shares[other] for other in order[turn + 1 :])
        alike = turn > 0 and sizes[order[turn - 1]] == heads
        yield _Part(
            visit=number,
            heads=heads,
            prize=visit.prize * heads // visit.heads if visit.parts else visit.prize,
            board_s=shares[part],
            stop_s=stop,
            closes_s=min(visit.closes_s + visit.service_s - stop - shares[part], FOREVER),
            turn=turn,
            before=part - order[turn - 1] if alike else 0,
            grace_s=min(later, board * max(seats - heads, 0) // visit.heads) if later else 0,
        )


def read_end(problem: RoutingProblem, nodes: Nodes, *, fleet: Fleet, gate: int, paid: Ints) -> End | None:
    """Lay out the trips of a class to the gate, each node ``paid`` so many fen; None where there are none."""
    kind, shuts = fleet.kind, problem.gates[gate].closes_s
    top = min(kind.capacity // nodes.unit if nodes.unit else len(nodes.visit), int(nodes.weight.sum()))
    may = [problem.may_make(fleet.number, visit, gate) for visit in nodes.visit.tolist()]
    among = np.flatnonzero(np.array(may) & (nodes.weight <= top))
    drive, hop, last = _roads(problem, nodes, among=among, fleet=fleet, gate=gate)
    tail = nodes.stop_s + nodes.board_s
    cap = shuts - (nodes.opens_s + tail)[among]
    home = _ways_home(hop, last=last)
    ride = np.maximum(home, problem.gates[gate].opens_s - nodes.closes_s[among] - tail[among])
    kept = np.flatnonzero((home < FOREVER) & (home <= cap) & (ride <= problem.ride_limit_s))
    if not len(kept):
        return None
    some = np.ix_(kept, kept)
    among, drive, hop, last = among[kept], drive[some], hop[some], last[kept]
    costs, closing = _arc_costs(problem, nodes, among=among, hop=hop, fleet=fleet, gate=gate)
    rows = np.zeros((len(among), CAP + 1), dtype=np.int64)
    rows[:, WEIGHT], rows[:, TAIL] = nodes.weight[among], tail[among]
    rows[:, OPENS], rows[:, CLOSES], rows[:, CAP] = nodes.opens_s[among], nodes.closes_s[among], cap[kept]
    rows[:, HOME], rows[:, LAST] = home[kept], last
    rows[:, CLOSING] = np.where(last < FOREVER, closing, FAR)
    opens = rows[:, OPENS]
    return End(
        gate=gate,
        top=top,
        among=among,
        visit=nodes.visit[among],
        grace_s=nodes.grace_s[among],
        opening=nodes.before[among] < 0,
        costs=np.where(hop < FOREVER, costs - HOUR * paid[among], FAR),
        hops=hop,
        rows=rows,
        drive_home_s=_ways_home(drive, last=last) if kind.drive_limit_s < FOREVER else np.zeros_like(last),
        clocks=bool((rows[:, CLOSES] < shuts).any() or (shuts < FOREVER and opens.max() > opens.min())),
    )


def read_starts(problem: RoutingProblem, *, fleet: Fleet, ends: Sequence[End], duals: Duals) -> list[Start]:
    """List where trips of a class begin: its start, and the gates where one of its trips can have ended.

    A later trip begins no sooner than the earliest arrival of any first trip there allows.
    """
    k, kind = fleet.number, fleet.kind
    flat = HOUR * (kind.fixed_fen - duals.count[k] + duals.trips[k] * (kind.trips - 1))
    flat -= fleet.hour * duals.span_s[k] if fleet.hour else 0
    first = Start(
        node=kind.start,
        ready_s=kind.ready_s,
        unbroken_s=kind.unbroken_s,
        flat=flat - duals.most[k],
    )
    starts = [first]
    for end in ends if kind.trips > 1 else ():
        _, begins, left = _begin(problem, end=end, start=first, kind=kind)
        arrivals = (begins + end.rows[:, TAIL] + end.rows[:, HOME])[left >= 0]
        if len(arrivals):
            arrives = max(int(arrivals.min()), problem.gates[end.gate].opens_s)
            starts.append(
                Start(
                    node=problem.gates[end.gate].node,
                    ready_s=-(-arrives // problem.step_s) * problem.step_s + problem.turn_s,
                    unbroken_s=0 if problem.turn_rests else kind.unbroken_s,
                    flat=-HOUR * (duals.trips[k] + duals.flow.get((k, end.gate), 0)),
                )
            )
    return starts


def first_labels(problem: RoutingProblem, *, fleet: Fleet, end: End, start: Start) -> tuple[Ints, Ints]:
    """Labels of all trips' first calls, and at which node each is; costs without what the nodes are paid."""
    kind, rows = fleet.kind, end.rows
    lead, begins, left = _begin(problem, end=end, start=start, kind=kind)
    able = np.flatnonzero(left >= 0)
    visit = end.visit
    fen = (kind.per_km_fen * problem.metres[kind.profile][start.node, visit] + 500) // 1000
    fen += (kind.per_hour_fen * problem.seconds[kind.profile][start.node, visit] + 1800) // 3600
    labels = np.zeros((len(visit), FIELDS), dtype=np.int64)
    labels[:, COST] = start.flat + HOUR * fen + fleet.hour * (lead + rows[:, TAIL] + problem.turn_s)
    labels[:, LEFT], labels[:, SPAN] = left, lead + rows[:, TAIL]
    labels[:, CLOCK] = begins + rows[:, TAIL]
    labels[:, MEMORY] = 1
    return labels[able], able


def _begin(problem: RoutingProblem, *, end: End, start: Start, kind: VehicleClass) -> tuple[Ints, Ints, Ints]:
    """Seconds to the first call, when it begins at the earliest, ride seconds left after it (-1: impossible).

    All limits on a trip without waiting are limits on its ride once the first call is known.
    """
    rows, shuts = end.rows, problem.gates[end.gate].closes_s
    drive = problem.seconds[kind.profile][start.node, end.visit]
    rest_after = kind.unbroken_limit_s - start.unbroken_s - problem.ride_limit_s
    lead = drive + np.where(drive > rest_after, kind.rest_s, 0)
    begins = np.maximum(start.ready_s + lead, rows[:, OPENS])
    left = np.minimum(kind.duration_limit_s - lead, shuts - begins) - rows[:, TAIL]
    left = np.minimum(left, problem.ride_limit_s + end.grace_s)
    possible = (
        (drive != UNREACHABLE)
        & end.opening
        & (start.unbroken_s + drive <= kind.unbroken_limit_s)
        & (drive + end.drive_home_s <= kind.drive_limit_s)
        & (begins <= rows[:, CLOSES])
        & (left >= rows[:, HOME])
    )
    return lead, begins, np.where(possible, left, -1)


def _roads(
    problem: RoutingProblem, nodes: Nodes, *, among: Ints, fleet: Fleet, gate: int
) -> tuple[Ints, Ints, Ints]:
    """Seconds of driving from node to node, until those there have boarded too, and to the gate.

    FOREVER where no way is. Parts of one visit board in their order, its stop paid by the first: any call is
    such a row of nodes.
    """
    seconds, visit = problem.seconds[fleet.kind.profile], nodes.visit[among]
    same, turn = visit[:, None] == visit, nodes.turn[among]
    drive = np.where(same, np.where(turn[:, None] < turn, 0, UNREACHABLE), seconds[np.ix_(visit, visit)])
    before = nodes.before[among]
    drive = np.where((before < 0) | (before == among[:, None]), drive, UNREACHABLE)
    drive = np.where(drive == UNREACHABLE, FOREVER, drive)
    hop = drive + nodes.board_s[among] + np.where(same, 0, nodes.stop_s[among])
    last = seconds[visit, problem.gates[gate].node]
    return drive, np.where(drive < FOREVER, hop, FOREVER), np.where(last == UNREACHABLE, FOREVER, last)


def _arc_costs(
    problem: RoutingProblem, nodes: Nodes, *, among: Ints, hop: Ints, fleet: Fleet, gate: int
) -> tuple[Ints, Ints]:
    """Costs from node to node and to the gate with the dual value of time, in 3600ths; no prize, no barring.

    An arc that leaves a visit bears its stop and its last part's boarding; earlier parts bear their own.
    """
    kind, visit = fleet.kind, nodes.visit[among]
    seconds, metres = problem.seconds[kind.profile], problem.metres[kind.profile]
    board, stop = nodes.board_s[among][:, None], nodes.stop_s[among][:, None]
    goals = np.append(visit, problem.gates[gate].node)
    arcs = np.ix_(visit, goals)
    fen = (kind.per_km_fen * metres[arcs] + 500) // 1000
    fen += (kind.per_hour_fen * (seconds[arcs] + stop + board) + 1800) // 3600
    fen = np.where(visit[:, None] == goals, kind.per_hour_fen * board // 3600, fen)
    return HOUR * fen[:, :-1] + fleet.hour * hop, HOUR * fen[:, -1] + fleet.hour * seconds[arcs][:, -1]


def _ways_home(steps: Ints, *, last: Ints) -> Ints:
    """Least seconds from each node to the gate, by other nodes or not (Bellman 1958)."""
    home = last
    while True:
        nearer = np.minimum(home, (steps + home).min(axis=1, initial=FOREVER))
        if (nearer == home).all():
            return home
        home = nearer


def _column(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
