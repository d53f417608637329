"""What a run gave, kept one to a line in a file that only grows: what is there is not run again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One run. ``cost`` is None where there was no lawful plan, and ``trouble`` then says why."""

    set_name: str
    instance: str
    solver: str
    seconds: float
    """The time it was given; loading and starting are not in it."""
    seed: int
    cost: float | None = None
    bound: float | None = None
    proved: bool = False
    vehicles: int = 0
    wall_s: float = 0.0
    """From the start of the process to its end."""
    cpu_s: float = 0.0
    ready_s: float | None = None
    """When the bound first came within a hundredth of the last; None where nothing tells."""
    trouble: str = ""
    best_known: float | None = None
    """Looked up afterwards, by the one who measures."""

    @property
    def key(self) -> tuple[str, str, float, int]:
        """As that of the task."""
        return self.instance, self.solver, self.seconds, self.seed


def append(path: Path, result: Result) -> None:
    """Write a result down at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")


def read(path: Path) -> list[Result]:
    """Read all results; of runs with the same key the last counts. A line torn by a crash is left out."""
    found: dict[tuple[str, str, float, int], Result] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            result = Result(**json.loads(line))
        except (ValueError, TypeError):
            continue
        found[result.key] = result
    return list(found.values())
