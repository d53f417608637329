"""``results.csv``: what came of fairs and visits, row by row; a bad row is left out and the others count.

Results change no plan, so nothing in this file keeps a folder from loading. A row that states a total is no
result: it is held against the sum of the rows.
"""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import Final

from planner.errors import Issue, Severity
from planner.intake import outreachcolumns as columns
from planner.intake.codes import Code
from planner.intake.found import Found, check_twice
from planner.intake.outreach import FoundOutreach
from planner.intake.tables import Row, read_table
from planner.model.jobs import Result, ResultKind

_TOTALS: Final = frozenset({"合计", "总计", "共计", "总和", "小计", "total", "sum"})
_FIGURES: Final = ("visitors", "intents", "hires")


def read_results(
    folder: Path, outreach: FoundOutreach, *, unread: Container[str] = ()
) -> tuple[tuple[Found[Result], ...], list[Issue]]:
    """Read the rows that can be used, and every trouble of the file; none of a file whose head is broken.

    Names of files that are ``unread`` cannot be looked up.
    """
    issues: list[Issue] = []
    rows = read_table(folder, columns.RESULTS, issues=issues)
    broken_head = bool(_bad_rows(issues) & {0, 1})
    found = tuple(Found(row=row, value=_result(row)) for row in rows if not _states_total(row))
    check_twice(
        found,
        lambda one: (one.kind, one.id, one.day),
        code=Code.OUTREACH_DUPLICATE,
        column="id",
        name=lambda one: f"{one.id} {one.day}",
    )
    _check_ids(found, outreach, unread=unread)
    for entry in found:
        _check_figures(entry)
    for row in rows:
        if _states_total(row):
            _check_total(row, found)
    bad = _bad_rows(issues)
    return tuple(entry for entry in found if not broken_head and entry.row.number not in bad), issues


def _bad_rows(issues: list[Issue]) -> set[int]:
    return {issue.where.row for issue in issues if issue.severity is Severity.ERROR}


def _states_total(row: Row) -> bool:
    return any(row.cells.get(name, "").casefold() in _TOTALS for name in ("id", "kind"))


def _result(row: Row) -> Result:
    return Result(
        kind=row.choice("kind", ResultKind, fallback=ResultKind.FAIR),
        id=row.text("id"),
        day=row.date("day"),
        visitors=row.integer("visitors"),
        intents=row.integer("intents"),
        hires=row.integer("hires"),
        note=row.text("note"),
    )


def _check_ids(found: tuple[Found[Result], ...], outreach: FoundOutreach, *, unread: Container[str]) -> None:
    fairs = {str(entry.value.id) for entry in outreach.fairs}
    visits = {str(visit) for entry in outreach.visits for visit in entry.value.visit_ids}
    known = {ResultKind.FAIR: ("fairs.csv", fairs), ResultKind.VISIT: ("visits.csv", visits)}
    for entry in found:
        file, ids = known[entry.value.kind]
        if file in unread:
            continue
        if entry.value.id and entry.value.id not in ids and not entry.row.faults & {"kind", "id"}:
            entry.row.report(Code.OUTREACH_UNKNOWN, "id", id=entry.value.id, file=file)


def _check_figures(entry: Found[Result]) -> None:
    result = entry.value
    if (result.hires > result.intents or result.intents > result.visitors) and not entry.row.faults:
        figures = {"visitors": result.visitors, "intents": result.intents, "hires": result.hires}
        entry.row.report(Code.RESULTS_FIGURES, "hires", **figures)


def _check_total(row: Row, found: tuple[Found[Result], ...]) -> None:
    """A total of fairs or visits by its kind, else of all rows."""
    kind = row.cells.get("kind", "")
    rows = [entry.value for entry in found if kind not in {*ResultKind} or entry.value.kind == kind]
    for name in _FIGURES:
        right = sum(int(getattr(result, name)) for result in rows)
        stated = row.integer(name) if row.has(name) else right
        if stated != right and name not in row.faults:
            row.report(Code.RESULTS_TOTAL, name, stated=stated, right=right, more=right - stated)
