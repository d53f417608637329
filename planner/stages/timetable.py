"""Rounds become routes with times: arrivals spread over the window, told times kept, runs numbered.

Forty buses at one minute would jam a forecourt, so arrivals are spread evenly over the window, as far as
each bus's own limits and its next round allow. Later departures are timed first: they leave their
vehicles' earlier rounds the most room.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from planner.demand import Party, PartyId
from planner.model.campaign import Campaign
from planner.model.fleet import Departure, VehicleId
from planner.model.people import RegistrationId
from planner.model.places import DestinationId
from planner.model.plan import Leg, Plan, Route, Stop
from planner.network import Network
from planner.stages.day import service_s
from planner.stages.drafts import Draft, earliest_arrival


def set_times(
    campaign: Campaign,
    network: Network,
    *,
    drafts: Sequence[Draft],
    onward: Mapping[PartyId, Departure],
    previous: Plan | None,
) -> tuple[tuple[Route, ...], tuple[Leg, ...]]:
    """Time every round; returns routes by run number and the legs of everybody they carry.

    ``onward`` is what each party rides from there: one of the departures that share the round's gate.
    """
    arrivals = _spread(campaign, drafts)
    runs = _number(campaign, drafts, arrivals=arrivals, previous=previous)
    goes_to = {person.id: person.destination_id for person in campaign.registrations}
    routes: list[Route] = []
    legs: list[Leg] = []
    for number, draft in enumerate(drafts):
        route = _to_route(campaign, network, draft=draft, arrive_s=arrivals[number], run=runs[number])
        routes.append(route)
        legs += _legs(campaign, draft, route=route, onward=onward, goes_to=goes_to)
    routes.sort(key=lambda route: route.run)
    legs.sort(key=lambda leg: (leg.registration_ids, leg.run is None, leg.to_id))
    return tuple(routes), tuple(legs)


def _spread(campaign: Campaign, drafts: Sequence[Draft]) -> dict[int, int]:
    """Arrival of each draft, by its number."""
    turn = campaign.rules.feeder.turnround_min * 60
    by_departure: dict[Departure, list[int]] = defaultdict(list)
    for number, draft in enumerate(drafts):
        by_departure[draft.departure].append(number)
    arrivals: dict[int, int] = {}
    next_start: dict[tuple[VehicleId, object], int] = {}
    for departure in sorted(by_departure, key=lambda entry: (entry.departs, entry.id), reverse=True):
        numbers = sorted(by_departure[departure], key=lambda n: (drafts[n].times.first_s, drafts[n].state.id))
        early_min, late_min = campaign.rules.arrival_min(departure.mode)
        closes = campaign.to_seconds(departure.departs) - late_min * 60
        opens = campaign.to_seconds(departure.departs) - early_min * 60
        for slot, number in reversed(list(enumerate(numbers))):
            draft, day = drafts[number], departure.day
            wished = (opens + (closes - opens) * slot // len(numbers)) // 60 * 60
            first = earliest_arrival(draft)
            last = draft.times.last_s
            last = min(last, next_start.get((draft.state.id, day), last + turn) - turn)
            arrivals[number] = max(first, min(wished, last // 60 * 60))
            next_start[draft.state.id, day] = arrivals[number] - draft.times.duration_s
    return arrivals


def _number(
    campaign: Campaign, drafts: Sequence[Draft], *, arrivals: Mapping[int, int], previous: Plan | None
) -> list[int]:
    """Keep told run numbers; new runs go on after the highest ever used, by departure and arrival."""
    used = max((event.run for event in previous.events), default=0) if previous else 0
    runs = [draft.run for draft in drafts]
    new = [number for number, run in enumerate(runs) if run is None]
    new.sort(
        key=lambda n: (drafts[n].departure.departs, drafts[n].departure.id, arrivals[n], drafts[n].state.id),
        reverse=campaign.mirrored,
    )
    for offset, number in enumerate(new, start=1):
        runs[number] = used + offset
    return [run or 0 for run in runs]


def _to_route(campaign: Campaign, network: Network, *, draft: Draft, arrive_s: int, run: int) -> Route:
    places = {place.id: place for place in campaign.places}
    kind, here = draft.state.kind.id, draft.state.place_id
    clock = start_s = arrive_s - draft.times.duration_s
    stops: list[Stop] = []
    calls = [(unit.place_id, unit.heads) for unit in draft.units] + [(draft.departure.origin_id, 0)]
    for place_id, heads in calls:
        clock += network.seconds(kind, here, place_id) or 0
        rest_s = 0 if stops else draft.times.rest_s
        leaves = clock + rest_s + (service_s(campaign, heads) if heads else 0)
        place = places[place_id]
        stops.append(
            Stop(
                place_id=place_id,
                arrive_s=clock,
                depart_s=leaves,
                board=heads,
                rest_s=rest_s,
                leg_m=network.metres(kind, here, place_id) or 0,
                gather=place.gather,
                lat=place.lat,
                lon=place.lon,
            )
        )
        clock, here = leaves, place_id
    return Route(
        run=run,
        vehicle_id=draft.state.id,
        round=draft.state.rounds + 1,
        departure_id=draft.departure.id,
        start_place_id=draft.state.place_id,
        start_s=start_s,
        stops=tuple(stops),
        cost_fen=draft.cost_fen,
    )


def _legs(
    campaign: Campaign,
    draft: Draft,
    *,
    route: Route,
    onward: Mapping[PartyId, Departure],
    goes_to: Mapping[RegistrationId, DestinationId],
) -> Iterable[Leg]:
    """For each party the ride to the station, then one ride per destination on the departure."""
    for unit, stop in zip(draft.units, route.stops, strict=False):
        for party in unit.parties:
            departure = onward[party.id]
            arrives = {call.destination_id: campaign.to_seconds(call.arrives) for call in departure.calls}
            board_s = campaign.to_seconds(departure.departs)
            board_s -= campaign.boarding_min(departure.mode) * 60
            yield Leg(
                registration_ids=party.registration_ids,
                departure_id=departure.id,
                run=route.run,
                from_id=unit.place_id,
                to_id=departure.origin_id,
                board_s=stop.board_s,
                alight_s=route.arrive_s,
            )
            yield from _rides(party, departure, goes_to=goes_to, arrives=arrives, board_s=board_s)


def _rides(
    party: Party,
    departure: Departure,
    *,
    goes_to: Mapping[RegistrationId, DestinationId],
    arrives: Mapping[DestinationId, int],
    board_s: int,
) -> Iterable[Leg]:
    for destination, _ in party.rides:
        yield Leg(
            registration_ids=tuple(p for p in party.registration_ids if goes_to[p] == destination),
            departure_id=departure.id,
            run=None,
            from_id=departure.origin_id,
            to_id=destination,
            board_s=board_s,
            alight_s=arrives[destination],
        )
