"""The rules of a squad's day that shut a visit out, and which of them forbids what somebody fixed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from planner.solvers.tours import Rule, find_slots
from planner.stages.tourmend import lawful_slots
from planner.stages.tourways import Bar

if TYPE_CHECKING:
    from planner.solvers.tours import Tour
    from planner.stages.tourdesk import TourDesk

_ALL: Final = 1 << 30


class SlotRule(StrEnum):
    """The first rule that a squad's day would break, in the order in which they are looked at."""

    NO_SQUAD = "no_squad"
    """The lock names a squad that the county does not have."""
    NO_DAY = "no_day"
    """The lock names a day on which no squad is out."""
    ROAD = "road"
    SKILL = "skill"
    """Or no recruiter of the firm rides along."""
    FAR = "far"
    OFF = "off"
    """The squad is not there, or rests."""
    CLOSED = "closed"
    """Outside the window, no market, or no broker."""
    SPACING = "spacing"
    FULL = "full"
    """As many visits as the squad makes in a day."""
    TIME = "time"
    DRIVE = "drive"
    OTHERS = "others"
    """There is room for it, or for others that were fixed too, but not for all."""


_RULES: Final = {
    Rule.OFF: SlotRule.OFF,
    Rule.CLOSED: SlotRule.CLOSED,
    Rule.SPACING: SlotRule.SPACING,
    Rule.FULL: SlotRule.FULL,
    Rule.ROAD: SlotRule.ROAD,
    Rule.TIME: SlotRule.TIME,
}
_BARS: Final = {Bar.ROAD: SlotRule.ROAD, Bar.SKILL: SlotRule.SKILL, Bar.FAR: SlotRule.FAR}
_RANK: Final = {rule: rank for rank, rule in enumerate(SlotRule)}


@dataclass(frozen=True, slots=True, kw_only=True)
class LockObstacle:
    """What forbids a visit that was fixed, and the other fixed visits that it meets there."""

    rule: SlotRule
    others: tuple[str, ...] = ()


def name_rule(desk: TourDesk, call: int, *, rule: Rule, squad: int) -> SlotRule:
    """Name the rule that the solver says: of squads that could never come it knows only that."""
    bar = desk.ways.bar(desk.district.squads[squad], desk.need(call))
    return _RULES[rule] if bar is None else _BARS[bar]


def find_lock_obstacle(desk: TourDesk, tours: tuple[Tour, ...], *, call: int) -> LockObstacle:
    """Find what forbids a fixed visit: of all that its lock allows, where it comes farthest."""
    asked = desk.problem.calls[call]
    if asked.squad is not None and asked.squad >= len(desk.district.squads):
        return LockObstacle(rule=SlotRule.NO_SQUAD)
    if asked.day is not None and asked.day >= len(desk.days):
        return LockObstacle(rule=SlotRule.NO_DAY)
    found = [
        (name_rule(desk, call, rule=rule, squad=squad), squad, day)
        for rule, squad, day in find_slots(desk.problem, tours, call=call, most=_ALL).refused
        if asked.squad in {None, squad} and asked.day in {None, day}
    ]
    spots = len(desk.district.squads if asked.squad is None else (asked.squad,))
    spots *= len(desk.days if asked.day is None else (asked.day,))
    if len(found) < spots:
        free = lawful_slots(desk.problem, tours, call=call, limit_s=desk.ways.drive_s)
        return LockObstacle(rule=SlotRule.OTHERS if free else SlotRule.DRIVE)
    rule, squad, day = max(found, key=lambda one: (_RANK[one[0]], -one[1], -one[2]))
    return LockObstacle(rule=rule, others=_others(desk, tours, rule=rule, at=(squad, day)))


def _others(
    desk: TourDesk, tours: tuple[Tour, ...], *, rule: SlotRule, at: tuple[int, int]
) -> tuple[str, ...]:
    """Fixed visits that the squad makes that day."""
    if rule not in {SlotRule.FULL, SlotRule.TIME}:
        return ()
    made = [desk.calls[call][0] for tour in tours if (tour.squad, tour.day) == at for call in tour.calls]
    return tuple(visit for visit in made if visit in desk.locks)
