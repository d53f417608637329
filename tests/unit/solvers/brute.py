"""Small random routing problems and their optimum by trying everything: the oracle of the routers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product
from random import Random

import numpy as np

from planner.solvers.routing.problem import UNREACHABLE, RoutingProblem, Trip, VehicleClass, Visit


def random_problem(seed: int, *, visits: int = 5) -> RoutingProblem:
    """Make a mixed fleet of three vehicles, roads that one class may not use, tight times now and then."""
    dice = Random(seed)
    size = visits + 3
    points = [(dice.uniform(-20, 20), dice.uniform(-20, 20)) for _ in range(size)]
    metres = np.zeros((size, size), dtype=np.int64)
    for a, b in product(range(size), repeat=2):
        if a != b:
            far = np.hypot(points[a][0] - points[b][0], points[a][1] - points[b][1])
            metres[a, b] = round(1300 * float(far) * dice.uniform(1, 1.15))
    seconds = metres * 36 // 400
    closed = seconds.copy()
    for visit in range(visits):
        if dice.random() < 0.2:
            closed[visit, :] = closed[:, visit] = UNREACHABLE
    opens = 20_000
    classes = tuple(
        VehicleClass(
            count=count, capacity=capacity, start=visits + 1 + number, end=visits, profile=number,
            fixed_fen=fixed, per_km_fen=per_km, per_hour_fen=4000, ready_s=ready,
            drive_limit_s=dice.choice((6_000, 14_000)),
            lead_limit_s=2_500,
            rest_after_s=dice.choice((1_500, 9_000)), rest_s=1_200,
            end_opens_s=opens, end_closes_s=opens + 1_800,
        )
        for number, (count, capacity, fixed, per_km, ready) in enumerate(
            ((1, 18, 60_000, 220, 10_800), (2, 31, 90_000, 320, dice.choice((10_800, 15_500))))
        )
    )  # fmt: skip
    waiting = tuple(
        Visit(heads=heads, service_s=60 + 6 * heads, prize=heads * 100_000)
        for heads in (dice.randint(1, 15) for _ in range(visits))
    )
    return RoutingProblem(
        visits=waiting,
        vehicle_classes=classes,
        seconds=(seconds, closed),
        metres=(metres, np.where(closed == UNREACHABLE, UNREACHABLE, metres)),
        ride_limit_s=dice.choice((3_000, 7_200)),
        earliest_visit_s=dice.choice((0, 16_000)),
    )


def brute_force(problem: RoutingProblem) -> int:
    """Try every way to give visits to vehicles, in every order; the least objective in fen."""
    vehicles = [number for number, kind in enumerate(problem.vehicle_classes) for _ in range(kind.count)]
    best_trip: dict[tuple[int, frozenset[int]], int | None] = {}
    for number in set(vehicles):
        for chosen in product((False, True), repeat=len(problem.visits)):
            visits = [visit for visit, taken in enumerate(chosen) if taken]
            costs = [problem.trip_fen(trip) for trip in _orders(number, visits) if problem.is_feasible(trip)]
            best_trip[number, frozenset(visits)] = min(costs, default=None)
    best = problem.objective_fen(())
    for given in product(range(len(vehicles) + 1), repeat=len(problem.visits)):
        loads = [frozenset(v for v, to in enumerate(given) if to == n) for n in range(len(vehicles))]
        costs = [best_trip[vehicles[n], load] for n, load in enumerate(loads) if load]
        if all(cost is not None for cost in costs):
            missed = sum(problem.visits[v].prize for v, to in enumerate(given) if to == len(vehicles))
            best = min(best, missed + sum(cost for cost in costs if cost is not None))
    return best


def _orders(number: int, visits: list[int]) -> Iterator[Trip]:
    if visits:
        yield from (Trip(vehicle_class=number, visits=order) for order in permutations(visits))
