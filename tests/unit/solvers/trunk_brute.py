"""Tiny seasons of departures, and their cheapest plan by looking at all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from random import Random

from planner.solvers.trunk import (
    CoachKind,
    Line,
    Means,
    Party,
    Train,
    TrunkProblem,
    Weights,
    groups_of,
)

TRIPS = 3
"""Coaches and trains of a tiny season at most."""


@dataclass(frozen=True, slots=True)
class Trip:
    """A coach that could leave, or a train."""

    day: int
    seats: int
    least: int
    fen: int
    away: int
    kind: int = -1
    line: Line | None = None
    train: int = -1


def random_problem(dice: Random) -> TrunkProblem:
    """Up to 8 parties, and vehicles for up to 3 trips; every rule binds now and then."""
    days = dice.randint(1, 3)
    trains = tuple(_train(dice, days) for _ in range(dice.choice((0, 0, 1))))
    kinds = _kinds(dice, days, trips=TRIPS - len(trains))
    lines = dice.sample([(city, employer) for city in range(2) for employer in (None, 0)], dice.randint(1, 3))
    return TrunkProblem(
        days=days,
        parties=tuple(_party(dice, days) for _ in range(dice.randint(1, 8))),
        kinds=kinds,
        lines=tuple(_line(dice, *place, kinds=len(kinds)) for place in lines),
        trains=trains,
        scheduled_fen=tuple(dice.choice((None, 1500, 3000, 5000)) for _ in range(2)),
        weights=Weights(
            wait_fen=dice.choice((0, 100, 300)),
            broken_fen=dice.choice((0, 200, 900)),
            split_fen=dice.choice((0, 500, 3000)),
            short_fen=dice.choice((0, 300, 5000)),
            unserved_fen=dice.choice((4000, 9000)),
            least=dice.choice((0, 5, 9)),
            whole=dice.choice((4, 8)),
        ),
    )


def _party(dice: Random, days: int) -> Party:
    ready = dice.randrange(days)
    barred = [means for means in Means if means is not Means.LEFT and dice.random() < 0.08]
    return Party(
        size=dice.choice((1, 1, 2, 2, 3, 4, 5, 8, 12)),
        city=dice.choice((0, 0, 0, 1)),
        employer=dice.choice((None, 0, 0)),
        ready=ready,
        deadline=dice.randint(ready, days - 1),
        barred=frozenset(barred),
    )


def _kinds(dice: Random, days: int, *, trips: int) -> tuple[CoachKind, ...]:
    fleet = [[0] * days for _ in range(dice.randint(1, 2))]
    for _ in range(trips):
        dice.choice(fleet)[dice.randrange(days)] += 1
    return tuple(CoachKind(seats=dice.choice((1, 6, 8, 9, 11, 14)), vehicles=tuple(row)) for row in fleet)


def _line(dice: Random, city: int, employer: int | None, *, kinds: int) -> Line:
    return Line(
        city=city,
        employer=employer,
        cost_fen=tuple(dice.choice((None, 3000, 6000, 9000, 14_000)) for _ in range(kinds)),
        away=dice.randint(1, 2),
        head_fen=dice.choice((0, 150)),
    )


def _train(dice: Random, days: int) -> Train:
    return Train(
        day=dice.randrange(days),
        seats=dice.choice((5, 9, 13)),
        head_fen=tuple((city, dice.choice((500, 1800))) for city in range(dice.randint(1, 2))),
        fixed_fen=777,
        least=dice.choice((0, 4)),
    )


def cheapest(problem: TrunkProblem) -> int:
    """The cost of the cheapest plan."""
    best: int | None = None
    for trips in _plans(problem):
        best = _Seating(problem, trips, best).least_fen()
    assert best is not None
    return best


def _plans(problem: TrunkProblem) -> Iterator[list[Trip]]:
    """All sets of coaches that the fleet allows, and all trains."""
    trains = [
        Trip(day=train.day, seats=train.seats, least=train.least, fen=train.fixed_fen, away=0, train=number)
        for number, train in enumerate(problem.trains)
    ]
    coaches: list[Trip] = []
    for line, day, (number, kind) in product(problem.lines, range(problem.days), enumerate(problem.kinds)):
        cost = line.cost_fen[number]
        if cost is not None:
            least = min(problem.weights.least, kind.seats)
            trip = Trip(
                day=day, seats=kind.seats, least=least, fen=cost, away=line.away, kind=number, line=line
            )
            coaches += [trip] * kind.vehicles[day]
    for count in range(TRIPS + 1):
        for chosen in {tuple(map(id, found)): found for found in combinations(coaches, count)}.values():
            if _in_fleet(problem, chosen):
                yield [*chosen, *trains]


def _in_fleet(problem: TrunkProblem, trips: tuple[Trip, ...]) -> bool:
    busy = Counter(
        (trip.kind, day) for trip in trips for day in range(trip.day, min(trip.day + trip.away, problem.days))
    )
    return all(count <= problem.kinds[kind].vehicles[day] for (kind, day), count in busy.items())


Way = tuple[str, int, int]
"""Means, day, and which train: what a group should not be split over."""


class _Seating:
    """Parties to the seats of some trips, one after another."""

    def __init__(self, problem: TrunkProblem, trips: list[Trip], best: int | None) -> None:
        self._problem, self._trips, self._best = problem, trips, best
        self._free = [trip.seats for trip in trips]
        self._options = [self._find(party) for party in problem.parties]
        floors = [min(fen for _, fen, _ in options) for options in self._options]
        self._rest = [sum(floors[number:]) for number in range(len(floors) + 1)]
        self._whole = [group for group in groups_of(problem) if group.kept_whole(problem)]
        self._ways: list[Way] = []

    def least_fen(self) -> int | None:
        self._place(0, sum(trip.fen for trip in self._trips))
        return self._best

    def _find(self, party: Party) -> list[tuple[int, int, Way]]:
        """Trip or -1, fen, and way of everything open to a party."""
        weights = self._problem.weights
        broken = weights.broken_fen if party.employer is not None else 0
        found = [(-1, weights.unserved_fen * party.size, ("left", party.ready, -1))]
        scheduled = self._problem.scheduled_fen[party.city]
        if scheduled is not None and Means.SCHEDULED not in party.barred:
            found.append((-1, (scheduled + broken) * party.size, ("scheduled", party.ready, -1)))
        for number, trip in enumerate(self._trips):
            fare = self._fare(party, trip, broken=broken)
            if fare is not None and party.ready <= trip.day <= party.deadline:
                fen = (fare[1] + weights.wait_fen * (trip.day - party.ready)) * party.size
                found.append((number, fen, (fare[0], trip.day, trip.train)))
        return found

    def _fare(self, party: Party, trip: Trip, *, broken: int) -> tuple[Means, int] | None:
        if trip.line is None:
            fares = dict(self._problem.trains[trip.train].head_fen)
            fits = party.city in fares and Means.TRAIN not in party.barred
            return (Means.TRAIN, fares[party.city]) if fits else None
        line = trip.line
        if line.city != party.city or line.employer not in {None, party.employer}:
            return None
        means = Means.POOLED if line.employer is None else Means.DIRECT
        if means in party.barred:
            return None
        return means, line.head_fen + (broken if means is Means.POOLED else 0)

    def _place(self, number: int, fen: int) -> None:
        if self._best is not None and fen + self._rest[number] >= self._best:
            return
        if number == len(self._options):
            self._finish(fen)
            return
        size = self._problem.parties[number].size
        for trip, cost, way in self._options[number]:
            if trip >= 0 and self._free[trip] < size:
                continue
            self._ways.append(way)
            if trip >= 0:
                self._free[trip] -= size
            self._place(number + 1, fen + cost)
            if trip >= 0:
                self._free[trip] += size
            self._ways.pop()

    def _finish(self, fen: int) -> None:
        weights = self._problem.weights
        for trip, free in zip(self._trips, self._free, strict=True):
            fen += weights.short_fen * max(trip.least - (trip.seats - free), 0)
        for group in self._whole:
            fen += weights.split_fen * (len({self._ways[party] for party in group.members}) - 1)
        if self._best is None or fen < self._best:
            self._best = fen
