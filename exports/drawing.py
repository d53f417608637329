"""A drawing as SVG, and taken apart for print: lines as a picture, words for the typesetter.

typst draws the text of a picture too thin (the variable font's lightest weight), so the words are taken out
and set on top, in the same places and order.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exports.mapping.ink import close_drawing
from exports.mapping.paper import PX_PER_PT

if TYPE_CHECKING:
    from exports.mapping.ink import Element

_TAKEN: Final = frozenset({"text", "title", "desc"})
_INHERITED: Final = ("fill", "stroke", "stroke-width", "font-size", "font-weight", "text-anchor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettering:
    """One line of text at its baseline, in pt; ``stroke`` is a halo's width, 0 for letters."""

    words: str
    x: float
    y: float
    size: float
    bold: bool
    anchor: str
    colour: str
    stroke: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """One page for print: the lines as SVG, the words, the size in mm."""

    lines: str
    words: tuple[Lettering, ...]
    width_mm: float
    height_mm: float


def split_drawing(root: Element) -> Plate:
    """Take the words out of a drawing; groups that hold words are not moved by a transform."""
    lines = copy.deepcopy(root)
    words: list[Lettering] = []
    _take_words(lines, words, style={})
    return Plate(
        lines=close_drawing(lines).decode(),
        words=tuple(words),
        width_mm=float(root.attrib["width"].removesuffix("mm")),
        height_mm=float(root.attrib["height"].removesuffix("mm")),
    )


def _take_words(element: Element, words: list[Lettering], *, style: dict[str, str]) -> None:
    style = style | {name: element.attrib[name] for name in _INHERITED if name in element.attrib}
    for child in list(element):
        if child.tag == "text" and child.text:
            words.append(_letter(child, style=style))
        if child.tag in _TAKEN:
            element.remove(child)
        else:
            _take_words(child, words, style=style)


def _letter(element: Element, *, style: dict[str, str]) -> Lettering:
    own = style | element.attrib
    stroke = float(own.get("stroke-width", 0)) if own.get("stroke", "none") != "none" else 0
    return Lettering(
        words=element.text or "",
        x=float(own["x"]) / PX_PER_PT,
        y=float(own["y"]) / PX_PER_PT,
        size=float(own["font-size"]) / PX_PER_PT,
        bold=own.get("font-weight") == "700",
        anchor=own.get("text-anchor", "start"),
        colour=own.get("fill", "#000000"),
        stroke=stroke / PX_PER_PT,
    )
