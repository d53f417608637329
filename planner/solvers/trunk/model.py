"""Part of a problem as an integer program: types to their choices, coaches to their sites.

Only what is free in the part is in it: the rest of the plan has taken its vehicles and its train seats.
``choice <= parties * coaches there`` must hold for fractions of coaches too; that is what keeps the linear
relaxation near the plans, for without it a head would bring a 53rd of a coach.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.solvers.routing.program import UNBOUNDED, Program
from planner.solvers.trunk.filling import Filling

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints
    from planner.solvers.trunk.bound import Tolls
    from planner.solvers.trunk.ground import Bools, Ground


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """What may change: some types as often as ``count`` says, among some choices.

    A *place* is a coach site whose coaches are all free, or a train; choice ``n`` leads to place
    ``place[n]``, coach sites first. ``vehicles`` by kind and day are all there are for the part; trains
    have ``seats`` left and ``least`` heads still missing.
    """

    types: Ints
    count: Ints
    choices: Ints
    place: Ints
    sites: Ints
    vehicles: Ints
    trains: Ints
    seats: Ints
    least: Ints
    single: Ints | None = None
    """Where every place is one coach: its kind."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Search:
    """A program with a start; the rest is nearly a flow once the ``decided`` columns are fixed.

    Those are ``coaches``, and uses of sites by groups.
    """

    program: Program
    start: Ints
    decided: Bools
    coaches: Bools


def whole_part(ground: Ground) -> Part:  # rows by choice
    """The whole problem."""
    sites = np.flatnonzero(ground.site_line >= 0)
    return Part(
        types=np.arange(ground.type_group.size),
        count=ground.type_count,
        choices=np.arange(ground.choice_type.size),
        place=ground.choice_site,
        sites=sites,
        vehicles=ground.vehicles,
        trains=ground.train_sites,
        seats=ground.train_seats,
        least=ground.train_least,
    )


def by_coach(ground: Ground, part: Part, *, most: int) -> Part | None:
    """The same with a place for every coach there could be, so that its parties are whole there too.

    None where that makes more than ``most`` choices.
    """
    number = _most_coaches(ground, part)
    kinds, sites = np.nonzero(number)
    order = np.lexsort((kinds, sites))
    copies = np.repeat(order, number[kinds, sites][order])
    origin, single = sites[copies], kinds[copies]
    coach = part.place < part.sites.size
    first = np.searchsorted(origin, part.place, side="left")
    length = np.where(coach, np.searchsorted(origin, part.place, side="right") - first, 1)
    if length.sum() > most:
        return None
    within = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    train = part.place - part.sites.size + origin.size
    return replace(
        part,
        choices=np.repeat(part.choices, length),
        place=np.repeat(np.where(coach, first, train), length) + within,
        sites=part.sites[origin],
        single=single,
    )


