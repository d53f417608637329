"""Faults of what is held where, when and with whom; the plan they are planted in is ``staged_plan``'s."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from planner.model.agenda import Booking, Catchment, FairCause, Filled, PartProof, RefusedFair, TaskKind
from planner.model.fairs import ExhibitorId, FairId, FairKind, VenueId
from planner.model.places import PlaceId
from tests.unit.check.county import V1, V2
from tests.unit.check.faults.table import plants
from tests.unit.check.staged_plan import COSTS, LOCK, build_staged, good_fairs, line, on, place, write_staged

if TYPE_CHECKING:
    from planner.model.agenda import Agenda, PlannedFair, ScoreLine
    from planner.model.campaign import Campaign
    from tests.unit.check.faults.table import Broken


def _with(table: str, name: str, **fields: Any) -> Campaign:
    """Change one row of a table of the campaign."""
    campaign = build_staged()
    rows = (replace(row, **fields) if row.id == name else row for row in getattr(campaign.outreach, table))
    return replace(campaign, outreach=replace(campaign.outreach, **{table: tuple(rows)}))


def _with_rules(**fields: Any) -> Campaign:
    campaign = build_staged()
    rules = replace(campaign.rules, fairs=replace(campaign.rules.fairs, **fields))
    return replace(campaign, rules=rules)


def _held(name: str, **fields: Any) -> Agenda:
    """Change a fair of the plan and nothing else."""
    agenda = good_fairs()
    return _put(agenda, *(replace(one, **fields) if one.fair_id == name else one for one in agenda.fairs))


def _put(agenda: Agenda, *fairs: PlannedFair) -> Agenda:
    return replace(agenda, fairs=fairs)


def _moved(name: str, *, venue: str | None, day: int) -> Agenda:
    agenda = good_fairs()
    new = place(name, venue=venue, day=day)
    return _put(agenda, *(new if one.fair_id == name else one for one in agenda.fairs))


def _rescored(
    agenda: Agenda, *, drop: tuple[str, str] | None = None, add: tuple[ScoreLine, ...] = ()
) -> Agenda:
    """Change a line and the total with it."""
    score = (*(one for one in agenda.score if (one.item, one.rule) != drop), *add)
    (proof,) = agenda.proofs
    cost = sum(one.fen for one in score)
    return replace(agenda, score=score, proofs=(replace(proof, cost_fen=cost, bound_fen=cost - 1_000),))


def _booked(name: str, *firms: tuple[str, int], travel: int) -> Agenda:
    """Other firms at a fair, paid for."""
    bookings = tuple(Booking(exhibitor_id=ExhibitorId(firm), booths=booths) for firm, booths in firms)
    agenda = _held(name, bookings=bookings)
    return _rescored(agenda, drop=(name, "travel"), add=(line(name, "travel", travel),) if travel else ())


@plants("fair.planned")
def no_fair_at_all() -> Broken:
    campaign, plan = write_staged()
    return campaign, replace(plan, agenda=None)


@plants("fair.exists")
def fair_that_nobody_commissioned() -> Broken:
    agenda = good_fairs()
    other = RefusedFair(fair_id=FairId("other"), cause=FairCause.NO_VENUE)
    agenda = replace(agenda, refused_fairs=(*agenda.refused_fairs, other))
    return write_staged(agenda=_rescored(agenda, add=(line("other", "refused", 10_000_000),)))


@plants("fair.exists")
def firm_that_is_not_there() -> Broken:
    return write_staged(agenda=_booked("west", ("ea", 2), ("eb", 1), ("zz", 1), travel=12))


@plants("fair.once")
def forgotten() -> Broken:
    agenda = replace(good_fairs(), refused_fairs=())
    return write_staged(agenda=_rescored(agenda, drop=("vast", "refused")))


@plants("fair.once")
def held_and_refused() -> Broken:
    agenda = good_fairs()
    again = RefusedFair(fair_id=FairId("live"), cause=FairCause.NOT_WORTH)
    return write_staged(agenda=replace(agenda, refused_fairs=(*agenda.refused_fairs, again)))


@plants("fair.venue")
def hall_not_made_for_it() -> Broken:
    kinds = (FairKind.TRAINING, FairKind.SPECIAL)
    return write_staged(_with("venues", "hall", kinds=kinds))


@plants("fair.venue")
def wanted_elsewhere() -> Broken:
    return write_staged(_with("fairs", "small", venues=(VenueId("east"),)))


@plants("fair.room")
def hall_too_small() -> Broken:
    return write_staged(_with("venues", "east", capacity=219))


@plants("fair.open")
def hall_shut() -> Broken:
    return write_staged(_with("venues", "west", closed=(on(8),)))


@plants("fair.clash")
def two_fairs_in_one_hall() -> Broken:
    return write_staged(agenda=_moved("course", venue="hall", day=3))


@plants("fair.window")
def too_late() -> Broken:
    return write_staged(_with("fairs", "big", last_day=on(24)))


@plants("fair.window")
def not_on_the_day_that_was_announced() -> Broken:
    return write_staged(_with("fairs", "small", announced=on(4)))


@plants("fair.hours")
def opens_later_than_told() -> Broken:
    (small, *_) = good_fairs().fairs
    return write_staged(agenda=_held("small", start_s=small.start_s + 1_800))


@plants("fair.peak")
def after_everybody_left() -> Broken:
    return write_staged(_with_rules(peak_day=on(27)))


@plants("fair.permit")
def police_asked_too_late() -> Broken:
    early = _with_rules(permit_days=26)
    agenda = good_fairs()
    big = next(one for one in agenda.fairs if one.fair_id == "big")
    tasks = tuple(replace(task, due=on(0)) if task.kind is TaskKind.PERMIT else task for task in big.tasks)
    return write_staged(early, agenda=_held("big", tasks=tasks))


@plants("fair.needs")
def more_teams_than_there_are() -> Broken:
    return write_staged(_with("resources", "team", count=1))


@plants("fair.gap")
def neighbours_on_each_others_heels() -> Broken:
    return write_staged(_with_rules(gap_days=6))


@plants("fair.booths")
def one_booth_too_many() -> Broken:
    return write_staged(agenda=_booked("west", ("ea", 3), ("eb", 1), travel=12))


@plants("fair.booths")
def hall_full() -> Broken:
    return write_staged(_with("venues", "west", booths=2))


@plants("fair.must")
def guest_of_honour_missing() -> Broken:
    return write_staged(_with("fairs", "west", exhibitors=(ExhibitorId("ea"), ExhibitorId("ec"))))


@plants("fair.empty")
def nobody_invited() -> Broken:
    big = next(one for one in good_fairs().fairs if one.fair_id == "big")
    for_firms = {TaskKind.INVITE, TaskKind.CHECK_POSTS}
    tasks = tuple(task for task in big.tasks if task.kind not in for_firms)
    agenda = _held("big", bookings=(), tasks=tasks)
    return write_staged(agenda=_rescored(agenda, drop=("big", "travel")))


@plants("fair.invited")
def uninvited_at_a_training() -> Broken:
    return write_staged(_with("fairs", "course", exhibitors=()))


@plants("fair.away")
def firm_away() -> Broken:
    return write_staged(_with("exhibitors", "ea", closed=(on(8),)))


@plants("fair.twice")
def one_firm_at_two_fairs() -> Broken:
    return write_staged(
        agenda=_booked("live", ("ea", 2), ("eb", 1), travel=0),
        campaign=_with("exhibitors", "eb", most_fairs=4),
    )


@plants("fair.most")
def firm_at_too_many() -> Broken:
    return write_staged(_with("exhibitors", "ea", most_fairs=2))


@plants("fair.catchment")
def village_made_larger() -> Broken:
    parts = (Catchment(village_id=V1, heads=11), Catchment(village_id=PlaceId("v3"), heads=8))
    return write_staged(agenda=_held("west", catchment=parts))


@plants("fair.catchment")
def village_where_nobody_looks_for_work() -> Broken:
    west = next(one for one in good_fairs().fairs if one.fair_id == "west")
    extra = Catchment(village_id=V2, heads=1)
    return write_staged(agenda=_held("west", catchment=(*west.catchment, extra)))


@plants("fair.catchment")
def crowd_made_up() -> Broken:
    return write_staged(agenda=_held("small", expected_visitors=60))


@plants("fair.filled")
def more_posts_than_comers() -> Broken:
    agenda = _held("west", filled=(Filled(sector="制衣", heads=9),))
    return write_staged(
        agenda=_rescored(agenda, drop=("west", "matches"), add=(line("west", "matches", -900),))
    )


@plants("fair.filled")
def posts_filled_twice() -> Broken:
    agenda = _held("small", filled=(Filled(sector="电子", heads=5),))
    return write_staged(
        agenda=_rescored(agenda, drop=("small", "matches"), add=(line("small", "matches", -500),))
    )


@plants("fair.tasks")
def permit_forgotten() -> Broken:
    big = next(one for one in good_fairs().fairs if one.fair_id == "big")
    return write_staged(agenda=_held("big", tasks=big.tasks[1:]))


@plants("fair.tasks")
def published_late() -> Broken:
    west = next(one for one in good_fairs().fairs if one.fair_id == "west")
    tasks = tuple(
        replace(task, due=task.due + timedelta(1)) if task.kind is TaskKind.PUBLISH else task
        for task in west.tasks
    )
    return write_staged(agenda=_held("west", tasks=tasks))


@plants("fair.market")
def market_day_unmarked() -> Broken:
    return write_staged(agenda=_held("west", market=False))


@plants("fair.lock")
def promise_broken() -> Broken:
    campaign = build_staged()
    return write_staged(replace(campaign, locks=(replace(LOCK, item="small", day=on(30)),)))


@plants("fair.announced")
def announced_and_dropped() -> Broken:
    return write_staged(_with("fairs", "vast", announced=on(30)))


@plants("fair.score")
def hire_forgotten() -> Broken:
    return write_staged(agenda=_rescored(good_fairs(), drop=("big", "venue")))


@plants("fair.score")
def line_of_no_fair() -> Broken:
    return write_staged(agenda=_rescored(good_fairs(), add=(line("zz", "venue", 10),)))


@plants("fair.score")
def move_at_half_its_price() -> Broken:
    return write_staged(agenda=_rescored(good_fairs(), add=(line("big", "moved", 250_000),)))


@plants("fair.score")
def refused_and_moved() -> Broken:
    return write_staged(agenda=_rescored(good_fairs(), add=(line("vast", "moved", 500_000),)))


@plants("fair.proof")
def total_made_up() -> Broken:
    (proof,) = good_fairs().proofs
    return write_staged(agenda=replace(good_fairs(), proofs=(replace(proof, cost_fen=proof.cost_fen - 1),)))


@plants("fair.proof")
def bound_above_the_cost() -> Broken:
    cost = sum(fen for rules in COSTS.values() for fen in rules.values())
    proof: PartProof = replace(good_fairs().proofs[0], bound_fen=cost + 1)
    return write_staged(agenda=replace(good_fairs(), proofs=(proof,)))
