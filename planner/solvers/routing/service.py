"""The child's side of ``children``: the main program that runs tasks until its parent is gone."""

from __future__ import annotations

import os
import pickle
import queue
import signal
import sys
import threading
from contextlib import suppress
from functools import partial

from planner.solvers.routing.frames import END, Done, attempt, receive, send
from planner.solvers.routing.search import Report, Trouble


class _Outside:
    """The line of a task in a child."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "wb")
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self.orders: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        os.dup2(2, 1)
        """What a library prints must not get between the frames."""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while (frame := receive(sys.stdin.buffer)) is not None:
            if frame == END:
                self._ended.set()
            else:
                self._ended.clear()
                self.orders.put(frame)
        os._exit(0)  # the parent is gone, whatever the task is in the middle of

    def tell(self, message: object) -> None:
        frame = pickle.dumps(message)
        with self._lock:
            send(self._out, frame)

    def stopped(self) -> bool:
        return self._ended.is_set()


def serve(memory_bytes: int) -> None:
    """Run tasks until the parent is gone: the main program of a child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    line = _Outside()
    _limit_memory(memory_bytes)
    while True:
        outcome = _obey(line, line.orders.get())
        try:
            line.tell(outcome)
        except Exception as error:  # noqa: BLE001  # whatever a class does when it is sent
            line.tell(Report(backend="", trouble=Trouble.FAILED, detail=f"cannot be sent: {error!r}"))
        if isinstance(outcome, Report) and outcome.trouble == Trouble.OUT_OF_MEMORY:
            os._exit(0)  # what is left of the heap serves nobody; a new child takes over


def _obey(line: _Outside, order: bytes) -> Done | Report:
    try:
        name, function, args = pickle.loads(order)  # noqa: S301  # our own parent wrote it
    except Exception as error:  # noqa: BLE001  # a module that is missing here, or whatever it raises
        return Report(backend="", trouble=Trouble.FAILED, detail=f"cannot be read: {error!r}")
    return attempt(name, partial(function, line, *args))


def _limit_memory(memory_bytes: int) -> None:
    try:
        import resource  # noqa: PLC0415  # Windows has none
    except ImportError:
        return
    if memory_bytes:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
