"""Where one call could go and why not: every squad and day with its added cost or the first rule broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planner.solvers.tours.judge import spread_cost, starts
from planner.solvers.tours.order import best_order
from planner.solvers.tours.problem import Rule, Tour, TourProblem

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A call in a squad's day, in its best order: what the plan's objective rises by against now."""

    squad: int
    day: int
    added_fen: int
    tour: Tour


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """The cheapest slots of a call, cheapest first, and for every other squad and day the rule it breaks."""

    best: tuple[Slot, ...]
    refused: tuple[tuple[Rule, int, int], ...]
    """Rule, squad and day."""

    def count(self) -> dict[Rule, int]:
        """How many squad-days each rule refuses, in the rules' order."""
        rules = [rule for rule, _, _ in self.refused]
        return {rule: rules.count(rule) for rule in Rule if rule in rules}


def find_slots(problem: TourProblem, tours: Sequence[Tour], *, call: int, most: int = 5) -> Slots:
    """Take the call out of the plan, if it is in, and try it on every day of every squad.

    Everything else stays with its squad and day; only the order of the day's calls may change. Slots a call
    has now are among the tried, with what its tour would cost in its best order.
    """
    now = _Standing(problem, tours)
    without = [replace(tour, calls=tuple(c for c in tour.calls if c != call)) for tour in tours]
    plan = _Standing(problem, without)
    slots: list[Slot] = []
    refused: list[tuple[Rule, int, int]] = []
    for squad in range(len(problem.squads)):
        for day in range(problem.days):
            found = plan.refuses(call, squad, day) or plan.tried(call, squad, day)
            if isinstance(found, Rule):
                refused.append((found, squad, day))
            else:
                tour, fen = found
                slots.append(Slot(squad=squad, day=day, added_fen=fen - now.objective_fen, tour=tour))
    slots.sort(key=lambda slot: (slot.added_fen, slot.squad, slot.day))
    return Slots(best=tuple(slots[:most]), refused=tuple(refused))


class _Standing:
    """A plan as its parts: travel and work by tour, loads by squad; days taken, by village and by broker."""

    def __init__(self, problem: TourProblem, tours: Sequence[Tour]) -> None:
        self._problem = problem
        self._tours = {(tour.squad, tour.day): tour for tour in tours}
        self._wakes = starts(problem, tours)
        self._fen = {at: self._travel(tour) for at, tour in self._tours.items()}
        self._work = [0] * len(problem.squads)
        for tour in tours:
            self._work[tour.squad] += self._seconds(tour)
        made = {call: at for at, tour in self._tours.items() for call in tour.calls}
        self._near: dict[int, set[int]] = {}
        self._taken: dict[int, set[int]] = {}
        for call, (_, day) in made.items():
            village = problem.calls[call].village
            self._near.setdefault(village, set()).add(day)
            broker = problem.villages[village].broker
            if broker is not None:
                self._taken.setdefault(broker, set()).add(day)
        nights = sum(
            problem.squads[tour.squad].night_fen * (problem.end_of(tour) != problem.squads[tour.squad].base)
            for tour in tours
        )
        left = sum(call.prize_fen for number, call in enumerate(problem.calls) if number not in made)
        soft = sum(self._soft(call, at) for call, at in made.items())
        self._fixed = nights + left + soft
        self.objective_fen = self._fixed + sum(self._fen.values()) + self._spread(self._work)

    def refuses(self, call: int, squad: int, day: int) -> Rule | None:  # noqa: PLR0917  # which, who, when
        """The first rule but times that is against it."""
        problem = self._problem
        rule = problem.refuses(call, squad=squad, day=day)
        if rule is not None:
            return rule
        village = problem.calls[call].village
        asked = problem.villages[village]
        apart = max(asked.spacing_days, 1)
        if any(abs(when - day) < apart for when in self._near.get(village, ())):
            return Rule.SPACING
        if asked.broker is not None and day in self._taken.get(asked.broker, ()):
            return Rule.BROKER
        full = len(self._tour(squad, day).calls) >= problem.squads[squad].most_calls
        return Rule.FULL if full else None

    def tried(self, call: int, squad: int, day: int) -> tuple[Tour, int] | Rule:  # noqa: PLR0917  # as above
        """The tour with the call in its best order and the plan's objective, or why there is none."""
        old = self._tour(squad, day)
        tour = replace(old, calls=(*old.calls, call))
        found = best_order(self._problem, tour, start=self._wakes[squad, day])
        if isinstance(found, Rule):
            return found
        fen, tour = found
        work = list(self._work)
        work[squad] += self._seconds(tour) - self._seconds(old)
        others = sum(self._fen.values()) - self._fen.get((squad, day), 0)
        soft = self._soft(call, (squad, day)) - self._problem.calls[call].prize_fen
        return tour, self._fixed + others + fen + soft + self._spread(work)

    def _tour(self, squad: int, day: int, /) -> Tour:
        return self._tours.get((squad, day), Tour(squad=squad, day=day, calls=()))

    def _soft(self, call: int, at: tuple[int, int], /) -> int:
        asked = self._problem.calls[call]
        changed = asked.was not in {None, at}
        return self._problem.change_fen * changed - self._problem.villages[asked.village].bonus(at[1])

    def _ways(self, tour: Tour, /) -> Iterator[tuple[int, int]]:
        node = self._wakes.get((tour.squad, tour.day), self._problem.squads[tour.squad].base)
        for call in tour.calls:
            there = self._problem.villages[self._problem.calls[call].village].node
            yield node, there
            node = there
        yield node, self._problem.end_of(tour)

    def _travel(self, tour: Tour, /) -> int:
        return sum(int(self._problem.arcs[tour.squad][way]) for way in self._ways(tour))

    def _seconds(self, tour: Tour, /) -> int:
        seconds = self._problem.seconds[self._problem.squads[tour.squad].profile]
        service = sum(self._problem.villages[self._problem.calls[c].village].service_s for c in tour.calls)
        return service + sum(int(seconds[way]) for way in self._ways(tour))

    def _spread(self, work: Sequence[int], /) -> int:
        weights = [self._problem.load_weight(squad) for squad in range(len(work))]
        loads = [second * weight for second, weight in zip(work, weights, strict=True) if weight]
        return spread_cost(self._problem, loads)
