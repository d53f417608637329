"""Vehicles and drivers of the coaches that are laid on: over the whole season, fewest first, within the law.

Between runs a coach stands at its group's depot; the way to where a run begins, minutes in one county, is not
planned. Runs of an earlier plan keep vehicle and drivers; new ones are fitted in where that is possible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from planner.decisions import standing_locks
from planner.driving import DAY_S
from planner.model.fleet import DriverId, Service, VehicleId, split_vehicle_id, vehicle_id
from planner.model.locks import LockKind
from planner.model.trunk import Doing, Proof, Stage, TrunkRun
from planner.solvers.drivers import CrewProblem, CrewRun, Law, Limit, Spell, plan_crews
from planner.solvers.duties import DutyEffort, DutyProblem, Kind, Run, plan_duties

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.fleet import DepartureId, FleetGroup
    from planner.model.places import PlaceId
    from planner.model.trunk import Movement
    from planner.stages.charters import Charter

_WEEK_S: Final = 7 * DAY_S
_SHARE: Final = 0.5
"""Of the seconds, for the vehicles; the drivers take what is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewResult:
    """Runs with vehicle and crew, and charters for which there is none."""

    runs: tuple[TrunkRun, ...]
    left: tuple[Charter, ...]
    proofs: tuple[Proof, ...]


def assign_crews(
    campaign: Campaign,
    charters: Sequence[Charter],
    *,
    standing: Sequence[TrunkRun] = (),
    effort: DutyEffort,
) -> CrewResult:
    """Give every charter a vehicle and a crew; ``standing`` runs keep theirs, unless a lock names another.

    Without standing runs the fewest vehicles and drivers are searched for and bounded; with some the new
    runs are fitted in, and nothing is proved.
    """
    made = tuple(sorted(charters, key=lambda charter: (charter.departure.departs, charter.departure.id)))
    roster = _Roster(campaign)
    if standing:
        return roster.fit_in(made, standing=standing)
    return roster.plan(made, effort=effort)


