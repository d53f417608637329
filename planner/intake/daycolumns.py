"""Files of a campaign folder about the calendar: market days and public holidays."""

from __future__ import annotations

from typing import Final

from planner.intake.column import Column, Kind, Table, text_column
from planner.model.holidays import HolidayKind
from planner.model.markets import RuleKind

MARKETS: Final = Table(
    file="markets.csv",
    meaning="When places hold their markets, one place a row",
    required=False,
    may_be_empty=True,
    columns=(
        text_column("place", "Township by name, or a place by its id or name", required=True),
        Column(
            name="rule_kind",
            kind=Kind.CHOICE,
            meaning="Last digit of the day by solar or lunar date, day of the week, or branch of the day",
            required=True,
            choices=tuple(RuleKind),
        ),
        Column(
            name="values",
            kind=Kind.LIST,
            meaning="Digits 1 to 10 (逢十), weekdays 1 to 7 (Sunday), or branches 子 to 亥, joined by |",
            required=True,
        ),
        Column(
            name="also",
            kind=Kind.FLAG,
            meaning="1: besides another rule of the place; else two that differ are reported and not used",
            default="0",
        ),
        text_column("source", "Where the rule comes from"),
        text_column("note", "Remark"),
    ),
)

HOLIDAYS: Final = Table(
    file="holidays.csv",
    meaning="Public holidays of years that the product does not know, and the county's own",
    required=False,
    may_be_empty=True,
    columns=(
        text_column("name", "Name of the holiday", required=True),
        Column(
            name="kind",
            kind=Kind.CHOICE,
            meaning="Days off, or weekend days that are worked (调休上班)",
            required=True,
            choices=tuple(HolidayKind),
        ),
        Column(name="first_day", kind=Kind.DATE, meaning="First day", required=True),
        Column(name="last_day", kind=Kind.DATE, meaning="Last day; empty: the same day"),
        text_column("source", "Notice that announces it"),
        text_column("note", "Remark"),
    ),
)
