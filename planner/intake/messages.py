"""An office's own words for messages (``messages.toml``): every placeholder is one that can be filled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from planner.intake import columns
from planner.intake.codes import Code
from planner.intake.settings import read_keys, write_keys
from planner.model.messages import PLACEHOLDERS, MessageKind, MessageText

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from planner.errors import Issue
    from planner.intake.tables import Row

_BRACED: Final = re.compile(r"\{[^{}]*\}|[{}]")


def read_messages(folder: Path, issues: list[Issue]) -> tuple[MessageText, ...]:
    """Read the optional file; a text with braces that cannot be filled is left out with an Issue."""
    if not (folder / columns.MESSAGES.file).exists():
        return ()
    row = read_keys(folder, columns.MESSAGES, issues=issues)
    kinds = [kind for kind in MessageKind if kind.value in row.cells]
    return tuple(MessageText(kind=kind, text=row.text(kind)) for kind in kinds if _is_fit(row, kind))


def _is_fit(row: Row, kind: MessageKind) -> bool:
    known = [f"{{{name}}}" for name in PLACEHOLDERS[kind]]
    wrong = [found for found in _BRACED.findall(row.cells[kind]) if found not in known]
    for found in dict.fromkeys(wrong):
        row.report(Code.MESSAGES_PLACEHOLDER, kind, value=found, known=" ".join(known))
    if not row.has(kind):
        row.report(Code.CELL_EMPTY, kind)
    return row.has(kind) and not wrong


def messages_text(messages: Iterable[MessageText]) -> str:
    """Write the file; equal texts give equal bytes."""
    return write_keys(columns.MESSAGES, {entry.kind.value: entry.text for entry in messages})
