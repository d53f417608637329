"""``python -m tests.bench.tours --instances DIR``: public instances, fresh counties; see ``dev.py bench``."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from tests.bench.judge import best_known
from tests.bench.tours import county, orienteering, prizes

_USAGE: Final = 2
_WALKS: Final = (
    "c101",
    "c102",
    "c103",
    "pr01",
    "pr02",
    "pr03",
    "pr07",
    "r101",
    "r102",
    "r103",
    "r105",
    "rc102",
)
_WALKS_TOO: Final = ("rc103", "rc105")
_PRIZES: Final = ("C1_10_1", "R1_10_1", "RC1_10_1")
_SOLVED: Final = 0.8
_WALK_GAP: Final = 0.01
_PRIZE_GAP: Final = 0.003


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one solver reached on one file: profit (more is better) or cost; None where nothing lawful."""

    name: str
    solver: str
    value: float | None
    best: float
    bound: float | None = None

    @property
    def gap(self) -> float:
        """How far from the best known, as a share of it."""
        return 1.0 if self.value is None else abs(self.best - self.value) / self.best


def say(line: str) -> None:
    """Print at once: a run takes an hour."""
    print(line, flush=True)  # noqa: T201  the command prints


def main(arguments: Sequence[str]) -> int:
    """Run the bench, or one of its words: ``walk``, ``prize`` (one run), ``county`` (a fresh one)."""
    if arguments[:1] == ["county"]:
        return county.main(arguments[1:])
    if arguments[:1] in (["walk"], ["prize"]):
        say(json.dumps(_one(arguments)))
        return 0
    return bench(arguments)


def _one(arguments: Sequence[str]) -> dict[str, Any]:
    kind, solver, name, seconds, seed = arguments
    path = Path(name)
    if kind == "prize":
        return {"value": prizes.SOLVERS[solver](path, float(seconds), int(seed)), "bound": None}
    walk = orienteering.read(path)
    found, bound = orienteering.SOLVERS[solver](walk, float(seconds), int(seed))
    return {"value": orienteering.profit_of(walk, found), "bound": bound}


def bench(arguments: Sequence[str]) -> int:
    """Run every stored file with every solver, one after another, and compare with the targets."""
    parser = argparse.ArgumentParser(prog="dev.py bench tours", description=__doc__)
    parser.add_argument("--instances", type=Path, required=True, help="folder of the public instances")
    parser.add_argument("--set", nargs="+", default=["walks", "prizes"], choices=["walks", "prizes"])
    parser.add_argument("--only", nargs="+", default=[], help="names of instances")
    parser.add_argument("--solvers", nargs="+", default=["breeze", "pyvrp", "ortools"])
    parser.add_argument("--walk-seconds", type=float, default=60.0)
    parser.add_argument("--prize-seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    folders = {"walks": ("toptw", ".txt", (*_WALKS, *_WALKS_TOO)), "prizes": ("pcvrptw", ".vrp", _PRIZES)}
    paths = {
        name: [
            asked.instances / folder / f"{stem}{ending}"
            for stem in stems
            if not asked.only or stem in asked.only
        ]
        for name, (folder, ending, stems) in folders.items()
        if name in asked.set
    }
    missing = [str(path) for own in paths.values() for path in own if not path.is_file()]
    missing += [] if "walks" not in paths else _missing(asked.instances / "toptw" / orienteering.OPTIMA)
    if missing:
        sys.stderr.write(f"✘ 缺少文件 / files that are not there: {', '.join(missing)}\n")
        return _USAGE
    walks = list(_runs("walk", paths.get("walks", []), asked)) if "walks" in paths else []
    prized = list(_runs("prize", paths.get("prizes", []), asked)) if "prizes" in paths else []
    return 0 if all([*_judge_walks(walks), *_judge_prizes(prized)]) else 1


def _missing(path: Path) -> list[str]:
    return [] if path.is_file() else [str(path)]


def _runs(kind: str, paths: Iterable[Path], asked: argparse.Namespace, /) -> Iterable[Run]:
    solvers = orienteering.SOLVERS if kind == "walk" else prizes.SOLVERS
    seconds = asked.walk_seconds if kind == "walk" else asked.prize_seconds
    for path in paths:
        best = orienteering.optimum(path) if kind == "walk" else best_known(path)
        for solver in (name for name in asked.solvers if name in solvers and best is not None):
            command = [sys.executable, "-m", "tests.bench.tours", kind, solver, str(path), f"{seconds:g}"]
            done = subprocess.run([*command, str(asked.seed)], check=False, capture_output=True)
            lines = done.stdout.splitlines()
            found: dict[str, Any] = json.loads(lines[-1]) if lines and not done.returncode else {}
            run = Run(
                name=path.stem,
                solver=solver,
                value=found.get("value"),
                best=float(best or 0),
                bound=found.get("bound"),
            )
            bound = "" if run.bound is None else f"  bound {run.bound:g}"
            say(f"{run.name:10} {solver:8} {run.value} of {run.best:g}  gap {run.gap:.2%}{bound}")
            yield run


def _judge_walks(runs: Sequence[Run]) -> list[bool]:
    kept: list[bool] = []
    for solver in dict.fromkeys(run.solver for run in runs):
        own = [run for run in runs if run.solver == solver]
        exact, gap = fmean(run.value == run.best for run in own), fmean(run.gap for run in own)
        say(f"{solver}: {exact:.0%} of {len(own)} optimal (target 80 %), mean gap {gap:.2%} (target 1 %)")
        kept += [exact >= _SOLVED and gap <= _WALK_GAP] if solver == "breeze" else []
    return kept


def _judge_prizes(runs: Sequence[Run]) -> list[bool]:
    kept: list[bool] = []
    for solver in dict.fromkeys(run.solver for run in runs):
        own = [run for run in runs if run.solver == solver]
        gap = fmean(((run.value or 2 * run.best) - run.best) / run.best for run in own)
        say(f"{solver}: mean {gap:.2%} above best known (target 0.3 %)")
        kept += [gap <= _PRIZE_GAP] if solver == "breeze" else []
    plain = {run.name: run.value for run in runs if run.solver == "pyvrp"}
    for run in (run for run in runs if run.solver == "breeze"):
        peer = plain.get(run.name)
        if peer is not None:
            kept.append(run.value is not None and run.value <= peer)
            say(f"{run.name}: breeze {run.value}, plain PyVRP {peer}: {'kept' if kept[-1] else 'ABOVE'}")
    return kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
