"""Fairs: what is held where, when and with whom, who is expected, what is due when, and what it costs."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from planner.catchment import keeps_distance, rebook_fen, spare_fen
from planner.check.fairguests import RULES as GUESTS
from planner.check.rule import Finding, Rule
from planner.errors import Severity
from planner.model.agenda import Part, TaskKind
from planner.model.clock import CHINA
from planner.model.fairs import FairKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.check.case import Case
    from planner.check.showground import Showground, Stand
    from planner.errors import Arg

_PART: Final = "fairs"
_NOTHING: Final = "-"


def find_unplanned(case: Case) -> Iterator[Finding]:
    """Require that fairs are planned where some are commissioned."""
    ground = case.showground
    if ground.fairs and not ground.planned:
        yield Finding(_PART, {"fairs": len(ground.fairs)})


def find_unknown(case: Case) -> Iterator[Finding]:
    """Require that fairs, venues and firms of the plan are in the lists."""
    ground = case.showground
    named = [(fair.fair_id, _NOTHING, fair.fair_id in ground.fairs) for fair in ground.agenda.refused_fairs]
    for fair in ground.agenda.fairs:
        venue = fair.venue_id
        named.append((fair.fair_id, _NOTHING, fair.fair_id in ground.fairs))
        named.append((fair.fair_id, venue or _NOTHING, venue is None or venue in ground.venues))
        firms = (booking.exhibitor_id for booking in fair.bookings)
        named += [(fair.fair_id, firm, firm in ground.firms) for firm in firms]
    for item, what, known in named:
        if not known:
            yield Finding(item or _NOTHING, {"fair": item, "what": what})


def find_repeated(case: Case) -> Iterator[Finding]:
    """Require that every fair that is commissioned is held once or refused once."""
    ground = case.showground
    for fair in ground.fairs if ground.planned else ():
        if ground.counts[fair] != 1:
            yield Finding(fair, {"fair": fair, "count": ground.counts[fair]})


def find_wrong_venues(case: Case) -> Iterator[Finding]:
    """Require that a venue can host the fair and is where the fair is wanted; online it has none."""
    ground = case.showground
    for stand in ground.stands:
        fair, venue = stand.fair, stand.venue
        online = fair.kind is FairKind.ONLINE
        if online or venue is None:
            fits = online and venue is None
        else:
            town = fair.township_id in {None, ground.seats.get(venue.place_id)}
            wanted = venue.id in fair.venues if fair.venues else town
            lock = ground.locks.get(fair.id)
            fits = fair.kind in venue.kinds and (wanted or (lock is not None and lock.to == venue.id))
        if not fits:
            yield _finding(stand, kind=fair.kind.value)


def find_small_venues(case: Case) -> Iterator[Finding]:
    """Require that a venue takes the visitors that the office expects."""
    for stand in case.showground.stands:
        if stand.venue is not None and stand.fair.expected_visitors > stand.venue.capacity:
            visitors, capacity = stand.fair.expected_visitors, stand.venue.capacity
            yield _finding(stand, visitors=visitors, capacity=capacity)


def find_closed_venues(case: Case) -> Iterator[Finding]:
    """Require that a venue can be used on the day."""
    for stand in case.showground.stands:
        if stand.venue is not None and not stand.venue.is_open(stand.day):
            yield _finding(stand, day=stand.day.isoformat())


def find_clashes(case: Case) -> Iterator[Finding]:
    """Require that one fair is at a venue in a day."""
    seen: dict[tuple[str, date], Stand] = {}
    for stand in case.showground.stands:
        if stand.venue is not None:
            other = seen.setdefault((stand.venue.id, stand.day), stand)
            if other is not stand:
                yield _finding(stand, day=stand.day.isoformat(), other=other.fair.name)


def find_outside(case: Case) -> Iterator[Finding]:
    """Require that a fair is within its days, or on the day that was announced or fixed by hand."""
    ground = case.showground
    for stand in ground.stands:
        fair, lock = stand.fair, ground.locks.get(stand.fair.id)
        fixed = fair.announced
        if lock is not None and lock.day == stand.day:
            fixed = lock.day
        first, last = (fair.first_day, fair.last_day) if fixed is None else (fixed, fixed)
        if not max(first, ground.campaign.first_day) <= stand.day <= last:
            days = {"first": first.isoformat(), "last": last.isoformat()}
            yield _finding(stand, day=stand.day.isoformat(), **days)


def find_wrong_hours(case: Case) -> Iterator[Finding]:
    """Require that a fair opens and closes on its day as it was commissioned."""
    campaign = case.campaign
    for stand in case.showground.stands:
        opens, closes = (
            campaign.to_seconds(datetime.combine(stand.day, clock, CHINA))
            for clock in (stand.fair.starts, stand.fair.ends)
        )
        if (stand.plan.start_s, stand.plan.end_s) != (opens, closes):
            said = {"start": case.clock(stand.plan.start_s), "end": case.clock(stand.plan.end_s)}
            yield _finding(stand, right_start=case.clock(opens), right_end=case.clock(closes), **said)


def find_after_peak(case: Case) -> Iterator[Finding]:
    """Require that a fair for those who leave is over before the departure peak."""
    ground = case.showground
    if ground.peak is None:
        return
    latest = ground.peak - timedelta(ground.rules.peak_margin_days)
    for stand in ground.stands:
        if stand.fair.before_peak and stand.day > latest:
            yield _finding(stand, day=stand.day.isoformat(), latest=latest.isoformat())


def find_without_permit(case: Case) -> Iterator[Finding]:
    """Require that the police can be asked in time where so many are expected."""
    ground = case.showground
    ready = ground.campaign.first_day + timedelta(ground.rules.permit_days)
    for stand in ground.stands:
        expected = ground.expected(stand)
        if stand.venue is not None and expected >= ground.rules.permit_visitors and stand.day < ready:
            figures = {"visitors": expected, "days": ground.rules.permit_days}
            yield _finding(stand, day=stand.day.isoformat(), earliest=ready.isoformat(), **figures)


def find_short_resources(case: Case) -> Iterator[Finding]:
    """Require that no more teams and sets are in use on a day than there are."""
    ground = case.showground
    used: Counter[tuple[date, str]] = Counter()
    for stand in ground.stands:
        for need in stand.fair.needs:
            used[stand.day, need.resource_id] += need.count
    for (day, name), count in sorted(used.items()):
        resource = ground.resources.get(name)
        if resource is not None and count > resource.count:
            figures: dict[str, Arg] = {"used": count, "limit": resource.count}
            yield Finding(name, {"resource": resource.name, "day": day.isoformat(), **figures})


def find_near_neighbours(case: Case) -> Iterator[Finding]:
    """Require that fairs of one township or of neighbouring ones are days apart."""
    ground = case.showground
    spaced = [stand for stand in ground.stands if stand.venue is not None and keeps_distance(stand.fair)]
    for number, stand in enumerate(spaced):
        for other in spaced[:number]:
            apart = abs((stand.day - other.day).days)
            if apart >= ground.rules.gap_days or stand.venue is None or other.venue is None:
                continue
            if ground.are_near(stand.venue, other.venue):
                figures: dict[str, Arg] = {"apart": apart, "limit": ground.rules.gap_days}
                yield _finding(stand, other=other.fair.name, **figures)


def find_wrong_tasks(case: Case) -> Iterator[Finding]:
    """Require that everything that has to be done before a fair is due so many days before it."""
    ground = case.showground
    rules = ground.rules
    for stand in ground.stands:
        here, firms = stand.venue is not None, bool(stand.plan.bookings)
        crowd = here and stand.plan.expected_visitors >= rules.permit_visitors
        wanted = {
            TaskKind.PERMIT: crowd and rules.permit_days,
            TaskKind.SAFETY_PLAN: here and rules.safety_plan_days,
            TaskKind.INVITE: firms and rules.invite_days,
            TaskKind.CHECK_POSTS: firms and rules.check_posts_days,
            TaskKind.PUBLISH: rules.publish_days,
            TaskKind.SET_UP: rules.set_up_days,
            TaskKind.REPORT: -rules.report_days,
        }
        first = ground.campaign.first_day
        ahead = {kind: days for kind, days in wanted.items() if days is not False}
        right = {kind: max(stand.day - timedelta(days), first) for kind, days in ahead.items()}
        said = {task.kind: task.due for task in stand.plan.tasks}
        for kind in TaskKind:
            if said.get(kind) != right.get(kind) or sum(t.kind is kind for t in stand.plan.tasks) > 1:
                yield _finding(stand, task=kind.value, due=_day(said.get(kind)), right=_day(right.get(kind)))


def find_false_markets(case: Case) -> Iterator[Finding]:
    """Require that market days are marked as such, and no others."""
    ground = case.showground
    for stand in ground.stands:
        right = ground.is_market(stand)
        if stand.plan.market is not right:
            yield _finding(stand, day=stand.day.isoformat(), said=int(stand.plan.market), right=int(right))


def find_broken_locks(case: Case) -> Iterator[Finding]:
    """Require that a fair is on the day and at the venue that a named person fixed."""
    ground = case.showground
    at = {stand.fair.id: stand for stand in ground.stands}
    for name, lock in sorted(ground.locks.items()):
        stand = next((one for fair, one in at.items() if fair == name), None)
        day, venue = (None, "") if stand is None else (stand.day, stand.plan.venue_id or "")
        if ground.planned and (day is None or lock.day not in {None, day} or lock.to not in {"", venue}):
            wanted, found = f"{_day(lock.day)} {lock.to or _NOTHING}", f"{_day(day)} {venue or _NOTHING}"
            figures: dict[str, Arg] = {"who": lock.who, "why": lock.why, "until": lock.until.isoformat()}
            yield Finding(name, {"fair": name, "wanted": wanted, "found": found, **figures})


def find_dropped(case: Case) -> Iterator[Finding]:
    """Require that a fair that was announced is held."""
    ground = case.showground
    held = {stand.fair.id for stand in ground.stands}
    for name, fair in ground.fairs.items():
        if ground.planned and fair.announced is not None and name not in held:
            yield Finding(name, {"fair": fair.name, "day": fair.announced.isoformat()})


def find_false_scores(case: Case) -> Iterator[Finding]:
    """Require that every rule costs what the plan says for every fair."""
    ground = case.showground
    said, right = ground.lines(), dict(ground.costs())
    refused = {fair.fair_id for fair in ground.agenda.refused_fairs}
    spared = refused if spare_fen(ground.rules) else set[str]()
    for item in sorted(said.keys() | right.keys()):
        one, other = said.get(item, Counter[str]()), right.get(item, Counter[str]())
        if item and ground.counts[item] > 1:
            continue
        for rule in sorted(one.keys() | other.keys()):
            twice = rule == "moved" and item in spared
            if twice or not _is_right(ground, rule, fen=one[rule], right=other[rule]):
                figures: dict[str, Arg] = {"fen": one[rule], "right": other[rule]}
                yield Finding(item or _PART, {"fair": item, "rule": rule, **figures})


def _is_right(ground: Showground, rule: str, *, fen: int, right: int) -> bool:
    """Changes are against a plan that is not here: only their price can be looked at."""
    price = {"moved": ground.rules.change_fen, "rebooked": rebook_fen(ground.rules)}.get(rule)
    if price is None:
        return fen == right
    return fen == price if rule == "moved" else fen >= 0 and (fen == 0 if not price else fen % price == 0)


def find_false_proofs(case: Case) -> Iterator[Finding]:
    """Require that fairs cost what their lines add up to, once, and not less than their bound."""
    ground = case.showground
    total = sum(line.fen for line in ground.agenda.score if line.part is Part.FAIRS)
    proofs = [proof for proof in ground.agenda.proofs if proof.part is Part.FAIRS]
    if not proofs and ground.planned:
        yield Finding(_PART, {"cost": _NOTHING, "right": total, "bound": _NOTHING})
    for number, proof in enumerate(proofs):
        above = proof.bound_fen is not None and proof.bound_fen > proof.cost_fen
        if number or above or proof.cost_fen != total:
            bound = _NOTHING if proof.bound_fen is None else proof.bound_fen
            yield Finding(_PART, {"cost": proof.cost_fen, "right": total, "bound": bound})


def _day(day: date | None) -> str:
    return _NOTHING if day is None else day.isoformat()


def _finding(stand: Stand, **figures: Arg) -> Finding:
    venue = _NOTHING if stand.venue is None else stand.venue.name
    return Finding(stand.fair.id, {"fair": stand.fair.name, "venue": venue, **figures})


_rule = partial(Rule, whole=True)
_PERMIT: Final = "大型群众性活动安全管理条例 第11条、第13条"

RULES: Final = (
    _rule("fair.planned", "", find_unplanned, Severity.WARNING),
    _rule("fair.exists", "", find_unknown),
    _rule("fair.once", "", find_repeated),
    _rule("fair.venue", "", find_wrong_venues),
    _rule("fair.room", "", find_small_venues),
    _rule("fair.open", "", find_closed_venues),
    _rule("fair.clash", "", find_clashes),
    _rule("fair.window", "", find_outside),
    _rule("fair.hours", "", find_wrong_hours),
    _rule("fair.peak", "", find_after_peak),
    _rule("fair.permit", _PERMIT, find_without_permit),
    _rule("fair.needs", "", find_short_resources),
    _rule("fair.gap", "", find_near_neighbours),
    *GUESTS,
    _rule("fair.tasks", "", find_wrong_tasks),
    _rule("fair.market", "", find_false_markets),
    _rule("fair.lock", "", find_broken_locks, Severity.WARNING),
    _rule("fair.announced", "", find_dropped, Severity.WARNING),
    _rule("fair.score", "", find_false_scores),
    _rule("fair.proof", "", find_false_proofs),
)
