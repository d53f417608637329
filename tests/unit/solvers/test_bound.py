from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import groupby, pairwise, permutations
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog  # pyright: ignore[reportUnknownVariableType]  # scipy has no types

from planner.errors import SolverError
from planner.solvers.routing.bound import ColumnResult, generate_columns
from planner.solvers.routing.certificate import Certificate, SubsetRow, shift_span_s
from planner.solvers.routing.exact import solve_exact
from planner.solvers.routing.kinds import TripKind, is_lawful, trip_kinds
from planner.solvers.routing.neighbourhoods import find_nearest
from planner.solvers.routing.pricing import Effort, Pricer
from planner.solvers.routing.problem import FOREVER, Gate, RoutingProblem, Shift, Trip, VehicleClass, Visit
from planner.solvers.routing.search import Budget
from planner.solvers.routing.splits import explode_for_bound
from planner.solvers.routing.twins import find_twins
from planner.solvers.routing.verify import verify
from tests.unit.solvers.brute import brute_force, random_problem

BIG = 10**9
PLENTY = Budget(effort=6_000)


def _county(stops: int, *, seed: int = 1, prize: int = BIG, count: int | None = None) -> RoutingProblem:
    """Stops around a station, buses of two sizes that begin anywhere for nothing, rides of 90 minutes."""
    dice = np.random.default_rng([stops, seed])
    places = np.vstack([dice.uniform(-25_000, 25_000, (stops, 2)), [[0.0, 0.0]]])
    metres = np.zeros((stops + 2, stops + 2), dtype=np.int64)
    far = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2))
    metres[:-1, :-1] = 1.35 * far * dice.uniform(1, 1.15, far.shape)
    heads = np.clip(dice.gamma(2, 4, stops).astype(int), 1, 30).tolist()
    buses = ((19, 30_000, 300), (33, 45_000, 420))
    return RoutingProblem(
        visits=tuple(Visit(heads=own, service_s=4 * own, prize=prize) for own in heads),
        gates=(Gate(node=stops),),
        vehicle_classes=tuple(
            VehicleClass(
                count=count or stops, capacity=seats, start=stops + 1, fixed_fen=fixed, per_km_fen=km
            )
            for seats, fixed, km in buses
        ),
        seconds=(metres * 3600 // 42_000,),
        metres=(metres,),
        ride_limit_s=5_400,
    )


def _rounds(problem: RoutingProblem, *, hours: int, trips: int = 2) -> RoutingProblem:
    """Buses stand at the station and have so many hours for so many trips."""
    gate = problem.gates[0].node
    classes = (replace(kind, start=gate, trips=trips) for kind in problem.vehicle_classes)
    return replace(
        problem,
        gates=(Gate(node=gate, closes_s=hours * 3_600),),
        vehicle_classes=tuple(classes),
        turn_s=600,
    )


def _all_trips(problem: RoutingProblem) -> list[tuple[TripKind, tuple[int, ...]]]:
    stops = range(len(problem.visits))
    orders = [order for size in range(1, len(stops) + 1) for order in permutations(stops, size)]
    return [
        (kind, order)
        for kind in trip_kinds(problem)
        for order in orders
        if is_lawful(problem, kind, visits=order)
    ]


def _cost(problem: RoutingProblem, kind: TripKind, visits: tuple[int, ...], /) -> int:
    trip = Trip(visits=visits, gate=kind.gate)
    return kind.fixed_fen + problem.trip_fen(kind.vehicle_class, trip, start=kind.standing.node)


def _cheapest_fractions(problem: RoutingProblem) -> float:
    """The linear program over all trips of problems with single trips, by another solver."""
    columns = _all_trips(problem)
    covers = [[float(stop in visits) for _, visits in columns] for stop in range(len(problem.visits))]
    counts = [
        [float(kind.vehicle_class == k) for kind, _ in columns] for k in range(len(problem.vehicle_classes))
    ]
    left = np.eye(len(problem.visits))
    answer: Any = linprog(
        [*(_cost(problem, kind, visits) for kind, visits in columns), *(v.prize for v in problem.visits)],
        A_eq=np.hstack([np.array(covers), left]),
        b_eq=np.ones(len(problem.visits)),
        A_ub=np.hstack([np.array(counts), 0 * left[: len(counts)]]),
        b_ub=[kind.count for kind in problem.vehicle_classes],
    )
    return float(answer.fun)


def _bound(problem: RoutingProblem, budget: Budget = PLENTY) -> ColumnResult:
    result = generate_columns(problem, budget)
    assert result.bound is not None
    assert result.certificate is not None
    assert result.certificate.bound_fen(problem) == result.bound.fen
    return result


def _fen(result: ColumnResult) -> int:
    assert result.bound is not None
    return result.bound.fen


@pytest.mark.parametrize("block", range(4))
def test_no_bound_exceeds_the_optimum(block: int) -> None:
    tight = 0
    for seed in range(block * 50, block * 50 + 50):
        problem = random_problem(Random(seed))
        whole, _, spare = explode_for_bound(problem)
        optimum, bound = brute_force(problem), _fen(_bound(whole)) - spare
        assert bound <= optimum, seed
        tight += bound >= 0.98 * optimum
    assert tight >= 30


@pytest.mark.parametrize("seed", range(4))
def test_bound_is_that_of_all_trips(seed: int) -> None:
    problem = _county(6, seed=seed)
    result = _bound(problem)
    assert result.converged
    assert _fen(result) == pytest.approx(_cheapest_fractions(problem), abs=6)


def test_few_vehicles_and_small_prizes_count() -> None:
    free = _county(6)
    scarce = replace(free, vehicle_classes=tuple(replace(k, count=1) for k in free.vehicle_classes))
    modest = replace(scarce, visits=tuple(replace(v, prize=60_000) for v in scarce.visits))
    fens = [_cheapest_fractions(problem) for problem in (modest, scarce)]
    assert fens[0] < fens[1]
    assert _fen(_bound(free)) < fens[1]
    for problem, fen in zip((modest, scarce), fens, strict=True):
        # what no vehicle can take costs its prize of 10 yuan million: the tolerance is one of parts
        assert _fen(_bound(problem)) == pytest.approx(fen, rel=3e-5, abs=8)


def test_visits_cheaper_to_leave_out_are_worth_their_prizes() -> None:
    result = _bound(_county(5, prize=700))
    assert result.certificate is not None
    assert result.certificate.visit_duals == (700,) * 5
    assert _fen(result) == 3_500


def test_what_nobody_can_reach_costs_its_prize() -> None:
    problem = _county(4)
    nobody = tuple(replace(kind, barred=frozenset(range(4))) for kind in problem.vehicle_classes)
    assert _fen(_bound(replace(problem, vehicle_classes=nobody))) == 4 * BIG
    assert _fen(_bound(replace(problem, vehicle_classes=()))) == 4 * BIG


def test_nothing_to_do_costs_nothing() -> None:
    problem = _county(2)
    empty = tuple(array[2:, 2:] for array in problem.seconds)
    nothing = replace(problem, visits=(), gates=(Gate(node=0),), seconds=empty, metres=empty)
    classes = tuple(replace(kind, start=1) for kind in problem.vehicle_classes)
    assert _fen(_bound(replace(nothing, vehicle_classes=classes))) == 0


def test_second_rounds_lower_the_bound_and_never_below_what_they_can_save() -> None:
    single = _rounds(_county(30), hours=4, trips=1)
    fens = [_fen(_bound(_rounds(_county(30), hours=hours))) for hours in (4, 6, 24)]
    assert fens[2] <= fens[1] < fens[0] < _fen(_bound(single))
    fixed = sum(kind.fixed_fen for kind in single.vehicle_classes)
    assert fens[2] > _fen(_bound(single)) - 30 * fixed


def _count(row: SubsetRow, visits: tuple[int, ...], /) -> int:
    stretches = groupby(visits, key=lambda visit: visit in row.memory)
    return sum(sum(visit in row.visits for visit in own) // 2 for inside, own in stretches if inside)


def _draw_rows(visits: int, dice: Random) -> tuple[tuple[SubsetRow, int], ...]:
    rows: list[tuple[SubsetRow, int]] = []
    for _ in range(dice.choice((0, 3, 6))):
        a, b, c, *others = dice.sample(range(visits), visits)
        memory = frozenset((a, b, c, *(other for other in others if dice.random() < 0.5)))
        rows.append((SubsetRow(visits=(a, b, c), memory=memory), -dice.randint(1, 20_000)))
    return tuple(rows)


def _reduced(
    problem: RoutingProblem, certificate: Certificate, kind: TripKind, visits: tuple[int, ...], /
) -> Fraction:
    """The certificate's own words, with exact fractions."""
    k, vehicle_class = kind.vehicle_class, problem.vehicle_classes[kind.vehicle_class]
    trip = Trip(visits=visits, gate=kind.gate)
    times = problem.times(k, trip, standing=kind.standing)
    assert times is not None
    nodes = (*visits, problem.gates[kind.gate].node)
    riding = sum(problem.service_s(a) + problem.arc_seconds(k, a, b) for a, b in pairwise(nodes))
    span, whole = times.lead_s + riding + problem.turn_s, shift_span_s(problem, k)
    flow = {(number, gate): dual for number, gate, dual in certificate.flow_duals}
    first = kind.after is None
    counted = sum(dual * _count(row, visits) for row, dual in certificate.subset_duals)
    value = Fraction(_cost(problem, kind, visits) - sum(certificate.visit_duals[v] for v in visits))
    value -= certificate.count_duals[k] * first + counted
    value -= 0 if kind.after is None else flow.get((k, kind.after), 0)
    value += flow.get((k, kind.gate), 0)
    value -= certificate.trips_duals[k] * (1 - first * vehicle_class.trips)
    value -= Fraction(certificate.time_duals[k] * (span - first * whole), 3_600)
    for number, threshold, dual in certificate.pack_duals:
        if number == k:
            most = min(vehicle_class.trips, whole // threshold)
            share = most if span > whole - threshold else int(span >= threshold)
            value -= dual * (share - first * most)
    return value


def test_dual_values_leave_no_trip_unpaid() -> None:
    looked, scarce = 0, 0
    for seed in range(120):
        problem = random_problem(Random(seed))
        if any(visit.parts for visit in problem.visits):
            continue
        certificate = _bound(problem).certificate
        assert certificate is not None
        duals = [*certificate.count_duals, *certificate.trips_duals, *certificate.time_duals]
        duals += [dual for _, _, dual in (*certificate.flow_duals, *certificate.pack_duals)]
        assert max(duals, default=0) <= 0
        scarce += min(duals, default=0) < 0
        assert all(d <= v.prize for d, v in zip(certificate.visit_duals, problem.visits, strict=True))
        for kind, visits in _all_trips(problem):
            assert _reduced(problem, certificate, kind, visits) >= 0, (seed, kind, visits)
            looked += 1
    assert looked > 2_500
    assert scarce > 20


def _least(problem: RoutingProblem, certificate: Certificate) -> Fraction:
    """The least reduced cost of any trip."""
    return min(_reduced(problem, certificate, kind, visits) for kind, visits in _all_trips(problem))


@pytest.mark.parametrize("seed", [2, 4, 5, 6, 7])
def test_subset_rows_raise_the_bound_and_never_above_the_optimum(seed: int) -> None:
    problem = _county(11, seed=seed, count=3)
    plain, cut = _bound(problem), generate_columns(problem, PLENTY, cut=True)
    assert cut.bound is not None
    assert cut.certificate is not None
    assert cut.plain is not None
    assert cut.plain.subset_duals == ()
    assert cut.certificate.bound_fen(problem) == cut.bound.fen
    assert cut.plain.bound_fen(problem) <= _fen(plain) + 11
    optimum = problem.objective_fen(solve_exact(problem, PLENTY).shifts)
    assert _fen(plain) < cut.bound.fen <= optimum
    assert verify(problem, cut.certificate, seconds=None) == cut.bound.fen


def test_long_trips_leave_no_room_for_others() -> None:
    packed = 0
    for seed in range(12):
        county = _county(6, seed=seed, count=3)
        slow = replace(county, visits=tuple(replace(v, service_s=40 * v.heads) for v in county.visits))
        problem = _rounds(slow, hours=3 + seed % 3, trips=2 + seed % 2)
        certificate = _bound(problem).certificate
        assert certificate is not None
        packed += min(dual for _, _, dual in certificate.pack_duals) < 0
        assert 0 <= _least(problem, certificate) < 20
    assert packed >= 6


def test_later_trips_need_one_before_that_ended_where_they_begin() -> None:
    """The stops lie about a second gate where nobody wants to go."""
    bound = 0
    for seed in range(5):
        county = _county(6, seed=seed, count=3)
        far = county.metres[0].copy()
        far[6, :6] += 30_000
        far[7] = far[:, 7] = 30_000
        far[7, :6] = 5_000
        gates = (Gate(node=6, closes_s=40_000), Gate(node=7, closes_s=40_000))
        problem = replace(
            county,
            gates=gates,
            metres=(far,),
            seconds=(far * 3600 // 60_000,),
            visits=tuple(replace(visit, gates=(int(at == 5),)) for at, visit in enumerate(county.visits)),
            vehicle_classes=tuple(
                replace(kind, start=6, trips=3, gates=(0, 1)) for kind in county.vehicle_classes
            ),
        )
        result = _bound(problem)
        assert result.certificate is not None
        bound += min(dual for _, _, dual in result.certificate.flow_duals) < 0
        assert 0 <= _least(problem, result.certificate) < 20
        assert _fen(result) <= brute_force(problem)
    assert bound >= 3


def test_trips_handed_out_are_lawful_and_priced() -> None:
    problem = _rounds(_county(25), hours=5)
    result = _bound(problem)
    assert result.certificate is not None
    assert result.converged
    assert {trip.kind.is_first for trip in result.trips} == {True, False}
    reduced = [trip.reduced_fen for trip in result.trips]
    assert reduced == sorted(reduced)
    assert reduced[0] >= 0
    for trip in result.trips:
        assert is_lawful(problem, trip.kind, visits=trip.visits)
        assert len(set(trip.visits)) == len(trip.visits)
        assert trip.cost_fen == _cost(problem, trip.kind, trip.visits)
        exact = _reduced(problem, result.certificate, trip.kind, trip.visits)
        assert exact - 1 < trip.reduced_fen <= exact


def test_bounds_only_get_better_and_the_same_effort_gives_the_same() -> None:
    problem, heard = _county(120), list[int]()
    full = generate_columns(problem, PLENTY, hear=heard.append)
    assert heard == sorted(set(heard))
    assert len(heard) > 3
    assert full.converged
    assert heard[-1] == _fen(full) <= full.lp_fen
    assert full.lp_fen - _fen(full) <= 2 * 120
    small = [_bound(problem, Budget(effort=3)) for _ in range(2)]
    assert small[0] == small[1]
    assert not small[0].converged
    assert 0 < _fen(small[0]) < _fen(full)


def test_stop_is_heard_and_plans_give_first_trips() -> None:
    problem = _county(60)
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 20

    plan = (
        Shift(vehicle_class=1, trips=(Trip(visits=(3, 4)),)),
        Shift(vehicle_class=0, trips=(Trip(visits=(5,)),)),
    )
    result = generate_columns(problem, replace(PLENTY, stop=stop), shifts=plan)
    assert not result.converged
    assert asked < 40
    taken = {(trip.kind.vehicle_class, trip.visits) for trip in result.trips}
    lawful = {(shift.vehicle_class, shift.trips[0].visits) for shift in plan if problem.is_feasible(shift)}
    assert lawful <= taken
    assert (0, (5,)) in lawful


def test_parts_must_be_visits() -> None:
    problem = _county(3)
    parted = (replace(problem.visits[0], heads=4, parts=(2, 2)), *problem.visits[1:])
    with pytest.raises(SolverError):
        generate_columns(replace(problem, visits=parted), PLENTY)


def _windows(problem: RoutingProblem, *, seed: int) -> tuple[RoutingProblem, RoutingProblem]:
    """The problem without and with windows; roads are fast or short: cheap trips are not early ones."""
    dice, stops = np.random.default_rng(seed), len(problem.visits)
    free = replace(
        problem,
        gates=(Gate(node=stops, opens_s=36_000, closes_s=40_000),),
        seconds=(
            np.rint(problem.seconds[0] * dice.uniform(0.2, 2.5, problem.seconds[0].shape)).astype(np.int64),
        ),
        ride_limit_s=FOREVER,
    )
    opens = dice.integers(28_000, 35_000, stops).tolist()
    visits = (
        replace(v, opens_s=at, closes_s=at + 1_800 * (1 + seed % 4))
        for v, at in zip(free.visits, opens, strict=True)
    )
    return free, replace(free, visits=tuple(visits))


@pytest.mark.parametrize("seed", range(6))
def test_windows_bind(seed: int) -> None:
    free, windows = _windows(_county(6, seed=seed), seed=seed)
    result = _bound(windows)
    assert _fen(result) > _fen(_bound(free))
    assert _fen(result) == pytest.approx(_cheapest_fractions(windows), abs=7)


def _random_certificate(problem: RoutingProblem, dice: Random) -> Certificate:
    classes = range(len(problem.vehicle_classes))
    rounds = any(kind.trips > 1 for kind in problem.vehicle_classes)
    whole = [shift_span_s(problem, k) for k in classes]
    return Certificate(
        visit_duals=tuple(dice.randint(-5_000, 40_000) for _ in problem.visits),
        count_duals=tuple(-dice.randint(0, 9_000) for _ in classes),
        flow_duals=tuple((k, 0, -dice.randint(0, 9_000)) for k in classes) if rounds else (),
        trips_duals=tuple(-dice.randint(0, 9_000) * rounds for _ in classes),
        time_duals=tuple(-dice.randint(0, 9_000) * rounds for _ in classes),
        pack_duals=tuple(
            (k, whole[k] * part // 100, -dice.randint(0, 20_000)) for k in classes for part in (50, 35, 20)
        )
        if rounds
        else (),
        subset_duals=_draw_rows(len(problem.visits), dice),
    )


@pytest.mark.parametrize("seed", range(8))
def test_the_cheapest_trip_is_found_whatever_the_dual_values(seed: int) -> None:
    county = _county(5, seed=seed)
    slow = replace(county, visits=tuple(replace(v, service_s=40 * v.heads) for v in county.visits))
    problems = (_rounds(slow, hours=4, trips=3), _windows(_county(6, seed=seed), seed=seed)[1])
    below, dice = 0, Random(seed)
    for problem in problems:
        trips, pricer = (
            _all_trips(problem),
            Pricer(problem, near=find_nearest(problem), twins=find_twins(problem, calls=())),
        )
        for _ in range(12):
            certificate = _random_certificate(problem, dice)
            effort = Effort(width=0, keep=9, most_work=10**9, over=lambda _work: False)
            found = pricer.price(certificate, effort=effort)
            assert found.complete
            for number, kind in enumerate(pricer.kinds):
                exact = [_reduced(problem, certificate, own, visits) for own, visits in trips if own == kind]
                least = int(found.least[number].min())
                assert 0 <= min(0, *exact) - least < 9
                below += least < 0
    assert below > 20
