"""On which days and at which venues each fair could be, by itself: its commission, locks, law and peak."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from planner.candidates import find_peak
from planner.decisions import standing_locks
from planner.model.fairs import ExhibitorId, FairId, FairKind, VenueId
from planner.model.locks import LockKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from planner.model.campaign import Campaign
    from planner.model.fairs import Fair, Venue
    from planner.model.locks import Lock
    from planner.model.places import PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What binds one fair.

    ``first`` to ``last`` are the days of its commission, or the one that is held by a lock or was announced;
    the permit and the peak narrow them. ``venues`` could host its kind where it is wanted, of any size,
    the lock's own among them.
    """

    fair: Fair
    lock: Lock | None
    first: date
    last: date
    venues: tuple[Venue, ...]
    permit_from: date | None
    """Before it the permit cannot be there."""
    peak_until: date | None
    """After it is too close to the departure peak."""

    @property
    def days(self) -> tuple[date, date]:
        """First and last day that the commission, the permit and the peak leave; none where reversed."""
        first = self.first if self.permit_from is None else max(self.first, self.permit_from)
        last = self.last if self.peak_until is None else min(self.last, self.peak_until)
        return first, last

    @property
    def roomy(self) -> tuple[Venue, ...]:
        """Venues that are large enough."""
        return tuple(venue for venue in self.venues if venue.capacity >= self.fair.expected_visitors)

    @property
    def online(self) -> bool:
        """Whether it needs no venue."""
        return self.fair.kind is FairKind.ONLINE

    @property
    def must(self) -> tuple[ExhibitorId, ...]:
        """Who has to be there."""
        return self.fair.exhibitors

    @property
    def fixed(self) -> str:
        """How its one day came to be, as words have it: ``locked`` or ``announced``; empty for a window."""
        if self.lock is not None and self.lock.day is not None:
            return "locked"
        return "announced" if self.fair.announced is not None else ""

    @property
    def held(self) -> bool:
        """Whether somebody fixed something of it, or it was announced."""
        return self.lock is not None or self.fair.announced is not None


def build_terms(
    campaign: Campaign,
    *,
    seats: dict[PlaceId, PlaceId],
    free: FairId | None = None,
    released: Collection[FairId] = (),
) -> tuple[Terms, ...]:
    """The terms of every fair in id order.

    ``free`` is looked at as if nobody had fixed it, ``released`` as if no lock held them: the announced stay.
    """
    locks = standing_locks(campaign, LockKind.FAIR)
    peak = find_peak(campaign)
    return tuple(
        _build(
            campaign,
            fair,
            lock=None if fair.id in {free, *released} else locks.get(fair.id),
            announced=None if fair.id == free else fair.announced,
            seats=seats,
            peak=peak,
        )
        for fair in campaign.outreach.fairs
    )


def _build(
    campaign: Campaign,
    fair: Fair,
    *,
    lock: Lock | None,
    announced: date | None,
    seats: dict[PlaceId, PlaceId],
    peak: date | None,
) -> Terms:
    rules = campaign.rules.fairs
    day = lock.day if lock is not None and lock.day is not None else announced
    online = fair.kind is FairKind.ONLINE
    crowded = not online and fair.expected_visitors >= rules.permit_visitors
    return Terms(
        fair=fair,
        lock=lock,
        first=day or fair.first_day,
        last=day or fair.last_day,
        venues=() if online else _find_venues(campaign, fair, to=lock.to if lock else "", seats=seats),
        permit_from=campaign.first_day + timedelta(rules.permit_days) if crowded else None,
        peak_until=peak - timedelta(rules.peak_margin_days) if peak and fair.before_peak else None,
    )


def _find_venues(
    campaign: Campaign, fair: Fair, *, to: str, seats: dict[PlaceId, PlaceId]
) -> tuple[Venue, ...]:
    """Venues of the fair's kind, those named or all of its township; where a lock names one, that alone."""
    able = [venue for venue in campaign.outreach.venues if fair.kind in venue.kinds]
    if to:
        return tuple(venue for venue in able if venue.id == VenueId(to))
    if fair.venues:
        return tuple(venue for venue in able if venue.id in fair.venues)
    if fair.township_id is not None:
        return tuple(venue for venue in able if seats.get(venue.place_id) == fair.township_id)
    return tuple(able)
