"""Plans that lead home: the proving county turned round, and a round trip of ``tiny``'s people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Final

from planner.demand import campaign_digest
from planner.diff import advance_events
from planner.mirror import mirror_campaign, mirror_plan
from planner.model.campaign import Campaign, Direction
from planner.model.fleet import (
    Crew,
    DepartureId,
    Driver,
    DriverId,
    FleetGroup,
    FleetGroupId,
    Service,
    VehicleId,
    VehicleTypeId,
    vehicle_id,
)
from planner.model.law import TrunkRules
from planner.model.places import Corridor, DestinationId, PlaceId, Scope, Stretch
from planner.pipeline import plan_campaign
from planner.solvers.routing.search import Budget
from tests.builders import tiny_campaign
from tests.unit.check.county import contract

if TYPE_CHECKING:
    from planner.model.plan import Leg, Plan

Trip = tuple[Campaign, "Plan"]

_FACTORY: Final = DestinationId("guangzhou")
_LATER: Final = date(2027, 12, 31)
_EFFORT: Final = Budget(effort=20)


def turned(campaign: Campaign, plan: Plan) -> Trip:
    """What was planned as a way out, as a way home: every time on the other side of the day."""
    gates = {
        entry.id: (campaign.to_seconds(entry.departs), campaign.boarding_min(entry.mode) * 60)
        for entry in (*plan.departures, *campaign.departures)
    }

    def on_arrival(leg: Leg) -> Leg:
        """Nobody boards before the gate: on the way home they are off when it is there."""
        departs_s, open_s = gates.get(leg.departure_id, (0, 0))
        return replace(leg, board_s=departs_s) if leg.board_s == departs_s - open_s else leg

    legs = tuple(leg if leg.run is not None else on_arrival(leg) for leg in plan.legs)
    home = replace(mirror_campaign(campaign), mirrored=False)
    back = mirror_plan(campaign, replace(plan, legs=legs))
    events = advance_events(home, [route for route in back.routes if route.stops], previous=None)
    return home, replace(back, events=events, campaign_digest=campaign_digest(home))


def visitors(*, coach_seats: int = 9, far_m: int = 0, cars: int = 2) -> Campaign:
    """``tiny``'s people on a visit: all to one city, an hour and a half away, by coaches of that size."""
    tiny = tiny_campaign()
    small = next(kind for kind in tiny.vehicle_types if kind.id == "k7")
    coach = replace(small, id=VehicleTypeId("visit"), name="参观车", rated_seats=coach_seats)
    depot = tiny.fleet[0].depot_id
    car = FleetGroup(id=FleetGroupId("car"), type_id=VehicleTypeId("k7"), depot_id=depot, count=cars)
    trunk = FleetGroup(
        id=FleetGroupId("coach"),
        operator="示例客运公司",
        type_id=coach.id,
        depot_id=depot,
        count=2,
        service=Service.TRUNK,
    )
    corridor = Corridor(
        origin_id=PlaceId("st-shili"),
        destination_id=_FACTORY,
        stretches=(Stretch(length_m=120_000, drive_s=5_400),),
    )
    rules = replace(
        tiny.rules,
        trunk=TrunkRules(least_heads=1),
        feeder=replace(tiny.rules.feeder, ride_limit_min=400, arrive_latest_min=60),
    )
    coaches = [vehicle_id(trunk.id, number) for number in (1, 2)]
    return replace(
        tiny,
        direction=Direction.ROUND,
        county="示例",
        crews=(*tiny.crews, *(_crew(coach) for coach in coaches)),
        drivers=tuple(_driver(number, depot=depot) for number in (1, 2)),
        contracts=tuple(contract(DepartureId(f"{_FACTORY}-0214-{number:02d}"), heads=8) for number in (1, 2)),
        rules=rules,
        vehicle_types=(*tiny.vehicle_types, coach),
        fleet=(*tiny.fleet, car, trunk),
        corridors=(corridor,),
        roads=tuple(
            replace(road, length_m=road.length_m + far_m)
            if "430525999203" in {road.from_id, road.to_id}
            else road
            for road in tiny.roads
        ),
        departures=(),
        registrations=tuple(
            replace(person, destination_id=_FACTORY, employer="") for person in tiny.registrations
        ),
    )


def _crew(coach: VehicleId) -> Crew:
    return Crew(
        vehicle_id=coach,
        plate=f"湘E·{coach}",
        driver_name="试验司机",
        registered="示例",
        scope=Scope.INTER_PROVINCE,
        inspected_until=_LATER,
        insured_until=_LATER,
    )


def _driver(number: int, *, depot: PlaceId) -> Driver:
    return Driver(id=DriverId(f"v-{number}"), depot_id=depot, name="试验司机", qualified_until=_LATER)


@cache
def visit(*, coach_seats: int = 9, far_m: int = 0, cars: int = 2) -> Trip:
    """The visit as it is planned."""
    campaign = visitors(coach_seats=coach_seats, far_m=far_m, cars=cars)
    return campaign, plan_campaign(campaign, _EFFORT)


@cache
def homebound() -> Trip:
    """``tiny``'s people on their way home by the same train."""
    home = replace(mirror_campaign(tiny_campaign()), mirrored=False)
    return home, plan_campaign(home, _EFFORT)
