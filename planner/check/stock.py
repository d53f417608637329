"""Seats that a departure has to give, numbered again from layout and count: the checker's own drawing.

The railway's list goes before the consist. A coach has as many seats as its licence less the crew.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from planner.model.fleet import Layout, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.check.case import Case
    from planner.check.haul import Haul
    from planner.model.fleet import Carriage, DepartureId

_LETTERS: Final = {Layout.SECOND: "ABCDF", Layout.FIRST: "ACDF", Layout.BUSINESS: "ACF"}
_BACK: Final = 5
"""Seats of a coach's last row; the others have four, counted from the back."""
_ROW: Final = 4
_BENCH: Final = 5
"""Numbers of a row of hard seats; the first row begins with 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One carriage of a departure: by label the row, and which labels nobody may have.

    ``listed`` by the railway seat by seat.
    """

    rows: Mapping[str, int]
    reserved: frozenset[str] = frozenset()
    accessible: bool = False
    listed: bool = False


Stocks = dict["DepartureId", dict[int, Stock]]
"""By departure and carriage; a departure whose seats nobody knows is not there."""


def find_stocks(case: Case) -> Stocks:
    """Draw every departure that has seats to give."""
    campaign = case.campaign
    stocks: Stocks = {}
    runs = Counter(haul.run.departure_id for haul in case.hauls)
    planned = {departure.id for departure in case.plan.departures}
    for haul in case.hauls:
        departure = haul.departure
        if departure is None or departure.id not in planned:
            continue
        if departure.mode is Mode.COACH and runs[departure.id] == 1:
            coach = _draw_coach(haul, reserved_rows=campaign.rules.trunk.reserved_rows)
            if coach is not None:
                stocks[departure.id] = {0: coach}
    for departure in case.departures.values():
        if departure.mode is Mode.TRAIN:
            train = dict(_draw_train(case, departure.id, consist=departure.consist))
            if train:
                stocks[departure.id] = train
    return stocks


def _draw_coach(haul: Haul, *, reserved_rows: int) -> Stock | None:
    kind = haul.kind
    if kind is None:
        return None
    seats = kind.rated_seats - kind.drivers - kind.escorts
    before_back = seats - _BACK
    rows = {
        f"{number}号": 0 if number > before_back else 1 + (before_back - number) // _ROW
        for number in range(1, seats + 1)
    }
    last_free = seats - _ROW * reserved_rows
    return Stock(
        rows=rows,
        reserved=frozenset(f"{number}号" for number in range(max(last_free, 0) + 1, seats + 1)),
    )


def _draw_train(case: Case, departure_id: DepartureId, *, consist: str) -> Iterator[tuple[int, Stock]]:
    carriages = {
        carriage.number: carriage
        for carriage in case.campaign.consists
        if consist and carriage.consist == consist
    }
    lists = [part for part in case.campaign.allotments if part.departure_id == departure_id]
    for part in lists:
        known = carriages.get(part.carriage)
        rows = {label: _row_of(label) for label in part.labels}
        yield part.carriage, Stock(rows=rows, listed=True, accessible=known is not None and known.accessible)
    if not lists:
        for number, carriage in carriages.items():
            yield number, Stock(rows=dict(_draw_carriage(carriage)), accessible=carriage.accessible)


def _draw_carriage(carriage: Carriage) -> Iterator[tuple[str, int]]:
    if carriage.layout is Layout.NUMBERED:
        for number in range(1, carriage.seats + 1):
            yield f"{number}号", number // _BENCH
        return
    letters = _LETTERS[carriage.layout]
    for count in range(carriage.seats):
        row = count // len(letters) + 1
        yield f"{row}{letters[count % len(letters)]}", row


def _row_of(label: str) -> int:
    """A row of the railway's own label: its number, of hard seats the bench that the number is on."""
    digits = re.search(r"\d{1,9}", label)
    number = int(digits.group()) if digits else 0
    return number // _BENCH if re.fullmatch(r"\d+号?", label) else number
