"""A brush in millimetres: print's three inks over ``mapping.ink``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exports.mapping.ink import add, add_text, number
from exports.mapping.paper import PX_PER_MM, PX_PER_PT, text_width

if TYPE_CHECKING:
    from exports.mapping.ink import Element
    from exports.mapping.paper import Box, Point

BLACK: Final = "#000000"
LABEL: Final = "#555555"
"""67 % black: labels, never the only copy of a fact."""
BAR: Final = "#777777"
WASH: Final = "#ECECEC"
"""7 %: survives a copier and what stands on it is read."""
HAIR: Final = "#BEBEBE"
WHITE: Final = "#FFFFFF"
BODY: Final = 10.5
LEAST: Final = 10.0
SECTION: Final = 13.0
TITLE: Final = 22.0

_HATCH: Final = "hatch"


class Brush:
    """Draws into one group; lengths in mm, letters in pt, ``y`` of a text is its baseline."""

    def __init__(self, group: Element) -> None:
        self.group = group

    def words(
        self,
        words: str,
        at: Point,
        *,
        size: float = LEAST,
        bold: bool = False,
        anchor: str = "start",
        colour: str = BLACK,
    ) -> None:
        """Write one line."""
        weight = {"font_weight": "700"} if bold else {}
        x, y = at[0] * PX_PER_MM, at[1] * PX_PER_MM
        size_px = size * PX_PER_PT
        add_text(self.group, words, (x, y), font_size=size_px, text_anchor=anchor, fill=colour, **weight)

    def box(self, box: Box, *, fill: str = "none", line: float = 0.0, corner: float = 0.0) -> None:
        """Draw a rectangle, with a black line of so many pt."""
        stroke = {"stroke": BLACK, "stroke_width": number(line * PX_PER_PT)} if line else {}
        round_ = {"rx": number(corner * PX_PER_MM)} if corner else {}
        add(
            self.group, "rect", x=box.x * PX_PER_MM, y=box.y * PX_PER_MM, width=box.width * PX_PER_MM,
            height=box.height * PX_PER_MM, fill=fill, **stroke, **round_,
        )  # fmt: skip

    def line(self, start: Point, end: Point, *, width: float, colour: str = BLACK, dash: str = "") -> None:
        """Draw a straight line; ``width`` in pt, ``dash`` in px."""
        extra = {"stroke_dasharray": dash} if dash else {}
        path = f"M{_px(start[0])} {_px(start[1])}L{_px(end[0])} {_px(end[1])}"
        add(self.group, "path", d=path, stroke=colour, stroke_width=width * PX_PER_PT, fill="none", **extra)

    def diamond(self, at: Point, *, radius: float) -> None:
        """Draw a milestone."""
        r = _px(radius)
        path = f"M{_px(at[0] - radius)} {_px(at[1])}l{r} -{r}l{r} {r}l-{r} {r}z"
        add(self.group, "path", d=path, fill=BLACK)

    def ring(self, at: Point, *, radius: float, line: float = 1.2) -> None:
        """Draw a fair."""
        x, y = at[0] * PX_PER_MM, at[1] * PX_PER_MM
        add(
            self.group, "circle", cx=x, cy=y, r=radius * PX_PER_MM, fill=WHITE, stroke=BLACK,
            stroke_width=line * PX_PER_PT,
        )  # fmt: skip

    def dot(self, at: Point, *, radius: float) -> None:
        """Draw a filled dot."""
        x, y = at[0] * PX_PER_MM, at[1] * PX_PER_MM
        add(self.group, "circle", cx=x, cy=y, r=radius * PX_PER_MM, fill=BLACK)

    def hatch(self, box: Box) -> None:
        """Shade with thin slanting lines, told from a wash also without colour."""
        self.box(box, fill=f"url(#{_HATCH})")


def add_hatch(root: Element) -> None:
    """Define the slanting lines once for a drawing."""
    pattern = add(
        add(root, "defs"), "pattern", id=_HATCH, width=6, height=6, patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )  # fmt: skip
    add(pattern, "path", d="M0 0v6", stroke="#A0A0A0", stroke_width=1)


def width_mm(words: str, size: float, *, bold: bool = False) -> float:
    """Estimate how long a line is."""
    return text_width(words, size * PX_PER_PT, bold=bold) / PX_PER_MM


def _px(length: float) -> str:
    return number(length * PX_PER_MM)
