"""The default router: several searches side by side, recombined, with a bound that grows beside them.

Problems that libraries solve (one trip a vehicle, one gate a class) are searched whole by both methods,
for half of the budget in one go; then the best plan is cut into districts that are searched side by side,
cut anew each round. All others are reduced to such problems (``splits``, ``rounds``). Meanwhile the bound
is computed (``proof``).

All heavy work is done in child processes: one that crashes, hangs or runs out of memory is reported and
the others' plan stands. Counted effort takes the same steps in the same order whatever the clock says.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import cycle, islice
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
_OPENING: Final = 0.5
"""Share of the budget for one long search of the whole by each method, the first included."""
_FIRST: Final = 0.2
"""Share of the budget for the first searches at most."""
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
        conductor = _Conductor(problem, replace(budget, start=shifts), dispatcher=dispatcher)
        proof = conductor.prove()
        proof.step(conductor.shifts, conductor.fen)
        proof.settle()
        solution = conductor.solution()
        return solution.bound or proof.bound, solution.reports


def _solve_general(problem: RoutingProblem, budget: Budget, *, dispatcher: Dispatcher) -> RoutingSolution:
    """Reduce to simple problems, bound the whole beside them, recombine trips of the bound's program."""
    first = solve_savings(problem, replace(budget, progress=_unheard))
    conductor = _Conductor(
        problem, replace(budget, start=budget.start or first.shifts), dispatcher=dispatcher
    )
    proof = conductor.prove()
    proof.step(conductor.shifts, conductor.fen)
    if dispatcher.clock.counted:
        proof.settle()

    def route(simple: RoutingProblem, share: Budget) -> RoutingSolution:
        inner = _Conductor(simple, share, dispatcher=dispatcher, beside=proof)
        inner.run()
        return inner.solution()

    own = replace(
        budget,
        seconds=None if budget.seconds is None else dispatcher.clock.left_s * (1 - _RECOMBINE),
        progress=_unheard,
    )
    if not conductor.proved:
        solution = solve_split(problem, own, router=route)
        conductor.offer(solution.shifts)
        conductor.recombine()
        conductor.finish_proof()
    return conductor.solution()


def _unheard(_progress: Progress) -> None:
    """What a part costs is not what the plan costs."""


