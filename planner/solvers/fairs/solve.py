"""A plan for a problem of fairs, and its bound: prices first, then plans by prices, then better ones.

A small problem goes to CP-SAT whole, which proves its plan best. In a large one employers
are invited anew sector by sector (``polish``), in turns with rounds of ruin and recreate (Schrimpf et al.
2000): some slots and guests are given up by chance and the best taken again.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.fairs.bound import Relaxation
from planner.solvers.fairs.greedy import Slots, invite, keep
from planner.solvers.fairs.ground import survey
from planner.solvers.fairs.judge import Judge
from planner.solvers.fairs.model import Effort, Model, Part
from planner.solvers.fairs.polish import Reinvited, groups, reinvite
from planner.solvers.fairs.problem import Fair, FairsBudget, FairsProblem, FairsSolution
from planner.solvers.fairs.suggest import hold_lacking
from planner.solvers.fairs.verify import recompute
from planner.solvers.routing.program import UNBOUNDED
from planner.solvers.routing.search import Progress

if TYPE_CHECKING:
    from planner.solvers.fairs.model import Held

_STEPS: Final = 700
_FEW_STEPS: Final = 100
"""Of prices, and where CP-SAT proves a bound anyway; fewer where ``_SHARE`` of the seconds are gone."""
_SHARE: Final = 0.5
_SMALL: Final = 4000
"""Pairs of a slot and an employer or a village's sector, up to which CP-SAT takes the problem whole."""
_PROOF_SHARE: Final = 0.7
"""Of the seconds left, what that may take."""
_MOVES: Final = 0.6
"""Of the rounds in which slots are given up too."""
_SPREADS: Final = (0.0, 0.1, 0.3)
"""By how much slots look better or worse than they are when they are chosen again."""
_SHAKE: Final = 0.15
"""Of what polishing took, for rounds of ruin and recreate after it."""
_RUIN: Final = 0.15
"""Of the employers whose visits are all given up."""
_SLACK: Final = 0.001
"""How much worse a plan may be at first to be gone on from."""
_GROUP_S: Final = 1.0
_GROUP_EFFORT: Final = 0.1
"""For some employers of a sector beside all others: seconds, or deterministic ones."""
_TOGETHER: Final = 2
"""Sectors looked at at once while each takes one worker."""
_SMALL_EFFORT: Final = 20.0
"""Deterministic seconds for that where effort is counted."""


def solve(problem: FairsProblem, budget: FairsBudget) -> FairsSolution:
    """Find a good plan and bound what any is worth. Raises SolverError when a library refuses."""
    return _Search(problem, budget).run()


