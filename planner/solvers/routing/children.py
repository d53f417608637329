"""Tasks in child processes that may crash, hang or outgrow their memory without taking the plan along.

A child is this interpreter started anew, spoken to through its standard input and output. That is not
``multiprocessing``: nothing of the caller's main program is run again, so a script needs no guard, and the
start costs what the imports cost. A task is a module-level function; it is called with a ``Line`` to its
parent and the arguments given, all of them pickled.
"""

from __future__ import annotations

import json
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, Final, Protocol, Self

from planner.solvers.routing.frames import DETAIL, END, Done, attempt, receive, send
from planner.solvers.routing.search import Report, Trouble

_TICK_S: Final = 0.02
"""How often deadlines and the stop are looked at while nothing arrives."""
"""The frame that tells a task to end."""
_SERVE: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from planner.solvers.routing.service import serve; serve(int(sys.argv[2]))"
)


class Line(Protocol):
    """A task's way to its parent."""

    def tell(self, message: object) -> None:
        """Send something home at once: it arrives even if the task breaks later."""
        ...

    def stopped(self) -> bool:
        """Whether the task should come to its end; asking costs nothing."""
        ...


@dataclass(eq=False, slots=True, kw_only=True)
class Task:
    """Work handed in. ``outcome`` is None until it ended."""

    name: str
    seconds: float | None = None
    outcome: Done | Report | None = None


News = tuple[Task, object]
"""A task and what it told; its last news is its outcome, Done or Report."""


class Crew:
    """Up to ``workers`` child processes that run tasks, each at most ``memory_bytes`` large.

    With ``workers=0`` tasks run in this process as they are handed in. ``stop`` is asked while polling; once
    true, and at a task's deadline, tasks are told to end, and what has not ended ``grace_s`` later is killed.
    The address space is what is limited, so leave threads some hundred MB each; Windows knows no such limit.
    """

    def __init__(
        self,
        workers: int,
        *,
        memory_bytes: int = 0,
        stop: Callable[[], bool] = lambda: False,
        grace_s: float = 0.25,
    ) -> None:
        self._size = workers
        self._memory_bytes = memory_bytes
        self._stop = stop
        self._stopping = False
        self._grace_s = grace_s
        self._inbox: queue.SimpleQueue[tuple[_Worker, bytes | None]] = queue.SimpleQueue()
        self._workers: list[_Worker] = []
        self._waiting: deque[tuple[Task, bytes]] = deque()
        self._news: list[News] = []

    def __enter__(self) -> Self:
        self._workers += [self._hire() for _ in range(self._size)]
        return self

    def __exit__(self, *_error: object) -> None:
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            worker.bury()
        self._workers.clear()

    @property
    def busy(self) -> bool:
        """Whether any task has not ended."""
        return bool(self._waiting) or any(worker.task for worker in self._workers)

    def submit(
        self, name: str, function: Callable[..., object], *args: object, seconds: float | None = None
    ) -> Task:
        """Hand in ``function(line, *args)``; it is told to end ``seconds`` after a child got it.

        A child that is still starting has got it too: what takes less than a second belongs in this process.
        """
        task = Task(name=name, seconds=seconds)
        if not self._size:
            line = _Inline(task, self._news, stop=self._stop)
            self._end(task, attempt(name, partial(function, line, *args)))
            return task
        try:
            order = pickle.dumps((name, function, args))
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            self._end(task, Report(backend=name, trouble=Trouble.FAILED, detail=f"cannot be sent: {error}"))
            return task
        self._waiting.append((task, order))
        if self._stopping:
            self.halt()
        self._dispatch()
        return task

    def halt(self) -> None:
        """Tell every task to end, as ``stop`` would."""
        self._stopping = True
        while self._waiting:
            task, _ = self._waiting.popleft()
            self._end(task, Report(backend=task.name, trouble=Trouble.TIMED_OUT, detail="not begun"))
        for worker in self._workers:
            worker.tell_to_end(grace_s=self._grace_s)

    def poll(self, timeout_s: float) -> list[News]:
        """News of the tasks, oldest first; waits up to ``timeout_s`` for some while any task is under way."""
        until = time.monotonic() + timeout_s
        while True:
            self._watch()
            left = until - time.monotonic()
            with suppress(queue.Empty):
                wait = min(left, _TICK_S) if self.busy and not self._news else 0
                self._handle(*self._inbox.get(timeout=max(wait, 0)))
                while True:
                    self._handle(*self._inbox.get_nowait())
            if self._news or left <= 0 or not self.busy:
                news, self._news[:] = list(self._news), []
                return news

    def _hire(self) -> _Worker:
        return _Worker(self._inbox, memory_bytes=self._memory_bytes)

    def _dispatch(self) -> None:
        if self._waiting and not self._workers:
            self._workers.append(self._hire())
        for worker in self._workers:
            if worker.task is None and not worker.spent and self._waiting:
                worker.give(*self._waiting.popleft())

    def _watch(self) -> None:
        if not self._stopping and self._stop():
            self.halt()
        for worker in self._workers:
            worker.watch(grace_s=self._grace_s)

    def _end(self, task: Task, outcome: Done | Report) -> None:
        task.outcome = outcome
        self._news.append((task, outcome))

    def _handle(self, worker: _Worker, frame: bytes | None) -> None:
        """Take what a child sent, or its end."""
        if frame is None:
            self._workers.remove(worker)
            worked = worker.task is not None or worker.spent
            if worker.task is not None:
                self._end(worker.task, worker.obituary())
            worker.bury()
            if worked and not self._stopping:
                # One that never worked would only die again: the next task shows why.
                self._workers.append(self._hire())
            self._dispatch()
        elif worker.task is not None:
            task, message = worker.task, worker.read(frame)
            if isinstance(message, Done | Report):
                worker.task = None
                self._end(task, message if isinstance(message, Done) else replace(message, backend=task.name))
                self._dispatch()
            else:
                self._news.append((task, message))


