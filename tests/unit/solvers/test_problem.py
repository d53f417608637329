from dataclasses import replace
from random import Random

import numpy as np
import pytest

from planner.solvers.routing.problem import FOREVER, Gate, RoutingProblem, Shift, Trip, VehicleClass
from tests.unit.solvers.brute import begin, drive_chain, link, random_problem

SHIFTS = 60


def _random_shift(problem: RoutingProblem, dice: Random) -> Shift:
    number = dice.randrange(len(problem.vehicle_classes))
    kind = problem.vehicle_classes[number]
    waiting = list(range(len(problem.visits)))
    dice.shuffle(waiting)
    trips: list[Trip] = []
    for _ in range(dice.randint(1, kind.trips)):
        taken = sorted(waiting)[: dice.choice((1, 1, 2, 2, 3, 4))]
        dice.shuffle(taken)
        waiting = [visit for visit in waiting if visit not in taken]
        if taken:
            parts = tuple(_some_parts(problem, visit, dice) for visit in taken)
            trips.append(
                Trip(visits=tuple(taken), gate=dice.choice(kind.gates), taken=parts if any(parts) else ())
            )
    return Shift(vehicle_class=number, trips=tuple(trips))


def _some_parts(problem: RoutingProblem, visit: int, dice: Random) -> tuple[int, ...]:
    parts = range(len(problem.visits[visit].parts))
    return tuple(sorted(dice.sample(parts, dice.randint(0, len(parts)))))


def _judge(problem: RoutingProblem, shift: Shift) -> tuple[int, list[int]] | None:
    """Cost and arrivals of a shift by the oracle's own reckoning, None where it is unlawful."""
    number, kind = shift.vehicle_class, problem.vehicle_classes[shift.vehicle_class]
    standing, arrivals = begin(problem, number), list[int]()
    for trip in shift.trips:
        calls: list[tuple[int, int]] = []
        for at, visit in enumerate(trip.visits):
            figures = problem.visits[visit]
            some = trip.taken[at] if trip.taken else ()
            calls.append((visit, sum(figures.parts[part] for part in some) if some else figures.heads))
            if visit in kind.barred or (figures.gates and trip.gate not in figures.gates):
                return None
        made = link(problem, number, tuple(calls), trip.gate)
        driven = None if made is None else drive_chain(problem, number, standing, made)
        if driven is None or sum(heads for _, heads in calls) > kind.capacity:
            return None
        standing, arrived = driven
        standing = standing.at(problem.gates[trip.gate].node)
        arrivals.append(arrived)
    return standing.fen, arrivals


@pytest.mark.parametrize("block", range(5))
def test_times_and_costs_agree_with_the_oracle(block: int) -> None:
    lawful = 0
    for seed in range(block * SHIFTS, (block + 1) * SHIFTS):
        dice = Random(seed)
        problem = random_problem(dice)
        for _ in range(SHIFTS):
            shift = _random_shift(problem, dice)
            judged, walked = _judge(problem, shift), problem.walk(shift)
            assert problem.is_feasible(shift) == (judged is not None), f"seed {seed}: {shift}"
            if judged is not None and walked is not None:
                assert problem.shift_fen(shift) == judged[0], f"seed {seed}: {shift}"
                assert [times.first_s for times in walked] == judged[1], f"seed {seed}: {shift}"
                lawful += 1
    assert lawful > SHIFTS * 3, "too few lawful shifts to say anything"


def test_a_trip_calls_at_a_visit_once_at_most() -> None:
    """Not even for other parts of it, at no cost and in no time, with seats for all."""
    drawn = (random_problem(Random(seed)) for seed in range(99))
    problem = next(problem for problem in drawn if problem.visits[0].parts)
    visit = replace(problem.visits[0], gates=(), opens_s=0, closes_s=FOREVER)
    roads = np.zeros_like(problem.seconds[0])
    easy = RoutingProblem(
        visits=(visit, *problem.visits[1:]),
        gates=(Gate(node=problem.gates[0].node),),
        vehicle_classes=(VehicleClass(count=1, capacity=2 * visit.heads, start=len(roads) - 1),),
        seconds=(roads,),
        metres=(roads,),
    )
    for visits, taken in (((0, 0), ()), ((0, 0), ((0,), (1,)))):
        trips = [Trip(visits=visits[:calls], taken=taken[:calls]) for calls in (1, 2)]
        shifts = [Shift(vehicle_class=0, trips=(trip,)) for trip in trips]
        assert [easy.is_feasible(shift) for shift in shifts] == [True, False]
        assert all(easy.walk(shift) for shift in shifts)


def test_what_is_left_of_a_visit_costs_its_share_of_the_prize() -> None:
    problem = next(p for seed in range(99) if (p := random_problem(Random(seed))).visits[0].parts)
    visit = problem.visits[0]
    shift = Shift(vehicle_class=0, trips=(Trip(visits=(0,), taken=((1,),)),))
    behind = tuple(part for part in range(len(visit.parts)) if part != 1)
    assert problem.missing((shift,))[0] == behind
    others = sum(other.prize for other in problem.visits[1:])
    share = visit.prize * (visit.heads - visit.parts[1]) // visit.heads
    assert problem.missed_fen((shift,)) == others + share
