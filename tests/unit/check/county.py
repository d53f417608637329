"""The proving county: small, but with everything a rule needs to be broken alone.

Two trains and a trunk coach, two depots nearby and one far away, a second station, a village that only
19-seaters reach, one that no road reaches, one beyond the ride limit, a tie between two equally fast
roads of different length, and stretches whose seconds have to be rounded up. A long road with a mountain
leads to a city that coaches are laid on for, with two vehicles and four drivers of them and their papers;
another city has only scheduled transport.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Final

from planner.model.campaign import Campaign, FeederRules, Rules
from planner.model.clock import CHINA
from planner.model.fleet import (
    Call,
    Crew,
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
from planner.model.law import TrunkRules
from planner.model.papers import Contract
from planner.model.people import Registration, RegistrationId
from planner.model.places import (
    Corridor,
    Destination,
    DestinationId,
    Fare,
    Place,
    PlaceId,
    PlaceKind,
    Road,
    RoadClass,
    Scope,
    Stretch,
)

STATION: Final = PlaceId("st")
OTHER_STATION: Final = PlaceId("st2")
DEPOT_A: Final = PlaceId("dp-a")
DEPOT_B: Final = PlaceId("dp-b")
DEPOT_FAR: Final = PlaceId("dp-far")
SEAT_1: Final = PlaceId("t1")
SEAT_2: Final = PlaceId("t2")
BRIDGE: Final = PlaceId("t3")
V1, V2, V3, V4 = (PlaceId(f"v{number}") for number in range(1, 5))
NARROW: Final = PlaceId("v5")
NEAR: Final = PlaceId("v6")
ISOLATED: Final = PlaceId("v7")
REMOTE: Final = PlaceId("v8")

GUANGZHOU: Final = DestinationId("gz")
SHENZHEN: Final = DestinationId("sz")
HUMEN: Final = DestinationId("hm")
DONGGUAN: Final = DestinationId("dg")
HAINING: Final = DestinationId("hn")

MORNING: Final = DepartureId("g1")
NOON: Final = DepartureId("g2")
COACH: Final = DepartureId("c3")
DIRECT: Final = DepartureId("dg-0214-01")
POOLED: Final = DepartureId("dg-0215-01")
"""Coaches that are planned; the first goes to one firm's gate."""

FIRM: Final = "鹏达电子"

DAY_1: Final = date(2027, 2, 14)
DAY_2: Final = date(2027, 2, 15)

_GOOD: Final = (RoadClass.GRADE2, RoadClass.GRADE3)

# village, group, destination, day, how many; ids run on in this order: p01, p02, ...
_PEOPLE: Final = (
    (V1, "张", GUANGZHOU, DAY_1, 2),  # p01 p02, with p03 a family that alights at two places
    (V1, "张", SHENZHEN, DAY_1, 1),
    (V1, "", HUMEN, DAY_1, 1),  # p04
    (V1, "", GUANGZHOU, DAY_1, 2),  # p05 p06
    (V2, "李", SHENZHEN, DAY_1, 2),  # p07 p08
    (NARROW, "王", GUANGZHOU, DAY_1, 2),  # p09 p10
    (NARROW, "", SHENZHEN, DAY_1, 1),  # p11
    (V3, "", GUANGZHOU, DAY_1, 2),  # p12 p13
    (V4, "赵", SHENZHEN, DAY_1, 20),  # p14 ... p33, more than a 19-seater takes
    (V2, "", GUANGZHOU, DAY_2, 3),  # p34 p35 p36; the coach has seats for two
    (ISOLATED, "", GUANGZHOU, DAY_1, 1),  # p37
    (REMOTE, "", GUANGZHOU, DAY_1, 2),  # p38 p39
    (NEAR, "", GUANGZHOU, DAY_1, 1),  # p40
    (V3, "孙", DONGGUAN, DAY_1, 2),  # p41 p42, the second a small child
    (V3, "", DONGGUAN, DAY_1, 7),  # p43 ... p49
    (V4, "", DONGGUAN, DAY_2, 4),  # p50 ... p53
    (V3, "周", HAINING, DAY_1, 2),  # p54 p55
)
_NUMERALS: Final = "零一二三四五六七八九"
_FOR_THE_FIRM: Final = range(41, 50)
CHILD: Final = 42


ROAD: Final = (
    Stretch(length_m=30_000, drive_s=3_000, expressway=False, mountain=True),
    Stretch(length_m=390_000, drive_s=14_040),
)
"""420 km to the city, 4:44 at the wheel."""


