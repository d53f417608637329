"""Squads and the villages' needs of one district as the solver's numbers, and who and what they are.

A need is the solver's village, each of its visits a call.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planner.decisions import standing_locks
from planner.model.agenda import Agenda
from planner.model.locks import LockKind
from planner.model.tours import SquadId, TimeOfVisit
from planner.solvers import tours as solver
from planner.solvers.tours.problem import MOST_CALLS
from planner.stages.tourclock import DAY_S, MINUTE_S, Openings, day_second
from planner.stages.tourhours import (
    EveningAsk,
    choose_late,
    late_hours,
    normal_hours,
    rest_days,
    service_s,
)
from planner.stages.tourways import find_ways
from planner.touring import HELD, find_districts, find_tour_days

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planner.model.campaign import Campaign
    from planner.model.locks import Lock
    from planner.model.tours import Squad, VisitId, VisitNeed
    from planner.network import Network
    from planner.stages.tourways import Ways
    from planner.touring import District

_Spot = tuple[int, int]
"""Squad and day by their rows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TourDesk:
    """The problem of a district with what its numbers stand for."""

    campaign: Campaign
    district: District
    openings: Openings
    ways: Ways
    able: tuple[tuple[int, ...], ...]
    """By need, the squads that could make its visits."""
    calls: tuple[tuple[VisitId, int], ...]
    """By call, the visit and the row of its need."""
    locks: Mapping[VisitId, Lock]
    problem: solver.TourProblem

    @property
    def days(self) -> tuple[date, ...]:
        """Days on which squads are out."""
        return self.openings.days

    def need(self, call: int) -> VisitNeed:
        """What a call is of."""
        return self.district.needs[self.calls[call][1]]

    def midnight_s(self, day: int) -> int:
        """The campaign's second at which a day begins."""
        return (self.days[day] - self.campaign.first_day).days * DAY_S


def prepare_desks(
    campaign: Campaign, network: Network, *, previous: Agenda | None = None, free: VisitId | None = None
) -> tuple[TourDesk, ...]:
    """Build the problems of all districts; with ``free`` only that of this visit, its lock aside."""
    openings = Openings(campaign, find_tour_days(campaign))
    standing = standing_locks(campaign, LockKind.VISIT).items()
    locks = {visit: lock for visit, lock in standing if visit != free}
    return tuple(
        _Builder(campaign, district, openings=openings, locks=locks).build(network, previous or Agenda())
        for district in find_districts(campaign)
        if free is None or any(free in need.visit_ids for need in district.needs)
    )


