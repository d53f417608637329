"""Before a plan goes out: `breeze check --for issue` on a folder with charter coaches and their papers."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from planner.cli import main
from planner.intake.folder import save_campaign
from planner.intake.planfile import write_plan
from tests.unit.check.county import COACH, DIRECT, POOLED
from tests.unit.check.faults.driving import one_driver_there_and_back
from tests.unit.check.faults.papers import with_crew
from tests.unit.check.faults.table import with_campaign
from tests.unit.check.good_plan import good_draft

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.check.good_plan import Draft


def _write(folder: Path, draft: Draft | None = None) -> Path:
    draft = draft or good_draft()
    save_campaign(draft.campaign, folder)
    write_plan(folder / "plan.json", draft.write())
    return folder


def _check(folder: Path, *words: str) -> int:
    return main(["check", str(folder), str(folder / "plan.json"), *words])


def _found(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    _check(folder, "--json", *words)
    return json.loads(capsys.readouterr().out)["violations"]


def _rows(path: Path, **changes: str) -> None:
    """Change cells of the direct coach's row in a table."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row.update(changes if row["departure_id"] == DIRECT else {})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def _allow(folder: Path, *, rule: str, item: str = "*", until: str = "2027-02-15") -> None:
    path = folder / "overrides.csv"
    path.write_text(f"rule,item,who,why,until\n{rule},{item},王主任,客运公司无车,{until}\n", encoding="utf-8")


def test_with_all_papers_a_plan_may_go_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _write(tmp_path)
    assert _check(folder, "--for", "issue") == 0
    issued = capsys.readouterr().out.splitlines()[-1]
    assert _check(folder) == 0
    planned = capsys.readouterr().out.splitlines()[-1]
    assert issued.startswith("方案符合全部")
    assert issued != planned  # the papers are not asked for while planning


def test_papers_bind_only_when_a_plan_goes_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _write(tmp_path)
    (folder / "charters.csv").unlink()
    assert _check(folder) == 0
    capsys.readouterr()
    found = _found(folder, capsys, "--for", "issue")
    assert {entry["rule"] for entry in found} == {"paper.contract"}
    assert {entry["where"]["item"] for entry in found} == {COACH, DIRECT, POOLED}


@pytest.mark.parametrize(
    ("column", "value", "rule", "clause"),
    [
        ("contract_no", "", "paper.contract", "道路旅客运输及客运站管理规定 第57条; 道路运输条例 第19条"),
        ("plate_no", "", "paper.plate", "附件11 包车客运标志牌"),
        ("signed_heads", "3", "paper.heads", "不得招揽包车合同外的旅客"),
        ("filing_no", "", "paper.filing", "省际包车备案"),
        ("briefed", "0", "paper.briefing", "道路客运安全告知制度"),
        ("departed_checks", "0", "paper.departure", "六不出站"),
    ],
)
@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_what_is_missing_is_said_with_its_clause_in_chinese(
    column: str,
    value: str,
    rule: str,
    clause: str,
    locale: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = _write(tmp_path)
    _rows(folder / "charters.csv", **{column: value})
    assert _check(folder, "--for", "issue", "--locale", locale) == 4
    lines = [line for line in capsys.readouterr().out.splitlines() if line.endswith(f"[error {rule}]")]
    assert len(lines) == 1
    assert lines[0].startswith(f"{DIRECT}  ")
    assert clause in lines[0]


def test_the_law_of_the_road_is_said_with_its_clause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign, plan = one_driver_there_and_back.plant()
    folder = _write(tmp_path, replace(good_draft(), campaign=campaign))
    write_plan(folder / "plan.json", plan)
    assert _check(folder) == 4
    out = capsys.readouterr().out
    assert "驾驶员 d1 24 小时内驾驶 9:28，不得超过 8:00" in out
    assert "(道路旅客运输企业安全管理规范 第38条(2))" in out


def test_who_allows_a_coach_from_elsewhere_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _write(tmp_path, with_crew(good_draft(), registered="凯里"))
    assert _check(folder) == 4
    _allow(folder, rule="charter.home")
    capsys.readouterr()
    assert _check(folder) == 0
    lines = capsys.readouterr().out.splitlines()
    allowed = [line for line in lines if line.endswith("[notice charter.home]")]
    assert [line.split()[0] for line in allowed] == [DIRECT, POOLED]
    assert all("王主任 批准放行：客运公司无车，到 2027-02-15 为止。" in line for line in allowed)
    assert lines[-1] == "方案另有提醒 0 处，批准放行 2 处。"


@pytest.mark.parametrize(
    ("rule", "until", "reported"),
    [
        ("charter.hone", "2027-02-15", "override.unknown"),
        ("driving.daily", "2027-02-15", "override.hard"),
        ("charter.home", "2027-02-13", "override.expired"),
    ],
)
def test_an_override_that_does_nothing_is_reported(
    rule: str, until: str, reported: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _write(tmp_path, with_crew(good_draft(), registered="凯里"))
    _allow(folder, rule=rule, until=until)
    found = [(entry["rule"], entry["severity"]) for entry in _found(folder, capsys)]
    assert found == [("charter.home", "error"), ("charter.home", "error"), (reported, "warning")]


def test_a_warning_alone_does_not_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = good_draft()
    rules = draft.campaign.rules
    rules = replace(rules, trunk=replace(rules.trunk, least_heads=5))
    folder = _write(tmp_path, with_campaign(draft, rules=rules))
    assert _check(folder) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "方案另有提醒 1 处，批准放行 0 处。"
