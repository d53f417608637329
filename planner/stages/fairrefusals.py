"""Why a fair is not held, with figures, and the smallest change that was tried and helps.

Every day at every venue is asked what stands against the fair beside those that are held. The slot that
comes farthest down the list of causes names the cause; a slot with one obstacle only names the remedy.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from planner.model.agenda import FairCause, RefusedFair, Remedy, RemedyKind
from planner.solvers.fairs.judge import Judge
from planner.stages.fairdesk import lay_out
from planner.stages.fairobstacles import Obstacles, Spot
from planner.stages.fairterms import build_terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planner.errors import Arg
    from planner.model.agenda import PlannedFair
    from planner.stages.fairdesk import FairDesk
    from planner.stages.fairobstacles import Obstacle
    from planner.stages.fairterms import Terms

_RANK: Final = {cause: rank for rank, cause in enumerate(FairCause)}
_LONGER: Final = 7
"""By so many days a window may be lengthened; more is to move it."""
_BEYOND: Final = timedelta(days=30)
_EASE: Final = {
    kind: rank
    for rank, kind in enumerate(
        (
            RemedyKind.LENGTHEN_WINDOW,
            RemedyKind.OPEN_VENUE,
            RemedyKind.ADD_RESOURCE,
            RemedyKind.INVITE_EXHIBITOR,
            RemedyKind.SHORTEN_GAP,
            RemedyKind.LOWER_VISITORS,
            RemedyKind.MOVE_WINDOW,
        )
    )
}
"""Of remedies, the easiest first."""

_Asked = list[tuple[Spot, "tuple[Obstacle, ...]"]]


def explain_refused(
    desk: FairDesk, fairs: Sequence[PlannedFair], *, terms: Terms, broken: Obstacle | None = None
) -> RefusedFair:
    """Say why a fair of the desk is not among ``fairs``; ``broken`` is what stands against its lock."""
    ground, fair = desk.ground, terms.fair
    free = next(
        one
        for one in build_terms(ground.campaign, seats=dict(ground.seats), free=fair.id)
        if one.fair.id == fair.id
    )
    wide = lay_out(ground, [free if one.fair.id == fair.id else one for one in desk.terms])
    asker = Obstacles(wide, Judge(wide.problem), held=wide.as_held(fairs))
    bound = _ask(wide, asker, terms=terms, more=timedelta(0))
    inside = [spot for spot in bound if not any(obstacle.cause is None for obstacle in spot[1])]
    cause, args = _find_cause(inside, terms=terms)
    asked = _ask(wide, asker, terms=free, more=_BEYOND)
    if broken is not None and broken.cause is not None:
        cause, args = broken.cause, broken.args
    if terms.lock is not None and any(not obstacles for _, obstacles in asked):
        return _refuse_lock(terms, cause=cause, args=args)
    return RefusedFair(
        fair_id=fair.id,
        cause=cause,
        args={"fair": fair.name, **args},
        remedy=_find_remedy(asked, terms=free, cause=cause),
    )


def _refuse_lock(terms: Terms, *, cause: FairCause, args: Mapping[str, Arg]) -> RefusedFair:
    """The lock alone stands in the way."""
    lock = terms.lock
    if lock is None:
        raise ValueError("there is no lock")
    said: dict[str, Arg] = {"who": lock.who, "why": lock.why, "until": lock.until.isoformat()}
    wanted = " ".join(part for part in (lock.day.isoformat() if lock.day else "", lock.to) if part)
    return RefusedFair(
        fair_id=terms.fair.id,
        cause=FairCause.LOCKS_CONTRADICT,
        args={**args, "fair": terms.fair.name, **said, "wanted": wanted, "reason": cause.value},
        remedy=Remedy(kind=RemedyKind.RELEASE_LOCK, args={**said, "wanted": wanted}),
    )


def _ask(desk: FairDesk, asker: Obstacles, *, terms: Terms, more: timedelta) -> _Asked:
    """Every day of the fair's window, and so many more on both sides, at every venue of its."""
    first = max(terms.first - more, desk.ground.campaign.first_day)
    days = [first + timedelta(n) for n in range((terms.last + more - first).days + 1)]
    sites = [desk.site(terms.fair.id, None if terms.online else venue.id) for venue in terms.venues or ()]
    sites += [desk.site(terms.fair.id, None)] if terms.online else []
    spots = [Spot(terms=terms, site=site, day=day) for site in sites if site is not None for day in days]
    return [(spot, asker.list(spot)) for spot in spots]


def _find_cause(asked: _Asked, *, terms: Terms) -> tuple[FairCause, Mapping[str, Arg]]:
    figures: Mapping[str, Arg] = {
        "visitors": terms.fair.expected_visitors,
        "first": terms.first.isoformat(),
        "last": terms.last.isoformat(),
        "kind": terms.fair.kind.value,
    }
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


def _find_remedy(asked: _Asked, *, terms: Terms, cause: FairCause) -> Remedy | None:
    """The easiest single change, of the same kind the smallest; another venue where nothing else helps."""
    tried = [
        (_EASE[remedy.kind], amount, spot.day, remedy)
        for spot, obstacles in asked
        if len({obstacle.cause for obstacle in obstacles}) == 1
        for remedy, amount in _change(spot, obstacles, terms=terms)
    ]
    if tried:
        return min(tried, key=lambda found: found[:3])[3]
    if terms.online or cause is FairCause.NOT_WORTH:
        return None
    figures = {"kind": terms.fair.kind.value, "visitors": terms.fair.expected_visitors}
    return Remedy(kind=RemedyKind.ADD_VENUE, args=figures)


def _change(spot: Spot, obstacles: tuple[Obstacle, ...], *, terms: Terms) -> Iterator[tuple[Remedy, int]]:
    """What would clear a slot of its only kind of obstacle, and how much of it."""
    worst = max(obstacles, key=lambda obstacle: obstacle.amount)
    args = {"fair": terms.fair.name, "day": spot.day.isoformat(), **worst.args}
    kind: RemedyKind | None = None
    if worst.cause is None:
        kind = RemedyKind.LENGTHEN_WINDOW if worst.amount <= _LONGER else RemedyKind.MOVE_WINDOW
    elif worst.cause is FairCause.VENUE_CLOSED:
        kind = RemedyKind.OPEN_VENUE
    elif worst.cause in {FairCause.NEEDS_TOO_MANY, FairCause.RESOURCE_TAKEN}:
        kind = RemedyKind.ADD_RESOURCE if len(obstacles) == 1 else None
    elif worst.cause is FairCause.NO_EXHIBITOR:
        kind = RemedyKind.INVITE_EXHIBITOR if len(obstacles) == 1 else None
    elif worst.cause is FairCause.NEIGHBOUR_NEAR:
        kind = RemedyKind.SHORTEN_GAP
    elif worst.cause is FairCause.VENUE_TOO_SMALL:
        kind = RemedyKind.LOWER_VISITORS
    if kind is not None:
        yield Remedy(kind=kind, args={**args, "count": worst.amount}), worst.amount
