"""Names on the map: placed greedily, best first, never over one another or over a marker.

What does not fit is dropped (the run sheets have every name); what must stay looks farther away and
is tied to its point by a thin line. Route lines may run under a name, at a price, because names have
a white halo.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, product
from typing import TYPE_CHECKING, Final

from exports.mapping.paper import Box, Point, text_height, text_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_CELL: Final = 48
_SAMPLE_PX: Final = 4.0
_LINE_COST: Final = 1.0
_FAR_COST: Final = 3.0
_SIDES: Final = (
    (1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1),
    (-1, -1), (-1, 1), (1, -0.5), (1, 0.5), (-1, -0.5), (-1, 0.5),
)  # fmt: skip
"""Right, left, above, below, above and below to one side, right and left a little higher or lower:
the order in which a reader looks."""
_COMPASS: Final = 16
_RING_PX: Final = 11.0


class Anchor(StrEnum):
    """Which end of a text holds to its point."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A thing that wants a place beside a point: a name, or a badge (``words`` empty, ``size`` its box)."""

    key: str
    point: Point
    gap: float
    """How far the thing stays off the point."""
    words: str = ""
    size: float = 0
    bold: bool = False
    colour: str = ""
    box: tuple[float, float] = (0, 0)
    """Width and height when it is not a text."""
    must: bool = False
    """Rather away from its point, tied by a line, than not at all."""
    rings: int = 20
    """How far away, in steps of ``_RING_PX``."""
    most_lines: int = 8
    """Drop it rather than lay it over more samples of route lines than this."""

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height on paper."""
        if not self.words:
            return self.box
        return text_width(self.words, self.size, bold=self.bold) + 2, text_height(self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A wish with its place; ``far`` when it stands away from its point and needs a line to it."""

    wish: Wish
    box: Box
    anchor: Anchor = Anchor.START
    far: bool = False

    @property
    def baseline(self) -> Point:
        """Where the text starts, ends or centres, by its anchor."""
        x = {
            Anchor.START: self.box.x + 1,
            Anchor.MIDDLE: self.box.x + self.box.width / 2,
            Anchor.END: self.box.right - 1,
        }[self.anchor]
        return x, self.box.y + self.box.height / 2 + self.wish.size * 0.37


class Placer:
    """Remembers what is on the sheet and finds places for more."""

    def __init__(self, room: Box) -> None:
        self._room = room
        self._boxes: dict[tuple[int, int], list[Box]] = defaultdict(list)
        self._samples: dict[tuple[int, int], list[Point]] = defaultdict(list)

    def block(self, box: Box) -> None:
        """Take a place for good."""
        for cell in _cells(box):
            self._boxes[cell].append(box)

    def is_free(self, box: Box) -> bool:
        """Say whether a box is on the sheet and free of all others."""
        return self._room.holds(box) and not any(
            box.overlaps(other) for cell in _cells(box) for other in self._boxes.get(cell, ())
        )

    def add_line(self, line: Sequence[Point]) -> None:
        """Make a line expensive to cover."""
        for (ax, ay), (bx, by) in pairwise(line):
            steps = max(1, round(math.dist((ax, ay), (bx, by)) / _SAMPLE_PX))
            for step in range(steps):
                x, y = ax + (bx - ax) * step / steps, ay + (by - ay) * step / steps
                self._samples[int(x // _CELL), int(y // _CELL)].append((x, y))

    def place(self, wish: Wish) -> Placed | None:
        """Find the cheapest free place; None when there is none good enough."""
        best = self._choose(self._beside(wish))
        if best and (wish.must or best[0] <= wish.most_lines * _LINE_COST + 1):
            return self._take(best[1])
        if wish.must:
            far = self._choose(self._around(wish))
            return self._take(far[1]) if far else None
        return None

    def _take(self, placed: Placed) -> Placed:
        self.block(placed.box)
        return placed

    def _choose(self, offers: Iterable[tuple[float, Placed]]) -> tuple[float, Placed] | None:
        best: tuple[float, Placed] | None = None
        for start, placed in offers:
            if (best and start >= best[0]) or not self.is_free(placed.box):
                continue
            cost = start + self._covered(placed.box) * _LINE_COST
            if best is None or cost < best[0]:
                best = cost, placed
        return best

    def _covered(self, box: Box) -> int:
        return sum(box.has_point(point) for cell in _cells(box) for point in self._samples.get(cell, ()))

    def _beside(self, wish: Wish) -> Iterator[tuple[float, Placed]]:
        """Offer the eight places that touch the point's circle."""
        width, height = wish.extent
        x, y = wish.point
        for number, (right, down) in enumerate(_SIDES):
            if abs(down) == 1:  # above or below, aligned to the middle or to one edge of the point
                left = x - width / 2 + right * (width / 2 - wish.gap * 0.5)
                top = y + wish.gap if down > 0 else y - wish.gap - height
            else:
                left = x + wish.gap if right > 0 else x - wish.gap - width
                top = y - height / 2 + down * height * 0.9
            anchor = (Anchor.MIDDLE, Anchor.START, Anchor.END)[right]
            yield number * 0.25, Placed(wish=wish, box=Box(left, top, width, height), anchor=anchor)

    def _around(self, wish: Wish) -> Iterator[tuple[float, Placed]]:
        """Offer places on growing rings for what must be on the map."""
        width, height = wish.extent
        x, y = wish.point
        for ring, turn in product(range(1, wish.rings + 1), range(_COMPASS)):
            angle = math.tau * turn / _COMPASS
            far = wish.gap + ring * _RING_PX
            middle = x + math.cos(angle) * (far + width / 2), y + math.sin(angle) * (far + height / 2)
            box = Box(middle[0] - width / 2, middle[1] - height / 2, width, height)
            yield ring * _FAR_COST, Placed(wish=wish, box=box, anchor=Anchor.MIDDLE, far=True)


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    columns = range(int(box.x // _CELL), int(box.right // _CELL) + 1)
    rows = range(int(box.y // _CELL), int(box.bottom // _CELL) + 1)
    return product(columns, rows)
