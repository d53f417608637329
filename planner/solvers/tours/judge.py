"""What a plan of tours costs and which rules it breaks: judged from the problem alone, no search needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from planner.solvers.tours.problem import LOAD_SCALE, Rule, Tour, TourProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class TourCosts:
    """Fen by rule; ``bonus_fen`` is gained, everything else paid."""

    unplaced_fen: int
    """Prizes of required calls left out."""
    missed_fen: int
    """Prizes of the others left out."""
    travel_fen: int
    night_fen: int
    change_fen: int
    spread_fen: int
    bonus_fen: int

    @property
    def objective_fen(self) -> int:
        """What is minimised."""
        return self.road_fen + self.change_fen + self.spread_fen - self.bonus_fen

    @property
    def road_fen(self) -> int:
        """What bounds are of: travel, nights, and prizes of what is left out."""
        return self.unplaced_fen + self.missed_fen + self.travel_fen + self.night_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The costs of a plan; by squad, seconds of work (driving and calls) in all; its faults, as rules."""

    costs: TourCosts
    work_s: tuple[int, ...]
    spread: float
    """Least load as a share of the largest, from 1: 0 where all do the same."""
    unplaced: tuple[int, ...]
    faults: tuple[tuple[Rule, int, int], ...]
    """Rule, squad and day."""
    most_bonus_fen: int
    """No plan gains more: every call on its village's best day."""


def starts(problem: TourProblem, tours: Sequence[Tour]) -> dict[tuple[int, int], int]:
    """By squad and day on which it works, the node where it wakes up."""
    ends = {(tour.squad, tour.day + 1): problem.end_of(tour) for tour in tours}
    return {
        (number, day): ends.get((number, day), squad.base)
        for number, squad in enumerate(problem.squads)
        for day in range(problem.days)
        if squad.hours[day] is not None
    }


def judge(problem: TourProblem, tours: Sequence[Tour]) -> Judged:
    """Price a plan, lawful or not."""
    wakes = starts(problem, tours)
    travel, bonus, change, nights = 0, 0, 0, 0
    work = [0] * len(problem.squads)
    for tour in tours:
        squad, arcs = problem.squads[tour.squad], problem.arcs[tour.squad]
        nodes = _nodes(problem, tour, start=wakes.get((tour.squad, tour.day), squad.base))
        ways = list(pairwise(nodes))
        travel += sum(int(arcs[way]) for way in ways)
        work[tour.squad] += sum(int(problem.seconds[squad.profile][way]) for way in ways)
        nights += squad.night_fen * (problem.end_of(tour) != squad.base)
        for call in (problem.calls[number] for number in tour.calls):
            work[tour.squad] += problem.villages[call.village].service_s
            bonus += problem.villages[call.village].bonus(tour.day)
            change += problem.change_fen * (call.was not in {None, (tour.squad, tour.day)})
    made = {call for tour in tours for call in tour.calls}
    left = [number for number in range(len(problem.calls)) if number not in made]
    loads = [second * problem.load_weight(squad) for squad, second in enumerate(work)]
    compared = [load for squad, load in enumerate(loads) if problem.load_weight(squad)]
    costs = TourCosts(
        unplaced_fen=sum(problem.calls[call].prize_fen for call in left if problem.calls[call].required),
        missed_fen=sum(problem.calls[call].prize_fen for call in left if not problem.calls[call].required),
        travel_fen=travel,
        night_fen=nights,
        change_fen=change,
        spread_fen=spread_cost(problem, compared),
        bonus_fen=bonus,
    )
    most = max(compared, default=0)
    return Judged(
        costs=costs,
        work_s=tuple(work),
        spread=1 - min(compared) / most if most else 0.0,
        unplaced=tuple(left),
        faults=tuple(_faults(problem, tours)),
        most_bonus_fen=sum(
            max(problem.villages[call.village].bonus_fen, default=0) for call in problem.calls
        ),
    )


def spread_cost(problem: TourProblem, loads: Sequence[int]) -> int:
    """Fen of an uneven load; ``loads`` are those of compared squads."""
    if not loads:
        return 0
    most, least = max(loads), min(loads)
    over = max(100 * (most - least) - problem.spread_percent * most, 0)
    return problem.spread_fen * over // (100 * LOAD_SCALE)


def _nodes(problem: TourProblem, tour: Tour, *, start: int) -> list[int]:
    villages = [problem.villages[problem.calls[call].village].node for call in tour.calls]
    return [start, *villages, problem.end_of(tour)]


def _faults(problem: TourProblem, tours: Sequence[Tour]) -> Iterator[tuple[Rule, int, int]]:
    wakes = starts(problem, tours)
    for tour in tours:
        rules = [problem.refuses(call, squad=tour.squad, day=tour.day) for call in tour.calls]
        if problem.squads[tour.squad].hours[tour.day] is None:
            rules.append(Rule.OFF)
        if len(tour.calls) > problem.squads[tour.squad].most_calls:
            rules.append(Rule.FULL)
        if problem.squads[tour.squad].hours[tour.day] is not None:
            found = problem.times(tour, start=wakes[tour.squad, tour.day])
            rules.append(found if isinstance(found, Rule) else None)
        yield from ((rule, tour.squad, tour.day) for rule in rules if rule is not None)
    yield from _twice(problem, tours)
    yield from _nights(problem, tours)


def _twice(problem: TourProblem, tours: Sequence[Tour]) -> Iterator[tuple[Rule, int, int]]:
    """Two tours of one squad on a day, calls made twice or too near each other, brokers with two calls."""
    at: dict[int, list[tuple[int, int, int]]] = {}
    brokers: dict[tuple[int, int], dict[int, int]] = {}
    for tour in tours:
        for call in tour.calls:
            village = problem.calls[call].village
            at.setdefault(village, []).append((tour.day, call, tour.squad))
            broker = problem.villages[village].broker
            if broker is not None:
                brokers.setdefault((broker, tour.day), {})[village] = tour.squad
    for village, made in at.items():
        apart = max(problem.villages[village].spacing_days, 1)
        near = [(other, one) for one, other in pairwise(sorted(made)) if other[0] - one[0] < apart]
        yield from ((Rule.SPACING, squad, day) for (day, _, squad), _ in near)
        if len({call for _, call, _ in made}) < len(made):
            yield Rule.SPACING, made[0][2], made[0][0]
    for (_, day), gone in brokers.items():
        yield from ((Rule.BROKER, squad, day) for squad in list(gone.values())[1:])
    days = [(tour.squad, tour.day) for tour in tours]
    if len(set(days)) < len(days):
        yield from ((Rule.FULL, *day) for day in sorted({day for day in days if days.count(day) > 1}))


def _nights(problem: TourProblem, tours: Sequence[Tour]) -> Iterator[tuple[Rule, int, int]]:
    """Nights away of who may not, too many in a row, at no lodge, or before a day without a tour from it."""
    stays = {(tour.squad, tour.day): problem.end_of(tour) for tour in tours}
    for (number, day), node in stays.items():
        squad = problem.squads[number]
        if node == squad.base:
            continue
        row = 1
        while (number, day - row) in stays and stays[number, day - row] != squad.base:
            row += 1
        if row > squad.nights or node not in problem.lodges or (number, day + 1) not in stays:
            yield Rule.OFF, number, day
