"""The A3 sheet that charts stand on: margins, title, foot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exports.charting.brush import BLACK, BODY, LABEL, LEAST, TITLE, Brush, add_hatch, width_mm
from exports.mapping.ink import add, open_drawing
from exports.mapping.paper import A3, PX_PER_PT, wrap

if TYPE_CHECKING:
    from exports.mapping.ink import Element
    from planner.model.campaign import Campaign

LEFT: Final = 18.0
RIGHT: Final = 420.0 - 14
TOP: Final = 14.0
BOTTOM: Final = 297.0 - 12
HEAD: Final = TOP + 15.0
"""Below the title and its thick rule."""
_LINE: Final = 4.6
_LANG: Final = {"zh_CN": "zh-CN", "en": "en"}
_PX_PER_MM: Final = 96 / 25.4


def open_sheet(*, title: str, subtitle: str, figures: str, locale: str) -> tuple[Element, Brush]:
    """Open an A3 sheet: title, what it is of, and the figures at the right, over a thick rule."""
    root = open_drawing(
        A3.paper, title=title, description=f"{subtitle} {figures}", size_mm=(A3.width_mm, A3.height_mm),
        lang=_LANG[locale],
    )  # fmt: skip
    add_hatch(root)
    brush = Brush(add(root, "g", id="sheet"))
    size = TITLE
    room = RIGHT - LEFT - width_mm(figures, 16, bold=True) - 8
    while size > BODY and width_mm(title, size, bold=True) > room:
        size -= 0.5
    y = TOP + 9.5
    brush.words(title, (LEFT, y), size=size, bold=True)
    x = LEFT + width_mm(title, size, bold=True) + 6
    if x + width_mm(subtitle, BODY) < RIGHT - width_mm(figures, 16, bold=True) - 4:
        brush.words(subtitle, (x, y), size=BODY, colour=LABEL)
    brush.words(figures, (RIGHT, y), size=16, bold=True, anchor="end")
    brush.line((LEFT, TOP + 12.5), (RIGHT, TOP + 12.5), width=1.6)
    return root, brush


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """What stands below: signs explained, where the data comes from; the stamp ends the last line."""

    lines: tuple[str, ...]
    stamp: str

    @property
    def top(self) -> float:
        """Where it begins."""
        return BOTTOM - 1 - _LINE * max(len(self.lines), 1)

    def draw(self, brush: Brush, *, page: str = "") -> None:
        """Write it over a thin rule."""
        brush.line((LEFT, self.top), (RIGHT, self.top), width=0.5)
        for place, line in enumerate(self.lines, 1):
            brush.words(line, (LEFT, self.top + place * _LINE))
        end = (RIGHT, self.top + max(len(self.lines), 1) * _LINE)
        brush.words(f"{self.stamp}{page}", end, anchor="end", colour=BLACK)


def build_foot(campaign: Campaign, legend: str, *, stamp: str) -> Foot:
    """Break the words of a foot into lines."""
    office = f"{campaign.office} {campaign.phone}".strip()
    stamp = " · ".join(filter(None, (office, stamp)))
    note = campaign.data_note
    clear = width_mm(f"{stamp}  00 / 00", LEAST) + 6
    lines = fit_words(legend, width=RIGHT - LEFT) + (
        fit_words(note, width=RIGHT - LEFT - clear) if note else []
    )
    if width_mm(lines[-1], LEAST) > RIGHT - LEFT - clear:
        lines.append("")
    return Foot(lines=tuple(lines), stamp=stamp)


def fit_words(words: str, *, width: float, size: float = LEAST, bold: bool = False) -> list[str]:
    """Break words into lines of a width in mm; nothing is cut."""
    factor = 1.06 if bold else 1.0
    return wrap(words, size * PX_PER_PT, width=width * _PX_PER_MM / factor) or [""]
