from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog  # pyright: ignore[reportUnknownVariableType]  # scipy has no types

from planner.solvers.routing.certificate import Certificate, SubsetRow, shift_span_s
from planner.solvers.routing.problem import FOREVER, Gate, RoutingProblem, Standing, Trip, VehicleClass, Visit
from planner.solvers.routing.verify import verify
from tests.unit.solvers.brute import brute_force, random_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    kind: int
    after: int | None
    trip: Trip
    fen: int
    span_s: int


def _prizes(problem: RoutingProblem) -> list[int]:
    """Prizes of visits, by part where there are parts."""
    return [
        visit.prize * heads // (visit.heads or 1) if visit.parts else visit.prize
        for visit in problem.visits
        for heads in visit.parts or (visit.heads,)
    ]


def _random_certificate(problem: RoutingProblem, dice: Random, *, optimum: int) -> Certificate:
    """Dual values worth about the optimum and wrong in every way."""
    prizes, classes, gates = _prizes(problem), len(problem.vehicle_classes), len(problem.gates)
    heads = [heads for visit in problem.visits for heads in visit.parts or (visit.heads,)]
    return Certificate(
        visit_duals=tuple(
            min(
                int(optimum * dice.uniform(0, 2) * (own + 1) / (sum(heads) + len(heads))),
                int(prize * dice.choice((1, 1, 1.5))),
            )
            for own, prize in zip(heads, prizes, strict=True)
        ),
        count_duals=tuple(dice.choice((0, 0, -5_000, -40_000, 90_000)) for _ in range(classes)),
        flow_duals=tuple(
            (k, g, dice.randrange(-20_000, 5_000))
            for k in range(classes)
            for g in range(gates)
            if dice.random() < 0.4
        ),
        trips_duals=tuple(dice.choice((0, 0, -5_000, 5_000)) for _ in range(classes)),
        time_duals=tuple(dice.choice((0, 0, -5_000, 5_000)) for _ in range(classes)),
        pack_duals=tuple(
            (k, dice.randrange(-100, 9_000), dice.randrange(-30_000, 5_000))
            for k in range(classes)
            if dice.random() < 0.4
        ),
        subset_duals=_draw_rows(len(prizes), dice),
    )


def _draw_rows(nodes: int, dice: Random) -> tuple[tuple[SubsetRow, int], ...]:
    """Rows of any three nodes and more, the same one twice and nodes that do not exist among them."""
    rows: list[tuple[SubsetRow, int]] = []
    for _ in range(dice.choice((0, 2, 8))):
        a, b, c = (dice.randrange(nodes + (dice.random() < 0.1)) for _ in range(3))
        memory = frozenset(dice.randrange(nodes) for _ in range(dice.randrange(nodes + 1)))
        rows.append((SubsetRow(visits=(a, b, c), memory=memory), dice.randrange(-40_000, 5_000)))
    return tuple(rows)


@pytest.mark.parametrize("seed", range(200))
def test_no_dual_values_prove_more_than_the_optimum(seed: int) -> None:
    dice = Random(seed)
    problem = random_problem(dice)
    optimum = brute_force(problem)
    for _ in range(4):
        proved = verify(problem, _random_certificate(problem, dice, optimum=optimum), seconds=None)
        assert proved is not None
        assert proved <= optimum


def _trips(problem: RoutingProblem, kind: int, *, standing: Standing) -> Iterator[tuple[Trip, int, int]]:
    """Every lawful trip from there, its arcs in fen, its span."""
    gates = problem.vehicle_classes[kind].gates
    for count in range(1, len(problem.visits) + 1):
        for visits in permutations(range(len(problem.visits)), count):
            for trip in (Trip(visits=visits, gate=gate) for gate in gates):
                times = problem.times(kind, trip, standing=standing)
                if times and not problem.find_fault(kind, trip, standing=standing, times=times):
                    fen = problem.trip_fen(kind, trip, start=standing.node)
                    yield trip, fen, times.duration_s + problem.turn_s


