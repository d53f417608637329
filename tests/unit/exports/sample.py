"""A bus as full as they come: runs with so many people at so many stops, for looks and page counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

from exports.dossier import Dossier
from fixtures.making import tiny
from fixtures.making.identity import NumberBook
from planner.model.campaign import Campaign
from planner.model.fleet import (
    Departure,
    DepartureId,
    FleetGroup,
    FleetGroupId,
    VehicleId,
    VehicleType,
    VehicleTypeId,
)
from planner.model.people import DocumentType, Registration, RegistrationId, Sex
from planner.model.places import DestinationId, Place, PlaceId, PlaceKind, Road, RoadClass
from planner.model.plan import Effort, EffortKind, Leg, Plan, Route, Stop
from tests.builders import TRAIN

NOW: Final = datetime(2027, 2, 10, 13, 40, tzinfo=UTC)
LATER_TRAIN: Final = DepartureId("g9805")
_SURNAMES: Final = "张李王刘陈杨黄周吴盘赵沈蓝袁龙谢唐彭曾尹邓罗蒋廖付向贺舒林夏易戴卿米粟莫石申段"
_GIVEN: Final = (
    "秋田",
    "小满",
    "石头",
    "春生",
    "谷雨",
    "大山",
    "玉米",
    "月桂",
    "青松",
    "清明",
    "采莲",
    "立冬",
)
_SPOTS: Final = ("村口老樟树", "卫生室门口", "村部坪", "乡政府门口", "汽车停靠点", "小学操场")
_EMPLOYERS: Final = ("粤远电子", "自行求职", "南沙制鞋", "广和家具", "宏图玩具", "示例智能装备制造")
_VILLAGES: Final = (
    "岩龙村",
    "大屋村",
    "大道村",
    "桐山村",
    "石柱村",
    "毓兰村",
    "高沙村",
    "山门村",
    "月溪村",
    "江口村",
)
_HINTS: Final = ("无信号，到下一站再报数", "", "路窄，倒车要人指挥", "【逢集】不进集市街")
_COACH: Final = VehicleTypeId("k49")
_GROUP: Final = FleetGroupId("dk49")
_HOUR_S: Final = 3600


def sample_dossier(*, locale: str = "zh_CN", people: int = 45, stops: int = 5, runs: int = 1) -> Dossier:
    """Join a campaign of ``runs`` full coaches with its plan."""
    campaign = _build_campaign(people=people, stops=stops, runs=runs)
    return Dossier(
        campaign, _build_plan(campaign, people=people, stops=stops, runs=runs), locale=locale, now=NOW
    )


def _village_id(number: int) -> PlaceId:
    return PlaceId(f"4305259990{number:02d}")


def _split(people: int, stops: int) -> tuple[int, ...]:
    return tuple(people // stops + (number < people % stops) for number in range(stops))


def _build_campaign(*, people: int, stops: int, runs: int) -> Campaign:
    base = tiny.build()
    villages = tuple(_build_village(number) for number in range(stops))
    way = (tiny.DEPOT, *(village.id for village in villages), tiny.STATION)
    train = next(each for each in base.departures if each.id == TRAIN)
    return replace(
        base,
        name="2027 春风行动",
        office="洞口县就业服务中心",
        data_note="演示数据：村点、道路、人员均为虚构。",
        places=(*(place for place in base.places if place.kind is not PlaceKind.VILLAGE), *villages),
        roads=tuple(_build_road(start, end) for start, end in pairwise(way)),
        vehicle_types=(_build_type(),),
        fleet=(
            FleetGroup(id=_GROUP, type_id=_COACH, depot_id=tiny.DEPOT, count=runs, operator="示例客运公司"),
        ),
        crews=tuple(
            replace(crew, vehicle_id=VehicleId(f"{_GROUP}#{number:02d}"))
            for number, crew in enumerate(base.crews, 1)
            if number <= runs
        ),
        departures=(replace(train, quota=2000), _build_later(train)),
        registrations=tuple(_build_people(people=people, stops=stops, runs=runs)),
    )


def _build_later(train: Departure) -> Departure:
    return replace(
        train,
        id=LATER_TRAIN,
        number="G9805",
        quota=20,
        departs=train.departs + timedelta(hours=2),
        calls=tuple(replace(call, arrives=call.arrives + timedelta(hours=2)) for call in train.calls),
    )


def _build_type() -> VehicleType:
    return VehicleType(
        id=_COACH,
        name="49座客车",
        rated_seats=57,
        escorts=1,
        fixed_fen=60_000,
        per_km_fen=600,
        road_classes=tuple(RoadClass),
    )


def _build_village(number: int) -> Place:
    return Place(
        id=_village_id(number),
        kind=PlaceKind.VILLAGE,
        name=_VILLAGES[number % len(_VILLAGES)],
        township="示例镇",
        lat=27.1 + number / 100,
        lon=110.6,
        gather=_SPOTS[number % len(_SPOTS)],
        hint=_HINTS[number % len(_HINTS)],
        contact_name="周师傅",
        contact_phone=f"169000021{number:02d}",
    )


def _build_road(start: PlaceId, end: PlaceId) -> Road:
    grade = RoadClass.GRADE4 if start == _village_id(0) else RoadClass.GRADE3
    return Road(
        from_id=start,
        to_id=end,
        length_m=9_000,
        speed_kmh=36,
        road_class=grade,
        mountain=grade is RoadClass.GRADE4,
    )


def _build_people(*, people: int, stops: int, runs: int) -> list[Registration]:
    book = NumberBook(county="430525")
    made: list[Registration] = []
    for _ in range(runs):
        for village, heads in enumerate(_split(people, stops)):
            made += [
                _build_person(len(made) + rank, rank, village=village, book=book) for rank in range(heads)
            ]
    return made


def _build_person(number: int, rank: int, *, village: int, book: NumberBook) -> Registration:
    sex = Sex.MALE if number % 2 else Sex.FEMALE
    birth = date(1971 + number * 7 % 33, number % 12 + 1, number % 28 + 1)
    name = _SURNAMES[number % len(_SURNAMES)] + _GIVEN[number % len(_GIVEN)]
    odd_names = {20: "阿依夏木·吐尔逊", 21: "刘\U0002eb89", 22: "欧阳大暑"}
    paper = DocumentType.ID_CARD if number != 2 else DocumentType.HOUSEHOLD_REGISTER
    return Registration(
        id=RegistrationId(f"B{number:05d}"),
        name=odd_names.get(number, name),
        sex=sex,
        birth=birth,
        document_type=paper,
        document_number=book.id_number(birth, sex),
        phone="" if number in {2, 24} else book.phone(),
        village_id=_village_id(village),
        group=f"{number // 100}-1" if rank < 3 else "",
        destination_id=(tiny.GUANGZHOU, tiny.SHENZHEN)[number % 5 == 0],
        travel_date=tiny.TRAVEL_DAY,
        employer=_EMPLOYERS[number % len(_EMPLOYERS)],
        captain=number == 12,
        child=number == 2,
        needs="腿脚不便" if number == 17 else "",
    )


def _build_plan(campaign: Campaign, *, people: int, stops: int, runs: int) -> Plan:
    registered = [person.id for person in campaign.registrations]
    routes: list[Route] = []
    legs: list[Leg] = []
    for run in range(1, runs + 1):
        mine = registered[(run - 1) * people : run * people]
        route = _build_route(run, heads=_split(people, stops))
        routes.append(route)
        for stop in route.stops[:-1]:
            boarding, mine = mine[: stop.board], mine[stop.board :]
            legs += _build_legs(campaign, route, stop, people=boarding)
    return Plan(
        version=3,
        campaign_id=campaign.id,
        campaign_digest="0" * 64,
        effort=Effort(router="hand", kind=EffortKind.COUNTED, limit=0, seed=0),
        cost_fen=0,
        bound_fen=None,
        routes=tuple(routes),
        legs=tuple(legs),
        unserved=(),
        events=(),
    )


def _build_route(run: int, *, heads: tuple[int, ...]) -> Route:
    start_s = 9 * _HOUR_S + 1200 - 900 * (len(heads) + 1) - 60 * len(heads) - 6 * sum(heads)
    clock = start_s
    stops: list[Stop] = []
    for number, board in enumerate((*heads, 0)):
        clock += 900
        wait = 60 + 6 * board if board else 0
        village = number < len(heads)
        stops.append(
            Stop(
                place_id=_village_id(number) if village else tiny.STATION,
                arrive_s=clock,
                depart_s=clock + wait,
                board=board,
                leg_m=9_000,
                gather=_SPOTS[number % len(_SPOTS)] if village else "站前广场东侧",
                lat=27.1,
                lon=110.6,
            )
        )
        clock += wait
    return Route(
        run=run,
        vehicle_id=VehicleId(f"{_GROUP}#{run:02d}"),
        round=1,
        departure_id=TRAIN,
        start_place_id=tiny.DEPOT,
        start_s=start_s,
        stops=tuple(stops),
        cost_fen=123_456,
    )


def _build_legs(campaign: Campaign, route: Route, stop: Stop, *, people: list[RegistrationId]) -> list[Leg]:
    registered = {person.id: person for person in campaign.registrations}
    legs: list[Leg] = []
    parties: dict[str, list[RegistrationId]] = {}
    for person in people:
        parties.setdefault(registered[person].group or person, []).append(person)
    for members in parties.values():
        ids = tuple(members)
        rides: dict[DestinationId, list[RegistrationId]] = {}
        for person in members:
            rides.setdefault(registered[person].destination_id, []).append(person)
        legs.append(
            Leg(
                registration_ids=ids,
                departure_id=TRAIN,
                run=route.run,
                from_id=stop.place_id,
                to_id=tiny.STATION,
                board_s=stop.arrive_s,
                alight_s=route.arrive_s,
            )
        )
        legs += [
            Leg(
                registration_ids=tuple(riders),
                departure_id=TRAIN,
                run=None,
                from_id=tiny.STATION,
                to_id=destination,
                board_s=10 * _HOUR_S + 600,
                alight_s=14 * _HOUR_S,
            )
            for destination, riders in rides.items()
        ]
    return legs
