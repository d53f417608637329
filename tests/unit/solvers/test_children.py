"""Children that crash, hang, outgrow their memory or raise: each is reported, the others' results arrive."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from planner.solvers.routing.children import Crew, Line, News, Task
from planner.solvers.routing.frames import Done
from planner.solvers.routing.search import Report, Trouble

_CAP: int = 512 * 2**20
_PATIENCE_S = 20.0


def add(line: Line, a: int, b: int) -> int:
    line.tell(("adding", a, b))
    return a + b


def die(line: Line) -> None:
    line.tell("last words")
    os.kill(os.getpid(), signal.SIGKILL)


def leave(_line: Line) -> None:
    sys.exit(3)


def hang(line: Line) -> None:
    line.tell("hanging")
    threading.Event().wait()


def obey(line: Line) -> str:
    line.tell("waiting")
    while not line.stopped():
        time.sleep(0.001)
    return "ended when told"


def grow(_line: Line) -> int:
    heap: list[bytearray] = []
    while True:
        heap.append(bytearray(2**24))


def fail(_line: Line) -> None:
    raise LookupError("nothing there")


def shout(_line: Line) -> str:
    os.write(1, b"a library that prints")
    sys.stdout.write("and so do we")
    sys.stdout.flush()
    return "heard"


def answer_lambda(_line: Line) -> object:
    return lambda: None


def who(_line: Line) -> int:
    return os.getpid()


def settle(crew: Crew) -> list[News]:
    """All news until nothing is under way."""
    news: list[News] = []
    until = time.monotonic() + _PATIENCE_S
    while crew.busy and time.monotonic() < until:
        news += crew.poll(0.5)
    return news + crew.poll(0)


def trouble_of(task: Task) -> Trouble | None:
    return task.outcome.trouble if isinstance(task.outcome, Report) else None


def test_results_and_messages_arrive_in_order() -> None:
    with Crew(2) as crew:
        tasks = [crew.submit(f"sum {n}", add, n, 1) for n in range(5)]
        news = settle(crew)
    assert [task.outcome for task in tasks] == [Done(value=n + 1) for n in range(5)]
    for n, task in enumerate(tasks):
        assert [message for of, message in news if of is task] == [("adding", n, 1), Done(value=n + 1)]


def test_without_workers_everything_runs_at_once_and_says_the_same() -> None:
    with Crew(0) as crew:
        sum_, failure = crew.submit("sum", add, 2, 3), crew.submit("failure", fail)
        assert sum_.outcome == Done(value=5)
        assert [message for _, message in crew.poll(0)] == [("adding", 2, 3), sum_.outcome, failure.outcome]
    assert trouble_of(failure) == Trouble.FAILED


def test_each_trouble_is_reported_and_the_rest_goes_on() -> None:
    with Crew(2, memory_bytes=_CAP) as crew:
        broken = {
            "killed": crew.submit("killed", die),
            "left": crew.submit("left", leave),
            "hung": crew.submit("hung", hang, seconds=0.1),
            "grown": crew.submit("grown", grow),
            "raised": crew.submit("raised", fail),
            "unsendable": crew.submit("unsendable", answer_lambda),
        }
        good = [crew.submit("sum", add, n, n) for n in range(3)]
        news = settle(crew)
    assert {name: trouble_of(task) for name, task in broken.items()} == {
        "killed": Trouble.CRASHED,
        "left": Trouble.CRASHED,
        "hung": Trouble.TIMED_OUT,
        "grown": Trouble.OUT_OF_MEMORY,
        "raised": Trouble.FAILED,
        "unsendable": Trouble.FAILED,
    }
    assert [task.outcome for task in good] == [Done(value=2 * n) for n in range(3)]
    told = [message for of, message in news if of is broken["killed"]]
    assert told == ["last words", broken["killed"].outcome]
    assert broken["raised"].outcome == Report(
        backend="raised", trouble=Trouble.FAILED, detail="LookupError: nothing there"
    )


def test_a_deadline_is_first_said_then_enforced() -> None:
    with Crew(2) as crew:
        for _ in range(2):
            crew.submit("arrive", who)
        settle(crew)
        polite, stubborn = (
            crew.submit("polite", obey, seconds=0.05),
            crew.submit("stubborn", hang, seconds=0.05),
        )
        settle(crew)
    assert polite.outcome == Done(value="ended when told")
    assert trouble_of(stubborn) == Trouble.TIMED_OUT


def test_the_stop_ends_what_runs_and_drops_what_waits() -> None:
    stop = threading.Event()
    with Crew(1, stop=stop.is_set) as crew:
        first, second = crew.submit("first", obey), crew.submit("second", add, 1, 1)
        assert crew.poll(_PATIENCE_S) == [(first, "waiting")]
        stop.set()
        settle(crew)
    assert first.outcome == Done(value="ended when told")
    assert second.outcome == Report(backend="second", trouble=Trouble.TIMED_OUT, detail="not begun")


def test_a_child_serves_many_tasks_and_nothing_it_prints_gets_in_the_way() -> None:
    with Crew(1) as crew:
        tasks = [crew.submit("first", who), crew.submit("shout", shout), crew.submit("again", who)]
        settle(crew)
    assert tasks[0].outcome == tasks[2].outcome
    assert tasks[0].outcome != Done(value=os.getpid())
    assert tasks[1].outcome == Done(value="heard")


@pytest.mark.skipif(sys.platform == "win32", reason="asks by signal 0")
def test_nothing_is_left_running_when_the_crew_goes_home() -> None:
    with Crew(1) as crew:
        pid_of = crew.submit("pid", who)
        settle(crew)
        crew.submit("hang", hang)
        crew.poll(_PATIENCE_S)
    assert isinstance(pid_of.outcome, Done)
    assert not _lives(int(str(pid_of.outcome.value)))


_UNGUARDED = """
import sys
sys.path.insert(0, sys.argv[1])
from planner.solvers.routing.children import Crew
from tests.unit.solvers.test_children import add, hang, settle, who

crew = Crew(1).__enter__()
task = crew.submit("who", who)
settle(crew)
print(task.outcome.value, flush=True)
crew.submit("hang", hang)
crew.poll(20)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="asks by signal 0")
def test_a_child_goes_when_its_parent_is_killed_but_not_at_an_interrupt(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(_UNGUARDED)
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, str(script), str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(child, signal.SIGINT)
        assert _lives(child)
        parent.kill()
        until = time.monotonic() + _PATIENCE_S
        while _lives(child) and time.monotonic() < until:
            time.sleep(0.01)
    assert not _lives(child)


def _lives(pid: int) -> bool:
    """Whether the process runs; one that only waits to be buried by whoever adopted it does not."""
    command = [shutil.which("ps") or "ps", "-o", "stat=", "-p", str(pid)]
    state = subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")
