"""A small plan in which people have seats: a train by consist, one by the railway's list, a coach.

The way to the gate is written out by ``good_plan``; what is said of seats is short enough to be written here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from planner.demand import campaign_digest
from planner.model.clock import CHINA
from planner.model.fleet import (
    Allotment,
    Call,
    Carriage,
    Departure,
    DepartureId,
    FleetGroup,
    FleetGroupId,
    Layout,
    Mode,
    Service,
    VehicleId,
    VehicleTypeId,
)
from planner.model.law import TrunkRules
from planner.model.people import Registration
from planner.model.places import Corridor, PlaceId, Stretch
from planner.model.trunk import Captain, Doing, Movement, Proof, Seat, Stage, TrunkRun
from tests.unit.check.county import (
    DAY_1,
    DEPOT_A,
    GUANGZHOU,
    SHENZHEN,
    STATION,
    V1,
    build_county,
    contract,
    driver,
    person,
)
from tests.unit.check.good_plan import Draft, Party, Round, clock, people, singles

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

TRAIN: Final = DepartureId("s1")
"""Two carriages of ten seats, the second accessible."""
LISTED: Final = DepartureId("s2")
"""Three seats of the railway's list, in carriage 5."""
COACH: Final = DepartureId(f"{GUANGZHOU}-{DAY_1:%m%d}-01")
"""Planned, with two rows kept free."""

FIRM: Final = "甲厂"
_HOUSE: Final = "house"

_ROAD_S: Final = 1_800
_ROAD_M: Final = 30_000
_LEAVES: Final = time(9, 50)

# number: group, employer, child, needs
_PEOPLE: Final = {
    1: (_HOUSE, FIRM, False, ""),
    2: (_HOUSE, FIRM, False, ""),
    3: (_HOUSE, "", True, ""),
    4: ("", FIRM, False, ""),
    5: ("", FIRM, False, ""),
    6: ("", "", False, "坐轮椅"),
    7: ("pair", "", False, ""),
    8: ("pair", "", False, ""),
}
HEADS: Final = 15

SEATS: Final = {
    1: (TRAIN, 1, "1A"), 2: (TRAIN, 1, "1C"), 3: (TRAIN, 1, "1B"), 4: (TRAIN, 1, "2A"), 5: (TRAIN, 1, "2B"),
    6: (TRAIN, 2, "1A"), 7: (TRAIN, 2, "1B"), 8: (TRAIN, 2, "1C"),
    9: (LISTED, 5, "3A"), 10: (LISTED, 5, "3C"),
    11: (COACH, 0, "1号"), 12: (COACH, 0, "2号"), 13: (COACH, 0, "3号"), 14: (COACH, 0, "39号"),
    15: (TRAIN, 1, "2C"),
}  # fmt: skip
"""By number of the person; 15 rides alone, to the second call."""

CAPTAINS: Final = (
    (1, TRAIN, 1, ""),
    (7, TRAIN, 2, ""),
    (2, TRAIN, 1, FIRM),
    (9, LISTED, 5, ""),
    (11, COACH, 0, ""),
)


def seat(number: int, *, departure: DepartureId, carriage: int, label: str) -> Seat:
    """Give a person a seat."""
    return Seat(registration_id=person(number), departure_id=departure, carriage=carriage, label=label)


def captain(number: int, *, departure: DepartureId, carriage: int, employer: str = "") -> Captain:
    """Let a person lead."""
    return Captain(
        registration_id=person(number), departure_id=departure, carriage=carriage, employer=employer
    )


def build_seated() -> Campaign:
    """Build the campaign, the planned coach not in it."""
    return replace(
        build_county(),
        rules=replace(
            build_county().rules,
            trunk=TrunkRules(
                reserved_rows=2,
                least_heads=1,
                arrive_earliest_min=90,
                arrive_latest_min=60,
                board_min=30,
                depart_latest=_LEAVES,
                captain_heads=5,
            ),
        ),
        fleet=(
            *build_county().fleet,
            FleetGroup(
                id=FleetGroupId("trunk"), type_id=VehicleTypeId("k49"), depot_id=DEPOT_A, count=1,
                service=Service.TRUNK, operator="试验客运",
            ),
        ),
        drivers=build_county().drivers[:1],
        crews=(
            replace(
                build_county().crews[0], vehicle_id=VehicleId("trunk#01"), driver_name="试验司机9",
            ),
        ),
        contracts=(contract(COACH, heads=4),),
        corridors=(_corridor(),),
        departures=(_departure(TRAIN), _departure(LISTED)),
        consists=tuple(
            Carriage(
                consist="C", number=number, kind="second", seats=10, layout=Layout.SECOND,
                accessible=number == 2,
            )
            for number in (1, 2)
        ),
        allotments=(Allotment(departure_id=LISTED, carriage=5, labels=("3A", "3C", "3D")),),
        registrations=tuple(_registration(number) for number in range(1, HEADS + 1)),
    )  # fmt: skip


