"""The feed of runs, held to RFC 5545 by a small reader of its own and to icalendar by a round trip."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from icalendar import Calendar

from exports.runfeed import render_feed
from planner.errors import ExportError
from planner.model.clock import CHINA
from planner.model.events import EventStatus
from planner.model.plan import Event
from planner.told import gather_time_s
from tests.builders import tiny_campaign, tiny_plan
from tests.unit.exports.strict_ics import read_lines, unescape, unfold

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

NOW: Final = datetime(2027, 2, 13, 20, 0, tzinfo=CHINA)


def feed(plan: Plan, *, campaign: Campaign | None = None, locale: str = "zh_CN") -> bytes:
    """Draw the feed of a plan of ``tiny``."""
    return render_feed(campaign or tiny_campaign(), plan, locale=locale, now=NOW).content


def values(content: bytes, component: str, name: str) -> list[str]:
    """All values of one property, in order."""
    return [value for kind, prop, _, value in read_lines(content) if (kind, prop) == (component, name)]


def with_event(plan: Plan, **changes: object) -> Plan:
    """Change the first event of a plan."""
    first, *rest = plan.events
    return replace(plan, events=(replace(first, **changes), *rest))


def test_head_has_what_clients_need() -> None:
    """Name, zone and refresh are said in the old and the new way; the duration is never ``P1H``."""
    head = {
        name: (params, value)
        for kind, name, params, value in read_lines(feed(tiny_plan()))
        if kind == "VCALENDAR"
    }
    assert head["VERSION"] == ("", "2.0")
    assert head["CALSCALE"] == ("", "GREGORIAN")
    assert head["PRODID"][1].startswith("-//Spring Breeze//")
    assert head["NAME"] == head["X-WR-CALNAME"]
    assert head["X-WR-TIMEZONE"] == ("", "Asia/Shanghai")
    assert head["REFRESH-INTERVAL"] == (";VALUE=DURATION", "PT1H")
    assert head["X-PUBLISHED-TTL"] == ("", "PT1H")


def test_zone_is_one_block_without_summer_time() -> None:
    """One STANDARD of +0800, no DAYLIGHT, and every event refers to it."""
    content = feed(tiny_plan())
    assert content.count(b"BEGIN:VTIMEZONE") == content.count(b"BEGIN:STANDARD") == 1
    assert b"DAYLIGHT" not in content
    assert (
        values(content, "STANDARD", "TZOFFSETFROM") == values(content, "STANDARD", "TZOFFSETTO") == ["+0800"]
    )
    used = {
        params
        for kind, name, params, _ in read_lines(content)
        if kind == "VEVENT" and name in {"DTSTART", "DTEND"}
    }
    assert used == {";TZID=Asia/Shanghai"}


def test_title_holds_gather_time_run_and_both_ends() -> None:
    """08:53:24 less ten minutes, down to five: 08:40, in the title and as the start."""
    content = feed(tiny_plan())
    assert values(content, "VEVENT", "SUMMARY")[0] == "08:40集合 1号车 枫树村→示例站"
    assert values(content, "VEVENT", "DTSTART")[0] == "20270214T084000"
    assert values(content, "VEVENT", "DTEND")[0] == "20270214T093000"


@pytest.mark.parametrize(
    ("arrive_s", "told"), [(32_004, 31_200), (31_800, 31_200), (31_799, 30_900), (32_100, 31_500), (60, -600)]
)
def test_gather_time_is_never_later_than_the_lead(arrive_s: int, told: int) -> None:
    """Down to five minutes, also across midnight."""
    campaign = tiny_campaign()
    stop = replace(tiny_plan().routes[0].stops[0], arrive_s=arrive_s)
    assert gather_time_s(campaign, stop) == told


def test_description_lists_stops_and_train() -> None:
    """Time, place and heads of each stop, the arrival, the train, the office; no person."""
    words = values(feed(tiny_plan()), "VEVENT", "DESCRIPTION")[0].split("\\n")
    assert "1. 08:40集合 枫树村 村口老枫树下，上3人" in words
    assert "2. 08:50集合 高岭村 卫生室门口，上3人" in words
    assert "09:30 到示例站" in words
    assert any("G9999" in line and "10:40" in line for line in words)
    assert tiny_campaign().phone in words[-2]


def test_nothing_personal() -> None:
    """No traveller, contact, driver: neither name nor phone nor ID number nor registration id."""
    campaign = tiny_campaign()
    text = "".join(unfold(feed(tiny_plan(), campaign=campaign)))
    secrets = {
        word
        for row in campaign.registrations
        for word in (row.name, row.phone, row.document_number, row.id)
        if word
    }
    secrets |= {
        word for place in campaign.places for word in (place.contact_name, place.contact_phone) if word
    }
    secrets |= {
        word for row in campaign.crews for word in (row.driver_name, row.driver_phone, row.plate) if word
    }
    assert len(secrets) > 20
    assert not [
        word for word in secrets if re.search(rf"(?<![0-9A-Za-z]){re.escape(word)}(?![0-9A-Za-z])", text)
    ]


def test_place_is_said_in_words_and_degrees() -> None:
    """LOCATION and GEO tell the stop as it was told, not as the campaign has it now."""
    plan = tiny_plan()
    first, *rest = plan.routes
    moved = replace(first.stops[0], gather="祠堂前", lat=27.5, lon=110.1234567)
    plan = replace(plan, routes=(replace(first, stops=(moved, *first.stops[1:])), *rest))
    content = feed(plan)
    assert values(content, "VEVENT", "LOCATION")[0] == "示例镇 枫树村 祠堂前"
    assert values(content, "VEVENT", "GEO")[0] == "27.5;110.123457"


def test_identity_is_the_plans() -> None:
    """UID and SEQUENCE are copied, never made; DTSTAMP and LAST-MODIFIED are the given moment in UTC."""
    plan = with_event(tiny_plan(), sequence=4)
    content = feed(plan)
    assert values(content, "VEVENT", "UID") == [event.uid for event in plan.events]
    assert values(content, "VEVENT", "SEQUENCE") == ["4", "0"]
    stamps = values(content, "VEVENT", "DTSTAMP") + values(content, "VEVENT", "LAST-MODIFIED")
    assert set(stamps) == {"20270213T120000Z"}


def test_moved_run_says_so() -> None:
    """A risen sequence marks the title and says that this entry is in force."""
    content = feed(with_event(tiny_plan(), sequence=1))
    assert values(content, "VEVENT", "SUMMARY")[0] == "【改期】08:40集合 1号车 枫树村→示例站"
    assert not values(content, "VEVENT", "SUMMARY")[1].startswith("【")
    assert "以本条为准" in values(content, "VEVENT", "DESCRIPTION")[0]


def test_cancelled_run_stays_with_the_word_in_front() -> None:
    """Also when no route is left: the event keeps time and place, and has no alarm."""
    plan = tiny_plan()
    gone = Event(
        uid="run-9@tiny.breeze", sequence=2, status=EventStatus.CANCELLED, run=9,
        start_s=30_000, end_s=33_000, place_id=plan.events[0].place_id,
    )  # fmt: skip
    content = feed(replace(plan, events=(*plan.events, gone)))
    entry = next(row for row in Calendar.from_ical(content).events if row.uid == gone.uid)
    assert entry["status"] == "CANCELLED"
    assert entry["summary"] == "【取消】08:20集合 9号车 枫树村"
    assert entry.start == datetime(2027, 2, 14, 8, 20, tzinfo=CHINA)
    assert not entry.walk("VALARM")
    assert len(values(content, "VALARM", "TRIGGER")) == len(plan.events)


def test_cancelled_run_of_an_unknown_place() -> None:
    """A village that left the campaign is named by its id, without a position."""
    plan = replace(tiny_plan(), routes=())
    plan = with_event(plan, status=EventStatus.CANCELLED, place_id="430525000000")
    content = feed(plan)
    assert "430525000000" in values(content, "VEVENT", "SUMMARY")[0]
    assert len(values(content, "VEVENT", "GEO")) == len(plan.events) - 1


def test_text_is_escaped_and_folded() -> None:
    """Commas, semicolons, backslashes, line ends and control characters in what people typed."""
    campaign = tiny_campaign()
    odd = "甲,乙;丙\\丁\n戊\x07己" + "很长的名字" * 12
    campaign = replace(campaign, name=odd, office="办公室\r\n;DTSTART:1")
    content = feed(tiny_plan(), campaign=campaign)
    expected = odd.replace("\x07", " ") + " 接送车"
    assert unescape(values(content, "VCALENDAR", "X-WR-CALNAME")[0]) == expected
    assert unescape(values(content, "VCALENDAR", "NAME")[0]) == expected
    assert "办公室 \n;DTSTART:1" in unescape(values(content, "VEVENT", "DESCRIPTION")[0])


def test_round_trip_keeps_bytes() -> None:
    """What icalendar reads it writes again, byte for byte."""
    content = feed(with_event(tiny_plan(), sequence=1))
    assert Calendar.from_ical(content).to_ical() == content


def test_reader_sees_china_time() -> None:
    """A client that trusts the VTIMEZONE block computes +8 hours."""
    start = Calendar.from_ical(feed(tiny_plan())).events[0].start
    assert isinstance(start, datetime)
    assert start.utcoffset() == timedelta(hours=8)


def test_same_inputs_same_bytes() -> None:
    """Order of events and routes in the plan, and the zone ``now`` is given in, change nothing."""
    plan = tiny_plan()
    turned = replace(plan, events=plan.events[::-1], routes=plan.routes[::-1])
    assert feed(plan) == feed(turned)
    other = render_feed(tiny_campaign(), plan, locale="zh_CN", now=NOW.astimezone().replace(microsecond=7))
    assert other.content == feed(plan)


def test_english() -> None:
    """Words change, names do not; the grammar holds."""
    content = feed(tiny_plan(), locale="en")
    assert values(content, "VEVENT", "SUMMARY")[0] == "Gather 08:40 Bus 1 枫树村→示例站"


def test_now_needs_a_zone() -> None:
    """A stamp without a zone would differ by the machine it is drawn on."""
    with pytest.raises(ExportError):
        render_feed(tiny_campaign(), tiny_plan(), locale="zh_CN", now=NOW.replace(tzinfo=None))


def test_empty_plan_is_a_valid_feed() -> None:
    """A feed that people subscribed to does not break when nothing is planned."""
    content = feed(replace(tiny_plan(), routes=(), events=()))
    assert not values(content, "VEVENT", "UID")
