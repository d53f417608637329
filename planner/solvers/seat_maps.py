"""Where the seats of a carriage or coach are, and what is printed on them.

Layouts as they are commonly built in China; the railway's or the firm's own list always wins
(``read_seat_map``). A seat is its number in the map, counted from the front and from the left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_LETTERS: Final = {"3+2": ("ABC", "DF"), "2+2": ("AC", "DF"), "1+2": ("A", "CF")}
"""Left and right of the aisle: there is no E, no B in first class and no D in a row of three."""
_COACH_ROW: Final = 4
_COACH_BACK: Final = 5
_BENCH: Final = 5
"""Numbers of one row of a hard-seat carriage; those that end in 0, 4, 5 and 9 are at a window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A seat: its printed label, row from the front, place from the left, and whether right of the aisle.

    Places count the row's seats without the aisle; where a seat is missing its place stays empty.
    """

    label: str
    row: int
    place: int
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatMap:
    """All seats, front to back and left to right."""

    seats: tuple[Seat, ...]

    @property
    def width(self) -> int:
        """Seats of the widest row."""
        return max((seat.place + 1 for seat in self.seats), default=0)

    def find(self, labels: Iterable[str]) -> frozenset[int]:
        """Numbers of the seats with these labels; raises ValueError for a label that is not there."""
        numbers = {seat.label: number for number, seat in enumerate(self.seats)}
        return frozenset(_known(label, numbers) for label in labels)

    def find_rows(self, rows: Iterable[int]) -> frozenset[int]:
        """Numbers of the seats in these rows; -1 is the last row, as in a list."""
        last = self.seats[-1].row + 1 if self.seats else 0
        wanted = {row if row >= 0 else last + row for row in rows}
        return frozenset(number for number, seat in enumerate(self.seats) if seat.row in wanted)


def build_seat_map(layout: str, seats: int) -> SeatMap:
    """The map of ``3+2``, ``2+2``, ``1+2``, ``coach`` or ``numbered 3+2`` with so many seats.

    Lettered rows are filled from the front, so the last one may be short; a coach has a back row of five
    and lacks seats at the door in front; numbers of a hard-seat carriage start with 1 in a row of four.
    """
    if seats < 0:
        raise ValueError("fewer than no seats")
    if layout in _LETTERS:
        return SeatMap(seats=tuple(_lettered(_LETTERS[layout], seats)))
    if layout == "coach":
        return SeatMap(seats=tuple(_coach(seats)))
    if layout == "numbered 3+2":
        return SeatMap(seats=tuple(_numbered(seats)))
    raise ValueError(f"unknown layout: {layout}")


def read_seat_map(layout: str, labels: Sequence[str], *, seats: int | None = None) -> SeatMap:
    """The map of a list such as the railway's: seats that it leaves out are not there.

    ``5A-9F`` stands for all seats from the one to the other. ``seats`` is how many the whole carriage has,
    which a coach needs, its rows being counted from the back. Raises ValueError for a label that the layout
    cannot have, a range that ends before it begins, and a seat named twice.
    """
    numbers = [int(digits) for label in labels for digits in re.findall(r"\d+", label)]
    width = len("".join(_LETTERS.get(layout, ("", "?"))))
    full = build_seat_map(layout, max(numbers, default=0) * width if seats is None else seats)
    places = {seat.label: number for number, seat in enumerate(full.seats)}
    named = [number for label in labels for number in _between(label, places)]
    kept = set(named)
    if len(kept) < len(named):
        raise ValueError("a seat is named twice")
    return SeatMap(seats=tuple(seat for number, seat in enumerate(full.seats) if number in kept))


def on_ticket(carriage: int, label: str) -> str:
    """Carriage and seat as tickets say it: ``05车 12F``, ``05车 23号``."""
    return f"{carriage:02d}车 {label}"


def _between(label: str, numbers: dict[str, int]) -> range:
    """Numbers from a range's first seat to its last, or of one seat."""
    first, dash, last = label.partition("-")
    begin, end = _known(first, numbers), _known(last if dash else first, numbers)
    if end < begin:
        raise ValueError(f"no such seats: {label}")
    return range(begin, end + 1)


def _known(label: str, numbers: dict[str, int]) -> int:
    if label not in numbers:
        raise ValueError(f"no such seat: {label}")
    return numbers[label]


def _lettered(letters: tuple[str, str], seats: int) -> Iterator[Seat]:
    left, both = len(letters[0]), "".join(letters)
    for number in range(seats):
        row, place = divmod(number, len(both))
        yield Seat(label=f"{row + 1}{both[place]}", row=row, place=place, right=place >= left)


def _coach(seats: int) -> Iterator[Seat]:
    """Rows of two and two from the back; what is left over sits in front, behind the driver."""
    back = min(seats, _COACH_BACK)
    rows, front = divmod(seats - back, _COACH_ROW)
    sizes = [*([front] if front else []), *[_COACH_ROW] * rows, *([back] if back else [])]
    number = 0
    for row, size in enumerate(sizes):
        for place in range(size):
            number += 1
            yield Seat(label=f"{number}号", row=row, place=place, right=place >= _COACH_ROW // 2)


def _numbered(seats: int) -> Iterator[Seat]:
    for number in range(1, seats + 1):
        row, place = divmod(number, _BENCH)
        yield Seat(label=f"{number}号", row=row, place=place, right=place >= len("ABC"))
