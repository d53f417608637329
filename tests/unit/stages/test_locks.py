"""What somebody fixed by hand stays, even where planning again would change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fixtures.making import tiny
from planner.check import check_plan
from planner.errors import Severity
from planner.intake.folder import load_campaign
from planner.intake.planfile import plan_to_json, read_plan, write_plan
from planner.mirror import mirror_campaign
from planner.model.fleet import Driver, DriverId, FleetGroupId, Service, split_vehicle_id
from planner.model.locks import Lock, LockKind, LockState
from planner.model.people import RegistrationId
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget
from tests.builders import tiny_campaign

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan, Route

EXAMPLES = Path(__file__).parents[3] / "fixtures" / "examples"
UNTIL = date(2027, 2, 14)


def _lock(kind: LockKind, item: str, *, day: date | None = None, to: str = "") -> Lock:
    return Lock(kind=kind, item=item, day=day, to=to, who="王主任", why="试验", until=UNTIL)


def _run(item: str = "1", *, to: str = "") -> Lock:
    return _lock(LockKind.ROUTE, item, to=to)


def _plan(campaign: Campaign, *locks: Lock, previous: Plan | None = None, router: str = "ortools") -> Plan:
    campaign = replace(campaign, locks=locks)
    plan = plan_campaign(campaign, Budget(effort=4), previous=previous, router=router)
    found = check_plan(campaign, plan)
    assert [entry.rule for entry in found if entry.severity is Severity.ERROR] == []
    broken = [entry.lock.item for entry in plan.locks if entry.state is not LockState.KEPT]
    said = {entry.args["item"] for entry in found if entry.rule.startswith("lock.")}
    assert said == set(broken), "a lock that is not kept is reported"
    return plan


def _states(plan: Plan) -> list[LockState]:
    return [entry.state for entry in plan.locks]


@cache
def _told() -> Plan:
    return _plan(tiny_campaign())


def _late(village: str, *, count: int = 1) -> Campaign:
    """So many late names of one village."""
    campaign = tiny_campaign()
    model = replace(campaign.registrations[7], village_id=village, group="late")
    late = tuple(replace(model, id=RegistrationId(f"L{number}")) for number in range(count))
    trains = tuple(replace(train, quota=50) for train in campaign.departures)
    return replace(campaign, registrations=(*campaign.registrations, *late), departures=trains)


def _drives(plan: Plan, village: str) -> Route:
    return next(route for route in plan.routes if village in {stop.place_id for stop in route.stops})


def test_a_late_name_boards_a_locked_run_only_where_it_calls() -> None:
    """The coach passes near 枫树 with seats to spare: unless it is locked it makes the detour."""
    old, campaign = _told(), _late(tiny.FENGSHU, count=4)
    coach = _drives(old, tiny.SHIQIAO)
    free = _plan(campaign, previous=old)
    assert len(_drives(free, tiny.SHIQIAO).stops) > len(coach.stops)
    plan = _plan(campaign, _run(str(coach.run)), previous=old)
    assert _states(plan) == [LockState.KEPT]
    assert coach in plan.routes
    assert free.unserved == ()
    assert {person for left in plan.unserved for person in left.registration_ids} == {"L0", "L1", "L2", "L3"}


def test_who_lives_at_a_call_of_a_locked_run_boards_there() -> None:
    old, campaign = _told(), _late(tiny.SHIQIAO)
    coach = _drives(old, tiny.SHIQIAO)
    plan, free = _plan(campaign, _run(str(coach.run)), previous=old), _plan(campaign, previous=old)
    assert _states(plan) == [LockState.KEPT]
    now = _drives(plan, tiny.SHIQIAO)
    assert (now.heads, now.arrive_s, len(now.stops)) == (coach.heads + 1, coach.arrive_s, len(coach.stops))
    assert plan.unserved == free.unserved == ()
    assert plan.bound_fen == free.bound_fen, "whoever is brought, no plan costs less"


def test_no_more_board_a_locked_run_than_it_has_seats_for() -> None:
    old, campaign = _told(), _late(tiny.GAOLING, count=2)
    van = _drives(old, tiny.GAOLING)
    plan = _plan(campaign, _run(str(van.run)), previous=old)
    assert van in plan.routes
    assert plan.unserved


def test_a_locked_run_is_not_emptied_to_make_room() -> None:
    """The van's other call would go to the coach to make room for late names whom only a van can fetch."""
    old, campaign = _told(), _late(tiny.GAOLING, count=3)
    van = _drives(old, tiny.GAOLING)
    assert _plan(campaign, previous=old).unserved == ()
    free = next(entry for entry in _plan(campaign, previous=old).routes if entry.run == van.run)
    assert [stop.place_id for stop in free.stops] != [stop.place_id for stop in van.stops]
    plan = _plan(campaign, _run(str(van.run)), previous=old)
    assert van in plan.routes
    assert {person for left in plan.unserved for person in left.registration_ids} == {"L0", "L1", "L2"}


