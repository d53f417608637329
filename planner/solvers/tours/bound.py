"""What no plan's roads and load cost less than: column generation over lanes.

The linear program proposes dual values, the cheapest tours of all lanes under them prove a bound (see
``certificate``) and are the next columns. Tours of a search's best plan are columns too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.tours.certificate import SCALE, TourDuals, bound_fen, whole_duals
from planner.solvers.tours.labels import DOOR, PATH, grow, walks
from planner.solvers.tours.lanes import NO_WAY, Lane, build_lanes
from planner.solvers.tours.master import Column, Master, Values
from planner.solvers.tours.plain import plain_values
from planner.solvers.tours.problem import MOST_CALLS, Tour, TourProblem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.routing.program import Ints
    from planner.solvers.tours.ground import Ground

_NG: Final = 30
"""Villages remembered at each, itself included."""
_LABELS: Final = 500_000
_WORK: Final = 200_000_000
"""Comparisons of labels in one round; what no tour is below is then the cheapest walk's."""
_WIDTH: Final = 3
"""Labels kept by village and number of calls where a bound is not asked for yet."""
_ADDED: Final = 1_000
"""Tours added in a round, and at least ``_KEEP`` of a lane."""
_KEEP: Final = 4
_DIVED: Final = 300
"""The same in a step of a dive."""
_SLIM: Final = 1
"""Labels kept then."""
_CALM: Final = 0.6
"""Share of the best dual values so far in those tried."""
_NEAR: Final = 0.002
"""Share of the best plan's cost by which the bound may stay below the program's value."""
_EXACT_EVERY: Final = 3
_QUICK: Final = 4
"""First rounds, in which no bound is worth its time."""
_STILL: Final = 3
"""Rounds over which it is seen whether the program still falls."""
_FIXES: Final = 10
"""Times that tours near the program's fractions are fixed; later ones hardly fit beside each other."""
_LOOSE: Final = 3.0
"""How much more uneven loads cost then than they do in the program."""
_FEW: Final = 3
"""New tours of a lane below which the best dual values so far count less and less."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proved:
    """A bound and the dual values that it is reckoned from; whether better ones were still to be had."""

    fen: int
    duals: TourDuals
    finished: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Room:
    """What all lanes share: labels, and who is remembered where."""

    labels: Ints
    near: NDArray[np.bool_]
    work: int
    """Comparisons of labels in one search."""


def _room(lanes: Sequence[Lane]) -> _Room:
    size = len(lanes[0].service) if lanes else 0
    near = np.zeros((size, size), dtype=np.bool_)
    if lanes:
        order = np.argsort(lanes[0].inner_s, axis=1, kind="stable")[:, : _NG - 1]
        np.put_along_axis(near, order, True, axis=1)
        np.fill_diagonal(near, True)
    return _Room(
        labels=np.empty((_LABELS, PATH + MOST_CALLS), dtype=np.int64),
        near=near,
        work=_WORK // max(len(lanes), 1),
    )


class LanePricer:
    """The cheapest tours of one lane."""

    def __init__(self, lane: Lane, *, number: int) -> None:
        self.lane, self._number = lane, number
        self._final = np.empty((len(lane.service), len(lane.doors), 3), dtype=np.int64)
        self._open = np.flatnonzero(lane.reaches())

    def price(
        self, duals: TourDuals, *, room: _Room, inner: Ints, width: int, keep: int
    ) -> tuple[list[Column], int]:
        """Tours of reduced cost below 0, and what no tour's is below, at most 0; exact where width is 0."""
        lane, work = self.lane, int(duals.work[self.lane.squad])
        doors, nights = duals.doors[self._number], lane.nights * SCALE
        pay, open_to = duals.pay - work * lane.service, self._open
        leave = priced(lane.leave, lane.leave_s, work=work) + doors[:, None]
        arrive = priced(lane.arrive, lane.arrive_s, work=work) + nights - doors
        idle = min(
            int((priced(lane.idle, lane.idle_s, work=work) + nights + doors[:, None] - doors).min()), 0
        )
        if not open_to.size:
            return [], idle
        rest = walks(inner, arrive.min(axis=1), pay, open_to, lane.most)
        floor = min(int((leave - pay + rest[lane.most - 1, :, 0])[:, open_to].min()), idle)
        numbers = np.array([lane.most, lane.opens_s, lane.closes_s, width, room.work])
        used = grow(
            inner, lane.inner_s, lane.service, lane.windows, room.near, pay, open_to, leave, lane.leave_s,
            arrive, lane.arrive_s, rest, numbers, room.labels, self._final,
        )  # fmt: skip
        least = min(int(self._final[:, :, 0].min()), idle)
        complete = not width and used >= 0
        return self._collect(room, keep=keep), least if complete else floor

    def _collect(self, room: _Room, *, keep: int) -> list[Column]:
        labels = room.labels
        costs = self._final[:, :, 0].ravel()
        found: list[Column] = []
        for cell in np.argsort(costs, kind="stable")[:keep]:
            if costs[cell] >= 0:
                break
            last, door = divmod(int(cell), len(self.lane.doors))
            label, count = int(self._final[last, door, 1]), int(self._final[last, door, 2])
            path = labels[label, PATH : PATH + count].tolist()
            found.append(self.column(path, doors=(int(labels[label, DOOR]), door)))
        return found

    def column(self, path: list[int], *, doors: tuple[int, int]) -> Column:
        """The tour through villages."""
        lane = self.lane
        fen, work = _sums(lane, path, doors=doors)
        return Column(
            lane=self._number,
            villages=tuple(path),
            doors=doors,
            fen=fen + int(lane.nights[doors[1]]),
            work_s=work + sum(int(lane.service[place]) for place in path),
        )


