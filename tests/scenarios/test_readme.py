"""The README's commands do what they say."""

import re
import shlex
from pathlib import Path

import pytest

from planner.check import RULES
from planner.cli import main
from planner.errors import Severity
from planner.intake.codes import Code, severity_of

ROOT = Path(__file__).resolve().parents[2]


def _commands() -> list[list[str]]:
    blocks: list[str] = re.findall(
        r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("breeze ")]
    return [shlex.split(line)[1:] for line in lines]


def test_readme_commands_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    commands = _commands()
    words = {"check", "plan", "explain", "export", "diff", "compare", "roster", "suggest", "results", "feed"}
    assert {command[0] for command in commands} == words
    for command in commands:
        assert main(command) == 0, command
        assert capsys.readouterr().out.strip(), command
    assert {"manifest-001.pdf", "runs.ics", "map-overview.svg"} <= {
        path.name for path in Path("out/tiny").iterdir()
    }


def test_readme_names_all_warnings_of_fairs_visits_and_locks() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    _, rows = text.split("| warning | what somebody should look at |\n|---|---|\n")
    cells = [row.split("|")[1] for row in rows.partition("\n\n")[0].splitlines()]
    of_folders = [str(code) for code in Code if severity_of(code) is Severity.WARNING]
    of_plans = [rule.name for rule in RULES if rule.severity is Severity.WARNING]
    families = ("fairs.", "squads.", "visits.", "locks.", "fair.", "visit.", "lock.")
    named: list[str] = re.findall(r"`([a-z_.]+)`", " ".join(cells))
    assert sorted(named) == sorted(name for name in (*of_folders, *of_plans) if name.startswith(families))


def test_readme_links_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets: list[str] = re.findall(r"\]\(([^)#]+)\)", text)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