def _columns(problem: RoutingProblem) -> list[_Column]:
    columns: list[_Column] = []
    for number, kind in enumerate(problem.vehicle_classes):
        start = problem.start_of(number)
        first = list(_trips(problem, number, standing=start))
        columns += [
            _Column(kind=number, after=None, trip=trip, fen=fen + kind.fixed_fen, span_s=span)
            for trip, fen, span in first
        ]
        for gate in {trip.gate for trip, _, _ in first} if kind.trips > 1 else ():
            arrivals = [
                after.ready_s
                for trip, _, _ in first
                if trip.gate == gate and (times := problem.times(number, trip, standing=start))
                for after in [problem.after(start, trip, times=times)]
            ]
            later = Standing(node=problem.gates[gate].node, ready_s=min(arrivals), driven_s=0, unbroken_s=0)
            columns += [
                _Column(kind=number, after=gate, trip=trip, fen=fen, span_s=span)
                for trip, fen, span in _trips(problem, number, standing=later)
            ]
    return columns


def _rows(problem: RoutingProblem, column: _Column) -> list[float]:
    """Coefficients of a trip in the rows of the certificate's program, those without packing."""
    row: list[float] = [column.trip.visits.count(visit) for visit in range(len(problem.visits))]
    first = column.after is None
    for number, kind in enumerate(problem.vehicle_classes):
        mine = number == column.kind
        span = shift_span_s(problem, number)
        row += [mine and first, mine * (1 - kind.trips * first)]
        row += [mine * (column.span_s - span * first) / 3600 if span < FOREVER else 0]
        row += [
            mine * ((column.after == gate) - (column.trip.gate == gate)) for gate in range(len(problem.gates))
        ]
    return row


def _solve(problem: RoutingProblem) -> tuple[float, Certificate]:
    """The linear program over every trip there is, and its dual values rounded down."""
    columns, visits = _columns(problem), len(problem.visits)
    gates, classes = len(problem.gates), len(problem.vehicle_classes)
    costs = [column.fen for column in columns] + [visit.prize for visit in problem.visits]
    rows = np.array([_rows(problem, column) for column in columns], dtype=np.float64).reshape(
        len(columns), visits + classes * (3 + gates)
    )
    left = np.zeros((visits, rows.shape[1]))
    left[:, :visits] = np.eye(visits)
    matrix = np.vstack([rows, left]).T
    limits = [value for kind in problem.vehicle_classes for value in (kind.count, *([0] * (2 + gates)))]
    result: Any = linprog(
        costs, A_eq=matrix[:visits], b_eq=np.ones(visits), A_ub=matrix[visits:], b_ub=limits, method="highs"
    )
    duals = np.floor(np.append(result.eqlin.marginals, result.ineqlin.marginals) + 1e-6).astype(int)
    by_class = duals[visits:].reshape(classes, -1)
    return float(result.fun), Certificate(
        visit_duals=tuple(duals[:visits].tolist()),
        count_duals=tuple(by_class[:, 0].tolist()),
        trips_duals=tuple(by_class[:, 1].tolist()),
        time_duals=tuple(by_class[:, 2].tolist()),
        flow_duals=tuple((k, g, int(by_class[k, 3 + g])) for k in range(classes) for g in range(gates)),
    )


def _clear(problem: RoutingProblem) -> RoutingProblem:
    """Without what the second opinion may overlook: waiting at stops, hours at the wheel, parts."""
    visits = tuple(
        replace(visit, opens_s=0, closes_s=FOREVER, parts=(), stop_s=0) for visit in problem.visits
    )
    classes = tuple(replace(kind, drive_limit_s=FOREVER) for kind in problem.vehicle_classes)
    return replace(problem, visits=visits, vehicle_classes=classes, turn_rests=True)


@pytest.mark.parametrize("seed", range(60))
def test_exact_dual_values_give_their_full_worth(seed: int) -> None:
    """The least costs found are those of trips tried one by one: no trip is overlooked, none is made up."""
    problem = _clear(random_problem(Random(seed)))
    worth, certificate = _solve(problem)
    proved = verify(problem, certificate, seconds=None)
    assert proved is not None
    assert worth - 20 <= proved <= worth + 1


