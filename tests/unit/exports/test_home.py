"""Sheets, calendar and map of runs that lead home: board at the station, alight village by village."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

import pytest

from exports.coachlist import build_coach_list
from exports.coachsheet import build_coach_sheet
from exports.coachviews import CoachSummaryRow
from exports.dates import say_clock
from exports.dossier import Dossier
from exports.itinerary import build_itineraries
from exports.manifest import build_manifest
from exports.map import render_map
from exports.privacy import Sheet
from exports.runfeed import render_feed
from exports.runsheet import build_run_sheet
from exports.trainlist import build_train_list
from exports.trunktables import build_trunk_tables
from exports.words import LOCALES
from planner.model.clock import CHINA
from tests.unit.check.trips import homebound, turned, visit
from tests.unit.exports.coachplan import GUANGZHOU, coach_campaign, coach_plan

_NOW = datetime(2027, 1, 20, 9, tzinfo=CHINA)


def _dossier(locale: str = "zh_CN") -> Dossier:
    return Dossier(*homebound(), locale=locale, now=_NOW)


def test_the_manifest_lists_who_alights_where_in_driving_order() -> None:
    dossier = _dossier()
    route = dossier.routes[0]
    view = build_manifest(dossier, route)
    calls = [(dossier.places[stop.place_id].name, say_clock(stop.arrive_s)) for stop in route.stops[:-1]]
    assert [(stop.place, stop.time) for stop in view.stops] == calls
    assert [len(stop.rows) for stop in view.stops] == [stop.board for stop in route.stops[:-1]]
    assert view.stops[0].board == f"下 {route.stops[0].board} 人"
    facts = {fact.label: fact.value for fact in view.head.facts}
    assert facts["发车"] == say_clock(route.start_s)
    assert facts["接"] == "G9999次 13:20 到"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_run_sheet_counts_people_down(locale: str) -> None:
    dossier = _dossier(locale)
    for route in dossier.routes:
        start, *calls, depot = build_run_sheet(dossier, route).rows
        assert (start.on, start.off, start.aboard) == (str(route.heads), "", route.heads)
        assert start.place.startswith(dossier.places[route.start_place_id].name)
        aboard = route.heads
        for row in calls:
            aboard -= int(row.off)
            assert (row.on, row.aboard) == ("", aboard)
        assert (depot.on, depot.off, depot.aboard) == ("", "", 0)
        assert aboard == 0


def test_the_list_of_the_train_says_where_people_board() -> None:
    dossier = _dossier()
    departure = dossier.ridden[0]
    view = build_train_list(dossier, departure)
    assert [stop.place for stop in view.stops] == ["深圳", "广州"]
    assert [stop.time for stop in view.stops] == ["09:10", "09:55"]
    assert view.stop_column == "上车站"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_feed_says_when_the_bus_leaves_and_is_there(locale: str) -> None:
    campaign, plan = homebound()
    words = render_feed(campaign, plan, locale=locale, now=_NOW).content.decode().replace("\r\n ", "")
    for route in plan.routes:
        assert say_clock(route.start_s) in words
        told = route.stops[0].arrive_s // 300 * 300
        assert f"1. {say_clock(told)}" in words


@pytest.mark.parametrize("locale", LOCALES)
def test_every_run_of_a_visit_has_its_sheets(locale: str) -> None:
    campaign, plan = visit()
    dossier = Dossier(campaign, plan, locale=locale, now=_NOW)
    for route in dossier.routes:
        people = sum(len(stop.rows) for stop in build_manifest(dossier, route).stops)
        assert people == route.heads
        assert build_run_sheet(dossier, route).rows
    for departure in dossier.ridden:
        rows = [row for stop in build_train_list(dossier, departure).stops for row in stop.rows]
        run = next(run for run in plan.trunk_runs if run.departure_id == departure.id)
        assert len(rows) == run.heads


def test_the_map_draws_runs_home() -> None:
    campaign, plan = homebound()
    drawn = render_map(campaign, plan, departure_id=campaign.departures[0].id, locale="zh_CN", now=_NOW)
    assert "发车" in drawn.content.decode()


@pytest.mark.parametrize("locale", LOCALES)
def test_who_goes_home_rides_the_departure_first_and_the_bus_to_the_village_last(locale: str) -> None:
    campaign, plan = homebound()
    dossier = _dossier(locale)
    views = build_itineraries(dossier)
    assert [view.pile for view in views] == [campaign.departures[0].id]
    assert sum(len(sheet.people) for sheet in views[0].sheets) == len(campaign.registrations)
    call = campaign.departures[0].calls[0]
    opens_s = campaign.to_seconds(call.arrives) - campaign.boarding_min(campaign.departures[0].mode) * 60
    text = json.dumps([asdict(view) for view in views], ensure_ascii=False)
    assert not any(f'"{ident}' in text for ident in ("guangzhou", "st-shili"))
    for sheet in views[0].sheets:
        train, bus = sheet.legs
        assert train.rows[0].strong
        assert [row.time for row in train.rows][-1] == say_clock(
            campaign.to_seconds(campaign.departures[0].departs)
        )
        moments = [row.time for leg in sheet.legs for row in leg.rows]
        assert moments == sorted(moments)
        village = next(
            stop for route in plan.routes for stop in route.stops if say_clock(stop.arrive_s) == moments[-1]
        )
        assert dossier.places[village.place_id].name in bus.title
    assert say_clock(opens_s) in {sheet.facts[1].value for sheet in views[0].sheets}


def test_a_visitor_has_one_page_with_both_ways_in_order() -> None:
    campaign, plan = visit()
    dossier = Dossier(campaign, plan, locale="zh_CN", now=_NOW)
    views = build_itineraries(dossier)
    sheets = [sheet for view in views for sheet in view.sheets]
    assert sum(len(sheet.people) for sheet in sheets) == len(campaign.registrations)
    for sheet in sheets:
        moments = [row.time for leg in sheet.legs for row in leg.rows]
        assert len(sheet.legs) == 4
        assert moments == sorted(moments)
        assert "家 → " in sheet.legs[0].title
        assert "→ 家（" in sheet.legs[-1].title


def test_the_papers_of_a_visiting_coach_say_both_ways_with_people() -> None:
    campaign, plan = visit()
    dossier = Dossier(campaign, plan, locale="zh_CN", now=_NOW)
    run = plan.trunk_runs[0]
    view = build_coach_sheet(dossier, dossier.departures[run.departure_id])
    assert [way.title[:2] for way in view.ways] == ["去程", "返程"]
    facts = {fact.label: fact.value for fact in view.head.facts}
    assert facts["到达"].endswith(f"{say_clock(run.back[0].start_s)} 返回")
    assert len(run.drivers) == 1
    assert not any("驾驶员 2" in who for who in view.signatures)


@pytest.mark.parametrize("sheet", [Sheet.COACH_LIST, Sheet.COACH_OPERATOR_LIST])
def test_a_coach_that_brings_people_home_leaves_the_city(sheet: Sheet) -> None:
    campaign, plan = turned(coach_campaign(), coach_plan())
    dossier = Dossier(campaign, plan, locale="zh_CN", now=_NOW)
    departure = dossier.departures[GUANGZHOU]
    view = build_coach_list(dossier, departure, sheet=sheet)
    facts = {fact.label: fact.value for fact in view.head.facts}
    assert facts["发车"] == say_clock(campaign.to_seconds(departure.calls[0].arrives))
    assert facts["上车点"].startswith("广州")
    place = dossier.places[departure.origin_id].name
    assert facts["到达"].startswith(f"{say_clock(campaign.to_seconds(departure.departs))} {place}")
    runs = {route.run: route for route in plan.routes}
    for group in view.groups:
        run = next(number for number in runs if group.come == f"下车后换乘 {number} 号车")
        assert group.time == say_clock(runs[run].start_s)
    (summary,) = (table for table in build_trunk_tables(dossier) if "从哪里来" in table.columns)
    row = next(row for row in summary.rows if isinstance(row, CoachSummaryRow))
    assert (row.leaves, row.arrives) == (facts["发车"], facts["到达"].split()[0])
    ways = build_coach_sheet(dossier, departure).ways
    assert [way.title.split()[0] for way in ways] == ["空车去程", "返程"]


def test_the_seat_of_the_train_is_not_on_the_bus_that_meets_it() -> None:
    campaign, plan = turned(coach_campaign(), coach_plan(seated=True))
    dossier = Dossier(campaign, plan, locale="zh_CN", now=_NOW)
    for route in dossier.routes:
        rows = [row for stop in build_manifest(dossier, route).stops for row in stop.rows]
        labels = {seat.label for seat in plan.seats}
        assert not any(part in labels for row in rows for part in row.ride)