def test_a_locked_run_takes_the_vehicle_that_was_chosen() -> None:
    campaign = tiny_campaign()
    more = tuple(replace(group, count=2) for group in campaign.fleet)
    campaign = replace(campaign, fleet=more)
    old = _plan(campaign)
    route = old.routes[0]
    other = f"{split_vehicle_id(route.vehicle_id)[0]}#02"
    plan = _plan(campaign, _run(str(route.run), to=other), previous=old)
    assert _states(plan) == [LockState.KEPT]
    (moved,) = (entry for entry in plan.routes if entry.run == route.run)
    assert moved == replace(route, vehicle_id=moved.vehicle_id)
    assert moved.vehicle_id == other


@pytest.mark.parametrize(
    ("lock", "state"),
    [
        (_run("1", to="nobody#01"), LockState.OTHER_HOST),
        (_run("9"), LockState.MISSING),
        (_lock(LockKind.ROUTE, "1", day=UNTIL + timedelta(days=1)), LockState.OTHER_DAY),
        (_lock(LockKind.DEPARTURE, "g9999", day=UNTIL - timedelta(days=1)), LockState.OTHER_DAY),
        (_lock(LockKind.DEPARTURE, "g9999", to="shili33#01"), LockState.OTHER_HOST),
        (_lock(LockKind.DEPARTURE, "g9999", day=UNTIL), LockState.KEPT),
        (_lock(LockKind.FAIR, "f1", day=UNTIL), LockState.MISSING),
    ],
)
def test_what_cannot_be_kept_is_said(lock: Lock, state: LockState) -> None:
    campaign = replace(tiny_campaign(), locks=(lock,))
    plan = plan_campaign(campaign, Budget(effort=1), previous=_told(), router="savings")
    assert _states(plan) == [state]
    found = [entry for entry in check_plan(campaign, plan) if entry.rule.startswith("lock.")]
    assert [entry.args["who"] for entry in found] == (
        [] if state is LockState.KEPT or lock.kind is LockKind.FAIR else ["王主任"]
    )


def test_without_a_plan_of_before_a_run_is_held_to_nothing() -> None:
    assert _states(_plan(tiny_campaign(), _run())) == [LockState.UNTOLD]


def test_a_call_that_nobody_waits_at_is_a_change_to_a_locked_run() -> None:
    old, campaign = _told(), tiny_campaign()
    people = tuple(person for person in campaign.registrations if person.village_id != tiny.FENGSHU)
    run = _drives(old, tiny.FENGSHU).run
    plan = _plan(replace(campaign, registrations=people), _run(str(run)), previous=old)
    assert _states(plan) == [LockState.CHANGED]


@pytest.mark.parametrize(("days", "state"), [(0, LockState.KEPT), (1, LockState.EXPIRED)])
def test_a_lock_holds_through_its_last_day(days: int, state: LockState) -> None:
    old = _told()
    route = _drives(old, tiny.SHIQIAO)
    campaign = replace(_late(tiny.FENGSHU, count=4), today=UNTIL + timedelta(days=days))
    plan = _plan(campaign, _run(str(route.run)), previous=old)
    assert _states(plan) == [state]
    assert (route in plan.routes) is (state is LockState.KEPT)


def test_runs_home_are_locked_as_well() -> None:
    home, late = (
        replace(mirror_campaign(campaign), mirrored=False)
        for campaign in (tiny_campaign(), _late(tiny.FENGSHU, count=4))
    )
    old = _plan(home)
    route = _drives(old, tiny.SHIQIAO)
    assert route not in _plan(late, previous=old).routes
    plan = _plan(late, _run(str(route.run)), previous=old)
    assert route in plan.routes
    assert _states(plan) == [LockState.KEPT]


def test_a_locked_run_home_leaves_when_it_was_told_whoever_gets_off() -> None:
    home, late = (
        replace(mirror_campaign(campaign), mirrored=False)
        for campaign in (tiny_campaign(), _late(tiny.SHIQIAO))
    )
    old = _plan(home)
    route = _drives(old, tiny.SHIQIAO)
    plan = _plan(late, _run(str(route.run)), previous=old)
    now = _drives(plan, tiny.SHIQIAO)
    assert _states(plan) == [LockState.KEPT]
    assert (now.heads, now.start_s) == (route.heads + 1, route.start_s)


