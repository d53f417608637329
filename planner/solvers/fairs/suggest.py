"""Where else a fair could be: the best slots with their exact added cost, and why the others are refused.

The same answers where one more fair of a wish could be, or why none. Slots that break no rule beside the
other fairs are ranked by an estimate; the best of them are judged as whole plans, by the same code as any
plan. Other fairs stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.fairs.judge import Judge
from planner.solvers.fairs.problem import Fair, Score, Slot
from planner.solvers.fairs.rules import Breach, slot_breaches, welcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_JUDGED: Final = 5
"""Times as many slots judged exactly as are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A fair that could be held, what the plan is then worth, and how much less that is than now."""

    fair: Fair
    score: Score
    added_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The best options, cheapest first; every slot that is refused with the first rule it breaks.

    ``lawful`` slots there are in all, those among ``best`` included.
    """

    best: tuple[Option, ...]
    refused: tuple[Breach, ...]
    lawful: int


def find_options(
    judge: Judge, fairs: Sequence[Fair], *, wish: int, moved: Fair | None = None, best: int = 5
) -> Options:
    """Where ``moved``, a fair of the plan, could be instead, or one more fair of the wish.

    Every day at every venue of the wish is looked at. Whoever is at the moved fair comes along if they can;
    booths left go to those whose posts left would be filled. Raises ValueError where ``moved`` is not in
    the plan, or is of another wish.
    """
    if moved is not None and (moved not in fairs or moved.slot.wish != wish):
        raise ValueError("the plan has no such fair of the wish")
    others = [fair for fair in fairs if fair != moved]
    search = _Search(judge, others, moved=moved)
    lawful, refused = search.sort_out(wish)
    ranked = sorted(lawful, key=lambda slot: (-search.estimate(slot), slot))
    before = judge.value(fairs).total
    options: list[Option] = []
    for slot in ranked[: best * _JUDGED]:
        fair = Fair(slot=slot, employers=search.guests(slot))
        score = judge.value([*others, fair])
        options.append(Option(fair=fair, score=score, added_fen=before - score.total))
    options.sort(key=lambda option: (option.added_fen, option.fair.slot))
    return Options(best=tuple(options[:best]), refused=tuple(refused), lawful=len(lawful))


def hold_lacking(judge: Judge, fairs: Sequence[Fair]) -> tuple[Fair, ...]:
    """Hold required fairs that lack where a slot is left and they are worth it, the others staying.

    Prices that time left unfinished may have kept a fair from a slot that breaks no rule.
    """
    held = Counter(fair.slot.wish for fair in fairs)
    found = list(fairs)
    for number, wish in enumerate(judge.problem.wishes):
        for _ in range(wish.least - held[number]):
            option = next(iter(find_options(judge, found, wish=number, best=1).best), None)
            if option is None or option.added_fen >= 0:
                break
            found.append(option.fair)
    return tuple(sorted(found, key=lambda fair: (fair.slot.day, fair.slot)))


class _Search:
    """The other fairs, and whom they leave."""

    def __init__(self, judge: Judge, others: list[Fair], *, moved: Fair | None) -> None:
        self._judge, self._problem, self._others, self._moved = judge, judge.problem, others, moved
        judged = judge.judge(others)
        employers = self._problem.employers
        posts = np.array([employer.posts for employer in employers], dtype=np.int64)
        posts = posts.reshape(-1, self._problem.sectors)
        self._left = posts - np.array(judged.filled, dtype=np.int64).reshape(-1, self._problem.sectors)
        self._unreached = judge.unreached(others)
        visits = np.zeros(len(employers), dtype=np.int64)
        self._able = np.array(
            [[day in employer.days for day in range(self._problem.days)] for employer in employers],
            dtype=np.bool_,
        ).reshape(-1, self._problem.days)
        for fair in others:
            visits[list(fair.employers)] += 1
            self._able[list(fair.employers), fair.slot.day] = False
        self._idle = (visits == 0) & posts.any(axis=1)
        self._able[visits >= np.array([employer.most for employer in employers])] = False
        self._booths = np.array([employer.booths for employer in employers], dtype=np.int64)
        self._sites: dict[int, tuple[int, Ints, Ints]] = {}

    def sort_out(self, wish: int) -> tuple[list[Slot], list[Breach]]:
        """Slots of the wish that break no rule, and first breaches of the others."""
        beside = [fair.slot for fair in self._others]
        lawful: list[Slot] = []
        refused: list[Breach] = []
        for venue in sorted(self._problem.wishes[wish].venues):
            visitors = self._judge.visitors(Slot(wish, venue, 0))
            for day in range(self._problem.days):
                slot = Slot(wish, venue, day)
                if self._moved is not None and slot == self._moved.slot:
                    continue
                broken = slot_breaches(self._problem, slot, beside=beside, visitors=visitors)
                breach = next(broken, None)
                if breach is None:
                    lawful.append(slot)
                else:
                    refused.append(breach)
        return lawful, refused

    def estimate(self, slot: Slot) -> int:
        """About what a fair there adds."""
        venue = self._problem.venues[slot.venue]
        reached, gain, _ = self._site(slot)
        chosen = self._choose(slot)
        previous = any(fair.slot == slot for fair in self._problem.previous)
        moved = self._problem.weights.moved_fen * previous
        return reached + int(gain[chosen].sum()) + venue.bonus_fen[slot.day] - venue.cost_fen + moved

    def guests(self, slot: Slot) -> tuple[int, ...]:
        """Who comes."""
        return tuple(sorted(self._choose(slot).tolist()))

    def _choose(self, slot: Slot) -> Ints:
        """In order of what their posts are worth a booth, those there already first, as long as they fit."""
        _, _, order = self._site(slot)
        able = order[self._able[order, slot.day]]
        room = self._problem.venues[slot.venue].booths
        chosen = able[np.cumsum(self._booths[able]) <= room]
        return chosen

    def _site(self, slot: Slot) -> tuple[int, Ints, Ints]:
        """At a venue: worth of seekers not reached yet, gain by employer, whom to ask in turn."""
        if slot.venue not in self._sites:
            self._sites[slot.venue] = self._look(slot)
        return self._sites[slot.venue]

    def _look(self, slot: Slot) -> tuple[int, Ints, Ints]:
        problem, weights = self._problem, self._problem.weights
        seekers, heads = self._judge.arrivals(slot)
        expected = np.bincount(seekers % problem.sectors, heads, problem.sectors).astype(np.int64)
        worth = int(np.minimum(heads, self._unreached[seekers]) @ self._judge.worth_fen[seekers])
        gain = np.minimum(self._left, expected) @ np.array(weights.post_fen, dtype=np.int64)
        travel = [employer.travel_fen[slot.venue] or 0 for employer in problem.employers]
        gain += weights.idle_fen * self._idle - np.array(travel, dtype=np.int64)
        regulars = () if self._moved is None else self._moved.employers
        comers = [n for n in range(gain.size) if welcome(problem, n, slot=slot)]
        wanted = [number for number in comers if number in regulars or gain[number] > 0]
        wanted.sort(key=lambda n: (n not in regulars, -gain[n] / max(self._booths[n], 1), n))
        return worth, gain, np.array(wanted, dtype=np.int64)
