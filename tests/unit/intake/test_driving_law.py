"""The clauses of the law on driving are written once, and a figure beyond one names the rule's own clause."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import planner
from fixtures.generate import HOME
from planner.check import RULES
from planner.intake.codes import Code
from planner.intake.folder import load_campaign
from planner.model import law

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEYOND = {
    "day_spell_min": ("= 240", "= 241", "driving.day_spell"),
    "rest_min": ("= 20", "= 19", "driving.day_spell"),
    "night_spell_min": ("= 120", "= 121", "driving.night_spell"),
    "daily_min": ("= 480", "= 481", "driving.daily"),
    "weekly_min": ("= 2640", "= 2641", "driving.weekly"),
}


def test_a_figure_beyond_the_law_names_the_clause_that_the_plan_is_judged_by(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HOME / "examples" / "fairs", tmp_path / "fairs"))
    rules = (folder / "rules.toml").read_text(encoding="utf-8")
    for name, (lawful, beyond, _) in _BEYOND.items():
        assert rules.count(f"\n{name} {lawful}\n") == 1
        rules = rules.replace(f"\n{name} {lawful}\n", f"\n{name} {beyond}\n")
    (folder / "rules.toml").write_text(rules, encoding="utf-8")
    _, issues = load_campaign(folder)
    said = {
        issue.where.column: issue.args["law"] for issue in issues if issue.code == Code.SETTINGS_BEYOND_LAW
    }
    clauses = {rule.name: rule.clause for rule in RULES}
    assert said == {f"driving.{name}": clauses[rule] for name, (_, _, rule) in _BEYOND.items()}


def test_no_clause_of_the_law_on_driving_is_written_twice() -> None:
    clauses = {str(text) for name, text in vars(law).items() if name.endswith("_LAW")}
    home = Path(planner.__file__).parent
    again = [
        (path.relative_to(home).as_posix(), text)
        for path in home.rglob("*.py")
        if path != Path(law.__file__)
        for text in _texts(path)
        if text in clauses
    ]
    assert again == []


def _texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
