"""The papers of trunk coaches: who is on the list, what the drivers do, what the office counts."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import python_calamine

from exports.coaches import read_coach
from exports.coachlist import build_coach_list
from exports.coachsheet import build_coach_sheet
from exports.fonts import find_font
from exports.lateplan import build_late_plan
from exports.manifest import build_manifest
from exports.map import render_maps
from exports.pack import KINDS, Order, count_documents, render
from exports.pdf import Press, render_pdf
from exports.privacy import Sheet
from exports.runfeed import render_feed
from exports.runsheet import build_run_sheet
from exports.trunktables import build_subsidy_list, build_trunk_tables
from planner.model.trunk import Captain
from tests.unit.exports.coachplan import (
    GUANGZHOU,
    SHENZHEN,
    coach_campaign,
    coach_dossier,
    coach_plan,
    subsidised_plan,
)
from tests.unit.exports.pdfread import read_print
from tests.unit.exports.sample import NOW


def _facts(departure: str = GUANGZHOU) -> dict[str, str]:
    dossier = coach_dossier()
    view = build_coach_list(dossier, dossier.departures[GUANGZHOU if departure == GUANGZHOU else SHENZHEN])
    return {fact.label: fact.value for fact in view.head.facts}


def test_a_run_says_all_that_it_feeds_and_each_row_which() -> None:
    dossier = coach_dossier()
    view = build_manifest(dossier, dossier.routes[0])
    facts = {fact.label: fact.value for fact in view.head.facts}
    assert facts["换乘"] == "广州1、深圳1 10:40 开"
    assert view.ride_column == "换乘"
    rides = [(row.destination, row.ride) for stop in view.stops for row in stop.rows]
    assert rides == [("广州", ("广州1",))] * 5 + [("深圳", ("深圳1",))]


def test_seats_stand_beside_the_coach() -> None:
    dossier = coach_dossier(seated=True)
    view = build_manifest(dossier, dossier.routes[0])
    assert view.ride_column == "车、座"
    ride = view.stops[0].rows[0].ride
    assert ride[0] == "广州1"
    assert ride[1].endswith("号")


def test_windows_of_coaches_are_those_of_coaches() -> None:
    dossier = coach_dossier()
    facts = {fact.label: fact.value for fact in build_run_sheet(dossier, dossier.routes[0]).head.facts}
    assert facts["到示例站"] == "09:30，最迟 10:20"
    acts = build_late_plan(dossier, dossier.routes[0])
    assert (acts[1].when, acts[1].act) == ("10:20 后到", "进站直接上车，10:40 发车。")
    assert acts[2].when == "10:40 未到"


def test_the_band_of_a_coach_names_crew_and_papers_and_leaves_blanks() -> None:
    facts = _facts()
    assert facts["发车"] == "10:40"
    assert facts["到达"] == "14:05 广州春风一号制衣厂"
    assert facts["驾驶员 1"] == "陈秋生 169 0000 2001"
    assert facts["驾驶员 2"] == "银石生 169 0000 2002"
    assert facts["开门上客"] == "10:25 起"
    assert (facts["包车合同号"], facts["包车标志牌号"]) == ("HT-07", "湘包0007")
    other = _facts(SHENZHEN)
    assert (other["包车合同号"], other["驾驶员 1"], other["车牌 / 核载"]) == ("", "", "")


def test_people_stand_by_the_run_that_brings_them_and_numbers_run_through() -> None:
    dossier = coach_dossier()
    view = build_coach_list(dossier, dossier.departures[GUANGZHOU])
    assert [(group.time, group.come, group.heads) for group in view.groups] == [
        ("09:30", "1 号车送到", "5 人"),
        ("09:30", "2 号车送到", "1 人"),
    ]
    rows = [row for group in view.groups for row in group.rows]
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    assert not view.seated
    assert rows[0].home == "枫树村"


def test_a_party_that_parts_over_two_coaches_is_on_each_list_with_its_own() -> None:
    dossier = coach_dossier()
    names = {
        departure: {
            row.name
            for group in build_coach_list(dossier, dossier.departures[departure]).groups
            for row in group.rows
        }
        for departure in (GUANGZHOU, SHENZHEN)
    }
    assert not names[GUANGZHOU] & names[SHENZHEN]
    assert sum(map(len, names.values())) == 11


def test_whole_papers_are_on_the_operators_list_only() -> None:
    dossier = coach_dossier()
    departure = dossier.departures[GUANGZHOU]
    whole = {person.document_number for _, person in dossier.riders(GUANGZHOU)}
    shown = str(build_coach_list(dossier, departure)) + str(build_coach_sheet(dossier, departure))
    assert not any(number in shown for number in whole)
    register = str(build_coach_list(dossier, departure, sheet=Sheet.COACH_OPERATOR_LIST))
    assert all(number in register for number in whole)


def test_the_captain_the_plan_names_leads_and_others_do_not() -> None:
    plan = coach_plan(seated=True)
    dossier = coach_dossier(plan=plan)
    leader = dossier.person(plan.captains[0].registration_id)
    view = build_coach_list(dossier, dossier.departures[SHENZHEN])
    marked = [row.name for group in view.groups for row in group.rows if row.captain]
    assert marked == [leader.name]
    facts = {fact.label: fact.value for fact in view.head.facts}
    assert facts["领队"].startswith(leader.name)


def test_who_leads_a_firms_group_is_told_from_who_leads_all() -> None:
    plan = coach_plan(seated=True)
    riders = [seat.registration_id for seat in plan.seats if seat.departure_id == SHENZHEN]
    second = Captain(registration_id=riders[-1], departure_id=SHENZHEN, carriage=0, employer="鞋厂")
    dossier = coach_dossier(plan=replace(plan, captains=(second, *plan.captains)))
    departure = dossier.departures[SHENZHEN]
    assert [person.id for person in read_coach(dossier, departure).captains] == [riders[0], riders[-1]]
    notes = [
        note
        for group in build_coach_list(dossier, departure).groups
        for row in group.rows
        for note in row.notes
    ]
    assert "领队（鞋厂）" in notes


def test_the_drivers_table_joins_stretches_and_tells_changes_and_the_way_back() -> None:
    dossier = coach_dossier()
    view = build_coach_sheet(dossier, dossier.departures[GUANGZHOU])
    out, back = view.ways
    assert [(row.time, row.doing, row.hint, row.driver, row.km) for row in out.rows] == [
        ("10:40", "开车，到 14:40", "发车", "1", "0"),
        ("14:40", "停车休息，到 15:00", "不少于 20 分钟", "", "300"),
        ("15:00", "开车，到 16:00", "换 2 号驾驶员", "2", "300"),
        ("16:00", "到达 广州春风一号制衣厂", "", "", "375"),
    ]
    assert back.title == "空车返程 广州春风一号制衣厂 → 示例站 · 2月15日 周一 正月初十"
    assert [row.washed for row in back.rows] == [False, True, False, True]


def test_hours_are_each_drivers_in_any_day_and_the_longest_spell() -> None:
    dossier = coach_dossier()
    hours = build_coach_sheet(dossier, dossier.departures[GUANGZHOU]).hours
    # the first drives 4 h from 10:40 and 3 h from 06:40 of the next day; the second 1 h and 2 h
    assert [figure.value for figure in hours] == ["7:00", "3:00", "4:00", "375"]


def test_the_sheet_quotes_the_law_with_its_clause() -> None:
    dossier = coach_dossier()
    law = build_coach_sheet(dossier, dossier.departures[GUANGZHOU]).law
    assert law[0].when == f"晚点、缺人、车坏：先拨 {dossier.campaign.phone}"
    law = law[1:]
    assert law[0].when == "连续开车不超过 4:00，停车至少 20 分钟"
    assert law[0].act == "道路交通安全法实施条例 第62条(7)"
    assert all(advice.act for advice in law)


def test_a_coach_without_a_planned_run_leaves_its_table_out() -> None:
    dossier = coach_dossier()
    view = build_coach_sheet(dossier, dossier.departures[SHENZHEN])
    assert (view.ways, view.hours) == ((), ())
    assert "\ue000" in view.briefing[1]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("seated", [False, True])
def test_papers_are_printed_in_both_languages(locale: str, *, seated: bool) -> None:
    dossier = coach_dossier(seated=seated, locale=locale)
    press = Press(font=find_font(), locale=locale, now=NOW)
    departure = dossier.departures[GUANGZHOU]
    for view in (build_coach_list(dossier, departure), build_coach_sheet(dossier, departure)):
        printed = read_print(render_pdf(view, press).content)
        assert min(printed.font_sizes) >= 10
        assert "广州1" in printed.text


def test_the_office_counts_coaches_and_who_is_paid() -> None:
    dossier = coach_dossier(plan=subsidised_plan())
    coaches, paid = build_trunk_tables(dossier)
    first = coaches.rows[0]
    assert "heads=6, seats=46, fill='13%', km=375, yuan=5000" in repr(first)
    assert "reason='车已坐满或用完'" in repr(paid.rows[0])
    assert "yuan=600" in repr(paid.rows[0])
    person = dossier.plan.subsidised[0].registration_ids[0]
    assert dossier.person(person).document_number in str(build_subsidy_list(dossier))
    assert dossier.person(person).document_number not in str(paid)


def test_the_pack_has_every_paper_of_coaches_and_as_many_as_announced() -> None:
    plan, campaign = subsidised_plan(), coach_campaign()
    documents = {document.filename: document for document in render(campaign, plan, order=Order(now=NOW))}
    assert len(documents) == count_documents(campaign, plan, kinds=KINDS)
    assert {
        f"coachlist-{GUANGZHOU}.pdf",
        f"coachsheet-{SHENZHEN}.pdf",
        "coaches.xlsx",
        "subsidy.xlsx",
    } <= documents.keys()
    assert not any(name.startswith("trainlist") for name in documents)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(documents["runs.xlsx"].content))
    assert book.sheet_names == ["车次汇总", "大巴汇总", "自行前往"]


def test_the_calendar_and_the_map_know_planned_coaches() -> None:
    campaign, plan = coach_campaign(), coach_plan()
    feed = render_feed(campaign, plan, locale="zh_CN", now=NOW).content.decode().replace("\r\n ", "")
    assert "接 10:40 客车 广州1" in feed
    assert "接 10:40 客车 深圳1" in feed
    maps = render_maps(campaign, plan, locale="zh_CN", now=NOW)
    assert [each.filename for each in maps] == ["map-overview.svg", f"map-{GUANGZHOU}.svg"]
    assert "2 趟" in maps[1].content.decode()
