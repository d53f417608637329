"""Faults of planned coaches: what they are, who rides, who drives, what it costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from planner.model.fleet import DepartureId, Mode, Service, VehicleId
from planner.model.people import RegistrationId
from planner.model.places import DestinationId
from planner.model.trunk import Proof, Stage
from tests.unit.check.county import (
    CHILD,
    COACH,
    DAY_2,
    DIRECT,
    GUANGZHOU,
    HAINING,
    POOLED,
    driver,
    person,
)
from tests.unit.check.faults.table import changed, plants, with_campaign, with_trunk, written
from tests.unit.check.good_plan import clock, good_draft, people

if TYPE_CHECKING:
    from collections.abc import Callable

    from planner.model.fleet import Departure
    from planner.model.trunk import TrunkRun
    from tests.unit.check.faults.table import Broken
    from tests.unit.check.good_plan import Draft


def _coach(**changes: Any) -> Broken:
    """Change fields of the direct coach's departure in the good plan, and nothing else."""
    entries = good_draft().write().departures
    return changed(
        departures=tuple(replace(entry, **changes) if entry.id == DIRECT else entry for entry in entries)
    )


def with_run(change: Callable[[TrunkRun], TrunkRun]) -> Broken:
    """Change the direct coach's run in the good plan, and nothing else."""
    runs = good_draft().write().trunk_runs
    return changed(trunk_runs=tuple(change(run) if run.departure_id == DIRECT else run for run in runs))


def with_kind(draft: Draft, **changes: Any) -> Draft:
    """Change the type of trunk coaches."""
    kinds = draft.campaign.vehicle_types
    kinds = tuple(replace(kind, **changes) if kind.id == "k53" else kind for kind in kinds)
    return with_campaign(draft, vehicle_types=kinds)


def with_child(draft: Draft, **changes: Any) -> Draft:
    """Change the small child on the direct coach."""
    entries = draft.campaign.registrations
    entries = tuple(replace(entry, **changes) if entry.id == person(CHILD) else entry for entry in entries)
    return with_campaign(draft, registrations=entries)


@plants("trunk.exists")
def coach_that_nobody_drives() -> Broken:
    plan = good_draft().write()
    first, second = plan.trunk_runs
    proofs = tuple(proof for proof in plan.proofs if proof.stage is Stage.TRUNK)
    return changed(trunk_runs=(first,), trunk_cost_fen=plan.trunk_cost_fen - second.cost_fen, proofs=proofs)


@plants("trunk.exists")
def run_for_a_coach_of_the_campaign() -> Broken:
    draft = with_trunk(good_draft(), least_heads=2)
    plan = draft.write()
    first, second = plan.trunk_runs
    moved = replace(second, departure_id=COACH, heads=2, movements=(), back=())
    total = plan.trunk_cost_fen + moved.cost_fen
    # Driven nowhere, along no road: nothing but its being there is wrong.
    return draft.campaign, replace(plan, trunk_runs=(first, second, moved), trunk_cost_fen=total)


@plants("trunk.id")
def coach_under_another_number() -> Broken:
    return _coach(number="东莞2")


@plants("trunk.id")
def coach_named_by_another_day() -> Broken:
    draft = good_draft()
    plan, name = draft.write(), DepartureId("dg-0217-01")
    contracts = tuple(
        replace(entry, departure_id=name) if entry.departure_id == DIRECT else entry
        for entry in draft.campaign.contracts
    )

    def rename(part: Any) -> Any:
        return replace(part, departure_id=name) if part.departure_id == DIRECT else part

    departures = tuple(replace(entry, id=name) if entry.id == DIRECT else entry for entry in plan.departures)
    return replace(draft.campaign, contracts=contracts), replace(
        plan,
        departures=departures,
        trunk_runs=tuple(rename(run) for run in plan.trunk_runs),
        legs=tuple(rename(leg) for leg in plan.legs),
        routes=tuple(rename(route) for route in plan.routes),
        seats=tuple(rename(seat) for seat in plan.seats),
        captains=tuple(rename(captain) for captain in plan.captains),
    )


@plants("trunk.id")
def coach_twice_in_the_plan() -> Broken:
    departures = good_draft().write().departures
    return changed(departures=(*departures, departures[0]))


@plants("trunk.departure")
def train_that_is_planned() -> Broken:
    plan = good_draft().write()
    board_s = 5 * 60  # the gate of a train opens 30 min before, the door of a coach 25
    legs = tuple(
        replace(leg, board_s=leg.board_s - board_s) if leg.departure_id == DIRECT and leg.run is None else leg
        for leg in plan.legs
    )
    departures = tuple(
        replace(entry, mode=Mode.TRAIN) if entry.id == DIRECT else entry for entry in plan.departures
    )
    return changed(legs=legs, departures=departures)


