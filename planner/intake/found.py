"""A noun and the row that speaks of it, and what is checked of any table alike."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from planner.intake.codes import Code
from planner.intake.tables import Row

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[T]):
    """A noun and the row that speaks of it, for troubles that only show between rows."""

    row: Row
    value: T


def check_twice(rows: Iterable[Found[T]], key: Callable[[T], Hashable], *, code: Code, column: str) -> None:
    """Report each row whose key an earlier row has already."""
    first: dict[Hashable, int] = {}
    for entry in rows:
        name = key(entry.value)
        if not name:
            continue
        if name in first:
            entry.row.report(code, column, id=str(name), first_row=first[name])
        first.setdefault(name, entry.row.number)


def check_known(entry: Found[T], column: str, *, name: str, known: Container[str], code: Code) -> None:
    """Report a name that points nowhere; a table without any rows has its own issue already."""
    if name and known and name not in known:
        entry.row.report(code, column, id=name)
