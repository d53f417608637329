"""Whether planned coaches exist, have room, crews and time, and cost what is said: from the plan alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from planner.check.coaches import count_heads, find_seats
from planner.check.rule import Finding, Rule
from planner.check.writing import whole_minutes, write_yuan
from planner.errors import Severity
from planner.model import law
from planner.model.campaign import Direction
from planner.model.fleet import Mode, Service
from planner.model.trunk import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import time

    from planner.check.case import Case
    from planner.check.haul import Haul
    from planner.errors import Arg
    from planner.model.fleet import DriverId, VehicleId

_DAY_S: Final = 24 * 3600


def find_unmanned(case: Case) -> Iterator[Finding]:
    """Require that every planned coach has one run, and every run a planned coach."""
    runs = Counter(run.departure_id for run in case.plan.trunk_runs)
    planned = {departure.id for departure in case.plan.departures}
    for departure in sorted(runs.keys() | planned):
        right = 1 if departure in planned else 0
        if runs[departure] != right:
            yield Finding(departure, {"departure": departure, "runs": runs[departure], "right": right})


def find_strange_coaches(case: Case) -> Iterator[Finding]:
    """Require that a run is made by a vehicle of a group for trunk runs, numbered within its count."""
    for haul in case.hauls:
        group = haul.group
        if group is None or group.service is not Service.TRUNK or not 1 <= haul.number <= group.count:
            yield _finding(haul)


def find_borrowed_coaches(case: Case) -> Iterator[Finding]:
    """Require that feeder runs are made by vehicles that are there for them."""
    for ride in case.rides:
        if ride.group is not None and ride.group.service is not Service.FEEDER:
            figures: dict[str, Arg] = {"run": ride.run, "vehicle": ride.route.vehicle_id}
            yield Finding(f"run {ride.run}", figures)


def find_other_heads(case: Case) -> Iterator[Finding]:
    """Require that a run says how many people the plan has for it."""
    heads = count_heads(case)
    for haul in case.hauls:
        if haul.run.heads != heads[haul.item]:
            yield _finding(haul, people=haul.run.heads, right=heads[haul.item])


def find_thin_coaches(case: Case) -> Iterator[Finding]:
    """Require that a coach is laid on for as many people as the county wants, or full (domain §4.2)."""
    heads = count_heads(case)
    for haul in case.hauls:
        seats = find_seats(case, haul)
        wanted = case.campaign.rules.trunk.least_heads
        least = wanted if seats is None else min(wanted, seats)
        if heads[haul.item] < least:
            yield _finding(haul, people=heads[haul.item], least=least)


def find_other_times(case: Case) -> Iterator[Finding]:
    """Require that a coach leaves and arrives as its departure says, stop by stop, in the county's hours."""
    trunk = case.campaign.rules.trunk
    earliest, latest = _seconds(trunk.depart_earliest), _seconds(trunk.depart_latest)
    home = case.campaign.direction is Direction.HOME
    for haul in case.hauls:
        departure, ride = haul.departure, haul.loaded(home=home)
        if departure is None or not ride:
            continue
        calls = [case.campaign.to_seconds(call.arrives) for call in departure.calls]
        told = [case.departs_s(departure), *(calls or [ride[-1].end_s])]
        if home:
            told = [*(calls or [ride[0].start_s]), case.departs_s(departure)]
        right = told == sorted(told) and (told[0], told[-1]) == (ride[0].start_s, ride[-1].end_s)
        if not right or not earliest <= ride[0].start_s % _DAY_S <= latest:
            yield _finding(haul, start=case.clock(ride[0].start_s), end=case.clock(ride[-1].end_s))


def find_clashes(case: Case) -> Iterator[Finding]:
    """Require that a coach is home again before it leaves for the next run."""
    by_vehicle: dict[VehicleId, list[Haul]] = defaultdict(list)
    for haul in case.hauls:
        if haul.all_movements:
            by_vehicle[haul.run.vehicle_id].append(haul)
    for hauls in by_vehicle.values():
        for before, after in pairwise(sorted(hauls, key=lambda haul: haul.run.start_s)):
            if after.run.start_s < before.run.end_s:
                yield _finding(after, before=before.item, end=case.clock(before.run.end_s))


def find_stranded_drivers(case: Case) -> Iterator[Finding]:
    """Require that drivers are known, at home where the coach stands, and each on board once."""
    homes = {driver.id: driver.depot_id for driver in case.campaign.drivers}
    for haul in case.hauls:
        drivers = haul.run.drivers
        if haul.group is None:
            continue
        strange = [driver for driver in drivers if homes and homes.get(driver) != haul.group.depot_id]
        if strange or len(set(drivers)) != len(drivers) or not drivers:
            yield _finding(haul, drivers="、".join(strange or drivers))


