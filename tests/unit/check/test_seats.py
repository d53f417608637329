"""Seats drawn again by the checker: every build of carriage, and plans that break no rule."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from planner.check import check_plan
from planner.check.case import Case
from planner.check.seats import RULES
from planner.check.stock import find_stocks
from planner.model.fleet import Allotment, Carriage, Layout
from planner.solvers.seat_maps import build_seat_map
from tests.unit.check.county import person
from tests.unit.check.seated_plan import COACH, LISTED, TRAIN, build_seated, captain, write_seated

if TYPE_CHECKING:
    from planner.model.campaign import Campaign


def test_the_seated_plan_breaks_no_rule() -> None:
    assert check_plan(*write_seated()) == ()


def _in_rows(rows: dict[str, int]) -> list[set[str]]:
    together: dict[int, set[str]] = {}
    for label, row in rows.items():
        together.setdefault(row, set()).add(label)
    return sorted(together.values(), key=sorted)


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("seats", [1, 4, 33, 85, 118])
def test_a_train_is_drawn_as_the_planner_draws_it(layout: Layout, seats: int) -> None:
    """Two drawings by two hands: labels and who sits in one row."""
    campaign = build_seated()
    carriage = Carriage(consist="C", number=1, kind="", seats=seats, layout=layout)
    drawn = find_stocks(Case(*write_seated(replace(campaign, consists=(carriage,)))))[TRAIN]
    planned = build_seat_map(layout.value, seats).seats
    assert _in_rows(dict(drawn[1].rows)) == _in_rows({seat.label: seat.row for seat in planned})


def test_a_coach_is_drawn_as_the_planner_draws_it() -> None:
    drawn = find_stocks(Case(*write_seated()))[COACH][0]
    planned = build_seat_map("coach", 47).seats
    assert _in_rows(dict(drawn.rows)) == _in_rows({seat.label: seat.row for seat in planned})
    assert drawn.reserved == {f"{number}号" for number in range(40, 48)}


def test_a_list_of_berths_is_taken_as_it_is() -> None:
    labels = ("3号下铺", "3号中铺", "4号下铺")
    lists = (Allotment(departure_id=LISTED, carriage=5, labels=labels),)
    drawn = find_stocks(Case(*write_seated(replace(build_seated(), allotments=lists))))[LISTED][5]
    assert dict(drawn.rows) == {"3号下铺": 3, "3号中铺": 3, "4号下铺": 4}


def _parted(campaign: Campaign) -> bool:
    """Whether the rule speaks when a family of three sits in two carriages."""
    _, plan = write_seated()
    seats = tuple(replace(one, carriage=2) if one.registration_id == person(2) else one for one in plan.seats)
    rules = [rule for rule in RULES if rule.name == "seat.party"]
    return bool(check_plan(*write_seated(campaign, seats=seats), rules=rules))


@pytest.mark.parametrize(("seats", "speaks"), [(3, True), (2, False)])
def test_a_party_larger_than_any_carriage_may_be_parted(seats: int, speaks: bool) -> None:  # noqa: FBT001
    campaign = build_seated()
    small = tuple(replace(carriage, seats=seats) for carriage in campaign.consists)
    assert _parted(replace(campaign, consists=small)) is speaks


def test_a_train_whose_seats_nobody_knows_asks_for_none() -> None:
    campaign = replace(build_seated(), consists=(), allotments=())
    _, plan = write_seated()
    seats = tuple(one for one in plan.seats if one.departure_id == COACH)
    led = tuple(one for one in plan.captains if one.departure_id == COACH)
    firm = captain(2, departure=TRAIN, carriage=0, employer="甲厂")
    assert check_plan(*write_seated(campaign, seats=seats, captains=(*led, firm), proofs=())) == ()
