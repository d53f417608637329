"""People into the carriages of a train, or the coaches of one departure: families whole, groups together.

A greedy start is improved by exchanges between a few carriages, solved as if families could be separated
(milliseconds) and then seated whole; the same relaxation of the whole train, and then the train itself, go
to CP-SAT for a proof. The bound is the larger of a count without solver and CP-SAT's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from planner.solvers.seats_bound import count_pairs
from planner.solvers.seats_full import MOST_GROUPS, bound_full, line_up
from planner.solvers.seats_model import MANY_WORKERS, improve, realise
from planner.solvers.seats_problem import NOBODY, Carriage, Kind, Limits, Load, Party, Purse, Seating, Weights
from planner.solvers.seats_start import fill_greedily, fit_most

_AT_ONCE: Final = 4
"""Carriages that one exchange is about; with one more it takes five times as long."""
_ROUND: Final = 0.1
"""Most effort for one exchange: those that end without an answer rarely had a better one."""
_EXCHANGES: Final = 0.9
"""Share of the limits after which exchanges end."""
_LIKELIER: Final = 4
"""How much likelier a carriage of the same stop joins an exchange."""
_LINE_EFFORT: Final = 0.02
"""Paid for a line-up, which CP-SAT does not count."""
_HEADS: Final = 0.6
"""Share of what is left for the proof in single heads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriagePlan:
    """By party its carriage, None for those left because they do not fit, and what is proved of it.

    ``bound`` is on the cost of seating the same parties; ``must_leave`` heads have no room in any seating.
    """

    carriages: tuple[int | None, ...]
    cost: int
    bound: int
    must_leave: int = 0

    @property
    def proved(self) -> bool:
        """Whether no seating of these parties costs less."""
        return self.cost == self.bound

    @property
    def left(self) -> tuple[int, ...]:
        """Parties without a seat."""
        return tuple(number for number, place in enumerate(self.carriages) if place is None)


def seat_parties(
    parties: Sequence[Party], carriages: Sequence[Carriage], *, limits: Limits, weights: Weights | None = None
) -> CarriagePlan:
    """Give every party one carriage so that employers and alighting stops are spread over few.

    Where not all fit, the most heads are seated, and of equal parties those that stand first.
    """
    purse = Purse(limits)
    kinds = [
        Kind(NOBODY if p.employer is None else p.employer, p.stop, p.size, p.accessible) for p in parties
    ]
    loads, must_leave = fill_greedily(Counter(kinds), carriages), 0
    if loads is None:
        loads, _, must_leave = fit_most(kinds, carriages, purse=purse)
    seating = Seating(carriages=tuple(carriages), loads=loads, weights=weights or Weights())
    search = _Search(seating, purse)
    search.run()
    return CarriagePlan(
        carriages=tuple(_name(kinds, search.best.loads)),
        cost=search.best.cost,
        bound=search.bound,
        must_leave=must_leave,
    )


def _name(kinds: Sequence[Kind], loads: Sequence[Load]) -> Iterator[int | None]:
    """By party, a carriage that has room for its kind, the first parties first."""
    places: dict[Kind, list[int]] = defaultdict(list)
    for place, load in enumerate(loads):
        for kind, number in load.items():
            places[kind] += [place] * number
    queues = {kind: iter(members) for kind, members in places.items()}
    for kind in kinds:
        yield next(queues.get(kind, iter(())), None)


def _moves(kind: Kind, stop: int) -> bool:
    return kind.stop == stop and kind.employer != NOBODY and not kind.accessible


