"""Fairs as their rules see them: ids looked up once, who comes, what is worth what, all worked out again."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from planner.almanac import Almanac, DayKind, build_almanac
from planner.candidates import count_seekers, find_peak
from planner.catchment import (
    come_permille,
    count_posts,
    find_county,
    find_fair_county,
    find_room,
    find_seats,
    find_sectors,
    order_sectors,
    same_county,
)
from planner.decisions import binding_locks
from planner.model.agenda import Agenda, Part
from planner.model.fairs import FairId
from planner.model.locks import LockKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planner.check.travel import Travel
    from planner.model.agenda import PlannedFair
    from planner.model.campaign import Campaign
    from planner.model.fairs import Exhibitor, ExhibitorId, Fair, Resource, Venue, VenueId
    from planner.model.locks import Lock
    from planner.model.places import PlaceId
    from planner.model.plan import Plan

Heads = Counter[tuple["PlaceId", str]]
"""Heads by village and sector."""
_WHOLE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A fair of the plan with what its ids stand for; ``venue`` None online."""

    plan: PlannedFair
    fair: Fair
    venue: Venue | None

    @property
    def day(self) -> date:
        """The day it is held."""
        return self.plan.day


class Showground:
    """What the campaign and the plan say of fairs."""

    def __init__(self, campaign: Campaign, plan: Plan, *, travel: Travel) -> None:
        """Look up; nothing is judged here."""
        outreach = campaign.outreach
        self.campaign, self._travel = campaign, travel
        self.rules = campaign.rules.fairs
        self.agenda = plan.agenda or Agenda()
        self.fairs: dict[FairId, Fair] = {fair.id: fair for fair in outreach.fairs}
        self.venues: dict[VenueId, Venue] = {venue.id: venue for venue in outreach.venues}
        self.firms: dict[ExhibitorId, Exhibitor] = {firm.id: firm for firm in outreach.exhibitors}
        self.resources: dict[str, Resource] = {resource.id: resource for resource in outreach.resources}
        self.counts: Counter[FairId] = Counter(fair.fair_id for fair in self.agenda.fairs)
        self.counts.update(fair.fair_id for fair in self.agenda.refused_fairs)
        self.locks: dict[str, Lock] = binding_locks(campaign, plan, kind=LockKind.FAIR)
        self.peak = find_peak(campaign)
        self._metres: dict[PlaceId, dict[PlaceId, int]] = {}

    @property
    def planned(self) -> bool:
        """Whether the plan says anything of fairs."""
        return bool(self.counts)

    @cached_property
    def almanac(self) -> Almanac:
        """Market days and holidays."""
        return build_almanac(self.campaign)

    @cached_property
    def stands(self) -> tuple[Stand, ...]:
        """Fairs that are known, at venues that are known or online, in order of day and id."""
        found: list[Stand] = []
        for planned in sorted(self.agenda.fairs, key=lambda fair: (fair.day, fair.fair_id)):
            fair, name = self.fairs.get(planned.fair_id), planned.venue_id
            venue = None if name is None else self.venues.get(name)
            if fair is not None and (name is None or venue is not None):
                found.append(Stand(plan=planned, fair=fair, venue=venue))
        return tuple(found)

    @cached_property
    def seats(self) -> dict[PlaceId, PlaceId]:
        """Townships of places."""
        return find_seats(self.campaign)

    @cached_property
    def seekers(self) -> dict[PlaceId, dict[str, int]]:
        """Who looks for work, by village and sector."""
        return count_seekers(self.campaign)

    @cached_property
    def posts(self) -> dict[ExhibitorId, Counter[str]]:
        """Openings by firm and sector."""
        return count_posts(self.campaign)

    @cached_property
    def _sectors(self) -> tuple[str, ...]:
        return order_sectors(self.seekers, {name for posts in self.posts.values() for name in posts})

    def metres(self, start: PlaceId, end: PlaceId) -> int | None:
        """Metres by any road; None where none leads."""
        if start not in self._metres:
            self._metres[start] = self._travel.find_metres(start)
        return self._metres[start].get(end)

    def are_near(self, one: Venue, other: Venue) -> bool:
        """Whether two venues are in one township or in neighbouring ones of one county."""
        here, there = self.seats.get(one.place_id), self.seats.get(other.place_id)
        if here is None or there is None or here == there:
            return here is not None and here == there
        metres = self.metres(here, there)
        near = metres is not None and metres <= 1000 * self.rules.neighbour_km
        return near and same_county(find_county(here), find_county(there))

    def permille(self, fair: Fair, venue: Venue | None) -> dict[PlaceId, int]:
        """Of a thousand who look for work so many come, by village; online all are next door."""
        found: dict[PlaceId, int] = {}
        home = find_fair_county(fair, venue) if venue is None else find_county(venue.place_id)
        for village in self.seekers:
            metres = 0 if venue is None else self.metres(venue.place_id, village)
            if metres is not None and same_county(home, find_county(village)):
                found[village] = come_permille(self.rules, metres)
        return found

    def turnout(self, stand: Stand) -> Heads:
        """Who comes: whole heads, a village's share rounded down, the same part of each where it is full."""
        share = self.permille(stand.fair, stand.venue)
        wanted = find_sectors(stand.fair)
        sectors = [name for name in self._sectors if wanted is None or name in wanted]
        upto = {village: self._add_up(village, sectors) for village in share}
        room = find_room(self.rules, stand.fair, venue=stand.venue)
        come = sum(permille * upto[village][-1] for village, permille in share.items())
        over, under = (room, come) if come > room * _WHOLE else (1, _WHOLE)
        heads: Heads = Counter()
        for village, permille in share.items():
            whole = [permille * number * over // under for number in upto[village]]
            for sector, (before, after) in zip(sectors, pairwise(whole), strict=True):
                if after > before:
                    heads[village, sector] = after - before
        return heads

    def _add_up(self, village: PlaceId, sectors: list[str]) -> list[int]:
        found = [0]
        for sector in sectors:
            found.append(found[-1] + self.seekers[village].get(sector, 0))
        return found

    def expected(self, stand: Stand) -> int:
        """Visitors of a fair: as its office expects, or those who look for work where they are more."""
        return max(stand.fair.expected_visitors, sum(self.turnout(stand).values()))

    def is_market(self, stand: Stand) -> bool:
        """Whether it is market day where a fair is held."""
        return stand.venue is not None and (
            self.almanac.find_market(stand.venue.place_id, stand.day) is not None
        )

    def day_fen(self, stand: Stand) -> tuple[int, int]:
        """What market day is worth at a fair's venue, and what a holiday loses."""
        if stand.venue is None:
            return 0, 0
        share = self.permille(stand.fair, stand.venue)
        come = sum(n * sum(self.seekers[village].values()) // _WHOLE for village, n in share.items())
        fen = min(come, stand.venue.capacity) * self.rules.seeker_fen
        holiday = self.almanac.find_official(stand.day).kind is DayKind.HOLIDAY
        gain = fen * self.rules.market_percent // 100 if self.is_market(stand) else 0
        return gain, fen * self.rules.holiday_percent // 100 if holiday else 0

    def lines(self) -> dict[FairId, Counter[str]]:
        """What the plan says each rule costs for each fair."""
        found: defaultdict[FairId, Counter[str]] = defaultdict(Counter)
        for line in self.agenda.score:
            if line.part is Part.FAIRS:
                found[FairId(line.item)][line.rule] += line.fen
        return found

    def costs(self) -> Iterator[tuple[FairId, Counter[str]]]:
        """What each rule costs for each fair, but for changes against a plan before, which is not here."""
        met: Heads = Counter()
        for stand in self.stands:
            new = 0
            for cell, heads in self.turnout(stand).items():
                reached = min(heads, self.seekers[cell[0]].get(cell[1], 0) - met[cell])
                met[cell] += reached
                new += reached
            market_fen, holiday_fen = self.day_fen(stand)
            names = [booking.exhibitor_id for booking in stand.plan.bookings]
            travel_fen = sum(self.firms[name].fen_per_fair for name in names if name in self.firms)
            right = Counter(
                seekers=-new * self.rules.seeker_fen,
                matches=-stand.plan.matches * self.rules.match_fen,
                market=-market_fen,
                holiday=holiday_fen,
                venue=0 if stand.venue is None else stand.venue.fen_per_day,
                travel=0 if stand.venue is None else travel_fen,
            )
            yield stand.fair.id, right
        for refused in self.agenda.refused_fairs:
            yield refused.fair_id, Counter(refused=self.rules.refused_fen)