@plants("trunk.departure")
def coach_with_a_fare() -> Broken:
    return _coach(fare_fen=10_000)


@plants("trunk.departure")
def coach_with_a_price_of_its_own() -> Broken:
    return _coach(fixed_fen=10_000)


@plants("trunk.departure")
def coach_with_carriages() -> Broken:
    return _coach(consist="CR400AF")


@plants("trunk.quota")
def coach_that_offers_a_seat_too_many() -> Broken:
    return _coach(quota=51)


@plants("trunk.vehicle")
def coach_of_an_unknown_group() -> Broken:
    return _other_vehicle("zz#01")


@plants("trunk.vehicle")
def coach_that_nobody_owns() -> Broken:
    return _other_vehicle("t53#03")


@plants("trunk.vehicle")
def coach_number_zero() -> Broken:
    return _other_vehicle("t53#00")


@plants("trunk.vehicle")
def group_that_serves_villages() -> Broken:
    draft = good_draft()
    groups = tuple(
        replace(group, service=Service.FEEDER) if group.id == "t53" else group
        for group in draft.campaign.fleet
    )
    return written(with_campaign(draft, fleet=groups))


def _other_vehicle(vehicle: str) -> Broken:
    draft = good_draft()
    crews = tuple(
        replace(crew, vehicle_id=VehicleId(vehicle)) if crew.vehicle_id == "t53#01" else crew
        for crew in draft.campaign.crews
    )
    draft = with_campaign(draft, crews=crews)
    return written(draft.charter(DIRECT, vehicle=vehicle).charter(POOLED, vehicle=vehicle))


@plants("trunk.service")
def trunk_coach_in_the_villages() -> Broken:
    return written(good_draft().change(3, vehicle="t53#02", round=1, start="dp-a"))


@plants("trunk.seats")
def more_people_than_the_licence_allows() -> Broken:
    return written(with_kind(good_draft(), rated_seats=10))  # 7 seats, 2 too many


@plants("trunk.seats")
def load_cap_of_coaches_overrun() -> Broken:
    return written(with_trunk(good_draft(), load_percent=15))


@plants("trunk.seats")
def rows_that_should_be_free() -> Broken:
    return written(with_trunk(good_draft(), reserved_rows=11))


@plants("trunk.seats")
def big_child_without_a_seat() -> Broken:
    draft = with_kind(good_draft(), rated_seats=11)
    return written(with_child(draft, birth=date(2020, 2, 13)))


@plants("trunk.seats")
def child_of_unknown_age_without_a_seat() -> Broken:
    return written(with_child(with_kind(good_draft(), rated_seats=11), birth=None))


@plants("trunk.children")
def small_child_without_a_seat() -> Broken:
    return written(with_kind(good_draft(), rated_seats=11))  # 8 seats for 9


@plants("trunk.heads")
def head_made_up() -> Broken:
    return with_run(lambda run: replace(run, heads=run.heads + 1))


@plants("trunk.least")
def coach_for_a_few() -> Broken:
    return written(with_trunk(good_draft(), least_heads=5))


@plants("trunk.times")
def departure_told_later_than_it_leaves() -> Broken:
    return written(good_draft().charter(DIRECT, told_s=300))


@plants("trunk.times")
def coach_that_leaves_too_early_for_the_county() -> Broken:
    return written(with_trunk(good_draft(), depart_earliest=time(10, 20)))


@plants("trunk.times")
def coach_that_leaves_too_late_for_the_county() -> Broken:
    return written(with_trunk(good_draft(), depart_latest=time(10)))


@plants("trunk.times")
def call_after_the_last() -> Broken:
    draft = good_draft()
    plan = draft.write()

    def call_first(departure: Departure) -> Departure:
        (last,) = departure.calls
        early = replace(last, destination_id=GUANGZHOU, arrives=last.arrives + timedelta(minutes=5))
        return replace(departure, calls=(early, last)) if departure.id == DIRECT else departure

    return draft.campaign, replace(plan, departures=tuple(call_first(entry) for entry in plan.departures))


@plants("trunk.turn")
def coach_that_turns_round_at_once() -> Broken:
    return written(good_draft().charter(DIRECT, back_s=clock(15, 40)))


@plants("trunk.overlap")
def coach_that_is_not_back_yet() -> Broken:
    draft = good_draft().charter(DIRECT, back_s=clock(16, 20, day=1))
    return written(draft.charter(POOLED, drivers=(driver(3), driver(4))))


