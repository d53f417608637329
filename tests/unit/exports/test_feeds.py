"""Feeds of squads, venues, townships and all: what each reader sees, strictly RFC 5545."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from exports.feeds import Address, FeedBook, Scope, render_feeds
from exports.ics import draw_feed
from planner.errors import ExportError, NotFoundError
from planner.model.agenda import Agenda
from planner.model.events import EventStatus
from planner.model.fairs import VenueId
from planner.names import keep_names
from tests.builders import tiny_campaign, tiny_plan
from tests.unit.exports.agendas import (
    NOW,
    agenda_plan,
    drawn_agenda,
    fair_agenda,
    fair_campaign,
    moved,
)
from tests.unit.exports.strict_ics import read_events, read_lines, unescape

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

CAMPAIGN = fair_campaign()
AGENDA = fair_agenda(CAMPAIGN)
OLD = agenda_plan(CAMPAIGN, AGENDA)


def feed(
    plan: Plan,
    scope: str,
    item: str = "",
    *,
    locale: str = "zh_CN",
    now: datetime = NOW,
    published: Mapping[int, datetime] | None = None,
    campaign: Campaign = CAMPAIGN,
) -> bytes:
    """Draw one feed of ``examples/fairs``."""
    book = FeedBook(campaign, plan, locale=locale, now=now, published=published)
    return draw_feed(book.build(Address(scope=Scope(scope), item=item)), locale=locale, now=now).content


def events(plan: Plan, scope: str, item: str = "", **options: Any) -> dict[str, dict[str, str]]:
    """Read its events by the first part of the uid, after holding it to the grammar."""
    content = feed(plan, scope, item, **options)
    read_lines(content)
    assert Calendar.from_ical(content).to_ical() == content
    return {uid.partition("@")[0]: event for uid, event in read_events(content).items()}


def second(agenda: Agenda) -> Plan:
    """Version 2 after the plan of the README."""
    return agenda_plan(CAMPAIGN, agenda, version=2, previous=OLD)


def test_squad_gathers_once_a_day() -> None:
    found = events(OLD, "squad", "q1")
    assert [event["SUMMARY"] for event in found.values()] == [
        "08:30集合 09:05到枣园村",
        "10:15到柳塘村",
        "08:30集合 09:05到枣园村",
    ]
    assert [event["ALARM-TRIGGER"] for event in found.values()] == ["-PT1H35M", "-PT1H", "-PT1H35M"]
    first = found["visit-n1-1"]
    assert (first["DTSTART"], first["DTEND"]) == ("20270112T090500", "20270112T101000")
    assert first["DESCRIPTION"].split("\n") == [
        "腊月初五 (2027-01-12) 周二 逢集 09:05–10:10",
        "08:30从县人社局出发",
        "第1次走访，共2次",
        "示例县人力资源和社会保障局 0739-0000000",
        "方案 v1 起",
    ]
    assert (first["LOCATION"], first["GEO"]) == ("东岭镇 枣园村", "27.08;110.77")


def test_venue_has_its_fairs_with_what_is_due_before() -> None:
    found = events(OLD, "fair", "yard")
    assert [event["SUMMARY"] for event in found.values()] == ["09:00开场 东岭镇春风行动招聘会"]
    lines = found["fair-f-dongling"]["DESCRIPTION"].split("\n")
    assert lines[:4] == [
        "腊月十七 (2027-01-24) 周日 09:00–15:00",
        "现场招聘会",
        "东岭镇小学操场",
        "预计1200人，企业2家，展位4个",
    ]
    assert "1月4日 周一 冬月廿七前：报公安安全许可" in lines
    assert found["fair-f-dongling"]["LOCATION"] == "东岭镇 东岭镇小学操场"


def test_one_fair_by_its_id_also_online() -> None:
    found = events(OLD, "fair", "f-live")
    assert [event["SUMMARY"] for event in found.values()] == ["19:00开场 直播带岗"]
    assert "GEO" not in found["fair-f-live"]


def test_township_has_its_fairs_and_visits() -> None:
    found = events(OLD, "township", "430525981")
    assert [*found] == ["visit-n1-1", "visit-n4-1", "visit-n1-2", "fair-f-dongling"]
    assert found["visit-n1-1"]["SUMMARY"] == "09:05集合 枣园村（第1小分队走访）"


def test_all_has_everything_in_order_of_time() -> None:
    found = events(OLD, "all")
    assert len(found) == len(AGENDA.fairs) + len(AGENDA.visits)
    assert [event["DTSTART"] for event in found.values()] == sorted(e["DTSTART"] for e in found.values())


def test_head_names_whose_calendar_it_is() -> None:
    head = {
        name: (params, value)
        for kind, name, params, value in read_lines(feed(OLD, "squad", "q1"))
        if kind == "VCALENDAR"
    }
    assert unescape(head["X-WR-CALNAME"][1]) == "示例县2027年春风行动 第1小分队"
    assert head["REFRESH-INTERVAL"] == (";VALUE=DURATION", "PT1H")
    assert head["X-PUBLISHED-TTL"] == ("", "PT1H")


def test_moved_says_so_and_when_it_was() -> None:
    found = events(second(moved(AGENDA, "n1-2", seconds=86_400)), "squad", "q1")
    event = found["visit-n1-2"]
    assert event["SUMMARY"].startswith("【改期】")
    assert event["DESCRIPTION"].startswith("原定：腊月十二 (2027-01-19) 周二 09:05–10:10\n")
    assert (event["SEQUENCE"], event["STATUS"], event["DTSTART"]) == ("1", "CONFIRMED", "20270120T090500")
    assert {name for name, event in found.items() if event["SEQUENCE"] != "0"} == {"visit-n1-2"}


def test_the_mark_of_a_move_stands_48_hours() -> None:
    plan = second(moved(AGENDA, "n1-2", seconds=86_400))
    published = {1: NOW - timedelta(days=9), 2: NOW}
    kept = events(plan, "squad", "q1", published=published, now=NOW + timedelta(hours=48))
    done = events(plan, "squad", "q1", published=published, now=NOW + timedelta(hours=49))
    assert kept["visit-n1-2"]["SUMMARY"].startswith("【改期】")
    assert not done["visit-n1-2"]["SUMMARY"].startswith("【")
    stamps = {name: (event["DTSTAMP"], event["LAST-MODIFIED"]) for name, event in done.items()}
    assert stamps["visit-n1-2"] == ("20270108T120000Z",) * 2
    assert stamps["visit-n1-1"] == ("20261230T120000Z",) * 2


def test_cancelled_stays_struck_out_in_every_feed() -> None:
    plan = second(replace(AGENDA, fairs=AGENDA.fairs[1:], visits=AGENDA.visits[1:]))
    for scope, item, name in (
        ("squad", "q1", "visit-n1-1"),
        ("township", "430525981", "visit-n1-1"),
        ("fair", "yard", "fair-f-dongling"),
        ("all", "", "fair-f-dongling"),
    ):
        event = events(plan, scope, item)[name]
        assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", "1")
        assert event["SUMMARY"].startswith("【取消】")
        assert "ALARM-TRIGGER" not in event


def bare(campaign: Campaign, *, places: frozenset[str] = frozenset()) -> Campaign:
    """The campaign when fairs, venues, squads and visits, and some places, are taken out of the folder."""
    outreach = replace(campaign.outreach, fairs=(), venues=(), squads=(), visits=())
    kept = tuple(place for place in campaign.places if place.id not in places)
    return replace(campaign, outreach=outreach, places=kept)


@pytest.mark.parametrize(
    ("scope", "item", "name", "title"),
    [
        ("squad", "q1", "visit-n1-1", "【取消】09:05到枣园村"),
        ("fair", "yard", "fair-f-dongling", "【取消】09:00开场 东岭镇春风行动招聘会"),
        ("fair", "f-live", "fair-f-live", "【取消】19:00开场 直播带岗"),
        ("township", "430525981", "fair-f-dongling", "【取消】09:00开场 东岭镇春风行动招聘会"),
        ("all", "", "visit-n1-1", "【取消】09:05集合 枣园村（第1小分队走访）"),
    ],
)
def test_what_is_taken_out_of_the_folder_is_cancelled_by_its_name(
    scope: str, item: str, name: str, title: str
) -> None:
    campaign = bare(CAMPAIGN, places=frozenset({"430525981", "430525981201"}))
    plan = agenda_plan(campaign, Agenda(), version=2, previous=OLD)
    third = agenda_plan(campaign, Agenda(), version=3, previous=plan)
    for later in (plan, third):
        event = events(later, scope, item, campaign=campaign)[name]
        assert (event["STATUS"], event["SEQUENCE"], event["SUMMARY"]) == ("CANCELLED", "1", title)


def test_feeds_of_what_was_taken_out_are_written_with_the_rest() -> None:
    campaign = bare(CAMPAIGN)
    plan = agenda_plan(campaign, Agenda(), version=2, previous=OLD)
    then = FeedBook(CAMPAIGN, OLD, locale="zh_CN", now=NOW).list_addresses()
    now = FeedBook(campaign, plan, locale="zh_CN", now=NOW).list_addresses()
    assert {*now} == {*then}


def test_a_cancelled_run_keeps_the_name_of_a_village_taken_out() -> None:
    campaign, plan = tiny_campaign(), tiny_plan()
    plan = replace(plan, names=keep_names(campaign, plan, previous=None))
    event = replace(plan.events[0], status=EventStatus.CANCELLED, sequence=1)
    name = next(place.name for place in campaign.places if place.id == event.place_id)
    gone = replace(plan, events=(event,), routes=(), legs=())
    campaign = replace(campaign, places=tuple(p for p in campaign.places if p.id != event.place_id))
    gone = replace(gone, names=keep_names(campaign, gone, previous=plan))
    found = FeedBook(campaign, gone, locale="zh_CN", now=NOW).build(Address(scope=Scope.ALL)).entries
    assert [name in entry.title and name in entry.location for entry in found] == [True]


def test_who_loses_a_visit_sees_it_cancelled_and_who_has_it() -> None:
    plan = second(moved(AGENDA, "n3-1", squad="q1", seconds=3_600))
    lost, won = events(plan, "squad", "q2")["visit-n3-1"], events(plan, "squad", "q1")["visit-n3-1"]
    assert (lost["STATUS"], lost["SUMMARY"]) == ("CANCELLED", "【取消】15:15到松坪村")
    assert lost["DESCRIPTION"].startswith("改由第1小分队去：腊月初七 (2027-01-14) 周四 16:15–17:15")
    assert (won["STATUS"], won["SUMMARY"], won["SEQUENCE"]) == (
        "CONFIRMED",
        "16:15到松坪村",
        lost["SEQUENCE"],
    )
    seen = events(plan, "all")["visit-n3-1"]
    assert seen["SUMMARY"] == "【改期】16:15集合 松坪村（第1小分队走访）"
    assert "原由第2小分队去。" in seen["DESCRIPTION"]


def test_who_loses_a_fair_sees_it_cancelled_township_too() -> None:
    fairs = tuple(
        replace(fair, venue_id=VenueId("square")) if fair.venue_id == "yard" else fair
        for fair in AGENDA.fairs
    )
    plan = second(replace(AGENDA, fairs=fairs))
    assert events(plan, "fair", "yard")["fair-f-dongling"]["STATUS"] == "CANCELLED"
    assert "改在西溪镇广场" in events(plan, "fair", "yard")["fair-f-dongling"]["DESCRIPTION"]
    assert events(plan, "fair", "square")["fair-f-dongling"]["STATUS"] == "CONFIRMED"
    # it is still 东岭镇's own fair, so the township keeps it
    assert events(plan, "township", "430525981")["fair-f-dongling"]["SUMMARY"].startswith("【改期】")
    assert events(plan, "township", "430525982")["fair-f-dongling"]["STATUS"] == "CONFIRMED"


def test_nothing_personal() -> None:
    content = "".join(value for _, _, _, value in read_lines(feed(OLD, "all")))
    for squad in CAMPAIGN.outreach.squads:
        content += "".join(value for _, _, _, value in read_lines(feed(OLD, "squad", squad.id)))
    people = [(row.name, row.phone, row.document_number) for row in CAMPAIGN.registrations]
    people += [(row.leader, row.leader_phone, *row.members) for row in CAMPAIGN.outreach.squads]
    people += [(row.name, row.phone) for row in CAMPAIGN.outreach.brokers]
    secrets = {word for row in people for word in row if word}
    assert len(secrets) > 12
    assert [word for word in secrets if word in content] == []


def test_what_people_typed_is_escaped() -> None:
    odd = "甲,乙;丙\\丁\n戊\x07己" + "很长的名字" * 12
    fairs = tuple(replace(fair, name=odd) for fair in CAMPAIGN.outreach.fairs)
    campaign = replace(CAMPAIGN, outreach=replace(CAMPAIGN.outreach, fairs=fairs))
    book = FeedBook(campaign, OLD, locale="zh_CN", now=NOW)
    content = draw_feed(book.build(Address(scope=Scope.ALL)), locale="zh_CN", now=NOW).content
    read_lines(content)
    found = read_events(content)["fair-f-live@example-fairs.breeze"]
    assert found["SUMMARY"] == "19:00开场 " + odd.replace("\x07", " ")


def test_every_feed_of_a_large_agenda_is_strict() -> None:
    plan = agenda_plan(CAMPAIGN, drawn_agenda(CAMPAIGN, seed=7))
    documents = list(render_feeds(CAMPAIGN, plan, locale="zh_CN", now=NOW))
    assert len({document.filename for document in documents}) == len(documents)
    for document in documents:
        read_lines(document.content)
        assert not re.search(rb"P1H\b(?<!PT1H)", document.content)


def test_runs_are_in_the_feeds_of_their_townships_and_of_all() -> None:
    campaign, plan = tiny_campaign(), tiny_plan()
    book = FeedBook(campaign, plan, locale="zh_CN", now=NOW)
    whole = book.build(Address(scope=Scope.ALL))
    assert [entry.uid for entry in whole.entries] == [event.uid for event in plan.events]
    towns = [address for address in book.list_addresses() if address.scope is Scope.TOWNSHIP]
    assert all(book.build(address).entries for address in towns)


def test_known_without_anything_gives_an_empty_feed() -> None:
    plan = agenda_plan(CAMPAIGN, replace(AGENDA, visits=(), fairs=()))
    assert events(plan, "squad", "q1") == {}
    book = FeedBook(CAMPAIGN, plan, locale="zh_CN", now=NOW)
    assert book.list_addresses() == (Address(scope=Scope.ALL),)


@pytest.mark.parametrize("scope", ["squad", "fair", "township"])
def test_unknown_is_refused(scope: str) -> None:
    with pytest.raises(NotFoundError):
        feed(OLD, scope, "nobody")


def test_same_inputs_same_bytes_in_whatever_order() -> None:
    assert OLD.agenda is not None
    turned = replace(
        OLD, agenda=replace(OLD.agenda, events=OLD.agenda.events[::-1], visits=AGENDA.visits[::-1])
    )
    for scope, item in (("all", ""), ("squad", "q1"), ("township", "430525981")):
        assert feed(OLD, scope, item) == feed(turned, scope, item)


def test_english() -> None:
    found = events(OLD, "squad", "q1", locale="en")
    assert found["visit-n1-1"]["SUMMARY"] == "Gather 08:30, 09:05 at 枣园村"


def test_now_needs_a_zone() -> None:
    with pytest.raises(ExportError):
        FeedBook(CAMPAIGN, OLD, locale="zh_CN", now=NOW.replace(tzinfo=None))
