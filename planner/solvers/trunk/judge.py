"""What a plan costs and which rules it breaks, from the problem and the plan alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields

from planner.solvers.trunk.problem import Coach, Means, Party, Ride, Train, TrunkProblem, groups_of

Plan = tuple[tuple[Coach, ...], tuple[Ride, ...]]
"""Coaches, and by party how it rides."""


@dataclass(slots=True, kw_only=True)
class Costs:
    """Where the money goes, in fen: vehicles and fares, then what weights say."""

    coaches: int = 0
    trains: int = 0
    fares: int = 0
    scheduled: int = 0
    left: int = 0
    waiting: int = 0
    broken: int = 0
    split: int = 0
    short: int = 0

    @property
    def total(self) -> int:
        """All of it: what the solver makes least."""
        return sum(getattr(self, part.name) for part in fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A plan's costs; ``faults`` names every rule it breaks and where, and is empty for a lawful plan.

    ``whole`` counts groups that should leave on one day by one means, ``split`` those that do not.
    """

    costs: Costs
    faults: tuple[str, ...]
    whole: int
    split: int

    @property
    def fen(self) -> int:
        """The whole cost."""
        return self.costs.total


def price(problem: TrunkProblem, plan: Plan) -> Price:
    """Price a plan anew, sharing nothing with the search; a plan that breaks rules is priced all the same."""
    coaches, rides = plan
    if len(rides) != len(problem.parties):
        raise ValueError("a plan has one ride for every party")
    bill = _Bill(problem, coaches)
    for number, coach in enumerate(coaches):
        bill.add_coach(number, coach)
    bill.count_coaches()
    bill.add_trains(rides)
    for number, ride in enumerate(rides):
        bill.add_ride(number, ride)
    whole, split = bill.split_groups(rides)
    return Price(costs=bill.costs, faults=tuple(bill.faults), whole=whole, split=split)


class _Bill:
    """Costs and faults of one plan, as they add up."""

    def __init__(self, problem: TrunkProblem, coaches: tuple[Coach, ...]) -> None:
        self.costs, self.faults = Costs(), list[str]()
        self._problem, self._coaches = problem, coaches
        self._lines = {(line.city, line.employer): line for line in problem.lines}
        self._busy: Counter[tuple[int, int]] = Counter()
        self._seated: Counter[int] = Counter()

    def add_coach(self, number: int, coach: Coach) -> None:
        problem, line = self._problem, self._lines.get((coach.city, coach.employer))
        cost = None if line is None else line.cost_fen[coach.kind]
        if line is None or cost is None:
            self.faults.append(f"coach {number}: no such line for its kind")
            return
        seats = problem.kinds[coach.kind].seats
        heads = sum(problem.parties[party].size for party in coach.parties)
        if heads > seats:
            self.faults.append(f"coach {number}: {heads} heads on {seats} seats")
        self.costs.coaches += cost
        self.costs.short += problem.weights.short_fen * max(min(problem.weights.least, seats) - heads, 0)
        for day in range(coach.day, min(coach.day + line.away, problem.days)):
            self._busy[coach.kind, day] += 1
        self._seated.update(coach.parties)

    def count_coaches(self) -> None:
        for (kind, day), count in sorted(self._busy.items()):
            if count > self._problem.kinds[kind].vehicles[day]:
                self.faults.append(f"kind {kind}, day {day}: {count} coaches")
        twice = sorted(party for party, count in self._seated.items() if count > 1)
        self.faults += [f"party {party}: in more than one coach" for party in twice]

    def add_trains(self, rides: tuple[Ride, ...]) -> None:
        heads: Counter[int | None] = Counter()
        for party, ride in zip(self._problem.parties, rides, strict=True):
            if ride.means is Means.TRAIN:
                heads[ride.vehicle] += party.size
        for number, train in enumerate(self._problem.trains):
            if heads[number] > train.seats:
                self.faults.append(f"train {number}: {heads[number]} heads on {train.seats} seats")
            self.costs.trains += train.fixed_fen
            self.costs.short += self._problem.weights.short_fen * max(train.least - heads[number], 0)

    def add_ride(self, number: int, ride: Ride) -> None:
        trouble = self._days_trouble(number, ride) or self._seat_trouble(number, ride)
        if trouble:
            self.faults.append(f"party {number}: {trouble}")
            return
        party, weights, costs = self._problem.parties[number], self._problem.weights, self.costs
        costs.waiting += party.size * (ride.day - party.ready) * weights.wait_fen
        if party.employer is not None and ride.means in {Means.POOLED, Means.SCHEDULED}:
            costs.broken += party.size * weights.broken_fen
        if ride.means is Means.LEFT:
            costs.left += party.size * weights.unserved_fen
        elif ride.means is Means.SCHEDULED:
            costs.scheduled += party.size * (self._problem.scheduled_fen[party.city] or 0)
        else:
            costs.fares += party.size * self._fare(party, ride)

    def _fare(self, party: Party, ride: Ride) -> int:
        if ride.means is Means.TRAIN:
            return dict(self._problem.trains[ride.vehicle or 0].head_fen)[party.city]
        return self._lines[party.city, party.employer if ride.means is Means.DIRECT else None].head_fen

    def _days_trouble(self, number: int, ride: Ride) -> str:
        party = self._problem.parties[number]
        if not party.ready <= ride.day <= party.deadline:
            return f"leaves on day {ride.day}"
        if ride.means in party.barred:
            return f"is barred from {ride.means}"
        if ride.means not in {Means.DIRECT, Means.POOLED} and number in self._seated:
            return "sits in a coach and goes otherwise"
        if ride.means is Means.SCHEDULED and self._problem.scheduled_fen[party.city] is None:
            return "takes transport that is not there"
        return ""

    def _seat_trouble(self, number: int, ride: Ride) -> str:
        party = self._problem.parties[number]
        if ride.means in {Means.SCHEDULED, Means.LEFT}:
            return ""
        vehicles = self._problem.trains if ride.means is Means.TRAIN else self._coaches
        if ride.vehicle is None or not 0 <= ride.vehicle < len(vehicles):
            return "rides in nothing"
        vehicle = vehicles[ride.vehicle]
        if isinstance(vehicle, Train):
            lawful = vehicle.day == ride.day and party.city in dict(vehicle.head_fen)
            return "" if lawful else "rides in the wrong train"
        if number not in vehicle.parties:
            return "is not on its coach's list"
        employer = party.employer if ride.means is Means.DIRECT else None
        meant = (party.city, employer, ride.day)
        wrong = ride.means is Means.DIRECT and employer is None
        return "rides in the wrong coach" if wrong or _target(vehicle) != meant else ""

    def split_groups(self, rides: tuple[Ride, ...]) -> tuple[int, int]:
        """How many groups should be whole, and how many of those are not."""
        whole, split = 0, 0
        for group in groups_of(self._problem):
            if not group.kept_whole(self._problem):
                continue
            taken = [rides[number] for number in group.members]
            ways = {(r.day, r.means, r.vehicle if r.means is Means.TRAIN else None) for r in taken}
            whole, split = whole + 1, split + (len(ways) > 1)
            self.costs.split += (len(ways) - 1) * self._problem.weights.split_fen
        return whole, split


def _target(coach: Coach) -> tuple[int, int | None, int]:
    return coach.city, coach.employer, coach.day
