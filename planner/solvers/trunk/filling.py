"""A plan by counts: how many parties of each type take each choice, how many coaches leave each site.

Parties of a type are the same to any plan, so names come last, in ``name_parties``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from planner.solvers.trunk.packing import Sizes, fill, pack, shortage
from planner.solvers.trunk.problem import Coach, Means, Ride

if TYPE_CHECKING:
    from planner.solvers.routing.program import Ints
    from planner.solvers.trunk.ground import Ground


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Filling:
    """Parties by choice and by type at its last resort, coaches by kind and site: of a part, or of all."""

    chosen: Ints
    resort: Ints
    coaches: Ints


def nobody_moves(ground: Ground) -> Filling:
    """Everybody at the last resort: a plan of any problem."""
    return Filling(
        chosen=np.zeros_like(ground.choice_type),
        resort=ground.type_count.copy(),
        coaches=np.zeros_like(ground.coach_fen),
    )


def loads(ground: Ground, filling: Filling) -> Ints:
    """Heads by site."""
    heads = filling.chosen * ground.type_size[ground.choice_type]
    return np.bincount(ground.choice_site, weights=heads, minlength=ground.sites).astype(np.int64)


def cost(ground: Ground, filling: Filling) -> int | None:
    """What a filling costs; None where a site's parties do not fit its coaches whole, or its train."""
    weights, size = ground.problem.weights, ground.type_size
    fen = ground.fixed_fen
    fen += int((filling.chosen * size[ground.choice_type]) @ ground.way_fen[ground.choice_way])
    fen += int((filling.resort * size) @ ground.resort_fen[ground.type_group])
    fen += int((filling.coaches * ground.coach_fen).sum())
    heads, alone = loads(ground, filling), filling.coaches.sum(axis=0) <= 1
    seats, least = ground.booked(filling.coaches)
    if (heads > seats).any():
        return None
    short = int(np.maximum(least - heads, 0)[alone].sum())
    for missing in _shortages(ground, filling, sites=np.flatnonzero(~alone)):
        if missing is None:
            return None
        short += missing
    return fen + short * weights.short_fen + _spread(ground, filling) * weights.split_fen


def _spread(ground: Ground, filling: Filling) -> int:
    """Days and means beyond the first, over all groups that should stay whole."""
    used = np.bincount(ground.choice_way, weights=filling.chosen, minlength=ground.way_group.size) > 0
    ways = np.bincount(ground.way_group[used], minlength=ground.heads.size)
    resort = np.bincount(ground.type_group, weights=filling.resort, minlength=ground.heads.size) > 0
    return int((ways + resort - 1)[ground.whole].sum())


def _shortages(ground: Ground, filling: Filling, *, sites: Ints) -> Iterable[int | None]:
    """Of sites with several coaches, the heads these are short of; None where they cannot be packed."""
    table = sizes_at(ground, filling, sites=sites)
    for site, sizes in zip(sites.tolist(), table, strict=True):
        seats = seats_at(ground, filling, site=site)
        packed = pack(sizes, seats, least=ground.problem.weights.least)
        yield None if packed is None else shortage(packed, seats, least=ground.problem.weights.least)


def sizes_at(ground: Ground, filling: Filling, *, sites: Ints) -> list[Sizes]:
    """Parties by size at each of some sites."""
    place = np.full(ground.sites, -1, dtype=np.int64)
    place[sites] = np.arange(sites.size)
    at = place[ground.choice_site]
    here = np.flatnonzero((at >= 0) & (filling.chosen > 0))
    table = np.zeros((sites.size, ground.largest), dtype=np.int64)
    np.add.at(table, (at[here], ground.type_size[ground.choice_type[here]] - 1), filling.chosen[here])
    return [tuple(row) for row in table.tolist()]


def seats_at(ground: Ground, filling: Filling, *, site: int) -> tuple[int, ...]:
    """Seats of each coach at a site, largest first."""
    return tuple(int(ground.seats[kind]) for kind in kinds_at(ground, filling, site=site))


def kinds_at(ground: Ground, filling: Filling, *, site: int) -> list[int]:
    """Kind of each coach at a site, largest first."""
    counts = filling.coaches[:, site].tolist()
    kinds = [kind for kind, count in enumerate(counts) for _ in range(count)]
    return sorted(kinds, key=lambda kind: (-int(ground.seats[kind]), kind))


def settle(ground: Ground, filling: Filling, *, sites: Iterable[int]) -> Filling:
    """Move what does not fit its coaches whole to the cheapest other seats, or to the last resort."""
    filling = replace(filling, chosen=filling.chosen.copy(), resort=filling.resort.copy())
    wanted = np.array(sorted(sites), dtype=np.int64)
    homeless: list[int] = []
    for site, sizes in zip(wanted.tolist(), sizes_at(ground, filling, sites=wanted), strict=True):
        seats = seats_at(ground, filling, site=site)
        if pack(sizes, seats, least=ground.problem.weights.least) is None:
            homeless += _evict(ground, filling, site=site, left=fill(sizes, seats)[1])
    if homeless:
        place_parties(ground, filling, types=homeless)
    return filling


def _evict(ground: Ground, filling: Filling, *, site: int, left: Sizes) -> list[int]:
    """Take parties of these sizes from a site, those first that lose least by it; their types."""
    here = ground.choices_at(site)
    here = here[filling.chosen[here] > 0]
    kinds = ground.choice_type[here]
    group = ground.type_group[kinds]
    loss = ground.resort_fen[group] - ground.way_fen[ground.choice_way[here]]
    loss += np.where(ground.whole[group], ground.problem.weights.split_fen, 0)
    types: list[int] = []
    for place in np.argsort(loss, kind="stable").tolist():
        size = int(ground.type_size[kinds[place]])
        wanted = left[size - 1] - sum(int(ground.type_size[number]) == size for number in types)
        taken = min(wanted, int(filling.chosen[here[place]]))
        filling.chosen[here[place]] -= taken
        types += [int(kinds[place])] * taken
    return types


