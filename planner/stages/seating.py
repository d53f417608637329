"""People into seats: parties into carriages by counts, then into the rows of each, then who leads.

A family sits in one carriage and one row block, people of one employer and one alighting stop together.
What fits into no carriage any more is put where most seats are free, parted if need be, so that nobody stands
while a seat is free.
A departure whose seats nobody knows (a train without consist and list, a coach without run) gives none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from planner.demand import PartyId, Rider, SeatNeed, build_demand, build_riders
from planner.model.fleet import Departure, DepartureId, Mode, VehicleType
from planner.model.trunk import Captain, Proof, Seat, Stage
from planner.solvers.rows import Need, RowParty, seat_rows
from planner.solvers.seats import seat_parties
from planner.solvers.seats_problem import Carriage, Limits, Party, Purse, Weights
from planner.stages.captains import choose_captains
from planner.stages.cars import Car, find_cars
from planner.stages.fellows import Fellows, seat_order
from planner.stages.resit import Loads, Told, sit_again, without_taken

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.people import RegistrationId
    from planner.model.plan import Leg

_NEEDS: Final = {
    SeatNeed.WHEELCHAIR: Need.WHEELCHAIR,
    SeatNeed.FRONT: Need.FRONT,
    SeatNeed.NONE: Need.NONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """Who sits where, who leads, and how far each train may be from the best; in the order of departures."""

    seats: tuple[Seat, ...]
    captains: tuple[Captain, ...]
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Boarding:
    """A departure, its carriages and who rides on it."""

    departure: Departure
    cars: tuple[Car, ...]
    fellows: tuple[Fellows, ...]

    @property
    def heads(self) -> int:
        return sum(fellows.size for fellows in self.fellows)

    @property
    def work(self) -> int:
        """Heads where there is a choice of carriages, else none."""
        return self.heads if len(self.cars) > 1 else 0


def seat_people(
    campaign: Campaign,
    legs: Iterable[Leg],
    *,
    runs: Mapping[DepartureId, VehicleType],
    limits: Limits,
    told: Told | None = None,
    progress: Callable[[Proof], None] = lambda _proof: None,
) -> Seating:
    """Seat everybody who has a leg on a departure; ``runs`` says what each coach is.

    Seats and captains that were ``told`` stay where that is possible; nothing is proved of those departures.

    The campaign has all departures, planned ones too. ``limits`` are for all trains together, shared by
    heads; coaches take milliseconds. ``progress`` hears of every train.
    """
    riders = build_riders(campaign)
    seats: list[Seat] = []
    captains: list[Captain] = []
    proofs: list[Proof] = []
    purse = Purse(limits)
    boardings = list(_boardings(campaign, legs, riders=riders, runs=runs))
    left = sum(boarding.work for boarding in boardings)
    told = told or Told()
    least = campaign.rules.trunk.captain_heads
    for boarding in boardings:
        granted = _grant(purse, share=boarding.work / left if left else 0.0)
        left -= boarding.work
        before = told.seats_on(boarding.departure.id)
        again = sit_again(boarding.fellows, boarding.cars, told=before) if before else None
        loads, bound = (again[0], 0) if again else _fill(boarding, granted)
        taken = list(_seat(boarding, loads, kept=again[1] if again else {}))
        seats += taken
        led = told.captains_on(boarding.departure.id)
        captains += _lead(boarding, taken, riders=riders, told=led, least=least)
        if boarding.departure.mode is Mode.TRAIN and boarding.cars and not again:
            cost = _cost(loads)
            proof = Proof(stage=Stage.SEATS, item=boarding.departure.id, cost=cost, bound=min(bound, cost))
            proofs.append(proof)
            progress(proof)
    return Seating(seats=tuple(seats), captains=tuple(captains), proofs=tuple(proofs))


def _grant(purse: Purse, *, share: float) -> Limits:
    """A share of what is left; counted effort is taken as spent, so that all of it is shared out."""
    granted = purse.grant(share)
    if purse.limits.effort is None:
        return replace(granted, effort=None)
    purse.pay(granted.effort or 0.0)
    return granted


def _boardings(
    campaign: Campaign,
    legs: Iterable[Leg],
    *,
    riders: Mapping[RegistrationId, Rider],
    runs: Mapping[DepartureId, VehicleType],
) -> Iterator[_Boarding]:
    """Departures with people on them, in id order; people the register does not know are passed over."""
    alights: defaultdict[DepartureId, dict[RegistrationId, str]] = defaultdict(dict)
    for leg in legs:
        if leg.run is None:
            alights[leg.departure_id].update(dict.fromkeys(leg.registration_ids, leg.to_id))
    parties = build_demand(campaign)
    party_of = {person: party for party in parties for person in party.registration_ids}
    for departure in campaign.departures:
        goes = alights.get(departure.id, {})
        together: defaultdict[PartyId, list[Rider]] = defaultdict(list)
        for person in sorted(goes.keys() & riders.keys()):
            together[party_of[person].id].append(riders[person])
        fellows = tuple(
            Fellows(
                riders=tuple(sorted(members, key=seat_order)),
                employer=party_of[members[0].id].employer,
                stop=_main_stop(departure, [goes[member.id] for member in members]),
            )
            for _, members in sorted(together.items())
        )
        if fellows:
            cars = find_cars(campaign, departure, kind=runs.get(departure.id))
            yield _Boarding(departure=departure, cars=cars, fellows=fellows)


def _main_stop(departure: Departure, alights: Sequence[str]) -> int:
    calls: list[str] = [call.destination_id for call in departure.calls]
    heads = Counter(calls.index(stop) if stop in calls else len(calls) for stop in alights)
    return min(heads, key=lambda stop: (-heads[stop], stop))


def _fill(boarding: _Boarding, limits: Limits) -> tuple[Loads, int]:
    """Who sits in which carriage, and what no seating of whole parties can cost less than."""
    cars, fellows = boarding.cars, boarding.fellows
    loads: Loads = {place: [] for place in range(len(cars))}
    if len(cars) == 1 and boarding.heads <= cars[0].heads:
        loads[0] = list(fellows)
        return loads, _cost(loads)
    if not cars:
        return loads, 0
    employers = {name: number for number, name in enumerate(sorted({part.employer for part in fellows}))}
    parties = [
        Party(
            size=part.size,
            employer=employers[part.employer] if part.employer else None,
            stop=part.stop,
            accessible=part.need is SeatNeed.WHEELCHAIR and any(car.accessible for car in cars),
        )
        for part in fellows
    ]
    carriages = [Carriage(seats=car.heads, accessible=car.accessible) for car in cars]
    plan = seat_parties(parties, carriages, limits=limits)
    for part, place in zip(fellows, plan.carriages, strict=True):
        if place is not None:
            loads[place].append(part)
    _part(loads, cars, left=[fellows[number] for number in plan.left])
    return loads, plan.bound


def _part(loads: Loads, cars: Sequence[Car], *, left: Iterable[Fellows]) -> None:
    """Seat parties where most seats are free, piece by piece: the large, and wheelchairs too many."""
    free = {place: car.heads - sum(part.size for part in loads[place]) for place, car in enumerate(cars)}
    for party in left:
        rest = party
        while rest.riders and max(free.values()) > 0:
            place = max(free, key=lambda number: (free[number], -number))
            piece, rest = rest.cut(free[place])
            loads[place].append(piece)
            free[place] -= piece.size


def _cost(loads: Loads) -> int:
    """Employers and alighting stops, counted in each carriage that has people of theirs."""
    weights = Weights()
    return sum(
        weights.employer * len({part.employer for part in parts} - {""})
        + weights.stop * len({part.stop for part in parts})
        for parts in loads.values()
    )


def _seat(boarding: _Boarding, loads: Loads, *, kept: Mapping[RegistrationId, Seat]) -> Iterator[Seat]:
    yield from kept.values()
    names = sorted({part.employer for part in boarding.fellows} - {""})
    for place, everybody in loads.items():
        car = without_taken(boarding.cars[place], kept)
        parts = [part for part in everybody if part.riders[0].id not in kept]
        rows = seat_rows(
            car.room,
            [
                RowParty(
                    size=part.size,
                    employer=names.index(part.employer) if part.employer else None,
                    stop=part.stop,
                    children=part.children,
                    need=_NEEDS[part.need],
                )
                for part in parts
            ],
        )
        labels = [seat.label for seat in car.room.seat_map.seats]
        for part, numbers in zip(parts, rows.seats, strict=True):
            for rider, number in zip(part.riders, numbers, strict=True):
                yield Seat(
                    registration_id=rider.id,
                    departure_id=boarding.departure.id,
                    carriage=car.number,
                    label=labels[number],
                )


def _lead(
    boarding: _Boarding,
    taken: Sequence[Seat],
    *,
    riders: Mapping[RegistrationId, Rider],
    told: frozenset[RegistrationId],
    least: int,
) -> Iterator[Captain]:
    sits = {seat.registration_id: seat.carriage for seat in taken}
    aboard = [
        (rider.id, sits.get(rider.id) if boarding.cars else 0, part.employer)
        for part in boarding.fellows
        for rider in part.riders
    ]
    in_use = sorted({seat.carriage for seat in taken})
    if not boarding.cars and boarding.departure.mode is Mode.COACH:
        in_use = [0]
    return choose_captains(
        boarding.departure.id, aboard, riders=riders, told=told, carriages=in_use, least=least
    )
