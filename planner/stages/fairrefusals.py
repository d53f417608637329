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

    from planner.errors import Arg
    from planner.model.agenda import PlannedFair
    from planner.model.locks import Lock
    from planner.stages.fairdesk import FairDesk
    from planner.stages.fairobstacles import Obstacle
    from planner.stages.fairremedies import Asked
    from planner.stages.fairterms import Terms

_RANK: Final = {cause: rank for rank, cause in enumerate(FairCause)}


def explain_refused(
    desk: FairDesk, fairs: Sequence[PlannedFair], *, terms: Terms, broken: Obstacle | None = None
) -> RefusedFair:
    """Say why a fair of the desk is not among ``fairs``; ``broken`` is what stands against its lock."""
    ground, fair = desk.ground, terms.fair
    every = build_terms(ground.campaign, seats=dict(ground.seats), released=fair.id)
    free = next(one for one in every if one.fair.id == fair.id)
    venues = tuple(dict.fromkeys((*free.venues, *terms.venues)))
    broad = replace(terms, venues=venues)
    wide = lay_out(ground, [broad if one.fair.id == fair.id else one for one in desk.terms])
    held = [wide.hold(one.slot) for one in wide.as_held(fairs)]
    asker = Obstacles(wide, Judge(wide.problem), held=held)
    cause, args = _find_cause(list(ask_slots(wide, asker, terms=terms)), terms=terms)
    if broken is not None and broken.cause is not None:
        cause, args = broken.cause, {**_figures(terms), **broken.args}
    if terms.lock is not None:
        loose = ask_slots(wide, asker, terms=free)
        if any(not obstacles for _, obstacles in loose):
            return _refuse_lock(terms, lock=terms.lock, cause=cause, args=args)
    worth = cause is not FairCause.NOT_WORTH
    return RefusedFair(
        fair_id=fair.id,
        cause=cause,
        args={"fair": fair.name, **args},
        remedy=find_remedy(wide, asker, terms=terms) if worth else None,
    )


def _refuse_lock(terms: Terms, *, lock: Lock, cause: FairCause, args: Mapping[str, Arg]) -> RefusedFair:
    """The lock alone stands in the way."""
    said: dict[str, Arg] = {"who": lock.who, "why": lock.why, "until": lock.until.isoformat()}
    wanted = " ".join(part for part in (lock.day.isoformat() if lock.day else "", lock.to) if part)
    return RefusedFair(
        fair_id=terms.fair.id,
        cause=FairCause.LOCKS_CONTRADICT,
        args={**args, "fair": terms.fair.name, **said, "wanted": wanted, "reason": cause.value},
        remedy=Remedy(kind=RemedyKind.RELEASE_LOCK, args={**said, "wanted": wanted}),
    )


def _figures(terms: Terms) -> Mapping[str, Arg]:
    return {
        "visitors": terms.fair.expected_visitors,
        "first": terms.first.isoformat(),
        "last": terms.last.isoformat(),
        "kind": terms.fair.kind.value,
    }


def _find_cause(asked: Asked, *, terms: Terms) -> tuple[FairCause, Mapping[str, Arg]]:
    figures = _figures(terms)
    if not terms.venues and not terms.online:
        return FairCause.NO_VENUE, figures
    nearest = max(
        asked,
        key=lambda entry: (
            _RANK[entry[1][0].cause] if entry[1] and entry[1][0].cause else len(_RANK),
            -len(entry[1]),
            -entry[0].day.toordinal(),
        ),
        default=None,
    )
    if nearest is None:
        return FairCause.VENUE_CLOSED, {**figures, "venue": "-", "day": terms.last.isoformat()}
    obstacle = nearest[1][0] if nearest[1] else None
    if obstacle is None or obstacle.cause is None:
        return FairCause.NOT_WORTH, figures
    return obstacle.cause, {**figures, **obstacle.args}
