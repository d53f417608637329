"""Visits: each once or with a reason, by who can, when somebody is there, and where somebody fixed them."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule
from planner.errors import Severity
from planner.model.agenda import VisitCause
from planner.model.tours import TimeOfVisit, VisitId

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.check.case import Case
    from planner.check.outing import Call
    from planner.errors import Arg
    from planner.model.locks import Lock
    from planner.model.tours import NeedId

_PART: Final = "tours"
_NOTHING: Final = "-"
_NEVER: Final = {VisitCause.NO_ROAD, VisitCause.NO_SQUAD, VisitCause.TOO_FAR}
"""Causes by which no squad could ever come."""
_IDLE: Final = {VisitCause.SQUADS_FULL, VisitCause.NOT_WORTH}
"""Causes that no lock leaves a visit out for."""


def find_unplanned(case: Case) -> Iterator[Finding]:
    """Require that squads are sent out, or reasons given, where villages need visits."""
    outing = case.outing
    if outing.asked and not outing.planned:
        yield Finding(_PART, {"visits": len(outing.asked)})


def find_unknown(case: Case) -> Iterator[Finding]:
    """Require that a visit is one of its need, in its village, by a squad that there is."""
    outing = case.outing
    for visit in outing.agenda.visits:
        need = outing.asked.get(visit.id)
        right = need is not None and (need.id, need.village_id) == (visit.need_id, visit.village_id)
        if not right or visit.squad_id not in outing.squads:
            place = case.name_place(visit.village_id)
            yield Finding(visit.id or _NOTHING, {"visit": visit.id, "place": place, "squad": visit.squad_id})
    for left in outing.agenda.refused_visits:
        need = outing.asked.get(left.id)
        if need is None or need.village_id != left.village_id:
            place = case.name_place(left.village_id)
            yield Finding(left.id or _NOTHING, {"visit": left.id, "place": place, "squad": _NOTHING})


def find_repeated(case: Case) -> Iterator[Finding]:
    """Require that every visit that a village needs is made or explained, once."""
    outing = case.outing
    for visit, need in outing.asked.items() if outing.planned else ():
        if outing.counts[visit] != 1:
            place = case.name_place(need.village_id)
            yield Finding(visit, {"visit": visit, "place": place, "count": outing.counts[visit]})


def find_out_of_window(case: Case) -> Iterator[Finding]:
    """Require that a visit lies in the need's window and on a day on which squads are out."""
    for call in case.outing.calls():
        need, day = call.need, call.visit.day
        early = need.first_day is not None and day < need.first_day
        late = need.last_day is not None and day > need.last_day
        if early or late or day not in case.outing.days:
            days = sorted(case.outing.days)
            first, last = need.first_day or days[0], need.last_day or days[-1]
            yield _finding(case, call, first=first.isoformat(), last=last.isoformat())


def find_too_soon(case: Case) -> Iterator[Finding]:
    """Require that visits of one need are as many days apart as it asks."""
    made: dict[NeedId, list[tuple[date, VisitId]]] = defaultdict(list)
    calls = {call.visit.id: call for call in case.outing.calls()}
    for call in calls.values():
        made[call.need.id].append((call.visit.day, call.visit.id))
    for some in made.values():
        for (before, _), (day, visit) in pairwise(sorted(some)):
            call = calls[visit]
            if (day - before).days < max(call.need.spacing_days, 1):
                days = (day - before).days
                yield _finding(case, call, before=before.isoformat(), days=days, right=call.need.spacing_days)


def find_unskilled(case: Case) -> Iterator[Finding]:
    """Require that a squad has the skill that a village asks for."""
    for call in case.outing.calls():
        if call.need.skill and call.need.skill not in call.squad.skills:
            yield _finding(case, call, skill=call.need.skill)


def find_without_firm(case: Case) -> Iterator[Finding]:
    """Require that a recruiter of the firm that a village asks for rides along."""
    for call in case.outing.calls():
        firm = call.need.exhibitor
        if firm is not None and firm not in call.squad.exhibitors:
            yield _finding(case, call, exhibitor=firm)


def find_nobody_there(case: Case) -> Iterator[Finding]:
    """Require that a broker of the village is there while a squad is, by day and in the evening."""
    for call in case.outing.calls():
        visit, dusk_s = call.visit, case.outing.at(call.visit.day, case.outing.rules.evening_from)
        spans = ((visit.begin_s < dusk_s, False), (visit.leave_s > dusk_s, True))
        missing = [
            late
            for busy, late in spans
            if busy and not case.outing.somebody(visit.village_id, visit.day, evening=late)
        ]
        if missing:
            yield _finding(case, call, time=_span(case, call))