def _most_coaches(ground: Ground, part: Part) -> Ints:
    """By kind and place, as many coaches as there are vehicles for, and parties that could come."""
    at = np.searchsorted(part.types, ground.choice_type[part.choices])
    weights = part.count[at]
    places = part.sites.size + part.trains.size
    parties = np.bincount(part.place, weights=weights, minlength=places).astype(np.int64)
    heads = weights * ground.type_size[part.types][at]
    heads = np.bincount(part.place, weights=heads, minlength=places).astype(np.int64)
    most = np.zeros((len(ground.problem.kinds), part.sites.size), dtype=np.int64)
    for place, site in enumerate(part.sites.tolist()):
        day = int(ground.site_day[site])
        free = part.vehicles[:, day : day + int(ground.site_away[site])].min(axis=1, initial=1 << 30)
        # Two coaches at most half full would be one: a coach more than this is never cheapest.
        enough = np.minimum(2 * heads[place] // ground.seats + 1, parties[place])
        most[:, place] = np.minimum(free, enough)
        if part.single is not None:
            most[:, place] = np.arange(most.shape[0]) == part.single[place]
    return np.where(ground.coach_fen[:, part.sites] < 0, 0, np.maximum(most, 0))


class Model:
    """The program of a part, and what its columns mean.

    Columns: choices, last resorts, coaches by kind and place, heads short by place, uses of sites by groups
    that should stay whole.
    """

    def __init__(self, ground: Ground, part: Part, *, tolls: Tolls | None = None) -> None:
        self._ground, self._part, self._tolls = ground, part, tolls
        self._type = np.searchsorted(part.types, ground.choice_type[part.choices])
        self._group, self._size = ground.type_group[part.types], ground.type_size[part.types]
        self._places = part.sites.size + part.trains.size
        self._most = _most_coaches(ground, part)
        self._coach_kind, self._coach_place = np.nonzero(self._most)
        self._uses = self._find_uses()
        self._limits: list[tuple[Ints, Ints]] = []
        self._entries: list[tuple[Ints, Ints, Ints]] = []
        self._height = 0
        spans = (part.choices.size, part.types.size, self._coach_kind.size, self._places, len(self._uses))
        self._starts = np.concatenate([[0], np.cumsum(spans)])
        self._add_types()
        self._add_places()
        self._add_links()
        self._add_uses()
        self._add_fleet()
        self._add_order()
        self.program = self._program()

    def _find_uses(self) -> dict[tuple[int, int], int]:
        """Pairs of a group that should stay whole and a site, -1 for its last resort; numbered."""
        whole = np.flatnonzero(self._ground.whole[self._group[self._type]])
        sites = self._ground.choice_site[self._part.choices[whole]].tolist()
        pairs = set(zip(self._group[self._type[whole]].tolist(), sites, strict=True))
        pairs |= {(group, -1) for group in self._group[self._ground.whole[self._group]].tolist()}
        return {pair: number for number, pair in enumerate(sorted(pairs))}

    def _add_rows(self, count: int, *, lower: Ints | int = -UNBOUNDED, upper: Ints | int = UNBOUNDED) -> Ints:
        self._limits.append((np.full(count, lower), np.full(count, upper)))
        self._height += count
        return np.arange(self._height - count, self._height)

    def _put(self, rows: Ints, columns: Ints, *, value: Ints | int = 1) -> None:
        self._entries.append((rows, columns, np.broadcast_to(np.asarray(value, dtype=np.int64), rows.shape)))

    def _add_types(self) -> None:
        """Every party goes somewhere."""
        part = self._part
        rows = self._add_rows(part.types.size, lower=part.count, upper=part.count)
        self._put(rows[self._type], np.arange(self._type.size))
        self._put(rows, self._starts[1] + np.arange(rows.size))

    def _add_places(self) -> None:
        """Heads within the seats; the least heads, or what is short of them."""
        part, ground = self._part, self._ground
        none = np.zeros(part.sites.size, dtype=np.int64)
        seats = self._add_rows(self._places, upper=np.concatenate([none, part.seats]))
        least = self._add_rows(self._places, lower=np.concatenate([none, part.least]))
        choices = np.arange(part.place.size)
        coaches = self._starts[2] + np.arange(self._coach_kind.size)
        for rows, each in ((seats, ground.seats), (least, ground.least)):
            self._put(rows[part.place], choices, value=self._size[self._type])
            self._put(rows[self._coach_place], coaches, value=-each[self._coach_kind])
        self._put(least, self._starts[3] + np.arange(self._places))

    def _add_links(self) -> None:
        """No more of a type at a place than there are, times the coaches there that hold its parties."""
        part = self._part
        linked = np.flatnonzero(part.place < part.sites.size)
        rows = self._add_rows(linked.size, upper=0)
        self._put(rows, linked)
        order = np.argsort(self._coach_place, kind="stable")
        at = self._coach_place[order]
        first = np.searchsorted(at, part.place[linked], side="left")
        length = np.searchsorted(at, part.place[linked], side="right") - first
        within = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
        columns = self._starts[2] + order[np.repeat(first, length) + within]
        parties = np.repeat(part.count[self._type[linked]], length)
        seats = self._ground.seats[self._coach_kind[columns - self._starts[2]]]
        held = np.repeat(self._size[self._type[linked]], length) <= seats
        self._put(np.repeat(rows, length)[held], columns[held], value=-parties[held])

    def _add_uses(self) -> None:
        """A group that should stay whole pays for every site that is used."""
        part, uses, ground = self._part, self._uses, self._ground
        whole = np.flatnonzero(ground.whole[self._group[self._type]])
        groups, sites = self._group[self._type[whole]], ground.choice_site[part.choices[whole]]
        types = np.flatnonzero(ground.whole[self._group])
        use = [uses[pair] for pair in zip(groups.tolist(), sites.tolist(), strict=True)]
        use += [uses[group, -1] for group in self._group[types].tolist()]
        rows = self._add_rows(len(use), upper=0)
        self._put(rows, np.concatenate([whole, self._starts[1] + types]))
        parties = np.concatenate([part.count[self._type[whole]], part.count[types]])
        self._put(rows, self._starts[4] + np.array(use, dtype=np.int64), value=-parties)

    def _add_fleet(self) -> None:
        """No more vehicles of a kind away on a day than there are."""
        ground, sites = self._ground, self._part.sites[self._coach_place]
        for kind, vehicles in enumerate(self._part.vehicles.tolist()):
            for day, most in enumerate(vehicles):
                since = day - ground.site_day[sites]
                away = (since >= 0) & (since < ground.site_away[sites]) & (self._coach_kind == kind)
                columns = np.flatnonzero(away)
                if self._most[kind, self._coach_place[columns]].sum() > most:
                    row = self._add_rows(1, upper=most)
                    self._put(np.repeat(row, columns.size), self._starts[2] + columns)

    def _add_order(self) -> None:
        """Of coaches alike the first leave first: the same plan is not looked at twice."""
        part = self._part
        if part.single is None:
            return
        alike = np.flatnonzero((np.diff(part.sites) == 0) & (np.diff(part.single) == 0))
        column = np.full(part.sites.size, -1)
        column[self._coach_place] = self._starts[2] + np.arange(self._coach_place.size)
        rows = self._add_rows(alike.size, lower=0)
        self._put(rows, column[alike])
        self._put(rows, column[alike + 1], value=-1)

    def _program(self) -> Program:
        ground, part, weights = self._ground, self._part, self._ground.problem.weights
        size = self._size[self._type]
        short = int(ground.least @ self._most.sum(axis=1)) + int(part.least.sum())
        fen, coach_fen = ground.way_fen[ground.choice_way[part.choices]], ground.coach_fen
        if self._tolls is not None:
            fen = fen + self._tolls.head[ground.choice_site[part.choices]]
            coach_fen = coach_fen + self._tolls.coach
        costs = [
            fen * size,
            ground.resort_fen[self._group] * self._size,
            coach_fen[self._coach_kind, part.sites[self._coach_place]],
            np.full(self._places, weights.short_fen),
            np.full(len(self._uses), weights.split_fen),
        ]
        most = [
            part.count[self._type],
            part.count,
            self._most[self._coach_kind, self._coach_place],
            np.full(self._places, short),
            np.ones(len(self._uses), dtype=np.int64),
        ]
        row, column, value = (np.concatenate(arrays) for arrays in zip(*self._entries, strict=True))
        lower, upper = (np.concatenate(arrays) for arrays in zip(*self._limits, strict=True))
        return Program(
            costs=np.concatenate(costs),
            most=np.concatenate(most),
            row=row,
            column=column,
            value=value,
            lower=lower,
            upper=upper,
        )

    @property
    def ways_fen(self) -> int:
        """What the program charges above ``filling.cost``: every group's first use of a site too."""
        return self._ground.problem.weights.split_fen * sum(site < 0 for _, site in self._uses)

    def search(self, filling: Filling) -> Search:
        """What a child is asked to look for, from that filling on."""
        column = np.arange(self.program.costs.size)
        coaches = (column >= self._starts[2]) & (column < self._starts[3])
        decided = coaches | (column >= self._starts[4])
        return Search(program=self.program, start=self.encode(filling), decided=decided, coaches=coaches)

    def encode(self, filling: Filling) -> Ints:
        """The columns of a part's filling: parties by choice and by type, coaches by kind and place."""
        part, ground = self._part, self._ground
        coaches = filling.coaches[self._coach_kind, self._coach_place]
        heads = self._size[self._type] * filling.chosen
        wanted = np.zeros(self._places, dtype=np.int64)
        np.add.at(wanted, self._coach_place, coaches * ground.least[self._coach_kind])
        wanted[part.sites.size :] += part.least
        wanted -= np.bincount(part.place, weights=heads, minlength=self._places).astype(np.int64)
        uses = np.zeros(len(self._uses), dtype=np.int64)
        used = np.flatnonzero(filling.chosen)
        sites = ground.choice_site[part.choices[used]].tolist()
        pairs = set(zip(self._group[self._type[used]].tolist(), sites, strict=True))
        pairs |= {(group, -1) for group in self._group[filling.resort > 0].tolist()}
        for pair in pairs & self._uses.keys():
            uses[self._uses[pair]] = 1
        return np.concatenate([filling.chosen, filling.resort, coaches, np.maximum(wanted, 0), uses])

    def decode(self, columns: Ints) -> Filling:
        """The filling that some columns mean."""
        chosen, resort, coaches, _, _ = np.split(columns, self._starts[1:-1])
        count = np.zeros(self._most.shape, dtype=np.int64)
        count[self._coach_kind, self._coach_place] = coaches
        return Filling(chosen=chosen, resort=resort, coaches=count)
