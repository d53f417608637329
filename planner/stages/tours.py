"""Which squad visits which village on which day: needs to calls, tours, and back with reasons.

County by county: each is solved by itself within its share of the seconds. What it costs is said line by line
and adds up to the solver's own total.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planner.errors import SolverError
from planner.model.agenda import Agenda, Part, PartProof
from planner.network import Network
from planner.solvers.tours import Tour, TourBudget, judge, solve_tours
from planner.stages.tourdesk import prepare_desks
from planner.stages.tourmend import keep_drive, keep_order, put_in
from planner.stages.tourwrite import number_in_order, write_tours
from planner.stages.unvisited import explain_unvisited

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.solvers.routing.search import Budget
    from planner.stages.tourdesk import TourDesk

_BESIDE: Final = 2
"""Workers from which the bound is sought beside the search."""
_TRIES: Final = 5


def plan_tours(campaign: Campaign, budget: Budget, *, previous: Agenda | None = None) -> Agenda | None:
    """Send squads to the villages that need visits, or say why not; None where nobody needs any.

    ``previous`` is what was planned before: a visit on another day, or by another squad, costs
    ``tours.change_fen``. Raises SolverError when the library breaks or what it says does not add up.
    """
    if not campaign.outreach.visits:
        return None
    desks = prepare_desks(campaign, Network(campaign), previous=previous)
    total = sum(len(desk.calls) for desk in desks)
    parts = [_plan(desk, budget, share=len(desk.calls) / total, previous=previous) for desk in desks]
    proofs = [proof for part in parts for proof in part.proofs]
    return Agenda(
        visits=tuple(sorted((visit for part in parts for visit in part.visits), key=lambda visit: visit.id)),
        squad_days=tuple(day for part in parts for day in part.squad_days),
        refused_visits=tuple(left for part in parts for left in part.refused_visits),
        score=tuple(line for part in parts for line in part.score),
        proofs=(
            PartProof(
                part=Part.TOURS,
                cost_fen=sum(proof.cost_fen for proof in proofs),
                bound_fen=sum(proof.bound_fen or 0 for proof in proofs),
                gain_fen=sum(proof.gain_fen for proof in proofs),
            ),
        ),
    )


def _plan(desk: TourDesk, budget: Budget, *, share: float, previous: Agenda | None) -> Agenda:
    told = _told(desk, previous) if previous is not None else ()
    solution = solve_tours(
        desk.problem,
        TourBudget(
            seconds=None if budget.seconds is None else budget.seconds * share,
            effort=budget.effort,
            seed=budget.seed,
            worker=budget.seconds is not None and budget.workers >= _BESIDE,
            start=told,
            stop=budget.stop,
        ),
    )
    limit_s = desk.ways.drive_s
    tours = keep_drive(desk.problem, solution.tours, limit_s=limit_s)
    left = [call for call in judge(desk.problem, tours).unplaced if desk.problem.calls[call].required]
    tours = put_in(desk.problem, tours, calls=left, limit_s=limit_s)
    tours = keep_order(desk.problem, tours, told=told, limit_s=limit_s)
    tours = number_in_order(desk, tours)
    written = write_tours(desk, tours)
    cost_fen, judged = sum(line.fen for line in written.score), judge(desk.problem, tours)
    if cost_fen != judged.costs.objective_fen or judged.faults:
        raise SolverError("tours", f"{cost_fen} fen by rule, but {judged.costs.objective_fen} in all")
    return Agenda(
        visits=written.visits,
        squad_days=written.days,
        refused_visits=explain_unvisited(desk, tours),
        score=written.score,
        proofs=(
            PartProof(
                part=Part.TOURS,
                cost_fen=cost_fen,
                bound_fen=solution.objective_bound_fen,
                gain_fen=judged.most_bonus_fen,
            ),
        ),
    )


def _told(desk: TourDesk, previous: Agenda) -> tuple[Tour, ...]:
    """The tours of the plan before, as far as they are still lawful."""
    tours = read_tours(desk, previous)
    for _ in range(_TRIES):
        broken = {(squad, day) for _, squad, day in judge(desk.problem, tours).faults}
        if not broken:
            return tours
        tours = tuple(tour for tour in tours if (tour.squad, tour.day) not in broken)
    return ()


def read_tours(desk: TourDesk, agenda: Agenda) -> tuple[Tour, ...]:
    """The solver's tours of what a plan has; what the district does not know is left out."""
    number = {visit: call for call, (visit, _) in enumerate(desk.calls)}
    squads = {squad.id: row for row, squad in enumerate(desk.district.squads)}
    days = {day: row for row, day in enumerate(desk.days)}
    found: list[Tour] = []
    for one in agenda.squad_days:
        if one.squad_id not in squads or one.day not in days:
            continue
        visits = [v for v in agenda.visits if v.squad_id == one.squad_id and v.day == one.day]
        calls = [number[v.id] for v in sorted(visits, key=lambda v: v.begin_s) if v.id in number]
        squad = squads[one.squad_id]
        base = desk.district.squads[squad].base_id
        away = one.end_place_id != base and one.end_place_id in desk.ways.rows
        found.append(
            Tour(
                squad=squad,
                day=days[one.day],
                calls=tuple(calls),
                lodge=desk.ways.node(one.end_place_id) if away else None,
            )
        )
    return tuple(found)