def priced(fen: Ints, seconds: Ints, *, work: int) -> Ints:
    """Ways in parts of a fen, a second of work costing ``work``; where no road leads more than any tour."""
    return fen * SCALE + np.where(seconds < NO_WAY, work * seconds, 0)


def _sums(lane: Lane, path: list[int], *, doors: tuple[int, int]) -> tuple[int, int]:
    """Fen and seconds of driving."""
    first, last = doors
    if not path:
        return int(lane.idle[first, last]), int(lane.idle_s[first, last])
    ways = list(pairwise(path))
    fen = int(lane.leave[first, path[0]] + lane.arrive[path[-1], last])
    seconds = int(lane.leave_s[first, path[0]] + lane.arrive_s[path[-1], last])
    return fen + sum(int(lane.inner[way]) for way in ways), seconds + sum(
        int(lane.inner_s[way]) for way in ways
    )


class Bounder:
    """Column generation, round by round."""

    def __init__(self, problem: TourProblem, ground: Ground, *, threads: int = 1) -> None:
        self._problem, self._ground = problem, ground
        self._lanes = build_lanes(ground)
        self._pricers = [LanePricer(lane, number=n) for n, lane in enumerate(self._lanes)]
        self._of = {(lane.squad, day): n for n, lane in enumerate(self._lanes) for day in lane.days}
        self._master = Master(ground, self._lanes)
        self._rooms = [_room(self._lanes) for _ in range(threads)]
        self._centre = plain_values(ground, self._lanes)
        duals = whole_duals(ground, self._centre)
        self.proved = Proved(fen=bound_fen(ground, duals, gained=0), duals=duals, finished=False)

    def learn(self, tours: Sequence[Tour]) -> None:
        """Take a plan's tours as columns."""
        problem = self._problem
        ends = {(tour.squad, tour.day): problem.end_of(tour) for tour in tours}
        for tour in tours:
            number = self._of.get((tour.squad, tour.day))
            if number is None:
                continue
            lane, base = self._lanes[number], problem.squads[tour.squad].base
            doors = lane.doors.tolist()
            start = ends.get((tour.squad, tour.day - 1), base)
            path = [problem.calls[call].village for call in tour.calls]
            column = self._pricers[number].column(
                path, doors=(doors.index(start), doors.index(problem.end_of(tour)))
            )
            self._master.add(column)

    def run(
        self,
        advice: Callable[[], Sequence[Tour]],
        *,
        rounds: int,
        over: Callable[[], bool],
        settled: float = 0.0,
    ) -> None:
        """Better the bound for some rounds, until it is ``over``, or until the program falls by no more.

        The latter is a share of its value, over some rounds.
        """
        calm, fell = _CALM, [np.inf] * _STILL
        for number in range(rounds):
            tours = advice()
            self.learn(tours)
            solved = None if over() else self._master.solve()
            if solved is None:
                return
            value, values = solved
            fell.append(value)
            if fell[-_STILL - 1] - value < settled * value:
                return
            used = self._centre.mixed(values, share=calm)
            exact = number >= _QUICK and (calm < _CALM or number % _EXACT_EVERY == 0)
            added = self._round(used, exact=exact or number == rounds - 1, over=over)
            if added is None or self._is_near(value, settled=not added and not calm and exact):
                return
            calm = _CALM if added > _FEW * len(self._lanes) else calm / 2 if added else 0.0

    def dive(self, *, over: Callable[[], bool]) -> list[tuple[int, tuple[int, ...]]]:
        """Squads and villages of whole tours near the program's fractions; their days are still open.

        Fix those nearly whole, look for tours of what is left, and so on; what is left in the end is for a
        search to place. Calls may be made twice.
        """
        fixed: dict[Column, int] = {}
        self._master.loosen(over_fen=_LOOSE * self._centre.over)
        for _ in range(_FIXES):
            if over() or not self._master.fix(fixed):
                break
            solved = self._master.solve(grown=False)
            if (
                solved is None
                or self._round(solved[1], exact=False, over=over, width=_SLIM, added=_DIVED) is None
            ):
                break
        self._master.release(fixed)
        tours = ((self._lanes[column.lane].squad, column.villages, many) for column, many in fixed.items())
        return [(squad, villages) for squad, villages, many in tours for _ in range(many) if villages]

    def gained(self, duals: TourDuals) -> int:
        """What the cheapest tours of all lanes gain on all days under dual values, at most 0."""
        found = self._price(duals, width=0, keep=_KEEP, over=lambda: False)
        return sum(floor * len(lane.days) for (_, floor), lane in zip(found, self._lanes, strict=True))

    def _price(
        self, duals: TourDuals, *, width: int, keep: int, over: Callable[[], bool]
    ) -> list[tuple[list[Column], int]]:
        """Tours and what none is below, lane by lane; fewer where it was over before."""

        def some(first: int, /) -> list[tuple[list[Column], int]]:
            found: list[tuple[list[Column], int]] = []
            for pricer in self._pricers[first :: len(self._rooms)]:
                if over():
                    break
                lane, room = pricer.lane, self._rooms[first]
                inner = priced(lane.inner, lane.inner_s, work=int(duals.work[lane.squad]))
                found.append(pricer.price(duals, room=room, inner=inner, width=width, keep=keep))
            return found

        many = len(self._rooms)
        if many == 1:
            return some(0)
        with ThreadPoolExecutor(many) as threads:
            parts = list(threads.map(some, range(many)))
        if sum(map(len, parts)) < len(self._lanes):
            return []
        return [parts[number % many][number // many] for number in range(len(self._lanes))]

    def _is_near(self, value: float, *, settled: bool) -> bool:
        """Whether more rounds are not worth it: no new tour under the program's own values, hardly a gap."""
        if not (settled or value - self.proved.fen < _NEAR * abs(value)):
            return False
        self.proved = replace(self.proved, finished=True)
        return True

    def _round(
        self,
        values: Values,
        *,
        exact: bool,
        over: Callable[[], bool],
        width: int = _WIDTH,
        added: int = _ADDED,
    ) -> int | None:
        """Price every lane; how many columns were new, None where it was over before."""
        duals = whole_duals(self._ground, values)
        keep = max(added // max(len(self._lanes), 1), _KEEP)
        found = self._price(duals, width=0 if exact else width, keep=keep, over=over)
        if len(found) < len(self._lanes):
            return None
        gained = sum(floor * len(lane.days) for (_, floor), lane in zip(found, self._lanes, strict=True))
        new = sum(self._master.add(column) for columns, _ in found for column in columns)
        fen = bound_fen(self._ground, duals, gained=gained)
        if fen > self.proved.fen:
            self.proved = Proved(fen=fen, duals=duals, finished=False)
            self._centre = values
        return new
