"""A small campaign and rosters to read against it; everybody in them is made up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final

from planner.intake.columns import ROSTER
from planner.intake.identity import check_digit
from planner.intake.roster import Rosters, RowResult, read_rosters
from planner.intake.rosterrow import RosterContext
from planner.model.campaign import Campaign, Rules
from planner.model.clock import CHINA
from planner.model.fleet import (
    Call,
    Crew,
    Departure,
    DepartureId,
    FleetGroup,
    FleetGroupId,
    Mode,
    VehicleId,
    VehicleType,
    VehicleTypeId,
)
from planner.model.people import Registration, RegistrationId, Sex
from planner.model.places import Destination, DestinationId, Place, PlaceId, PlaceKind, Road, RoadClass

DAY: Final = date(2020, 3, 20)
ZHUSHI: Final = PlaceId("430525107201")
"""竹市镇红旗村; there is another 红旗村 in 石江镇."""
SHIJIANG: Final = PlaceId("430525108202")
LONGSHAN: Final = PlaceId("430525106203")
"""高沙镇龙山村; 文昌街道 has 龙山社区."""
LONGSHAN_TOWN: Final = PlaceId("430525001002")
YANLONG: Final = PlaceId("430525205204")
"""大屋瑶族乡岩龙村."""
STATION: Final = PlaceId("dkz")

_VILLAGES: Final = (
    (ZHUSHI, "红旗村", "竹市镇", ()),
    (SHIJIANG, "红旗村", "石江镇", ()),
    (LONGSHAN, "龙山村", "高沙镇", ()),
    (LONGSHAN_TOWN, "龙山社区", "文昌街道", ()),
    (YANLONG, "岩龙村", "大屋瑶族乡", ("老岩龙",)),
    (PlaceId("430525107205"), "栗子塘村", "竹市镇", ()),
)


def id_number(birth: str = "19900101", *, sequence: str = "997", region: str = "430525") -> str:
    """A valid number of nobody: sequences 996 to 999 are kept for tests."""
    body = f"{region}{birth}{sequence}"
    return body + check_digit(body)


def village(place_id: PlaceId, name: str, *, township: str, aliases: tuple[str, ...] = ()) -> Place:
    """A village somewhere in the county."""
    at = int(place_id[-3:]) % 10 / 100
    return Place(
        id=place_id,
        kind=PlaceKind.VILLAGE,
        name=name,
        township=township,
        aliases=aliases,
        lat=round(27.1 + at, 2),
        lon=110.5,
        coord_source="synthetic",
        gather="村口,老樟树",
        contact_phone="16900000009",
    )


def person(number: int = 1, *, village_id: PlaceId = ZHUSHI, name: str = "张三") -> Registration:
    """A traveller with everything filled."""
    birth = date(1960 + number % 40, 1 + number % 12, 1 + number % 28)
    return Registration(
        id=RegistrationId(f"R{number:04d}"),
        name=name,
        sex=Sex.MALE,
        birth=birth,
        document_number=id_number(birth.strftime("%Y%m%d")),
        phone=f"1690000{number:04d}",
        village_id=village_id,
        destination_id=DestinationId("gz"),
        travel_date=DAY,
        employer="示例电子厂",
        note="=1+1",
    )


def sample_campaign(*people: Registration) -> Campaign:
    """A county with one station, one train, one bus type."""
    places = [village(place, name, township=town, aliases=more) for place, name, town, more in _VILLAGES]
    places.append(Place(id=STATION, kind=PlaceKind.STATION, name="洞口站", lat=27.05, lon=110.6))
    return Campaign(
        id="sample",
        name="示例县春风行动",
        office="示例县人力资源和社会保障局",
        phone="0739-0000000",
        first_day=DAY,
        data_note="村点为合成数据",
        rules=Rules(as_of=date(2020, 1, 1)),
        places=tuple(places),
        roads=tuple(
            Road(
                from_id=place.id,
                to_id=STATION,
                length_m=40_000,
                speed_kmh=40,
                road_class=RoadClass.GRADE3,
                mountain=place.id == YANLONG,
            )
            for place in places[:-1]
        ),
        vehicle_types=(
            VehicleType(
                id=VehicleTypeId("b33"),
                name="33 座",
                rated_seats=33,
                fixed_fen=60_000,
                per_km_fen=350,
                per_hour_fen=2_000,
                road_classes=(RoadClass.GRADE2, RoadClass.GRADE3),
            ),
        ),
        fleet=(
            FleetGroup(
                id=FleetGroupId("dk"),
                type_id=VehicleTypeId("b33"),
                depot_id=STATION,
                count=3,
                operator="示例运输",
            ),
        ),
        crews=(Crew(vehicle_id=VehicleId("dk#01"), plate="湘E00001", driver_phone="16900000008"),),
        destinations=(
            Destination(id=DestinationId("gz"), name="广州", aliases=("广州南",)),
            Destination(id=DestinationId("hm"), name="虎门"),
            Destination(id=DestinationId("sz"), name="深圳", aliases=("深圳北",), lat=22.61, lon=114.03),
        ),
        departures=(
            Departure(
                id=DepartureId("G9653"),
                mode=Mode.TRAIN,
                number="G9653",
                origin_id=STATION,
                departs=datetime(2020, 3, 20, 10, 40, tzinfo=CHINA),
                quota=1112,
                calls=(
                    Call(
                        destination_id=DestinationId("gz"), arrives=datetime(2020, 3, 20, 15, 0, tzinfo=CHINA)
                    ),
                    Call(
                        destination_id=DestinationId("sz"), arrives=datetime(2020, 3, 20, 16, 0, tzinfo=CHINA)
                    ),
                ),
            ),
        ),
        registrations=people,
        outline=(((110.0, 26.5), (111.0, 26.5), (111.0, 27.5), (110.0, 26.5)),),
    )


def row(**cells: str) -> dict[str, str]:
    """A canonical roster row that is accepted as it is, with some cells changed."""
    whole = {
        "登记号": "R1",
        "姓名": "张三",
        "证件号码": id_number(),
        "联系电话": "16900000001",
        "乡镇": "竹市镇",
        "村": "红旗村",
        "目的地": "广州",
        "出行日期": "2020-03-20",
    }
    return whole | cells


def csv_text(rows: Iterable[Mapping[str, str]], *, columns: Iterable[str] = ROSTER.names) -> str:
    """Rows as a CSV with the canonical header, or another one."""
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, [*columns], restval="", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def read_text(folder: Path, *texts: str) -> Rosters:
    """Read CSV texts as the rosters of the sample campaign."""
    paths = [folder / f"roster{number}.csv" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return read_rosters(paths, RosterContext.of(sample_campaign()))


def read_rows(folder: Path, *rows: Mapping[str, str]) -> list[RowResult]:
    """Read canonical rows; the header's own result is left out."""
    return list(read_text(folder, csv_text(rows)).rows[1:])
