"""Why fairs are not held, in figures; and every remedy, done to the letter, has its fair held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from exports.words import LOCALES
from planner.console_fairs import say_refused_fair
from planner.model.agenda import FairCause, RemedyKind
from planner.model.fairs import Fair, FairKind
from tests.unit.stages.fair_cases import ALL, CASES, Case, build, iso
from tests.unit.stages.fair_county import (
    TEAM,
    change,
    fair,
    held,
    lock,
    need,
    on,
    plan,
    refused,
    town,
    venue,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planner.errors import Arg
    from planner.model.campaign import Campaign


def _put(campaign: Campaign, table: str, **fields: Any) -> Campaign:
    """Change the rows of a table that have the id given."""
    rows = getattr(campaign.outreach, table)
    name = fields.pop("id")
    return change(campaign, **{table: tuple(replace(r, **fields) if r.id == name else r for r in rows)})


def _day(args: Mapping[str, Arg]) -> date:
    return date.fromisoformat(str(args["day"]))


def _number(args: Mapping[str, Arg], name: str) -> int:
    number = args[name]
    assert isinstance(number, int)
    return number


def _find(campaign: Campaign, table: str, **named: object) -> Any:
    ((key, value),) = named.items()
    return next(row for row in getattr(campaign.outreach, table) if getattr(row, key) == value)


def _release(campaign: Campaign, one: Fair, args: Mapping[str, Arg]) -> Campaign:
    fixed = (one.id, args["who"], args["why"])
    gone = [lock for lock in campaign.locks if (lock.item, lock.who, lock.why) == fixed]
    assert len(gone) == 1
    return replace(campaign, locks=tuple(lock for lock in campaign.locks if lock not in gone))


def _add_venue(campaign: Campaign, one: Fair, args: Mapping[str, Arg]) -> Campaign:
    shut = tuple(day for day in ALL if day != _day(args))
    kind = FairKind(str(args["kind"]))
    place = one.township_id or town(3)
    new = venue("new", place, capacity=_number(args, "visitors"), kinds=(kind,), closed=shut, booths=9)
    campaign = change(campaign, venues=(*campaign.outreach.venues, new))
    return _put(campaign, "fairs", id=one.id, venues=(*one.venues, new.id) if one.venues else ())


def _open(campaign: Campaign, _one: Fair, args: Mapping[str, Arg]) -> Campaign:
    hall = _find(campaign, "venues", name=args["venue"])
    assert _day(args) in hall.closed
    return _put(campaign, "venues", id=hall.id, closed=tuple(day for day in hall.closed if day != _day(args)))


def _lower(campaign: Campaign, one: Fair, args: Mapping[str, Arg]) -> Campaign:
    return _put(campaign, "fairs", id=one.id, expected_visitors=_number(args, "most"))


def _lengthen(campaign: Campaign, one: Fair, args: Mapping[str, Arg]) -> Campaign:
    more = timedelta(_number(args, "count"))
    first = min(one.first_day, max(one.first_day - more, _day(args)))
    last = max(one.last_day, min(one.last_day + more, _day(args)))
    return _put(campaign, "fairs", id=one.id, first_day=first, last_day=last)


def _move(campaign: Campaign, one: Fair, args: Mapping[str, Arg]) -> Campaign:
    day = _day(args)
    announced = day if one.announced else None
    return _put(campaign, "fairs", id=one.id, first_day=day, last_day=day, announced=announced)


def _add_resource(campaign: Campaign, _one: Fair, args: Mapping[str, Arg]) -> Campaign:
    stock = _find(campaign, "resources", name=args["resource"])
    return _put(campaign, "resources", id=stock.id, count=stock.count + _number(args, "count"))


def _shorten(campaign: Campaign, _one: Fair, args: Mapping[str, Arg]) -> Campaign:
    rules = replace(campaign.rules.fairs, gap_days=_number(args, "apart"))
    return replace(campaign, rules=replace(campaign.rules, fairs=rules))


def _invite(campaign: Campaign, _one: Fair, args: Mapping[str, Arg]) -> Campaign:
    guest = _find(campaign, "exhibitors", employer=args["exhibitor"])
    shut = tuple(day for day in guest.closed if day != _day(args))
    return _put(campaign, "exhibitors", id=guest.id, closed=shut, most_fairs=guest.most_fairs + 1)


DO: Final[Mapping[RemedyKind, Callable[[Campaign, Fair, Mapping[str, Arg]], Campaign]]] = {
    RemedyKind.RELEASE_LOCK: _release,
    RemedyKind.ADD_VENUE: _add_venue,
    RemedyKind.OPEN_VENUE: _open,
    RemedyKind.LOWER_VISITORS: _lower,
    RemedyKind.LENGTHEN_WINDOW: _lengthen,
    RemedyKind.MOVE_WINDOW: _move,
    RemedyKind.ADD_RESOURCE: _add_resource,
    RemedyKind.SHORTEN_GAP: _shorten,
    RemedyKind.INVITE_EXHIBITOR: _invite,
}
LESS: Final[Mapping[RemedyKind, tuple[str, int]]] = {
    RemedyKind.LOWER_VISITORS: ("most", 1),
    RemedyKind.LENGTHEN_WINDOW: ("count", -1),
    RemedyKind.ADD_RESOURCE: ("count", -1),
    RemedyKind.SHORTEN_GAP: ("apart", 1),
}
"""By which figure a remedy would be a little less, which must not do."""


def test_every_cause_and_every_remedy_of_fairs_is_looked_at() -> None:
    assert {case.cause for case in CASES} == set(FairCause)
    assert {case.remedy for case in CASES} == {*DO, None}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_why_a_fair_is_not_held_and_what_helps(case: Case) -> None:
    campaign = case.campaign
    agenda = plan(campaign)
    left = refused(agenda, "a")
    assert len(agenda.refused_fairs) == 1
    assert left.cause is case.cause
    assert case.figures.items() <= left.args.items()
    for locale in LOCALES:
        said = list(say_refused_fair(left, locale=locale))
        fixed = any(one.item == "a" for one in campaign.locks) + bool(left.args["announced"])
        assert len(said) == 1 + fixed + (left.remedy is not None)
        assert not any("{" in line for line in said)
    if left.remedy is None or case.remedy is None:
        assert left.remedy is case.remedy
        return
    kind, args = left.remedy.kind, left.remedy.args
    assert kind is case.remedy
    assert case.fix.items() <= args.items()
    (one,) = (one for one in campaign.outreach.fairs if one.id == "a")
    if "who" in args and kind is not RemedyKind.RELEASE_LOCK:
        assert refused(plan(DO[kind](campaign, one, args)), "a")
        assert refused(plan(_release(campaign, one, args)), "a")
        campaign = _release(campaign, one, args)
    assert not plan(DO[kind](campaign, one, args)).refused_fairs
    if kind in LESS:
        name, more = LESS[kind]
        less = DO[kind](campaign, one, {**args, name: _number(args, name) + more})
        assert refused(plan(less), "a")


def test_a_remedy_names_the_number_that_words_say() -> None:
    case = next(case for case in CASES if case.name == "small-and-no-permit")
    left = refused(plan(case.campaign), "a")
    assert "199 人以内" in list(say_refused_fair(left, locale="zh_CN"))[1]
    assert "no more than 199 visitors" in list(say_refused_fair(left, locale="en"))[1]


def _said(name: str, *, locale: str) -> str:
    case = next(case for case in CASES if case.name == name)
    return "\n".join(say_refused_fair(refused(plan(case.campaign), "a"), locale=locale))


def test_a_lock_is_named_beside_what_forbids_it() -> None:
    for name, lead in (("lock", "只因锁定"), ("lock-before-the-permit", "另有锁定")):
        words = _said(name, locale="zh_CN")
        assert f"{lead}：locks.csv 里 fair a 一行，王主任定在" in words
        assert f"锁定的日子是 {iso(5)}" in words
        assert "row fair a of locks.csv, by which 王主任 fixed" in _said(name, locale="en")


def test_where_no_lock_can_be_kept_both_its_release_and_what_else_are_said() -> None:
    words = _said("lock-where-nothing-helps", locale="zh_CN")
    assert f"请王主任解除锁定（{iso(39)}），并且期限放宽 1 天，可在 {iso(1)} 举办" in words
    words = _said("lock-where-nothing-helps", locale="en")
    assert f"release the lock ({iso(39)}), and besides: a window 1 day longer; then {iso(1)}." in words
    assert f"请王主任解除锁定（{iso(5)}），可在 {iso(4)} 举办" in _said("lock", locale="zh_CN")


def test_a_day_that_was_announced_is_called_so() -> None:
    words = _said("announced-for-after-peak", locale="zh_CN")
    assert f"已公布的日子是 {iso(39)}" in words
    assert "期限" not in words
    assert f"对外公布在 {iso(39)}" in words
    assert f"the day announced is {iso(39)}" in _said("announced-for-after-peak", locale="en")


def test_what_was_fixed_before_forbids_a_lock_whoever_else_comes_to_its_day() -> None:
    fixed = (lock("0", 5, "s2"), lock("a", 5, "s1"))
    campaign = build(
        fair("0", 2), fair("a", needs=need(1)), fair("c", 3, first_day=on(5), last_day=on(5), needs=need(4)),
        resources=(replace(TEAM, count=4),), locks=fixed,
    )  # fmt: skip
    agenda = plan(campaign)
    assert held(agenda)["c"].day == on(5)
    assert refused(agenda, "a").args["reason"] == "neighbour_near"


def test_one_of_two_locks_that_cannot_both_be_kept_is_given_up() -> None:
    both = build(fair("a"), fair("b"), locks=(lock("a", 5, "s1"), lock("b", 5, "s1")))
    agenda = plan(both)
    assert held(agenda)["a"].day == on(5)
    left = refused(agenda, "b")
    assert left.cause is FairCause.LOCKS_CONTRADICT
    assert (left.args["who"], left.args["why"], left.args["until"]) == ("王主任", "b已约好", iso(60))
    assert left.args["reason"] == "venue_taken"
    assert left.remedy is not None
    free = plan(_release(both, both.outreach.fairs[1], left.remedy.args))
    assert not free.refused_fairs
    assert held(free)["a"].day == on(5)
