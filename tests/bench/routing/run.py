"""Run the tasks one after another, each solver in processes of its own, and judge every answer.

The product and the peers see the same copy of an instance, alone in a temporary folder and stripped of
every best-known value. Both get the same seconds of search; wall and CPU time of the processes are
written down beside.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Final, cast

from tests.bench.facts import read_facts
from tests.bench.judge import best_known, cost_of, judge
from tests.bench.routing.plan import OURS, PAIR, PAIRED, Case, Task
from tests.bench.routing.recipe import write
from tests.bench.routing.results import Result, append, read

ROOT: Final = Path(__file__).resolve().parents[3]
_GRACE_S: Final = 90.0
"""How much longer than its time a process may take, loading and starting included, before it is stopped."""
_BREEZE: Final = "import sys; from planner.cli import main; sys.exit(main())"
_SECOND_SEED: Final = 1000
_ONE_CORE: Final = ("pyvrp-raised", "ortools")
"""Peers that work in one process; next to each other they run side by side, as the two seeds of a pair do."""
_MOST_TROUBLE: Final = 300
_READY: Final = 0.01
_SECRETS: Final = ("proven_optimal_milliyuan", "bks", "best_known")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where instances are and where results go."""

    instances: Path
    results: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """What processes left: the parsed answer, or what went wrong."""

    answer: dict[str, Any] | None
    trouble: str = ""


def run_all(tasks: Sequence[Task], ground: Ground, *, say: Callable[[str], None]) -> list[Result]:
    """Run what has no result yet; after each one its result is in the file, whatever happens next."""
    done = {result.key for result in read(ground.results)}
    todo = [task for task in tasks if task.key not in done]
    say(f"{len(tasks)} runs, {len(tasks) - len(todo)} of them done before")
    batches = _batches(todo)
    begun, planned = time.monotonic(), 0.0
    for number, batch in enumerate(batches):
        left = sum(later[0].seconds for later in batches[number:])
        pace = (time.monotonic() - begun) / planned if planned else 1.0
        planned += batch[0].seconds
        for result in run(batch, ground):
            append(ground.results, result)
            say(f"{_line(result)}   about {left * max(pace, 1.0) / 60:.0f} min left")
    wanted = {task.key for task in tasks}
    return [result for result in read(ground.results) if result.key in wanted]


def _batches(tasks: Sequence[Task]) -> list[list[Task]]:
    """Tasks that run at the same time, one on each core: peers of one process, and both seeds of a pair.

    The first of a pair is the plain run of its library.
    """
    paired = {(task.case.name, task.seconds, task.seed) for task in tasks if task.solver == PAIR}
    kept = [
        task
        for task in tasks
        if task.solver != PAIRED or (task.case.name, task.seconds, task.seed) not in paired
    ]
    alike = groupby(kept, key=lambda t: (t.case.name, t.seconds, t.seed, t.solver in _ONE_CORE or t.solver))
    return [list(batch) for _, batch in alike]


def _line(result: Result) -> str:
    cost = "no plan" if result.cost is None else f"{result.cost:,.10g}"
    gap = ""
    if result.cost is not None and result.best_known:
        gap = f" {100 * (result.cost / result.best_known - 1):+.2f} %"
    bound = f" bound {result.bound:,.10g}" if result.bound is not None else ""
    proved = " proved" if result.proved else ""
    named = f"{result.instance} {result.solver} {result.seconds:g} s seed {result.seed}"
    return f"{named}: {cost}{gap}{bound}{proved} {result.trouble}".rstrip()


def run(batch: Sequence[Task], ground: Ground) -> list[Result]:
    """Run tasks on one instance side by side and judge what they print; a pair tells of its first run too."""
    case = batch[0].case
    known = _best_known(case, ground.instances)
    with laid_out(case, ground.instances) as path:
        commands = [_commands(task, path) for task in batch]
        begun, spent = time.monotonic(), _cpu_s()
        watched = _watch([command for own in commands for command in own], batch[0].seconds)
        wall_s, cpu_s = round(time.monotonic() - begun, 2), round(_cpu_s() - spent, 2)
        ended = iter([_judged(path, one) for one in watched])
    found: list[Result] = []
    for task, own in zip(batch, commands, strict=True):
        result = Result(
            set_name=task.set_name,
            instance=case.name,
            solver=task.solver,
            seconds=task.seconds,
            seed=task.seed,
            best_known=known,
            wall_s=wall_s,
            cpu_s=round(cpu_s / len(batch), 2),
        )
        answers = [next(ended) for _ in own]
        found.append(_with_answer(result, min(answers, key=_cost_of)))
        if task.solver == PAIR:
            plain = replace(result, solver=PAIRED, cpu_s=round(cpu_s / len(answers), 2))
            found.append(_with_answer(plain, answers[0]))
    return found


