"""Metres and money, computed again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule, run_item
from planner.check.writing import write_yuan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Arc, Case, Ride
    from planner.model.fleet import VehicleType


def find_wrong_metres(case: Case) -> Iterator[Finding]:
    """Require that the metres of a drive are those of the fastest permitted way."""
    for ride in case.rides:
        for arc in case.arcs(ride):
            if arc.way is not None and arc.stop.leg_m != arc.way.metres:
                figures = {"metres": arc.stop.leg_m, "right": arc.way.metres}
                place = case.name_place(arc.stop.place_id)
                yield Finding(run_item(ride.run), {"run": ride.run, "place": place, **figures})


def find_wrong_route_costs(case: Case) -> Iterator[Finding]:
    """Require that a route costs its drives and waits, and the fixed price on a day's first round."""
    for _, rides in case.rounds():
        for number, ride in enumerate(rides):
            right = _route_cost(case, ride, is_first=number == 0)
            if right is not None and right != ride.route.cost_fen:
                figures = {"cost": write_yuan(ride.route.cost_fen), "right": write_yuan(right)}
                yield Finding(
                    run_item(ride.run), {"run": ride.run, "vehicle": ride.route.vehicle_id, **figures}
                )


def find_wrong_plan_cost(case: Case) -> Iterator[Finding]:
    """Require that a plan costs the sum of its routes."""
    right = sum(route.cost_fen for route in case.plan.routes)
    if case.plan.cost_fen != right:
        yield Finding("plan", {"cost": write_yuan(case.plan.cost_fen), "right": write_yuan(right)})


def find_impossible_bound(case: Case) -> Iterator[Finding]:
    """Require that what no plan can undercut cannot lie above this plan's own cost."""
    bound = case.plan.bound_fen
    if bound is not None and bound > case.plan.cost_fen:
        yield Finding("plan", {"bound": write_yuan(bound), "cost": write_yuan(case.plan.cost_fen)})


def _route_cost(case: Case, ride: Ride, *, is_first: bool) -> int | None:
    if ride.kind is None:
        return None
    cost = ride.kind.fixed_fen if is_first else 0
    for arc in case.arcs(ride):
        driven = _arc_cost(case, arc, kind=ride.kind)
        if driven is None:
            return None
        cost += driven
    return cost


def _arc_cost(case: Case, arc: Arc, *, kind: VehicleType) -> int | None:
    if arc.way is None:
        return None
    service_s = 0 if arc.left is None else case.service_s(arc.left.board)
    seconds = arc.way.seconds + service_s
    return (kind.per_km_fen * arc.way.metres + 500) // 1000 + (kind.per_hour_fen * seconds + 1800) // 3600


RULES: Final = (
    Rule("figures.metres", "", find_wrong_metres),
    Rule("figures.route", "", find_wrong_route_costs),
    Rule("figures.plan", "", find_wrong_plan_cost, whole=True),
    Rule("figures.bound", "", find_impossible_bound, whole=True),
)
