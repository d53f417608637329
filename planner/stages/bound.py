"""A floor under the cost of any plan that serves the same people: plain, but always valid.

Valid for plans in which a vehicle makes at most one round per departure (second rounds of the day
included, each vehicle's fixed cost once). Three parts that no plan can share: metres and seconds, each
person at the share ``1 / seats`` of the cheapest permitted direct ride (Haversine-free: network
shortest ways, so no detour is cheaper); boarding seconds; and per day the fractional knapsack of fixed
costs that seats the fullest departure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from planner.demand import Party
from planner.model.campaign import Campaign
from planner.model.fleet import Departure
from planner.network import Network


def share_bound_fen(
    campaign: Campaign, network: Network, *, served: Iterable[tuple[Party, Departure]]
) -> int:
    """Lower bound in fen for bringing these parties to these departures."""
    rides = list(served)
    total = sum(
        _ride_share(campaign, network, party=party, departure=departure) for party, departure in rides
    )
    seated: dict[object, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for party, departure in rides:
        seated[departure.day][departure.id] += party.size
    fixed = sum(max(_fixed_floor(campaign, heads) for heads in day.values()) for day in seated.values())
    rounding = len(rides) + sum(group.count for group in campaign.fleet) * len(campaign.departures)
    return max(int(total + fixed) - rounding, 0)


def _ride_share(campaign: Campaign, network: Network, *, party: Party, departure: Departure) -> float:
    """The least a party's way to the station can cost, in fen, as shares of full vehicles."""
    rules = campaign.rules.feeder
    in_fleet = {group.type_id for group in campaign.fleet if group.count}
    shares: list[float] = []
    for kind in campaign.vehicle_types:
        seconds = network.seconds(kind.id, party.village_id, departure.origin_id)
        metres = network.metres(kind.id, party.village_id, departure.origin_id)
        if kind.id not in in_fleet or seconds is None or metres is None:
            continue
        seats = kind.seats_at(rules.load_percent)
        way = kind.per_km_fen * metres / 1000 + kind.per_hour_fen * seconds / 3600
        boarding = kind.per_hour_fen * rules.boarding_s_per_head / 3600
        shares.append(party.size * (way / seats + boarding))
    return min(shares, default=0.0)


def _fixed_floor(campaign: Campaign, heads: int) -> float:
    """Fractional knapsack: the least fixed cost of vehicles that seat ``heads`` at once."""
    types = {kind.id: kind for kind in campaign.vehicle_types}
    load = campaign.rules.feeder.load_percent
    offers = sorted(
        (types[group.type_id].fixed_fen / seats, seats * group.count)
        for group in campaign.fleet
        if (seats := types[group.type_id].seats_at(load)) > 0
    )
    cost, waiting = 0.0, heads
    for price, seats in offers:
        taken = min(waiting, seats)
        cost += price * taken
        waiting -= taken
    return cost
