"""What would let a fair be held: the smallest single change, looked for beside the fairs that are.

A slot with one kind of obstacle names a change. Whatever somebody fixed stays fixed: a lock bars changes of
its day and venue, an announced day can only be announced anew.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from planner.model.agenda import FairCause, Remedy, RemedyKind
from planner.stages.fairobstacles import Spot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.errors import Arg
    from planner.stages.fairdesk import FairDesk
    from planner.stages.fairobstacles import Obstacle, Obstacles
    from planner.stages.fairterms import Terms

Asked = list[tuple[Spot, "tuple[Obstacle, ...]"]]
"""Slots, and what stands against each."""

_LONGER: Final = 7
"""By so many days a window may be lengthened; more is to move it."""
_BEYOND: Final = timedelta(days=30)
"""So far before and after a window is looked."""
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
_BY_CAUSE: Final = {
    FairCause.VENUE_CLOSED: RemedyKind.OPEN_VENUE,
    FairCause.NEEDS_TOO_MANY: RemedyKind.ADD_RESOURCE,
    FairCause.RESOURCE_TAKEN: RemedyKind.ADD_RESOURCE,
    FairCause.NO_EXHIBITOR: RemedyKind.INVITE_EXHIBITOR,
    FairCause.NEIGHBOUR_NEAR: RemedyKind.SHORTEN_GAP,
}
_ONE_ONLY: Final = {RemedyKind.ADD_RESOURCE, RemedyKind.INVITE_EXHIBITOR}
"""They name one pool or firm, and help where no other is short."""
_CROWDED: Final = {FairCause.VENUE_TOO_SMALL, FairCause.PERMIT_TOO_LATE}
"""Both go away where fewer are expected."""


def ask_slots(
    desk: FairDesk, asker: Obstacles, *, terms: Terms, more: timedelta = timedelta(0)
) -> Iterator[tuple[Spot, tuple[Obstacle, ...]]]:
    """Ask of every day of the fair's window, and so many ``more`` on both sides, at every venue of its."""
    first = max(terms.first - more, desk.ground.campaign.first_day)
    days = [first + timedelta(n) for n in range((terms.last + more - first).days + 1)]
    for venue in [None] if terms.online else [venue.id for venue in terms.venues]:
        site = desk.site(terms.fair.id, venue)
        for day in days if site is not None else ():
            spot = Spot(terms=terms, site=site, day=day)
            yield spot, asker.list(spot)


def find_remedy(desk: FairDesk, asker: Obstacles, *, terms: Terms) -> Remedy | None:
    """The easiest change, of the same kind the smallest; another venue where no other helps, if that does."""
    over = max(desk.ground.campaign.first_day - terms.last, timedelta(0))
    tried = [
        (_EASE[remedy.kind], amount, spot.day, remedy)
        for spot, obstacles in ask_slots(desk, asker, terms=terms, more=_BEYOND + over)
        for remedy, amount in _change(desk, spot, obstacles=obstacles)
    ]
    if tried:
        return min(tried, key=lambda found: found[:3])[3]
    return _find_other_venue(desk, asker, terms=terms)


def _find_other_venue(desk: FairDesk, asker: Obstacles, *, terms: Terms) -> Remedy | None:
    """A venue that is not in the lists yet, on the first day that nothing else stands against."""
    if terms.online or (terms.lock is not None and terms.lock.to):
        return None
    first = max(terms.first, desk.ground.campaign.first_day)
    for number in range((terms.last - first).days + 1):
        day = first + timedelta(number)
        if not asker.list(Spot(terms=terms, site=None, day=day)):
            figures = {"kind": terms.fair.kind.value, "visitors": terms.fair.expected_visitors}
            return Remedy(kind=RemedyKind.ADD_VENUE, args={**figures, "day": day.isoformat()})
    return None


def _change(desk: FairDesk, spot: Spot, *, obstacles: tuple[Obstacle, ...]) -> Iterator[tuple[Remedy, int]]:
    """What would clear a slot of its only kind of obstacle, and how much of it."""
    causes = {obstacle.cause for obstacle in obstacles}
    if not causes or any(obstacle.lasting for obstacle in obstacles):
        return
    if causes <= _CROWDED:
        yield from _lower(desk, spot, causes=causes)
        return
    worst = max(obstacles, key=lambda obstacle: obstacle.amount)
    kind = _move(spot.terms, by=worst.amount) if worst.cause is None else _BY_CAUSE.get(worst.cause)
    alone = len(obstacles) == 1 if kind in _ONE_ONLY else len(causes) == 1
    if kind is not None and alone:
        args = {"fair": spot.terms.fair.name, "day": spot.day.isoformat(), **worst.args}
        yield Remedy(kind=kind, args={**args, "count": worst.amount}), worst.amount


def _move(terms: Terms, *, by: int) -> RemedyKind | None:
    """How a fair comes to another day; None where a lock holds its own."""
    if terms.lock is not None and terms.lock.day is not None:
        return None
    longer = by <= _LONGER and terms.fair.announced is None
    return RemedyKind.LENGTHEN_WINDOW if longer else RemedyKind.MOVE_WINDOW


def _lower(desk: FairDesk, spot: Spot, *, causes: set[FairCause | None]) -> Iterator[tuple[Remedy, int]]:
    """Expect as many as the venue takes, and no more than may come without the police's leave."""
    venue = None if spot.site is None else desk.sites[spot.site].venue
    if venue is None:
        return
    expected = spot.terms.fair.expected_visitors
    most = min(expected, venue.capacity)
    if FairCause.PERMIT_TOO_LATE in causes:
        most = min(most, desk.ground.campaign.rules.fairs.permit_visitors - 1)
    if most > 0:
        figures: Mapping[str, Arg] = {"fair": spot.terms.fair.name, "visitors": expected, "most": most}
        args = {**figures, "venue": venue.name, "day": spot.day.isoformat()}
        yield Remedy(kind=RemedyKind.LOWER_VISITORS, args=args), expected - most
