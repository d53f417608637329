"""The default router: several searches side by side, recombined, with a bound that grows beside them.

Problems that libraries solve (one trip a vehicle, one gate a class) are searched whole from different
seeds; then the best plan is cut into districts that are searched side by side, cut anew each round. All
others are reduced to such problems (``splits``, ``rounds``). Meanwhile the bound is computed (``proof``).

All heavy work is done in child processes: one that crashes, hangs or runs out of memory is reported and
the others' plan stands. Counted effort takes the same steps in the same order whatever the clock says.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, cast

from planner.solvers.routing import tasks
from planner.solvers.routing.children import Crew, Task
from planner.solvers.routing.dispatch import UNIT_S, Clock, Dispatcher
from planner.solvers.routing.districts import District, cut, locate
from planner.solvers.routing.incumbent import Pool
from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.problem import RoutingProblem, Shift, Trip
from planner.solvers.routing.proof import Proof
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Bound, Budget, Progress, Report, RoutingSolution
from planner.solvers.routing.splits import solve_split
from planner.solvers.routing.tasks import Found, Method, PlainTrip, Work

_QUICK: Final = 100
"""Up to so many visits savings take no time, and column generation may start from them."""
_WHOLE: Final = 140
"""Up to so many visits, searching the whole is as good as searching districts."""
_DISTRICT: Final = 170
"""Visits of a district, about."""
_OPENING: Final = 0.2
"""Share of the budget for searches of the whole before it is cut."""
_FIRST_S: Final = 1.5
"""Seconds of the first searches, whose plans column generation starts from."""
_SLICE_S: Final = 0.012
"""Seconds a visit of one search in a district."""
_ROUND: Final = 0.2
"""Share of the budget for one round of whole searches."""
_POOL: Final = 12_000
"""Trips recombined at most, the newest."""
_MOST_OF_ONE: Final = 0.85
"""Share of searches at most by the method that gains more."""
_RECOMBINE: Final = 0.1
"""Share of the budget for recombining, at the end."""
_POOL_VISITS: Final = 400
"""Visits above which recombining does not pay."""
_MEMORY_BYTES: Final = 6 * 2**30


def solve_best(problem: RoutingProblem, budget: Budget) -> RoutingSolution:
    """Search until proved, stopped or the budget is spent."""
    if not problem.visits or not problem.vehicle_classes:
        return RoutingSolution(shifts=(), finished=True, bound=Bound.of_nobody(problem))
    with Crew(budget.workers, memory_bytes=_MEMORY_BYTES, stop=budget.stop) as crew:
        dispatcher = Dispatcher(crew, budget)
        if problem.is_simple:
            search = _Conductor(problem, budget, dispatcher=dispatcher)
            search.prove()
            search.run()
            return search.solution()
        return _solve_general(problem, budget, dispatcher=dispatcher)


def prove(
    problem: RoutingProblem, budget: Budget, *, shifts: tuple[Shift, ...]
) -> tuple[Bound, tuple[Report, ...]]:
    """Bound a problem for a plan that was made otherwise; and what broke meanwhile."""
    if not problem.visits or not problem.vehicle_classes:
        return Bound.of_nobody(problem), ()
    with Crew(min(budget.workers, 1), memory_bytes=_MEMORY_BYTES, stop=budget.stop) as crew:
        dispatcher = Dispatcher(crew, budget)
        standing = _Conductor(problem, replace(budget, start=shifts), dispatcher=dispatcher)
        proof = standing.prove()
        proof.step(standing.shifts, standing.fen)
        proof.settle()
        solution = standing.solution()
        return solution.bound or proof.bound, solution.reports


def _solve_general(problem: RoutingProblem, budget: Budget, *, dispatcher: Dispatcher) -> RoutingSolution:
    """Reduce to simple problems, bound the whole beside them, recombine trips of the bound's program."""
    first = solve_savings(problem, replace(budget, progress=_unheard))
    standing = _Conductor(problem, replace(budget, start=budget.start or first.shifts), dispatcher=dispatcher)
    proof = standing.prove()
    proof.step(standing.shifts, standing.fen)
    if dispatcher.clock.counted:
        proof.settle()

    def route(simple: RoutingProblem, share: Budget) -> RoutingSolution:
        inner = _Conductor(simple, share, dispatcher=dispatcher, beside=proof)
        inner.run()
        return inner.solution()

    own = replace(
        budget,
        seconds=None if budget.seconds is None else dispatcher.clock.left_s * (1 - _RECOMBINE),
        start=standing.shifts,
        progress=_unheard,
    )
    if not standing.proved:
        solution = solve_split(problem, own, router=route)
        standing.offer(solution.shifts)
        standing.recombine()
        standing.finish_proof()
    return standing.solution()


def _unheard(_progress: Progress) -> None:
    """What a part costs is not what the plan costs."""


