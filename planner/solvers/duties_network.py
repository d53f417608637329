"""Vehicles as flows through places and times: an integer program of runs, waits and empty ways.

For each kind and place there is a line of nodes where its runs end and one where they begin. Between two
such lines only the last empty way that still meets a beginning is kept (latest first match, Kliewer,
Mellouli & Suhl 2006): an earlier vehicle waits for it. Nothing is lost, and pairs of runs are never listed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.duties_problem import Duty, DutyProblem
from planner.solvers.routing.program import UNBOUNDED, Entries, Program

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints

_DEPOT: Final = -1
_NONE: Final = -1
_ENDS, _BEGINS = 0, 1
"""Sides of a place; at one instant ends come before beginnings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arc:
    """Vehicles of one kind from node to node (or the depot); a run, an empty way or a wait."""

    kind: int
    tail: int = _DEPOT
    head: int = _DEPOT
    run: int = _NONE
    fen: int = 0


class Network:
    """The flows of one problem; columns are the arcs, then one for each run left."""

    def __init__(self, problem: DutyProblem) -> None:
        self._problem = problem
        self._times: list[tuple[int, int]] = []
        """By node, when it is and on which side: its place in the order of time."""
        self._arcs: list[_Arc] = []
        self._waits: dict[int, int] = {}
        self._ways: dict[tuple[int, int, int], int] = {}
        """Arcs by node (kind and depot before the first run) and place gone to."""
        self._runs: dict[tuple[int, int], int] = {}
        for kind in range(len(problem.kinds)):
            self._add_kind(kind)
        self._program = self._build()

    @property
    def dearest_fen(self) -> int:
        """The most that one run or empty way costs."""
        return max((arc.fen for arc in self._arcs), default=0)

    def program(self, weights: tuple[int, int, int], *, limits: Sequence[int]) -> Program:
        """Least weight left, vehicles and fen, so weighted; ``limits`` on the first of the three if any."""
        arcs, runs = self._arcs, self._problem.runs
        costs = [weights[1] * (arc.tail == _DEPOT) + weights[2] * arc.fen for arc in arcs]
        costs += [weights[0] * run.weight for run in runs]
        upper = self._program.upper.copy()
        upper[upper.size - 2 : upper.size - 2 + len(limits)] = limits
        return replace(self._program, costs=np.array(costs, dtype=np.int64), upper=upper)

    def encode(self, duties: Iterable[Duty]) -> Ints:
        """The flow of some duties."""
        flow = np.zeros(len(self._arcs) + len(self._problem.runs), dtype=np.int64)
        flow[len(self._arcs) :] = 1
        for duty in duties:
            node = _DEPOT
            for run in duty.runs:
                start = self._arcs[self._runs[duty.kind, run]]
                node = self._go(flow, (duty.kind, node), place=self._problem.runs[run].origin)
                while node != start.tail:
                    node = self._take(flow, self._waits[node])
                node = self._take(flow, self._runs[duty.kind, run])
                flow[len(self._arcs) + run] = 0
            self._go(flow, (duty.kind, node), place=_DEPOT)
        return flow

    def decode(self, flow: Ints) -> tuple[Duty, ...]:
        """Duties of a flow: whoever is back first leaves first."""
        leaving: dict[int, list[int]] = defaultdict(list)
        queues: dict[int, list[list[int]]] = defaultdict(list)
        done: list[Duty] = []
        for column in np.flatnonzero(flow[: len(self._arcs)]).tolist():
            arc = self._arcs[column]
            if arc.tail == _DEPOT:
                queues[arc.head] += [[] for _ in range(int(flow[column]))]
            else:
                leaving[arc.tail].append(column)
        for node in sorted(leaving, key=lambda node: (self._times[node], node)):
            queues[node].sort(key=self._back)
            for column in sorted(leaving[node], key=lambda column: column == self._waits.get(node)):
                arc, number = self._arcs[column], int(flow[column])
                gone, queues[node] = queues[node][:number], queues[node][number:]
                if arc.run != _NONE:
                    gone = [[*runs, arc.run] for runs in gone]
                if arc.head == _DEPOT:
                    done += [Duty(kind=arc.kind, runs=tuple(runs)) for runs in gone]
                queues[arc.head] += gone
        return tuple(sorted(done, key=lambda duty: (self._problem.runs[duty.runs[0]].start_s, duty.runs)))

    def _back(self, runs: list[int]) -> tuple[int, list[int]]:
        """When a vehicle came back from its runs so far; before all others if it made none."""
        return (self._problem.runs[runs[-1]].end_s if runs else -UNBOUNDED, runs)

    def _take(self, flow: Ints, column: int) -> int:
        flow[column] += 1
        return self._arcs[column].head

    def _go(self, flow: Ints, at: tuple[int, int], *, place: int) -> int:
        """Wait at a node until there is a way to a place, and take it."""
        kind, node = at
        while (kind, node, place) not in self._ways:
            node = self._take(flow, self._waits[node])
        return self._take(flow, self._ways[kind, node, place])

    def _add(self, arc: _Arc) -> int:
        self._arcs.append(arc)
        return len(self._arcs) - 1

    def _add_kind(self, kind: int) -> None:
        problem = self._problem
        able = [n for n, run in enumerate(problem.runs) if run.costs_fen[kind] is not None]
        ends = self._lines(
            _ENDS, ((problem.runs[n].destination, problem.runs[n].end_s) for n in able), kind=kind
        )
        begins = self._lines(
            _BEGINS, ((problem.runs[n].origin, problem.runs[n].start_s) for n in able), kind=kind
        )
        for number in able:
            run = problem.runs[number]
            tail = begins[run.origin][run.start_s]
            head = ends[run.destination][run.end_s]
            fen = problem.run_fen(kind, run=number)
            self._runs[kind, number] = self._add(_Arc(kind=kind, tail=tail, head=head, run=number, fen=fen))
        depot = problem.kinds[kind].depot
        for place, line in begins.items():
            if problem.free_s[depot][place] is not None:
                arc = _Arc(kind=kind, head=next(iter(line.values())), fen=problem.empty_fen[depot][place])
                self._ways[kind, _DEPOT, place] = self._add(arc)
        for place, line in ends.items():
            if problem.free_s[place][depot] is not None:
                node = list(line.values())[-1]
                arc = _Arc(kind=kind, tail=node, fen=problem.empty_fen[place][depot])
                self._ways[kind, node, _DEPOT] = self._add(arc)
            for goal, beginning in begins.items():
                self._add_ways(kind, (place, goal), lines=(line, beginning))

    def _lines(self, side: int, calls: Iterable[tuple[int, int]], *, kind: int) -> dict[int, dict[int, int]]:
        """By place and time the node; neighbours are joined by waiting."""
        times: dict[int, set[int]] = defaultdict(set)
        for place, time_s in calls:
            times[place].add(time_s)
        lines: dict[int, dict[int, int]] = {}
        for place in sorted(times):
            lines[place] = {}
            for time_s in sorted(times[place]):
                lines[place][time_s] = len(self._times)
                self._times.append((time_s, side))
            for one, two in pairwise(lines[place].values()):
                self._waits[one] = self._add(_Arc(kind=kind, tail=one, head=two))
        return lines

    def _add_ways(
        self, kind: int, places: tuple[int, int], *, lines: tuple[dict[int, int], dict[int, int]]
    ) -> None:
        """The last way that meets each beginning."""
        free_s = self._problem.free_s[places[0]][places[1]]
        if free_s is None:
            return
        starts = list(lines[1])
        last: dict[int, int] = {}
        for time_s, node in lines[0].items():
            last[bisect_left(starts, time_s + free_s)] = node
        for meets, node in last.items():
            if meets < len(starts):
                head = lines[1][starts[meets]]
                arc = _Arc(kind=kind, tail=node, head=head, fen=self._problem.empty_fen[places[0]][places[1]])
                self._ways[kind, node, places[1]] = self._add(arc)

    def _build(self) -> Program:
        entries, problem = Entries(), self._problem
        nodes = [entries.add_row(0, 0) for _ in self._times]
        runs = [entries.add_row(1, 1) for _ in problem.runs]
        fleet = [entries.add_row(0, kind.count) for kind in problem.kinds]
        left, used = (entries.add_row(-UNBOUNDED, UNBOUNDED) for _ in range(2))
        for column, arc in enumerate(self._arcs):
            if arc.tail == _DEPOT:
                entries.put(fleet[arc.kind], column, 1)
                entries.put(used, column, 1)
            else:
                entries.put(nodes[arc.tail], column, -1)
            if arc.head != _DEPOT:
                entries.put(nodes[arc.head], column, 1)
            if arc.run != _NONE:
                entries.put(runs[arc.run], column, 1)
        for number, run in enumerate(problem.runs):
            entries.put(runs[number], len(self._arcs) + number, 1)
            entries.put(left, len(self._arcs) + number, run.weight)
        most = [1 if arc.run != _NONE else problem.kinds[arc.kind].count for arc in self._arcs]
        return entries.program([0] * (len(most) + len(runs)), most=most + [1] * len(runs))
