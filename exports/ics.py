"""Feed views -> RFC 5545, with the names of RFC 7986; the one place that knows icalendar.

Built for the clients people have: cancelled entries stay with the word in front because Google hides them,
the zone travels as one block because without it some clients take UTC, the refresh interval is ``PT1H``
because ``P1H`` breaks an importer. The same view with the same ``now`` is the same bytes.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, vText

from exports.document import Document
from planner.errors import ExportError
from planner.model.clock import CHINA
from planner.model.events import EventStatus

if TYPE_CHECKING:
    from exports.feedviews import FeedEntry, FeedView

_ZONE: Final = "Asia/Shanghai"
_REFRESH: Final = timedelta(hours=1)
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
"""RFC 5545 §3.1 has no room for control characters in text; the line feed becomes an escape."""


def draw_feed(view: FeedView, *, locale: str, now: datetime) -> Document:
    """Write a feed, its entries as they stand; ExportError when ``now`` has no zone."""
    if now.tzinfo is None:
        message = "now must carry a zone"
        raise ExportError(message)
    calendar = _build_head(view, locale=locale)
    calendar.add_component(_build_zone())
    for entry in view.entries:
        calendar.add_component(_draw_entry(entry, now=now))
    return Document(
        filename=view.filename, media_type="text/calendar; charset=utf-8", content=calendar.to_ical()
    )


def _build_head(view: FeedView, *, locale: str) -> Calendar:
    calendar = Calendar()
    # icalendar escapes neither NAME nor X- properties by itself
    name = vText(_clean(view.name))
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//Spring Breeze//breeze//{locale.partition('_')[0].upper()}")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", _ZONE)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar


def _build_zone() -> Timezone:
    """China has kept +0800 without summer time since 1991: one block says all that a feed needs."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1992, 1, 1))  # noqa: DTZ001 - local by definition (RFC 5545 §3.6.5)
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone = Timezone()
    zone.add("tzid", _ZONE)
    zone.add_component(standard)
    return zone


def _draw_entry(view: FeedEntry, *, now: datetime) -> Event:
    entry = Event()
    stamp = (view.stamp or now).astimezone(UTC).replace(microsecond=0)
    title = _clean(view.title)
    entry.add("uid", view.uid)
    entry.add("sequence", view.sequence)
    entry.add("status", view.status.value)
    entry.add("dtstamp", stamp)
    entry.add("last-modified", stamp)
    entry.add("dtstart", _local(view.start), parameters={"TZID": _ZONE})
    entry.add("dtend", _local(view.end), parameters={"TZID": _ZONE})
    entry.add("summary", title)
    entry.add("description", _clean("\n".join(view.lines)))
    if view.location:
        entry.add("location", _clean(view.location))
    if view.point is not None:
        entry.add("geo", (round(view.point[0], 6), round(view.point[1], 6)))
    if view.alarm is not None and view.status is not EventStatus.CANCELLED:
        entry.add_component(_build_alarm(title, before=view.alarm))
    return entry


def _build_alarm(title: str, *, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -before)
    alarm.add("description", title)
    return alarm


def _local(moment: datetime) -> datetime:
    return moment.astimezone(CHINA).replace(tzinfo=None)


def _clean(words: str) -> str:
    return _CONTROL.sub(" ", words)
