"""The command as people use it: exit codes, JSON, Ctrl-C, and never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from exports.words import LOCALES, text
from fixtures.generate import HOME
from planner.check import check_plan
from planner.cli import main
from planner.intake.folder import load_campaign
from planner.intake.planfile import read_plan, write_plan
from planner.solvers import routing

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = HOME.parent
TINY = HOME / "tiny"
IMPOSSIBLE = sorted(path for path in (HOME / "impossible").iterdir() if path.is_dir())
NOW = "2027-02-10T21:40"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plan tiny once."""
    target = tmp_path_factory.mktemp("plan") / "plan.json"
    assert main(["plan", str(TINY), "-o", str(target), "--effort", "2", "--json"]) == 0
    return target


def _run(*words: object) -> int:
    return main([str(word) for word in words])


def _json(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> Any:
    assert _run(*words, "--json") == code
    return json.loads(capsys.readouterr().out)


def _breeze(*words: object, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "planner.cli", *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, check=False, env=_environment(env), timeout=60
    )


def _environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1", **(more or {})}  # noqa: TID251  # a child process needs it


def _copy(folder: Path, target: Path) -> Path:
    return Path(shutil.copytree(folder, target / folder.name))


def test_plan_check_explain_and_diff_tiny(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = tmp_path / "deep" / "folder" / "again.json"
    assert _run("plan", TINY, "-o", again, "--effort", 2, "--previous", plan) == 0
    assert _run("check", TINY) == 0
    assert _run("check", TINY, again) == 0
    assert _run("explain", TINY, again) == 0
    assert _run("diff", plan, again) == 0
    said = capsys.readouterr()
    assert "1,085" in said.out  # yuan, rounded
    assert read_plan(again).version == 2
    assert not list(again.parent.glob("*.part"))


def test_every_command_speaks_json_in_every_language(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for locale in ("zh_CN", "en"):
        words = ("--locale", locale)
        assert _json(capsys, "check", TINY, *words) == {"issues": [], "violations": None}
        assert _json(capsys, "check", TINY, plan, *words) == {"issues": [], "violations": []}
        assert _json(capsys, "explain", TINY, plan, *words)["unserved"] == []
        assert _json(capsys, "diff", plan, plan, *words) == {"changes": []}


def test_plan_says_its_figures_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = _json(capsys, "plan", TINY, "-o", tmp_path / "p.json", "--effort", 2)
    assert found["summary"]["served"] == found["summary"]["demanded"] == 11
    assert found["plan"]["effort"] == {"router": "best", "kind": "counted", "limit": 2, "seed": 0}
    assert found["violations"] == []
    assert read_plan(tmp_path / "p.json").cost_fen == found["summary"]["cost_fen"]


def test_export_says_what_it_wrote_in_json(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--kind", "ics,xlsx", "--now", NOW, "--out", tmp_path, "--workers", 1)
    found = _json(capsys, "export", TINY, plan, *words)
    assert sorted(found["documents"]) == sorted(
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.suffix in {".ics", ".xlsx"}
    )


def test_roster_speaks_json_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("roster", TINY / "roster.xlsx", "--campaign", TINY) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["outcome"] for line in lines] == ["skip", *["accept"] * 11, "import"]


def test_roster_refuses_a_file_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "roster.xlsx"
    broken.write_bytes(b"PK\x03\x04 broken")
    assert _run("roster", broken, "--campaign", TINY) == 3
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["outcome"] == "reject_file"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fly"],
        ["plan"],
        ["plan", TINY],
        ["plan", TINY, "-o", "p.json", "--seconds", "0"],
        ["plan", TINY, "-o", "p.json", "--seconds", "-1"],
        ["plan", TINY, "-o", "p.json", "--seconds", "nan"],
        ["plan", TINY, "-o", "p.json", "--seconds", "inf"],
        ["plan", TINY, "-o", "p.json", "--seconds", "soon"],
        ["plan", TINY, "-o", "p.json", "--effort", "0"],
        ["plan", TINY, "-o", "p.json", "--effort", "1.5"],
        ["plan", TINY, "-o", "p.json", "--effort", "1", "--seconds", "1"],
        ["plan", TINY, "-o", "p.json", "--router", "magic"],
        ["plan", TINY, "-o", "p.json", "--seed", "x"],
        ["plan", TINY, "-o", "p.json", "--seed", "-1"],
        ["plan", TINY, "-o", "p.json", "--seed", "99999999999"],
        ["plan", TINY, "-o", "p.json", "--effort", "99999999999"],
        ["check", TINY, "--locale", "fr_FR"],
        ["explain", TINY],
        ["diff", "a.json"],
        ["roster", "a.xlsx"],
        ["check", TINY, "--unknown"],
    ],
    ids=lambda words: " ".join(getattr(word, "name", str(word)) for word in words) or "nothing",
)
def test_wrong_arguments_are_2_in_both_languages(
    words: list[object], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _run(*words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Wrong arguments" in said.err
    assert any("\u4e00" <= character <= "\u9fff" for character in said.err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("extra", [["--kind", "poster"], ["--now", "soon"], ["--locale", "fr"]])
def test_wrong_export_arguments_are_2(plan: Path, extra: list[str], tmp_path: Path) -> None:
    assert _run("export", TINY, plan, "--out", tmp_path / "out", *extra) == 2
    assert not (tmp_path / "out").exists()


def test_what_is_not_there_is_3(plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    none = tmp_path / "none"
    assert _run("check", none) == 3
    assert _run("plan", none, "-o", tmp_path / "p.json") == 3
    assert _run("check", TINY, none) == 3
    assert _run("explain", TINY, none) == 3
    assert _run("explain", none, plan) == 3
    assert _run("diff", plan, none) == 3
    assert _run("plan", TINY, "-o", tmp_path / "p.json", "--previous", none) == 3
    assert _run("roster", none, "--campaign", TINY) == 3
    assert _run("roster", TINY / "roster.xlsx", "--campaign", none) == 3
    assert not (tmp_path / "p.json").exists()
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 99}', "\x00", "[" * 100_000])
def test_a_corrupt_plan_is_3(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corrupt = tmp_path / "plan.json"
    corrupt.write_text(text, encoding="utf-8")
    for words in (
        ("check", TINY, corrupt),
        ("explain", TINY, corrupt),
        ("diff", corrupt, corrupt),
        ("export", TINY, corrupt, "--out", tmp_path / "out"),
        ("plan", TINY, "-o", tmp_path / "new.json", "--previous", corrupt),
    ):
        assert _run(*words) == 3
        said = capsys.readouterr()
        assert "plan.json" in said.err
    assert not (tmp_path / "new.json").exists()


def test_a_plan_that_breaks_a_rule_is_4(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(plan.read_text(encoding="utf-8"))
    content["cost_fen"] += 1
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(content), encoding="utf-8")
    found = _json(capsys, "check", TINY, broken, code=4)
    assert found["violations"]
    assert {tuple(entry) for entry in found["violations"]} == {
        ("rule", "clause", "severity", "where", "args")
    }
    assert _run("check", TINY, broken) == 4
    assert _run("explain", TINY, broken) == 4
    assert _run("export", TINY, broken, "--now", NOW, "--out", tmp_path / "out") == 4
    assert not (tmp_path / "out").exists()


def test_strict_turns_an_incomplete_plan_into_4_and_writes_it_all_the_same(tmp_path: Path) -> None:
    folder, target = HOME / "impossible" / "no-road", tmp_path / "p.json"
    assert _run("plan", folder, "-o", target, "--effort", 1) == 0
    target.unlink()
    assert _run("plan", folder, "-o", target, "--effort", 1, "--strict") == 4
    assert read_plan(target).unserved


def test_strict_refuses_a_roster_with_errors(tmp_path: Path) -> None:
    folder, target = HOME / "impossible" / "id-check-digit", tmp_path / "p.json"
    assert _run("plan", folder, "-o", target, "--effort", 1, "--strict") == 3
    assert not target.exists()
    assert _run("plan", folder, "-o", target, "--effort", 1) == 0


def test_a_router_that_breaks_is_5(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from planner.errors import SolverError  # noqa: PLC0415

    def broken(*_: object) -> None:
        raise SolverError("feeder", "out of memory")

    monkeypatch.setattr(routing, "ROUTERS", {**routing.ROUTERS, "ortools": broken})
    monkeypatch.setattr("planner.stages.feeder.ROUTERS", {"ortools": broken})
    words = ("--effort", 1, "--router", "ortools")
    assert _run("plan", TINY, "-o", tmp_path / "p.json", *words) == 5
    assert "out of memory" in capsys.readouterr().err
    assert not (tmp_path / "p.json").exists()


def test_a_place_that_cannot_be_written_is_6(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wall = tmp_path / "wall"
    wall.write_text("a file", encoding="utf-8")
    assert _run("plan", TINY, "-o", wall / "p.json", "--effort", 1) == 6
    assert _run("plan", TINY, "-o", tmp_path, "--effort", 1) == 6
    assert _run("export", TINY, plan, "--kind", "ics", "--now", NOW, "--out", wall) == 6
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert wall.read_text(encoding="utf-8") == "a file"
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_a_folder_that_changed_since_is_7(plan: Path, tmp_path: Path) -> None:
    folder = _copy(TINY, tmp_path)
    fleet = (folder / "fleet.csv").read_text(encoding="utf-8")
    (folder / "fleet.csv").write_text(fleet.replace(",1,", ",2,"), encoding="utf-8")
    assert _run("explain", folder, plan) == 7
    assert _run("export", folder, plan, "--now", NOW, "--out", tmp_path / "out") == 7
    assert _run("check", folder, plan) == 4  # the checker says which rule: the digest
    assert not (tmp_path / "out").exists()


def test_a_plan_of_another_campaign_is_7_and_both_are_named(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _copy(TINY, tmp_path)
    settings = (folder / "campaign.toml").read_text(encoding="utf-8")
    (folder / "campaign.toml").write_text(settings.replace('"tiny"', '"other"'), encoding="utf-8")
    assert _run("plan", folder, "-o", tmp_path / "p.json", "--effort", 1, "--previous", plan) == 7
    assert not (tmp_path / "p.json").exists()
    other = tmp_path / "other.json"
    write_plan(other, replace(read_plan(plan), campaign_id="other"))
    for words in (("explain", folder, plan), ("diff", other, plan), ("compare", other, plan)):
        capsys.readouterr()
        assert _run(*words) == 7
        said = capsys.readouterr().err
        assert said.startswith(
            f"{plan.name} 是另一个活动的方案：它属于 tiny，这里是 other。请换成 other 的方案"
        )
        assert f"{plan.name} is a plan of another campaign: it is of tiny, this is other." in said


def test_an_unknown_scenario_and_a_missing_plan_are_called_what_they_are(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("plan", TINY, "-o", tmp_path / "p.json", "--scenario", "nope") == 3
    assert "没有情景 nope。" in capsys.readouterr().err
    assert _run("diff", plan, tmp_path / "none.json") == 3
    assert capsys.readouterr().err.startswith(
        "找不到方案文件：none.json。请核对名称和路径。 / Cannot find the plan file"
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_what_help_and_refusals_point_to_is_there(locale: str) -> None:
    said = text("cli.help.router", locale=locale)
    assert [name for name in routing.ROUTERS if name not in said] == []
    assert "fixtures/README.md" in text("scenario.bad", locale=locale, id="x")
    assert "### scenarios/NAME.toml" in (HOME / "README.md").read_text(encoding="utf-8")


def test_a_corrected_name_needs_no_new_plan(tmp_path: Path) -> None:
    folder = _copy(HOME / "impossible" / "id-check-digit", tmp_path)
    roster = folder / "roster.csv"
    target = tmp_path / "p.json"
    assert _run("plan", folder, "-o", target, "--effort", 1) == 0
    assert "王建国" in roster.read_text(encoding="utf-8")
    roster.write_text(roster.read_text(encoding="utf-8").replace("王建国", "王建军"), encoding="utf-8")
    assert _run("explain", folder, target) == 0


@pytest.mark.parametrize("folder", IMPOSSIBLE, ids=lambda folder: folder.name)
def test_impossible_folders_are_checked_and_planned_without_a_traceback(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    campaign, issues = load_campaign(folder)
    errors = [issue for issue in issues if issue.severity == "error"]
    target = tmp_path / "p.json"
    for locale in ("zh_CN", "en"):
        assert _run("check", folder, "--locale", locale) == (3 if errors else 0)
        assert _run("plan", folder, "-o", target, "--effort", 1, "--locale", locale) == (
            0 if expected["loads"] else 3
        )
        assert target.exists() is expected["loads"]
        if campaign is not None:
            assert _run("check", folder, target, "--locale", locale) == (3 if errors else 0)
            assert _run("explain", folder, target, "--locale", locale) == 0
            said = capsys.readouterr()
            assert "Traceback" not in said.err
            assert "{" not in said.out + said.err  # every placeholder was filled
            found = _json(capsys, "explain", folder, target)
            assert [entry["cause"] for entry in found["unserved"]] == [
                entry.cause for entry in read_plan(target).unserved
            ]


def test_help_is_there_at_once() -> None:
    def once(*words: str) -> float:
        began = time.monotonic()
        done = _breeze(*words, "--help")
        assert done.returncode == 0
        assert b"breeze" in done.stdout
        return time.monotonic() - began

    assert min(once() for _ in range(3)) < 0.5
    assert min(once("plan") for _ in range(3)) < 0.5


def test_a_reader_who_leaves_is_no_error() -> None:
    """`breeze roster … | head -1` on a roster larger than a pipe holds."""
    command = [sys.executable, "-m", "planner.cli", "roster", str(HOME / "dongkou" / "roster.xlsx")]
    command += ["--campaign", str(TINY)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline()
        child.stdout.close()
        complaint = child.stderr.read()
        assert child.wait(timeout=60) == 0
    assert complaint == b""


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_a_terminal_that_knows_few_characters_gets_what_it_can(encoding: str) -> None:
    env = {"PYTHONIOENCODING": encoding}
    for words in (("roster", TINY / "roster.xlsx", "--campaign", TINY), ("check", "none")):
        done = _breeze(*words, env=env)
        assert done.returncode == (3 if "none" in words else 0)
        assert b"Traceback" not in done.stderr


def test_without_a_cache_planning_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert _run("plan", TINY, "-o", tmp_path / "p.json", "--effort", 1) == 0


_STOPS_S = 30
"""Generous where others use the machine; one that does not hear goes on for three times as long."""


class _Planning:
    """A child that plans dongkou for 90 s, its stderr read line by line."""

    def __init__(self, target: Path, *, cache: Path) -> None:
        command = [sys.executable, "-m", "planner.cli", "plan", str(HOME / "dongkou"), "-o", str(target)]
        self.child = subprocess.Popen(
            [*command, "--seconds", "90", "--locale", "en"], cwd=ROOT, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=_environment({"XDG_CACHE_HOME": str(cache)}), text=True,
        )  # fmt: skip

    def wait_for(self, words: str) -> None:
        assert self.child.stderr is not None
        for line in self.child.stderr:
            if words in line:
                return
        pytest.fail(f"{words} was never said")

    def stop(self) -> None:
        self.child.send_signal(signal.SIGINT)

    def end(self) -> tuple[int, str, float]:
        began = time.monotonic()
        _, err = self.child.communicate(timeout=120)
        return self.child.returncode, err, time.monotonic() - began


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
@pytest.mark.slow
@pytest.mark.parametrize("stage", ["counting heads", "best so far"])
def test_ctrl_c_keeps_the_best_plan_so_far(stage: str, tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    planning = _Planning(target, cache=tmp_path)
    planning.wait_for(stage)
    planning.stop()
    planning.wait_for("Stopping with the best plan so far")
    code, err, seconds = planning.end()
    assert (code, "Traceback" in err) == (0, False), err
    assert seconds < _STOPS_S
    campaign, _ = load_campaign(HOME / "dongkou")
    assert campaign is not None
    plan = read_plan(target)
    assert check_plan(campaign, plan) == ()
    assert len(plan.routes) > 30


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
@pytest.mark.slow
def test_a_second_ctrl_c_gives_up_and_writes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    planning = _Planning(target, cache=tmp_path)
    planning.wait_for("routing feeders")
    planning.stop()
    planning.wait_for("Stopping with the best plan so far")
    planning.stop()
    code, err, seconds = planning.end()
    assert (code, "Traceback" in err) == (130, False), err
    assert seconds < _STOPS_S
    assert "Given up" in err
    assert not target.exists()
