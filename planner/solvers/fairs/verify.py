"""The bound that prices make, recomputed in plain integers from the problem alone.

Shares nothing with ``bound``, which found them. Whatever the prices, no plan is worth more: each seeker is
reached once, each post filled once, and so on, so what a fair gains beyond their prices can be reckoned for
every slot by itself. Fixed fairs are held whatever they break; nothing else is held that breaks a rule of
its own, or one beside a fixed fair.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from planner.solvers.fairs.problem import Fair, FairsProblem, Prices, RowKey, SitePrice, Slot
from planner.solvers.fairs.turnout import turnout


def recompute(problem: FairsProblem, prices: Prices) -> int:
    """A lawful bound in fen: a Lagrangian relaxation of what fairs share. No price is below nothing."""
    return _Sum(problem, prices).total()


@dataclass(frozen=True, kw_only=True)
class _Site:
    """A wish at a venue: visitors, what they are worth beyond their price, and who gains by coming."""

    visitors: int
    fen: int
    booth_fen: int
    guests: dict[int, int]


class _Sum:
    """One problem and its prices, cleaned."""

    def __init__(self, problem: FairsProblem, prices: Prices) -> None:
        self._problem = problem
        self._seeker = [[max(fen, 0) for fen in row] for row in prices.seeker_fen]
        self._post = [[max(fen, 0) for fen in row] for row in prices.post_fen]
        self._visit = [max(fen, 0) for fen in prices.visit_fen]
        self._first = [
            min(max(fen, 0), problem.weights.idle_fen) if any(employer.posts) else 0
            for fen, employer in zip(prices.first_fen, problem.employers, strict=True)
        ]
        self._told = {(site.wish, site.venue): site for site in prices.sites}
        self._rows = {key: fen for key, fen in prices.rows if fen > 0 and self._lawful(key)}
        self._near: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (what, one, other, first), fen in self._rows.items():
            for town in {one, other} if what == "near" else ():
                self._near[town].append((first, fen))
        self._sites: dict[tuple[int, int], _Site] = {}

    def _lawful(self, key: RowKey) -> bool:
        """Whether there is such a rule: two townships must be neighbours."""
        what, one, other, _ = key
        pairs = self._problem.neighbours
        return what != "near" or one == other or (one, other) in pairs or (other, one) in pairs

    def total(self) -> int:
        problem = self._problem
        total = -problem.weights.moved_fen * len(problem.previous) + self._stock()
        held: Counter[int] = Counter()
        for fair in problem.fixed:
            held[fair.slot.wish] += 1
            total += self._fixed_fen(fair)
        for number, wish in enumerate(problem.wishes):
            missing_fen = problem.weights.missing_fen - wish.spared_fen
            most, least = max(wish.count - held[number], 0), max(wish.least - held[number], 0)
            best = sorted((self._slot_fen(slot) for slot in self._free(number)), reverse=True)[:most]
            best += [-missing_fen] * (least - len(best))
            total += sum(max(fen, -missing_fen) for fen in best[:least])
            total += sum(max(fen, 0) for fen in best[least:])
        return total

    def _stock(self) -> int:
        """The price of everything there is."""
        problem = self._problem
        forced = Counter(employer for fair in problem.fixed for employer in fair.employers)
        total = sum(
            fen * seekers
            for row, village in zip(self._seeker, problem.villages, strict=True)
            for fen, seekers in zip(row, village.seekers, strict=True)
        )
        for number, employer in enumerate(problem.employers):
            posts = zip(self._post[number], employer.posts, strict=True)
            total += sum(fen * count for fen, count in posts) - self._first[number]
            total += self._visit[number] * max(employer.most, forced[number])
        return total + sum(fen * self._left(key) for key, fen in self._rows.items())

    def _left(self, key: RowKey) -> int:
        """What fixed fairs leave of a row."""
        what, one, _, day = key
        if what != "pool":
            return 1
        used = sum(
            self._problem.wishes[fair.slot.wish].needs[one]
            for fair in self._problem.fixed
            if fair.slot.day == day
        )
        return max(self._problem.pools[one][day] - used, 0)

    def _site(self, wish: int, venue: int) -> _Site:  # a pair
        if (wish, venue) not in self._sites:
            self._sites[wish, venue] = self._look(wish, venue)
        return self._sites[wish, venue]

    def _look(self, wish: int, venue: int) -> _Site:  # a pair
        problem = self._problem
        none = SitePrice(wish=wish, venue=venue, visitor_fen=(0,) * problem.sectors, booth_fen=0)
        told = self._told.get((wish, venue), none)
        visitor = [max(fen, 0) for fen in told.visitor_fen]
        expected, fen = [0] * problem.sectors, 0
        for village, sector, heads in turnout(problem, problem.wishes[wish], venue=venue):
            expected[sector] += heads
            margin = problem.villages[village].worth_fen + visitor[sector] - self._seeker[village][sector]
            fen += heads * max(margin, 0)
        booth_fen = max(told.booth_fen, 0)
        guests: dict[int, int] = {}
        for number, employer in enumerate(problem.employers):
            gain = self._first[number] - self._visit[number] - booth_fen * employer.booths
            gain -= employer.travel_fen[venue] or 0
            for sector, posts in enumerate(employer.posts):
                each = problem.weights.post_fen[sector] - self._post[number][sector] - visitor[sector]
                gain += min(posts, expected[sector]) * max(each, 0)
            if gain > 0:
                guests[number] = gain
        return _Site(visitors=sum(expected), fen=fen, booth_fen=booth_fen, guests=guests)

    def _welcome(self, employer: int, slot: Slot) -> bool:  # who and where
        wanted = self._problem.wishes[slot.wish].employers
        asked, venue = self._problem.employers[employer], self._problem.venues[slot.venue]
        fits = asked.travel_fen[slot.venue] is not None and asked.booths <= venue.booths
        return fits and slot.day in asked.days and (wanted is None or employer in wanted)

    def _own_fen(self, slot: Slot) -> int:
        """What a slot gains, whatever rows it is in."""
        problem, site = self._problem, self._site(slot.wish, slot.venue)
        venue = problem.venues[slot.venue]
        gain = site.fen + venue.bonus_fen[slot.day] - venue.cost_fen - problem.wishes[slot.wish].cost_fen
        if any(fair.slot == slot for fair in problem.previous):
            gain += problem.weights.moved_fen
        guests = sum(fen for employer, fen in site.guests.items() if self._welcome(employer, slot))
        return gain + guests + site.booth_fen * venue.booths

    def _slot_fen(self, slot: Slot) -> int:
        """What a free slot gains beyond the price of its rows."""
        wish, town = self._problem.wishes[slot.wish], self._problem.venues[slot.venue].township
        fen = self._rows.get(("place", slot.venue, 0, slot.day), 0)
        fen += sum(
            need * self._rows.get(("pool", pool, 0, slot.day), 0) for pool, need in enumerate(wish.needs)
        )
        if wish.spaced and town is not None:
            fen += sum(
                price
                for first, price in self._near[town]
                if first <= slot.day < first + self._problem.gap_days
            )
        return self._own_fen(slot) - fen

    def _free(self, wish: int) -> Iterator[Slot]:
        """Slots of a wish that break no rule of their own, nor one beside a fixed fair."""
        problem, asked = self._problem, self._problem.wishes[wish]
        days = set(range(asked.first, asked.last + 1)) & set(range(problem.days)) - problem.closed
        for venue in asked.venues:
            crowded = self._site(wish, venue).visitors >= problem.crowd
            for day in sorted(days - problem.venues[venue].closed):
                slot = Slot(wish, venue, day)
                if not (crowded and day < problem.crowd_first) and not self._beside_fixed(slot):
                    yield slot

    def _beside_fixed(self, slot: Slot) -> bool:
        problem, town = self._problem, self._problem.venues[slot.venue].township
        for other in (fair.slot for fair in problem.fixed):
            there = problem.venues[other.venue].township
            spaced = problem.wishes[slot.wish].spaced and problem.wishes[other.wish].spaced
            near = (town, there) in problem.neighbours or (there, town) in problem.neighbours
            known = town is not None and there is not None
            if (slot.venue, slot.day) == (other.venue, other.day):
                return True
            soon = abs(slot.day - other.day) < problem.gap_days
            if spaced and known and soon and (town == there or near):
                return True
        return False

    def _fixed_fen(self, fair: Fair) -> int:
        """A fixed fair, whose fixed guests are there though they may not, at booths enough."""
        site = self._site(fair.slot.wish, fair.slot.venue)
        booths = sum(self._problem.employers[employer].booths for employer in fair.employers)
        more = max(booths - self._problem.venues[fair.slot.venue].booths, 0)
        uninvited = [e for e in fair.employers if not self._welcome(e, fair.slot)]
        return (
            self._own_fen(fair.slot)
            + site.booth_fen * more
            + sum(site.guests.get(employer, 0) for employer in uninvited)
        )
