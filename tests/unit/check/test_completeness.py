"""No figure of a plan can be wrong unnoticed: each one, changed alone, is named by some rule.

What is no figure is left out: who of the crew drives, why nothing was laid on, what a stage costs by a
measure of its own.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

import pytest

from planner.check import check_plan
from planner.model.fleet import Call
from planner.model.plan import Plan
from planner.model.trunk import Stage
from tests.unit.check.county import DONGGUAN
from tests.unit.check.good_plan import good_draft

if TYPE_CHECKING:
    from collections.abc import Iterator

_DRAFT = good_draft()
_PLAN = _DRAFT.write()
_ELSEWHERE = "else-where"
_NOBODY = 9
_NO_FIGURES = {"shortage"}


def _other(value: Any) -> Any:
    """Something of the same type that is not the value."""
    if isinstance(value, Enum):
        return next(member for member in type(value) if member is not value)
    if isinstance(value, str):
        return _ELSEWHERE
    if isinstance(value, tuple):
        other = (Call(destination_id=DONGGUAN, arrives=_DRAFT.campaign.epoch),)
        return value[1:] or other  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, datetime):
        return value + timedelta(minutes=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    return value + 1


def _altered(part: Any) -> Iterator[tuple[str, Any]]:
    for entry in fields(part):
        value = getattr(part, entry.name)
        if value is not None and entry.name not in _NO_FIGURES:
            other = _NOBODY if entry.name == "driver" else _other(value)
            yield entry.name, replace(part, **{entry.name: other})


def _routes() -> Iterator[tuple[str, Plan]]:
    for number, route in enumerate(_PLAN.routes):
        for name, altered in _altered(route):
            yield f"run {route.run}: {name}", _with("routes", number, altered)
        for place, stop in enumerate(route.stops):
            for name, altered in _altered(stop):
                moved = replace(route, stops=(*route.stops[:place], altered, *route.stops[place + 1 :]))
                yield f"run {route.run} stop {place}: {name}", _with("routes", number, moved)


def _inside(name: str, inner: str) -> Iterator[tuple[str, Plan]]:
    """Parts of parts: the movements of a run, the calls of a departure."""
    for number, part in enumerate(getattr(_PLAN, name)):
        entries = getattr(part, inner)
        for place, entry in enumerate(entries):
            for field, altered in _altered(entry):
                changed = (*entries[:place], altered, *entries[place + 1 :])
                what = f"{name} {number} {inner} {place}: {field}"
                yield what, _with(name, number, replace(part, **{inner: changed}))
        for place in range(len(entries)):
            fewer = (*entries[:place], *entries[place + 1 :])
            what = f"{name} {number} {inner} {place} dropped"
            yield what, _with(name, number, replace(part, **{inner: fewer}))


def _proofs() -> Iterator[tuple[str, Plan]]:
    own = {f"proofs {_PLAN.proofs.index(_TRUNK)}: {name}" for name in ("cost", "changed")}
    yield from ((what, plan) for what, plan in _parts("proofs") if what not in own)


def _parts(name: str) -> Iterator[tuple[str, Plan]]:
    for number, part in enumerate(getattr(_PLAN, name)):
        for field, altered in _altered(part):
            yield f"{name} {number}: {field}", _with(name, number, altered)


def _with(name: str, number: int, part: object) -> Plan:
    entries = getattr(_PLAN, name)
    return replace(_PLAN, **{name: (*entries[:number], part, *entries[number + 1 :])})


def _without(name: str) -> Iterator[tuple[str, Plan]]:
    entries = getattr(_PLAN, name)
    for number, entry in enumerate(entries):
        others = (*entries[:number], *entries[number + 1 :])
        yield f"{name} {number} dropped", replace(_PLAN, **{name: others})
        yield f"{name} {number} doubled", replace(_PLAN, **{name: (*entries, entry)})


_TRUNK = next(proof for proof in _PLAN.proofs if proof.stage is Stage.TRUNK)
_LISTS = ("routes", "legs", "unserved", "events", "departures", "trunk_runs", "subsidised")
_WRONG = (
    *_routes(),
    *(
        altered
        for name in ("legs", "events", "departures", "trunk_runs", "subsidised")
        for altered in _parts(name)
    ),
    *_inside("departures", "calls"),
    *_inside("trunk_runs", "movements"),
    *_inside("trunk_runs", "back"),
    *_proofs(),
    *(altered for name in _LISTS for altered in _without(name)),
    ("trunk cost", replace(_PLAN, trunk_cost_fen=_PLAN.trunk_cost_fen + 1)),
    ("proof doubled", replace(_PLAN, proofs=(*_PLAN.proofs, _TRUNK))),
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
        departures=_PLAN.departures[::-1],
        trunk_runs=_PLAN.trunk_runs[::-1],
        subsidised=_PLAN.subsidised[::-1],
        proofs=_PLAN.proofs[::-1],
    )
    assert check_plan(_DRAFT.campaign, plan) == ()
