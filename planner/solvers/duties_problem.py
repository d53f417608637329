"""What runs, vehicles and duties are to the solver: numbers only. Times in seconds, money in fen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyEffort:
    """How long to look: exactly one of ``seconds`` (people) and ``effort`` (counted, repeats exactly).

    A unit of effort is a node of HiGHS's search tree, or 10 ms of CP-SAT's deterministic time. ``stop`` is
    asked during the search.
    """

    seconds: float | None = None
    effort: int | None = None
    seed: int = 0
    stop: Callable[[], bool] = field(default=lambda: False)

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.effort is None):
            raise ValueError("either seconds or effort")


class Clock:
    """The seconds of an effort that are left, running from now."""

    def __init__(self, effort: DutyEffort) -> None:
        self.effort = effort
        self._ends_s = None if effort.seconds is None else time.monotonic() + effort.seconds

    def left_s(self, share: float = 1.0) -> float | None:
        """A share of what is left; None where effort is counted."""
        return None if self._ends_s is None else max(self._ends_s - time.monotonic(), 0.0) * share

    def over(self) -> bool:
        """Whether to come to an end."""
        return self.left_s() == 0.0 or self.effort.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Vehicles alike: each leaves its ``depot`` (a place) for the season and is back there at the end."""

    depot: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """From ``origin`` at ``start_s`` to ``destination`` at ``end_s``, for a cost by kind, None where unfit.

    ``weight`` is what serving it is worth where vehicles are short.
    """

    start_s: int
    end_s: int
    origin: int
    destination: int
    costs_fen: tuple[int | None, ...]
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What one vehicle of a kind does in the season: runs in order of time."""

    kind: int
    runs: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyProblem:
    """Runs, the fleet, and the empty ways ``[from][to]`` between places.

    ``free_s`` is the time from the end of a run to the earliest start of the next, lawful rests and turning
    round included; None where there is no way. When a vehicle leaves its depot is not limited, so a way is
    all that is asked there. A way that is cheaper by the depot must be entered at that price.
    """

    runs: tuple[Run, ...]
    kinds: tuple[Kind, ...]
    free_s: tuple[tuple[int | None, ...], ...]
    empty_fen: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if any(run.end_s <= run.start_s or run.weight < 1 for run in self.runs):
            raise ValueError("a run needs a length and a weight")
        if any(len(run.costs_fen) != len(self.kinds) for run in self.runs):
            raise ValueError("a run needs a cost or None for each kind")
        if any(free_s is not None and free_s < 0 for row in self.free_s for free_s in row):
            raise ValueError("a way takes time")
        if min((fen for row in self.empty_fen for fen in row), default=0) < 0:
            raise ValueError("a way earns nothing")
        if min((fen for run in self.runs for fen in run.costs_fen if fen), default=0) < 0:
            raise ValueError("a run earns nothing")

    def follows(self, first: int, *, then: int) -> bool:
        """Whether one vehicle can make both runs, one after the other."""
        one, two = self.runs[first], self.runs[then]
        free_s = self.free_s[one.destination][two.origin]
        return free_s is not None and one.end_s + free_s <= two.start_s

    def reaches(self, kind: int, *, run: int) -> bool:
        """Whether a vehicle may make the run and there are ways to it from the depot and home again."""
        depot, asked = self.kinds[kind].depot, self.runs[run]
        ways = (self.free_s[depot][asked.origin], self.free_s[asked.destination][depot])
        return asked.costs_fen[kind] is not None and None not in ways

    def run_fen(self, kind: int, *, run: int) -> int:
        """What a run costs with a vehicle that may make it."""
        fen = self.runs[run].costs_fen[kind]
        if fen is None:
            raise ValueError(f"kind {kind} may not make run {run}")
        return fen

    def cost_fen(self, duty: Duty) -> int:
        """All runs of a duty and the empty ways before, between and after."""
        depot = self.kinds[duty.kind].depot
        ends = [(self.runs[run].origin, self.runs[run].destination) for run in duty.runs]
        stations = [(depot, depot), *ends, (depot, depot)]
        empty = sum(self.empty_fen[one[1]][two[0]] for one, two in pairwise(stations))
        return empty + sum(self.run_fen(duty.kind, run=run) for run in duty.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPlan:
    """Duties and the runs left, with a lower bound for each aim.

    ``left_weight`` is the weight of the runs left, ``left_bound`` its bound. The bound on vehicles is over
    plans that leave no more weight, the one on cost over plans that also use no more vehicles.
    """

    duties: tuple[Duty, ...]
    left: tuple[int, ...]
    left_weight: int
    left_bound: int
    vehicles_bound: int
    cost_fen: int
    cost_bound_fen: int

    @property
    def vehicles(self) -> int:
        """Vehicles used."""
        return len(self.duties)

    @property
    def proved(self) -> bool:
        """Whether all three aims stand at their bounds."""
        reached = (self.left_weight, self.vehicles, self.cost_fen)
        return reached == (self.left_bound, self.vehicles_bound, self.cost_bound_fen)