def find_wrong_hour(case: Case) -> Iterator[Finding]:
    """Require that evening visits are in the evening, market visits at market, and none after the evening."""
    outing, rules = case.outing, case.outing.rules
    for call in outing.calls():
        visit, when = call.visit, call.need.when
        opens_s, closes_s = 0, outing.at(visit.day, rules.evening_to)
        dusk_s, lawful = outing.at(visit.day, rules.evening_from), True
        if when is TimeOfVisit.EVENING:
            opens_s = dusk_s
        elif when is TimeOfVisit.MARKET and outing.knows_market(visit.village_id):
            opens_s = outing.at(visit.day, rules.market_from)
            lawful = outing.is_market(visit.village_id, visit.day)
            lawful = lawful and visit.begin_s <= outing.at(visit.day, rules.market_to)
        said = (visit.evening, visit.market)
        right = (visit.begin_s >= dusk_s, outing.is_market(visit.village_id, visit.day))
        if not lawful or visit.begin_s < opens_s or visit.leave_s > closes_s or said != right:
            yield _finding(case, call, time=_span(case, call), when=when.value)


def find_wrong_length(case: Case) -> Iterator[Finding]:
    """Require that a visit lasts as long as the village needs, and begins when the squad is there."""
    for call in case.outing.calls():
        visit, minutes = call.visit, call.need.minutes
        if visit.leave_s - visit.begin_s != minutes * 60 or visit.begin_s < visit.arrive_s:
            yield _finding(case, call, time=_span(case, call), minutes=minutes)


def find_unkept(case: Case) -> Iterator[Finding]:
    """Require that a visit that somebody fixed is made on that day by that squad, or that it cannot be."""
    outing = case.outing
    left: dict[str, VisitCause] = {one.id: one.cause for one in outing.agenda.refused_visits}
    for item, lock in outing.locks.items():
        visit = outing.made.get(VisitId(item))
        if visit is None:
            kept = left.get(item) not in _IDLE
            now = _NOTHING
        else:
            kept = lock.day in {None, visit.day} and lock.to in {"", visit.squad_id}
            now = f"{visit.day.isoformat()} {visit.squad_id}"
        if not kept:
            yield Finding(item, {**_fixed(item, lock), "now": now})


def find_left_out(case: Case) -> Iterator[Finding]:
    """Require that a visit that somebody fixed is made; who did has to hear that it is not."""
    left = {one.id: one.cause for one in case.outing.agenda.refused_visits}
    for item, lock in case.outing.locks.items():
        if left.get(VisitId(item), VisitCause.NOT_WORTH) not in _IDLE:
            yield Finding(item, {**_fixed(item, lock), "until": lock.until.isoformat()})


def _fixed(item: str, lock: Lock) -> dict[str, Arg]:
    fixed = " ".join(filter(None, ("" if lock.day is None else lock.day.isoformat(), lock.to)))
    return {"visit": item, "fixed": fixed, "who": lock.who, "why": lock.why}


def find_false_causes(case: Case) -> Iterator[Finding]:
    """Require that what is said to keep squads from a village does."""
    outing = case.outing
    for left in outing.agenda.refused_visits:
        need = outing.asked.get(left.id)
        if need is None:
            continue
        if left.cause is VisitCause.LOCKS_CONTRADICT:
            false = left.id not in outing.locks
        elif left.cause is VisitCause.NOT_WORTH:
            false = need.required
        else:
            squads = next((one.squads for one in outing.districts if need in one.needs), ())
            able = any(outing.may_ever(squad, need) for squad in squads)
            false = able and left.cause in _NEVER - {VisitCause.TOO_FAR}
        if false:
            place = case.name_place(left.village_id)
            yield Finding(left.id, {"visit": left.id, "place": place, "cause": left.cause.value})


def _span(case: Case, call: Call) -> str:
    midnight_s = case.outing.midnight_s(call.visit.day)
    begins, ends = (max(second - midnight_s, 0) // 60 for second in (call.visit.begin_s, call.visit.leave_s))
    return f"{begins // 60:02d}:{begins % 60:02d}-{ends // 60:02d}:{ends % 60:02d}"


def _finding(case: Case, call: Call, **figures: Arg) -> Finding:
    usual = {"visit": call.visit.id, "place": case.name_place(call.visit.village_id)}
    usual |= {"squad": call.squad.id, "day": call.visit.day.isoformat()}
    return Finding(call.visit.id, {**usual, **figures})


_rule = partial(Rule, whole=True)

RULES: Final = (
    _rule("visit.planned", "", find_unplanned, Severity.WARNING),
    _rule("visit.exists", "", find_unknown),
    _rule("visit.once", "", find_repeated),
    _rule("visit.window", "", find_out_of_window),
    _rule("visit.spacing", "", find_too_soon),
    _rule("visit.skill", "", find_unskilled),
    _rule("visit.paired", "", find_without_firm),
    _rule("visit.broker", "", find_nobody_there),
    _rule("visit.when", "", find_wrong_hour),
    _rule("visit.length", "", find_wrong_length),
    _rule("visit.lock", "", find_unkept),
    _rule("visit.lock_left", "", find_left_out, Severity.WARNING),
    _rule("visit.cause", "", find_false_causes),
)
