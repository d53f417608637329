"""Squads' days: walked along the roads, within shift, wheel and rest, and what they are said to cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule
from planner.check.writing import whole_minutes
from planner.model.agenda import Part
from planner.model.places import PlaceKind
from planner.model.tours import TimeOfVisit
from planner.touring import HELD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.check.case import Case
    from planner.check.outing import Outing, Round
    from planner.errors import Arg
    from planner.model.tours import VisitId
    from planner.touring import District

_PART: Final = "tours"
_NOTHING: Final = "-"
_WEEK: Final = 7
_SCALE: Final = 10_000


def find_astray(case: Case) -> Iterator[Finding]:
    """Require that every visit is on one day of its squad, and that a day has a visit or leads elsewhere."""
    outing = case.outing
    for key, count in outing.day_counts.items():
        if count > 1 or key[0] not in outing.squads:
            yield _finding(key, visits=len(outing.by_day.get(key, ())), days=count)
    for key, visits in outing.by_day.items():
        if key not in outing.day_counts and key[0] in outing.squads:
            yield _finding(key, visits=len(visits), days=0)
    for one in outing.rounds():
        if not one.visits and one.day.start_place_id == one.day.end_place_id:
            yield _finding((one.day.squad_id, one.day.day), visits=0, days=1)


def find_no_road(case: Case) -> Iterator[Finding]:
    """Require that a squad's vehicle may drive all ways of its day."""
    for one in case.outing.rounds():
        for step in case.outing.steps(one):
            if step.way is None:
                yield _of(one, place=case.name_place(step.place))


def find_wrong_times(case: Case) -> Iterator[Finding]:
    """Require that a squad arrives when the roads let it, and is at the wheel as long as they take."""
    for one in case.outing.rounds():
        steps = list(case.outing.steps(one))
        if any(step.way is None for step in steps):
            continue
        driven_s = sum(step.way.seconds for step in steps if step.way is not None)
        for step in steps:
            right_s = step.left_s + (0 if step.way is None else step.way.seconds)
            if step.arrive_s != right_s:
                times = {"time": case.clock(step.arrive_s), "right": case.clock(right_s)}
                yield _of(one, place=case.name_place(step.place), **times)
        if one.day.drive_s != driven_s:
            times = {"time": str(one.day.drive_s), "right": str(driven_s)}
            yield _of(one, place=_NOTHING, **times)


def find_wrong_metres(case: Case) -> Iterator[Finding]:
    """Require that the metres of a squad's way are those of the fastest road."""
    for one in case.outing.rounds():
        for step in case.outing.steps(one):
            if step.way is not None and step.metres != step.way.metres:
                place = case.name_place(step.place)
                yield _of(one, place=place, metres=step.metres, right=step.way.metres)


def find_out_of_shift(case: Case) -> Iterator[Finding]:
    """Require that a squad's day lies in its shift, which begins so much later as it ends later."""
    for one in case.outing.rounds():
        opens_s, closes_s = (
            case.outing.at(one.day.day, clock) for clock in (one.squad.shift_from, one.squad.shift_to)
        )
        later_s = max(one.day.end_s - closes_s, 0)
        if one.day.start_s < opens_s + later_s:
            times = {"start": case.clock(one.day.start_s), "end": case.clock(one.day.end_s)}
            yield _of(one, **times, opens=case.clock(opens_s), closes=case.clock(closes_s))


def find_tired(case: Case) -> Iterator[Finding]:
    """Require that a squad is not at the wheel for longer than a day allows."""
    for one in case.outing.rounds():
        ways = [step.way for step in case.outing.steps(one)]
        driven_s = sum(way.seconds for way in ways if way is not None)
        if driven_s > case.outing.rules.drive_min * 60:
            yield _of(one, minutes=whole_minutes(driven_s), limit=case.outing.rules.drive_min)


