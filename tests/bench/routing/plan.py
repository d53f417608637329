"""What is run: named sets of instances, and every single run of them."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

from tests.bench.routing.peers import SEEDLESS
from tests.bench.routing.recipe import Recipe

OURS: Final = "breeze"
"""The default router; any other of ours is named ``breeze-`` and its name."""
PAIR: Final = "pyvrp-two"
"""The better of two PyVRP runs with different seeds, one on each core at the same time."""
PAIRED: Final = "pyvrp"
"""The library of the pair; its run with the first seed is the plain one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One instance: a file below the instances' folder, or a recipe."""

    name: str
    file: str = ""
    recipe: Recipe | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One run. Its key is what a repeated run is known by."""

    set_name: str
    case: Case
    solver: str
    seconds: float
    seed: int

    @property
    def key(self) -> tuple[str, str, float, int]:
        """Instance, solver, seconds and seed."""
        return self.case.name, self.solver, self.seconds, self.seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Cases that are run alike. Fresh cases differ by themselves and need no second seed."""

    cases: tuple[Case, ...]
    seconds: tuple[float, ...]
    solvers: tuple[str, ...]
    seeds: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was asked for on the command line; empty means as the set has it."""

    sets: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    solvers: tuple[str, ...] = ()
    seconds: tuple[float, ...] = ()
    seeds: tuple[int, ...] = ()


_COUNTY: Final = tuple(
    Case(name=name, file=f"county/{name}.json")
    for name in (
        "county-n20-s1-clu-m12",
        "county-n40-s1-clu-m12",
        "county-n40-s2-uni-m12",
        "county-n60-s2-uni-m12",
        "county-n60-s3-clu-m18",
    )
)
_PUBLIC: Final = tuple(
    Case(name=Path(file).stem, file=file)
    for file in (
        "ovrp/C4.vrp",
        "ovrp/C9.vrp",
        "hfvrp/X115-HVRP.vrp",
        "hfvrp/X502-FSMFD.vrp",
        "vrptw/R112.vrp",
        "vrptw/R1_10_1.vrp",
        "cvrp-x/X-n101-k25.vrp",
        "cvrp-x/X-n303-k21.vrp",
        "cvrp-x/X-n502-k39.vrp",
        "cvrp-x/X-n1001-k43.vrp",
        "sdvrp/S51D4.sd",
        "sdvrp/SD8.txt",
    )
)
_SIZES: Final = tuple(product((150, 250, 364), (6, 12)))
_RECIPES: Final = tuple(
    Recipe(villages=villages, mean=mean, seed=seed, clustered=seed == 2, hard=hard)
    for place, (villages, mean) in enumerate(_SIZES)
    for seed in (1, 2, 3)
    for hard in (False, True)
    # Half of them are hard, in turn, so that each size and each seed has both.
    if hard == bool((place + seed) % 2)
)
_FRESH: Final = tuple(Case(name=recipe.name, recipe=recipe) for recipe in _RECIPES)
_ALL: Final = (OURS, PAIRED, PAIR, "pyvrp-raised", "ortools", "vroom")
_SEEDS: Final = (1, 2, 3)

SETS: Final[dict[str, Set]] = {
    "county": Set(cases=_COUNTY, seconds=(5.0,), solvers=_ALL, seeds=_SEEDS),
    "proved": Set(cases=_COUNTY, seconds=(30.0,), solvers=(OURS,), seeds=_SEEDS),
    "fresh": Set(
        cases=_FRESH,
        seconds=(20.0, 60.0),
        solvers=(OURS, "pyvrp-raised", "ortools"),
        seeds=(1,),
    ),
    "public": Set(cases=_PUBLIC, seconds=(30.0,), solvers=_ALL, seeds=_SEEDS),
}


def make_tasks(choice: Choice) -> tuple[Task, ...]:
    """List every run of a choice, seed by seed, the solvers of an instance next to each other.

    What is interrupted is thus complete for the seeds it reached, and peers meet the same weather.
    """
    named = choice.sets or tuple(SETS)
    made = [
        Task(set_name=name, case=case, solver=solver, seconds=seconds, seed=seed)
        for name in named
        for seed in choice.seeds or SETS[name].seeds
        for case in _pick(SETS[name].cases, choice.only)
        for seconds in choice.seconds or SETS[name].seconds
        for solver in choice.solvers or SETS[name].solvers
        if solver not in SEEDLESS or seed == (choice.seeds or SETS[name].seeds)[0]
    ]
    return tuple({task.key: task for task in made}.values())


def _pick(cases: Sequence[Case], only: Sequence[str]) -> list[Case]:
    return [case for case in cases if not only or any(fnmatch.fnmatch(case.name, like) for like in only)]


def missing_files(tasks: Sequence[Task], folder: Path) -> list[str]:
    """Files of the tasks that the folder does not hold."""
    files = dict.fromkeys(task.case.file for task in tasks if task.case.file)
    return [file for file in files if not (folder / file).is_file()]
