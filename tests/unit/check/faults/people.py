"""Faults of a plan as a whole, and of who is in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.unit.check.county import (
    V1,
    V3,
)
from tests.unit.check.faults.table import (
    changed,
    ghost,
    onward,
    plants,
    written,
)
from tests.unit.check.good_plan import good_draft, people

if TYPE_CHECKING:
    from tests.unit.check.faults.table import Broken


@plants("plan.format")
def foreign_format() -> Broken:
    return changed(format=99)


@plants("plan.version")
def version_zero() -> Broken:
    return changed(version=0)


@plants("plan.version")
def first_version_with_parent() -> Broken:
    return changed(parent="0" * 64)


@plants("plan.version")
def second_version_without_parent() -> Broken:
    return changed(version=2)


@plants("plan.campaign")
def other_campaign() -> Broken:
    return changed(campaign_id="elsewhere")


@plants("plan.digest")
def campaign_changed_since() -> Broken:
    draft = good_draft()
    departures = tuple(replace(entry, quota=entry.quota + 1) for entry in draft.campaign.departures)
    return replace(draft.campaign, departures=departures), draft.write()


@plants("person.exists")
def stranger_aboard() -> Broken:
    return written(good_draft().add(3, V3, ghost()))


@plants("person.exists")
def stranger_left_behind() -> Broken:
    draft = good_draft()
    return written(replace(draft, left=(*draft.left, ghost())))


@plants("party.once")
def person_forgotten() -> Broken:
    return written(good_draft().without(people(5)))


@plants("party.once")
def person_on_two_runs() -> Broken:
    return written(good_draft().add(3, V1, people(5)))


@plants("party.once")
def person_twice_on_one_run() -> Broken:
    return written(good_draft().add(3, V3, people(12)))


@plants("party.once")
def person_aboard_and_left() -> Broken:
    draft = good_draft()
    return written(replace(draft, left=(*draft.left, people(5))))


@plants("party.once")
def person_without_onward_leg() -> Broken:
    draft = good_draft()
    plan = draft.write()
    return draft.campaign, replace(plan, legs=tuple(leg for leg in plan.legs if not onward(leg, 5)))


@plants("party.unsplit")
def family_on_two_runs() -> Broken:
    draft = good_draft().without(people(1, 2, 3)).add(1, V1, people(1)).add(3, V1, people(2, 3))
    return written(draft)


@plants("party.unsplit")
def child_left_behind() -> Broken:
    draft = good_draft().without(people(1, 2, 3)).add(1, V1, people(1, 2))
    return written(replace(draft, left=(*draft.left, people(3))))
