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


def check_twice(
    rows: Iterable[Found[T]],
    key: Callable[[T], Hashable],
    *,
    code: Code,
    column: str,
    name: Callable[[T], str] | None = None,
) -> None:
    """Report each row whose key an earlier row has already; ``name`` is what people call it, else the key."""
    first: dict[Hashable, int] = {}
    for entry in rows:
        found = key(entry.value)
        if not found:
            continue
        if found in first:
            said = str(found) if name is None else name(entry.value)
            entry.row.report(code, column, id=said, first_row=first[found])
        first.setdefault(found, entry.row.number)


def check_known(entry: Found[T], column: str, *, name: str, known: Container[str], code: Code) -> None:
    """Report a name that points nowhere; a table without any rows has its own issue already."""
    if name and known and name not in known:
        entry.row.report(code, column, id=name)
