"""Faults of the long run: hours, rests, nights, crews, roads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.unit.check.county import DIRECT, POOLED, ROAD, driver
from tests.unit.check.faults.table import plants, with_campaign, with_driving, written
from tests.unit.check.faults.trunk import with_run
from tests.unit.check.good_plan import clock, good_draft

if TYPE_CHECKING:
    from planner.model.trunk import Movement
    from tests.unit.check.faults.table import Broken
    from tests.unit.check.good_plan import Draft

_HOUR = 3600


def direct(draft: Draft | None = None, **changes: Any) -> Draft:
    """Decide something else about the direct coach, whose vehicle and drivers are then free for days."""
    draft = draft or good_draft()
    return draft.charter(POOLED, vehicle="t53#02", drivers=(driver(3), driver(4))).charter(DIRECT, **changes)


def on_plain(draft: Draft) -> Draft:
    """Let the road have no mountain."""
    stretches = tuple(replace(stretch, mountain=False) for stretch in ROAD)
    corridors = tuple(replace(corridor, stretches=stretches) for corridor in draft.campaign.corridors)
    return with_campaign(draft, corridors=corridors)


def _out(at: int, **changes: Any) -> Broken:
    """Change one movement of the way out, and nothing else."""

    def change(movements: tuple[Movement, ...]) -> tuple[Movement, ...]:
        return (*movements[:at], replace(movements[at], **changes), *movements[at + 1 :])

    return with_run(lambda run: replace(run, movements=change(run.movements)))


@plants("driving.gapless")
def twenty_minutes_that_nobody_knows_of() -> Broken:
    return with_run(lambda run: replace(run, movements=(run.movements[0], run.movements[2])))


@plants("driving.gapless")
def on_the_way_home_before_it_arrived() -> Broken:
    return written(direct(out=(3 * _HOUR,), back_s=clock(15, 10)))


@plants("driving.road")
def faster_than_by_day() -> Broken:
    return written(direct(slow_s=-60))


@plants("driving.road")
def kilometres_left_out() -> Broken:
    return _out(2, metres=200_000)


@plants("driving.road")
def moves_while_it_rests() -> Broken:
    return _out(1, metres=1_000)


@plants("driving.road")
def first_half_flown() -> Broken:
    def change(movements: tuple[Movement, ...]) -> tuple[Movement, ...]:
        first, rest, last = movements
        return (
            replace(first, metres=first.metres + 50_000),
            rest,
            replace(last, metres=last.metres - 50_000),
        )

    return with_run(lambda run: replace(run, movements=change(run.movements)))


@plants("driving.day_spell")
def long_morning_without_a_stop() -> Broken:
    return written(direct(out=()))


@plants("driving.day_spell")
def stop_that_is_no_rest() -> Broken:
    return written(with_driving(direct(), rest_min=21))


@plants("driving.night_spell")
def long_night_without_a_stop() -> Broken:
    return written(on_plain(direct(back_s=clock(20))))


@plants("driving.daily")
def one_driver_there_and_back() -> Broken:
    return written(direct(crew=(1,)))


@plants("driving.weekly")
def week_too_long_for_a_driver() -> Broken:
    return written(with_driving(good_draft(), weekly_min=9 * 60))


@plants("driving.mountain")
def over_the_mountain_at_night() -> Broken:
    return written(direct(back_s=clock(17, 30), back=(2 * _HOUR, _HOUR)))


@plants("driving.standstill")
def on_the_road_before_dawn() -> Broken:
    return written(direct(back_s=clock(1, 30, day=1), back=(2 * _HOUR, _HOUR)))


@plants("driving.crew")
def nobody_at_the_wheel() -> Broken:
    return _out(0, driver=0)


@plants("driving.crew")
def somebody_drives_a_coach_that_rests() -> Broken:
    return _out(1, driver=1)


@plants("driving.relay")
def somebody_takes_over_on_the_way() -> Broken:
    return _out(2, driver=3)


@plants("driving.two_drivers")
def alone_for_four_hundred_kilometres() -> Broken:
    return written(direct(drivers=(driver(1),), crew=(1,), back_s=clock(16, 20, day=1)))


@plants("driving.night_speed")
def as_fast_by_night_as_by_day() -> Broken:
    draft = on_plain(direct(back_s=clock(19), back=(2 * _HOUR, _HOUR * 3 // 2)))
    return written(with_driving(draft, night_speed_percent=80))
