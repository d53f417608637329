"""TOML texts into tables; where one cannot be read its line is shown, for the parser speaks English only."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from planner.intake.codes import Code, issue

if TYPE_CHECKING:
    from planner.errors import Issue, Where

_LINE: Final = re.compile(r"at line (\d+)")
_SHOWN: Final = 40


def parse_toml(text: str, where: Where, *, issues: list[Issue]) -> dict[str, Any] | None:
    """Read a TOML text; None with an Issue at the line that cannot be read."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        lines = text.splitlines() or [""]
        found = _LINE.search(str(error))
        row = min(int(found[1]) if found else len(lines), len(lines))
        issues.append(issue(Code.FILE_TOML, replace(where, row=row), line=lines[row - 1].strip()[:_SHOWN]))
        return None
