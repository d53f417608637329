"""Kernels are compiled once per installation, and a search finds all of them compiled."""

from __future__ import annotations

import ast
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Self

import pytest

from planner.solvers.matching import (
    MatchEffort,
    explain_person,
    keep_groups,
    match_people,
    suggest_posts,
)
from planner.solvers.matching import kernel as matching_kernel
from planner.solvers.routing import compiled, tasks
from planner.solvers.routing.children import Crew, Task
from planner.solvers.routing.compiled import find_kernels, prepare
from planner.solvers.routing.frames import Done
from planner.solvers.routing.tasks import Method, Work
from tests.bench.matching import Season, make
from tests.unit.solvers.brute import random_problem

if TYPE_CHECKING:
    from planner.solvers.routing.children import Line
    from planner.solvers.routing.problem import RoutingProblem

pytestmark = pytest.mark.usefixtures("kernels")


def imports_numba(path: Path) -> bool:
    """Whether a module imports numba, in whatever way."""
    nodes = list(ast.walk(ast.parse(path.read_bytes())))
    froms = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return any(name.partition(".")[0] == "numba" for name in (*froms, *names))


def look_up(line: Line, problems: tuple[RoutingProblem, ...], /) -> tuple[set[str], set[str]]:
    """Search and bound; modules of which something had to be compiled, and those whose code was there."""
    for problem in problems:
        tasks.search(line, problem, Work(seconds=None, effort=1, method=Method.RUIN))
        tasks.prove(line, problem, Work(seconds=None, effort=20))
    compiled_now, found = set[str](), set[str]()
    for module in (import_module(f"planner.solvers.routing.{Path(name).stem}") for name in find_kernels()):
        functions: list[Any] = [entry for entry in vars(module).values() if hasattr(entry, "stats")]
        compiled_now |= {entry.__module__ for entry in functions if entry.stats.cache_misses}
        found |= {entry.__module__ for entry in functions if entry.stats.cache_hits}
    return compiled_now, found


def match_and_look(_line: Line) -> int:
    """Match other people than those it was prepared by; how many signatures had to be compiled."""
    problem = make(Season(people=60, posts=20, pairs=5, seed=1))
    effort = MatchEffort(rounds=2)
    plan = keep_groups(problem, match_people(problem, effort=effort), effort=effort)
    explain_person(problem, plan, person=1)
    suggest_posts(problem, plan, person=0)
    functions: list[Any] = [entry for entry in vars(matching_kernel).values() if hasattr(entry, "stats")]
    assert any(entry.stats.cache_hits for entry in functions)
    return sum(len(entry.stats.cache_misses) for entry in functions)


def test_every_module_that_imports_numba_is_found() -> None:
    package = Path(compiled.__file__).parent
    importing = {path.name for path in package.glob("*.py") if imports_numba(path)}
    assert "strings_trips.py" in importing
    assert set(find_kernels()) == importing


def test_after_preparing_no_search_and_no_bound_compiles_anything() -> None:
    """In a new process, with problems of other features than those it was prepared by."""
    drawn = (random_problem(Random(seed)) for seed in range(200))
    problem = next(problem for problem in drawn if problem.is_simple)
    timed = tuple(replace(visit, opens_s=5, closes_s=9_000) for visit in problem.visits)
    with Crew(1) as crew:
        task = crew.submit("look up", look_up, (problem, replace(problem, visits=timed)))
        while task.outcome is None:
            crew.poll(0.1)
    home = "planner.solvers.routing"
    assert task.outcome == Done(
        value=(set[str](), {f"{home}.{name}" for name in ("labels", "strings", "verify_labels")})
    )


def test_after_preparing_matching_compiles_nothing() -> None:
    with Crew(1) as crew:
        task = crew.submit("match", match_and_look)
        while task.outcome is None:
            crew.poll(0.1)
    assert task.outcome == Done(value=0)


def test_it_is_told_and_noted_the_first_time_only(tmp_path: Path) -> None:
    told: list[str] = []
    for _ in range(2):
        prepare(tmp_path / "notes", tell=lambda: told.append("told"))
    assert told == ["told"]
    assert len(list((tmp_path / "notes").iterdir())) == 1


def test_what_was_compiled_from_other_sources_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "solvers" / "__pycache__" / "kernel.walk-1.py311.nbi"
    kept.parent.mkdir(parents=True)
    monkeypatch.setattr(compiled, "__file__", str(tmp_path / "solvers" / "routing" / "compiled.py"))
    monkeypatch.setattr(compiled, "find_kernels", dict[str, bytes])
    monkeypatch.setattr(compiled, "Crew", _NoCrew)
    notes = tmp_path / "notes"
    for others, left in (([], True), (["kernels-0"], False)):
        kept.touch()
        notes.mkdir(exist_ok=True)
        for note in (*notes.iterdir(),):
            note.unlink()
        for name in others:
            (notes / name).touch()
        prepare(notes)
        assert kept.exists() is left


class _NoCrew:
    """Children who are done at once."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, *_: object) -> Task:
        return Task(name="none", seconds=None, outcome=Done(value=0))


@pytest.mark.parametrize("name", ["taken/notes", "n" * 300], ids=["below a file", "too long a name"])
def test_a_folder_that_cannot_be_is_no_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "taken").touch()
    told: list[str] = []
    prepare(tmp_path / name, tell=lambda: told.append("told"))
    assert told == ["told"]
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
