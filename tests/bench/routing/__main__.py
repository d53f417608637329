"""``python -m tests.bench.routing --instances DIR``: run, report, check. ``dev.py bench`` calls it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.routing.check import check
from tests.bench.routing.load import answer, load
from tests.bench.routing.peers import PEERS
from tests.bench.routing.plan import OURS, PAIR, SETS, Choice, Task, make_tasks, missing_files
from tests.bench.routing.recipe import Recipe, write
from tests.bench.routing.report import write_report
from tests.bench.routing.results import read
from tests.bench.routing.run import Ground, run_all

_USAGE = 2
_INTERRUPTED = 130
_ROUTERS = tuple(f"{OURS}-{router}" for router in ("savings", "ortools", "pyvrp", "exact"))


def say(line: str) -> None:
    """Print at once: a run takes hours."""
    print(line, flush=True)  # noqa: T201  the command prints


def main(arguments: Sequence[str]) -> int:
    """Run one of the words: nothing (the bench), ``fixtures``, ``recipe``, ``peer``."""
    words = {"fixtures": fixtures, "recipe": recipe, "peer": peer}
    word = words.get(arguments[0]) if arguments else None
    return bench(arguments) if word is None else word(arguments[1:])


def peer(arguments: Sequence[str]) -> int:
    """Solve one file with one library and print the answer, null when there is no plan."""
    name, path, seconds, seed = arguments
    instance = load(Path(path))
    routes = PEERS[name](instance, float(seconds), int(seed))
    say(json.dumps(None if routes is None else answer(instance, routes)))
    return 0


def fixtures(arguments: Sequence[str]) -> int:
    """Solve the real fixtures beside plain libraries; the table grows case by case."""
    from tests.bench.routing import days  # noqa: PLC0415  the other words need no campaign

    parser = argparse.ArgumentParser(prog="dev.py bench routing fixtures", description=fixtures.__doc__)
    parser.add_argument("--case", nargs="+", default=list(days.CASES), choices=days.CASES)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("bench-out"))
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    rows: list[days.Row] = []
    for case in asked.case:
        rows += days.measure(case, seconds=asked.seconds, seed=asked.seed)
        (asked.out / "fixtures.md").write_text(days.table(rows) + "\n", encoding="utf-8")
        say(days.table(rows[-1 - len(days.LIBRARIES) :]))
    return 0


def recipe(arguments: Sequence[str]) -> int:
    """Write fresh county instances into a folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.routing recipe", description=recipe.__doc__)
    parser.add_argument("--villages", type=int, nargs="+", default=[150, 250, 364])
    parser.add_argument("--means", type=int, nargs="+", default=[6, 12])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--clustered", action="store_true")
    parser.add_argument("--hard", action="store_true", help="limited fleet, road classes, large villages")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    for villages in asked.villages:
        for mean in asked.means:
            for seed in asked.seeds:
                made = Recipe(
                    villages=villages, mean=mean, seed=seed, clustered=asked.clustered, hard=asked.hard
                )
                path = asked.out / f"{made.name}.json"
                path.write_text(write(made), encoding="utf-8")
                say(str(path))
    return 0


def bench(arguments: Sequence[str]) -> int:
    """Run what is missing of a choice, then report on all of it."""
    asked = _parse(arguments)
    choice = Choice(
        sets=tuple(asked.set),
        only=tuple(asked.only),
        solvers=tuple(asked.solvers),
        seconds=tuple(asked.seconds),
        seeds=tuple(asked.seeds),
    )
    tasks = make_tasks(choice)
    trouble = _find_trouble(asked, tasks)
    missing = [] if trouble else missing_files(tasks, asked.instances)
    if missing:
        trouble = f"{asked.instances} 中缺少 / does not hold: {', '.join(missing)}"
    if trouble:
        sys.stderr.write(f"✘ {trouble}\n")
        return _USAGE
    ground = Ground(instances=asked.instances, results=asked.out / "results.jsonl")
    code = 0
    try:
        if not asked.report:
            run_all(tasks, ground, say=say)
    except KeyboardInterrupt:
        say("已中断，下次继续。/ Stopped; the next run goes on from here.")
        code = _INTERRUPTED
    wanted = {task.key for task in tasks}
    results = [result for result in read(ground.results) if result.key in wanted]
    verdicts = check(results) if asked.check else []
    for path in write_report(results, verdicts, out=asked.out):
        say(str(path))
    for verdict in verdicts:
        say(f"{verdict.word:7}  {verdict.text}: {verdict.measured}")
    return code or int(any(not verdict.passed for verdict in verdicts))


def _find_trouble(asked: argparse.Namespace, tasks: Sequence[Task]) -> str:
    if not asked.instances.is_dir():
        return f"没有这个文件夹 / no such folder: {asked.instances}"
    if not tasks:
        return "没有可运行的算例 / no instance is called that: " + " ".join(asked.only)
    return ""


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench routing", description=__doc__)
    parser.add_argument("--instances", type=Path, required=True, help="folder of the public instances")
    parser.add_argument("--out", type=Path, default=Path("bench-out"), help="results and reports; resumed")
    parser.add_argument("--set", nargs="+", default=[], choices=SETS, help="default: all")
    parser.add_argument("--only", nargs="+", default=[], help="names of instances, * and ? allowed")
    parser.add_argument("--solvers", nargs="+", default=[], choices=[OURS, *_ROUTERS, PAIR, *PEERS])
    parser.add_argument("--seconds", type=float, nargs="+", default=[])
    parser.add_argument("--seeds", type=int, nargs="+", default=[])
    parser.add_argument("--check", action="store_true", help="compare with targets.toml, exit 1 on a miss")
    parser.add_argument("--report", action="store_true", help="run nothing, report on what is there")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
