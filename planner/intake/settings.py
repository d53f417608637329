"""campaign.toml and rules.toml: read by the tables of ``columns`` and written back with every key."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar, cast

from planner.errors import Issue, Where
from planner.intake import columns
from planner.intake.codes import Code, issue
from planner.intake.column import Table
from planner.intake.tables import Row, clean_text, read_utf8
from planner.model.campaign import Campaign, Direction, FeederRules, PlanningWeights, Rules
from planner.model.fleet import Mode
from planner.model.law import DrivingRules, TrunkRules

T = TypeVar("T", FeederRules, TrunkRules, DrivingRules, PlanningWeights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The top of a campaign: who runs what, from which day."""

    id: str
    name: str
    office: str
    phone: str
    first_day: date
    direction: Direction
    county: str
    data_note: str


def read_settings(
    folder: Path, issues: list[Issue], *, over: Mapping[str, str] | None = None
) -> tuple[Heading, Rules]:
    """Read both files; where something is missing or wrong the result holds placeholders and issues tell.

    ``over`` are rules that a scenario sets instead.
    """
    rules = _read(folder, columns.RULES, issues=issues)
    rules = replace(rules, cells={**rules.cells, **(over or {})})
    return _heading(_read(folder, columns.CAMPAIGN, issues=issues)), _rules(rules)


def _heading(row: Row) -> Heading:
    return Heading(
        id=row.text("id"),
        name=row.text("name"),
        office=row.text("office"),
        phone=row.text("phone"),
        first_day=row.date("first_day"),
        direction=row.choice("direction", Direction, fallback=Direction.OUT),
        county=row.text("county"),
        data_note=row.text("data_note"),
    )


def _rules(row: Row) -> Rules:
    rules = Rules(
        as_of=row.date("as_of"),
        source=row.text("source"),
        gate_open_min=row.integer("gate_open_min"),
        gate_close_min=row.integer("gate_close_min"),
        feeder=_group(row, "feeder", kind=FeederRules),
        trunk=_group(row, "trunk", kind=TrunkRules),
        driving=_group(row, "driving", kind=DrivingRules),
        weights=_group(row, "weights", kind=PlanningWeights),
    )
    _check_windows(rules, row)
    return rules


def _group(row: Row, name: str, *, kind: type[T]) -> T:
    """Read a section whose keys are the fields of a class of rules: times of day and whole numbers."""
    values: dict[str, Any] = {
        entry.name: row.time(f"{name}.{entry.name}")
        if isinstance(entry.default, time)
        else row.integer(f"{name}.{entry.name}")
        for entry in fields(kind)
    }
    return kind(**values)


def _check_windows(rules: Rules, row: Row) -> None:
    """Minutes before departure count down, so the earlier bound is the larger number."""
    for name, mode in (("feeder", Mode.TRAIN), ("trunk", Mode.COACH)):
        early, late = rules.arrival_min(mode)
        if early <= late:
            row.report(
                Code.SETTINGS_ARRIVAL_WINDOW, f"{name}.arrive_earliest_min", earliest=early, latest=late
            )
    trunk = rules.trunk
    if trunk.depart_earliest > trunk.depart_latest:
        row.report(
            Code.SETTINGS_DEPART_WINDOW,
            "trunk.depart_earliest",
            earliest=f"{trunk.depart_earliest:%H:%M}",
            latest=f"{trunk.depart_latest:%H:%M}",
        )
    late = rules.feeder.arrive_latest_min
    if rules.gate_open_min <= rules.gate_close_min:
        row.report(
            Code.SETTINGS_GATE_WINDOW, "gate_open_min", opens=rules.gate_open_min, closes=rules.gate_close_min
        )
    if late < rules.gate_close_min:
        row.report(
            Code.SETTINGS_ARRIVE_AFTER_GATE,
            "feeder.arrive_latest_min",
            latest=late,
            closes=rules.gate_close_min,
        )


def _read(folder: Path, table: Table, *, issues: list[Issue]) -> Row:
    """Read a TOML file into a row whose cells are texts, so that one set of rules reads all files."""
    where = Where(file=table.file)
    text = read_utf8(folder / table.file, issues)
    if text is None:
        return Row(table=table, number=0, cells={}, issues=issues)
    try:
        keys = flatten(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        issues.append(issue(Code.FILE_TOML, where, detail=str(error)))
        return Row(table=table, number=0, cells={}, issues=issues)
    for name in keys:
        if name not in table.names:
            issues.append(issue(Code.SETTINGS_UNKNOWN_KEY, Where(file=table.file, column=name)))
    for column in table.columns:
        if column.required and column.name not in keys:
            issues.append(issue(Code.SETTINGS_MISSING_KEY, Where(file=table.file, column=column.name)))
    return Row(table=table, number=0, cells=keys, issues=issues)


def flatten(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Nested tables to dotted names, values to text; what is neither reads as its notation and is refused."""
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= flatten(cast("Mapping[str, object]", value), f"{prefix}{name}.")
        elif isinstance(value, str):
            flat[prefix + name] = clean_text(value)
        elif isinstance(value, (date, time)):
            flat[prefix + name] = value.isoformat()
        else:
            flat[prefix + name] = repr(value)
    return flat


def settings_text(campaign: Campaign) -> dict[str, str]:
    """Both TOML files by name, every key written, in the order of ``columns``."""
    heading: dict[str, object] = {name: getattr(campaign, name) for name in columns.CAMPAIGN.names}
    rules: dict[str, object] = {}
    for name in columns.RULES.names:
        group, _, key = name.rpartition(".")
        rules[name] = getattr(getattr(campaign.rules, group) if group else campaign.rules, key)
    return {
        columns.CAMPAIGN.file: _toml(columns.CAMPAIGN, heading),
        columns.RULES.file: _toml(columns.RULES, rules),
    }


def _toml(table: Table, values: Mapping[str, object]) -> str:
    lines: list[str] = []
    section = ""
    for column in table.columns:
        group, _, key = column.name.rpartition(".")
        if group != section:
            lines += ["", f"[{group}]"]
            section = group
        value = values[column.name]
        if isinstance(value, (date, time)):
            written = value.isoformat()
        elif isinstance(value, int):
            written = str(value)
        else:
            written = json.dumps(str(value), ensure_ascii=False)
        lines.append(f"{key} = {written}")
    return "\n".join(lines) + "\n"
