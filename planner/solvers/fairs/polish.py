"""Who comes to fairs that are settled, better: some employers of a sector at a time, as a program.

Fairs and everybody else stay. A visit costs the same whether it fills one post or fifty, so that to invite
one by one whoever adds most ends far from the best; a sector's employers together are a small fixed-charge
flow, from villages through fairs to posts. Villages that come to the same fairs are one there: a little too
free, so that what it finds is judged like any other plan.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from ortools.sat.python import cp_model

from planner.solvers.fairs.matching import Meeting, flow_posts
from planner.solvers.fairs.model import WORKERS, solve_model, weighted_sum

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from planner.solvers.fairs.ground import Ground
    from planner.solvers.fairs.model import Effort, Held, Terms

_PAIRS: Final = 300
"""Of an employer and a fair, up to which employers are taken together."""


def groups(ground: Ground, dice: Random, *, fairs: int) -> Iterator[frozenset[int]]:
    """Employers sector by sector, in another order each time, as many together as a program takes."""
    most = max(_PAIRS // max(fairs, 1), 2)
    sectors = [*range(ground.problem.sectors)]
    dice.shuffle(sectors)
    for sector in sectors:
        members = np.flatnonzero(ground.posts[:, sector]).tolist()
        dice.shuffle(members)
        for first in range(0, len(members), most):
            yield frozenset(members[first : first + most])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reinvited:
    """Where some employers come now: pairs with a slot. None where nothing was found in time."""

    employers: frozenset[int]
    come: frozenset[tuple[int, int]] | None

    def into(self, ground: Ground, held: Held) -> Held | None:
        """A plan of the same fairs with these employers so; None where booths do not suffice for that."""
        if self.come is None:
            return None
        merged: dict[int, tuple[int, ...]] = {}
        for slot, guests in held.items():
            here = (set(guests) - self.employers) | {employer for employer, at in self.come if at == slot}
            if int(ground.stands[sorted(here)].sum()) > ground.room(slot):
                return None
            merged[slot] = tuple(sorted(here))
        return merged


def reinvite(
    ground: Ground, held: Held, *, employers: frozenset[int], hinted: bool, effort: Effort
) -> Reinvited:
    """At the same fairs, ``employers`` where they are best beside the others.

    ``hinted``: search round where they come now, which finds little where that is far from good; one worker
    does where the effort is counted. Raises SolverError when the library refuses.
    """
    program = _Program(ground, held, employers=employers)
    if hinted:
        program.hint()
    return program.solve(effort, workers=WORKERS if hinted and effort.counted is None else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crowd:
    """Seekers of a sector who come to the same fairs: how many in all, and to each slot at most."""

    heads: int
    by_slot: dict[int, int]


class _Program:
    """Which of some employers come to which fair, and how many posts are filled there."""

    def __init__(self, ground: Ground, held: Held, *, employers: frozenset[int]) -> None:
        self._ground, self._held, self._employers = ground, held, employers
        self._slots = sorted(held)
        self._there = {slot: frozenset(held[slot]) - employers for slot in self._slots}
        self._sectors = frozenset(np.flatnonzero(ground.posts[sorted(employers)].any(axis=0)).tolist())
        self._model, self._worth = cp_model.CpModel(), list[tuple[cp_model.IntVar, int]]()
        open_to = ground.may_come(self._slots)
        self._come = {
            (employer, slot): self._model.new_bool_var("")
            for employer in sorted(employers)
            for column, slot in enumerate(self._slots)
            if open_to[employer, column]
        }
        self._filled: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self._goes: dict[tuple[int, int, int], cp_model.IntVar] = {}
        self._crowd_of: dict[int, int] = {}
        self._add_visits()
        self._add_booths()
        self._add_posts()
        self._add_crowds()
        self._model.maximize(weighted_sum(self._worth))

    def _add_visits(self) -> None:
        """What they cost; one fair a day, not too many; fixed ones are had whatever that breaks."""
        ground, model = self._ground, self._model
        by_day: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for (employer, slot), comes in self._come.items():
            by_day[employer, int(ground.slot_day[slot])].append(slot)
            by_day[employer, -1].append(slot)
            regular = employer in ground.guests.get(slot, ())
            fen = ground.problem.weights.rebooked_fen * regular
            self._worth.append((comes, fen - int(ground.travel_fen[employer, ground.slot_kind[slot]])))
            if (employer, slot) in ground.forced:
                model.add(comes == 1)
        for (employer, day), slots in by_day.items():
            most = int(ground.visits[employer]) if day < 0 else 1
            forced = sum((employer, slot) in ground.forced for slot in slots)
            if len(slots) > max(most, forced):
                model.add(sum(self._come[employer, slot] for slot in slots) <= max(most, forced))
            if day < 0 and ground.posts[employer].any():
                idle = model.new_bool_var("")
                model.add_bool_or(idle, *(self._come[employer, slot] for slot in slots))
                self._worth.append((idle, -ground.problem.weights.idle_fen))

    def _add_booths(self) -> None:
        stands = self._ground.stands
        guests: defaultdict[int, Terms] = defaultdict(list)
        for (employer, slot), comes in self._come.items():
            guests[slot].append((comes, int(stands[employer])))
        for slot, terms in guests.items():
            room = self._ground.room(slot) - int(stands[sorted(self._there[slot])].sum())
            if sum(booths for _, booths in terms) > room:
                self._model.add(weighted_sum(terms) <= room)

    def _add_posts(self) -> None:
        """Posts filled by employer, sector and fair, of those who are there anyway too."""
        ground, model = self._ground, self._model
        there = [(employer, slot) for slot in self._slots for employer in sorted(self._there[slot])]
        shared: defaultdict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for employer, slot in (*self._come, *there):
            for sector in sorted(self._sectors):
                posts = int(ground.posts[employer, sector])
                most = min(posts, int(ground.expected[ground.slot_kind[slot], sector]))
                if most:
                    filled = self._filled[employer, sector, slot] = model.new_int_var(0, most, "")
                    shared[employer, sector].append(filled)
                    self._worth.append((filled, ground.problem.weights.post_fen[sector]))
                    if (employer, slot) in self._come:
                        model.add(filled <= most * self._come[employer, slot])
        for (employer, sector), terms in shared.items():
            model.add(sum(terms) <= int(ground.posts[employer, sector]))

    def _add_crowds(self) -> None:
        """At a fair no more posts of a sector are filled than seekers are met, each at one fair."""
        model = self._model
        met: defaultdict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for number, (sector, crowd) in enumerate(self._crowds()):
            going: list[cp_model.IntVar] = []
            for slot, heads in crowd.by_slot.items():
                goes = self._goes[number, sector, slot] = model.new_int_var(0, heads, "")
                met[sector, slot].append(goes)
                going.append(goes)
            if sum(crowd.by_slot.values()) > crowd.heads:
                model.add(sum(going) <= crowd.heads)
        filled: defaultdict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for (_, sector, slot), posts in self._filled.items():
            filled[sector, slot].append(posts)
        for place, all_posts in filled.items():
            model.add(sum(all_posts) <= sum(met[place]))

    def _crowds(self) -> list[tuple[int, _Crowd]]:
        """Seekers by sector and the fairs they come to."""
        ground, sectors = self._ground, self._ground.problem.sectors
        fairs: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for slot in self._slots:
            seekers, heads = ground.arrivals(slot)
            for seeker, many in zip(seekers.tolist(), heads.tolist(), strict=True):
                if seeker % sectors in self._sectors:
                    fairs[seeker][slot] = many
        alike: defaultdict[tuple[int, tuple[int, ...]], list[int]] = defaultdict(list)
        for seeker, arrivals in fairs.items():
            alike[seeker % sectors, tuple(arrivals)].append(seeker)
        crowds: list[tuple[int, _Crowd]] = []
        for (sector, slots), members in sorted(alike.items()):
            self._crowd_of.update(dict.fromkeys(members, len(crowds)))
            by_slot = {slot: sum(fairs[member][slot] for member in members) for slot in slots}
            crowds.append((sector, _Crowd(heads=int(ground.seekers[members].sum()), by_slot=by_slot)))
        return crowds

    def hint(self) -> None:
        """Begin with the plan as it is."""
        ground, model = self._ground, self._model
        meetings = [Meeting(*ground.arrivals(slot), self._held[slot]) for slot in self._slots]
        flow = flow_posts(meetings, seekers=ground.seekers, posts=ground.posts)
        going: defaultdict[tuple[int, int, int], int] = defaultdict(int)
        for fair, seeker, heads in flow.going.tolist():
            sector = seeker % ground.problem.sectors
            if sector in self._sectors:
                going[self._crowd_of[seeker], sector, self._slots[fair]] += heads
        rows: list[tuple[int, int, int, int]] = flow.filled.tolist()
        filled = {(employer, sector, self._slots[fair]): posts for fair, employer, sector, posts in rows}
        for (employer, slot), comes in self._come.items():
            model.add_hint(comes, employer in self._held[slot])
        for known, told in ((self._filled, filled), (self._goes, going)):
            for key, variable in known.items():
                model.add_hint(variable, told.get(key, 0))

    def solve(self, effort: Effort, *, workers: int) -> Reinvited:
        """Who comes where now."""
        solver = solve_model(self._model, effort=effort, workers=workers)
        come = None
        if solver is not None:
            come = frozenset(pair for pair, comes in self._come.items() if solver.boolean_value(comes))
        return Reinvited(employers=self._employers, come=come)
