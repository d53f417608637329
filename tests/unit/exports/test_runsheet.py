"""What the driver reads: times, places, heads, hours, and what to do when late."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exports.dossier import Dossier
from exports.hours import read_wheel
from exports.lateplan import find_fallback, find_helper
from exports.runsheet import build_run_sheet
from planner.model.campaign import Campaign
from planner.model.plan import Plan, Route
from tests.builders import tiny_campaign, tiny_plan
from tests.unit.exports.sample import LATER_TRAIN, NOW, sample_dossier

VAN, COACH = 0, 1
_HOUR_S = 3600


def _dossier(*, campaign: Campaign | None = None, plan: Plan | None = None) -> Dossier:
    return Dossier(campaign or tiny_campaign(), plan or tiny_plan(), locale="zh_CN", now=NOW)


def _two_rounds() -> Dossier:
    """Let the van make the coach's run its second round, an hour later."""
    plan = tiny_plan()
    first, other = plan.routes
    later = [_shift(stop.arrive_s, stop.depart_s) for stop in other.stops]
    second = replace(
        other,
        vehicle_id=first.vehicle_id,
        round=2,
        start_place_id=first.stops[-1].place_id,
        start_s=other.start_s + 2 * _HOUR_S,
        stops=tuple(
            replace(stop, arrive_s=times[0], depart_s=times[1])
            for stop, times in zip(other.stops, later, strict=True)
        ),
    )
    return _dossier(plan=replace(plan, routes=(first, second)))


def _shift(*times: int) -> tuple[int, ...]:
    return tuple(each + 2 * _HOUR_S for each in times)


def _with_rest(route: Route) -> Route:
    first, *others = route.stops
    rested = replace(first, arrive_s=first.arrive_s - 1200, rest_s=1200)
    return replace(route, start_s=route.start_s - 1200, stops=(rested, *others))


def test_heads_and_kilometres_add_up_along_the_way() -> None:
    dossier = _dossier()
    rows = build_run_sheet(dossier, dossier.routes[VAN]).rows
    assert [(row.time, row.place, row.on, row.off, row.aboard, row.km) for row in rows] == [
        ("08:35", "县汽车站后院", "", "", 0, 0),
        ("08:53", "枫树村 村口老枫树下", "3", "", 3, 11),
        ("09:04", "高岭村 卫生室门口", "3", "", 6, 16),
        ("09:30", "示例站 站前广场东侧", "", "6", 0, 31),
    ]
    assert [row.washed for row in rows] == [False, False, False, True]


def test_each_stop_says_when_to_go_on_what_to_heed_and_whom_to_call() -> None:
    dossier = _dossier()
    stop = build_run_sheet(dossier, dossier.routes[VAN]).rows[1]
    assert (stop.leave, stop.hint) == ("08:54 开", "村口桥窄,会车让行")
    assert (stop.contact, stop.contact_phone) == ("唐桂英", "169 0000 0101")


def test_a_rest_is_a_row_of_its_own_before_boarding() -> None:
    plan = tiny_plan()
    plan = replace(plan, routes=(_with_rest(plan.routes[VAN]), plan.routes[COACH]))
    dossier = _dossier(plan=plan)
    _, rest, stop, *_ = build_run_sheet(dossier, dossier.routes[VAN]).rows
    assert (rest.time, rest.place, rest.hint) == ("08:33", "枫树村 · 停车休息", "休息 ≥ 20 分钟，08:53 上客")
    assert (rest.aboard, rest.washed, rest.contact_phone) == (0, True, "0:19")
    assert (stop.time, stop.on, stop.aboard) == ("08:53", "3", 3)


def test_rounds_of_one_vehicle_point_at_each_other() -> None:
    dossier = _two_rounds()
    first, second = (build_run_sheet(dossier, route) for route in dossier.routes)
    assert first.head.badge_note == "本车第 1 / 2 趟"
    assert first.rows[-1].hint == "交接后接 2 号车，10:54 出车"
    assert second.head.badge_note == "本车第 2 / 2 趟"
    assert second.rows[0].hint == "09:30 跑完 1 号车接着跑"
    assert second.rows[0].place == "示例站"


def test_a_single_round_is_not_mentioned() -> None:
    dossier = _dossier()
    assert build_run_sheet(dossier, dossier.routes[VAN]).head.badge_note == ""


