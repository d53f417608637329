"""How things stand while a plan is looked for: the best one, the best bound, and what may still be spent."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.routing.search import Progress, Report
from planner.solvers.trunk.filling import Filling, cost, nobody_moves, settle
from planner.solvers.trunk.problem import TrunkBudget
from planner.solvers.trunk.tasks import Allowance

if TYPE_CHECKING:
    from planner.solvers.trunk.ground import Ground

NODES: Final = 20
"""Of branch and bound in a neighbourhood, where effort is counted."""
_WRITE_S_A_HEAD: Final = 1e-4
"""Seconds kept for names, checks and recomputing the bound."""
_WORTH: Final = 1e-3
"""Share of a bound from which on a better one is worth telling."""


class Standing:
    """The best plan with its cost, the best bound, and the budget."""

    def __init__(self, ground: Ground, budget: TrunkBudget, *, bound: int) -> None:
        self.ground, self.budget = ground, budget
        self.best = nobody_moves(ground)
        self.cost = cost(ground, self.best) or 0
        self.bound = bound
        self.spent = 0
        """Of the effort."""
        self.reports: list[Report] = []
        seconds, kept_s = budget.seconds, _WRITE_S_A_HEAD * int(ground.heads.sum())
        self._began_s = time.monotonic()
        self._seconds = None if seconds is None else max(seconds - min(kept_s, seconds / 2), 0.01)
        self._told = bound
        self._tell()

    def left_s(self, share: float = 1.0) -> float | None:
        """Seconds until that share of all is gone; None where effort is counted."""
        if self._seconds is None:
            return None
        return max(self._began_s + self._seconds * share - time.monotonic(), 0.0)

    def over(self) -> bool:
        """Whether the best is proved, the budget spent, or somebody stopped it."""
        spent = self.budget.effort is not None and self.spent >= self.budget.effort
        return self.cost <= self.bound or spent or self.budget.stop() or self.left_s() == 0.0

    def until(self, share: float) -> Callable[[], bool]:
        """Whether it is over, or that share of the seconds gone."""
        return lambda: self.over() or self.left_s(share) == 0.0

    def allow(self, share: float) -> Allowance:
        """A share of the seconds left, or a node of branch and bound for every unit of effort."""
        left_s = self.left_s()
        if left_s is None:
            return Allowance(seconds=None, nodes=self.budget.effort)
        return Allowance(seconds=left_s * share, nodes=None)

    def prove(self, bound: int | None) -> None:
        """Take a bound that is better."""
        if bound is None or bound <= self.bound:
            return
        self.bound = bound
        if bound - self._told > _WORTH * abs(bound) or bound >= self.cost:
            self._tell()

    def offer(self, filling: Filling) -> tuple[Filling, int] | None:
        """A plan with parties moved elsewhere that do not fit whole, and its cost; taken where it is better.

        None where it is no plan even so.
        """
        fen = cost(self.ground, filling)
        if fen is None:
            several = np.flatnonzero(filling.coaches.sum(axis=0) > 1)
            filling = settle(self.ground, filling, sites=several.tolist())
            fen = cost(self.ground, filling)
        if fen is None:
            return None
        if fen < self.cost:
            self.best, self.cost = filling, fen
            self._tell()
        return filling, fen

    def _tell(self) -> None:
        self._told = self.bound
        self.budget.progress(Progress(cost_fen=self.cost, bound_fen=min(self.bound, self.cost)))
