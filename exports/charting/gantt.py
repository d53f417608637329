"""The Gantt of the campaign: fairs with what is due before them, squads' days, departures; A3 sheets."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from exports.charting.board import say_task
from exports.charting.brush import BLACK, BODY, HAIR, LABEL, LEAST, SECTION, WHITE, Brush, width_mm
from exports.charting.rows import Content, FairRow, RideRow, Slot, SquadRow
from exports.charting.scale import Scale
from exports.charting.sheet import HEAD, LEFT, RIGHT, build_foot, fit_words, open_sheet
from exports.mapping.paper import Box
from exports.words import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exports.charting.board import Board, SquadLine
    from exports.mapping.ink import Element
    from exports.words import Value
    from planner.model.campaign import Campaign

_LABEL_MM: Final = 78.0
_WORDS_MM: Final = _LABEL_MM - 2
_LINE: Final = 4.2
_PAD: Final = 1.5
_LEAST_ROW: Final = 6.4
_MOST_ROW: Final = 10.4
_HEADING: Final = 8.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row, or without ``content`` the heading of a group."""

    name: str
    detail: str
    content: Content | None = None
    names: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    """Both broken into lines where they do not fit on one together."""

    @property
    def lines(self) -> int:
        """How many lines its label takes."""
        return max(len(self.names) + len(self.details), 1)

    @property
    def least(self) -> float:
        """Height it cannot do without, mm."""
        return _HEADING if self.content is None else max(_LEAST_ROW, self.lines * _LINE + _PAD)

    def height(self, more: float) -> float:
        """Height when there are ``more`` mm for each row; headings and tall rows stay as they are."""
        return self.least if self.content is None else max(self.least, min(self.least + more, _MOST_ROW))


def draw_gantt(campaign: Campaign, board: Board, *, locale: str) -> tuple[Element, ...]:
    """Draw as many sheets as the rows need; the squads of each county begin another."""
    return _Gantt(campaign, board, locale=locale).draw()


def count_sheets(campaign: Campaign, board: Board, *, locale: str) -> int:
    """Count them without drawing."""
    return len(_Gantt(campaign, board, locale=locale).pages())


