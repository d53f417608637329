"""SVG by way of ElementTree: attributes are escaped, numbers short and always written the same way."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Final

from exports.mapping.styles import INK, PAPER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exports.mapping.paper import Box, Point

FONTS: Final = (
    '"Noto Sans CJK SC", system-ui, "PingFang SC", "HarmonyOS Sans SC", MiSans, "Microsoft YaHei", '
    '"Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif'
)
"""The list of the design with the bundled family first: where it is installed, all figures match."""

Element = ET.Element

_UNWRITABLE: Final = re.compile(r"[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (§2.2), and line ends, which have no place in a line of a drawing."""


def number(value: float) -> str:
    """Write a length with at most one decimal and never as ``-0``."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def add(parent: Element, tag: str, **attributes: str | float) -> Element:
    """Append an element; ``stroke_width=2`` becomes ``stroke-width="2"``."""
    clean = {
        name.rstrip("_").replace("_", "-"): value if isinstance(value, str) else number(value)
        for name, value in attributes.items()
    }
    return ET.SubElement(parent, tag, clean)


def add_text(  # noqa: PLR0917 - reads like a line of the drawing
    parent: Element, words: str, at: Point, **attributes: str | float
) -> Element:
    """Append one line of text at its baseline."""
    element = add(parent, "text", x=at[0], y=at[1], **attributes)
    element.text = _UNWRITABLE.sub(" ", words)
    return element


def add_box(parent: Element, box: Box, **attributes: str | float) -> Element:
    """Append a rectangle."""
    return add(parent, "rect", x=box.x, y=box.y, width=box.width, height=box.height, **attributes)


def trace(points: Iterable[Point]) -> str:
    """Write a path through points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def open_drawing(paper: Box, *, title: str, description: str, size_mm: tuple[int, int], lang: str) -> Element:
    """Begin a self-contained drawing: print size in millimetres, view box in pixels, words for readers."""
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": f"{size_mm[0]}mm",
            "height": f"{size_mm[1]}mm",
            "viewBox": f"0 0 {number(paper.width)} {number(paper.height)}",
            "role": "img",
            "lang": lang,
            "font-family": FONTS,
            "fill": INK,
        },
    )
    add(root, "title").text = _UNWRITABLE.sub(" ", title)
    add(root, "desc").text = _UNWRITABLE.sub(" ", description)
    add_box(root, paper, fill=PAPER)
    return root


def close_drawing(root: Element) -> bytes:
    """Give the bytes: UTF-8, one element a line."""
    ET.indent(root, space="")
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
