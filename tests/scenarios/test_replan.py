"""The day after the plan was told: only those whose plan really changed hear of it."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from functools import cache
from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from fixtures.generate import HOME
from planner.change import ChangeKind
from planner.check import check_plan
from planner.diff import diff_plans, plan_digest
from planner.intake.folder import load_campaign
from planner.intake.planfile import plan_to_json
from planner.model.events import EventStatus
from planner.model.fleet import split_vehicle_id
from planner.model.people import RegistrationId
from planner.model.plan import Plan
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget

if TYPE_CHECKING:
    from pathlib import Path

    from planner.model.campaign import Campaign

pytestmark = pytest.mark.slow
_BUDGET = Budget(effort=3, seed=1)


@cache
def _dongkou() -> Campaign:
    campaign, _ = load_campaign(HOME / "dongkou")
    assert campaign is not None
    return campaign


@cache
def _told() -> Plan:
    return plan_campaign(_dongkou(), _BUDGET)


def _replan(campaign: Campaign, *, previous: Plan | None = None) -> Plan:
    old = previous or _told()
    new = plan_campaign(campaign, _BUDGET, previous=old)
    assert check_plan(campaign, new) == ()
    assert (new.version, new.parent) == (old.version + 1, plan_digest(old, plan_to_json(old)))
    assert {event.uid for event in old.events} <= {event.uid for event in new.events}
    return new


def _raised(old: Plan, new: Plan) -> set[int]:
    """Runs whose SEQUENCE rose, always by one."""
    before = {event.run: event.sequence for event in old.events}
    after = {event.run: event.sequence for event in new.events if event.run in before}
    assert {after[run] - before[run] for run in before} <= {0, 1}
    return {run for run in before if after[run] > before[run]}


def _changed_runs(old: Plan, new: Plan) -> set[str]:
    return {change.item for change in diff_plans(old, new) if change.item.startswith("run ")}


def test_an_unchanged_folder_changes_nothing() -> None:
    old = _told()
    assert check_plan(_dongkou(), old) == ()
    new = _replan(_dongkou())
    assert _raised(old, new) == set()
    assert diff_plans(old, new) == ()
    assert (new.routes, new.legs, new.events) == (old.routes, old.legs, old.events)
    third = _replan(_dongkou(), previous=new)
    assert third.version == 3
    assert (third.routes, third.events) == (old.routes, old.events)


@pytest.mark.parametrize(
    ("column", "value"), [("gather", "新修的候车亭"), ("lat", "27.0123"), ("lon", "110.5678")]
)
def test_a_moved_pick_up_concerns_exactly_the_runs_that_call_there(
    column: str, value: str, tmp_path: Path
) -> None:
    old = _told()
    calls = Counter(stop.place_id for route in old.routes for stop in route.stops[:-1])
    village = max(calls, key=lambda place: (calls[place], place))
    folder = copytree(HOME / "dongkou", tmp_path / "dongkou")
    with (folder / "places.csv").open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        names, rows = list(reader.fieldnames or ()), list(reader)
    for row in rows:
        if row["id"] == village:
            row[column] = value
    with (folder / "places.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names)
        writer.writeheader()
        writer.writerows(rows)
    campaign, _ = load_campaign(folder)
    assert campaign is not None
    new = _replan(campaign)
    there = {route.run for route in old.routes if village in {stop.place_id for stop in route.stops}}
    assert there
    assert _raised(old, new) == there
    assert _changed_runs(old, new) == {f"run {run}" for run in there}
    kinds = {change.kind for change in diff_plans(old, new)}
    assert kinds == {ChangeKind.RUN_MOVED, ChangeKind.PERSON_PLACE}


@pytest.mark.parametrize("member", [0, -1])
def test_a_cancelled_person_changes_heads_and_nothing_else(member: int) -> None:
    """Also when it is the first of a party, whose id the party bore."""
    old = _told()
    for leg in [leg for leg in old.legs if leg.run is not None and len(leg.registration_ids) > 2][::150]:
        gone = leg.registration_ids[member]
        campaign = _dongkou()
        people = tuple(person for person in campaign.registrations if person.id != gone)
        new = _replan(replace(campaign, registrations=people))
        changes = diff_plans(old, new)
        kinds = {(change.kind, change.item) for change in changes}
        assert {(ChangeKind.RUN_HEADS, f"run {leg.run}"), (ChangeKind.PERSON_DROPPED, gone)} <= kinds
        assert {change.item for change in changes if change.item.startswith("run ")} == {f"run {leg.run}"}
        assert _raised(old, new) <= {leg.run}
        left = {entry.registration_ids for entry in old.unserved}
        assert {entry.registration_ids for entry in new.unserved} <= left


def test_three_late_names_change_two_runs_at_most() -> None:
    old, campaign = _told(), _dongkou()
    model = campaign.registrations[0]
    villages = sorted({person.village_id for person in campaign.registrations})
    late = tuple(
        replace(model, id=RegistrationId(f"ZZ{number}"), village_id=village, group="", captain=False)
        for number, village in enumerate((villages[10], villages[10], villages[11]))
    )
    new = _replan(replace(campaign, registrations=(*campaign.registrations, *late)))
    placed = {person for leg in new.legs for person in leg.registration_ids}
    assert {person.id for person in late} <= placed
    assert len(_changed_runs(old, new)) <= 2
    assert len(_raised(old, new)) <= 2
    before = {person for leg in old.legs for person in leg.registration_ids}
    assert before <= placed


def test_a_vehicle_that_breaks_down_is_replaced_and_its_numbers_are_never_used_again() -> None:
    old, campaign = _told(), _dongkou()
    used = {route.vehicle_id for route in old.routes}
    group = next(group for group in campaign.fleet if any(split_vehicle_id(v)[0] == group.id for v in used))
    last = f"{group.id}#{group.count:02d}"
    fleet = tuple(
        replace(entry, count=entry.count - 1) if entry.id == group.id else entry for entry in campaign.fleet
    )
    new = _replan(replace(campaign, fleet=fleet))
    assert last not in {route.vehicle_id for route in new.routes}
    lost = {route.run for route in old.routes if route.vehicle_id == last}
    events = {event.run: event for event in new.events}
    before = {event.run: event for event in old.events}
    for run in lost:
        assert events[run].status is EventStatus.CANCELLED
        assert events[run].sequence == before[run].sequence + 1
    assert not lost & {route.run for route in new.routes}
    fresh = {route.run for route in new.routes} - before.keys()
    assert all(run > max(before) for run in fresh)
    back = _replan(campaign, previous=new)
    assert not lost & {route.run for route in back.routes}
    assert {run: event for run, event in events.items() if run in lost} == {
        event.run: event for event in back.events if event.run in lost
    }


def test_a_village_that_cancels_as_a_whole_cancels_its_own_run_only() -> None:
    old, campaign = _told(), _dongkou()
    route = min(old.routes, key=lambda route: (len(route.stops), route.run))
    riders = {p for leg in old.legs if leg.run == route.run for p in leg.registration_ids}
    people = tuple(person for person in campaign.registrations if person.id not in riders)
    new = _replan(replace(campaign, registrations=people))
    assert route.run not in {entry.run for entry in new.routes}
    event = next(event for event in new.events if event.run == route.run)
    assert (event.status, event.sequence) == (EventStatus.CANCELLED, 1)
    assert len(_changed_runs(old, new)) <= 1 + len(old.unserved)