class _Search:
    """The best plan so far and the budget."""

    def __init__(self, problem: FairsProblem, budget: FairsBudget) -> None:
        self._problem, self._budget = problem, budget
        self._began_s = time.monotonic()
        self._ground = survey(problem)
        self._judge = Judge(problem)
        fixed = range(self._ground.free, len(self._ground.slots))
        self._best = keep(self._ground, dict.fromkeys(fixed, ()), wanted={})
        self._score = self._judge.value(self._fairs(self._best))
        self._bound = UNBOUNDED
        self._rounds = 0
        width = len(problem.employers) + self._ground.seekers.size
        self._small = len(self._ground.slots) * width <= _SMALL

    def run(self) -> FairsSolution:
        """Prices, a plan by them, better plans."""
        ground, problem = self._ground, self._problem
        outlook = Relaxation(ground).climb(self._climbed)
        verified = recompute(problem, outlook.prices)
        self._prove(verified)
        slots = Slots(ground, outlook.slot_fen)
        slots.take(sorted(ground.guests))
        self._invite(slots)
        slots.fill()
        self._invite(slots)
        slots.polish(self._over)
        self._invite(slots)
        if self._small and not self._over():
            self._solve_whole()
        self._improve(slots)
        fairs = hold_lacking(self._judge, self._fairs(self._best))
        if len(fairs) > len(self._best):
            self._score = self._judge.value(fairs)
            self._tell()
        return FairsSolution(
            fairs=fairs,
            score=self._score,
            bound_fen=self._bound,
            verified_fen=verified,
            prices=outlook.prices,
        )

    def _spent(self) -> float:
        """Share of the budget that is gone."""
        if self._budget.seconds is None:
            return self._rounds / max(self._budget.effort or 0, 1)
        return (time.monotonic() - self._began_s) / max(self._budget.seconds, 0.01)

    def _climbed(self, steps: int) -> float:
        """Share of the climb that is done: all of it when asked to stop."""
        if self._budget.stop():
            return 1.0
        return max(steps / (_FEW_STEPS if self._small else _STEPS), self._spent() / _SHARE)

    def _over(self) -> bool:
        return self._budget.stop() or self._spent() >= 1 or self._score.total >= self._bound

    def _prove(self, bound: int) -> None:
        self._bound = min(self._bound, bound)
        self._tell()

    def _tell(self) -> None:
        self._budget.progress(Progress(cost_fen=-self._score.total, bound_fen=-self._bound))

    def _fairs(self, held: Held) -> tuple[Fair, ...]:
        fairs = (Fair(slot=self._ground.slots[n], employers=guests) for n, guests in held.items())
        return tuple(sorted(fairs, key=lambda fair: (fair.slot.day, fair.slot)))

    def _offer(self, held: Held) -> int:
        """What a plan is worth; it is the best now if it is worth more."""
        score = self._judge.value(self._fairs(held))
        if score.total > self._score.total:
            self._best, self._score = held, score
            self._tell()
        return score.total

    def _invite(self, slots: Slots) -> None:
        """Offer the slots chosen with those who were there before, and whoever adds most."""
        chosen: Held = dict.fromkeys(sorted(slots.chosen), ())
        self._offer(invite(self._ground, keep(self._ground, chosen, wanted=self._ground.guests)))

    def _solve_whole(self) -> None:
        """Have CP-SAT prove the best plan."""
        ground, seconds = self._ground, self._budget.seconds
        numbers = range(len(ground.slots))
        open_to = ground.may_come(numbers)
        part = Part(
            guests={slot: tuple(np.flatnonzero(open_to[:, slot]).tolist()) for slot in numbers},
            held=frozenset(range(ground.free, len(ground.slots))),
        )
        left_s = None if seconds is None else seconds * (1 - self._spent()) * _PROOF_SHARE
        effort = Effort(
            seconds=left_s,
            counted=_SMALL_EFFORT if seconds is None else None,
            seed=self._budget.seed,
            stop=self._budget.stop,
        )
        answer = Model(ground, part).solve(self._best, effort=effort)
        if answer is not None:
            self._offer(answer.held)
            self._prove(answer.bound_fen)

    def _improve(self, slots: Slots) -> None:
        """Employers sector by sector, then rounds of ruin and recreate, and again."""
        dice = Random(self._budget.seed)
        for turn in count():
            if self._over():
                return
            before = self._spent()
            self._polish(dice, turn=turn)
            after = self._spent()
            self._shake(slots, dice=dice, until=after + (after - before) * _SHAKE)

    def _polish(self, dice: Random, *, turn: int) -> None:
        """Every employer once, beside the others; without a hint at first, then longer each turn."""
        queue = [*groups(self._ground, dice, fairs=len(self._best))]
        together = 1 if turn else _TOGETHER
        while queue and not self._over():
            now, queue = queue[:together], queue[together:]
            self._rounds += len(now)
            with ThreadPoolExecutor(together) as pool:
                for found in pool.map(partial(self._reinvite, self._best, turn=turn), now):
                    merged = found.into(self._ground, self._best)
                    if merged is not None:
                        self._offer(merged)

    def _reinvite(self, held: Held, employers: frozenset[int], *, turn: int) -> Reinvited:
        seconds = self._budget.seconds
        effort = Effort(
            seconds=None if seconds is None else min(seconds * (1 - self._spent()), _GROUP_S * max(turn, 1)),
            counted=_GROUP_EFFORT if seconds is None else None,
            seed=self._budget.seed,
            stop=self._budget.stop,
        )
        return reinvite(self._ground, held, employers=employers, hinted=turn > 0, effort=effort)

    def _shake(self, slots: Slots, *, dice: Random, until: float) -> None:
        """Ruin and recreate; a plan a little worse than the last is gone on from."""
        now, worth = self._best, self._score.total
        first = True
        while first or (not self._over() and self._spent() < until):
            first = False
            self._rounds += 1
            slots.become(now.keys())
            if dice.random() < _MOVES:
                slots.shake(dice, number=dice.randint(1, 3), spread=dice.choice(_SPREADS))
            found = invite(self._ground, self._ruin(slots, now=now, dice=dice))
            value = self._offer(found)
            if value >= worth or value >= self._score.total * (1 - _SLACK * (1 - self._spent())):
                now, worth = found, value

    def _ruin(self, slots: Slots, *, now: Held, dice: Random) -> Held:
        """Guests of the fairs that are held again, be it on another day, but for some of them."""
        ground, wishes = self._ground, self._ground.slot_wish
        gone = {e for e in range(len(self._problem.employers)) if dice.random() < _RUIN}
        empty = set(dice.sample(sorted(slots.chosen), min(2, len(slots.chosen))))
        moved = {int(wishes[slot]): guests for slot, guests in now.items() if slot not in slots.chosen}
        wanted = {
            slot: set(now.get(slot, moved.get(int(wishes[slot]), ()))) - gone
            for slot in sorted(slots.chosen - empty)
        }
        return keep(ground, dict.fromkeys(sorted(slots.chosen), ()), wanted=wanted)
