"""Call every kernel once on a squad of two days, so that they are compiled before a clock runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from planner.solvers.tours.problem import Call, Squad, TourBudget, TourProblem, Village
from planner.solvers.tours.solve import solve_tours

if TYPE_CHECKING:
    from planner.solvers.trunk.tasks import Line


KERNELS: Final = ("days", "kernel", "labels", "order", "steps")
"""Modules with compiled functions."""


def warm(_line: Line) -> int:
    """Plan a little; how many tours that gave says nothing."""
    roads = np.array([[0, 600, 900], [600, 0, 600], [900, 600, 0]], dtype=np.int64)
    day = ((8 * 3600, 16 * 3600),)
    villages = tuple(Village(node=node, service_s=3600, windows=(day, day)) for node in (1, 2))
    problem = TourProblem(
        days=2,
        squads=(Squad(base=0, hours=((8 * 3600, 17 * 3600),) * 2, per_km_fen=100),),
        villages=villages,
        calls=tuple(Call(village=village, prize_fen=100_000) for village in (0, 1)),
        seconds=(roads,),
        metres=(roads * 10,),
    )
    return len(solve_tours(problem, TourBudget(effort=40)).tours)


def kernel_source() -> bytes:
    """What is compiled; a change asks for compiling anew. The columns of ``ground`` are compiled in."""
    return b"".join((Path(__file__).parent / f"{name}.py").read_bytes() for name in (*KERNELS, "ground"))
