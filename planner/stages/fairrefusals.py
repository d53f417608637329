"""Why a fair is not held, with figures, and the smallest change that was tried and helps.

Every day at every venue is asked what stands against the fair beside those that are held, with the firms that
must be there. The slot that comes farthest down the list of causes names the cause.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from planner.model.agenda import FairCause, RefusedFair, Remedy, RemedyKind
from planner.solvers.fairs.judge import Judge
from planner.stages.fairdesk import lay_out
from planner.stages.fairobstacles import Obstacles
from planner.stages.fairremedies import ask_slots, find_remedy
from planner.stages.fairterms import build_terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from planner.errors import Arg
    from planner.model.agenda import PlannedFair
    from planner.model.fairs import FairId
    from planner.model.locks import Lock
    from planner.stages.fairdesk import FairDesk
    from planner.stages.fairobstacles import Obstacle
    from planner.stages.fairremedies import Asked
    from planner.stages.fairterms import Terms

_RELEASE: Final = ("who", "why", "until", "wanted")
"""What has to be known to have a lock released."""
_RANK: Final = {cause: rank for rank, cause in enumerate(FairCause)}


def explain_refused(
    desk: FairDesk, fairs: Sequence[PlannedFair], *, broken: Mapping[FairId, Obstacle]
) -> tuple[RefusedFair, ...]:
    """Say why fairs of the desk are not among ``fairs``; ``broken`` is what stands against their locks.

    All are asked about at one desk, which knows the venues that locks name and those without locks.
    """
    held = {fair.fair_id for fair in fairs}
    refused = [one for one in desk.terms if one.fair.id not in held]
    if not refused:
        return ()
    ground = desk.ground
    released = {one.fair.id for one in refused}
    every = build_terms(ground.campaign, seats=dict(ground.seats), released=released)
    free = {one.fair.id: one for one in every if one.fair.id in released}
    wide = lay_out(ground, [_widen(one, free.get(one.fair.id, one)) for one in desk.terms])
    there = [wide.hold(one.slot) for one in wide.as_held(fairs)]
    asker = Obstacles(wide, Judge(wide.problem), held=there)
    return tuple(
        _explain(wide, asker, terms=one, free=free[one.fair.id], broken=broken.get(one.fair.id))
        for one in refused
    )


def _widen(terms: Terms, free: Terms) -> Terms:
    return replace(terms, venues=tuple(dict.fromkeys((*free.venues, *terms.venues))))


def _explain(
    desk: FairDesk, asker: Obstacles, *, terms: Terms, free: Terms, broken: Obstacle | None
) -> RefusedFair:
    cause, args = _find_cause(list(ask_slots(desk, asker, terms=terms)), desk=desk, terms=terms)
    if broken is not None and broken.cause is not None:
        cause, args = broken.cause, {**_figures(terms), **broken.args}
    args = {**args, "fair": terms.fair.name}
    if terms.lock is not None:
        args |= _name_lock(terms.lock)
        days = [spot.day for spot, obstacles in ask_slots(desk, asker, terms=free) if not obstacles]
        if days:
            return _refuse_lock(terms, cause=cause, args=args, day=_nearest(days, terms=terms))
    worth = cause is not FairCause.NOT_WORTH
    remedy = find_remedy(desk, asker, terms=terms) if worth else None
    if remedy is None and worth and terms.lock is not None:
        remedy = _add_release(find_remedy(desk, asker, terms=free), args=args)
    return RefusedFair(fair_id=terms.fair.id, cause=cause, args=args, remedy=remedy)


def _nearest(days: Sequence[date], *, terms: Terms) -> date:
    """The day nearest to that of the lock, the earlier of two; the first where it names none."""
    wanted = terms.lock.day if terms.lock is not None and terms.lock.day is not None else terms.first
    return min(days, key=lambda day: (abs((day - wanted).days), day))


def _add_release(remedy: Remedy | None, *, args: Mapping[str, Arg]) -> Remedy | None:
    """What helps once the lock is released, where nothing does as long as it holds."""
    if remedy is None:
        return None
    return replace(remedy, args={**remedy.args, **{name: args[name] for name in _RELEASE}})


def _name_lock(lock: Lock) -> dict[str, Arg]:
    wanted = " ".join(part for part in (lock.day.isoformat() if lock.day else "", lock.to) if part)
    said = {"who": lock.who, "why": lock.why, "until": lock.until.isoformat()}
    return {**said, "item": lock.item, "wanted": wanted}


def _refuse_lock(terms: Terms, *, cause: FairCause, args: Mapping[str, Arg], day: date) -> RefusedFair:
    """The lock alone stands in the way: without it the fair could be on ``day``."""
    said = {name: args[name] for name in _RELEASE} | {"day": day.isoformat()}
    return RefusedFair(
        fair_id=terms.fair.id,
        cause=FairCause.LOCKS_CONTRADICT,
        args={**args, "reason": cause.value},
        remedy=Remedy(kind=RemedyKind.RELEASE_LOCK, args=said),
    )


def _figures(terms: Terms) -> Mapping[str, Arg]:
    announced = terms.fair.announced
    return {
        "visitors": terms.fair.expected_visitors,
        "first": terms.first.isoformat(),
        "last": terms.last.isoformat(),
        "fixed": terms.fixed,
        "announced": announced.isoformat() if announced else "",
        "kind": terms.fair.kind.value,
    }


def _find_cause(asked: Asked, *, desk: FairDesk, terms: Terms) -> tuple[FairCause, Mapping[str, Arg]]:
    figures, first_day = _figures(terms), desk.ground.campaign.first_day
    if terms.last < first_day:
        return FairCause.WINDOW_OVER, {**figures, "first_day": first_day.isoformat()}
    if not terms.venues and not terms.online:
        return FairCause.NO_VENUE, figures
    nearest = max(
        asked,
        key=lambda entry: (
            _RANK[entry[1][0].cause] if entry[1] and entry[1][0].cause else len(_RANK),
            -len(entry[1]),
            -entry[0].day.toordinal(),
        ),
    )
    obstacle = nearest[1][0] if nearest[1] else None
    if obstacle is None or obstacle.cause is None:
        return FairCause.NOT_WORTH, figures
    return obstacle.cause, {**figures, **obstacle.args}
