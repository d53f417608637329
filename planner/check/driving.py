"""Long runs: hours at the wheel, rests, nights and crews, from the movements and the county's road alone.

Each driver's hours are added up over all runs, the ways back too. A spell is the time a coach moves without
a stop of 20 min; the limit of the clock hour applies (domain R1, R2).
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule
from planner.check.writing import write_hours
from planner.model import law
from planner.model.trunk import Doing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import time

    from planner.check.case import Case
    from planner.check.haul import Haul
    from planner.errors import Arg
    from planner.model.fleet import DriverId
    from planner.model.law import DrivingRules
    from planner.model.places import Stretch
    from planner.model.trunk import Movement

_DAY_S: Final = 24 * 3600
_WEEK_S: Final = 7 * _DAY_S
_METRES: Final = 1000
_ROUNDING_S: Final = 60
"""Whole seconds may make a night this much faster."""
_PACE_S: Final = 10
"""Whole metres may make one movement this much faster."""


def find_long_spells_by_day(case: Case) -> Iterator[Finding]:
    """Require that by day a coach stops for 20 min after 4 h at most (domain R1)."""
    yield from _long_spells(case, night=False)


def find_long_spells_by_night(case: Case) -> Iterator[Finding]:
    """Require that from 22:00 to 06:00 a coach stops for 20 min after 2 h at most (domain R2)."""
    yield from _long_spells(case, night=True)


def find_long_days(case: Case) -> Iterator[Finding]:
    """Require that no driver is at the wheel more than 8 h in any 24 h (domain R3)."""
    yield from _overworked(case, within_s=_DAY_S, limit_s=case.driving.daily_min * 60)


def find_long_weeks(case: Case) -> Iterator[Finding]:
    """Require that no driver is at the wheel more than 44 h in any 7 days (domain R4)."""
    yield from _overworked(case, within_s=_WEEK_S, limit_s=case.driving.weekly_min * 60)


def find_night_mountains(case: Case) -> Iterator[Finding]:
    """Require that nobody drives a mountain road that is unsafe at night from 22:00 to 06:00 (domain R5)."""
    rules = case.driving
    for haul in case.hauls:
        for movements, stretches in haul.ways():
            gone_m = 0
            for movement in movements:
                there = _times_on_mountains(movement, gone_m=gone_m, stretches=stretches)
                gone_m += movement.metres
                if any(_within_hours(*when, begins=rules.night_from, ends=rules.night_to) for when in there):
                    yield _finding(haul, {"start": case.clock(movement.start_s)})
                    break


def find_running_before_dawn(case: Case) -> Iterator[Finding]:
    """Require that a run of more than 200 km stands still from 02:00 to 05:00 (domain R6, R7)."""
    rules = case.driving
    for haul in case.hauls:
        for movements, stretches in haul.ways():
            if sum(stretch.length_m for stretch in stretches) <= rules.still_exempt_km * _METRES:
                continue
            for movement in movements:
                driving = movement.doing is Doing.DRIVE
                if driving and _overlap(movement, begins=rules.still_from, ends=rules.still_to) > 0:
                    figures: dict[str, Arg] = {
                        "start": case.clock(movement.start_s),
                        "end": case.clock(movement.end_s),
                        "still": f"{rules.still_from:%H:%M}",
                        "again": f"{rules.still_to:%H:%M}",
                    }
                    yield _finding(haul, figures)
                    break


def find_misplaced_drivers(case: Case) -> Iterator[Finding]:
    """Require that one of the crew drives when the coach moves, and nobody when it stands."""
    for haul in case.hauls:
        for movement in haul.all_movements:
            driving = movement.doing is Doing.DRIVE
            wrong = movement.driver < 1 if driving else movement.driver != 0
            if wrong:
                figures: dict[str, Arg] = {"driver": movement.driver, "start": case.clock(movement.start_s)}
                yield _finding(haul, figures)
                break


def find_relays(case: Case) -> Iterator[Finding]:
    """Require that whoever drives is of the crew that is on board from the start (domain R8).

    The hours of somebody who takes over on the way cannot be added up here: who allows it answers for them.
    """
    for haul in case.hauls:
        for movement in haul.all_movements:
            if movement.doing is Doing.DRIVE and movement.driver > len(haul.run.drivers):
                figures: dict[str, Arg] = {"driver": movement.driver, "drivers": len(haul.run.drivers)}
                yield _finding(haul, {**figures, "start": case.clock(movement.start_s)})
                break


def find_single_drivers(case: Case) -> Iterator[Finding]:
    """Require that there are two drivers beyond 400 km one way, 600 km if all of it is expressway (R9)."""
    rules = case.driving
    for haul in case.hauls:
        stretches = haul.stretches
        direct = all(stretch.expressway for stretch in stretches)
        limit_km = rules.two_drivers_expressway_km if direct else rules.two_drivers_km
        metres = sum(stretch.length_m for stretch in stretches)
        if metres > limit_km * _METRES and len(haul.run.drivers) == 1:
            yield _finding(haul, {"km": metres // _METRES, "limit_km": limit_km})


def find_fast_nights(case: Case) -> Iterator[Finding]:
    """Require that at night nobody plans with more than the county's share of the day's speed (R10)."""
    rules = case.driving
    for haul in case.hauls:
        for movements, stretches in haul.ways():
            day_s = sum(stretch.drive_s for stretch in stretches)
            driven = [movement for movement in movements if movement.doing is Doing.DRIVE]
            drive_s = sum(movement.end_s - movement.start_s for movement in driven)
            night_s = sum(
                _overlap(movement, begins=rules.night_from, ends=rules.night_to) for movement in driven
            )
            worth_s = drive_s - night_s * (100 - rules.night_speed_percent) // 100
            if drive_s >= day_s > worth_s + _ROUNDING_S:
                percent = rules.night_speed_percent
                yield _finding(haul, {"night": write_hours(night_s), "percent": percent})
                break


def find_wrong_roads(case: Case) -> Iterator[Finding]:
    """Require that the movements of each way are the whole road, no part of it faster than by day."""
    for haul in case.hauls:
        for movements, stretches in haul.ways():
            driven = [movement for movement in movements if movement.doing is Doing.DRIVE]
            metres = sum(movement.metres for movement in driven)
            right_m = sum(stretch.length_m for stretch in stretches)
            drive_s = sum(movement.end_s - movement.start_s for movement in driven)
            right_s = sum(stretch.drive_s for stretch in stretches)
            wrong = metres != right_m or drive_s < right_s
            if wrong or not _is_steady(movements, stretches=stretches):
                figures: dict[str, Arg] = {"km": metres // _METRES, "right_km": right_m // _METRES}
                figures |= {"drive": write_hours(drive_s), "right": write_hours(right_s)}
                yield _finding(haul, figures)
                break


def find_gaps(case: Case) -> Iterator[Finding]:
    """Require that movements follow one another without a gap, and the way back comes after the way out."""
    for haul in case.hauls:
        out, back = haul.run.movements, haul.run.back
        pairs = [*pairwise(out), *pairwise(back)]
        broken = [after for before, after in pairs if before.end_s != after.start_s]
        broken += [movement for movement in haul.all_movements if movement.end_s <= movement.start_s]
        if out and back and back[0].start_s < out[-1].end_s:
            broken.append(back[0])
        if broken:
            yield _finding(haul, {"start": case.clock(broken[0].start_s)})


def _is_steady(movements: Sequence[Movement], *, stretches: Sequence[Stretch]) -> bool:
    """Whether no movement goes backwards, moves while standing, or is faster than its part of the road."""
    gone_m = 0
    for movement in movements:
        before_s, gone_m = _reached_s(stretches, gone_m), gone_m + movement.metres
        if movement.metres < 0 or (movement.metres and movement.doing is not Doing.DRIVE):
            return False
        if _reached_s(stretches, gone_m) - before_s > movement.end_s - movement.start_s + _PACE_S:
            return False
    return True


def _reached_s(stretches: Sequence[Stretch], at_m: int) -> int:
    """Seconds at the wheel, by day, until so many metres are gone."""
    total_s = 0
    for stretch in stretches:
        if at_m < stretch.length_m:
            return total_s + max(at_m, 0) * stretch.drive_s // stretch.length_m
        total_s, at_m = total_s + stretch.drive_s, at_m - stretch.length_m
    return total_s


def _times_on_mountains(
    movement: Movement, *, gone_m: int, stretches: Sequence[Stretch]
) -> Iterator[tuple[int, int]]:
    """When a movement is on mountain roads, from and to, if it keeps the pace of the day throughout."""
    if movement.doing is not Doing.DRIVE or movement.end_s <= movement.start_s:
        return
    until_m, begin_m = gone_m + movement.metres, 0
    first_s = _reached_s(stretches, gone_m)
    paced_s = max(_reached_s(stretches, until_m) - first_s, 1)
    for stretch in stretches:
        end_m = begin_m + stretch.length_m
        if stretch.mountain and begin_m < until_m and gone_m < end_m:
            long_s = movement.end_s - movement.start_s
            there_s = _reached_s(stretches, max(begin_m, gone_m)) - first_s
            gone_s = _reached_s(stretches, min(end_m, until_m)) - first_s
            yield (
                movement.start_s - -there_s * long_s // paced_s,
                movement.start_s + gone_s * long_s // paced_s,
            )
        begin_m = end_m


def _long_spells(case: Case, *, night: bool) -> Iterator[Finding]:
    rules = case.driving
    limit_s = 60 * (rules.night_spell_min if night else rules.day_spell_min)
    for haul in case.hauls:
        for begin_s, moving in haul.spells(rest_s=rules.rest_min * 60):
            last = [_last_moment(movement, rules, night=night) for movement in moving]
            spell_s = max((at - begin_s for at in last if at is not None), default=0)
            if spell_s > limit_s:
                figures: dict[str, Arg] = {"start": case.clock(begin_s), "limit": write_hours(limit_s)}
                yield _finding(haul, {**figures, "spell": write_hours(spell_s)})
                break


def _last_moment(movement: Movement, rules: DrivingRules, *, night: bool) -> int | None:
    """The end of the last part of a movement that lies in the night, or outside it."""
    begins, ends = _seconds(rules.night_from), _seconds(rules.night_to)
    last = movement.end_s - 1
    if last < movement.start_s:
        return None
    if _is_night(last, begins=begins, ends=ends) == night:
        return movement.end_s
    turn = last - (last - (ends if night else begins)) % _DAY_S
    return turn if turn > movement.start_s and begins != ends else None


def _is_night(at_s: int, *, begins: int, ends: int) -> bool:
    clock = at_s % _DAY_S
    return begins <= clock < ends if begins < ends else clock >= begins or clock < ends


def _overworked(case: Case, *, within_s: int, limit_s: int) -> Iterator[Finding]:
    by_driver: dict[DriverId, list[tuple[int, int, Haul]]] = defaultdict(list)
    for haul in case.hauls:
        for movement in haul.all_movements:
            if movement.doing is Doing.DRIVE and 1 <= movement.driver <= len(haul.run.drivers):
                by_driver[haul.run.drivers[movement.driver - 1]].append(
                    (movement.start_s, movement.end_s, haul)
                )
    for driver, driven in sorted(by_driver.items()):
        worst = max(
            (
                (_within(driven, begin_s=end_s - within_s, end_s=end_s), end_s, haul.item, haul)
                for _, end_s, haul in driven
            ),
            key=lambda one: one[:3],
        )
        if worst[0] > limit_s:
            figures: dict[str, Arg] = {"drive": write_hours(worst[0]), "limit": write_hours(limit_s)}
            yield _finding(worst[3], {"driver": driver, **figures})


def _within(driven: Sequence[tuple[int, int, Haul]], *, begin_s: int, end_s: int) -> int:
    """Seconds at the wheel between two moments; the worst window ends with a movement."""
    return sum(max(min(end, end_s) - max(start, begin_s), 0) for start, end, _ in driven)


def _overlap(movement: Movement, *, begins: time, ends: time) -> int:
    """Seconds of a movement between two clock times, on any day."""
    return _within_hours(movement.start_s, movement.end_s, begins=begins, ends=ends)


def _within_hours(start_s: int, end_s: int, *, begins: time, ends: time) -> int:
    """Seconds from one moment to another between two clock times; in one step, however long it is."""
    first, last = _seconds(begins), _seconds(ends)
    early, late = min(first, last), max(first, last)

    def until(at_s: int) -> int:
        days, clock = divmod(at_s, _DAY_S)
        return days * (late - early) + min(max(clock - early, 0), late - early)

    between_s = until(end_s) - until(start_s)
    return max(between_s if first < last else end_s - start_s - between_s, 0)


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def _finding(haul: Haul, figures: dict[str, Arg]) -> Finding:
    return Finding(haul.item, {"departure": haul.name, "vehicle": haul.run.vehicle_id, **figures})


RULES: Final = (
    Rule("driving.gapless", "", find_gaps, whole=True),
    Rule("driving.road", "", find_wrong_roads, whole=True),
    Rule("driving.day_spell", law.SPELL_LAW, find_long_spells_by_day, whole=True),
    Rule("driving.night_spell", law.NIGHT_SPELL_LAW, find_long_spells_by_night, whole=True),
    Rule("driving.daily", law.DAILY_LAW, find_long_days, whole=True),
    Rule("driving.weekly", law.WEEKLY_LAW, find_long_weeks, whole=True),
    Rule("driving.mountain", law.MOUNTAIN_LAW, find_night_mountains, whole=True),
    Rule("driving.standstill", law.STILL_LAW, find_running_before_dawn, whole=True),
    Rule("driving.crew", "", find_misplaced_drivers, whole=True),
    Rule("driving.relay", law.RELAY_LAW, find_relays, waivable=True, whole=True),
    Rule("driving.two_drivers", law.TWO_DRIVERS_LAW, find_single_drivers, whole=True),
    Rule("driving.night_speed", law.NIGHT_SPEED_LAW, find_fast_nights, whole=True),
)
