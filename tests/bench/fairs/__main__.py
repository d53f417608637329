"""``python -m tests.bench.fairs``: plan fresh seasons and print how near to their bounds they come."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from planner.solvers.fairs import Fair, FairsBudget, FairsProblem, FairsSolution, recompute, solve_fairs
from planner.solvers.fairs.judge import Judge
from planner.solvers.fairs.suggest import Options, find_options
from tests.bench.fairs.recipe import make

SECONDS: Final = {18: 20.0, 60: 60.0}
"""By fairs, plan and bound together."""
_MOVED_FEN: Final = 1_000_000
_REBOOKED_FEN: Final = 20_000
_HEAD: Final = (
    "| fairs | seed | yuan | bound | verified | gap | held | seconds | cpu | suggest, s | moved | lost |",
    "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One season planned, one suggestion made, one fair moved by a lock; in fen; ``lost`` bookings."""

    fairs: int
    seed: int
    worth: int
    bound: int
    verified: int
    held: int
    seconds: float
    cpu_s: float
    """Of all cores: where others use the machine, what counts is this."""
    suggest_s: float
    moved: int
    lost: float

    @property
    def gap(self) -> float:
        return (self.bound - self.worth) / self.bound

    def line(self) -> str:
        """As a row of the table."""
        return (
            f"| {self.fairs} | {self.seed} | {self.worth / 100:,.0f} | {self.bound / 100:,.0f} "
            f"| {self.verified / 100:,.0f} | {self.gap:.2%} | {self.held} "
            f"| {self.seconds:.1f} | {self.cpu_s:.1f} | {self.suggest_s:.2f} "
            f"| {self.moved} | {self.lost:.1%} |"
        )


def say(line: str) -> None:
    """Print at once: a run takes minutes."""
    print(line, flush=True)  # noqa: T201  the command prints


def measure(fairs: int, seed: int, *, budget: FairsBudget) -> Row:
    """Plan one season, ask where a fair could be instead, and move it there."""
    problem = make(fairs, seed)
    began_s, began_cpu_s = time.monotonic(), time.process_time()
    found = solve_fairs(problem, replace(budget, seed=seed))
    took_s, cpu_s = time.monotonic() - began_s, time.process_time() - began_cpu_s
    judgement = Judge(problem).judge(found.fairs)
    assert not judgement.breaches
    assert judgement.score == found.score
    assert recompute(problem, found.prices) == found.verified_fen
    moved = _moved(problem, found)
    began_s = time.monotonic()
    options = find_options(Judge(problem), found.fairs, wish=moved.slot.wish, moved=moved)
    suggest_s = time.monotonic() - began_s
    again = _move(problem, found, options=options, budget=budget)
    others = {fair.slot for fair in found.fairs if fair != moved}
    bookings, kept = (
        {(fair.slot.wish, employer) for fair in plan.fairs for employer in fair.employers}
        for plan in (found, again)
    )
    return Row(
        fairs=fairs,
        seed=seed,
        worth=found.score.total,
        bound=found.bound_fen,
        verified=found.verified_fen,
        held=len(found.fairs),
        seconds=took_s,
        cpu_s=cpu_s,
        suggest_s=suggest_s,
        moved=len(others - {fair.slot for fair in again.fairs}),
        lost=len(bookings - kept) / max(len(bookings), 1),
    )


def _moved(problem: FairsProblem, found: FairsSolution) -> Fair:
    """A fair of the wish with most venues."""
    return max(found.fairs, key=lambda fair: len(problem.wishes[fair.slot.wish].venues))


def _move(
    problem: FairsProblem, found: FairsSolution, *, options: Options, budget: FairsBudget
) -> FairsSolution:
    """Fix the fair at a slot that is refused beside the others, so that they must make room."""
    clashes = [breach.slot for breach in options.refused if breach.other is not None]
    target = clashes[len(clashes) // 2] if clashes else options.best[0].fair.slot
    weights = replace(problem.weights, moved_fen=_MOVED_FEN, rebooked_fen=_REBOOKED_FEN)
    asked = replace(problem, fixed=(Fair(slot=target),), previous=found.fairs, weights=weights)
    return solve_fairs(asked, replace(budget, seed=1))


def main(arguments: Sequence[str]) -> int:
    """Plan every season asked for; the table grows row by row."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fairs", description=__doc__)
    parser.add_argument("--fairs", type=int, nargs="+", default=list(SECONDS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--seconds", type=float, help="default: 20 or 60 by fairs")
    parser.add_argument("--effort", type=int, help="rounds instead of seconds")
    asked = parser.parse_args(arguments)
    say("\n".join(_HEAD))
    for fairs in asked.fairs:
        budget = FairsBudget(seconds=asked.seconds or SECONDS.get(fairs, float(fairs)))
        if asked.effort:
            budget = FairsBudget(effort=asked.effort)
        gaps: list[float] = []
        for seed in asked.seeds:
            row = measure(fairs, seed, budget=budget)
            gaps.append(row.gap)
            say(row.line())
        say(f"| {fairs} | mean | | | | **{sum(gaps) / len(gaps):.2%}** | | | | | | |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
