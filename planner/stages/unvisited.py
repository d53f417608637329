"""Why a visit is not made, from the most fundamental obstacle to the least, and what would help."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from planner.model.agenda import RefusedVisit, Remedy, RemedyKind, VisitCause
from planner.model.tours import TimeOfVisit
from planner.solvers.tours import Tour, TourTimes
from planner.stages.slotrules import find_lock_obstacle
from planner.stages.tourclock import MINUTE_S
from planner.stages.tourhours import normal_hours, service_s
from planner.stages.tourmend import lawful_slots
from planner.stages.tourways import Bar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planner.errors import Arg
    from planner.model.tours import Squad, VisitNeed
    from planner.solvers.tours.problem import Windows
    from planner.stages.tourdesk import TourDesk

_LEAST_MIN: Final = 15
_Found = tuple[VisitCause, "Mapping[str, Arg]", "Remedy | None"]


def explain_unvisited(desk: TourDesk, tours: tuple[Tour, ...]) -> tuple[RefusedVisit, ...]:
    """Say of every visit that is not in the plan why, with figures, and what would help."""
    made = {call for tour in tours for call in tour.calls}
    placed = Counter(desk.calls[call][1] for call in made)
    found: list[RefusedVisit] = []
    for call, (visit, row) in enumerate(desk.calls):
        if call not in made:
            placed[row] += 1  # so that each visit left out asks for a day more
            cause, args, remedy = _Inquiry(desk, call).answer(tours, visits=placed[row])
            village = desk.district.needs[row].village_id
            found.append(RefusedVisit(id=visit, village_id=village, cause=cause, args=args, remedy=remedy))
    return tuple(found)


class _Inquiry:
    """Looks for what stands in the way of one visit."""

    def __init__(self, desk: TourDesk, call: int) -> None:
        self._desk, self._call = desk, call
        self._visit, self._row = desk.calls[call]
        self._need: VisitNeed = desk.district.needs[self._row]
        self._able = [desk.district.squads[squad] for squad in desk.able[self._row]]

    def answer(self, tours: tuple[Tour, ...], *, visits: int) -> _Found:
        """The first obstacle; ``visits`` are those of the need that want a day, this one included."""
        ever = self._by_squads() or self._by_days(visits)
        return ever or self._by_lock(tours) or self._by_plan(tours)

    def _by_lock(self, tours: tuple[Tour, ...]) -> _Found | None:
        """It could be made, but not where somebody fixed it."""
        lock = self._desk.locks.get(self._visit)
        if lock is None:
            return None
        day = "" if lock.day is None else lock.day.isoformat()
        obstacle = find_lock_obstacle(self._desk, tours, call=self._call)
        said: dict[str, Arg] = {"who": lock.who, "why": lock.why, "until": lock.until.isoformat()}
        met: dict[str, Arg] = {"rule": obstacle.rule.value, "others": " ".join(obstacle.others)}
        args: dict[str, Arg] = {**said, **met, "day": day, "squad": lock.to}
        release = Remedy(kind=RemedyKind.RELEASE_LOCK, args={"visit": self._visit, "who": lock.who})
        return VisitCause.LOCKS_CONTRADICT, args, release

    def _by_squads(self) -> _Found | None:
        """No squad of the district could ever make it."""
        if self._able:
            return None
        squads = self._desk.district.squads
        bars = {squad.id: self._desk.ways.bar(squad, self._need) for squad in squads}
        if squads and all(bar is Bar.ROAD for bar in bars.values()):
            mend = Remedy(kind=RemedyKind.MEND_ROAD, args={"place": self._need.village_id})
            return VisitCause.NO_ROAD, {"squads": len(squads)}, mend
        far = self._nearest([squad for squad in squads if bars[squad.id] is Bar.FAR])
        if far is not None:
            return self._too_far(far)
        near = self._nearest([squad for squad in squads if bars[squad.id] is Bar.SKILL])
        asked: dict[str, Arg] = {"skill": self._need.skill, "exhibitor": self._need.exhibitor or ""}
        return VisitCause.NO_SQUAD, asked, self._teach(near)

    def _teach(self, squad: Squad | None) -> Remedy:
        skill, firm = self._need.skill, self._need.exhibitor or ""
        if squad is None:
            return Remedy(kind=RemedyKind.ADD_SQUAD, args=self._more(base=""))
        if skill and skill not in squad.skills:
            return Remedy(kind=RemedyKind.ADD_SKILL, args={"squad": squad.id, "skill": skill})
        return Remedy(kind=RemedyKind.INVITE_EXHIBITOR, args={"squad": squad.id, "exhibitor": firm})

    def _too_far(self, squad: Squad) -> _Found:
        """There and back by itself is longer than the hours at the wheel, or does not fit the shift."""
        ways = self._desk.ways
        drive_s = ways.there_and_back_s(squad, self._need.village_id) or 0
        begins, ends = normal_hours(squad)
        over_s = drive_s + service_s(self._need) - (ends - begins)
        figures: dict[str, Arg] = {"squad": squad.id, "minutes": -(-drive_s // MINUTE_S)}
        if drive_s > ways.drive_s:
            figures["limit"] = ways.drive_s // MINUTE_S
            stay = Remedy(kind=RemedyKind.STAY_OVERNIGHT, args={"squad": squad.id})
            return VisitCause.TOO_FAR, figures, stay
        figures["limit"] = (ends - begins - service_s(self._need)) // MINUTE_S
        minutes = max(-(-over_s // MINUTE_S), _LEAST_MIN)
        longer = Remedy(kind=RemedyKind.LENGTHEN_SHIFT, args={"squad": squad.id, "minutes": minutes})
        return VisitCause.TOO_FAR, figures, longer

    def _by_days(self, visits: int) -> _Found | None:
        """There are too few days on which a squad could come and is received."""
        desk, need = self._desk, self._need
        hours = [desk.problem.squads[squad].hours for squad in desk.able[self._row]]
        days = [
            number
            for number, day in enumerate(desk.days)
            if desk.openings.in_window(need, day) and any(some[number] is not None for some in hours)
        ]
        windows = self._desk.problem.villages[self._row].windows
        usable = [number for number in days if windows[number]]
        if not usable:
            return self._away(windows) if any(windows) else self._unreceived()
        if visits <= _most_visits(usable, apart=max(need.spacing_days, 1)):
            return None
        figures: dict[str, Arg] = {"days": usable[-1] - usable[0] + 1}
        figures |= {"visits": need.visits, "spacing": need.spacing_days}
        return VisitCause.SPACING, figures, self._spread(usable, windows)

    def _spread(self, usable: Sequence[int], windows: Sequence[Windows]) -> Remedy:
        """A shorter spacing, a squad on more of the days that would do, or more such days."""
        need, apart = self._need, max(self._need.spacing_days, 1)
        for shorter in range(apart - 1, 0, -1):
            if _most_visits(usable, apart=shorter) >= need.visits:
                return Remedy(kind=RemedyKind.SHORTEN_SPACING, args={"days": shorter})
        received = [number for number, some in enumerate(windows) if some]
        if _most_visits(received, apart=apart) >= need.visits:
            return self._send(windows)
        longer = max((need.visits - 1) * apart + received[0] - received[-1], 1)
        return Remedy(kind=RemedyKind.LENGTHEN_WINDOW, args={"days": longer})

    def _away(self, windows: Sequence[Windows]) -> _Found:
        """On no day on which somebody is there is a squad out that could come."""
        send = self._send(windows)
        return VisitCause.SQUADS_AWAY, {**send.args, "squads": len(self._able)}, send

    def _send(self, windows: Sequence[Windows]) -> Remedy:
        """Have the nearest squad out while somebody is there."""
        days = [day for day, some in zip(self._desk.days, windows, strict=True) if some]
        best = self._nearest(self._able)
        squad = "" if best is None else best.id
        span = {"first": days[0].isoformat(), "last": days[-1].isoformat()}
        return Remedy(kind=RemedyKind.OPEN_SQUAD, args={**span, "squad": squad})

    def _unreceived(self) -> _Found:
        """On no day at all: out of season, no market, or nobody there to receive a squad."""
        openings, need = self._desk.openings, self._need
        days = [day for day in self._desk.days if openings.in_window(need, day)]
        if not days:
            figures: dict[str, Arg] = {"days": 0, "visits": need.visits, "spacing": need.spacing_days}
            return VisitCause.SPACING, figures, Remedy(kind=RemedyKind.LENGTHEN_WINDOW, args={"days": 1})
        evening = need.when is TimeOfVisit.EVENING
        markets = [day for day in days if openings.is_market(need.village_id, day)]
        if openings.knows_market(need) and not markets:
            span: dict[str, Arg] = {"first": days[0].isoformat(), "last": days[-1].isoformat()}
            longer = openings.days_to_market(need.village_id, days[-1])
            fix = Remedy(kind=RemedyKind.LENGTHEN_WINDOW, args={"days": longer})
            return VisitCause.NO_MARKET, span, fix
        if service_s(need) > openings.longest_s(need):
            best = self._nearest(self._able)
            return self._too_far(best) if best is not None else self._full()
        day = (markets if openings.knows_market(need) else days)[0].isoformat()
        ask = Remedy(kind=RemedyKind.ASK_BROKER, args={"day": day, "evening": int(evening)})
        return VisitCause.BROKER_AWAY, {"days": len(days), "evening": int(evening)}, ask

    def _by_plan(self, tours: tuple[Tour, ...]) -> _Found:
        """It could be made, but the others take the time, or it is not worth its way."""
        problem, call = self._desk.problem, self._call
        best = self._nearest(self._able)
        home = not any(squad.overnight for squad in self._able)
        if best is not None and home and self._works() and not self._fits_alone():
            return self._too_far(best)
        asked = problem.calls[call]
        if not asked.required:
            slots = lawful_slots(problem, tours, call=call, limit_s=self._desk.ways.drive_s)
            if slots:
                cost_fen = slots[0].added_fen + asked.prize_fen
                return VisitCause.NOT_WORTH, {"value_fen": asked.prize_fen, "cost_fen": cost_fen}, None
        return self._full()

    def _full(self) -> _Found:
        best = self._nearest(self._able)
        base = "" if best is None else best.base_id
        figures: dict[str, Arg] = {"squads": len(self._able)}
        more = Remedy(kind=RemedyKind.ADD_SQUAD, args=self._more(base=base))
        return VisitCause.SQUADS_FULL, figures, more

    def _more(self, *, base: str) -> Mapping[str, Arg]:
        """One more squad that could make it."""
        firm = self._need.exhibitor or ""
        return {"count": 1, "base": base, "skill": self._need.skill, "exhibitor": firm}

    def _works(self) -> bool:
        """Whether some squad works on some day on which the village receives one."""
        problem = self._desk.problem
        windows = problem.villages[self._row].windows
        return any(
            hours is not None and some
            for squad in self._desk.able[self._row]
            for hours, some in zip(problem.squads[squad].hours, windows, strict=True)
        )

    def _fits_alone(self) -> bool:
        """Whether some squad could make it with nothing else to do that day."""
        problem = self._desk.problem
        return any(
            isinstance(problem.times(tour, start=problem.squads[tour.squad].base), TourTimes)
            for squad in self._desk.able[self._row]
            for tour in (Tour(squad=squad, day=day, calls=(self._call,)) for day in range(problem.days))
        )

    def _nearest(self, squads: Sequence[Squad]) -> Squad | None:
        """The squad with the shortest way there and back."""

        def far(squad: Squad) -> tuple[int, str]:
            return self._desk.ways.there_and_back_s(squad, self._need.village_id) or 0, squad.id

        return min(squads, key=far, default=None)


def _most_visits(days: Sequence[int], *, apart: int) -> int:
    """How many visits so far apart fit."""
    count, last = 0, -apart
    for day in days:
        if day - last >= apart:
            count, last = count + 1, day
    return count
