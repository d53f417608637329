"""Made-up counties of any size with quick plans, for drawings: seeded, plausible, not optimal."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Final

import networkx as nx

from planner.model.campaign import Campaign, Rules
from planner.model.clock import CHINA
from planner.model.events import EventStatus
from planner.model.fleet import (
    Call,
    Departure,
    DepartureId,
    FleetGroup,
    FleetGroupId,
    Mode,
    VehicleType,
    VehicleTypeId,
    vehicle_id,
)
from planner.model.people import Registration, RegistrationId
from planner.model.places import Destination, DestinationId, Place, PlaceId, PlaceKind, Road, RoadClass
from planner.model.plan import Cause, Effort, EffortKind, Event, Plan, Route, Stop, Unserved
from planner.told import gather_time_s

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.network import Network

DAY: Final = date(2027, 2, 14)
TYPE: Final = VehicleTypeId("k49")
STATION: Final = PlaceId("st")
_DEPOT: Final = PlaceId("dp")
_CITY: Final = DestinationId("city")
_STEM: Final = "东西南北上下大小新老石木竹松梅兰桃李杨柳高长青白红黄龙凤虎马"
_TAIL: Final = "山水溪塘坪岭冲湾桥井坝江田林洞口屋场院坡"
_CENTRE: Final = (27.05, 110.60)


def sketch_campaign(*, townships: int = 6, villages: int = 40, seed: int = 1) -> Campaign:
    """Make a county: townships on a ring of rings, villages around them, spurs to their seats."""
    dice = Random(seed)
    codes = [f"43052590{n}" for n in range(100, 100 + townships)]
    seats = [_place(code, PlaceKind.TOWNSHIP, dice, radius=0.28) for code in codes]
    homes: list[Place] = []
    for n in range(villages):
        seat = seats[n % townships]
        near = (seat.lat, seat.lon)
        home = _place(f"{seat.id}{n:03d}", PlaceKind.VILLAGE, dice, centre=near, radius=0.05)
        homes.append(replace(home, township=seat.name, gather="村口"))
    station = replace(_place(STATION, PlaceKind.STATION, dice, radius=0.01), name="示例站")
    depot = replace(_place(_DEPOT, PlaceKind.DEPOT, dice, radius=0.02), name="车队")
    spurs = [(home, seats[n % townships]) for n, home in enumerate(homes)]
    spurs += [(station, min(seats, key=lambda seat: _km(seat, station))), (depot, station)]
    return Campaign(
        id="sketch", name="示例县春风行动", office="示例县劳务办", phone="0739-0000000", first_day=DAY,
        data_note="演示数据：村点与道路为合成。", rules=Rules(as_of=DAY),
        places=(*seats, *homes, station, depot),
        roads=(*_trunks(seats), *(_road(a, b, RoadClass.GRADE4) for a, b in spurs)),
        vehicle_types=(
            VehicleType(
                id=TYPE, name="49座客车", rated_seats=49, fixed_fen=0, per_km_fen=0,
                road_classes=tuple(RoadClass),
            ),
        ),
        fleet=(FleetGroup(id=FleetGroupId("g"), type_id=TYPE, depot_id=_DEPOT, count=99),),
        destinations=(Destination(id=_CITY, name="广州"),),
        departures=(_train("a", 10), _train("b", 14)),
        registrations=tuple(_people(homes, dice)),
    )  # fmt: skip


def _place(
    place_id: str, kind: PlaceKind, dice: Random, *, centre: tuple[float, float] = _CENTRE, radius: float
) -> Place:
    turn, far = dice.uniform(0, math.tau), radius * math.sqrt(dice.uniform(0.02, 1))
    name = dice.choice(_STEM) + dice.choice(_TAIL) + ("镇" if kind is PlaceKind.TOWNSHIP else "村")
    lat, lon = round(centre[0] + far * math.sin(turn), 5), round(centre[1] + far * math.cos(turn), 5)
    return Place(id=PlaceId(place_id), kind=kind, name=name, township=name, lat=lat, lon=lon)


def _km(a: Place, b: Place) -> float:
    return math.dist((a.lat * 111, a.lon * 99), (b.lat * 111, b.lon * 99))


def _road(a: Place, b: Place, road_class: RoadClass) -> Road:
    return Road(
        from_id=a.id, to_id=b.id, length_m=round(_km(a, b) * 1400) + 1, speed_kmh=40, road_class=road_class
    )


def _trunks(seats: Sequence[Place]) -> Iterator[Road]:
    """Gabriel graph of the seats: every pair with no third seat in the circle between them."""
    for n, a in enumerate(seats):
        for b in seats[n + 1 :]:
            if all(_km(a, c) ** 2 + _km(c, b) ** 2 >= _km(a, b) ** 2 for c in seats if c not in {a, b}):
                yield _road(a, b, RoadClass.GRADE2)


def _train(name: str, hour: int) -> Departure:
    departs = datetime(DAY.year, DAY.month, DAY.day, hour, 40, tzinfo=CHINA)
    call = Call(destination_id=_CITY, arrives=departs + timedelta(hours=4))
    return Departure(
        id=DepartureId(name), mode=Mode.TRAIN, number=f"G98{hour}", origin_id=STATION, departs=departs,
        quota=1112, calls=(call,),
    )  # fmt: skip


def _people(homes: Sequence[Place], dice: Random) -> Iterator[Registration]:
    for home in homes:
        for n in range(dice.choice((2, 4, 5, 6, 7, 8, 12))):
            yield Registration(
                id=RegistrationId(f"{home.id}-{n}"), name="某某", village_id=home.id, destination_id=_CITY,
                travel_date=DAY,
            )  # fmt: skip


def sketch_plan(campaign: Campaign, network: Network, *, seats: int = 47, left: int = 0) -> Plan:
    """Fill vehicles along a walk round the road tree, the halves of the county to different departures.

    ``left`` villages at the end of the walk stay behind. Times are right to the minute, costs are not.
    """
    heads: dict[PlaceId, int] = {}
    for person in campaign.registrations:
        heads[person.village_id] = heads.get(person.village_id, 0) + 1
    origin = campaign.departures[0].origin_id
    tree = nx.bfs_tree(network.graph, origin, sort_neighbors=sorted)
    walk = [place for place in nx.dfs_preorder_nodes(tree, origin) if place in heads]
    served, behind = walk[: len(walk) - left], walk[len(walk) - left :]
    routes: list[Route] = []
    for number, departure in enumerate(campaign.departures):
        half = served[number :: len(campaign.departures)]
        for load in _loads(half, heads, seats):
            routes.append(_route(campaign, network, departure, load, run=len(routes) + 1))
    return Plan(
        version=1, campaign_id=campaign.id, campaign_digest="0" * 64, cost_fen=0, bound_fen=None,
        effort=Effort(router="sketch", kind=EffortKind.COUNTED, limit=0, seed=0),
        routes=tuple(routes), legs=(), events=tuple(_event(campaign, route) for route in routes),
        unserved=tuple(
            Unserved(
                registration_ids=tuple(p.id for p in campaign.registrations if p.village_id == place),
                cause=Cause.FLEET_EXHAUSTED,
            )
            for place in behind
        ),
    )  # fmt: skip


def _loads(walk: Sequence[PlaceId], heads: dict[PlaceId, int], seats: int) -> Iterator[dict[PlaceId, int]]:
    """Cut a walk into full loads; the village at the cut is split between two vehicles."""
    load: dict[PlaceId, int] = {}
    for place in walk:
        waiting = heads[place]
        while waiting:
            taken = min(waiting, seats - sum(load.values()))
            load[place] = taken
            waiting -= taken
            if sum(load.values()) == seats:
                yield load
                load = {}
    if load:
        yield load


def _route(
    campaign: Campaign, network: Network, departure: Departure, load: dict[PlaceId, int], *, run: int
) -> Route:
    type_id = campaign.fleet[0].type_id
    places = {place.id: place for place in campaign.places}
    origin = departure.origin_id
    order = sorted(load, key=lambda place: (-(network.seconds(type_id, place, origin) or 0), place))
    clock = campaign.to_seconds(departure.departs) - 75 * 60
    stops: list[Stop] = []
    following = origin
    for place in (origin, *reversed(order)):
        spent = 0 if place == origin else 60 + 6 * load[place]
        clock -= (network.seconds(type_id, place, following) or 0) + spent
        stops.append(
            Stop(
                place_id=place, arrive_s=clock, depart_s=clock + spent, board=load.get(place, 0), leg_m=0,
                gather=places[place].gather, lat=places[place].lat, lon=places[place].lon,
            )
        )  # fmt: skip
        following = place
    return Route(
        run=run, vehicle_id=vehicle_id(campaign.fleet[0].id, run), round=1, departure_id=departure.id,
        start_place_id=campaign.fleet[0].depot_id, start_s=clock - 600, stops=tuple(stops[::-1]), cost_fen=0,
    )  # fmt: skip


def _event(campaign: Campaign, route: Route) -> Event:
    first = route.stops[0]
    return Event(
        uid=f"run-{route.run}@{campaign.id}.breeze", sequence=0, status=EventStatus.CONFIRMED, run=route.run,
        start_s=gather_time_s(campaign, first), end_s=route.arrive_s, place_id=first.place_id,
    )  # fmt: skip
