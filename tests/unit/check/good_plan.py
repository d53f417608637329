"""A plan written out from a short draft: who boards which run where, and when it arrives.

Everything that follows from the draft (driving, boarding, legs, metres, costs, events) is computed
here, with Floyd-Warshall instead of the checker's Dijkstra and the product's matrices. So a mutator
changes one line of the draft and every dependent figure is right again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from planner.demand import campaign_digest
from planner.model.events import EventStatus
from planner.model.fleet import DepartureId, FleetGroupId, Mode, VehicleId
from planner.model.plan import (
    Cause,
    Effort,
    EffortKind,
    Event,
    Leg,
    Plan,
    Route,
    Stop,
    Unserved,
)
from planner.told import gather_time_s
from tests.unit.check.county import (
    COACH,
    DAY_1,
    DEPOT_A,
    DEPOT_B,
    DIRECT,
    FIRM,
    GUANGZHOU,
    HAINING,
    MORNING,
    NARROW,
    NEAR,
    NOON,
    POOLED,
    STATION,
    V1,
    V2,
    V3,
    V4,
    build_county,
    person,
)
from tests.unit.check.good_coaches import (
    Charter,
    Paid,
    with_seats,
    with_trunk_figures,
    write_departure,
    write_run,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planner.model.campaign import Campaign
    from planner.model.fleet import Departure, VehicleType
    from planner.model.people import RegistrationId
    from planner.model.places import PlaceId, Road, RoadClass

Party = tuple["RegistrationId", ...]
Boarding = tuple["PlaceId", tuple[Party, ...]]
_Ways = dict[tuple["PlaceId", "PlaceId"], tuple[int, int]]

_NOWHERE: Final = (900, 9_000)
"""What a drive takes in the draft where no road leads: the checker cannot know either."""

_HOUR: Final = 3600
_MINUTE: Final = 60


def clock(hours: int, minutes: int = 0, *, day: int = 0) -> int:
    """Seconds from the first midnight."""
    return (day * 24 + hours) * _HOUR + minutes * _MINUTE


def people(*numbers: int) -> Party:
    """Name a party by the numbers of its people."""
    return tuple(person(number) for number in numbers)


def singles(*numbers: int) -> tuple[Party, ...]:
    """Name people who travel alone."""
    return tuple(people(number) for number in numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What somebody decides about a run; ``slow_s`` and ``wait_s`` lengthen its last drive and first stop.

    ``rest_s`` is a rest at call number ``rest_at``.
    """

    run: int
    vehicle: str
    round: int = 1
    departure: DepartureId
    start: PlaceId
    boards: tuple[Boarding, ...]
    arrive_s: int
    end: PlaceId = STATION
    slow_s: int = 0
    wait_s: int = 0
    rest_at: int = 0
    rest_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The decisions behind a plan, from which everything else follows."""

    campaign: Campaign
    rounds: tuple[Round, ...]
    left: tuple[Party, ...]
    charters: tuple[Charter, ...] = ()
    paid: tuple[Paid, ...] = ()

    def charter(self, coach: DepartureId, **changes: Any) -> Draft:
        """Decide something else about one planned coach."""
        charters = (replace(entry, **changes) if entry.id == coach else entry for entry in self.charters)
        return replace(self, charters=tuple(charters))

    def change(self, run: int, **changes: Any) -> Draft:
        """Decide something else about one run."""
        rounds = (replace(entry, **changes) if entry.run == run else entry for entry in self.rounds)
        return replace(self, rounds=tuple(rounds))

    def get(self, run: int) -> Round:
        """Give what was decided about a run."""
        return next(entry for entry in self.rounds if entry.run == run)

    def without(self, *gone: Party) -> Draft:
        """Take parties off their runs; a call that nobody is left at is dropped."""
        rounds = (replace(entry, boards=tuple(_strip(entry.boards, gone))) for entry in self.rounds)
        left = tuple(party for party in self.left if party not in gone)
        paid = tuple(entry for entry in self.paid if entry.party not in gone)
        return replace(self, rounds=tuple(rounds), left=left, paid=paid)

    def add(self, run: int, village: PlaceId, *parties: Party) -> Draft:
        """Let parties board a run in a village, at its call there or at a new one before the others."""
        boards = self.get(run).boards
        if any(place == village for place, _ in boards):
            grown = tuple((place, (*old, *parties) if place == village else old) for place, old in boards)
        else:
            grown = ((village, parties), *boards)
        return self.change(run, boards=grown)

    def write(self) -> Plan:
        """Compute the plan."""
        return _Writer(self).write()


def _strip(boards: Iterable[Boarding], gone: tuple[Party, ...]) -> Iterable[Boarding]:
    for place, parties in boards:
        kept = tuple(party for party in parties if party not in gone)
        if kept:
            yield place, kept


def good_draft() -> Draft:
    """Draft a plan of the proving county that breaks no rule."""
    rounds = (
        Round(
            run=1, vehicle="a49#01", departure=MORNING, start=DEPOT_A, arrive_s=clock(8, 40),
            boards=((V1, (people(1, 2, 3), *singles(4, 5, 6))), (V2, (people(7, 8),))),
        ),
        Round(
            run=2, vehicle="b19#01", departure=MORNING, start=DEPOT_B, arrive_s=clock(8, 45),
            boards=((NARROW, (people(9, 10),)),),
        ),
        Round(
            run=3, vehicle="a49#01", round=2, departure=NOON, start=STATION, arrive_s=clock(10, 20),
            boards=((V3, singles(12, 13)), (V4, (people(*range(14, 34)),))),
        ),
        Round(
            run=4, vehicle="a49#02", departure=COACH, start=DEPOT_A, arrive_s=clock(9, 45, day=1),
            boards=((V2, singles(34, 35)),),
        ),
        Round(
            run=5, vehicle="b19#02", departure=NOON, start=DEPOT_B, arrive_s=clock(10, 5),
            boards=((NARROW, singles(11)), (NEAR, singles(40))),
        ),
        Round(
            run=11, vehicle="c19#01", departure=DIRECT, start=DEPOT_B, arrive_s=clock(9),
            boards=((V3, (people(41, 42), *singles(*range(43, 50)))),),
        ),
        Round(
            run=12, vehicle="c19#01", departure=POOLED, start=DEPOT_B, arrive_s=clock(9, day=1),
            boards=((V4, singles(50, 51, 52, 53)),),
        ),
    )  # fmt: skip
    charters = (
        Charter(id=DIRECT, vehicle="t53#01", out_s=clock(10, 10), back_s=clock(16, 20), employer=FIRM),
        Charter(id=POOLED, vehicle="t53#01", out_s=clock(10, 10, day=1), back_s=clock(16, 20, day=1)),
    )
    paid = (Paid(party=people(54, 55), destination=HAINING, day=DAY_1),)
    return Draft(
        campaign=build_county(), rounds=rounds, left=singles(36, 37, 38, 39), charters=charters, paid=paid
    )


class _Writer:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.campaign = draft.campaign
        self.rules = draft.campaign.rules.feeder
        self.kinds = {kind.id: kind for kind in self.campaign.vehicle_types}
        self.groups = {group.id: group for group in self.campaign.fleet}
        kinds = [self._kind(entry.vehicle) for entry in draft.charters]
        self.runs = tuple(
            write_run(self.campaign, entry, kind=kind)
            for entry, kind in zip(draft.charters, kinds, strict=True)
        )
        self.planned = tuple(
            write_departure(self.campaign, entry, kind=kind, run=run)
            for entry, kind, run in zip(draft.charters, kinds, self.runs, strict=True)
        )
        self.departures = {entry.id: entry for entry in (*self.campaign.departures, *self.planned)}
        self.places = {place.id: place for place in build_county().places}
        self.people = {entry.id: entry for entry in self.campaign.registrations}
        self.ways = {
            kind.id: find_ways(self.campaign, kind.road_classes) for kind in self.campaign.vehicle_types
        }

    def write(self) -> Plan:
        """Compute the plan: times and costs first, for they decide which round is a vehicle's first."""
        timed = [self._route(entry) for entry in self.draft.rounds]
        routes = tuple(self._with_fixed_price(route, timed) for route in timed)
        cost_fen = sum(route.cost_fen for route in routes)
        pairs = zip(routes, self.draft.rounds, strict=True)
        plan = Plan(
            version=1,
            campaign_id=self.campaign.id,
            campaign_digest=campaign_digest(self.campaign),
            effort=Effort(router="hand", kind=EffortKind.COUNTED, limit=0, seed=0),
            cost_fen=cost_fen,
            bound_fen=cost_fen // 2,
            routes=routes,
            legs=tuple(leg for route, entry in pairs for leg in self._legs(route, entry)),
            departures=self.planned,
            trunk_runs=self.runs,
            unserved=tuple(
                Unserved(registration_ids=party, cause=Cause.QUOTA_FULL) for party in self.draft.left
            ),
            events=tuple(self._event(route) for route in routes),
        )
        plan = with_trunk_figures(plan, self.campaign, paid=self.draft.paid)
        return with_seats(plan, self.campaign)

    def _with_fixed_price(self, route: Route, routes: Sequence[Route]) -> Route:
        days = {departure.id: departure.departs.date() for departure in self.departures.values()}
        today = (route.vehicle_id, days.get(route.departure_id))
        rounds = [other for other in routes if (other.vehicle_id, days.get(other.departure_id)) == today]
        is_first = route is min(rounds, key=lambda other: other.start_s)
        fixed_fen = self._kind(route.vehicle_id).fixed_fen if is_first else 0
        return replace(route, cost_fen=route.cost_fen + fixed_fen)

    def _kind(self, vehicle: str) -> VehicleType:
        group = self.groups.get(FleetGroupId(vehicle.partition("#")[0]))
        return self.kinds[group.type_id] if group else self.campaign.vehicle_types[0]

    def _route(self, entry: Round) -> Route:
        kind = self._kind(entry.vehicle)
        stops: list[Stop] = []
        here, now_s, cost_fen, service_s = entry.start, 0, 0, 0
        calls = [*((place, sum(map(len, parties))) for place, parties in entry.boards), (entry.end, 0)]
        for number, (place, board) in enumerate(calls):
            seconds, metres = self.ways[kind.id].get((here, place), _NOWHERE)
            cost_fen += (kind.per_km_fen * metres + 500) // 1000
            cost_fen += (kind.per_hour_fen * (seconds + service_s) + 1800) // 3600
            is_last = number == len(calls) - 1
            service_s = 0 if is_last else self.rules.stop_s + self.rules.boarding_s_per_head * board
            arrive_s = now_s + seconds + (entry.slow_s if is_last else 0)
            rest_s = entry.rest_s if number == entry.rest_at else 0
            now_s = arrive_s + rest_s + service_s + (0 if number else entry.wait_s)
            stop = self._stop(place, times=(arrive_s, now_s), board=board, leg_m=metres)
            stops.append(replace(stop, rest_s=rest_s))
            here = place
        shift_s = entry.arrive_s - stops[-1].arrive_s
        return Route(
            run=entry.run,
            vehicle_id=VehicleId(entry.vehicle),
            round=entry.round,
            departure_id=entry.departure,
            start_place_id=entry.start,
            start_s=shift_s,
            stops=tuple(
                replace(stop, arrive_s=stop.arrive_s + shift_s, depart_s=stop.depart_s + shift_s)
                for stop in stops
            ),
            cost_fen=cost_fen,
        )

    def _stop(self, place_id: PlaceId, *, times: tuple[int, int], board: int, leg_m: int) -> Stop:
        place = self.places[place_id]
        arrive_s, depart_s = times
        return Stop(
            place_id=place_id, arrive_s=arrive_s, depart_s=depart_s, board=board, leg_m=leg_m,
            gather=place.gather, lat=place.lat, lon=place.lon,
        )  # fmt: skip

    def _legs(self, route: Route, entry: Round) -> Iterable[Leg]:
        for stop, (_, parties) in zip(route.stops, entry.boards, strict=False):
            for party in parties:
                yield Leg(
                    registration_ids=party, departure_id=route.departure_id, run=route.run,
                    from_id=stop.place_id, to_id=entry.end, board_s=stop.board_s, alight_s=route.arrive_s,
                )  # fmt: skip
                yield from self._onward(party, route.departure_id)

    def _onward(self, party: Party, departure_id: DepartureId) -> Iterable[Leg]:
        wanted: dict[str, list[RegistrationId]] = {}
        for entry in party:
            known = self.people.get(entry)
            wanted.setdefault(GUANGZHOU if known is None else known.destination_id, []).append(entry)
        departure = self.departures.get(departure_id, departure_id)
        for destination, members in wanted.items():
            yield onward_leg(self.campaign, tuple(members), departure=departure, to_id=destination)

    def _event(self, route: Route) -> Event:
        return Event(
            uid=f"run-{route.run}@{self.campaign.id}.breeze", sequence=0, status=EventStatus.CONFIRMED,
            run=route.run, start_s=gather_time_s(self.campaign, route.stops[0]), end_s=route.arrive_s,
            place_id=route.stops[0].place_id,
        )  # fmt: skip


