"""``breeze route`` as people use it: JSON, a summary in both languages, refusals, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from planner.cli import main
from tests.bench.judge import judge
from tests.unit.solvers.instance_files import CVRP, SAMPLES

ROOT = Path(__file__).parents[2]


def _run(*words: object) -> int:
    return main(["route", *map(str, words)])


@pytest.mark.parametrize("name", ["cvrp", "hfvrp", "split", "team", "county"])
def test_json_is_an_answer_that_the_judge_accepts(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = SAMPLES[name].write(tmp_path)
    assert _run(path, "--router", "savings", "--effort", 5, "--json") == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert list(answer) == ["cost", "bound", "proved", "seconds", "routes", "troubles", "trail"]
    assert answer["troubles"] == []
    keys = ["vehicle_type", "stops", *(["amounts"] if name == "split" else [])]
    assert all(list(route) == keys for route in answer["routes"])
    assert judge(path, answer) == []


def test_the_same_effort_and_seed_give_the_same_routes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = SAMPLES["cvrp"].write(tmp_path)
    answers: list[Any] = []
    for _ in range(2):
        assert _run(path, "--router", "ortools", "--effort", 5, "--seed", 3, "--workers", 0, "--json") == 0
        answers.append(json.loads(capsys.readouterr().out)["routes"])
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("name", "locale", "words"),
    [
        ("cvrp", "zh_CN", ["tiny：3 个客户", "费用：54", "车辆：2 辆"]),
        ("cvrp", "en", ["tiny: 3 customers", "Cost: 54", "Vehicles: 2"]),
        ("team", "zh_CN", ["得分：17"]),
        ("team", "en", ["Profit: 17"]),
    ],
)
def test_the_summary_says_cost_and_vehicles(
    name: str, locale: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = SAMPLES[name].write(tmp_path)
    assert _run(path, "--router", "savings", "--effort", 5, "--locale", locale) == 0
    said = capsys.readouterr()
    assert all(word in said.out for word in words), said.out
    assert said.err == ""


def test_who_cannot_be_served_is_named_and_the_answer_has_no_cost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "few.vrp"
    path.write_text(CVRP.replace("CAPACITY", "VEHICLES : 1\nCAPACITY"), encoding="utf-8")
    assert _run(path, "--router", "savings", "--effort", 5, "--locale", "en") == 4
    assert "1 customer is still left out: " in capsys.readouterr().out
    assert _run(path, "--router", "savings", "--effort", 5, "--json") == 4
    answer = json.loads(capsys.readouterr().out)
    assert (answer["cost"], answer["proved"]) == (None, False)


def test_refusals_name_the_line_in_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.vrp"
    path.write_text(CVRP.replace("4 10 10", "4 10 x"), encoding="utf-8")
    assert _run(path, "--json") == 3
    said = capsys.readouterr()
    assert json.loads(said.out)["issues"][0]["where"]["row"] == 11
    assert "bad.vrp:11:NODE_COORD_SECTION  “x”不是数字。" in said.err
    assert '"x" is not a number.' in said.err
    assert _run(tmp_path / "nothing") == 3
    assert _run(path, "--seconds", "0") == 2
    assert _run(path, "--effort", "0") == 2
    assert _run(path, "--seconds", "1", "--effort", "1") == 2
    assert _run(path, "--router", "nobody") == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no terminal to imitate")
def test_a_terminal_sees_progress_and_ctrl_c_gives_the_best_so_far(tmp_path: Path) -> None:
    path = tmp_path / "many.vrp"
    count = 60
    places = "".join(f"{n} {n * 37 % 101} {n * 53 % 97}\n" for n in range(1, count + 1))
    demands = "".join(f"{n} {n % 7 if n > 1 else 0}\n" for n in range(1, count + 1))
    head = f"TYPE : CVRP\nDIMENSION : {count}\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : 30\n"
    tables = f"NODE_COORD_SECTION\n{places}DEMAND_SECTION\n{demands}DEPOT_SECTION\n1\n-1\nEOF\n"
    path.write_text(head + tables, encoding="utf-8")
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "planner.cli", "route", str(path), "--router", "ortools"]
    child = subprocess.Popen(
        [*command, "--seconds", "50", "--json", "--locale", "en"], cwd=ROOT, stdout=subprocess.PIPE,
        stderr=theirs, text=True,
    )  # fmt: skip
    os.close(theirs)
    seen = ""
    while "best so far" not in seen:
        seen += os.read(ours, 1000).decode()
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=20)
    os.close(ours)
    assert child.returncode == 0
    answer: dict[str, Any] = json.loads(out)
    assert answer["seconds"] < 20
    seconds, best, _ = answer["trail"][-1]
    assert 0 <= seconds < 20
    assert best == answer["cost"]
    assert judge(path, answer) == []
