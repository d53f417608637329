"""A county's squads and villages, drawn from a seed; the same arguments give the same problem.

Villages round their 24 townships in an ellipse of 80 x 50 km; roads 1.35 x Euclid x (1 + U(0, 0.15)) each
way, 36 km/h. Townships are lodges and, in turn, bases. Villages want one to three calls of 50 to 80 minutes,
days apart. A fifth receive only in the evening; half have their township's market days (two or three of ten),
only the morning then, with a bonus. Brokers are away now and then, one in twelve goes with two villages. One
village in ten needs a skill that a third or a quarter of the squads have; one in 25 belongs to four squads.
Each squad has one or two days off and makes up to five calls a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from planner.solvers.tours.problem import Call, Squad, TourProblem, Village, Windows

_HOUR: Final = 3600
_TOWNSHIPS: Final = 24
_REQUIRED_FEN: Final = 10_000_00
_MORNING: Final = (8 * _HOUR, 11 * _HOUR + 1800)
_DAY: Final = (8 * _HOUR, 17 * _HOUR)
_EVENING: Final = (16 * _HOUR + 1800, 19 * _HOUR)
_MARKETS: Final = ((1, 6), (2, 7), (3, 8), (4, 9), (5, 0), (1, 4, 7), (2, 5, 8), (3, 6, 9))


@dataclass(frozen=True, slots=True, kw_only=True)
class TourRecipe:
    """What a fresh county is made from."""

    calls: int = 1600
    squads: int = 22
    days: int = 20
    seed: int = 1
    overnight: bool = False
    bonus_fen: int = 300
    """Of a call on a market day."""
    optional: float = 0.0
    """Share of villages that need not be called at."""


def make(recipe: TourRecipe) -> TourProblem:
    """Draw one county."""
    dice = Random(f"tours-{recipe.calls}-{recipe.squads}-{recipe.days}-{recipe.seed}")
    towns = [_place(dice) for _ in range(_TOWNSHIPS)]
    wanted: list[int] = []
    while sum(wanted) < recipe.calls:
        wanted.append(min(dice.choice((1, 2, 3)), recipe.calls - sum(wanted)))
    homes = [dice.randrange(_TOWNSHIPS) for _ in wanted]
    places = towns + [_near(dice, towns[home]) for home in homes]
    metres = _roads(dice, places)
    villages = _villages(dice, recipe, homes=homes)
    calls = [
        Call(village=number, prize_fen=(_REQUIRED_FEN if dice.random() >= recipe.optional else 12_000))
        for number, many in enumerate(wanted)
        for _ in range(many)
    ]
    calls = [
        call
        if call.prize_fen == _REQUIRED_FEN
        else Call(village=call.village, prize_fen=call.prize_fen, required=False)
        for call in calls
    ]
    return TourProblem(
        days=recipe.days,
        squads=tuple(_squad(dice, recipe, number=number) for number in range(recipe.squads)),
        villages=tuple(villages),
        calls=tuple(calls),
        seconds=(np.round(metres / 10).astype(np.int64),),
        metres=(metres,),
        lodges=tuple(range(_TOWNSHIPS)),
        change_fen=3_000,
        spread_fen=2_000,
    )


def _place(dice: Random) -> tuple[float, float]:
    while True:
        x, y = dice.uniform(-1, 1), dice.uniform(-1, 1)
        if x * x + y * y <= 1:
            return 40 * x, 25 * y


def _near(dice: Random, town: tuple[float, float]) -> tuple[float, float]:
    return dice.gauss(town[0], 4.5), dice.gauss(town[1], 4.5)


def _roads(dice: Random, places: list[tuple[float, float]]) -> np.ndarray:
    points = np.array(places)
    gaps = points[:, None, :] - points[None, :, :]
    draw = np.random.default_rng(dice.randrange(1 << 30))
    km = 1.35 * np.hypot(gaps[:, :, 0], gaps[:, :, 1]) * (1 + draw.uniform(0, 0.15, gaps.shape[:2]))
    metres = np.round(km * 1000).astype(np.int64)
    np.fill_diagonal(metres, 0)
    return metres


def _squad(dice: Random, recipe: TourRecipe, *, number: int) -> Squad:
    off = set(dice.sample(range(recipe.days), dice.choice((1, 2)) if recipe.days > 5 else 0))
    hours = tuple(None if day in off else (7 * _HOUR + 1800, 20 * _HOUR) for day in range(recipe.days))
    return Squad(
        base=number % _TOWNSHIPS,
        hours=hours,
        skills=int(number % 3 == 0) | 2 * int(number % 4 == 1),
        most_calls=5,
        per_km_fen=80,
        per_hour_fen=2_000,
        nights=3 if recipe.overnight and number % 2 else 0,
        night_fen=12_000,
    )


def _villages(dice: Random, recipe: TourRecipe, *, homes: list[int]) -> list[Village]:
    markets = [dice.choice(_MARKETS) for _ in range(_TOWNSHIPS)]
    paired = [frozenset(dice.sample(range(recipe.squads), min(recipe.squads, 4))) for _ in range(2)]
    made: list[Village] = []
    for number, home in enumerate(homes):
        broker = number if dice.random() < 11 / 12 or not number else number - 1
        evening = dice.random() < 0.2
        skills = (1 if dice.random() < 0.05 else 0) | (2 if dice.random() < 0.05 else 0)
        skills = skills if skills < 3 else 1
        away = {day for day in range(recipe.days) if dice.random() < 0.08}
        market = [(day + 13) % 10 in markets[home] for day in range(recipe.days)]
        fair = dice.random() < 0.5
        windows = tuple(
            () if day in away else _windows(evening=evening, market=market[day] and fair)
            for day in range(recipe.days)
        )
        made.append(
            Village(
                node=_TOWNSHIPS + number,
                service_s=60 * dice.randrange(50, 81, 5),
                windows=windows,
                spacing_days=dice.choice((2, 3, 4)),
                bonus_fen=tuple(recipe.bonus_fen * (fair and here) for here in market),
                skills=skills,
                squads=paired[number % 2] if dice.random() < 0.04 and not skills else frozenset(),
                broker=broker,
            )
        )
    return made


def _windows(*, evening: bool, market: bool) -> Windows:
    """Market mornings only where there is one; else all day or the evening."""
    if market:
        return (_MORNING, _EVENING) if evening else (_MORNING,)
    return (_EVENING,) if evening else (_DAY,)