class _Builder:
    """Puts one district's problem together."""

    def __init__(
        self, campaign: Campaign, district: District, *, openings: Openings, locks: Mapping[str, Lock]
    ) -> None:
        self._campaign, self._district, self._openings = campaign, district, openings
        self._rules = campaign.rules.tours
        self._calls = tuple(
            (visit, row) for row, need in enumerate(district.needs) for visit in need.visit_ids
        )
        self._locks = {visit: locks[visit] for visit, _ in self._calls if visit in locks}
        self._row = {squad.id: row for row, squad in enumerate(district.squads)}
        self._day = {day: number for number, day in enumerate(openings.days)}

    def build(self, network: Network, previous: Agenda) -> TourDesk:
        """Everything in order: ways, days of work, shifts, needs, visits."""
        district, rules = self._district, self._rules
        ways = find_ways(self._campaign, network, district=district)
        was = self._was(previous)
        able = tuple(
            tuple(row for row, squad in enumerate(district.squads) if ways.bar(squad, need) is None)
            for need in district.needs
        )
        problem = solver.TourProblem(
            days=len(self._openings.days),
            squads=self._squads(ways, able=able, was=was, late=self._told_late(previous)),
            villages=tuple(
                self._village(need, ways, able=able[row]) for row, need in enumerate(district.needs)
            ),
            calls=tuple(self._call(visit, row, was=was) for visit, row in self._calls),
            seconds=ways.seconds,
            metres=ways.metres,
            lodges=ways.lodges,
            change_fen=rules.change_fen,
            spread_percent=rules.spread_percent,
            spread_fen=rules.spread_fen_per_min * len(self._openings.days) // MINUTE_S,
        )
        return TourDesk(
            campaign=self._campaign,
            district=district,
            openings=self._openings,
            ways=ways,
            able=able,
            calls=self._calls,
            locks=self._locks,
            problem=problem,
        )

    def _was(self, previous: Agenda) -> dict[VisitId, _Spot]:
        """Squad and day of visits in the plan before, as far as both are still there."""
        return {
            visit.id: (self._row[visit.squad_id], self._day[visit.day])
            for visit in previous.visits
            if visit.squad_id in self._row and visit.day in self._day
        }

    def _told_late(self, previous: Agenda) -> set[_Spot]:
        """Days on which squads were to come home after their usual shift."""
        found: set[_Spot] = set()
        for one in previous.squad_days:
            if one.squad_id in self._row and one.day in self._day:
                squad = self._row[one.squad_id]
                midnight_s = (one.day - self._campaign.first_day).days * DAY_S
                if one.end_s - midnight_s > normal_hours(self._district.squads[squad])[1]:
                    found.add((squad, self._day[one.day]))
        return found

    def _squads(
        self, ways: Ways, *, able: tuple[tuple[int, ...], ...], was: Mapping[VisitId, _Spot], late: set[_Spot]
    ) -> tuple[solver.Squad, ...]:
        squads = self._district.squads
        works = tuple(self._works(squad, row, was=was) for row, squad in enumerate(squads))
        late = self._late(ways, able=able, works=works, told=late)
        kinds = {kind.id: kind for kind in self._campaign.vehicle_types}
        days = self._openings.days
        return tuple(
            solver.Squad(
                base=ways.node(squad.base_id),
                hours=tuple(
                    self._hours(squad, late=(row, day) in late) if on else None
                    for day, on in enumerate(works[row])
                ),
                most_calls=min(squad.most_visits, MOST_CALLS),
                profile=ways.profile(squad),
                per_km_fen=kinds[squad.vehicle_type_id].per_km_fen,
                per_hour_fen=kinds[squad.vehicle_type_id].per_hour_fen,
                nights=len(days) if squad.overnight else 0,
                night_fen=self._rules.night_fen,
                load_days=sum(squad.is_open(day) for day in days),
                drive_s=ways.drive_s,
            )
            for row, squad in enumerate(squads)
        )

    def _hours(self, squad: Squad, *, late: bool) -> _Spot:
        begins, ends = late_hours(squad, self._rules) if late else normal_hours(squad)
        return self._openings.noon.to_solver(begins), self._openings.noon.to_solver(ends)

    def _works(self, squad: Squad, row: int, *, was: Mapping[VisitId, _Spot]) -> tuple[bool, ...]:
        fixed = [lock.day for lock in self._locks.values() if lock.to == squad.id and lock.day is not None]
        return rest_days(
            [squad.is_open(day) for day in self._openings.days],
            rest=self._rules.rest_days,
            turn=row,
            must={self._day[day] for day in fixed if day in self._day},
            was={day for k, day in was.values() if k == row},
        )

    def _late(
        self,
        ways: Ways,
        *,
        able: tuple[tuple[int, ...], ...],
        works: tuple[tuple[bool, ...], ...],
        told: set[_Spot],
    ) -> set[_Spot]:
        """Late days of the plan before, and those that visits in the evening need."""
        fixed: dict[int, list[tuple[int | None, int | None]]] = defaultdict(list)
        for visit, row in self._calls:
            fixed[row].append(self._fixed(visit))
        asks = [
            EveningAsk(need=need, squads=able[row], fixed=tuple(fixed[row]))
            for row, need in enumerate(self._district.needs)
            if need.when is TimeOfVisit.EVENING
        ]
        squads, dusk = self._district.squads, day_second(self._rules.evening_from)

        def reaches(k: int, need: VisitNeed) -> bool:
            seconds = ways.seconds[ways.profile(squads[k])]
            home_s = int(seconds[ways.node(need.village_id), ways.node(squads[k].base_id)])
            return dusk + service_s(need) + home_s <= normal_hours(squads[k])[1]

        return choose_late(asks, works=works, openings=self._openings, reaches=reaches, told=told)

    def _village(self, need: VisitNeed, ways: Ways, *, able: tuple[int, ...]) -> solver.Village:
        """A need; where nobody could ever come it is closed on all days."""
        days = self._openings.days
        windows = tuple(self._openings.windows(need, day) if able else () for day in days)
        asks = need.when is TimeOfVisit.MARKET
        fen = 0 if asks else self._rules.market_fen
        bonus = tuple(fen * self._openings.is_market(need.village_id, day) for day in days)
        return solver.Village(
            node=ways.node(need.village_id),
            service_s=service_s(need),
            windows=windows,
            spacing_days=max(need.spacing_days, 1),
            bonus_fen=bonus if any(bonus) else (),
            squads=frozenset(able if len(able) < len(self._district.squads) else ()),
        )

    def _call(self, visit: VisitId, row: int, *, was: Mapping[VisitId, _Spot]) -> solver.Call:
        need, (squad, day) = self._district.needs[row], self._fixed(visit)
        prize = visit_fen(self._campaign, need, locked=visit in self._locks)
        return solver.Call(
            village=row,
            prize_fen=prize,
            required=need.required or visit in self._locks,
            squad=squad,
            day=day,
            was=was.get(visit),
        )

    def _fixed(self, visit: VisitId) -> tuple[int | None, int | None]:
        """Squad and day that a lock names; a number that no tour has where one is unknown."""
        lock = self._locks.get(visit)
        if lock is None:
            return None, None
        squad = self._row.get(SquadId(lock.to), len(self._row)) if lock.to else None
        return squad, None if lock.day is None else self._day.get(lock.day, len(self._day))


def visit_fen(campaign: Campaign, need: VisitNeed, *, locked: bool) -> int:
    """What leaving out a visit costs: its worth, or the rules' price where required or fixed by hand."""
    refused_fen = campaign.rules.tours.refused_fen
    if locked:
        return HELD * refused_fen
    return refused_fen if need.required else need.value_fen
