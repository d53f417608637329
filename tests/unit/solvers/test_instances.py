"""Benchmark files as problems: costs, limits and numbers are those of their published solutions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planner.solvers.routing.instances import Instance, read_instance
from planner.solvers.routing.problem import Shift, Trip
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Budget
from tests.unit.solvers.instance_files import COUNTY, CVRP, PARTIES, SAMPLES, TEAM, Sample, shifts_of

NAMES = sorted(SAMPLES)


def _read(sample: Sample, folder: Path) -> tuple[Instance, tuple[Shift, ...]]:
    instance = read_instance(sample.write(folder))
    problem = instance.problem
    gates = [kind.gates[0] for kind in problem.vehicle_classes]
    parts = {number: visit.parts for number, visit in enumerate(problem.visits)}
    return instance, shifts_of(instance.numbers, gates, sample.routes, parts)


def _text(text: str, folder: Path) -> Instance:
    path = folder / "file"
    path.write_text(text, encoding="utf-8")
    return read_instance(path)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_costs_what_it_does_by_hand(name: str, tmp_path: Path) -> None:
    instance, shifts = _read(SAMPLES[name], tmp_path)
    assert instance.left_out(shifts) == ()
    assert instance.cost(shifts) == pytest.approx(SAMPLES[name].cost, abs=1e-4)
    assert all(instance.problem.is_feasible(shift) for shift in shifts)


@pytest.mark.parametrize("name", NAMES)
def test_its_objective_bounds_its_cost_to_the_last_printed_digit(name: str, tmp_path: Path) -> None:
    instance, shifts = _read(SAMPLES[name], tmp_path)
    cost, bound = instance.cost(shifts), instance.bound(instance.problem.objective_fen(shifts))
    assert cost - bound == pytest.approx(0, abs=0.001)
    assert bound <= cost


@pytest.mark.parametrize("name", NAMES)
def test_printed_routes_are_the_answer(name: str, tmp_path: Path) -> None:
    instance, shifts = _read(SAMPLES[name], tmp_path)
    printed = instance.routes(shifts)
    assert [(route.vehicle_type, list(route.stops)) for route in printed] == [
        (route["vehicle_type"], route["stops"]) for route in SAMPLES[name].routes
    ]
    assert [list(route.amounts) for route in printed] == [
        route.get("amounts", []) for route in SAMPLES[name].routes
    ]
    assert [[list(parts) for parts in route.parts] for route in printed] == [
        route.get("parts", []) for route in SAMPLES[name].routes
    ]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"team", "pcvrptw", "cptp"}])
def test_leaving_anybody_out_never_pays(name: str, tmp_path: Path) -> None:
    instance, shifts = _read(SAMPLES[name], tmp_path)
    whole = instance.problem.objective_fen(shifts)
    for without in range(len(shifts)):
        fewer = shifts[:without] + shifts[without + 1 :]
        assert instance.problem.missed_fen(fewer) > whole


@pytest.mark.parametrize("name", NAMES)
def test_a_router_solves_it(name: str, tmp_path: Path) -> None:
    instance = read_instance(SAMPLES[name].write(tmp_path))
    found = solve_savings(instance.problem, Budget(effort=1)).shifts
    assert instance.left_out(found) == ()
    if instance.scale.profit:
        assert instance.cost(found) <= SAMPLES[name].cost
    else:
        assert instance.cost(found) > 0


def test_bounds_between_whole_costs_are_rounded_up_to_the_next(tmp_path: Path) -> None:
    instance = _text(CVRP, tmp_path)
    fen = instance.scale.fen_per_tick
    assert [instance.bound(n) for n in (53 * fen, 53 * fen + 1, 54 * fen, -5)] == [53, 54, 54, 0]


def test_exact_costs_keep_the_rounding_of_the_problem_below_the_bound(tmp_path: Path) -> None:
    instance = read_instance(SAMPLES["hfvrp"].write(tmp_path))
    fen, slack = instance.scale.fen_per_tick, instance.scale.slack_fen
    assert instance.bound(48 * fen + slack) == 48
    assert instance.bound(48 * fen) < 48
    assert slack / fen < 0.01


def test_profit_is_bounded_from_above(tmp_path: Path) -> None:
    instance, shifts = _read(SAMPLES["team"], tmp_path)
    everything = instance.problem.objective_fen(())
    assert instance.bound(everything) == 0
    assert instance.bound(0) == 10 + 7 + 99
    assert instance.bound(instance.problem.objective_fen(shifts)) == 17


def test_a_longer_path_is_worse_but_never_worth_a_point(tmp_path: Path) -> None:
    problem = _text(TEAM.replace("tmax 12.0", "tmax 200"), tmp_path).problem
    near, far = (
        problem.objective_fen((Shift(vehicle_class=0, trips=(Trip(visits=visits),)),))
        for visits in ((0, 1), (1, 0))
    )
    longest = problem.objective_fen((Shift(vehicle_class=0, trips=(Trip(visits=(2, 1)),)),))
    assert near == far
    assert longest < near


def test_types_are_numbered_as_they_first_appear(tmp_path: Path) -> None:
    kinds = read_instance(SAMPLES["hfvrp"].write(tmp_path)).problem.vehicle_classes
    assert [(kind.count, kind.capacity) for kind in kinds] == [(2, 10), (1, 5)]


def test_solomon_files_have_25_vehicles_whatever_a_tour_used(tmp_path: Path) -> None:
    assert _solomon("R112", customers=100, folder=tmp_path) == 25
    assert _solomon("RC208.100", customers=100, folder=tmp_path) == 25
    assert _solomon("R112", customers=99, folder=tmp_path) == 9
    assert _solomon("factory", customers=100, folder=tmp_path) == 9


def _solomon(name: str, *, customers: int, folder: Path) -> int:
    """Vehicles of a file in the layout of LKH-3 that states 9 of them."""
    places = range(1, customers + 2)
    head = [f"NAME : {name}", "TYPE : CVRPTW", f"DIMENSION : {customers + 1}", "VEHICLES : 9", "CAPACITY : 9"]
    head += ["SCALE : 10", "EDGE_WEIGHT_TYPE : FLOOR_2D", "NODE_COORD_SECTION"]
    points = [f"{place} {place} 0" for place in places]
    demands = [f"{place} {int(place > 1)}" for place in places]
    windows = [f"{place} 0 90000" for place in places]
    body = [*points, "DEMAND_SECTION", *demands, "TIME_WINDOW_SECTION", *windows, "DEPOT_SECTION", "1", "-1"]
    return _text("\n".join([*head, *body, "EOF", ""]), folder).problem.vehicle_classes[0].count


def test_a_path_of_just_the_longest_length_is_kept_and_one_a_millionth_too_long_is_mended(
    tmp_path: Path,
) -> None:
    points = "0 0 0\n1 0.001 5\n2 0 7\n3 0 0\n"  # through both 3.000001, past the first 3
    both = (Shift(vehicle_class=0, trips=(Trip(visits=(0, 1)),)),)
    fits = _text(f"n 4\nm 1\ntmax 3.000001\n{points}", tmp_path)
    assert fits.problem.is_feasible(both[0])
    assert fits.mend(both) == both
    short = _text(f"n 4\nm 1\ntmax 3.0000005\n{points}", tmp_path)
    assert short.problem.is_feasible(both[0])
    assert short.mend(both)[0].trips == (Trip(visits=(1,)),)
    assert short.mend(()) == ()


def test_a_village_larger_than_all_buses_together_is_still_worth_every_bus(tmp_path: Path) -> None:
    """However dear the second bus, leaving anybody behind costs more than the whole plan."""
    line = [[1000 * abs(a - b) for b in range(3)] for a in range(3)]
    county = {
        "seats": [53, 53],
        "fixed_milliyuan": [1_000, 10**8],
        "per_dam_milliyuan": [1, 1],
        "vehicles": [2, 2],
        "max_ride_s": 9_000,
        "board_s_per_5": 0,
        "demand": [0, 100, 50],
        "parts": [[], [50, 50], [50]],
        "dist_m": line,
        "time_s": line,
    }
    instance = _text(json.dumps(county), tmp_path)
    first = [Trip(visits=(0,), taken=((part,),)) for part in (0, 1)]
    shifts = [Shift(vehicle_class=0, trips=(trip,)) for trip in first]
    whole = (*shifts, Shift(vehicle_class=1, trips=(Trip(visits=(1,)),)))
    problem = instance.problem
    assert problem.objective_fen(whole) < problem.objective_fen(shifts)


@pytest.mark.parametrize(
    ("name", "routes"),
    [
        ("cvrp", [(0, [1, 2, 3])]),
        ("vrptw", [(0, [3, 2])]),
        ("ovrp", [(0, [1, 2])]),
        ("hfvrp", [(1, [3])]),
        ("mdvrptw", [(0, [3])]),
        ("team", [(0, [3])]),
        ("county", [(0, [1, 2])]),
        ("county", [(1, [2, 1])]),
        ("parties", [(1, [1])]),
    ],
)
def test_limits_of_the_file_are_limits_of_the_problem(
    name: str, routes: list[tuple[int, list[int]]], tmp_path: Path
) -> None:
    instance = read_instance(SAMPLES[name].write(tmp_path))
    for number, stops in routes:
        gate = instance.problem.vehicle_classes[number].gates[0]
        trip = Trip(visits=tuple(instance.numbers.index(stop) for stop in stops), gate=gate)
        assert not instance.problem.is_feasible(Shift(vehicle_class=number, trips=(trip,)))


def test_splits_are_as_fine_as_demands_and_capacity_ask(tmp_path: Path) -> None:
    visits = read_instance(SAMPLES["split"].write(tmp_path)).problem.visits
    assert [visit.parts for visit in visits] == [(2, 2, 2, 2), (2, 2, 2, 2), (2, 2)]


def test_a_village_without_demand_is_no_stop_and_keeps_its_number(tmp_path: Path) -> None:
    assert read_instance(SAMPLES["county"].write(tmp_path)).numbers == (1, 2, 4)


def test_reach_and_numbers_of_vehicles_limit_a_county(tmp_path: Path) -> None:
    content = {**PARTIES, "reach": [[4], [1, 2, 4]]}
    first, second = _text(json.dumps(content), tmp_path).problem.vehicle_classes
    assert (first.count, first.barred) == (3, frozenset({0, 1}))
    assert second.count >= 5
    assert not second.barred


def test_the_proven_optimum_of_a_file_changes_nothing(tmp_path: Path) -> None:
    with_it = _text(json.dumps({**COUNTY, "proven_optimal_milliyuan": 1}), tmp_path)
    without = _text(json.dumps(COUNTY), tmp_path)
    assert with_it.problem.visits == without.problem.visits
    assert with_it.problem.vehicle_classes == without.problem.vehicle_classes
    assert with_it.scale == without.scale


def test_line_endings_tabs_and_lower_case_keys_do_not_matter(tmp_path: Path) -> None:
    plain = _text(CVRP, tmp_path)
    path = tmp_path / "other"
    path.write_bytes(CVRP.replace("\n", "\r\n").replace("1 0", "\t1\t0 ").replace("TYPE :", "Type:").encode())
    assert (read_instance(path).lengths == plain.lengths).all()
