"""Lunar months 2020 to 2035 as two libraries have them that the product does not use.

``lunar_months.csv`` has one row a month: its first day, number, whether it is a leap month, its length and
the branch of its first day. ``read_days`` spells the days out, by nothing but counting. To make the table
anew, in an environment with lunar_python and sxtwl: ``python -m tests.oracles.months``; it stops
where the two differ on any day.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).parent / "lunar_months.csv"
BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
FIRST: Final = date(2020, 1, 1)
LAST: Final = date(2035, 12, 31)
HEAD: Final = """\
# Lunar months and the branch (地支) of their first day, 2020 to 2035; first and last month are cut.
# Source: lunar-python 1.4.8 (MIT, 6tail) and sxtwl 2.0.7 (BSD, yuangu), the same on each of the 5,844 days.
# Calendar facts; made by tests/oracles/months.py, which stops where the two differ.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A day as the libraries have it."""

    day: date
    month: int
    of_month: int
    leap: bool
    branch: str
    length: int
    """Days of its month that the table has."""


def read_days() -> Iterator[Told]:
    """Give every day of the table in order."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for row in csv.DictReader(lines):
        first, branch = date.fromisoformat(row["first_day"]), BRANCHES.index(row["branch"])
        for passed in range(int(row["days"])):
            yield Told(
                day=first + timedelta(passed),
                month=int(row["month"]),
                of_month=int(row["from"]) + passed,
                leap=row["leap"] == "1",
                branch=BRANCHES[(branch + passed) % 12],
                length=int(row["days"]),
            )


def _by_lunar_python(day: date) -> tuple[int, int, bool, str]:
    lunar = import_module("lunar_python").Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return abs(lunar.getMonth()), lunar.getDay(), lunar.getMonth() < 0, lunar.getDayZhi()


def _by_sxtwl(day: date) -> tuple[int, int, bool, str]:
    found = import_module("sxtwl").fromSolar(day.year, day.month, day.day)
    branch = BRANCHES[found.getDayGZ().dz]
    return found.getLunarMonth(), found.getLunarDay(), bool(found.isLunarLeap()), branch


def write_table() -> None:
    """Ask both libraries for every day and write the months down; SystemExit where they differ."""
    months: list[list[object]] = []
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(number)
        told = _by_lunar_python(day)
        if told != _by_sxtwl(day):
            raise SystemExit(f"{day}: {told} {_by_sxtwl(day)}")
        month, of_month, leap, branch = told
        if not months or of_month == 1:
            months.append([day, month, int(leap), of_month, 0, branch])
        months[-1][4] = int(str(months[-1][4])) + 1
    rows = "".join(",".join(map(str, row)) + "\n" for row in months)
    TABLE.write_text(f"{HEAD}first_day,month,leap,from,days,branch\n{rows}", encoding="utf-8")


if __name__ == "__main__":
    write_table()
