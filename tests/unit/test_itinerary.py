"""One chain from home to the dormitory's door, read from the plan written by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.errors import NotFoundError
from planner.itinerary import StepKind, build_itinerary
from planner.model.people import RegistrationId
from planner.model.plan import Plan, Subsidised
from planner.model.trunk import Captain, Seat
from tests.unit.check.county import COACH, DAY_2, GUANGZHOU, MORNING, person
from tests.unit.check.good_plan import clock
from tests.unit.check.handover_plan import SHOES, handover_plan

_WHOLE_WAY = "gather ride arrive board alight shuttle gate dormitory"


def _kinds(number: int, plan: Plan | None = None) -> str:
    campaign, good = handover_plan()
    steps = build_itinerary(campaign, plan or good, person(number))
    assert [step.at_s for step in steps] == sorted(step.at_s for step in steps)
    return " ".join(step.kind for step in steps)


def test_the_whole_way_with_a_shuttle() -> None:
    campaign, plan = handover_plan()
    steps = {step.kind: step for step in build_itinerary(campaign, plan, person(5))}
    assert _kinds(5) == _WHOLE_WAY
    assert steps[StepKind.GATHER].at_s == clock(8)  # boards 08:13:32, ten minutes before, down to five
    assert (steps[StepKind.GATHER].place, steps[StepKind.GATHER].spot) == ("一村", "一村口")
    assert (steps[StepKind.RIDE].run, steps[StepKind.RIDE].vehicle_id) == (1, "a49#01")
    assert (steps[StepKind.ARRIVE].at_s, steps[StepKind.ARRIVE].place) == (clock(8, 40), "试验站")
    assert (steps[StepKind.BOARD].at_s, steps[StepKind.BOARD].departure_id) == (clock(9, 30), MORNING)
    assert (steps[StepKind.ALIGHT].at_s, steps[StepKind.ALIGHT].place) == (clock(14), "广州")
    shuttle = steps[StepKind.SHUTTLE]
    assert (shuttle.at_s, shuttle.shuttle, shuttle.employer) == (clock(15), 2, SHOES)
    assert (shuttle.contact_name, shuttle.contact_phone) == ("何主管", "16900003001")
    assert (steps[StepKind.GATE].at_s, steps[StepKind.GATE].spot) == (clock(15, 30), f"{SHOES}一号门")
    assert (steps[StepKind.DORMITORY].at_s, steps[StepKind.DORMITORY].spot) == (
        clock(15, 40),
        f"{SHOES}宿舍 3 栋",
    )


def test_there_are_three_places_to_sign_wherever_somebody_meets_them() -> None:
    campaign, plan = handover_plan()

    def signed(number: int) -> str:
        return " ".join(step.kind for step in build_itinerary(campaign, plan, person(number)) if step.signs)

    assert signed(5) == "ride board shuttle"
    assert signed(12) == signed(34) == "ride board gate"
    assert signed(13) == "ride board"


def test_a_coach_to_the_gate_needs_no_shuttle_and_who_has_no_employer_ends_in_the_city() -> None:
    assert _kinds(34) == _WHOLE_WAY.replace("shuttle ", "")
    assert _kinds(13) == "gather ride arrive board alight"
    assert _kinds(12) == _WHOLE_WAY


def test_seat_and_captain() -> None:
    campaign, plan = handover_plan()
    seat = Seat(registration_id=person(5), departure_id=MORNING, carriage=3, label="12F")
    leads = [
        Captain(registration_id=person(9), departure_id=MORNING, carriage=3),
        Captain(registration_id=person(6), departure_id=MORNING, carriage=3, employer=SHOES),
        Captain(registration_id=person(7), departure_id=MORNING, carriage=4),
        Captain(registration_id=person(34), departure_id=COACH, carriage=0),
    ]

    def board(number: int, *captains: Captain) -> tuple[int, str, RegistrationId | None]:
        seated = replace(plan, seats=(seat,), captains=captains)
        steps = build_itinerary(campaign, seated, person(number))
        (found,) = (step for step in steps if step.kind is StepKind.BOARD)
        return found.carriage, found.seat, found.captain

    assert board(5, *leads) == (3, "12F", person(6))
    assert board(5, leads[0], leads[2]) == (3, "12F", person(9))
    assert board(5, leads[2]) == (3, "12F", None)
    assert board(35, *leads) == (0, "", person(34))


def test_scheduled_transport_and_nobody() -> None:
    campaign, plan = handover_plan()
    paid = Subsidised(registration_ids=(person(36),), destination_id=GUANGZHOU, day=DAY_2, fen=18_000)
    (step,) = build_itinerary(campaign, replace(plan, subsidised=(paid,)), person(36))
    assert (step.kind, step.at_s, step.place, step.fen) == (StepKind.SCHEDULED, 24 * 3600, "广州", 18_000)
    assert build_itinerary(campaign, plan, person(36)) == ()
    with pytest.raises(NotFoundError):
        build_itinerary(campaign, plan, RegistrationId("nobody"))


def test_the_way_home_ends_in_the_village_and_a_round_trip_there_too() -> None:
    campaign, plan = handover_plan()
    out = next(leg for leg in plan.legs if leg.run is not None)
    ride = next(
        leg for leg in plan.legs if leg.run is None and leg.registration_ids[0] in out.registration_ids
    )
    back = replace(
        ride,
        from_id=ride.to_id,
        to_id=ride.from_id,
        board_s=ride.alight_s + 9_000,
        alight_s=ride.alight_s + 20_000,
        home=True,
    )
    fetched = replace(
        out,
        from_id=out.to_id,
        to_id=out.from_id,
        board_s=back.alight_s + 1_200,
        alight_s=back.alight_s + 4_800,
        home=True,
    )
    who = ride.registration_ids[0]
    homeward = replace(plan, legs=(fetched, back), handovers=())
    steps = build_itinerary(campaign, homeward, who)
    assert [step.kind for step in steps] == ["board", "alight", "gather", "ride", "arrive"]
    assert all(step.home for step in steps)
    assert [step.place for step in steps] == ["广州", "试验站", "试验站", "试验站", "一村"]
    whole = build_itinerary(campaign, replace(plan, legs=(*plan.legs, fetched, back), handovers=()), who)
    kinds = "gather ride arrive board alight board alight gather ride arrive"
    assert " ".join(step.kind for step in whole) == kinds
    assert [step.home for step in whole] == [False] * 5 + [True] * 5
