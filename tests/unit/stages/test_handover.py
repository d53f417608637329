"""From the platform to the dormitory: the plan written by hand is found, and random ones break no rule."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from planner.check import check_plan
from planner.check.handover import RULES
from planner.stages.handover import plan_handovers
from tests.unit.check.county import COACH
from tests.unit.check.handover_plan import DIRECT, SHOES, TOOLS, TOYS, handover_plan


def test_what_was_written_by_hand_is_found() -> None:
    campaign, plan = handover_plan()
    found = plan_handovers(campaign, plan.legs)
    assert sorted(found, key=lambda entry: entry.registration_ids) == sorted(
        plan.handovers, key=lambda entry: entry.registration_ids
    )


def test_the_order_of_legs_changes_nothing() -> None:
    campaign, plan = handover_plan()
    assert plan_handovers(campaign, plan.legs[::-1]) == plan_handovers(campaign, plan.legs)


def test_a_planned_coach_goes_to_the_gate_too() -> None:
    campaign, plan = handover_plan()
    planned = [entry for entry in campaign.departures if entry.id == COACH]
    rest = tuple(entry for entry in campaign.departures if entry.id != COACH)
    without = replace(campaign, departures=rest)
    assert plan_handovers(without, plan.legs, departures=planned) == plan_handovers(campaign, plan.legs)
    fetched = [entry for entry in plan_handovers(without, plan.legs) if entry.employer == DIRECT]
    assert [entry.shuttle for entry in fetched] == [1, 1]


@pytest.mark.parametrize("seed", range(60))
def test_any_employers_minutes_and_seats_give_handovers_that_break_no_rule(seed: int) -> None:
    dice = Random(seed)
    campaign, plan = handover_plan()
    employers = tuple(
        replace(
            entry,
            shuttle_seats=dice.choice((0, 1, 2, 3, 7, 30)),
            ride_min=dice.randint(0, 90),
            walk_min=dice.randint(0, 20),
        )
        for entry in campaign.employers
        if dice.random() < 0.9
    )
    people = tuple(
        replace(entry, employer=dice.choice((TOYS, SHOES, TOOLS, DIRECT, "", "自行求职")))
        for entry in campaign.registrations
    )
    campaign = replace(campaign, employers=employers, registrations=people)
    found = plan_handovers(campaign, plan.legs)
    assert check_plan(campaign, replace(plan, handovers=found), rules=RULES) == ()
    assert found or not employers
