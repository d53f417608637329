"""The smallest county with its train replaced by two coaches that leave one gate at one time."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from exports.dossier import Dossier
from fixtures.making import tiny
from planner.model.campaign import Campaign
from planner.model.fleet import (
    Departure,
    DepartureId,
    Driver,
    DriverId,
    FleetGroup,
    FleetGroupId,
    Mode,
    Service,
    VehicleId,
    VehicleType,
    VehicleTypeId,
)
from planner.model.papers import Contract
from planner.model.people import RegistrationId
from planner.model.places import RoadClass
from planner.model.plan import Cause, Leg, Plan, Subsidised, Unserved
from planner.model.trunk import Captain, Doing, Movement, Seat, TrunkRun
from tests.builders import TRAIN, tiny_campaign, tiny_plan
from tests.unit.exports.sample import NOW

GUANGZHOU: Final = DepartureId("guangzhou-0214-01")
SHENZHEN: Final = DepartureId("shenzhen-0214-01")
_COACH: Final = VehicleId("gl49#01")
_OF: Final = {tiny.GUANGZHOU: GUANGZHOU, tiny.SHENZHEN: SHENZHEN}
_HOUR: Final = 3600


def coach_dossier(*, seated: bool = False, locale: str = "zh_CN", plan: Plan | None = None) -> Dossier:
    """Join the county with its plan of coaches."""
    return Dossier(coach_campaign(), plan or coach_plan(seated=seated), locale=locale, now=NOW)


def coach_campaign() -> Campaign:
    """Give the county without a train, with a coach that has two drivers and a contract for one of two."""
    base = tiny_campaign()
    kind = VehicleType(
        id=VehicleTypeId("k49"), name="49座客车", rated_seats=49, drivers=2, fixed_fen=0, per_km_fen=0,
        road_classes=tuple(RoadClass),
    )  # fmt: skip
    trunk = FleetGroup(
        id=FleetGroupId("gl49"), type_id=kind.id, depot_id=tiny.DEPOT, count=2, operator="春风客运",
        service=Service.TRUNK,
    )  # fmt: skip
    drivers = tuple(
        Driver(id=DriverId(f"d{number}"), depot_id=tiny.DEPOT, name=name, phone=f"1690000200{number}")
        for number, name in enumerate(("陈秋生", "银石生"), 1)
    )
    return replace(
        base,
        departures=(),
        vehicle_types=(*base.vehicle_types, kind),
        fleet=(*base.fleet, trunk),
        drivers=drivers,
        contracts=(Contract(departure_id=GUANGZHOU, contract_no="HT-07", plate_no="湘包0007"),),
    )


def coach_plan(*, seated: bool = False) -> Plan:
    """Give the plan by hand, everybody on the coach to where they get off."""
    base = tiny_plan()
    legs = tuple(_onward(leg) for leg in base.legs)
    riders = [
        (person, leg.departure_id) for leg in legs if leg.run is None for person in leg.registration_ids
    ]
    heads = sum(departure == GUANGZHOU for _, departure in riders)
    plan = replace(
        base,
        departures=tuple(_departure(destination) for destination in (tiny.GUANGZHOU, tiny.SHENZHEN)),
        trunk_runs=(_run(heads),),
        routes=tuple(replace(route, departure_id=GUANGZHOU) for route in base.routes),
        legs=legs,
        trunk_cost_fen=600_000,
    )
    if not seated:
        return plan
    seats = tuple(
        Seat(registration_id=person, departure_id=departure, carriage=0, label=f"{number}号")
        for number, (person, departure) in enumerate(riders, 1)
    )
    leader = next(person for person, departure in riders if departure == SHENZHEN)
    captain = Captain(registration_id=leader, departure_id=SHENZHEN, carriage=0)
    return replace(plan, seats=seats, captains=(captain,))


def subsidised_plan() -> Plan:
    """Give a plan that pays one party's tickets for want of vehicles."""
    plan = coach_plan()
    gone = (RegistrationId("T08"),)
    why = Unserved(
        registration_ids=gone,
        cause=Cause.FLEET_EXHAUSTED,
        args={"place": "村", "heads": 1, "departure": "广州1"},
    )
    paid = Subsidised(
        registration_ids=gone, destination_id=tiny.GUANGZHOU, day=tiny.TRAVEL_DAY, fen=60_000, why=why
    )
    legs = tuple(leg for leg in plan.legs if leg.registration_ids != gone)
    return replace(plan, subsidised=(paid,), legs=legs)


def _departure(destination: str) -> Departure:
    train = next(each for each in tiny_campaign().departures if each.id == TRAIN)
    call = next(call for call in train.calls if call.destination_id == destination)
    name = "广州" if destination == tiny.GUANGZHOU else "深圳"
    return replace(
        train,
        id=_OF[call.destination_id],
        mode=Mode.COACH,
        number=f"{name}1",
        quota=46,
        calls=(call,),
        employer="广州春风一号制衣厂" if destination == tiny.GUANGZHOU else "",
    )


def _onward(leg: Leg) -> Leg:
    if leg.run is not None:
        return replace(leg, departure_id=GUANGZHOU)
    return replace(leg, departure_id=_OF[tiny.GUANGZHOU if leg.to_id == tiny.GUANGZHOU else tiny.SHENZHEN])


def _run(heads: int) -> TrunkRun:
    campaign = tiny_campaign()
    train = next(each for each in campaign.departures if each.id == TRAIN)
    at_s = campaign.to_seconds(train.departs)
    out = _drive(at_s, (Doing.DRIVE, 20, 1), (Doing.DRIVE, 220, 1), (Doing.REST, 20, 0), (Doing.DRIVE, 60, 2))
    back = _drive(at_s + 15 * _HOUR, (Doing.DRIVE, 120, 2), (Doing.STAND, 180, 0), (Doing.DRIVE, 180, 1))
    return TrunkRun(
        departure_id=GUANGZHOU, vehicle_id=_COACH, drivers=(DriverId("d1"), DriverId("d2")), movements=out,
        back=back, heads=heads, cost_fen=500_000,
    )  # fmt: skip


def _drive(at_s: int, *parts: tuple[Doing, int, int]) -> tuple[Movement, ...]:
    made: list[Movement] = []
    for doing, minutes, driver in parts:
        end_s = at_s + minutes * 60
        metres = minutes * 1_250 if doing is Doing.DRIVE else 0
        made.append(Movement(doing=doing, start_s=at_s, end_s=end_s, metres=metres, driver=driver))
        at_s = end_s
    return tuple(made)
