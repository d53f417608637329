"""The tables of papers and of what people decided by hand: contracts, overrides, locks."""

from __future__ import annotations

from typing import Final

from planner.intake.column import (
    Column,
    Kind,
    Table,
    choice_column,
    count_column,
    day_column,
    id_column,
    text_column,
)
from planner.model.locks import LockKind

CHARTERS: Final = Table(
    file="charters.csv",
    meaning="Contracts and papers of charter coaches, needed when a plan is issued",
    required=False,
    may_be_empty=True,
    columns=(
        id_column("departure_id", "Departure, of departures.csv or of the plan"),
        text_column("contract_no", "Number of the 包车合同"),
        Column(name="signed", kind=Kind.DATE, meaning="Day on which it was signed"),
        count_column("signed_heads", "Passengers it names", default="0", high=10_000),
        text_column("plate_no", "Number of the 包车客运标志牌"),
        text_column("filing_no", "Number in the ministry's charter system, between provinces"),
        text_column(
            "emergency_order", "Order of the authority, where the line does not touch the home county"
        ),
        Column(name="briefed", kind=Kind.FLAG, meaning="1: the oral safety notice is prepared", default="0"),
        Column(name="departed_checks", kind=Kind.FLAG, meaning="1: 六不出站 was gone through", default="0"),
    ),
)

OVERRIDES: Final = Table(
    file="overrides.csv",
    meaning="Findings of rules that a named person lets stand",
    required=False,
    may_be_empty=True,
    columns=(
        id_column("rule", "Name of the rule, as breeze check prints it"),
        text_column("item", "What the finding names; * for all", required=True),
        text_column("who", "Name of the person who answers for it", required=True),
        text_column("why", "Reason", required=True),
        Column(name="until", kind=Kind.DATE, meaning="Last day on which it holds", required=True),
    ),
)

LOCKS: Final = Table(
    file="locks.csv",
    meaning="What a named person holds where it is, or puts there, whenever a plan is made",
    required=False,
    may_be_empty=True,
    columns=(
        choice_column("kind", "What is held", choices=LockKind, required=True),
        text_column("item", "Id of the fair, visit (NEED-N) or departure; of a route its run", required=True),
        day_column("day", "On which day; empty: any"),
        text_column("to", "Venue of a fair, squad of a visit, vehicle else; empty: any"),
        text_column("who", "Name of the person who answers for it", required=True),
        text_column("why", "Reason", required=True),
        day_column("until", "Last day on which it holds", required=True),
    ),
)