@dataclass(slots=True, kw_only=True)
class _Round:
    """Searches side by side, each on a district, and the latest plan of each."""

    districts: list[District]
    plans: list[tuple[Shift, ...]]
    joined: bool
    """Whether the plans together are one plan."""
    proving: bool
    """Whether a lane was left to the proof."""
    methods: list[Method] = field(default_factory=list[Method])
    """By which the first districts are searched so far."""
    tasks: list[Task] = field(default_factory=list[Task])
    trips: dict[int, Pool] = field(default_factory=dict[int, Pool])
    """Those met on the way in each district."""


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
        started = bool(self.budget.start)
        self._search(self._whole(self.lanes), seconds=min(_FIRST_S, self.clock.whole_s * _FIRST))
        if not self.shifts:
            self._save()
        points = locate(self.problem)
        reserve = self.clock.whole_s * _RECOMBINE if visits <= _POOL_VISITS else 0.0
        self._advance_proof()
        if not started:
            self._open(self.clock.left_s - self.clock.whole_s * (1 - _OPENING))
        while not self._over(reserve):
            self._advance_proof()
            lanes = self.lanes
            parts = 1 if visits <= _WHOLE else max(lanes, round(visits / _DISTRICT / lanes) * lanes, 2)
            if parts == 1:
                self._search(self._whole(self.lanes), seconds=self.clock.whole_s * _ROUND)
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

    def _whole(self, times: int) -> list[District]:
        """The problem as its own district, so many times."""
        numbers = tuple(range(len(self.problem.visits)))
        return [District(problem=self.problem, visits=numbers, shifts=self.shifts)] * times

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
        going = self._begin(districts, joined=joined)
        for method in self._choose_methods(len(districts)):
            self._hand(going, method, work=self._work(share), within_s=seconds)
        self._await(going)
        if joined:
            pairs = zip(going.districts, going.plans, strict=True)
            self.offer(tuple(district.widen(shift) for district, plan in pairs for shift in plan))

    def _open(self, seconds: float) -> None:
        """Search the whole by each method in one go, leaving the best plan behind.

        A lane the proof gives back is searched in for the seconds that are left.
        """
        if self._over() or seconds <= 0:
            return
        until_s = self.clock.left_s - seconds
        going = self._begin(self._whole(self.dispatcher.lanes))
        methods = cycle((Method.RUIN, Method.PYVRP))
        while not going.tasks or not self._turn(going):
            rest = seconds if self.clock.counted else self.clock.left_s - until_s
            free = self.lanes - len(going.tasks) if rest > _FIRST_S or not going.tasks else 0
            for method in islice(methods, max(free, 0)):
                self._hand(going, method, work=replace(self._work(rest), anew=True), within_s=rest)
        self.clock.spend(seconds)
        self._end(going)

    def _begin(self, districts: Sequence[District], *, joined: bool = False) -> _Round:
        """A round in which nothing is handed out yet."""
        return _Round(
            districts=list(districts),
            plans=[district.shifts for district in districts],
            joined=joined,
            proving=self.proof is not None and self.proof.busy,
        )

    def _hand(self, going: _Round, method: Method, *, work: Work, within_s: float) -> None:
        """Have the next district of a round searched."""
        number = len(going.tasks)
        district = going.districts[number]
        going.methods.append(method)
        going.tasks.append(
            self.dispatcher.submit(
                method,
                tasks.search,
                district.problem,
                replace(work, start=district.shifts, method=method),
                seconds=within_s if work.seconds is None else work.seconds,
                within_s=within_s,
                hear=partial(self._hear, going, number),
            )
        )

    def _choose_methods(self, count: int) -> list[Method]:
        """One of each first; then each as often as it has gained lately, but none never."""
        first, second = sorted(Method, key=lambda method: -self.gains[method])
        total = sum(self.gains.values())
        share = 0.5 if not total else min(max(self.gains[first] / total, 0.5), _MOST_OF_ONE)
        if not self.shifts:
            return [(first, second)[number % 2] for number in range(count)]
        return [first if self.dice.random() < share else second for _ in range(count)]

    def _turn(self, going: _Round) -> bool:
        """Go on with a round, and with a proof that has a lane of its own; True when it has ended."""
        self.dispatcher.turn()
        if going.proving and not self.clock.counted:
            self._advance_proof()
        return all(task.outcome for task in going.tasks) or (self.proved and not self.clock.counted)

    def _await(self, going: _Round) -> None:
        """See a round to its end."""
        while not self._turn(going):
            pass
        self._end(going)

    def _end(self, going: _Round) -> None:
        """Take the plans; remember what each method has gained, half of what it had before forgotten."""
        self.dispatcher.turn()
        for number, trips in sorted(going.trips.items()):  # whichever came first
            for (kind, visits), fen in trips.items():
                self.pool[kind, tuple(going.districts[number].visits[visit] for visit in visits)] = fen
        pairs = zip(going.districts, going.plans, going.methods, strict=False)
        gained: dict[Method, list[float]] = {}
        for district, plan, method in pairs:
            before, after = (district.problem.objective_fen(shifts) for shifts in (district.shifts, plan))
            gained.setdefault(method, []).append((before - after) / max(before, 1))
        for method, gains in gained.items():
            self.gains[method] = (self.gains[method] + sum(gains) / len(gains)) / 2
        for plan in [] if going.joined else going.plans:
            self.offer(plan)

    def _work(self, seconds: float) -> Work:
        return Work(
            seconds=None if self.clock.counted else seconds,
            effort=max(round(seconds / UNIT_S), 1) if self.clock.counted else None,
            seed=self.dice.randrange(2**31),
        )

    def _hear(self, going: _Round, number: int, news: object) -> None:  # noqa: PLR0917  # bound by partial
        """A district's better plan, or its last with the trips met on the way."""
        if isinstance(news, Found):
            going.trips[number] = news.trips
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
            replace(self._work(seconds), start=self.shifts),
            trips,
            seconds=seconds,
            within_s=seconds,
            hear=self._hear_plan,
        )
        self.dispatcher.wait([task])

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