def test_the_hours_line_gives_each_figure_with_its_limit() -> None:
    dossier = _dossier()
    hours = build_run_sheet(dossier, dossier.routes[VAN]).hours
    assert [(figure.label, figure.value, figure.rest) for figure in hours] == [
        ("最长乘车", "0:36", "（限 2:00）"),
        ("最长连续驾驶", "0:53", "（限 4:00）"),
        ("当日驾驶", "0:53", "（限 8:00）"),
        ("全程", "31", " 公里，其中山区四级路 11 公里"),
    ]


def test_a_rest_of_twenty_minutes_starts_the_count_at_the_wheel_again() -> None:
    plan = tiny_plan()
    plain = _dossier(plan=plan)
    rested = _dossier(plan=replace(plan, routes=(_with_rest(plan.routes[VAN]), plan.routes[COACH])))
    before = read_wheel(plain, plain.routes[VAN])
    after = read_wheel(rested, rested.routes[VAN])
    assert before.unbroken_s == (32_004 - 30_904) + 600 + (34_200 - 32_760)
    assert after.unbroken_s == 600 + (34_200 - 32_760)
    assert after.day_s == before.day_s


def test_the_day_at_the_wheel_counts_every_round() -> None:
    dossier = _two_rounds()
    first, second = (read_wheel(dossier, route) for route in dossier.routes)
    assert first.day_s == second.day_s == 3_140 + 2_020


def test_needs_and_numbers_of_passengers_stay_off_the_run_sheet() -> None:
    dossier = _dossier()
    shown = str(build_run_sheet(dossier, dossier.routes[COACH]))
    assert "晕车" not in shown
    assert not any(person.document_number in shown for person in dossier.campaign.registrations)


def test_late_advice_names_the_times_of_this_departure() -> None:
    dossier = _dossier()
    whens = [advice.when for advice in build_run_sheet(dossier, dossier.routes[VAN]).late]
    assert whens == ["晚 10 分钟", "09:40 后到", "10:35 未到", "车坏了"]


def test_the_fallback_is_the_next_departure_that_calls_at_all_stops_wanted() -> None:
    dossier = sample_dossier()
    found = find_fallback(dossier, dossier.routes[0])
    assert found is not None
    assert found.id == LATER_TRAIN
    advice = build_run_sheet(dossier, dossier.routes[0]).late[2]
    assert advice.act == "不进站，原地等调度。可改乘 G9805次 12:40 开，还余 20 座。"


@pytest.mark.parametrize("spoilt", ["calls", "origin_id"])
def test_a_departure_that_goes_elsewhere_is_no_fallback(spoilt: str) -> None:
    dossier = sample_dossier()
    later = dossier.departures[LATER_TRAIN]
    other = (
        replace(later, calls=later.calls[:1]) if spoilt == "calls" else replace(later, origin_id="dp-shili")
    )
    campaign = replace(dossier.campaign, departures=(*dossier.ridden, other))
    changed = Dossier(campaign, dossier.plan, locale="zh_CN", now=NOW)
    assert find_fallback(changed, changed.routes[0]) is None
    assert "没有同去向的车" in build_run_sheet(changed, changed.routes[0]).late[2].act


def test_a_fallback_without_seats_says_so() -> None:
    dossier = sample_dossier()
    full = replace(dossier.departures[LATER_TRAIN], quota=0)
    campaign = replace(dossier.campaign, departures=(*dossier.ridden, full))
    changed = Dossier(campaign, dossier.plan, locale="zh_CN", now=NOW)
    assert build_run_sheet(changed, changed.routes[0]).late[2].act.endswith("已无余座。")


def test_help_comes_from_the_nearest_other_vehicle_on_the_road() -> None:
    dossier = _dossier()
    found = find_helper(dossier, dossier.routes[VAN])
    assert found is not None
    run, stop = found
    assert (run.run, stop.place_id) == (2, dossier.routes[COACH].stops[0].place_id)


def test_a_vehicle_does_not_help_itself() -> None:
    dossier = _two_rounds()
    assert find_helper(dossier, dossier.routes[0]) is None
    assert build_run_sheet(dossier, dossier.routes[0]).late[3].act == "打调度，报位置和人数。附近没有别的车。"
