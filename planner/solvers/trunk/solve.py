"""Departures: prices and a bound first, a plan they suggest, then neighbourhoods of it till the time is up.

Where coaches are few, plans of cities are pooled and the best of them put side by side instead of that first
plan. Small problems are also given to branch and bound as a whole, and the smallest coach by coach, where
whole parties are part of the program and the bound is one of the problem itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from planner.errors import SolverError
from planner.solvers.routing.children import Crew
from planner.solvers.trunk.bound import Duals, Patience, Sites, climb, first_prices
from planner.solvers.trunk.dive import dive, seat
from planner.solvers.trunk.divide import Divided
from planner.solvers.trunk.filling import name_parties
from planner.solvers.trunk.ground import survey
from planner.solvers.trunk.improve import ALONE_SHARE, Improver
from planner.solvers.trunk.judge import price
from planner.solvers.trunk.problem import Prices, TrunkBudget, TrunkProblem, TrunkSolution
from planner.solvers.trunk.rounds import Outlook, Rounds, suits
from planner.solvers.trunk.standing import Standing
from planner.solvers.trunk.tasks import coach_part, search_coaches
from planner.solvers.trunk.verify import recompute

if TYPE_CHECKING:
    from planner.solvers.trunk.ground import Ground

_STEPS: Final = 600
"""Steps of prices at most; the level is mostly as near as it gets by 400."""
_STEPS_A_UNIT: Final = 10
"""Of effort."""
_PRICE_SHARE: Final = 0.15
_DIVE_SHARE: Final = 0.2
"""Shares of the seconds that prices and the first plan may take."""
_TINY: Final = 400
"""Choices up to which it sees every coach at once, before any other plan is made."""


def solve(problem: TrunkProblem, budget: TrunkBudget) -> TrunkSolution:
    """All stages, as ``solve_trunk`` of the package promises."""
    ground = survey(problem)
    duals = first_prices(ground)
    standing = Standing(ground, budget, bound=duals.bound)
    duals = _find_prices(standing, duals)
    _look_by_coach(standing)
    if not standing.over():
        # Branch and bound cannot be interrupted, so where a clock runs it is never in this process.
        workers = max(budget.workers, 1) if budget.effort is None else 0
        with Crew(workers, stop=standing.over) as crew:
            outlook = Rounds(standing, crew, workers=workers).run(duals) if suits(ground) else None
            if outlook is None:
                _dive(standing, duals)
            _improve(standing, crew, outlook=outlook or Outlook(duals=duals), workers=workers)
    return _answer(standing, duals)


def _find_prices(standing: Standing, duals: Duals) -> Duals:
    effort = standing.budget.effort
    steps = _STEPS if effort is None else min(_STEPS, effort * _STEPS_A_UNIT)
    patience = Patience(steps=steps, stop=standing.until(_PRICE_SHARE), tell=standing.prove)
    return climb(Sites(standing.ground), duals, patience=patience)


def _dive(standing: Standing, duals: Duals) -> None:
    until = standing.until(_PRICE_SHARE + _DIVE_SHARE)
    standing.offer(seat(standing.ground, dive(standing.ground, duals, stop=until)))


def _improve(standing: Standing, crew: Crew, *, outlook: Outlook, workers: int) -> None:
    division = Sites(standing.ground).divide(outlook.duals)
    divided = Divided(standing.ground, division, known=outlook.known)
    Improver(standing, crew, divided=divided, workers=workers).run(outlook.choosing)


class _Here:
    """The line of a task that runs at once, in this process."""

    def __init__(self, stopped: Callable[[], bool]) -> None:
        self.stopped = stopped


def _look_by_coach(standing: Standing) -> None:
    """Branch and bound over every coach there could be, where those are few."""
    part = None if standing.over() else coach_part(standing.ground, most=_TINY)
    if part is not None:
        allowance = standing.allow(ALONE_SHARE)
        found = search_coaches(_Here(standing.over), standing.ground, part, allowance)
        if found.filling is not None:
            standing.offer(found.filling)
        standing.prove(found.bound)


def _answer(standing: Standing, duals: Duals) -> TrunkSolution:
    """The best so far with names, checked; the bound recomputed."""
    ground: Ground = standing.ground
    problem = ground.problem
    coaches, rides = name_parties(ground, standing.best)
    priced = price(problem, (coaches, rides))
    if priced.faults or priced.fen != standing.cost:
        faults = "; ".join(priced.faults[:3])
        raise SolverError("trunk", f"a plan of {standing.cost} fen costs {priced.fen}: {faults}")
    prices = Prices(
        head_fen=tuple(duals.head.tolist()),
        vehicle_fen=tuple(tuple(row) for row in duals.vehicle.tolist()),
    )
    verified = recompute(problem, prices)
    return TrunkSolution(
        coaches=coaches,
        rides=rides,
        cost_fen=standing.cost,
        bound_fen=min(max(standing.bound, verified), standing.cost),
        verified_fen=verified,
        prices=prices,
        reports=tuple(standing.reports),
    )
