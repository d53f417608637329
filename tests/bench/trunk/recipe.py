"""A county's season of departures, drawn from a seed: parties, employers, coaches, trains, in fen.

16 cities of very unequal draw 300 to 1,600 km away; 20 days with a normal-shaped peak; families of 1 to 5;
six employers in ten have named themselves; 70 coaches of 53 and 35 of 37 seats for 45,000 travellers, fewer
in proportion for fewer, each away 1 to 3 days by the distance; from 10,000 travellers on one charter train,
from 40,000 on two, their days fixed. The same arguments give the same problem.

The numbers above are those of the prototype that the targets come from. Its costs, its employers and how
long people can wait are not on record: those are ours. Parties of one employer with the same first and
last day rarely have 20 heads before 45,000 travellers (``Weights.whole``).
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from planner.solvers.trunk import CoachKind, Line, Party, Train, TrunkProblem, Weights

DAYS: Final = 20
CITIES: Final = 16
SEATS: Final = (53, 37)
FLEET: Final = (70, 35)
_FLEET_FOR: Final = 45_000
_START_FEN: Final = (150_000, 120_000)
_KM_FEN: Final = (950, 750)
"""Out and back, for every kilometre of the way out."""
_FAMILY: Final = (44, 28, 15, 9, 4)
"""Per cent of parties of 1, 2, ... heads."""
_TRAIN_DAYS: Final = ((10_000, 7), (40_000, 10))
"""From so many travellers on there is a train on that day."""
_TRAIN_SEATS: Final = 1100


@dataclass(frozen=True, slots=True, kw_only=True)
class _City:
    km: int
    draw: float
    employers: tuple[int, ...]


def make(travellers: int, seed: int, *, trains: bool = True) -> TrunkProblem:
    """Draw one season of so many travellers, or up to four more: the last family comes whole."""
    dice = Random(f"trunk-{travellers}-{seed}")
    cities = _cities(dice)
    parties: list[Party] = []
    heads = 0
    while heads < travellers:
        parties.append(_party(dice, cities))
        heads += parties[-1].size
    share = travellers / _FLEET_FOR
    return TrunkProblem(
        days=DAYS,
        parties=tuple(parties),
        kinds=tuple(
            CoachKind(seats=seats, vehicles=(max(round(count * share), 1),) * DAYS)
            for seats, count in zip(SEATS, FLEET, strict=True)
        ),
        lines=_lines(cities),
        trains=_trains(dice, cities, travellers=travellers) if trains else (),
        scheduled_fen=tuple(16_000 + 38 * city.km for city in cities),
        weights=Weights(),
    )


def _cities(dice: Random) -> list[_City]:
    numbers = iter(range(1000))
    return [
        _City(
            km=dice.randrange(300, 1600, 10),
            draw=1 / (rank + 3.5),
            employers=tuple(next(numbers) for _ in range(max(2, 12 - rank))),
        )
        for rank in range(CITIES)
    ]


def _party(dice: Random, cities: list[_City]) -> Party:
    (number,) = dice.choices(range(CITIES), weights=[city.draw for city in cities])
    employers = cities[number].employers
    employer = None
    if dice.random() < 0.6:
        (employer,) = dice.choices(employers, weights=[1 / (rank + 1) for rank in range(len(employers))])
    ready = min(max(round(dice.gauss(7, 3.5)), 0), DAYS - 1)
    return Party(
        size=dice.choices(range(1, 6), weights=_FAMILY)[0],
        city=number,
        employer=employer,
        ready=ready,
        deadline=min(ready + dice.randint(3, 12), DAYS - 1),
    )


def _lines(cities: list[_City]) -> tuple[Line, ...]:
    lines: list[Line] = []
    for number, city in enumerate(cities):
        away = 1 if city.km < 450 else 2 if city.km < 1100 else 3
        costs = tuple(start + city.km * per for start, per in zip(_START_FEN, _KM_FEN, strict=True))
        lines.append(Line(city=number, cost_fen=costs, away=away, head_fen=1000))
        lines += [
            Line(city=number, employer=employer, cost_fen=costs, away=away) for employer in city.employers
        ]
    return tuple(lines)


def _trains(dice: Random, cities: list[_City], *, travellers: int) -> tuple[Train, ...]:
    """A train calls at three of the six cities of most draw."""
    days = [day for least, day in _TRAIN_DAYS if travellers >= least]
    return tuple(
        Train(
            day=day,
            seats=_TRAIN_SEATS,
            head_fen=tuple((city, 4000 + 11 * cities[city].km) for city in sorted(dice.sample(range(6), 3))),
            fixed_fen=6_000_000,
            least=_TRAIN_SEATS * 3 // 4 if travellers >= _FLEET_FOR else 0,
        )
        for day in days
    )
