"""Small campaigns and plans for tests: the fixture ``tiny`` in memory, and its best plan written by hand.

The plan is the optimum of ``fixtures/tiny/README.md``, arriving at 09:30 (window 09:10-09:40). Nothing
of it is computed by the product, so a test may hold the product against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fixtures.making import tiny
from planner.model.events import EventStatus
from planner.model.fleet import DepartureId, VehicleId
from planner.model.people import RegistrationId
from planner.model.plan import Effort, EffortKind, Event, Leg, Plan, Route, Stop

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.places import PlaceId

TRAIN: Final = DepartureId("g9999")
TINY_COST_FEN: Final = 108_466
_GATHER: Final = {
    tiny.FENGSHU: ("村口老枫树下", 27.121, 110.654),
    tiny.SHIQIAO: ("石桥小学门口", 27.106, 110.662),
    tiny.GAOLING: ("卫生室门口", 27.152, 110.631),
    tiny.STATION: ("站前广场东侧", 27.041, 110.601),
}
_DIGEST: Final = "0" * 64


def tiny_campaign() -> Campaign:
    """Build the campaign of ``fixtures/tiny`` without touching a file."""
    return tiny.build()


def _ids(*numbers: int) -> tuple[RegistrationId, ...]:
    return tuple(RegistrationId(f"T{number:02d}") for number in numbers)


def _stop(place_id: PlaceId, *, arrive_s: int, depart_s: int, board: int, leg_m: int) -> Stop:
    gather, lat, lon = _GATHER[place_id]
    return Stop(
        place_id=place_id,
        arrive_s=arrive_s,
        depart_s=depart_s,
        board=board,
        leg_m=leg_m,
        gather=gather,
        lat=lat,
        lon=lon,
    )


def _routes() -> tuple[Route, ...]:
    van = Route(
        run=1,
        vehicle_id=VehicleId("shili7#01"),
        round=1,
        departure_id=TRAIN,
        start_place_id=tiny.DEPOT,
        start_s=30_904,
        cost_fen=31_046,
        stops=(
            _stop(tiny.FENGSHU, arrive_s=32_004, depart_s=32_082, board=3, leg_m=11_000),
            _stop(tiny.GAOLING, arrive_s=32_682, depart_s=32_760, board=3, leg_m=5_000),
            _stop(tiny.STATION, arrive_s=34_200, depart_s=34_200, board=0, leg_m=15_000),
        ),
    )
    coach = Route(
        run=2,
        vehicle_id=VehicleId("shili33#01"),
        round=1,
        departure_id=TRAIN,
        start_place_id=tiny.DEPOT,
        start_s=32_090,
        cost_fen=77_420,
        stops=(
            _stop(tiny.SHIQIAO, arrive_s=32_990, depart_s=33_080, board=5, leg_m=9_000),
            _stop(tiny.STATION, arrive_s=34_200, depart_s=34_200, board=0, leg_m=13_000),
        ),
    )
    return van, coach


# people, run, village, boards at, destination, alights at
_JOURNEYS: Final = (
    (_ids(1, 2, 3), 1, tiny.FENGSHU, 32_004, tiny.GUANGZHOU, 50_700),
    (_ids(4, 5, 6), 2, tiny.SHIQIAO, 32_990, tiny.SHENZHEN, 53_400),
    (_ids(7), 2, tiny.SHIQIAO, 32_990, tiny.GUANGZHOU, 50_700),
    (_ids(8), 2, tiny.SHIQIAO, 32_990, tiny.SHENZHEN, 53_400),
    (_ids(9, 10), 1, tiny.GAOLING, 32_682, tiny.GUANGZHOU, 50_700),
    (_ids(11), 1, tiny.GAOLING, 32_682, tiny.SHENZHEN, 53_400),
)


def _legs() -> tuple[Leg, ...]:
    legs: list[Leg] = []
    for people, run, village, board_s, destination, alight_s in _JOURNEYS:
        legs.append(
            Leg(
                registration_ids=people,
                departure_id=TRAIN,
                run=run,
                from_id=village,
                to_id=tiny.STATION,
                board_s=board_s,
                alight_s=34_200,
            )
        )
        legs.append(
            Leg(
                registration_ids=people,
                departure_id=TRAIN,
                run=None,
                from_id=tiny.STATION,
                to_id=destination,
                board_s=36_600,
                alight_s=alight_s,
            )
        )
    return tuple(legs)


def tiny_plan(*, campaign_digest: str = _DIGEST) -> Plan:
    """Write out the best plan for ``tiny``; pass ``campaign_digest`` where a test compares it."""
    routes = _routes()
    events = tuple(
        Event(
            uid=f"run-{route.run}@tiny.breeze",
            sequence=0,
            status=EventStatus.CONFIRMED,
            run=route.run,
            start_s=(route.stops[0].arrive_s - 600) // 300 * 300,  # 10 min before, down to 5 min
            end_s=route.arrive_s,
            place_id=route.stops[0].place_id,
        )
        for route in routes
    )
    return Plan(
        version=1,
        campaign_id="tiny",
        campaign_digest=campaign_digest,
        effort=Effort(router="hand", kind=EffortKind.COUNTED, limit=0, seed=0),
        cost_fen=TINY_COST_FEN,
        bound_fen=TINY_COST_FEN,
        routes=routes,
        legs=_legs(),
        unserved=(),
        events=events,
    )
