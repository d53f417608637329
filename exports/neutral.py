"""What people typed is never a formula where a spreadsheet may open it."""

from __future__ import annotations

import re
from typing import Final

_FORMULA_START: Final = re.compile(r"^[=+\-@\t\r]")


def neutralise(value: str) -> str:
    """Put an apostrophe before a leading ``= + - @``, tab or carriage return."""
    return f"'{value}" if _FORMULA_START.match(value) else value
