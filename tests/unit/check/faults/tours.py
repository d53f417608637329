"""Faults of squads' tours; the plan they are planted in is ``toured_plan``'s."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING, Any

from planner.model.agenda import Part, PartProof, RefusedVisit, ScoreLine, SquadDay, VisitCause
from planner.model.places import RoadClass
from planner.model.tours import SquadId, VisitId
from tests.unit.check.county import SEAT_2, V1
from tests.unit.check.faults.table import plants
from tests.unit.check.toured_plan import (
    HILL,
    LOCK,
    NEEDS,
    RULES,
    SQUADS,
    build_toured,
    good_agenda,
    write_toured,
)

if TYPE_CHECKING:
    from planner.model.agenda import Agenda
    from planner.model.campaign import Campaign
    from tests.unit.check.faults.table import Broken


def _changed(**changes: Any) -> Broken:
    """Change fields of the good agenda and nothing else."""
    return write_toured(agenda=replace(_good(), **changes))


def _good() -> Agenda:
    return good_agenda(build_toured())


def _with_need(number: int, **fields: Any) -> Broken:
    """Let a village ask for something else."""
    new = replace(NEEDS[number - 1], **fields)
    return _with_outreach(visits=(*(need for need in NEEDS if need.id != new.id), new))


def _with_squad(number: int, **fields: Any) -> Broken:
    new = replace(SQUADS[number - 1], **fields)
    return _with_outreach(squads=(*(squad for squad in SQUADS if squad.id != new.id), new))


def _with_outreach(**tables: Any) -> Broken:
    campaign = build_toured()
    return write_toured(replace(campaign, outreach=replace(campaign.outreach, **tables)))


def _with_rules(**rules: Any) -> Broken:
    return write_toured(_ruled(**rules))


def _ruled(**rules: Any) -> Campaign:
    campaign = build_toured()
    return replace(campaign, rules=replace(campaign.rules, tours=replace(RULES, **rules)))


def _with_visit(name: str, **fields: Any) -> Broken:
    visits = (replace(one, **fields) if one.id == name else one for one in _good().visits)
    return _changed(visits=tuple(visits))


def _with_day(number: int, **fields: Any) -> Broken:
    days = list(_good().squad_days)
    days[number] = replace(days[number], **fields)
    return _changed(squad_days=tuple(days))


def _with_cause(name: str, cause: VisitCause) -> Broken:
    left = (replace(one, cause=cause) if one.id == name else one for one in _good().refused_visits)
    return _changed(refused_visits=tuple(left))


@plants("visit.planned")
def nobody_is_sent() -> Broken:
    campaign, plan = write_toured()
    return campaign, replace(plan, agenda=None)


@plants("visit.exists")
def visit_that_nobody_needs() -> Broken:
    stranger = RefusedVisit(id=VisitId("n9-1"), village_id=V1, cause=VisitCause.SQUADS_FULL)
    return _changed(refused_visits=(*_good().refused_visits, stranger))


@plants("visit.exists")
def visit_of_another_need() -> Broken:
    return _with_visit("n4-1", need_id=NEEDS[6].id)


@plants("visit.once")
def forgotten() -> Broken:
    return _changed(refused_visits=_good().refused_visits[:1])


@plants("visit.once")
def made_and_refused() -> Broken:
    again = RefusedVisit(id=VisitId("n4-1"), village_id=NEEDS[3].village_id, cause=VisitCause.SQUADS_FULL)
    return _changed(refused_visits=(*_good().refused_visits, again))


@plants("visit.window")
def too_early() -> Broken:
    return _with_need(4, first_day=date(2027, 2, 16))


@plants("visit.window")
def out_of_season() -> Broken:
    return _with_rules(last_day=date(2027, 2, 16))


@plants("visit.spacing")
def too_soon() -> Broken:
    return _with_need(1, spacing_days=3)


@plants("visit.skill")
def nobody_speaks_it() -> Broken:
    return _with_squad(1, skills=())


@plants("visit.paired")
def no_recruiter() -> Broken:
    return _with_squad(1, exhibitors=())


@plants("visit.broker")
def broker_away() -> Broken:
    brokers = build_toured().outreach.brokers
    return _with_outreach(brokers=(replace(brokers[0], closed=(date(2027, 2, 15),)), brokers[1]))


@plants("visit.broker")
def broker_away_in_the_evening() -> Broken:
    brokers = build_toured().outreach.brokers
    return _with_outreach(brokers=(brokers[0], replace(brokers[1], daytime=True, evening=False)))


@plants("visit.when")
def before_the_market() -> Broken:
    return _with_rules(market_from=time(9, 30))


@plants("visit.when")
def no_market_day() -> Broken:
    campaign = build_toured()
    markets = (replace(campaign.markets[0]), replace(campaign.markets[1], values=(7,)))
    return write_toured(replace(campaign, markets=markets))


@plants("visit.when")
def after_the_evening() -> Broken:
    return _with_rules(evening_to=time(18, 30))


@plants("visit.when")
def said_to_be_evening() -> Broken:
    return _with_visit("n4-1", evening=True)


@plants("visit.length")
def too_short() -> Broken:
    return _with_need(4, minutes=70)


@plants("visit.lock")
def not_where_it_was_fixed() -> Broken:
    campaign = build_toured()
    return write_toured(replace(campaign, locks=(replace(LOCK, day=date(2027, 2, 18)),)))


@plants("visit.lock")
def fixed_and_left_out_for_nothing() -> Broken:
    campaign = build_toured()
    lock = replace(LOCK, item="n7-1", day=None, to="q2")
    campaign = replace(campaign, locks=(lock,))
    return write_toured(campaign, agenda=_rescored(_good(), item="n7-1", rule="refused", fen=1_000_000))


@plants("visit.lock_left")
def fixed_where_no_road_leads() -> Broken:
    campaign = build_toured()
    campaign = replace(campaign, locks=(replace(LOCK, item="n6-1"),))
    return write_toured(campaign, agenda=_rescored(_good(), item="n6-1", rule="refused", fen=1_000_000))


@plants("visit.cause")
def there_is_a_road() -> Broken:
    return _with_cause("n7-1", VisitCause.NO_ROAD)


@plants("visit.cause")
def required_and_not_worth_it() -> Broken:
    return _with_cause("n6-1", VisitCause.NOT_WORTH)


@plants("visit.cause")
def nobody_fixed_it() -> Broken:
    return _with_cause("n6-1", VisitCause.LOCKS_CONTRADICT)


@plants("tour.day")
def out_for_nothing() -> Broken:
    idle = SquadDay(
        squad_id=SquadId("q2"), day=date(2027, 2, 20), start_place_id=SEAT_2, end_place_id=SEAT_2,
        start_s=6 * 86_400 + 36_000, end_s=6 * 86_400 + 36_000, home_m=0, drive_s=0, cost_fen=0,
    )  # fmt: skip
    return _changed(squad_days=(*_good().squad_days, idle))


@plants("tour.road")
def road_for_others() -> Broken:
    campaign = build_toured()
    roads = (
        replace(road, road_class=RoadClass.EXPRESSWAY) if HILL in {road.from_id, road.to_id} else road
        for road in campaign.roads
    )
    return write_toured(replace(campaign, roads=tuple(roads)))


@plants("tour.times")
def there_before_the_roads_allow() -> Broken:
    (visit,) = (one for one in _good().visits if one.id == "n5-1")
    return _with_visit("n5-1", arrive_s=visit.arrive_s + 60)


@plants("tour.times")
def less_at_the_wheel() -> Broken:
    return _with_day(0, drive_s=_good().squad_days[0].drive_s - 1)


@plants("tour.metres")
def another_way_home() -> Broken:
    return _with_day(0, home_m=_good().squad_days[0].home_m + 1)


@plants("tour.shift")
def home_late() -> Broken:
    return _with_squad(1, shift_to=time(13, 30))


@plants("tour.shift")
def as_early_as_always_and_late_home() -> Broken:
    return _with_squad(2, shift_from=time(17), shift_to=time(18))


@plants("tour.drive")
def all_day_at_the_wheel() -> Broken:
    return _with_rules(drive_min=50)


@plants("tour.lunch")
def nothing_to_eat() -> Broken:
    return _with_rules(lunch_min=90)


@plants("tour.rest")
def no_day_off() -> Broken:
    return _with_rules(rest_days=6)


@plants("tour.most")
def one_visit_too_many() -> Broken:
    return _with_squad(1, most_visits=2)


@plants("tour.open")
def day_off() -> Broken:
    return _with_squad(1, closed=(date(2027, 2, 17),))


@plants("tour.night")
def may_not_stay() -> Broken:
    return _with_squad(2, overnight=False)


@plants("tour.cost")
def cheaper_by_a_fen() -> Broken:
    return _with_day(1, cost_fen=_good().squad_days[1].cost_fen - 1)


@plants("tour.score")
def line_of_nothing() -> Broken:
    return write_toured(agenda=_rescored(_good(), item="n4-1", rule="left_out", fen=5))


@plants("tour.score")
def load_said_to_be_even() -> Broken:
    return write_toured(agenda=_respread(_good(), fen=0))


@plants("tour.proof")
def bound_above() -> Broken:
    (proof,) = _good().proofs
    return _changed(proofs=(replace(proof, bound_fen=proof.cost_fen + 1),))


@plants("tour.proof")
def two_sums() -> Broken:
    (proof,) = _good().proofs
    return _changed(proofs=(proof, PartProof(part=Part.TOURS, cost_fen=proof.cost_fen, bound_fen=None)))


def _rescored(agenda: Agenda, *, item: str, rule: str, fen: int) -> Agenda:
    """Let one item cost something else, by one rule, and the total with it."""
    kept = tuple(line for line in agenda.score if line.item != item or line.rule == "market")
    score = (*kept, ScoreLine(part=Part.TOURS, rule=rule, item=item, fen=fen))
    cost = sum(line.fen for line in score)
    return replace(agenda, score=score, proofs=(PartProof(part=Part.TOURS, cost_fen=cost, bound_fen=0),))


def _respread(agenda: Agenda, *, fen: int) -> Agenda:
    score = tuple(line for line in agenda.score if line.rule != "spread")
    score += (ScoreLine(part=Part.TOURS, rule="spread", item="", fen=fen),) if fen else ()
    cost = sum(line.fen for line in score)
    return replace(agenda, score=score, proofs=(PartProof(part=Part.TOURS, cost_fen=cost, bound_fen=0),))
