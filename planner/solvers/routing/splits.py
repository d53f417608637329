"""Visits whose people may board different vehicles, reduced to visits that board together.

The reduction: cut every visit into pieces beforehand, several ways side by side, let a router solve each
as if the pieces were visits at one place, join what meets in one trip again, and keep the best. No way of
cutting is best everywhere: whole coaches first loses up to a fifth where visits fill half a vehicle, many
small pieces lose where there are too many of them to search through (Chen, P. et al. 2017, Omega 67).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

import numpy as np

from planner.solvers.routing.cuts import Cuts, Piece, Pieces, pre_splits, refine
from planner.solvers.routing.gather import gather, join_calls
from planner.solvers.routing.insertion import insert_all
from planner.solvers.routing.problem import FOREVER, RoutingProblem, Shift, Trip, Visit
from planner.solvers.routing.rounds import solve_by_rounds
from planner.solvers.routing.savings import clocked
from planner.solvers.routing.search import Budget, Progress, Report, Router, RoutingSolution

_FEW: Final = 1.25
"""Times as many pieces as the plainest way of cutting has, up to which the finest is as good as any."""


def explode(problem: RoutingProblem, cuts: Cuts) -> tuple[RoutingProblem, Pieces]:
    """Make every piece a visit of its own at the place of the one it was cut from, 0 s and 0 m apart.

    A piece pays the stop again and its share of the prize by heads, the last one what rounding leaves.
    """
    pieces = tuple((visit, piece) for visit, own in enumerate(cuts) for piece in own)
    visits: list[Visit] = []
    for figures, own in zip(problem.visits, cuts, strict=True):
        prizes = 0
        for piece in own:
            heads = _heads(figures, piece)
            prize = (
                figures.prize * heads // (figures.heads or 1) if piece != own[-1] else figures.prize - prizes
            )
            prizes += prize
            service = figures.boarding_s(heads)
            visits.append(replace(figures, heads=heads, service_s=service, prize=prize, parts=(), stop_s=0))
    return _spread(problem, visits, pieces), pieces


def explode_for_bound(problem: RoutingProblem) -> tuple[RoutingProblem, Pieces, int]:
    """Make every part a visit so that no plan gets dearer or unlawful; also the fen rounding may add.

    For every lawful plan of ``problem`` the exploded one has a plan that costs at most those fen more, so
    its bound less those fen bounds ``problem``. Each call becomes its parts one after another, the largest
    first, so placed that the last ends when the call does. Hence a part only takes its boarding, rounded
    down, and no stop; its window stays open as long as the call may last; and as the ride begins when
    the first part has boarded, ride limit and unbroken hours grow by the longest boarding of the others,
    both alike because rests are due by their difference. Prizes by heads are rounded down. Rounding each
    of m arcs instead of their sum adds at most m // 2 fen.
    """
    cuts = tuple(tuple((p,) for p in range(len(v.parts))) or ((),) for v in problem.visits)
    pieces = tuple((visit, piece) for visit, own in enumerate(cuts) for piece in own)
    seats = max((kind.capacity for kind in problem.vehicle_classes), default=0)
    visits = [_part(problem.visits[visit], piece) for visit, piece in pieces]
    longer = 0
    for number, figures in enumerate(problem.visits):
        if figures.parts:
            stays = [visits[at].service_s for at, (visit, _) in enumerate(pieces) if visit == number]
            boarding = (
                (figures.service_s - figures.stop_s) * min(figures.heads, seats) // (figures.heads or 1)
            )
            longer = max(longer, min(sum(stays) - max(stays), boarding))
    exploded = replace(
        _spread(problem, visits, pieces),
        ride_limit_s=min(problem.ride_limit_s + longer, FOREVER),
    )
    grown = exploded.ride_limit_s - problem.ride_limit_s
    classes = tuple(
        replace(kind, unbroken_limit_s=kind.unbroken_limit_s + grown) for kind in exploded.vehicle_classes
    )
    by_hour = any(kind.per_hour_fen for kind in problem.vehicle_classes)
    slack_fen = sum(len(figures.parts) // 2 for figures in problem.visits) if by_hour else 0
    return replace(exploded, vehicle_classes=classes), pieces, slack_fen


def _part(figures: Visit, piece: Piece) -> Visit:
    if not piece:
        return replace(figures, parts=(), stop_s=0)
    heads, all_heads = _heads(figures, piece), figures.heads or 1
    service = (figures.service_s - figures.stop_s) * heads // all_heads
    return replace(
        figures,
        heads=heads,
        service_s=service,
        prize=figures.prize * heads // all_heads,
        closes_s=min(figures.closes_s + figures.service_s - service, FOREVER),
        parts=(),
        stop_s=0,
    )


def _heads(figures: Visit, piece: Piece) -> int:
    return sum(figures.parts[part] for part in piece) if piece else figures.heads


def _spread(problem: RoutingProblem, visits: Sequence[Visit], pieces: Pieces) -> RoutingProblem:  # noqa: PLR0917  # parallel
    """The problem with these visits in place of its own: rows and columns repeated for each piece."""
    places = np.array([visit for visit, _ in pieces], dtype=np.int64)
    terminals = range(len(problem.visits), problem.seconds[0].shape[0])
    nodes = [*places.tolist(), *terminals]
    beside = np.zeros((len(nodes), len(nodes)), dtype=bool)
    beside[: len(places), : len(places)] = places[:, None] == places[None, :]
    np.fill_diagonal(beside, val=False)
    shift = len(pieces) - len(problem.visits)
    return replace(
        problem,
        visits=tuple(visits),
        gates=tuple(replace(gate, node=gate.node + shift) for gate in problem.gates),
        vehicle_classes=tuple(
            replace(
                kind,
                start=kind.start + shift,
                barred=frozenset(at for at, (visit, _) in enumerate(pieces) if visit in kind.barred),
            )
            for kind in problem.vehicle_classes
        ),
        seconds=tuple(np.where(beside, 0, seconds[np.ix_(nodes, nodes)]) for seconds in problem.seconds),
        metres=tuple(np.where(beside, 0, metres[np.ix_(nodes, nodes)]) for metres in problem.metres),
    )


def merge(
    problem: RoutingProblem,
    shifts: Sequence[Shift],
    *,
    pieces: Pieces,
    stop: Callable[[], bool] = lambda: False,
) -> tuple[Shift, ...]:
    """The plan of an exploded problem in terms of the one it came from, pieces that meet in a trip joined.

    Lawful; never dearer where a way round is never shorter than the way itself. Then calls are spared
    whose people find room elsewhere, and what is missing is inserted.
    """
    joined = join_calls(problem, shifts, pieces=pieces)
    gathered = gather(problem, tuple(filter(problem.is_feasible, joined)))
    return insert_all(problem, gathered, visits=problem.left_out(gathered), stop=stop)


def solve_split(problem: RoutingProblem, budget: Budget, *, router: Router) -> RoutingSolution:
    """Solve with a router that knows neither parts nor, needed be, several trips and gates.

    Half the budget goes in equal shares to the ways of cutting, the other half to the one that did
    best, from its own plan on. Where few pieces are more, all of it goes to the finest way. Without parts
    this is ``solve_by_rounds``.
    """
    if not any(visit.parts for visit in problem.visits):
        return solve_by_rounds(problem, budget, router=router)
    return _Splits(problem, budget, router=router).run()


class _Splits:
    """The ways of cutting one problem, and the best plan so far."""

    def __init__(self, problem: RoutingProblem, budget: Budget, *, router: Router) -> None:
        self.problem, self.budget, self.router = problem, budget, router
        self.until_s, self.stop = time.monotonic() + (budget.seconds or 0), clocked(budget)
        self.shifts = budget.start
        self.cost_fen = problem.objective_fen(self.shifts)
        self.spent = 0
        self.reports: list[Report] = []

    def run(self) -> RoutingSolution:
        """Try every way of cutting, then go on with the best from its own plan."""
        cuts = list(pre_splits(self.problem))
        if sum(map(len, cuts[-1])) <= _FEW * sum(map(len, cuts[0])):
            cuts = [refine(self.problem, cuts[-1], shifts=self.budget.start)]
        elif any(trip.taken for shift in self.budget.start for trip in shift.trips):
            whole = tuple(((),) for _ in self.problem.visits)
            cuts.append(refine(self.problem, whole, shifts=self.budget.start))
        shares = 1 if len(cuts) == 1 else 2 * len(cuts)
        found = [
            self._try(own, self._share(shares - done), start=self.budget.start)
            for done, own in enumerate(cuts)
        ]
        best, _ = min(zip(cuts, found, strict=True), key=lambda pair: self.problem.objective_fen(pair[1]))
        if len(cuts) > 1 and not self.stop():
            self._try(refine(self.problem, best, shifts=self.shifts), self._share(1), start=self.shifts)
        return RoutingSolution(shifts=self.shifts, reports=tuple(self.reports))

    def _share(self, rest: int) -> Budget:
        """One of ``rest`` equal shares of what is left."""
        own = replace(self.budget, start=(), progress=_unheard)
        if self.budget.effort is None:
            return replace(own, seconds=max(self.until_s - time.monotonic(), 0.001) / rest)
        effort = max((self.budget.effort - self.spent) // rest, 1)
        self.spent += effort
        return replace(own, effort=effort)

    def _try(self, cuts: Cuts, budget: Budget, *, start: tuple[Shift, ...]) -> tuple[Shift, ...]:
        """Solve with these pieces, from a plan where it takes them whole."""
        exploded, pieces = explode(self.problem, cuts)

        def take(shifts: tuple[Shift, ...]) -> tuple[Shift, ...]:
            return tuple(filter(exploded.is_feasible, as_pieces(shifts, pieces)))

        own = replace(budget, start=take(start), advice=lambda: take(self.budget.advice()))
        solution = solve_by_rounds(exploded, own, router=self.router)
        self.reports += solution.reports
        shifts = merge(self.problem, solution.shifts, pieces=pieces, stop=self.stop)
        cost = self.problem.objective_fen(shifts)
        if cost < self.cost_fen:
            self.shifts, self.cost_fen = shifts, cost
            self.budget.progress(Progress(cost_fen=cost))
        return shifts


def _unheard(_progress: Progress) -> None:
    """What pieces cost is not what the plan costs."""


def as_pieces(shifts: Sequence[Shift], pieces: Pieces) -> tuple[Shift, ...]:
    """The shifts with a visit for every piece; calls that take some piece in part are left out."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for number, (visit, _) in enumerate(pieces):
        numbers[visit].append(number)
    made: list[Shift] = []
    for shift in shifts:
        trips: list[Trip] = []
        for trip in shift.trips:
            calls = zip(trip.visits, trip.taken or ((),) * len(trip.visits), strict=True)
            boarding = [_boarding([(n, pieces[n][1]) for n in numbers[v]], taken) for v, taken in calls]
            if any(boarding):
                trips.append(replace(trip, visits=tuple(chain.from_iterable(boarding)), taken=()))
        if len(trips) == len(shift.trips):
            made.append(replace(shift, trips=tuple(trips)))
    return tuple(made)


def _boarding(pieces: Sequence[tuple[int, Piece]], taken: Piece) -> list[int]:
    """The numbers of pieces that together are what a call takes; empty where none are."""
    if not taken:
        return [number for number, _ in pieces]
    inside = [(number, piece) for number, piece in pieces if piece and set(piece) <= set(taken)]
    whole = sum(len(piece) for _, piece in inside) == len(taken)
    return [number for number, _ in inside] if whole else []