class _Search:
    """The stages; ``best`` and ``bound`` hold the state of things."""

    def __init__(self, seating: Seating, purse: Purse) -> None:
        self.best = seating
        self._purse = purse
        self._floor = count_pairs(seating.counts, seating.carriages)
        self.bound = bound_full(seating.counts, seating.carriages, weights=seating.weights, floor=self._floor)

    def run(self) -> None:
        """All stages, until the best is proved or the limits end."""
        if len(self.best.carriages) > _AT_ONCE:
            self._exchange()
        if not self._over():
            self._prove_heads()
        if not self._over():
            self._prove()

    def _over(self) -> bool:
        return self.best.cost <= self.bound or self._purse.empty

    def _exchange(self) -> None:
        """Improve a few carriages at a time, others each time, until as many times as pairs bring nothing."""
        dice, idle, size = Random(self._purse.limits.seed), 0, len(self.best.carriages)
        while idle < size**2 and not self._over():
            if self._purse.part_left < 1.0 - _EXCHANGES:
                break
            before = self.best.cost
            self._improve(self._choose(dice, at_once=_AT_ONCE + (idle >= size and idle % 2)))
            if not self._over():
                self._line_up(dice)
            idle = 0 if self.best.cost < before else idle + 1

    def _choose(self, dice: Random, *, at_once: int) -> list[int]:
        """Carriages for an exchange: likelier with people who are apart from theirs, and of one stop."""
        loads = self.best.loads
        groups = [{kind.employer for kind in load} - {NOBODY} for load in loads]
        spread = Counter(employer for group in groups for employer in group)
        stops = [{kind.stop for kind in load} for load in loads]
        worth = [
            1 + 2 * max(len(stops[place]) - 1, 0) + 2 * sum(spread[employer] > 1 for employer in group)
            for place, group in enumerate(groups)
        ]
        chosen = dice.choices(range(len(loads)), worth)
        while len(chosen) < at_once:
            odds = [
                0 if place in chosen else worth[place] * (_LIKELIER if stops[place] & stops[chosen[0]] else 1)
                for place in range(len(loads))
            ]
            chosen += dice.choices(range(len(loads)), odds)
        return sorted(chosen)

    def _improve(self, chosen: Sequence[int]) -> None:
        """Seat the people of some carriages at less cost: in single heads, then in whole parties."""
        part, limits = self.best.only(chosen), self._purse.grant(1.0, most=_ROUND)
        heads = improve(part.in_heads(), self._purse, limits=limits, workers=1)
        if heads.cost >= part.cost or heads.loads is None:
            return
        loads = realise(part, self._purse, heads=heads.loads, limits=limits)
        if loads is None:
            loads = improve(part, self._purse, limits=limits, workers=1).loads
        self._take(loads, chosen=chosen)

    def _line_up(self, dice: Random) -> None:
        """Seat the employers of one stop anew, in an order of its carriages; no dearer is good enough."""
        stop, chosen = self._choose_line(dice)
        part = self.best.only(chosen)
        heads = part.in_heads()
        moved = [Counter({k: n for k, n in load.items() if _moves(k, stop)}) for load in heads.loads]
        rooms = [
            carriage.seats - sum(load.values()) + sum(own.values())
            for carriage, load, own in zip(heads.carriages, heads.loads, moved, strict=True)
        ]
        groups = sum(moved, Counter[Kind]())
        shares = line_up(tuple(groups.values()), rooms)
        self._purse.pay(_LINE_EFFORT)
        if shares is None:
            return
        names = tuple(groups)
        loads = [
            Counter(load) - own + Counter({names[group]: number for group, number in share.items()})
            for load, own, share in zip(heads.loads, moved, shares, strict=True)
        ]
        if heads.with_loads(loads).cost <= part.cost:
            limits = self._purse.grant(1.0, most=_ROUND)
            self._take(realise(part, self._purse, heads=loads, limits=limits), chosen=chosen)

    def _choose_line(self, dice: Random) -> tuple[int, list[int]]:
        """A stop, and carriages with its people in any order, for as many employers as can be looked at."""
        stop = dice.choice(sorted({kind.stop for load in self.best.loads for kind in load}))
        chosen: list[int] = []
        groups: set[int] = set()
        for place in dice.sample(range(len(self.best.loads)), len(self.best.loads)):
            more = {kind.employer for kind in self.best.loads[place] if _moves(kind, stop)}
            if more and len(groups | more) <= MOST_GROUPS:
                groups |= more
                chosen.append(place)
        return stop, chosen

    def _prove_heads(self) -> None:
        """Bound the whole train in single heads, and seat parties as those sit if that is better."""
        limits = self._purse.grant(_HEADS)
        known = (self._floor, self.bound)
        heads = improve(self.best.in_heads(), self._purse, limits=limits, workers=MANY_WORKERS, known=known)
        self.bound = max(self.bound, heads.bound)
        if heads.cost < self.best.cost and heads.loads is not None:
            self._take(realise(self.best, self._purse, heads=heads.loads, limits=self._purse.grant(_HEADS)))

    def _prove(self) -> None:
        limits = self._purse.grant(1.0)
        known = (self._floor, self.bound)
        whole = improve(self.best, self._purse, limits=limits, workers=MANY_WORKERS, known=known)
        self.bound = max(self.bound, whole.bound)
        self._take(whole.loads)

    def _take(self, loads: Sequence[Load] | None, *, chosen: Sequence[int] | None = None) -> None:
        """Keep loads that cost no more."""
        if loads is not None:
            new = self.best.with_loads(loads, chosen=chosen)
            self.best = min(new, self.best, key=lambda seating: seating.cost)
