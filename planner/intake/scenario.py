"""Named scenarios: which departures run, how many vehicles there are, which rules differ; to be compared.

``scenarios/NAME.toml`` of a folder holds ``title``, ``departures`` (those that run; without it, all),
``[fleet]`` (count by group) and ``[rules...]`` (keys as in rules.toml). The train plan is one of a few that
were talked over with the railway, so it is chosen here and not by the optimiser.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, cast

from planner.errors import Issue, Where
from planner.intake import columns
from planner.intake.codes import Code, issue
from planner.intake.notation import parse_toml
from planner.intake.settings import flatten
from planner.intake.structure import Structure
from planner.intake.tables import read_utf8
from planner.model.fleet import DepartureId

FOLDER: Final = "scenarios"
_KEYS: Final = ("title", "departures", "fleet", "rules")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What differs from the folder; ``departures`` None: all run."""

    name: str = ""
    title: str = ""
    departures: frozenset[DepartureId] | None = None
    fleet: Mapping[str, int] = field(default_factory=dict[str, int])
    rules: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def where(self) -> Where:
        """Its file."""
        return Where(file=f"{FOLDER}/{self.name}.toml")


def scenario_names(folder: Path) -> tuple[str, ...]:
    """The scenarios of a folder by name."""
    return tuple(sorted(path.stem for path in (folder / FOLDER).glob("*.toml")))


def read_scenario(folder: Path, name: str, *, issues: list[Issue]) -> Scenario:
    """Read a scenario by name; an empty name is the folder as it is. Troubles are added to ``issues``."""
    empty = Scenario(name=name)
    if not name:
        return empty
    if name not in scenario_names(folder):
        known = "、".join(scenario_names(folder)) or "-"
        issues.append(issue(Code.SCENARIO_UNKNOWN, empty.where, id=name, known=known))
        return empty
    text = read_utf8(folder / FOLDER / f"{name}.toml", issues)
    content = parse_toml(text or "", empty.where, issues=issues)
    return empty if content is None else _read(empty, content, issues=issues)


def _read(empty: Scenario, content: Mapping[str, object], *, issues: list[Issue]) -> Scenario:
    listed = content.get("departures")
    names = cast("list[object]", listed) if isinstance(listed, list) else []
    counts = _table(content.get("fleet", {}))
    keys = flatten(_table(content.get("rules", {})))
    strange = [key for key in content if key not in _KEYS]
    if listed is not None and not (isinstance(listed, list) and all(isinstance(one, str) for one in names)):
        strange.append("departures")
    strange += [key for key in ("fleet", "rules") if not isinstance(content.get(key, {}), dict)]
    strange += [f"fleet.{group}" for group, count in counts.items() if type(count) is not int or count < 0]
    strange += [f"rules.{key}" for key in keys if key not in columns.RULES.names]
    issues += [issue(Code.SCENARIO_BAD, replace(empty.where, column=name), id=name) for name in strange]
    return replace(
        empty,
        title=str(content.get("title", "")),
        departures=None if listed is None else frozenset(DepartureId(str(one)) for one in names),
        fleet={group: count for group, count in counts.items() if isinstance(count, int)},
        rules={key: value for key, value in keys.items() if key in columns.RULES.names},
    )


def _table(value: object) -> Mapping[str, object]:
    """A TOML table; anything else has no keys."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def apply_scenario(found: Structure, scenario: Scenario, *, issues: list[Issue]) -> Structure:
    """Leave out departures that do not run and set the counts of the fleet."""
    departures = {entry.value.id for entry in found.departures}
    groups = {entry.value.id for entry in found.fleet}
    running = departures if scenario.departures is None else scenario.departures
    for name in sorted({*running - departures, *(set(scenario.fleet) - groups)}):
        issues.append(issue(Code.SCENARIO_BAD, replace(scenario.where, column=name), id=name))
    return replace(
        found,
        departures=tuple(entry for entry in found.departures if entry.value.id in running),
        calls=tuple(call for call in found.calls if call[0] in running or call[0] not in departures),
        allotments=tuple(
            entry
            for entry in found.allotments
            if entry.value.departure_id in running or entry.value.departure_id not in departures
        ),
        fleet=tuple(
            replace(entry, value=replace(entry.value, count=scenario.fleet[entry.value.id]))
            if entry.value.id in scenario.fleet
            else entry
            for entry in found.fleet
        ),
    )
