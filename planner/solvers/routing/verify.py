"""A second opinion on a bound: recomputed from the certificate's dual values alone, in exact integers.

Nothing is shared with the search that made the certificate but the problem and the certificate's own
definition, and nothing is believed: whatever the dual values are, what comes out is a lower bound. Every
trip of every lawful plan is among those looked at here; these may also come back to a visit they no longer
remember, ignore most limits at the wheel and any ride spent waiting.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.certificate import Certificate
from planner.solvers.routing.problem import FOREVER, UNREACHABLE, RoutingProblem, VehicleClass
from planner.solvers.routing.verify_labels import FAR, HOME, WEIGHT, complete, grow, step_cost
from planner.solvers.routing.verify_model import (
    HOUR,
    Duals,
    End,
    Fleet,
    Nodes,
    first_labels,
    read_end,
    read_starts,
    unfold,
)
from planner.solvers.routing.verify_pages import (
    CLOCK,
    COST,
    FIELDS,
    LINK,
    PAGE,
    SEEN,
    SPAN,
    more_pages,
    open_pages,
)
from planner.solvers.routing.verify_subsets import Triple, hold, read_triples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_LARGEST: Final = 2**38
"""No dual value is taken for more fen, whatever the certificate says; sums stay within 64 bits."""
_NEAREST: Final = 12
"""Nearest visits remembered where the certificate does not say which."""
_BITS: Final = 60
_ROOM: Final = 1 << 15


class _GaveUpError(Exception):
    """The limit came before the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    """The least reduced cost of a class's trips, what a head must cost to lift all to 0, and their number."""

    least: int
    a_head: int
    trips: int


@dataclass(slots=True, kw_only=True, eq=False)
class _Audit:
    """One verification on its way; costs in 3600ths of a fen."""

    problem: RoutingProblem
    nodes: Nodes
    duals: Duals
    near: Ints
    triples: list[Triple]
    labels: int
    go_on: Callable[[], None]
    tables: dict[object, tuple[Ints, Ints, Ints]] = field(default_factory=dict)
    """Ways on, shared by classes that differ in number, start or fixed cost only."""


def verify(
    problem: RoutingProblem,
    certificate: Certificate,
    *,
    seconds: float | None = 20.0,
    labels: int = 8_000_000,
    stop: Callable[[], bool] = lambda: False,
) -> int | None:
    """Give a bound in fen that the dual values prove, or None where that was not found out in time.

    Dual values that pay some trip more than it costs are lowered by a price a head, or what all trips
    of a class can be overpaid is taken off, whichever proves more: good values give their full worth,
    bad ones less, never too much. Where visits have parts the values are by part, visit after visit.
    ``labels`` is the most for one class and gate; with ``seconds`` None it alone limits the work.
    """
    deadline = None if seconds is None else time.monotonic() + seconds

    def go_on() -> None:
        if stop() or (deadline is not None and time.monotonic() > deadline):
            raise _GaveUpError

    nodes = unfold(problem)
    if nodes is None or len(certificate.visit_duals) != len(nodes.visit):
        return None
    duals = _duals(problem, certificate, nodes=nodes)
    alike = frozenset(np.flatnonzero(nodes.before >= 0).tolist()) | frozenset(nodes.before.tolist())
    triples = read_triples(certificate, alike=alike, size=len(nodes.visit), most=_LARGEST)
    audit = _Audit(
        problem=problem,
        nodes=nodes,
        duals=duals,
        near=_neighbours(problem, nodes, named=certificate.neighbourhoods),
        triples=triples,
        labels=labels,
        go_on=go_on,
    )
    with suppress(_GaveUpError):
        return _worth(audit)
    return None


