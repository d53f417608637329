"""The routing bench itself on tiny instances: peers are lawful, results are kept, nothing is given away."""

from __future__ import annotations

import importlib.util
import json
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.solvers.routing.instances import read_instance
from planner.solvers.routing.savings import solve_savings
from planner.solvers.routing.search import Bound, Budget, Relaxation
from tests.bench.facts import read_facts
from tests.bench.judge import cost_of, judge
from tests.bench.routing import chart
from tests.bench.routing import run as running
from tests.bench.routing.__main__ import main
from tests.bench.routing.check import Verdict, check
from tests.bench.routing.days import LIBRARIES, Row, for_single_trips, load_day, solve_plainly, table
from tests.bench.routing.load import answer, cut, lay_out, load
from tests.bench.routing.peers import PEERS
from tests.bench.routing.plan import Case, Choice, Task, make_tasks
from tests.bench.routing.recipe import Recipe, make, write
from tests.bench.routing.report import write_report
from tests.bench.routing.results import Result, append, read
from tests.bench.routing.summary import gather, wrong_bounds

PLACES = ((35, 35), (41, 49), (35, 17), (55, 45), (55, 20), (15, 30), (25, 30), (20, 50), (10, 43))
HEADS = (0, 10, 7, 13, 19, 26, 3, 5, 9)
WINDOWS = ((0, 230), (20, 30), (0, 230), (30, 40), (0, 230), (110, 120), (0, 230), (90, 99), (0, 230))
TINY = Recipe(villages=9, mean=12, seed=1)
BASE = Result(set_name="county", instance="a", solver="breeze", seconds=5.0, seed=1)


def _vrplib(*vehicles: tuple[int, int, int], **head: object) -> str:
    sections = {
        "NODE_COORD_SECTION": PLACES,
        "DEMAND_SECTION": [(heads,) for heads in HEADS],
        "TIME_WINDOW_SECTION": WINDOWS if "TW" in str(head["TYPE"]) else (),
    }
    columns = ("CAPACITY_SECTION", "VEHICLES_FIXED_COST_SECTION", "VEHICLES_UNIT_DISTANCE_COST_SECTION")
    sections |= {name: [(row[k],) for row in vehicles] for k, name in enumerate(columns)}
    lines = [f"{key} : {value}" for key, value in head.items()]
    for name, rows in sections.items():
        lines += [name] * bool(rows)
        lines += [" ".join(map(str, (number, *row))) for number, row in enumerate(rows, 1)]
    return "\n".join([*lines, "DEPOT_SECTION", "1", "-1", "EOF", ""])


def _files() -> dict[str, str]:
    head = {"NAME": "x", "DIMENSION": len(HEADS)}
    flat = {"CAPACITY": 40, "EDGE_WEIGHT_TYPE": "EUC_2D"}
    opened = {
        "EDGE_WEIGHT_TYPE": "EXACT_2D",
        "CAPACITY": 40,
        "VEHICLES": 4,
        "DISTANCE": 90,
        "SERVICE_TIME": 5,
    }
    timed = {**flat, "VEHICLES": 8, "SERVICE_TIME": 10}
    solomon = {**timed, "SCALE": 10, "EDGE_WEIGHT_TYPE": "FLOOR_2D"}
    types = ((30, 500, 58), (30, 500, 58), (50, 900, 80), (50, 900, 80))
    split = [f"{len(HEADS) - 1} 24", " ".join(map(str, HEADS[1:])), *(f"{x} {y}" for x, y in PLACES)]
    return {
        "plain.json": write(TINY),
        "hard.json": write(replace(TINY, hard=True, clustered=True)),
        "free.vrp": _vrplib(TYPE="CVRP", **head, **flat),
        "open.vrp": _vrplib(TYPE="OVRP", **head, **opened),
        "dimacs.vrp": _vrplib(TYPE="VRPTW", **head, **timed),
        "solomon.vrp": _vrplib(TYPE="CVRPTW", **head, **solomon),
        "mixed.vrp": _vrplib(*types, TYPE="HFVRP", **head, EDGE_WEIGHT_TYPE="EUC_2D", VEHICLES=4),
        "split.sd": "\n".join(split),
    }


