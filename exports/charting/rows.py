"""What stands in the rows of the Gantt: a fair with what is due before it, a squad's days, departures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exports.charting.brush import BLACK, LEAST, WHITE, width_mm
from exports.mapping.paper import Box

if TYPE_CHECKING:
    from datetime import date

    from exports.charting.board import FairLine, Outing, SquadLine
    from exports.charting.brush import Brush
    from exports.charting.scale import Scale

RING: Final = 2.3
_SIGN_GAP: Final = 0.4
_SIDE: Final = 5.2
_BAR: Final = 4.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A row's place on the sheet, mm."""

    top: float
    height: float

    @property
    def middle(self) -> float:
        """Half its height down."""
        return self.top + self.height / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class FairRow:
    """Signs of what is due on a thin line, a ring on the day, its township's market days washed."""

    fair: FairLine

    def shade(self, scale: Scale, brush: Brush, *, slot: Slot) -> None:
        """Wash the market days."""
        for day in self.fair.markets:
            scale.wash(brush, day, top=slot.top + 0.2, bottom=slot.bottom - 0.2)

    def overhang(self, scale: Scale) -> float:
        """How far signs of what should be done by now stand out to the left of the scale, mm."""
        return max(scale.left - min((x for _, x in self._before(scale, RING)), default=scale.left), 0.0)

    def draw(self, scale: Scale, brush: Brush, *, slot: Slot) -> None:
        """Draw line, signs and ring."""
        fair, y = self.fair, slot.middle
        radius = min(RING, slot.height / 2 - 0.8)
        middle = scale.middle(fair.day)
        if fair.marks:
            first, last = min(fair.day, fair.marks[0].day), max(fair.day, fair.marks[-1].day)
            brush.line((scale.middle(first), y), (scale.middle(last), y), width=0.8)
        for sign, left in self._before(scale, radius):
            _write_sign(brush, sign, x=left + width_mm(sign, LEAST, bold=True) / 2 + _SIGN_GAP, y=y)
        limit = middle + radius
        for mark in [mark for mark in fair.marks if mark.day > fair.day]:
            half = width_mm(mark.sign, LEAST, bold=True) / 2 + _SIGN_GAP
            x = max(scale.middle(mark.day), limit + half)
            _write_sign(brush, mark.sign, x=x, y=y)
            limit = x + half
        brush.ring((middle, y), radius=radius, line=1.6)

    def _before(self, scale: Scale, radius: float) -> list[tuple[str, float]]:  # of the ring
        """Signs up to the day, the last first, with where each begins: none over another or the ring."""
        limit = scale.middle(self.fair.day) - radius
        placed: list[tuple[str, float]] = []
        for mark in reversed([mark for mark in self.fair.marks if mark.day <= self.fair.day]):
            half = width_mm(mark.sign, LEAST, bold=True) / 2 + _SIGN_GAP
            limit = min(scale.middle(mark.day), limit - half) - half
            placed.append((mark.sign, limit))
        return placed


def _write_sign(brush: Brush, sign: str, *, x: float, y: float) -> None:
    wide = width_mm(sign, LEAST, bold=True) + _SIGN_GAP
    brush.box(Box(x - wide / 2, y - 2, wide, 4), fill=WHITE)
    brush.words(sign, (x, y + 1.3), bold=True, anchor="middle")


@dataclass(frozen=True, slots=True)
class SquadRow:
    """A box on each day out with the number of villages."""

    squad: SquadLine

    def draw(self, scale: Scale, brush: Brush, *, slot: Slot) -> None:
        """Draw the boxes."""
        side = min(slot.height - 1.2, _SIDE)
        for outing in self.squad.outings:
            box = Box(scale.x(outing.day) + 0.25, slot.middle - side / 2, scale.step - 0.5, side)
            _draw_outing(brush, outing, box=box)


def _draw_outing(brush: Brush, outing: Outing, *, box: Box) -> None:
    middle = box.y + box.height / 2
    brush.box(box, fill=WHITE, line=0.6)
    brush.words(str(outing.visits), (box.x + box.width / 2, middle + 1.3), anchor="middle")
    if outing.market:
        brush.line((box.x, box.bottom - 0.3), (box.right, box.bottom - 0.3), width=2)
    if outing.evening:
        brush.dot((box.right - 0.2, box.y + 0.2), radius=0.75)
    if outing.away:
        brush.line((box.right, middle), (box.right + 0.5, middle), width=2)


@dataclass(frozen=True, slots=True)
class RideRow:
    """Black days of departure."""

    rides: tuple[tuple[date, int], ...]

    def draw(self, scale: Scale, brush: Brush, *, slot: Slot) -> None:
        """Draw a bar over the days on which somebody leaves."""
        thick = min(slot.height - 2, _BAR)
        for day, _ in self.rides:
            brush.box(Box(scale.x(day), slot.middle - thick / 2, scale.step + 0.05, thick), fill=BLACK)


Content = FairRow | SquadRow | RideRow
