"""The days across a chart: where each stands, what stands above them, what is shaded below."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Final

from exports.charting.brush import BLACK, BODY, HAIR, LABEL, LEAST, WASH, width_mm
from exports.mapping.paper import Box
from exports.words import text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from exports.charting.board import DayHead
    from exports.charting.brush import Brush
    from exports.mapping.paper import Point

_DAILY_MM: Final = 4.9
"""From here on every day has its number; below only Mondays do."""
_LINE: Final = 4.4
_FIRST_HAN: Final = "\u4e00"
_HAN_PT: Final = 3.6
"""Height of a Han character of 10 pt, mm."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Days from ``left`` on, ``width`` mm in all; ``shade_markets`` washes the market days' columns."""

    days: Sequence[DayHead]
    left: float
    top: float
    width: float
    locale: str
    shade_markets: bool = False

    @cached_property
    def step(self) -> float:
        """Width of a day."""
        return self.width / len(self.days)

    @cached_property
    def daily(self) -> bool:
        """Whether there is room for every day's number."""
        return self.step >= _DAILY_MM

    @cached_property
    def bottom(self) -> float:
        """Where the rows begin."""
        return self.top + self._lunar_top + self._lunar_mm + 1 + (_LINE if self._marks_markets else 0)

    @cached_property
    def _marks_markets(self) -> bool:
        return self.shade_markets and any(day.market for day in self.days)

    @cached_property
    def _lunar_top(self) -> float:
        return 4.8 + _LINE * 2

    @cached_property
    def _lunar_mm(self) -> float:
        """Two characters stand over each other where two beside each other are wider than a day."""
        shown = self.days if self.daily else [day for day in self.days if day.strong]
        return _HAN_PT * 2 + 0.6 if any(map(self._stacks, shown)) else _LINE

    def _stacks(self, day: DayHead) -> bool:
        """Han characters may stand over each other, figures may not."""
        return day.lunar[0] >= _FIRST_HAN and width_mm(day.lunar, LEAST, bold=day.strong) > self.step

    def x(self, day: date) -> float:
        """Left edge of a day."""
        return self.left + (day - self.days[0].day).days * self.step

    def middle(self, day: date) -> float:
        """Middle of a day."""
        return self.x(day) + self.step / 2

    def draw_shades(self, brush: Brush, bottom: float) -> None:
        """Wash market days and hatch holidays, from the head down to ``bottom``."""
        for day in self.days:
            if self._marks_markets and day.market:
                self.wash(brush, day.day, top=self.top + 4.8, bottom=bottom)
            if day.holiday:
                brush.hatch(Box(self.x(day.day), self.bottom, self.step, bottom - self.bottom))

    def wash(self, brush: Brush, day: date, *, top: float, bottom: float) -> None:
        """Wash a day between two heights."""
        brush.box(Box(self.x(day), top, self.step, bottom - top), fill=WASH)

    def draw_days_that_count(
        self, brush: Brush, bottom: float, *, rides: Sequence[tuple[date, int]], peak: date | None
    ) -> None:
        """Draw a thick line before the first departure, a dashed one at the peak."""
        first, last = self.days[0].day, self.days[-1].day
        if rides:
            x = self.x(rides[0][0])
            brush.line((x, self.bottom), (x, bottom), width=1.8)
        if peak is not None and first <= peak <= last:
            x = self.middle(peak)
            brush.line((x, self.bottom), (x, bottom), width=1.2, dash="6 4")

    def draw_grid(self, brush: Brush, bottom: float) -> None:
        """Draw a thin line before each day, or before each Monday where days are narrow."""
        for day in self.days[1:]:
            if self.daily or day.day.isoweekday() == 1:
                x = self.x(day.day)
                brush.line((x, self.bottom), (x, bottom), width=0.5, colour=HAIR)

    def draw_head(self, brush: Brush) -> None:
        """Write months, days, weekdays, lunar days, markets, holidays."""
        self._write_months(brush)
        for name, days in groupby(self.days, key=lambda day: day.holiday):
            if name:
                self._draw_holiday(brush, name, days=[*days])
        for day in self.days:
            if self.daily:
                self._head_day(brush, day)
            elif day.day.isoweekday() == 1:
                self._head_week(brush, day)
            if self.daily or (day.strong and not self._crowded(day)):
                self._write_lunar(brush, day)
        if self._marks_markets:
            self._write_markets(brush)
        brush.line((self.left, self.bottom), (self.left + self.width, self.bottom), width=0.6)

    def _write_months(self, brush: Brush) -> None:
        """Each where it begins; the first, of a few days only, makes way for the next."""
        named = [day for day in self.days if day.month]
        starts = [self.x(day.day) + 0.4 for day in named]
        for day, x, follower in zip(named, starts, [*starts[1:], math.inf], strict=True):
            if x + width_mm(day.month, BODY, bold=True) + 1 < follower:
                brush.words(day.month, (x, self.top + 3.6), size=BODY, bold=True)

    def _write_markets(self, brush: Brush) -> None:
        """A sign over each market day; of two days closer than a character the first has it."""
        end = -math.inf
        words = text("chart.market_sign", locale=self.locale)
        half = width_mm(words, LEAST, bold=True) / 2
        for day in self.days:
            middle = self.middle(day.day)
            if day.market and middle - half >= end - 0.1:
                self._write(brush, words, at=(middle, self.bottom - 1.2), bold=True)
                end = middle + half

    def _head_day(self, brush: Brush, day: DayHead) -> None:
        x, y = self.middle(day.day), self.top + 8.4
        self._write(brush, day.number, at=(x, y), bold=True)
        self._write(brush, day.weekday, at=(x, y + _LINE), bold=day.weekend)

    def _head_week(self, brush: Brush, day: DayHead) -> None:
        """Monday's number and its lunar date, as far as the week reaches."""
        x, y = self.x(day.day) + 0.4, self.top + 8.4
        brush.words(day.number, (x, y), bold=True)
        if x + width_mm(day.lunar_name, LEAST) <= self.left + self.width + 2:
            brush.words(day.lunar_name, (x, y + _LINE), colour=LABEL)

    def _crowded(self, day: DayHead) -> bool:
        """The eve where days are narrower than a character: the next one has its name as well."""
        number = (day.day - self.days[0].day).days + 1
        return self.step < _HAN_PT and number < len(self.days) and self.days[number].strong

    def _write(self, brush: Brush, words: str, *, at: Point, bold: bool = False) -> None:
        colour = BLACK if bold else LABEL
        brush.words(words, at, bold=bold, anchor="middle", colour=colour)

    def _write_lunar(self, brush: Brush, day: DayHead) -> None:
        x, y = self.middle(day.day), self.top + self._lunar_top + 3.4
        if not self._stacks(day):
            self._write(brush, day.lunar, at=(x, y), bold=day.strong)
            return
        for place, char in enumerate(day.lunar):
            self._write(brush, char, at=(x, y + place * _HAN_PT), bold=day.strong)

    def _draw_holiday(self, brush: Brush, name: str, *, days: list[DayHead]) -> None:
        """Bracket a holiday over its days, in the line of the months."""
        left, right = self.x(days[0].day), self.x(days[-1].day) + self.step
        words = text("chart.holiday", locale=self.locale, name=name)
        brush.line((left + 0.4, self.top + 4.3), (right - 0.4, self.top + 4.3), width=1.2)
        indent = max((width_mm(day.month, BODY, bold=True) + 1.5 for day in days[:1] if day.month), default=0)
        brush.words(words, (left + 0.4 + indent, self.top + 3.4), bold=True)
