"""All shifts worth comparing: for each class and set of people the cheapest way one vehicle collects them.

Trips are chains of calls (``chains``) behind the way to their first call; later ones are joined to shifts
with the exact clock. Of shifts that collect the same people and stand at the same gate only those stay
that are cheaper, free earlier, less long at the wheel or better rested than the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.calls import Calls
from planner.solvers.routing.chains import Chains, Grower, Limits, Pruning, undominated_rows
from planner.solvers.routing.problem import UNREACHABLE, RoutingProblem, Shift, Trip

if TYPE_CHECKING:
    from planner.solvers.routing.calls import Ints, Words

_LOOK_BACK: Final = 64
"""Shifts of a group each one is compared with; keeping one too many is lawful."""
_CANDIDATES: Final = 8
"""Shifts of one more trip looked at, per row allowed."""
_PAIRS: Final = 1 << 16
"""Shift and trip joined at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Stands:
    """Vehicles of a class after some trips, one a row."""

    people: Words
    gate: Ints
    fen: Ints
    ready: Ints
    driven: Ints
    unbroken: Ints
    trip: Ints
    """Row of the last trip's chain among those to the gate."""
    before: Ints
    """Row of the shift without it, -1 where it is the first trip."""

    def pick(self, rows: Ints) -> _Stands:
        return _Stands(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def _join(several: Sequence[_Stands]) -> _Stands:
    names = [field.name for field in fields(_Stands)]
    return _Stands(**{name: np.concatenate([getattr(part, name) for part in several]) for name in names})


class ShiftTable:
    """The cheapest shifts of one class: ``people`` and ``fen`` by row; ``complete`` if all were seen."""

    def __init__(
        self,
        problem: RoutingProblem,
        calls: Calls,
        *,
        vehicle_class: int,
        limits: Limits,
        pruning: Pruning | None = None,
    ) -> None:
        self._problem, self._calls, self._number = problem, calls, vehicle_class
        self._kind = problem.vehicle_classes[vehicle_class]
        self._limits, self.complete = limits, True
        self._chains: dict[int, Chains] = {}
        for gate in self._kind.gates:
            grower = Grower(problem, calls, vehicle_class=vehicle_class, gate=gate, pruning=pruning)
            self._chains[gate], whole = grower.grow(limits)
            self.complete = self.complete and whole
        self._pruning = pruning
        self._all = self._drive()
        self._rows = _cheapest(self._all)
        self.people: Words = self._all.people[self._rows]
        self.fen: Ints = self._all.fen[self._rows]

    def shift(self, row: int) -> Shift:
        """A row as a shift."""
        trips: list[Trip] = []
        at = int(self._rows[row])
        while at >= 0:
            gate = int(self._all.gate[at])
            rows = self._chains[gate].calls(int(self._all.trip[at]))
            trips.append(self._calls.trip(rows, gate=gate))
            at = int(self._all.before[at])
        return Shift(vehicle_class=self._number, trips=tuple(reversed(trips)))

    def _drive(self) -> _Stands:
        """Every useful row of one, two, ... trips."""
        standing = self._problem.start_of(self._number)
        one = np.zeros(1, dtype=np.int64)
        words = self._calls.people.shape[1]
        level = _Stands(
            people=np.zeros((1, words), dtype=np.uint64),
            gate=one,
            fen=one + self._kind.fixed_fen,
            ready=one + standing.ready_s,
            driven=one + standing.driven_s,
            unbroken=one + standing.unbroken_s,
            trip=one - 1,
            before=one - 1,
        )
        rows, nodes, levels, seen = one - 1, {0: self._kind.start}, [level.pick(one[:0])], 0
        for made in range(self._kind.trips):
            level = self._go(level, rows=rows, nodes=nodes)
            if made + 1 < self._kind.trips:
                level = _undominated(level)
            levels.append(level)
            rows, nodes = seen + np.arange(level.fen.size), self._gate_nodes()
            seen += level.fen.size
            self.complete = self.complete and seen <= self._limits.chains
            if not level.fen.size or not self.complete:
                break
        return _join(levels)

    def _gate_nodes(self) -> dict[int, int]:
        return {gate: self._problem.gates[gate].node for gate in self._kind.gates}

    def _go(self, stands: _Stands, *, rows: Ints, nodes: dict[int, int]) -> _Stands:
        """One more trip each; ``rows`` are the numbers of ``stands``, ``nodes`` where their gates lie."""
        found, size = [stands.pick(np.zeros(0, dtype=np.int64))], 0
        for at, node in nodes.items():
            here = np.flatnonzero(stands.gate == at) if rows[0] >= 0 else np.arange(stands.fen.size)
            for gate, chains in self._chains.items():
                step = max(_PAIRS // max(chains.fen.size, 1), 1)
                for begin in range(0, here.size if chains.fen.size else 0, step):
                    some = here[begin : begin + step]
                    found.append(self._pair(stands.pick(some), chains, rows=rows[some], node=node, gate=gate))
                    size += found[-1].fen.size
                    if self._limits.stop() or size > _CANDIDATES * self._limits.chains:
                        self.complete = False
                        return found[0]
        return _join(found)

    def _pair(self, stands: _Stands, chains: Chains, *, rows: Ints, node: int, gate: int) -> _Stands:
        """Each of ``stands`` at a node with each of the chains to a gate, where that is lawful."""
        kind, problem = self._kind, self._problem
        to = np.array(self._calls.visits)[chains.first]
        lead = problem.seconds[kind.profile][node, to]
        lead_fen = problem.arc_costs(self._number)[node, to]
        latest_lead = kind.unbroken_limit_s - stands.unbroken[:, None]
        ahead = lead + np.where(lead > latest_lead - problem.ride_limit_s, kind.rest_s, 0)
        begin = np.maximum(stands.ready[:, None] + ahead, chains.early)
        driven = stands.driven[:, None] + lead + chains.drive
        lawful = (
            (lead != UNREACHABLE)
            & (lead <= latest_lead)
            & (begin <= chains.late)
            & (ahead + chains.least <= kind.duration_limit_s)
            & (driven <= kind.drive_limit_s)
            & ~(stands.people[:, None, :] & chains.people[None, :, :]).any(axis=2)
        )
        if self._pruning is not None:
            paid = self._pruning.start_fen[chains.first]
            lawful &= chains.fen - chains.duals + paid < self._pruning.below_fen
        stand, chain = np.nonzero(lawful)
        arrived = begin[stand, chain] + chains.least[chain]
        on_the_clock = -(-arrived // problem.step_s) * problem.step_s
        unbroken = stands.unbroken[stand] + lead[chain] + chains.drive[chain]
        return _Stands(
            people=stands.people[stand] | chains.people[chain],
            gate=np.full(stand.size, gate),
            fen=stands.fen[stand] + lead_fen[chain] + chains.fen[chain],
            ready=on_the_clock + problem.turn_s,
            driven=driven[stand, chain],
            unbroken=np.zeros_like(unbroken) if problem.turn_rests else unbroken,
            trip=chain,
            before=rows[stand],
        )


def _undominated(stands: _Stands) -> _Stands:
    """Drop rows beside which another of the same people and gate is as good in everything."""
    figures = (stands.ready, stands.driven, stands.unbroken)
    return stands.pick(
        undominated_rows(stands.people, stands.gate, fen=stands.fen, figures=figures, look_back=_LOOK_BACK)
    )


def _cheapest(stands: _Stands) -> Ints:
    """The cheapest row of each set of people."""
    words = tuple(stands.people[:, word] for word in range(stands.people.shape[1]))
    order = np.lexsort((stands.fen, *words))
    people = stands.people[order]
    new = np.ones(order.size, dtype=np.bool_)
    new[1:] = (people[1:] != people[:-1]).any(axis=1)
    return order[new]
