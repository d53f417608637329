"""Part of a problem for CP-SAT: which of some slots are held, which of some employers come to each.

Eight workers even on two cores: with fewer the bound is lost. It says head by head who is met at which
fair, so its answer is exact; for a county that is too much.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from ortools.sat.python import cp_model

from planner.errors import SolverError

if TYPE_CHECKING:
    from planner.solvers.fairs.ground import Ground, Ints

WORKERS: Final = 8
_LINEAR: Final = 2
"""One worker by itself leans on linear programs."""
_TICK_S: Final = 0.05
Held = Mapping[int, tuple[int, ...]]
"""By slot held the employers there."""
Terms = list[tuple[cp_model.IntVar, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What may be chosen: slots with the employers that may come, ``guests``.

    Of the slots ``held`` must be held; fixed employers come wherever they are fixed.
    """

    guests: Held
    held: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Seconds, or deterministic seconds where it must repeat."""

    seconds: float | None = None
    counted: float | None = None
    seed: int = 0
    stop: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is held with whom, and what nothing in the model is worth more than."""

    held: Held
    bound_fen: int


class Model:
    """The program of a part."""

    def __init__(self, ground: Ground, part: Part) -> None:
        self._ground, self._part = ground, part
        self._model = cp_model.CpModel()
        self._worth: Terms = []
        self._hold = {slot: self._model.new_bool_var("") for slot in sorted(part.guests)}
        self._come = {
            (employer, slot): self._model.new_bool_var("")
            for slot in self._hold
            for employer in part.guests[slot]
        }
        self._matched: dict[tuple[int, int], Terms] = defaultdict(list)
        self._there: dict[tuple[int, int], Terms] = defaultdict(list)
        self._add_slots()
        self._add_guests()
        self._add_visits()
        self._add_posts()
        self._add_seekers()
        self._limit_matches()
        self._model.maximize(weighted_sum(self._worth) + ground.base_fen)

    def _add_slots(self) -> None:
        """Those that must be held; rows; wishes with what they lack."""
        ground, model, hold = self._ground, self._model, self._hold
        for slot in self._part.held:
            model.add(hold[slot] == 1)
        for row in ground.rows:
            inside = [
                (hold[s], need)
                for s, need in zip(row.slots.tolist(), row.needs.tolist(), strict=True)
                if s in hold
            ]
            if sum(need for _, need in inside) > row.most:
                model.add(weighted_sum(inside) <= row.most)
        by_wish: dict[int, Terms] = defaultdict(list)
        for slot, variable in hold.items():
            self._worth.append((variable, int(ground.gain_fen[slot])))
            if slot < ground.free:
                by_wish[int(ground.slot_wish[slot])].append((variable, 1))
        for wish, (most, least) in enumerate(zip(ground.count.tolist(), ground.least.tolist(), strict=True)):
            missing = model.new_int_var(0, least, "")
            self._worth.append((missing, -int(ground.missing_fen[wish])))
            model.add(weighted_sum(by_wish[wish]) <= most)
            model.add(weighted_sum([*by_wish[wish], (missing, 1)]) >= least)

    def _add_guests(self) -> None:
        """Nobody where nothing is held, or where all booths are taken; rebookings."""
        ground, model = self._ground, self._model
        for (employer, slot), variable in self._come.items():
            if (employer, slot) in ground.forced:
                model.add(variable == self._hold[slot])
            else:
                model.add_implication(variable, self._hold[slot])
            fen = int(ground.travel_fen[employer, ground.slot_kind[slot]])
            regular = employer in ground.guests.get(slot, ())
            self._worth.append((variable, ground.problem.weights.rebooked_fen * regular - fen))
        for slot, holds in self._hold.items():
            guests = [
                (self._come[employer, slot], ground.problem.employers[employer].booths)
                for employer in self._part.guests[slot]
            ]
            room = ground.room(slot)
            if sum(booths for _, booths in guests) > room:
                model.add(weighted_sum(guests) <= room * holds)
            regulars = len(ground.guests.get(slot, ()))
            self._worth.append((holds, -ground.problem.weights.rebooked_fen * regulars))

    def _add_visits(self) -> None:
        """One fair a day, not too many, and a price for none; fixed visits are had whatever that breaks."""
        ground, model = self._ground, self._model
        by_day: dict[tuple[int, int], list[int]] = defaultdict(list)
        visits: dict[int, list[int]] = defaultdict(list)
        for employer, slot in self._come:
            by_day[employer, int(ground.slot_day[slot])].append(slot)
            visits[employer].append(slot)
        limits = [(employer, slots, 1) for (employer, _), slots in by_day.items()]
        limits += [
            (employer, slots, ground.problem.employers[employer].most) for employer, slots in visits.items()
        ]
        for employer, slots, most in limits:
            forced = sum((employer, slot) in ground.forced for slot in slots)
            if len(slots) > max(most, forced):
                model.add(sum(self._come[employer, slot] for slot in slots) <= max(most, forced))
        for employer in np.flatnonzero(ground.posts.any(axis=1)).tolist():
            idle = model.new_bool_var("")
            model.add_bool_or(idle, *(self._come[employer, slot] for slot in visits[employer]))
            self._worth.append((idle, -ground.problem.weights.idle_fen))

    def _add_posts(self) -> None:
        """Posts filled by employer, sector and fair: no more than there are, nor than seekers come."""
        ground, model = self._ground, self._model
        shared: dict[tuple[int, int], Terms] = defaultdict(list)
        for (employer, slot), comes in self._come.items():
            for sector in np.flatnonzero(ground.posts[employer]).tolist():
                most = min(
                    int(ground.posts[employer, sector]), int(ground.expected[ground.slot_kind[slot], sector])
                )
                if most:
                    filled = model.new_int_var(0, most, "")
                    model.add(filled <= most * comes)
                    self._worth.append((filled, ground.problem.weights.post_fen[sector]))
                    shared[employer, sector].append((filled, most))
                    self._matched[slot, sector].append((filled, 1))
        for (employer, sector), terms in shared.items():
            posts = int(ground.posts[employer, sector])
            if sum(most for _, most in terms) > posts:
                model.add(sum(filled for filled, _ in terms) <= posts)

    def _add_seekers(self) -> None:
        """Seekers reached, each once, and who of them can be met at each fair."""
        ground, model = self._ground, self._model
        comers: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for slot in self._hold:
            for seeker, heads in _pairs(ground.arrivals(slot)):
                comers[seeker].append((slot, heads))
        for seeker, arrivals in comers.items():
            there = [(self._hold[slot], heads) for slot, heads in arrivals]
            everybody, fen = int(ground.seekers[seeker]), int(ground.worth_fen[seeker])
            if sum(heads for _, heads in arrivals) <= everybody:
                self._worth += [(holds, heads * fen) for holds, heads in there]
                self._meet(seeker, arrivals)
                continue
            reached = model.new_int_var(0, everybody, "")
            model.add(reached <= weighted_sum(there))
            self._worth.append((reached, fen))
            self._share(seeker, arrivals)

    def _meet(self, seeker: int, arrivals: list[tuple[int, int]]) -> None:
        """Whoever is at all fairs at once can be met at each."""
        for slot, heads in arrivals:
            self._there[slot, seeker % self._ground.problem.sectors].append((self._hold[slot], heads))

    def _share(self, seeker: int, arrivals: list[tuple[int, int]]) -> None:
        """Heads that could be at more fairs than there are heads are met at one each."""
        going: Terms = []
        for slot, heads in arrivals:
            place = slot, seeker % self._ground.problem.sectors
            if place in self._matched:
                goes = self._model.new_int_var(0, heads, "")
                self._model.add(weighted_sum([(goes, 1), (self._hold[slot], -heads)]) <= 0)
                going.append((goes, 1))
                self._there[place].append((goes, 1))
        self._model.add(weighted_sum(going) <= int(self._ground.seekers[seeker]))

    def _limit_matches(self) -> None:
        """At a fair no more posts of a sector are filled than seekers are met."""
        for place, filled in self._matched.items():
            met = [(variable, -heads) for variable, heads in self._there[place]]
            self._model.add(weighted_sum([*filled, *met]) <= 0)

    def solve(self, hint: Held, *, effort: Effort) -> Answer | None:
        """The best found from ``hint`` on, None where that is nothing. Raises SolverError when refused."""
        for slot, variable in self._hold.items():
            self._model.add_hint(variable, slot in hint)
        for (employer, slot), variable in self._come.items():
            self._model.add_hint(variable, employer in hint.get(slot, ()))
        solver = solve_model(self._model, effort=effort, workers=WORKERS)
        if solver is None:
            return None
        held = {
            slot: tuple(e for e in guests if solver.boolean_value(self._come[e, slot]))
            for slot, guests in self._part.guests.items()
            if solver.boolean_value(self._hold[slot])
        }
        return Answer(held=held, bound_fen=int(np.ceil(solver.best_objective_bound - 0.5)))