def driver(number: int) -> DriverId:
    """Name the ``number``-th driver of trunk coaches; the fifth lives elsewhere."""
    return DriverId(f"d{number}")


def person(number: int) -> RegistrationId:
    """Name the ``number``-th registration."""
    return RegistrationId(f"p{number:02d}")


def build_county() -> Campaign:
    """Build the campaign."""
    return Campaign(
        id="proving",
        name="试验县春风行动",
        office="试验县就业服务中心",
        phone="0739-0000000",
        first_day=DAY_1,
        county="邵阳",
        rules=Rules(
            as_of=DAY_1,
            feeder=FeederRules(ride_limit_min=60, earliest_pickup=time(8, 10), stop_s=60),
            trunk=TrunkRules(
                least_heads=4,
                arrive_earliest_min=90,
                arrive_latest_min=60,
                board_min=25,
                depart_latest=time(10, 30),
            ),
        ),
        places=_places(),
        roads=_roads(),
        vehicle_types=(
            _kind("k19", seats=19, escorts=0, classes=(*_GOOD, RoadClass.GRADE4)),
            _kind("k49", seats=49, escorts=1, classes=_GOOD),
            replace(_kind("k53", seats=53, escorts=1, classes=_GOOD), drivers=2, per_hour_fen=7_200),
        ),
        fleet=(
            _group("a49", kind="k49", depot=DEPOT_A, count=3),
            _group("b19", kind="k19", depot=DEPOT_B, count=2),
            _group("far", kind="k49", depot=DEPOT_FAR, count=1),
            _group("c19", kind="k19", depot=DEPOT_B, count=1),
            replace(
                _group("t53", kind="k53", depot=DEPOT_A, count=2), service=Service.TRUNK, operator="试验客运"
            ),
        ),
        crews=tuple(_crew(number) for number in (1, 2)),
        drivers=(*(_driver(number, depot=DEPOT_A) for number in (1, 2, 3, 4)), _driver(5, depot=DEPOT_B)),
        destinations=(
            Destination(id=GUANGZHOU, name="广州"),
            Destination(id=SHENZHEN, name="深圳"),
            Destination(id=HUMEN, name="虎门"),
            Destination(id=DONGGUAN, name="东莞", aliases=("莞城",)),
            Destination(id=HAINING, name="海宁"),
        ),
        corridors=(Corridor(origin_id=STATION, destination_id=DONGGUAN, stretches=ROAD),),
        fares=(Fare(destination_id=HAINING, fen_per_head=38_000),),
        contracts=tuple(
            contract(coach, heads=heads) for coach, heads in ((COACH, 3), (DIRECT, 9), (POOLED, 4))
        ),
        departures=_departures(),
        registrations=_registrations(),
    )


def _places() -> tuple[Place, ...]:
    kinds = {"v": PlaceKind.VILLAGE, "t": PlaceKind.TOWNSHIP, "s": PlaceKind.STATION, "d": PlaceKind.DEPOT}
    named = (
        (STATION, "试验站"), (OTHER_STATION, "试验北站"), (DEPOT_A, "城南车场"), (DEPOT_B, "城北车场"),
        (DEPOT_FAR, "外县车场"), (SEAT_1, "东镇"), (SEAT_2, "西镇"), (BRIDGE, "桥头"),
        (V1, "一村"), (V2, "二村"), (V3, "三村"), (V4, "四村"),
        (NARROW, "窄路村"), (NEAR, "近村"), (ISOLATED, "孤村"), (REMOTE, "远村"),
    )  # fmt: skip
    return tuple(
        Place(
            id=place_id,
            kind=kinds[place_id[0]],
            name=name,
            lat=27 + number / 100,
            lon=110.5,
            gather=f"{name}口",
        )
        for number, (place_id, name) in enumerate(named)
    )


