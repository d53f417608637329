"""Tiny squad problems, their cheapest plan by looking at all of them, and a plan walked minute by minute.

Nothing here calls the solver or its judge: minutes and plain dictionaries only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from random import Random

import numpy as np

from planner.solvers.tours import Call, Squad, Tour, TourProblem, Village

_MOST = 5_000
"""Ways to place the calls and nights of a tiny problem, at most."""


def random_problem(dice: Random) -> TourProblem:
    """Up to 2 squads, 3 days, 4 calls; every rule binds now and then."""
    while True:
        squads, days = dice.randint(1, 2), dice.randint(1, 3)
        calls, lodges = dice.randint(1, 4), dice.choice((0, 0, 1))
        nights = (1 + lodges) ** (squads * (days - 1))
        if (squads * days + 1) ** calls * nights <= _MOST:
            break
    villages = dice.randint(1, calls)
    nodes = squads + villages + lodges
    metres = [[0 if a == b else dice.randrange(1, 40) * 1000 for b in range(nodes)] for a in range(nodes)]
    seconds = [[60 * (m // 1000) for m in row] for row in metres]
    for _ in range(dice.choice((0, 0, 2))):
        a, b = dice.randrange(nodes), dice.randrange(nodes)
        if a != b:
            metres[a][b] = seconds[a][b] = -1
    return TourProblem(
        days=days,
        squads=tuple(_squad(dice, k, days, lodges) for k in range(squads)),
        villages=tuple(_village(dice, squads + v, days, squads) for v in range(villages)),
        calls=tuple(_call(dice, number, villages, squads, days) for number in range(calls)),
        seconds=(np.array(seconds, dtype=np.int64),),
        metres=(np.array(metres, dtype=np.int64),),
        lodges=tuple(range(squads + villages, nodes)),
        change_fen=dice.choice((0, 500)),
        spread_percent=dice.choice((0, 10, 30)),
        spread_fen=dice.choice((0, 0, 1, 20)),
    )


def _squad(dice: Random, base: int, days: int, lodges: int) -> Squad:
    hours = tuple(
        None if dice.random() < 0.15 else (480 * 60, 60 * (480 + dice.choice((120, 240, 400))))
        for _ in range(days)
    )
    return Squad(
        base=base,
        hours=hours,
        skills=dice.choice((0, 1, 3)),
        most_calls=dice.randint(1, 3),
        per_km_fen=100,
        per_hour_fen=dice.choice((0, 600)),
        nights=dice.choice((0, 1, 2)) * (lodges > 0),
        night_fen=dice.choice((500, 3000)),
        balanced=dice.random() < 0.8,
    )


def _village(dice: Random, node: int, days: int, squads: int) -> Village:
    def windows() -> tuple[tuple[int, int], ...]:
        first = 480 + dice.choice((0, 30, 60))
        shapes = (
            (),
            ((first, first + 30),),
            ((480, 900),),
            ((480, 900),),
            ((480, 510), (first + 60, first + 90)),
        )
        return tuple((a * 60, b * 60) for a, b in dice.choice(shapes))

    return Village(
        node=node,
        service_s=60 * dice.choice((10, 30, 60)),
        windows=tuple(windows() for _ in range(days)),
        spacing_days=dice.randint(1, 2),
        bonus_fen=dice.choice(((), tuple(dice.choice((0, 900)) for _ in range(days)))),
        skills=dice.choice((0, 0, 1, 2)),
        squads=dice.choice((frozenset(), frozenset(), frozenset({dice.randrange(squads)}))),
        broker=dice.choice((None, 7, 8)),
    )


def _call(dice: Random, number: int, villages: int, squads: int, days: int) -> Call:
    required = dice.random() < 0.6
    return Call(
        village=number if number < villages else dice.randrange(villages),
        prize_fen=100_000 if required else dice.choice((1000, 4000)),
        required=required,
        squad=dice.randrange(squads) if dice.random() < 0.15 else None,
        day=dice.randrange(days) if dice.random() < 0.15 else None,
        was=(dice.randrange(squads), dice.randrange(days)) if dice.random() < 0.3 else None,
    )


@dataclass(frozen=True, slots=True)
class Walk:
    """A day's way: fen of travel and nights, minutes of work."""

    fen: int
    work_min: int


