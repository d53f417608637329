"""``plan.json``: a Plan as text, the same bytes for the same plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pydantic import TypeAdapter, ValidationError

from planner.errors import InputError, Issue, NotFoundError, Severity, Where
from planner.model.plan import PLAN_FORMAT, Plan

if TYPE_CHECKING:
    from collections.abc import Mapping


def plan_to_json(plan: Plan) -> str:
    """Write a plan as canonical JSON: indented, keys in the order of the model, a final newline."""
    empty = {"agenda": plan.agenda is None, "locks": not plan.locks, "names": not plan.names}
    without = {name for name, idle in empty.items() if idle}
    content = TypeAdapter(Plan).dump_python(plan, mode="json", exclude=without)
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def write_plan(path: Path, plan: Plan) -> None:
    """Write aside, then rename, so that a plan file is whole or not there; OSError as it comes."""
    aside = path.with_name(path.name + ".part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        aside.write_text(plan_to_json(plan), encoding="utf-8", newline="\n")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def read_plan(path: Path) -> Plan:
    """Read a plan file.

    Raises NotFoundError when there is none, InputError with every field that is missing or wrong.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise NotFoundError("plan", path.name) from error
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError([_issue("plan.not_json", path, column="")]) from error
    found = cast("dict[str, object]", content).get("format") if isinstance(content, dict) else None
    if found != PLAN_FORMAT:
        raise InputError(
            [
                _issue(
                    "plan.format", path, column="format", args={"found": str(found), "expected": PLAN_FORMAT}
                )
            ]
        )
    try:
        plan = TypeAdapter(Plan).validate_python(content, strict=False)
    except ValidationError as error:
        fields = (".".join(str(part) for part in trouble["loc"]) for trouble in error.errors())
        raise InputError([_issue("plan.field", path, column=field) for field in fields]) from error
    empty = [f"routes.{number}.stops" for number, route in enumerate(plan.routes) if not route.stops]
    if empty:
        raise InputError([_issue("plan.field", path, column=field) for field in empty])
    return plan


def _issue(code: str, path: Path, *, column: str, args: Mapping[str, str | int] | None = None) -> Issue:
    where = Where(file=path.name, column=column)
    return Issue(severity=Severity.ERROR, code=code, where=where, args={"field": column, **(args or {})})
