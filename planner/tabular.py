"""Columns of words and figures for a terminal, where a Chinese character is two cells wide."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def lay_out(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Line up rows of equal length: the first column to the left, figures to the right."""
    table = [tuple(row) for row in rows]
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    for first, *figures in table:
        cells = [first + " " * (widths[0] - _width(first))]
        cells += [
            " " * (width - _width(figure)) + figure for figure, width in zip(figures, widths[1:], strict=True)
        ]
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "FW" else 1 for sign in text)
