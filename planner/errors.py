"""What can go wrong, as values and as exceptions.

::

    PlannerError
    ├── InputError(issues)     what was given cannot be used; every trouble is listed
    ├── NotFoundError          a file, folder or id that was asked for is not there
    ├── ConflictError          the thing changed since it was read
    │   └── OtherCampaignError  a plan is not of the campaign it is used with
    ├── SolverError(stage)     a solver broke (an infeasible problem is an answer, not an error)
    ├── ExportError            a document could not be made
    └── UsageError             a command cannot use its arguments
        └── MissingExtraError  what a command needs is not installed, or not to be had for this Python

``Issue`` is a value: readers return ``(result, issues)`` and report *all* bad rows. Codes are
stable dotted names; their words live in ``exports/words.py``. No class here knows an exit code or
an HTTP status: ``planner/cli.py`` and ``web/errors.py`` hold one mapping table each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Arg = str | int | None
"""What an argument of an Issue, Violation or Cause may be: plain, so that JSON and words can show it."""

Args = Mapping[str, Arg]


class Severity(StrEnum):
    """How much an Issue or Violation weighs."""

    ERROR = "error"
    """The thing cannot be used: the row is left out, the plan is not lawful."""
    WARNING = "warning"
    """Usable, but somebody should look."""
    NOTICE = "notice"
    """Stored as read; said for the record."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Where:
    """The place of a trouble: file, sheet, row, column as a person counts them in the spreadsheet.

    ``row`` counts from 1 with the header as 1; ``item`` is an id when there is no row (a plan's
    route, a place). Empty strings and 0 mean "does not apply".
    """

    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One trouble in the input: what (``code``), where, and the figures its words need (``args``).

    Never put a full ID number or phone in ``args``: mask it first.
    """

    severity: Severity
    code: str
    where: Where = field(default_factory=Where)
    args: Args = field(default_factory=dict[str, Arg])


class PlannerError(Exception):
    """The root: whatever the product raises on purpose."""


class InputError(PlannerError):
    """Input that cannot be used; carries every Issue found, not only the first."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__(", ".join(sorted({issue.code for issue in issues})))
        self.issues = tuple(issues)


class NotFoundError(PlannerError):
    """Something named by the user is not there."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"{what}: {name}")
        self.what = what
        self.name = name


class ConflictError(PlannerError):
    """The input changed since the plan or record was made."""


class OtherCampaignError(ConflictError):
    """A plan (``name``) is of campaign ``theirs``, what it is used with of campaign ``ours``."""

    def __init__(self, name: str, *, theirs: str, ours: str) -> None:
        super().__init__(f"{name}: {theirs}, {ours}")
        self.name = name
        self.theirs = theirs
        self.ours = ours


class SolverError(PlannerError):
    """A solver or its library failed; ``stage`` names where."""

    def __init__(self, stage: str, reason: str) -> None:
        super().__init__(f"{stage}: {reason}")
        self.stage = stage
        self.reason = reason


class ExportError(PlannerError):
    """A document could not be made."""


class UsageError(PlannerError):
    """Arguments that argparse or a command cannot use."""


class MissingExtraError(UsageError):
    """An optional extra is not installed; ``python`` is what runs, which may be too old for it."""

    def __init__(self, extra: str, *, python: str) -> None:
        super().__init__(f"{extra}, Python {python}")
        self.extra = extra
        self.python = python
