"""Some drivers' duties made anew, all else as it is: least weight left, then fewest of them used (CP-SAT).

Whole depots of a small problem and a few drivers of a large one are the same model. CP-SAT is run with 8
workers even on 2 cores (with fewer the bound is lost), interleaved and stopped by deterministic time where
it must repeat. Drivers are alike, so those who are out together when most are are numbered beforehand.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ortools.sat.python import cp_model

from planner.errors import SolverError
from planner.solvers.drivers_first import Duty
from planner.solvers.drivers_problem import Block, Law, driven_s
from planner.solvers.duties_problem import DutyEffort

_WORKERS: Final = 8
_TICK_S: Final = 0.02
_ANY_S: Final = 1 << 60
"""More than any number of seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What of a block is to be filled: slots by run, and the roles that fit. What is optional may be left."""

    block: int
    slots: tuple[tuple[int, ...], ...]
    roles: tuple[int, ...]
    optional: bool = False


def make_jobs(blocks: Sequence[Block], duties: Sequence[Duty], *, left: Sequence[int]) -> list[Job]:
    """All that some drivers do, and blocks that nobody does; those may change places."""
    held: dict[int, list[int]] = defaultdict(list)
    for duty in duties:
        for block, role in duty:
            held[block].append(role)
    jobs: list[Job] = []
    for number in sorted({*held, *left}):
        block = blocks[number]
        fills = held.get(number) or block.casts[0]
        slots = [sorted(block.roles[role].slots[run] for role in fills) for run in range(len(block.runs))]
        fit = [
            role
            for role, one in enumerate(block.roles)
            if all(slot in free for slot, free in zip(one.slots, slots, strict=True))
        ]
        optional = bool(left) and len(fills) == block.drivers
        jobs.append(Job(block=number, slots=tuple(map(tuple, slots)), roles=tuple(fit), optional=optional))
    return jobs


class Model:
    """The model of some drivers, as many as there are ``duties``, and jobs."""

    def __init__(
        self,
        blocks: Sequence[Block],
        law: Law,
        *,
        duties: Sequence[Duty],
        jobs: Sequence[Job],
        floor: int = 0,
    ) -> None:
        self._blocks, self._law, self._jobs = blocks, law, jobs
        self._model = cp_model.CpModel()
        self._out = self._out_together()
        self._duties = self._in_order(duties)
        self._plays = {
            (driver, job, role): self._model.new_bool_var(f"d{driver}b{one.block}r{role}")
            for driver in range(len(duties))
            for job, one in enumerate(jobs)
            for role in one.roles
        }
        self._add_jobs()
        self._add_rests()
        self._add_windows()
        self._add_aims(floor)

    def solve(
        self, *, seconds: float | None, work: float | None, effort: DutyEffort
    ) -> tuple[list[Duty], int]:
        """Duties, not always better ones, and a bound on weight left times ``worth`` plus drivers used.

        ``work`` is CP-SAT's deterministic time.
        """
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = _WORKERS
        solver.parameters.interleave_search = True
        solver.parameters.catch_sigint_signal = False  # else it leaves Ctrl-C at the default: death
        solver.parameters.random_seed = effort.seed % 2**31
        if work is not None:
            solver.parameters.max_deterministic_time = work
        if seconds is not None:
            solver.parameters.max_time_in_seconds = max(seconds, 0.01)
        status = _solve(solver, self._model, stop=effort.stop)
        if status == cp_model.UNKNOWN:
            return self._duties, 0
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise SolverError("drivers", solver.status_name(status))
        duties: list[Duty] = [[] for _ in self._duties]
        for (driver, job, role), plays in self._plays.items():
            if solver.boolean_value(plays):
                duties[driver].append((self._jobs[job].block, role))
        return duties, round(solver.best_objective_bound)

    @property
    def worth(self) -> int:
        """Drivers that a unit of weight left counts for: more than there are."""
        return len(self._duties) + 1

    def _out_together(self) -> list[int]:
        """Jobs that must be done and of which no driver can do two, with the most people."""
        sure = [number for number, job in enumerate(self._jobs) if not job.optional]
        starts = sorted({self._blocks[self._jobs[number].block].start_s for number in sure})

        def at(time_s: int) -> list[int]:
            blocks = {number: self._blocks[self._jobs[number].block] for number in sure}
            return [n for n, b in blocks.items() if b.start_s <= time_s < b.end_s + self._law.rest_s]

        together = (at(time_s) for time_s in starts)
        return max(
            together, key=lambda jobs: sum(len(self._jobs[job].slots[0]) for job in jobs), default=list[int]()
        )

    def _in_order(self, duties: Sequence[Duty]) -> list[Duty]:
        """Those out together first, by job and slot, then the others who do anything."""
        slots = {
            (self._jobs[job].block, slot): place
            for place, (job, slot) in enumerate(
                (job, slot) for job in self._out for slot in self._jobs[job].slots[0]
            )
        }

        def place(duty: Duty) -> int:
            held = ((block, self._blocks[block].roles[role].slots[0]) for block, role in duty)
            return min((slots[one] for one in held if one in slots), default=len(slots) + (not duty))

        return sorted(duties, key=place)

    def _drivers(self) -> range:
        return range(len(self._duties))

    def _add_jobs(self) -> None:
        self._left: list[tuple[int, cp_model.IntVar]] = []
        held = {block for duty in self._duties for block, _ in duty}
        for number, job in enumerate(self._jobs):
            block = self._blocks[job.block]
            done = self._model.new_bool_var(f"b{job.block}") if job.optional else 1
            if not isinstance(done, int):
                self._left.append((block.weight, done))
                self._model.add_hint(done, int(job.block in held))
            for run, slots in enumerate(job.slots):
                for slot in slots:
                    plays = [
                        self._plays[driver, number, role]
                        for driver in self._drivers()
                        for role in job.roles
                        if block.roles[role].slots[run] == slot
                    ]
                    self._model.add(sum(plays) == done)
        fixed = ((number, slot) for number in self._out for slot in self._jobs[number].slots[0])
        for driver, (number, slot) in enumerate(fixed):
            roles = self._blocks[self._jobs[number].block].roles
            plays = [
                self._plays[driver, number, role]
                for role in self._jobs[number].roles
                if roles[role].slots[0] == slot
            ]
            self._model.add(sum(plays) == 1)
        for (driver, number, role), plays in self._plays.items():
            self._model.add_hint(plays, int((self._jobs[number].block, role) in self._duties[driver]))

    def _add_rests(self) -> None:
        """A driver is in one block at a time, and used if in any; those used come first."""
        spans = [(self._blocks[job.block].start_s, self._blocks[job.block].end_s) for job in self._jobs]
        cliques = {
            tuple(n for n, (start_s, end_s) in enumerate(spans) if start_s <= at_s < end_s + self._law.rest_s)
            for at_s, _ in spans
        }
        self._used = [self._model.new_bool_var(f"u{driver}") for driver in self._drivers()]
        for driver, used in enumerate(self._used):
            self._model.add_hint(used, int(bool(self._duties[driver])))
            for clique in sorted(cliques):
                together = [self._plays[driver, n, role] for n in clique for role in self._jobs[n].roles]
                self._model.add(sum(together) <= used)
        for one, two in pairwise(self._used):
            self._model.add_implication(two, one)

    def _add_windows(self) -> None:
        """Every limit in every window that opens with a spell, where one driver could break it."""
        roles = [[self._blocks[job.block].roles[role].spells for role in job.roles] for job in self._jobs]
        opens = sorted({spell[0] for spells in roles for one in spells for spell in one})
        for limit in self._law.limits:
            for at_s in opens:
                hours = [
                    [driven_s(spells, opens_s=at_s, closes_s=at_s + limit.window_s) for spells in one]
                    for one in roles
                ]
                if self._most(hours) > limit.most_s:
                    self._add_window(hours, most_s=limit.most_s)

    def _add_window(self, hours: Sequence[Sequence[int]], *, most_s: int) -> None:
        for driver in self._drivers():
            terms = [
                self._plays[driver, number, role] * driven
                for number, job in enumerate(self._jobs)
                for role, driven in zip(job.roles, hours[number], strict=True)
                if driven
            ]
            self._model.add(sum(terms) <= most_s)

    def _most(self, hours: Sequence[Sequence[int]]) -> int:
        """The most one driver could be at the wheel, if nothing but rests were asked."""
        best = [(-_ANY_S, 0)]
        spans = [(self._blocks[job.block].start_s, self._blocks[job.block].end_s) for job in self._jobs]
        for number in sorted(range(len(spans)), key=lambda number: spans[number][1]):
            before = bisect_right(best, (spans[number][0] - self._law.rest_s, _ANY_S)) - 1
            total = best[before][1] + max(hours[number], default=0)
            best.append((spans[number][1], max(best[-1][1], total)))
        return best[-1][1]

    def _add_aims(self, floor: int) -> None:
        self._model.add(sum(self._used) >= floor)
        missed = sum(weight * (1 - done) for weight, done in self._left)
        self._model.minimize(self.worth * missed + sum(self._used))


def _solve(solver: cp_model.CpSolver, model: cp_model.CpModel, *, stop: Callable[[], bool]) -> int:
    """Solve, and end when asked to."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_TICK_S):
            if stop():
                solver.stop_search()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        return int(solver.solve(model))
    finally:
        done.set()
        thread.join()
