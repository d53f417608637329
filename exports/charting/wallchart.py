"""The A3 wall chart (挂图作战): counted back from the fairs and the first departure, a map, the townships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exports.charting.board import say_task
from exports.charting.brush import (
    BAR,
    BLACK,
    BODY,
    HAIR,
    LABEL,
    LEAST,
    SECTION,
    WHITE,
    Brush,
    width_mm,
)
from exports.charting.fairmap import draw_fair_map
from exports.charting.rows import RideRow, Slot
from exports.charting.scale import Scale
from exports.charting.sheet import HEAD, LEFT, RIGHT, build_foot, fit_words, open_sheet
from exports.mapping.ink import add
from exports.mapping.paper import Box
from exports.words import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from exports.charting.board import Board, FairLine, TownBar
    from exports.charting.sheet import Foot
    from exports.mapping.ink import Element
    from exports.mapping.paper import Point
    from exports.words import Value
    from planner.model.agenda import TaskKind
    from planner.model.campaign import Campaign

_CHART_RIGHT: Final = 266.0
_LABEL_MM: Final = 37.0
_MAP_LEFT: Final = 272.0
_LINE: Final = 4.3
_RING: Final = 2.9
_LEVEL: Final = 6.2
_LEAST_ROW: Final = 9.6
_MOST_ROW: Final = 15.0
_LIST_ROW: Final = 5.7
_MOST_LISTED: Final = 24
_TOWN_ROW: Final = (10.5, 7.4)
_TOWN_COLUMNS: Final = (4, 5)
_TOWN_MM: Final = 25.0
_FIGURE_MM: Final = 7.0
_HEADING: Final = 9.0
_MOST_TOWNS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A row of the chart: who does what, how high at least, how it is drawn."""

    name: str
    who: str
    draw: Callable[[Slot], None]
    levels: int = 1

    @property
    def least(self) -> float:
        """Height it cannot do without, mm."""
        words = len(self.names) + bool(self.who)
        return max(_LEAST_ROW, self.levels * _LEVEL + 1, words * _LINE + 1)

    @property
    def names(self) -> list[str]:
        """The name in as many lines as it needs."""
        return fit_words(self.name, width=_LABEL_MM - 2, size=BODY, bold=True)


def draw_wall_chart(campaign: Campaign, board: Board, *, locale: str) -> Element:
    """Draw the sheet."""
    return _WallChart(campaign, board, locale=locale).draw()


