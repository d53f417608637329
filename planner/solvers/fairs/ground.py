"""A problem as arrays: kinds of fairs, who comes to them, free slots, and the rows they share.

A *kind* is what a fair is worth the same for on any day: venue, sectors, employers, draw. Fixed fairs are
taken off first: what they bar is no slot any more, and the rows have what they leave.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from planner.solvers.fairs.problem import FairsProblem, RowKey, Slot
from planner.solvers.fairs.rules import first_refusal, too_near
from planner.solvers.fairs.turnout import turnout

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class Row(NamedTuple):
    """Free slots of which no more than ``most`` needs can be met; what it is about is its ``key``."""

    key: RowKey
    slots: Ints
    needs: Ints
    most: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """What the search looks up.

    Arcs: ``arc_heads`` of seekers ``arc_seeker`` (village * sectors + sector) come to kind ``arc_kind``.
    Slots are all that may be held beside the fixed ones, which follow them: ``slots[free:]``. ``gain_fen``
    is what a slot is worth without anybody there. ``welcome`` by employer and kind; ``travel_fen`` there.
    """

    problem: FairsProblem
    seekers: Ints
    worth_fen: Ints
    arc_kind: Ints
    arc_seeker: Ints
    arc_heads: Ints
    expected: Ints
    """Heads by kind and sector that come at most."""
    slots: tuple[Slot, ...]
    free: int
    slot_wish: Ints
    slot_kind: Ints
    slot_day: Ints
    gain_fen: Ints
    booths: Ints
    welcome: Bools
    travel_fen: Ints
    able: Bools
    """By employer and day."""
    posts: Ints
    """By employer and sector."""
    rows: tuple[Row, ...]
    count: Ints
    """By wish, how many free slots may be held; ``least`` are required, or cost ``missing_fen`` each."""
    least: Ints
    missing_fen: Ints
    guests: Mapping[int, frozenset[int]]
    """Employers by slot of the previous plan, where that may be held again."""
    forced: frozenset[tuple[int, int]]
    """Employers and slots that are fixed."""
    visits: Ints
    """By employer how many at most, and ``stands``, how many booths each takes."""
    stands: Ints

    @property
    def kinds(self) -> int:
        """How many kinds of fairs there are."""
        return self.booths.size

    @property
    def base_fen(self) -> int:
        """What any plan pays for giving up all of the previous one; slots of it gain that again."""
        return -self.problem.weights.moved_fen * len(self.problem.previous)

    def arrivals(self, slot: int) -> tuple[Ints, Ints]:
        """Seekers, each once, and how many heads of each come to a slot at most."""
        first, last = np.searchsorted(self.arc_kind, (self.slot_kind[slot], self.slot_kind[slot] + 1))
        return self.arc_seeker[first:last], self.arc_heads[first:last]

    def may_come(self, slots: Sequence[int]) -> Bools:
        """By employer and slot whether it may be there, as far as they alone are concerned."""
        here = self.welcome[:, self.slot_kind[slots]] & self.able[:, self.slot_day[slots]]
        for column, slot in enumerate(slots):
            here[[employer for employer, at in self.forced if at == slot], column] = True
        return here

    def room(self, slot: int) -> int:
        """Booths at a slot, more where fixed employers take more."""
        taken = sum(self.problem.employers[e].booths for e, at in self.forced if at == slot)
        return max(int(self.booths[self.slot_kind[slot]]), taken)


def survey(problem: FairsProblem) -> Ground:
    """Lay a problem out in arrays."""
    kinds = _Kinds(problem)
    fixed = tuple(fair.slot for fair in problem.fixed)
    slots = (*_free_slots(problem, kinds), *fixed)
    free = len(slots) - len(fixed)
    kind = np.array([kinds.of(slot) for slot in slots], dtype=np.int64)
    wishes = np.array([slot.wish for slot in slots], dtype=np.int64)
    held = np.bincount(wishes[free:], minlength=len(problem.wishes))
    count = np.array([wish.count for wish in problem.wishes], dtype=np.int64)
    least = np.array([wish.least for wish in problem.wishes], dtype=np.int64)
    arcs = np.array(
        [
            (number, village * problem.sectors + sector, heads)
            for number, arrivals in enumerate(kinds.arrivals)
            for village, sector, heads in arrivals
        ],
        dtype=np.int64,
    ).reshape(-1, 3)
    worth = np.array([village.worth_fen for village in problem.villages], dtype=np.int64)
    seekers = np.array([village.seekers for village in problem.villages], dtype=np.int64)
    welcome, travel = _employers(problem, kinds)
    forced = frozenset(
        (employer, free + number) for number, fair in enumerate(problem.fixed) for employer in fair.employers
    )
    before = {fair.slot: frozenset(fair.employers) for fair in problem.previous}
    return Ground(
        problem=problem,
        seekers=seekers.reshape(-1),
        worth_fen=np.repeat(worth, problem.sectors),
        arc_kind=arcs[:, 0],
        arc_seeker=arcs[:, 1],
        arc_heads=arcs[:, 2],
        expected=_expected(problem, kinds),
        slots=slots,
        free=free,
        slot_wish=wishes,
        slot_kind=kind,
        slot_day=np.array([slot.day for slot in slots], dtype=np.int64),
        gain_fen=np.array([gain_fen(problem, slot) for slot in slots], dtype=np.int64)
        + problem.weights.moved_fen * np.array([slot in before for slot in slots], dtype=np.int64),
        booths=np.array([problem.venues[venue].booths for venue in kinds.venues], dtype=np.int64),
        welcome=welcome,
        travel_fen=travel,
        able=np.array(
            [[day in employer.days for day in range(problem.days)] for employer in problem.employers],
            dtype=np.bool_,
        ).reshape(-1, problem.days),
        posts=np.array([employer.posts for employer in problem.employers], dtype=np.int64).reshape(
            -1, problem.sectors
        ),
        rows=tuple(_rows(problem, slots[:free], fixed=fixed)),
        count=np.maximum(count - held, 0),
        least=np.maximum(least - held, 0),
        missing_fen=np.array(problem.missing_fen, dtype=np.int64),
        guests={number: before[slot] for number, slot in enumerate(slots) if slot in before},
        forced=forced,
        visits=np.array(
            [
                max(employer.most, sum(who == number for who, _ in forced))
                for number, employer in enumerate(problem.employers)
            ],
            dtype=np.int64,
        ),
        stands=np.array([employer.booths for employer in problem.employers], dtype=np.int64),
    )


def gain_fen(problem: FairsProblem, slot: Slot) -> int:
    """What a slot is worth without anybody there: market day less costs."""
    venue = problem.venues[slot.venue]
    return venue.bonus_fen[slot.day] - venue.cost_fen - problem.wishes[slot.wish].cost_fen


class _Kinds:
    """Numbers of kinds as they are met, and who comes to each."""

    def __init__(self, problem: FairsProblem) -> None:
        self._problem = problem
        self._number: dict[tuple[int, object, object, int], int] = {}
        self.arrivals: list[tuple[tuple[int, int, int], ...]] = []
        self.visitors: list[int] = []
        self.venues: list[int] = []
        self.employers: list[frozenset[int] | None] = []

    def of(self, slot: Slot) -> int:
        wish = self._problem.wishes[slot.wish]
        key = (slot.venue, wish.sectors, wish.employers, wish.draw_permille)
        if key not in self._number:
            self._number[key] = len(self._number)
            self.arrivals.append(turnout(self._problem, wish, venue=slot.venue))
            self.venues.append(slot.venue)
            self.employers.append(wish.employers)
            self.visitors.append(sum(heads for _, _, heads in self.arrivals[-1]))
        return self._number[key]


def _free_slots(problem: FairsProblem, kinds: _Kinds) -> list[Slot]:
    """All slots that no rule refuses, the fixed fairs given."""
    fixed = [fair.slot for fair in problem.fixed]
    places = {(slot.venue, slot.day) for slot in fixed}
    return [
        slot
        for number, wish in enumerate(problem.wishes)
        for venue in sorted(wish.venues)
        for day in range(max(wish.first, 0), min(wish.last + 1, problem.days))
        for slot in [Slot(number, venue, day)]
        if (venue, day) not in places
        and first_refusal(problem, slot, visitors=kinds.visitors[kinds.of(slot)]) is None
        and not any(too_near(problem, slot, other=other) for other in fixed)
    ]


def _expected(problem: FairsProblem, kinds: _Kinds) -> Ints:
    expected = np.zeros((len(kinds.arrivals), problem.sectors), dtype=np.int64)
    for number, arrivals in enumerate(kinds.arrivals):
        for _, sector, heads in arrivals:
            expected[number, sector] += heads
    return expected


def _employers(problem: FairsProblem, kinds: _Kinds) -> tuple[Bools, Ints]:
    """By employer and kind whether it may come, and what that costs."""
    shape = (len(problem.employers), len(kinds.venues))
    welcome, travel = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.int64)
    for number, employer in enumerate(problem.employers):
        for kind, (venue, wanted) in enumerate(zip(kinds.venues, kinds.employers, strict=True)):
            fen = employer.travel_fen[venue]
            fits = employer.booths <= problem.venues[venue].booths
            travel[number, kind] = fen or 0
            welcome[number, kind] = fen is not None and fits and (wanted is None or number in wanted)
    return welcome, travel


def _rows(problem: FairsProblem, slots: tuple[Slot, ...], *, fixed: tuple[Slot, ...]) -> Iterator[Row]:
    """A fair a venue and day; teams and sets; one fair of two neighbours within the gap."""
    by_place: dict[tuple[int, int], list[int]] = defaultdict(list)
    by_day: dict[int, list[int]] = defaultdict(list)
    by_town: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, slot in enumerate(slots):
        by_place[slot.venue, slot.day].append(number)
        by_day[slot.day].append(number)
        town = problem.venues[slot.venue].township
        if town is not None and problem.wishes[slot.wish].spaced:
            by_town[town, slot.day].append(number)
    for (venue, day), members in sorted(by_place.items()):
        yield from _row(("place", venue, 0, day), members, most=1)
    for (day, members), (pool, stock) in product(sorted(by_day.items()), enumerate(problem.pools)):
        used = sum(problem.wishes[slot.wish].needs[pool] for slot in fixed if slot.day == day)
        needs = [problem.wishes[slots[number].wish].needs[pool] for number in members]
        key = ("pool", pool, 0, day)
        yield from _row(key, members, needs=needs, most=max(stock[day] - used, 0))
    for towns, first in product(_pairs(problem), range(problem.days)):
        window = product(towns, range(first, first + problem.gap_days))
        key = ("near", towns[0], towns[-1], first)
        yield from _row(key, [number for place in window for number in by_town.get(place, ())], most=1)


def _pairs(problem: FairsProblem) -> list[tuple[int, ...]]:
    """Townships by themselves where they have no neighbours, else with each neighbour."""
    towns = {venue.township for venue in problem.venues if venue.township is not None}
    pairs = {tuple(sorted({*pair} & towns)) for pair in problem.neighbours} - {()}
    met = {town for pair in pairs for town in pair if len(pair) > 1}
    return sorted({pair for pair in pairs if len(pair) > 1} | {(town,) for town in towns - met})


def _row(key: RowKey, members: list[int], *, most: int, needs: list[int] | None = None) -> Iterator[Row]:
    each = np.ones(len(members), dtype=np.int64) if needs is None else np.array(needs, dtype=np.int64)
    if each.sum() > most:
        yield Row(key, np.array(members, dtype=np.int64), each, most)
