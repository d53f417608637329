"""The law at its limits: lawful at the last second, unlawful one beyond."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest

from planner.check import check_plan
from planner.model.places import Scope, Stretch
from planner.model.trunk import Doing, Movement
from tests.unit.check.county import DAY_1, DIRECT, POOLED, driver
from tests.unit.check.faults.driving import direct, on_plain
from tests.unit.check.faults.papers import with_contract, with_crew, with_driver
from tests.unit.check.faults.table import with_campaign, with_driving, with_trunk
from tests.unit.check.faults.trunk import with_child, with_kind
from tests.unit.check.good_plan import clock, good_draft

if TYPE_CHECKING:
    from tests.unit.check.good_plan import Draft

_HOUR = 3600


def _broken(draft: Draft) -> str:
    rules = {found.rule for found in check_plan(draft.campaign, draft.write(), for_issue=True)}
    return " ".join(sorted(rules))


@pytest.mark.parametrize(("more_s", "broken"), [(0, ""), (1, "driving.day_spell")])
def test_four_hours_without_a_stop_by_day(more_s: int, broken: str) -> None:
    assert _broken(direct(out=(4 * _HOUR + more_s,))) == broken


@pytest.mark.parametrize(("rest_min", "broken"), [(20, ""), (21, "driving.day_spell")])
def test_a_stop_counts_when_it_is_long_enough(rest_min: int, broken: str) -> None:
    assert _broken(with_driving(direct(), rest_min=rest_min)) == broken


@pytest.mark.parametrize(("more_s", "broken"), [(0, ""), (1, "driving.night_spell")])
def test_two_hours_without_a_stop_by_night(more_s: int, broken: str) -> None:
    # The second spell begins at 22:50 and ends within the night.
    draft = on_plain(direct(back_s=clock(20, 30), back=(2 * _HOUR, 2 * _HOUR + more_s)))
    assert _broken(draft) == broken


@pytest.mark.parametrize(("minutes", "broken"), [(0, ""), (1, "driving.night_spell")])
def test_the_limit_is_that_of_the_clock_hour_whenever_the_spell_began(minutes: int, broken: str) -> None:
    # From 20:00 the two hours are over as night falls; a minute later it drives on into the night.
    spell = 2 * _HOUR + minutes * 60
    assert _broken(on_plain(direct(back_s=clock(20), back=(spell, 2 * _HOUR)))) == broken


@pytest.mark.parametrize(("minutes", "broken"), [(0, ""), (1, "driving.night_spell")])
def test_a_long_morning_may_begin_before_six(minutes: int, broken: str) -> None:
    # Two hours are over at 06:00 exactly; what comes after is day.
    start = clock(4, day=1) - minutes * 60
    assert (
        _broken(on_plain(with_driving(direct(back_s=start, back=(3 * _HOUR,)), still_to=time(3)))) == broken
    )


@pytest.mark.parametrize(("crew", "broken"), [((1, 2), ""), ((1,), "driving.daily")])
def test_eight_hours_in_any_day(crew: tuple[int, ...], broken: str) -> None:
    assert _broken(with_driving(direct(crew=crew), daily_min=480)) == broken


@pytest.mark.parametrize(("limit_min", "broken"), [(284, ""), (283, "driving.daily")])
def test_the_day_is_to_the_minute(limit_min: int, broken: str) -> None:
    # Each of the two drives 4:44 between ten and half past nine.
    assert _broken(with_driving(direct(), daily_min=limit_min)) == broken


@pytest.mark.parametrize(("sooner_s", "broken"), [(0, ""), (1, "driving.daily")])
def test_a_day_is_twenty_four_hours_from_the_wheel(sooner_s: int, broken: str) -> None:
    # Alone out and alone back a day later: 4:44 each, the one at most within 24 h of the other.
    draft = direct(crew=(1,), back_s=clock(10, 10, day=1) - sooner_s)
    assert _broken(with_driving(draft, daily_min=284)) == broken


@pytest.mark.parametrize(("days", "broken"), [(7, ""), (6, "driving.weekly")])
def test_a_week_is_seven_days(days: int, broken: str) -> None:
    # The way back, a week later: 4:44 out and 4:44 back by one driver.
    draft = direct(crew=(1,), back_s=clock(10, 10, day=days))
    assert _broken(with_driving(draft, weekly_min=300)) == broken


@pytest.mark.parametrize(("later_min", "broken"), [(0, ""), (1, "driving.mountain")])
def test_the_mountain_is_behind_when_night_falls(later_min: int, broken: str) -> None:
    draft = direct(back_s=clock(16, 36) + later_min * 60, back=(2 * _HOUR, _HOUR))
    assert draft.write().trunk_runs[0].end_s == clock(22, later_min)
    assert _broken(draft) == broken


def test_only_the_part_on_the_mountain_counts() -> None:
    # Out over the mountain by day, the same movement goes on into the night.
    draft = with_trunk(
        direct(out_s=clock(20), out=(2 * _HOUR, 2 * _HOUR), back_s=clock(6, day=1)), depart_latest=time(20)
    )
    draft = replace(draft, rounds=tuple(entry for entry in draft.rounds if entry.departure != DIRECT))
    found = {entry.rule for entry in check_plan(draft.campaign, draft.write())}
    assert "driving.mountain" not in found
    late = draft.charter(DIRECT, out_s=clock(21, 30))
    assert "driving.mountain" in {entry.rule for entry in check_plan(late.campaign, late.write())}


@pytest.mark.parametrize(("km", "broken"), [(420, ""), (419, "driving.standstill")])
def test_short_runs_may_drive_before_dawn(km: int, broken: str) -> None:
    draft = direct(back_s=clock(1, 30, day=1), back=(2 * _HOUR, _HOUR))
    assert _broken(with_driving(draft, still_exempt_km=km)) == broken


@pytest.mark.parametrize(("minutes", "broken"), [(0, ""), (1, "driving.standstill")])
def test_the_standstill_begins_at_two(minutes: int, broken: str) -> None:
    # Back from 00:00: two hours, then nothing before five; with a minute more it drives at two.
    draft = on_plain(direct(back_s=clock(0, minutes, day=1), back=(2 * _HOUR,)))
    plan = draft.write()
    first, rest, last = plan.trunk_runs[0].back
    wait_s = clock(5, day=1) - rest.end_s
    stand = Movement(doing=Doing.STAND, start_s=rest.start_s, end_s=rest.end_s + wait_s)
    moved = replace(last, start_s=last.start_s + wait_s, end_s=last.end_s + wait_s)
    run = replace(plan.trunk_runs[0], back=(first, stand, moved))
    found = check_plan(draft.campaign, replace(plan, trunk_runs=(run, plan.trunk_runs[1])))
    assert " ".join(entry.rule for entry in found if entry.rule.startswith("driving.")) == broken


@pytest.mark.parametrize(("km", "broken"), [(420, ""), (419, "driving.two_drivers")])
def test_two_drivers_beyond_a_length(km: int, broken: str) -> None:
    draft = direct(drivers=(driver(1),), crew=(1,), back_s=clock(16, 20, day=1))
    assert _broken(with_driving(draft, two_drivers_km=km)) == broken


@pytest.mark.parametrize(("expressway", "broken"), [(True, ""), (False, "driving.two_drivers")])
def test_all_of_the_way_must_be_expressway_for_the_longer_limit(expressway: bool, broken: str) -> None:  # noqa: FBT001
    draft = direct(drivers=(driver(1),), crew=(1,), back_s=clock(16, 20, day=1))
    (corridor,) = draft.campaign.corridors
    rough, fast = corridor.stretches
    stretches = (replace(rough, expressway=expressway), fast)
    draft = with_campaign(draft, corridors=(replace(corridor, stretches=stretches),))
    assert _broken(draft) == broken


@pytest.mark.parametrize(("percent", "broken"), [(100, ""), (80, "driving.night_speed")])
def test_nights_are_slower_where_the_county_says_so(percent: int, broken: str) -> None:
    draft = on_plain(direct(back_s=clock(19), back=(2 * _HOUR, _HOUR * 3 // 2)))
    assert _broken(with_driving(draft, night_speed_percent=percent)) == broken


@pytest.mark.parametrize(
    ("seats", "broken"), [(9, ""), (8, "trunk.children"), (7, "trunk.seats"), (6, "trunk.seats")]
)
def test_nine_people_one_of_them_small(seats: int, broken: str) -> None:
    assert _broken(with_kind(good_draft(), rated_seats=seats + 3)) == broken


@pytest.mark.parametrize(
    ("birth", "broken"), [(date(2020, 2, 15), "trunk.children"), (date(2020, 2, 14), "trunk.seats")]
)
def test_a_child_is_small_until_it_is_seven(birth: date, broken: str) -> None:
    assert _broken(with_child(with_kind(good_draft(), rated_seats=11), birth=birth)) == broken


@pytest.mark.parametrize(("rated", "broken"), [(10, "trunk.seats"), (11, "trunk.children")])
def test_a_tenth_of_the_rated_number_and_no_more(rated: int, broken: str) -> None:
    # Two adults with a small child each; in a coach rated for ten only one of them may be without a seat.
    family = {"p43": {"child": True, "birth": date(2022, 1, 1)}, "p44": {}}
    draft = with_kind(good_draft(), rated_seats=rated)
    entries = tuple(
        replace(entry, group="孙", **family[entry.id]) if entry.id in family else entry
        for entry in draft.campaign.registrations
    )
    draft = with_campaign(draft, registrations=entries)
    found = {entry.rule for entry in check_plan(draft.campaign, draft.write())}
    assert found & {"trunk.seats", "trunk.children"} == {broken}


def test_free_rows_are_not_for_children() -> None:
    draft = with_trunk(with_kind(good_draft(), rated_seats=15), reserved_rows=1)
    assert _broken(draft) == "trunk.seats"


@pytest.mark.parametrize(("signed", "broken"), [(DAY_1, ""), (DAY_1 + timedelta(days=1), "paper.contract")])
def test_signed_on_the_day_at_the_latest(signed: date, broken: str) -> None:
    assert _broken(with_contract(good_draft(), signed=signed)) == broken


@pytest.mark.parametrize(("heads", "broken"), [(9, ""), (10, ""), (8, "paper.heads")])
def test_the_contract_names_everybody(heads: int, broken: str) -> None:
    assert _broken(with_contract(good_draft(), signed_heads=heads)) == broken


@pytest.mark.parametrize(
    ("registered", "broken"), [("邵阳", ""), ("东莞", ""), ("莞城", ""), ("广州", "charter.home")]
)
def test_one_end_of_the_line_is_home(registered: str, broken: str) -> None:
    assert _broken(with_crew(good_draft(), registered=registered)) == broken


def test_an_order_of_the_authority_lets_a_coach_from_elsewhere_run() -> None:
    draft = with_crew(good_draft(), registered="凯里")
    draft = with_contract(
        with_contract(draft, emergency_order="省交应急〔2027〕3号"), POOLED, emergency_order="同上"
    )
    assert _broken(draft) == ""


@pytest.mark.parametrize(
    ("scope", "broken"), [(Scope.INTER_CITY, ""), (Scope.INTER_PROVINCE, "paper.filing")]
)
def test_only_charters_between_provinces_are_filed(scope: Scope, broken: str) -> None:
    draft = with_contract(good_draft(), filing_no="")
    cities = tuple(
        replace(entry, scope=scope) if entry.id == "dg" else entry for entry in draft.campaign.destinations
    )
    assert _broken(with_campaign(draft, destinations=cities)) == broken


@pytest.mark.parametrize(("until", "broken"), [(1, ""), (0, "paper.insurance")])
def test_insured_until_it_is_home_again(until: int, broken: str) -> None:
    assert _broken(with_crew(good_draft(), insured_until=DAY_1 + timedelta(days=until))) == broken


@pytest.mark.parametrize(("until", "broken"), [(1, ""), (0, "paper.departure")])
def test_qualified_until_it_is_home_again(until: int, broken: str) -> None:
    assert _broken(with_driver(good_draft(), qualified_until=DAY_1 + timedelta(days=until))) == broken


def test_the_day_it_is_home_counts_and_not_only_the_day_it_leaves() -> None:
    draft = direct(back_s=clock(16, 20, day=1))
    assert _broken(with_crew(draft, insured_until=DAY_1)) == "paper.insurance"


def test_a_road_of_many_parts_is_no_faster_than_each_of_them() -> None:
    slow, fast = Stretch(length_m=1_000, drive_s=600), Stretch(length_m=99_000, drive_s=3_000)
    draft = direct(out=(600,), back=(3_000,)).charter(POOLED, out=(600,), back=(3_000,))
    (corridor,) = draft.campaign.corridors
    draft = with_campaign(draft, corridors=(replace(corridor, stretches=(slow, fast)),))
    assert _broken(draft) == ""
    plan = draft.write()
    first, rest, last = plan.trunk_runs[0].movements
    wrong = (replace(first, metres=20_000), rest, replace(last, metres=80_000))
    runs = (replace(plan.trunk_runs[0], movements=wrong), plan.trunk_runs[1])
    found = check_plan(draft.campaign, replace(plan, trunk_runs=runs))
    assert [entry.rule for entry in found] == ["driving.road"]