def _tangle(seed: int) -> RoutingProblem:
    """Seven visits, ways as dear and as long as the dice say: a cheap way is often late, a short one dear."""
    dice = np.random.default_rng(seed)
    metres, seconds = (dice.integers(100, 1_000, (9, 9)) for _ in range(2))
    windows = dice.integers(0, 3_000, 7) if seed % 2 else np.zeros(7, dtype=np.int64)
    visits = [
        Visit(
            heads=heads, service_s=0, prize=10**6, opens_s=opens, closes_s=opens + 900 if opens else FOREVER
        )
        for heads, opens in zip(dice.integers(1, 4, 7).tolist(), windows.tolist(), strict=True)
    ]
    return RoutingProblem(
        visits=tuple(visits),
        gates=(Gate(node=7, closes_s=4_000),),
        vehicle_classes=(VehicleClass(count=1, capacity=8, start=8, per_km_fen=1_000),),
        seconds=(seconds,),
        metres=(metres,),
        ride_limit_s=FOREVER if seed % 2 else 1_300,
    )


@pytest.mark.parametrize("seed", [1, 3, 5, 16, 28, 54, 78, 83, 178, 344])
def test_no_path_is_forgotten_for_a_worse_one(seed: int) -> None:
    """What is taken off is what the least of all trips, tried one by one, asks for: not a fen else."""
    problem = _tangle(seed)
    duals = np.random.default_rng(seed).integers(600, 1_000, 7).tolist()
    paid, heads, least, a_head = sum(duals), sum(visit.heads for visit in problem.visits), 0, 0
    paths: list[tuple[int, ...]] = [(visit,) for visit in range(7)]
    while paths:
        trip = Trip(visits=paths.pop())
        load = problem.heads(trip)
        times = problem.times(0, trip, standing=problem.start_of(0))
        if not problem.find_fault(0, trip, standing=problem.start_of(0), times=times):
            reduced = problem.trip_fen(0, trip, start=8) - sum(duals[visit] for visit in trip.visits)
            least, a_head = min(least, reduced), max(a_head, -(3600 * reduced // load))
        rest = [v for v in range(7) if v not in trip.visits and load + problem.visits[v].heads <= 8]
        paths += [(*trip.visits, visit) for visit in rest]
    expected = max(3600 * (paid + least), 3600 * paid - a_head * heads)
    assert verify(problem, Certificate(visit_duals=tuple(duals), count_duals=(0,))) == -(-expected // 3600)


def _detour(*visits: Visit, bus: VehicleClass, gate: Gate) -> RoutingProblem:
    """To visit 1 a bus goes at once, long and free, or by visit 0, 10 s and 2 fen; then on for nothing."""
    count = len(visits)
    seconds, metres = np.full((count + 2, count + 2), 2_000), np.full((count + 2, count + 2), 20_000)
    ways = [(count + 1, 0, 0, 1), (0, 1, 10, 1), (count + 1, 1, 1_000, 0)]
    for a, b, way, cost in ways + [(a, a + 1, 10, 0) for a in range(1, count)]:
        seconds[a, b], metres[a, b] = way, cost
    return RoutingProblem(
        visits=visits,
        gates=(gate,),
        vehicle_classes=(replace(bus, start=count + 1, per_km_fen=1_000),),
        seconds=(seconds,),
        metres=(metres,),
        ride_limit_s=3_000,
    )


def test_a_cheaper_path_does_not_stand_for_an_earlier_one() -> None:
    near = Visit(heads=1, service_s=0, prize=1)
    visits = (near, replace(near, prize=10**6), replace(near, prize=10**6, closes_s=900))
    problem = _detour(*visits, bus=_bus(), gate=Gate(node=3))
    greedy = Certificate(visit_duals=(1, 10**6, 10**6), count_duals=(0,))
    assert verify(problem, greedy) == brute_force(problem) == 2


def test_a_cheaper_path_does_not_stand_for_one_of_less_span() -> None:
    near = Visit(heads=1, service_s=0, prize=1)
    bus = replace(_bus(), fixed_fen=10_000, trips=2)
    problem = _detour(near, replace(near, prize=10**6), bus=bus, gate=Gate(node=2, closes_s=4_000))
    packed = Certificate(visit_duals=(1, 9_001), count_duals=(0,), pack_duals=((0, 1_000, -1_000),))
    assert verify(problem, packed) == 9_002 - 1_000


@pytest.mark.parametrize("seed", [0, 3, 6, 16, 35])
def test_a_dual_value_too_high_is_taken_back(seed: int) -> None:
    problem = _clear(random_problem(Random(seed)))
    worth, certificate = _solve(problem)
    served = [v for v, dual in enumerate(certificate.visit_duals) if 0 < dual * 1.2 < problem.visits[v].prize]
    assert served
    for visit in served:
        raised = list(certificate.visit_duals)
        raised[visit] += raised[visit] // 5
        proved = verify(problem, replace(certificate, visit_duals=tuple(raised)), seconds=None)
        assert proved is not None
        assert proved <= worth + 1


def _station(
    *, visits: Sequence[Visit], bus: VehicleClass, places: Sequence[int], ride_limit_s: int = FOREVER
) -> RoutingProblem:
    """Visits, station and depot at these metres of a road: a fen a metre, a second each."""
    road = np.array(places)
    metres = np.abs(road[:, None] - road)
    count = len(visits)
    return RoutingProblem(
        visits=tuple(visits),
        gates=(Gate(node=count),),
        vehicle_classes=(replace(bus, start=count + 1, per_km_fen=1_000),),
        seconds=(metres,),
        metres=(metres,),
        ride_limit_s=ride_limit_s,
    )


def _bus(*, capacity: int = 20, count: int = 1) -> VehicleClass:
    return VehicleClass(count=count, capacity=capacity, start=0)


def test_the_ride_begins_when_all_parts_of_the_first_call_are_on_board() -> None:
    visit = Visit(heads=9, service_s=9_060, stop_s=60, prize=10**6, parts=(2, 4, 3))
    problem = _station(visits=[visit], bus=_bus(), places=(1_000, 3_000, 0), ride_limit_s=2_000)
    assert brute_force(problem) == 3_000
    honest = Certificate(visit_duals=(1_000, 1_000, 1_000), count_duals=(0,))
    greedy = Certificate(visit_duals=(200_000, 400_000, 300_000), count_duals=(0,))
    assert verify(problem, honest) == 3_000
    assert (verify(problem, greedy) or 0) <= 3_000


def test_a_window_need_not_be_open_when_the_last_part_boards() -> None:
    visit = Visit(
        heads=9, service_s=9_060, stop_s=60, prize=10**6, parts=(2, 4, 3), opens_s=5_000, closes_s=5_000
    )
    problem = _station(visits=[visit], bus=_bus(), places=(1_000, 3_000, 0))
    problem = replace(problem, gates=(Gate(node=1, closes_s=20_000),))
    assert brute_force(problem) == 3_000
    greedy = Certificate(visit_duals=(200_000, 400_000, 300_000), count_duals=(0,))
    assert (verify(problem, greedy) or 0) <= 3_000


def test_the_rows_that_tie_rounds_together_are_worth_what_they_cost() -> None:
    """Two full loads: one bus in two rounds, or what a second bus would save is not proved."""
    visits = [Visit(heads=20, service_s=0, prize=10**6) for _ in range(2)]
    bus = replace(_bus(count=2), fixed_fen=5_000, trips=2)
    problem = _station(visits=visits, bus=bus, places=(1_000, 1_000, 3_000, 0))
    assert brute_force(problem) == 5_000 + 3_000 + 4_000
    shared = Certificate(visit_duals=(6_000, 6_000), count_duals=(0,), trips_duals=(-2_000,))
    assert verify(problem, shared) == 12_000
    unearned = Certificate(visit_duals=(8_000, 8_000), count_duals=(0,), flow_duals=((0, 0, -4_000),))
    assert (verify(problem, unearned) or 0) <= 12_000
    single = Certificate(visit_duals=(8_000, 8_000), count_duals=(0,))
    assert (verify(problem, single) or 0) <= 12_000


def test_a_second_round_that_arrives_at_the_last_moment_is_seen() -> None:
    visits = [Visit(heads=20, service_s=0, prize=10**6) for _ in range(2)]
    bus = replace(_bus(), ready_s=500, trips=2)
    problem = _station(visits=visits, bus=bus, places=(1_000, 1_000, 3_000, 0))
    greedy = Certificate(visit_duals=(10**6, 10**6), count_duals=(0,))
    for step, closes in ((1, 500 + 3_000 + 60 + 4_000), (300, 3_600 + 60 + 4_000)):
        late = replace(problem, gates=(Gate(node=2, closes_s=closes),), turn_s=60, step_s=step)
        assert brute_force(late) == 7_000
        assert (verify(late, greedy) or 0) <= 7_000
        closed = replace(problem, gates=(Gate(node=2, closes_s=closes - 1),), turn_s=60, step_s=step)
        assert brute_force(closed) == 1_003_000
        fair = Certificate(visit_duals=(10**6, 10**6), count_duals=(-997_000,))
        assert verify(closed, fair) == 1_003_000


@pytest.mark.parametrize("service_s", range(1_000, 1_009))
def test_a_trip_costs_to_the_fen_what_the_problem_says(service_s: int) -> None:
    bus = replace(_bus(), per_hour_fen=777)
    visit = Visit(heads=2, service_s=service_s, prize=10**6)
    problem = _station(visits=[visit], bus=bus, places=(1_003, 3_011, 0))
    greedy = Certificate(visit_duals=(10**6,), count_duals=(0,))
    assert verify(problem, greedy) == brute_force(problem)


def test_a_way_out_longer_than_a_driver_may_go_is_no_trip() -> None:
    bus = replace(_bus(), unbroken_s=500, unbroken_limit_s=1_500)
    problem = _station(visits=[Visit(heads=2, service_s=0, prize=9_000)], bus=bus, places=(1_000, 3_000, 0))
    certificate = Certificate(visit_duals=(9_000,), count_duals=(0,))
    assert brute_force(problem) == 3_000
    assert verify(problem, certificate) == 3_000
    tired = replace(problem, vehicle_classes=(replace(problem.vehicle_classes[0], unbroken_s=501),))
    assert verify(tired, certificate) == 9_000 == brute_force(tired)


def test_trips_too_long_for_one_shift_prove_a_second_vehicle() -> None:
    visits = [Visit(heads=20, service_s=0, prize=prize) for prize in (10**6, 10**6, 10)]
    bus = replace(_bus(count=2), fixed_fen=5_000, trips=2)
    problem = _station(visits=visits, bus=bus, places=(1_000, 1_000, 2_900, 3_000, 3_000))
    problem = replace(problem, gates=(Gate(node=3, closes_s=7_000),))
    assert brute_force(problem) == 2 * 9_000 + 10
    packed = Certificate(visit_duals=(9_000, 9_000, 10), count_duals=(0,), pack_duals=((0, 3_500, -2_500),))
    assert verify(problem, packed) == 18_010
    assert (verify(problem, replace(packed, pack_duals=())) or 0) < 10_000


def test_what_says_nothing_about_the_problem_proves_nothing() -> None:
    visits = [Visit(heads=4, service_s=0, prize=9_000)]
    problem = _station(visits=visits, bus=_bus(), places=(1_000, 3_000, 0))
    assert verify(problem, Certificate(visit_duals=(1, 1), count_duals=(0,))) is None
    assert verify(problem, Certificate(visit_duals=(10**15,), count_duals=(10**15,))) == 3_000


def test_it_gives_up_when_told() -> None:
    visits = [Visit(heads=4, service_s=0, prize=9_000)]
    problem = _station(visits=visits, bus=_bus(), places=(1_000, 3_000, 0))
    certificate = Certificate(visit_duals=(3_000,), count_duals=(0,))
    assert verify(problem, certificate) == 3_000
    assert verify(problem, certificate, seconds=-1) is None
    assert verify(problem, certificate, stop=lambda: True) is None


def test_too_many_labels_are_given_up() -> None:
    dice = np.random.default_rng(3)
    places = dice.integers(1_000, 60_000, 40).tolist()
    visits = [Visit(heads=1, service_s=0, prize=10**6) for _ in places]
    problem = _station(visits=visits, bus=_bus(capacity=30), places=(*places, 0, 0))
    greedy = Certificate(visit_duals=tuple(30_000 + place * 7 // 10 for place in places), count_duals=(0,))
    assert verify(problem, greedy, seconds=None, labels=1_000) is None


def test_where_nobody_is_counted_a_visit_is_a_load() -> None:
    visits = [Visit(heads=0, service_s=0, prize=prize) for prize in (4_000, 100)]
    problem = _station(visits=visits, bus=_bus(capacity=0), places=(1_000, 2_000, 3_000, 0))
    certificate = Certificate(visit_duals=(2_900, 100), count_duals=(0,))
    assert verify(problem, certificate) == 3_000
    mixed = [replace(visits[0], heads=1), visits[1]]
    assert verify(replace(problem, visits=tuple(mixed)), certificate) is None