@dataclass(slots=True, kw_only=True)
class _Round:
    """Searches side by side, each on a district, and the latest plan of each."""

    districts: list[District]
    plans: list[tuple[Shift, ...]]
    joined: bool
    """Whether the plans together are one plan."""
    proving: bool = False
    """Whether a lane was left to the proof."""


class _Conductor:
    """Hands out tasks, keeps the best plan, the bound and the pool."""

    def __init__(
        self,
        problem: RoutingProblem,
        budget: Budget,
        *,
        dispatcher: Dispatcher,
        beside: Proof | None = None,
    ) -> None:
        self.problem = problem
        self.budget = budget
        self.dispatcher = dispatcher
        self.clock = Clock(budget)
        self.beside = beside
        self.proof: Proof | None = None
        self.dice = random.Random(budget.seed)
        lawful = tuple(shift for shift in budget.start if problem.is_feasible(shift))
        broken = len(lawful) < len(budget.start)
        self.shifts = insert_all(problem, lawful, visits=problem.left_out(lawful)) if broken else lawful
        self.fen = problem.objective_fen(self.shifts)
        self.pool: Pool = {}
        self.gains = dict.fromkeys(Method, 1.0)
        """What a search by each method has gained lately, as shares of the cost."""

    def prove(self) -> Proof:
        """Have the bound computed beside the search."""
        self.proof = self.beside = Proof(self.problem, self.dispatcher, offer=self.offer, learn=self._tell)
        self.proof.weigh(self.fen)
        return self.proof

    @property
    def proved(self) -> bool:
        """Whether no plan is cheaper."""
        return self.proof is not None and self.proof.bound.fen == self.fen

    @property
    def lanes(self) -> int:
        """Searches that may run now: one less while the bound is worked on."""
        busy = self.beside is not None and self.beside.busy and not self.clock.counted
        return max(self.dispatcher.lanes - busy, 1)

    def solution(self) -> RoutingSolution:
        """The best plan with what is known about it."""
        bound = None
        if self.proof is not None:
            bound = replace(self.proof.bound, verified_fen=self.proof.verified_fen)
        reports = tuple(self.dispatcher.reports) if self.proof is not None else ()
        return RoutingSolution(shifts=self.shifts, finished=self.proved, bound=bound, reports=reports)

    def run(self) -> None:
        """Search the whole, then districts, and recombine at the end; prove beside it."""
        visits = len(self.problem.visits)
        if visits <= _QUICK:
            self._save()
            self._advance_proof()
        self._search(self._whole(), seconds=min(_FIRST_S, self.clock.whole_s * _OPENING))
        if not self.shifts:
            self._save()
        points = locate(self.problem)
        reserve = self.clock.whole_s * _RECOMBINE if visits <= _POOL_VISITS else 0.0
        self._advance_proof()
        if visits > _WHOLE:
            self._search(self._whole(), seconds=self.clock.whole_s * _OPENING)
        while not self._over(reserve):
            self._advance_proof()
            lanes = self.lanes
            parts = 1 if visits <= _WHOLE else max(lanes, round(visits / _DISTRICT / lanes) * lanes, 2)
            if parts == 1:
                self._search(self._whole(), seconds=self.clock.whole_s * _ROUND)
            else:
                districts = cut(self.problem, self.shifts, points=points, parts=parts, dice=self.dice)
                seconds = _SLICE_S * visits / lanes
                self._search(districts, seconds=min(seconds, self.clock.whole_s * _ROUND), joined=True)
        if reserve:
            self.recombine()
        self.finish_proof()

    def _save(self) -> None:
        """Start from savings, where no search has begun or none has found anything."""
        self.offer(solve_savings(self.problem, Budget(stop=self.budget.stop)).shifts)

    def _whole(self) -> list[District]:
        """The problem as its own district, once for each lane."""
        numbers = tuple(range(len(self.problem.visits)))
        return [District(problem=self.problem, visits=numbers, shifts=self.shifts)] * self.lanes

    def _over(self, reserve_s: float = 0.0) -> bool:
        return self.clock.over or self.clock.left_s <= reserve_s or self.proved or self.dispatcher.clock.over

    def _advance_proof(self) -> None:
        if self.proof is None or not self.shifts or self.proved:
            return
        self.proof.step(self.shifts, self.fen)
        if self.clock.counted:
            self.proof.settle()

    def finish_proof(self) -> None:
        """Let a proof under way end within the budget; by the clock only."""
        while self.proof is not None and self.proof.busy and not self._over():
            self.dispatcher.turn()

    def _search(self, districts: Sequence[District], *, seconds: float, joined: bool = False) -> None:
        """Search districts side by side for ``seconds`` in all; join their plans, or take the best."""
        if self._over():
            return
        seconds = min(seconds, self.clock.left_s)
        share = seconds / -(-len(districts) // self.lanes)
        self.clock.spend(seconds)
        going = _Round(
            districts=list(districts),
            plans=[district.shifts for district in districts],
            joined=joined,
            proving=self.proof is not None and self.proof.busy,
        )
        methods = self._choose_methods(len(districts))
        handed = [
            self.dispatcher.submit(
                method,
                tasks.search,
                district.problem,
                self._work(share, start=district.shifts, method=method),
                seconds=share,
                within_s=seconds,
                hear=partial(self._hear, going, number),
            )
            for number, (district, method) in enumerate(zip(districts, methods, strict=True))
        ]
        self._await(handed, proving=going.proving)
        self._learn(going, methods)
        for plan in [] if joined else going.plans:
            self.offer(plan)
        if joined:
            pairs = zip(going.districts, going.plans, strict=True)
            self.offer(tuple(district.widen(shift) for district, plan in pairs for shift in plan))

    def _choose_methods(self, count: int) -> list[Method]:
        """One of each first; then each as often as it has gained lately, but none never."""
        first, second = sorted(Method, key=lambda method: -self.gains[method])
        total = sum(self.gains.values())
        share = 0.5 if not total else min(max(self.gains[first] / total, 0.5), _MOST_OF_ONE)
        if not self.shifts:
            return [(first, second)[number % 2] for number in range(count)]
        return [first if self.dice.random() < share else second for _ in range(count)]

    def _learn(self, going: _Round, methods: Sequence[Method]) -> None:
        """Remember what each method has gained, half of it forgotten every round it is used in."""
        pairs = zip(going.districts, going.plans, methods, strict=True)
        gained: dict[Method, list[float]] = {}
        for district, plan, method in pairs:
            before, after = (district.problem.objective_fen(shifts) for shifts in (district.shifts, plan))
            gained.setdefault(method, []).append((before - after) / max(before, 1))
        for method, gains in gained.items():
            self.gains[method] = (self.gains[method] + sum(gains) / len(gains)) / 2

    def _await(self, handed: Sequence[Task], *, proving: bool = False) -> None:
        """Turn until all have ended, or the plan is proved; a lane left to the proof goes on with it."""
        while not all(task.outcome for task in handed):
            self.dispatcher.turn()
            if proving and not self.clock.counted:
                self._advance_proof()
            if self.proved and not self.clock.counted:
                return
        self.dispatcher.turn()

    def _work(self, seconds: float, *, start: tuple[Shift, ...], method: Method = Method.PYVRP) -> Work:
        return Work(
            seconds=None if self.clock.counted else seconds,
            effort=max(round(seconds / UNIT_S), 1) if self.clock.counted else None,
            seed=self.dice.randrange(2**31),
            start=start,
            method=method,
        )

    def _hear(self, going: _Round, number: int, news: object) -> None:  # noqa: PLR0917  # bound by partial
        """A district's better plan, or its last with the trips met on the way."""
        district = going.districts[number]
        if isinstance(news, Found):
            for (kind, visits), fen in news.trips.items():
                self.pool[kind, tuple(district.visits[visit] for visit in visits)] = fen
            going.plans[number] = news.shifts
        elif isinstance(news, tuple):
            going.plans[number] = cast("tuple[Shift, ...]", news)
        if not going.joined and not self.clock.counted:
            self.offer(going.plans[number])

    def recombine(self) -> None:
        """Make the cheapest plan of trips met so far."""
        newest = list(self.pool)[-_POOL:]
        gate = {number: kind.gates[0] for number, kind in enumerate(self.problem.vehicle_classes)}
        trips: tuple[PlainTrip, ...] = tuple(
            (kind, Trip(visits=visits, gate=gate[kind]), None) for kind, visits in newest
        )
        trips += self.proof.trips if self.proof is not None else ()
        if not trips or self._over():
            return
        seconds = self.clock.left_s
        self.clock.spend(seconds)
        task = self.dispatcher.submit(
            "recombine",
            tasks.recombine,
            self.problem,
            self._work(seconds, start=self.shifts),
            trips,
            seconds=seconds,
            within_s=seconds,
            hear=self._hear_plan,
        )
        self._await([task])

    def _hear_plan(self, news: object) -> None:
        if isinstance(news, tuple):
            self.offer(cast("tuple[Shift, ...]", news))

    def offer(self, shifts: tuple[Shift, ...]) -> None:
        """Take a plan if it is better than the best."""
        fen = self.problem.objective_fen(shifts)
        if fen < self.fen:
            self.shifts, self.fen = shifts, fen
            self._tell()

    def _tell(self) -> None:
        bound_fen = None
        if self.proof is not None:
            self.proof.weigh(self.fen)
            bound_fen = self.proof.bound.fen
        self.budget.progress(Progress(cost_fen=self.fen, bound_fen=bound_fen))
