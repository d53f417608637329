"""Visits in words: which are not made and why, which were fixed, where one could go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.dates import say_day
from exports.words import text
from planner.decisions import standing_locks
from planner.model.locks import LockKind
from planner.toursummary import find_held

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from planner.errors import Arg
    from planner.model.agenda import Agenda, PlannedVisit, RefusedVisit
    from planner.model.campaign import Campaign
    from planner.model.locks import Lock
    from planner.model.tours import VisitId
    from planner.stages.tourslots import VisitSlots

_DAY_S = 86_400


class VisitWords:
    """Sentences about the visits of one campaign."""

    def __init__(self, campaign: Campaign, *, locale: str) -> None:
        self._campaign, self._locale = campaign, locale
        outreach = campaign.outreach
        self._places: dict[str, str] = {place.id: place.name for place in campaign.places}
        self._squads: dict[str, str] = {squad.id: squad.name for squad in outreach.squads}
        self._firms: dict[str, str] = {firm.id: firm.employer for firm in outreach.exhibitors}
        self._villages = {visit: need.village_id for need in outreach.visits for visit in need.visit_ids}

    def lines(self, agenda: Agenda) -> Iterator[str]:
        """Every visit that is not made, with what would help, then those that are where they were fixed."""
        for left in agenda.refused_visits:
            yield from self.refused(left)
        for visit, lock in find_held(self._campaign, agenda):
            yield self._say("visit.held", where=self._where(visit), **self._lock(lock), visit=visit.id)

    def refused(self, left: RefusedVisit) -> Iterator[str]:
        """Why a visit is not made, and on a second line what would help."""
        args = self._named(left.args)
        args |= {"visit": left.id, "place": self._places.get(left.village_id, left.village_id)}
        yield self._say(f"visit_why.{left.cause}", **args)
        if left.remedy is not None:
            yield "  " + self._say(f"visit_fix.{left.remedy.kind}", **self._named(left.remedy.args))

    def slots(self, agenda: Agenda, visit: VisitId, *, slots: VisitSlots) -> Iterator[str]:
        """Where the visit is now, whether somebody fixed it, the slots, and the rules that shut days out."""
        now = next((one for one in agenda.visits if one.id == visit), None)
        place = self._places.get(self._villages[visit], "")
        where = self._say("visit.nowhere") if now is None else self._where(now)
        yield self._say("visit.now", visit=visit, place=place, where=where)
        lock = standing_locks(self._campaign, LockKind.VISIT).get(visit)
        if lock is not None:
            yield self._say("visit.locked", **self._lock(lock))
        for number, slot in enumerate(slots.best, start=1):
            found = self._spot(slot.day, slot.squad_id, begin_s=slot.begin_s)
            yield self._say("visit.slot", number=number, where=found, yuan=f"{slot.added_fen / 100:+,.2f}")
        if not slots.best:
            yield self._say("visit.no_slot")
        for rule, count in slots.refused:
            yield "  " + self._say("visit.shut", count=count, rule=self._say(f"slot_rule.{rule}"))

    def _where(self, visit: PlannedVisit) -> str:
        return self._spot(visit.day, visit.squad_id, begin_s=visit.begin_s)

    def _spot(self, day: date, squad: str, *, begin_s: int) -> str:
        minutes = begin_s % _DAY_S // 60
        clock = f"{minutes // 60:02d}:{minutes % 60:02d}"
        named = say_day(day, locale=self._locale)
        return self._say("visit.spot", day=named, time=clock, squad=self._squads.get(squad, squad))

    def _lock(self, lock: Lock) -> dict[str, Arg]:
        return {"who": lock.who, "why": lock.why, "until": lock.until.isoformat()}

    def _named(self, args: Mapping[str, Arg]) -> dict[str, Arg]:
        """Ids and fen as people read them; what nobody asked for is said as anything."""
        named = dict(args)
        books = {"squad": self._squads, "place": self._places, "base": self._places, "exhibitor": self._firms}
        for key, names in books.items():
            if key in named:
                named[key] = names.get(str(named[key]), str(named[key]))
        for key in ("value_fen", "cost_fen"):
            if isinstance(fen := named.get(key), int):
                named[key.replace("fen", "yuan")] = f"{fen / 100:,.2f}"
        if "rule" in named:
            fixed = " ".join(filter(None, [str(named["day"]), str(named["squad"])]))
            others = str(named["others"])
            met = self._say("visit.met", others=others) if others else ""
            named |= {"fixed": fixed, "reason": self._say(f"slot_rule.{named['rule']}") + met}
        if "skill" in named or "exhibitor" in named:
            wanted = [str(named.get(key) or "") for key in ("skill", "exhibitor")]
            named["wanted"] = " ".join(filter(None, wanted)) or self._say("visit.any")
            beside = " ".join(filter(None, [str(named.get("base") or ""), *wanted]))
            named["beside"] = self._say("visit.beside", what=beside) if beside else ""
        return named

    def _say(self, key: str, **args: Arg) -> str:
        return text(key, locale=self._locale, **args)