def place_parties(ground: Ground, filling: Filling, *, types: Iterable[int]) -> None:
    """Put parties of these types, one each, where that costs least and they fit; changes the filling."""
    first = np.searchsorted(ground.choice_type, np.arange(ground.type_group.size + 1))
    sizes: list[int] = ground.type_size.tolist()
    heads = loads(ground, filling)
    seats, _ = ground.booked(filling.coaches)
    for number in sorted(types, key=lambda number: (-sizes[number], number)):
        size, group = sizes[number], int(ground.type_group[number])
        choices: Ints = np.arange(int(first[number]), int(first[number + 1]))
        fen = ground.way_fen[ground.choice_way[choices]]
        room = seats[ground.choice_site[choices]] - heads[ground.choice_site[choices]] >= size
        for place in np.argsort(fen, kind="stable").tolist():
            site = int(ground.choice_site[choices[place]])
            if not room[place] or fen[place] >= ground.resort_fen[group]:
                continue
            filling.chosen[choices[place]] += 1
            if _packs(ground, filling, site=site):
                heads[site] += size
                break
            filling.chosen[choices[place]] -= 1
        else:
            filling.resort[number] += 1


def _packs(ground: Ground, filling: Filling, *, site: int) -> bool:
    """Whether parties whose heads have seats at a site are whole in its coaches, too."""
    if ground.site_train[site] >= 0:
        return True
    seats = seats_at(ground, filling, site=site)
    if len(seats) == 1:
        return True
    here, sizes = ground.choices_at(site), [0] * ground.largest
    here = here[filling.chosen[here] > 0]
    parties = zip(ground.choice_type[here].tolist(), filling.chosen[here].tolist(), strict=True)
    for number, count in parties:
        sizes[int(ground.type_size[number]) - 1] += count
    return not any(fill(tuple(sizes), seats)[1])


def name_parties(ground: Ground, filling: Filling) -> tuple[tuple[Coach, ...], tuple[Ride, ...]]:
    """The coaches and every party's ride: of a type, parties of lowest number take the first choices."""
    waiting = _members(ground)
    riders: dict[int, list[int]] = defaultdict(list)
    for choice in np.flatnonzero(filling.chosen).tolist():
        names = waiting[int(ground.choice_type[choice])]
        count = int(filling.chosen[choice])
        riders[int(ground.choice_site[choice])] += names[:count]
        del names[:count]
    rides: dict[int, Ride] = {}
    for number, names in enumerate(waiting):
        group = int(ground.type_group[number])
        means = Means.LEFT if ground.resort_left[group] else Means.SCHEDULED
        rides |= dict.fromkeys(names, Ride(day=ground.groups[group].ready, means=means))
    coaches = _seat(ground, filling, riders=riders)
    for number, coach in enumerate(coaches):
        means = Means.POOLED if coach.employer is None else Means.DIRECT
        rides |= dict.fromkeys(coach.parties, Ride(day=coach.day, means=means, vehicle=number))
    for site in ground.train_sites.tolist():
        train = int(ground.site_train[site])
        ride = Ride(day=int(ground.site_day[site]), means=Means.TRAIN, vehicle=train)
        rides |= dict.fromkeys(riders[site], ride)
    return coaches, tuple(rides[number] for number in range(len(ground.problem.parties)))


def _members(ground: Ground) -> list[list[int]]:
    """Parties by type."""
    members: list[list[int]] = []
    sizes = [party.size for party in ground.problem.parties]
    groups: list[int] = ground.type_group.tolist()
    for group, size in zip(groups, ground.type_size.tolist(), strict=True):
        members.append([number for number in ground.groups[group].members if sizes[number] == size])
    return members


def _seat(ground: Ground, filling: Filling, *, riders: dict[int, list[int]]) -> tuple[Coach, ...]:
    """Coaches by day, city and employer, groups side by side in them."""
    problem, coaches = ground.problem, list[Coach]()
    sites = np.flatnonzero(filling.coaches.sum(axis=0))
    for site, sizes in zip(sites.tolist(), sizes_at(ground, filling, sites=sites), strict=True):
        kinds, line = kinds_at(ground, filling, site=site), problem.lines[int(ground.site_line[site])]
        packed = pack(sizes, seats_at(ground, filling, site=site), least=problem.weights.least)
        if packed is None:
            raise ValueError("a filling's parties do not fit its coaches")
        by_size: dict[int, list[int]] = defaultdict(list)
        for number in riders[site]:
            by_size[problem.parties[number].size].append(number)
        for kind, counts in zip(kinds, packed, strict=True):
            names: list[int] = []
            for size, count in enumerate(counts, 1):
                names += by_size[size][:count]
                del by_size[size][:count]
            day = int(ground.site_day[site])
            coach = Coach(
                city=line.city, employer=line.employer, day=day, kind=kind, parties=tuple(sorted(names))
            )
            coaches.append(coach)
    return tuple(sorted(coaches, key=_coach_order))


def _coach_order(coach: Coach) -> tuple[int, int, int, int, tuple[int, ...]]:
    employer = -1 if coach.employer is None else coach.employer
    return coach.day, coach.city, employer, coach.kind, coach.parties
