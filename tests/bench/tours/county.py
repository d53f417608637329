"""Fresh counties of squads planned, and how near to the bound they come."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from typing import Final

from planner.solvers.tours import TourBudget, solve_tours
from tests.bench.tours.recipe import TourRecipe, make

_HEAD: Final = (
    "| squads | calls | seed | unplaced | travel | bound | above bound | spread | bonus | seconds |",
    "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
)


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)  # noqa: T201  the command prints


def main(arguments: Sequence[str]) -> int:
    """Plan counties one after another; twelve are a city."""
    parser = argparse.ArgumentParser(prog="dev.py bench tours county", description=main.__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--calls", type=int, default=1600)
    parser.add_argument("--squads", type=int, default=22)
    parser.add_argument("--days", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--overnight", action="store_true")
    parser.add_argument("--optional", type=float, default=0.0)
    parser.add_argument("--bonus", type=int, default=300, help="fen of a call on a market day")
    asked = parser.parse_args(arguments)
    say("\n".join(_HEAD))
    for seed in asked.seeds:
        recipe = TourRecipe(
            calls=asked.calls,
            squads=asked.squads,
            days=asked.days,
            seed=seed,
            overnight=asked.overnight,
            optional=asked.optional,
            bonus_fen=asked.bonus,
        )
        began_s = time.monotonic()
        found = solve_tours(make(recipe), TourBudget(seconds=asked.seconds, seed=seed, worker=True))
        took_s = time.monotonic() - began_s
        costs, judged = found.judged.costs, found.judged
        paid = costs.road_fen + costs.spread_fen
        cells = (
            f"{asked.squads}",
            f"{asked.calls}",
            f"{seed}",
            f"{len(judged.unplaced)}",
            f"{costs.travel_fen / 100:,.0f}",
            f"{found.bound_fen / 100:,.0f}",
            f"{paid / max(found.bound_fen, 1) - 1:.1%}",
            f"{judged.spread:.1%}",
            f"{costs.bonus_fen / 100:,.0f}",
            f"{took_s:.0f}",
        )
        say(f"| {' | '.join(cells)} |")
    return 0
