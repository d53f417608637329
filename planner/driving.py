"""A long run as the law lets it be driven: who is at the wheel when, where it rests, where it stands.

The coach drives on until a limit stops it: a spell too long for the clock hour, a driver's hours in 24,
a meal, the standstill before dawn, a mountain road at night. What no stop can mend is refused, with the
rule and the figures. ``planner/check/driving.py`` judges the result and shares nothing with this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from enum import StrEnum
from typing import Final

from planner.errors import Arg
from planner.model.law import DrivingRules
from planner.model.places import Stretch
from planner.model.trunk import Doing, Movement

DAY_S: Final = 24 * 3600
_MOST_DRIVERS: Final = 4
_STEP_S: Final = 300
"""Between two starts that are tried."""
_FULL: Final = 100


class DrivingLimit(StrEnum):
    """The rule a run cannot keep, by its name in ``planner/check``, where its clause stands."""

    DAILY = "driving.daily"
    TWO_DRIVERS = "driving.two_drivers"
    SAME_DAY = "way.visit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A lawful run, second by second, in order and without gaps."""

    movements: tuple[Movement, ...]

    @property
    def start_s(self) -> int:
        """When it leaves."""
        return self.movements[0].start_s

    @property
    def arrive_s(self) -> int:
        """When it is there."""
        return self.movements[-1].end_s

    @property
    def stands(self) -> bool:
        """Whether it stands still for the night on the way."""
        return any(movement.doing is Doing.STAND for movement in self.movements)

    def driven_s(self, driver: int) -> int:
        """Seconds at the wheel of one of the crew, counted from 1."""
        return sum(m.end_s - m.start_s for m in self.movements if m.driver == driver)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a run cannot be driven so, and how many drivers would make it lawful (0: no number would)."""

    limit: DrivingLimit
    drivers_needed: int
    args: Mapping[str, Arg] = field(default_factory=dict[str, Arg])


def drive(
    stretches: Sequence[Stretch],
    *,
    start_s: int,
    drivers: int,
    rules: DrivingRules,
    before: Sequence[Movement] = (),
) -> Journey | Refusal:
    """Drive from ``start_s`` (seconds from a midnight); the drivers have done what ``before`` says."""
    needed = least_drivers(stretches, rules)
    figures: dict[str, Arg] = {
        "drivers": drivers,
        "km": sum(stretch.length_m for stretch in stretches) // 1000,
        "drive_min": sum(stretch.drive_s for stretch in stretches) // 60,
    }
    if drivers < 1 + _is_long(stretches, rules):
        return Refusal(limit=DrivingLimit.TWO_DRIVERS, drivers_needed=needed, args=figures)
    run = _Run(stretches, start_s=start_s, drivers=drivers, rules=rules, before=before)
    if run.go():
        return Journey(movements=tuple(_joined(run.made, rough=run.rough)))
    figures |= {"limit_min": rules.daily_min, "driven_min": run.driven_s // 60}
    enough = (
        more
        for more in range(drivers + 1, _MOST_DRIVERS + 1)
        if _Run(stretches, start_s=start_s, drivers=more, rules=rules, before=before).go()
    )
    return Refusal(limit=DrivingLimit.DAILY, drivers_needed=next(enough, 0), args=figures)


def least_drivers(stretches: Sequence[Stretch], rules: DrivingRules) -> int:
    """Drivers that the length and the hours of a run ask for, whenever it starts."""
    hours = -(-sum(stretch.drive_s for stretch in stretches) // (rules.daily_min * 60))
    return max(1 + _is_long(stretches, rules), hours)


def find_latest_start(
    stretches: Sequence[Stretch], *, before_s: int, drivers: int, rules: DrivingRules, stand: bool = False
) -> int | None:
    """The last start up to ``before_s``, within a day, that is lawful; without a night's stand unless asked.

    In steps of five minutes; None where there is none.
    """
    for start_s in range(before_s - before_s % _STEP_S, before_s - DAY_S, -_STEP_S):
        found = drive(stretches, start_s=start_s, drivers=drivers, rules=rules)
        if isinstance(found, Journey) and (stand or not found.stands):
            return start_s
    return None


def _is_long(stretches: Sequence[Stretch], rules: DrivingRules) -> bool:
    direct = all(stretch.expressway for stretch in stretches)
    most_km = rules.two_drivers_expressway_km if direct else rules.two_drivers_km
    return sum(stretch.length_m for stretch in stretches) > 1000 * most_km


def _joined(movements: Sequence[Movement], *, rough: Sequence[bool]) -> Iterator[Movement]:
    """Movements with neighbours alike made one; mountain roads stay apart, they have hours of their own."""
    held, was = movements[0], rough[0]
    for movement, is_rough in zip(movements[1:], rough[1:], strict=True):
        if (held.doing, held.driver, was) == (movement.doing, movement.driver, is_rough):
            held = replace(held, end_s=movement.end_s, metres=held.metres + movement.metres)
        else:
            yield held
            held, was = movement, is_rough
    yield held


class _Run:
    """A coach on its way: the clock, the spell, what is left, who has driven how long."""

    def __init__(
        self,
        stretches: Sequence[Stretch],
        *,
        start_s: int,
        drivers: int,
        rules: DrivingRules,
        before: Sequence[Movement],
    ) -> None:
        self.rules = rules
        self.before = before
        self.left = [(stretch, stretch.drive_s, stretch.length_m) for stretch in reversed(stretches)]
        self.must_stand = sum(s.length_m for s in stretches) > 1000 * rules.still_exempt_km
        self.now_s = self.spell_s = start_s
        self.drivers = drivers
        self.at_wheel = drivers
        """Nobody yet."""
        self.made: list[Movement] = []
        self.rough: list[bool] = []
        """Whether each is on a mountain road."""
        self.meals = [
            (_seconds(rules.lunch_from), _seconds(rules.lunch_to)),
            (_seconds(rules.supper_from), _seconds(rules.supper_to)),
        ]
        self.ate_s = start_s
        """Nobody is hungry who left within a meal's time."""

    @property
    def driven_s(self) -> int:
        """Seconds at the wheel of everybody."""
        return sum(m.end_s - m.start_s for m in self.made if m.doing is Doing.DRIVE)

    def go(self) -> bool:
        """Drive to the end; False where no driver may go on."""
        self._change()
        while self.left:
            if self._stand():
                continue
            until_s = min(self._spell_end_s(), self._meal_end_s(), self._night_end_s())
            allowed_s = self._allowed_s(self.at_wheel)
            if allowed_s <= 0:
                return False
            self._move(min(until_s, self.now_s + allowed_s))
            if self.left and (self.now_s >= until_s or self._allowed_s(self.at_wheel) <= 0):
                self._stop()
                self._change()
        return True

    def _move(self, until_s: int) -> None:
        """Drive to the end of a stretch, or until then."""
        stretch, drive_s, metres = self.left.pop()
        night = self._is_night(self.now_s)
        percent = self.rules.night_speed_percent if night else _FULL
        turn_s = _next(self.now_s, self.rules.night_to if night else self.rules.night_from)
        whole_s = -(-drive_s * _FULL // percent)
        spent_s = min(whole_s, max(until_s - self.now_s, 1), turn_s - self.now_s)
        done_s = drive_s if spent_s == whole_s else spent_s * percent // _FULL
        gone = metres if spent_s == whole_s else metres * done_s // drive_s
        if spent_s < whole_s:
            self.left.append((stretch, drive_s - done_s, metres - gone))
        self._add(Doing.DRIVE, spent_s, metres=gone, rough=stretch.mountain)

    def _add(self, doing: Doing, seconds: int, *, metres: int = 0, rough: bool = False) -> None:
        end_s = self.now_s + seconds
        driver = self.at_wheel + 1 if doing is Doing.DRIVE else 0
        self.made.append(Movement(doing=doing, start_s=self.now_s, end_s=end_s, metres=metres, driver=driver))
        self.rough.append(rough)
        self.now_s = end_s
        if doing is not Doing.DRIVE and seconds >= self.rules.rest_min * 60:
            self.spell_s = end_s

    def _stop(self) -> None:
        """Rest, or eat where it is time to."""
        for begins, ends in self.meals if self.rules.meal_min else ():
            clock = self.now_s % DAY_S
            if begins <= clock <= ends and self.ate_s < self.now_s - clock + begins:
                self._add(Doing.MEAL, 60 * max(self.rules.meal_min, self.rules.rest_min))
                self.ate_s = self.now_s
                return
        self._add(Doing.REST, 60 * self.rules.rest_min)

    def _change(self) -> None:
        """Let the one drive who may longest; another than before if two may as long."""
        self.at_wheel = max(
            range(self.drivers), key=lambda one: (self._allowed_s(one), one != self.at_wheel, -one)
        )

    def _stand(self) -> bool:
        """Stand still where the hour asks for it; whether it did."""
        still, again = self.rules.still_from, self.rules.still_to
        until = 0
        if self.must_stand and still != again and _is_between(self.now_s, begins=still, ends=again):
            until = _next(self.now_s, again) - self.now_s
        if self.left[-1][0].mountain and self._is_night(self.now_s):
            until = max(until, _next(self.now_s, self.rules.night_to) - self.now_s)
        if until:
            self._add(Doing.STAND, until)
            self._change()
        return until > 0

    def _spell_end_s(self) -> int:
        """The first second at which the spell is as long as its clock hour allows."""
        rules, at_s = self.rules, self.now_s
        while True:
            night = self._is_night(at_s)
            limit_s = 60 * (rules.night_spell_min if night else rules.day_spell_min)
            turn_s = _next(at_s, rules.night_to if night else rules.night_from)
            if max(self.spell_s + limit_s, at_s) < turn_s:
                return max(self.spell_s + limit_s, at_s)
            at_s = turn_s

    def _meal_end_s(self) -> int:
        """The end of the next time to eat; they stop then unless they ate before."""
        if not self.rules.meal_min:
            return self.now_s + DAY_S
        found: list[int] = []
        for begins, ends in self.meals:
            end_s = _next_s(self.now_s - 1, ends)
            if self.ate_s < end_s - ends + begins:
                found.append(end_s)
            else:
                found.append(end_s + DAY_S)
        return min(found)

    def _night_end_s(self) -> int:
        """The next second at which the coach may have to stand."""
        found = [self.now_s + DAY_S]
        if self.must_stand:
            found.append(_next(self.now_s, self.rules.still_from))
        if self.left[-1][0].mountain:
            found.append(_next(self.now_s, self.rules.night_from))
        return min(found)

    def _allowed_s(self, driver: int) -> int:
        """Seconds a driver may go on: the day's hours less those in the 24 h before."""
        since_s = self.now_s - DAY_S
        driven_s = sum(
            m.end_s - max(m.start_s, since_s)
            for m in (*self.before, *self.made)
            if m.driver == driver + 1 and m.end_s > since_s
        )
        return self.rules.daily_min * 60 - driven_s

    def _is_night(self, at_s: int) -> bool:
        return _is_between(at_s, begins=self.rules.night_from, ends=self.rules.night_to)


def _is_between(at_s: int, *, begins: time, ends: time) -> bool:
    """Whether a clock shows a time of a window, that may be over midnight; the same time twice: all day."""
    clock, first, last = at_s % DAY_S, _seconds(begins), _seconds(ends)
    return first <= clock < last if first < last else clock >= first or clock < last


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60


def _next(now_s: int, clock: time) -> int:
    """The next second after ``now_s`` that a clock shows a time."""
    return _next_s(now_s, _seconds(clock))


def _next_s(now_s: int, clock_s: int) -> int:
    ahead = (clock_s - now_s) % DAY_S
    return now_s + (ahead or DAY_S)
