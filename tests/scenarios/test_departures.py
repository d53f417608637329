"""Departures planned from folder to dormitory: coaches, trains, crews, seats; and planned again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from planner.check import check_plan
from planner.errors import Severity
from planner.intake.folder import load_campaign
from planner.intake.planfile import plan_to_json
from planner.model.clock import CHINA
from planner.model.fleet import (
    Call,
    Departure,
    DepartureId,
    Driver,
    DriverId,
    Mode,
    Service,
    split_vehicle_id,
)
from planner.model.people import RegistrationId
from planner.model.places import DestinationId, PlaceKind
from planner.model.plan import Cause, FixKind
from planner.model.trunk import Stage
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget
from planner.stages.coaches import find_offer

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

EXAMPLES = Path(__file__).parents[2] / "fixtures" / "examples"
NAMES = ("allotment", "epidemic", "overrides", "refused", "shuttle")
EFFORT = 10


def _load(name: str, *, scenario: str = "", folder: Path = EXAMPLES) -> Campaign:
    campaign, issues = load_campaign(folder / name, scenario=scenario)
    assert campaign is not None, [issue for issue in issues if issue.severity is Severity.ERROR]
    return campaign


def _make(campaign: Campaign, *, previous: Plan | None = None) -> Plan:
    return plan_campaign(campaign, Budget(effort=EFFORT, seed=1), previous=previous)


@cache
def _plan(name: str) -> Plan:
    return _make(_load(name))


def _errors(campaign: Campaign, plan: Plan) -> list[str]:
    found = check_plan(campaign, plan)
    return [violation.rule for violation in found if violation.severity is Severity.ERROR]


@pytest.mark.parametrize("name", NAMES)
def test_the_example_is_planned_lawfully(name: str) -> None:
    campaign, plan = _load(name), _plan(name)
    assert _errors(campaign, plan) == []
    if name != "refused":
        assert plan.unserved == ()
        assert plan.subsidised == ()


def test_the_same_effort_gives_the_same_plan() -> None:
    for name in ("epidemic", "shuttle"):
        assert plan_to_json(_make(_load(name))) == plan_to_json(_plan(name))


def test_the_order_of_the_register_changes_nothing() -> None:
    campaign = _load("shuttle")
    turned = replace(campaign, registrations=campaign.registrations[::-1])
    assert plan_to_json(_make(turned)) == plan_to_json(_plan("shuttle"))


def test_everybody_rides_to_the_dormitory_door() -> None:
    campaign, plan = _load("shuttle"), _plan("shuttle")
    people = {person.id for person in campaign.registrations}
    known = {(entry.destination_id, entry.name) for entry in campaign.employers}
    received = {
        person.id
        for person in campaign.registrations
        if not person.child and (person.destination_id, person.employer) in known
    }
    assert {seat.registration_id for seat in plan.seats} == people
    handed = Counter(person for part in plan.handovers for person in part.registration_ids)
    assert handed.keys() >= received
    assert set(handed.values()) == {1}
    assert max(part.shuttle for part in plan.handovers) > 1


def test_the_railways_own_list_is_kept() -> None:
    campaign, plan = _load("allotment"), _plan("allotment")
    ours = {(part.departure_id, part.carriage): set(part.labels) for part in campaign.allotments}
    assert ours
    assert all(seat.label in ours[seat.departure_id, seat.carriage] for seat in plan.seats)


def test_half_of_the_licence_rides_in_an_epidemic() -> None:
    campaign, plan = _load("epidemic"), _plan("epidemic")
    assert campaign.rules.trunk.load_percent == 50
    kinds = {kind.id: kind for kind in campaign.vehicle_types}
    rated = {group.id: kinds[group.type_id].rated_seats for group in campaign.fleet}
    for run in plan.trunk_runs:
        assert run.heads * 2 <= rated[split_vehicle_id(run.vehicle_id)[0]]


def test_a_line_that_nobody_may_drive_is_refused_with_clause_and_fix() -> None:
    campaign, plan = _load("refused"), _plan("refused")
    assert {left.cause for left in plan.unserved} == {Cause.RUN_UNLAWFUL}
    going = {person.id: person.destination_id for person in campaign.registrations}
    assert {going[left.registration_ids[0]] for left in plan.unserved} == {"ningbo", "haining"}
    for left in plan.unserved:
        assert left.args["rule"] == "driving.daily"
        assert "第38条(2)" in str(left.args["clause"])
        assert left.fix is not None
        assert (left.fix.kind, left.fix.args["count"]) == (FixKind.MORE_DRIVERS, 3)


@pytest.mark.parametrize(("km", "minutes", "drivers"), [(347, 240, 2), (747, 560, 0)])
def test_no_crew_is_recommended_that_may_not_be_home_the_same_day(
    km: int, minutes: int, drivers: int
) -> None:
    campaign = _load("round")
    (corridor,) = campaign.corridors
    last = replace(corridor.stretches[-1], length_m=km * 1000, drive_s=minutes * 60)
    far = replace(campaign, corridors=(replace(corridor, stretches=(*corridor.stretches[:-1], last)),))
    (refused,) = find_offer(far).refused.values()
    assert (refused.refusal.drivers_needed, refused.latest_start_s) == (drivers, None)


def test_every_stage_says_how_good_it_is() -> None:
    stages = {proof.stage for proof in _plan("epidemic").proofs}
    assert {Stage.TRUNK, Stage.VEHICLES, Stage.DRIVERS} <= stages
    assert {proof.stage for proof in _plan("shuttle").proofs} == {Stage.SEATS}
    assert all(proof.bound <= proof.cost for name in NAMES for proof in _plan(name).proofs)


def test_what_people_were_told_stands_when_some_stay_at_home_and_others_come() -> None:
    campaign, told = _load("epidemic"), _plan("epidemic")
    gone = {person.id for person in campaign.registrations if not person.group}
    gone = set(sorted(gone)[:3])
    first = next(person for person in campaign.registrations if person.id in gone)
    late = replace(first, id=RegistrationId("late"), document_number="")
    now = replace(
        campaign,
        registrations=(*(entry for entry in campaign.registrations if entry.id not in gone), late),
    )
    plan = _make(now, previous=told)
    assert _errors(now, plan) == []
    assert plan.version == 2
    crews = {run.departure_id: (run.vehicle_id, run.drivers, run.movements) for run in told.trunk_runs}
    assert all(
        crews[run.departure_id] == (run.vehicle_id, run.drivers, run.movements) for run in plan.trunk_runs
    )
    seats = {seat.registration_id: seat for seat in told.seats if seat.registration_id not in gone}
    again = {seat.registration_id: seat for seat in plan.seats}
    assert {person: again[person] for person in seats} == seats
    assert "late" in again
    rides = {person: leg for leg in told.legs for person in leg.registration_ids if person not in gone}
    kept = {person: leg for leg in plan.legs for person in leg.registration_ids}
    assert all(kept[person].departure_id == leg.departure_id for person, leg in rides.items())


def test_late_names_for_whom_a_coach_more_is_laid_on_leave_those_who_were_told_in_theirs() -> None:
    campaign, old = _load("epidemic"), _plan("epidemic")
    model = next(
        person
        for person in campaign.registrations
        if not person.group and person.employer == "广州春风一号制衣厂" and not person.captain
    )
    late = [replace(model, id=RegistrationId(f"LATE{number}"), name=f"迟{number}") for number in range(22)]
    more = replace(campaign, registrations=(*campaign.registrations, *late))
    new = _make(more, previous=old)
    assert _errors(more, new) == []
    assert len(new.trunk_runs) == len(old.trunk_runs) + 1
    assert len({run.departure_id for run in new.trunk_runs}) == len(new.trunk_runs)
    seats = {(leg.departure_id, leg.registration_ids) for leg in new.legs if leg.run is None}
    assert {(leg.departure_id, leg.registration_ids) for leg in old.legs if leg.run is None} <= seats
    # The choice of days and means was proved for newcomers alone: nothing is claimed of the whole.
    assert Stage.TRUNK not in {proof.stage for proof in new.proofs}


def _with_one_coach(campaign: Campaign) -> Campaign:
    fleet = (replace(group, count=1) if group.service is Service.TRUNK else group for group in campaign.fleet)
    return replace(campaign, fleet=tuple(fleet), crews=())


def _at_half_load(campaign: Campaign) -> Campaign:
    trunk = replace(campaign.rules.trunk, load_percent=50)
    return replace(campaign, rules=replace(campaign.rules, trunk=trunk))


@pytest.mark.parametrize("change", [_with_one_coach, _at_half_load])
def test_a_coach_that_was_told_fits_the_fleet_and_the_load_of_today(
    change: Callable[[Campaign], Campaign],
) -> None:
    campaign = change(_load("overrides"))
    plan = _make(campaign, previous=_plan("overrides"))
    assert _errors(campaign, plan) == []
    assert {left.cause for left in plan.unserved} <= {Cause.NO_COACH, Cause.QUOTA_FULL}
    assert plan.unserved
    assert "0" not in {str(left.args.get("departures", "-"))[-1] for left in plan.unserved}


def test_a_driver_who_is_gone_is_replaced_and_the_coach_stands() -> None:
    campaign, told = _load("overrides"), _plan("overrides")
    home = next(group.depot_id for group in campaign.fleet if group.service is Service.TRUNK)
    first, *others = (driver for run in told.trunk_runs for driver in run.drivers)
    names = (*others, DriverId("new"))
    now = replace(campaign, drivers=tuple(Driver(id=name, depot_id=home) for name in names))
    plan = _make(now, previous=told)
    assert _errors(now, plan) == []
    assert (plan.seats, plan.captains) == (told.seats, told.captains)
    assert Stage.TRUNK not in {proof.stage for proof in plan.proofs}
    crews = {run.departure_id: run.drivers for run in plan.trunk_runs}
    assert crews == {
        run.departure_id: tuple("new" if driver == first else driver for driver in run.drivers)
        for run in told.trunk_runs
    }


def test_a_given_coach_of_an_employer_takes_its_people_and_nobody_else() -> None:
    campaign = _load("overrides")
    employer = campaign.registrations[0].employer
    start = datetime(2027, 2, 14, 8, tzinfo=CHINA)
    city = DestinationId("guangzhou")
    given = Departure(
        id=DepartureId("given"),
        mode=Mode.COACH,
        number="专车",
        origin_id=campaign.corridors[0].origin_id,
        departs=start,
        quota=40,
        calls=(Call(destination_id=city, arrives=start + timedelta(hours=9)),),
        employer=employer,
    )
    none = tuple(line for line in campaign.corridors if line.destination_id != city)
    now = replace(campaign, departures=(given,), corridors=none)
    plan = _make(now)
    assert _errors(now, plan) == []
    wanted = {person.id for person in campaign.registrations if person.employer == employer}
    riders = {person for leg in plan.legs if leg.departure_id == given.id for person in leg.registration_ids}
    assert riders & wanted
    assert {left.cause for left in plan.unserved} == {Cause.NO_DEPARTURE}


def test_nothing_changes_where_nothing_has_changed() -> None:
    campaign, told = _load("shuttle"), _plan("shuttle")
    plan = _make(campaign, previous=told)
    assert (plan.legs, plan.seats, plan.captains) == (told.legs, told.seats, told.captains)


def test_a_coach_begins_at_a_township_where_that_is_cheaper() -> None:
    campaign = _load("epidemic")
    heads = Counter(person.village_id for person in campaign.registrations)
    villages = {place.id: place for place in campaign.places if place.id in heads}
    towns = [place for place in campaign.places if place.kind is PlaceKind.TOWNSHIP]
    people = {
        town.id: sum(heads[name] for name, place in villages.items() if place.township == town.name)
        for town in towns
    }
    busiest = max(people, key=lambda town: (people[town], town))
    roads = tuple(replace(road, origin_id=busiest) for road in campaign.corridors)
    wider = replace(campaign, corridors=(*campaign.corridors, *roads))
    wider = replace(wider, rules=replace(wider.rules, trunk=replace(wider.rules.trunk, least_heads=10)))
    plan = _make(wider)
    assert _errors(wider, plan) == []
    begun = {departure.origin_id for departure in plan.departures}
    assert busiest in begun
    assert len(begun) > 1
    assert plan.cost_fen < _plan("epidemic").cost_fen
    assert plan.trunk_cost_fen <= _plan("epidemic").trunk_cost_fen


def test_scenarios_of_the_county_run_one_train_or_half_full_buses() -> None:
    folder = EXAMPLES.parent
    both, one = _load("dongkou", folder=folder), _load("dongkou", folder=folder, scenario="one-train")
    assert {departure.id for departure in both.departures} > {departure.id for departure in one.departures}
    assert (both.scenario, one.scenario) == ("", "one-train")
    half = _load("dongkou", folder=folder, scenario="epidemic")
    assert half.rules.feeder.load_percent == 50
    assert half.departures == both.departures
