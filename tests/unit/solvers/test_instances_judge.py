"""The judge of benchmark answers: silent about good ones, and it names the fault that was planted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from planner.cli_route import answer
from planner.solvers.routing.instances import read_instance
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Budget
from tests.bench.judge import best_known, judge
from tests.unit.solvers.instance_files import SAMPLES, TEAM

NAMES = sorted(SAMPLES)


def _routes(*plan: tuple[int, list[int]]) -> dict[str, Any]:
    return {"routes": [{"vehicle_type": number, "stops": stops} for number, stops in plan]}


@pytest.mark.parametrize("name", NAMES)
def test_a_good_answer_has_no_fault(name: str, tmp_path: Path) -> None:
    assert judge(SAMPLES[name].write(tmp_path), SAMPLES[name].answer()) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_the_command_answers_has_no_fault(name: str, tmp_path: Path) -> None:
    path = SAMPLES[name].write(tmp_path)
    instance = read_instance(path)
    found = solve_savings(instance.problem, Budget(effort=1))
    assert judge(path, json.loads(json.dumps(answer(instance, found, seconds=0.1)))) == []


@pytest.mark.parametrize(
    ("name", "changes", "fault"),
    [
        ("cvrp", {"cost": 53.9}, "costs 54"),
        ("cvrp", {"cost": None}, "no cost"),
        ("cvrp", {"bound": 54.5}, "wrong side"),
        ("cvrp", {"bound": None}, "proved"),
        ("cvrp", {"bound": 53}, "proved"),
        ("cvrp", _routes((0, [1, 2, 3])), "carries 15 of 10"),
        ("cvrp", _routes((0, [1, 3])), "customer 2 is not visited"),
        ("cvrp", _routes((0, [1, 3]), (0, [2, 1])), "customer 1 is visited 2 times"),
        ("cvrp", _routes((0, [1, 4]), (0, [2])), "no customer 4"),
        ("cvrp", _routes((0, [0, 1]), (0, [2])), "no customer 0"),
        ("cvrp", _routes((1, [1, 3]), (0, [2])), "no vehicle type 1"),
        ("cvrp", _routes((0, []), (0, [2])), "no stops"),
        ("vrptw", _routes((0, [3, 2]), (0, [1])), "after a window closes"),
        ("vrptw", _routes((0, [1]), (0, [2]), (0, [3])), "3 vehicles of type 0, there are 2"),
        ("cvrptw", {"cost": 54.1}, "costs 541"),
        ("ovrp", _routes((0, [1, 2]), (0, [3])), "takes 28142 of 24000"),
        ("ovrp", _routes((0, [1]), (0, [2]), (0, [3])), "3 vehicles"),
        ("ovrp", {"cost": 30}, "costs 30000"),
        ("hfvrp", _routes((1, [3]), (0, [1, 2])), "carries 6 of 5"),
        ("hfvrp", _routes((1, [2]), (1, [1]), (0, [3])), "2 vehicles of type 1"),
        ("mdvrptw", _routes((1, [2]), (0, [3])), "takes"),
        ("cptp", {"cost": 48}, "costs 55"),
        ("cptp", _routes((0, [3])), "customer 2 is not visited"),
        ("split", _routes((0, [1]), (0, [2, 3])), "no amounts for each stop"),
        ("split", {"routes": [{"vehicle_type": 0, "stops": [1, 3], "amounts": [8, 3]}]}, "carries 11 of 10"),
        ("split", {"routes": [{"vehicle_type": 0, "stops": [1, 3], "amounts": [8, 2]}]}, "gets 2 of 4"),
        (
            "split",
            {"routes": [{"vehicle_type": 0, "stops": [1, 3, 3], "amounts": [6, 2, 2]}]},
            "route 1: calls at customer 3 twice",
        ),
        ("team", {"cost": 18}, "costs 17"),
        ("team", {"bound": 16, "proved": False}, "wrong side"),
        ("team", _routes((0, [1, 3])), "takes"),
        ("team", _routes((0, [1]), (0, [2]), (0, [1])), "3 vehicles"),
        ("county", _routes((1, [1, 4]), (1, [2]), (0, [4])), "customer 4 is visited 2 times"),
        ("county", _routes((1, [2, 1]), (0, [4])), "rides 160 s of 159"),
        ("county", _routes((0, [1, 2]), (0, [4])), "carries 9 of 5"),
        ("county", _routes((1, [1, 2]), (0, [3])), "no customer 3"),
        (
            "parties",
            {"routes": [{"vehicle_type": 1, "stops": [1], "amounts": [9], "parts": [[0, 2]]}]},
            "the parties do not make 9",
        ),
        (
            "parties",
            {"routes": [{"vehicle_type": 1, "stops": [1], "amounts": [5], "parts": [[0]]}] * 2},
            "party 0 twice",
        ),
    ],
)
def test_a_planted_fault_is_named(name: str, changes: dict[str, Any], fault: str, tmp_path: Path) -> None:
    found = judge(SAMPLES[name].write(tmp_path), SAMPLES[name].answer(**changes))
    assert any(fault in words for words in found), found


def test_a_path_of_just_the_length_allowed_is_lawful(tmp_path: Path) -> None:
    path = tmp_path / "team.txt"
    path.write_text(TEAM.replace("tmax 12.0", "tmax 10.0"), encoding="utf-8")
    good = {**_routes((0, [1])), "cost": 10, "bound": 10, "proved": True}
    assert judge(path, good) == []
    path.write_text(TEAM.replace("tmax 12.0", "tmax 9.9"), encoding="utf-8")
    assert judge(path, good) == ["route 1: takes 10 of 9.9"]


def test_best_known_values_are_found_beside_and_in_files(tmp_path: Path) -> None:
    (tmp_path / "a.sol").write_text("Route #1: 1 2\nCost 27591\n", encoding="utf-8")
    (tmp_path / "b.757065.tour").write_text("COMMENT : Length = 757065\n", encoding="utf-8")
    (tmp_path / "c.tour").write_text("COMMENT : Cost = 0_9486\n", encoding="utf-8")
    (tmp_path / "bks.csv").write_text("instance,best\nd,814\n", encoding="utf-8")
    (tmp_path / "e.json").write_text('{"proven_optimal_milliyuan": 5}', encoding="utf-8")
    names = ("a.vrp", "b.vrp", "c.vrp", "d.sd", "e.json", "f.sd")
    assert [best_known(tmp_path / name) for name in names] == [27591, 757065, 9486, 814, 5, None]