class _Gantt:
    """The sheets of one board."""

    def __init__(self, campaign: Campaign, board: Board, *, locale: str) -> None:
        self._campaign, self._board, self._locale = campaign, board, locale
        self._foot = build_foot(campaign, self._legend(), stamp=board.stamp)
        self._scale = Scale(
            days=board.days,
            left=LEFT + _LABEL_MM,
            top=HEAD,
            width=RIGHT - LEFT - _LABEL_MM,
            locale=locale,
        )
        self._room = self._foot.top - 2 - self._scale.bottom

    def draw(self) -> tuple[Element, ...]:
        """Draw all sheets."""
        pages = self.pages()
        return tuple(self._draw_page(rows, page=page, pages=len(pages)) for page, rows in enumerate(pages, 1))

    def pages(self) -> list[list[_Row]]:
        """The rows of each sheet."""
        return [page for rows in self._sections() for page in self._paginate(rows)]

    def _sections(self) -> Iterator[list[_Row]]:
        """What begins on a sheet of its own: all together where it fits, else fairs, and squads by county."""
        fairs, rides = [*self._fair_rows()], [*self._ride_rows()]
        groups = [
            [*self._squad_rows([*squads], county=county)]
            for county, squads in groupby(
                sorted(self._board.squads, key=attrgetter("county")), key=attrgetter("county")
            )
        ]
        whole = [*fairs, *(row for group in groups for row in group), *rides]
        if len(groups) <= 1 and sum(row.least for row in whole) <= self._room:
            yield whole
            return
        if fairs or rides:
            yield [*fairs, *rides]
        yield from groups

    def _paginate(self, rows: Sequence[_Row]) -> Iterator[list[_Row]]:
        """Fill sheets evenly, the heading of the group again on each."""
        total = sum(row.least for row in rows)
        pages = max(-(-total // (self._room - _HEADING)), 1) if total > self._room else 1
        page: list[_Row] = []
        heading: _Row | None = None
        for place, row in enumerate(rows):
            follower = rows[place + 1].least if row.content is None and place + 1 < len(rows) else 0
            used = sum(each.least for each in page) + row.least + follower
            if page and (used > self._room or (pages > 1 and used > total / pages + _MOST_ROW)):
                yield page
                page = [] if row.content is None or heading is None else [heading]
            heading = row if row.content is None else heading
            page.append(row)
        yield page

    def _draw_page(self, rows: Sequence[_Row], *, page: int, pages: int) -> Element:
        board = self._board
        figures = self._say("figures", fairs=len(board.fairs), squads=len(board.squads), visits=board.visits)
        root, brush = open_sheet(
            title=self._say("gantt_title", campaign=self._campaign.name),
            subtitle=self._subtitle(),
            figures=figures,
            locale=self._locale,
        )
        plain = sum(1 for row in rows if row.content is not None)
        more = (self._room - sum(row.least for row in rows)) / max(plain, 1)
        placed: list[tuple[_Row, Slot]] = []
        y = self._scale.bottom
        for row in rows:
            placed.append((row, Slot(top=y, height=row.height(max(more, 0)))))
            y = placed[-1][1].bottom
        self._draw_rows(brush, placed, bottom=y)
        self._foot.draw(brush, page=f"  {page} / {pages}")
        return root

    def _draw_rows(self, brush: Brush, placed: Sequence[tuple[_Row, Slot]], *, bottom: float) -> None:
        """Shades lowest, then the grid, then the lines of days that count, then what is in the rows."""
        scale = self._scale
        for row, slot in placed:
            if isinstance(row.content, FairRow):
                row.content.shade(scale, brush, slot=slot)
        scale.draw_shades(brush, bottom)
        scale.draw_grid(brush, bottom)
        scale.draw_head(brush)
        scale.draw_days_that_count(brush, bottom, rides=self._board.rides, peak=self._board.peak)
        for row, slot in placed:
            if row.content is None:
                self._write_heading(brush, row, slot=slot)
            else:
                row.content.draw(scale, brush, slot=slot)
                self._write_label(brush, row, slot=slot)
            brush.line((LEFT, slot.bottom), (RIGHT, slot.bottom), width=0.5, colour=HAIR)
        brush.line((LEFT, bottom), (RIGHT, bottom), width=1.2)

    def _write_heading(self, brush: Brush, row: _Row, *, slot: Slot) -> None:
        brush.box(Box(LEFT, slot.top + 0.3, RIGHT - LEFT, slot.height - 0.3), fill=WHITE)
        brush.words(row.name, (LEFT, slot.top + 6), size=SECTION, bold=True)
        x = LEFT + width_mm(row.name, SECTION, bold=True) + 4
        brush.words(row.detail, (x, slot.top + 6), colour=LABEL)

    def _write_label(self, brush: Brush, row: _Row, *, slot: Slot) -> None:
        """Name and detail on one line where both fit, else below each other."""
        if not row.names:
            y = slot.middle + 1.35
            brush.words(row.name, (LEFT, y), size=BODY, bold=True)
            x = LEFT + width_mm(row.name, BODY, bold=True) + 2
            brush.words(row.detail, (x, y), colour=LABEL)
            return
        y = slot.top + (slot.height - row.lines * _LINE) / 2 + 3.2
        for place, line in enumerate(row.names):
            brush.words(line, (LEFT, y + place * _LINE), size=BODY, bold=True, colour=BLACK)
        for place, line in enumerate(row.details, len(row.names)):
            brush.words(line, (LEFT, y + place * _LINE), colour=LABEL)

    def _row(self, name: str, detail: str, *, content: Content) -> _Row:
        room = _WORDS_MM - (content.overhang(self._scale) if isinstance(content, FairRow) else 0)
        if width_mm(name, BODY, bold=True) + 2 + width_mm(detail, LEAST) <= room:
            return _Row(name=name, detail=detail, content=content)
        return _Row(
            name=name,
            detail=detail,
            content=content,
            names=tuple(fit_words(name, width=room, size=BODY, bold=True)),
            details=tuple(fit_words(detail, width=room)),
        )

    def _fair_rows(self) -> Iterator[_Row]:
        fairs = self._board.fairs
        if fairs:
            yield _Row(name=self._say("fairs", count=len(fairs)), detail=self._say("fairs_note"))
        for fair in fairs:
            yield self._row(fair.name, fair.detail, content=FairRow(fair))

    def _squad_rows(self, squads: Sequence[SquadLine], *, county: str) -> Iterator[_Row]:
        several = len({squad.county for squad in self._board.squads}) > 1
        note = self._say("squads_of", county=county) if several else self._say("squads_note")
        yield _Row(name=self._say("squads", count=len(squads)), detail=note)
        for squad in squads:
            yield self._row(squad.name, squad.detail, content=SquadRow(squad))

    def _ride_rows(self) -> Iterator[_Row]:
        rides = self._board.rides
        if rides:
            heads = self._say("ride_heads", count=sum(heads for _, heads in rides))
            yield _Row(name=self._say("rides"), detail="")
            yield self._row(self._say("ride_row"), heads, content=RideRow(rides))

    def _subtitle(self) -> str:
        days, refused = self._board.days, self._board.refused
        key = "span" if refused else "span_all"
        return self._say(key, first=days[0].spoken, last=days[-1].spoken, refused=refused)

    def _legend(self) -> str:
        kinds = dict.fromkeys(mark.kind for fair in self._board.fairs for mark in fair.marks)
        signs = self._say("and").join(
            self._say("sign_is", sign=self._say(f"sign.{kind}"), task=say_task(kind, locale=self._locale))
            for kind in kinds
        )
        return self._say("gantt_legend", signs=signs) if signs else self._say("gantt_legend_squads")

    def _say(self, key: str, **args: Value) -> str:
        return text(f"chart.{key}", locale=self._locale, **args)