def find_hungry(case: Case) -> Iterator[Finding]:
    """Require that a squad with visits before and after noon has its pause there."""
    outing, rules = case.outing, case.outing.rules
    for one in outing.rounds() if rules.lunch_min else ():
        noon_s, over_s = (outing.at(one.day.day, clock) for clock in (rules.lunch_from, rules.lunch_to))
        begins = [visit.begin_s for visit in one.visits]
        if begins and begins[0] < noon_s <= begins[-1]:
            ways = [step.way for step in outing.steps(one)]
            gaps = zip(pairwise(one.visits), ways[1:], strict=False)
            pauses = [
                min(
                    after.begin_s - before.leave_s - (0 if way is None else way.seconds),
                    min(after.begin_s, over_s) - max(before.leave_s, noon_s),
                )
                for (before, after), way in gaps
            ]
            if max(pauses, default=0) < rules.lunch_min * 60:
                yield _of(one, minutes=max(max(pauses, default=0), 0) // 60, right=rules.lunch_min)


def find_restless(case: Case) -> Iterator[Finding]:
    """Require that a squad has its days off in any seven."""
    outing = case.outing
    days: dict[str, set[date]] = defaultdict(set)
    for one in outing.rounds():
        days[one.squad.id].add(one.day.day)
    for squad, worked in days.items():
        for first in sorted(worked):
            week = [first + timedelta(days=number) for number in range(_WEEK)]
            busy = sum(day in worked for day in week)
            if busy > _WEEK - outing.rules.rest_days:
                figures: dict[str, Arg] = {"squad": squad, "first": first.isoformat(), "days": busy}
                yield Finding(squad, {**figures, "rest": outing.rules.rest_days})


def find_overbusy(case: Case) -> Iterator[Finding]:
    """Require that a squad makes no more visits in a day than it can."""
    for one in case.outing.rounds():
        if len(one.visits) > one.squad.most_visits:
            yield _of(one, visits=len(one.visits), limit=one.squad.most_visits)


def find_off_duty(case: Case) -> Iterator[Finding]:
    """Require that a squad is out only on days on which it can be."""
    for one in case.outing.rounds():
        if not one.squad.is_open(one.day.day):
            yield _of(one, visits=len(one.visits))


def find_strange_nights(case: Case) -> Iterator[Finding]:
    """Require that a squad sleeps at its base, or where it may in a township, and wakes up there."""
    outing = case.outing
    days = {(one.squad.id, one.day.day): one for one in outing.rounds()}
    for (squad, day), one in days.items():
        base, end = one.squad.base_id, one.day.end_place_id
        before = days.get((squad, day - timedelta(days=1)))
        wakes = base if before is None else before.day.end_place_id
        seat = outing.places.get(end)
        away = end != base
        lawful = one.squad.overnight and seat is not None and seat.kind is PlaceKind.TOWNSHIP
        lawful = lawful and (squad, day + timedelta(days=1)) in days
        if one.day.start_place_id != wakes or (away and not lawful):
            places = {"start": case.name_place(one.day.start_place_id), "end": case.name_place(end)}
            yield _of(one, **places)


def find_wrong_costs(case: Case) -> Iterator[Finding]:
    """Require that a squad's day costs its roads and its night away."""
    for one in case.outing.rounds():
        road_fen = case.outing.road_fen(one)
        if road_fen is not None:
            right = road_fen + _night_fen(case.outing, one)
            if one.day.cost_fen != right:
                yield _of(one, fen=one.day.cost_fen, right=right)


def find_false_scores(case: Case) -> Iterator[Finding]:
    """Require that what each rule costs each day, visit and county is what the weights say."""
    outing = case.outing
    right = _right_lines(outing)
    if right is None:
        return
    for item in sorted(outing.lines.keys() | right.keys()):
        said = outing.lines[item] if item in outing.lines else Counter[str]()
        if item in outing.asked and said["change"] == outing.rules.change_fen:
            right[item]["change"] = said["change"]  # of the plan before, which is not here
        for rule in sorted(said.keys() | right[item].keys()):
            if said[rule] != right[item][rule]:
                figures: dict[str, Arg] = {"fen": said[rule], "right": right[item][rule]}
                yield Finding(item or _PART, {"item": item or _PART, "rule": rule, **figures})


def find_false_proofs(case: Case) -> Iterator[Finding]:
    """Require that tours cost what their lines add up to, once, and not less than their bound."""
    outing = case.outing
    total = sum(fen for some in outing.lines.values() for fen in some.values())
    proofs = [proof for proof in outing.agenda.proofs if proof.part is Part.TOURS]
    if not proofs and outing.planned:
        yield Finding(_PART, {"cost": _NOTHING, "right": total, "bound": _NOTHING})
    for number, proof in enumerate(proofs):
        above = proof.bound_fen is not None and proof.bound_fen > proof.cost_fen
        if number or above or proof.cost_fen != total or not outing.planned:
            bound = _NOTHING if proof.bound_fen is None else proof.bound_fen
            yield Finding(_PART, {"cost": proof.cost_fen, "right": total, "bound": bound})


def _right_lines(outing: Outing) -> dict[str, Counter[str]] | None:
    """What each rule costs, by day, visit and county; None where a road is missing."""
    right: dict[str, Counter[str]] = defaultdict(Counter)
    for one in outing.rounds():
        road_fen = outing.road_fen(one)
        if road_fen is None:
            return None
        right[one.item].update({"travel": road_fen, "night": _night_fen(outing, one)})
    if outing.planned:
        for visit in outing.asked:
            right[visit].update(_visit_costs(outing, visit))
        for district in outing.districts:
            right[district.name]["spread"] += _spread_fen(outing, district)
    return right


def _night_fen(outing: Outing, one: Round) -> int:
    return outing.rules.night_fen if one.day.end_place_id != one.squad.base_id else 0


def _visit_costs(outing: Outing, visit: VisitId) -> dict[str, int]:
    """Of a visit that is made its market day, of one that is not what that is worth."""
    need, locked = outing.asked[visit], visit in outing.locks
    made = outing.made.get(visit)
    if made is not None:
        gains = need.when is not TimeOfVisit.MARKET and outing.is_market(need.village_id, made.day)
        return {"market": -outing.rules.market_fen if gains else 0}
    if locked:
        return {"refused": HELD * outing.rules.refused_fen}
    return {"refused": outing.rules.refused_fen} if need.required else {"left_out": need.value_fen}


def _spread_fen(outing: Outing, district: District) -> int:
    """Work a day of those compared: the busiest against the idlest, beyond what is allowed."""
    rules, days = outing.rules, outing.days
    work: Counter[str] = Counter()
    for one in outing.rounds():
        driven = sum(step.way.seconds for step in outing.steps(one) if step.way is not None)
        work[one.squad.id] += driven + sum(visit.leave_s - visit.begin_s for visit in one.visits)
    loads: list[int] = []
    for squad in district.squads:
        opened = sum(squad.is_open(day) for day in days)
        loads += [work[squad.id] * (_SCALE // opened)] if opened else []
    if not loads:
        return 0
    over = 100 * (max(loads) - min(loads)) - rules.spread_percent * max(loads)
    per_s_fen = rules.spread_fen_per_min * len(days) // 60
    return per_s_fen * max(over, 0) // (100 * _SCALE)


def _finding(key: tuple[str, date], **figures: Arg) -> Finding:
    squad, day = key
    return Finding(f"{squad} {day.isoformat()}", {"squad": squad, "day": day.isoformat(), **figures})


def _of(one: Round, **figures: Arg) -> Finding:
    return _finding((one.squad.id, one.day.day), **figures)


_rule = partial(Rule, whole=True)

RULES: Final = (
    _rule("tour.day", "", find_astray),
    _rule("tour.road", "", find_no_road),
    _rule("tour.times", "", find_wrong_times),
    _rule("tour.metres", "", find_wrong_metres),
    _rule("tour.shift", "", find_out_of_shift),
    _rule("tour.drive", "", find_tired),
    _rule("tour.lunch", "", find_hungry),
    _rule("tour.rest", "", find_restless),
    _rule("tour.most", "", find_overbusy),
    _rule("tour.open", "", find_off_duty),
    _rule("tour.night", "", find_strange_nights),
    _rule("tour.cost", "", find_wrong_costs),
    _rule("tour.score", "", find_false_scores),
    _rule("tour.proof", "", find_false_proofs),
)
