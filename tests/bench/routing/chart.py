"""A dot chart as SVG, readable in black and white: each solver has a shape, filled for this engine.

The axis is logarithmic above a tenth of a per cent and straight below, so that 0 has a place on it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from tests.bench.routing.plan import OURS

_SVG: Final = "http://www.w3.org/2000/svg"
_LABEL_PX: Final = 190.0
_PLOT_PX: Final = 560.0
_ROW_PX: Final = 26.0
_TOP_PX: Final = 74.0
_LETTER_PX: Final = 7.0
_ASIDE_PX: Final = 50.0
"""From the end of the axis to those without a plan."""
_R: Final = 5.0
_TICKS: Final = (0, 0.1, 0.3, 1, 3, 10, 30, 100)
_BEND: Final = 0.1
_MARKS: Final = ("circle", "square", "triangle", "diamond", "cross", "plus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One instance: per cent by solver, None where it has no plan."""

    label: str
    values: Mapping[str, float | None]


def draw(title: str, rows: Sequence[Row], solvers: Sequence[str]) -> str:
    """Draw the rows from top to bottom; a solver without a plan stands at the right edge, outside."""
    shown = [value for row in rows for value in row.values.values() if value is not None]
    most = next((tick for tick in _TICKS[3:] if tick >= max(shown, default=0)), _TICKS[-1])
    width = _LABEL_PX + _PLOT_PX + _ASIDE_PX + 40
    height = _TOP_PX + _ROW_PX * len(rows) + 34
    ordered = sorted(solvers, key=lambda solver: solver != OURS)
    marks = {solver: _MARKS[place % len(_MARKS)] for place, solver in enumerate(ordered)}
    lines = [
        f'<svg xmlns="{_SVG}" viewBox="0 0 {width:g} {height:g}" font-family="sans-serif">',
        f'<rect width="{width:g}" height="{height:g}" fill="white"/>',
        _text(12, 22, title, size=14),
    ]
    x = 20.0
    for solver in ordered:
        lines += [_mark(marks[solver], x, 44, filled=solver == OURS), _text(x + 12, 48, solver)]
        x += _LETTER_PX * len(solver) + 40
    bottom = _TOP_PX + _ROW_PX * len(rows)
    for tick in (tick for tick in _TICKS if tick <= most):
        x = _x(tick, most)
        lines.append(f'<path d="M{x:.1f} {_TOP_PX:g}V{bottom:g}" stroke="#bbb"/>')
        lines.append(_text(x, bottom + 18, f"{tick:g} %", anchor="middle"))
    lines.append(_text(_LABEL_PX + _PLOT_PX + _ASIDE_PX, bottom + 18, "no plan", anchor="middle"))
    for place, row in enumerate(rows):
        y = _TOP_PX + _ROW_PX * (place + 0.5)
        lines.append(_text(_LABEL_PX - 12, y + 4, row.label, anchor="end"))
        lines.append(f'<path d="M{_LABEL_PX:g} {y:g}h{_PLOT_PX:g}" stroke="#ddd"/>')
        for solver in reversed([solver for solver in ordered if solver in row.values]):
            value = row.values[solver]
            x = _LABEL_PX + _PLOT_PX + _ASIDE_PX if value is None else _x(min(max(value, 0.0), most), most)
            lines.append(_mark(marks[solver], x, y, filled=solver == OURS))
    return "\n".join([*lines, "</svg>", ""])


def _x(value: float, most: float) -> float:
    return _LABEL_PX + _PLOT_PX * math.log1p(value / _BEND) / math.log1p(most / _BEND)


def _text(x: float, y: float, words: str, *, size: float = 12, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}">{escape(words)}</text>'


def _mark(kind: str, x: float, y: float, *, filled: bool) -> str:
    r = _R + filled
    paths = {
        "circle": f"M{x - r:.1f} {y:.1f}a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z",
        "square": f"M{x - r + 1:.1f} {y - r + 1:.1f}h{2 * r - 2:g}v{2 * r - 2:g}h{2 - 2 * r:g}z",
        "triangle": f"M{x:.1f} {y - r:.1f}l{r:g} {1.8 * r:g}h{-2 * r:g}z",
        "diamond": f"M{x:.1f} {y - r:.1f}l{r:g} {r:g}l{-r:g} {r:g}l{-r:g} {-r:g}z",
        "cross": f"M{x - r:.1f} {y - r:.1f}l{2 * r:g} {2 * r:g}m0 {-2 * r:g}l{-2 * r:g} {2 * r:g}",
        "plus": f"M{x - r:.1f} {y:.1f}h{2 * r:g}M{x:.1f} {y - r:.1f}v{2 * r:g}",
    }
    fill = "black" if filled else "none"
    return f'<path d="{paths[kind]}" fill="{fill}" stroke="black" stroke-width="1.3"/>'
