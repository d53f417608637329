"""The figures of departures against a plan small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from exports.floor import say_proofs
from planner.change import ChangeKind
from planner.console_trunk import join_alike, say_cause, say_subsidised, say_trunk
from planner.diff import diff_plans
from planner.model.fleet import DriverId, VehicleId
from planner.model.papers import Override
from planner.model.people import RegistrationId
from planner.model.plan import Cause, Fix, FixKind, Unserved
from planner.model.trunk import Proof, Stage
from planner.refusal import NEVER
from planner.summary import summarise
from planner.trunk_summary import summarise_trunk
from tests.builders import tiny_campaign, tiny_plan
from tests.unit.exports.coachplan import GUANGZHOU, SHENZHEN, coach_campaign, coach_plan, subsidised_plan

_PROOFS = (
    Proof(stage=Stage.TRUNK, cost=1_000_000, bound=990_000),
    Proof(stage=Stage.VEHICLES, cost=2, bound=2),
    Proof(stage=Stage.SEATS, item="a", cost=20, bound=18),
    Proof(stage=Stage.SEATS, item="b", cost=20, bound=20),
)


def test_coaches_their_fill_and_the_cost_of_a_head() -> None:
    found = summarise_trunk(coach_campaign(), coach_plan())
    assert (found.coaches, found.vehicles, found.drivers, found.riders) == (2, 1, 2, 11)
    assert found.fill == pytest.approx((6 / 46 + 5 / 46) / 2)
    assert found.head_fen == (600_000 + coach_plan().cost_fen) // 11
    assert (found.wait_mean, found.wait_max) == (0, 0)
    assert (found.captains, found.captains_needed) == (0, 2)
    assert summarise_trunk(coach_campaign(), coach_plan(seated=True)).captains == 1


def test_waiting_counts_from_the_day_somebody_is_ready() -> None:
    campaign = coach_campaign()
    first, *others = campaign.registrations
    early = replace(first, travel_date=first.travel_date - timedelta(days=2))
    found = summarise_trunk(replace(campaign, registrations=(early, *others)), coach_plan())
    assert (found.wait_mean, found.wait_max) == (pytest.approx(2 / 11), 2)


def test_a_group_is_kept_when_it_rides_no_more_coaches_than_it_needs() -> None:
    campaign = coach_campaign()
    trunk = replace(campaign.rules.trunk, captain_heads=3)
    one_firm = tuple(replace(person, employer="鞋厂") for person in campaign.registrations)
    campaign = replace(campaign, rules=replace(campaign.rules, trunk=trunk), registrations=one_firm)
    plan = coach_plan()
    found = summarise_trunk(campaign, plan)
    assert (found.groups, found.groups_kept) == (2, 2)
    moved = next(leg for leg in plan.legs if leg.run is None and leg.departure_id == GUANGZHOU)
    legs = tuple(replace(leg, departure_id=SHENZHEN) if leg is moved else leg for leg in plan.legs)
    split = summarise_trunk(campaign, replace(plan, legs=legs))
    assert (split.groups, split.groups_kept) == (2, 1)


def test_who_is_paid_is_counted_by_destination_and_reason() -> None:
    campaign, plan = coach_campaign(), subsidised_plan()
    found = summarise_trunk(campaign, plan)
    assert [(count.cause, count.heads, count.fen) for count in found.subsidies] == [
        (Cause.FLEET_EXHAUSTED, 1, 60_000)
    ]
    lines = list(say_subsidised(campaign, found, locale="zh_CN"))
    assert lines[0] == "自行前往广州：1 人，600 元（车已坐满或用完）"
    whole = summarise(campaign, plan)
    assert (whole.served, whole.subsidised) == (10, 1)


def test_refused_lines_and_exceptions_are_said_with_clause_name_and_reason() -> None:
    campaign, plan = coach_campaign(), subsidised_plan()
    args = {"destination": "宁波", "km": 1340, "drivers": 2, "clause": "规范 第38条(2)", "heads": 1}
    (paid,) = plan.subsidised
    assert paid.why is not None
    why = replace(paid.why, cause=Cause.RUN_UNLAWFUL, args=args)
    plan = replace(plan, subsidised=(replace(paid, why=why),))
    over = Override(rule="trunk.least", item="*", who="李主任", why="春节", until=campaign.first_day)
    past = replace(over, who="王主任", until=campaign.first_day - timedelta(days=1))
    campaign = replace(campaign, overrides=(over, past))
    said = "\n".join(say_trunk(plan, summarise_trunk(campaign, plan), locale="zh_CN"))
    assert "不能承运：到宁波 1340 公里，2 名驾驶员不合法（规范 第38条(2)），1 人" in said
    assert "李主任同意" in said
    assert "王主任" not in said


def test_whom_the_law_refuses_one_line_share_a_sentence_without_jargon() -> None:
    args = {"destination": "宁波", "km": 1410, "drive_min": 1058, "drivers": 2, "clause": "规范", "heads": 1}
    fix = Fix(kind=FixKind.MORE_DRIVERS, args={"count": 3})

    def left(name: str, *, latest: str, cause: Cause = Cause.RUN_UNLAWFUL) -> Unserved:
        ids = (RegistrationId(name),)
        return Unserved(registration_ids=ids, cause=cause, args={**args, "latest": latest}, fix=fix)

    full = left("p4", latest=NEVER, cause=Cause.QUOTA_FULL)
    said = [left("p1", latest=NEVER), left("p2", latest="09:00"), left("p3", latest=NEVER), full]
    never, some, other = join_alike(said)
    assert never.registration_ids == ("p1", "p3")
    assert other == full
    sentence = (
        "2 人未安排包车：到宁波 1410 公里、要开 17 小时 38 分，2 名驾驶员不得承运（规范），几点发车都不行。"
    )
    assert say_cause(never, locale="zh_CN") == sentence
    assert say_cause(some, locale="zh_CN").endswith("最晚合法发车：09:00。")
    assert say_cause(never, locale="zh_CN", home=True).startswith("2 人未安排包车：从宁波回来")


def test_each_stage_says_how_far_it_may_be_from_the_best() -> None:
    said = say_proofs(replace(coach_plan(), proofs=_PROOFS), locale="zh_CN")
    assert said == (
        "去向和日期：10,000.00 元（等候、拆组折成钱算在内），不可能低于 9,900.00 元，至多高出 1.01%",
        "大巴车辆：2 辆，已证明最少",
        "座位：同厂、同下车站的分散程度 40（越小越集中），不可能小于 38，至多高出 5.26%",
    )


def test_a_plan_that_only_fills_a_train_has_no_such_figures() -> None:
    assert summarise(tiny_campaign(), tiny_plan()).trunk is None
    assert summarise(coach_campaign(), coach_plan()).trunk is not None


def test_changed_seats_and_crews_are_told() -> None:
    old = coach_plan(seated=True)
    (run,) = old.trunk_runs
    swapped = (replace(old.seats[0], label="40号"), *old.seats[1:])
    new = replace(
        old,
        seats=swapped,
        trunk_runs=(replace(run, vehicle_id=VehicleId("gl49#02"), drivers=(DriverId("d2"), DriverId("d1"))),),
    )
    assert [(change.kind, change.item, change.was, change.now) for change in diff_plans(old, new)] == [
        (ChangeKind.COACH_VEHICLE, GUANGZHOU, "gl49#01", "gl49#02"),
        (ChangeKind.COACH_DRIVERS, GUANGZHOU, "d1 d2", "d2 d1"),
        (ChangeKind.PERSON_SEAT, old.seats[0].registration_id, "1号", "40号"),
    ]
    assert diff_plans(old, old) == ()
