"""What stands against a fair on a day at a venue, beside the fairs that are held, most fundamental first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from planner.catchment import keeps_distance
from planner.errors import Arg
from planner.model.agenda import FairCause
from planner.solvers.fairs import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from planner.solvers.fairs import Fair as Held
    from planner.solvers.fairs.judge import Judge
    from planner.stages.fairdesk import FairDesk, Site
    from planner.stages.fairterms import Terms

_RANK = {cause: rank for rank, cause in enumerate(FairCause)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One rule that a slot breaks; ``cause`` None: it is outside the fair's window by ``amount`` days.

    ``amount`` is by how much: visitors, days, pieces.
    """

    cause: FairCause | None
    amount: int = 1
    args: Mapping[str, Arg] = field(default_factory=dict[str, Arg])


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A fair of a desk at a site on a day, which need not be one that it has numbers for."""

    terms: Terms
    site: int
    day: date


class Obstacles:
    """Answers for one desk and the fairs that are held in it."""

    def __init__(self, desk: FairDesk, judge: Judge, *, held: Sequence[Held]) -> None:
        self._desk, self._judge, self._held = desk, judge, held
        self._rules = desk.ground.campaign.rules.fairs
        self._visits = Counter(firm for fair in held for firm in fair.employers)

    def list(self, spot: Spot) -> tuple[Obstacle, ...]:
        """Every rule that a spot breaks, in the order of causes, the window last."""
        site = self._desk.sites[spot.site]
        found = [
            *self._place(spot, site),
            *self._law(spot, site),
            *self._resources(spot),
            *self._neighbours(spot, site),
            *self._guests(spot),
        ]
        found.sort(key=lambda obstacle: _RANK[obstacle.cause] if obstacle.cause else len(_RANK))
        early, late = (spot.terms.first - spot.day).days, (spot.day - spot.terms.last).days
        outside = max(early, late, (self._desk.ground.campaign.first_day - spot.day).days)
        if outside > 0:
            found.append(Obstacle(cause=None, amount=outside, args={"day": spot.day.isoformat()}))
        return tuple(found)

    def _place(self, spot: Spot, site: Site) -> Iterator[Obstacle]:
        venue, fair = site.venue, spot.terms.fair
        if venue is None:
            return
        named: dict[str, Arg] = {"venue": venue.name, "day": spot.day.isoformat()}
        over = fair.expected_visitors - venue.capacity
        if over > 0:
            figures: dict[str, Arg] = {"visitors": fair.expected_visitors, "capacity": venue.capacity}
            yield Obstacle(cause=FairCause.VENUE_TOO_SMALL, amount=over, args={**named, **figures})
        if not venue.is_open(spot.day):
            yield Obstacle(cause=FairCause.VENUE_CLOSED, args=named)
        for other in self._held:
            if (other.slot.venue, self._desk.date(other.slot.day)) == (spot.site, spot.day):
                yield Obstacle(cause=FairCause.VENUE_TAKEN, args={**named, "other": self._name(other)})

    def _law(self, spot: Spot, site: Site) -> Iterator[Obstacle]:
        terms = spot.terms
        first_day = self._desk.ground.campaign.first_day
        expected = terms.fair.expected_visitors
        if site.venue is not None:
            coming = self._judge.visitors(Slot(self._desk.wish(terms.fair.id), spot.site, 0))
            expected = max(expected, coming)
        ready = first_day + timedelta(self._rules.permit_days)
        if site.venue is not None and expected >= self._rules.permit_visitors and spot.day < ready:
            figures: dict[str, Arg] = {"visitors": expected, "days": self._rules.permit_days}
            figures |= {"day": spot.day.isoformat(), "earliest": ready.isoformat()}
            figures |= {"limit": self._rules.permit_visitors}
            yield Obstacle(cause=FairCause.PERMIT_TOO_LATE, amount=(ready - spot.day).days, args=figures)
        if terms.peak_until is not None and spot.day > terms.peak_until:
            figures = {"day": spot.day.isoformat(), "latest": terms.peak_until.isoformat()}
            figures |= {"margin": self._rules.peak_margin_days}
            yield Obstacle(
                cause=FairCause.AFTER_PEAK, amount=(spot.day - terms.peak_until).days, args=figures
            )

    def _resources(self, spot: Spot) -> Iterator[Obstacle]:
        stock = {resource.id: resource for resource in self._desk.resources}
        used: Counter[str] = Counter()
        for other in self._held:
            if self._desk.date(other.slot.day) == spot.day:
                for need in self._desk.terms[other.slot.wish].fair.needs:
                    used[need.resource_id] += need.count
        for need in spot.terms.fair.needs:
            resource = stock.get(need.resource_id)
            if resource is None:
                continue
            figures: dict[str, Arg] = {"resource": resource.name, "needed": need.count}
            figures |= {"stock": resource.count, "day": spot.day.isoformat()}
            short = used[need.resource_id] + need.count - resource.count
            if need.count > resource.count:
                yield Obstacle(
                    cause=FairCause.NEEDS_TOO_MANY, amount=need.count - resource.count, args=figures
                )
            elif short > 0:
                yield Obstacle(
                    cause=FairCause.RESOURCE_TAKEN,
                    amount=short,
                    args={**figures, "free": resource.count - used[need.resource_id]},
                )

    def _neighbours(self, spot: Spot, site: Site) -> Iterator[Obstacle]:
        if site.town is None or not keeps_distance(spot.terms.fair):
            return
        for other in self._held:
            there, fair = self._desk.sites[other.slot.venue].town, self._desk.terms[other.slot.wish].fair
            apart = abs((self._desk.date(other.slot.day) - spot.day).days)
            if there is None or not keeps_distance(fair) or apart >= self._rules.gap_days:
                continue
            if self._desk.ground.are_near(site.town, there):
                figures: dict[str, Arg] = {"other": self._name(other), "apart": apart}
                figures |= {"gap": self._rules.gap_days, "day": spot.day.isoformat()}
                yield Obstacle(
                    cause=FairCause.NEIGHBOUR_NEAR, amount=self._rules.gap_days - apart, args=figures
                )

    def _guests(self, spot: Spot) -> Iterator[Obstacle]:
        """Those who must be there and cannot: away, at another fair that day, or at as many as they take."""
        firms = {firm.id: number for number, firm in enumerate(self._desk.exhibitors)}
        site = self._desk.sites[spot.site]
        booths = 0
        for name in spot.terms.must:
            number = firms.get(name)
            firm = None if number is None else self._desk.exhibitors[number]
            busy = any(
                number in other.employers and self._desk.date(other.slot.day) == spot.day
                for other in self._held
            )
            booths += firm.booths if firm else 0
            full = site.venue is not None and booths > site.venue.booths
            if (
                firm is None
                or number is None
                or busy
                or full
                or not firm.is_open(spot.day)
                or (self._visits[number] >= firm.most_fairs)
            ):
                who = name if firm is None else firm.employer
                yield Obstacle(
                    cause=FairCause.NO_EXHIBITOR, args={"exhibitor": who, "day": spot.day.isoformat()}
                )

    def _name(self, held: Held) -> str:
        return self._desk.terms[held.slot.wish].fair.name
