"""What a plan costs rule by rule, in fen: the lines of each part add up to what the plan says it costs.

Vehicles, kilometres and hours are told apart by the campaign's prices. What these do not explain (an old plan
under new prices, a plan changed by hand) stands in a line of its own, so that the sum is always the plan's.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from planner.driving import DAY_S
from planner.mirror import mirror_route
from planner.model.fleet import split_vehicle_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.model.campaign import Campaign
    from planner.model.fleet import VehicleId, VehicleType
    from planner.model.plan import Plan, Route
    from planner.model.trunk import TrunkRun


class Account(StrEnum):
    """Parts of a plan with a sum of their own."""

    FEEDER = "feeder"
    TRUNK = "trunk"
    WAITING = "waiting"
    """Days between when people are ready and when they leave, at the rules' price: on no invoice."""
    FAIRS = "fairs"
    TOURS = "tours"
    MATCHING = "matching"


MONEY: Final = (Account.FEEDER, Account.TRUNK)
"""What is paid for transport; the others are weighed as well."""
AGENDA: Final = (Account.FAIRS, Account.TOURS, Account.MATCHING)
"""What is scored by rules of its own."""
OTHER: Final = "other"
"""What no line explains."""

Costs = Counter[tuple[Account, str]]
"""Fen by account and rule; gains are below 0."""


def list_costs(campaign: Campaign | None, plan: Plan) -> Costs:
    """Take a plan's costs apart; without a campaign into whole runs, for prices are not known then."""
    costs: Costs = Counter()
    for account, rule, fen in (*_feeder(campaign, plan), *_trunk(campaign, plan), *_agenda(plan)):
        costs[account, rule] += fen
    if campaign is not None:
        costs[Account.WAITING, "waiting"] += _waiting_fen(campaign, plan)
    for account, total_fen in _stated(plan).items():
        costs[account, OTHER] += total_fen - sum(fen for (own, _), fen in costs.items() if own is account)
    return Counter({line: fen for line, fen in costs.items() if fen})


def total_fen(costs: Costs, *accounts: Account) -> int:
    """Add up some accounts, or all."""
    return sum(fen for (account, _), fen in costs.items() if not accounts or account in accounts)


def _stated(plan: Plan) -> dict[Account, int]:
    """What the plan itself says that its parts cost."""
    proofs = plan.agenda.proofs if plan.agenda else ()
    parts = {Account(proof.part.value): proof.cost_fen for proof in proofs}
    return {Account.FEEDER: plan.cost_fen, Account.TRUNK: plan.trunk_cost_fen, **parts}


def _feeder(campaign: Campaign | None, plan: Plan) -> Iterator[tuple[Account, str, int]]:
    for route in plan.routes:
        kind = _find_kind(campaign, route.vehicle_id)
        if campaign is None or kind is None:
            yield Account.FEEDER, "runs", route.cost_fen
            continue
        km_fen, hours_fen = _drive_fen(mirror_route(campaign, route) if route.home else route, kind)
        fixed_fen = route.cost_fen - km_fen - hours_fen
        if fixed_fen in {0, kind.fixed_fen}:
            yield Account.FEEDER, "vehicles", fixed_fen
            yield Account.FEEDER, "km", km_fen
            yield Account.FEEDER, "hours", hours_fen
        else:
            yield Account.FEEDER, "runs", route.cost_fen


def _drive_fen(route: Route, kind: VehicleType) -> tuple[int, int]:
    """Kilometres and hours of a way out, drive by drive as they are priced; a driver's rest costs nothing."""
    begun = (route.start_s, *(stop.board_s for stop in route.stops))
    drives = [stop.arrive_s - left_s for left_s, stop in zip(begun, route.stops, strict=False)]
    km_fen = sum((kind.per_km_fen * stop.leg_m + 500) // 1000 for stop in route.stops)
    return km_fen, sum((kind.per_hour_fen * seconds + 1800) // 3600 for seconds in drives)


def _trunk(campaign: Campaign | None, plan: Plan) -> Iterator[tuple[Account, str, int]]:
    for run in plan.trunk_runs:
        kind = _find_kind(campaign, run.vehicle_id)
        for rule, fen in [("coaches", run.cost_fen)] if kind is None else _coach(run, kind):
            yield Account.TRUNK, rule, fen
    heads = Counter(leg.departure_id for leg in plan.legs if leg.run is None for _ in leg.registration_ids)
    for departure in campaign.departures if campaign else ():
        if heads[departure.id]:
            yield Account.TRUNK, "hired", departure.fixed_fen
            yield Account.TRUNK, "fares", departure.fare_fen * heads[departure.id]
    for paid in plan.subsidised:
        yield Account.TRUNK, "subsidies", paid.fen


def _coach(run: TrunkRun, kind: VehicleType) -> list[tuple[str, int]]:
    """A coach's days, kilometres and hours on the road, both ways."""
    ways = [way for way in (run.movements, run.back) if way]
    days = run.end_s // DAY_S - run.start_s // DAY_S + 1
    metres = sum(movement.metres for way in ways for movement in way)
    road_s = sum(way[-1].end_s - way[0].start_s for way in ways)
    lines = [
        ("coach_days", kind.fixed_fen * days),
        ("coach_km", kind.per_km_fen * metres // 1000),
        ("coach_hours", kind.per_hour_fen * road_s // 3600),
    ]
    explained = sum(fen for _, fen in lines) == run.cost_fen
    return lines if explained else [("coaches", run.cost_fen)]


def _waiting_fen(campaign: Campaign, plan: Plan) -> int:
    days = {entry.id: entry.day for entry in (*campaign.departures, *plan.departures)}
    ready = {person.id: person.travel_date for person in campaign.registrations}
    leaves = {
        person: days[leg.departure_id]
        for leg in plan.legs
        if leg.run is None and leg.departure_id in days
        for person in leg.registration_ids
    }
    leaves |= {person: paid.day for paid in plan.subsidised for person in paid.registration_ids}
    waited = sum((day - ready[person]).days for person, day in leaves.items() if person in ready)
    return waited * campaign.rules.trunk.wait_fen_per_day


def _agenda(plan: Plan) -> Iterator[tuple[Account, str, int]]:
    for line in plan.agenda.score if plan.agenda else ():
        yield Account(line.part.value), line.rule, line.fen


def _find_kind(campaign: Campaign | None, vehicle: VehicleId) -> VehicleType | None:
    if campaign is None:
        return None
    kinds = {kind.id: kind for kind in campaign.vehicle_types}
    name = split_vehicle_id(vehicle)[0]
    return next((kinds.get(group.type_id) for group in campaign.fleet if group.id == name), None)