def _worth(audit: _Audit) -> int:
    """What the dual values are worth when every class's need is met, rounded up: plans cost whole fen.

    A price a head lowers every visit's dual value (still below its prize) and lifts each trip by its load;
    a class not lifted to 0 so can take no more from a plan than its least trip, so many times.
    """
    worth = HOUR * (int(audit.duals.node.sum()) - sum(fen for _, _, fen in audit.triples))
    needs: list[_Need] = []
    for number, kind in enumerate(audit.problem.vehicle_classes):
        if min(kind.count, kind.trips) > 0:
            worth += HOUR * kind.count * audit.duals.count[number]
            needs.append(_need(audit, Fleet(number=number, kind=kind, hour=audit.duals.hour[number])))
    heads = int(audit.nodes.weight.sum())
    best = max(
        worth - price * heads + sum(need.least * need.trips for need in needs if need.a_head > price)
        for price in {0, *(need.a_head for need in needs)}
    )
    return -(-best // HOUR)


def _need(audit: _Audit, fleet: Fleet) -> _Need:
    """Look through all trips of a class."""
    problem, nodes, duals = audit.problem, audit.nodes, audit.duals
    laid = (
        read_end(problem, nodes, fleet=fleet, gate=gate, paid=duals.node)
        for gate in dict.fromkeys(fleet.kind.gates)
    )
    ends = [end for end in laid if end]
    starts = read_starts(problem, fleet=fleet, ends=ends, duals=duals)
    least, a_head = 0, 0
    for end in ends:
        firsts = [first_labels(problem, fleet=fleet, end=end, start=start) for start in starts]
        labels = np.concatenate([rows for rows, _ in firsts])
        at = np.concatenate([places for _, places in firsts])
        labels[:, COST] += HOUR * (duals.flow.get((fleet.number, end.gate), 0) - duals.node[end.among[at]])
        by_load = _cheapest(audit, fleet, end=end, labels=labels, at=at)
        least = min(least, int(by_load.min()))
        a_head = max(a_head, *(-(int(cost) // load) for load, cost in enumerate(by_load) if load))
    return _Need(least=least, a_head=a_head, trips=min(fleet.kind.count * fleet.kind.trips, len(nodes.visit)))


def _cheapest(audit: _Audit, fleet: Fleet, *, end: End, labels: Ints, at: Ints) -> Ints:
    """Least reduced cost by load of the trips to a gate that begin as ``labels`` do; at most 0."""
    steps, size = audit.duals.steps[fleet.number], len(end.among)
    spans, shuts = bool(len(steps)), audit.problem.gates[end.gate].closes_s
    labels[:, SPAN] *= spans
    labels[:, CLOCK] *= end.clocks
    table, weights = _ways_on(audit, fleet, end=end), end.rows[at, WEIGHT]
    extra = [step_cost(steps, span) for span in (labels[:, SPAN] + end.rows[at, HOME]).tolist()]
    keep = np.flatnonzero(labels[:, COST] + table[0][end.top - weights, at] + extra < 0)
    waiting = np.full((end.top + 1, size), -1, dtype=np.int64)
    room = np.zeros((max(_ROOM, 2 * len(keep)), FIELDS), dtype=np.int64)
    for row, first in enumerate(keep.tolist()):
        room[row] = labels[first]
        room[row, LINK] = waiting[weights[first], at[first]]
        waiting[weights[first], at[first]] = row
    near, bits = _places(audit.near, among=end.among)
    held = hold(audit.triples, among=end.among, unit=HOUR)
    room[: len(keep), SEEN] = held.three[at[keep]]
    pages, least = open_pages(size, pages=2 * size + _ROOM // PAGE), np.zeros(end.top + 1, dtype=np.int64)
    gate = np.array([audit.problem.turn_s, shuts if end.clocks else FAR, spans, end.clocks], dtype=np.int64)
    cursor, used = 0, len(keep)
    while cursor < waiting.size:
        before = cursor
        cursor, used = grow(
            cursor,
            used,
            room,
            waiting,
            pages,
            end.costs,
            end.hops,
            end.rows,
            near,
            bits,
            held,
            steps,
            *table,
            gate,
            least,
        )
        audit.go_on()
        if cursor == before:
            if len(room) >= audit.labels:
                raise _GaveUpError
            room = np.concatenate([room, np.zeros_like(room)])
            pages = more_pages(pages)
    return least


def _ways_on(audit: _Audit, fleet: Fleet, *, end: End) -> tuple[Ints, Ints, Ints]:
    """The table of cheapest ways on from each node with each load to spare."""
    kind = fleet.kind
    tariff = (kind.profile, kind.per_km_fen, kind.per_hour_fen, fleet.hour)
    key = (*tariff, end.gate, end.top, end.among.tobytes())
    if key not in audit.tables:
        best, after, other = np.full((3, end.top + 1, len(end.among)), FAR, dtype=np.int64)
        for load in range(end.top + 1):
            complete(end.costs, end.rows, load, best, after, other)
            audit.go_on()
        audit.tables[key] = best, after, other
    return audit.tables[key]


def _duals(problem: RoutingProblem, certificate: Certificate, *, nodes: Nodes) -> Duals:
    """Take dual values over, each within what keeps a bound valid: prizes cap visits, no rule is paid."""
    classes = range(len(problem.vehicle_classes))

    def given(values: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(max(min(values[k], 0), -_LARGEST) if k < len(values) else 0 for k in classes)

    spans = tuple(_span_s(problem, kind) for kind in problem.vehicle_classes)
    steps: list[list[tuple[int, int]]] = [[] for _ in classes]
    most = [0 for _ in classes]
    for k, threshold, dual in certificate.pack_duals:
        if k in classes and dual < 0 < 2 * threshold <= spans[k] < FOREVER:
            price = HOUR * min(-dual, _LARGEST)
            times = min(problem.vehicle_classes[k].trips, spans[k] // threshold)
            steps[k] += [(threshold, price), (spans[k] - threshold + 1, (times - 1) * price)]
            most[k] += times * price
    flow: dict[tuple[int, int], int] = {}
    for k, gate, dual in certificate.flow_duals:
        flow[k, gate] = max(min(flow.get((k, gate), 0) + dual, 0), -_LARGEST)
    hours = zip(given(certificate.time_duals), spans, strict=True)
    paid = zip(certificate.visit_duals, nodes.prize, strict=True)
    node = np.array([max(min(dual, prize, _LARGEST), -_LARGEST) for dual, prize in paid], dtype=np.int64)
    return Duals(
        node=_fall(node, nodes=nodes),
        count=given(certificate.count_duals),
        trips=given(certificate.trips_duals),
        hour=tuple(-dual if span < FOREVER else 0 for dual, span in hours),
        span_s=spans,
        steps=tuple(np.array(rows, dtype=np.int64).reshape(-1, 2) for rows in steps),
        most=tuple(most),
        flow=flow,
    )


def _fall(paid: Ints, *, nodes: Nodes) -> Ints:
    """The same values, those of alike parts of a visit in falling order: they prove as much in any."""
    falling = paid.copy()
    for first in np.flatnonzero(nodes.before < 0).tolist():
        row: list[int] = [first]
        while len(after := np.flatnonzero(nodes.before == row[-1])):
            row.append(int(after[0]))
        falling[row] = np.sort(paid[row])[::-1]
    return falling


def _span_s(problem: RoutingProblem, kind: VehicleClass) -> int:
    """Most seconds of all trips of one vehicle with a turn-round after each; FOREVER where nothing ends it.

    They follow each other from ``ready_s`` to the last closing; only the last turn-round may lie behind it.
    """
    closes = max((problem.gates[gate].closes_s for gate in kind.gates), default=0)
    return FOREVER if closes >= FOREVER else max(closes - kind.ready_s, 0) + problem.turn_s


def _neighbours(problem: RoutingProblem, nodes: Nodes, *, named: tuple[tuple[int, ...], ...]) -> Ints:
    """What is remembered at each node: itself and what the certificate names, else the nearest; -1 fills.

    Any sets do, larger ones let fewer trips in.
    """
    size = len(nodes.visit)
    ways = np.array([np.where(seconds == UNREACHABLE, FOREVER, seconds) for seconds in problem.seconds])
    between = ways.min(axis=0)[np.ix_(nodes.visit, nodes.visit)]
    close = np.argsort(np.minimum(between, between.T), axis=1, kind="stable")[:, : _NEAREST + 1]
    near = np.full((size, _BITS), -1, dtype=np.int64)
    for node in range(size):
        known = [o for o in named[node] if 0 <= o < size] if len(named) == size else close[node].tolist()
        chosen = dict.fromkeys((node, *known))
        near[node, : len(chosen)] = list(chosen)[:_BITS]
    return near[:, : int((near >= 0).sum(axis=1).max())]


def _places(near: Ints, *, among: Ints) -> tuple[Ints, Ints]:
    """Renumber the neighbourhoods of some nodes, and give the place of each node in each of them, or -1."""
    number = np.full(len(near) + 1, -1, dtype=np.int64)
    number[among] = range(len(among))
    local = number[near[among]]
    bits = np.full((len(among), len(among)), -1, dtype=np.int64)
    rows, places = np.nonzero(local >= 0)
    bits[rows, local[rows, places]] = places
    return local, bits