@pytest.fixture(scope="module")
def instances(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("instances")
    for name, text in _files().items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", sorted(_files()))
def test_all_peers_give_lawful_plans_of_about_the_same_cost(instances: Path, name: str) -> None:
    path = instances / name
    instance = load(path)
    costs: dict[str, float] = {}
    for peer, solve in PEERS.items():
        if peer == "vroom" and importlib.util.find_spec("vroom") is None:
            continue
        routes = solve(instance, 0.15, 1)
        assert routes is not None, peer
        found = answer(instance, routes)
        found["cost"] = cost_of(read_facts(path), found["routes"])
        assert judge(path, found) == [], peer
        costs[peer] = found["cost"]
    assert max(costs.values()) <= 1.12 * min(costs.values()), costs


def test_a_fresh_county_is_the_same_every_time_and_follows_the_recipe() -> None:
    made = make(Recipe(villages=60, mean=30, seed=4, clustered=True))
    assert made == make(Recipe(villages=60, mean=30, seed=4, clustered=True))
    assert made != make(Recipe(villages=60, mean=30, seed=5, clustered=True))
    assert all(1 <= heads <= 53 for heads in made["demand"][1:])
    assert made["direct"]
    assert {metres % 10 for row in made["dist_m"] for metres in row} == {0}
    assert made["max_ride_s"] >= max(row[0] for row in made["time_s"])
    assert "parts" not in made


def test_a_hard_county_has_large_villages_narrow_roads_and_few_vehicles() -> None:
    made = make(Recipe(villages=60, mean=12, seed=2, hard=True))
    reach = made["reach"]
    assert reach[0] is None
    assert len(reach[1]) == len(reach[2]) == 48
    for node, (heads, parts) in enumerate(zip(made["demand"], made["parts"], strict=True)):
        most = 53 if node in reach[2] else 19
        assert parts == [] if heads <= most else sum(parts) == heads
    assert max(made["demand"]) > 53
    assert made["direct"] == []
    seats = sum(number * size for number, size in zip(made["vehicles"], made["seats"], strict=True))
    assert sum(made["demand"]) < seats < 1.5 * sum(made["demand"])


def test_the_ride_begins_when_the_first_have_boarded(instances: Path) -> None:
    instance = load(instances / "plain.json")
    layout = lay_out(instance)
    assert layout.end == 10
    assert not layout.seconds[0].any()
    assert not layout.distance[0].any()
    assert layout.seconds[1, 2] == instance.seconds[1, 2] + 20 * instance.heads[2] // 5
    assert layout.seconds[2, 10] == instance.seconds[2, 0]
    assert layout.distance[2, 10] == instance.distance[2, 0]
    assert not any(layout.service)


def test_an_open_route_ends_anywhere_and_its_stops_take_time(instances: Path) -> None:
    layout = lay_out(load(instances / "open.vrp"))
    assert not layout.distance[:, layout.end].any()
    assert not layout.seconds[:, layout.end].any()
    assert layout.distance[0, 1] == round(1000 * (6**2 + 14**2) ** 0.5)
    assert layout.service == (0, *[5000] * 8, 0)


def test_windows_are_in_tenths_and_truncated(instances: Path) -> None:
    layout = lay_out(load(instances / "dimacs.vrp"))
    assert layout.end == 0
    assert layout.windows[1] == (200, 300)
    assert layout.seconds[0, 1] == int(10 * (6**2 + 14**2) ** 0.5)
    assert layout.service == (0, *[100] * 8)


def test_loads_are_cut_into_whole_parties_that_fit(instances: Path) -> None:
    instance = load(instances / "hard.json")
    pieces = cut(instance)
    for node, heads in enumerate(instance.heads):
        mine = [piece for piece in pieces if piece.node == node]
        assert sum(piece.heads for piece in mine) == heads
        assert all(piece.heads <= instance.largest(node) for piece in mine)
        taken = [part for piece in mine for part in piece.parts]
        assert sorted(taken) == list(range(len(instance.parts[node])))
    assert len(pieces) > len(instance.heads) - 1


def test_who_solves_sees_no_best_known_value(tmp_path: Path) -> None:
    (tmp_path / "county").mkdir()
    (tmp_path / "county" / "a.json").write_text('{"demand": [], "proven_optimal_milliyuan": 7}', "utf-8")
    (tmp_path / "county" / "a.sol").touch()
    with running.laid_out(Case(name="a", file="county/a.json"), tmp_path) as path:
        assert [file.name for file in path.parent.iterdir()] == ["a.json"]
        assert json.loads(path.read_text(encoding="utf-8")) == {"demand": []}
    assert not path.exists()


def test_a_run_is_judged_and_a_repeated_one_is_skipped(tmp_path: Path) -> None:
    tasks = [
        Task(set_name="fresh", case=Case(name="t", recipe=TINY), solver=solver, seconds=0.2, seed=1)
        for solver in ("pyvrp-two",)
    ]
    ground = running.Ground(instances=tmp_path, results=tmp_path / "out" / "results.jsonl")
    said: list[str] = []
    (first,) = running.run_all(tasks, ground, say=said.append)
    assert first.cost is not None
    assert first.vehicles > 0
    assert first.wall_s > 0.2
    assert (running.run_all(tasks, ground, say=said.append)) == [first]
    assert said[-1] == "1 runs, 1 of them done before"


@pytest.mark.parametrize(
    ("code", "seconds", "trouble"),
    [
        ("import time; time.sleep(60)", -89.6, "did not stop in time"),
        ("raise SystemExit('out of memory')", 1, "exit 1: out of memory"),
        ("print('null')", 1, "no plan"),
    ],
)
def test_a_solver_that_fails_is_named(code: str, seconds: float, trouble: str) -> None:
    (ended,) = running._watch([[sys.executable, "-c", code]], seconds)
    assert ended.answer is None
    assert ended.trouble == trouble


def test_an_unlawful_answer_does_not_count(instances: Path) -> None:
    ended = running._Ended(answer={"routes": [{"vehicle_type": 0, "stops": [1]}]})
    judged = running._judged(instances / "free.vrp", ended)
    assert judged.answer is None
    assert judged.trouble.startswith("unlawful: customer 2 is not visited")


def test_results_survive_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    append(path, BASE)
    append(path, replace(BASE, cost=3.0))
    with path.open("a", encoding="utf-8") as lines:
        lines.write('{"set_name": "cou')
    assert read(path) == [replace(BASE, cost=3.0)]


def test_the_plan_runs_each_thing_once() -> None:
    tasks = make_tasks(Choice())
    assert len({task.key for task in tasks}) == len(tasks)
    fresh = [task.case.recipe for task in tasks if task.set_name == "fresh" and task.solver == "breeze"]
    assert len(fresh) == 2 * 18
    assert sum(recipe.hard for recipe in fresh if recipe) == 18
    seedless = [task for task in tasks if task.solver == "ortools" and task.case.name == "C4"]
    assert len(seedless) == 1
    one = Choice(only=("X-n1*1-*",), seconds=(1,), seeds=(1,), solvers=("breeze",))
    assert [task.case.name for task in make_tasks(one)] == ["X-n101-k25", "X-n1001-k43"]


def _verdict(verdicts: list[Verdict], begin: str) -> Verdict:
    return next(verdict for verdict in verdicts if verdict.text.startswith(begin))


def _county(change: Callable[[Result], Result]) -> list[Result]:
    return [
        change(
            replace(
                BASE,
                instance=task.case.name,
                solver=task.solver,
                seed=task.seed,
                cost=1000.0,
                best_known=1000.0,
            )
        )
        for task in make_tasks(Choice(sets=("county",)))
    ]


def test_targets_pass_fail_or_wait_for_data() -> None:
    good = _county(lambda r: replace(r, bound=999.0) if r.solver == "breeze" else replace(r, cost=1010.0))
    verdicts = check(good)
    assert _verdict(verdicts, "county, 5 s: mean gap").word == "PASS"
    assert _verdict(verdicts, "county, 5 s: a bound").word == "PASS"
    assert _verdict(verdicts, "fresh: bound ready").word == "NO DATA"
    assert _verdict(verdicts, "county, fresh and public").word == "NO DATA"
    poor = check(_county(lambda r: replace(r, cost=1002.0)))
    assert _verdict(poor, "county, 5 s: mean gap").word == "FAIL"
    assert _verdict(poor, "county, 5 s: a bound").word == "FAIL"
    assert _verdict(check([replace(good[0], cost=None)]), "every run of this engine").word == "FAIL"


def test_a_peer_is_met_at_the_mean_of_the_seeds() -> None:
    def runs(worst: float) -> list[Result]:
        return [
            replace(
                BASE,
                set_name="fresh",
                instance=task.case.name,
                solver=task.solver,
                seconds=task.seconds,
                cost=100.0 if task.solver != "breeze" else worst if "-s2-" in task.case.name else 99.0,
                bound=90.0,
            )
            for task in make_tasks(Choice(sets=("fresh",)))
        ]

    close = _verdict(check(runs(101.9)), "fresh: never above")
    assert (close.word, close.measured) == (
        "PASS",
        "never above; one by one 12 of 36 above, by 1.90 % at most",
    )
    assert _verdict(check(runs(102.1)), "fresh: never above").word == "FAIL"
    fewer = [run for run in runs(99.0) if run.solver == "breeze" or "n364" not in run.instance]
    assert _verdict(check(fewer), "fresh: never above").word == "NO DATA"


def test_a_bound_that_comes_late_is_found_out() -> None:
    def runs(ready_s: float | None) -> list[Result]:
        return [
            replace(
                BASE,
                set_name=task.set_name,
                instance=task.case.name,
                seconds=task.seconds,
                cost=110.0,
                bound=100.0,
                ready_s=ready_s,
            )
            for task in make_tasks(Choice(sets=("fresh",), solvers=("breeze",)))
        ]

    assert _verdict(check(runs(9.9)), "fresh: bound ready").word == "PASS"
    late = _verdict(check(runs(10.5)), "fresh: bound ready")
    assert (late.word, late.measured) == ("FAIL", "10.50")
    assert _verdict(check(runs(None)), "fresh: bound ready").word == "FAIL"


def test_a_bound_above_a_plan_is_found_out() -> None:
    lie = replace(BASE, cost=110.0, bound=105.0, best_known=100.0)
    assert wrong_bounds([lie]) == ["a breeze 5 s seed 1: 105.0 above 100.0"]
    assert wrong_bounds([replace(lie, bound=100.0)]) == []
    assert _verdict(check([lie]), "every bound").word == "FAIL"


def test_without_a_best_known_cost_the_highest_bound_is_the_measure() -> None:
    results = [replace(BASE, cost=110.0, bound=90.0), replace(BASE, seed=2, cost=105.0, bound=100.0)]
    (group,) = gather(results)
    assert group.gap == pytest.approx(7.5)
    assert group.own_gaps == pytest.approx([100 * 2 / 9, 5.0])


def _draw(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own bytes


def test_the_report_says_who_wins(tmp_path: Path) -> None:
    peer = replace(BASE, solver="pyvrp", cost=102.0, best_known=100.0)
    silent = replace(BASE, solver="ortools", trouble="no plan", best_known=100.0)
    results = [replace(BASE, cost=101.0, bound=99.0, proved=True, best_known=100.0), peer, silent]
    files = write_report(results, check(results), out=tmp_path)
    text = files[0].read_text(encoding="utf-8")
    assert "| a | **1.00** | 2.00 | no plan (1 of 1) |" in text
    assert "| best on | 1 | 0 | 0 |" in text
    assert "* a ortools 5 s seed 1: no plan" in text
    figures = json.loads(files[1].read_text(encoding="utf-8"))
    assert [row["solver"] for row in figures["groups"]] == ["breeze", "pyvrp", "ortools"]
    assert _draw(files[2].read_text(encoding="utf-8")).tag.endswith("svg")


def test_the_chart_shows_every_value_once_and_ours_filled() -> None:
    rows = [
        chart.Row(label="a & b", values={"breeze": 0.0, "pyvrp": 3.0}),
        chart.Row(label="c", values={"pyvrp": None}),
    ]
    drawn = _draw(chart.draw("t", rows, ["pyvrp", "breeze"]))
    marks = [path for path in drawn if path.get("stroke") == "black"]
    assert len(marks) == 2 + 3
    assert sum(mark.get("fill") == "black" for mark in marks) == 2


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_plain_libraries_plan_a_day_of_trains_and_villages_above_a_bus(instances: Path, library: str) -> None:
    for problem in (load_day("tiny"), read_instance(instances / "hard.json").problem):
        shifts = solve_plainly(problem, LIBRARIES[library], seconds=0.3, seed=1)
        assert problem.left_out(shifts) == ()
        assert all(problem.is_feasible(shift) for shift in shifts)


def test_a_fleet_for_single_trips_seats_everybody() -> None:
    problem = for_single_trips(load_day("tiny"))
    assert all(kind.trips == 1 and len(kind.gates) == 1 for kind in problem.vehicle_classes)
    assert problem.left_out(solve_savings(problem, Budget(effort=1)).shifts) == ()


def test_the_table_of_days_gives_gaps_to_our_bound() -> None:
    bound = Bound(fen=100_000, relaxation=Relaxation.NG_ROUTES)
    ours = Row(
        case="a", solver="breeze", objective_fen=102_000, vehicles=2, trips=3, left=0, unlawful=0, seconds=9
    )
    lines = table([replace(ours, bound=bound), replace(ours, solver="pyvrp", objective_fen=110_000)])
    assert "| a | breeze | 1,020 | 2 | 3 | 0 | 2.00 | 9 |" in lines
    assert "| a | pyvrp | 1,100 | 2 | 3 | 0 | 10.00 | 9 |" in lines


def test_what_is_missing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--instances", str(tmp_path / "nowhere")]) == 2
    assert "no such folder" in capsys.readouterr().err
    assert main(["--instances", str(tmp_path), "--set", "county"]) == 2
    assert "county/county-n20-s1-clu-m12.json" in capsys.readouterr().err
    assert main(["--instances", str(tmp_path), "--only", "no-such"]) == 2
