"""Results gathered: one group per set, time, instance and solver, with gaps to what is best known.

The reference of an instance is the best published cost, or the highest bound that any run printed where
nothing is published. A bound above a lawful cost is a lie told by the engine, and is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from tests.bench.routing.plan import OURS
from tests.bench.routing.results import Result

_CLOSE: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Runs of one solver on one instance for one time, over the seeds."""

    set_name: str
    seconds: float
    instance: str
    solver: str
    runs: tuple[Result, ...]
    reference: float | None

    @property
    def costs(self) -> list[float]:
        """Of the runs that found a lawful plan."""
        return [run.cost for run in self.runs if run.cost is not None]

    @property
    def cost(self) -> float | None:
        """Mean over the runs; None where one of them found no plan."""
        return fmean(self.costs) if len(self.costs) == len(self.runs) else None

    @property
    def gap(self) -> float | None:
        """Mean gap to the reference in per cent; None where a run found no plan."""
        return None if self.cost is None else gap(self.cost, self.reference)

    @property
    def own_gaps(self) -> list[float]:
        """Gaps as printed: each run's cost to its own bound."""
        printed = (gap(run.cost, run.bound) for run in self.runs if run.cost is not None)
        return [value for value in printed if value is not None]

    @property
    def proved(self) -> int:
        """Runs that ended with a proof."""
        return sum(run.proved for run in self.runs)


def gap(cost: float, reference: float | None) -> float | None:
    """Per cent above the reference."""
    return None if not reference else 100 * (cost / reference - 1)


def gather(results: Iterable[Result]) -> list[Group]:
    """Group results in the order in which instances and solvers first appear."""
    listed = list(results)
    references = {name: _reference(listed, name) for name in dict.fromkeys(r.instance for r in listed)}
    keys = dict.fromkeys((r.set_name, r.seconds, r.instance, r.solver) for r in listed)
    return [
        Group(
            set_name=set_name,
            seconds=seconds,
            instance=instance,
            solver=solver,
            runs=tuple(
                run
                for run in listed
                if (run.set_name, run.seconds, run.instance, run.solver)
                == (set_name, seconds, instance, solver)
            ),
            reference=references[instance],
        )
        for set_name, seconds, instance, solver in keys
    ]


def _reference(results: Sequence[Result], instance: str) -> float | None:
    mine = [result for result in results if result.instance == instance]
    known = next((result.best_known for result in mine if result.best_known is not None), None)
    bounds = [result.bound for result in mine if result.bound is not None]
    return known if known is not None else max(bounds, default=None)


def wrong_bounds(results: Sequence[Result]) -> list[str]:
    """Name every bound above what some lawful plan of the same instance costs."""
    least: dict[str, float] = {}
    for result in results:
        for cost in (result.cost, result.best_known):
            if cost is not None:
                least[result.instance] = min(cost, least.get(result.instance, cost))
    return [
        f"{r.instance} {r.solver} {r.seconds:g} s seed {r.seed}: {r.bound} above {least[r.instance]}"
        for r in results
        if r.bound is not None and r.bound > least.get(r.instance, r.bound) * (1 + _CLOSE)
    ]


def winners(groups: Sequence[Group]) -> list[str]:
    """Solvers with the lowest mean cost among groups of one instance and time."""
    costs = {group.solver: group.cost for group in groups if group.cost is not None}
    least = min(costs.values(), default=0.0)
    return [solver for solver, cost in costs.items() if cost <= least * (1 + _CLOSE)]


def ours(groups: Iterable[Group]) -> list[Group]:
    """Only those of this engine's default router."""
    return [group for group in groups if group.solver == OURS]