class _Inline:
    """The line of a task that runs in its parent."""

    def __init__(self, task: Task, news: list[News], *, stop: Callable[[], bool]) -> None:
        self._task = task
        self._news = news
        self.stopped = stop

    def tell(self, message: object) -> None:
        self._news.append((self._task, message))


class _Worker:
    """One child as its parent sees it; two threads keep its pipes from ever blocking the parent."""

    def __init__(self, inbox: queue.SimpleQueue[tuple[_Worker, bytes | None]], *, memory_bytes: int) -> None:
        self.task: Task | None = None
        self.fate: Report | None = None
        """Why we killed it."""
        self.spent = False
        """Whether it ends by itself and gets no more tasks."""
        self._ends_s: float | None = None
        self._killed_s: float | None = None
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the child
        self._process = subprocess.Popen(  # noqa: S603  # this interpreter, our own words
            [sys.executable, "-c", _SERVE, json.dumps(sys.path), str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            # A Ctrl-C in the terminal is for the parent to decide on: its group is not the child's.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._inbox = inbox
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._write)]
        for thread in self._threads:
            thread.start()

    def _read(self) -> None:
        while (frame := receive(_pipe(self._process.stdout))) is not None:
            self._inbox.put((self, frame))
        self._inbox.put((self, None))

    def _write(self) -> None:
        with suppress(OSError):
            while (frame := self._outbox.get()) is not None:
                send(_pipe(self._process.stdin), frame)

    def give(self, task: Task, order: bytes) -> None:
        """Begin a task."""
        self.task, self._killed_s = task, None
        self._ends_s = None if task.seconds is None else time.monotonic() + task.seconds
        self._outbox.put(order)

    def read(self, frame: bytes) -> object:
        """What the child sent; a child that sends what cannot be read is done for."""
        try:
            message = pickle.loads(frame)  # noqa: S301  # our own child wrote it
        except Exception as error:  # noqa: BLE001  # whatever a class does when it is read back
            self._process.kill()
            message = Report(backend="", trouble=Trouble.FAILED, detail=f"cannot be read: {error!r}")
            self.spent = True
        if isinstance(message, Report) and message.trouble == Trouble.OUT_OF_MEMORY:
            self.spent = True
        return message

    def tell_to_end(self, *, grace_s: float) -> None:
        """Say that the task should end, once; it is killed if it has not by then."""
        if self.task is not None and self._killed_s is None:
            self._killed_s = time.monotonic() + grace_s
            self._outbox.put(END)

    def watch(self, *, grace_s: float) -> None:
        """Keep the deadlines."""
        now = time.monotonic()
        if self.task is None:
            return
        if self._ends_s is not None and now >= self._ends_s:
            self.tell_to_end(grace_s=grace_s)
        if self._killed_s is not None and now >= self._killed_s:
            detail = "did not end when told to"
            self.fate = Report(backend=self._name, trouble=Trouble.TIMED_OUT, detail=detail)
            self._process.kill()

    @property
    def _name(self) -> str:
        return self.task.name if self.task else ""

    def obituary(self) -> Report:
        """Why the child is gone."""
        if self.fate is not None:
            return self.fate
        code = self._process.wait()
        self._errors.seek(0)
        last = self._errors.read().decode(errors="replace").strip()[-DETAIL:]
        short = any(word in last for word in ("bad_alloc", "MemoryError", "out of memory"))
        trouble = Trouble.OUT_OF_MEMORY if short else Trouble.CRASHED
        return Report(backend=self._name, trouble=trouble, detail=f"exit code {code}: {last}".rstrip(": "))

    def kill(self) -> None:
        """End the child at once; that it is gone arrives like its other news."""
        self._process.kill()

    def bury(self) -> None:
        """End the child, if it lives, and leave nothing of it."""
        self._process.kill()
        self._outbox.put(None)
        self._process.wait()
        for thread in self._threads:
            thread.join()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            with suppress(OSError):
                _pipe(stream).close()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("opened without a pipe")
    return stream
