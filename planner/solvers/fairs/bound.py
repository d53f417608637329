"""What no plan is worth more than: a Lagrangian relaxation, its prices found by scaled gradient steps.

Seekers, posts, visits, visitors at a site, booths and shared rows have prices; then every slot is worth
something by itself, and each wish takes its best ones. The linear program of the same (35,000 columns for
18 fairs) takes GLOP minutes; 700 steps of 4 ms come within a tenth of a per cent of it. Steps are Adam's
(Kingma and Ba 2015) in units of what each price is about, halved every so many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import numpy as np
from scipy.sparse import csr_array

from planner.solvers.fairs.problem import Prices, SitePrice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.fairs.ground import Bools, Ground, Ints

    Floats = NDArray[np.float64]

_STEP: Final = 0.4
_HALF_LIFE: Final = 0.13
"""Of all steps, after which they are half as long."""
_BLOCKS: Final = ("seeker", "visitor", "post", "visit", "first", "booth", "row")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """Prices, the bound they make, and what each slot is worth at them but for reaching people."""

    prices: Prices
    bound_fen: float
    slot_fen: Floats


class _View(NamedTuple):
    bound_fen: float
    taken: Floats
    slot_fen: Floats
    coming: Floats
    comes: Bools
    filled: Floats


class Relaxation:
    """The relaxation of a problem."""

    def __init__(self, ground: Ground) -> None:
        self._ground, problem = ground, ground.problem
        kinds, sectors, employers = ground.kinds, problem.sectors, len(problem.employers)
        self._owner, self._sector = np.nonzero(ground.posts)
        self._posts = ground.posts[self._owner, self._sector].astype(np.float64)
        self._post_fen = np.array(problem.weights.post_fen, dtype=np.float64)[self._sector]
        sizes = (ground.seekers.size, kinds * sectors, self._owner.size, employers, employers, kinds)
        starts = np.concatenate([[0], np.cumsum((*sizes, len(ground.rows)))]).tolist()
        self._at = {name: slice(*ends) for name, ends in zip(_BLOCKS, pairwise(starts), strict=True)}
        self.size = starts[-1]
        self._arc_site = ground.arc_kind * sectors + ground.arc_seeker % sectors
        self._able = ground.able.astype(np.float64)
        self._filled = np.minimum(self._posts[:, None], ground.expected.T[self._sector])
        ones, columns = np.ones(self._owner.size), np.arange(self._owner.size)
        self._by_owner = csr_array((ones, (self._owner, columns)), shape=(employers, columns.size))
        self._by_sector = csr_array((ones, (self._sector, columns)), shape=(sectors, columns.size))
        self._rows = _row_matrix(ground)
        self._of_row = self._rows.T.tocsr()
        self._most = np.array([row.most for row in ground.rows], dtype=np.float64)
        self._booths = ground.stands.astype(np.float64)
        self._idle = ground.posts.any(axis=1) * float(problem.weights.idle_fen)
        self._wishes = [
            np.flatnonzero(ground.slot_wish[: ground.free] == w) for w in range(ground.count.size)
        ]

    def start(self) -> tuple[Floats, Floats]:
        """Prices to begin with, and the units in which to change them."""
        worth, post, visit = (
            float(max(fen.mean(), 1)) if fen.size else 1.0
            for fen in (self._ground.worth_fen, self._post_fen, self._ground.travel_fen)
        )
        units = (worth, post / 2, post / 2, visit, visit, visit, 4 * visit)
        unit, prices = np.ones(self.size), np.zeros(self.size)
        for name, size in zip(_BLOCKS, units, strict=True):
            unit[self._at[name]] = size
        prices[self._at["seeker"]] = 0.3 * self._ground.worth_fen
        prices[self._at["post"]] = 0.5 * self._post_fen
        prices[self._at["visit"]] = visit / 2
        return prices, unit

    def climb(self, done: Callable[[int], float]) -> Outlook:
        """Go steps, shorter and shorter, until ``done`` says of their number that all is."""
        prices, unit = self.start()
        upper = np.full(self.size, np.inf)
        upper[self._at["first"]] = self._idle
        mean, square = np.zeros(self.size), np.zeros(self.size)
        best, best_prices, steps = np.inf, prices, 0
        while (share := done(steps)) < 1:
            view = self._look(prices)
            if view.bound_fen < best:
                best, best_prices = view.bound_fen, prices
            scaled = self._slope(view) * unit
            mean += 0.1 * (scaled - mean)
            square += 0.01 * (scaled * scaled - square)
            step = _STEP * 0.5 ** (share / _HALF_LIFE)
            prices = np.clip(prices - step * unit * mean / np.sqrt(square + 1e-9), 0, upper)
            steps += 1
        prices = np.rint(best_prices)
        view = self._look(prices)
        return Outlook(
            prices=self.export(prices),
            bound_fen=view.bound_fen,
            slot_fen=self._unmanned_fen(prices, view=view),
        )

    def _look(self, prices: Floats) -> _View:
        """The bound at some prices, which slots that takes and what each is worth, who comes."""
        ground, at = self._ground, self._at
        visitor = prices[at["visitor"]]
        seeker = ground.worth_fen - prices[at["seeker"]]
        margin = seeker[ground.arc_seeker] + visitor[self._arc_site]
        coming = np.where(margin > 0, ground.arc_heads, 0).astype(np.float64)
        reached = np.bincount(ground.arc_kind, coming * margin, ground.kinds)
        by_sector = visitor.reshape(ground.kinds, ground.problem.sectors).T[self._sector]
        profit = (self._post_fen - prices[at["post"]])[:, None] - by_sector
        filled = np.where(profit > 0, self._filled, 0)
        own = prices[at["first"]] - prices[at["visit"]]
        booth = prices[at["booth"]]
        earned = cast("Floats", self._by_owner @ (filled * profit))
        guest = earned - ground.travel_fen + own[:, None] - self._booths[:, None] * booth
        comes = (guest > 0) & ground.welcome
        company = cast("Floats", csr_array(np.where(comes, guest, 0.0).T) @ self._able)
        kind = ground.slot_kind
        slot = ground.gain_fen + (reached + booth * ground.booths)[kind] + company[kind, ground.slot_day]
        slot[: ground.free] -= self._of_row @ prices[at["row"]]
        for number in range(ground.free, kind.size):
            slot[number] += booth[kind[number]] * (ground.room(number) - ground.booths[kind[number]])
        for employer, number in ground.forced:
            if not (
                ground.welcome[employer, kind[number]] and ground.able[employer, ground.slot_day[number]]
            ):
                slot[number] += max(guest[employer, kind[number]], 0.0)
        taken = np.ones(kind.size)
        taken[: ground.free], missing = self._take(slot[: ground.free])
        bound = float(slot @ taken) - missing + ground.base_fen - float(prices[at["first"]].sum())
        bound += float(prices[at["seeker"]] @ ground.seekers + prices[at["post"]] @ self._posts)
        bound += float(prices[at["visit"]] @ ground.visits + prices[at["row"]] @ self._most)
        return _View(bound, taken, slot, coming, comes, filled)

    def _unmanned_fen(self, prices: Floats, *, view: _View) -> Floats:
        """What slots are worth but for reaching people, and whatever rows they are in."""
        ground, at = self._ground, self._at
        slot = view.slot_fen.copy()
        slot[: ground.free] += self._of_row @ prices[at["row"]]
        margin = view.coming * (ground.worth_fen - prices[at["seeker"]])[ground.arc_seeker]
        return slot - np.bincount(ground.arc_kind, margin, ground.kinds)[ground.slot_kind]

    def _take(self, slot: Floats) -> tuple[Floats, float]:
        """The best slots of every wish, each wish by itself, and what it pays for those it lacks."""
        taken, missing = np.zeros(slot.size), 0.0
        for wish, members in enumerate(self._wishes):
            most, least = int(self._ground.count[wish]), int(self._ground.least[wish])
            fen = float(self._ground.missing_fen[wish])
            best = members[np.argsort(-slot[members], kind="stable")[:most]]
            worth = slot[best] + fen * (np.arange(best.size) < least)
            taken[best[worth > 0]] = 1.0
            missing += fen * max(least - int((worth > 0).sum()), 0)
        return taken, missing

    def _slope(self, view: _View) -> Floats:
        """By price, what is there less what is used: how the bound grows with it."""
        ground, at, taken = self._ground, self._at, view.taken
        held = np.zeros((ground.kinds, ground.problem.days))
        np.add.at(held, (ground.slot_kind, ground.slot_day), taken)
        fairs = held.sum(axis=1)
        coming = view.coming * fairs[ground.arc_kind]
        able = cast("Floats", csr_array(held) @ self._able.T)
        visits = np.where(view.comes, able.T, 0)
        filled = view.filled * visits[self._owner]
        slope = np.empty(self.size)
        slope[at["seeker"]] = ground.seekers - np.bincount(ground.arc_seeker, coming, ground.seekers.size)
        arrivals = np.bincount(self._arc_site, coming, ground.expected.size)
        slope[at["visitor"]] = arrivals - (self._by_sector @ filled).T.reshape(-1)
        slope[at["post"]] = self._posts - filled.sum(axis=1)
        slope[at["visit"]] = ground.visits - visits.sum(axis=1)
        slope[at["first"]] = visits.sum(axis=1) - 1
        slope[at["booth"]] = ground.booths * fairs - self._booths @ visits
        slope[at["row"]] = self._most - self._rows @ taken[: ground.free]
        return slope

    def export(self, prices: Floats) -> Prices:
        """Prices by what they are about, in whole fen."""
        whole, ground, problem = np.rint(prices).astype(np.int64), self._ground, self._ground.problem
        at, sectors = self._at, self._ground.problem.sectors
        posts = np.zeros_like(ground.posts)
        posts[self._owner, self._sector] = whole[at["post"]]
        kinds = {(slot.wish, slot.venue): int(ground.slot_kind[n]) for n, slot in enumerate(ground.slots)}
        visitor = whole[at["visitor"]].reshape(-1, sectors).tolist()
        booth = whole[at["booth"]].tolist()
        return Prices(
            seeker_fen=_tuples(whole[at["seeker"]].reshape(len(problem.villages), sectors)),
            post_fen=_tuples(posts),
            visit_fen=tuple(whole[at["visit"]].tolist()),
            first_fen=tuple(whole[at["first"]].tolist()),
            sites=tuple(
                SitePrice(wish=wish, venue=venue, visitor_fen=tuple(visitor[kind]), booth_fen=booth[kind])
                for (wish, venue), kind in sorted(kinds.items())
            ),
            rows=tuple(
                (row.key, fen) for row, fen in zip(ground.rows, whole[at["row"]].tolist(), strict=True) if fen
            ),
        )


def _tuples(array: Ints) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in array.tolist())


def _row_matrix(ground: Ground) -> csr_array:
    shape = (len(ground.rows), ground.free)
    if not ground.rows:
        return csr_array(shape)
    lengths = [row.slots.size for row in ground.rows]
    rows = np.repeat(np.arange(len(lengths)), lengths)
    needs = np.concatenate([row.needs for row in ground.rows]).astype(np.float64)
    return csr_array((needs, (rows, np.concatenate([row.slots for row in ground.rows]))), shape=shape)
