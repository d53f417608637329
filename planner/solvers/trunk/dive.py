"""A first plan: coaches fixed as the prices suggest, a few at a time, then heads to their seats by a flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from ortools.graph.python import min_cost_flow

from planner.errors import SolverError
from planner.solvers.trunk.bound import Duals, Patience, Sites, climb
from planner.solvers.trunk.filling import Filling, nobody_moves, place_parties, settle

if TYPE_CHECKING:
    from planner.solvers.routing.program import Floats, Ints
    from planner.solvers.trunk.ground import Ground

_STEPS: Final = 40
"""Steps of prices after every few coaches."""
_FIRST: Final = 0.01
_NEARLY: Final = 0.9
"""Of a coach: as much is fixed at once."""
_AT_ONCE: Final = 0.06
"""Share of the coaches still to come that is fixed in any case."""
_HARDLY: Final = 0.1
"""Of a coach: less is left to whoever betters the plan."""


def dive(ground: Ground, duals: Duals, *, stop: Callable[[], bool]) -> Ints:
    """Coaches by kind and site that prices ask for, within the fleet."""
    low = np.zeros_like(ground.most)
    while not stop():
        free = ground.vehicles - ground.busy(low)
        high = np.minimum(low + _spare(ground, free), ground.most)
        duals = climb(
            Sites(ground, low=low, high=high), duals, patience=Patience(steps=_STEPS, first=_FIRST, stop=stop)
        )
        wanted = (np.minimum(duals.coaches, high) - low).astype(np.float64)
        more = _fix(ground, wanted, free=free)
        if not more.any():
            break
        low += more
    return low


def _spare(ground: Ground, free: Ints) -> Ints:
    """By kind and site, vehicles free on all the days that a coach from there would be away."""
    spare = np.full(ground.most.shape, 1 << 30)
    for shift in range(int(ground.site_away.max(initial=0))):
        day = ground.site_day + shift
        here = (shift < ground.site_away) & (day < ground.problem.days)
        spare[:, here] = np.minimum(spare[:, here], free[:, day[here]])
    return np.maximum(spare, 0)


def _fix(ground: Ground, wanted: Floats, *, free: Ints) -> Ints:
    """The most wanted coaches there are vehicles for."""
    more, free = np.zeros_like(ground.most), free.copy()
    at_once = max(_AT_ONCE * float(np.maximum(wanted, 0).sum()), 1.0)
    flat = wanted.ravel()
    for place in np.argsort(-flat, kind="stable").tolist():
        if flat[place] < _HARDLY or (flat[place] < _NEARLY and more.sum() >= at_once):
            break
        kind, site = divmod(place, ground.sites)
        day = int(ground.site_day[site])
        away = slice(day, day + int(ground.site_away[site]))
        times = min(max(int(flat[place] + 1 - _NEARLY), 1), int(free[kind, away].min()))
        if times > 0:
            more[kind, site] = times
            free[kind, away] -= times
    return more


def seat(ground: Ground, coaches: Ints) -> Filling:
    """The cheapest filling of these coaches by single heads, then whole parties as near to it as they go."""
    flow = _flow(ground, coaches, fixed=np.zeros_like(ground.way_fen))
    if ground.whole.any():
        flow = _flow(ground, coaches, fixed=_unite(ground, coaches, flow=flow))
    empty = nobody_moves(ground)
    chosen, waiting = empty.chosen, list[int]()
    first = np.searchsorted(ground.choice_type, np.arange(ground.type_group.size + 1))
    left = flow.copy()
    for number, count in enumerate(ground.type_count.tolist()):
        size = int(ground.type_size[number])
        begin = int(first[number])
        ways: Ints = ground.choice_way[begin : first[number + 1]]
        for _ in range(count):
            best = int(np.argmax(left[ways])) if ways.size else -1
            if best < 0 or left[ways[best]] < size:
                waiting.append(number)
                continue
            chosen[begin + best] += 1
            left[ways[best]] -= size
    filling = Filling(chosen=chosen, resort=np.zeros_like(empty.resort), coaches=coaches)
    filling = settle(ground, filling, sites=np.flatnonzero(coaches.sum(axis=0) > 1).tolist())
    place_parties(ground, filling, types=waiting)
    return filling


def _unite(ground: Ground, coaches: Ints, *, flow: Ints) -> Ints:
    """By way, the heads of groups that should stay whole: all where most of them are and there is room.

    Groups that are mostly at their last resort, or have room nowhere, are left to the flow.
    """
    fixed, room = np.zeros_like(flow), ground.booked(coaches)[0]
    order = np.argsort(ground.way_group, kind="stable")
    begins = np.searchsorted(ground.way_group[order], np.arange(ground.heads.size + 1))
    for group in sorted(np.flatnonzero(ground.whole).tolist(), key=lambda number: -int(ground.heads[number])):
        heads = int(ground.heads[group])
        ways = order[begins[group] : begins[group + 1]]
        ways = ways[np.argsort(-flow[ways], kind="stable")]
        if heads - int(flow[ways].sum()) > int(flow[ways].max(initial=0)):
            continue
        for way in ways[flow[ways] > 0].tolist():
            if room[ground.way_site[way]] >= heads:
                fixed[way] = heads
                room[ground.way_site[way]] -= heads
                break
    return fixed


def _flow(ground: Ground, coaches: Ints, *, fixed: Ints) -> Ints:
    """Heads by way, some of them ``fixed``."""
    weights, groups = ground.problem.weights, ground.heads.size
    seats, least = ground.booked(coaches)
    taken = np.bincount(ground.way_site, weights=fixed, minlength=ground.sites).astype(np.int64)
    placed = np.bincount(ground.way_group, weights=fixed, minlength=groups).astype(np.int64)
    seats, least, heads = seats - taken, np.maximum(least - taken, 0), ground.heads - placed
    ways = np.flatnonzero(seats[ground.way_site])
    sites, sink = np.flatnonzero(seats), groups + ground.sites
    arcs = [
        (ground.way_group[ways], groups + ground.way_site[ways], heads[ground.way_group[ways]]),
        (np.arange(groups), np.full(groups, sink), heads),
        (groups + sites, np.full(sites.size, sink), least[sites]),
        (groups + sites, np.full(sites.size, sink), (seats - least)[sites]),
    ]
    fen = [ground.way_fen[ways], ground.resort_fen, np.full(sites.size, -weights.short_fen), 0 * sites]
    tail, head, most = (np.concatenate(columns) for columns in zip(*arcs, strict=True))
    solver: Any = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(tail, head, most, np.concatenate(fen))
    supply = np.concatenate([heads, np.zeros(ground.sites, dtype=np.int64), [-heads.sum()]])
    solver.set_nodes_supplies(np.arange(supply.size), supply)
    if solver.solve() != solver.OPTIMAL:
        raise SolverError("trunk", "no flow")
    flow = fixed.copy()
    flow[ways] += solver.flows(np.arange(ways.size))
    return flow