@plants("trunk.drivers")
def driver_whom_nobody_knows() -> Broken:
    draft = good_draft()
    drivers = tuple(entry for entry in draft.campaign.drivers if entry.id != driver(4))
    draft = with_campaign(draft, drivers=drivers)
    return written(draft.charter(POOLED, drivers=(driver(3), driver(4))))


@plants("trunk.drivers")
def driver_who_lives_elsewhere() -> Broken:
    return written(good_draft().charter(POOLED, drivers=(driver(3), driver(5))))


@plants("trunk.drivers")
def driver_counted_twice() -> Broken:
    draft = good_draft().charter(POOLED, drivers=(driver(3), driver(3)))
    return written(draft.charter(POOLED, back_s=clock(16, 20, day=2)))


@plants("trunk.off_duty")
def short_night_for_a_driver() -> Broken:
    return written(with_trunk(good_draft(), off_duty_min=13 * 60))


@plants("trunk.off_duty")
def driver_in_two_coaches_at_once() -> Broken:
    draft = good_draft().charter(DIRECT, back_s=clock(16, 20, day=1))
    return written(draft.charter(POOLED, vehicle="t53#02"))


@plants("trunk.gate")
def taken_to_the_gate_of_another_firm() -> Broken:
    draft = good_draft()
    entries = tuple(
        replace(entry, employer="远大纺织") if entry.id == person(45) else entry
        for entry in draft.campaign.registrations
    )
    return written(with_campaign(draft, registrations=entries))


@plants("trunk.cost")
def run_cost_made_up() -> Broken:
    draft = good_draft()
    plan = draft.write()
    first, second = plan.trunk_runs
    runs = (replace(first, cost_fen=first.cost_fen + 1), second)
    return draft.campaign, replace(plan, trunk_runs=runs, trunk_cost_fen=plan.trunk_cost_fen + 1)


def _paid(*, more_fen: int = 0, **changes: Any) -> Broken:
    plan = good_draft().write()
    (paid,) = plan.subsidised
    paid = replace(paid, fen=paid.fen + more_fen, **changes)
    return changed(subsidised=(paid,), trunk_cost_fen=plan.trunk_cost_fen + more_fen)


@plants("trunk.fare")
def fare_made_up() -> Broken:
    return _paid(more_fen=1)


@plants("trunk.fare")
def paid_for_another_day() -> Broken:
    return _paid(day=DAY_2)


@plants("trunk.fare")
def paid_to_where_no_bus_goes() -> Broken:
    return _paid(destination_id=DestinationId("sz"))


@plants("trunk.fare")
def paid_to_another_city() -> Broken:
    draft = good_draft()
    (fare,) = draft.campaign.fares
    fares = (fare, replace(fare, destination_id=GUANGZHOU))
    draft = with_campaign(draft, fares=fares)
    (paid,) = draft.paid
    assert paid.destination == HAINING
    return written(replace(draft, paid=(replace(paid, destination=GUANGZHOU),)))


@plants("trunk.total")
def trunk_total_made_up() -> Broken:
    return changed(trunk_cost_fen=good_draft().write().trunk_cost_fen + 1)


def _proved(*proofs: Proof) -> Broken:
    return changed(proofs=proofs)


@plants("trunk.proof")
def better_than_anything_can_be() -> Broken:
    return _proved(Proof(stage=Stage.TRUNK, cost=100, bound=101))


@plants("trunk.proof")
def vehicle_forgotten() -> Broken:
    return _proved(Proof(stage=Stage.VEHICLES, cost=0, bound=0))


@plants("trunk.proof")
def driver_too_many() -> Broken:
    return _proved(Proof(stage=Stage.DRIVERS, cost=3, bound=1))


@plants("trunk.proof")
def proved_twice() -> Broken:
    proof = Proof(stage=Stage.TRUNK, cost=100, bound=90)
    return _proved(proof, proof)


@plants("party.once")
def paid_for_and_aboard() -> Broken:
    draft = good_draft()
    (paid,), (fare,) = draft.paid, draft.campaign.fares
    draft = with_campaign(draft, fares=(fare, replace(fare, destination_id=GUANGZHOU)))
    return written(replace(draft, paid=(paid, replace(paid, party=people(12), destination=GUANGZHOU))))


@plants("person.exists")
def stranger_paid_for() -> Broken:
    draft = good_draft()
    (paid,) = draft.paid
    return written(replace(draft, paid=(paid, replace(paid, party=(RegistrationId("nobody"),)))))
