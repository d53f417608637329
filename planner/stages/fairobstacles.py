"""What stands against a fair on a day at a venue, beside the fairs that are held, most fundamental first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from planner.catchment import find_county, find_fair_county, keeps_distance, may_exhibit, same_county
from planner.errors import Arg
from planner.model.agenda import FairCause
from planner.solvers.fairs import Slot
from planner.stages.fairdesk import Site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from planner.model.fairs import Exhibitor, Venue
    from planner.solvers.fairs import Fair as Held
    from planner.solvers.fairs.judge import Judge
    from planner.stages.fairdesk import FairDesk
    from planner.stages.fairterms import Terms

_RANK = {cause: rank for rank, cause in enumerate(FairCause)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One rule that a slot breaks; ``cause`` None: it is outside the fair's window by ``amount`` days.

    ``amount`` is by how much: visitors, days, pieces. What is ``lasting`` goes away for no asking: people
    come in any number, and a firm that has to be at another fair cannot be here.
    """

    cause: FairCause | None
    amount: int = 1
    lasting: bool = False
    args: Mapping[str, Arg] = field(default_factory=dict[str, Arg])


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A fair of a desk at a site on a day, which need not be one that it has numbers for.

    ``site`` None: at a venue that nobody has found yet, in its township if it has one, as large as needed.
    """

    terms: Terms
    site: int | None
    day: date


class Obstacles:
    """Answers for one desk and the fairs that are held in it."""

    def __init__(self, desk: FairDesk, judge: Judge, *, held: Sequence[Held]) -> None:
        self._desk, self._judge, self._held = desk, judge, held
        self._rules = desk.ground.campaign.rules.fairs
        self._visits = Counter(firm for fair in held for firm in fair.employers)

    def list(self, spot: Spot) -> tuple[Obstacle, ...]:
        """Every rule that a spot breaks, in the order of causes, the window last."""
        found = [
            *self._place(spot),
            *self._law(spot),
            *self._resources(spot),
            *self._neighbours(spot),
            *self._guests(spot),
        ]
        found.sort(key=lambda obstacle: _RANK[obstacle.cause] if obstacle.cause else len(_RANK))
        early, late = (spot.terms.first - spot.day).days, (spot.day - spot.terms.last).days
        outside = max(early, late, (self._desk.ground.campaign.first_day - spot.day).days)
        if outside > 0:
            found.append(Obstacle(cause=None, amount=outside, args={"day": spot.day.isoformat()}))
        return tuple(found)

    def _site(self, spot: Spot) -> Site:
        return Site(town=spot.terms.fair.township_id) if spot.site is None else self._desk.sites[spot.site]

    def _place(self, spot: Spot) -> Iterator[Obstacle]:
        venue, fair = self._site(spot).venue, spot.terms.fair
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

    def _law(self, spot: Spot) -> Iterator[Obstacle]:
        terms = spot.terms
        first_day = self._desk.ground.campaign.first_day
        coming = 0
        if spot.site is not None and not terms.online:
            coming = self._judge.visitors(Slot(self._desk.wish(terms.fair.id), spot.site, 0))
        expected = max(terms.fair.expected_visitors, coming)
        ready = first_day + timedelta(self._rules.permit_days)
        if not terms.online and expected >= self._rules.permit_visitors and spot.day < ready:
            figures: dict[str, Arg] = {"visitors": expected, "days": self._rules.permit_days}
            figures |= {"day": spot.day.isoformat(), "earliest": ready.isoformat()}
            figures |= {"limit": self._rules.permit_visitors}
            yield Obstacle(
                cause=FairCause.PERMIT_TOO_LATE,
                amount=(ready - spot.day).days,
                lasting=coming >= self._rules.permit_visitors,
                args=figures,
            )
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
                yield Obstacle(cause=FairCause.NEEDS_TOO_MANY, amount=short, args=figures)
            elif short > 0:
                yield Obstacle(
                    cause=FairCause.RESOURCE_TAKEN,
                    amount=short,
                    args={**figures, "free": resource.count - used[need.resource_id]},
                )

    def _neighbours(self, spot: Spot) -> Iterator[Obstacle]:
        """Fairs too near; a venue that nobody has found, of no township, could be near to any."""
        town = self._site(spot).town
        if (town is None and spot.site is not None) or not keeps_distance(spot.terms.fair):
            return
        for other in self._held:
            there, fair = self._desk.sites[other.slot.venue].town, self._desk.terms[other.slot.wish].fair
            apart = abs((self._desk.date(other.slot.day) - spot.day).days)
            if there is None or not keeps_distance(fair) or apart >= self._rules.gap_days:
                continue
            if town is None or self._desk.ground.are_near(town, there):
                figures: dict[str, Arg] = {"other": self._name(other), "apart": apart}
                figures |= {"gap": self._rules.gap_days, "day": spot.day.isoformat()}
                yield Obstacle(
                    cause=FairCause.NEIGHBOUR_NEAR, amount=self._rules.gap_days - apart, args=figures
                )

    def _guests(self, spot: Spot) -> Iterator[Obstacle]:
        """Those who must be there and cannot: away, at another fair that day, or at as many as they take."""
        firms = {firm.id: (number, firm) for number, firm in enumerate(self._desk.exhibitors)}
        busy = {
            firm
            for other in self._held
            for firm in other.employers
            if self._desk.date(other.slot.day) == spot.day
        }
        venue, booths = self._site(spot).venue, 0
        for name in spot.terms.must:
            if name not in firms:
                yield _absent(name, spot.day, lasting=True)
                continue
            number, firm = firms[name]
            booths += firm.booths
            full = venue is not None and booths > venue.booths
            lasting = full or number in busy or not self._invites(firm, spot.terms, venue=venue)
            if lasting or not firm.is_open(spot.day) or self._visits[number] >= firm.most_fairs:
                yield _absent(firm.employer, spot.day, lasting=lasting)

    def _invites(self, exhibitor: Exhibitor, terms: Terms, *, venue: Venue | None) -> bool:
        """Whether the office that holds the fair may invite a firm."""
        there = exhibitor.county if venue is None else find_county(venue.place_id)
        county = find_fair_county(terms.fair, venue)
        return may_exhibit(terms.fair, exhibitor, county=county) and same_county(exhibitor.county, there)

    def _name(self, held: Held) -> str:
        return self._desk.terms[held.slot.wish].fair.name


def _absent(who: str, day: date, *, lasting: bool) -> Obstacle:
    figures: dict[str, Arg] = {"exhibitor": who, "day": day.isoformat()}
    return Obstacle(cause=FairCause.NO_EXHIBITOR, lasting=lasting, args=figures)