def write_seated(campaign: Campaign | None = None, **changes: Any) -> tuple[Campaign, Plan]:
    """Write a plan that breaks no rule, then change fields of it."""
    campaign = build_seated() if campaign is None else campaign
    coach = _departure(COACH)
    draft = Draft(
        campaign=replace(campaign, departures=(*campaign.departures, coach)),
        rounds=tuple(
            Round(
                run=run, vehicle=f"a49#0{run}", departure=departure, start=DEPOT_A, arrive_s=clock(8, 40),
                boards=((V1, parties),),
            )
            for run, (departure, parties) in enumerate(_boards(), 1)
        ),
        left=(),
    )  # fmt: skip
    run = _run(campaign)
    plan = replace(
        draft.write(),
        campaign_digest=campaign_digest(campaign),
        departures=(coach,),
        trunk_runs=(run,),
        trunk_cost_fen=run.cost_fen,
        proofs=(_proof(TRAIN, cost=55), _proof(LISTED, cost=15)),
        seats=tuple(
            seat(number, departure=departure, carriage=carriage, label=label)
            for number, (departure, carriage, label) in SEATS.items()
        ),
        captains=tuple(
            captain(number, departure=departure, carriage=carriage, employer=employer)
            for number, departure, carriage, employer in CAPTAINS
        ),
    )
    return campaign, replace(plan, **changes)


def _boards() -> tuple[tuple[DepartureId, tuple[Party, ...]], ...]:
    return (
        (TRAIN, (people(1, 2, 3), *singles(4, 5, 6), people(7, 8), *singles(15))),
        (LISTED, singles(9, 10)),
        (COACH, singles(11, 12, 13, 14)),
    )


def _registration(number: int) -> Registration:
    group, employer, child, needs = _PEOPLE.get(number, ("", "", False, ""))
    return Registration(
        id=person(number), name=f"试验{number}", village_id=V1, group=group, employer=employer, child=child,
        needs=needs, destination_id=SHENZHEN if number == HEADS else GUANGZHOU, travel_date=DAY_1,
        birth=date(1990, 1, 1),
    )  # fmt: skip


def _departure(departure_id: DepartureId) -> Departure:
    coach = departure_id == COACH
    leaves = datetime.combine(DAY_1, _LEAVES if coach else time(10), CHINA)
    arrives = (time(10, 20), time(10, 20)) if coach else (time(14), time(15))
    calls = (GUANGZHOU,) if coach else (GUANGZHOU, SHENZHEN)
    return Departure(
        id=departure_id,
        mode=Mode.COACH if coach else Mode.TRAIN,
        number="广州1" if coach else departure_id.upper(),
        origin_id=STATION,
        departs=leaves,
        quota=39 if coach else 40,
        calls=tuple(
            Call(destination_id=place, arrives=datetime.combine(DAY_1, moment, CHINA))
            for place, moment in zip(calls, arrives, strict=False)
        ),
        consist="C" if departure_id == TRAIN else "",
    )


def _corridor() -> Corridor:
    return Corridor(
        origin_id=PlaceId(STATION),
        destination_id=GUANGZHOU,
        stretches=(Stretch(length_m=_ROAD_M, drive_s=_ROAD_S),),
    )


def _run(campaign: Campaign) -> TrunkRun:
    kind = next(kind for kind in campaign.vehicle_types if kind.id == "k49")
    out, back = (
        Movement(doing=Doing.DRIVE, start_s=start_s, end_s=start_s + _ROAD_S, metres=_ROAD_M, driver=1)
        for start_s in (clock(9, 50), clock(14))
    )
    road_s = 2 * _ROAD_S
    return TrunkRun(
        departure_id=COACH, vehicle_id=VehicleId("trunk#01"), drivers=(driver(1),), movements=(out,),
        back=(back,), heads=4,
        cost_fen=kind.fixed_fen + kind.per_km_fen * 2 * _ROAD_M // 1000 + kind.per_hour_fen * road_s // 3600,
    )  # fmt: skip


def _proof(departure: DepartureId, *, cost: int) -> Proof:
    return Proof(stage=Stage.SEATS, item=departure, cost=cost, bound=cost - 5)
