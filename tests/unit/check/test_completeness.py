"""No figure of a plan can be wrong unnoticed: each one, changed alone, is named by some rule."""

from __future__ import annotations

from dataclasses import fields, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest

from planner.check import check_plan
from planner.model.plan import Event, Leg, Plan, Route, Stop
from tests.unit.check.good_plan import good_draft

if TYPE_CHECKING:
    from collections.abc import Iterator

_DRAFT = good_draft()
_PLAN = _DRAFT.write()
_ELSEWHERE = "else-where"


def _other(value: Any) -> Any:
    """Something of the same type that is not the value."""
    if isinstance(value, Enum):
        return next(member for member in type(value) if member is not value)
    if isinstance(value, str):
        return _ELSEWHERE
    if isinstance(value, tuple):
        return value[1:]  # pyright: ignore[reportUnknownVariableType]
    return value + 1


def _altered(part: Any) -> Iterator[tuple[str, Any]]:
    for entry in fields(part):
        value = getattr(part, entry.name)
        if value is not None:
            yield entry.name, replace(part, **{entry.name: _other(value)})


def _routes() -> Iterator[tuple[str, Plan]]:
    for number, route in enumerate(_PLAN.routes):
        for name, altered in _altered(route):
            yield f"run {route.run}: {name}", _with("routes", number, altered)
        for place, stop in enumerate(route.stops):
            for name, altered in _altered(stop):
                moved = replace(route, stops=(*route.stops[:place], altered, *route.stops[place + 1 :]))
                yield f"run {route.run} stop {place}: {name}", _with("routes", number, moved)


def _parts(name: str) -> Iterator[tuple[str, Plan]]:
    for number, part in enumerate(getattr(_PLAN, name)):
        for field, altered in _altered(part):
            yield f"{name} {number}: {field}", _with(name, number, altered)


def _with(name: str, number: int, part: Route | Leg | Event | Stop) -> Plan:
    entries = getattr(_PLAN, name)
    return replace(_PLAN, **{name: (*entries[:number], part, *entries[number + 1 :])})


def _without(name: str) -> Iterator[tuple[str, Plan]]:
    entries = getattr(_PLAN, name)
    for number, entry in enumerate(entries):
        others = (*entries[:number], *entries[number + 1 :])
        yield f"{name} {number} dropped", replace(_PLAN, **{name: others})
        yield f"{name} {number} doubled", replace(_PLAN, **{name: (*entries, entry)})


_WRONG = (
    *_routes(),
    *_parts("legs"),
    *_parts("events"),
    *(altered for name in ("routes", "legs", "unserved", "events") for altered in _without(name)),
)
_SHARES = 8


@pytest.mark.parametrize("share", range(_SHARES))
def test_every_wrong_figure_is_noticed(share: int) -> None:
    altered = _WRONG[share::_SHARES]
    assert altered
    unnoticed = [what for what, plan in altered if not check_plan(_DRAFT.campaign, plan)]
    assert unnoticed == []


def test_what_the_order_of_entries_says_is_nothing() -> None:
    plan = replace(
        _PLAN,
        routes=_PLAN.routes[::-1],
        legs=_PLAN.legs[::-1],
        unserved=_PLAN.unserved[::-1],
        events=_PLAN.events[::-1],
    )
    assert check_plan(_DRAFT.campaign, plan) == ()