class _WallChart:
    """One sheet of one board."""

    def __init__(self, campaign: Campaign, board: Board, *, locale: str) -> None:
        self._campaign, self._board, self._locale = campaign, board, locale
        self._scale = Scale(
            days=board.days,
            left=LEFT + _LABEL_MM,
            top=HEAD,
            width=_CHART_RIGHT - LEFT - _LABEL_MM,
            locale=locale,
            shade_markets=True,
        )
        self._foot: Foot = build_foot(campaign, self._legend(), stamp=board.stamp)
        self._root, self._brush = open_sheet(
            title=self._say("wall_title", campaign=campaign.name),
            subtitle=self._subtitle(),
            figures=self._figures(),
            locale=locale,
        )
        self._columns = _TOWN_COLUMNS[len(board.towns) > _MOST_TOWNS]
        rows = -(-len(board.towns) // self._columns)
        self._town_row = _TOWN_ROW[0] if rows * _TOWN_ROW[0] <= _TOWN_ROW[0] * 6 else _TOWN_ROW[1]
        towns = _HEADING + rows * self._town_row if rows else 0
        self._bottom = self._foot.top - 3 - towns

    def draw(self) -> Element:
        """Draw title, chart, map, list, townships, foot."""
        root = self._root
        self._draw_chart()
        listed = min(len(self._board.fairs), _MOST_LISTED)
        rows = -(-listed // 2)
        more = len(self._board.fairs) > listed
        below = (rows + more) * _LIST_ROW + 3 if rows else 0
        room = Box(_MAP_LEFT, HEAD, RIGHT - _MAP_LEFT, self._bottom - 4 - below - HEAD)
        draw_fair_map(root, self._campaign, fairs=self._board.fairs, box=room, locale=self._locale)
        self._brush = Brush(add(root, "g", id="below"))
        self._draw_list(self._board.fairs[:listed], top=room.bottom + 3)
        self._draw_towns()
        self._foot.draw(self._brush)
        return root

    def _draw_chart(self) -> None:
        brush, scale = self._brush, self._scale
        lines = [*self._lines()]
        room = self._bottom - 4 - scale.bottom
        spare = max(room - sum(line.least for line in lines), 0) / max(len(lines), 1)
        placed: list[tuple[_Line, Slot]] = []
        y = scale.bottom
        for line in lines:
            height = max(line.least, min(line.least + spare, _MOST_ROW))
            placed.append((line, Slot(top=y, height=height)))
            y += height
        scale.draw_shades(brush, y)
        scale.draw_grid(brush, y)
        scale.draw_head(brush)
        for line, slot in placed:
            self._write_label(line, slot)
            brush.line((LEFT, slot.bottom), (_CHART_RIGHT, slot.bottom), width=0.5, colour=HAIR)
        scale.draw_days_that_count(brush, y, rides=self._board.rides, peak=self._board.peak)
        for line, slot in placed:
            line.draw(slot)
        brush.line((LEFT, y), (_CHART_RIGHT, y), width=1.2)

    def _write_label(self, line: _Line, slot: Slot) -> None:
        whole = [(name, True) for name in line.names] + [(line.who, False)] * bool(line.who)
        y = slot.middle - len(whole) * _LINE / 2 + 3.3
        for place, (words, bold) in enumerate(whole):
            size, colour = (BODY, BLACK) if bold else (LEAST, LABEL)
            self._brush.words(words, (LEFT, y + place * _LINE), size=size, bold=bold, colour=colour)

    def _lines(self) -> Iterator[_Line]:
        board = self._board
        before, after = self._tasks()
        for kind, days in before:
            yield self._task_line(kind, days)
        if board.fairs:
            levels = self._levels()
            yield _Line(
                name=self._say("row_fairs"),
                who=self._say("by_office"),
                draw=lambda slot: self._draw_fairs(levels, slot=slot),
                levels=max(levels) + 1,
            )
        for kind, days in after:
            yield self._task_line(kind, days)
        if board.visits:
            who = self._say("by_squads", count=sum(1 for squad in board.squads if squad.outings))
            yield _Line(name=self._say("row_squads"), who=who, draw=self._draw_outings)
        if board.rides:
            heads = self._say("ride_heads", count=sum(heads for _, heads in board.rides))
            yield _Line(
                name=self._say("row_rides"),
                who=heads,
                draw=lambda slot: RideRow(board.rides).draw(self._scale, self._brush, slot=slot),
            )

    def _tasks(self) -> tuple[list[tuple[TaskKind, list[date]]], list[tuple[TaskKind, list[date]]]]:
        """Days on which each task is due, by how long before (or after) its fair."""
        due: dict[TaskKind, list[date]] = {}
        ahead: dict[TaskKind, int] = {}
        for fair in self._board.fairs:
            for mark in fair.marks:
                due.setdefault(mark.kind, []).append(mark.day)
                ahead[mark.kind] = max(
                    (fair.day - mark.day).days, ahead.get(mark.kind, mark.day.toordinal() * -1)
                )
        order = sorted(due, key=lambda kind: (-ahead[kind], kind))
        before = [(kind, due[kind]) for kind in order if ahead[kind] >= 0]
        return before, [(kind, due[kind]) for kind in order if ahead[kind] < 0]

    def _task_line(self, kind: TaskKind, days: Sequence[date]) -> _Line:
        return _Line(
            name=say_task(kind, locale=self._locale),
            who=self._say("tasks_of", count=len(days)),
            draw=lambda slot: self._draw_task(days, slot=slot),
        )

    def _draw_task(self, days: Sequence[date], *, slot: Slot) -> None:
        brush, scale, y = self._brush, self._scale, slot.middle
        brush.line((scale.middle(min(days)), y), (scale.middle(max(days)), y), width=1)
        for day in sorted(set(days)):
            brush.diamond((scale.middle(day), y), radius=1.9)

    def _levels(self) -> list[int]:
        """Which level each fair's ring stands on, so that none covers another."""
        ends: list[float] = []
        levels: list[int] = []
        for fair in self._board.fairs:
            x = self._scale.middle(fair.day)
            level = next((place for place, end in enumerate(ends) if end <= x - _RING), len(ends))
            ends[level : level + 1] = [x + _RING + 0.4]
            levels.append(level)
        return levels

    def _draw_fairs(self, levels: Sequence[int], *, slot: Slot) -> None:
        base = slot.middle - max(levels) * _LEVEL / 2
        for number, (fair, level) in enumerate(zip(self._board.fairs, levels, strict=True), 1):
            self._draw_ring(number, at=(self._scale.middle(fair.day), base + level * _LEVEL))

    def _draw_ring(self, number: int, *, at: Point, radius: float = _RING - 0.1) -> None:
        self._brush.ring(at, radius=radius, line=1.3)
        self._brush.words(str(number), (at[0], at[1] + 1.3), bold=True, anchor="middle")

    def _draw_outings(self, slot: Slot) -> None:
        days = {outing.day for squad in self._board.squads for outing in squad.outings}
        for day in sorted(days):
            box = Box(self._scale.x(day), slot.middle - 2, self._scale.step + 0.05, 4)
            self._brush.box(box, fill=BAR)

    def _draw_list(self, fairs: Sequence[FairLine], *, top: float) -> None:
        """Number, day and place of each fair, down the columns."""
        wide = (RIGHT - _MAP_LEFT) / 2
        rows = -(-len(fairs) // 2)
        for place, fair in enumerate(fairs):
            column, row = divmod(place, rows)
            x, y = _MAP_LEFT + column * wide, top + (row + 0.5) * _LIST_ROW
            self._draw_ring(place + 1, at=(x + _RING, y), radius=_RING - 0.35)
            self._brush.words(fair.when, (x + 2 * _RING + 1.5, y + 1.3), bold=True)
            left = 2 * _RING + 3 + width_mm(fair.when, LEAST, bold=True)
            where = fair.where if width_mm(fair.where, LEAST) <= wide - left - 1 else fair.town
            self._brush.words(where, (x + left, y + 1.3))
        if len(self._board.fairs) > len(fairs):
            words = self._say("more_fairs", count=len(self._board.fairs) - len(fairs))
            self._brush.words(words, (_MAP_LEFT, top + (rows + 0.7) * _LIST_ROW), colour=LABEL)

    def _draw_towns(self) -> None:
        towns = self._board.towns
        if not towns:
            return
        title = self._say("towns_visits" if self._board.towns_are_visits else "towns_heads")
        y = self._bottom + 4
        self._brush.words(title, (LEFT, y), size=SECTION, bold=True)
        self._brush.words(self._say("towns_note"), (RIGHT, y), anchor="end", colour=LABEL)
        wide = (RIGHT - LEFT) / self._columns
        for place, town in enumerate(towns):
            row, column = divmod(place, self._columns)
            top = self._bottom + _HEADING - 2 + row * self._town_row
            self._draw_town(town, left=LEFT + column * wide, top=top, wide=wide - 6)

    def _draw_town(self, town: TownBar, *, left: float, top: float, wide: float) -> None:
        """Name, bar, figures, and a box for today's in handwriting; bold where nothing is placed."""
        brush, middle = self._brush, top + self._town_row / 2
        empty = not town.done
        size = BODY if width_mm(town.name, BODY, bold=empty) <= _TOWN_MM else LEAST
        names = fit_words(town.name, width=_TOWN_MM, size=size, bold=empty)
        for place, name in enumerate(names):
            y = middle + 1.4 + (place - (len(names) - 1) / 2) * 3.9
            brush.words(name, (left, y), size=size, bold=empty)
        hand = Box(left + wide - 13, top + 0.8, 13, self._town_row - 1.6)
        figures = f" / {town.wanted}"
        end = hand.x - 1.5
        brush.words(figures, (end, middle + 1.4), anchor="end", size=BODY)
        x = end - width_mm(figures, BODY)
        brush.words(str(town.done), (x, middle + 1.4), anchor="end", size=BODY, bold=True)
        start = left + _TOWN_MM + 1.5
        room = x - max(width_mm(str(town.done), BODY, bold=True), _FIGURE_MM) - 1.5 - start
        bar = Box(start, middle - 2.1, room, 4.2)
        share = min(town.done / town.wanted, 1)
        brush.box(bar, fill=WHITE, line=0.8)
        if share:
            brush.box(Box(bar.x, bar.y, bar.width * share, bar.height), fill=BLACK)
        brush.box(hand, line=0.4)

    def _subtitle(self) -> str:
        rides = self._board.rides
        if not rides:
            return ""
        first = next((day for day in self._board.days if day.day == rides[0][0]), None)
        return self._say("wall_subtitle", day=f"{first.spoken} {first.lunar_name}") if first else ""

    def _figures(self) -> str:
        board = self._board
        parts = [self._say("wall_number_fairs", count=len(board.fairs))]
        parts.append(self._say("wall_number_visits", count=board.visits))
        parts.append(self._say("wall_number_heads", count=sum(heads for _, heads in board.rides)))
        return self._say("and").join(parts)

    def _legend(self) -> str:
        legend = self._say("wall_legend")
        if self._board.market_town:
            legend = self._say("wall_market", legend=legend, town=self._board.market_town)
        return self._say("wall_sketch", legend=legend)

    def _say(self, key: str, **args: Value) -> str:
        return text(f"chart.{key}", locale=self._locale, **args)
