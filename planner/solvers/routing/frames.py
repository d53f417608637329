"""What goes between a parent and its children: whole frames of bytes, and the outcome of a task."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Final

from planner.solvers.routing.search import Report, Trouble

END: Final = b"end"
"""The frame that tells a child to end its task."""
_LENGTH_BYTES: Final = 8
DETAIL: Final = 300
"""Characters of an error that a report keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The last news of a task that ended well."""

    value: object


def send(stream: IO[bytes], frame: bytes) -> None:
    """Write a frame and see it off."""
    stream.write(len(frame).to_bytes(_LENGTH_BYTES) + frame)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next frame; None where the other side is gone, were it in the middle of one."""
    head = stream.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        return None
    length = int.from_bytes(head)
    frame = stream.read(length)
    return frame if len(frame) == length else None


def attempt(name: str, call: Callable[[], object]) -> Done | Report:
    """Make the call; what it raises becomes a report."""
    try:
        return Done(value=call())
    except MemoryError:
        return Report(backend=name, trouble=Trouble.OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001  # the others go on whatever broke here
        detail = "".join(traceback.format_exception_only(error)).strip()[-DETAIL:]
        return Report(backend=name, trouble=Trouble.FAILED, detail=detail)
