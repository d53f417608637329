"""What a plan is worth, term by term, and which rules it breaks: for any plan, whoever made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.solvers.fairs.matching import Filled, Meeting, fill_posts
from planner.solvers.fairs.problem import Fair, FairsProblem, Score, Slot
from planner.solvers.fairs.rules import Breach, guest_breaches, slot_breaches, unkept
from planner.solvers.fairs.turnout import turnout

if TYPE_CHECKING:
    from planner.solvers.fairs.matching import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What to expect of one fair: visitors at most, booths taken, posts filled there by sector."""

    visitors: int
    booths: int
    filled: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A plan's worth, what it breaks (nothing where it is lawful), and what to expect of each fair.

    ``reached`` are seekers who come to any fair; ``filled`` posts by employer and sector.
    """

    score: Score
    breaches: tuple[Breach, ...]
    expected: tuple[Expected, ...]
    reached: int
    filled: tuple[tuple[int, ...], ...]


class Judge:
    """Judges plans of one problem; what it has looked up once it keeps.

    ``worth_fen`` is by seeker: village * sectors + sector.
    """

    def __init__(self, problem: FairsProblem) -> None:
        self.problem = problem
        sectors = problem.sectors
        self._seekers = np.array([village.seekers for village in problem.villages], dtype=np.int64).reshape(
            -1
        )
        self.worth_fen = np.repeat(
            np.array([village.worth_fen for village in problem.villages], dtype=np.int64), sectors
        )
        posts = [employer.posts for employer in problem.employers]
        self._posts = np.array(posts, dtype=np.int64).reshape(-1, sectors)
        self._arrivals: dict[tuple[object, ...], tuple[Ints, Ints]] = {}

    def arrivals(self, slot: Slot) -> tuple[Ints, Ints]:
        """Who comes to a fair at most: seekers (village * sectors + sector), each once, and their heads."""
        wish = self.problem.wishes[slot.wish]
        key = (slot.venue, wish.sectors, wish.draw_permille)
        if key not in self._arrivals:
            coming = turnout(self.problem, wish, venue=slot.venue)
            rows = np.array(coming, dtype=np.int64).reshape(-1, 3)
            self._arrivals[key] = rows[:, 0] * self.problem.sectors + rows[:, 1], rows[:, 2]
        return self._arrivals[key]

    def visitors(self, slot: Slot) -> int:
        """How many come to a fair at most."""
        return int(self.arrivals(slot)[1].sum())

    def judge(self, fairs: Sequence[Fair]) -> Judgement:
        """Value a plan and list what it breaks. Raises ValueError where it names what is not there."""
        for fair in fairs:
            self.problem.check_fair(fair)
        filled = self._match(fairs)
        return Judgement(
            score=self._score(fairs, filled=filled),
            breaches=self._breaches(fairs),
            expected=tuple(
                Expected(
                    visitors=self.visitors(fair.slot),
                    booths=sum(self.problem.employers[employer].booths for employer in fair.employers),
                    filled=tuple(row),
                )
                for fair, row in zip(fairs, filled.by_fair.tolist(), strict=True)
            ),
            reached=int((self._seekers - self.unreached(fairs)).sum()),
            filled=tuple(tuple(row) for row in filled.by_employer.tolist()),
        )

    def value(self, fairs: Sequence[Fair]) -> Score:
        """What a plan is worth, whatever it breaks."""
        return self._score(fairs, filled=self._match(fairs))

    def unreached(self, fairs: Sequence[Fair]) -> Ints:
        """How many of the seekers come to no fair."""
        coming = [self.arrivals(fair.slot) for fair in fairs]
        who = np.concatenate([np.zeros(0, dtype=np.int64), *(seekers for seekers, _ in coming)])
        heads = np.concatenate([np.zeros(0), *(heads for _, heads in coming)])
        reached = np.bincount(who, heads, self._seekers.size).astype(np.int64)
        return np.maximum(self._seekers - reached, 0)

    def _match(self, fairs: Sequence[Fair]) -> Filled:
        meetings = [Meeting(*self.arrivals(fair.slot), fair.employers) for fair in fairs]
        return fill_posts(meetings, seekers=self._seekers, posts=self._posts)

    def _breaches(self, fairs: Sequence[Fair]) -> tuple[Breach, ...]:
        slots = [fair.slot for fair in fairs]
        broken = [
            breach
            for number, slot in enumerate(slots)
            for breach in slot_breaches(
                self.problem, slot, beside=slots[:number], visitors=self.visitors(slot)
            )
        ]
        return (*broken, *guest_breaches(self.problem, fairs), *unkept(self.problem, fairs))

    def _score(self, fairs: Sequence[Fair], *, filled: Filled) -> Score:
        problem, weights = self.problem, self.problem.weights
        held = Counter(fair.slot.wish for fair in fairs)
        busy = {employer for fair in fairs for employer in fair.employers}
        idle = sum(any(e.posts) and number not in busy for number, e in enumerate(problem.employers))
        missing_fen = sum(
            fen * max(wish.least - held[number], 0)
            for number, (wish, fen) in enumerate(zip(problem.wishes, problem.missing_fen, strict=True))
        )
        return Score(
            covered=int((self._seekers - self.unreached(fairs)) @ self.worth_fen),
            matched=int(filled.by_fair.sum(axis=0) @ np.array(weights.post_fen, dtype=np.int64)),
            market=sum(problem.venues[fair.slot.venue].bonus_fen[fair.slot.day] for fair in fairs),
            travel=-sum(
                problem.employers[employer].travel_fen[fair.slot.venue] or 0
                for fair in fairs
                for employer in fair.employers
            ),
            held=-sum(
                problem.venues[fair.slot.venue].cost_fen + problem.wishes[fair.slot.wish].cost_fen
                for fair in fairs
            ),
            missing=-missing_fen,
            idle=-weights.idle_fen * idle,
            moved=-weights.moved_fen * self._moved(fairs),
            rebooked=-weights.rebooked_fen * self._rebooked(fairs),
        )

    def _moved(self, fairs: Sequence[Fair]) -> int:
        """Slots of the previous plan that are given up."""
        held = {fair.slot for fair in fairs}
        return sum(fair.slot not in held for fair in self.problem.previous)

    def _rebooked(self, fairs: Sequence[Fair]) -> int:
        """Employers no longer at a fair that stays."""
        there = {fair.slot: set(fair.employers) for fair in fairs}
        return sum(
            len(set(fair.employers) - there[fair.slot])
            for fair in self.problem.previous
            if fair.slot in there
        )
