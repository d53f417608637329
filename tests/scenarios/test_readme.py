"""The README's commands do what they say."""

import re
import shlex
from pathlib import Path

import pytest

from planner.cli import main

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


def test_readme_links_lead_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets: list[str] = re.findall(r"\]\(([^)#]+)\)", text)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []
