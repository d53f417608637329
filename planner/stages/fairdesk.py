"""Fairs, venues, villages and exhibitors as whole numbers for the solver, and what each number stands for.

A site is a venue, or the channel of one online fair. Day 0 is the campaign's first. Lines of road are asked
once for all counties; a desk holds the fairs of one part that shares nothing with the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from planner.almanac import DayKind, build_almanac
from planner.candidates import count_seekers
from planner.catchment import (
    come_permille,
    count_posts,
    find_county,
    find_fair_county,
    find_room,
    find_seats,
    find_sectors,
    keeps_distance,
    may_exhibit,
    order_sectors,
    rebook_fen,
    same_county,
    spare_fen,
)
from planner.model.fairs import FairId, VenueId
from planner.network import UNREACHABLE, find_metres
from planner.solvers.fairs import Employer, FairsProblem, Slot, Village, Weights, Wish
from planner.solvers.fairs import Fair as Held
from planner.solvers.fairs import Venue as Hall

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Mapping, Sequence

    from planner.almanac import Almanac
    from planner.model.agenda import PlannedFair
    from planner.model.campaign import Campaign
    from planner.model.fairs import Exhibitor, ExhibitorId, Resource, Venue
    from planner.model.places import PlaceId
    from planner.stages.fairterms import Terms

_NEVER: Final = 2**30
"""Visitors, where nobody has to ask for a permit any more."""
_METRES_PER_KM: Final = 1000
_PERCENT: Final = 100
_PERMILLE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FairGround:
    """What all parts look up: who looks for work, how far villages and seats are, which days are special."""

    campaign: Campaign
    almanac: Almanac
    seats: Mapping[PlaceId, PlaceId]
    seekers: Mapping[PlaceId, Mapping[str, int]]
    metres: Mapping[PlaceId, Mapping[PlaceId, int]]
    """From the place of every venue, and its seat, to villages of seekers and seats; none: no road."""
    posts: Mapping[ExhibitorId, Counter[str]]

    def are_near(self, one: PlaceId, other: PlaceId) -> bool:
        """Whether two seats are one, or neighbours by road in one county."""
        if one == other:
            return True
        found = self.metres.get(one, {}).get(other)
        near = found is not None and found <= self.campaign.rules.fairs.neighbour_km * _METRES_PER_KM
        return near and same_county(find_county(one), find_county(other))

    def permille(self, venue: Venue, village: PlaceId) -> int:
        """How many of a thousand who look for work come from a village."""
        metres = self.metres.get(venue.place_id, {}).get(village)
        if metres is None or not same_county(find_county(venue.place_id), find_county(village)):
            return 0
        return come_permille(self.campaign.rules.fairs, metres)

    def market(self, venue: Venue, day: date) -> bool:
        """Whether a day is market day there."""
        return self.almanac.find_market(venue.place_id, day) is not None

    def extra_fen(self, venue: Venue) -> tuple[int, int]:
        """What a market day adds at a venue, and what a holiday takes, by all who would come on another."""
        rules = self.campaign.rules.fairs
        come = sum(
            self.permille(venue, village) * sum(heads.values()) // _PERMILLE
            for village, heads in self.seekers.items()
        )
        worth = min(come, venue.capacity) * rules.seeker_fen
        return worth * rules.market_percent // _PERCENT, worth * rules.holiday_percent // _PERCENT


def survey_fairs(campaign: Campaign) -> FairGround:
    """Look up what all parts need."""
    seats, seekers = find_seats(campaign), count_seekers(campaign)
    halls = {venue.place_id for venue in campaign.outreach.venues}
    towns = {seats[place] for place in halls}
    starts = sorted(halls | towns)
    found = find_metres(campaign, starts)
    column = {place.id: number for number, place in enumerate(campaign.places)}
    ends = [(place, column[place]) for place in (*seekers, *sorted(towns)) if place in column]
    return FairGround(
        campaign=campaign,
        almanac=build_almanac(campaign),
        seats=seats,
        seekers=seekers,
        metres={
            start: {end: int(row[at]) for end, at in ends if row[at] != UNREACHABLE}
            for start, row in zip(starts, found, strict=True)
        },
        posts=count_posts(campaign),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a fair can be: a venue in a township, or with neither the channel of the fair online."""

    venue: Venue | None = None
    town: PlaceId | None = None
    online: FairId | None = None

    @property
    def venue_id(self) -> VenueId | None:
        """None online."""
        return None if self.venue is None else self.venue.id


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FairDesk:
    """The fairs of one part with what their numbers stand for."""

    ground: FairGround
    terms: tuple[Terms, ...]
    """By wish."""
    sites: tuple[Site, ...]
    villages: tuple[PlaceId, ...]
    sectors: tuple[str, ...]
    exhibitors: tuple[Exhibitor, ...]
    resources: tuple[Resource, ...]
    days: int
    problem: FairsProblem

    def date(self, day: int) -> date:
        """The day of a number."""
        return self.ground.campaign.first_day + timedelta(day)

    def day(self, day: date) -> int:
        """The number of a day."""
        return (day - self.ground.campaign.first_day).days

    def wish(self, fair: FairId) -> int:
        """The number of a fair."""
        return next(number for number, terms in enumerate(self.terms) if terms.fair.id == fair)

    def site(self, fair: FairId, venue: VenueId | None) -> int | None:
        """The number of where a fair is; None where the desk does not know it."""
        return next(
            (
                number
                for number, site in enumerate(self.sites)
                if (site.online == fair if venue is None else site.venue_id == venue)
            ),
            None,
        )

    def hold(self, slot: Slot) -> Held:
        """A fair with those who must be there, as far as the desk knows them."""
        must = self.terms[slot.wish].must
        firms = (number for number, firm in enumerate(self.exhibitors) if firm.id in must)
        return Held(slot=slot, employers=tuple(firms))

    def as_held(self, fairs: Iterable[PlannedFair]) -> tuple[Held, ...]:
        """Fairs of a plan as the solver knows them; what the desk does not know is left out."""
        firms = {firm.id: number for number, firm in enumerate(self.exhibitors)}
        wishes = {terms.fair.id: number for number, terms in enumerate(self.terms)}
        found: dict[int, Held] = {}
        for fair in fairs:
            wish, site = wishes.get(fair.fair_id), self.site(fair.fair_id, fair.venue_id)
            if wish is None or site is None or not 0 <= self.day(fair.day) < self.days:
                continue
            guests = {
                firms[booking.exhibitor_id] for booking in fair.bookings if booking.exhibitor_id in firms
            }
            slot = Slot(wish, site, self.day(fair.day))
            found.setdefault(wish, Held(slot=slot, employers=tuple(sorted(guests))))
        return tuple(found.values())


def lay_out(
    ground: FairGround,
    terms: Sequence[Terms],
    *,
    fixed: Mapping[FairId, tuple[date, VenueId | None]] | None = None,
    barred: frozenset[FairId] = frozenset(),
    previous: Sequence[PlannedFair] = (),
) -> FairDesk:
    """Build the problem of some fairs.

    ``fixed`` are held on a day at a venue with those who must be there, ``barred`` never; to move a fair of
    ``previous`` costs ``fairs.change_fen``.
    """
    outreach, rules = ground.campaign.outreach, ground.campaign.rules.fairs
    before = {fair.fair_id: fair for fair in previous if fair.fair_id in {one.fair.id for one in terms}}
    ends = [max(one.last, one.fair.last_day) for one in terms] + [fair.day for fair in before.values()]
    days = max((max(ends, default=ground.campaign.first_day) - ground.campaign.first_day).days + 1, 1)
    sites = _find_sites(ground, terms, before={fair.venue_id for fair in before.values()})
    counties = {find_county(site.venue.place_id) for site in sites if site.venue is not None}
    own = [
        firm
        for firm in outreach.exhibitors
        if any(same_county(firm.county, code) for code in counties or {""})
    ]
    needed = {need.resource_id for one in terms for need in one.fair.needs}
    sectors = order_sectors(ground.seekers, {name for posts in ground.posts.values() for name in posts})
    reach = [_reach(ground, site, terms=terms) for site in sites]
    villages = tuple(place for place in ground.seekers if any(row.get(place) for row in reach))
    towns = sorted({site.town for site in sites if site.town is not None})
    number_of = {town: number for number, town in enumerate(towns)}
    blank = FairDesk(
        ground=ground,
        terms=tuple(terms),
        sites=sites,
        villages=villages,
        sectors=sectors,
        exhibitors=tuple(own),
        resources=tuple(resource for resource in outreach.resources if resource.id in needed),
        days=days,
        problem=_EMPTY,
    )
    told = blank.as_held(previous)
    problem = FairsProblem(
        days=days,
        venues=tuple(_hall(blank, site, number_of=number_of) for site in sites),
        villages=tuple(
            Village(
                seekers=tuple(ground.seekers[place].get(sector, 0) for sector in sectors),
                worth_fen=rules.seeker_fen,
            )
            for place in villages
        ),
        employers=tuple(_employer(blank, firm) for firm in own),
        wishes=tuple(
            replace(
                _wish(blank, one, barred=one.fair.id in barred),
                spared_fen=spare_fen(rules) * any(fair.slot.wish == number for fair in told),
            )
            for number, one in enumerate(terms)
        ),
        reach_permille=tuple(tuple(row.get(place, 0) for place in villages) for row in reach),
        weights=Weights(
            post_fen=(rules.match_fen,) * len(sectors),
            missing_fen=rules.refused_fen,
            idle_fen=0,
            moved_fen=rules.change_fen,
            rebooked_fen=rebook_fen(rules),
        ),
        neighbours=frozenset(
            (number_of[one], number_of[other])
            for one in towns
            for other in towns
            if one < other and ground.are_near(one, other)
        ),
        gap_days=rules.gap_days,
        pools=tuple((resource.count,) * days for resource in blank.resources),
        crowd=rules.permit_visitors,
        crowd_first=min(rules.permit_days, _NEVER),
        fixed=_fix(blank, fixed or {}),
        previous=told,
    )
    return replace(blank, problem=problem)


_EMPTY: Final = FairsProblem(
    days=1, venues=(), villages=(), employers=(), wishes=(), reach_permille=(), weights=Weights(post_fen=())
)


def _find_sites(
    ground: FairGround, terms: Sequence[Terms], *, before: set[VenueId | None]
) -> tuple[Site, ...]:
    """Where a fair of these could be, or was in the plan before."""
    venues = {venue.id: venue for one in terms for venue in one.venues}
    venues |= {venue.id: venue for venue in ground.campaign.outreach.venues if venue.id in before}
    return (
        *(Site(venue=venues[name], town=ground.seats[venues[name].place_id]) for name in sorted(venues)),
        *(Site(online=one.fair.id) for one in terms if one.online),
    )


def _reach(ground: FairGround, site: Site, *, terms: Sequence[Terms]) -> dict[PlaceId, int]:
    """Permille by village; online all of the county are next door."""
    if site.venue is not None:
        return {village: ground.permille(site.venue, village) for village in ground.seekers}
    fair = next(one.fair for one in terms if one.fair.id == site.online)
    county, next_door = find_fair_county(fair, None), come_permille(ground.campaign.rules.fairs, 0)
    return {village: next_door for village in ground.seekers if same_county(county, find_county(village))}


def _hall(desk: FairDesk, site: Site, *, number_of: Mapping[PlaceId, int]) -> Hall:
    """A site with what its days are worth; where holidays take, every other day brings that, at a price."""
    rules, venue = desk.ground.campaign.rules.fairs, site.venue
    if venue is None:
        fair = next(one.fair for one in desk.terms if one.fair.id == site.online)
        booths = sum(firm.booths for firm in desk.exhibitors)
        return Hall(visitors=find_room(rules, fair, venue=None), booths=booths, bonus_fen=(0,) * desk.days)
    market_fen, holiday_fen = desk.ground.extra_fen(venue)
    dates = [desk.date(day) for day in range(desk.days)]
    return Hall(
        visitors=venue.capacity,
        booths=venue.booths,
        bonus_fen=tuple(
            market_fen * desk.ground.market(venue, day) + holiday_fen * (not is_holiday(desk.ground, day))
            for day in dates
        ),
        township=None if site.town is None else number_of[site.town],
        closed=frozenset(number for number, day in enumerate(dates) if not venue.is_open(day)),
        cost_fen=venue.fen_per_day + holiday_fen,
    )


def is_holiday(ground: FairGround, day: date) -> bool:
    """Whether a day is a public holiday as far as that is announced."""
    return ground.almanac.find_official(day).kind is DayKind.HOLIDAY


def _employer(desk: FairDesk, firm: Exhibitor) -> Employer:
    posts = desk.ground.posts[firm.id]
    return Employer(
        posts=tuple(posts[sector] for sector in desk.sectors),
        days=frozenset(day for day in range(desk.days) if firm.is_open(desk.date(day))),
        travel_fen=tuple(_travel_fen(firm, site) for site in desk.sites),
        booths=firm.booths,
        most=firm.most_fairs,
    )


def _travel_fen(firm: Exhibitor, site: Site) -> int | None:
    """What coming to a site costs; None where another county holds its fairs."""
    if site.venue is None:
        return 0
    return firm.fen_per_fair if same_county(firm.county, find_county(site.venue.place_id)) else None


def _wish(desk: FairDesk, terms: Terms, *, barred: bool) -> Wish:
    fair = terms.fair
    first, last = terms.days
    needs = {need.resource_id: need.count for need in fair.needs}
    open_to = {terms.fair.id} if terms.online else {venue.id for venue in terms.roomy}
    sites = [n for n, site in enumerate(desk.sites) if (site.online or site.venue_id) in open_to]
    sectors = find_sectors(fair)
    return Wish(
        count=1,
        least=1,
        venues=() if barred else tuple(sites),
        first=max(desk.day(first), 0),
        last=min(desk.day(last), desk.days - 1),
        sectors=None if sectors is None else frozenset(n for n, s in enumerate(desk.sectors) if s in sectors),
        employers=frozenset(find_welcome(desk, terms)),
        needs=tuple(needs.get(resource.id, 0) for resource in desk.resources),
        spaced=keeps_distance(fair),
    )


def find_welcome(desk: FairDesk, terms: Terms) -> list[int]:
    """Exhibitors who may be at a fair, by number, as far as that does not depend on where it is."""
    county = find_fair_county(terms.fair, None)
    return [
        number for number, firm in enumerate(desk.exhibitors) if may_exhibit(terms.fair, firm, county=county)
    ]


def _fix(desk: FairDesk, fixed: Mapping[FairId, tuple[date, VenueId | None]]) -> tuple[Held, ...]:
    """What is held as told, with those who must be there."""
    held: list[Held] = []
    for fair, (day, venue) in sorted(fixed.items()):
        site = desk.site(fair, venue)
        if site is not None:
            held.append(desk.hold(Slot(desk.wish(fair), site, desk.day(day))))
    return tuple(held)
