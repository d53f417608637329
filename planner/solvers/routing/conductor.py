"""Conducts searches of a simple problem: the whole at first, then districts, the proof beside them.

A problem that libraries solve (one trip a vehicle, one gate a class) is searched whole by both methods, for
half of the budget in one go; then the best plan is cut into districts that are searched side by side, cut
anew each round. Counted effort takes the same steps in the same order whatever the clock says.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import cycle, islice
from typing import Final, cast

from planner.solvers.routing import tasks
from planner.solvers.routing.children import Task
from planner.solvers.routing.dispatch import UNIT_S, Clock, Dispatcher
from planner.solvers.routing.districts import District, cut, locate
from planner.solvers.routing.gains import Gains
from planner.solvers.routing.incumbent import Pool
from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.problem import FOREVER, RoutingProblem, Shift, Trip
from planner.solvers.routing.proof import Proof
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Budget, Progress, Report, RoutingSolution, Trouble
from planner.solvers.routing.tasks import Found, Method, PlainTrip, Work

_QUICK: Final = 100
"""Up to so many visits savings take no time, and column generation may start from them."""
_WHOLE: Final = 140
"""Up to so many visits, searching the whole is as good as searching districts."""
_DISTRICT: Final = 170
"""Visits of a district, about."""
_MANY: Final = 250
"""Visits up to which PyVRP begins, with time windows in two lanes; beyond, ruin and recreate."""
_OPENING: Final = 0.25
_OPENING_OF_FEW: Final = 0.85
"""Share of the budget for one long search of the whole by each method, the first included."""
FIRST: Final = 0.2
"""Share of the budget for the first searches at most."""
FIRST_S: Final = 1.5
"""Seconds of the first searches, whose plans column generation starts from."""
_SLICE_S: Final = 0.012
"""Seconds a visit of one search in a district."""
_GAIN: Final = 2e-4
"""Part of the cost that a round of districts must gain, or the next one is of the whole."""
_ROUND: Final = 0.2
"""Share of the budget for one round of whole searches."""
_POOL: Final = 12_000
"""Trips recombined at most, the newest."""
RECOMBINE: Final = 0.1
"""Share of the budget for recombining, at the end."""
_POOL_VISITS: Final = 400
"""Visits above which recombining does not pay."""


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


class Conductor:
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
        self.gains = Gains(self.dice)
        self.advised = False
        """Whether the plan that the bound's program rounds to was searched from."""

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
        if self.proof is not None and self.proof.silent and not self.budget.stop():
            reports += (Report(backend="bound", trouble=Trouble.TIMED_OUT),)
        return RoutingSolution(shifts=self.shifts, finished=self.proved, bound=bound, reports=reports)

    def look(self) -> None:
        """Search for all of the budget, no more."""
        self._search(self._whole(self.lanes), seconds=self.clock.left_s, anew=True)

    def run(self) -> None:
        """Search the whole, then districts, and recombine at the end; prove beside it."""
        visits = len(self.problem.visits)
        if visits <= _QUICK:
            self._save()
            self.advance_proof()
        if not self.budget.start:
            self._search(self._whole(self.lanes), seconds=min(FIRST_S, self.clock.whole_s * FIRST))
        if not self.shifts:
            self._save()
        points = locate(self.problem)
        reserve = self.clock.whole_s * RECOMBINE if visits <= _POOL_VISITS else 0.0
        self.advance_proof()
        opening = _OPENING if visits > _MANY else _OPENING_OF_FEW
        self._open(self.clock.left_s - self.clock.whole_s * (1 - opening))
        stuck = visits <= _WHOLE
        while not self._over(reserve):
            self.advance_proof()
            if self._follow_advice():
                continue
            before, seconds = self.fen, self.clock.whole_s * _ROUND
            if stuck:
                self._search(self._whole(self.lanes), seconds=seconds, anew=visits > _WHOLE)
            else:
                parts = max(self.lanes, round(visits / _DISTRICT / self.lanes) * self.lanes, 2)
                districts = cut(self.problem, self.shifts, points=points, parts=parts, dice=self.dice)
                seconds = min(seconds, _SLICE_S * visits / self.lanes)
                self._search(districts, seconds=seconds, joined=True)
            stuck = visits <= _WHOLE or (not stuck and self.fen > (1 - _GAIN) * before)
        if reserve:
            self.recombine()
        self.finish_proof()

    def _save(self) -> None:
        """Start from savings, where no search has begun or none has found anything."""
        self.offer(solve_savings(self.problem, Budget(stop=self.budget.stop)).shifts)

    def _whole(self, times: int) -> list[District]:
        """The problem as its own district, so many times."""
        return [self._district(self.shifts)] * times

    def _district(self, shifts: tuple[Shift, ...]) -> District:
        numbers = tuple(range(len(self.problem.visits)))
        return District(problem=self.problem, visits=numbers, shifts=shifts)

    def _over(self, reserve_s: float = 0.0) -> bool:
        return self.clock.over or self.clock.left_s <= reserve_s or self.proved or self.dispatcher.clock.over

    def advance_proof(self) -> None:
        """Go on with the proof, if it is this search's own."""
        if self.proof is None or not self.shifts or self.proved:
            return
        self.proof.step(self.shifts, self.fen)
        if self.clock.counted:
            self.proof.settle()

    def finish_proof(self) -> None:
        """Let a proof under way end within the budget; by the clock only."""
        while self.proof is not None and self.proof.busy and not self._over():
            self.dispatcher.turn()

    def _search(
        self, districts: Sequence[District], *, seconds: float, joined: bool = False, anew: bool = False
    ) -> None:
        """Search districts side by side for ``seconds`` in all; join their plans, or take the best."""
        if self._over():
            return
        seconds = min(seconds, self.clock.left_s)
        share = seconds / -(-len(districts) // self.lanes)
        self.clock.spend(seconds)
        going = self._begin(districts, joined=joined)
        methods = self.gains.choose(len(districts), alike=not self.shifts)
        for method in methods:
            self._hand(going, method, work=replace(self._work(share), anew=anew), within_s=seconds)
        self._await(going)
        if joined:
            pairs = zip(going.districts, going.plans, strict=True)
            self.offer(tuple(district.widen(shift) for district, plan in pairs for shift in plan))

    def _open(self, seconds: float) -> None:
        """Search the whole by each method in one go, leaving the best plan behind.

        A lane the proof gives back is searched in for the seconds that are left, from what it advises.
        """
        if self._over() or seconds <= 0:
            return
        until_s = self.clock.left_s - seconds
        going = self._begin(self._whole(self.dispatcher.lanes))
        few = len(self.problem.visits) <= _MANY
        timed = any(visit.closes_s < FOREVER for visit in self.problem.visits)
        second = Method.PYVRP if timed else Method.RUIN
        methods = cycle((Method.PYVRP, second) if few else (Method.RUIN, Method.PYVRP))
        while not going.tasks or not self._turn(going):
            rest = seconds if self.clock.counted else self.clock.left_s - until_s
            free = self.lanes - len(going.tasks) if rest > FIRST_S or not going.tasks else 0
            for method in islice(methods, max(free, 0)):
                advice = self._take_advice() if going.tasks else ()
                if advice:
                    going.districts[len(going.tasks)] = self._district(advice)
                work = replace(self._work(rest), anew=not advice)
                self._hand(going, Method.RUIN if advice else method, work=work, within_s=rest)
        self.clock.spend(seconds)
        self._end(going)

    def _take_advice(self) -> tuple[Shift, ...]:
        """The plan that the bound's program rounds to, once: dear, but of trips that go together."""
        if self.advised:
            return ()
        advice = self.budget.advice() if self.proof is None else self.proof.rounded
        self.advised = bool(advice)
        return advice

    def _follow_advice(self) -> bool:
        """Search from it in one lane, from the best plan in the others; False where there is none."""
        advice = self._take_advice()
        if not advice:
            return False
        seconds = min(self.clock.whole_s * _ROUND, self.clock.left_s)
        self.clock.spend(seconds)
        going = self._begin([self._district(advice), *self._whole(self.lanes - 1)])
        for _ in going.districts:
            self._hand(going, Method.RUIN, work=self._work(seconds), within_s=seconds)
        self._await(going)
        return True

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

    def _turn(self, going: _Round) -> bool:
        """Go on with a round, and with a proof that has a lane of its own; True when it has ended."""
        self.dispatcher.turn()
        if going.proving and not self.clock.counted:
            self.advance_proof()
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
        searched = zip(going.districts, going.plans, going.methods, strict=False)
        self.gains.learn(
            (method, district.problem.objective_fen(district.shifts), district.problem.objective_fen(plan))
            for district, plan, method in searched
        )
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