def find_short_nights(case: Case) -> Iterator[Finding]:
    """Require that a driver is off duty long enough between two runs (off the vehicle: domain R4)."""
    off_s = case.campaign.rules.trunk.off_duty_min * 60
    by_driver: dict[DriverId, list[Haul]] = defaultdict(list)
    for haul in case.hauls:
        for driver in set(haul.run.drivers) if haul.all_movements else ():
            by_driver[driver].append(haul)
    for driver, hauls in sorted(by_driver.items()):
        for before, after in pairwise(sorted(hauls, key=lambda haul: haul.run.start_s)):
            gap_s = after.run.start_s - before.run.end_s
            if gap_s < off_s:
                figures: dict[str, Arg] = {"driver": driver, "before": before.item}
                yield _finding(after, **figures, rest_min=whole_minutes(max(gap_s, 0)), limit_min=off_s // 60)


def find_wrong_costs(case: Case) -> Iterator[Finding]:
    """Require that a run costs its days, its kilometres and its hours on the road, both ways."""
    for haul in case.hauls:
        kind, run = haul.kind, haul.run
        if kind is None or not run.movements or not run.back:
            continue
        days = run.end_s // _DAY_S - run.start_s // _DAY_S + 1
        metres = sum(stretch.length_m for stretch in haul.stretches)
        road_s = sum(way[-1].end_s - way[0].start_s for way in (run.movements, run.back))
        right = (
            kind.fixed_fen * days + kind.per_km_fen * 2 * metres // 1000 + kind.per_hour_fen * road_s // 3600
        )
        if right != run.cost_fen:
            yield _finding(haul, cost=write_yuan(run.cost_fen), right=write_yuan(right))


def find_wrong_fares(case: Case) -> Iterator[Finding]:
    """Require that scheduled transport is on a day its people can leave on, and costs their fares."""
    fares = {fare.destination_id: fare.fen_per_head for fare in case.campaign.fares}
    for paid in case.plan.subsidised:
        people = [case.people[person] for person in paid.registration_ids if person in case.people]
        right = fares.get(paid.destination_id)
        total = None if right is None else right * len(paid.registration_ids)
        fits = all(
            person.destination_id == paid.destination_id
            and person.travel_date <= paid.day <= (person.latest_date or person.travel_date)
            for person in people
        )
        if total != paid.fen or not fits:
            item = paid.registration_ids[0] if paid.registration_ids else "subsidised"
            figures: dict[str, Arg] = {"registration": item, "day": case.date(paid.day)}
            figures |= {"place": case.name_destination(paid.destination_id), "cost": write_yuan(paid.fen)}
            yield Finding(item, {**figures, "right": "-" if total is None else write_yuan(total)})


def find_wrong_total(case: Case) -> Iterator[Finding]:
    """Require that the trunk costs its coaches, its trains and what is paid for scheduled transport."""
    heads = count_heads(case)
    right = sum(run.cost_fen for run in case.plan.trunk_runs) + sum(paid.fen for paid in case.plan.subsidised)
    right += sum(
        departure.fixed_fen + departure.fare_fen * heads[departure.id]
        for departure in case.campaign.departures
        if heads[departure.id]
    )
    if case.plan.trunk_cost_fen != right:
        yield Finding("plan", {"cost": write_yuan(case.plan.trunk_cost_fen), "right": write_yuan(right)})


def find_impossible_proofs(case: Case) -> Iterator[Finding]:
    """Require that no stage is better than what it says no plan can be, nor worse than its own figures.

    What trunk and seats cost by their own measure is not looked at here, nor who rides otherwise after all.
    """
    counted = {
        Stage.VEHICLES: len({run.vehicle_id for run in case.plan.trunk_runs}),
        Stage.DRIVERS: len({driver for run in case.plan.trunk_runs for driver in run.drivers}),
    }
    times = Counter((proof.stage, proof.item) for proof in case.plan.proofs)
    for proof in case.plan.proofs:
        right = counted.get(proof.stage, proof.cost)
        known = proof.stage is Stage.SEATS or not proof.item
        odd = (
            proof.bound > proof.cost
            or proof.cost != right
            or proof.changed * (proof.stage is not Stage.TRUNK)
        )
        if odd or not known or times[proof.stage, proof.item] > 1:
            figures: dict[str, Arg] = {"stage": proof.stage.value, "cost": proof.cost, "bound": proof.bound}
            yield Finding(f"{proof.stage.value} {proof.item}".strip(), {**figures, "right": right})


def find_wrong_gates(case: Case) -> Iterator[Finding]:
    """Require that who works for one firm and rides its own coach rides to that firm's gate (专车专厂)."""
    for leg in case.departure_legs:
        departure = case.departures.get(leg.departure_id)
        if departure is None or departure.mode is not Mode.COACH or not departure.employer:
            continue
        for person in leg.registration_ids:
            known = case.party_of.get(person)
            if known is not None and known.employer != departure.employer:
                figures: dict[str, Arg] = {"registration": person, "departure": departure.number}
                yield Finding(person, {**figures, "employer": departure.employer})


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def _finding(haul: Haul, **figures: Arg) -> Finding:
    return Finding(haul.item, {"departure": haul.name, "vehicle": haul.run.vehicle_id, **figures})


RULES: Final = (
    Rule("trunk.exists", "", find_unmanned),
    Rule("trunk.vehicle", "", find_strange_coaches),
    Rule("trunk.service", "", find_borrowed_coaches),
    Rule("trunk.heads", "", find_other_heads),
    Rule("trunk.least", "", find_thin_coaches, Severity.WARNING, waivable=True),
    Rule("trunk.times", "", find_other_times, whole=True),
    Rule("trunk.overlap", "", find_clashes),
    Rule("trunk.drivers", "", find_stranded_drivers),
    Rule("trunk.off_duty", law.WEEKLY_LAW, find_short_nights),
    Rule("trunk.gate", "交通运输部2020-02-11 专车专厂", find_wrong_gates),
    Rule("trunk.cost", "", find_wrong_costs),
    Rule("trunk.fare", "", find_wrong_fares),
    Rule("trunk.total", "", find_wrong_total),
    Rule("trunk.proof", "", find_impossible_proofs),
)
