"""Public holidays as they are announced: days off, and weekends that are worked instead (调休上班)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class HolidayKind(StrEnum):
    """What an announcement says of a day."""

    HOLIDAY = "holiday"
    """放假, whether by law or by exchange with another day."""
    WORKDAY = "workday"
    """调休上班: a Saturday or Sunday that is worked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """An entry of the yearly notice (国务院办公厅关于某年部分节假日安排的通知), or of the county's own."""

    name: str
    kind: HolidayKind
    first_day: date
    last_day: date
    source: str = ""
    note: str = ""

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of it, both ends included; none where they are reversed."""
        return tuple(self.first_day + timedelta(n) for n in range((self.last_day - self.first_day).days + 1))
