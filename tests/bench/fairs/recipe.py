"""A county's season of job fairs, drawn from a seed: venues, villages, employers, wishes, in fen.

24 townships in 50 by 40 km, 364 villages with 60 seekers on average wishing for one of 10 sectors, 150
employers with 5,000 posts, 51 venues; January to March 2027 (day 0 is 1 January, Spring Festival day 36),
the last day before the departure peak is day 57. Fairs in townships told and anywhere, sector and employer
specials, live streams and training courses: all are required. The same arguments give the same problem.

Numbers of places, fairs and posts are those of the source articles; reach, costs and worths are ours.
"""

from __future__ import annotations

import math
from random import Random
from typing import Final

from planner.solvers.fairs.problem import Employer, FairsProblem, Venue, Village, Weights, Wish

DAYS: Final = 90
HOLIDAYS: Final = frozenset({0, 1, 2, *range(35, 43)})
PEAK: Final = 57
TOWNSHIPS: Final = 24
VILLAGES: Final = 364
SECTORS: Final = 10
EMPLOYERS: Final = 150
POSTS: Final = 5000
NEAR_KM: Final = 11.0
"""Townships whose seats are no farther apart are neighbours."""
_WIDE_KM: Final = 50.0
_HIGH_KM: Final = 40.0
Spot = tuple[float, float]


def make(fairs: int, seed: int) -> FairsProblem:
    """Draw one season in which so many fairs are wished for."""
    dice = Random(f"fairs-{fairs}-{seed}")
    seats = [(dice.uniform(0, _WIDE_KM), dice.uniform(0, _HIGH_KM)) for _ in range(TOWNSHIPS)]
    seats[0] = (_WIDE_KM / 2, _HIGH_KM / 2)
    venues, spots = _venues(dice, seats)
    villages, homes = _villages(dice, seats)
    employers = _employers(dice, spots)
    return FairsProblem(
        days=DAYS,
        venues=venues,
        villages=villages,
        employers=employers,
        wishes=_wishes(dice, venues, fairs=fairs),
        reach_permille=tuple(tuple(_reach(spot, home) for home in homes) for spot in spots),
        neighbours=frozenset(
            (one, other)
            for one in range(TOWNSHIPS)
            for other in range(one + 1, TOWNSHIPS)
            if math.dist(seats[one], seats[other]) <= NEAR_KM
        ),
        gap_days=3,
        closed=HOLIDAYS,
        pools=((2 if fairs <= 20 else 4,) * DAYS, (2 if fairs <= 20 else 3,) * DAYS),
        crowd=1000,
        crowd_first=25,
        weights=Weights(post_fen=tuple(dice.randrange(8000, 12_001, 500) for _ in range(SECTORS))),
    )


def _venues(dice: Random, seats: list[Spot]) -> tuple[tuple[Venue, ...], list[Spot | None]]:
    """Two venues a township, two more in the county town, the last one online."""
    venues: list[Venue] = []
    spots: list[Spot | None] = []
    markets = [dice.sample(range(10), 1)[0] for _ in seats]
    towns = [*range(TOWNSHIPS), *range(TOWNSHIPS), 0, 0]
    for number, town in enumerate(towns):
        open_air = number < TOWNSHIPS
        market = {markets[town], (markets[town] + 3) % 10, (markets[town] + 6) % 10}
        near = (seats[town][0] + dice.gauss(0, 1), seats[town][1] + dice.gauss(0, 1))
        venues.append(
            Venue(
                township=town,
                visitors=dice.randrange(600, 1801, 100) + (800 if town == 0 else 0),
                booths=dice.randint(15, 30) + (20 if town == 0 else 0),
                bonus_fen=tuple(
                    (150_000 if open_air else 60_000) if day % 10 in market else 0 for day in range(DAYS)
                ),
                closed=frozenset(dice.sample(range(DAYS), 0 if open_air else 15)),
                cost_fen=50_000 if open_air else 150_000,
            )
        )
        spots.append(near)
    venues.append(Venue(visitors=3000, booths=12, bonus_fen=(0,) * DAYS, cost_fen=80_000))
    spots.append(None)
    return tuple(venues), spots


