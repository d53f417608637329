"""campaign.toml and rules.toml: read by the tables of ``columns`` and written back with every key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from planner.errors import Issue, Where
from planner.intake import columns, rulekeys
from planner.intake.codes import Code, issue
from planner.intake.column import Table
from planner.intake.notation import parse_toml
from planner.intake.tables import Row, clean_text, read_utf8
from planner.model import law
from planner.model.campaign import Campaign, Direction, FeederRules, PlanningWeights, Rules
from planner.model.fleet import Mode
from planner.model.law import DrivingRules, TrunkRules
from planner.model.outreachlaw import FairRules, MatchRules, TourRules

_LAWFUL: Final = DrivingRules()
_DRIVING_LAW: Final = {
    "day_spell_min": law.SPELL_LAW,
    "rest_min": law.SPELL_LAW,
    "night_spell_min": law.NIGHT_SPELL_LAW,
    "daily_min": law.DAILY_LAW,
    "weekly_min": law.WEEKLY_LAW,
}
"""Clauses by which the model's own figures are the law."""

T = TypeVar("T", FeederRules, TrunkRules, DrivingRules, PlanningWeights, FairRules, TourRules, MatchRules)


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
    rules = read_keys(folder, columns.RULES, issues=issues)
    rules = replace(rules, cells={**rules.cells, **(over or {})})
    return _heading(read_keys(folder, columns.CAMPAIGN, issues=issues)), _rules(rules)


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
        fairs=_group(row, "fairs", kind=FairRules),
        tours=_group(row, "tours", kind=TourRules),
        matching=_group(row, "matching", kind=MatchRules),
        weights=_group(row, "weights", kind=PlanningWeights),
    )
    _check_windows(rules, row)
    _check_tours(rules.tours, row)
    _check_driving(rules.driving, row)
    return rules


def _group(row: Row, name: str, *, kind: type[T]) -> T:
    """Read a section whose keys are the fields of a class of rules."""
    values = {
        entry.name: _value(row, f"{name}.{entry.name}", default=entry.default) for entry in fields(kind)
    }
    return kind(**values)


def _value(row: Row, name: str, *, default: object) -> Any:
    """Read a time of day, a day that may be missing (None), or a whole number."""
    if isinstance(default, time):
        return row.time(name)
    return row.find_date(name) if default is None else row.integer(name)


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


def _check_tours(tours: TourRules, row: Row) -> None:
    """What begins must end later; days may be one and the same."""
    for name in ("lunch", "evening", "market"):
        first, last = getattr(tours, f"{name}_from"), getattr(tours, f"{name}_to")
        if first >= last:
            row.report(Code.SETTINGS_ORDER, f"tours.{name}_to", first=f"{first:%H:%M}", last=f"{last:%H:%M}")
    if tours.first_day and tours.last_day and tours.first_day > tours.last_day:
        days = {"first": tours.first_day.isoformat(), "last": tours.last_day.isoformat()}
        row.report(Code.SETTINGS_ORDER, "tours.last_day", **days)


def _check_driving(driving: DrivingRules, row: Row) -> None:
    """A shorter limit may not be above a longer one; beyond the law is for a person to answer."""
    for name in ("lunch", "supper"):
        first, last = getattr(driving, f"{name}_from"), getattr(driving, f"{name}_to")
        if first >= last and not row.faults & {f"driving.{name}_from", f"driving.{name}_to"}:
            times = {"first": f"{first:%H:%M}", "last": f"{last:%H:%M}"}
            row.report(Code.SETTINGS_ORDER, f"driving.{name}_to", **times)
    for name, other in pairwise(("night_spell_min", "day_spell_min", "daily_min", "weekly_min")):
        value, most = getattr(driving, name), getattr(driving, other)
        if value > most and not row.faults & {f"driving.{name}", f"driving.{other}"}:
            row.report(Code.SETTINGS_ABOVE, f"driving.{name}", value=value, other=other, most=most)
    for name, clause in _DRIVING_LAW.items():
        value, right = getattr(driving, name), getattr(_LAWFUL, name)
        beyond = value < right if name == "rest_min" else value > right
        if beyond and f"driving.{name}" not in row.faults:
            row.report(Code.SETTINGS_BEYOND_LAW, f"driving.{name}", value=value, right=right, law=clause)


def read_keys(folder: Path, table: Table, *, issues: list[Issue]) -> Row:
    """Read a TOML file into a row whose cells are texts, so that one set of rules reads all files."""
    where = Where(file=table.file)
    text = read_utf8(folder / table.file, issues)
    if text is None:
        return Row(table=table, number=0, cells={}, issues=issues)
    content = parse_toml(text, where, issues=issues)
    if content is None:
        return Row(table=table, number=0, cells={}, issues=issues)
    keys = flatten(content)
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
    """Both TOML files by name, every key that has a value written, in the order of ``columns``."""
    heading: dict[str, object] = {name: getattr(campaign, name) for name in columns.CAMPAIGN.names}
    rules: dict[str, object] = {}
    idle = _idle_sections(campaign)
    for name in columns.RULES.names:
        group, _, key = name.rpartition(".")
        value = getattr(getattr(campaign.rules, group) if group else campaign.rules, key)
        if group not in idle and value is not None:
            rules[name] = value
    return {
        columns.CAMPAIGN.file: write_keys(columns.CAMPAIGN, heading),
        columns.RULES.file: write_keys(columns.RULES, rules),
    }


def _idle_sections(campaign: Campaign) -> set[str]:
    """Sections on outreach that a campaign without any has left as they are."""
    default = Rules(as_of=campaign.rules.as_of)
    sections = () if campaign.outreach else rulekeys.OUTREACH_SECTIONS
    return {name for name in sections if getattr(campaign.rules, name) == getattr(default, name)}


def write_keys(table: Table, values: Mapping[str, object]) -> str:
    """Write a TOML file, the keys in the order of the table."""
    lines: list[str] = []
    section = ""
    for column in table.columns:
        if column.name not in values:
            continue
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
