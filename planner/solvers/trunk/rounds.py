"""Where coaches are few: rounds of walks through every city, their prices, and a plan from their pool."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, cast

from planner.solvers.routing.frames import Done
from planner.solvers.routing.highs import Limits
from planner.solvers.routing.search import Report
from planner.solvers.trunk.bound import Duals, Patience, Sites, climb
from planner.solvers.trunk.pool import Pool, choose, walk

if TYPE_CHECKING:
    from planner.solvers.routing.children import Crew, Task
    from planner.solvers.trunk.ground import Ground
    from planner.solvers.trunk.pool import Seen
    from planner.solvers.trunk.standing import Standing

_CHOICES: Final = 30_000
"""Up to which it is done: beyond, walks see too little of a city in the time there is."""
_VEHICLES: Final = 12
"""Vehicles on a day up to which it is done: beyond, plans have more coaches than a walk keeps apart."""
_ROUNDS: Final = 14
_SHARE: Final = 0.4
"""Of the seconds, until which walks go on."""
_CHOOSE_SHARE: Final = 0.2
"""Of the seconds left then, for a plan from the pool."""
_STEPS: Final = 200
"""Of prices, for the heads at the prices of vehicles."""
_FIRST: Final = 0.02
_GAP: Final = 2e-4
"""Share of what coaches save that is not worth looking for."""
_LP_S: Final = 5.0
_POLL_S: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """Prices of vehicles that divide cities well; what cities pay at most at them; a plan on its way."""

    duals: Duals
    known: dict[int, int] = field(default_factory=dict)
    choosing: Task | None = None


def suits(ground: Ground) -> bool:
    """Whether a problem is of the kind: few coaches, and no trains that cities share."""
    vehicles = int(ground.vehicles.sum(axis=0).max(initial=0))
    trains = bool(ground.problem.trains)
    return not trains and 0 < vehicles <= _VEHICLES and 0 < ground.choice_type.size <= _CHOICES


class Rounds:
    """Rounds of walks in children, or here where effort is counted."""

    def __init__(self, standing: Standing, crew: Crew, *, workers: int) -> None:
        self._standing, self._crew, self._workers = standing, crew, max(workers, 1)

    def run(self, duals: Duals) -> Outlook | None:
        """Look for prices and plans; None where there was no time for any."""
        standing, ground = self._standing, self._standing.ground
        pool, over = Pool(ground, duals.vehicle), standing.until(_SHARE)
        effort = standing.budget.effort
        for _ in range(_ROUNDS if effort is None else min(_ROUNDS, effort)):
            if over() or not self._walk(pool):
                break
            pool.reprice(Limits(seconds=_LP_S if effort is None else None, stop=standing.over))
        if standing.over() or not pool.rounds:
            return None
        allowance = replace(standing.allow(_CHOOSE_SHARE), gap=_GAP)
        task = self._crew.submit("choose", choose, ground, pool, allowance)
        start = Duals(head=duals.head, vehicle=pool.vehicle, bound=duals.bound, coaches=duals.coaches * 0.0)
        patience = Patience(steps=_STEPS, first=_FIRST, fleet=False, stop=standing.over)
        return Outlook(
            duals=climb(Sites(ground), start, patience=patience), known=pool.known(), choosing=task
        )

    def _walk(self, pool: Pool) -> bool:
        """One round: cities are dealt out like cards, the largest first. Whether anything was seen."""
        standing = self._standing
        walks = pool.walks(standing.budget.seed)
        hands = [walks[number :: self._workers] for number in range(self._workers)]
        left_s = standing.left_s(_SHARE)
        tasks = [self._crew.submit("walk", walk, hand, seconds=left_s) for hand in hands if hand]
        while not all(task.outcome for task in tasks):
            for _, message in self._crew.poll(_POLL_S):
                if isinstance(message, Report):
                    standing.reports.append(message)
        seen = [cast("list[Seen]", task.outcome.value) for task in tasks if isinstance(task.outcome, Done)]
        for some in seen:
            pool.take(some)
        return any(seen)