def onward_leg(campaign: Campaign, party: Party, *, departure: Departure | DepartureId, to_id: str) -> Leg:
    """Write the leg of a party on a departure; one that does not exist or does not call there has times 0."""
    if isinstance(departure, str):
        return Leg(
            registration_ids=party, departure_id=departure, run=None,
            from_id=STATION, to_id=to_id, board_s=0, alight_s=0,
        )  # fmt: skip
    arrivals = {call.destination_id: campaign.to_seconds(call.arrives) for call in departure.calls}
    rules = campaign.rules
    open_min = rules.gate_open_min if departure.mode is Mode.TRAIN else rules.trunk.board_min
    board_s = campaign.to_seconds(departure.departs) - open_min * _MINUTE
    return Leg(
        registration_ids=party,
        departure_id=departure.id,
        run=None,
        from_id=departure.origin_id,
        to_id=to_id,
        board_s=board_s,
        alight_s={str(call): arrives for call, arrives in arrivals.items()}.get(to_id, 0),
    )


def find_ways(
    campaign: Campaign, classes: Iterable[RoadClass]
) -> Mapping[tuple[PlaceId, PlaceId], tuple[int, int]]:
    """Fastest (seconds, metres) between all pairs, by Floyd-Warshall; of equally fast ways the shortest."""
    return _find_ways(tuple(place.id for place in campaign.places), campaign.roads, frozenset(classes))


@lru_cache
def _find_ways(names: tuple[PlaceId, ...], roads: tuple[Road, ...], allowed: frozenset[RoadClass]) -> _Ways:
    ways: _Ways = {(place, place): (0, 0) for place in names}
    for road in roads:
        if road.road_class in allowed:
            way = ((road.length_m * 36 + road.speed_kmh * 10 - 1) // (road.speed_kmh * 10), road.length_m)
            for ends in ((road.from_id, road.to_id), (road.to_id, road.from_id)):
                ways[ends] = min(way, ways.get(ends, way))
    for middle, start, end in product(names, names, names):
        if (start, middle) in ways and (middle, end) in ways:
            first, second = ways[start, middle], ways[middle, end]
            way = (first[0] + second[0], first[1] + second[1])
            ways[start, end] = min(way, ways.get((start, end), way))
    return ways
