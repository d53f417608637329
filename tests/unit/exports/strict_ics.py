"""A strict reader of RFC 5545, apart from icalendar: tests hold feeds to it."""

from __future__ import annotations

import re
from typing import Final

_LINE: Final = re.compile(
    r"(?P<name>[A-Z0-9-]+)(?P<params>(?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\";:,]+))*):(?P<value>.*)"
)
_TEXTS: Final = {"SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "X-WR-CALNAME"}
_SHAPES: Final = {
    "DTSTAMP": r"\d{8}T\d{6}Z",
    "LAST-MODIFIED": r"\d{8}T\d{6}Z",
    "DTSTART": r"\d{8}T\d{6}",
    "DTEND": r"\d{8}T\d{6}",
    "SEQUENCE": r"\d+",
    "STATUS": r"CONFIRMED|CANCELLED",
    "GEO": r"-?\d+(\.\d+)?;-?\d+(\.\d+)?",
    "TRIGGER": r"-P(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?)?",
    "UID": r"[\w.-]+@[\w.-]+",
}
_ONCE: Final = {
    "VCALENDAR": {
        "VERSION",
        "PRODID",
        "CALSCALE",
        "NAME",
        "X-WR-CALNAME",
        "X-WR-TIMEZONE",
        "X-PUBLISHED-TTL",
    },
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "LAST-MODIFIED"},
    "VALARM": {"ACTION", "TRIGGER", "DESCRIPTION"},
}

Line = tuple[str, str, str, str]
"""Component, property, parameters, value."""


def unfold(content: bytes) -> list[str]:
    """Check RFC 5545 §3.1 on the bytes, then give the content lines."""
    assert content.endswith(b"\r\n")
    lines: list[str] = []
    for row in content[:-2].split(b"\r\n"):
        assert len(row) <= 75, row
        assert b"\n" not in row
        assert b"\r" not in row
        words = row.decode("utf-8")  # a fold inside a character would fail here
        if words.startswith(" "):
            lines[-1] += words[1:]
        else:
            lines.append(words)
    return lines


def read_lines(content: bytes) -> list[Line]:
    """Hold a feed to the grammar; give its lines in order."""
    seen: list[Line] = []
    stack: list[tuple[str, list[str]]] = []
    for line in unfold(content):
        match = _LINE.fullmatch(line)
        assert match, line
        name, value = match["name"], match["value"]
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", value), line
        if name == "BEGIN":
            stack.append((value, []))
        elif name == "END":
            component, names = stack.pop()
            assert component == value
            for required in _ONCE[component]:
                assert names.count(required) == 1, (component, required)
        else:
            stack[-1][1].append(name)
            seen.append((stack[-1][0], name, match["params"], value))
            _check_value(name, value)
    assert not stack
    return seen


def _check_value(name: str, value: str) -> None:
    if name in _TEXTS:
        assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", value), value
        assert not re.search(r"\\(?![\\,;nN])", value.replace("\\\\", "")), value
    shape = _SHAPES.get(name)
    assert shape is None or re.fullmatch(shape, value), (name, value)


def read_events(content: bytes) -> dict[str, dict[str, str]]:
    """Give every event's properties, unescaped, by uid; no uid comes twice."""
    found: list[dict[str, str]] = []
    inside = ""
    for line in unfold(content):
        if line.startswith("BEGIN:"):
            inside = line.removeprefix("BEGIN:")
            if inside == "VEVENT":
                found.append({})
        elif line.startswith("END:VALARM"):
            inside = "VEVENT"
        elif inside in {"VEVENT", "VALARM"} and not line.startswith("END:"):
            name, _, value = line.partition(":")
            key = name.partition(";")[0]
            found[-1][key if inside == "VEVENT" else f"ALARM-{key}"] = unescape(value)
    by_uid = {event["UID"]: event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


def unescape(value: str) -> str:
    """Undo RFC 5545 §3.3.11."""
    return re.sub(r"\\([\\,;nN])", lambda match: "\n" if match[1] in "nN" else match[1], value)
