"""Who stands on a manifest, in which order, with which notes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exports.dossier import Dossier
from exports.manifest import build_manifest
from exports.privacy import Sheet
from exports.views import ManifestRow, ManifestView
from planner.errors import ConflictError
from planner.model.campaign import Campaign
from planner.model.people import Registration
from tests.builders import tiny_campaign, tiny_plan
from tests.unit.exports.sample import NOW, sample_dossier

VAN, COACH = 0, 1


def _dossier(campaign: Campaign | None = None) -> Dossier:
    return Dossier(campaign or tiny_campaign(), tiny_plan(), locale="zh_CN", now=NOW)


def _manifest(run: int, *, campaign: Campaign | None = None, sheet: Sheet = Sheet.MANIFEST) -> ManifestView:
    dossier = _dossier(campaign)
    return build_manifest(dossier, dossier.routes[run], sheet=sheet)


def _rows(view: ManifestView) -> list[ManifestRow]:
    return [row for stop in view.stops for row in stop.rows]


def _with(campaign: Campaign, **changes: Registration) -> Campaign:
    people = (changes.get(person.id, person) for person in campaign.registrations)
    return replace(campaign, registrations=tuple(people))


def _person(campaign: Campaign, number: str) -> Registration:
    return next(person for person in campaign.registrations if person.id == number)


def test_stops_stand_in_driving_order_and_numbers_run_through() -> None:
    view = _manifest(VAN)
    assert [(stop.time, stop.place, stop.gather, stop.board) for stop in view.stops] == [
        ("08:53", "枫树村", "村口老枫树下", "上 3 人"),
        ("09:04", "高岭村", "卫生室门口", "上 3 人"),
    ]
    assert [row.number for row in _rows(view)] == [1, 2, 3, 4, 5, 6]


def test_people_are_told_to_gather_earlier_than_the_vehicle_comes() -> None:
    assert [stop.gather_time for stop in _manifest(VAN).stops] == ["08:40 集合", "08:50 集合"]


def test_the_captains_party_is_called_first_then_the_larger() -> None:
    assert [row.name for row in _rows(_manifest(COACH))] == ["张伟", "杨喆", "张勇", "刘洋", "陈静"]


def test_a_party_stands_together_and_says_so_once() -> None:
    party = _rows(_manifest(VAN))[:3]
    assert [row.together for row in party] == [True, True, True]
    assert [(row.party_first, row.party_last) for row in party] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    assert [("同行 3 人" in row.notes) for row in party] == [True, False, False]
    alone = _rows(_manifest(COACH))[-1]
    assert not alone.together
    assert not any("同行" in note for note in alone.notes)


def test_a_child_stands_last_and_is_reached_through_its_party() -> None:
    campaign = tiny_campaign()
    campaign = _with(campaign, T03=replace(_person(campaign, "T03"), phone=""))
    child = _rows(_manifest(VAN, campaign=campaign))[2]
    assert child.name == "王小满"
    assert child.phone == ""
    assert child.notes == ("儿童", "拨序号 1 的电话")


def test_a_shared_phone_points_at_the_first_who_has_it() -> None:
    campaign = tiny_campaign()
    owner, other = _person(campaign, "T07"), _person(campaign, "T08")
    campaign = _with(campaign, T08=replace(other, phone=owner.phone))
    rows = _rows(_manifest(COACH, campaign=campaign))
    assert "同序号 4 的电话" in rows[4].notes
    assert not any("电话" in note for note in rows[3].notes)


def test_who_has_no_phone_and_no_party_is_marked() -> None:
    campaign = tiny_campaign()
    campaign = _with(campaign, T07=replace(_person(campaign, "T07"), phone=""))
    assert "无电话" in _rows(_manifest(COACH, campaign=campaign))[3].notes


def test_age_is_that_of_the_day_of_travel() -> None:
    ages = {row.name: row.sex_age for row in _rows(_manifest(VAN)) + _rows(_manifest(COACH))}
    assert ages["王小满"] == "女 8"
    assert ages["杨喆"] == "女 36"


def test_the_marshal_sees_masked_papers_and_whole_phones() -> None:
    row = _rows(_manifest(VAN))[0]
    assert row.document.startswith("4305**********")
    assert row.phone == "169 0000 0001"


def test_the_operator_gets_whole_papers_and_phones_without_spaces() -> None:
    campaign = tiny_campaign()
    row = _rows(_manifest(VAN, sheet=Sheet.OPERATOR_LIST))[0]
    assert row.document == _person(campaign, "T01").document_number
    assert row.phone == "16900000001"


def test_each_row_names_where_the_person_gets_off() -> None:
    assert [row.destination for row in _rows(_manifest(VAN))] == ["广州"] * 5 + ["深圳"]


def test_the_band_names_vehicle_driver_and_captain() -> None:
    facts = {fact.label: fact.value for fact in _manifest(VAN).head.facts}
    assert facts == {
        "日期": "2月14日 周日 正月初九",
        "首站上车": "08:53",
        "到示例站": "09:30（提前 70 分）",
        "换乘": "G9999次 10:40 开",
        "车牌 / 核载": "湘E·D0901 / 7 座",
        "人数 / 可载": "6 / 6",
        "驾驶员": "肖国栋 169 0000 0111",
        "领队": "王建国 169 0000 0001",
    }


def test_without_a_captain_the_escort_leads_and_without_an_escort_a_blank() -> None:
    campaign = tiny_campaign()
    nobody = tuple(replace(person, captain=False) for person in campaign.registrations)
    campaign = replace(campaign, registrations=nobody)
    captains = [_manifest(run, campaign=campaign).head.facts[-1].value for run in (VAN, COACH)]
    assert captains == ["", "曾小兰 169 0000 0113"]


def test_without_a_plate_there_is_the_vehicles_id_and_room_to_write() -> None:
    dossier = sample_dossier(people=2, stops=1, runs=3)
    facts = {fact.label: fact.value for fact in build_manifest(dossier, dossier.routes[2]).head.facts}
    assert facts["车牌 / 核载"].startswith("dk49#03 \ue000")
    assert facts["驾驶员"] == ""


def test_who_is_poor_is_on_no_list() -> None:
    relieved = tiny_campaign()
    nobody = tuple(replace(person, relief=False) for person in relieved.registrations)
    without = replace(relieved, registrations=nobody)
    for sheet in (Sheet.MANIFEST, Sheet.OPERATOR_LIST):
        assert _manifest(COACH, campaign=relieved, sheet=sheet) == _manifest(
            COACH, campaign=without, sheet=sheet
        )


def test_the_code_says_plan_version_and_sheet_and_nothing_personal() -> None:
    code = _manifest(VAN).head.code.split()
    assert code[:3] == ["breeze", "tiny", "v1"]
    assert code[4:] == ["manifest", "1"]


def test_a_plan_for_people_who_are_gone_is_refused() -> None:
    campaign = tiny_campaign()
    fewer = replace(campaign, registrations=campaign.registrations[1:])
    with pytest.raises(ConflictError, match="T01"):
        _manifest(VAN, campaign=fewer)