def test_the_plan_carries_its_locks(tmp_path: Path) -> None:
    plan = _plan(tiny_campaign(), _run(), previous=_told())
    write_plan(tmp_path / "plan.json", plan)
    assert read_plan(tmp_path / "plan.json") == plan
    assert '"who": "王主任"' in plan_to_json(plan)
    assert '"locks"' not in plan_to_json(_told())


@cache
def _season() -> tuple[Campaign, Plan]:
    campaign, _ = load_campaign(EXAMPLES / "overrides")
    assert campaign is not None
    return campaign, plan_campaign(campaign, Budget(effort=4, seed=1))


def _coaches(plan: Plan) -> dict[str, str]:
    return {run.departure_id: run.vehicle_id for run in plan.trunk_runs}


def _to(vehicle: str, coach: str = "guangzhou-0214-01") -> Lock:
    return _lock(LockKind.DEPARTURE, coach, to=vehicle)


@pytest.mark.parametrize("again", [False, True], ids=["afresh", "again"])
def test_a_coach_takes_the_vehicle_that_was_chosen_and_who_had_it_another(*, again: bool) -> None:
    campaign, told = _season()
    assert _coaches(told) == {"guangzhou-0214-01": "ex49d#01", "yiwu-0214-01": "ex49d#02"}
    plan = _plan(campaign, _to("ex49d#02"), previous=told if again else None)
    assert _states(plan) == [LockState.KEPT]
    assert _coaches(plan) == {"guangzhou-0214-01": "ex49d#02", "yiwu-0214-01": "ex49d#01"}


def test_a_vehicle_of_another_depot_comes_with_drivers_from_there() -> None:
    campaign, told = _season()
    trunk = next(group for group in campaign.fleet if group.service is Service.TRUNK)
    away = next(place.id for place in campaign.places if place.id != trunk.depot_id)
    theirs = replace(trunk, id=FleetGroupId("away"), depot_id=away, count=1)
    drivers = tuple(Driver(id=DriverId(f"a{number}"), depot_id=away) for number in (1, 2))
    campaign = replace(
        campaign, fleet=(*campaign.fleet, theirs), drivers=(*campaign.drivers, *drivers), locks=()
    )
    plan = _plan(campaign, _to("away#01"), previous=told)
    assert _states(plan) == [LockState.KEPT]
    (run,) = (run for run in plan.trunk_runs if run.departure_id == "guangzhou-0214-01")
    assert (run.vehicle_id, run.drivers) == ("away#01", ("a1", "a2"))
    alone = replace(campaign, drivers=campaign.drivers[1:])
    assert _states(_plan(alone, _to("away#01"), previous=told)) == [LockState.OTHER_HOST]


def test_two_coaches_cannot_have_one_vehicle() -> None:
    campaign, told = _season()
    both = (_to("ex49d#02"), _to("ex49d#02", "yiwu-0214-01"))
    plan = _plan(campaign, *both, previous=told)
    assert sorted(_states(plan)) == [LockState.KEPT, LockState.OTHER_HOST]


@pytest.mark.parametrize("vehicle", ["ex49d#03", "ex33#01", "nobody"])
def test_a_vehicle_that_cannot_do_it_is_not_taken(vehicle: str) -> None:
    campaign, told = _season()
    plan = _plan(campaign, _to(vehicle), previous=told)
    assert _states(plan) == [LockState.OTHER_HOST]
    assert _coaches(plan) == _coaches(told)


def _dearer(campaign: Campaign) -> Campaign:
    """A day of a coach costs so much that nobody would lay one on for so few."""
    kinds = tuple(
        replace(kind, fixed_fen=kind.fixed_fen * 100) if kind.id == "k49d" else kind
        for kind in campaign.vehicle_types
    )
    return replace(campaign, vehicle_types=kinds)


def test_a_locked_coach_goes_though_its_price_has_changed() -> None:
    campaign, told = _season()
    now = _dearer(campaign)
    assert _coaches(_plan(now, previous=told)) == {}
    plan = _plan(now, _lock(LockKind.DEPARTURE, "guangzhou-0214-01", day=UNTIL), previous=told)
    assert _states(plan) == [LockState.KEPT]
    (before,) = (run for run in told.trunk_runs if run.departure_id == "guangzhou-0214-01")
    (run,) = (run for run in plan.trunk_runs if run.departure_id == "guangzhou-0214-01")
    assert run.cost_fen > before.cost_fen
    assert run == replace(before, cost_fen=run.cost_fen)
