"""Papers for the ground: who waits where is told in large type, nobody's number is, every bus is counted."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from exports.cards import build_cards, list_card_piles
from exports.dates import say_clock
from exports.dossier import Dossier
from exports.fonts import find_font
from exports.groundviews import CardView, GroundView, SignView, StationView
from exports.pack import Order, count_documents, find_stale, render, write_documents
from exports.pdf import Press, render_pdf
from exports.signs import build_signs
from exports.station import build_station_sheet
from exports.timeaxis import Labels, Times, draw_axis
from planner.model.trunk import Seat
from planner.told import gather_time_s
from tests.builders import TRAIN, tiny_campaign, tiny_plan
from tests.unit.check.trips import turned
from tests.unit.exports.coachplan import GUANGZHOU, coach_dossier, subsidised_plan
from tests.unit.exports.pdfread import POINTS_PER_MM, Print, Run, read_modules, read_print, read_runs
from tests.unit.exports.sample import NOW, sample_dossier

LONG, RARE = "阿依夏木·吐尔逊江", "刘\U0002eb89"
KINDS = ("station", "sign", "card")
_HOUR_S = 3600


@cache
def _dossier(locale: str = "zh_CN") -> Dossier:
    """The smallest county; one name is long, one rare, and seats of the train are known."""
    base = tiny_campaign()
    first, second, *others = base.registrations
    named = (replace(first, name=LONG), replace(second, name=RARE), *others)
    seats = tuple(
        Seat(registration_id=person.id, departure_id=TRAIN, carriage=3 + number // 3, label=f"{number}F")
        for number, person in enumerate(named)
    )
    campaign = replace(base, registrations=named)
    return Dossier(campaign, replace(tiny_plan(), seats=seats), locale=locale, now=NOW)


def _home() -> Dossier:
    return Dossier(*turned(tiny_campaign(), tiny_plan()), locale="zh_CN", now=NOW)


def _station(dossier: Dossier) -> StationView:
    return build_station_sheet(dossier, dossier.ridden[0])


def _view(kind: str, locale: str) -> GroundView:
    dossier = _dossier(locale)
    if kind == "station":
        return _station(dossier)
    return next(iter(build_signs(dossier))) if kind == "sign" else build_cards(dossier)[0]


@cache
def _print(kind: str, locale: str = "zh_CN") -> bytes:
    return render_pdf(_view(kind, locale), Press(font=find_font(), locale=locale, now=NOW)).content


@cache
def _read(kind: str) -> Print:
    return read_print(_print(kind))


@cache
def _runs(kind: str, locale: str = "zh_CN") -> tuple[Run, ...]:
    return read_runs(_print(kind, locale))


def _sizes(kind: str, text: str) -> set[float]:
    return {run.size for run in _runs(kind) if text in run.text}


def _flat(text: str) -> str:
    return re.sub(r"\s", "", text)


def _cards(dossier: Dossier) -> dict[str, tuple[str, ...]]:
    return {
        card.name: (card.time, card.gather, card.place, card.badge)
        for view in build_cards(dossier)
        for card in view.cards
    }


def test_buses_stand_in_the_order_they_come_and_are_counted_up() -> None:
    rows = _station(_dossier()).rows
    assert [(row.time, row.run, row.heads, row.total) for row in rows] == [
        ("09:30", "1 号车", 6, 6),
        ("09:30", "2 号车", 5, 11),
    ]
    dossier = _dossier()
    van, coach = dossier.plan.routes
    late = replace(van, stops=(*van.stops[:-1], replace(van.stops[-1], arrive_s=34_500)))
    later = Dossier(dossier.campaign, replace(dossier.plan, routes=(late, coach)), locale="zh_CN", now=NOW)
    assert [(row.run, row.total) for row in _station(later).rows] == [("2 号车", 5), ("1 号车", 11)]


def test_carriages_that_follow_each_other_are_joined() -> None:
    assert [row.carriages for row in _station(_dossier()).rows] == [("3", "5–6"), ("4–5",)]
    facts = {fact.label: fact.value for fact in _station(_dossier()).head.facts}
    assert (facts["车厢"], facts["进站口、通道"]) == ("3–6 车", "")


def test_who_come_by_themselves_stand_last_and_count() -> None:
    dossier = _dossier()
    legs = tuple(leg for leg in dossier.plan.legs if leg.run != 1)
    alone = Dossier(dossier.campaign, replace(dossier.plan, legs=legs), locale="zh_CN", now=NOW)
    *_, last = _station(alone).rows
    assert (last.run, last.time, last.places, last.heads, last.total) == ("", "", ("自行到站",), 6, 11)
    assert _station(alone).sum == "合计 1 辆"


def test_the_late_are_sent_where_the_run_sheet_sends_them() -> None:
    dossier = sample_dossier(people=4, stops=2)
    late = build_station_sheet(dossier, dossier.departures[TRAIN]).late
    assert [advice.when for advice in late] == ["09:40–10:35 到", "10:35 后仍未到", "有人未到"]
    assert "G9805次 12:40 开，还余 20 座" in late[1].act
    assert "当天没有同去向的车" in _station(_dossier()).late[1].act


def test_a_coach_has_a_door_and_no_carriages() -> None:
    dossier = coach_dossier()
    view = build_station_sheet(dossier, dossier.departures[GUANGZHOU])
    facts = {fact.label: fact.value for fact in view.head.facts}
    assert facts["开门上客"] == "10:25–10:40"
    assert facts["上车点"] == "示例站 站前广场东侧"
    assert not view.seated
    assert "车厢" not in view.columns
    assert [(row.heads, row.total) for row in view.rows] == [(5, 5), (1, 6)]


def test_on_the_way_home_buses_stand_as_they_leave() -> None:
    dossier = _home()
    view = _station(dossier)
    starts = sorted(route.start_s for route in dossier.routes)
    assert [row.time for row in view.rows] == [say_clock(at_s) for at_s in starts]
    assert view.columns[1:4] == ("发车", "车次", "去往")
    assert view.axis.gate == ()
    assert view.late[0].when == "车次晚点"


def test_the_axis_is_to_scale_and_close_buses_stand_above_each_other() -> None:
    times = Times(
        runs=((9 * _HOUR_S, 7), (9 * _HOUR_S, 8), (9 * _HOUR_S + 1800, 9)),
        latest_s=9 * _HOUR_S + 2400,
        gate=(10 * _HOUR_S, 10 * _HOUR_S + 1200),
        departs_s=10 * _HOUR_S + 1500,
    )
    axis = draw_axis(times, Labels(title="", latest="", gate="", departs=""))
    assert [tick.label for tick in axis.ticks] == ["08:30", "09:00", "09:30", "10:00", "10:30"]
    assert [(run.label, run.at, run.lane) for run in axis.runs] == [
        ("7", 0.25, 0),
        ("8", 0.25, 1),
        ("9", 0.5, 0),
    ]
    assert (axis.gate[0].at, axis.departs.at) == (0.75, round(115 / 120, 4))


def test_each_stop_has_its_sign_with_the_time_people_were_told() -> None:
    dossier = _dossier()
    views = list(build_signs(dossier))
    assert [(sign.place, sign.gather, sign.time, sign.leave) for view in views for sign in view.stops] == [
        ("枫树村", "村口老枫树下 集合", "08:40", "08:54 准时发车"),
        ("高岭村", "卫生室门口 集合", "08:50", "09:06 准时发车"),
        ("石桥村", "石桥小学门口 集合", "08:55", "09:11 准时发车"),
    ]
    assert {view.way for view in views} == {"示例站 → 广州、深圳"}
    told = [
        say_clock(gather_time_s(dossier.campaign, stop))
        for route in dossier.routes
        for stop in route.stops
        if stop.board
    ]
    assert [sign.time for view in views for sign in view.stops] == told


def test_runs_of_one_departure_have_bars_that_differ() -> None:
    bars = [(view.dash, view.core) for view in build_signs(_dossier())]
    assert len(set(bars)) == len(bars)


def test_on_the_way_home_the_sign_is_at_the_station() -> None:
    for view in build_signs(_home()):
        assert [sign.place for sign in view.stops] == ["示例站"]
        assert view.way.startswith("→ ")


def test_everybody_who_rides_has_a_card_that_says_what_the_sign_says() -> None:
    dossier = _dossier()
    cards = _cards(dossier)
    assert set(cards) == {person.name for person in dossier.campaign.registrations}
    assert cards[LONG] == ("08:40", "集合", "枫树村 村口老枫树下", "1 号车")
    card = build_cards(dossier)[0].cards[0]
    assert (card.lunar, card.day, card.leave) == ("正月初九", "2月14日 周日", "08:54 准时发车")
    assert (card.ride.label, card.ride.value, card.ride.rest) == ("到示例站转", "G9999次", "10:40 往广州")
    assert (card.seat.label, card.seat.value) == ("座位", "3车 0F")


def test_who_has_their_tickets_paid_needs_no_card() -> None:
    plan = subsidised_plan()
    dossier = coach_dossier(plan=plan)
    gone = dossier.person(plan.subsidised[0].registration_ids[0])
    assert gone.name not in _cards(dossier)
    assert len(_cards(dossier)) == len(dossier.campaign.registrations) - 1


def test_on_the_way_home_the_card_begins_with_the_train() -> None:
    cards = [card for view in build_cards(_home()) for card in view.cards]
    assert {card.badge for card in cards} == {"G9999次"}
    assert {card.gather for card in cards} == {"上车"}
    assert {card.ride.value for card in cards} == {"1 号车", "2 号车"}


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_all_that_a_view_says_is_printed_and_nothing_is_small(kind: str, locale: str) -> None:
    view, runs = _view(kind, locale), _runs(kind, locale)
    text = _flat("".join(run.text for run in runs))
    assert min(run.size for run in runs) >= 10
    said = [view.head.holder]
    if isinstance(view, CardView):
        lacking = RARE[1:]
        said += [card.name.replace(lacking, "") for card in view.cards]
        said += [part for card in view.cards for part in (card.time, card.place, card.lunar, card.seat.value)]
        said += [view.code, view.bring, view.office.value]
        assert lacking not in text
    elif isinstance(view, SignView):
        said += [part for sign in view.stops for part in (sign.place, sign.gather, sign.time, sign.leave)]
        said += [view.way, view.captain, view.day]
    else:
        said += [part for row in view.rows for part in (row.time, row.run, str(row.total), *row.carriages)]
        said += [part for advice in view.late for part in (advice.when, advice.act.partition("\ue000")[0])]
        said += [view.axis.latest.label, view.axis.departs.label, view.sum]
    assert [part for part in said if _flat(part) not in text] == []


@pytest.mark.parametrize("kind", KINDS)
def test_prints_use_three_inks_and_the_row_rule(kind: str) -> None:
    assert _read(kind).inks <= {0, 0.33, 0.93, 0.75, 1}


def test_the_answer_is_the_largest_thing() -> None:
    assert _sizes("card", "08:40") == {30}
    assert _sizes("card", LONG[:4]) <= {20, 17, 14}
    assert max(run.size for run in _runs("card")) == 30
    assert _sizes("card", "枫树村") == {14}
    assert _sizes("sign", "08:40") == {98}
    assert 290 in {run.size for run in _runs("sign") if run.text == "1"}


def test_boxes_codes_and_the_cut_are_as_large_as_asked() -> None:
    squares = [box for box in _read("station").boxes if abs(box[0] - box[1]) < 0.1]
    assert len(squares) == len(_station(_dossier()).rows)
    assert min(min(square) for square in squares) >= 5 * POINTS_PER_MM
    for kind in ("station", "card"):
        modules = read_modules(_print(kind))
        assert modules
        assert min(abs(module) for module in modules) >= 0.5 * POINTS_PER_MM
    times = [run for run in _runs("card") if run.size == 30]
    lefts = sorted({run.left for run in times})
    bases = sorted({run.base for run in times})
    assert [right - left for left, right in pairwise(lefts)] == [pytest.approx(105 * POINTS_PER_MM, abs=0.1)]
    steps = [above - below for below, above in pairwise(bases)]
    assert steps == [pytest.approx(74 * POINTS_PER_MM, abs=0.1)] * 2
    assert lefts[0] >= 5 * POINTS_PER_MM


def test_no_paper_no_strangers_phone_and_no_name_but_the_holders() -> None:
    dossier = _dossier()
    people = dossier.campaign.registrations
    led = {dossier.captain(route).phone for route in dossier.routes}
    for kind in KINDS:
        text = _flat("".join(run.text for run in _runs(kind)))
        assert not [person for person in people if person.document_number in text]
        assert {person.phone for person in people if person.phone and person.phone in text} <= led
        assert kind == "card" or not [person.name for person in people if person.name in text]


def test_same_view_and_moment_give_same_bytes() -> None:
    view = _view("sign", "zh_CN")
    assert render_pdf(view, Press(font=find_font(), locale="zh_CN", now=NOW)).content == _print("sign")


def test_the_pack_counts_them_and_finds_the_stale(tmp_path: Path) -> None:
    plan = tiny_plan()
    assert len(list_card_piles(plan)) == 2
    documents = [*render(tiny_campaign(), plan, order=Order(kinds=("station", "sign"), now=NOW))]
    assert [document.filename for document in documents] == [
        "station-g9999.pdf",
        "sign-001.pdf",
        "sign-002.pdf",
    ]
    assert count_documents(tiny_campaign(), plan, kinds=KINDS) == len(documents) + 2
    write_documents([replace(documents[-1], filename="card-009.pdf")], tmp_path)
    written = write_documents([replace(documents[-1], filename="card-001.pdf")], tmp_path)
    assert find_stale(tmp_path, written) == ("card-009.pdf",)
