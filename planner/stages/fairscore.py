"""Fairs that are held, as a plan writes them: guests, catchment, posts, tasks; and what each costs by rule.

Gains are below 0. Lines add up to the solver's own total, or the plan is not made.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from planner.catchment import rebook_fen, spare_fen
from planner.errors import SolverError
from planner.model.agenda import (
    Booking,
    Catchment,
    Filled,
    Part,
    PlannedFair,
    ScoreLine,
    Task,
    TaskKind,
)
from planner.model.clock import CHINA
from planner.model.fairs import FairKind
from planner.stages.fairdesk import is_holiday

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, time

    from planner.model.campaign import Campaign
    from planner.model.fairs import Fair
    from planner.solvers.fairs import Fair as Held
    from planner.solvers.fairs.judge import Expected, Judge
    from planner.stages.fairdesk import FairDesk


def write_fairs(desk: FairDesk, judge: Judge, *, held: Sequence[Held]) -> tuple[PlannedFair, ...]:
    """Write the fairs of a solution in order of day and id. SolverError where they break a rule."""
    judged = judge.judge(held)
    if judged.breaches:
        raise SolverError("fairs", str(judged.breaches[0]))
    expected = zip(held, judged.expected, strict=True)
    fairs = [_write(desk, judge, held=fair, expected=at) for fair, at in expected]
    return tuple(sorted(fairs, key=lambda fair: (fair.day, fair.fair_id)))


def list_tasks(campaign: Campaign, fair: Fair, *, day: date, visitors: int, firms: int) -> tuple[Task, ...]:
    """What is to be done for a fair and by when; no day before the campaign's first can be met."""
    rules = campaign.rules.fairs
    online = fair.kind is FairKind.ONLINE
    ahead = {
        TaskKind.PERMIT: rules.permit_days if not online and visitors >= rules.permit_visitors else None,
        TaskKind.SAFETY_PLAN: None if online else rules.safety_plan_days,
        TaskKind.INVITE: rules.invite_days if firms else None,
        TaskKind.CHECK_POSTS: rules.check_posts_days if firms else None,
        TaskKind.PUBLISH: rules.publish_days,
        TaskKind.SET_UP: rules.set_up_days,
        TaskKind.REPORT: -rules.report_days,
    }
    return tuple(
        Task(kind=kind, due=max(day - timedelta(days), campaign.first_day))
        for kind, days in ahead.items()
        if days is not None
    )


def score_fairs(desk: FairDesk, judge: Judge, *, held: Sequence[Held]) -> tuple[ScoreLine, ...]:
    """What every rule costs for every fair. SolverError where it does not add up to the solver's total."""
    lines = [line for line in _score(desk, judge, held=held) if line.fen]
    found, right = sum(line.fen for line in lines), -judge.value(held).total
    if found != right:
        raise SolverError("fairs", f"{found} fen by rule, but {right} in all")
    return tuple(lines)


def _write(desk: FairDesk, judge: Judge, *, held: Held, expected: Expected) -> PlannedFair:
    campaign = desk.ground.campaign
    fair, site = desk.terms[held.slot.wish].fair, desk.sites[held.slot.venue]
    day = desk.date(held.slot.day)
    seekers, heads = judge.arrivals(held.slot)
    by_village: Counter[int] = Counter()
    for seeker, number in zip((seekers // len(desk.sectors)).tolist(), heads.tolist(), strict=True):
        by_village[seeker] += number
    visitors = max(fair.expected_visitors, expected.visitors)
    guests = [desk.exhibitors[number] for number in held.employers]
    return PlannedFair(
        fair_id=fair.id,
        venue_id=site.venue_id,
        day=day,
        start_s=_at_s(campaign, day, clock=fair.starts),
        end_s=_at_s(campaign, day, clock=fair.ends),
        bookings=tuple(Booking(exhibitor_id=firm.id, booths=firm.booths) for firm in guests),
        expected_visitors=visitors,
        catchment=tuple(
            Catchment(village_id=desk.villages[village], heads=number)
            for village, number in sorted(by_village.items())
            if number
        ),
        filled=tuple(
            Filled(sector=sector, heads=number)
            for sector, number in zip(desk.sectors, expected.filled, strict=True)
            if number
        ),
        tasks=list_tasks(campaign, fair, day=day, visitors=visitors, firms=len(guests)),
        market=site.venue is not None and desk.ground.market(site.venue, day),
    )


def _at_s(campaign: Campaign, day: date, *, clock: time) -> int:
    return campaign.to_seconds(datetime.combine(day, clock, CHINA))


def _score(desk: FairDesk, judge: Judge, *, held: Sequence[Held]) -> Iterator[ScoreLine]:
    rules = desk.ground.campaign.rules.fairs
    judged = judge.judge(held)
    filled = {fair.slot: sum(at.filled) for fair, at in zip(held, judged.expected, strict=True)}
    left = np.array([village.seekers for village in desk.problem.villages], dtype=np.int64).reshape(-1)
    for fair in sorted(held, key=lambda fair: (fair.slot.day, desk.terms[fair.slot.wish].fair.id)):
        item, site = desk.terms[fair.slot.wish].fair.id, desk.sites[fair.slot.venue]
        seekers, heads = judge.arrivals(fair.slot)
        new = np.minimum(left[seekers], heads)
        left[seekers] -= new
        yield _line("seekers", item, fen=-int(new.sum()) * rules.seeker_fen)
        yield _line("matches", item, fen=-filled[fair.slot] * rules.match_fen)
        if site.venue is not None:
            day = desk.date(fair.slot.day)
            market_fen, holiday_fen = desk.ground.extra_fen(site.venue)
            yield _line("market", item, fen=-market_fen * desk.ground.market(site.venue, day))
            yield _line("holiday", item, fen=holiday_fen * is_holiday(desk.ground, day))
            yield _line("venue", item, fen=site.venue.fen_per_day)
            firms = (desk.exhibitors[number] for number in fair.employers)
            yield _line("travel", item, fen=sum(firm.fen_per_fair for firm in firms))
    wishes = {fair.slot.wish for fair in held}
    for number, terms in enumerate(desk.terms):
        if number not in wishes:
            yield _line("refused", terms.fair.id, fen=rules.refused_fen)
    yield from _changes(desk, held)


def _changes(desk: FairDesk, held: Sequence[Held]) -> Iterator[ScoreLine]:
    """Fairs that were elsewhere in the plan before, and firms that are called off where they were not."""
    rules = desk.ground.campaign.rules.fairs
    there = {fair.slot: set(fair.employers) for fair in held}
    wishes = {fair.slot.wish for fair in held}
    for fair in desk.problem.previous:
        item = desk.terms[fair.slot.wish].fair.id
        if fair.slot in there:
            gone = len(set(fair.employers) - there[fair.slot])
            yield _line("rebooked", item, fen=rebook_fen(rules) * gone)
        else:
            spared_fen = 0 if fair.slot.wish in wishes else spare_fen(rules)
            yield _line("moved", item, fen=rules.change_fen - spared_fen)


def _line(rule: str, item: str, *, fen: int) -> ScoreLine:
    return ScoreLine(part=Part.FAIRS, rule=rule, item=item, fen=fen)
