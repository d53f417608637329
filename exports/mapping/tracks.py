"""Routes -> tracks over the roads, and how many people stand or pass where."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from exports.mapping.lanes import Track
from planner.mirror import mirror_route
from planner.model.fleet import split_vehicle_id
from planner.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planner.model.campaign import Campaign
    from planner.model.places import Place, PlaceId
    from planner.model.plan import Plan, Route


@dataclass(frozen=True, slots=True)
class Atlas:
    """A campaign and a plan as every drawing of them needs it; roads are looked up once."""

    campaign: Campaign
    plan: Plan
    places: dict[PlaceId, Place]
    tracks: dict[int, Track]
    waiting: Counter[PlaceId]
    """Registered people per village."""
    unserved: Counter[PlaceId]
    """People per village that the plan leaves behind."""


def build_atlas(campaign: Campaign, plan: Plan) -> Atlas:
    """Look up the roads of every route and count people; runs home are drawn from the villages as well."""
    plan = replace(plan, routes=tuple(_as_drawn(campaign, route) for route in plan.routes))
    network = Network(campaign)
    homes = {person.id: person.village_id for person in campaign.registrations}
    behind = (homes.get(person) for row in plan.unserved for person in row.registration_ids)
    return Atlas(
        campaign=campaign,
        plan=plan,
        places={place.id: place for place in campaign.places},
        tracks={route.run: _follow(campaign, route, network=network) for route in plan.routes},
        waiting=Counter(homes.values()),
        unserved=Counter(place for place in behind if place is not None),
    )


def _as_drawn(campaign: Campaign, route: Route) -> Route:
    """A run home from its last village to the station, each stop at its own time: the same roads."""
    if not route.home:
        return route
    turned = mirror_route(campaign, route)
    times = {stop.place_id: (stop.arrive_s, stop.depart_s) for stop in route.stops}
    times[route.start_place_id] = (route.start_s, route.start_s)
    stops = (
        replace(stop, arrive_s=times[stop.place_id][0], depart_s=times[stop.place_id][1])
        for stop in turned.stops
    )
    return replace(turned, stops=tuple(stops), home=True)


def _follow(campaign: Campaign, route: Route, *, network: Network) -> Track:
    """Chain the fastest ways between stops; where the network has none, draw a straight line."""
    group_id, _ = split_vehicle_id(route.vehicle_id)
    type_id = next((group.type_id for group in campaign.fleet if group.id == group_id), None)
    stops = tuple(stop.place_id for stop in route.stops)
    way = [stops[0]]
    for a, b in pairwise(stops):
        found = network.path(type_id, a, b) if type_id else ()
        way += found[1:] if found else (b,)
    return Track(run=route.run, way=tuple(way), stops=stops)


def count_flow(routes: Iterable[Route], tracks: dict[int, Track]) -> dict[tuple[PlaceId, PlaceId], int]:
    """Count the people driven over each road, both directions together, in road order.

    A road that a run drives out and back counts once, with the heads aboard on the way back.
    """
    flow: Counter[tuple[PlaceId, PlaceId]] = Counter()
    for route in routes:
        boards = {stop.place_id: stop.board for stop in route.stops}
        aboard = boards.pop(route.stops[0].place_id)
        heads: dict[tuple[PlaceId, PlaceId], int] = {}
        for a, b in pairwise(tracks[route.run].way):
            heads[min(a, b), max(a, b)] = aboard
            aboard += boards.pop(b, 0)
        flow.update(heads)
    return dict(sorted(flow.items()))
