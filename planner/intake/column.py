"""What a column of a campaign folder is: how it is read, what it means, what it may hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How a cell is read."""

    ID = "id"
    """Short name without spaces, ``|``, ``/``, ``#``."""
    VEHICLE_ID = "vehicle_id"
    """``GROUP#NN``."""
    TEXT = "text"
    LIST = "list"
    """Texts joined by ``|``."""
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLAG = "flag"
    """``1`` or ``0`` in tables, 是 or empty in the roster."""
    CHOICE = "choice"
    CHOICES = "choices"
    """Words of ``choices`` joined by ``|``."""
    DATE = "date"
    DATES = "dates"
    """Days joined by ``|``."""
    TIME = "time"
    MOMENT = "moment"
    """Local time of China, ``2020-03-20T10:40``, or with an offset."""
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column (or TOML key): how it is read, what it means, what it may hold."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    default: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One file of the folder."""

    file: str
    meaning: str
    columns: tuple[Column, ...]
    required: bool = True
    may_be_empty: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in the order they are written."""
        return tuple(column.name for column in self.columns)

    def get_column(self, name: str) -> Column:
        """Find a column by name; a wrong name is a mistake in our own code."""
        return next(column for column in self.columns if column.name == name)


MANY: Final = 1_000_000_000
"""Above any count, length or sum of money of one county; more digits than that are a slip."""
DAY_MIN: Final = 1_440


def id_column(name: str, meaning: str) -> Column:
    """A short name that must be there."""
    return Column(name=name, kind=Kind.ID, meaning=meaning, required=True)


def text_column(name: str, meaning: str, *, required: bool = False) -> Column:
    """Words as they are."""
    return Column(name=name, kind=Kind.TEXT, meaning=meaning, required=required)


def count_column(name: str, meaning: str, *, default: str = "", low: int = 0, high: int = MANY) -> Column:
    """A whole number; needed unless it has a default."""
    return Column(
        name=name,
        kind=Kind.INTEGER,
        meaning=meaning,
        required=not default,
        default=default,
        minimum=low,
        maximum=high,
    )


def choice_column(
    name: str, meaning: str, *, choices: Iterable[str], default: str = "", required: bool = False
) -> Column:
    """One word of an enumeration, or of a list."""
    return Column(
        name=name,
        kind=Kind.CHOICE,
        meaning=meaning,
        required=required,
        default=default,
        choices=tuple(choices),
    )


def day_column(name: str, meaning: str, *, required: bool = False) -> Column:
    """A calendar day."""
    return Column(name=name, kind=Kind.DATE, meaning=meaning, required=required)


def list_column(name: str, meaning: str) -> Column:
    """Texts joined by ``|``."""
    return Column(name=name, kind=Kind.LIST, meaning=meaning)


def flag_column(name: str, meaning: str, *, default: str = "0") -> Column:
    """``1`` or ``0``."""
    return Column(name=name, kind=Kind.FLAG, meaning=meaning, default=default)


def time_column(name: str, meaning: str, *, default: str) -> Column:
    """A time of day."""
    return Column(name=name, kind=Kind.TIME, meaning=meaning, default=default)
