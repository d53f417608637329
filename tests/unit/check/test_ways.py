"""Ways home: the rules find in the mirror what they find on the way out, and say it in real time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exports.words import LOCALES, load_catalogue, placeholders
from planner.check import RULES, check_plan
from tests.unit.check.faults import FAULTS, Fault
from tests.unit.check.good_plan import good_draft
from tests.unit.check.trips import turned, visit

_WHOLE = {rule.name for rule in RULES if rule.whole}
_HALVES = [rule for rule in RULES if not rule.whole]
"""A coach driven backwards breaks the law of the clock: that is judged as people drive."""
_NO_IMAGE = {"somebody_boards_at_the_station", "rests_at_the_station", "goes_nowhere"}
"""What a stop says that the mirror does not show: ``way.route`` forbids it there."""
_OUTBOUND = [
    fault
    for fault in FAULTS
    if fault.rule not in _WHOLE | {"way.home"}
    and fault.what not in _NO_IMAGE
    and not fault.rule.startswith(("handover.", "paper."))
]


def test_the_good_plan_turned_round_breaks_no_rule() -> None:
    draft = good_draft()
    assert check_plan(*turned(draft.campaign, draft.write()), rules=_HALVES) == ()


@pytest.mark.parametrize("fault", _OUTBOUND, ids=lambda fault: f"{fault.rule}-{fault.what}")
def test_a_fault_is_found_on_the_way_home_too(fault: Fault) -> None:
    campaign, plan = fault.plant()
    home, back = turned(campaign, plan)
    there = check_plan(campaign, plan, rules=_HALVES)
    found = {violation.rule for violation in check_plan(home, back, rules=_HALVES)}
    assert fault.rule in found
    assert found == {violation.rule for violation in there}


def test_times_are_said_as_people_read_them() -> None:
    draft = good_draft()
    home, back = turned(draft.campaign, draft.write())
    late = replace(
        home.rules.feeder,
        latest_dropoff=min(
            home.rules.feeder.latest_dropoff.replace(hour=12), home.rules.feeder.latest_dropoff
        ),
    )
    strict = replace(home, rules=replace(home.rules, feeder=late))
    broken = check_plan(strict, back, rules=_HALVES)
    assert {violation.rule for violation in broken} == {"time.pickup"}
    assert all(
        str(violation.args["limit"]).endswith(late.latest_dropoff.strftime("%H:%M")) for violation in broken
    )
    assert all(violation.args["mirrored"] for violation in broken)


def test_a_round_trip_is_judged_both_ways() -> None:
    campaign, plan = visit()
    assert check_plan(campaign, plan) == ()
    late = tuple(
        replace(leg, alight_s=leg.alight_s + 60) if leg.home and leg.run is not None else leg
        for leg in plan.legs
    )
    assert {violation.rule for violation in check_plan(campaign, replace(plan, legs=late))} == {"leg.times"}


def test_who_never_comes_home_is_found() -> None:
    campaign, plan = visit()
    gone = next(leg.registration_ids for leg in plan.legs if leg.home)
    legs = tuple(leg for leg in plan.legs if not (leg.home and leg.registration_ids == gone))
    broken = check_plan(campaign, replace(plan, legs=legs))
    assert {violation.where.item for violation in broken if violation.rule == "way.home"} == set(gone)


def test_a_damaged_plan_home_is_judged_without_a_crash() -> None:
    draft = good_draft()
    home, back = turned(draft.campaign, draft.write())
    first, *others = back.routes
    bare = replace(first, stops=())
    far = replace(first, start_s=10**15, vehicle_id=type(first.vehicle_id)("?"))
    assert check_plan(home, replace(back, routes=(bare, far, *others)))


@pytest.mark.parametrize("locale", LOCALES)
def test_words_of_the_way_home_ask_for_no_other_figures(locale: str) -> None:
    words = load_catalogue(locale)
    turned = {
        key.removeprefix("rule_home."): text for key, text in words.items() if key.startswith("rule_home.")
    }
    assert turned
    for rule, text in turned.items():
        assert placeholders(text) <= placeholders(words[f"rule.{rule}"])