def solve_model(model: cp_model.CpModel, *, effort: Effort, workers: int) -> cp_model.CpSolver | None:
    """The solver with its answer, None where it found none in time. Raises SolverError when refused."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.linearization_level = _LINEAR if workers == 1 else 1
    solver.parameters.catch_sigint_signal = False  # else it leaves Ctrl-C at the default: death
    solver.parameters.random_seed = effort.seed % 2**31
    if effort.seconds is not None:
        solver.parameters.max_time_in_seconds = max(effort.seconds, 0.01)
    if effort.counted is not None:
        solver.parameters.interleave_search = workers > 1
        solver.parameters.max_deterministic_time = effort.counted
    status = _watched(solver, model, stop=effort.stop)
    if status == cp_model.UNKNOWN:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise SolverError("fairs", solver.status_name(status))
    return solver


def _watched(
    solver: cp_model.CpSolver, model: cp_model.CpModel, *, stop: Callable[[], bool]
) -> cp_model.CpSolverStatus:
    """Solve while another thread asks whether to stop: CP-SAT itself cannot be told how to ask."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_TICK_S):
            if stop():
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        return solver.solve(model)
    finally:
        done.set()
        watcher.join()


def _pairs(arrays: tuple[Ints, Ints]) -> Iterator[tuple[int, int]]:
    return zip(arrays[0].tolist(), arrays[1].tolist(), strict=True)


def weighted_sum(terms: Sequence[tuple[cp_model.IntVar, int]]) -> cp_model.LinearExprT:
    """Variables by what each counts."""
    return cp_model.LinearExpr.weighted_sum(
        [variable for variable, _ in terms], [value for _, value in terms]
    )
