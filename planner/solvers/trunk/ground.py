"""A problem as arrays: groups, the places they may sit, and what each place costs each of them a head.

A *site* is a line on a day, or a train; a *way* is a site that is open to a group, a *choice* one that is
open to a type: a group's parties of one size. Besides its ways every group has its last resort: scheduled
transport on its first day, or staying behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.solvers.trunk.problem import Group, Means, TrunkProblem, groups_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from planner.solvers.routing.program import Ints

    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """Arrays over groups, types, sites, ways and choices.

    Sites come line by line and day by day, trains last; ways by site. ``coach_fen[kind, site]`` is -1 where
    the kind does not go there, and on trains.
    """

    problem: TrunkProblem
    groups: tuple[Group, ...]
    heads: Ints
    """By group."""
    resort_fen: Ints
    """By group, a head: its last resort."""
    resort_left: Bools
    """By group: whether the last resort is staying behind."""
    whole: Bools
    """By group: whether it should leave on one day by one means."""
    type_group: Ints
    type_size: Ints
    type_count: Ints
    """By type: how many such parties there are."""
    site_line: Ints
    """-1 for trains."""
    site_train: Ints
    """-1 for coaches."""
    site_day: Ints
    site_away: Ints
    site_city: Ints
    """-1 for trains."""
    coach_fen: Ints
    most: Ints
    """By kind and site: vehicles there are on every day that a coach from there would be away."""
    train_seats: Ints
    train_least: Ints
    """By train."""
    way_group: Ints
    way_site: Ints
    way_fen: Ints
    """A head."""
    choice_type: Ints
    choice_way: Ints
    choice_site: Ints
    by_site: Ints
    """Choices, site by site."""
    site_begin: Ints
    """By site and one more, where its choices begin in ``by_site``."""

    def choices_at(self, site: int) -> Ints:
        """Choices that lead to a site."""
        return self.by_site[self.site_begin[site] : self.site_begin[site + 1]]

    @property
    def sites(self) -> int:
        """How many sites there are."""
        return self.site_line.size

    @property
    def largest(self) -> int:
        """Heads of the largest party."""
        return int(self.type_size.max(initial=1))

    @property
    def seats(self) -> Ints:
        """By kind."""
        return np.array([kind.seats for kind in self.problem.kinds], dtype=np.int64)

    @property
    def least(self) -> Ints:
        """By kind: heads below which a coach is short."""
        return np.minimum(self.seats, self.problem.weights.least)

    @property
    def vehicles(self) -> Ints:
        """By kind and day."""
        counts = np.array([kind.vehicles for kind in self.problem.kinds], dtype=np.int64)
        return counts.reshape(len(self.problem.kinds), self.problem.days)

    @property
    def train_sites(self) -> Ints:
        """Sites that are trains, in their order."""
        return np.flatnonzero(self.site_train >= 0)

    def booked(self, coaches: Ints) -> tuple[Ints, Ints]:
        """By site, seats and least heads: of coaches by kind and site, and of trains."""
        seats, least, trains = self.seats @ coaches, self.least @ coaches, self.train_sites
        seats[trains], least[trains] = self.train_seats, self.train_least
        return seats, least

    @property
    def fixed_fen(self) -> int:
        """What is paid whatever the plan."""
        return sum(train.fixed_fen for train in self.problem.trains)

    def busy(self, coaches: Ints) -> Ints:
        """By kind and day, how many vehicles are away, for coaches by kind and site."""
        days = self.problem.days
        change = np.zeros((coaches.shape[0], days + 1), dtype=np.int64)
        np.add.at(change.T, self.site_day, coaches.T)
        np.subtract.at(change.T, np.minimum(self.site_day + self.site_away, days), coaches.T)
        return np.cumsum(change, axis=1)[:, :days]


def survey(problem: TrunkProblem) -> Ground:
    """Lay a problem out in arrays, leaving out ways that no cheapest plan needs."""
    groups = groups_of(problem)
    resort = [_resort(problem, group) for group in groups]
    types = _types(problem, groups)
    whole = [group.kept_whole(problem) for group in groups]
    sites = _sites(problem)
    lines = problem.lines
    numbers = {(line.city, line.employer): number for number, line in enumerate(lines)}
    coach_fen = [
        [-1 if line < 0 else _known(lines[line].cost_fen[kind]) for line, _, _ in sites]
        for kind in range(len(problem.kinds))
    ]
    ways = [
        (site, number, fen)
        for number, group in enumerate(groups)
        for site, fen in _ways(problem, group, lines=numbers)
        # A head that pays more than its last resort at best fills a coach up to its least.
        if fen < resort[number][0] + problem.weights.short_fen or whole[number]
    ]
    table = np.array(sorted(ways), dtype=np.int64).reshape(-1, 3)
    shape = (len(problem.kinds), len(sites))
    fen = np.array(coach_fen, dtype=np.int64).reshape(shape)
    away = np.array([lines[line].away if line >= 0 else 0 for line, _, _ in sites], dtype=np.int64)
    day = np.array([day for _, _, day in sites], dtype=np.int64)
    most = _most(problem, day, away=away).reshape(shape)
    choices = _choices(table[:, 1], type_group=types[:, 0])
    room = _largest_vehicle(problem, sites, goes=(fen >= 0) & (most > 0))
    choices = choices[types[choices[:, 0], 1] <= room[table[choices[:, 1], 0]]]
    choice_site = table[choices[:, 1], 0]
    by_site = np.argsort(choice_site, kind="stable")
    return Ground(
        problem=problem,
        groups=groups,
        heads=np.array([group.heads(problem) for group in groups], dtype=np.int64),
        resort_fen=np.array([fen for fen, _ in resort], dtype=np.int64),
        resort_left=np.array([left for _, left in resort], dtype=np.bool_),
        whole=np.array(whole, dtype=np.bool_),
        type_group=types[:, 0],
        type_size=types[:, 1],
        type_count=types[:, 2],
        site_line=np.array([line for line, _, _ in sites], dtype=np.int64),
        site_train=np.array([train for _, train, _ in sites], dtype=np.int64),
        site_day=day,
        site_away=away,
        site_city=np.array([lines[line].city if line >= 0 else -1 for line, _, _ in sites], dtype=np.int64),
        coach_fen=fen,
        most=most,
        train_seats=np.array([train.seats for train in problem.trains], dtype=np.int64),
        train_least=np.array([train.least for train in problem.trains], dtype=np.int64),
        way_group=table[:, 1],
        way_site=table[:, 0],
        way_fen=table[:, 2],
        choice_type=choices[:, 0],
        choice_way=choices[:, 1],
        choice_site=choice_site,
        by_site=by_site,
        site_begin=np.searchsorted(choice_site[by_site], np.arange(len(sites) + 1)),
    )


def _known(fen: int | None) -> int:
    return -1 if fen is None else fen


def _sites(problem: TrunkProblem) -> list[tuple[int, int, int]]:
    """Line, train and day of every site."""
    coaches = [(line, -1, day) for line in range(len(problem.lines)) for day in range(problem.days)]
    return coaches + [(-1, number, train.day) for number, train in enumerate(problem.trains)]


def _types(problem: TrunkProblem, groups: Sequence[Group]) -> Ints:
    """Group, size and count of every type, largest first within a group."""
    rows = [
        (number, size, count)
        for number, group in enumerate(groups)
        for size, count in sorted(
            Counter(problem.parties[n].size for n in group.members).items(), reverse=True
        )
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _resort(problem: TrunkProblem, group: Group) -> tuple[int, bool]:
    """What the last resort costs a head, and whether it is staying behind."""
    fen = problem.scheduled_fen[group.city]
    if fen is None or Means.SCHEDULED in group.barred:
        return problem.weights.unserved_fen, True
    fen += problem.weights.broken_fen if group.employer is not None else 0
    if fen > problem.weights.unserved_fen:
        return problem.weights.unserved_fen, True
    return fen, False


def _ways(
    problem: TrunkProblem, group: Group, *, lines: Mapping[tuple[int, int | None], int]
) -> Iterator[tuple[int, int]]:
    """Sites open to a group, with fen a head."""
    wait, days = problem.weights.wait_fen, range(group.ready, group.deadline + 1)
    own = group.employer is not None
    asked = [(Means.POOLED, None, problem.weights.broken_fen if own else 0)]
    asked += [(Means.DIRECT, group.employer, 0)] if own else []
    for means, employer, broken in asked:
        line = lines.get((group.city, employer))
        if line is not None and means not in group.barred:
            fen = problem.lines[line].head_fen + broken
            yield from ((line * problem.days + day, fen + wait * (day - group.ready)) for day in days)
    if Means.TRAIN in group.barred:
        return
    first = len(problem.lines) * problem.days
    for number, train in enumerate(problem.trains):
        fares = dict(train.head_fen)
        if train.day in days and group.city in fares:
            yield first + number, fares[group.city] + wait * (train.day - group.ready)


def _most(problem: TrunkProblem, day: Ints, *, away: Ints) -> Ints:
    """By kind and site, the fewest vehicles of the days that a coach is away; none on trains."""
    rows: list[list[int]] = []
    for kind in problem.kinds:
        spans = zip(day.tolist(), away.tolist(), strict=True)
        rows.append([min(kind.vehicles[first : first + length], default=0) for first, length in spans])
    return np.array(rows, dtype=np.int64)


def _largest_vehicle(problem: TrunkProblem, sites: Sequence[tuple[int, int, int]], *, goes: Bools) -> Ints:
    """By site, the seats of its largest vehicle: no larger party is whole there."""
    seats = np.array([kind.seats for kind in problem.kinds], dtype=np.int64)
    trains = np.array([problem.trains[train].seats if train >= 0 else 0 for _, train, _ in sites])
    return np.maximum((seats[:, None] * goes).max(axis=0, initial=0), trains.astype(np.int64))


def _choices(way_group: Ints, *, type_group: Ints) -> Ints:
    """Type and way of every choice, type by type."""
    order = np.argsort(way_group, kind="stable")
    first = np.searchsorted(way_group[order], type_group, side="left")
    last = np.searchsorted(way_group[order], type_group, side="right")
    length = last - first
    begin = np.repeat(first - np.concatenate([[0], np.cumsum(length)[:-1]]), length)
    return np.stack(
        [np.repeat(np.arange(type_group.size), length), order[begin + np.arange(int(length.sum()))]], axis=1
    )
