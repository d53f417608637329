"""Compile the kernels once per installation, before any clock runs: a search cannot wait for a compiler.

Numba keeps what it compiled beside the sources (or in the user's cache). Whether that has been done is
remembered by a file named after the sources and versions; where there are only others, what
was kept is dropped, for numba asks whether a module changed and not what that calls.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np

from planner.solvers.matching.warm import kernel_source as matching_source
from planner.solvers.matching.warm import warm as warm_matching
from planner.solvers.routing import tasks
from planner.solvers.routing.children import Crew
from planner.solvers.routing.frames import Done
from planner.solvers.routing.problem import Gate, RoutingProblem, VehicleClass, Visit
from planner.solvers.routing.tasks import Method, Work
from planner.solvers.tours.warm import kernel_source as tours_source
from planner.solvers.tours.warm import warm as warm_tours
from planner.solvers.trunk.warm import kernel_source as trunk_source
from planner.solvers.trunk.warm import warm as warm_trunk

_POLL_S: Final = 0.1
_NOTE: Final = "kernels-"


def prepare(
    folder: Path, *, tell: Callable[[], None] = lambda: None, stop: Callable[[], bool] = lambda: False
) -> None:
    """Compile what is not compiled yet, side by side in children; ``tell`` is called first if it has to be.

    ``folder`` keeps the note that it was done; where it cannot be written it is done again next time, and
    costs a second. Nothing depends on success: without it the first search is a poor one.
    """
    note = folder / f"{_NOTE}{_digest()}"
    with suppress(OSError):
        if note.exists():
            return
    tell()
    with suppress(OSError):
        if any(folder.glob(f"{_NOTE}*")):
            _forget()
    problem = _tiny()
    ruin = Work(seconds=None, effort=1, method=Method.RUIN)
    with Crew(2, stop=stop) as crew:
        handed = [
            crew.submit("ruin", tasks.search, problem, ruin),
            crew.submit("bound", tasks.prove, problem, Work(seconds=None, effort=50)),
            crew.submit("trunk", warm_trunk),
            crew.submit("tours", warm_tours),
            crew.submit("matching", warm_matching),
        ]
        while not all(task.outcome for task in handed):
            crew.poll(_POLL_S)
    if all(isinstance(task.outcome, Done) for task in handed):
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            note.touch()


def _forget() -> None:
    """Drop what numba kept beside the sources."""
    for path in Path(__file__).parents[1].glob("**/*.nb[ic]"):
        with suppress(OSError):
            path.unlink()


def find_kernels() -> dict[str, bytes]:
    """Sources of the modules beside this one that have compiled functions, by file name."""
    sources = {path.name: path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))}
    return {name: source for name, source in sources.items() if b"\nfrom numba import " in source}


def _digest() -> str:
    home = Path(__file__).parent
    parts = [version("numba"), version("numpy"), platform.python_version(), platform.machine(), str(home)]
    others = trunk_source() + tours_source() + matching_source()
    content = "\0".join(parts).encode() + b"".join(find_kernels().values()) + others
    return sha256(content).hexdigest()[:16]


def _tiny() -> RoutingProblem:
    """Three visits, one gate, one class: enough to call every kernel."""
    seconds = np.array([[0 if a == b else 60 + a + b for b in range(5)] for a in range(5)], dtype=np.int64)
    visits = tuple(Visit(heads=heads, service_s=10, prize=10**6) for heads in (1, 2, 3))
    kind = VehicleClass(count=3, capacity=4, start=3, per_km_fen=100, fixed_fen=1_000)
    return RoutingProblem(
        visits=visits,
        gates=(Gate(node=4),),
        vehicle_classes=(kind,),
        seconds=(seconds,),
        metres=(seconds * 10,),
        ride_limit_s=1_000,
    )