def _villages(dice: Random, seats: list[Spot]) -> tuple[tuple[Village, ...], list[Spot]]:
    liking = [1 / (rank + 2) for rank in range(SECTORS)]
    villages: list[Village] = []
    homes: list[Spot] = []
    for number in range(VILLAGES):
        x, y = seats[number % TOWNSHIPS]
        homes.append((x + dice.gauss(0, 3.5), y + dice.gauss(0, 3.5)))
        seekers = [0] * SECTORS
        for sector in dice.choices(range(SECTORS), liking, k=max(round(dice.lognormvariate(3.95, 0.5)), 5)):
            seekers[sector] += 1
        poor = dice.random() < 0.3
        villages.append(Village(seekers=tuple(seekers), worth_fen=4500 if poor else 3000))
    return tuple(villages), homes


def _employers(dice: Random, spots: list[Spot | None]) -> tuple[Employer, ...]:
    sizes = [dice.lognormvariate(0, 0.9) for _ in range(EMPLOYERS)]
    employers: list[Employer] = []
    for size in sizes:
        posts = [0] * SECTORS
        sectors = dice.sample(range(SECTORS), dice.choice((1, 1, 2, 3)))
        for _ in range(max(round(POSTS * size / sum(sizes)), 1)):
            posts[dice.choice(sectors)] += 1
        first = dice.choice((0, 0, 0, 10, 43))
        days = frozenset(day for day in range(first, DAYS) if dice.random() < 0.9)
        base, per_km = (20_000, 300) if dice.random() < 0.4 else (60_000, 400)
        home = (_WIDE_KM / 2 + dice.gauss(0, 5), _HIGH_KM / 2 + dice.gauss(0, 5))
        employers.append(
            Employer(
                posts=tuple(posts),
                days=days,
                travel_fen=tuple(
                    2000 if spot is None else base + round(per_km * math.dist(home, spot)) for spot in spots
                ),
                booths=2 if size > 2 else 1,
                most=dice.randint(2, 5),
            )
        )
    return tuple(employers)


def _reach(spot: Spot | None, home: Spot) -> int:
    """Half of those next door, falling with the distance; nobody from beyond 15 km; one in 25 online."""
    if spot is None:
        return 40
    km = math.dist(spot, home)
    return round(500 * math.exp(-km / 7)) if km <= 15 else 0


def _wishes(dice: Random, venues: tuple[Venue, ...], *, fairs: int) -> tuple[Wish, ...]:
    """Of ten fairs about three in townships told, four anywhere, one each special, online and training."""
    own, special, online, training = fairs * 3 // 10, max(fairs // 6, 2), fairs // 12, fairs // 12
    halls = tuple(range(len(venues) - 1))
    wishes: list[Wish] = []
    for town in dice.sample(range(TOWNSHIPS), own):
        here = tuple(venue for venue in halls if venues[venue].township == town)
        wishes.append(_fair(venues=here, count=1, least=1, first=dice.choice((15, 20, 25))))
    anywhere = fairs - own - special - online - training
    wishes.append(_fair(venues=halls, count=anywhere, least=anywhere))
    for _ in range(special):
        if dice.random() < 0.5:
            sectors = frozenset(dice.sample(range(SECTORS), 2))
            wishes.append(_fair(venues=halls[:TOWNSHIPS], count=1, last=DAYS - 1, sectors=sectors))
        else:
            employers = frozenset(dice.sample(range(EMPLOYERS), 12))
            wishes.append(_fair(venues=halls[TOWNSHIPS:], count=1, last=DAYS - 1, employers=employers))
    wishes.append(
        _fair(
            venues=(len(venues) - 1,), count=online, least=online, last=DAYS - 1, needs=(1, 0), spaced=False
        )
    )
    wishes += [
        _fair(
            venues=tuple(dice.sample(halls, 12)),
            count=1,
            sectors=frozenset({dice.randrange(SECTORS)}),
            employers=frozenset(),
            needs=(1, 0),
            spaced=False,
        )
        for _ in range(training)
    ]
    return tuple(wishes)


def _fair(
    *,
    venues: tuple[int, ...],
    count: int,
    least: int = 1,
    first: int = 15,
    last: int = PEAK,
    sectors: frozenset[int] | None = None,
    employers: frozenset[int] | None = None,
    needs: tuple[int, int] = (1, 1),
    spaced: bool = True,
) -> Wish:
    return Wish(
        count=count,
        least=least,
        venues=venues,
        first=first,
        last=last,
        sectors=sectors,
        employers=employers,
        draw_permille=800 if sectors or employers else 1000,
        needs=needs,
        cost_fen=300_000 if spaced else 120_000,
        spaced=spaced,
    )
