"""Locks, comparisons and results as people use them on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from exports.words import LOCALES
from fixtures.generate import HOME
from planner.cli import main
from planner.intake.planfile import read_plan, write_plan
from tests.unit.exports.agendas import agenda_plan, fair_agenda, fair_campaign

if TYPE_CHECKING:
    from planner.model.plan import Plan

TINY = HOME / "tiny"
FAIRS = HOME / "examples" / "fairs"
HEAD = "kind,item,day,to,who,why,until\n"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _run(*words: object) -> int:
    return main([str(word) for word in words])


def _json(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> Any:
    capsys.readouterr()
    assert _run(*words, "--json") == code
    return json.loads(capsys.readouterr().out)


def _locked(folder: Path, *rows: str) -> Path:
    shutil.copytree(TINY, folder)
    (folder / "locks.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return folder


def _plan(folder: Path, out: Path, *words: object) -> Plan:
    assert _run("plan", folder, "-o", out, "--effort", 2, "--router", "savings", *words) == 0
    return read_plan(out)


def test_a_lock_of_a_visit_or_fair_that_is_over_binds_no_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, plan = tmp_path / "fairs", tmp_path / "plan.json"
    shutil.copytree(FAIRS, folder)
    rows = (
        "visit,n2-1,2027-01-12,q2,唐桂英,村民大会,2027-01-14",
        "fair,f-live,2027-01-27,,王主任,主播有空,2027-01-14",
    )
    (folder / "locks.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    _plan(folder, plan, "--today", "2027-01-15")
    capsys.readouterr()
    assert _run("check", folder, plan) == 0
    said = capsys.readouterr().out
    assert said.count("[warning lock.expired]") == len(rows)
    assert "visit.lock" not in said
    assert "fair.lock" not in said
    assert _run("feed", folder, plan, "--squad", "q2", "-o", tmp_path / "q2.ics") == 0


def test_a_lock_is_shown_with_its_reason_and_what_became_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = tmp_path / "1.json"
    _plan(TINY, first)
    folder = _locked(
        tmp_path / "tiny", "route,1,,,王主任,领导随车,2027-02-14", "route,9,,,李科长,试验,2027-02-10"
    )
    capsys.readouterr()
    _plan(folder, tmp_path / "2.json", "--previous", first, "--today", "2027-02-12")
    said = capsys.readouterr().out
    assert "锁定（照办）：接驳趟次 1，领导随车。王主任，到 2027-02-14 为止" in said
    assert "锁定（已过期）：接驳趟次 9，试验。李科长，到 2027-02-10 为止" in said
    assert "[warning lock.expired]" in said
    assert "lock.route" not in said
    _plan(folder, tmp_path / "3.json", "--previous", first, "--today", "2027-02-10", "--locale", "en")
    said = capsys.readouterr().out
    assert "李科长 locked run 9" in said
    assert "[warning lock.route]" in said
    found = _json(capsys, "explain", folder, tmp_path / "3.json")
    assert [entry["state"] for entry in found["locks"]] == ["kept", "missing"]
    assert found["locks"][0]["lock"]["who"] == "王主任"


def test_a_lock_that_is_not_kept_fails_a_strict_plan(tmp_path: Path) -> None:
    words = ("plan", "-o", tmp_path / "p.json", "--effort", 1, "--router", "savings", "--today", "2027-02-12")
    folder = _locked(tmp_path / "tiny", "route,9,,,王主任,试验,2027-02-14")
    assert _run(*words, folder) == 0
    assert _run(*words, folder, "--strict") == 4
    rows = ("departure,g9999,2027-02-14,,王主任,试验,2027-02-14", "route,9,,,李科长,试验,2027-02-10")
    kept = _locked(tmp_path / "kept", *rows)
    assert _run(*words, kept, "--strict") == 0


def test_today_is_a_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("plan", TINY, "-o", "nowhere.json", "--today", "soon") == 2
    assert "2027-02-10" in capsys.readouterr().err
    assert not Path("nowhere.json").exists()


def test_two_plans_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    _plan(TINY, first)
    assert _run("plan", TINY, "-o", second, "--effort", 2, "--router", "ortools") == 0
    old, new = read_plan(first), read_plan(second)
    assert old.cost_fen != new.cost_fen
    found = _json(capsys, "compare", first, second, "--campaign", TINY)
    assert found["everything"] == {
        "was_fen": old.cost_fen,
        "now_fen": new.cost_fen,
        "more_fen": new.cost_fen - old.cost_fen,
    }
    feeder = found["accounts"]["feeder"]
    assert feeder.keys() == {"vehicles", "km", "hours", "sum"}
    for side in ("was_fen", "now_fen", "more_fen"):
        assert sum(line[side] for rule, line in feeder.items() if rule != "sum") == feeder["sum"][side]
    assert found["people"]
    assert {change["item"] for change in found["changes"]["person_run"]} <= set(found["people"])
    for locale in LOCALES:
        assert _run("compare", first, second, "--campaign", TINY, "--locale", locale) == 0
    said = capsys.readouterr().out
    assert "a v1 与 b v1 相比" in said
    assert f"{old.cost_fen // 100:,}.{old.cost_fen % 100:02d}" in said
    assert _run("compare", first, first) == 0
    assert "没有人和日程要改" in capsys.readouterr().out


def test_comparing_refuses_what_is_not_of_the_folder(tmp_path: Path) -> None:
    plan = tmp_path / "a.json"
    _plan(TINY, plan)
    assert _run("compare", plan, plan, "--campaign", FAIRS) == 7
    assert _run("compare", plan, tmp_path / "none.json") == 3
    assert _run("compare", plan) == 2


@pytest.fixture
def season(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of fairs with results, and its plan."""
    campaign = fair_campaign()
    write_plan(tmp_path / "fairs.json", agenda_plan(campaign, fair_agenda(campaign)))
    folder = Path(shutil.copytree(FAIRS, tmp_path / "fairs"))
    with (folder / "results.csv").open("a", encoding="utf-8") as file:
        file.write("fair,f-dongling,2027-01-25,1100,230,95,\nfair,f-nowhere,2027-01-13,200,30,12,\n")
    return folder, tmp_path / "fairs.json"


def test_results_beside_the_plan(season: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder, plan = season
    words = ("results", folder, plan, "--today", "2027-01-27")
    found = _json(capsys, *words, code=3)
    assert (found["fairs"]["held"], found["fairs"]["hires"], found["visits"]["held"]) == (1, 95, 1)
    assert [entry["remark"] for entry in found["noted"]] == ["moved"]
    assert [entry["id"] for entry in found["outstanding"]][-2:] == ["n1-2", "f-live"]
    assert [(issue["where"]["row"], issue["code"]) for issue in found["issues"]] == [(4, "outreach.unknown")]
    assert _run(*words) == 3
    said = capsys.readouterr().out
    assert "第 3 行  招聘会 东岭镇春风行动招聘会：原定 2027-01-24，实际 2027-01-25" in said
    assert "意向率 20.9%" in said
    assert "待填：招聘会 直播带岗，2027-01-26，应在 2027-01-29 前填报" in said
    assert _run(*words, "--locale", "en") == 3
    assert "planned for 2027-01-24, was on 2027-01-25" in capsys.readouterr().out


def test_results_without_results(
    tmp_path: Path, season: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, plan = season
    (folder / "results.csv").unlink()
    assert _run("results", folder, plan, "--today", "2027-01-01") == 0
    assert "results.csv 里还没有成效" in capsys.readouterr().out
    assert _run("results", TINY, plan, "--today", "2027-01-01") == 7
    assert _run("results", tmp_path / "none", plan) == 3