def _cost_of(ended: _Ended) -> float:
    return float("inf") if ended.answer is None else float(ended.answer["cost"])


def _with_answer(result: Result, ended: _Ended) -> Result:
    found = ended.answer
    if found is None:
        return replace(result, trouble=ended.trouble)
    return replace(
        result,
        cost=float(found["cost"]),
        bound=found.get("bound"),
        proved=bool(found.get("proved")),
        vehicles=len(found["routes"]),
        ready_s=_ready(found),
    )


def _ready(found: Mapping[str, Any]) -> float | None:
    """When the bound first came within a hundredth of the last, as the engine's own trail has it."""
    steps: list[tuple[float, float, float | None]] = found.get("trail", [])
    last = found.get("bound")
    return next((s for s, _, bound in steps if last and bound and bound >= (1 - _READY) * last), None)


def _best_known(case: Case, instances: Path) -> float | None:
    return best_known(instances / case.file) if case.file else None


@contextmanager
def laid_out(case: Case, instances: Path) -> Generator[Path]:
    """Put the instance alone into a temporary folder, without any best-known value."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if case.recipe is not None:
            path = Path(folder) / f"{case.name}.json"
            path.write_text(write(case.recipe), encoding="utf-8")
        else:
            path = Path(folder) / Path(case.file).name
            shutil.copyfile(instances / case.file, path)
        if path.suffix == ".json":
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            kept = {key: value for key, value in data.items() if key not in _SECRETS}
            path.write_text(json.dumps(kept), encoding="utf-8")
        yield path


def _commands(task: Task, path: Path) -> list[list[str]]:
    if task.solver.startswith(OURS):
        router = task.solver.removeprefix(OURS).removeprefix("-") or "best"
        how = ["--router", router, "--seconds", f"{task.seconds:g}", "--seed", str(task.seed), "--json"]
        return [[*find_breeze(), "route", str(path), *how]]
    peer = [sys.executable, "-m", "tests.bench.routing", "peer"]
    name, seeds = (task.solver, [task.seed])
    if task.solver == PAIR:
        name, seeds = PAIRED, [task.seed, task.seed + _SECOND_SEED]
    return [[*peer, name, str(path), f"{task.seconds:g}", str(seed)] for seed in seeds]


def find_breeze() -> list[str]:
    """Find the command of this environment; where dev.py did not make it, what it runs."""
    beside = shutil.which("breeze", path=str(Path(sys.executable).parent))
    return [sys.executable, "-c", _BREEZE] if beside is None else [beside]


def _watch(commands: Sequence[Sequence[str]], seconds: float) -> list[_Ended]:
    """Start all commands at once and wait for them; none outlives this call."""
    children = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        for command in commands
    ]
    deadline = time.monotonic() + seconds + _GRACE_S
    try:
        return [_await(child, deadline) for child in children]
    finally:
        for child in children:
            _stop(child)


def _await(child: subprocess.Popen[bytes], deadline: float) -> _Ended:
    try:
        out, err = child.communicate(timeout=max(deadline - time.monotonic(), 0.1))
    except subprocess.TimeoutExpired:
        return _Ended(answer=None, trouble="did not stop in time")
    try:
        answer: Any = json.loads(out)
    except ValueError:
        answer = None
    if isinstance(answer, dict):
        return _Ended(answer=cast("dict[str, Any]", answer))
    last = err.decode(errors="replace").strip().splitlines()[-1:]
    said = last[0][:_MOST_TROUBLE] if last else "no answer"
    return _Ended(
        answer=None, trouble="no plan" if out.strip() == b"null" else f"exit {child.returncode}: {said}"
    )


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End a child that still runs, with everything it started."""
    if child.poll() is not None:
        return
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)
    child.communicate()


def _judged(path: Path, ended: _Ended) -> _Ended:
    """Refuse an unlawful answer; a peer's cost is told by the judge."""
    if ended.answer is None:
        return ended
    answer = ended.answer
    try:
        if "cost" not in answer:
            answer = {**answer, "cost": cost_of(read_facts(path), answer["routes"])}
        faults = judge(path, answer)
    except (LookupError, TypeError, ValueError) as trouble:
        faults = [f"cannot be judged: {trouble!r}"]
    if faults:
        return _Ended(answer=None, trouble=("unlawful: " + "; ".join(faults))[:_MOST_TROUBLE])
    return _Ended(answer=answer)


def _cpu_s() -> float:
    """CPU seconds of all ended children."""
    spent = os.times()
    return spent.children_user + spent.children_system
