"""Vehicles and drivers of seasons like 城步's: ``python -m tests.bench.duties``. Meant for a quiet machine.

One county seat, five destinations 360 to 1,300 km away. Coaches leave from 06:00 to 11:00 and drive 80 km/h,
at most 4 h on end by day and 2 h by night, rest 20 min and change drivers, and stand still from 02:00 to
05:00. Up to 400 km go with one driver, further with two, or with as many as eight hours in 24 ask for. They
come back empty after ten hours, later where the crew's hours ask for it. The same arguments give the same
season.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from planner.solvers.drivers import CrewProblem, CrewRun, DutyEffort, Law, Limit, Spell, plan_crews
from planner.solvers.duties import DutyProblem, Kind, Run, plan_duties

_HOUR_S: Final = 3600
_DAY_S: Final = 24 * _HOUR_S
_KM: Final = (0, 360, 640, 750, 1155, 1300)
_KMH: Final = 80
_REST_S: Final = 20 * 60
_AWAY_S: Final = 10 * _HOUR_S
_TURN_S: Final = _HOUR_S
_STEP_S: Final = 15 * 60
_DAILY_S: Final = 8 * _HOUR_S
_WEEKLY_S: Final = 44 * _HOUR_S
_SEATS: Final = (53, 37, 49)
_SHARES: Final = (0.5, 0.4, 0.2)
"""Of the vehicles away at the busiest time, how many there are of each kind: a tenth more than needed."""
_RUN_FEN: Final = (620, 480, 590)
_EMPTY_FEN: Final = 350
"""A kilometre, by kind with people and empty."""
_ALONE_KM: Final = 400
_LONG_S: Final = 4 * _HOUR_S
_SHORT_S: Final = 2 * _HOUR_S
_NIGHT_S: Final = (22 * _HOUR_S, 6 * _HOUR_S)
_STILL_S: Final = (2 * _HOUR_S, 5 * _HOUR_S)

Spells = list[tuple[int, int, int]]
"""Somebody at the wheel from, until, and who."""


def drive(km: int, *, start_s: int, drivers: int) -> Spells:
    """Who is at the wheel when, on a run of so many kilometres: whoever has driven least."""
    left_s, now_s, spells, hours = km * _HOUR_S // _KMH, start_s, Spells(), [0] * drivers
    while left_s:
        clock_s = now_s % _DAY_S
        if _STILL_S[0] <= clock_s < _STILL_S[1]:
            now_s += _STILL_S[1] - clock_s
            continue
        day = _NIGHT_S[1] <= clock_s <= _NIGHT_S[0] - _LONG_S
        spell_s = min(left_s, (_STILL_S[0] - clock_s) % _DAY_S, _LONG_S if day else _SHORT_S)
        slot = hours.index(min(hours))
        hours[slot] += spell_s
        spells.append((now_s, now_s + spell_s, slot))
        left_s -= spell_s
        now_s += spell_s + _REST_S
    return spells


def out_and_back(km: int, *, start_s: int) -> tuple[int, Spells, Spells]:
    """A crew as large as its hours ask for, its way out, and the first lawful way back after ten hours."""
    drivers = 1 + (km > _ALONE_KM)
    while _most_in_a_day(out := drive(km, start_s=start_s, drivers=drivers)) > _DAILY_S:
        drivers += 1
    back_s = out[-1][1] + _AWAY_S
    while _most_in_a_day(out + (back := drive(km, start_s=back_s, drivers=drivers))) > _DAILY_S:
        back_s += _STEP_S
    return drivers, out, back


def _most_in_a_day(spells: Spells) -> int:
    return max(
        sum(
            max(min(end_s, opens_s + _DAY_S) - max(begin_s, opens_s), 0)
            for begin_s, end_s, who in spells
            if who == slot
        )
        for opens_s, _, slot in spells
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """What a season is made from."""

    runs: int
    days: int
    kinds: int
    seed: int = 1


def make(season: Season) -> tuple[DutyProblem, CrewProblem]:
    """Draw the runs, the way back of each, and fleet and drivers enough for all."""
    draw = Random(f"{season.seed} {season.runs} {season.days}")
    runs: list[Run] = []
    crews: list[CrewRun] = []
    back_s = [0] * len(_KM)
    for _ in range(season.runs):
        day = min(max(int(draw.gauss(season.days / 2, season.days / 4)), 0), season.days - 1)
        start_s = day * _DAY_S + draw.randrange(6 * 4, 11 * 4) * _STEP_S
        place, heads = draw.randrange(1, len(_KM)), draw.randint(20, 50)
        drivers, out, back = out_and_back(_KM[place], start_s=start_s)
        back_s[place] = max(back_s[place], back[-1][1] - out[-1][1] + _TURN_S)
        fits = [heads + drivers <= seats for seats in _SEATS[: season.kinds]]
        costs = tuple(_KM[place] * _RUN_FEN[k] if fit or not k else None for k, fit in enumerate(fits))
        runs.append(Run(start_s=start_s, end_s=out[-1][1], origin=0, destination=place, costs_fen=costs))
        crews += [_crew_run(out, drivers), _crew_run(back, drivers, with_run=len(crews))]
    busiest = max(
        sum(run.start_s <= at.start_s < run.end_s + back_s[run.destination] for run in runs) for at in runs
    )
    counts = [round(busiest * share) + 1 for share in _SHARES[: season.kinds]]
    kinds = tuple(Kind(depot=0, count=busiest if season.kinds == 1 else count) for count in counts)
    nowhere = range(len(_KM))
    free_s = [[None if a and b else back_s[a] for b in nowhere] for a in nowhere]
    empty_fen = [[abs(_KM[a] - _KM[b]) * _EMPTY_FEN for b in nowhere] for a in nowhere]
    law = Law(
        limits=(Limit(window_s=_DAY_S, most_s=_DAILY_S), Limit(window_s=7 * _DAY_S, most_s=_WEEKLY_S)),
        rest_s=_AWAY_S,
    )
    return DutyProblem(
        runs=tuple(runs),
        kinds=kinds,
        free_s=tuple(map(tuple, free_s)),
        empty_fen=tuple(map(tuple, empty_fen)),
    ), CrewProblem(runs=tuple(crews), depots=(0,) * (3 * busiest), law=law)


def _crew_run(spells: Spells, drivers: int, *, with_run: int | None = None) -> CrewRun:
    """The odd run on board from the first spell to the last."""
    return CrewRun(
        start_s=spells[0][0],
        end_s=spells[-1][1],
        drivers=drivers,
        spells=tuple(Spell(start_s=begin_s, end_s=end_s, slot=slot) for begin_s, end_s, slot in spells),
        with_run=with_run,
    )


def main(arguments: Sequence[str]) -> int:
    """Print a line for each season: what was found, what is proved, how long it took."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.duties", description=main.__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for vehicles and for drivers each")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    asked = parser.parse_args(arguments)
    _say("runs days kinds seed | vehicles bound yuan bound left s | drivers bound left s")
    for runs, days, kinds in ((54, 5, 1), (54, 5, 3), (1000, 40, 1), (1000, 40, 3)):
        for seed in asked.seeds:
            duties, crews = make(Season(runs=runs, days=days, kinds=kinds, seed=seed))
            begun_s = time.monotonic()
            fleet = plan_duties(duties, effort=DutyEffort(seconds=asked.seconds))
            half_s = time.monotonic()
            people = plan_crews(crews, effort=DutyEffort(seconds=asked.seconds))
            ended_s = time.monotonic()
            fen = (fleet.cost_fen // 100, fleet.cost_bound_fen // 100)
            line = f"{runs:4} {days:4} {kinds:5} {seed:4} | {fleet.vehicles:8} {fleet.vehicles_bound:5} "
            line += f"{fen[0]} {fen[1]} {len(fleet.left)} {half_s - begun_s:.1f} | "
            line += f"{people.drivers:7} {people.drivers_bound:5} {len(people.left)} {ended_s - half_s:.1f}"
            _say(line)
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
