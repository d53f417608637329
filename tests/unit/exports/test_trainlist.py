"""The railway's list: by where people get off, names and numbers as on the papers."""

from __future__ import annotations

import io
from dataclasses import replace

from python_calamine import CalamineWorkbook

from exports.dossier import Dossier
from exports.trainlist import build_train_list
from exports.views import TrainListView
from exports.xlsx import render_train_list_book
from planner.model.trunk import Captain, Seat
from tests.builders import TRAIN, tiny_campaign, tiny_plan
from tests.unit.exports.sample import NOW


def _list() -> TrainListView:
    dossier = Dossier(tiny_campaign(), tiny_plan(), locale="zh_CN", now=NOW)
    return build_train_list(dossier, dossier.departures[TRAIN])


def test_stops_stand_in_the_order_of_the_train_and_numbers_run_through() -> None:
    view = _list()
    assert [(stop.place, stop.time, stop.heads) for stop in view.stops] == [
        ("广州", "14:05", "6 人"),
        ("深圳", "14:50", "5 人"),
    ]
    assert [row.number for stop in view.stops for row in stop.rows] == list(range(1, 12))


def test_people_of_one_run_stand_together_as_the_manifest_calls_them() -> None:
    guangzhou = _list().stops[0]
    assert [(row.name, row.run) for row in guangzhou.rows] == [
        ("王建国", "1 号车"),
        ("李秀英", "1 号车"),
        ("王小满", "1 号车"),
        ("阿依夏木·吐尔逊", "1 号车"),
        ("赵\U00020bb7生", "1 号车"),
        ("刘洋", "2 号车"),
    ]


def test_numbers_are_whole_and_phones_are_not_there() -> None:
    campaign = tiny_campaign()
    shown = str(_list())
    assert all(person.document_number in shown for person in campaign.registrations)
    assert not any(person.phone in shown for person in campaign.registrations if person.phone)
    assert "1690000" not in shown


def test_the_band_gives_gate_and_quota() -> None:
    facts = {fact.label: fact.value for fact in _list().head.facts}
    assert facts["检票"] == "10:10–10:35"
    assert facts["人数 / 配额"] == "11 / 12"
    assert facts["来车"] == "2 趟"
    assert facts["终到"] == "深圳 14:50"


def _seated() -> TrainListView:
    """Seat everybody by number in two carriages, the first to Shenzhen with a captain."""
    plan = tiny_plan()
    people = [person for leg in plan.legs if leg.run is None for person in leg.registration_ids]
    seats = tuple(
        Seat(registration_id=person, departure_id=TRAIN, carriage=1 + number % 2, label=f"{12 - number}A")
        for number, person in enumerate(people)
    )
    leader = Captain(registration_id=people[0], departure_id=TRAIN, carriage=1)
    plan = replace(plan, seats=seats, captains=(leader,))
    dossier = Dossier(tiny_campaign(), plan, locale="zh_CN", now=NOW)
    return build_train_list(dossier, dossier.departures[TRAIN])


def test_with_seats_carriages_come_first_then_stops_then_rows_as_numbers() -> None:
    view = _seated()
    assert [(stop.carriage, stop.place) for stop in view.stops] == [
        ("1 车", "广州"),
        ("1 车", "深圳"),
        ("2 车", "广州"),
        ("2 车", "深圳"),
    ]
    for stop in view.stops:
        rows = [int(row.seat[:-1]) for row in stop.rows]
        assert rows == sorted(rows)
    assert view.seat_column == "席位"
    assert _list().seat_column == ""


def test_the_captain_of_a_carriage_stands_at_its_head_with_a_phone() -> None:
    view = _seated()
    marked = [row.name for stop in view.stops for row in stop.rows if "领队" in row.note]
    assert len(marked) == 1
    heads = [stop.captain for stop in view.stops]
    assert heads[0].startswith(f"领队 {marked[0]} 169")
    assert heads[2] == ""


def test_the_workbook_has_carriage_and_seat_in_columns_of_their_own() -> None:
    content = render_train_list_book(_seated(), now=NOW).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[2][:4] == ["序", "车厢", "席位", "下车站"]
    assert rows[3][1] == "1"
