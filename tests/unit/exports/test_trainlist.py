"""The railway's list: by where people get off, names and numbers as on the papers."""

from __future__ import annotations

from exports.dossier import Dossier
from exports.trainlist import build_train_list
from exports.views import TrainListView
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
