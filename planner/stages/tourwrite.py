"""Tours as the plan has them: visits and squads' days, and what each rule costs, adding up to the fen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from planner.model.agenda import Part, PlannedVisit, ScoreLine, SquadDay
from planner.solvers.tours import TourTimes, judge
from planner.solvers.tours.judge import starts
from planner.stages.tourclock import MINUTE_S, day_second
from planner.stages.tourmend import drive_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planner.model.tours import VisitId
    from planner.solvers.tours import Tour
    from planner.stages.tourdesk import TourDesk

_TRAVEL: Final = "travel"
_NIGHT: Final = "night"
_CHANGE: Final = "change"
_MARKET: Final = "market"
_REFUSED: Final = "refused"
_LEFT_OUT: Final = "left_out"
_SPREAD: Final = "spread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A district's tours in the plan's words."""

    visits: tuple[PlannedVisit, ...]
    days: tuple[SquadDay, ...]
    score: tuple[ScoreLine, ...]


def number_in_order(desk: TourDesk, tours: Sequence[Tour]) -> tuple[Tour, ...]:
    """Let the visits of a need come in the order of their numbers, where none of them is bound to one.

    Calls of one need differ only in what was told or fixed, so that nothing else changes.
    """
    day_of = {call: tour.day for tour in tours for call in tour.calls}
    free: dict[int, list[int]] = defaultdict(list)
    for call, (visit, row) in enumerate(desk.calls):
        if desk.problem.calls[call].was is None and visit not in desk.locks:
            free[row].append(call)
    renamed: dict[int, int] = {}
    for calls in free.values():
        made = sorted((call for call in calls if call in day_of), key=lambda call: (day_of[call], call))
        renamed |= dict(zip(made, calls, strict=False))
    return tuple(replace(tour, calls=tuple(renamed.get(call, call) for call in tour.calls)) for tour in tours)


def write_tours(desk: TourDesk, tours: Sequence[Tour]) -> Written:
    """Write visits, days and score of lawful tours."""
    visits: list[PlannedVisit] = []
    days: list[SquadDay] = []
    wakes = starts(desk.problem, tours)
    for tour in tours:
        start = wakes[tour.squad, tour.day]
        some, day = _write_tour(desk, tour, start=start)
        visits += some
        days += [day] if some or day.start_place_id != day.end_place_id else []
    return Written(
        visits=tuple(sorted(visits, key=lambda visit: visit.id)),
        days=tuple(days),
        score=tuple(_score(desk, tours, days=days)),
    )


def _write_tour(desk: TourDesk, tour: Tour, *, start: int) -> tuple[list[PlannedVisit], SquadDay]:
    """A tour by the clock: noon, which the solver does not know, is in it again."""
    problem, noon, ways = desk.problem, desk.openings.noon, desk.ways
    times = problem.times(tour, start=start)
    if not isinstance(times, TourTimes):
        raise TypeError(f"a tour that breaks {times}")
    profile, midnight_s = problem.squads[tour.squad].profile, desk.midnight_s(tour.day)
    seconds, metres = ways.seconds[profile], ways.metres[profile]
    squad, day = desk.district.squads[tour.squad], desk.days[tour.day]
    dusk = day_second(desk.campaign.rules.tours.evening_from)
    node, visits = start, list[PlannedVisit]()
    begins = [midnight_s + noon.to_real(second) for second in times.begin_s]
    left_s = leave_s = midnight_s + noon.to_real(times.leave_s)
    for call, begin_s in zip(tour.calls, begins, strict=True):
        need = desk.need(call)
        there = ways.node(need.village_id)
        if node == start and not visits:
            left_s = leave_s = begin_s - int(seconds[node, there])
        arrive_s = left_s + int(seconds[node, there])
        left_s = begin_s + need.minutes * MINUTE_S
        visits.append(
            PlannedVisit(
                id=desk.calls[call][0],
                need_id=need.id,
                village_id=need.village_id,
                squad_id=squad.id,
                day=day,
                arrive_s=arrive_s,
                begin_s=begin_s,
                leave_s=left_s,
                leg_m=int(metres[node, there]),
                evening=begin_s - midnight_s >= dusk,
                market=desk.openings.is_market(need.village_id, day),
            )
        )
        node = there
    end = problem.end_of(tour)
    night_fen = problem.squads[tour.squad].night_fen * (end != problem.squads[tour.squad].base)
    return visits, SquadDay(
        squad_id=squad.id,
        day=day,
        start_place_id=ways.places[start],
        end_place_id=ways.places[end],
        start_s=leave_s,
        end_s=left_s + int(seconds[node, end]),
        home_m=int(metres[node, end]),
        drive_s=drive_seconds(problem, tour, start=start),
        cost_fen=travel_fen(desk, tour, start=start) + night_fen,
    )


def travel_fen(desk: TourDesk, tour: Tour, *, start: int) -> int:
    """What the roads of a tour cost."""
    nodes = [start, *(desk.problem.villages[desk.problem.calls[call].village].node for call in tour.calls)]
    nodes.append(desk.problem.end_of(tour))
    arcs = desk.problem.arcs[tour.squad]
    return sum(int(arcs[way]) for way in pairwise(nodes))


def _score(desk: TourDesk, tours: Sequence[Tour], *, days: Sequence[SquadDay]) -> Iterator[ScoreLine]:
    """Every rule that costs or gains anything: by squad and day, by visit, by district."""
    bases = {squad.id: squad.base_id for squad in desk.district.squads}
    night_fen = desk.campaign.rules.tours.night_fen
    for day in days:
        item = f"{day.squad_id} {day.day.isoformat()}"
        night = night_fen * (day.end_place_id != bases[day.squad_id])
        yield from _lines(item, {_TRAVEL: day.cost_fen - night, _NIGHT: night})
    at = {call: (tour.squad, tour.day) for tour in tours for call in tour.calls}
    for call, (visit, row) in enumerate(desk.calls):
        asked = desk.problem.calls[call]
        if call in at:
            change_fen = desk.problem.change_fen * (asked.was not in {None, at[call]})
            gain_fen = desk.problem.villages[row].bonus(at[call][1])
            yield from _lines(visit, {_CHANGE: change_fen, _MARKET: -gain_fen})
        else:
            yield from _lines(visit, {_REFUSED if asked.required else _LEFT_OUT: asked.prize_fen})
    spread_fen = judge(desk.problem, tours).costs.spread_fen
    yield from _lines(desk.district.name, {_SPREAD: spread_fen})


def _lines(item: VisitId | str, costs: dict[str, int]) -> Iterator[ScoreLine]:
    for rule, fen in costs.items():
        if fen:
            yield ScoreLine(part=Part.TOURS, rule=rule, item=item, fen=fen)
