"""Sheets, boxes and the width of words. One unit is a CSS pixel (1/96 inch) at print size.

Text and line sizes belong to the paper, geometry is fitted to it: a larger county never makes smaller
letters. Widths are estimates from the advance widths of Noto Sans CJK, which the other fonts of the
list come close to; boxes are a little wider than the ink.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PX_PER_MM: Final = 96 / 25.4
PX_PER_PT: Final = 96 / 72

Point = tuple[float, float]

_LINE_HEIGHT: Final = 1.3
"""Box height of a line of text in ems; Han ink takes about 1.0."""
_WIDE_FROM: Final = 0x2E80
_WIDE_SIGNS: Final = frozenset("→←·—…“”‘’×■●▲○□")
_NARROW: Final = {" ": 0.23, ":": 0.30, ".": 0.30, ",": 0.30, "-": 0.36, "/": 0.39, "i": 0.30, "l": 0.30}
_DIGIT: Final = 0.56
_LOWER: Final = 0.58
_UPPER: Final = 0.72
_BOLD: Final = 1.06


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its upper left corner; edges that only touch do not overlap."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Largest x."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Largest y."""
        return self.y + self.height

    def overlaps(self, other: Box, *, gap: float = 0) -> bool:
        """Say whether the two come closer than ``gap`` in both directions."""
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )

    def holds(self, other: Box) -> bool:
        """Say whether the other lies inside."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def has_point(self, point: Point, *, margin: float = 0) -> bool:
        """Say whether a point lies inside or closer than ``margin``."""
        x, y = point
        return self.x - margin <= x <= self.right + margin and self.y - margin <= y <= self.bottom + margin

    def shrunk(self, by: float) -> Box:
        """Take ``by`` off every side."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A paper size, landscape, and its margin."""

    name: str
    width_mm: int
    height_mm: int
    margin_mm: int = 10

    @property
    def paper(self) -> Box:
        """The whole sheet in pixels."""
        return Box(0, 0, self.width_mm * PX_PER_MM, self.height_mm * PX_PER_MM)

    @property
    def frame(self) -> Box:
        """What may be printed on."""
        return self.paper.shrunk(self.margin_mm * PX_PER_MM)


A4: Final = Sheet(name="A4", width_mm=297, height_mm=210)
A3: Final = Sheet(name="A3", width_mm=420, height_mm=297)


def text_width(words: str, size: float, *, bold: bool = False) -> float:
    """Estimate the printed width of a line: Han 1 em, digits 0.56 em, other Latin by rough class."""
    ems = sum(_ems(char) for char in words)
    return ems * size * (_BOLD if bold else 1)


def text_height(size: float) -> float:
    """Height to keep free for a line of text."""
    return size * _LINE_HEIGHT


def _ems(char: str) -> float:
    if ord(char) >= _WIDE_FROM or char in _WIDE_SIGNS:
        return 1.0
    if char in _NARROW:
        return _NARROW[char]
    if char.isdecimal():
        return _DIGIT
    return _UPPER if char.isupper() else _LOWER


def wrap(words: str, size: float, *, width: float) -> list[str]:
    """Break a text into lines: Latin at spaces, Han anywhere but before closing punctuation."""
    lines = [""]
    for piece in _pieces(words):
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), size) > width:
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return [line.strip() for line in lines if line.strip()]


def _pieces(words: str) -> list[str]:
    pieces: list[str] = []
    for char in words:
        wide = ord(char) >= _WIDE_FROM
        closing = char in "，。；：、）》！？,.;:)"
        glued = pieces and (closing or (not wide and char != " " and not _ends_wide(pieces[-1])))
        if pieces and (char == " " or (glued and not pieces[-1].endswith(" "))):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _ends_wide(piece: str) -> bool:
    return ord(piece[-1]) >= _WIDE_FROM
