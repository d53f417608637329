"""``python -m tests.bench.trunk``: plan fresh seasons and print how near to their bounds they come."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from planner.solvers.trunk import TrunkBudget, price, solve_trunk
from tests.bench.trunk.recipe import make

SECONDS: Final = {2_000: 30.0, 10_000: 100.0, 45_000: 240.0}
"""By travellers, plan and bound together."""
_KB_A_MB: Final = 1024
_HEAD: Final = (
    "| travellers | seed | yuan | bound | verified | gap | verified gap | seconds | MB | split | fill |",
    "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One season planned; money in fen."""

    travellers: int
    seed: int
    cost: int
    bound: int
    verified: int
    seconds: float
    memory_mb: int
    split: int
    whole: int
    fill: float

    @property
    def gap(self) -> float:
        return (self.cost - self.bound) / self.cost

    @property
    def verified_gap(self) -> float:
        return (self.cost - self.verified) / self.cost

    def line(self) -> str:
        """As a row of the table."""
        return (
            f"| {self.travellers} | {self.seed} | {self.cost / 100:,.0f} | {self.bound / 100:,.0f} "
            f"| {self.verified / 100:,.0f} | {self.gap:.2%} | {self.verified_gap:.2%} | {self.seconds:.1f} "
            f"| {self.memory_mb} | {self.split} of {self.whole} | {self.fill:.1%} |"
        )


def say(line: str) -> None:
    """Print at once: a run takes minutes."""
    print(line, flush=True)  # noqa: T201  the command prints


def measure(travellers: int, seed: int, *, seconds: float, workers: int) -> Row:
    """Plan one season in this process."""
    problem = make(travellers, seed)
    began_s = time.monotonic()
    found = solve_trunk(problem, TrunkBudget(seconds=seconds, seed=seed, workers=workers))
    took_s = time.monotonic() - began_s
    judged = price(problem, (found.coaches, found.rides))
    assert not judged.faults
    assert judged.fen == found.cost_fen
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    seats = sum(problem.kinds[coach.kind].seats for coach in found.coaches)
    heads = sum(problem.parties[party].size for coach in found.coaches for party in coach.parties)
    return Row(
        travellers=travellers,
        seed=seed,
        cost=found.cost_fen,
        bound=found.bound_fen,
        verified=found.verified_fen,
        seconds=took_s,
        memory_mb=(own + workers * child) // _KB_A_MB,
        split=judged.split,
        whole=judged.whole,
        fill=heads / max(seats, 1),
    )


def _seconds(travellers: int) -> float:
    return next((seconds for most, seconds in SECONDS.items() if travellers <= most), max(SECONDS.values()))


def main(arguments: Sequence[str]) -> int:
    """Plan every season asked for in a process of its own; the table grows row by row."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.trunk", description=__doc__)
    parser.add_argument("--travellers", type=int, nargs="+", default=list(SECONDS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--seconds", type=float, help="default: 30, 100, 240 by travellers")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="one season, here, as JSON")
    asked = parser.parse_args(arguments)
    if asked.json:
        travellers, seed = asked.travellers[0], asked.seeds[0]
        seconds = asked.seconds or _seconds(travellers)
        say(json.dumps(asdict(measure(travellers, seed, seconds=seconds, workers=asked.workers))))
        return 0
    say("\n".join(_HEAD))
    for travellers in asked.travellers:
        seconds = asked.seconds or _seconds(travellers)
        rows = [_measure_apart(travellers, seed=seed, seconds=seconds, asked=asked) for seed in asked.seeds]
        mean = sum(row.gap for row in rows) / len(rows)
        say(f"| {travellers} | mean | | | | **{mean:.2%}** | | | | | |")
    return 0


def _measure_apart(travellers: int, *, seed: int, seconds: float, asked: argparse.Namespace) -> Row:
    """In a process of its own, so that its peak of memory is."""
    command = [sys.executable, "-m", "tests.bench.trunk", "--json", "--travellers", str(travellers)]
    command += ["--seeds", str(seed), "--seconds", str(seconds), "--workers", str(asked.workers)]
    done = subprocess.run(command, check=True, capture_output=True)
    row = Row(**json.loads(done.stdout.splitlines()[-1]))
    say(row.line())
    return row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
