"""Planned coaches written out from what somebody decides: movements, departures, money, proofs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from planner.model.fleet import Call, Departure, DepartureId, Mode, VehicleId
from planner.model.plan import Subsidised
from planner.model.trunk import Captain, Doing, Movement, Proof, Seat, Stage, TrunkRun
from tests.unit.check.county import DONGGUAN, STATION, driver

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from planner.model.campaign import Campaign
    from planner.model.fleet import DriverId, VehicleType
    from planner.model.people import RegistrationId
    from planner.model.places import DestinationId, Stretch
    from planner.model.plan import Leg, Plan

_HOUR: Final = 3600
_DAY: Final = 24 * _HOUR
_REST: Final = 1200
_FIRST: Final = 2
"""The first row has one seat, which a family would not share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """What somebody decides about a planned coach; each way is driven in spells with a rest between.

    ``out`` and ``back`` are the seconds at the wheel of each spell but the last, ``crew`` who drives the
    spells in turn. ``slow_s`` lengthens the last spell out, ``told_s`` moves what the departure says.
    """

    id: DepartureId
    vehicle: str
    drivers: tuple[DriverId, ...] = (driver(1), driver(2))
    out_s: int
    back_s: int
    out: tuple[int, ...] = (2 * _HOUR,)
    back: tuple[int, ...] = (2 * _HOUR,)
    crew: tuple[int, ...] = (1, 2)
    employer: str = ""
    slow_s: int = 0
    told_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A party that goes by scheduled transport."""

    party: tuple[RegistrationId, ...]
    destination: DestinationId
    day: date


def write_run(campaign: Campaign, entry: Charter, *, kind: VehicleType) -> TrunkRun:
    """Drive a coach out and back; who rides is counted later."""
    stretches = campaign.corridors[0].stretches
    out = tuple(_way(stretches, entry.out, at_s=entry.out_s, crew=entry.crew))
    out = (*out[:-1], replace(out[-1], end_s=out[-1].end_s + entry.slow_s))
    home = tuple(_way(stretches[::-1], entry.back, at_s=entry.back_s, crew=entry.crew[::-1]))
    days = home[-1].end_s // _DAY - entry.out_s // _DAY + 1
    metres = 2 * sum(stretch.length_m for stretch in stretches)
    road_s = out[-1].end_s - entry.out_s + home[-1].end_s - entry.back_s
    driven_fen = kind.per_km_fen * metres // 1000 + kind.per_hour_fen * road_s // _HOUR
    return TrunkRun(
        departure_id=entry.id,
        vehicle_id=VehicleId(entry.vehicle),
        drivers=entry.drivers,
        movements=out,
        back=home,
        heads=0,
        cost_fen=days * kind.fixed_fen + driven_fen,
    )


def write_departure(campaign: Campaign, entry: Charter, *, kind: VehicleType, run: TrunkRun) -> Departure:
    """Say when and where a coach leaves and how many may ride."""
    rules = campaign.rules.trunk
    seats = kind.rated_seats - max(kind.drivers, len(entry.drivers)) - kind.escorts
    arrives = campaign.to_datetime(run.movements[-1].end_s)
    return Departure(
        id=entry.id,
        mode=Mode.COACH,
        number=f"东莞{int(entry.id[-2:])}",
        origin_id=STATION,
        departs=campaign.to_datetime(entry.out_s + entry.told_s),
        quota=min(seats - 4 * rules.reserved_rows, kind.rated_seats * rules.load_percent // 100),
        calls=(Call(destination_id=DONGGUAN, arrives=arrives),),
        employer=entry.employer,
    )


def with_trunk_figures(plan: Plan, campaign: Campaign, *, paid: Sequence[Paid]) -> Plan:
    """Count heads and money of the trunk, and prove that nothing is better."""
    heads = _count(plan.legs)
    fares = {fare.destination_id: fare.fen_per_head for fare in campaign.fares}
    runs = tuple(replace(run, heads=heads[run.departure_id]) for run in plan.trunk_runs)
    tickets = tuple(
        Subsidised(
            registration_ids=entry.party,
            destination_id=entry.destination,
            day=entry.day,
            fen=len(entry.party) * fares.get(entry.destination, 0),
        )
        for entry in paid
    )
    given = (entry for entry in campaign.departures if heads[entry.id])
    total = sum(entry.fixed_fen + heads[entry.id] * entry.fare_fen for entry in given)
    total += sum(run.cost_fen for run in runs) + sum(ticket.fen for ticket in tickets)
    vehicles = len({run.vehicle_id for run in runs})
    drivers = len({driver for run in runs for driver in run.drivers})
    costs = ((Stage.TRUNK, total), (Stage.VEHICLES, vehicles), (Stage.DRIVERS, drivers))
    proofs = tuple(Proof(stage=stage, cost=cost, bound=cost) for stage, cost in costs)
    return replace(plan, trunk_runs=runs, subsidised=tickets, trunk_cost_fen=total, proofs=proofs)


def with_seats(plan: Plan, campaign: Campaign) -> Plan:
    """Seat everybody of the planned coaches from the front, and let the first adult lead."""
    young = {person.id for person in campaign.registrations if person.child}
    made = {run.departure_id for run in plan.trunk_runs}
    seats: list[Seat] = []
    captains: list[Captain] = []
    for departure in plan.departures:
        legs = [leg for leg in plan.legs if leg.run is None and leg.departure_id == departure.id]
        aboard = [person for leg in legs for person in leg.registration_ids]
        if departure.id not in made or len(set(aboard)) > _room(plan, campaign, departure):
            continue  # more people than seats: nobody can say who stands
        people = dict.fromkeys(aboard)
        first = _FIRST if len(people) < _room(plan, campaign, departure) else 1
        for number, person in enumerate(people, first):
            label = f"{number}号"
            seats.append(Seat(registration_id=person, departure_id=departure.id, carriage=0, label=label))
        adults = [person for person in aboard if person not in young]
        captains += [
            Captain(registration_id=person, departure_id=departure.id, carriage=0) for person in adults[:1]
        ]
    return replace(plan, seats=tuple(seats), captains=tuple(captains))


def _room(plan: Plan, campaign: Campaign, departure: Departure) -> int:
    """Seats of the coach that are not kept free."""
    vehicle = next(run.vehicle_id for run in plan.trunk_runs if run.departure_id == departure.id)
    group = next((one for one in campaign.fleet if one.id == vehicle.partition("#")[0]), campaign.fleet[0])
    kind = next(kind for kind in campaign.vehicle_types if kind.id == group.type_id)
    seats = kind.rated_seats - kind.drivers - kind.escorts
    return seats - max(4 * campaign.rules.trunk.reserved_rows, 0)


def _count(legs: Sequence[Leg]) -> Counter[str]:
    heads: Counter[str] = Counter()
    for leg in legs:
        heads[leg.departure_id] += 0 if leg.run is not None else len(leg.registration_ids)
    return heads


def _way(
    stretches: Sequence[Stretch], spells: Sequence[int], *, at_s: int, crew: Sequence[int]
) -> Iterator[Movement]:
    """Drive a road in spells, the last as long as it takes, with 20 min between."""
    left_s, gone_s, gone_m = sum(stretch.drive_s for stretch in stretches) - sum(spells), 0, 0
    for number, spell_s in enumerate((*spells, left_s)):
        if number:
            yield Movement(doing=Doing.REST, start_s=at_s, end_s=at_s + _REST)
            at_s += _REST
        gone_s += spell_s
        until_m = _metres_at(stretches, gone_s)
        yield Movement(
            doing=Doing.DRIVE,
            start_s=at_s,
            end_s=at_s + spell_s,
            metres=until_m - gone_m,
            driver=crew[number % len(crew)],
        )
        at_s, gone_m = at_s + spell_s, until_m


def _metres_at(stretches: Sequence[Stretch], seconds: int) -> int:
    metres = 0
    for stretch in stretches:
        part_s = min(seconds, stretch.drive_s)
        metres, seconds = metres + part_s * stretch.length_m // stretch.drive_s, seconds - part_s
    return metres
