"""The proving county: small, but with everything a rule needs to be broken alone.

Two trains and a trunk coach, two depots nearby and one far away, a second station, a village that only
19-seaters reach, one that no road reaches, one beyond the ride limit, a tie between two equally fast
roads of different length, and stretches whose seconds have to be rounded up.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from planner.model.campaign import Campaign, FeederRules, Rules
from planner.model.clock import CHINA
from planner.model.fleet import (
    Call,
    Departure,
    DepartureId,
    FleetGroup,
    FleetGroupId,
    Mode,
    VehicleType,
    VehicleTypeId,
)
from planner.model.people import Registration, RegistrationId
from planner.model.places import Destination, DestinationId, Place, PlaceId, PlaceKind, Road, RoadClass

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

MORNING: Final = DepartureId("g1")
NOON: Final = DepartureId("g2")
COACH: Final = DepartureId("c3")

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
)


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
        rules=Rules(
            as_of=DAY_1, feeder=FeederRules(ride_limit_min=60, earliest_pickup=time(8, 10), stop_s=60)
        ),
        places=_places(),
        roads=_roads(),
        vehicle_types=(
            _kind("k19", seats=19, escorts=0, classes=(*_GOOD, RoadClass.GRADE4)),
            _kind("k49", seats=49, escorts=1, classes=_GOOD),
        ),
        fleet=(
            _group("a49", kind="k49", depot=DEPOT_A, count=3),
            _group("b19", kind="k19", depot=DEPOT_B, count=2),
            _group("far", kind="k49", depot=DEPOT_FAR, count=1),
        ),
        destinations=(
            Destination(id=GUANGZHOU, name="广州"),
            Destination(id=SHENZHEN, name="深圳"),
            Destination(id=HUMEN, name="虎门"),
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


def _departures() -> tuple[Departure, ...]:
    return (
        _departure(MORNING, Mode.TRAIN, at=(DAY_1, time(10)), quota=11, calls=(GUANGZHOU, HUMEN, SHENZHEN)),
        _departure(NOON, Mode.TRAIN, at=(DAY_1, time(11, 25)), quota=40, calls=(GUANGZHOU, SHENZHEN)),
        _departure(COACH, Mode.COACH, at=(DAY_2, time(11)), quota=2, calls=(GUANGZHOU,)),
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
                    name=f"试验{number}",
                    village_id=village,
                    group=group,
                    destination_id=destination,
                    travel_date=day,
                )
            )
    return tuple(rows)