def _roads() -> tuple[Road, ...]:
    table = (
        (DEPOT_A, STATION, 6_000, 36, RoadClass.GRADE2),
        (DEPOT_B, SEAT_2, 3_000, 36, RoadClass.GRADE3),
        (DEPOT_B, DEPOT_A, 4_001, 40, RoadClass.GRADE2),
        (DEPOT_FAR, NEAR, 118_800, 36, RoadClass.GRADE2),
        (NEAR, STATION, 3_600, 36, RoadClass.GRADE2),
        (STATION, OTHER_STATION, 2_000, 36, RoadClass.GRADE2),
        (STATION, SEAT_1, 9_000, 45, RoadClass.GRADE2),
        (STATION, SEAT_2, 8_000, 41, RoadClass.GRADE2),
        (SEAT_1, SEAT_2, 6_000, 36, RoadClass.GRADE3),
        (SEAT_1, BRIDGE, 3_000, 36, RoadClass.GRADE3),
        (BRIDGE, SEAT_2, 4_000, 48, RoadClass.GRADE3),
        (SEAT_1, V1, 3_001, 31, RoadClass.GRADE3),
        (SEAT_1, V2, 4_000, 36, RoadClass.GRADE3),
        (V1, V2, 2_500, 30, RoadClass.GRADE3),
        (SEAT_2, V3, 2_000, 36, RoadClass.GRADE3),
        (SEAT_2, V4, 3_000, 36, RoadClass.GRADE3),
        (SEAT_2, NARROW, 5_000, 25, RoadClass.GRADE4),
        (SEAT_1, REMOTE, 50_000, 36, RoadClass.GRADE3),
        (REMOTE, STATION, 45_000, 20, RoadClass.GRADE3),
    )
    return tuple(
        Road(from_id=start, to_id=end, length_m=length, speed_kmh=speed, road_class=grade)
        for start, end, length, speed, grade in table
    )


def _kind(kind_id: str, *, seats: int, escorts: int, classes: tuple[RoadClass, ...]) -> VehicleType:
    return VehicleType(
        id=VehicleTypeId(kind_id),
        name=f"{seats}座客车",
        rated_seats=seats,
        escorts=escorts,
        fixed_fen=600 * seats,
        per_km_fen=5 * seats + 3,
        per_hour_fen=3_100 + seats,
        road_classes=classes,
    )


def _group(group_id: str, *, kind: str, depot: PlaceId, count: int) -> FleetGroup:
    return FleetGroup(id=FleetGroupId(group_id), type_id=VehicleTypeId(kind), depot_id=depot, count=count)


def _crew(number: int) -> Crew:
    return Crew(
        vehicle_id=VehicleId(f"t53#{number:02d}"),
        plate=f"湘E0000{number}",
        registered="邵阳",
        scope=Scope.INTER_PROVINCE,
        inspected_until=date(2027, 6, 30),
        insured_until=date(2027, 12, 31),
    )


def _driver(number: int, *, depot: PlaceId) -> Driver:
    until = date(2027, 8, 31)
    return Driver(id=driver(number), depot_id=depot, name=f"试验司机{number}", qualified_until=until)


def contract(departure_id: DepartureId, *, heads: int) -> Contract:
    return Contract(
        departure_id=departure_id,
        contract_no=f"B-{departure_id}",
        signed=DAY_1,
        signed_heads=heads,
        plate_no=f"P-{departure_id}",
        filing_no=f"F-{departure_id}",
        briefed=True,
        departed_checks=True,
    )


def _departures() -> tuple[Departure, ...]:
    morning = _departure(
        MORNING, Mode.TRAIN, at=(DAY_1, time(10)), quota=11, calls=(GUANGZHOU, HUMEN, SHENZHEN)
    )
    return (
        replace(morning, fixed_fen=100_000),
        _departure(NOON, Mode.TRAIN, at=(DAY_1, time(11, 25)), quota=40, calls=(GUANGZHOU, SHENZHEN)),
        replace(
            _departure(COACH, Mode.COACH, at=(DAY_2, time(11)), quota=2, calls=(GUANGZHOU,)), fare_fen=15_000
        ),
    )


def _departure(
    departure_id: DepartureId,
    mode: Mode,
    *,
    at: tuple[date, time],
    quota: int,
    calls: tuple[DestinationId, ...],
) -> Departure:
    day, leaves = at
    return Departure(
        id=departure_id,
        mode=mode,
        number=departure_id.upper(),
        origin_id=STATION,
        departs=datetime.combine(day, leaves, CHINA),
        quota=quota,
        calls=tuple(
            Call(destination_id=call, arrives=datetime.combine(day, time(leaves.hour + 4 + number), CHINA))
            for number, call in enumerate(calls)
        ),
    )


def _registrations() -> tuple[Registration, ...]:
    rows: list[Registration] = []
    for village, group, destination, day, count in _PEOPLE:
        for _ in range(count):
            number = len(rows) + 1
            rows.append(
                Registration(
                    id=person(number),
                    name=f"试验{_NUMERALS[number // 10]}{_NUMERALS[number % 10]}",
                    village_id=village,
                    group=group,
                    destination_id=destination,
                    travel_date=day,
                    employer=FIRM if number in _FOR_THE_FIRM else "",
                    child=number == CHILD,
                    birth=date(2021, 2, 1) if number == CHILD else None,
                )
            )
    return tuple(rows)
