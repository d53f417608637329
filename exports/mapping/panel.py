"""The legend: measured before the map is fitted, drawn where there was room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exports.mapping.ink import add, add_box, add_text, number
from exports.mapping.paper import PX_PER_PT, Box, text_width
from exports.mapping.styles import CONTROL, FLOW, INK, PAPER, STOP, SUB, RouteStyle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exports.mapping.ink import Element
    from exports.mapping.paper import Point

BADGE: Final = (31.0, 24.0)
"""A run badge on the map: at least 8 x 6 mm."""
_BODY: Final = 10.5 * PX_PER_PT
_SMALL: Final = 10 * PX_PER_PT
_HEAD: Final = 12 * PX_PER_PT
_PAD: Final = 12.0
_TITLE: Final = 34.0
_SAMPLE: Final = 54.0
_GAP: Final = 12.0
_COLUMN_GAP: Final = 26.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How the rows of a legend stand."""

    columns: int
    row_px: float


def shapes_for(rows: int) -> tuple[Shape, ...]:
    """Offer one to three columns, airy before tight; no column shorter than five rows."""
    return tuple(
        Shape(columns=columns, row_px=row_px)
        for row_px in (26.0, 23.0)
        for columns in (1, 2, 3)
        if columns == 1 or rows >= 5 * columns
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One run (or a departure's runs): badge, line, where it starts, heads, arrival (or runs)."""

    badge: str
    colour: str
    style: RouteStyle | None = None
    start: str
    heads: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A key line under the table: a sign, its size where it has one, and what it means."""

    sign: str
    words: str
    size: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The words of a legend."""

    title: str
    heads: str
    last: str
    rows: tuple[Row, ...]
    total: str
    notes: tuple[Note, ...] = ()

    def size(self, shape: Shape) -> tuple[float, float]:
        """Width and height in a shape."""
        columns = shape.columns
        wide = self._cells()
        inner = columns * sum(wide) + (columns - 1) * _COLUMN_GAP
        title = text_width(self.title, _HEAD, bold=True)
        notes = max((text_width(note.words, _SMALL) + 50 for note in self.notes), default=0)
        total = text_width(self.total, _BODY, bold=True)
        lines = -(-len(self.rows) // columns)
        height = 2 * _PAD + _TITLE + 18 + lines * shape.row_px + 26 + 22 * len(self.notes)
        return max(inner, title, total, notes) + 2 * _PAD, height

    def _cells(self) -> tuple[float, float, float, float, float]:
        starts = [text_width(row.start, _BODY) for row in self.rows]
        heads = [text_width(row.heads, _BODY) for row in self.rows]
        lasts = [text_width(row.last, _BODY, bold=True) for row in self.rows]
        badges = [text_width(row.badge, 16, bold=True) + 12 for row in self.rows]
        heads.append(text_width(self.heads, _SMALL))
        lasts.append(text_width(self.last, _SMALL))
        return (
            max([BADGE[0], *badges]) + _GAP,
            _SAMPLE + _GAP if any(row.style for row in self.rows) else 0,
            max(starts, default=0) + _GAP,
            max(heads) + _GAP,
            max(lasts),
        )

    def draw(self, parent: Element, box: Box, *, shape: Shape) -> None:
        """Draw the legend into its box."""
        group = add(parent, "g", id="legend")
        add_box(group, box, fill=PAPER, stroke=INK, stroke_width=1)
        left, top = box.x + _PAD, box.y + _PAD
        add_text(group, self.title, (left, top + _HEAD), font_size=_HEAD, font_weight="700")
        wide = self._cells()
        lines = -(-len(self.rows) // shape.columns)
        for column in range(shape.columns):
            x = left + column * (sum(wide) + _COLUMN_GAP)
            chunk = self.rows[column * lines : (column + 1) * lines]
            self._draw_heads(group, wide, end=(x + sum(wide), top + _TITLE + 10))
            for place, row in enumerate(chunk):
                middle = top + _TITLE + 18 + (place + 0.5) * shape.row_px
                self._draw_row(group, row, at=(x, middle), wide=wide)
        y = top + _TITLE + 18 + lines * shape.row_px
        rule = f"M{number(left)} {number(y + 1)}H{number(box.right - _PAD)}"
        add(group, "path", d=rule, stroke=CONTROL, stroke_width=1)
        add_text(group, self.total, (left, y + 21), font_size=_BODY, font_weight="700")
        for place, note in enumerate(self.notes):
            baseline = y + 26 + 22 * place + 16
            draw_sign(group, note, at=(left + 18, baseline - 5))
            add_text(group, note.words, (left + 46, baseline), font_size=_SMALL, fill=SUB)

    def _draw_heads(self, group: Element, wide: Sequence[float], *, end: Point) -> None:
        right, y = end
        for words, x in ((self.heads, right - wide[4] - _GAP), (self.last, right)):
            add_text(group, words, (x, y), font_size=_SMALL, fill=SUB, text_anchor="end")

    def _draw_row(self, group: Element, row: Row, *, at: Point, wide: Sequence[float]) -> None:
        x, middle = at
        end, baseline = x + sum(wide), middle + _BODY * 0.36
        line = add(group, "g")
        draw_badge(line, Box(x, middle - 10, wide[0] - _GAP, 20), words=row.badge, colour=row.colour)
        if row.style:
            draw_line(line, f"M{number(x + wide[0])} {number(middle)}h{number(_SAMPLE)}", style=row.style)
        add_text(line, row.start, (x + wide[0] + wide[1], baseline), font_size=_BODY)
        heads_end = end - wide[4] - _GAP
        add_text(line, row.heads, (heads_end, baseline), font_size=_BODY, text_anchor="end")
        add_text(line, row.last, (end, baseline), font_size=_BODY, font_weight="700", text_anchor="end")


def draw_badge(parent: Element, box: Box, *, words: str, colour: str) -> None:
    """Draw a run badge: white bold number on the run's colour."""
    add_box(parent, box, rx=3, fill=colour, stroke=PAPER, stroke_width=1)
    add_text(
        parent, words, (box.x + box.width / 2, box.y + box.height / 2 + 5.8),
        font_size=16, font_weight="700", fill=PAPER, text_anchor="middle",
    )  # fmt: skip


def draw_line(parent: Element, path: str, *, style: RouteStyle, width: float = 4.6) -> None:
    """Draw a route line in its style; slot 6 is a double line by a white core."""
    dash = {"stroke_dasharray": " ".join(f"{part:g}" for part in style.dash)} if style.dash else {}
    add(
        parent, "path", d=path, fill="none", stroke=style.colour, stroke_width=width,
        stroke_linejoin="round", **dash,
    )  # fmt: skip
    if style.core:
        core = style.core * width / 4.6
        add(parent, "path", d=path, fill="none", stroke=PAPER, stroke_width=core, stroke_linejoin="round")


def draw_sign(parent: Element, note: Note, *, at: Point) -> None:
    """Draw the sign of a key line: ``stop``, ``band``, ``flow`` (size = width), ``village``, ``missed``."""
    x, y = at
    match note.sign:
        case "stop":
            add(parent, "circle", cx=x, cy=y, r=8.5, fill=PAPER, stroke=INK, stroke_width=2)
            add_text(parent, "1", (x, y + 4.8), font_size=_SMALL, font_weight="700", text_anchor="middle")
        case "band" | "flow":
            colour = INK if note.sign == "band" else FLOW
            path = f"M{number(x - 18)} {number(y)}h36"
            add(parent, "path", d=path, stroke=colour, stroke_width=note.size)
        case "village":
            add(parent, "circle", cx=x, cy=y, r=note.size, fill=INK)
        case _:
            draw_missed(parent, at)


def draw_missed(parent: Element, at: Point) -> None:
    """Mark people left behind with the stop light's square and cross."""
    x, y = at
    add(parent, "rect", x=x - 7, y=y - 7, width=14, height=14, fill=STOP, stroke=PAPER, stroke_width=1)
    cross = f"M{number(x - 3.5)} {number(y - 3.5)}l7 7m0 -7l-7 7"
    add(parent, "path", d=cross, stroke=PAPER, stroke_width=2, fill="none")