def keep_crewed(
    campaign: Campaign, standing: Sequence[TrunkRun], *, changed: Container[DepartureId] = ()
) -> tuple[TrunkRun, ...]:
    """Give the seats of drivers who are no longer listed to others; a run that nobody may drive falls out.

    ``changed`` are runs that take another time than they were told: their vehicles and drivers must be free.
    """
    return _Roster(campaign).stand_in(standing, changed=changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """A charter's movements and when it begins and ends, in seconds of the campaign."""

    charter: Charter
    out: tuple[Movement, ...]
    back: tuple[Movement, ...]

    @property
    def start_s(self) -> int:
        return self.out[0].start_s

    @property
    def end_s(self) -> int:
        return self.back[-1].end_s

    @property
    def drivers(self) -> int:
        return max(self.charter.line.kind.drivers, 1)

    def spells(self) -> tuple[Spell, ...]:
        """Who is at the wheel when, both ways."""
        return tuple(
            Spell(start_s=movement.start_s, end_s=movement.end_s, slot=movement.driver - 1)
            for movement in (*self.out, *self.back)
            if movement.doing is Doing.DRIVE
        )


class _Roster:
    """The campaign's trunk fleet and drivers."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._groups = [group for group in campaign.fleet if group.service is Service.TRUNK and group.count]
        self._turn_s = campaign.rules.trunk.away_turn_min * 60
        driving = campaign.rules.driving
        self._law = Law(
            limits=(
                Limit(window_s=DAY_S, most_s=driving.daily_min * 60),
                Limit(window_s=_WEEK_S, most_s=driving.weekly_min * 60),
            ),
            rest_s=campaign.rules.trunk.off_duty_min * 60,
        )

    def plan(self, charters: Sequence[Charter], *, effort: DutyEffort) -> CrewResult:
        """Vehicles first, then crews for the runs that have one."""
        ways = [self._ways(charter) for charter in charters]
        seconds = effort.seconds
        first = effort if seconds is None else replace(effort, seconds=seconds * _SHARE)
        duties = plan_duties(self._duty_problem(ways), effort=first)
        used: Counter[str] = Counter()
        vehicle_of: dict[int, VehicleId] = {}
        for duty in sorted(duties.duties, key=lambda duty: (duty.kind, duty.runs)):
            group = self._groups[duty.kind]
            used[group.id] += 1
            vehicle_of |= dict.fromkeys(duty.runs, vehicle_id(group.id, used[group.id]))
        second = effort if seconds is None else replace(effort, seconds=seconds * (1 - _SHARE))
        manned = [run for run in range(len(ways)) if run in vehicle_of]
        homes = [self._group(vehicle_of[run]).depot_id for run in manned]
        drivers, places = self._drivers([ways[run] for run in manned], homes)
        crews = plan_crews(
            CrewProblem(
                runs=tuple(
                    self._crew_run(ways[run], places[home]) for run, home in zip(manned, homes, strict=True)
                ),
                depots=tuple(places[home] for _, home in drivers),
                law=self._law,
            ),
            effort=second,
        )
        runs = [
            self._to_run(ways[run], vehicle_of[run], [drivers[driver][0] for driver in crew])
            for run, crew in zip(manned, crews.crews, strict=True)
            if crew is not None
        ]
        runs = self._hold(runs)
        done = {run.departure_id for run in runs}
        vehicles = len({run.vehicle_id for run in runs})
        names = len({driver for run in runs for driver in run.drivers})
        proved = len(runs) == len(ways)
        return CrewResult(
            runs=tuple(runs),
            left=tuple(charter for charter in charters if charter.departure.id not in done),
            proofs=(
                Proof(stage=Stage.VEHICLES, cost=vehicles, bound=min(duties.vehicles_bound, vehicles)),
                Proof(stage=Stage.DRIVERS, cost=names, bound=min(crews.drivers_bound, names)),
            )
            if proved and runs
            else (),
        )

    def fit_in(self, charters: Sequence[Charter], *, standing: Sequence[TrunkRun]) -> CrewResult:
        """Keep what stands; give each new run the first vehicle and drivers that are free and may."""
        runs = list(standing)
        left: list[Charter] = []
        for charter in charters:
            way = self._ways(charter)
            vehicle = next((one for one in self._fleet(charter) if self._is_free(one, way, runs)), None)
            crew = None if vehicle is None else self._find_crew(way, self._group(vehicle).depot_id, runs)
            if vehicle is None or crew is None:
                left.append(charter)
            else:
                runs.append(self._to_run(way, vehicle, crew))
        return CrewResult(runs=tuple(self._hold(runs)), left=tuple(left), proofs=())

    def stand_in(
        self, standing: Sequence[TrunkRun], *, changed: Container[DepartureId]
    ) -> tuple[TrunkRun, ...]:
        """Whoever is still at home where the coach stands keeps the run; the others are replaced."""
        runs = list(standing)
        for run in standing:
            if run not in runs:
                continue
            anew = run.departure_id in changed
            others = [other for other in runs if other.departure_id != run.departure_id]
            if anew and not self._is_free(run.vehicle_id, run, others):
                runs = others
            elif anew or self._campaign.drivers:
                runs = self._make_room(run, others, anew=anew)
        return tuple(runs)

    def _make_room(self, run: TrunkRun, runs: Sequence[TrunkRun], *, anew: bool) -> list[TrunkRun]:
        """All runs with this one, where drivers are short without the thinnest that can spare some."""
        held = standing_locks(self._campaign, LockKind.DEPARTURE)
        thinner = [other for other in runs if other.heads < run.heads and other.departure_id not in held]
        for gone in (None, *sorted(thinner, key=lambda other: (other.heads, other.departure_id))):
            others = [other for other in runs if other is not gone]
            made = self._man(run, others, anew=anew)
            if made is not None:
                return [*others, made]
        return [*runs]

    def _man(self, run: TrunkRun, runs: Sequence[TrunkRun], *, anew: bool) -> TrunkRun | None:
        """The run with its drivers where they are at home (and ``anew`` may), else others, or None."""
        home = self._group(run.vehicle_id).depot_id
        able = self._at_home(home, runs, count=len(run.drivers))
        wheel = [
            [(m.start_s, m.end_s) for m in (*run.movements, *run.back) if m.driver == slot]
            for slot in range(1, len(run.drivers) + 1)
        ]
        crew = [
            driver
            if driver in able and (not anew or self._may(driver, run, spells=spells, runs=runs))
            else None
            for driver, spells in zip(run.drivers, wheel, strict=True)
        ]
        for slot, spells in enumerate(wheel):
            if crew[slot] is None:
                free = (name for name in able if name not in crew)
                crew[slot] = next(
                    (name for name in free if self._may(name, run, spells=spells, runs=runs)), None
                )
        drivers = tuple(driver for driver in crew if driver is not None)
        return None if len(drivers) < len(crew) else replace(run, drivers=drivers)

    def _hold(self, runs: Sequence[TrunkRun]) -> list[TrunkRun]:
        """Give locked coaches the vehicles that somebody chose for them, where that is possible."""
        made = {run.departure_id: run for run in runs}
        locks = standing_locks(self._campaign, LockKind.DEPARTURE)
        for name, lock in sorted(locks.items()):
            run = next((run for run in made.values() if run.departure_id == name), None)
            if run is not None and lock.to not in {"", run.vehicle_id}:
                made |= self._exchange(run, VehicleId(lock.to), runs=[*made.values()])
        return [made[run.departure_id] for run in runs]

    def _exchange(
        self, run: TrunkRun, vehicle: VehicleId, *, runs: Sequence[TrunkRun]
    ) -> dict[DepartureId, TrunkRun]:
        """The runs that change when one takes another vehicle of its type.

        Who is in its way takes its own. Nothing where that cannot be.
        """
        groups = {group.id: group for group in self._groups}
        there = groups.get(split_vehicle_id(vehicle)[0])
        numbers = range(1, there.count + 1) if there else ()
        known = there is not None and vehicle in {vehicle_id(there.id, number) for number in numbers}
        if there is None or not known or there.type_id != self._group(run.vehicle_id).type_id:
            return {}
        rest = [other for other in runs if other.departure_id != run.departure_id]
        aside = [
            other
            for other in rest
            if other.vehicle_id == vehicle and not self._is_free(vehicle, run, [other])
        ]
        rest = [other for other in rest if other not in aside]
        made: dict[DepartureId, TrunkRun] = {}
        for one, to in ((run, vehicle), *((other, run.vehicle_id) for other in aside)):
            others = [*rest, *made.values()]
            same_home = self._group(one.vehicle_id).depot_id == self._group(to).depot_id
            moved = replace(one, vehicle_id=to)
            manned = moved if same_home else self._man(moved, others, anew=True)
            if manned is None or not self._is_free(to, one, others):
                return {}
            made[one.departure_id] = manned
        return made

    def _ways(self, charter: Charter) -> _Ways:
        out, back = charter.movements(self._campaign)
        return _Ways(charter=charter, out=out, back=back)

    def _duty_problem(self, ways: Sequence[_Ways]) -> DutyProblem:
        """All depots are one place: a coach comes back to where it stands."""
        return DutyProblem(
            runs=tuple(
                Run(
                    start_s=way.start_s,
                    end_s=way.end_s + self._turn_s,
                    origin=0,
                    destination=0,
                    costs_fen=tuple(self._cost(way, group) for group in self._groups),
                    weight=way.charter.heads,
                )
                for way in ways
            ),
            kinds=tuple(Kind(depot=0, count=group.count) for group in self._groups),
            free_s=((0,),),
            empty_fen=((0,),),
        )

    def _cost(self, way: _Ways, group: FleetGroup) -> int | None:
        """What a charter costs with a vehicle of the type it was planned with; None with any other."""
        return way.charter.line.cost_fen if group.type_id == way.charter.line.kind.id else None

    def _drivers(
        self, ways: Sequence[_Ways], homes: Sequence[PlaceId]
    ) -> tuple[list[tuple[DriverId, PlaceId]], dict[PlaceId, int]]:
        """Drivers with homes, and a number for each home; without a list, as many as could be needed."""
        if self._campaign.drivers:
            drivers = [(driver.id, driver.depot_id) for driver in self._campaign.drivers]
        else:
            wanted: Counter[PlaceId] = Counter()
            for way, home in zip(ways, homes, strict=True):
                wanted[home] += way.drivers
            drivers = [
                (DriverId(f"{home}~{number:02d}"), home)
                for home in sorted(wanted)
                for number in range(1, wanted[home] + 1)
            ]
        places = sorted({home for _, home in drivers} | set(homes))
        return drivers, {home: number for number, home in enumerate(places)}

    def _crew_run(self, way: _Ways, depot: int) -> CrewRun:
        return CrewRun(
            start_s=way.start_s,
            end_s=way.end_s,
            drivers=way.drivers,
            spells=way.spells(),
            depot=depot,
            weight=way.charter.heads,
        )

    def _to_run(self, way: _Ways, vehicle: VehicleId, crew: Sequence[DriverId]) -> TrunkRun:  # noqa: PLR0917
        return TrunkRun(
            departure_id=way.charter.departure.id,
            vehicle_id=vehicle,
            drivers=tuple(crew),
            movements=way.out,
            back=way.back,
            heads=way.charter.heads,
            cost_fen=way.charter.line.cost_fen,
        )

    def _group(self, vehicle: VehicleId) -> FleetGroup:
        name = split_vehicle_id(vehicle)[0]
        return next(group for group in self._groups if group.id == name)

    def _fleet(self, charter: Charter) -> Iterable[VehicleId]:
        for group in self._groups:
            if group.type_id == charter.line.kind.id:
                yield from (vehicle_id(group.id, number) for number in range(1, group.count + 1))

    def _is_free(  # noqa: PLR0917
        self, vehicle: VehicleId, way: _Ways | TrunkRun, runs: Sequence[TrunkRun]
    ) -> bool:
        return all(
            run.end_s + self._turn_s <= way.start_s or way.end_s + self._turn_s <= run.start_s
            for run in runs
            if run.vehicle_id == vehicle
        )

    def _find_crew(  # noqa: PLR0917
        self, way: _Ways, home: PlaceId, runs: Sequence[TrunkRun]
    ) -> tuple[DriverId, ...] | None:
        """Drivers of the depot who are off duty then and keep their hours; new ones where none are listed."""
        listed = self._at_home(home, runs, count=way.drivers)
        crew: list[DriverId] = []
        for slot in range(way.drivers):
            spells = [(spell.start_s, spell.end_s) for spell in way.spells() if spell.slot == slot]
            able = (
                driver
                for driver in listed
                if driver not in crew and self._may(driver, way, spells=spells, runs=runs)
            )
            found = next(able, None)
            if found is None:
                return None
            crew.append(found)
        return tuple(crew)

    def _at_home(self, home: PlaceId, runs: Sequence[TrunkRun], *, count: int) -> list[DriverId]:
        """Drivers of a depot; where none are listed, those in use there and ``count`` more."""
        if self._campaign.drivers:
            return [driver.id for driver in self._campaign.drivers if driver.depot_id == home]
        known = {driver for run in runs for driver in run.drivers if driver.startswith(f"{home}~")}
        return [DriverId(f"{home}~{number:02d}") for number in range(1, len(known) + 1 + count)]

    def _may(
        self,
        driver: DriverId,
        way: _Ways | TrunkRun,
        *,
        spells: Sequence[tuple[int, int]],
        runs: Sequence[TrunkRun],
    ) -> bool:
        own = [run for run in runs if driver in run.drivers]
        off_s = self._law.rest_s
        if any(run.start_s - off_s < way.end_s and way.start_s < run.end_s + off_s for run in own):
            return False
        driven = [*spells]
        for run in own:
            slot = run.drivers.index(driver) + 1
            driven += [(m.start_s, m.end_s) for m in (*run.movements, *run.back) if m.driver == slot]
        return all(
            sum(max(min(end, stop) - max(start, stop - limit.window_s), 0) for start, end in driven)
            <= limit.most_s
            for limit in self._law.limits
            for _, stop in driven
        )