def walk(  # noqa: C901, PLR0911  # one walk, every reason to stop it
    problem: TourProblem, squad: int, day: int, calls: Sequence[int], ends: tuple[int, int]
) -> Walk | None:
    """Go minute by minute; None where anything about the day alone is against it."""
    who, (node, last) = problem.squads[squad], ends
    hours = who.hours[day]
    if hours is None or len(calls) > who.most_calls:
        return None
    now, fen, work = hours[0] // 60, 0, 0
    for number in [*calls, None]:
        village = None if number is None else problem.villages[problem.calls[number].village]
        there = last if village is None else village.node
        metres, seconds = (int(table[0][node, there]) for table in (problem.metres, problem.seconds))
        if seconds < 0:
            return None
        fen += round_half_up(who.per_km_fen * metres, 1000) + round_half_up(who.per_hour_fen * seconds, 3600)
        now, work, node = now + seconds // 60, work + seconds // 60, there
        if village is None or number is None:
            break
        asked = problem.calls[number]
        if village.skills & who.skills != village.skills or (village.squads and squad not in village.squads):
            return None
        if asked.squad not in {None, squad} or asked.day not in {None, day}:
            return None
        open_min = {m for a, b in village.windows[day] for m in range(a // 60, b // 60 + 1)}
        while now not in open_min:
            now += 1
            if now > 24 * 60:
                return None
        now, work = now + village.service_s // 60, work + village.service_s // 60
    if now > hours[1] // 60 and (calls or ends[0] != ends[1]):
        return None
    return Walk(fen + (who.night_fen if last != who.base else 0), work)


def round_half_up(number: int, by: int) -> int:
    return (number + by // 2) // by


def apart(problem: TourProblem, made: Sequence[tuple[int, int]]) -> bool:
    """Whether calls, given with their days, keep spacing and brokers' days."""
    for place, (one, day) in enumerate(made):
        for other, when in made[:place]:
            here, there = (problem.villages[problem.calls[call].village] for call in (one, other))
            if here.node == there.node and (day == when or abs(day - when) < here.spacing_days):
                return False
            same = here.broker is not None and here.broker == there.broker
            if same and here.node != there.node and day == when:
                return False
    return True


def soft(problem: TourProblem, at: Sequence[tuple[int, int] | None]) -> tuple[int, int]:
    """Prizes of what is left out; changes less bonuses."""
    left, other = 0, 0
    for call, place in zip(problem.calls, at, strict=True):
        if place is None:
            left += call.prize_fen
            continue
        bonus = problem.villages[call.village].bonus_fen
        other += problem.change_fen * (call.was is not None and call.was != place)
        other -= bonus[place[1]] if bonus else 0
    return left, other


def uneven(problem: TourProblem, work: Sequence[int]) -> int:
    """Fen of the spread, minutes of work by squad given."""
    loads: list[int] = []
    for squad, minutes in zip(problem.squads, work, strict=True):
        days = sum(hours is not None for hours in squad.hours)
        if squad.balanced and days:
            loads.append(minutes * 60 * (10_000 // days))
    if not loads:
        return 0
    over = 100 * (max(loads) - min(loads)) - problem.spread_percent * max(loads)
    return problem.spread_fen * max(over, 0) // 1_000_000


def may_stay(problem: TourProblem, squad: int, ends: Sequence[int]) -> bool:
    """Whether a squad may spend its nights so: by day the node where it ends."""
    who, row = problem.squads[squad], 0
    for day, node in enumerate(ends):
        row = row + 1 if node != who.base else 0
        on = day + 1 < problem.days and who.hours[day + 1] is not None and who.hours[day] is not None
        if row > who.nights or (row and not on):
            return False
    return True


def stays(problem: TourProblem, squad: int) -> Iterator[tuple[int, ...]]:
    """Every lawful way to spend a squad's nights."""
    base = problem.squads[squad].base
    nodes = (base, *(node for node in problem.lodges if node != base))
    for ends in product(nodes, repeat=problem.days):
        if may_stay(problem, squad, ends):
            yield ends


def cheapest(problem: TourProblem) -> tuple[int, int]:
    """The least objective, and the least of roads, prizes and spread alone."""
    squads, days = len(problem.squads), problem.days
    places: list[tuple[int, int] | None] = [None, *product(range(squads), range(days))]
    nights = [list(stays(problem, squad)) for squad in range(squads)]
    known: dict[tuple[int, tuple[int, ...], tuple[tuple[int, ...], ...]], set[tuple[int, int]]] = {}
    best = [10**12, 10**12]
    for at in product(places, repeat=len(problem.calls)):
        made = [(call, place[1]) for call, place in enumerate(at) if place is not None]
        if not apart(problem, made):
            continue
        left, other = soft(problem, at)
        options: list[set[tuple[int, int]]] = []
        for squad in range(squads):
            sets = tuple(
                tuple(call for call, place in enumerate(at) if place == (squad, day)) for day in range(days)
            )
            found: set[tuple[int, int]] = set()
            for ends in nights[squad]:
                key = (squad, ends, sets)
                if key not in known:
                    known[key] = set(_seasons(problem, squad, ends, sets))
                found |= known[key]
            options.append(found)
        for chosen in product(*options):
            road = left + sum(fen for fen, _ in chosen)
            spread = uneven(problem, [minutes for _, minutes in chosen])
            best = [min(best[0], road + spread + other), min(best[1], road + spread)]
    return best[0], best[1]


def _seasons(
    problem: TourProblem, squad: int, ends: Sequence[int], sets: Sequence[Sequence[int]]
) -> Iterator[tuple[int, int]]:
    """Fen and minutes of every order of every day."""
    base = problem.squads[squad].base
    per_day: list[set[tuple[int, int]]] = []
    for day, calls in enumerate(sets):
        start = ends[day - 1] if day else base
        if not calls and start == ends[day]:
            idle_fen = problem.squads[squad].night_fen if start != base else 0
            per_day.append({(idle_fen, 0)})
            continue
        walks = [walk(problem, squad, day, order, (start, ends[day])) for order in permutations(calls)]
        per_day.append({(one.fen, one.work_min) for one in walks if one is not None})
    for chosen in product(*per_day):
        yield sum(fen for fen, _ in chosen), sum(minutes for _, minutes in chosen)


def verify(problem: TourProblem, tours: Sequence[Tour]) -> int:
    """The objective of a plan, walked minute by minute; raises AssertionError where it is unlawful."""
    at: list[tuple[int, int] | None] = [None] * len(problem.calls)
    ends: dict[tuple[int, int], int] = {}
    for tour in tours:
        assert (tour.squad, tour.day) not in ends
        ends[tour.squad, tour.day] = problem.squads[tour.squad].base if tour.lodge is None else tour.lodge
        for call in tour.calls:
            assert at[call] is None
            at[call] = (tour.squad, tour.day)
    work, fen = [0] * len(problem.squads), 0
    for tour in tours:
        base = problem.squads[tour.squad].base
        start = ends.get((tour.squad, tour.day - 1), base)
        found = walk(problem, tour.squad, tour.day, tour.calls, (start, ends[tour.squad, tour.day]))
        assert found is not None, tour
        fen, work[tour.squad] = fen + found.fen, work[tour.squad] + found.work_min
        if tour.lodge is not None:
            assert tour.lodge in problem.lodges
            assert (tour.squad, tour.day + 1) in ends
    for squad in range(len(problem.squads)):
        base = problem.squads[squad].base
        assert may_stay(problem, squad, [ends.get((squad, day), base) for day in range(problem.days)])
    assert apart(problem, [(call, place[1]) for call, place in enumerate(at) if place is not None])
    left, other = soft(problem, at)
    return fen + left + other + uneven(problem, work)
